//! The values that policies speak of: exact numbers, currencies, times, closed sets, and truth that may be unknown.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span as TimeSpan, Timestamp};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most digits that an input number may have on either side of its point.
pub const MAX_DIGITS: usize = 18;

/// Kleene's three truth values, ordered so that `and` is the minimum and `or` the maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// Surely false.
    False,
    /// It hangs on something that is missing.
    Unknown,
    /// Surely true.
    True,
}

impl Truth {
    /// True only when both are; false as soon as one is.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// True as soon as one is; false only when both are.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Swaps true and false; unknown stays unknown.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "`!` on a three-valued truth would read as if it were two-valued")]
    pub fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }

    /// Whether it is surely true: only then a rule fires and a line earns its points.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Truth::True
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

/// An exact rational number: `0.1 + 0.2` is `0.3`, `1 / 3 * 3` is `1`.
///
/// As text (and in JSON) it is a decimal where it has a finite one (`"0.3"`), else a fraction (`"1/3"`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigRational);

impl Number {
    /// Zero.
    #[must_use]
    pub fn zero() -> Number {
        Number(BigRational::zero())
    }

    /// Whether it has no fractional part.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.is_integer()
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(&self) -> Number {
        Number(self.0.abs())
    }

    /// The largest whole number that is not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        Number(self.0.floor())
    }

    /// The quotient; none when dividing by zero.
    #[must_use]
    pub fn checked_div(&self, by: &Number) -> Option<Number> {
        (!by.is_zero()).then(|| Number(&self.0 / &by.0))
    }

    /// As a machine integer, when it is whole and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        self.is_whole().then(|| self.0.numer().to_i64()).flatten()
    }

    /// A whole number of any machine size.
    #[must_use]
    pub fn whole(value: i128) -> Number {
        Number(BigRational::from_integer(value.into()))
    }

    /// The largest whole number that is not above it, cut to what a machine integer holds.
    #[must_use]
    pub fn floor_i128(&self) -> i128 {
        let floor = self.0.floor().to_integer();
        floor.to_i128().unwrap_or(if floor.is_negative() { i128::MIN } else { i128::MAX })
    }

    /// Its numerator and denominator in lowest terms, the denominator above zero.
    #[must_use]
    pub fn parts(&self) -> (BigInt, BigInt) {
        (self.0.numer().clone(), self.0.denom().clone())
    }

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
        if fraction.is_empty() {
            let whole: i64 = whole.parse().map_err(|_| NumberError::TooManyDigits)?;
            return Ok(Number::from(if negative { -whole } else { whole }));
        }
        let numerator: BigInt = format!("{whole}{fraction}").parse().map_err(|_| NumberError::NotANumber)?;
        let exponent = u32::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)?;
        let value = BigRational::new(numerator, BigInt::from(10).pow(exponent));
        Ok(Number(if negative { -value } else { value }))
    }

    /// The exact decimal digits, when there are finitely many.
    fn exact_decimal(&self) -> Option<String> {
        let mut rest = self.0.denom().clone();
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
        let scaled = (&self.0 * BigRational::from_integer(scale)).to_integer();
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
        Number((&self.0 * &scale).round() / scale).decimal(places)
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

/// Why a text is not a [`Number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// It is not written as one.
    NotANumber,
    /// It has more than [`MAX_DIGITS`] digits before or after the point.
    TooManyDigits,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exact_decimal() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}/{}", self.0.numer(), self.0.denom()),
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
            return Ok(Number(BigRational::new(numerator, denominator)));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let exponent = u32::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)?;
        Ok(Number(BigRational::new(int(&format!("{whole}{fraction}"))?, BigInt::from(10).pow(exponent))))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number(BigRational::from_integer(value.into()))
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: &Number) -> Number {
        Number(&self.0 + &other.0)
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: &Number) -> Number {
        Number(&self.0 - &other.0)
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: &Number) -> Number {
        Number(&self.0 * &other.0)
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number(-&self.0)
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

/// An ISO 4217 currency code: three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollars, also written `$`.
    pub const USD: Currency = Currency(*b"USD");

    /// The currency of a code of three capital letters.
    #[must_use]
    pub fn new(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.to_string()
    }
}

impl TryFrom<String> for Currency {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Currency, &'static str> {
        Currency::new(&code).ok_or("a currency is three capital letters")
    }
}

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// Free text.
    Text,
    /// An exact number.
    Number,
    /// A number without fraction.
    WholeNumber,
    /// A share: `20%` is the number 0.2.
    Percent,
    /// An amount in one currency.
    Money(Currency),
    /// Yes or no.
    YesNo,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// One value of a closed set.
    Choice(Choices),
    /// Any number of values of a closed set.
    Set(Vec<String>),
}

impl Type {
    /// The values of a closed set, of which a [`Value`] is a position or several; none for other types.
    #[must_use]
    pub fn closed_values(&self) -> Option<&[String]> {
        match self {
            Type::Choice(Choices { values, .. }) | Type::Set(values) => Some(values),
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Date
            | Type::DateTime => None,
        }
    }
}

/// A closed set of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Choices {
    /// The values; a [`Value::Choice`] is a position in here.
    pub values: Vec<String>,
    /// Whether they have an order: lowest first.
    pub ranked: bool,
    /// Whether any other text may occur too: a [`Value::Other`].
    pub other: bool,
}

impl Choices {
    /// The position of a value.
    #[must_use]
    pub fn position(&self, value: &str) -> Option<usize> {
        self.values.iter().position(|v| v == value)
    }
}

/// A value that is there. A missing one is `None` wherever an `Option<Value>` stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A text.
    Text(String),
    /// A number, a percentage (as a fraction of 1) or an amount of money (in the currency of its type).
    Number(Number),
    /// Yes or no.
    YesNo(bool),
    /// A day.
    Date(#[schemars(with = "String")] Date),
    /// An instant.
    DateTime(#[schemars(with = "String")] Timestamp),
    /// A position in the [`Choices`] of its type.
    Choice(usize),
    /// A text outside of the [`Choices`] of a type that allows others.
    Other(String),
    /// Positions in the values of a [`Type::Set`].
    Set(BTreeSet<usize>),
}

impl Value {
    /// Which of two values of one type is the larger; none for values that have no order between them.
    #[must_use]
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
            (Value::Choice(a), Value::Choice(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// A unit of time in a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Elapsed minutes.
    Minute,
    /// Elapsed hours.
    Hour,
    /// Calendar days.
    Day,
    /// Calendar weeks.
    Week,
    /// Calendar months; the day is clamped to the month's end.
    Month,
}

impl Unit {
    /// Whether it counts calendar days rather than elapsed time.
    #[must_use]
    pub fn is_calendar(self) -> bool {
        match self {
            Unit::Minute | Unit::Hour => false,
            Unit::Day | Unit::Week | Unit::Month => true,
        }
    }

    /// `day`, in the singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        }
    }
}

/// A signed stretch of time: negative is back from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Shift {
    /// How many; lowering bounds it to ±100 years.
    pub count: i32,
    /// Of what.
    pub unit: Unit,
}

impl Shift {
    /// This shift as a span of jiff.
    fn span(self) -> TimeSpan {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Minute => TimeSpan::new().minutes(count.clamp(-60_000_000, 60_000_000)),
            Unit::Hour => TimeSpan::new().hours(count.clamp(-1_000_000, 1_000_000)),
            Unit::Day => TimeSpan::new().days(count.clamp(-36_600, 36_600)),
            Unit::Week => TimeSpan::new().weeks(count.clamp(-5_300, 5_300)),
            Unit::Month => TimeSpan::new().months(count.clamp(-1_200, 1_200)),
        }
    }

    /// The day that is so far from `day`; a unit of elapsed time leaves it as it is.
    #[must_use]
    pub fn from_day(self, day: Date) -> Date {
        if self.unit.is_calendar() { day.saturating_add(self.span()) } else { day }
    }

    /// The instant that is so far from `instant`; a calendar unit leaves it as it is.
    #[must_use]
    pub fn from_instant(self, instant: Timestamp) -> Timestamp {
        if self.unit.is_calendar() { instant } else { instant.saturating_add(self.span()).unwrap_or(instant) }
    }
}
