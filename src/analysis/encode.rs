//! Conditions as formulas: each becomes two literals, surely true and surely false, by Kleene's tables.

use super::model::{Kleene, Model};
use super::solver::Lit;
use crate::ir::{Body, CompareOp, Cond, CondKind, Expr, GradeId, Guard, Id, RuleId, ScoreId, SectionId, StageId};
use crate::types::Truth;

impl Model<'_> {
    /// A condition of a policy.
    pub fn condition(&mut self, side: usize, cond: &Cond) -> Kleene {
        if let Some(kleene) = self.side(side).tests.get(&cond.kind) {
            return *kleene;
        }
        let kleene = self.formula(side, cond).unwrap_or_else(|| self.leave_open(side, cond));
        if cond.parts().is_empty() {
            self.side(side).tests.insert(cond.kind.clone(), kleene);
        }
        kleene
    }

    /// None when the model cannot express it.
    pub(crate) fn formula(&mut self, side: usize, cond: &Cond) -> Option<Kleene> {
        match &cond.kind {
            CondKind::Const(truth) => Some(self.truth(*truth)),
            CondKind::Known(value) => self.is_known_value(side, value).map(|yes| Kleene { yes, no: !yes }),
            CondKind::Compare { op, left, right } => self.compare(side, *op, left, right),
            CondKind::Between { value, low, high } => {
                let above = self.compare(side, CompareOp::Ge, value, low);
                let below = self.compare(side, CompareOp::Le, value, high);
                above.zip(below).map(|(above, below)| self.all(&[above, below]))
            }
            CondKind::In { value, set } => self.membership(side, value, *set),
            CondKind::Has { value, all, members, list: _ } => {
                self.test(side, value, |model, term| model.has(side, term, *all, members))
            }
            CondKind::Text { test, value, needles, list: _ } => {
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
        }
    }

    /// Whether a rule fires when none above it does: its section is for the lead and its condition surely true.
    pub fn fires(&mut self, side: usize, rule: RuleId) -> Lit {
        if let Some(Some(fires)) = self.side(side).rules.get(rule.position()) {
            return *fires;
        }
        let parts = self.conjuncts(side, rule);
        let fires = self.gates.and(&parts);
        if let Some(slot) = self.side(side).rules.get_mut(rule.position()) {
            *slot = Some(fires);
        }
        fires
    }

    /// Whether a lead gets to a rule: none above it fires.
    pub(crate) fn reaches(&mut self, side: usize, rule: RuleId) -> Lit {
        let position = rule.position();
        while self.side(side).reached.len() <= position {
            let next = self.side(side).reached.len();
            let lit = match next.checked_sub(1).map(RuleId::from_position) {
                None => self.gates.constant(true),
                Some(above) => {
                    let before = self.reaches(side, above);
                    let fires = self.fires(side, above);
                    self.gates.and(&[before, !fires])
                }
            };
            self.side(side).reached.push(lit);
        }
        self.side(side).reached.get(position).copied().unwrap_or_else(|| self.gates.constant(false))
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

    /// Whether a rule decides a lead: it gets there, and the rule fires.
    pub(crate) fn decides(&mut self, side: usize, rule: RuleId) -> Lit {
        let parts = [self.reaches(side, rule), self.fires(side, rule)];
        self.gates.and(&parts)
    }

    /// For each rule, the literal of its deciding a lead: it fires and none above it does.
    pub(crate) fn deciding(&mut self, side: usize) -> Vec<(RuleId, Lit)> {
        let rules = self.policy(side).rules.iter().map(|(id, _)| id);
        rules.map(|rule| (rule, self.decides(side, rule))).collect()
    }

    /// Whether one of two holds and the other does not.
    pub(crate) fn differ(&mut self, a: Lit, b: Lit) -> Lit {
        self.gates.choose(a, !b, b)
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

    /// Whether the lead has reached a stage.
    pub(crate) fn reached(&mut self, side: usize, stage: StageId) -> Lit {
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

    pub(super) fn truth(&self, truth: Truth) -> Kleene {
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

    pub(crate) fn incomplete(&mut self, side: usize, score: ScoreId) -> Lit {
        self.points(side, score).incomplete
    }
}
