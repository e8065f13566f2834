//! What the analysis claims of every possible lead, against a look at all of them (of its findings: `laws_findings`): small random policies, each with every kind of lead
//! that it can tell apart, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::BTreeSet;

use policyc::analysis::{Answer, Model, Over};
use policyc::eval::Evaluator;
use policyc::ir::visit;
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
        if seed % 40 == first {
            proof(&small, &mut claims);
        }
    }
    let Claims { proofs, witnesses, open, queries } = claims;
    assert!(proofs > 10_000 && witnesses > 50_000, "{claims:?}");
    assert!(open * 20 < proofs + witnesses, "{claims:?}");
    assert!(queries > 100, "{claims:?}");
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

/// What is refuted can be followed by a checker that does not know the solver.
fn proof(Small { policy, text, .. }: &Small, claims: &mut Claims) {
    let (_, steps) = policyc::analysis::proved(policy);
    let proof: String = steps.iter().map(ToString::to_string).collect();
    let accepted = policyc::analysis::proof::check(&proof).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    claims.queries += accepted.queries;
}
