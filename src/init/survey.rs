//! What a file of leads shows of each column, gathered row by row in bounded memory.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::diagnostic::Diagnostic;
use crate::leads::{RawCell, RawReader};
use crate::types::Number;

use super::candidate::{self, Candidate};

/// How many different values of a column are kept with their counts.
const MOST_VALUES: usize = 1_000;

/// How many different words among numbers may be words for "nothing" that are not known here.
pub(super) const MOST_WORDS: usize = 3;

/// Words that people and CRMs write where they know nothing, in lower case.
const BLANK_WORDS: &[&str] = &[
    "unknown",
    "n/a",
    "n.a.",
    "na",
    "none",
    "null",
    "[null]",
    "nil",
    "-",
    "--",
    "?",
    "select",
    "select...",
    "please select",
    "-none-",
    "--none--",
    "not available",
    "not specified",
    "not provided",
    "tbd",
    "undefined",
    "nan",
    "#n/a",
];

/// Numbers that people write where they know nothing.
const BLANK_NUMBERS: &[&str] = &["-1", "99", "999", "9999", "99999", "999999", "-99", "-999", "-9999"];

/// What the rows so far show.
#[derive(Debug)]
pub struct Survey {
    pub(super) columns: Vec<Column>,
    /// How many rows were seen.
    pub(super) rows: u64,
    /// How many more rows have no cells to rely on (too few or too many, a broken quote, broken JSON).
    pub(super) faulty: u64,
}

/// What one column shows.
#[derive(Debug)]
pub(super) struct Column {
    /// Its header.
    pub(super) header: String,
    /// Cells that hold something.
    pub(super) filled: u64,
    /// The values with their counts; `None` once there are too many.
    pub(super) values: Option<BTreeMap<String, u64>>,
    /// Cells that hold a word for "nothing", as written, with their counts.
    pub(super) blank_words: BTreeMap<String, u64>,
    /// Cells that hold a number that often means "nothing", with their counts.
    pub(super) blank_numbers: BTreeMap<String, u64>,
    /// The smallest and the largest number that is not one of those.
    pub(super) numbers: Option<(Number, Number)>,
    /// Cells without any digit, which no number and no time can be; at most [`MOST_WORDS`] and one more are kept apart.
    pub(super) words: BTreeMap<String, u64>,
    /// `yes or no`, tried on all cells but words for "nothing".
    pub(super) yes_no: Candidate,
    /// Numbers and times that all cells with digits fit, or all but a few.
    pub(super) candidates: Option<Vec<Candidate>>,
    /// Cells with an `@`.
    pub(super) at_signs: u64,
    /// Cells that are lists, as JSON has them; their items are in `values`.
    pub(super) lists: u64,
    /// Cells that no type can hold, such as JSON objects.
    pub(super) unreadable: u64,
    /// Cells with a `;`.
    pub(super) semicolons: u64,
    /// Cells that begin with a zero that a number would lose (`00420`).
    pub(super) leading_zeros: u64,
    /// Whether no value came twice.
    pub(super) unique: bool,
    hashes: HashSet<u64>,
}

impl Survey {
    /// Looks at every row of the leads.
    ///
    /// # Errors
    /// When reading cannot go on.
    pub fn of(reader: &mut RawReader<'_>) -> Result<Survey, Diagnostic> {
        let mut survey = Survey { columns: Vec::new(), rows: 0, faulty: 0 };
        while let Some(row) = reader.next().transpose()? {
            if row.fault.is_some() {
                survey.faulty += 1;
                continue;
            }
            survey.rows += 1;
            survey.meet(reader.columns());
            for (position, column) in survey.columns.iter_mut().enumerate() {
                column.look(&row.cell(position));
            }
        }
        survey.meet(reader.columns());
        Ok(survey)
    }

    /// Adds the columns that have come up since the last row: a JSON object may bring a new key.
    fn meet(&mut self, names: &[String]) {
        let new = names.iter().skip(self.columns.len()).cloned().map(Column::new);
        self.columns.extend(new.collect::<Vec<_>>());
    }
}

impl Column {
    fn new(header: String) -> Column {
        Column {
            header,
            filled: 0,
            values: Some(BTreeMap::new()),
            blank_words: BTreeMap::new(),
            blank_numbers: BTreeMap::new(),
            numbers: None,
            words: BTreeMap::new(),
            yes_no: Candidate::yes_no(),
            candidates: None,
            at_signs: 0,
            lists: 0,
            unreadable: 0,
            semicolons: 0,
            leading_zeros: 0,
            unique: true,
            hashes: HashSet::new(),
        }
    }

    fn look(&mut self, cell: &RawCell<'_>) {
        match cell {
            RawCell::Missing => {}
            RawCell::Text(text) if text.trim().is_empty() => {}
            RawCell::Text(text) => self.look_at(text.trim(), cell),
            RawCell::Number(digits) => self.look_at(digits, cell),
            RawCell::Bool(truth) => self.look_at(if *truth { "true" } else { "false" }, cell),
            RawCell::List(items) => {
                self.filled += 1;
                self.lists += 1;
                self.unique = false;
                for item in items {
                    match item {
                        RawCell::Text(text) => self.count(text.trim()),
                        RawCell::Number(digits) => self.count(digits),
                        RawCell::Missing
                        | RawCell::Bool(_)
                        | RawCell::List(_)
                        | RawCell::Nested
                        | RawCell::Garbled
                        | RawCell::Repeated => self.unreadable += 1,
                    }
                }
            }
            RawCell::Nested | RawCell::Garbled | RawCell::Repeated => {
                self.filled += 1;
                self.unreadable += 1;
            }
        }
    }

    /// Looks at a cell that holds `text`, trimmed and not empty.
    fn look_at(&mut self, text: &str, cell: &RawCell<'_>) {
        self.filled += 1;
        self.at_signs += u64::from(text.contains('@'));
        self.semicolons += u64::from(text.contains(';'));
        let digits = text.trim_start_matches('-');
        self.leading_zeros +=
            u64::from(digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
        if self.unique {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            self.unique = self.hashes.insert(hasher.finish());
            if !self.unique {
                self.hashes = HashSet::new();
            }
        }
        self.count(text);
        if is_blank_word(text) {
            *self.blank_words.entry(text.to_owned()).or_default() += 1;
            return;
        }
        if BLANK_NUMBERS.contains(&text) {
            *self.blank_numbers.entry(text.to_owned()).or_default() += 1;
        } else if let Ok(number) = Number::parse_decimal(text) {
            self.numbers = Some(match self.numbers.take() {
                None => (number.clone(), number),
                Some((low, high)) => (low.min(number.clone()), high.max(number)),
            });
        }
        self.yes_no.accepts(text, cell);
        if !text.contains(|c: char| c.is_ascii_digit()) {
            if self.words.len() <= MOST_WORDS || self.words.contains_key(text) {
                *self.words.entry(text.to_owned()).or_default() += 1;
            }
            return;
        }
        let candidates = self.candidates.get_or_insert_with(|| candidate::all(text));
        candidates.retain_mut(|c| c.accepts(text, cell));
    }

    fn count(&mut self, text: &str) {
        if let Some(values) = &mut self.values {
            *values.entry(text.to_owned()).or_default() += 1;
            if values.len() > MOST_VALUES {
                self.values = None;
            }
        }
    }

    /// The different values that are not words for "nothing", when they are few enough to be kept.
    pub(super) fn told_values(&self) -> Option<Vec<&str>> {
        let values = self.values.as_ref()?;
        Some(values.keys().map(String::as_str).filter(|v| !is_blank_word(v)).collect())
    }
}

/// Whether a cell holds a word for "nothing".
pub(super) fn is_blank_word(cell: &str) -> bool {
    BLANK_WORDS.contains(&cell.to_lowercase().as_str())
}
