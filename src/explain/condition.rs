//! Conditions in words: how each part turned out, and which one or two stopped a rule.

use std::collections::HashSet;

use serde::Serialize;

use super::reading::{Reader, Reading};
use crate::eval::trace::Step;
use crate::ir::{Cond, CondKind, DefineId, Expr, print};
use crate::types::Truth;

/// How many conditions are named that stopped a rule.
const NAMED: usize = 2;

/// How many values are shown beside a condition that is shown as one line.
const READINGS: usize = 6;

/// The conditions that have no parts which work together.
macro_rules! single {
    () => {
        CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
    };
}

/// A condition and how it turned out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tested {
    /// In the words of the policy.
    pub text: String,
    /// How it turned out.
    pub truth: Truth,
    /// When it is the name of a definition: what that stands for.
    pub means: Option<String>,
    /// When it stands in a definition: the names that lead to it, outermost first.
    pub through: Vec<String>,
    /// How its parts work together, when it has parts.
    pub group: Option<Group>,
    /// Its parts; none when it is shown as one line.
    pub parts: Vec<Tested>,
    /// The values that it read.
    pub readings: Vec<Reading>,
}

/// How the parts of a condition work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Group {
    /// All must be true.
    All,
    /// One must be true.
    Any,
    /// So many must be true.
    AtLeast {
        /// How many.
        needed: u32,
        /// How many there are.
        of: usize,
        /// How many are true.
        sure: usize,
        /// How many are unknown.
        unknown: usize,
    },
    /// Not all may be true.
    NotAll,
    /// None may be true.
    None,
    /// Fewer may be true.
    Fewer {
        /// Than so many.
        than: u32,
    },
}

/// What stopped a rule: of all its conditions those that were enough to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Stopped {
    /// One or two of them.
    pub by: Vec<Tested>,
    /// How many more would have stopped it as well.
    pub more: usize,
}

/// The conditions of a rule one by one: the parts of an `and`, else the whole.
pub(super) fn each(reader: &Reader<'_>, step: &Step<'_>) -> Vec<Tested> {
    let parts = if matches!(step.cond.kind, CondKind::All(_)) { &step.parts } else { std::slice::from_ref(step) };
    parts.iter().map(|part| in_full(reader, part, false)).collect()
}

/// A condition with its parts. A definition is looked into once, not the definitions in it.
fn in_full(reader: &Reader<'_>, step: &Step<'_>, inside: bool) -> Tested {
    let within = |step: &Step<'_>| step.parts.iter().map(|part| in_full(reader, part, inside)).collect();
    if let Some(group) = group(step) {
        let parts = within(step.parts.first().filter(|_| is_negation(step.cond)).unwrap_or(step));
        return Tested { group: Some(group), parts, readings: Vec::new(), ..in_one_line(reader, step) };
    }
    let line = in_one_line(reader, step);
    match reader.behind(step.cond).filter(|_| !inside).map(|body| reader.session.step(body)) {
        Some(body) if group(&body).is_some() => {
            let Tested { group, parts, .. } = in_full(reader, &body, true);
            Tested { group, parts, readings: Vec::new(), ..line }
        }
        Some(_) | None => line,
    }
}

/// How the parts of a condition (or of what it negates) work together; none when it is a single test.
fn group(step: &Step<'_>) -> Option<Group> {
    let count = |truth| step.parts.iter().filter(|part| part.truth == truth).count();
    if let CondKind::Not(inner) = &step.cond.kind {
        return match &inner.kind {
            CondKind::All(_) => Some(Group::NotAll),
            CondKind::Any(_) => Some(Group::None),
            CondKind::AtLeast(than, _) => Some(Group::Fewer { than: *than }),
            single!() => None,
        };
    }
    match &step.cond.kind {
        CondKind::All(_) => Some(Group::All),
        CondKind::Any(_) => Some(Group::Any),
        CondKind::AtLeast(needed, parts) => Some(Group::AtLeast {
            needed: *needed,
            of: parts.len(),
            sure: count(Truth::True),
            unknown: count(Truth::Unknown),
        }),
        single!() => None,
    }
}

fn is_negation(cond: &Cond) -> bool {
    matches!(cond.kind, CondKind::Not(_))
}

/// A condition as one line with the values that it read, however deep inside.
pub(super) fn in_one_line(reader: &Reader<'_>, step: &Step<'_>) -> Tested {
    let policy = reader.policy();
    let named = if is_negation(step.cond) { step.cond.parts().first() } else { Some(step.cond) };
    let means = named.and_then(|cond| reader.behind(cond)).map(|body| print::condition(policy, body));
    Tested {
        text: print::condition(policy, step.cond),
        truth: step.truth,
        means,
        through: Vec::new(),
        group: group(step),
        parts: Vec::new(),
        readings: readings(reader, step),
    }
}

/// Everything that was read for a condition, in the order of its words.
pub(super) fn readings(reader: &Reader<'_>, step: &Step<'_>) -> Vec<Reading> {
    let mut gathered = Vec::new();
    gather(reader, step, &mut HashSet::new(), &mut gathered);
    gathered
}

fn gather(reader: &Reader<'_>, step: &Step<'_>, seen: &mut HashSet<DefineId>, readings: &mut Vec<Reading>) {
    let mut add = |reading: Reading| {
        if readings.len() < READINGS && !readings.contains(&reading) {
            readings.push(reading);
        }
    };
    step.reads.iter().flat_map(|read| reader.of_read(read)).for_each(&mut add);
    if let CondKind::Reached(_) = &step.cond.kind {
        reader.readings(&Expr::Stage).into_iter().for_each(&mut add);
    }
    if let CondKind::IsIncomplete(score) = &step.cond.kind {
        reader.readings(&Expr::Score(*score)).into_iter().for_each(add);
    }
    if let CondKind::Define(define) = &step.cond.kind
        && seen.insert(*define)
        && let Some(body) = reader.behind(step.cond)
    {
        gather(reader, &reader.session.step(body), seen, readings);
    }
    step.parts.iter().for_each(|part| gather(reader, part, seen, readings));
}

/// What stopped a condition that is not true.
pub(super) fn stopped(reader: &Reader<'_>, step: &Step<'_>) -> Stopped {
    let mut stopped = Stopped::default();
    blame(reader, step, &mut Vec::new(), &mut stopped);
    stopped
}

/// Of an `all`, those that are false, or else those that are unknown; each looked into. Of anything else, itself.
fn blame(reader: &Reader<'_>, step: &Step<'_>, through: &mut Vec<String>, stopped: &mut Stopped) {
    if stopped.by.len() == NAMED {
        stopped.more += 1;
    } else if let CondKind::All(_) = &step.cond.kind {
        step.parts.iter().filter(|p| p.truth == step.truth).for_each(|p| blame(reader, p, through, stopped));
    } else if let (CondKind::Define(define), Some(body)) = (&step.cond.kind, reader.behind(step.cond)) {
        through.push(reader.policy().defines[*define].name.clone());
        blame(reader, &reader.session.step(body), through, stopped);
        through.pop();
    } else if let (Some(Group::None), Some(any)) = (group(step), step.parts.first()) {
        // `not (a or b)` is `not a and not b`.
        for part in any.parts.iter().filter(|p| p.truth == any.truth) {
            let negated = Cond { kind: CondKind::Not(Box::new(part.cond.clone())), span: part.cond.span };
            blame(reader, &reader.session.step(&negated), through, stopped);
        }
    } else {
        stopped.by.push(Tested { through: through.clone(), ..in_one_line(reader, step) });
    }
}
