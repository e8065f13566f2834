//! The types that a column may have: each is tried on every cell with the very reader that `decide` uses, so that a type
//! that is left at the end rejects none of them.

use jiff::tz::TimeZone;

use crate::ir::{Cell, Field, NumberForm, Written};
use crate::leads::{CellReader, RawCell};
use crate::source::Span;
use crate::types::{Currency, Type};

/// How many cells a candidate may fail on and still be worth a remark.
const MOST_MISFITS: u64 = 20;

/// A type that all cells so far fit, or all but a few.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The type.
    pub(super) kind: Kind,
    field: Field,
    /// How many cells do not fit it; it is given up when they are many.
    pub(super) misfits: u64,
    /// Whether a cell had something that only this form explains (a separator, a sign).
    pub(super) needed: bool,
}

/// The types that are tried, in the order in which they are preferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `yes or no`.
    YesNo,
    /// `whole number`.
    WholeNumber,
    /// `number`.
    Number,
    /// `percent`.
    Percent,
    /// `date`.
    Date,
    /// `date and time`.
    DateTime,
    /// `date` or `date and time`, `written as` this.
    Strftime(&'static str, DayOrder),
    /// `number` or `money`, `written as` the example.
    Form(NumberForm, Option<Currency>),
}

/// Which of two day orders a date is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayOrder {
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
    /// It cannot be misread.
    Plain,
}

const STRFTIME: &[(&str, DayOrder)] = &[
    ("%Y/%m/%d", DayOrder::Plain),
    ("%d.%m.%Y", DayOrder::Plain),
    ("%d/%m/%Y", DayOrder::DayFirst),
    ("%m/%d/%Y", DayOrder::MonthFirst),
    ("%d-%m-%Y", DayOrder::DayFirst),
    ("%m-%d-%Y", DayOrder::MonthFirst),
    ("%b %d, %Y", DayOrder::Plain),
    ("%d %b %Y", DayOrder::Plain),
    ("%Y/%m/%d %H:%M", DayOrder::Plain),
    ("%d.%m.%Y %H:%M", DayOrder::Plain),
    ("%d.%m.%Y %H:%M:%S", DayOrder::Plain),
    ("%d/%m/%Y %H:%M", DayOrder::DayFirst),
    ("%m/%d/%Y %H:%M", DayOrder::MonthFirst),
    ("%d/%m/%Y %H:%M:%S", DayOrder::DayFirst),
    ("%m/%d/%Y %H:%M:%S", DayOrder::MonthFirst),
    ("%m/%d/%Y %I:%M %p", DayOrder::MonthFirst),
    ("%d/%m/%Y %I:%M %p", DayOrder::DayFirst),
];

/// What separates thousands and the fraction, in the ways that numbers are written.
const SEPARATORS: &[(Option<char>, char)] =
    &[(Some(','), '.'), (Some('.'), ','), (Some(' '), ','), (Some('\u{a0}'), ',')];

/// All numbers and times that a column beginning with `cell` may have.
pub(super) fn all(cell: &str) -> Vec<Candidate> {
    let plain = [Kind::WholeNumber, Kind::Number, Kind::Percent, Kind::Date, Kind::DateTime];
    let times = STRFTIME.iter().map(|(pattern, when)| Kind::Strftime(pattern, *when));
    let (prefix, suffix) = dress(cell);
    let currency = currency(&prefix, &suffix);
    let forms = SEPARATORS.iter().map(|(group, point)| {
        Kind::Form(
            NumberForm { prefix: prefix.clone(), suffix: suffix.clone(), group: *group, point: *point },
            currency,
        )
    });
    let dressed = currency.is_some() || (prefix.is_empty() && suffix.is_empty());
    plain.into_iter().chain(times).chain(forms.filter(|_| dressed)).map(Candidate::new).collect()
}

/// What stands before and behind the digits of a number.
fn dress(cell: &str) -> (String, String) {
    let undressed = |c: char| c.is_ascii_digit() || c == '-';
    let prefix = cell.split(undressed).next().unwrap_or("");
    let suffix = cell.rsplit(undressed).next().unwrap_or("");
    (prefix.trim_start_matches('+').to_owned(), suffix.to_owned())
}

fn currency(prefix: &str, suffix: &str) -> Option<Currency> {
    let sign = match (prefix.trim(), suffix.trim()) {
        (sign, "") | ("", sign) => sign,
        _ => return None,
    };
    match sign {
        "$" => Some(Currency::USD),
        "€" => Currency::new("EUR"),
        "£" => Currency::new("GBP"),
        code => Currency::new(code),
    }
}

impl Candidate {
    /// `yes or no`.
    pub(super) fn yes_no() -> Candidate {
        Candidate::new(Kind::YesNo)
    }

    fn new(kind: Kind) -> Candidate {
        let (ty, written) = match &kind {
            Kind::YesNo => (Type::YesNo, None),
            Kind::WholeNumber => (Type::WholeNumber, None),
            Kind::Number => (Type::Number, None),
            Kind::Percent => (Type::Percent, None),
            Kind::Date => (Type::Date, None),
            Kind::DateTime => (Type::DateTime, None),
            Kind::Strftime(pattern, _) => (timed(pattern), Some(Written::Strftime((*pattern).to_owned()))),
            Kind::Form(form, currency) => {
                (currency.map_or(Type::Number, Type::Money), Some(Written::Like(form.clone())))
            }
        };
        let field = Field {
            name: String::new(),
            ty,
            column: String::new(),
            is_id: false,
            min: None,
            max: None,
            required: false,
            cell: Cell { written, ..Cell::default() },
            default: None,
            else_missing: false,
            personal: false,
            fixed: false,
            span: Span::default(),
        };
        Candidate { kind, field, misfits: 0, needed: false }
    }

    /// Whether it explains all that was seen.
    pub(super) fn fits(&self) -> bool {
        self.needed && self.misfits == 0
    }

    /// Tries the cell, which holds `text`; false when so many cells do not fit that the candidate is given up.
    pub(super) fn accepts(&mut self, text: &str, cell: &RawCell<'_>) -> bool {
        if CellReader::new(&self.field, &TimeZone::UTC).read(cell).is_err() {
            self.misfits += 1;
            return self.misfits <= MOST_MISFITS;
        }
        self.needed |= match &self.kind {
            Kind::Percent => text.ends_with('%'),
            Kind::Form(form, _) => {
                !form.prefix.is_empty()
                    || !form.suffix.is_empty()
                    || text.contains(form.point)
                    || form.group.is_some_and(|g| text.contains(g))
            }
            Kind::YesNo | Kind::WholeNumber | Kind::Number | Kind::Date | Kind::DateTime | Kind::Strftime(..) => true,
        };
        true
    }
}

/// The type that a strftime pattern gives.
pub(super) fn timed(pattern: &str) -> Type {
    if pattern.contains(":%M") { Type::DateTime } else { Type::Date }
}
