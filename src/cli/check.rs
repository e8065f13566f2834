//! `policyc check`: syntax, names and types of policies.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::analysis::proof::{self, Step};
use policyc::analysis::{Detail, Request};
use policyc::render::terminal::{Tone, count};
use policyc::render::{Tally, findings, json};

use super::Exit;
use super::console::{Console, Stop};
use super::output::{Output, refuse_overwriting};
use super::policies::Run;

/// Check policies: every fault in one run, with its place and what to type instead.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Fail when there are warnings, too.
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Write the proofs to this file, line by line, and follow them with a checker that shares nothing with the solver.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Show which rules with different decisions meet in one lead, so that their order decides.
    #[arg(long)]
    overlaps: bool,
    /// Show for each value that may be missing which rules wait for it, and what leads get without it.
    #[arg(long)]
    missing: bool,
    /// Show leads that no rule takes although nothing of them is missing.
    #[arg(long)]
    gaps: bool,
    /// How findings are written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// What else fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
}

/// Checks policies.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let mut run = Run::over(&arguments.paths)?;
    run.compare_versions();
    let proofs = run.prove(arguments.proof.is_some());
    let Arguments { overlaps, missing, gaps, .. } = *arguments;
    // People are shown one lead for each rule, programs more.
    let (detail, leads) = match arguments.format {
        Format::Human => (Detail::Short, 0),
        Format::Json => (Detail::Full, 1_000),
    };
    run.answer(Request { overlaps, leads, missing, gaps }, detail);
    let batches = run.batches();
    let tally = Tally::of(&batches);
    match arguments.format {
        Format::Json => Output::whole(None, &json::text(&json::Check::of(&batches)))?,
        Format::Human => {
            console.print(&findings::human(&batches, console.out))?;
            match tally.sentence() {
                Some(sentence) => {
                    let tone = match tally {
                        Tally { errors: 1.., .. } => Tone::Bad,
                        Tally { warnings: 1.., .. } => Tone::Warning,
                        _ => Tone::Good,
                    };
                    console.sum_up(&format!("\n{}", console.out.paint(tone, &sentence)))?;
                }
                None => {
                    let nothing = console.out.paint(Tone::Good, "nothing found");
                    console.sum_up(&format!("{nothing} in {}", run.looked_at()))?;
                }
            }
        }
    }
    if let Some(path) = &arguments.proof {
        refuse_overwriting(run.policies.iter().flat_map(|read| &read.files), [path])?;
        write_proofs(path, &proofs, console)?;
    }
    run.notes().for_each(|note| console.note(&note));
    Ok(Exit::from(tally.errors > 0 || arguments.deny == Some(Deny::Warnings) && tally.warnings > 0))
}

/// Writes what was proved, and follows it with the checker.
fn write_proofs(path: &Path, proofs: &[Vec<Step>], console: &Console) -> Result<(), Stop> {
    let proofs: Vec<&[Step]> = proofs.iter().map(Vec::as_slice).collect();
    let text: String = proof::joined(&proofs).iter().map(Step::to_string).collect();
    Output::whole(Some(path), &text)?;
    let shown = path.display();
    let accepted = proof::check(&text).map_err(|fault| {
        Stop::because(format!("the proof in `{shown}` does not hold: {fault}; this is a fault of policyc"))
    })?;
    console.note(&format!(
        "`{shown}` proves {}, with {}: the checker accepts all of it",
        count(accepted.queries as u64, "impossible case"),
        count(accepted.lemmas as u64, "lemma"),
    ));
    Ok(())
}
