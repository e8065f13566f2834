//! Scores: the range, and what each line adds.

use std::rc::Rc;

use super::cond::condition;
use super::growth;
use super::kinds::{Kind, called, example, kind};
use super::literal::{self, Target, signed};
use super::names::{find, proposed, unknown};
use super::references::{Node, require};
use super::scope::{Named, Scope, ScoreBody, Ty};
use super::value::{Operand, operand};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Gain, Id, Per, ScoreId, ScoreLine};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, Literal, Name, NumberLit};
use crate::types::{Number, Type, Value};

/// Lowers a score.
pub(super) fn lower(scope: &mut Scope, id: ScoreId) {
    let Some(body) = scope.waiting.scores.get(id.position()).map(|w| Rc::clone(&w.body)) else { return };
    let (min, max) = range(scope, &body);
    let mut lines = Vec::with_capacity(body.lines.len());
    for line in &body.lines {
        let (gain, label) = match &line.node {
            ast::ScoreLine::Points { label, .. } => (points(scope, &line.node), label),
            ast::ScoreLine::Score { negative, name, label } => (other_score(scope, *negative, name), label),
        };
        if let Some(gain) = gain {
            lines.push(ScoreLine { gain, label: label.as_ref().map(|l| l.value.clone()), span: line.loc.0 });
        }
    }
    if let Some(score) = scope.policy.scores.get_mut(id) {
        (score.min, score.max, score.lines) = (min, max, lines);
    }
    growth::remember_score(scope, id);
}

/// `from A to B`.
fn range(scope: &mut Scope, body: &ScoreBody) -> (Option<Number>, Option<Number>) {
    let min = body.range.from.as_ref().and_then(|l| end(scope, l));
    let max = body.range.to.as_ref().and_then(|l| end(scope, l));
    if let (Some(low), Some(high), Some(from), Some(to)) = (&min, &max, &body.range.from, &body.range.to)
        && low > high
    {
        let place = from.loc.0.to(to.loc.0);
        let mended = format!("{} to {}", literal::shown(&to.kind), literal::shown(&from.kind));
        let finding = Diagnostic::new(Code::P0374, format!("a score cannot go from {low} up to {high}"))
            .at(place, "the wrong way round")
            .help(format!("write the lower end first: `from {mended}`"))
            .fix(place, mended);
        scope.report(finding);
        return (None, None);
    }
    (min, max)
}

/// An end of the range: a plain number.
fn end(scope: &mut Scope, written: &Literal) -> Option<Number> {
    let ty = Ty::Is(Type::Number);
    let target = Target { ty: &ty, words: "the total of a score", compared: false };
    match literal::constant(scope, &written.kind, written.loc.0, target)? {
        Value::Number(number) => Some(number),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_)
        | Value::Set(_) => None,
    }
}

/// `+40 [for each [5000] FIELD] [when C] [, at most 20]`.
fn points(scope: &mut Scope, line: &ast::ScoreLine) -> Option<Gain> {
    let ast::ScoreLine::Points { negative, points, per, when, at_most, .. } = line else { return None };
    let counted = per.as_ref().map(|(unit, amount)| per_unit(scope, unit.as_ref(), amount));
    let when = when.as_ref().map(|when| condition(scope, when));
    let cap = at_most.as_ref().map(|cap| at_most_points(scope, cap, points, per.is_some()));
    Some(Gain::Points {
        points: signed(*negative, &points.value),
        per: match counted {
            Some(counted) => Some(counted?),
            None => None,
        },
        when: match when {
            Some(when) => Some(when?),
            None => None,
        },
        at_most: match cap {
            Some(cap) => Some(cap?),
            None => None,
        },
    })
}

/// `, at most 20`: above zero, and of use only where something is counted.
fn at_most_points(scope: &mut Scope, cap: &NumberLit, points: &NumberLit, counted: bool) -> Option<Number> {
    if cap.value.is_zero() {
        let finding = Diagnostic::new(Code::P0376, "at most 0 points: this line never adds anything")
            .at(cap.loc.0, "must be above zero")
            .help("write the largest size that the line may have, or take the line out");
        scope.report(finding);
        return None;
    }
    if !counted {
        let finding = Diagnostic::new(Code::P0377, "`at most` has nothing to hold back: this line is earned once")
            .at(cap.loc.0, "without `for each`")
            .help(format!(
                "leave `at most` out and write the points that the line is worth: `{}`",
                points.value.clone().min(cap.value.clone())
            ));
        scope.report(finding);
    }
    Some(cap.value.clone())
}

/// `for each [5000] FIELD`.
fn per_unit(scope: &mut Scope, unit: Option<&Literal>, amount: &Expr) -> Option<Per> {
    let amount = operand(scope, amount)?;
    if !kind(&amount.ty).is_numeric() {
        let finding = not_countable(&amount);
        scope.report(finding);
        return None;
    }
    let unit = match unit {
        Some(literal) => unit_of(scope, literal, &amount)?,
        None if kind(&amount.ty) == Kind::Percent => {
            let finding =
                Diagnostic::new(Code::P0375, format!("{} is a percentage, so one of it is all of it", amount.words))
                    .at(amount.span, "full units of 100%")
                    .help(format!("say how much counts as one: `for each 10% {}`", proposed(&amount.words)));
            scope.report(finding);
            return None;
        }
        None => Number::from(1),
    };
    Some(Per { unit, amount: amount.expr })
}

/// How much one unit is: above zero, and of the kind of what is counted.
fn unit_of(scope: &mut Scope, unit: &Literal, amount: &Operand) -> Option<Number> {
    let target = Target { ty: &amount.ty, words: &amount.words, compared: false };
    let Value::Number(size) = literal::constant(scope, &unit.kind, unit.loc.0, target)? else { return None };
    if size.is_zero() || size.is_negative() {
        let finding =
            Diagnostic::new(Code::P0375, format!("a unit of `{}` cannot be counted", literal::shown(&unit.kind)))
                .at(unit.loc.0, "must be above zero")
                .help("write how much one unit is, above zero");
        scope.report(finding);
        return None;
    }
    Some(size)
}

/// `for each` of something that is no number.
fn not_countable(amount: &Operand) -> Diagnostic {
    let name = proposed(&amount.words);
    Diagnostic::new(Code::P0375, format!("{} is not a number, so there are no units of it to count", amount.words))
        .at(amount.span, called(&amount.ty))
        .help(format!(
            "count a number or an amount of money, or give the points once: `when {}`",
            example(name, &amount.ty)
        ))
}

/// `+interest`: another score.
fn other_score(scope: &mut Scope, negative: bool, name: &Name) -> Option<Gain> {
    let (text, span) = (&name.text, name.loc.0);
    let finding = match find(scope, text) {
        Some(Named::Score(score)) => {
            let sign = if negative { -1 } else { 1 };
            return require(scope, Node::Score(score), span).then_some(Gain::Score { sign, score });
        }
        Some(Named::Broken) => return None,
        None if scope.open => return None,
        Some(Named::Field(id)) => {
            let help = match scope.policy.fields.find(id).map(|f| kind(&Ty::Is(f.ty.clone()))) {
                Some(kind) if kind.is_numeric() => format!("to count it, write `+1 for each {text}`"),
                Some(_) | None => format!("give points for it: `+10 when {text} ...`"),
            };
            not_a_score(text, span, "a field").help(help)
        }
        Some(Named::Define(_)) => {
            not_a_score(text, span, "a definition").help(format!("give points for it: `+10 when {text}`"))
        }
        Some(Named::Stage(_)) => {
            not_a_score(text, span, "a stage").help(format!("give points for it: `+10 when {text}`"))
        }
        Some(Named::Grade(_)) => {
            not_a_score(text, span, "a grade").help(format!("give points for it: `+10 when {text} is ...`"))
        }
        Some(Named::List(_)) => {
            not_a_score(text, span, "a list").help(format!("give points for it: `+10 when FIELD in {text}`"))
        }
        None => {
            let scores = scope.policy.scores.iter().map(|(_, s)| s.name.as_str());
            match scope.near(text, scores) {
                Some(near) => Diagnostic::new(Code::P0260, format!("no score is called `{text}`"))
                    .at(span, "not declared")
                    .help(format!("did you mean `{near}`?"))
                    .fix(span, near),
                None => unknown(scope, text, span),
            }
        }
    };
    scope.report(finding);
    None
}

/// Something added that is no score.
fn not_a_score(name: &str, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::P0260, format!("`{name}` is {what}, and only another score can be added as it is"))
        .at(span, what)
}
