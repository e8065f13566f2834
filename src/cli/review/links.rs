//! Links of which a change makes others: what is decided by under their path is another policy, though no policy has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::pairs::Pair;
use super::sides::{Sides, home, of};
use crate::cli::console::Stop;
use crate::cli::folder;
use crate::cli::place::Place;
use crate::cli::policies::{Run, below};

/// A link that leads elsewhere than before, on one side at least to policies.
pub(super) struct Link {
    /// Its path.
    pub(super) path: String,
    /// What has become of it.
    pub(super) why: &'static str,
    /// Where it led, and where it leads; nowhere when that is not in the repository.
    pub(super) targets: [Option<String>; 2],
    /// The policies that it led to, and those that it leads to, by their positions in the runs.
    pub(super) policies: [Vec<usize>; 2],
    /// The policies that stand under one path by it and are not compared anyway, each with that path.
    pub(super) pairs: Vec<(String, Pair)>,
}

/// What a link leads to.
struct Led {
    /// Where that stands.
    target: Option<String>,
    /// The policies there, by their paths below the link.
    policies: BTreeMap<String, usize>,
}

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
    pub(super) fn other_links(&self) -> Result<Vec<Link>, Stop> {
        let mut found = Vec::new();
        for path in &self.ways {
            let [before, now] = [self.led(0, path)?, self.led(1, path)?];
            let is_one = |[old, new]: [usize; 2]| self.pairs.contains(&[Some(old), Some(new)]);
            let same = before.policies.len() == now.policies.len()
                && before.policies.values().all(|old| now.policies.values().any(|new| is_one([*old, *new])));
            if before.target == now.target || same {
                continue;
            }
            let both = before.policies.iter().filter_map(|(rest, old)| Some((rest, [*old, *now.policies.get(rest)?])));
            let both = both.filter(|(_, pair)| !is_one(*pair));
            let under = |rest: &str| if rest.is_empty() { path.clone() } else { format!("{path}/{rest}") };
            let pairs = both.map(|(rest, [old, new])| (under(rest), [Some(old), Some(new)])).collect();
            let why = match (before.policies.is_empty(), now.policies.is_empty()) {
                (true, _) => "this link is new",
                (false, true) => "this link leads to no policy any more",
                (false, false) => "this link leads elsewhere",
            };
            found.push(Link {
                path: path.clone(),
                why,
                targets: [before.target, now.target],
                policies: [before.policies, now.policies].map(|led| led.into_values().collect()),
                pairs,
            });
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

    /// What a link leads to on a side.
    fn led(&self, side: usize, path: &str) -> Result<Led, Stop> {
        let target = self.target(side, path);
        let mut policies = BTreeMap::new();
        if let Some(target) = &target
            && let Some(place) = self.at(side, target)?
        {
            for file in below(&[place])? {
                let Some(at) = self.home_of(&file).and_then(|home| self.position(side, &home).zip(Some(home))) else {
                    continue;
                };
                let (at, home) = at;
                let rest = Path::new(&home).strip_prefix(target).ok().and_then(Path::to_str).unwrap_or(&home);
                policies.insert(rest.to_owned(), at);
            }
        }
        Ok(Led { target, policies })
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
