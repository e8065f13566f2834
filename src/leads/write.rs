//! Tables out: CSV, TSV, NDJSON, JSON and Parquet, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::types::Number;

use super::parquet::Sheet;
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
    columns: Vec<OutColumn>,
    rows: u64,
    sheet: Option<Sheet>,
}

impl<W: Write> TableWriter<W> {
    /// Begins a table; writes the header where the format has one.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(out: W, format: Format, columns: &[OutColumn]) -> io::Result<Self> {
        let mut writer = TableWriter { out, format, columns: columns.to_vec(), rows: 0, sheet: None };
        match format {
            Format::Csv | Format::Tsv => {
                let header: Vec<OutCell<'_>> = columns.iter().map(|column| OutCell::Text(&column.name)).collect();
                writer.line(&header)?;
            }
            Format::Json => writer.out.write_all(b"[")?,
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
        let first = self.rows == 0;
        self.rows += 1;
        if let Some(sheet) = &mut self.sheet {
            return sheet.row(cells, &mut self.out);
        }
        if self.format.delimiter().is_some() {
            return self.line(cells);
        }
        let object = json_object(&self.columns, cells);
        match (self.format, first) {
            (Format::Json, true) => write!(self.out, "\n{object}"),
            (Format::Json, false) => write!(self.out, ",\n{object}"),
            (Format::Csv | Format::Tsv | Format::Ndjson | Format::Parquet, _) => writeln!(self.out, "{object}"),
        }
    }

    fn line(&mut self, cells: &[OutCell<'_>]) -> io::Result<()> {
        let delimiter = self.format.delimiter().unwrap_or(',');
        self.out.write_all(delimited_line(cells, delimiter).as_bytes())
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
