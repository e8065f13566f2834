//! Where leads come from: blocks of whole rows, row groups, or rows one by one.

use std::sync::Arc;

use super::blocks::{Block, Blocks};
use crate::diagnostic::Diagnostic;
use crate::ir::Policy;
use crate::leads::{Bound, Groups, RawReader, RawRow};

/// Where rows come from.
pub(super) enum Source<'e> {
    Blocks(Blocks<'e>),
    /// Groups of rows that are read side by side.
    Groups {
        groups: Arc<Groups>,
        /// The one that comes next.
        next: usize,
        /// How many rows are before it.
        rows: u64,
    },
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
    /// Which group, and how many rows are before it.
    Group(Arc<Groups>, usize, u64),
    Rows(u64, Vec<RawRow>, Arc<Bound>, Option<Diagnostic>),
}

/// How many rows are handed over at once when they are read one by one.
pub(super) const STRETCH: usize = 512;

impl Source<'_> {
    /// Takes into account how many rows of the last block were rejected.
    pub(super) fn adapt(&mut self, rejects: usize) {
        match self {
            Source::Blocks(blocks) => blocks.adapt(rejects),
            Source::Groups { .. } | Source::Rows { .. } => {}
        }
    }

    /// Whether there surely is nothing more. Of row groups that is not said: one alone can have any number of rows.
    pub(super) fn is_spent(&self) -> bool {
        match self {
            Source::Blocks(blocks) => blocks.is_spent(),
            Source::Groups { .. } | Source::Rows { .. } => false,
        }
    }

    /// The next rows; none at the end. Blocks go into a buffer that may have been used before.
    pub(super) fn next(&mut self, policy: &Policy, buffer: impl FnOnce() -> Vec<u8>) -> Option<Work> {
        match self {
            Source::Blocks(blocks) => blocks.next(buffer()).map(Work::Block),
            Source::Groups { groups, next, rows } => {
                let (group, before) = (*next, *rows);
                if group == groups.count() {
                    return None;
                }
                *next += 1;
                *rows = before.saturating_add(groups.rows(group));
                Some(Work::Group(Arc::clone(groups), group, before))
            }
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
