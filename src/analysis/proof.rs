//! Proofs of what an analysis found impossible, as text that another program can check.
//!
//! A proof is a text of lines. A literal is a whole number other than 0: a variable, or, when negative, that the variable is false.
//! The literals of a line end with `0`.
//!
//! | line | says |
//! |---|---|
//! | `c TEXT` | a note: what the lines after it are for |
//! | `i 1 -2 0` | input: one of these literals holds. It is not proved; it says what the policy is |
//! | `l 1 0` | lemma: one of these literals holds, by reverse unit propagation from the inputs and lemmas above it |
//! | `q -1 3 0` | query: these literals cannot all hold, by unit propagation from the inputs and lemmas above it |
//!
//! *Unit propagation*: of an input or a lemma whose literals are all false but one, that one holds. A lemma follows by *reverse* unit
//! propagation when assuming all its literals false ends in an input or a lemma whose literals are all false.
//! (E. Goldberg, Y. Novikov: "Verification of proofs of unsatisfiability for CNF formulas", 2003.)
//!
//! ```text
//! c rule at line 12: fit is at least 80
//! i -1 2 0
//! c rule at line 14: fit is at least 60
//! i -2 3 0
//! c line 14 never decides
//! q 1 -3 0
//! ```

mod check;

use std::fmt;
use std::num::NonZeroI32;

pub use check::{Accepted, check};

/// A variable from 1 on; negative: that it is false.
pub type Literal = NonZeroI32;

/// A line of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// What the lines after it are for. A text of more lines is written as so many notes.
    Note(String),
    /// One of the literals holds, as given.
    Input(Vec<Literal>),
    /// One of the literals holds, as follows from what stands above.
    Lemma(Vec<Literal>),
    /// The literals cannot all hold, as follows from what stands above.
    Query(Vec<Literal>),
}

/// Writes the lines of the step, each with its end.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, literals) = match self {
            // A line end inside a note would make the rest of it a line of its own, and perhaps an input.
            Step::Note(text) => return text.split('\n').try_for_each(|line| writeln!(f, "c {line}")),
            Step::Input(literals) => ('i', literals),
            Step::Lemma(literals) => ('l', literals),
            Step::Query(literals) => ('q', literals),
        };
        write!(f, "{kind}")?;
        literals.iter().try_for_each(|literal| write!(f, " {literal}"))?;
        writeln!(f, " 0")
    }
}

/// Several proofs as one: each has variables of its own.
#[must_use]
pub fn joined(proofs: &[&[Step]]) -> Vec<Step> {
    let mut all = Vec::new();
    let mut base = 0;
    for proof in proofs {
        let mut largest = 0;
        let mut moved = |literals: &[Literal]| -> Vec<Literal> {
            let moved = literals.iter().filter_map(|literal| {
                largest = largest.max(literal.unsigned_abs().get());
                let number = i32::try_from(literal.unsigned_abs().get()).ok()?.checked_add(base)?;
                Literal::new(if literal.is_negative() { -number } else { number })
            });
            moved.collect()
        };
        for step in *proof {
            all.push(match step {
                Step::Note(text) => Step::Note(text.clone()),
                Step::Input(literals) => Step::Input(moved(literals)),
                Step::Lemma(literals) => Step::Lemma(moved(literals)),
                Step::Query(literals) => Step::Query(moved(literals)),
            });
        }
        base = base.saturating_add(i32::try_from(largest).unwrap_or(i32::MAX));
    }
    all
}

/// Why a proof is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFault {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong there.
    pub what: Fault,
}

/// What is wrong with a line of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It does not begin like any line of a proof.
    UnknownKind(String),
    /// This is no literal.
    NotALiteral(String),
    /// It ends before its `0`.
    NoEnd,
    /// There is something after its `0`.
    AfterEnd,
    /// The lemma does not follow.
    LemmaDoesNotFollow,
    /// The literals of the query may all hold, as far as unit propagation goes.
    QueryNotRefuted,
}

impl fmt::Display for ProofFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.what {
            Fault::UnknownKind(word) => write!(f, "a line begins with `c`, `i`, `l` or `q`, not with `{word}`"),
            Fault::NotALiteral(word) => write!(f, "`{word}` is no literal"),
            Fault::NoEnd => write!(f, "the line does not end with `0`"),
            Fault::AfterEnd => write!(f, "something follows the `0` that ends the line"),
            Fault::LemmaDoesNotFollow => write!(f, "the lemma does not follow from the lines above it"),
            Fault::QueryNotRefuted => write!(f, "the lines above do not refute the query"),
        }
    }
}

impl std::error::Error for ProofFault {}

/// Reads a proof line by line, each with its number from 1 on. Lines of blanks are skipped.
pub fn steps(proof: &str) -> impl Iterator<Item = Result<(usize, Step), ProofFault>> {
    let lines = (1..).zip(proof.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines.map(|(line, text)| match step(text) {
        Ok(step) => Ok((line, step)),
        Err(what) => Err(ProofFault { line, what }),
    })
}

fn step(line: &str) -> Result<Step, Fault> {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        "c" => Ok(Step::Note(rest.to_owned())),
        "i" => Ok(Step::Input(literals(rest)?)),
        "l" => Ok(Step::Lemma(literals(rest)?)),
        "q" => Ok(Step::Query(literals(rest)?)),
        _ => Err(Fault::UnknownKind(kind.to_owned())),
    }
}

fn literals(text: &str) -> Result<Vec<Literal>, Fault> {
    let mut literals = Vec::new();
    let mut words = text.split_ascii_whitespace();
    for word in &mut words {
        let number: i32 = word.parse().map_err(|_| Fault::NotALiteral(word.to_owned()))?;
        match Literal::new(number) {
            Some(literal) => literals.push(literal),
            None if words.next().is_some() => return Err(Fault::AfterEnd),
            None => return Ok(literals),
        }
    }
    Err(Fault::NoEnd)
}

#[cfg(test)]
mod tests;
