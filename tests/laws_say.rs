//! Who has a say in a rule, against a look at every kind of lead: a thing has one just when some lead shows it. Small random policies, decided by the
//! evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::{BTreeMap, BTreeSet};

use policyc::analysis::{Model, Over, Say, Thing, says};
use policyc::ir::reach::Reach;
use policyc::ir::{Body, Cond, CondKind, Expr, Gain, Policy, RuleId, ScoreLine, visit};
use policyc::source::Span;
use policyc::types::{Number, Truth};
use support::small_gen::{Small, small};

const POLICIES: u64 = 300;

#[test]
fn a_thing_has_a_say_in_a_rule_just_when_some_lead_shows_it() {
    let mut counts: BTreeMap<(&str, Option<Truth>), usize> = BTreeMap::new();
    let mut turned: BTreeMap<(&str, Truth), usize> = BTreeMap::new();
    for seed in 0..POLICIES {
        let small = small(seed);
        let policy = &small.policy;
        let rules: Vec<RuleId> = policy.rules.iter().map(|(rule, _)| rule).collect();
        let mut model = Model::new(&[policy], Over::InForce, false);
        visit::deciding(policy).for_each(|cond| {
            model.condition(0, cond);
        });
        let everything = small.universe.exhaustive && !policy.reads_time() && model.is_exact();
        let as_it_is = fires(&small, policy, &rules);
        for (kind, thing, answers) in things(&small) {
            let said = says(policy, None, thing, true, &rules, &mut u64::MAX.clone());
            let fires = answers.iter().map(|answer| fires(&small, answer, &rules)).collect::<Vec<_>>();
            let alike = alike(&small, thing);
            for (at, Say { ever: said, today, fields }) in said.into_iter().enumerate() {
                let of = |lead: usize| fires.iter().map(move |fires| fires[lead][at]);
                let leads = alike.iter().flatten().copied();
                let differs = leads.clone().any(|lead| of(lead).any(|fires| fires) && of(lead).any(|fires| !fires));
                let ever = leads.clone().any(|lead| of(lead).any(|fires| fires));
                let what = || format!("seed {seed}: {thing:?}, rule {at}: {said:?}\n{}", small.text);
                match said {
                    None => assert!(!ever, "{}", what()),
                    Some(Truth::False) => assert!(!differs, "{}", what()),
                    // Of the totals of a score, not all are looked at.
                    Some(Truth::True) => assert!(differs || !everything || kind == "score", "{}", what()),
                    Some(Truth::Unknown) => assert!(!everything || kind == "score", "{}", what()),
                }
                *counts.entry((kind, said)).or_default() += 1;
                // Whether one answer to all would do, of those that are looked at; and whether it shows which of its fields a lead has.
                let is_as_it_is =
                    |with: &Vec<Vec<bool>>| leads.clone().all(|lead| with[lead][at] == as_it_is[lead][at]);
                let would_do = fires.iter().any(is_as_it_is);
                let shows =
                    alike.iter().any(|alike| alike.iter().any(|lead| as_it_is[*lead][at] != as_it_is[alike[0]][at]));
                let what = || format!("seed {seed}: {thing:?}, rule {at}: {today:?} {fields:?}\n{}", small.text);
                match today {
                    Truth::False => assert!(would_do || kind == "score", "{}", what()),
                    Truth::True => assert!(!would_do || !everything, "{}", what()),
                    Truth::Unknown => assert!(!everything || kind == "score", "{}", what()),
                }
                match fields {
                    Truth::False => assert!(!shows, "{}", what()),
                    Truth::True => assert!(shows || !everything, "{}", what()),
                    Truth::Unknown => assert!(!everything, "{}", what()),
                }
                *turned.entry(("today", today)).or_default() += 1;
                *turned.entry(("fields", fields)).or_default() += 1;
            }
        }
    }
    for turned in [("today", Truth::False), ("today", Truth::True), ("fields", Truth::False), ("fields", Truth::True)]
        .map(|key| turned.get(&key).copied().unwrap_or(0))
    {
        assert!(turned >= 100, "{turned}");
    }
    for kind in ["definition", "grade", "stage", "score"] {
        for said in [None, Some(Truth::False), Some(Truth::True)] {
            assert!(counts.get(&(kind, said)).is_some_and(|count| *count >= 10), "{kind} {said:?}: {counts:#?}");
        }
    }
}

/// What rules may hang on, each with the policy as it is with each of the answers that it may give.
fn things(small: &Small) -> Vec<(&'static str, Thing<'static>, Vec<Policy>)> {
    let policy = &small.policy;
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
    for (score, _) in policy.scores.iter() {
        let mut seen: Vec<Number> = Vec::new();
        small.universe.each(policy, |_, session| seen.push(session.score(score).points));
        let (Some(least), Some(most)) = (seen.iter().min().cloned(), seen.iter().max().cloned()) else { continue };
        // About what conditions compare it with.
        let near = [0, 5, 10, 12, 13, 20, 25, 30, 40].map(Number::from);
        let half = Number::from(1).checked_div(&Number::from(2)).unwrap();
        let near = near.iter().flat_map(|at| [at - &half, at.clone(), at + &half]);
        let totals: BTreeSet<Number> = near.chain([least.clone(), most.clone()]).collect();
        let with = |points: Number| {
            let mut changed = policy.clone();
            let gain = Gain::Points { points, per: None, when: None, at_most: None };
            changed.scores.get_mut(score).unwrap().lines = vec![ScoreLine { gain, label: None, span: Span::default() }];
            changed
        };
        let totals = totals.into_iter().filter(|total| (&least..=&most).contains(&total));
        things.push(("score", Thing::Score(score), totals.map(with).collect()));
    }
    things
}

/// For each lead that the policy accepts, whether each rule fires in another one.
fn fires(small: &Small, policy: &Policy, rules: &[RuleId]) -> Vec<Vec<bool>> {
    let mut found = Vec::new();
    small.universe.each(policy, |_, session| found.push(rules.iter().map(|rule| session.fires(*rule)).collect()));
    found
}

/// The leads of which everything is known that is behind a thing, by their positions: those together that are alike in all other fields.
fn alike(small: &Small, thing: Thing<'_>) -> Vec<Vec<usize>> {
    let policy = &small.policy;
    let mut reach = Reach::new(policy);
    match thing {
        Thing::Define(define) => match &policy.defines[define].body {
            Body::Condition(cond) => reach.cond(cond),
            Body::Value(value, _) => reach.value(value),
        },
        Thing::Score(score) => reach.score(score),
        Thing::Grade(grade) => reach.value(&Expr::Grade(grade)),
        Thing::Stage(stage) => reach.cond(&policy.stages[stage].when),
        Thing::List(_) => unreachable!("no list has a name here"),
    }
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut at = 0;
    small.universe.each(policy, |as_of, session| {
        let others = policy.fields.iter().map(|(field, _)| field);
        let others = others.filter(|field| !reach.fields.contains(field) && !reach.asked.contains(field));
        let mut behind = reach.fields.union(&reach.asked);
        at += 1;
        if behind.any(|field| session.lead().get(*field).is_none()) {
            return;
        }
        let values: Vec<String> = others.map(|field| format!("{:?}", session.lead().get(field))).collect();
        alike.entry(format!("{as_of} {}", values.join("\n"))).or_default().push(at - 1);
    });
    alike.into_values().collect()
}
