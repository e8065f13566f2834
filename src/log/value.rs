//! Values as a line of the log keeps them: texts that read back the same, whatever the cell looked like.

use serde::{Deserialize, Serialize};

use crate::ir::Field;
use crate::types::{Choices, Number, Type, Value};

/// A value as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Kept {
    /// A single value.
    Text(String),
    /// The values of an `any of` field.
    Several(Vec<String>),
}

impl Kept {
    /// A value of a field.
    #[must_use]
    pub fn of(field: &Field, value: &Value) -> Kept {
        let named =
            |at: &usize| field.ty.closed_values().and_then(|values| values.get(*at)).cloned().unwrap_or_default();
        Kept::Text(match value {
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Number(number) if field.ty == Type::Percent => format!("{}%", number * &Number::from(100)),
            Value::Number(number) => number.to_string(),
            Value::YesNo(true) => "yes".to_owned(),
            Value::YesNo(false) => "no".to_owned(),
            Value::Date(day) => day.to_string(),
            Value::DateTime(instant) => instant.to_string(),
            Value::Choice(at) => named(at),
            Value::Set(members) => return Kept::Several(members.iter().map(named).collect()),
        })
    }

    /// The value that was kept; none when the field has no such value.
    #[must_use]
    pub fn value(&self, field: &Field) -> Option<Value> {
        let position = |text: &String| field.ty.closed_values()?.iter().position(|value| value == text);
        match (self, &field.ty) {
            (Kept::Several(values), Type::Set(_)) => values.iter().map(position).collect::<Option<_>>().map(Value::Set),
            (Kept::Text(text), Type::Text) => Some(Value::Text(text.clone())),
            (Kept::Text(text), Type::Number | Type::WholeNumber | Type::Money(_)) => number(text).map(Value::Number),
            (Kept::Text(text), Type::Percent) => {
                let hundredths = number(text.strip_suffix('%')?)?;
                hundredths.checked_div(&Number::from(100)).map(Value::Number)
            }
            (Kept::Text(text), Type::YesNo) => match text.as_str() {
                "yes" => Some(Value::YesNo(true)),
                "no" => Some(Value::YesNo(false)),
                _ => None,
            },
            (Kept::Text(text), Type::Date) => text.parse().ok().map(Value::Date),
            (Kept::Text(text), Type::DateTime) => text.parse().ok().map(Value::DateTime),
            (Kept::Text(text), Type::Choice(Choices { other, .. })) => {
                position(text).map(Value::Choice).or_else(|| other.then(|| Value::Other(text.clone())))
            }
            (
                Kept::Several(_),
                Type::Text
                | Type::Number
                | Type::WholeNumber
                | Type::Percent
                | Type::Money(_)
                | Type::YesNo
                | Type::Date
                | Type::DateTime
                | Type::Choice(_),
            )
            | (Kept::Text(_), Type::Set(_)) => None,
        }
    }
}

/// A number, unless it has more digits than any cell.
fn number(text: &str) -> Option<Number> {
    const LONGEST: usize = 100;
    if text.len() <= LONGEST { text.parse().ok() } else { None }
}
