//! Whether a rule hangs on something: whether it would take other leads of those that come to it, were that thing another one. To name it is not enough,
//! as it can be named where nothing comes of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::edit::Kind;
use crate::analysis::{Answer, Model, Over};
use crate::ir::{Body, Cond, CondKind, Define, Expr, Gain, Grade, Policy, RuleId, Score, ScoreLine, Stage, ValueSet};
use crate::source::Span;
use crate::types::{Number, Truth, Type, Value};

/// Points beside which no others count.
const MANY: i128 = 1 << 40;

/// For each of some rules, whether it hangs on a list, a definition, a score, a grade or a stage. That it does is shown by a lead; that it does not is
/// found for some others that the thing might be.
pub(super) fn hang_on(policy: &Policy, kind: Kind, name: &str, rules: &[RuleId]) -> Vec<Truth> {
    let mut found = vec![Truth::False; rules.len()];
    for other in others(policy, kind, name) {
        let mut model = Model::new(&[policy, &other], Over::InForce, false);
        for (rule, found) in rules.iter().zip(&mut found).filter(|(_, found)| **found != Truth::True) {
            let (here, there) = (model.fires(0, *rule), model.fires(1, *rule));
            let reaches = model.reaches(0, *rule);
            for differ in [[reaches, here, !there], [reaches, !here, there]] {
                match model.ask(&differ) {
                    Answer::Yes(_) => *found = Truth::True,
                    Answer::NotKnown if *found == Truth::False => *found = Truth::Unknown,
                    Answer::NotKnown | Answer::No(_) => {}
                }
            }
        }
    }
    found
}

/// The policy with other things in the place of one.
fn others(policy: &Policy, kind: Kind, name: &str) -> Vec<Policy> {
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
                    values(ty).into_iter().map(value).collect()
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
            let with = |more: bool| {
                let set = |set: &ValueSet| match (set.list.as_deref() == Some(name), more) {
                    (true, true) => ValueSet { values: with_another(&set.values), ..set.clone() },
                    (true, false) => ValueSet { values: Vec::new(), other: false, ..set.clone() },
                    (false, _) => set.clone(),
                };
                Policy { sets: policy.sets.iter().map(|(_, of)| set(of)).collect(), ..policy.clone() }
            };
            [false, true].map(with).to_vec()
        }
        Kind::Score => {
            let with = |points: i128| {
                let gain = Gain::Points { points: Number::whole(points), per: None, when: None, at_most: None };
                let line = ScoreLine { gain, label: None, span: Span::default() };
                let score = |score: &Score| match score.name == name {
                    true => Score { lines: vec![line.clone()], ..score.clone() },
                    false => score.clone(),
                };
                Policy { scores: policy.scores.iter().map(|(_, of)| score(of)).collect(), ..policy.clone() }
            };
            [0, MANY, -MANY].map(with).to_vec()
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

/// Values of a list, and a text or a number that is none of them; of other lists, the values alone.
fn with_another(values: &[Value]) -> Vec<Value> {
    let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
    let longer = texts.max_by_key(|text| text.len()).map(|text| Value::Text(format!("{text}.invalid")));
    let is_number = values.iter().any(|value| matches!(value, Value::Number(_)));
    let far = is_number.then(|| Value::Number(Number::whole(MANY)));
    values.iter().cloned().chain(longer).chain(far).collect()
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
