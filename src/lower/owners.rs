//! Who owns the lists and the libraries of a policy; what a library brings in belongs to who owns the library, unless it says otherwise.

use std::collections::BTreeSet;

use super::header;
use super::load::{Loaded, locate};
use super::scope::Scope;
use crate::ir::{Owned, Ownership};
use crate::source::{SourceId, Sources};
use crate::syntax::ast::{ListValues, Statement};

/// Collects who owns lists and libraries.
pub(super) fn owners(scope: &mut Scope, loaded: &Loaded) {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    libraries(loaded, SourceId(0), &[], &mut seen, &mut found);
    lists(loaded, &scope.sources, &mut found);
    scope.policy.ownership = found;
}

/// Who owns the files that a file brings in: those that the statement names. Without any, who owns the file that brings it in first.
fn libraries(
    loaded: &Loaded,
    file: SourceId,
    inherited: &[String],
    seen: &mut BTreeSet<SourceId>,
    found: &mut Vec<Ownership>,
) {
    let Some(module) = loaded.module(file) else { return };
    for (position, link) in &module.links {
        let Some(statement) = module.file.statements.get(*position) else { continue };
        let (Statement::Use { owners, path } | Statement::RulesFrom { owners, path }) = &statement.node else {
            continue;
        };
        let first = seen.insert(*link);
        let owners = match owners {
            Some(own) => header::owners(&own.node),
            None if first => inherited.to_vec(),
            None => Vec::new(),
        };
        add(Ownership { of: Owned::Library(link.0), owners: owners.clone(), file: None, span: path.loc.0 }, found);
        if first {
            libraries(loaded, *link, &owners, seen, found);
        }
    }
}

/// Who owns lists: those that the statement names, else who owns its file.
fn lists(loaded: &Loaded, sources: &Sources, found: &mut Vec<Ownership>) {
    for (file, module) in (0..).zip(&loaded.modules) {
        let of_file = found.iter().find(|own| own.of == Owned::Library(file)).map(|own| own.owners.clone());
        for statement in &module.file.statements {
            if let Statement::List { name, owners, values } = &statement.node {
                let own = owners.as_ref().map(|own| header::owners(&own.node));
                let owners = own.or_else(|| of_file.clone()).unwrap_or_default();
                let from = || sources.get(SourceId(file)).map_or("", |source| source.path.as_str());
                let file = match values {
                    ListValues::Inline(_) => None,
                    ListValues::File { path, .. } => locate(from(), path).ok(),
                };
                add(Ownership { of: Owned::List(name.text.clone()), owners, file, span: name.loc.0 }, found);
            }
        }
    }
}

/// Adds owners of something, and the file of a list whoever owns it; what several statements give to teams belongs to all of them.
fn add(new: Ownership, found: &mut Vec<Ownership>) {
    if new.owners.is_empty() && new.file.is_none() {
        return;
    }
    match found.iter_mut().find(|own| own.of == new.of) {
        Some(own) => {
            let others: Vec<String> = new.owners.into_iter().filter(|owner| !own.owners.contains(owner)).collect();
            own.owners.extend(others);
        }
        None => found.push(new),
    }
}
