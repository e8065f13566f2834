//! `policyc explain`: why one lead went where it went.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use policyc::columnar::Which;
use policyc::diagnostic::did_you_mean;
use policyc::eval::Evaluator;
use policyc::explain::{View, Wanted, explain};
use policyc::ir::{FieldId, Policy};
use policyc::leads::Row;
use policyc::render::terminal::count;
use policyc::render::{explanation, reject};
use policyc::source::Sources;

use super::Exit;
use super::as_of::AsOf;
use super::console::{Console, Stop};
use super::in_force::{self, Chosen};
use super::leads::{InputFormat, Leads};
use super::output::Output;
use super::replay::{self, At};

/// Explain why one lead went where it went.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy: a file, or `REV:PATH`, one of a git revision; or a folder with its versions, of which the one counts that is in force.
    /// With --log, where to look first for the policy of then; of several decisions on the lead the latest by it counts.
    #[arg(value_name = "POLICY", required_unless_present = "log")]
    pub(super) policy: Option<PathBuf>,
    /// The leads: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file, or `-` for standard input; also packed with
    /// gzip or Zstandard (`.csv.gz`, `.json.zst`).
    #[arg(value_name = "LEADS", required_unless_present = "log")]
    leads: Option<PathBuf>,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// The lead: its id, else the number of its line in the file.
    #[arg(long = "lead", value_name = "ID", required_unless_present = "row")]
    pub(super) id: Option<String>,
    /// The lead, by its row; the first row below the header is 1.
    #[arg(long, value_name = "N", conflicts_with = "id")]
    row: Option<u64>,
    #[command(flatten)]
    as_of: AsOf,
    /// Decide again what this log of `decide --log` says of the lead, from the values and by the policy of then, which is looked for in
    /// git: exits with 1 unless the same comes out.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["row", "as_of", "show_personal"])]
    log: Option<PathBuf>,
    /// Which of several logged decisions on the lead: `latest`, or its number.
    #[arg(long, value_name = "N", requires = "log")]
    pub(super) at: Option<At>,
    /// With --log, leads as they are today: says what of the lead has changed since.
    #[arg(long = "leads", value_name = "FILE", requires = "log", conflicts_with = "leads")]
    today: Option<PathBuf>,
    /// Say which smallest changes of the lead would have brought this decision instead. (Without it, a policy that ranks its decisions
    /// has the nearest better one said.)
    #[arg(long, value_name = "DECISION")]
    pub(super) why_not: Option<String>,
    /// A field that stays as it is when another decision is looked for; may be given several times.
    #[arg(long, value_name = "FIELD")]
    hold: Vec<String>,
    /// Show the values of personal fields instead of `•••`.
    #[arg(long)]
    show_personal: bool,
    /// How the explanation is written.
    #[arg(long, default_value = "human")]
    pub(super) format: Format,
}

/// How explanations are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Markdown,
}

impl Arguments {
    /// The leads that are given: all of them, or those of today.
    pub(super) fn leads(&self) -> Option<Leads> {
        let path = self.leads.as_ref().or(self.today.as_ref())?.clone();
        Some(Leads { path, input_format: self.input_format })
    }
}

/// Explains a lead.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    if let Some(log) = &arguments.log {
        return replay::run(arguments, log, console);
    }
    let (Some(policy), Some(from)) = (&arguments.policy, arguments.leads()) else {
        return Err(Stop::because("which policy, and which leads? `policyc explain POLICY LEADS --lead ID`"));
    };
    let Chosen { read, mut policy, moment, .. } = in_force::choose(policy, &arguments.as_of, console)?;
    let sources = &read.batch.sources;
    policy.sources = sources.iter().map(|file| file.path.clone()).collect();
    let (wanted, held) = (wanted(arguments, &policy)?, held(arguments, &policy)?);
    let evaluator = Evaluator::new(&policy, moment.instant);
    let found = find(arguments, &from, &evaluator, console, sources)?;
    let (text, exit) = match found {
        Row::Rejected(reject) => {
            let text = match arguments.format {
                Format::Human => reject::human(&reject, console.out),
                Format::Json => reject::json(&reject),
                Format::Markdown => reject::markdown(&reject),
            };
            (text, Exit::Found)
        }
        Row::Lead { name, lead, .. } => {
            let line_of = |rule| {
                let span = policy.rules[rule].span;
                Some(sources.get(span.source)?.line_column(span.start as usize).0)
            };
            let show_personal = arguments.show_personal;
            let view = View { name: &name, show_personal, line_of: &line_of, wanted, held: &held, told: None };
            let explanation = explain(&evaluator, &lead, &view);
            let text = match arguments.format {
                Format::Human => explanation::human(&explanation, console.out),
                Format::Json => explanation::json(&explanation),
                Format::Markdown => explanation::markdown(&explanation),
            };
            (text, Exit::Clean)
        }
    };
    match arguments.format {
        Format::Human => console.print(&text)?,
        Format::Json | Format::Markdown => Output::whole(None, &text)?,
    }
    Ok(exit)
}

/// What is asked about other decisions.
pub(super) fn wanted(arguments: &Arguments, policy: &Policy) -> Result<Wanted, Stop> {
    let Some(phrase) = &arguments.why_not else { return Ok(Wanted::Better) };
    // A phrase may have been broken into lines or typed with more blanks.
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = || policy.decisions.iter().map(|(_, decision)| decision.phrase.as_str());
    let found = policy.decisions.iter().find(|(_, decision)| decision.phrase == phrase);
    found.map(|(id, _)| Wanted::Decision(id)).ok_or_else(|| {
        let near = match did_you_mean(&phrase, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")),
        };
        Stop::because(format!("the policy has no decision `{phrase}`; {near}"))
    })
}

/// The fields that stay as they are.
pub(super) fn held(arguments: &Arguments, policy: &Policy) -> Result<BTreeSet<FieldId>, Stop> {
    let id = |name: &String| {
        let found = policy.fields.iter().find(|(_, field)| field.name == *name).map(|(id, _)| id);
        found.ok_or_else(|| {
            let near = did_you_mean(name, policy.fields.iter().map(|(_, field)| field.name.as_str()));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Stop::because(format!("the policy has no field `{name}` to hold{near}"))
        })
    };
    arguments.hold.iter().map(id).collect()
}

/// Finds the row that is asked for. A lead may be named by several rows: the first counts, and that there are more is said.
fn find(
    arguments: &Arguments,
    from: &Leads,
    evaluator: &Evaluator<'_>,
    console: &Console,
    sources: &Sources,
) -> Result<Row, Stop> {
    let asked = match (&arguments.id, arguments.row) {
        (Some(name), _) => Which::Named { name: name.clone(), near: false },
        (None, row) => Which::Row(row.unwrap_or_default()),
    };
    let found = from.find(evaluator, asked, arguments.show_personal)?;
    let found = found.map_err(|faults| from.stop(faults, sources.clone(), console))?;
    if let Some(row) = found.first {
        tell_of_more(&found.others, console);
        return Ok(row);
    }
    let rows = count(found.rows, "row");
    Err(match &arguments.id {
        Some(id) => from.no_lead(id, &rows, &found.near, evaluator.policy()),
        None => {
            let row = arguments.row.unwrap_or_default();
            Stop::because(format!("there is no row {row} in {}, which has {rows}", from.name()))
        }
    })
}

/// Says how many more rows have the name of the lead.
fn tell_of_more(others: &[u64], console: &Console) {
    if let Some(next) = others.first() {
        let more = count(u64::try_from(others.len()).unwrap_or(u64::MAX), "more row");
        console.note(&format!("{more} of this name; the first is explained, `--row {next}` is the next"));
    }
}
