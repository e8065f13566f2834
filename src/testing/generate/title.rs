//! What a generated test is called: the rule, and what is special about the lead.

use std::collections::HashSet;

use super::super::edge::Edge;
use super::super::goal::{Goal, Goals, Leaf, Part};
use crate::eval::Session;
use crate::ir::reach::Reach;
use crate::ir::{Policy, Rule, RuleId, print};
use crate::types::{Truth, Value};

/// The title of a test for a goal: `hot_vp: need just below 3`.
pub(super) fn of(goals: &Goals<'_>, goal: Goal, session: &Session<'_>) -> String {
    let policy = goals.policy;
    let head = match (goal, goals.leaf(goal)) {
        (Goal::Decides(rule), _) => called(policy, rule),
        (_, Some(leaf)) => match leaf.part {
            Part::Rule(rule) => called(policy, rule),
            Part::Section(id) => policy.sections[id].title.clone(),
            Part::Define(id) => policy.defines[id].name.clone(),
            Part::Score(id, _) => policy.scores[id].name.clone(),
            Part::Grade(id, _) => policy.grades[id].name.clone(),
            Part::Stage(id) => policy.stages[id].name.clone(),
        },
        (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => String::new(),
    };
    let what = match goal {
        Goal::Decides(id) => match &policy.rules[id] {
            // It is called by its decision already.
            Rule { labelled: false, because: None, when: Some(when), .. } => print::condition(policy, when),
            rule => policy.decisions[rule.decision].phrase.clone(),
        },
        Goal::Turns(at, truth) | Goal::Alone(at, truth) => {
            just_there(goals, at, session).or_else(|| Some(fact(session, goals.leaf(goal)?, truth))).unwrap_or_default()
        }
        Goal::Just(at, edge, side) => just(goals, at, edge, side, session).unwrap_or_default(),
    };
    format!("{head}: {}", shortened(&what))
}

/// How a condition turned out: `mailbox is not personal`, `deal_size is missing`.
fn fact(session: &Session<'_>, leaf: &Leaf<'_>, truth: Truth) -> String {
    let policy = session.policy();
    match truth {
        Truth::True => print::condition(policy, leaf.cond),
        Truth::False => print::condition(policy, &leaf.cond.denied()),
        Truth::Unknown => {
            let mut read = Reach::new(policy);
            read.cond(leaf.cond);
            let missing = read.fields.iter().filter(|field| session.lead().get(**field).is_none());
            let missing: Vec<&str> = missing.map(|field| policy.fields[*field].name.as_str()).collect();
            match missing.as_slice() {
                [field] => format!("{field} is missing"),
                [one, other] => format!("{one} and {other} are missing"),
                _ => format!("not known whether {}", print::condition(policy, leaf.cond)),
            }
        }
    }
}

/// The threshold of a condition that the lead is just at.
fn just_there(goals: &Goals<'_>, leaf: usize, session: &Session<'_>) -> Option<String> {
    let edges = &goals.leaves.get(leaf)?.edges;
    let met = |(at, edge): (usize, &Edge)| {
        [true, false].into_iter().find(|side| edge.is_met(session, *side)).map(|side| (at, side))
    };
    let (edge, side) = edges.iter().enumerate().find_map(met)?;
    just(goals, leaf, edge, side, session)
}

/// `need exactly 3`, `need just below 3`.
fn just(goals: &Goals<'_>, leaf: usize, edge: usize, side: bool, session: &Session<'_>) -> Option<String> {
    let leaf = goals.leaves.get(leaf)?;
    let edge = leaf.edges.get(edge)?;
    let policy = goals.policy;
    let value = print::value(policy, &edge.value);
    let limit = match session.value(&edge.limit)? {
        // What is counted from the as-of time reads best as the policy has it.
        Value::Date(_) | Value::DateTime(_) => {
            let how = match (side, leaf.edges.len(), edge.is_below(side)) {
                (true, ..) => "only just",
                (false, 1, _) => "not quite",
                // Of two thresholds it says which.
                (false, _, true) => "a little too early",
                (false, _, false) => "a little too late",
            };
            return Some(format!("{}, {how}", print::condition(policy, leaf.cond)));
        }
        limit => print::literal(&limit, policy.common_type(&[&edge.value, &edge.limit]).as_deref()),
    };
    let same = session.value(&edge.value) == session.value(&edge.limit);
    let how = match (same, edge.is_below(side)) {
        (true, _) => "exactly",
        (false, true) => "just below",
        (false, false) => "just above",
    };
    Some(format!("{value} {how} {limit}"))
}

/// A rule's label, else its reason or decision.
fn called(policy: &Policy, rule: RuleId) -> String {
    let rule = &policy.rules[rule];
    match &rule.because {
        _ if rule.labelled => rule.name.clone(),
        Some(because) => shortened(because),
        None if rule.when.is_none() => "otherwise".to_owned(),
        None => policy.decisions[rule.decision].phrase.clone(),
    }
}

/// The beginning of what is too long for a title.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{} ...", start.rsplit_once(' ').map_or(start.as_str(), |(words, _)| words))
}

/// The title with a number behind it where there is one like it.
pub(super) fn unique(title: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2u32..).map(|n| format!("{title} ({n})"));
    let free = std::iter::once(title.to_owned()).chain(numbered).find(|title| !taken.contains(title));
    let free = free.unwrap_or_default();
    taken.insert(free.clone());
    free
}
