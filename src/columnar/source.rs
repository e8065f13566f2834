//! Where leads come from: blocks of whole rows, or rows one by one.

use std::sync::Arc;

use super::blocks::{Block, Blocks};
use crate::diagnostic::Diagnostic;
use crate::ir::Policy;
use crate::leads::{Bound, RawReader, RawRow};

/// Where rows come from.
pub(super) enum Source<'e> {
    Blocks(Blocks<'e>),
    /// Rows that are read one by one.
    Rows {
        raw: Box<RawReader<'e>>,
        bound: Arc<Bound>,
        /// How many stretches of rows there have been.
        number: u64,
    },
}

/// The next rows to work on.
pub(super) enum Work {
    Block(Block),
    Rows(u64, Vec<RawRow>, Arc<Bound>, Option<Diagnostic>),
}

/// How many rows are handed over at once when they are read one by one.
pub(super) const STRETCH: usize = 512;

impl Source<'_> {
    /// The next rows; none at the end. Blocks go into a buffer that may have been used before.
    pub(super) fn next(&mut self, policy: &Policy, buffer: impl FnOnce() -> Vec<u8>) -> Option<Work> {
        match self {
            Source::Blocks(blocks) => blocks.next(buffer()).map(Work::Block),
            Source::Rows { raw, bound, number } => {
                let mut rows = Vec::new();
                let mut fault = None;
                while rows.len() < STRETCH && fault.is_none() {
                    match raw.next() {
                        Some(Ok(row)) => rows.push(row),
                        Some(Err(diagnostic)) => fault = Some(diagnostic),
                        None => break,
                    }
                }
                if rows.is_empty() && fault.is_none() {
                    return None;
                }
                Arc::make_mut(bound).follow(policy, raw.columns());
                *number += 1;
                Some(Work::Rows(*number - 1, rows, Arc::clone(bound), fault))
            }
        }
    }
}
