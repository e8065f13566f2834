//! The fields of a lead, and how their cells are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TextTest;
use crate::source::Span;
use crate::types::{Number, Type, Value};

/// A field of the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name in the policy.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The name of its column (or key) in the data.
    pub column: String,
    /// Whether it names the lead (at most one does; its type is text).
    pub is_id: bool,
    /// The smallest value accepted.
    pub min: Option<Number>,
    /// The largest value accepted.
    pub max: Option<Number>,
    /// Whether a lead without it is rejected.
    pub required: bool,
    /// How its cells are written.
    pub cell: Cell,
    /// What decisions use when it is missing; it stays missing for `is missing`.
    pub default: Option<Value>,
    /// Whether an unreadable cell counts as missing instead of rejecting the lead.
    pub else_missing: bool,
    /// Whether its value is never shown.
    pub personal: bool,
    /// Whether no advice may change it.
    pub fixed: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A name of a column as it is compared: trimmed, and with single blanks, as some headers run over several lines.
#[must_use]
pub fn tidy(column: &str) -> String {
    column.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// How the cells of a field are written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Texts (after trimming) that mean missing. For number-like fields see `blank_numbers`.
    pub blanks: Vec<String>,
    /// Numbers that mean missing, however they are written.
    pub blank_numbers: Vec<Number>,
    /// For a set: an empty cell is the empty set, not missing.
    pub blank_is_empty_set: bool,
    /// Whether case is ignored when a cell is matched with blanks, values and spellings, and when texts are compared.
    pub ignoring_case: bool,
    /// Further spellings of the values of a closed set; the first that matches counts.
    pub aliases: Vec<Alias>,
    /// What separates the values of a set; `,` when absent.
    pub separator: Option<String>,
    /// How a number, date or time is written; none: plain decimal or ISO 8601.
    pub written: Option<Written>,
}

/// A further spelling of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alias {
    /// The position of the value in its closed set.
    pub value: usize,
    /// How it is compared.
    pub test: TextTest,
    /// The spelling.
    pub text: String,
}

/// The form in which a number, date or time is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// As strftime says: `%d/%m/%Y`.
    Strftime(String),
    /// Seconds since 1970-01-01T00:00:00Z.
    EpochSeconds,
    /// Milliseconds since then.
    EpochMilliseconds,
    /// Numbers written like an example (`1.234,56`, `$1,200`, `1 200,50 €`).
    Like(NumberForm),
}

/// How numbers are grouped and dressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberForm {
    /// What stands before the number, such as `$`; a cell may leave it out.
    pub prefix: String,
    /// What stands behind it, such as ` €`; a cell may leave it out.
    pub suffix: String,
    /// What separates thousands.
    pub group: Option<char>,
    /// What separates the fraction.
    pub point: char,
}
