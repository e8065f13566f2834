//! Numbers as text: what is read from a policy or a cell, what is written, and what people are shown.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fraction, Number};

/// The most digits that an input number may have on either side of its point.
pub const MAX_DIGITS: usize = 18;

/// Why a text is not a [`Number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// It is not written as one.
    NotANumber,
    /// It has more than [`MAX_DIGITS`] digits before or after the point.
    TooManyDigits,
}

impl Number {
    /// Reads a plain decimal: an optional `-`, digits, optionally a point and digits. Nothing else: no `+`, no exponent,
    /// no grouping.
    ///
    /// # Errors
    /// When the text is not such a decimal, or has more than [`MAX_DIGITS`] digits on a side (leading and trailing zeros count).
    pub fn parse_decimal(text: &str) -> Result<Number, NumberError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(NumberError::NotANumber),
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(NumberError::NotANumber);
        }
        if whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        // Not wider than its integers: twice `MAX_DIGITS` digits are below their end.
        let append = |number: i128, digit: u8| number * 10 + i128::from(digit - b'0');
        let numerator = whole.bytes().chain(fraction.bytes()).fold(0, append);
        let denominator = fraction.bytes().fold(1, |power, _| power * 10);
        Ok(Number::ratio(if negative { -numerator } else { numerator }, denominator))
    }

    /// The exact decimal digits, when there are finitely many.
    fn exact_decimal(&self) -> Option<String> {
        let mut rest = self.large().denom().clone();
        let mut places = 0usize;
        let (two, five, ten) = (BigInt::from(2), BigInt::from(5), BigInt::from(10));
        while (&rest % &ten).is_zero() {
            rest /= &ten;
            places += 1;
        }
        for factor in [&two, &five] {
            while (&rest % factor).is_zero() {
                rest /= factor;
                places += 1;
            }
        }
        (rest == BigInt::from(1)).then(|| self.decimal(places))
    }

    /// Cut (not rounded) to so many places, trailing zeros of the fraction removed.
    fn decimal(&self, places: usize) -> String {
        let scale = BigInt::from(10).pow(u32::try_from(places).unwrap_or(u32::MAX));
        let scaled = (&*self.large() * BigRational::from_integer(scale)).to_integer();
        let digits = scaled.abs().to_string();
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if scaled.is_negative() { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// How many decimals people are shown.
    pub const PLACES: usize = 4;

    /// For people: at most `places` decimals, thousands apart; `≈` before it when that is not exact.
    #[must_use]
    pub fn for_people(&self, places: usize) -> String {
        let text = self.rounded(places);
        let about = if text.parse::<Number>().as_ref() == Ok(self) { "" } else { "≈" };
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{about}{sign}{}{point}{fraction}", thousands(whole))
    }

    /// For people: at most `places` decimals, rounded half away from zero, no trailing zeros.
    #[must_use]
    pub fn rounded(&self, places: usize) -> String {
        let scale = BigRational::from_integer(BigInt::from(10).pow(u32::try_from(places).unwrap_or(0)));
        Number::of((&*self.large() * &scale).round() / scale).decimal(places)
    }
}

/// The digits of a whole number with the thousands set apart, for people: `1,234,567`.
#[must_use]
pub fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Fraction::Small { numerator, denominator: 1 } = &self.0 {
            return write!(f, "{numerator}");
        }
        match self.exact_decimal() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.large().numer(), self.large().denom()),
        }
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// The inverse of `Display`: a decimal of any length or a fraction. For cells and literals use
    /// [`Number::parse_decimal`], which bounds the digits.
    fn from_str(text: &str) -> Result<Number, NumberError> {
        let int = |s: &str| s.parse::<BigInt>().map_err(|_| NumberError::NotANumber);
        if let Some((numerator, denominator)) = text.split_once('/') {
            let (numerator, denominator) = (int(numerator)?, int(denominator)?);
            if denominator.is_zero() {
                return Err(NumberError::NotANumber);
            }
            return Ok(Number::of(BigRational::new(numerator, denominator)));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let exponent = u32::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)?;
        Ok(Number::of(BigRational::new(int(&format!("{whole}{fraction}"))?, BigInt::from(10).pow(exponent))))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        // Reading takes time that grows with the square of the length; nothing that is worked out comes near this one.
        const LONGEST: usize = 20_000;
        let text = Cow::<str>::deserialize(deserializer)?;
        let number = if text.len() <= LONGEST { text.parse().ok() } else { None };
        number.ok_or_else(|| serde::de::Error::custom("not an exact number"))
    }
}

impl schemars::JsonSchema for Number {
    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "an exact number: a decimal, or a fraction where no finite decimal exists",
            "pattern": "^-?[0-9]+(\\.[0-9]+|/[0-9]+)?$",
        })
    }
}
