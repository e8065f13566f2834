//! Who has a say in a rule, against a look at every kind of lead: a thing has one just when some lead shows it. Small random policies, decided by the
//! evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::BTreeMap;

use policyc::analysis::{Model, Over, Thing, says};
use policyc::ir::{Body, Cond, CondKind, Policy, RuleId, visit};
use policyc::source::Span;
use policyc::types::Truth;
use support::small_gen::{Small, small};

const POLICIES: u64 = 600;

#[test]
fn a_thing_has_a_say_in_a_rule_just_when_some_lead_shows_it() {
    let mut counts: BTreeMap<(&str, Option<Truth>), usize> = BTreeMap::new();
    for seed in 0..POLICIES {
        let small = small(seed);
        let policy = &small.policy;
        let rules: Vec<RuleId> = policy.rules.iter().map(|(rule, _)| rule).collect();
        let mut model = Model::new(&[policy], Over::InForce, false);
        visit::deciding(policy).for_each(|cond| {
            model.condition(0, cond);
        });
        let everything = small.universe.exhaustive && !policy.reads_time() && model.is_exact();
        for (kind, thing, answers) in things(policy) {
            let said = says(policy, thing, true, &rules, u64::MAX);
            let fires = answers.iter().map(|answer| fires(&small, answer, &rules)).collect::<Vec<_>>();
            for (at, said) in said.into_iter().enumerate() {
                let of = |lead: usize| fires.iter().map(move |fires| fires[lead][at]);
                let leads = 0..fires[0].len();
                let differs = leads.clone().any(|lead| of(lead).any(|fires| fires) && of(lead).any(|fires| !fires));
                let ever = leads.clone().any(|lead| of(lead).any(|fires| fires));
                let what = || format!("seed {seed}: {thing:?}, rule {at}: {said:?}\n{}", small.text);
                match said {
                    None => assert!(!ever, "{}", what()),
                    Some(Truth::False) => assert!(!differs, "{}", what()),
                    Some(Truth::True) => assert!(differs || !everything, "{}", what()),
                    Some(Truth::Unknown) => assert!(!everything, "{}", what()),
                }
                *counts.entry((kind, said)).or_default() += 1;
            }
        }
    }
    for kind in ["definition", "grade", "stage"] {
        for said in [None, Some(Truth::False), Some(Truth::True)] {
            assert!(counts.get(&(kind, said)).is_some_and(|count| *count >= 10), "{kind} {said:?}: {counts:#?}");
        }
    }
}

/// What rules may hang on, each with the policy as it is with each of the answers that it may give.
fn things(policy: &Policy) -> Vec<(&'static str, Thing<'static>, Vec<Policy>)> {
    let constant = |truth| Cond { kind: CondKind::Const(truth), span: Span::default() };
    let truths = [Truth::True, Truth::False];
    let mut things = Vec::new();
    for (define, of) in policy.defines.iter().filter(|(_, of)| matches!(of.body, Body::Condition(_))) {
        let with = |truth| {
            let mut changed = policy.clone();
            changed.defines.get_mut(define).unwrap().body = Body::Condition(constant(truth));
            changed
        };
        assert!(!of.name.is_empty());
        things.push(("definition", Thing::Define(define), truths.map(with).to_vec()));
    }
    for (stage, _) in policy.stages.iter() {
        let with = |truth| {
            let mut changed = policy.clone();
            changed.stages.get_mut(stage).unwrap().when = constant(truth);
            changed
        };
        things.push(("stage", Thing::Stage(stage), truths.map(with).to_vec()));
    }
    for (grade, of) in policy.grades.iter() {
        let with = |label| {
            let mut changed = policy.clone();
            let grade = changed.grades.get_mut(grade).unwrap();
            grade.lines.clear();
            grade.otherwise = label;
            changed
        };
        things.push(("grade", Thing::Grade(grade), (0..of.scale.values.len()).map(with).collect()));
    }
    things
}

/// For each lead that the policy accepts, whether each rule fires in another one.
fn fires(small: &Small, policy: &Policy, rules: &[RuleId]) -> Vec<Vec<bool>> {
    let mut found = Vec::new();
    small.universe.each(policy, |_, session| found.push(rules.iter().map(|rule| session.fires(*rule)).collect()));
    found
}
