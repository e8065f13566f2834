//! Thresholds, and the values that are just on one side of them.
//!
//! On the side that a threshold belongs to, only the threshold itself is just there; on the other side, whatever is no further away
//! than one step: the next whole number, the next rank, the next day, a minute; for other numbers one in the last place of the
//! threshold as it is written out. Of a score it is the nearest totals that a lead can have.

use jiff::ToSpan;

use crate::analysis::Model;
use crate::eval::Session;
use crate::ir::{ArithmeticOp, CompareOp, Cond, CondKind, Expr};
use crate::source::Span;
use crate::types::{Number, Shift, Truth, Type, Unit, Value};

/// A threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    /// The comparison.
    pub(super) test: Cond,
    op: CompareOp,
    pub(super) value: Expr,
    pub(super) limit: Expr,
    step: Step,
}

/// How far away is just on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Number(Number),
    Rank,
    Day,
    Minute,
    /// The nearest totals for which the comparison is true, and false.
    Totals([Option<Number>; 2]),
}

/// The comparisons with a threshold that a condition without parts is made of, the threshold on the right.
pub(super) fn comparisons(cond: &Cond) -> Vec<Cond> {
    let of = |(op, value, limit): (CompareOp, &Expr, &Expr)| compare(cond.span, op, value, limit.clone());
    cond.comparisons().into_iter().map(of).collect()
}

/// The thresholds of a condition without parts. The model says what scores can come to.
pub(super) fn of(model: &mut Model<'_>, cond: &Cond) -> Vec<Edge> {
    comparisons(cond).into_iter().filter_map(|test| Edge::new(model, test)).collect()
}

impl Edge {
    fn new(model: &mut Model<'_>, test: Cond) -> Option<Edge> {
        let CondKind::Compare { op, left: value, right: limit } = test.kind.clone() else { return None };
        match op {
            // Nothing is just equal.
            CompareOp::Eq | CompareOp::Ne => return None,
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {}
        }
        // Of a comparison that is not understood it would not be known whether anything is just beside its threshold.
        if model.is_left_open(0, &test) {
            return None;
        }
        let step = step(model, op, &value, &limit)?;
        Some(Edge { test, op, value, limit, step })
    }

    /// Whether the comparison is true where the value equals the threshold.
    pub(super) fn is_true_at_limit(&self) -> bool {
        matches!(self.op, CompareOp::Le | CompareOp::Ge)
    }

    /// Whether the values just on this side are smaller than those on the other.
    pub(super) fn is_below(&self, side: bool) -> bool {
        matches!(self.op, CompareOp::Lt | CompareOp::Le) == side
    }

    /// Whether a lead's value is just on this side.
    pub(super) fn is_met(&self, session: &Session<'_>, side: bool) -> bool {
        session.truth(&self.test) == Truth::from(side)
            && self.condition(side, Some(session)).is_some_and(|near| session.truth(&near).is_true())
    }

    /// A condition that is true of the values just on this side, beside the comparison itself. Without a time at which the lead is
    /// decided there is none for some thresholds: with a `session`, its time is taken.
    pub(super) fn condition(&self, side: bool, session: Option<&Session<'_>>) -> Option<Cond> {
        let span = self.test.span;
        let between =
            |low: Expr, high: Expr| Cond { kind: CondKind::Between { value: self.value.clone(), low, high }, span };
        if let Step::Totals([yes, no]) = &self.step {
            let total = if side { yes } else { no };
            let never = || Cond { kind: CondKind::Const(Truth::False), span };
            let is =
                |total: &Number| compare(span, CompareOp::Eq, &self.value, Expr::Const(Value::Number(total.clone())));
            return Some(total.as_ref().map_or_else(never, is));
        }
        if self.is_true_at_limit() == side {
            return Some(compare(span, CompareOp::Eq, &self.value, self.limit.clone()));
        }
        let [low, high] = [-1, 1].map(|sign| self.beside(sign, session));
        Some(between(low?, high?))
    }

    /// The threshold and a step more, or less.
    fn beside(&self, sign: i32, session: Option<&Session<'_>>) -> Option<Expr> {
        let shifted = |shift: &Shift, by: i32, times: i32, unit| {
            Some(Shift { count: shift.count.checked_mul(times)?.checked_add(by)?, unit })
        };
        match (&self.step, &self.limit) {
            (Step::Number(step), limit) => {
                let step = step * &Number::from(i64::from(sign));
                Some(match limit {
                    Expr::Const(Value::Number(number)) => Expr::Const(Value::Number(number + &step)),
                    limit => {
                        let step = Expr::Const(Value::Number(step));
                        Expr::Arithmetic(ArithmeticOp::Add, Box::new(limit.clone()), Box::new(step))
                    }
                })
            }
            (Step::Rank, Expr::Const(Value::Choice(rank))) => {
                Some(Expr::Const(Value::Choice(if sign < 0 { rank.saturating_sub(1) } else { rank.saturating_add(1) })))
            }
            (Step::Day, Expr::Const(Value::Date(day))) => {
                day.checked_add(sign.days()).ok().map(|day| Expr::Const(Value::Date(day)))
            }
            (Step::Minute, Expr::Const(Value::DateTime(instant))) => {
                instant.checked_add(sign.minutes()).ok().map(|instant| Expr::Const(Value::DateTime(instant)))
            }
            (Step::Day, Expr::AsOfDay(shift)) => match (shift.unit, session) {
                (Unit::Day, _) => shifted(shift, sign, 1, Unit::Day).map(Expr::AsOfDay),
                (Unit::Week, _) => shifted(shift, sign, 7, Unit::Day).map(Expr::AsOfDay),
                (Unit::Minute | Unit::Hour | Unit::Month, Some(session)) => {
                    let Some(Value::Date(day)) = session.value(&self.limit) else { return None };
                    day.checked_add(sign.days()).ok().map(|day| Expr::Const(Value::Date(day)))
                }
                (Unit::Minute | Unit::Hour | Unit::Month, None) => None,
            },
            (Step::Minute, Expr::AsOf(shift)) => match shift.unit {
                Unit::Minute => shifted(shift, sign, 1, Unit::Minute).map(Expr::AsOf),
                Unit::Hour => shifted(shift, sign, 60, Unit::Minute).map(Expr::AsOf),
                Unit::Day | Unit::Week | Unit::Month => None,
            },
            (Step::Rank | Step::Day | Step::Minute | Step::Totals(_), _) => None,
        }
    }
}

/// The step of a comparison; none when it has no threshold.
fn step(model: &mut Model<'_>, op: CompareOp, value: &Expr, limit: &Expr) -> Option<Step> {
    let policy = model.policy(0);
    let fixed = limit.is_constant() || matches!(limit, Expr::AsOf(_) | Expr::AsOfDay(_));
    if value.is_constant() {
        return None;
    }
    match policy.type_of(value)?.as_ref() {
        Type::WholeNumber => Some(Step::Number(Number::from(1))),
        Type::Number | Type::Money(_) | Type::Percent
            if policy.score_behind(value).is_some() && limit.is_constant() =>
        {
            let Expr::Const(Value::Number(limit)) = limit else { return None };
            let score = policy.score_behind(value)?;
            let totals = model.totals(0, score)?;
            Some(Step::Totals(nearest(op, limit, &totals, &mut |total| model.score_can_be(0, score, total))))
        }
        Type::Number | Type::Money(_) => Some(Step::Number(last_place(limit, &Number::from(1)))),
        Type::Percent => Some(Step::Number(last_place(limit, &Number::from(1).checked_div(&Number::from(100))?))),
        Type::Choice(choices) if choices.ranked && matches!(limit, Expr::Const(Value::Choice(_))) => Some(Step::Rank),
        Type::Date if fixed => Some(Step::Day),
        Type::DateTime if fixed => Some(Step::Minute),
        Type::Text | Type::YesNo | Type::Date | Type::DateTime | Type::Choice(_) | Type::Set(_) => None,
    }
}

/// One in the last decimal place of a number, but no more than `most`, which is also the answer for what is no constant.
fn last_place(limit: &Expr, most: &Number) -> Number {
    const PLACES: usize = 18;
    let Expr::Const(Value::Number(limit)) = limit else { return most.clone() };
    let tenth = |step: Number| step.checked_div(&Number::from(10)).unwrap_or(step);
    let mut step = most.clone();
    for _ in 0..PLACES {
        if limit.checked_div(&step).is_some_and(|steps| steps.is_whole()) {
            return step;
        }
        step = tenth(step);
    }
    most.clone()
}

/// The nearest totals for which the comparison is true, and false, of those (ascending) that a lead can have.
fn nearest(
    op: CompareOp,
    limit: &Number,
    totals: &[Number],
    can_be: &mut dyn FnMut(&Number) -> bool,
) -> [Option<Number>; 2] {
    /// How many totals are looked at.
    const MOST: usize = 32;
    let [at, beyond] = [|t: &Number, l: &Number| t < l, |t: &Number, l: &Number| t <= l].map(|below| {
        let (below, above) = totals.split_at(totals.partition_point(|total| below(total, limit)));
        let below = below.iter().rev().take(MOST).find(|total| can_be(total)).cloned();
        [below, above.iter().take(MOST).find(|total| can_be(total)).cloned()]
    });
    match op {
        CompareOp::Ge => [at[1].clone(), at[0].clone()],
        CompareOp::Lt => at,
        CompareOp::Gt => [beyond[1].clone(), beyond[0].clone()],
        CompareOp::Le => beyond,
        CompareOp::Eq | CompareOp::Ne => [None, None],
    }
}

fn compare(span: Span, op: CompareOp, left: &Expr, right: Expr) -> Cond {
    Cond { kind: CondKind::Compare { op, left: left.clone(), right }, span }
}
