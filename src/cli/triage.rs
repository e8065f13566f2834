//! Which findings of a run count, as its switches and the configuration say.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use policyc::diagnostic::{Code, did_you_mean};
use policyc::render::terminal::count;
use policyc::syntax::first_conflict;
use policyc::triage::{self, Baseline, Known, Level, Levels};

use super::console::Stop;
use super::disk::io_words;
use super::output::{Output, refuse_overwriting};
use super::policies::Run;
use super::settings::Settings;

/// The largest baseline that is read, in bytes.
const LIMIT: u64 = 64 << 20;

/// The switches that say what counts.
#[derive(Debug, Args)]
pub(super) struct Counting {
    /// Fail when there are warnings, too, or findings of a code; may be repeated.
    #[arg(long, value_name = "warnings|CODE")]
    deny: Vec<Denied>,
    /// The findings that are known, and do not fail any more.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all that is found to this file: it is known from now on.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
}

/// What fails although it is no error by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    Warnings,
    Code(Code),
}

impl FromStr for Denied {
    type Err = String;

    fn from_str(text: &str) -> Result<Denied, String> {
        if text == "warnings" {
            return Ok(Denied::Warnings);
        }
        let near = did_you_mean(text, ["warnings"]).or(Code::meant(text).map(Code::name));
        Code::find(text).map(Denied::Code).ok_or_else(|| match near {
            Some(near) => format!("there is no code of this name; did you mean `{near}`?"),
            None => "type `warnings`, or a code as it is shown with its finding, such as `P0408`".to_owned(),
        })
    }
}

/// What became of the findings.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// How many are known, and left out.
    pub(super) known: u64,
    /// What there is to say of it.
    pub(super) notes: Vec<String>,
}

impl Counting {
    /// Refuses to write a new baseline, or the other results of a run, over what is read, or two of them to one file. A baseline may be
    /// written anew, but not over by anything else.
    pub(super) fn refuse_overwriting(
        &self,
        run: &Run,
        settings: &Settings,
        others: &Option<PathBuf>,
    ) -> Result<(), Stop> {
        let read: Vec<PathBuf> = run.files().chain(&settings.file).cloned().collect();
        refuse_overwriting(&read, self.write_baseline.iter().chain(others))?;
        refuse_overwriting(self.baseline.iter().chain(&settings.baseline()?), others)
    }

    /// Leaves out what does not count, and gives the others their levels.
    pub(super) fn apply(&self, run: &mut Run, settings: &Settings, unasked: &[Code]) -> Result<Counted, Stop> {
        let settled = run.settled();
        let mut batches = run.batches_mut();
        triage::allow(&mut batches, &settled, unasked);
        let levels = self.levels(settings);
        batches.iter_mut().for_each(|batch| levels.apply(&mut batch.diagnostics));
        let is_there = |path: &str| settings.top.join(path).exists();
        if let Some(path) = &self.write_baseline {
            let old = if path.exists() { read_baseline(path)? } else { Baseline::default() };
            let baseline = old.renewed(&batches, &settled, unasked, is_there);
            Output::whole(Some(path), &baseline.write())?;
            let known = baseline.strike(&mut batches, &settled, unasked, is_there).known;
            let entries = count(baseline.len() as u64, "finding");
            let note = format!("`{}` has {entries}: known from now on", path.display());
            return Ok(Counted { known: known as u64, notes: vec![note] });
        }
        let path = match &self.baseline {
            Some(path) => Some(path.clone()),
            None => settings.baseline()?,
        };
        let Some(path) = path else { return Ok(Counted::default()) };
        let struck = read_baseline(&path)?.strike(&mut batches, &settled, unasked, is_there);
        let notes = outdated(&path, &struck.outdated).into_iter().collect();
        Ok(Counted { known: struck.known as u64, notes })
    }

    /// The levels of the configuration, and on top of them what the switches say.
    fn levels(&self, settings: &Settings) -> Levels {
        let mut levels = settings.config.levels.clone();
        for denied in &self.deny {
            match denied {
                Denied::Warnings => levels.deny_warnings = true,
                Denied::Code(code) => drop(levels.codes.insert(*code, Level::Deny)),
            }
        }
        levels
    }
}

/// What to say of entries that match nothing any more.
fn outdated(path: &Path, entries: &[Known]) -> Option<String> {
    let Known { path: file, code, about, .. } = entries.first()?;
    let path = path.display();
    let entries = match entries.len() {
        1 => "1 entry that matches".to_owned(),
        n => format!("{n} entries that match"),
    };
    Some(format!(
        "`{path}` has {entries} nothing any more, such as {code} in `{file}` at `{about}`: `--write-baseline {path}` takes out what is done"
    ))
}

fn read_baseline(path: &Path) -> Result<Baseline, Stop> {
    let name = path.display();
    let failed = |e: std::io::Error| {
        let how = match (e.kind(), path.to_str().and_then(|text| text.split_once(':'))) {
            (std::io::ErrorKind::NotFound, Some((revision, file))) if revision.len() > 1 => {
                format!(
                    "; a baseline is read from the disk: `git show {name} > {file}` writes the one of `{revision}` there"
                )
            }
            (std::io::ErrorKind::NotFound, _) => format!("; `--write-baseline {name}` writes it"),
            (_, _) => String::new(),
        };
        Stop::because(format!("cannot read `{name}`: {}{how}", io_words(&e)))
    };
    // Asked before opening: opening a pipe would wait for somebody to write to it.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Stop::because(format!("cannot read `{name}`: it is not a file")));
    }
    let mut text = String::new();
    File::open(path).map_err(failed)?.take(LIMIT + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > LIMIT {
        return Err(Stop::because(format!("cannot read `{name}`: it is larger than {} MiB", LIMIT >> 20)));
    }
    if let Some(line) = first_conflict(&text) {
        return Err(Stop::because(format!(
            "a merge has left both of its sides in `{name}`, line {line}: take one of them (`git checkout --theirs {name}`), and \
             `--write-baseline {name}` adds what the other had"
        )));
    }
    Baseline::read(&text).map_err(|why| Stop::because(format!("`{name}` is no baseline of policyc: {why}")))
}
