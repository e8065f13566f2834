//! A dictionary from texts to classes that is asked for every cell of a column.
//!
//! A text of up to 16 bytes is two words, which are its hash and its proof at once.

use std::collections::{HashMap, HashSet};

use super::{Spots, UNSURE, load, ones};

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
    /// The whole text of each place that holds one of more than 16 bytes.
    long: HashMap<usize, Box<[u8]>>,
    multiplier: u64,
    shift: u32,
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

    /// The class of a text, or [`UNSURE`]; `further` is asked when it is not where it would be best.
    #[inline(always)]
    fn find(self, bytes: &[u8], start: usize, len: usize, further: impl FnOnce() -> u16) -> u16 {
        let (low, high) = key(bytes, start, len);
        let Some(slot) = self.slots.get(self.place(low, high)) else { return UNSURE };
        // One comparison in place of three.
        if (slot.low ^ low) | (slot.high ^ high) | (u64::from(slot.len) ^ len as u64) == 0 && len <= SHORT {
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
        let mut lexicon = Lexicon { slots: vec![free; size], long: HashMap::new(), multiplier, shift };
        for ((text, class), (low, high)) in texts.into_iter().zip(keys) {
            let mut place = lexicon.quick().place(low, high);
            while lexicon.slots.get(place).is_some_and(|slot| slot.len != FREE) {
                place = (place + 1) % size;
            }
            if let Some(slot) = lexicon.slots.get_mut(place) {
                *slot = Slot { low, high, len: u32::try_from(text.len()).unwrap_or(FREE - 1), class };
            }
            if text.len() > SHORT {
                lexicon.long.insert(place, text.as_bytes().into());
            }
        }
        lexicon
    }

    /// The class of a text in `bytes`, behind which [`super::PADDING`] more bytes can be read.
    #[inline(always)]
    pub(crate) fn find(&self, bytes: &[u8], start: usize, len: usize) -> Option<u16> {
        let class = self.quick().find(bytes, start, len, || self.further(bytes, start, len));
        (class != UNSURE).then_some(class)
    }

    /// The class of each cell.
    #[inline(always)]
    pub(crate) fn read(&self, bytes: &[u8], spots: &Spots, classes: &mut [u16]) {
        let quick = self.quick();
        for ((start, len), class) in spots.iter().zip(classes) {
            *class = quick.find(bytes, start, len, || self.further(bytes, start, len));
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
            if is_key && (len <= SHORT || self.is_long(at, bytes, start, len)) {
                return slot.class;
            }
            at = (at + 1) % self.slots.len();
        }
        UNSURE
    }

    fn is_long(&self, place: usize, bytes: &[u8], start: usize, len: usize) -> bool {
        self.long.get(&place).map(AsRef::as_ref) == bytes.get(start..start + len)
    }
}

/// The longest text that its two words hold.
const SHORT: usize = 16;

/// A text with room behind it.
fn padded(text: &str) -> Vec<u8> {
    let mut padded = text.as_bytes().to_vec();
    padded.resize(text.len() + super::PADDING, 0);
    padded
}

/// Two words of a text: all of it, or the first eight bytes and the last eight of a longer one.
#[inline(always)]
fn key(bytes: &[u8], start: usize, len: usize) -> (u64, u64) {
    match MASKS.get(len) {
        Some((low, high)) => {
            let both = bytes.get(start..).and_then(|rest| rest.first_chunk::<16>());
            let both = both.map_or(0, |both| u128::from_le_bytes(*both));
            (both as u64 & low, (both >> 64) as u64 & high)
        }
        None => (load(bytes, start), load(bytes, start.wrapping_add(len - 8))),
    }
}

/// The bits of the two words that a text of each length has.
const MASKS: [(u64, u64); SHORT + 1] = [
    (ones(0), 0),
    (ones(1), 0),
    (ones(2), 0),
    (ones(3), 0),
    (ones(4), 0),
    (ones(5), 0),
    (ones(6), 0),
    (ones(7), 0),
    (ones(8), 0),
    (u64::MAX, ones(1)),
    (u64::MAX, ones(2)),
    (u64::MAX, ones(3)),
    (u64::MAX, ones(4)),
    (u64::MAX, ones(5)),
    (u64::MAX, ones(6)),
    (u64::MAX, ones(7)),
    (u64::MAX, ones(8)),
];

#[cfg(test)]
mod tests {
    use super::Lexicon;

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
            }
        }
    }
}
