//! Conditions and values in the words of the language.

use std::collections::BTreeSet;

use super::literal::{literal, quoted};
use crate::ir::{ArithmeticOp, CompareOp, Cond, CondKind, Expr, Policy, SetId, TextTest, ValueSet};
use crate::types::{Shift, Truth, Type, Value};

/// A condition: `need >= 3 and title in [VP, Director]`.
#[must_use]
pub fn condition(policy: &Policy, cond: &Cond) -> String {
    let text = |expr| value(policy, expr);
    match &cond.kind {
        CondKind::Const(Truth::True) => "true".to_owned(),
        CondKind::Const(Truth::False) => "false".to_owned(),
        CondKind::Const(Truth::Unknown) => "unknown".to_owned(),
        CondKind::Known(known) => format!("{} is known", text(known)),
        CondKind::Compare { op, left, right } => comparison(policy, *op, left, right),
        CondKind::Between { value, low, high } => between(policy, value, low, high),
        CondKind::In { value, set } => membership(policy, value, *set, false),
        CondKind::Has { value, all, members, list } => {
            let what = if *all { "all" } else { "any" };
            format!("{} has {what} of {}", text(value), held(policy, value, members, list.as_deref()))
        }
        CondKind::Text { test, value, needles, list } => {
            format!("{} {}", text(value), text_test(*test, needles, list.as_deref()))
        }
        CondKind::IsUnknown(inner) => format!("({}) is unknown", condition(policy, inner)),
        CondKind::IsIncomplete(score) => format!("{} is incomplete", policy.scores[*score].name),
        CondKind::Define(define) => policy.defines[*define].name.clone(),
        CondKind::Reached(stage) => policy.stages[*stage].name.clone(),
        CondKind::Not(inner) => negation(policy, inner),
        CondKind::All(parts) => joined(policy, parts, " and "),
        CondKind::Any(parts) => joined(policy, parts, " or "),
        CondKind::AtLeast(count, parts) => format!("at least {count} of ({})", listed(policy, parts)),
    }
}

/// A value: `budget / employees`, `domain of email`.
#[must_use]
pub fn value(policy: &Policy, expr: &Expr) -> String {
    match expr {
        Expr::Field(field) => policy.fields[*field].name.clone(),
        Expr::Const(constant) => literal(constant, None),
        Expr::Define(define) => policy.defines[*define].name.clone(),
        Expr::Score(score) => policy.scores[*score].name.clone(),
        Expr::Grade(grade) => policy.grades[*grade].name.clone(),
        Expr::Stage => "stage".to_owned(),
        Expr::AsOf(shift) | Expr::AsOfDay(shift) => moment(*shift),
        Expr::DayOf(inner) | Expr::Lowercase(inner) => value(policy, inner),
        Expr::DomainOf(inner) => format!("domain of {}", value(policy, inner)),
        Expr::Negative(inner) => format!("-{}", operand(policy, inner, None, 3)),
        Expr::Arithmetic(op, left, right) => arithmetic(policy, *op, left, right),
    }
}

/// How tightly a value binds: sums loosest, then products, then the rest.
fn binding(expr: &Expr) -> u8 {
    match expr {
        Expr::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, ..) => 1,
        Expr::Arithmetic(ArithmeticOp::Multiply | ArithmeticOp::Divide, ..) => 2,
        Expr::DayOf(inner) | Expr::Lowercase(inner) => binding(inner),
        Expr::Field(_)
        | Expr::Const(_)
        | Expr::Define(_)
        | Expr::Score(_)
        | Expr::Grade(_)
        | Expr::Stage
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_) => 3,
    }
}

fn arithmetic(policy: &Policy, op: ArithmeticOp, left: &Expr, right: &Expr) -> String {
    let (symbol, level) = match op {
        ArithmeticOp::Add => ("+", 1),
        ArithmeticOp::Subtract => ("-", 1),
        ArithmeticOp::Multiply => ("*", 2),
        ArithmeticOp::Divide => ("/", 2),
    };
    // A number that is added to money is money; one that multiplies it is not.
    let ty = if level == 1 { policy.common_type(&[left, right]) } else { None };
    let left = operand(policy, left, ty.as_deref(), level);
    let right = operand(policy, right, ty.as_deref(), level + 1);
    format!("{left} {symbol} {right}")
}

/// A part of a calculation, in parentheses when it binds less tightly than it must.
fn operand(policy: &Policy, expr: &Expr, ty: Option<&Type>, level: u8) -> String {
    let text = match expr {
        Expr::Const(constant) => literal(constant, ty),
        expr => value(policy, expr),
    };
    if binding(expr) < level { format!("({text})") } else { text }
}

/// A value beside others, whose type its constants have.
fn typed(policy: &Policy, expr: &Expr, ty: Option<&Type>) -> String {
    match expr {
        Expr::Const(constant) => literal(constant, ty),
        expr => value(policy, expr),
    }
}

/// A constant in the type of what it stands beside.
fn beside(policy: &Policy, constant: &Value, expr: &Expr) -> String {
    literal(constant, policy.type_of(expr).as_deref())
}

fn comparison(policy: &Policy, op: CompareOp, left: &Expr, right: &Expr) -> String {
    if let Some((shift, Some(age))) = as_of(right).map(|shift| (shift, age(op, shift))) {
        return format!("{} {age} {} ago", value(policy, left), stretch(shift));
    }
    let ty = policy.common_type(&[left, right]);
    let ty = ty.as_deref();
    if let (CompareOp::Eq, Expr::Const(Value::YesNo(true))) = (op, right) {
        return value(policy, left);
    }
    let (left, right) = (typed(policy, left, ty), typed(policy, right, ty));
    let dated = matches!(ty, Some(Type::Date | Type::DateTime));
    let sign = match op {
        CompareOp::Eq => "is",
        CompareOp::Ne => "is not",
        CompareOp::Lt if dated => "before",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt if dated => "after",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    };
    format!("{left} {sign} {right}")
}

/// The shift of the as-of time, when it is one.
fn as_of(expr: &Expr) -> Option<Shift> {
    match expr {
        Expr::AsOf(shift) | Expr::AsOfDay(shift) => Some(*shift),
        Expr::Field(_)
        | Expr::Const(_)
        | Expr::Define(_)
        | Expr::Score(_)
        | Expr::Grade(_)
        | Expr::Stage
        | Expr::DayOf(_)
        | Expr::Lowercase(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => None,
    }
}

/// `more than` in `more than 90 days ago`; none when it is no age.
fn age(op: CompareOp, shift: Shift) -> Option<&'static str> {
    match op {
        _ if shift.count > 0 => None,
        CompareOp::Lt => Some("more than"),
        CompareOp::Gt => Some("less than"),
        CompareOp::Le => Some("at least"),
        CompareOp::Ge => Some("at most"),
        CompareOp::Eq | CompareOp::Ne => None,
    }
}

/// `30 days`.
fn stretch(shift: Shift) -> String {
    let count = shift.count.unsigned_abs();
    format!("{count} {}{}", shift.unit.name(), if count == 1 { "" } else { "s" })
}

/// The as-of time where the language has no words for it.
fn moment(shift: Shift) -> String {
    match shift.count {
        0 => "now".to_owned(),
        i32::MIN..0 => format!("{} ago", stretch(shift)),
        1.. => format!("in {}", stretch(shift)),
    }
}

fn between(policy: &Policy, of: &Expr, low: &Expr, high: &Expr) -> String {
    let subject = value(policy, of);
    match (as_of(low), as_of(high)) {
        (Some(from), Some(to)) if to.count == 0 && from.count <= 0 => {
            format!("{subject} in the last {}", stretch(from))
        }
        (Some(from), Some(to)) if from.count == 0 && to.count > 0 => format!("{subject} in the next {}", stretch(to)),
        (Some(_) | None, Some(_) | None) => {
            let ty = policy.common_type(&[of, low, high]);
            let ty = ty.as_deref();
            format!("{} between {} and {}", typed(policy, of, ty), typed(policy, low, ty), typed(policy, high, ty))
        }
    }
}

fn membership(policy: &Policy, value_of: &Expr, set: SetId, negated: bool) -> String {
    let subject = value(policy, value_of);
    let not = if negated { "not " } else { "" };
    let ValueSet { list, values, other } = &policy.sets[set];
    match list {
        Some(list) => format!("{subject} {not}in {list}"),
        None if values.is_empty() && *other => format!("{subject} is {not}other"),
        None => format!("{subject} {not}in {}", members(policy, value_of, values, *other)),
    }
}

/// The values of a set, in brackets.
fn members(policy: &Policy, beside: &Expr, values: &[Value], other: bool) -> String {
    let ty = policy.type_of(beside);
    let words = values.iter().map(|v| literal(v, ty.as_deref())).chain(other.then(|| "other".to_owned()));
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}

/// What a field that holds several values is asked for.
fn held(policy: &Policy, value: &Expr, members: &BTreeSet<usize>, list: Option<&str>) -> String {
    list.map_or_else(|| beside(policy, &Value::Set(members.clone()), value), str::to_owned)
}

fn text_test(test: TextTest, needles: &[String], list: Option<&str>) -> String {
    let verb = match test {
        TextTest::Whole => "is",
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts with",
        TextTest::EndsWith => "ends with",
        TextTest::ContainsWord => "contains word",
    };
    let texts = || needles.iter().map(|n| quoted(n)).collect::<Vec<String>>();
    match (list, needles) {
        (Some(list), _) => format!("{verb} {list}"),
        (None, [one]) => format!("{verb} {}", quoted(one)),
        (None, _) => format!("{verb} [{}]", texts().join(", ")),
    }
}

fn negation(policy: &Policy, inner: &Cond) -> String {
    match &inner.kind {
        CondKind::Known(known) => format!("{} is missing", value(policy, known)),
        CondKind::In { value, set } => membership(policy, value, *set, true),
        CondKind::Has { value: of, all: false, members, list } => {
            format!("{} has none of {}", value(policy, of), held(policy, of, members, list.as_deref()))
        }
        CondKind::Define(_) | CondKind::Reached(_) => format!("not {}", condition(policy, inner)),
        CondKind::Compare { .. } if !condition(policy, inner).contains(' ') => {
            format!("not {}", condition(policy, inner))
        }
        CondKind::Const(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::Has { all: true, .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => format!("not ({})", condition(policy, inner)),
    }
}

/// Parts joined by a word; those that are joined by the other word in parentheses.
fn joined(policy: &Policy, parts: &[Cond], word: &str) -> String {
    let text = |part: &Cond| {
        let text = condition(policy, part);
        if matches!(part.kind, CondKind::All(_) | CondKind::Any(_)) { format!("({text})") } else { text }
    };
    parts.iter().map(text).collect::<Vec<_>>().join(word)
}

fn listed(policy: &Policy, parts: &[Cond]) -> String {
    parts.iter().map(|part| condition(policy, part)).collect::<Vec<_>>().join(", ")
}
