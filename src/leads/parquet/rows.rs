//! The rows of a Parquet file, one after the other.

use crate::diagnostic::Diagnostic;

use super::super::raw::RawRow;
use super::Table;
use super::columns::Columns;
use super::groups::{Group, Groups};

/// How many rows are read at a time.
const BATCH: usize = 1024;

/// Reads rows; of the columns that are not wanted, nothing is read.
pub(in crate::leads) struct Rows {
    groups: Groups,
    /// The row group that comes next.
    next: usize,
    group: Option<Group>,
    /// Some rows, and how many of them have been handed out.
    columns: Columns,
    taken: usize,
    /// How many rows have been handed out altogether.
    number: u64,
}

impl Rows {
    /// Reads all columns.
    pub(in crate::leads) fn new(table: Table) -> Rows {
        Rows { groups: Groups::new(table), next: 0, group: None, columns: Columns::default(), taken: 0, number: 0 }
    }

    /// The names of all columns.
    pub(in crate::leads) fn columns(&self) -> impl Iterator<Item = &str> {
        self.groups.columns()
    }

    /// Reads these columns only; for the others, rows have no cells from here on.
    pub(in crate::leads) fn only(&mut self, columns: &[usize]) {
        self.groups.retain(|column| columns.contains(&column));
    }

    /// The row groups, for those who read them on several threads.
    pub(in crate::leads) fn into_groups(self) -> Groups {
        self.groups
    }

    /// The next row.
    pub(in crate::leads) fn next(&mut self) -> Result<Option<RawRow>, Diagnostic> {
        while self.taken == self.columns.rows() {
            match self.batch()? {
                Some(columns) => (self.columns, self.taken) = (columns, 0),
                None => return Ok(None),
            }
        }
        self.taken += 1;
        self.number += 1;
        self.columns.row(self.taken - 1, self.number).map(Some)
    }

    fn batch(&mut self) -> Result<Option<Columns>, Diagnostic> {
        loop {
            if let Some(group) = &mut self.group
                && let Some(columns) = group.next()?
            {
                return Ok(Some(columns));
            }
            if self.next == self.groups.count() {
                return Ok(None);
            }
            self.group = Some(self.groups.open(self.next, BATCH, |_| true)?);
            self.next += 1;
        }
    }
}
