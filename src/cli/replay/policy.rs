//! The policy of a logged decision: looked for by its digest, first where the log says that it stood.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use policyc::digest;
use policyc::ir::Policy;
use policyc::log::Entry;
use policyc::lower::check;
use policyc::render::terminal::grouped;
use policyc::source::{Files, ReadError, Sources};

use crate::cli::console::Stop;
use crate::cli::git::{Node, Repository, Snapshot, Sought};
use crate::cli::origin::origin;
use crate::cli::personal;
use crate::cli::place::Place;
use crate::cli::policies::{Read, files};

/// The most commits that are looked through.
const MOST_COMMITS: usize = 100_000;

/// The policy as it was.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it stands.
    pub(super) name: String,
    pub(super) policy: Policy,
    pub(super) sources: Sources,
}

/// By which of the policies of a log's entries somebody means that was given: the names and the digests of all that stand there.
pub(super) fn meant(given: Option<&Path>) -> Result<impl Fn(&Entry) -> bool, Stop> {
    let (mut names, mut digests) = (BTreeSet::new(), BTreeSet::new());
    for place in given.map_or_else(|| Ok(Vec::new()), |given| files(&[given.to_owned()]))? {
        // That one cannot be read is told where it is looked into.
        let Ok(read) = Read::from(place) else { continue };
        names.insert(origin(&read)?.0.policy);
        digests.extend(read.policy.as_ref().map(digest::policy));
    }
    Ok(move |entry: &Entry| names.contains(&entry.policy) || digests.contains(&entry.digest))
}

/// Looks for the policy of an entry; when it is lost, where it was looked for and what was there.
pub(super) fn find(given: Option<&Path>, log: &Path, entry: &Entry) -> Result<Result<Found, Vec<String>>, Stop> {
    let mut search = Search { entry, why: Vec::new(), is_of_another: false };
    if !entry.digest.starts_with(&format!("{}:", digest::VERSION)) {
        search.why.push(format!("`{}` is a digest of a kind that this policyc does not know", entry.digest));
        return Ok(Err(search.why));
    }
    for place in given.map_or_else(|| Ok(Vec::new()), |given| files(&[given.to_owned()]))? {
        if let Some(found) = search.at(place)? {
            return Ok(Ok(found));
        }
    }
    let mut found = None;
    let mut searched: Option<Rc<Repository>> = None;
    for folder in [Path::new("."), beside(log)] {
        if found.is_some() {
            continue;
        }
        match Repository::discover(folder) {
            Ok(Some(repository)) if searched.as_ref().is_some_and(|searched| searched.is(&repository)) => {}
            Ok(Some(repository)) => {
                found = search.repository(&repository)?;
                searched = Some(repository);
            }
            Ok(None) => {}
            // The policy may stand where the log says, all the same.
            Err(Stop::Failed(why)) if !search.why.contains(&why) => search.why.push(why),
            Err(Stop::Failed(_)) => {}
            Err(stop @ (Stop::NobodyReads | Stop::Told)) => return Err(stop),
        }
    }
    if found.is_none() && entry.revision.is_none() && given.is_none() {
        // Of one that was in no commit, the log has the name by which its user called it.
        if let Some(path) = below_here(entry) {
            found = search.at(Place::Disk(path))?;
        } else {
            search.why.push(format!(
                "`{}` is not below this folder: give the policy, `explain POLICY --log ...`",
                entry.policy
            ));
        }
    }
    if searched.is_none() && entry.revision.is_some() {
        search.why.push(format!(
            "here is no git repository: go to a folder of the one that has `{}`, or give the policy, `explain POLICY --log ...`",
            entry.policy
        ));
    }
    if search.is_of_another && given.is_none() {
        search.why.push(format!(
            "if `{}` is one of another repository, such as a submodule, give the policy: `explain POLICY --log ...`",
            entry.policy
        ));
    }
    Ok(found.ok_or(search.why))
}

/// The names of fields and columns that are personal by now: in the policies that were given, in any of the repositories here and beside the log, and
/// in what stands where the entry's policy stood.
pub(super) fn personal_by_now(given: Option<&Path>, log: &Path, entry: &Entry) -> Result<BTreeSet<String>, Stop> {
    let mut names = BTreeSet::new();
    let mut repositories: Vec<Rc<Repository>> = Vec::new();
    // That one cannot be opened has been told, or is none of the entry's.
    let opened = |folder: &Path| Repository::discover(folder).ok().flatten();
    for place in given.map_or_else(|| Ok(Vec::new()), |given| files(&[given.to_owned()]))? {
        match &place {
            Place::Disk(file) => {
                names.append(&mut personal::of_file(file));
                repositories.extend(opened(file));
            }
            Place::Commit(place) => repositories.push(Rc::clone(&place.repository)),
        }
        names.append(
            &mut Read::from(place).ok().and_then(|read| read.policy).map(|of| personal::of(&of)).unwrap_or_default(),
        );
    }
    repositories.extend([Path::new("."), beside(log)].into_iter().filter_map(opened));
    for (at, repository) in repositories.iter().enumerate() {
        if !repositories.iter().take(at).any(|seen| seen.is(repository)) {
            names.append(&mut personal::by_now(repository, &entry.policy)?);
        }
    }
    below_here(entry).into_iter().for_each(|file| names.append(&mut personal::of_file(&file)));
    Ok(names)
}

/// Where the policy of an entry stands that was in no commit; none when that is not below this folder.
fn below_here(entry: &Entry) -> Option<PathBuf> {
    let path = Path::new(&entry.policy);
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_owned())
}

/// The folder of a log.
fn beside(log: &Path) -> &Path {
    log.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

struct Search<'e> {
    entry: &'e Entry,
    why: Vec<String>,
    /// Whether the revision is none of a repository that was looked into.
    is_of_another: bool,
}

impl Search<'_> {
    /// The policy at a place, when it has the digest.
    fn at(&mut self, place: Place) -> Result<Option<Found>, Stop> {
        match Read::from(place) {
            Ok(read) => {
                let name = read.name().to_owned();
                Ok(self.compared(name, read.policy, read.batch.sources))
            }
            Err(Stop::Failed(why)) => {
                self.why.push(why);
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// The policy, when it has the digest.
    fn compared(&mut self, name: String, policy: Option<Policy>, sources: Sources) -> Option<Found> {
        let Some(policy) = policy else {
            self.why.push(format!("`{name}` does not check"));
            return None;
        };
        let digest = digest::policy(&policy);
        if digest == self.entry.digest {
            return Some(Found { name, policy, sources });
        }
        let lists = digest::lists(&policy);
        let changed = self.entry.lists.iter().filter(|list| {
            let same = |(name, digest): &(String, String)| *name == list.name && *digest == list.digest;
            !lists.iter().any(same)
        });
        let mut changed: Vec<String> = changed.map(|list| format!("`{}`", list.name)).collect();
        changed.dedup();
        let lists = if changed.is_empty() {
            String::new()
        } else {
            format!("; among others the list {} is another one", changed.join(", "))
        };
        self.why.push(format!("`{name}` is another policy, with the digest {}{lists}", shortened(&digest)));
        None
    }

    /// Looks into a repository: at the revision, in the work tree, in all commits.
    fn repository(&mut self, repository: &Rc<Repository>) -> Result<Option<Found>, Stop> {
        let found = self.revision(repository)?;
        if found.is_some() {
            return Ok(found);
        }
        if let Some(path) = repository.in_work_tree(&self.entry.policy)
            && let Some(found) = self.at(Place::Disk(path))?
        {
            return Ok(Some(found));
        }
        let path = &self.entry.policy;
        let none = match self.anywhere(repository)? {
            Sought::Found(found) => return Ok(Some(found)),
            Sought::Nowhere => format!("no commit of this repository has a `{path}` with that digest"),
            Sought::CutShort => format!(
                "none of the latest {} commits of this repository has a `{path}` with that digest; there are more, which were not \
                 looked through: give the policy of then, `explain REV:{path} --log ...`",
                grouped(MOST_COMMITS as u64)
            ),
        };
        self.why.push(none);
        let found = self.moved(repository)?;
        // What could not be read may be what is looked for.
        if found.is_none() {
            repository.sound()?;
        }
        Ok(found)
    }

    /// Looks at all policies of the commit that is checked out: the one of then may stand elsewhere by now, and its history be another one.
    fn moved(&mut self, repository: &Rc<Repository>) -> Result<Option<Found>, Stop> {
        let Ok(Some(head)) = repository.head() else { return Ok(None) };
        let short = repository.short(&head);
        let snapshot = Snapshot::new(Rc::clone(repository), head);
        let said = self.why.len();
        for path in snapshot.policies("").ok().flatten().unwrap_or_default() {
            if let Some(found) = self.in_commit(&snapshot, &short, &path)? {
                return Ok(Some(found));
            }
        }
        self.why.truncate(said);
        Ok(None)
    }

    fn revision(&mut self, repository: &Rc<Repository>) -> Result<Option<Found>, Stop> {
        let Some(revision) = &self.entry.revision else { return Ok(None) };
        let is_hash = revision.len() >= 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let commit = match is_hash.then(|| repository.resolve(revision)) {
            Some(Ok(commit)) => commit,
            Some(Err(stop @ (Stop::NobodyReads | Stop::Told))) => return Err(stop),
            Some(Err(Stop::Failed(why))) => {
                self.why.push(why);
                self.is_of_another = true;
                return Ok(None);
            }
            None => {
                self.why.push(format!("`{revision}`, which the line names, is no revision"));
                return Ok(None);
            }
        };
        let short = repository.short(&commit);
        let snapshot = Snapshot::new(Rc::clone(repository), commit);
        let found = self.in_commit(&snapshot, &short, &self.entry.policy)?;
        if found.is_none() && self.entry.clean == Some(false) {
            self.why.push(
                "its files had changes that were not committed when this was decided: `git commit` before `decide --log` keeps them"
                    .to_owned(),
            );
        }
        Ok(found)
    }

    fn in_commit(&mut self, snapshot: &Snapshot, short: &str, path: &str) -> Result<Option<Found>, Stop> {
        let name = format!("{short}:{path}");
        match snapshot.read(path) {
            Ok(_) => {}
            Err(ReadError::NotFound) => {
                self.why.push(format!("there is no `{name}`"));
                return Ok(None);
            }
            Err(ReadError::Outside | ReadError::TooLarge(_) | ReadError::Other(_)) => {
                self.why.push(format!("`{name}` cannot be read"));
                return Ok(None);
            }
        }
        let checked = check(path, snapshot);
        Ok(self.compared(name, checked.policy, checked.sources.renamed(|path| format!("{short}:{path}"))))
    }

    /// Looks through the latest commits; one in which the policy's files are those of a commit before is passed over.
    fn anywhere(&mut self, repository: &Rc<Repository>) -> Result<Sought<Found>, Stop> {
        let mut seen: Vec<(String, Option<Node>)> = Vec::new();
        let said = self.why.len();
        let found = repository.search(MOST_COMMITS, |commit| {
            let short = repository.short(&commit);
            let snapshot = Snapshot::new(Rc::clone(repository), commit);
            if !seen.is_empty() && seen.iter().all(|(path, node)| snapshot.node(path).ok() == *node) {
                return Ok(None);
            }
            let snapshot = Snapshot::new(Rc::clone(repository), snapshot.commit);
            let found = self.in_commit(&snapshot, &short, &self.entry.policy)?;
            seen = snapshot.asked().into_iter().map(|path| (path.clone(), snapshot.node(&path).ok())).collect();
            Ok(found)
        });
        // What each of them has instead is more than anybody wants to know.
        self.why.truncate(said);
        found
    }
}

/// The first digits of a digest.
fn shortened(digest: &str) -> String {
    digest.chars().take(15).collect::<String>() + "…"
}
