//! What the analysis claims about every possible lead, against the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::BTreeSet;

use policyc::analysis::{Answer, Model, Over};
use policyc::eval::Evaluator;
use policyc::ir::{Lead, Policy, visit};
use policyc::types::{Truth, Value};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use support::ir_gen::{as_of, cases};

/// The lead as a reader would have it: a multi-select without values is missing, unless an empty cell is the empty set; a required
/// field is there.
fn readable(policy: &Policy, mut lead: Lead) -> Lead {
    for (id, field) in policy.fields.iter() {
        if lead.get(id) == Some(&Value::Set(BTreeSet::new())) && !field.cell.blank_is_empty_set {
            lead.set(id, None);
        }
    }
    lead
}

/// For every condition of a random policy and each of its three truths: a witness has it, and where there is none, no lead has it.
#[test]
fn conditions_have_the_truths_that_are_claimed() {
    let mut runner = TestRunner::deterministic();
    let (mut yes, mut no, mut open) = (0, 0, 0);
    for _ in 0..150 {
        let (policy, leads) = cases().new_tree(&mut runner).unwrap().current();
        let mut model = Model::new(&[&policy], Over::Instant(as_of()), false);
        let evaluator = Evaluator::new(&policy, as_of());
        let leads: Vec<Lead> = leads.into_iter().map(|lead| readable(&policy, lead)).collect();
        for cond in visit::conditions(&policy) {
            let kleene = model.condition(0, cond);
            let seen: Vec<Truth> = leads
                .iter()
                .filter(|lead| policy.assumptions.iter().all(|c| evaluator.on(lead).truth(c) != Truth::False))
                .map(|lead| evaluator.on(lead).truth(cond))
                .collect();
            let asked = [
                (Truth::True, vec![kleene.yes]),
                (Truth::False, vec![kleene.no]),
                (Truth::Unknown, vec![!kleene.yes, !kleene.no]),
            ];
            for (truth, lits) in asked {
                let mut last = None;
                let answer = model.witness(&lits, &mut |witness| {
                    let is = evaluator.on(&witness.leads[0]).truth(cond);
                    last = Some((witness.clone(), is));
                    is == truth
                });
                match answer {
                    Answer::Yes(_) => yes += 1,
                    Answer::No(_) => {
                        no += 1;
                        assert!(!seen.contains(&truth), "{truth:?} is claimed never to be had by {cond:?}");
                    }
                    Answer::NotKnown => {
                        if last.is_none() {
                            open += 1;
                            continue;
                        }
                        assert!(!model.is_exact(), "{truth:?} of {cond:#?} is not known: {last:?}");
                        open += 1;
                    }
                }
            }
        }
    }
    eprintln!("{yes} {no} {open}");
}
