//! Conditions: from what was written to the few kinds that the checked policy has.

use super::scope::Scope;
use crate::ir;
use crate::syntax::ast;

/// Lowers a condition; none when something is wrong with it, which is reported.
pub(super) fn condition(scope: &mut Scope, expr: &ast::Expr) -> Option<ir::Cond> {
    let _ = (scope, expr);
    None
}
