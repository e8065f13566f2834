//! The as-of time: an instant, and the day that it is in the policy's time zone.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::types::{Shift, Value, time_zone};

/// An as-of time in a time zone.
#[derive(Debug)]
pub(crate) struct Now {
    pub(crate) instant: Timestamp,
    day: Date,
    zone: TimeZone,
}

impl Now {
    /// The time zone is one that there is: policies are checked for that. Were it not, days would be those of UTC.
    pub(crate) fn new(zone: &str, instant: Timestamp) -> Self {
        let zone = time_zone(zone).unwrap_or(TimeZone::UTC);
        let day = zone.to_datetime(instant).date();
        Now { instant, day, zone }
    }

    pub(crate) fn shifted(&self, shift: Shift) -> Value {
        Value::DateTime(shift.from_instant(self.instant))
    }

    pub(crate) fn shifted_day(&self, shift: Shift) -> Value {
        Value::Date(shift.from_day(self.day))
    }

    /// The day of an instant; a day is its own day.
    pub(crate) fn day_of(&self, value: &Value) -> Option<Value> {
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
    let zone = time_zone(zone)?;
    let last = civil::DateTime::from_parts(day, Time::MAX);
    // Only the first and the last days of all time do not fit.
    let edge = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Some(zone.to_timestamp(last).unwrap_or(edge))
}

#[cfg(test)]
mod tests {
    use super::{Now, end_of_day};
    use crate::types::{Shift, Unit, Value};

    #[test]
    fn a_day_ends_in_its_zone() {
        let day = "2026-10-15".parse().unwrap_or_default();
        let ends = |zone| end_of_day(zone, day).map(|t| t.to_string());
        assert_eq!(ends("UTC").as_deref(), Some("2026-10-15T23:59:59.999999999Z"));
        assert_eq!(ends("Europe/Berlin").as_deref(), Some("2026-10-15T21:59:59.999999999Z"));
        assert_eq!(ends("Europe/Atlantis"), None);
    }

    #[test]
    fn the_first_and_the_last_day_have_an_end() {
        assert!(end_of_day("Asia/Tokyo", jiff::civil::Date::MIN).is_some());
        assert!(end_of_day("America/New_York", jiff::civil::Date::MAX).is_some());
    }

    #[test]
    fn days_are_those_of_the_zone_and_months_clamp() {
        let late = "2026-03-30T22:30:00Z".parse().unwrap_or_default();
        let now = Now::new("Europe/Berlin", late);
        let day = |text: &str| Value::Date(text.parse().unwrap_or_default());
        assert_eq!(now.shifted_day(Shift { count: 0, unit: Unit::Day }), day("2026-03-31"));
        assert_eq!(now.shifted_day(Shift { count: -1, unit: Unit::Month }), day("2026-02-28"));
        assert_eq!(now.day_of(&Value::DateTime(late)), Some(day("2026-03-31")));
    }
}
