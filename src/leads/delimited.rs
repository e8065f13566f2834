//! Rows of cells between delimiters: CSV, TSV and their kin, read a row at a time.
//!
//! Cells may be quoted with `"`; inside, delimiters and line ends are text and a quote is written twice. A quote inside
//! of an unquoted cell is text. Rows end with LF, CR LF or CR.

use std::io::{self, BufRead};

use super::encoding::peek;
use super::{MAX_COLUMNS, MAX_ROW};

/// How much is looked at to find the delimiter.
const SAMPLE: u64 = 64 * 1024;

/// One row as it stands in the data.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The line on which it begins, counted from 1.
    pub(super) line: u64,
    /// The bytes of its cells, one behind the other, without quotes and delimiters.
    pub(super) bytes: Vec<u8>,
    /// How many cells there are.
    pub(super) width: usize,
    /// Where each of the first [`MAX_COLUMNS`] cells ends in the bytes.
    pub(super) ends: Vec<usize>,
    /// Whether a cell is quoted.
    pub(super) quoted: bool,
    /// Whether a cell goes on behind its closing quote, so that nobody can say where it ends.
    pub(super) broken_quote: bool,
}

impl Record {
    /// Ends a cell.
    fn end_cell(&mut self) {
        self.width += 1;
        if self.width <= MAX_COLUMNS {
            self.ends.push(self.bytes.len());
        }
    }

    /// The bytes of each cell.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }

    /// Its text and where each cell ends in it, when every cell is UTF-8; else the record as it was.
    pub(super) fn into_utf8(self) -> Result<(String, Vec<usize>), Record> {
        match String::from_utf8(self.bytes) {
            Ok(text) if self.ends.iter().all(|end| text.is_char_boundary(*end)) => Ok((text, self.ends)),
            Ok(text) => Err(Record { bytes: text.into_bytes(), ..self }),
            Err(error) => Err(Record { bytes: error.into_bytes(), ..self }),
        }
    }

    /// Whether the row is a blank line.
    pub(super) fn is_blank(&self) -> bool {
        self.width == 1 && !self.quoted && self.bytes.trim_ascii().is_empty()
    }
}

/// Why no further row can be read.
#[derive(Debug)]
pub(super) enum Broken {
    /// The input failed.
    Io(io::Error),
    /// The data, or [`MAX_ROW`] bytes, ended inside of a quoted cell.
    Quote {
        /// The line of the opening quote.
        line: u64,
    },
    /// A row of more than [`MAX_ROW`] bytes.
    TooLong {
        /// The line on which it begins.
        line: u64,
    },
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(error)
    }
}

/// Where in a cell the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that either closes the cell or is the first of two.
    Quote,
}

/// Reads rows.
pub(super) struct Records<'i> {
    input: Box<dyn BufRead + Send + 'i>,
    delimiter: u8,
    /// The line that is being read.
    line: u64,
    /// Whether the last byte was a CR, so that a LF now belongs to it.
    after_cr: bool,
    /// How many bytes and cells the last row had: the next one has hardly more.
    usual: (usize, usize),
}

impl<'i> Records<'i> {
    /// Reads an input without byte order mark. Without a delimiter, the first lines show which it is; a first line `sep=;`
    /// (Excel's way to name it) is obeyed.
    pub(super) fn open(input: Box<dyn BufRead + Send + 'i>, delimiter: Option<u8>) -> io::Result<Self> {
        let (sample, input) = peek(input, SAMPLE)?;
        let mut records = Records { input, delimiter: b',', line: 1, after_cr: false, usual: (0, 0) };
        let named = match sample.as_slice() {
            [b's', b'e', b'p', b'=', delimiter @ (b',' | b';' | b'\t' | b'|'), b'\r' | b'\n', ..] => Some(*delimiter),
            _ => None,
        };
        if named.is_some() {
            let mut line = Vec::new();
            records.input.read_until(b'\n', &mut line)?;
            records.line = 2;
        }
        records.delimiter = delimiter.or(named).unwrap_or_else(|| sniff(&sample));
        Ok(records)
    }

    /// Reads rows that are in memory, the first of which stands on `line`.
    pub(super) fn within(bytes: &'i [u8], delimiter: u8, line: u64) -> Self {
        Records { input: Box::new(bytes), delimiter, line, after_cr: false, usual: (0, 0) }
    }

    /// The line on which the next row begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The rest of the input, the delimiter, the line of the next row, and whether a LF that comes first belongs to the row before.
    pub(super) fn into_parts(self) -> (Box<dyn BufRead + Send + 'i>, u8, u64, bool) {
        (self.input, self.delimiter, self.line, self.after_cr)
    }

    /// The next row; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Broken> {
        let (bytes, cells) = self.usual;
        let (bytes, ends) = (Vec::with_capacity(bytes + bytes / 4), Vec::with_capacity(cells));
        let mut record = Record { line: self.line, bytes, ends, ..Record::default() };
        let mut state = State::Start;
        let mut quote_line = self.line;
        let mut size = 0usize;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return match state {
                    State::Quoted => Err(Broken::Quote { line: quote_line }),
                    State::Start if record.width == 0 => Ok(None),
                    State::Start | State::Plain | State::Quote => {
                        record.end_cell();
                        Ok(Some(record))
                    }
                };
            }
            let mut used = 0;
            let mut done = false;
            let chunk = chunk.get(..MAX_ROW + 1 - size).unwrap_or(chunk);
            while let Some(&byte) = chunk.get(used) {
                // Most bytes stand in the middle of a cell.
                if state == State::Plain && !self.after_cr {
                    let rest = chunk.get(used..).unwrap_or_default();
                    let plain = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
                    record.bytes.extend_from_slice(rest.get(..plain).unwrap_or_default());
                    used += plain;
                    if plain > 0 {
                        continue;
                    }
                }
                used += 1;
                let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
                if byte == b'\r' || (byte == b'\n' && !after_cr) {
                    self.line += 1;
                }
                if byte == b'\n' && after_cr && state == State::Start && record.width == 0 {
                    record.line = self.line;
                    continue;
                }
                let ends_row = byte == b'\n' || byte == b'\r';
                match state {
                    State::Start if byte == b'"' => {
                        state = State::Quoted;
                        record.quoted = true;
                        quote_line = self.line;
                    }
                    State::Quoted if byte == b'"' => state = State::Quote,
                    State::Quoted => record.bytes.push(byte),
                    State::Quote if byte == b'"' => {
                        record.bytes.push(byte);
                        state = State::Quoted;
                    }
                    State::Start | State::Plain | State::Quote if byte == self.delimiter || ends_row => {
                        record.end_cell();
                        state = State::Start;
                        done = ends_row;
                    }
                    State::Start | State::Plain => {
                        record.bytes.push(byte);
                        state = State::Plain;
                    }
                    State::Quote => record.broken_quote |= byte != b' ',
                }
                if done {
                    break;
                }
            }
            self.input.consume(used);
            size += used;
            if done {
                self.usual = (record.bytes.len(), record.ends.len());
                return Ok(Some(record));
            }
            if size > MAX_ROW {
                return Err(match state {
                    State::Quoted => Broken::Quote { line: quote_line },
                    State::Start | State::Plain | State::Quote => Broken::TooLong { line: record.line },
                });
            }
        }
    }
}

/// The delimiter of some data: of those that divide its first row, the one by which most rows have as many cells as the
/// first; else the one that makes most cells; else the first of `,`, `;`, tab and `|`.
fn sniff(sample: &[u8]) -> u8 {
    let fit = |delimiter: u8| {
        let mut records = Records::within(sample, delimiter, 1);
        let width = loop {
            match records.next() {
                Ok(Some(record)) if record.is_blank() => {}
                Ok(Some(record)) => break record.width,
                Ok(None) | Err(_) => break 0,
            }
        };
        let mut alike = 0;
        while let Ok(Some(record)) = records.next() {
            alike += usize::from(record.width == width);
        }
        (width > 1).then_some((alike, width))
    };
    let mut best = (b',', None);
    for delimiter in *b",;\t|" {
        let found = fit(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}
