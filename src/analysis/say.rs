//! Whether a thing has a say in rules: whether it makes a difference to one what the thing says, be that what it may.

use super::model::{MAX_WORK, Model, Over};
use super::search::Answer;
use super::solver::Lit;
use super::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::{
    Body, Cond, CondKind, DefineId, Expr, Gain, GradeId, Id, Policy, RuleId, ScoreId, ScoreLine, StageId, Table, visit,
};
use crate::source::Span;
use crate::types::{Number, Truth, Type, Value};

/// What rules may hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing<'n> {
    /// A named list: that its values are asked for.
    List(&'n str),
    /// A definition.
    Define(DefineId),
    /// A score.
    Score(ScoreId),
    /// A grade.
    Grade(GradeId),
    /// A stage of the funnel.
    Stage(StageId),
}

/// Points beside which no others count.
const MANY: i64 = 1 << 40;

/// Up to so many values a definition may have of which each is tried.
const MOST: usize = 40;

/// For each of some rules, whether it makes a difference to any lead what a thing says: unknown where that is not told, and none where the rule fires
/// for no lead, whatever the thing says. What is spent on it, in steps of about a nanosecond, is taken off `left`. Only answers that are the same for every lead are put in the place
/// of the thing; of one that can answer in too many ways, all rules are held to let it have a say.
#[must_use]
pub fn says(policy: &Policy, thing: Thing<'_>, rules: &[RuleId], left: &mut u64) -> Vec<Option<Truth>> {
    let answers = answers(policy, thing);
    if answers.len() < 2 {
        return vec![Some(Truth::True); rules.len()];
    }
    // The first one only says which leads there are.
    let policies: Vec<&Policy> = std::iter::once(policy).chain(&answers).collect();
    let mut model = Model::new(&policies, Over::InForce, false);
    model.work = MAX_WORK.saturating_sub(*left);
    let found = rules.iter().map(|rule| differs(&mut model, &policies, *rule)).collect();
    *left = MAX_WORK.saturating_sub(model.spent());
    found
}

/// Whether a rule fires for a lead in some of the policies behind the first, and not in others; none when it fires for no lead in any.
fn differs(model: &mut Model<'_>, policies: &[&Policy], rule: RuleId) -> Option<Truth> {
    let fires: Vec<Lit> = (1..policies.len()).map(|side| model.fires(side, rule)).collect();
    let not: Vec<Lit> = fires.iter().map(|fires| !*fires).collect();
    let accepted = model.accepts(0);
    let [ever, not_always] = [&fires, &not].map(|ways| model.any_of(ways));
    if model.is_refuted(&[accepted, ever]) {
        return None;
    }
    let mut confirm = |witness: &Witness| {
        let fires = |(policy, lead)| Evaluator::new(policy, witness.as_of).on(lead).fires(rule);
        let mut each = policies.iter().copied().zip(&witness.leads).skip(1).map(fires);
        each.next().is_some_and(|first| each.any(|other| other != first))
    };
    Some(match model.any(&[accepted, ever, not_always], &mut confirm) {
        Answer::Yes(_) => Truth::True,
        Answer::No(_) => Truth::False,
        Answer::NotKnown => Truth::Unknown,
    })
}

/// The policy with each of the answers that a thing may give to every lead; none where there are too many.
fn answers(policy: &Policy, thing: Thing<'_>) -> Vec<Policy> {
    let truths = [Truth::True, Truth::False];
    match thing {
        Thing::List(name) => truths.map(|truth| with_list(policy, name, truth)).to_vec(),
        Thing::Define(define) => {
            let bodies = match &policy.defines[define].body {
                Body::Condition(_) => truths.map(|truth| Body::Condition(constant(truth))).to_vec(),
                Body::Value(_, ty) => {
                    values(ty).into_iter().map(|value| Body::Value(Expr::Const(value), ty.clone())).collect()
                }
            };
            let with = |body| changed(policy, |of| &mut of.defines, define, |of| of.body = body);
            bodies.into_iter().map(with).collect()
        }
        Thing::Score(score) => {
            let line = |points| {
                let gain = Gain::Points { points, per: None, when: None, at_most: None };
                ScoreLine { gain, label: None, span: Span::default() }
            };
            let with = |points| changed(policy, |of| &mut of.scores, score, |of| of.lines = vec![line(points)]);
            ends(policy, score).map(with).to_vec()
        }
        Thing::Grade(grade) => {
            let with = |label| {
                changed(
                    policy,
                    |of| &mut of.grades,
                    grade,
                    |of| {
                        of.lines.clear();
                        of.otherwise = label;
                    },
                )
            };
            (0..policy.grades[grade].scale.values.len()).map(with).collect()
        }
        Thing::Stage(stage) => {
            let with = |truth| changed(policy, |of| &mut of.stages, stage, |of| of.when = constant(truth));
            truths.map(with).to_vec()
        }
    }
}

/// A policy in which one thing is another one.
fn changed<I: Id, T>(
    policy: &Policy,
    table: impl Fn(&mut Policy) -> &mut Table<I, T>,
    id: I,
    change: impl FnOnce(&mut T),
) -> Policy {
    let mut changed = policy.clone();
    if let Some(one) = table(&mut changed).get_mut(id) {
        change(one);
    }
    changed
}

fn constant(truth: Truth) -> Cond {
    Cond { kind: CondKind::Const(truth), span: Span::default() }
}

/// The policy in which all that is asked of a list has this answer.
fn with_list(policy: &Policy, name: &str, truth: Truth) -> Policy {
    let mut changed = policy.clone();
    let change = &mut |cond: &mut Cond| {
        if cond.asked(policy).is_some_and(|asked| asked.list == name) {
            cond.kind = CondKind::Const(truth);
        }
    };
    visit::all_mut(&mut changed).for_each(|cond| cond.walk_mut(change));
    changed
}

/// The values of a type that are tried: all, or some that are far from each other; none where no few stand for the others.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            [MANY, -MANY].map(|number| Value::Number(Number::from(number))).to_vec()
        }
        Type::YesNo => [true, false].map(Value::YesNo).to_vec(),
        Type::Choice(choices) if choices.values.len() <= MOST => (0..choices.values.len()).map(Value::Choice).collect(),
        Type::Choice(_) | Type::Text | Type::Date | Type::DateTime | Type::Set(_) => Vec::new(),
    }
}

/// The fewest and the most points that a score may have, as far as its lines alone say it.
fn ends(policy: &Policy, score: ScoreId) -> [Number; 2] {
    let of = &policy.scores[score];
    let [mut least, mut most] = [0, 0].map(Number::from);
    for line in &of.lines {
        let [low, high] = match &line.gain {
            Gain::Points { points, per, when, at_most } => {
                let size = match (per, at_most) {
                    (None, None) => points.abs(),
                    (None, Some(limit)) => points.abs().min(limit.clone()),
                    (Some(_), Some(limit)) => limit.clone(),
                    (Some(_), None) => Number::from(MANY),
                };
                let nothing = if when.is_none() && per.is_none() { size.clone() } else { Number::from(0) };
                if points.is_negative() { [-&size, -&nothing] } else { [nothing, size] }
            }
            Gain::Score { sign, score } => {
                let [low, high] = ends(policy, *score);
                if *sign < 0 { [-&high, -&low] } else { [low, high] }
            }
        };
        (least, most) = (&least + &low, &most + &high);
    }
    let within = |points: Number| {
        let points = of.min.iter().fold(points, |points, min| points.max(min.clone()));
        of.max.iter().fold(points, |points, max| points.min(max.clone()))
    };
    [within(least), within(most)]
}
