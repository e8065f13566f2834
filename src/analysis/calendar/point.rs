//! Points that depend on the as-of day alone, and how far apart two of them can be, whatever day that is.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::zone::{DAY, Place, Zone, number};
use crate::types::{Shift, Unit};

/// More days than there are.
const FOREVER: i128 = 1 << 40;

/// A point on the line of days or on the line of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// Always the same.
    Fixed(Place),
    /// The as-of day, shifted.
    Day(Shift),
    /// The first instant of the shifted as-of day, or of the day behind it.
    Start {
        /// From the as-of day to the day.
        shift: Shift,
        /// Whether it is the day behind it.
        next: bool,
    },
}

/// What can be said of a number that depends on the as-of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// It is never less.
    pub(super) least: i128,
    /// It is never more.
    pub(super) most: i128,
}

impl Point {
    /// A written day, on the line of days.
    pub(super) fn day(day: Date) -> Point {
        Point::Fixed(Place::exact(number(day)))
    }

    /// The first instant of a written day, or of the day behind it.
    pub(super) fn start(zone: &Zone, day: Date, next: bool) -> Point {
        Point::Fixed(start(zone, day, next))
    }

    /// A written instant.
    pub(super) fn instant(instant: Timestamp) -> Point {
        Point::Fixed(Place::exact(instant.as_nanosecond()))
    }

    /// Whether it is the same on all days.
    pub(super) fn is_fixed(self) -> bool {
        match self {
            Point::Fixed(_) => true,
            Point::Day(_) | Point::Start { .. } => false,
        }
    }

    /// On so many days, of which this is the first, it is as far ahead as the day is. The first 28 days of a month are not
    /// clamped when they are shifted by months; the starts of days also keep their distance while no clock is changed.
    pub(super) fn alike(self, day: Date, zone: &Zone) -> i128 {
        let (shift, change) = match self {
            Point::Fixed(_) => return FOREVER,
            Point::Day(shift) => (shift, None),
            Point::Start { shift, .. } => {
                let start = self.on(day, zone).first;
                (shift, zone.change_from(start).map(|change| (change - start) / DAY))
            }
        };
        let month = if shift.unit == Unit::Month { 29 - i128::from(day.day()) } else { FOREVER };
        month.min(change.unwrap_or(FOREVER)).max(1)
    }

    /// Where it is on an as-of day.
    pub(super) fn on(self, day: Date, zone: &Zone) -> Place {
        match self {
            Point::Fixed(place) => place,
            Point::Day(shift) => Place::exact(number(shift.from_day(day))),
            Point::Start { shift, next } => start(zone, shift.from_day(day), next),
        }
    }
}

fn start(zone: &Zone, day: Date, next: bool) -> Place {
    match (next, day.tomorrow()) {
        (false, _) => zone.start(day),
        (true, Ok(tomorrow)) => zone.start(tomorrow),
        (true, Err(_)) => Place::exact(Timestamp::MAX.as_nanosecond() + 1),
    }
}

/// How far `to` is ahead of `from`, over all as-of days; none when one of them is fixed, and when they are on different lines.
pub(super) fn distance(from: Point, to: Point, zone: &Zone) -> Option<Range> {
    match (from, to) {
        (Point::Day(from), Point::Day(to)) => Some(days(from, to)),
        (Point::Start { shift: from, next: after }, Point::Start { shift: to, next: behind }) => {
            let Range { least, most } = days(from, to);
            let more = i128::from(behind) - i128::from(after);
            let unrest = zone.unrest();
            Some(if (least, most, more) == (0, 0, 0) {
                Range { least: -unrest.twice, most: 0 }
            } else {
                Range { least: (least + more) * DAY - unrest.swing, most: (most + more) * DAY + unrest.swing }
            })
        }
        (Point::Fixed(_) | Point::Day(_) | Point::Start { .. }, _) => None,
    }
}

/// How many days lie between two shifted days. When both are shifted by months they are as far apart as two days that
/// are months apart: that a day is clamped to its month's end moves it no further than the ends of the months are.
fn days(from: Shift, to: Shift) -> Range {
    match (from.unit == Unit::Month, to.unit == Unit::Month) {
        (true, true) => month_lengths(months(to) - months(from)),
        (true, false) => {
            let (back, ahead) = (month_lengths(months(from)), fixed_days(to));
            Range { least: ahead - back.most, most: ahead - back.least }
        }
        (false, true) => {
            let (back, ahead) = (fixed_days(from), month_lengths(months(to)));
            Range { least: ahead.least - back, most: ahead.most - back }
        }
        (false, false) => {
            let exact = fixed_days(to) - fixed_days(from);
            Range { least: exact, most: exact }
        }
    }
}

/// A day that is far from both ends of all days.
const MIDDLE: Date = date(2000, 1, 1);

/// How far a shift that does not count months moves every day.
fn fixed_days(shift: Shift) -> i128 {
    number(shift.from_day(MIDDLE)) - number(MIDDLE)
}

/// How many months a shift moves.
fn months(shift: Shift) -> i32 {
    let there = shift.from_day(MIDDLE);
    (i32::from(there.year()) - i32::from(MIDDLE.year())) * 12 + i32::from(there.month()) - 1
}

/// How many days so many months in a row may have.
fn month_lengths(months: i32) -> Range {
    /// The fewest and the most days of 0 to 11 months in a row.
    const PARTS: [(i128, i128); 12] = [
        (0, 0),
        (28, 31),
        (59, 62),
        (89, 92),
        (120, 123),
        (150, 153),
        (181, 184),
        (212, 215),
        (242, 245),
        (273, 276),
        (303, 306),
        (334, 337),
    ];
    let count = months.unsigned_abs();
    let years = i128::from(count / 12);
    let (least, most) = PARTS.into_iter().nth((count % 12) as usize).unwrap_or((0, 0));
    // Every fourth year is a leap year, but for one in a hundred at most.
    let leaps = ((years / 4 - (years + 99) / 100).max(0), (years + 3) / 4);
    let (least, most) = (years * 365 + leaps.0 + least, years * 365 + leaps.1 + most);
    if months < 0 { Range { least: -most, most: -least } } else { Range { least, most } }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::{days, month_lengths, number};
    use crate::types::{Shift, Unit};

    fn month(count: i32) -> Shift {
        Shift { count, unit: Unit::Month }
    }

    #[test]
    fn no_months_in_a_row_are_shorter_or_longer() {
        let firsts: Vec<i128> = (0..4800 * 3).map(|at| number(date(1600 + at / 12, (at % 12 + 1) as i8, 1))).collect();
        for count in (0..60).chain((60..=2400).step_by(13)) {
            let range = month_lengths(count);
            let later = firsts.iter().skip(count as usize);
            let found = later.zip(&firsts).take(4800).map(|(end, start)| end - start);
            let (least, most) = found.fold((i128::MAX, 0), |(least, most), days| (least.min(days), most.max(days)));
            assert!(range.least <= least && most <= range.most, "{count}: {least}..{most} is not in {range:?}");
            let slack = if count < 48 { 1 } else { 5 };
            assert!(least - range.least <= slack && range.most - most <= slack, "{count}: {least}..{most}, {range:?}");
        }
    }

    #[test]
    fn clamped_days_are_no_further_apart_than_months_are_long() {
        let shifts = [-25, -13, -12, -11, -6, -1, 0, 1, 2, 12, 13].map(month);
        let mut day = date(2095, 1, 1);
        while day < date(2105, 1, 1) {
            for from in shifts {
                for to in shifts
                    .iter()
                    .copied()
                    .chain([-400, -31, -30, 30, 365].map(|count| Shift { count, unit: Unit::Day }))
                {
                    let apart = number(to.from_day(day)) - number(from.from_day(day));
                    let range = days(from, to);
                    assert!(
                        (range.least..=range.most).contains(&apart),
                        "{day}: {from:?} to {to:?}: {apart}, {range:?}"
                    );
                }
            }
            day = day.saturating_add(1.day());
        }
    }
}
