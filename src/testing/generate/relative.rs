//! Days and times of a generated test, as far from its own time as a policy that counts from there would say it: `46 days ago`.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::super::given;
use crate::eval::Evaluator;
use crate::ir::{Expr, FieldId, Given, Lead, Policy, Test, visit};
use crate::types::{Shift, Unit, Value, time_zone};

/// The fields that a policy compares with the as-of time.
pub(super) fn fields(policy: &Policy) -> BTreeSet<FieldId> {
    let mut found = BTreeSet::new();
    for cond in visit::deciding(policy) {
        cond.walk(&mut |part| {
            let (mut fields, mut now) = (Vec::new(), false);
            for value in part.operands() {
                value.walk(&mut |inner| match inner {
                    Expr::Field(field) => fields.push(*field),
                    Expr::AsOf(_) | Expr::AsOfDay(_) => now = true,
                    Expr::Const(_)
                    | Expr::Define(_)
                    | Expr::Score(_)
                    | Expr::Grade(_)
                    | Expr::Stage
                    | Expr::DayOf(_)
                    | Expr::Lowercase(_)
                    | Expr::DomainOf(_)
                    | Expr::Negative(_)
                    | Expr::Arithmetic(..) => {}
                });
            }
            if now {
                found.extend(fields);
            }
        });
    }
    found
}

/// Says the values of these fields by how far they are from the time of the test, where that gives the same lead.
pub(super) fn told(evaluator: &Evaluator<'_>, lead: &Lead, test: &mut Test, fields: &BTreeSet<FieldId>) {
    for at in 0..test.given.len() {
        let Some((field, Given::Value(Some(value)))) = test.given.get(at).filter(|(field, _)| fields.contains(field))
        else {
            continue;
        };
        let Some(shift) = distance(evaluator, value) else { continue };
        let mut told = test.clone();
        let given = (*field, Given::Relative(shift));
        told.given.get_mut(at).into_iter().for_each(|slot| *slot = given.clone());
        if given::lead(evaluator, &told) == *lead {
            *test = told;
        }
    }
}

/// How far a day or an instant is from the as-of time; none when that is far, or now.
fn distance(evaluator: &Evaluator<'_>, value: &Value) -> Option<Shift> {
    const MOST_DAYS: i32 = 400;
    const MOST_MINUTES: i64 = 72 * 60;
    match value {
        Value::Date(day) => {
            let zone = time_zone(&evaluator.policy().zone).unwrap_or(TimeZone::UTC);
            let today = zone.to_datetime(evaluator.as_of()).date();
            let count = today.until(*day).ok()?.get_days();
            (count != 0 && count.abs() <= MOST_DAYS).then_some(Shift { count, unit: Unit::Day })
        }
        Value::DateTime(instant) => {
            let minutes = instant.duration_since(evaluator.as_of()).as_secs() / 60;
            if minutes == 0 || minutes.abs() > MOST_MINUTES {
                return None;
            }
            let hours = minutes % 60 == 0;
            let (count, unit) = if hours { (minutes / 60, Unit::Hour) } else { (minutes, Unit::Minute) };
            i32::try_from(count).ok().map(|count| Shift { count, unit })
        }
        Value::Text(_) | Value::Number(_) | Value::YesNo(_) | Value::Choice(_) | Value::Other(_) | Value::Set(_) => {
            None
        }
    }
}
