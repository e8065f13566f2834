//! The search for an as-of day that meets conditions, each on the distance of two points that depend on the day alone.
//!
//! A point moves with the day and never back, so a condition on one point and a fixed one leaves all days up to some day or
//! all days from some day on. The distance of two moving points hangs on the lengths of months and days: its bounds settle
//! most conditions, and the days are tried for the others, one of each run of days that are alike.

use jiff::civil::{Date, date};

use super::Clock;
use super::point::{self, Point};
use super::zone::{self, number};

/// The day that is taken when nothing speaks against it: a recent one, in the middle of its month and of its year.
const RECENT: Date = date(2026, 6, 15);

/// From here on everything repeats with the calendar, rules of zones too, also if one looks 100 years back.
const REPEATING: Date = date(2300, 1, 1);

/// After so many days, which are 400 years and whole weeks, the calendar repeats.
const CYCLE: i128 = 146_097;

/// Among more conditions than this none is looked for that the others do without.
const MANY: usize = 8;

/// `to - from <= within`, on an as-of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition {
    /// A point.
    pub(super) from: Point,
    /// Another point on its line, or the same.
    pub(super) to: Point,
    /// The most that the second may be ahead of the first.
    pub(super) within: i128,
    /// What says so: a way in the network.
    pub(super) way: (usize, usize),
}

/// On which days of a clock a condition is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outlook {
    Always,
    Never,
    /// From some day on.
    Late,
    /// Up to some day.
    Early,
    /// Here and there, perhaps.
    Scattered,
}

/// The day of a clock that is nicest to read.
pub(super) fn preferred(clock: &Clock) -> Date {
    if clock.from <= RECENT && RECENT <= clock.to { RECENT } else { clock.from }
}

/// A day that meets all conditions.
///
/// # Errors
/// The positions, ascending, of the facts behind a few conditions that no day meets together.
pub(super) fn day(
    clock: &Clock,
    conditions: &[Condition],
    facts: impl Fn((usize, usize)) -> Vec<usize>,
) -> Result<Date, Vec<usize>> {
    let preferred = preferred(clock);
    if conditions.iter().all(|condition| condition.met(preferred, clock)) {
        return Ok(preferred);
    }
    let (mut open, mut never) = (Vec::new(), Vec::new());
    for condition in conditions {
        match condition.outlook(clock) {
            Outlook::Always => {}
            Outlook::Never => never.push(facts(condition.way)),
            outlook @ (Outlook::Late | Outlook::Early | Outlook::Scattered) => open.push((condition, outlook)),
        }
    }
    if let Some(fewest) = never.into_iter().min_by_key(Vec::len) {
        return Err(fewest);
    }
    let blamed = match try_days(clock, &open) {
        Ok(day) => return Ok(day),
        Err(blamed) => blamed,
    };
    let needed = few(clock, blamed);
    let mut positions: Vec<usize> = needed.iter().flat_map(|(condition, _)| facts(condition.way)).collect();
    positions.sort_unstable();
    positions.dedup();
    Err(positions)
}

/// A condition with the outlook that it has.
type Open<'c> = (&'c Condition, Outlook);

/// Those that are left when each is dropped that the others do without.
fn few<'c>(clock: &Clock, blamed: Vec<Open<'c>>) -> Vec<Open<'c>> {
    let mut needed = blamed.clone();
    if blamed.len() <= MANY {
        for (condition, _) in blamed {
            let rest: Vec<_> = needed.iter().copied().filter(|(other, _)| other.way != condition.way).collect();
            if try_days(clock, &rest).is_err() {
                needed = rest;
            }
        }
    }
    needed
}

/// The first day, from the preferred one on and then from the beginning, that meets all conditions.
///
/// # Errors
/// Conditions of which each day breaks one.
fn try_days<'c>(clock: &Clock, open: &[Open<'c>]) -> Result<Date, Vec<Open<'c>>> {
    let (mut first, mut last) = (clock.from, clock.to);
    let (mut latest, mut earliest) = (None, None);
    let mut scattered = Vec::new();
    for &(condition, outlook) in open {
        match outlook {
            Outlook::Late => {
                let day = turn(clock, |day| condition.met(day, clock));
                if day > first {
                    (first, latest) = (day, Some((condition, outlook)));
                }
            }
            Outlook::Early => {
                let day = turn(clock, |day| !condition.met(day, clock)).yesterday().unwrap_or(clock.from);
                if day < last {
                    (last, earliest) = (day, Some((condition, outlook)));
                }
            }
            Outlook::Scattered => scattered.push((condition, outlook)),
            Outlook::Always | Outlook::Never => {}
        }
    }
    let mut blamed: Vec<Open> = latest.into_iter().chain(earliest).collect();
    if first > last {
        return Err(blamed);
    }
    let last = zone::day(number(first.max(REPEATING)) + CYCLE).map_or(last, |repeated| last.min(repeated));
    let start = preferred(clock).max(first).min(last);
    for (from, to) in [(start, last), (first, start)] {
        let mut day = Some(from);
        while let Some(tried) = day.filter(|day| *day <= to) {
            let breaks = |(condition, _): &&Open| !condition.met(tried, clock);
            // Whichever is to blame already comes first.
            if !blamed.iter().any(|open| breaks(&open)) {
                match scattered.iter().find(breaks) {
                    Some(open) => blamed.push(*open),
                    None => return Ok(tried),
                }
            }
            day = next(tried, &scattered, clock);
        }
    }
    Err(blamed)
}

/// The next day on which conditions may turn out otherwise.
fn next(day: Date, conditions: &[Open], clock: &Clock) -> Option<Date> {
    let points = conditions.iter().flat_map(|(condition, _)| [condition.from, condition.to]);
    let alike = points.map(|point| point.alike(day, &clock.zone)).min().unwrap_or(1);
    zone::day(number(day) + alike)
}

/// The first day on which something holds that holds from some day of the clock on.
fn turn(clock: &Clock, holds: impl Fn(Date) -> bool) -> Date {
    let (mut low, mut high) = (number(clock.from), number(clock.to));
    while low < high {
        let middle = (low + high).div_euclid(2);
        if zone::day(middle).is_some_and(&holds) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    zone::day(low).unwrap_or(clock.to)
}

impl Condition {
    fn met(&self, day: Date, clock: &Clock) -> bool {
        self.to.on(day, &clock.zone).first - self.from.on(day, &clock.zone).settled <= self.within
    }

    fn outlook(&self, clock: &Clock) -> Outlook {
        if self.from.is_fixed() || self.to.is_fixed() {
            return match (self.met(clock.from, clock), self.met(clock.to, clock)) {
                (true, true) => Outlook::Always,
                (false, true) => Outlook::Late,
                (true, false) => Outlook::Early,
                (false, false) => Outlook::Never,
            };
        }
        match point::distance(self.from, self.to, &clock.zone) {
            Some(range) if range.most <= self.within => Outlook::Always,
            Some(range) if range.least > self.within => Outlook::Never,
            Some(_) | None => Outlook::Scattered,
        }
    }
}
