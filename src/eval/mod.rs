//! Deciding leads: [`scalar`] is the semantics; [`trace`] shows how each condition of a decision turned out.

pub mod scalar;
pub mod trace;

pub use scalar::{Evaluator, Outcome, Session, Total, end_of_day};
