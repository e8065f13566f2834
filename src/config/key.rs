//! The keys of a configuration.

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Where the policies are.
    Policies,
    /// The as-of time for what never reads the clock.
    AsOf,
    /// The findings that are known.
    Baseline,
    /// How much of a policy its tests have to show.
    Coverage,
    /// Real leads, for reviews.
    Leads,
    /// What became of them.
    Outcome,
}

/// The table of what codes count as: its keys are codes, and [`WARNINGS`].
pub(super) const LEVELS: &str = "levels";
/// Stands for all codes that are warnings.
pub(super) const WARNINGS: &str = "warnings";

impl Key {
    /// All keys.
    pub const ALL: &'static [Key] = &[Key::Policies, Key::AsOf, Key::Baseline, Key::Coverage, Key::Leads, Key::Outcome];

    /// The key, behind the table that it stands in: `test.coverage`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Key::Policies => "policies",
            Key::AsOf => "as-of",
            Key::Baseline => "check.baseline",
            Key::Coverage => "test.coverage",
            Key::Leads => "review.leads",
            Key::Outcome => "review.outcome",
        }
    }

    /// What may stand there.
    pub(super) fn wants(self) -> &'static str {
        match self {
            Key::Policies => "a list of files and folders",
            Key::AsOf => "a date or a time",
            Key::Baseline => "the path of a file",
            Key::Leads => "the path of a file, or a list of them",
            Key::Coverage => "a whole number from 0 to 100",
            Key::Outcome => "the name of a column",
        }
    }

    /// What to type.
    pub(super) fn example(self) -> &'static str {
        match self {
            Key::Policies => "policies = [\"policies\"]",
            Key::AsOf => "as-of = 2026-10-01",
            Key::Baseline => "baseline = \"policyc-baseline.json\"",
            Key::Coverage => "coverage = 80",
            Key::Leads => "leads = \"data/leads.csv\"",
            Key::Outcome => "outcome = \"Deal\"",
        }
    }
}

/// The tables that keys stand in.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    Key::ALL.iter().filter_map(|key| key.path().split_once('.')).map(|(table, _)| table)
}
