//! Conditions as formulas: each becomes two literals, surely true and surely false, by Kleene's tables.

use super::calendar::{Bound, Fact, Kind};
use super::model::{Kleene, Model};
use super::solver::Lit;
use super::term::{Form, Term};
use super::text::{Atom, Question, View};
use crate::eval::{compare, has};
use crate::ir::{
    ArithmeticOp, Body, CompareOp, Cond, CondKind, Expr, GradeId, Guard, Id, RuleId, ScoreId, SectionId, SetId,
    StageId, TextTest,
};
use crate::types::{Number, Truth, Value};

impl Model<'_> {
    /// A condition of a policy.
    pub fn condition(&mut self, side: usize, cond: &Cond) -> Kleene {
        let exact = match &cond.kind {
            CondKind::Const(truth) => Some(self.truth(*truth)),
            CondKind::Known(value) => self.is_known_value(side, value).map(|yes| Kleene { yes, no: !yes }),
            CondKind::Compare { op, left, right } => self.compare(side, *op, left, right),
            CondKind::Between { value, low, high } => {
                let above = self.compare(side, CompareOp::Ge, value, low);
                let below = self.compare(side, CompareOp::Le, value, high);
                above.zip(below).map(|(above, below)| self.all(&[above, below]))
            }
            CondKind::In { value, set } => self.membership(side, value, *set),
            CondKind::Has { value, all, members } => {
                self.test(side, value, |model, term| model.has(side, term, *all, members))
            }
            CondKind::Text { test, value, needles } => {
                self.test(side, value, |model, term| model.text(term, *test, needles))
            }
            CondKind::IsUnknown(inner) => {
                let Kleene { yes, no } = self.condition(side, inner);
                let unknown = self.gates.and(&[!yes, !no]);
                Some(Kleene { yes: unknown, no: !unknown })
            }
            CondKind::IsIncomplete(score) => {
                let incomplete = self.incomplete(side, *score);
                Some(Kleene { yes: incomplete, no: !incomplete })
            }
            CondKind::Define(define) => Some(self.define(side, *define)),
            CondKind::Reached(stage) => {
                let reached = self.reached(side, *stage);
                Some(Kleene { yes: reached, no: !reached })
            }
            CondKind::Not(inner) => {
                let Kleene { yes, no } = self.condition(side, inner);
                Some(Kleene { yes: no, no: yes })
            }
            CondKind::All(parts) => {
                let parts = self.conditions(side, parts);
                Some(self.all(&parts))
            }
            CondKind::Any(parts) => {
                let parts: Vec<Kleene> =
                    self.conditions(side, parts).into_iter().map(|k| Kleene { yes: k.no, no: k.yes }).collect();
                let Kleene { yes, no } = self.all(&parts);
                Some(Kleene { yes: no, no: yes })
            }
            CondKind::AtLeast(count, parts) => {
                let parts = self.conditions(side, parts);
                let count = *count as usize;
                let yes: Vec<Lit> = parts.iter().map(|k| k.yes).collect();
                let possible: Vec<Lit> = parts.iter().map(|k| !k.no).collect();
                Some(Kleene { yes: self.gates.at_least(count, &yes), no: !self.gates.at_least(count, &possible) })
            }
        };
        exact.unwrap_or_else(|| self.leave_open(side, cond))
    }

    /// Whether a rule fires when none above it does: its section is for the lead and its condition surely true.
    pub fn fires(&mut self, side: usize, rule: RuleId) -> Lit {
        let parts = self.conjuncts(side, rule);
        self.gates.and(&parts)
    }

    /// The literals that all hold exactly when a rule fires: its section's, and those of its condition's conjuncts.
    pub fn conjuncts(&mut self, side: usize, rule: RuleId) -> Vec<Lit> {
        let rule = &self.policy(side).rules[rule];
        let mut parts = Vec::new();
        if let Some(section) = rule.section {
            parts.push(self.section(side, section));
        }
        if let Some(when) = &rule.when {
            match &when.kind {
                CondKind::All(conds) => parts.extend(conds.iter().map(|cond| self.condition(side, cond).yes)),
                CondKind::Const(_)
                | CondKind::Known(_)
                | CondKind::Compare { .. }
                | CondKind::Between { .. }
                | CondKind::In { .. }
                | CondKind::Has { .. }
                | CondKind::Text { .. }
                | CondKind::IsUnknown(_)
                | CondKind::IsIncomplete(_)
                | CondKind::Define(_)
                | CondKind::Reached(_)
                | CondKind::Not(_)
                | CondKind::Any(_)
                | CondKind::AtLeast(..) => parts.push(self.condition(side, when).yes),
            }
        }
        parts
    }

    /// Whether a section is for the lead.
    pub fn section(&mut self, side: usize, section: SectionId) -> Lit {
        let position = section.position();
        // Sections speak of earlier ones only.
        while self.side(side).sections.len() <= position {
            let next = SectionId::from_position(self.side(side).sections.len());
            let lit = match &self.policy(side).sections[next].guard {
                Guard::Always => self.gates.constant(true),
                Guard::When(cond) => self.condition(side, cond).yes,
                Guard::NoneOf(sections) => {
                    let parts: Vec<Lit> = sections.iter().map(|s| !self.section(side, *s)).collect();
                    self.gates.and(&parts)
                }
            };
            self.side(side).sections.push(lit);
        }
        self.side(side).sections.get(position).copied().unwrap_or_else(|| self.gates.constant(false))
    }

    /// For each position of a grade's scale, whether the lead has that label.
    pub fn grade(&mut self, side: usize, grade: GradeId) -> Vec<Lit> {
        if let Some(labels) = self.side(side).grades.get(&grade) {
            return labels.clone();
        }
        let declared = &self.policy(side).grades[grade];
        let mut given: Vec<Vec<Lit>> = vec![Vec::new(); declared.scale.values.len()];
        let mut none_above = self.gates.constant(true);
        for line in &declared.lines {
            let when = self.condition(side, &line.when).yes;
            let here = self.gates.and(&[none_above, when]);
            given.get_mut(line.label).into_iter().for_each(|label| label.push(here));
            none_above = self.gates.and(&[none_above, !when]);
        }
        given.get_mut(declared.otherwise).into_iter().for_each(|label| label.push(none_above));
        let labels: Vec<Lit> = given.iter().map(|lits| self.gates.or(lits)).collect();
        self.side(side).grades.insert(grade, labels.clone());
        labels
    }

    /// For each stage, whether the lead has reached it.
    pub fn stages(&mut self, side: usize) -> Vec<Lit> {
        if let Some(stages) = &self.side(side).stages {
            return stages.clone();
        }
        // A stage's condition may speak of stages before it.
        self.side(side).stages = Some(Vec::new());
        let mut before = self.gates.constant(true);
        for (_, stage) in self.policy(side).stages.iter() {
            let meets = self.condition(side, &stage.when).yes;
            before = self.gates.and(&[before, meets]);
            if let Some(stages) = &mut self.side(side).stages {
                stages.push(before);
            }
        }
        self.side(side).stages.clone().unwrap_or_default()
    }

    fn reached(&mut self, side: usize, stage: StageId) -> Lit {
        if let Some(lit) = self.side(side).stages.as_ref().and_then(|stages| stages.get(stage.position())) {
            return *lit;
        }
        self.stages(side).get(stage.position()).copied().unwrap_or_else(|| self.gates.constant(false))
    }

    fn define(&mut self, side: usize, define: crate::ir::DefineId) -> Kleene {
        if let Some(kleene) = self.side(side).defines.get(&define.0) {
            return *kleene;
        }
        let kleene = match &self.policy(side).defines[define].body {
            Body::Condition(cond) => self.condition(side, cond),
            Body::Value(..) => self.truth(Truth::Unknown),
        };
        self.side(side).defines.insert(define.0, kleene);
        kleene
    }

    fn conditions(&mut self, side: usize, conds: &[Cond]) -> Vec<Kleene> {
        conds.iter().map(|cond| self.condition(side, cond)).collect()
    }

    fn truth(&self, truth: Truth) -> Kleene {
        Kleene { yes: self.gates.constant(truth == Truth::True), no: self.gates.constant(truth == Truth::False) }
    }

    fn all(&mut self, parts: &[Kleene]) -> Kleene {
        let yes: Vec<Lit> = parts.iter().map(|k| k.yes).collect();
        let no: Vec<Lit> = parts.iter().map(|k| k.no).collect();
        Kleene { yes: self.gates.and(&yes), no: self.gates.or(&no) }
    }

    /// Whether there is a value, a default not counted.
    fn is_known_value(&mut self, side: usize, value: &Expr) -> Option<Lit> {
        match value {
            Expr::Field(field) => Some(self.is_known(side, *field)),
            Expr::Define(define) => match &self.policy(side).defines[*define].body {
                Body::Value(body, _) => self.is_known_value(side, body),
                Body::Condition(_) => Some(self.gates.constant(false)),
            },
            Expr::Const(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => self.is_there(side, value),
        }
    }

    /// A test of one value: unknown when it is missing.
    fn test(
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

    fn compare(&mut self, side: usize, op: CompareOp, left: &Expr, right: &Expr) -> Option<Kleene> {
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
                for (sign, op) in [(CompareOp::Gt, op), (CompareOp::Lt, flipped(op))] {
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
            (bound, Term::Moment { moment, day }) => self.moment(side, flipped(op), *moment, *day, bound),
            (
                Term::Number(_) | Term::Value(_) | Term::Text(..) | Term::AsOf(_) | Term::AsOfDay(_) | Term::Set(_),
                _,
            ) => None,
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

    fn text(&mut self, term: &Term, test: TextTest, needles: &[String]) -> Option<Kleene> {
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

    /// A day or an instant against a bound.
    fn moment(&mut self, side: usize, op: CompareOp, moment: usize, day: bool, bound: &Term) -> Option<Kleene> {
        // Days begin in the zone of the policy; the model has one clock.
        if self.policy(side).zone != self.policy(self.sides.len() - 1).zone {
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

    fn membership(&mut self, side: usize, value: &Expr, set: SetId) -> Option<Kleene> {
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

    fn has(
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

    /// `x >= limit`, or, when `below`, `x <= limit`.
    fn beyond(&mut self, axis: usize, limit: &Number, below: bool) -> Lit {
        let super::axis::Content::Number(ladder) = &self.axis(axis).content else {
            return self.gates.constant(false);
        };
        let step = if below { ladder.first_above(limit) } else { ladder.first_from(limit) };
        let rung = self.rung(axis, step);
        if below { !rung } else { rung }
    }

    pub(crate) fn incomplete(&mut self, side: usize, score: ScoreId) -> Lit {
        self.points(side, score).incomplete
    }

    /// The literals of the members of a multi-select, in the order of the policy's type.
    fn members(&mut self, side: usize, axis: usize) -> Vec<Lit> {
        let never = self.gates.constant(false);
        let axis = self.axis(axis);
        let super::axis::Content::Set(members) = &axis.content else { return Vec::new() };
        let Some(field) = axis.fields.get(side).copied().flatten() else { return Vec::new() };
        let own = self.policy(side).fields[field].ty.closed_values().unwrap_or_default();
        let find = |name: &String| members.iter().find(|(member, _)| member == name).map_or(never, |(_, lit)| *lit);
        own.iter().map(find).collect()
    }
}

/// The comparison with its sides exchanged.
fn flipped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Eq,
        CompareOp::Ne => CompareOp::Ne,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}
