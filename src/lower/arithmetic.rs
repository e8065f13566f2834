//! Calculations: which kinds of numbers may be combined, and what comes out.

use super::growth;
use super::kinds::{Kind, called, kind};
use super::scope::{Scope, Ty};
use super::value::{Operand, operand};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, ArithmeticOp};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, LiteralKind};
use crate::types::{Type, Value};

/// `a + b` and its kin.
pub(super) fn arithmetic(
    scope: &mut Scope,
    span: Span,
    op: ast::ArithmeticOp,
    left: &Expr,
    right: &Expr,
) -> Option<(ir::Expr, Ty)> {
    let op = match op {
        ast::ArithmeticOp::Add => ArithmeticOp::Add,
        ast::ArithmeticOp::Subtract => ArithmeticOp::Subtract,
        ast::ArithmeticOp::Multiply => ArithmeticOp::Multiply,
        ast::ArithmeticOp::Divide => ArithmeticOp::Divide,
    };
    let a = operand(scope, left).and_then(|o| only_number(scope, o));
    let b = operand(scope, right).and_then(|o| only_number(scope, o));
    let (mut a, mut b) = (a?, b?);
    if matches!(op, ArithmeticOp::Add | ArithmeticOp::Subtract) {
        take_currency(&mut a, left, &b.ty);
        take_currency(&mut b, right, &a.ty);
    }
    if op == ArithmeticOp::Divide && matches!(&b.expr, ir::Expr::Const(Value::Number(n)) if n.is_zero()) {
        let finding = Diagnostic::new(Code::P0329, "dividing by zero gives nothing")
            .at(b.span, "zero")
            .help("the result would always be unknown; divide by something else");
        scope.report(finding);
        return None;
    }
    let Some(ty) = result(op, &a.ty, &b.ty) else {
        let finding = no_result(op, &a, &b, right);
        scope.report(finding);
        return None;
    };
    let whole = ir::Expr::Arithmetic(op, Box::new(a.expr), Box::new(b.expr));
    if growth::too_large(scope, &whole) {
        let finding = Diagnostic::new(Code::P0370, "this number could have more than 1,000 digits")
            .at(span, "grows too long")
            .help("numbers are kept exact, so each product and quotient has the digits of both sides; multiply less");
        scope.report(finding);
        return None;
    }
    Some((whole, Ty::Is(ty)))
}

/// `-x`; a constant stays one.
pub(super) fn negative(scope: &mut Scope, inner: &Expr) -> Option<(ir::Expr, Ty)> {
    let inner = operand(scope, inner)?;
    let inner = only_number(scope, inner)?;
    let expr = match inner.expr {
        ir::Expr::Const(Value::Number(number)) => ir::Expr::Const(Value::Number(-&number)),
        other => ir::Expr::Negative(Box::new(other)),
    };
    Some((expr, inner.ty))
}

fn only_number(scope: &mut Scope, operand: Operand) -> Option<Operand> {
    if kind(&operand.ty).is_numeric() {
        return Some(operand);
    }
    let called = called(&operand.ty);
    let help = if kind(&operand.ty).is_time() {
        "dates are not calculated with; ask `in the last 30 days` or `more than 90 days ago`"
    } else {
        "`+`, `-`, `*` and `/` work on numbers, percentages and amounts of money"
    };
    let finding =
        Diagnostic::new(Code::P0328, format!("{} is not a number, so it cannot be calculated with", operand.words))
            .at(operand.span, called)
            .help(help);
    scope.report(finding);
    None
}

/// A bare number beside an amount of money is in the same currency.
pub(super) fn take_currency(number: &mut Operand, written: &Expr, beside: &Ty) {
    if kind(&number.ty) == Kind::Number && matches!(kind(beside), Kind::Money(_)) && is_bare_number(written) {
        number.ty = beside.clone();
    }
}

/// Whether it is made of written numbers alone.
fn is_bare_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(LiteralKind::Number { .. }) => true,
        ExprKind::Negative(inner) | ExprKind::Paren(inner) => is_bare_number(inner),
        ExprKind::Arithmetic { left, right, .. } => is_bare_number(left) && is_bare_number(right),
        ExprKind::Name(_)
        | ExprKind::Literal(_)
        | ExprKind::DomainOf(_)
        | ExprKind::Test { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Quantified { .. }
        | ExprKind::Broken => false,
    }
}

/// The type of a result; none when the two cannot be combined so.
fn result(op: ArithmeticOp, left: &Ty, right: &Ty) -> Option<Type> {
    let whole = [left, right].iter().all(|ty| **ty == Ty::Is(Type::WholeNumber));
    let number = if whole { Type::WholeNumber } else { Type::Number };
    match (op, kind(left), kind(right)) {
        (ArithmeticOp::Divide, Kind::Number, Kind::Number) => Some(Type::Number),
        (ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Multiply, Kind::Number, Kind::Number) => {
            Some(number)
        }
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Kind::Money(a), Kind::Money(b)) => {
            (a == b).then_some(Type::Money(a))
        }
        (ArithmeticOp::Divide, Kind::Money(a), Kind::Money(b)) => (a == b).then_some(Type::Number),
        (ArithmeticOp::Multiply, Kind::Money(a), Kind::Number | Kind::Percent)
        | (ArithmeticOp::Multiply, Kind::Number | Kind::Percent, Kind::Money(a))
        | (ArithmeticOp::Divide, Kind::Money(a), Kind::Number) => Some(Type::Money(a)),
        (ArithmeticOp::Multiply, Kind::Percent, Kind::Number)
        | (ArithmeticOp::Multiply, Kind::Number, Kind::Percent) => Some(Type::Number),
        (ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Multiply, Kind::Percent, Kind::Percent)
        | (ArithmeticOp::Divide, Kind::Percent, Kind::Number) => Some(Type::Percent),
        (ArithmeticOp::Divide, Kind::Percent, Kind::Percent) => Some(Type::Number),
        (ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Multiply | ArithmeticOp::Divide, _, _) => None,
    }
}

/// Two numbers that cannot be combined.
fn no_result(op: ArithmeticOp, left: &Operand, right: &Operand, written: &Expr) -> Diagnostic {
    let (verb, link) = match op {
        ArithmeticOp::Add => ("added", "to"),
        ArithmeticOp::Subtract => ("subtracted", "from"),
        ArithmeticOp::Multiply => ("multiplied", "with"),
        ArithmeticOp::Divide => ("divided", "by"),
    };
    let (first, second) = match op {
        ArithmeticOp::Add | ArithmeticOp::Subtract => (right, left),
        ArithmeticOp::Multiply | ArithmeticOp::Divide => (left, right),
    };
    let message = format!("{} cannot be {verb} {link} {}", called(&first.ty), called(&second.ty));
    let finding =
        |code| Diagnostic::new(code, message).at(right.span, called(&right.ty)).at(left.span, called(&left.ty));
    let (a, b) = (kind(&left.ty), kind(&right.ty));
    if matches!((a, b), (Kind::Money(_), Kind::Money(_))) && op != ArithmeticOp::Multiply {
        return finding(Code::P0305).help("there are no exchange rates in a policy: keep to one currency");
    }
    if matches!((a, b), (Kind::Percent, Kind::Number) | (Kind::Number, Kind::Percent)) {
        return finding(Code::P0304).help(match &written.kind {
            ExprKind::Literal(LiteralKind::Number { number, .. }) => {
                format!("for a percentage write `{}%`", number.text)
            }
            _ => "`20%` is 0.2: percentages are added to percentages, and multiplied with numbers".to_owned(),
        });
    }
    finding(Code::P0328).help("an amount of money is added to amounts, and multiplied with or divided by numbers")
}
