//! The laws that deciding obeys, on random policies and leads and on small ones written out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::{BTreeMap, BTreeSet};

use policyc::eval::Evaluator;
use policyc::eval::trace::Step;
use policyc::ir::{CompareOp, Cond, CondKind, visit};
use policyc::source::Span;
use policyc::types::Truth;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::ir_gen::{Dice, as_of, cases, value};

const TRUTHS: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

fn cond(kind: CondKind) -> Cond {
    Cond { kind, span: Span::default() }
}

fn not(inner: &Cond) -> Cond {
    cond(CondKind::Not(Box::new(inner.clone())))
}

#[test]
fn kleene() {
    for a in TRUTHS {
        assert_eq!(a.not().not(), a);
        assert_eq!(a.and(Truth::True), a);
        assert_eq!(a.or(Truth::False), a);
        assert_eq!(a.and(Truth::False), Truth::False);
        assert_eq!(a.or(Truth::True), Truth::True);
        assert_eq!((a.and(a), a.or(a)), (a, a));
        for b in TRUTHS {
            assert_eq!(a.and(b), b.and(a));
            assert_eq!(a.or(b), b.or(a));
            assert_eq!(a.and(b).not(), a.not().or(b.not()));
            assert_eq!(a.or(b).not(), a.not().and(b.not()));
            assert_eq!(a.and(a.or(b)), a);
            for c in TRUTHS {
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            }
        }
    }
    assert_eq!(Truth::Unknown.not(), Truth::Unknown);
}

/// The laws below are worth what the random policies are: every kind of node occurs, and every condition with more than one
/// truth.
#[test]
fn random_policies_have_everything() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<String, BTreeSet<Truth>> = BTreeMap::new();
    for _ in 0..300 {
        let (policy, leads) = cases().new_tree(&mut runner).unwrap().current();
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let session = evaluator.on(lead);
            visit::conditions(&policy).for_each(|cond| {
                cond.walk(&mut |part| {
                    seen.entry(kind(&part.kind)).or_default().insert(session.truth(part));
                    part.operands().into_iter().for_each(|operand| {
                        operand.walk(&mut |expr| {
                            let truth = session.value(expr).map_or(Truth::Unknown, |_| Truth::True);
                            seen.entry(format!("value {}", kind(expr))).or_default().insert(truth);
                        });
                    });
                });
            });
        }
    }
    let shown: Vec<String> = seen.iter().map(|(kind, truths)| format!("{kind} {truths:?}")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// The name of a node, as JSON has it.
fn kind(node: &impl serde::Serialize) -> String {
    match serde_json::to_value(node).unwrap() {
        serde_json::Value::String(name) => name,
        serde_json::Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => other.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// De Morgan, double negation, and counting, on the conditions of random policies.
    #[test]
    fn connectives((policy, leads) in cases()) {
        let evaluator = Evaluator::new(&policy, as_of());
        let conditions: Vec<&Cond> = visit::conditions(&policy).collect();
        for lead in &leads {
            let session = evaluator.on(lead);
            for condition in &conditions {
                condition.walk(&mut |part| {
                    let parts = part.parts().to_vec();
                    let truth = session.truth(part);
                    assert_eq!(session.truth(&not(part)), truth.not());
                    assert_ne!(session.truth(&cond(CondKind::IsUnknown(Box::new(part.clone())))), Truth::Unknown);
                    let negated: Vec<Cond> = parts.iter().map(not).collect();
                    let all = session.truth(&cond(CondKind::All(parts.clone())));
                    let any = session.truth(&cond(CondKind::Any(parts.clone())));
                    assert_eq!(all.not(), session.truth(&cond(CondKind::Any(negated.clone()))));
                    assert_eq!(any.not(), session.truth(&cond(CondKind::All(negated))));
                    let every = u32::try_from(parts.len()).unwrap();
                    assert_eq!(all, session.truth(&cond(CondKind::AtLeast(every, parts.clone()))));
                    assert_eq!(any, session.truth(&cond(CondKind::AtLeast(1, parts))));
                });
            }
        }
    }

    /// It does not matter what has been asked before: a fresh session and one that has answered everything in the
    /// opposite order agree.
    #[test]
    fn order_of_questions((policy, leads) in cases()) {
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let (forth, back) = (evaluator.on(lead), evaluator.on(lead));
            for (rule, _) in policy.rules.iter().rev() {
                let _ = back.fires(rule);
            }
            for (score, _) in policy.scores.iter().rev() {
                let _ = back.score(score);
            }
            let _ = back.stage();
            prop_assert_eq!(forth.outcome(), back.outcome());
            prop_assert_eq!(forth.stage(), back.stage());
            for (score, _) in policy.scores.iter() {
                prop_assert_eq!(forth.score(score), back.score(score));
            }
            for (grade, _) in policy.grades.iter() {
                prop_assert_eq!(forth.grade(grade), back.grade(grade));
            }
        }
    }

    /// The rule that decides fires and no rule above it does; scores stay in their range.
    #[test]
    fn first_match_and_clamping((policy, leads) in cases()) {
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let session = evaluator.on(lead);
            let outcome = session.outcome();
            prop_assert!(session.fires(outcome.rule));
            for (rule, _) in policy.rules.iter().take_while(|(rule, _)| *rule < outcome.rule) {
                prop_assert!(!session.fires(rule));
            }
            for (id, score) in policy.scores.iter() {
                let points = session.score(id).points;
                prop_assert!(score.min.as_ref().is_none_or(|min| points >= *min));
                prop_assert!(score.max.as_ref().is_none_or(|max| points <= *max));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The trace tells what was decided, and each of its steps follows from the steps inside.
    #[test]
    fn trace((policy, leads) in cases()) {
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let session = evaluator.on(lead);
            let trace = session.trace();
            prop_assert_eq!(trace.outcome, evaluator.decide(lead));
            let (fired, above) = trace.tried.split_last().unwrap();
            prop_assert_eq!((fired.rule, fired.truth()), (trace.outcome.rule, Truth::True));
            for tried in above {
                prop_assert_ne!(tried.truth(), Truth::True);
                let absent = session.absent_in_rule(tried.rule);
                prop_assert!(absent.is_empty() || tried.truth() == Truth::Unknown);
                prop_assert!(absent.iter().all(|field| lead.get(*field).is_none()));
            }
            for tried in &trace.tried {
                tried.when.iter().for_each(follows);
            }
        }
    }

    /// Filling in what left earlier rules unknown leaves none of them unknown for want of it.
    #[test]
    fn what_is_filled_in_is_not_absent((policy, leads) in cases(), rolls in prop::collection::vec(any::<u16>(), 40)) {
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let absent = evaluator.on(lead).absent();
            let mut filled = lead.clone();
            let mut dice = Dice::new(rolls.clone());
            for field in &absent {
                filled.set(*field, Some(value(&mut dice, &policy.fields[*field].ty)));
            }
            prop_assert!(evaluator.on(&filled).absent().is_disjoint(&absent));
        }
    }
}

fn follows(step: &Step<'_>) {
    let truths = || step.parts.iter().map(|part| part.truth);
    let expected = match &step.cond.kind {
        CondKind::Not(_) => truths().map(Truth::not).next(),
        CondKind::All(_) => Some(truths().fold(Truth::True, Truth::and)),
        CondKind::Any(_) => Some(truths().fold(Truth::False, Truth::or)),
        CondKind::IsUnknown(_) => truths().map(|t| Truth::from(t == Truth::Unknown)).next(),
        CondKind::AtLeast(count, _) => {
            let least = |truth| u32::try_from(truths().filter(|t| *t >= truth).count()).unwrap() >= *count;
            Some(if least(Truth::True) {
                Truth::True
            } else if least(Truth::Unknown) {
                Truth::Unknown
            } else {
                Truth::False
            })
        }
        CondKind::Compare { op: CompareOp::Eq, .. } if step.reads.iter().any(|read| read.value.is_none()) => {
            Some(Truth::Unknown)
        }
        _ => None,
    };
    assert!(expected.is_none_or(|expected| expected == step.truth), "{step:?}");
    step.parts.iter().for_each(follows);
}
