//! The tests of a policy before and now: which are new, gone or other ones, and which of them fail.

use serde::Serialize;

use crate::diff::test_body;
use crate::ir::{Policy, Test};
use crate::testing::{
    self,
    coverage::{Coverage, Share},
};

/// What became of the tests of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Tests {
    /// The titles of those that are new.
    pub added: Vec<String>,
    /// Of those that are gone.
    pub removed: Vec<String>,
    /// Of those that give or expect something else.
    pub changed: Vec<String>,
    /// How many pass.
    pub passed: u64,
    /// Those that fail.
    pub failed: Vec<Failed>,
    /// How much of the policy they show, when the base asks for a share.
    pub share: Option<Shown>,
}

/// How much of a policy its tests show, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Shown {
    /// Before; none when the policy is new.
    pub before: Option<usize>,
    /// Now.
    pub now: usize,
    /// How much the base asks for.
    pub least: usize,
    /// Whether that is too little: less than is asked for, and less than before, unless it was enough before or the policy is new.
    pub falls_short: bool,
}

impl Shown {
    fn new(base: Option<&Policy>, head: &Policy, least: usize) -> Shown {
        let [before, now] = [base, Some(head)].map(|policy| policy.map(|policy| Coverage::of(policy).total()));
        let now = now.unwrap_or_default();
        let reaches = |share: Share| share.shown * 100 >= least * share.of;
        let less = |before: Share| now.shown * before.of < before.shown * now.of;
        Shown {
            before: before.map(Share::percent),
            now: now.percent(),
            least,
            falls_short: !reaches(now) && before.is_none_or(|before| reaches(before) || less(before)),
        }
    }
}

/// A test that fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Failed {
    /// Its title.
    pub title: String,
    /// What is not as expected.
    pub why: String,
}

impl Tests {
    /// Compares the tests of two policies, and runs those of the new one; `least` is how many percent of it they have to show.
    pub(super) fn new(base: Option<&Policy>, head: Option<&Policy>, least: Option<usize>) -> Tests {
        let (old, mut new) = (bodies(base), bodies(head));
        let mut tests = Tests::default();
        let mut left = Vec::new();
        // What says the same is the same, whatever it is called now; what is called the same has changed.
        for (title, body) in old {
            match new.iter().position(|(_, other)| *other == body) {
                Some(at) => drop(new.remove(at)),
                None => left.push(title),
            }
        }
        for title in left {
            match new.iter().position(|(other, _)| *other == title) {
                Some(at) => {
                    new.remove(at);
                    tests.changed.push(title);
                }
                None => tests.removed.push(title),
            }
        }
        tests.share = head.zip(least).map(|(head, least)| Shown::new(base, head, least));
        tests.added = new.into_iter().map(|(title, _)| title).collect();
        for outcome in head.map(testing::run).unwrap_or_default() {
            match outcome.findings.first() {
                None => tests.passed += 1,
                Some(fault) => tests.failed.push(Failed { title: outcome.title, why: fault.message.clone() }),
            }
        }
        tests
    }
}

/// Each test: its title, and what it gives and expects.
pub(super) fn bodies(policy: Option<&Policy>) -> Vec<(String, String)> {
    let of = |policy: &Policy, test: &Test| (test.title.clone(), test_body(policy, test));
    policy.into_iter().flat_map(|policy| policy.tests.iter().map(move |test| of(policy, test))).collect()
}
