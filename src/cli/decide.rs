//! `policyc decide`: a decision for every lead.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use policyc::eval::Evaluator;
use policyc::ir::{Id, Policy};
use policyc::leads::{Packing, Row, TableWriter};
use policyc::render::terminal::{count, grouped, share};
use unicode_width::UnicodeWidthStr;

use super::Exit;
use super::as_of::AsOf;
use super::columns::Columns;
use super::console::{Console, Stop};
use super::leads::Leads;
use super::output::{Output, format_of, refuse_overwriting};
use super::policies::Read;
use super::rejects::Rejects;

/// Decide every lead: one row out for each row in, or a row among the rejects.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    #[command(flatten)]
    leads: Leads,
    #[command(flatten)]
    as_of: AsOf,
    /// Show the values of personal fields instead of `•••`.
    #[arg(long)]
    show_personal: bool,
    /// Where decisions go: a `.csv`, `.tsv`, `.ndjson`, `.json` or `.parquet` file (packed when `.gz` or `.zst` stands behind),
    /// which appears whole or not at all; as CSV to standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where the rows go that do not fit the policy's `lead` block: a file with the columns row, lead, column, value,
    /// problem. When absent, beside the output (`out.rejects.csv` beside `out.csv`); without an output file, the first few
    /// are told on standard error.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Succeed although rows were rejected.
    #[arg(long)]
    allow_rejects: bool,
    /// Reject the later rows of a repeated id, too.
    #[arg(long)]
    unique: bool,
    /// Add a column for each score and each grade, and one for the stage.
    #[arg(long)]
    scores: bool,
    /// Add a column with the fields whose absence left a rule above the deciding one unknown.
    #[arg(long)]
    unknown: bool,
}

/// Decides all leads.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let rejects = arguments.rejects.clone().or_else(|| beside(arguments.output.as_deref()?));
    let format = format_of(arguments.output.as_deref())?;
    let (read, policy) = Read::policy(&arguments.policy, console)?;
    let inputs = read.files.iter().chain([&arguments.leads.path]);
    refuse_overwriting(inputs, arguments.output.iter().chain(&rejects))?;
    let moment = arguments.as_of.moment(&policy)?;
    let evaluator = Evaluator::new(&policy, moment.instant);
    let stop = |diagnostic| arguments.leads.stop(vec![diagnostic], read.batch.sources.clone(), console);
    let mut leads = arguments.leads.open(&evaluator, arguments.show_personal, &read, console)?;
    if arguments.unique {
        leads = leads.unique().map_err(stop)?;
    }
    let columns = Columns { scores: arguments.scores, unknown: arguments.unknown };
    let output = Output::open(arguments.output.as_deref())?;
    let mut rejects = Rejects::open(rejects, arguments.rejects.is_some())?;
    let written = |e| Stop::writing("the decisions", &e);
    let mut table = TableWriter::new(output, format, &columns.of(&policy)).map_err(written)?;
    let mut decided = vec![0_u64; policy.decisions.len()];
    for row in leads.by_ref() {
        match row.map_err(stop)? {
            Row::Rejected(reject) => rejects.put(&reject)?,
            Row::Lead { name, lead, .. } => {
                let decision = columns.put(&mut table, &name, &evaluator.on(&lead)).map_err(written)?;
                if let Some(n) = decided.get_mut(decision.position()) {
                    *n += 1;
                }
            }
        }
    }
    rejects.finish()?;
    table.finish().map_err(written)?.finish()?;
    console.summary(&format!("{}\n{}", moment.sentence, decisions(&policy, &decided, rejects.rows())));
    rejects.tell(console);
    leads.notices().iter().chain(&moment.note).for_each(|note| console.note(note));
    Ok(Exit::from(rejects.rows() > 0 && !arguments.allow_rejects))
}

/// The balance of rows, and how many leads each decision has.
fn decisions(policy: &Policy, decided: &[u64], rejected: u64) -> String {
    let total: u64 = decided.iter().sum();
    let rows = count(total + rejected, "row");
    let mut text = format!("{rows} in = {} decided + {} rejected\n", grouped(total), grouped(rejected));
    let phrases: Vec<&str> = policy.decisions.iter().map(|(_, d)| d.phrase.as_str()).collect();
    let numbers: Vec<String> = decided.iter().map(|n| grouped(*n)).collect();
    let width = phrases.iter().map(|p| p.width()).max().unwrap_or(0);
    let digits = numbers.iter().map(String::len).max().unwrap_or(0);
    for ((phrase, number), n) in phrases.iter().zip(&numbers).zip(decided) {
        let pad = width - phrase.width();
        text.push_str(&format!("  {phrase}{:pad$}  {number:>digits$}  {:>6}\n", "", share(*n, total)));
    }
    text
}

/// Where rejects go when nobody says it: beside an output that is a file.
fn beside(output: &Path) -> Option<PathBuf> {
    let is_device = fs::metadata(output).is_ok_and(|there| !there.is_file());
    (!is_device).then(|| Packing::unpacked_path(output).with_extension("rejects.csv"))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_rounded() {
        assert_eq!(
            [(1, 8), (1, 3), (2, 3), (0, 5), (5, 5), (0, 0)].map(|(n, of)| share(n, of)),
            ["12.5%", "33.3%", "66.7%", "0.0%", "100.0%", "0.0%"]
        );
    }
}
