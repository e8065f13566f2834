//! Which other files go with the two sides of a change that git shows one file of: git does not say which commits it compares, so that they are
//! looked for by what the file is in them.

use std::path::Path;
use std::rc::Rc;

use super::Side;
use crate::cli::disk::DiskFiles;
use crate::cli::git::{Commit, Repository, Snapshot, Sought};
use crate::cli::place::Texts;

/// The most commits that are looked through.
const MOST_COMMITS: usize = 2_000;

/// The other files of both sides: of the commit that made this very change; else each of the commit that is checked out, or of the latest
/// one, that has the file so; else of the work tree.
pub(super) fn of(old: &Side<'_>, new: &Side<'_>) -> [Texts; 2] {
    let [before, after] = commits(old, new).unwrap_or_default();
    [before, after].map(|found| found.unwrap_or_else(|| Texts::Disk(DiskFiles::here())))
}

fn commits(old: &Side<'_>, new: &Side<'_>) -> Option<[Option<Texts>; 2]> {
    let repository = Repository::discover(Path::new(".")).ok()??;
    let snapshot = |commit: &Commit| Snapshot::new(Rc::clone(&repository), commit.clone());
    let has = |commit: &Commit, side: &Side<'_>| {
        side.hash.as_ref().is_some_and(|hash| snapshot(commit).leads_to(&side.path, hash))
    };
    let head = repository.head().ok().flatten();
    let mut found = [old, new].map(|side| head.clone().filter(|head| has(head, side)));
    let made = repository.search(MOST_COMMITS, |commit| {
        // No commit made what stands in the work tree only.
        if new.hash.is_none() && found.iter().any(Option::is_some) {
            return Ok(Some(None));
        }
        let [is_old, is_new] = [old, new].map(|side| has(&commit, side));
        let parents = if is_new { repository.parents(&commit)? } else { Vec::new() };
        if let Some(parent) = parents.into_iter().find(|parent| has(parent, old)) {
            return Ok(Some(Some([parent, commit])));
        }
        for (found, is_one) in found.iter_mut().zip([is_old, is_new]) {
            if is_one && found.is_none() {
                *found = Some(commit.clone());
            }
        }
        Ok(None)
    });
    let found = match made.ok()? {
        Sought::Found(Some(made)) => made.map(Some),
        Sought::Found(None) | Sought::Nowhere | Sought::CutShort => found,
    };
    Some(found.map(|commit| commit.map(|commit| Texts::Commit(Rc::from(repository.short(&commit)), snapshot(&commit)))))
}

/// Whose they are, in words.
pub(super) fn name(texts: &Texts) -> String {
    match texts {
        Texts::Disk(_) => "the work tree".to_owned(),
        Texts::Commit(revision, _) => revision.to_string(),
    }
}
