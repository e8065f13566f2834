//! Which policies of the two sides of a review belong together.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use policyc::versions::{self, Version};

use super::sides::home;
use crate::cli::git::alike;
use crate::cli::policies::{Read, Run};

/// A policy on both sides, by its positions in their runs; on one only, when it is new or gone.
pub(super) type Pair = [Option<usize>; 2];

/// Which policies belong together: those of one path, then those of one title, then those whose texts have more than half of their lines in
/// common; the most alike first, so that versions of one policy that move together keep apart.
pub(super) fn paired(base: &Run, head: &Run) -> Vec<Pair> {
    let mut left: BTreeSet<usize> = (0..base.policies.len()).collect();
    let mut of_head: Vec<Option<usize>> = vec![None; head.policies.len()];
    let rounds: [fn(&Read, &Read) -> Option<usize>; 3] = [of_path, of_title, of_text];
    for fit in rounds {
        let mut fitting = Vec::new();
        for (at, new) in head.policies.iter().enumerate().filter(|(at, _)| of_head.get(*at) == Some(&None)) {
            let olds = base.policies.iter().enumerate().filter(|(old, _)| left.contains(old));
            fitting.extend(olds.filter_map(|(old, read)| Some((Reverse(fit(read, new)?), at, old))));
        }
        fitting.sort_unstable();
        for (_, at, old) in fitting {
            if let Some(pair) = of_head.get_mut(at).filter(|pair| pair.is_none())
                && left.remove(&old)
            {
                *pair = Some(old);
            }
        }
    }
    let of_head = of_head.into_iter().enumerate().map(|(new, old)| [old, Some(new)]);
    of_head.chain(left.into_iter().map(|old| [Some(old), None])).collect()
}

/// The version at the base that a new version of the same policy is compared with: the one that it follows; where it comes before all, the first.
pub(super) fn followed(base: &Run, new: &Read) -> Option<usize> {
    let new = new.policy.as_ref()?;
    let of_title = |(at, read): (usize, &'_ Read)| (read.policy.as_ref()?.title == new.title).then_some(at);
    let positions: Vec<usize> = base.policies.iter().enumerate().filter_map(of_title).collect();
    let version = |at: &usize| {
        let read = base.policies.get(*at)?;
        Some(Version { name: read.name(), policy: read.policy.as_ref()? })
    };
    let all: Vec<Version<'_>> = positions.iter().filter_map(version).collect();
    positions.get(versions::before(&all, new).or_else(|| versions::first(&all))?).copied()
}

/// Whether a policy may be another one that stood elsewhere.
pub(super) fn may_be(old: &Read, new: &Read) -> bool {
    of_title(old, new).or_else(|| of_text(old, new)).is_some()
}

/// How well two policies fit when those fit that stand at one path.
fn of_path(old: &Read, new: &Read) -> Option<usize> {
    (home(old) == home(new)).then_some(100)
}

/// How well two policies fit when those fit that have one title.
fn of_title(old: &Read, new: &Read) -> Option<usize> {
    let (before, now) = (old.policy.as_ref()?, new.policy.as_ref()?);
    (before.title == now.title).then(|| share(old, new))
}

/// How well two policies fit when those fit that are alike.
fn of_text(old: &Read, new: &Read) -> Option<usize> {
    Some(share(old, new)).filter(|share| *share > 50)
}

/// How many percent of the lines of two policies they have in common.
fn share(old: &Read, new: &Read) -> usize {
    alike(text(old).as_bytes(), text(new).as_bytes())
}

fn text(read: &Read) -> &str {
    read.batch.sources.iter().next().map_or("", |file| &file.text)
}
