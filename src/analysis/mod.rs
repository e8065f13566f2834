//! Proofs: what holds for every possible lead, or a lead for which it does not.
//!
//! A [`Model`] turns policies into formulas over the cells of a lead's fields; a SAT solver answers questions about them, and
//! theories of its own say which texts, moments and sums of fields there are. A refuted question is a proof; a lead that answers one
//! is confirmed by the evaluator; what is neither is not known, and said so.

mod at_hand;
mod axis;
mod beside;
mod calendar;
mod compare;
mod cross;
mod encode;
pub(crate) mod example;
mod fail;
mod findings;
mod gates;
mod insights;
mod line;
mod linear;
mod model;
mod narrowed;
pub mod proof;
mod sample;
mod say;
mod score;
mod search;
mod settled;
mod solver;
mod sum;
mod term;
mod text;
mod together;
mod view;
mod witness;

pub(crate) use at_hand::Open;
pub use fail::can_fail;
pub use findings::{End, Kept, Place, Vacuous, Verdict, Where, findings, listed, proved, verdicts};
pub use insights::{Detail, Insight, Request, Stop, answers, notes};
pub(crate) use line::Line;
pub(crate) use model::MAX_WORK;
pub use model::{Kleene, Model, Over};
pub use say::{Say, Thing, says};
pub use search::{Answer, Point};
pub use solver::Lit;
pub use witness::Witness;
pub(crate) use witness::another as another_value;
