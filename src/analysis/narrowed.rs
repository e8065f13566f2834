//! Conditions in which all fields but one are settled by a lead: many that bring fields together in a way that the model has no means
//! for are plain tests of the last one.

use std::collections::BTreeSet;

use crate::eval::Session;
use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, CondKind, Expr, FieldId};
use crate::types::{Truth, Value};

/// The condition as a test of `field`, everything else being as in the session's lead; none when that is not worked out. `asked`:
/// fields of which something asks whether they are known.
pub(crate) fn narrowed(session: &Session<'_>, cond: &Cond, field: FieldId, asked: &BTreeSet<FieldId>) -> Option<Cond> {
    let settle = |value: &Expr| value_of(session, value, field, asked);
    let unknown = || Some(CondKind::Const(Truth::Unknown));
    let kind = match &cond.kind {
        CondKind::Known(value) => Some(settle(value).map_or(CondKind::Const(Truth::False), CondKind::Known)),
        CondKind::Compare { op, left, right } => match (settle(left), settle(right)) {
            (Some(left), Some(right)) => Some(CondKind::Compare { op: *op, left, right }),
            (_, _) => unknown(),
        },
        CondKind::Between { value, low, high } => match (settle(value), settle(low), settle(high)) {
            (Some(value), Some(low), Some(high)) => Some(CondKind::Between { value, low, high }),
            (None, _, _) => unknown(),
            (Some(_), _, _) => None,
        },
        CondKind::In { value, set } => match settle(value) {
            Some(value) => Some(CondKind::In { value, set: *set }),
            None => unknown(),
        },
        CondKind::Has { value, all, members, list } => match settle(value) {
            Some(value) => Some(CondKind::Has { value, all: *all, members: members.clone(), list: list.clone() }),
            None => unknown(),
        },
        CondKind::Text { test, value, needles, list } => match settle(value) {
            Some(value) => Some(CondKind::Text { test: *test, value, needles: needles.clone(), list: list.clone() }),
            None => unknown(),
        },
        CondKind::Const(_)
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    };
    kind.map(|kind| Cond { kind, span: cond.span })
}

/// A value with constants in the place of everything that does not hang on the field; none when it is missing for sure.
fn value_of(session: &Session<'_>, value: &Expr, field: FieldId, asked: &BTreeSet<FieldId>) -> Option<Expr> {
    let settle = |inner: &Expr| value_of(session, inner, field, asked).map(Box::new);
    match value {
        Expr::Field(own) if *own == field => Some(value.clone()),
        Expr::Field(_) => session.value(value).map(Expr::Const),
        Expr::Define(define) => match &session.policy().defines[*define].body {
            Body::Value(body, _) => value_of(session, body, field, asked),
            Body::Condition(_) => Some(value.clone()),
        },
        Expr::Score(score) => {
            let mut reach = Reach::new(session.policy());
            reach.score(*score);
            // Whether something is known may count in a score, too.
            let hangs = reach.fields.contains(&field) || asked.contains(&field);
            Some(if hangs { value.clone() } else { Expr::Const(Value::Number(session.score(*score).points)) })
        }
        Expr::Const(_) | Expr::Grade(_) | Expr::Stage | Expr::AsOf(_) | Expr::AsOfDay(_) => Some(value.clone()),
        Expr::DayOf(inner) => settle(inner).map(Expr::DayOf),
        Expr::Lowercase(inner) => settle(inner).map(Expr::Lowercase),
        Expr::DomainOf(inner) => settle(inner).map(Expr::DomainOf),
        Expr::Negative(inner) => settle(inner).map(Expr::Negative),
        Expr::Arithmetic(op, left, right) => {
            let (left, right) = (settle(left)?, settle(right)?);
            Some(Expr::Arithmetic(*op, left, right))
        }
    }
}
