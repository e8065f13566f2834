//! Rows that threads have decided, brought together into row groups.
//!
//! A row group has as many rows as it should, whatever the blocks that its rows came from. Whoever hands in the rows that complete
//! one takes it away to pack it, so that this is done by several threads, too.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::ledger::lock;
use crate::leads::Named;

/// Brings rows together.
#[derive(Default)]
pub(super) struct Gather(Mutex<State>);

#[derive(Default)]
struct State {
    /// The number of the block that comes next.
    next: u64,
    /// Rows of blocks that came too early.
    early: BTreeMap<u64, Named>,
    /// Rows that do not fill a row group yet.
    rows: Named,
    /// How many row groups there have been.
    groups: u64,
}

impl Gather {
    /// Takes the rows of a block; hands back the row groups that they complete, each with its number.
    pub(super) fn put(&self, number: u64, rows: Named) -> Vec<(u64, Named)> {
        let mut state = lock(&self.0);
        state.early.insert(number, rows);
        let mut full = Vec::new();
        loop {
            let next = state.next;
            let Some(rows) = state.early.remove(&next) else { return full };
            state.next += 1;
            state.rows.append(&rows);
            while let Some(group) = state.rows.full() {
                full.push((state.groups, group));
                state.groups += 1;
            }
        }
    }

    /// The rows that are left at the end.
    pub(super) fn rest(self) -> Named {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).rows
    }
}
