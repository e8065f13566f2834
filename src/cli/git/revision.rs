//! Which commit a revision means: `main`, `origin/main`, `v2026.03`, `1a2b3c4`, `HEAD~2`.

use std::collections::HashSet;

use gix::ObjectId;
use gix::hash::Prefix;
use gix::refs::PartialNameRef;
use policyc::diagnostic::did_you_mean;

use super::Repository;
use super::object::Commit;
use crate::cli::console::Stop;

/// A step from a commit to one that it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many commits back, each time to the first parent: `~2`.
    Back(usize),
    /// To the parent of this number, 1 being the first: `^2`.
    Parent(usize),
}

/// The most commits that one step goes back.
const FARTHEST: usize = 1_000_000;

impl Repository {
    /// The commit that a revision means.
    pub(in crate::cli) fn resolve(&self, revision: &str) -> Result<Commit, Stop> {
        let (base, steps) = taken_apart(revision)?;
        let mut commit = self.base(base)?;
        for step in steps {
            commit = match step {
                Step::Back(count) => {
                    let mut at = commit;
                    for _ in 0..count {
                        at = self.parent(&at, 0, revision)?;
                    }
                    at
                }
                Step::Parent(number) => self.parent(&commit, number.saturating_sub(1), revision)?,
            };
        }
        Ok(commit)
    }

    /// Whether something is called like a revision, be it one that cannot be told or read.
    pub(in crate::cli) fn may_mean(&self, revision: &str) -> bool {
        let Ok((base, _)) = taken_apart(revision) else { return false };
        let is_named = || self.reference(base).map_or(true, |found| found.is_some());
        let has_digits = || self.by_prefix(base).map_or(true, |found| !found.is_empty());
        matches!(base, "HEAD" | "@") || is_named() || has_digits() || self.base(base).is_ok()
    }

    /// The commit that is checked out; none in a repository without a commit.
    pub(in crate::cli) fn head(&self) -> Result<Option<Commit>, Stop> {
        match self.git.head() {
            Ok(head) if head.is_unborn() => Ok(None),
            Ok(_) | Err(_) => match self.reference("HEAD")? {
                Some(id) => self.commit(id),
                None => Err(Stop::because("what is checked out cannot be read: `git status` says more")),
            },
        }
    }

    /// Whether the history of this clone ends at a commit that has parents.
    pub(in crate::cli) fn is_cut_off_at(&self, commit: &Commit) -> bool {
        self.shallow.binary_search(&commit.id).is_ok()
    }

    /// Whether this clone has only the newest commits.
    pub(in crate::cli) fn is_shallow(&self) -> bool {
        !self.shallow.is_empty()
    }

    fn parent(&self, commit: &Commit, position: usize, revision: &str) -> Result<Commit, Stop> {
        let short = || self.short(commit);
        if self.is_cut_off_at(commit) {
            return Err(Stop::because(format!(
                "`{revision}` lies before the commits of this clone, which end with {}: get the others with `git fetch --unshallow`",
                short()
            )));
        }
        let Some(id) = commit.parents.get(position) else {
            return Err(Stop::because(match commit.parents.len() {
                0 => format!("`{revision}` lies before the first commit, {} of {}", short(), commit.day),
                1 => format!("there is no `{revision}`: {} was made from one commit only", short()),
                count => format!("there is no `{revision}`: {} was made from {count} commits", short()),
            }));
        };
        self.commit(*id)?
            .ok_or_else(|| Stop::because(format!("a parent of {} is no commit: `git fsck` says more", short())))
    }

    /// The commit of a name or of a hash.
    fn base(&self, name: &str) -> Result<Commit, Stop> {
        if name == "HEAD" || name == "@" {
            return self.head()?.ok_or_else(|| self.no_commit());
        }
        if let Ok(id) = ObjectId::from_hex(name.as_bytes()) {
            return match self.git.has_object(id) {
                true => self.commit_called(name, id),
                false => Err(self.absent(name)),
            };
        }
        if let Some(id) = self.reference(name)? {
            let commit = self.commit_called(name, id)?;
            let others = self.by_prefix(name)?;
            return match others.iter().find(|other| **other != commit) {
                None => Ok(commit),
                Some(other) => Err(Stop::because(format!(
                    "`{name}` is a branch or a tag, and begins the hash of another commit: type `heads/{name}` or `tags/{name}`, or more digits of the hash (`{}`)",
                    other.hash()
                ))),
            };
        }
        // What `git describe` prints ends with a hash.
        let digits = name.rsplit_once("-g").map_or(name, |(_, digits)| digits);
        match self.by_prefix(digits)?.as_slice() {
            [] => Err(self.unknown(name)),
            [one] => Ok(one.clone()),
            several => Err(self.ambiguous(digits, several)),
        }
    }

    fn commit_called(&self, name: &str, id: ObjectId) -> Result<Commit, Stop> {
        self.commit(id)?.ok_or_else(|| {
            Stop::because(format!(
                "`{name}` names no commit, but a file or a folder by its hash: type the commit's before the colon"
            ))
        })
    }

    /// The object that a branch, a remote branch or a tag of this name points to.
    fn reference(&self, name: &str) -> Result<Option<ObjectId>, Stop> {
        let unreadable = || {
            Stop::because(format!("where `{name}` points to cannot be read: `git show-ref` and `git fsck` say more"))
        };
        self.is_one_thing(name)?;
        // What cannot be a name at all is none.
        let Ok(valid) = <&PartialNameRef>::try_from(name) else { return Ok(None) };
        let Some(mut found) = self.git.try_find_reference(valid).map_err(|_| unreadable())? else { return Ok(None) };
        let id = found.follow_to_object().map_err(|_| unreadable())?;
        Ok(Some(id.detach()))
    }

    /// Refuses a name that a branch and a tag have which point to two commits: nobody knows which is meant.
    fn is_one_thing(&self, name: &str) -> Result<(), Stop> {
        let mut found: Vec<(&str, &str, ObjectId)> = Vec::new();
        for (what, folder) in [("branch", "heads"), ("tag", "tags"), ("remote branch", "remotes")] {
            let id = self.git.try_find_reference(&format!("refs/{folder}/{name}")).ok().flatten();
            let id = id.and_then(|mut found| found.peel_to_id().ok());
            found.extend(id.map(|id| (what, folder, id.detach())));
        }
        match found.as_slice() {
            [(one, first, id), .., (other, last, other_id)] if id != other_id => Err(Stop::because(format!(
                "`{name}` is a {one} and a {other}, of two commits: type `{first}/{name}` or `{last}/{name}`"
            ))),
            _ => Ok(()),
        }
    }

    /// The commits whose hashes begin with some digits, in the order of their hashes.
    fn by_prefix(&self, digits: &str) -> Result<Vec<Commit>, Stop> {
        let Some(prefix) = Prefix::from_hex(digits).ok().filter(|_| digits.len() >= 4) else { return Ok(Vec::new()) };
        let mut found = HashSet::new();
        self.git
            .objects
            .lookup_prefix(prefix, Some(&mut found))
            .map_err(|error| Stop::because(format!("cannot read the repository: {error}")))?;
        let mut found: Vec<ObjectId> = found.into_iter().collect();
        found.sort_unstable();
        // Files and folders are no revisions; what is damaged might be one.
        let commits = found.into_iter().map(|id| self.commit(id)).collect::<Result<Vec<_>, _>>()?;
        Ok(commits.into_iter().flatten().collect())
    }

    fn ambiguous(&self, digits: &str, commits: &[Commit]) -> Stop {
        const SHOWN: usize = 5;
        let listed = commits.iter().take(SHOWN).map(|c| format!("{} ({}, {})", self.short(c), c.day, c.title));
        let more = commits.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Stop::because(format!(
            "`{digits}` begins the hashes of {} commits; type more digits: {}{more}",
            commits.len(),
            listed.collect::<Vec<_>>().join(", "),
        ))
    }

    /// That no commit has this hash.
    fn absent(&self, hash: &str) -> Stop {
        let help = match self.is_shallow() {
            true => NEWEST_ONLY,
            false => "is it one of another repository, or one that `git fetch` gets?",
        };
        Stop::because(format!("the repository has no commit `{hash}`: {help}"))
    }

    /// That there is no such revision, with what was probably meant.
    fn unknown(&self, name: &str) -> Stop {
        let names = self.names();
        if names.is_empty() && self.head().is_ok_and(|head| head.is_none()) {
            return self.no_commit();
        }
        // What somebody else's branch is called here.
        let elsewhere = names.iter().find(|known| known.split_once('/').is_some_and(|(_, rest)| rest == name));
        let near = elsewhere.map(String::as_str).or_else(|| did_you_mean(name, names.iter().map(String::as_str)));
        let near = match near {
            Some(near) => format!("; did you mean `{near}`?"),
            None if self.is_shallow() => format!(": {NEWEST_ONLY}"),
            None => ": type a branch, a tag or the hash of a commit, as `git branch --all`, `git tag` and `git log` show them".to_owned(),
        };
        Stop::because(format!("the repository has no revision `{name}`{near}"))
    }

    fn no_commit(&self) -> Stop {
        match self.names().is_empty() {
            true => Stop::because("the repository has no commit yet: `git commit` makes one"),
            false => {
                Stop::because("the branch that is checked out has no commit yet: name another branch before the colon")
            }
        }
    }

    /// What branches, remote branches and tags are called, sorted.
    fn names(&self) -> Vec<String> {
        let Ok(references) = self.git.references() else { return Vec::new() };
        let kinds = [references.local_branches(), references.remote_branches(), references.tags()];
        let names = kinds.into_iter().flatten().flatten().flatten().map(|found| found.name().shorten().to_string());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }
}

/// What a shallow clone lacks.
const NEWEST_ONLY: &str = "this clone has only the newest commits; get the others with `git fetch --unshallow`";

/// What can stand behind a name.
const STEPS: &str = "behind a name only `~2` (two commits back) and `^2` (the second parent) can stand";

/// A revision as a name and the steps from there.
fn taken_apart(revision: &str) -> Result<(&str, Vec<Step>), Stop> {
    let not_understood = |why: &str| Stop::because(format!("`{revision}` is no revision: {why}"));
    if revision.contains("..") {
        return Err(not_understood("it names several; type one of them"));
    }
    if ["@{u", "@{U", "@{p", "@{P"].iter().any(|begin| revision.contains(begin)) {
        return Err(not_understood(
            "which branch another one follows is not looked up; type that branch, such as `origin/main`",
        ));
    }
    if revision.contains("@{") {
        return Err(not_understood(
            "what a branch once stood for is not looked up; type the commit's hash, as `git reflog` shows it",
        ));
    }
    let (base, mut rest) = revision.split_at(revision.find(['~', '^']).unwrap_or(revision.len()));
    if revision.trim().is_empty() {
        return Err(Stop::because("which revision? type a branch, a tag or the hash of a commit, such as `main`"));
    }
    if base.is_empty() {
        return Err(not_understood(&format!("a branch, a tag or a hash is missing, e.g. `HEAD{revision}`")));
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(further) = rest.strip_prefix("^{commit}").or_else(|| rest.strip_prefix("^{}")) {
            rest = further;
            continue;
        }
        let Some((sign, behind)) = rest.split_at_checked(1) else { return Err(not_understood(STEPS)) };
        let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, further) = behind.split_at(digits);
        let number = if number.is_empty() { Some(1) } else { number.parse().ok().filter(|n| *n <= FARTHEST) };
        let number = number.ok_or_else(|| not_understood("it goes back too far"))?;
        match sign {
            "~" => steps.push(Step::Back(number)),
            // `^0` is the commit itself.
            "^" if number == 0 => {}
            "^" => steps.push(Step::Parent(number)),
            _ => return Err(not_understood(STEPS)),
        }
        rest = further;
    }
    Ok((base, steps))
}
