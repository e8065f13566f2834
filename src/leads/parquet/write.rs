//! Tables as Parquet: packed with Snappy, a row group at a time, and the same bytes for the same rows.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::SchemaDescPtr;
use arrow_array::builder::{Decimal128Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use crate::types::Number;

use super::super::write::{OutCell, OutColumn, OutKind};
use super::pack::RowGroup;

/// The digits of a decimal number, before and behind the point.
const DIGITS: u8 = 38;

/// So many rows, or bytes of text, are gathered before they are packed.
const GATHERED: (usize, usize) = (4096, 4 << 20);

/// So many rows, or packed bytes, are a row group.
const GROUP: (usize, usize) = (1 << 17, 32 << 20);

/// A table that is being written.
pub(in crate::leads) struct Sheet {
    writer: Writer,
    schema: Arc<Schema>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// How a table is being written.
enum Writer {
    /// By rows.
    Rows(ArrowWriter<Vec<u8>>),
    /// By row groups that are packed already.
    Groups(SerializedFileWriter<Vec<u8>>),
    /// In neither way any more: it could not be begun.
    Broken,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// The cells of a column that have not been packed yet.
#[derive(Debug)]
enum Column {
    Text(StringBuilder),
    Whole(Int64Builder),
    Decimal(Decimal128Builder, u8),
}

impl Column {
    fn new(kind: OutKind) -> Column {
        match kind {
            OutKind::Text => Column::Text(StringBuilder::new()),
            OutKind::Count | OutKind::Number { decimals: 0 } => Column::Whole(Int64Builder::new()),
            OutKind::Number { decimals } if decimals > DIGITS => Column::Text(StringBuilder::new()),
            OutKind::Number { decimals } => {
                let kind = DataType::Decimal128(DIGITS, i8::try_from(decimals).unwrap_or(i8::MAX));
                Column::Decimal(Decimal128Builder::new().with_data_type(kind), decimals)
            }
        }
    }

    fn kind(&self) -> DataType {
        match self {
            Column::Text(_) => DataType::Utf8,
            Column::Whole(_) => DataType::Int64,
            Column::Decimal(_, decimals) => DataType::Decimal128(DIGITS, i8::try_from(*decimals).unwrap_or(i8::MAX)),
        }
    }

    /// Takes a cell; says how many bytes of text it has.
    fn take(&mut self, cell: &OutCell<'_>) -> io::Result<usize> {
        match self {
            Column::Text(texts) => {
                let text = match cell {
                    OutCell::Missing => {
                        texts.append_null();
                        return Ok(0);
                    }
                    OutCell::Text(text) => *text,
                    OutCell::Number(number) => &number.to_string(),
                    OutCell::Count(count) => &count.to_string(),
                };
                texts.append_value(text);
                return Ok(text.len());
            }
            Column::Whole(numbers) => numbers.append_option(match cell {
                OutCell::Missing => None,
                OutCell::Text(text) => return Err(no_number(text)),
                OutCell::Number(number) => {
                    Some(number.to_i64().filter(|_| number.is_whole()).ok_or_else(|| too_large(number))?)
                }
                OutCell::Count(count) => Some(i64::try_from(*count).unwrap_or(i64::MAX)),
            }),
            Column::Decimal(numbers, decimals) => numbers.append_option(match cell {
                OutCell::Missing => None,
                OutCell::Text(text) => return Err(no_number(text)),
                OutCell::Number(number) => Some(unscaled(number, *decimals).ok_or_else(|| too_large(number))?),
                OutCell::Count(count) => {
                    let number = Number::whole(i128::from(*count));
                    Some(unscaled(&number, *decimals).ok_or_else(|| too_large(&number))?)
                }
            }),
        }
        Ok(0)
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Text(texts) => Arc::new(texts.finish()),
            Column::Whole(numbers) => Arc::new(numbers.finish()),
            Column::Decimal(numbers, _) => Arc::new(numbers.finish()),
        }
    }
}

/// A number without its point, so many digits before which it stands; none when it has more digits than there is room for.
fn unscaled(number: &Number, decimals: u8) -> Option<i128> {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let missing = usize::from(decimals).checked_sub(fraction.len())?;
    let digits = format!("{whole}{fraction}{}", "0".repeat(missing));
    let fits = digits.trim_start_matches('-').trim_start_matches('0').len() <= usize::from(DIGITS);
    digits.parse().ok().filter(|_| fits)
}

fn too_large(number: &Number) -> io::Error {
    io::Error::other(format!("{number} has more digits than a column of numbers in Parquet holds; write CSV instead"))
}

fn no_number(text: &str) -> io::Error {
    io::Error::other(format!("`{text}` is in a column of numbers"))
}

fn mixed_up() -> io::Error {
    io::Error::other("a table of rows cannot take row groups, nor the other way round")
}

fn fault(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

impl Sheet {
    /// Begins a table.
    pub(in crate::leads) fn new(columns: &[OutColumn]) -> io::Result<Sheet> {
        let builders: Vec<Column> = columns.iter().map(|column| Column::new(column.kind)).collect();
        let fields = columns.iter().zip(&builders);
        let fields = fields.map(|(column, builder)| Field::new(column.name.as_ref(), builder.kind(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("policyc version {}", env!("CARGO_PKG_VERSION")))
            .set_max_row_group_row_count(Some(GROUP.0))
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options).map_err(fault)?;
        let writer = Writer::Rows(writer);
        Ok(Sheet { writer, schema, columns: builders, rows: 0, bytes: 0 })
    }

    /// Takes a row; what is complete goes to `out`.
    pub(in crate::leads) fn row(&mut self, cells: &[OutCell<'_>], out: &mut impl Write) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.take(cell)?;
        }
        self.rows += 1;
        if self.rows >= GATHERED.0 || self.bytes >= GATHERED.1 {
            self.pack()?;
            if let Writer::Rows(writer) = &mut self.writer
                && writer.in_progress_size() >= GROUP.1
            {
                writer.flush().map_err(fault)?;
            }
            self.hand_over(out)?;
        }
        Ok(())
    }

    /// Takes a row group that is packed already. A table has either these or rows.
    pub(in crate::leads) fn group(&mut self, group: &RowGroup, out: &mut impl Write) -> io::Result<()> {
        if let Writer::Rows(_) = &self.writer
            && self.rows == 0
            && let Writer::Rows(writer) = std::mem::replace(&mut self.writer, Writer::Broken)
        {
            self.writer = Writer::Groups(writer.into_serialized_writer().map_err(fault)?.0);
        }
        let Writer::Groups(writer) = &mut self.writer else { return Err(mixed_up()) };
        let mut to = writer.next_row_group().map_err(fault)?;
        for (bytes, close) in group.columns.as_ref().map_err(|error| io::Error::other(error.clone()))? {
            to.append_column(bytes, close.clone()).map_err(fault)?;
        }
        to.close().map_err(fault)?;
        self.hand_over(out)
    }

    /// The schema of the table.
    pub(super) fn schema(self) -> io::Result<SchemaDescPtr> {
        let Writer::Rows(writer) = self.writer else { return Err(mixed_up()) };
        let (writer, _) = writer.into_serialized_writer().map_err(fault)?;
        Ok(writer.schema_descr().clone().into())
    }

    /// Ends the table.
    pub(in crate::leads) fn finish(mut self, out: &mut impl Write) -> io::Result<()> {
        self.pack()?;
        match &mut self.writer {
            Writer::Rows(writer) => writer.finish().map(drop).map_err(fault)?,
            Writer::Groups(writer) => writer.finish().map(drop).map_err(fault)?,
            Writer::Broken => {}
        }
        self.hand_over(out)
    }

    fn pack(&mut self) -> io::Result<()> {
        if self.rows > 0 {
            let columns = self.columns.iter_mut().map(Column::finish).collect();
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(io::Error::other)?;
            let Writer::Rows(writer) = &mut self.writer else { return Err(mixed_up()) };
            writer.write(&batch).map_err(fault)?;
            (self.rows, self.bytes) = (0, 0);
        }
        Ok(())
    }

    /// The writer counts the bytes by itself, so that those that are behind it can go.
    fn hand_over(&mut self, out: &mut impl Write) -> io::Result<()> {
        let ready = match &mut self.writer {
            Writer::Rows(writer) => writer.inner_mut(),
            Writer::Groups(writer) => writer.inner_mut(),
            Writer::Broken => return Ok(()),
        };
        out.write_all(ready)?;
        ready.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, unscaled};

    #[test]
    fn numbers_lose_their_point_and_nothing_else() {
        let of = |text: &str, decimals| unscaled(&Number::parse_decimal(text).ok()?, decimals);
        assert_eq!(of("-12.5", 2), Some(-1250));
        assert_eq!(of("0.05", 2), Some(5));
        assert_eq!(of("7", 1), Some(70));
        assert_eq!(of("0.125", 2), None);
        assert_eq!(of("999999999999999999", 18), Some(999_999_999_999_999_999 * 10_i128.pow(18)));
        assert_eq!(of("999999999999999999", 21), None);
    }
}
