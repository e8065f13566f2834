//! Rows as they stand in the data, whatever the format: columns, and for each row its cells, before any type is known.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::BufRead;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::tidy;

use super::delimited::{self, Record, Records};
use super::input::Input;
use super::json::{self, Element};
use super::objects::{self, Keys};
use super::packing::Packing;
use super::parquet::{self, Groups, Rows, Table};
use super::{Format, MAX_COLUMNS, encoding};

/// At most so many rows, of at most so many bytes each, are taken for the footer of a report.
const FOOTER: (usize, usize) = (20, 1000);

/// A cell as it stands in the data, blanks around it and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawCell<'r> {
    /// There is none: JSON `null`, or an object without this key.
    Missing,
    /// A text; every cell of a CSV file is one, and of Parquet the days and times, too.
    Text(Cow<'r, str>),
    /// A JSON number, as it is written there, or a number of a Parquet file, as JSON would write it.
    Number(&'r str),
    /// `true` or `false` in JSON and Parquet.
    Bool(bool),
    /// A list of cells in JSON and Parquet.
    List(Vec<RawCell<'r>>),
    /// A JSON object, a list in a list, or whatever in Parquet has no single value.
    Nested,
    /// A JSON text that holds half of a character, or bytes in Parquet that are no text.
    Garbled,
    /// The key stands twice in its object.
    Repeated,
}

/// Why a row has no cells that one could rely on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// It has not as many cells as the header.
    Width {
        /// How many it has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A cell goes on behind its closing quote.
    Quote,
    /// It is not JSON; why not, in words.
    NotJson(String),
    /// It is JSON, but not an object.
    NotAnObject,
}

/// Where the cell of a column is in the text of its row, and how it is written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// There is none.
    Nowhere,
    /// As it is.
    Text(Range<usize>),
    /// As JSON writes it.
    Json(Range<usize>),
    /// Its key stands twice.
    Twice,
}

/// A row of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Which row, counted from 1; the header does not count.
    pub row: u64,
    /// The line on which it begins, counted from 1; the header does count. In Parquet, which row.
    pub line: u64,
    /// Why its cells are not to be relied on, when they are not.
    pub fault: Option<RowFault>,
    pub(super) text: String,
    pub(super) cells: Vec<Place>,
}

impl RawRow {
    /// The cell of a column, by the position of the column in [`RawReader::columns`].
    #[must_use]
    pub fn cell(&self, column: usize) -> RawCell<'_> {
        self.cells.get(column).map_or(RawCell::Missing, |place| cell_at(&self.text, place))
    }
}

/// The cell at a place of a text.
pub(super) fn cell_at<'t>(text: &'t str, place: &Place) -> RawCell<'t> {
    match place {
        Place::Nowhere => RawCell::Missing,
        Place::Twice => RawCell::Repeated,
        Place::Text(range) => RawCell::Text(Cow::Borrowed(text.get(range.clone()).unwrap_or_default())),
        Place::Json(range) => objects::cell(text.get(range.clone()).unwrap_or_default()),
    }
}

enum Source<'i> {
    Delimited(Records<'i>),
    Lines(json::Lines<'i>),
    Array(json::Elements<'i>),
    Table(Box<Rows>),
}

/// Delimited data behind its header.
pub(crate) struct Delimited<'i> {
    pub(crate) input: Box<dyn BufRead + Send + 'i>,
    pub(crate) delimiter: u8,
    /// The names of the columns.
    pub(crate) columns: Vec<String>,
    /// The line on which the first row stands.
    pub(crate) line: u64,
    /// Whether a LF that comes first belongs to the header.
    pub(crate) after_cr: bool,
    /// Whether the header was not UTF-8.
    pub(crate) legacy: Legacy,
    pub(crate) tail: Tail,
}

/// What is left of some data.
pub(crate) enum Rest<'i> {
    Delimited(Delimited<'i>),
    /// JSON objects, one a line; nothing has been read yet.
    Lines(Box<dyn BufRead + Send + 'i>),
    /// A Parquet file.
    Groups(Groups),
    /// Anything else, which is read row by row.
    Rows(Box<RawReader<'i>>),
}

/// Reads rows, one after the other; memory does not grow with their number.
pub struct RawReader<'i> {
    source: Source<'i>,
    columns: Keys,
    rows: u64,
    /// Rows that have been read already.
    ready: VecDeque<RawRow>,
    tail: Tail,
    legacy: Legacy,
    stopped: bool,
}

/// Rows that are Windows-1252.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Legacy {
    rows: u64,
    first_line: u64,
}

impl Legacy {
    /// Counts a row.
    pub(super) fn count(&mut self, line: u64) {
        self.extend(Legacy { rows: 1, first_line: line });
    }

    /// Adds what came later.
    pub(crate) fn extend(&mut self, later: Legacy) {
        self.first_line = if self.rows == 0 { later.first_line } else { self.first_line };
        self.rows += later.rows;
    }

    fn notice(self) -> Option<String> {
        let Legacy { rows, first_line } = self;
        match rows {
            0 => None,
            1 => Some(format!("line {first_line} is not UTF-8 and was read as Windows-1252")),
            _ => {
                Some(format!("{rows} rows are not UTF-8 and were read as Windows-1252, the first on line {first_line}"))
            }
        }
    }
}

/// Blank lines, and rows behind them that may be the footer of a report, if nothing else follows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    footer: Vec<RawRow>,
    /// Blank lines behind the last row that was certainly one.
    blank_now: u64,
    blank_lines: u64,
}

impl Tail {
    /// A blank line.
    fn blank(&mut self) {
        self.blank_now += 1;
    }

    /// Whether a row has to wait, as it may be part of a footer: it has one cell where there are several columns.
    fn holds(&mut self, row: RawRow, columns: usize) -> Option<RawRow> {
        let (rows, bytes) = FOOTER;
        let single = row.cells.len() == 1 && columns > 1 && row.text.len() <= bytes;
        if single && self.footer.len() < rows && self.blank_now > 0 {
            self.footer.push(row);
            return None;
        }
        Some(row)
    }

    /// Whether no row waits and no blank line may be part of a footer.
    pub(crate) fn is_clear(&self) -> bool {
        self.footer.is_empty() && self.blank_now == 0
    }

    /// The rows that waited: something follows that is no footer.
    pub(crate) fn release(&mut self) -> Vec<RawRow> {
        self.blank_lines += std::mem::take(&mut self.blank_now);
        std::mem::take(&mut self.footer)
    }

    /// What is worth saying; of the footer only at the end of the data.
    fn notices(&self, ended: bool) -> Vec<String> {
        let mut notices = Vec::new();
        match self.blank_lines {
            0 => {}
            1 => notices.push("1 blank line was skipped".to_owned()),
            count => notices.push(format!("{count} blank lines were skipped")),
        }
        if let (true, Some(first)) = (ended, self.footer.first()) {
            let (count, line) = (self.footer.len(), first.line);
            notices.push(if count == 1 {
                format!("line {line}, behind a blank line at the end, was skipped as the footer of a report")
            } else {
                format!("{count} lines from line {line}, behind a blank line at the end, were skipped as the footer of a report")
            });
        }
        notices
    }
}

/// What is worth saying about the rows of some data.
pub(crate) fn notices(legacy: Legacy, tail: &Tail, ended: bool) -> Vec<String> {
    legacy.notice().into_iter().chain(tail.notices(ended)).collect()
}

/// Rows of a stretch of delimited data that begins and ends with whole rows.
pub(crate) struct Stretch<'b> {
    records: Records<'b>,
    columns: usize,
    row: u64,
    pub(crate) legacy: Legacy,
}

impl<'b> Stretch<'b> {
    /// Rows of so many columns each; the first one is the row after `row` and stands on `line`.
    pub(crate) fn new(bytes: &'b [u8], delimiter: u8, columns: usize, row: u64, line: u64) -> Self {
        Stretch { records: Records::within(bytes, delimiter, line), columns, row, legacy: Legacy::default() }
    }

    /// The next row, blank lines left out.
    pub(crate) fn next(&mut self) -> Option<RawRow> {
        loop {
            let record = self.records.next().ok()??;
            if !record.is_blank() {
                self.row += 1;
                return Some(row_of(record, self.row, self.columns, &mut self.legacy));
            }
        }
    }

    /// Sends all rows through a tail; those that do not wait, and how the stretch ended. Also the number of the last row and the line
    /// behind it.
    pub(crate) fn rows(mut self, tail: &mut Tail) -> (Vec<RawRow>, Legacy, u64, u64, Option<Diagnostic>) {
        let mut ready = Vec::new();
        let fault = loop {
            match self.records.next() {
                Ok(None) => break None,
                Err(broken) => break Some(delimited_fault(broken)),
                Ok(Some(record)) if record.is_blank() => tail.blank(),
                Ok(Some(record)) => {
                    self.row += 1;
                    let row = row_of(record, self.row, self.columns, &mut self.legacy);
                    if let Some(row) = tail.holds(row, self.columns) {
                        ready.extend(tail.release());
                        ready.push(row);
                    }
                }
            }
        };
        (ready, self.legacy, self.row, self.records.line(), fault)
    }
}

/// A record as a row.
fn row_of(record: Record, row: u64, expected: usize, legacy: &mut Legacy) -> RawRow {
    let found = record.width;
    let fault = if record.broken_quote {
        Some(RowFault::Quote)
    } else if found != expected {
        Some(RowFault::Width { found, expected })
    } else {
        None
    };
    let line = record.line;
    let (text, ends) = match record.into_utf8() {
        Ok(whole) => whole,
        Err(record) => {
            legacy.count(line);
            let mut text = String::new();
            let mut ends = Vec::new();
            for cell in record.cells() {
                text.push_str(&encoding::windows_1252(cell));
                ends.push(text.len());
            }
            (text, ends)
        }
    };
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let cells = starts.zip(&ends).map(|(start, end)| Place::Text(start..*end)).collect();
    RawRow { row, line, fault, text, cells }
}

impl<'i> RawReader<'i> {
    /// Reads the header, where the format has one.
    ///
    /// # Errors
    /// When nothing can be read.
    pub fn open(input: impl Into<Input<'i>>, format: Format) -> Result<Self, Diagnostic> {
        let (head, input) = input.into().open().map_err(|error| io_fault(&error))?;
        if let Some(fault) = other_format(&head, format) {
            return Err(fault);
        }
        let text = |input: Input<'i>| encoding::unmarked(input.stream()).map_err(|error| io_fault(&error));
        let delimited =
            |input, delimiter| Records::open(input, delimiter).map(Source::Delimited).map_err(|error| io_fault(&error));
        let source = match format {
            Format::Csv => delimited(text(input)?, None)?,
            Format::Tsv => delimited(text(input)?, Some(b'\t'))?,
            Format::Ndjson => Source::Lines(json::Lines::new(text(input)?)),
            Format::Json => Source::Array(json::Elements::new(text(input)?)),
            Format::Parquet => {
                let file = input.stored().map_err(|error| io_fault(&error))?;
                Source::Table(Box::new(Rows::new(Table::open(file)?)))
            }
        };
        let mut reader = RawReader {
            source,
            columns: Keys::default(),
            rows: 0,
            ready: VecDeque::new(),
            tail: Tail::default(),
            legacy: Legacy::default(),
            stopped: false,
        };
        reader.read_header()?;
        Ok(reader)
    }

    /// The names of the columns, trimmed, in the order of the data: the header, or the keys of the JSON objects that have
    /// been read so far.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns.names
    }

    /// Whether the columns are known before the rows: the data has a header.
    #[must_use]
    pub fn has_header(&self) -> bool {
        match self.source {
            Source::Delimited(_) | Source::Table(_) => true,
            Source::Lines(_) | Source::Array(_) => false,
        }
    }

    /// What the rows are counted by in messages: a Parquet file has no lines.
    #[must_use]
    pub fn counted_by(&self) -> &'static str {
        match self.source {
            Source::Delimited(_) | Source::Lines(_) | Source::Array(_) => "line",
            Source::Table(_) => "row",
        }
    }

    /// Says that only the columns at these positions are needed. Where others can be passed over, rows have no cells of them.
    pub fn only(&mut self, columns: &[usize]) {
        match &mut self.source {
            Source::Table(rows) => rows.only(columns),
            Source::Delimited(_) | Source::Lines(_) | Source::Array(_) => {}
        }
    }

    /// What is worth saying about the data so far.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        notices(self.legacy, &self.tail, self.stopped)
    }

    /// What is left of data behind its header, for those who cut it into rows themselves.
    pub(crate) fn into_rest(self) -> Rest<'i> {
        let RawReader { source, columns, legacy, tail, .. } = self;
        match source {
            Source::Delimited(records) => {
                let (input, delimiter, line, after_cr) = records.into_parts();
                Rest::Delimited(Delimited { input, delimiter, columns: columns.names, line, after_cr, legacy, tail })
            }
            Source::Lines(lines) => Rest::Lines(lines.into_input()),
            Source::Table(rows) => Rest::Groups(rows.into_groups()),
            source @ Source::Array(_) => Rest::Rows(Box::new(RawReader { source, columns, legacy, tail, ..self })),
        }
    }

    fn read_header(&mut self) -> Result<(), Diagnostic> {
        let records = match &mut self.source {
            Source::Delimited(records) => records,
            Source::Table(rows) => {
                self.columns.names = rows.columns().map(tidy).collect();
                return Ok(());
            }
            Source::Lines(_) | Source::Array(_) => return Ok(()),
        };
        let record = loop {
            match records.next().map_err(delimited_fault)? {
                None => {
                    return Err(Diagnostic::new(Code::P0601, "the leads are empty: there is not even a header")
                        .help("the first line holds the names of the columns"));
                }
                Some(record) if record.is_blank() => self.tail.blank_lines += 1,
                Some(record) => break record,
            }
        };
        if record.width > MAX_COLUMNS {
            return Err(too_many_columns());
        }
        let row = row_of(record, 0, 0, &mut self.legacy);
        let texts = row.cells.iter().map(|place| match place {
            Place::Text(range) => row.text.get(range.clone()).unwrap_or_default(),
            Place::Json(_) | Place::Nowhere | Place::Twice => "",
        });
        self.columns.names = texts.map(tidy).collect();
        Ok(())
    }

    /// The next row of a delimited file. Rows of one cell behind a blank line wait until it is clear what they are.
    fn next_record(&mut self) -> Result<Option<RawRow>, Diagnostic> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            let Source::Delimited(records) = &mut self.source else { return Ok(None) };
            let Some(record) = records.next().map_err(delimited_fault)? else { return Ok(None) };
            if record.is_blank() {
                self.tail.blank();
                continue;
            }
            self.rows += 1;
            let columns = self.columns.names.len();
            let row = row_of(record, self.rows, columns, &mut self.legacy);
            if let Some(row) = self.tail.holds(row, columns) {
                self.ready.extend(self.tail.release());
                self.ready.push_back(row);
            }
        }
    }

    fn next_row(&mut self) -> Result<Option<RawRow>, Diagnostic> {
        let element = match &mut self.source {
            Source::Delimited(_) => return self.next_record(),
            Source::Lines(lines) => lines.next().map_err(json_fault)?,
            Source::Array(elements) => elements.next().map_err(json_fault)?,
            Source::Table(rows) => return rows.next(),
        };
        let Some(Element { line, bytes }) = element else { return Ok(None) };
        self.rows += 1;
        objects::row(bytes, self.rows, line, |key| self.columns.position(key), &mut self.legacy).map(Some)
    }
}

impl Iterator for RawReader<'_> {
    /// A row, or why reading cannot go on.
    type Item = Result<RawRow, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        let next = self.next_row().transpose();
        self.stopped = !matches!(next, Some(Ok(_)));
        next
    }
}

/// What the first bytes show to be in another format than they should.
fn other_format(head: &[u8], format: Format) -> Option<Diagnostic> {
    let (what, help) = match head {
        b"PARE" => return Some(parquet::encrypted()),
        _ if head == parquet::MAGIC && format == Format::Parquet => return None,
        _ if head == parquet::MAGIC => ("a Parquet file", "say so: `--input-format parquet`"),
        b"PK\x03\x04" => ("an Excel workbook or another zip archive", "save it as CSV first"),
        b"\xD0\xCF\x11\xE0" => ("an old Excel workbook", "save it as CSV first"),
        b"\xFD7zX" | b"7z\xBC\xAF" => {
            ("packed with xz or 7-Zip", "unpack it first, or pack it with gzip or Zstandard instead")
        }
        _ if Packing::of(head).is_some() => ("packed twice", "unpack it once"),
        _ if format == Format::Parquet => {
            ("no Parquet file", "say how it is written: `--input-format csv` (or tsv, ndjson, json)")
        }
        _ => return None,
    };
    Some(Diagnostic::new(Code::P0601, format!("the leads cannot be read: the file is {what}")).help(help))
}

pub(crate) fn io_fault(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: {error}"))
}

pub(crate) fn too_many_columns() -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: they have more than {MAX_COLUMNS} columns"))
        .help("a file of leads has a row for each lead and a column for each thing that is known of it; is this one?")
}

pub(crate) fn too_long(line: u64) -> Diagnostic {
    Diagnostic::new(Code::P0605, format!("the row that begins on line {line} is longer than 16 MiB"))
        .help("a file of leads has a row for each lead; is this one?")
}

fn delimited_fault(broken: delimited::Broken) -> Diagnostic {
    match broken {
        delimited::Broken::Io(error) => io_fault(&error),
        delimited::Broken::TooLong { line } => too_long(line),
        delimited::Broken::Quote { line } => {
            Diagnostic::new(Code::P0605, format!("the quote that opens on line {line} is never closed")).help(format!(
                "close the cell with `\"` on line {line}; a quote inside of a quoted cell is written twice: `\"\"`"
            ))
        }
    }
}

fn json_fault(broken: json::Broken) -> Diagnostic {
    match broken {
        json::Broken::Io(error) => io_fault(&error),
        json::Broken::TooLong { line } => too_long(line),
        json::Broken::NotAnArray { line, found, expected } => {
            let found = found.map_or_else(|| "the end of the data".to_owned(), |c| format!("`{c}`"));
            let fault = Diagnostic::new(
                Code::P0601,
                format!("the leads cannot be read: expected {expected} on line {line}, found {found}"),
            );
            fault.help("a `.json` file is one list, `[{...}, {...}]`; a file with a lead a line is `.ndjson`")
        }
    }
}
