//! Values that a definition or a score may have for all leads: about those that it is compared with.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, CondKind, Expr, Gain, Policy, RuleId, visit};
use crate::types::{Number, Type, Value};

/// Up to so many are tried.
const MOST_CONSTANTS: usize = 24;

/// Farther than anything that policies speak of.
const FAR: i64 = 1_000_000_000_000;

/// The same in seconds from 1970: a thousand years.
const FAR_SECONDS: i64 = 31_556_952_000;

/// Some of the values that there may be.
pub(super) struct Constants {
    pub(super) values: Vec<Value>,
    /// Whether there is none besides that conditions tell from all of these, as far as they compare it with what stands in the policy.
    pub(super) are_all: bool,
}

/// What some rules compare a value with, however far behind names, and what lies between and beyond. `is_it` knows the value by one of its names.
pub(super) fn about(policy: &Policy, rules: &[RuleId], ty: &Type, is_it: &dyn Fn(&Expr) -> bool) -> Constants {
    let compared = compared(policy, rules, is_it);
    let mut values: Vec<Value> = match ty {
        Type::YesNo => [true, false].map(Value::YesNo).to_vec(),
        // Those that are spoken of come first.
        Type::Choice(choices) => {
            let others = (0..choices.values.len()).map(Value::Choice).filter(|value| !compared.contains(value));
            compared.iter().cloned().chain(others).collect()
        }
        Type::Text => {
            let texts: Vec<&str> = compared
                .iter()
                .filter_map(|value| if let Value::Text(text) = value { Some(&**text) } else { None })
                .collect();
            let none = texts.iter().copied().chain(["?"]).collect::<String>();
            let addresses = texts.iter().map(|text| format!("a@{text}"));
            let texts = texts.iter().map(|text| (*text).to_owned()).chain([none]).chain(addresses);
            texts.map(Value::Text).collect()
        }
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            let numbers =
                compared.iter().filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None });
            beside(&numbers.collect()).into_iter().map(Value::Number).collect()
        }
        Type::Date => {
            let far = [Date::constant(1900, 1, 1), Date::constant(2999, 12, 31)].map(Value::Date);
            far.into_iter().chain(compared.into_iter().filter(|value| matches!(value, Value::Date(_)))).collect()
        }
        Type::DateTime => {
            let far = [-FAR_SECONDS, FAR_SECONDS].map(|second| Timestamp::constant(second, 0)).map(Value::DateTime);
            // It may be its day that is compared.
            far.into_iter().chain(compared.into_iter().filter(|value| matches!(value, Value::DateTime(_)))).collect()
        }
        Type::Set(_) => compared,
    };
    let are_all = values.len() <= MOST_CONSTANTS;
    values.truncate(MOST_CONSTANTS);
    Constants { values, are_all }
}

/// Numbers, and those between and beyond them.
fn beside(numbers: &BTreeSet<&Number>) -> Vec<Number> {
    let far = Number::from(FAR);
    let between = |(low, high): (&&Number, &&Number)| (*low + *high).checked_div(&Number::from(2));
    let between = numbers.iter().zip(numbers.iter().skip(1)).filter_map(between);
    [-&far, far].into_iter().chain(numbers.iter().map(|number| (*number).clone())).chain(between).collect()
}

/// What the rules hold the value against, or something that is made of it, each once.
fn compared(policy: &Policy, rules: &[RuleId], is_it: &dyn Fn(&Expr) -> bool) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for cond in behind(policy, rules) {
        cond.walk(&mut |part| {
            if !part.operands().into_iter().any(|value| is_named(policy, value, is_it)) {
                return;
            }
            let limits = part.comparisons().into_iter().filter_map(|(_, _, limit)| match limit {
                Expr::Const(limit) => Some(limit.clone()),
                _ => None,
            });
            let needles = match &part.kind {
                CondKind::Text { needles, .. } => needles.iter().cloned().map(Value::Text).collect(),
                CondKind::In { set, .. } => policy.sets[*set].values.clone(),
                _ => Vec::new(),
            };
            let new: Vec<Value> = limits.chain(needles).filter(|value| !found.contains(value)).collect();
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
