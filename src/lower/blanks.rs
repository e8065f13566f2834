//! What is known, missing, unknown or incomplete.

use super::cond::{Asked, condition};
use super::kinds::{called, choices, example};
use super::names::{bare, find, proposed, short, words};
use super::references::{Node, require};
use super::scope::{Named, Scope};
use super::value::{Operand, is_yes_no, operand, stands_for_condition};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cond, CondKind, Expr, ScoreId};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};

/// `subject is known`, `subject is missing`.
pub(super) fn known(scope: &mut Scope, asked: Asked<'_>, missing: bool) -> Option<Cond> {
    if stands_for_condition(scope, asked.subject)? {
        let finding = condition_missing(asked, missing);
        scope.report(finding);
        return None;
    }
    let value = operand(scope, asked.subject)?;
    let never_missing = match scope.policy.behind_names(&value.expr) {
        Expr::Score(_) | Expr::Grade(_) | Expr::Stage => true,
        Expr::Field(id) => {
            if let Some(field) = scope.policy.fields.find(*id).filter(|f| f.required && !f.else_missing) {
                let finding = required(&value, field.span, asked, missing);
                scope.report(finding);
            }
            false
        }
        Expr::Const(_)
        | Expr::Define(_)
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DayOf(_)
        | Expr::Lowercase(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => false,
    };
    if never_missing {
        let finding = never_is_missing(&value, asked);
        scope.report(finding);
        return None;
    }
    let known = Cond { kind: CondKind::Known(value.expr), span: asked.span };
    Some(if missing { Cond { kind: CondKind::Not(Box::new(known)), span: asked.span } } else { known })
}

/// `senior is missing`: a condition has no blanks.
fn condition_missing(asked: Asked<'_>, missing: bool) -> Diagnostic {
    let words = words(asked.subject);
    let finding = Diagnostic::new(Code::P0316, format!("{words} is a condition: it can be unknown, but not missing"))
        .at(asked.subject.loc.0, "a condition");
    let end = after(asked);
    match (missing != asked.not, short(asked.subject)) {
        (true, Some(name)) => finding.help(format!("ask `{name} is unknown`")).fix(end, " is unknown"),
        (true, None) => finding.help("ask `(...) is unknown`").fix(end, " is unknown"),
        (false, Some(name)) => finding.help(format!("ask `{name} is not unknown`")).fix(end, " is not unknown"),
        (false, None) => finding.help("ask `(...) is not unknown`").fix(end, " is not unknown"),
    }
}

/// What stands behind the subject.
fn after(asked: Asked<'_>) -> Span {
    Span::new(asked.span.source, asked.subject.loc.0.end as usize, asked.span.end as usize)
}

/// A score, a grade or the stage: there always is one.
fn never_is_missing(value: &Operand, asked: Asked<'_>) -> Diagnostic {
    let name = proposed(&value.words);
    if choices(&value.ty).is_some() {
        return Diagnostic::new(
            Code::P0316,
            format!("{} is {}, which is never missing", value.words, called(&value.ty)),
        )
        .at(value.span, "always there")
        .help(format!("compare it: `{}`", example(name, &value.ty)));
    }
    let has = if asked.not { "is not incomplete" } else { "is incomplete" };
    Diagnostic::new(Code::P0316, format!("{} is a score, which is never missing", value.words))
        .at(value.span, "always there")
        .help(format!("to ask whether a line of it could not be judged, write `{name} {has}`"))
}

/// A field that every lead has.
fn required(value: &Operand, declared: Span, asked: Asked<'_>, missing: bool) -> Diagnostic {
    let verdict = if missing == asked.not { "always true" } else { "never true" };
    Diagnostic::new(Code::P0317, format!("{} is required, so this is {verdict}", value.words))
        .at(asked.span, verdict)
        .at(declared, "declared `required` here")
        .help("leave this test out, or take `required` off the field if leads may come without it")
}

/// `(CONDITION) is unknown`.
pub(super) fn unknown(scope: &mut Scope, asked: Asked<'_>) -> Option<Cond> {
    if !stands_for_condition(scope, asked.subject)? {
        let value = operand(scope, asked.subject)?;
        if !is_yes_no(&value.ty) {
            let is = if asked.not { "is known" } else { "is missing" };
            let ask = short(asked.subject).map_or_else(|| format!("`... {is}`"), |name| format!("`{name} {is}`"));
            let finding =
                Diagnostic::new(Code::P0313, format!("{} is a value: it can be missing, but not unknown", value.words))
                    .at(value.span, called(&value.ty))
                    .help(format!("of a value ask {ask}"))
                    .fix(after(asked), format!(" {is}"));
            scope.report(finding);
            return None;
        }
    }
    let inner = condition(scope, asked.subject)?;
    Some(Cond { kind: CondKind::IsUnknown(Box::new(inner)), span: asked.span })
}

/// `SCORE is incomplete`.
pub(super) fn incomplete(scope: &mut Scope, asked: Asked<'_>) -> Option<Cond> {
    let score = score_named(scope, asked.subject)?;
    Some(Cond { kind: CondKind::IsIncomplete(score), span: asked.span })
}

/// The score that an expression names, also behind a definition that is just a score.
fn score_named(scope: &mut Scope, subject: &ast::Expr) -> Option<ScoreId> {
    let subject = bare(subject);
    if let ExprKind::Name(name) = &subject.kind
        && let Some(Named::Score(id)) = find(scope, name)
    {
        return require(scope, Node::Score(id), subject.loc.0).then_some(id);
    }
    let finding = if stands_for_condition(scope, subject)? {
        Diagnostic::new(
            Code::P0312,
            format!("{} is a condition: it can be unknown, but not incomplete", words(subject)),
        )
        .at(subject.loc.0, "a condition")
        .help("ask `is unknown`; a score is incomplete when a line of it could not be judged")
    } else {
        let value = operand(scope, subject)?;
        if let Expr::Score(id) = scope.policy.behind_names(&value.expr) {
            return Some(*id);
        }
        Diagnostic::new(Code::P0312, format!("{} is not a score, so it cannot be incomplete", value.words))
            .at(value.span, called(&value.ty))
            .help("of a field ask `is missing`; a score is incomplete when a line of it could not be judged")
    };
    scope.report(finding);
    None
}
