//! `policyc diff`: what a change of a policy changes, for every possible lead and on real ones.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use policyc::diff::tally::{Moved, Tally};
use policyc::diff::{Diff, Report, Texts, Verdict};
use policyc::leads::{OutCell, OutColumn, Row, TableWriter};
use policyc::render::diff;

use super::Exit;
use super::as_of::Given;
use super::console::{Console, Stop};
use super::impact::{self, Impact};
use super::leads::{InputFormat, Leads};
use super::output::{Output, format_of, refuse_overwriting};
use super::policies::Read;
use super::settings::Settings;

/// Say what a change of a policy changes: for every possible lead, proved, and on real leads.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy before the change: a file, or `REV:PATH`, one of a git revision.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The policy after it.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Also decide these leads under both: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file; also packed, as
    /// `.gz` or `.zst`.
    #[arg(long, value_name = "FILE")]
    leads: Option<PathBuf>,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT", requires = "leads")]
    input_format: Option<InputFormat>,
    /// The time at which leads are decided: a DATE (2026-10-01: the end of that day) or a TIME (2026-10-01T09:30,
    /// 2026-10-01T09:30:00Z), read in the new policy's time zone; needed when a policy reads time.
    #[arg(long, value_name = "DATE|TIME", requires = "leads")]
    as_of: Option<Given>,
    /// Also count leads by the values of a field; may be repeated.
    #[arg(long, value_name = "FIELD", requires = "leads")]
    by: Vec<String>,
    /// Where the leads go that change hands: a `.csv`, `.tsv`, `.ndjson`, `.json` or `.parquet` file with the columns lead,
    /// from, to, old_rule, new_rule, change.
    #[arg(long, short, value_name = "FILE", requires = "leads")]
    output: Option<PathBuf>,
    /// Show the values of personal fields of the leads.
    #[arg(long, requires = "leads")]
    show_personal: bool,
    /// Exit with 1 unless it is proved that no lead changes hands, and the days in force are the same.
    #[arg(long)]
    exit_code: bool,
    /// How the difference is written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Markdown,
}

/// Compares two policies.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let (read_old, old) = Read::policy(&arguments.old, console)?;
    let (read_new, new) = Read::policy(&arguments.new, console)?;
    let difference = Diff::new(&old, &new);
    let texts = Texts { old: &read_old.batch.sources, new: &read_new.batch.sources };
    let mut report = Report::new(&difference, &texts);
    if let Some(path) = &arguments.leads {
        let leads = Leads { path: path.clone(), input_format: arguments.input_format };
        report = report.with_leads(decide(arguments, &leads, &difference, [&read_old, &read_new], console)?);
    }
    match arguments.format {
        Format::Human => console.print(&diff::human(&report, console.out))?,
        Format::Json => Output::whole(None, &diff::json(&report))?,
        Format::Markdown => Output::whole(None, &diff::markdown(&report))?,
    }
    let differ = report.verdict != Verdict::Same || old.days() != new.days();
    Ok(Exit::from(arguments.exit_code && differ))
}

/// Decides the leads under both policies.
fn decide(
    arguments: &Arguments,
    leads: &Leads,
    difference: &Diff<'_>,
    read: [&Read; 2],
    console: &Console,
) -> Result<Tally, Stop> {
    let [old, new] = difference.policies;
    if leads.is_stdin() {
        return Err(Stop::because("both policies read the leads: give a file, not standard input"));
    }
    refuse_overwriting(read.iter().flat_map(|read| &read.files).chain([&leads.path]), &arguments.output)?;
    for name in &arguments.by {
        impact::check_field(name, [old, new], Some(arguments.show_personal))?;
    }
    let as_of = match arguments.as_of {
        Some(given) => Some(given),
        None => Settings::find(console)?.config.as_of,
    };
    let moment = impact::moment(as_of, [old, new])?;
    let written = |e| Stop::writing("the leads that change hands", &e);
    let mut table = match &arguments.output {
        None => None,
        Some(path) => {
            let output = Output::open(Some(path))?;
            let mut columns = ["lead", "from", "to", "old_rule", "new_rule"].map(OutColumn::text).to_vec();
            columns.push(OutColumn::count("change"));
            Some(TableWriter::new(output, format_of(Some(path))?, &columns).map_err(written)?)
        }
    };
    let impact = Impact {
        leads,
        difference,
        sources: read.map(|read| &read.batch.sources),
        instant: moment.instant,
        by: &arguments.by,
        outcome: None,
        show_personal: arguments.show_personal,
    };
    let (counter, _) = impact.count(console, |row, moved| match &mut table {
        Some(table) => put(table, name(row), moved).map_err(written),
        None => Ok(()),
    })?;
    if let Some(table) = table {
        table.finish().map_err(written)?.finish()?;
    }
    let reads_time = old.reads_time() || new.reads_time();
    // Of a time that nobody gave there is nothing to say.
    moment.note.iter().filter(|_| as_of.is_some()).for_each(|note| console.note(note));
    Ok(counter.tally(reads_time.then_some(moment.sentence)))
}

fn name(row: &Row) -> &str {
    match row {
        Row::Lead { name, .. } => name,
        Row::Rejected(reject) => &reject.name,
    }
}

fn put(table: &mut TableWriter<Output>, name: &str, moved: &Moved) -> std::io::Result<()> {
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_else(|| "set aside".to_owned());
    let [from, to] = [&moved.ends[0], &moved.ends[1]].map(text);
    let rule = |rule: &Option<String>| rule.clone();
    let [old, new] = [&moved.rules[0], &moved.rules[1]].map(rule);
    table.row(&[
        OutCell::Text(name),
        OutCell::Text(&from),
        OutCell::Text(&to),
        old.as_deref().map_or(OutCell::Missing, OutCell::Text),
        new.as_deref().map_or(OutCell::Missing, OutCell::Text),
        moved.change.map_or(OutCell::Missing, |change| OutCell::Count(change as u64)),
    ])
}
