//! `never` and `always`: proved for every possible lead, or refuted by one.

use super::{Free, Vacuous, Verdict};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::eval::Evaluator;
use crate::ir::{Claim, Policy, Property, RuleId};
use crate::source::SourceId;

/// The claims that do not hold, and those of which nothing is known.
pub(super) fn prove(policy: &Policy, free: &mut Free<'_>) -> Vec<Verdict> {
    if policy.properties.is_empty() {
        return Vec::new();
    }
    let decides = free.model().deciding(0);
    let claims = policy.properties.iter().enumerate();
    claims.filter_map(|(property, claim)| refutation(policy, free, &decides, property, claim)).collect()
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
        Answer::No(_) => vacuous(policy, free, of, gets, holds).map(|why| Verdict::Vacuous { property, why }),
        Answer::NotKnown => Some(Verdict::Unproved { property }),
    }
}

/// Why a claim that holds says nothing. One of a library may say nothing of this policy, and much of another; and that no rule gives a
/// decision is told of elsewhere.
fn vacuous(policy: &Policy, free: &mut Free<'_>, of: &Property, gets: Lit, holds: Lit) -> Option<Vacuous> {
    let given = policy.rules.iter().any(|(_, rule)| rule.decision == of.decision);
    if of.span.source != SourceId::default() || !given {
        return None;
    }
    let model = free.model();
    let mut nobody = |lit: Lit| matches!(model.ask(&[lit]), Answer::No(_));
    match of.claim {
        Claim::NeverWhen | Claim::AlwaysWhen if nobody(holds) => Some(Vacuous::NoLeadMeets),
        Claim::NeverUnless if nobody(!holds) => Some(Vacuous::EveryLeadMeets),
        Claim::NeverWhen | Claim::NeverUnless if nobody(gets) => Some(Vacuous::NobodyGets),
        Claim::NeverWhen | Claim::NeverUnless | Claim::AlwaysWhen => None,
    }
}
