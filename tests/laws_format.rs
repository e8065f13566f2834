//! The formatter's laws: what it writes parses to the same tree and formats to itself, and no comment is lost.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing, missing_docs)]

mod support {
    pub(crate) mod ast_gen;
}

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use policyc::format::format;
use policyc::ir::print;
use policyc::lower::check;
use policyc::source::{Files, ReadError, SourceFile, SourceId};
use policyc::syntax::{Parsed, ast, parse};
use proptest::prelude::*;
use support::ast_gen;

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

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(250))]

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
static POLICIES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
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
    found.retain(|(_, text)| !text.is_empty() && parse_text(text).diagnostics.is_empty());
    found.sort();
    found
});

#[test]
fn the_texts_of_the_project_format_to_themselves_and_keep_their_comments() {
    assert!(!POLICIES.is_empty(), "nothing to test");
    for (path, text) in POLICIES.iter() {
        let once = format(&parse_text(text).file);
        let again = parse_text(&once);
        assert!(again.diagnostics.is_empty(), "{}: does not parse:\n{once}\n{:#?}", path.display(), again.diagnostics);
        assert_eq!(format(&again.file), once, "{}", path.display());
        assert_eq!(comments(&once), comments(text), "{}", path.display());
    }
}

/// What somebody does to the layout of a text.
#[derive(Debug, Clone, Copy)]
enum Edit {
    /// A comment behind a line.
    Behind,
    /// A comment on a line of its own below a line, so far in.
    Below(usize),
    /// A blank line below a line.
    Blank,
    /// A line is broken at one of its blanks.
    Break(usize),
    /// The same, with a comment behind the first half.
    BreakBehind(usize),
}

fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let edit = prop_oneof![
        Just(Edit::Behind),
        (0..4usize).prop_map(|steps| Edit::Below(steps * 2)),
        Just(Edit::Blank),
        any::<usize>().prop_map(Edit::Break),
        any::<usize>().prop_map(Edit::BreakBehind),
    ];
    proptest::collection::vec((any::<usize>(), edit), 1..12)
}

/// Does it, where the line is one that it can be done to.
fn edited(text: &str, edits: &[(usize, Edit)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (number, (at, edit)) in edits.iter().enumerate() {
        let at = at % lines.len();
        let line = lines[at].clone();
        let free = !line.contains('#');
        // Outside of texts, and not in the blanks at its start.
        let gaps: Vec<usize> = line
            .char_indices()
            .filter(|(i, c)| {
                *c == ' ' && line[..*i].matches('"').count().is_multiple_of(2) && !line[..*i].trim().is_empty()
            })
            .map(|(i, _)| i)
            .collect();
        match edit {
            Edit::Behind if free => lines[at] = format!("{line}   #c{number}"),
            Edit::Below(indent) => lines.insert(at + 1, format!("{}# c{number}", " ".repeat(*indent))),
            Edit::Blank => lines.insert(at + 1, String::new()),
            Edit::Break(gap) | Edit::BreakBehind(gap) if free && !gaps.is_empty() => {
                let (left, right) = line.split_at(gaps[gap % gaps.len()]);
                let comment = if matches!(edit, Edit::Break(_)) { String::new() } else { format!(" # c{number}") };
                lines[at] = format!("{left}{comment}");
                lines.insert(at + 1, format!("        {right}"));
            }
            Edit::Behind | Edit::Break(_) | Edit::BreakBehind(_) => {}
        }
    }
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn however_a_text_is_broken_and_commented_nothing_is_lost(which in any::<usize>(), edits in edits()) {
        let canonical = format(&tree(&POLICIES[which % POLICIES.len()].1)?);
        let text = edited(&canonical, &edits);
        let parsed = parse_text(&text);
        if parsed.diagnostics.is_empty() {
            let once = format(&parsed.file);
            prop_assert_eq!(code(&once), code(&canonical), "{}\n~~~~\n{}", text, once);
            prop_assert_eq!(comments(&once), comments(&text), "{}\n~~~~\n{}", text, once);
            prop_assert_eq!(format(&tree(&once)?), once, "{}", text);
        }
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
    for (path, _) in POLICIES.iter() {
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
    let mut comments: Vec<String> =
        text.lines().filter_map(|line| code_and_comment(line).1).map(str::to_owned).collect();
    comments.sort();
    comments
}

/// A text without its comments and without any blanks.
fn code(text: &str) -> String {
    text.lines().flat_map(|line| code_and_comment(line).0.chars()).filter(|c| !c.is_whitespace()).collect()
}

fn code_and_comment(line: &str) -> (&str, Option<&str>) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in line.char_indices() {
        match c {
            '#' if !quoted => return (&line[..at], Some(line[at + 1..].trim())),
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (line, None)
}
