//! Days, instants and stretches of time as they are written.

use super::scope::Scope;
use crate::ir::TestTime;
use crate::syntax::ast;
use crate::types::Shift;

/// A date (a day), or a date with a time (an instant; read in the policy's zone when it names none); none when there is
/// no such day or time, which is reported.
pub(super) fn moment(scope: &mut Scope, date: &ast::DateLit) -> Option<TestTime> {
    let _ = (scope, date);
    None
}

/// A stretch of time, ahead of or back from now; none when it is not a whole number of at most 100 years, which is reported.
pub(super) fn shift(scope: &mut Scope, count: &ast::NumberLit, unit: ast::TimeUnit, ahead: bool) -> Option<Shift> {
    let _ = (scope, count, unit, ahead);
    None
}
