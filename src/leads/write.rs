//! Tables out: CSV, TSV, NDJSON, JSON and Parquet, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::types::Number;

use super::framed;
use super::parquet::{RowGroup, Sheet};
use super::{Format, Reject};

/// What the cells of a column are. Only Parquet asks: there a column has a type before it has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutKind {
    /// Texts, or whatever has no better kind.
    Text,
    /// Counts of ours.
    Count,
    /// Numbers of ours that have at most so many digits behind the point.
    Number {
        /// How many digits.
        decimals: u8,
    },
}

/// A column to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutColumn {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What its cells are.
    pub kind: OutKind,
}

impl OutColumn {
    /// A column of texts.
    #[must_use]
    pub const fn text(name: &'static str) -> OutColumn {
        OutColumn { name: Cow::Borrowed(name), kind: OutKind::Text }
    }

    /// A column of counts.
    #[must_use]
    pub const fn count(name: &'static str) -> OutColumn {
        OutColumn { name: Cow::Borrowed(name), kind: OutKind::Count }
    }
}

/// The columns of a file of rejects.
pub const REJECT_COLUMNS: [OutColumn; 5] = [
    OutColumn::count("row"),
    OutColumn::text("lead"),
    OutColumn::text("column"),
    OutColumn::text("value"),
    OutColumn::text("problem"),
];

/// A cell to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutCell<'a> {
    /// Nothing: an empty cell, or `null` in JSON and Parquet.
    Missing,
    /// A text. In CSV and TSV what a spreadsheet would take for a formula in it gets a `'` in front.
    Text(&'a str),
    /// A number of ours.
    Number(&'a Number),
    /// A count of ours.
    Count(u64),
}

/// Writes rows under given columns.
#[derive(Debug)]
pub struct TableWriter<W> {
    out: W,
    format: Format,
    columns: Vec<OutColumn>,
    rows: u64,
    /// What stands before the first row, until it is written: a table that fails before has nothing.
    head: Vec<u8>,
    sheet: Option<Sheet>,
}

impl<W: Write> TableWriter<W> {
    /// Begins a table. A header, where the format has one, is written with the first row, or at the end.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(out: W, format: Format, columns: &[OutColumn]) -> io::Result<Self> {
        let mut writer = TableWriter { out, format, columns: columns.to_vec(), rows: 0, head: Vec::new(), sheet: None };
        match format {
            Format::Csv | Format::Tsv => {
                let header: Vec<OutCell<'_>> = columns.iter().map(|column| OutCell::Text(&column.name)).collect();
                push_row(&mut writer.head, format, columns, &header);
            }
            Format::Json => writer.head.push(b'['),
            Format::Ndjson => {}
            Format::Parquet => writer.sheet = Some(Sheet::new(columns)?),
        }
        Ok(writer)
    }

    /// Writes a row; it has a cell for each column.
    ///
    /// # Errors
    /// When writing fails.
    pub fn row(&mut self, cells: &[OutCell<'_>]) -> io::Result<()> {
        let mut text = Vec::new();
        push_row(&mut text, self.format, &self.columns, cells);
        self.rows(&text, 1)
    }

    /// Writes rows that are text already, as `columnar::decide` hands them over.
    ///
    /// # Errors
    /// When writing fails.
    pub fn rows(&mut self, text: &[u8], count: u64) -> io::Result<()> {
        let first = self.rows == 0;
        self.rows += count;
        if let Some(sheet) = &mut self.sheet {
            return framed::rows(text, self.columns.len(), &mut |cells| sheet.row(cells, &mut self.out));
        }
        // In a list each row brings along what divides it from the row before.
        let text = text.strip_prefix(b",").filter(|_| first && self.format == Format::Json).unwrap_or(text);
        self.out.write_all(&std::mem::take(&mut self.head))?;
        self.out.write_all(text)
    }

    /// Writes row groups that are packed already; only Parquet has those.
    ///
    /// # Errors
    /// When writing fails, or the table is no Parquet or has rows.
    pub fn groups(&mut self, groups: &[RowGroup]) -> io::Result<()> {
        for group in groups {
            self.rows += group.rows;
            match &mut self.sheet {
                Some(sheet) => sheet.group(group, &mut self.out)?,
                None => return Err(io::Error::other("only Parquet has row groups")),
            }
        }
        Ok(())
    }

    /// Writes what is wrong with a row, a row for each problem; the columns are [`REJECT_COLUMNS`].
    ///
    /// # Errors
    /// When writing fails.
    pub fn reject(&mut self, reject: &Reject) -> io::Result<()> {
        let text = |text: &'_ Option<String>| text.clone();
        for problem in &reject.problems {
            let (column, value) = (text(&problem.column), text(&problem.value));
            let words = format!("{}: {}", problem.code.name(), problem.message);
            self.row(&[
                OutCell::Count(reject.row),
                OutCell::Text(&reject.name),
                column.as_deref().map_or(OutCell::Missing, OutCell::Text),
                value.as_deref().map_or(OutCell::Missing, OutCell::Text),
                OutCell::Text(&words),
            ])?;
        }
        Ok(())
    }

    /// Ends the table and hands back what it was written to.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        if let Some(sheet) = self.sheet.take() {
            sheet.finish(&mut self.out)?;
        }
        self.out.write_all(&self.head)?;
        if self.format == Format::Json {
            self.out.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Adds a row as it stands behind another one.
pub(super) fn push_row(out: &mut Vec<u8>, format: Format, columns: &[OutColumn], cells: &[OutCell<'_>]) {
    match (format, format.delimiter()) {
        (_, Some(delimiter)) => push_line(out, cells, delimiter),
        (Format::Parquet, _) => cells.iter().for_each(|cell| framed::put(out, cell)),
        (Format::Csv | Format::Tsv | Format::Ndjson | Format::Json, None) => {
            let object = json_object(columns, cells);
            let (before, behind) = if format == Format::Json { (",\n", "") } else { ("", "\n") };
            [before, &object, behind].iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        }
    }
}

/// Adds a text between quotes; those in it are written twice.
fn push_quoted(out: &mut Vec<u8>, guard: &[u8], text: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(guard);
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'"', rest) {
        let (before, behind) = rest.split_at(at + 1);
        out.extend_from_slice(before);
        out.push(b'"');
        rest = behind;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Adds a row of cells between delimiters.
fn push_line(out: &mut Vec<u8>, cells: &[OutCell<'_>], delimiter: char) {
    let start = out.len();
    let mut between = [0; 4];
    let between = delimiter.encode_utf8(&mut between);
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(between.as_bytes());
        }
        match cell {
            OutCell::Missing => {}
            OutCell::Text(text) => push_text(out, text, delimiter),
            OutCell::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            OutCell::Count(count) => out.extend_from_slice(count.to_string().as_bytes()),
        }
    }
    if out.len() == start {
        // A single empty cell, not a blank line.
        out.extend_from_slice(b"\"\"");
    }
    out.push(b'\n');
}

/// Whether some of these bytes stand in a text: 16 of it are looked at side by side, as nearly always there is none.
fn holds_any<const N: usize>(text: &[u8], wanted: [u8; N]) -> bool {
    let is_one = |byte: &u8| wanted.iter().fold(false, |any, wanted| any | (byte == wanted));
    let among = |some: &[u8; 16]| some.iter().fold(false, |any, byte| any | is_one(byte));
    let (sixteens, rest) = text.as_chunks::<16>();
    sixteens.iter().any(among)
        || match text.last_chunk::<16>() {
            Some(last) => among(last),
            None => rest.iter().any(is_one),
        }
}

/// What a spreadsheet takes for the beginning of a formula; set to Japanese or Chinese it takes the wide signs, too.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether nothing in a text divides cells or rows, or quotes.
pub(super) fn needs_no_quotes(text: &[u8], delimiter: char) -> bool {
    !holds_any(text, [u8::try_from(delimiter).unwrap_or(b','), b'"', b'\r', b'\n'])
}

/// Whether nothing in a text divides cells or rows, or quotes; not even for those who take `;` or a tab for what divides cells.
pub(super) fn is_bare(text: &[u8], delimiter: char) -> bool {
    !holds_any(text, [u8::try_from(delimiter).unwrap_or(b','), b'"', b'\r', b'\n', b';', b'\t'])
}

/// Adds a text, quoted where it must be.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str, delimiter: char) {
    let guarded = text.starts_with(SIGNS) || text.starts_with(['\t', '\r']);
    let guard: &[u8] = if guarded { b"'" } else { b"" };
    if is_bare(text.as_bytes(), delimiter) {
        out.extend_from_slice(guard);
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let text = guarded_inside(text);
    if needs_no_quotes(text.as_bytes(), delimiter) {
        out.extend_from_slice(guard);
        out.extend_from_slice(text.as_bytes());
    } else {
        push_quoted(out, guard, text.as_bytes());
    }
}

/// A text with a `'` before each sign of a formula that stands first behind what may divide cells or rows. Where lists are separated by `;`, spreadsheets
/// divide a CSV by it, and quotes count only where a cell begins; so that those between the two do not matter.
pub(super) fn guarded_inside(text: &str) -> Cow<'_, str> {
    let (mut guarded, mut done, mut is_behind) = (String::new(), 0, false);
    for (at, sign) in text.char_indices() {
        if is_behind && SIGNS.contains(&sign) {
            guarded.push_str(text.get(done..at).unwrap_or_default());
            guarded.push('\'');
            done = at;
        }
        is_behind = matches!(sign, ';' | '\t' | '\r' | '\n') || is_behind && sign == '"';
    }
    match done {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(guarded + text.get(done..).unwrap_or_default()),
    }
}

fn json_object(columns: &[OutColumn], cells: &[OutCell<'_>]) -> String {
    let string = |text: &str| serde_json::Value::from(text).to_string();
    let members = columns.iter().zip(cells).map(|(column, cell)| {
        let value = match cell {
            OutCell::Missing => "null".to_owned(),
            OutCell::Text(text) => string(text),
            OutCell::Count(count) => count.to_string(),
            OutCell::Number(number) => {
                let digits = number.to_string();
                // A fraction without a finite decimal is no JSON number.
                if digits.contains('/') { string(&digits) } else { digits }
            }
        };
        format!("{}:{value}", string(&column.name))
    });
    format!("{{{}}}", members.collect::<Vec<String>>().join(","))
}
