//! A time as people give it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;

/// A time as it may be given: in a switch, in a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A day: its end, in the policy's zone.
    Day(Date),
    /// What a clock shows in the policy's zone.
    Local(DateTime),
    /// An instant.
    Instant(Timestamp),
}

/// Why a text gives no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotGiven {
    /// It is not written like one.
    Form,
    /// A day that does not exist, and the first one of its month, if there is that month.
    Day(String, Option<Date>),
    /// A second that clocks do not show.
    Second,
    /// A time zone in brackets.
    Zone,
}

impl fmt::Display for NotGiven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotGiven::Form => f.write_str("type a date (2026-10-01) or a time (2026-10-01T09:30)"),
            NotGiven::Day(day, Some(month)) => {
                write!(f, "there is no {day}: {} has {} days", month.strftime("%B %Y"), month.days_in_month())
            }
            NotGiven::Day(day, None) => write!(f, "there is no {day}: the months go from 01 to 12"),
            NotGiven::Second => f.write_str("the seconds of a time go from 00 to 59"),
            NotGiven::Zone => f.write_str(
                "leave the brackets out: a time is one in the policy's time zone, or says itself how far it is from UTC (2026-10-01T09:30-04:00)",
            ),
        }
    }
}

impl std::error::Error for NotGiven {}

impl FromStr for Given {
    type Err = NotGiven;

    // jiff would also take `20261001` (for the day's beginning, where `2026-10-01` is its end), leave a zone in brackets out, and make
    // :59 of :60. Nothing that was not said is to be read out of a time: it has one form.
    fn from_str(text: &str) -> Result<Given, NotGiven> {
        let (written, time) = text.split_at_checked("2026-10-01".len()).ok_or(NotGiven::Form)?;
        if !is_like(written, "0000-00-00") {
            return Err(NotGiven::Form);
        }
        let day: Date = written.parse().map_err(|_| NotGiven::Day(written.to_owned(), month(written)))?;
        if text.contains('[') {
            return Err(NotGiven::Zone);
        }
        if time.is_empty() {
            return Ok(Given::Day(day));
        }
        let clock = time.strip_prefix(['T', 't', ' ']).ok_or(NotGiven::Form)?;
        let (minute, behind) = clock.split_at_checked("09:30".len()).ok_or(NotGiven::Form)?;
        if !is_like(minute, "00:00") {
            return Err(NotGiven::Form);
        }
        if behind.strip_prefix(':').is_some_and(|second| second.starts_with(['6', '7', '8', '9'])) {
            return Err(NotGiven::Second);
        }
        let pieces = Pieces::parse(text).map_err(|_| NotGiven::Form)?;
        let local = day.to_datetime(pieces.time().ok_or(NotGiven::Form)?);
        match pieces.to_numeric_offset() {
            Some(offset) => offset.to_timestamp(local).map(Given::Instant).map_err(|_| NotGiven::Form),
            None => Ok(Given::Local(local)),
        }
    }
}

/// Whether a text has digits where the form has them, and the same marks between them.
fn is_like(text: &str, form: &str) -> bool {
    let same = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(same)
}

/// The first day of the month of a day that does not exist, when there is that month.
pub(crate) fn month(day: &str) -> Option<Date> {
    format!("{}01", day.get(..8)?).parse().ok()
}
