//! The configuration of a repository, `policyc.toml`, from its text: what is in it, and everything that is wrong with it.
//!
//! It does not matter where the text comes from: from the disk, or from the revision that a change is held against.

mod faults;
mod key;
mod unreadable;
mod value;

use std::ops::Range;

use toml::de::{DeTable, DeValue};

pub use key::Key;

use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::source::{SourceFile, Span};
use crate::triage::{Level, Levels};
use crate::types::Given;

/// How the file is called.
pub const NAME: &str = "policyc.toml";

/// The configuration of a repository. Paths are relative to its root, and do not lead out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Where the policies are: files or folders; empty when that is not said.
    pub policies: Vec<String>,
    /// The as-of time for what never reads the clock.
    pub as_of: Option<Given>,
    /// The findings that are known.
    pub baseline: Option<String>,
    /// How much of a policy its tests have to show, in percent.
    pub coverage: Option<u8>,
    /// Real leads, for reviews; empty when that is not said.
    pub leads: Vec<String>,
    /// The column of these leads that says what became of them.
    pub outcome: Option<String>,
    /// What codes count as.
    pub levels: Levels,
}

/// Reads a configuration: as much of it as is right, and all that is wrong with the rest.
#[must_use]
pub fn read(file: &SourceFile) -> (Config, Vec<Diagnostic>) {
    let mut reader = Reader { file, config: Config::default(), faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    reader.table(None, table.get_ref());
    if let Some(error) = errors.first() {
        // What comes behind it may be no more than its echo.
        let at = error.span().unwrap_or(0..0);
        let place = reader.span(at.clone());
        reader.faults.retain(|fault| fault.span().is_some_and(|span| span.end < place.start));
        reader.faults.push(unreadable::line(file, at, error.message()));
    }
    let Reader { config, mut faults, .. } = reader;
    diagnostic::sort(&mut faults);
    (config, faults)
}

/// Where a configuration names the policies of a path.
#[must_use]
pub fn place_of_policies(file: &SourceFile, path: &str) -> Option<Span> {
    let (table, _) = DeTable::parse_recoverable(&file.text);
    let named = table.get_ref().iter().find(|(name, _)| name.get_ref().as_ref() == Key::Policies.path());
    let items = named?.1.get_ref().as_array()?;
    let item = items.iter().find(|item| value::path(item.get_ref()).is_ok_and(|named| named == path))?;
    Some(Span::new(file.id, item.span().start, item.span().end))
}

struct Reader<'f> {
    file: &'f SourceFile,
    config: Config,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn span(&self, bytes: Range<usize>) -> Span {
        Span::new(self.file.id, bytes.start, bytes.end)
    }

    /// Reads the whole file, or one of its tables.
    fn table(&mut self, within: Option<&str>, table: &DeTable<'_>) {
        for (name, value) in table {
            let place = self.span(name.span());
            let text = name.get_ref().as_ref();
            let path = within.map_or_else(|| text.to_owned(), |within| format!("{within}.{text}"));
            let known = Key::ALL.iter().find(|key| key.path() == path);
            match (known, value.get_ref()) {
                (Some(key), found) => self.value(*key, found, self.span(value.span())),
                (None, DeValue::Table(table)) if path == key::LEVELS => self.levels(table),
                (None, DeValue::Table(table)) if key::tables().any(|known| known == path) => {
                    self.table(Some(&path), table)
                }
                (None, _) if path == key::LEVELS || key::tables().any(|known| known == path) => {
                    self.faults.push(faults::no_table(place, &path));
                }
                (None, _) => self.faults.push(faults::unknown_key(place, within, text)),
            }
        }
    }

    /// Reads the value of a key.
    fn value(&mut self, key: Key, found: &DeValue<'_>, place: Span) {
        let config = &mut self.config;
        let read = match key {
            Key::Policies => value::paths(found).map(|paths| config.policies = paths),
            Key::AsOf => value::as_of(found).map(|as_of| config.as_of = Some(as_of)),
            Key::Baseline => value::path(found).map(|path| config.baseline = Some(path)),
            Key::Coverage => value::percent(found).map(|percent| config.coverage = Some(percent)),
            Key::Leads => value::path_or_paths(found).map(|paths| config.leads = paths),
            Key::Outcome => value::column(found).map(|column| config.outcome = Some(column)),
        };
        for wrong in read.err().into_iter().flatten() {
            let place = wrong.place.map_or(place, |bytes| self.span(bytes));
            self.faults.push(faults::wrong_value(place, key, &wrong.words));
        }
    }

    /// Reads what codes count as.
    fn levels(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            let (text, place) = (name.get_ref().as_ref(), self.span(name.span()));
            let level = value::level(value.get_ref());
            let wrong = |reader: &Self| faults::no_level(reader.span(value.span()), text);
            let fault = match (Code::find(text), level) {
                (None, _) if text != key::WARNINGS => Some(faults::unknown_code(place, text)),
                (Some(code), _) if code.severity() == Severity::Error => Some(faults::an_error(place, code)),
                (Some(_), None) => Some(wrong(self)),
                (Some(code), Some(level)) => {
                    let before = self.config.levels.codes.insert(code, level);
                    before.map(|_| faults::again(place, code))
                }
                (None, Some(level @ (Level::Warn | Level::Deny))) => {
                    self.config.levels.deny_warnings = level == Level::Deny;
                    None
                }
                (None, Some(Level::Allow) | None) => Some(wrong(self)),
            };
            self.faults.extend(fault);
        }
    }
}
