//! Rows as they stand in the data, whatever the format: columns, and for each row its cells, before any type is known.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};

use super::delimited::{self, Record, Records};
use super::input::Input;
use super::json::{self, Element};
use super::packing::Packing;
use super::parquet::{self, Rows, Table};
use super::{Format, MAX_COLUMNS, MAX_ROW, encoding};

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
    text: String,
    cells: Vec<Place>,
}

impl RawRow {
    /// The cell of a column, by the position of the column in [`RawReader::columns`].
    #[must_use]
    pub fn cell(&self, column: usize) -> RawCell<'_> {
        match self.cells.get(column) {
            None | Some(Place::Nowhere) => RawCell::Missing,
            Some(Place::Twice) => RawCell::Repeated,
            Some(Place::Text(range)) => RawCell::Text(Cow::Borrowed(self.text.get(range.clone()).unwrap_or_default())),
            Some(Place::Json(range)) => json_cell(self.text.get(range.clone()).unwrap_or_default(), true),
        }
    }
}

/// What a valid piece of JSON is as a cell; lists are opened only at the top.
fn json_cell(text: &str, top: bool) -> RawCell<'_> {
    match text.as_bytes().first() {
        Some(b'"') => json::string(text).map_or(RawCell::Garbled, RawCell::Text),
        Some(b't') => RawCell::Bool(true),
        Some(b'f') => RawCell::Bool(false),
        Some(b'[') if top => {
            let items = json::values(text).filter_map(|range| text.get(range));
            RawCell::List(items.map(|item| json_cell(item, false)).collect())
        }
        Some(b'[' | b'{') => RawCell::Nested,
        Some(b'-' | b'0'..=b'9') => RawCell::Number(text),
        Some(_) | None => RawCell::Missing,
    }
}

/// A name of a column as it is compared: trimmed, and with single blanks, as some headers run over several lines.
pub(super) fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The names of the columns, in the order in which they first came up.
#[derive(Debug, Default)]
struct Columns {
    names: Vec<String>,
    positions: HashMap<String, usize>,
    bytes: usize,
}

impl Columns {
    /// The position of a key, which is added when it is new; none when there are too many or they are too long.
    fn position(&mut self, key: &str) -> Option<usize> {
        let key = tidy(key);
        if let Some(position) = self.positions.get(&key) {
            return Some(*position);
        }
        let position = self.names.len();
        self.bytes += key.len();
        if position == MAX_COLUMNS || self.bytes > MAX_ROW {
            return None;
        }
        self.positions.insert(key.clone(), position);
        self.names.push(key);
        Some(position)
    }
}

enum Source<'i> {
    Delimited(Records<'i>),
    Lines(json::Lines<'i>),
    Array(json::Elements<'i>),
    Table(Box<Rows>),
}

/// Reads rows, one after the other; memory does not grow with their number.
pub struct RawReader<'i> {
    source: Source<'i>,
    columns: Columns,
    rows: u64,
    /// Rows that have been read already.
    ready: VecDeque<RawRow>,
    /// Rows that may be the footer of a report, if nothing else follows.
    footer: Vec<RawRow>,
    /// Blank lines behind the last row that was certainly one.
    blank_now: u64,
    blank_lines: u64,
    /// How many rows are Windows-1252, and the line of the first.
    legacy: (u64, u64),
    stopped: bool,
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
            columns: Columns::default(),
            rows: 0,
            ready: VecDeque::new(),
            footer: Vec::new(),
            blank_now: 0,
            blank_lines: 0,
            legacy: (0, 0),
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
        let mut notices = Vec::new();
        match self.legacy {
            (0, _) => {}
            (1, line) => notices.push(format!("line {line} is not UTF-8 and was read as Windows-1252")),
            (count, line) => {
                notices.push(format!(
                    "{count} rows are not UTF-8 and were read as Windows-1252, the first on line {line}"
                ));
            }
        }
        match self.blank_lines {
            0 => {}
            1 => notices.push("1 blank line was skipped".to_owned()),
            count => notices.push(format!("{count} blank lines were skipped")),
        }
        if let (true, Some(first)) = (self.stopped, self.footer.first()) {
            let (count, line) = (self.footer.len(), first.line);
            notices.push(if count == 1 {
                format!("line {line}, behind a blank line at the end, was skipped as the footer of a report")
            } else {
                format!("{count} lines from line {line}, behind a blank line at the end, were skipped as the footer of a report")
            });
        }
        notices
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
                Some(record) if record.is_blank() => self.blank_lines += 1,
                Some(record) => break record,
            }
        };
        if record.width > MAX_COLUMNS {
            return Err(too_many_columns());
        }
        let row = self.row_of(record);
        self.rows = 0;
        let texts = row.cells.iter().map(|place| match place {
            Place::Text(range) => row.text.get(range.clone()).unwrap_or_default(),
            Place::Json(_) | Place::Nowhere | Place::Twice => "",
        });
        self.columns.names = texts.map(tidy).collect();
        Ok(())
    }

    /// A record as a row; counts it.
    fn row_of(&mut self, record: Record) -> RawRow {
        self.rows += 1;
        let expected = self.columns.names.len();
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
                self.count_legacy(line);
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
        RawRow { row: self.rows, line, fault, text, cells }
    }

    fn count_legacy(&mut self, line: u64) {
        self.legacy = (self.legacy.0 + 1, if self.legacy.0 == 0 { line } else { self.legacy.1 });
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
                self.blank_now += 1;
                continue;
            }
            let (rows, bytes) = FOOTER;
            let single = record.width == 1 && self.columns.names.len() > 1 && record.bytes.len() <= bytes;
            let row = self.row_of(record);
            if single && self.footer.len() < rows && self.blank_now > 0 {
                self.footer.push(row);
            } else {
                self.blank_lines += std::mem::take(&mut self.blank_now);
                self.ready.extend(self.footer.drain(..));
                self.ready.push_back(row);
            }
        }
    }

    /// A JSON value as a row; counts it.
    fn row_of_json(&mut self, element: Element) -> Result<RawRow, Diagnostic> {
        self.rows += 1;
        let line = element.line;
        let text = match String::from_utf8(element.bytes) {
            Ok(text) => text,
            Err(error) => {
                self.count_legacy(line);
                encoding::windows_1252(error.as_bytes())
            }
        };
        let fault = match json::fault(&text, line) {
            Some(fault) => Some(RowFault::NotJson(fault)),
            None if !text.trim_start().starts_with('{') => Some(RowFault::NotAnObject),
            None => None,
        };
        let cells = if fault.is_none() { self.places(&text)? } else { Vec::new() };
        Ok(RawRow { row: self.rows, line, fault, text, cells })
    }

    /// Where the cell of each column is in a JSON object.
    fn places(&mut self, object: &str) -> Result<Vec<Place>, Diagnostic> {
        let mut cells = Vec::new();
        let mut members = json::values(object);
        while let (Some(key), Some(value)) = (members.next(), members.next()) {
            let Some(name) = object.get(key).and_then(json::string) else { continue };
            let position = self.columns.position(&name).ok_or_else(too_many_columns)?;
            if cells.len() <= position {
                cells.resize(position + 1, Place::Nowhere);
            }
            if let Some(place) = cells.get_mut(position) {
                *place = if *place == Place::Nowhere { Place::Json(value) } else { Place::Twice };
            }
        }
        Ok(cells)
    }

    fn next_row(&mut self) -> Result<Option<RawRow>, Diagnostic> {
        let element = match &mut self.source {
            Source::Delimited(_) => return self.next_record(),
            Source::Lines(lines) => lines.next().map_err(json_fault)?,
            Source::Array(elements) => elements.next().map_err(json_fault)?,
            Source::Table(rows) => {
                let Some((text, cells)) = rows.next()? else { return Ok(None) };
                self.rows += 1;
                return Ok(Some(RawRow { row: self.rows, line: self.rows, fault: None, text, cells }));
            }
        };
        element.map(|element| self.row_of_json(element)).transpose()
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

pub(super) fn io_fault(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: {error}"))
}

pub(super) fn too_many_columns() -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the leads cannot be read: they have more than {MAX_COLUMNS} columns"))
        .help("a file of leads has a row for each lead and a column for each thing that is known of it; is this one?")
}

fn too_long(line: u64) -> Diagnostic {
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
