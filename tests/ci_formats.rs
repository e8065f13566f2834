//! What CI reads: SARIF and JUnit XML are held against their published schemas, for every code that there is, and nothing that stands in a policy
//! gives commands to the runner of a workflow.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

#[path = "support/binary.rs"]
mod binary;
#[path = "support/json_schema.rs"]
mod json_schema;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use binary::{code, folder, out, run, shown};
use policyc::analysis::Request;
use policyc::diagnostic::{Batch, Code};
use policyc::lower::check;
use policyc::render::junit::{Suite, report};
use policyc::render::{github, sarif};
use policyc::source::{SourceFile, SourceId, Sources};
use policyc::testing;
use policyc::{analysis, config, format, syntax, triage};
use proptest::prelude::*;
use serde_json::Value;
use xmloxide::Document;
use xmloxide::validation::xsd::{parse_xsd, validate_xsd};

fn schema(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name)).unwrap()
}

/// The log, when it is what the schema of SARIF asks for.
fn valid_sarif(text: &str) -> Value {
    let log = serde_json::from_str(text).unwrap();
    let schema = serde_json::from_str(&schema("sarif-2.1.0.json")).unwrap();
    assert_eq!(json_schema::faults(&schema, &log), Vec::<String>::new(), "{text}");
    log
}

/// Fails unless the text is what the schema of JUnit reports asks for.
fn valid_junit(text: &str) {
    let faults = junit_faults(text);
    assert!(faults.is_empty(), "{faults:?}\n{text}");
}

fn junit_faults(text: &str) -> Vec<String> {
    let document = Document::parse_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let schema = parse_xsd(&schema("junit-10.xsd")).unwrap();
    validate_xsd(&document, &schema).errors.iter().map(|e| e.message.clone()).collect()
}

/// All that is found in a policy, its tests included.
fn batch(path: &str, files: &HashMap<String, String>) -> Batch {
    let checked = check(path, files);
    let mut diagnostics = checked.diagnostics;
    if let Some(policy) = &checked.policy {
        let verdicts = analysis::verdicts(policy);
        let found = analysis::findings(policy, &checked.sources, &verdicts, &diagnostics);
        diagnostics.extend(found);
        diagnostics.extend(testing::run(policy).into_iter().flat_map(|outcome| outcome.findings));
    }
    let settled = checked.policy.iter().flat_map(|_| checked.sources.iter()).map(|file| file.home.clone()).collect();
    let mut batch = Batch { sources: checked.sources, diagnostics };
    triage::allow(&mut [&mut batch], &settled, &Request::default().unasked());
    batch
}

/// What is found in a configuration.
fn configuration(text: &str) -> Batch {
    let mut sources = Sources::default();
    let id = sources.add(config::NAME, text, None);
    let (_, diagnostics) = config::read(sources.get(id).unwrap());
    Batch { sources, diagnostics }
}

/// What is found in the examples on the pages of all codes.
fn examples() -> Vec<(Code, Batch)> {
    let wrong = |code: &Code| {
        let (_, rest) = code.page().split_once("\n## Wrong\n").unwrap();
        let mut files = HashMap::new();
        for block in rest.split("\n## Right\n").next().unwrap().split("```").skip(1).step_by(2) {
            let (info, text) = block.split_once('\n').unwrap();
            files.insert(info.split_once(' ').map_or(info, |(_, name)| name).to_owned(), text.to_owned());
        }
        (*code, files.get(config::NAME).map_or_else(|| batch("policy", &files), |text| configuration(text)))
    };
    // That one takes minutes.
    Code::ALL.iter().filter(|code| **code != Code::P0424).map(wrong).collect()
}

/// A text with a place of a SARIF log replaced.
fn mended(text: &str, region: &Value, replacement: &str) -> String {
    let byte = |line: &str, column: &str| {
        let (line, column) = (region[line].as_u64().unwrap() as usize, region[column].as_u64().unwrap() as usize);
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let mut units = 0;
        let before = text[start..].chars().take_while(|c| {
            units += c.len_utf16();
            units < column
        });
        start + before.map(char::len_utf8).sum::<usize>()
    };
    let (start, end) = (byte("startLine", "startColumn"), byte("endLine", "endColumn"));
    format!("{}{replacement}{}", &text[..start], &text[end..])
}

#[test]
fn every_code_is_valid_sarif_with_its_page_and_its_fix() {
    let (mut fixes, mut related) = (0, 0);
    for (code, batch) in examples() {
        let log = valid_sarif(&sarif::log(&[&batch]));
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), batch.diagnostics.len());
        for (result, diagnostic) in results.iter().zip(&batch.diagnostics) {
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(rule["help"]["markdown"], diagnostic.code.page());
            assert!(rule["fullDescription"]["text"].as_str().unwrap().len() > 20, "{rule}");
            let message = result["message"]["text"].as_str().unwrap();
            assert!(message.starts_with(&diagnostic.message.replace('{', "{{").replace('}', "}}")), "{message}");
            related += result["relatedLocations"].as_array().map_or(0, Vec::len);
            let Some(fix) = &diagnostic.fix else { continue };
            let text = &batch.sources.get(fix.span.source).unwrap().text;
            let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
            let by = change["insertedContent"]["text"].as_str().unwrap();
            let expected = format!("{}{by}{}", &text[..fix.span.start as usize], &text[fix.span.end as usize..]);
            assert_eq!(mended(text, &change["deletedRegion"], by), expected, "{}", code.name());
            fixes += 1;
        }
    }
    assert!(fixes > 20 && related > 20, "{fixes} fixes, {related} related places");
}

#[test]
fn every_code_is_valid_junit_and_one_workflow_command() {
    for (code, batch) in examples() {
        valid_junit(&report(&[Suite::of_findings(&batch)]));
        let text = github::annotations(&[&batch]);
        assert_eq!(text.lines().count(), batch.diagnostics.len(), "{}: {text}", code.name());
        for line in text.lines() {
            assert!(["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command)), "{line}");
            assert_eq!(line.matches("title=P").count(), 1, "{line}");
        }
    }
}

#[test]
fn the_schemas_are_not_empty_words() {
    assert!(!junit_faults("<testsuites><testsuite name=\"a\" tests=\"1\" failures=\"0\"/></testsuites>").is_empty());
    assert!(!junit_faults("<testsuites><testcase name=\"a\"/></testsuites>").is_empty());
    let schema: Value = serde_json::from_str(&schema("sarif-2.1.0.json")).unwrap();
    let (_, batch) = examples().into_iter().find(|(code, _)| *code == Code::P0301).unwrap();
    let good: Value = serde_json::from_str(&sarif::log(&[&batch])).unwrap();
    for (pointer, value) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/columnKind", Value::from("bytes")),
        ("/runs/0/results/0/level", Value::from("fatal")),
        ("/runs/0/results/0/message", serde_json::json!({})),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", Value::from(0)),
        ("/runs/0/tool/driver", serde_json::json!({"version": "1"})),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        assert!(!json_schema::faults(&schema, &bad).is_empty(), "{pointer}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_told_in_every_format(
        pieces in prop::collection::vec(
            prop::sample::select(&[
                "policy \"é\"", "lead", "  need  whole number from 0 to 5", "decisions", "  nurture", "otherwise nurture", "when", "need >= 3", "{0} [a](b)",
                "# allow P0402: x", "# allow P9, P0220", "#allow", "\n", "\r\n", "\n  ", ",", "(", "\"", "😀", "\u{1b}[2J", "\u{0}", "::error::", "%0A", "&<]]>", "\u{feff}",
            ][..]),
            0..40,
        ),
    ) {
        let text: String = pieces.concat();
        let batch = batch("a::b,%.policy", &HashMap::from([("a::b,%.policy".to_owned(), text)]));
        valid_sarif(&sarif::log(&[&batch]));
        valid_junit(&report(&[Suite::of_findings(&batch)]));
        let github = github::annotations(&[&batch]);
        prop_assert_eq!(github.lines().count(), batch.diagnostics.len());
        prop_assert!(github.lines().all(|line| line.starts_with("::") && !line.contains(|c: char| c.is_control())));
    }
}

/// What the findings of a text are recognised by, sorted.
fn fingerprints(text: &str) -> Vec<(Code, triage::Mark)> {
    let batch = batch("policy", &HashMap::from([("policy".to_owned(), text.to_owned())]));
    let codes = batch.diagnostics.iter().map(|diagnostic| diagnostic.code);
    let mut all: Vec<_> = codes.zip(triage::marks(&batch)).collect();
    all.sort();
    all
}

#[test]
fn fingerprints_survive_moved_lines_and_another_layout() {
    let (mut compared, mut seen) = (0, 0);
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/analysis")).unwrap() {
        let path = entry.unwrap().path();
        let Some(text) = fs::read_to_string(&path).ok().filter(|_| path.extension().is_some_and(|e| e == "policy"))
        else {
            continue;
        };
        // Proofs that take long are not what this is about.
        if text.len() > 3_000 {
            continue;
        }
        let known = fingerprints(&text);
        let moved = format!("# a comment\n\n\n{}", text.replace("\n\n", "\n\n\n# another\n").replace('\n', "\r\n"));
        assert_eq!(fingerprints(&moved), known, "{}", path.display());
        let parsed = syntax::parse(&SourceFile::new(SourceId(0), "policy", text.as_str()));
        assert_eq!(fingerprints(&format::format(&parsed.file)), known, "{}", path.display());
        compared += 1;
        seen += known.len();
    }
    assert!(compared > 20 && seen > 40, "{compared} policies, {seen} findings");
}

const LIBRARY: &str = "define big as need >= 3 and need >= 2\n";

const POLICY: &str = r#"policy "Demo"

use "shared/parts.policy"

lead
  need   whole number from 0 to 5
  title  one of ["😀 VP", Clerk]

decisions
  pass to sales
  nurture

again: pass to sales when big and title is "😀 VP" and title is "😀 VP"

pass to sales when need >= 4

otherwise nurture

test "goes to sales"
  given need 1
  expect pass to sales

test "stays"
  given need 1
  expect nurture
"#;

fn repository() -> tempfile::TempDir {
    folder(&[(".git/HEAD", ""), ("a b/ü.policy", POLICY), ("a b/shared/parts.policy", LIBRARY)])
}

#[test]
fn places_are_those_of_the_repository_from_wherever_it_is_asked() {
    let repository = repository();
    let above = run(repository.path(), &["check", "--format", "sarif", "."]);
    let within = run(&repository.path().join("a b"), &["check", "--format", "sarif", "."]);
    assert_eq!(out(&above), out(&within));
    let log = valid_sarif(&out(&above));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<&str> = results
        .iter()
        .map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap())
        .collect();
    assert!(uris.contains(&"a%20b/%C3%BC.policy") && uris.contains(&"a%20b/shared/parts.policy"), "{uris:?}");
    // The second `title is "😀 VP"`: the emoji before it counts as two.
    let twice = results.iter().find(|result| result["ruleId"] == "P0406" || result["ruleId"] == "P0403").unwrap();
    insta::assert_snapshot!(twice["locations"][0]["physicalLocation"]["region"].to_string());
    let github = out(&run(repository.path(), &["check", "--format", "github", "."]));
    assert!(github.contains("::warning file=a b/ü.policy,line="), "{github}");
    let library = |quiet: &[&str]| {
        out(&run(repository.path(), &[&["check", "--format", "github", "a b/shared"], quiet].concat()))
    };
    assert!(library(&[]).contains("::notice::`a b/shared/parts.policy` is a library"), "{}", library(&[]));
    assert_eq!(library(&["--quiet"]), "");
}

#[test]
fn a_file_outside_of_any_repository_is_known_by_where_it_lies() {
    let elsewhere = folder(&[("demo.policy", "policy")]);
    let path = fs::canonicalize(elsewhere.path().join("demo.policy")).unwrap();
    let here = folder(&[]);
    let log = valid_sarif(&out(&run(here.path(), &["check", "--format", "sarif", path.to_str().unwrap()])));
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], format!("file://{}", path.display()));
    assert_eq!(location.get("uriBaseId"), None);
    let inner = elsewhere.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let above = valid_sarif(&out(&run(&inner, &["check", "--format", "sarif", "../demo.policy"])));
    assert_eq!(above, log);
}

/// The formats for programs.
const FORMATS: [&str; 4] = ["json", "sarif", "github", "junit"];

#[test]
fn a_faulty_configuration_is_told_in_every_format() {
    let repository = repository();
    binary::put(repository.path(), "policyc.toml", "policy = [\".\"]\n");
    let below = repository.path().join("a b");
    for verb in ["check", "test"] {
        for format in FORMATS {
            let output = run(&below, &[verb, "--format", format]);
            assert_eq!(code(&output), 2, "{verb} {format}: {output:?}");
            let text = out(&output);
            assert!(text.contains("P0712") && text.contains("policyc.toml"), "{verb} {format}: {text}");
            match format {
                "junit" => valid_junit(&text),
                "sarif" => {
                    let log = valid_sarif(&text);
                    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
                    assert_eq!(place["uri"], "policyc.toml");
                }
                "github" => assert!(text.starts_with("::error file=policyc.toml,line=1"), "{text}"),
                _ => drop(serde_json::from_str::<Value>(&text).unwrap()),
            }
        }
        let people = run(&below, &[verb]);
        assert_eq!((code(&people), out(&people).as_str()), (2, ""));
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_in_every_format() {
    let repository = repository();
    let outside = folder(&[("a.policy", "SECRET")]);
    let link = repository.path().join("a b/e.policy");
    let put_link = |target: &Path| std::os::unix::fs::symlink(target, &link).unwrap();
    let told = |why: &str| {
        for (verb, format) in ["check", "test"].iter().flat_map(|verb| FORMATS.map(|format| (*verb, format))) {
            let output = run(repository.path(), &[verb, "--format", format]);
            assert_eq!(code(&output), 2, "{verb} {format}: {output:?}");
            let text = out(&output);
            assert!(text.contains("P0200") && text.contains(why), "{verb} {format}: {text}");
            match format {
                "junit" => valid_junit(&text),
                "sarif" => drop(valid_sarif(&text)),
                "github" => assert!(text.starts_with("::error title=P0200"), "{text}"),
                _ => drop(serde_json::from_str::<Value>(&text).unwrap()),
            }
            let people = run(repository.path(), &[verb]);
            assert_eq!((code(&people), out(&people).as_str()), (2, ""));
        }
    };
    binary::put(repository.path(), "policyc.toml", "policies = [\"nowhere\"]\n");
    told("there is no `nowhere`");
    binary::put(repository.path(), "policyc.toml", "policies = [\"a b\"]\n");
    put_link(&outside.path().join("a.policy"));
    told("leads out of the repository");
    fs::remove_file(&link).unwrap();
    put_link(Path::new("nothing"));
    told("there is no such file");
    fs::write(repository.path().join("policyc.toml"), b"policies = [\"\xff\"]\n").unwrap();
    told("is not written in UTF-8");
}

#[test]
fn tests_are_told_in_every_format() {
    let repository = repository();
    let mut seen = String::new();
    for format in ["github", "junit", "sarif"] {
        let output = run(repository.path(), &["test", "--format", format, "."]);
        assert_eq!(code(&output), 1, "{format}");
        match format {
            "junit" => valid_junit(&out(&output)),
            "sarif" => assert_eq!(valid_sarif(&out(&output))["runs"][0]["results"].as_array().unwrap().len(), 1),
            _ => {}
        }
        if format != "sarif" {
            seen.push_str(&shown(repository.path(), &["test", "--format", format, "."]));
        }
    }
    for format in ["github", "junit"] {
        let arguments = ["test", "--format", format, "--coverage", "--min", "90", "."];
        let output = run(repository.path(), &arguments);
        assert!(out(&output).contains(", less than 90%"), "{}", out(&output));
        if format == "junit" {
            valid_junit(&out(&output));
        }
    }
    binary::put(repository.path(), "broken.policy", "policy \"x\"\n\nlead\n  need  whole nmber\n");
    let junit = out(&run(repository.path(), &["test", "--format", "junit", "."]));
    valid_junit(&junit);
    assert!(junit.contains("<error type=\"P0"), "{junit}");
    insta::assert_snapshot!(seen);
}

#[test]
fn no_text_gives_commands_to_the_runner() {
    // Nobody but a person with bad intent writes such a policy.
    let text = "policy \"x ::set-output name=a::b\"\n\nlead\n  a%0A::error  yes or no\n  \"\r::add-mask::x\"  text\n\nn when \u{1b}[2J x\n";
    let name = "p,col=1\n::set-output name=a::b.policy";
    let repository = folder(&[(".git/HEAD", ""), (name, text), ("lib\n::add-mask::l.policy", "define a as b is 1\n")]);
    for arguments in [["check", "--format", "github", "."], ["test", "--format", "github", "."]] {
        let output = run(repository.path(), &arguments);
        assert_eq!(code(&output), 1);
        for line in out(&output).lines() {
            let command = line.strip_prefix("::");
            assert!(
                command.is_none_or(|c| ["error ", "warning ", "notice"].iter().any(|own| c.starts_with(own))),
                "{line}"
            );
            assert!(!line.contains('\r') && !line.contains('\u{1b}'), "{line:?}");
            if command.is_some_and(|c| c.contains("file=")) {
                assert!(line.contains("file=p%2Ccol=1%0A%3A%3Aset-output name=a%3A%3Ab.policy,line="), "{line}");
            }
        }
        assert!(!String::from_utf8_lossy(&output.stderr).lines().any(|line| line.trim_start().starts_with("::")));
    }
}

#[test]
#[cfg(unix)]
fn no_name_of_a_file_gives_commands_to_the_runner() {
    let long = format!("{} ::error file=x::pwned.policy", "x".repeat(60));
    let folder = folder(&[
        ("p/a\n::error file=x::pwned.policy", "policy  \"P\"\n"),
        (&format!("p/{long}"), "policy  \"P\"\n"),
        ("q/b.policy", ""),
    ]);
    // One that cannot be read, told in a line that has to be broken.
    let lost = format!("q/{long}");
    std::os::unix::fs::symlink("nowhere", folder.path().join(&lost)).unwrap();
    for verb in [
        &["check"][..],
        &["check", "--format", "github"],
        &["check", "--format", "junit"],
        &["fmt", "--check"],
        &["test"],
        &["test", "--format", "junit"],
        &["owners"],
        &["fmt"],
    ] {
        for path in ["p", &lost] {
            let output = run(folder.path(), &[verb, &[path]].concat());
            let all = [out(&output), String::from_utf8_lossy(&output.stderr).into_owned()].concat();
            assert!(!all.lines().any(|line| line.trim_start().starts_with("::error file=x")), "{verb:?}: {all}");
        }
    }
}

/// A runner reads standard error, too, and finds `##[command]` wherever it stands in a line.
#[test]
#[cfg(unix)]
fn all_that_is_said_to_a_runner_is_a_command_of_policyc() {
    let long = format!("{} ::add-mask::x ##[error]y", "x".repeat(80));
    let policy = "policy \"x\"\n\nlead\n  a  yes or no\n\ndecisions\n  n\n\notherwise n\n";
    let folder = folder(&[
        (".git/HEAD", ""),
        (&format!("p/{long}.policy"), policy),
        (&format!("q/\n{long}.policy"), "policy \"x\"\n"),
        (&format!("{long}.json"), "{"),
        ("faulty/.git/HEAD", ""),
        ("faulty/policyc.toml", "polices = 1\n"),
        ("lost/.git/HEAD", ""),
        ("lost/policyc.toml", &format!("policies = [\"{long}\"]\n")),
        ("none/.git/HEAD", ""),
    ]);
    let (known, dangling) = (format!("{long}.json"), format!("q/{long}"));
    std::os::unix::fs::symlink("nowhere", folder.path().join(&dangling)).unwrap();
    let proof = format!("{long}/proof");
    for (place, arguments, exit) in [
        (".", &["check", "p"][..], 0),
        (".", &["check", "q"], 1),
        (".", &["check", &dangling], 2),
        (".", &["check", "p", "--baseline", &known], 2),
        (".", &["check", "p", "--write-baseline", &proof], 2),
        (".", &["check", "p", "--proof", &proof], 2),
        (".", &["check", "p", "--write-baseline", &format!("{long}.new")], 0),
        (".", &["test", &dangling], 2),
        ("faulty", &["check"], 2),
        ("faulty", &["test"], 2),
        ("lost", &["check"], 2),
        ("none", &["check"], 2),
    ] {
        let output = run(&folder.path().join(place), &[arguments, &["--format", "github"]].concat());
        assert_eq!((code(&output), String::from_utf8_lossy(&output.stderr).as_ref()), (exit, ""), "{arguments:?}");
        let text = out(&output);
        let own = |line: &str| ["::error", "::warning ", "::notice"].iter().any(|command| line.starts_with(command));
        // What is no command is a count.
        let counts = |line: &str| line.chars().all(|c| c.is_alphanumeric() || " ,;".contains(c));
        assert!(text.lines().all(|line| own(line) || counts(line)), "{arguments:?}: {text}");
        // Why it could not work is said once.
        let errors = text.lines().filter(|line| line.starts_with("::error")).count();
        assert!(exit == 1 && errors > 1 || errors == usize::from(exit == 2), "{arguments:?}: {text}");
    }
}
