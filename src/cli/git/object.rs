//! Objects of a repository, each held against its hash, and commits.

use gix::ObjectId;
use gix::objs::{Kind, compute_hash};
use jiff::Timestamp;
use jiff::civil::Date;

use super::Repository;
use super::commit::{decoded, tagged};
use crate::cli::console::Stop;

/// The largest object that is decoded, in bytes: more than any text may have, for a folder with very many files has a large tree.
pub(super) const LARGEST: usize = 64 << 20;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Commit {
    /// Its hash.
    pub(super) id: ObjectId,
    /// The tree of its files.
    pub(super) tree: ObjectId,
    /// The commits that it was made from, the one of its own branch first.
    pub(super) parents: Vec<ObjectId>,
    /// When it was committed.
    pub(in crate::cli) time: Timestamp,
    /// The day, where whoever committed it was.
    pub(in crate::cli) day: Date,
    /// Who wrote it.
    pub(in crate::cli) author: String,
    /// The first line of its message.
    pub(in crate::cli) title: String,
}

impl Commit {
    /// Whether it has the same files as another one.
    pub(in crate::cli) fn has_files_of(&self, other: &Commit) -> bool {
        self.tree == other.tree
    }

    /// Whether it joins branches.
    pub(in crate::cli) fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }

    /// Whether it says when it was committed.
    pub(in crate::cli) fn is_dated(&self) -> bool {
        self.time != Timestamp::UNIX_EPOCH
    }

    /// Its hash, in full.
    pub(in crate::cli) fn hash(&self) -> String {
        self.id.to_string()
    }
}

/// Why an object could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not there.
    Missing,
    /// It is there and says something else than its hash, or nothing at all.
    Damaged,
    /// It is larger than is accepted; the limit in bytes.
    TooLarge(u64),
}

impl Repository {
    /// What an object is, and its bytes.
    pub(super) fn object(&self, id: ObjectId, limit: usize) -> Result<(Kind, Vec<u8>), Fault> {
        let header = self.git.try_find_header(id).map_err(|_| Fault::Damaged)?.ok_or(Fault::Missing)?;
        if header.size() > limit as u64 {
            return Err(Fault::TooLarge(limit as u64));
        }
        let object = self.git.try_find_object(id).map_err(|_| Fault::Damaged)?.ok_or(Fault::Missing)?;
        let (kind, bytes) = (object.kind, object.detach().data);
        match compute_hash(id.kind(), kind, &bytes) {
            Ok(hash) if hash == id => Ok((kind, bytes)),
            Ok(_) | Err(_) => Err(Fault::Damaged),
        }
    }

    /// The commit with a hash, or that a tag with this hash stands for; none when it is a tag of something else.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Option<Commit>, Stop> {
        let mut id = id;
        // A tag may be one of a tag; nobody makes longer chains.
        for _ in 0..8 {
            let (kind, bytes) = self.object(id, LARGEST).map_err(|fault| self.stop(id, &fault))?;
            match kind {
                Kind::Commit => {
                    return decoded(id, &bytes).map(Some).ok_or_else(|| self.stop(id, &Fault::Damaged));
                }
                Kind::Tag => {
                    id = tagged(&bytes).ok_or_else(|| self.stop(id, &Fault::Damaged))?;
                }
                Kind::Tree | Kind::Blob => return Ok(None),
            }
        }
        Ok(None)
    }

    /// As many digits of a hash as tell it from all others, at least seven.
    pub(in crate::cli) fn short(&self, commit: &Commit) -> String {
        self.git.find_commit(commit.id).map_or_else(
            |_| commit.id.to_hex_with_len(7).to_string(),
            |commit| commit.short_id().map_or_else(|_| commit.id.to_string(), |short| short.to_string()),
        )
    }

    /// That an object cannot be had.
    pub(super) fn stop(&self, id: ObjectId, fault: &Fault) -> Stop {
        Stop::because(format!("cannot read the repository: {}", self.words(id, fault)))
    }

    /// That a file or a folder was wanted that cannot be had, in words.
    pub(super) fn lacks(&self, id: ObjectId, fault: &Fault) -> String {
        let words = self.words(id, fault);
        self.lacks.borrow_mut().get_or_insert_with(|| words.clone());
        words
    }

    /// That so far no file or folder was wanted which the repository does not have, or has in another state than its hash says: what such a one would
    /// say is not known, and no fault of a policy.
    pub(in crate::cli) fn sound(&self) -> Result<(), Stop> {
        match &*self.lacks.borrow() {
            Some(words) => Err(Stop::because(format!("cannot read the repository: {words}"))),
            None => Ok(()),
        }
    }

    /// What is wrong with an object.
    pub(super) fn words(&self, id: ObjectId, fault: &Fault) -> String {
        match fault {
            Fault::Missing if self.is_partial() => {
                format!("object {id} is not in this clone, which is a partial one: `git cat-file -t {id}` fetches it")
            }
            Fault::Missing => {
                format!("object {id} is missing: `git fsck` says what else is, `git fetch` may bring it back")
            }
            Fault::Damaged => format!("object {id} is damaged: `git fsck` says what else is"),
            Fault::TooLarge(limit) => format!("object {id} is larger than {} MiB", limit >> 20),
        }
    }
}
