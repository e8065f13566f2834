//! Baselines: the findings that were there before somebody looked. They are known; what is new fails.
//!
//! A baseline lies in the repository and is read in reviews: an entry a line, sorted, without a line number that would change with its neighbours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Mark, Settled, marks};
use crate::diagnostic::{Batch, Code, Diagnostic, Severity};

/// The version of the form; it changes when a reader of the old form would misread the new one.
const VERSION: u32 = 1;

/// Findings that are known, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    known: Vec<Known>,
}

/// A finding that is known. Two of them are the same when all but their words are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, as it stands in the repository.
    pub path: String,
    /// The code.
    pub code: String,
    /// What the finding is recognised by.
    pub fingerprint: String,
    /// What it is about, for people.
    pub about: String,
}

/// A baseline as it is written.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "policyc baseline")]
struct Document {
    /// The version of the form: 1.
    version: u32,
    /// The findings that are known, sorted.
    known: Vec<Known>,
}

/// The JSON Schema of a baseline.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Document)
}

/// What became of a run's findings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Struck {
    /// How many were known, and left out.
    pub known: usize,
    /// The entries that matched nothing although their file was looked at, or is no longer there.
    pub outdated: Vec<Known>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is none; the words say why.
    pub fn read(text: &str) -> Result<Baseline, String> {
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if document.version != VERSION {
            return Err(format!("it has version {}, and this release reads version {VERSION}", document.version));
        }
        let mut known = document.known;
        known.sort();
        Ok(Baseline { known })
    }

    /// The baseline as text.
    #[must_use]
    pub fn write(&self) -> String {
        // Serialising plain data to a string cannot fail.
        let line = |known: &Known| format!("    {}", serde_json::to_string(known).unwrap_or_default());
        let lines: Vec<String> = self.known.iter().map(line).collect();
        let gap = if lines.is_empty() { "" } else { "\n  " };
        let start = if lines.is_empty() { "" } else { "\n" };
        format!("{{\n  \"version\": {VERSION},\n  \"known\": [{start}{}{gap}]\n}}\n", lines.join(",\n"))
    }

    /// The findings that are known, sorted.
    #[must_use]
    pub fn known(&self) -> &[Known] {
        &self.known
    }

    /// How many findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What is found now is known from now on. Of files that were not looked at, what was known stays, as long as they are there; so do
    /// findings of codes that were not looked for.
    #[must_use]
    pub fn renewed(
        &self,
        batches: &[&mut Batch],
        settled: &Settled,
        unasked: &[Code],
        is_there: impl Fn(&str) -> bool,
    ) -> Baseline {
        let asked = |known: &Known| settled.contains(&known.path) && !is_one_of(known, unasked);
        let now = batches.iter().flat_map(|batch| found(batch)).filter(|(_, known)| settled.contains(&known.path));
        let mut known: Vec<Known> = now.map(|(_, known)| known).collect();
        let others = self.known.iter().filter(|old| !asked(old) && is_there(&old.path));
        let others: Vec<Known> = others.filter(|old| !known.contains(old)).cloned().collect();
        known.extend(others);
        known.sort();
        Baseline { known }
    }

    /// Leaves out what is known.
    pub fn strike(
        &self,
        batches: &mut [&mut Batch],
        settled: &Settled,
        unasked: &[Code],
        is_there: impl Fn(&str) -> bool,
    ) -> Struck {
        let identity = |known: &Known| [&known.path, &known.code, &known.fingerprint].map(String::clone);
        let mut left: BTreeMap<[String; 3], Vec<&Known>> = BTreeMap::new();
        for known in &self.known {
            left.entry(identity(known)).or_default().push(known);
        }
        let mut struck = Struck::default();
        for batch in batches {
            let mut is_known = vec![false; batch.diagnostics.len()];
            for (position, now) in found(batch) {
                let entries = left.get_mut(&identity(&now));
                if let (Some(_), Some(known)) = (entries.and_then(Vec::pop), is_known.get_mut(position)) {
                    *known = true;
                    struck.known += 1;
                }
            }
            let mut is_known = is_known.into_iter();
            batch.diagnostics.retain(|_| !is_known.next().unwrap_or(false));
        }
        let asked = |known: &Known| settled.contains(&known.path) && !is_one_of(known, unasked);
        let gone = |known: &&&Known| asked(known) || !is_there(&known.path);
        struck.outdated = left.values().flatten().filter(gone).map(|known| (*known).clone()).collect();
        struck
    }
}

fn is_one_of(known: &Known, codes: &[Code]) -> bool {
    codes.iter().any(|code| code.name() == known.code)
}

/// The findings of a batch that can be known, with their positions: what counts, but is no error by itself.
fn found(batch: &Batch) -> Vec<(usize, Known)> {
    let counts = |d: &Diagnostic| d.severity != Severity::Note && d.code.severity() != Severity::Error;
    let all = batch.diagnostics.iter().zip(marks(batch)).enumerate().filter(|(_, (d, _))| counts(d));
    all.filter_map(|(position, (diagnostic, Mark { fingerprint, about }))| {
        let path = batch.sources.get(diagnostic.span()?.source)?.home.clone();
        Some((position, Known { path, code: diagnostic.code.name().to_owned(), fingerprint, about }))
    })
    .collect()
}
