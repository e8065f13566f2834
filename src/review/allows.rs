//! Comments that allow findings: which of them stand on one side only.

use std::collections::BTreeMap;

use crate::diagnostic::Batch;
use crate::diff::Diff;
use crate::ir::{Id as _, Policy, Rule, RuleId, print};
use crate::source::Span;
use crate::triage::{Allowed, allowed};

/// Comments, by what they say and what they are about: how often each stands there, and the first words of what it is about.
type Allows = BTreeMap<(String, String), (usize, String)>;

/// The comments that stand on one side only, or are about something else there, in words. What they are about is known by the difference, when both
/// sides check, else by its first words.
pub(super) fn changed(batches: [&Batch; 2], diff: Option<&Diff<'_>>) -> Vec<String> {
    let called = diff.map(Diff::under_new_names);
    let [old, new] = batches;
    let before = all(old, |at| {
        let diff = diff?;
        let (before, now) = (called.as_ref()?, diff.policies[1]);
        let is = |rule| diff.rules.iter().find(|[was, _]| *was == rule).map(|[_, is]| *is);
        what_stands_at(before, at, |rule| is(rule).filter(|is| is_called_or_says_the_same([before, now], [rule, *is])))
    });
    let now = all(new, |at| what_stands_at(diff?.policies[1], at, Some));
    let more = |these: &Allows, others: &Allows, what: &str| -> Vec<String> {
        let more = these.iter().filter(|(of, (count, _))| others.get(*of).is_none_or(|(other, _)| other < count));
        more.map(|((comment, _), (_, about))| format!("the comment `{comment}` at `{about}` {what}")).collect()
    };
    [more(&now, &before, "is new"), more(&before, &now, "is gone")].concat()
}

fn all(batch: &Batch, stands_at: impl Fn(Span) -> Option<String>) -> Allows {
    let mut all = Allows::new();
    for Allowed { comment, about, at } in batch.sources.iter().flat_map(allowed) {
        let place = at.and_then(&stands_at).unwrap_or_else(|| about.clone());
        all.entry((comment, place)).or_insert((0, about)).0 += 1;
    }
    all
}

/// Whether a rule has the label that it had, or else asks the same or gives the same reason: any other one is not what was allowed.
fn is_called_or_says_the_same([before, now]: [&Policy; 2], [was, is]: [RuleId; 2]) -> bool {
    let (old, new) = (&before.rules[was], &now.rules[is]);
    let asked = |policy: &Policy, rule: &Rule| rule.when.as_ref().map(|when| print::condition(policy, when));
    (old.labelled && new.labelled)
        || asked(before, old) == asked(now, new)
        || (old.because.is_some() && old.because == new.because)
}

/// What stands at a place, by a name that it has on both sides: a rule, which is another one there, a claim or a decision.
fn what_stands_at(policy: &Policy, at: Span, is: impl Fn(RuleId) -> Option<RuleId>) -> Option<String> {
    let is_there = |span: Span| span.source == at.source && span.start <= at.start && at.start < span.end;
    if let Some((rule, _)) = policy.rules.iter().find(|(_, rule)| is_there(rule.span)) {
        return Some(
            is(rule).map_or_else(|| "a rule that is gone".to_owned(), |rule| format!("rule {}", rule.position())),
        );
    }
    if let Some(claim) = policy.properties.iter().find(|claim| is_there(claim.span)) {
        let ((verb, joint), phrase) = (claim.claim.words(), &policy.decisions[claim.decision].phrase);
        return Some(format!("{verb} {phrase} {joint} {}", print::condition(policy, &claim.condition)));
    }
    let decision = policy.decisions.iter().map(|(_, decision)| decision).find(|decision| is_there(decision.span));
    decision.map(|decision| format!("decision {}", decision.phrase))
}
