//! Literals: a written value as a value of the type that its place asks for.

use super::scope::Scope;
use crate::syntax::ast;
use crate::types::{Type, Value};

/// A literal as a value of this type; none when it is not one, which is reported.
pub(super) fn literal(scope: &mut Scope, literal: &ast::Literal, ty: &Type) -> Option<Value> {
    let _ = (scope, literal, ty);
    None
}
