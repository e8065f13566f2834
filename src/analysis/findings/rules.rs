//! Rules from the first to the last, each asked among the leads that no rule above it takes; and what no lead gets, or gets to,
//! because of that.

use super::points::Lines;
use super::sections::Falls;
use super::{Free, Place, Verdict, outside, parts};
use crate::analysis::model::Model;
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::{Policy, Rule, RuleId, SectionId};

/// What no lead reaches, and what makes no difference where it stands.
pub(super) fn scan<'p>(
    policy: &'p Policy,
    model: &mut Model<'p>,
    free: &mut Free<'p>,
    lines: &mut Lines<'p>,
) -> Vec<Verdict> {
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
        match model.possible(&fires) {
            Answer::No(_) => {
                let above = Place::Rule(id).above(free.model());
                verdicts.push(outside::never(free, Place::Rule(id), &above));
            }
            Answer::NotKnown => verdicts.push(Verdict::Open { rule: id }),
            Answer::Yes(()) => {
                model.look_around(&fires);
                verdicts.extend(parts::idle(model, free, Place::Rule(id)));
                verdicts.extend(falls.to(model, id, rule, &fires));
                if hangs_on_open(model, rule) && !is_decided(policy, model, id, &fires) {
                    verdicts.push(Verdict::Open { rule: id });
                }
            }
        }
        lines.at(model, id);
        // From here on there are only leads that this rule does not take.
        model.gates.note(|| format!("rule {} does not fire", rule.name));
        let not: Vec<Lit> = fires.iter().map(|lit| !*lit).collect();
        model.gates.require(&not);
    }
    verdicts
}

/// Whether a part of a rule's condition is one that the model leaves open.
fn hangs_on_open(model: &mut Model<'_>, rule: &Rule) -> bool {
    let mut tests = Vec::new();
    rule.when.iter().for_each(|when| when.walk(&mut |part| tests.push(part)));
    !model.is_exact() && tests.into_iter().any(|part| part.parts().is_empty() && model.is_left_open(0, part))
}

/// Whether one of the leads that might meet a rule's condition is decided by it. The model knows that no rule above fires.
fn is_decided(policy: &Policy, model: &mut Model<'_>, id: RuleId, fires: &[Lit]) -> bool {
    let mut by_rule = |witness: &Witness| {
        let evaluator = Evaluator::new(policy, witness.as_of);
        witness.leads.first().is_some_and(|lead| evaluator.decide(lead).rule == id)
    };
    matches!(model.any(fires, &mut by_rule), Answer::Yes(_))
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
    match verdict.never() {
        Some(Place::Rule(rule)) => Some(rule),
        Some(Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) | Place::Section(_)) | None => {
            None
        }
    }
}
