//! The cells of a field whose values have an order: numbers, days and times.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use policyc::ir::Field;
use policyc::types::{Number, Type, Value};

/// All numbers that a field may hold, when they are few.
pub(super) fn few(field: &Field) -> Option<Vec<Value>> {
    const FEW: i64 = 8;
    let (Type::WholeNumber, Some(min), Some(max)) = (&field.ty, &field.min, &field.max) else { return None };
    let numbers = (0..=FEW).map(|i| min + &Number::from(i)).take_while(|n| n <= max).map(Value::Number);
    (max - min <= Number::from(FEW)).then(|| numbers.filter(|number| may_hold(field, number)).collect())
}

/// The points that the field may hold, and so many values (fewer when there are not so many) of each stretch between them.
pub(super) fn cells(field: &Field, points: &BTreeSet<Value>, each: usize) -> Vec<Value> {
    let points: Vec<&Value> = points.iter().collect();
    let ends: Vec<Option<&Value>> = std::iter::once(None).chain(points.into_iter().map(Some)).chain([None]).collect();
    let mut values = Vec::new();
    for pair in ends.windows(2) {
        values.extend(pair[0].filter(|point| may_hold(field, point)).cloned());
        values.extend(inside(field, pair[0], pair[1], each));
    }
    values
}

/// Whether the field may hold the number: it is in its range, no blank, and can be written in a cell. Any time may be held.
pub(crate) fn may_hold(field: &Field, value: &Value) -> bool {
    let Value::Number(number) = value else { return true };
    field.min.as_ref().is_none_or(|min| number >= min)
        && field.max.as_ref().is_none_or(|max| number <= max)
        && !field.cell.is_blank_number(number)
        && !number.to_string().contains('/')
        && (number.is_whole() || field.ty != Type::WholeNumber)
}

/// So many values that a field may hold between two points, none of which is without end.
fn inside(field: &Field, low: Option<&Value>, high: Option<&Value>, count: usize) -> Vec<Value> {
    // Some more, for those that the field does not hold.
    let steps = i64::try_from(count + field.cell.blank_numbers.len()).unwrap();
    let candidates: Vec<Value> = match &field.ty {
        Type::Date => days(low.map(day), high.map(day), steps).map(Value::Date).collect(),
        Type::DateTime => instants(low.map(nanosecond), high.map(nanosecond), steps).map(Value::DateTime).collect(),
        Type::WholeNumber => wholes(low.map(number), high.map(number), steps).map(Value::Number).collect(),
        _ => numbers(low.map(number), high.map(number), steps).map(Value::Number).collect(),
    };
    let within = |value: &Value| low.is_none_or(|low| value > low) && high.is_none_or(|high| value < high);
    candidates.into_iter().filter(|value| within(value) && may_hold(field, value)).take(count).collect()
}

fn days(low: Option<Date>, high: Option<Date>, steps: i64) -> impl Iterator<Item = Date> {
    let (from, step) = match (low, high) {
        (Some(low), _) => (low, 1),
        (None, high) => (high.unwrap_or("2026-10-25".parse().unwrap()), -1),
    };
    (1..=steps).map(move |i| from + (i * step).days())
}

fn instants(low: Option<i128>, high: Option<i128>, steps: i64) -> impl Iterator<Item = Timestamp> {
    const DAY: i128 = 86_400_000_000_000;
    let (from, length) = match (low, high) {
        (Some(low), Some(high)) => (low, high - low),
        (Some(low), None) => (low, DAY),
        (None, high) => (high.unwrap_or_default() - DAY, DAY),
    };
    let at = move |i| from + length * i128::from(i) / i128::from(steps + 1);
    (1..=steps).map(move |i| Timestamp::from_nanosecond(at(i)).unwrap())
}

fn wholes(low: Option<Number>, high: Option<Number>, steps: i64) -> impl Iterator<Item = Number> {
    let (from, step) = match (low, high) {
        (Some(low), _) => (low.floor(), 1),
        (None, high) => (-&(-&high.unwrap_or(Number::zero())).floor(), -1),
    };
    (1..=steps).map(move |i| &from + &Number::from(i * step))
}

/// Numbers that a cell may have, which have a few digits only.
fn numbers(low: Option<Number>, high: Option<Number>, steps: i64) -> impl Iterator<Item = Number> {
    let one = Number::from(1);
    let (from, step) = match (low, high) {
        (Some(low), Some(high)) => {
            let parts = (&high - &low).checked_div(&Number::from(steps + 1)).unwrap();
            (low, parts)
        }
        (Some(low), None) => (low, one),
        (None, high) => (high.unwrap_or(Number::zero()), -&one),
    };
    (1..=steps).map(move |i| (&from + &(&step * &Number::from(i))).rounded(12).parse().unwrap())
}

fn day(value: &Value) -> Date {
    let Value::Date(day) = value else { unreachable!("{value:?} beside days") };
    *day
}

fn nanosecond(value: &Value) -> i128 {
    let Value::DateTime(instant) = value else { unreachable!("{value:?} beside times") };
    instant.as_nanosecond()
}

fn number(value: &Value) -> Number {
    let Value::Number(number) = value else { unreachable!("{value:?} beside numbers") };
    number.clone()
}
