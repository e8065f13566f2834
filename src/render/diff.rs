//! What a change of a policy changes: for a terminal, for a review, for programs.

mod human;
mod markdown;
mod words;

pub use human::human;
pub use markdown::markdown;

use super::json::text;
use crate::diff::Report;

/// For programs: the data as they are, versioned.
#[must_use]
pub fn json(report: &Report) -> String {
    text(report)
}
