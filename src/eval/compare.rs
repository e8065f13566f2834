//! What comparisons, memberships and arithmetic mean for values that are there.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use crate::ir::{ArithmeticOp, CompareOp, ValueSet};
use crate::types::{Truth, Value};

/// A comparison of two values of one type. Equality is always known; an order between values that have none (texts, sets, a
/// value outside of its closed set) is unknown.
pub(crate) fn compare(op: CompareOp, left: &Value, right: &Value) -> Truth {
    match op {
        CompareOp::Eq => (left == right).into(),
        CompareOp::Ne => (left != right).into(),
        CompareOp::Lt => ordered(left, right, Ordering::is_lt),
        CompareOp::Le => ordered(left, right, Ordering::is_le),
        CompareOp::Gt => ordered(left, right, Ordering::is_gt),
        CompareOp::Ge => ordered(left, right, Ordering::is_ge),
    }
}

fn ordered(left: &Value, right: &Value, test: impl Fn(Ordering) -> bool) -> Truth {
    left.order(right).map_or(Truth::Unknown, |o| test(o).into())
}

/// A [`ValueSet`] made ready to be asked.
#[derive(Debug)]
pub(super) struct Members<'p> {
    /// The positions of a closed set, which are found faster than by a hash.
    choices: BTreeSet<usize>,
    values: HashSet<&'p Value>,
    other: bool,
}

impl<'p> Members<'p> {
    pub(super) fn new(set: &'p ValueSet) -> Self {
        let mut members = Members { choices: BTreeSet::new(), values: HashSet::new(), other: set.other };
        for value in &set.values {
            if let Value::Choice(position) = value {
                members.choices.insert(*position);
            } else {
                members.values.insert(value);
            }
        }
        members
    }

    pub(super) fn contains(&self, value: &Value) -> bool {
        match value {
            Value::Choice(position) => self.choices.contains(position),
            Value::Other(_) if self.other => true,
            Value::Text(_)
            | Value::Number(_)
            | Value::YesNo(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Other(_)
            | Value::Set(_) => self.values.contains(value),
        }
    }
}

/// Whether a set holds any, or all, of these members; unknown for a value that is no set.
pub(crate) fn has(value: &Value, all: bool, members: &BTreeSet<usize>) -> Truth {
    match value {
        Value::Set(held) if all => members.is_subset(held).into(),
        Value::Set(held) => (!members.is_disjoint(held)).into(),
        Value::Text(_)
        | Value::Number(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_) => Truth::Unknown,
    }
}

/// Arithmetic on two numbers; missing when dividing by zero.
pub(super) fn arithmetic(op: ArithmeticOp, left: &Value, right: &Value) -> Option<Value> {
    let (Value::Number(left), Value::Number(right)) = (left, right) else { return None };
    let result = match op {
        ArithmeticOp::Add => left + right,
        ArithmeticOp::Subtract => left - right,
        ArithmeticOp::Multiply => left * right,
        ArithmeticOp::Divide => left.checked_div(right)?,
    };
    Some(Value::Number(result))
}

/// The negative of a number.
pub(super) fn negative(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => Some(Value::Number(-number)),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_)
        | Value::Set(_) => None,
    }
}
