//! Whether a lead can fail what a test expects: one that none can fail shows nothing.

use super::model::{Model, Over};
use super::solver::Lit;
use super::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::{Expectation, Policy};
use crate::types::Truth;

/// For each expectation, whether a lead that the policy accepts fails it: unknown where there is neither such a lead nor the proof that there is none.
#[must_use]
pub fn can_fail<'p>(policy: &'p Policy, expected: impl IntoIterator<Item = &'p Expectation>) -> Vec<Truth> {
    let mut model = Model::new(&[policy], Over::InForce, false);
    expected.into_iter().map(|expected| fails(&mut model, policy, expected)).collect()
}

fn fails(model: &mut Model<'_>, policy: &Policy, expected: &Expectation) -> Truth {
    let met = match expected {
        Expectation::Condition(cond) => model.truths(0, cond)[0],
        Expectation::Decision(_, Some(rule)) => model.decides(0, *rule),
        Expectation::Decision(decision, None) => {
            let rules = policy.rules.iter().filter(|(_, rule)| rule.decision == *decision);
            let ways: Vec<Lit> = rules.map(|(rule, _)| model.decides(0, rule)).collect();
            model.any_of(&ways)
        }
    };
    let asked = [model.accepts(0), !met];
    let mut confirm = |witness: &Witness| {
        let evaluator = Evaluator::new(policy, witness.as_of);
        witness.leads.iter().any(|lead| {
            let session = evaluator.on(lead);
            match expected {
                Expectation::Condition(cond) => !session.truth(cond).is_true(),
                Expectation::Decision(_, Some(rule)) => session.outcome().rule != *rule,
                Expectation::Decision(decision, None) => session.outcome().decision != *decision,
            }
        })
    };
    model.any(&asked, &mut confirm).told()
}
