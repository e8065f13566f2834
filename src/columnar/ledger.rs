//! What a block needs to know of those before it, passed on from block to block.
//!
//! These are the number of a block's first row and line, whether a footer may have begun, and which keys there have been. A block passes them on as soon as it
//! knows how many rows it has.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::leads::Tail;
use crate::leads::objects::Keys;

/// What a block must know of those before it.
#[derive(Debug, Default)]
pub(super) struct Carry {
    /// The number of the last row.
    pub(super) row: u64,
    /// The line on which the next row stands.
    pub(super) line: u64,
    pub(super) tail: Tail,
    /// The keys of all JSON objects.
    pub(super) keys: Keys,
}

/// Passes carries from block to block.
pub(super) struct Ledger {
    state: Mutex<(u64, Carry)>,
    turned: Condvar,
}

/// Locks what threads share.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked has stopped everything already.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// What the first block has before it.
    pub(super) fn new(carry: Carry) -> Ledger {
        Ledger { state: Mutex::new((0, carry)), turned: Condvar::new() }
    }

    /// What is left when all blocks have had their turn.
    pub(super) fn close(self) -> Carry {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Waits for the turn of a block, and passes on what `f` makes of its carry.
    pub(super) fn turn<T>(&self, block: u64, f: impl FnOnce(&mut Carry) -> T) -> T {
        let mut state = lock(&self.state);
        while state.0 != block {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let made = f(&mut state.1);
        state.0 += 1;
        self.turned.notify_all();
        made
    }
}
