//! A dictionary from texts to classes that is asked for every cell of a column.
//!
//! A text of up to 16 bytes is two words, which are its hash and its proof at once.

use std::collections::HashSet;

use super::{STRIP, Spots, UNSURE, load};
use crate::columnar::simd::Processor;

/// An odd number whose bits look random, to spread keys over a table.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many multipliers are tried.
const TRIES: u64 = 64;

/// A place of the table.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Slot {
    low: u64,
    high: u64,
    /// The length of the text; [`FREE`] when there is none.
    len: u32,
    class: u16,
}

/// The length of no text.
const FREE: u32 = u32::MAX;

/// Texts with their classes.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    slots: Vec<Slot>,
    /// For each place, the text in it when that has more than 16 bytes.
    long: Vec<Box<[u8]>>,
    multiplier: u64,
    shift: u32,
    /// The length of the longest text.
    longest: usize,
}

/// What a dictionary is asked first, with nothing between it and the processor.
#[derive(Clone, Copy)]
struct Quick<'l> {
    slots: &'l [Slot],
    multiplier: u64,
    shift: u32,
}

impl Quick<'_> {
    /// The place where a text would be best.
    #[inline(always)]
    fn place(self, low: u64, high: u64) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(self.multiplier);
        (mixed >> self.shift) as usize
    }

    /// The class of a text whose place and words are known, or [`UNSURE`]; `further` is asked when it is not there, or long.
    #[inline(always)]
    fn class(self, place: usize, (low, high): (u64, u64), len: u32, further: impl FnOnce() -> u16) -> u16 {
        let Some(slot) = self.slots.get(place) else { return UNSURE };
        // One comparison in place of three.
        let same = (slot.low ^ low) | (slot.high ^ high) | u64::from(slot.len ^ len) == 0;
        if same && len <= SHORT {
            return slot.class;
        }
        if slot.len == FREE { UNSURE } else { further() }
    }
}

impl Lexicon {
    /// A dictionary of texts that are all different.
    pub(crate) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, u16)>) -> Lexicon {
        let texts: Vec<(&str, u16)> = texts.into_iter().collect();
        let size = (texts.len() * 8).next_power_of_two().max(16);
        let shift = 64 - size.trailing_zeros();
        let keys: Vec<(u64, u64)> = texts.iter().map(|(text, _)| key(&padded(text), 0, text.len())).collect();
        // With some luck there is a multiplier that gives every text a place of its own.
        let apart = |multiplier: &u64| {
            let quick = Quick { slots: &[], multiplier: *multiplier, shift };
            let places: HashSet<usize> = keys.iter().map(|(low, high)| quick.place(*low, *high)).collect();
            places.len() == keys.len()
        };
        let mut multipliers = (0..TRIES).map(|turn| SPREAD.wrapping_mul(2 * turn + 1));
        let multiplier = multipliers.find(apart).unwrap_or(SPREAD);
        let free = Slot { low: 0, high: 0, len: FREE, class: 0 };
        let longest = texts.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        let mut lexicon =
            Lexicon { slots: vec![free; size], long: vec![Box::default(); size], multiplier, shift, longest };
        for ((text, class), (low, high)) in texts.into_iter().zip(keys) {
            let mut place = lexicon.quick().place(low, high);
            while lexicon.slots.get(place).is_some_and(|slot| slot.len != FREE) {
                place = (place + 1) % size;
            }
            if let Some(slot) = lexicon.slots.get_mut(place) {
                *slot = Slot { low, high, len: u32::try_from(text.len()).unwrap_or(FREE - 1), class };
            }
            if let Some(long) = lexicon.long.get_mut(place).filter(|_| text.len() > SHORT as usize) {
                *long = text.as_bytes().into();
            }
        }
        lexicon
    }

    /// The class of a text in `bytes`, behind which [`super::PADDING`] more bytes can be read.
    #[inline(always)]
    pub(crate) fn find(&self, bytes: &[u8], start: usize, len: usize) -> Option<u16> {
        let (quick, (low, high)) = (self.quick(), key(bytes, start, len));
        let short = u32::try_from(len).unwrap_or(u32::MAX);
        let place = quick.place(low, high);
        let class = quick.class(place, (low, high), short, || self.further(bytes, start, len));
        (class != UNSURE).then_some(class)
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, processor: impl Processor, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        let starts = spots.starts.get(..spots.count).unwrap_or_default();
        let (mut lows, mut highs, mut places) = ([0u64; STRIP], [0u64; STRIP], [0u32; STRIP]);
        processor.words(bytes, starts, &mut lows);
        if self.longest > 8 {
            let behind = spots.starts.map(|start| start.wrapping_add(8));
            processor.words(bytes, behind.get(..spots.count).unwrap_or_default(), &mut highs);
        }
        let quick = self.quick();
        for ((low, high), (len, place)) in lows.iter_mut().zip(&mut highs).zip(spots.lens.iter().zip(&mut places)) {
            (*low, *high) = cut(*low, *high, *len);
            *place = quick.place(*low, *high) as u32;
        }
        let keys = lows.iter().zip(&highs).zip(places.iter().zip(&spots.lens));
        for (((low, high), (place, len)), (start, class)) in keys.zip(starts.iter().zip(classes)) {
            let further = || self.further(bytes, *start as usize, *len as usize);
            // The words of a long text are others.
            *class = if *len > SHORT { further() } else { quick.class(*place as usize, (*low, *high), *len, further) };
        }
    }

    #[inline(always)]
    fn quick(&self) -> Quick<'_> {
        Quick { slots: &self.slots, multiplier: self.multiplier, shift: self.shift }
    }

    /// The same for a text that is not where it would be best, or long.
    #[cold]
    #[inline(never)]
    fn further(&self, bytes: &[u8], start: usize, len: usize) -> u16 {
        let (low, high) = key(bytes, start, len);
        let mut at = self.quick().place(low, high);
        while let Some(slot) = self.slots.get(at).filter(|slot| slot.len != FREE) {
            let is_key = slot.low == low && slot.high == high && slot.len as usize == len;
            if is_key && (len <= SHORT as usize || self.is_long(at, bytes, start, len)) {
                return slot.class;
            }
            at = (at + 1) % self.slots.len();
        }
        UNSURE
    }

    fn is_long(&self, place: usize, bytes: &[u8], start: usize, len: usize) -> bool {
        self.long.get(place).map(AsRef::as_ref) == bytes.get(start..start + len)
    }
}

/// The longest text that its two words hold.
const SHORT: u32 = 16;

/// A text with room behind it.
fn padded(text: &str) -> Vec<u8> {
    let mut padded = text.as_bytes().to_vec();
    padded.resize(text.len() + super::PADDING, 0);
    padded
}

/// Two words of a text: all of it, or the first eight bytes and the last eight of a longer one.
#[inline(always)]
fn key(bytes: &[u8], start: usize, len: usize) -> (u64, u64) {
    match u32::try_from(len).ok().filter(|len| *len <= SHORT) {
        Some(len) => cut(load(bytes, start), load(bytes, start.wrapping_add(8)), len),
        None => (load(bytes, start), load(bytes, start.wrapping_add(len - 8))),
    }
}

/// The first bytes of two words.
#[inline(always)]
fn cut(low: u64, high: u64, len: u32) -> (u64, u64) {
    let behind = |bytes: u32| u64::MAX.checked_shl(bytes.saturating_mul(8)).unwrap_or(0);
    (low & !behind(len), high & !behind(len.saturating_sub(8)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::{Lexicon, Spots, UNSURE};
    use crate::columnar::simd::Any;

    #[test]
    fn texts_of_all_lengths_are_told_apart() {
        let texts: Vec<String> =
            (0..40).flat_map(|len| ["a", "b"].map(|c| format!("{}{c}", "x".repeat(len)))).collect();
        let lexicon = Lexicon::new(texts.iter().map(String::as_str).zip(1..));
        for (text, class) in texts.iter().zip(1..) {
            // Whatever stands around it does not count.
            for around in ["~~~~~~~~~~~~~~~~", "xxxxxxxxxxxxxxxxxxxx"] {
                let bytes = format!("{around}{text}{around}").into_bytes();
                assert_eq!(lexicon.find(&bytes, around.len(), text.len()), Some(class), "{text}");
                assert_eq!(lexicon.find(&bytes, around.len() - 1, text.len()), None, "{text}");
                let (start, len) = (around.len() as u32, text.len() as u32);
                let mut spots = Spots::new();
                spots.count = 3;
                (spots.starts[..3]).copy_from_slice(&[start - 1, start, start]);
                (spots.lens[..3]).copy_from_slice(&[len, len, Spots::ODD]);
                let mut classes = [0u16; 3];
                lexicon.read(Any, &bytes, &spots, &mut classes);
                assert_eq!(classes, [UNSURE, class, UNSURE], "{text}");
            }
        }
    }
}
