//! What a library may hold: everything that a policy can share, but no sections, no `otherwise` and no tests.

use super::load::{Loaded, Module, policy_statement};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};
use crate::syntax::ast::Statement;

/// Whether the file that is checked is a library. When its first statement could not be read, that may be the `policy`.
pub(super) fn is_library(loaded: &Loaded) -> bool {
    loaded.module(SourceId(0)).is_some_and(|module| {
        let broken_first = module.file.statements.first().is_some_and(|s| matches!(s.node, Statement::Broken { .. }));
        policy_statement(&module.file).is_none() && !broken_first
    })
}

/// Reports the first statement of each library that only a policy can have.
pub(super) fn check(scope: &mut Scope, loaded: &Loaded) {
    for (position, module) in loaded.modules.iter().enumerate() {
        let is_root = position == 0;
        if policy_statement(&module.file).is_some() || (is_root && !is_library(loaded)) {
            continue;
        }
        if let Some((place, what)) = first_misplaced(module) {
            let help = if is_root {
                "a policy begins with `policy \"...\"`: put that line first; without it, the file is a library"
            } else {
                "move it into the policies that bring this file in"
            };
            scope.report(
                Diagnostic::new(Code::P0206, format!("{what} cannot stand in a file without a `policy` statement"))
                    .at(place, "")
                    .help(help),
            );
        }
    }
}

fn first_misplaced(module: &Module) -> Option<(Span, &'static str)> {
    module.file.statements.iter().find_map(|statement| match &statement.node {
        Statement::Section { title, .. } => Some((title.loc.0, "a section")),
        Statement::Otherwise(otherwise) => Some((otherwise.decision.loc.0, "`otherwise`")),
        Statement::Test { title, .. } => Some((title.loc.0, "a test")),
        Statement::Policy { .. }
        | Statement::Use { .. }
        | Statement::RulesFrom { .. }
        | Statement::Lead { .. }
        | Statement::Decisions { .. }
        | Statement::List { .. }
        | Statement::Define { .. }
        | Statement::Score { .. }
        | Statement::Grade { .. }
        | Statement::Stage { .. }
        | Statement::Rule { .. }
        | Statement::Property { .. }
        | Statement::Broken { .. } => None,
    })
}
