//! From what a column shows to what a person would write for it: a type, and remarks on what only a person can decide.

use std::collections::HashMap;

use crate::ir::NumberForm;
use crate::types::{Currency, Number, Type, thousands};

use super::candidate::{DayOrder, Kind, timed};
use super::names::words;
use super::order::order;
use super::survey::{Column, MOST_WORDS, is_blank_word};

/// The most values that a closed set is written with.
const MOST_CHOICES: usize = 20;

/// What is written for a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    /// The type with its options, in the language: `whole number from 0`.
    pub(super) ty: String,
    /// What was seen, in a few words: `0 to 18`.
    pub(super) seen: Option<String>,
    /// What a person should decide, each a sentence.
    pub(super) remarks: Vec<String>,
    /// Whether it looks like something that is known only after the decision.
    pub(super) outcome: bool,
    /// What a first rule could ask of it, and how good an example that is.
    pub(super) example: Option<(Example, String)>,
}

/// How good an example a condition is for a first rule: the first of a kind that comes up is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Example {
    /// The upper end of a ranked set.
    Ranked,
    /// A number that is not small.
    Number,
    /// A value of a closed set.
    Value,
}

/// The guess for a column; `id` says that it names the lead.
pub(super) fn guess(column: &Column, id: bool) -> Guess {
    let mut guess = if id { plain("id") } else { typed(column) };
    if id {
        return guess;
    }
    if is_personal(column) && guess.ty != "yes or no" {
        // A policy is for many eyes: none of its values may stand there.
        let names_values = guess.ty.contains(['[', '"']);
        let ty = if names_values { "text" } else { guess.ty.as_str() };
        let remark = "looks personal: its values are never shown; take `personal` out if they may be";
        let own = same_but_for_case(column);
        let others = guess.remarks.into_iter().filter(|other| !names_values && Some(other) != own.as_ref());
        guess = Guess { remarks: others.chain([remark.to_owned()]).collect(), ..plain(&format!("{ty}, personal")) };
    }
    guess.outcome = is_outcome(&column.header);
    guess
}

fn plain(ty: &str) -> Guess {
    Guess { ty: ty.to_owned(), seen: None, remarks: Vec::new(), outcome: false, example: None }
}

fn typed(column: &Column) -> Guess {
    if column.filled == 0 {
        return Guess { seen: Some("always blank".to_owned()), ..plain("text") };
    }
    if column.lists > 0 {
        return of_lists(column);
    }
    match settled(column) {
        Settled::Type(kind) => {
            let would_be = of_kind(column, &kind);
            let markers: Vec<&String> = match kind {
                Kind::YesNo => column.blank_words.keys().collect(),
                _ => column.blank_words.keys().chain(column.words.keys()).collect(),
            };
            if markers.is_empty() {
                return would_be;
            }
            let (is, blanks) = if markers.len() == 1 { ("is", "a blank") } else { ("are", "blanks") };
            let remark =
                format!("if {} {is} {blanks}, write `{}, {}`", quoted(&markers), would_be.ty, blank_when(&markers));
            Guess { remarks: vec![remark], ..if kind == Kind::YesNo { of_text(column) } else { plain("text") } }
        }
        Settled::Ambiguous(one, other) => {
            let mut guess = plain("text");
            guess.remarks.push(format!("write the one that is meant: `{one}` or `{other}`"));
            guess
        }
        Settled::Text => {
            let mut guess = of_text(column);
            if let Some(remark) = nearly(column) {
                guess = Guess { remarks: vec![remark], ..plain("text") };
            }
            guess.remarks.extend(same_but_for_case(column));
            let markers: Vec<&String> = column.blank_words.keys().collect();
            if !markers.is_empty() {
                let like = if markers.len() == 1 { "looks like a blank" } else { "look like blanks" };
                let cells = count(column.blank_words.values().sum(), "cell");
                guess.remarks.push(format!(
                    "{} ({cells}) {like}: if so, add `{}`",
                    quoted(&markers),
                    blank_when(&markers)
                ));
            }
            guess
        }
    }
}

/// A remark on a column of which all but a few cells are numbers or times.
fn nearly(column: &Column) -> Option<String> {
    let few = |misfits: u64| misfits > 0 && misfits * 100 <= column.filled;
    let near = column.candidates.iter().flatten().find(|c| {
        c.needed
            && few(c.misfits)
            && column.words.is_empty()
            && !matches!(c.kind, Kind::Form(..))
            && column.leading_zeros == 0
    })?;
    let would_be = of_kind(column, &near.kind).ty;
    let are = if near.misfits == 1 { "is" } else { "are" };
    let cells = count(near.misfits, "cell");
    Some(format!("{cells} {are} not `{would_be}`: to count them as missing, write `{would_be}, else missing`"))
}

/// A remark on values that only case tells apart.
fn same_but_for_case(column: &Column) -> Option<String> {
    let values = column.values.as_ref().filter(|values| values.len() <= MOST_CHOICES)?;
    let mut seen: HashMap<String, &String> = HashMap::new();
    let (one, other) = values
        .keys()
        .filter(|v| !is_blank_word(v))
        .find_map(|v| seen.insert(v.to_lowercase(), v).map(|before| (before, v)))?;
    Some(format!("if \"{one}\" and \"{other}\" are the same, keep one of them and add `ignoring case`"))
}

enum Settled {
    Type(Kind),
    Ambiguous(String, String),
    Text,
}

/// Which of the candidates that are left a person would choose.
fn settled(column: &Column) -> Settled {
    let words = words(&column.header);
    let has = |hints: &[&str]| words.iter().any(|w| hints.contains(&w.as_str()));
    let flag =
        has(&["is", "has", "opt", "opted", "flag", "consent", "allowed", "subscribed", "converted", "active", "not"]);
    if column.yes_no.fits() && (flag || !is_ones_and_zeros(column)) {
        return Settled::Type(Kind::YesNo);
    }
    let worded: u64 = column.words.values().sum();
    if column.words.len() > MOST_WORDS || worded * 2 > column.filled || column.leading_zeros > 0 {
        return Settled::Text;
    }
    let left: Vec<_> = column.candidates.iter().flatten().filter(|c| c.fits()).map(|c| &c.kind).collect();
    let numeric = |k: &&Kind| matches!(k, Kind::WholeNumber | Kind::Number);
    let label = has(&["zip", "postal", "postcode", "plz", "phone", "mobile", "fax", "id", "code", "sku"]);
    if label && left.iter().any(numeric) {
        return Settled::Text;
    }
    let Some(first) = left.first() else { return Settled::Text };
    let order_of = |k: &Kind| match k {
        Kind::Strftime(_, when) => Some(*when),
        _ => None,
    };
    let other = left.iter().skip(1).find(|k| match (first, k) {
        (Kind::Strftime(..), Kind::Strftime(..)) => order_of(first) != order_of(k),
        (Kind::Form(a, _), Kind::Form(b, _)) => a.point != b.point,
        _ => false,
    });
    match other {
        Some(other) => Settled::Ambiguous(of_kind(column, first).ty, of_kind(column, other).ty),
        None => Settled::Type((*first).clone()),
    }
}

/// Whether all numbers are 0 or 1, which may be a count or a flag.
fn is_ones_and_zeros(column: &Column) -> bool {
    column.told_values().is_some_and(|values| values.iter().all(|v| matches!(*v, "0" | "1")))
}

fn of_kind(column: &Column, kind: &Kind) -> Guess {
    match kind {
        Kind::YesNo => plain("yes or no"),
        Kind::Percent => plain("percent"),
        Kind::Date => plain("date"),
        Kind::DateTime => plain("date and time"),
        Kind::Strftime(pattern, DayOrder::DayFirst | DayOrder::MonthFirst | DayOrder::Plain) => {
            let ty = if timed(pattern) == Type::Date { "date" } else { "date and time" };
            plain(&format!("{ty}, written as \"{pattern}\""))
        }
        Kind::Form(form, currency) => of_form(form, *currency),
        Kind::WholeNumber if is_epoch(column) => plain("date and time, written as epoch milliseconds"),
        Kind::WholeNumber | Kind::Number => {
            let currency = words(&column.header).iter().find_map(|w| {
                ["usd", "eur", "gbp", "chf"].contains(&w.as_str()).then(|| format!("money in {}", w.to_uppercase()))
            });
            let plain = if *kind == Kind::Number { "number" } else { "whole number" };
            of_number(column, currency.as_deref().unwrap_or(plain))
        }
    }
}

fn of_form(form: &NumberForm, currency: Option<Currency>) -> Guess {
    let ty = currency.map_or("number".to_owned(), |c| format!("money in {c}"));
    let group = form.group.map(String::from).unwrap_or_default();
    plain(&format!("{ty}, written as \"{}1{group}234{}56{}\"", form.prefix, form.point, form.suffix))
}

/// Whether all numbers are milliseconds since 1970 of the years 2000 to 2100.
fn is_epoch(column: &Column) -> bool {
    let (year_2000, year_2100) = (Number::from(946_684_800_000), Number::from(4_102_444_800_000));
    column.blank_numbers.is_empty()
        && column.numbers.as_ref().is_some_and(|(low, high)| *low >= year_2000 && *high < year_2100)
}

fn of_number(column: &Column, ty: &str) -> Guess {
    let sentinels = sentinels(column);
    let told_twice: Vec<Number> =
        column.blank_numbers.keys().filter(|n| !sentinels.contains(n)).filter_map(|n| n.parse().ok()).collect();
    let numbers = column.numbers.iter().flat_map(|(low, high)| [low.clone(), high.clone()]).chain(told_twice);
    let (low, high) = numbers.fold((None, None), |(low, high): (Option<Number>, Option<Number>), n| {
        (Some(low.map_or(n.clone(), |l| l.min(n.clone()))), Some(high.map_or(n.clone(), |h| h.max(n.clone()))))
    });
    let any_negative =
        column.blank_numbers.keys().any(|n| n.starts_with('-')) || low.as_ref().is_some_and(Number::is_negative);
    let scale = scale_top(column, high.as_ref()).filter(|_| sentinels.is_empty());
    let from = if any_negative { "" } else { " from 0" };
    let to = scale.map(|top| format!(" to {top}")).filter(|_| !any_negative).unwrap_or_default();
    let seen = match (&low, &high) {
        (Some(low), Some(high)) if low == high => Some(low.to_string()),
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        _ => None,
    };
    let flag = is_ones_and_zeros(column).then(|| "only 0 and 1: if they mean no and yes, write `yes or no`".to_owned());
    let remarks = sentinels
        .iter()
        .map(|n| {
            let cells = column.blank_numbers.get(*n).copied().unwrap_or(0);
            format!("`{n}` ({}) looks like a blank: if so, add `blank when {n}`", count(cells, "cell"))
        })
        .chain(flag)
        .collect();
    let example = high.filter(|h| !any_negative && !h.is_zero()).map(|h| {
        let half = h.checked_div(&Number::from(2)).map_or(h, |n| n.floor());
        (Example::Number, format!(">= {half}"))
    });
    Guess { seen, remarks, example, ..plain(&format!("{ty}{from}{to}")) }
}

/// The numbers that look like blanks: well outside of all others, and not alone.
fn sentinels(column: &Column) -> Vec<&String> {
    let others = column.numbers.as_ref();
    let outside = |n: &Number| match others {
        None => false,
        Some((low, _)) if n.is_negative() => !low.is_negative(),
        Some((_, high)) => *n > high * &Number::from(3),
    };
    column
        .blank_numbers
        .iter()
        .filter(|(text, cells)| **cells >= 2 && text.parse().is_ok_and(|n| outside(&n)))
        .map(|(text, _)| text)
        .collect()
}

/// The top of the scale that the numbers are answers on: all of 0 or 1 up to 3, 4, 5 or 10 occur and nothing else.
fn scale_top(column: &Column, high: Option<&Number>) -> Option<i64> {
    let top = high?.to_i64().filter(|top| [3, 4, 5, 10].contains(top))?;
    let values = column.told_values()?;
    let all_from_1 = (1..=top).all(|n| values.contains(&n.to_string().as_str()));
    let rated = words(&column.header).iter().any(|w| {
        ["need", "rating", "score", "fit", "interest", "priority", "stars", "urgency", "scale"].contains(&w.as_str())
    });
    (all_from_1 && rated).then_some(top)
}

/// Whether no type fits all its cells: some are JSON objects, or only some are lists.
pub(super) fn is_unreadable(column: &Column) -> bool {
    let fits = |item: &String| !item.contains(char::is_control);
    let few = column.values.as_ref().is_some_and(|items| items.len() <= MOST_CHOICES && items.keys().all(fits));
    column.unreadable > 0 || (column.lists > 0 && (column.lists < column.filled || !few))
}

fn of_lists(column: &Column) -> Guess {
    let items = column.values.iter().flatten().map(|(item, _)| item.clone()).filter(|item| !item.is_empty());
    plain(&format!("any of [{}]", written(&order(items.collect()).values, ", ")))
}

fn of_text(column: &Column) -> Guess {
    let Some(values) = &column.values else { return plain("text") };
    let several = column.semicolons * 20 >= column.filled && column.semicolons > 1;
    if several {
        let mut parts: Vec<String> =
            values.keys().flat_map(|v| v.split(';')).map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect();
        parts.sort();
        parts.dedup();
        if parts.len() <= MOST_CHOICES && parts.iter().all(|p| !p.contains(char::is_control)) {
            let list = written(&order(parts).values, ", ");
            return plain(&format!("any of [{list}], separated by \";\""));
        }
        return plain("text");
    }
    let label =
        words(&column.header).iter().any(|w| ["id", "name", "email", "phone", "url", "code"].contains(&w.as_str()));
    let repeated = column.filled >= 2 * values.len() as u64 || values.len() <= 3 && column.filled > values.len() as u64;
    let short = values.keys().all(|v| v.chars().count() <= 60 && !v.contains(char::is_control));
    if values.len() > MOST_CHOICES || label || !repeated || !short {
        return plain("text");
    }
    let ordered = order(values.keys().filter(|v| !is_blank_word(v)).cloned().collect());
    let one = |value: Option<&String>| value.map(|v| written(std::slice::from_ref(v), ""));
    if ordered.ranked {
        let example = one(ordered.values.iter().rev().nth(1)).map(|v| (Example::Ranked, format!(">= {v}")));
        return Guess { example, ..plain(&format!("ranked [{}] or other", written(&ordered.values, " < "))) };
    }
    let example = one(ordered.values.first()).map(|v| (Example::Value, format!("is {v}")));
    Guess { example, ..plain(&format!("one of [{}] or other", written(&ordered.values, ", "))) }
}

/// Values as the language writes them: bare when they look like a name, else quoted.
fn written(values: &[String], between: &str) -> String {
    let one = |value: &String| {
        let bare = value.starts_with(char::is_alphabetic)
            && value.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !["other", "missing", "and", "or", "not"].contains(&value.as_str());
        if bare { value.clone() } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) }
    };
    values.iter().map(one).collect::<Vec<_>>().join(between)
}

fn quoted(values: &[&String]) -> String {
    values.iter().map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(", ")
}

fn blank_when(markers: &[&String]) -> String {
    if let [one] = markers { format!("blank when \"{one}\"") } else { format!("blank when [{}]", quoted(markers)) }
}

/// A count with its noun: `1 cell`, `1,234 cells`.
pub(super) fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(&n.to_string()), if n == 1 { "" } else { "s" })
}

/// Words of headers whose columns are about somebody: by what one is called, how one is reached, who one is.
const PERSONAL: [&[&str]; 4] = [
    &[
        "firstname",
        "lastname",
        "fullname",
        "surname",
        "forename",
        "vorname",
        "vornamen",
        "nachname",
        "nachnamen",
        "familienname",
        "zuname",
        "rufname",
        "ansprechpartner",
        "ansprechpartnerin",
        "kontaktperson",
    ],
    &[
        "email",
        "mail",
        "emailadresse",
        "mailadresse",
        "phone",
        "telephone",
        "tel",
        "telefon",
        "mobile",
        "mobil",
        "cellphone",
        "handy",
        "rufnummer",
        "fax",
        "telefax",
        "whatsapp",
        "skype",
    ],
    &["linkedin", "xing", "twitter", "facebook", "instagram"],
    &[
        "birthday",
        "birthdate",
        "dob",
        "geburtstag",
        "geburtsdatum",
        "street",
        "address",
        "strasse",
        "straße",
        "hausnummer",
        "adresse",
        "anschrift",
        "iban",
    ],
];

/// Words that are personal with `number` behind them in one word.
const NUMBERS_OF: [&str; 7] = ["phone", "telephone", "mobile", "telefon", "mobil", "handy", "fax"];

fn means_number(word: &str) -> bool {
    matches!(word, "number" | "no" | "nr" | "nummer")
}

fn is_personal(column: &Column) -> bool {
    let words = words(&column.header);
    // What is one word may be written as two: `LinkedIn`, `Vor-Name`.
    let joined = words.windows(2).map(<[String]>::concat);
    let all: Vec<String> = words.iter().cloned().chain(joined).collect();
    let has = |hints: &[&str]| all.iter().any(|w| hints.contains(&w.as_str()));
    let described = has(&["type", "domain", "count", "status", "opt", "opens", "clicks", "provider"]);
    let header = PERSONAL.iter().any(|hints| has(hints))
        || all.iter().any(|word| NUMBERS_OF.iter().any(|of| word.strip_prefix(of).is_some_and(means_number)))
        || (has(&["name"]) && has(&["first", "last", "full", "contact", "person", "middle", "given", "family"]))
        || words == ["name"]
        || words == ["ip"];
    (header && !described && column.filled > 0) || (column.filled > 0 && column.at_signs * 2 > column.filled)
}

fn is_outcome(header: &str) -> bool {
    let words = words(header);
    let has = |hints: &[&str]| words.iter().any(|w| hints.contains(&w.as_str()));
    words == ["y"]
        || words == ["stage"]
        || words == ["status"]
        || has(&["outcome", "won", "lost", "closed", "converted", "conversion", "churned", "target", "sql", "sal"])
        || (has(&["final"]) && has(&["stage", "status", "result"]))
        || (has(&["lead", "deal", "opportunity"]) && has(&["stage", "status"]))
}

/// Whether a header is one that names leads; the smaller, the more surely.
pub(super) fn names_leads(header: &str) -> Option<usize> {
    let words = words(header);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rank = match words.as_slice() {
        ["lead", "id" | "number" | "no" | "nr"] => 0,
        ["id"] => 1,
        _ if header.trim_end().ends_with('#') => 2,
        ["record", "id"] | ["contact", "id"] | ["person", "id"] | ["prospect", "id"] | ["customer", "id"] => 2,
        [.., "id" | "number" | "no" | "nr"] | ["uuid" | "guid" | "key"] => 3,
        _ => return None,
    };
    Some(rank)
}
