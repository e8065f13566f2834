//! Every policy of docs/language.md and README.md, run. What a block is, its info string says:
//!
//! - `policy`: a whole policy, which checks with no finding and whose tests pass;
//! - `policy surroundings`: the start of a policy that the fragments below it go into;
//! - `policy lead`: fields of a lead; `policy rules`: statements; `policy condition`: conditions, one a line;
//! - `policy PATH` and `csv PATH`: a library and a file that later blocks name;
//! - any of these with `wrong P0301`: gives exactly this finding.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;

use policyc::diagnostic::{Batch, Code};
use policyc::triage;
use policyc::{analysis, lower, testing};

#[test]
fn every_example_of_the_reference_is_what_it_says() {
    let (faults, wrong) = run(include_str!("../docs/language.md"));
    assert!(faults.is_empty(), "{} examples are not what the page says\n\n{}", faults.len(), faults.join("\n"));
    assert!(wrong > 5, "the page has lost its wrong examples");
}

#[test]
fn the_policy_of_the_readme_works() {
    let (faults, _) = run(include_str!("../README.md"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Runs the examples of a page: what is not as it says, and how many examples are wrong on purpose.
fn run(page: &str) -> (Vec<String>, usize) {
    let mut files = HashMap::new();
    let mut surroundings = String::new();
    let mut faults = Vec::new();
    let mut wrong = 0;
    for block in blocks(page) {
        let words: Vec<&str> = block.info.split_whitespace().collect();
        let (words, code) = match words[..] {
            [ref words @ .., "wrong", code] => (words.to_vec(), Some(code)),
            _ => (words, None),
        };
        let policies = match words[..] {
            ["policy", "surroundings"] => {
                surroundings = format!("{}\n", block.text);
                vec![format!("{surroundings}otherwise nurture\n")]
            }
            ["policy"] => vec![block.text.clone()],
            ["policy", "lead"] => {
                vec![format!("policy \"T\"\n\nlead\n{}\ndecisions\n  nurture\n\notherwise nurture\n", block.text)]
            }
            ["policy", "rules"] => vec![format!("{surroundings}{}\notherwise nurture\n", block.text)],
            ["policy", "condition"] => {
                let policy = |line| format!("{surroundings}pass to sales when {line}\n\notherwise nurture\n");
                block.text.lines().map(policy).collect()
            }
            ["policy" | "csv", path] => {
                files.insert(path.to_owned(), block.text.clone());
                continue;
            }
            ["sh" | "console"] => continue,
            _ => panic!("line {}: no example is called `{}`", block.line, block.info),
        };
        wrong += usize::from(code.is_some());
        let whole = words == ["policy"];
        for policy in policies {
            let mut found = findings(&policy, &files);
            // No fragment gives all decisions of its surroundings.
            found.retain(|(code, _)| whole || code != "P0220");
            if found.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>() != Vec::from_iter(code) {
                faults.push(format!("line {}, `{}`: {found:#?}\n{policy}", block.line, block.info));
            }
        }
    }
    (faults, wrong)
}

/// What is found in a policy: code and message of each finding of `check`, else of its tests.
fn findings(policy: &str, files: &HashMap<String, String>) -> Vec<(String, String)> {
    let mut files = files.clone();
    files.insert("example.policy".to_owned(), policy.to_owned());
    let checked = lower::check("example.policy", &files);
    let failed = checked.policy.iter().flat_map(testing::run).flat_map(|test| test.findings);
    // Of what is proved, only what is said of leads: a fragment need not make a whole agreement.
    let proved = checked.policy.iter().flat_map(|policy| {
        let verdicts = analysis::verdicts(policy);
        analysis::findings(policy, &checked.sources, &verdicts, &checked.diagnostics)
    });
    let allows = policy.contains("# allow");
    let of_leads = proved.filter(|d| allows || [Code::P0384, Code::P0433].contains(&d.code));
    let diagnostics = checked.diagnostics.iter().cloned().chain(of_leads).chain(failed).collect();
    let settled = checked.policy.iter().flat_map(|_| checked.sources.iter()).map(|file| file.home.clone()).collect();
    let mut batch = Batch { sources: checked.sources.clone(), diagnostics };
    triage::allow(&mut [&mut batch], &settled, &[]);
    batch.diagnostics.into_iter().map(|d| (d.code.name().to_owned(), d.message)).collect()
}

/// A fenced block of a page.
struct Block {
    line: usize,
    info: String,
    text: String,
}

/// The fenced blocks that have an info string.
fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```");
        let text = text.map(|line| format!("{line}\n")).collect();
        blocks.push(Block { line: number, info: info.to_owned(), text });
    }
    blocks
}
