//! Leads in and decisions out: readers of CSV, TSV, NDJSON, JSON and Parquet, cells to values, rejects, and writers.

mod cell;
mod delimited;
mod encoding;
mod framed;
mod hint;
mod input;
mod json;
mod moment;
mod number;
pub(crate) mod objects;
mod packing;
mod paged;
mod parquet;
mod raw;
mod reader;
mod rows;
mod schema;
mod unique;
mod write;

use std::path::Path;

use crate::diagnostic::Code;
use crate::ir::Lead;

pub(crate) use cell::{CellReader, NO, YES};
pub use encoding::windows_1252;
pub use input::{Input, Stored};
pub use packing::{Packer, Packing};
pub(crate) use parquet::{Bounds, Columns, Dictionary, Extent, GroupPacker, Groups, Named, Values};
pub use parquet::{RowGroup, panics_are_caught};
pub(crate) use raw::{Legacy, Rest, Stretch, Tail, io_fault, notices, too_long, too_many_columns};
pub use raw::{RawCell, RawReader, RawRow, RowFault};
pub use reader::Reader;
pub(crate) use reader::{Bound, RowReader, UnreadCells};
pub(crate) use rows::{RowWriter, Wide};
pub use write::{OutCell, OutColumn, OutKind, REJECT_COLUMNS, TableWriter};

/// The most bytes that a row of the data may have.
pub const MAX_ROW: usize = 16 * 1024 * 1024;

/// The most columns (or different keys) that the data may have.
pub const MAX_COLUMNS: usize = 10_000;

/// How a file of leads is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Separated by `,`, `;`, tab or `|`, whichever the header shows.
    Csv,
    /// Separated by tabs.
    Tsv,
    /// A JSON object a line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format that the ending of a file's name says, in any case; a `.gz` or `.zst` behind it does not count.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Format> {
        let path = Packing::unpacked_path(path);
        path.extension().and_then(|ending| ending.to_str()).and_then(Format::from_name)
    }

    /// The format of a name: `csv`, `tsv`, `ndjson` (or `jsonl`), `json`, `parquet`, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "tsv" => Some(Format::Tsv),
            "ndjson" | "jsonl" => Some(Format::Ndjson),
            "json" => Some(Format::Json),
            "parquet" => Some(Format::Parquet),
            _ => None,
        }
    }

    /// What separates the cells of a row when such a file is written; none for JSON and Parquet.
    fn delimiter(self) -> Option<char> {
        match self {
            Format::Csv => Some(','),
            Format::Tsv => Some('\t'),
            Format::Ndjson | Format::Json | Format::Parquet => None,
        }
    }
}

/// A row of the data, counted from 1; the header does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A lead that fits its schema.
    Lead {
        /// Which row.
        row: u64,
        /// How it is called: its id, else the number of its line.
        name: String,
        /// What is known of it.
        lead: Lead,
    },
    /// A row that does not fit its schema.
    Rejected(Reject),
}

/// Why a row was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Which row.
    pub row: u64,
    /// How the lead is called: its id when that could be read, else the number of its line.
    pub name: String,
    /// Everything that is wrong with it.
    pub problems: Vec<Problem>,
}

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind of fault.
    pub code: Code,
    /// The column, when it is about one.
    pub column: Option<String>,
    /// The cell as it was; `•••` for a personal field unless those are shown.
    pub value: Option<String>,
    /// What is wrong, in words.
    pub message: String,
}
