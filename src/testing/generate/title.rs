//! What a generated test is called: the rule, and what is special about the lead.

use std::collections::HashSet;

use super::{Goal, Goals, Part};
use crate::eval::Session;
use crate::ir::{Policy, RuleId, print};
use crate::types::{Truth, Value};

/// The title of a test for a goal: `hot_vp: need just below 3`.
pub(super) fn of(goals: &Goals<'_>, goal: Goal, session: &Session<'_>) -> String {
    let policy = goals.policy;
    let words = shortened(&goals.subject(goal));
    let head = match (goal, goals.leaf(goal)) {
        (Goal::Decides(rule), _) => called(policy, rule),
        (_, Some(leaf)) => match leaf.part {
            Part::Rule(rule) => called(policy, rule),
            Part::Section(id) => policy.sections[id].title.clone(),
            Part::Define(id) => policy.defines[id].name.clone(),
            Part::Score(id) => policy.scores[id].name.clone(),
            Part::Grade(id, _) => policy.grades[id].name.clone(),
            Part::Stage(id) => policy.stages[id].name.clone(),
        },
        (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => String::new(),
    };
    let what = match goal {
        Goal::Decides(rule) => policy.decisions[policy.rules[rule].decision].phrase.clone(),
        Goal::Turns(_, truth) | Goal::Alone(_, truth) => {
            let all_but = if matches!(goal, Goal::Alone(..)) { "all but " } else { "" };
            match truth {
                Truth::True => words,
                Truth::False if all_but.is_empty() => format!("not: {words}"),
                Truth::False => format!("all but {words}"),
                Truth::Unknown => format!("not known: {words}"),
            }
        }
        Goal::Just(_, _, side) => just(goals, goal, side, session).unwrap_or(words),
    };
    format!("{head}: {what}")
}

/// `need exactly 3`, `need just below 3`.
fn just(goals: &Goals<'_>, goal: Goal, side: bool, session: &Session<'_>) -> Option<String> {
    let Goal::Just(_, edge, _) = goal else { return None };
    let edge = goals.leaf(goal)?.edges.get(edge)?;
    let policy = goals.policy;
    let value = print::value(policy, &edge.value);
    let limit = match session.value(&edge.limit)? {
        // What is counted from the as-of time reads best as the policy has it.
        Value::Date(_) | Value::DateTime(_) => {
            let not = if side { "" } else { "not " };
            return Some(format!("just {not}{}", shortened(&goals.subject(goal))));
        }
        limit => print::literal(&limit, policy.common_type(&[&edge.value, &edge.limit]).as_deref()),
    };
    let same = session.value(&edge.value) == session.value(&edge.limit);
    let how = match (same, edge.is_below(side)) {
        (true, _) => "exactly",
        (false, true) => "just below",
        (false, false) => "just above",
    };
    Some(shortened(&format!("{value} {how} {limit}")))
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
