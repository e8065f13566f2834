//! Properties: what a policy, or a library that it uses, claims of its decisions for every possible lead.

use super::scope::Scope;
use super::{cond, decisions};
use crate::ir::{Claim, Property};
use crate::syntax::ast::{self, Statement};

/// Lowers `never` and `always`, in the order of the statements. It makes no difference where they stand.
pub(super) fn properties(scope: &mut Scope, statements: &[&ast::Noted<Statement>]) {
    for statement in statements {
        let Statement::Property { claim, decision, condition, because } = &statement.node else { continue };
        let lowered = (decisions::decision(scope, decision), cond::condition(scope, condition));
        let (Some(decision), Some(condition)) = lowered else { continue };
        scope.policy.properties.push(Property {
            claim: match claim {
                ast::Claim::NeverWhen => Claim::NeverWhen,
                ast::Claim::NeverUnless => Claim::NeverUnless,
                ast::Claim::AlwaysWhen => Claim::AlwaysWhen,
            },
            decision,
            condition,
            because: because.as_ref().map(|text| text.node.value.clone()),
            span: statement.loc.0,
        });
    }
}
