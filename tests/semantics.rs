//! What single nodes mean, each on the smallest lead that shows it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use policyc::eval::Evaluator;
use policyc::ir::{
    ArithmeticOp, Body, CompareOp, Cond, CondKind, Define, DefineId, Expr, FieldId, Gain, Lead, Per, Policy, Score,
    ScoreId, ScoreLine, SetId, Stage, StageId, ValueSet,
};
use policyc::source::Span;
use policyc::types::{Number, Truth, Value};
use support::ir_gen::{as_of, plain};

const FALSE: CondKind = CondKind::Const(Truth::False);
const UNKNOWN: CondKind = CondKind::Const(Truth::Unknown);
const TRUE: CondKind = CondKind::Const(Truth::True);

fn cond(kind: CondKind) -> Cond {
    Cond { kind, span: Span::default() }
}

fn conds(kinds: &[CondKind]) -> Vec<Cond> {
    kinds.iter().cloned().map(cond).collect()
}

fn number(text: &str) -> Expr {
    Expr::Const(Value::Number(text.parse().unwrap()))
}

fn compare(op: CompareOp, left: Expr, right: Expr) -> CondKind {
    CondKind::Compare { op, left, right }
}

fn field(policy: &Policy, name: &str) -> FieldId {
    policy.fields.iter().find(|(_, f)| f.name == name).unwrap().0
}

fn truth(policy: &Policy, lead: &Lead, kind: CondKind) -> Truth {
    Evaluator::new(policy, as_of()).on(lead).truth(&cond(kind))
}

fn value(policy: &Policy, lead: &Lead, expr: &Expr) -> Option<Value> {
    Evaluator::new(policy, as_of()).on(lead).value(expr)
}

/// The points of a score with these lines, and whether it is incomplete.
fn total(policy: &mut Policy, lead: &Lead, lines: Vec<Gain>, range: Option<(i64, i64)>) -> (String, bool) {
    let line = |gain| ScoreLine { gain, label: None, span: Span::default() };
    let score = policy.scores.push(Score {
        name: "fit".to_owned(),
        min: range.map(|(min, _)| min.into()),
        max: range.map(|(_, max)| max.into()),
        lines: lines.into_iter().map(line).collect(),
        span: Span::default(),
    });
    let total = Evaluator::new(policy, as_of()).on(lead).score(score);
    (total.points.to_string(), total.incomplete)
}

fn points(points: i64, when: CondKind) -> Gain {
    Gain::Points { points: points.into(), per: None, when: Some(cond(when)), at_most: None }
}

fn per(points: i64, unit: &str, amount: Expr, at_most: Option<i64>) -> Gain {
    let per = Some(Per { unit: unit.parse().unwrap(), amount });
    Gain::Points { points: points.into(), per, when: None, at_most: at_most.map(Number::from) }
}

#[test]
fn a_comparison_with_a_missing_value_is_unknown() {
    let policy = plain();
    let (lead, need) = (Lead::empty(&policy), Expr::Field(field(&policy, "need")));
    for op in [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge] {
        assert_eq!(truth(&policy, &lead, compare(op, need.clone(), number("3"))), Truth::Unknown);
        assert_eq!(truth(&policy, &lead, compare(op, number("3"), need.clone())), Truth::Unknown);
    }
    let between = CondKind::Between { value: number("5"), low: need, high: number("3") };
    assert_eq!(truth(&policy, &lead, between), Truth::False, "above the high end, whatever the low one");
}

#[test]
fn a_value_outside_of_the_closed_set_has_no_order() {
    let policy = plain();
    let title = field(&policy, "title");
    let mut lead = Lead::empty(&policy);
    lead.set(title, Some(Value::Other("Intern".to_owned())));
    let is = |op, value| truth(&policy, &lead, compare(op, Expr::Field(title), Expr::Const(value)));
    assert_eq!(is(CompareOp::Ge, Value::Choice(0)), Truth::Unknown);
    assert_eq!(is(CompareOp::Eq, Value::Choice(0)), Truth::False);
    assert_eq!(is(CompareOp::Ne, Value::Choice(0)), Truth::True);
    assert_eq!(is(CompareOp::Eq, Value::Other("Intern".to_owned())), Truth::True);
}

#[test]
fn other_is_any_unlisted_value() {
    let mut policy = plain();
    let title = field(&policy, "title");
    let listed: SetId = policy.sets.push(ValueSet { list: None, values: vec![Value::Choice(1)], other: false });
    let or_other = policy.sets.push(ValueSet { list: None, values: vec![Value::Choice(1)], other: true });
    let mut lead = Lead::empty(&policy);
    let within = |lead: &Lead, set| truth(&policy, lead, CondKind::In { value: Expr::Field(title), set });
    assert_eq!(within(&lead, or_other), Truth::Unknown);
    lead.set(title, Some(Value::Other("Intern".to_owned())));
    assert_eq!((within(&lead, listed), within(&lead, or_other)), (Truth::False, Truth::True));
    lead.set(title, Some(Value::Choice(0)));
    assert_eq!((within(&lead, listed), within(&lead, or_other)), (Truth::False, Truth::False));
}

#[test]
fn a_default_counts_everywhere_but_for_being_known() {
    let mut policy = plain();
    let opted_out = field(&policy, "opted_out");
    policy.fields.get_mut(opted_out).unwrap().default = Some(Value::YesNo(true));
    let ty = policy.fields[opted_out].ty.clone();
    let body = Body::Value(Expr::Field(opted_out), ty);
    let define: DefineId = policy.defines.push(Define { name: "out".to_owned(), body, span: Span::default() });
    let lead = Lead::empty(&policy);
    for value in [Expr::Field(opted_out), Expr::Define(define)] {
        let yes = compare(CompareOp::Eq, value.clone(), Expr::Const(Value::YesNo(true)));
        assert_eq!(truth(&policy, &lead, yes), Truth::True);
        assert_eq!(truth(&policy, &lead, CondKind::Known(value)), Truth::False);
    }
}

#[test]
fn counting_conditions() {
    let policy = plain();
    let lead = Lead::empty(&policy);
    let at_least = |n, kinds: &[CondKind]| truth(&policy, &lead, CondKind::AtLeast(n, conds(kinds)));
    assert_eq!(at_least(2, &[TRUE, FALSE, TRUE]), Truth::True);
    assert_eq!(at_least(2, &[TRUE, FALSE, UNKNOWN]), Truth::Unknown);
    assert_eq!(at_least(2, &[FALSE, FALSE, UNKNOWN]), Truth::False);
    assert_eq!(at_least(1, &[UNKNOWN, TRUE]), Truth::True);
}

#[test]
fn arithmetic_is_exact_and_dividing_by_zero_is_missing() {
    let policy = plain();
    let lead = Lead::empty(&policy);
    let calculate = |op, left, right| Expr::Arithmetic(op, Box::new(left), Box::new(right));
    let third = calculate(ArithmeticOp::Divide, number("1"), number("3"));
    let whole = calculate(ArithmeticOp::Multiply, third, number("3"));
    assert_eq!(value(&policy, &lead, &whole), Some(Value::Number(1.into())));
    let sum = calculate(ArithmeticOp::Add, number("0.1"), number("0.2"));
    assert_eq!(truth(&policy, &lead, compare(CompareOp::Eq, sum, number("0.3"))), Truth::True);
    assert_eq!(value(&policy, &lead, &calculate(ArithmeticOp::Divide, number("1"), number("0"))), None);
}

#[test]
fn unknown_lines_earn_nothing_and_say_so() {
    let mut policy = plain();
    let lead = Lead::empty(&policy);
    let lines = || vec![points(40, TRUE), points(25, UNKNOWN), points(-30, FALSE)];
    assert_eq!(total(&mut policy, &lead, lines(), None), ("40".to_owned(), true));
    let need = Expr::Field(field(&policy, "need"));
    assert_eq!(total(&mut policy, &lead, vec![per(5, "1", need, None)], None), ("0".to_owned(), true));
}

#[test]
fn full_units_count_and_caps_bound_the_size() {
    let mut policy = plain();
    let lead = Lead::empty(&policy);
    let mut earns =
        |points, unit, amount, cap| total(&mut policy, &lead, vec![per(points, unit, number(amount), cap)], None).0;
    assert_eq!(earns(1, "5000", "14999.99", None), "2");
    assert_eq!(earns(1, "5000", "15000", None), "3");
    assert_eq!(earns(5, "1", "-3", None), "0");
    assert_eq!(earns(5, "1", "10", Some(20)), "20");
    assert_eq!(earns(-5, "1", "10", Some(20)), "-20");
    assert_eq!(earns(-5, "1", "3", Some(20)), "-15");
}

#[test]
fn the_total_is_clamped_last_and_added_after_that() {
    let mut policy = plain();
    let lead = Lead::empty(&policy);
    let lines = vec![points(80, TRUE), points(80, TRUE), points(-70, TRUE)];
    assert_eq!(total(&mut policy, &lead, lines, Some((0, 100))).0, "90", "not 30");
    assert_eq!(total(&mut policy, &lead, vec![points(-5, TRUE), points(1, UNKNOWN)], Some((0, 100))).0, "0");
    let lowest = ScoreId(1);
    let add = |sign| Gain::Score { sign, score: ScoreId(0) };
    assert_eq!(total(&mut policy, &lead, vec![add(-1)], None), ("-90".to_owned(), false));
    let carry = Gain::Score { sign: 1, score: lowest };
    assert_eq!(total(&mut policy, &lead, vec![add(1), carry], None), ("90".to_owned(), true));
}

#[test]
fn a_stage_needs_all_earlier_ones() {
    let mut policy = plain();
    for (name, when) in [("mql", TRUE), ("sal", UNKNOWN), ("sql", TRUE)] {
        policy.stages.push(Stage { name: name.to_owned(), when: cond(when), span: Span::default() });
    }
    let lead = Lead::empty(&policy);
    let reached = |stage| truth(&policy, &lead, CondKind::Reached(StageId(stage)));
    assert_eq!([reached(0), reached(1), reached(2)], [Truth::True, Truth::False, Truth::False]);
    assert_eq!(value(&policy, &lead, &Expr::Stage), Some(Value::Choice(1)));
}
