//! Why one lead went where it went: for a terminal, for a ticket, for programs.

mod human;
mod markdown;
pub(super) mod words;

pub use human::human;
pub use markdown::markdown;
pub(super) use markdown::{code, escape};

use super::json::text;
use crate::explain::Explanation;

/// For programs: the data as they are, versioned.
#[must_use]
pub fn json(explanation: &Explanation) -> String {
    text(explanation)
}
