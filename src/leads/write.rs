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
        let first = self.rows == 0;
        self.rows += 1;
        if let Some(delimiter) = self.format.delimiter() {
            return self.out.write_all(delimited_line(cells, delimiter).as_bytes());
        }
        let object = json_object(&self.columns, cells);
        match (self.format, first) {
            (Format::Json, true) => write!(self.out, "\n{object}"),
            (Format::Json, false) => write!(self.out, ",\n{object}"),
            (Format::Csv | Format::Tsv | Format::Ndjson, _) => writeln!(self.out, "{object}"),
        }
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
