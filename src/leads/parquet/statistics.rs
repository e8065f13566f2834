//! What a row group says of a column before it is read: the statistics that its writer left in the footer.
//!
//! They are believed, as the lengths and the names of columns are. Those in the old fields of the format are not looked at: some
//! programs wrote wrong ones there (<https://issues.apache.org/jira/browse/PARQUET-251>).

use std::sync::Arc;

use ::parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::Schema;

use super::cells::Kind;
use super::columns::{Columns, Values};
use super::{Table, guarded};

/// What is known of the values of a column in a row group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Whether some rows have no value.
    pub(crate) missing: bool,
    /// The values of the other rows.
    pub(crate) values: Extent,
}

/// Between which values all of some values are, these two included.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// There are none.
    Nothing,
    /// Numbers, as whole numbers of steps; that many decimal places make a step.
    Numbers(i64, i64, u32),
    /// Days since 1970-01-01.
    Days(i32, i32),
    /// Truths.
    Truths(bool, bool),
    /// All are this text.
    Text(String),
}

impl Table {
    /// What the statistics of a row group say of a column; none when they do not say enough.
    pub(super) fn bounds(&self, group: usize, column: usize) -> Option<Bounds> {
        let schema = self.metadata.parquet_schema();
        let mut leaves = (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == column);
        let (leaf, None) = (leaves.next()?, leaves.next()) else { return None };
        let group = self.metadata.metadata().row_groups().get(group)?;
        let chunk = group.columns().get(leaf)?;
        let statistics = chunk.statistics().filter(|known| !known.is_min_max_deprecated())?;
        let rows =
            u64::try_from(group.num_rows()).ok().filter(|rows| i64::try_from(*rows) == Ok(chunk.num_values()))?;
        let missing = statistics.null_count_opt().filter(|missing| *missing <= rows)?;
        let values = if missing == rows {
            Extent::Nothing
        } else {
            let field = self.metadata.schema().fields().get(column)?;
            let ends = guarded(|| {
                let known = StatisticsConverter::from_column_index(leaf, field, schema)?;
                Ok([known.row_group_mins([group])?, known.row_group_maxes([group])?])
            });
            extent(ends.ok()?)?
        };
        Some(Bounds { missing: missing > 0, values })
    }
}

/// What is between two values, each the only one of an array.
fn extent([low, high]: [ArrayRef; 2]) -> Option<Extent> {
    if low.is_null(0) || high.is_null(0) {
        return None;
    }
    if let (Some(low), Some(high)) = (low.as_string_opt::<i32>(), high.as_string_opt::<i32>()) {
        // Ends that were cut off are never the same: the upper one is then more than any of the values.
        return (low == high).then(|| Extent::Text(low.value(0).to_owned()));
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
    let field = arrow_schema::Field::new("", value.data_type().clone(), true);
    let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![value]).ok()?;
    Some(Columns::new(&batch, &[(0, Kind::Plain)], 1))
}
