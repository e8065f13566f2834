//! Kinds of values: types without what does not matter for whether a value may stand somewhere.

use std::borrow::Cow;

use crate::types::{Type, Value};

/// A kind of value. Numbers, percentages and amounts of money are one kind here: lowering has kept them apart.
#[derive(Debug, Clone)]
pub(super) enum Kind<'p> {
    Text,
    Number,
    YesNo,
    Date,
    DateTime,
    Choice { values: Cow<'p, [String]>, other: bool },
    Set(&'p [String]),
}

impl<'p> Kind<'p> {
    pub(super) fn of(ty: &'p Type) -> Kind<'p> {
        match ty {
            Type::Text => Kind::Text,
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => Kind::Number,
            Type::YesNo => Kind::YesNo,
            Type::Date => Kind::Date,
            Type::DateTime => Kind::DateTime,
            Type::Choice(choices) => Kind::Choice { values: Cow::Borrowed(&choices.values), other: choices.other },
            Type::Set(values) => Kind::Set(values),
        }
    }

    /// The kind of a constant; none when it is a value of some closed set.
    pub(super) fn of_value(value: &Value) -> Option<Kind<'p>> {
        match value {
            Value::Text(_) => Some(Kind::Text),
            Value::Number(_) => Some(Kind::Number),
            Value::YesNo(_) => Some(Kind::YesNo),
            Value::Date(_) => Some(Kind::Date),
            Value::DateTime(_) => Some(Kind::DateTime),
            Value::Choice(_) | Value::Other(_) | Value::Set(_) => None,
        }
    }

    /// Whether a value is of this kind.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Text, Value::Text(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::YesNo, Value::YesNo(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::DateTime, Value::DateTime(_)) => true,
            (Kind::Choice { values, .. }, Value::Choice(position)) => *position < values.len(),
            (Kind::Choice { other, .. }, Value::Other(_)) => *other,
            (Kind::Set(values), Value::Set(held)) => held.last().is_none_or(|last| *last < values.len()),
            (
                Kind::Text
                | Kind::Number
                | Kind::YesNo
                | Kind::Date
                | Kind::DateTime
                | Kind::Choice { .. }
                | Kind::Set(_),
                _,
            ) => false,
        }
    }

    /// Whether two kinds are the same.
    pub(super) fn is(&self, other: &Kind<'_>) -> bool {
        match (self, other) {
            (Kind::Choice { values: a, .. }, Kind::Choice { values: b, .. }) => a == b,
            (Kind::Set(a), Kind::Set(b)) => a == b,
            (
                Kind::Text
                | Kind::Number
                | Kind::YesNo
                | Kind::Date
                | Kind::DateTime
                | Kind::Choice { .. }
                | Kind::Set(_),
                _,
            ) => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Whether it is a day or an instant.
    pub(super) fn is_time(&self) -> bool {
        matches!(self, Kind::Date | Kind::DateTime)
    }

    /// Whether it is a text, or a choice that may be any other text.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Kind::Text | Kind::Choice { other: true, .. })
    }
}
