//! How the canonical text is written: words, quoted texts, and forms in parentheses.

use crate::types::{Number, Shift, Type, Value};

/// `(head part part)`.
pub(super) fn form(head: &str, parts: impl IntoIterator<Item = String>) -> String {
    let mut text = format!("({head}");
    for part in parts {
        text.push(' ');
        text.push_str(&part);
    }
    text.push(')');
    text
}

/// A text in double quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A word that stands for itself.
pub(super) fn word(word: &str) -> String {
    word.to_owned()
}

/// Parts whose order means nothing: by their bytes, each once.
pub(super) fn unordered(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut parts: Vec<String> = parts.into_iter().collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// A part that may be absent.
pub(super) fn optional(head: &str, part: Option<String>) -> Option<String> {
    part.map(|part| form(head, [part]))
}

/// A number: a decimal when it has a finite one, without needless zeros, else a fraction in lowest terms.
pub(super) fn number(number: &Number) -> String {
    number.to_string()
}

/// A value; the type says which closed set its positions are of.
pub(super) fn value(value: &Value, ty: Option<&Type>) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(value) => number(value),
        Value::YesNo(true) => word("yes"),
        Value::YesNo(false) => word("no"),
        Value::Date(day) => day.to_string(),
        Value::DateTime(instant) => form("instant", [instant.as_nanosecond().to_string()]),
        Value::Choice(position) => form("value", [choice(*position, ty)]),
        Value::Other(text) => form("other", [quoted(text)]),
        Value::Set(members) => form("values", unordered(members.iter().map(|member| choice(*member, ty)))),
    }
}

/// The value at a position of a closed set.
pub(super) fn choice(position: usize, ty: Option<&Type>) -> String {
    let text = ty.and_then(Type::closed_values).and_then(|values| values.get(position));
    text.map_or_else(|| position.to_string(), |text| quoted(text))
}

/// A time that is counted from the as-of time; the unit of nothing says nothing.
pub(super) fn shifted(head: &str, shift: Shift) -> String {
    let Shift { count, unit } = shift;
    if count == 0 { form(head, []) } else { form(head, [count.to_string(), word(unit.name())]) }
}
