//! The configuration of the repository that a command is run in, from the disk.

use std::path::{Path, PathBuf};

use policyc::config::{self, Config};
use policyc::diagnostic::any_error;
use policyc::render::{Batch, Tally};
use policyc::source::{Files, ReadError, SourceFile, SourceId, Sources};

use super::console::{Console, Stop};
use super::disk::{OnDisk, is_inside, slashed, way_below};
use super::folder::leads_out;
use super::format::Format;
use super::git::{Repository, Snapshot};

/// What a repository says of itself, and where it says so.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The configuration; nothing is said in it when there is no file.
    pub(super) config: Config,
    /// The folder of the repository; without one, the working folder.
    pub(super) top: PathBuf,
    /// The folder of the configuration, which its paths are relative to.
    folder: PathBuf,
    /// Its file, when there is one.
    pub(super) file: Option<PathBuf>,
    /// What stands in it.
    sources: Sources,
}

impl Settings {
    /// Looks for a configuration from the working folder upwards, as far as the repository goes; without one, in the working folder alone. One with faults is told about, and the command
    /// stops: nobody knows what it would have asked for.
    pub(super) fn find(console: &Console) -> Result<Settings, Stop> {
        Settings::or_told(|faulty| Format::Human.tell(faulty, |_| String::new(), console))
    }

    /// The same; `tell` says what the faults are.
    pub(super) fn or_told(tell: impl FnOnce(&Batch) -> Result<(), Stop>) -> Result<Settings, Stop> {
        let working = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let top = working.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&working).to_owned();
        let mut folders = working.ancestors().take_while(|folder| folder.starts_with(&top));
        let Some(folder) = folders.find(|folder| is_there(&folder.join(config::NAME))) else {
            return Ok(Settings { folder: top.clone(), top, ..Settings::default() });
        };
        let OnDisk { files, path, bytes } = OnDisk::find(&inside(&top, folder, config::NAME)?)?;
        let name = files.shown(&path);
        let text = String::from_utf8(bytes).map_err(|_| Stop::because(format!("`{name}` is not written in UTF-8")))?;
        let mut sources = Sources::default();
        let id = sources.add(name.clone(), text.strip_prefix('\u{feff}').unwrap_or(&text), None);
        let (config, diagnostics) = sources.get(id).map(config::read).unwrap_or_default();
        if any_error(&diagnostics) {
            let batch = Batch { sources: sources.at_home(|_| files.home(&path)), diagnostics };
            tell(&batch)?;
            let found = Tally::of(&[&batch]).sentence().unwrap_or_default();
            return Err(Stop::because(format!("`{name}` cannot be used: {found}")));
        }
        Ok(Settings { config, folder: folder.to_owned(), file: Some(folder.join(config::NAME)), sources, top })
    }

    /// The configuration that a commit has, seen from a folder of it: found as on the disk. Of one with faults, what can be read counts.
    pub(super) fn in_commit(snapshot: &Snapshot, here: &str) -> Found {
        let folders = std::iter::successors(Some(here), |folder| match folder.rsplit_once('/') {
            Some((above, _)) => Some(above),
            None => (!folder.is_empty()).then_some(""),
        });
        for folder in folders {
            let path = join(folder, config::NAME);
            let bytes = match snapshot.read(&path) {
                Ok(bytes) => bytes,
                Err(ReadError::NotFound) => continue,
                // What it would say is not known, and counts all the same.
                Err(ReadError::Outside | ReadError::TooLarge(_) | ReadError::Other(_)) => {
                    return Found { path: Some(path), faulty: true, ..Found::default() };
                }
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let (config, diagnostics) = config::read(&SourceFile::new(SourceId(0), path.clone(), text));
            return Found { path: Some(path), config, faulty: any_error(&diagnostics) };
        }
        Found::default()
    }

    /// What the configuration of the disk is, as one of a commit.
    pub(super) fn found(&self, repository: &Repository) -> Found {
        // Where it stands, not where a link there leads: what it names is relative to that.
        let folder = self.file.as_ref().and_then(|_| repository.path_of(&self.folder));
        let path = folder.map(|folder| join(&folder, config::NAME));
        Found { path, config: self.config.clone(), faulty: false }
    }

    /// The policies that are meant: those that are given, else those of the configuration.
    pub(super) fn policies(&self, given: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
        if !given.is_empty() {
            return Ok(given.to_owned());
        }
        if self.config.policies.is_empty() {
            return Err(Stop::because(format!(
                "which policies? give their files or folders, or say in `{}` where they are, e.g. `policies = [\"policies\"]`",
                config::NAME
            )));
        }
        self.config.policies.iter().map(|path| self.named(path)).collect()
    }

    /// Policies that the configuration names, from the working folder.
    fn named(&self, path: &str) -> Result<PathBuf, Stop> {
        let full = self.at(path)?;
        if is_there(&full) {
            return Ok(full);
        }
        let span = self.sources.iter().find_map(|file| config::place_of_policies(file, path));
        let place = span.map_or_else(|| config::NAME.to_owned(), |span| self.sources.place(span));
        Err(Stop::because(format!(
            "there is no `{path}`, which `{place}` names: type where the policies are, or take it out"
        )))
    }

    /// The baseline that the configuration names, from the working folder.
    pub(super) fn baseline(&self) -> Result<Option<PathBuf>, Stop> {
        self.config.baseline.as_ref().map(|path| self.at(path)).transpose()
    }

    /// A path of the configuration, from the working folder. A link that leads out of the repository is not followed.
    pub(super) fn at(&self, path: &str) -> Result<PathBuf, Stop> {
        inside(&self.top, &self.folder, path)
    }
}

/// A configuration, where a commit or the work tree has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// Its path in the repository; none when there is no such file.
    pub(super) path: Option<String>,
    /// What it says.
    pub(super) config: Config,
    /// Whether some of it cannot be read.
    pub(super) faulty: bool,
}

impl Found {
    /// The path in the repository of something that it names.
    pub(super) fn at(&self, path: &str) -> String {
        let folder = self.path.as_deref().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        join(folder, if path == "." { "" } else { path })
    }
}

/// A path in a folder of the repository.
fn join(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

/// Whether something of this name is there, be it a file or not: a folder of this name is a mistake to tell.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A path below a folder of the repository at `top`, from the working folder. A link that leads out of it is not followed.
pub(super) fn inside(top: &Path, folder: &Path, path: &str) -> Result<PathBuf, Stop> {
    let (full, canonical) = (folder.join(path), top.canonicalize());
    let short = relative(&full);
    if let (Ok(real), Ok(top)) = (full.canonicalize(), &canonical)
        && !is_inside(&real, top)
    {
        return Err(leads_out(&short));
    }
    let typed = full.strip_prefix(top).ok().and_then(slashed);
    match typed.and_then(|path| way_below(top, &path).absolute) {
        Some(words) => Err(Stop::because(words)),
        None => Ok(short),
    }
}

/// A path as short as it can be said in the working folder; never one that a revision could stand in.
fn relative(full: &Path) -> PathBuf {
    let working = std::env::current_dir().unwrap_or_default();
    match full.strip_prefix(&working) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) if inside.to_string_lossy().contains(':') => Path::new(".").join(inside),
        Ok(inside) => inside.to_owned(),
        Err(_) => full.to_owned(),
    }
}
