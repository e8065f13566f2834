//! Days in cells, `2026-10-01`, as numbers that grow with the day.

use std::ops::RangeInclusive;

use jiff::civil::{Date, date};

use super::steps::Steps;
use super::{EMPTY, STRIP, Spots, UNSURE, all_digits};
use crate::columnar::simd::Processor;

/// Which class a day has.
#[derive(Debug)]
pub(crate) struct Days {
    /// Where each class but the first begins, in order.
    cuts: Steps,
    /// The same, as days since 1970-01-01.
    since_1970: Vec<i32>,
}

/// A number for a day: its eight digits, a byte each.
pub(crate) fn key(day: Date) -> Option<i64> {
    let digits = |number: i64| ((number / 10) << 8) | (number % 10);
    let (year, month, day) = (i64::from(day.year()), i64::from(day.month()), i64::from(day.day()));
    (year >= 0).then_some((digits(year / 100) << 48) | (digits(year % 100) << 32) | (digits(month) << 16) | digits(day))
}

impl Days {
    /// Class 1 ends where the first cut is. None when a cut is before the year 0.
    pub(crate) fn new(cuts: &[Date]) -> Option<Days> {
        let since_1970 = cuts.iter().map(|day| day.duration_since(date(1970, 1, 1)).as_hours() / 24);
        Some(Days {
            cuts: Steps::new(cuts.iter().map(|day| key(*day)).collect::<Option<Vec<i64>>>()?),
            since_1970: since_1970.map(|day| i32::try_from(day).ok()).collect::<Option<Vec<i32>>>()?,
        })
    }

    /// The class of a day; none for one before the year 0.
    pub(crate) fn of_date(&self, day: Date) -> Option<u16> {
        Some(self.cuts.class(key(day)?))
    }

    /// The class of a day, counted from 1970-01-01.
    #[inline(always)]
    pub(crate) fn of(&self, day: i32) -> u16 {
        // From the year 1 to the last days that are a time, too.
        if !(-719_162..2_932_890).contains(&day) {
            return UNSURE;
        }
        let below = if self.since_1970.len() <= 16 {
            self.since_1970.iter().map(|cut| u16::from(*cut <= day)).sum()
        } else {
            u16::try_from(self.since_1970.partition_point(|cut| *cut <= day)).unwrap_or(UNSURE - 1)
        };
        below + 1
    }

    /// The classes of all days from one to another; none when not all of them can be read.
    pub(crate) fn between(&self, low: i32, high: i32) -> Option<RangeInclusive<u16>> {
        let class = |day| Some(self.of(day)).filter(|class| *class != UNSURE);
        Some(class(low)?..=class(high)?)
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, processor: impl Processor, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        let (mut firsts, mut seconds, mut keys) = ([0u64; STRIP], [0u64; STRIP], [0i64; STRIP]);
        let starts = spots.starts.get(..spots.count).unwrap_or_default();
        let behind = spots.starts.map(|start| start.wrapping_add(BEHIND));
        processor.words(bytes, starts, &mut firsts);
        processor.words(bytes, behind.get(..spots.count).unwrap_or_default(), &mut seconds);
        let mut all = true;
        for (((first, second), len), key) in firsts.iter().zip(&seconds).zip(&spots.lens).zip(&mut keys) {
            let (day, is_sure) = day(*first, *second);
            let is_day = (*len == 10) & is_sure;
            all &= is_day | (*len == 0);
            *key = if is_day { day } else { NO_DAY };
        }
        self.cuts.classes(keys.get(..spots.count).unwrap_or_default(), classes);
        for ((key, len), class) in keys.iter().zip(&spots.lens).zip(&mut *classes) {
            let known = if *key == NO_DAY { UNSURE } else { *class };
            *class = if *len == 0 { EMPTY } else { known };
        }
        if !all {
            let words = firsts.iter().zip(&seconds);
            for ((words, len), class) in words.zip(&spots.lens).zip(classes).filter(|(_, class)| **class == UNSURE) {
                let day = leap_day(*words.0, *words.1).filter(|_| *len == 10);
                *class = day.map_or(UNSURE, |day| self.cuts.class(day));
            }
        }
    }
}

/// The key of no day.
const NO_DAY: i64 = -1;

/// The second word of a day begins so many bytes behind the first, so that both are whole.
const BEHIND: u32 = 2;

/// The key of a day written as ISO 8601 has it, `YYYY-MM-` and `YY-MM-DD`, and whether it is one for sure. A leap day is not.
#[inline(always)]
fn day(first: u64, second: u64) -> (i64, bool) {
    let (key, is_written) = digits(first, second);
    let (month, day) = (number(key, 16), number(key, 0));
    let longest = if month == 2 { 28 } else { 30 + ((month ^ (month >> 3)) & 1) };
    let is_day = (1..=12).contains(&month) & (day >= 1) & (day <= longest);
    (key.cast_signed(), is_written & is_day)
}

/// The digits of a day, a byte each, the first one highest, and whether they and nothing else stands there.
#[inline(always)]
fn digits(first: u64, second: u64) -> (u64, bool) {
    let (first, second) = (first.swap_bytes(), second.swap_bytes());
    const DASHES: u64 = 0x2D00_002D;
    let text = (first & 0xFFFF_FFFF_0000_0000) | ((first << 8) & 0xFFFF_0000) | (second & 0xFFFF);
    let key = text ^ 0x3030_3030_3030_3030;
    (key, (first & 0xFF00_00FF == DASHES) & all_digits(key))
}

/// The number of two digits.
#[inline(always)]
fn number(key: u64, place: u32) -> u64 {
    ((key >> (place + 8)) & 0xFF) * 10 + ((key >> place) & 0xFF)
}

/// The key of a leap day; none for anything else.
#[cold]
fn leap_day(first: u64, second: u64) -> Option<i64> {
    let (key, is_written) = digits(first, second);
    let year = number(key, 48) * 100 + number(key, 32);
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    (is_written && number(key, 16) == 2 && number(key, 0) == 29 && is_leap).then_some(key.cast_signed())
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    use super::{BEHIND, day, key, leap_day};
    use crate::columnar::cells::load;

    #[test]
    fn days_are_those_of_the_calendar_and_grow() {
        let read = |text: &str| {
            let bytes = format!("{text}                ").into_bytes();
            let (first, second) = (load(&bytes, 0), load(&bytes, BEHIND as usize));
            let (key, is_sure) = day(first, second);
            is_sure.then_some(key).or_else(|| leap_day(first, second))
        };
        let (mut at, mut last) = (date(1999, 12, 1), 0);
        while at < date(2009, 2, 1) {
            let found = read(&at.to_string());
            assert_eq!(found, key(at), "{at}");
            assert!(found.is_some_and(|key| key > last), "{at}");
            last = found.unwrap_or(0);
            at = at.saturating_add(1.day());
        }
        for year in [0, 1, 999, 1900, 2000, 2100, 9999] {
            for month in 0..20 {
                for number in 0..40 {
                    let text = format!("{year:04}-{month:02}-{number:02}");
                    assert_eq!(read(&text), text.parse::<Date>().ok().and_then(key), "{text}");
                }
            }
        }
        for text in ["2026/10/01", "2026-10-1 ", "2026-1a-01", "20:6-10-01", "2026-10-:1", "2026-10-1:"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
