//! `policyc review`: what a change does, for the page of a pull request, and who must approve it.

mod attributes;
mod counting;
mod links;
mod pairs;
mod sides;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::analysis::Request;
use policyc::config;
use policyc::diagnostic::did_you_mean;
use policyc::ir::Policy;
use policyc::render::Batch;
use policyc::render::review as page;
use policyc::render::terminal::clean;
use policyc::review::since::Since;
use policyc::review::{self, Needed, Review, Reviewed, new_findings};
use policyc::triage;

use super::Exit;
use super::as_of::Given as Time;
use super::console::{Console, Stop};
use super::leads::InputFormat;
use super::output::{Output, refuse_overwriting};
use super::policies::Run;
use counting::{Counting, Given};
use pairs::Pair;
use sides::{Sides, home};

/// Review a change of policies: what it does, what is found in it, who must approve it and why.
#[derive(Debug, Args)]
#[command(override_usage = "policyc review [OPTIONS] --base <REV> [PATH]...")]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them. When absent, those that `policyc.toml` names; when it names none, all
    /// of the repository.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the change is to be merged into: a branch, a tag or a commit. The change is held against the commit at which it parted
    /// from there.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// What is reviewed; the files that are checked out when absent.
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// The teams that have approved, separated by commas. With it, a missing approval is found (exit code 1).
    #[arg(long, value_name = "TEAM,TEAM", value_delimiter = ',')]
    approved_by: Option<Vec<String>>,
    /// Real leads, to count those that change hands: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file; also packed,
    /// as `.gz` or `.zst`; may be repeated, and counts for the policies that no earlier one fits. When absent, those that `policyc.toml`
    /// names.
    #[arg(long, value_name = "FILE")]
    leads: Vec<PathBuf>,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// The time at which leads are decided: a DATE (2026-10-01: the end of that day) or a TIME (2026-10-01T09:30,
    /// 2026-10-01T09:30:00Z), read in the policy's time zone; that of `policyc.toml` when absent.
    #[arg(long, value_name = "DATE|TIME")]
    as_of: Option<Time>,
    /// Also count leads by the values of a field; may be repeated.
    #[arg(long, value_name = "FIELD")]
    by: Vec<String>,
    /// Also count deals that were won or lost, by a column that says it (won or lost, yes or no): the won ones that the change would have
    /// blocked, the lost ones that it would still pass. The best decision passes a lead. When absent, the column that `policyc.toml` names.
    #[arg(long, value_name = "COLUMN")]
    outcome: Option<String>,
    /// Where the review goes; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How the review is written; when absent, as the ending of the file says (`.md`, `.json`), else for people.
    #[arg(long)]
    format: Option<Format>,
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
    let Some(base) = &arguments.base else { return Err(no_base(&arguments.paths)) };
    let mut sides = Sides::open(base, arguments.head.as_deref(), &arguments.paths, console)?;
    let leads = counting::given(arguments, &sides)?;
    let rules = sides.rules_of_review()?;
    let read = sides.runs.iter().flat_map(Run::files).chain(&rules);
    refuse_overwriting(read.chain(leads.files.iter().map(|leads| &leads.path)), &arguments.output)?;
    let review = reviewed(arguments, base, &mut sides, leads, console)?;
    // What could not be read counted as if it were not there.
    sides.sound()?;
    let ending = arguments.output.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
    let format = arguments.format.unwrap_or(match ending {
        Some("md") => Format::Markdown,
        Some("json") => Format::Json,
        Some(_) | None => Format::Human,
    });
    let text = match format {
        Format::Human => page::human(&review, console.out),
        Format::Json => page::json(&review),
        Format::Markdown => page::markdown(&review),
    };
    match (&arguments.output, format) {
        (None, Format::Human) => console.print(&text)?,
        (output, Format::Human | Format::Json | Format::Markdown) => Output::whole(output.as_deref(), &text)?,
    }
    Ok(Exit::from(!review.passes))
}

/// That it is not said what the change is to be merged into: a path that is none may have been meant for it.
fn no_base(paths: &[PathBuf]) -> Stop {
    let (meant, rest) = match paths {
        [first, rest @ ..] if !first.exists() => (clean(&first.to_string_lossy()).into_owned(), rest),
        rest => ("main".to_owned(), rest),
    };
    let rest: String = rest.iter().map(|path| format!(" {}", clean(&path.to_string_lossy()))).collect();
    Stop::because(format!(
        "what is the change to be merged into? say it with `--base`: `policyc review --base {meant}{rest}`"
    ))
}

fn reviewed(
    arguments: &Arguments,
    base: &str,
    sides: &mut Sides,
    leads: Given,
    console: &Console,
) -> Result<Review, Stop> {
    check_fields(&arguments.by, sides)?;
    let is_changed = |pair: &Pair| !sides.seen(*pair).is_unchanged() || !sides.within_others(*pair).is_empty();
    let mut changed: Vec<Pair> = sides.pairs.iter().copied().filter(is_changed).collect();
    let unchanged = sides.pairs.len() - changed.len();
    let links = sides.other_links()?;
    // Under the path of a link stand two policies that are no pair: they are compared as one.
    let under: BTreeMap<Pair, &String> =
        links.iter().flat_map(|link| &link.pairs).map(|(path, pair)| (*pair, path)).collect();
    changed.extend(under.keys());
    let nowhere =
        |path: &String| format!("`{}` names `{path}`, and no policy stands there on either side", config::NAME);
    let mut notes: Vec<String> = sides.nowhere.iter().map(nowhere).collect();
    notes.extend(sides.in_vain.iter().cloned());
    judge(sides, &changed);

    let least = sides.gates.config.coverage.map(usize::from);
    let mut needed = Needed::default();
    let mut policies = Vec::new();
    let mut obstacles = Vec::new();
    let mut counting = Counting::new(arguments, sides, leads);
    for pair in &changed {
        let seen = sides.seen(*pair);
        let diff = seen.diff();
        let tally = match &diff {
            Some(diff) => counting.tally(*pair, diff, console)?,
            None => None,
        };
        policies.extend(review::review(&seen, diff.as_ref(), tally, least, &mut needed).map(|reviewed| {
            match under.get(pair) {
                Some(path) => Reviewed { path: (*path).clone(), was: None, ..reviewed },
                None => reviewed,
            }
        }));
        review::versions::compare(&seen, sides.before(), sides.meanwhile(), &mut needed);
        review::versions::among(&seen, sides.before(), sides.meanwhile(), &mut needed);
        let [fork, now] = [seen.base, seen.head].map(|side| side.and_then(|side| side.policy));
        for file in sides.within_others(*pair) {
            let teams: BTreeSet<String> = [fork, now].into_iter().flatten().flat_map(Policy::all_owners).collect();
            needed.ask(
                &teams,
                &file,
                "this file stands in a repository of its own, whose changes are not reviewed here",
            );
        }
        if let Some(path) = seen.base.map(|side| side.path) {
            needed.ask(&sides.broken_since(path), path, "this policy does not check at the base by now");
        }
        if let Some(path) = seen.base.or(seen.head).map(|side| side.path)
            && let Some(tip) = sides.since(path)
        {
            let since = Since { fork, tip: &tip, head: now };
            obstacles.extend(review::since::compare(&since, path, base, &mut needed));
        }
    }
    notes.extend(counting.finish()?);
    for elsewhere in &links {
        needed.ask(&sides.teams(&elsewhere.policies), &elsewhere.link.path, elsewhere.why);
        notes.push(elsewhere.sentence());
    }
    let mut own = sides.leads();
    own.retain(|path| arguments.leads.is_empty() && !changed.is_empty() && sides.differs(path));
    notes.extend(
        own.iter().map(|path| format!("`{path}`, whose leads are counted, is another file than before the change")),
    );

    let [base, head] = &sides.runs;
    let [all_base, all_head] = sides.everybody();
    let [before, now] = &sides.configurations;
    let mut rules_of_review = sides.changed_baselines();
    if before != now {
        rules_of_review.extend(now.path.clone().or(before.path.clone()));
    }
    for path in &rules_of_review {
        needed.ask(&all_base, path, "this file rules what counts, and is changed");
    }
    for path in &sides.changed_attributes() {
        needed.ask(&all_base, path, "this file rules what a checkout makes of policies and lists, and is changed");
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
        unchanged: unchanged as u64,
        policies,
        findings,
        rules_of_review,
        links: links.into_iter().map(|elsewhere| elsewhere.link).collect(),
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
fn judge(sides: &mut Sides, changed: &[Pair]) {
    let levels = sides.gates.config.levels.clone();
    let unasked = Request { overlaps: false, leads: 0, missing: false, gaps: false }.unasked();
    for (side, run) in sides.runs.iter_mut().enumerate() {
        let at = |pair: &Pair| pair.get(side).copied().flatten();
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
