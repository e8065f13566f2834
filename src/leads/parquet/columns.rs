//! Some rows of a Parquet file, column by column.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::DataType;

use crate::diagnostic::{Code, Diagnostic};

use super::super::MAX_ROW;
use super::super::raw::{Place, RawCell, RawRow, cell_at};
use super::cells::{self, Kind};

/// Some rows; of columns that are not wanted, there is nothing.
#[derive(Default)]
pub(crate) struct Columns {
    rows: usize,
    columns: Vec<Option<(ArrayRef, Kind)>>,
    /// Whether some row may be longer than a row can be.
    long: bool,
}

/// The values of a column, for those who want to look at many at once.
pub(crate) enum Values<'c> {
    /// Where in a list of texts each is.
    Keys(&'c [i32], Dictionary),
    /// Texts.
    Texts,
    /// Numbers, as whole numbers of steps; that many decimal places make a step. What does not fit is [`i64::MAX`].
    Numbers(Vec<i64>, u32),
    /// Days since 1970-01-01.
    Days(&'c [i32]),
    /// Truths.
    Truths,
    /// Whatever is only read cell by cell.
    Others,
}

/// The texts that a column has.
#[derive(Clone)]
pub(crate) struct Dictionary(ArrayRef);

impl Dictionary {
    /// Whether another one is the same because it is this one.
    pub(crate) fn is(&self, other: &Dictionary) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Its texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.as_string_opt::<i32>().into_iter().flat_map(StringArray::iter).map(Option::unwrap_or_default)
    }
}

impl Columns {
    /// The columns of a batch, which are these of so many.
    pub(super) fn new(batch: &RecordBatch, wanted: &[(usize, Kind)], width: usize) -> Columns {
        let mut columns = vec![None; width];
        for ((column, kind), array) in wanted.iter().zip(batch.columns()) {
            if let Some(slot) = columns.get_mut(*column) {
                *slot = Some((Arc::clone(array), *kind));
            }
        }
        let longest = batch.columns().iter().fold(0, |all: usize, array| all.saturating_add(cells::longest(array)));
        Columns { rows: batch.num_rows(), columns, long: longest > MAX_ROW }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether some row may be too long.
    pub(crate) fn may_be_long(&self) -> bool {
        self.long
    }

    /// Whether there is a column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.array(column).is_some()
    }

    fn array(&self, column: usize) -> Option<&(ArrayRef, Kind)> {
        self.columns.get(column)?.as_ref()
    }

    /// The values of a column. Those of missing ones mean nothing.
    pub(crate) fn values(&self, column: usize) -> Values<'_> {
        let Some((array, _)) = self.array(column) else { return Values::Others };
        macro_rules! whole {
            ($type:ty, $places:expr) => {{
                let values = array.as_primitive::<$type>().values().iter();
                Values::Numbers(values.map(|value| i64::try_from(*value).unwrap_or(i64::MAX)).collect(), $places)
            }};
        }
        let places = |scale: i8| u32::try_from(scale);
        match array.data_type() {
            DataType::Int8 => whole!(Int8Type, 0),
            DataType::Int16 => whole!(Int16Type, 0),
            DataType::Int32 => whole!(Int32Type, 0),
            DataType::Int64 => whole!(Int64Type, 0),
            DataType::UInt8 => whole!(UInt8Type, 0),
            DataType::UInt16 => whole!(UInt16Type, 0),
            DataType::UInt32 => whole!(UInt32Type, 0),
            DataType::UInt64 => whole!(UInt64Type, 0),
            DataType::Decimal32(_, scale) => {
                places(*scale).map_or(Values::Others, |places| whole!(Decimal32Type, places))
            }
            DataType::Decimal64(_, scale) => {
                places(*scale).map_or(Values::Others, |places| whole!(Decimal64Type, places))
            }
            DataType::Decimal128(_, scale) => {
                places(*scale).map_or(Values::Others, |places| whole!(Decimal128Type, places))
            }
            DataType::Date32 => Values::Days(array.as_primitive::<Date32Type>().values()),
            DataType::Boolean => Values::Truths,
            DataType::Utf8View => Values::Texts,
            DataType::Dictionary(..) => match array.as_dictionary_opt::<Int32Type>() {
                Some(dictionary) if dictionary.values().data_type() == &DataType::Utf8 => {
                    Values::Keys(dictionary.keys().values(), Dictionary(Arc::clone(dictionary.values())))
                }
                Some(_) | None => Values::Others,
            },
            _ => Values::Others,
        }
    }

    /// Hands on the rows in which a column has no value.
    pub(crate) fn missing(&self, column: usize, mut take: impl FnMut(usize)) {
        let Some((array, _)) = self.array(column) else { return (0..self.rows).for_each(take) };
        if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
            (!nulls.inner()).set_indices().for_each(&mut take);
        }
    }

    /// A truth.
    pub(crate) fn truths(&self, column: usize, mut take: impl FnMut(bool)) {
        let array = self.array(column).and_then(|(array, _)| array.as_boolean_opt());
        array.into_iter().flat_map(|array| array.values().iter()).for_each(&mut take);
    }

    /// The text of a cell, if it is one.
    #[inline]
    pub(crate) fn text(&self, column: usize, row: usize) -> Option<&str> {
        let (array, _) = self.array(column)?;
        if array.is_null(row) {
            return None;
        }
        if let Some(texts) = array.as_string_view_opt() {
            return Some(texts.value(row));
        }
        let dictionary = array.as_dictionary_opt::<Int32Type>()?;
        Some(dictionary.values().as_string_opt::<i32>()?.value(dictionary.key(row)?))
    }

    /// Hands on the texts of a column of [`Values::Texts`], for as long as `take` says so; says whether all were taken.
    pub(crate) fn texts(&self, column: usize, mut take: impl FnMut(Option<&str>) -> bool) -> bool {
        let texts = self.array(column).and_then(|(array, _)| array.as_string_view_opt());
        texts.is_none_or(|texts| texts.iter().all(&mut take))
    }

    /// A cell, put into `room` as far as that is needed.
    pub(crate) fn cell<'r>(&self, column: usize, row: usize, room: &'r mut String) -> RawCell<'r> {
        room.clear();
        let Some((array, kind)) = self.array(column) else { return RawCell::Missing };
        let place = cells::put(array, row, *kind, room);
        cell_at(room, &place)
    }

    /// A row as the scalar reader reads it.
    pub(crate) fn row(&self, row: usize, number: u64) -> Result<RawRow, Diagnostic> {
        let mut text = String::new();
        let mut places = vec![Place::Nowhere; self.columns.len()];
        for (column, place) in self.columns.iter().zip(&mut places) {
            if let Some((array, kind)) = column {
                *place = cells::put(array, row, *kind, &mut text);
            }
            if text.len() > MAX_ROW {
                return Err(Diagnostic::new(Code::P0605, format!("row {number} is longer than 16 MiB"))
                    .help("a file of leads has a row for each lead; is this one?"));
            }
        }
        Ok(RawRow { row: number, line: number, fault: None, text, cells: places })
    }
}
