//! Cells that are days or times: ISO 8601, as a pattern says, or counted since 1970.
//!
//! A day and its midnight are the same cell: a field of days accepts a time of day only when it is midnight as written
//! (CRMs export days so), and a field of times reads a day alone as its first instant in the policy's time zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};

use crate::types::Number;

/// What a cell says of a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day alone.
    Day(Date),
    /// A day and a time, wherever the policy is.
    Local(DateTime),
    /// An instant (none when it is out of all bounds), and how its day and time are written in the cell.
    Instant(Option<Timestamp>, DateTime),
}

impl Moment {
    /// `2026-10-01`, `2026-10-01T09:30`, `2026-10-01 09:30:00.250`, with `Z` or an offset such as `+02:00` or `+0000`.
    pub(super) fn iso(text: &str) -> Option<Moment> {
        let shape: Vec<bool> = text.bytes().take(10).map(|byte| byte.is_ascii_digit()).collect();
        if shape != [true, true, true, true, false, true, true, false, true, true] {
            return None;
        }
        let pieces = Pieces::parse(text).ok()?;
        let Some(time) = pieces.time() else {
            return (text.len() == 10).then(|| Moment::Day(pieces.date()));
        };
        let written = pieces.date().to_datetime(time);
        match (pieces.to_numeric_offset(), pieces.time_zone_annotation()) {
            (Some(offset), _) => Some(Moment::at_offset(written, offset)),
            (None, None) => Some(Moment::Local(written)),
            (None, Some(_)) => None,
        }
    }

    /// As a pattern of strftime says.
    pub(super) fn strftime(pattern: &str, text: &str) -> Option<Moment> {
        let parsed = BrokenDownTime::parse(pattern, text).ok()?;
        if let Some(instant) = parsed.timestamp() {
            return Some(Moment::utc(instant));
        }
        let date = parsed.to_date().ok()?;
        let Some(_) = parsed.hour() else { return Some(Moment::Day(date)) };
        let written = date.to_datetime(parsed.to_time().ok()?);
        Some(match parsed.offset() {
            Some(offset) => Moment::at_offset(written, offset),
            None => Moment::Local(written),
        })
    }

    /// So many seconds after 1970-01-01T00:00:00Z.
    pub(super) fn epoch(seconds: &Number) -> Option<Moment> {
        let whole = seconds.floor();
        let fraction = seconds - &whole;
        let nanoseconds = (&fraction * &Number::from(1_000_000_000)).floor().to_i64()?;
        let instant = Timestamp::new(whole.to_i64()?, i32::try_from(nanoseconds).ok()?).ok()?;
        Some(Moment::utc(instant))
    }

    fn utc(instant: Timestamp) -> Moment {
        Moment::Instant(Some(instant), Offset::UTC.to_datetime(instant))
    }

    fn at_offset(written: DateTime, offset: Offset) -> Moment {
        Moment::Instant(offset.to_timestamp(written).ok(), written)
    }

    /// The day as it is written.
    pub(super) fn written_day(self) -> Date {
        match self {
            Moment::Day(day) => day,
            Moment::Local(written) | Moment::Instant(_, written) => written.date(),
        }
    }

    /// The day; none when there is a time of day that is not midnight.
    pub(super) fn day(self) -> Option<Date> {
        match self {
            Moment::Day(day) => Some(day),
            Moment::Local(written) | Moment::Instant(_, written) => {
                (written.time() == Time::midnight()).then(|| written.date())
            }
        }
    }

    /// The instant; a time without a zone is one in `zone`. None when it is out of all bounds.
    pub(super) fn instant(self, zone: &TimeZone) -> Option<Timestamp> {
        let local = match self {
            Moment::Instant(instant, _) => return instant,
            Moment::Local(written) => written,
            Moment::Day(day) => day.to_datetime(Time::midnight()),
        };
        zone.to_ambiguous_timestamp(local).compatible().ok()
    }
}
