//! The formatter's laws: what it writes parses to the same tree and formats to itself, and no comment is lost.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, missing_docs)]

#[path = "support/ast_gen.rs"]
mod ast_gen;

use std::path::{Path, PathBuf};

use policyc::format::format;
use policyc::ir::print;
use policyc::lower::check;
use policyc::source::{Files, ReadError, SourceFile, SourceId};
use policyc::syntax::{Parsed, ast, parse};
use proptest::prelude::*;

fn parse_text(text: &str) -> Parsed {
    parse(&SourceFile::new(SourceId(0), "a.policy", text))
}

/// The tree of a text without faults.
fn tree(text: &str) -> Result<ast::File, TestCaseError> {
    let Parsed { file, diagnostics } = parse_text(text);
    prop_assert!(diagnostics.is_empty(), "does not parse:\n{text}\n{diagnostics:#?}");
    Ok(file)
}

/// A tree that is shown as its text: its own form is too long to read.
struct Sample(ast::File);

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the tree of\n{}", format(&self.0))
    }
}

fn samples() -> impl Strategy<Value = Sample> {
    ast_gen::files().prop_map(Sample)
}

/// The lines around the first difference of two trees.
fn difference(left: &ast::File, right: &ast::File) -> String {
    // Without the places, each of which takes ten lines.
    let lines = |file: &ast::File| {
        let mut skipped_to = None;
        let mut told = Vec::new();
        for line in format!("{file:#?}").lines() {
            match &skipped_to {
                Some(end) if line == end => skipped_to = None,
                Some(_) => {}
                None if line.ends_with("loc: Loc(") => skipped_to = Some(line.replace("loc: Loc(", "),")),
                None => told.push(line.to_owned()),
            }
        }
        told
    };
    let (left, right) = (lines(left), lines(right));
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let near =
        |lines: Vec<String>| lines.into_iter().skip(same.saturating_sub(8)).take(24).collect::<Vec<_>>().join("\n");
    format!("{}\n~~~~ instead of\n{}", near(left), near(right))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_parses_to_the_same_tree(Sample(file) in samples()) {
        let text = format(&file);
        let back = tree(&text)?;
        prop_assert!(back == file, "another tree:\n{text}\n{}", difference(&back, &file));
    }

    #[test]
    fn what_is_written_is_canonical(Sample(file) in samples()) {
        let text = format(&file);
        prop_assert_eq!(format(&tree(&text)?), text);
    }

    #[test]
    fn lines_end_cleanly(Sample(file) in samples()) {
        let text = format(&file);
        prop_assert!(!text.contains("\n\n\n"), "two empty lines:\n{text}");
        prop_assert!(!text.starts_with('\n') && !text.ends_with("\n\n"), "an empty line at an end:\n{text}");
        prop_assert!(text.lines().all(|line| line.trim_end() == line), "a blank at the end of a line:\n{text}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All policies of the project that have no syntax error.
fn policies() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "policy") {
                found.extend(std::fs::read_to_string(&path).ok().map(|text| (path, text)));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("policies"), &mut found);
    walk(&root().join("tests"), &mut found);
    found.retain(|(_, text)| parse_text(text).diagnostics.is_empty());
    found
}

#[test]
fn the_texts_of_the_project_format_to_themselves_and_keep_their_comments() {
    let policies = policies();
    assert!(!policies.is_empty(), "nothing to test");
    for (path, text) in policies {
        let once = format(&parse_text(&text).file);
        let again = parse_text(&once);
        assert!(again.diagnostics.is_empty(), "{}: does not parse:\n{once}\n{:#?}", path.display(), again.diagnostics);
        assert_eq!(format(&again.file), once, "{}", path.display());
        assert_eq!(comments(&once), comments(&text), "{}", path.display());
    }
}

/// The project's files, the policies among them in canonical layout or as they are.
struct Root {
    formatted: bool,
}

impl Files for Root {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = std::fs::read(root().join(path)).map_err(|_| ReadError::NotFound)?;
        let text = String::from_utf8(bytes.clone()).ok().filter(|_| self.formatted && path.ends_with(".policy"));
        let parsed = text.map(|text| parse_text(&text)).filter(|parsed| parsed.diagnostics.is_empty());
        Ok(parsed.map_or(bytes, |parsed| format(&parsed.file).into_bytes()))
    }
}

#[test]
fn a_policy_means_the_same_in_canonical_layout() {
    for (path, _) in policies() {
        let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let meaning = |formatted| {
            let checked = check(&path, &Root { formatted });
            let findings = checked.diagnostics.iter().map(|d| (d.code, d.message.clone())).collect::<Vec<_>>();
            (checked.policy.as_ref().map(print::policy), findings)
        };
        assert_eq!(meaning(true), meaning(false), "{path}");
    }
}

/// The comments of a text, sorted, found without the parser.
fn comments(text: &str) -> Vec<String> {
    let comment = |line: &str| {
        let (mut quoted, mut escaped) = (false, false);
        let at = line.char_indices().find(|(_, c)| {
            match c {
                '#' if !quoted => return true,
                '"' if !escaped => quoted = !quoted,
                _ => {}
            }
            escaped = *c == '\\' && !escaped;
            false
        });
        at.map(|(at, _)| line[at + 1..].trim().to_owned())
    };
    let mut comments: Vec<String> = text.lines().filter_map(comment).collect();
    comments.sort();
    comments
}
