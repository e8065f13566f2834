//! Prints a large policy to measure with: `large_policy RULES [SEED [EDITS]]`.
//!
//! With EDITS, so many of its rules are edited: the same policy after a change.

#[path = "../tests/support"]
mod support {
    pub(crate) mod large_gen;
}

use std::io::{self, Write};

use support::large_gen::Large;

fn main() -> io::Result<()> {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (rules, seed, edits) = match arguments.as_slice() {
        [rules] => (*rules, 42, 0),
        [rules, seed] => (*rules, *seed, 0),
        [rules, seed, edits] => (*rules, *seed, *edits),
        _ => return Err(io::Error::other("type: large_policy RULES [SEED [EDITS]]")),
    };
    let [rules, edits] = [rules, edits].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    let policy = Large::new(rules, seed).edited(edits, seed);
    io::stdout().lock().write_all(policy.text().as_bytes())
}
