//! Whether a rule hangs on something: whether it would take other leads of those that come to it, were that thing another one. To name it is not enough,
//! as it can be named where nothing comes of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::edit::Kind;
use crate::analysis::{Answer, MAX_WORK, Model, Over};
use crate::ir::{
    Body, Cond, CondKind, Define, Expr, Gain, Grade, Policy, RuleId, Score, ScoreLine, Stage, ValueSet, visit,
};
use crate::source::Span;
use crate::types::{Number, Truth, Type, Value};

/// Points beside which no others count.
const MANY: i128 = 1 << 40;

/// Of which leads it is asked whether a rule takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// Of all that there are.
    All,
    /// Of those that no rule above it takes.
    ThatCome,
}

/// For each of some rules, whether it hangs on a list, a definition, a score, a grade or a stage. That it does is shown by a lead; that it does not is
/// found for some others that the thing might be. What is spent on it is taken off `left`, in steps of about a nanosecond; without any left it is not known.
pub(super) fn hang_on(
    policy: &Policy,
    (kind, name): (Kind, &str),
    rules: &[RuleId],
    of: Leads,
    left: &mut u64,
) -> Vec<Truth> {
    let mut found = vec![Truth::False; rules.len()];
    for other in others(policy, kind, name, rules) {
        let mut model = Model::new(&[policy, &other], Over::InForce, false);
        model.work = MAX_WORK.saturating_sub(*left);
        for (rule, found) in rules.iter().zip(&mut found).filter(|(_, found)| **found != Truth::True) {
            let (here, there) = (model.fires(0, *rule), model.fires(1, *rule));
            let reaches = match of {
                Leads::ThatCome => model.reaches(0, *rule),
                Leads::All => model.constant(true),
            };
            for differ in [[reaches, here, !there], [reaches, !here, there]] {
                match model.ask(&differ) {
                    Answer::Yes(_) => *found = Truth::True,
                    Answer::NotKnown if *found == Truth::False => *found = Truth::Unknown,
                    Answer::NotKnown | Answer::No(_) => {}
                }
            }
        }
        *left = MAX_WORK.saturating_sub(model.spent());
    }
    found
}

/// The policy with other things in the place of one.
fn others(policy: &Policy, kind: Kind, name: &str, rules: &[RuleId]) -> Vec<Policy> {
    let constant = |truth| Cond { kind: CondKind::Const(truth), span: Span::default() };
    match kind {
        Kind::Define => {
            let define = policy.defines.iter().find(|(_, define)| define.name == name);
            let bodies = match define.map(|(_, define)| &define.body) {
                Some(Body::Condition(_)) => {
                    [Truth::True, Truth::False, Truth::Unknown].map(|truth| Body::Condition(constant(truth))).to_vec()
                }
                Some(Body::Value(_, ty)) => {
                    let value = |value| Body::Value(Expr::Const(value), ty.clone());
                    let far = values(ty);
                    let asked = asked_like(policy, far.first(), rules);
                    far.iter().cloned().chain(asked).take(MOST).map(value).collect()
                }
                None => Vec::new(),
            };
            let with = |body: Body| {
                let define = |define: &Define| match define.name == name {
                    true => Define { body: body.clone(), ..define.clone() },
                    false => define.clone(),
                };
                let defines = policy.defines.iter().map(|(_, of)| define(of)).collect();
                Policy { defines, ..policy.clone() }
            };
            bodies.into_iter().map(with).collect()
        }
        Kind::List => {
            // Nothing; and whatever is asked for of the kind, and what nothing asks for.
            let own = policy.sets.iter().find(|(_, set)| set.list.as_deref() == Some(name)).map(|(_, set)| &set.values);
            let asked = asked_like(policy, own.and_then(|values| values.first()), rules);
            let all: Vec<Value> = asked.iter().cloned().chain(another(&asked)).collect();
            let with = |is_full: bool| {
                let set = |set: &ValueSet| match (set.list.as_deref() == Some(name), is_full) {
                    (true, true) => ValueSet { values: all.clone(), other: true, ..set.clone() },
                    (true, false) => ValueSet { values: Vec::new(), other: false, ..set.clone() },
                    (false, _) => set.clone(),
                };
                Policy { sets: policy.sets.iter().map(|(_, of)| set(of)).collect(), ..policy.clone() }
            };
            [false, true].map(with).to_vec()
        }
        Kind::Score => {
            let with = |points: Number| {
                let gain = Gain::Points { points, per: None, when: None, at_most: None };
                let line = ScoreLine { gain, label: None, span: Span::default() };
                let score = |score: &Score| match score.name == name {
                    true => Score { lines: vec![line.clone()], ..score.clone() },
                    false => score.clone(),
                };
                Policy { scores: policy.scores.iter().map(|(_, of)| score(of)).collect(), ..policy.clone() }
            };
            let far = [0, MANY, -MANY].map(Number::whole);
            let asked = asked_like(policy, Some(&Value::Number(Number::whole(0))), rules);
            let asked = asked
                .into_iter()
                .filter_map(|value| if let Value::Number(points) = value { Some(points) } else { None });
            far.into_iter().chain(asked).take(MOST).map(with).collect()
        }
        Kind::Grade => {
            let grade = policy.grades.iter().find(|(_, grade)| grade.name == name);
            let with = |otherwise: usize| {
                let grade = |grade: &Grade| match grade.name == name {
                    true => Grade { lines: Vec::new(), otherwise, ..grade.clone() },
                    false => grade.clone(),
                };
                Policy { grades: policy.grades.iter().map(|(_, of)| grade(of)).collect(), ..policy.clone() }
            };
            (0..grade.map_or(0, |(_, grade)| grade.scale.values.len())).map(with).collect()
        }
        Kind::Stage => {
            let with = |truth: Truth| {
                let stage = |stage: &Stage| match stage.name == name {
                    true => Stage { when: constant(truth), ..stage.clone() },
                    false => stage.clone(),
                };
                Policy { stages: policy.stages.iter().map(|(_, of)| stage(of)).collect(), ..policy.clone() }
            };
            [Truth::True, Truth::False].map(with).to_vec()
        }
        Kind::Policy
        | Kind::Field
        | Kind::Assumption
        | Kind::Decision
        | Kind::Section
        | Kind::Rule
        | Kind::Claim
        | Kind::Test => Vec::new(),
    }
}

/// How many values are tried for a score or a definition.
const MOST: usize = 60;

/// The values of one kind that a policy asks for, and those beside numbers and days: first what these rules ask for.
fn asked_like(policy: &Policy, one: Option<&Value>, rules: &[RuleId]) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut note = |cond: &Cond| {
        let exprs = match &cond.kind {
            CondKind::Compare { left, right, .. } => vec![left, right],
            CondKind::Between { value, low, high } => vec![value, low, high],
            CondKind::In { set, .. } => {
                all.extend(policy.sets[*set].values.iter().cloned());
                Vec::new()
            }
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsIncomplete(_)
            | CondKind::IsUnknown(_)
            | CondKind::Reached(_)
            | CondKind::Define(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => Vec::new(),
        };
        for expr in exprs {
            if let Expr::Const(value) = expr {
                all.extend([vec![value.clone()], beside(value)].concat());
            }
        }
    };
    let own = rules.iter().filter_map(|rule| policy.rules[*rule].when.as_ref());
    own.chain(visit::conditions(policy)).for_each(|cond| cond.walk(&mut note));
    let mut each: Vec<Value> = Vec::new();
    let is_like = |value: &Value| one.is_some_and(|one| std::mem::discriminant(one) == std::mem::discriminant(value));
    for value in all.into_iter().filter(is_like) {
        if !each.contains(&value) {
            each.push(value);
        }
    }
    each
}

/// What stands beside a number or a day.
fn beside(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => [1, -1].map(|step| Value::Number(number + &Number::whole(step))).to_vec(),
        Value::Date(day) => [day.tomorrow(), day.yesterday()].into_iter().flatten().map(Value::Date).collect(),
        Value::Text(_) | Value::Other(_) | Value::YesNo(_) | Value::DateTime(_) | Value::Choice(_) | Value::Set(_) => {
            Vec::new()
        }
    }
}

/// A text or a number that is none of these.
fn another(values: &[Value]) -> Option<Value> {
    let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
    let longer = texts.max_by_key(|text| text.len()).map(|text| Value::Text(format!("{text}.invalid")));
    let is_number = values.iter().any(|value| matches!(value, Value::Number(_)));
    longer.or(is_number.then(|| Value::Number(Number::whole(MANY))))
}

/// Values of a type that are far from each other.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Text => ["", "\u{1}"].map(|text| Value::Text(text.to_owned())).to_vec(),
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            [0, MANY, -MANY].map(|number| Value::Number(Number::whole(number))).to_vec()
        }
        Type::YesNo => [true, false].map(Value::YesNo).to_vec(),
        Type::Date => [Date::constant(1900, 1, 1), Date::constant(2299, 12, 31)].map(Value::Date).to_vec(),
        Type::DateTime => [Timestamp::MIN, Timestamp::UNIX_EPOCH].map(Value::DateTime).to_vec(),
        Type::Choice(choices) => (0..choices.values.len()).map(Value::Choice).collect(),
        Type::Set(_) => vec![Value::Set(BTreeSet::new())],
    }
}
