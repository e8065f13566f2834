//! The as-of time: an instant, and the day that it is in the policy's time zone.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::types::{Shift, Value};

/// An as-of time in a time zone.
#[derive(Debug)]
pub(super) struct Now {
    pub(super) instant: Timestamp,
    day: Date,
    zone: TimeZone,
}

impl Now {
    /// The time zone is one that there is: policies are checked for that. Were it not, days would be those of UTC.
    pub(super) fn new(zone: &str, instant: Timestamp) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let day = zone.to_datetime(instant).date();
        Now { instant, day, zone }
    }

    pub(super) fn shifted(&self, shift: Shift) -> Value {
        Value::DateTime(shift.from_instant(self.instant))
    }

    pub(super) fn shifted_day(&self, shift: Shift) -> Value {
        Value::Date(shift.from_day(self.day))
    }

    /// The day of an instant; a day is its own day.
    pub(super) fn day_of(&self, value: &Value) -> Option<Value> {
        match value {
            Value::DateTime(instant) => Some(Value::Date(self.zone.to_datetime(*instant).date())),
            Value::Date(day) => Some(Value::Date(*day)),
            Value::Text(_)
            | Value::Number(_)
            | Value::YesNo(_)
            | Value::Choice(_)
            | Value::Other(_)
            | Value::Set(_) => None,
        }
    }
}

/// The last instant of a day in a time zone: the as-of time that a DATE stands for. None when there is no such zone.
#[must_use]
pub fn end_of_day(zone: &str, day: Date) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).ok()?;
    let last = civil::DateTime::from_parts(day, Time::MAX);
    // Only the first and the last days of all time do not fit.
    let edge = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Some(zone.to_timestamp(last).unwrap_or(edge))
}
