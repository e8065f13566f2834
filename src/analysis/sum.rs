//! Sums of points as formulas: `the points come to at least so many` as a decision diagram, in which all needs that have the same
//! answer are one node (after Abío, Nieuwenhuis, Oliveras, Rodríguez-Carbonell and Mayer-Eichberger, "A New Look at BDDs for
//! Pseudo-Boolean Constraints", 2012).

use std::collections::BTreeMap;

use super::gates::Gates;
use super::sample::Holds;
use super::solver::Lit;

/// What one line adds: `values[0]` where no level is reached, `values[i]` from the i-th level on. Each level implies the one
/// before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The literals of the levels.
    pub(crate) levels: Vec<Lit>,
    /// One more value than there are levels.
    pub(crate) values: Vec<i128>,
}

impl Item {
    /// What it adds where these literals hold.
    pub(crate) fn earned(&self, holds: &Holds<'_>) -> i128 {
        let level = self.levels.iter().take_while(|level| holds(**level)).count();
        self.values.get(level).copied().unwrap_or(0)
    }

    /// The least that it adds.
    pub(crate) fn smallest(&self) -> i128 {
        self.values.iter().copied().min().unwrap_or(0)
    }

    /// The most that it adds.
    pub(crate) fn largest(&self) -> i128 {
        self.values.iter().copied().max().unwrap_or(0)
    }
}

/// The most nodes that a sum may have; some sums of many large numbers without a common measure need more than memory holds.
const MAX_NODES: usize = 60_000;

/// The diagrams of one sum, kept for all its thresholds.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    items: Vec<Item>,
    /// The smallest and the largest sum of the items from each position on.
    reach: Vec<(i128, i128)>,
    /// For each position: nodes by the lowest need that they answer, with the highest one.
    nodes: Vec<BTreeMap<i128, (i128, Lit)>>,
    made: usize,
}

/// A node: its literal, and the needs, from the lowest to the highest, for which it is right.
type Node = (Lit, i128, i128);

impl Sum {
    /// A sum of these items.
    pub(crate) fn new(items: Vec<Item>) -> Sum {
        let mut reach = vec![(0i128, 0i128)];
        for item in items.iter().rev() {
            let (low, high) = reach.last().copied().unwrap_or_default();
            reach.push((low.saturating_add(item.smallest()), high.saturating_add(item.largest())));
        }
        reach.reverse();
        let nodes = vec![BTreeMap::new(); items.len() + 1];
        Sum { items, reach, nodes, made: 0 }
    }

    /// The smallest and the largest sum of all items, whether or not they can occur together.
    pub(crate) fn reach(&self) -> (i128, i128) {
        self.reach.first().copied().unwrap_or_default()
    }

    /// Its items.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The sum is at least `need`; none when that takes too many nodes.
    pub(crate) fn at_least(&mut self, gates: &mut Gates, need: i128) -> Option<Lit> {
        self.node(gates, 0, need).map(|(lit, ..)| lit)
    }

    /// As deep as there are items; scores have at most a few hundred lines.
    fn node(&mut self, gates: &mut Gates, position: usize, need: i128) -> Option<Node> {
        let (low, high) = self.reach.get(position).copied().unwrap_or_default();
        if need <= low {
            return Some((gates.constant(true), i128::MIN, low));
        }
        if need > high {
            return Some((gates.constant(false), high.saturating_add(1), i128::MAX));
        }
        let seen = self.nodes.get(position).and_then(|nodes| nodes.range(..=need).next_back());
        if let Some((from, (to, lit))) = seen
            && need <= *to
        {
            return Some((*lit, *from, *to));
        }
        self.made += 1;
        if self.made > MAX_NODES {
            return None;
        }
        let item = self.items.get(position)?.clone();
        let mut values = item.values.iter();
        let first = *values.next()?;
        let (mut gate, mut from, mut to) = self.after(gates, position, need, first)?;
        let (mut least, mut most) = (first, first);
        for (level, value) in item.levels.iter().zip(values) {
            let (child, low, high) = self.after(gates, position, need, *value)?;
            // The more an item adds, the less is needed behind it.
            gate = if *value >= most {
                gates.widen(*level, child, gate)
            } else if *value <= least {
                gates.widen(!*level, gate, child)
            } else {
                gates.choose(*level, child, gate)
            };
            (least, most) = (least.min(*value), most.max(*value));
            (from, to) = (from.max(low), to.min(high));
        }
        if let Some(nodes) = self.nodes.get_mut(position) {
            nodes.insert(from, (to, gate));
        }
        Some((gate, from, to))
    }

    /// The node behind an item that has added `value`, its needs counted before the item.
    fn after(&mut self, gates: &mut Gates, position: usize, need: i128, value: i128) -> Option<Node> {
        let (lit, from, to) = self.node(gates, position + 1, need.saturating_sub(value))?;
        // The open ends stay open.
        let back = |end: i128| if end == i128::MIN || end == i128::MAX { end } else { end.saturating_add(value) };
        Some((lit, back(from), back(to)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::{Item, Sum};
    use crate::analysis::gates::Gates;
    use crate::analysis::solver::{Lit, Solved};

    proptest! {
        /// For random items and thresholds, the diagram holds exactly where the sum is large enough.
        #[test]
        fn a_diagram_is_its_sum(lines in prop::collection::vec(prop::collection::vec(-9i128..=12, 2..4), 1..5), need in -20i128..30) {
            let mut gates = Gates::new(false);
            let items: Vec<Item> = lines
                .iter()
                .map(|values| {
                    let levels: Vec<Lit> = values.iter().skip(1).map(|_| gates.input()).collect();
                    Item { levels, values: values.clone() }
                })
                .collect();
            let mut sum = Sum::new(items.clone());
            let gate = sum.at_least(&mut gates, need).unwrap();
            let shapes: Vec<usize> = items.iter().map(|item| item.values.len()).collect();
            let combinations: usize = shapes.iter().product();
            for mut code in 0..combinations {
                let (mut total, mut asked) = (0, Vec::new());
                for (item, shape) in items.iter().zip(&shapes) {
                    let level = code % shape;
                    code /= shape;
                    total += item.values[level];
                    asked.extend(item.levels.iter().enumerate().map(|(i, lit)| if i < level { *lit } else { !*lit }));
                }
                asked.push(if total >= need { gate } else { !gate });
                prop_assert!(matches!(gates.solve(&asked), Solved::Model(_)));
                let last = asked.pop().unwrap();
                asked.push(!last);
                prop_assert!(matches!(gates.solve(&asked), Solved::Refuted(_)));
            }
        }
    }
}
