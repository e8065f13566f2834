//! `policyc decide`: a decision for every lead.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use policyc::columnar::{self, Decided, Settings, Shown, Stopped};
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::{Packing, TableWriter};
use policyc::log::{Lines, Origin};
use policyc::render::terminal::{count, grouped, share};
use unicode_width::UnicodeWidthStr;

use super::Exit;
use super::as_of::AsOf;
use super::console::{Console, Stop};
use super::in_force::{self, Chosen};
use super::leads::Leads;
use super::log::LogFile;
use super::origin::origin;
use super::output::{Output, STDOUT, Whole, format_of, is_stdout, refuse_overwriting};
use super::progress::Progress;
use super::rejects::Rejects;

/// Decide every lead: one row out for each row in, or a row among the rejects.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy: a file, or `REV:PATH`, one of a git revision; or a folder with its versions, of which the one counts that is in force.
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
    /// which appears whole or not at all; as CSV to standard output when absent or `-`.
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
    /// Also add a line for each decision to this file, with all that it takes to decide the same again when the leads have long
    /// changed: `explain --log` does. Of personal fields it has no values.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Reject the later rows of a repeated id, too.
    #[arg(long)]
    unique: bool,
    /// Add a column for each score and each grade, and one for the stage.
    #[arg(long)]
    scores: bool,
    /// Add a column with the fields whose absence left a rule above the deciding one unknown.
    #[arg(long)]
    unknown: bool,
    /// Add a column that says why in a few words: what the deciding rule saw, or what kept the lead from the best decision.
    #[arg(long)]
    explain: bool,
    /// How many threads decide; one for each processor when absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// Decides all leads.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let rejects = arguments.rejects.clone().or_else(|| beside(arguments.output.as_deref()?));
    let format = format_of(arguments.output.as_deref())?;
    let Chosen { read, policy, moment, others } = in_force::choose(&arguments.policy, &arguments.as_of, console)?;
    let output = arguments.output.clone().unwrap_or_else(|| PathBuf::from(STDOUT));
    let inputs = read.files.iter().chain(&others).chain([&arguments.leads.path]);
    refuse_overwriting(inputs, [&output].into_iter().chain(&rejects).chain(&arguments.log))?;
    let evaluator = Evaluator::new(&policy, moment.instant);
    let stop = |diagnostics| arguments.leads.stop(diagnostics, read.batch.sources.clone(), console);
    let shown = Shown { scores: arguments.scores, unknown: arguments.unknown, explain: arguments.explain };
    let origin = arguments.log.as_ref().map(|_| origin(&read)).transpose()?;
    let lines = origin.as_ref().map(|(origin, _)| Lines::new(&evaluator, origin));
    let mut log = arguments.log.as_deref().map(LogFile::open).transpose()?;
    let (input, input_format) = arguments.leads.input()?;
    // No decision goes out of which the log does not know.
    let open = if arguments.log.is_some() { Output::held } else { Output::open };
    let output = open(arguments.output.as_deref())?;
    let mut rejects = Rejects::open(rejects, arguments.rejects.is_some(), open)?;
    let written = |e| Stop::writing("the decisions", &e);
    let mut table = TableWriter::new(output, format, &shown.columns(&policy)).map_err(written)?;
    let mut decided = vec![0_u64; policy.decisions.len()];
    keep_buffers();
    let settings = Settings {
        threads: arguments.threads.map_or_else(processors, usize::from),
        shown,
        show_personal: arguments.show_personal,
        output: format,
        unique: arguments.unique,
        log: lines.as_ref(),
        block: Settings::BLOCK,
    };
    let mut progress = Progress::new(console, arguments.leads.size());
    let mut take = |done: &Decided| {
        done.rejects.iter().try_for_each(|reject| rejects.put(reject))?;
        log.iter_mut().try_for_each(|log| log.put(&done.log))?;
        decided.iter_mut().zip(&done.decisions).for_each(|(all, some)| *all += some);
        let leads: u64 = done.decisions.iter().sum();
        let rows = leads + u64::try_from(done.rejects.len()).unwrap_or(0);
        progress.advance(rows, done.bytes);
        table.rows(&done.text, leads).and_then(|()| table.groups(&done.groups)).map_err(written)
    };
    let notices = columnar::decide(&evaluator, input, input_format, settings, &mut take);
    let time = progress.finish();
    let notices = notices.map_err(|stopped| match stopped {
        Stopped::Leads(diagnostics) => stop(diagnostics),
        Stopped::Sink(stop) => stop,
    })?;
    // Once the log knows, little should go wrong any more.
    let whole = [rejects.ready()?, Some(table.finish().map_err(written)?.ready()?)];
    let added = log.map(|log| log.finish(console)).transpose()?;
    let put = whole.into_iter().flatten().try_for_each(Whole::put);
    put.map_err(|why| match added {
        Some(added) => added.take_back(why),
        None => why,
    })?;
    let bars = console.shows_progress();
    console.summary(&format!("{}\n{}", moment.sentence, decisions(&policy, &decided, rejects.rows(), bars)));
    time.into_iter().for_each(|time| console.summary(&format!("{time}\n")));
    rejects.tell(console);
    let unnamed = arguments.log.as_ref().and_then(|_| unnamed(&policy));
    let unkept = origin.and_then(|(origin, why)| unkept(&origin, why));
    notices.iter().chain(&unnamed).chain(&unkept).for_each(|note| console.note(note));
    Ok(Exit::from(rejects.rows() > 0 && !arguments.allow_rejects))
}

/// That a log cannot tell leads apart that have no names.
fn unnamed(policy: &Policy) -> Option<String> {
    let say = "the policy has no `id`, so that the log calls leads by their lines, which are other leads in the next file: declare the \
               column that names them, such as `contact  id`";
    policy.id_field().is_none().then(|| say.to_owned())
}

/// That a policy by which decisions were logged may not be found again; and why, where it is not for want of a commit.
fn unkept(origin: &Origin, why: Option<String>) -> Option<String> {
    let what = match (&origin.revision, origin.clean, why) {
        (Some(_), Some(true), _) => return None,
        (Some(_), _, Some(why)) => why,
        (Some(_), _, None) => {
            "this policy, or something that it uses, is not as the last commit has it: commit it".to_owned()
        }
        (None, _, None) => "this policy is in no commit of a git repository: keep it as it is".to_owned(),
        (None, _, Some(why)) => format!("the log names no revision: {why}; keep this policy as it is"),
    };
    Some(format!("{what}, or what was logged cannot be decided again"))
}

/// The allocator of glibc hands buffers of some megabytes back to the system each time that they are free, to ask for them again at once,
/// until a larger one has been free: from then on it keeps them (`M_MMAP_THRESHOLD` in mallopt(3), which it changes by itself up to 32 MiB).
/// This is the larger one; it is never touched, so that it takes no memory. To other allocators it means nothing.
fn keep_buffers() {
    const LARGE: usize = 31 << 20;
    let mut large: Vec<u8> = Vec::new();
    // Where there is so little memory, it is not needed.
    if large.try_reserve_exact(LARGE).is_ok() {
        std::hint::black_box(&large);
    }
}

/// How many threads decide when nobody says it.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The balance of rows, and how many leads each decision has.
fn decisions(policy: &Policy, decided: &[u64], rejected: u64, bars: bool) -> String {
    let total: u64 = decided.iter().sum();
    let rows = count(total + rejected, "row");
    let mut text = format!("{rows} in = {} decided + {} rejected\n", grouped(total), grouped(rejected));
    let phrases: Vec<&str> = policy.decisions.iter().map(|(_, d)| d.phrase.as_str()).collect();
    let numbers: Vec<String> = decided.iter().map(|n| grouped(*n)).collect();
    let width = phrases.iter().map(|p| p.width()).max().unwrap_or(0);
    let digits = numbers.iter().map(String::len).max().unwrap_or(0);
    for ((phrase, number), n) in phrases.iter().zip(&numbers).zip(decided) {
        let pad = width - phrase.width();
        let bar = if bars { bar(*n, total) } else { String::new() };
        text.push_str(&format!("  {phrase}{:pad$}  {number:>digits$}  {:>6}{bar}\n", "", share(*n, total)));
    }
    text
}

/// A share as a small bar.
fn bar(n: u64, total: u64) -> String {
    const WIDTH: u128 = 20;
    let halves = usize::try_from(u128::from(n) * WIDTH * 2 / u128::from(total).max(1)).unwrap_or(0);
    let end = if halves % 2 == 1 { "▌" } else { "" };
    if halves == 0 { String::new() } else { format!("  {}{end}", "█".repeat(halves / 2)) }
}

/// Where rejects go when nobody says it: beside an output that is a file.
fn beside(output: &Path) -> Option<PathBuf> {
    let is_device = is_stdout(output) || fs::metadata(output).is_ok_and(|there| !there.is_file());
    (!is_device).then(|| Packing::unpacked_path(output).with_extension("rejects.csv"))
}

#[cfg(test)]
mod tests {
    use super::{bar, share};

    #[test]
    fn bars_are_as_long_as_shares() {
        assert_eq!(
            [(1, 1), (1, 4), (1, 40), (1, 1000), (0, 0)].map(|(n, of)| bar(n, of).trim().chars().count()),
            [20, 5, 1, 0, 0]
        );
    }

    #[test]
    fn shares_are_rounded() {
        assert_eq!(
            [(1, 8), (1, 3), (2, 3), (0, 5), (5, 5), (0, 0)].map(|(n, of)| share(n, of)),
            ["12.5%", "33.3%", "66.7%", "0.0%", "100.0%", "0.0%"]
        );
    }
}
