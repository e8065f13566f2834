//! What a condition depends on, however far behind names.

use std::collections::{BTreeSet, HashSet};

use crate::ir::{Body, Cond, CondKind, DefineId, Expr, FieldId, Gain, GradeId, Id, Policy, ScoreId, StageId};

/// The fields and scores that some conditions depend on.
pub(super) struct Reach<'p> {
    policy: &'p Policy,
    /// The fields, except those of which it is only asked whether they are known: their value does not matter.
    pub(super) fields: BTreeSet<FieldId>,
    /// The scores.
    pub(super) scores: BTreeSet<ScoreId>,
    defines: HashSet<DefineId>,
    grades: HashSet<GradeId>,
    stages: HashSet<StageId>,
}

impl<'p> Reach<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        Reach {
            policy,
            fields: BTreeSet::new(),
            scores: BTreeSet::new(),
            defines: HashSet::new(),
            grades: HashSet::new(),
            stages: HashSet::new(),
        }
    }

    pub(super) fn cond(&mut self, cond: &Cond) {
        cond.walk(&mut |inner| {
            if !matches!(inner.kind, CondKind::Known(_)) {
                inner.operands().into_iter().for_each(|operand| self.value(operand));
            }
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

    fn value(&mut self, value: &Expr) {
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

    pub(super) fn score(&mut self, score: ScoreId) {
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

    pub(super) fn grade(&mut self, grade: GradeId) {
        if self.grades.insert(grade) {
            self.policy.grades[grade].lines.iter().for_each(|line| self.cond(&line.when));
        }
    }

    /// A stage and all before it.
    pub(super) fn stage(&mut self, stage: StageId) {
        for earlier in (0..=stage.position()).map(StageId::from_position) {
            if self.stages.insert(earlier) {
                self.cond(&self.policy.stages[earlier].when);
            }
        }
    }
}
