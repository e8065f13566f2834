//! Types as they are spoken of: what they are called in messages, which belong together, and a test that fits each.

use super::scope::Ty;
use crate::types::{Choices, Currency, Number, Type};

/// The most values of a closed set that a message lists.
const LISTED: usize = 12;

/// What matters of a type when two values stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Texts.
    Text,
    /// Plain numbers, whole or not.
    Number,
    /// Percentages.
    Percent,
    /// Amounts in a currency.
    Money(Currency),
    /// Yes or no.
    YesNo,
    /// Days.
    Day,
    /// Instants.
    Instant,
    /// One value of a closed set; a grade and the stage too.
    Choice,
    /// Several values of a closed set.
    Set,
    /// Unknown, because something was wrong already.
    Broken,
}

/// The kind of a type.
pub(super) fn kind(ty: &Ty) -> Kind {
    match ty {
        Ty::Is(ty) => match ty {
            Type::Text => Kind::Text,
            Type::Number | Type::WholeNumber => Kind::Number,
            Type::Percent => Kind::Percent,
            Type::Money(currency) => Kind::Money(*currency),
            Type::YesNo => Kind::YesNo,
            Type::Date => Kind::Day,
            Type::DateTime => Kind::Instant,
            Type::Choice(_) => Kind::Choice,
            Type::Set(_) => Kind::Set,
        },
        Ty::Grade(..) | Ty::Stage(_) => Kind::Choice,
        Ty::Broken => Kind::Broken,
    }
}

impl Kind {
    /// Whether it can be calculated with.
    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Kind::Number | Kind::Percent | Kind::Money(_))
    }

    /// Whether it is a time.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Kind::Day | Kind::Instant)
    }

    /// `a number`, as it stands behind `is`.
    pub(super) fn called(self) -> String {
        match self {
            Kind::Text => "a text".to_owned(),
            Kind::Number => "a number".to_owned(),
            Kind::Percent => "a percentage".to_owned(),
            Kind::Money(currency) => format!("an amount of money in {currency}"),
            Kind::YesNo => "yes or no".to_owned(),
            Kind::Day => "a date".to_owned(),
            Kind::Instant => "a date with a time".to_owned(),
            Kind::Choice => "one of the values in its list".to_owned(),
            Kind::Set => "several of the values in its list".to_owned(),
            Kind::Broken => "not known".to_owned(),
        }
    }
}

/// `a number`, as it stands behind `is`; says which grade, and that it is the stage.
pub(super) fn called(ty: &Ty) -> String {
    match ty {
        Ty::Grade(..) => "a grade".to_owned(),
        Ty::Stage(_) => "the stage".to_owned(),
        Ty::Is(_) | Ty::Broken => kind(ty).called(),
    }
}

/// The closed set that a value of this type is one of.
pub(super) fn choices(ty: &Ty) -> Option<&Choices> {
    match ty {
        Ty::Is(Type::Choice(choices)) | Ty::Grade(_, choices) | Ty::Stage(choices) => Some(choices),
        Ty::Is(_) | Ty::Broken => None,
    }
}

/// The type as fields and constants have it.
pub(super) fn plain(ty: &Ty) -> Option<Type> {
    match ty {
        Ty::Is(ty) => Some(ty.clone()),
        Ty::Grade(_, choices) | Ty::Stage(choices) => Some(Type::Choice(choices.clone())),
        Ty::Broken => None,
    }
}

/// A value of a closed set as a policy spells it: bare when it looks like a name, else in quotes.
pub(super) fn spelt(value: &str) -> String {
    let mut chars = value.chars();
    let letter = |c: char| c.is_alphabetic() || c == '_';
    let bare = chars.next().is_some_and(letter) && chars.all(|c| letter(c) || c.is_numeric());
    if bare { value.to_owned() } else { quoted(value) }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Values for a message: `` `A`, `B` and `C` ``, only the first few of many.
pub(super) fn listing<'a>(values: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = values.len();
    let shown: Vec<String> = values.take(LISTED).map(|v| format!("`{}`", spelt(v))).collect();
    match (count - shown.len(), shown.split_last()) {
        (0, Some((last, []))) => last.clone(),
        (0, Some((last, rest))) => format!("{} and {last}", rest.join(", ")),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A number of this type as a policy writes it: `5`, `20%`, `EUR 500`.
pub(super) fn number(value: &Number, ty: &Type) -> String {
    match ty {
        Type::Percent => format!("{}%", value * &Number::from(100)),
        Type::Money(Currency::USD) if value.is_negative() => format!("-${}", value.abs()),
        Type::Money(Currency::USD) => format!("${value}"),
        Type::Money(currency) if value.is_negative() => format!("-{currency} {}", value.abs()),
        Type::Money(currency) => format!("{currency} {value}"),
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::YesNo
        | Type::Date
        | Type::DateTime
        | Type::Choice(_)
        | Type::Set(_) => value.to_string(),
    }
}

/// A condition that asks something of a value of this type, to show how that is written.
pub(super) fn example(words: &str, ty: &Ty) -> String {
    let first = |values: &[String]| values.first().map_or_else(String::new, |v| spelt(v));
    match ty {
        Ty::Is(Type::Text) => format!("{words} is known"),
        Ty::Is(Type::Number | Type::WholeNumber) => format!("{words} >= 1"),
        Ty::Is(Type::Percent) => format!("{words} >= 20%"),
        Ty::Is(Type::Money(_)) => format!("{words} > 0"),
        Ty::Is(Type::YesNo) => format!("{words} is yes"),
        Ty::Is(Type::Date | Type::DateTime) => format!("{words} in the last 30 days"),
        Ty::Is(Type::Choice(choices)) => format!("{words} is {}", first(&choices.values)),
        Ty::Is(Type::Set(values)) => format!("{words} has any of [{}]", first(values)),
        Ty::Grade(_, choices) | Ty::Stage(choices) => {
            format!("{words} is {}", choices.values.last().map_or_else(String::new, |v| spelt(v)))
        }
        Ty::Broken => format!("{words} is known"),
    }
}
