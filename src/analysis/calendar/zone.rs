//! The days of a time zone as stretches of instants.

use std::sync::OnceLock;

use jiff::civil::{Date, Time, date};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Span, Timestamp};

use crate::types::time_zone;

/// Nanoseconds in a second.
pub(super) const SECOND: i128 = 1_000_000_000;

/// Nanoseconds in a day on which no clock is changed.
pub(super) const DAY: i128 = 86_400 * SECOND;

/// A time zone.
#[derive(Debug)]
pub(super) struct Zone {
    /// Its name, as the semantics ask for it.
    pub(super) name: String,
    /// Its rules.
    pub(super) time: TimeZone,
    unrest: OnceLock<Unrest>,
}

/// From this year on, clocks are changed by rules that are the same every year.
const REGULAR: i16 = 2110;

/// How irregular the days of a zone are, in nanoseconds. All zero when no clocks are ever changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unrest {
    /// By how much, at most, a stretch of days is longer or shorter than its days of 24 hours.
    pub(super) swing: i128,
    /// How long, at most, it is from the first instant of a day that comes twice until it has come for good.
    pub(super) twice: i128,
}

/// Where something stands on its line: a number of days, or of nanoseconds, since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// From here on it may be reached.
    pub(super) first: i128,
    /// From here on it is reached for good. Later only for the beginning of a day that came twice.
    pub(super) settled: i128,
}

impl Place {
    /// A place that is reached for good at once.
    pub(super) fn exact(place: i128) -> Place {
        Place { first: place, settled: place }
    }
}

/// The days from 1970-01-01 to this one.
pub(super) fn number(day: Date) -> i128 {
    i128::from(day.duration_since(date(1970, 1, 1)).as_secs() / 86_400)
}

/// The day so many days after 1970-01-01; none when there is no such day.
pub(super) fn day(number: i128) -> Option<Date> {
    let days = Span::new().try_days(i64::try_from(number).ok()?).ok()?;
    date(1970, 1, 1).checked_add(days).ok()
}

impl Zone {
    /// The zone of a name; UTC when there is none.
    pub(super) fn new(name: &str) -> Zone {
        let time = time_zone(name).unwrap_or(TimeZone::UTC);
        Zone { name: name.to_owned(), time, unrest: OnceLock::new() }
    }

    /// The first instant of a day, in nanoseconds since 1970; where a zone skipped the day, of the one that came instead.
    pub(super) fn start(&self, day: Date) -> Place {
        let midnight = number(day) * DAY;
        let at = |offset: Offset| midnight - nanoseconds(offset);
        match self.time.to_ambiguous_timestamp(day.to_datetime(Time::midnight())).offset() {
            AmbiguousOffset::Unambiguous { offset } => Place::exact(at(offset)),
            AmbiguousOffset::Gap { before, after } => {
                Place::exact(self.change(at(after), after).unwrap_or_else(|| at(before)))
            }
            AmbiguousOffset::Fold { before, after } => {
                // Clocks that are set back to midnight itself repeat a part of the day, and leave it no more.
                let (first, second) = (at(before), at(after));
                let only_repeats = self.change(first, after) == Some(second);
                Place { first, settled: if only_repeats { first } else { second } }
            }
        }
    }

    /// When clocks are changed to this offset: the next time behind an instant.
    fn change(&self, instant: i128, to: Offset) -> Option<i128> {
        let changes = self.time.following(Timestamp::from_nanosecond(instant).ok()?).take(3);
        changes.into_iter().find(|change| change.offset() == to).map(|change| change.timestamp().as_nanosecond())
    }

    /// When clocks are changed: the first time that is not before an instant.
    pub(super) fn change_from(&self, instant: i128) -> Option<i128> {
        let change = self.time.following(Timestamp::from_nanosecond(instant - 1).ok()?).next()?;
        Some(change.timestamp().as_nanosecond())
    }

    /// Noon of the day of an instant.
    pub(super) fn noon(&self, instant: i128) -> Option<i128> {
        let day = self.time.to_datetime(Timestamp::from_nanosecond(instant).ok()?).date();
        let noon = self.time.to_timestamp(day.to_datetime(Time::constant(12, 0, 0, 0))).ok()?;
        Some(noon.as_nanosecond())
    }

    /// The last time not after an instant, and the first time not before it, at which clocks show a multiple of a stretch.
    pub(super) fn round(&self, instant: i128, stretch: i128) -> [i128; 2] {
        let offset = Timestamp::from_nanosecond(instant).map_or(0, |at| nanoseconds(self.time.to_offset(at)));
        let past = (instant + offset).rem_euclid(stretch);
        [instant - past, instant + (stretch - past) % stretch]
    }

    /// How irregular its days are.
    pub(super) fn unrest(&self) -> Unrest {
        *self.unrest.get_or_init(|| {
            let early = nanoseconds(self.time.to_offset(Timestamp::MIN));
            let (mut least, mut most, mut twice) = (early, early, 0);
            for change in self.time.following(Timestamp::MIN) {
                let local = self.time.to_datetime(change.timestamp());
                if local.year() >= REGULAR {
                    break;
                }
                let offset = nanoseconds(change.offset());
                (least, most) = (least.min(offset), most.max(offset));
                // When clocks are set back across midnight, the day that had begun is the next one.
                let start = self.start(local.date().saturating_add(Span::new().days(1)));
                twice = twice.max(start.settled - start.first);
            }
            Unrest { swing: most - least, twice }
        })
    }
}

fn nanoseconds(offset: Offset) -> i128 {
    i128::from(offset.seconds()) * SECOND
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use jiff::civil::Date;
    use jiff::{Timestamp, ToSpan};

    use super::{SECOND, Unrest, Zone};

    /// Zones that changed clocks at midnight and across it, that skipped a day, or had one twice.
    const ZONES: &[&str] = &[
        "Africa/Cairo",
        "America/Havana",
        "America/Juneau",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Toronto",
        "Asia/Beirut",
        "Asia/Manila",
        "Europe/Berlin",
        "Pacific/Apia",
        "Pacific/Kwajalein",
    ];

    #[test]
    fn a_day_starts_at_its_first_instant_and_for_good() {
        let end = "2040-01-01T00:00:00Z".parse().unwrap();
        for zone in ZONES.iter().map(|name| Zone::new(name)) {
            let changes: Vec<Timestamp> = zone
                .time
                .following(Timestamp::MIN)
                .map(|change| change.timestamp())
                .take_while(|at| *at < end)
                .collect();
            for change in changes {
                let day = zone.time.to_datetime(change).date();
                for day in [-1, 0, 1, 2].map(|more: i32| day.saturating_add(more.days())) {
                    starts(&zone, day, change);
                }
            }
        }
    }

    fn starts(zone: &Zone, day: Date, change: Timestamp) {
        let start = zone.start(day);
        let reached = |at: i128| zone.time.to_datetime(Timestamp::from_nanosecond(at).unwrap()).date() >= day;
        let name = &zone.name;
        assert!(reached(start.first) && !reached(start.first - 1), "{name}: {day} does not start then");
        assert!(reached(start.settled) && !reached(start.settled - 1), "{name}: {day} does not stay from then on");
        let hours = (0..60).map(|hour| hour * 3600 * SECOND);
        let change = change.as_nanosecond();
        let near = hours.flat_map(|hour| [start.first - 1 - hour, start.settled + hour]).chain([change - 1, change]);
        for at in near {
            assert!(at >= start.first || !reached(at), "{name}: {day} has started before");
            assert!(at < start.settled || reached(at), "{name}: {day} has ended again");
        }
    }

    #[test]
    fn unrest_is_how_far_clocks_were_moved_and_days_repeated() {
        let minutes = |name| {
            let Unrest { swing, twice } = Zone::new(name).unrest();
            (swing / SECOND / 60, twice / SECOND / 60)
        };
        assert_eq!((minutes("UTC"), minutes("Nowhere/Land")), ((0, 0), (0, 0)));
        // From local time, which was 53 minutes ahead of UTC, to the double summer time of 1945.
        assert_eq!(minutes("Europe/Berlin"), (126, 0));
        // A minute past midnight was a minute past eleven again (in 1988, when clocks moved by two hours, past ten).
        assert_eq!(minutes("America/St_Johns").1, 120);
    }
}
