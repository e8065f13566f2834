//! The rows of a block of delimited data, as columns.

use std::borrow::Cow;

use super::batch::Rows;
use super::blocks::Block;
use super::cells::{ROWS, Spots};
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

    /// The bytes of a cell.
    pub(super) fn text(&self, column: usize, row: usize) -> Option<Cow<'_, str>> {
        let (start, end) = self.cells.column(column, self.from + row).next()?;
        let bytes = self.block.padded.as_slice();
        match self.place(start, end) {
            Some((start, len)) => {
                let bytes = bytes.get(start as usize..(start + len) as usize)?;
                std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
            }
            None => {
                let text = std::str::from_utf8(bytes.get(start as usize..end as usize)?).ok()?.trim_end_matches('\r');
                let inside = text.strip_prefix('"')?.strip_suffix('"')?;
                Some(Cow::Owned(inside.replace("\"\"", "\"")))
            }
        }
    }
}

impl Rows for BlockRows<'_> {
    fn bytes(&self) -> &[u8] {
        &self.block.padded
    }

    fn count(&self) -> usize {
        (self.cells.rows() - self.from).min(ROWS)
    }

    fn spots(&self, field: FieldId, spots: &mut Spots) {
        let count = self.count();
        let column = self.columns.get(field.position()).copied().unwrap_or(usize::MAX);
        let places = self.cells.column(column, self.from).take(count);
        for ((start, end), (to_start, to_len)) in places.zip(spots.starts.iter_mut().zip(&mut spots.lens)) {
            (*to_start, *to_len) = self.place(start, end).unwrap_or((start, Spots::ODD));
        }
        spots.count = count;
    }

    fn cell(&self, field: FieldId, row: usize) -> RawCell<'_> {
        let column = self.columns.get(field.position()).copied();
        column.and_then(|column| self.text(column, row)).map_or(RawCell::Garbled, RawCell::Text)
    }
}
