//! What to say of a literal that is not of the type that its place asks for.

use super::kinds::{self, Kind, choices, kind, listing};
use super::literal::{self, Target, shown};
use super::names::{is_a, proposed, value_elsewhere};
use super::scope::{Scope, Ty};
use super::time::{self, NoSuch};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::Field;
use crate::source::Span;
use crate::syntax::ast::LiteralKind;
use crate::types::{Choices, Currency, Number, Type};

/// Why a literal is no value of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misfit {
    /// A word or a text that is not among the values.
    Unlisted,
    /// It would fit if it were written like this.
    Spelling(String),
    /// A bare number where a percentage is needed.
    NeedsPercent,
    /// A percentage where a number is needed.
    IsPercent,
    /// An amount in another currency than this.
    Currency(Currency),
    /// A date with a time where a day is needed.
    TimeOfDay,
    /// There is no such day or time.
    NoSuchTime(NoSuch),
    /// It is something else altogether.
    Kind,
    /// What it stands beside is broken, which has been reported.
    Silent,
}

/// The finding about a literal at `span` that does not fit.
pub(super) fn finding(
    scope: &Scope,
    literal: &LiteralKind,
    span: Span,
    target: Target<'_>,
    why: &Misfit,
) -> Diagnostic {
    let Target { ty, words, compared } = target;
    let text = shown(literal);
    let clash = |code| {
        Diagnostic::new(code, format!("{}, `{text}` is {}", is_a(words, ty), called(literal))).at(span, called(literal))
    };
    match why {
        Misfit::Unlisted => match choices(ty) {
            Some(choices) => unlisted(scope, literal, span, words, choices),
            None => not_in_set(literal, span, target),
        },
        Misfit::Spelling(spelling) => {
            if let Some(field) = number_field(scope, literal, target) {
                return declared_as_text(clash(Code::P0301), field, literal, spelling);
            }
            let advice = if spelling.starts_with('"') { "put it in quotes" } else { "leave the quotes out" };
            clash(Code::P0301).help(format!("{advice}: `{spelling}`")).fix(span, spelling)
        }
        Misfit::NeedsPercent => {
            let percent = format!("{text}%");
            match share(literal) {
                Some(share) => {
                    clash(Code::P0304).help(format!("write `{share}`, or `{percent}` if that is what is meant"))
                }
                None => clash(Code::P0304).help(format!("write `{percent}`")).fix(span, percent),
            }
        }
        Misfit::IsPercent => clash(Code::P0304).help(format!("write a number without `%`; {}", as_number(literal))),
        Misfit::Currency(own) => currencies(words, *own, &text, span, literal),
        Misfit::TimeOfDay => time::time_of_day(words, &text, span),
        Misfit::NoSuchTime(why) => time::no_such(&text, span, *why),
        Misfit::Kind | Misfit::Silent if compared && !matches!(literal, LiteralKind::Word(_)) => {
            let called = called(literal);
            let message = format!("{words} is not {called}, so it cannot be compared with `{text}`");
            kind_clash(scope, literal, ty, |code| Diagnostic::new(code, message.clone()).at(span, called.clone()))
        }
        Misfit::Kind | Misfit::Silent => kind_clash(scope, literal, ty, clash),
    }
}

/// A fraction of one as the percentage that it may stand for: 0.5 is `50%`.
fn share(literal: &LiteralKind) -> Option<String> {
    match literal {
        LiteralKind::Number { negative: false, number }
            if number.value < Number::from(1) && number.value > Number::zero() =>
        {
            Some(format!("{}%", &number.value * &Number::from(100)))
        }
        LiteralKind::Word(_)
        | LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Percent { .. }
        | LiteralKind::Money { .. }
        | LiteralKind::Date(_) => None,
    }
}

/// The field declared as `text` that a number, an amount or a date stands beside.
fn number_field<'a>(scope: &'a Scope, literal: &LiteralKind, target: Target<'_>) -> Option<&'a Field> {
    let is_number = !matches!(literal, LiteralKind::Word(_) | LiteralKind::Text(_));
    let field = scope.policy.fields.iter().map(|(_, field)| field).find(|f| f.name == proposed(target.words));
    field.filter(|f| is_number && target.compared && f.ty == Type::Text)
}

/// A number beside a text: the field was probably meant to hold numbers.
fn declared_as_text(finding: Diagnostic, field: &Field, literal: &LiteralKind, spelling: &str) -> Diagnostic {
    let ty = match literal {
        LiteralKind::Number { number, .. } if number.value.is_whole() => "whole number".to_owned(),
        LiteralKind::Number { .. } | LiteralKind::Word(_) | LiteralKind::Text(_) => "number".to_owned(),
        LiteralKind::Percent { .. } => "percent".to_owned(),
        LiteralKind::Money { currency, .. } => format!("money in {currency}"),
        LiteralKind::Date(_) => "date".to_owned(),
    };
    finding.at(field.span, "declared as `text` here").help(format!(
        "declare it as `{ty}`: `{} {ty}`; if its texts are compared, put this in quotes: `{spelling}`",
        field.name
    ))
}

/// What a percentage is as a number: `` `20%` is 0.2 ``.
fn as_number(literal: &LiteralKind) -> String {
    match literal {
        LiteralKind::Percent { negative, number } => {
            format!("`{}` is {}", shown(literal), literal::signed(*negative, &literal::hundredth(&number.value)))
        }
        LiteralKind::Word(_)
        | LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Money { .. }
        | LiteralKind::Date(_) => "a percentage is compared with percentages".to_owned(),
    }
}

/// A literal of another kind altogether.
fn kind_clash(scope: &Scope, literal: &LiteralKind, ty: &Ty, clash: impl Fn(Code) -> Diagnostic) -> Diagnostic {
    let elsewhere = match literal {
        LiteralKind::Word(word) => value_elsewhere(scope, word),
        LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Percent { .. }
        | LiteralKind::Money { .. }
        | LiteralKind::Date(_) => None,
    };
    let code = if literal::kind_of(literal) == Kind::Text { Code::P0301 } else { Code::P0300 };
    match elsewhere.or_else(|| wanted(ty)) {
        Some(help) => clash(code).help(help),
        None => clash(code),
    }
}

/// What may stand beside a value of this type.
fn wanted(ty: &Ty) -> Option<String> {
    if let Some(choices) = choices(ty) {
        return Some(format!("its values are {}", listing(choices.values.iter().map(String::as_str))));
    }
    match kind(ty) {
        Kind::Number => Some("write a number, such as `3`".to_owned()),
        Kind::Percent => Some("write a percentage, such as `20%`".to_owned()),
        Kind::Money(Currency::USD) => Some("write an amount, such as `$5000`".to_owned()),
        Kind::Money(currency) => Some(format!("write an amount, such as `{currency} 5000`")),
        Kind::YesNo => Some("write `yes` or `no`".to_owned()),
        Kind::Day => Some("write a date, such as `2026-10-01`".to_owned()),
        Kind::Instant => Some("write a date, such as `2026-10-01`, or one with a time: `2026-10-01 09:30`".to_owned()),
        Kind::Text | Kind::Choice | Kind::Set | Kind::Broken => None,
    }
}

/// A word or a text that is none of the values of a closed set.
fn unlisted(scope: &Scope, literal: &LiteralKind, span: Span, words: &str, choices: &Choices) -> Diagnostic {
    let word = match literal {
        LiteralKind::Word(word) | LiteralKind::Text(word) => word.as_str(),
        LiteralKind::Number { .. } | LiteralKind::Percent { .. } | LiteralKind::Money { .. } | LiteralKind::Date(_) => {
            ""
        }
    };
    no_such_value(scope, word, span, words, choices)
}

/// A word that is none of the values of a closed set: what was probably meant, else what the values are.
pub(super) fn no_such_value(scope: &Scope, word: &str, span: Span, words: &str, choices: &Choices) -> Diagnostic {
    if word == "other" && choices.other {
        return no_rank(span, words);
    }
    let finding =
        Diagnostic::new(Code::P0251, format!("{words} has no value `{word}`")).at(span, "not one of its values");
    let values = || choices.values.iter().map(String::as_str);
    if let Some(near) = did_you_mean(word, values()) {
        let near = kinds::spelt(near);
        return finding.help(format!("did you mean `{near}`?")).fix(span, near);
    }
    if word == "other" {
        return finding.help(format!("{words} takes no other values; add `or other` to its type"));
    }
    let list = format!("its values are {}", listing(values()));
    match value_elsewhere(scope, word) {
        Some(help) => finding.help(format!("{list}; {help}")),
        None => finding.help(list),
    }
}

/// `other` where a value with a rank is needed.
pub(super) fn no_rank(span: Span, words: &str) -> Diagnostic {
    Diagnostic::new(Code::P0303, "`other` has no rank: it is any value outside of the list")
        .at(span, "not more or less than anything")
        .help(format!("ask `{} is other`", proposed(words)))
}

/// A word beside yes or no, or a value outside of the values of a set.
fn not_in_set(literal: &LiteralKind, span: Span, target: Target<'_>) -> Diagnostic {
    let text = shown(literal);
    let word = match literal {
        LiteralKind::Word(word) | LiteralKind::Text(word) => word.as_str(),
        LiteralKind::Number { .. } | LiteralKind::Percent { .. } | LiteralKind::Money { .. } | LiteralKind::Date(_) => {
            ""
        }
    };
    match target.ty {
        Ty::Is(Type::Set(values)) => {
            let finding = Diagnostic::new(Code::P0251, format!("{} has no value `{word}`", target.words))
                .at(span, "not one of its values");
            match did_you_mean(word, values.iter().map(String::as_str)).map(kinds::spelt) {
                Some(near) => finding.help(format!("did you mean `{near}`?")).fix(span, near),
                None => finding.help(format!("its values are {}", listing(values.iter().map(String::as_str)))),
            }
        }
        Ty::Is(_) | Ty::Grade(..) | Ty::Stage(_) | Ty::Broken => {
            let finding = Diagnostic::new(Code::P0251, format!("{} is yes or no, never `{text}`", target.words))
                .at(span, "neither yes nor no");
            match word.to_lowercase().as_str() {
                "yes" | "y" | "true" | "on" => finding.help("write `yes`").fix(span, "yes"),
                "no" | "n" | "false" | "off" => finding.help("write `no`").fix(span, "no"),
                _ => finding.help("write `yes` or `no`"),
            }
        }
    }
}

/// An amount in another currency.
fn currencies(words: &str, own: Currency, text: &str, span: Span, literal: &LiteralKind) -> Diagnostic {
    let other = literal::money(literal).map_or_else(String::new, |(currency, _)| currency.to_string());
    Diagnostic::new(Code::P0305, format!("{words} is in {own}, `{text}` is in {other}"))
        .at(span, format!("in {other}"))
        .help(format!("there are no exchange rates in a policy: write the amount in {own}"))
}

/// A fraction where a whole number is needed.
pub(super) fn fraction(text: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::P0371, format!("`{text}` is not a whole number"))
        .at(span, "has a fraction")
        .help("write a number without a fraction, or declare the field as `number`")
}

/// What a literal is: `a number`.
pub(super) fn called(literal: &LiteralKind) -> String {
    match literal {
        LiteralKind::Word(_) => "a word".to_owned(),
        LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Percent { .. }
        | LiteralKind::Money { .. }
        | LiteralKind::Date(_) => literal::kind_of(literal).called(),
    }
}
