//! Values that a definition or a score may have for all leads: about those that it is compared with.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::eval::end_of_day;
use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, CondKind, Expr, Gain, Policy, RuleId, visit};
use crate::types::{Number, Shift, Type, Unit, Value};

/// Up to so many are tried.
const MOST_CONSTANTS: usize = 24;

/// Farther than anything that policies speak of.
const FAR: i64 = 1_000_000_000_000;

/// The same in seconds from 1970: a thousand years.
const FAR_SECONDS: i64 = 31_556_952_000;

/// Some of the values that there may be.
pub(super) struct Constants {
    pub(super) values: Vec<Expr>,
    /// Whether there is none besides that conditions tell from all of these, as far as they compare it with what stands in the policy.
    pub(super) are_all: bool,
}

/// What some rules compare a value with, however far behind names, and what lies between and beyond. `is_it` knows the value by one of its names.
pub(super) fn about(policy: &Policy, rules: &[RuleId], ty: &Type, is_it: &dyn Fn(&Expr) -> bool) -> Constants {
    let compared = compared(policy, rules, is_it);
    let known = || compared.iter().filter_map(|limit| if let Expr::Const(value) = limit { Some(value) } else { None });
    let mut values: Vec<Expr> = match ty {
        Type::YesNo => constant([true, false].map(Value::YesNo)),
        // Those that are spoken of come first.
        Type::Choice(choices) => {
            let others = (0..choices.values.len()).map(Value::Choice).filter(|value| !known().any(|one| one == value));
            constant(known().cloned().chain(others))
        }
        Type::Text => {
            let texts: Vec<&str> =
                known().filter_map(|value| if let Value::Text(text) = value { Some(&**text) } else { None }).collect();
            let none = texts.iter().copied().chain(["?"]).collect::<String>();
            let addresses = texts.iter().map(|text| format!("a@{text}"));
            let texts = texts.iter().map(|text| (*text).to_owned()).chain([none]).chain(addresses);
            constant(texts.map(Value::Text))
        }
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            let numbers =
                known().filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None });
            constant(beside(&numbers.collect()).into_iter().map(Value::Number))
        }
        Type::Date => {
            let far = [Date::constant(1900, 1, 1), Date::constant(2999, 12, 31)].map(Value::Date);
            let days = compared.iter().flat_map(days);
            constant(far).into_iter().chain([Expr::AsOfDay(Unit::Day.zero())]).chain(days).collect()
        }
        Type::DateTime => {
            let far = [-FAR_SECONDS, FAR_SECONDS].map(|second| Timestamp::constant(second, 0)).map(Value::DateTime);
            let instants = compared.iter().flat_map(|limit| instants(&policy.zone, limit));
            constant(far).into_iter().chain([Expr::AsOf(Unit::Hour.zero())]).chain(instants).collect()
        }
        Type::Set(_) => constant(known().cloned()),
    };
    let are_all = values.len() <= MOST_CONSTANTS;
    values.truncate(MOST_CONSTANTS);
    Constants { values, are_all }
}

fn constant(values: impl IntoIterator<Item = Value>) -> Vec<Expr> {
    values.into_iter().map(Expr::Const).collect()
}

/// Numbers, and those between and beyond them.
fn beside(numbers: &BTreeSet<&Number>) -> Vec<Number> {
    let far = Number::from(FAR);
    let between = |(low, high): (&&Number, &&Number)| (*low + *high).checked_div(&Number::from(2));
    let between = numbers.iter().zip(numbers.iter().skip(1)).filter_map(between);
    [-&far, far].into_iter().chain(numbers.iter().map(|number| (*number).clone())).chain(between).collect()
}

/// A day that a day is held against, and the next one.
fn days(limit: &Expr) -> Vec<Expr> {
    match limit {
        Expr::Const(Value::Date(day)) => {
            constant([Some(*day), day.tomorrow().ok()].into_iter().flatten().map(Value::Date))
        }
        Expr::AsOfDay(_) => vec![limit.clone()],
        _ => Vec::new(),
    }
}

/// What an instant, or the day that it falls on, is held against, and one behind it.
fn instants(zone: &str, limit: &Expr) -> Vec<Expr> {
    match limit {
        Expr::Const(Value::DateTime(instant)) => {
            let next = instant.checked_add(SignedDuration::from_secs(1)).ok();
            constant([Some(*instant), next].into_iter().flatten().map(Value::DateTime))
        }
        Expr::Const(Value::Date(day)) => {
            let days = [Some(*day), day.tomorrow().ok()].into_iter().flatten();
            constant(days.filter_map(|day| end_of_day(zone, day)).map(Value::DateTime))
        }
        Expr::AsOf(_) => vec![limit.clone()],
        Expr::AsOfDay(shift) => vec![Expr::AsOf(hours(*shift))],
        _ => Vec::new(),
    }
}

/// So many hours from now that one is within the days that there are on the way, also where a clock is changed. A month has no less than 28.
fn hours(Shift { count, unit }: Shift) -> Shift {
    let days = match unit {
        Unit::Month => 28,
        Unit::Week => 7,
        Unit::Minute | Unit::Hour | Unit::Day => 1,
    };
    let hours = count.saturating_mul(days).saturating_mul(24) - count.signum() * 12;
    Shift { count: hours, unit: Unit::Hour }
}

/// What the rules hold the value against, or something that is made of it, each once.
fn compared(policy: &Policy, rules: &[RuleId], is_it: &dyn Fn(&Expr) -> bool) -> Vec<Expr> {
    let mut found: Vec<Expr> = Vec::new();
    for cond in behind(policy, rules) {
        cond.walk(&mut |part| {
            if !part.operands().into_iter().any(|value| is_named(policy, value, is_it)) {
                return;
            }
            let limits = part.comparisons().into_iter().map(|(_, _, limit)| limit);
            let limits = limits.filter(|limit| matches!(limit, Expr::Const(_) | Expr::AsOf(_) | Expr::AsOfDay(_)));
            let values = match &part.kind {
                CondKind::Text { needles, .. } => needles.iter().cloned().map(Value::Text).collect(),
                CondKind::In { set, .. } => policy.sets[*set].values.clone(),
                _ => Vec::new(),
            };
            let new: Vec<Expr> = limits.cloned().chain(constant(values)).filter(|one| !found.contains(one)).collect();
            found.extend(new);
        });
    }
    found
}

/// Whether a value is made of the one that is meant, however far behind names.
fn is_named(policy: &Policy, value: &Expr, is_it: &dyn Fn(&Expr) -> bool) -> bool {
    let mut is_named = is_it(value);
    value.walk(&mut |part| {
        is_named |= is_it(part);
        if let Expr::Define(define) = part
            && let Body::Value(body, _) = &policy.defines[*define].body
        {
            is_named |= self::is_named(policy, body, is_it);
        }
    });
    is_named
}

/// The conditions of rules and of their sections, and those behind the names in them.
fn behind<'p>(policy: &'p Policy, rules: &[RuleId]) -> Vec<&'p Cond> {
    let mut conds: Vec<&Cond> = Vec::new();
    for rule in rules {
        let of = &policy.rules[*rule];
        conds.extend(of.section.into_iter().flat_map(|section| visit::guards(policy, section)));
        conds.extend(&of.when);
    }
    let mut reach = Reach::new(policy);
    conds.iter().for_each(|cond| reach.cond(cond));
    conds.extend(reach.defines.iter().filter_map(|define| match &policy.defines[*define].body {
        Body::Condition(cond) => Some(cond),
        Body::Value(..) => None,
    }));
    let lines = reach.scores.iter().flat_map(|score| &policy.scores[*score].lines);
    conds.extend(lines.filter_map(|line| match &line.gain {
        Gain::Points { when, .. } => when.as_ref(),
        Gain::Score { .. } => None,
    }));
    conds.extend(reach.grades.iter().flat_map(|grade| &policy.grades[*grade].lines).map(|line| &line.when));
    conds.extend(reach.stages.iter().map(|stage| &policy.stages[*stage].when));
    conds
}
