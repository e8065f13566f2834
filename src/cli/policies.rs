//! The policies of a run: which files the paths mean, and what was found in them, each finding once.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use policyc::analysis::{self, Detail, Request, proof::Step};
use policyc::diagnostic::{self, Code, Diagnostic, any_error};
use policyc::ir::Policy;
use policyc::leads::Format;
use policyc::lower::{Checked, check};
use policyc::render::{Batch, Tally, findings};
use policyc::source::{Sources, Span};
use policyc::syntax::ast::{Noted, Statement};
use policyc::syntax::parse;
use policyc::testing;
use policyc::triage::Settled;
use policyc::versions::{self, Version};

use super::console::{Console, Stop};
use super::place::{Place, Places, Texts};

/// The policies that the given paths mean, sorted, each once: a file means itself, a folder all `*.policy` files below it.
pub(super) fn files(given: &[PathBuf]) -> Result<Vec<Place>, Stop> {
    let mut places = Places::default();
    let given = given.iter().map(|argument| places.given(argument)).collect::<Result<Vec<_>, _>>()?;
    below(&given)
}

/// The policies that some places mean, sorted, each once.
pub(super) fn below(given: &[Place]) -> Result<Vec<Place>, Stop> {
    let mut files = Vec::new();
    for place in given {
        files.extend(place.files()?);
    }
    files.sort_by_cached_key(|file| PathBuf::from(file.name()));
    let mut seen = HashSet::new();
    files.retain(|file| file.identity().is_none_or(|identity| seen.insert(identity)));
    Ok(files)
}

/// A file that was read and checked; its texts are called as the user calls them.
#[derive(Debug)]
pub(super) struct Read {
    /// The policy, when nothing is wrong with it.
    pub(super) policy: Option<Policy>,
    /// Its texts and what was found in them.
    pub(super) batch: Batch,
    /// Where it stands.
    pub(super) place: Place,
    /// Every file on the disk that was read for it, its lists too, in full; of a commit none.
    pub(super) files: Vec<PathBuf>,
    /// What its texts were read from.
    pub(super) texts: Texts,
    /// Whether it is a library.
    pub(super) library: bool,
}

impl Read {
    /// Reads and checks the file at a place.
    pub(super) fn from(place: Place) -> Result<Read, Stop> {
        let name = place.name();
        if Format::from_path(Path::new(&name)).is_some() {
            return Err(Stop::because(format!(
                "`{name}` is called like a file of leads, and stands where the policy belongs"
            )));
        }
        let opened = place.open()?;
        let Checked { sources, policy, library, diagnostics } = check(&opened.path, &opened.texts);
        let sources = sources.at_home(|path| opened.texts.home(path)).renamed(|path| opened.texts.shown(path));
        let files = opened.texts.on_disk();
        Ok(Read { policy, batch: Batch { sources, diagnostics }, place, files, texts: opened.texts, library })
    }

    /// Reads the policy that leads are decided by. One that does not check is told about, and the command stops.
    pub(super) fn policy(given: &Path, console: &Console) -> Result<(Read, Policy), Stop> {
        Read::from(Places::default().given(given)?)?.checked(console)
    }

    /// The policy. One that does not check is told about, and the command stops.
    pub(super) fn checked(mut self, console: &Console) -> Result<(Read, Policy), Stop> {
        match self.policy.take() {
            Some(policy) => Ok((self, policy)),
            None if self.library && !any_error(&self.batch.diagnostics) => {
                Err(Stop::because(format!("`{}` is a library: give the policy that uses it", self.name())))
            }
            None => {
                console.tell(&format!("{}\n", findings::human(&[&self.batch], console.err)));
                let found = Tally::of(&[&self.batch]).sentence().unwrap_or_default();
                Err(Stop::because(format!("`{}` does not check: {found}", self.name())))
            }
        }
    }

    /// How the file itself is called.
    pub(super) fn name(&self) -> &str {
        self.batch.sources.iter().next().map_or("", |file| file.path.as_str())
    }
}

/// All that a run looks at.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The policies, in order, with the findings that no earlier one has shown.
    pub(super) policies: Vec<Read>,
    /// Where the libraries stand that a policy of the run uses.
    used: Vec<String>,
    /// The libraries that none uses, in order: only their syntax could be checked.
    pub(super) unused: Vec<Read>,
}

impl Run {
    /// Reads and checks everything that the given paths mean.
    pub(super) fn over(given: &[PathBuf]) -> Result<Run, Stop> {
        Run::of(files(given)?)
    }

    /// Reads and checks the files at some places.
    pub(super) fn of(places: Vec<Place>) -> Result<Run, Stop> {
        let read = places.into_iter().map(Read::from).collect::<Result<Vec<_>, _>>()?;
        let (libraries, mut policies): (Vec<_>, Vec<_>) = read.into_iter().partition(|read| read.library);
        let by_policies: HashSet<String> =
            policies.iter().flat_map(|p| p.batch.sources.iter()).map(|file| file.path.clone()).collect();
        let (used, mut unused): (Vec<_>, Vec<_>) = libraries.into_iter().partition(|l| by_policies.contains(l.name()));
        let mut seen = HashSet::new();
        for read in policies.iter_mut().chain(&mut unused) {
            let Batch { sources, diagnostics } = &mut read.batch;
            diagnostics.retain(|diagnostic| seen.insert(identity(sources, diagnostic)));
        }
        let used =
            used.iter().flat_map(|read| read.batch.sources.iter().take(1)).map(|file| file.home.clone()).collect();
        Ok(Run { policies, used, unused })
    }

    /// Adds what is wrong with the titles of policies, and with the days on which versions of one are in force.
    pub(super) fn compare_versions(&mut self) {
        // Those of another revision are no other versions: they are the same ones at another time.
        let mut titles: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (position, read) in self.policies.iter().enumerate() {
            let revision = read.place.identity().map(|(revision, _)| revision).unwrap_or_default();
            let title = read.policy.as_ref().map(|policy| (revision, versions::look(&policy.title)));
            title.into_iter().for_each(|title| titles.entry(title).or_default().push(position));
        }
        let mut found = Vec::new();
        for positions in titles.values() {
            let of = |position: &usize| {
                let read = self.policies.get(*position)?;
                Some(Version { name: read.name(), policy: read.policy.as_ref()? })
            };
            let versions: Vec<Version<'_>> = positions.iter().filter_map(of).collect();
            let place = |(at, diagnostic)| Some((*positions.get::<usize>(at)?, diagnostic));
            found.extend(versions::findings(&versions).into_iter().filter_map(place));
        }
        for (position, diagnostic) in found {
            if let Some(Read { batch: Batch { sources, diagnostics }, .. }) = self.policies.get_mut(position) {
                // Only what has a place can be allowed, or stand in a baseline.
                let title = heading(sources).filter(|_| diagnostic.span().is_none());
                diagnostics.push(match title {
                    Some(title) => diagnostic.at(title, ""),
                    None => diagnostic,
                });
                diagnostic::sort(diagnostics);
            }
        }
    }

    /// Adds what can be proved of the policies that check, of those that are `asked` for, and gives the proofs when they are `wanted`.
    pub(super) fn prove(&mut self, wanted: bool, asked: impl Fn(&Read) -> bool) -> Vec<Vec<Step>> {
        let mut seen = HashSet::new();
        let mut proofs = Vec::new();
        for read in self.policies.iter_mut().filter(|read| asked(read)) {
            let Read { policy, batch: Batch { sources, diagnostics }, .. } = read;
            if let Some(policy) = policy {
                let verdicts = if wanted {
                    let (verdicts, proof) = analysis::proved(policy);
                    proofs.push(proof);
                    verdicts
                } else {
                    analysis::verdicts(policy)
                };
                let found = analysis::findings(policy, sources, &verdicts, diagnostics);
                diagnostics.extend(found);
                diagnostics.extend(testing::impossible(policy));
                diagnostics.retain(|diagnostic| seen.insert(identity(sources, diagnostic)));
                diagnostic::sort(diagnostics);
            }
        }
        proofs
    }

    /// Adds what is asked of the policies that check.
    pub(super) fn answer(&mut self, request: Request, detail: Detail) {
        for Read { policy, batch, .. } in &mut self.policies {
            if let Some(policy) = policy {
                let answers = analysis::answers(policy, request);
                batch.diagnostics.extend(analysis::notes(policy, &answers, detail));
                diagnostic::sort(&mut batch.diagnostics);
            }
        }
    }

    /// Every file on the disk that was read, lists too, in full.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.policies.iter().chain(&self.unused).flat_map(|read| &read.files)
    }

    /// The findings, so that what does not count can be left out.
    pub(super) fn batches_mut(&mut self) -> Vec<&mut Batch> {
        self.policies.iter_mut().chain(&mut self.unused).map(|read| &mut read.batch).collect()
    }

    /// The files of which everything was looked for.
    pub(super) fn settled(&self) -> Settled {
        let homes = |read: &Read| -> Vec<String> { read.batch.sources.iter().map(|file| file.home.clone()).collect() };
        let (sound, faulty): (Vec<&Read>, Vec<&Read>) = self.policies.iter().partition(|read| read.policy.is_some());
        let open: HashSet<String> = faulty.into_iter().flat_map(homes).collect();
        let given = sound.into_iter().flat_map(|read| homes(read).into_iter().take(1)).chain(self.used.iter().cloned());
        given.filter(|home| !open.contains(home)).collect()
    }

    /// The findings, in the order of the files.
    pub(super) fn batches(&self) -> Vec<&Batch> {
        self.policies.iter().chain(&self.unused).map(|read| &read.batch).collect()
    }

    /// `2 policies and 1 library`: what was looked at.
    pub(super) fn looked_at(&self) -> String {
        let count =
            |n: usize, one: &str, many: &str| (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }));
        let policies = count(self.policies.len(), "policy", "policies");
        let libraries = count(self.used.len() + self.unused.len(), "library", "libraries");
        policies.into_iter().chain(libraries).collect::<Vec<_>>().join(" and ")
    }

    /// What has to be said of the libraries that nothing uses.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        self.unused.iter().map(|library| {
            format!("`{}` is a library that no policy of this run uses: only its syntax was checked", library.name())
        })
    }
}

/// Where the title of a policy stands.
fn heading(sources: &Sources) -> Option<Span> {
    let parsed = parse(sources.iter().next()?);
    let title = |statement: &Noted<Statement>| {
        if let Statement::Policy { title, .. } = &statement.node { Some(title.loc.0) } else { None }
    };
    parsed.file.statements.iter().find_map(title)
}

/// What makes two findings the same, though two policies that use the same file have each reported one.
fn identity(sources: &Sources, diagnostic: &Diagnostic) -> (Option<(String, u32, u32)>, Code, String) {
    let place = diagnostic.span().and_then(|s| Some((sources.get(s.source)?.path.clone(), s.start, s.end)));
    (place, diagnostic.code, diagnostic.message.clone())
}
