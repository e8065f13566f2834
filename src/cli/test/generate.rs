//! `policyc test --generate`: tests for what those of a policy do not show yet.

use std::fs;
use std::path::Path;

use policyc::diagnostic::any_error;
use policyc::format::{format, line_end};
use policyc::ir::{Policy, print};
use policyc::render::terminal::clean;
use policyc::render::{Batch, Tally, findings};
use policyc::source::{SourceFile, SourceId};
use policyc::syntax::parse;
use policyc::testing::generate::{Generated, generate};

use super::super::Exit;
use super::super::console::{Console, Stop};
use super::super::disk::io_words;
use super::super::output::Output;
use super::super::policies::Run;

/// Writes tests for every policy that checks; shows the findings of every other.
pub(super) fn run(run: &Run, append: bool, console: &Console) -> Result<Exit, Stop> {
    let faulty = run.unused.iter().map(|r| &r.batch).filter(|b| any_error(&b.diagnostics));
    let unchecked: Vec<&Batch> =
        run.policies.iter().filter(|r| r.policy.is_none()).map(|r| &r.batch).chain(faulty).collect();
    let mut printed = Vec::new();
    for read in &run.policies {
        let Some(policy) = &read.policy else { continue };
        let generated = generate(policy);
        let name = read.name();
        if !generated.tests.is_empty() {
            let text = canonical(policy, &generated)?;
            match read.files.first().filter(|_| append) {
                Some(file) => add(file, name, &text)?,
                None if run.policies.len() > 1 => printed.push(format!("# {}\n\n{text}", clean(name))),
                None => printed.push(text),
            }
        }
        sum_up(name, &generated, append, console);
    }
    Output::whole(None, &printed.join("\n"))?;
    console.tell(&findings::human(&unchecked, console.err));
    if let Some(sentence) = Tally::of(&unchecked).sentence() {
        console.tell(&format!("\n{sentence}: no tests were written for these policies\n"));
    }
    Ok(Exit::from(!unchecked.is_empty()))
}

/// Says how much the tests show now.
fn sum_up(name: &str, generated: &Generated, append: bool, console: &Console) {
    let Generated { tests, shown: [before, after], left, stopped } = generated;
    let all = after + left.len();
    let added = if append { " added" } else { "" };
    let things = |count: usize| if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
    let all_of = if left.is_empty() { format!("all {}", things(all)) } else { format!("{after} of {}", things(all)) };
    let were = if *before == 1 { "was" } else { "were" };
    let tests = match tests.len() {
        0 if left.is_empty() => format!("no test is missing: its tests show {all_of} to be shown"),
        0 => format!("no test was found: its tests show {all_of} to be shown"),
        1 => format!("1 test{added}: with it, {all_of} to be shown are shown; before, {before} {were}"),
        n => format!("{n} tests{added}: with them, {all_of} to be shown are shown; before, {before} {were}"),
    };
    console.summary(&format!("{}: {tests}\n", clean(name)));
    if let Some(first) = left.first() {
        let more = if left.len() > 1 { format!(" and {} more", left.len() - 1) } else { String::new() };
        let within = first.within.as_ref().map(|within| format!(" of {within}")).unwrap_or_default();
        let why = if *stopped { "there was too much to look at" } else { "neither a lead nor a proof was found" };
        console.note(&format!("{why}: nothing shows `{}`{within}{more}", first.subject));
    }
}

/// The tests in canonical layout.
fn canonical(policy: &Policy, generated: &Generated) -> Result<String, Stop> {
    let tests: Vec<String> = generated.tests.iter().map(|test| print::test(policy, test)).collect();
    let parsed = parse(&SourceFile::new(SourceId(0), "", tests.join("\n").as_str()));
    if any_error(&parsed.diagnostics) {
        return Err(Stop::because("the tests cannot be read back; that is a fault of policyc"));
    }
    Ok(format(&parsed.file))
}

/// Puts tests at the end of a policy's file, and leaves what stands there as it is.
fn add(file: &Path, name: &str, tests: &str) -> Result<(), Stop> {
    let text =
        fs::read_to_string(file).map_err(|e| Stop::because(format!("cannot read `{name}`: {}", io_words(&e))))?;
    let longer = appended(&text, tests);
    if any_error(&parse(&SourceFile::new(SourceId(0), "", longer.as_str())).diagnostics) {
        return Err(Stop::because(format!(
            "`{name}` could not be read with the tests; that is a fault of policyc, and the file is left as it is"
        )));
    }
    Output::whole(Some(file), &longer)
}

/// A text with tests behind a blank line, its line ends kept.
fn appended(text: &str, tests: &str) -> String {
    let end = line_end(text);
    format!("{}{end}{end}{}", text.trim_end(), tests.replace('\n', end))
}
