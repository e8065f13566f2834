//! The semantics: what every condition, value, score and rule means for one lead at one time.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ir::{Cond, DecisionId, Expr, GradeId, Lead, Policy, RuleId, ScoreId};
use crate::types::{Number, Truth, Value};

/// A policy at one as-of time, ready to decide leads.
#[derive(Debug)]
pub struct Evaluator<'p> {
    policy: &'p Policy,
    as_of: Timestamp,
}

/// What was decided, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleId,
    /// Its decision.
    pub decision: DecisionId,
}

/// The total of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The points after clamping.
    pub points: Number,
    /// Whether a line was unknown (of this score or of one that it adds).
    pub incomplete: bool,
}

/// One lead under an evaluator; remembers what it has worked out.
#[derive(Debug)]
pub struct Session<'e> {
    evaluator: &'e Evaluator<'e>,
    lead: &'e Lead,
}

impl<'p> Evaluator<'p> {
    /// Prepares a policy for an as-of time.
    #[must_use]
    pub fn new(policy: &'p Policy, as_of: Timestamp) -> Self {
        Evaluator { policy, as_of }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The as-of time.
    #[must_use]
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Decides a lead.
    #[must_use]
    pub fn decide(&self, lead: &Lead) -> Outcome {
        self.on(lead).outcome()
    }

    /// Questions about one lead.
    #[must_use]
    pub fn on<'e>(&'e self, lead: &'e Lead) -> Session<'e> {
        Session { evaluator: self, lead }
    }
}

impl Session<'_> {
    /// The rule that fires and its decision.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        todo!()
    }

    /// The truth of a condition of this policy.
    #[must_use]
    pub fn truth(&self, cond: &Cond) -> Truth {
        let _ = (cond, self.evaluator, self.lead);
        todo!()
    }

    /// A value; none when missing.
    #[must_use]
    pub fn value(&self, expr: &Expr) -> Option<Value> {
        let _ = expr;
        todo!()
    }

    /// A score.
    #[must_use]
    pub fn score(&self, score: ScoreId) -> Total {
        let _ = score;
        todo!()
    }

    /// The label of a grade: a position in its scale.
    #[must_use]
    pub fn grade(&self, grade: GradeId) -> usize {
        let _ = grade;
        todo!()
    }

    /// The stage: a position in [`Policy::stage_scale`].
    #[must_use]
    pub fn stage(&self) -> usize {
        todo!()
    }
}

/// The last instant of a day in a time zone: the as-of time that a DATE stands for. None when there is no such zone.
#[must_use]
pub fn end_of_day(zone: &str, day: Date) -> Option<Timestamp> {
    let _ = (zone, day);
    todo!()
}
