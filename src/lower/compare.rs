//! Comparisons: what may stand beside what, and what a bare word on the right means.

use super::arithmetic::take_currency;
use super::cond::Asked;
use super::kinds::{Kind, called, choices, kind, listing, quoted, spelt};
use super::literal::{self, Target};
use super::misfit::{self, Misfit};
use super::names::{bare, declared_type, is_stage_operand, proposed, short, unknown, value_elsewhere};
use super::range;
use super::scope::{Scope, Ty};
use super::value::{Operand, operand};
use super::{sets, text, time};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, CompareOp, Cond, CondKind};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, LiteralKind};
use crate::types::{Choices, Type, Value};

/// `subject op right`.
pub(super) fn compare(scope: &mut Scope, asked: Asked<'_>, op: ast::CompareOp, right: &Expr) -> Option<Cond> {
    let Asked { subject, span, .. } = asked;
    let op = of_ast(op);
    let (left, right) = if literal::in_expr(subject).is_some() && literal::in_expr(right).is_none() {
        let right = operand(scope, right);
        let left = right.as_ref().and_then(|right| against(scope, subject, right));
        (left?, right?)
    } else {
        let left = left_operand(scope, subject, right)?;
        if kind(&left.ty) == Kind::Set {
            let finding = set_compared(&left, asked, op, right);
            scope.report(finding);
            return None;
        }
        if means_other(right, &left.ty) {
            return other(scope, span, left, op, right.loc.0);
        }
        let right = against(scope, right, &left)?;
        (left, right)
    };
    let (left, right) = align(scope, left, right)?;
    if is_order(op) && !may_order(scope, &left) {
        return None;
    }
    range::warn_comparison(scope, span, op, &left, &right);
    Some(Cond { kind: CondKind::Compare { op, left: left.expr, right: right.expr }, span })
}

/// `subject between low and high`.
pub(super) fn between(scope: &mut Scope, asked: Asked<'_>, low: &Expr, high: &Expr) -> Option<Cond> {
    let value = left_operand(scope, asked.subject, low)?;
    let (from, to) = (against(scope, low, &value), against(scope, high, &value));
    let (from, to) = (from?, to?);
    let by_day = [&value, &from, &to].iter().any(|o| kind(&o.ty) == Kind::Day);
    let value = if by_day && kind(&value.ty) == Kind::Instant { time::day_of(value) } else { value };
    if kind(&value.ty) == Kind::Day {
        let days = time::only_day(scope, &from) & time::only_day(scope, &to);
        if !days {
            return None;
        }
    }
    let (value, from) = align(scope, value, from)?;
    let (value, to) = align(scope, value, to)?;
    if !may_order(scope, &value) {
        return None;
    }
    if let (ir::Expr::Const(a), ir::Expr::Const(b)) = (&from.expr, &to.expr)
        && a.order(b).is_some_and(std::cmp::Ordering::is_gt)
    {
        let finding = swapped(low, high, &value.words);
        scope.report(finding);
        return None;
    }
    range::warn_between(scope, &value, &from, &to);
    Some(Cond { kind: CondKind::Between { value: value.expr, low: from.expr, high: to.expr }, span: asked.span })
}

/// What stands left. When it is broken, what stands right is still looked at, unless it hangs on the left.
fn left_operand(scope: &mut Scope, subject: &Expr, right: &Expr) -> Option<Operand> {
    let left = operand(scope, subject);
    if left.is_none() && !matches!(bare(right).kind, ExprKind::Name(_)) {
        let _reported = operand(scope, right);
    }
    left
}

pub(super) fn of_ast(op: ast::CompareOp) -> CompareOp {
    match op {
        ast::CompareOp::Is | ast::CompareOp::Equal => CompareOp::Eq,
        ast::CompareOp::IsNot | ast::CompareOp::NotEqual => CompareOp::Ne,
        ast::CompareOp::GreaterEqual | ast::CompareOp::AtLeast => CompareOp::Ge,
        ast::CompareOp::LessEqual | ast::CompareOp::AtMost => CompareOp::Le,
        ast::CompareOp::Greater | ast::CompareOp::MoreThan => CompareOp::Gt,
        ast::CompareOp::Less | ast::CompareOp::LessThan => CompareOp::Lt,
    }
}

fn is_order(op: CompareOp) -> bool {
    match op {
        CompareOp::Eq | CompareOp::Ne => false,
        CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => true,
    }
}

/// What stands right of a value: a literal is typed by the value, a bare word is first one of its values, then a name.
pub(super) fn against(scope: &mut Scope, expr: &Expr, left: &Operand) -> Option<Operand> {
    let span = expr.loc.0;
    let constant = |value: Value, ty: Ty, words: String| Operand { expr: ir::Expr::Const(value), ty, span, words };
    if let ExprKind::Name(word) = &bare(expr).kind {
        if let Some(value) = word_value(word, &left.ty) {
            warn_when_name_fits_too(scope, word, span, left);
            return Some(constant(value, left.ty.clone(), format!("`{word}`")));
        }
        if !scope.names.contains_key(word) && !is_stage_operand(scope, word) {
            if !scope.open {
                let finding = unknown_right(scope, word, span, left);
                scope.report(finding);
            }
            return None;
        }
    }
    if let Some(value) = unquoted_value(scope, expr, left) {
        let text = quoted(&value);
        let finding = Diagnostic::new(Code::P0301, format!("without quotes `{value}` is a calculation"))
            .at(span, format!("a value of {}", left.words))
            .help(format!("put it in quotes: `{text}`"))
            .fix(span, text);
        scope.withdraw_unread(span);
        scope.report(finding);
        return None;
    }
    let Some(literal) = literal::in_expr(expr) else {
        let mut right = operand(scope, expr)?;
        take_currency(&mut right, expr, &left.ty);
        return Some(right);
    };
    let words = format!("`{}`", literal::shown(&literal));
    if let LiteralKind::Date(date) = &literal
        && kind(&left.ty).is_time()
    {
        let (value, ty) = time::constant(scope, date, span, left)?;
        return Some(constant(value, Ty::Is(ty), words));
    }
    let target = Target { ty: &left.ty, words: &left.words, compared: true };
    let value = literal::constant(scope, &literal, span, target)?;
    Some(constant(value, left.ty.clone(), words))
}

/// The value that was meant by what reads as a calculation: `C-level`, `1-10` without quotes.
fn unquoted_value(scope: &Scope, expr: &Expr, left: &Operand) -> Option<String> {
    let ExprKind::Arithmetic { .. } = &bare(expr).kind else { return None };
    let text = scope.sources.slice(bare(expr).loc.0);
    choices(&left.ty)?.position(text).map(|_| text.to_owned())
}

/// The value that a bare word is for this type.
fn word_value(word: &str, ty: &Ty) -> Option<Value> {
    match choices(ty) {
        Some(choices) => choices.position(word).map(Value::Choice),
        None if kind(ty) == Kind::YesNo => literal::yes_or_no(word).map(Value::YesNo),
        None => None,
    }
}

/// Warns when a word is a value of the left side and also a name that could stand there.
fn warn_when_name_fits_too(scope: &mut Scope, word: &str, span: Span, left: &Operand) {
    let Some(place) = scope.names.get(word).map(|declared| declared.span) else { return };
    let fits = declared_type(scope, word).is_some_and(|ty| same(&ty, &left.ty));
    if fits {
        let finding = Diagnostic::new(Code::P0254, format!("`{word}` is a value of {} and also a name", left.words))
            .at(span, "read as the value")
            .at(place, "also declared here")
            .help(format!("for the value write `{}`; to mean the other, give it another name", quoted(word)))
            .fix(span, quoted(word));
        scope.report(finding);
    }
}

/// Whether two types are of one kind, and of one closed set when they have one.
fn same(a: &Ty, b: &Ty) -> bool {
    match (choices(a), choices(b)) {
        (Some(a), Some(b)) => same_choices(a, b),
        (None, None) => kind(a) == kind(b),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn same_choices(a: &Choices, b: &Choices) -> bool {
    a.values == b.values && a.ranked == b.ranked
}

/// A word on the right that is neither a value of the left side nor a name.
fn unknown_right(scope: &Scope, word: &str, span: Span, left: &Operand) -> Diagnostic {
    if let Some(choices) = choices(&left.ty) {
        return misfit::no_such_value(scope, word, span, &left.words, choices);
    }
    let near = scope.near(word, scope.names.keys().map(String::as_str));
    match kind(&left.ty) {
        Kind::Text => {
            let finding =
                Diagnostic::new(Code::P0253, format!("{} is a text, and nothing is called `{word}`", left.words))
                    .at(span, "a text stands in quotes");
            let text = quoted(word);
            match near {
                Some(near) => finding.help(format!("write `{text}` for the text, or did you mean the name `{near}`?")),
                None => finding.help(format!("write `{text}`")),
            }
            .fix(span, text)
        }
        Kind::YesNo if near.is_none() => {
            let target = Target { ty: &left.ty, words: &left.words, compared: true };
            let word = LiteralKind::Word(word.to_owned());
            misfit::finding(scope, &word, span, target, &Misfit::Unlisted)
        }
        Kind::Number | Kind::Percent | Kind::Money(_) | Kind::Day | Kind::Instant
            if near.is_none() && value_elsewhere(scope, word).is_some() =>
        {
            let target = Target { ty: &left.ty, words: &left.words, compared: true };
            let word = LiteralKind::Word(word.to_owned());
            misfit::finding(scope, &word, span, target, &Misfit::Kind)
        }
        Kind::Number
        | Kind::Percent
        | Kind::Money(_)
        | Kind::YesNo
        | Kind::Day
        | Kind::Instant
        | Kind::Choice
        | Kind::Set
        | Kind::Broken => unknown(scope, word, span),
    }
}

/// The two sides made comparable: times by day when one of them is a day, texts in lower case when one of them ignores case.
/// None when they are of different kinds, which is reported.
pub(super) fn align(scope: &mut Scope, left: Operand, right: Operand) -> Option<(Operand, Operand)> {
    let finding = match (kind(&left.ty), kind(&right.ty)) {
        (Kind::Day, Kind::Instant) => return Some((left, time::day_of(right))),
        (Kind::Instant, Kind::Day) => return Some((time::day_of(left), right)),
        (Kind::Text, Kind::Text) => return Some(text::fold(scope, left, right)),
        (Kind::Choice, Kind::Choice) => match (choices(&left.ty), choices(&right.ty)) {
            (Some(a), Some(b)) if !same_choices(a, b) => different_choices(&left, &right),
            _ => return Some((left, right)),
        },
        (a, b) if a == b => return Some((left, right)),
        (a, b) => clash(&left, a, &right, b),
    };
    scope.report(finding);
    None
}

/// Two sides of different kinds.
fn clash(left: &Operand, a: Kind, right: &Operand, b: Kind) -> Diagnostic {
    let sentence = || format!("{} is {}, {} is {}", left.words, called(&left.ty), right.words, called(&right.ty));
    let finding = |code: Code, message: String| {
        Diagnostic::new(code, message).at(right.span, called(&right.ty)).at(left.span, called(&left.ty))
    };
    if let (Kind::Money(a), Kind::Money(b)) = (a, b) {
        let message = format!("{} is in {a}, {} is in {b}", left.words, right.words);
        return finding(Code::P0305, message).help("there are no exchange rates in a policy: keep to one currency");
    }
    if matches!((a, b), (Kind::Percent, Kind::Number) | (Kind::Number, Kind::Percent)) {
        return finding(Code::P0304, sentence()).help("a percentage is compared with a percentage: `20%` is 0.2");
    }
    if a == Kind::Text || b == Kind::Text {
        let finding = finding(Code::P0301, sentence());
        return match proposed(&right.words) {
            name if a == Kind::Text && name != "..." => {
                finding.help(format!("if `{name}` is meant as a text, write `{}`", quoted(name)))
            }
            _ => finding.help("a text is compared with a text"),
        };
    }
    finding(Code::P0300, sentence()).help("only values of one kind can be compared")
}

/// Two closed sets that are not the same.
fn different_choices(left: &Operand, right: &Operand) -> Diagnostic {
    let values =
        |o: &Operand| choices(&o.ty).map_or_else(String::new, |c| listing(c.values.iter().map(String::as_str)));
    Diagnostic::new(Code::P0306, format!("{} and {} do not have the same values", left.words, right.words))
        .at(right.span, format!("its values are {}", values(right)))
        .at(left.span, format!("its values are {}", values(left)))
        .help("compare each with its own values; two fields compare when their lists are the same, in the same order")
}

/// Whether a value can be said to be more or less than another; reported when not.
fn may_order(scope: &mut Scope, left: &Operand) -> bool {
    let finding = match (choices(&left.ty), kind(&left.ty)) {
        (Some(choices), _) if choices.ranked => return true,
        (Some(choices), _) => {
            let values: Vec<String> = choices.values.iter().take(3).map(|v| spelt(v)).collect();
            let more = if choices.values.len() > 3 { " < ..." } else { "" };
            Diagnostic::new(Code::P0302, format!("the values of {} have no order", left.words))
                .at(left.span, "declared as `one of`")
                .help(format!(
                    "declare it `ranked`, lowest first: `ranked [{}{more}]`; or name the values: `in [...]`",
                    values.join(" < ")
                ))
        }
        (None, Kind::Text) => {
            Diagnostic::new(Code::P0303, format!("{} is a text, and texts have no order", left.words))
                .at(left.span, "a text")
                .help("ask `is`, `in`, `contains` or `starts with`; if it holds numbers, declare it as `number`")
        }
        (None, Kind::YesNo) => {
            Diagnostic::new(Code::P0303, format!("{} is yes or no, which is not more or less", left.words))
                .at(left.span, "yes or no")
                .help("ask `is yes` or `is no`")
        }
        (None, Kind::Set) => {
            Diagnostic::new(Code::P0303, format!("{} is several values, which have no order", left.words))
                .at(left.span, "several values")
                .help("ask `has any of`, `has all of` or `has none of`")
        }
        (
            None,
            Kind::Number | Kind::Percent | Kind::Money(_) | Kind::Day | Kind::Instant | Kind::Choice | Kind::Broken,
        ) => return true,
    };
    scope.report(finding);
    false
}

/// Whether a word on the right means any value outside of the closed set.
fn means_other(right: &Expr, ty: &Ty) -> bool {
    choices(ty).is_some_and(|c| c.other && c.position("other").is_none())
        && matches!(&bare(right).kind, ExprKind::Name(word) if word == "other")
}

/// `title is other`.
fn other(scope: &mut Scope, span: Span, left: Operand, op: CompareOp, place: Span) -> Option<Cond> {
    if is_order(op) {
        let finding = misfit::no_rank(place, &left.words);
        scope.report(finding);
        return None;
    }
    let set = sets::intern(scope, ir::ValueSet { list: None, values: Vec::new(), other: true });
    let is = Cond { kind: CondKind::In { value: left.expr, set }, span };
    Some(if op == CompareOp::Ne { Cond { kind: CondKind::Not(Box::new(is)), span } } else { is })
}

/// `interests is pricing`: a set is not one value.
fn set_compared(left: &Operand, asked: Asked<'_>, op: CompareOp, right: &Expr) -> Diagnostic {
    let has = if asked.not == (op == CompareOp::Ne) { "has any of" } else { "has none of" };
    let finding = set_tested(left);
    if let ExprKind::Name(word) | ExprKind::Literal(LiteralKind::Text(word)) = &bare(right).kind
        && let Ty::Is(Type::Set(values)) = &left.ty
        && values.contains(word)
        && !is_order(op)
    {
        let asked = format!("{has} [{}]", spelt(word));
        let place = Span::new(left.span.source, left.span.end as usize, right.loc.0.end as usize);
        return finding.help(format!("ask `{} {asked}`", proposed(&left.words))).fix(place, format!(" {asked}"));
    }
    finding.help("ask `has any of [...]`, `has all of [...]` or `has none of [...]`")
}

/// A set tested as if it were one value.
pub(super) fn set_tested(left: &Operand) -> Diagnostic {
    Diagnostic::new(Code::P0308, format!("{} holds several values, so it is not one of them", left.words))
        .at(left.span, "declared as `any of`")
}

/// The ends of `between` the wrong way round.
fn swapped(low: &Expr, high: &Expr, words: &str) -> Diagnostic {
    let place = low.loc.0.to(high.loc.0);
    let finding =
        Diagnostic::new(Code::P0324, "nothing is between these: the first is above the second").at(place, "never true");
    match (short(low), short(high)) {
        (Some(a), Some(b)) => {
            let mended = format!("{b} and {a}");
            finding.help(format!("write `{} between {mended}`", proposed(words))).fix(place, mended)
        }
        _ => finding.help("write the lower end first"),
    }
}
