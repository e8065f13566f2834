//! Row groups of rows that only differ by a name and by one of a few endings, packed by any thread.
//!
//! The names stand side by side as the pages of a column hold them. What follows them is known before there are rows: it becomes the
//! dictionaries of the other columns, of which each row has a position.

use std::collections::BTreeMap;

use ::parquet::basic::{Compression, Encoding};
use ::parquet::column::page::{CompressedPage, Page, PageWriter};
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::errors::Result as ParquetResult;
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use ::parquet::schema::types::SchemaDescPtr;
use bytes::Bytes;

use super::super::write::{OutCell, OutColumn};
use super::write::Sheet;

/// So many rows, or bytes of names, are a row group.
const GROUP: (usize, usize) = (1 << 17, 32 << 20);

/// So many rows, or bytes of names, are a page.
const PAGE: (usize, usize) = (20_000, 1 << 20);

/// Rows, each with its name and its ending.
#[derive(Debug, Default, Clone)]
pub(crate) struct Named {
    /// The names, before each its length in four bytes.
    names: Vec<u8>,
    endings: Vec<u32>,
}

impl Named {
    /// Adds a row.
    #[inline(always)]
    pub(crate) fn push(&mut self, name: &str, ending: usize) {
        self.names.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.names.extend_from_slice(name.as_bytes());
        self.endings.push(u32::try_from(ending).unwrap_or(u32::MAX));
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.endings.is_empty()
    }

    /// Adds rows behind these.
    pub(crate) fn append(&mut self, later: &Named) {
        self.names.extend_from_slice(&later.names);
        self.endings.extend_from_slice(&later.endings);
    }

    /// Takes the first rows away when there are enough of them for a row group. Where it ends does not depend on how they came here.
    pub(crate) fn full(&mut self) -> Option<Named> {
        if self.endings.len() < GROUP.0 && self.names.len() < GROUP.1 {
            return None;
        }
        let (rows, bytes) = extent(&self.names, GROUP);
        let (names, endings) = (self.names.split_off(bytes), self.endings.split_off(rows));
        Some(std::mem::replace(self, Named { names, endings }))
    }
}

/// How many names are within a limit of rows and bytes, the one that reaches it included, and how many bytes these are.
fn extent(names: &[u8], (most, enough): (usize, usize)) -> (usize, usize) {
    let (mut rows, mut at) = (0, 0);
    while rows < most && at < enough {
        let Some(length) = names.get(at..).and_then(|rest| rest.first_chunk::<4>()) else { break };
        at += 4 + u32::from_le_bytes(*length) as usize;
        rows += 1;
    }
    (rows, at.min(names.len()))
}

/// A row group, packed.
#[derive(Debug, Clone)]
pub struct RowGroup {
    /// Its columns, or why they could not be packed.
    pub(super) columns: Result<Vec<(Bytes, ColumnCloseResult)>, String>,
    /// How many rows it has.
    pub(crate) rows: u64,
}

/// Packs rows.
#[derive(Debug)]
pub(crate) struct GroupPacker {
    schema: SchemaDescPtr,
    columns: Vec<Dictionary>,
}

/// The texts of a column.
#[derive(Debug)]
struct Dictionary {
    texts: Vec<String>,
    /// The position of each ending's text.
    positions: Vec<Option<u32>>,
}

impl Dictionary {
    /// The cells at a place of all endings. None when one is no text.
    fn new(endings: &[Vec<OutCell<'_>>], column: usize) -> Option<Dictionary> {
        let mut texts: Vec<String> = Vec::new();
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        let mut positions = Vec::new();
        for ending in endings {
            positions.push(match ending.get(column)? {
                OutCell::Missing => None,
                OutCell::Text(text) => {
                    let next = u32::try_from(texts.len()).ok()?;
                    Some(*known.entry(text).or_insert_with(|| {
                        texts.push((*text).to_owned());
                        next
                    }))
                }
                OutCell::Number(_) | OutCell::Count(_) => return None,
            });
        }
        Some(Dictionary { texts, positions })
    }

    fn position(&self, ending: u32) -> Option<u32> {
        self.positions.get(ending as usize).copied().flatten()
    }

    /// The bits of a position.
    fn width(&self) -> u32 {
        (usize::BITS - self.texts.len().saturating_sub(1).leading_zeros()).max(1)
    }
}

impl GroupPacker {
    /// Packs rows of a name and one of these endings. None when there is something else than texts in them.
    pub(crate) fn new(columns: &[OutColumn], endings: &[Vec<OutCell<'_>>]) -> Option<GroupPacker> {
        let schema = Sheet::new(columns).ok()?.schema().ok()?;
        let dictionaries = (0..columns.len().checked_sub(1)?).map(|column| Dictionary::new(endings, column));
        Some(GroupPacker { schema, columns: dictionaries.collect::<Option<Vec<Dictionary>>>()? })
    }

    /// Packs some rows.
    pub(crate) fn pack(&self, rows: &Named) -> RowGroup {
        let others = self.columns.iter().enumerate().map(|(at, column)| self.texts(at + 1, column, rows));
        let columns: ParquetResult<Vec<_>> = std::iter::once(self.names(rows)).chain(others).collect();
        RowGroup {
            columns: columns.map_err(|error| error.to_string()),
            rows: u64::try_from(rows.endings.len()).unwrap_or(u64::MAX),
        }
    }

    fn names(&self, rows: &Named) -> ParquetResult<(Bytes, ColumnCloseResult)> {
        let mut chunk = Chunk::new();
        let mut encoder = snap::raw::Encoder::new();
        let mut rest = rows.names.as_slice();
        while !rest.is_empty() {
            let (count, bytes) = extent(rest, PAGE);
            let (page, behind) = rest.split_at_checked(bytes).unwrap_or((rest, &[]));
            let mut data = Vec::with_capacity(page.len() + 16);
            present(count, &mut data);
            data.extend_from_slice(page);
            let packed =
                encoder.compress_vec(&data).map_err(|e| ::parquet::errors::ParquetError::External(Box::new(e)))?;
            chunk.page(packed, data.len(), count, Encoding::PLAIN)?;
            rest = behind;
        }
        chunk.close(&self.schema, 0, rows.endings.len(), Compression::SNAPPY, false)
    }

    fn texts(&self, at: usize, column: &Dictionary, rows: &Named) -> ParquetResult<(Bytes, ColumnCloseResult)> {
        let mut chunk = Chunk::new();
        let mut texts = Vec::new();
        for text in &column.texts {
            texts.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            texts.extend_from_slice(text.as_bytes());
        }
        chunk.dictionary(texts, column.texts.len())?;
        let mut data = Vec::new();
        let count = rows.endings.len();
        let width = column.width();
        if column.positions.iter().all(Option::is_some) {
            present(count, &mut data);
            data.push(u8::try_from(width).unwrap_or(u8::MAX));
            let table: Vec<u32> = column.positions.iter().map(|position| position.unwrap_or(0)).collect();
            packed(
                rows.endings.iter().map(|ending| table.get(*ending as usize).copied().unwrap_or(0)),
                width,
                &mut data,
            );
        } else {
            let mut levels = Vec::new();
            packed(rows.endings.iter().map(|ending| u32::from(column.position(*ending).is_some())), 1, &mut levels);
            data.extend_from_slice(&u32::try_from(levels.len()).unwrap_or(u32::MAX).to_le_bytes());
            data.extend_from_slice(&levels);
            data.push(u8::try_from(width).unwrap_or(u8::MAX));
            packed(rows.endings.iter().filter_map(|ending| column.position(*ending)), width, &mut data);
        }
        let bytes = data.len();
        chunk.page(data, bytes, count, Encoding::RLE_DICTIONARY)?;
        chunk.close(&self.schema, at, count, Compression::UNCOMPRESSED, true)
    }
}

/// Says of so many rows that each has a value.
fn present(count: usize, out: &mut Vec<u8>) {
    let mut run = Vec::new();
    varint(count << 1, &mut run);
    run.push(1);
    out.extend_from_slice(&u32::try_from(run.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&run);
}

/// Numbers of so many bits, side by side, eight at a time.
fn packed(numbers: impl Iterator<Item = u32> + Clone, width: u32, out: &mut Vec<u8>) {
    let eights = numbers.clone().count().div_ceil(8);
    if eights == 0 {
        return;
    }
    varint((eights << 1) | 1, out);
    let (mut word, mut bits) = (0_u64, 0);
    for number in numbers.chain(std::iter::repeat(0)).take(eights * 8) {
        word |= u64::from(number) << bits;
        bits += width;
        if bits >= 32 {
            out.extend_from_slice(&(word as u32).to_le_bytes());
            word >>= 32;
            bits -= 32;
        }
    }
    let left = (bits / 8) as usize;
    out.extend_from_slice(word.to_le_bytes().get(..left).unwrap_or_default());
}

fn varint(mut value: usize, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The pages of a column.
struct Chunk {
    out: TrackedWrite<Vec<u8>>,
    unpacked: usize,
    /// Where the data begin.
    data: Option<u64>,
}

impl Chunk {
    fn new() -> Chunk {
        Chunk { out: TrackedWrite::new(Vec::new()), unpacked: 0, data: None }
    }

    fn put(&mut self, page: Page, unpacked: usize) -> ParquetResult<u64> {
        let spec = SerializedPageWriter::new(&mut self.out).write_page(CompressedPage::new(page, unpacked))?;
        self.unpacked += spec.uncompressed_size;
        Ok(spec.offset)
    }

    fn dictionary(&mut self, texts: Vec<u8>, count: usize) -> ParquetResult<()> {
        let (unpacked, num_values) = (texts.len(), u32::try_from(count).unwrap_or(u32::MAX));
        let page = Page::DictionaryPage { buf: texts.into(), num_values, encoding: Encoding::PLAIN, is_sorted: false };
        self.put(page, unpacked).map(drop)
    }

    fn page(&mut self, bytes: Vec<u8>, unpacked: usize, count: usize, encoding: Encoding) -> ParquetResult<()> {
        let page = Page::DataPage {
            buf: bytes.into(),
            num_values: u32::try_from(count).unwrap_or(u32::MAX),
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let at = self.put(page, unpacked)?;
        self.data.get_or_insert(at);
        Ok(())
    }

    fn close(
        self,
        schema: &SchemaDescPtr,
        column: usize,
        rows: usize,
        compression: Compression,
        by_dictionary: bool,
    ) -> ParquetResult<(Bytes, ColumnCloseResult)> {
        let bytes = self.out.into_inner()?;
        let size = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        encodings.extend(by_dictionary.then_some(Encoding::RLE_DICTIONARY));
        let metadata = ColumnChunkMetaData::builder(schema.column(column))
            .set_compression(compression)
            .set_encodings(encodings)
            .set_num_values(size(rows))
            .set_total_compressed_size(size(bytes.len()))
            .set_total_uncompressed_size(size(self.unpacked))
            .set_data_page_offset(self.data.and_then(|at| i64::try_from(at).ok()).unwrap_or(0))
            .set_dictionary_page_offset(by_dictionary.then_some(0))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            rows_written: u64::try_from(rows).unwrap_or(u64::MAX),
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((bytes.into(), close))
    }
}
