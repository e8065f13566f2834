//! What a condition depends on, however far behind names.

use std::collections::BTreeSet;

use super::listed::Held;
use super::{Body, Cond, CondKind, DefineId, Expr, FieldId, Gain, GradeId, Id, Policy, ScoreId, StageId};

/// Everything that some conditions depend on.
#[derive(Debug)]
pub struct Reach<'p> {
    policy: &'p Policy,
    /// The fields, except those of which it is only asked whether they are known: their value does not matter.
    pub fields: BTreeSet<FieldId>,
    /// The fields of which it is asked whether they are known.
    pub asked: BTreeSet<FieldId>,
    /// The definitions of which that is asked.
    pub asked_defines: BTreeSet<DefineId>,
    /// The named lists, each with what it holds.
    pub lists: BTreeSet<(&'p str, Held<'p>)>,
    /// The scores.
    pub scores: BTreeSet<ScoreId>,
    /// The definitions.
    pub defines: BTreeSet<DefineId>,
    /// The grades.
    pub grades: BTreeSet<GradeId>,
    /// The stages.
    pub stages: BTreeSet<StageId>,
}

impl<'p> Reach<'p> {
    /// Nothing is looked at yet.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Reach {
            policy,
            fields: BTreeSet::new(),
            asked: BTreeSet::new(),
            asked_defines: BTreeSet::new(),
            lists: BTreeSet::new(),
            scores: BTreeSet::new(),
            defines: BTreeSet::new(),
            grades: BTreeSet::new(),
            stages: BTreeSet::new(),
        }
    }

    /// The policy that the conditions are of.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// Whether a definition is among it.
    #[must_use]
    pub fn uses(&self, define: DefineId) -> bool {
        self.defines.contains(&define) || self.asked_defines.contains(&define)
    }

    /// Adds what a condition depends on.
    pub fn cond(&mut self, cond: &'p Cond) {
        cond.walk(&mut |inner| {
            if let CondKind::Known(value) = &inner.kind {
                self.asked(value);
            } else {
                inner.operands().into_iter().for_each(|operand| self.value(operand));
            }
            self.lists.extend(inner.asked(self.policy).map(|asked| (asked.list, asked.held)));
            if let CondKind::Define(define) = &inner.kind {
                self.define(*define);
            }
            if let CondKind::Reached(stage) = &inner.kind {
                self.stage(*stage);
            }
            if let CondKind::IsIncomplete(score) = &inner.kind {
                self.score(*score);
            }
        });
    }

    /// Adds what the presence of a value depends on.
    fn asked(&mut self, value: &Expr) {
        value.walk(&mut |inner| match inner {
            Expr::Field(field) => {
                self.asked.insert(*field);
            }
            Expr::Define(define) => {
                if let (true, Body::Value(body, _)) =
                    (self.asked_defines.insert(*define), &self.policy.defines[*define].body)
                {
                    self.asked(body);
                }
            }
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
            | Expr::Arithmetic(..) => {}
        });
    }

    /// Adds what a value depends on.
    pub fn value(&mut self, value: &Expr) {
        value.walk(&mut |inner| match inner {
            Expr::Field(field) => {
                self.fields.insert(*field);
            }
            Expr::Define(define) => self.define(*define),
            Expr::Score(score) => self.score(*score),
            Expr::Grade(grade) => self.grade(*grade),
            Expr::Stage => {
                let last = self.policy.stages.iter().next_back();
                last.iter().for_each(|(id, _)| self.stage(*id));
            }
            Expr::Const(_)
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => {}
        });
    }

    fn define(&mut self, define: DefineId) {
        if self.defines.insert(define) {
            match &self.policy.defines[define].body {
                Body::Condition(body) => self.cond(body),
                Body::Value(body, _) => self.value(body),
            }
        }
    }

    /// Adds a score and what it depends on.
    pub fn score(&mut self, score: ScoreId) {
        if self.scores.insert(score) {
            for line in &self.policy.scores[score].lines {
                match &line.gain {
                    Gain::Points { per, when, .. } => {
                        when.iter().for_each(|when| self.cond(when));
                        per.iter().for_each(|per| self.value(&per.amount));
                    }
                    Gain::Score { score, .. } => self.score(*score),
                }
            }
        }
    }

    /// Adds a grade and what it depends on.
    pub fn grade(&mut self, grade: GradeId) {
        if self.grades.insert(grade) {
            self.policy.grades[grade].lines.iter().for_each(|line| self.cond(&line.when));
        }
    }

    /// Adds a stage and all before it, and what they depend on.
    pub fn stage(&mut self, stage: StageId) {
        for earlier in (0..=stage.position()).map(StageId::from_position) {
            if self.stages.insert(earlier) {
                self.cond(&self.policy.stages[earlier].when);
            }
        }
    }
}
