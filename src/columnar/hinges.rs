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
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::{Hinges, Known};
    use crate::columnar::circuit::{Circuit, Gate, Node, Part, Sum, SumId};

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

    /// A lead's answers.
    struct Answers {
        questions: Vec<bool>,
        amounts: Vec<i128>,
    }

    impl Answers {
        fn holds(&self, circuit: &Circuit, gate: Gate) -> bool {
            match circuit.node(gate) {
                Node::Const(holds) => *holds,
                Node::Asked(question) => self.questions[*question],
                Node::Not(inner) => !self.holds(circuit, *inner),
                Node::All(parts) => parts.iter().all(|part| self.holds(circuit, *part)),
                Node::Any(parts) => parts.iter().any(|part| self.holds(circuit, *part)),
                Node::Reaches(sum, least) => self.total(circuit, *sum) >= *least,
            }
        }

        fn total(&self, circuit: &Circuit, sum: SumId) -> i128 {
            let Sum { base, parts } = &circuit.sums()[sum.position()];
            let part = |part: &Part| match part {
                Part::Fixed { amount, when } => i128::from(self.holds(circuit, *when)) * amount,
                Part::Amount { amount, when } => {
                    i128::from(when.is_none_or(|when| self.holds(circuit, when))) * self.amounts[*amount]
                }
                Part::Sum { sum, low, high, minus } => {
                    let total = self.total(circuit, *sum).max(low.unwrap_or(i128::MIN));
                    let total = total.min(high.unwrap_or(i128::MAX));
                    if *minus { -total } else { total }
                }
            };
            base + parts.iter().map(part).sum::<i128>()
        }

        /// The rule that decides: none at all, or none because an assumption is broken.
        fn rule(&self, circuit: &Circuit, broken: Gate, rules: &[Gate]) -> (bool, Option<usize>) {
            (self.holds(circuit, broken), rules.iter().position(|rule| self.holds(circuit, *rule)))
        }
    }

    #[test]
    fn whatever_is_no_hinge_makes_no_difference() {
        const QUESTIONS: usize = 6;
        const AMOUNTS: usize = 3;
        let mut state = 1u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let (mut spared, mut all) = (0, 0);
        for _ in 0..3_000 {
            let mut circuit = Circuit::default();
            let mut gates: Vec<Gate> = (0..QUESTIONS).map(|question| circuit.asked(question)).collect();
            let mut sums: Vec<SumId> = Vec::new();
            for _ in 0..14 {
                let picked: Vec<Gate> = (0..2 + below(2)).map(|_| gates[below(gates.len())]).collect();
                let size = |n: usize| i128::try_from(n).unwrap_or(0) - 4;
                let gate = match below(4) {
                    0 => circuit.not(picked[0]),
                    1 => circuit.all(picked),
                    2 => circuit.any(picked),
                    _ => {
                        let parts = picked.into_iter().map(|when| match below(4) {
                            0 => Part::Fixed { amount: size(below(9)), when },
                            1 => Part::Amount { amount: below(AMOUNTS), when: None },
                            2 if !sums.is_empty() => {
                                let low = (below(2) == 0).then(|| size(below(5)));
                                let high = (below(2) == 0).then(|| size(4 + below(5)));
                                Part::Sum { sum: sums[below(sums.len())], low, high, minus: below(2) == 0 }
                            }
                            _ => Part::Amount { amount: below(AMOUNTS), when: Some(when) },
                        });
                        let parts = parts.collect();
                        let sum = circuit.sum(Sum { base: size(below(9)), parts });
                        sums.push(sum);
                        circuit.reaches(sum, size(below(12)))
                    }
                };
                gates.push(gate);
            }
            let mut last = || gates[gates.len() - 1 - below(8)];
            let (broken, rules) = (last(), [last(), last(), last()]);
            let known = Known {
                questions: (0..QUESTIONS).map(|_| [None, Some(false), Some(true)][below(3)]).collect(),
                amounts: (0..AMOUNTS).map(|_| [(0, 3), (-2, 2), (1, 1), (-3, -3)][below(4)]).collect(),
            };
            let mut lead = || Answers {
                questions: known.questions.iter().map(|known| known.unwrap_or_else(|| below(2) == 0)).collect(),
                amounts: (known.amounts.iter())
                    .map(|(low, high)| {
                        low + i128::try_from(below(usize::try_from(high - low).unwrap_or(0) + 1)).unwrap_or(0)
                    })
                    .collect(),
            };
            let hinges = Hinges::new(&circuit, broken, &rules, &known);
            for _ in 0..8 {
                let (lead, other) = (lead(), lead());
                let Some(hinges) = &hinges else {
                    assert!(lead.holds(&circuit, broken));
                    continue;
                };
                fn mixed<T: Copy>(hinges: &[bool], one: &[T], other: &[T]) -> Vec<T> {
                    hinges
                        .iter()
                        .zip(one.iter().zip(other))
                        .map(|(hinge, (a, b))| if *hinge { *a } else { *b })
                        .collect()
                }
                let same_hinges = Answers {
                    questions: mixed(&hinges.questions, &lead.questions, &other.questions),
                    amounts: mixed(&hinges.amounts, &lead.amounts, &other.amounts),
                };
                assert_eq!(lead.rule(&circuit, broken, &rules), same_hinges.rule(&circuit, broken, &rules));
                spared += hinges.questions.iter().chain(&hinges.amounts).filter(|hinge| !**hinge).count();
                all += QUESTIONS + AMOUNTS;
            }
        }
        assert!(spared * 2 > all && spared < all, "{spared} of {all}");
    }
}
