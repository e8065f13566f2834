//! Lists that nothing asks for, and those that are read otherwise than before: they are compared as they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::Side;
use crate::diff::{Diff, Edit, Kind};
use crate::ir::{Cond, Policy, listed, visit};
use crate::syntax::ast::{ListValues, Statement};
use crate::syntax::parse;

/// Those lists that are written otherwise and of which the difference does not know, each with its owners before and now. Of one that is read from a file, only where it is read
/// from is compared.
pub(super) fn changed([old, new]: [Side<'_>; 2], diff: Option<&Diff<'_>>) -> Vec<(String, BTreeSet<String>)> {
    let (Some(before), Some(now)) = (old.policy, new.policy) else { return Vec::new() };
    // What a test alone asks for on both sides is compared as what rules ask for is.
    let asked = [before, now].map(|policy| named(policy, visit::conditions(policy)));
    let tested = [before, now].map(|policy| named(policy, visit::expected(policy)));
    let holds = [before, now].map(listed::lists);
    let [held, holds] = &holds;
    let is_read_as_before =
        |name: &str| held.iter().filter(|(list, _)| *list == name).eq(holds.iter().filter(|(list, _)| *list == name));
    let is_compared = |name: &str| {
        let is_edited = |edit: &Edit| edit.kind == Kind::List && edit.name == name;
        let is_asked = asked.iter().any(|asked| asked.contains(name)) || tested.iter().all(|all| all.contains(name));
        is_asked && is_read_as_before(name) || diff.is_some_and(|diff| diff.edits.iter().any(is_edited))
    };
    let (was, is) = (lists(old), lists(new));
    let differs = was.iter().filter(|(name, values)| is.get(*name).is_some_and(|now| now != *values));
    let differs = differs.map(|(name, _)| name).filter(|name| !is_compared(name));
    let owners = |name: &str| before.owners_of_list(name).iter().chain(now.owners_of_list(name)).cloned().collect();
    differs.map(|name| (format!("the list `{name}` is changed"), owners(name))).collect()
}

/// The lists that some conditions ask for.
fn named<'p>(policy: &'p Policy, conds: impl Iterator<Item = &'p Cond>) -> BTreeSet<&'p str> {
    listed::asked(policy, conds).into_iter().map(|asked| asked.list).collect()
}

/// What the lists of a policy and its libraries hold, in whatever order; it makes no difference whether quotes are around a value.
fn lists(side: Side<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in side.batch.sources.iter() {
        for statement in &parse(file).file.statements {
            if let Statement::List { name, values, .. } = &statement.node {
                let values: BTreeSet<String> = match values {
                    ListValues::Inline(values) => {
                        values.iter().map(|value| file.slice(value.node.loc.0).trim_matches('"').to_owned()).collect()
                    }
                    ListValues::File { path, column } => [Some(path), column.as_ref()]
                        .into_iter()
                        .map(|text| format!("{:?}", text.map(|t| &t.value)))
                        .collect(),
                };
                lists.entry(name.text.clone()).or_default().extend(values);
            }
        }
    }
    lists
}
