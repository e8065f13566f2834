//! `policyc explain --log`: decides a logged decision again, and says whether it comes out the same.

mod find;
mod policy;

use std::path::Path;

use policyc::columnar::Which;
use policyc::eval::Evaluator;
use policyc::explain::{View, Wanted, explain};
use policyc::leads::Row;
use policyc::log::Inputs;
use policyc::log::replay::{self, Difference, Logged, Replay, Since};
use policyc::render::replay as pages;
use policyc::render::terminal::count;

use super::Exit;
use super::console::{Console, Stop};
use super::explain::{Arguments, Format, held, wanted};
use super::leads::Leads;
use super::origin::VERSION;
use super::output::Output;

pub(super) use find::At;

/// Decides a logged decision again.
pub(super) fn run(arguments: &Arguments, log: &Path, console: &Console) -> Result<Exit, Stop> {
    let Some(lead) = &arguments.id else { return Err(Stop::because("which lead? add `--lead ID`")) };
    let found = find::find(log, lead, arguments.at.unwrap_or(At::Latest), console)?;
    let entry = &found.entry;
    let logged = Logged::new(log.display().to_string(), found.line, entry);
    let there = policy::find(arguments.policy.as_deref(), log, entry)?;
    list(&found, there.as_ref().map_or(pages::UTC, |there| &there.policy.zone), console);
    let replay = match there {
        Ok(there) => again(arguments, logged, entry, there, console)?,
        Err(why) => {
            let mut differences = vec![Difference::Lost { why }];
            differences.splice(..0, (!entry.intact).then_some(Difference::Edited));
            Replay {
                version: replay::VERSION,
                logged,
                policy: None,
                reproduced: false,
                differences,
                since: None,
                explanation: None,
            }
        }
    };
    match arguments.format {
        Format::Human => console.print(&pages::human(&replay, console.out))?,
        Format::Json => Output::whole(None, &pages::json(&replay))?,
        Format::Markdown => Output::whole(None, &pages::markdown(&replay))?,
    }
    Ok(Exit::from(!replay.reproduced))
}

/// Says which decisions there are, when there are several.
fn list(found: &find::Found, zone: &str, console: &Console) {
    let find::Found { decisions, last, number, .. } = found;
    if *decisions < 2 {
        return;
    }
    let each = last.iter().map(|short| {
        let find::Short { number, line, decision, as_of } = short;
        format!("{number} (line {line}): {decision}, as of {}", pages::moment(*as_of, zone))
    });
    let each: Vec<String> = each.collect();
    let more = if last.len() < *decisions { "the last of them are " } else { "" };
    let all = count(*decisions as u64, "decision");
    console.note(&format!(
        "the log has {all} on this lead: {more}{}; this is {number}, choose by `--at`",
        each.join("; ")
    ));
}

/// Decides again by the policy of then, and explains it.
fn again(
    arguments: &Arguments,
    logged: Logged,
    entry: &policyc::log::Entry,
    there: policy::Found,
    console: &Console,
) -> Result<Replay, Stop> {
    let policy::Found { name, mut policy, sources } = there;
    policy.sources = sources.iter().map(|file| file.path.clone()).collect();
    let policy = policy;
    let (inputs, misfits) = Inputs::new(&policy, entry);
    let evaluator = Evaluator::new(&policy, entry.as_of);
    let differences = replay::differences(&evaluator, entry, &inputs, &misfits, VERSION);
    let held = held(arguments, &policy)?;
    let wanted = match (&inputs.told, &arguments.why_not) {
        (None, _) => wanted(arguments, &policy)?,
        (Some(_), None) => Wanted::Nothing,
        (Some(_), Some(_)) => {
            return Err(Stop::because(
                "what would have brought another decision cannot be said: the log has no values of personal fields",
            ));
        }
    };
    let line_of = |rule| {
        let span = policy.rules[rule].span;
        Some(sources.get(span.source)?.line_column(span.start as usize).0)
    };
    let told = inputs.told.as_ref();
    let view = View { name: &entry.lead, show_personal: false, line_of: &line_of, wanted, held: &held, told };
    let explanation = explain(&evaluator, &inputs.lead, &view);
    let since = match arguments.leads() {
        Some(leads) => Some(since(&leads, &evaluator, &inputs, &entry.lead, &sources, console)?),
        None => None,
    };
    Ok(Replay {
        version: replay::VERSION,
        logged,
        policy: Some(name),
        reproduced: differences.is_empty(),
        differences,
        since,
        explanation: Some(explanation),
    })
}

/// What has become of the lead.
fn since(
    leads: &Leads,
    evaluator: &Evaluator<'_>,
    inputs: &Inputs<'_>,
    lead: &str,
    sources: &policyc::source::Sources,
    console: &Console,
) -> Result<Since, Stop> {
    if evaluator.policy().id_field().is_none() {
        return Ok(Since::NotKnown);
    }
    let wanted = Which::Named { name: lead.to_owned(), near: false };
    let found = leads.find(evaluator, wanted, false)?;
    let found = found.map_err(|faults| leads.stop(faults, sources.clone(), console))?;
    Ok(match found.first {
        None => Since::Gone,
        Some(Row::Lead { lead, .. }) => Since::There { changed: replay::changed(evaluator, inputs, &lead) },
        Some(Row::Rejected(reject)) => {
            Since::Rejected { problems: reject.problems.into_iter().map(|problem| problem.message).collect() }
        }
    })
}
