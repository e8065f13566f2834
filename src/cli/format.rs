//! How findings are written: for people, for programs, and for CI.

use clap::ValueEnum;
use policyc::render::{Batch, github, sarif};

use super::console::{Console, Stop};
use super::output::Output;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Sarif,
    Github,
    Junit,
}

/// Writes findings as SARIF.
pub(super) fn write_sarif(batches: &[&Batch]) -> Result<(), Stop> {
    Output::whole(None, &sarif::log(batches))
}

/// Writes findings as workflow commands of GitHub, notes as well: their words, too, must not be taken for commands.
pub(super) fn write_github(batches: &[&Batch], notes: &[String], console: &Console) -> Result<(), Stop> {
    console.print(&github::annotations(batches))?;
    notes.iter().try_for_each(|note| console.sum_up(github::notice(note).trim_end()))
}
