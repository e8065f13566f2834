//! From a trace to reasons that a person can read.

use serde::Serialize;

use crate::eval::Evaluator;
use crate::ir::Lead;

/// Why one lead went where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {}

/// Explains the decision of a lead; `name` is how the lead is called.
#[must_use]
pub fn explain(evaluator: &Evaluator<'_>, name: &str, lead: &Lead, show_personal: bool) -> Explanation {
    let _ = (evaluator, name, lead, show_personal);
    Explanation {}
}
