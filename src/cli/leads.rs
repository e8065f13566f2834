//! The leads of a run: which file, in which format.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::diagnostic::Diagnostic;
use policyc::eval::Evaluator;
use policyc::leads::{Format, Reader};
use policyc::render::{Batch, findings};

use super::console::{Console, Stop};
use super::disk::io_words;
use super::policies::Read;

/// The leads, and how to read them.
#[derive(Debug, Args)]
pub(super) struct Leads {
    /// The leads: a `.csv`, `.tsv`, `.ndjson`, `.jsonl` or `.json` file, or `-` for standard input.
    #[arg(value_name = "LEADS")]
    pub(super) path: PathBuf,
    /// How the leads are written, when the ending of the file does not say it.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<InputFormat>,
    /// Show the values of personal fields instead of `•••`.
    #[arg(long)]
    pub(super) show_personal: bool,
}

/// How leads are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    Csv,
    Tsv,
    Ndjson,
    Json,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Format {
        match format {
            InputFormat::Csv => Format::Csv,
            InputFormat::Tsv => Format::Tsv,
            InputFormat::Ndjson => Format::Ndjson,
            InputFormat::Json => Format::Json,
        }
    }
}

impl Leads {
    /// How the leads are called in messages.
    pub(super) fn name(&self) -> String {
        if self.is_stdin() { "standard input".to_owned() } else { format!("`{}`", self.path.display()) }
    }

    fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    fn format(&self) -> Result<Format, Stop> {
        self.input_format.map(Format::from).or_else(|| Format::from_path(&self.path)).ok_or_else(|| {
            let name = self.name();
            Stop::because(format!("say how {name} is written: add `--input-format csv` (or tsv, ndjson, json)"))
        })
    }

    /// Opens the leads for a policy.
    pub(super) fn open<'e>(
        &self,
        evaluator: &'e Evaluator<'e>,
        policy: &Read,
        console: &Console,
    ) -> Result<Reader<'e>, Stop> {
        let format = self.format()?;
        let failed = |e: io::Error| Stop::because(format!("cannot read {}: {}", self.name(), io_words(&e)));
        let input: Box<dyn BufRead> = if self.is_stdin() {
            Box::new(BufReader::with_capacity(1 << 16, io::stdin()))
        } else {
            let file = File::open(&self.path).map_err(failed)?;
            if file.metadata().map_err(failed)?.is_dir() {
                return Err(failed(io::ErrorKind::IsADirectory.into()));
            }
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        Reader::open(evaluator, input, format, self.show_personal).map_err(|found| self.stop(found, policy, console))
    }

    /// Tells what is wrong with the leads as a whole; the command stops.
    pub(super) fn stop(&self, diagnostics: Vec<Diagnostic>, policy: &Read, console: &Console) -> Stop {
        let batch = Batch { sources: policy.batch.sources.clone(), diagnostics };
        console.tell(&findings::human(&[&batch], console.err));
        Stop::because(format!("the leads in {} cannot be used", self.name()))
    }
}
