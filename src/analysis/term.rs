//! What a value can be, case by case: each case holds under a literal of its own, and where none holds the value is missing.

use std::collections::BTreeMap;

use super::axis::Content;
use super::calendar::Kind;
use super::model::Model;
use super::solver::Lit;
use super::text::{Atom, Question, View};
use crate::eval::{domain_of, lowercase};
use crate::ir::{ArithmeticOp, Body, Expr, ScoreId};
use crate::types::{Number, Shift, Value};

/// One thing that a value can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// A number that hangs on fields and scores.
    Number(Form),
    /// This value. A [`Value::Other`] stands for any text outside of its closed set.
    Value(Value),
    /// A text: its position among the model's texts, the literal of its being there, and how it is looked at.
    Text(usize, Lit, View),
    /// A day or an instant: its position among the model's moments; `day`: the day that the instant falls on.
    Moment {
        /// The position.
        moment: usize,
        /// Whether it is the day of an instant.
        day: bool,
    },
    /// The as-of time, shifted.
    AsOf(Shift),
    /// The day of the as-of time, shifted.
    AsOfDay(Shift),
    /// The values of a multi-select: its axis.
    Set(usize),
}

/// A sum of numbers, each times a coefficient that is not zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Form {
    /// The coefficients of the axes of number fields.
    pub(crate) fields: BTreeMap<usize, Number>,
    /// The coefficients of scores.
    pub(crate) scores: BTreeMap<ScoreId, Number>,
    /// What is added.
    pub(crate) constant: Option<Number>,
}

impl Form {
    /// A constant.
    pub(crate) fn constant(number: Number) -> Form {
        Form { constant: Some(number), ..Form::default() }
    }

    /// What is added.
    pub(crate) fn offset(&self) -> Number {
        self.constant.clone().unwrap_or_else(Number::zero)
    }

    fn is_constant(&self) -> bool {
        self.fields.is_empty() && self.scores.is_empty()
    }

    /// Every part times `factor`.
    pub(crate) fn times(&self, factor: &Number) -> Form {
        if factor.is_zero() {
            return Form::constant(Number::zero());
        }
        Form {
            fields: self.fields.iter().map(|(axis, n)| (*axis, n * factor)).collect(),
            scores: self.scores.iter().map(|(score, n)| (*score, n * factor)).collect(),
            constant: Some(&self.offset() * factor),
        }
    }

    /// The sum of two.
    pub(crate) fn plus(&self, other: &Form) -> Form {
        let mut sum = self.clone();
        for (axis, n) in &other.fields {
            add(&mut sum.fields, *axis, n);
        }
        for (score, n) in &other.scores {
            add(&mut sum.scores, *score, n);
        }
        sum.constant = Some(&self.offset() + &other.offset());
        sum
    }

    /// The difference of two.
    pub(crate) fn minus(&self, other: &Form) -> Form {
        self.plus(&other.times(&Number::from(-1)))
    }
}

fn add<K: Ord>(terms: &mut BTreeMap<K, Number>, key: K, n: &Number) {
    let sum = terms.get(&key).map_or_else(|| n.clone(), |before| before + n);
    if sum.is_zero() {
        terms.remove(&key);
    } else {
        terms.insert(key, sum);
    }
}

/// What a value can be; none when the model has no means for it.
pub(crate) type Cases = Option<Vec<(Lit, Term)>>;

/// The most cases that a value may have; more come only of contrived arithmetic on defaults.
const MAX_CASES: usize = 4096;

impl Model<'_> {
    /// What a value of a policy can be, defaults filled in.
    pub(crate) fn cases(&mut self, side: usize, expr: &Expr) -> Cases {
        let always = self.gates.constant(true);
        match expr {
            Expr::Field(field) => self.field_cases(side, *field),
            Expr::Const(value) => Some(vec![(always, constant(value))]),
            Expr::Define(define) => match &self.policy(side).defines[*define].body {
                Body::Value(body, _) => self.cases(side, body),
                Body::Condition(_) => None,
            },
            Expr::Score(score) => {
                let form = Form { scores: BTreeMap::from([(*score, Number::from(1))]), ..Form::default() };
                Some(vec![(always, Term::Number(form))])
            }
            Expr::Grade(grade) => {
                let labels = self.grade(side, *grade);
                Some(labels.into_iter().enumerate().map(|(i, lit)| (lit, Term::Value(Value::Choice(i)))).collect())
            }
            Expr::Stage => {
                let reached = self.stages(side);
                let mut cases = Vec::new();
                let mut before = always;
                for (i, lit) in reached.into_iter().enumerate() {
                    cases.push((self.gates.and(&[before, !lit]), Term::Value(Value::Choice(i))));
                    before = lit;
                }
                cases.push((before, Term::Value(Value::Choice(cases.len()))));
                Some(cases)
            }
            Expr::AsOf(shift) => Some(vec![(always, Term::AsOf(*shift))]),
            Expr::AsOfDay(shift) => Some(vec![(always, Term::AsOfDay(*shift))]),
            Expr::DayOf(inner) => self.map(side, inner, |model, term| match term {
                Term::Moment { moment, .. } => Some(Some((always, Term::Moment { moment, day: true }))),
                Term::AsOfDay(_) => Some(Some((always, term))),
                Term::Value(value) => model.moments.clock.day_of(&value).map(|day| Some((always, Term::Value(day)))),
                Term::AsOf(_) => model.pinned(&term).map(|moment| Some((always, Term::Moment { moment, day: true }))),
                Term::Number(_) | Term::Text(..) | Term::Set(_) => None,
            }),
            Expr::Lowercase(inner) => self.map(side, inner, |_, term| match term {
                Term::Text(text, known, View::Raw) => Some(Some((always, Term::Text(text, known, View::Lower)))),
                Term::Text(..) => Some(Some((always, term))),
                Term::Value(value) => Some(Some((always, Term::Value(lowercase(&value))))),
                Term::Number(_) | Term::Moment { .. } | Term::AsOf(_) | Term::AsOfDay(_) | Term::Set(_) => None,
            }),
            Expr::DomainOf(inner) => self.map(side, inner, |model, term| match term {
                Term::Text(text, known, View::Raw | View::Lower) => {
                    let atom = Atom { view: View::Domain, question: Question::Defined };
                    let there = model.text_answer(text, known, atom);
                    Some(Some((there, Term::Text(text, known, View::Domain))))
                }
                // A domain has no `@` and so no domain itself.
                Term::Text(_, _, View::Domain) => Some(None),
                Term::Value(value @ Value::Text(_)) => {
                    Some(domain_of(&value).map(|domain| (always, Term::Value(domain))))
                }
                Term::Value(_)
                | Term::Number(_)
                | Term::Moment { .. }
                | Term::AsOf(_)
                | Term::AsOfDay(_)
                | Term::Set(_) => None,
            }),
            Expr::Negative(inner) => self.map(side, inner, |_, term| match term {
                Term::Number(form) => Some(Some((always, Term::Number(form.times(&Number::from(-1)))))),
                Term::Value(_)
                | Term::Text(..)
                | Term::Moment { .. }
                | Term::AsOf(_)
                | Term::AsOfDay(_)
                | Term::Set(_) => None,
            }),
            Expr::Arithmetic(op, left, right) => self.arithmetic(side, *op, left, right),
        }
    }

    /// The cases of a value, each turned into another one or dropped (where it is missing).
    fn map(
        &mut self,
        side: usize,
        inner: &Expr,
        mut f: impl FnMut(&mut Self, Term) -> Option<Option<(Lit, Term)>>,
    ) -> Cases {
        let mut cases = Vec::new();
        for (when, term) in self.cases(side, inner)? {
            if let Some((also, term)) = f(self, term)? {
                cases.push((self.gates.and(&[when, also]), term));
            }
        }
        Some(cases)
    }

    fn field_cases(&mut self, side: usize, field: crate::ir::FieldId) -> Cases {
        let position = self.axis_of(side, field);
        let known = self.is_known(side, field);
        let raw = self.axis(position).known;
        let mut cases = match &self.axis(position).content {
            Content::Number(_) => {
                let form = Form { fields: BTreeMap::from([(position, Number::from(1))]), ..Form::default() };
                vec![(known, Term::Number(form))]
            }
            Content::Text(text) => vec![(known, Term::Text(*text, raw, View::Raw))],
            Content::Moment(moment) => vec![(known, Term::Moment { moment: *moment, day: false })],
            Content::Set(_) => vec![(known, Term::Set(position))],
            Content::YesNo(_) | Content::Choice(_) => {
                self.closed_cells(side, field).into_iter().map(|(lit, value)| (lit, Term::Value(value))).collect()
            }
        };
        if let Some(default) = &self.policy(side).fields[field].default {
            cases.push((!known, constant(default)));
        }
        Some(cases)
    }

    fn arithmetic(&mut self, side: usize, op: ArithmeticOp, left: &Expr, right: &Expr) -> Cases {
        let (left, right) = (self.cases(side, left)?, self.cases(side, right)?);
        if left.len().saturating_mul(right.len()) > MAX_CASES {
            return None;
        }
        let mut cases = Vec::new();
        for (when, l) in &left {
            for (also, r) in &right {
                let (Term::Number(l), Term::Number(r)) = (l, r) else { return None };
                let form = match op {
                    ArithmeticOp::Add => l.plus(r),
                    ArithmeticOp::Subtract => l.minus(r),
                    ArithmeticOp::Multiply if r.is_constant() => l.times(&r.offset()),
                    ArithmeticOp::Multiply if l.is_constant() => r.times(&l.offset()),
                    ArithmeticOp::Divide if r.is_constant() => {
                        // Dividing by zero is missing.
                        let Some(factor) = Number::from(1).checked_div(&r.offset()) else { continue };
                        l.times(&factor)
                    }
                    ArithmeticOp::Multiply | ArithmeticOp::Divide => return None,
                };
                cases.push((self.gates.and(&[*when, *also]), Term::Number(form)));
            }
        }
        Some(cases)
    }

    /// Whether a value is there; none when the model has no means for it.
    pub(crate) fn is_there(&mut self, side: usize, expr: &Expr) -> Option<Lit> {
        let cases: Vec<Lit> = self.cases(side, expr)?.into_iter().map(|(when, _)| when).collect();
        Some(self.gates.or(&cases))
    }

    /// The kind of a moment.
    pub(crate) fn kind(&self, moment: usize) -> Kind {
        self.moments.kinds.get(moment).copied().unwrap_or(Kind::Date)
    }
}

fn constant(value: &Value) -> Term {
    match value {
        Value::Number(number) => Term::Number(Form::constant(number.clone())),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_)
        | Value::Set(_) => Term::Value(value.clone()),
    }
}
