//! Mistakes in `never` and `always`.

use super::super::errors;
use super::super::parse::Rule;
use super::super::scan::TokenKind;
use super::Fault;
use super::sentences::FOR_WHEN;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};

/// The first word of a property.
fn verb(fault: &Fault<'_>) -> Option<&'static str> {
    match fault.entry {
        Rule::never => Some("never"),
        Rule::always => Some("always"),
        _ => None,
    }
}

/// `never pass to sales if opted_out`, `never pass to sales wehn opted_out`: what is no `when` was read as part of the decision.
pub(super) fn other_joint(fault: &Fault<'_>) -> Option<Diagnostic> {
    let verb = verb(fault).filter(|_| fault.wants(Rule::kw_when))?;
    let mut words =
        (fault.range.start + 2..=fault.at).filter(|i| fault.get(*i).is_some_and(|t| t.kind == TokenKind::Word));
    let joints: &[&str] = if verb == "never" { &["when", "unless"] } else { &["when"] };
    words.find_map(|i| {
        let (word, place) = (fault.say_at(i), fault.span(&(i..i + 1)));
        if FOR_WHEN.contains(&word) {
            return Some(errors::elsewhere(place, word, "when"));
        }
        let meant = did_you_mean(word, joints.iter().copied()).filter(|meant| *meant != word)?;
        Some(errors::misspelt(place, word, meant))
    })
}

/// `always nurture unless senior`, `nurture unless senior`: an `unless` where only `when` may stand.
pub(super) fn unless_for_when(fault: &Fault<'_>) -> Option<Diagnostic> {
    let (code, sentence) = match fault.entry {
        Rule::always => (Code::P0126, "`always`"),
        Rule::decision_rule => (Code::P0116, "a rule"),
        _ => return None,
    };
    if fault.say(0) != "unless" || !fault.wants(Rule::kw_when) {
        return None;
    }
    let diagnostic = Diagnostic::new(code, format!("{sentence} goes with `when`, only `never` with `unless`"))
        .at(fault.place(0), "type `when not (...)`");
    let condition = fault.text(fault.span(&(fault.at + 1..fault.range.end)));
    if condition.is_empty() {
        return Some(diagnostic);
    }
    Some(diagnostic.fix(fault.span(&(fault.at..fault.range.end)), format!("when not ({condition})")))
}

/// `never pass to sales`, for no lead in particular.
pub(super) fn no_condition(fault: &Fault<'_>) -> Option<Diagnostic> {
    let verb = verb(fault).filter(|_| fault.wants(Rule::kw_when))?;
    let (joints, help) = match verb {
        "never" => (
            "`when` or `unless`",
            "type it like `never pass to sales when opted_out`, or `never pass to sales unless opted_out is no`",
        ),
        _ => ("`when`", "type it like `always disqualify when opted_out`"),
    };
    let (place, label) = match fault.token(0) {
        Some(_) => (fault.place(0), format!("expected {joints}")),
        None => (fault.span(fault.range), format!("expected {joints} and a condition after this")),
    };
    Some(
        Diagnostic::new(Code::P0126, format!("this `{verb}` does not say for which leads")).at(place, label).help(help),
    )
}
