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
        let mut steps = [0; STRIP];
        let all = if self.places == 0 && !self.percent {
            self.whole_steps(bytes, spots, &mut steps)
        } else {
            self.steps(bytes, spots, &mut steps)
        };
        let cells = spots.iter().zip(steps);
        match self.table.len().checked_sub(2) {
            Some(last) => {
                for (((_, len), step), class) in cells.zip(&mut *classes) {
                    // An empty cell, which is as good as any other, comes first in the table.
                    let at = usize::try_from(step / 2).unwrap_or(usize::MAX).saturating_add(usize::from(len > 0));
                    *class = self.table.get(at.min(last)).copied().unwrap_or(UNSURE);
                }
            }
            None => {
                for (((_, len), step), class) in cells.zip(&mut *classes) {
                    *class = if len == 0 { EMPTY } else { self.cuts.class(step) };
                }
            }
        }
        if !all {
            let others = spots.iter().zip(steps).zip(classes).filter(|((_, step), _)| *step == NO_STEP);
            others.for_each(|(((start, len), _), class)| *class = self.other(bytes, start, len));
        }
    }

    /// The steps of cells that are a few digits; of no digits at all 0, of any other cell [`NO_STEP`]. Says whether there is none of
    /// these. It is done for many cells side by side.
    #[inline(always)]
    fn whole_steps(&self, bytes: &[u8], spots: &Spots, steps: &mut [i64; STRIP]) -> bool {
        let mut wholes = [0u64; STRIP];
        for (whole, (start, len)) in wholes.iter_mut().zip(spots.iter()) {
            // More bytes than that are taken for no digits.
            *whole = digits(bytes, start, len).unwrap_or(u64::MAX);
        }
        let mut all = true;
        for (whole, step) in wholes.iter().zip(steps) {
            let is_number = all_digits(*whole);
            all &= is_number;
            *step = if is_number { (2 * eight(*whole)).cast_signed() } else { NO_STEP };
        }
        all
    }

    /// The same for cells that may have as many places as the grid behind a point, and a sign.
    #[inline(always)]
    fn steps(&self, bytes: &[u8], spots: &Spots, steps: &mut [i64; STRIP]) -> bool {
        let places = self.places_in_cells() as usize;
        let (mut wholes, mut parts) = ([0u64; STRIP], [0u64; STRIP]);
        for ((whole, part), (start, len)) in wholes.iter_mut().zip(&mut parts).zip(spots.iter()) {
            let end = start.wrapping_add(len);
            let sign = usize::from(self.percent && len > 1 && bytes.get(end.wrapping_sub(1)) == Some(&b'%'));
            let (len, end) = (len - sign, end.wrapping_sub(sign));
            let has_point = bytes.get(end.wrapping_sub(places + 1)) == Some(&b'.');
            let point = usize::from(has_point & (len > places + 1) & (places > 0) & !self.whole);
            *whole = digits(bytes, start, len - (places + 1) * point).unwrap_or(u64::MAX);
            *part = digits(bytes, end.wrapping_sub(places * point), places * point).unwrap_or(u64::MAX);
        }
        let power = POWERS.get(places).copied().unwrap_or(0).cast_unsigned();
        let mut all = true;
        for ((whole, part), step) in wholes.iter().zip(&parts).zip(steps) {
            let is_number = all_digits(*whole) & all_digits(*part);
            all &= is_number;
            let number = (eight(*whole) & 0xFFFF_FFFF) * (power & 0xFFFF_FFFF) + eight(*part);
            *step = if is_number { (2 * number).cast_signed() } else { NO_STEP };
        }
        all
    }

    /// How many places a number in a cell has on the grid.
    fn places_in_cells(&self) -> u32 {
        if self.percent { self.places.saturating_sub(2) } else { self.places }
    }

    /// The class of a cell that is more than a few digits.
    #[cold]
    #[inline(never)]
    fn other(&self, bytes: &[u8], start: usize, len: usize) -> u16 {
        let text = start.checked_add(len).and_then(|end| bytes.get(start..end)).unwrap_or_default();
        let text = text.strip_suffix(b"%").filter(|_| self.percent).unwrap_or(text);
        let step = any_step(text, self.places_in_cells()).filter(|step| self.is_possible(*step));
        step.map_or(UNSURE, |step| self.cuts.class(step))
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
        let step = Self::step_of(value, decimals, self.places_in_cells()).filter(|step| self.is_possible(*step));
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

/// The step of a cell that is none, or that nobody has looked at closely. No cut is so low.
const NO_STEP: i64 = i64::MIN;

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

/// The step of any plain decimal of up to [`DIGITS`] digits.
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
