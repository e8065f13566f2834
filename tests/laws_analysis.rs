//! What the analysis claims of every possible lead, against a look at all of them: small random policies, each with every kind of lead
//! that it can tell apart, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::BTreeSet;

use policyc::analysis::{Answer, Model, Over, Verdict, verdicts};
use policyc::eval::Evaluator;
use policyc::ir::{Cond, CondKind, Policy, RuleId, visit};
use policyc::source::Span;
use policyc::types::Truth;
use support::small_gen::{Small, small};

/// How many policies every law is tried on.
const POLICIES: u64 = 300;

/// Every condition, however deep, has a truth just when some lead has it; a lead that is claimed to have it has it.
#[test]
fn a_condition_has_the_truths_that_leads_give_it() {
    let (mut proofs, mut witnesses, mut open) = (0, 0, 0);
    for seed in 0..POLICIES {
        let Small { policy, universe, text } = small(seed);
        let mut conditions = Vec::new();
        visit::conditions(&policy).for_each(|cond| cond.walk(&mut |part| conditions.push(part)));
        let times: BTreeSet<_> = universe.leads.iter().map(|(as_of, _)| *as_of).collect();
        // Each time is a world of its own; one of them is enough for a seed.
        let Some(as_of) = times.iter().nth(usize::try_from(seed).unwrap() % times.len().max(1)) else { continue };
        let mut seen: Vec<BTreeSet<Truth>> = vec![BTreeSet::new(); conditions.len()];
        universe.each(&policy, |time, session| {
            if time == *as_of {
                conditions.iter().zip(&mut seen).for_each(|(cond, seen)| {
                    seen.insert(session.truth(cond));
                });
            }
        });
        let evaluator = Evaluator::new(&policy, *as_of);
        let mut model = Model::new(&[&policy], Over::Instant(*as_of), false);
        for (cond, seen) in conditions.iter().zip(&seen) {
            let kleene = model.condition(0, cond);
            for truth in [Truth::True, Truth::False, Truth::Unknown] {
                let asked = match truth {
                    Truth::True => vec![kleene.yes],
                    Truth::False => vec![kleene.no],
                    Truth::Unknown => vec![!kleene.yes, !kleene.no],
                };
                let answer = model.witness(&asked, &mut |w| evaluator.on(&w.leads[0]).truth(cond) == truth);
                let what = || format!("seed {seed}, at {as_of}: {truth:?} of {cond:#?}\n{text}");
                match answer {
                    Answer::Yes(_) => {
                        witnesses += 1;
                        assert!(!universe.exhaustive || seen.contains(&truth), "a lead is claimed: {}", what());
                    }
                    Answer::No(_) => {
                        proofs += 1;
                        assert!(!seen.contains(&truth), "there is a lead: {}", what());
                    }
                    Answer::NotKnown => {
                        open += 1;
                    }
                }
            }
        }
    }
    eprintln!("{proofs} proofs, {witnesses} witnesses, {open} open");
}

/// A rule never decides just when no lead gets to it; a part is idle just when nothing changes without it; a claim is refuted just
/// when a lead contradicts it.
#[test]
fn verdicts_are_those_of_all_leads() {
    let (mut dead, mut idle) = (0, 0);
    for seed in 0..POLICIES {
        let Small { policy, universe, text } = small(seed);
        let what = |verdict: &dyn std::fmt::Debug| format!("seed {seed}: {verdict:?}\n{text}");
        let mut deciding: BTreeSet<RuleId> = BTreeSet::new();
        universe.each(&policy, |_, session| {
            deciding.insert(session.outcome().rule);
        });
        let verdicts = verdicts(&policy);
        let mut never: BTreeSet<RuleId> = BTreeSet::new();
        for verdict in &verdicts {
            match verdict {
                Verdict::Impossible { rule, .. } | Verdict::Covered { rule, .. } => {
                    dead += 1;
                    never.insert(*rule);
                    assert!(!deciding.contains(rule), "{}", what(verdict));
                }
                Verdict::Idle { rule, part, as_if, .. } => {
                    idle += 1;
                    let without = without(&policy, *rule, *part, *as_if);
                    assert_ne!(without, policy, "{}", what(verdict));
                    assert!(same(&policy, &without, &universe), "{}", what(verdict));
                }
                _ => {}
            }
        }
        let mut model = Model::new(&[&policy], Over::InForce, false);
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
    eprintln!("{dead} dead rules, {idle} idle parts");
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

/// Whether two policies decide every lead by the same rule.
fn same(a: &Policy, b: &Policy, universe: &support::small_gen::leads::Universe) -> bool {
    let mut rules = Vec::new();
    universe.each(a, |_, session| rules.push(session.outcome().rule));
    let mut others = Vec::new();
    universe.each(b, |_, session| others.push(session.outcome().rule));
    rules == others
}
