//! Deciding many leads at once: a policy compiled to bits over columns.
//!
//! The scalar evaluator is the meaning of a policy; this is the fast way to the same decisions. What a policy asks of one field is
//! answered once for each class of values that it can tell apart, by the scalar evaluator itself, so that reading a cell comes down to
//! finding its class. The answers are bits of a few words for each lead. 512 leads at a time, these bits are turned into planes, and
//! the rules, sections, grades, stages and scores are a program of bit operations over planes.
//!
//! ```text
//! policy ──compile──▶ circuit ──wires──▶ program ─┐
//!    └──questions──▶ classes ──plan──▶ tables ─┐  │
//! leads ──rows──▶ cells ───────────────────────┴─▶ batch ──▶ the rule of each lead
//! ```
//!
//! Rows come from blocks of delimited data (`delimited`) or JSON objects (`ndjson`), or from the row groups of Parquet (`arrays`), of
//! which only the columns are read on which something hangs (`foreseen`, by `hinges`); all are decided by `batch` and written by `emit`, on the threads of `run`. `find` looks for some of them instead, `rules` tells of each only which rule decides it; `single` decides one lead
//! that is in memory. What is done in other ways on some processors is in `simd`.
//!
//! The fast way knows when it does not know: a row with a cell that may be wrong, or that breaks an assumption, is left to the scalar
//! reader, which rejects or decides it.

mod arrays;
mod batch;
mod blocks;
mod cells;
mod circuit;
mod compile;
mod cuts;
mod delimited;
mod digits;
mod emit;
mod find;
mod foreseen;
mod form;
mod gather;
mod grammar;
mod hinges;
mod ledger;
mod ndjson;
mod plan;
#[allow(
    clippy::indexing_slicing,
    reason = "registers, wires and gates are numbered by what makes them; see `schedule`"
)]
mod program;
mod questions;
mod rules;
mod run;
mod said;
mod scan;
mod separators;
mod shown;
mod simd;
mod single;
mod source;
mod texts;
mod wires;

pub use find::{Found, Which, find};
pub use rules::{REJECTED, pick, rules};
pub use run::{Decided, Settings, Stopped, decide};
pub use shown::Shown;
pub use single::CompiledPolicy;
