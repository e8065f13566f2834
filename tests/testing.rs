//! `test` blocks: what passes, what fails, and what a failure says.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashMap;

use policyc::lower::check;
use policyc::render::findings::human;
use policyc::render::{Batch, Look};
use policyc::testing;

const POLICY: &str = r#"policy "Demo requests"
  time zone Europe/Berlin

lead
  need          whole number from 0 to 5
  title         ranked [Clerk < Director < VP]
  opted_out     yes or no, missing means yes
  last_touch    date
  passed_at     date and time
  contacted_at  date and time
  assume contacted_at >= passed_at

decisions, best first
  pass to sales
  nurture
  disqualify

define senior as title >= Director

grade priority
  hot when need >= 4
  otherwise cold

disqualify when opted_out

section "Warm" when last_touch in the last 30 days

hot_vp: pass to sales when need >= 3 and senior

section "Cold" otherwise

late: pass to sales when need is 5 and (title is VP or passed_at in the last 2 hours)

otherwise nurture

"#;

/// What the tests below the policy give, as text.
fn told(tests: &str) -> String {
    let files = HashMap::from([("demo.policy".to_owned(), format!("{POLICY}{tests}"))]);
    let checked = check("demo.policy", &files);
    let mut diagnostics = checked.diagnostics;
    let mut text = String::new();
    for outcome in checked.policy.iter().flat_map(testing::run) {
        text.push_str(&format!("{}: {}\n", outcome.title, if outcome.passed() { "passed" } else { "failed" }));
        diagnostics.extend(outcome.findings);
    }
    text + "\n" + &human(&[&Batch { sources: checked.sources, diagnostics }], Look::PLAIN)
}

#[test]
fn tests_pass() {
    insta::assert_snapshot!(told(
        r#"
test "by its decision"
  given need 3, title VP, opted_out no, last_touch 2026-10-01
  as of 2026-10-05
  expect pass to sales

test "by its rule, and by conditions"
  given need 4, title VP, opted_out no, last_touch 30 days ago
  as of 2026-10-05
  expect pass to sales by hot_vp
  expect priority is hot
  expect senior and not opted_out
  expect passed_at is missing

test "what is not given is missing, and its default counts"
  as of 2026-10-05
  expect disqualify

test "times are told from the time of the test"
  given need 5, opted_out no, last_touch 31 days ago, passed_at 2 hours ago
  as of 2026-10-25T12:00
  expect pass to sales by late

test "a day ago is at the same time of day"
  given passed_at 1 day ago
  as of 2026-10-25T12:00
  expect passed_at is 2026-10-24T12:00

test "ahead as well"
  given last_touch in 2 weeks
  as of 2026-10-05
  expect last_touch is 2026-10-19
"#
    ));
}

#[test]
fn a_failure_points_at_what_made_the_difference() {
    insta::assert_snapshot!(told(
        r#"
test "the condition of the nearest rule"
  given need 2, opted_out no, last_touch 3 days ago
  as of 2026-10-05
  expect pass to sales

test "a rule above was first"
  given need 4, title VP, last_touch 3 days ago
  as of 2026-10-05
  expect pass to sales by hot_vp

test "another rule than expected, in another section"
  given need 5, title VP, opted_out no, last_touch 3 days ago
  as of 2026-10-05
  expect pass to sales by late

test "nothing decides that"
  given need 5, title VP, opted_out no, last_touch 3 days ago
  as of 2026-10-05
  expect nurture

test "conditions, each on its own"
  given need 2, opted_out no
  as of 2026-10-05
  expect priority is hot
  expect need >= 2 and senior
  expect nurture
"#
    ));
}

#[test]
fn a_lead_that_cannot_be_is_one_finding() {
    insta::assert_snapshot!(told(
        r#"
test "contacted before it was passed on"
  given passed_at 1 hour ago, contacted_at 2 hours ago
  as of 2026-10-05
  expect pass to sales
"#
    ));
}

/// What `given` says is read like a cell: blanks are missing, spellings are values, a set whose blank means none is empty.
#[test]
fn what_is_given_is_read_like_a_cell() {
    let policy = r#"policy "Cells"

lead
  title    ranked [Staff < VP], ignoring case, also known as VP: [contains word "vice president"]
  region   text, blank when ["unknown"], ignoring case
  deals    whole number, blank when 0
  topics   any of [api, pricing], blank means none
  seen_on  date

decisions
  nurture

otherwise nurture

test "a cell"
  given title "Vice President, Sales", region "Unknown", deals 0, seen_on 2026-03-01
  expect title is VP
  expect region is missing and deals is missing
  expect topics has none of [api]
  expect seen_on is 2026-03-02
"#;
    let files = HashMap::from([("p.policy".to_owned(), policy.to_owned())]);
    let checked = check("p.policy", &files);
    assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
    let outcomes = testing::run(&checked.policy.unwrap());
    let found: Vec<String> =
        outcomes.iter().flat_map(|o| &o.findings).map(|f| format!("{} {:?}", f.message, f.labels)).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    // A policy that does not read the time has no date to count from.
    assert!(found.iter().all(|f| f.contains("2026-03-01") && !f.contains("ago") && !f.contains("days")), "{found:#?}");
}
