//! A policy without what makes no difference in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Verdict};
use crate::ir::{CondKind, Policy, visit};
use crate::source::Span;
use crate::types::Truth;

/// The policy with constants in the places of those parts of conditions of which these verdicts say that they make no difference, whatever stands
/// above them; and of conditions that are always true. The same rules decide the same leads.
#[must_use]
pub fn pruned(policy: &Policy, verdicts: &[Verdict]) -> Policy {
    let mut idle: BTreeMap<Span, Truth> = BTreeMap::new();
    // What is found behind a part that stays (for something above makes it idle, or it is a value in brackets) may be idle only without that part.
    let mut open: BTreeSet<Place> = BTreeSet::new();
    for verdict in verdicts {
        if let Verdict::Idle { place, part, member, as_if, by, .. } = verdict {
            if member.is_some() || !by.is_empty() {
                open.insert(*place);
            }
            if !open.contains(place) {
                idle.insert(*part, (*as_if).into());
            }
        }
        if let Verdict::Always { place, by } = verdict
            && by.is_empty()
        {
            idle.extend(place.condition(policy).map(|cond| (cond.span, Truth::True)));
        }
    }
    let mut pruned = policy.clone();
    for cond in visit::all_mut(&mut pruned) {
        cond.walk_mut(&mut |part| {
            if let Some(truth) = idle.get(&part.span) {
                part.kind = CondKind::Const(*truth);
            }
        });
    }
    pruned
}
