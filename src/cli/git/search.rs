//! All commits of a repository, whatever leads to them, the latest first.

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use gix::ObjectId;
use jiff::Timestamp;

use super::Repository;
use super::object::Commit;
use crate::cli::console::Stop;
use crate::cli::disk;

/// What comes of a search.
#[derive(Debug)]
pub(in crate::cli) enum Sought<T> {
    /// It was found.
    Found(T),
    /// No commit has it.
    Nowhere,
    /// None of the latest commits has it, as many as were to be looked through; there are more.
    CutShort,
}

impl Repository {
    /// Calls `look` with each commit that a branch, a tag or what is checked out leads to, the latest first, until it finds something, or has
    /// looked at so many. Objects that cannot be had are passed over: what is searched for may be in another one.
    pub(in crate::cli) fn search<T>(
        &self,
        most: usize,
        mut look: impl FnMut(Commit) -> Result<Option<T>, Stop>,
    ) -> Result<Sought<T>, Stop> {
        let mut seen: HashSet<ObjectId> = HashSet::new();
        let mut ahead: BinaryHeap<(Timestamp, ObjectId)> = BinaryHeap::new();
        let mut commits = HashMap::new();
        let mut looked_at = 0;
        let mut waiting = self.tips();
        waiting.extend(self.head()?.map(|commit| commit.id));
        loop {
            for id in waiting.drain(..) {
                if seen.insert(id)
                    && let Ok(Some(commit)) = self.commit(id)
                {
                    ahead.push((commit.time, commit.id));
                    commits.insert(commit.id, commit);
                }
            }
            let Some((_, id)) = ahead.pop() else { return Ok(Sought::Nowhere) };
            let Some(commit) = commits.remove(&id) else { continue };
            if looked_at == most {
                return Ok(Sought::CutShort);
            }
            looked_at += 1;
            if !self.is_cut_off_at(&commit) {
                waiting.extend(commit.parents.iter().copied());
            }
            if let Some(found) = look(commit)? {
                return Ok(Sought::Found(found));
            }
        }
    }

    /// Where a file of the repository is in its work tree; none when it is not there, or its path leads out of the work tree.
    pub(in crate::cli) fn in_work_tree(&self, path: &str) -> Option<PathBuf> {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let root = self.work_tree.as_ref().filter(|_| inside)?;
        let full = root.join(path);
        std::fs::canonicalize(&full).is_ok_and(|real| disk::is_inside(&real, root)).then_some(full)
    }

    /// What branches and tags lead to.
    fn tips(&self) -> Vec<ObjectId> {
        let Ok(references) = self.git.references() else { return Vec::new() };
        let Ok(all) = references.all() else { return Vec::new() };
        all.flatten().filter_map(|mut found| found.peel_to_id().ok().map(gix::Id::detach)).collect()
    }
}
