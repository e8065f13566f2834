//! Conditions: from what was written to the few kinds that the checked policy has.

use super::kinds::choices;
use super::literal::yes_or_no;
use super::mixing;
use super::names::{bare, declared_type, find, is_blank_word, is_filled_word, proposed, short, words};
use super::references::{Node, deeper, require, require_stages};
use super::scope::{Named, Scope, Ty};
use super::value::{Operand, is_list, is_yes_no, not_a_condition, operand, stands_for_condition, yes};
use super::{blanks, compare, sets, text, time};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Body, CompareOp, Cond, CondKind, Id};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Noted, NumberLit, Quantifier, Test};

/// A test: what it asks about, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// What is tested.
    pub(super) subject: &'a Expr,
    /// Whether `not` stands before the test; it has been taken care of, and is here for what messages propose.
    pub(super) not: bool,
    /// All of the test.
    pub(super) span: Span,
}

impl Asked<'_> {
    /// How a set is asked the same.
    pub(super) fn has(&self) -> &'static str {
        if self.not { "has none of" } else { "has any of" }
    }
}

/// Lowers a condition; none when something is wrong with it, which is reported.
pub(super) fn condition(scope: &mut Scope, expr: &Expr) -> Option<Cond> {
    let span = expr.loc.0;
    match &expr.kind {
        ExprKind::Name(name) => named(scope, expr, name),
        ExprKind::Test { subject, is: _, not, test } => {
            let asked = Asked { subject, not: *not, span };
            let cond = tested(scope, asked, test)?;
            Some(if *not { negated(cond, span) } else { cond })
        }
        ExprKind::And(parts) => {
            let parts = joined(scope, parts)?;
            Some(all(parts, span))
        }
        ExprKind::Or(parts) => {
            mixing::warn(scope, parts, span);
            let parts = joined(scope, parts)?;
            Some(any(parts, span))
        }
        ExprKind::Not(inner) => {
            let inner = deeper(scope, span, |scope| condition(scope, inner))?;
            Some(negated(inner, span))
        }
        ExprKind::Quantified { quantifier, conditions, .. } => {
            let parts = deeper(scope, span, |scope| all_parts(scope, conditions));
            quantified(scope, quantifier, parts, conditions.len(), span)
        }
        ExprKind::Paren(inner) => deeper(scope, span, |scope| condition(scope, inner)),
        ExprKind::Literal(_) | ExprKind::Negative(_) | ExprKind::Arithmetic { .. } | ExprKind::DomainOf(_) => {
            let value = operand(scope, expr)?;
            from_value(scope, expr, value)
        }
        ExprKind::Broken => None,
    }
}

/// All conditions of a list, or none when one of them is broken; all are looked at.
fn all_parts(scope: &mut Scope, parts: &[Noted<Expr>]) -> Option<Vec<Cond>> {
    let lowered: Vec<Option<Cond>> = parts.iter().map(|part| condition(scope, &part.node)).collect();
    lowered.into_iter().collect()
}

/// The parts of an `and` or an `or`; values that belong to the test before them are reported and passed over.
fn joined(scope: &mut Scope, parts: &[Noted<Expr>]) -> Option<Vec<Cond>> {
    let loose = mixing::loose_values(scope, parts);
    let whole = parts.iter().enumerate().filter(|(i, _)| !loose.contains(i));
    let lowered: Vec<Option<Cond>> = whole.map(|(_, part)| condition(scope, &part.node)).collect();
    if loose.is_empty() { lowered.into_iter().collect() } else { None }
}

/// A name by itself: a yes-or-no value, a definition, a stage.
fn named(scope: &mut Scope, expr: &Expr, name: &str) -> Option<Cond> {
    let span = expr.loc.0;
    match scope.names.get(name).map(|d| d.named.clone()) {
        Some(Named::Define(id)) => {
            find(scope, name);
            if !require(scope, Node::Define(id), span) || scope.define_types.get(&id) == Some(&Ty::Broken) {
                return None;
            }
            if matches!(scope.policy.defines.find(id)?.body, Body::Condition(_)) {
                return Some(Cond { kind: CondKind::Define(id), span });
            }
            let value = operand(scope, expr)?;
            from_value(scope, expr, value)
        }
        Some(Named::Stage(id)) => {
            find(scope, name);
            require_stages(scope, id.position() + 1, span).then_some(Cond { kind: CondKind::Reached(id), span })
        }
        Some(Named::List(_)) => {
            find(scope, name);
            scope.report(is_list(name, span));
            None
        }
        Some(Named::Field(_) | Named::Score(_) | Named::Grade(_) | Named::Broken) | None => {
            let value = operand(scope, expr)?;
            from_value(scope, expr, value)
        }
    }
}

/// A value by itself: a condition only when it is yes or no.
fn from_value(scope: &mut Scope, expr: &Expr, value: Operand) -> Option<Cond> {
    if is_yes_no(&value.ty) {
        let kind = CondKind::Compare { op: CompareOp::Eq, left: value.expr, right: yes() };
        return Some(Cond { kind, span: value.span });
    }
    let finding = not_a_condition(scope, expr, &value);
    scope.report(finding);
    None
}

fn tested(scope: &mut Scope, asked: Asked<'_>, test: &Test) -> Option<Cond> {
    match test {
        Test::Compare { op, right } => {
            let not = asked.not != (compare::of_ast(*op) == CompareOp::Ne);
            if let Some(finding) = misused(scope, Asked { not, ..asked }, right) {
                scope.report(finding);
                return None;
            }
            compare::compare(scope, asked, *op, right)
        }
        Test::Between { low, high } => compare::between(scope, asked, low, high),
        Test::In(set) => sets::within(scope, asked, set),
        Test::Has { quantity, set } => sets::has(scope, asked, *quantity, set),
        Test::Text { kind, right } => text::test(scope, asked, *kind, right),
        Test::Known => blanks::known(scope, asked, false),
        Test::Missing => blanks::known(scope, asked, true),
        Test::Unknown => blanks::unknown(scope, asked),
        Test::Incomplete => blanks::incomplete(scope, asked),
        Test::Window { next, count, unit } => time::window(scope, asked, *next, (count, *unit)),
        Test::Age { op, count, unit } => time::age(scope, asked, *op, (count, *unit)),
        Test::Beside { after, right } => time::beside(scope, asked, *after, right),
    }
}

/// Comparisons that are meant otherwise: `senior is yes`, `domain is personal_mail`, `need = missing`.
fn misused(scope: &mut Scope, asked: Asked<'_>, right: &Expr) -> Option<Diagnostic> {
    let ExprKind::Name(word) = &bare(right).kind else { return None };
    let between = Span::new(asked.span.source, asked.subject.loc.0.end as usize, right.loc.0.end as usize);
    let subject = words(asked.subject);
    let plain = proposed(&subject);
    let (within, blank, filled) =
        if asked.not { ("not in", "is known", "is missing") } else { ("in", "is missing", "is known") };
    if matches!(scope.names.get(word).map(|d| &d.named), Some(Named::List(_))) {
        find(scope, word);
        return Some(
            Diagnostic::new(Code::P0257, format!("`{word}` is a list of values, so nothing is equal to it"))
                .at(right.loc.0, "a list")
                .help(format!("ask `{plain} {within} {word}`"))
                .fix(between, format!(" {within} {word}")),
        );
    }
    if let Some(yes) = yes_or_no(word)
        && stands_for_condition(scope, asked.subject) == Some(true)
        && let Some(name) = short(asked.subject)
    {
        let mended = if yes == asked.not { format!("not {name}") } else { name };
        return Some(
            Diagnostic::new(Code::P0315, format!("{subject} is a condition, so it is not compared with `{word}`"))
                .at(right.loc.0, "one word too many")
                .help(format!("write `{mended}`"))
                .fix(asked.span, mended),
        );
    }
    let listed =
        || declared_type(scope, plain).is_some_and(|ty| choices(&ty).is_some_and(|c| c.position(word).is_some()));
    if is_filled_word(word) && !scope.names.contains_key(word) && !listed() {
        return Some(
            Diagnostic::new(Code::P0383, format!("`{word}` is no value: what is there is `known`"))
                .at(right.loc.0, "not a value")
                .help(format!("write `{plain} {filled}`"))
                .fix(between, format!(" {filled}")),
        );
    }
    if is_blank_word(word) && !scope.names.contains_key(word) && !listed() {
        return Some(
            Diagnostic::new(Code::P0383, format!("nothing is equal to `{word}`: what is missing has no value"))
                .at(right.loc.0, "not a value")
                .help(format!("write `{plain} {blank}`"))
                .fix(between, format!(" {blank}")),
        );
    }
    None
}

/// `not`, which takes another `not` away.
fn negated(cond: Cond, span: Span) -> Cond {
    match cond.kind {
        CondKind::Not(inner) => Cond { kind: inner.kind, span },
        kind => Cond { kind: CondKind::Not(Box::new(Cond { kind, span: cond.span })), span },
    }
}

/// All of them; those that are themselves `all of` are taken in.
fn all(parts: Vec<Cond>, span: Span) -> Cond {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part.kind {
            CondKind::All(inner) => flat.extend(inner),
            kind => flat.push(Cond { kind, span: part.span }),
        }
    }
    single(flat, span, CondKind::All)
}

/// Any of them; those that are themselves `any of` are taken in.
fn any(parts: Vec<Cond>, span: Span) -> Cond {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part.kind {
            CondKind::Any(inner) => flat.extend(inner),
            kind => flat.push(Cond { kind, span: part.span }),
        }
    }
    single(flat, span, CondKind::Any)
}

/// One condition stands for itself.
fn single(mut parts: Vec<Cond>, span: Span, several: impl FnOnce(Vec<Cond>) -> CondKind) -> Cond {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Cond { kind: several(parts), span }
        }
        None => Cond { kind: several(parts), span },
    }
}

/// `all of (..)`, `any of (..)`, `at least 2 of (..)`.
fn quantified(
    scope: &mut Scope,
    quantifier: &Quantifier,
    parts: Option<Vec<Cond>>,
    written: usize,
    span: Span,
) -> Option<Cond> {
    match quantifier {
        Quantifier::All => parts.map(|parts| all(parts, span)),
        Quantifier::Any => parts.map(|parts| any(parts, span)),
        Quantifier::AtLeast(count) => match whole_count(count, written) {
            Ok(count) => parts.map(|parts| Cond { kind: CondKind::AtLeast(count, parts), span }),
            Err(finding) => {
                scope.report(*finding);
                None
            }
        },
    }
}

/// How many of so many conditions, from one to all.
fn whole_count(count: &NumberLit, of: usize) -> Result<u32, Box<Diagnostic>> {
    let text = &count.text;
    let finding = |message: String, label: &str, help: String| {
        Err(Box::new(Diagnostic::new(Code::P0325, message).at(count.loc.0, label).help(help)))
    };
    match count.value.to_i64() {
        None => finding(
            format!("`{text}` is not a number of conditions"),
            "not a whole number",
            format!("write a whole number from 1 to {of}"),
        ),
        Some(..=0) => finding(
            format!("at least {text} of these are always true"),
            "always true",
            format!("write a whole number from 1 to {of}"),
        ),
        Some(n) => match (usize::try_from(n), u32::try_from(n)) {
            (Ok(n), Ok(count)) if n <= of => Ok(count),
            _ => finding(
                format!("at least {text} of {of} conditions can never be true"),
                "never true",
                format!("write a number from 1 to {of}, or add conditions"),
            ),
        },
    }
}
