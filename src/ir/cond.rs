//! Conditions and the values that they ask about.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DefineId, FieldId, GradeId, ScoreId, SetId, StageId};
use crate::source::Span;
use crate::types::{Shift, Truth, Unit, Value};

/// Values that a condition asks for, all of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValueSet {
    /// The name of the `list`, when it is one.
    pub list: Option<String>,
    /// The values, in the author's order, each once.
    pub values: Vec<Value>,
    /// Whether any value outside of the closed set (a [`Value::Other`]) is in it too.
    pub other: bool,
}

/// A condition and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Cond {
    /// What is asked.
    pub kind: CondKind,
    /// Where.
    pub span: Span,
}

/// The kinds of conditions; each is true, false or unknown (Kleene).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CondKind {
    /// Always this.
    Const(Truth),
    /// Whether there is a value (`missing means` does not make one).
    Known(Expr),
    /// Two values of one type; unknown when one is missing, or when an order with [`Value::Other`] is asked for.
    Compare {
        /// How.
        op: CompareOp,
        /// Left.
        left: Expr,
        /// Right.
        right: Expr,
    },
    /// `low <= value <= high`.
    Between {
        /// The value.
        value: Expr,
        /// The low end.
        low: Expr,
        /// The high end.
        high: Expr,
    },
    /// Whether the value is one of a set's.
    In {
        /// The value.
        value: Expr,
        /// The set.
        set: SetId,
    },
    /// Whether a set-valued field holds any or all of a set's values.
    Has {
        /// The set-valued expression.
        value: Expr,
        /// All of them rather than any.
        all: bool,
        /// Positions in the closed set of the field.
        members: BTreeSet<usize>,
        /// The name of the `list` that they are from, when they are from one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list: Option<String>,
    },
    /// Whether a text contains, starts with or ends with any of these.
    Text {
        /// How.
        test: TextTest,
        /// The text.
        value: Expr,
        /// Any of these; lower-cased already when `value` is.
        needles: Vec<String>,
        /// The name of the `list` that they are from, when they are from one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list: Option<String>,
    },
    /// Whether a condition is unknown: always true or false.
    IsUnknown(Box<Cond>),
    /// Whether a line of the score was unknown: always true or false.
    IsIncomplete(ScoreId),
    /// The condition of a definition.
    Define(DefineId),
    /// Whether the lead has reached this stage (its condition and all earlier ones are true): always true or false.
    Reached(StageId),
    /// Not.
    Not(Box<Cond>),
    /// All of them. Never nested directly in another `All`.
    All(Vec<Cond>),
    /// Any of them. Never nested directly in another `Any`.
    Any(Vec<Cond>),
    /// At least so many of them: true when that many are true, false when too many are false.
    AtLeast(u32, Vec<Cond>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// At most.
    Le,
    /// More.
    Gt,
    /// At least.
    Ge,
}

impl CompareOp {
    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn flipped(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Eq,
            CompareOp::Ne => CompareOp::Ne,
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
        }
    }

    /// The comparison that is true where this one is false.
    #[must_use]
    pub fn opposite(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Ne,
            CompareOp::Ne => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Ge,
            CompareOp::Le => CompareOp::Gt,
            CompareOp::Gt => CompareOp::Le,
            CompareOp::Ge => CompareOp::Lt,
        }
    }
}

/// How a text is compared with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextTest {
    /// It is the other (only in spellings; elsewhere that is a comparison).
    Whole,
    /// It contains it anywhere.
    Contains,
    /// It begins with it.
    StartsWith,
    /// It ends with it.
    EndsWith,
    /// It contains it with no letter or digit directly before or behind.
    ContainsWord,
}

/// A value; missing when something that it needs is missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// A field.
    Field(FieldId),
    /// A constant.
    Const(Value),
    /// The value of a definition.
    Define(DefineId),
    /// The total of a score; never missing.
    Score(ScoreId),
    /// The label of a grade: a [`Value::Choice`] of its scale; never missing.
    Grade(GradeId),
    /// The stage: a [`Value::Choice`], 0 for `none`, 1 for the first stage; never missing.
    Stage,
    /// The as-of time, shifted by a unit of elapsed time.
    AsOf(Shift),
    /// The day of the as-of time in the policy's zone, shifted by a calendar unit.
    AsOfDay(Shift),
    /// The day of an instant, in the policy's zone.
    DayOf(Box<Expr>),
    /// A text in lower case.
    Lowercase(Box<Expr>),
    /// What follows the only `@` of a text, in lower case and trimmed; missing when there is not exactly one, or nothing behind it.
    DomainOf(Box<Expr>),
    /// The negative of a number.
    Negative(Box<Expr>),
    /// Arithmetic on numbers; dividing by zero is missing.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
}

/// The operators of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Unit {
    /// A shift of nothing, in this unit.
    #[must_use]
    pub fn zero(self) -> Shift {
        Shift { count: 0, unit: self }
    }
}
