//! The values that policies speak of: exact numbers, currencies, times, closed sets, and truth that may be unknown.

mod given;
mod number;
mod zone;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use jiff::{Span as TimeSpan, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use given::month;
pub use given::{Given, NotGiven};
pub use number::{MAX_DIGITS, Number, NumberError, thousands};
pub use zone::{time_zone, time_zones};

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
