//! Every code has a page that keeps its word: what is wrong there has exactly this code, what is right has no finding.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::HashMap;
use std::io::Cursor;

use policyc::analysis::{Detail, Request, answers, notes};
use policyc::diagnostic::{Code, Diagnostic};
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::{Format, Reader, Row};
use policyc::lower::check;
use policyc::render::findings::human;
use policyc::render::{Batch, Look};
use policyc::source::Sources;
use policyc::testing;
use policyc::triage;
use policyc::versions::{self, Version};

/// A part of a page: its blocks by name. The policy that is checked is called `policy`.
type Blocks = HashMap<String, String>;

/// The blocks below `## Wrong` and below `## Right`; none when the page has no such parts.
fn examples(page: &str) -> Option<(Blocks, Blocks)> {
    let (_, rest) = page.split_once("\n## Wrong\n")?;
    let (wrong, right) = rest.split_once("\n## Right\n")?;
    Some((blocks(wrong), blocks(right)))
}

/// The fenced blocks of a Markdown text; one with a file's name behind its language goes by that.
fn blocks(markdown: &str) -> Blocks {
    let mut blocks = Blocks::new();
    let mut open: Option<(String, String)> = None;
    for line in markdown.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                let name = info.split_once(' ').map_or(info, |(_, file)| file);
                open = Some((name.to_owned(), String::new()));
            }
            (Some(_), Some(_)) => {
                let (name, text) = open.take().unwrap();
                let twice = blocks.insert(name, text);
                assert!(twice.is_none(), "two blocks of one name: {markdown}");
            }
            (None, Some((_, text))) => text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block does not end: {markdown}");
    blocks
}

/// All codes that an example gives: of the policy, of its tests, and of its leads when there are any; and the words. What is told only
/// when it is `asked` is asked for the code that tells it.
fn findings(code: Code, blocks: &Blocks, asked: bool) -> (Vec<Code>, String) {
    // These two are about repeated ids, which are looked for only when asked.
    let unique = matches!(code, Code::P0622 | Code::P0623);
    if let Some(text) = blocks.get(policyc::config::NAME) {
        let mut sources = Sources::default();
        let id = sources.add(policyc::config::NAME, text.as_str(), None);
        let (_, diagnostics) = policyc::config::read(sources.get(id).unwrap());
        let codes = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        return (codes, human(&[&Batch { sources, diagnostics }], Look::PLAIN));
    }
    assert!(blocks.contains_key("policy"), "no block ```policy: {:?}", blocks.keys());
    let checked = check("policy", blocks);
    let mut diagnostics = checked.diagnostics;
    let mut problems = Vec::new();
    if let Some(policy) = &checked.policy {
        let verdicts = policyc::analysis::verdicts(policy);
        let found = policyc::analysis::findings(policy, &checked.sources, &verdicts, &diagnostics);
        diagnostics.extend(found);
        let request = Request {
            overlaps: asked && code == Code::P0431,
            leads: 0,
            missing: asked && code == Code::P0432,
            gaps: asked && code == Code::P0435,
        };
        diagnostics.extend(notes(policy, &answers(policy, request), Detail::Short));
        diagnostics.extend(testing::impossible(policy));
        diagnostics.extend(versions_of(policy, blocks));
        diagnostics.extend(testing::run(policy).into_iter().flat_map(|outcome| outcome.findings));
        let evaluator = Evaluator::new(policy, jiff::Timestamp::UNIX_EPOCH);
        for (name, text) in blocks.iter().filter(|(name, _)| !name.ends_with("policy") && name.starts_with("leads")) {
            let (faults, rejected) = rejects(&evaluator, name, text, unique);
            diagnostics.extend(faults);
            problems.extend(rejected);
        }
    }
    let settled = checked.policy.iter().flat_map(|_| checked.sources.iter()).map(|file| file.home.clone()).collect();
    let mut batch = Batch { sources: checked.sources, diagnostics };
    triage::allow(&mut [&mut batch], &settled, &Request::default().unasked());
    let codes = batch.diagnostics.iter().map(|d| d.code).chain(problems.iter().map(|(code, _)| *code)).collect();
    let words: String = problems.iter().map(|(code, words)| format!("{} {words}\n", code.name())).collect();
    (codes, human(&[&batch], Look::PLAIN) + &words)
}

/// What is wrong with the days of a policy and of its other versions among the blocks.
fn versions_of(policy: &Policy, blocks: &Blocks) -> Vec<Diagnostic> {
    let mut others: Vec<(&String, Policy)> = blocks
        .keys()
        .filter(|name| name.ends_with(".policy"))
        .filter_map(|name| Some((name, check(name, blocks).policy?)))
        .filter(|(_, other)| versions::look(&other.title) == versions::look(&policy.title))
        .collect();
    others.sort_by_key(|(name, _)| *name);
    let this = Version { name: "policy", policy };
    let others = others.iter().map(|(name, policy)| Version { name, policy });
    let versions: Vec<Version<'_>> = std::iter::once(this).chain(others).collect();
    versions::findings(&versions).into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// What is wrong with leads: with the whole file, and with its rows.
fn rejects(evaluator: &Evaluator<'_>, name: &str, text: &str, unique: bool) -> (Vec<Diagnostic>, Vec<(Code, String)>) {
    let format = match name.rsplit_once('.').unwrap().1 {
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        "ndjson" => Format::Ndjson,
        "json" => Format::Json,
        other => panic!("leads in a `.{other}` file?"),
    };
    let input = Box::new(Cursor::new(text.to_owned().into_bytes()));
    let opened = Reader::open(evaluator, input, format, false);
    let reader = match opened.and_then(|r| if unique { r.unique().map_err(|fault| vec![fault]) } else { Ok(r) }) {
        Ok(reader) => reader,
        Err(faults) => return (faults, Vec::new()),
    };
    let (mut faults, mut problems) = (Vec::new(), Vec::new());
    for row in reader {
        match row {
            Ok(Row::Lead { .. }) => {}
            Ok(Row::Rejected(reject)) => problems.extend(reject.problems.into_iter().map(|p| (p.code, p.message))),
            Err(fault) => faults.push(fault),
        }
    }
    (faults, problems)
}

#[test]
fn every_page_has_its_title() {
    for code in Code::ALL {
        let first = code.page().lines().next().unwrap();
        assert!(first.starts_with(&format!("# {}: ", code.name())), "{first}");
        let title = code.title();
        assert!(
            !title.ends_with('.') && title.len() < 80,
            "{}: a title is short and has no period: {title}",
            code.name()
        );
    }
}

#[test]
fn what_a_page_calls_wrong_has_its_code_and_nothing_else_and_what_it_calls_right_has_no_finding() {
    let mut broken = String::new();
    // A policy that takes minutes is no example.
    for code in Code::ALL.iter().filter(|code| **code != Code::P0424) {
        let Some((wrong, right)) = examples(code.page()) else {
            broken.push_str(&format!("--- {} lacks `## Wrong` or `## Right`\n", code.name()));
            continue;
        };
        let (codes, words) = findings(*code, &wrong, true);
        if codes.is_empty() || codes.iter().any(|c| c != code) {
            broken.push_str(&format!("--- what is wrong for {} gives {codes:?}\n{words}\n", code.name()));
        }
        // An `otherwise` is always left something, or there would be none.
        let (codes, words) = findings(*code, &right, *code != Code::P0435);
        if !codes.is_empty() {
            broken.push_str(&format!("--- what is right for {} gives {codes:?}\n{words}\n", code.name()));
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn a_code_is_found_in_any_case() {
    assert_eq!(Code::find("p0101"), Some(Code::P0101));
    assert_eq!(Code::find("P9999"), None);
}
