//! Runs the `test` blocks of a policy: each gives a lead and a time, and says what must come out.
//!
//! A test that fails is a [`Diagnostic`] at the line that expects something else.

pub mod coverage;
mod edge;
mod fault;
pub mod generate;
mod given;
mod goal;
mod question;
mod turned;

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::eval::{Evaluator, Session, end_of_day};
use crate::ir::{Cond, Policy, Test, TestTime};
use crate::source::Span;
use crate::types::Truth;

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub span: Span,
    /// What is not as expected; nothing when it passed.
    pub findings: Vec<Diagnostic>,
}

impl Outcome {
    /// Whether everything is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Runs all tests of a policy, in their order.
#[must_use]
pub fn run(policy: &Policy) -> Vec<Outcome> {
    policy.tests.iter().map(|test| one(policy, test)).collect()
}

/// Runs one test.
fn one(policy: &Policy, test: &Test) -> Outcome {
    let findings = on_lead(policy, test, |session| {
        let findings: Vec<_> = broken(session).map(|assumed| fault::impossible(session, test, assumed)).collect();
        if !findings.is_empty() {
            return findings;
        }
        test.expect.iter().filter_map(|(expected, at)| fault::find(session, test, expected, *at)).collect()
    });
    Outcome { title: test.title.clone(), span: test.span, findings }
}

/// What is wrong with the leads that tests give: no lead is like that, whatever is expected of it.
#[must_use]
pub fn impossible(policy: &Policy) -> Vec<Diagnostic> {
    let of_test = |test: &Test| {
        let lacking = given::never_missing(policy, test).map(|field| fault::never_missing(test, &policy.fields[field]));
        let mut found: Vec<Diagnostic> = lacking.collect();
        found.extend(on_lead(policy, test, |session| {
            broken(session).map(|assumed| fault::impossible(session, test, assumed)).collect::<Vec<_>>()
        }));
        found
    };
    policy.tests.iter().flat_map(of_test).collect()
}

/// Asks something about the lead of a test.
fn on_lead<T>(policy: &Policy, test: &Test, ask: impl FnOnce(&Session<'_>) -> T) -> T {
    let evaluator = Evaluator::new(policy, as_of(policy, test));
    let lead = given::lead(&evaluator, test);
    ask(&evaluator.on(&lead))
}

/// The assumptions that a lead breaks, so that it would never be decided.
fn broken<'s>(session: &'s Session<'s>) -> impl Iterator<Item = &'s Cond> {
    session.policy().assumptions.iter().filter(|assumed| session.truth(assumed) == Truth::False)
}

/// The time of a test. A policy that reads time has one in every test; any other decides the same at any time.
fn as_of(policy: &Policy, test: &Test) -> Timestamp {
    let time = test.as_of.as_ref().and_then(|time| match time {
        TestTime::Day(day) => end_of_day(&policy.zone, *day),
        TestTime::Instant(instant) => Some(*instant),
    });
    time.unwrap_or(Timestamp::UNIX_EPOCH)
}
