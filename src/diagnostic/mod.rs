//! What is wrong (or worth a look) in a policy, a test or a lead, as data: a code, a place, words, and what to type instead.
//!
//! A diagnostic is made by a small constructor beside the code that finds the fault; this module knows only its shape and
//! the [registry](Code) of codes. How it looks on a screen or in a CI job is `render`'s business.

mod registry;

use serde::Serialize;

pub use registry::Code;

use crate::source::{Sources, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Worth a look; the policy works.
    Warning,
    /// The policy (or the lead) cannot be used.
    Error,
}

/// A place, and what to say beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words shown at the place; may be empty.
    pub text: String,
}

/// A change of text that mends the fault: replace `span` by `replacement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// One finding. Words are for a sales or marketing manager: lower case, no final period, names in backticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Which kind of fault; has a page (`policyc code P0301`).
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; the first one is *the* place, the others are what it has to do with.
    pub labels: Vec<Label>,
    /// What to do, or to type instead.
    pub help: Option<String>,
    /// A change of text that mends it.
    pub fix: Option<Box<Fix>>,
    /// A lead that shows it, as a test of the policy.
    pub example: Option<Box<str>>,
    /// What else it is about than the words at its place: with another one, it is another finding.
    pub besides: Option<Box<str>>,
}

impl Diagnostic {
    /// A finding with the severity of its code, at no place yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
            example: None,
            besides: None,
        }
    }

    /// Adds a place; the first one added is *the* place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what else it is about than the words at its place.
    #[must_use]
    pub fn besides(mut self, what: impl Into<String>) -> Self {
        self.besides = Some(what.into().into_boxed_str());
        self
    }

    /// Adds a change of text that mends it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Box::new(Fix { span, replacement: replacement.into() }));
        self
    }

    /// Adds a lead that shows it, as a test of the policy.
    #[must_use]
    pub fn example(mut self, test: impl Into<String>) -> Self {
        self.example = Some(test.into().into_boxed_str());
        self
    }

    /// *The* place, when there is one.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }
}

/// Findings of one policy, with the texts that they speak of.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The texts.
    pub sources: Sources,
    /// The findings, in the order in which they are shown.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether any of these is an error.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Sorts by file and place, so that findings come in the order in which a reader meets them; those without a place come first.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| d.span().map(|s| (s.source, s.start, s.end)));
}

/// The name among `candidates` that `word` was probably meant to be: the nearest one, when it is near enough, and something of it is left.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes time that grows with the product of the lengths; a longer text is no slip of the pen.
    const LONGEST: usize = 80;
    let length = word.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let limit = (length / 3).max(1);
    let near_length = |c: &&str| c.len() <= 4 * LONGEST && c.chars().count().abs_diff(length) <= limit;
    candidates
        .into_iter()
        .filter(near_length)
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= limit && *distance < length.max(c.chars().count()))
        .min()
        .map(|(_, c)| c)
}
