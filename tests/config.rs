//! `policyc.toml`: what is in it is done, what is wrong with it is told, all of it, and its page says all of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use std::fs;
use std::path::Path;

use binary::{code, folder, out, put, run, shown};
use policyc::config::{Config, Key, read};
use policyc::diagnostic::{Code, Diagnostic};
use policyc::source::{SourceFile, SourceId};
use policyc::triage::Level;
use policyc::types::Given;
use proptest::prelude::*;

fn parsed(text: &str) -> (Config, Vec<Diagnostic>) {
    read(&SourceFile::new(SourceId(0), "policyc.toml", text))
}

const DEMO: &str = "policy \"Demo\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  pass to sales\n  nurture\n\n\
                    first: pass to sales when need >= 3\n\nsecond: pass to sales when need >= 4\n\notherwise nurture\n\n\
                    test \"a need\"\n  given need 4\n  expect pass to sales\n";

/// A repository with a policy in a folder `p`, and a configuration.
fn repository(config: &str) -> tempfile::TempDir {
    folder(&[(".git/HEAD", ""), ("p/demo.policy", DEMO), ("policyc.toml", config)])
}

#[test]
fn a_text_becomes_a_configuration() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let (config, faults) = parsed(example);
    assert_eq!(faults, []);
    assert_eq!(config.policies, ["policies"]);
    assert_eq!(config.as_of, Some(Given::Day("2026-10-01".parse().unwrap())));
    assert_eq!(config.baseline.as_deref(), Some("policyc-baseline.json"));
    assert_eq!((config.coverage, config.leads), (Some(80), vec!["data/leads.csv".to_owned()]));
    assert_eq!(config.outcome.as_deref(), Some("Deal"));
    assert_eq!(parsed("[review]\nleads = [\"a.csv\", \"b/c.csv\"]").0.leads, ["a.csv", "b/c.csv"]);
    assert!(config.levels.deny_warnings);
    assert_eq!(
        config.levels.codes.into_iter().collect::<Vec<_>>(),
        [(Code::P0220, Level::Warn), (Code::P0405, Level::Allow)]
    );
    for key in Key::ALL {
        assert!(
            page.contains(&format!("| `{}` |", key.path())),
            "docs/config.md does not say what `{}` is",
            key.path()
        );
    }
    assert_eq!(parsed(""), (Config::default(), Vec::new()));
    let as_of = |text: &str| parsed(&format!("as-of = {text}")).0.as_of;
    assert_eq!(as_of("\"2026-10-01\""), as_of("2026-10-01"));
    assert_eq!(as_of("2026-10-01T09:30:00Z"), Some(Given::Instant("2026-10-01T09:30:00Z".parse().unwrap())));
    assert_eq!(as_of("2026-10-01 09:30:00"), Some(Given::Local("2026-10-01T09:30".parse().unwrap())));
    assert_eq!(parsed("policies = [\"./a//b/../c\", \".\"]").0.policies, ["a/c", "."]);
}

#[test]
fn everything_that_is_wrong_is_told_in_one_run() {
    let repository = repository(
        "policys = [\"p\"]\npolicies = [\"p\", 3, \"../elsewhere\", \"/etc\", \"\"]\nas-of = 2026-13-45T99:00\nnonsense = 3\n",
    );
    let mut seen = shown(repository.path(), &["check"]);
    for config in [
        "policies = \"p\"\nas-of = \"soon\"\ncoverage = 80\ntest = 3\nlevels = \"deny\"\n",
        "baseline = \"x\"\n\n[test]\ncoverage = 101\nmin = 3\npolicies = [\"p\"]\n\n[tests]\ncoverage = 3\n\n[review]\nleads = \"..\\\\x\"\n",
        "[levels]\nP0301 = \"allow\"\nP0408 = \"error\"\nP408 = \"deny\"\nwarning = \"deny\"\nwarnings = \"allow\"\nnonsense = 3\n",
        "policies = [\"p\"]\npolicies = [\"p\"]\n",
        "[levels]\nP0408 = \"warn\"\np0408 = \"deny\"\n",
    ] {
        put(repository.path(), "policyc.toml", config);
        seen.push_str(&shown(repository.path(), &["test"]));
        assert_eq!(code(&run(repository.path(), &["fmt"])), 2);
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn policies_are_found_from_every_folder_of_the_repository_and_not_beyond_it() {
    let repository = repository("policies = [\"p\"]\n");
    let root = repository.path();
    assert!(out(&run(root, &["check"])).contains("1 warning in 1 file"));
    fs::create_dir_all(root.join("p/deep/er")).unwrap();
    assert!(out(&run(&root.join("p/deep/er"), &["check"])).contains("../../demo.policy:"));
    assert!(out(&run(root, &["test"])).contains("1 passed"));
    assert_eq!(code(&run(root, &["fmt", "--check"])), 0);
    // A repository within the repository has none.
    put(root, "inner/.git/HEAD", "");
    let inner = run(&root.join("inner"), &["check"]);
    assert_eq!(code(&inner), 2);
    assert!(String::from_utf8_lossy(&inner.stderr).contains("which policies?"));
    // Outside of any repository, nobody's configuration is taken from a folder above.
    let outside = folder(&[("policyc.toml", "policies = [\"p\"]"), ("p/demo.policy", DEMO)]);
    assert_eq!(code(&run(outside.path(), &["check"])), 0);
    assert_eq!(code(&run(&outside.path().join("p"), &["check"])), 2);
    // What is given goes before what is configured.
    put(root, "other.policy", DEMO);
    assert!(out(&run(root, &["check", "other.policy"])).contains("other.policy:"));
}

#[test]
fn levels_are_applied_and_switches_go_before_them() {
    let ends = |config: &str, more: &[&str]| {
        let repository = repository(&format!("policies = [\"p\"]\n{config}"));
        let output = run(repository.path(), &[&["check"], more].concat());
        (code(&output), out(&output).lines().last().unwrap_or_default().to_owned())
    };
    assert_eq!(ends("", &[]), (0, "1 warning in 1 file".to_owned()));
    assert_eq!(ends("[levels]\nwarnings = \"deny\"", &[]), (1, "1 error in 1 file".to_owned()));
    assert_eq!(ends("[levels]\nP0402 = \"deny\"", &[]), (1, "1 error in 1 file".to_owned()));
    assert_eq!(ends("[levels]\nP0402 = \"allow\"", &[]), (0, "nothing found in 1 policy".to_owned()));
    assert_eq!(ends("[levels]\nwarnings = \"deny\"\nP0402 = \"warn\"", &[]), (0, "1 warning in 1 file".to_owned()));
    assert_eq!(ends("[levels]\nP0402 = \"allow\"", &["--deny", "P0402"]), (1, "1 error in 1 file".to_owned()));
    assert_eq!(ends("", &["--deny", "P0401", "--deny", "warnings"]), (1, "1 error in 1 file".to_owned()));
    assert_eq!(ends("", &["--deny", "P0401"]), (0, "1 warning in 1 file".to_owned()));
}

#[test]
fn coverage_baseline_and_time_are_those_of_the_repository() {
    let repository = repository(
        "policies = [\"p\"]\nas-of = 2026-10-01\n[check]\nbaseline = \"known.json\"\n[test]\ncoverage = 100\n",
    );
    let root = repository.path();
    assert_eq!(code(&run(root, &["check"])), 2, "there is no baseline yet");
    assert_eq!(code(&run(root, &["check", "--write-baseline", "known.json"])), 0);
    let within = run(&root.join("p"), &["check", "--deny", "warnings"]);
    assert_eq!((code(&within), out(&within).as_str()), (0, "nothing new in 1 policy; 1 known\n"));
    let tested = run(root, &["test"]);
    assert_eq!(code(&tested), 1);
    assert!(out(&tested).ends_with(", less than 100%: `policyc test --coverage` says of what\n"), "{}", out(&tested));
    for format in ["json", "sarif"] {
        let told = run(root, &["test", "--format", format]);
        let note = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(code(&told) == 1 && note.contains("less than 100%"), "{format} {note}");
    }
    let covered = run(root, &["test", "--coverage"]);
    assert!(code(&covered) == 1 && out(&covered).contains("less than 100%"), "{}", out(&covered));
    assert_eq!(code(&run(root, &["test", "--coverage", "--min", "10"])), 0);
    let timed = DEMO
        .replace("  need  whole", "  called  date\n  need  whole")
        .replace("need >= 4", "called in the last 5 days")
        .replace("  given", "  as of 2026-10-01\n  given");
    put(root, "p/timed.policy", &timed);
    put(root, "leads.csv", "called,need\n2026-09-30,1\n2026-09-01,1\n");
    let diff = run(root, &["diff", "p/timed.policy", "p/timed.policy", "--leads", "leads.csv"]);
    assert!(
        out(&diff).contains("as of the end of 2026-10-01"),
        "{}{}",
        out(&diff),
        String::from_utf8_lossy(&diff.stderr)
    );
}

#[test]
fn a_configuration_may_stand_below_the_root_and_its_baseline_speaks_of_the_repository_all_the_same() {
    let repository =
        folder(&[(".git/HEAD", ""), ("sub/p/demo.policy", DEMO), ("sub/other.policy", &DEMO.replace("Demo", "Other"))]);
    let sub = repository.path().join("sub");
    put(&sub, "policyc.toml", "policies = [\"p\", \"other.policy\"]\n[check]\nbaseline = \"known.json\"\n");
    assert_eq!(code(&run(&sub, &["check", "--write-baseline", "known.json"])), 0);
    assert_eq!(code(&run(&sub, &["check", "--write-baseline", "known.json", "p"])), 0);
    let known = fs::read_to_string(sub.join("known.json")).unwrap();
    assert!(known.contains("\"sub/p/demo.policy\"") && known.contains("\"sub/other.policy\""), "{known}");
    let checked = run(&sub, &["check", "--deny", "warnings"]);
    assert_eq!((code(&checked), checked.stderr.len()), (0, 0));
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_repository() {
    let elsewhere = folder(&[("demo.policy", DEMO), ("known.json", "{\"version\": 1, \"known\": []}")]);
    let repository = repository("policies = [\"out\"]\n");
    std::os::unix::fs::symlink(elsewhere.path(), repository.path().join("out")).unwrap();
    let output = run(repository.path(), &["check"]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("leads out of the repository"));
    put(repository.path(), "policyc.toml", "policies = [\"p\"]\n[check]\nbaseline = \"out/known.json\"\n");
    assert_eq!(code(&run(repository.path(), &["check"])), 2);
    fs::remove_file(repository.path().join("policyc.toml")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("known.json"), repository.path().join("policyc.toml")).unwrap();
    assert_eq!(code(&run(repository.path(), &["check"])), 2);
}

#[test]
fn what_is_no_text_is_told() {
    let repository = repository("");
    fs::write(repository.path().join("policyc.toml"), b"policies = [\"\xff\"]").unwrap();
    assert!(String::from_utf8_lossy(&run(repository.path(), &["check", "p"]).stderr).contains("not written in UTF-8"));
    fs::remove_file(repository.path().join("policyc.toml")).unwrap();
    fs::create_dir(repository.path().join("policyc.toml")).unwrap();
    assert_eq!(code(&run(repository.path(), &["check", "p"])), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_much(text in "([a-z\\[\\]{}=\"'.,#\\-0-9\\n é]|policies|levels|P0402|deny|\\[test\\]\n|as-of|\\\\u|\u{1b}){0,40}") {
        let (_, faults) = parsed(&text);
        for fault in faults {
            let span = fault.span().unwrap();
            prop_assert!(span.start <= span.end && span.end as usize <= text.len());
        }
    }
}

#[test]
fn depth_is_no_danger() {
    let (_, faults) = parsed(&format!("policies = {}", "[".repeat(100_000)));
    assert!(!faults.is_empty());
    let (_, faults) = parsed(&format!("{}x = 1", "a.".repeat(100_000)));
    assert!(!faults.is_empty());
}

/// What is wrong with a text that is no TOML: the place, the message and the help.
fn unreadable(text: &str) -> [String; 3] {
    let (_, faults) = parsed(text);
    let fault = faults.iter().find(|fault| fault.code == Code::P0711).unwrap_or_else(|| panic!("{text}: {faults:?}"));
    let span = fault.span().unwrap();
    let place = text.get(span.start as usize..span.end as usize).unwrap().to_owned();
    [place, fault.message.clone(), fault.help.clone().unwrap()]
}

#[test]
fn a_line_that_is_no_toml_is_told_in_the_words_of_who_wrote_it() {
    let one_list = "type `]` behind its last value: `policies = [\"policies\"]`";
    let commas = "type commas between values: `policies = [\"policies\", \"more\"]`";
    let both = "type `\"` before and behind it: `policies = [\"policies\"]`";
    let day = "type a day with all of its digits, the year first: `2026-10-01`";
    let line = "type a line as `key = value`, such as `policies = [\"policies\"]`";
    let sides = "a merge has left both of its sides here";
    let settle =
        "keep what both teams agree on, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`";
    let value = "type a value behind `=`, such as `80` or `\"policies\"`, or take the line out";
    for (text, place, message, help) in [
        ("policies = [a b]", "a b", "`a b` is a text, and stands there without quotes", "type `\"a b\"`"),
        ("policies = [\"a\",\n  b]", "b", "`b` is a text, and stands there without quotes", "type `\"b\"`"),
        (
            "[levels]\nP0405 = deny # yet",
            "deny",
            "`deny` is a text, and stands there without quotes",
            "type `\"deny\"`",
        ),
        (
            "policies = [\"C:\\policies\"]",
            "\"C:\\policies\"",
            "`\\` cannot stand in a text like this",
            "type `/`: `\"C:/policies\"`",
        ),
        ("policies = [“a”]", "“a”", "a text stands in straight double quotes", "type `\"a\"`"),
        ("policies = [\"a\" \"b\"]", "", "a comma is missing before this", commas),
        ("policies = [\n  \"a\"\n  \"b\"\n]", "", "a comma is missing before this", commas),
        ("policies = [\"a\"\n[levels]", "", "the list above this does not end", one_list),
        ("policies = [\"a\"\nas-of = 2026-10-01", "", "the list above this does not end", one_list),
        ("policies = [\"a\"\n", "", "this list does not end", one_list),
        ("policies = [\"a]\n", "", "a text in this line does not end", both),
        ("[levels\nP0405 = \"deny\"", "", "`]` is missing at the end of this line", "type `[levels]`"),
        ("policies: [\"a\"]", "", "`:` stands where `=` belongs", "type `policies = [\"a\"]`"),
        ("policies [\"a\"]", "", "`=` is missing in this line", line),
        ("policies = [\n<<<<<<< HEAD\n  \"a\"\n=======\n  \"b\"\n>>>>>>> b\n]", "<<<<<<< HEAD", sides, settle),
        ("<<<<<<< HEAD\npolicies = [\"a\"]\n=======\npolicies = [\"b\"]\n>>>>>>> b", "<<<<<<< HEAD", sides, settle),
        ("// ours", "", "this is no remark", "type `#` before a remark"),
        ("[test]\ncoverage = 80%", "80%", "a number stands there without `%`", "type `80`"),
        ("[test]\ncoverage =\n", "", "a value is missing here", value),
        ("as-of = 1.10.2026", "1.10.2026", "`1.10.2026` cannot be read as a date", day),
        ("as-of = 2026-10-1", "2026-10-1", "`2026-10-1` cannot be read as a date", day),
        (
            "as-of = 2026-02-29",
            "2026-02-29",
            "`2026-02-29` cannot be read as a date",
            "there is no 2026-02-29: February 2026 has 28 days",
        ),
        (
            "[review]\nleads = \"data\\leads.csv\"",
            "\"data\\leads.csv\"",
            "`\\` cannot stand in a text like this",
            "type `/`: `\"data/leads.csv\"`",
        ),
        (
            "policies = [\"a\"]\npolicies = [\"b\"]",
            "policies",
            "this key stands there twice",
            "take one of the two out",
        ),
    ] {
        assert_eq!(unreadable(text), [place, message, help], "{text}");
    }
    // What cannot be guessed is told in general.
    for text in ["= 3", "as-of = 01", "policies = {a = 1", "a b = 3", "policies = [\"a\"] [\"b\"]", "a = \u{1}"] {
        assert_eq!(unreadable(text)[1], "this line cannot be read", "{text}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_with_its_place() {
    let repository = repository("policies = [\n  \"p\",\n  \"./q/\",\n]\n");
    for verb in ["check", "test", "fmt", "owners"] {
        let output = run(repository.path(), &[verb]);
        let said = String::from_utf8(output.stderr.clone()).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let expected =
            "policyc: there is no `q`, which `policyc.toml:3:3` names: type where the policies are, or take it out";
        assert_eq!((code(&output), said.as_str()), (2, expected), "{verb}");
    }
}
