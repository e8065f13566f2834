//! One lead under both policies: what becomes of it, and where the two part.

use jiff::Timestamp;

use super::align::{Slot, Step};
use crate::eval::{Evaluator, Session};
use crate::ir::{DecisionId, Lead, Policy, RuleId};
use crate::types::Truth;

/// How two policies part at a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Only the old one's step takes the lead.
    OldOnly,
    /// Only the new one's step takes it.
    NewOnly,
    /// Both take it, and do something else with it.
    Both,
}

/// What becomes of a lead: set aside (the first), or one of the decisions of either policy.
pub(super) type Fate = usize;

/// What becomes of leads, in words: none for set aside, then the phrases of the new policy's decisions, then those that only the old one has.
pub(super) fn fates(policies: [&Policy; 2]) -> Vec<Option<String>> {
    let mut fates = vec![None];
    for policy in policies.into_iter().rev() {
        for (_, decision) in policy.decisions.iter() {
            if !fates.iter().any(|fate| fate.as_ref() == Some(&decision.phrase)) {
                fates.push(Some(decision.phrase.clone()));
            }
        }
    }
    fates
}

/// What is seen of one lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What becomes of it under the old policy, then under the new one.
    pub(super) fates: [Fate; 2],
    /// The step that takes it.
    pub steps: [Option<Step>; 2],
    /// The first slot at which the two part.
    pub parts: Option<(usize, How)>,
}

/// The fates of the steps of both policies.
#[derive(Debug)]
pub(super) struct Fates {
    /// For each side and each decision.
    of: [Vec<Fate>; 2],
    rules: [Vec<DecisionId>; 2],
    words: Vec<Option<String>>,
}

impl Fates {
    pub(super) fn new(policies: [&Policy; 2]) -> Fates {
        let words = fates(policies);
        let of = policies.map(|policy| {
            let of = |phrase: &String| words.iter().position(|word| word.as_ref() == Some(phrase)).unwrap_or(0);
            policy.decisions.iter().map(|(_, decision)| of(&decision.phrase)).collect()
        });
        let rules = policies.map(|policy| policy.rules.iter().map(|(_, rule)| rule.decision).collect());
        Fates { of, rules, words }
    }

    pub(super) fn word(&self, fate: Fate) -> Option<&str> {
        self.words.get(fate).and_then(Option::as_deref)
    }

    /// What a step does with the leads that it takes.
    pub(super) fn of(&self, side: usize, step: Step) -> Fate {
        let Step::Rule(rule) = step else { return 0 };
        let decision = |rule: RuleId| self.rules.get(side)?.get(crate::ir::Id::position(rule));
        let fate = |decision: &DecisionId| self.of.get(side)?.get(crate::ir::Id::position(*decision));
        decision(rule).and_then(fate).copied().unwrap_or(0)
    }
}

/// Whether a step takes a lead that gets to it.
fn takes(session: &Session<'_>, step: Step) -> bool {
    let policy = session.policy();
    match step {
        Step::Field(id) => {
            let field = &policy.fields[id];
            session.lead().get(id).map_or(field.required, |value| !field.may_hold(value))
        }
        Step::Assumption(at) => {
            policy.assumptions.get(at).is_some_and(|assumption| session.truth(assumption) == Truth::False)
        }
        Step::Rule(rule) => session.fires(rule),
    }
}

/// Looks at one lead under both policies.
pub(super) fn look(slots: &[Slot], fates: &Fates, sessions: [&Session<'_>; 2]) -> Seen {
    let mut seen = Seen { fates: [0, 0], steps: [None, None], parts: None };
    for (position, slot) in slots.iter().enumerate() {
        let fresh = seen.steps == [None, None];
        for (side, ((step, session), done)) in slot.steps.iter().zip(sessions).zip(&mut seen.steps).enumerate() {
            if let (None, Some(step)) = (*done, step)
                && takes(session, *step)
            {
                *done = Some(*step);
                seen.fates.get_mut(side).into_iter().for_each(|fate| *fate = fates.of(side, *step));
            }
        }
        match (fresh, seen.steps) {
            (true, [Some(_), None]) => seen.parts = Some((position, How::OldOnly)),
            (true, [None, Some(_)]) => seen.parts = Some((position, How::NewOnly)),
            (true, [Some(_), Some(_)]) if seen.fates[0] != seen.fates[1] => seen.parts = Some((position, How::Both)),
            (_, [Some(_), Some(_)]) => break,
            (true | false, [None, None]) | (false, [Some(_), None] | [None, Some(_)]) => {}
        }
    }
    seen
}

/// Evaluators of both policies; those of the last time are kept.
#[derive(Debug)]
pub(super) struct Both<'p> {
    policies: [&'p Policy; 2],
    made: Option<(Timestamp, [Evaluator<'p>; 2])>,
}

impl<'p> Both<'p> {
    pub(super) fn new(policies: [&'p Policy; 2]) -> Self {
        Both { policies, made: None }
    }

    /// Looks at a lead at a time.
    pub(super) fn look(&mut self, slots: &[Slot], fates: &Fates, as_of: Timestamp, leads: &[Lead]) -> Option<Seen> {
        let [old, new] = &self.on(as_of, leads)?;
        Some(look(slots, fates, [old, new]))
    }

    /// What both make of a lead at a time.
    pub(super) fn on<'s>(&'s mut self, as_of: Timestamp, leads: &'s [Lead]) -> Option<[Session<'s>; 2]> {
        let [old, new] = leads else { return None };
        if self.made.as_ref().is_none_or(|(time, _)| *time != as_of) {
            self.made = Some((as_of, self.policies.map(|policy| Evaluator::new(policy, as_of))));
        }
        let (_, [before, now]) = self.made.as_ref()?;
        Some([before.on(old), now.on(new)])
    }
}
