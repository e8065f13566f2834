//! `policyc review`: what a change does, for the page of a pull request, and who must approve it.

mod sides;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use policyc::analysis::Request;
use policyc::config;
use policyc::diagnostic::did_you_mean;
use policyc::diff::Diff;
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::Reader;
use policyc::render::Batch;
use policyc::render::review as page;
use policyc::review::since::Since;
use policyc::review::{self, Counted, Needed, Review, new_findings};
use policyc::triage;

use super::Exit;
use super::as_of::Given;
use super::console::{Console, Stop};
use super::impact::{self, Impact};
use super::leads::{InputFormat, Leads};
use super::output::{Output, refuse_overwriting};
use super::policies::Run;
use sides::{Sides, home};

/// Review a change of policies: what it does, what is found in it, who must approve it and why.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them. When absent, those that `policyc.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the change is to be merged into: a branch, a tag or a commit. The change is held against the commit at which it parted
    /// from there.
    #[arg(long, value_name = "REV")]
    base: String,
    /// What is reviewed; the files that are checked out when absent.
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// The teams that have approved, separated by commas. With it, a missing approval is found (exit code 1).
    #[arg(long, value_name = "TEAM,TEAM", value_delimiter = ',')]
    approved_by: Option<Vec<String>>,
    /// Real leads, to count those that change hands: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file; also packed,
    /// as `.gz` or `.zst`. When absent, the file that `policyc.toml` names.
    #[arg(long, value_name = "FILE")]
    leads: Option<PathBuf>,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// The time at which leads are decided: a DATE (2026-10-01: the end of that day) or a TIME (2026-10-01T09:30,
    /// 2026-10-01T09:30:00Z), read in the policy's time zone; that of `policyc.toml` when absent.
    #[arg(long, value_name = "DATE|TIME")]
    as_of: Option<Given>,
    /// Also count leads by the values of a field; may be repeated.
    #[arg(long, value_name = "FIELD")]
    by: Vec<String>,
    /// Also count deals that were won or lost, by a column that says it (won or lost, yes or no): the won ones that the change would have
    /// blocked, the lost ones that it would still pass. The best decision passes a lead.
    #[arg(long, value_name = "COLUMN")]
    outcome: Option<String>,
    /// Where the review goes; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How the review is written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// How a review is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Markdown,
}

/// Reviews a change.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let mut sides = Sides::open(&arguments.base, arguments.head.as_deref(), &arguments.paths, console)?;
    let read: Vec<PathBuf> =
        sides.runs.iter().flat_map(|run| &run.policies).flat_map(|read| read.files.clone()).collect();
    let leads = leads(arguments, &sides)?;
    refuse_overwriting(read.iter().chain(leads.iter().flat_map(|(leads, _)| [&leads.path])), &arguments.output)?;
    let review = reviewed(arguments, &mut sides, leads, console)?;
    let text = match arguments.format {
        Format::Human => page::human(&review, console.out),
        Format::Json => page::json(&review),
        Format::Markdown => page::markdown(&review),
    };
    match (&arguments.output, arguments.format) {
        (None, Format::Human) => console.print(&text)?,
        (output, Format::Human | Format::Json | Format::Markdown) => Output::whole(output.as_deref(), &text)?,
    }
    Ok(Exit::from(!review.passes))
}

/// The leads that are counted, and whether they were asked for on the command line.
fn leads(arguments: &Arguments, sides: &Sides) -> Result<Option<(Leads, bool)>, Stop> {
    if let Some(path) = &arguments.leads {
        let leads = Leads { path: path.clone(), input_format: arguments.input_format };
        if leads.is_stdin() {
            return Err(Stop::because("both sides read the leads: give a file, not standard input"));
        }
        return Ok(Some((leads, true)));
    }
    let Some(path) = sides.leads() else { return Ok(None) };
    Ok(Some((Leads { path: sides.on_disk(&path)?, input_format: arguments.input_format }, false)))
}

fn reviewed(
    arguments: &Arguments,
    sides: &mut Sides,
    leads: Option<(Leads, bool)>,
    console: &Console,
) -> Result<Review, Stop> {
    check_fields(&arguments.by, sides)?;
    let changed: Vec<[Option<usize>; 2]> =
        sides.pairs.iter().copied().filter(|pair| !sides.seen(*pair).is_unchanged()).collect();
    let mut notes = Vec::new();
    judge(sides, &changed);

    let least = sides.gates.config.coverage.map(usize::from);
    let mut needed = Needed::default();
    let mut policies = Vec::new();
    let mut obstacles = Vec::new();
    let mut counting = Counting { arguments, sides, leads, counted: BTreeSet::new(), notes: Vec::new() };
    for pair in &changed {
        let seen = sides.seen(*pair);
        let diff = seen.diff();
        let tally = match &diff {
            Some(diff) => counting.tally(*pair, diff, console)?,
            None => None,
        };
        policies.extend(review::review(&seen, diff.as_ref(), tally, least, &mut needed));
        review::versions::compare(&seen, sides.before(), &mut needed);
        let [fork, now] = [seen.base, seen.head].map(|side| side.and_then(|side| side.policy));
        if let Some(path) = seen.base.or(seen.head).map(|side| side.path)
            && let Some(tip) = sides.since(path)
        {
            let since = Since { fork, tip: &tip, head: now };
            obstacles.extend(review::since::compare(&since, path, &arguments.base, &mut needed));
        }
    }
    notes.extend(counting.finish()?);
    let own = sides.leads().filter(|path| arguments.leads.is_none() && !changed.is_empty() && sides.differs(path));
    notes.extend(own.map(|path| format!("`{path}`, whose leads are counted, is another file than before the change")));

    let [base, head] = &sides.runs;
    let owners = |run: &Run| -> BTreeSet<String> {
        run.policies.iter().filter_map(|read| read.policy.as_ref()).flat_map(Policy::all_owners).collect()
    };
    let (all_base, all_head) = (owners(base), owners(head));
    let [before, now] = &sides.configurations;
    let mut rules_of_review = sides.changed_baselines();
    if before != now {
        rules_of_review.extend(now.path.clone().or(before.path.clone()));
    }
    for path in &rules_of_review {
        needed.ask(&all_base, path, "this file rules what counts, and is changed");
    }
    if now.faulty {
        obstacles.push(format!("`{}` has faults, so that it cannot be used: `policyc check` shows them", config::NAME));
    }
    if sides.gates.faulty {
        notes.push(format!("not all of the base's `{}` can be read: what can be counts", config::NAME));
    }
    let approved: Option<Vec<String>> = arguments
        .approved_by
        .as_ref()
        .map(|teams| teams.iter().map(|team| team.trim().to_owned()).filter(|team| !team.is_empty()).collect());
    let known = || all_base.iter().chain(&all_head).map(String::as_str);
    for team in approved.iter().flatten().filter(|team| !known().any(|known| known == team.as_str())) {
        let near = did_you_mean(team, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        notes.push(format!("`{team}` has approved, and no team of this name owns anything{near}"));
    }
    let batches = |run: &'_ Run| -> Vec<Batch> { run.batches().into_iter().cloned().collect() };
    let [old, new] = [batches(base), batches(head)];
    let (old, new): (Vec<&Batch>, Vec<&Batch>) = (old.iter().collect(), new.iter().collect());
    let findings = new_findings(&old, &sides.known(), &new, |path| sides.called_now(path));
    let review = Review {
        version: review::VERSION,
        base: sides.base.clone(),
        head: sides.head.clone(),
        verdict: policyc::diff::Verdict::Same,
        unchanged: (sides.pairs.len() - changed.len()) as u64,
        policies,
        findings,
        rules_of_review,
        approvals: needed.approvals(),
        passes: true,
        obstacles,
        notes,
    };
    Ok(review.judged(approved.as_deref()))
}

/// Checks that leads can be counted by some fields: that some policy has them.
fn check_fields(by: &[String], sides: &Sides) -> Result<(), Stop> {
    let policies = || sides.runs.iter().flat_map(|run| &run.policies).filter_map(|read| read.policy.as_ref());
    let fields = || policies().flat_map(|policy| policy.fields.iter().map(|(_, field)| field));
    let Some(unknown) = by.iter().find(|name| fields().all(|field| field.name != **name)) else { return Ok(()) };
    let mut names: Vec<&str> = Vec::new();
    for field in fields().filter(|field| !field.personal) {
        if !names.contains(&field.name.as_str()) {
            names.push(&field.name);
        }
    }
    let what = match did_you_mean(unknown, names.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if names.is_empty() => String::new(),
        None => {
            format!(": type one of {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        }
    };
    Err(Stop::because(format!("no policy has a field `{unknown}`{what}")))
}

/// Looks for all that can be found in the policies that changed, and leaves out what does not count at the base.
fn judge(sides: &mut Sides, changed: &[[Option<usize>; 2]]) {
    let levels = sides.gates.config.levels.clone();
    let unasked = Request { overlaps: false, leads: 0, missing: false, gaps: false }.unasked();
    for (side, run) in sides.runs.iter_mut().enumerate() {
        let at = |pair: &[Option<usize>; 2]| pair.get(side).copied().flatten();
        let proved: Vec<String> = changed
            .iter()
            .filter_map(at)
            .filter_map(|at| run.policies.get(at))
            .map(|read| home(read).to_owned())
            .collect();
        run.prove(false, |read| proved.iter().any(|path| path == home(read)));
        let settled = run.settled();
        let mut batches = run.batches_mut();
        triage::allow(&mut batches, &settled, &unasked);
        batches.iter_mut().for_each(|batch| levels.apply(&mut batch.diagnostics));
    }
}

/// Real leads, counted for one policy after the other.
struct Counting<'a> {
    arguments: &'a Arguments,
    sides: &'a Sides,
    /// The leads, and whether they were asked for on the command line.
    leads: Option<(Leads, bool)>,
    /// The fields that leads were counted by.
    counted: BTreeSet<String>,
    notes: Vec<String>,
}

impl Counting<'_> {
    /// What becomes of the leads under both sides of a policy; none when there are none for it.
    fn tally(&mut self, pair: [Option<usize>; 2], diff: &Diff<'_>, console: &Console) -> Result<Option<Counted>, Stop> {
        let Some((leads, asked)) = &self.leads else { return Ok(None) };
        let [old, new] = diff.policies;
        if !asked && leads.path.symlink_metadata().is_err() {
            let note = format!(
                "the leads {} that `{}` names are not here, so that none were counted",
                leads.name(),
                config::NAME
            );
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
            return Ok(None);
        }
        let [_, head] = &self.sides.configurations;
        let configured = self.sides.gates.config.as_of.or(head.config.as_of);
        let as_of = self.arguments.as_of.or(configured);
        let moment = impact::moment(as_of, [old, new])?;
        let sources = self.sides.seen(pair);
        let (Some(before), Some(now)) = (sources.base, sources.head) else { return Ok(None) };
        for policy in [old, new] {
            let evaluator = Evaluator::new(policy, moment.instant);
            let (input, format) = leads.input()?;
            if let Err(found) = Reader::open(&evaluator, input, format, false) {
                let why = found.into_iter().next().map(|found| found.message).unwrap_or_default();
                let (name, path) = (leads.name(), now.path);
                self.notes.push(format!("the leads in {name} do not fit `{path}`, so that none were counted: {why}"));
                return Ok(None);
            }
        }
        let has = |name: &String| [old, new].iter().any(|policy| policy.fields.iter().any(|(_, f)| f.name == *name));
        let by: Vec<String> = self.arguments.by.iter().filter(|name| has(name)).cloned().collect();
        for name in &by {
            impact::check_field(name, [old, new], false)?;
        }
        self.counted.extend(by.iter().cloned());
        let impact = Impact {
            leads,
            difference: diff,
            sources: [&before.batch.sources, &now.batch.sources],
            instant: moment.instant,
            by: &by,
            outcome: self.arguments.outcome.as_deref(),
            show_personal: false,
        };
        let (counter, outcomes) = impact.count(console, |_, _| Ok(()))?;
        let reads_time = old.reads_time() || new.reads_time();
        self.notes.extend(moment.note.filter(|_| as_of.is_some()).map(|note| format!("`{}`: {note}", now.path)));
        if self.arguments.outcome.is_some() && outcomes.is_none() {
            self.notes.push(format!(
                "won and lost deals were not counted for `{}`: its decisions are not ranked (`decisions, best first`)",
                now.path
            ));
        }
        Ok(Some(Counted { leads: counter.tally(reads_time.then_some(moment.sentence)), outcomes }))
    }

    /// What there is to say of it; it stops when leads were to be counted by a field that nobody has.
    fn finish(self) -> Result<Vec<String>, Stop> {
        let mut notes = self.notes;
        for name in self.arguments.by.iter().filter(|name| !self.counted.contains(*name)) {
            notes.push(format!(
                "no leads were counted by `{name}`: no policy that changed and whose leads were counted has this field"
            ));
        }
        Ok(notes)
    }
}
