//! Whether a condition is settled: true or false whatever the missing values turn out to be, as far as its form tells.
//!
//! Scores, grades and stages are never unknown, so what is missing disappears in them: a score of a lead that nobody knows is low. Here
//! a score counts as unknown when a line of it is, a grade when a line that might have given another label is, a stage likewise, and
//! Kleene's tables do the rest.

use std::collections::HashMap;

use super::model::{Kleene, Model};
use super::solver::Lit;
use crate::ir::{Body, Cond, CondKind, DefineId, Expr, Gain, GradeId, Id, ScoreId, StageId};

/// What has been worked out of one policy.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    defines: HashMap<DefineId, Kleene>,
    scores: HashMap<ScoreId, Lit>,
    grades: HashMap<GradeId, Lit>,
    stages: Vec<Kleene>,
}

impl Model<'_> {
    /// A condition: surely true and settled, surely false and settled.
    pub(crate) fn settled(&mut self, side: usize, cond: &Cond) -> Kleene {
        match &cond.kind {
            CondKind::Not(inner) => {
                let Kleene { yes, no } = self.settled(side, inner);
                Kleene { yes: no, no: yes }
            }
            CondKind::All(parts) => {
                let (yes, no) = self.settled_parts(side, parts);
                Kleene { yes: self.gates.and(&yes), no: self.gates.or(&no) }
            }
            CondKind::Any(parts) => {
                let (yes, no) = self.settled_parts(side, parts);
                Kleene { yes: self.gates.or(&yes), no: self.gates.and(&no) }
            }
            CondKind::AtLeast(count, parts) => {
                let (yes, no) = self.settled_parts(side, parts);
                let (count, possible): (_, Vec<Lit>) = (*count as usize, no.iter().map(|no| !*no).collect());
                Kleene { yes: self.gates.at_least(count, &yes), no: !self.gates.at_least(count, &possible) }
            }
            CondKind::Define(define) => {
                if let Some(settled) = self.side(side).settled.defines.get(define) {
                    return *settled;
                }
                let settled = match &self.policy(side).defines[*define].body {
                    Body::Condition(body) => self.settled(side, body),
                    Body::Value(..) => self.condition(side, cond),
                };
                self.side(side).settled.defines.insert(*define, settled);
                settled
            }
            CondKind::Reached(stage) => self.settled_stage(side, *stage),
            CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. } => {
                let Kleene { yes, no } = self.condition(side, cond);
                let open: Vec<Lit> = cond.operands().into_iter().map(|value| self.is_open(side, value)).collect();
                let closed = !self.gates.or(&open);
                Kleene { yes: self.gates.and(&[yes, closed]), no: self.gates.and(&[no, closed]) }
            }
            // Who asks whether something is missing knows of it.
            CondKind::Const(_) | CondKind::Known(_) | CondKind::IsUnknown(_) | CondKind::IsIncomplete(_) => {
                self.condition(side, cond)
            }
        }
    }

    fn settled_parts(&mut self, side: usize, parts: &[Cond]) -> (Vec<Lit>, Vec<Lit>) {
        parts.iter().map(|part| self.settled(side, part)).map(|Kleene { yes, no }| (yes, no)).unzip()
    }

    /// Whether a score, a grade or the stage in a value hangs on something unknown.
    fn is_open(&mut self, side: usize, value: &Expr) -> Lit {
        match value {
            Expr::Score(score) => self.is_score_open(side, *score),
            Expr::Grade(grade) => self.is_grade_open(side, *grade),
            Expr::Stage => {
                let stages: Vec<StageId> = self.policy(side).stages.iter().map(|(id, _)| id).collect();
                let open: Vec<Lit> = stages
                    .into_iter()
                    .map(|stage| {
                        let Kleene { yes, no } = self.settled_stage(side, stage);
                        self.gates.and(&[!yes, !no])
                    })
                    .collect();
                self.gates.or(&open)
            }
            Expr::Define(define) => match &self.policy(side).defines[*define].body {
                Body::Value(body, _) => self.is_open(side, body),
                Body::Condition(_) => self.gates.constant(false),
            },
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => {
                let open: Vec<Lit> = value.parts().into_iter().map(|part| self.is_open(side, part)).collect();
                self.gates.or(&open)
            }
        }
    }

    fn is_score_open(&mut self, side: usize, score: ScoreId) -> Lit {
        if let Some(open) = self.side(side).settled.scores.get(&score) {
            return *open;
        }
        let mut open = Vec::new();
        for line in &self.policy(side).scores[score].lines {
            match &line.gain {
                Gain::Score { score, .. } => open.push(self.is_score_open(side, *score)),
                Gain::Points { per, when, .. } => {
                    let always = self.gates.constant(true);
                    let Kleene { yes, no } = match when {
                        Some(when) => self.settled(side, when),
                        None => Kleene { yes: always, no: !always },
                    };
                    open.push(self.gates.and(&[!yes, !no]));
                    if let Some(per) = per {
                        let there = self.is_there(side, &per.amount).unwrap_or(!always);
                        let counted = self.is_open(side, &per.amount);
                        let unknown = self.gates.or(&[!there, counted]);
                        open.push(self.gates.and(&[!no, unknown]));
                    }
                }
            }
        }
        let open = self.gates.or(&open);
        self.side(side).settled.scores.insert(score, open);
        open
    }

    /// A grade is settled when all lines above the first one that is true are settled, and that one is, too.
    fn is_grade_open(&mut self, side: usize, grade: GradeId) -> Lit {
        if let Some(open) = self.side(side).settled.grades.get(&grade) {
            return *open;
        }
        let mut none_above = self.gates.constant(true);
        let mut given = Vec::new();
        for line in &self.policy(side).grades[grade].lines {
            let Kleene { yes, no } = self.settled(side, &line.when);
            given.push(self.gates.and(&[none_above, yes]));
            none_above = self.gates.and(&[none_above, no]);
        }
        given.push(none_above);
        let open = !self.gates.or(&given);
        self.side(side).settled.grades.insert(grade, open);
        open
    }

    fn settled_stage(&mut self, side: usize, stage: StageId) -> Kleene {
        // A stage's condition may speak of stages before it.
        while self.side(side).settled.stages.len() <= stage.position() {
            let next = StageId::from_position(self.side(side).settled.stages.len());
            let before = self.side(side).settled.stages.last().copied();
            let Kleene { yes, no } = self.settled(side, &self.policy(side).stages[next].when);
            let reached = match before {
                Some(before) => Kleene { yes: self.gates.and(&[before.yes, yes]), no: self.gates.or(&[before.no, no]) },
                None => Kleene { yes, no },
            };
            self.side(side).settled.stages.push(reached);
        }
        let never = self.gates.constant(false);
        self.side(side).settled.stages.get(stage.position()).copied().unwrap_or(Kleene { yes: never, no: never })
    }
}
