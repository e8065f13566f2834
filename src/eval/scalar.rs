//! The semantics: what every condition, value, score and rule means for one lead at one time.
//!
//! Each kind of node is one arm of a match below and nowhere else; the subjects that take more than a line have files of
//! their own beside this one. A policy has been checked before it comes here: its ids point into its tables, its
//! references make no cycle, its types fit and its time zone exists (lowering and reading from JSON see to that), so that
//! deciding cannot fail.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;

use super::compare::{self, Members};
use super::score::{self, Total};
use super::text;
use super::time::Now;
use super::told::Told;
use crate::ir::{
    Body, CompareOp, Cond, CondKind, DecisionId, DefineId, Expr, FieldId, GradeId, Guard, Id, Lead, Policy, RuleId,
    ScoreId, ScoreLine, SectionId, SetId, StageId,
};
use crate::types::{Number, Truth, Value};

/// A policy at one as-of time, ready to decide leads.
#[derive(Debug)]
pub struct Evaluator<'p> {
    policy: &'p Policy,
    now: Now,
    sets: Vec<Members<'p>>,
}

/// What was decided, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleId,
    /// Its decision.
    pub decision: DecisionId,
}

/// One lead under an evaluator; remembers what it has worked out.
#[derive(Debug)]
pub struct Session<'e> {
    evaluator: &'e Evaluator<'e>,
    lead: &'e Lead,
    told: Option<&'e Told<'e>>,
    defines: Vec<OnceCell<Meaning>>,
    scores: Vec<OnceCell<Total>>,
    grades: Vec<OnceCell<usize>>,
    stages: Vec<OnceCell<Truth>>,
    sections: Vec<OnceCell<Truth>>,
}

/// What a definition comes to.
#[derive(Debug)]
enum Meaning {
    Truth(Truth),
    Value(Option<Value>),
}

impl<'p> Evaluator<'p> {
    /// Prepares a checked policy for an as-of time. A time zone that does not exist cannot come here; it would count as UTC.
    #[must_use]
    pub fn new(policy: &'p Policy, as_of: Timestamp) -> Self {
        Evaluator {
            policy,
            now: Now::new(&policy.zone, as_of),
            sets: policy.sets.iter().map(|(_, set)| Members::new(set)).collect(),
        }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The as-of time.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        self.now.instant
    }

    /// Decides a lead.
    #[must_use]
    pub fn decide(&self, lead: &Lead) -> Outcome {
        self.on(lead).outcome()
    }

    /// Questions about one lead.
    #[must_use]
    pub fn on<'e>(&'e self, lead: &'e Lead) -> Session<'e> {
        Session {
            evaluator: self,
            lead,
            told: None,
            defines: blank(self.policy.defines.len()),
            scores: blank(self.policy.scores.len()),
            grades: blank(self.policy.grades.len()),
            stages: blank(self.policy.stages.len()),
            sections: blank(self.policy.sections.len()),
        }
    }
}

/// So many answers that are not known yet.
fn blank<T>(len: usize) -> Vec<OnceCell<T>> {
    std::iter::repeat_with(OnceCell::new).take(len).collect()
}

/// The answer remembered for an id, found with `f` when it is asked for the first time.
#[allow(clippy::indexing_slicing, reason = "one cell for each node of the id's table")]
fn remembered<T, I: Id>(cells: &[OnceCell<T>], id: I, f: impl FnOnce() -> T) -> &T {
    cells[id.position()].get_or_init(f)
}

impl<'e> Session<'e> {
    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'e Policy {
        self.evaluator.policy
    }

    /// The lead.
    #[must_use]
    pub fn lead(&self) -> &'e Lead {
        self.lead
    }

    /// The same, where some answers are told: they count, whatever the lead's values.
    #[must_use]
    pub fn told(self, told: &'e Told<'e>) -> Session<'e> {
        Session { told: Some(told), ..self }
    }

    /// The rule that fires and its decision: the first one whose section is for the lead and whose condition is surely true.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let rules = &self.policy().rules;
        let last = RuleId::from_position(rules.len().saturating_sub(1));
        let rule = rules.iter().map(|(id, _)| id).find(|id| self.fires(*id)).unwrap_or(last);
        Outcome { rule, decision: rules[rule].decision }
    }

    /// Whether a rule fires when none above it did.
    #[must_use]
    pub fn fires(&self, rule: RuleId) -> bool {
        let rule = &self.policy().rules[rule];
        rule.section.is_none_or(|s| self.section(s).is_true())
            && rule.when.as_ref().is_none_or(|when| self.truth(when).is_true())
    }

    /// Whether a section is for the lead. Its rules are tried only when that is surely true.
    #[must_use]
    pub fn section(&self, section: SectionId) -> Truth {
        *remembered(&self.sections, section, || match &self.policy().sections[section].guard {
            Guard::Always => Truth::True,
            Guard::When(cond) => self.truth(cond),
            Guard::NoneOf(sections) => (!sections.iter().any(|s| self.section(*s).is_true())).into(),
        })
    }

    /// The truth of a condition of this policy.
    #[must_use]
    pub fn truth(&self, cond: &Cond) -> Truth {
        if let Some(truth) = self.told.and_then(|told| told.truth(cond)) {
            return truth;
        }
        match &cond.kind {
            CondKind::Const(truth) => *truth,
            CondKind::Known(value) => self.is_known(value).into(),
            CondKind::Compare { op, left, right } => self.compare(*op, left, right),
            CondKind::Between { value, low, high } => {
                self.compare(CompareOp::Ge, value, low).and(self.compare(CompareOp::Le, value, high))
            }
            CondKind::In { value, set } => self.test(value, |v| self.members(*set).contains(v).into()),
            CondKind::Has { value, all, members, list: _ } => self.test(value, |v| compare::has(v, *all, members)),
            CondKind::Text { test, value, needles, list: _ } => {
                self.test(value, |v| text::test(*test, v, needles).map_or(Truth::Unknown, Truth::from))
            }
            CondKind::IsUnknown(inner) => (self.truth(inner) == Truth::Unknown).into(),
            CondKind::IsIncomplete(score) => self.score(*score).incomplete.into(),
            CondKind::Define(define) => match self.define(*define) {
                Meaning::Truth(truth) => *truth,
                Meaning::Value(_) => Truth::Unknown,
            },
            CondKind::Reached(stage) => self.reached(*stage).into(),
            CondKind::Not(inner) => self.truth(inner).not(),
            CondKind::All(parts) => self.all(parts),
            CondKind::Any(parts) => self.any(parts),
            CondKind::AtLeast(count, parts) => self.at_least(*count, parts),
        }
    }

    /// A value, defaults filled in; none when missing.
    #[must_use]
    pub fn value(&self, expr: &Expr) -> Option<Value> {
        self.read(expr).map(Cow::into_owned)
    }

    /// A score.
    #[must_use]
    pub fn score(&self, score: ScoreId) -> Total {
        remembered(&self.scores, score, || score::total(self, &self.policy().scores[score])).clone()
    }

    /// What a line of a score adds.
    #[must_use]
    pub fn line(&self, line: &ScoreLine) -> Total {
        score::line(self, line)
    }

    /// The points of a line, where they are told: none when what it counts was missing.
    pub(super) fn told_points(&self, line: &ScoreLine) -> Option<Option<&'e Number>> {
        self.told.and_then(|told| told.points(line))
    }

    /// The label of a grade: a position in its scale.
    #[must_use]
    pub fn grade(&self, grade: GradeId) -> usize {
        *remembered(&self.grades, grade, || {
            let grade = &self.policy().grades[grade];
            let given = grade.lines.iter().find(|line| self.truth(&line.when).is_true());
            given.map_or(grade.otherwise, |line| line.label)
        })
    }

    /// The stage: a position in [`Policy::stage_scale`].
    #[must_use]
    pub fn stage(&self) -> usize {
        self.policy().stages.iter().take_while(|(id, _)| self.meets(*id)).count()
    }

    /// Whether a stage is reached: its condition and all earlier ones are surely true.
    #[must_use]
    pub fn reached(&self, stage: StageId) -> bool {
        (0..=stage.position()).all(|earlier| self.meets(StageId::from_position(earlier)))
    }

    /// Whether there is a value. A default does not count: not for a field, nor for a definition that is just a field.
    #[must_use]
    pub fn is_known(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Field(field) => self.lead.get(*field).is_some(),
            Expr::Define(define) => match &self.policy().defines[*define].body {
                Body::Value(body, _) => self.is_known(body),
                Body::Condition(_) => false,
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
            | Expr::Arithmetic(..) => self.read(expr).is_some(),
        }
    }

    /// The same, where it stands if it stands anywhere.
    pub(super) fn read<'a>(&'a self, expr: &'a Expr) -> Option<Cow<'a, Value>> {
        match expr {
            Expr::Field(field) => self.field(*field).map(Cow::Borrowed),
            Expr::Const(value) => Some(Cow::Borrowed(value)),
            Expr::Define(define) => match self.define(*define) {
                Meaning::Value(value) => value.as_ref().map(Cow::Borrowed),
                Meaning::Truth(_) => None,
            },
            Expr::Score(score) => Some(Cow::Owned(Value::Number(self.score(*score).points))),
            Expr::Grade(grade) => Some(Cow::Owned(Value::Choice(self.grade(*grade)))),
            Expr::Stage => Some(Cow::Owned(Value::Choice(self.stage()))),
            Expr::AsOf(shift) => Some(Cow::Owned(self.evaluator.now.shifted(*shift))),
            Expr::AsOfDay(shift) => Some(Cow::Owned(self.evaluator.now.shifted_day(*shift))),
            Expr::DayOf(inner) => self.evaluator.now.day_of(&*self.read(inner)?).map(Cow::Owned),
            Expr::Lowercase(inner) => Some(Cow::Owned(text::lowercase(&*self.read(inner)?))),
            Expr::DomainOf(inner) => text::domain(&*self.read(inner)?).map(Cow::Owned),
            Expr::Negative(inner) => compare::negative(&*self.read(inner)?).map(Cow::Owned),
            Expr::Arithmetic(op, left, right) => {
                compare::arithmetic(*op, &*self.read(left)?, &*self.read(right)?).map(Cow::Owned)
            }
        }
    }

    /// The value of a field as decisions use it: with its default.
    fn field(&self, field: FieldId) -> Option<&Value> {
        self.lead.get(field).or_else(|| self.policy().fields[field].default.as_ref())
    }

    fn define(&self, define: DefineId) -> &Meaning {
        remembered(&self.defines, define, || match &self.policy().defines[define].body {
            Body::Condition(cond) => Meaning::Truth(self.truth(cond)),
            Body::Value(value, _) => Meaning::Value(self.value(value)),
        })
    }

    /// Whether a stage's own condition is surely true.
    fn meets(&self, stage: StageId) -> bool {
        remembered(&self.stages, stage, || self.truth(&self.policy().stages[stage].when)).is_true()
    }

    #[allow(clippy::indexing_slicing, reason = "one prepared set for each set of the policy")]
    fn members(&self, set: SetId) -> &Members<'e> {
        &self.evaluator.sets[set.position()]
    }

    /// A test of one value; unknown when it is missing.
    fn test(&self, value: &Expr, f: impl FnOnce(&Value) -> Truth) -> Truth {
        self.read(value).map_or(Truth::Unknown, |v| f(&v))
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr) -> Truth {
        self.test(left, |l| self.test(right, |r| compare::compare(op, l, r)))
    }

    fn all(&self, parts: &[Cond]) -> Truth {
        let mut all = Truth::True;
        for part in parts {
            all = all.and(self.truth(part));
            if all == Truth::False {
                break;
            }
        }
        all
    }

    fn any(&self, parts: &[Cond]) -> Truth {
        let mut any = Truth::False;
        for part in parts {
            any = any.or(self.truth(part));
            if any == Truth::True {
                break;
            }
        }
        any
    }

    fn at_least(&self, count: u32, parts: &[Cond]) -> Truth {
        let (mut sure, mut possible) = (0u32, 0u32);
        for part in parts {
            match self.truth(part) {
                Truth::True => {
                    sure += 1;
                    possible += 1;
                }
                Truth::Unknown => possible += 1,
                Truth::False => {}
            }
        }
        match (sure >= count, possible >= count) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }
    }
}
