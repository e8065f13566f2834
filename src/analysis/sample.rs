//! A few hundred possible leads at a time, as bits: most questions of a scan are answered by one that was met before, and only the
//! others go to the solver.
//!
//! A column is a lead, a row the values of a variable; a gate's row is worked out from the rows that it speaks of, word by word. Columns
//! are made by chance and from each other, with a fixed seed; one that breaks a requirement is dead and is made anew.

use super::axis::Content;
use super::gates::{Gates, Meaning};
use super::model::Model;
use super::search::Point;
use super::solver::Lit;

/// How many words of columns there are.
const WORDS: usize = 8;

/// How many columns.
pub(super) const COLUMNS: usize = WORDS * 64;

/// The values of a variable in every column.
type Row = [u64; WORDS];

/// Which literals hold in a lead.
pub(crate) type Holds<'a> = dyn Fn(Lit) -> bool + 'a;

/// Leads as bits.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    rows: Vec<Row>,
    /// The columns that break no requirement.
    alive: Row,
    /// How many requirements have been looked at.
    required: usize,
    dice: Dice,
    /// What the solver found for the variables that chance must not choose alone, in the order of the groups.
    found: Vec<Vec<Vec<bool>>>,
    /// The column that is overwritten next.
    next: usize,
}

/// Variables whose values belong together.
pub(super) enum Group {
    /// The first (when it holds) with so many of the others from the front.
    Ladder(Lit, Vec<Lit>),
    /// The first with exactly one of the others.
    One(Lit, Vec<Lit>),
    /// The first with any of the others, at least so many.
    Any(Lit, Vec<Lit>, usize),
    /// Only as the solver found them: a theory has a say in it.
    Found(Vec<Lit>),
}

impl Group {
    pub(super) fn lits(&self) -> Vec<Lit> {
        match self {
            Group::Ladder(known, lits) | Group::One(known, lits) | Group::Any(known, lits, _) => {
                std::iter::once(*known).chain(lits.iter().copied()).collect()
            }
            Group::Found(lits) => lits.clone(),
        }
    }
}

/// Chance with a fixed seed: xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016).
#[derive(Debug)]
struct Dice(u64);

impl Default for Dice {
    fn default() -> Self {
        Dice(0x9E37_79B9_7F4A_7C15)
    }
}

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap_or(0) % below.max(1)
    }
}

impl Model<'_> {
    /// Whether a lead of the sample has all of these. Where none has, that says nothing.
    pub(crate) fn sampled(&mut self, lits: &[Lit]) -> bool {
        self.work += (lits.len() * 2 * WORDS) as u64;
        self.near.extend(&self.gates);
        if self.near.first(lits).is_some() {
            return true;
        }
        let mut sample = std::mem::take(&mut self.sample);
        if sample.rows.is_empty() {
            self.refresh(&mut sample);
        }
        sample.extend(&self.gates);
        if sample.living() * 4 < COLUMNS && sample.living() > 0 && sample.dice.roll(8) == 0 {
            self.refresh(&mut sample);
        }
        let hit = sample.first(lits);
        self.sample = sample;
        hit.is_some()
    }

    /// Leads of the samples that have all of these, a few, as the values of all variables.
    pub(super) fn met(&mut self, lits: &[Lit]) -> Vec<Vec<bool>> {
        const FEW: usize = 4;
        if self.sampled(lits) {
            let samples = [&self.near, &self.sample].into_iter();
            samples.flat_map(|sample| sample.columns(lits).take(FEW).map(|column| sample.lead(column))).collect()
        } else {
            Vec::new()
        }
    }

    /// The leads of the samples that have all of these and that `pick`, which is told which literals hold, takes; as the values of all
    /// variables.
    pub(crate) fn picked(&mut self, lits: &[Lit], pick: &mut dyn FnMut(&Holds<'_>) -> bool) -> Vec<Vec<bool>> {
        if !self.sampled(lits) {
            return Vec::new();
        }
        self.sample.extend(&self.gates);
        let mut picked = Vec::new();
        for sample in [&self.near, &self.sample] {
            for column in sample.columns(lits) {
                if pick(&|lit| sample.holds(lit, column)) {
                    picked.push(sample.lead(column));
                }
            }
        }
        picked
    }

    /// Makes a second sample of leads that differ little from one that has all of these: questions about the same rule are mostly
    /// about such.
    pub(crate) fn look_around(&mut self, lits: &[Lit]) {
        let mut sample = std::mem::take(&mut self.sample);
        let mut near = std::mem::take(&mut self.near);
        self.work += ((self.gates.meanings().len() + self.gates.required().len()) * 4 * WORDS) as u64;
        sample.extend(&self.gates);
        if let Some(base) = sample.first(lits) {
            let groups = self.groups();
            near.rows.clear();
            near.rows.resize(sample.rows.len(), [0; WORDS]);
            for group in &groups {
                for lit in group.lits() {
                    let everywhere = if read(&sample.row(lit), base) { [u64::MAX; WORDS] } else { [0; WORDS] };
                    near.rows.get_mut(lit.variable()).into_iter().for_each(|row| *row = everywhere);
                }
            }
            for column in 1..COLUMNS {
                for _ in 0..=sample.dice.roll(3) {
                    let position = sample.dice.roll(groups.len());
                    let Some(group) = groups.get(position) else { continue };
                    let other = sample.dice.roll(COLUMNS);
                    let bits = if read(&sample.alive, other) && sample.dice.roll(2) == 0 {
                        sample.copied(group, other)
                    } else {
                        sample.chance(position, group)
                    };
                    near.put(group, column, &bits);
                }
            }
            near.judge(&self.gates);
        }
        (self.sample, self.near) = (sample, near);
    }

    /// Puts a lead that the solver found in the place of a dead one.
    pub(crate) fn remember(&mut self, point: &Point) {
        let mut sample = std::mem::take(&mut self.sample);
        let groups = self.groups();
        sample.found.resize(groups.len(), Vec::new());
        for (group, found) in groups.iter().zip(&mut sample.found) {
            if let Group::Found(lits) = group {
                let bits: Vec<bool> = lits.iter().map(|lit| point.holds(*lit)).collect();
                if !found.contains(&bits) && found.len() < 64 {
                    found.push(bits);
                }
            }
        }
        if !sample.rows.is_empty() {
            let column = sample.dead();
            for (variable, row) in sample.rows.iter_mut().enumerate() {
                write(row, column, point.bits.get(variable).copied().unwrap_or(false));
            }
            write(&mut sample.alive, column, true);
        }
        self.sample = sample;
    }

    /// Makes the dead columns anew, from each other and by chance.
    fn refresh(&self, sample: &mut Sample) {
        let groups = self.groups();
        sample.found.resize(groups.len(), Vec::new());
        sample.rows.resize(self.gates.meanings().len(), [0; WORDS]);
        let (parents, dead): (Vec<usize>, Vec<usize>) = (0..COLUMNS).partition(|column| read(&sample.alive, *column));
        for column in dead {
            for (position, group) in groups.iter().enumerate() {
                let bits = match parents.get(sample.dice.roll(parents.len())) {
                    Some(parent) if sample.dice.roll(4) > 0 => sample.copied(group, *parent),
                    Some(_) | None => sample.chance(position, group),
                };
                sample.put(group, column, &bits);
            }
        }
        sample.judge(&self.gates);
    }

    /// The groups of input variables.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        let compared: Vec<usize> =
            self.linear.iter().flat_map(|(sum, _)| sum.terms.iter().map(|(axis, _)| *axis)).collect();
        let mut tied: Vec<Lit> = self.linear.iter().map(|(_, lit)| *lit).collect();
        for (position, axis) in self.axes.iter().enumerate() {
            let known = axis.known;
            match &axis.content {
                Content::Number(ladder) if compared.contains(&position) => {
                    tied.push(known);
                    tied.extend(ladder.rungs.values());
                }
                Content::Number(ladder) => groups.push(Group::Ladder(known, ladder.rungs.values().copied().collect())),
                Content::Choice(values) => groups.push(Group::One(known, values.iter().map(|(_, lit)| *lit).collect())),
                Content::Set(members) => {
                    groups.push(Group::Any(known, members.iter().map(|(_, lit)| *lit).collect(), 1));
                }
                Content::YesNo(yes) => groups.push(Group::Any(known, vec![*yes], 0)),
                Content::Text(text) => {
                    let answers = self.texts.get(*text).map(|texts| texts.answers.clone()).unwrap_or_default();
                    groups.push(Group::Found(std::iter::once(known).chain(answers).collect()));
                }
                // All fields of time hang on one as-of time.
                Content::Moment(_) => {}
            }
            groups.extend(axis.crossed_out.map(|crossed_out| Group::Found(vec![crossed_out])));
        }
        let facts = self.moments.facts.iter().map(|(_, lit)| *lit);
        groups.push(Group::Found(self.moments.known.iter().copied().chain(facts).collect()));
        groups.push(Group::Found(tied));
        groups
    }
}

impl Sample {
    fn row(&self, lit: Lit) -> Row {
        let row = self.rows.get(lit.variable()).copied().unwrap_or_default();
        if lit.is_negated() { row.map(|word| !word) } else { row }
    }

    fn holds(&self, lit: Lit, column: usize) -> bool {
        self.rows.get(lit.variable()).is_some_and(|row| read(row, column)) != lit.is_negated()
    }

    /// The first column that has all of these.
    fn first(&self, lits: &[Lit]) -> Option<usize> {
        self.columns(lits).next()
    }

    /// The columns that have all of these.
    pub(super) fn columns(&self, lits: &[Lit]) -> impl Iterator<Item = usize> + use<> {
        let hit = lits.iter().fold(self.alive, |hit, lit| and(hit, self.row(*lit)));
        (0..COLUMNS).filter(move |column| read(&hit, *column))
    }

    /// Columns for the same variables, with no values yet.
    pub(super) fn like(other: &Sample) -> Sample {
        Sample { rows: vec![[0; WORDS]; other.rows.len()], ..Sample::default() }
    }

    /// A number below another one, by chance.
    pub(super) fn roll(&mut self, below: usize) -> usize {
        self.dice.roll(below)
    }

    /// The values of all variables in a column.
    fn lead(&self, column: usize) -> Vec<bool> {
        self.rows.iter().map(|row| read(row, column)).collect()
    }

    /// The values of a group in a column.
    pub(super) fn copied(&self, group: &Group, column: usize) -> Vec<bool> {
        group.lits().iter().map(|lit| read(&self.row(*lit), column)).collect()
    }

    /// Sets the values of a group in a column.
    pub(super) fn put(&mut self, group: &Group, column: usize, bits: &[bool]) {
        for (lit, bit) in group.lits().iter().zip(bits) {
            if let Some(row) = self.rows.get_mut(lit.variable()) {
                write(row, column, *bit);
            }
        }
    }

    /// Works out everything from the inputs, and which columns break a requirement.
    pub(super) fn judge(&mut self, gates: &Gates) {
        self.work_out(gates, 0);
        self.alive = [u64::MAX; WORDS];
        self.required = 0;
        self.extend(gates);
    }

    fn living(&self) -> usize {
        self.alive.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// A column to overwrite: a dead one when there is one.
    fn dead(&mut self) -> usize {
        for _ in 0..COLUMNS {
            self.next = (self.next + 1) % COLUMNS;
            if !read(&self.alive, self.next) {
                break;
            }
        }
        self.next
    }

    /// Takes in the variables and the requirements that have come since.
    pub(super) fn extend(&mut self, gates: &Gates) {
        let from = self.rows.len();
        self.rows.resize(gates.meanings().len(), [0; WORDS]);
        self.work_out(gates, from);
        for clause in gates.required().iter().skip(self.required) {
            let holds = clause.iter().fold([0; WORDS], |row, lit| or(row, self.row(*lit)));
            self.alive = and(self.alive, holds);
        }
        self.required = gates.required().len();
    }

    /// The rows of the gates from a position on.
    fn work_out(&mut self, gates: &Gates, from: usize) {
        for (variable, meaning) in gates.meanings().iter().enumerate().skip(from) {
            let row = match meaning {
                Meaning::Input => continue,
                Meaning::And(parts) => parts.iter().fold([u64::MAX; WORDS], |row, lit| and(row, self.row(*lit))),
                Meaning::Choice([test, yes, no]) => {
                    or(and(self.row(*test), self.row(*yes)), and(self.row(!*test), self.row(*no)))
                }
            };
            if let Some(slot) = self.rows.get_mut(variable) {
                *slot = row;
            }
        }
    }

    /// Values of a group by chance.
    fn chance(&mut self, position: usize, group: &Group) -> Vec<bool> {
        let known = self.dice.roll(8) > 0;
        match group {
            Group::Ladder(_, rungs) => {
                let up_to = self.dice.roll(rungs.len() + 1);
                std::iter::once(known).chain((0..rungs.len()).map(|i| known && i < up_to)).collect()
            }
            Group::One(_, values) => {
                let chosen = self.dice.roll(values.len());
                std::iter::once(known).chain((0..values.len()).map(|i| known && i == chosen)).collect()
            }
            Group::Any(_, members, least) => {
                let mut bits: Vec<bool> = members.iter().map(|_| known && self.dice.roll(2) == 0).collect();
                let chosen = self.dice.roll(bits.len());
                if *least > 0 && known {
                    bits.get_mut(chosen).into_iter().for_each(|bit| *bit = true);
                }
                std::iter::once(known).chain(bits).collect()
            }
            Group::Found(lits) => {
                let found = self.found.get(position);
                let chosen = self.dice.roll(found.map_or(0, Vec::len));
                let mut bits = found.and_then(|found| found.get(chosen)).cloned().unwrap_or_default();
                bits.resize(lits.len(), false);
                bits
            }
        }
    }
}

fn and(a: Row, b: Row) -> Row {
    let mut row = a;
    row.iter_mut().zip(b).for_each(|(a, b)| *a &= b);
    row
}

fn or(a: Row, b: Row) -> Row {
    let mut row = a;
    row.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
    row
}

fn read(row: &Row, column: usize) -> bool {
    row.get(column / 64).is_some_and(|word| word >> (column % 64) & 1 == 1)
}

fn write(row: &mut Row, column: usize, bit: bool) {
    if let Some(word) = row.get_mut(column / 64) {
        let mask = 1 << (column % 64);
        *word = if bit { *word | mask } else { *word & !mask };
    }
}
