//! Policies of one title are versions of one: which of them counts is the business of all of their owners.

use std::collections::BTreeSet;

use super::approvals::Needed;
use super::policy::{Seen, Side};
use crate::ir::Policy;

/// When a policy comes to stand among versions of another one, by whose folder leads are decided: asks the owners of these, as nothing can be decided by it
/// then. `base` and `meanwhile` are those of [`compare`].
pub fn among<'a>(
    seen: &Seen<'_>,
    base: impl Iterator<Item = Side<'a>> + Clone,
    meanwhile: impl Iterator<Item = Side<'a>> + Clone,
    needed: &mut Needed,
) {
    let Some((head, now)) = seen.head.and_then(|head| Some((head, head.policy?))) else { return };
    if seen.base.is_some_and(|was| was.path == head.path && was.title().as_ref() == Some(&now.title)) {
        return;
    }
    let was = seen.base.map(|was| was.path);
    let others = base.chain(meanwhile).filter(|other| Some(other.path) != was);
    let folders = head.path.match_indices('/').map(|(end, _)| head.path.get(..=end).unwrap_or_default());
    for folder in std::iter::once("").chain(folders) {
        let below: Vec<(String, Side<'a>)> = others
            .clone()
            .filter(|other| other.path.starts_with(folder))
            .filter_map(|other| Some((other.title()?, other)))
            .collect();
        let Some((title, _)) = below.first() else { continue };
        // One by itself is decided by its own path.
        let are_versions = below.iter().all(|(of, _)| of == title) && below.len() > 1;
        let stands_in = |(_, other): &(_, Side<'_>)| !other.path.get(folder.len()..).unwrap_or_default().contains('/');
        if *title != now.title && are_versions && below.iter().any(stands_in) {
            let teams: BTreeSet<String> = below.iter().flat_map(|(_, other)| other.teams()).collect();
            let why = format!(
                "this policy comes to stand among the versions of \"{title}\", by whose folder nothing can be decided then"
            );
            needed.ask(&teams, head.path, &why);
        }
    }
}

/// When a policy is new, or has another title or other days in force: asks its owners and those of the versions beside which it stands now, and beside which it no longer
/// does. `base` has all policies before the change, of which a new policy has been [held against](Seen::follows) the one that it follows; `meanwhile` those
/// that have come to the base since, or are called otherwise there.
pub fn compare<'a>(
    seen: &Seen<'_>,
    base: impl Iterator<Item = Side<'a>> + Clone,
    meanwhile: impl Iterator<Item = Side<'a>> + Clone,
    needed: &mut Needed,
) {
    let Some(head) = seen.head else { return };
    let before = seen.base.and_then(|was| was.policy);
    // Days begin when the time zone says.
    let days = |policy: &Policy| policy.in_force.as_ref().map(|force| (force.from, force.until, policy.zone.clone()));
    let is_other = |before: &Policy, now: &Policy| before.title != now.title || days(before) != days(now);
    let Some(now) = head.policy.filter(|now| before.is_none_or(|before| is_other(before, now))) else {
        return;
    };
    let was = seen.base.map(|was| was.path);
    // A new version has been held against the one that it follows: those that it may take days from are left.
    let first = now.in_force.as_ref().map(|force| force.from);
    let goes_on = |other: &Side<'_>| {
        let last = other.policy.and_then(|other| other.in_force.as_ref()?.until);
        first.zip(last).is_none_or(|(first, last)| first <= last)
    };
    let base = base.filter(|other| was.map_or_else(|| goes_on(other), |was| other.path != was));
    let gone = before.filter(|before| before.title != now.title);
    let gone = gone.map(|before| (&before.title, "is no longer a version of"));
    let has_other_days = before.is_some_and(|before| before.title == now.title);
    let is_one =
        if has_other_days { "has other days in force than before, beside others of" } else { "is a version of" };
    for (title, what) in [(&now.title, is_one)].into_iter().chain(gone) {
        let others = base.clone().chain(meanwhile.clone()).filter(|other| other.title().as_ref() == Some(title));
        let mut teams: BTreeSet<String> = others.flat_map(|other| other.teams()).collect();
        if teams.is_empty() {
            continue;
        }
        teams.extend(before.into_iter().flat_map(Policy::all_owners));
        needed.ask(&teams, head.path, &format!("this policy {what} \"{title}\""));
    }
}
