//! A policy without what makes no difference in it.

use std::collections::BTreeMap;

use super::Verdict;
use crate::ir::{CondKind, Policy, visit};
use crate::source::Span;
use crate::types::Truth;

/// The policy with constants in the places of those parts of conditions of which these verdicts say that they make no difference, whatever stands
/// above them; and of conditions that are always true. It accepts and decides what it accepted and decided.
#[must_use]
pub fn pruned(policy: &Policy, verdicts: &[Verdict]) -> Policy {
    let idle: BTreeMap<Span, Truth> = verdicts.iter().filter_map(|verdict| idle(policy, verdict)).collect();
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

/// What makes no difference, and what may stand in its place.
fn idle(policy: &Policy, verdict: &Verdict) -> Option<(Span, Truth)> {
    if let Verdict::Idle { part, member: None, as_if, by, .. } = verdict {
        return by.is_empty().then_some((*part, (*as_if).into()));
    }
    if let Verdict::Always { place, by } = verdict {
        return place.condition(policy).filter(|_| by.is_empty()).map(|cond| (cond.span, Truth::True));
    }
    None
}
