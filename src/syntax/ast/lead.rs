//! The items of `lead`: fields with their types and options, and assumptions.

use super::{Expr, Literal, Name, Noted, Range, Text, TextTest, Word};

/// An item of `lead`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadItem {
    /// A field.
    Field {
        /// Its name.
        name: Name,
        /// Its type.
        ty: Noted<TypeExpr>,
        /// Its options, in the order written.
        options: Vec<Noted<FieldOption>>,
    },
    /// `assume CONDITION`.
    Assume(Expr),
    /// An item that could not be read.
    Broken {
        /// The field it declares, when that much could be read.
        declares: Option<Name>,
    },
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeExpr {
    /// `id`.
    Id,
    /// `text`.
    Text,
    /// `number [from A] [to B]`.
    Number(Range),
    /// `whole number [from A] [to B]`.
    WholeNumber(Range),
    /// `percent [from A] [to B]`.
    Percent(Range),
    /// `money in CUR [from A] [to B]`.
    Money(Name, Range),
    /// `yes or no`.
    YesNo,
    /// `date`.
    Date,
    /// `date and time`.
    DateTime,
    /// `one of [...] [or other]`.
    OneOf {
        /// The values.
        values: Vec<Noted<Word>>,
        /// `or other`.
        other: bool,
    },
    /// `ranked [low < ... < high] [or other]`.
    Ranked {
        /// The values, lowest first.
        values: Vec<Noted<Word>>,
        /// `or other`.
        other: bool,
    },
    /// `any of [...]`.
    AnyOf {
        /// The values.
        values: Vec<Noted<Word>>,
    },
}

/// An option of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldOption {
    /// `from "Column"`.
    From(Text),
    /// `required`.
    Required,
    /// `blank when 0` (one value, not bracketed) or `blank when ["unknown", "n/a"]`.
    BlankWhen {
        /// The markers.
        markers: Vec<Literal>,
        /// Whether they stood in brackets.
        bracketed: bool,
    },
    /// `blank means none`.
    BlankMeansNone,
    /// `missing means VALUE`.
    MissingMeans(Literal),
    /// `else missing`.
    ElseMissing,
    /// `ignoring case`.
    IgnoringCase,
    /// `also known as VP: [...]`.
    AlsoKnownAs {
        /// The value.
        value: Word,
        /// How else it is written.
        patterns: Vec<AliasPattern>,
    },
    /// `separated by ";"`.
    SeparatedBy(Text),
    /// `written as "%d/%m/%Y"`.
    WrittenAs(Text),
    /// `written as epoch milliseconds` (or `seconds`).
    WrittenAsEpoch(EpochUnit),
    /// `personal`.
    Personal,
    /// `fixed`.
    Fixed,
}

/// The unit of an epoch time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochUnit {
    /// Seconds since 1970-01-01T00:00:00Z.
    Seconds,
    /// Milliseconds since then.
    Milliseconds,
}

/// One spelling in `also known as`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasPattern {
    /// How the spelling is compared with the cell.
    pub kind: TextTest,
    /// The spelling.
    pub text: Text,
}
