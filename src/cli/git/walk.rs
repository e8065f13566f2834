//! The way back through the commits of a branch, and what a file was called before.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use gix::ObjectId;
use jiff::civil::Date;
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
#[derive(Debug, Default)]
pub(in crate::cli) struct Past(HashSet<ObjectId>);

impl Past {
    /// Whether a commit is among them.
    pub(in crate::cli) fn has(&self, commit: &Commit) -> bool {
        self.0.contains(&commit.id)
    }
}

/// What the merges on the way back from a commit brought.
#[derive(Debug)]
pub(in crate::cli) struct Merges(HashMap<ObjectId, Vec<ObjectId>>);

/// The most commits that are looked through for a revision.
const MOST_COMMITS: usize = 1_000_000;

/// The most commits that a merge brought of which it is looked at what they changed.
const MOST_MERGED: usize = 1_000;

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

    /// The parents of a commit, unless this clone ends with it.
    fn known_parents<'c>(&self, commit: &'c Commit) -> &'c [ObjectId] {
        if self.is_cut_off_at(commit) { &[] } else { &commit.parents }
    }

    /// The commits that a commit was made from, as far as this clone has them.
    pub(in crate::cli) fn parents(&self, commit: &Commit) -> Result<Vec<Commit>, Stop> {
        let parents = self.known_parents(commit).iter().map(|parent| self.commit(*parent));
        Ok(parents.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The commits that each merge on the way back from a commit brought onto its branch: those that no commit before it was made from. When they
    /// were made says nothing. None at all where there are too many to look through.
    pub(in crate::cli) fn merges(&self, from: &Commit) -> Result<Merges, Stop> {
        let mut way = vec![from.clone()];
        while let Some(last) = way.last()
            && let Behind::Commit(older) = self.behind(last)?
        {
            way.push(older);
        }
        let (mut seen, mut brought) = (HashSet::new(), HashMap::new());
        for commit in way.iter().rev() {
            seen.insert(commit.id);
            let mut ahead = self.known_parents(commit).to_vec();
            let mut by_it = Vec::new();
            while let Some(id) = ahead.pop().filter(|_| seen.len() <= MOST_COMMITS) {
                if seen.insert(id)
                    && let Some(other) = self.commit(id)?
                {
                    ahead.extend(self.known_parents(&other));
                    by_it.push(id);
                }
            }
            brought.insert(commit.id, by_it);
        }
        Ok(Merges(if seen.len() > MOST_COMMITS { HashMap::new() } else { brought }))
    }

    /// The commits that one of them brought, the newest first; none where there are too many to tell, and of any other commit.
    pub(in crate::cli) fn brought(&self, merges: &Merges, by: &Commit) -> Result<Vec<Commit>, Stop> {
        let ids = merges.0.get(&by.id).map(Vec::as_slice).unwrap_or_default();
        let few = if ids.len() > MOST_MERGED { &[] } else { ids };
        let commits = few.iter().map(|id| self.commit(*id)).collect::<Result<Vec<_>, _>>()?;
        let mut commits: Vec<Commit> = commits.into_iter().flatten().collect();
        commits.sort_by_key(|commit| Reverse((commit.time, commit.id)));
        Ok(commits)
    }

    /// The oldest commit on the way back from one that was made on a day or after it. Those before it may be dated otherwise than in their order.
    pub(in crate::cli) fn oldest_since(&self, from: &Commit, day: Date) -> Result<Option<Commit>, Stop> {
        let (mut oldest, mut next) = (None, Some(from.clone()));
        while let Some(commit) = next {
            next = match self.behind(&commit)? {
                Behind::Commit(older) => Some(older),
                Behind::Nothing | Behind::NotHere => None,
            };
            if commit.is_dated() && commit.day >= day {
                oldest = Some(commit);
            }
        }
        Ok(oldest)
    }

    /// The commits from which two others parted: those that both were made from, or that are one of them, and from which no other such commit was
    /// made. When a commit was made says nothing: whoever makes it says so.
    pub(in crate::cli) fn forks(&self, base: &Commit, head: &Commit) -> Result<Vec<Commit>, Stop> {
        let past = self.past_of(base)?;
        let mut common: Vec<Commit> = Vec::new();
        let mut seen = HashSet::from([head.id]);
        let mut ahead = vec![head.clone()];
        while let Some(commit) = ahead.pop() {
            if past.has(&commit) {
                common.push(commit);
                continue;
            }
            for parent in self.known_parents(&commit).iter().filter(|parent| seen.insert(**parent)) {
                ahead.extend(self.commit(*parent)?);
            }
            if seen.len() > MOST_COMMITS {
                return Err(Stop::because(format!("there are more than {MOST_COMMITS} commits to look through")));
            }
        }
        // What one of them was made from is none.
        let mut behind = HashSet::new();
        let mut ahead = common.clone();
        while let Some(commit) = ahead.pop() {
            for parent in self.known_parents(&commit).iter().filter(|parent| behind.insert(**parent)) {
                ahead.extend(self.commit(*parent)?);
            }
        }
        common.retain(|commit| !behind.contains(&commit.id));
        // One that the other was made from is where they part, whatever else lies behind it.
        if common.contains(base) || common.contains(head) {
            return Ok(common);
        }
        // Behind a commit at which a shallow clone ends on the way to them may lie a later one.
        let is_known = |commit: &Commit| common.contains(commit) || behind.contains(&commit.id);
        let is_whole = self.is_whole_up_to(base, &is_known)? && self.is_whole_up_to(head, &is_known)?;
        Ok(if is_whole { common } else { Vec::new() })
    }

    /// Whether this clone has all that a commit was made from, up to those that are known.
    fn is_whole_up_to(&self, from: &Commit, is_known: &dyn Fn(&Commit) -> bool) -> Result<bool, Stop> {
        let mut seen = HashSet::from([from.id]);
        let mut ahead = vec![from.clone()];
        while let Some(commit) = ahead.pop() {
            if is_known(&commit) {
                continue;
            }
            if self.is_cut_off_at(&commit) {
                return Ok(false);
            }
            for parent in commit.parents.iter().filter(|parent| seen.insert(**parent)) {
                ahead.extend(self.commit(*parent)?);
            }
        }
        Ok(true)
    }

    /// A commit and all that it was made from.
    pub(in crate::cli) fn past_of(&self, commit: &Commit) -> Result<Past, Stop> {
        let mut seen = HashSet::from([commit.id]);
        let mut ahead = vec![commit.clone()];
        while let Some(commit) = ahead.pop() {
            for parent in self.known_parents(&commit) {
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

    /// What each of some paths leads to.
    pub(in crate::cli) fn answers(&self, asked: &BTreeSet<String>) -> Vec<(String, Result<Node, ReadError>)> {
        asked.iter().map(|path| (path.clone(), self.node(path))).collect()
    }

    /// What the file at a path, which the commit `before` does not have, was called there: of the policies that are gone since, the
    /// one whose lines are the most alike, when more than half are. What is looked at for that is nothing that a policy asked for.
    pub(in crate::cli) fn former_name(&self, path: &str, before: &Commit) -> Result<Option<String>, Stop> {
        let (now, before) = (self.of(self.commit.clone()), self.of(before.clone()));
        let Ok(text) = now.read(path) else { return self.repository().sound().map(|()| None) };
        let gone = |path: &String| now.node(path).is_err();
        let candidates = before.policies("").ok().flatten().unwrap_or_default();
        let candidates = candidates.into_iter().filter(gone).take(MOST_COMPARED);
        let alike = candidates.filter_map(|path| {
            let share = alike(&text, &before.read(&path).ok()?);
            (share > 50).then_some((share, path))
        });
        // Of equals the first in the order of their names.
        let most = alike.reduce(|best, next| if next.0 > best.0 { next } else { best });
        self.repository().sound()?;
        Ok(most.map(|(_, path)| path))
    }
}

/// How many percent of the lines of two texts they have in common.
pub(in crate::cli) fn alike(one: &[u8], other: &[u8]) -> usize {
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
