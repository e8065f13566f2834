//! `policyc git-diff` and `policyc git-text`: what git runs to show a change of a policy. `install-hooks` tells git of them.

mod others;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use policyc::diagnostic::any_error;
use policyc::diff::{Diff, Report, Texts};
use policyc::format::format;
use policyc::ir::Policy;
use policyc::lower::{Checked, check};
use policyc::render::diff::human;
use policyc::render::terminal::{Tone, clean};
use policyc::source::{Files, ReadError, SourceFile, SourceId, Sources};
use policyc::syntax::parse;

use super::Exit;
use super::console::{Console, Stop};
use super::disk::{bytes, io_words, read_words};
use super::output::Output;
use super::place;

/// For git, as the command of a diff driver: say what a change of a policy changes.
#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// What git gives: a path, then file, hash and mode before and after, then for a renamed file its new path and how much is the same.
    #[arg(value_name = "GIT", required = true, allow_hyphen_values = true)]
    given: Vec<OsString>,
}

/// For git, as the textconv of a diff driver: write a policy in canonical layout.
#[derive(Debug, Args)]
pub(super) struct TextArguments {
    /// The policy.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// One side of a change.
struct Side<'g> {
    /// Its path in the repository.
    path: String,
    /// A file with its text.
    file: &'g OsStr,
    /// The hash of the text; none of one that stands in the work tree.
    hash: Option<String>,
    /// Whether there is such a file on this side.
    there: bool,
    /// Whether it is a link, whose text is the path that it leads to.
    link: bool,
}

/// Says what a change changes; where no policies can be compared, shows the lines. Anything but success would make git stop.
pub(super) fn diff(arguments: &DiffArguments, console: &Console) -> Result<Exit, Stop> {
    let (old, new) = match arguments.given.as_slice() {
        [path] => {
            let heading = heading(&format!("diff {}", path.to_string_lossy()), console);
            console.print(&format!("{heading}\nnot merged yet: both sides are in the file\n\n"))?;
            return Ok(Exit::Clean);
        }
        [path, old, old_hash, old_mode, new, new_hash, new_mode, renamed @ ..] => {
            let new_path = renamed.first().unwrap_or(path);
            let folder = folder_of([(path, old), (new_path, new)]);
            let side = |path: &OsStr, file, hash, mode| side(folder.join(path), file, hash, mode);
            (side(path, old, old_hash, old_mode), side(new_path, new, new_hash, new_mode))
        }
        _ => return Err(Stop::because("`git-diff` is for git, which gives seven arguments")),
    };
    let title = if old.path == new.path { old.path.clone() } else { format!("{} → {}", old.path, new.path) };
    let body = match behaviour(&old, &new, console) {
        Ok(report) => report,
        Err(why) => format!("{}\n{}", clean(&why), lines(&old, &new)?),
    };
    console.print(&format!("{}\n{}\n\n", heading(&format!("diff {title}"), console), body.trim_end()))?;
    Ok(Exit::Clean)
}

/// Writes a policy in canonical layout; what cannot be read as one, as it is.
pub(super) fn text(arguments: &TextArguments) -> Result<Exit, Stop> {
    let cannot = |why: &str| Stop::because(format!("cannot read `{}`: {why}", arguments.file.display()));
    let raw = std::fs::read(&arguments.file).map_err(|error| cannot(&io_words(&error)))?;
    let mut output = Output::open(None)?;
    let canonical = bytes(&arguments.file).ok().and_then(|bytes| canonical(&bytes));
    let shown = canonical.as_deref().map_or(raw.as_slice(), str::as_bytes);
    output.write_all(shown).map_err(|error| Stop::writing("to standard output", &error))?;
    output.finish()?;
    Ok(Exit::Clean)
}

/// The text in canonical layout, when it can be read as a policy.
fn canonical(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let parsed = parse(&SourceFile::new(SourceId(0), "", text.strip_prefix('\u{feff}').unwrap_or(text)));
    (!any_error(&parsed.diagnostics)).then(|| format(&parsed.file))
}

fn heading(words: &str, console: &Console) -> String {
    console.out.paint(Tone::Accent, &clean(words))
}

/// The folder that the paths begin in: with `git diff --relative` one below the root. A file of the work tree has its whole path; of others that folder
/// is known which git was run in.
fn folder_of(sides: [(&OsString, &OsString); 2]) -> PathBuf {
    let above = |(path, file): (&OsString, &OsString)| {
        let whole = Path::new(file);
        let above = whole.ancestors().nth(Path::new(path).components().count())?;
        (whole.is_relative() && whole.ends_with(path)).then(|| above.to_owned())
    };
    if let Some(folder) = sides.into_iter().find_map(above) {
        return folder;
    }
    let run_in = PathBuf::from(std::env::var_os("GIT_PREFIX").unwrap_or_default());
    let is_from = |folder: &Path| sides.iter().any(|(path, _)| folder.join(path).exists());
    if !is_from(Path::new("")) && is_from(&run_in) { run_in } else { PathBuf::new() }
}

fn side<'g>(path: PathBuf, file: &'g OsStr, hash: &OsStr, mode: &OsStr) -> Side<'g> {
    // Git writes a point for what there is not, and zeros for the hash of what it has not read yet.
    let hash = hash.to_str().filter(|hash| hash.bytes().any(|digit| digit != b'0')).map(str::to_owned);
    Side { path: path.to_string_lossy().into_owned(), file, hash, there: mode != ".", link: mode == "120000" }
}

/// What leads change hands, or why that cannot be said.
fn behaviour(old: &Side<'_>, new: &Side<'_>, console: &Console) -> Result<String, String> {
    let kind = |side: &Side<'_>| if side.link { "link" } else { "file" };
    match (old.there, new.there) {
        (false, _) => return Err(format!("a new {}", kind(new))),
        (true, false) => return Err(format!("the {} is gone", kind(old))),
        (true, true) if old.link || new.link => return Err("a link that leads elsewhere now:".to_owned()),
        (true, true) => {}
    }
    let [old_others, new_others] = others::of(old, new);
    let (old_texts, before) = old.read(&old_others, "before", "a")?;
    let (new_texts, after) = new.read(&new_others, "after", "b")?;
    let difference = Diff::new(&before, &after);
    let report = human(&Report::new(&difference, &Texts { old: &old_texts, new: &new_texts }), console.out);
    let alone = old_texts.iter().count() == 1 && new_texts.iter().count() == 1;
    let note = match [&old_others, &new_others].map(others::name) {
        _ if alone => String::new(),
        [old, new] if old == new => format!("\nnote: both sides use the other files of {old}\n"),
        [old, new] => format!("\nnote: the other files are those of {old} before, and of {new} after\n"),
    };
    Ok(format!("{report}{note}"))
}

impl Side<'_> {
    /// The policy of this side, `when`; `sign` stands before its path, as git does it.
    fn read(&self, others: &place::Texts, when: &str, sign: &str) -> Result<(Sources, Policy), String> {
        let text = bytes(Path::new(self.file)).map_err(|error| format!("cannot be read: {}", read_words(&error)))?;
        let overlaid = Overlaid { others, path: &self.path, text };
        let Checked { sources, policy, library, .. } = check(&self.path, &overlaid);
        if library {
            let here = &self.path;
            return Err(format!(
                "what a library changes shows in the policies that use it: `policyc diff HEAD:POLICY POLICY`; the lines of {here}:"
            ));
        }
        let named = |path: &str| if path == self.path { format!("{sign}/{path}") } else { others.shown(path) };
        match policy {
            Some(policy) => Ok((sources.renamed(named), policy)),
            None => Err(format!(
                "not compared: {when} the change, the policy does not check with the other files of {}; the lines:",
                others::name(others)
            )),
        }
    }
}

/// The files of one side, one of them with another text.
struct Overlaid<'f> {
    others: &'f place::Texts,
    path: &'f str,
    text: Vec<u8>,
}

impl Files for Overlaid<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if path == self.path { Ok(self.text.clone()) } else { self.others.read(path) }
    }

    fn stands_at(&self, path: &str) -> String {
        if path == self.path { path.to_owned() } else { self.others.stands_at(path) }
    }
}

/// The lines that differ, as git shows them without a driver.
fn lines(old: &Side<'_>, new: &Side<'_>) -> Result<String, Stop> {
    let mut git = Command::new("git");
    git.args(["diff", "--no-index", "--no-ext-diff", "--no-textconv", "--no-color", "--"]).args([old.file, new.file]);
    let output = git.output().map_err(|error| Stop::because(format!("cannot run `git`: {}", io_words(&error))))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let hunks = text.lines().skip_while(|line| !line.starts_with("@@"));
    Ok(hunks.map(|line| format!("{}\n", clean(line))).collect())
}
