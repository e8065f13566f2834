//! Who owns what of a policy, as a table, and what of it has passed to other teams.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diagnostic::Batch;
use crate::diff::{Diff, Kind, Step};
use crate::ir::{Owned, Policy, RuleId};
use crate::syntax::parse;

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
    /// The file that the values of a list are read from.
    pub file: Option<String>,
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

    /// How deep it stands: who owns one of them owns what stands in it, unless that has owners of its own.
    fn depth(self) -> u8 {
        match self {
            Item::Policy => 0,
            Item::Section | Item::Library => 1,
            Item::Rule | Item::List | Item::Define | Item::Score | Item::Grade => 2,
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
        file: None,
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
    // Where a list stands, and what it is read from, is known of those with owners or a file of their own.
    let unowned = policy.sets.iter().filter_map(|(_, set)| Some((set.list.as_ref()?, (0, None))));
    let known = policy.ownership.iter().filter_map(|own| match &own.of {
        Owned::List(name) => Some((name, (own.span.source.0, own.file.clone()))),
        Owned::Library(_) => None,
    });
    let lists: BTreeMap<&String, (u32, Option<String>)> = unowned.chain(known).collect();
    table.extend(
        lists
            .into_iter()
            .map(|(name, (at, file))| Owning { file, ..of(Item::List, name, at, policy.owners_of_list(name)) }),
    );
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

/// The teams that are named as owners in some texts, whatever is wrong with the rest of them.
pub(super) fn named(batch: &Batch) -> BTreeSet<String> {
    let mut teams = BTreeSet::new();
    for file in batch.sources.iter() {
        for statement in &parse(file).file.statements {
            let names = statement.node.owners().into_iter().flat_map(|owners| &owners.names);
            teams.extend(names.map(|name| name.text.clone()));
        }
    }
    teams
}

/// What has passed to other teams, in words. What is only on one side has not passed: it is a change of behaviour, or none of anything.
pub(super) fn passed(diff: &Diff<'_>) -> Vec<String> {
    let [old, new] = diff.policies;
    let table = |policy: &Policy| -> BTreeMap<(Item, String), BTreeSet<String>> {
        let of = |own: Owning| {
            // There is one policy, whatever its title.
            let name = if own.item == Item::Policy { String::new() } else { own.name };
            ((own.item, name), own.owners.into_iter().collect())
        };
        owning(policy).into_iter().map(of).collect()
    };
    let (before, now) = (table(old), table(new));
    let mut found: Vec<(Item, [BTreeSet<String>; 2], String)> = Vec::new();
    let mut compare = |item: Item, name: &str, was: &BTreeSet<String>, is: &BTreeSet<String>| {
        let what = if item == Item::Policy { "the policy".to_owned() } else { format!("the {} `{name}`", item.word()) };
        let words = format!("{what} was owned by {}, and is by {}", listed(was), listed(is));
        if was != is && !found.iter().any(|(.., known)| *known == words) {
            found.push((item, [was.clone(), is.clone()], words));
        }
    };
    for (key, was) in &before {
        now.get(key).into_iter().for_each(|is| compare(key.0, &key.1, was, is));
    }
    // A rule that is called otherwise now is known by its place.
    for slot in &diff.slots {
        if let [Some(Step::Rule(was)), Some(Step::Rule(is))] = slot.steps {
            let [before, now] = [old.owners_of_rule(was), new.owners_of_rule(is)];
            let set = |owners: &[String]| owners.iter().cloned().collect();
            compare(Item::Rule, &new.rules[is].name, &set(before), &set(now));
        }
    }
    // What stands in something has passed with it.
    let with_it = |item: Item, teams: &[BTreeSet<String>; 2]| {
        found.iter().any(|(other, passed, _)| other.depth() < item.depth() && passed == teams)
    };
    found.iter().filter(|(item, teams, _)| !with_it(*item, teams)).map(|(.., words)| words.clone()).collect()
}

/// What others than the owners of the policy owned and is gone, or is called otherwise and belongs to somebody else: each with its owners.
pub(super) fn gone(diff: &Diff<'_>) -> Vec<(String, BTreeSet<String>)> {
    let [old, new] = diff.policies;
    type Key = (Item, String);
    let table = |policy: &Policy| -> BTreeMap<Key, BTreeSet<String>> {
        let all = owning(policy).into_iter();
        all.map(|own| ((own.item, own.name), own.owners.into_iter().collect())).collect()
    };
    let (before, now) = (table(old), table(new));
    let mut added: Vec<(Item, &BTreeSet<String>)> =
        now.iter().filter(|(key, _)| !before.contains_key(*key)).map(|((item, _), owners)| (*item, owners)).collect();
    let everybody: BTreeSet<String> = old.owners.iter().cloned().collect();
    let mut found = Vec::new();
    for ((item, name), owners) in before.iter().filter(|(key, owners)| !now.contains_key(*key) && **owners != everybody)
    {
        // Whose rules are gone is a matter of behaviour, and the policy is there whatever its title.
        if matches!(item, Item::Policy | Item::Rule) {
            continue;
        }
        // What is called otherwise and has the same owners is still theirs.
        match added.iter().position(|heir| *heir == (*item, owners)) {
            Some(at) => drop(added.remove(at)),
            None => found.push((format!("the {} `{name}` is gone", item.word()), owners.clone())),
        }
    }
    found
}

/// The rules that hang on other teams' lists, definitions, scores and grades than before, or no longer on theirs: each with those whom it concerns.
/// What belongs to the owners of the policy is left out: they own what has no owner of its own.
pub(super) fn hanging_on(diff: &Diff<'_>) -> Vec<(String, BTreeSet<String>)> {
    let [before, now] = diff.policies.map(|policy| {
        let mut table = owning(policy);
        table.retain(|own| own.owners != policy.owners);
        table
    });
    let teams = |policy: &Policy, table: &[Owning], rule: RuleId| -> BTreeSet<String> {
        let things = Diff::depends_on(policy, Step::Rule(rule));
        let asked =
            |own: &&Owning| things.iter().any(|(kind, name)| item(*kind) == Some(own.item) && own.name == *name);
        table.iter().filter(asked).flat_map(|own| own.owners.iter().cloned()).collect()
    };
    let mut found = Vec::new();
    let mut others = |name: &str, owners: &[String], come: &BTreeSet<String>| {
        if !come.iter().all(|team| owners.contains(team)) {
            let why = format!("the rule `{name}` hangs on what others own: {}", listed(come));
            found.push((why, owners.iter().cloned().collect()));
        }
    };
    let [old, new] = diff.policies;
    let (mut left, mut gone) = (Vec::new(), Vec::new());
    let mut added = BTreeSet::new();
    for slot in &diff.slots {
        let rule = |step: Option<Step>| match step {
            Some(Step::Rule(rule)) => Some(rule),
            Some(Step::Field(_) | Step::Assumption(_)) | None => None,
        };
        let [was, is] = slot.steps.map(rule);
        let then = was.map(|was| teams(old, &before, was)).unwrap_or_default();
        let today = is.map(|is| teams(new, &now, is)).unwrap_or_default();
        match (was, is) {
            (Some(was), Some(is)) => {
                let name = &new.rules[is].name;
                others(name, old.owners_of_rule(was), &(&today - &then));
                left.push((format!("the rule `{name}` no longer hangs on what this team owns"), &then - &today));
            }
            (None, Some(is)) => {
                others(&new.rules[is].name, new.owners_of_rule(is), &today);
                added.extend(today);
            }
            (Some(was), None) => {
                gone.push((
                    format!("the rule `{}`, which hung on what this team owns, is gone", old.rules[was].name),
                    then,
                ));
            }
            (None, None) => {}
        }
    }
    // What is written anew may be another rule, and hang on the same.
    found.extend(left);
    found.extend(gone.into_iter().map(|(why, then)| (why, &then - &added)));
    found
}

/// What has owners of its own and rules hang on; sections are told by their rules.
fn item(kind: Kind) -> Option<Item> {
    match kind {
        Kind::List => Some(Item::List),
        Kind::Define => Some(Item::Define),
        Kind::Score => Some(Item::Score),
        Kind::Grade => Some(Item::Grade),
        Kind::Policy
        | Kind::Field
        | Kind::Assumption
        | Kind::Decision
        | Kind::Stage
        | Kind::Section
        | Kind::Rule
        | Kind::Claim
        | Kind::Test => None,
    }
}

/// `marketing, sales`.
fn listed(teams: &BTreeSet<String>) -> String {
    if teams.is_empty() { "nobody".to_owned() } else { teams.iter().cloned().collect::<Vec<_>>().join(", ") }
}
