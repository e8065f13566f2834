//! What was missing and why that mattered, and which defaults stood in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::eval::Session;
use crate::eval::trace::Trace;
use crate::ir::reach::Reach;
use crate::ir::{Cond, CondKind, FieldId, Gain, Guard, ScoreId, print};
use crate::types::Truth;

/// A field whose absence mattered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Absence {
    /// Its name.
    pub field: String,
    /// The rules above the one that fired that could not be tested for want of it: one of them might have decided.
    pub rules: Vec<String>,
    /// The scores of which lines earned nothing for want of it.
    pub scores: Vec<LostScore>,
    /// The grades and the stage that might be better with it.
    pub steps: Vec<String>,
}

/// A score of which lines earned nothing because they were unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LostScore {
    /// Its name.
    pub score: String,
    /// The lines.
    pub lines: Vec<LostLine>,
    /// The rules above the one that fired that hang on the score: with its points one of them might have decided.
    pub rules: Vec<String>,
}

/// A line of a score that earned nothing because it was unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LostLine {
    /// What the author calls it.
    pub label: Option<String>,
    /// What it adds when it is true: `+25`.
    pub gain: String,
}

/// A default that stood in for a missing value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UsedDefault {
    /// The field.
    pub field: String,
    /// What it was taken as.
    pub value: String,
}

/// The fields whose absence mattered, in the order of the policy.
pub(super) fn absences(session: &Session<'_>, trace: &Trace<'_>) -> Vec<Absence> {
    let policy = session.policy();
    let mut found: BTreeMap<FieldId, Absence> = BTreeMap::new();
    let mut note = |fields: BTreeSet<FieldId>, f: &dyn Fn(&mut Absence)| {
        fields.into_iter().for_each(|field| f(found.entry(field).or_default()));
    };
    for tried in trace.tried.iter().filter(|tried| tried.rule != trace.outcome.rule) {
        let name = &policy.rules[tried.rule].name;
        note(session.absent_in_rule(tried.rule), &|absence| absence.rules.push(name.clone()));
    }
    for (id, score) in policy.scores.iter() {
        let mut rules = None;
        for line in &score.lines {
            if let Gain::Points { per, when, .. } = &line.gain
                && session.line(line).incomplete
            {
                let mut fields = when.as_ref().map(|when| session.absent_in(when)).unwrap_or_default();
                fields.extend(per.iter().flat_map(|per| session.absent_in_value(&per.amount)));
                let lost = LostLine { label: line.label.clone(), gain: print::gain(policy, &line.gain) };
                let rules = rules.get_or_insert_with(|| dependent(session, trace, id));
                note(fields, &|absence| absence.lose(&score.name, rules, &lost));
            }
        }
    }
    for (_, grade) in policy.grades.iter() {
        let better = grade.lines.iter().take_while(|line| !session.truth(&line.when).is_true());
        let fields = better.flat_map(|line| session.absent_in(&line.when)).collect();
        note(fields, &|absence| absence.steps.push(grade.name.clone()));
    }
    if let Some((_, next)) = policy.stages.iter().nth(session.stage()) {
        note(session.absent_in(&next.when), &|absence| absence.steps.push("stage".to_owned()));
    }
    found.into_iter().map(|(field, absence)| Absence { field: policy.fields[field].name.clone(), ..absence }).collect()
}

impl Absence {
    fn lose(&mut self, score: &str, rules: &[String], line: &LostLine) {
        match self.scores.last_mut().filter(|lost| lost.score == score) {
            Some(lost) => lost.lines.push(line.clone()),
            None => {
                let lost = LostScore { score: score.to_owned(), lines: vec![line.clone()], rules: rules.to_vec() };
                self.scores.push(lost);
            }
        }
    }
}

/// The rules that did not fire and hang on a score: with other points, as far as only they are concerned, they might.
fn dependent(session: &Session<'_>, trace: &Trace<'_>, score: ScoreId) -> Vec<String> {
    let policy = session.policy();
    let above = trace.tried.iter().filter(|tried| tried.rule != trace.outcome.rule);
    let hang = above.filter(|tried| {
        let when = tried.when.as_ref().map_or((Truth::True, false), |step| without(session, score, step.cond));
        let guard = tried.section.map(|(section, truth)| match &policy.sections[section].guard {
            Guard::When(guard) => without(session, score, guard),
            Guard::Always | Guard::NoneOf(_) => (truth, false),
        });
        let (guard, guarded) = guard.unwrap_or((Truth::True, false));
        (when.1 || guarded) && when.0.and(guard) != Truth::False
    });
    hang.map(|tried| policy.rules[tried.rule].name.clone()).collect()
}

/// How a condition would turn out if nobody knew the score, and whether it depends on it at all.
fn without(session: &Session<'_>, score: ScoreId, cond: &Cond) -> (Truth, bool) {
    let mut reach = Reach::new(session.policy());
    reach.cond(cond);
    if !reach.scores.contains(&score) {
        return (session.truth(cond), false);
    }
    let parts = cond.parts().iter().map(|part| without(session, score, part).0);
    let truth = match &cond.kind {
        CondKind::All(_) => parts.fold(Truth::True, Truth::and),
        CondKind::Any(_) => parts.fold(Truth::False, Truth::or),
        CondKind::Not(_) => parts.fold(Truth::Unknown, |_, inner| inner.not()),
        CondKind::Define(_) => session.behind(cond).map_or(Truth::Unknown, |body| without(session, score, body).0),
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Reached(_)
        | CondKind::AtLeast(..) => Truth::Unknown,
    };
    (truth, true)
}

/// The defaults that stood in for missing values in anything that the explanation speaks of.
pub(super) fn defaults(session: &Session<'_>, trace: &Trace<'_>) -> Vec<UsedDefault> {
    let policy = session.policy();
    let mut reach = Reach::new(policy);
    for tried in &trace.tried {
        if let Some((section, _)) = tried.section
            && let Guard::When(guard) = &policy.sections[section].guard
        {
            reach.cond(guard);
        }
        tried.when.iter().for_each(|step| reach.cond(step.cond));
    }
    policy.scores.iter().for_each(|(id, _)| reach.score(id));
    policy.grades.iter().for_each(|(id, _)| reach.grade(id));
    policy.stages.iter().for_each(|(id, _)| reach.stage(id));
    let missing = reach.fields.into_iter().filter(|field| session.lead().get(*field).is_none());
    let used = missing.filter_map(|id| {
        let field = &policy.fields[id];
        let value = print::shown(field.default.as_ref()?, Some(&field.ty), &policy.zone);
        Some(UsedDefault { field: field.name.clone(), value })
    });
    used.collect()
}
