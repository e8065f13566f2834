//! What has become of a policy at the base since a change parted from it. Its behaviour there is no part of the change; but who must agree, and
//! what must hold, are as the base says by now.

use std::collections::BTreeMap;

use super::approvals::Needed;
use super::ownership::{self, Item};
use super::tests::bodies;
use crate::ir::{Policy, print};

/// A policy at the base, where a change parted from it and as it is by now, and in the change.
#[derive(Debug, Clone, Copy)]
pub struct Since<'p> {
    /// Where the change parted from it; none when it was not there, or did not check.
    pub fork: Option<&'p Policy>,
    /// As it is by now.
    pub tip: &'p Policy,
    /// In the change; none when it is gone, or does not check.
    pub head: Option<&'p Policy>,
}

/// Asks those who own the policy by now, when its owners are others than they were, and says what stands in the way: tests and claims that
/// the change does not have, so that nobody knows whether they would hold.
pub fn compare(since: &Since<'_>, path: &str, base: &str, needed: &mut Needed) -> Option<String> {
    let Since { fork, tip, head } = *since;
    if fork.is_none_or(|fork| passed_on(fork, tip)) {
        needed.ask(&tip.all_owners(), path, &format!("who owns what of this policy has changed in `{base}` since"));
    }
    let (was, is) = (agreed(fork), agreed(head));
    let missing = agreed(Some(tip)).into_iter().filter(|text| !was.contains(text) && !is.contains(text)).count();
    let other = if missing == 1 { "1 test or claim".to_owned() } else { format!("{missing} tests or claims") };
    (missing > 0)
        .then(|| format!("`{base}` has {other} of `{path}` that the change does not know: merge `{base}` into it"))
}

/// Whether something has passed to other teams, or a team has joined or gone.
fn passed_on(old: &Policy, new: &Policy) -> bool {
    let table = |policy: &Policy| -> BTreeMap<(Item, String), Vec<String>> {
        ownership::owning(policy).into_iter().map(|own| ((own.item, own.name), own.owners)).collect()
    };
    let (before, now) = (table(old), table(new));
    let differs = |(key, owners): (&(Item, String), &Vec<String>)| now.get(key).is_some_and(|now| now != owners);
    old.all_owners() != new.all_owners() || before.iter().any(differs)
}

/// What was agreed to hold of a policy: its tests and claims, as texts.
fn agreed(policy: Option<&Policy>) -> Vec<String> {
    let claims =
        policy.into_iter().flat_map(|policy| policy.properties.iter().map(|claim| print::property(policy, claim)));
    bodies(policy).into_iter().map(|(_, body)| body).chain(claims).collect()
}
