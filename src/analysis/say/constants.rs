//! Values that a definition or a score may have for all leads: about those that it is compared with.

use std::collections::BTreeSet;

use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, Expr, Gain, Guard, Policy, RuleId, SectionId};
use crate::types::{Number, Type, Value};

/// Up to so many are tried.
const MOST_CONSTANTS: usize = 12;

/// What some rules compare a value with, however far behind names, and what lies between and beyond. `is_it` knows the value by one of its names.
pub(super) fn about(policy: &Policy, rules: &[RuleId], ty: &Type, is_it: &dyn Fn(&Expr) -> bool) -> Vec<Value> {
    match ty {
        Type::YesNo => return [true, false].map(Value::YesNo).to_vec(),
        Type::Choice(choices) => return (0..choices.values.len()).map(Value::Choice).take(MOST_CONSTANTS).collect(),
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::Date
        | Type::DateTime
        | Type::Set(_) => {}
    }
    let compared = compared(policy, rules, is_it);
    let mut values: Vec<Value> = compared.iter().filter(|value| !matches!(value, Value::Number(_))).cloned().collect();
    if *ty == Type::Text {
        let texts =
            compared.iter().filter_map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None });
        values.push(Value::Text(texts.chain(["?"]).collect()));
    }
    let numbers: BTreeSet<&Number> = compared
        .iter()
        .filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None })
        .collect();
    values.extend(beside(&numbers).into_iter().map(Value::Number));
    values.truncate(MOST_CONSTANTS);
    values
}

/// Numbers, and those between and beyond them.
fn beside(numbers: &BTreeSet<&Number>) -> Vec<Number> {
    let one = Number::from(1);
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Vec::new() };
    let between = |(low, high): (&&Number, &&Number)| (*low + *high).checked_div(&Number::from(2));
    let between = numbers.iter().zip(numbers.iter().skip(1)).filter_map(between);
    let ends = [*first - &one, *last + &one];
    ends.into_iter().chain(numbers.iter().map(|number| (*number).clone())).chain(between).collect()
}

/// What the rules compare the value with, each once.
fn compared(policy: &Policy, rules: &[RuleId], is_it: &dyn Fn(&Expr) -> bool) -> Vec<Value> {
    let is_named = |value: &Expr| {
        let mut value = value;
        loop {
            if is_it(value) {
                return true;
            }
            let Expr::Define(define) = value else { return false };
            let Body::Value(body, _) = &policy.defines[*define].body else { return false };
            value = body;
        }
    };
    let mut found: Vec<Value> = Vec::new();
    for cond in behind(policy, rules) {
        cond.walk(&mut |part| {
            for (_, value, limit) in part.comparisons() {
                if let Expr::Const(limit) = limit
                    && is_named(value)
                    && !found.contains(limit)
                {
                    found.push(limit.clone());
                }
            }
        });
    }
    found
}

/// The conditions of rules and of their sections, and those behind the names in them.
fn behind<'p>(policy: &'p Policy, rules: &[RuleId]) -> Vec<&'p Cond> {
    let mut conds: Vec<&Cond> = Vec::new();
    for rule in rules {
        let of = &policy.rules[*rule];
        of.section.into_iter().for_each(|section| guards(policy, section, &mut conds));
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

/// The condition of a section; of an `otherwise`, those of the sections beside it.
fn guards<'p>(policy: &'p Policy, section: SectionId, found: &mut Vec<&'p Cond>) {
    match &policy.sections[section].guard {
        Guard::Always => {}
        Guard::When(cond) => found.push(cond),
        Guard::NoneOf(others) => others.iter().for_each(|other| guards(policy, *other, found)),
    }
}
