//! Who owns the lists and the libraries of a policy; what a library brings in belongs to who owns the library, unless it says otherwise.

use super::header;
use super::load::Loaded;
use super::scope::Scope;
use crate::ir::{Owned, Ownership};
use crate::source::SourceId;
use crate::syntax::ast::{Noted, Owners, Statement};

/// Collects who owns lists and libraries.
pub(super) fn owners(scope: &mut Scope, loaded: &Loaded) {
    let mut found = Vec::new();
    let mut way = Vec::new();
    collect(loaded, SourceId(0), &[], &mut way, &mut found);
    scope.policy.ownership = found;
}

fn collect(
    loaded: &Loaded,
    file: SourceId,
    inherited: &[String],
    way: &mut Vec<(SourceId, Vec<String>)>,
    found: &mut Vec<Ownership>,
) {
    // A file that many others bring in is looked at once for each of its owners, not once for each way to it.
    let entry = (file, inherited.to_vec());
    if way.contains(&entry) {
        return;
    }
    way.push(entry);
    let Some(module) = loaded.module(file) else { return };
    for (position, statement) in module.file.statements.iter().enumerate() {
        match &statement.node {
            Statement::Use { owners, .. } | Statement::RulesFrom { owners, .. } => {
                let Some(link) = module.links.get(&position) else { continue };
                let owners = nearest(owners.as_ref(), inherited);
                add(Owned::Library(link.0), &owners, found);
                collect(loaded, *link, &owners, way, found);
            }
            Statement::List { name, owners, .. } => {
                add(Owned::List(name.text.clone()), &nearest(owners.as_ref(), inherited), found);
            }
            Statement::Policy { .. }
            | Statement::Lead { .. }
            | Statement::Decisions { .. }
            | Statement::Define { .. }
            | Statement::Score { .. }
            | Statement::Grade { .. }
            | Statement::Stage { .. }
            | Statement::Section { .. }
            | Statement::Rule { .. }
            | Statement::Otherwise(_)
            | Statement::Property { .. }
            | Statement::Test { .. }
            | Statement::Broken { .. } => {}
        }
    }
}

fn nearest(own: Option<&Noted<Owners>>, inherited: &[String]) -> Vec<String> {
    own.map_or_else(|| inherited.to_vec(), |own| header::owners(&own.node))
}

/// Adds owners of something; what is brought in twice belongs to all who own it.
fn add(of: Owned, owners: &[String], found: &mut Vec<Ownership>) {
    if owners.is_empty() {
        return;
    }
    match found.iter_mut().find(|ownership| ownership.of == of) {
        Some(ownership) => {
            let new: Vec<String> = owners.iter().filter(|owner| !ownership.owners.contains(owner)).cloned().collect();
            ownership.owners.extend(new);
        }
        None => found.push(Ownership { of, owners: owners.to_vec() }),
    }
}
