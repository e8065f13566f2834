//! How a change is said: which values of a field do, when all other fields are as in the alternative. The evaluator is asked about
//! each stretch of them.

use std::collections::BTreeSet;

use super::search::Search;
use super::{Advice, Alternative, Bound, Change};
use crate::analysis::Line;
use crate::ir::{DecisionId, FieldId, Lead};
use crate::types::{Type, Value};

impl Search<'_, '_> {
    /// An alternative with these values, in values that read well.
    pub(super) fn described(&mut self, wanted: DecisionId, set: &[FieldId], mut lead: Lead) -> Option<Alternative> {
        for field in set {
            self.round(wanted, *field, &mut lead);
        }
        let rule = self.decided(wanted, &lead)?;
        let policy = self.evaluator.policy();
        let mut changes = Vec::new();
        for field in set.iter().copied() {
            let advice = self.advice(wanted, set, field, &lead)?;
            let to = lead.get(field)?.clone();
            let personal = self.ties.iter().any(|tie| {
                tie.contains(&field) && tie.iter().any(|twin| *twin != field && policy.fields[*twin].personal)
            });
            changes.push(Change { field, from: self.lead.get(field).cloned(), to, advice, personal });
        }
        Some(Alternative { changes, lead, rule })
    }

    /// Puts a value with few digits in the place of one with many, when it does as well.
    fn round(&self, wanted: DecisionId, field: FieldId, lead: &mut Lead) {
        let (Some(line), Some(value)) = (self.model.line_of(field), lead.get(field).cloned()) else { return };
        let Some(place) = self.model.place(field, &value) else { return };
        let up = place >= self.origin(field, &line);
        for unit in self.units(field) {
            let past = place.rem_euclid(unit);
            if past == 0 {
                return;
            }
            let rounded = if up { place.saturating_add(unit - past) } else { place - past };
            // One more, where another field that has been rounded is in the way.
            for rounded in [rounded, if up { rounded.saturating_add(unit) } else { rounded - unit }] {
                let mut other = lead.clone();
                other.set(field, self.model.value_at(field, rounded));
                if (line.first..=line.last).contains(&rounded) && self.decided(wanted, &other).is_some() {
                    *lead = other;
                    return;
                }
            }
        }
    }

    /// Steps that read well, on a field's line: hundredths of money, four decimals of others, seconds, and finer.
    fn units(&self, field: FieldId) -> Vec<i128> {
        let places: Vec<u32> = match self.evaluator.policy().fields[field].ty {
            Type::Number | Type::Percent => vec![14, 10, 6],
            Type::Money(_) => vec![16, 14, 10, 6],
            Type::DateTime => vec![9],
            Type::WholeNumber | Type::Date | Type::Text | Type::YesNo | Type::Choice(_) | Type::Set(_) => Vec::new(),
        };
        let places = places.into_iter().map(|n| if self.is_percent(field) { n + 2 } else { n });
        places.filter_map(|n| 10i128.checked_pow(n)).collect()
    }

    fn is_percent(&self, field: FieldId) -> bool {
        self.evaluator.policy().fields[field].ty == Type::Percent
    }

    fn advice(&mut self, wanted: DecisionId, set: &[FieldId], field: FieldId, lead: &Lead) -> Option<Advice> {
        let to = lead.get(field)?;
        let policy = self.evaluator.policy();
        let is_closed = |field: &FieldId| matches!(&policy.fields[*field].ty, Type::Choice(choices) if !choices.ranked);
        // Of two closed sets only one is widened: not every pair of their values needs to do.
        let later = set.iter().skip_while(|other| **other != field).skip(1);
        let fixed = is_closed(&field) && later.clone().any(is_closed);
        // What later fields are compared with is settled first.
        let tied = self.ties.iter().any(|tie| tie.contains(&field) && later.clone().any(|other| tie.contains(other)));
        if fixed || tied || !self.is_exact(set) {
            return Some(Advice::OneOf(vec![to.clone()]));
        }
        self.model.mark_ties(field, lead);
        if let (Some(line), Some(place)) = (self.model.line_of(field), self.model.place(field, to)) {
            return Some(self.range(wanted, field, lead, &line, place));
        }
        Some(match &policy.fields[field].ty {
            Type::Set(_) => self.members_changed(field, to),
            Type::Text => self.tests(wanted, field, lead),
            Type::YesNo
            | Type::Choice(_)
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::Date
            | Type::DateTime => self.values(wanted, set, field, lead),
        })
    }

    /// Which members a set has gained and lost.
    fn members_changed(&self, field: FieldId, to: &Value) -> Advice {
        let members = |value: Option<&Value>| match value {
            Some(Value::Set(members)) => members.clone(),
            Some(_) | None => BTreeSet::new(),
        };
        let (before, after) = (members(self.lead.get(field)), members(Some(to)));
        let without = |a: &BTreeSet<usize>, b: &BTreeSet<usize>| a.difference(b).copied().collect();
        Advice::Members { added: without(&after, &before), removed: without(&before, &after) }
    }

    /// The stretches around a place that do as well.
    fn range(&self, wanted: DecisionId, field: FieldId, lead: &Lead, line: &Line, place: i128) -> Advice {
        let blanks = &self.evaluator.policy().fields[field].cell.blank_numbers;
        let does = |cell: &(i128, i128)| {
            let mut lead = lead.clone();
            let value = self.model.value_at(field, cell.0);
            // A number that means missing interrupts nothing.
            let blank = matches!(&value, Some(Value::Number(number)) if blanks.contains(number));
            lead.set(field, value);
            blank || self.decided(wanted, &lead).is_some()
        };
        let cells = line.cells();
        let before = cells.iter().take_while(|(low, _)| *low <= place).collect::<Vec<_>>();
        let behind = cells.iter().skip(before.len());
        let last = behind.take_while(|cell| does(cell)).last().or(before.last().copied());
        let first = before.iter().rev().skip(1).take_while(|cell| does(cell)).last().or(before.last());
        if let (Some((low, _)), Some((_, high))) = (first, last)
            && low == high
        {
            return Advice::OneOf(self.model.value_at(field, *low).into_iter().collect());
        }
        let low = first.map(|(low, _)| *low).filter(|low| *low > line.first);
        let high = last.map(|(_, high)| *high).filter(|high| *high < line.last);
        let low = low.and_then(|low| self.bound(field, low, -1));
        let high = high.and_then(|high| self.bound(field, high, 1));
        if low.is_none() && high.is_none() { Advice::Known } else { Advice::Range(low, high) }
    }

    /// The end of a range: the place itself, or the one that is just outside when that is the one that a policy would write.
    fn bound(&self, field: FieldId, place: i128, outside: i128) -> Option<Bound> {
        let unit = self.units(field).first().copied().unwrap_or(1);
        let is_outside = place.rem_euclid(unit) != 0 && (place + outside).rem_euclid(unit) == 0;
        let value = self.model.value_at(field, if is_outside { place + outside } else { place })?;
        Some(Bound { value, outside: is_outside })
    }

    /// The values of a closed set that do; of ranks those around the one that is proposed.
    fn values(&self, wanted: DecisionId, set: &[FieldId], field: FieldId, lead: &Lead) -> Advice {
        let does = |value: &Value| {
            let mut other = lead.clone();
            other.set(field, Some(value.clone()));
            // A value with which other fields need to change less is a way of its own.
            let is_here = lead.get(field) == Some(value);
            self.decided(wanted, &other).is_some() && (is_here || !self.is_too_far(wanted, set, field, &other))
        };
        let options = self.options(field);
        let mut found: Vec<Value> = options.iter().filter(|value| does(value)).cloned().collect();
        if found.len() == options.len() && self.lead.get(field).is_none() {
            return Advice::Known;
        }
        found.sort();
        let ty = &self.evaluator.policy().fields[field].ty;
        let (Type::Choice(choices), Some(Value::Choice(position))) = (ty, lead.get(field)) else {
            return Advice::OneOf(found);
        };
        if !choices.ranked {
            return Advice::OneOf(found);
        }
        let is_in = |rank: &usize| found.contains(&Value::Choice(*rank));
        let low = (0..=*position).rev().take_while(is_in).last().unwrap_or(*position);
        let high = (*position..choices.values.len()).take_while(is_in).last().unwrap_or(*position);
        let bound = |rank: usize| Some(Bound { value: Value::Choice(rank), outside: false });
        match (low == 0, high + 1 == choices.values.len()) {
            _ if low == high => Advice::OneOf(vec![Value::Choice(low)]),
            (true, false) => Advice::Range(None, bound(high)),
            (_, true) => Advice::Range(bound(low), None),
            (false, false) => Advice::Range(bound(low), bound(high)),
        }
    }

    /// Whether some other field that changes could be nearer to what it was.
    fn is_too_far(&self, wanted: DecisionId, set: &[FieldId], field: FieldId, lead: &Lead) -> bool {
        set.iter().filter(|other| **other != field).any(|other| {
            let values: Vec<Value> = match self.model.line_of(*other) {
                Some(line) => {
                    let near = self.near(*other, &line);
                    near.iter().filter_map(|near| self.model.value_at(*other, near.nearest)).collect()
                }
                None => self.options(*other),
            };
            let here = lead.get(*other);
            values.iter().take_while(|value| here != Some(*value) && !self.is_behind(*other, here, value)).any(
                |value| {
                    let mut nearer = lead.clone();
                    nearer.set(*other, Some(value.clone()));
                    self.decided(wanted, &nearer).is_some()
                },
            )
        })
    }

    /// Whether a value is farther from the lead's than the one here.
    fn is_behind(&self, field: FieldId, here: Option<&Value>, value: &Value) -> bool {
        let (Some(line), Some(here)) = (self.model.line_of(field), here) else { return false };
        let origin = self.origin(field, &line);
        let distance = |value: &Value| self.model.place(field, value).map(|place| place.abs_diff(origin));
        distance(value) >= distance(here)
    }
}
