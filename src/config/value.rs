//! From what stands behind a key to what it means.

use std::ops::Range;

use toml::de::DeValue;

use crate::source::resolve;
use crate::triage::Level;
use crate::types::{Given, NotGiven};

/// What is wrong with a value.
pub(super) struct Wrong {
    /// Where, when it is only a part of the value.
    pub(super) place: Option<Range<usize>>,
    /// What it is instead of what is wanted.
    pub(super) words: String,
}

impl Wrong {
    fn new(words: impl Into<String>) -> Vec<Wrong> {
        vec![Wrong { place: None, words: words.into() }]
    }

    /// It is of another kind.
    fn kind(found: &DeValue<'_>) -> Vec<Wrong> {
        Wrong::new(match found {
            DeValue::String(_) => "this is a text",
            DeValue::Integer(_) | DeValue::Float(_) => "this is a number",
            DeValue::Boolean(_) => "this is yes or no",
            DeValue::Datetime(_) => "this is a date or a time",
            DeValue::Array(_) => "this is a list",
            DeValue::Table(_) => "this is a table",
        })
    }
}

/// Files and folders.
pub(super) fn paths(found: &DeValue<'_>) -> Result<Vec<String>, Vec<Wrong>> {
    let DeValue::Array(items) = found else { return Err(Wrong::kind(found)) };
    if items.is_empty() {
        return Err(Wrong::new("this list is empty"));
    }
    let (mut paths, mut wrong) = (Vec::new(), Vec::new());
    for item in items {
        match path(item.get_ref()) {
            Ok(path) => paths.push(path),
            Err(found) => wrong.extend(found.into_iter().map(|w| Wrong { place: Some(item.span()), ..w })),
        }
    }
    if wrong.is_empty() { Ok(paths) } else { Err(wrong) }
}

/// A file, or several.
pub(super) fn path_or_paths(found: &DeValue<'_>) -> Result<Vec<String>, Vec<Wrong>> {
    match found {
        DeValue::Array(_) => paths(found),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Table(_) => path(found).map(|path| vec![path]),
    }
}

/// A path, from the root.
pub(super) fn path(found: &DeValue<'_>) -> Result<String, Vec<Wrong>> {
    let DeValue::String(text) = found else { return Err(Wrong::kind(found)) };
    if text.contains(char::is_control) || text.trim().is_empty() {
        return Err(Wrong::new("no file is called like this"));
    }
    if text.contains('\\') {
        return Err(Wrong::new("paths are written with `/`"));
    }
    let path = resolve("", text).map_err(|_| Wrong::new("this leads out of the repository"))?;
    // The root itself.
    Ok(if path.is_empty() { ".".to_owned() } else { path })
}

/// The name of a column.
pub(super) fn column(found: &DeValue<'_>) -> Result<String, Vec<Wrong>> {
    match found {
        DeValue::String(text) if text.trim().is_empty() => Err(Wrong::new("no column is called like this")),
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => Err(Wrong::kind(found)),
    }
}

/// A date or a time, with quotes or without.
pub(super) fn as_of(found: &DeValue<'_>) -> Result<Given, Vec<Wrong>> {
    let text = match found {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => {
            return Err(Wrong::kind(found));
        }
    };
    text.parse().map_err(|why| match why {
        NotGiven::Form => Wrong::new(format!("`{text}` is none")),
        NotGiven::Day(..) | NotGiven::Second | NotGiven::Zone => Wrong::new(why.to_string()),
    })
}

/// A whole number from 0 to 100.
pub(super) fn percent(found: &DeValue<'_>) -> Result<u8, Vec<Wrong>> {
    let DeValue::Integer(digits) = found else { return Err(Wrong::kind(found)) };
    let percent = u8::from_str_radix(digits.as_str(), digits.radix()).ok().filter(|percent| *percent <= 100);
    percent.ok_or_else(|| Wrong::new(format!("`{}` is none", digits.as_str())))
}

/// What a code counts as; none when it is something else.
pub(super) fn level(found: &DeValue<'_>) -> Option<Level> {
    match found.as_str()? {
        "allow" => Some(Level::Allow),
        "warn" => Some(Level::Warn),
        "deny" => Some(Level::Deny),
        _ => None,
    }
}
