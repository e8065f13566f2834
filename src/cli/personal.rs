//! What is personal by now: what anything in a repository calls so, in the commit that is checked out or in the work tree, whatever else is wrong with
//! it there. A version of then may not have known it.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use policyc::ir::{Policy, personal};
use policyc::source::{Files, SourceFile, SourceId};
use policyc::syntax::ast::{FieldOption, LeadItem, Statement};
use policyc::syntax::parse;

use super::console::Stop;
use super::disk;
use super::folder;
use super::git::{Repository, Snapshot};

/// The names of the columns and of the fields that a repository calls personal, as they are compared.
pub(super) fn by_now(repository: &Rc<Repository>) -> Result<BTreeSet<String>, Stop> {
    let mut names = BTreeSet::new();
    if let Some(head) = repository.head()? {
        let head = Snapshot::new(Rc::clone(repository), head);
        let policies = head.policies("").ok().flatten().unwrap_or_default();
        let texts = policies.into_iter().filter_map(|path| Some((head.read(&path).ok()?, path)));
        texts.for_each(|(text, path)| names.extend(called(&path, &text)));
    }
    repository.sound()?;
    if let Some(top) = repository.work_tree() {
        let below = folder::below(top)?.map(|below| below.policies).unwrap_or_default();
        let texts = below.iter().filter_map(|file| Some((disk::bytes(file).ok()?, file)));
        texts.for_each(|(text, file)| names.extend(called(&file.to_string_lossy(), &text)));
    }
    Ok(names)
}

/// Those of a policy.
pub(super) fn of(policy: &Policy) -> BTreeSet<String> {
    personal::names(policy).collect()
}

/// Those of a file, if there is one, whatever is wrong with it.
pub(super) fn of_file(file: &Path) -> BTreeSet<String> {
    disk::bytes(file).map(|text| called(&file.to_string_lossy(), &text).collect()).unwrap_or_default()
}

/// Those of a text. A field of which not all can be read may be personal.
fn called(path: &str, text: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(text).into_owned();
    let statements = parse(&SourceFile::new(SourceId(0), path.to_owned(), text)).file.statements;
    let items = statements.into_iter().flat_map(|statement| match statement.node {
        Statement::Lead { items } => items,
        _ => Vec::new(),
    });
    items
        .flat_map(|item| match item.node {
            LeadItem::Field { name, options, .. } => {
                let is_personal = options.iter().any(|option| option.node == FieldOption::Personal);
                let columns = options.into_iter().filter_map(|option| match option.node {
                    FieldOption::From(column) => Some(column.value),
                    _ => None,
                });
                let names: Vec<String> = std::iter::once(name.text).chain(columns).filter(|_| is_personal).collect();
                names
            }
            LeadItem::Broken { declares } => declares.map(|name| name.text).into_iter().collect(),
            LeadItem::Assume(_) => Vec::new(),
        })
        .map(|name| personal::compared(&name))
}
