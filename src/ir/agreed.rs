//! What is agreed beside the rules: claims for every possible lead, and tests.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cond, DecisionId, FieldId, RuleId};
use crate::source::Span;
use crate::types::{Shift, Value};

/// What is claimed for every possible lead; proved or refuted by `analysis`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Property {
    /// How decision and condition belong together.
    pub claim: Claim,
    /// The decision.
    pub decision: DecisionId,
    /// The condition.
    pub condition: Cond,
    /// Why, in the author's words.
    pub because: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// How a property ties a decision to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// No lead for which the condition is surely true gets the decision.
    NeverWhen,
    /// No lead gets the decision for which the condition is not surely true.
    NeverUnless,
    /// Every lead for which the condition is surely true gets the decision.
    AlwaysWhen,
}

impl Claim {
    /// The words around the decision: `never ... when`.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Claim::NeverWhen => ("never", "when"),
            Claim::NeverUnless => ("never", "unless"),
            Claim::AlwaysWhen => ("always", "when"),
        }
    }
}

/// A test block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// Its title.
    pub title: String,
    /// What the lead holds; all other fields are missing.
    pub given: Vec<(FieldId, Given)>,
    /// The time at which it is decided. Required when the policy reads time.
    pub as_of: Option<TestTime>,
    /// What must come out, each with its place.
    pub expect: Vec<(Expectation, Span)>,
    /// Where it stands.
    pub span: Span,
}

/// What a field holds in a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// This value, or missing.
    Value(Option<Value>),
    /// A day or an instant relative to the time of the test.
    Relative(Shift),
}

/// The time of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestTime {
    /// The end of this day in the policy's time zone.
    Day(#[schemars(with = "String")] Date),
    /// This instant.
    Instant(#[schemars(with = "String")] jiff::Timestamp),
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// This decision, perhaps by this rule.
    Decision(DecisionId, Option<RuleId>),
    /// This condition is surely true.
    Condition(Cond),
}
