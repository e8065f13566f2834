//! Proofs: what holds for every possible lead, or a lead for which it does not.
//!
//! A [`Model`] turns policies into formulas over the cells of a lead's fields; a SAT solver answers questions about them, and
//! theories of its own say which texts, moments and sums of fields there are. A refuted question is a proof; a lead that answers one
//! is confirmed by the evaluator; what is neither is not known, and said so.
#![allow(dead_code, reason = "its users come one by one")]

mod axis;
mod beside;
mod calendar;
mod compare;
mod encode;
mod example;
mod findings;
mod gates;
mod linear;
mod model;
pub mod proof;
mod sample;
mod score;
mod search;
mod solver;
mod sum;
mod term;
mod text;
mod view;
mod witness;

pub use findings::{Verdict, findings, proved, verdicts};
pub use model::{Kleene, Model, Over};
pub use search::{Answer, Point};
pub use solver::Lit;
pub use witness::Witness;
