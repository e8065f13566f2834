//! The states that a search has met.

use super::automaton::State;

/// States of one width, each once. They lie in one allocation, since a search meets many and forgets all at its end.
#[derive(Debug)]
pub(super) struct Met {
    width: usize,
    /// One state behind the other.
    cells: Vec<State>,
    /// A hash table of their positions, half of it free or more; its length is a power of two.
    slots: Vec<u32>,
}

/// No state.
const FREE: u32 = u32::MAX;

impl Met {
    /// None, of a width above 0.
    pub(super) fn new(width: usize) -> Met {
        Met { width, cells: Vec::new(), slots: vec![FREE; 64] }
    }

    /// The position of a state, and whether it was not met before.
    pub(super) fn place(&mut self, state: &[State]) -> (usize, bool) {
        let count = self.cells.len() / self.width;
        match self.slot(state) {
            Ok(at) => (at, false),
            Err(slot) => {
                self.cells.extend_from_slice(state);
                self.fill(slot, count);
                if (count + 1) * 2 > self.slots.len() {
                    self.grow();
                }
                (count, true)
            }
        }
    }

    /// Copies the state at a position.
    pub(super) fn read(&self, at: usize, state: &mut Vec<State>) {
        state.clear();
        state.extend_from_slice(self.get(at));
    }

    fn get(&self, at: usize) -> &[State] {
        self.cells.get(at * self.width..(at + 1) * self.width).unwrap_or(&[])
    }

    /// The position of a state, or else the slot that waits for it.
    fn slot(&self, state: &[State]) -> Result<usize, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(state) & mask;
        loop {
            match self.slots.get(slot) {
                Some(&at) if at != FREE => {
                    if self.get(at as usize) == state {
                        return Ok(at as usize);
                    }
                    slot = (slot + 1) & mask;
                }
                Some(_) | None => return Err(slot),
            }
        }
    }

    fn fill(&mut self, slot: usize, at: usize) {
        if let (Some(slot), Ok(at)) = (self.slots.get_mut(slot), u32::try_from(at)) {
            *slot = at;
        }
    }

    fn grow(&mut self) {
        self.slots = vec![FREE; self.slots.len() * 2];
        for at in 0..self.cells.len() / self.width {
            if let Err(slot) = self.slot(self.get(at)) {
                self.fill(slot, at);
            }
        }
    }
}

/// Firefox's hash: fast on short keys, and the same every time.
fn hash(state: &[State]) -> usize {
    let mixed = state
        .iter()
        .fold(0_u64, |hash, State(n)| (hash.rotate_left(5) ^ u64::from(*n)).wrapping_mul(0x517c_c1b7_2722_0a95));
    (mixed >> 32) as usize
}
