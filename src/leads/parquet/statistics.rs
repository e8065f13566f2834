//! What a row group says of a column before its values are read: the statistics that its writer left in the footer, and its dictionary.
//!
//! They are believed, as the lengths and the names of columns are. Ends in the old fields of the format are not looked at: some
//! programs wrote wrong ones there (<https://issues.apache.org/jira/browse/PARQUET-251>).

use std::sync::Arc;

use ::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use ::parquet::basic::{Encoding, Type as Physical};
use ::parquet::column::page::{Page, PageReader};
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use ::parquet::file::serialized_reader::SerializedPageReader;
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use super::cells::Kind;
use super::columns::{Columns, Values};
use super::{Chunks, Table, guarded};

/// What is known of the values of a column in a row group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Whether some rows may have no value.
    pub(crate) missing: bool,
    /// The values of the other rows.
    pub(crate) values: Extent,
}

/// What some values can be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// There are none.
    Nothing,
    /// Numbers from one to another, as whole numbers of steps; that many decimal places make a step.
    Numbers(i64, i64, u32),
    /// Days from one to another, counted from 1970-01-01.
    Days(i32, i32),
    /// Truths from one to another.
    Truths(bool, bool),
    /// These texts, and no others.
    Texts(Vec<String>),
}

/// A column of a row group.
struct Chunk<'t> {
    leaf: usize,
    field: &'t Field,
    group: &'t RowGroupMetaData,
    known: &'t ColumnChunkMetaData,
}

impl Table {
    /// What the statistics of a row group say of a column; none when they do not say enough.
    pub(super) fn bounds(&self, group: usize, column: usize) -> Option<Bounds> {
        let chunk = self.chunk(group, column)?;
        let statistics = chunk.known.statistics()?;
        let nulls = statistics.null_count_opt();
        let values = if nulls.is_some_and(|nulls| i64::try_from(nulls) == Ok(chunk.group.num_rows())) {
            Extent::Nothing
        } else if statistics.is_min_max_deprecated() {
            return None;
        } else {
            let schema = self.metadata.parquet_schema();
            let ends = guarded(|| {
                let known = StatisticsConverter::from_column_index(chunk.leaf, chunk.field, schema)?;
                Ok([known.row_group_mins([chunk.group])?, known.row_group_maxes([chunk.group])?])
            });
            extent(ends.ok()?)?
        };
        Some(Bounds { missing: nulls != Some(0), values })
    }

    /// The texts that a column of a row group has, if all of them are in its dictionary.
    pub(super) fn dictionary(&self, group: usize, column: usize) -> Option<Bounds> {
        let chunk = self.chunk(group, column)?;
        let DataType::Dictionary(_, texts) = chunk.field.data_type() else { return None };
        let is_text = **texts == DataType::Utf8 && chunk.known.column_type() == Physical::BYTE_ARRAY;
        if !is_text || chunk.known.dictionary_page_offset().is_none() || self.check(chunk.known).ok()? {
            return None;
        }
        let rows = usize::try_from(chunk.group.num_rows()).ok()?;
        let file = Arc::new(Chunks(self.file.clone()));
        let page = guarded(|| SerializedPageReader::new(file, chunk.known, rows, None)?.get_next_page()).ok()??;
        let Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN | Encoding::PLAIN_DICTIONARY, .. } = page
        else {
            return None;
        };
        let nulls = chunk.known.statistics().and_then(|known| known.null_count_opt());
        Some(Bounds { missing: nulls != Some(0), values: Extent::Texts(plain_texts(&buf, num_values)?) })
    }

    fn chunk(&self, group: usize, column: usize) -> Option<Chunk<'_>> {
        let schema = self.metadata.parquet_schema();
        let mut leaves = (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == column);
        let (leaf, None) = (leaves.next()?, leaves.next()) else { return None };
        let group = self.metadata.metadata().row_groups().get(group)?;
        let known = group.columns().get(leaf)?;
        let field = self.metadata.schema().fields().get(column)?;
        // A list has more values, or fewer, than there are rows.
        (known.num_values() == group.num_rows()).then_some(Chunk { leaf, field, group, known })
    }
}

/// So many texts, before each its length in four bytes.
fn plain_texts(mut bytes: &[u8], count: u32) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        texts.push(std::str::from_utf8(text).ok()?.to_owned());
        bytes = rest;
    }
    Some(texts)
}

/// What is between two values, each the only one of an array.
fn extent([low, high]: [ArrayRef; 2]) -> Option<Extent> {
    if low.is_null(0) || high.is_null(0) {
        return None;
    }
    if let (Some(low), Some(high)) = (low.as_string_opt::<i32>(), high.as_string_opt::<i32>()) {
        // Ends that were cut off are never the same: the upper one is then more than any of the values.
        return (low == high).then(|| Extent::Texts(vec![low.value(0).to_owned()]));
    }
    if let (Some(low), Some(high)) = (low.as_boolean_opt(), high.as_boolean_opt()) {
        return Some(Extent::Truths(low.value(0), high.value(0))).filter(|_| low.value(0) <= high.value(0));
    }
    let (low, high) = (alone(low)?, alone(high)?);
    match (low.values(0), high.values(0)) {
        (Values::Numbers(low, places), Values::Numbers(high, _)) => {
            let (low, high) = (*low.first()?, *high.first()?);
            (low <= high).then_some(Extent::Numbers(low, high, places))
        }
        (Values::Days(low), Values::Days(high)) => {
            let (low, high) = (*low.first()?, *high.first()?);
            (low <= high).then_some(Extent::Days(low, high))
        }
        (
            Values::Keys(..) | Values::Texts | Values::Numbers(..) | Values::Days(_) | Values::Truths | Values::Others,
            _,
        ) => None,
    }
}

/// A value as the only one of a column.
fn alone(value: ArrayRef) -> Option<Columns> {
    let field = Field::new("", value.data_type().clone(), true);
    let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![value]).ok()?;
    Some(Columns::new(&batch, &[(0, Kind::Plain)], 1))
}
