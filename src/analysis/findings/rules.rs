//! Rules from the first to the last, each asked among the leads that no rule above it takes; and what no lead gets, or gets to,
//! because of that.

use super::sections::Falls;
use super::{Free, Place, Verdict, outside, parts};
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::{Policy, RuleId, SectionId};

/// What no lead reaches, and what makes no difference where it stands.
pub(super) fn scan<'p>(policy: &'p Policy, model: &mut Model<'p>, free: &mut Free<'p>) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut falls = Falls::default();
    // All conditions first, so that a lead that is met has an answer to each.
    for (id, _) in policy.rules.iter() {
        model.conjuncts(0, id);
    }
    let mut section: Option<SectionId> = None;
    for (id, rule) in policy.rules.iter() {
        if model.is_exhausted() {
            verdicts.push(Verdict::Stopped { rule: id });
            break;
        }
        if let Some(entered) = rule.section.filter(|_| rule.section != section) {
            verdicts.extend(left_out(model, free, id, entered));
        }
        section = rule.section;
        falls.enter(policy, rule);
        let fires = model.conjuncts(0, id);
        model.gates.note(|| format!("rule {}: does it ever decide, and with every part of its condition?", rule.name));
        if model.is_refuted(&fires) {
            let above = Place::Rule(id).above(free.model());
            verdicts.push(outside::never(free, Place::Rule(id), &above));
        } else {
            model.look_around(&fires);
            verdicts.extend(parts::idle(model, free, Place::Rule(id)));
            verdicts.extend(falls.to(model, id, rule, &fires));
        }
        // From here on there are only leads that this rule does not take.
        model.gates.note(|| format!("rule {} does not fire", rule.name));
        let not: Vec<Lit> = fires.iter().map(|lit| !*lit).collect();
        model.gates.require(&not);
    }
    verdicts
}

/// A section that there are leads for, all of which are taken above its first rule.
fn left_out(model: &mut Model<'_>, free: &mut Free<'_>, first: RuleId, section: SectionId) -> Option<Verdict> {
    let guard = model.section(0, section);
    if !model.is_refuted(&[guard]) {
        return None;
    }
    let above = Place::Rule(first).above(free.model());
    let guard = [free.model().section(0, section)];
    // No lead that it is for at all: its guard says so.
    if free.core(&guard, &[]).is_some() {
        return None;
    }
    let by = free.by(&guard, &above).unwrap_or_default();
    Some(Verdict::Covered { place: Place::Section(section), by })
}

/// Decisions that rules give, none of which ever decides.
pub(super) fn never_given(policy: &Policy, verdicts: &[Verdict]) -> Vec<Verdict> {
    if verdicts.iter().any(|verdict| matches!(verdict, Verdict::Stopped { .. })) {
        return Vec::new();
    }
    let dead: Vec<RuleId> = verdicts.iter().filter_map(dead_rule).collect();
    let decisions = policy.decisions.iter().filter_map(|(decision, _)| {
        let rules: Vec<RuleId> =
            policy.rules.iter().filter(|(_, rule)| rule.decision == decision).map(|(id, _)| id).collect();
        let never = !rules.is_empty() && rules.iter().all(|rule| dead.contains(rule));
        never.then_some(Verdict::NeverGiven { decision, rules })
    });
    decisions.collect()
}

/// The rule of which a verdict says that it never decides.
fn dead_rule(verdict: &Verdict) -> Option<RuleId> {
    match verdict {
        Verdict::Never { place: Place::Rule(rule), .. } | Verdict::Covered { place: Place::Rule(rule), .. } => {
            Some(*rule)
        }
        Verdict::Never { .. }
        | Verdict::Covered { .. }
        | Verdict::Always { .. }
        | Verdict::Idle { .. }
        | Verdict::NeverGiven { .. }
        | Verdict::Beyond { .. }
        | Verdict::Range { .. }
        | Verdict::Pointless { .. }
        | Verdict::NoLead
        | Verdict::Stopped { .. }
        | Verdict::Refuted { .. }
        | Verdict::Unproved { .. }
        | Verdict::Vacuous { .. }
        | Verdict::Falls { .. }
        | Verdict::Low { .. } => None,
    }
}
