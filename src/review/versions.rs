//! Policies of one title are versions of one: which of them counts is the business of all of their owners.

use std::collections::BTreeSet;

use super::approvals::Needed;
use super::policy::Seen;
use crate::ir::Policy;

/// When a policy has another title: asks its owners and those of the versions beside which it stands now, and beside which it no longer does.
/// `base` has all policies before the change, each with its path.
pub fn compare<'p>(seen: &Seen<'_>, base: impl Iterator<Item = (&'p str, &'p Policy)> + Clone, needed: &mut Needed) {
    let Some((was, head)) = seen.base.zip(seen.head) else { return };
    let Some((before, now)) = was.policy.zip(head.policy).filter(|(before, now)| before.title != now.title) else {
        return;
    };
    for (title, what) in [(&now.title, "is a version of"), (&before.title, "is no longer a version of")] {
        let others = base.clone().filter(|(path, other)| *path != was.path && other.title == *title);
        let mut teams: BTreeSet<String> = others.flat_map(|(_, other)| other.all_owners()).collect();
        if teams.is_empty() {
            continue;
        }
        teams.extend(before.all_owners());
        needed.ask(&teams, head.path, &format!("this policy {what} \"{title}\""));
    }
}
