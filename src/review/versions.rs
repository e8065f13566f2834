//! Policies of one title are versions of one: which of them counts is the business of all of their owners.

use std::collections::BTreeSet;

use super::approvals::Needed;
use super::policy::Seen;
use crate::ir::Policy;

/// Asks the owners of the versions beside which a policy stands now, and of those beside which it no longer does. `base` has all policies
/// before the change, each with its path.
pub fn compare<'p>(seen: &Seen<'_>, base: impl Iterator<Item = (&'p str, &'p Policy)> + Clone, needed: &mut Needed) {
    let Some(head) = seen.head else { return };
    let own = seen.base.map(|side| side.path);
    let title = |policy: Option<&Policy>| policy.map(|policy| policy.title.clone());
    let [before, now] = [seen.base.and_then(|side| side.policy), head.policy];
    if title(before) == title(now) {
        return;
    }
    for (title, what) in [(title(now), "is a version of"), (title(before), "is no longer a version of")] {
        let others = base.clone().filter(|(path, other)| Some(*path) != own && Some(&other.title) == title.as_ref());
        let mut teams: BTreeSet<String> = others.flat_map(|(_, other)| other.all_owners()).collect();
        let Some(title) = title.filter(|_| !teams.is_empty()) else { continue };
        teams.extend(before.map(Policy::all_owners).unwrap_or_default());
        needed.ask(&teams, head.path, &format!("this policy {what} \"{title}\""));
    }
}
