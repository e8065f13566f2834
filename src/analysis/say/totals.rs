//! What a score may come to, whatever its lines say: any total in its range.

use super::{Answers, Free, One, changed, constant};
use crate::ir::{Cond, CondKind, Expr, Gain, Per, Policy, ScoreId, ScoreLine, visit};
use crate::source::Span;
use crate::types::{Number, Truth, Type};

/// Up to so many totals of a score are told apart that another one adds: fewer than are counted out of one inside of another.
const MOST_TOTALS: i64 = 400;

/// Two totals that may be any, and, unless `definite`, one that is incomplete.
pub(super) fn any(policy: &Policy, score: ScoreId, definite: bool) -> Answers {
    let incomplete = [false, false].into_iter().chain((!definite).then_some(true)).enumerate();
    if is_added(policy, score) {
        let steps = steps(policy, score);
        let any = incomplete.map(|(at, incomplete)| with_steps(policy, score, &steps, at, incomplete));
        return Answers { policies: any.collect(), one: One::Any, are_all: steps.are_all };
    }
    let any = incomplete.map(|(at, incomplete)| with_total(policy, score, at, incomplete));
    Answers { policies: any.collect(), one: One::Any, are_all: true }
}

fn line(points: &Number, per: Option<Per>, when: Option<Cond>) -> ScoreLine {
    let gain = Gain::Points { points: points.clone(), per, when, at_most: None };
    ScoreLine { gain, label: None, span: Span::default() }
}

/// The policy in which a field stands for the total of a score that no other score adds.
fn with_total(policy: &Policy, score: ScoreId, at: usize, incomplete: bool) -> Policy {
    let (mut changed, of) = (policy.clone(), &policy.scores[score]);
    let free = Free { at, ty: &Type::Number, required: true, ends: [of.min.clone(), of.max.clone()] };
    let any = free.put_in(&mut changed);
    visit::each_value_mut(&mut changed, &mut |value| {
        if *value == Expr::Score(score) {
            *value = Expr::Field(any);
        }
    });
    let is_incomplete = &mut |cond: &mut Cond| {
        if cond.kind == CondKind::IsIncomplete(score) {
            cond.kind = CondKind::Const(incomplete.into());
        }
    };
    visit::all_mut(&mut changed).for_each(|cond| cond.walk_mut(is_incomplete));
    changed
}

/// The policy in which the lines of a score come to any of some totals.
fn with_steps(policy: &Policy, score: ScoreId, steps: &Steps, at: usize, incomplete: bool) -> Policy {
    let mut of = policy.clone();
    let ends = [Some(Number::from(0)), Some(steps.most.clone())];
    let any = Free { at, ty: &Type::WholeNumber, required: true, ends }.put_in(&mut of);
    let per = Per { unit: Number::from(1), amount: Expr::Field(any) };
    let open = line(&Number::from(0), None, Some(constant(Truth::Unknown)));
    let lines = [line(&steps.from, None, None), line(&steps.size, Some(per), None)].into_iter();
    changed(&of, |of| &mut of.scores, score, |of| of.lines = lines.chain(incomplete.then_some(open)).collect())
}

/// Whether another score adds this one.
fn is_added(policy: &Policy, score: ScoreId) -> bool {
    let lines = policy.scores.iter().flat_map(|(_, of)| &of.lines);
    { lines }.any(|line| matches!(line.gain, Gain::Score { score: added, .. } if added == score))
}

/// Totals that are told apart.
struct Steps {
    from: Number,
    size: Number,
    /// How many there are behind the first.
    most: Number,
    /// Whether no others lie between them or beyond.
    are_all: bool,
}

/// The totals that are told apart of a score which another one adds. One without a range is taken to have one.
fn steps(policy: &Policy, score: ScoreId) -> Steps {
    let of = &policy.scores[score];
    let most = Number::from(MOST_TOTALS);
    let from = of.min.clone().unwrap_or_else(|| -&most);
    let to = of.max.clone().unwrap_or_else(|| most.clone());
    let zero = || Number::from(0);
    let span = (&to - &from).max(zero());
    let size = span.checked_div(&most).unwrap_or_else(zero);
    let size = (-&(-&size).floor()).max(Number::from(1));
    let units = span.checked_div(&size).unwrap_or_else(zero).floor();
    let mut points = policy.scores.iter().flat_map(|(_, of)| &of.lines).filter_map(|line| match &line.gain {
        Gain::Points { points, .. } => Some(points),
        Gain::Score { .. } => None,
    });
    let has_range = of.min.is_some() && of.max.is_some();
    let are_all = has_range && size == Number::from(1) && from.is_whole() && points.all(Number::is_whole);
    Steps { from, size, most: units, are_all }
}
