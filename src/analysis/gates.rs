//! Formulas as clauses: each `and`, `or` and choice is a variable that its parts determine, and equal ones are made once.

use std::collections::HashMap;

use super::proof::Step;
use super::solver::{Batsat, Lit, Solved, Solver};

/// What a variable stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Whatever it likes.
    Input,
    /// That all of these hold.
    And(Vec<Lit>),
    /// The second where the first holds, else the third.
    Choice([Lit; 3]),
}

/// A solver and the formulas that it knows.
#[derive(Debug)]
pub(crate) struct Gates {
    solver: Batsat,
    /// What each variable stands for; it speaks of earlier ones only.
    meanings: Vec<Meaning>,
    /// What is required besides.
    required: Vec<Vec<Lit>>,
    holds: Lit,
    conjunctions: HashMap<Vec<Lit>, Lit>,
    /// How many literals there are in all formulas.
    written: u64,
    choices: HashMap<[Lit; 3], Lit>,
}

impl Gates {
    /// Without any formula; `recording` keeps what a proof needs.
    pub(crate) fn new(recording: bool) -> Self {
        let mut solver = Batsat::new(recording);
        let holds = solver.variable(true);
        solver.clause(&[holds]);
        let meanings = vec![Meaning::And(Vec::new())];
        Gates {
            solver,
            meanings,
            required: Vec::new(),
            holds,
            conjunctions: HashMap::new(),
            written: 0,
            choices: HashMap::new(),
        }
    }

    /// The literal that always, or never, holds.
    pub(crate) fn constant(&self, truth: bool) -> Lit {
        if truth { self.holds } else { !self.holds }
    }

    /// Whether a literal is one of the two constants.
    pub(crate) fn known(&self, lit: Lit) -> Option<bool> {
        (lit.variable() == self.holds.variable()).then(|| lit == self.holds)
    }

    /// A new variable that may have either value.
    pub(crate) fn input(&mut self) -> Lit {
        self.meanings.push(Meaning::Input);
        self.solver.variable(false)
    }

    /// A new variable that others determine.
    fn gate(&mut self, meaning: Meaning) -> Lit {
        self.meanings.push(meaning);
        self.solver.variable(true)
    }

    /// What each variable stands for.
    pub(crate) fn meanings(&self) -> &[Meaning] {
        &self.meanings
    }

    /// What is required besides: of each of these clauses, one literal holds.
    pub(crate) fn required(&self) -> &[Vec<Lit>] {
        &self.required
    }

    /// Requires that one of these holds, for good.
    pub(crate) fn require(&mut self, any_of: &[Lit]) {
        if any_of.contains(&self.holds) {
            return;
        }
        let rest: Vec<Lit> = any_of.iter().copied().filter(|lit| *lit != !self.holds).collect();
        self.solver.clause(&rest);
        self.required.push(rest);
    }

    /// All of them hold.
    pub(crate) fn and(&mut self, parts: &[Lit]) -> Lit {
        let mut parts: Vec<Lit> = parts.iter().copied().filter(|lit| *lit != self.holds).collect();
        parts.sort_unstable();
        parts.dedup();
        // A literal and its negation are neighbours in the order.
        let contradictory = parts.windows(2).any(|pair| matches!(pair, [a, b] if *a == !*b));
        match parts.as_slice() {
            _ if contradictory || parts.contains(&!self.holds) => !self.holds,
            [] => self.holds,
            [one] => *one,
            _ => {
                if let Some(gate) = self.conjunctions.get(&parts) {
                    return *gate;
                }
                self.written += parts.len() as u64;
                let gate = self.gate(Meaning::And(parts.clone()));
                let mut all: Vec<Lit> = vec![gate];
                for part in &parts {
                    self.solver.clause(&[!gate, *part]);
                    all.push(!*part);
                }
                self.solver.clause(&all);
                self.conjunctions.insert(parts, gate);
                gate
            }
        }
    }

    /// One of them holds.
    pub(crate) fn or(&mut self, parts: &[Lit]) -> Lit {
        let negated: Vec<Lit> = parts.iter().map(|lit| !*lit).collect();
        !self.and(&negated)
    }

    /// `yes` where `test` holds, else `no`.
    pub(crate) fn choose(&mut self, test: Lit, yes: Lit, no: Lit) -> Lit {
        if yes == no || test == self.holds {
            return yes;
        }
        if test == !self.holds {
            return no;
        }
        if yes == self.holds {
            return self.or(&[test, no]);
        }
        if no == self.holds {
            return self.or(&[!test, yes]);
        }
        if yes == !self.holds {
            return self.and(&[!test, no]);
        }
        if no == !self.holds {
            return self.and(&[test, yes]);
        }
        if let Some(gate) = self.choices.get(&[test, yes, no]) {
            return *gate;
        }
        let gate = self.gate(Meaning::Choice([test, yes, no]));
        for clause in [[!test, !yes, gate], [!test, yes, !gate], [test, !no, gate], [test, no, !gate]] {
            self.solver.clause(&clause);
        }
        // Follows from the four above; lets the gate be known before the test is.
        self.solver.clause(&[!yes, !no, gate]);
        self.solver.clause(&[yes, no, !gate]);
        self.written += 8;
        self.choices.insert([test, yes, no], gate);
        gate
    }

    /// `more` where `test` holds, else `less`, where `less` implies `more`: fewer and shorter clauses than a choice needs.
    pub(crate) fn widen(&mut self, test: Lit, more: Lit, less: Lit) -> Lit {
        if [test, more, less].iter().any(|lit| self.known(*lit).is_some()) || more == less {
            return self.choose(test, more, less);
        }
        if let Some(gate) = self.choices.get(&[test, more, less]) {
            return *gate;
        }
        let gate = self.gate(Meaning::Choice([test, more, less]));
        self.solver.clause(&[!less, gate]);
        self.solver.clause(&[!gate, more]);
        self.solver.clause(&[!test, !more, gate]);
        self.solver.clause(&[test, less, !gate]);
        self.written += 6;
        self.choices.insert([test, more, less], gate);
        gate
    }

    /// At least so many of them hold.
    pub(crate) fn at_least(&mut self, count: usize, parts: &[Lit]) -> Lit {
        // The same, however its parts are ordered.
        let mut parts = parts.to_vec();
        parts.sort_unstable();
        // Row by row, the last part first: entry `n` says that at least `n` of the parts seen so far hold.
        let mut row = vec![!self.holds; count + 1];
        for part in parts.iter().rev() {
            let mut next = Vec::with_capacity(count + 1);
            let mut fewer = self.holds;
            for (wanted, rest) in row.iter().enumerate() {
                next.push(if wanted == 0 { self.holds } else { self.choose(*part, fewer, *rest) });
                fewer = if wanted == 0 { self.holds } else { *rest };
            }
            row = next;
        }
        if count == 0 { self.holds } else { row.last().copied().unwrap_or(self.holds) }
    }

    /// Asks the solver.
    pub(crate) fn solve(&mut self, assumptions: &[Lit]) -> Solved {
        self.solver.solve(assumptions)
    }

    /// Whether the solver gives up every further question.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.solver.is_exhausted()
    }

    /// Gives up on a question when so many clauses have been learnt for it.
    pub(crate) fn limit(&mut self, learnt: u64) {
        self.solver.limit(learnt);
    }

    /// How many literals there are in all formulas: a measure of memory.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// How many literals the solver has worked out so far.
    pub(crate) fn propagations(&self) -> u64 {
        self.solver.propagations()
    }

    /// Says in the proof what comes next, when one is recorded.
    pub(crate) fn note(&mut self, text: impl FnOnce() -> String) {
        self.solver.record(|| Step::Note(text()));
    }

    /// The proof so far.
    pub(crate) fn proof(&self) -> &[Step] {
        self.solver.proof()
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic, reason = "tests")]
mod tests {
    use super::Gates;
    use crate::analysis::solver::{Lit, Solved};

    /// Asserts that a formula of so many inputs has exactly the truth table of `f`.
    fn same(inputs: usize, build: impl Fn(&mut Gates, &[Lit]) -> Lit, f: impl Fn(&[bool]) -> bool) {
        let mut gates = Gates::new(false);
        let vars: Vec<Lit> = (0..inputs).map(|_| gates.input()).collect();
        let gate = build(&mut gates, &vars);
        for bits in 0..1u32 << inputs {
            let values: Vec<bool> = (0..inputs).map(|i| bits >> i & 1 == 1).collect();
            let mut asked: Vec<Lit> = vars.iter().zip(&values).map(|(v, on)| if *on { *v } else { !*v }).collect();
            asked.push(gate);
            let holds = matches!(gates.solve(&asked), Solved::Model(_));
            assert_eq!(holds, f(&values), "{values:?}");
            asked.pop();
            asked.push(!gate);
            assert_eq!(matches!(gates.solve(&asked), Solved::Model(_)), !f(&values), "not {values:?}");
        }
    }

    #[test]
    fn gates_have_their_truth_tables() {
        same(3, |g, v| g.and(v), |v| v.iter().all(|x| *x));
        same(3, |g, v| g.or(v), |v| v.iter().any(|x| *x));
        same(3, |g, v| g.choose(v[0], v[1], v[2]), |v| if v[0] { v[1] } else { v[2] });
        for count in 0..6 {
            same(4, |g, v| g.at_least(count, v), |v| v.iter().filter(|x| **x).count() >= count);
        }
    }

    #[test]
    fn a_core_names_only_what_it_needs() {
        let mut gates = Gates::new(false);
        let (a, b, c) = (gates.input(), gates.input(), gates.input());
        gates.require(&[!a, !b]);
        match gates.solve(&[c, a, b]) {
            Solved::Refuted(core) => assert_eq!(core, [a, b]),
            other => panic!("{other:?}"),
        }
        assert!(matches!(gates.solve(&[c, a]), Solved::Model(_)));
    }
}
