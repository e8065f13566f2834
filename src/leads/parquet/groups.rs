//! The row groups of a Parquet file, each of which may be read by a thread of its own.

use crate::diagnostic::Diagnostic;

use super::cells::Kind;
use super::columns::Columns;
use super::statistics::Bounds;
use super::{Batches, Table, damaged, wrong};

/// A Parquet file, of which some columns are wanted.
pub(crate) struct Groups {
    table: Table,
    /// The columns that are read, in their order.
    wanted: Vec<usize>,
    /// How many columns there are.
    width: usize,
}

impl Groups {
    /// All columns are wanted.
    pub(super) fn new(table: Table) -> Groups {
        let width = table.columns().count();
        Groups { table, wanted: (0..width).collect(), width }
    }

    /// The names of all columns.
    pub(in crate::leads) fn columns(&self) -> impl Iterator<Item = &str> {
        self.table.columns()
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Wants only columns that pass a test, of those that were wanted so far.
    pub(crate) fn retain(&mut self, wanted: impl Fn(usize) -> bool) {
        self.wanted.retain(|column| wanted(*column));
    }

    /// Whether each value of a column is one that has a text.
    pub(crate) fn is_simple(&self, column: usize) -> bool {
        self.table.is_simple(column)
    }

    /// How many row groups there are.
    pub(crate) fn count(&self) -> usize {
        self.table.groups()
    }

    /// How many rows a row group has.
    pub(crate) fn rows(&self, group: usize) -> u64 {
        self.table.rows(group)
    }

    /// How many bytes a row group has in the file.
    pub(crate) fn bytes(&self, group: usize) -> u64 {
        self.table.bytes(group)
    }

    /// What the statistics of a row group say of a column; none when they do not say enough.
    pub(crate) fn bounds(&self, group: usize, column: usize) -> Option<Bounds> {
        self.table.bounds(group, column)
    }

    /// What the dictionary of a column says of a row group; none when not all values are texts in it.
    pub(crate) fn dictionary(&self, group: usize, column: usize) -> Option<Bounds> {
        self.table.dictionary(group, column)
    }

    /// Begins to read those of the wanted columns of a row group that pass a test, so many rows at a time.
    pub(crate) fn open(&self, group: usize, batch: usize, read: impl Fn(usize) -> bool) -> Result<Group, Diagnostic> {
        let wanted: Vec<usize> = self.wanted.iter().copied().filter(|column| read(*column)).collect();
        let batches = self.table.group(group, &wanted, batch)?;
        let kind = |column: usize| if self.table.is_uuid(column) { Kind::Uuid } else { Kind::Plain };
        let columns = wanted.into_iter().map(|column| (column, kind(column))).collect();
        Ok(Group { batches, columns, width: self.width, left: self.rows(group) })
    }
}

/// A row group that is being read.
pub(crate) struct Group {
    batches: Batches,
    columns: Vec<(usize, Kind)>,
    width: usize,
    /// How many rows must still come.
    left: u64,
}

impl Group {
    /// The next rows; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Columns>, Diagnostic> {
        let batch = self.batches.next()?;
        let rows = batch.as_ref().map_or(0, |batch| u64::try_from(batch.num_rows()).unwrap_or(u64::MAX));
        self.left = self.left.checked_sub(rows).ok_or_else(|| damaged(&wrong()))?;
        match batch {
            Some(batch) => Ok(Some(Columns::new(&batch, &self.columns, self.width))),
            None if self.left > 0 => Err(damaged(&wrong())),
            None => Ok(None),
        }
    }
}
