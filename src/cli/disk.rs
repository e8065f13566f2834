//! Texts from the disk: which folder a policy may read from, and how its files are called in messages.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use policyc::source::{Files, ReadError};

use super::console::Stop;
use super::way::{self, Way};

/// The largest text that is read, in bytes.
pub(super) const LIMIT: u64 = 4 << 20;

/// The files below a folder: the repository that a policy stands in, else the policy's own folder.
#[derive(Debug)]
pub(super) struct DiskFiles {
    root: PathBuf,
    working: PathBuf,
    read: RefCell<Vec<PathBuf>>,
    /// The paths by which files were asked for.
    asked: RefCell<BTreeSet<String>>,
}

/// A policy on the disk: its files, and its own path among them.
#[derive(Debug)]
pub(super) struct OnDisk {
    /// What it may read.
    pub(super) files: DiskFiles,
    /// Its path from the root.
    pub(super) path: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

impl OnDisk {
    /// Finds the policy at a path as given by the user.
    pub(super) fn find(given: &Path) -> Result<OnDisk, Stop> {
        let failed = |why: &str| Stop::because(format!("cannot read `{}`: {why}", given.display()));
        let full = fs::canonicalize(given).map_err(|e| failed(&io_words(&e)))?;
        let folder = full.parent().ok_or_else(|| failed("it is a folder"))?;
        let root = repository_around(folder).unwrap_or(folder).to_owned();
        let working = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
        let path = slashed(full.strip_prefix(&root).unwrap_or(&full));
        let path = path.ok_or_else(|| failed("its name is not valid text"))?;
        let files = DiskFiles { root, working, read: RefCell::default(), asked: RefCell::default() };
        match files.read(&path) {
            Ok(bytes) => Ok(OnDisk { files, path, bytes }),
            Err(error) => Err(failed(&read_words(&error))),
        }
    }
}

impl DiskFiles {
    /// The files of the repository that the working folder is in; without one, of the working folder.
    pub(super) fn here() -> DiskFiles {
        let working = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
        let root = repository_around(&working).unwrap_or(&working).to_owned();
        DiskFiles { root, working, read: RefCell::default(), asked: RefCell::default() }
    }

    /// Every file that was read, in full.
    pub(super) fn all_read(&self) -> Vec<PathBuf> {
        self.read.borrow().clone()
    }

    /// Every path that was asked for, whether it was there or not.
    pub(super) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    /// The way that a path takes through links.
    pub(super) fn way(&self, path: &str) -> Way {
        way_below(&self.root, path)
    }

    /// A path from the working folder as one from the root, its links not followed; none when it is not below the root.
    pub(super) fn typed(&self, path: &Path) -> Option<String> {
        slashed(self.working.join(path).strip_prefix(&self.root).ok()?)
    }

    /// How CI knows a file: by its path in the repository; without one, by that from the working folder, or in full.
    pub(super) fn home(&self, path: &str) -> String {
        if self.root.join(".git").exists() {
            return path.to_owned();
        }
        let full = self.root.join(path);
        full.strip_prefix(&self.working).unwrap_or(&full).to_string_lossy().into_owned()
    }

    /// How a file is called in messages: relative to the working folder when both are in the same tree, else in full.
    pub(super) fn shown(&self, path: &str) -> String {
        let full = self.root.join(path);
        let both = full.components().zip(self.working.components());
        let common = both.take_while(|(a, b)| a == b).count();
        let up = self.working.components().count() - common;
        if up > 0 && common < self.root.components().count() {
            return full.display().to_string();
        }
        let down = full.components().skip(common);
        let steps = std::iter::repeat_n(Component::ParentDir, up).chain(down);
        steps.map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        // Links are followed first, so that one that leads out of the root is seen.
        let full = fs::canonicalize(self.root.join(path)).map_err(other)?;
        if !is_inside(&full, &self.root) {
            return Err(ReadError::Outside);
        }
        if full != self.root.join(path)
            && let Some(words) = self.way(path).absolute
        {
            return Err(ReadError::Other(words));
        }
        // Asked before opening: opening a pipe would wait for somebody to write to it.
        if !fs::metadata(&full).map_err(other)?.is_file() {
            return Err(ReadError::Other("it is not a file".to_owned()));
        }
        self.asked.borrow_mut().insert(path.to_owned());
        self.read.borrow_mut().push(full.clone());
        let bytes = bytes(&full)?;
        if is_lfs_pointer(&bytes) {
            return Err(ReadError::Other(POINTER.to_owned()));
        }
        Ok(bytes)
    }

    fn stands_at(&self, path: &str) -> String {
        self.asked.borrow_mut().insert(path.to_owned());
        self.way(path).end.unwrap_or_else(|| path.to_owned())
    }
}

/// The way that a path below a folder takes through links.
pub(super) fn way_below(root: &Path, path: &str) -> Way {
    way::of(path, |link| Some(fs::read_link(root.join(link)).ok()?.to_string_lossy().into_owned()))
}

/// The folder of the repository that a folder is in.
pub(super) fn repository_around(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// Whether a file, its links followed, is one of those in a folder. What git keeps there for itself, such as the password of a remote, is none:
/// a policy may be a stranger's, and what it reads is shown.
pub(super) fn is_inside(file: &Path, folder: &Path) -> bool {
    let inside = file.strip_prefix(folder).ok();
    inside.is_some_and(|path| !path.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")))
}

/// The bytes of a file, unless there are too many.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    File::open(file).map_err(other)?.take(LIMIT + 1).read_to_end(&mut bytes).map_err(other)?;
    if bytes.len() as u64 > LIMIT { Err(ReadError::TooLarge(LIMIT)) } else { Ok(bytes) }
}

fn other(error: std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::NotFound,
        _ => ReadError::Other(io_words(&error)),
    }
}

/// Why a file that only says which file git-lfs has in its place cannot be read.
pub(super) const POINTER: &str = "here is only a pointer to it: `git lfs pull` gets the file";

/// Whether a file only says which file git-lfs has in its place.
pub(super) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/") && bytes.len() < 1024
}

/// A relative path with `/`, when it is valid text.
pub(super) fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|c| c.as_os_str().to_str()).collect();
    parts.map(|p| p.join("/"))
}

/// Why the system could not do something, in a reader's words.
pub(super) fn io_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "you are not allowed to".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is not a folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the disk space that you may use is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read".to_owned(),
        ErrorKind::FileTooLarge => "it would be larger than files may be here".to_owned(),
        _ if error.raw_os_error() == LOOP => CIRCLE.to_owned(),
        _ => error.to_string(),
    }
}

/// What the system calls a link that leads back to itself; there is no stable name for it.
const LOOP: Option<i32> = if cfg!(target_os = "linux") {
    Some(40)
} else if cfg!(unix) {
    Some(62)
} else {
    None
};

/// That a path cannot be followed to its end.
pub(super) const CIRCLE: &str = "its links lead round in a circle";

/// Why a text could not be read, in a reader's words.
pub(super) fn read_words(error: &ReadError) -> String {
    match error {
        ReadError::NotFound => "there is no such file".to_owned(),
        ReadError::Outside => "it lies outside of the folder that policies are read from".to_owned(),
        ReadError::TooLarge(limit) => format!("it is larger than {} MiB", limit >> 20),
        ReadError::Other(words) => words.clone(),
    }
}
