//! The lexicographically least whole numbers, none negative, on which linear forms are not negative: the dual simplex method with
//! cuts of R. E. Gomory, "An algorithm for integer solutions to linear programs" (1958).
//!
//! Every form is written over as many forms as there are unknowns, the *base*, which are zero at the current point. The point is
//! below every solution. A form that is negative there takes the place of one of the base, which moves the point up; a form that
//! can only fall from there shows a conflict. When no form is negative and an unknown is fractional, a cut, which holds for all
//! whole solutions and not for the point, becomes one more form.
//!
//! With many unknowns or unfavourable numbers that may go on for long, and without bounds for ever: hence a budget. The numbers stay
//! short, because a form that enters by way of a cut makes the denominator smaller.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{CheckedDiv, CheckedMul, CheckedSub, Signed, ToPrimitive};

/// The most moves and cuts of one search.
const BUDGET: usize = 400;

/// A sum that may not be negative: at first over the unknowns, later over the base.
#[derive(Debug, Clone)]
pub(super) struct Form<T> {
    pub(super) constant: T,
    pub(super) coefficients: Vec<T>,
    /// The constraints because of which it may not be negative.
    pub(super) origins: BTreeSet<usize>,
}

/// How a search ends.
pub(super) enum End {
    /// The least solution.
    Least(Vec<BigInt>),
    /// There is no solution, because of these constraints.
    Conflict(BTreeSet<usize>),
    /// The budget was not enough.
    GaveUp,
}

/// Finds the least solution: of all solutions those with the smallest first unknown, of these those with the smallest second, ...
///
/// Given for each unknown is the constraint because of which it is not negative, if it is not so by definition. Each form must have
/// a coefficient for each unknown.
pub(super) fn least(unknowns: &[Option<usize>], forms: &[Form<BigInt>], work: &mut u64) -> End {
    // Most numbers are small enough for machine words; from the first that is not, all is done again with long ones.
    let short = Tableau::new(unknowns, forms, ToPrimitive::to_i128).and_then(|tableau| tableau.run(work, 20));
    let mut long = || Tableau::new(unknowns, forms, |n| Some(n.clone()))?.run(work, 200);
    short.or_else(&mut long).unwrap_or(End::GaveUp)
}

/// Exact whole numbers. The checked operations give nothing when the result does not fit.
trait Exact: Clone + Integer + Signed + CheckedMul + CheckedSub + CheckedDiv + Into<BigInt> {}

impl Exact for i128 {}
impl Exact for BigInt {}

impl Form<BigInt> {
    /// Whether nothing can make it negative.
    pub(super) fn never_negative(&self) -> bool {
        !self.constant.is_negative() && self.coefficients.iter().all(|c| !c.is_negative())
    }
}

struct Tableau<T> {
    /// The unknowns in order, then the constraints, then the cuts; all numbers in units of 1 / `denominator`.
    forms: Vec<Form<T>>,
    /// How many of the forms are unknowns.
    unknowns: usize,
    /// How many of the forms are not cuts.
    given: usize,
    /// Which form each coefficient belongs to. Such a form is itself alone: one coefficient of 1, no constant.
    base: Vec<usize>,
    /// The determinant of the base in the unknowns, which is why all numbers are whole multiples of its inverse.
    denominator: T,
}

#[allow(
    clippy::indexing_slicing,
    reason = "a form has one coefficient a column, and columns and forms are counted here"
)]
impl<T: Exact> Tableau<T> {
    /// At first the base is the unknowns themselves. Nothing when a number does not fit.
    fn new(
        unknowns: &[Option<usize>],
        forms: &[Form<BigInt>],
        number: impl Fn(&BigInt) -> Option<T>,
    ) -> Option<Tableau<T>> {
        let columns = unknowns.len();
        let unit = |i| (0..columns).map(|j| if i == j { T::one() } else { T::zero() }).collect();
        let mut all: Vec<Form<T>> = unknowns
            .iter()
            .enumerate()
            .map(|(i, origin)| Form {
                constant: T::zero(),
                coefficients: unit(i),
                origins: origin.iter().copied().collect(),
            })
            .collect();
        for form in forms {
            let coefficients = form.coefficients.iter().map(&number).collect::<Option<_>>()?;
            all.push(Form { constant: number(&form.constant)?, coefficients, origins: form.origins.clone() });
        }
        let given = all.len();
        Some(Tableau { forms: all, unknowns: columns, given, base: (0..columns).collect(), denominator: T::one() })
    }

    /// Nothing when a number does not fit. `work` grows by so much for each number that changes.
    fn run(mut self, work: &mut u64, each: u64) -> Option<End> {
        for _ in 0..BUDGET {
            *work += each * (self.forms.len() * self.base.len()) as u64;
            if let Some(form) = self.forms.iter().position(|form| form.constant.is_negative()) {
                let Some(column) = self.leaving(form)? else {
                    return Some(End::Conflict(self.conflict(&self.forms[form])));
                };
                self.exchange(form, column)?;
            } else if let Some(form) =
                self.forms.iter().take(self.unknowns).find(|f| !f.constant.is_multiple_of(&self.denominator))
            {
                let cut = self.cut(form);
                self.forms.push(cut);
            } else {
                let value = |form: &Form<T>| Some(form.constant.checked_div(&self.denominator)?.into());
                return Some(End::Least(self.forms.iter().take(self.unknowns).map(value).collect::<Option<_>>()?));
            }
        }
        Some(End::GaveUp)
    }

    /// The column of the base that makes way for a form: of those along which the form grows the one along which the unknowns,
    /// in their order, grow least while it does. So the point stays below every solution, and never comes back.
    fn leaving(&self, form: usize) -> Option<Option<usize>> {
        let growth = &self.forms[form].coefficients;
        let mut best: Option<usize> = None;
        for column in (0..growth.len()).filter(|&column| growth[column].is_positive()) {
            let better = match best {
                Some(best) => self.slower(growth, column, best)?,
                None => true,
            };
            if better {
                best = Some(column);
            }
        }
        Some(best)
    }

    /// Whether the unknowns grow less along one column than along another for the same growth of a form.
    fn slower(&self, growth: &[T], column: usize, other: usize) -> Option<bool> {
        for unknown in self.forms.iter().take(self.unknowns) {
            let here = unknown.coefficients[column].checked_mul(&growth[other])?;
            let there = unknown.coefficients[other].checked_mul(&growth[column])?;
            if here != there {
                return Some(here < there);
            }
        }
        Some(false)
    }

    /// Takes a form into the base in place of that of a column, by Edmonds' division-free elimination: the products are multiples
    /// of the old determinant because all results are multiples of the inverse of the new one.
    fn exchange(&mut self, form: usize, column: usize) -> Option<()> {
        let entering = self.forms[form].clone();
        let pivot = &entering.coefficients[column];
        for form in &mut self.forms {
            let share = form.coefficients[column].clone();
            let replaced = |old: &T, entering: &T| {
                let product = old.checked_mul(pivot)?.checked_sub(&share.checked_mul(entering)?)?;
                product.checked_div(&self.denominator)
            };
            form.constant = replaced(&form.constant, &entering.constant)?;
            for (i, coefficient) in form.coefficients.iter_mut().enumerate().filter(|(i, _)| *i != column) {
                *coefficient = replaced(coefficient, &entering.coefficients[i])?;
            }
        }
        self.denominator = pivot.clone();
        let left = std::mem::replace(&mut self.base[column], form);
        // A cut has done its work when the point has moved on.
        if left >= self.given {
            self.forms.remove(left);
            self.base.iter_mut().filter(|form| **form > left).for_each(|form| *form -= 1);
        }
        Some(())
    }

    /// Why a form is negative in all solutions: itself, and the forms of the base along which it falls.
    fn conflict(&self, form: &Form<T>) -> BTreeSet<usize> {
        let falls = form.coefficients.iter().map(Signed::is_negative);
        let along = self.base.iter().zip(falls).filter(|(_, falls)| *falls).map(|(base, _)| &self.forms[*base]);
        along.chain([form]).flat_map(|form| &form.origins).copied().collect()
    }

    /// A form is a whole number, and so are those of the base. So the fractions of its coefficients, times the base, make up for
    /// the fraction of its constant: they are at least what the constant lacks to the next whole number, and more by a whole number.
    fn cut(&self, form: &Form<T>) -> Form<T> {
        let one = &self.denominator;
        let coefficients: Vec<T> = form.coefficients.iter().map(|c| c.mod_floor(one)).collect();
        let along =
            self.base.iter().zip(&coefficients).filter(|(_, c)| !c.is_zero()).map(|(base, _)| &self.forms[*base]);
        let origins = along.flat_map(|form| &form.origins).copied().collect();
        Form { constant: form.constant.mod_floor(one) - one.clone(), coefficients, origins }
    }
}
