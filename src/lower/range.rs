//! Warnings about values that a field or a score never has, as its range, its order or the way cells are read says.

use std::cmp::Ordering;

use super::kinds::{Kind, kind, number, plain, quoted, spelt};
use super::names::proposed;
use super::scope::{Scope, Ty};
use super::value::Operand;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{CompareOp, Expr};
use crate::source::Span;
use crate::types::{Number, Type, Value};

/// The verdict on a comparison that says nothing.
const ALWAYS: &str = "true whenever there is a value";

/// The smallest and the largest value that something can have.
#[derive(Debug, Clone)]
struct Range {
    min: Option<Number>,
    max: Option<Number>,
    ty: Type,
}

/// Warns about a comparison with a written number that is never true, or always when there is a value at all.
pub(super) fn warn_comparison(scope: &mut Scope, span: Span, op: CompareOp, left: &Operand, right: &Operand) {
    let (constant, other, op, place) = match (&right.expr, &left.expr) {
        (Expr::Const(value), _) => (value, left, op, right.span),
        (_, Expr::Const(value)) => (value, right, mirrored(op), left.span),
        _ => return,
    };
    let finding = match constant {
        Value::Number(n) => comparison(scope, span, other, op, n, place),
        Value::Choice(position) => end_of_order(other, op, *position, place),
        Value::Text(text) => no_such_text(scope, other, text, op, place),
        Value::YesNo(_) | Value::Date(_) | Value::DateTime(_) | Value::Other(_) | Value::Set(_) => None,
    };
    if let Some(finding) = finding {
        scope.report(finding);
    }
}

/// `title > VP` where nothing is above `VP`, `title >= IC` where nothing is below `IC`.
fn end_of_order(left: &Operand, op: CompareOp, position: usize, place: Span) -> Option<Diagnostic> {
    let (Ty::Is(Type::Choice(choices)) | Ty::Grade(_, choices)) = &left.ty else { return None };
    let value = choices.values.get(position).filter(|_| choices.ranked)?;
    let (top, bottom) = (position + 1 == choices.values.len(), position == 0);
    let name = proposed(&left.words);
    let value = spelt(value);
    let (end, verdict, help) = match op {
        CompareOp::Gt if top => ("highest", "never true", format!("write `{name} is {value}` or `{name} >= {value}`")),
        CompareOp::Lt if bottom => {
            ("lowest", "never true", format!("write `{name} is {value}` or `{name} <= {value}`"))
        }
        CompareOp::Ge if bottom => ("lowest", ALWAYS, format!("write `{name} > {value}`, or `{name} is known`")),
        CompareOp::Le if top => ("highest", ALWAYS, format!("write `{name} < {value}`, or `{name} is known`")),
        CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => return None,
    };
    let (verdict, help) = match (&left.ty, verdict) {
        (Ty::Grade(..), ALWAYS) => ("always true", "leave this test out, or compare with another label".to_owned()),
        _ => (verdict, help),
    };
    let message = format!("`{value}` is the {end} value of {}, so this is {verdict}", left.words);
    Some(Diagnostic::new(Code::P0307, message).at(place, format!("the {end} value")).help(help))
}

/// A text that no cell and no domain ever is: empty, with blanks at an end, a domain with an `@`.
fn no_such_text(scope: &Scope, left: &Operand, text: &str, op: CompareOp, place: Span) -> Option<Diagnostic> {
    let mut expr = scope.policy.behind_names(&left.expr);
    while let Expr::Lowercase(inner) = expr {
        expr = scope.policy.behind_names(inner);
    }
    let domain = matches!(expr, Expr::DomainOf(_));
    if kind(&left.ty) != Kind::Text || !(domain || matches!(expr, Expr::Field(_))) {
        return None;
    }
    let verdict = if op == CompareOp::Ne { ALWAYS } else { "never true" };
    let warn = |message: String| Diagnostic::new(Code::P0307, message).at(place, verdict);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        let state = if op == CompareOp::Ne { "known" } else { "missing" };
        return Some(
            warn("a cell with nothing in it is missing, never an empty text".to_owned())
                .help(format!("write `{} is {state}`", proposed(&left.words))),
        );
    }
    if trimmed.len() < text.len() {
        let right = quoted(trimmed);
        let message = "this text has blanks at an end, but those around a cell are cut off".to_owned();
        return Some(warn(message).help(format!("write `{right}`")).fix(place, right));
    }
    let (_, behind) = text.rsplit_once('@').filter(|_| domain)?;
    let right = quoted(behind);
    let warning = warn("a domain is what stands behind the `@`, so it never has one".to_owned());
    Some(if behind.is_empty() { warning } else { warning.help(format!("write `{right}`")).fix(place, right) })
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
    let finding = match member {
        Value::Number(n) => comparison(scope, span, value, CompareOp::Eq, n, span),
        Value::Text(text) => no_such_text(scope, value, text, CompareOp::Eq, span),
        Value::Choice(_) | Value::YesNo(_) | Value::Date(_) | Value::DateTime(_) | Value::Other(_) | Value::Set(_) => {
            None
        }
    };
    if let Some(finding) = finding {
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
        (false, true) => ALWAYS,
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
    match scope.policy.behind_names(&value.expr) {
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
