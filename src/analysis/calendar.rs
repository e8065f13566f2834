//! Dates and instants beside the as-of time, which is itself a variable: which facts about them can hold together.
//!
//! On one day everything is a difference: every bound is a known day or instant, or another field, or the as-of time so
//! many hours on. Such [`facts`] form a [`network`], and what it comes to is a list of conditions on the as-of day alone,
//! which [`search`] answers. Month lengths and clock changes make them irregular, but only in ways that [`point`] bounds
//! and the calendar repeats. A day that meets them has a [`witness`], which the semantics confirm before it is given out.

mod facts;
mod network;
mod point;
mod search;
#[cfg(test)]
mod tests;
mod witness;
mod zone;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::eval::Now;
use crate::types::{Shift, Value, time_zone};
use facts::{Facts, Found};
use zone::Zone;

/// The first and the last as-of day of a proof about a policy that is in force for good: one whole cycle of the calendar,
/// after which days, months and leap years repeat.
pub(crate) const CYCLE: (Date, Date) = (date(1900, 1, 1), date(2299, 12, 31));

/// As-of days beyond these are left out, so that no shift of 100 years leaves the range of dates.
const REACH: (Date, Date) = (date(-9880, 1, 1), date(9880, 12, 31));

/// The as-of times that a proof ranges over, in the policy's zone: all instants of some days, or one instant.
#[derive(Debug)]
pub(crate) struct Clock {
    zone: Zone,
    /// The first day.
    from: Date,
    /// The last day; before the first one when there is no day about which anything is known.
    to: Date,
    /// The only instant, when there is but one.
    at: Option<Timestamp>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A day.
    Date,
    /// An instant.
    DateTime,
}

/// What a field is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A day. For a field of instants it is the day of the instant that is compared.
    Day(Date),
    /// The day of the as-of time, shifted by a calendar unit; compared as [`Bound::Day`] is.
    AsOfDay(Shift),
    /// An instant.
    Instant(Timestamp),
    /// The as-of time, shifted by elapsed time.
    AsOf(Shift),
    /// Another field of the same kind, by position.
    Field(usize),
}

/// `field >= bound`, or `field > bound` when strict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The position of the field.
    pub(crate) field: usize,
    /// What it is compared with.
    pub(crate) bound: Bound,
    /// Whether being equal is not enough.
    pub(crate) strict: bool,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Of a field of days.
    Date(Date),
    /// Of a field of instants.
    DateTime(Timestamp),
}

impl Moment {
    /// The days, or the nanoseconds, since 1970.
    pub(crate) fn number(&self) -> i128 {
        match self {
            Moment::Date(day) => zone::number(*day),
            Moment::DateTime(instant) => instant.as_nanosecond(),
        }
    }

    /// The value of a kind that is so many days, or nanoseconds, after 1970 began.
    pub(crate) fn of(kind: Kind, number: i128) -> Option<Moment> {
        match kind {
            Kind::Date => zone::day(number).map(Moment::Date),
            Kind::DateTime => Timestamp::from_nanosecond(number).ok().map(Moment::DateTime),
        }
    }

    /// The first and the last of a kind.
    pub(crate) fn ends(kind: Kind) -> (Moment, Moment) {
        match kind {
            Kind::Date => (Moment::Date(Date::MIN), Moment::Date(Date::MAX)),
            Kind::DateTime => (Moment::DateTime(Timestamp::MIN), Moment::DateTime(Timestamp::MAX)),
        }
    }
}

/// Whether facts can hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Realized {
    /// They hold at this time for these values, one for each field.
    Values {
        /// The as-of time.
        as_of: Timestamp,
        /// The values.
        moments: Vec<Moment>,
    },
    /// They cannot: those at these positions, ascending, exclude each other at every as-of time. No positions at all: the
    /// clock has no as-of time, as its only day was skipped in the zone.
    Impossible(Vec<usize>),
    /// Neither is shown: there are too many facts, or they compare what cannot be compared; the as-of times are at the end of
    /// all time; or all hangs on a day that came twice (when clocks were set back across midnight, as in St. John's until
    /// 2011) or that was skipped.
    NotKnown,
}

impl Clock {
    /// All instants of these days, both ends in. A zone that does not exist counts as UTC, as it does when deciding.
    pub(crate) fn days(zone: &str, from: Date, to: Date) -> Clock {
        Clock { zone: Zone::new(zone), from: from.max(REACH.0), to: to.min(REACH.1), at: None }
    }

    /// One instant.
    pub(crate) fn at(zone: &str, as_of: Timestamp) -> Clock {
        let day = time_zone(zone).unwrap_or(TimeZone::UTC).to_datetime(as_of).date();
        Clock { at: Some(as_of), ..Clock::days(zone, day, day) }
    }

    /// Whether an as-of time is one of these.
    fn contains(&self, as_of: Timestamp) -> bool {
        let day = self.zone.time.to_datetime(as_of).date();
        self.from <= day && day <= self.to && self.at.is_none_or(|at| at == as_of)
    }

    /// The day of an instant in the policy's zone; a day is its own day.
    pub(crate) fn day_of(&self, value: &Value) -> Option<Value> {
        Now::new(&self.zone.name, Timestamp::UNIX_EPOCH).day_of(value)
    }

    /// An as-of time and a value for every field of `kinds`, with which each of the facts `wanted` is as it is wanted.
    pub(crate) fn realize(&self, kinds: &[Kind], wanted: &[(Fact, bool)]) -> Realized {
        let mut facts = Facts::new(self);
        for (field, kind) in kinds.iter().enumerate() {
            facts.field(*kind, field);
        }
        let kind = |field: usize| kinds.get(field).copied();
        let fits =
            |(position, (fact, holds)): (usize, &(Fact, bool))| facts.want(kind, fact, *holds, position).is_some();
        if !wanted.iter().enumerate().all(fits) {
            return Realized::NotKnown;
        }
        match facts.solve() {
            Found::Day(day, network) => match witness::find(&facts, &network, day, kinds, wanted) {
                Some((as_of, moments)) => Realized::Values { as_of, moments },
                None => Realized::NotKnown,
            },
            Found::Conflict(positions) => Realized::Impossible(positions),
            Found::NotKnown => Realized::NotKnown,
        }
    }

    /// From which [number](Moment::number) on a fact holds, at a clock of one instant; none when that hangs on another field.
    pub(crate) fn place(&self, kind: Kind, fact: &Fact) -> Option<i128> {
        let mut facts = Facts::new(self);
        let cut = facts.cut(kind, fact)?;
        facts.place(cut, search::preferred(self))
    }

    /// Whether one fact being true makes another one about the same field true at every as-of time. No is the answer when
    /// that is not sure, too.
    pub(crate) fn implies(&self, a: &Fact, b: &Fact) -> bool {
        // What follows for days follows for the days of instants.
        let timed = |fact: &Fact| matches!(fact.bound, Bound::Instant(_) | Bound::AsOf(_));
        let kind = if timed(a) || timed(b) { Kind::DateTime } else { Kind::Date };
        let mut facts = Facts::new(self);
        let mut want = |fact, holds| facts.want(|_| Some(kind), fact, holds, 0).is_some();
        a.field == b.field && want(a, true) && want(b, false) && facts.excluded()
    }
}
