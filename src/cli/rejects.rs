//! Rows that do not fit: to a file beside the output, or told on standard error; counted in any case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use policyc::diagnostic::Code;
use policyc::leads::{REJECT_COLUMNS, Reject, TableWriter};
use policyc::render::reject;
use policyc::render::terminal::{Tone, clean, count, grouped};

use super::console::{Console, Stop};
use super::output::{Output, Whole, format_of};

/// How many rejects are told when they go to no file.
const TOLD: u64 = 5;

/// How an output is opened.
type Opened = fn(Option<&Path>) -> Result<Output, Stop>;

/// The rejected rows of a run.
pub(super) struct Rejects {
    /// Where they go.
    path: Option<PathBuf>,
    output: Opened,
    table: Option<TableWriter<Output>>,
    rows: u64,
    kinds: BTreeMap<Code, u64>,
    told: Vec<String>,
}

impl Rejects {
    /// Rejects for a file. One that nobody named appears only when a row is rejected, or when an older one stands there
    /// that would no longer be true.
    pub(super) fn open(path: Option<PathBuf>, named: bool, output: Opened) -> Result<Rejects, Stop> {
        let begun = path.as_ref().is_some_and(|path| named || path.exists());
        let mut rejects = Rejects { path, output, table: None, rows: 0, kinds: BTreeMap::new(), told: Vec::new() };
        if begun {
            rejects.begin()?;
        }
        Ok(rejects)
    }

    /// How many rows were rejected.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes a row.
    pub(super) fn put(&mut self, reject: &Reject) -> Result<(), Stop> {
        self.rows += 1;
        for problem in &reject.problems {
            *self.kinds.entry(problem.code).or_default() += 1;
        }
        if self.path.is_none() {
            if self.rows <= TOLD {
                self.told.push(reject::line(reject));
            }
            return Ok(());
        }
        self.begin()?;
        self.table.iter_mut().try_for_each(|table| table.reject(reject)).map_err(|e| Stop::writing("the rejects", &e))
    }

    /// Begins the file, unless it is begun.
    fn begin(&mut self) -> Result<(), Stop> {
        if self.table.is_none() && self.path.is_some() {
            let format = format_of(self.path.as_deref())?;
            let table = TableWriter::new((self.output)(self.path.as_deref())?, format, &REJECT_COLUMNS);
            self.table = Some(table.map_err(|e| Stop::writing("the rejects", &e))?);
        }
        Ok(())
    }

    /// Writes out what is left of the file, if there is one.
    pub(super) fn ready(&mut self) -> Result<Option<Whole>, Stop> {
        let Some(table) = self.table.take() else { return Ok(None) };
        table.finish().map_err(|e| Stop::writing("the rejects", &e))?.ready().map(Some)
    }

    /// Says what was rejected and where it is. What is in no file is told although it is to be quiet.
    pub(super) fn tell(&self, console: &Console) {
        if self.rows == 0 {
            return;
        }
        let head = console.err.paint(Tone::Bad, &format!("rejected {}:", count(self.rows, "row")));
        let mut text = format!("{head}\n");
        for (code, n) in &self.kinds {
            text.push_str(&format!("  {} {}: {}\n", code.name(), code.title(), grouped(*n)));
        }
        match &self.path {
            Some(path) => {
                text.push_str(&format!("  all of them are in `{}`\n", clean(&path.display().to_string())));
                console.summary(&text);
            }
            None => {
                self.told.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
                let rest = self.rows.saturating_sub(TOLD);
                let more = if rest > 0 { format!("{} more: ", grouped(rest)) } else { String::new() };
                text.push_str(&format!("  {more}`--rejects FILE` keeps them all\n"));
                console.tell(&text);
            }
        }
    }
}
