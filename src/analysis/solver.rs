//! The SAT solver behind a small interface of our own: clauses in, a model or the assumptions that cannot hold together out.

use std::collections::BTreeSet;
use std::ops::Not;

use super::proof::{Literal, Step};
use batsat::{Callbacks, ClauseKind, Lit as RawLit, Solver as RawSolver, SolverInterface, SolverOpts, Var, lbool};

/// A variable of the solver or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lit(u32);

impl Lit {
    /// Its variable.
    pub(crate) fn variable(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it is the negation of its variable.
    pub(crate) fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// As a proof has it.
    fn literal(self) -> Literal {
        let number = i32::try_from(self.0 >> 1).map_or(i32::MAX, |variable| variable.saturating_add(1));
        let literal = Literal::new(number).unwrap_or(Literal::MAX);
        if self.is_negated() { -literal } else { literal }
    }

    fn raw(self) -> RawLit {
        RawLit::new(Var::unsafe_from_idx(self.0 >> 1), !self.is_negated())
    }

    fn from_raw(lit: RawLit) -> Lit {
        Lit(lit.var().idx() << 1 | u32::from(!lit.sign()))
    }
}

impl Not for Lit {
    type Output = Lit;
    fn not(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// What the solver says to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Solved {
    /// All clauses and assumptions hold when the variables have these values.
    Model(Vec<bool>),
    /// These of the assumptions cannot hold together.
    Refuted(Vec<Lit>),
    /// It gave up.
    GaveUp,
}

/// What the analysis asks of a solver.
pub(crate) trait Solver {
    /// A new variable. One that others determine is never guessed.
    fn variable(&mut self, determined: bool) -> Lit;
    /// Adds a clause for good: one of these literals holds.
    fn clause(&mut self, lits: &[Lit]);
    /// Whether all clauses can hold together with the assumptions.
    fn solve(&mut self, assumptions: &[Lit]) -> Solved;
}

/// How many clauses the solver may learn for one question before it gives up.
const MAX_LEARNT: u64 = 400_000;

/// The budget of a search, and the proof so far when one is wanted.
#[derive(Debug, Default)]
struct Notes {
    learnt: u64,
    most: u64,
    proof: Option<Vec<Step>>,
}

impl Callbacks for Notes {
    fn on_start(&mut self) {
        self.learnt = 0;
    }

    fn on_new_clause(&mut self, clause: &[RawLit], kind: ClauseKind) {
        match kind {
            ClauseKind::Learnt => {
                self.learnt += 1;
                if let Some(proof) = &mut self.proof {
                    proof.push(Step::Lemma(clause.iter().map(|lit| Lit::from_raw(*lit).literal()).collect()));
                }
            }
            ClauseKind::Axiom | ClauseKind::Theory => {}
        }
    }

    fn stop(&self) -> bool {
        self.learnt > self.most
    }
}

/// The solver batsat.
pub(crate) struct Batsat {
    solver: RawSolver<Notes>,
    variables: u32,
}

impl std::fmt::Debug for Batsat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batsat").field("variables", &self.variables).finish_non_exhaustive()
    }
}

impl Batsat {
    /// A solver without clauses; `recording` keeps a proof of everything that is refuted.
    pub(crate) fn new(recording: bool) -> Self {
        let notes = Notes { learnt: 0, most: MAX_LEARNT, proof: recording.then(Vec::new) };
        Batsat { solver: RawSolver::new(SolverOpts::default(), notes), variables: 0 }
    }

    /// The proof so far; empty when none is recorded.
    pub(crate) fn proof(&self) -> &[Step] {
        self.solver.cb().proof.as_deref().unwrap_or_default()
    }

    /// Sets how many clauses the solver may learn for one question.
    pub(crate) fn limit(&mut self, most: u64) {
        self.solver.cb_mut().most = most.min(MAX_LEARNT);
    }

    /// How many literals have been worked out from others so far: a measure of time that is the same on every machine.
    pub(crate) fn propagations(&self) -> u64 {
        self.solver.num_propagations()
    }

    /// Adds a step to the proof, when one is recorded.
    pub(crate) fn record(&mut self, step: impl FnOnce() -> Step) {
        if let Some(proof) = &mut self.solver.cb_mut().proof {
            proof.push(step());
        }
    }
}

impl Solver for Batsat {
    fn variable(&mut self, determined: bool) -> Lit {
        let var = self.solver.new_var(lbool::UNDEF, !determined);
        self.variables += 1;
        Lit(var.idx() << 1)
    }

    fn clause(&mut self, lits: &[Lit]) {
        self.record(|| Step::Input(literals(lits)));
        let mut raw: Vec<RawLit> = lits.iter().map(|lit| lit.raw()).collect();
        self.solver.add_clause_reuse(&mut raw);
    }

    fn solve(&mut self, assumptions: &[Lit]) -> Solved {
        let raw: Vec<RawLit> = assumptions.iter().map(|lit| lit.raw()).collect();
        let result = self.solver.solve_limited(&raw);
        if result == lbool::TRUE {
            let value = |i| self.solver.value_var(Var::unsafe_from_idx(i)) == lbool::TRUE;
            Solved::Model((0..self.variables).map(value).collect())
        } else if result == lbool::FALSE {
            let core: BTreeSet<usize> =
                self.solver.unsat_core().iter().map(|lit| Lit::from_raw(*lit).variable()).collect();
            let core: Vec<Lit> = assumptions.iter().copied().filter(|lit| core.contains(&lit.variable())).collect();
            self.record(|| Step::Query(literals(&core)));
            Solved::Refuted(core)
        } else {
            Solved::GaveUp
        }
    }
}

fn literals(lits: &[Lit]) -> Vec<Literal> {
    lits.iter().map(|lit| lit.literal()).collect()
}
