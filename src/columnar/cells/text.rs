//! Texts in cells: which of the constants that are asked for each of them is, and what it contains.

use super::{Lexicon, Spots};
use crate::ir::TextTest;

/// How a text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum View {
    /// As it is.
    Plain,
    /// In lower case.
    Lower,
    /// What follows its only `@`, in lower case.
    Domain,
}

/// The constants that one view of a text is compared with. Every pattern is a stretch of words.
#[derive(Debug)]
pub(crate) struct Constants {
    pub(crate) view: View,
    /// Positions in `patterns`.
    pub(crate) lexicon: Lexicon,
    pub(crate) patterns: Vec<Vec<u64>>,
    /// The pattern of any other text.
    pub(crate) other: Vec<u64>,
    /// The pattern of a text that has no such view.
    pub(crate) none: Vec<u64>,
}

/// A test for pieces of a text.
#[derive(Debug)]
pub(crate) struct Pieces {
    pub(crate) view: View,
    pub(crate) test: TextTest,
    pub(crate) needles: Vec<String>,
    pub(crate) hit: Vec<u64>,
    pub(crate) miss: Vec<u64>,
    /// The pattern of a text that has no such view.
    pub(crate) none: Vec<u64>,
}

/// What a column of texts is asked.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The texts that mean missing, as `blank_view` shows them.
    pub(crate) blanks: Option<(View, Lexicon)>,
    pub(crate) constants: Vec<Constants>,
    pub(crate) pieces: Vec<Pieces>,
    /// The pattern of a missing text.
    pub(crate) empty: Vec<u64>,
}

/// Room for the views of a text.
#[derive(Debug, Default)]
pub(crate) struct Room {
    lower: Vec<u8>,
    domain: Vec<u8>,
}

impl Texts {
    #[inline(always)]
    /// The pattern of each cell goes to `put`, which adds it to its row; a cell that is not just its bytes goes to `unsure`.
    pub(crate) fn read(
        &self,
        bytes: &[u8],
        spots: &Spots,
        room: &mut Room,
        put: &mut impl FnMut(usize, &[u64]),
        unsure: &mut Vec<u16>,
    ) {
        for (row, (start, len)) in spots.iter().enumerate() {
            if len == Spots::ODD as usize {
                unsure.push(u16::try_from(row).unwrap_or(u16::MAX));
                continue;
            }
            match trimmed(bytes, start, len) {
                Some((start, len)) if len > 0 => self.one(bytes, start, len, room, &mut |pattern| put(row, pattern)),
                Some(_) => put(row, &self.empty),
                None => unsure.push(u16::try_from(row).unwrap_or(u16::MAX)),
            }
        }
    }

    /// The patterns of a text without blanks around it go to `put`.
    pub(crate) fn of(&self, text: &str, room: &mut Room, put: &mut impl FnMut(&[u64])) {
        const SHORT: usize = 64;
        let mut short = [0u8; SHORT + super::PADDING];
        match short.get_mut(..text.len()).filter(|_| text.len() <= SHORT) {
            Some(bytes) => {
                bytes.copy_from_slice(text.as_bytes());
                self.one(&short, 0, text.len(), room, put);
            }
            None => {
                let padded = [text.as_bytes(), &[0; super::PADDING]].concat();
                self.one(&padded, 0, text.len(), room, put);
            }
        }
    }

    #[inline(always)]
    fn one(&self, bytes: &[u8], start: usize, len: usize, room: &mut Room, put: &mut impl FnMut(&[u64])) {
        let mut views = Views { bytes, start, len, room, lower: None, domain: None };
        if let Some((view, blanks)) = &self.blanks
            && views.see(*view, |bytes, start, len| blanks.find(bytes, start, len).is_some()) == Some(true)
        {
            put(&self.empty);
            return;
        }
        for constants in &self.constants {
            let found = views.see(constants.view, |bytes, start, len| constants.lexicon.find(bytes, start, len));
            put(match found {
                Some(Some(class)) => constants.patterns.get(usize::from(class)).unwrap_or(&constants.other),
                Some(None) => &constants.other,
                None => &constants.none,
            });
        }
        for pieces in &self.pieces {
            let found = views.see(pieces.view, |bytes, start, len| {
                let text = bytes.get(start..start + len).unwrap_or_default();
                pieces.needles.iter().any(|needle| holds(pieces.test, text, needle))
            });
            put(match found {
                Some(true) => &pieces.hit,
                Some(false) => &pieces.miss,
                None => &pieces.none,
            });
        }
    }
}

/// The place of a cell without the blanks around it; none when it is not certain what a blank is in it.
#[inline(always)]
fn trimmed(bytes: &[u8], start: usize, len: usize) -> Option<(usize, usize)> {
    let solid = |byte: Option<&u8>| byte.is_some_and(|byte| (0x21..0x7F).contains(byte));
    if len > 0 && solid(bytes.get(start)) && solid(bytes.get(start + len - 1)) {
        return Some((start, len));
    }
    let text = std::str::from_utf8(bytes.get(start..start + len)?).ok()?;
    let from = len - text.trim_start().len();
    Some((start + from, text.trim().len()))
}

/// Whether a text passes a test: the same as [`TextTest::holds`], on bytes.
fn holds(test: TextTest, text: &[u8], needle: &str) -> bool {
    match test {
        TextTest::Whole => text == needle.as_bytes(),
        TextTest::Contains => memchr::memmem::find(text, needle.as_bytes()).is_some(),
        TextTest::StartsWith => text.starts_with(needle.as_bytes()),
        TextTest::EndsWith => text.ends_with(needle.as_bytes()),
        TextTest::ContainsWord => std::str::from_utf8(text).is_ok_and(|text| test.holds(text, needle)),
    }
}

/// The views of one text, each worked out when it is first looked at.
struct Views<'a> {
    bytes: &'a [u8],
    start: usize,
    len: usize,
    room: &'a mut Room,
    lower: Option<usize>,
    domain: Option<Option<usize>>,
}

impl Views<'_> {
    /// What `f` finds in a view; none when there is no such view.
    #[inline(always)]
    fn see<T>(&mut self, view: View, f: impl FnOnce(&[u8], usize, usize) -> T) -> Option<T> {
        match view {
            View::Plain => Some(f(self.bytes, self.start, self.len)),
            View::Lower => {
                let text = self.bytes.get(self.start..self.start + self.len).unwrap_or_default();
                let len = *self.lower.get_or_insert_with(|| lowered(text, &mut self.room.lower));
                Some(f(&self.room.lower, 0, len))
            }
            View::Domain => {
                let text = self.bytes.get(self.start..self.start + self.len).unwrap_or_default();
                let len = *self.domain.get_or_insert_with(|| domain(text, &mut self.room.domain));
                len.map(|len| f(&self.room.domain, 0, len))
            }
        }
    }
}

/// Puts a text in lower case into `room`, with room behind it, and says how long it is.
fn lowered(text: &[u8], room: &mut Vec<u8>) -> usize {
    room.clear();
    if text.is_ascii() {
        room.extend(text.iter().map(u8::to_ascii_lowercase));
    } else {
        room.extend_from_slice(String::from_utf8_lossy(text).to_lowercase().as_bytes());
    }
    let len = room.len();
    room.resize(len + super::PADDING, 0);
    len
}

/// The same for what follows the only `@`; none when there is not exactly one, or nothing behind it.
fn domain(text: &[u8], room: &mut Vec<u8>) -> Option<usize> {
    let at = memchr::memchr(b'@', text)?;
    let behind = text.get(at + 1..)?;
    if memchr::memchr(b'@', behind).is_some() {
        return None;
    }
    let (start, len) = trimmed(behind, 0, behind.len())?;
    let behind = behind.get(start..start + len)?;
    (!behind.is_empty()).then(|| lowered(behind, room))
}
