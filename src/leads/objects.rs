//! Rows that are JSON objects: their keys as columns, their values as cells.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::ir::tidy;

use super::raw::{Legacy, Place, RawCell, RawRow, RowFault, too_many_columns};
use super::{MAX_COLUMNS, MAX_ROW, encoding, json};

/// The names of the columns, in the order in which they first came up, and their positions in it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Keys {
    pub(crate) names: Vec<String>,
    positions: HashMap<String, usize>,
    bytes: usize,
}

impl Keys {
    /// The position of a key that has come up.
    pub(crate) fn known(&self, key: &str) -> Option<usize> {
        // Most keys are tidy.
        self.positions.get(key).or_else(|| self.positions.get(&tidy(key))).copied()
    }

    /// The position of a key, which is added when it is new; none when there are too many or they are too long.
    pub(crate) fn position(&mut self, key: &str) -> Option<usize> {
        if let Some(position) = self.known(key) {
            return Some(position);
        }
        let key = tidy(key);
        let position = self.names.len();
        self.bytes += key.len();
        if position == MAX_COLUMNS || self.bytes > MAX_ROW {
            return None;
        }
        self.positions.insert(key.clone(), position);
        self.names.push(key);
        Some(position)
    }
}

/// A JSON value as a row. `position` is asked for the position of each key.
///
/// # Errors
/// When a key has none, as there are too many columns.
pub(crate) fn row(
    bytes: Vec<u8>,
    row: u64,
    line: u64,
    position: impl FnMut(&str) -> Option<usize>,
    legacy: &mut Legacy,
) -> Result<RawRow, Diagnostic> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            legacy.count(line);
            encoding::windows_1252(error.as_bytes())
        }
    };
    let fault = match json::fault(&text, line) {
        Some(fault) => Some(RowFault::NotJson(fault)),
        None if !text.trim_start().starts_with('{') => Some(RowFault::NotAnObject),
        None => None,
    };
    let cells = if fault.is_none() { places(&text, position)? } else { Vec::new() };
    Ok(RawRow { row, line, fault, text, cells })
}

/// Where the cell of each column is in a JSON object.
fn places(object: &str, mut position: impl FnMut(&str) -> Option<usize>) -> Result<Vec<Place>, Diagnostic> {
    let mut cells = Vec::new();
    let mut members = json::values(object);
    while let (Some(key), Some(value)) = (members.next(), members.next()) {
        let Some(name) = object.get(key).and_then(json::string) else { continue };
        let position = position(&name).ok_or_else(too_many_columns)?;
        if cells.len() <= position {
            cells.resize(position + 1, Place::Nowhere);
        }
        if let Some(place) = cells.get_mut(position) {
            *place = if *place == Place::Nowhere { Place::Json(value) } else { Place::Twice };
        }
    }
    Ok(cells)
}

/// What the value with which some bytes begin is as a cell; none when it is no text. It must be valid JSON.
pub(crate) fn first_cell(bytes: &[u8]) -> Option<RawCell<'_>> {
    std::str::from_utf8(bytes.get(..json::extent(bytes))?).ok().map(cell)
}

/// What a valid piece of JSON is as a cell.
pub(crate) fn cell(text: &str) -> RawCell<'_> {
    one_cell(text, true)
}

/// The same; lists are opened only at the top.
fn one_cell(text: &str, top: bool) -> RawCell<'_> {
    match text.as_bytes().first() {
        Some(b'"') => json::string(text).map_or(RawCell::Garbled, RawCell::Text),
        Some(b't') => RawCell::Bool(true),
        Some(b'f') => RawCell::Bool(false),
        Some(b'[') if top => {
            let items = json::values(text).filter_map(|range| text.get(range));
            RawCell::List(items.map(|item| one_cell(item, false)).collect())
        }
        Some(b'[' | b'{') => RawCell::Nested,
        Some(b'-' | b'0'..=b'9') => RawCell::Number(text),
        Some(_) | None => RawCell::Missing,
    }
}
