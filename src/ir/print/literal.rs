//! Values, as a policy writes them and as people read them.

use jiff::tz::TimeZone;

use crate::types::{Choices, Number, Type, Value, time_zone};

/// Words that mean something else where a bare value could stand.
const RESERVED: &[&str] = &[
    "after",
    "ago",
    "all",
    "and",
    "any",
    "as",
    "at",
    "because",
    "before",
    "between",
    "contains",
    "domain",
    "ends",
    "false",
    "has",
    "in",
    "incomplete",
    "is",
    "known",
    "less",
    "missing",
    "more",
    "no",
    "none",
    "not",
    "of",
    "or",
    "other",
    "otherwise",
    "starts",
    "true",
    "unknown",
    "when",
    "where",
    "with",
    "yes",
];

/// The most decimals that people are shown; of an amount of money two.
const PLACES: usize = Number::PLACES;

/// A value as a policy writes it: `3`, `20%`, `$10000`, `"gmail.com"`, `VP`, `2026-10-01`, `[pricing, api]`.
///
/// The type says in which closed set a position counts, and whether a number is a percentage or money.
#[must_use]
pub fn literal(value: &Value, ty: Option<&Type>) -> String {
    match value {
        Value::Text(text) | Value::Other(text) => quoted(text),
        Value::Number(number) => number_literal(number, ty),
        Value::YesNo(yes) => yes_no(*yes).to_owned(),
        Value::Date(day) => day.to_string(),
        Value::DateTime(instant) => instant.to_string(),
        Value::Choice(position) => word(choice(*position, ty)),
        Value::Set(positions) => {
            let words: Vec<String> = positions.iter().map(|p| word(choice(*p, ty))).collect();
            format!("[{}]", words.join(", "))
        }
    }
}

/// A value as people read it: thousands apart, few decimals (`≈` says that there are more), times in the policy's zone.
#[must_use]
pub fn shown(value: &Value, ty: Option<&Type>, zone: &str) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Other(text) => format!("{} ({})", quoted(text), if is_ranked(ty) { "not ranked" } else { "other" }),
        Value::Number(number) => number_shown(number, ty),
        Value::YesNo(yes) => yes_no(*yes).to_owned(),
        Value::Date(day) => day.to_string(),
        Value::DateTime(instant) => {
            let local = time_zone(zone).unwrap_or(TimeZone::UTC).to_datetime(*instant);
            let form = if local.second() == 0 && local.subsec_nanosecond() == 0 {
                "%Y-%m-%d %H:%M"
            } else {
                "%Y-%m-%d %H:%M:%S"
            };
            local.strftime(form).to_string()
        }
        Value::Choice(position) => choice(*position, ty).to_owned(),
        Value::Set(positions) if positions.is_empty() => "none".to_owned(),
        Value::Set(positions) => positions.iter().map(|p| choice(*p, ty)).collect::<Vec<_>>().join(", "),
    }
}

/// A text in quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A value of a closed set: bare when it looks like a name, else in quotes.
#[must_use]
pub fn word(text: &str) -> String {
    let name = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !RESERVED.contains(&text.to_lowercase().as_str());
    if name { text.to_owned() } else { quoted(text) }
}

/// Points, as people read them: `40`, `-12.5`.
#[must_use]
pub fn points(number: &Number) -> String {
    number.for_people(PLACES)
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn is_ranked(ty: Option<&Type>) -> bool {
    matches!(ty, Some(Type::Choice(Choices { ranked: true, .. })))
}

fn choice(position: usize, ty: Option<&Type>) -> &str {
    ty.and_then(Type::closed_values).and_then(|values| values.get(position)).map_or("", String::as_str)
}

fn number_literal(number: &Number, ty: Option<&Type>) -> String {
    match ty {
        Some(Type::Percent) => format!("{}%", &Number::from(100) * number),
        Some(Type::Money(currency)) => {
            let sign = if number.is_negative() { "-" } else { "" };
            let code = currency.to_string();
            let symbol = if code == "USD" { "$".to_owned() } else { format!("{code} ") };
            format!("{sign}{symbol}{}", short(&number.abs()))
        }
        Some(
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(Choices { .. })
            | Type::Set(_),
        )
        | None => number.to_string(),
    }
}

/// A round amount as the language writes it: `30k`, `1.5M`; any other in full.
fn short(amount: &Number) -> String {
    let scaled = |unit: i64| amount.checked_div(&Number::from(unit)).filter(|n| *n >= Number::from(1));
    let millions = scaled(1_000_000).filter(|n| (&Number::from(10) * n).is_whole());
    let thousands = scaled(1_000).filter(Number::is_whole);
    match (millions, thousands) {
        (Some(n), _) => format!("{n}M"),
        (None, Some(n)) if n >= Number::from(10) => format!("{n}k"),
        (None, _) => amount.to_string(),
    }
}

fn number_shown(number: &Number, ty: Option<&Type>) -> String {
    match ty {
        Some(Type::Percent) => format!("{}%", (&Number::from(100) * number).for_people(PLACES - 2)),
        Some(Type::Money(currency)) => {
            let amount = number.abs().for_people(2);
            let (about, amount) = amount.strip_prefix('≈').map_or(("", amount.as_str()), |rest| ("≈", rest));
            // Cents are two digits or none.
            let cents = if amount.split_once('.').is_some_and(|(_, cents)| cents.len() == 1) { "0" } else { "" };
            let sign = if number.is_negative() { "-" } else { "" };
            let code = currency.to_string();
            let symbol = if code == "USD" { "$".to_owned() } else { format!("{code} ") };
            format!("{about}{sign}{symbol}{amount}{cents}")
        }
        Some(
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(Choices { .. })
            | Type::Set(_),
        )
        | None => number.for_people(PLACES),
    }
}

#[cfg(test)]
mod tests {
    use super::{literal, shown, word};
    use crate::types::{Currency, Type, Value};

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap_or_else(|_| crate::types::Number::zero()))
    }

    #[test]
    fn numbers_for_people() {
        let show = |text: &str, ty: Type| shown(&number(text), Some(&ty), "UTC");
        let dollars = Type::Money(Currency::USD);
        assert_eq!(show("1234567.5", Type::Number), "1,234,567.5");
        assert_eq!(show("-1000", Type::Number), "-1,000");
        assert_eq!(show("2/3", Type::Number), "≈0.6667");
        assert_eq!(show("2.99999999", Type::Number), "≈3");
        assert_eq!(show("0.125", Type::Percent), "12.5%");
        assert_eq!(show("12500", dollars.clone()), "$12,500");
        assert_eq!(show("-99.5", dollars.clone()), "-$99.50");
        assert_eq!(show("1/3", dollars), "≈$0.33");
    }

    #[test]
    fn literals_of_the_language() {
        let dollars = |amount| literal(&number(amount), Some(&Type::Money(Currency::USD)));
        assert_eq!(
            ["10000", "12345", "1500000", "1250000", "9000", "0.5"].map(dollars),
            ["$10k", "$12345", "$1.5M", "$1250k", "$9000", "$0.5"]
        );
        assert_eq!(literal(&number("-5000"), Currency::new("EUR").map(Type::Money).as_ref()), "-EUR 5000");
        assert_eq!(literal(&number("0.2"), Some(&Type::Percent)), "20%");
        assert_eq!(literal(&Value::Text("a \"b\" \\".to_owned()), None), "\"a \\\"b\\\" \\\\\"");
    }

    #[test]
    fn values_that_are_no_names_are_quoted() {
        assert_eq!(
            ["VP", "C-level", "1-10", "Other", "no", "größe_2", ""].map(word),
            ["VP", "\"C-level\"", "\"1-10\"", "\"Other\"", "\"no\"", "größe_2", "\"\""]
        );
    }
}
