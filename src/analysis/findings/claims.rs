//! `never` and `always`: proved for every possible lead, or refuted by one.

use super::{Free, Verdict};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::eval::Evaluator;
use crate::ir::{Claim, Policy, Property, RuleId};

/// The claims that do not hold, and those of which nothing is known.
pub(super) fn prove(policy: &Policy, free: &mut Free<'_>) -> Vec<Verdict> {
    if policy.properties.is_empty() {
        return Vec::new();
    }
    let decides = deciding(free);
    let claims = policy.properties.iter().enumerate();
    claims.filter_map(|(property, claim)| refutation(policy, free, &decides, property, claim)).collect()
}

/// For each rule, the literal of its deciding a lead: it fires and none above it does.
fn deciding(free: &mut Free<'_>) -> Vec<(RuleId, Lit)> {
    let model = free.model();
    let rules = model.policy(0).rules.iter().map(|(id, _)| id);
    let decides = |id| {
        let parts = [model.reaches(0, id), model.fires(0, id)];
        (id, model.gates.and(&parts))
    };
    rules.map(decides).collect()
}

fn refutation(
    policy: &Policy,
    free: &mut Free<'_>,
    decides: &[(RuleId, Lit)],
    property: usize,
    of: &Property,
) -> Option<Verdict> {
    let model = free.model();
    let gets: Vec<Lit> =
        decides.iter().filter(|(id, _)| policy.rules[*id].decision == of.decision).map(|(_, lit)| *lit).collect();
    let gets = model.gates.or(&gets);
    let holds = model.condition(0, &of.condition).yes;
    let against = match of.claim {
        Claim::NeverWhen => [gets, holds],
        Claim::NeverUnless => [gets, !holds],
        Claim::AlwaysWhen => [!gets, holds],
    };
    let words = of.claim.words();
    model.gates.note(|| format!("claim {}: {} ... {}", property + 1, words.0, words.1));
    let answer = model.witness(&against, &mut |witness| {
        let evaluator = Evaluator::new(policy, witness.as_of);
        witness.leads.first().is_some_and(|lead| {
            let session = evaluator.on(lead);
            let gets = session.outcome().decision == of.decision;
            let holds = session.truth(&of.condition).is_true();
            match of.claim {
                Claim::NeverWhen => gets && holds,
                Claim::NeverUnless => gets && !holds,
                Claim::AlwaysWhen => !gets && holds,
            }
        })
    });
    match answer {
        Answer::Yes(witness) => Some(Verdict::Refuted { property, witness }),
        Answer::No(_) => None,
        Answer::NotKnown => Some(Verdict::Unproved { property }),
    }
}
