//! Policies of one title are versions of one: which of them counts is the business of all of their owners.

use std::collections::BTreeSet;

use super::approvals::Needed;
use super::policy::Seen;
use crate::ir::Policy;

/// When a policy has another title: asks its owners and those of the versions beside which it stands now, and beside which it no longer does. What
/// it was called when it did not check is not known. `base` has all policies before the change, each with its path.
pub fn compare<'p>(seen: &Seen<'_>, base: impl Iterator<Item = (&'p str, &'p Policy)> + Clone, needed: &mut Needed) {
    let Some((was, head)) = seen.base.zip(seen.head) else { return };
    let Some(now) = head.policy.filter(|now| was.policy.is_none_or(|before| before.title != now.title)) else {
        return;
    };
    let before = was.policy.map(|before| (&before.title, "is no longer a version of"));
    for (title, what) in [(&now.title, "is a version of")].into_iter().chain(before) {
        let others = base.clone().filter(|(path, other)| *path != was.path && other.title == *title);
        let mut teams: BTreeSet<String> = others.flat_map(|(_, other)| other.all_owners()).collect();
        if teams.is_empty() {
            continue;
        }
        teams.extend(was.policy.into_iter().flat_map(Policy::all_owners));
        needed.ask(&teams, head.path, &format!("this policy {what} \"{title}\""));
    }
}
