//! Checks a proof by unit propagation, with two watched literals a clause. It shares nothing with the solver that wrote the proof.

use std::collections::HashMap;
use std::ops::Not;

use super::{Fault, Literal, ProofFault, Step, steps};

/// What an accepted proof has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accepted {
    /// How many inputs it starts from.
    pub axioms: usize,
    /// How many lemmas follow, each from what stands above it.
    pub lemmas: usize,
    /// How many queries are refuted.
    pub queries: usize,
}

/// Checks all lines of a proof in their order.
///
/// # Errors
///
/// The first line that cannot be read, or that does not follow by unit propagation from those above it.
pub fn check(proof: &str) -> Result<Accepted, ProofFault> {
    let mut accepted = Accepted::default();
    let mut clauses = Clauses::default();
    for numbered in steps(proof) {
        let (line, step) = numbered?;
        match step {
            Step::Note(_) => {}
            Step::Input(literals) => {
                accepted.axioms += 1;
                let clause = clauses.signs(&literals);
                clauses.add(clause);
            }
            Step::Lemma(literals) => {
                accepted.lemmas += 1;
                let clause = clauses.signs(&literals);
                if !clauses.refute(clause.iter().map(|sign| !*sign)) {
                    return Err(ProofFault { line, what: Fault::LemmaDoesNotFollow });
                }
                clauses.add(clause);
            }
            Step::Query(literals) => {
                accepted.queries += 1;
                let assumed = clauses.signs(&literals);
                if !clauses.refute(assumed.into_iter()) {
                    return Err(ProofFault { line, what: Fault::QueryNotRefuted });
                }
            }
        }
    }
    Ok(accepted)
}

/// A literal, numbered by first occurrence: twice the number of its variable, and one more when negative. So a proof with a huge
/// variable needs no huge table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sign(usize);

impl Not for Sign {
    type Output = Sign;

    fn not(self) -> Sign {
        Sign(self.0 ^ 1)
    }
}

/// The clauses that hold, and what follows from them by unit propagation.
#[derive(Default)]
struct Clauses {
    /// The numbers of the variables.
    numbers: HashMap<u32, usize>,
    /// Clauses of two literals and more; the first two are watched. When a watched literal is false, the other one is true, or it
    /// is still to be propagated.
    clauses: Vec<Vec<Sign>>,
    /// By literal: the clauses that watch it.
    watching: Vec<Vec<usize>>,
    /// By literal: whether it holds.
    holds: Vec<bool>,
    /// The literals that hold, in the order in which that was found.
    trail: Vec<Sign>,
    /// How many of the trail are propagated.
    propagated: usize,
    /// The clauses contradict each other.
    contradictory: bool,
}

#[allow(
    clippy::indexing_slicing,
    reason = "`signs` makes room for the literals that it gives, and clauses are numbered here"
)]
impl Clauses {
    /// The literals in this numbering, each once.
    fn signs(&mut self, literals: &[Literal]) -> Vec<Sign> {
        let mut signs: Vec<Sign> = Vec::with_capacity(literals.len());
        for literal in literals {
            let next = self.numbers.len();
            let number = *self.numbers.entry(literal.get().unsigned_abs()).or_insert(next);
            signs.push(Sign(2 * number + usize::from(literal.is_negative())));
        }
        self.watching.resize(2 * self.numbers.len(), Vec::new());
        self.holds.resize(2 * self.numbers.len(), false);
        signs.sort_unstable();
        signs.dedup();
        signs
    }

    /// Takes a clause in, and what follows from it for good.
    fn add(&mut self, mut clause: Vec<Sign>) {
        // Between two steps everything is propagated, and what is false is so for good.
        clause.retain(|sign| !self.holds[(!*sign).0]);
        match clause.as_slice() {
            [] => self.contradictory = true,
            [only] => self.contradictory |= !(self.assume(*only) && self.propagate()),
            [first, second, ..] => {
                self.watching[first.0].push(self.clauses.len());
                self.watching[second.0].push(self.clauses.len());
                self.clauses.push(clause);
            }
        }
    }

    /// Whether these literals cannot all hold, as far as unit propagation goes.
    fn refute(&mut self, mut literals: impl Iterator<Item = Sign>) -> bool {
        if self.contradictory {
            return true;
        }
        let lasting = self.trail.len();
        let refuted = !(literals.all(|sign| self.assume(sign)) && self.propagate());
        for sign in self.trail.drain(lasting..) {
            self.holds[sign.0] = false;
        }
        self.propagated = lasting;
        refuted
    }

    /// Lets a literal hold; not when it is false.
    fn assume(&mut self, sign: Sign) -> bool {
        if self.holds[(!sign).0] {
            return false;
        }
        if !self.holds[sign.0] {
            self.holds[sign.0] = true;
            self.trail.push(sign);
        }
        true
    }

    /// Finds what follows from the trail; not when all literals of some clause are false.
    fn propagate(&mut self) -> bool {
        while let Some(sign) = self.trail.get(self.propagated) {
            self.propagated += 1;
            let gone = !*sign;
            let mut watching = std::mem::take(&mut self.watching[gone.0]);
            let mut consistent = true;
            watching.retain(|&number| {
                let moved = consistent && self.watch_another(number, gone);
                consistent = consistent && (moved || self.assume(self.clauses[number][0]));
                !moved
            });
            self.watching[gone.0] = watching;
            if !consistent {
                return false;
            }
        }
        true
    }

    /// Lets a clause watch a literal that is not false in place of one that is; not when the first of the clause holds anyway, or is
    /// the only one that is left.
    fn watch_another(&mut self, number: usize, gone: Sign) -> bool {
        let clause = &mut self.clauses[number];
        if clause[0] == gone {
            clause.swap(0, 1);
        }
        if self.holds[clause[0].0] {
            return false;
        }
        let Some(open) = (2..clause.len()).find(|i| !self.holds[(!clause[*i]).0]) else { return false };
        clause.swap(1, open);
        self.watching[clause[1].0].push(number);
        true
    }
}
