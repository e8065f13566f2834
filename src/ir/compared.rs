//! Comparisons with a constant: on which side it stands makes no difference, a score may stand behind a name, and what is denied reads
//! best as the opposite comparison.

use super::{Body, CompareOp, Cond, CondKind, Expr, Policy, ScoreId};
use crate::types::{Number, Value};

/// A comparison of a score with points, the score on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared<'c> {
    /// The score.
    pub score: ScoreId,
    /// How they are compared.
    pub op: CompareOp,
    /// The points.
    pub points: &'c Number,
}

impl Expr {
    /// Whether it is a value that stands in the policy as such.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self, Expr::Const(_))
    }
}

impl Cond {
    /// The comparisons of two values that a condition without parts is made of, each with a constant on the right if there is one.
    #[must_use]
    pub fn comparisons(&self) -> Vec<(CompareOp, &Expr, &Expr)> {
        match &self.kind {
            CondKind::Compare { op, left, right } if left.is_constant() => vec![(op.flipped(), right, left)],
            CondKind::Compare { op, left, right } => vec![(*op, left, right)],
            CondKind::Between { value, low, high } => vec![(CompareOp::Ge, value, low), (CompareOp::Le, value, high)],
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => Vec::new(),
        }
    }

    /// That it is surely false, as one says it: `need < 3` where it is `need >= 3`.
    #[must_use]
    pub fn denied(&self) -> Cond {
        let kind = match &self.kind {
            CondKind::Compare { op, left, right: Expr::Const(Value::YesNo(yes)) } => {
                CondKind::Compare { op: *op, left: left.clone(), right: Expr::Const(Value::YesNo(!yes)) }
            }
            CondKind::Compare { op, left, right } => {
                CondKind::Compare { op: op.opposite(), left: left.clone(), right: right.clone() }
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
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => CondKind::Not(Box::new(self.clone())),
        };
        Cond { kind, span: self.span }
    }
}

impl Policy {
    /// What a value is in the end: definitions that are just a value are followed. An id that points nowhere is left as it is.
    #[must_use]
    pub fn behind_names<'v>(&'v self, value: &'v Expr) -> &'v Expr {
        let mut value = value;
        while let Expr::Define(define) = value
            && let Some(Body::Value(body, _)) = self.defines.find(*define).map(|define| &define.body)
        {
            value = body;
        }
        value
    }

    /// The score that a value is, also behind a name.
    #[must_use]
    pub fn score_behind(&self, value: &Expr) -> Option<ScoreId> {
        if let Expr::Score(score) = self.behind_names(value) { Some(*score) } else { None }
    }

    /// The comparisons of a score with points that a condition without parts is made of.
    #[must_use]
    pub fn compared<'c>(&self, cond: &'c Cond) -> Vec<Compared<'c>> {
        let of_score = |(op, value, limit): (CompareOp, &Expr, &'c Expr)| {
            let Expr::Const(Value::Number(points)) = limit else { return None };
            Some(Compared { score: self.score_behind(value)?, op, points })
        };
        // All of it, or nothing.
        cond.comparisons().into_iter().map(of_score).collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}
