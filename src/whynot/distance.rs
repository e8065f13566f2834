//! How far the values of a field are from the one that a lead has, and in which order they are tried.
//!
//! Numbers and times: by their difference; ranks: by steps; any other value of a closed set is as far as the next. Of two that are equally
//! far the higher one comes first. What is missing counts as the field's default, else as zero, as now, or as the lowest rank.

use super::search::Search;
use crate::analysis::{Line, another_value};
use crate::ir::{Field, FieldId};
use crate::types::{Shift, Type, Unit, Value};

/// A stretch of a line, and the place in it that is nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) low: i128,
    pub(super) high: i128,
    pub(super) nearest: i128,
}

impl Search<'_, '_> {
    /// Where the way to other values of a field begins, on its line.
    pub(super) fn origin(&self, field: FieldId, line: &Line) -> i128 {
        let declared = &self.evaluator.policy().fields[field];
        let value = self.lead.get(field).or(declared.default.as_ref());
        let place = value.and_then(|value| self.model.place(field, value));
        place.unwrap_or_else(|| self.zero(field).clamp(line.first, line.last))
    }

    /// Zero, or now.
    fn zero(&self, field: FieldId) -> i128 {
        let shift = |unit| Shift { count: 0, unit };
        let lead = self.lead;
        let session = self.evaluator.on(lead);
        let now = match self.evaluator.policy().fields[field].ty {
            Type::Date => session.value(&crate::ir::Expr::AsOfDay(shift(Unit::Day))),
            Type::DateTime => session.value(&crate::ir::Expr::AsOf(shift(Unit::Hour))),
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Choice(_)
            | Type::Set(_) => None,
        };
        now.and_then(|now| self.model.place(field, &now)).unwrap_or(0)
    }

    /// The stretches of a field's line that a change can lead to, the nearest first.
    pub(super) fn near(&self, field: FieldId, line: &Line) -> Vec<Near> {
        let origin = self.origin(field, line);
        let is_here = |low: i128, high: i128| low <= origin && origin <= high && self.lead.get(field).is_some();
        let cells = line.cells().into_iter().filter(|(low, high)| !is_here(*low, *high));
        let mut near: Vec<Near> =
            cells.map(|(low, high)| Near { low, high, nearest: origin.clamp(low, high) }).collect();
        near.sort_by_key(|near| (near.nearest.abs_diff(origin), near.nearest < origin));
        near
    }

    /// The values of a closed set that a change can lead to, in the order in which they are tried.
    pub(super) fn options(&self, field: FieldId) -> Vec<Value> {
        let declared = &self.evaluator.policy().fields[field];
        let here = self.lead.get(field);
        match &declared.ty {
            Type::YesNo => [true, false].map(Value::YesNo).into_iter().filter(|value| here != Some(value)).collect(),
            Type::Choice(choices) => {
                let origin = match here.or(declared.default.as_ref()) {
                    Some(Value::Choice(position)) if choices.ranked => *position,
                    Some(_) | None => 0,
                };
                let mut listed: Vec<usize> = (0..choices.values.len()).collect();
                if choices.ranked {
                    listed.sort_by_key(|position| (position.abs_diff(origin), *position < origin));
                }
                let listed = listed.into_iter().map(Value::Choice).filter(|value| here != Some(value));
                listed.chain(self.other(field, declared)).collect()
            }
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::Date
            | Type::DateTime
            | Type::Set(_) => Vec::new(),
        }
    }

    /// A value outside of a closed set, when the field may hold one and the lead does not.
    fn other(&self, field: FieldId, declared: &Field) -> Option<Value> {
        let Type::Choice(choices) = &declared.ty else { return None };
        let has_other = matches!(self.lead.get(field), Some(Value::Other(_)));
        (choices.other && !has_other).then(|| Value::Other(another_value(declared, &choices.values)))
    }
}
