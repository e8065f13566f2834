//! The leads of a run: which file, in which format.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::columnar::{self, Found, Settings, Which};
use policyc::diagnostic::Diagnostic;
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::{Format, Input, Packing, Reader, Stored};
use policyc::render::terminal::clean;
use policyc::render::{Batch, findings};
use policyc::source::Sources;

use super::console::{Console, Stop};
use super::decide::processors;
use super::disk::{POINTER, bytes, io_words, is_lfs_pointer};
use super::place::{Place, Places};

/// The leads, and how to read them.
#[derive(Debug, Args)]
pub(super) struct Leads {
    /// The leads: a `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.json` or `.parquet` file, or `-` for standard input; also packed with
    /// gzip or Zstandard (`.csv.gz`, `.json.zst`).
    #[arg(value_name = "LEADS")]
    pub(super) path: PathBuf,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT")]
    pub(super) input_format: Option<InputFormat>,
}

/// How leads are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    Csv,
    Tsv,
    Ndjson,
    Json,
    Parquet,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Format {
        match format {
            InputFormat::Csv => Format::Csv,
            InputFormat::Tsv => Format::Tsv,
            InputFormat::Ndjson => Format::Ndjson,
            InputFormat::Json => Format::Json,
            InputFormat::Parquet => Format::Parquet,
        }
    }
}

impl Leads {
    /// How the leads are called in messages.
    pub(super) fn name(&self) -> String {
        if self.is_stdin() { "standard input".to_owned() } else { format!("`{}`", self.path.display()) }
    }

    /// The name of the file without and with its ending; of standard input, just what it is.
    pub(super) fn file_name(&self) -> (String, String) {
        let text = |part: Option<&std::ffi::OsStr>| clean(&part.unwrap_or_default().to_string_lossy()).into_owned();
        if self.is_stdin() {
            return ("leads".to_owned(), self.name());
        }
        (text(Packing::unpacked_path(&self.path).file_stem()), text(self.path.file_name()))
    }

    pub(super) fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Whether git-lfs has the file, and here is only a pointer to it.
    pub(super) fn is_pointer(&self) -> bool {
        let small = std::fs::metadata(&self.path).is_ok_and(|there| there.is_file() && there.len() < 1024);
        !self.is_stdin() && small && bytes(&self.path).is_ok_and(|bytes| is_lfs_pointer(&bytes))
    }

    /// How many bytes of the data there are to read, where that can be known before.
    pub(super) fn size(&self) -> Option<u64> {
        let plain = !self.is_stdin() && Packing::from_path(&self.path).is_none();
        let there = std::fs::metadata(&self.path).ok().filter(|there| plain && there.is_file())?;
        Some(there.len())
    }

    fn format(&self) -> Result<Format, Stop> {
        self.input_format.map(Format::from).or_else(|| Format::from_path(&self.path)).ok_or_else(|| {
            let name = self.name();
            if self.is_called_like_a_workbook() {
                return Stop::because(format!(
                    "{name} is called like a workbook, and those cannot be read: save it as CSV first; if it is text after all, call it `.csv`"
                ));
            }
            Stop::because(format!(
                "say how {name} is written: add `--input-format csv` (or tsv, ndjson, json, parquet)"
            ))
        })
    }

    /// Whether the name ends as those of spreadsheet programs' own files do.
    fn is_called_like_a_workbook(&self) -> bool {
        const ENDINGS: [&str; 5] = ["xlsx", "xls", "xlsm", "xlsb", "ods"];
        let path = Packing::unpacked_path(&self.path);
        path.extension().is_some_and(|ending| ENDINGS.iter().any(|workbook| ending.eq_ignore_ascii_case(workbook)))
    }

    /// Opens the file, or standard input.
    pub(super) fn input(&self) -> Result<(Input<'static>, Format), Stop> {
        let failed = |e: io::Error| Stop::because(format!("cannot read {}: {}", self.name(), io_words(&e)));
        if !self.is_stdin() && self.path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let format = self.format()?;
        if self.is_stdin() {
            return Ok((Box::new(BufReader::with_capacity(1 << 16, io::stdin())).into(), format));
        }
        let file = File::open(&self.path).map_err(|error| match Places::default().given(&self.path) {
            Ok(Place::Commit(_)) => Stop::because(format!(
                "leads are read from files, not out of git: `git show {} > FILE` writes one",
                self.path.display()
            )),
            Ok(Place::Disk(_)) | Err(_) => failed(error),
        })?;
        let kind = file.metadata().map_err(failed)?;
        if self.is_pointer() {
            return Err(failed(io::Error::other(POINTER)));
        }
        // A pipe is read from its beginning to its end.
        let input = if kind.is_file() {
            Stored::new(file).map_err(failed)?.into()
        } else {
            Box::new(BufReader::with_capacity(1 << 16, file)).into()
        };
        Ok((input, format))
    }

    /// Opens the leads for a policy.
    pub(super) fn open<'e>(
        &self,
        evaluator: &'e Evaluator<'e>,
        show_personal: bool,
        sources: &Sources,
        console: &Console,
    ) -> Result<Reader<'e>, Stop> {
        let (input, format) = self.input()?;
        Reader::open(evaluator, input, format, show_personal)
            .map_err(|found| self.stop(found, sources.clone(), console))
    }

    /// Finds a row. When it is asked for by a name that no row has, the name that comes closest is looked for, too: that takes its time,
    /// so that it is only done then, unless the leads cannot be read twice.
    pub(super) fn find(
        &self,
        evaluator: &Evaluator<'_>,
        wanted: Which,
        show_personal: bool,
    ) -> Result<Result<Found, Vec<Diagnostic>>, Stop> {
        let mut wanted = wanted;
        let settings = Settings { threads: processors(), show_personal, ..Settings::default() };
        loop {
            if let Which::Named { near, .. } = &mut wanted {
                *near |= self.is_stdin();
            }
            let (input, format) = self.input()?;
            let found = columnar::find(evaluator, input, format, &wanted, settings);
            match &mut wanted {
                Which::Named { near, .. } if !*near && found.as_ref().is_ok_and(|found| found.first.is_none()) => {
                    *near = true;
                }
                Which::Named { .. } | Which::Row(_) => return Ok(found),
            }
        }
    }

    /// Tells what is wrong with the leads as a whole; the command stops.
    pub(super) fn stop(&self, diagnostics: Vec<Diagnostic>, sources: Sources, console: &Console) -> Stop {
        let batch = Batch { sources, diagnostics };
        console.tell(&format!("{}\n", findings::human(&[&batch], console.err)));
        Stop::because(format!("the leads in {} cannot be used", self.name()))
    }

    /// That no lead is called so among these rows, and what may be meant: a name that is nearly the same or, where leads have no names, a row.
    pub(super) fn no_lead(&self, id: &str, rows: &str, near: &str, policy: &Policy) -> Stop {
        let meant = match (policy.id_field(), Some(near).filter(|near| !near.is_empty())) {
            (None, _) => {
                let number = if self.format().is_ok_and(|format| format == Format::Parquet) { "row" } else { "line" };
                let row = id.parse::<u64>().unwrap_or(1).max(1);
                format!(
                    ": the policy has no `id` field, so that leads are called by the number of their {number}; `--row {row}` asks for row {row}"
                )
            }
            (Some(_), Some(near)) => format!("; did you mean `{near}`?"),
            (Some(_), None) => String::new(),
        };
        Stop::because(format!("no lead is called `{id}` in {}, which has {rows}{meant}", self.name()))
    }
}
