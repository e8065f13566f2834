//! The configuration of the repository that a command is run in, from the disk.

use std::path::{Path, PathBuf};

use policyc::config::{self, Config};
use policyc::diagnostic::any_error;
use policyc::render::{Batch, Tally, findings};
use policyc::source::Sources;

use super::console::{Console, Stop};
use super::disk::OnDisk;

/// What a repository says of itself, and where it says so.
#[derive(Debug)]
pub(super) struct Settings {
    /// The configuration; nothing is said in it when there is no file.
    pub(super) config: Config,
    /// The folder of the repository; without one, the working folder.
    pub(super) top: PathBuf,
    /// The folder of the configuration, which its paths are relative to.
    folder: PathBuf,
}

impl Settings {
    /// Looks for a configuration from the working folder upwards, as far as the repository goes; without one, in the working folder alone. One with faults is told about, and the command
    /// stops: nobody knows what it would have asked for.
    pub(super) fn find(console: &Console) -> Result<Settings, Stop> {
        let working = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let top = working.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&working).to_owned();
        let mut inside = working.ancestors().take_while(|folder| folder.starts_with(&top));
        let Some(folder) = inside.find(|folder| is_there(&folder.join(config::NAME))) else {
            return Ok(Settings { config: Config::default(), folder: top.clone(), top });
        };
        let OnDisk { files, path, bytes } = OnDisk::find(&folder.join(config::NAME))?;
        let name = files.shown(&path);
        let text = String::from_utf8(bytes).map_err(|_| Stop::because(format!("`{name}` is not written in UTF-8")))?;
        let mut sources = Sources::default();
        let id = sources.add(name.clone(), text.strip_prefix('\u{feff}').unwrap_or(&text), None);
        let (config, diagnostics) = sources.get(id).map(config::read).unwrap_or_default();
        if any_error(&diagnostics) {
            let batch = Batch { sources, diagnostics };
            console.tell(&format!("{}\n", findings::human(&[&batch], console.err)));
            let found = Tally::of(&[&batch]).sentence().unwrap_or_default();
            return Err(Stop::because(format!("`{name}` cannot be used: {found}")));
        }
        Ok(Settings { config, folder: folder.to_owned(), top })
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
        self.config.policies.iter().map(|path| self.at(path)).collect()
    }

    /// A path of the configuration, from the working folder. A link that leads out of the repository is not followed.
    pub(super) fn at(&self, path: &str) -> Result<PathBuf, Stop> {
        let full = self.folder.join(path);
        match (full.canonicalize(), self.folder.canonicalize()) {
            (Ok(real), Ok(folder)) if !real.starts_with(&folder) => {
                Err(Stop::because(format!("`{path}` in `{}` leads out of the repository", config::NAME)))
            }
            (Ok(_) | Err(_), _) => Ok(relative(&full)),
        }
    }
}

/// Whether something of this name is there, be it a file or not: a folder of this name is a mistake to tell.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A path as short as it can be said in the working folder.
fn relative(full: &Path) -> PathBuf {
    let working = std::env::current_dir().unwrap_or_default();
    match full.strip_prefix(&working) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_) => full.to_owned(),
    }
}
