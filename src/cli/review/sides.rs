//! The two sides of a review: what merging would change, from the repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use policyc::ir::{InForce, Policy};
use policyc::render::Batch;
use policyc::review::{Revision, Seen, Side};
use policyc::source::{Files, ReadError, resolve};
use policyc::triage::Baseline;

use super::pairs::{Pair, followed, may_be, paired};
use crate::cli::console::{Console, Stop};
use crate::cli::disk;
use crate::cli::folder;
use crate::cli::git::{Commit, Repository, Snapshot, lines};
use crate::cli::place::{InCommit, Place};
use crate::cli::policies::{Read, Run, below};
use crate::cli::settings::{Found, Settings, inside};

/// Both sides of a change.
pub(super) struct Sides {
    repository: Rc<Repository>,
    /// The base as it is now.
    tip: Rc<Commit>,
    /// The commit at which the change parted from the base.
    fork: Rc<Commit>,
    /// What is reviewed, as a commit; none for the work tree.
    commit: Option<Rc<Commit>>,
    /// What the base was called.
    pub(super) base: Revision,
    /// What is reviewed.
    pub(super) head: Revision,
    /// The configuration of the base as it is now: that by which findings count.
    pub(super) gates: Found,
    /// The configuration at the fork, and that of the head.
    pub(super) configurations: [Found; 2],
    /// The policies at the fork, and those of the head.
    pub(super) runs: [Run; 2],
    /// Which policy is which, by their positions in both runs.
    pub(super) pairs: Vec<Pair>,
    /// The policies that have come to the base since.
    meanwhile: Vec<Read>,
    /// What a configuration names although no policy stands there on either side.
    pub(super) nowhere: Vec<String>,
    /// What stands at the base in vain, and why.
    pub(super) in_vain: BTreeSet<String>,
    /// The paths under review, and those of the links that are gone through below them on either side.
    pub(super) ways: BTreeSet<String>,
}

impl Sides {
    /// Opens both sides. What is compared is what merging would change: the head, and the commit at which it parted from the base.
    pub(super) fn open(base: &str, head: Option<&str>, paths: &[PathBuf], console: &Console) -> Result<Sides, Stop> {
        let repository = Repository::discover(Path::new("."))?.ok_or_else(|| {
            Stop::because(
                "a review compares with a revision, and there is no git repository here: go to a folder of one",
            )
        })?;
        // What is left out of the work tree would be gone.
        if head.is_none() && repository.is_sparse() {
            return Err(Stop::because(
                "only some of the files are checked out here (`git sparse-checkout list` says which): `--head HEAD` reviews the last commit",
            ));
        }
        let tip = repository.resolve(base)?;
        let commit = head.map(|head| repository.resolve(head)).transpose()?.map(Rc::new);
        let newest = match &commit {
            Some(commit) => Commit::clone(commit),
            None => repository.resolve("HEAD")?,
        };
        let fork = match <[Commit; 1]>::try_from(repository.forks(&tip, &newest)?) {
            Ok([fork]) => fork,
            Err(forks) => return Err(no_fork(&repository, base, head, forks.len())),
        };
        let fork = Rc::new(fork);
        let here = match (repository.path_of(Path::new(".")), &commit) {
            (Some(here), _) => here,
            (None, Some(_)) => String::new(),
            (None, None) => {
                return Err(Stop::because("no files are checked out here: say with `--head REV` what is reviewed"));
            }
        };
        let snapshot = |commit: &Commit| Snapshot::new(Rc::clone(&repository), commit.clone());
        let found = match &commit {
            Some(commit) => Settings::in_commit(&snapshot(commit), &here),
            None => Settings::find(console)?.found(&repository),
        };
        let gates = Settings::in_commit(&snapshot(&tip), &here);
        let configurations = [Settings::in_commit(&snapshot(&fork), &here), found];
        let named = |commit: &Commit, revision: Option<&str>| Revision {
            revision: revision.map(str::to_owned),
            commit: Some(commit.hash()),
            short: Some(repository.short(commit)),
        };
        let mut sides = Sides {
            base: named(&fork, Some(base)),
            head: commit.as_ref().map_or_else(Revision::default, |commit| named(commit, head)),
            repository: Rc::clone(&repository),
            tip: Rc::new(tip),
            fork,
            commit,
            gates,
            configurations,
            runs: [Run::default(), Run::default()],
            pairs: Vec::new(),
            meanwhile: Vec::new(),
            nowhere: Vec::new(),
            in_vain: BTreeSet::new(),
            ways: BTreeSet::new(),
        };
        sides.read(&here, paths)?;
        let [of_base, of_head] = &sides.runs;
        sides.pairs = paired(of_base, of_head);
        sides.meanwhile = sides.come();
        Ok(sides)
    }

    /// That nothing was wanted of the commits which the repository does not have.
    pub(super) fn sound(&self) -> Result<(), Stop> {
        self.repository.sound()
    }

    /// Reads the policies of both sides.
    fn read(&mut self, here: &str, given: &[PathBuf]) -> Result<(), Stop> {
        let mut paths = BTreeSet::new();
        for path in given {
            paths.insert(self.in_repository(here, path)?);
        }
        if given.is_empty() && self.gates.config.policies.is_empty() {
            // All of the repository, whatever the change names: what it leaves out would not be reviewed.
            paths.insert(String::new());
        } else if given.is_empty() {
            let [_, head] = &self.configurations;
            for found in [&self.gates, head] {
                paths.extend(found.config.policies.iter().map(|path| found.at(path)));
            }
        }
        let (mut base, mut head) = (Vec::new(), Vec::new());
        for path in &paths {
            let before = self.place(Some(&self.fork), path)?;
            let now = self.place(self.commit.as_ref(), path)?;
            if before.is_none() && now.is_none() && !given.is_empty() {
                return Err(Stop::because(format!(
                    "there is no `{path}`, neither in the base nor in what is reviewed"
                )));
            }
            if before.is_none() && now.is_none() {
                self.nowhere.push(path.clone());
            }
            base.extend(before);
            head.extend(now);
        }
        if base.is_empty() && head.is_empty() {
            let named = |path: &String| if path.is_empty() { "the repository".to_owned() } else { format!("`{path}`") };
            return Err(Stop::because(format!(
                "there is no policy in {}, neither in the base nor in what is reviewed",
                paths.iter().map(named).collect::<Vec<_>>().join(", ")
            )));
        }
        for place in base.iter().chain(&head) {
            let links = self.links_below(place)?;
            self.ways.extend(links);
        }
        self.ways.append(&mut paths);
        let mut now = below(&head)?;
        now.retain(|place| self.is_of_this_repository(place));
        let (before, in_vain) = standing(&base)?;
        self.in_vain = in_vain;
        self.runs = [Run::of(before)?, Run::of(now)?];
        let moved = self.moved();
        self.runs[0].policies.extend(moved);
        self.runs.iter_mut().for_each(Run::compare_versions);
        Ok(())
    }

    /// Whether a file below the work tree is none of a repository within it, which git does not look into either.
    fn is_of_this_repository(&self, place: &Place) -> bool {
        let (Place::Disk(path), Some(top)) = (place, self.repository.work_tree()) else { return true };
        let Ok(full) = path.canonicalize() else { return true };
        let inner = full.ancestors().skip(1).take_while(|folder| *folder != top);
        !full.starts_with(top) || !inner.into_iter().any(|folder| folder.join(".git").exists())
    }

    /// The files that a policy of the work tree reads and that stand in a repository within it: what changes there is no part of the review.
    pub(super) fn within_others(&self, [_, head]: Pair) -> Vec<String> {
        let read = head.and_then(|at| self.runs[1].policies.get(at)).filter(|_| self.commit.is_none());
        let texts = read.into_iter().flat_map(|read| read.batch.sources.iter()).map(|file| file.home.clone());
        let owned = read.and_then(|read| read.policy.as_ref()).into_iter().flat_map(|policy| &policy.ownership);
        let files = texts.chain(owned.filter_map(|own| own.file.clone()));
        let is_theirs =
            |path: &String| self.on_disk(path).is_ok_and(|full| !self.is_of_this_repository(&Place::Disk(full)));
        files.filter(is_theirs).collect()
    }

    /// The policies of the base that stood elsewhere and are gone, as far as new ones are called or read like them: of a policy that has moved,
    /// only the new place may be among the paths.
    fn moved(&self) -> Vec<Read> {
        let [base, head] = &self.runs;
        let is_among = |run: &Run, path: &str| run.policies.iter().any(|read| home(read) == path);
        let new: Vec<&Read> = head.policies.iter().filter(|read| !is_among(base, home(read))).collect();
        if new.is_empty() {
            return Vec::new();
        }
        let all = Snapshot::new(Rc::clone(&self.repository), Commit::clone(&self.fork)).policies("");
        let gone = all.ok().flatten().unwrap_or_default().into_iter().filter(|path| {
            self.is_reviewed(path)
                && !is_among(base, path)
                && matches!(self.place(self.commit.as_ref(), path), Ok(None))
        });
        // What cannot be read is like nothing.
        let read = gone.filter_map(|path| Read::from(self.place(Some(&self.fork), &path).ok()??).ok());
        read.filter(|old| !old.library && new.iter().any(|new| may_be(old, new))).collect()
    }

    /// Whether a change of a policy of the base has been reviewed: it stands where the base's configuration has policies.
    fn is_reviewed(&self, path: &str) -> bool {
        let mut folders = self.gates.config.policies.iter().map(|folder| self.gates.at(folder)).peekable();
        folders.peek().is_none() || folders.any(|folder| Path::new(path).starts_with(folder))
    }

    /// The path in the repository of a path that was given.
    fn in_repository(&self, here: &str, path: &Path) -> Result<String, Stop> {
        if path.is_absolute() {
            return self.repository.path_of(path).ok_or_else(|| outside(path));
        }
        let text = path.to_str().ok_or_else(|| outside(path))?;
        // `here` is the folder of a file that is not there: paths are relative to files.
        resolve(&format!("{here}/_"), text).map_err(|_| outside(path))
    }

    /// The place of a path in a commit, or in the work tree; none when there is no policy.
    fn place(&self, commit: Option<&Rc<Commit>>, path: &str) -> Result<Option<Place>, Stop> {
        let Some(commit) = commit else {
            let full = self.on_disk(path)?;
            let there = full.symlink_metadata().is_ok()
                && folder::below(&full)?.is_none_or(|below| !below.policies.is_empty() || below.nameless.is_some());
            return Ok(there.then_some(Place::Disk(full)));
        };
        let snapshot = Snapshot::new(Rc::clone(&self.repository), Commit::clone(commit));
        match snapshot.below(path) {
            Err(ReadError::NotFound) => Ok(None),
            Ok(Some(below)) if below.policies.is_empty() && below.nameless.is_none() => Ok(None),
            Ok(_) | Err(ReadError::Outside | ReadError::TooLarge(_) | ReadError::Other(_)) => {
                Ok(Some(Place::Commit(InCommit {
                    repository: Rc::clone(&self.repository),
                    revision: Rc::from(self.repository.short(commit)),
                    commit: Rc::clone(commit),
                    path: path.to_owned(),
                })))
            }
        }
    }

    /// The place of a path on a side: at the fork, or in the head.
    pub(super) fn at(&self, side: usize, path: &str) -> Result<Option<Place>, Stop> {
        self.place(if side == 0 { Some(&self.fork) } else { self.commit.as_ref() }, path)
    }

    /// Where a path leads on a side, its links followed; none when that is nowhere in the repository.
    pub(super) fn target(&self, side: usize, path: &str) -> Option<String> {
        match if side == 0 { Some(&self.fork) } else { self.commit.as_ref() } {
            Some(commit) => {
                let snapshot = Snapshot::new(Rc::clone(&self.repository), Commit::clone(commit));
                snapshot.led_to(path).ok().map(|(path, _)| path)
            }
            None => self.path_of(&self.on_disk(path).ok()?),
        }
    }

    /// The path in the repository of something in its work tree, its links followed.
    pub(super) fn path_of(&self, file: &Path) -> Option<String> {
        self.repository.path_of(file)
    }

    /// A path of the repository on the disk.
    pub(super) fn on_disk(&self, path: &str) -> Result<PathBuf, Stop> {
        let top = self.repository.work_tree().unwrap_or(Path::new("."));
        inside(top, top, path)
    }

    /// A pair as it is reviewed.
    pub(super) fn seen(&self, [old, new]: Pair) -> Seen<'_> {
        let [base, head] = &self.runs;
        let follows = match (old, new) {
            (None, Some(new)) => head.policies.get(new).and_then(|new| followed(base, new)),
            (Some(_), _) | (None, None) => None,
        };
        let of_base = |at: Option<usize>| at.and_then(|at| of(base, at));
        Seen { base: of_base(old), follows: of_base(follows), head: new.and_then(|at| of(head, at)) }
    }

    /// Every team that owns something before the change, and after it.
    pub(super) fn everybody(&self) -> [BTreeSet<String>; 2] {
        self.runs.each_ref().map(|run| run.policies.iter().flat_map(|read| side(read).teams()).collect())
    }

    /// The policies before the change.
    pub(super) fn before(&self) -> impl Iterator<Item = Side<'_>> + Clone {
        let [base, _] = &self.runs;
        base.policies.iter().map(side)
    }

    /// A policy of the base as it is now, wherever it has gone there; none when the change has parted from just there, or when it does not
    /// check there any more.
    pub(super) fn since(&self, path: &str) -> Option<Policy> {
        if self.tip.hash() == self.fork.hash() {
            return None;
        }
        let at_tip = |path: &str| Read::from(self.place(Some(&self.tip), path).ok()??).ok();
        if let Some(there) = at_tip(path) {
            return there.policy;
        }
        let [base, _] = &self.runs;
        let was = base.policies.iter().find(|read| home(read) == path)?;
        self.meanwhile.iter().find(|read| may_be(was, read))?.policy.clone()
    }

    /// The teams that the text of a policy names at the base as it is now, when it has come not to check there since the change parted from it.
    pub(super) fn broken_since(&self, path: &str) -> BTreeSet<String> {
        if self.tip.hash() == self.fork.hash() {
            return BTreeSet::new();
        }
        let place = self.place(Some(&self.tip), path).ok().flatten();
        let there = place.and_then(|place| Read::from(place).ok()).filter(|read| read.policy.is_none());
        there.iter().flat_map(|read| side(read).teams()).collect()
    }

    /// The policies of the base as it is now that stand where none stood when the change parted from it, or that have another title,
    /// other days in force or other owners than then.
    fn come(&self) -> Vec<Read> {
        if self.tip.hash() == self.fork.hash() {
            return Vec::new();
        }
        let all = Snapshot::new(Rc::clone(&self.repository), Commit::clone(&self.tip)).policies("").ok().flatten();
        // What cannot be read is no version of anything.
        let read = |commit: &Rc<Commit>, path: &str| Read::from(self.place(Some(commit), path).ok()??).ok();
        let called = |read: &Read| {
            let days = |policy: &Policy| policy.in_force.as_ref().map(InForce::words);
            read.policy.as_ref().map(|policy| (policy.title.clone(), days(policy), policy.all_owners()))
        };
        let now = all.into_iter().flatten().filter_map(|path| read(&self.tip, &path));
        let is_new = |now: &Read| read(&self.fork, home(now)).is_none_or(|then| called(&then) != called(now));
        now.filter(|now| !now.library && is_new(now)).collect()
    }

    /// The policies that have come to the base since, or have another title, other days in force or other owners there.
    pub(super) fn meanwhile(&self) -> impl Iterator<Item = Side<'_>> + Clone {
        self.meanwhile.iter().map(side)
    }

    /// How a file of the base is called in the head.
    pub(super) fn called_now(&self, before: &str) -> String {
        let [base, head] = &self.runs;
        let renamed = self.pairs.iter().find_map(|[old, new]| {
            let old = base.policies.get((*old)?)?;
            (home(old) == before).then(|| Some(home(head.policies.get((*new)?)?).to_owned())).flatten()
        });
        renamed.unwrap_or_else(|| before.to_owned())
    }

    /// Where the configurations and the baselines that count before or now stand on the disk.
    pub(super) fn rules_of_review(&self) -> Result<Vec<PathBuf>, Stop> {
        let [fork, head] = &self.configurations;
        let configurations = [&self.gates, fork, head].into_iter().filter_map(|found| found.path.clone());
        configurations.chain(self.baselines()).filter_map(|path| self.named(&path).transpose()).collect()
    }

    /// The baselines that count before or now, by their paths.
    fn baselines(&self) -> BTreeSet<String> {
        let [fork, _] = &self.configurations;
        [&self.gates, fork].into_iter().filter_map(|found| Some(found.at(found.config.baseline.as_ref()?))).collect()
    }

    /// The commits that are compared; none for the work tree.
    pub(super) fn commits(&self) -> [Option<&Rc<Commit>>; 2] {
        [Some(&self.fork), self.commit.as_ref()]
    }

    /// Those that are not the same on both sides.
    pub(super) fn changed_baselines(&self) -> Vec<String> {
        self.baselines()
            .into_iter()
            .filter(|path| self.baseline(Some(&self.fork), path) != self.baseline(self.commit.as_ref(), path))
            .collect()
    }

    /// The files of leads that the configuration names: those of the base, when it names some.
    pub(super) fn leads(&self) -> Vec<String> {
        self.with_leads().map_or_else(Vec::new, leads_of)
    }

    /// The column that says what became of these leads, when the configuration that names them has one.
    pub(super) fn outcome(&self) -> Option<&str> {
        self.with_leads()?.config.outcome.as_deref()
    }

    /// The configuration whose leads are counted.
    fn with_leads(&self) -> Option<&Found> {
        let [_, head] = &self.configurations;
        [&self.gates, head].into_iter().find(|found| !found.config.leads.is_empty())
    }

    /// A file that a configuration names, on the disk; none when a link leads from there out of the repository, and only the base names it.
    pub(super) fn named(&self, path: &str) -> Result<Option<PathBuf>, Stop> {
        let [_, head] = &self.configurations;
        let baseline = head.config.baseline.iter().map(|path| head.at(path));
        match self.on_disk(path) {
            Err(stop) if leads_of(head).into_iter().chain(baseline).any(|named| named == path) => Err(stop),
            found => Ok(found.ok()),
        }
    }

    /// Whether a file that was there before the change is another one now; how lines end makes no difference.
    pub(super) fn differs(&self, path: &str) -> bool {
        let read = |commit: Option<&Rc<Commit>>| self.bytes(commit, path).ok();
        let both = read(Some(&self.fork)).zip(read(self.commit.as_ref()));
        both.is_some_and(|(before, now)| lines(&before).ne(lines(&now)))
    }

    /// The findings that are known at the base as it is now.
    pub(super) fn known(&self) -> Baseline {
        let path = self.gates.config.baseline.as_ref().map(|path| self.gates.at(path));
        path.and_then(|path| self.baseline(Some(&self.tip), &path)?.ok()).unwrap_or_default()
    }

    /// A baseline: none when it is not there, or an error in words when it cannot be read.
    fn baseline(&self, commit: Option<&Rc<Commit>>, path: &str) -> Option<Result<Baseline, String>> {
        let text = String::from_utf8(self.bytes(commit, path).ok()?).map_err(|error| error.to_string());
        Some(text.and_then(|text| Baseline::read(&text)))
    }

    /// The bytes of a file in a commit, or in the work tree.
    pub(super) fn bytes(&self, commit: Option<&Rc<Commit>>, path: &str) -> Result<Vec<u8>, ReadError> {
        match commit {
            Some(commit) => Snapshot::new(Rc::clone(&self.repository), Commit::clone(commit)).read(path),
            None => disk::bytes(&self.on_disk(path).map_err(|_| ReadError::Outside)?),
        }
    }
}

/// The files of leads that a configuration names.
fn leads_of(found: &Found) -> Vec<String> {
    found.config.leads.iter().map(|path| found.at(path)).collect()
}

/// A policy of a run.
pub(super) fn of(run: &Run, at: usize) -> Option<Side<'_>> {
    run.policies.get(at).map(side)
}

fn side(read: &Read) -> Side<'_> {
    let Read { policy, batch, .. } = read;
    Side { path: path(batch), policy: policy.as_ref(), batch }
}

fn path(batch: &Batch) -> &str {
    batch.sources.iter().next().map_or("", |file| file.home.as_str())
}

/// Where a policy stands in the repository.
pub(super) fn home(read: &Read) -> &str {
    path(&read.batch)
}

/// The policies of the base at some places, and why what stands there in vain does so: no change can help what the base has, and the one that takes
/// it out has to be reviewed, too.
pub(super) fn standing(places: &[Place]) -> Result<(Vec<Place>, BTreeSet<String>), Stop> {
    let (mut there, mut in_vain) = (Vec::new(), BTreeSet::new());
    for place in places {
        match place {
            Place::Disk(_) => there.push(place.clone()),
            Place::Commit(place) => {
                let (standing, why_not) = place.standing()?;
                there.extend(standing);
                in_vain.extend(why_not);
            }
        }
    }
    Ok((below(&there)?, in_vain))
}

fn outside(path: &Path) -> Stop {
    Stop::because(format!("`{}` leads out of the repository", path.display()))
}

fn no_fork(repository: &Repository, base: &str, head: Option<&str>, forks: usize) -> Stop {
    let head = head.unwrap_or("HEAD");
    if forks > 1 {
        return Stop::because(format!(
            "`{base}` and `{head}` have been merged into each other, so that they part at {forks} commits: merge `{base}` into `{head}` first"
        ));
    }
    if repository.is_shallow() {
        return Stop::because(format!(
            "where `{base}` and `{head}` part is not known, since this clone has only the newest commits: get the others with \
             `git fetch --unshallow`"
        ));
    }
    Stop::because(format!(
        "`{base}` and `{head}` have no commit in common: type the branch that the change is to be merged into"
    ))
}
