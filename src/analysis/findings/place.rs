//! Where a condition stands in a policy, what has to hold before it is asked, and what hangs on it.

use super::conjuncts;
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::{
    Body, CompareOp, Cond, CondKind, DefineId, Expr, Gain, GradeId, Guard, Id, Policy, RuleId, ScoreId, SectionId,
    StageId,
};
use crate::source::Span;
use crate::types::Value;

/// Where a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A rule's.
    Rule(RuleId),
    /// A definition's.
    Define(DefineId),
    /// That of a line of a score, by its position.
    Line(ScoreId, usize),
    /// That of a line of a grade, by its position; one behind the last line is the `otherwise`.
    Label(GradeId, usize),
    /// A stage's.
    Stage(StageId),
    /// A section's.
    Section(SectionId),
}

impl Place {
    /// All places that are not a rule's, in the order of their kinds.
    pub(super) fn outside_rules(policy: &Policy) -> Vec<Place> {
        let defines = policy.defines.iter().map(|(id, _)| Place::Define(id));
        let lines = policy.scores.iter().flat_map(|(id, s)| (0..s.lines.len()).map(move |line| Place::Line(id, line)));
        let labels = policy.grades.iter().flat_map(|(id, g)| (0..=g.lines.len()).map(move |l| Place::Label(id, l)));
        let stages = policy.stages.iter().map(|(id, _)| Place::Stage(id));
        let sections = policy.sections.iter().map(|(id, _)| Place::Section(id));
        defines.chain(lines).chain(labels).chain(stages).chain(sections).collect()
    }

    /// The condition; none where everything that gets here passes, and for a section with an `otherwise`.
    #[must_use]
    pub fn condition(self, policy: &Policy) -> Option<&Cond> {
        match self {
            Place::Rule(rule) => policy.rules[rule].when.as_ref(),
            Place::Define(define) => match &policy.defines[define].body {
                Body::Condition(cond) => Some(cond),
                Body::Value(..) => None,
            },
            Place::Line(score, line) => match &policy.scores[score].lines.get(line)?.gain {
                Gain::Points { when, .. } => when.as_ref(),
                Gain::Score { .. } => None,
            },
            Place::Label(grade, line) => policy.grades[grade].lines.get(line).map(|line| &line.when),
            Place::Stage(stage) => Some(&policy.stages[stage].when),
            Place::Section(section) => match &policy.sections[section].guard {
                Guard::When(cond) => Some(cond),
                Guard::Always | Guard::NoneOf(_) => None,
            },
        }
    }

    /// Where it is declared.
    #[must_use]
    pub fn span(self, policy: &Policy) -> Span {
        match self {
            Place::Rule(rule) => policy.rules[rule].span,
            Place::Define(define) => policy.defines[define].span,
            Place::Line(score, line) => {
                policy.scores[score].lines.get(line).map_or(policy.scores[score].span, |line| line.span)
            }
            Place::Label(grade, line) => {
                policy.grades[grade].lines.get(line).map_or(policy.grades[grade].span, |line| line.span)
            }
            Place::Stage(stage) => policy.stages[stage].span,
            Place::Section(section) => policy.sections[section].span,
        }
    }

    /// Whether it matters that the condition is unknown and not false: definitions are also asked for with `not` and
    /// `is unknown`, and of a score it is known which lines are open.
    #[must_use]
    pub fn asks_for_unknown(self) -> bool {
        match self {
            Place::Define(_) | Place::Line(..) => true,
            Place::Rule(_) | Place::Label(..) | Place::Stage(_) | Place::Section(_) => false,
        }
    }

    /// The literals that all hold exactly when a lead that gets here passes, each with its part of the text.
    pub(super) fn own(self, model: &mut Model<'_>) -> Vec<(Lit, Option<Span>)> {
        let policy = model.policy(0);
        let mut own = Vec::new();
        if let Place::Rule(rule) = self
            && let Some(section) = policy.rules[rule].section
        {
            own.push((model.section(0, section), Some(policy.sections[section].span)));
        }
        for part in self.condition(policy).map(conjuncts).unwrap_or_default() {
            own.push((model.condition(0, part).yes, Some(part.span)));
        }
        own.extend(self.counted(policy).map(|once| (model.condition(0, &once).yes, None)));
        own
    }

    /// Of a line with `for each`: there is a full unit to count.
    pub(super) fn counted(self, policy: &Policy) -> Option<Cond> {
        let Place::Line(score, line) = self else { return None };
        let line = policy.scores[score].lines.get(line)?;
        let Gain::Points { per: Some(per), .. } = &line.gain else { return None };
        let unit = Expr::Const(Value::Number(per.unit.clone()));
        let kind = CondKind::Compare { op: CompareOp::Ge, left: per.amount.clone(), right: unit };
        Some(Cond { kind, span: line.span })
    }

    /// What has to hold before the condition is asked, and whose doing it is.
    pub(super) fn above(self, model: &mut Model<'_>) -> Vec<(Lit, Place)> {
        let policy = model.policy(0);
        match self {
            Place::Rule(rule) => {
                let above = policy.rules.iter().map(|(id, _)| id).take_while(|id| *id < rule);
                above.map(|id| (!model.fires(0, id), Place::Rule(id))).collect()
            }
            Place::Label(grade, line) => {
                let above = policy.grades[grade].lines.iter().take(line).enumerate();
                above.map(|(i, line)| (!model.condition(0, &line.when).yes, Place::Label(grade, i))).collect()
            }
            Place::Stage(stage) => {
                let above = (0..stage.position()).map(StageId::from_position);
                above.map(|id| (model.condition(0, &policy.stages[id].when).yes, Place::Stage(id))).collect()
            }
            Place::Section(section) => match &policy.sections[section].guard {
                Guard::NoneOf(others) => {
                    others.iter().map(|other| (!model.section(0, *other), Place::Section(*other))).collect()
                }
                Guard::Always | Guard::When(_) => Vec::new(),
            },
            Place::Define(_) | Place::Line(..) => Vec::new(),
        }
    }
}
