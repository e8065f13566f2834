//! Linear constraints against brute force on small boxes, and with numbers that are far from small.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use proptest::prelude::*;

use super::{BigInt, Constraint, Solved, Zero, solve};

fn constraint(terms: &[(usize, i64)], constant: i64) -> Constraint {
    Constraint { terms: terms.iter().map(|(v, c)| (*v, (*c).into())).collect(), constant: constant.into() }
}

/// `low <= variable <= high`.
fn between(variable: usize, low: i64, high: i64) -> [Constraint; 2] {
    [constraint(&[(variable, 1)], -low), constraint(&[(variable, -1)], high)]
}

fn power(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn holds(constraint: &Constraint, values: &[BigInt]) -> bool {
    constraint.terms.iter().map(|(v, c)| c * &values[*v]).sum::<BigInt>() + &constraint.constant >= BigInt::zero()
}

fn solution(variables: usize, constraints: &[Constraint], round: &[Vec<BigInt>]) -> Vec<BigInt> {
    match solve(variables, constraints, round, &mut 0) {
        Solved::Solution(values) => {
            assert!(constraints.iter().all(|c| holds(c, &values)), "{values:?}");
            values
        }
        other => panic!("{other:?}"),
    }
}

/// A problem in small numbers, for brute force.
#[derive(Debug, Clone)]
struct Small {
    /// `low <= variable <= high` for each variable.
    boxes: Vec<(i64, i64)>,
    /// Coefficients and a constant, each sum not negative.
    rows: Vec<(Vec<i64>, i64)>,
    /// Steps that read well.
    round: Vec<Vec<i64>>,
}

impl Small {
    fn constraints(&self) -> Vec<Constraint> {
        let boxes = self.boxes.iter().enumerate().flat_map(|(variable, (low, high))| between(variable, *low, *high));
        let rows = self.rows.iter().map(|(coefficients, constant)| {
            let terms: Vec<(usize, i64)> = coefficients.iter().copied().enumerate().collect();
            constraint(&terms, *constant)
        });
        rows.chain(boxes).collect()
    }

    fn steps(&self) -> Vec<Vec<BigInt>> {
        self.round.iter().map(|steps| steps.iter().map(|s| (*s).into()).collect()).collect()
    }

    /// All solutions.
    fn solutions(&self) -> Vec<Vec<i64>> {
        let mut points = vec![vec![]];
        for (low, high) in &self.boxes {
            points = points.iter().flat_map(|p| (*low..=*high).map(move |v| [p.as_slice(), &[v]].concat())).collect();
        }
        points.retain(|p| self.rows.iter().all(|(row, c)| row.iter().zip(p).map(|(a, v)| a * v).sum::<i64>() + c >= 0));
        points
    }

    /// The solution that reads best, by the letter of the contract.
    fn best(&self) -> Option<Vec<i64>> {
        let mut left = self.solutions();
        for (variable, steps) in self.round.iter().enumerate() {
            let multiples = |step: &i64| left.iter().map(|p| p[variable]).filter(|v| v % step == 0).collect::<Vec<_>>();
            let candidates = steps.iter().chain([&1]).map(multiples).find(|m| !m.is_empty())?;
            let value = candidates.into_iter().min_by_key(|v| (*v < 0, v.abs()))?;
            left.retain(|p| p[variable] == value);
        }
        left.pop()
    }

    /// The same with only some of its constraints, in a box that is larger where there is no end any more.
    fn only(&self, core: &[usize]) -> Small {
        let rows = self.rows.iter().enumerate().filter(|(i, _)| core.contains(i)).map(|(_, row)| row.clone()).collect();
        let end = |position, inside, outside| if core.contains(&position) { inside } else { outside };
        let boxes = self.boxes.iter().zip((self.rows.len()..).step_by(2));
        let boxes = boxes.map(|((low, high), at)| (end(at, *low, -18), end(at + 1, *high, 18))).collect();
        Small { boxes, rows, round: self.round.clone() }
    }
}

/// Inequalities, equalities and narrow bands in two or three variables: often with fractional solutions only.
fn small() -> impl Strategy<Value = Small> {
    (2..=3usize).prop_flat_map(|variables| {
        let row =
            (proptest::collection::vec(-5i64..=5, variables), -12i64..=12, proptest::option::weighted(0.4, 0i64..=1));
        let rows = proptest::collection::vec(row, 1..=4).prop_map(|rows| {
            let both_sides = |(row, constant, width): (Vec<i64>, i64, Option<i64>)| {
                let other = width.map(|w| (row.iter().map(|c| -c).collect(), w - constant));
                [(row, constant)].into_iter().chain(other)
            };
            rows.into_iter().flat_map(both_sides).collect()
        });
        let ends = prop_oneof![Just((-6i64, 6i64)), Just((0, 6)), Just((1, 5)), Just((-6, -1))];
        let steps = prop_oneof![Just(vec![]), Just(vec![4i64, 2]), Just(vec![5]), Just(vec![3, 1])];
        let (ends, steps) = (proptest::collection::vec(ends, variables), proptest::collection::vec(steps, variables));
        (ends, rows, steps).prop_map(|(boxes, rows, round)| Small { boxes, rows, round })
    })
}

/// The constraints with each variable further up by `offset`.
fn moved(constraints: &[Constraint], offset: &BigInt) -> Vec<Constraint> {
    let moved = |c: &Constraint| {
        let constant = &c.constant - c.terms.iter().map(|(_, coefficient)| coefficient).sum::<BigInt>() * offset;
        Constraint { terms: c.terms.clone(), constant }
    };
    constraints.iter().map(moved).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn small_problems_are_solved_as_brute_force_does(small in small()) {
        let (variables, constraints) = (small.boxes.len(), small.constraints());
        let best = small.best().map(|values| values.into_iter().map(BigInt::from).collect::<Vec<_>>());
        match solve(variables, &constraints, &small.steps(), &mut 0) {
            Solved::Solution(values) => prop_assert_eq!(Some(values), best),
            Solved::Impossible(core) => {
                prop_assert_eq!(best, None);
                prop_assert!(core.is_sorted());
                prop_assert_eq!(small.only(&core).solutions(), Vec::<Vec<i64>>::new());
                for left_out in &core {
                    let others = core.iter().filter(|c| *c != left_out).map(|c| constraints[*c].clone());
                    // Without one of the ends a search may have none, too.
                    let others = solve(variables, &others.collect::<Vec<_>>(), &[], &mut 0);
                    prop_assert!(!matches!(others, Solved::Impossible(_)), "{core:?} without {left_out}");
                }
            }
            Solved::NotKnown => prop_assert!(false, "not known"),
        }
    }

    #[test]
    fn far_from_zero_the_same_holds(small in small()) {
        let (variables, constraints) = (small.boxes.len(), moved(&small.constraints(), &power(40)));
        match solve(variables, &constraints, &small.steps(), &mut 0) {
            Solved::Solution(values) => prop_assert!(constraints.iter().all(|c| holds(c, &values))),
            Solved::Impossible(core) => prop_assert_eq!(small.only(&core).solutions(), Vec::<Vec<i64>>::new()),
            Solved::NotKnown => prop_assert!(false, "not known"),
        }
    }

    #[test]
    fn without_bounds_nothing_is_refuted_that_has_a_solution(small in small()) {
        let constraints: Vec<Constraint> = small.constraints().into_iter().take(small.rows.len()).collect();
        match solve(small.boxes.len(), &constraints, &small.steps(), &mut 0) {
            Solved::Solution(values) => prop_assert!(constraints.iter().all(|c| holds(c, &values))),
            Solved::Impossible(core) => prop_assert_eq!(small.only(&core).solutions(), Vec::<Vec<i64>>::new()),
            // There need not be an end to the search.
            Solved::NotKnown => {}
        }
    }
}

#[test]
fn what_cuts_do_not_come_to_an_end_with_is_tried() {
    let rows = [([-2, 3, 1], -6), ([2, -1, 2], -6), ([1, 4, 2], -10), ([-1, -4, -2], 11)];
    let rows = rows.map(|(row, constant)| (row.to_vec(), constant)).to_vec();
    let small = Small { boxes: vec![(-6, 6), (-6, 6), (1, 5)], rows, round: vec![vec![]; 3] };
    let Solved::Impossible(core) = solve(3, &small.constraints(), &small.steps(), &mut 0) else { panic!("{small:?}") };
    assert_eq!((small.solutions(), small.only(&core).solutions()), (vec![], vec![]));
}

#[test]
fn without_constraints_everything_is_zero() {
    assert_eq!(solution(3, &[], &[]), [0.into(), 0.into(), 0.into()]);
    assert_eq!(solution(0, &[], &[]), []);
}

#[test]
fn a_value_is_near_zero_and_rather_positive() {
    assert_eq!(solution(1, &between(0, -20, 20), &[]), [0.into()]);
    assert_eq!(solution(1, &between(0, 3, 20), &[]), [3.into()]);
    assert_eq!(solution(1, &between(0, -20, -3), &[]), [(-3).into()]);
    assert_eq!(solution(1, &[constraint(&[(0, -1)], -7)], &[]), [(-7).into()]);
    // x = 3y + 2, so 0 is not to be had.
    let line = [constraint(&[(0, 1), (1, -3)], -2), constraint(&[(0, -1), (1, 3)], 2)];
    assert_eq!(solution(2, &line, &[]), [2.into(), 0.into()]);
}

#[test]
fn the_coarsest_step_is_taken_that_the_others_allow() {
    let round = [vec![1000.into(), 100.into(), 10.into()], vec![100.into(), 10.into()]];
    assert_eq!(solution(2, &between(0, 123, 2500), &round), [1000.into(), 0.into()]);
    assert_eq!(solution(2, &between(0, 123, 999), &round), [200.into(), 0.into()]);
    assert_eq!(solution(2, &between(0, 123, 125), &round), [123.into(), 0.into()]);
    assert_eq!(solution(2, &between(0, -999, -123), &round), [(-200).into(), 0.into()]);
    // The first is round, and the second as round as that leaves it: 3 * first = 2 * second + 6.
    let line = [constraint(&[(0, 3), (1, -2)], -6), constraint(&[(0, -3), (1, 2)], 6)];
    let constraints = [line.as_slice(), &between(0, 1, 5000)].concat();
    assert_eq!(solution(2, &constraints, &round), [1000.into(), 1497.into()]);
}

#[test]
fn what_only_fractions_satisfy_is_impossible() {
    // 2x - 2y = 1, with a constraint between that has nothing to do with it.
    let odd = [constraint(&[(0, 2), (1, -2)], -1), constraint(&[(0, 1)], 0), constraint(&[(0, -2), (1, 2)], 1)];
    assert_eq!(solve(2, &odd, &[], &mut 0), Solved::Impossible(vec![0, 2]));

    // x + y = 2z and x - y = 2w + 1: each has solutions, together they have none, and there are no bounds.
    let equal = |terms: &[(usize, i64)], constant| {
        let negated: Vec<(usize, i64)> = terms.iter().map(|(v, c)| (*v, -c)).collect();
        [constraint(terms, constant), constraint(&negated, -constant)]
    };
    let parity = [equal(&[(0, 1), (1, 1), (2, -2)], 0), equal(&[(0, 1), (1, -1), (3, -2)], -1)].concat();
    assert_eq!(solve(4, &parity, &[], &mut 0), Solved::Impossible(vec![0, 1, 2, 3]));
}

#[test]
fn a_sum_that_depends_on_nothing_holds_or_not() {
    let nothing = constraint(&[(0, 2), (0, -2)], -1);
    assert_eq!(solve(1, &[between(0, 0, 5)[0].clone(), nothing], &[], &mut 0), Solved::Impossible(vec![1]));
    assert_eq!(solution(1, &[constraint(&[], 0), constraint(&[(0, 0)], 3)], &[]), [0.into()]);
}

#[test]
fn a_variable_that_is_not_there_is_no_panic() {
    assert_eq!(solve(1, &[constraint(&[(1, 1)], 0)], &[], &mut 0), Solved::NotKnown);
}

#[test]
fn numbers_of_a_policy_in_their_finest_units() {
    // Two amounts in units of 10^-18, `spent > 1.075 * budget`, `spent + budget = 999_999_999_999_999_999.999`, both below 10^18.
    let term = |variable: usize, coefficient: i64| (variable, BigInt::from(coefficient));
    let top = || power(36) - 1;
    let total = power(36) - power(15);
    let (spent, budget) = (0, 1);
    let constraints = [
        Constraint { terms: vec![term(spent, 1)], constant: 0.into() },
        Constraint { terms: vec![term(spent, -1)], constant: top() },
        Constraint { terms: vec![term(budget, 1)], constant: -power(18) },
        Constraint { terms: vec![term(budget, -1)], constant: top() },
        Constraint { terms: vec![term(spent, 1000), term(budget, -1075)], constant: (-1).into() },
        Constraint { terms: vec![term(spent, 1), term(budget, 1)], constant: -&total },
        Constraint { terms: vec![term(spent, -1), term(budget, -1)], constant: total.clone() },
    ];
    let steps: Vec<BigInt> = (0..=18).rev().map(|exponent| power(15 + exponent)).collect();
    let values = solution(2, &constraints, &[steps.clone(), steps]);
    assert_eq!(values[spent], BigInt::from(519) * power(33));
    assert_eq!(&values[spent] + &values[budget], total);

    // A whole number cannot equal an amount between two whole numbers.
    let count = 0;
    let between_whole = [
        Constraint { terms: vec![(count, power(18)), term(1, -1)], constant: 0.into() },
        Constraint { terms: vec![(count, -power(18)), term(1, 1)], constant: 0.into() },
        Constraint { terms: vec![term(1, 1)], constant: -(power(36) / 2i64 + 1i64) },
        Constraint { terms: vec![term(1, -1)], constant: power(36) / 2i64 + power(18) - 1i64 },
    ];
    assert_eq!(solve(2, &between_whole, &[], &mut 0), Solved::Impossible(vec![0, 1, 2, 3]));
}

#[test]
fn coefficients_of_any_size() {
    // p * x = q * y with large coprime p and q: the least solution apart from zero.
    let (p, q): (BigInt, BigInt) = (power(60) + 7, power(59) + 3);
    let constraints = [
        Constraint { terms: vec![(0, p.clone()), (1, -q.clone())], constant: 0.into() },
        Constraint { terms: vec![(0, -p.clone()), (1, q.clone())], constant: 0.into() },
        constraint(&[(0, 1)], -1),
    ];
    assert_eq!(solution(2, &constraints, &[]), [q, p]);
}

#[test]
fn a_search_without_end_is_given_up() {
    // Narrow bands in which large coefficients leave solutions only far away, if any.
    let band = |terms: &[(usize, i64)], constant: i64| {
        let negated: Vec<(usize, i64)> = terms.iter().map(|(v, c)| (*v, -c)).collect();
        [constraint(terms, constant), constraint(&negated, 1 - constant)]
    };
    let constraints = [band(&[(0, 5), (1, 1), (3, -2)], 81), band(&[(0, 3), (1, 5), (2, 4), (3, 2)], -1)].concat();
    assert_eq!(solve(4, &constraints, &[], &mut 0), Solved::NotKnown);
}
