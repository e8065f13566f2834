//! Definitions: a condition or a value under a name. Lowered when first needed, as scores, grades and stages are.

use std::rc::Rc;

use super::cond::condition;
use super::growth;
use super::kinds::plain;
use super::references::{Node, require, require_stages};
use super::scope::{Scope, Ty};
use super::value::{stands_for_condition, value};
use crate::ir::{Body, DefineId, Id};
use crate::source::Span;
use crate::syntax::ast::Expr;
use crate::types::Type;

/// Lowers every definition, score, grade and stage that no use has lowered yet.
pub(super) fn finish(scope: &mut Scope) {
    let declared: Vec<(Node, Span)> = scope
        .policy
        .defines
        .iter()
        .map(|(id, d)| (Node::Define(id), d.span))
        .chain(scope.policy.scores.iter().map(|(id, s)| (Node::Score(id), s.span)))
        .chain(scope.policy.grades.iter().map(|(id, g)| (Node::Grade(id), g.span)))
        .collect();
    for (node, span) in declared {
        require(scope, node, span);
    }
    for position in 0..scope.policy.stages.len() {
        let span = scope.policy.stages.iter().nth(position).map(|(_, s)| s.span);
        require_stages(scope, position + 1, span.unwrap_or_default());
    }
}

/// Lowers a definition.
pub(super) fn lower(scope: &mut Scope, id: DefineId) {
    let Some(body) = scope.waiting.defines.get(id.position()).map(|w| Rc::clone(&w.body)) else { return };
    let (body, ty) = match meaning(scope, &body) {
        Some((body, ty)) => (Some(body), ty),
        None => (None, Ty::Broken),
    };
    scope.define_types.insert(id, ty);
    if let Some(body) = body {
        growth::remember_define(scope, id, &body);
        if let Some(define) = scope.policy.defines.get_mut(id) {
            define.body = body;
        }
    }
}

/// What a definition stands for; a condition counts as yes or no.
fn meaning(scope: &mut Scope, body: &Expr) -> Option<(Body, Ty)> {
    if stands_for_condition(scope, body)? {
        let cond = condition(scope, body)?;
        return Some((Body::Condition(cond), Ty::Is(Type::YesNo)));
    }
    let (value, ty) = value(scope, body)?;
    let plain = plain(&ty)?;
    Some((Body::Value(value, plain), ty))
}
