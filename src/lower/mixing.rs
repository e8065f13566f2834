//! `and` and `or`: the two mixed without parentheses, and values left without a test: `title is VP or Director`.

use super::kinds::choices;
use super::literal;
use super::names::{bare, declared_type, is_stage_operand, short};
use super::scope::{Scope, Ty};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;
use crate::syntax::ast::{CompareOp, Expr, ExprKind, LiteralKind, Noted, SetOrExpr, Test, TextTest};
use crate::types::Type;

/// A text that still fits in the line of a help.
const SHORT: usize = 70;

/// Warns when a part of an `or` is an `and` without parentheses.
pub(super) fn warn(scope: &mut Scope, parts: &[Noted<Expr>], span: Span) {
    let mixed: Vec<Span> =
        parts.iter().filter(|p| matches!(p.node.kind, ExprKind::And(_))).map(|p| p.node.loc.0).collect();
    let Some(first) = mixed.first() else { return };
    let finding = Diagnostic::new(Code::P0326, "`and` and `or` are mixed without parentheses")
        .at(*first, "`and` binds this together first");
    let finding = match parenthesised(scope, &mixed, span) {
        Some(mended) if mended.chars().count() <= SHORT && !mended.contains('\n') => {
            finding.help(format!("write `{mended}`, or put the parentheses where you mean them")).fix(span, mended)
        }
        Some(mended) => finding.help("put parentheses around what belongs together").fix(span, mended),
        None => finding.help("put parentheses around what belongs together"),
    };
    scope.report(finding);
}

/// The text of `whole` with parentheses around some parts of it.
fn parenthesised(scope: &Scope, parts: &[Span], whole: Span) -> Option<String> {
    let file = scope.sources.get(whole.source)?;
    let mut mended = String::new();
    let mut from = whole.start;
    for part in parts {
        mended.push_str(file.text.get(from as usize..part.start as usize)?);
        mended.push('(');
        mended.push_str(file.text.get(part.range())?);
        mended.push(')');
        from = part.end;
    }
    mended.push_str(file.text.get(from as usize..whole.end as usize)?);
    Some(mended)
}

/// Which parts of an `and` or an `or` are values that belong to the test before them (and which such tests cannot be read
/// without them). They are reported.
pub(super) fn loose_values(scope: &mut Scope, parts: &[Noted<Expr>]) -> Vec<usize> {
    let mut loose: Vec<usize> = Vec::new();
    let mut test: Option<(usize, &Expr, Vec<&Expr>)> = None;
    for (i, part) in parts.iter().enumerate() {
        match &mut test {
            Some((position, owner, values)) if belongs(scope, owner, &part.node) => {
                if has_unquoted_text(scope, owner) {
                    loose.push(*position);
                }
                values.push(&part.node);
                loose.push(i);
            }
            _ => {
                report(scope, test.take());
                test = matches!(part.node.kind, ExprKind::Test { .. }).then(|| (i, &part.node, Vec::new()));
            }
        }
    }
    report(scope, test);
    loose
}

fn report(scope: &mut Scope, test: Option<(usize, &Expr, Vec<&Expr>)>) {
    if let Some((_, owner, values)) = test
        && !values.is_empty()
    {
        let finding = loose_value(scope, owner, &values);
        scope.report(finding);
    }
}

/// Whether an expression by itself is a value that the test before it asks for too.
fn belongs(scope: &Scope, test: &Expr, value: &Expr) -> bool {
    let ExprKind::Test { subject, test: asked, .. } = &test.kind else { return false };
    if !matches!(asked, Test::Compare { .. } | Test::Text { right: SetOrExpr::One(_), .. }) {
        return false;
    }
    match &value.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Name(word) if or_more(word).is_some() => {
            matches!(asked, Test::Compare { op: CompareOp::Is | CompareOp::Equal, .. })
                && !scope.names.contains_key(word)
        }
        ExprKind::Name(word) => {
            !scope.names.contains_key(word) && !is_stage_operand(scope, word) && may_be(scope, subject, word)
        }
        ExprKind::Negative(inner) => matches!(inner.kind, ExprKind::Literal(_)),
        ExprKind::Arithmetic { .. }
        | ExprKind::DomainOf(_)
        | ExprKind::Test { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Quantified { .. }
        | ExprKind::Paren(_)
        | ExprKind::Broken => false,
    }
}

/// Whether a text is compared with a word that is no name: `country is DE`.
fn has_unquoted_text(scope: &Scope, test: &Expr) -> bool {
    let ExprKind::Test { subject, test: Test::Compare { right, .. }, .. } = &test.kind else { return false };
    let (ExprKind::Name(name), ExprKind::Name(word)) = (&bare(subject).kind, &bare(right).kind) else { return false };
    !scope.names.contains_key(word) && declared_type(scope, name) == Some(Ty::Is(Type::Text))
}

/// Whether a word may be meant as a value of what a name on the left stands for: it is in its list, or it is no misspelt name
/// beside a text.
fn may_be(scope: &Scope, subject: &Expr, word: &str) -> bool {
    let ExprKind::Name(name) = &bare(subject).kind else { return false };
    let Some(ty) = declared_type(scope, name) else { return false };
    match choices(&ty) {
        Some(choices) => choices.position(word).is_some(),
        None => ty == Ty::Is(Type::Text) && did_you_mean(word, scope.names.keys().map(String::as_str)).is_none(),
    }
}

/// A value that stands where a whole condition should.
fn loose_value(scope: &Scope, owner: &Expr, values: &[&Expr]) -> Diagnostic {
    let written: Vec<String> = values.iter().filter_map(|v| short(v)).collect();
    let place = values.first().map_or(owner.loc.0, |v| v.loc.0);
    let message = match written.first() {
        Some(first) => format!("`{first}` by itself is not a condition"),
        None => "this by itself is not a condition".to_owned(),
    };
    let finding = Diagnostic::new(Code::P0382, message).at(place, "what is asked of it?");
    if let [only] = written.as_slice()
        && let Some(sign) = or_more(only)
        && let ExprKind::Test { subject, test: Test::Compare { right, .. }, .. } = &owner.kind
        && let (Some(subject), Some(right)) = (short(subject), short(right))
    {
        let mended = format!("{subject} {sign} {right}");
        return finding.help(format!("write `{mended}`")).fix(owner.loc.0.to(place), mended);
    }
    let end = values.last().map_or(owner.loc.0, |v| v.loc.0);
    match together(owner, &written) {
        Some(mended) => finding.help(format!("write `{mended}`")).fix(owner.loc.0.to(end), mended),
        None => match (asked_of(scope, owner), written.first()) {
            (Some(asked), Some(first)) => finding.help(format!("ask it in full: `{asked}{first}`")),
            _ => finding.help("write the whole test again with this value"),
        },
    }
}

/// The sign for `need is 3 or more`.
fn or_more(word: &str) -> Option<&'static str> {
    match word {
        "more" | "above" | "higher" | "later" => Some(">="),
        "less" | "fewer" | "below" | "lower" | "earlier" => Some("<="),
        _ => None,
    }
}

/// A comparison as it was written, up to its right side.
fn asked_of(scope: &Scope, owner: &Expr) -> Option<String> {
    let ExprKind::Test { test: Test::Compare { right, .. }, .. } = &owner.kind else { return None };
    let (start, end) = (owner.loc.0.start as usize, right.loc.0.start as usize);
    let text = scope.sources.slice(Span::new(owner.loc.0.source, start, end));
    (!text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}

/// The test with all of the values in brackets.
fn together(owner: &Expr, values: &[String]) -> Option<String> {
    let ExprKind::Test { subject, test, not, .. } = &owner.kind else { return None };
    let subject = short(subject)?;
    match test {
        Test::Compare { op, right } => {
            let equal = matches!(op, CompareOp::Is | CompareOp::Equal);
            let unequal = matches!(op, CompareOp::IsNot | CompareOp::NotEqual);
            let within = if equal != *not { "in" } else { "not in" };
            (equal || unequal)
                .then(|| short(right))?
                .map(|right| format!("{subject} {within} [{}]", [&[right], values].concat().join(", ")))
        }
        Test::Text { kind, right: SetOrExpr::One(right) } => {
            let how = match kind {
                TextTest::Whole => return None,
                TextTest::Contains => "contains",
                TextTest::StartsWith => "starts with",
                TextTest::EndsWith => "ends with",
                TextTest::ContainsWord => "contains word",
            };
            let right = match literal::in_expr(right) {
                Some(LiteralKind::Text(_)) => short(right)?,
                Some(_) | None => return None,
            };
            let not = if *not { "not " } else { "" };
            Some(format!("{subject} {not}{how} [{}]", [&[right], values].concat().join(", ")))
        }
        Test::Between { .. }
        | Test::In(_)
        | Test::Has { .. }
        | Test::Text { .. }
        | Test::Known
        | Test::Missing
        | Test::Unknown
        | Test::Incomplete
        | Test::Window { .. }
        | Test::Age { .. }
        | Test::Beside { .. } => None,
    }
}
