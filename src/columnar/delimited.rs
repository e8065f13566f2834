//! The rows of a block of delimited data, as columns.

use std::borrow::Cow;

use super::batch::Rows;
use super::blocks::Block;
use super::cells::{ROWS, STRIP, Spots};
use super::form::Form;
use super::ledger::Carry;
use super::separators::Cells;
use super::simd::Processor;
use crate::diagnostic::Diagnostic;
use crate::ir::{FieldId, Id, Policy};
use crate::leads::{Bound, Legacy, MAX_ROW, RawCell, RawRow, RowWriter, Stretch};

/// Delimited data, of which one block is looked at.
#[derive(Debug, Clone)]
pub(super) struct Table {
    delimiter: u8,
    width: usize,
    /// The column of each field.
    columns: Vec<usize>,
    bound: Bound,
    cells: Cells,
}

impl Table {
    pub(super) fn new(policy: &Policy, delimiter: u8, width: usize, bound: Bound) -> Table {
        let column = |(id, _)| bound.column(id).unwrap_or(usize::MAX);
        Table { delimiter, width, columns: policy.fields.iter().map(column).collect(), bound, cells: Cells::default() }
    }

    /// Finds the rows of a block. Says whether that was possible; otherwise they must be read one by one.
    pub(super) fn index(&mut self, block: &Block) -> bool {
        block.len <= MAX_ROW && self.cells.index(block.bytes(), self.delimiter, self.width, block.quoted, block.cr)
    }

    /// All rows of a block, to be read one by one.
    pub(super) fn stretch<'b>(&self, bytes: &'b [u8], row: u64, line: u64) -> Stretch<'b> {
        Stretch::new(bytes, self.delimiter, self.width, row, line)
    }
}

impl Form for Table {
    type Rows<'f> = BlockRows<'f>;

    fn count(&self) -> usize {
        self.cells.rows()
    }

    fn extent(&self, row: usize) -> (usize, usize) {
        (self.cells.start(row), self.cells.end(row))
    }

    fn line_ends(&self, block: &Block) -> u64 {
        // Without quotes every line end is one of a row.
        if block.quoted { Self::lines(block.bytes()) } else { u64::try_from(self.cells.rows()).unwrap_or(0) }
    }

    fn lines(bytes: &[u8]) -> u64 {
        let lf = memchr::memchr_iter(b'\n', bytes).count();
        let cr = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
        u64::try_from(lf + cr).unwrap_or(0)
    }

    fn fault(&mut self, _: &Block, _: &mut Carry) -> Option<Diagnostic> {
        None
    }

    fn rows<'f>(&'f self, block: &'f Block, from: usize) -> BlockRows<'f> {
        let count = (self.cells.rows() - from).min(ROWS);
        let base = self.cells.start(from);
        let bytes = block.bytes().get(base..self.cells.end(from + count.saturating_sub(1)));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        BlockRows { block, cells: &self.cells, columns: &self.columns, from, count, base, text }
    }

    fn closely(&self, bytes: &[u8], row: u64, line: u64, legacy: &mut Legacy) -> Option<RawRow> {
        let mut stretch = self.stretch(bytes, row - 1, line);
        let row = stretch.next()?;
        legacy.extend(stretch.legacy);
        Some(row)
    }

    fn names_are_plain(&self, block: &Block, writer: &RowWriter) -> bool {
        !block.quoted && writer.divides(self.delimiter)
    }

    fn bound(&self) -> &Bound {
        &self.bound
    }
}

/// Some rows of a block.
pub(super) struct BlockRows<'b> {
    block: &'b Block,
    cells: &'b Cells,
    /// The column of each field.
    columns: &'b [usize],
    /// The first of the rows.
    from: usize,
    count: usize,
    /// Where the first of them begins.
    base: usize,
    /// All of them as a text, when they are one.
    text: Option<&'b str>,
}

impl BlockRows<'_> {
    /// Where the cell that stands between two places begins and how long it is, without its quotes; none when it must be put together.
    #[inline(always)]
    fn place(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        let bytes = self.block.padded.as_slice();
        let at = |at: u32| bytes.get(at as usize).copied();
        let (start, end) = if end > start && at(end - 1) == Some(b'\r') { (start, end - 1) } else { (start, end) };
        if !self.block.quoted || end < start + 2 || at(start) != Some(b'"') {
            return Some((start, end.saturating_sub(start)));
        }
        let inside = bytes.get(start as usize + 1..end as usize - 1)?;
        // A quote in it is written twice.
        let plain = at(end - 1) == Some(b'"') && !(self.cells.doubled() && memchr::memchr(b'"', inside).is_some());
        plain.then_some((start + 1, end - start - 2))
    }

    /// A stretch of the rows as text.
    #[inline(always)]
    fn slice(&self, start: u32, end: u32) -> Option<&str> {
        let (start, end) = (start as usize, end as usize);
        match self.text {
            // One look at a text is cheaper than one at each piece of it.
            Some(text) => text.get(start.checked_sub(self.base)?..end.checked_sub(self.base)?),
            None => std::str::from_utf8(self.block.bytes().get(start..end)?).ok(),
        }
    }

    /// The text of a cell; none when it is none.
    fn cell_text(&self, column: usize, row: usize) -> Option<Cow<'_, str>> {
        let (start, end) = self.cells.cell(column, self.from + row)?;
        if let Some((start, len)) = self.place(start, end) {
            return self.slice(start, start + len).map(Cow::Borrowed);
        }
        let inside = self.slice(start, end)?.trim_end_matches('\r').strip_prefix('"')?.strip_suffix('"')?;
        Some(Cow::Owned(inside.replace("\"\"", "\"")))
    }
}

impl Rows for BlockRows<'_> {
    fn bytes(&self, _: FieldId) -> &[u8] {
        &self.block.padded
    }

    fn count(&self) -> usize {
        self.count
    }

    #[inline(always)]
    fn is_odd(&self, row: usize) -> bool {
        self.cells.is_odd(self.from + row)
            || self.text.is_none() && {
                let (start, end) = (self.cells.start(self.from + row), self.cells.end(self.from + row));
                self.block.bytes().get(start..end).is_none_or(|row| std::str::from_utf8(row).is_err())
            }
    }

    #[inline(always)]
    fn spots(&self, processor: impl Processor, field: FieldId, from: usize, spots: &mut Spots) {
        let count = self.count.saturating_sub(from).min(STRIP);
        let column = self.columns.get(field.position()).copied().unwrap_or(usize::MAX);
        let row = self.from + from;
        spots.count = count;
        let Some(behind) = self.cells.width().checked_sub(column.saturating_add(1)) else {
            spots.lens.fill(0);
            return;
        };
        let (starts, lens) = (&mut spots.starts, &mut spots.lens);
        let (starts, lens) = (starts.get_mut(..count).unwrap_or_default(), lens.get_mut(..count).unwrap_or_default());
        self.cells.column(processor, column, row, starts, lens);
        let places = starts.iter_mut().zip(lens);
        // The last cell of a row may end in a CR.
        if behind == 0 || self.cells.doubled() {
            for (start, end) in places {
                (*start, *end) = self.place(*start, *end).unwrap_or((*start, Spots::ODD));
            }
        } else if self.block.quoted {
            for (start, end) in places {
                // Where one quote is, another one is at the end.
                let quote = u32::from(self.block.padded.get(*start as usize) == Some(&b'"'));
                (*start, *end) = (*start + quote, end.saturating_sub(*start + 2 * quote));
            }
        } else {
            places.for_each(|(start, end)| *end = end.saturating_sub(*start));
        }
    }

    #[inline(always)]
    fn plain(&self, field: FieldId, row: usize) -> Option<&str> {
        let (start, end) = self.cells.cell(*self.columns.get(field.position())?, self.from + row)?;
        let text = self.slice(start, end)?;
        let solid = |byte: &u8| (0x23..0x7F).contains(byte);
        (text.as_bytes().first().is_some_and(solid) && text.as_bytes().last().is_some_and(solid)).then_some(text)
    }

    fn cell<'r>(&'r self, field: FieldId, row: usize, _: &'r mut String) -> RawCell<'r> {
        let column = self.columns.get(field.position()).copied();
        column.and_then(|column| self.cell_text(column, row)).map_or(RawCell::Garbled, RawCell::Text)
    }
}
