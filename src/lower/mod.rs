//! From syntax trees to the checked policy: resolves names, checks types, takes the sugar out.

mod arithmetic;
mod blanks;
mod cells;
mod compare;
mod cond;
mod currencies;
mod decisions;
mod declare;
mod define;
mod fields;
mod grade;
mod growth;
mod header;
mod kinds;
mod library;
mod lists;
mod literal;
mod load;
mod misfit;
mod mixing;
mod names;
mod naming;
mod owners;
mod properties;
mod range;
mod references;
mod rules;
mod scope;
mod score;
mod sets;
mod stage;
mod tests;
mod text;
mod time;
mod value;
mod warnings;
mod withheld;
mod written;

use load::Loaded;
use scope::Scope;

use crate::diagnostic::{self, Diagnostic};
use crate::ir::Policy;
use crate::source::{Files, Sources};
use crate::syntax::ast;

/// What became of a policy's text.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Every file that was read.
    pub sources: Sources,
    /// The policy, when nothing is wrong with it.
    pub policy: Option<Policy>,
    /// Whether the file is a library: it has no `policy` statement and is checked through the policies that use it.
    pub library: bool,
    /// Everything that was found in all its files, in the order of the files and their lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks the policy at `path`, with everything that it uses.
#[must_use]
pub fn check(path: &str, files: &dyn Files) -> Checked {
    let mut loaded = load::load(path, files);
    let mut scope = Scope::new();
    scope.sources = std::mem::take(&mut loaded.sources);
    scope.diagnostics = std::mem::take(&mut loaded.diagnostics);
    scope.unread = scope.diagnostics.iter().filter_map(Diagnostic::span).collect();
    scope.open = loaded.incomplete;
    library::check(&mut scope, &loaded);
    let library = library::is_library(&loaded);
    if !library {
        policy(&mut scope, &loaded, files);
    }
    let Scope { sources, policy, mut diagnostics, .. } = scope;
    diagnostic::sort(&mut diagnostics);
    let sound = !library && !diagnostic::any_error(&diagnostics);
    Checked { sources, policy: sound.then_some(policy), library, diagnostics }
}

/// Lowers a policy: first what its names stand for, then what uses them.
fn policy(scope: &mut Scope, loaded: &Loaded, files: &dyn Files) {
    let Some(root) = loaded.modules.first() else { return };
    let statements = loaded.statements();
    scope.policy.sources = scope.sources.iter().map(|file| file.path.clone()).collect();
    header::header(scope, &root.file);
    owners::owners(scope, loaded);
    declare::declare(scope, &statements, files);
    declare::require_blocks(scope, root, &statements);
    withheld::columns(scope);
    for statement in &statements {
        if let ast::Statement::Lead { items } = &statement.node {
            assumptions(scope, items);
        }
    }
    rules::rules(scope, loaded);
    properties::properties(scope, &statements);
    define::finish(scope);
    for statement in &root.file.statements {
        if let ast::Statement::Test { title, items } = &statement.node {
            tests::test(scope, title, items, statement.loc.0);
        }
    }
    // A definition may be unused, or a decision not given, only because what would do so is broken; and what is personal is known
    // when every field and definition is.
    if !diagnostic::any_error(&scope.diagnostics) {
        warnings::unused(scope);
        withheld::points(scope);
    }
}

fn assumptions(scope: &mut Scope, items: &[ast::Noted<ast::LeadItem>]) {
    for item in items {
        if let ast::LeadItem::Assume(condition) = &item.node {
            let condition = cond::condition(scope, condition);
            scope.policy.assumptions.extend(condition);
        }
    }
}
