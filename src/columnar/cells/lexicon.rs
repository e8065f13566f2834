//! A dictionary from texts to classes that is asked for every cell of a column.
//!
//! A text of up to 16 bytes is two words, which are its hash and its proof at once.

use std::collections::HashMap;

use super::load;

/// An odd number whose bits look random, to spread keys over a table.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

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
    shift: u32,
}

impl Lexicon {
    /// A dictionary of texts that are all different.
    pub(crate) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, u16)>) -> Lexicon {
        let texts: Vec<(&str, u16)> = texts.into_iter().collect();
        let size = (texts.len() * 8).next_power_of_two().max(16);
        let free = Slot { low: 0, high: 0, len: FREE, class: 0 };
        let mut lexicon =
            Lexicon { slots: vec![free; size], long: HashMap::new(), shift: 64 - size.trailing_zeros() };
        for (text, class) in texts {
            let mut padded = text.as_bytes().to_vec();
            padded.resize(text.len() + super::PADDING, 0);
            let (low, high) = key(&padded, 0, text.len());
            let mut place = lexicon.place(low, high);
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

    #[inline(always)]
    fn place(&self, low: u64, high: u64) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(SPREAD);
        (mixed >> self.shift) as usize
    }

    /// The class of a text in `bytes`, behind which [`super::PADDING`] more bytes can be read.
    #[inline(always)]
    pub(crate) fn find(&self, bytes: &[u8], start: usize, len: usize) -> Option<u16> {
        let (low, high) = key(bytes, start, len);
        let place = self.place(low, high);
        let slot = self.slots.get(place)?;
        // One comparison in place of three.
        if (slot.low ^ low) | (slot.high ^ high) | (u64::from(slot.len) ^ len as u64) == 0 && len <= SHORT {
            return Some(slot.class);
        }
        if slot.len == FREE { None } else { self.further(bytes, start, len) }
    }

    /// The same for a text that is not where it would be best, or long.
    #[cold]
    fn further(&self, bytes: &[u8], start: usize, len: usize) -> Option<u16> {
        let (low, high) = key(bytes, start, len);
        let mut place = self.place(low, high);
        loop {
            let slot = self.slots.get(place)?;
            if slot.len == FREE {
                return None;
            }
            let is_key = slot.low == low && slot.high == high && slot.len as usize == len;
            if is_key && (len <= SHORT || self.is_long(place, bytes, start, len)) {
                return Some(slot.class);
            }
            place = (place + 1) % self.slots.len();
        }
    }

    fn is_long(&self, place: usize, bytes: &[u8], start: usize, len: usize) -> bool {
        self.long.get(&place).map(AsRef::as_ref) == bytes.get(start..start + len)
    }
}

/// The longest text that its two words hold.
const SHORT: usize = 16;

/// Two words of a text: all of it, or the first eight bytes and the last eight of a longer one.
#[inline(always)]
fn key(bytes: &[u8], start: usize, len: usize) -> (u64, u64) {
    match MASKS.get(len) {
        Some((low, high)) => (load(bytes, start) & low, load(bytes, start + 8) & high),
        None => (load(bytes, start), load(bytes, start.wrapping_add(len - 8))),
    }
}

/// The bits of the two words that a text of each length has.
const MASKS: [(u64, u64); SHORT + 1] = {
    let mut masks = [(u64::MAX, u64::MAX); SHORT + 1];
    let mut len = 0;
    while len < 8 {
        masks[len] = ((1 << (8 * len)) - 1, 0);
        masks[len + 8] = (u64::MAX, (1 << (8 * len)) - 1);
        len += 1;
    }
    masks
};

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
