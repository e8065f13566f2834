//! Links of which a change makes others: what is decided by under their path is another policy, though no policy has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use policyc::review::Link;

use super::pairs::Pair;
use super::sides::{Sides, home, of, standing};
use crate::cli::console::Stop;
use crate::cli::folder;
use crate::cli::place::Place;
use crate::cli::policies::{Run, below};

/// A link that leads to other policies than before.
pub(super) struct Elsewhere {
    /// What the review says of it.
    pub(super) link: Link,
    /// What has become of it.
    pub(super) why: &'static str,
    /// The policies that it led to, and those that it leads to, by their positions in the runs.
    pub(super) policies: [Vec<usize>; 2],
    /// The policies that stand under one path by it and are no pair anyway, each with that path.
    pub(super) pairs: Vec<(String, Pair)>,
}

impl Elsewhere {
    /// Where it leads, and where it led.
    pub(super) fn sentence(&self) -> String {
        let [was, now] = [&self.link.was, &self.link.now].map(|target| match target.as_deref() {
            Some("") => "the root of the repository".to_owned(),
            Some(target) => format!("`{target}`"),
            None => "nothing in the repository".to_owned(),
        });
        format!("`{}` leads to {now}; before the change, to {was}", self.link.path)
    }
}

/// How a policy is found by a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// By its path below it; empty when the link leads to the policy itself.
    Below(String),
    /// By a further link, through which it may be called otherwise there; with the path where it really stands.
    Further(String),
}

/// The policies to which a link leads, with their positions in the run.
type Led = BTreeMap<By, usize>;

impl Sides {
    /// Where the links stand that are gone through below a place.
    pub(super) fn links_below(&self, place: &Place) -> Result<Vec<String>, Stop> {
        Ok(match place {
            Place::Commit(place) => {
                place.snapshot().below(&place.path).ok().flatten().map_or_else(Vec::new, |below| below.links)
            }
            Place::Disk(path) => {
                let links = folder::below(path)?.map_or_else(Vec::new, |below| below.links);
                links.iter().filter_map(|link| self.stands_at(link)).collect()
            }
        })
    }

    /// Where a link of the work tree itself stands.
    fn stands_at(&self, link: &Path) -> Option<String> {
        let name = link.file_name()?.to_str()?;
        let folder = link.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = self.path_of(folder)?;
        Some(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
    }

    /// The links that the change has made others.
    pub(super) fn other_links(&self) -> Result<Vec<Elsewhere>, Stop> {
        let mut found = Vec::new();
        // Many links may lead to one folder.
        let mut known: [BTreeMap<Option<String>, Led>; 2] = Default::default();
        for path in &self.ways {
            let targets = [0, 1].map(|side| self.target(side, path));
            let [was, is] = &targets;
            // What is no link leads to itself, or to nothing when it is not there.
            let is_link = targets.iter().flatten().any(|target| target != path);
            if was == is || !is_link {
                continue;
            }
            for ((side, known), target) in known.iter_mut().enumerate().zip(&targets) {
                if !known.contains_key(target) {
                    known.insert(target.clone(), self.led(side, target.as_deref())?);
                }
            }
            let [at_base, at_head] = &known;
            let (Some(before), Some(now)) = (at_base.get(was), at_head.get(is)) else { continue };
            let is_one = |old: usize, new: usize| self.pairs.contains(&[Some(old), Some(new)]);
            let is_below = |by: &By| matches!(by, By::Below(_));
            // What has moved as a whole.
            let same = |(by, old): (&By, &usize)| is_below(by) && now.get(by).is_some_and(|new| is_one(*old, *new));
            if before.len() == now.len() && before.iter().all(same) {
                continue;
            }
            let both = under_one_path(before, now);
            let compared = [before.len(), now.len()] == [both.len(); 2] && before.keys().all(is_below);
            let under = |by: &By| {
                let (By::Below(rest) | By::Further(rest)) = by;
                if rest.is_empty() { path.clone() } else { format!("{path}/{rest}") }
            };
            let pairs = both
                .into_iter()
                .filter(|(_, [old, new])| !is_one(*old, *new))
                .map(|(by, pair)| (under(by), pair.map(Some)))
                .collect();
            let why = match (before.is_empty(), now.is_empty()) {
                (true, _) => "this link is new",
                (false, true) => "this link leads to no policy any more",
                (false, false) => "this link leads elsewhere",
            };
            let policies = [before, now].map(|led| led.values().copied().collect());
            let [was, now] = targets;
            let link = Link { path: path.clone(), was, now, compared };
            found.push(Elsewhere { link, why, policies, pairs });
        }
        Ok(found)
    }

    /// Every team that owns something of some policies of both sides.
    pub(super) fn teams(&self, policies: &[Vec<usize>; 2]) -> BTreeSet<String> {
        let of_side = |(run, at): (&Run, &Vec<usize>)| -> Vec<String> {
            at.iter().filter_map(|at| of(run, *at)).flat_map(|side| side.teams()).collect()
        };
        self.runs.iter().zip(policies).flat_map(of_side).collect()
    }

    /// The policies to which a link leads on a side, when it leads to a target.
    fn led(&self, side: usize, target: Option<&str>) -> Result<Led, Stop> {
        let mut led = Led::new();
        let Some(target) = target else { return Ok(led) };
        let Some(place) = self.at(side, target)? else { return Ok(led) };
        let files = if side == 0 { standing(&[place])?.0 } else { below(&[place])? };
        for file in files {
            let Some(home) = self.home_of(&file) else { continue };
            let Some(at) = self.position(side, &home) else { continue };
            let below = Path::new(&home).strip_prefix(target).ok().and_then(Path::to_str);
            led.insert(below.map_or_else(|| By::Further(home.clone()), |rest| By::Below(rest.to_owned())), at);
        }
        Ok(led)
    }

    /// Where a policy is in the run of a side.
    fn position(&self, side: usize, path: &str) -> Option<usize> {
        self.runs.get(side)?.policies.iter().position(|read| home(read) == path)
    }

    /// Where a file stands, its links followed.
    fn home_of(&self, file: &Place) -> Option<String> {
        match file {
            Place::Disk(path) => self.path_of(path),
            Place::Commit(place) => place.snapshot().led_to(&place.path).ok().map(|(path, _)| path),
        }
    }
}

/// The policies that stand under one path below a link, then and now, with that path of now; where one is left over on either side, these two
/// as well: a folder that has one policy is a way to call it.
fn under_one_path<'l>(before: &Led, now: &'l Led) -> Vec<(&'l By, [usize; 2])> {
    let mut both: Vec<_> = now.iter().filter_map(|(by, new)| Some((by, [*before.get(by)?, *new]))).collect();
    let mut old = before.iter().filter(|(by, _)| !now.contains_key(*by));
    let mut new = now.iter().filter(|(by, _)| !before.contains_key(*by));
    if let (Some((_, old)), None, Some((by, new)), None) = (old.next(), old.next(), new.next(), new.next()) {
        both.push((by, [*old, *new]));
    }
    both
}
