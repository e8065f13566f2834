//! What is found after a change and was not before it: recognised as a baseline does, so that lines which moved are not new.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Batch, Code, Diagnostic, Severity};
use crate::triage::{Baseline, Known, Mark, marks};

/// A finding that is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// How bad it is, by the levels of the base.
    pub severity: Severity,
    /// What is found.
    pub message: String,
    /// The file.
    pub path: Option<String>,
    /// The line in it.
    pub line: Option<usize>,
    /// Whether it was found at the base already: only a claim that does not hold is shown again.
    pub known: bool,
    /// Whether it stands in the way.
    pub stops: bool,
}

impl Finding {
    /// `policies/inbound.policy:12: ... (P0408)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let place = self.path.as_ref().map(|path| format!("`{path}{line}`: ")).unwrap_or_default();
        format!("{place}{} ({})", self.message, self.code)
    }
}

type Key = (String, Code, String);

/// The findings of the head that neither the base nor its baseline has: of a policy that did not check, only the baseline knows them. `called`
/// says how a file of the base is called in the head.
#[must_use]
pub fn new_findings(
    base: &[&Batch],
    baseline: &Baseline,
    head: &[&Batch],
    called: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for (home, code, fingerprint) in base.iter().flat_map(|batch| keys(batch)).map(|(key, _)| key) {
        *known.entry((called(&home), code, fingerprint)).or_default() += 1;
    }
    let mut listed: BTreeMap<Key, usize> = BTreeMap::new();
    for Known { path, code, fingerprint, about: _ } in baseline.known() {
        if let Some(code) = Code::find(code) {
            *listed.entry((called(path), code, fingerprint.clone())).or_default() += 1;
        }
    }
    for (key, count) in listed {
        let known = known.entry(key).or_default();
        *known = count.max(*known);
    }
    let mut found = Vec::new();
    for batch in head {
        for (key, diagnostic) in keys(batch) {
            let left = known.get_mut(&key).filter(|left| **left > 0);
            let is_known = left.map(|left| *left -= 1).is_some();
            let stops = diagnostic.severity == Severity::Error;
            if is_known && diagnostic.code != Code::P0421 {
                continue;
            }
            let place = diagnostic.span().and_then(|span| Some((span, batch.sources.get(span.source)?)));
            found.push(Finding {
                code: diagnostic.code.name().to_owned(),
                severity: diagnostic.severity,
                message: diagnostic.message.clone(),
                path: place.map(|(_, file)| file.home.clone()),
                line: place.map(|(span, file)| file.line_column(span.start as usize).0),
                known: is_known,
                stops,
            });
        }
    }
    found
}

/// The findings of a batch that count, each with what it is recognised by.
fn keys(batch: &Batch) -> Vec<(Key, &Diagnostic)> {
    let all = batch.diagnostics.iter().zip(marks(batch));
    let counts = all.filter(|(diagnostic, _)| diagnostic.severity != Severity::Note);
    counts
        .map(|(diagnostic, Mark { fingerprint, .. })| {
            let file = diagnostic.span().and_then(|span| batch.sources.get(span.source));
            let home = file.map(|file| file.home.clone()).unwrap_or_default();
            ((home, diagnostic.code, fingerprint), diagnostic)
        })
        .collect()
}
