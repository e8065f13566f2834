//! The log of decisions: what each needs to be decided again when the CRM has long overwritten its values.
//!
//! A line is one decision, by itself: [`Lines`] writes it, [`Entry`] is what is read of it, and [`Inputs`] are what it is decided from again.
//! `docs/log.md` describes the form.

mod asked;
mod entry;
mod inputs;
pub mod replay;
pub mod today;
mod value;
mod write;

pub use entry::{Entry, Fault, Held, Listed, Presence, Told, ToldPoints};
pub use inputs::{Inputs, Misfit};
pub use value::Kept;
pub use write::{Lines, Origin};

/// The version of the form of a line; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// What stands before the sum at the end of a line.
const SUM: &str = ",\"sum\":\"";
