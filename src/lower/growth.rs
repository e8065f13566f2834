//! How long numbers can grow: they are exact, so products have the digits of both factors, and definitions that multiply
//! each other would soon have more digits than memory.

use super::scope::Scope;
use crate::ir::{ArithmeticOp, Body, DefineId, Expr, Gain, ScoreId};
use crate::types::{MAX_DIGITS, Number, Value};

/// The most digits that a number may come to have, above or below the line of its fraction.
const MOST: usize = 1_000;

/// At most how many digits a number has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// Above the line of its fraction.
    above: usize,
    /// Below the line.
    below: usize,
    /// Whether what stands below the line is 1, 10, 100 and so on: sums of such numbers need no longer fractions.
    decimal: bool,
}

/// A number as it comes from a lead.
const FIELD: Size = Size { above: 2 * MAX_DIGITS, below: MAX_DIGITS + 1, decimal: true };

/// Whether a value can come to have too many digits.
pub(super) fn too_large(scope: &Scope, expr: &Expr) -> bool {
    let size = size(scope, expr);
    size.above > MOST || size.below > MOST
}

/// How large a number can get.
pub(super) fn size(scope: &Scope, expr: &Expr) -> Size {
    match expr {
        Expr::Const(Value::Number(number)) => of_number(number),
        Expr::Define(id) => scope.sizes.defines.get(id).copied().unwrap_or(FIELD),
        Expr::Score(id) => scope.sizes.scores.get(id).copied().unwrap_or(FIELD),
        Expr::Negative(inner) => size(scope, inner),
        Expr::Arithmetic(op, left, right) => match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract => size(scope, left).plus(size(scope, right)),
            ArithmeticOp::Multiply => size(scope, left).times(size(scope, right)),
            ArithmeticOp::Divide => size(scope, left).times(one_through(scope, right)),
        },
        Expr::Field(_)
        | Expr::Const(_)
        | Expr::Grade(_)
        | Expr::Stage
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DayOf(_)
        | Expr::Lowercase(_)
        | Expr::DomainOf(_) => FIELD,
    }
}

/// How large one through a value can get. One through a written number is a number like any other: `x / 4` is `x * 0.25`.
fn one_through(scope: &Scope, divisor: &Expr) -> Size {
    if let Expr::Const(Value::Number(number)) = divisor
        && let Some(inverse) = Number::from(1).checked_div(number)
    {
        return of_number(&inverse);
    }
    size(scope, divisor).upside_down()
}

/// How large definitions and scores can get that are done.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    defines: std::collections::HashMap<DefineId, Size>,
    scores: std::collections::HashMap<ScoreId, Size>,
}

/// Remembers how large the value of a definition can get.
pub(super) fn remember_define(scope: &mut Scope, id: DefineId, body: &Body) {
    if let Body::Value(value, _) = body {
        let size = size(scope, value);
        scope.sizes.defines.insert(id, size);
    }
}

/// Remembers how large a score can get.
pub(super) fn remember_score(scope: &mut Scope, id: ScoreId) {
    let Some(score) = scope.policy.scores.find(id) else { return };
    let lines = score.lines.iter().map(|line| match &line.gain {
        Gain::Points { points, per: None, .. } => of_number(points),
        Gain::Points { points, per: Some(per), .. } => {
            let units =
                size(scope, &per.amount).times(one_through(scope, &Expr::Const(Value::Number(per.unit.clone()))));
            of_number(points).times(Size { above: units.above, below: 1, decimal: true })
        }
        Gain::Score { score, .. } => size(scope, &Expr::Score(*score)),
    });
    let largest = lines.fold(Size { above: 1, below: 1, decimal: true }, Size::wider);
    let carried = score.lines.len().to_string().len();
    scope.sizes.scores.insert(id, Size { above: largest.above + carried, ..largest });
}

/// How many digits a written number has.
fn of_number(number: &Number) -> Size {
    let text = number.to_string();
    let digits = |s: &str| s.bytes().filter(u8::is_ascii_digit).count();
    if let Some((above, below)) = text.split_once('/') {
        return Size { above: digits(above), below: digits(below), decimal: false };
    }
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    Size { above: digits(&text), below: places + 1, decimal: true }
}

impl Size {
    fn plus(self, other: Size) -> Size {
        let below = if self.decimal && other.decimal { self.below.max(other.below) } else { self.below + other.below };
        let above = (self.above + below - self.below).max(other.above + below - other.below) + 1;
        Size { above, below, decimal: self.decimal && other.decimal }
    }

    fn times(self, other: Size) -> Size {
        Size {
            above: self.above + other.above,
            below: self.below + other.below,
            decimal: self.decimal && other.decimal,
        }
    }

    /// One through it.
    fn upside_down(self) -> Size {
        Size { above: self.below, below: self.above, decimal: false }
    }

    /// Room for either.
    fn wider(self, other: Size) -> Size {
        let sum = self.plus(other);
        Size { above: sum.above - 1, ..sum }
    }
}
