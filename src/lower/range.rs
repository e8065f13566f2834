//! Warnings about values that a field or a score never has: the range says so.

use std::cmp::Ordering;

use super::kinds::{number, plain};
use super::scope::Scope;
use super::value::{Operand, resolved};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{CompareOp, Expr};
use crate::source::Span;
use crate::types::{Number, Type, Value};

/// The smallest and the largest value that something can have.
#[derive(Debug, Clone)]
struct Range {
    min: Option<Number>,
    max: Option<Number>,
    ty: Type,
}

/// Warns about a comparison with a written number that is never true, or always when there is a value at all.
pub(super) fn warn_comparison(scope: &mut Scope, span: Span, op: CompareOp, left: &Operand, right: &Operand) {
    let finding = if let Expr::Const(Value::Number(n)) = &right.expr {
        comparison(scope, span, left, op, n, right.span)
    } else if let Expr::Const(Value::Number(n)) = &left.expr {
        comparison(scope, span, right, mirrored(op), n, left.span)
    } else {
        None
    };
    if let Some(finding) = finding {
        scope.report(finding);
    }
}

/// Warns about `between` two written numbers when no value is.
pub(super) fn warn_between(scope: &mut Scope, value: &Operand, low: &Operand, high: &Operand) {
    let Some(range) = range(scope, value) else { return };
    let above = matches!((&low.expr, &range.max), (Expr::Const(Value::Number(n)), Some(max)) if n > max);
    let below = matches!((&high.expr, &range.min), (Expr::Const(Value::Number(n)), Some(min)) if n < min);
    if above || below {
        let finding = outside(value, &range, low.span.to(high.span), "never true", "out of range");
        scope.report(finding);
    }
}

/// Warns about a written number in brackets that a value never is.
pub(super) fn warn_member(scope: &mut Scope, value: &Operand, member: &Value, span: Span) {
    if let Value::Number(n) = member
        && let Some(finding) = comparison(scope, span, value, CompareOp::Eq, n, span)
    {
        scope.report(finding);
    }
}

fn comparison(
    scope: &Scope,
    whole: Span,
    left: &Operand,
    op: CompareOp,
    n: &Number,
    place: Span,
) -> Option<Diagnostic> {
    let range = range(scope, left)?;
    let above = range.max.as_ref().map(|max| n.cmp(max));
    let below = range.min.as_ref().map(|min| n.cmp(min));
    let too_high = above == Some(Ordering::Greater);
    let too_low = below == Some(Ordering::Less);
    let fraction = range.ty == Type::WholeNumber && !n.is_whole();
    let never = match op {
        CompareOp::Eq => too_high || too_low || fraction,
        CompareOp::Ne => false,
        CompareOp::Ge => too_high,
        CompareOp::Gt => too_high || above == Some(Ordering::Equal),
        CompareOp::Le => too_low,
        CompareOp::Lt => too_low || below == Some(Ordering::Equal),
    };
    let always = !never && (too_high || too_low || (fraction && op == CompareOp::Ne));
    let verdict = match (never, always) {
        (true, _) => "never true",
        (false, true) => "true whenever there is a value",
        (false, false) => return None,
    };
    if fraction && !too_high && !too_low {
        return Some(
            Diagnostic::new(Code::P0307, format!("{} is a whole number, so it is never `{n}`", left.words))
                .at(whole, verdict)
                .help("compare it with a whole number, or ask for more or less"),
        );
    }
    Some(outside(
        left,
        &range,
        place,
        verdict,
        if too_high || too_low { "out of range" } else { "the end of its range" },
    ))
}

/// A number that the range leaves out.
fn outside(value: &Operand, range: &Range, place: Span, verdict: &str, label: &str) -> Diagnostic {
    let show = |n: &Number| number(n, &range.ty);
    let extent = match (&range.min, &range.max) {
        (Some(min), Some(max)) => format!("goes from {} to {}", show(min), show(max)),
        (Some(min), None) => format!("is {} or more", show(min)),
        (None, Some(max)) => format!("is {} or less", show(max)),
        (None, None) => "has no range".to_owned(),
    };
    Diagnostic::new(Code::P0307, format!("{} {extent}, so this is {verdict}", value.words))
        .at(place, label)
        .help("write a value within the range, or change the range where it is declared")
}

/// The comparison with its sides exchanged.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Eq,
        CompareOp::Ne => CompareOp::Ne,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}

/// The range of a field or a score, also behind definitions; a value that is calculated has none.
fn range(scope: &Scope, value: &Operand) -> Option<Range> {
    let ty = plain(&value.ty)?;
    match resolved(scope, &value.expr) {
        Expr::Field(id) => {
            let field = scope.policy.fields.find(*id)?;
            Some(Range { min: field.min.clone(), max: field.max.clone(), ty })
        }
        Expr::Score(id) => {
            let score = scope.policy.scores.find(*id)?;
            Some(Range { min: score.min.clone(), max: score.max.clone(), ty })
        }
        Expr::Const(_)
        | Expr::Define(_)
        | Expr::Grade(_)
        | Expr::Stage
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DayOf(_)
        | Expr::Lowercase(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => None,
    }
}
