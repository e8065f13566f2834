//! Leads in and decisions out: readers of CSV, TSV, NDJSON and JSON, cells to values, rejects, and writers.

use std::io::BufRead;

use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::Lead;

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

/// Leads, one after the other, from a stream; memory does not grow with their number.
pub struct Reader<'e> {
    _evaluator: &'e Evaluator<'e>,
}

impl<'e> Reader<'e> {
    /// Reads the header (or whatever comes first) and matches columns with fields.
    ///
    /// # Errors
    /// When the columns do not fit the policy, or nothing can be read at all.
    pub fn open(
        evaluator: &'e Evaluator<'e>,
        input: Box<dyn BufRead + 'e>,
        format: Format,
        show_personal: bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let _ = (input, format, show_personal);
        Ok(Reader { _evaluator: evaluator })
    }

    /// What is worth saying about the data so far, and only once: read as Windows-1252, cells counted as missing by
    /// `else missing`, footer lines skipped.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Iterator for Reader<'_> {
    /// A row, or why reading cannot go on.
    type Item = Result<Row, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}
