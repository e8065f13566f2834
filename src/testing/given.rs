//! The lead that a test gives.

use jiff::Timestamp;

use crate::eval::{Evaluator, Session};
use crate::ir::{Expr, Field, FieldId, Given, Lead, Policy, Test};
use crate::types::{Shift, Type, Value, time_zone};

/// The lead of a test: what it gives, all else missing.
pub(super) fn lead(evaluator: &Evaluator<'_>, test: &Test) -> Lead {
    let policy = evaluator.policy();
    let empty = Lead::empty(policy);
    let now = evaluator.on(&empty);
    let mut lead = empty.clone();
    for (field, given) in &test.given {
        let value = match given {
            Given::Value(value) => value.clone(),
            Given::Relative(shift) => relative(&now, evaluator.as_of(), &policy.fields[*field].ty, *shift),
        };
        lead.set(*field, value);
    }
    lead
}

/// The fields that a test says are missing, although no lead is decided without them.
pub(super) fn never_missing<'t>(policy: &'t Policy, test: &'t Test) -> impl Iterator<Item = FieldId> + 't {
    let said = test.given.iter().filter(|(_, given)| *given == Given::Value(None)).map(|(field, _)| *field);
    said.filter(|field| {
        let Field { required, cell, else_missing, .. } = &policy.fields[*field];
        *required || cell.blank_is_empty_set && cell.blanks.is_empty() && !else_missing
    })
}

/// The day or the instant that is so far from the as-of time: `3 days ago` as a date and time is at the same time of day.
fn relative(now: &Session<'_>, as_of: Timestamp, ty: &Type, shift: Shift) -> Option<Value> {
    let day = now.value(&Expr::AsOfDay(shift));
    match (ty, day) {
        (Type::DateTime, Some(Value::Date(day))) if shift.unit.is_calendar() => {
            let zone = time_zone(&now.policy().zone)?;
            let time = zone.to_datetime(as_of).time();
            zone.to_timestamp(day.to_datetime(time)).ok().map(Value::DateTime)
        }
        (Type::DateTime, _) => now.value(&Expr::AsOf(shift)),
        (_, day) => day,
    }
}
