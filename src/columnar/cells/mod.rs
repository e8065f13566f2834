//! From the cells of a column to classes: numbers so small that a table says what each of them answers.
//!
//! All of this is the fast way only. A cell that it does not know at once is left to [`CellReader`](crate::leads), which knows the
//! whole truth about cells; nothing is rejected and nothing is guessed here.

mod lexicon;
mod moments;
mod numbers;
mod steps;
mod text;

pub(super) use lexicon::Lexicon;
pub(super) use moments::Days;
pub(super) use numbers::MAX_PLACES;
pub(super) use numbers::Numbers;
pub(super) use text::{Constants, Pieces, Room, Texts, View};

/// How many rows are worked on at a time.
pub(super) const ROWS: usize = 512;

/// How many rows are read column by column at a time: so few that their bytes stay close to the processor.
pub(super) const STRIP: usize = 256;

/// How many bytes can be read behind the last one of a stretch of cells, so that words can be loaded without asking.
pub(super) const PADDING: usize = 32;

/// The class of a cell that the fast way does not know.
pub(super) const UNSURE: u16 = u16::MAX;

/// The class of a cell that is empty.
pub(super) const EMPTY: u16 = 0;

/// Where the cells of one column are, row by row.
#[derive(Debug)]
pub(super) struct Spots {
    /// Where each begins.
    pub(super) starts: [u32; STRIP],
    /// How long each is; [`Spots::ODD`] for a cell that is not just its bytes.
    pub(super) lens: [u32; STRIP],
    /// How many rows there are.
    pub(super) count: usize,
}

impl Spots {
    /// The length of a cell that must be put together first, such as one with escapes.
    pub(super) const ODD: u32 = u32::MAX;

    pub(super) fn new() -> Box<Spots> {
        Box::new(Spots { starts: [0; STRIP], lens: [0; STRIP], count: 0 })
    }

    /// The place of each cell.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.starts.iter().zip(&self.lens).take(self.count).map(|(start, len)| (*start as usize, *len as usize))
    }
}

/// The eight bytes from `at` on, the first one lowest.
#[inline(always)]
pub(super) fn load(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => 0,
    }
}

/// Whether all bytes of a word are 9 at most.
#[inline(always)]
pub(super) fn all_digits(word: u64) -> bool {
    (word | word.wrapping_add(0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 == 0
}
