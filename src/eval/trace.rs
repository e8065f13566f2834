//! How each condition of a decision turned out. There is no second evaluator here: every truth and every value is asked of
//! the session that decides.

use std::collections::{BTreeSet, HashSet};

use super::scalar::{Outcome, Session};
use crate::ir::{Body, Cond, CondKind, DefineId, Expr, FieldId, Guard, Id, RuleId, SectionId};
use crate::types::{Truth, Value};

/// The way to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace<'p> {
    /// What was decided.
    pub outcome: Outcome,
    /// The rules that were tried, in their order; the last one is the one that fired.
    pub tried: Vec<Tried<'p>>,
}

/// A rule that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried<'p> {
    /// Which.
    pub rule: RuleId,
    /// Its section and whether that is for the lead.
    pub section: Option<(SectionId, Truth)>,
    /// Its condition; none for an `otherwise`.
    pub when: Option<Step<'p>>,
}

/// A condition that was tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'p> {
    /// Which.
    pub cond: &'p Cond,
    /// How it turned out.
    pub truth: Truth,
    /// The values that it read itself.
    pub reads: Vec<Read<'p>>,
    /// The conditions directly inside. What a name stands for is not inside: ask [`Session::behind`].
    pub parts: Vec<Step<'p>>,
}

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<'p> {
    /// Which: a field, a name, or something worked out from them.
    pub expr: &'p Expr,
    /// What it was, defaults filled in; none when missing.
    pub value: Option<Value>,
    /// Whether it is a field whose default was used.
    pub default: bool,
}

impl Tried<'_> {
    /// Whether it fired: surely, surely not, or it hung on something missing.
    #[must_use]
    pub fn truth(&self) -> Truth {
        let section = self.section.map_or(Truth::True, |(_, truth)| truth);
        section.and(self.when.as_ref().map_or(Truth::True, |step| step.truth))
    }
}

impl<'e> Session<'e> {
    /// The way to the decision.
    #[must_use]
    pub fn trace(&self) -> Trace<'e> {
        let outcome = self.outcome();
        let rules = self.policy().rules.iter().take(outcome.rule.position() + 1);
        let tried = rules.map(|(rule, node)| Tried {
            rule,
            section: node.section.map(|section| (section, self.section(section))),
            when: node.when.as_ref().map(|when| self.step(when)),
        });
        Trace { outcome, tried: tried.collect() }
    }

    /// How a condition turned out, with everything inside.
    #[must_use]
    pub fn step<'c>(&self, cond: &'c Cond) -> Step<'c> {
        let mut reads = Vec::new();
        for operand in cond.operands() {
            self.read_into(operand, &mut reads);
        }
        Step { cond, truth: self.truth(cond), reads, parts: cond.parts().iter().map(|part| self.step(part)).collect() }
    }

    /// What a condition that is just the name of a definition stands for.
    #[must_use]
    pub fn behind(&self, cond: &Cond) -> Option<&'e Cond> {
        let CondKind::Define(define) = &cond.kind else { return None };
        match &self.policy().defines[*define].body {
            Body::Condition(body) => Some(body),
            Body::Value(..) => None,
        }
    }

    /// The values that are read for a value: itself, and what it is worked out from. Constants and the time are not read.
    #[must_use]
    pub fn reads<'c>(&self, expr: &'c Expr) -> Vec<Read<'c>> {
        let mut reads = Vec::new();
        self.read_into(expr, &mut reads);
        reads
    }

    fn read_into<'c>(&self, expr: &'c Expr, reads: &mut Vec<Read<'c>>) {
        let read = || Read { expr, value: self.value(expr), default: self.is_default(expr) };
        match expr {
            Expr::Const(_) | Expr::AsOf(_) | Expr::AsOfDay(_) => {}
            Expr::Field(_) | Expr::Define(_) | Expr::Score(_) | Expr::Grade(_) | Expr::Stage => reads.push(read()),
            Expr::DayOf(inner) | Expr::Lowercase(inner) | Expr::Negative(inner) => self.read_into(inner, reads),
            Expr::DomainOf(inner) => {
                let domain = read();
                // Without the text there is nothing to say of its domain.
                if domain.value.is_none() {
                    self.read_into(inner, reads);
                }
                if domain.value.is_some() || self.value(inner).is_some() {
                    reads.push(domain);
                }
            }
            Expr::Arithmetic(_, left, right) => {
                let result = read();
                if result.value.is_some() || (self.value(left).is_some() && self.value(right).is_some()) {
                    reads.push(result);
                }
                self.read_into(left, reads);
                self.read_into(right, reads);
            }
        }
    }

    /// Whether a value is a field that is missing and has a default.
    fn is_default(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Field(field) => self.lead().get(*field).is_none() && self.policy().fields[*field].default.is_some(),
            Expr::Const(_)
            | Expr::Define(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => false,
        }
    }

    /// The fields whose absence left a rule unknown that stands above the one that fired.
    #[must_use]
    pub fn absent(&self) -> BTreeSet<FieldId> {
        let fired = self.outcome().rule;
        let above = self.policy().rules.iter().map(|(id, _)| id).take_while(|id| *id < fired);
        let mut absent = Absent::new(self);
        above.for_each(|rule| absent.of_rule(rule));
        absent.fields
    }

    /// The fields whose absence leaves this rule unknown; none when it is not.
    #[must_use]
    pub fn absent_in_rule(&self, rule: RuleId) -> BTreeSet<FieldId> {
        let mut absent = Absent::new(self);
        absent.of_rule(rule);
        absent.fields
    }

    /// The fields whose absence leaves this condition unknown; none when it is not.
    #[must_use]
    pub fn absent_in(&self, cond: &Cond) -> BTreeSet<FieldId> {
        let mut absent = Absent::new(self);
        absent.of_cond(cond);
        absent.fields
    }

    /// The fields whose absence leaves this value missing; none when it is not.
    #[must_use]
    pub fn absent_in_value(&self, expr: &Expr) -> BTreeSet<FieldId> {
        let mut absent = Absent::new(self);
        absent.of_value(expr);
        absent.fields
    }
}

/// A search for the fields that something hangs on.
struct Absent<'s> {
    session: &'s Session<'s>,
    fields: BTreeSet<FieldId>,
    /// Definitions that have been searched already.
    seen: HashSet<DefineId>,
}

impl<'s> Absent<'s> {
    fn new(session: &'s Session<'s>) -> Self {
        Absent { session, fields: BTreeSet::new(), seen: HashSet::new() }
    }

    fn of_rule(&mut self, rule: RuleId) {
        let rule = &self.session.policy().rules[rule];
        let section = rule.section.map_or(Truth::True, |s| self.session.section(s));
        let when = rule.when.as_ref().map_or(Truth::True, |when| self.session.truth(when));
        if section.and(when) != Truth::Unknown {
            return;
        }
        if let Some(Guard::When(guard)) = rule.section.map(|s| &self.session.policy().sections[s].guard) {
            self.of_cond(guard);
        }
        if let Some(when) = &rule.when {
            self.of_cond(when);
        }
    }

    fn of_cond(&mut self, cond: &Cond) {
        if self.session.truth(cond) != Truth::Unknown {
            return;
        }
        cond.parts().iter().for_each(|part| self.of_cond(part));
        cond.operands().into_iter().for_each(|operand| self.of_value(operand));
        if let CondKind::Define(define) = &cond.kind {
            self.of_define(*define);
        }
    }

    fn of_value(&mut self, expr: &Expr) {
        if self.session.value(expr).is_some() {
            return;
        }
        match expr {
            Expr::Field(field) => {
                self.fields.insert(*field);
            }
            Expr::Define(define) => self.of_define(*define),
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
            | Expr::Arithmetic(..) => expr.parts().into_iter().for_each(|part| self.of_value(part)),
        }
    }

    fn of_define(&mut self, define: DefineId) {
        if self.seen.insert(define) {
            match &self.session.policy().defines[define].body {
                Body::Condition(body) => self.of_cond(body),
                Body::Value(body, _) => self.of_value(body),
            }
        }
    }
}
