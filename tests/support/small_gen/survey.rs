//! What the conditions and scores of a small policy ask of each field.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use policyc::eval::Evaluator;
use policyc::ir::{ArithmeticOp, Body, Cond, CondKind, Expr, Field, FieldId, Gain, Lead, Policy, visit};
use policyc::types::{Number, Type, Value};

/// What is asked, at one time.
pub(super) struct Survey<'e> {
    pub(super) evaluator: &'e Evaluator<'e>,
    /// The values that fields are compared with.
    pub(super) points: BTreeMap<FieldId, BTreeSet<Value>>,
    /// The conditions that ask something of one text.
    pub(super) texts: BTreeMap<FieldId, Vec<&'e Cond>>,
    /// Fields that are compared with each other just so.
    pub(super) twins: Vec<(FieldId, FieldId)>,
    /// Fields that something is asked of for which cells are not enough: all of their values are needed.
    pub(super) entire: BTreeSet<FieldId>,
    /// Whether nothing is asked that has no end.
    pub(super) exhaustive: bool,
}

/// What a value is worked out from.
#[derive(Default)]
struct Reads {
    fields: BTreeSet<FieldId>,
    /// Also from a score, a grade or the stage.
    derived: bool,
}

impl<'e> Survey<'e> {
    pub(super) fn new(evaluator: &'e Evaluator<'e>) -> Self {
        let mut survey = Survey {
            evaluator,
            points: BTreeMap::new(),
            texts: BTreeMap::new(),
            twins: Vec::new(),
            entire: BTreeSet::new(),
            exhaustive: true,
        };
        let policy = evaluator.policy();
        visit::conditions(policy).for_each(|cond| cond.walk(&mut |part| survey.condition(part)));
        for line in policy.scores.iter().flat_map(|(_, score)| &score.lines) {
            if let Gain::Points { points, per: Some(per), at_most, .. } = &line.gain {
                survey.counted(&per.amount, &per.unit, at_most.as_ref().map(|cap| (cap, points)));
            }
        }
        survey
    }

    pub(super) fn policy(&self) -> &'e Policy {
        self.evaluator.policy()
    }

    fn reads(&self, exprs: &[&Expr]) -> Reads {
        let mut reads = Reads::default();
        exprs.iter().for_each(|expr| self.reads_into(expr, &mut reads));
        reads
    }

    fn reads_into(&self, expr: &Expr, reads: &mut Reads) {
        match self.behind(expr) {
            Expr::Field(field) => {
                reads.fields.insert(*field);
            }
            Expr::Score(_) | Expr::Grade(_) | Expr::Stage => reads.derived = true,
            other => other.parts().into_iter().for_each(|part| self.reads_into(part, reads)),
        }
    }

    /// What a name of a value stands for.
    fn behind<'a>(&'a self, expr: &'a Expr) -> &'a Expr {
        match expr {
            Expr::Define(define) => match &self.policy().defines[*define].body {
                Body::Value(value, _) => self.behind(value),
                Body::Condition(_) => expr,
            },
            _ => expr,
        }
    }

    fn condition(&mut self, cond: &'e Cond) {
        match &cond.kind {
            CondKind::Compare { left, right, .. } => self.compared(cond, left, right),
            CondKind::Between { value, low, high } => {
                self.compared(cond, value, low);
                self.compared(cond, value, high);
            }
            CondKind::In { value, set } => {
                for constant in &self.policy().sets[*set].values {
                    self.compared(cond, value, &Expr::Const(constant.clone()));
                }
            }
            // Without parts that divide, it is known when all that it reads is.
            CondKind::Known(value) => self.compared(cond, value, value),
            CondKind::Text { value, .. } => {
                let field = self.reads(&[value]).fields.into_iter().next();
                field.into_iter().for_each(|field| self.texts.entry(field).or_default().push(cond));
            }
            CondKind::Const(_)
            | CondKind::Has { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => {}
        }
    }

    fn compared(&mut self, cond: &'e Cond, left: &Expr, right: &Expr) {
        let Reads { fields, derived } = self.reads(&[left, right]);
        let fields: Vec<FieldId> = fields.into_iter().collect();
        match (fields.as_slice(), derived) {
            ([], _) => {}
            ([field], false) => self.alone(*field, cond, left, right),
            ([_, _], false) => match (self.behind(left), self.behind(right)) {
                (Expr::Field(a), Expr::Field(b)) => self.twins.push((*a, *b)),
                _ => self.entire.extend(fields),
            },
            _ => self.entire.extend(fields),
        }
    }

    /// A comparison that reads one field and nothing else but the time.
    fn alone(&mut self, field: FieldId, cond: &'e Cond, left: &Expr, right: &Expr) {
        match &self.policy().fields[field].ty {
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
                match (self.linear(left), self.linear(right)) {
                    (Some(left), Some(right)) => {
                        let meet = (&right.1 - &left.1).checked_div(&(&left.0 - &right.0));
                        meet.into_iter().for_each(|meet| self.point(field, Value::Number(meet)));
                    }
                    _ => self.entire.extend([field]),
                }
            }
            Type::Date | Type::DateTime => {
                let empty = Lead::empty(self.policy());
                let session = self.evaluator.on(&empty);
                for moment in [left, right].into_iter().filter_map(|side| session.value(side)) {
                    self.moment(field, &moment);
                }
            }
            Type::Text => {
                let tests = self.texts.entry(field).or_default();
                if !tests.iter().any(|test| std::ptr::eq(*test, cond)) {
                    tests.push(cond);
                }
            }
            Type::YesNo | Type::Choice(_) | Type::Set(_) => {}
        }
    }

    fn point(&mut self, field: FieldId, value: Value) {
        self.points.entry(field).or_default().insert(value);
    }

    /// A time that a field is compared with; of a field with a time of day a day is all of its instants.
    fn moment(&mut self, field: FieldId, moment: &Value) {
        let zone = policyc::types::time_zone(&self.policy().zone).unwrap();
        match (moment, &self.policy().fields[field].ty) {
            (Value::Date(day), Type::DateTime) => {
                for day in [*day, *day + 1.day()] {
                    let start = day.to_zoned(zone.clone()).unwrap().timestamp();
                    self.point(field, Value::DateTime(start));
                }
            }
            _ => self.point(field, moment.clone()),
        }
    }

    /// `a` and `b` of a value that is `a * x + b` for the only field `x` that it reads.
    fn linear(&self, expr: &Expr) -> Option<(Number, Number)> {
        match self.behind(expr) {
            Expr::Field(_) => Some((Number::from(1), Number::zero())),
            Expr::Const(Value::Number(number)) => Some((Number::zero(), number.clone())),
            Expr::Negative(inner) => self.linear(inner).map(|(a, b)| (-&a, -&b)),
            Expr::Arithmetic(op, left, right) => {
                let (left, right) = (self.linear(left)?, self.linear(right)?);
                match op {
                    ArithmeticOp::Add => Some((&left.0 + &right.0, &left.1 + &right.1)),
                    ArithmeticOp::Subtract => Some((&left.0 - &right.0, &left.1 - &right.1)),
                    ArithmeticOp::Multiply if right.0.is_zero() => Some((&left.0 * &right.1, &left.1 * &right.1)),
                    ArithmeticOp::Multiply if left.0.is_zero() => Some((&right.0 * &left.1, &right.1 * &left.1)),
                    ArithmeticOp::Multiply => None,
                    ArithmeticOp::Divide if right.0.is_zero() => {
                        Some((left.0.checked_div(&right.1)?, left.1.checked_div(&right.1)?))
                    }
                    ArithmeticOp::Divide => None,
                }
            }
            _ => None,
        }
    }

    /// The amounts at which another unit is full, until no more units count.
    fn counted(&mut self, amount: &Expr, unit: &Number, capped: Option<(&Number, &Number)>) {
        /// More units than these are no small policy.
        const UNITS: i64 = 12;
        let Reads { fields, derived } = self.reads(&[amount]);
        let (Some(field), 1, false) = (fields.first().copied(), fields.len(), derived) else {
            return self.entire.extend(fields);
        };
        let Some((a, b)) = self.linear(amount) else { return self.entire.extend(fields) };
        if a.is_zero() {
            return;
        }
        let Field { min, max, .. } = &self.policy().fields[field];
        let end = if a.is_negative() { min } else { max };
        let most_held = end.as_ref().and_then(|end| (&(&a * end) + &b).checked_div(unit));
        let most_counted = capped.and_then(|(cap, points)| cap.checked_div(&points.abs()));
        let most = [most_held, most_counted].into_iter().flatten().map(|n| -&(-&n).floor()).min();
        let most = most.and_then(|n| n.to_i64()).filter(|n| *n <= UNITS);
        self.exhaustive &= most.is_some();
        for units in 1..=most.unwrap_or(UNITS) {
            let full = &(unit * &Number::from(units)) - &b;
            self.point(field, Value::Number(full.checked_div(&a).unwrap()));
        }
    }
}
