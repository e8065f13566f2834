//! What is worth a look in a policy that works: definitions and lists that nothing uses, decisions that no rule gives.

use std::collections::HashSet;

use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::DecisionId;
use crate::source::{SourceId, Span};

/// Warns of what the policy's own file declares in vain; what a library declares may be for other policies.
pub(super) fn unused(scope: &mut Scope) {
    let mut warnings = Vec::new();
    let defines = scope.policy.defines.iter().map(|(_, define)| (&define.name, define.span));
    let lists = scope.lists.iter().map(|list| (&list.name, list.span));
    for (name, span) in defines.chain(lists).filter(|(name, span)| own(*span) && !scope.used.contains(*name)) {
        warnings.push(
            Diagnostic::new(Code::P0221, format!("nothing uses `{name}`"))
                .at(span, "")
                .help("take it out, or use it in a rule"),
        );
    }
    let given: HashSet<DecisionId> = scope.policy.rules.iter().map(|(_, rule)| rule.decision).collect();
    for (id, decision) in scope.policy.decisions.iter().filter(|(_, decision)| own(decision.span)) {
        if !given.contains(&id) {
            warnings.push(
                Diagnostic::new(Code::P0220, format!("no rule ever decides `{}`", decision.phrase))
                    .at(decision.span, "")
                    .help("write the rule that gives it, or take it out"),
            );
        }
    }
    warnings.into_iter().for_each(|warning| scope.report(warning));
}

fn own(span: Span) -> bool {
    span.source == SourceId(0)
}
