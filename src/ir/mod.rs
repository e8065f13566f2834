//! The checked policy: plain data, small, with every name resolved and every sugar gone.
//!
//! Whatever decides, explains, proves or translates works on this and on nothing before it. A node means what
//! `eval::scalar` does with it; a [`Policy`] is printed by [`mod@print`], walked by [`visit`], and kept as JSON by [`json`].

mod compared;
mod decimals;
pub mod json;
mod lead;
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

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use compared::Compared;
pub use lead::Lead;
pub use ownership::{Owned, Ownership};
pub use table::{Id, Table};

use crate::source::Span;
use crate::types::{Choices, Number, Shift, Truth, Type, Unit, Value};

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
}

/// A field of the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name in the policy.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The name of its column (or key) in the data.
    pub column: String,
    /// Whether it names the lead (at most one does; its type is text).
    pub is_id: bool,
    /// The smallest value accepted.
    pub min: Option<Number>,
    /// The largest value accepted.
    pub max: Option<Number>,
    /// Whether a lead without it is rejected.
    pub required: bool,
    /// How its cells are written.
    pub cell: Cell,
    /// What decisions use when it is missing; it stays missing for `is missing`.
    pub default: Option<Value>,
    /// Whether an unreadable cell counts as missing instead of rejecting the lead.
    pub else_missing: bool,
    /// Whether its value is never shown.
    pub personal: bool,
    /// Whether no advice may change it.
    pub fixed: bool,
    /// Where it is declared.
    pub span: Span,
}

/// How the cells of a field are written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Texts (after trimming) that mean missing. For number-like fields see `blank_numbers`.
    pub blanks: Vec<String>,
    /// Numbers that mean missing, however they are written.
    pub blank_numbers: Vec<Number>,
    /// For a set: an empty cell is the empty set, not missing.
    pub blank_is_empty_set: bool,
    /// Whether case is ignored when a cell is matched with blanks, values and spellings, and when texts are compared.
    pub ignoring_case: bool,
    /// Further spellings of the values of a closed set; the first that matches counts.
    pub aliases: Vec<Alias>,
    /// What separates the values of a set; `,` when absent.
    pub separator: Option<String>,
    /// How a number, date or time is written; none: plain decimal or ISO 8601.
    pub written: Option<Written>,
}

/// A further spelling of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alias {
    /// The position of the value in its closed set.
    pub value: usize,
    /// How it is compared.
    pub test: TextTest,
    /// The spelling.
    pub text: String,
}

/// The form in which a number, date or time is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// As strftime says: `%d/%m/%Y`.
    Strftime(String),
    /// Seconds since 1970-01-01T00:00:00Z.
    EpochSeconds,
    /// Milliseconds since then.
    EpochMilliseconds,
    /// Numbers written like an example (`1.234,56`, `$1,200`, `1 200,50 €`).
    Like(NumberForm),
}

/// How numbers are grouped and dressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NumberForm {
    /// What stands before the number, such as `$`; a cell may leave it out.
    pub prefix: String,
    /// What stands behind it, such as ` €`; a cell may leave it out.
    pub suffix: String,
    /// What separates thousands.
    pub group: Option<char>,
    /// What separates the fraction.
    pub point: char,
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
    },
    /// Whether a text contains, starts with or ends with any of these.
    Text {
        /// How.
        test: TextTest,
        /// The text.
        value: Expr,
        /// Any of these; lower-cased already when `value` is.
        needles: Vec<String>,
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

impl Policy {
    /// The days on which it is in force: `from 2026-10-01 until 2027-09-30`, `on all days`.
    #[must_use]
    pub fn days(&self) -> String {
        self.in_force.as_ref().map_or_else(|| "on all days".to_owned(), InForce::words)
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

impl Unit {
    /// A shift of nothing, in this unit.
    #[must_use]
    pub fn zero(self) -> Shift {
        Shift { count: 0, unit: self }
    }
}
