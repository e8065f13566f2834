//! Named lists: they differ by their members, of which all would be too much to read.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::edit::{Differences, Edit, Kind, Said, What};
use crate::ir::listed::{self, Asked};
use crate::ir::{Cond, Expr, Policy, print, visit};
use crate::types::{Type, Value};

/// As what the conditions that ask for a list read its values: as which type, and whether as texts whose case counts.
type Reading = (String, bool);

/// What a list holds, by how it is read.
#[derive(Debug, Clone, Default)]
struct List(BTreeMap<Reading, Vec<String>>);

impl List {
    /// The members, each once, in those readings alone that another list has, too, unless it has none of them: what it holds in others is not
    /// known there.
    fn beside(&self, other: &List) -> Vec<&String> {
        let is_shared = |reading: &Reading| other.0.contains_key(reading);
        let any_shared = self.0.keys().any(is_shared);
        let counts = self.0.iter().filter(|(reading, _)| !any_shared || is_shared(reading));
        let mut seen = BTreeSet::new();
        counts.flat_map(|(_, members)| members).filter(|member| seen.insert(*member)).collect()
    }

    /// Whether it has a reading that another list lacks, in which it holds something else than in those that both have: what the other one holds so
    /// is not known.
    fn is_read_otherwise(&self, other: &List) -> bool {
        let shared: BTreeSet<&str> = self.beside(other).into_iter().map(|member| member.trim_matches('"')).collect();
        let apart = self.0.iter().filter(|(reading, _)| !other.0.contains_key(*reading));
        apart.into_iter().any(|(_, members)| {
            members.iter().map(|member| member.trim_matches('"')).collect::<BTreeSet<&str>>() != shared
        })
    }
}

/// The lists that some conditions ask for.
fn named<'p>(policy: &'p Policy, conds: impl Iterator<Item = &'p Cond>, case: &Case) -> BTreeMap<String, List> {
    let mut lists: BTreeMap<String, List> = BTreeMap::new();
    for Asked { list, value, held } in listed::asked(policy, conds) {
        let ty = policy.type_of(value);
        let is_lower = matches!(policy.behind_names(value), Expr::Lowercase(_) | Expr::DomainOf(_));
        let folded = case.is_of(policy, value);
        let words = |value: &Value| {
            let text = print::literal(value, ty.as_deref());
            if folded { text.to_lowercase() } else { text }
        };
        let cased = matches!(ty.as_deref(), Some(Type::Text)) && !is_lower && !folded;
        let readings = &mut lists.entry(list.to_owned()).or_default().0;
        let members = || held.values(policy).iter().map(words).collect();
        readings.entry((format!("{:?}", ty.as_deref()), cased)).or_insert_with(members);
    }
    lists
}

/// The named lists that are held against a text whose case has come to matter, or ceased to.
fn of_cased_fields(policy: &Policy, case: &Case) -> Vec<String> {
    let asked = listed::asked(policy, visit::conditions(policy)).into_iter();
    asked.filter(|asked| case.is_of(policy, asked.value)).map(|asked| asked.list.to_owned()).collect()
}

/// Compares the lists that both policies ask for, or one of them; others may be there all the same.
pub(super) fn compare(before: &Policy, now: &Policy, found: &mut Differences) {
    let is_there = |policy: &Policy, name: &str| policy.ownership_of_list(name).is_some();
    let is_from_file =
        |policy: &Policy, name: &str| policy.ownership_of_list(name).is_some_and(|own| own.file.is_some());
    let (stays, was_there) = (|name: &str| is_there(now, name), |name: &str| is_there(before, name));
    let members = |members: Vec<&String>| members.into_iter().cloned().collect::<BTreeSet<String>>();
    let [mut old, mut new] = [before, now].map(|policy| named(policy, visit::conditions(policy), &found.case));
    // A test alone makes no difference of a list that it comes to ask for, or no longer does.
    let tested = [before, now].map(|policy| named(policy, visit::expected(policy), &found.case));
    let [tested_before, tested_now] = tested;
    for (name, list) in tested_before {
        let is_asked = old.contains_key(&name) || new.contains_key(&name);
        if let Some(now) = tested_now.get(&name).filter(|_| !is_asked) {
            new.insert(name.clone(), now.clone());
            old.insert(name, list);
        }
    }
    let mut renamed: Vec<[&String; 2]> = Vec::new();
    for (name, list) in old.iter().filter(|(name, _)| !new.contains_key(*name) && !stays(name)) {
        let is_it = |(other, now): &(&String, &List)| {
            !old.contains_key(*other)
                && !was_there(other)
                && !renamed.iter().any(|[_, is]| is == other)
                && members(now.beside(list)) == members(list.beside(now))
        };
        // Of several with these values, the one of the same owners is meant.
        let passed = |other: &str| before.owners_of_list(name) != now.owners_of_list(other);
        let heir = new.iter().filter(is_it).min_by_key(|(other, _)| passed(other));
        renamed.extend(heir.map(|(other, _)| [name, other]));
    }
    let stayed = old.keys().filter(|name| new.contains_key(*name)).map(|name| [name, name]);
    let pairs: Vec<[&String; 2]> = stayed.chain(renamed.iter().copied()).collect();
    let edit = |[was, is]: [&String; 2], what| {
        let said = |name: &String| Some(Said { text: format!("list {name}"), span: None });
        let other_name = Some(was).filter(|was| *was != is).cloned();
        Edit { kind: Kind::List, name: is.clone(), was: other_name, what, old: said(was), new: said(is) }
    };
    // What was typed of words whose case has come to matter, or ceased to, is not known.
    let cased_fields = [before, now].map(|policy| of_cased_fields(policy, &found.case)).concat();
    let is_cased = |[was, is]: &[&String; 2]| {
        // One that stands in a policy can be compared as it is written.
        let in_file = is_from_file(before, was) || is_from_file(now, is);
        let both = old.get(*was).zip(new.get(*is)).filter(|_| in_file);
        let differs = both.is_some_and(|(old, new)| old.is_read_otherwise(new) || new.is_read_otherwise(old));
        differs || cased_fields.contains(was) || cased_fields.contains(is)
    };
    found.cased.extend(pairs.iter().filter(|pair| is_cased(pair)).map(|pair| edit(*pair, What::Changed)));
    found.wording.extend(renamed.iter().map(|pair| edit(*pair, What::Renamed)));
    let renamed: Vec<&String> = renamed.into_iter().flatten().collect();
    let nothing = List::default();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        // One that was there, or is still, though nothing asks for it, is compared as it is written.
        let is_asked_by_one = old.contains_key(name) != new.contains_key(name);
        let in_file = is_from_file(before, name) || is_from_file(now, name);
        if renamed.contains(&name) || is_asked_by_one && was_there(name) && stays(name) && !in_file {
            continue;
        }
        let (list_before, list_now) = (old.get(name), new.get(name));
        let what = match (list_before, list_now) {
            (None, _) => What::Added,
            (_, None) => What::Removed,
            (Some(_), Some(_)) => What::Changed,
        };
        let (list_before, list_now) = (list_before.unwrap_or(&nothing), list_now.unwrap_or(&nothing));
        let (members_before, members_now) = (list_before.beside(list_now), list_now.beside(list_before));
        let only = |these: &[&String], those: &[&String]| {
            let those: BTreeSet<&String> = those.iter().copied().collect();
            let words: Vec<&str> =
                these.iter().filter(|member| !those.contains(*member)).map(|member| member.as_str()).collect();
            (!words.is_empty()).then(|| Said { text: words.join(", "), span: None })
        };
        let (gone, come) = (only(&members_before, &members_now), only(&members_now, &members_before));
        if what != What::Changed || gone.is_some() || come.is_some() {
            found.edits.push(Edit { kind: Kind::List, name: name.clone(), was: None, what, old: gone, new: come });
        }
    }
}
