//! Rules from the first to the last, each asked among the leads that no rule above it takes.

use super::sections::Falls;
use super::{Free, Verdict, conjuncts, parts};
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::{Policy, Rule, RuleId};

/// What no lead reaches, and what makes no difference where it stands.
pub(super) fn scan<'p>(policy: &'p Policy, model: &mut Model<'p>, free: &mut Free<'p>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut falls = Falls::default();
    // All conditions first, so that a lead that is met has an answer to each.
    for (id, _) in policy.rules.iter() {
        model.conjuncts(0, id);
    }
    for (id, rule) in policy.rules.iter() {
        if model.is_exhausted() {
            verdicts.push(Verdict::Stopped { rule: id });
            break;
        }
        falls.enter(policy, rule);
        let fires = model.conjuncts(0, id);
        model.gates.note(|| format!("rule {}: does it ever decide, and with every part of its condition?", rule.name));
        if model.is_refuted(&fires) {
            verdicts.push(never(free, id, rule));
        } else {
            model.look_around(&fires);
            verdicts.extend(parts::idle(model, free, id, rule));
            verdicts.extend(falls.to(model, id, rule, &fires));
        }
        // From here on there are only leads that this rule does not take.
        model.gates.note(|| format!("rule {} does not fire", rule.name));
        let not: Vec<Lit> = fires.iter().map(|lit| !*lit).collect();
        model.gates.require(&not);
    }
    verdicts
}

/// Why a rule never fires.
fn never(free: &mut Free<'_>, id: RuleId, rule: &Rule) -> Verdict {
    let own = free.model().conjuncts(0, id);
    if let Some(core) = free.core(&own) {
        let section = rule.section.map(|section| (free.model().section(0, section), section));
        let guard = section.filter(|(lit, _)| core.contains(lit)).map(|(_, s)| free.policy.sections[s].span);
        let mut spans: Vec<_> = guard.into_iter().collect();
        for part in rule.when.as_ref().map(conjuncts).unwrap_or_default() {
            if core.contains(&free.model().condition(0, part).yes) {
                spans.push(part.span);
            }
        }
        return Verdict::Impossible { rule: id, parts: spans };
    }
    let above = free.not_above(id);
    let all: Vec<Lit> = own.iter().copied().chain(above.iter().map(|(lit, _)| *lit)).collect();
    let core = free.core(&all).unwrap_or_default();
    Verdict::Covered {
        rule: id,
        by: above.iter().filter(|(lit, _)| core.contains(lit)).map(|(_, rule)| *rule).collect(),
    }
}
