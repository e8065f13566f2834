//! Conditions and values. A chain of `and` or `or` that does not fit on its line is broken before each of those words.

use super::doc::Doc;
use super::{notes, words};
use crate::syntax::ast::{Expr, ExprKind, Literal, Noted, Quantifier, SetExpr, SetOrExpr, Test};

/// The columns by which the later lines of a sentence are indented.
const CONTINUATION: usize = 4;

/// `HEAD CONDITION`, the later lines four columns in, but `hug` columns when they are the inside of one bracket.
pub(super) fn sentence(head: impl Into<Doc>, condition: &Expr, hug: usize) -> Doc {
    let columns = if is_bracket(condition) { hug } else { CONTINUATION };
    Doc::Concat(vec![head.into(), Doc::from(" "), expr(condition, 0).nest(columns)])
}

/// Whether a condition is one bracket, possibly with a few words before it.
fn is_bracket(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Paren(_) => true,
        ExprKind::Quantified { vertical, .. } => !vertical,
        ExprKind::Not(inner) => is_bracket(inner),
        ExprKind::Test { test, .. } => match test {
            Test::In(set) | Test::Has { set, .. } | Test::Text { right: SetOrExpr::Set(set), .. } => match set {
                SetExpr::Values { .. } => true,
                SetExpr::List(_) => false,
            },
            Test::Compare { .. }
            | Test::Between { .. }
            | Test::Text { .. }
            | Test::Known
            | Test::Missing
            | Test::Unknown
            | Test::Incomplete
            | Test::Window { .. }
            | Test::Age { .. }
            | Test::Beside { .. } => false,
        },
        ExprKind::Name(_)
        | ExprKind::Literal(_)
        | ExprKind::Negative(_)
        | ExprKind::Arithmetic { .. }
        | ExprKind::DomainOf(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Broken => false,
    }
}

/// A condition or a value; `hang` is by how much its own later lines are indented, inside of brackets not counted.
pub(super) fn expr(expr: &Expr, hang: usize) -> Doc {
    match &expr.kind {
        ExprKind::Name(name) => name.as_str().into(),
        ExprKind::Literal(literal) => words::literal(literal).into(),
        ExprKind::Negative(inner) => Doc::Concat(vec!["-".into(), part(inner)]),
        ExprKind::Arithmetic { .. } => arithmetic(expr, hang),
        ExprKind::DomainOf(inner) => Doc::Concat(vec!["domain of ".into(), part(inner)]),
        ExprKind::Test { subject, is, not, test } => Doc::Concat(vec![
            part(subject),
            Doc::from(if *is || needs_is(test) { " is" } else { "" }),
            Doc::from(if *not { " not" } else { "" }),
            Doc::from(" "),
            self::test(test),
        ]),
        ExprKind::And(parts) => chain(parts, "and").nest(hang),
        ExprKind::Or(parts) => chain(parts, "or").nest(hang),
        ExprKind::Not(inner) => Doc::Concat(vec!["not ".into(), self::expr(inner, hang)]),
        ExprKind::Quantified { quantifier, conditions, vertical } => {
            let words = match quantifier {
                Quantifier::All => "all of".to_owned(),
                Quantifier::Any => "any of".to_owned(),
                Quantifier::AtLeast(count) => format!("at least {} of", count.text),
            };
            let below = if *vertical {
                list_below(conditions).nest(hang)
            } else {
                notes::bracketed(" (", notes::column(notes::noted(conditions, part), ","), ")")
            };
            Doc::Concat(vec![words.into(), below])
        }
        ExprKind::Broken => Doc::nil(),
        ExprKind::Paren(inner) => notes::bracketed("(", self::expr(inner, 0), ")"),
    }
}

/// A condition or a value inside of a larger one.
fn part(inner: &Expr) -> Doc {
    expr(inner, CONTINUATION)
}

fn chain(parts: &[Noted<Expr>], word: &str) -> Doc {
    notes::chain(notes::noted(parts, part), word)
}

/// Conditions one a line, without parentheses.
fn list_below(conditions: &[Noted<Expr>]) -> Doc {
    Doc::Concat(conditions.iter().enumerate().map(|(i, condition)| notes::line(condition, i == 0, part)).collect())
}

/// `a + b - c`, as much of it to a line as fits. A chain leans to the left, however long it is, so it is walked, not recursed into.
fn arithmetic(whole: &Expr, hang: usize) -> Doc {
    let mut operands = Vec::new();
    let mut rest = whole;
    while let ExprKind::Arithmetic { op, left, right } = &rest.kind {
        let operator = Doc::Text(format!("{} ", words::arithmetic(*op)));
        operands.push(Doc::Concat(vec![Doc::Line, operator, part(right)]).nest(hang).group());
        rest = left;
    }
    operands.push(part(rest));
    operands.reverse();
    Doc::Concat(operands)
}

/// Whether a test cannot be said without `is`.
fn needs_is(test: &Test) -> bool {
    match test {
        Test::Known | Test::Missing | Test::Unknown | Test::Incomplete => true,
        Test::Compare { .. }
        | Test::Between { .. }
        | Test::In(_)
        | Test::Has { .. }
        | Test::Text { .. }
        | Test::Window { .. }
        | Test::Age { .. }
        | Test::Beside { .. } => false,
    }
}

fn test(test: &Test) -> Doc {
    match test {
        Test::Compare { op, right } => Doc::Concat(vec![words::comparison(*op).into(), Doc::from(" "), part(right)]),
        Test::Between { low, high } => Doc::Concat(vec!["between ".into(), part(low), Doc::from(" and "), part(high)]),
        Test::In(set) => Doc::Concat(vec!["in ".into(), self::set(set)]),
        Test::Has { quantity, set } => {
            Doc::Concat(vec![Doc::Text(format!("has {} of ", words::quantity(*quantity))), self::set(set)])
        }
        Test::Text { kind, right } => {
            let right = match right {
                SetOrExpr::One(one) => part(one),
                SetOrExpr::Set(set) => self::set(set),
            };
            Doc::Concat(vec![words::text_test(*kind).into(), right])
        }
        Test::Known => "known".into(),
        Test::Missing => "missing".into(),
        Test::Unknown => "unknown".into(),
        Test::Incomplete => "incomplete".into(),
        Test::Window { next, count, unit } => {
            let side = if *next { "next" } else { "last" };
            format!("in the {side} {}", words::duration(count, *unit)).into()
        }
        Test::Age { op, count, unit } => {
            format!("{} {} ago", words::comparison(*op), words::duration(count, *unit)).into()
        }
        Test::Beside { after, right } => {
            Doc::Concat(vec![Doc::from(if *after { "after " } else { "before " }), part(right)])
        }
    }
}

fn set(set: &SetExpr) -> Doc {
    match set {
        SetExpr::Values { values, .. } => literals(values),
        SetExpr::List(name) => name.text.as_str().into(),
    }
}

/// `[A, B]`.
pub(super) fn literals(values: &[Noted<Literal>]) -> Doc {
    let values = notes::noted(values, |literal| words::literal(&literal.kind).into());
    notes::bracketed("[", notes::fill(values, ","), "]")
}
