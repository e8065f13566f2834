//! The rows of a block of JSON objects, one a line, as columns.

use std::collections::HashMap;

use super::batch::Rows;
use super::blocks::Block;
use super::cells::{ROWS, STRIP, Spots};
use super::form::Form;
use super::ledger::Carry;
use super::scan::{Column, Scanner};
use super::simd::Processor;
use crate::diagnostic::Diagnostic;
use crate::ir::{FieldId, Id, Policy, tidy};
use crate::leads::objects;
use crate::leads::{Bound, Legacy, MAX_ROW, RawCell, RawRow, RowWriter, too_long, too_many_columns};
use crate::types::Type;

/// How many cells there may be for each byte of a block before rows are left to the scalar reader: an absent cell needs no byte.
const CELLS: usize = 4;

/// So many cells there may be in any case.
const FEW_CELLS: usize = 1 << 18;

/// JSON objects, of which one block is looked at.
#[derive(Debug, Clone)]
pub(super) struct Objects<'e> {
    policy: &'e Policy,
    scanner: Scanner,
    /// How many keys of the scanner later blocks have been told of.
    told: usize,
    bound: Bound,
    /// The column of each field.
    columns: Vec<usize>,
    width: usize,
    /// Where the cells are: for each 512 rows, column by column.
    cells: Vec<Column>,
    /// Where each row begins and ends, its line end not included.
    extents: Vec<(u32, u32)>,
    /// Rows whose cells are not known.
    odd: Vec<usize>,
    line_ends: u64,
    /// Why the block cannot be read to its end.
    broken: Option<Broken>,
}

/// Why a block cannot be read to its end.
#[derive(Debug, Clone)]
enum Broken {
    /// The row that begins there is too long.
    TooLong(usize),
    /// There are too many different keys.
    Keys(Diagnostic),
}

impl<'e> Objects<'e> {
    pub(super) fn new(policy: &'e Policy, bound: Bound) -> Objects<'e> {
        let mut by_key: HashMap<String, u32> = HashMap::new();
        let (mut columns, mut texts) = (Vec::new(), Vec::new());
        for (_, field) in policy.fields.iter() {
            let next = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            let column = *by_key.entry(tidy(&field.column)).or_insert(next);
            if column == next {
                texts.push(false);
            }
            if let Some(text) = texts.get_mut(column as usize) {
                *text |= field.ty == Type::Text;
            }
            columns.push(column as usize);
        }
        Objects {
            policy,
            width: texts.len(),
            scanner: Scanner::new(by_key, texts),
            told: 0,
            bound,
            columns,
            cells: Vec::new(),
            extents: Vec::new(),
            odd: Vec::new(),
            line_ends: 0,
            broken: None,
        }
    }

    /// Finds the rows of a block.
    pub(super) fn index(&mut self, block: &Block) {
        self.cells.clear();
        self.extents.clear();
        self.odd.clear();
        self.line_ends = 0;
        self.broken = None;
        let mut at = 0;
        while at < block.len && self.broken.is_none() {
            at = self.row(block, at);
        }
        self.bound.follow(self.policy, &self.scanner.keys.names);
    }

    /// Finds the row that begins at a place, if there is one, and says where the next line begins.
    fn row(&mut self, block: &Block, start: usize) -> usize {
        let row = self.extents.len();
        let first = row / ROWS * self.width;
        let cells = first + self.width;
        if self.cells.len() < cells && cells * ROWS <= FEW_CELLS.max(block.len * CELLS) {
            self.cells.resize(cells, [[0; ROWS]; 2]);
        }
        let columns = self.cells.get_mut(first..cells);
        let plain = columns.and_then(|columns| self.scanner.line(&block.padded, block.len, start, columns, row));
        let next = plain.unwrap_or_else(|| {
            let end = memchr::memchr(b'\n', block.bytes().get(start..).unwrap_or_default());
            end.map_or(block.len, |end| start + end + 1)
        });
        if next - start > MAX_ROW {
            self.broken = Some(Broken::TooLong(start));
            return next;
        }
        self.line_ends += 1;
        if plain.is_none() {
            let text = block.bytes().get(start..next).unwrap_or_default().trim_ascii_end();
            if text.is_empty() {
                return next;
            }
            // The scalar reader says which keys it has, if it has any.
            let keys = &mut self.scanner.keys;
            if let Err(fault) = objects::row(text.to_vec(), 0, 0, |key| keys.position(key), &mut Legacy::default()) {
                self.broken = Some(Broken::Keys(fault));
            }
            self.odd.push(row);
        }
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.extents.push((place(start), place(next)));
        next
    }
}

impl Form for Objects<'_> {
    type Rows<'f>
        = ObjectRows<'f>
    where
        Self: 'f;

    fn count(&self) -> usize {
        self.extents.len()
    }

    fn extent(&self, row: usize) -> (usize, usize) {
        self.extents.get(row).map_or((0, 0), |(start, end)| (*start as usize, *end as usize))
    }

    fn line_ends(&self, _: &Block) -> u64 {
        self.line_ends
    }

    fn lines(bytes: &[u8]) -> u64 {
        u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(0)
    }

    fn fault(&mut self, block: &Block, carry: &mut Carry) -> Option<Diagnostic> {
        let names = &self.scanner.keys.names;
        // What the thread has told of earlier blocks is known.
        let fits = names.iter().skip(self.told).all(|name| carry.keys.position(name).is_some());
        self.told = names.len();
        if !fits {
            return Some(too_many_columns());
        }
        self.broken.take().map(|broken| match broken {
            Broken::Keys(fault) => fault,
            Broken::TooLong(at) => too_long(carry.line + Self::lines(block.bytes().get(..at).unwrap_or_default())),
        })
    }

    fn rows<'f>(&'f self, block: &'f Block, from: usize) -> ObjectRows<'f> {
        let first = from / ROWS * self.width;
        let cells = self.cells.get(first..first + self.width).unwrap_or_default();
        ObjectRows { block, objects: self, cells, from, count: (self.count() - from).min(ROWS) }
    }

    fn closely(&self, bytes: &[u8], row: u64, line: u64, legacy: &mut Legacy) -> Option<RawRow> {
        let position = |key: &str| self.scanner.keys.known(key);
        objects::row(bytes.trim_ascii_end().to_vec(), row, line, position, legacy).ok()
    }

    fn names_are_plain(&self, _: &Block, _: &RowWriter) -> bool {
        false
    }

    fn bound(&self) -> &Bound {
        &self.bound
    }
}

/// Some rows of a block.
pub(super) struct ObjectRows<'b> {
    block: &'b Block,
    objects: &'b Objects<'b>,
    /// Where the cells of these rows are; nothing when that is not known of any of them.
    cells: &'b [Column],
    /// The first of the rows.
    from: usize,
    count: usize,
}

impl ObjectRows<'_> {
    fn column(&self, field: FieldId) -> Option<&Column> {
        self.cells.get(*self.objects.columns.get(field.position())?)
    }
}

impl Rows for ObjectRows<'_> {
    fn bytes(&self, _: FieldId) -> &[u8] {
        &self.block.padded
    }

    fn count(&self) -> usize {
        self.count
    }

    fn is_odd(&self, row: usize) -> bool {
        let odd = &self.objects.odd;
        !odd.is_empty() && odd.binary_search(&(self.from + row)).is_ok()
    }

    #[inline(always)]
    fn spots(&self, _: impl Processor, field: FieldId, from: usize, spots: &mut Spots) {
        spots.count = self.count.saturating_sub(from).min(STRIP);
        let Some([starts, lens]) = self.column(field) else {
            spots.lens.fill(0);
            return;
        };
        spots.starts.iter_mut().zip(starts.iter().skip(from)).for_each(|(to, start)| *to = *start);
        spots.lens.iter_mut().zip(lens.iter().skip(from)).for_each(|(to, len)| *to = *len);
    }

    #[inline(always)]
    fn plain(&self, field: FieldId, row: usize) -> Option<&str> {
        let [starts, lens] = self.column(field)?;
        let (start, len) = (*starts.get(row)? as usize, *lens.get(row)? as usize);
        let text = self.block.bytes().get(start..start.checked_add(len)?)?;
        let solid = |byte: &u8| (0x23..0x7F).contains(byte);
        // Of all values only the text of a string has a quote before it; of the others, numbers are as plain as that.
        let quoted = self.block.bytes().get(start.wrapping_sub(1)) == Some(&b'"');
        let begins = |byte: &u8| if quoted { solid(byte) } else { byte.is_ascii_digit() };
        let is_plain = text.first().is_some_and(begins) && text.last().is_some_and(solid);
        std::str::from_utf8(text).ok().filter(|_| is_plain)
    }

    fn cell<'r>(&'r self, field: FieldId, row: usize, _: &'r mut String) -> RawCell<'r> {
        let spot = self.column(field).and_then(|[starts, lens]| Some((*starts.get(row)?, *lens.get(row)?)));
        let bytes = self.block.bytes();
        let cell = match spot {
            None | Some((_, 0)) => Some(RawCell::Missing),
            Some((start, Spots::ODD)) => bytes.get(start as usize..).and_then(objects::first_cell),
            Some((start, len)) => {
                let text = bytes.get(start as usize..(start + len) as usize);
                let text = text.and_then(|text| std::str::from_utf8(text).ok());
                // Of all values only the text of a string has a quote before it.
                let quoted = bytes.get((start as usize).wrapping_sub(1)) == Some(&b'"');
                text.map(|text| if quoted { RawCell::Text(text.into()) } else { objects::cell(text) })
            }
        };
        cell.unwrap_or(RawCell::Garbled)
    }
}
