//! Real leads under both sides of a review, for one policy after the other: which file fits a policy, and what is counted of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use policyc::config;
use policyc::diagnostic::did_you_mean;
use policyc::diff::Diff;
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::Reader;
use policyc::review::Counted;

use super::Arguments;
use super::pairs::Pair;
use super::sides::Sides;
use crate::cli::console::{Console, Stop};
use crate::cli::impact::{self, Impact};
use crate::cli::leads::Leads;

/// The leads that are counted.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) files: Vec<Leads>,
    /// Whether they were asked for on the command line.
    asked: bool,
    /// What there is to say of those that are not read.
    notes: Vec<String>,
}

/// The leads that are given, else those of the configuration: of the base, when it names some.
pub(super) fn given(arguments: &Arguments, sides: &Sides) -> Result<Given, Stop> {
    let leads = |path: PathBuf| Leads { path, input_format: arguments.input_format };
    let asked: Vec<Leads> = arguments.leads.iter().cloned().map(leads).collect();
    if asked.iter().any(Leads::is_stdin) {
        return Err(Stop::because("both sides read the leads: give a file, not standard input"));
    }
    if !asked.is_empty() {
        return Ok(Given { files: asked, asked: true, notes: Vec::new() });
    }
    let mut given = Given { files: Vec::new(), asked: false, notes: Vec::new() };
    for path in sides.leads() {
        match sides.named(&path)? {
            Some(file) => given.files.push(leads(file)),
            None => given.notes.push(format!(
                "the leads `{path}`, which the base's `{}` names, lead out of the repository: they are not read",
                config::NAME
            )),
        }
    }
    Ok(given)
}

/// Real leads, counted for one policy after the other.
pub(super) struct Counting<'a> {
    arguments: &'a Arguments,
    sides: &'a Sides,
    leads: Given,
    /// The fields that leads were counted by.
    counted: BTreeSet<String>,
    /// The fields that they could have been counted by.
    fields: BTreeSet<String>,
    notes: Vec<String>,
}

impl<'a> Counting<'a> {
    pub(super) fn new(arguments: &'a Arguments, sides: &'a Sides, mut leads: Given) -> Counting<'a> {
        let notes = std::mem::take(&mut leads.notes);
        Counting { arguments, sides, leads, counted: BTreeSet::new(), fields: BTreeSet::new(), notes }
    }

    /// What becomes of the leads under both sides of a policy; none when there are none for it.
    pub(super) fn tally(&mut self, pair: Pair, diff: &Diff<'_>, console: &Console) -> Result<Option<Counted>, Stop> {
        let [old, new] = diff.policies;
        let Given { files, asked, .. } = &self.leads;
        let (there, absent): (Vec<&Leads>, Vec<&Leads>) =
            files.iter().partition(|leads| *asked || leads.path.symlink_metadata().is_ok() && !leads.is_pointer());
        for leads in absent {
            let help = if leads.is_pointer() { ", but for a pointer to them (`git lfs pull` gets them)" } else { "" };
            let note = format!(
                "the leads {} that `{}` names are not here{help}, so that none were counted",
                leads.name(),
                config::NAME
            );
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        if there.is_empty() {
            return Ok(None);
        }
        let [_, head] = &self.sides.configurations;
        let configured = self.sides.gates.config.as_of.or(head.config.as_of);
        let as_of = self.arguments.as_of.or(configured);
        let sources = self.sides.seen(pair);
        let (Some(before), Some(now)) = (sources.before(), sources.head) else { return Ok(None) };
        let moment = match impact::moment(as_of, [old, new]) {
            Ok(moment) => moment,
            // What a change does and who must approve it hangs on no day.
            Err(Stop::Failed(why)) => {
                self.notes.push(format!("leads were not counted for `{}`: {why}", now.path));
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        let mut misfits = Vec::new();
        let mut fitting = None;
        for leads in there.iter().copied() {
            match misfit([old, new], leads, moment.instant)? {
                None => {
                    fitting = Some(leads);
                    break;
                }
                Some(why) => misfits.push((leads.name(), why)),
            }
        }
        let Some(leads) = fitting else {
            let names = misfits.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
            let why = misfits.first().map(|(_, why)| why.clone()).unwrap_or_default();
            let path = now.path;
            self.notes.push(format!("the leads in {names} do not fit `{path}`, so that none were counted: {why}"));
            return Ok(None);
        };
        let configured = self.sides.outcome().filter(|_| !asked);
        let mut outcome = self.arguments.outcome.as_deref().or(configured);
        // Of several files, not each has to say what became of its leads; nor has one where nobody asked for it just now.
        if let (Some(column), true) = (outcome, files.len() > 1 || self.arguments.outcome.is_none())
            && let Err(Stop::Failed(why)) = impact::check_outcome(leads, column)
        {
            self.notes.push(format!("won and lost deals were not counted for `{}`: {why}", now.path));
            outcome = None;
        }
        self.fields.extend([old, new].into_iter().flat_map(|of| of.fields.iter().map(|(_, field)| field.name.clone())));
        let has = |name: &String| [old, new].iter().any(|policy| policy.fields.iter().any(|(_, f)| f.name == *name));
        let by: Vec<String> = self.arguments.by.iter().filter(|name| has(name)).cloned().collect();
        for name in &by {
            impact::check_field(name, [old, new], None)?;
        }
        self.counted.extend(by.iter().cloned());
        let impact = Impact {
            leads,
            difference: diff,
            sources: [&before.batch.sources, &now.batch.sources],
            instant: moment.instant,
            by: &by,
            outcome,
            show_personal: false,
        };
        let (counter, outcomes) = impact.count(console, |_, _| Ok(()))?;
        let is_in_force = |policy| impact::moment(as_of, [policy, policy]).map(|of| of.note.is_none());
        let has_ended = as_of.is_some() && sources.base.is_some() && is_in_force(old)?;
        let out_of_force = moment.note.clone().filter(|_| has_ended);
        let reads_time = old.reads_time() || new.reads_time();
        self.notes.extend(moment.note.filter(|_| as_of.is_some()).map(|note| format!("`{}`: {note}", now.path)));
        if outcome.is_some() && outcomes.is_none() {
            self.notes.push(format!(
                "won and lost deals were not counted for `{}`: its decisions are not ranked (`decisions, best first`)",
                now.path
            ));
        }
        Ok(Some(Counted { leads: counter.tally(reads_time.then_some(moment.sentence)), outcomes, out_of_force }))
    }

    /// What there is to say of it; it stops when leads were to be counted by a field that nobody has.
    pub(super) fn finish(self) -> Result<Vec<String>, Stop> {
        let mut notes = self.notes;
        for name in self.arguments.by.iter().filter(|name| !self.counted.contains(*name)) {
            let near = did_you_mean(name, self.fields.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            notes.push(format!(
                "no leads were counted by `{name}`: no policy that changed and whose leads were counted has this field{near}"
            ));
        }
        Ok(notes)
    }
}

/// Why leads do not fit a policy before or after a change; none when they do.
fn misfit(policies: [&Policy; 2], leads: &Leads, instant: jiff::Timestamp) -> Result<Option<String>, Stop> {
    for policy in policies {
        let evaluator = Evaluator::new(policy, instant);
        let (input, format) = leads.input()?;
        if let Err(found) = Reader::open(&evaluator, input, format, false) {
            return Ok(Some(found.into_iter().next().map(|found| found.message).unwrap_or_default()));
        }
    }
    Ok(None)
}
