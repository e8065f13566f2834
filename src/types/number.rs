//! Exact rational numbers and their arithmetic.
//!
//! Nearly all numbers of policies and leads are fractions of two machine integers: they are kept as that, and reckoned with
//! in place. What does not fit is a fraction of integers of any size.

mod text;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};

pub use text::{MAX_DIGITS, NumberError, thousands};

/// An exact rational number: `0.1 + 0.2` is `0.3`, `1 / 3 * 3` is `1`.
///
/// As text (and in JSON) it is a decimal where it has a finite one (`"0.3"`), else a fraction (`"1/3"`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Fraction);

/// In lowest terms, the denominator above zero, and `Small` whenever both parts fit: a number has one form only, so that two
/// are equal, and hash alike, when their forms do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Fraction {
    Small { numerator: i64, denominator: i64 },
    Large(Box<BigRational>),
}

impl Number {
    /// Zero.
    #[must_use]
    pub const fn zero() -> Number {
        Number(Fraction::Small { numerator: 0, denominator: 1 })
    }

    /// Whether it has no fractional part.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Fraction::Small { denominator, .. } => *denominator == 1,
            Fraction::Large(number) => number.is_integer(),
        }
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Fraction::Small { numerator, .. } => *numerator < 0,
            Fraction::Large(number) => number.is_negative(),
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Number::zero()
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(&self) -> Number {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The largest whole number that is not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        match &self.0 {
            Fraction::Small { numerator, denominator } => Number::from(numerator.div_euclid(*denominator)),
            Fraction::Large(number) => Number::of(number.floor()),
        }
    }

    /// The quotient; none when dividing by zero.
    #[must_use]
    pub fn checked_div(&self, by: &Number) -> Option<Number> {
        if by.is_zero() {
            return None;
        }
        Some(match (self.small(), by.small()) {
            (Some((a, b)), Some((c, d))) => Number::ratio(a * d * c.signum(), b * c.abs()),
            (None, _) | (_, None) => Number::of(&*self.large() / &*by.large()),
        })
    }

    /// As a machine integer, when it is whole and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Fraction::Small { numerator, denominator: 1 } => Some(*numerator),
            Fraction::Small { .. } | Fraction::Large(_) => None,
        }
    }

    /// A whole number of any machine size.
    #[must_use]
    pub fn whole(value: i128) -> Number {
        Number::ratio(value, 1)
    }

    /// The largest whole number that is not above it, cut to what a machine integer holds.
    #[must_use]
    pub fn floor_i128(&self) -> i128 {
        match &self.0 {
            Fraction::Small { numerator, denominator } => numerator.div_euclid(*denominator).into(),
            Fraction::Large(number) => {
                let end = if number.is_negative() { i128::MIN } else { i128::MAX };
                number.floor().numer().to_i128().unwrap_or(end)
            }
        }
    }

    /// The largest whole number that is not above it times so many powers of ten, and whether it is just that. None when it is too
    /// large for a machine integer.
    #[must_use]
    pub fn floor_at(&self, places: u32) -> Option<(i64, bool)> {
        let Fraction::Small { numerator, denominator } = &self.0 else { return None };
        let power = 10i64.checked_pow(places)?;
        if power % denominator == 0 {
            return Some((numerator.checked_mul(power / denominator)?, true));
        }
        let (scaled, denominator) = (i128::from(*numerator) * i128::from(power), i128::from(*denominator));
        Some((i64::try_from(scaled.div_euclid(denominator)).ok()?, scaled % denominator == 0))
    }

    /// Its numerator and denominator in lowest terms, the denominator above zero.
    #[must_use]
    pub fn parts(&self) -> (BigInt, BigInt) {
        self.large().into_owned().into_raw()
    }

    /// The parts of a small one, in integers so wide that a sum of two products of such parts cannot overflow.
    fn small(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Fraction::Small { numerator, denominator } => Some(((*numerator).into(), (*denominator).into())),
            Fraction::Large(_) => None,
        }
    }

    /// As a fraction of integers of any size.
    fn large(&self) -> Cow<'_, BigRational> {
        match &self.0 {
            Fraction::Small { numerator, denominator } => {
                Cow::Owned(BigRational::new_raw((*numerator).into(), (*denominator).into()))
            }
            Fraction::Large(number) => Cow::Borrowed(number),
        }
    }

    /// The quotient of two integers, the second one above zero.
    fn ratio(numerator: i128, denominator: i128) -> Number {
        let narrow = |numerator, denominator| Some((i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?));
        let small = |numerator, denominator| Number(Fraction::Small { numerator, denominator });
        // The common divisor of machine integers is much faster to find, and whole numbers need none.
        match narrow(numerator, denominator) {
            Some((numerator, 1)) => return small(numerator, 1),
            Some((numerator, denominator)) => {
                let divisor = numerator.gcd(&denominator);
                return small(numerator / divisor, denominator / divisor);
            }
            None => {}
        }
        let divisor = if denominator == 1 { 1 } else { numerator.gcd(&denominator) };
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        match narrow(numerator, denominator) {
            Some((numerator, denominator)) => small(numerator, denominator),
            None => Number(Fraction::Large(Box::new(BigRational::new_raw(numerator.into(), denominator.into())))),
        }
    }

    /// A fraction of any size, which is in lowest terms.
    fn of(fraction: BigRational) -> Number {
        Number(match (fraction.numer().to_i64(), fraction.denom().to_i64()) {
            (Some(numerator), Some(denominator)) => Fraction::Small { numerator, denominator },
            (None, _) | (_, None) => Fraction::Large(Box::new(fraction)),
        })
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number(Fraction::Small { numerator: value, denominator: 1 })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.small(), other.small()) {
            (Some((a, b)), Some((c, d))) if b == d => a.cmp(&c),
            (Some((a, b)), Some((c, d))) => (a * d).cmp(&(c * b)),
            (None, _) | (_, None) => self.large().cmp(&other.large()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: &Number) -> Number {
        match (self.small(), other.small()) {
            (Some((a, b)), Some((c, d))) if b == d => Number::ratio(a + c, b),
            (Some((a, b)), Some((c, d))) => Number::ratio(a * d + c * b, b * d),
            (None, _) | (_, None) => Number::of(&*self.large() + &*other.large()),
        }
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: &Number) -> Number {
        self + &-other
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: &Number) -> Number {
        match (self.small(), other.small()) {
            (Some((a, b)), Some((c, d))) => Number::ratio(a * c, b * d),
            (None, _) | (_, None) => Number::of(&*self.large() * &*other.large()),
        }
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        match &self.0 {
            Fraction::Small { numerator, denominator } if *numerator != i64::MIN => {
                Number(Fraction::Small { numerator: -numerator, denominator: *denominator })
            }
            Fraction::Small { .. } | Fraction::Large(_) => Number::of(-&*self.large()),
        }
    }
}
