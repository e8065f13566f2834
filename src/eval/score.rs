//! What the lines of a score add, and what they come to.

use super::scalar::Session;
use crate::ir::{Gain, Per, Score, ScoreLine};
use crate::types::{Number, Truth, Value};

/// The total of a score, or what one of its lines adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The points; of a whole score after clamping.
    pub points: Number,
    /// Whether a line was unknown (of this score or of one that it adds): it added nothing.
    pub incomplete: bool,
}

/// The sum of the lines, clamped last.
pub(super) fn total(session: &Session<'_>, score: &Score) -> Total {
    let mut sum = Total { points: Number::zero(), incomplete: false };
    for line in &score.lines {
        let Total { points, incomplete } = session.line(line);
        sum.points = &sum.points + &points;
        sum.incomplete |= incomplete;
    }
    sum.points = clamp(sum.points, score);
    sum
}

/// Not below the score's range, then not above it.
fn clamp(points: Number, score: &Score) -> Number {
    let points = score.min.as_ref().map_or(points.clone(), |min| points.max(min.clone()));
    score.max.as_ref().map_or(points.clone(), |max| points.min(max.clone()))
}

/// What one line adds: nothing when its condition is false; nothing, and incomplete, when its condition is unknown or what
/// it counts is missing.
pub(super) fn line(session: &Session<'_>, line: &ScoreLine) -> Total {
    let nothing = |incomplete| Total { points: Number::zero(), incomplete };
    match &line.gain {
        Gain::Points { points, per, when, at_most } => {
            match when.as_ref().map_or(Truth::True, |when| session.truth(when)) {
                Truth::False => nothing(false),
                Truth::Unknown => nothing(true),
                Truth::True => {
                    let worked_out = || {
                        let points =
                            per.as_ref().map_or_else(|| Some(points.clone()), |per| each(session, points, per));
                        points.map(|points| capped(points, at_most.as_ref()))
                    };
                    match session.told_points(line).map_or_else(worked_out, Option::<&Number>::cloned) {
                        None => nothing(true),
                        Some(points) => Total { points, incomplete: false },
                    }
                }
            }
        }
        Gain::Score { sign, score } => {
            let Total { points, incomplete } = session.score(*score);
            Total { points: if *sign < 0 { -&points } else { points }, incomplete }
        }
    }
}

/// So many points for each full unit of the amount; none when it is missing.
fn each(session: &Session<'_>, points: &Number, per: &Per) -> Option<Number> {
    match &*session.read(&per.amount)? {
        Value::Number(amount) => Some(points * &amount.checked_div(&per.unit)?.floor().max(Number::zero())),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_)
        | Value::Set(_) => None,
    }
}

/// Of a size that is at most the cap; the sign stays.
fn capped(points: Number, at_most: Option<&Number>) -> Number {
    match at_most {
        Some(cap) if points.abs() > *cap => {
            if points.is_negative() {
                -cap
            } else {
                cap.clone()
            }
        }
        Some(_) | None => points,
    }
}
