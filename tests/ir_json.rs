//! The JSON form of a policy: it loses nothing, its schema is the published one, and whatever can be read can be decided by.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use policyc::eval::Evaluator;
use policyc::ir::json::{self, Fault};
use policyc::ir::{
    ArithmeticOp, Body, Claim, CompareOp, Cond, CondKind, DecisionId, Define, DefineId, Expr, Guard, Lead, Policy,
    Property, RuleId, ScoreId, Section, SectionId, SetId, Stage, StageId, Table,
};
use policyc::source::Span;
use policyc::types::{Truth, Type, Value};
use proptest::prelude::*;
use serde_json::Value as Json;
use support::ir_gen::{Dice, as_of, lead, plain, policies};

fn cond(kind: CondKind) -> Cond {
    Cond { kind, span: Span::default() }
}

fn define(name: &str, body: Body) -> Define {
    Define { name: name.to_owned(), body, span: Span::default() }
}

/// What is wrong with the plain policy after this change.
fn broken(change: impl FnOnce(&mut Policy)) -> String {
    let mut policy = plain();
    change(&mut policy);
    json::read(&json::write(&policy)).unwrap_err().to_string()
}

fn with_rule(policy: &mut Policy, kind: CondKind) {
    policy.rules.get_mut(RuleId(0)).unwrap().when = Some(cond(kind));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_lost(policy in policies()) {
        let text = json::write(&policy);
        prop_assert_eq!(json::read(&text).map_err(|e| format!("{e}\n{text}")), Ok(policy));
    }

    /// Numbers of the document (ids, positions, counts) replaced by others: refused, or as good as any other policy.
    #[test]
    fn what_can_be_read_can_be_decided(policy in policies(), place in any::<prop::sample::Index>(), with in -1i64..20) {
        let mut document: Json = serde_json::from_str(&json::write(&policy)).unwrap();
        let mut numbers = Vec::new();
        collect(&mut document["policy"], &mut numbers);
        let at = place.index(numbers.len());
        *numbers.swap_remove(at) = Json::from(with);
        if let Ok(policy) = json::read(&document.to_string()) {
            let evaluator = Evaluator::new(&policy, as_of());
            for seed in 0..20 {
                let lead = lead(&policy, &mut Dice::new((seed..seed + 60).collect()));
                let session = evaluator.on(&lead);
                let _ = (session.outcome(), session.stage());
                policy.scores.iter().for_each(|(id, _)| drop(session.score(id)));
                policy.grades.iter().for_each(|(id, _)| { let _ = session.grade(id); });
            }
        }
    }
}

fn collect<'a>(json: &'a mut Json, numbers: &mut Vec<&'a mut Json>) {
    match json {
        Json::Number(_) => numbers.push(json),
        Json::Array(items) => items.iter_mut().for_each(|j| collect(j, numbers)),
        Json::Object(entries) => {
            entries.iter_mut().filter(|(key, _)| *key != "span").for_each(|(_, j)| collect(j, numbers));
        }
        Json::Null | Json::Bool(_) | Json::String(_) => {}
    }
}

#[test]
fn what_does_not_hold_together_is_refused() {
    assert_eq!(broken(|p| p.zone = "Europe/Atlantis".to_owned()), "the time zone is not known");
    assert_eq!(broken(|p| p.rules = Table::default()), "it has no rule");
    assert_eq!(
        broken(|p| p.rules.get_mut(RuleId(1)).unwrap().when = Some(cond(CondKind::Const(Truth::True)))),
        "the last rule does not fire for every lead"
    );
    assert_eq!(
        broken(|p| with_rule(p, CondKind::Define(DefineId(0)))),
        "rule rule_0: it refers to something that is not there"
    );
    assert_eq!(
        broken(|p| with_rule(p, CondKind::In { value: Expr::Stage, set: SetId(7) })),
        "rule rule_0: it refers to something that is not there"
    );
    assert_eq!(
        broken(|p| p.rules.get_mut(RuleId(0)).unwrap().section = Some(SectionId(0))),
        "rule rule_0: it refers to something that is not there"
    );
    assert_eq!(
        broken(|p| {
            let need = p.fields.iter().find(|(_, f)| f.name == "need").unwrap().0;
            let right = Expr::Const(Value::Text("3".to_owned()));
            with_rule(p, CondKind::Compare { op: CompareOp::Ge, left: Expr::Field(need), right });
        }),
        "rule rule_0: values of two kinds are compared"
    );
    assert_eq!(
        broken(|p| {
            let title = p.fields.iter().find(|(_, f)| f.name == "title").unwrap().0;
            let right = Expr::Const(Value::Choice(3));
            with_rule(p, CondKind::Compare { op: CompareOp::Ge, left: Expr::Field(title), right });
        }),
        "rule rule_0: values of two kinds are compared"
    );
    assert_eq!(
        broken(|p| {
            let guard = Guard::NoneOf(vec![SectionId(0)]);
            let section = Section { title: "rest".to_owned(), guard, owners: Vec::new(), span: Span::default() };
            p.sections.push(section);
        }),
        "section rest: it depends on a section below it"
    );
    let property = |decision, kind| {
        broken(|p| {
            let condition = cond(kind);
            let (claim, span) = (Claim::NeverUnless, Span::default());
            p.properties.push(Property { claim, decision: DecisionId(decision), condition, because: None, span });
        })
    };
    assert_eq!(property(9, CondKind::Const(Truth::True)), "property 0: it refers to something that is not there");
    assert_eq!(property(0, CondKind::IsIncomplete(ScoreId(0))), "property 0: it refers to something that is not there");
}

#[test]
fn cycles_are_refused() {
    let uses = |id| Body::Condition(cond(CondKind::Define(DefineId(id))));
    let defines = |p: &mut Policy| p.defines = [define("a", uses(1)), define("b", uses(0))].into_iter().collect();
    assert_eq!(broken(defines), "define b: it needs itself");
    let stages = |p: &mut Policy| {
        let when =
            cond(CondKind::Compare { op: CompareOp::Ge, left: Expr::Stage, right: Expr::Const(Value::Choice(1)) });
        p.stages.push(Stage { name: "mql".to_owned(), when, span: Span::default() });
    };
    assert_eq!(broken(stages), "stage mql: it needs itself");
    let later = |p: &mut Policy| {
        for (name, other) in [("mql", 1), ("sql", 0)] {
            let when = cond(CondKind::Reached(StageId(other)));
            p.stages.push(Stage { name: name.to_owned(), when, span: Span::default() });
        }
    };
    assert!(broken(later).ends_with("it needs itself"));
}

#[test]
fn depth_is_bounded_through_names_too() {
    let chain = |p: &mut Policy, length: u32| {
        p.defines.push(define("d0", Body::Condition(cond(CondKind::Const(Truth::True)))));
        for i in 0..length {
            let body = Body::Condition(cond(CondKind::Not(Box::new(cond(CondKind::Define(DefineId(i)))))));
            p.defines.push(define("d", body));
        }
    };
    assert_eq!(broken(|p| chain(p, 10_000)), "define d: it is nested too deep");
    let backwards = |p: &mut Policy| {
        for i in 0..10_000 {
            p.defines.push(define("d", Body::Condition(cond(CondKind::Define(DefineId(i + 1))))));
        }
        p.defines.push(define("last", Body::Condition(cond(CondKind::Const(Truth::True)))));
    };
    assert_eq!(broken(backwards), "define d: it is nested too deep");

    let mut deepest = plain();
    chain(&mut deepest, 130);
    with_rule(&mut deepest, CondKind::Define(DefineId(130)));
    let read = json::read(&json::write(&deepest)).unwrap();
    assert_eq!(Evaluator::new(&read, as_of()).decide(&Lead::empty(&read)).rule, RuleId(0));
}

/// A condition as deep as is allowed is read, compared, decided and dropped without harm on a thread of 2 MiB.
#[test]
fn the_deepest_condition_is_no_danger() {
    let nested = |depth: usize| {
        let mut inner = cond(CondKind::Const(Truth::True));
        for _ in 0..depth {
            inner = cond(CondKind::All(vec![cond(CondKind::Not(Box::new(inner))), cond(CondKind::Const(Truth::True))]));
        }
        let mut policy = plain();
        with_rule(&mut policy, inner.kind);
        policy
    };
    let policy = nested(94);
    let read = json::read(&json::write(&policy)).unwrap();
    assert_eq!(read, policy);
    assert_eq!(Evaluator::new(&read, as_of()).decide(&Lead::empty(&read)).rule, RuleId(0));
    assert_eq!(json::read(&json::write(&nested(105))), Err(Fault::TooDeep));
    assert_eq!(json::read(&"[".repeat(1_000_000)), Err(Fault::TooDeep));
    assert_eq!(json::read(&"{\"a\":".repeat(1_000_000)), Err(Fault::TooDeep));
}

/// Ten definitions that square each other would make a number of ever more digits.
#[test]
fn digits_are_bounded() {
    let squares = |p: &mut Policy| {
        let (need, _) = p.fields.iter().find(|(_, f)| f.name == "need").unwrap();
        p.defines.push(define("d0", Body::Value(Expr::Field(need), Type::WholeNumber)));
        for i in 0..40 {
            let of = || Box::new(Expr::Define(DefineId(i)));
            let body = Expr::Arithmetic(ArithmeticOp::Multiply, of(), of());
            p.defines.push(define("d", Body::Value(body, Type::WholeNumber)));
        }
    };
    assert_eq!(broken(squares), "define d: a number could have too many digits");
}

#[test]
fn other_versions_are_refused() {
    let text = json::write(&plain()).replacen("\"ir_version\": 1", "\"ir_version\": 2", 1);
    assert_eq!(json::read(&text), Err(Fault::Version(2)));
    assert!(matches!(json::read("{}"), Err(Fault::Json(_))));
    assert!(matches!(json::read(""), Err(Fault::Json(_))));
}
