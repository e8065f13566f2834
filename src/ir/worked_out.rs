//! What is worked out of a lead: definitions, scores, grades and stages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cond, Expr, ScoreId};
use crate::source::Span;
use crate::types::{Choices, Number, Type};

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Define {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub body: Body,
    /// Where it is declared.
    pub span: Span,
}

/// What a definition stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A condition.
    Condition(Cond),
    /// A value and its type.
    Value(Expr, Type),
}

/// A score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// Its name.
    pub name: String,
    /// The total is never below.
    pub min: Option<Number>,
    /// The total is never above.
    pub max: Option<Number>,
    /// Its lines.
    pub lines: Vec<ScoreLine>,
    /// Where it is declared.
    pub span: Span,
}

/// A line of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreLine {
    /// What it adds.
    pub gain: Gain,
    /// `as "..."`.
    pub label: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// What a line of a score adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gain {
    /// Points, once or for each full unit of something, when a condition is surely true.
    Points {
        /// The points, signed.
        points: Number,
        /// What is counted; once when absent.
        per: Option<Per>,
        /// When; always when absent.
        when: Option<Cond>,
        /// The size of what the line adds is at most this.
        at_most: Option<Number>,
    },
    /// The total of another score, after its own clamping, times `sign` (1 or -1).
    Score {
        /// 1 or -1.
        sign: i8,
        /// The other score.
        score: ScoreId,
    },
}

/// Full units of an amount; an amount below zero counts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Per {
    /// How much one unit is; above zero.
    pub unit: Number,
    /// What is counted; a number or an amount of money.
    pub amount: Expr,
}

/// A grade: a ranked label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grade {
    /// Its name.
    pub name: String,
    /// Its labels, ranked, worst first (so that a larger position is better).
    pub scale: Choices,
    /// The labels that a condition gives, in the order tried; each a position in the scale.
    pub lines: Vec<GradeLine>,
    /// The label when no line is true; a position in the scale.
    pub otherwise: usize,
    /// Where it is declared.
    pub span: Span,
}

/// A line of a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GradeLine {
    /// The label: a position in the scale.
    pub label: usize,
    /// When it is given.
    pub when: Cond,
    /// Where it stands.
    pub span: Span,
}

/// A stage of the funnel. A lead's stage is the last one whose condition and all earlier ones are true; before the first, `none`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// When it is reached.
    pub when: Cond,
    /// Where it is declared.
    pub span: Span,
}
