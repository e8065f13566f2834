//! A diff in the words of the policies, with the places in their files: what people and programs are shown.

use serde::Serialize;

use super::edit::{Edit, Kind, Said, What};
use super::pair::How;
use super::scan::{Change, Flow, Part};
use super::tally::Tally;
use super::{Diff, Step, Verdict};
use crate::eval::{Evaluator, Session, end_of_day};
use crate::ir::{DecisionId, Id, Lead, Policy, RuleId, print};
use crate::source::{Sources, Span};
use crate::types::{Number, Value, time_zone};

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// The texts of the policies.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// Those of the old one.
    pub old: &'a Sources,
    /// Those of the new one.
    pub new: &'a Sources,
}

/// What a change of a policy changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc diff")]
pub struct Report {
    /// The version of this form: 1.
    pub version: u32,
    /// The old policy.
    pub old: File,
    /// The new policy.
    pub new: File,
    /// Whether any lead changes hands: proved of every lead, or seen at a row of `leads`.
    pub verdict: Verdict,
    /// Decisions that seem to be called otherwise, and nothing else: their leads change hands all the same.
    pub renamed_decisions: Vec<Renamed>,
    /// What changes hands, by what makes it.
    pub changes: Vec<Changed>,
    /// Edits by which no lead changes hands.
    pub without_effect: Vec<Edited>,
    /// What the policies agree on besides decisions: claims, days in force, owners, tests.
    pub agreement: Vec<Edited>,
    /// Other words for the same: reasons, labels, titles, notes.
    pub wording: Vec<Edited>,
    /// Fields whose cells the policies may read in different ways, which is not compared; as long as there are some, `verdict` is not `same`.
    pub not_compared: Vec<String>,
    /// What the comparison leaves out.
    pub notes: Vec<String>,
    /// What became of real leads, when there are some.
    pub leads: Option<Tally>,
}

/// A decision that seems to be called otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Renamed {
    /// Its phrase in the old policy.
    pub was: String,
    /// Its phrase in the new policy.
    pub is: String,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct File {
    /// Its file.
    pub path: String,
    /// Its title.
    pub title: String,
}

/// An edit, or several that act together, and the leads that change hands by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Changed {
    /// The edits.
    pub edits: Vec<Edited>,
    /// Edits of what the rules depend on besides, and which have a part in it.
    pub also: Vec<Edited>,
    /// The leads, in kinds that exclude each other.
    pub parts: Vec<Region>,
}

/// What an edit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Edited {
    /// Of what it is an edit.
    pub kind: Kind,
    /// How that is called.
    pub name: String,
    /// How it was called, when it is called otherwise now.
    pub was: Option<String>,
    /// How it differs.
    pub what: What,
    /// What the old policy says; of a list, what is no longer in it.
    pub old: Option<Line>,
    /// What the new policy says; of a list, what is new in it.
    pub new: Option<Line>,
}

/// A line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Its file; a list has none.
    pub path: Option<String>,
    /// Its line in the file.
    pub line: Option<usize>,
}

/// How the two policies part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Only the old one takes the leads there.
    NoLonger,
    /// Only the new one does.
    FromNowOn,
    /// Both do, with another decision.
    Otherwise,
    /// Any of these, in many places.
    Anyhow,
}

/// Leads whose ways part at the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Region {
    /// How.
    pub way: Way,
    /// The rules (or fields) where they part, as the new policy calls them; the old one where only that has them.
    pub at: Vec<String>,
    /// Whether they are fields or assumptions, which set leads aside.
    pub sets_aside: bool,
    /// The section whose leads they are, when it is the same for both.
    pub section: Option<String>,
    /// Which of the leads that get there: any that has all of the conditions of one alternative. None when that was not looked at.
    pub alternatives: Option<Vec<Vec<String>>>,
    /// Whether there are no others than those.
    pub described: bool,
    /// Whether some of these leads keep their decision, by a rule further down.
    pub some_stay: bool,
    /// From where to where the others go.
    pub flows: Vec<Went>,
    /// Whether it is proved that they go nowhere else.
    pub complete: bool,
}

/// Leads that go from one decision to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Went {
    /// The decision of the old policy; none when it sets the lead aside.
    pub from: Option<String>,
    /// The decision of the new policy; none when it sets the lead aside.
    pub to: Option<String>,
    /// A lead that does, invented.
    pub lead: Vec<Held>,
    /// The time at which it does, when time has a part in it: a day (its end, in the new policy's time zone) or an instant.
    pub as_of: Option<String>,
    /// What decides it under the old policy.
    pub by_old: Took,
    /// What decides it under the new policy.
    pub by_new: Took,
    /// What the edited scores and grades come to for it.
    pub readings: Vec<Moved>,
}

/// What a lead holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Held {
    /// The field.
    pub field: String,
    /// Its value, as the language writes it.
    pub value: String,
}

/// What decides a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Took {
    /// The rule; the field or the assumption that sets it aside.
    pub name: String,
    /// Its file.
    pub path: Option<String>,
    /// Its line in the file.
    pub line: Option<usize>,
}

/// A score or a grade before and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Moved {
    /// The score or the grade.
    pub name: String,
    /// What it came to under the old policy.
    pub was: String,
    /// What it comes to under the new one.
    pub is: String,
}

/// The schema of the JSON form.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// A place in a file.
fn place(sources: &Sources, span: Span) -> (Option<String>, Option<usize>) {
    match sources.get(span.source) {
        Some(file) => (Some(file.path.clone()), Some(file.line_column(span.start as usize).0)),
        None => (None, None),
    }
}

impl Report {
    /// A diff in words.
    #[must_use]
    pub fn new(diff: &Diff<'_>, texts: &Texts<'_>) -> Report {
        let file = |sources: &Sources, policy: &Policy| File {
            path: sources.iter().next().map(|file| file.path.clone()).unwrap_or_default(),
            title: policy.title.clone(),
        };
        let [old, new] = diff.policies;
        let mut with_effect: Vec<usize> =
            diff.changes.iter().flat_map(|change| change.edits.iter().chain(&change.also)).copied().collect();
        with_effect.sort_unstable();
        let idle = diff.edits.iter().enumerate().filter(|(i, _)| with_effect.binary_search(i).is_err());
        Report {
            version: VERSION,
            old: file(texts.old, old),
            new: file(texts.new, new),
            verdict: diff.verdict(),
            renamed_decisions: renamed_decisions(diff),
            changes: diff.changes.iter().map(|change| changed(diff, texts, change)).collect(),
            without_effect: idle.map(|(_, edit)| edited(texts, edit)).collect(),
            agreement: diff.agreement.iter().map(|edit| edited(texts, edit)).collect(),
            wording: diff.wording.iter().map(|edit| edited(texts, edit)).collect(),
            not_compared: diff.not_compared.clone(),
            notes: diff.notes.clone(),
            leads: None,
        }
    }

    /// Adds what became of real leads. A row that changes hands is seen to, whatever is proved.
    #[must_use]
    pub fn with_leads(self, tally: Tally) -> Report {
        let verdict = if tally.changed > 0 { Verdict::Changed } else { self.verdict };
        Report { verdict, leads: Some(tally), ..self }
    }
}

/// Decisions of which only the old policy knows the one and only the new one the other, declared at the same place, where each rule that
/// gave the one gives the other.
fn renamed_decisions(diff: &Diff<'_>) -> Vec<Renamed> {
    let [old, new] = diff.policies;
    let has = |policy: &Policy, phrase: &str| policy.decisions.iter().any(|(_, decision)| decision.phrase == phrase);
    let seems = |was: DecisionId, is: DecisionId| {
        let gives = |policy: &Policy, step: Option<Step>, decision: DecisionId| match step {
            Some(Step::Rule(rule)) => Some(policy.rules[rule].decision == decision),
            Some(Step::Field(_) | Step::Assumption(_)) | None => None,
        };
        let gave = |slot: &super::Slot| (gives(old, slot.steps[0], was), gives(new, slot.steps[1], is));
        let together = diff.slots.iter().map(gave);
        together.clone().all(|(gave, gives)| gave.unwrap_or(false) == gives.unwrap_or(false))
            && together.into_iter().any(|(gave, _)| gave == Some(true))
    };
    let places = old.decisions.iter().zip(new.decisions.iter());
    let other = places.filter(|((_, was), (_, is))| !has(new, &was.phrase) && !has(old, &is.phrase));
    let renamed = other.filter(|((was, _), (is, _))| seems(*was, *is));
    renamed.map(|((_, was), (_, is))| Renamed { was: was.phrase.clone(), is: is.phrase.clone() }).collect()
}

fn edited(texts: &Texts<'_>, edit: &Edit) -> Edited {
    let line = |sources: &Sources, said: &Said| {
        let (path, line) = said.span.map_or((None, None), |span| place(sources, span));
        Line { text: said.text.clone(), path, line }
    };
    Edited {
        kind: edit.kind,
        name: edit.name.clone(),
        was: edit.was.clone(),
        what: edit.what,
        old: edit.old.as_ref().map(|said| line(texts.old, said)),
        new: edit.new.as_ref().map(|said| line(texts.new, said)),
    }
}

fn changed(diff: &Diff<'_>, texts: &Texts<'_>, change: &Change) -> Changed {
    let of = |edits: &[usize]| edits.iter().filter_map(|edit| diff.edits.get(*edit)).collect::<Vec<&Edit>>();
    let (edits, also) = (of(&change.edits), of(&change.also));
    let said = |edits: &[&Edit]| edits.iter().map(|edit| edited(texts, edit)).collect();
    let all: Vec<&Edit> = edits.iter().chain(&also).copied().collect();
    Changed {
        edits: said(&edits),
        also: said(&also),
        parts: change.parts.iter().map(|part| region(diff, texts, &all, part)).collect(),
    }
}

fn region(diff: &Diff<'_>, texts: &Texts<'_>, edits: &[&Edit], part: &Part) -> Region {
    let [old, new] = diff.policies;
    let names = part.slots.iter().filter_map(|slot| {
        let [before, now] = diff.slots.get(*slot)?.steps;
        now.map(|step| name(new, step)).or(before.map(|step| name(old, step)))
    });
    let who = part.who.as_ref();
    let clause = |clause: &super::Clause, alone: bool| {
        let text =
            if clause.text.contains(" or ") && !alone { format!("({})", clause.text) } else { clause.text.clone() };
        match (clause.apart, clause.side) {
            (true, 0) => format!("{text} before"),
            (true, _) => format!("{text} now"),
            (false, _) => text,
        }
    };
    let words = |all: &[super::Clause]| all.iter().map(|of| clause(of, all.len() == 1)).collect();
    Region {
        way: match part.how {
            Some(How::OldOnly) => Way::NoLonger,
            Some(How::NewOnly) => Way::FromNowOn,
            Some(How::Both) => Way::Otherwise,
            None => Way::Anyhow,
        },
        at: names.collect(),
        sets_aside: part
            .slots
            .iter()
            .filter_map(|slot| diff.slots.get(*slot))
            .any(|slot| slot.steps.iter().flatten().any(|step| matches!(step, Step::Field(_) | Step::Assumption(_)))),
        section: who.and_then(|who| who.section).map(|(side, section)| {
            let policy = if side == 0 { old } else { new };
            policy.sections[section].title.clone()
        }),
        alternatives: who.map(|who| who.alternatives.iter().map(|all| words(all)).collect()),
        described: who.is_some_and(|who| who.complete),
        some_stay: part.some_stay,
        flows: part.flows.iter().map(|flow| went(diff, texts, edits, flow)).collect(),
        complete: part.complete,
    }
}

/// What a step is called.
fn name(policy: &Policy, step: Step) -> String {
    match step {
        Step::Rule(rule) => policy.rules[rule].name.clone(),
        Step::Field(field) => policy.fields[field].name.clone(),
        Step::Assumption(at) => {
            let cond = policy.assumptions.get(at).map(|cond| print::condition(policy, cond));
            format!("assume {}", cond.unwrap_or_default())
        }
    }
}

fn went(diff: &Diff<'_>, texts: &Texts<'_>, edits: &[&Edit], flow: &Flow) -> Went {
    let [old, new] = diff.policies;
    let [from, to] = diff.ends(&flow.seen).map(|end| end.map(str::to_owned));
    let took = |policy: &Policy, sources: &Sources, step: Option<Step>| {
        let last = Step::Rule(RuleId::from_position(policy.rules.len().saturating_sub(1)));
        let step = step.unwrap_or(last);
        let span = match step {
            Step::Rule(rule) => Some(policy.rules[rule].span),
            Step::Field(field) => Some(policy.fields[field].span),
            Step::Assumption(at) => policy.assumptions.get(at).map(|cond| cond.span),
        };
        let (path, line) = span.map_or((None, None), |span| place(sources, span));
        Took { name: name(policy, step), path, line }
    };
    let witness = &flow.witness;
    let (lead, readings) = match witness.leads.as_slice() {
        [before, now] => {
            let evaluators = [Evaluator::new(old, witness.as_of), Evaluator::new(new, witness.as_of)];
            let [one, other] = &evaluators;
            (held(diff.policies, [before, now]), moved(edits, &one.on(before), &other.on(now)))
        }
        _ => (Vec::new(), Vec::new()),
    };
    let [by_old, by_new] = flow.seen.steps;
    Went {
        from,
        to,
        lead,
        as_of: (old.reads_time() || new.reads_time()).then(|| time(new, witness.as_of)),
        by_old: took(old, texts.old, by_old),
        by_new: took(new, texts.new, by_new),
        readings,
    }
}

/// A day where the time is the end of one, else the instant.
fn time(policy: &Policy, as_of: jiff::Timestamp) -> String {
    let day = time_zone(&policy.zone).map(|zone| zone.to_datetime(as_of).date());
    match day {
        Some(day) if end_of_day(&policy.zone, day) == Some(as_of) => day.to_string(),
        Some(_) | None => as_of.to_string(),
    }
}

/// What the cells of a lead hold: as the new policy reads them, else as the old one does.
fn held(policies: [&Policy; 2], leads: [&Lead; 2]) -> Vec<Held> {
    let [old, new] = policies;
    let [before, now] = leads;
    let of = |policy: &Policy, lead: &Lead, name: &str| {
        let (id, field) = policy.fields.iter().find(|(_, field)| field.name == name)?;
        let value = lead.get(id).filter(|value| field.may_hold(value))?;
        let none = *value == Value::Set(std::collections::BTreeSet::new());
        (!none).then(|| print::literal(value, Some(&field.ty)))
    };
    let names = new.fields.iter().map(|(_, field)| &field.name);
    let gone = old.fields.iter().map(|(_, field)| &field.name);
    let gone = gone.filter(|name| !new.fields.iter().any(|(_, field)| field.name == **name));
    names
        .chain(gone)
        .filter_map(|name| {
            let value = of(new, now, name).or_else(|| of(old, before, name))?;
            Some(Held { field: name.clone(), value })
        })
        .collect()
}

/// What the edited scores and grades come to.
fn moved(edits: &[&Edit], old: &Session<'_>, new: &Session<'_>) -> Vec<Moved> {
    let read = |session: &Session<'_>, kind: Kind, name: &str| -> Option<String> {
        let policy = session.policy();
        match kind {
            Kind::Score => {
                let (id, _) = policy.scores.iter().find(|(_, score)| score.name == name)?;
                Some(session.score(id).points.for_people(Number::PLACES))
            }
            Kind::Grade => {
                let (id, grade) = policy.grades.iter().find(|(_, grade)| grade.name == name)?;
                grade.scale.values.get(session.grade(id)).cloned()
            }
            Kind::Policy
            | Kind::Field
            | Kind::Assumption
            | Kind::Decision
            | Kind::List
            | Kind::Define
            | Kind::Stage
            | Kind::Section
            | Kind::Rule
            | Kind::Claim
            | Kind::Test => None,
        }
    };
    let mut found: Vec<Moved> = Vec::new();
    for edit in edits {
        let (was, is) = (read(old, edit.kind, &edit.name), read(new, edit.kind, &edit.name));
        if let (Some(was), Some(is)) = (was, is)
            && was != is
            && !found.iter().any(|moved| moved.name == edit.name)
        {
            found.push(Moved { name: edit.name.clone(), was, is });
        }
    }
    found
}
