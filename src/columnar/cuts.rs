//! Where the answers of a column can change: the points at which its values are cut into classes.
//!
//! Between two neighbouring cuts every question has one answer, so that asking it for one value of each class is asking it for all. A
//! column is cut only when all that is asked of it compares it with constants, or counts it up to a cap.

use jiff::civil::Date;

use super::questions::{Ask, Column};
use crate::eval::{Evaluator, Session};
use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, CondKind, DefineId, Expr, Field, FieldId, Gain, Lead, ScoreLine};
use crate::types::{Number, Type, Value};

/// The most cuts of a column.
const MAX_CUTS: usize = 1 << 13;

/// The constants at which a field's answers can change: a value may be told from all below it, and from all above it.
#[derive(Debug)]
pub(super) struct Constants {
    values: Vec<Value>,
}

impl Constants {
    pub(super) fn numbers(&self) -> Vec<Number> {
        self.values
            .iter()
            .filter_map(|value| if let Value::Number(n) = value { Some(n.clone()) } else { None })
            .collect()
    }

    pub(super) fn days(&self) -> Vec<Date> {
        self.values.iter().filter_map(|value| if let Value::Date(day) = value { Some(*day) } else { None }).collect()
    }
}

/// All constants that a column of one field is compared with. None when it is used in another way, too.
pub(super) fn constants(evaluator: &Evaluator<'_>, column: &Column<'_>) -> Option<Constants> {
    let field = column.field()?;
    let nobody = Lead::empty(evaluator.policy());
    let mut search =
        Search { evaluator, nobody: evaluator.on(&nobody), field, found: Vec::new(), seen: Vec::new(), plain: true };
    for (_, ask) in &column.questions {
        match ask {
            Ask::True(cond) | Ask::False(cond) => search.cond(cond),
            Ask::Absent(expr) => search.plain &= search.is_field(expr),
        }
    }
    for line in column.amounts.iter().flat_map(|(_, lines)| lines) {
        search.line(line);
    }
    (search.plain && search.found.len() <= MAX_CUTS).then_some(Constants { values: search.found })
}

struct Search<'s, 'p> {
    evaluator: &'s Evaluator<'p>,
    nobody: Session<'s>,
    field: FieldId,
    found: Vec<Value>,
    seen: Vec<DefineId>,
    /// Whether the field is only compared with constants.
    plain: bool,
}

impl Search<'_, '_> {
    fn cond(&mut self, cond: &Cond) {
        cond.parts().iter().for_each(|part| self.cond(part));
        match &cond.kind {
            CondKind::Compare { left, right, .. } => self.pair(left, right),
            CondKind::Between { value, low, high } => {
                self.pair(value, low);
                self.pair(value, high);
            }
            CondKind::In { value, set } => {
                if self.is_field(value) {
                    self.found.extend(self.evaluator.policy().sets[*set].values.iter().cloned());
                } else {
                    self.plain &= self.is_fixed(value);
                }
            }
            CondKind::Known(value) => self.plain &= self.is_field(value) || self.is_fixed(value),
            CondKind::Define(define) => {
                if let (false, Body::Condition(body)) =
                    (self.seen.contains(define), &self.evaluator.policy().defines[*define].body)
                {
                    self.seen.push(*define);
                    self.cond(body);
                }
            }
            CondKind::Has { value, .. } | CondKind::Text { value, .. } => self.plain &= self.is_fixed(value),
            // A column of one field is asked nothing that looks at what is worked out from fields.
            CondKind::IsIncomplete(_) | CondKind::Reached(_) => self.plain = false,
            CondKind::Const(_)
            | CondKind::IsUnknown(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => {}
        }
    }

    fn pair(&mut self, left: &Expr, right: &Expr) {
        let constant = match (self.is_field(left), self.is_field(right)) {
            (true, false) if self.is_fixed(right) => right,
            (false, true) if self.is_fixed(left) => left,
            (false, false) => {
                self.plain &= self.is_fixed(left) && self.is_fixed(right);
                return;
            }
            // Compared with itself it is the same for every value.
            (true, true) => return,
            (true, false) | (false, true) => {
                self.plain = false;
                return;
            }
        };
        self.found.extend(self.nobody.value(constant));
    }

    fn line(&mut self, line: &ScoreLine) {
        let Gain::Points { points, per, when, at_most } = &line.gain else {
            self.plain = false;
            return;
        };
        when.iter().for_each(|when| self.cond(when));
        let Some(per) = per else { return };
        if !self.is_field(&per.amount) {
            self.plain &= self.is_fixed(&per.amount);
            return;
        }
        // The last unit that still adds something.
        let policy_max = self.evaluator.policy().fields[self.field].max.as_ref();
        let in_range = policy_max.and_then(|max| max.checked_div(&per.unit)).map(|units| units.floor_i128());
        let size = points.abs();
        let to_cap = at_most.as_ref().and_then(|cap| cap.checked_div(&size)).map(|units| units.floor_i128() + 1);
        let units = if size.is_zero() { Some(0) } else { in_range.into_iter().chain(to_cap).min() };
        match units.and_then(|units| usize::try_from(units.max(0)).ok()).filter(|units| *units <= MAX_CUTS) {
            Some(units) => {
                let steps = (1i64..).take(units).map(|unit| Value::Number(&per.unit * &Number::from(unit)));
                self.found.extend(steps);
            }
            None => self.plain = false,
        }
    }

    fn is_field(&self, expr: &Expr) -> bool {
        *self.evaluator.policy().behind_names(expr) == Expr::Field(self.field)
    }

    fn is_fixed(&self, expr: &Expr) -> bool {
        let mut reach = Reach::new(self.evaluator.policy());
        reach.value(expr);
        reach.fields.is_empty() && reach.asked.is_empty()
    }
}

/// Numbers cut on a grid: the places of the grid, where classes begin in its steps, and a number of each class.
#[derive(Debug)]
pub(super) struct NumberCuts {
    pub(super) places: u32,
    pub(super) steps: Vec<i64>,
    pub(super) samples: Vec<Number>,
}

/// Cuts a field of numbers at some constants, at its range and at its blanks. None when no grid has them all.
pub(super) fn numbers(field: &Field, constants: &Constants) -> Option<NumberCuts> {
    let mut at = constants.numbers();
    at.extend(field.min.iter().chain(&field.max).chain(&field.cell.blank_numbers).cloned());
    let least = if field.ty == Type::Percent { 2 } else { 0 };
    let places = (least..=super::cells::MAX_PLACES).find(|places| {
        let per_one = per_one(*places);
        at.iter().all(|number| (number * &per_one).is_whole())
    })?;
    let per_one = per_one(places);
    let mut steps = Vec::new();
    for number in &at {
        // Below, on, and above a constant are three classes.
        let step = (number * &per_one).to_i64().filter(|step| step.unsigned_abs() < 1 << 60)? * 2;
        steps.extend([step, step + 1]);
    }
    steps.sort_unstable();
    steps.dedup();
    let halves = &per_one * &Number::from(2);
    let first = steps.first().map_or(0, |first| first - 1);
    let samples = std::iter::once(&first).chain(&steps).map(|step| Number::from(*step).checked_div(&halves));
    let samples = samples.collect::<Option<Vec<Number>>>()?;
    Some(NumberCuts { places, steps, samples })
}

fn per_one(places: u32) -> Number {
    Number::whole(10i128.pow(places))
}

/// Days cut at some constants: where classes begin, and a day of each class.
pub(super) fn days(constants: &Constants) -> (Vec<Date>, Vec<Date>) {
    let mut cuts: Vec<Date> =
        constants.days().into_iter().flat_map(|day| [Some(day), day.tomorrow().ok()]).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    let before = cuts.first().map_or(Date::ZERO, |first| first.yesterday().unwrap_or(*first));
    let samples = std::iter::once(before).chain(cuts.iter().copied()).collect();
    (cuts, samples)
}

#[cfg(test)]
mod tests {
    use super::{Constants, days};
    use crate::types::Value;

    #[test]
    fn neighbouring_days_share_a_cut() {
        let day = |text: &str| text.parse().unwrap_or_default();
        let (cuts, samples) =
            days(&Constants { values: ["2026-03-01", "2026-02-28"].map(|text| Value::Date(day(text))).to_vec() });
        assert_eq!(cuts, ["2026-02-28", "2026-03-01", "2026-03-02"].map(day));
        assert_eq!(samples, ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"].map(day));
    }
}
