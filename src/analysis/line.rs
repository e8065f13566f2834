//! The values of a field that have an order, as places on a line of whole numbers: steps of a number's grid, days, or nanoseconds.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::axis::Content;
use super::calendar::{Bound, Fact, Moment};
use super::linear::Constraint;
use super::model::Model;
use super::search::Point;
use super::solver::Lit;
use crate::ir::{FieldId, Lead};
use crate::types::Value;

/// A field's line, with the places that conditions speak of.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The first place that the field accepts.
    pub(crate) first: i128,
    /// The last one.
    pub(crate) last: i128,
    /// Where a condition may turn, each with the literal of the value being there or behind.
    pub(crate) marks: BTreeMap<i128, Lit>,
}

impl Line {
    /// The stretches between the marks, in order; on each of them a value is as good as another.
    pub(crate) fn cells(&self) -> Vec<(i128, i128)> {
        let starts = self.marks.keys().copied().filter(|at| *at > self.first && *at <= self.last);
        let starts: Vec<i128> = std::iter::once(self.first).chain(starts).collect();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([self.last]);
        starts.iter().copied().zip(ends).collect()
    }
}

/// The fields of the first policy. A model of one policy at one instant is what these are for.
impl Model<'_> {
    /// The line of a field; none when its values have no order, or one of their own.
    pub(crate) fn line_of(&self, field: FieldId) -> Option<Line> {
        let axis = self.axis(self.axis_of(0, field));
        match &axis.content {
            Content::Number(ladder) => Some(Line { first: ladder.min, last: ladder.max, marks: ladder.rungs.clone() }),
            Content::Moment(moment) => {
                let kind = self.kind(*moment);
                let (first, last) = Moment::ends(kind);
                let own = self.moments.facts.iter().filter(|(fact, _)| fact.field == *moment);
                let marks = own.filter_map(|(fact, lit)| Some((self.moments.clock.place(kind, fact)?, *lit)));
                Some(Line { first: first.number(), last: last.number(), marks: marks.collect() })
            }
            Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Text(_) => None,
        }
    }

    /// The value of a field is at a place of its line or behind it.
    pub(crate) fn reaches_place(&mut self, field: FieldId, place: i128) -> Option<Lit> {
        let axis = self.axis_of(0, field);
        let line = self.line_of(field)?;
        if place <= line.first {
            return Some(self.axis(axis).known);
        }
        if place > line.last {
            return Some(self.gates.constant(false));
        }
        if let Some(lit) = line.marks.get(&place) {
            return Some(*lit);
        }
        let Content::Moment(moment) = self.axis(axis).content else { return Some(self.rung(axis, place)) };
        let bound = match Moment::of(self.kind(moment), place)? {
            Moment::Date(day) => Bound::Day(day),
            Moment::DateTime(instant) => Bound::Instant(instant),
        };
        Some(self.fact(Fact { field: moment, bound, strict: false }))
    }

    /// The place of a value on its field's line.
    pub(crate) fn place(&self, field: FieldId, value: &Value) -> Option<i128> {
        match (&self.axis(self.axis_of(0, field)).content, value) {
            (Content::Number(ladder), Value::Number(number)) => Some(ladder.first_from(number)),
            (Content::Moment(_), Value::Date(day)) => Some(Moment::Date(*day).number()),
            (Content::Moment(_), Value::DateTime(instant)) => Some(Moment::DateTime(*instant).number()),
            (
                Content::Number(_)
                | Content::Moment(_)
                | Content::Choice(_)
                | Content::Set(_)
                | Content::YesNo(_)
                | Content::Text(_),
                _,
            ) => None,
        }
    }

    /// The value at a place.
    pub(crate) fn value_at(&self, field: FieldId, place: i128) -> Option<Value> {
        match &self.axis(self.axis_of(0, field)).content {
            Content::Number(ladder) => Some(Value::Number(ladder.number(place))),
            Content::Moment(moment) => Moment::of(self.kind(*moment), place).map(|moment| match moment {
                Moment::Date(day) => Value::Date(day),
                Moment::DateTime(instant) => Value::DateTime(instant),
            }),
            Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Text(_) => None,
        }
    }

    /// Where a point has a field that is there.
    pub(crate) fn place_in(&self, point: &Point, field: FieldId) -> Option<i128> {
        let lead = self.lead(point);
        self.place(field, lead.leads.first()?.get(field)?)
    }

    /// Fields whose values one condition brings together, so that none of them can be judged alone: a group for each.
    pub(crate) fn ties(&self) -> Vec<Vec<FieldId>> {
        let field = |axis: usize| self.axis(axis).fields.first().copied().flatten();
        let sums = self.linear.iter().map(|(sum, _)| sum.terms.iter().filter_map(|(axis, _)| field(*axis)).collect());
        let of_moment = |moment: usize| {
            let at = |axis: &usize| matches!(self.axis(*axis).content, Content::Moment(m) if m == moment);
            (0..self.axes.len()).find(at).and_then(field)
        };
        let compared = self.moments.facts.iter().filter_map(|(fact, _)| match fact.bound {
            Bound::Field(other) => Some([fact.field, other].into_iter().filter_map(of_moment).collect()),
            Bound::Day(_) | Bound::AsOfDay(_) | Bound::Instant(_) | Bound::AsOf(_) => None,
        });
        sums.chain(compared).collect()
    }

    /// Marks the places of a field's line where a comparison with other fields turns, when these are as in a lead.
    pub(crate) fn mark_ties(&mut self, field: FieldId, lead: &Lead) {
        let mut places: Vec<i128> = Vec::new();
        let axis = self.axis_of(0, field);
        let sums = self.linear.iter().filter_map(|(sum, _)| self.turn(sum, axis, lead));
        places.extend(sums);
        if let Content::Moment(own) = self.axis(axis).content {
            for (fact, _) in &self.moments.facts {
                let Bound::Field(other) = fact.bound else { continue };
                // `own >= other` turns where `other` is; `other >= own` behind it.
                let (twin, more) = match (fact.field == own, other == own) {
                    (true, false) => (other, i128::from(fact.strict)),
                    (false, true) => (fact.field, i128::from(!fact.strict)),
                    (true, true) | (false, false) => continue,
                };
                let at = |position: &usize| matches!(self.axis(*position).content, Content::Moment(m) if m == twin);
                let twin = (0..self.axes.len()).find(at).and_then(|axis| self.axis(axis).fields.first().copied()?);
                let place = twin.and_then(|twin| self.place(twin, lead.get(twin)?));
                places.extend(place.map(|place| place + more));
            }
        }
        for place in places {
            self.reaches_place(field, place);
        }
    }

    /// Where `sum >= 0` turns along an axis, when the other fields are as in a lead.
    fn turn(&self, sum: &Constraint, axis: usize, lead: &Lead) -> Option<i128> {
        let (_, own) = sum.terms.iter().find(|(of, _)| *of == axis)?;
        let mut rest = sum.constant.clone();
        for (other, coefficient) in sum.terms.iter().filter(|(of, _)| *of != axis) {
            let field = self.axis(*other).fields.first().copied().flatten()?;
            rest += coefficient * BigInt::from(self.place(field, lead.get(field)?)?);
        }
        // `own * x + rest >= 0`: from here on, or (for a negative one) up to here.
        let (limit, step) = (-rest, BigInt::from(1));
        let place = if *own > BigInt::from(0) {
            num_integer::Integer::div_ceil(&limit, own)
        } else {
            num_integer::Integer::div_floor(&limit, own) + step
        };
        place.to_i128()
    }
}
