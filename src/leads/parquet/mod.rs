//! Parquet files: their columns, and the row groups of those that are wanted, as Arrow batches.
//!
//! The `parquet` crate does the work. It trusts a file further than leads from anywhere deserve, so whatever it would set memory
//! aside for, or recurse over, is looked at first.

mod cells;
mod columns;
mod groups;
mod pack;
mod rows;
mod statistics;
mod thrift;
mod write;

use std::cell::Cell;
use std::collections::HashSet;
use std::io::{self, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::basic::{Compression, LogicalType, Type as Physical};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};
use ::parquet::file::reader::{ChunkReader, Length};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use bytes::Bytes;

use crate::diagnostic::{Code, Diagnostic};

use super::MAX_COLUMNS;
use super::input::{Part, Stored};

pub(crate) use columns::{Columns, Dictionary, Values};
pub(crate) use groups::Groups;
pub use pack::RowGroup;
pub(crate) use pack::{GroupPacker, Named};
pub(super) use rows::Rows;
pub(crate) use statistics::{Bounds, Extent};
pub(super) use write::Sheet;

/// What a Parquet file begins and ends with.
pub(super) const MAGIC: &[u8; 4] = b"PAR1";

/// The most bytes that a page may have when it is unpacked. Writers make pages of a megabyte or so, some of up to a hundred.
const MAX_PAGE: i64 = 256 << 20;

/// The most items that the lists of a column have in a row group. A few bytes may say that a list has billions.
const MAX_ITEMS: i64 = 1 << 27;

/// The most bytes that a value of fixed width may have.
const MAX_WIDTH: i32 = 1 << 16;

/// A Parquet file that is open.
#[derive(Debug)]
pub(super) struct Table {
    file: Stored,
    metadata: ArrowReaderMetadata,
}

impl Table {
    /// Reads the footer.
    pub(super) fn open(file: Stored) -> Result<Table, Diagnostic> {
        let footer = footer(&file)?;
        match thrift::columns(&footer) {
            Ok(count) if count > MAX_COLUMNS => return Err(super::raw::too_many_columns()),
            Ok(_) => {}
            Err(error) => return Err(damaged(&error)),
        }
        let metadata = guarded(|| {
            let metadata = ParquetMetaDataReader::decode_metadata(&footer)?;
            let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let known = ArrowReaderMetadata::try_new(Arc::new(metadata), plain)?;
            read_as(&known, &HashSet::new())
        })?;
        Ok(Table { file, metadata })
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.metadata.schema().fields().iter().map(|field| field.name().as_str())
    }

    /// Whether a column holds UUIDs.
    fn is_uuid(&self, column: usize) -> bool {
        let root = self.metadata.parquet_schema().root_schema();
        root.get_fields()
            .get(column)
            .is_some_and(|field| matches!(field.get_basic_info().logical_type_ref(), Some(LogicalType::Uuid)))
    }

    /// How many row groups there are.
    fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// How many rows a row group has.
    fn rows(&self, group: usize) -> u64 {
        let group = self.metadata.metadata().row_groups().get(group);
        group.and_then(|group| u64::try_from(group.num_rows()).ok()).unwrap_or(0)
    }

    /// How many bytes a row group has in the file.
    fn bytes(&self, group: usize) -> u64 {
        let group = self.metadata.metadata().row_groups().get(group);
        group.and_then(|group| u64::try_from(group.compressed_size()).ok()).unwrap_or(0)
    }

    /// Whether each value of a column is one that has a text.
    fn is_simple(&self, column: usize) -> bool {
        self.metadata.schema().fields().get(column).is_some_and(|field| match field.data_type() {
            DataType::Dictionary(_, values) => **values == DataType::Utf8,
            other => other.is_numeric() || other.is_temporal() || *other == DataType::Boolean,
        })
    }

    /// The rows of a row group: the wanted columns, in the order of the file, some rows at a time.
    fn group(&self, group: usize, columns: &[usize], batch: usize) -> Result<Batches, Diagnostic> {
        let schema = self.metadata.parquet_schema();
        let wanted: HashSet<usize> = columns.iter().copied().collect();
        let mut plain = HashSet::new();
        if let Some(chunks) = self.metadata.metadata().row_groups().get(group) {
            for (leaf, chunk) in chunks.columns().iter().enumerate() {
                if leaf < schema.num_columns() && wanted.contains(&schema.get_column_root_idx(leaf)) {
                    plain.extend(self.check(chunk)?.then(|| schema.get_column_root_idx(leaf)));
                }
            }
        }
        let mask = ProjectionMask::roots(schema, columns.iter().copied());
        let reader = guarded(|| {
            let metadata = if plain.is_empty() { self.metadata.clone() } else { read_as(&self.metadata, &plain)? };
            ParquetRecordBatchReaderBuilder::new_with_metadata(Chunks(self.file.clone()), metadata)
                .with_projection(mask)
                .with_row_groups(vec![group])
                .with_batch_size(batch)
                .build()
        })?;
        Ok(Batches(reader))
    }

    /// Holds what the pages of a column say of their size against what can be. Says whether some values are not in a dictionary.
    fn check(&self, chunk: &ColumnChunkMetaData) -> Result<bool, Diagnostic> {
        let packing = match chunk.compression() {
            Compression::BROTLI(_) => Some("Brotli"),
            Compression::LZO => Some("LZO"),
            Compression::UNCOMPRESSED
            | Compression::SNAPPY
            | Compression::GZIP(_)
            | Compression::LZ4
            | Compression::ZSTD(_)
            | Compression::LZ4_RAW => None,
        };
        if let Some(packing) = packing {
            return Err(Diagnostic::new(
                Code::P0601,
                format!("the leads cannot be read: the columns of the Parquet file are packed with {packing}"),
            )
            .help("write it with Snappy, Zstandard, gzip or LZ4"));
        }
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let (start, length) = (u64::try_from(start), u64::try_from(chunk.compressed_size()));
        let (Ok(mut at), Ok(length)) = (start, length) else { return Err(damaged(&wrong())) };
        let end = at.checked_add(length).filter(|end| *end <= self.file.length());
        let end = end.ok_or_else(|| damaged(&io::ErrorKind::UnexpectedEof.into()))?;
        let column = chunk.column_descr();
        if column.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY && column.type_length() > MAX_WIDTH {
            return Err(too_large(&format!("values of {} bytes", column.type_length())));
        }
        let mut items: i64 = 0;
        let mut plain = false;
        while at < end {
            let page = thrift::page(BufReader::with_capacity(256, self.file.from(at))).map_err(|e| damaged(&e))?;
            let stored = u64::try_from(page.stored).map_err(|_| damaged(&wrong()))?;
            items = items.saturating_add(page.values);
            plain |= page.values > 0 && !page.by_dictionary;
            if page.unpacked > MAX_PAGE {
                return Err(too_large(&format!("a page of {} bytes", page.unpacked)));
            }
            if items > MAX_ITEMS && column.max_rep_level() > 0 {
                return Err(too_large(&format!("lists of more than {MAX_ITEMS} items in a row group")));
            }
            at = at.checked_add(page.header).and_then(|at| at.checked_add(stored)).ok_or_else(|| damaged(&wrong()))?;
        }
        if at > end {
            return Err(damaged(&wrong()));
        }
        Ok(plain)
    }
}

/// The rows of a row group, some at a time.
struct Batches(ParquetRecordBatchReader);

impl Batches {
    fn next(&mut self) -> Result<Option<arrow_array::RecordBatch>, Diagnostic> {
        guarded(|| self.0.next().transpose().map_err(ParquetError::from))
    }
}

/// The bytes between the row groups and the end.
fn footer(file: &Stored) -> Result<Vec<u8>, Diagnostic> {
    let cut_off = || damaged(&io::ErrorKind::UnexpectedEof.into());
    let end = file.length().checked_sub(8).ok_or_else(cut_off)?;
    let tail = file.bytes(end, 8).map_err(|e| damaged(&e))?;
    let (length, magic) = tail.split_first_chunk().ok_or_else(cut_off)?;
    if magic == b"PARE" {
        return Err(encrypted());
    }
    if magic != MAGIC {
        return Err(cut_off());
    }
    let length = u32::from_le_bytes(*length);
    let start = end.checked_sub(u64::from(length)).ok_or_else(|| damaged(&wrong()))?;
    file.bytes(start, usize::try_from(length).unwrap_or(usize::MAX)).map_err(|e| damaged(&e))
}

/// The file as it is to be read: texts stay in their dictionaries or in the pages where they stand, so that a long one is held once
/// however often it comes up, and the old timestamps of twelve bytes do not overflow. `plain` are the columns that have values in no
/// dictionary.
fn read_as(known: &ArrowReaderMetadata, plain: &HashSet<usize>) -> ParquetResult<ArrowReaderMetadata> {
    let root = known.parquet_schema().root_schema();
    let fields = known.schema().fields().iter().zip(root.get_fields()).enumerate();
    let fields = fields.map(|(column, (field, parquet))| {
        let dictionary = |values| DataType::Dictionary(Box::new(DataType::Int32), Box::new(values));
        let of_texts = |data: &DataType| match data {
            DataType::Dictionary(_, values) => **values == DataType::Utf8,
            other => *other == DataType::Utf8,
        };
        let wanted = match field.data_type() {
            data if of_texts(data) && plain.contains(&column) => DataType::Utf8View,
            DataType::Utf8 | DataType::Binary => dictionary(field.data_type().clone()),
            DataType::Timestamp(TimeUnit::Nanosecond, None)
                if parquet.is_primitive() && parquet.get_physical_type() == Physical::INT96 =>
            {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            other => other.clone(),
        };
        Field::clone(field).with_data_type(wanted)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
    ArrowReaderMetadata::try_new(Arc::clone(known.metadata()), ArrowReaderOptions::new().with_schema(schema))
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread does what may panic on a damaged file, and is told as a fault of the file then.
#[must_use]
pub fn panics_are_caught() -> bool {
    GUARDED.get()
}

/// Does what the `parquet` crate does. On some damaged files it panics where it should say that they are damaged; whatever it held
/// then is not used again.
fn guarded<T>(read: impl FnOnce() -> ParquetResult<T>) -> Result<T, Diagnostic> {
    GUARDED.set(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    result.map_err(|_| damaged(&wrong()))?.map_err(|error| match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => damaged(&error),
            Err(error) => damaged(&io::Error::other(error)),
        },
        other => damaged(&io::Error::other(other)),
    })
}

fn wrong() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn damaged(error: &io::Error) -> Diagnostic {
    let what = match error.kind() {
        _ if error.raw_os_error().is_some() => return super::raw::io_fault(error),
        io::ErrorKind::UnexpectedEof => "the Parquet file ends in the middle: it was cut off".to_owned(),
        io::ErrorKind::InvalidData => "the Parquet file is damaged".to_owned(),
        _ => {
            let words = error.to_string();
            let mut short = words.as_str();
            let fronts = ["Parquet argument error: ", "Parquet error: ", "External: "];
            while let Some(rest) = fronts.iter().find_map(|front| short.strip_prefix(front)) {
                short = rest;
            }
            format!("the Parquet file is damaged: {short}")
        }
    };
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: {what}")).help("write or copy it once more")
}

/// What is told of a file that would take more memory than leads can need.
fn too_large(what: &str) -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: the Parquet file has {what}"))
        .help("write it with smaller row groups and pages; when they are small already, it is damaged")
}

/// What is told of an encrypted file.
pub(super) fn encrypted() -> Diagnostic {
    Diagnostic::new(Code::P0601, "the leads cannot be read: the Parquet file is encrypted")
        .help("write it without encryption, or export it as CSV or NDJSON")
}

/// A file as the `parquet` crate reads it.
struct Chunks(Stored);

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.0.length()
    }
}

impl ChunkReader for Chunks {
    type T = BufReader<Part>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::with_capacity(1024, self.0.from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        Ok(self.0.bytes(start, length)?.into())
    }
}
