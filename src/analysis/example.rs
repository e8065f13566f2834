//! A lead as a test of the policy, ready to be pasted.

use jiff::Timestamp;

use crate::eval::{Outcome, end_of_day};
use crate::ir::{Expectation, Given, Lead, Policy, Test, TestTime, print};
use crate::source::Span;
use crate::types::time_zone;

/// The text of a test that gives this lead and expects what is decided.
pub(crate) fn text(policy: &Policy, lead: &Lead, as_of: Timestamp, title: &str, outcome: Outcome) -> String {
    print::test(policy, &test(policy, lead, as_of, title.to_owned(), outcome))
}

/// A test that gives this lead and expects what is decided.
pub(crate) fn test(policy: &Policy, lead: &Lead, as_of: Timestamp, title: String, outcome: Outcome) -> Test {
    // What a lead has anyway need not be given.
    let empty = Lead::empty(policy);
    let ids = policy.fields.iter().map(|(id, _)| id);
    let given = ids.filter(|id| lead.get(*id) != empty.get(*id)).map(|id| (id, Given::Value(lead.get(id).cloned())));
    let rule = policy.rules[outcome.rule].labelled.then_some(outcome.rule);
    Test {
        title,
        given: given.collect(),
        as_of: policy.reads_time().then(|| time(policy, as_of)),
        expect: vec![(Expectation::Decision(outcome.decision, rule), Span::default())],
        span: Span::default(),
    }
}

/// A day where the as-of time is the end of one, else the instant.
fn time(policy: &Policy, as_of: Timestamp) -> TestTime {
    let day = time_zone(&policy.zone).map(|zone| zone.to_datetime(as_of).date());
    match day {
        Some(day) if end_of_day(&policy.zone, day) == Some(as_of) => TestTime::Day(day),
        Some(_) | None => TestTime::Instant(as_of),
    }
}
