//! `policyc check`: syntax, names and types of policies.

use std::path::{Path, PathBuf};

use clap::Args;
use policyc::analysis::proof::{self, Step};
use policyc::analysis::{Detail, Request};
use policyc::diagnostic::Severity;
use policyc::render::junit::{self, Suite};
use policyc::render::terminal::{Tone, count};
use policyc::render::{Batch, Tally, findings, json};
use policyc::versions;

use super::Exit;
use super::console::{Console, Stop};
use super::format::{Format, write_github, write_sarif};
use super::output::Output;
use super::policies::Run;
use super::triage::Counting;

/// Check policies: every fault in one run, with its place and what to type instead.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`. When absent, those that
    /// `policyc.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    counting: Counting,
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
    pub(super) format: Format,
}

/// Checks policies.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let form = |faulty: &Batch| json::text(&json::Check::of(&[faulty], 0));
    let settings = arguments.format.settings(form, console)?;
    let read = settings.policies(&arguments.paths).and_then(|given| Run::over(&given));
    let mut run = arguments.format.or_told(read, form, console)?;
    arguments.counting.refuse_overwriting(&run, &settings, &arguments.proof)?;
    run.compare_versions();
    let proofs = run.prove(arguments.proof.is_some(), |_| true);
    let Arguments { overlaps, missing, gaps, .. } = *arguments;
    // People are shown one lead for each rule, programs more.
    let (detail, leads) = match arguments.format {
        Format::Human | Format::Sarif | Format::Github | Format::Junit => (Detail::Short, 0),
        Format::Json => (Detail::Full, 1_000),
    };
    let request = Request { overlaps, leads, missing, gaps };
    run.answer(request, detail);
    let mut unasked = request.unasked();
    // Whoever looks at some files may not see the other versions of a policy.
    if !arguments.paths.iter().all(|path| path.is_dir()) {
        unasked.extend(versions::CODES);
    }
    let counted = arguments.counting.apply(&mut run, &settings, &unasked)?;
    if console.is_quiet() && arguments.format == Format::Human {
        let answers = Request::default().unasked();
        for batch in run.batches_mut() {
            batch.diagnostics.retain(|found| found.severity != Severity::Note || answers.contains(&found.code));
        }
    }
    let batches = run.batches();
    let tally = Tally::of(&batches);
    let notes: Vec<String> = run.notes().chain(counted.notes).collect();
    match arguments.format {
        Format::Json => Output::whole(None, &json::text(&json::Check::of(&batches, counted.known)))?,
        Format::Sarif => write_sarif(&batches)?,
        Format::Junit => {
            let suites: Vec<Suite> = batches.iter().map(|batch| Suite::of_findings(batch)).collect();
            Output::whole(None, &junit::report(&suites))?;
        }
        Format::Github => {
            write_github(&batches, console)?;
            sum_up(tally, counted.known, &run, "", console)?;
        }
        Format::Human => {
            console.print(&findings::human(&batches, console.out))?;
            sum_up(tally, counted.known, &run, "\n", console)?;
        }
    }
    if let Some(path) = &arguments.proof {
        write_proofs(path, &proofs, console)?;
    }
    notes.iter().for_each(|note| console.note(note));
    Ok(Exit::from(tally.errors > 0))
}

/// Says how much was found, `gap` below what was printed of it.
fn sum_up(tally: Tally, known: u64, run: &Run, gap: &str, console: &Console) -> Result<(), Stop> {
    let (nothing, known) = match known {
        0 => ("nothing found", String::new()),
        known => ("nothing new", format!("; {known} known")),
    };
    let (tone, words) = match (tally.sentence(), tally) {
        (None, _) => (Tone::Good, format!("{nothing} in {}", run.looked_at())),
        (Some(sentence), Tally { errors: 1.., .. }) => (Tone::Bad, sentence),
        (Some(sentence), Tally { warnings: 1.., .. }) => (Tone::Warning, sentence),
        (Some(sentence), _) => (Tone::Good, sentence),
    };
    let gap = if tally == Tally::default() { "" } else { gap };
    console.sum_up(&format!("{gap}{}{known}", console.out.paint(tone, &words)))
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
