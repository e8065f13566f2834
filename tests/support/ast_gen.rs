//! Random syntax trees: everything that a policy may say in words, comments and blank lines, but for what the layout itself
//! settles. Names need not be declared anywhere: the trees are for the parser and the formatter, and for lowering to survive.
//!
//! A tree is made from a tape of choices. proptest shortens the tape and makes its numbers smaller; a shorter tape is a smaller
//! tree, and choice 0 is always the plainest one.
//!
//! What is not generated, because no text says it:
//! - a comment behind the last part of a sentence (the statement or item has it), or above a part of a chain that begins where
//!   an outer part begins;
//! - a blank line above the first part of a list, the first item or the first statement, and any above `because`, `owned by`
//!   and `otherwise`;
//! - comments below anything but a statement and the last part of a list or a chain in brackets;
//! - statements of several lines without blank lines around them, which [`settle`] adds;
//! - vertical lists that do not end a sentence; broken nodes.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each test that includes this file uses a part of it"
)]

mod conditions;
mod statements;
mod words;

use policyc::format::settle;
use policyc::syntax::ast::*;
use proptest::prelude::*;

/// Random files, settled.
pub(crate) fn files() -> impl Strategy<Value = File> {
    proptest::collection::vec(any::<u16>(), 0..600).prop_map(|tape| {
        let mut file = Tape::new(tape).file();
        settle(&mut file);
        file
    })
}

/// Random conditions, as they stand in a statement.
pub(crate) fn conditions() -> impl Strategy<Value = Expr> {
    proptest::collection::vec(any::<u16>(), 0..200).prop_map(|tape| Tape::new(tape).sentence())
}

/// How deep brackets go.
const DEPTH: usize = 3;
/// Comments may stand above the first part of a list in brackets, and behind and below the last.
const BRACKETS: (bool, bool, bool) = (true, true, true);

/// Where a node stands, as far as it matters for what it may be.
#[derive(Clone, Copy)]
struct Place {
    /// Brackets that may still be opened.
    depth: usize,
    /// No outer part begins here, so that a comment may stand above.
    begins: bool,
    /// No outer part ends here, so that a comment may stand behind.
    ends: bool,
    /// It is all that stands in parentheses, so that a comment may stand below.
    alone: bool,
    /// The sentence ends here, so that a list may go below, one a line.
    tail: bool,
}

impl Place {
    /// Inside of brackets.
    fn inside(self) -> Place {
        Place { depth: self.depth.saturating_sub(1), begins: true, ends: true, alone: true, tail: false }
    }
}

/// The choices that a tree is made from.
struct Tape {
    choices: std::vec::IntoIter<u16>,
}

impl Tape {
    fn new(choices: Vec<u16>) -> Tape {
        Tape { choices: choices.into_iter() }
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(choice) % n)
    }

    /// Once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn coin(&mut self) -> bool {
        self.once_in(2)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Tape) -> T) -> Option<T> {
        self.coin().then(|| make(self))
    }

    /// `least` to `most` of them; mostly few.
    fn some<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Tape) -> T) -> Vec<T> {
        let extra = self.below(most - least + 1).min(self.below(most - least + 1));
        (0..least + extra).map(|_| make(self)).collect()
    }
}
