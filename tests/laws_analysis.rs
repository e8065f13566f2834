//! What the analysis claims of every possible lead, against a look at all of them: small random policies, each with every kind of lead
//! that it can tell apart, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::BTreeSet;

use policyc::analysis::{Answer, Model, Over, Verdict};
use policyc::eval::Evaluator;
use policyc::ir::{Cond, CondKind, Policy, RuleId, visit};
use policyc::source::Span;
use policyc::types::Truth;
use support::small_gen::leads::is_possible;
use support::small_gen::{Small, small};

/// How many policies the laws are tried on.
const POLICIES: u64 = 5_000;

/// What was claimed of some policies, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Claims {
    proofs: usize,
    witnesses: usize,
    open: usize,
    dead: usize,
    idle: usize,
    queries: usize,
}

#[test]
fn claims_about_small_policies_hold() {
    hold(0);
}

#[test]
fn claims_about_other_small_policies_hold() {
    hold(1);
}

/// Tries every second policy, so that two processors share them.
fn hold(first: u64) {
    let mut claims = Claims::default();
    for seed in (first..POLICIES).step_by(2) {
        let small = small(seed);
        truths(seed, &small, &mut claims);
        verdicts(seed, &small, &mut claims);
        if seed % 40 == first {
            proof(&small, &mut claims);
        }
    }
    let Claims { proofs, witnesses, open, dead, idle, queries } = claims;
    assert!(proofs > 10_000 && witnesses > 50_000, "{claims:?}");
    assert!(open * 20 < proofs + witnesses, "{claims:?}");
    assert!(dead > 1_000 && idle > 1_000 && queries > 100, "{claims:?}");
}

/// Every condition, however deep, has a truth just when some lead has it; a lead that is said to have it has it.
fn truths(seed: u64, Small { policy, universe, text }: &Small, claims: &mut Claims) {
    let mut conditions = Vec::new();
    visit::conditions(policy).for_each(|cond| cond.walk(&mut |part| conditions.push(part)));
    let times: BTreeSet<_> = universe.leads.iter().map(|(as_of, _)| *as_of).collect();
    // Each time is a world of its own; one of them is enough for a policy.
    let Some(as_of) = times.iter().nth(usize::try_from(seed).unwrap() / 2 % times.len().max(1)) else { return };
    let mut seen: Vec<BTreeSet<Truth>> = vec![BTreeSet::new(); conditions.len()];
    universe.each(policy, |time, session| {
        if time == *as_of {
            for (cond, seen) in conditions.iter().zip(&mut seen).filter(|(_, seen)| seen.len() < 3) {
                seen.insert(session.truth(cond));
            }
        }
    });
    let evaluator = Evaluator::new(policy, *as_of);
    let mut model = Model::new(&[policy], Over::Instant(*as_of), false);
    for (cond, seen) in conditions.iter().zip(&seen) {
        let kleene = model.condition(0, cond);
        for truth in [Truth::True, Truth::False, Truth::Unknown] {
            let asked = match truth {
                Truth::True => vec![kleene.yes],
                Truth::False => vec![kleene.no],
                Truth::Unknown => vec![!kleene.yes, !kleene.no],
            };
            let what = || format!("seed {seed}, at {as_of}: {truth:?} of {cond:#?}\n{text}");
            match model.ask(&asked) {
                Answer::No(_) => {
                    claims.proofs += 1;
                    assert!(!seen.contains(&truth), "there is a lead: {}", what());
                }
                Answer::Yes(point) => {
                    let lead = model.lead(&point);
                    let session = evaluator.on(&lead.leads[0]);
                    if session.truth(cond) == truth && is_possible(&session) {
                        claims.witnesses += 1;
                        assert!(!universe.exhaustive || seen.contains(&truth), "there is no lead: {}", what());
                    } else {
                        claims.open += 1;
                        assert!(!model.is_exact(), "{lead:?} is no such lead: {}", what());
                    }
                }
                Answer::NotKnown => {
                    claims.open += 1;
                    assert!(!model.is_exact(), "not known: {}", what());
                }
            }
        }
    }
}

/// A rule never decides just when no lead gets to it; nothing changes without an idle part.
fn verdicts(seed: u64, Small { policy, universe, text }: &Small, claims: &mut Claims) {
    let what = |verdict: &dyn std::fmt::Debug| format!("seed {seed}: {verdict:?}\n{text}");
    let mut deciding: BTreeSet<RuleId> = BTreeSet::new();
    let mut outcomes = Vec::new();
    universe.each(policy, |_, session| outcomes.push(session.outcome().rule));
    deciding.extend(&outcomes);
    let verdicts = policyc::analysis::verdicts(policy);
    let mut never: BTreeSet<RuleId> = BTreeSet::new();
    for verdict in &verdicts {
        match verdict {
            Verdict::Impossible { rule, .. } | Verdict::Covered { rule, .. } => {
                claims.dead += 1;
                never.insert(*rule);
                assert!(!deciding.contains(rule), "{}", what(verdict));
            }
            Verdict::Idle { rule, part, as_if, .. } => {
                claims.idle += 1;
                let without = without(policy, *rule, *part, *as_if);
                assert_ne!(&without, policy, "{}", what(verdict));
                let mut others = Vec::new();
                universe.each(&without, |_, session| others.push(session.outcome().rule));
                assert!(outcomes == others, "{}", what(verdict));
            }
            Verdict::Refuted { .. }
            | Verdict::Unproved { .. }
            | Verdict::Stopped { .. }
            | Verdict::Vacuous { .. }
            | Verdict::Falls { .. }
            | Verdict::Low { .. } => {}
        }
    }
    let mut model = Model::new(&[policy], Over::InForce, false);
    policy.rules.iter().for_each(|(rule, _)| {
        model.fires(0, rule);
    });
    // Over all times there may be more than at those that were looked at.
    if universe.exhaustive && !policy.reads_time() && model.is_exact() {
        for (rule, _) in policy.rules.iter() {
            assert_eq!(deciding.contains(&rule), !never.contains(&rule), "{rule:?} of {}", what(&verdicts));
        }
    }
}

/// What is refuted can be followed by a checker that does not know the solver.
fn proof(Small { policy, text, .. }: &Small, claims: &mut Claims) {
    let (_, steps) = policyc::analysis::proved(policy);
    let proof: String = steps.iter().map(ToString::to_string).collect();
    let accepted = policyc::analysis::proof::check(&proof).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    claims.queries += accepted.queries;
}

/// The policy with a constant in the place of a part of a rule's condition.
fn without(policy: &Policy, rule: RuleId, part: Span, as_if: bool) -> Policy {
    fn replace(cond: &mut Cond, part: Span, by: bool) -> bool {
        if cond.span == part {
            cond.kind = CondKind::Const(by.into());
            return true;
        }
        (0..cond.parts().len()).any(|i| cond.part_mut(i).is_some_and(|inner| replace(inner, part, by)))
    }
    let mut policy = policy.clone();
    let when = policy.rules.get_mut(rule).unwrap().when.as_mut().unwrap();
    assert!(replace(when, part, as_if));
    policy
}
