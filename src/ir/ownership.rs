//! Who owns what: the nearest `owned by` counts, of the statement itself, of the file that it was brought in from, of its section, of the policy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Policy, RuleId, SectionId};
use crate::source::Span;

/// Owners of a list or of a library that a policy reads; sections and rules have their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ownership {
    /// What is owned.
    pub of: Owned,
    /// The teams; none: those of the policy.
    pub owners: Vec<String>,
    /// The file that the values of the list are read from.
    #[serde(default)]
    pub file: Option<String>,
    /// Where the list is declared, or the library is brought in.
    #[serde(default)]
    pub span: Span,
}

/// What can be owned beside a policy, its sections and its rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owned {
    /// The list of this name.
    List(String),
    /// The file at this position in [`Policy::sources`].
    Library(u32),
}

impl Policy {
    /// The owners of a rule.
    #[must_use]
    pub fn owners_of_rule(&self, rule: RuleId) -> &[String] {
        let rule = &self.rules[rule];
        if !rule.owners.is_empty() {
            return &rule.owners;
        }
        // A section is nearer than the file: libraries have none.
        match rule.section {
            Some(section) => self.owners_of_section(section),
            None => self.owners_at(rule.span),
        }
    }

    /// The owners of a section.
    #[must_use]
    pub fn owners_of_section(&self, section: SectionId) -> &[String] {
        let own = &self.sections[section].owners;
        if own.is_empty() { &self.owners } else { own }
    }

    /// The owners of a list.
    #[must_use]
    pub fn owners_of_list(&self, name: &str) -> &[String] {
        self.owned(&Owned::List(name.to_owned()))
    }

    /// What is known of a list beside what it holds: where it is declared, and what it is read from; none of one that has neither owners nor a file.
    #[must_use]
    pub fn ownership_of_list(&self, name: &str) -> Option<&Ownership> {
        self.ownership.iter().find(|own| matches!(&own.of, Owned::List(list) if list == name))
    }

    /// The owners of what stands at a place and belongs to no section: those of its file.
    #[must_use]
    pub fn owners_at(&self, place: Span) -> &[String] {
        self.owned(&Owned::Library(place.source.0))
    }

    fn owned(&self, of: &Owned) -> &[String] {
        let own = self.ownership.iter().find(|own| own.of == *of && !own.owners.is_empty());
        own.map_or(&self.owners, |ownership| &ownership.owners)
    }

    /// Every team that owns something of this policy, sorted.
    #[must_use]
    pub fn all_owners(&self) -> std::collections::BTreeSet<String> {
        let sections = self.sections.iter().map(|(_, section)| &section.owners);
        let rules = self.rules.iter().map(|(_, rule)| &rule.owners);
        let others = self.ownership.iter().map(|ownership| &ownership.owners);
        let all = sections.chain(rules).chain(others).chain([&self.owners]);
        all.flatten().cloned().collect()
    }
}
