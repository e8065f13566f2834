//! How a policy sees a field of the data: which cells it reads as values, which it calls missing, what it puts in the place of a
//! missing one, and which leads it rejects.

use super::axis::Content;
use super::model::{Model, can_be_missing};
use super::solver::Lit;
use super::text::{Atom, Question, View};
use crate::ir::FieldId;
use crate::types::{Type, Value};

impl Model<'_> {
    /// Whether the policy reads a value from the cell (a default is not one).
    pub(crate) fn is_known(&mut self, side: usize, field: FieldId) -> Lit {
        let policy = self.policy(side);
        let declared = &policy.fields[field];
        let position = self.axis_of(side, field);
        let (known, crossed_out) = (self.axis(position).known, self.axis(position).crossed_out);
        let mut parts = vec![known];
        if declared.else_missing && self.sides.len() > 1 {
            parts.push(self.is_readable(side, field));
        }
        match &self.axis(position).content {
            Content::Number(_) => {
                for blank in &declared.cell.blank_numbers {
                    if let Some(is) = self.number_is(position, blank) {
                        parts.push(!is);
                    }
                }
            }
            Content::Text(text) => {
                let text = *text;
                // Blanks that all policies have in common are no texts at all; asking for them again does no harm.
                if !declared.cell.blanks.is_empty() {
                    let (view, fold): (View, fn(&String) -> String) = if declared.cell.ignoring_case {
                        (View::Lower, |blank| blank.trim().to_lowercase())
                    } else {
                        (View::Raw, |blank| blank.trim().to_owned())
                    };
                    if self.sides.len() > 1 {
                        let blanks = declared.cell.blanks.iter().map(fold).collect();
                        parts.push(!self.text_answer(text, known, Atom { view, question: Question::OneOf(blanks) }));
                    }
                }
            }
            Content::Set(_) if declared.cell.blank_is_empty_set => {
                // Anything but a word for "not known": an empty cell is the empty set.
                if let Some(crossed_out) = crossed_out.filter(|_| can_be_missing(declared)) {
                    parts.push(!crossed_out);
                }
                parts.retain(|part| *part != known);
            }
            Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Moment(_) => {}
        }
        self.gates.and(&parts)
    }

    /// Whether the policy takes the lead: none of its fields is outside of what is declared, no assumption is surely false.
    pub fn accepts(&mut self, side: usize) -> Lit {
        let policy = self.policy(side);
        let mut all = Vec::new();
        for (field, _) in policy.fields.iter() {
            all.push(self.accepts_field(side, field));
        }
        for assumption in &policy.assumptions {
            all.push(!self.condition(side, assumption).no);
        }
        self.gates.and(&all)
    }

    /// Whether the policy takes what a field holds.
    pub(crate) fn accepts_field(&mut self, side: usize, field: FieldId) -> Lit {
        let declared = &self.policy(side).fields[field];
        let known = self.is_known(side, field);
        let readable = self.is_readable(side, field);
        let mut parts = Vec::new();
        if !declared.else_missing {
            parts.push(self.gates.or(&[!known, readable]));
        }
        if declared.required {
            parts.push(known);
        }
        self.gates.and(&parts)
    }

    /// Whether the cell, when there is something in it, is a value of the field's type and within its range.
    fn is_readable(&mut self, side: usize, field: FieldId) -> Lit {
        let declared = &self.policy(side).fields[field];
        let position = self.axis_of(side, field);
        let known = self.axis(position).known;
        match &self.axis(position).content {
            Content::Number(ladder) => {
                let min = declared.min.as_ref().map(|min| ladder.first_from(min));
                let max = declared.max.as_ref().map(|max| ladder.first_above(max));
                let low = min.map_or(known, |min| self.rung(position, min));
                let high = match max {
                    Some(max) => self.rung(position, max),
                    None => self.gates.constant(false),
                };
                let inside = self.gates.and(&[low, !high]);
                self.gates.or(&[!known, inside])
            }
            Content::Choice(values) => {
                let Type::Choice(choices) = &declared.ty else { return self.gates.constant(true) };
                if choices.other {
                    return self.gates.constant(true);
                }
                let foreign =
                    values.iter().filter(|(name, _)| name.as_ref().is_none_or(|name| choices.position(name).is_none()));
                let foreign: Vec<Lit> = foreign.map(|(_, lit)| !*lit).collect();
                self.gates.and(&foreign)
            }
            Content::Set(members) => {
                let own = declared.ty.closed_values().unwrap_or_default();
                let foreign: Vec<Lit> =
                    members.iter().filter(|(name, _)| !own.contains(name)).map(|(_, lit)| !*lit).collect();
                self.gates.and(&foreign)
            }
            Content::YesNo(_) | Content::Text(_) | Content::Moment(_) => self.gates.constant(true),
        }
    }

    /// The values of a closed set or a yes-or-no field as the policy sees them, each with the literal that says so; one that is outside
    /// of the set is [`Value::Other`] without a text. Defaults are not in it.
    pub(crate) fn closed_cells(&mut self, side: usize, field: FieldId) -> Vec<(Lit, Value)> {
        let declared = &self.policy(side).fields[field];
        let position = self.axis_of(side, field);
        let known = self.axis(position).known;
        match &self.axis(position).content {
            Content::YesNo(yes) => {
                let yes = *yes;
                let no = self.gates.and(&[known, !yes]);
                vec![(no, Value::YesNo(false)), (yes, Value::YesNo(true))]
            }
            Content::Choice(values) => {
                let Type::Choice(choices) = &declared.ty else { return Vec::new() };
                let seen = |name: &Option<String>| {
                    let own = name.as_ref().and_then(|name| choices.position(name));
                    own.map_or_else(|| Value::Other(String::new()), Value::Choice)
                };
                // What cannot be read is missing where the field says so.
                let read = |name: &Option<String>| {
                    !declared.else_missing
                        || choices.other
                        || name.as_ref().is_some_and(|name| choices.position(name).is_some())
                };
                values.iter().filter(|(name, _)| read(name)).map(|(name, lit)| (*lit, seen(name))).collect()
            }
            Content::Number(_) | Content::Set(_) | Content::Text(_) | Content::Moment(_) => Vec::new(),
        }
    }
}
