//! Generated tests of small random policies: they read back, pass, and show all there is to show; what is said to be impossible is shown by
//! no lead at all.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
    pub(crate) mod thresholds;
}

use std::collections::{BTreeMap, BTreeSet};

use policyc::analysis::{Model, Over};
use policyc::format::format;
use policyc::ir::{Expectation, Given, Policy, Test, TestTime, print, visit};
use policyc::source::{SourceFile, SourceId, Span};
use policyc::syntax::parse;
use policyc::testing::coverage::{Coverage, Kind, Obligation};
use policyc::testing::generate::{Generated, generate};
use policyc::testing::run;
use support::small_gen::{Small, checked, small};
use support::thresholds;

/// How many policies the laws are tried on.
const POLICIES: u64 = 200;

/// What was seen, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Seen {
    shown: BTreeMap<Kind, usize>,
    impossible: BTreeMap<Kind, usize>,
    tests: usize,
    left: usize,
    relative: usize,
    exact: usize,
    /// Policies of which everything is shown or proved to be impossible.
    complete: usize,
    /// Moved thresholds that a test notices, and those that change no decision.
    caught: usize,
    equal: usize,
}

#[test]
fn generated_tests_show_what_can_be_shown() {
    hold(0);
}

#[test]
fn generated_tests_show_what_can_be_shown_of_others() {
    hold(1);
}

/// Tries every second policy, so that two processors share them.
fn hold(first: u64) {
    let mut seen = Seen::default();
    for seed in (first..POLICIES).step_by(2) {
        let small = small(seed);
        let generated = generate(&small.policy);
        let (base, text) = texts(&small, &generated);
        let what = |what: &str| format!("seed {seed}: {what}\n{base}\n{text}");
        let gap = if text.is_empty() { "" } else { "\n" };
        let appended = format!("{base}{gap}{text}");
        assert_eq!(canonical(&appended), appended, "{}", what("not canonical"));
        let policy = checked(&appended);
        assert_eq!(policy.tests.len(), generated.tests.len(), "{}", what("tests are lost"));
        for outcome in run(&policy) {
            assert!(outcome.passed(), "{}\n{:#?}", what(&outcome.title), outcome.findings);
        }
        let titles: BTreeSet<&String> = generated.tests.iter().map(|test| &test.title).collect();
        assert_eq!(titles.len(), generated.tests.len(), "{}", what("titles repeat"));

        let possible = Coverage::of(&small.policy);
        let covered = Coverage::of(&policy);
        assert_eq!(
            names(&possible.obligations, |_| true),
            names(&covered.obligations, |_| true),
            "{}",
            what("other obligations")
        );
        let left = names(&generated.left, |_| true);
        assert_eq!(names(&covered.obligations, |o| !o.shown), left, "{}", what("not shown"));
        assert!(generated.tests.len() <= generated.shown[1], "{}", what("more tests than needed"));
        assert_eq!(generated.shown, [0, covered.total().shown], "{}", what("miscounted"));
        let by_any_lead = with_all_leads(&small);
        let missed: Vec<_> = names(&by_any_lead.obligations, |o| o.shown);
        let possible = names(&possible.obligations, |_| true);
        let missed: Vec<_> = missed.into_iter().filter(|name| !possible.contains(name)).collect();
        assert!(missed.is_empty(), "{}\n{missed:?}", what("called impossible"));
        if seed % 10 == first {
            assert_eq!(generate(&small.policy), generated, "{}", what("not deterministic"));
        }
        if is_exact(&small.policy) {
            seen.exact += 1;
            // How far a month is from a threshold changes with the time, so that a lead just beside it may not be found.
            let months =
                left.iter().filter(|(kind, subject, _)| Kind::JUST.contains(kind) && subject.contains("month"));
            assert_eq!(months.count(), left.len(), "{}\n{left:?}", what("neither shown nor impossible"));
            if left.is_empty() {
                seen.complete += 1;
                held(&policy, &small, &mut seen, &what);
            }
        }
        count(&mut seen, &covered, &generated);
    }
    let Seen { shown, impossible, tests, left, relative, exact, complete, caught, equal } = &seen;
    assert!(*caught > 200 && *equal > 200 && *exact < *complete + 5, "{seen:?}");
    assert!(Kind::ALL.iter().all(|kind| shown.get(kind).is_some_and(|n| *n > 100)), "{seen:?}");
    assert!(Kind::ALONE.iter().all(|kind| impossible.get(kind).is_some_and(|n| *n > 100)), "{seen:?}");
    assert!(*tests > 500 && *relative > 50 && *exact > 50 && *left * 20 < shown.values().sum(), "{seen:?}");
}

/// Wherever a threshold is made strict or lax, or moved by one where there is nothing between two values, a test fails, unless no lead is
/// decided otherwise.
fn held(policy: &Policy, small: &Small, seen: &mut Seen, what: &dyn Fn(&str) -> String) {
    let mut decided = Vec::new();
    small.universe.each(policy, |_, session| decided.push(session.outcome().decision));
    for mutant in thresholds::moved(policy) {
        if run(&mutant).iter().any(|outcome| !outcome.passed()) {
            seen.caught += 1;
            continue;
        }
        seen.equal += 1;
        let mut decided = decided.iter();
        small.universe.each(&mutant, |as_of, session| {
            let same = decided.next() == Some(&session.outcome().decision);
            let conditions = |policy| visit::deciding(policy).map(|cond| print::condition(policy, cond));
            let moved = || conditions(policy).zip(conditions(&mutant)).find(|(was, is)| was != is);
            let lead = session.lead();
            assert!(same, "{}\n{:?}\n{lead:?} at {as_of}", what("a moved threshold is not noticed"), moved());
        });
    }
}

/// Whether everything that the policy asks is modelled exactly.
fn is_exact(policy: &Policy) -> bool {
    let mut model = Model::new(&[policy], Over::InForce, false);
    visit::deciding(policy).for_each(|cond| {
        model.condition(0, cond);
    });
    model.is_exact()
}

/// The policy and the generated tests as canonical texts.
fn texts(small: &Small, generated: &Generated) -> (String, String) {
    let tests: Vec<String> = generated.tests.iter().map(|test| print::test(&small.policy, test)).collect();
    (canonical(&small.text), canonical(&tests.join("\n")))
}

fn canonical(text: &str) -> String {
    let parsed = parse(&SourceFile::new(SourceId(0), "small.policy", text));
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    format(&parsed.file)
}

/// What obligations are called, those of one name together.
fn names(obligations: &[Obligation], which: impl Fn(&Obligation) -> bool) -> Vec<(Kind, String, Option<String>)> {
    let name = |o: &Obligation| (o.kind, o.subject.clone(), o.within.clone());
    let mut names: Vec<_> = obligations.iter().filter(|o| which(o)).map(name).collect();
    names.sort();
    names
}

/// What is shown when every lead of the universe is a test.
fn with_all_leads(small: &Small) -> Coverage {
    let mut policy: Policy = small.policy.clone();
    let test = |(as_of, lead): &(jiff::Timestamp, policyc::ir::Lead)| Test {
        title: String::new(),
        given: policy.fields.iter().map(|(id, _)| (id, Given::Value(lead.get(id).cloned()))).collect(),
        as_of: Some(TestTime::Instant(*as_of)),
        expect: policy.decisions.iter().map(|(id, _)| (Expectation::Decision(id, None), Span::default())).collect(),
        span: Span::default(),
    };
    policy.tests = small.universe.leads.iter().map(test).collect();
    Coverage::of(&policy)
}

fn count(seen: &mut Seen, covered: &Coverage, generated: &Generated) {
    seen.tests += generated.tests.len();
    seen.left += generated.left.len();
    let given = generated.tests.iter().flat_map(|test| &test.given);
    seen.relative += given.filter(|(_, given)| matches!(given, Given::Relative(_))).count();
    for obligation in covered.obligations.iter().filter(|o| o.shown) {
        *seen.shown.entry(obligation.kind).or_default() += 1;
    }
    // A condition of a rule that turns out so, but never decides about it.
    for (kind, alone) in Kind::OUTCOMES.into_iter().zip(Kind::ALONE) {
        let of = |kind: Kind| {
            let in_rule = |o: &&Obligation| o.kind == kind && o.within.as_ref().is_some_and(|w| w.starts_with("rule "));
            covered.obligations.iter().filter(in_rule).count()
        };
        *seen.impossible.entry(alone).or_default() += of(kind).saturating_sub(of(alone));
    }
}
