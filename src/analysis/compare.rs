//! Tests of values as formulas: comparisons, memberships and tests of texts, case by case.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::One;

use super::axis::Content;
use super::calendar::{Bound, Fact, Kind};
use super::linear::Constraint;
use super::model::{Kleene, Model};
use super::solver::Lit;
use super::term::{Form, Term};
use super::text::{Atom, Question, View};
use crate::eval::{compare, has};
use crate::ir::{ArithmeticOp, CompareOp, Cond, CondKind, Expr, SetId, TextTest};
use crate::types::{Number, Truth, Value};

/// The most pairs of cases that are looked at of a comparison that is left open.
const MAX_SETTLED: usize = 64;

impl Model<'_> {
    /// A test of one value: unknown when it is missing.
    pub(super) fn test(
        &mut self,
        side: usize,
        value: &Expr,
        mut f: impl FnMut(&mut Self, &Term) -> Option<Kleene>,
    ) -> Option<Kleene> {
        let mut cases = Vec::new();
        for (when, term) in self.cases(side, value)? {
            cases.push((when, f(self, &term)?));
        }
        Some(self.by_cases(&cases))
    }

    /// A condition that is one thing or another; unknown where none of the cases holds.
    fn by_cases(&mut self, cases: &[(Lit, Kleene)]) -> Kleene {
        let yes: Vec<Lit> = cases.iter().map(|(when, k)| self.gates.and(&[*when, k.yes])).collect();
        let no: Vec<Lit> = cases.iter().map(|(when, k)| self.gates.and(&[*when, k.no])).collect();
        Kleene { yes: self.gates.or(&yes), no: self.gates.or(&no) }
    }

    pub(super) fn compare(&mut self, side: usize, op: CompareOp, left: &Expr, right: &Expr) -> Option<Kleene> {
        if let Some(kleene) = self.quotient(side, op, left, right) {
            return Some(kleene);
        }
        let right = self.cases(side, right)?;
        self.test(side, left, |model, l| {
            let mut cases = Vec::new();
            for (when, r) in &right {
                cases.push((*when, model.compare_terms(side, op, l, r)?));
            }
            Some(model.by_cases(&cases))
        })
    }

    /// Says of a comparison that is left open what it is where what the values then are can be compared: a default stands for a missing one,
    /// say. It is unknown where one of them is missing.
    pub(super) fn settle(&mut self, side: usize, cond: &Cond, open: Kleene) {
        let CondKind::Compare { op, left, right } = &cond.kind else { return };
        let (Some(left), Some(right)) = (self.cases(side, left), self.cases(side, right)) else { return };
        if left.len().saturating_mul(right.len()) > MAX_SETTLED || !self.is_on_time(side) {
            return;
        }
        let mut there = Vec::new();
        for (when, l) in &left {
            for (also, r) in &right {
                there.push(self.gates.and(&[*when, *also]));
                let Some(truth) = self.compare_terms(side, *op, l, r) else {
                    // Two texts are the same or not.
                    if let (Term::Text(..), Term::Text(..), CompareOp::Eq | CompareOp::Ne) = (l, r, op) {
                        self.gates.require(&[!*when, !*also, open.yes, open.no]);
                    }
                    continue;
                };
                for (a, b) in [(open.yes, truth.yes), (open.no, truth.no)] {
                    self.gates.require(&[!*when, !*also, !a, b]);
                    self.gates.require(&[!*when, !*also, a, !b]);
                }
            }
        }
        let there = self.gates.or(&there);
        self.gates.require(&[!open.yes, there]);
        self.gates.require(&[!open.no, there]);
    }

    /// `a / b` against a constant: by the sign of `b`, `a` against the constant times `b`.
    fn quotient(&mut self, side: usize, op: CompareOp, left: &Expr, right: &Expr) -> Option<Kleene> {
        let Expr::Arithmetic(ArithmeticOp::Divide, above, below) = left else { return None };
        let (above, below) = (self.cases(side, above)?, self.cases(side, below)?);
        let right = self.cases(side, right)?;
        let [(always, Term::Number(limit))] = right.as_slice() else { return None };
        if self.gates.known(*always) != Some(true) || !limit.fields.is_empty() || !limit.scores.is_empty() {
            return None;
        }
        let mut cases = Vec::new();
        for (when, a) in &above {
            for (also, b) in &below {
                let (Term::Number(a), Term::Number(b)) = (a, b) else { return None };
                let difference = a.minus(&b.times(&limit.offset()));
                for (sign, op) in [(CompareOp::Gt, op), (CompareOp::Lt, op.flipped())] {
                    let signed = self.number(side, sign, b)?;
                    let truth = self.number(side, op, &difference)?;
                    cases.push((self.gates.and(&[*when, *also, signed.yes]), truth));
                }
            }
        }
        Some(self.by_cases(&cases))
    }

    fn compare_terms(&mut self, side: usize, op: CompareOp, left: &Term, right: &Term) -> Option<Kleene> {
        match (left, right) {
            (Term::Number(l), Term::Number(r)) => self.number(side, op, &l.minus(r)),
            (Term::Value(Value::Other(_)), Term::Value(Value::Other(_))) => None,
            (Term::Value(l), Term::Value(r)) => Some(self.truth(compare(op, l, r))),
            (Term::Text(text, known, view), Term::Value(Value::Text(other)))
            | (Term::Value(Value::Text(other)), Term::Text(text, known, view)) => {
                self.text_is(op, *text, *known, *view, other)
            }
            (Term::Moment { moment, day }, bound) => self.moment(side, op, *moment, *day, bound),
            (bound, Term::Moment { moment, day }) => self.moment(side, op.flipped(), *moment, *day, bound),
            (Term::AsOf(_) | Term::AsOfDay(_), _) | (_, Term::AsOf(_) | Term::AsOfDay(_)) => {
                let moment = self.pinned(left)?;
                self.moment(side, op, moment, false, right)
            }
            (Term::Number(_) | Term::Value(_) | Term::Text(..) | Term::Set(_), _) => None,
        }
    }

    fn text_is(&mut self, op: CompareOp, text: usize, known: Lit, view: View, other: &str) -> Option<Kleene> {
        let question = Question::OneOf([other.to_owned()].into());
        match op {
            CompareOp::Eq => Some(self.text_question(text, known, view, question)),
            CompareOp::Ne => {
                let Kleene { yes, no } = self.text_question(text, known, view, question);
                Some(Kleene { yes: no, no: yes })
            }
            // Texts have no order.
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => Some(self.truth(Truth::Unknown)),
        }
    }

    fn text_question(&mut self, text: usize, known: Lit, view: View, question: Question) -> Kleene {
        let yes = self.text_answer(text, known, Atom { view, question });
        Kleene { yes, no: !yes }
    }

    pub(super) fn text(&mut self, term: &Term, test: TextTest, needles: &[String]) -> Option<Kleene> {
        match term {
            Term::Text(text, known, view) => {
                Some(self.text_question(*text, *known, *view, Question::Test(test, needles.to_vec())))
            }
            Term::Value(Value::Text(text)) => {
                Some(self.truth(needles.iter().any(|needle| test.holds(text, needle)).into()))
            }
            Term::Value(Value::Other(_)) => None,
            Term::Value(_)
            | Term::Number(_)
            | Term::Moment { .. }
            | Term::AsOf(_)
            | Term::AsOfDay(_)
            | Term::Set(_) => Some(self.truth(Truth::Unknown)),
        }
    }

    /// Whether days of a policy are days of the model's clock.
    fn is_on_time(&self, side: usize) -> bool {
        self.policy(side).zone == self.policy(self.sides.len() - 1).zone
    }

    /// A day or an instant against a bound.
    fn moment(&mut self, side: usize, op: CompareOp, moment: usize, day: bool, bound: &Term) -> Option<Kleene> {
        // Days begin in the zone of the policy; the model has one clock.
        if !self.is_on_time(side) {
            return None;
        }
        let by_day = day || self.kind(moment) == Kind::Date;
        let bound = match bound {
            Term::Value(Value::Date(date)) if by_day => Bound::Day(*date),
            Term::AsOfDay(shift) if by_day => Bound::AsOfDay(*shift),
            Term::Value(Value::DateTime(instant)) if !by_day => Bound::Instant(*instant),
            Term::AsOf(shift) if !by_day => Bound::AsOf(*shift),
            Term::Moment { moment: other, day: false } if !day && self.kind(*other) == self.kind(moment) => {
                if *other == moment {
                    return Some(self.truth(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge).into()));
                }
                Bound::Field(*other)
            }
            Term::Value(_)
            | Term::AsOf(_)
            | Term::AsOfDay(_)
            | Term::Moment { .. }
            | Term::Number(_)
            | Term::Text(..)
            | Term::Set(_) => return None,
        };
        let from = self.fact(Fact { field: moment, bound, strict: false });
        let after = self.fact(Fact { field: moment, bound, strict: true });
        let yes = match op {
            CompareOp::Ge => from,
            CompareOp::Gt => after,
            CompareOp::Lt => !from,
            CompareOp::Le => !after,
            CompareOp::Eq => self.gates.and(&[from, !after]),
            CompareOp::Ne => !self.gates.and(&[from, !after]),
        };
        Some(Kleene { yes, no: !yes })
    }

    pub(super) fn membership(&mut self, side: usize, value: &Expr, set: SetId) -> Option<Kleene> {
        let set = &self.policy(side).sets[set];
        self.test(side, value, |model, term| match term {
            Term::Value(Value::Other(_)) if set.other => Some(model.truth(Truth::True)),
            Term::Value(Value::Other(_)) if set.values.iter().any(|v| matches!(v, Value::Other(_))) => None,
            Term::Value(value) => Some(model.truth(set.values.contains(value).into())),
            Term::Text(text, known, view) => {
                let texts = set.values.iter().filter_map(|value| match value {
                    Value::Text(text) => Some(text.clone()),
                    Value::Number(_)
                    | Value::YesNo(_)
                    | Value::Date(_)
                    | Value::DateTime(_)
                    | Value::Choice(_)
                    | Value::Other(_)
                    | Value::Set(_) => None,
                });
                Some(model.text_question(*text, *known, *view, Question::OneOf(texts.collect())))
            }
            Term::Number(_) | Term::Moment { .. } | Term::AsOf(_) | Term::AsOfDay(_) | Term::Set(_) => {
                let mut any = Vec::new();
                for value in &set.values {
                    let member = match value {
                        Value::Number(number) => Term::Number(Form::constant(number.clone())),
                        Value::Text(_)
                        | Value::YesNo(_)
                        | Value::Date(_)
                        | Value::DateTime(_)
                        | Value::Choice(_)
                        | Value::Other(_)
                        | Value::Set(_) => Term::Value(value.clone()),
                    };
                    any.push(model.compare_terms(side, CompareOp::Eq, term, &member)?.yes);
                }
                let yes = model.gates.or(&any);
                Some(Kleene { yes, no: !yes })
            }
        })
    }

    pub(super) fn has(
        &mut self,
        side: usize,
        term: &Term,
        all: bool,
        members: &std::collections::BTreeSet<usize>,
    ) -> Option<Kleene> {
        match term {
            Term::Set(axis) => {
                let lits = self.members(side, *axis);
                let asked: Vec<Lit> = members.iter().filter_map(|member| lits.get(*member).copied()).collect();
                let yes = if all { self.gates.and(&asked) } else { self.gates.or(&asked) };
                Some(Kleene { yes, no: !yes })
            }
            Term::Value(value) => Some(self.truth(has(value, all, members))),
            Term::Number(_) | Term::Text(..) | Term::Moment { .. } | Term::AsOf(_) | Term::AsOfDay(_) => {
                Some(self.truth(Truth::Unknown))
            }
        }
    }

    /// `form op 0`.
    fn number(&mut self, side: usize, op: CompareOp, form: &Form) -> Option<Kleene> {
        let yes = match op {
            CompareOp::Ge => self.not_below_zero(side, form)?,
            CompareOp::Gt => !self.not_below_zero(side, &form.times(&Number::from(-1)))?,
            CompareOp::Lt => !self.not_below_zero(side, form)?,
            CompareOp::Le => self.not_below_zero(side, &form.times(&Number::from(-1)))?,
            CompareOp::Eq | CompareOp::Ne => {
                let (ge, le) =
                    (self.not_below_zero(side, form)?, self.not_below_zero(side, &form.times(&Number::from(-1)))?);
                let is = self.gates.and(&[ge, le]);
                if op == CompareOp::Eq { is } else { !is }
            }
        };
        Some(Kleene { yes, no: !yes })
    }

    /// `form >= 0`; none when fields and scores are mixed.
    pub(crate) fn not_below_zero(&mut self, side: usize, form: &Form) -> Option<Lit> {
        match (form.fields.len(), form.scores.len()) {
            (0, 0) => Some(self.gates.constant(!form.offset().is_negative())),
            (1, 0) => {
                let (axis, coefficient) = form.fields.first_key_value()?;
                let limit = (-&form.offset()).checked_div(coefficient)?;
                Some(self.beyond(*axis, &limit, coefficient.is_negative()))
            }
            (_, 0) => self.linear_atom(form),
            (0, _) => self.scores_not_below_zero(side, form),
            (_, _) => None,
        }
    }

    /// A comparison of several number fields.
    fn linear_atom(&mut self, form: &Form) -> Option<Lit> {
        let mut terms: Vec<(usize, Number)> = Vec::new();
        for (axis, coefficient) in &form.fields {
            let Content::Number(ladder) = &self.axis(*axis).content else { return None };
            terms.push((*axis, coefficient.checked_div(&ladder.per_one)?));
        }
        // Whole coefficients without a common divisor; the first one above zero, so that an atom and its negation are one.
        let offset = form.offset();
        let denominators = terms.iter().map(|(_, n)| n.parts().1).chain([offset.parts().1]);
        let scale = denominators.fold(BigInt::one(), |all, denominator| all.lcm(&denominator));
        let whole = |n: &Number| {
            let (numerator, denominator) = n.parts();
            numerator * (&scale / denominator)
        };
        let mut terms: Vec<(usize, BigInt)> = terms.iter().map(|(axis, n)| (*axis, whole(n))).collect();
        let mut constant = whole(&offset);
        let divisor = terms.iter().fold(BigInt::from(0), |divisor, (_, n)| divisor.gcd(n));
        terms.iter_mut().for_each(|(_, n)| *n /= &divisor);
        constant = constant.div_floor(&divisor);
        let negative = terms.first().is_some_and(|(_, n)| n.sign() == Sign::Minus);
        if negative {
            // not (s + c >= 0) is -s - c - 1 >= 0.
            terms.iter_mut().for_each(|(_, n)| *n = -&*n);
            constant = -constant - 1;
        }
        let atom = Constraint { terms, constant };
        let known = self.linear.iter().find(|(of, _)| *of == atom).map(|(_, lit)| *lit);
        let lit = known.unwrap_or_else(|| {
            let lit = self.gates.input();
            for (axis, _) in &atom.terms {
                let known = self.axis(*axis).known;
                self.gates.require(&[!lit, known]);
            }
            self.linear.push((atom, lit));
            lit
        });
        Some(if negative { !lit } else { lit })
    }

    /// `x >= limit`, or, when `below`, `x <= limit`.
    fn beyond(&mut self, axis: usize, limit: &Number, below: bool) -> Lit {
        let Content::Number(ladder) = &self.axis(axis).content else {
            return self.gates.constant(false);
        };
        let step = if below { ladder.first_above(limit) } else { ladder.first_from(limit) };
        let rung = self.rung(axis, step);
        if below { !rung } else { rung }
    }

    /// The literals of the members of a multi-select, in the order of the policy's type.
    fn members(&mut self, side: usize, axis: usize) -> Vec<Lit> {
        let never = self.gates.constant(false);
        let axis = self.axis(axis);
        let Content::Set(members) = &axis.content else { return Vec::new() };
        let Some(field) = axis.fields.get(side).copied().flatten() else { return Vec::new() };
        let own = self.policy(side).fields[field].ty.closed_values().unwrap_or_default();
        let find = |name: &String| members.iter().find(|(member, _)| member == name).map_or(never, |(_, lit)| *lit);
        own.iter().map(find).collect()
    }
}
