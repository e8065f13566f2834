//! Leads that no rule takes although nothing is missing: what gets to an `otherwise`.

use super::Insight;
use crate::analysis::model::{Model, Over};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::reach::Reach;
use crate::ir::{Policy, visit};

/// For each `otherwise` that any lead gets to: a lead with nothing missing, or else any.
pub(super) fn all(policy: &Policy) -> Vec<Insight> {
    let mut model = Model::new(&[policy], Over::InForce, false);
    let mut reach = Reach::new(policy);
    visit::deciding(policy).for_each(|cond| reach.cond(cond));
    let known: Vec<Lit> = reach.fields.union(&reach.asked).map(|field| model.is_known(0, *field)).collect();
    let mut found = Vec::new();
    for (id, rule) in policy.rules.iter() {
        let own = model.conjuncts(0, id);
        if rule.when.is_none() {
            let mut confirm = |witness: &Witness| {
                let decided = |lead| Evaluator::new(policy, witness.as_of).decide(lead).rule;
                witness.leads.first().is_some_and(|lead| decided(lead) == id)
            };
            let all: Vec<Lit> = own.iter().chain(&known).copied().collect();
            let (witness, known) = match model.witness(&all, &mut confirm) {
                Answer::Yes(witness) => (Some(witness), Some(true)),
                Answer::No(_) => (yes(model.witness(&own, &mut confirm)), Some(false)),
                Answer::NotKnown => (yes(model.witness(&own, &mut confirm)), None),
            };
            found.extend(witness.map(|witness| Insight::Gap { rule: id, known, witness }));
        }
        let not: Vec<Lit> = own.iter().map(|lit| !*lit).collect();
        model.gates.require(&not);
    }
    found
}

fn yes<T>(answer: Answer<T>) -> Option<T> {
    match answer {
        Answer::Yes(found) => Some(found),
        Answer::No(_) | Answer::NotKnown => None,
    }
}
