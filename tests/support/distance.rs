//! How far values are from those of a lead, worked out anew: what is said to be the nearest way to another decision is held against it.

use std::collections::BTreeSet;

use jiff::ToSpan;
use policyc::eval::Evaluator;
use policyc::ir::{FieldId, Lead};
use policyc::types::{Number, Type, Value};
use policyc::whynot::{Advice, Bound, Change};

/// A lead, from which distances are measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) evaluator: &'a Evaluator<'a>,
    pub(crate) lead: &'a Lead,
}

impl Here<'_> {
    /// How far a value is from the lead's: steps, days, members, ... ; any other value of a closed set is 1.
    pub(crate) fn distance(&self, field: FieldId, value: &Value) -> Number {
        let declared = &self.evaluator.policy().fields[field];
        let from = self.lead.get(field);
        let origin = self.origin(field);
        match (&origin, value) {
            (Some(Value::Number(a)), Value::Number(b)) => (a - b).abs(),
            (Some(Value::Date(a)), Value::Date(b)) => {
                Number::from(i64::from(a.until(*b).unwrap().get_days().unsigned_abs()))
            }
            (Some(Value::DateTime(a)), Value::DateTime(b)) => {
                Number::whole((a.as_nanosecond() - b.as_nanosecond()).abs())
            }
            (_, Value::Set(b)) => {
                let a = if let Some(Value::Set(a)) = from { a.clone() } else { BTreeSet::new() };
                Number::whole(a.symmetric_difference(b).count().try_into().unwrap())
            }
            (origin, Value::Choice(b)) if matches!(&declared.ty, Type::Choice(choices) if choices.ranked) => {
                let a = if let Some(Value::Choice(a)) = origin { *a } else { 0 };
                Number::whole(a.abs_diff(*b).try_into().unwrap())
            }
            (_, Value::Other(_)) if matches!(&declared.ty, Type::Choice(choices) if choices.ranked) => Number::from(99),
            (_, _) => Number::from(1),
        }
    }

    /// Whether a value that is as far as the one that is proposed is that one: not another member, nor as far the other way.
    pub(crate) fn is_same(&self, change: &Change, value: &Value) -> bool {
        match (&change.advice, self.origin(change.field)) {
            (Advice::Range(..), Some(origin)) => origin.order(value) == origin.order(&change.to),
            (_, _) => alike(Some(value), Some(&change.to)),
        }
    }

    /// Where the way to another value begins.
    fn origin(&self, field: FieldId) -> Option<Value> {
        let declared = &self.evaluator.policy().fields[field];
        if let Some(value) = self.lead.get(field).or(declared.default.as_ref()) {
            return Some(value.clone());
        }
        let zone = policyc::types::time_zone(&self.evaluator.policy().zone).unwrap();
        Some(match declared.ty {
            Type::Date => Value::Date(zone.to_datetime(self.evaluator.as_of()).date()),
            Type::DateTime => Value::DateTime(self.evaluator.as_of()),
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
                let zero = Number::zero();
                let zero = declared.min.as_ref().map_or(zero.clone(), |min| zero.max(min.clone()));
                Value::Number(declared.max.as_ref().map_or(zero.clone(), |max| zero.min(max.clone())))
            }
            _ => return None,
        })
    }

    /// The distance of the nearest value that an advice allows, and whether it is one of them.
    pub(crate) fn nearest(&self, change: &Change) -> (Number, bool) {
        let Advice::Range(low, high) = &change.advice else {
            return (self.distance(change.field, &change.to), true);
        };
        let origin = self.origin(change.field);
        let below = |a: &Value, b: &Value| a.order(b).is_some_and(std::cmp::Ordering::is_lt);
        let end = match (low, high, &origin) {
            (Some(low), _, Some(origin)) if below(origin, &low.value) => Some(low),
            (_, Some(high), Some(origin)) if below(&high.value, origin) => Some(high),
            (Some(low), _, _) if self.distance(change.field, &low.value).is_zero() => Some(low),
            (_, Some(high), _) if self.distance(change.field, &high.value).is_zero() => Some(high),
            (Some(low), _, None) => Some(low),
            _ => None,
        };
        match end {
            Some(end) => (self.distance(change.field, &end.value), !end.outside),
            None => (Number::zero(), true),
        }
    }

    /// The next value that is nearer than all that an advice allows.
    pub(crate) fn nearer(&self, change: &Change) -> Option<Value> {
        let Advice::Range(low, high) = &change.advice else { return None };
        let origin = self.origin(change.field)?;
        let ty = &self.evaluator.policy().fields[change.field].ty;
        let end = |bound: &Bound, step| {
            if bound.outside { Some(bound.value.clone()) } else { stepped(&bound.value, ty, step) }
        };
        match (low, high) {
            (Some(low), _) if origin.order(&low.value).is_some_and(std::cmp::Ordering::is_lt) => end(low, -1),
            (_, Some(high)) if origin.order(&high.value).is_some_and(std::cmp::Ordering::is_gt) => end(high, 1),
            _ => None,
        }
    }
}

/// Whether two values are the same to every condition of their field: texts outside of a closed set are.
pub(crate) fn alike(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Other(_)), Some(Value::Other(_))) => true,
        (a, b) => a == b,
    }
}

/// The next value up or down that a field may hold at all.
pub(crate) fn stepped(value: &Value, ty: &Type, step: i64) -> Option<Value> {
    let number = |n: &Number, digits: u32| {
        let unit = Number::from(step).checked_div(&Number::whole(10i128.pow(digits))).unwrap();
        Some(Value::Number(n + &unit))
    };
    match (value, ty) {
        (Value::Number(n), Type::WholeNumber) => number(n, 0),
        (Value::Number(n), Type::Percent) => number(n, 20),
        (Value::Number(n), _) => number(n, 18),
        (Value::Date(day), _) => day.checked_add(step.days()).ok().map(Value::Date),
        (Value::DateTime(at), _) => at.checked_add(step.nanoseconds()).ok().map(Value::DateTime),
        (Value::Choice(rank), Type::Choice(choices)) => {
            let rank = usize::try_from(i64::try_from(*rank).unwrap() + step).ok()?;
            (rank < choices.values.len()).then_some(Value::Choice(rank))
        }
        _ => None,
    }
}
