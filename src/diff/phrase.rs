//! Parts of a description of leads, as conditions and in the words of the language.

use std::collections::BTreeSet;

use crate::ir::{CompareOp, Cond, CondKind, Expr, Policy, print};
use crate::source::Span;
use crate::types::{Number, Type, Value};

/// A place between numbers: before the number, or (when the flag is set) behind it.
pub(super) type Cut = (Number, bool);

pub(super) fn cond(kind: CondKind) -> Cond {
    Cond { kind, span: Span::default() }
}

pub(super) fn compared(op: CompareOp, expr: &Expr, value: Value) -> Cond {
    cond(CondKind::Compare { op, left: expr.clone(), right: Expr::Const(value) })
}

pub(super) fn not(inner: Cond) -> Cond {
    cond(CondKind::Not(Box::new(inner)))
}

pub(super) fn missing(expr: &Expr) -> Cond {
    not(cond(CondKind::Known(expr.clone())))
}

/// All of them; the only one as it is.
pub(super) fn every(mut parts: Vec<Cond>) -> Cond {
    if parts.len() == 1 { parts.remove(0) } else { cond(CondKind::All(parts)) }
}

/// Any of them; the only one as it is.
pub(super) fn any(mut parts: Vec<Cond>) -> Cond {
    if parts.len() == 1 { parts.remove(0) } else { cond(CondKind::Any(parts)) }
}

/// Whether a number is above a cut.
pub(super) fn above(expr: &Expr, (number, behind): &Cut) -> Cond {
    let op = if *behind { CompareOp::Gt } else { CompareOp::Ge };
    compared(op, expr, Value::Number(number.clone()))
}

/// Whether a number is below a cut.
pub(super) fn below(expr: &Expr, (number, behind): &Cut) -> Cond {
    let op = if *behind { CompareOp::Le } else { CompareOp::Lt };
    compared(op, expr, Value::Number(number.clone()))
}

/// A stretch of numbers between two cuts.
pub(super) fn within(policy: &Policy, expr: &Expr, from: Option<&Cut>, to: Option<&Cut>) -> Cond {
    // Between whole numbers, `> 2` is `>= 3` and `< 5` is `<= 4`.
    let whole = policy.type_of(expr).as_deref() == Some(&Type::WholeNumber);
    let one = Number::from(1);
    let from =
        from.map(|(n, behind)| if whole && *behind && n.is_whole() { (n + &one, false) } else { (n.clone(), *behind) });
    let to =
        to.map(|(n, behind)| if whole && !*behind && n.is_whole() { (n - &one, true) } else { (n.clone(), *behind) });
    match (from, to) {
        (Some((low, false)), Some((high, true))) if low == high => compared(CompareOp::Eq, expr, Value::Number(low)),
        (Some((low, false)), Some((high, true))) => {
            let [low, high] = [low, high].map(|n| Expr::Const(Value::Number(n)));
            cond(CondKind::Between { value: expr.clone(), low, high })
        }
        (Some(from), Some(to)) => every(vec![above(expr, &from), below(expr, &to)]),
        (Some(from), None) => above(expr, &from),
        (None, Some(to)) if whole => {
            let (n, behind) = to;
            below(expr, &if behind { (&n + &one, false) } else { (n, false) })
        }
        (None, Some(to)) => below(expr, &to),
        (None, None) => cond(CondKind::Known(expr.clone())),
    }
}

/// The values among these cells: of a ranked set, those from or up to one of them as a comparison.
pub(super) fn chosen(expr: &Expr, values: &[Value], ranked: bool, allowed: &BTreeSet<usize>) -> Vec<Cond> {
    let picked: Vec<usize> = (0..values.len()).filter(|cell| allowed.contains(cell)).collect();
    let (Some(first), Some(last)) = (picked.first(), picked.last()) else { return Vec::new() };
    let run = last - first + 1 == picked.len() && picked.len() > 1;
    let (lowest, highest) = (*first == 0, *last + 1 == values.len());
    let end = |op, at: usize| values.get(at).map(|value| compared(op, expr, value.clone()));
    let one = match (ranked && run, lowest, highest) {
        (true, false, true) => end(CompareOp::Ge, *first),
        (true, true, false) => end(CompareOp::Le, *last),
        (true | false, _, _) => None,
    };
    match one {
        Some(one) => vec![one],
        None => picked.iter().filter_map(|at| end(CompareOp::Eq, *at)).collect(),
    }
}

/// A part of a description in words: `title in [Director, VP] or title is missing`.
pub(super) fn words(policy: &Policy, of: &Cond) -> String {
    let (parts, all) = match &of.kind {
        CondKind::Any(parts) => (parts.as_slice(), false),
        CondKind::All(parts) => (parts.as_slice(), true),
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::AtLeast(..) => return print::condition(policy, of),
    };
    // Values of one closed set are listed.
    let op = if all { CompareOp::Ne } else { CompareOp::Eq };
    let listed = |part: &Cond| match &part.kind {
        CondKind::Compare { op: by, left, right: Expr::Const(value @ Value::Choice(_)) } if *by == op => {
            Some((left.clone(), print::literal(value, policy.type_of(left).as_deref())))
        }
        CondKind::Compare { .. }
        | CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    };
    let values: Vec<(Expr, String)> = parts.iter().filter_map(listed).collect();
    let joint = if all { " and " } else { " or " };
    let mut said = Vec::new();
    if let (Some((expr, _)), true) = (values.first(), values.len() > 1) {
        let names: Vec<&str> = values.iter().map(|(_, name)| name.as_str()).collect();
        let verb = if all { "not in" } else { "in" };
        said.push(format!("{} {verb} [{}]", print::value(policy, expr), names.join(", ")));
    } else {
        said.extend(parts.iter().filter(|part| listed(part).is_some()).map(|part| print::condition(policy, part)));
    }
    for part in parts.iter().filter(|part| listed(part).is_none()) {
        let unknown = matches!(part.kind, CondKind::IsUnknown(_)) && parts.len() > 1;
        said.push(if unknown { "that is not known".to_owned() } else { words(policy, part) });
    }
    said.join(joint)
}
