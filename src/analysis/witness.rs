//! From cells to a lead: a value for every field, as plain as the cell allows.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::axis::{Axis, Content, Ladder};
use super::calendar::Moment;
use super::model::{Model, can_be_missing};
use super::search::Point;
use crate::eval::end_of_day;
use crate::ir::{Field, Lead};
use crate::types::{Type, Value};

/// A lead, as each policy reads it, and a time at which it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The as-of time.
    pub as_of: Timestamp,
    /// The lead, once for each policy.
    pub leads: Vec<Lead>,
}

impl Model<'_> {
    /// The lead of a point.
    #[must_use]
    pub fn lead(&self, point: &Point) -> Witness {
        let zone = self.sides.last().map_or("UTC", |side| side.policy.zone.as_str());
        let noon = || end_of_day(zone, Date::constant(2026, 1, 1)).unwrap_or(Timestamp::UNIX_EPOCH);
        let leads = self.sides.iter().enumerate().map(|(side, of)| {
            let mut lead = Lead::empty(of.policy);
            for axis in &self.axes {
                if let Some(field) = axis.fields.get(side).copied().flatten() {
                    let declared = &of.policy.fields[field];
                    let value = if point.holds(axis.known) {
                        self.value(point, axis, declared)
                    } else {
                        self.absent(point, axis, declared)
                    };
                    lead.set(field, value.filter(|value| !declared.else_missing || declared.may_hold(value)));
                }
            }
            lead
        });
        Witness { as_of: point.as_of.unwrap_or_else(noon), leads: leads.collect() }
    }

    /// What a policy reads from a cell in which there is nothing.
    fn absent(&self, point: &Point, axis: &Axis, field: &Field) -> Option<Value> {
        let crossed_out = can_be_missing(field) && axis.crossed_out.is_some_and(|lit| point.holds(lit));
        (field.cell.blank_is_empty_set && !crossed_out).then(|| Value::Set(BTreeSet::new()))
    }

    fn value(&self, point: &Point, axis: &Axis, field: &Field) -> Option<Value> {
        match &axis.content {
            Content::Number(ladder) => {
                let position = self.axes.iter().position(|a| std::ptr::eq(a, axis))?;
                let step =
                    point.numbers.get(&position).copied().unwrap_or_else(|| plain(ladder, ladder.cell(&point.bits)));
                let number = ladder.number(step);
                (!field.cell.blank_numbers.contains(&number)).then_some(Value::Number(number))
            }
            Content::YesNo(yes) => Some(Value::YesNo(point.holds(*yes))),
            Content::Text(text) => {
                let text = point.texts.get(*text)?.clone()?;
                let fold =
                    |t: &str| if field.cell.ignoring_case { t.trim().to_lowercase() } else { t.trim().to_owned() };
                let blank = field.cell.blanks.iter().any(|blank| fold(blank) == fold(&text));
                (!blank).then_some(Value::Text(text))
            }
            Content::Moment(moment) => Some(match point.moments.get(*moment)? {
                Moment::Date(date) => Value::Date(*date),
                Moment::DateTime(instant) => Value::DateTime(*instant),
            }),
            Content::Choice(values) => {
                let (name, _) = values.iter().find(|(_, lit)| point.holds(*lit))?;
                let Type::Choice(choices) = &field.ty else { return None };
                Some(match name {
                    Some(name) => choices.position(name).map_or_else(|| Value::Other(name.clone()), Value::Choice),
                    None => Value::Other(another(field, &choices.values)),
                })
            }
            Content::Set(members) => {
                let own = field.ty.closed_values()?;
                let held = members.iter().filter(|(_, lit)| point.holds(*lit));
                // What the policy does not have stands behind the last that it has: no lead of its own is like that.
                let place = |name: &String| own.iter().position(|v| v == name).unwrap_or(own.len());
                Some(Value::Set(held.map(|(name, _)| place(name)).collect()))
            }
        }
    }
}

/// A text that is none of a field's values, spellings and blanks.
pub(crate) fn another(field: &Field, values: &[String]) -> String {
    let fold = |text: &str| text.to_lowercase();
    let taken = |text: &str| {
        let text = fold(text);
        values.iter().chain(&field.cell.blanks).any(|value| fold(value) == text)
            || field.cell.aliases.iter().any(|alias| alias.test.holds(&text, &fold(&alias.text)))
    };
    let words = ["Something else", "Another", "Other", "Unlisted", "Zz", "Qx", "Ümlaut", "?", "§"];
    let numbered = (2..1000).map(|i| format!("Value {i}"));
    words.into_iter().map(str::to_owned).chain(numbered).find(|text| !taken(text)).unwrap_or_else(|| "Other".to_owned())
}

/// The number of a cell that reads best: an end of it when that is short, else the first multiple of a whole number, a tenth, a
/// hundredth and so on.
pub(crate) fn plain(ladder: &Ladder, (low, high): (i128, i128)) -> i128 {
    let one = ladder.per_one.floor_i128().max(1);
    let short = |step: i128| step % (one / 100).max(1) == 0;
    if low > ladder.min && short(low) {
        return low;
    }
    if low == ladder.min && low <= 0 && 0 <= high {
        return 0;
    }
    if (high < ladder.max || low == ladder.min) && short(high) {
        return high;
    }
    let mut unit = one;
    while unit > 1 {
        let first = low.div_euclid(unit).saturating_add(i128::from(low.rem_euclid(unit) != 0)).saturating_mul(unit);
        if first <= high {
            return first;
        }
        unit /= 10;
    }
    low
}
