//! How findings, explanations and results look: for people and for programs.
//!
//! Everything here makes text and prints nothing. Whatever comes from a file goes through [`terminal::clean`] before a
//! person sees it.

pub mod coverage;
pub mod diff;
pub mod explanation;
pub mod findings;
pub mod github;
pub mod history;
pub mod json;
pub mod junit;
pub mod owners;
pub mod page;
pub mod reject;
pub mod replay;
pub mod review;
pub mod sarif;
pub mod terminal;

pub use terminal::Look;

pub use crate::diagnostic::Batch;
use crate::diagnostic::{Diagnostic, Severity};

/// How many findings there are, by severity, and in how many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, schemars::JsonSchema)]
pub struct Tally {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes; absent when there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub notes: u64,
    /// Files that any of them stands in.
    pub files: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Tally {
    /// Counts findings.
    #[must_use]
    pub fn of(batches: &[&Batch]) -> Tally {
        let mut files = std::collections::BTreeSet::new();
        let mut tally = Tally::default();
        for batch in batches {
            for diagnostic in &batch.diagnostics {
                match diagnostic.severity {
                    Severity::Error => tally.errors += 1,
                    Severity::Warning => tally.warnings += 1,
                    Severity::Note => tally.notes += 1,
                }
                files.extend(diagnostic.span().and_then(|s| batch.sources.get(s.source)).map(|f| f.path.as_str()));
            }
        }
        tally.files = files.len() as u64;
        tally
    }

    /// `3 errors, 1 warning in 2 files`; none when there is nothing.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let parts: Vec<String> = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, noun)| terminal::count(n, noun))
            .collect();
        let place = if self.files > 0 { format!(" in {}", terminal::count(self.files, "file")) } else { String::new() };
        (!parts.is_empty()).then(|| parts.join(", ") + &place)
    }
}

/// All that a finding says, the lead that shows it included: whoever reads it in CI has nothing else.
fn words(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.labels.first().map(|label| label.text.as_str()).filter(|text| !text.is_empty());
    let mut text = diagnostic.message.clone();
    label.iter().for_each(|label| text.push_str(&format!(": {label}")));
    diagnostic.help.iter().for_each(|help| text.push_str(&format!("\nhelp: {help}")));
    diagnostic.example.iter().for_each(|example| text.push_str(&format!("\n\n{}", example.trim_end())));
    text
}
