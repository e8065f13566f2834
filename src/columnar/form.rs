//! The forms that data comes in: how the rows of a block are found, shown as columns, and read closely.

use super::batch::Rows;
use super::blocks::Block;
use super::delimited::Table;
use super::ledger::Carry;
use super::ndjson::Objects;
use crate::diagnostic::Diagnostic;
use crate::leads::{Bound, Legacy, RawRow, RowWriter};

/// A block whose rows have been found.
pub(super) trait Form {
    /// Up to 512 of its rows.
    type Rows<'f>: Rows
    where
        Self: 'f;

    /// How many rows it has.
    fn count(&self) -> usize;

    /// Where a row begins and ends.
    fn extent(&self, row: usize) -> (usize, usize);

    /// How many lines end in it.
    fn line_ends(&self, block: &Block) -> u64;

    /// How many lines end in some bytes that do not end within a line end.
    fn lines(bytes: &[u8]) -> u64;

    /// Why reading cannot go on behind it, given what comes before it. What comes behind it is told what must be known there.
    fn fault(&mut self, block: &Block, carry: &mut Carry) -> Option<Diagnostic>;

    /// The rows from `from` on.
    fn rows<'f>(&'f self, block: &'f Block, from: usize) -> Self::Rows<'f>;

    /// A row as the scalar reader reads it.
    fn closely(&self, bytes: &[u8], row: u64, line: u64, legacy: &mut Legacy) -> Option<RawRow>;

    /// Whether no name holds anything that divides cells or rows of the output.
    fn names_are_plain(&self, block: &Block, writer: &RowWriter) -> bool;

    /// The column of each field.
    fn bound(&self) -> &Bound;
}

/// Any of the forms.
#[derive(Debug, Clone)]
pub(super) enum AnyForm<'e> {
    Table(Table),
    Objects(Objects<'e>),
}
