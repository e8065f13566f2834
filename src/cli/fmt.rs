//! `policyc fmt`: policies in canonical layout.

use std::path::PathBuf;

use clap::Args;
use policyc::diagnostic::any_error;
use policyc::format::{format, line_end, settle};
use policyc::render::terminal::clean;
use policyc::render::{Batch, Tally, findings};
use policyc::source::Sources;
use policyc::syntax::parse;

use super::Exit;
use super::console::{Console, Stop};
use super::output::Output;
use super::place::{Opened, Place};
use super::policies::{Read, files};
use super::settings::Settings;

/// Bring policies into canonical layout; comments and the author's choice of words stay.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`. When absent, those that
    /// `policyc.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing: say which files are not in canonical layout, and exit with 1 when there is one.
    #[arg(long)]
    check: bool,
}

/// What became of a file.
enum Formatted {
    /// It is in canonical layout.
    Already,
    /// It was not; its name and its canonical text.
    Anew(String, String),
    /// It cannot be read: its findings.
    Faulty(Batch),
}

/// Formats policies, or says which are not formatted.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let files = files(&Settings::find(console)?.policies(&arguments.paths)?)?;
    if let Some(file) = files.iter().find(|file| !arguments.check && matches!(file, Place::Commit(_))) {
        return Err(Stop::because(format!(
            "`{}` is in a commit, which stays as it is: add `--check`, or give the path of the file",
            file.name()
        )));
    }
    let mut changed = 0;
    let mut faulty = Vec::new();
    for file in &files {
        match formatted(file)? {
            Formatted::Already => {}
            Formatted::Anew(name, text) => {
                changed += 1;
                match file {
                    Place::Disk(file) if !arguments.check => {
                        Output::whole(Some(file), &text)?;
                        console.sum_up(&format!("formatted: {}", clean(&name)))?;
                    }
                    Place::Disk(_) | Place::Commit(_) => {
                        console.print(&format!("not formatted: {}\n", clean(&name)))?;
                    }
                }
            }
            Formatted::Faulty(batch) => faulty.push(batch),
        }
    }
    let batches: Vec<&Batch> = faulty.iter().collect();
    console.tell(&findings::human(&batches, console.err));
    if let Some(sentence) = Tally::of(&batches).sentence() {
        console.tell(&format!("\n{sentence}: what cannot be read is left as it is\n"));
    }
    Ok(Exit::from(!faulty.is_empty() || arguments.check && changed > 0))
}

/// What a file is to look like.
fn formatted(file: &Place) -> Result<Formatted, Stop> {
    let Opened { texts, path, bytes } = file.open()?;
    let name = texts.shown(&path);
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(Formatted::Faulty(Read::from(file.clone())?.batch));
    };
    let mut sources = Sources::default();
    let id = sources.add(name.clone(), text.strip_prefix('\u{feff}').unwrap_or(&text), None);
    let parsed = sources.get(id).map(parse).unwrap_or_default();
    if any_error(&parsed.diagnostics) {
        return Ok(Formatted::Faulty(Batch { sources, diagnostics: parsed.diagnostics }));
    }
    let canonical = format(&parsed.file);
    let mut again = Sources::default();
    let id = again.add(name.clone(), canonical.as_str(), None);
    let mut meant = parsed.file;
    settle(&mut meant);
    let same = again.get(id).is_some_and(|source| parse(source).file == meant);
    if !same {
        return Err(Stop::because(format!(
            "`{name}` would not mean the same after formatting; that is a fault of policyc, and the file is left as it is"
        )));
    }
    let canonical = canonical.replace('\n', line_end(&text));
    Ok(if canonical == text { Formatted::Already } else { Formatted::Anew(name, canonical) })
}
