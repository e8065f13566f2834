//! Who owns what of a policy, as a table, and what of it has passed to other teams.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diff::{Diff, Step};
use crate::ir::{Owned, Policy};

/// What is owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// The policy.
    Policy,
    /// A section.
    Section,
    /// A rule.
    Rule,
    /// A list.
    List,
    /// A definition.
    Define,
    /// A score.
    Score,
    /// A grade.
    Grade,
    /// A file that is brought in.
    Library,
}

/// Who owns something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Owning {
    /// What it is.
    pub item: Item,
    /// Its name: of a policy or a section its title, of a library its path.
    pub name: String,
    /// The file that it stands in.
    pub path: String,
    /// The teams; none when nobody is named.
    pub owners: Vec<String>,
}

impl Item {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Item::Policy => "policy",
            Item::Section => "section",
            Item::Rule => "rule",
            Item::List => "list",
            Item::Define => "definition",
            Item::Score => "score",
            Item::Grade => "grade",
            Item::Library => "library",
        }
    }
}

/// The table of a policy: who owns what, in the order policy, sections, rules, lists, definitions, scores, grades, libraries.
#[must_use]
pub fn owning(policy: &Policy) -> Vec<Owning> {
    let file = |source: u32| policy.sources.get(source as usize).cloned().unwrap_or_default();
    let of = |item: Item, name: &str, source: u32, owners: &[String]| Owning {
        item,
        name: name.to_owned(),
        path: file(source),
        owners: owners.to_vec(),
    };
    let mut table = vec![of(Item::Policy, &policy.title, 0, &policy.owners)];
    table.extend(
        policy
            .sections
            .iter()
            .map(|(id, s)| of(Item::Section, &s.title, s.span.source.0, policy.owners_of_section(id))),
    );
    table
        .extend(policy.rules.iter().map(|(id, r)| of(Item::Rule, &r.name, r.span.source.0, policy.owners_of_rule(id))));
    // Where a list stands is known of those that somebody owns.
    let unowned = policy.sets.iter().filter_map(|(_, set)| Some((set.list.as_ref()?, 0)));
    let owned = policy.ownership.iter().filter_map(|own| match &own.of {
        Owned::List(name) => Some((name, own.span.source.0)),
        Owned::Library(_) => None,
    });
    let lists: BTreeMap<&String, u32> = unowned.chain(owned).collect();
    table.extend(lists.into_iter().map(|(name, at)| of(Item::List, name, at, policy.owners_of_list(name))));
    let at = |item, name: &str, span: crate::source::Span| of(item, name, span.source.0, policy.owners_at(span));
    table.extend(policy.defines.iter().map(|(_, define)| at(Item::Define, &define.name, define.span)));
    table.extend(policy.scores.iter().map(|(_, score)| at(Item::Score, &score.name, score.span)));
    table.extend(policy.grades.iter().map(|(_, grade)| at(Item::Grade, &grade.name, grade.span)));
    for source in 1..u32::try_from(policy.sources.len()).unwrap_or(u32::MAX) {
        let place = crate::source::Span { source: crate::source::SourceId(source), ..crate::source::Span::default() };
        table.push(of(Item::Library, &file(source), source, policy.owners_at(place)));
    }
    table
}

/// What has passed to other teams, in words. What is only on one side has not passed: it is a change of behaviour, or none of anything.
pub(super) fn passed(old: &Policy, new: &Policy, diff: Option<&Diff<'_>>) -> Vec<String> {
    let set = |owners: &[String]| owners.iter().cloned().collect::<BTreeSet<String>>();
    let table = |policy: &Policy| -> BTreeMap<(Item, String), BTreeSet<String>> {
        let all = owning(policy).into_iter().filter(|own| own.item != Item::Rule || diff.is_none());
        all.map(|own| ((own.item, if own.item == Item::Policy { String::new() } else { own.name }), set(&own.owners)))
            .collect()
    };
    let words = |owners: &BTreeSet<String>| match owners.is_empty() {
        true => "nobody".to_owned(),
        false => owners.iter().cloned().collect::<Vec<_>>().join(", "),
    };
    let (before, now) = (table(old), table(new));
    let mut found = Vec::new();
    for ((item, name), owners) in &before {
        if let Some(others) = now.get(&(*item, name.clone())).filter(|others| *others != owners) {
            let name =
                if *item == Item::Policy { "the policy".to_owned() } else { format!("the {} `{name}`", item.word()) };
            found.push(format!("{name} was owned by {}, and is by {}", words(owners), words(others)));
        }
    }
    // A rule may be called otherwise now: the comparison knows which is which, as long as it keeps its place.
    for slot in diff.iter().flat_map(|diff| &diff.slots) {
        if let [Some(Step::Rule(was)), Some(Step::Rule(is))] = slot.steps {
            rule(old, was, new, is, &mut found);
        }
    }
    for (was, rule_of_old) in old.rules.iter().filter(|_| diff.is_some()) {
        if let Some(is) = new.rule_named(&rule_of_old.name) {
            rule(old, was, new, is, &mut found);
        }
    }
    let gone: Vec<String> = old.all_owners().difference(&new.all_owners()).cloned().collect();
    if found.is_empty() && !gone.is_empty() {
        found.push(format!("nothing is owned by {} any more", gone.join(", ")));
    }
    found
}

fn rule(old: &Policy, was: crate::ir::RuleId, new: &Policy, is: crate::ir::RuleId, found: &mut Vec<String>) {
    let [before, now] = [old.owners_of_rule(was), new.owners_of_rule(is)].map(|owners| {
        let set: BTreeSet<&String> = owners.iter().collect();
        if set.is_empty() { "nobody".to_owned() } else { set.into_iter().cloned().collect::<Vec<_>>().join(", ") }
    });
    let words = format!("the rule `{}` was owned by {before}, and is by {now}", new.rules[is].name);
    if before != now && !found.contains(&words) {
        found.push(words);
    }
}
