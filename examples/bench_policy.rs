//! Prints a policy of many rules for the leads of `bench_leads`: `bench_policy RULES SEED`.

#[path = "../benches/leads/rules.rs"]
mod rules;

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let wrong = || io::Error::other("type: bench_policy RULES SEED");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rules, seed] = arguments.as_slice() else { return Err(wrong()) };
    let (Ok(rules), Ok(seed)) = (rules.parse(), seed.parse()) else { return Err(wrong()) };
    io::stdout().lock().write_all(rules::policy(rules, seed).as_bytes())
}
