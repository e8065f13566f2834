//! The files of a commit, as a policy reads them.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::rc::Rc;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::{EntryKind, EntryRef};
use gix::objs::{Kind, TreeRef};
use policyc::source::{Files, ReadError};

use super::Repository;
use super::object::{Commit, Fault, LARGEST};
use crate::cli::disk;
use crate::cli::folder::{Below, MOST_FOLDERS, is_policy};
use crate::cli::way::{MOST_LINKS, Way, absolute, names, of};

/// The files of a commit; what is read of them is remembered.
#[derive(Debug)]
pub(in crate::cli) struct Snapshot {
    repository: Rc<Repository>,
    /// The commit.
    pub(in crate::cli) commit: Commit,
    asked: RefCell<BTreeSet<String>>,
}

/// Something in the tree of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Node {
    /// A file.
    File(ObjectId),
    /// A folder.
    Folder(ObjectId),
}

/// Why a path leads to nothing that can be read.
enum Lost {
    /// Nothing stands there.
    Nowhere,
    /// It leads out of the repository.
    Outside,
    /// A link leads to an absolute path, which is told in these words.
    Absolute(String),
    /// It leads into a repository of its own, which is called so.
    Submodule(String),
    /// Its links lead round in a circle.
    Circle,
    /// The repository cannot be read there.
    Unreadable(ReadError),
}

impl From<ReadError> for Lost {
    fn from(error: ReadError) -> Lost {
        Lost::Unreadable(error)
    }
}

impl Snapshot {
    /// The files of a commit.
    pub(in crate::cli) fn new(repository: Rc<Repository>, commit: Commit) -> Snapshot {
        Snapshot { repository, commit, asked: RefCell::default() }
    }

    pub(super) fn repository(&self) -> &Rc<Repository> {
        &self.repository
    }

    /// Every path that was asked for, whether it was there or not.
    pub(in crate::cli) fn asked(&self) -> BTreeSet<String> {
        self.asked.borrow().clone()
    }

    fn lacks(&self, id: ObjectId, fault: &Fault) -> ReadError {
        ReadError::Other(self.repository.lacks(id, fault))
    }

    /// What a path leads to, its links followed.
    pub(in crate::cli) fn node(&self, path: &str) -> Result<Node, ReadError> {
        self.led_to(path).map(|(_, node)| node)
    }

    /// Whether a path leads to the file with a hash.
    pub(in crate::cli) fn leads_to(&self, path: &str, hash: &str) -> bool {
        ObjectId::from_hex(hash.as_bytes()).is_ok_and(|hash| self.node(path).ok() == Some(Node::File(hash)))
    }

    /// Where a path leads, its links followed: the path of that without links, and what it is.
    pub(in crate::cli) fn led_to(&self, path: &str) -> Result<(String, Node), ReadError> {
        self.follow(path).map_err(|lost| match lost {
            Lost::Nowhere => ReadError::NotFound,
            Lost::Outside => ReadError::Outside,
            Lost::Absolute(words) => ReadError::Other(words),
            Lost::Submodule(name) => {
                ReadError::Other(format!("`{name}` is a submodule, a repository of its own: run policyc in there"))
            }
            Lost::Circle => ReadError::Other(disk::CIRCLE.to_owned()),
            Lost::Unreadable(error) => error,
        })
    }

    /// The way that a path takes through links.
    pub(in crate::cli) fn way(&self, path: &str) -> Way {
        of(path, |link| {
            let (folder, name) = link.rsplit_once('/').unwrap_or(("", link));
            let Node::Folder(folder) = self.node(folder).ok()? else { return None };
            let Some((EntryKind::Link, id)) = self.entry(folder, name).ok()? else { return None };
            Some(String::from_utf8_lossy(&self.bytes(id, disk::LIMIT).ok()?).into_owned())
        })
    }

    /// Where a path leads instead of to something in the commit, in words that follow it; none when it leads to something, or when the repository
    /// cannot be read there.
    pub(in crate::cli) fn astray(&self, path: &str) -> Option<&'static str> {
        match self.follow(path) {
            Err(Lost::Nowhere) => Some("leads to nothing"),
            Err(Lost::Outside | Lost::Absolute(_)) => Some("leads out of the repository"),
            Err(Lost::Submodule(_)) => Some("leads into a submodule, a repository of its own"),
            Err(Lost::Circle) => Some("leads round in a circle"),
            Ok(_) | Err(Lost::Unreadable(_)) => None,
        }
    }

    /// The path of the file that a path leads to; none when it leads to none.
    pub(in crate::cli) fn file_at(&self, path: &str) -> Option<String> {
        let (path, node) = self.led_to(path).ok()?;
        matches!(node, Node::File(_)).then_some(path)
    }

    fn follow(&self, path: &str) -> Result<(String, Node), Lost> {
        // The folders below the root on the way to where the walk is, and the names that are still ahead, the next one last.
        let mut way: Vec<(String, ObjectId)> = Vec::new();
        let mut ahead: Vec<String> = names(path);
        let mut links = 0;
        let place =
            |way: &[(String, ObjectId)]| way.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("/");
        while let Some(name) = ahead.pop() {
            if name == ".." {
                way.pop().ok_or(Lost::Outside)?;
                continue;
            }
            let folder = way.last().map_or(self.commit.tree, |(_, folder)| *folder);
            let Some((kind, id)) = self.entry(folder, &name)? else { return Err(Lost::Nowhere) };
            match kind {
                EntryKind::Tree => way.push((name, id)),
                EntryKind::Blob | EntryKind::BlobExecutable if ahead.is_empty() => {
                    way.push((name, id));
                    return Ok((place(&way), Node::File(id)));
                }
                EntryKind::Blob | EntryKind::BlobExecutable => return Err(Lost::Nowhere),
                EntryKind::Commit => return Err(Lost::Submodule(name)),
                EntryKind::Link => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Lost::Circle);
                    }
                    let target = self.bytes(id, disk::LIMIT)?;
                    let target = target.to_str().map_err(|_| Lost::Nowhere)?;
                    if target.starts_with('/') {
                        way.push((name, id));
                        return Err(Lost::Absolute(absolute(&place(&way), target)));
                    }
                    ahead.extend(names(target));
                }
            }
        }
        Ok((place(&way), Node::Folder(way.last().map_or(self.commit.tree, |(_, folder)| *folder))))
    }

    /// The paths of the `*.policy` files below a folder, sorted; none when it is a file.
    pub(in crate::cli) fn policies(&self, path: &str) -> Result<Option<Vec<String>>, ReadError> {
        Ok(self.below(path)?.map(|below| below.policies))
    }

    /// What stands below a folder, by its paths without links, sorted; none when it is a file. As on the disk, each folder is looked into once,
    /// what has a name that begins with a dot is left out, and links are gone through inside of the commit; submodules are left out, too.
    pub(in crate::cli) fn below(&self, path: &str) -> Result<Option<Below<String>>, ReadError> {
        let (top, Node::Folder(root)) = self.led_to(path)? else { return Ok(None) };
        let (mut policies, mut links) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = HashSet::new();
        let mut folders = vec![(top, root, true)];
        let mut unnamed = None;
        while let Some((path, folder, is_text)) = folders.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            if seen.len() > MOST_FOLDERS {
                return Err(ReadError::Other(format!("it has more than {MOST_FOLDERS} folders")));
            }
            let (mut found, mut nameless) = (Vec::new(), Vec::new());
            let place = path.clone();
            self.entries(folder, |entry| {
                let is_text = is_text && entry.filename.to_str().is_ok();
                let name = &*entry.filename.to_str_lossy();
                if name.starts_with('.') {
                    return;
                }
                let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                match entry.mode.kind() {
                    EntryKind::Tree => folders.push((path, entry.oid.to_owned(), is_text)),
                    EntryKind::Link if is_text => found.push(path),
                    EntryKind::Link if !is_policy(Path::new(name)) => nameless.push((path, entry.oid.to_owned())),
                    EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link if is_policy(Path::new(name)) => {
                        if is_text {
                            policies.insert(path);
                        } else {
                            unnamed = Some(path);
                        }
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable | EntryKind::Link | EntryKind::Commit => {}
                }
            })?;
            for (link, id) in nameless {
                let target = self.bytes(id, disk::LIMIT)?;
                // What it leads to can be looked for without its own name.
                let target = target.to_str().ok().filter(|target| !target.starts_with('/'));
                let target = target.and_then(|target| self.follow(&format!("{place}/{target}")).ok());
                let is_way = match target {
                    Some((path, Node::File(_))) => is_policy(Path::new(&path)),
                    Some((_, Node::Folder(_))) => true,
                    None => false,
                };
                if is_way || !is_text {
                    unnamed = Some(link);
                }
            }
            for link in found {
                match self.follow(&link) {
                    Err(Lost::Unreadable(error)) => return Err(error),
                    // That nothing can be read there is told when it is tried.
                    Err(Lost::Nowhere | Lost::Outside | Lost::Absolute(_) | Lost::Submodule(_) | Lost::Circle)
                        if is_policy(Path::new(&link)) =>
                    {
                        policies.insert(link);
                    }
                    Err(Lost::Nowhere | Lost::Outside | Lost::Absolute(_) | Lost::Submodule(_) | Lost::Circle) => {}
                    Ok((path, Node::Folder(id))) => {
                        links.insert(link);
                        folders.push((path, id, true));
                    }
                    Ok((path, Node::File(_))) if is_policy(Path::new(&link)) || is_policy(Path::new(&path)) => {
                        links.insert(link);
                        policies.insert(path);
                    }
                    Ok((_, Node::File(_))) => {}
                }
            }
        }
        let (policies, links) = (policies.into_iter().collect(), links.into_iter().collect());
        Ok(Some(Below { policies, links, nameless: unnamed }))
    }

    /// What a folder has under a name.
    fn entry(&self, folder: ObjectId, name: &str) -> Result<Option<(EntryKind, ObjectId)>, ReadError> {
        let mut found = None;
        self.entries(folder, |entry| {
            if entry.filename == name {
                found = Some((entry.mode.kind(), entry.oid.to_owned()));
            }
        })?;
        Ok(found)
    }

    /// Looks at everything that a folder has.
    fn entries(&self, folder: ObjectId, mut look: impl FnMut(EntryRef<'_>)) -> Result<(), ReadError> {
        let fault = |fault| self.lacks(folder, &fault);
        let (kind, bytes) = self.repository.object(folder, LARGEST).map_err(fault)?;
        let tree = TreeRef::from_bytes(&bytes, folder.kind()).ok().filter(|_| kind == Kind::Tree);
        tree.ok_or_else(|| fault(Fault::Damaged))?.entries.into_iter().for_each(&mut look);
        Ok(())
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.repository.object(id, usize::try_from(limit).unwrap_or(usize::MAX)) {
            Ok((Kind::Blob, bytes)) => Ok(bytes),
            Ok((Kind::Tree | Kind::Commit | Kind::Tag, _)) => Err(self.lacks(id, &Fault::Damaged)),
            Err(Fault::TooLarge(limit)) => Err(ReadError::TooLarge(limit)),
            Err(fault @ (Fault::Missing | Fault::Damaged)) => Err(self.lacks(id, &fault)),
        }
    }
}

impl Files for Snapshot {
    fn stands_at(&self, path: &str) -> String {
        self.asked.borrow_mut().insert(path.to_owned());
        self.file_at(path).unwrap_or_else(|| path.to_owned())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.asked.borrow_mut().insert(path.to_owned());
        match self.node(path)? {
            Node::File(id) => {
                let bytes = self.bytes(id, disk::LIMIT)?;
                match disk::is_lfs_pointer(&bytes) {
                    true => Err(ReadError::Other(
                        "git has only a pointer to it, git-lfs has the file: check this revision out (`git worktree add FOLDER REV`)".to_owned(),
                    )),
                    false => Ok(bytes),
                }
            }
            Node::Folder(_) => Err(ReadError::Other("it is not a file".to_owned())),
        }
    }
}
