//! Prints a small random policy: `small_policy SEED`.

#[path = "../tests/support"]
mod support {
    pub(crate) mod small_gen;
}

use std::io::{self, Write};

use support::small_gen::small;

fn main() -> io::Result<()> {
    let seed = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let seed = seed.ok_or_else(|| io::Error::other("type: small_policy SEED"))?;
    io::stdout().lock().write_all(small(seed).text.as_bytes())
}
