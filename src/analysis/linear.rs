//! Linear constraints over whole numbers: values that read well, or the few constraints that cannot hold together.
//!
//! All arithmetic is exact. A constraint is divided by the greatest common divisor of its coefficients, its constant rounded down,
//! which loses no whole solution; [`tableau`] does the rest.

mod tableau;

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use tableau::{End, Form};

/// `sum of coefficient * variable + constant >= 0` over the whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Constraint {
    /// Coefficients and the variables that they belong to; those of a repeated variable add up.
    pub terms: Vec<(usize, BigInt)>,
    /// What is added to the sum.
    pub constant: BigInt,
}

/// What is known of constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Solved {
    /// A value for each variable; all constraints hold.
    Solution(Vec<BigInt>),
    /// The positions, ascending, of constraints that cannot hold together. Without any one of them the others can, as far as
    /// that could be found out.
    Impossible(Vec<usize>),
    /// The search was given up, or a constraint names a variable that is not there.
    NotKnown,
}

/// The most numbers that there may be at a time.
const MAX_NUMBERS: usize = 10_000_000;

/// Finds values for `variables` variables with which all constraints hold.
///
/// `round` has for each variable the steps that read well, from the coarsest to the finest. One after the other, the variables get
/// a multiple of the coarsest step with which there is a solution still (of 1 when there is none), the smallest that is not
/// negative, or else the largest.
pub(crate) fn solve(variables: usize, constraints: &[Constraint], round: &[Vec<BigInt>], work: &mut u64) -> Solved {
    // Every step down to fewer variables keeps rows of its own.
    if constraints.len().saturating_mul(variables).saturating_mul(variables) > MAX_NUMBERS {
        return Solved::NotKnown;
    }
    let rows = constraints.iter().enumerate().map(|(position, c)| Row::new(variables, c, position));
    let Some(rows) = rows.collect::<Option<Vec<Row>>>() else { return Solved::NotKnown };
    match search(variables, &rows, work) {
        Solved::Solution(first) => Solved::Solution(rounded(first, rows, round, work)),
        Solved::Impossible(core) => Solved::Impossible(reduced(variables, &rows, core, work)),
        Solved::NotKnown => Solved::NotKnown,
    }
}

/// A constraint with a coefficient for each variable, none of which could be smaller.
#[derive(Debug, Clone)]
struct Row {
    coefficients: Vec<BigInt>,
    constant: BigInt,
    /// Which of the constraints it is.
    position: usize,
}

impl Row {
    fn new(variables: usize, constraint: &Constraint, position: usize) -> Option<Row> {
        let mut coefficients = vec![BigInt::zero(); variables];
        for (variable, coefficient) in &constraint.terms {
            *coefficients.get_mut(*variable)? += coefficient;
        }
        Some(Row { coefficients, constant: constraint.constant.clone(), position }.tightened())
    }

    fn tightened(mut self) -> Row {
        let divisor = self.coefficients.iter().fold(BigInt::zero(), |divisor, c| divisor.gcd(c));
        if divisor > BigInt::one() {
            self.coefficients.iter_mut().for_each(|c| *c /= &divisor);
            self.constant = self.constant.div_floor(&divisor);
        }
        self
    }

    /// The same with the first variable counted in steps.
    fn in_steps(&self, step: &BigInt) -> Row {
        let mut row = self.clone();
        row.coefficients.iter_mut().take(1).for_each(|c| *c *= step);
        row.tightened()
    }

    /// The same without the first variable, which has this value.
    fn with(mut self, value: &BigInt) -> Row {
        self.constant += self.coefficients.remove(0) * value;
        self.tightened()
    }

    /// Whether nothing of it is left that depends on a variable.
    fn is_constant(&self) -> bool {
        self.coefficients.iter().all(Zero::is_zero)
    }

    /// The value below which it keeps a variable, when that is all it says and the value is not negative.
    fn keeps_from_falling_below(&self, variable: usize) -> Option<BigInt> {
        let alone =
            self.coefficients.iter().enumerate().all(|(i, c)| if i == variable { c.is_one() } else { c.is_zero() });
        (alone && !self.constant.is_positive()).then(|| -&self.constant)
    }
}

/// Solves without regard to steps: variable by variable, the smallest value that is not negative, or else the largest.
fn search(variables: usize, rows: &[Row], work: &mut u64) -> Solved {
    if let Some(row) = rows.iter().find(|row| row.is_constant() && row.constant.is_negative()) {
        return Solved::Impossible(vec![row.position]);
    }
    *work += (rows.len() * variables * 100) as u64;
    if let Some(solved) = without_last(variables, rows, work) {
        return solved;
    }
    // A variable is its lower end and an unknown, or, where it may be negative, the difference of two unknowns.
    let lower_end = |variable| {
        let ends = rows.iter().filter_map(|row| Some((row.keeps_from_falling_below(variable)?, row.position)));
        ends.reduce(|highest, end| if end.0 > highest.0 { end } else { highest })
    };
    let lower_ends: Vec<Option<(BigInt, usize)>> = (0..variables).map(lower_end).collect();
    let unknowns: Vec<Option<usize>> = lower_ends
        .iter()
        .flat_map(|end| match end {
            Some((_, position)) => vec![Some(*position)],
            None => vec![None, None],
        })
        .collect();
    let forms: Vec<Form<BigInt>> =
        rows.iter().map(|row| form(row, &lower_ends)).filter(|f| !f.never_negative()).collect();

    match tableau::least(&unknowns, &forms, work) {
        End::Least(values) => {
            let mut values = values.into_iter();
            let mut next = || values.next().unwrap_or_default();
            let value = |end: &Option<(BigInt, usize)>| match end {
                Some((lower, _)) => lower + next(),
                None => -next() + next(),
            };
            Solved::Solution(lower_ends.iter().map(value).collect())
        }
        End::Conflict(origins) => Solved::Impossible(origins.into_iter().collect()),
        End::GaveUp => one_by_one(variables, rows, work),
    }
}

/// Up to so many variables have their values tried one by one, and so many values of each.
const FEW: (usize, i64) = (3, 20);

/// Solves by trying the values of the first variable, when there are few: cuts need not come to an end for what lies between two ends.
fn one_by_one(variables: usize, rows: &[Row], work: &mut u64) -> Solved {
    let end = |sign: i64| {
        let is_end = |row: &&Row| {
            let mut coefficients = row.coefficients.iter();
            coefficients.next() == Some(&sign.into()) && coefficients.all(Zero::is_zero)
        };
        rows.iter().filter(is_end).min_by_key(|row| &row.constant)
    };
    let (Some(lower), Some(upper)) = (end(1), end(-1)) else { return Solved::NotKnown };
    let (low, high) = (-&lower.constant, &upper.constant);
    if variables > FEW.0 || high - &low >= FEW.1.into() {
        return Solved::NotKnown;
    }
    let mut values: Vec<BigInt> =
        std::iter::successors(Some(low), |value| Some(value + 1)).take_while(|v| v <= high).collect();
    values.sort_by_key(|value| (value.is_negative(), value.abs()));
    let mut core = BTreeSet::from([lower.position, upper.position]);
    for value in values {
        let rest: Vec<Row> = rows.iter().map(|row| row.clone().with(&value)).collect();
        match search(variables - 1, &rest, work) {
            Solved::Solution(rest) => return Solved::Solution([vec![value], rest].concat()),
            Solved::Impossible(positions) => core.extend(positions),
            Solved::NotKnown => return Solved::NotKnown,
        }
    }
    Solved::Impossible(core.into_iter().collect())
}

/// The most pairs of ends that are made of a variable's lower and upper ends.
const MAX_PAIRS: usize = 100;

/// Solves by leaving out the last variable, when its coefficients are all 1 or -1: then there is a whole number between its lower and
/// its upper ends just when no lower end is above an upper one (Fourier's elimination, which is exact for such). Numbers of a fine
/// grid beside those of a coarse one are like that, and cuts take long for them.
fn without_last(variables: usize, rows: &[Row], work: &mut u64) -> Option<Solved> {
    let last = variables.checked_sub(1).filter(|last| *last > 0)?;
    let zero = BigInt::zero();
    let of = |row: &Row| row.coefficients.get(last).unwrap_or(&zero).clone();
    if rows.iter().any(|row| of(row).abs() > BigInt::one()) {
        return None;
    }
    let (lower, upper): (Vec<&Row>, Vec<&Row>) =
        rows.iter().filter(|row| !of(row).is_zero()).partition(|row| of(row).is_positive());
    if lower.len() * upper.len() > MAX_PAIRS {
        return None;
    }
    let mut made: Vec<(Row, Vec<usize>)> = Vec::new();
    let mut make = |mut row: Row, origins: Vec<usize>| {
        row.coefficients.truncate(last);
        row.position = made.len();
        made.push((row.tightened(), origins));
    };
    rows.iter().filter(|row| of(row).is_zero()).for_each(|row| make(row.clone(), vec![row.position]));
    for low in &lower {
        for high in &upper {
            let mut row = (*low).clone();
            row.coefficients.iter_mut().zip(&high.coefficients).for_each(|(a, b)| *a += b);
            row.constant += &high.constant;
            make(row, vec![low.position, high.position]);
        }
    }
    let rest: Vec<Row> = made.iter().map(|(row, _)| row.clone()).collect();
    Some(match search(last, &rest, work) {
        Solved::NotKnown => Solved::NotKnown,
        Solved::Impossible(core) => {
            let origins = core.into_iter().filter_map(|at| made.get(at)).flat_map(|(_, origins)| origins.clone());
            Solved::Impossible(origins.collect::<BTreeSet<usize>>().into_iter().collect())
        }
        Solved::Solution(mut values) => {
            let beside = |row: &&Row| -> BigInt {
                row.coefficients.iter().zip(&values).map(|(c, v)| c * v).sum::<BigInt>() + &row.constant
            };
            let low = lower.iter().map(|row| -beside(row)).max();
            let high = upper.iter().map(beside).min();
            // The smallest that is not negative, or else the largest.
            let least = low.unwrap_or_else(BigInt::zero).max(BigInt::zero());
            values.push(high.map_or(least.clone(), |high| least.min(high)));
            Solved::Solution(values)
        }
    })
}

/// A row in the unknowns. Of the two unknowns of a variable the one that is taken away is first: it is the first to be kept small.
fn form(row: &Row, lower_ends: &[Option<(BigInt, usize)>]) -> Form<BigInt> {
    let mut form = Form { constant: row.constant.clone(), coefficients: Vec::new(), origins: [row.position].into() };
    for (coefficient, end) in row.coefficients.iter().zip(lower_ends) {
        match end {
            Some((lower, _)) => form.constant += coefficient * lower,
            None => form.coefficients.push(-coefficient),
        }
        form.coefficients.push(coefficient.clone());
    }
    form
}

/// Moves a solution that [`search`] found to round values, one variable after the other.
fn rounded(mut solution: Vec<BigInt>, mut rows: Vec<Row>, round: &[Vec<BigInt>], work: &mut u64) -> Vec<BigInt> {
    for variable in 0..solution.len() {
        let Some((value, rest)) = solution.get_mut(variable..).and_then(<[BigInt]>::split_first_mut) else { break };
        for step in round.get(variable).into_iter().flatten() {
            // The value is the least one anyway, and so it is the least multiple.
            if value.is_multiple_of(step) {
                break;
            }
            let in_steps: Vec<Row> = rows.iter().map(|row| row.in_steps(step)).collect();
            if let Solved::Solution(found) = search(rest.len() + 1, &in_steps, work) {
                let mut found = found.into_iter();
                *value = found.next().unwrap_or_default() * step;
                rest.iter_mut().zip(found).for_each(|(value, found)| *value = found);
                break;
            }
        }
        rows = rows.into_iter().map(|row| row.with(value)).collect();
    }
    solution
}

/// Leaves out of constraints that cannot hold together whatever is not needed for that.
fn reduced(variables: usize, rows: &[Row], mut core: Vec<usize>, work: &mut u64) -> Vec<usize> {
    for candidate in core.clone() {
        // An earlier step may have taken it away already.
        if core.contains(&candidate) {
            let others = rows.iter().filter(|row| row.position != candidate && core.contains(&row.position));
            if let Solved::Impossible(fewer) = search(variables, &others.cloned().collect::<Vec<_>>(), work) {
                core = fewer;
            }
        }
    }
    core
}

#[cfg(test)]
mod tests;
