//! Who owns what of a policy, as a table, and what of it has passed to other teams.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diagnostic::Batch;
use crate::diff::{Diff, Kind};
use crate::ir::{Cond, Id as _, Owned, Policy, listed, print};
use crate::syntax::ast::Statement;
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
    /// A field of the lead.
    Field,
    /// A stage of the funnel.
    Stage,
    /// A decision, which is said in words.
    Decision,
    /// An assumption about leads.
    Assumption,
    /// A file that is brought in.
    Library,
}

/// Who owns something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Owning {
    /// What it is.
    pub item: Item,
    /// Its name: of a policy or a section its title, of a library its path, of an assumption its words.
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
            Item::Field => "field",
            Item::Stage => "stage",
            Item::Decision => "decision",
            Item::Assumption => "assumption",
            Item::Library => "library",
        }
    }

    /// How deep it stands: who owns one of them owns what stands in it, unless that has owners of its own.
    fn depth(self) -> u8 {
        match self {
            Item::Policy => 0,
            Item::Section | Item::Library => 1,
            Item::Rule
            | Item::List
            | Item::Define
            | Item::Score
            | Item::Grade
            | Item::Field
            | Item::Stage
            | Item::Decision
            | Item::Assumption => 2,
        }
    }

    /// Whether other things stand in it.
    #[must_use]
    pub fn is_around_others(self) -> bool {
        self.depth() < 2
    }
}

/// The table of a policy: who owns what, in the order policy, sections, rules, lists, definitions, scores, grades, fields, stages, decisions,
/// assumptions, libraries.
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
    let unowned = listed::lists(policy).into_iter().map(|(name, _)| (name, (0, None)));
    let known = policy.ownership.iter().filter_map(|own| match &own.of {
        Owned::List(name) => Some((name.as_str(), (own.span.source.0, own.file.clone()))),
        Owned::Library(_) => None,
    });
    let lists: BTreeMap<&str, (u32, Option<String>)> = unowned.chain(known).collect();
    table.extend(
        lists
            .into_iter()
            .map(|(name, (at, file))| Owning { file, ..of(Item::List, name, at, policy.owners_of_list(name)) }),
    );
    let at = |item, name: &str, span: crate::source::Span| of(item, name, span.source.0, policy.owners_at(span));
    table.extend(policy.defines.iter().map(|(_, define)| at(Item::Define, &define.name, define.span)));
    table.extend(policy.scores.iter().map(|(_, score)| at(Item::Score, &score.name, score.span)));
    table.extend(policy.grades.iter().map(|(_, grade)| at(Item::Grade, &grade.name, grade.span)));
    table.extend(policy.fields.iter().map(|(_, field)| at(Item::Field, &field.name, field.span)));
    table.extend(policy.stages.iter().map(|(_, stage)| at(Item::Stage, &stage.name, stage.span)));
    table.extend(policy.decisions.iter().map(|(_, decision)| at(Item::Decision, &decision.phrase, decision.span)));
    let assumed = |cond: &Cond| at(Item::Assumption, &print::condition(policy, cond), cond.span);
    table.extend(policy.assumptions.iter().map(assumed));
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

/// The title that the text of a policy gives it, whatever is wrong with the rest of it.
pub(super) fn title(batch: &Batch) -> Option<String> {
    let statements = parse(batch.sources.iter().next()?).file.statements;
    statements.into_iter().find_map(|statement| match statement.node {
        Statement::Policy { title, .. } => Some(title.value),
        Statement::Use { .. }
        | Statement::RulesFrom { .. }
        | Statement::Lead { .. }
        | Statement::Decisions { .. }
        | Statement::Define { .. }
        | Statement::Score { .. }
        | Statement::Grade { .. }
        | Statement::Stage { .. }
        | Statement::List { .. }
        | Statement::Section { .. }
        | Statement::Rule { .. }
        | Statement::Otherwise(_)
        | Statement::Property { .. }
        | Statement::Test { .. }
        | Statement::Broken { .. } => None,
    })
}

/// What has become of all that is owned: what is on both sides, whatever it is called, and what is on one.
#[derive(Debug)]
pub(super) struct Beside<'d, 'p> {
    pub(super) diff: &'d Diff<'p>,
    pub(super) kept: Vec<[Owning; 2]>,
    gone: Vec<Owning>,
    added: Vec<Owning>,
}

impl<'d, 'p> Beside<'d, 'p> {
    pub(super) fn new(diff: &'d Diff<'p>) -> Beside<'d, 'p> {
        let [mut old, new] = diff.policies.map(|policy| {
            let mut table = owning(policy);
            // There is one policy, whatever its title.
            table.iter_mut().filter(|own| own.item == Item::Policy).for_each(|own| own.name.clear());
            table
        });
        // An assumption is called by its words, which may speak of what is called otherwise by now.
        let called = diff.under_new_names();
        let assumed = old.iter_mut().filter(|own| own.item == Item::Assumption).zip(&called.assumptions);
        assumed.for_each(|(own, cond)| own.name = print::condition(&called, cond));
        let rules = |table: &[Owning]| table.iter().filter(|own| own.item == Item::Rule).cloned().collect::<Vec<_>>();
        let [rules_before, rules_now] = [&old, &new].map(|table| rules(table));
        let mut beside = Beside { diff, kept: Vec::new(), gone: Vec::new(), added: Vec::new() };
        for [was, is] in &diff.rules {
            let pair = rules_before.get(was.position()).zip(rules_now.get(is.position()));
            beside.kept.extend(pair.map(|(was, is)| [was.clone(), is.clone()]));
        }
        beside.added = new.into_iter().filter(|own| own.item != Item::Rule).collect();
        let renamed: BTreeMap<(Item, &str), &str> = diff
            .edits
            .iter()
            .chain(&diff.wording)
            .filter_map(|edit| Some(((item(edit.kind)?, edit.was.as_deref()?), edit.name.as_str())))
            .collect();
        let same_name = |was: &Owning, is: &Owning| {
            let called = renamed.get(&(was.item, was.name.as_str())).copied().unwrap_or(&was.name);
            is.item == was.item && is.name == called
        };
        // What rules stand in is known by its owners: each of the rules is looked at by itself.
        let same_owners = |was: &Owning, is: &Owning| {
            matches!(was.item, Item::Section | Item::Library) && is.item == was.item && teams(was) == teams(is)
        };
        beside.gone = old.into_iter().filter(|own| own.item != Item::Rule).collect();
        // Of assumptions that say the same, the one of the same owners is meant.
        beside.pair(|was, is| same_name(was, is) && teams(was) == teams(is));
        beside.pair(same_name);
        beside.pair(same_owners);
        beside
    }

    fn pair(&mut self, belong: impl Fn(&Owning, &Owning) -> bool) {
        for was in std::mem::take(&mut self.gone) {
            match self.added.iter().position(|is| belong(&was, is)) {
                Some(at) => self.kept.push([was, self.added.remove(at)]),
                None => self.gone.push(was),
            }
        }
    }

    /// What is new and may stand for something that is gone, and belongs to others.
    fn heirs<'b>(&'b self, gone: &'b Owning) -> impl Iterator<Item = &'b Owning> {
        self.added.iter().filter(|is| is.item == gone.item && teams(is) != teams(gone))
    }

    /// What has passed to other teams, in words; what is gone, when something new of the same kind belongs to others, is held to have passed to them.
    pub(super) fn passed(&self) -> Vec<String> {
        let mut found: Vec<(Item, [BTreeSet<String>; 2], String)> = Vec::new();
        for [was, is] in &self.kept {
            let (before, now) = (teams(was), teams(is));
            let what = match was.item {
                Item::Policy => "the policy".to_owned(),
                item => format!("the {} `{}`", item.word(), is.name),
            };
            let words = format!("{what} was owned by {}, and is by {}", listed(&before), listed(&now));
            if before != now && !found.iter().any(|(.., known)| *known == words) {
                found.push((was.item, [before, now], words));
            }
        }
        // What stands in something has passed with it.
        let with_it = |item: Item, teams: &[BTreeSet<String>; 2]| {
            found.iter().any(|(other, passed, _)| other.depth() < item.depth() && passed == teams)
        };
        let kept = found.iter().filter(|(item, teams, _)| !with_it(*item, teams)).map(|(.., words)| words.clone());
        let gone = self.gone.iter().filter_map(|gone| {
            let heir = self.heirs(gone).next()?;
            let (word, before, now) = (gone.item.word(), listed(&teams(gone)), listed(&teams(heir)));
            Some(format!(
                "the {word} `{}`, owned by {before}, is gone, and `{}`, owned by {now}, is new",
                gone.name, heir.name
            ))
        });
        kept.chain(gone).collect()
    }

    /// The lists and libraries that are gone, and nothing stands for them that others own: each with its owners. Of a list that nothing asks for, and of a library, the diff
    /// does not know.
    pub(super) fn gone(&self) -> Vec<(String, BTreeSet<String>)> {
        let gone = self.gone.iter().filter(|gone| matches!(gone.item, Item::List | Item::Library));
        let gone = gone.filter(|gone| self.heirs(gone).next().is_none());
        gone.map(|gone| (format!("the {} `{}` is gone", gone.item.word(), gone.name), teams(gone))).collect()
    }

    /// The sections, lists and libraries that are new and belong to others than the owners of the policy, in words, each with its owners: the former let
    /// the latter in.
    pub(super) fn let_in(&self) -> Vec<(String, BTreeSet<String>)> {
        let everybody: BTreeSet<String> = self.diff.policies[0].owners.iter().cloned().collect();
        let counts = |new: &Owning| matches!(new.item, Item::Section | Item::List | Item::Library);
        let new =
            self.added.iter().map(|new| (new, teams(new))).filter(|(new, teams)| counts(new) && *teams != everybody);
        let words = |new: &Owning, teams: &BTreeSet<String>| {
            format!("the {} `{}`, owned by {}, is new", new.item.word(), new.name, listed(teams))
        };
        new.map(|(new, teams)| (words(new, &teams), teams)).collect()
    }
}

/// The teams that own it.
pub(super) fn teams(own: &Owning) -> BTreeSet<String> {
    own.owners.iter().cloned().collect()
}

/// What has owners.
pub(super) fn item(kind: Kind) -> Option<Item> {
    match kind {
        Kind::List => Some(Item::List),
        Kind::Define => Some(Item::Define),
        Kind::Score => Some(Item::Score),
        Kind::Grade => Some(Item::Grade),
        Kind::Field => Some(Item::Field),
        Kind::Stage => Some(Item::Stage),
        Kind::Section => Some(Item::Section),
        Kind::Policy | Kind::Assumption | Kind::Decision | Kind::Rule | Kind::Claim | Kind::Test => None,
    }
}

/// `marketing, sales`.
pub(super) fn listed(teams: &BTreeSet<String>) -> String {
    if teams.is_empty() { "nobody".to_owned() } else { teams.iter().cloned().collect::<Vec<_>>().join(", ") }
}
