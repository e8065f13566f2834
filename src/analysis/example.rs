//! A lead as a test of the policy, ready to be pasted.

use jiff::Timestamp;

use crate::eval::{Outcome, end_of_day};
use crate::ir::{Expectation, Given, Lead, Policy, Test, TestTime, print};
use crate::source::Span;
use crate::types::Value;
use jiff::tz::TimeZone;

/// The text of a test that gives this lead and expects what is decided.
pub(crate) fn test(policy: &Policy, lead: &Lead, as_of: Timestamp, title: &str, outcome: Outcome) -> String {
    let given = policy.fields.iter().filter_map(|(id, field)| {
        let value = lead.get(id)?;
        // What a lead has anyway need not be given.
        let empty = field.cell.blank_is_empty_set && *value == Value::Set(std::collections::BTreeSet::new());
        (!empty).then(|| (id, Given::Value(Some(value.clone()))))
    });
    let rule = policy.rules[outcome.rule].labelled.then_some(outcome.rule);
    let test = Test {
        title: title.to_owned(),
        given: given.collect(),
        as_of: policy.reads_time().then(|| time(policy, as_of)),
        expect: vec![(Expectation::Decision(outcome.decision, rule), Span::default())],
        span: Span::default(),
    };
    print::test(policy, &test)
}

/// A day where the as-of time is the end of one, else the instant.
fn time(policy: &Policy, as_of: Timestamp) -> TestTime {
    let day = TimeZone::get(&policy.zone).map(|zone| zone.to_datetime(as_of).date());
    match day {
        Ok(day) if end_of_day(&policy.zone, day) == Some(as_of) => TestTime::Day(day),
        Ok(_) | Err(_) => TestTime::Instant(as_of),
    }
}
