//! Scores that do not go as far as they say, and points that no decision hangs on, in words.

use super::edits;
use crate::analysis::example;
use crate::analysis::findings::{End, Place};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{Policy, ScoreId};
use crate::source::{Sources, Span};

pub(super) fn beyond(
    policy: &Policy,
    sources: &Sources,
    part: Span,
    score: ScoreId,
    always: bool,
    end: Option<&End>,
) -> Diagnostic {
    let of = &policy.scores[score];
    let name = &of.name;
    let so = if always { "always true" } else { "never true" };
    let words = sources.slice(part);
    let Some(end) = end else {
        return Diagnostic::new(
            Code::P0409,
            format!("no lead has exactly these points of `{name}`: `{words}` is {so}"),
        )
        .at(part, so)
        .help("compare with `>=` or `<=`, or with points that a lead can have");
    };
    let points = &end.points;
    let (never, most, give) = if end.top {
        ("above", "at most", "or let leads earn more points")
    } else {
        ("below", "at least", "or take more points away")
    };
    let finding = Diagnostic::new(Code::P0409, format!("`{name}` is never {never} {points}, so `{words}` is {so}"))
        .at(part, so)
        .at(of.span, format!("every lead has {most} {points}"))
        .help(format!("compare it with points that leads really have, {give}; the lead below has {points}"));
    shown_by(policy, finding, score, end)
}

pub(super) fn range(policy: &Policy, sources: &Sources, score: ScoreId, end: &End) -> Diagnostic {
    let of = &policy.scores[score];
    let (name, points) = (&of.name, &end.points);
    let (declared, word, never, give) = if end.top {
        (&of.max, "to", "gets to", "or let leads earn more points")
    } else {
        (&of.min, "from", "gets down to", "or take more points away")
    };
    let declared = declared.as_ref().map(ToString::to_string).unwrap_or_default();
    let most = if end.top { "the most is" } else { "the least is" };
    let finding =
        Diagnostic::new(Code::P0410, format!("no lead {never} {declared} points of `{name}`: {most} {points}"))
            .at(edits::end_of_range(sources, of.span, end.top).unwrap_or(of.span), format!("{most} {points}"))
            .help(format!("write `{word} {points}`, {give}; the lead below has {points}"));
    let finding = shown_by(policy, finding, score, end);
    match edits::end_of_range(sources, of.span, end.top) {
        Some(span) => finding.fix(span, points.to_string()),
        None => finding,
    }
}

pub(super) fn pointless(policy: &Policy, sources: &Sources, place: Place) -> Diagnostic {
    let finding = Diagnostic::new(Code::P0414, "no decision hangs on these points")
        .at(place.span(policy), "every lead is decided the same without this line")
        .help("delete the line, or let it count for more");
    match place {
        Place::Line(score, _) if policy.scores[score].lines.len() > 1 => {
            edits::deleting(finding, sources, place.span(policy))
        }
        Place::Line(..)
        | Place::Rule(_)
        | Place::Define(_)
        | Place::Label(..)
        | Place::Stage(_)
        | Place::Section(_) => finding,
    }
}

/// Adds the lead that is at an end of a score, as a test.
fn shown_by(policy: &Policy, finding: Diagnostic, score: ScoreId, end: &End) -> Diagnostic {
    let Some(lead) = end.witness.leads.first() else { return finding };
    let name = &policy.scores[score].name;
    let outcome = Evaluator::new(policy, end.witness.as_of).decide(lead);
    let most = if end.top { "the most" } else { "the fewest" };
    let title = format!("{most} points of {name}");
    let test = example::text(policy, lead, end.witness.as_of, &title, outcome);
    finding.example(format!("{}\n  expect {name} is {}\n", test.trim_end(), end.points))
}
