//! Stages of the funnel.

use std::rc::Rc;

use super::cond::condition;
use super::scope::Scope;
use crate::ir::{Id, StageId};

/// Lowers a stage.
pub(super) fn lower(scope: &mut Scope, id: StageId) {
    let Some(body) = scope.waiting.stages.get(id.position()).map(|w| Rc::clone(&w.body)) else { return };
    if let Some(when) = condition(scope, &body)
        && let Some(stage) = scope.policy.stages.get_mut(id)
    {
        stage.when = when;
    }
}
