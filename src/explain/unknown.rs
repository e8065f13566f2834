//! What was missing and why that mattered, and which defaults stood in.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::eval::Session;
use crate::eval::trace::Trace;
use crate::ir::{Body, Cond, CondKind, DefineId, Expr, FieldId, Gain, Guard, Policy, print};

/// A field whose absence mattered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Absence {
    /// Its name.
    pub field: String,
    /// The rules above the one that fired that could not be tested for want of it: one of them might have decided.
    pub rules: Vec<String>,
    /// The lines of scores that earned nothing for want of it.
    pub scores: Vec<Lost>,
    /// The grades and stages that might have been better with it.
    pub steps: Vec<String>,
}

/// A line of a score that earned nothing because it was unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Lost {
    /// The score.
    pub score: String,
    /// What the author calls the line.
    pub label: Option<String>,
    /// What the line adds when it is true: `+25`.
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
    for (_, score) in policy.scores.iter() {
        for line in &score.lines {
            if let Gain::Points { per, when, .. } = &line.gain
                && session.line(line).incomplete
            {
                let mut fields = when.as_ref().map(|when| session.absent_in(when)).unwrap_or_default();
                fields.extend(per.iter().flat_map(|per| session.absent_in_value(&per.amount)));
                let gain = print::gain(policy, &line.gain);
                let lost = Lost { score: score.name.clone(), label: line.label.clone(), gain };
                note(fields, &|absence| absence.scores.push(lost.clone()));
            }
        }
    }
    for (id, grade) in policy.grades.iter() {
        let better = grade.lines.iter().take_while(|line| !session.truth(&line.when).is_true());
        let fields = better.flat_map(|line| session.absent_in(&line.when)).collect();
        let name = &policy.grades[id].name;
        note(fields, &|absence| absence.steps.push(name.clone()));
    }
    if let Some((_, next)) = policy.stages.iter().nth(session.stage()) {
        note(session.absent_in(&next.when), &|absence| absence.steps.push(next.name.clone()));
    }
    found.into_iter().map(|(field, absence)| Absence { field: policy.fields[field].name.clone(), ..absence }).collect()
}

/// The defaults that stood in for missing values in anything that the explanation speaks of.
pub(super) fn defaults(session: &Session<'_>, trace: &Trace<'_>) -> Vec<UsedDefault> {
    let policy = session.policy();
    let mut read = FieldsRead { policy, fields: BTreeSet::new(), seen: HashSet::new() };
    for tried in &trace.tried {
        if let Some((section, _)) = tried.section
            && let Guard::When(guard) = &policy.sections[section].guard
        {
            read.by_cond(guard);
        }
        if let Some(step) = &tried.when {
            read.by_cond(step.cond);
        }
    }
    for line in policy.scores.iter().flat_map(|(_, score)| &score.lines) {
        if let Gain::Points { per, when, .. } = &line.gain {
            when.iter().for_each(|when| read.by_cond(when));
            per.iter().for_each(|per| read.by_value(&per.amount));
        }
    }
    policy.grades.iter().flat_map(|(_, grade)| &grade.lines).for_each(|line| read.by_cond(&line.when));
    policy.stages.iter().for_each(|(_, stage)| read.by_cond(&stage.when));
    let missing = read.fields.into_iter().filter(|field| session.lead().get(*field).is_none());
    let used = missing.filter_map(|id| {
        let field = &policy.fields[id];
        let value = print::shown(field.default.as_ref()?, Some(&field.ty), &policy.zone);
        Some(UsedDefault { field: field.name.clone(), value })
    });
    used.collect()
}

/// The fields that conditions read, through definitions too.
struct FieldsRead<'p> {
    policy: &'p Policy,
    fields: BTreeSet<FieldId>,
    seen: HashSet<DefineId>,
}

impl FieldsRead<'_> {
    fn by_cond(&mut self, cond: &Cond) {
        cond.walk(&mut |inner| {
            // Whether a value is there does not depend on its default.
            if !matches!(inner.kind, CondKind::Known(_)) {
                inner.operands().into_iter().for_each(|operand| self.by_value(operand));
            }
            if let CondKind::Define(define) = &inner.kind {
                self.by_define(*define);
            }
        });
    }

    fn by_value(&mut self, value: &Expr) {
        value.walk(&mut |inner| match inner {
            Expr::Field(field) => {
                self.fields.insert(*field);
            }
            Expr::Define(define) => self.by_define(*define),
            Expr::Const(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => {}
        });
    }

    fn by_define(&mut self, define: DefineId) {
        if self.seen.insert(define) {
            match &self.policy.defines[define].body {
                Body::Condition(body) => self.by_cond(body),
                Body::Value(body, _) => self.by_value(body),
            }
        }
    }
}
