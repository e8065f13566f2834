//! Random policies with owners at every level, as data: what stands in them, where, and whose it is by a naive reading.
//!
//! Everything has a number that it keeps through edits, whatever it is called and wherever it goes, so that a test knows what is the same
//! without asking the diff. The cells of [`held::rows`] tell apart whatever such a policy can: what holds of them holds of every lead.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

pub(crate) mod covers;
#[path = "../dice.rs"]
pub(crate) mod dice;
pub(crate) mod edits;
pub(crate) mod held;
mod made;
mod statements;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};

/// The number of a thing.
pub(crate) type Id = u32;
/// Teams.
pub(crate) type Teams = BTreeSet<&'static str>;

pub(crate) const TEAMS: [&str; 4] = ["ann", "bob", "cat", "dan"];
/// The policy itself, and its last rule.
pub(crate) const POLICY: Id = 0;
pub(crate) const LAST: Id = 1;
/// The fields, from the first one, and the one that not every agreement has.
pub(crate) const FIELD: Id = 2;
pub(crate) const MORE: Id = 6;
/// The first of the decisions.
pub(crate) const DECISION: Id = 7;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cond {
    /// The field at this position, at least or below a number.
    Number(usize, bool, i64),
    Vip(bool),
    /// That the lead was touched in the last so many days, and that it was before a certain one; where the last field is a date.
    Recent(i64),
    Before,
    Missing(usize),
    /// That the address is in a list by its domain, or by its end.
    InList(Id, bool),
    Define(Id),
    /// The first field, at least a value that has a name.
    AtLeast(Id),
    Score(Id, i64),
    Grade(Id, usize),
    Stage(Id),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

/// What something says beside its name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// Its values, and whether they stand in a file.
    List(Vec<&'static str>, bool),
    Define(Cond),
    /// A name for a number.
    Value(i64),
    Score(Vec<Line>),
    /// When it is hot and when it is warm.
    Grade([Cond; 2]),
    Stage(Cond),
    /// `never when`, `never unless` or `always when`; the decision; the condition.
    Claim(usize, usize, Cond),
    /// It has no name.
    Assume(Cond),
    /// The cells of the fields; the decision, and by which rule.
    Test([Option<&'static str>; 4], usize, Option<Id>),
}

/// A line of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// The points, whether they are for each unit of the first field (and 20 at most), and when.
    Points(i64, bool, Cond),
    /// Another score.
    Score(Id),
}

/// What is declared or claimed.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// The library that it stands in; in the policy when none.
    pub(crate) home: Option<Id>,
    /// Owners of its own, of a list only.
    pub(crate) owners: Teams,
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// Whether its name is a label; else it is its reason.
    pub(crate) labelled: bool,
    pub(crate) decision: usize,
    pub(crate) when: Cond,
    /// Whether a comment allows a finding there.
    pub(crate) allowed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) when: Option<Cond>,
    /// Whether it is for the leads of no section above; only without a condition of its own.
    pub(crate) otherwise: bool,
    pub(crate) owners: Teams,
}

/// What stands below the declarations, in order.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Rule(Rule),
    Section(Section),
    /// The rules of a library.
    From(Id),
}

#[derive(Debug, Clone)]
pub(crate) struct Library {
    pub(crate) id: Id,
    pub(crate) path: String,
    pub(crate) owners: Teams,
    /// Its rules: it is brought in where a block says so; when none, by `use`.
    pub(crate) rules: Option<Vec<Rule>>,
    /// The library that brings it in; the policy itself when none.
    pub(crate) by: Option<Id>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) ty: &'static str,
    pub(crate) column: &'static str,
    pub(crate) home: Option<Id>,
    /// `required`, `personal`, and what else stands behind its type.
    pub(crate) options: BTreeSet<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Agreement {
    pub(crate) title: String,
    pub(crate) owners: Teams,
    pub(crate) ranked: bool,
    /// What the decisions are called, and in which order they stand.
    pub(crate) phrases: [&'static str; 3],
    /// What they mean, in words.
    pub(crate) notes: [&'static str; 3],
    pub(crate) decisions: [usize; 3],
    pub(crate) in_force: &'static str,
    /// Whether the last of the fields that all have is a date; else it says yes or no.
    pub(crate) dated: bool,
    pub(crate) fields: Vec<Field>,
    pub(crate) libraries: Vec<Library>,
    pub(crate) things: Vec<Thing>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) last: usize,
    pub(crate) next: Id,
    /// The seed of how it is laid out; plainly when 0.
    pub(crate) layout: u64,
}

/// A number from the environment.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

impl Agreement {
    /// A number for something new.
    pub(crate) fn fresh(&mut self) -> Id {
        self.next += 1;
        self.next
    }

    pub(crate) fn library(&self, id: Id) -> &Library {
        self.libraries.iter().find(|library| library.id == id).unwrap()
    }

    /// The rules, as they are tried, each with the section and the library that it stands in; without the last one.
    pub(crate) fn rules(&self) -> Vec<(&Rule, Option<&Section>, Option<&Library>)> {
        let mut section = None;
        let mut rules = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Section(new) => section = Some(new),
                Block::Rule(rule) => rules.push((rule, section, None)),
                Block::From(id) => {
                    let library = self.library(*id);
                    rules.extend(library.rules.iter().flatten().map(|rule| (rule, section, Some(library))));
                }
            }
        }
        rules
    }

    pub(crate) fn rules_mut(&mut self) -> Vec<&mut Rule> {
        let own = self.blocks.iter_mut().filter_map(|block| match block {
            Block::Rule(rule) => Some(rule),
            Block::Section(_) | Block::From(_) => None,
        });
        own.chain(self.libraries.iter_mut().flat_map(|library| library.rules.iter_mut().flatten())).collect()
    }

    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Section(section) => Some(section),
            Block::Rule(_) | Block::From(_) => None,
        })
    }

    pub(crate) fn sections_mut(&mut self) -> Vec<&mut Section> {
        self.blocks
            .iter_mut()
            .filter_map(|block| match block {
                Block::Section(section) => Some(section),
                Block::Rule(_) | Block::From(_) => None,
            })
            .collect()
    }

    /// Who owns what, by its number: the nearest `owned by`.
    pub(crate) fn owners(&self) -> BTreeMap<Id, Teams> {
        let near = |teams: &[&Teams]| -> Teams {
            teams.iter().find(|teams| !teams.is_empty()).map(|teams| (*teams).clone()).unwrap_or_default()
        };
        let file = |home: Option<Id>| self.owners_of_file(home);
        let mut owners = BTreeMap::from([(POLICY, self.owners.clone()), (LAST, self.owners.clone())]);
        owners.extend((DECISION..).take(3).map(|decision| (decision, self.owners.clone())));
        for (rule, section, library) in self.rules() {
            let none = Teams::new();
            let of_library = library.map_or(&none, |library| &library.owners);
            let of_section = section.map_or(&none, |section| &section.owners);
            owners.insert(rule.id, near(&[of_library, of_section, &self.owners]));
        }
        owners.extend(self.sections().map(|section| (section.id, near(&[&section.owners, &self.owners]))));
        owners
            .extend(self.libraries.iter().map(|library| (library.id, near(&[&file(Some(library.id)), &self.owners]))));
        let things = self.things.iter();
        owners.extend(things.map(|thing| (thing.id, near(&[&thing.owners, &file(thing.home), &self.owners]))));
        owners.extend(self.fields.iter().map(|field| (field.id, near(&[&file(field.home), &self.owners]))));
        owners
    }

    /// Who owns a library: those whom it names, else those of the library that brings it in; nobody when that is the policy.
    fn owners_of_file(&self, home: Option<Id>) -> Teams {
        let Some(library) = home.map(|id| self.library(id)) else { return Teams::new() };
        if library.owners.is_empty() { self.owners_of_file(library.by) } else { library.owners.clone() }
    }

    /// Whether one library comes in by way of another one, or is that one.
    pub(crate) fn comes_by(&self, one: Id, other: Id) -> bool {
        one == other || self.library(one).by.is_some_and(|by| self.comes_by(by, other))
    }

    /// Everybody who is named.
    pub(crate) fn everybody(&self) -> Teams {
        let sections = self.sections().map(|section| &section.owners);
        let things = self.things.iter().map(|thing| &thing.owners);
        let libraries = self.libraries.iter().map(|library| &library.owners);
        [&self.owners].into_iter().chain(sections).chain(things).chain(libraries).flatten().copied().collect()
    }
}

impl Cond {
    /// Every condition in it, itself first.
    pub(crate) fn each(&mut self, act: &mut dyn FnMut(&mut Cond)) {
        act(self);
        match self {
            Cond::Not(inner) => inner.each(act),
            Cond::And(one, other) | Cond::Or(one, other) => {
                one.each(act);
                other.each(act);
            }
            Cond::Number(..)
            | Cond::Vip(_)
            | Cond::Recent(_)
            | Cond::Before
            | Cond::Missing(_)
            | Cond::InList(..)
            | Cond::Define(_)
            | Cond::AtLeast(_)
            | Cond::Score(..)
            | Cond::Grade(..)
            | Cond::Stage(_) => {}
        }
    }

    /// What it names itself.
    pub(crate) fn names(&self) -> Option<Id> {
        match self {
            Cond::InList(id, _)
            | Cond::Define(id)
            | Cond::AtLeast(id)
            | Cond::Score(id, _)
            | Cond::Grade(id, _)
            | Cond::Stage(id) => Some(*id),
            Cond::Number(..)
            | Cond::Vip(_)
            | Cond::Recent(_)
            | Cond::Before
            | Cond::Missing(_)
            | Cond::Not(_)
            | Cond::And(..)
            | Cond::Or(..) => None,
        }
    }

    /// The lists that it and the conditions in it ask for, by the end of a text or by its domain.
    pub(crate) fn lists(&self, by_end: bool) -> BTreeSet<Id> {
        let mut lists = BTreeSet::new();
        self.clone().each(&mut |cond| {
            if let Cond::InList(id, end) = cond
                && *end == by_end
            {
                lists.insert(*id);
            }
        });
        lists
    }

    /// What it and the conditions in it name.
    pub(crate) fn named(&self) -> BTreeSet<Id> {
        let mut named = BTreeSet::new();
        self.clone().each(&mut |cond| named.extend(cond.names()));
        named
    }
}

impl Body {
    pub(crate) fn conds_mut(&mut self) -> Vec<&mut Cond> {
        match self {
            Body::List(..) | Body::Value(_) | Body::Test(..) => Vec::new(),
            Body::Define(cond) | Body::Stage(cond) | Body::Claim(_, _, cond) | Body::Assume(cond) => vec![cond],
            Body::Score(lines) => lines
                .iter_mut()
                .filter_map(|line| match line {
                    Line::Points(_, _, cond) => Some(cond),
                    Line::Score(_) => None,
                })
                .collect(),
            Body::Grade(lines) => lines.iter_mut().collect(),
        }
    }

    /// What it names.
    fn named(&self) -> BTreeSet<Id> {
        let mut named: BTreeSet<Id> = self.clone().conds_mut().into_iter().flat_map(|cond| cond.named()).collect();
        if let Body::Score(lines) = self {
            named.extend(lines.iter().filter_map(|line| match line {
                Line::Points(..) => None,
                Line::Score(id) => Some(*id),
            }));
        }
        named
    }
}

impl Agreement {
    /// Every condition, with the number of what it stands in.
    pub(crate) fn conds_mut(&mut self) -> Vec<(Id, &mut Cond)> {
        let mut all: Vec<(Id, &mut Cond)> = Vec::new();
        for thing in &mut self.things {
            let id = thing.id;
            all.extend(thing.body.conds_mut().into_iter().map(|cond| (id, cond)));
        }
        for block in &mut self.blocks {
            match block {
                Block::Rule(rule) => all.push((rule.id, &mut rule.when)),
                Block::Section(section) => {
                    let id = section.id;
                    all.extend(section.when.iter_mut().map(|cond| (id, cond)));
                }
                Block::From(_) => {}
            }
        }
        let rules = self.libraries.iter_mut().flat_map(|library| library.rules.iter_mut().flatten());
        all.extend(rules.map(|rule| (rule.id, &mut rule.when)));
        all
    }

    /// Whether something names this.
    pub(crate) fn is_named(&self, id: Id) -> bool {
        self.clone().conds_mut().iter().any(|(_, cond)| cond.named().contains(&id))
            || self.things.iter().any(|thing| thing.body.named().contains(&id))
    }

    /// What each rule hangs on, also by the conditions of its section and of those that an `otherwise` is about.
    pub(crate) fn behind_rules(&self, all_stages: bool) -> BTreeMap<Id, BTreeSet<Id>> {
        let sections: Vec<&Section> = self.sections().collect();
        let guards = |own: &Section| -> Vec<&Cond> {
            let to = sections.iter().position(|section| section.id == own.id).map_or(0, |at| at + 1);
            let counts = |section: &&&Section| section.id == own.id || (own.otherwise && own.when.is_none());
            sections.iter().take(to).filter(counts).filter_map(|section| section.when.as_ref()).collect()
        };
        let rules = self.rules().into_iter();
        let rules = rules.map(|(rule, section, _)| (rule, section.map(guards).unwrap_or_default()));
        rules
            .map(|(rule, guards)| {
                (rule.id, self.behind(&guards.into_iter().chain([&rule.when]).collect::<Vec<_>>(), all_stages))
            })
            .collect()
    }

    /// Everything that some conditions hang on, however far behind names; of stages, all of them or those that are named.
    pub(crate) fn behind(&self, conds: &[&Cond], all_stages: bool) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        let mut left: Vec<Id> = conds.iter().flat_map(|cond| cond.named()).collect();
        while let Some(id) = left.pop() {
            if found.insert(id) {
                let thing = self.things.iter().find(|thing| thing.id == id);
                let body = thing.map(|thing| &thing.body);
                // Who has reached a stage has reached those above it.
                if let (Some(Body::Stage(_)), true) = (body, all_stages) {
                    let stages = self.things.iter().filter(|thing| matches!(thing.body, Body::Stage(_)));
                    left.extend(stages.map(|thing| thing.id));
                }
                left.extend(body.into_iter().flat_map(Body::named));
            }
        }
        found
    }
}
