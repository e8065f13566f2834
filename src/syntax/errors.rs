//! What syntax errors say.

use super::parse::Rule;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

pub(super) fn unexpected(place: Span, error: &pest::error::Error<Rule>) -> Diagnostic {
    let expected = match &error.variant {
        pest::error::ErrorVariant::ParsingError { positives, .. } => format!("{positives:?}"),
        pest::error::ErrorVariant::CustomError { message } => message.clone(),
    };
    Diagnostic::new(Code::P0101, format!("expected {expected}")).at(place, "")
}

pub(super) fn too_many_digits(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "a number has at most 18 digits before and after its point").at(place, "")
}

pub(super) fn negative_date(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "a date has no sign").at(place, "")
}

pub(super) fn minus_without_blanks(place: Span, before: bool, after: bool) -> Diagnostic {
    let text = format!("{}-{}", if before { " " } else { "" }, if after { " " } else { "" });
    Diagnostic::new(Code::P0101, "a minus between two values has blanks around it").at(place, "").fix(place, text)
}

pub(super) fn no_conditions_below(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "the conditions are missing").at(place, "")
}

pub(super) fn after_conditions(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "a list of conditions ends its sentence").at(place, "")
}

pub(super) fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "conditions are nested too deep").at(place, "")
}

pub(super) fn indented_without_statement(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "this line is indented, but no statement stands above it").at(place, "")
}

pub(super) fn shallow(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0101, "this line is indented less than the items above it").at(place, "")
}

pub(super) fn later(place: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::P0101, format!("`{word}` comes in a later release")).at(place, "")
}
