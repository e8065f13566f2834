//! The rows of a block of delimited data, as columns.

use std::borrow::Cow;

use super::batch::Rows;
use super::blocks::Block;
use super::cells::{ROWS, STRIP, Spots};
use super::separators::Cells;
use crate::ir::{FieldId, Id};
use crate::leads::RawCell;

/// Some rows of a block.
pub(super) struct BlockRows<'b> {
    pub(super) block: &'b Block,
    pub(super) cells: &'b Cells,
    /// The column of each field.
    pub(super) columns: &'b [usize],
    /// The first of the rows.
    pub(super) from: usize,
    /// The block as a text, when it is one.
    pub(super) text: Option<&'b str>,
}

impl BlockRows<'_> {
    /// Where the cell that stands between two places begins and how long it is, without its quotes; none when it must be put together.
    #[inline(always)]
    fn place(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let bytes = self.block.padded.as_slice();
        let at = |at: u32| bytes.get(at as usize).copied();
        let (start, end) = if end > start && at(end - 1) == Some(b'\r') { (start, end - 1) } else { (start, end) };
        if !self.block.quoted || end < start + 2 || at(start) != Some(b'"') {
            return Some((start, end - start));
        }
        let inside = bytes.get(start as usize + 1..end as usize - 1)?;
        // A quote in it is written twice.
        (at(end - 1) == Some(b'"') && memchr::memchr(b'"', inside).is_none()).then_some((start + 1, end - start - 2))
    }

    /// A stretch of the block as text.
    fn slice(&self, start: u32, end: u32) -> Option<&str> {
        let range = start as usize..end as usize;
        match self.text {
            Some(text) => text.get(range),
            None => std::str::from_utf8(self.block.bytes().get(range)?).ok(),
        }
    }

    /// The text of a cell that needs no second look: it has neither quotes nor blanks around it, nor anything but ASCII at its ends.
    #[inline(always)]
    pub(super) fn plain_text(&self, column: usize, row: usize) -> Option<&str> {
        let (start, end) = self.cells.cell(column, self.from + row)?;
        let text = self.text?.get(start as usize..end as usize)?;
        let solid = |byte: &u8| (0x23..0x7F).contains(byte);
        (text.as_bytes().first().is_some_and(solid) && text.as_bytes().last().is_some_and(solid)).then_some(text)
    }

    /// The text of a cell; none when it is none.
    pub(super) fn cell_text(&self, column: usize, row: usize) -> Option<Cow<'_, str>> {
        let (start, end) = self.cells.cell(column, self.from + row)?;
        if let Some((start, len)) = self.place(start, end) {
            return self.slice(start, start + len).map(Cow::Borrowed);
        }
        let inside = self.slice(start, end)?.trim_end_matches('\r').strip_prefix('"')?.strip_suffix('"')?;
        Some(Cow::Owned(inside.replace("\"\"", "\"")))
    }
}

impl Rows for BlockRows<'_> {
    fn bytes(&self) -> &[u8] {
        &self.block.padded
    }

    fn count(&self) -> usize {
        (self.cells.rows() - self.from).min(ROWS)
    }

    #[inline(always)]
    fn spots(&self, field: FieldId, from: usize, spots: &mut Spots) {
        let count = self.count().saturating_sub(from).min(STRIP);
        let column = self.columns.get(field.position()).copied().unwrap_or(usize::MAX);
        let rows = self.cells.of_rows(self.from + from, count).zip(spots.starts.iter_mut().zip(&mut spots.lens));
        let simple = !self.block.quoted && column + 1 < self.cells.width();
        match column.checked_sub(1) {
            Some(before) if simple => {
                for ((_, ends), (to_start, to_len)) in rows {
                    if let Some([end_before, end]) = ends.get(before..=column) {
                        (*to_start, *to_len) = (end_before + 1, end - end_before - 1);
                    }
                }
            }
            before => {
                for ((start, ends), (to_start, to_len)) in rows {
                    let start = before.map_or(start, |before| ends.get(before).map_or(0, |end| end + 1));
                    let end = ends.get(column).copied().unwrap_or(start);
                    (*to_start, *to_len) = self.place(start, end).unwrap_or((start, Spots::ODD));
                }
            }
        }
        spots.count = count;
    }

    fn cell(&self, field: FieldId, row: usize) -> RawCell<'_> {
        let column = self.columns.get(field.position()).copied();
        column.and_then(|column| self.cell_text(column, row)).map_or(RawCell::Garbled, RawCell::Text)
    }
}
