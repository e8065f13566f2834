//! What is open: the conditions that can be unknown and the values that can be missing, as far as their form tells.

use std::collections::HashMap;

use super::{ArithmeticOp, Body, CompareOp, Cond, CondKind, DefineId, Expr, Policy};
use crate::types::{Truth, Type, Value};

/// Answers about a policy, each worked out once. "Can" errs on the safe side: two conditions may rule each other out.
#[derive(Debug)]
pub struct Openness<'p> {
    policy: &'p Policy,
    /// Whether the condition of a definition can be unknown, or its value missing.
    defines: HashMap<DefineId, bool>,
}

impl<'p> Openness<'p> {
    /// Nothing is worked out yet.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Openness { policy, defines: HashMap::new() }
    }

    /// Whether a condition can be unknown.
    pub fn can_be_unknown(&mut self, cond: &Cond) -> bool {
        match &cond.kind {
            CondKind::Known(_) | CondKind::IsUnknown(_) | CondKind::IsIncomplete(_) | CondKind::Reached(_) => false,
            CondKind::Const(truth) => *truth == Truth::Unknown,
            CondKind::Define(define) => self.define(*define),
            CondKind::Compare { op: CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge, left, right } => {
                [left, right].into_iter().any(|side| self.can_be_missing(side) || self.can_be_other(side))
            }
            CondKind::Between { value, low, high } => {
                [value, low, high].into_iter().any(|side| self.can_be_missing(side) || self.can_be_other(side))
            }
            CondKind::Compare { op: CompareOp::Eq | CompareOp::Ne, left, right } => {
                self.can_be_missing(left) || self.can_be_missing(right)
            }
            CondKind::In { value, .. } | CondKind::Has { value, .. } | CondKind::Text { value, .. } => {
                self.can_be_missing(value)
            }
            CondKind::Not(_) | CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => {
                cond.parts().iter().any(|part| self.can_be_unknown(part))
            }
        }
    }

    /// Whether a value can be missing.
    pub fn can_be_missing(&mut self, value: &Expr) -> bool {
        match value {
            Expr::Field(id) => self
                .policy
                .fields
                .find(*id)
                .is_some_and(|field| field.default.is_none() && (!field.required || field.else_missing)),
            Expr::Define(define) => self.define(*define),
            Expr::DomainOf(_) => true,
            Expr::Arithmetic(ArithmeticOp::Divide, left, right) => {
                // Without the divisor at hand it may be zero.
                !matches!(&**right, Expr::Const(Value::Number(n)) if !n.is_zero()) || self.can_be_missing(left)
            }
            Expr::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Multiply, left, right) => {
                self.can_be_missing(left) || self.can_be_missing(right)
            }
            Expr::DayOf(inner) | Expr::Lowercase(inner) | Expr::Negative(inner) => self.can_be_missing(inner),
            Expr::Const(_) | Expr::Score(_) | Expr::Grade(_) | Expr::Stage | Expr::AsOf(_) | Expr::AsOfDay(_) => false,
        }
    }

    fn define(&mut self, define: DefineId) -> bool {
        if let Some(known) = self.defines.get(&define) {
            return *known;
        }
        let policy = self.policy;
        let open = match policy.defines.find(define).map(|d| &d.body) {
            Some(Body::Condition(cond)) => self.can_be_unknown(cond),
            Some(Body::Value(value, _)) => self.can_be_missing(value),
            None => false,
        };
        self.defines.insert(define, open);
        open
    }

    /// Whether a value can be outside of its closed set, so that it is neither more nor less than anything.
    fn can_be_other(&self, value: &Expr) -> bool {
        match value {
            Expr::Field(id) => {
                let ty = self.policy.fields.find(*id).map(|f| &f.ty);
                matches!(ty, Some(Type::Choice(choices)) if choices.other)
            }
            Expr::Define(define) => match self.policy.defines.find(*define).map(|d| &d.body) {
                Some(Body::Value(body, _)) => self.can_be_other(body),
                Some(Body::Condition(_)) | None => false,
            },
            Expr::Const(value) => matches!(value, Value::Other(_)),
            Expr::Score(_)
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
}
