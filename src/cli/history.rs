//! `policyc history`: the commits that changed what a policy decides.

mod versions;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::columnar::{Found, Which};
use policyc::diff::{Diff, Report, Texts};
use policyc::eval::Evaluator;
use policyc::ir::{Policy, personal};
use policyc::leads::{Reader, Reject, Row};
use policyc::render::history::{self, Before, Commit, Entry, Fate, History, What};
use policyc::render::terminal::count;

use super::Exit;
use super::as_of::{self, AsOf, Given, Moment};
use super::console::{Console, Stop};
use super::git;
use super::leads::{InputFormat, Leads};
use super::output::Output;
use super::settings::Settings;
use versions::{Checked, Version, Versions};

/// Say which commits changed what a policy decides: who, when and what; for a lead, what it would have been under each.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy: a file, whose history begins with the commit that is checked out, or `REV:PATH`.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    /// Leads, of which one is decided under each version: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file; also packed,
    /// as `.gz` or `.zst`.
    #[arg(value_name = "LEADS", requires = "which")]
    leads: Option<PathBuf>,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT", requires = "leads")]
    input_format: Option<InputFormat>,
    /// The lead: its id, else the number of its line in the file.
    #[arg(long = "lead", value_name = "ID", requires = "leads", group = "which")]
    id: Option<String>,
    /// The lead, by its row; the first row below the header is 1.
    #[arg(long, value_name = "N", requires = "leads", group = "which")]
    row: Option<u64>,
    /// The time at which the lead is decided: a DATE (2026-10-01: the end of that day) or a TIME (2026-10-01T09:30,
    /// 2026-10-01T09:30:00Z), read in the policy's time zone; needed when a version reads time.
    #[arg(long, value_name = "DATE|TIME", requires = "leads")]
    as_of: Option<Given>,
    /// Only commits after a revision, or since a day (2026-01-31).
    #[arg(long, value_name = "REV|DATE")]
    since: Option<String>,
    /// Compare no more than so many versions of the texts.
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How the history is written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// How a history is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Tells a history.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let found = Versions::of(&arguments.policy, arguments.since.as_deref(), arguments.limit as usize)?;
    let asked = arguments.leads.as_ref().map(|path| Asked::new(arguments, path, &found, console)).transpose()?;
    let history = told(&found, asked.as_ref())?;
    match arguments.format {
        Format::Json => Output::whole(None, &history::json(&history))?,
        Format::Human => {
            console.print(&history::human(&history, console.out))?;
            let gap = if history.commits.is_empty() { "" } else { "\n" };
            console.sum_up(&format!("{gap}{}", history::sentence(&history)))?;
            history.notes.iter().for_each(|note| console.note(note));
        }
    }
    Ok(Exit::Clean)
}

/// Compares each version with the one before it that checks.
fn told(found: &Versions, asked: Option<&Asked<'_>>) -> Result<History, Stop> {
    let mut history = History {
        version: history::VERSION,
        policy: found.policy.clone(),
        path: found.path.clone(),
        lead: asked.map(Asked::name),
        as_of: asked.and_then(|asked| asked.sentence.clone()),
        commits: Vec::new(),
        text_only: 0,
        moved: 0,
        before: None,
        notes: found.notes.clone(),
    };
    let (mut sought, mut met) = (false, false);
    let mut fate = |version: &Version| -> Result<Option<Fate>, Stop> {
        let (Some(asked), Checked::Policy(policy)) = (asked, &version.checked) else { return Ok(None) };
        let looked = asked.look(policy)?;
        (sought, met) = (sought || looked.is_through, met || looked.is_through && looked.fate.is_some());
        Ok(looked.fate)
    };
    let (listed, before) = found.parted();
    for (position, version) in listed.iter().enumerate() {
        let Judged { what, in_force, compared_with } = judged(found, position, version)?;
        match what {
            None if found.is_only_moved(position) => history.moved += 1,
            None => history.text_only += 1,
            Some(what) => history.commits.push(Entry {
                commit: named(found, &version.commit),
                merged: found.merged(version)?.iter().map(|commit| named(found, commit)).collect(),
                path: version.path.clone(),
                what,
                in_force,
                compared_with,
                lead: fate(version)?,
            }),
        }
    }
    if let Some(before) = before {
        history.before = Some(Before { commit: named(found, &before.commit), lead: fate(before)? });
    }
    match asked {
        Some(asked) if sought && !met => Err(asked.not_met(found)),
        Some(_) | None => Ok(history),
    }
}

/// What a version did, beside the one before it that checks.
#[derive(Default)]
struct Judged {
    /// None when it changed nothing but the text.
    what: Option<What>,
    in_force: Option<[String; 2]>,
    /// With which one it is compared, when that is not the next.
    compared_with: Option<String>,
}

fn judged(found: &Versions, position: usize, version: &Version) -> Result<Judged, Stop> {
    let only = |what| Ok(Judged { what: Some(what), ..Judged::default() });
    let older = || found.all.iter().skip(position + 1);
    let new = match &version.checked {
        Checked::Policy(policy) => policy,
        Checked::Faulty { errors, first } => {
            return only(What::DoesNotCheck { errors: *errors, first: first.clone() });
        }
        Checked::Gone(now) => return only(What::Gone { now: now.clone() }),
    };
    let Some((before, old)) = older().find_map(|of| Some((of, of.policy()?))) else {
        let follows = if older().next().is_none() { found.followed(version)? } else { None };
        return only(What::First { follows });
    };
    let difference = Diff::new(old, new);
    let report = Report::new(&difference, &Texts { old: &before.sources, new: &version.sources });
    let is_next = older().next().is_some_and(|next| next.commit == before.commit);
    let is_back = older().next().is_some_and(Version::is_gone).then_some(What::Back);
    let in_force = Some([old, new].map(Policy::days)).filter(|[before, now]| before != now);
    let other_days = in_force.is_some().then_some(What::OtherDays);
    let compared_with = (!is_next).then(|| found.short(&before.commit));
    Ok(Judged { what: What::of(&report).or(other_days).or(is_back), in_force, compared_with })
}

/// A commit as it is shown.
fn named(found: &Versions, commit: &git::Commit) -> Commit {
    Commit {
        commit: commit.hash(),
        short: found.short(commit),
        time: commit.time.to_string(),
        day: commit.day.to_string(),
        author: commit.author.clone(),
        title: commit.title.clone(),
    }
}

/// The lead that is asked about.
#[derive(Debug)]
struct Asked<'a> {
    arguments: &'a Arguments,
    leads: Leads,
    as_of: Option<Given>,
    sentence: Option<String>,
    /// The columns of which nothing is shown, under whichever version: those that one of them calls personal, or the policy as it is now.
    hidden: BTreeSet<String>,
}

impl<'a> Asked<'a> {
    fn new(arguments: &'a Arguments, path: &Path, found: &Versions, console: &Console) -> Result<Asked<'a>, Stop> {
        let leads = Leads { path: path.to_owned(), input_format: arguments.input_format };
        if leads.is_stdin() {
            return Err(Stop::because("every version reads the leads: give a file, not standard input"));
        }
        let policies = || found.all.iter().filter_map(Version::policy);
        let reads_time = policies().any(Policy::reads_time);
        let tells_time = reads_time || policies().any(|policy| policy.in_force.is_some());
        let as_of = match arguments.as_of {
            Some(given) => Some(given),
            None if reads_time => Settings::find(console)?.config.as_of,
            None => None,
        };
        if reads_time && as_of.is_none() {
            return Err(as_of::missing("this lead"));
        }
        let as_of = as_of.filter(|_| tells_time);
        let sentence = match (as_of, policies().next()) {
            (Some(given), Some(newest)) => Some(AsOf::from(given).moment(newest)?.sentence),
            (Some(_), None) | (None, _) => None,
        };
        let hidden = policies().flat_map(personal::names).chain(found.personal.iter().cloned()).collect();
        Ok(Asked { arguments, leads, as_of, sentence, hidden })
    }

    /// How the lead is called.
    fn name(&self) -> String {
        match (&self.arguments.id, self.arguments.row) {
            (Some(id), _) => id.clone(),
            (None, row) => format!("row {}", row.unwrap_or_default()),
        }
    }

    /// What becomes of the lead under a policy.
    fn look(&self, policy: &Policy) -> Result<Looked, Stop> {
        let policy = &*personal::hiding(policy, &self.hidden);
        // Where nothing hangs on the time, it makes no difference which one it is.
        let given = self.as_of.unwrap_or(Given::Instant(jiff::Timestamp::UNIX_EPOCH));
        let Moment { instant, note, .. } = AsOf::from(given).moment(policy)?;
        let not_in_force = note.filter(|_| self.as_of.is_some()).map(|why| Fate::NotInForce { why });
        let evaluator = Evaluator::new(policy, instant);
        let (input, format) = self.leads.input()?;
        if let Err(faults) = Reader::open(&evaluator, input, format, false) {
            let why = faults.into_iter().next().map(|found| found.message).unwrap_or_default();
            let fate = not_in_force.unwrap_or(Fate::SetAside { why });
            return Ok(Looked { fate: Some(fate), is_through: false });
        }
        let decided = |row| match row {
            Row::Lead { lead, .. } => {
                let outcome = evaluator.decide(&lead);
                Fate::Decided {
                    decision: policy.decisions[outcome.decision].phrase.clone(),
                    rule: policy.rules[outcome.rule].name.clone(),
                }
            }
            Row::Rejected(reject) => Fate::SetAside { why: why(&reject) },
        };
        let fate = self.find(&evaluator)?.first.map(|row| not_in_force.unwrap_or_else(|| decided(row)));
        Ok(Looked { fate, is_through: true })
    }

    fn find(&self, evaluator: &Evaluator<'_>) -> Result<Found, Stop> {
        let wanted = match (&self.arguments.id, self.arguments.row) {
            (Some(name), _) => Which::Named { name: name.clone(), near: false },
            (None, row) => Which::Row(row.unwrap_or_default()),
        };
        self.leads.find(evaluator, wanted, false)?.map_err(|faults| {
            let why = faults.into_iter().next().map(|found| found.message).unwrap_or_default();
            Stop::because(format!("the leads in {} cannot be read: {why}", self.leads.name()))
        })
    }

    /// That the lead is not there, as the newest version that can read the leads has it.
    fn not_met(&self, found: &Versions) -> Stop {
        let looked =
            found.all.iter().filter_map(Version::policy).find_map(|policy| {
                Some((policy, self.find(&Evaluator::new(policy, jiff::Timestamp::UNIX_EPOCH)).ok()?))
            });
        let Some((policy, found)) = looked else {
            return Stop::because(format!("there is no {} in {}", self.name(), self.leads.name()));
        };
        let rows = count(found.rows, "row");
        match &self.arguments.id {
            Some(id) => self.leads.no_lead(id, &rows, &found.near, policy),
            None => Stop::because(format!("there is no {} in {}, which has {rows}", self.name(), self.leads.name())),
        }
    }
}

/// What came of looking for a lead.
struct Looked {
    /// What becomes of it; none when there is no such lead.
    fate: Option<Fate>,
    /// Whether the leads could be read.
    is_through: bool,
}

/// What is wrong with a row.
fn why(reject: &Reject) -> String {
    let column = |column: &Option<String>| column.as_ref().map(|column| format!("`{column}`: ")).unwrap_or_default();
    let problems = reject.problems.iter().map(|problem| format!("{}{}", column(&problem.column), problem.message));
    problems.collect::<Vec<_>>().join("; ")
}
