//! Numbers in cells, as steps of a grid: twice the number at so many decimal places, plus one where something is left behind them.
//!
//! So a number with any number of decimals falls exactly on one side of every threshold that has no more places than the grid.

use super::{EMPTY, Spots, UNSURE, load};

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
    cuts: Vec<i64>,
    /// The class of each whole number from 0 on, when those are few; the last one is also that of all above.
    table: Vec<u16>,
}

/// The largest table of whole numbers.
const TABLE: i64 = 1 << 13;

impl Numbers {
    /// Numbers at so many places; class 1 ends where the first cut is.
    pub(crate) fn new(places: u32, whole: bool, percent: bool, cuts: Vec<i64>) -> Numbers {
        let mut numbers = Numbers { places, whole, percent, cuts, table: Vec::new() };
        if let Some(last) = numbers.cuts.last().filter(|_| places == 0 && whole).map(|last| last / 2 + 1)
            && (0..TABLE).contains(&last)
        {
            numbers.table = (0..=last).map(|number| numbers.class(2 * number)).collect();
        }
        numbers
    }

    /// The class of a step of the grid.
    #[inline(always)]
    fn class(&self, step: i64) -> u16 {
        let below = if self.cuts.len() <= 12 {
            self.cuts.iter().map(|cut| u16::from(*cut <= step)).sum()
        } else {
            u16::try_from(self.cuts.partition_point(|cut| *cut <= step)).unwrap_or(UNSURE - 1)
        };
        below + 1
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        for ((start, len), class) in spots.iter().zip(classes) {
            *class = if len == 0 { EMPTY } else { self.one(bytes, start, len) };
        }
    }

    /// The class of a number that is so many steps, of which that many decimal places are one.
    #[inline(always)]
    pub(crate) fn of(&self, value: i64, decimals: u32) -> u16 {
        if decimals == 0
            && !self.table.is_empty()
            && let Ok(number) = usize::try_from(value)
            && value < LARGEST
        {
            let last = self.table.len() - 1;
            return self.table.get(number.min(last)).copied().unwrap_or(UNSURE);
        }
        let places = if self.percent { self.places.saturating_sub(2) } else { self.places };
        let one = POWERS.get(self.places as usize).map_or(i64::MAX, |power| 2 * power);
        match Self::step_of(value, decimals, places) {
            Some(step) if self.whole && step % one != 0 => UNSURE,
            Some(step) => self.class(step),
            None => UNSURE,
        }
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

    #[inline(always)]
    fn one(&self, bytes: &[u8], start: usize, len: usize) -> u16 {
        if !self.table.is_empty()
            && let Some(number) = short(bytes, start, len)
        {
            let last = self.table.len() - 1;
            return self.table.get((number as usize).min(last)).copied().unwrap_or(UNSURE);
        }
        let (len, places) = if self.percent {
            (len - usize::from(bytes.get(start + len - 1) == Some(&b'%')), self.places.saturating_sub(2))
        } else {
            (len, self.places)
        };
        match step(bytes, start, len, places) {
            Some(step) if self.whole && step % (2 * POWERS[self.places as usize % POWERS.len()]) != 0 => UNSURE,
            Some(step) => self.class(step),
            None => UNSURE,
        }
    }
}

/// Numbers of so many steps are left to those who know how many digits a number may have.
const LARGEST: i64 = 1_000_000_000_000_000;

/// Powers of ten.
const POWERS: [i64; 10] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// The most places that a grid can have.
pub(crate) const MAX_PLACES: u32 = 9;

/// Up to eight digits and nothing else.
#[inline(always)]
fn short(bytes: &[u8], start: usize, len: usize) -> Option<u64> {
    if len.wrapping_sub(1) >= 8 {
        return None;
    }
    // The digits move up, so that the last one is in the highest byte; zeros come in from below.
    let word = (load(bytes, start) << (64 - 8 * len)) | (0x3030_3030_3030_3030_u64 & low_mask(8 - len));
    all_digits(word).then(|| eight(word))
}

#[inline(always)]
fn low_mask(len: usize) -> u64 {
    super::low_bytes(len)
}

/// Whether all bytes of a word are digits.
#[inline(always)]
fn all_digits(word: u64) -> bool {
    let high = word & 0xF0F0_F0F0_F0F0_F0F0;
    let carried = word.wrapping_add(0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0;
    (high | (carried >> 4)) == 0x3333_3333_3333_3333
}

/// The number that eight digits make: pairs, then fours, then all.
#[inline(always)]
fn eight(word: u64) -> u64 {
    let word = word & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = (word.wrapping_mul(10) + (word >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xFFFF_FFFF
}

/// The step of a plain decimal; none when it is written in another way, or has so many digits that it may be too large.
#[inline(always)]
fn step(bytes: &[u8], start: usize, len: usize, places: u32) -> Option<i64> {
    let power = *POWERS.get(places as usize)?;
    // Most cells of a column have either no fraction or all places of it.
    let fraction = places as usize;
    if fraction > 0 && len > fraction + 1 && bytes.get(start + len - fraction - 1) == Some(&b'.') {
        let whole = short(bytes, start, len - fraction - 1);
        let part = short(bytes, start + len - fraction, fraction);
        if let (Some(whole), Some(part)) = (whole, part) {
            return Some((i64::try_from(whole).ok()? * power + i64::try_from(part).ok()?) * 2);
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
