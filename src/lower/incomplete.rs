//! Warns where a lead passes a test of a score only because nothing is known of it: what is missing earns no points, so it
//! makes `fit < 30` and `not fit >= 30` true.

use std::collections::{BTreeSet, HashMap};

use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::open::Openness;
use crate::ir::{
    ArithmeticOp, Body, CompareOp, Cond, CondKind, DefineId, Expr, Gain, Policy, ScoreId, ScoreLine, visit,
};
use crate::source::Span;

/// A test that missing values make true: where it stands, and the score that they keep low.
type Finding = (Span, ScoreId);

/// Warns of every test of a score in the policy that missing values can make true.
pub(super) fn warn(scope: &mut Scope) {
    let findings = {
        let mut survey = Survey::new(&scope.policy);
        let conditions = visit::deciding(&scope.policy);
        conditions.flat_map(|cond| survey.tests(cond, false)).collect::<BTreeSet<Finding>>()
    };
    for (span, score) in findings {
        let name = scope.policy.scores.find(score).map_or("", |s| s.name.as_str());
        let finding = Diagnostic::new(
            Code::P0384,
            format!("a lead can pass this only because values are missing: `{name}` is lower without them"),
        )
        .at(span, "what is missing earns no points")
        .help(format!("add `and {name} is not incomplete`, or ask for the values that must be known"));
        scope.report(finding);
    }
}

/// Answers about a policy, each worked out once.
struct Survey<'p> {
    policy: &'p Policy,
    /// What can be missing or unknown.
    open: Openness<'p>,
    /// Whether missing values can keep a score lower (true) or higher (false) than it would be.
    scores: HashMap<(ScoreId, bool), bool>,
    /// The scores whose tests in a definition missing values make true when it is negated.
    negated: HashMap<DefineId, BTreeSet<ScoreId>>,
}

impl<'p> Survey<'p> {
    fn new(policy: &'p Policy) -> Self {
        Survey { policy, open: Openness::new(policy), scores: HashMap::new(), negated: HashMap::new() }
    }

    /// The tests in a condition that missing values make true; `negated`: in the condition's negation.
    fn tests(&mut self, cond: &'p Cond, negated: bool) -> Vec<Finding> {
        match &cond.kind {
            CondKind::Not(inner) => self.tests(inner, !negated),
            CondKind::All(parts) => self.joined(parts, negated, !negated),
            CondKind::Any(parts) => self.joined(parts, negated, negated),
            CondKind::AtLeast(_, parts) => self.joined(parts, negated, false),
            CondKind::Compare { op, left, right } => {
                let held_low = match (op, negated) {
                    (CompareOp::Lt | CompareOp::Le, false) | (CompareOp::Gt | CompareOp::Ge, true) => left,
                    (CompareOp::Gt | CompareOp::Ge, false) | (CompareOp::Lt | CompareOp::Le, true) => right,
                    (CompareOp::Eq | CompareOp::Ne, _) => return Vec::new(),
                };
                let scores = self.low_scores(held_low);
                scores.into_iter().map(|score| (cond.span, score)).collect()
            }
            CondKind::Define(define) if negated => {
                self.of_negated(*define).into_iter().map(|score| (cond.span, score)).collect()
            }
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_) => Vec::new(),
        }
    }

    /// The tests in several conditions. When `all` of them must hold, one that asks whether a score is complete (or, in what is
    /// negated, incomplete) guards the others.
    fn joined(&mut self, parts: &'p [Cond], negated: bool, all: bool) -> Vec<Finding> {
        let mut found: Vec<Finding> = parts.iter().flat_map(|part| self.tests(part, negated)).collect();
        if all {
            let guarded: Vec<ScoreId> = parts.iter().filter_map(|part| complete(part, negated)).collect();
            found.retain(|(_, score)| !guarded.contains(score));
        }
        found
    }

    fn of_negated(&mut self, define: DefineId) -> BTreeSet<ScoreId> {
        if let Some(known) = self.negated.get(&define) {
            return known.clone();
        }
        let scores = match self.policy.defines.find(define).map(|d| &d.body) {
            Some(Body::Condition(cond)) => self.tests(cond, true).into_iter().map(|(_, score)| score).collect(),
            Some(Body::Value(..)) | None => BTreeSet::new(),
        };
        self.negated.insert(define, scores.clone());
        scores
    }

    /// The scores in a value that missing values can keep low.
    fn low_scores(&mut self, value: &'p Expr) -> Vec<ScoreId> {
        match value {
            Expr::Score(score) if self.moved(*score, true) => vec![*score],
            Expr::Define(define) => match self.policy.defines.find(*define).map(|d| &d.body) {
                Some(Body::Value(body, _)) => self.low_scores(body),
                Some(Body::Condition(_)) | None => Vec::new(),
            },
            Expr::Arithmetic(ArithmeticOp::Add, left, right) => {
                [self.low_scores(left), self.low_scores(right)].concat()
            }
            Expr::Score(_)
            | Expr::Field(_)
            | Expr::Const(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => Vec::new(),
        }
    }

    /// Whether missing values can keep a score lower (or higher) than it would be.
    fn moved(&mut self, score: ScoreId, lower: bool) -> bool {
        if let Some(known) = self.scores.get(&(score, lower)) {
            return *known;
        }
        let lines = self.policy.scores.find(score).map_or(&[][..], |s| &s.lines);
        let moved = lines.iter().any(|line| self.line_moves(line, lower));
        self.scores.insert((score, lower), moved);
        moved
    }

    fn line_moves(&mut self, line: &'p ScoreLine, lower: bool) -> bool {
        match &line.gain {
            Gain::Points { points, per, when, .. } => {
                points.is_negative() != lower
                    && !points.is_zero()
                    && (when.as_ref().is_some_and(|when| self.open.can_be_unknown(when))
                        || per.as_ref().is_some_and(|per| self.open.can_be_missing(&per.amount)))
            }
            Gain::Score { sign, score } => self.moved(*score, (*sign < 0) != lower),
        }
    }
}

/// The score that a condition (or its negation) says is complete.
fn complete(cond: &Cond, negated: bool) -> Option<ScoreId> {
    match &cond.kind {
        CondKind::IsIncomplete(score) if negated => Some(*score),
        CondKind::Not(inner) => complete(inner, !negated),
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
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    }
}
