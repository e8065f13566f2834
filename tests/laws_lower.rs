//! Laws of lowering, on conditions of every form, most of them well typed: it never fails to come back, points into the text,
//! and what it makes of a sound policy holds together, says in its own words what it means, and can be decided by.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use policyc::diagnostic::{Severity, any_error};
use policyc::eval::Evaluator;
use policyc::ir::{json, print};
use policyc::lower::{Checked, check};
use policyc::source::{Files, ReadError};
use proptest::prelude::*;
use support::ir_gen::{Dice, as_of, lead};

const DECLARATIONS: &str = r#"policy "laws"
  time zone Europe/Berlin

lead
  email         text, personal
  title         ranked [IC < Manager < Director < VP < "C-level"] or other
  industry      one of [Software, Banking, Retail] or other
  plan          one of [Free, Pro]
  offer         one of [Free, Pro], missing means Free
  employees     whole number from 0
  need          whole number from 0 to 5
  ratio         number
  share         percent from 0% to 50%
  budget        money in USD
  spent         money in USD
  fee           money in EUR
  country       text, ignoring case
  town          text
  interests     any of [pricing, security, api]
  opted_out     yes or no, missing means yes
  consent       yes or no
  last_touch    date
  passed_at     date and time

decisions
  go
  stop

list mails is ["gmail.com", "hotmail.com"]
list seniors is [VP, Director]
list small is [1, 2, 3]

define cutoff as 3
define land as country
define grown as title >= Director

score fit from 0 to 100
  +40 when grown
  +1.5 for each 10 employees, at most 20
  -5 for each $1000 budget when consent

score interest
  +10 when opted_out is no
  -fit

grade priority
  hot when fit >= 70
  warm when fit >= 45
  otherwise cold

stage inside when grown
stage mql when priority >= warm and inside

"#;

/// One of these.
fn of(values: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(values).prop_map(str::to_owned).boxed()
}

/// The parts filled into the `{}` of a pattern.
fn filled(pattern: &'static [&'static str], parts: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    (of(pattern), parts)
        .prop_map(|(pattern, parts)| parts.iter().fold(pattern, |text, part| text.replacen("{}", part, 1)))
        .boxed()
}

const SIGNS: &[&str] = &[
    "=",
    "!=",
    ">=",
    "<=",
    ">",
    "<",
    "is",
    "is not",
    "at least",
    "at most",
    "more than",
    "is less than",
    "is not at least",
];
const NUMBERS: &[&str] = &["0", "3", "2.5", "-1", "10k", "1_000", "(7)", "cutoff"];
const WORDS: &[&str] = &[
    "title",
    "industry",
    "plan",
    "offer",
    "need",
    "employees",
    "ratio",
    "share",
    "budget",
    "spent",
    "fee",
    "country",
    "town",
    "land",
    "domain of email",
    "interests",
    "opted_out",
    "consent",
    "last_touch",
    "passed_at",
    "fit",
    "interest",
    "priority",
    "stage",
    "mql",
    "grown",
    "cutoff",
    "mails",
    "seniors",
    "VP",
    "Pro",
    "hot",
    "none",
    "pricing",
    "yes",
    "other",
    "nothing",
    "stop",
    "3",
    "20%",
    "$10k",
    "EUR 5",
    "\"x\"",
    "2026-02-03",
    "2026-02-03 10:30",
    "2026-02-30",
];

fn number(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![of(&["need", "employees", "ratio", "fit", "interest"]), of(NUMBERS)].boxed();
    if depth == 0 {
        return leaf;
    }
    let inner = number(depth - 1);
    prop_oneof![
        3 => leaf,
        1 => filled(&["{} + {}", "{} - {}", "{} * {}", "{} / {}", "({} + {})", "-{} / ({})"], vec![inner.clone(), inner]),
    ]
    .boxed()
}

/// A test whose sides are of one kind.
fn typed() -> BoxedStrategy<String> {
    let signs = || of(SIGNS);
    let money = || of(&["budget", "spent", "$10k", "500", "budget + 100", "budget * 20%", "spent / 2", "2 * budget"]);
    let ranked = || of(&["title", "VP", "IC", "\"C-level\"", "other", "(Director)"]);
    let text = || of(&["town", "country", "land", "domain of email", "\"Berlin\"", "\"gmail.com\""]);
    let times = || of(&["last_touch", "passed_at", "2026-02-03", "2026-02-03 10:30", "2026-02-03T10:30:00Z"]);
    prop_oneof![
        filled(&["{} {} {}"], vec![number(2), signs(), number(2)]),
        filled(&["{} between {} and {}"], vec![number(1), number(0), number(0)]),
        filled(&["{} {} {}"], vec![money(), signs(), money()]),
        filled(&["budget / spent {} {}"], vec![signs(), number(1)]),
        filled(&["share {} {}"], vec![signs(), of(&["20%", "0%", "90%", "share * 2", "share + 10%"])]),
        filled(&["title {} {}"], vec![signs(), ranked()]),
        filled(&["industry {} {}"], vec![of(&["is", "!="]), of(&["Software", "other", "\"Retail\""])]),
        filled(&["plan {} {}"], vec![of(&["is", "is not"]), of(&["Free", "offer"])]),
        filled(&["priority {} {}", "priority is not {} {}"], vec![signs(), of(&["hot", "warm", "cold"])]),
        filled(&["stage {} {}"], vec![signs(), of(&["none", "inside", "mql"])]),
        filled(&["{} is {}"], vec![text(), text()]),
        filled(
            &["{} contains {}", "{} not starts with {}", "{} ends with {}", "{} contains word {}"],
            vec![text(), of(&["\"a\"", "[\"b\", c]", "mails"])],
        ),
        filled(
            &["{} in {}", "{} not in {}"],
            vec![of(&["domain of email", "country", "town"]), of(&["mails", "[a, \"B\"]", "[b, B]"])],
        ),
        of(&[
            "title in seniors",
            "title is in [VP, other]",
            "need not in small",
            "budget in [5, $10k]",
            "plan in [Pro]"
        ]),
        filled(
            &["interests has {} of {}"],
            vec![of(&["any", "all", "none"]), of(&["[pricing]", "[api, \"security\"]"])],
        ),
        filled(&["{} before {}", "{} after {}", "{} >= {}", "{} is {}"], vec![times(), times()]),
        filled(&["{} between {} and {}"], vec![times(), times(), times()]),
        filled(
            &["{} in the last {}", "{} not in the next {}", "{} more than {} ago", "{} is at most {} ago"],
            vec![of(&["last_touch", "passed_at"]), of(&["30 days", "1 month", "0 weeks", "3 hours", "90 minutes"])],
        ),
        filled(
            &["{} is known", "{} is missing", "{} is not missing"],
            vec![of(&["need", "land", "town", "budget + spent", "opted_out", "domain of email", "interests"])],
        ),
        filled(
            &["{} is unknown", "{} is not unknown"],
            vec![of(&["grown", "consent", "mql", "(need > 3)", "(grown and not consent)"])],
        ),
        of(&["fit is incomplete", "interest is not incomplete", "opted_out", "consent", "grown", "mql", "inside"]),
        filled(&["{} is {}"], vec![of(&["opted_out", "consent"]), of(&["yes", "no", "consent"])]),
    ]
    .boxed()
}

/// A test of anything with anything.
fn untyped() -> BoxedStrategy<String> {
    let any = || of(WORDS);
    prop_oneof![
        any(),
        filled(&["{} {} {}"], vec![any(), of(SIGNS), any()]),
        filled(
            &["{} between {} and {}", "{} + {} > {}", "{} is {} or {}", "{} in [{}, {}]"],
            vec![any(), any(), any()]
        ),
        filled(
            &["{} is known", "{} is missing", "{} is unknown", "{} is incomplete", "domain of {} is known"],
            vec![any()]
        ),
        filled(&["{} in {}", "{} has any of {}", "{} before {}", "{} contains {}", "{} / {} > 1"], vec![any(), any()]),
        filled(&["{} in the last {} days", "{} more than {} hours ago"], vec![any(), of(NUMBERS)]),
    ]
    .boxed()
}

fn condition(test: BoxedStrategy<String>) -> BoxedStrategy<String> {
    test.prop_recursive(3, 12, 3, |inner| {
        let two = || vec![inner.clone(), inner.clone()];
        prop_oneof![
            filled(
                &["({} and {})", "({}) or ({})", "any of ({}, {})", "at least 1 of ({}, {})", "all of ({}, {})"],
                two()
            ),
            filled(&["not ({})", "({})", "(({}) is unknown)"], vec![inner.clone()]),
        ]
    })
    .boxed()
}

/// A policy with these conditions, in a rule, in a definition, in a score and in a guard, and in what is claimed.
fn policy(conditions: &[String]) -> String {
    let [rule, define, line, guard] = conditions else { unreachable!("four conditions") };
    let claims = format!("never go unless {line}\n\nalways stop when {guard}\n");
    format!(
        "{DECLARATIONS}define made as {define}\n\nscore more\n  +5 when {line}\n\nfirst: go when {rule}\n\n\
         second: go when made and more > 0\n\nsection \"S\" when {guard}\n\nthird: go when need >= 1\n\notherwise stop\n\n{claims}"
    )
}

fn checked(text: &str) -> Checked {
    check("laws.policy", &HashMap::from([("laws.policy".to_owned(), text.to_owned())]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_found_is_said_well(conditions in prop::collection::vec(condition(prop_oneof![typed(), untyped()].boxed()), 4)) {
        let text = policy(&conditions);
        let found = checked(&text);
        prop_assert_eq!(found.policy.is_some(), !any_error(&found.diagnostics));
        for finding in &found.diagnostics {
            let words = [Some(&finding.message), finding.help.as_ref()];
            for words in words.into_iter().flatten() {
                prop_assert!(!words.is_empty() && !words.ends_with('.') && !words.contains('\n'), "{}", words);
                prop_assert_eq!(words.matches('`').count() % 2, 0, "{}", words);
            }
            let span = finding.span().unwrap();
            prop_assert!(span.start <= span.end && (span.end as usize) <= text.len());
            prop_assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
        }
    }

    /// What is wrong with one condition is said of it alone, once or (when both of its sides are wrong) twice.
    #[test]
    fn sound_conditions_raise_no_error(sound in prop::collection::vec(condition(typed()), 4), broken in untyped()) {
        prop_assume!(checked(&policy(&sound)).policy.is_some());
        let conditions = [&[broken], &sound[1..]].concat();
        let found = checked(&policy(&conditions)).diagnostics;
        let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
        prop_assert!(errors <= 3, "{} errors: {}", errors, conditions[0]);
    }

    #[test]
    fn what_is_sound_holds_together(
        conditions in prop::collection::vec(condition(typed()), 4),
        rolls in prop::collection::vec(any::<u16>(), 0..40),
    ) {
        let text = policy(&conditions);
        let Some(policy) = checked(&text).policy else { return Ok(()) };
        prop_assert_eq!(json::read(&json::write(&policy)).map_err(|e| format!("{e}\n{text}")), Ok(policy.clone()));

        let printed = print::policy(&policy);
        let again = checked(&printed);
        let found: Vec<_> = again.diagnostics.iter().map(|d| &d.message).collect();
        let Some(same) = again.policy else { return Err(TestCaseError::fail(format!("{found:?}\n{printed}"))) };
        prop_assert_eq!(&print::policy(&same), &printed);

        let (one, other) = (Evaluator::new(&policy, as_of()), Evaluator::new(&same, as_of()));
        let mut dice = Dice::new(rolls);
        for _ in 0..5 {
            let lead = lead(&policy, &mut dice);
            prop_assert_eq!(one.decide(&lead), other.decide(&lead), "{}\n{}", &text, &printed);
        }
    }
}

/// The files below a folder.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

/// A file that was changed, before all others.
struct Changed<'f>(&'f str, String, &'f Folder);

impl Files for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if path == self.0 { Ok(self.1.clone().into_bytes()) } else { self.2.read(path) }
    }
}

/// Every fix that a case of tests/cases/check proposes takes its finding away and brings no other of its kind, nor a text
/// that cannot be read.
#[test]
fn fixes_mend() {
    let folder = Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check"));
    let mut fixes = 0;
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".policy") {
            continue;
        }
        let before = check(&name, &folder);
        let of_kind = |found: &Checked, code| found.diagnostics.iter().filter(|d| d.code == code).count();
        let unread = |found: &Checked| found.diagnostics.iter().filter(|d| d.code.name() < "P0200").count();
        for finding in &before.diagnostics {
            let Some(fix) = &finding.fix else { continue };
            let file = before.sources.get(fix.span.source).unwrap();
            let mut text = file.text.to_string();
            text.replace_range(fix.span.range(), &fix.replacement);
            let after = check(&name, &Changed(&file.path, text, &folder));
            let place = before.sources.place(fix.span);
            assert!(of_kind(&after, finding.code) < of_kind(&before, finding.code), "{place}: {finding:?}");
            assert!(unread(&after) <= unread(&before), "{place}: {finding:?}");
            fixes += 1;
        }
    }
    assert!(fixes > 50);
}
