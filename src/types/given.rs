//! A time as people give it.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

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

impl FromStr for Given {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Given, Self::Err> {
        // A day first: it would also be read as its midnight.
        let day = (text.len() == "2026-10-01".len()).then(|| text.parse().ok().map(Given::Day)).flatten();
        let instant = || text.parse().ok().map(Given::Instant);
        let local = || text.parse().ok().map(Given::Local);
        day.or_else(instant).or_else(local).ok_or("type a date (2026-10-01) or a time (2026-10-01T09:30)")
    }
}
