//! Deciding leads: [`scalar`] is the semantics; [`trace`] shows how each condition of a decision turned out.

mod compare;
pub mod scalar;
mod score;
mod text;
mod time;
mod told;
pub mod trace;

pub use scalar::{Evaluator, Outcome, Session};
pub use score::Total;
pub(crate) use time::Now;
pub use time::end_of_day;
pub use told::Told;

pub(crate) use compare::{compare, has};
pub(crate) use text::{domain as domain_of, lowercase};
