//! `policyc test`: runs the `test` blocks of policies, and says what they show.

mod generate;

use std::path::PathBuf;

use clap::Args;
use policyc::diagnostic::any_error;
use policyc::render::coverage::{self, Covered};
use policyc::render::terminal::Tone;
use policyc::render::{Batch, Tally, findings, json};
use policyc::testing::{self, coverage::Coverage};

use super::Exit;
use super::check::Format;
use super::console::{Console, Stop};
use super::output::Output;
use super::place::Place;
use super::policies::{Read, Run};

/// Run the tests that stand in policies.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say which rules never decide in a test, which conditions are never true, false or unknown, and which thresholds are tried on
    /// one side only, or from afar.
    #[arg(long)]
    coverage: bool,
    /// Fail when the tests of a policy show less of it than so many percent.
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = clap::value_parser!(u8).range(..=100))]
    min: Option<u8>,
    /// Write tests for what `--coverage` misses, ready to be pasted, each with what is decided today.
    #[arg(long, conflicts_with_all = ["coverage", "format"])]
    generate: bool,
    /// Put them at the end of the policy's file instead; what stands there is left as it is.
    #[arg(long, requires = "generate")]
    append: bool,
    /// How results are written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// Runs the tests of every policy that checks; shows the findings of every other.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let run = Run::over(&arguments.paths)?;
    if let Some(read) = run.policies.iter().find(|read| arguments.append && matches!(read.place, Place::Commit(_))) {
        return Err(Stop::because(format!(
            "`{}` is in a commit, which stays as it is: leave `--append` out",
            read.name()
        )));
    }
    if arguments.generate {
        return generate::run(&run, arguments.append, console);
    }
    let mut tests = Vec::new();
    let mut shown = Vec::new();
    let mut covered = Vec::new();
    for Read { policy, batch, .. } in &run.policies {
        let Some(policy) = policy else {
            shown.push(batch.clone());
            continue;
        };
        let outcomes = testing::run(policy);
        tests.extend(outcomes.iter().map(|outcome| json::Test::of(&batch.sources, outcome)));
        let failures = outcomes.into_iter().flat_map(|outcome| outcome.findings).collect();
        shown.push(Batch { sources: batch.sources.clone(), diagnostics: failures });
        if arguments.coverage {
            covered.push(Covered { sources: batch.sources.clone(), coverage: Coverage::of(policy) });
        }
    }
    let faulty = run.unused.iter().map(|r| &r.batch).filter(|b| any_error(&b.diagnostics));
    shown.extend(faulty.clone().cloned());
    let unchecked: Vec<&Batch> =
        run.policies.iter().filter(|r| r.policy.is_none()).map(|r| &r.batch).chain(faulty).collect();
    let failed = tests.iter().filter(|test| !test.passed()).count();
    let passed = tests.len() - failed;
    let least = arguments.min.map(usize::from);
    match arguments.format {
        Format::Json => {
            let form = json::Tests::of(tests, &unchecked);
            let form = if arguments.coverage { form.with_coverage(&covered) } else { form };
            Output::whole(None, &json::text(&form))?;
        }
        Format::Human => {
            let findings = findings::human(&shown.iter().collect::<Vec<_>>(), console.out);
            let gap = if findings.is_empty() { "" } else { "\n" };
            console.print(&findings)?;
            let tone = if failed > 0 { Tone::Bad } else { Tone::Good };
            let counts = match passed + failed {
                0 if unchecked.is_empty() => "there are no tests".to_owned(),
                _ => format!("{passed} passed, {failed} failed"),
            };
            let counts = console.out.paint(tone, &counts);
            console.sum_up(&format!("{gap}{counts}"))?;
            if let Some(sentence) = Tally::of(&unchecked).sentence() {
                console.sum_up(&format!("{sentence}: the tests of these policies were not run"))?;
            }
            if arguments.coverage {
                console.sum_up("")?;
            }
            let texts: Vec<String> = covered.iter().map(|c| coverage::human(c, least, console.out)).collect();
            console.print(&texts.join("\n"))?;
        }
    }
    let low = least.is_some_and(|least| covered.iter().any(|covered| !covered.reaches(least)));
    Ok(Exit::from(failed > 0 || !unchecked.is_empty() || low))
}
