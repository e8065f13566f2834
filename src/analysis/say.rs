//! Whether a thing has a say in rules: whether it makes a difference to one what the thing says, be that what it may.

use std::collections::BTreeSet;

use super::model::{MAX_WORK, Model, Over};
use super::search::Answer;
use super::solver::Lit;
use super::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::{
    Body, Cell, Cond, CondKind, DefineId, Expr, Field, FieldId, Gain, GradeId, Id, Per, Policy, RuleId, ScoreId,
    ScoreLine, StageId, Table, listed, visit,
};
use crate::source::Span;
use crate::types::{Number, Truth, Type};

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

/// Up to so many totals of a score are told apart, and so many units counted of what has no end.
const MOST_TOTALS: i64 = 500;

/// Up to so many questions for a list are answered one by one.
const MOST_QUESTIONS: usize = 8;

/// For each of some rules, whether it makes a difference to any lead what a thing says: unknown where that is not told, and none where the rule fires
/// for no lead, whatever the thing says. When `definite`, it is not unknown, missing or incomplete. So much may be spent on it, in steps of about a
/// nanosecond.
#[must_use]
pub fn says(policy: &Policy, thing: Thing<'_>, definite: bool, rules: &[RuleId], work: u64) -> Vec<Option<Truth>> {
    let answers = answers(policy, thing, definite);
    // The first one only says which leads there are.
    let policies: Vec<&Policy> = std::iter::once(policy).chain(&answers).collect();
    let mut model = Model::new(&policies, Over::InForce, false);
    model.work = MAX_WORK.saturating_sub(work);
    rules.iter().map(|rule| differs(&mut model, &policies, *rule)).collect()
}

/// Whether a rule fires for a lead in some of the policies behind the first, and not in others; none when it fires for no lead in any.
fn differs(model: &mut Model<'_>, policies: &[&Policy], rule: RuleId) -> Option<Truth> {
    let fires: Vec<Lit> = (1..policies.len()).map(|side| model.fires(side, rule)).collect();
    let not: Vec<Lit> = fires.iter().map(|fires| !*fires).collect();
    let mut asked: Vec<Lit> = (0..policies.len()).map(|side| model.accepts(side)).collect();
    asked.push(model.any_of(&fires));
    if model.is_refuted(&asked) {
        return None;
    }
    asked.push(model.any_of(&not));
    let mut confirm = |witness: &Witness| {
        let fires = |(policy, lead)| Evaluator::new(policy, witness.as_of).on(lead).fires(rule);
        let mut each = policies.iter().copied().zip(&witness.leads).skip(1).map(fires);
        each.next().is_some_and(|first| each.any(|other| other != first))
    };
    Some(match model.any(&asked, &mut confirm) {
        Answer::Yes(_) => Truth::True,
        Answer::No(_) => Truth::False,
        Answer::NotKnown => Truth::Unknown,
    })
}

/// The policy with each of the answers that a thing may give. Two fields that no lead has stand for any two values.
fn answers(policy: &Policy, thing: Thing<'_>, definite: bool) -> Vec<Policy> {
    // Who is accepted is asked of the policy itself.
    let policy = &Policy { assumptions: Vec::new(), ..policy.clone() };
    let unknown = (!definite).then_some(Truth::Unknown);
    let truths = || [Truth::True, Truth::False].into_iter().chain(unknown);
    let any = FieldId::from_position(policy.fields.len());
    let with_any = |of: Policy, at: usize, ty: &Type, max: Option<Number>| {
        let mut of = of;
        of.fields.push(free(at, ty, definite, max));
        of
    };
    match thing {
        Thing::List(name) => {
            let questions = questions(policy, name);
            let all = truths().map(|truth| with_list(policy, name, &|_| truth));
            let each = questions
                .iter()
                .take(MOST_QUESTIONS)
                .flat_map(|one| [true, false].map(|yes| with_list(policy, name, &|of| ((of == one) == yes).into())));
            all.chain(each.filter(|_| questions.len() > 1)).collect()
        }
        Thing::Define(define) => match &policy.defines[define].body {
            Body::Condition(_) => {
                let with = |truth| {
                    changed(policy, |of| &mut of.defines, define, |of| of.body = Body::Condition(constant(truth)))
                };
                truths().map(with).collect()
            }
            Body::Value(_, ty) => {
                let body = || Body::Value(Expr::Field(any), ty.clone());
                let with = || changed(policy, |of| &mut of.defines, define, |of| of.body = body());
                [0, 1].map(|at| with_any(with(), at, ty, None)).to_vec()
            }
        },
        Thing::Score(score) => {
            let [low, high] = ends(policy, score);
            let span = &high - &low;
            let step = span.checked_div(&Number::from(MOST_TOTALS)).unwrap_or(Number::from(0)).floor();
            let step = &step + &Number::from(1);
            let line = |points, per, when| {
                let gain = Gain::Points { points, per, when, at_most: None };
                ScoreLine { gain, label: None, span: Span::default() }
            };
            let units = span.checked_div(&step).unwrap_or(Number::from(0)).floor();
            let per = || Per { unit: Number::from(1), amount: Expr::Field(any) };
            let lines = || vec![line(low.clone(), None, None), line(step.clone(), Some(per()), None)];
            let open = || line(Number::from(0), None, Some(constant(Truth::Unknown)));
            let with = |more: Option<ScoreLine>| {
                changed(policy, |of| &mut of.scores, score, |of| of.lines = lines().into_iter().chain(more).collect())
            };
            let all = [None, None].into_iter().chain(unknown.map(|_| Some(open()))).enumerate();
            all.map(|(at, more)| with_any(with(more), at, &Type::WholeNumber, Some(units.clone()))).collect()
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
            [Truth::True, Truth::False].map(with).to_vec()
        }
    }
}

/// A field that holds any value of a type; of a number, from zero to some end, when it has one. No author can call one like that.
fn free(at: usize, ty: &Type, required: bool, max: Option<Number>) -> Field {
    let name = " ".repeat(at + 1);
    Field {
        column: name.clone(),
        name,
        ty: ty.clone(),
        is_id: false,
        min: max.as_ref().map(|_| Number::from(0)),
        max,
        required,
        cell: Cell::default(),
        default: None,
        else_missing: false,
        personal: false,
        fixed: false,
        span: Span::default(),
    }
}

/// The questions for what a list holds, each once.
fn questions(policy: &Policy, name: &str) -> BTreeSet<String> {
    let asked = listed::asked(policy, visit::conditions(policy)).into_iter().filter(|asked| asked.list == name);
    asked.map(|asked| format!("{:?}", asked.value)).collect()
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

/// The policy in which each question for a list has an answer, by what is held against the list.
fn with_list(policy: &Policy, name: &str, answer: &dyn Fn(&String) -> Truth) -> Policy {
    let mut changed = policy.clone();
    let change = &mut |cond: &mut Cond| {
        if let Some(asked) = cond.asked(policy).filter(|asked| asked.list == name) {
            cond.kind = CondKind::Const(answer(&format!("{:?}", asked.value)));
        }
    };
    visit::all_mut(&mut changed).for_each(|cond| cond.walk_mut(change));
    changed
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
                    (Some(per), None) => &points.abs() * &most_units(policy, per),
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

/// How many units there may be at most of what is counted.
fn most_units(policy: &Policy, per: &Per) -> Number {
    let field = if let Expr::Field(field) = per.amount { Some(field) } else { None };
    let end = field.and_then(|field| policy.fields[field].max.as_ref()?.checked_div(&per.unit));
    end.map_or(Number::from(MOST_TOTALS), |end| end.floor())
}
