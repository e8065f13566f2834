//! The parts of a Parquet file that say how large its other parts are, walked over before anything is made of them.
//!
//! They are written in Thrift's compact protocol. A damaged file may claim to hold anything; what is claimed is held against
//! what can be before memory is set aside for it.

use std::io::{self, Read};

/// How deep structures may be in each other.
const DEPTH: usize = 64;

/// Thrift's types.
const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

/// How pages are encoded whose values are positions in a dictionary.
const BY_DICTIONARY: [i64; 2] = [2, 8];

/// What the header of a page says.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// The bytes of the header itself.
    pub(super) header: u64,
    /// The bytes behind the header, as they stand in the file.
    pub(super) stored: i64,
    /// The same, unpacked.
    pub(super) unpacked: i64,
    /// How many values are in them, missing ones included; none in a dictionary.
    pub(super) values: i64,
    /// Whether the values are positions in a dictionary.
    pub(super) by_dictionary: bool,
}

/// The header of the page that a reader stands at.
pub(super) fn page(input: impl Read) -> io::Result<Page> {
    let mut walk = Walk { input, bytes: 0 };
    let mut page = Page::default();
    walk.structure(DEPTH, |walk, id, kind| match (id, kind) {
        (2, I32) => walk.zigzag().map(|size| page.unpacked = size),
        (3, I32) => walk.zigzag().map(|size| page.stored = size),
        // The two versions of data pages.
        (5 | 8, STRUCT) => walk.structure(DEPTH, |walk, field, kind| match (field, kind) {
            (1, I32) => walk.zigzag().map(|count| page.values = count),
            (2, I32) if id == 5 => walk.zigzag().map(|how| page.by_dictionary = BY_DICTIONARY.contains(&how)),
            (4, I32) if id == 8 => walk.zigzag().map(|how| page.by_dictionary = BY_DICTIONARY.contains(&how)),
            _ => walk.skip(kind, DEPTH),
        }),
        _ => walk.skip(kind, DEPTH),
    })?;
    Ok(Page { header: walk.bytes, ..page })
}

/// The number of columns at the top of the schema of a footer. An error when the schema is nested deeper than anybody nests, or
/// has other groups than it says.
pub(super) fn columns(footer: &[u8]) -> io::Result<usize> {
    let mut walk = Walk { input: footer, bytes: 0 };
    let mut children = Vec::new();
    walk.structure(DEPTH, |walk, id, kind| match (id, kind) {
        (2, LIST) => {
            let (count, kind) = walk.list()?;
            for _ in 0..count {
                let mut own = 0;
                if kind != STRUCT {
                    return Err(wrong());
                }
                walk.structure(DEPTH, |walk, id, kind| match (id, kind) {
                    (5, I32) => walk.zigzag().map(|count| own = count),
                    _ => walk.skip(kind, DEPTH),
                })?;
                children.push(own);
            }
            Ok(())
        }
        _ => walk.skip(kind, DEPTH),
    })?;
    shape(&children)
}

/// The children of the first of some elements, each of which is followed by as many children as it says.
fn shape(children: &[i64]) -> io::Result<usize> {
    // How many elements each open group still waits for.
    let mut open: Vec<i64> = Vec::new();
    for (position, own) in children.iter().enumerate() {
        match open.last_mut() {
            Some(waiting) => *waiting -= 1,
            None if position == 0 => {}
            None => return Err(wrong()),
        }
        if *own > 0 {
            open.push(*own);
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if *own < 0 || open.len() > DEPTH {
            return Err(wrong());
        }
    }
    let first = children.first().ok_or_else(wrong)?;
    if open.is_empty() { usize::try_from(*first).map_err(|_| wrong()) } else { Err(wrong()) }
}

fn wrong() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// Reads values one behind the other, and counts the bytes.
struct Walk<R> {
    input: R,
    bytes: u64,
}

impl<R: Read> Walk<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        self.bytes += 1;
        let [byte] = byte;
        Ok(byte)
    }

    fn pass(&mut self, bytes: u64) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.input).take(bytes), &mut io::sink())?;
        self.bytes += passed;
        if passed == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(wrong())
    }

    fn zigzag(&mut self) -> io::Result<i64> {
        let value = self.varint()?;
        let half = i64::try_from(value >> 1).map_err(|_| wrong())?;
        Ok(if value & 1 == 0 { half } else { -half - 1 })
    }

    /// The length of a list and the type of its items.
    fn list(&mut self) -> io::Result<(u64, u8)> {
        let head = self.byte()?;
        let short = u64::from(head >> 4);
        Ok((if short == 15 { self.varint()? } else { short }, head & 0x0F))
    }

    /// Hands each field of a structure, by its id and type, to `field`, which reads it.
    fn structure(
        &mut self,
        depth: usize,
        mut field: impl FnMut(&mut Self, i64, u8) -> io::Result<()>,
    ) -> io::Result<()> {
        if depth == 0 {
            return Err(wrong());
        }
        let mut id = 0;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0F;
            if kind == STOP {
                return Ok(());
            }
            id = if head >> 4 == 0 { self.zigzag()? } else { i64::wrapping_add(id, i64::from(head >> 4)) };
            field(self, id, kind)?;
        }
    }

    /// Passes over a field.
    fn skip(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        match kind {
            TRUE | FALSE => Ok(()),
            _ => self.skip_item(kind, depth),
        }
    }

    /// Passes over an item of a list; here a truth takes a byte.
    fn skip_item(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        let below = depth.checked_sub(1).ok_or_else(wrong)?;
        match kind {
            TRUE | FALSE | BYTE => self.pass(1),
            I16 | I32 | I64 => self.varint().map(drop),
            DOUBLE => self.pass(8),
            UUID => self.pass(16),
            BINARY => {
                let length = self.varint()?;
                self.pass(length)
            }
            LIST | SET => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_item(kind, below))
            }
            MAP => {
                let count = self.varint()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| {
                    self.skip_item(kinds >> 4, below)?;
                    self.skip_item(kinds & 0x0F, below)
                })
            }
            STRUCT => self.structure(below, |walk, _, kind| walk.skip(kind, below)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn groups_have_the_children_that_they_say() {
        assert_eq!(shape(&[2, 0, 1, 0]).ok(), Some(2));
        assert_eq!(shape(&[0]).ok(), Some(0));
        for wrong in [&[][..], &[2, 0], &[1, 0, 0], &[-1], &[1; 100], &[i64::MAX, 0]] {
            assert!(shape(wrong).is_err(), "{wrong:?}");
        }
    }
}
