//! One lead: a value, or nothing, for each field.

use std::collections::BTreeSet;

use crate::types::{Type, Value};

use super::{Field, FieldId, Id, Policy};

/// What is known of one lead: for each field of the policy its value, or none when it is missing.
/// Defaults (`missing means`) are not filled in here; deciding does that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    values: Vec<Option<Value>>,
}

impl Lead {
    /// A lead of which nothing is known: all is missing but the sets of fields whose blank means none.
    #[must_use]
    pub fn empty(policy: &Policy) -> Lead {
        let of = |field: &Field| field.cell.blank_is_empty_set.then(|| Value::Set(BTreeSet::new()));
        Lead { values: policy.fields.iter().map(|(_, field)| of(field)).collect() }
    }

    /// The value of a field as it was read.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        self.values.get(field.position()).and_then(Option::as_ref)
    }

    /// Sets or clears the value of a field. It must be of the field's type.
    pub fn set(&mut self, field: FieldId, value: Option<Value>) {
        if let Some(slot) = self.values.get_mut(field.position()) {
            *slot = value;
        }
    }
}

impl Field {
    /// Whether a value of its kind is one that its type and its range allow. What is no value of a policy's own can come up only where
    /// two policies look at one lead.
    #[must_use]
    pub fn may_hold(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => {
                self.min.as_ref().is_none_or(|min| number >= min)
                    && self.max.as_ref().is_none_or(|max| number <= max)
                    && (self.ty != Type::WholeNumber || number.is_whole())
            }
            Value::Other(_) => matches!(&self.ty, Type::Choice(choices) if choices.other),
            Value::Set(members) => {
                let own = self.ty.closed_values().unwrap_or_default().len();
                members.iter().all(|member| *member < own)
            }
            Value::Text(_) | Value::YesNo(_) | Value::Date(_) | Value::DateTime(_) | Value::Choice(_) => true,
        }
    }
}
