//! Conditions and values.

use super::{Literal, LiteralKind, Loc, Name, Noted, NumberLit};

/// A condition or a value; which of them is lowering's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub loc: Loc,
}

/// The kinds of [`Expr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// A bare word: a field, a definition, a score, a value.
    Name(String),
    /// A number, text, money, percent or date. (A negative one is written with [`ExprKind::Negative`] in arithmetic.)
    Literal(LiteralKind),
    /// `-x`.
    Negative(Box<Expr>),
    /// `a + b`.
    Arithmetic {
        /// The operator.
        op: ArithmeticOp,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `domain of EMAIL`.
    DomainOf(Box<Expr>),
    /// A test of one subject: `need >= 3`, `title is not in [...]`.
    Test {
        /// What is tested.
        subject: Box<Expr>,
        /// `is` stood before the test: where it is not needed (`need is at least 3`, `title is in ...`), and always for
        /// `known`, `missing`, `unknown` and `incomplete`. Never for [`CompareOp::Is`] and [`CompareOp::IsNot`].
        is: bool,
        /// `not` stood before the test (`not in`, `is not between`). `is not X` and `!=` are a [`CompareOp`] instead.
        not: bool,
        /// The test.
        test: Test,
    },
    /// `a and b and c`.
    And(Vec<Noted<Expr>>),
    /// `a or b or c`.
    Or(Vec<Noted<Expr>>),
    /// `not a`.
    Not(Box<Expr>),
    /// `all of (a, b)`, `any of (a, b)`, `at least 2 of (a, b, c)`.
    Quantified {
        /// How many of them.
        quantifier: Quantifier,
        /// The conditions.
        conditions: Vec<Noted<Expr>>,
        /// Written below, one a line, without parentheses.
        vertical: bool,
    },
    /// `( a )`.
    Paren(Box<Expr>),
    /// A condition that could not be read. It has been reported: nothing about it is a further error.
    Broken,
}

/// The operators of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// How many conditions of a list must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantifier {
    /// `all of`
    All,
    /// `any of`
    Any,
    /// `at least 2 of`
    AtLeast(NumberLit),
}

/// What is asked of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `>= 3`, `is VP`.
    Compare {
        /// The comparison, as spelt.
        op: CompareOp,
        /// What with.
        right: Box<Expr>,
    },
    /// `between A and B`.
    Between {
        /// The low end.
        low: Box<Expr>,
        /// The high end.
        high: Box<Expr>,
    },
    /// `in [..]`, `in LIST`.
    In(SetExpr),
    /// `has any of`, `has all of`, `has none of`.
    Has {
        /// How many.
        quantity: HasQuantity,
        /// Of what.
        set: SetExpr,
    },
    /// `contains "x"` and its kin, with one text or a bracketed list of them.
    Text {
        /// How (never [`TextTest::Whole`]).
        kind: TextTest,
        /// What.
        right: SetOrExpr,
    },
    /// `known` (after `is`).
    Known,
    /// `missing` (after `is`).
    Missing,
    /// `unknown` (after `is`; the subject is a condition).
    Unknown,
    /// `incomplete` (after `is`; the subject is a score).
    Incomplete,
    /// `in the last 30 days`, `in the next 2 weeks`.
    Window {
        /// `next` rather than `last`.
        next: bool,
        /// How many.
        count: NumberLit,
        /// Of what.
        unit: TimeUnit,
    },
    /// `more than 90 days ago`.
    Age {
        /// Only the four words; symbols are an error of their own.
        op: CompareOp,
        /// How many.
        count: NumberLit,
        /// Of what.
        unit: TimeUnit,
    },
    /// `before DATE`, `after DATE`.
    Beside {
        /// `after` rather than `before`.
        after: bool,
        /// The other date: a literal or a field.
        right: Box<Expr>,
    },
}

/// One text or several: a bare word on the right of a test of texts is the name of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetOrExpr {
    /// One.
    One(Box<Expr>),
    /// Any of several.
    Set(SetExpr),
}

/// The right side of `in` and `has`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetExpr {
    /// `[A, B]`.
    Values {
        /// The values.
        values: Vec<Noted<Literal>>,
        /// The place, brackets included.
        loc: Loc,
    },
    /// The name of a list.
    List(Name),
}

/// A comparison, as spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterEqual,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `at least`
    AtLeast,
    /// `at most`
    AtMost,
    /// `more than`
    MoreThan,
    /// `less than`
    LessThan,
}

/// `has any of`, `has all of`, `has none of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HasQuantity {
    /// At least one of them.
    Any,
    /// All of them.
    All,
    /// None of them.
    None,
}

/// A unit of time. Whether it was written in the singular is not kept: the formatter writes `1 day`, `2 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Elapsed minutes.
    Minute,
    /// Elapsed hours.
    Hour,
    /// Calendar days.
    Day,
    /// Calendar weeks.
    Week,
    /// Calendar months, clamped to the month's end.
    Month,
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    /// The whole text (in `also known as` only; no keyword).
    Whole,
    /// `contains`.
    Contains,
    /// `starts with`.
    StartsWith,
    /// `ends with`.
    EndsWith,
    /// `contains word`.
    ContainsWord,
}
