//! How many digits a number may have when it is worked out, so that arithmetic stays quick.

use super::{Invalid, invalid};
use crate::ir::ArithmeticOp;
use crate::types::{MAX_DIGITS, Number, Value};

/// The most digits that anything worked out may have.
const MAX: usize = 5_000;

/// The number is `n / (10^scale * d)`, with at most so many digits in `n` and `d`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    numerator: usize,
    scale: usize,
    denominator: usize,
}

impl Extent {
    /// What a cell may hold: two more places for a percentage.
    pub(super) const CELL: Extent = Extent { numerator: 2 * MAX_DIGITS, scale: MAX_DIGITS + 2, denominator: 0 };

    pub(super) fn of(number: &Number) -> Extent {
        let text = number.to_string();
        let digits = |s: &str| s.bytes().filter(u8::is_ascii_digit).count();
        match (text.split_once('/'), text.split_once('.')) {
            (Some((numerator, denominator)), _) => {
                Extent { numerator: digits(numerator), scale: 0, denominator: digits(denominator) }
            }
            (None, Some((_, fraction))) => Extent { numerator: digits(&text), scale: digits(fraction), denominator: 0 },
            (None, None) => Extent { numerator: digits(&text), scale: 0, denominator: 0 },
        }
    }

    pub(super) fn of_value(value: &Value) -> Extent {
        match value {
            Value::Number(number) => Extent::of(number),
            Value::Text(_)
            | Value::YesNo(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Choice(_)
            | Value::Other(_)
            | Value::Set(_) => Extent::default(),
        }
    }

    /// Either of the two.
    pub(super) fn or(self, other: Extent) -> Extent {
        Extent {
            numerator: self.numerator.max(other.numerator),
            scale: self.scale.max(other.scale),
            denominator: self.denominator.max(other.denominator),
        }
    }

    /// How many full units there are of an amount like this.
    pub(super) fn units(self, unit: Extent) -> Extent {
        Extent { numerator: self.numerator + unit.scale + unit.denominator, scale: 0, denominator: 0 }
    }

    pub(super) fn times(self, other: Extent) -> Result<Extent, Invalid> {
        Extent {
            numerator: self.numerator + other.numerator,
            scale: self.scale + other.scale,
            denominator: self.denominator + other.denominator,
        }
        .bounded()
    }

    /// The sum of so many numbers like this one.
    pub(super) fn sum_of(self, count: usize) -> Result<Extent, Invalid> {
        let carry = count.to_string().len();
        let denominator = self.denominator.saturating_mul(count);
        let numerator = (self.numerator + self.scale + carry).saturating_add(denominator);
        Extent { numerator, scale: self.scale, denominator }.bounded()
    }

    pub(super) fn combined(self, op: ArithmeticOp, other: Extent) -> Result<Extent, Invalid> {
        match op {
            ArithmeticOp::Add | ArithmeticOp::Subtract => {
                let scale = self.scale.max(other.scale);
                let left = self.numerator + scale - self.scale + other.denominator;
                let right = other.numerator + scale - other.scale + self.denominator;
                let numerator = left.max(right) + 1;
                Extent { numerator, scale, denominator: self.denominator + other.denominator }.bounded()
            }
            ArithmeticOp::Multiply => self.times(other),
            ArithmeticOp::Divide => Extent {
                numerator: self.numerator + other.scale + other.denominator,
                scale: self.scale,
                denominator: self.denominator + other.numerator,
            }
            .bounded(),
        }
    }

    fn bounded(self) -> Result<Extent, Invalid> {
        let most = self.numerator.max(self.scale).max(self.denominator);
        if most <= MAX { Ok(self) } else { Err(invalid("a number could have too many digits")) }
    }
}
