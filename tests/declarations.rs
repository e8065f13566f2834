//! What declarations become in the checked policy: fields and their cells, lists, the order and the names of rules.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;

use policyc::ir::{Claim, Guard, NumberForm, Policy, Written};
use policyc::lower::check;
use policyc::types::{Number, Value};

/// The policy made of these files, the first of which is the policy itself; it has no errors.
fn policy(files: &[(&str, &str)]) -> Policy {
    let all: HashMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let checked = check(files[0].0, &all);
    assert!(checked.policy.is_some(), "{:#?}", checked.diagnostics);
    checked.policy.unwrap()
}

/// A policy with these fields.
fn with_fields(fields: &str) -> Policy {
    policy(&[("p", &format!("policy \"T\"\n\nlead\n{fields}\n\ndecisions\n  a\n\notherwise a\n"))])
}

#[test]
fn markers_for_blanks_are_numbers_where_the_field_holds_numbers() {
    let policy = with_fields(
        "  a  number, blank when [0, \"n/a\", -1, 0]\n  b  percent, blank when [999, 100%]\n  c  money in USD, blank when [0, $1]\n  \
         d  date, written as \"%d/%m/%Y\", blank when 1900-01-01\n  e  text, blank when [0, yes, \"-\"]\n  f  date, blank when 0",
    );
    let cell = |name: &str| policy.fields.iter().find(|(_, f)| f.name == name).unwrap().1.cell.clone();
    let numbers = |name: &str| cell(name).blank_numbers.iter().map(Number::to_string).collect::<Vec<_>>();
    assert_eq!((numbers("a"), cell("a").blanks), (vec!["0".into(), "-1".into()], vec!["n/a".into()]));
    assert_eq!(numbers("b"), ["9.99", "1"]);
    assert_eq!(numbers("c"), ["0", "1"]);
    assert_eq!(cell("d").blanks, ["1900-01-01", "01/01/1900"]);
    assert_eq!(cell("e").blanks, ["0", "yes", "-"]);
    assert_eq!((numbers("f"), cell("f").blanks), (vec![], vec!["0".into()]));
}

#[test]
fn options_of_fields_are_kept() {
    let policy = with_fields(
        "  a  id, from \" Lead No. \"\n  b  ranked [Low < High] or other, ignoring case, also known as high: [\"top\", contains word \"hi\"]\n  \
         c  any of [x, y], separated by \"|\", blank means none, missing means y\n  d  money in EUR from 5 to 10k, written as \"1.234,56 €\", missing means 7\n  \
         e  percent from 0% to 50%, else missing, personal, fixed\n  f  yes or no, required",
    );
    let fields: Vec<_> = policy.fields.iter().map(|(_, field)| field).collect();
    assert!(fields[0].is_id && fields[0].column == "Lead No.");
    let aliases: Vec<_> = fields[1].cell.aliases.iter().map(|a| (a.value, a.text.as_str())).collect();
    assert_eq!((aliases, fields[1].cell.ignoring_case), (vec![(1, "top"), (1, "hi")], true));
    assert_eq!(fields[2].cell.separator.as_deref(), Some("|"));
    assert!(fields[2].cell.blank_is_empty_set);
    assert_eq!(fields[2].default, Some(Value::Set([1].into())));
    assert_eq!((fields[3].min.clone(), fields[3].max.clone()), (Some(5.into()), Some(10_000.into())));
    assert_eq!(fields[3].default, Some(Value::Number(7.into())));
    let form = NumberForm { prefix: String::new(), suffix: " €".into(), group: Some('.'), point: ',' };
    assert_eq!(fields[3].cell.written, Some(Written::Like(form)));
    assert_eq!(fields[4].max.as_ref().map(Number::to_string).as_deref(), Some("0.5"));
    assert!(fields[4].else_missing && fields[4].personal && fields[4].fixed);
    assert!(fields[5].required);
}

#[test]
fn rules_stand_in_the_order_in_which_they_are_tried() {
    let policy = policy(&[
        (
            "team/p",
            "policy \"T\"\n\nuse \"../stop\"\n\nlead\n  need  number\n\ndecisions\n  go\n  stay\n\n\
             first: go when need > 9\n\nrules from \"../stop\"\n  owned by legal, legal\n\n\
             section \"Small, & new\" when need < 2\n  owned by sales\n  otherwise stay\n    because \"too small\"\n\n\
             stay when need < 1\n  because \"Über nothing!\"\n\nrules from \"more\"\n\nsection \"Rest\" otherwise\n\nlast: go when need > 5\n\n\
             otherwise stay\n",
        ),
        ("stop", "lead\n  opted_out  yes or no\n\nstop (was halt): stay when opted_out\n"),
        ("team/more", "more: stay when need is 1\n"),
    ]);
    let rules: Vec<_> = policy
        .rules
        .iter()
        .map(|(_, r)| (r.name.as_str(), r.section.map(|s| policy.sections[s].title.as_str()), r.owners.join("+")))
        .collect();
    assert_eq!(
        rules,
        [
            ("first", None, String::new()),
            ("stop", None, "legal".to_owned()),
            ("stay-über-nothing", Some("Small, & new"), String::new()),
            ("more", Some("Small, & new"), String::new()),
            ("otherwise-small-new", Some("Small, & new"), String::new()),
            ("last", Some("Rest"), String::new()),
            ("otherwise", None, String::new()),
        ]
    );
    let guards: Vec<_> = policy.sections.iter().map(|(_, s)| &s.guard).collect();
    assert!(matches!(guards[0], Guard::When(_)));
    assert!(matches!(guards[1], Guard::NoneOf(above) if above.len() == 1));
    assert_eq!(policy.sources, ["team/p", "stop", "team/more"]);
    let was: Vec<_> = policy.rules.iter().flat_map(|(_, r)| r.was.clone()).collect();
    assert_eq!(was, ["halt"]);
    // `need` of the policy stands behind the field of the library that is brought in above it.
    let fields: Vec<_> = policy.fields.iter().map(|(_, f)| f.name.as_str()).collect();
    assert_eq!(fields, ["opted_out", "need"]);
}

#[test]
fn what_libraries_claim_counts_in_the_policies_that_use_them() {
    let policy = policy(&[
        (
            "p",
            "policy \"T\"\n\nnever go unless need >= 3\n\nuse \"claims\"\nrules from \"stop\"\n\nlead\n  need  number\n\n\
             decisions\n  go\n  stay\n\ngo when need > 9\n\notherwise stay\n",
        ),
        ("claims", "use \"stop\"\n\nalways stay when need is 0\n  because \"agreed\"\n"),
        ("stop", "lead\n  opted_out  yes or no\n\nnever go when opted_out\n\nstop: stay when opted_out\n"),
    ]);
    let claims: Vec<_> = policy.properties.iter().map(|p| (p.claim, p.span.source.0, p.because.as_deref())).collect();
    // The library that two files bring in claims it once.
    assert_eq!(
        claims,
        [(Claim::NeverUnless, 0, None), (Claim::NeverWhen, 2, None), (Claim::AlwaysWhen, 1, Some("agreed"))]
    );
}

/// A claim about the time is none that a decision hangs on, so tests need no `as of` for it.
#[test]
fn claims_may_read_the_time_when_nothing_else_does() {
    let text = "policy \"T\"\n\nlead\n  seen  date\n\ndecisions\n  a\n\notherwise a\n\nnever a when seen in the next 2 days\n\n\
                test \"x\"\n  expect a\n";
    let policy = policy(&[("p", text)]);
    assert!(policy.properties.len() == 1 && !policy.reads_time());
}

#[test]
fn lists_are_read_from_tables_and_from_lines() {
    let head = "policy \"T\"\n\nlead\n  name  text\n  size  whole number\n\ndecisions\n  a\n  b\n\n";
    let values = |list: &str, field: &str, file: (&str, &str)| {
        let text = format!("{head}list l from {list}\n\nb when {field} in l\n\notherwise a\n");
        let policy = policy(&[("p", &text), file]);
        let (_, set) = policy.sets.iter().next().unwrap();
        set.values.iter().map(|v| if let Value::Text(t) = v { t.clone() } else { format!("{v:?}") }).collect::<Vec<_>>()
    };
    assert_eq!(values("\"l.csv\"", "name", ("l.csv", "\u{feff}a,b\r\n x ,1\r\ny\r\n\r\n,2\r\nx,3\r\n")), ["x", "y"]);
    assert_eq!(
        values("\"l.csv\" column \"Name, long\"", "name", ("l.csv", "N;Name, long\n1;\"x;y\"\n2;z\n")),
        ["x;y", "z"]
    );
    assert_eq!(values("\"l.tsv\" column \"b\"", "name", ("l.tsv", "a\tb\n1\tx, y\n")), ["x, y"]);
    assert_eq!(values("\"l.TXT\"", "name", ("l.TXT", "x, y\n\n z\n")), ["x, y", "z"]);
    assert_eq!(values("\"l.csv\" column \"n\"", "size", ("l.csv", "n\n5\n7\n")).len(), 2);
}
