//! Numbers in cells, as steps of a grid: twice the number at so many decimal places, plus one where something is left behind them.
//!
//! So a number with any number of decimals falls exactly on one side of every threshold that has no more places than the grid.

use super::steps::Steps;
use super::{EMPTY, STRIP, Spots, UNSURE, all_digits, load, ones};
use crate::types::Number;

/// The most digits that are read at once.
const DIGITS: usize = 16;

/// Which class a number has.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// How many decimal places the grid has.
    places: u32,
    /// Whether a number that is not whole is none.
    whole: bool,
    /// Whether a cell may end with `%`; the number in it is a hundred times the value.
    percent: bool,
    /// Where each class but the first begins, in steps of the grid, in order.
    cuts: Steps,
    /// The class of an empty cell, and of each whole number from 0 on, when those are few; the last one of a number is also that of all
    /// above. At the end [`UNSURE`].
    table: Vec<u16>,
}

/// The largest table of whole numbers.
const TABLE: i64 = 1 << 13;

impl Numbers {
    /// Numbers at so many places; class 1 ends where the first cut is.
    pub(crate) fn new(places: u32, whole: bool, percent: bool, cuts: Vec<i64>) -> Numbers {
        let mut numbers = Numbers { places, whole, percent, cuts: Steps::new(cuts), table: Vec::new() };
        if let Some(last) = numbers.cuts.last().filter(|_| places == 0 && whole).map(|last| last / 2 + 1)
            && (0..TABLE).contains(&last)
        {
            let classes = (0..=last).map(|number| numbers.cuts.class(2 * number));
            numbers.table = std::iter::once(EMPTY).chain(classes).chain([UNSURE]).collect();
        }
        numbers
    }

    /// The class of a number; none when it is too large for the grid.
    pub(crate) fn of_number(&self, number: &Number) -> Option<u16> {
        let (step, exact) = number.floor_at(self.places)?;
        let step = step.checked_mul(2)?.checked_add(i64::from(!exact))?;
        Some(self.cuts.class(step))
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        if self.table.is_empty() {
            for ((start, len), class) in spots.iter().zip(classes) {
                *class = self.cuts.of_cell(len, self.step(bytes, start, len));
            }
            return;
        }
        // What most cells need is done for many at a time, and what few need not at all.
        let mut words = [0u64; STRIP];
        for (word, (start, len)) in words.iter_mut().zip(spots.iter()) {
            // More bytes than that are taken for no digits.
            *word = digits(bytes, start, len).unwrap_or(u64::MAX);
        }
        let last = u64::try_from(self.table.len() - 2).unwrap_or(0);
        let mut all = true;
        for (word, len) in words.iter_mut().zip(&spots.lens) {
            let is_number = all_digits(*word);
            all &= is_number;
            // An empty cell, which is as good as any other, comes first in the table, and one that is no number last.
            let number = (eight(*word) + u64::from(*len > 0)).min(last);
            *word = if is_number { number } else { last + 1 };
        }
        for (word, class) in words.iter().zip(&mut *classes) {
            *class = self.table.get(*word as usize).copied().unwrap_or(UNSURE);
        }
        if !all {
            let others = spots.iter().zip(classes).filter(|(_, class)| **class == UNSURE);
            others.for_each(|((start, len), class)| *class = self.other(bytes, start, len));
        }
    }

    /// The class of a cell that is more than a few digits.
    #[cold]
    #[inline(never)]
    fn other(&self, bytes: &[u8], start: usize, len: usize) -> u16 {
        self.cuts.of_cell(len, self.step(bytes, start, len))
    }

    /// The class of a number that is so many steps, of which that many decimal places are one.
    #[inline(always)]
    pub(crate) fn of(&self, value: i64, decimals: u32) -> u16 {
        if decimals == 0
            && !self.table.is_empty()
            && let Ok(number) = usize::try_from(value)
            && value < LARGEST
        {
            // The class of an empty cell comes first.
            let last = self.table.len() - 2;
            return self.table.get((number + 1).min(last)).copied().unwrap_or(UNSURE);
        }
        let places = if self.percent { self.places.saturating_sub(2) } else { self.places };
        let step = Self::step_of(value, decimals, places).filter(|step| self.is_possible(*step));
        step.map_or(UNSURE, |step| self.cuts.class(step))
    }

    #[inline(always)]
    fn step_of(value: i64, decimals: u32, places: u32) -> Option<i64> {
        if !(-LARGEST < value && value < LARGEST) {
            return None;
        }
        if decimals <= places {
            let power = POWERS.get((places - decimals) as usize)?;
            return value.checked_mul(2 * power);
        }
        let power = POWERS.get((decimals - places) as usize)?;
        Some(2 * value.div_euclid(*power) + i64::from(value.rem_euclid(*power) != 0))
    }

    /// The step of a cell that is not empty.
    #[inline(always)]
    fn step(&self, bytes: &[u8], start: usize, len: usize) -> Option<i64> {
        let (len, places) = if self.percent {
            let sign = usize::from(bytes.get(start.wrapping_add(len).wrapping_sub(1)) == Some(&b'%'));
            (len - sign.min(len), self.places.saturating_sub(2))
        } else {
            (len, self.places)
        };
        // A sign alone is no number.
        step(bytes, start, len, places).filter(|step| self.is_possible(*step) && !(self.percent && len == 0))
    }

    /// Whether a step is that of a number that the field may have: of a whole one, if it has no other.
    #[inline(always)]
    fn is_possible(&self, step: i64) -> bool {
        let one = POWERS.get(self.places as usize).map_or(i64::MAX, |power| 2 * power);
        !self.whole || step % one == 0
    }
}

/// Numbers of so many steps are left to those who know how many digits a number may have.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Powers of ten.
const POWERS: [i64; 10] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// The most places that a grid can have.
pub(crate) const MAX_PLACES: u32 = 9;

/// The number that up to eight digits make, with nothing else among them; of none at all, 0.
#[inline(always)]
fn short(bytes: &[u8], start: usize, len: usize) -> Option<u64> {
    let word = digits(bytes, start, len)?;
    all_digits(word).then(|| eight(word))
}

/// What up to eight bytes are above the digit 0, the last one in the highest byte.
#[inline(always)]
fn digits(bytes: &[u8], start: usize, len: usize) -> Option<u64> {
    /// The bytes of each length.
    const ONES: [u64; 9] = [ones(0), ones(1), ones(2), ones(3), ones(4), ones(5), ones(6), ones(7), ones(8)];
    let ones = ONES.get(len)?;
    Some(((load(bytes, start) ^ 0x3030_3030_3030_3030) & ones) << ((64 - 8 * len) % 64))
}

/// The number that eight digits make: pairs, then fours, then all.
#[inline(always)]
fn eight(word: u64) -> u64 {
    // Times ten, times a hundred: sums of what is shifted can be worked out side by side where products cannot.
    let pairs = (word << 3).wrapping_add(word << 1).wrapping_add(word >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = ((pairs << 6) + (pairs << 5) + (pairs << 2) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (fours & 0xFFFF) * 10_000 + (fours >> 32)
}

/// The step of a plain decimal; none when it is written in another way, or has so many digits that it may be too large. That of no
/// digits at all is 0.
#[inline(always)]
fn step(bytes: &[u8], start: usize, len: usize, places: u32) -> Option<i64> {
    let power = *POWERS.get(places as usize)?;
    // Most cells of a column have either no fraction or all places of it.
    let fraction = places as usize;
    if fraction > 0 && len > fraction + 1 && bytes.get(start + len - fraction - 1) == Some(&b'.') {
        let whole = digits(bytes, start, len - fraction - 1);
        let part = digits(bytes, start + len - fraction, fraction);
        if let (Some(whole), Some(part)) = (whole, part) {
            // Where there is room for all of them in one word, they are read at once.
            if len <= 9 && all_digits(whole | part) {
                return Some(i64::try_from(eight(whole >> (8 * fraction) | part)).ok()? * 2);
            }
            if all_digits(whole) && all_digits(part) {
                return Some((i64::try_from(eight(whole)).ok()? * power + i64::try_from(eight(part)).ok()?) * 2);
            }
        }
    }
    if let Some(whole) = short(bytes, start, len) {
        return Some(i64::try_from(whole).ok()? * power * 2);
    }
    any_step(bytes.get(start..start + len)?, places)
}

/// The step of any plain decimal of up to [`DIGITS`] digits.
#[cold]
fn any_step(text: &[u8], places: u32) -> Option<i64> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let whole = parts.next()?;
    let fraction = parts.next();
    // A side of the point may be empty, but not both; what is stranger than that is another's business.
    if whole.is_empty() || fraction.is_some_and(<[u8]>::is_empty) || whole.len() + places as usize > DIGITS {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    if fraction.len() > 18 {
        return None;
    }
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let mut step = 0i64;
    for byte in whole {
        step = step * 10 + digit(*byte)?;
    }
    let mut rest = false;
    for (place, byte) in fraction.iter().enumerate() {
        let digit = digit(*byte)?;
        if place < places as usize { step = step * 10 + digit } else { rest |= digit != 0 }
    }
    for _ in fraction.len()..places as usize {
        step *= 10;
    }
    // Twice the floor, and one more where something is left above it.
    Some(match (negative, rest) {
        (false, rest) => 2 * step + i64::from(rest),
        (true, rest) => -2 * step - i64::from(rest),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::super::PADDING;
    use super::{Number, Numbers, Spots};

    #[test]
    fn a_number_has_one_class_however_it_comes() {
        for (places, whole, percent) in [(0, true, false), (0, false, false), (2, false, false), (2, false, true)] {
            let grid = 2 * 10i64.pow(places);
            let cuts: Vec<i64> = [-3, 0, 3, 40].iter().flat_map(|number| [number * grid, number * grid + 1]).collect();
            let numbers = Numbers::new(places, whole, percent, cuts);
            for value in -60i64..=60 {
                let text = value.to_string();
                let mut bytes = text.clone().into_bytes();
                bytes.resize(text.len() + PADDING, 0);
                let mut spots = Spots::new();
                (spots.starts[0], spots.lens[0], spots.count) = (0, u32::try_from(text.len()).unwrap_or(0), 1);
                let mut classes = [0u16];
                numbers.read(&bytes, &spots, &mut classes);
                assert_eq!(numbers.of(value, 0), classes[0], "{value} at {places}");
                assert_eq!(numbers.of(value * 1000, 3), classes[0], "{value} at {places}, with decimals");
                let number = Number::from(value).checked_div(&Number::from(if percent { 100 } else { 1 }));
                assert_eq!(
                    number.and_then(|number| numbers.of_number(&number)),
                    Some(classes[0]),
                    "{value} at {places}"
                );
            }
        }
    }
}
