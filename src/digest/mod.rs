//! The digest of a policy: a name for what it does, which every later release can work out again.
//!
//! It is the hash of a canonical text ([`canonical`]) of all that can change what becomes of a lead, and of nothing else. `docs/digest.md` says
//! what stands in that text, line by line; nothing of it hangs on the JSON form of the IR or on how Rust prints things.

mod condition;
mod form;
mod items;

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::ir::{Cond, Policy, ScoreLine, listed, visit};

/// The version of the canonical form; a digest begins with it.
pub const VERSION: &str = "p1";

/// The version of the canonical form of lists.
pub const LIST_VERSION: &str = "l1";

/// The digest of a policy and of every list that it reads: `p1:` and 64 hexadecimal digits.
#[must_use]
pub fn policy(policy: &Policy) -> String {
    format!("{VERSION}:{}", hash(&canonical(policy)))
}

/// The text that a digest is the hash of.
#[must_use]
pub fn canonical(policy: &Policy) -> String {
    items::text(policy)
}

/// The digests of the lists that a policy reads, each with its name, in order; a list that is read as values of several fields may have several.
#[must_use]
pub fn lists(policy: &Policy) -> Vec<(String, String)> {
    let canon = condition::Canon::new(policy);
    let asked = listed::asked(policy, visit::reached(policy)).into_iter();
    let lists: BTreeSet<_> = asked.map(|asked| (asked.list.to_owned(), canon.held(asked))).collect();
    lists.into_iter().collect()
}

/// Names for the conditions and the lines of scores of one policy, which are the same in every policy of its digest.
#[derive(Debug)]
pub struct Names<'p>(condition::Canon<'p>);

impl<'p> Names<'p> {
    /// The names of a policy.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Names<'p> {
        Names(condition::Canon::new(policy))
    }

    /// The name of a condition: 16 hexadecimal digits.
    #[must_use]
    pub fn condition(&self, cond: &Cond) -> String {
        short(&self.0.condition(cond))
    }

    /// The name of a line of the score of this name.
    #[must_use]
    pub fn line(&self, score: &str, line: &ScoreLine) -> String {
        short(&form::form("line", [form::quoted(score), self.0.line(line)]))
    }
}

/// The SHA-256 of a text, in hexadecimal digits.
#[must_use]
pub fn hash(text: &str) -> String {
    digits(&Sha256::digest(text.as_bytes()))
}

/// The first 16 digits of that: enough to tell apart what stands in one policy, or to notice that a text has been changed.
#[must_use]
pub fn short(text: &str) -> String {
    short_of(text.as_bytes())
}

/// The same of bytes.
pub(crate) fn short_of(text: &[u8]) -> String {
    const BYTES: usize = 8;
    let hash = Sha256::digest(text);
    digits(hash.get(..BYTES).unwrap_or_default())
}

/// Bytes in hexadecimal digits.
fn digits(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
