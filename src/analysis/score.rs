//! Scores: what their lines add, as items of a sum, and questions about what they come to, caps and ranges included.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive};

use super::gates::Gates;
use super::model::Model;
use super::solver::Lit;
use super::sum::{Item, Sum};
use super::term::{Form, Term};
use crate::ir::{Expr, Gain, Per, Policy, Score, ScoreId, ScoreLine};
use crate::types::Number;

/// A score as a sum.
#[derive(Debug, Clone)]
pub(crate) struct Points {
    /// Its lines; none when they cannot be counted out.
    all: Option<Counted>,
    /// Where they cannot: its lines as far as they matter to totals of at most this size.
    cut: Option<(Number, Counted)>,
    /// Whether a line is unknown.
    pub(crate) incomplete: Lit,
}

/// Lines that were counted out.
#[derive(Debug, Clone)]
struct Counted {
    sum: Sum,
    /// How many units of the sum are one point.
    per_point: Number,
}

/// A line before all are counted in the same unit.
struct Line {
    levels: Vec<Lit>,
    values: Vec<Number>,
}

/// The most levels that `for each` may have.
const MAX_LEVELS: i128 = 2_000;

/// The most totals that a score inside of another may have.
const MAX_TOTALS: usize = 500;

impl Counted {
    /// The total is at least so many points, or (`strictly`) more; none when that takes too much.
    fn reaches(&mut self, gates: &mut Gates, limit: &Number, strictly: bool) -> Option<Lit> {
        let need = self.need(limit, strictly);
        self.sum.at_least(gates, need)
    }

    /// How many units are so many points, or (`strictly`) more.
    fn need(&self, limit: &Number, strictly: bool) -> i128 {
        let scaled = limit * &self.per_point;
        if strictly { scaled.floor_i128().saturating_add(1) } else { (-&scaled).floor_i128().saturating_neg() }
    }
}

impl Model<'_> {
    /// A score as a sum.
    pub(crate) fn points(&mut self, side: usize, score: ScoreId) -> &mut Points {
        if !self.side(side).scores.contains_key(&score) {
            let points = self.build(side, score);
            self.side(side).scores.insert(score, points);
        }
        let missing = Points { all: None, cut: None, incomplete: self.gates.constant(false) };
        self.side(side).scores.entry(score).or_insert(missing)
    }

    /// The score is at least so many points, or (`strictly`) more; none when the model has no means for it.
    pub(crate) fn score_reaches(&mut self, side: usize, score: ScoreId, limit: &Number, strictly: bool) -> Option<Lit> {
        let Score { min, max, .. } = &self.policy(side).scores[score];
        let beyond = |bound: &Number| if strictly { bound > limit } else { bound >= limit };
        // A total is put into its range last; its lower end first, so that the upper one wins where they cross.
        if max.as_ref().is_some_and(|max| !beyond(max)) {
            return Some(self.gates.constant(false));
        }
        if min.as_ref().is_some_and(beyond) {
            return Some(self.gates.constant(true));
        }
        if let Some(mut all) = self.points(side, score).all.take() {
            let lit = all.reaches(&mut self.gates, limit, strictly);
            self.points(side, score).all = Some(all);
            return lit;
        }
        let cut = self.points(side, score).cut.take().filter(|(far, _)| *far >= limit.abs());
        let (far, mut counted) = match cut {
            Some(cut) => cut,
            // Further than asked, so that the next questions are answered, too.
            None => {
                let far = &(&limit.abs() * &Number::from(2)) + &Number::from(100);
                let (counted, _) = self.counted(side, score, Some(&far));
                (far, counted?)
            }
        };
        let lit = counted.reaches(&mut self.gates, limit, strictly);
        self.points(side, score).cut = Some((far, counted));
        lit
    }

    /// `form >= 0` for a form of scores alone.
    pub(crate) fn scores_not_below_zero(&mut self, side: usize, form: &Form) -> Option<Lit> {
        if let (1, Some((score, coefficient))) = (form.scores.len(), form.scores.first_key_value()) {
            let limit = (-&form.offset()).checked_div(coefficient)?;
            return if coefficient.is_negative() {
                self.score_reaches(side, *score, &limit, true).map(|above| !above)
            } else {
                self.score_reaches(side, *score, &limit, false)
            };
        }
        let mut lines = Vec::new();
        for (score, coefficient) in &form.scores {
            lines.push(self.whole_score(side, *score, coefficient)?);
        }
        let (items, per_point) = in_units(lines)?;
        let need = (&form.offset() * &per_point).floor_i128().saturating_neg();
        Sum::new(items).at_least(&mut self.gates, need)
    }

    /// Every total that a score might come to, ascending, in points; some of them perhaps never.
    pub(crate) fn totals(&mut self, side: usize, score: ScoreId) -> Option<Vec<Number>> {
        let Score { min, max, .. } = &self.policy(side).scores[score];
        let points = self.points(side, score);
        let mut totals = BTreeSet::from([0i128]);
        let Counted { sum, per_point } = points.all.as_ref()?;
        for item in sum.items() {
            totals =
                totals.iter().flat_map(|sum| item.values.iter().map(move |value| sum.saturating_add(*value))).collect();
            if totals.len() > MAX_TOTALS {
                return None;
            }
        }
        let clamped = totals.into_iter().filter_map(|sum| {
            let points = Number::whole(sum).checked_div(per_point)?;
            let points = min.as_ref().map_or(points.clone(), |min| points.max(min.clone()));
            Some(max.as_ref().map_or(points.clone(), |max| points.min(max.clone())))
        });
        let distinct: BTreeSet<Number> = clamped.collect();
        Some(distinct.into_iter().collect())
    }

    /// The smallest and the largest sum of a score's lines, whether or not they go together, in units; and how many of these are a
    /// point.
    pub(crate) fn extent(&mut self, side: usize, score: ScoreId) -> Option<(i128, i128, Number)> {
        let Counted { sum, per_point } = self.points(side, score).all.as_ref()?;
        let (low, high) = sum.reach();
        Some((low, high, per_point.clone()))
    }

    /// How many units of a score's lines are so many points, or (`strictly`) more.
    pub(crate) fn units_for(&mut self, side: usize, score: ScoreId, limit: &Number, strictly: bool) -> Option<i128> {
        self.points(side, score).all.as_ref().map(|all| all.need(limit, strictly))
    }

    /// What each line of a score adds, in units.
    pub(crate) fn items(&mut self, side: usize, score: ScoreId) -> Option<&[Item]> {
        self.points(side, score).all.as_ref().map(|all| all.sum.items())
    }

    /// The lines of a score come to so many units, before they are put into its range.
    pub(crate) fn sum_reaches(&mut self, side: usize, score: ScoreId, need: i128) -> Option<Lit> {
        let mut all = self.points(side, score).all.take()?;
        let lit = all.sum.at_least(&mut self.gates, need);
        self.points(side, score).all = Some(all);
        lit
    }

    /// Whether a lead can come to this total, as far as is known.
    pub(crate) fn score_can_be(&mut self, side: usize, score: ScoreId, total: &Number) -> bool {
        let ends = [false, true].map(|strictly| self.score_reaches(side, score, total, strictly));
        let [Some(at), Some(above)] = ends else { return true };
        !self.is_refuted(&[at, !above])
    }

    fn build(&mut self, side: usize, score: ScoreId) -> Points {
        let (all, incomplete) = self.counted(side, score, None);
        Points { all, cut: None, incomplete: self.gates.or(&incomplete) }
    }

    /// The lines of a score, counted out completely or as `far` as totals of that size hang on them; and when each of them is unknown.
    fn counted(&mut self, side: usize, score: ScoreId, far: Option<&Number>) -> (Option<Counted>, Vec<Lit>) {
        let declared = &self.policy(side).scores[score];
        let (mut lines, mut incomplete) = (Some(Vec::new()), Vec::new());
        for (position, line) in declared.lines.iter().enumerate() {
            let mut open = Vec::new();
            let counted = self.line(side, score, (position, line), far, &mut open);
            // A line that is left out is not open, either.
            let there = self.line_is_there(side, score, position);
            incomplete.extend(open.into_iter().map(|open| self.gates.and(&[open, there])).collect::<Vec<Lit>>());
            lines = lines.zip(counted).map(|(mut lines, line)| {
                lines.push(line);
                lines
            });
        }
        let counted = lines.and_then(in_units).map(|(items, per_point)| Counted { sum: Sum::new(items), per_point });
        (counted, incomplete)
    }

    /// Whether a line counts: one of a side that [leaves lines out](super::model::Side) may not.
    fn line_is_there(&mut self, side: usize, score: ScoreId, position: usize) -> Lit {
        let out = self.side(side).left_out.get(&(score, position)).copied();
        out.map_or_else(|| self.gates.constant(true), |out| !out)
    }

    /// What a line adds, and when it is unknown.
    fn line(
        &mut self,
        side: usize,
        score: ScoreId,
        (position, line): (usize, &ScoreLine),
        far: Option<&Number>,
        incomplete: &mut Vec<Lit>,
    ) -> Option<Line> {
        match &line.gain {
            Gain::Score { sign, score } => {
                incomplete.push(self.incomplete(side, *score));
                self.whole_score(side, *score, &Number::from(i64::from(*sign)))
            }
            Gain::Points { points, per, when, at_most } => {
                let when = when.as_ref().map(|when| self.condition(side, when));
                let yes = when.map_or_else(|| self.gates.constant(true), |when| when.yes);
                let there = self.line_is_there(side, score, position);
                let earned = self.gates.and(&[yes, there]);
                if let Some(when) = when {
                    incomplete.push(self.gates.and(&[!when.yes, !when.no]));
                }
                let cap = |points: Number| match at_most {
                    Some(most) if points.abs() > *most => {
                        if points.is_negative() {
                            -most
                        } else {
                            most.clone()
                        }
                    }
                    Some(_) | None => points,
                };
                match per {
                    None => Some(Line { levels: vec![earned], values: vec![Number::zero(), cap(points.clone())] }),
                    Some(per) => {
                        let there = self.is_there(side, &per.amount);
                        incomplete.extend(there.map(|there| self.gates.and(&[yes, !there])));
                        there?;
                        let enough = enough(self.policy(side), score, position, far);
                        self.units(side, per, points, earned, &cap, enough)
                    }
                }
            }
        }
    }

    /// A line with `for each`: a level for each full unit, until more of them make no difference.
    fn units(
        &mut self,
        side: usize,
        per: &Per,
        points: &Number,
        yes: Lit,
        cap: &dyn Fn(Number) -> Number,
        enough: Option<Number>,
    ) -> Option<Line> {
        if points.is_zero() {
            return Some(Line { levels: Vec::new(), values: vec![Number::zero()] });
        }
        let cases = self.cases(side, &per.amount)?;
        // Before they are counted one by one: there must not be too many.
        if enough.as_ref().is_none_or(|enough| *enough > Number::whole(MAX_LEVELS)) {
            let level = self.level(side, &cases, per, MAX_LEVELS + 1)?;
            if self.gates.known(level) != Some(false) {
                return None;
            }
        }
        let mut line = Line { levels: Vec::new(), values: vec![Number::zero()] };
        for units in 1..=MAX_LEVELS {
            let there = self.level(side, &cases, per, units)?;
            let level = self.gates.and(&[yes, there]);
            if self.gates.known(level) == Some(false) {
                return Some(line);
            }
            let value = cap(points * &Number::whole(units));
            if line.values.last() == Some(&value) {
                return Some(line);
            }
            line.levels.push(level);
            line.values.push(value);
            if enough.as_ref().is_some_and(|enough| Number::whole(units) >= *enough) {
                return Some(line);
            }
        }
        Some(line)
    }

    /// There are so many full units of an amount.
    fn level(&mut self, side: usize, cases: &[(Lit, Term)], per: &Per, units: i128) -> Option<Lit> {
        let amount = Form::constant(&Number::whole(units) * &per.unit);
        let mut any = Vec::new();
        for (when, term) in cases {
            let Term::Number(form) = term else { return None };
            let reached = self.not_below_zero(side, &form.minus(&amount))?;
            any.push(self.gates.and(&[*when, reached]));
        }
        Some(self.gates.or(&any))
    }

    /// The total of a score times a factor, as one line with a level for each total.
    fn whole_score(&mut self, side: usize, score: ScoreId, factor: &Number) -> Option<Line> {
        let totals = self.totals(side, score)?;
        let mut levels = Vec::new();
        for total in totals.iter().skip(1) {
            levels.push(self.score_reaches(side, score, total, false)?);
        }
        Some(Line { levels, values: totals.iter().map(|total| total * factor).collect() })
    }
}

/// After how many units a line with `for each` adds nothing that matters: its cap is reached, or, whatever the other lines add, the end of
/// the score's range, or a total that is larger than `far`. None when there is no such number.
fn enough(policy: &Policy, score: ScoreId, position: usize, far: Option<&Number>) -> Option<Number> {
    let Score { min, max, lines, .. } = &policy.scores[score];
    let Gain::Points { points, at_most, .. } = &lines.get(position)?.gain else { return None };
    let down = points.is_negative();
    let size = points.abs();
    if let Some(most) = at_most {
        return Some(&most.checked_div(&size)? + &Number::from(1));
    }
    let end = if down { min.as_ref().map(|min| -min) } else { max.clone() };
    let end = match (end, far) {
        (Some(end), Some(far)) => end.min(far.clone()),
        (Some(end), None) => end,
        (None, far) => far?.clone(),
    };
    let mut others = Number::zero();
    for (_, line) in lines.iter().enumerate().filter(|(other, _)| *other != position) {
        others = &others + &least(policy, line, down)?;
    }
    Some(&(&end - &others).checked_div(&size)? + &Number::from(1))
}

/// The least that a line adds, or (`down`) takes away.
fn least(policy: &Policy, line: &ScoreLine, down: bool) -> Option<Number> {
    let least = match &line.gain {
        Gain::Points { points, per, at_most, .. } => {
            let points = if down { -points } else { points.clone() };
            match (per, at_most) {
                _ if !points.is_negative() => Number::zero(),
                (None, None) => points,
                (_, Some(most)) => -most,
                (Some(per), None) => {
                    let Expr::Field(field) = &per.amount else { return None };
                    let most = policy.fields[*field].max.as_ref()?;
                    &points * &most.checked_div(&per.unit)?.max(Number::zero())
                }
            }
        }
        Gain::Score { sign, score } => {
            let Score { min, max, .. } = &policy.scores[*score];
            if (*sign < 0) == down { min.clone()? } else { -max.as_ref()? }
        }
    };
    Some(least)
}

/// The lines in one unit that measures all of them, and how many of these are a point.
fn in_units(lines: Vec<Line>) -> Option<(Vec<Item>, Number)> {
    let denominators = lines.iter().flat_map(|line| &line.values).map(|value| value.parts().1);
    let scale = denominators.fold(BigInt::one(), |all, denominator| all.lcm(&denominator));
    let units = |value: &Number| {
        let (numerator, denominator) = value.parts();
        // Far below the end, so that sums of them stay in range.
        (numerator * (&scale / denominator)).to_i128().filter(|units| units.abs() < i128::MAX >> 20)
    };
    let mut items = Vec::new();
    for line in lines {
        let values = line.values.iter().map(units).collect::<Option<Vec<i128>>>()?;
        items.push(Item { levels: line.levels, values });
    }
    Some((items, Number::whole(scale.to_i128()?)))
}
