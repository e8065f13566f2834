//! Where a policy stands: a file on the disk, or `REV:PATH`, a file of a commit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use policyc::diagnostic::did_you_mean;
use policyc::source::{Files, ReadError};

use super::console::Stop;
use super::disk::{DiskFiles, OnDisk, read_words};
use super::folder::{self, is_policy, no_text};
use super::git::{Commit, Node, Repository, Snapshot};
use super::way::{self, Links, Way};

/// Where a file or a folder stands.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// On the disk.
    Disk(PathBuf),
    /// In a commit.
    Commit(InCommit),
}

/// A path in a commit.
#[derive(Debug, Clone)]
pub(super) struct InCommit {
    /// The repository.
    pub(super) repository: Rc<Repository>,
    /// The revision, as it was given.
    pub(super) revision: Rc<str>,
    /// The commit that it means.
    pub(super) commit: Rc<Commit>,
    /// The path from the root of the repository; empty for all of it.
    pub(super) path: String,
}

/// The texts that a policy may read, and how they are called.
#[derive(Debug)]
pub(super) enum Texts {
    /// Files on the disk.
    Disk(DiskFiles),
    /// Files of a commit.
    Commit(Rc<str>, Snapshot),
}

/// A policy's text, and what it may read.
#[derive(Debug)]
pub(super) struct Opened {
    /// What it may read.
    pub(super) texts: Texts,
    /// Its path among that.
    pub(super) path: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

impl Texts {
    /// How a text is called in messages.
    pub(super) fn shown(&self, path: &str) -> String {
        match self {
            Texts::Disk(files) => files.shown(path),
            Texts::Commit(revision, _) => format!("{revision}:{path}"),
        }
    }

    /// Where a text stands in its repository, as far as it does in one.
    pub(super) fn home(&self, path: &str) -> String {
        match self {
            Texts::Disk(files) => files.home(path),
            Texts::Commit(..) => path.to_owned(),
        }
    }

    /// The way that a path takes through links.
    pub(super) fn way(&self, path: &str) -> Way {
        match self {
            Texts::Disk(files) => files.way(path),
            Texts::Commit(_, snapshot) => snapshot.way(path),
        }
    }

    /// The links on the ways to all that was asked for.
    pub(super) fn links(&self) -> Links {
        match self {
            Texts::Disk(files) => way::links(files.asked(), |path| files.way(path)),
            Texts::Commit(_, snapshot) => way::links(snapshot.asked(), |path| snapshot.way(path)),
        }
    }

    /// Whether a commit has these links, and no others on the ways to what was asked for.
    pub(super) fn has_links_of(&self, commit: &Snapshot) -> bool {
        match self {
            Texts::Disk(files) => self.links() == way::links(files.asked(), |path| commit.way(path)),
            Texts::Commit(..) => true,
        }
    }

    /// The files on the disk that were read.
    pub(super) fn on_disk(&self) -> Vec<PathBuf> {
        match self {
            Texts::Disk(files) => files.all_read(),
            Texts::Commit(..) => Vec::new(),
        }
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self {
            Texts::Disk(files) => files.read(path),
            Texts::Commit(_, snapshot) => snapshot.read(path),
        }
    }

    fn stands_at(&self, path: &str) -> String {
        match self {
            Texts::Disk(files) => files.stands_at(path),
            Texts::Commit(_, snapshot) => snapshot.stands_at(path),
        }
    }
}

/// The places that arguments mean. A revision is looked up once, however many paths are given of it.
#[derive(Debug, Default)]
pub(super) struct Places {
    repository: Option<Rc<Repository>>,
    commits: BTreeMap<String, Rc<Commit>>,
}

impl Places {
    /// What an argument means. What is both a file and a path in a commit is refused: whoever adds the file may want to be taken for the commit.
    pub(super) fn given(&mut self, argument: &Path) -> Result<Place, Stop> {
        let on_disk = || Ok(Place::Disk(argument.to_owned()));
        let Some((revision, path)) = argument.to_str().and_then(|text| text.split_once(':')) else {
            return only_a_revision(argument).map_or_else(on_disk, Err);
        };
        let is_there = fs::symlink_metadata(argument).is_ok();
        if is_drive(revision, path) || is_there && revision.is_empty() {
            return on_disk();
        }
        let shown = argument.display();
        if revision.is_empty() {
            return Err(no_revision(path));
        }
        let found = match &self.repository {
            Some(repository) => Some(Rc::clone(repository)),
            None => Repository::discover(Path::new(".")).or_else(|stop| if is_there { Ok(None) } else { Err(stop) })?,
        };
        let repository = match found {
            Some(repository) => repository,
            None if is_there => return on_disk(),
            None => {
                return Err(Stop::because(format!(
                    "there is no file `{shown}`, and no git repository here in which `{revision}` could be a revision: go to a folder of one"
                )));
            }
        };
        self.repository = Some(Rc::clone(&repository));
        if is_there {
            return match repository.may_mean(revision) {
                true => Err(Stop::because(match repository.resolve(revision) {
                    Ok(commit) => format!(
                        "`{shown}` is a file here, and `{revision}` is a revision, too: type `./{shown}` for the file, `{}:{path}` for what the commit has",
                        repository.short(&commit)
                    ),
                    Err(_) => format!(
                        "`{shown}` is a file here, and `{revision}` may be meant as a revision: type `./{shown}` for the file, `HASH:{path}` for what the commit has"
                    ),
                })),
                false => on_disk(),
            };
        }
        let commit = match self.commits.get(revision) {
            Some(commit) => Rc::clone(commit),
            None => Rc::new(repository.resolve(revision)?),
        };
        self.commits.insert(revision.to_owned(), Rc::clone(&commit));
        let path = from_root(&repository, path).ok_or_else(|| {
            Stop::because(format!("`{shown}` leads out of the repository: its paths begin at the repository's root"))
        })?;
        Ok(Place::Commit(InCommit { repository, revision: Rc::from(revision), commit, path }))
    }
}

impl Place {
    /// How it is called in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Place::Disk(path) => path.display().to_string(),
            Place::Commit(place) => place.name(),
        }
    }

    /// Reads the text that stands there.
    pub(super) fn open(&self) -> Result<Opened, Stop> {
        match self {
            Place::Disk(path) if path.is_dir() => Err(is_folder(&self.name())),
            Place::Disk(path) => {
                let OnDisk { files, path, bytes } = OnDisk::find(path)?;
                Ok(Opened { texts: Texts::Disk(files), path, bytes })
            }
            Place::Commit(place) => {
                let snapshot = place.snapshot();
                let stop = |error: &ReadError| place.stop(&snapshot, error);
                // What it uses is relative to where it really stands.
                let (path, node) = snapshot.led_to(&place.path).map_err(|error| stop(&error))?;
                if matches!(node, Node::Folder(_)) {
                    return Err(is_folder(&self.name()));
                }
                let bytes = snapshot.read(&path).map_err(|error| stop(&error))?;
                Ok(Opened { texts: Texts::Commit(Rc::clone(&place.revision), snapshot), path, bytes })
            }
        }
    }

    /// The places of the `*.policy` files below, when this is a folder; else only this place.
    pub(super) fn files(&self) -> Result<Vec<Place>, Stop> {
        let found = match self {
            Place::Disk(path) => {
                let below = folder::below(path)?;
                if let Some(nameless) = below.as_ref().and_then(|below| below.nameless.as_ref()) {
                    return Err(no_text(&nameless.to_string_lossy()));
                }
                below.map(|below| below.policies.into_iter().map(Place::Disk).collect::<Vec<_>>())
            }
            Place::Commit(place) => place.below()?.map(|places| places.into_iter().map(Place::Commit).collect()),
        };
        match found {
            None => Ok(vec![self.clone()]),
            Some(files) if files.is_empty() => {
                Err(Stop::because(format!("there is no `.policy` file below `{}`", self.name())))
            }
            Some(files) => Ok(files),
        }
    }

    /// The links on the ways to the policies that this place means.
    pub(super) fn links(&self) -> Result<Links, Stop> {
        match self {
            Place::Disk(path) => {
                let here = DiskFiles::here();
                let below = folder::below(path)?.map_or_else(Vec::new, |below| below.links);
                let typed = below.iter().chain([path]).filter_map(|path| here.typed(path));
                Ok(way::links(typed, |path| here.way(path)))
            }
            Place::Commit(place) => {
                let snapshot = place.snapshot();
                let below = snapshot.below(&place.path).map_err(|error| place.stop(&snapshot, &error))?;
                let links = below.map_or_else(Vec::new, |below| below.links);
                Ok(way::links(links.into_iter().chain([place.path.clone()]), |path| snapshot.way(path)))
            }
        }
    }

    /// The places of the policies that stand in the same folder, in the order of their names; none when it cannot be looked into.
    pub(super) fn beside(&self) -> Vec<Place> {
        match self {
            Place::Disk(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                folder::policies_in(folder).into_iter().map(Place::Disk).collect()
            }
            Place::Commit(place) => {
                let parent = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                let snapshot = place.snapshot();
                let Ok((folder, _)) = snapshot.led_to(&parent(&place.path)) else { return Vec::new() };
                let Ok(Some(below)) = snapshot.below(&folder) else { return Vec::new() };
                let files = below.policies.into_iter().chain(below.links);
                let mut files: Vec<String> =
                    files.filter(|path| parent(path) == folder && is_policy(Path::new(path))).collect();
                files.sort_unstable();
                files.into_iter().map(|path| Place::Commit(InCommit { path, ..place.clone() })).collect()
            }
        }
    }

    /// What is the same for two places of one file.
    pub(super) fn identity(&self) -> Option<(String, PathBuf)> {
        match self {
            Place::Disk(path) => fs::canonicalize(path).ok().map(|path| (String::new(), path)),
            Place::Commit(place) => {
                let path = place.snapshot().file_at(&place.path).unwrap_or_else(|| place.path.clone());
                Some((place.commit.hash(), PathBuf::from(path)))
            }
        }
    }
}

impl InCommit {
    /// `main:policies/inbound.policy`.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.revision, self.path)
    }

    /// The files of its commit.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot::new(Rc::clone(&self.repository), Commit::clone(&self.commit))
    }

    /// The policies below it, when it is a folder.
    fn below(&self) -> Result<Option<Vec<InCommit>>, Stop> {
        let snapshot = self.snapshot();
        let below = snapshot.below(&self.path).map_err(|error| self.stop(&snapshot, &error))?;
        if let Some(nameless) = below.as_ref().and_then(|below| below.nameless.as_ref()) {
            return Err(no_text(&format!("{}:{nameless}", self.revision)));
        }
        Ok(below.map(|below| below.policies.into_iter().map(|path| InCommit { path, ..self.clone() }).collect()))
    }

    /// The policies that can be read there, and of what stands there in vain, why.
    pub(super) fn standing(&self) -> Result<(Vec<Place>, Vec<String>), Stop> {
        let snapshot = self.snapshot();
        let in_vain = |path: &str, why: &str| {
            format!("`{path}` of {} is a link that {why}: it counts as not there", self.revision)
        };
        if let Some(why) = snapshot.astray(&self.path) {
            return Ok((Vec::new(), vec![in_vain(&self.path, why)]));
        }
        let below = snapshot.below(&self.path).map_err(|error| self.stop(&snapshot, &error))?;
        let Some(below) = below else { return Ok((vec![Place::Commit(self.clone())], Vec::new())) };
        let mut why_not: Vec<String> = Vec::new();
        let mut standing = Vec::new();
        for path in below.policies {
            match snapshot.astray(&path) {
                Some(why) => why_not.push(in_vain(&path, why)),
                None => standing.push(Place::Commit(InCommit { path, ..self.clone() })),
            }
        }
        let no_text =
            |path| format!("the name of `{path}` of {} is not valid text: it counts as not there", self.revision);
        why_not.extend(below.nameless.map(no_text));
        Ok((standing, why_not))
    }

    /// That it cannot be read, and why.
    fn stop(&self, snapshot: &Snapshot, error: &ReadError) -> Stop {
        let name = self.name();
        match error {
            ReadError::NotFound => {
                Stop::because(format!("there is no `{}` in {}{}", self.path, self.revision, self.elsewhere(snapshot)))
            }
            ReadError::Outside | ReadError::TooLarge(_) | ReadError::Other(_) => {
                Stop::because(format!("cannot read `{name}`: {}", read_words(error)))
            }
        }
    }

    /// Where a file is that is not there: under another name, or only in the commit that is checked out.
    fn elsewhere(&self, snapshot: &Snapshot) -> String {
        let head = self.repository.head().ok().flatten().map(|head| Snapshot::new(Rc::clone(&self.repository), head));
        let now = head.and_then(|head| head.node(&self.path).ok());
        let there = snapshot.policies("").ok().flatten().unwrap_or_default();
        if there.contains(&self.path) {
            return ": a link stands there, and leads to nothing".to_owned();
        }
        let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let same_text = there.iter().find(|path| matches!(now, Some(Node::File(_))) && snapshot.node(path).ok() == now);
        if let Some(path) = same_text {
            return format!(": it is called `{}:{path}` there", self.revision);
        }
        let same_name = there.iter().find(|path| file(path) == file(&self.path)).map(String::as_str);
        if let (None, Some(_)) = (same_name, now) {
            return ", only in the commit that is checked out".to_owned();
        }
        match same_name.or_else(|| did_you_mean(&self.path, there.iter().map(String::as_str))) {
            Some(path) => format!("; did you mean `{}:{path}`?", self.revision),
            None => ": the path of a file begins at the root of the repository, or with `./` in this folder".to_owned(),
        }
    }
}

/// That a name, of which there is no file, is a revision, and that a path belongs behind it.
fn only_a_revision(name: &Path) -> Option<Stop> {
    let text = name.to_str().filter(|_| fs::symlink_metadata(name).is_err())?;
    Repository::discover(Path::new(".")).ok()??.resolve(text).ok()?;
    Some(Stop::because(format!(
        "there is no file `{text}`: type the path of a policy behind the revision, `{text}:PATH`, from the root of the repository"
    )))
}

/// That a path stands behind a colon, and no revision before it.
fn no_revision(path: &str) -> Stop {
    if path.starts_with('/') {
        return Stop::because(format!(
            "commits are not looked for by their words, as in `:{path}`: type the hash of the commit before the colon, as `git log` shows it"
        ));
    }
    let (staged, path) = match path.split_once(':') {
        Some(("0" | "1" | "2" | "3", path)) => ("; what is staged is not read", path),
        Some(_) | None => ("", path),
    };
    Stop::because(format!("which revision of `{path}`? `HEAD:{path}` is the one that is checked out{staged}"))
}

fn is_folder(name: &str) -> Stop {
    Stop::because(format!("`{name}` is a folder: type the path of a policy in it"))
}

/// Whether a text before a colon is a drive of Windows.
fn is_drive(letter: &str, behind: &str) -> bool {
    letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_alphabetic()) && behind.starts_with(['\\', '/'])
}

/// A path as typed behind a revision, from the root of the repository; none when it leads out of it.
fn from_root(repository: &Repository, path: &str) -> Option<String> {
    let from_here = matches!(path.split('/').next(), Some("." | ".."));
    let mut parts: Vec<String> = Vec::new();
    if from_here {
        let here = repository.path_of(Path::new("."))?;
        parts.extend(here.split('/').filter(|part| !part.is_empty()).map(str::to_owned));
    }
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name.to_owned()),
        }
    }
    Some(parts.join("/"))
}
