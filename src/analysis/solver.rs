//! The SAT solver behind a small interface of our own: clauses in, a model or the assumptions that cannot hold together out.

use std::collections::BTreeSet;
use std::ops::Not;

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

    /// As DIMACS has it: the number of the variable from 1 on, below zero when negated.
    pub(crate) fn dimacs(self) -> i64 {
        let number = i64::from(self.0 >> 1) + 1;
        if self.is_negated() { -number } else { number }
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

/// The lemmas of a search, and its budget.
#[derive(Debug, Default)]
struct Notes {
    learnt: u64,
    /// The lemmas that nobody has taken yet; none when nobody wants them.
    lemmas: Option<Vec<Vec<Lit>>>,
}

impl Callbacks for Notes {
    fn on_start(&mut self) {
        self.learnt = 0;
    }

    fn on_new_clause(&mut self, clause: &[RawLit], kind: ClauseKind) {
        match kind {
            ClauseKind::Learnt => {
                self.learnt += 1;
                if let Some(lemmas) = &mut self.lemmas {
                    lemmas.push(clause.iter().map(|lit| Lit::from_raw(*lit)).collect());
                }
            }
            ClauseKind::Axiom | ClauseKind::Theory => {}
        }
    }

    fn stop(&self) -> bool {
        self.learnt > MAX_LEARNT
    }
}

/// The solver batsat, and (when wanted) a record of what it was told and what it learnt.
pub(crate) struct Batsat {
    solver: RawSolver<Notes>,
    variables: u32,
    record: Option<Record>,
}

/// One entry of a [`Record`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A clause that the solver was told.
    Input(Vec<Lit>),
    /// A clause that follows from those above.
    Lemma(Vec<Lit>),
    /// Assumptions that cannot hold together with the clauses above.
    Refuted(Vec<Lit>),
}

/// Everything that a proof needs, in the order in which it happened.
pub(crate) type Record = Vec<Entry>;

impl std::fmt::Debug for Batsat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batsat").field("variables", &self.variables).finish_non_exhaustive()
    }
}

impl Batsat {
    /// A solver without clauses; `recording` keeps what a proof needs.
    pub(crate) fn new(recording: bool) -> Self {
        let notes = Notes { learnt: 0, lemmas: recording.then(Vec::new) };
        let solver = RawSolver::new(SolverOpts::default(), notes);
        Batsat { solver, variables: 0, record: recording.then(Vec::new) }
    }

    /// What was recorded.
    pub(crate) fn record(&self) -> &[Entry] {
        self.record.as_deref().unwrap_or_default()
    }

    /// Moves the lemmas of the last search into the record.
    fn note_lemmas(&mut self) {
        if let (Some(record), Some(lemmas)) = (&mut self.record, &mut self.solver.cb_mut().lemmas) {
            record.extend(lemmas.drain(..).map(Entry::Lemma));
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
        if let Some(record) = &mut self.record {
            record.push(Entry::Input(lits.to_vec()));
        }
        let mut raw: Vec<RawLit> = lits.iter().map(|lit| lit.raw()).collect();
        self.solver.add_clause_reuse(&mut raw);
    }

    fn solve(&mut self, assumptions: &[Lit]) -> Solved {
        let raw: Vec<RawLit> = assumptions.iter().map(|lit| lit.raw()).collect();
        let result = self.solver.solve_limited(&raw);
        self.note_lemmas();
        if result == lbool::TRUE {
            let value = |i| self.solver.value_var(Var::unsafe_from_idx(i)) == lbool::TRUE;
            Solved::Model((0..self.variables).map(value).collect())
        } else if result == lbool::FALSE {
            let core: BTreeSet<usize> =
                self.solver.unsat_core().iter().map(|lit| Lit::from_raw(*lit).variable()).collect();
            let core: Vec<Lit> = assumptions.iter().copied().filter(|lit| core.contains(&lit.variable())).collect();
            if let Some(record) = &mut self.record {
                record.push(Entry::Refuted(core.clone()));
            }
            Solved::Refuted(core)
        } else {
            Solved::GaveUp
        }
    }
}
