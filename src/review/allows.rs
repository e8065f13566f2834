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
    let places = diff.zip(called.as_deref()).map(|(diff, before)| {
        let now = diff.policies[1];
        let is = |rule| diff.rules.iter().find(|[was, _]| *was == rule).map(|[_, is]| *is);
        let same = |rule| is(rule).filter(|is| is_called_or_says_the_same([before, now], [rule, *is]));
        [stated(before, same), stated(now, Some)]
    });
    let [before, now] = places.unwrap_or_default();
    let (before, now) = (all(old, &before), all(new, &now));
    let more = |these: &Allows, others: &Allows, what: &str| -> Vec<String> {
        let more = these.iter().filter(|(of, (count, _))| others.get(*of).is_none_or(|(other, _)| other < count));
        more.map(|((comment, _), (_, about))| format!("the comment `{comment}` at `{about}` {what}")).collect()
    };
    [more(&now, &before, "is new"), more(&before, &now, "is gone")].concat()
}

fn all(batch: &Batch, stated: &[(Span, String)]) -> Allows {
    let mut all = Allows::new();
    for Allowed { comment, about, place } in batch.sources.iter().flat_map(allowed) {
        // What begins first there is what has the rest in it.
        let is_there =
            |span: &Span, place: Span| span.source == place.source && (place.start..place.end).contains(&span.start);
        let found = place.and_then(|place| {
            let there = stated.iter().filter(|(span, _)| is_there(span, place));
            there.min_by_key(|(span, _)| span.start).map(|(_, name)| name.clone())
        });
        all.entry((comment, found.unwrap_or_else(|| about.clone()))).or_insert((0, about)).0 += 1;
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

/// What stands in a policy and where, by a name that it has on both sides: of what has none, what it says; a rule is another one there.
fn stated(policy: &Policy, is: impl Fn(RuleId) -> Option<RuleId>) -> Vec<(Span, String)> {
    let mut all: Vec<(Span, String)> = Vec::new();
    let mut note = |span: Span, name: String| all.push((span, name));
    for (id, rule) in policy.rules.iter() {
        let name = is(id).map_or_else(|| "a rule that is gone".to_owned(), |is| format!("rule {}", is.position()));
        note(rule.span, name);
    }
    for claim in &policy.properties {
        let ((verb, joint), phrase) = (claim.claim.words(), &policy.decisions[claim.decision].phrase);
        note(claim.span, format!("{verb} {phrase} {joint} {}", print::condition(policy, &claim.condition)));
    }
    policy.fields.iter().for_each(|(_, field)| note(field.span, format!("field {}", field.name)));
    policy.decisions.iter().for_each(|(_, of)| note(of.span, format!("decision {}", of.phrase)));
    policy.assumptions.iter().for_each(|of| note(of.span, format!("assume {}", print::condition(policy, of))));
    policy.defines.iter().for_each(|(_, define)| note(define.span, format!("define {}", define.name)));
    policy.stages.iter().for_each(|(_, stage)| note(stage.span, format!("stage {}", stage.name)));
    policy.sections.iter().for_each(|(_, section)| note(section.span, format!("section {}", section.title)));
    for (_, score) in policy.scores.iter() {
        note(score.span, format!("score {}", score.name));
        let line = |line| format!("score {} {}", score.name, print::score_line(policy, line));
        score.lines.iter().for_each(|of| note(of.span, line(of)));
    }
    for (_, grade) in policy.grades.iter() {
        note(grade.span, format!("grade {}", grade.name));
        let line = |when| format!("grade {} when {}", grade.name, print::condition(policy, when));
        grade.lines.iter().for_each(|of| note(of.span, line(&of.when)));
    }
    all
}
