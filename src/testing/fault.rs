//! What a test that fails has to say: what was expected, what came out, and which conditions made the difference.

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::eval::{Outcome, Session};
use crate::explain::{Reading, readings};
use crate::ir::{Cond, CondKind, DecisionId, Expectation, Field, RuleId, Test};
use crate::source::Span;
use crate::types::Truth;

/// The most conditions that are pointed at.
const SHOWN: usize = 4;

/// A lead that breaks an `assume` would never be decided, so testing it says nothing.
pub(super) fn impossible(session: &Session<'_>, test: &Test, assumed: &Cond) -> Diagnostic {
    Diagnostic::new(Code::P0502, format!("the lead of the test \"{}\" breaks an `assume`", test.title))
        .at(test.span, "this lead would be rejected, not decided")
        .at(assumed.span, turned_out(session, assumed, Truth::False))
        .help("change what is given so that the assumption holds, or drop the assumption")
}

/// A test says that a field is missing without which no lead is decided.
pub(super) fn never_missing(test: &Test, field: &Field) -> Diagnostic {
    let name = &field.name;
    let (why, help) = if field.required {
        (
            format!("`{name}` is `required`: a lead without it is set aside, not decided"),
            format!("leave `{name}` out, when the test is not about it, or give it a value"),
        )
    } else {
        (
            format!("an empty cell of `{name}` is the empty set, so it is never missing"),
            format!("write `{name} []`, or leave it out"),
        )
    };
    Diagnostic::new(Code::P0503, format!("the test \"{}\" gives a lead that there cannot be: {why}", test.title))
        .at(test.span, "")
        .at(field.span, "declared here")
        .help(help)
}

/// What is wrong when an expectation does not hold; nothing when it does.
pub(super) fn find(session: &Session<'_>, test: &Test, expected: &Expectation, at: Span) -> Option<Diagnostic> {
    match expected {
        Expectation::Condition(cond) => {
            let truth = session.truth(cond);
            let message = format!("the test \"{}\" expects a condition that is {}", test.title, word(truth));
            (!truth.is_true()).then(|| pointing_at(Diagnostic::new(Code::P0501, message), stops(session, cond)))
        }
        Expectation::Decision(decision, rule) => {
            let outcome = session.outcome();
            let as_expected = outcome.decision == *decision && rule.is_none_or(|rule| rule == outcome.rule);
            (!as_expected).then(|| other_decision(session, test, (*decision, *rule), outcome, at))
        }
    }
}

/// Another decision than expected, or the same by another rule.
fn other_decision(
    session: &Session<'_>,
    test: &Test,
    (decision, rule): (DecisionId, Option<RuleId>),
    got: Outcome,
    at: Span,
) -> Diagnostic {
    let policy = session.policy();
    let phrase = |decision: DecisionId| format!("`{}`", policy.decisions[decision].phrase);
    let name = |rule: RuleId| format!("`{}`", policy.rules[rule].name);
    let by = rule.map_or_else(String::new, |rule| format!(" by {}", name(rule)));
    let wanted = format!("{}{by}", phrase(decision));
    let came = format!("{} by {}", phrase(got.decision), name(got.rule));
    let diagnostic =
        Diagnostic::new(Code::P0501, format!("the test \"{}\" expects {wanted}, and gets {came}", test.title))
            .at(at, "expected here")
            .at(policy.rules[got.rule].span, format!("{} decided", name(got.rule)));
    let Some(near) = rule.or_else(|| nearest(session, decision)) else {
        return diagnostic.help(format!("no rule decides {}", phrase(decision)));
    };
    let stops = obstacles(session, near);
    if stops.is_empty() {
        return diagnostic
            .at(policy.rules[near].span, format!("{} would have, but stands below", name(near)))
            .help("the first rule that is true decides");
    }
    pointing_at(diagnostic, stops).help(format!("{} did not fire because of what is marked in it", name(near)))
}

/// The rule with this decision that has the least against firing; the first of several.
fn nearest(session: &Session<'_>, decision: DecisionId) -> Option<RuleId> {
    let rules = session.policy().rules.iter().filter(|(_, rule)| rule.decision == decision);
    rules.map(|(id, _)| id).min_by_key(|id| obstacles(session, *id).len())
}

/// What kept a rule from firing.
fn obstacles(session: &Session<'_>, rule: RuleId) -> Vec<Label> {
    let rule = &session.policy().rules[rule];
    let section = rule.section.filter(|section| !session.section(*section).is_true());
    let outside = section.map(|s| Label {
        span: session.policy().sections[s].span,
        text: "this section is not for the lead".to_owned(),
    });
    let inside = rule.when.iter().flat_map(|when| stops(session, when));
    outside.into_iter().chain(inside).collect()
}

/// The innermost conditions that keep `cond` from being true.
fn stops(session: &Session<'_>, cond: &Cond) -> Vec<Label> {
    let truth = session.truth(cond);
    match &cond.kind {
        _ if truth.is_true() => Vec::new(),
        CondKind::All(parts) | CondKind::Any(parts) | CondKind::AtLeast(_, parts) => {
            parts.iter().flat_map(|part| stops(session, part)).collect()
        }
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_) => vec![Label { span: cond.span, text: turned_out(session, cond, truth) }],
    }
}

/// `false: need is 2`.
fn turned_out(session: &Session<'_>, cond: &Cond, truth: Truth) -> String {
    let read: Vec<String> = readings(session, cond).iter().map(Reading::sentence).collect();
    if read.is_empty() { word(truth).to_owned() } else { format!("{}: {}", word(truth), read.join(", ")) }
}

/// How a condition turned out.
fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::Unknown => "unknown",
        Truth::True => "true",
    }
}

/// Adds some places to a finding.
fn pointing_at(mut diagnostic: Diagnostic, labels: Vec<Label>) -> Diagnostic {
    diagnostic.labels.extend(labels.into_iter().take(SHOWN));
    diagnostic
}
