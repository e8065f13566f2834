//! The versions of a policy: its texts, with those of everything that it reads, as the commits of a branch have them.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use policyc::diagnostic::Severity;
use policyc::ir::{Policy, listed};
use policyc::lower::check;
use policyc::source::{ReadError, Sources};
use policyc::versions;

use crate::cli::console::Stop;
use crate::cli::git::{Behind, Commit, Merges, Past, Repository, Snapshot};
use crate::cli::personal;
use crate::cli::place::{InCommit, Place, Places};
use crate::cli::policies::Read;

/// The most policies that are looked at for the version before one.
const MOST_BESIDE: usize = 500;

/// The most versions before those that were asked for, in search of one that checks.
const MOST_BEFORE: usize = 200;

/// What one version says.
#[derive(Debug)]
pub(super) struct Version {
    /// The commit that brought it: the oldest one that has these texts.
    pub(super) commit: Commit,
    /// The path of the policy.
    pub(super) path: String,
    /// Its texts.
    pub(super) sources: Sources,
    /// The paths that it asked for, of texts and lists.
    asked: BTreeSet<String>,
    /// What they come to.
    pub(super) checked: Checked,
}

/// What came of checking a version.
#[derive(Debug)]
pub(super) enum Checked {
    /// A policy.
    Policy(Box<Policy>),
    /// Nothing: the commit took it away, or gave it another path.
    Gone(Option<String>),
    /// Errors.
    Faulty {
        /// How many.
        errors: u64,
        /// The first, with its place.
        first: String,
    },
}

/// The versions of a policy.
#[derive(Debug)]
pub(super) struct Versions {
    /// The policy, as it was given.
    pub(super) policy: String,
    /// Its path in the repository, as it is now.
    pub(super) path: String,
    repository: Rc<Repository>,
    /// The newest first.
    pub(super) all: Vec<Version>,
    merges: OnceCell<Merges>,
    /// How many of them were asked for. The others are older, and there only to compare with.
    listed: usize,
    /// What is to be known of where they begin and end.
    pub(super) notes: Vec<String>,
    /// The names of fields and columns that are personal now: in the policy as it was given, and in anything of the repository.
    pub(super) personal: BTreeSet<String>,
}

impl Version {
    /// The policy, when it checks.
    pub(super) fn policy(&self) -> Option<&Policy> {
        match &self.checked {
            Checked::Policy(policy) => Some(policy),
            Checked::Gone(_) | Checked::Faulty { .. } => None,
        }
    }

    /// Whether the policy is not there.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.checked, Checked::Gone(_))
    }

    fn gone(snapshot: &Snapshot, path: &str) -> Version {
        let (sources, asked) = (Sources::default(), BTreeSet::from([path.to_owned()]));
        let checked = Checked::Gone(None);
        Version { commit: snapshot.commit.clone(), path: path.to_owned(), sources, asked, checked }
    }

    fn read(snapshot: &Snapshot, path: &str) -> Version {
        let found = check(path, snapshot);
        let sources = found.sources;
        let checked = match found.policy {
            Some(policy) => Checked::Policy(Box::new(policy)),
            None if found.library => Checked::Faulty { errors: 1, first: format!("`{path}` is a library") },
            None => {
                let mut errors = found.diagnostics.iter().filter(|found| found.severity == Severity::Error);
                let first = errors.next().map(|error| {
                    let place = error.span().map(|span| format!("{}: ", sources.place(span))).unwrap_or_default();
                    format!("{place}{}", error.message)
                });
                Checked::Faulty { errors: errors.count() as u64 + 1, first: first.unwrap_or_default() }
            }
        };
        Version { commit: snapshot.commit.clone(), path: path.to_owned(), sources, asked: snapshot.asked(), checked }
    }
}

impl Versions {
    /// Goes back from the commit that is checked out, or from the revision that is given, commit by commit as they came onto the
    /// branch: until there are none before, until `since`, or until there are more versions than the `limit`.
    pub(super) fn of(given: &Path, since: Option<&str>, limit: usize) -> Result<Versions, Stop> {
        let Start { place: newest, link, mut notes, personal } = start(given)?;
        let InCommit { repository, mut path, .. } = newest.clone();
        let mut at = newest.snapshot();
        let since = since.map(|since| left_out(since, &at.commit, &repository)).transpose()?;
        let first = Version::read(&at, &path);
        repository.sound()?;
        let mut answers = at.answers(&first.asked);
        let mut all = vec![first];
        let excludes = |commit: &Commit| since.as_ref().is_some_and(|since| since.has(commit));
        let mut led_elsewhere = false;
        let mut listed = excludes(&at.commit).then_some(0);
        // The oldest that was asked for is compared with one that checks, as far back as that may be.
        let is_done = |all: &[Version], listed: Option<usize>| {
            let before = listed.and_then(|listed| all.get(listed..)).unwrap_or_default();
            before.len() >= MOST_BEFORE || before.iter().any(|version| version.policy().is_some())
        };
        while !is_done(&all, listed) {
            let older = match repository.behind(&at.commit)? {
                Behind::Commit(older) => at.of(older),
                Behind::Nothing => break,
                Behind::NotHere => {
                    let short = repository.short(&at.commit);
                    notes.push(format!(
                        "this clone begins with {short}: `git fetch --unshallow` gets the commits before it"
                    ));
                    listed.get_or_insert(all.len() - 1);
                    break;
                }
            };
            // What counts is what stood under the path that was given.
            let led = link.as_ref().and_then(|link| older.file_at(link)).unwrap_or_else(|| path.clone());
            let same = older.commit.has_files_of(&at.commit)
                || led == path && answers.iter().all(|(path, answer)| older.node(path) == *answer);
            if same {
                all.last_mut().into_iter().for_each(|version| version.commit = older.commit.clone());
            } else {
                if led != path {
                    led_elsewhere = true;
                    path = led;
                }
                let is_there = |path: &str| older.node(path) != Err(ReadError::NotFound);
                if !is_there(&path) {
                    path = at.former_name(&path, &older.commit)?.unwrap_or(path);
                }
                // What was taken away may have been there before, and be back.
                let version = if is_there(&path) { Version::read(&older, &path) } else { Version::gone(&older, &path) };
                // What it was called on, where it went.
                if let Some(gone @ Version { checked: Checked::Gone(_), .. }) = all.last_mut() {
                    gone.checked = Checked::Gone(older.former_name(&path, &gone.commit)?);
                }
                answers = older.answers(&version.asked);
                all.push(version);
            }
            repository.sound()?;
            if excludes(&older.commit) {
                listed.get_or_insert(all.len() - 1);
            } else if listed.is_none() && all.len() > limit {
                notes.push(format!(
                    "only the newest {} compared: `--limit {}` goes further back",
                    match limit {
                        1 => "version was".to_owned(),
                        n => format!("{n} versions were"),
                    },
                    limit.saturating_mul(10)
                ));
                listed = Some(limit);
            }
            at = older;
        }
        notes.extend(
            link.filter(|_| led_elsewhere)
                .map(|link| format!("`{link}` has led to other policies before: shown is the one of each commit")),
        );
        while all.last().is_some_and(Version::is_gone) {
            all.pop();
        }
        let listed = listed.unwrap_or(all.len()).min(all.len());
        let policy = given.display().to_string();
        Ok(Versions { policy, path: newest.path, repository, all, merges: OnceCell::new(), listed, notes, personal })
    }

    /// As many digits of the hash of a commit as are needed.
    pub(super) fn short(&self, commit: &Commit) -> String {
        self.repository.short(commit)
    }

    /// The commits by which a merge brought a version, the newest first: those after which something that any version reads is as
    /// in none of the commits that they were made from. (On their branch, it may have had its earlier name.)
    pub(super) fn merged(&self, version: &Version) -> Result<Vec<Commit>, Stop> {
        let asked: BTreeSet<&String> = self.all.iter().flat_map(|version| &version.asked).collect();
        let mut brought = Vec::new();
        let Some(newest) = self.all.first().filter(|_| version.commit.is_merge()) else { return Ok(brought) };
        let merges = match self.merges.get() {
            Some(merges) => merges,
            None => {
                let merges = self.repository.merges(&newest.commit)?;
                self.merges.get_or_init(|| merges)
            }
        };
        for commit in self.repository.brought(merges, &version.commit)? {
            let now = Snapshot::new(Rc::clone(&self.repository), commit);
            let parents = self.repository.parents(&now.commit)?;
            let differs = |before: &Snapshot| asked.iter().any(|path| now.node(path) != before.node(path));
            if parents.into_iter().all(|parent| differs(&now.of(parent))) {
                brought.push(now.commit);
            }
        }
        Ok(brought)
    }

    /// Whether a version has the texts and lists of the one before it, in other places.
    pub(super) fn is_only_moved(&self, position: usize) -> bool {
        let at = |position: usize| {
            let version = self.all.get(position)?;
            let texts: Vec<&str> = version.sources.iter().map(|file| &*file.text).collect();
            Some((texts, listed::lists(version.policy()?)))
        };
        at(position).is_some_and(|now| at(position + 1).is_some_and(|before| now == before))
    }

    /// The path of the version in force before a policy that has no past of its own: of the policies of one title in its commit, the one that
    /// it follows.
    pub(super) fn followed(&self, version: &Version) -> Result<Option<String>, Stop> {
        let Some(new) = version.policy().filter(|policy| policy.in_force.is_some()) else { return Ok(None) };
        let snapshot = Snapshot::new(Rc::clone(&self.repository), version.commit.clone());
        let others = snapshot.policies("").ok().flatten().unwrap_or_default();
        let others = others.into_iter().filter(|path| *path != version.path);
        let of_title = |path: String| Some((check(&path, &snapshot).policy.filter(|of| of.title == new.title)?, path));
        let others: Vec<_> = others.take(MOST_BESIDE).filter_map(of_title).collect();
        self.repository.sound()?;
        let versions: Vec<_> = others.iter().map(|(policy, name)| versions::Version { name, policy }).collect();
        let before = versions::before(&versions, new).and_then(|at| versions.get(at));
        Ok(before.map(|before| before.name.to_owned()))
    }

    /// The versions that were asked for, and the one that was there before them: the last that checks, when there is one.
    pub(super) fn parted(&self) -> (&[Version], Option<&Version>) {
        let (listed, before) = self.all.split_at(self.listed);
        (listed, before.iter().find(|version| version.policy().is_some()).or(before.first()))
    }
}

/// The commits that are left out by `--since`, on the way back from one: a revision and all that it was made from; or all behind the oldest commit of a
/// day or of days after it.
fn left_out(text: &str, from: &Commit, repository: &Repository) -> Result<Past, Stop> {
    let Some(day) = text.parse().ok().filter(|_| text.len() == "2026-01-31".len()) else {
        let is_like_a_day = text.len() == "2026-01-31".len()
            && text.bytes().enumerate().all(|(at, c)| if matches!(at, 4 | 7) { c == b'-' } else { c.is_ascii_digit() });
        if is_like_a_day && !repository.may_mean(text) {
            return Err(Stop::because(format!("there is no day `{text}`: type year, month and day, as in 2026-01-31")));
        }
        let commit = repository.resolve(text).map_err(|stop| match stop {
            Stop::Failed(why) => Stop::because(format!("{why}; a day is typed as in 2026-01-31")),
            other => other,
        })?;
        return repository.past_of(&commit);
    };
    match repository.oldest_since(from, day)? {
        None => repository.past_of(from),
        Some(oldest) => match repository.behind(&oldest)? {
            Behind::Commit(before) => repository.past_of(&before),
            Behind::Nothing | Behind::NotHere => Ok(Past::default()),
        },
    }
}

/// Where the way back begins.
struct Start {
    /// The policy in its commit.
    place: InCommit,
    /// The path of the link that was given for it.
    link: Option<String>,
    /// What is to be known of it.
    notes: Vec<String>,
    /// The names of fields and columns that are personal, as it was given and in anything of the repository.
    personal: BTreeSet<String>,
}

fn start(given: &Path) -> Result<Start, Stop> {
    let place = Places::default().given(given)?;
    let is_missing = matches!(&place, Place::Disk(file) if !file.exists());
    let read = Read::from(place).map_err(|stop| is_missing.then(|| gone(given)).flatten().unwrap_or(stop))?;
    if read.library {
        return Err(Stop::because(format!("`{}` is a library: give a policy that uses it", read.name())));
    }
    let mut personal = read.policy.as_ref().map(personal::of).unwrap_or_default();
    let file = match read.place {
        Place::Commit(place) => {
            // A link may lead to where the policy really stands.
            let path = place.snapshot().file_at(&place.path).unwrap_or_else(|| place.path.clone());
            let link = (place.path != path).then(|| place.path.clone());
            personal.append(&mut personal::by_now(&place.repository, &path)?);
            return Ok(Start { place: InCommit { path, ..place }, link, notes: Vec::new(), personal });
        }
        Place::Disk(file) => file,
    };
    let name = file.display();
    let repository = Repository::discover(&file)?
        .ok_or_else(|| Stop::because(format!("`{name}` has no history: it is in no git repository")))?;
    let head = repository.resolve("HEAD")?;
    let path = repository
        .path_of(&file)
        .ok_or_else(|| Stop::because(format!("`{name}` has no history: it is in no work tree of a git repository")))?;
    personal.append(&mut personal::by_now(&repository, &path)?);
    let typed = repository.typed(&file).unwrap_or_else(|| path.clone());
    let mut place = InCommit { repository, revision: Rc::from("HEAD"), commit: Rc::new(head), path };
    let head = place.snapshot();
    // Of what git-lfs keeps, the commit has only a pointer: that has nothing to do with committing.
    let is_clean = read.files.iter().all(|file| head.has(file) || head.pointer_to(file).is_some());
    // Where the link leads in the work tree may not be committed.
    let led = head.file_at(&typed).or_else(|| head.file_at(&place.path));
    let Some(led) = led else {
        return Err(Stop::because(format!("`{name}` has no history yet: it is not in the commit that is checked out")));
    };
    let is_clean = is_clean && led == place.path && read.texts.has_links_of(&head);
    place.path = led;
    let link = (typed != place.path).then_some(typed);
    let changed = "is not as the last commit has it, or something that it reads: what is not committed is left out";
    let notes = if is_clean { Vec::new() } else { vec![format!("`{name}` {changed}")] };
    Ok(Start { place, link, notes, personal })
}

/// That a file which is not there has a history, which ends at some commit.
fn gone(given: &Path) -> Option<Stop> {
    let repository = Repository::discover(Path::new(".")).ok()??;
    let path = repository.typed(given)?;
    let mut at = Snapshot::new(Rc::clone(&repository), repository.head().ok()??);
    while at.file_at(&path).is_none() {
        let Behind::Commit(older) = repository.behind(&at.commit).ok()? else { return None };
        at = at.of(older);
    }
    let short = repository.short(&at.commit);
    Some(Stop::because(format!(
        "there is no file `{}` any more: commit {short} is the last that has it, `policyc history {short}:{path}` goes back from there",
        given.display()
    )))
}
