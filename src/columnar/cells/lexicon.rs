//! A dictionary from texts to classes that is asked for every cell of a column.
//!
//! A text of up to 16 bytes is two words, which are its hash and its proof at once.

use std::collections::HashMap;

use super::{load, low_bytes};

/// An odd number whose bits look random, to spread keys over a table.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A place of the table.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    low: u64,
    high: u64,
    /// The length of the text, plus one; 0: the place is free.
    len: u32,
    class: u16,
}

/// Texts with their classes.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    slots: Vec<Slot>,
    /// The whole text of each place that holds one of more than 16 bytes.
    long: HashMap<usize, Box<[u8]>>,
    shift: u32,
}

impl Lexicon {
    /// A dictionary of texts that are all different.
    pub(crate) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, u16)>) -> Lexicon {
        let texts: Vec<(&str, u16)> = texts.into_iter().collect();
        let size = (texts.len() * 8).next_power_of_two().max(16);
        let mut lexicon =
            Lexicon { slots: vec![Slot::default(); size], long: HashMap::new(), shift: 64 - size.trailing_zeros() };
        for (text, class) in texts {
            let mut padded = text.as_bytes().to_vec();
            padded.resize(text.len() + super::PADDING, 0);
            let (low, high) = key(&padded, 0, text.len());
            let mut place = lexicon.place(low, high);
            while lexicon.slots.get(place).is_some_and(|slot| slot.len != 0) {
                place = (place + 1) % size;
            }
            if let Some(slot) = lexicon.slots.get_mut(place) {
                *slot = Slot { low, high, len: u32::try_from(text.len() + 1).unwrap_or(u32::MAX), class };
            }
            if text.len() > 16 {
                lexicon.long.insert(place, text.as_bytes().into());
            }
        }
        lexicon
    }

    #[inline(always)]
    fn place(&self, low: u64, high: u64) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(SPREAD);
        (mixed >> self.shift) as usize
    }

    /// The class of a text in `bytes`, behind which [`super::PADDING`] more bytes can be read.
    #[inline(always)]
    pub(crate) fn find(&self, bytes: &[u8], start: usize, len: usize) -> Option<u16> {
        let (low, high) = key(bytes, start, len);
        let mut place = self.place(low, high);
        loop {
            let slot = self.slots.get(place)?;
            if slot.len == 0 {
                return None;
            }
            if slot.low == low && slot.high == high && slot.len as usize == len + 1 {
                if len <= 16 || self.is_long(place, bytes, start, len) {
                    return Some(slot.class);
                }
            }
            place = (place + 1) % self.slots.len();
        }
    }

    #[cold]
    fn is_long(&self, place: usize, bytes: &[u8], start: usize, len: usize) -> bool {
        self.long.get(&place).map(AsRef::as_ref) == bytes.get(start..start + len)
    }
}

/// Two words of a text: all of it, or the first eight bytes and the last eight of a longer one.
#[inline(always)]
fn key(bytes: &[u8], start: usize, len: usize) -> (u64, u64) {
    let second = if len > 16 { start.wrapping_add(len - 8) } else { start + 8 };
    (load(bytes, start) & low_bytes(len), load(bytes, second) & low_bytes(len.saturating_sub(8)))
}

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
