//! What a lead can hold, as variables of the solver: one axis for each field of the data, with its cells.
//!
//! An axis is the cell of the data before any policy has read it, so that two policies can share it although one of them
//! calls a value blank, has a default or accepts a smaller range. How a policy sees it is [`super::view`]'s subject.
//! Numbers have a literal for each threshold that is asked for (`x >= t`, each implied by the next), closed sets one for each
//! value, multi-selects one for each member; texts and dates have one for each question, and a theory of their own.

use std::collections::BTreeMap;

use super::gates::Gates;
use super::solver::Lit;
use crate::ir::{Field, FieldId, Policy};
use crate::types::{MAX_DIGITS, Number, Type};

/// One field of the data.
#[derive(Debug)]
pub(crate) struct Axis {
    /// The field of each policy that reads it.
    pub(crate) fields: Vec<Option<FieldId>>,
    /// Whether there is anything in the cell.
    pub(crate) known: Lit,
    /// Whether the cell is a word for "not known" rather than empty; told apart only where an empty cell is an empty set.
    pub(crate) crossed_out: Option<Lit>,
    /// What is in it.
    pub(crate) content: Content,
}

/// What the cell of a field holds, by the kind of its type.
#[derive(Debug)]
pub(crate) enum Content {
    /// A number.
    Number(Ladder),
    /// One of these values, or (the last literal, without a name) something else.
    Choice(Vec<(Option<String>, Lit)>),
    /// Any of these values.
    Set(Vec<(String, Lit)>),
    /// Yes.
    YesNo(Lit),
    /// A text: a position among the model's texts.
    Text(usize),
    /// A day or an instant: a position among the model's moments.
    Moment(usize),
}

/// The thresholds of a number, in steps of its grid.
#[derive(Debug)]
pub(crate) struct Ladder {
    /// How many steps there are in 1.
    pub(crate) per_one: Number,
    /// The smallest value.
    pub(crate) min: i128,
    /// The largest value.
    pub(crate) max: i128,
    /// `x >= t` for each threshold asked for so far; all of them above `min`, none above `max`.
    pub(crate) rungs: BTreeMap<i128, Lit>,
}

/// The number of steps of a grid: numbers have at most [`MAX_DIGITS`] digits behind the point, percentages two more.
fn grid(ty: &Type) -> Option<u32> {
    let digits = u32::try_from(MAX_DIGITS).unwrap_or(0);
    match ty {
        Type::WholeNumber => Some(0),
        Type::Number | Type::Money(_) => Some(digits),
        Type::Percent => Some(digits + 2),
        Type::Text | Type::YesNo | Type::Date | Type::DateTime | Type::Choice(_) | Type::Set(_) => None,
    }
}

impl Ladder {
    /// The values of a field's type, within the widest range that any of the policies accepts.
    pub(crate) fn new(fields: &[&Field]) -> Option<Ladder> {
        let places = grid(&fields.first()?.ty)?;
        let per_one = Number::whole(10i128.checked_pow(places)?);
        // The largest number with 18 digits before the point (of a percentage: before it is divided by 100).
        let digits = u32::try_from(MAX_DIGITS).unwrap_or(0);
        let whole = 10i128.checked_pow(digits)?;
        let fraction = if places == 0 { 1 } else { whole };
        let largest = whole.checked_mul(fraction)?.checked_sub(1)?;
        let mut ladder = Ladder { per_one, min: largest, max: -largest, rungs: BTreeMap::new() };
        for field in fields {
            let min = field.min.as_ref().map_or(-largest, |min| ladder.first_from(min));
            let max = field.max.as_ref().map_or(largest, |max| ladder.first_above(max).saturating_sub(1));
            ladder.min = ladder.min.min(min.max(-largest));
            ladder.max = ladder.max.max(max.min(largest));
        }
        Some(ladder)
    }

    /// The first step that is not below a number.
    pub(crate) fn first_from(&self, number: &Number) -> i128 {
        (-&(number * &self.per_one)).floor_i128().saturating_neg()
    }

    /// The first step above a number.
    pub(crate) fn first_above(&self, number: &Number) -> i128 {
        (number * &self.per_one).floor_i128().saturating_add(1)
    }

    /// The number of a step.
    pub(crate) fn number(&self, step: i128) -> Number {
        Number::whole(step).checked_div(&self.per_one).unwrap_or_else(Number::zero)
    }

    /// The literal of `x >= step`, for a cell that is known. Never holds when it is not.
    pub(crate) fn at_least(&mut self, gates: &mut Gates, known: Lit, step: i128) -> Lit {
        if step <= self.min {
            return known;
        }
        if step > self.max {
            return gates.constant(false);
        }
        if let Some(rung) = self.rungs.get(&step) {
            return *rung;
        }
        let rung = gates.input();
        let below = self.rungs.range(..step).next_back().map_or(known, |(_, lit)| *lit);
        gates.require(&[!rung, below]);
        if let Some((_, above)) = self.rungs.range(step..).next() {
            gates.require(&[!*above, rung]);
        }
        self.rungs.insert(step, rung);
        rung
    }

    /// The smallest and the largest value that a model leaves, for a cell that is known.
    pub(crate) fn cell(&self, model: &[bool]) -> (i128, i128) {
        let mut low = self.min;
        for (step, lit) in &self.rungs {
            if holds(model, *lit) {
                low = *step;
            } else {
                return (low, step - 1);
            }
        }
        (low, self.max)
    }
}

/// Whether a literal holds in a model.
pub(crate) fn holds(model: &[bool], lit: Lit) -> bool {
    model.get(lit.variable()).is_some_and(|value| *value != lit.is_negated())
}

/// Which fields of several policies are the same field of the data: those of one name, else those of one column that no other policy
/// has a name for, when their types can be compared. Each row has a field of each policy; the second part names the fields whose types
/// differ too much.
pub(crate) fn shared(policies: &[&Policy]) -> (Vec<Vec<Option<FieldId>>>, Vec<String>) {
    let mut rows: Vec<Vec<Option<FieldId>>> = Vec::new();
    let mut apart = Vec::new();
    for (side, policy) in policies.iter().enumerate() {
        for (id, field) in policy.fields.iter() {
            let has = |policy: &Policy, name: &String| policy.fields.iter().any(|(_, field)| field.name == *name);
            let alone = |other: &Field| {
                other.column == field.column
                    && !policies.iter().take(side).any(|earlier| has(earlier, &field.name))
                    && !has(policy, &other.name)
            };
            let first = |row: &Vec<Option<FieldId>>| {
                row.iter().zip(policies).find_map(|(of, policy)| of.map(|of| &policy.fields[of]))
            };
            let position = rows.iter().position(|row| first(row).is_some_and(|other| other.name == field.name));
            let position = position.or_else(|| rows.iter().position(|row| first(row).is_some_and(alone)));
            let named = position.and_then(|position| {
                let row = rows.get_mut(position)?;
                let other = first(row)?;
                Some((row, other))
            });
            match named {
                Some((row, other)) if same_kind(&other.ty, &field.ty) => {
                    if let Some(cell) = row.get_mut(side) {
                        *cell = Some(id);
                    }
                }
                Some(_) | None => {
                    if named.is_some() {
                        apart.push(field.name.clone());
                    }
                    let mut row = vec![None; policies.len()];
                    if let Some(cell) = row.get_mut(side) {
                        *cell = Some(id);
                    }
                    rows.push(row);
                }
            }
        }
    }
    (rows, apart)
}

/// Whether the cells of two types mean the same where both accept them.
fn same_kind(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Choice(_), Type::Choice(_)) | (Type::Set(_), Type::Set(_)) => true,
        (
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(_)
            | Type::Set(_),
            _,
        ) => a == b,
    }
}
