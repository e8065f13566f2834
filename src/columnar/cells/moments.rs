//! Days in cells, `2026-10-01`, as numbers that grow with the day.

use jiff::civil::{Date, date};

use super::steps::Steps;
use super::{EMPTY, Spots, UNSURE, all_digits, load};

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

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        for ((start, len), class) in spots.iter().zip(classes) {
            *class = match len {
                0 => EMPTY,
                10 => day(bytes, start).map_or(UNSURE, |day| self.cuts.class(day)),
                _ => UNSURE,
            };
        }
    }
}

/// The key of a day written as ISO 8601 has it; none for anything else, and for days that no month has.
#[inline(always)]
fn day(bytes: &[u8], start: usize) -> Option<i64> {
    // `YYYY-MM-` and `YY-MM-DD`: the second word begins two bytes later, so that both are whole. The first digit comes highest.
    let (first, second) = (load(bytes, start).swap_bytes(), load(bytes, start + 2).swap_bytes());
    const DASHES: u64 = 0x2D00_002D;
    let text = (first & 0xFFFF_FFFF_0000_0000) | ((first << 8) & 0xFFFF_0000) | (second & 0xFFFF);
    let key = text ^ 0x3030_3030_3030_3030;
    if first & 0xFF00_00FF != DASHES || !all_digits(key) {
        return None;
    }
    let number = |place: u32| ((key >> (place + 8)) & 0xFF) * 10 + ((key >> place) & 0xFF);
    let (month, day) = (number(16), number(0));
    const LONGEST: [u64; 16] = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0];
    let longest = LONGEST.get(month as usize).copied().unwrap_or(0);
    if day == 0 || day > longest {
        return None;
    }
    if month == 2 && day == 29 {
        let year = number(48) * 100 + number(32);
        return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)).then_some(key.cast_signed());
    }
    Some(key.cast_signed())
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    use super::{day, key};

    #[test]
    fn days_are_those_of_the_calendar_and_grow() {
        let read = |text: &str| day(format!("{text}                ").as_bytes(), 0);
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
