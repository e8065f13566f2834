//! The checked policy: plain data, small, with every name resolved and every sugar gone.
//!
//! Whatever decides, explains, proves or translates works on this and on nothing before it. A node means what
//! `eval::scalar` does with it; a [`Policy`] is printed by [`mod@print`], walked by [`visit`], and kept as JSON by [`json`].

mod agreed;
mod compared;
mod cond;
mod decimals;
mod field;
pub mod json;
mod lead;
pub mod listed;
pub mod meaning;
pub mod open;
mod ownership;
pub mod personal;
pub mod print;
pub mod reach;
mod spelling;
mod table;
mod typed;
pub mod validate;
pub mod visit;
mod worked_out;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use agreed::{Claim, Expectation, Given, Property, Test, TestTime};
pub use compared::Compared;
pub use cond::{ArithmeticOp, CompareOp, Cond, CondKind, Expr, TextTest, ValueSet};
pub use field::tidy;
pub use field::{Alias, Cell, Field, NumberForm, Written};
pub use lead::Lead;
pub use ownership::{Owned, Ownership};
pub use table::{Id, Table};
pub use worked_out::{Body, Define, Gain, Grade, GradeLine, Per, Score, ScoreLine, Stage};

use crate::source::Span;
use crate::types::Choices;

table::ids! {
    /// A field of the lead.
    FieldId;
    /// A decision.
    DecisionId;
    /// A set of values.
    SetId;
    /// A definition.
    DefineId;
    /// A score.
    ScoreId;
    /// A grade.
    GradeId;
    /// A section.
    SectionId;
    /// A rule.
    RuleId;
    /// A stage of the funnel.
    StageId;
}

/// A whole policy with everything that it uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// The edition of the language (`language 1`).
    pub language: u32,
    /// The title.
    pub title: String,
    /// The teams that own it.
    pub owners: Vec<String>,
    /// Who owns lists and libraries, where that is said. A policy that was kept before this was has none.
    #[serde(default)]
    pub ownership: Vec<Ownership>,
    /// The first and the last day on which it is in force.
    pub in_force: Option<InForce>,
    /// The IANA time zone in which days begin and times without a zone are read; `UTC` by default.
    pub zone: String,
    /// The files that it was read from, the policy itself first; a [`Span`] points into one of them.
    pub sources: Vec<String>,
    /// The fields of a lead.
    pub fields: Table<FieldId, Field>,
    /// What always holds for a lead; one for which a condition is surely false is rejected.
    pub assumptions: Vec<Cond>,
    /// The decisions, in the order declared.
    pub decisions: Table<DecisionId, Decision>,
    /// Whether that order is from best to worst.
    pub best_first: bool,
    /// Every set of values that a condition asks for, each once.
    pub sets: Table<SetId, ValueSet>,
    /// Definitions; each uses only earlier definitions, scores that use only earlier ones, and so on: never itself.
    pub defines: Table<DefineId, Define>,
    /// Scores.
    pub scores: Table<ScoreId, Score>,
    /// Grades.
    pub grades: Table<GradeId, Grade>,
    /// Stages of the funnel, first to last.
    pub stages: Table<StageId, Stage>,
    /// Sections.
    pub sections: Table<SectionId, Section>,
    /// All rules in the order in which they are tried; the last one is the `otherwise` and always fires.
    pub rules: Table<RuleId, Rule>,
    /// What is claimed of its decisions. A policy that was kept before there were claims has none.
    #[serde(default)]
    pub properties: Vec<Property>,
    /// The tests.
    pub tests: Vec<Test>,
}

/// The days on which a policy is in force, both ends in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InForce {
    /// The first day.
    #[schemars(with = "String")]
    pub from: Date,
    /// The last day; none: until further notice.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Where it stands.
    #[serde(default)]
    pub span: Span,
}

impl InForce {
    /// `from 2026-10-01 until 2027-09-30`.
    #[must_use]
    pub fn words(&self) -> String {
        let until = self.until.map(|until| format!(" until {until}")).unwrap_or_default();
        format!("from {}{until}", self.from)
    }

    /// The day in force that is nearest to a day: itself, when it is one.
    #[must_use]
    pub fn nearest(&self, day: Date) -> Date {
        day.clamp(self.from, self.until.unwrap_or(day).max(self.from))
    }
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The phrase: `pass to sales`.
    pub phrase: String,
    /// Its note.
    pub note: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Which leads its rules are for.
    pub guard: Guard,
    /// The teams that own it.
    pub owners: Vec<String>,
    /// Where it is declared.
    pub span: Span,
}

/// Which leads a section is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// All leads.
    Always,
    /// Leads for which the condition is surely true.
    When(Cond),
    /// Leads for which no guard of these sections was surely true.
    NoneOf(Vec<SectionId>),
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// Its name in every output: its label, else a slug of decision and reason.
    pub name: String,
    /// Whether the name is a label of the author's.
    pub labelled: bool,
    /// Earlier labels.
    pub was: Vec<String>,
    /// What it decides.
    pub decision: DecisionId,
    /// The section whose leads it is for.
    pub section: Option<SectionId>,
    /// When it fires (in its section, when no earlier rule did); none for an `otherwise`.
    pub when: Option<Cond>,
    /// Why, in the author's words.
    pub because: Option<String>,
    /// The teams that own the file which the rule was brought in from.
    pub owners: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

impl Policy {
    /// The days on which it is in force: `from 2026-10-01 until 2027-09-30`, `on all days`.
    #[must_use]
    pub fn days(&self) -> String {
        self.in_force.as_ref().map_or_else(|| "on all days".to_owned(), InForce::words)
    }

    /// The same with other fields in the places of its own.
    #[must_use]
    pub fn with_fields(&self, field: impl Fn(FieldId, &Field) -> Field) -> Policy {
        Policy { fields: self.fields.iter().map(|(id, of)| field(id, of)).collect(), ..self.clone() }
    }

    /// The position of the field that names the lead.
    #[must_use]
    pub fn id_field(&self) -> Option<FieldId> {
        self.fields.iter().find(|(_, f)| f.is_id).map(|(id, _)| id)
    }

    /// The closed set that a lead's stage is a value of: `none`, then the stages; ranked.
    #[must_use]
    pub fn stage_scale(&self) -> Choices {
        let names = self.stages.iter().map(|(_, s)| s.name.clone());
        Choices { values: std::iter::once("none".to_owned()).chain(names).collect(), ranked: true, other: false }
    }

    /// The rule of this name.
    #[must_use]
    pub fn rule_named(&self, name: &str) -> Option<RuleId> {
        self.rules.iter().find(|(_, r)| r.name == name).map(|(id, _)| id)
    }

    /// Whether a decision, or what a test expects, can depend on the as-of time. What properties ask, and the tests' `given`,
    /// are not looked at.
    #[must_use]
    pub fn reads_time(&self) -> bool {
        visit::any_expr(self, |e| matches!(e, Expr::AsOf(_) | Expr::AsOfDay(_)))
    }
}
