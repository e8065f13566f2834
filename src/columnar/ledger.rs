//! What a block needs to know of those before it, passed on from block to block.
//!
//! These are the number of a block's first row and line, whether a footer may have begun, and which keys there have been. A block passes them on as soon as it
//! knows how many rows it has.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::leads::objects::Keys;
use crate::leads::{Legacy, Tail};

/// What a block must know of those before it.
#[derive(Debug, Default)]
pub(super) struct Carry {
    /// The number of the last row.
    pub(super) row: u64,
    /// The line on which the next row stands.
    pub(super) line: u64,
    pub(super) tail: Tail,
    /// Whether the header was not UTF-8.
    pub(super) legacy: Legacy,
    /// The keys of all JSON objects.
    pub(super) keys: Keys,
}

/// Passes carries from block to block.
pub(super) struct Ledger {
    state: Mutex<State>,
    turned: Condvar,
}

struct State {
    /// The block whose turn it is.
    next: u64,
    carry: Carry,
    /// Whether a thread has come to a bad end, so that its block will never have its turn.
    lost: bool,
}

/// Locks what threads share.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a thread has left behind that came to a bad end is not used: see `Ledger::give_up`.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// What the first block has before it.
    pub(super) fn new(carry: Carry) -> Ledger {
        Ledger { state: Mutex::new(State { next: 0, carry, lost: false }), turned: Condvar::new() }
    }

    /// What is left when all blocks have had their turn.
    pub(super) fn close(self) -> Carry {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).carry
    }

    /// Lets nobody wait any longer: a thread has come to a bad end, and nothing that others still make is used.
    pub(super) fn give_up(&self) {
        lock(&self.state).lost = true;
        self.turned.notify_all();
    }

    /// Waits for the turn of a block, and passes on what `f` makes of its carry.
    pub(super) fn turn<T>(&self, block: u64, f: impl FnOnce(&mut Carry) -> T) -> T {
        let mut state = lock(&self.state);
        while state.next != block && !state.lost {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let made = f(&mut state.carry);
        state.next += 1;
        self.turned.notify_all();
        made
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{Carry, Ledger};

    #[test]
    fn nobody_waits_for_a_block_that_is_lost() {
        let ledger = Ledger::new(Carry::default());
        thread::scope(|scope| {
            // Block 0 never has its turn.
            let later = scope.spawn(|| ledger.turn(1, |carry| carry.row));
            ledger.give_up();
            assert_eq!(later.join().ok(), Some(0));
        });
    }
}
