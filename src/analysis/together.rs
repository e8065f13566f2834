//! Numbers that are compared with each other: values for all of them that keep every comparison, or which literals exclude each other.
//!
//! What a literal has settled to one value is put in its place, and what then has nothing to do with each other is worked out apart.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::axis::{Content, Ladder, holds};
use super::linear::{self, Constraint};
use super::model::Model;
use super::search::{Filled, Point};
use super::solver::Lit;

/// A comparison, and the literals because of which it has to be kept.
type Row = (Constraint, Vec<Lit>);

/// The ends of the cell of a number, and the literals that put them there.
struct Cell {
    low: i128,
    high: i128,
    from: Vec<Lit>,
    beyond: Vec<Lit>,
}

impl Model<'_> {
    /// Values for the numbers that are compared with each other.
    pub(super) fn fill_sums(&mut self, bits: &[bool]) -> Filled<BTreeMap<usize, i128>> {
        let (mut values, mut cells) = (BTreeMap::new(), BTreeMap::new());
        let mut rows: Vec<Row> = Vec::new();
        for (constraint, lit) in &self.linear {
            let fields: Vec<Lit> =
                constraint.terms.iter().filter_map(|(axis, _)| Some(self.axes.get(*axis)?.known)).collect();
            if !fields.iter().all(|known| holds(bits, *known)) {
                continue;
            }
            let (row, lit) = if holds(bits, *lit) { (constraint.clone(), *lit) } else { (negated(constraint), !*lit) };
            rows.push((row, fields.into_iter().chain([lit]).collect()));
            for (axis, _) in &constraint.terms {
                if let Some(ladder) = self.ladder(*axis) {
                    cells.entry(*axis).or_insert_with(|| cell(ladder, bits));
                }
            }
        }
        for (row, lits) in &mut rows {
            settle(row, lits, &cells);
            if row.terms.is_empty() && row.constant.is_negative() {
                return Filled::Conflict(lits.clone());
            }
        }
        values.extend(cells.iter().filter(|(_, cell)| cell.low == cell.high).map(|(axis, cell)| (*axis, cell.low)));
        for (axes, rows) in apart(rows) {
            match self.fill_sum(axes, rows, &cells) {
                Filled::Values(found) => values.extend(found),
                Filled::Conflict(lits) => return Filled::Conflict(lits),
                Filled::NotKnown => return Filled::NotKnown,
            }
        }
        Filled::Values(values)
    }

    /// Leads of the same cells: more than one, with other numbers, where that may make a difference to conditions that are left open.
    pub(super) fn alike(&self, point: Point) -> Vec<Point> {
        let mut alike = vec![point];
        if !self.is_exact() {
            for wanted in [1_000, 10, 1, -10] {
                let Some(mut other) = alike.first().cloned() else { break };
                for axis in 0..self.axes.len() {
                    let Some(ladder) = self.ladder(axis) else { continue };
                    let (low, high) = ladder.cell(&other.bits);
                    let number = ladder.per_one.floor_i128().saturating_mul(wanted).clamp(low, high.max(low));
                    other.numbers.entry(axis).or_insert(number);
                }
                alike.push(other);
            }
        }
        alike
    }

    fn ladder(&self, axis: usize) -> Option<&Ladder> {
        match &self.axes.get(axis)?.content {
            Content::Number(ladder) => Some(ladder),
            Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Text(_) | Content::Moment(_) => None,
        }
    }

    /// Values for some axes that keep these rows, which speak of no others.
    fn fill_sum(
        &mut self,
        mut axes: Vec<usize>,
        mut rows: Vec<Row>,
        cells: &BTreeMap<usize, Cell>,
    ) -> Filled<BTreeMap<usize, i128>> {
        // Coarse grids first: what is fine is fitted in between.
        axes.sort_by_key(|axis| (self.ladder(*axis).map_or(0, |ladder| ladder.per_one.floor_i128()), *axis));
        let mut round = Vec::new();
        for axis in &axes {
            let (Some(ladder), Some(cell)) = (self.ladder(*axis), cells.get(axis)) else { continue };
            round.push(steps(ladder));
            let (low, high) = (-BigInt::from(cell.low), BigInt::from(cell.high));
            rows.push((Constraint { terms: vec![(*axis, 1.into())], constant: low }, cell.from.clone()));
            rows.push((Constraint { terms: vec![(*axis, (-1).into())], constant: high }, cell.beyond.clone()));
        }
        let place: BTreeMap<usize, usize> = axes.iter().enumerate().map(|(place, axis)| (*axis, place)).collect();
        let local = rows.iter().map(|(row, _)| Constraint {
            terms: row.terms.iter().filter_map(|(axis, n)| Some((*place.get(axis)?, n.clone()))).collect(),
            constant: row.constant.clone(),
        });
        let local: Vec<Constraint> = local.collect();
        match linear::solve(axes.len(), &local, &round, &mut self.work) {
            linear::Solved::Solution(values) => {
                let values = values.into_iter().map(|value| value.to_i128().unwrap_or(0));
                Filled::Values(axes.into_iter().zip(values).collect())
            }
            linear::Solved::NotKnown => Filled::NotKnown,
            linear::Solved::Impossible(core) => Filled::Conflict(
                core.into_iter().filter_map(|at| rows.get(at)).flat_map(|(_, lits)| lits).copied().collect(),
            ),
        }
    }
}

/// Puts the numbers that are settled into their places.
fn settle(row: &mut Constraint, lits: &mut Vec<Lit>, cells: &BTreeMap<usize, Cell>) {
    let mut open = Vec::new();
    for (axis, n) in row.terms.drain(..) {
        match cells.get(&axis).filter(|cell| cell.low == cell.high) {
            Some(cell) => {
                row.constant += &n * cell.low;
                lits.extend(cell.from.iter().chain(&cell.beyond));
            }
            None => open.push((axis, n)),
        }
    }
    row.terms = open;
}

/// The rows in groups that have no axis in common, each with its axes.
fn apart(rows: Vec<Row>) -> Vec<(Vec<usize>, Vec<Row>)> {
    let mut groups: Vec<(Vec<usize>, Vec<Row>)> = Vec::new();
    for row in rows.into_iter().filter(|(row, _)| !row.terms.is_empty()) {
        let mut axes: Vec<usize> = row.0.terms.iter().map(|(axis, _)| *axis).collect();
        let mut joined = vec![row];
        let (touched, rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(of, _)| of.iter().any(|axis| axes.contains(axis)));
        for (of, rows) in touched {
            axes.extend(of);
            joined.extend(rows);
        }
        axes.sort_unstable();
        axes.dedup();
        groups = rest;
        groups.push((axes, joined));
    }
    groups
}

/// `not (s >= 0)` is `-s - 1 >= 0`.
fn negated(constraint: &Constraint) -> Constraint {
    Constraint {
        terms: constraint.terms.iter().map(|(axis, n)| (*axis, -n)).collect(),
        constant: -&constraint.constant - 1,
    }
}

fn cell(ladder: &Ladder, bits: &[bool]) -> Cell {
    let (mut low, mut from) = (ladder.min, Vec::new());
    for (step, rung) in &ladder.rungs {
        if !holds(bits, *rung) {
            return Cell { low, high: step - 1, from, beyond: vec![!*rung] };
        }
        (low, from) = (*step, vec![*rung]);
    }
    Cell { low, high: ladder.max, from, beyond: Vec::new() }
}

/// Steps that read well: a thousand, a hundred, ... down to the grid.
fn steps(ladder: &Ladder) -> Vec<BigInt> {
    let one = BigInt::from(ladder.per_one.floor_i128());
    let mut steps = vec![&one * 1000, &one * 100, &one * 10, one.clone()];
    let mut step = one;
    while step > BigInt::from(1) {
        step /= 10;
        steps.push(step.clone());
    }
    steps
}
