//! Findings and test results for programs: JSON whose keys stay, with a version for the day when they do not.

use serde::Serialize;

use super::coverage::{self, Covered};
use super::findings::brought_in;
use super::{Batch, Tally, is_zero};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};
use crate::testing::Outcome;

/// The version of the forms here; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// Where something stands: lines and columns count from 1, columns count characters, the end is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column behind the last.
    pub end_column: usize,
}

impl Place {
    /// The place of a span; none when its file is not there.
    #[must_use]
    pub fn of(sources: &Sources, span: Span) -> Option<Place> {
        let file = sources.get(span.source)?;
        let ((line, column), (end_line, end_column)) =
            (file.line_column(span.start as usize), file.line_column(span.end as usize));
        Some(Place { path: file.path.clone(), line, column, end_line, end_column })
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// Its code; `policyc code` shows what it means.
    code: &'static str,
    severity: Severity,
    /// What it is, in words, which may change with every release.
    message: String,
    #[serde(flatten)]
    place: Option<Place>,
    /// Places with words; the first is that of the finding itself.
    labels: Vec<Label>,
    /// What to do.
    help: Option<String>,
    /// A change of text that mends it.
    fix: Option<Fix>,
    /// A lead that shows it (or several), as tests of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
    /// The statements that brought its file in, the nearest first.
    brought_in_by: Vec<Place>,
}

/// A place with words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
struct Label {
    #[serde(flatten)]
    place: Place,
    /// What to say beside it; may be empty.
    text: String,
}

/// A place, and what stands there when the finding is mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
struct Fix {
    #[serde(flatten)]
    place: Place,
    /// What stands there instead.
    replacement: String,
}

impl Finding {
    /// The form of a diagnostic.
    #[must_use]
    pub fn of(sources: &Sources, diagnostic: &Diagnostic) -> Finding {
        let place = |span| Place::of(sources, span);
        let label =
            |label: &crate::diagnostic::Label| Some(Label { place: place(label.span)?, text: label.text.clone() });
        let fix = diagnostic.fix.as_ref();
        let ways_in = diagnostic.span().into_iter().flat_map(|span| brought_in(sources, span.source));
        Finding {
            code: diagnostic.code.name(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            place: diagnostic.span().and_then(place),
            labels: diagnostic.labels.iter().filter_map(label).collect(),
            help: diagnostic.help.clone(),
            fix: fix.and_then(|f| Some(Fix { place: place(f.span)?, replacement: f.replacement.clone() })),
            example: diagnostic.example.as_deref().map(str::to_owned),
            brought_in_by: ways_in.filter_map(place).collect(),
        }
    }
}

/// All findings of some policies.
#[must_use]
pub fn findings(batches: &[&Batch]) -> Vec<Finding> {
    batches.iter().flat_map(|b| b.diagnostics.iter().map(|d| Finding::of(&b.sources, d))).collect()
}

/// What `check` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc check")]
pub struct Check {
    /// The version of the form: 1.
    version: u32,
    /// The findings, in the order of the files.
    findings: Vec<Finding>,
    #[serde(flatten)]
    tally: Tally,
    /// How many others stand in the baseline; absent when none does.
    #[serde(default, skip_serializing_if = "is_zero")]
    known: u64,
}

impl Check {
    /// The form of some policies' findings, and how many others are known.
    #[must_use]
    pub fn of(batches: &[&Batch], known: u64) -> Check {
        Check { version: VERSION, findings: findings(batches), tally: Tally::of(batches), known }
    }
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Test {
    title: String,
    #[serde(flatten)]
    place: Option<Place>,
    passed: bool,
    /// What is not as expected.
    findings: Vec<Finding>,
}

impl Test {
    /// The form of a test's outcome.
    #[must_use]
    pub fn of(sources: &Sources, outcome: &Outcome) -> Test {
        Test {
            title: outcome.title.clone(),
            place: Place::of(sources, outcome.span),
            passed: outcome.passed(),
            findings: outcome.findings.iter().map(|finding| Finding::of(sources, finding)).collect(),
        }
    }

    /// Whether everything was as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.passed
    }
}

/// What `test` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc test")]
pub struct Tests {
    /// The version of the form: 1.
    version: u32,
    tests: Vec<Test>,
    /// How many passed.
    passed: usize,
    /// How many failed.
    failed: usize,
    /// The findings of policies that do not check, so that their tests were not run.
    findings: Vec<Finding>,
    /// What the tests of each policy show, when that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Vec<coverage::Form>>,
}

impl Tests {
    /// The form of all tests of a run.
    #[must_use]
    pub fn of(tests: Vec<Test>, unchecked: &[&Batch]) -> Tests {
        let passed = tests.iter().filter(|test| test.passed).count();
        let (failed, findings) = (tests.len() - passed, findings(unchecked));
        Tests { version: VERSION, passed, failed, tests, findings, coverage: None }
    }

    /// The same, with what the tests show of each policy.
    #[must_use]
    pub fn with_coverage<'c>(self, covered: impl Iterator<Item = &'c Covered>) -> Tests {
        Tests { coverage: Some(covered.map(coverage::Form::of).collect()), ..self }
    }
}

/// The JSON Schema of what `check` found.
#[must_use]
pub fn check_schema() -> schemars::Schema {
    schemars::schema_for!(Check)
}

/// The JSON Schema of what `test` found.
#[must_use]
pub fn test_schema() -> schemars::Schema {
    schemars::schema_for!(Tests)
}

/// Anything as indented JSON text with a line break at its end.
#[must_use]
pub fn text(value: &impl Serialize) -> String {
    // Serialising plain data to a string cannot fail.
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}
