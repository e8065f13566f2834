//! What would give away the value of a personal field. Scores, grades and the stage are outcomes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Body, Cond, Expr, Field, Id, Policy, tidy};

/// Answers about one policy.
#[derive(Debug)]
pub struct Personal<'p> {
    policy: &'p Policy,
    /// For each definition whether its value is made of personal ones.
    defines: Vec<bool>,
}

impl<'p> Personal<'p> {
    /// Looks at a policy.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Personal<'p> {
        let mut personal = Personal { policy, defines: Vec::with_capacity(policy.defines.len()) };
        // A definition uses earlier ones only.
        for (_, define) in policy.defines.iter() {
            let is = match &define.body {
                Body::Value(body, _) => personal.is(body),
                Body::Condition(_) => false,
            };
            personal.defines.push(is);
        }
        personal
    }

    /// Whether a value would give away that of a personal field.
    #[must_use]
    pub fn is(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Field(field) => self.policy.fields[*field].personal,
            Expr::Define(define) => self.defines.get(define.position()).copied().unwrap_or(false),
            Expr::DayOf(_) | Expr::Lowercase(_) | Expr::DomainOf(_) | Expr::Negative(_) | Expr::Arithmetic(..) => {
                expr.parts().into_iter().any(|part| self.is(part))
            }
            Expr::Const(_) | Expr::Score(_) | Expr::Grade(_) | Expr::Stage | Expr::AsOf(_) | Expr::AsOfDay(_) => false,
        }
    }

    /// Whether a condition, parts left out, is a test of a personal value.
    #[must_use]
    pub fn is_tested(&self, cond: &Cond) -> bool {
        cond.operands().into_iter().any(|operand| self.is(operand))
    }
}

/// A name of a column or of a field as it is compared with others: JSON leads may have it in another case.
#[must_use]
pub fn compared(name: &str) -> String {
    tidy(name).to_lowercase()
}

/// The names of personal fields and of their columns, as they are compared.
pub fn names(policy: &Policy) -> impl Iterator<Item = String> {
    let personal = policy.fields.iter().filter(|(_, field)| field.personal);
    personal.flat_map(|(_, field)| [&field.name, &field.column]).map(|name| compared(name))
}

/// The policy with all of its fields personal that are called like one of these, or read a column that is, as another version of it has them. What
/// leads are called by stays: it cannot be.
#[must_use]
pub fn hiding<'p>(policy: &'p Policy, names: &BTreeSet<String>) -> Cow<'p, Policy> {
    let hides =
        |field: &Field| !field.is_id && [&field.name, &field.column].iter().any(|name| names.contains(&compared(name)));
    if !policy.fields.iter().any(|(_, field)| !field.personal && hides(field)) {
        return Cow::Borrowed(policy);
    }
    Cow::Owned(policy.with_fields(|_, field| Field { personal: field.personal || hides(field), ..field.clone() }))
}
