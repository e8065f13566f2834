//! `policyc git-staged`: lays out for a hook what a commit would have of the policies and of all that they read, and nothing else. Git itself hands
//! the files out, so that it does not matter how the repository is stored, what of it is checked out, or what keeps a file for git.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use policyc::config::{self, Config};
use policyc::diagnostic::any_error;
use policyc::lower::check;
use policyc::source::{Files, ReadError, SourceFile, SourceId};

use super::{cannot_write, ended, folder_of, program};
use crate::cli::Exit;
use crate::cli::console::{Console, Stop};
use crate::cli::disk::{self, is_inside};
use crate::cli::folder;
use crate::cli::way;

/// For the hooks that `install-hooks` puts in: lay out what is staged of the policies, and all that they read.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// An empty folder.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Git runs a hook at the root of the work tree.
const HERE: &str = ".";

/// Lays out what is staged, and says which policies are meant: `all` that policyc.toml names, or those that are `listed` in the file
/// `.git/staged` there. Nothing is said when the commit changes nothing of them.
pub(in crate::cli) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let layout = Layout::new(&arguments.folder)?;
    let changed = layout.changed()?;
    let config = layout.config();
    config.iter().filter_map(|config| config.baseline.as_ref()).for_each(|path| drop(layout.fetched(path)));
    let meant = match config {
        Some(config) if config.policies.is_empty() => {
            let staged: Vec<String> = changed.into_iter().filter(|path| layout.is_policy(path)).collect();
            list(&layout.kept("staged"), &staged)?;
            layout.policies(&staged);
            (!staged.is_empty()).then_some("listed")
        }
        // Of one with faults `check` says what is wrong with it.
        config => {
            let named = config.iter().flat_map(|config| &config.policies);
            layout.policies(&named.flat_map(|path| layout.below(path)).collect::<Vec<_>>());
            changed.iter().any(|path| layout.concerns(path)).then_some("all")
        }
    };
    if let Some(why) = layout.failed.take() {
        return Err(Stop::because(why));
    }
    meant.map_or(Ok(()), |meant| console.print(&format!("{meant}\n")))?;
    Ok(Exit::Clean)
}

/// What git has at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Submodule,
}

/// A folder in which policies and what they read are laid out as soon as they are asked for.
struct Layout {
    /// The folder, in full. With a `.git` it is a repository to policyc: policies may use what stands beside their own folder.
    folder: PathBuf,
    /// What a commit would have.
    entries: BTreeMap<String, Kind>,
    /// Every path that was asked for, and what its links led to.
    asked: RefCell<BTreeSet<String>>,
    /// What was read in vain, since it is still to be laid out: git hands out many files as fast as one.
    missed: RefCell<BTreeSet<String>>,
    /// Why git could not hand out something that it has.
    failed: RefCell<Option<String>>,
}

impl Layout {
    fn new(folder: &Path) -> Result<Layout, Stop> {
        let folder = std::path::absolute(folder).map_err(|error| cannot_write(folder, &error))?;
        fs::create_dir(folder.join(".git")).map_err(|error| cannot_write(&folder, &error))?;
        let mut layout = Layout {
            folder,
            entries: BTreeMap::new(),
            asked: RefCell::default(),
            missed: RefCell::default(),
            failed: RefCell::default(),
        };
        // What is only intended to be added is in no tree, and an index that is made from one leaves out nothing that is not checked out.
        let tree = told(program(HERE).args(["write-tree", "--missing-ok"]))?;
        told(&mut layout.git(&["-c", "core.sparseCheckout=false", "read-tree", tree.trim_end()]))?;
        for entry in told(&mut layout.git(&["ls-files", "--stage", "-z"]))?.split_terminator('\0') {
            let Some((about, path)) = entry.split_once('\t') else { continue };
            let kind = match about.get(..3) {
                Some("120") => Kind::Link,
                Some("160") => Kind::Submodule,
                Some(_) | None => Kind::File,
            };
            layout.entries.insert(path.to_owned(), kind);
        }
        Ok(layout)
    }

    /// A file of our own in the folder.
    fn kept(&self, name: &str) -> PathBuf {
        self.folder.join(".git").join(name)
    }

    /// Git, with the index of what a commit would have.
    fn git(&self, arguments: &[&str]) -> Command {
        let mut git = program(HERE);
        git.args(arguments).env("GIT_INDEX_FILE", self.kept("index"));
        git
    }

    /// The paths of what the commit changes, adds or takes out.
    fn changed(&self) -> Result<Vec<String>, Stop> {
        let mut diff = self.git(&["diff", "--cached", "--name-only", "-z", "--no-ext-diff", "--no-renames"]);
        let paths = told(diff.arg("--ignore-submodules=none"))?;
        Ok(paths.split_terminator('\0').map(str::to_owned).collect())
    }

    /// What policyc.toml says; none when it has faults.
    fn config(&self) -> Option<Config> {
        self.fetched(config::NAME);
        let Ok(bytes) = self.read(config::NAME) else { return Some(Config::default()) };
        let text = String::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (config, faults) = config::read(&SourceFile::new(SourceId(0), config::NAME, text));
        (!any_error(&faults)).then_some(config)
    }

    /// Lays out policies, and what they read: first what these name, then what that names, and so on.
    fn policies(&self, paths: &[String]) {
        self.lay_out(paths);
        let mut open: Vec<String> = paths.iter().filter_map(|path| self.fetched(path)).collect();
        while !open.is_empty() {
            let mut missed = BTreeSet::new();
            open.retain(|path| {
                drop(check(path, self));
                let more = self.missed.take();
                let is_open = !more.is_empty();
                missed.extend(more);
                is_open
            });
            self.lay_out(&missed.into_iter().collect::<Vec<_>>());
            if self.failed.borrow().is_some() {
                return;
            }
        }
    }

    /// The policies that a path of policyc.toml stands for. As on the disk, links are gone through, also those to folders.
    fn below(&self, path: &str) -> Vec<String> {
        let mut policies = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<String> = self.fetched(path).into_iter().collect();
        while let Some(path) = ahead.pop() {
            if self.entries.contains_key(&path) {
                policies.insert(path);
                continue;
            }
            if self.submodule_of(&path).is_some() {
                let found = folder::below(Path::new(&path)).ok().flatten();
                let found = found.iter().flat_map(|below| &below.policies);
                policies.extend(found.filter_map(|path| path.to_str().map(str::to_owned)));
                continue;
            }
            if !seen.insert(path.clone()) {
                continue;
            }
            let below = || self.entries.iter().filter(|(entry, _)| Path::new(entry).starts_with(&path));
            policies.extend(below().map(|(entry, _)| entry).filter(|entry| self.is_policy(entry)).cloned());
            let is_way = |entry: &str| !is_called_policy(entry) && !folder::is_hidden(Path::new(entry));
            let links = below().filter(|(entry, kind)| **kind == Kind::Link && is_way(entry));
            let links: Vec<String> = links.map(|(link, _)| link.clone()).collect();
            self.lay_out(&links);
            ahead.extend(links.iter().filter_map(|link| self.led_to(link)).filter(|target| self.is_folder(target)));
        }
        policies.into_iter().collect()
    }

    /// Whether a path without links is one of a folder, here or in a submodule.
    fn is_folder(&self, path: &str) -> bool {
        match self.submodule_of(path) {
            Some(_) => Path::new(path).is_dir(),
            None => path.is_empty() || self.entries.keys().any(|entry| Path::new(entry).starts_with(path)),
        }
    }

    fn is_policy(&self, path: &str) -> bool {
        is_called_policy(path)
            && !folder::is_hidden(Path::new(path))
            && matches!(self.entries.get(path), Some(Kind::File | Kind::Link))
    }

    /// Whether what the policies are held to may be another one for a change at a path.
    fn concerns(&self, changed: &str) -> bool {
        let asked = self.asked.borrow();
        let is_read = asked.iter().any(|path| Path::new(path).starts_with(changed));
        is_read || is_called_policy(changed) || changed == config::NAME
    }

    /// The submodule that a path lies in.
    fn submodule_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        above.chain([path]).find(|above| self.entries.get(*above) == Some(&Kind::Submodule))
    }

    /// Lays out what a path leads to, and gives the path of that; none when it leads out of the repository.
    fn fetched(&self, path: &str) -> Option<String> {
        let path = self.found(path)?;
        match self.submodule_of(&path) {
            Some(submodule) => self.copy(&path, submodule),
            None => self.lay_out(std::slice::from_ref(&path)),
        }
        Some(path)
    }

    /// Where a path leads that is asked for.
    fn found(&self, path: &str) -> Option<String> {
        self.asked.borrow_mut().insert(path.to_owned());
        let path = self.led_to(path)?;
        self.asked.borrow_mut().insert(path.clone());
        Some(path)
    }

    /// Where a path leads, its links followed and laid out; none when that is out of the repository.
    fn led_to(&self, path: &str) -> Option<String> {
        let way = way::of(path, |link| {
            if self.entries.get(link) != Some(&Kind::Link) {
                return None;
            }
            self.asked.borrow_mut().insert(link.to_owned());
            self.lay_out(&[link.to_owned()]);
            let target = fs::read_link(self.folder.join(link)).ok();
            // What cannot be followed leads out.
            Some(target.and_then(|target| target.to_str().map(str::to_owned)).unwrap_or_else(|| "/".to_owned()))
        });
        way.end
    }

    /// Has git lay out those of some paths that a commit would have, and that are not there yet.
    fn lay_out(&self, paths: &[String]) {
        let is_new = |path: &&String| match self.entries.get(*path) {
            Some(Kind::File | Kind::Link) => self.is_missing(path),
            Some(Kind::Submodule) | None => false,
        };
        let new: Vec<String> = paths.iter().filter(is_new).cloned().collect();
        if new.is_empty() {
            return;
        }
        let wanted = self.kept("wanted");
        let done = list(&wanted, &new).and_then(|()| {
            let list = File::open(&wanted).map_err(|error| cannot_write(&wanted, &error))?;
            // Line ends as they are in the repository: those of this machine are no question of layout.
            let mut git =
                self.git(&["-c", "core.autocrlf=false", "-c", "core.eol=lf", "checkout-index", "-z", "--stdin"]);
            let mut prefix = OsString::from("--prefix=");
            prefix.push(self.folder.join(""));
            told(git.arg(prefix).stdin(list))
        });
        if let Err(Stop::Failed(why)) = done {
            self.failed.borrow_mut().get_or_insert(why);
        }
    }

    /// Whether a file is not laid out yet.
    fn is_missing(&self, path: &str) -> bool {
        fs::symlink_metadata(self.folder.join(path)).is_err()
    }

    /// Copies a file of a submodule as it is checked out: git has only the name of its commit.
    fn copy(&self, path: &str, submodule: &str) {
        let full = [path, submodule].map(|path| fs::canonicalize(path).ok());
        let [Some(file), Some(folder)] = full else { return };
        let to = self.folder.join(path);
        if is_inside(&file, &folder) && file.is_file() && folder_of(&to).is_ok() {
            // What cannot be read, `check` says is not there.
            drop(disk::bytes(&file).map(|bytes| fs::write(&to, bytes)));
        }
    }
}

impl Files for Layout {
    fn stands_at(&self, path: &str) -> String {
        self.found(path).unwrap_or_else(|| path.to_owned())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = self.found(path).ok_or(ReadError::Outside)?;
        if let Some(submodule) = self.submodule_of(&path) {
            self.copy(&path, submodule);
        } else if !self.entries.contains_key(&path) {
            return Err(ReadError::NotFound);
        } else if self.is_missing(&path) {
            self.missed.borrow_mut().insert(path);
            return Err(ReadError::NotFound);
        }
        disk::bytes(&self.folder.join(path))
    }
}

/// What git says; where it fails, why.
fn told(git: &mut Command) -> Result<String, Stop> {
    let ended = ended(git)?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(Stop::because(format!("what is staged cannot be read; git says: {}", said.trim())))
}

/// Writes paths to a file, each with a zero behind it.
fn list(file: &Path, paths: &[String]) -> Result<(), Stop> {
    let list: String = paths.iter().map(|path| format!("{path}\0")).collect();
    fs::write(file, list).map_err(|error| cannot_write(file, &error))
}

/// Whether a file is called like a policy.
fn is_called_policy(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "policy")
}
