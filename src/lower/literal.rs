//! Literals: a written value as a value of the type that its place asks for, or why it is none.

use jiff::civil::Date;

use super::kinds::{Kind, kind, quoted};
use super::misfit::{self, Misfit};
use super::scope::{Scope, Ty};
use super::time;
use crate::ir::TestTime;
use crate::source::Span;
use crate::syntax::ast::{self, DateLit, Expr, ExprKind, LiteralKind, Loc, NumberLit};
use crate::types::{Choices, Currency, Number, Type, Value};

/// What a literal is compared with, or given to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    /// The type that it must have.
    pub(super) ty: &'a Ty,
    /// What it stands beside or is given to, for messages: `` `need` ``.
    pub(super) words: &'a str,
    /// Whether it is compared with it.
    pub(super) compared: bool,
}

/// A literal as a value of a field of this type; none when it is not one, which is reported. Here values are data, not
/// conditions: a text in quotes may be any value of a type with `or other`.
pub(super) fn literal(scope: &mut Scope, literal: &ast::Literal, field: &str, ty: &Type) -> Option<Value> {
    let (span, words) = (literal.loc.0, format!("`{field}`"));
    if let (Type::Choice(Choices { other: true, values, .. }), LiteralKind::Text(text)) = (ty, &literal.kind)
        && !values.contains(text)
    {
        return Some(Value::Other(text.clone()));
    }
    let whole = Ty::Is(ty.clone());
    match fit(scope, &literal.kind, &whole) {
        Ok(Value::Number(number)) if *ty == Type::WholeNumber && !number.is_whole() => {
            scope.report(misfit::fraction(&shown(&literal.kind), span));
            None
        }
        Ok(value) => Some(value),
        Err(why) => {
            let finding = misfit::finding(
                scope,
                &literal.kind,
                span,
                Target { ty: &whole, words: &words, compared: false },
                &why,
            );
            scope.report(finding);
            None
        }
    }
}

/// A literal beside something of a known type, in a condition; none when it does not fit, which is reported.
pub(super) fn constant(scope: &mut Scope, kind: &LiteralKind, span: Span, target: Target<'_>) -> Option<Value> {
    match fit(scope, kind, target.ty) {
        Ok(value) => Some(value),
        Err(why) => {
            let finding = misfit::finding(scope, kind, span, target, &why);
            scope.report(finding);
            None
        }
    }
}

/// A literal as a value of this type, or why it is none. A closed set takes only its own values.
pub(super) fn fit(scope: &Scope, literal: &LiteralKind, ty: &Ty) -> Result<Value, Misfit> {
    match ty {
        Ty::Is(Type::Choice(choices)) | Ty::Grade(_, choices) | Ty::Stage(choices) => {
            fit_choice(literal, choices).map(Value::Choice)
        }
        Ty::Is(Type::Set(values)) => {
            let choices = Choices { values: values.clone(), ranked: false, other: false };
            fit_choice(literal, &choices).map(|position| Value::Set([position].into()))
        }
        Ty::Is(plain) => fit_plain(scope, literal, plain),
        Ty::Broken => Err(Misfit::Silent),
    }
}

fn fit_choice(literal: &LiteralKind, choices: &Choices) -> Result<usize, Misfit> {
    match literal {
        LiteralKind::Word(text) | LiteralKind::Text(text) => choices.position(text).ok_or(Misfit::Unlisted),
        LiteralKind::Number { .. } | LiteralKind::Percent { .. } | LiteralKind::Money { .. } | LiteralKind::Date(_) => {
            let text = shown(literal);
            Err(if choices.position(&text).is_some() { Misfit::Spelling(quoted(&text)) } else { Misfit::Kind })
        }
    }
}

/// Everything but closed sets.
fn fit_plain(scope: &Scope, literal: &LiteralKind, ty: &Type) -> Result<Value, Misfit> {
    match (kind(&Ty::Is(ty.clone())), literal) {
        (Kind::Text, LiteralKind::Word(text) | LiteralKind::Text(text)) => Ok(Value::Text(text.clone())),
        (Kind::Text, _) => Err(Misfit::Spelling(quoted(&shown(literal)))),
        (Kind::YesNo, LiteralKind::Word(word)) => yes_or_no(word).map(Value::YesNo).ok_or(Misfit::Unlisted),
        (Kind::Number | Kind::Money(_), LiteralKind::Number { negative, number }) => {
            Ok(Value::Number(signed(*negative, &number.value)))
        }
        (Kind::Percent, LiteralKind::Percent { negative, number }) => {
            Ok(Value::Number(signed(*negative, &hundredth(&number.value))))
        }
        (Kind::Money(own), LiteralKind::Money { negative, currency, number, .. }) => {
            if *currency == own {
                Ok(Value::Number(signed(*negative, &number.value)))
            } else {
                Err(Misfit::Currency(own))
            }
        }
        (Kind::Percent, LiteralKind::Number { .. }) => Err(Misfit::NeedsPercent),
        (Kind::Number | Kind::Money(_), LiteralKind::Percent { .. }) => Err(Misfit::IsPercent),
        (Kind::Day, LiteralKind::Date(date)) => match time::read(scope, date).map_err(Misfit::NoSuchTime)? {
            TestTime::Day(day) => Ok(Value::Date(day)),
            TestTime::Instant(_) => Err(Misfit::TimeOfDay),
        },
        (Kind::Instant, LiteralKind::Date(date)) => match time::read(scope, date).map_err(Misfit::NoSuchTime)? {
            TestTime::Day(day) => time::start_of_day(scope, day).map(Value::DateTime).ok_or(Misfit::Kind),
            TestTime::Instant(instant) => Ok(Value::DateTime(instant)),
        },
        (_, LiteralKind::Text(text)) => Err(unquoted(text, ty).map_or(Misfit::Kind, Misfit::Spelling)),
        (Kind::Broken, _) => Err(Misfit::Silent),
        (
            Kind::YesNo
            | Kind::Number
            | Kind::Money(_)
            | Kind::Percent
            | Kind::Day
            | Kind::Instant
            | Kind::Choice
            | Kind::Set,
            _,
        ) => Err(Misfit::Kind),
    }
}

/// A text without its quotes, when that is a literal of the type: `"3"` beside a number.
fn unquoted(text: &str, ty: &Type) -> Option<String> {
    let text = text.trim();
    let fits = match ty {
        Type::Number | Type::WholeNumber | Type::Money(_) => Number::parse_decimal(text).is_ok(),
        Type::Percent => text.strip_suffix('%').is_some_and(|n| Number::parse_decimal(n).is_ok()),
        Type::YesNo => yes_or_no(text).is_some(),
        Type::Date | Type::DateTime => text.parse::<Date>().is_ok(),
        Type::Text | Type::Choice(_) | Type::Set(_) => false,
    };
    fits.then(|| text.to_owned())
}

/// The text of a cell as the literal that it would be beside something of this kind; a text when it is none.
pub(super) fn of_cell(cell: &str, kind: Kind) -> LiteralKind {
    let text = || LiteralKind::Text(cell.to_owned());
    let number = |digits: &str| {
        let value = Number::parse_decimal(digits).ok()?;
        Some(NumberLit { text: digits.to_owned(), value, loc: Loc::default() })
    };
    let literal = match kind {
        Kind::Number | Kind::Money(_) => number(cell).map(|number| LiteralKind::Number { negative: false, number }),
        Kind::Percent => number(cell.strip_suffix('%').unwrap_or(cell).trim_end())
            .map(|number| LiteralKind::Percent { negative: false, number }),
        Kind::YesNo => Some(LiteralKind::Word(cell.to_owned())),
        Kind::Day | Kind::Instant => cell
            .parse::<Date>()
            .is_ok()
            .then(|| LiteralKind::Date(DateLit { text: cell.to_owned(), loc: Loc::default() })),
        Kind::Text | Kind::Choice | Kind::Set | Kind::Broken => None,
    };
    literal.unwrap_or_else(text)
}

/// The words for yes and no.
pub(super) fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// A literal that stands in an expression, perhaps in parentheses or with a minus; a minus is taken into it.
pub(super) fn in_expr(expr: &Expr) -> Option<LiteralKind> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some(literal.clone()),
        ExprKind::Paren(inner) => in_expr(inner),
        ExprKind::Negative(inner) => in_expr(inner).and_then(negated),
        ExprKind::Name(_)
        | ExprKind::Arithmetic { .. }
        | ExprKind::DomainOf(_)
        | ExprKind::Test { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Quantified { .. }
        | ExprKind::Broken => None,
    }
}

fn negated(literal: LiteralKind) -> Option<LiteralKind> {
    match literal {
        LiteralKind::Number { negative, number } => Some(LiteralKind::Number { negative: !negative, number }),
        LiteralKind::Percent { negative, number } => Some(LiteralKind::Percent { negative: !negative, number }),
        LiteralKind::Money { negative, currency, dollar_sign, number } => {
            Some(LiteralKind::Money { negative: !negative, currency, dollar_sign, number })
        }
        LiteralKind::Word(_) | LiteralKind::Text(_) | LiteralKind::Date(_) => None,
    }
}

/// A literal that stands alone, with the type that it has by itself. None when it has none: a word, or a time that does not
/// exist, which is reported.
pub(super) fn natural(scope: &mut Scope, literal: &LiteralKind, span: Span) -> Option<(Value, Type)> {
    let ty = match literal {
        LiteralKind::Word(_) => return None,
        LiteralKind::Text(_) => Type::Text,
        LiteralKind::Number { number, .. } if number.value.is_whole() => Type::WholeNumber,
        LiteralKind::Number { .. } => Type::Number,
        LiteralKind::Percent { .. } => Type::Percent,
        LiteralKind::Money { currency, .. } => Type::Money(*currency),
        LiteralKind::Date(date) => time::type_of(date),
    };
    let whole = Ty::Is(ty.clone());
    let value = constant(scope, literal, span, Target { ty: &whole, words: "this", compared: false })?;
    Some((value, ty))
}

/// A literal as it was written.
pub(super) fn shown(literal: &LiteralKind) -> String {
    let sign = |negative: &bool| if *negative { "-" } else { "" };
    match literal {
        LiteralKind::Word(word) => word.clone(),
        LiteralKind::Text(text) => quoted(text),
        LiteralKind::Number { negative, number } => format!("{}{}", sign(negative), number.text),
        LiteralKind::Percent { negative, number } => format!("{}{}%", sign(negative), number.text),
        LiteralKind::Money { negative, dollar_sign: true, number, .. } => format!("{}${}", sign(negative), number.text),
        LiteralKind::Money { negative, currency, number, .. } => {
            format!("{}{currency} {}", sign(negative), number.text)
        }
        LiteralKind::Date(date) => date.text.clone(),
    }
}

/// What kind of value a literal is by itself.
pub(super) fn kind_of(literal: &LiteralKind) -> Kind {
    match literal {
        LiteralKind::Word(_) | LiteralKind::Text(_) => Kind::Text,
        LiteralKind::Number { .. } => Kind::Number,
        LiteralKind::Percent { .. } => Kind::Percent,
        LiteralKind::Money { currency, .. } => Kind::Money(*currency),
        LiteralKind::Date(date) => kind(&Ty::Is(time::type_of(date))),
    }
}

/// A number with its sign.
pub(super) fn signed(negative: bool, number: &Number) -> Number {
    if negative { -number } else { number.clone() }
}

/// What so many percent are.
pub(super) fn hundredth(number: &Number) -> Number {
    number.checked_div(&Number::from(100)).unwrap_or_else(Number::zero)
}

/// The currency that a literal names, with the amount.
pub(super) fn money(literal: &LiteralKind) -> Option<(Currency, &NumberLit)> {
    match literal {
        LiteralKind::Money { currency, number, .. } => Some((*currency, number)),
        LiteralKind::Word(_)
        | LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Percent { .. }
        | LiteralKind::Date(_) => None,
    }
}
