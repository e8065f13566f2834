//! The way back through the commits of a branch, and what a file was called before.

use std::collections::HashSet;
use std::rc::Rc;

use gix::ObjectId;
use policyc::source::{Files, ReadError};

use super::object::Commit;
use super::{Node, Repository, Snapshot};
use crate::cli::console::Stop;

/// What lies behind a commit.
#[derive(Debug)]
pub(in crate::cli) enum Behind {
    /// The commit that it was made from; of a merge the one that was on the branch before.
    Commit(Commit),
    /// Nothing: it is the first one.
    Nothing,
    /// More than this clone has.
    NotHere,
}

/// A commit and all that it was made from.
#[derive(Debug)]
pub(in crate::cli) struct Past(HashSet<ObjectId>);

impl Past {
    /// Whether a commit is among them.
    pub(in crate::cli) fn has(&self, commit: &Commit) -> bool {
        self.0.contains(&commit.id)
    }
}

/// The most commits that are looked through for a revision.
const MOST_COMMITS: usize = 1_000_000;

/// The most files that a file which is new is compared with.
const MOST_COMPARED: usize = 500;

impl Repository {
    /// What lies behind a commit on its branch.
    pub(in crate::cli) fn behind(&self, commit: &Commit) -> Result<Behind, Stop> {
        let Some(parent) = commit.parents.first() else { return Ok(Behind::Nothing) };
        if self.is_cut_off_at(commit) {
            return Ok(Behind::NotHere);
        }
        let parent = self.commit(*parent)?;
        Ok(parent.map_or(Behind::NotHere, Behind::Commit))
    }

    /// A commit and all that it was made from.
    pub(in crate::cli) fn past_of(&self, commit: &Commit) -> Result<Past, Stop> {
        let mut seen = HashSet::from([commit.id]);
        let mut ahead = vec![commit.clone()];
        while let Some(commit) = ahead.pop() {
            let parents: &[ObjectId] = if self.is_cut_off_at(&commit) { &[] } else { &commit.parents };
            for parent in parents {
                if seen.len() >= MOST_COMMITS {
                    return Err(Stop::because(format!("there are more than {MOST_COMMITS} commits to look through")));
                }
                if seen.insert(*parent) {
                    ahead.extend(self.commit(*parent)?);
                }
            }
        }
        Ok(Past(seen))
    }
}

impl Snapshot {
    /// The files of the commit before.
    pub(in crate::cli) fn of(&self, commit: Commit) -> Snapshot {
        Snapshot::new(Rc::clone(self.repository()), commit)
    }

    /// What each path that was asked for leads to.
    pub(in crate::cli) fn answers(&self) -> Vec<(String, Result<Node, ReadError>)> {
        self.asked().into_iter().map(|path| (path.clone(), self.node(&path))).collect()
    }

    /// What the file at a path, which the commit `before` does not have, was called there: a policy that is gone since, with the
    /// same text, else the one whose lines are the most alike, when more than half are.
    pub(in crate::cli) fn former_name(&self, path: &str, before: &Snapshot) -> Option<String> {
        let now = self.node(path).ok()?;
        let gone = |path: &String| self.node(path).is_err();
        let candidates: Vec<String> = before.policies("").ok()??.into_iter().filter(gone).take(MOST_COMPARED).collect();
        if let Some(same) = candidates.iter().find(|path| before.node(path).as_ref() == Ok(&now)) {
            return Some(same.clone());
        }
        let text = self.read(path).ok()?;
        let alike = candidates.into_iter().filter_map(|path| {
            let share = alike(&text, &before.read(&path).ok()?);
            (share > 50).then_some((share, path))
        });
        // Of equals the first in the order of their names.
        alike.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, path)| path)
    }
}

/// How many percent of the lines of two texts they have in common.
fn alike(one: &[u8], other: &[u8]) -> usize {
    let lines = |text: &[u8]| {
        let mut lines: Vec<Vec<u8>> =
            text.split(|byte| *byte == b'\n').map(|line| line.trim_ascii().to_vec()).collect();
        lines.retain(|line| !line.is_empty());
        lines.sort_unstable();
        lines
    };
    let (one, other) = (lines(one), lines(other));
    let all = one.len() + other.len();
    let mut others = other.into_iter().peekable();
    let mut common = 0;
    for line in one {
        while others.next_if(|other| *other < line).is_some() {}
        common += usize::from(others.next_if_eq(&line).is_some());
    }
    (200 * common).checked_div(all).unwrap_or(0)
}
