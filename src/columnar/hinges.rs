//! What the rules of a policy still hang on when some answers are known before any lead is read.
//!
//! The circuit is gone through with three values: a gate is surely true, surely false, or open. Only open gates hang on anything, and
//! only on what is open in them; once a rule fires for certain, the rules below it are not asked.

use super::circuit::{Circuit, Gate, Node, Part, Sum, SumId};

/// What is known of the answers of some leads.
#[derive(Debug)]
pub(super) struct Known {
    /// The answer of each question, where all leads have the same.
    pub(super) questions: Vec<Option<bool>>,
    /// The least and the greatest of each amount.
    pub(super) amounts: Vec<(i128, i128)>,
}

/// The questions and amounts that can make a difference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hinges {
    pub(super) questions: Vec<bool>,
    pub(super) amounts: Vec<bool>,
}

/// What is known of the gates and sums of a circuit.
struct Foregone<'c> {
    circuit: &'c Circuit,
    known: &'c Known,
    gates: Vec<Option<bool>>,
    sums: Vec<(i128, i128)>,
}

impl Hinges {
    /// What `broken` and `rules`, of which the first that holds decides, hang on. None when `broken` surely holds.
    pub(super) fn new(circuit: &Circuit, broken: Gate, rules: &[Gate], known: &Known) -> Option<Hinges> {
        let foregone = Foregone::new(circuit, known);
        if foregone.gate(broken) == Some(true) {
            return None;
        }
        let last = rules.iter().position(|rule| foregone.gate(*rule) == Some(true)).unwrap_or(rules.len());
        Some(foregone.hinges(std::iter::once(broken).chain(rules.iter().take(last).copied())))
    }
}

impl<'c> Foregone<'c> {
    fn new(circuit: &'c Circuit, known: &'c Known) -> Foregone<'c> {
        let mut foregone = Foregone { circuit, known, gates: Vec::new(), sums: Vec::new() };
        for node in circuit.nodes() {
            let holds = match node {
                Node::Const(holds) => Some(*holds),
                Node::Asked(question) => known.questions.get(*question).copied().flatten(),
                Node::Not(inner) => foregone.gate(*inner).map(|holds| !holds),
                Node::All(parts) => foregone.joined(parts, true),
                Node::Any(parts) => foregone.joined(parts, false),
                Node::Reaches(sum, least) => {
                    // All that these sums are made of stands before this gate.
                    for sum in circuit.sums().iter().take(sum.position() + 1).skip(foregone.sums.len()) {
                        foregone.sums.push(foregone.range(sum));
                    }
                    let (low, high) = foregone.sum(*sum);
                    (*least <= low || high < *least).then_some(*least <= low)
                }
            };
            foregone.gates.push(holds);
        }
        foregone
    }

    fn gate(&self, gate: Gate) -> Option<bool> {
        self.gates.get(gate.position()).copied().flatten()
    }

    fn sum(&self, sum: SumId) -> (i128, i128) {
        self.sums.get(sum.position()).copied().unwrap_or((i128::MIN, i128::MAX))
    }

    /// All of some gates, or any of them.
    fn joined(&self, parts: &[Gate], all: bool) -> Option<bool> {
        let settles = |part: &Gate| self.gate(*part) == Some(!all);
        if parts.iter().any(settles) {
            return Some(!all);
        }
        parts.iter().all(|part| self.gate(*part).is_some()).then_some(all)
    }

    fn range(&self, sum: &Sum) -> (i128, i128) {
        sum.parts.iter().fold((sum.base, sum.base), |(low, high), part| {
            let (least, most) = self.part(part);
            (low.saturating_add(least), high.saturating_add(most))
        })
    }

    fn part(&self, part: &Part) -> (i128, i128) {
        match part {
            Part::Fixed { amount, when } => self.counted((*amount, *amount), Some(*when)),
            Part::Amount { amount, when } => {
                self.counted(self.known.amounts.get(*amount).copied().unwrap_or((i128::MIN, i128::MAX)), *when)
            }
            Part::Sum { sum, low, high, minus } => {
                let cut = |value: i128| {
                    let value = low.map_or(value, |low| value.max(low));
                    high.map_or(value, |high| value.min(high))
                };
                let (least, most) = self.sum(*sum);
                if *minus { (cut(most).saturating_neg(), cut(least).saturating_neg()) } else { (cut(least), cut(most)) }
            }
        }
    }

    /// The range of what counts only when a gate holds.
    fn counted(&self, (least, most): (i128, i128), when: Option<Gate>) -> (i128, i128) {
        match when.map_or(Some(true), |when| self.gate(when)) {
            Some(true) => (least, most),
            Some(false) => (0, 0),
            None => (least.min(0), most.max(0)),
        }
    }

    fn hinges(&self, results: impl Iterator<Item = Gate>) -> Hinges {
        let mut hinges = Hinges {
            questions: vec![false; self.known.questions.len()],
            amounts: vec![false; self.known.amounts.len()],
        };
        let mut seen = vec![false; self.gates.len()];
        let mut seen_sums = vec![false; self.sums.len()];
        let mut gates: Vec<Gate> = results.collect();
        let mut sums: Vec<SumId> = Vec::new();
        loop {
            if let Some(gate) = gates.pop() {
                if self.gate(gate).is_some() || !first(&mut seen, gate.position()) {
                    continue;
                }
                match self.circuit.node(gate) {
                    Node::Const(_) => {}
                    Node::Asked(question) => mark(&mut hinges.questions, *question),
                    Node::Not(inner) => gates.push(*inner),
                    Node::All(parts) | Node::Any(parts) => gates.extend(parts),
                    Node::Reaches(sum, _) => sums.push(*sum),
                }
            } else if let Some(sum) = sums.pop() {
                if !first(&mut seen_sums, sum.position()) {
                    continue;
                }
                let parts = self.circuit.sums().get(sum.position()).into_iter().flat_map(|sum| &sum.parts);
                for part in parts.filter(|part| is_open(self.part(part))) {
                    match part {
                        Part::Fixed { when, .. } => gates.push(*when),
                        Part::Amount { amount, when } => {
                            gates.extend(when);
                            let range = self.known.amounts.get(*amount).copied();
                            if range.is_none_or(is_open) {
                                mark(&mut hinges.amounts, *amount);
                            }
                        }
                        Part::Sum { sum, .. } => sums.push(*sum),
                    }
                }
            } else {
                return hinges;
            }
        }
    }
}

/// Whether there is more than one number in a range.
fn is_open((low, high): (i128, i128)) -> bool {
    low != high
}

/// Marks a place; says whether it was not marked before.
fn first(marks: &mut [bool], at: usize) -> bool {
    marks.get_mut(at).is_some_and(|mark| !std::mem::replace(mark, true))
}

fn mark(marks: &mut [bool], at: usize) {
    first(marks, at);
}

#[cfg(test)]
mod tests {
    use super::{Hinges, Known};
    use crate::columnar::circuit::{Circuit, Part, Sum};

    fn marked(marks: &[bool]) -> Vec<usize> {
        marks.iter().enumerate().filter_map(|(at, mark)| mark.then_some(at)).collect()
    }

    #[test]
    fn below_a_rule_that_surely_fires_nothing_matters() {
        let mut circuit = Circuit::default();
        let asked: Vec<_> = (0..4).map(|question| circuit.asked(question)).collect();
        let never = circuit.constant(false);
        let rules = [circuit.all([asked[0], asked[1]]), asked[2], asked[3]];
        let hinges = |answers: [Option<bool>; 4]| {
            let known = Known { questions: answers.to_vec(), amounts: Vec::new() };
            Hinges::new(&circuit, never, &rules, &known).map(|hinges| marked(&hinges.questions))
        };
        assert_eq!(hinges([None; 4]), Some(vec![0, 1, 2, 3]));
        assert_eq!(hinges([Some(false), None, None, None]), Some(vec![2, 3]), "the first rule cannot fire");
        assert_eq!(hinges([Some(true), None, Some(true), None]), Some(vec![1]), "the second rule fires if need be");
        let known = Known { questions: vec![Some(true); 4], amounts: Vec::new() };
        assert_eq!(Hinges::new(&circuit, asked[0], &rules, &known), None);
    }

    #[test]
    fn a_sum_hangs_on_what_can_still_change_it() {
        let mut circuit = Circuit::default();
        let (a, b) = (circuit.asked(0), circuit.asked(1));
        let parts = vec![
            Part::Fixed { amount: 10, when: a },
            Part::Amount { amount: 0, when: Some(b) },
            Part::Amount { amount: 1, when: None },
        ];
        let inner = circuit.sum(Sum { base: 1, parts });
        let capped = vec![Part::Sum { sum: inner, low: Some(0), high: Some(10), minus: true }];
        let outer = circuit.sum(Sum { base: 20, parts: capped });
        let rule = circuit.reaches(outer, 11);
        let never = circuit.constant(false);
        let hinges = |questions: [Option<bool>; 2], amounts: [(i128, i128); 2]| {
            let known = Known { questions: questions.to_vec(), amounts: amounts.to_vec() };
            let hinges =
                Hinges::new(&circuit, never, &[rule], &known).map(|h| (marked(&h.questions), marked(&h.amounts)));
            hinges.unwrap_or_default()
        };
        assert_eq!(hinges([None, None], [(0, 5), (0, 5)]), (vec![0, 1], vec![0, 1]));
        assert_eq!(hinges([None, Some(false)], [(0, 5), (3, 3)]), (vec![0], vec![]), "the amount does not count");
        assert_eq!(hinges([Some(true), None], [(0, 5), (0, 5)]), (vec![], vec![]), "it is above the cap anyway");
        assert_eq!(hinges([Some(false), None], [(2, 2), (0, 5)]), (vec![], vec![]), "it cannot reach the cap");
        assert_eq!(hinges([Some(false), None], [(9, 9), (0, 0)]), (vec![1], vec![]), "only whether it counts is open");
    }
}
