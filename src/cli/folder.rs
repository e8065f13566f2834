//! The policies below a folder of the disk. Links are gone through as long as they stay inside of the repository: whoever adds one
//! may be a stranger, and what is read is shown.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::console::Stop;
use super::disk::{io_words, is_inside, repository_around, slashed, way_below};

/// The most folders that are looked into for policies, on the disk and in a commit.
pub(super) const MOST_FOLDERS: usize = 100_000;

/// What stands below a folder.
#[derive(Debug)]
pub(super) struct Below<P> {
    /// The `*.policy` files, and links to such.
    pub(super) policies: Vec<P>,
    /// The links on the way to them: those to policies, whatever they are called themselves, and those to folders.
    pub(super) links: Vec<P>,
    /// A policy, or such a link, that nobody can name, since its name is not valid text.
    pub(super) nameless: Option<P>,
}

/// What stands below a folder; none when it is a file. Each folder is looked into once, whatever leads to it, and what has a name
/// that begins with a dot is left out, as in a commit, and so are other repositories within one: submodules, work trees, clones.
pub(super) fn below(top: &Path) -> Result<Option<Below<PathBuf>>, Stop> {
    let failed =
        |path: &Path, e: std::io::Error| Stop::because(format!("cannot read `{}`: {}", path.display(), io_words(&e)));
    if !fs::metadata(top).map_err(|e| failed(top, e))?.is_dir() {
        return Ok(None);
    }
    let full = fs::canonicalize(top).map_err(|e| failed(top, e))?;
    let around = repository_around(&full);
    let root = around.unwrap_or(&full);
    let mut found = Below { policies: Vec::new(), links: Vec::new(), nameless: None };
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let mut folders = vec![top.to_owned()];
    // Links wait until all else is looked at, so that a file is called by the path that has none.
    let mut linked: BTreeSet<PathBuf> = BTreeSet::new();
    while let Some(folder) = folders.pop().or_else(|| linked.pop_first()) {
        if !seen.insert(fs::canonicalize(&folder).map_err(|e| failed(&folder, e))?) {
            continue;
        }
        if seen.len() > MOST_FOLDERS {
            let top = top.display();
            return Err(Stop::because(format!("cannot read `{top}`: it has more than {MOST_FOLDERS} folders")));
        }
        for entry in fs::read_dir(&folder).map_err(|e| failed(&folder, e))? {
            let entry = entry.map_err(|e| failed(&folder, e))?.path();
            if is_hidden(&entry) {
                continue;
            }
            let (is_link, is_folder) = (entry.is_symlink(), entry.is_dir());
            if is_folder && around.is_some() && entry.join(".git").exists() {
                continue;
            }
            let target = is_link.then(|| fs::canonicalize(&entry).ok()).flatten();
            if target.as_ref().is_some_and(|target| !is_inside(target, root)) {
                if is_policy(&entry) {
                    return Err(leads_out(&entry));
                }
                continue;
            }
            let is_way = is_folder || is_policy(&entry) || target.is_some_and(|target| is_policy(&target));
            if is_link && is_way {
                if entry.to_str().is_none() {
                    found.nameless = Some(entry);
                    continue;
                }
                // Where it really stands, links above it are none of its own.
                let stands = entry.file_name().and_then(|name| Some(fs::canonicalize(&folder).ok()?.join(name)));
                let path = stands.and_then(|stands| slashed(stands.strip_prefix(root).ok()?));
                if let Some(words) = path.and_then(|path| way_below(root, &path).absolute) {
                    return Err(Stop::because(words));
                }
                found.links.push(entry.clone());
            }
            match is_folder {
                true if is_link => drop(linked.insert(entry)),
                true => folders.push(entry),
                false if is_way => found.policies.push(entry),
                false => {}
            }
        }
    }
    Ok(Some(found))
}

/// The policies in a folder itself, in the order of their names; what cannot be read, or is not in its repository, is left out.
pub(super) fn policies_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(full) = fs::canonicalize(folder) else { return Vec::new() };
    let root = repository_around(&full).unwrap_or(&full);
    let is_ours = |path: &PathBuf| fs::canonicalize(path).is_ok_and(|target| is_inside(&target, root));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| is_policy(path) && !is_hidden(path) && is_ours(path)).collect();
    files.sort_unstable();
    files
}

/// Whether the name of something begins with a dot: editors and systems put files of their own beside those that they are about.
pub(super) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether a file is called like a policy.
pub(super) fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "policy")
}

/// That something is not left out in silence which nobody can name.
pub(super) fn no_text(path: &str) -> Stop {
    Stop::because(format!("cannot read `{path}`: its name is not valid text"))
}

/// That something which was found, and was not typed by whoever runs the command, is not read.
pub(super) fn leads_out(link: &Path) -> Stop {
    Stop::because(format!(
        "`{}` leads out of the repository, where nothing is read: put the file itself in its place, or take the link out",
        link.strip_prefix(".").unwrap_or(link).display()
    ))
}
