//! What tests show of a policy: counted by hand on a small one, and held against traces on random ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::{BTreeSet, HashMap};

use policyc::eval::trace::Step;
use policyc::eval::{Evaluator, Session};
use policyc::ir::open::Openness;
use policyc::ir::{CondKind, Given, Policy, Test, TestTime, print, visit};
use policyc::lower::check;
use policyc::render::Look;
use policyc::render::coverage::{Covered, human};
use policyc::source::{Sources, Span};
use policyc::testing::coverage::{Coverage, Kind, Share};
use policyc::types::Truth;
use proptest::prelude::*;
use support::ir_gen::{as_of, cases};

const POLICY: &str = r#"policy "Demo requests"

use "shared.policy"

lead
  need       whole number from 0 to 5, required
  title      ranked [Clerk < Director < VP] or other
  budget     money in USD
  opted_out  yes or no, missing means yes
  seen       whole number from 0
  fresh      whole number from 0
  assume fresh <= 100

decisions
  pass to sales
  nurture
  disqualify

define senior as title >= Director

score fit
  +40 when senior and not budget < $5k
  +1 for each need

grade priority
  hot when fit >= 40
  warm when need >= 4
  otherwise cold

stage lead_known when need is known
stage lead_hot when priority is hot

disqualify when opted_out
  because "no"

section "Warm" when private or seen in [1, 2]
  otherwise nurture

hot: pass to sales when need >= 3

section "Cold" otherwise

late: pass to sales when (senior) is unknown or need is 5

never pass to sales when opted_out

otherwise nurture
"#;

const SHARED: &str = r#"lead
  mail  text

define private as domain of mail is "gmail.com"
define nobody_asks as mail is "x"
"#;

fn checked_policy(tests: &str) -> (Sources, Policy) {
    let files = HashMap::from([
        ("demo.policy".to_owned(), format!("{POLICY}\n{tests}")),
        ("shared.policy".to_owned(), SHARED.to_owned()),
    ]);
    let checked = check("demo.policy", &files);
    let policy = checked.policy.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    (checked.sources, policy)
}

fn covered(tests: &str) -> Covered {
    let (sources, policy) = checked_policy(tests);
    Covered { sources, coverage: Coverage::of(&policy) }
}

fn told(tests: &str) -> String {
    human(&covered(tests), None, Look::PLAIN)
}

#[test]
fn without_tests_nothing_is_shown() {
    insta::assert_snapshot!(told(""));
}

#[test]
fn what_a_few_tests_leave_open() {
    insta::assert_snapshot!(told(
        r#"
test "it opted out, so that nobody looks at anything else"
  given need 5, title VP, opted_out yes
  expect disqualify

test "not opted out, and nothing more; that it fails makes no difference"
  given need 2, opted_out no, seen 0
  expect disqualify

test "a lead that breaks what is assumed shows nothing"
  given need 5, opted_out no, mail "ann@gmail.com", fresh 101
  expect pass to sales
"#
    ));
}

#[test]
fn what_was_too_much_to_look_at_is_counted() {
    let policy = checked_policy("").1;
    let (all, none) = (Coverage::of(&policy), Coverage::within(&policy, 0));
    assert_eq!(all.skipped, 0);
    assert!(none.skipped == none.obligations.len() && none.obligations.len() > all.obligations.len());
    let covered = Covered { coverage: none, ..covered("") };
    let told = human(&covered, None, Look::PLAIN);
    let sentence = "there was too much to look at: 57 of what is missing may be impossible";
    assert!(told.ends_with(&format!("\n  {sentence}\n")), "{told}");
}

const ALL: &str = r#"
test "opted out, and everything unknown"
  given need 0, opted_out yes
  expect disqualify

test "opted out, and rich"
  given need 4, title VP, budget $5k, opted_out yes
  expect disqualify

test "opted out, and poor"
  given title VP, budget 1, opted_out yes
  expect disqualify

test "warm"
  given need 3, opted_out no, mail "ann@gmail.com", seen 1
  expect pass to sales by hot

test "warm, no need"
  given need 1, opted_out no, mail "ann@gmail.com", seen 1
  expect nurture

test "neither"
  given need 1, opted_out no, title Clerk, mail "ann@shop.com", seen 3
  expect nurture by otherwise

test "who knows"
  given need 5, opted_out no, seen 3
  expect pass to sales by late

test "nothing is known of what was seen"
  given need 5, title VP, opted_out no
  expect pass to sales by late

test "just senior, just fit"
  given need 0, title Director, budget $5k, opted_out no
  expect nurture

test "just warm, and just too poor"
  given need 4, title Clerk, budget $4999.50, opted_out no
  expect nurture

test "warm, and just too little need"
  given need 2, opted_out no, mail "ann@gmail.com", seen 1
  expect nurture

test "nothing else but that nobody knows"
  given need 1, opted_out no
  expect pass to sales by late
"#;

#[test]
fn all_can_be_shown() {
    insta::assert_snapshot!(told(ALL));
}

#[test]
fn percentages_are_rounded_down_and_compared_exactly() {
    let percent = |shown, of| Share { shown, of }.percent();
    assert_eq!([percent(0, 3), percent(2, 3), percent(199, 200), percent(3, 3), percent(0, 0)], [0, 66, 99, 100, 100]);
    let all = covered(ALL);
    assert!(all.reaches(100));
    let nothing = covered("");
    assert!(nothing.reaches(0) && !nothing.reaches(1));
}

/// How each leaf of a step turned out, and whether the whole condition hangs on it.
fn leaves(session: &Session<'_>, whole: &Step<'_>, step: &Step<'_>, seen: &mut BTreeSet<(String, Kind)>) {
    match step.cond.kind {
        CondKind::Not(_) | CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => {
            step.parts.iter().for_each(|part| leaves(session, whole, part, seen));
        }
        CondKind::Const(_) => {}
        _ => {
            let (kind, alone) = match step.truth {
                Truth::True => (Kind::True, Kind::AloneTrue),
                Truth::False => (Kind::False, Kind::AloneFalse),
                Truth::Unknown => (Kind::Unknown, Kind::AloneUnknown),
            };
            let words = print::condition(session.policy(), step.cond);
            if were(whole, step, Truth::True).is_true() != were(whole, step, Truth::False).is_true() {
                seen.insert((words.clone(), alone));
            }
            seen.insert((words, kind));
        }
    }
}

/// How a step would turn out, were a leaf of it so: Kleene's tables once more.
fn were(step: &Step<'_>, leaf: &Step<'_>, truth: Truth) -> Truth {
    if std::ptr::eq(step, leaf) {
        return truth;
    }
    let parts = step.parts.iter().map(|part| were(part, leaf, truth));
    match step.cond.kind {
        CondKind::Not(_) => parts.map(Truth::not).fold(Truth::True, Truth::and),
        CondKind::All(_) => parts.fold(Truth::True, Truth::and),
        CondKind::Any(_) => parts.fold(Truth::False, Truth::or),
        CondKind::AtLeast(count, _) => {
            let parts: Vec<Truth> = parts.collect();
            let sure = parts.iter().filter(|part| **part == Truth::True).count();
            let possible = parts.iter().filter(|part| **part != Truth::False).count();
            match (sure >= count as usize, possible >= count as usize) {
                (true, _) => Truth::True,
                (false, true) => Truth::Unknown,
                (false, false) => Truth::False,
            }
        }
        _ => step.truth,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// The coverage of rules and of their conditions is what the traces of the tests' leads say.
    #[test]
    fn rules_and_their_conditions((mut policy, leads) in cases()) {
        policy.assumptions.clear();
        policy.tests = leads.iter().map(|lead| Test {
            title: "random".to_owned(),
            given: policy.fields.iter().map(|(id, _)| (id, Given::Value(lead.get(id).cloned()))).collect(),
            as_of: Some(TestTime::Instant(as_of())),
            expect: Vec::new(),
            span: Span::default(),
        }).collect();
        let evaluator = Evaluator::new(&policy, as_of());
        let mut decided = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for lead in &leads {
            let session = evaluator.on(lead);
            decided.insert(policy.rules[session.outcome().rule].name.clone());
            for tried in session.trace().tried.iter().filter(|t| t.section.is_none_or(|(_, for_it)| for_it.is_true())) {
                let mut turned_out = BTreeSet::new();
                tried.when.iter().for_each(|step| leaves(&session, step, step, &mut turned_out));
                let rule = format!("rule {}", policy.rules[tried.rule].name);
                seen.extend(turned_out.into_iter().map(|(cond, kind)| (rule.clone(), cond, kind)));
            }
        }
        // Two conditions of a rule may read the same, so they are compared by their words.
        let mut shown = BTreeSet::new();
        for obligation in Coverage::of(&policy).obligations {
            let kind = obligation.kind;
            match kind {
                Kind::Decides => {
                    prop_assert_eq!(obligation.shown, decided.contains(&obligation.subject));
                    continue;
                }
                Kind::JustTrue | Kind::JustFalse => continue,
                Kind::True | Kind::False | Kind::Unknown | Kind::AloneTrue | Kind::AloneFalse | Kind::AloneUnknown => {}
            }
            let Some(within) = obligation.within.filter(|within| within.starts_with("rule ")) else { continue };
            if obligation.shown {
                shown.insert((within, obligation.subject, kind));
            }
        }
        // Nor does anything turn out in a way that was held for impossible: it would be seen and not shown.
        prop_assert_eq!(shown, seen);
    }

    /// What is unknown for a lead can be unknown.
    #[test]
    fn unknown_is_possible_where_it_happens((policy, leads) in cases()) {
        let policy: Policy = policy;
        let mut open = Openness::new(&policy);
        let evaluator = Evaluator::new(&policy, as_of());
        for lead in &leads {
            let session = evaluator.on(lead);
            for cond in visit::conditions(&policy) {
                let mut inner = Vec::new();
                cond.walk(&mut |c| inner.push(c));
                for cond in inner {
                    let unknown = session.truth(cond) == Truth::Unknown;
                    prop_assert!(!unknown || open.can_be_unknown(cond), "{}", print::condition(&policy, cond));
                }
            }
        }
    }
}
