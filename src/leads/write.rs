//! Tables out: CSV, TSV, NDJSON and JSON, safe to open in a spreadsheet.

use std::io::{self, Write};

use crate::types::Number;

use super::{Format, Reject};

/// The columns of a file of rejects.
pub const REJECT_COLUMNS: [&str; 5] = ["row", "lead", "column", "value", "problem"];

/// A cell to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutCell<'a> {
    /// Nothing: an empty cell, or JSON `null`.
    Missing,
    /// A text. In CSV and TSV one that a spreadsheet would take for a formula gets a `'` in front.
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
    columns: Vec<String>,
    rows: u64,
}

impl<W: Write> TableWriter<W> {
    /// Begins a table; writes the header where the format has one.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new<S: AsRef<str>>(out: W, format: Format, columns: &[S]) -> io::Result<Self> {
        let columns: Vec<String> = columns.iter().map(|name| name.as_ref().to_owned()).collect();
        let mut writer = TableWriter { out, format, columns, rows: 0 };
        match format.delimiter() {
            Some(delimiter) => {
                let header: Vec<OutCell<'_>> = writer.columns.iter().map(|name| OutCell::Text(name)).collect();
                let line = delimited_line(&header, delimiter);
                writer.out.write_all(line.as_bytes())?;
            }
            None if format == Format::Json => writer.out.write_all(b"[")?,
            None => {}
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

    /// Writes rows that are text already, as a [`RowWriter`] makes them.
    ///
    /// # Errors
    /// When writing fails.
    pub fn rows(&mut self, text: &[u8], count: u64) -> io::Result<()> {
        let first = self.rows == 0;
        self.rows += count;
        // In a list each row brings along what divides it from the row before.
        let text = text.strip_prefix(b",").filter(|_| first && self.format == Format::Json).unwrap_or(text);
        self.out.write_all(text)
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
        if self.format == Format::Json {
            self.out.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Adds a row as it stands behind another one.
fn push_row(out: &mut Vec<u8>, format: Format, columns: &[String], cells: &[OutCell<'_>]) {
    match format.delimiter() {
        Some(delimiter) => out.extend_from_slice(delimited_line(cells, delimiter).as_bytes()),
        None => {
            let object = json_object(columns, cells);
            let (before, behind) = if format == Format::Json { (",\n", "") } else { ("", "\n") };
            [before, &object, behind].iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        }
    }
}

/// Rows as text: of most only the name differs, and what follows it is one of a few endings that are made once.
#[derive(Debug)]
pub(crate) struct RowWriter {
    format: Format,
    columns: Vec<String>,
    before: Vec<u8>,
    endings: Vec<Vec<u8>>,
}

impl RowWriter {
    /// Rows whose first column is a name, and whose further cells are one of these endings.
    pub(crate) fn new(format: Format, columns: Vec<String>, endings: &[Vec<OutCell<'_>>]) -> RowWriter {
        let row = |ending: &[OutCell<'_>]| {
            let mut text = Vec::new();
            push_row(&mut text, format, &columns, &[&[OutCell::Text(NAME)], ending].concat());
            text
        };
        let at = |text: &[u8]| memchr::memmem::find(text, NAME.as_bytes()).unwrap_or(0);
        let split = |ending: &Vec<OutCell<'_>>| {
            let text = row(ending);
            let name = at(&text);
            (text.get(..name).unwrap_or_default().to_vec(), text.get(name + NAME.len()..).unwrap_or_default().to_vec())
        };
        let parts: Vec<(Vec<u8>, Vec<u8>)> = endings.iter().map(split).collect();
        let before = parts.first().map(|(before, _)| before.clone()).unwrap_or_default();
        RowWriter { format, columns, before, endings: parts.into_iter().map(|(_, behind)| behind).collect() }
    }

    /// Whether a cell of data that this divides, and in which there are no quotes, needs none here either.
    pub(crate) fn divides(&self, delimiter: u8) -> bool {
        self.format.delimiter().is_some_and(|own| u32::from(own) == u32::from(delimiter))
    }

    /// Adds a row with one of the endings. `plain` says that the name holds nothing that divides cells or rows.
    #[inline(always)]
    pub(crate) fn push(&self, out: &mut Vec<u8>, name: &str, ending: usize, plain: bool) {
        out.extend_from_slice(&self.before);
        // What begins with a letter or a digit is no formula.
        if plain && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
            out.extend_from_slice(name.as_bytes());
        } else {
            self.push_name(out, name);
        }
        out.extend_from_slice(self.endings.get(ending).map_or(&[], Vec::as_slice));
    }

    /// Adds any row.
    pub(crate) fn push_cells(&self, out: &mut Vec<u8>, cells: &[OutCell<'_>]) {
        push_row(out, self.format, &self.columns, cells);
    }

    fn push_name(&self, out: &mut Vec<u8>, name: &str) {
        // Nothing has to be done about most names.
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            out.extend_from_slice(name.as_bytes());
            return;
        }
        match self.format.delimiter() {
            Some(delimiter) => {
                let mut text = String::new();
                push_text(&mut text, name, delimiter);
                out.extend_from_slice(text.as_bytes());
            }
            None => {
                let text = serde_json::Value::from(name).to_string();
                out.extend_from_slice(text.get(1..text.len() - 1).unwrap_or_default().as_bytes());
            }
        }
    }
}

/// Stands for the name while a row is made.
const NAME: &str = "name-of-the-lead-7f3b";

fn delimited_line(cells: &[OutCell<'_>], delimiter: char) -> String {
    let mut line = String::new();
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            line.push(delimiter);
        }
        match cell {
            OutCell::Missing => {}
            OutCell::Text(text) => push_text(&mut line, text, delimiter),
            OutCell::Number(number) => line.push_str(&number.to_string()),
            OutCell::Count(count) => line.push_str(&count.to_string()),
        }
    }
    if line.is_empty() {
        // A single empty cell, not a blank line.
        line.push_str("\"\"");
    }
    line.push('\n');
    line
}

/// Adds a text, quoted where it must be.
fn push_text(line: &mut String, text: &str, delimiter: char) {
    // Spreadsheets set to Japanese or Chinese take the wide signs, too.
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) { "'" } else { "" };
    if text.contains(['"', '\r', '\n', delimiter]) {
        line.push('"');
        line.push_str(guard);
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(guard);
        line.push_str(text);
    }
}

fn json_object(columns: &[String], cells: &[OutCell<'_>]) -> String {
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
        format!("{}:{value}", string(column))
    });
    format!("{{{}}}", members.collect::<Vec<String>>().join(","))
}
