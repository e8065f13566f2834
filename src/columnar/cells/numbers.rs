//! Numbers in cells, as steps of a grid: twice the number at so many decimal places, plus one where something is left behind them.
//!
//! So a number with any number of decimals falls exactly on one side of every threshold that has no more places than the grid.

use std::ops::RangeInclusive;

use super::steps::Steps;
use super::{EMPTY, STRIP, Spots, UNSURE, all_digits};
use crate::columnar::simd::Processor;
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
    /// The highest whole number that has a class of its own, which is also that of all above; from 0 on each of them has one.
    own: Option<u32>,
    /// How many classes there are before those between cuts.
    before: u16,
}

/// The most whole numbers that have classes of their own.
const OWN: i64 = 1 << 11;

impl Numbers {
    /// Numbers at so many places; class 1 ends where the first cut is.
    pub(crate) fn new(places: u32, whole: bool, percent: bool, cuts: Vec<i64>) -> Numbers {
        let last = cuts.last().filter(|_| places == 0 && whole).map(|last| last / 2 + 1);
        let own = last.filter(|last| (0..OWN).contains(last)).and_then(|last| u32::try_from(last).ok());
        let before = own.and_then(|last| u16::try_from(last + 2).ok()).unwrap_or(0);
        Numbers { places, whole, percent, cuts: Steps::new(cuts), own, before }
    }

    /// What stands for each class, when it is known what stands for those between cuts, that of an empty cell before them.
    pub(crate) fn spread<T: Clone>(&self, between: &[T]) -> Vec<T> {
        let own = self.own.into_iter().flat_map(|last| (0..=i64::from(last)).map(|number| self.cuts.class(2 * number)));
        let own = self.own.map(|_| EMPTY).into_iter().chain(own);
        own.filter_map(|class| between.get(usize::from(class))).chain(between).cloned().collect()
    }

    /// The class of a number; none when it is too large for the grid.
    pub(crate) fn of_number(&self, number: &Number) -> Option<u16> {
        let (step, exact) = number.floor_at(self.places)?;
        let step = step.checked_mul(2)?.checked_add(i64::from(!exact))?;
        Some(self.class(step))
    }

    #[inline(always)]
    fn class(&self, step: i64) -> u16 {
        match self.own {
            Some(last) if step >= 0 && step % 2 == 0 => own_class(step, last),
            Some(_) | None => self.before + self.cuts.class(step),
        }
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, processor: impl Processor, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        let mut steps = [NO_STEP; STRIP];
        if self.places == 0 && !self.percent {
            whole_steps(processor, bytes, spots, &mut steps);
        } else {
            self.steps(processor, bytes, spots, &mut steps);
        }
        let steps = steps.get(..spots.count).unwrap_or_default();
        match self.own {
            Some(last) => steps.iter().zip(&mut *classes).for_each(|(step, class)| *class = own_class(*step, last)),
            None => self.cuts.classes(steps, classes),
        }
        let mut all = true;
        for ((step, len), class) in steps.iter().zip(&spots.lens).zip(&mut *classes) {
            let known = if *step == NO_STEP { UNSURE } else { *class };
            *class = if *len == 0 { EMPTY } else { known };
            all &= *class != UNSURE;
        }
        if !all {
            for ((start, len), class) in spots.iter().zip(classes).filter(|(_, class)| **class == UNSURE) {
                *class = self.other(bytes, start, len);
            }
        }
    }

    /// The steps of cells that may have as many places as the grid behind a point; of any other cell [`NO_STEP`]. It is done for many
    /// cells side by side.
    #[inline(always)]
    fn steps(&self, processor: impl Processor, bytes: &[u8], spots: &Spots, steps: &mut [i64; STRIP]) {
        let places = self.places_in_cells();
        // The point must be among the last eight bytes.
        if places > 7 {
            return;
        }
        let (mut heads, mut tails, mut lens, mut lasts) = ([0u64; STRIP], [0u64; STRIP], spots.lens, [0u32; STRIP]);
        for ((start, len), last) in spots.starts.iter().zip(&mut lens).zip(&mut lasts).take(spots.count) {
            if self.percent {
                let is_sign = *len > 1 && bytes.get(start.wrapping_add(*len - 1) as usize) == Some(&b'%');
                *len -= u32::from(is_sign);
            }
            *last = start.wrapping_add(*len).saturating_sub(8);
        }
        let starts = spots.starts.get(..spots.count).unwrap_or_default();
        processor.words(bytes, starts, &mut heads);
        processor.words(bytes, lasts.get(..spots.count).unwrap_or_default(), &mut tails);
        let power = POWERS.get(places as usize).copied().unwrap_or(0).cast_unsigned();
        let part_of = if places == 0 || self.whole { 0 } else { u64::MAX << (64 - 8 * places) };
        let cells = heads.iter().zip(&tails).zip(lens.iter().zip(&spots.starts)).zip(steps).take(spots.count);
        for (((head, tail), (len, start)), step) in cells {
            let has_point = (tail >> (56 - 8 * places)) & 0xFF == u64::from(b'.') && *len > places + 1 && part_of != 0;
            let digits = if has_point { *len - (places + 1) } else { *len };
            let whole = above_zero(*head, digits);
            let part = if has_point { (tail ^ ZEROS) & part_of } else { 0 };
            let is_number =
                all_digits(whole) & all_digits(part) & (digits <= 8) & (*len > 0) & (start.wrapping_add(*len) >= 8);
            let number = (eight(whole) & 0xFFFF_FFFF).wrapping_mul(power & 0xFFFF_FFFF).wrapping_add(eight(part));
            *step = if is_number { number.wrapping_mul(2).cast_signed() } else { NO_STEP };
        }
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
        step.map_or(UNSURE, |step| self.class(step))
    }

    /// The class of a number that is so many steps, of which that many decimal places are one.
    #[inline(always)]
    pub(crate) fn of(&self, value: i64, decimals: u32) -> u16 {
        if let (Some(last), 0) = (self.own, decimals)
            && (0..LARGEST).contains(&value)
        {
            return value.min(i64::from(last)) as u16 + 1;
        }
        let step = Self::step_of(value, decimals, self.places_in_cells()).filter(|step| self.is_possible(*step));
        step.map_or(UNSURE, |step| self.class(step))
    }

    /// Classes that stand for all numbers from one to another, which are so many steps of that many decimal places. None when not all
    /// of them can be read.
    pub(crate) fn between(&self, low: i64, high: i64, decimals: u32) -> Option<RangeInclusive<u16>> {
        if self.whole && decimals > 0 && low != high {
            return None;
        }
        let step =
            |value| Self::step_of(value, decimals, self.places_in_cells()).filter(|step| self.is_possible(*step));
        Some(self.before + self.cuts.class(step(low)?)..=self.before + self.cuts.class(step(high)?))
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

/// Eight digits 0.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// What the first bytes of a word, up to eight, are above the digit 0, the last one in the highest byte.
#[inline(always)]
fn above_zero(word: u64, len: u32) -> u64 {
    (word ^ ZEROS).checked_shl(64u32.wrapping_sub(len.wrapping_mul(8))).unwrap_or(0)
}

/// The class of a number that has one of its own, unless it is above the last one of these.
#[inline(always)]
fn own_class(step: i64, last: u32) -> u16 {
    (step / 2).min(i64::from(last)) as u16 + 1
}

/// The steps of cells that are a few digits, or nothing; of any other cell [`NO_STEP`].
#[inline(always)]
fn whole_steps(processor: impl Processor, bytes: &[u8], spots: &Spots, steps: &mut [i64; STRIP]) {
    let mut words = [0u64; STRIP];
    processor.words(bytes, spots.starts.get(..spots.count).unwrap_or_default(), &mut words);
    for ((word, len), step) in words.iter().zip(&spots.lens).zip(steps).take(spots.count) {
        let digits = above_zero(*word, *len);
        let is_number = all_digits(digits) & (*len <= 8);
        *step = if is_number { (2 * eight(digits)).cast_signed() } else { NO_STEP };
    }
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
    use crate::columnar::simd::Any;

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
                numbers.read(Any, &bytes, &spots, &mut classes);
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

    #[test]
    fn classes_between_two_numbers_stand_for_all_between_them() {
        for (places, whole, own) in [(0, true, true), (0, false, false), (2, false, false)] {
            let grid = 2 * 10i64.pow(places);
            let cuts: Vec<i64> = [-3, 0, 3, 40].iter().flat_map(|number| [number * grid, number * grid + 1]).collect();
            let between: Vec<usize> = (0..cuts.len() + 2).collect();
            let numbers = Numbers::new(places, whole, false, cuts);
            assert_eq!(numbers.own.is_some(), own);
            let said = numbers.spread(&between);
            for (low, high) in (-50..50i64).flat_map(|low| (low..50).map(move |high| (low, high))) {
                let range = numbers.between(low, high, 0).into_iter().flatten();
                let all: Vec<usize> = range.map(|class| said[usize::from(class)]).collect();
                for value in low..=high {
                    assert!(all.contains(&said[usize::from(numbers.of(value, 0))]), "{value} in {low}..={high}");
                }
            }
        }
        let whole = Numbers::new(0, true, false, vec![6, 7]);
        assert!(whole.between(10, 30, 1).is_none(), "2.5 is between 1.0 and 3.0");
        assert!(whole.between(20, 20, 1).is_some() && whole.between(25, 25, 1).is_none());
        assert!(whole.between(0, i64::MAX, 0).is_none());
    }
}
