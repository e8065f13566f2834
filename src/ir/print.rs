//! The checked policy as text, in the words of the language: a condition, a value, or all of it.
//!
//! What sugar there was is gone, and names of files with it; everything else reads as its author would have written it.

mod cond;
mod literal;
mod policy;

pub use cond::{condition, value};
pub use literal::{literal, points, quoted, shown, word};
pub use policy::{expectation, field, gain, policy, property, range, score_line, test};
