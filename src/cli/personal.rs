//! What is personal by now: what anything in a repository calls so, in the commit that is checked out or in the work tree, whatever else is wrong with
//! it there. A version of then may not have known it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use policyc::ir::{Policy, personal};
use policyc::source::{Files, SourceFile, SourceId};
use policyc::syntax::ast::{FieldOption, LeadItem, Statement};
use policyc::syntax::parse;

use super::console::Stop;
use super::disk;
use super::folder;
use super::git::{Repository, Snapshot};

/// The names of the columns and of the fields that a repository calls personal, as they are compared; a policy at `own` counts wherever it stands.
pub(super) fn by_now(repository: &Rc<Repository>, own: &str) -> Result<BTreeSet<String>, Stop> {
    let mut names = BTreeSet::new();
    if let Some(head) = repository.head()? {
        let head = Snapshot::new(Rc::clone(repository), head);
        let policies = head.policies("").map_err(|error| {
            Stop::because(format!("what is personal by now cannot be looked for: {}", disk::read_words(&error)))
        })?;
        let policies = policies.unwrap_or_default();
        let texts =
            policies.iter().map(String::as_str).chain([own]).filter_map(|path| Some((head.read(path).ok()?, path)));
        texts.for_each(|(text, path)| names.extend(called(path, &text)));
    }
    repository.sound()?;
    let standing = repository.work_tree().map(standing).unwrap_or_default();
    standing.into_iter().chain(repository.in_work_tree(own)).for_each(|file| names.append(&mut of_file(&file)));
    Ok(names)
}

/// The `*.policy` files of a work tree. What cannot be looked into is passed over, and so are links: nobody has asked for it.
fn standing(top: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders, mut seen) = (Vec::new(), vec![top.to_owned()], 0);
    while let Some(folder) = folders.pop().filter(|_| seen < folder::MOST_FOLDERS) {
        seen += 1;
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            match kind {
                _ if folder::is_hidden(&path) => {}
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() && folder::is_policy(&path) => found.push(path),
                Ok(_) | Err(_) => {}
            }
        }
    }
    found
}

/// Those of a policy.
pub(super) fn of(policy: &Policy) -> BTreeSet<String> {
    personal::names(policy).collect()
}

/// Those of a file, if there is one, whatever is wrong with it.
pub(super) fn of_file(file: &Path) -> BTreeSet<String> {
    let is_file = file.metadata().is_ok_and(|found| found.is_file());
    let text = is_file.then(|| disk::bytes(file).ok()).flatten();
    text.map(|text| called(&file.to_string_lossy(), &text)).unwrap_or_default()
}

/// Those of a text. What cannot be read of it may be a personal field: of such a text, whatever stands in a line with that word.
fn called(path: &str, text: &[u8]) -> BTreeSet<String> {
    let source = SourceFile::new(SourceId(0), path.to_owned(), String::from_utf8_lossy(text).into_owned());
    let parsed = parse(&source);
    let mut names: Vec<String> = Vec::new();
    for statement in parsed.file.statements {
        let Statement::Lead { items } = statement.node else { continue };
        for item in items {
            let LeadItem::Field { name, options, .. } = item.node else { continue };
            if options.iter().any(|option| option.node == FieldOption::Personal) {
                names.push(name.text);
                names.extend(options.into_iter().filter_map(|option| match option.node {
                    FieldOption::From(column) => Some(column.value),
                    _ => None,
                }));
            }
        }
    }
    let odd = source.text.lines().filter(|line| !parsed.diagnostics.is_empty() && line.contains("personal"));
    for line in odd {
        names.extend(line.split('"').map(str::to_owned));
        names.extend(line.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
    }
    names.iter().map(|name| personal::compared(name)).filter(|name| !name.is_empty()).collect()
}
