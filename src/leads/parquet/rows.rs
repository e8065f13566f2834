//! The rows of a Parquet file, one after the other.

use arrow_array::{ArrayRef, RecordBatch};

use crate::diagnostic::{Code, Diagnostic};

use super::super::MAX_ROW;
use super::super::raw::Place;
use super::cells::{self, Kind};
use super::{Batches, Table};

/// Reads rows; of the columns that are not wanted, nothing is read.
pub(in crate::leads) struct Rows {
    table: Table,
    /// The columns that are read, in their order.
    wanted: Vec<usize>,
    /// How many columns there are.
    width: usize,
    /// The row group that comes next.
    group: usize,
    batches: Option<Batches>,
    /// The wanted columns of some rows, each with whether it holds UUIDs.
    columns: Vec<(usize, ArrayRef, Kind)>,
    /// How many rows these have, and how many of them have been handed out.
    rows: usize,
    taken: usize,
    /// How many rows have been handed out altogether.
    number: u64,
}

impl Rows {
    /// Reads all columns.
    pub(in crate::leads) fn new(table: Table) -> Rows {
        let width = table.columns().count();
        let wanted = (0..width).collect();
        Rows { table, wanted, width, group: 0, batches: None, columns: Vec::new(), rows: 0, taken: 0, number: 0 }
    }

    /// The names of all columns.
    pub(in crate::leads) fn columns(&self) -> impl Iterator<Item = &str> {
        self.table.columns()
    }

    /// Reads these columns only; for the others, rows have no cells from here on.
    pub(in crate::leads) fn only(&mut self, columns: &[usize]) {
        self.wanted.retain(|column| columns.contains(column));
    }

    /// The text of the next row, and where in it its cells are.
    pub(in crate::leads) fn next(&mut self) -> Result<Option<(String, Vec<Place>)>, Diagnostic> {
        while self.taken == self.rows {
            match self.batch()? {
                Some(batch) => self.take(&batch),
                None => return Ok(None),
            }
        }
        let row = self.taken;
        self.taken += 1;
        self.number += 1;
        let mut text = String::new();
        let mut places = vec![Place::Nowhere; self.width];
        for (column, array, kind) in &self.columns {
            if let Some(place) = places.get_mut(*column) {
                *place = cells::put(array, row, *kind, &mut text);
            }
            if text.len() > MAX_ROW {
                return Err(Diagnostic::new(Code::P0605, format!("row {} is longer than 16 MiB", self.number))
                    .help("a file of leads has a row for each lead; is this one?"));
            }
        }
        Ok(Some((text, places)))
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>, Diagnostic> {
        loop {
            if let Some(batches) = &mut self.batches
                && let Some(batch) = batches.next()?
            {
                return Ok(Some(batch));
            }
            if self.group == self.table.groups() {
                return Ok(None);
            }
            self.batches = Some(self.table.group(self.group, &self.wanted)?);
            self.group += 1;
        }
    }

    fn take(&mut self, batch: &RecordBatch) {
        let kind = |column: usize| if self.table.is_uuid(column) { Kind::Uuid } else { Kind::Plain };
        let columns = self.wanted.iter().zip(batch.columns());
        self.columns = columns.map(|(column, array)| (*column, array.clone(), kind(*column))).collect();
        self.rows = batch.num_rows();
        self.taken = 0;
    }
}
