//! What a code counts as, when a repository wants it otherwise than policyc does.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity};

/// What findings of a code count as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// They are left out.
    Allow,
    /// They are warnings.
    Warn,
    /// They are errors.
    Deny,
}

/// The levels of codes. What is an error stays one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels {
    /// Whether warnings are errors, those of codes with a level of their own left aside.
    pub deny_warnings: bool,
    /// The codes with a level of their own.
    pub codes: BTreeMap<Code, Level>,
}

impl Levels {
    /// Gives findings their levels, and leaves out what is allowed.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            let severity = match (diagnostic.severity, self.codes.get(&diagnostic.code)) {
                (Severity::Error, _) => Some(Severity::Error),
                (Severity::Warning | Severity::Note, Some(Level::Allow)) => None,
                (Severity::Warning | Severity::Note, Some(Level::Warn)) => Some(Severity::Warning),
                (Severity::Warning | Severity::Note, Some(Level::Deny)) => Some(Severity::Error),
                (Severity::Warning, None) if self.deny_warnings => Some(Severity::Error),
                (other, None) => Some(other),
            };
            diagnostic.severity = severity.unwrap_or(diagnostic.severity);
            severity.is_some()
        });
    }
}
