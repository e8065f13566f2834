//! The syntax tree: what was written, down to the author's choice between `>=` and `at least`, with every comment.
//!
//! It is wide on purpose: nothing is decided here that the formatter would have to undo. Two nodes are equal when they say the
//! same in the same words, wherever they stand ([`Loc`] always equals).

mod condition;
mod lead;

pub use condition::{
    ArithmeticOp, CompareOp, Expr, ExprKind, HasQuantity, Quantifier, SetExpr, SetOrExpr, Test, TextTest, TimeUnit,
};
pub use lead::{AliasPattern, EpochUnit, FieldOption, LeadItem, TypeExpr};

use crate::source::Span;
use crate::types::{Currency, Number};

/// Where a node stands. Equal to every other place, so that trees compare by what they say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Loc(pub Span);

impl PartialEq for Loc {
    fn eq(&self, _: &Loc) -> bool {
        true
    }
}
impl Eq for Loc {}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its statements, in order.
    pub statements: Vec<Noted<Statement>>,
    /// Comments after the last statement.
    pub trailing: Vec<Comment>,
}

/// A comment, without `#` and without blanks at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What it says.
    pub text: String,
    /// Whether a blank line stands above it.
    pub blank_before: bool,
}

/// The comments and the blank line that belong to a node.
///
/// Where a comment goes does not hang on how the lines are broken: one that follows a part belongs to the *outermost* node that
/// ends there (so the last part of a sentence never has an `after`: the statement or the item has it), one that stands before
/// a part to the outermost node that begins there. The first part of a list, the first item of a block, the first statement,
/// and `because`, `owned by` and `otherwise` below a sentence have no blank line above them, whatever was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes {
    /// Comments on lines of their own, above the node.
    pub before: Vec<Comment>,
    /// Whether a blank line stands directly above the node (below its comments, if any).
    pub blank_before: bool,
    /// A comment at the end of the node's last line (only its `text` counts). For a statement this is the last line of its
    /// sentence or heading: what stands below it has comments of its own.
    pub after: Option<Comment>,
    /// Comments on lines of their own below the node, where nothing follows that they could stand above: on the last part
    /// of a list in brackets or parentheses, and (when they are indented) on a statement, below all of its lines.
    pub below: Vec<Comment>,
}

/// Something that may carry comments: a statement, an item, a part of a list of conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted<T> {
    /// The thing itself.
    pub node: T,
    /// Where all of it stands, comments not counted.
    pub loc: Loc,
    /// Its comments.
    pub notes: Notes,
}

/// A declared or used name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place.
    pub loc: Loc,
}

/// A text in double quotes, unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes, `\"` and `\\` resolved.
    pub value: String,
    /// Its place, quotes included.
    pub loc: Loc,
}

/// A phrase of several words: a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words with one blank between them.
    pub text: String,
    /// Its place.
    pub loc: Loc,
}

/// A value of a closed set where it is declared or listed: bare or quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The value.
    pub text: String,
    /// Whether it was written in quotes.
    pub quoted: bool,
    /// Its place.
    pub loc: Loc,
}

/// `YYYY-MM-DD`, as written; lowering says whether there is such a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateLit {
    /// As written: `2026-10-01`, or with a time `2026-10-01T09:30`, `2026-10-01 09:30`, `2026-10-01T09:30:00Z`.
    pub text: String,
    /// Its place.
    pub loc: Loc,
}

/// A number with what was written: `10k` keeps being `10k`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLit {
    /// As written, without sign: `10k`, `0.5`, `50_000`.
    pub text: String,
    /// Its value.
    pub value: Number,
    /// Its place.
    pub loc: Loc,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `policy "T"`.
    Policy {
        /// The title.
        title: Text,
        /// What stands below.
        items: Vec<Noted<PolicyItem>>,
    },
    /// `use "path"`.
    Use {
        /// The file, relative to this one.
        path: Text,
        /// `owned by`.
        owners: Option<Noted<Owners>>,
    },
    /// `rules from "path"`.
    RulesFrom {
        /// The file, relative to this one.
        path: Text,
        /// `owned by`.
        owners: Option<Noted<Owners>>,
    },
    /// `lead`.
    Lead {
        /// Fields and assumptions.
        items: Vec<Noted<LeadItem>>,
    },
    /// `decisions`.
    Decisions {
        /// `, best first`.
        best_first: bool,
        /// The decisions.
        items: Vec<Noted<DecisionItem>>,
    },
    /// `list NAME is [...]` or `list NAME from "file" column "c"`.
    List {
        /// Its name.
        name: Name,
        /// Its values.
        values: ListValues,
        /// `owned by`.
        owners: Option<Noted<Owners>>,
    },
    /// `define NAME as ...`.
    Define {
        /// Its name.
        name: Name,
        /// A condition or a value.
        body: Expr,
    },
    /// `score NAME [from A to B]`.
    Score {
        /// Its name.
        name: Name,
        /// The declared range.
        range: Range,
        /// Its lines.
        lines: Vec<Noted<ScoreLine>>,
    },
    /// `grade NAME`.
    Grade {
        /// Its name.
        name: Name,
        /// Its lines, best first.
        lines: Vec<Noted<GradeLine>>,
    },
    /// `stage NAME when ...`.
    Stage {
        /// Its name.
        name: Name,
        /// When a lead has reached it.
        when: Expr,
    },
    /// `section "T" ...`.
    Section {
        /// The title.
        title: Text,
        /// Which leads it is for.
        guard: SectionGuard,
        /// `owned by`.
        owners: Option<Noted<Owners>>,
        /// `otherwise DECISION` of the section.
        otherwise: Option<Noted<Otherwise>>,
    },
    /// `[label:] DECISION when ...`.
    Rule {
        /// `label:`.
        label: Option<Name>,
        /// `(was a, b)`: earlier labels.
        was: Vec<Name>,
        /// The decision.
        decision: Phrase,
        /// The condition.
        when: Expr,
        /// `because "..."`.
        because: Option<Noted<Text>>,
    },
    /// `otherwise DECISION`.
    Otherwise(Otherwise),
    /// `never DECISION when ...` and its kin.
    Property {
        /// What is claimed.
        claim: Claim,
        /// The decision.
        decision: Phrase,
        /// The condition.
        condition: Expr,
        /// `because "..."`.
        because: Option<Noted<Text>>,
    },
    /// `test "T"`.
    Test {
        /// The title.
        title: Text,
        /// What is given and expected.
        items: Vec<Noted<TestItem>>,
    },
    /// A statement that could not be read; what it would have declared is known, so that its uses are no second error.
    /// It may have been anything: while there is one, that something is absent from the file (an `otherwise`) is no finding.
    Broken {
        /// The name it declares, when that much could be read. For `lead` and other blocks see their items.
        declares: Option<Name>,
    },
}

impl Statement {
    /// What its `owned by` says.
    #[must_use]
    pub fn owners(&self) -> Option<&Owners> {
        match self {
            Statement::Policy { items, .. } => items.iter().find_map(|item| match &item.node {
                PolicyItem::OwnedBy(owners) => Some(owners),
                PolicyItem::InForce { .. } | PolicyItem::TimeZone(_) | PolicyItem::Language(_) => None,
            }),
            Statement::Use { owners, .. }
            | Statement::RulesFrom { owners, .. }
            | Statement::List { owners, .. }
            | Statement::Section { owners, .. } => owners.as_ref().map(|owners| &owners.node),
            Statement::Lead { .. }
            | Statement::Decisions { .. }
            | Statement::Define { .. }
            | Statement::Score { .. }
            | Statement::Grade { .. }
            | Statement::Stage { .. }
            | Statement::Rule { .. }
            | Statement::Otherwise(_)
            | Statement::Property { .. }
            | Statement::Test { .. }
            | Statement::Broken { .. } => None,
        }
    }
}

/// What a property claims of a decision, by the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// `never DECISION when ...`.
    NeverWhen,
    /// `never DECISION unless ...`.
    NeverUnless,
    /// `always DECISION when ...`.
    AlwaysWhen,
}

/// `owned by marketing, sales`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owners {
    /// Who.
    pub names: Vec<Name>,
}

/// `otherwise DECISION`, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// The decision.
    pub decision: Phrase,
    /// `because "..."`.
    pub because: Option<Noted<Text>>,
}

/// An item of `policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyItem {
    /// `owned by`.
    OwnedBy(Owners),
    /// `in force from DATE [until DATE]`.
    InForce {
        /// The first day.
        from: DateLit,
        /// The last day.
        until: Option<DateLit>,
    },
    /// `time zone Europe/Berlin`.
    TimeZone(Name),
    /// `language 1`.
    Language(NumberLit),
}

/// `from A to B`, either end may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Range {
    /// `from A`.
    pub from: Option<Literal>,
    /// `to B`.
    pub to: Option<Literal>,
}

/// A signed literal of a range, a blank marker, a default or a given value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// Its place.
    pub loc: Loc,
}

/// The kinds of [`Literal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralKind {
    /// A bare word: a value of a closed set, `yes`, `no`, `missing`.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// `5`, `-3`, `10k`.
    Number {
        /// A `-` stands before it.
        negative: bool,
        /// Without the sign.
        number: NumberLit,
    },
    /// `20%`.
    Percent {
        /// A `-` stands before it.
        negative: bool,
        /// What stands before `%`: `20`.
        number: NumberLit,
    },
    /// `$10k`, `EUR 5000`.
    Money {
        /// A `-` stands before it.
        negative: bool,
        /// Which money.
        currency: Currency,
        /// Whether it was written `$`.
        dollar_sign: bool,
        /// Without sign and currency.
        number: NumberLit,
    },
    /// A date or a date with a time.
    Date(DateLit),
}

/// An item of `decisions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionItem {
    /// The decision.
    pub phrase: Phrase,
    /// Its note.
    pub note: Option<Text>,
}

/// Where the values of a `list` come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListValues {
    /// `is [...]`.
    Inline(Vec<Noted<Literal>>),
    /// `from "file" [column "c"]`.
    File {
        /// The file, relative to this one.
        path: Text,
        /// The column; the first one when absent.
        column: Option<Text>,
    },
}

/// A line of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreLine {
    /// `+40 [for each [5000] FIELD] [when C] [, at most 20] [as "..."]`.
    Points {
        /// `-` instead of `+`.
        negative: bool,
        /// The points.
        points: NumberLit,
        /// `for each`: the amount that one unit is (absent: 1) and what is counted.
        per: Option<(Option<Literal>, Expr)>,
        /// `when`.
        when: Option<Expr>,
        /// `at most`.
        at_most: Option<NumberLit>,
        /// `as "..."`.
        label: Option<Text>,
    },
    /// `+interest`: another score.
    Score {
        /// `-` instead of `+`.
        negative: bool,
        /// The other score.
        name: Name,
        /// `as "..."`.
        label: Option<Text>,
    },
}

/// A line of a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeLine {
    /// The label it gives.
    pub label: Word,
    /// When; `otherwise` when absent.
    pub when: Option<Expr>,
}

/// Which leads a section is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionGuard {
    /// All.
    Always,
    /// `when ...`.
    When(Expr),
    /// `otherwise`: no conditional section above was true.
    Otherwise,
}

/// An item of `test`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestItem {
    /// `given a 1, b 2`.
    Given(Vec<Noted<Given>>),
    /// `as of DATE`.
    AsOf(DateLit),
    /// `expect ...`: `expect DECISION [by RULE]` is told from a condition by lowering, which knows the decisions.
    Expect(Expectation),
}

/// `FIELD VALUE` in a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The field.
    pub field: Name,
    /// What it holds.
    pub value: GivenValue,
}

/// What a field holds in a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenValue {
    /// A literal; the word `missing` for a missing cell.
    Literal(Literal),
    /// `[A, B]` for an `any of` field.
    Set(Vec<Noted<Literal>>),
    /// `3 days ago`, `in 2 weeks`.
    Relative {
        /// How many.
        count: NumberLit,
        /// Of what.
        unit: TimeUnit,
        /// `in 2 weeks` rather than `2 weeks ago`.
        ahead: bool,
    },
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// Words only, so it may be a decision: `pass to sales by hot_vp`. A single bare word that is no decision is a condition.
    Decision {
        /// The decision.
        decision: Phrase,
        /// `by RULE`.
        by: Option<Name>,
    },
    /// Any condition.
    Condition(Expr),
}
