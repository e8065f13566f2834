//! `policyc explain --log`: decides a logged decision again, and says whether it comes out the same.

mod find;
mod policy;

use std::collections::BTreeSet;
use std::path::Path;

use policyc::columnar::{Found, Which};
use policyc::diagnostic::Diagnostic;
use policyc::eval::Evaluator;
use policyc::explain::{View, Wanted, explain};
use policyc::ir::{Field, FieldId, Policy, personal};
use policyc::leads::Row;
use policyc::log::replay::{self, Difference, Logged, Replay, Since};
use policyc::log::{Inputs, today};
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
    let meant = policy::meant(arguments.policy.as_deref())?;
    let found = find::find(log, lead, arguments.at.unwrap_or(At::Latest), meant, console)?;
    let entry = &found.entry;
    let logged = Logged::new(log.display().to_string(), found.line, entry);
    let there = policy::find(arguments.policy.as_deref(), log, entry)?;
    list(&found, there.as_ref().ok().map(|there| &there.policy), console);
    let replay = match there {
        Ok(there) => {
            let hidden = policy::personal_by_now(arguments.policy.as_deref(), log, entry)?;
            again(arguments, logged, entry, (there, &hidden), console)?
        }
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
                unread: Vec::new(),
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
fn list(found: &find::Found, policy: Option<&Policy>, console: &Console) {
    let find::Found { decisions, last, number, entry, .. } = found;
    if *decisions < 2 {
        return;
    }
    let zone = policy.map_or(pages::UTC, |policy| &policy.zone);
    let (whom, unsure) = if policy.is_some_and(|policy| policy.id_field().is_none()) {
        let unsure = "; the policy has no `id`, so that leads are called by their lines: those of several files are several leads";
        (format!("leads called `{}`", entry.lead), unsure)
    } else {
        ("this lead".to_owned(), "")
    };
    let is_of_several = last.iter().any(|short| last.front().is_some_and(|first| first.policy != short.policy));
    let each = last.iter().map(|short| {
        let find::Short { number, line, decision, policy, as_of } = short;
        let by = if is_of_several { format!(", by {policy}") } else { String::new() };
        format!("{number} (line {line}): {decision}{by}, as of {}", pages::moment(*as_of, zone))
    });
    let each: Vec<String> = each.collect();
    let more = if last.len() < *decisions { "the last of them are " } else { "" };
    let all = count(*decisions as u64, "decision");
    console.note(&format!(
        "the log has {all} on {whom}: {more}{}; this is {number}, choose by `--at`{unsure}",
        each.join("; ")
    ));
}

/// Decides again by the policy of then, and explains it; nothing is shown of the columns that are hidden.
fn again(
    arguments: &Arguments,
    logged: Logged,
    entry: &policyc::log::Entry,
    (there, hidden): (policy::Found, &BTreeSet<String>),
    console: &Console,
) -> Result<Replay, Stop> {
    let policy::Found { name, mut policy, sources } = there;
    policy.sources = sources.iter().map(|file| file.path.clone()).collect();
    let policy = policy;
    let (inputs, misfits) = Inputs::new(&policy, entry);
    let evaluator = Evaluator::new(&policy, entry.as_of);
    let differences = replay::differences(&evaluator, entry, &inputs, &misfits, VERSION);
    let held = held(arguments, &policy)?;
    let wanted = wanted(arguments, &policy)?;
    let shown = personal::hiding(&policy, hidden);
    // Of tests that asked for nothing personal then, the line tells nothing: they turn out by what it holds.
    let (shown_inputs, _) = Inputs::new(&shown, entry);
    let unasked = shown_inputs.unasked(&shown);
    if unasked.is_none() && arguments.why_not.is_some() {
        console.note(
            "what would have brought another decision cannot be said: the policy asks for personal values, of which the log has only how tests turned out",
        );
    }
    let line_of = |rule| {
        let span = policy.rules[rule].span;
        Some(sources.get(span.source)?.line_column(span.start as usize).0)
    };
    let view = View { name: &entry.lead, show_personal: false, line_of: &line_of, wanted, held: &held, told: None };
    let explanation = match &unasked {
        Some((policy, lead)) => explain(&Evaluator::new(policy, entry.as_of), lead, &view),
        None => {
            let told = shown_inputs.told.as_ref();
            let evaluator = Evaluator::new(&shown, entry.as_of);
            explain(&evaluator, &shown_inputs.lead, &View { wanted: Wanted::Nothing, told, ..view })
        }
    };
    let leads = arguments.leads();
    let then = Then { evaluator: &evaluator, shown: &shown, inputs: &inputs };
    let today = leads.map(|leads| then.today(&leads, &entry.lead)).transpose()?;
    let (since, unread) = today.map_or((None, Vec::new()), |Today { since, unread }| (Some(since), unread));
    Ok(Replay {
        version: replay::VERSION,
        logged,
        policy: Some(name),
        reproduced: differences.is_empty(),
        differences,
        since,
        unread,
        explanation: Some(explanation),
    })
}

/// What has become of the lead.
struct Today {
    since: Since,
    /// What of it could not be read.
    unread: Vec<String>,
}

/// A lead as it was, and how it was decided.
struct Then<'t> {
    evaluator: &'t Evaluator<'t>,
    /// The policy with what is not to be shown hidden.
    shown: &'t Policy,
    inputs: &'t Inputs<'t>,
}

impl Then<'_> {
    /// Looks for the lead among the leads of today. Where they have lost columns, it is read without these.
    fn today(&self, leads: &Leads, lead: &str) -> Result<Today, Stop> {
        let policy = self.shown;
        let as_of = self.evaluator.as_of();
        if policy.id_field().is_none() {
            return Ok(Today { since: Since::NotKnown, unread: Vec::new() });
        }
        let find = |evaluator: &Evaluator<'_>| {
            leads.find(evaluator, Which::Named { name: lead.to_owned(), near: false }, false)
        };
        let faults = match find(&Evaluator::new(policy, as_of))? {
            Ok(found) => return Ok(Today { since: self.since(&BTreeSet::new(), found), unread: Vec::new() }),
            Err(faults) => faults,
        };
        // What is wrong with a column stands at its field.
        let of = |fault: &Diagnostic| {
            let is_it = |field: &Field| fault.span() == Some(field.span);
            policy.fields.iter().find(|(_, field)| is_it(field)).map(|(id, field)| (id, field.name.clone()))
        };
        let lost: BTreeSet<FieldId> = faults.iter().filter_map(|fault| Some(of(fault)?.0)).collect();
        // Of standard input there is nothing left to read.
        let reading = today::reading(policy, &lost).filter(|_| !lost.is_empty() && !leads.is_stdin());
        let found = match &reading {
            Some(reading) => find(&Evaluator::new(reading, as_of))?.ok(),
            None => None,
        };
        Ok(match found {
            Some(found) => {
                let told =
                    |fault: &Diagnostic| Some(format!("`{}` cannot be compared: {}", of(fault)?.1, fault.message));
                Today { since: self.since(&lost, found), unread: faults.iter().filter_map(told).collect() }
            }
            None => {
                let problems = faults.into_iter().map(|fault| fault.message).collect();
                Today { since: Since::Unreadable { problems }, unread: Vec::new() }
            }
        })
    }

    /// What has become of a lead that was looked for, and read without some fields.
    fn since(&self, unread: &BTreeSet<FieldId>, found: Found) -> Since {
        match found.first {
            None => Since::Gone,
            Some(Row::Lead { lead, .. }) => {
                let lead = today::lead(self.shown, unread, &lead);
                replay::since(self.evaluator, self.shown, self.inputs, &lead, unread)
            }
            Some(Row::Rejected(reject)) => {
                Since::Rejected { problems: reject.problems.into_iter().map(|problem| problem.message).collect() }
            }
        }
    }
}
