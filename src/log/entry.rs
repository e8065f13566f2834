//! Reading a line.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::error::Category;

use super::value::Kept;
use super::{SUM, VERSION};
use crate::digest;
use crate::types::{Number, Truth};

/// A logged decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// How the lead is called.
    pub lead: String,
    /// Its row in the data.
    pub row: u64,
    /// What was decided.
    pub decision: String,
    /// By which rule.
    pub rule: String,
    /// Why.
    pub reason: Option<String>,
    /// The time as of which it was decided.
    pub as_of: Timestamp,
    /// The path of the policy.
    pub policy: String,
    /// The digest of the policy.
    pub digest: String,
    /// The digests of the lists that it read.
    #[serde(default)]
    pub lists: Vec<Listed>,
    /// The revision of the policy's repository.
    pub revision: Option<String>,
    /// Whether the policy's files were those of the revision.
    pub clean: Option<bool>,
    /// The version of the program that decided.
    pub policyc: String,
    /// What the lead held: for each field its value, or none when it was missing.
    pub fields: BTreeMap<String, Option<Held>>,
    /// How the tests of personal fields turned out.
    #[serde(default)]
    pub tests: Vec<Told>,
    /// What the lines of scores added that count something personal.
    #[serde(default)]
    pub points: Vec<ToldPoints>,
    /// Whether the line is as it was written.
    #[serde(skip)]
    pub intact: bool,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub digest: String,
}

/// What is kept of a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Held {
    /// Its value.
    Value(Kept),
    /// That it is personal, and whether there was a value.
    Personal {
        /// Whether there was one.
        personal: Presence,
    },
}

/// Whether there is a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// There is.
    Known,
    /// There is none.
    Missing,
}

/// How a test turned out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// The name of the test.
    pub id: String,
    /// Its words.
    pub test: String,
    /// How it turned out.
    pub is: Truth,
}

/// What a line of a score added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ToldPoints {
    /// The name of the line.
    pub id: String,
    /// Its words.
    pub line: String,
    /// The points; none when what it counts was missing.
    pub points: Option<Number>,
}

/// Why a line is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It breaks off: whoever wrote it did not come to its end.
    Torn,
    /// It is not JSON from a character on, counted from 1.
    Garbled(usize),
    /// It is JSON, but before this character something is missing, or of another kind than in a log.
    Strange(usize),
    /// It is of another version.
    Version(u32),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Torn => f.write_str("it breaks off: the machine or the program that wrote it stopped in its middle"),
            Fault::Garbled(at) => write!(f, "it is not a line of a decision log: from character {at} on it is no JSON"),
            Fault::Strange(at) => write!(
                f,
                "it is not a line of a decision log: at character {at} or before, a key is missing or has a value of another kind"
            ),
            Fault::Version(version) => {
                write!(f, "it is of version {version} of the log; this program reads version {VERSION}")
            }
        }
    }
}

impl std::error::Error for Fault {}

impl Entry {
    /// Reads a line, with or without its line end.
    ///
    /// # Errors
    /// When it is no line of a log that this program reads.
    pub fn read(line: &[u8]) -> Result<Entry, Fault> {
        #[derive(Deserialize)]
        struct Version {
            log: u32,
        }
        let line = line.trim_ascii_end();
        if line.last() != Some(&b'}') {
            return Err(Fault::Torn);
        }
        let garbled = |error: serde_json::Error| match error.classify() {
            Category::Data => Fault::Strange(error.column()),
            Category::Io | Category::Syntax | Category::Eof => Fault::Garbled(error.column()),
        };
        let Version { log } = serde_json::from_slice(line).map_err(garbled)?;
        if log != VERSION {
            return Err(Fault::Version(log));
        }
        let entry: Entry = serde_json::from_slice(line).map_err(garbled)?;
        Ok(Entry { intact: intact(line), ..entry })
    }
}

/// Whether the sum at the end of a line is that of what stands before it.
fn intact(line: &[u8]) -> bool {
    let parts = std::str::from_utf8(line).ok().and_then(|line| line.rsplit_once(SUM));
    parts.is_some_and(|(before, sum)| sum.strip_suffix("\"}") == Some(digest::short(before).as_str()))
}
