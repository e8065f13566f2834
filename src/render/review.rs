//! The review of a change: for the page of a pull request, for a terminal, for programs.

mod human;
mod markdown;
mod words;

pub use human::human;
pub use markdown::markdown;

use super::json::text;
use crate::review::Review;

/// For programs: the data as they are, versioned.
#[must_use]
pub fn json(review: &Review) -> String {
    text(review)
}
