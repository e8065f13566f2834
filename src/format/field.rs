//! The `lead` block: names, types and options, the types below each other.

use super::align::{self, pad};
use super::doc::{Doc, width};
use super::{expr, notes, words};
use crate::syntax::ast::{AliasPattern, FieldOption, LeadItem, Noted, TypeExpr, Word};

/// The columns between the longest name and the types.
const TYPE_GAP: usize = 2;
/// A name longer than this does not push the types of the other fields away.
const LONGEST_NAME: usize = 28;

/// The items of a `lead` block.
pub(super) fn lead_items(items: &[Noted<LeadItem>]) -> Doc {
    let columns = align::columns(items, LONGEST_NAME, |_, item| match item {
        LeadItem::Field { name, .. } => width(&name.text),
        LeadItem::Assume(_) | LeadItem::Broken { .. } => 0,
    });
    notes::block(items, |i, item| match item {
        LeadItem::Field { name, ty, options } => {
            let name = pad(&name.text, columns.get(i).copied().unwrap_or(0), TYPE_GAP);
            let column = width(&name);
            Doc::Concat(vec![name.into(), type_and_options(ty, options).nest(column)])
        }
        LeadItem::Assume(condition) => expr::sentence("assume", condition, 0),
        LeadItem::Broken { declares: _ } => Doc::nil(),
    })
}

/// The type, then the options, several to a line; but the long `also known as` are not mixed with the others.
fn type_and_options(ty: &Noted<TypeExpr>, options: &[Noted<FieldOption>]) -> Doc {
    let is_alias = |i: usize| matches!(options.get(i).map(|o| &o.node), Some(FieldOption::AlsoKnownAs { .. }));
    let may_share_line = |part: usize| match part {
        0 => true,
        1 => !is_alias(0),
        _ => !is_alias(part - 1) && !is_alias(part - 2),
    };
    let mut parts = notes::noted(std::slice::from_ref(ty), type_expr);
    parts.extend(notes::noted(options, option));
    notes::fill_where(parts, ",", may_share_line).group()
}

fn type_expr(ty: &TypeExpr) -> Doc {
    match ty {
        TypeExpr::Id => "id".into(),
        TypeExpr::Text => "text".into(),
        TypeExpr::Number(range) => format!("number{}", words::range(range)).into(),
        TypeExpr::WholeNumber(range) => format!("whole number{}", words::range(range)).into(),
        TypeExpr::Percent(range) => format!("percent{}", words::range(range)).into(),
        TypeExpr::Money(currency, range) => format!("money in {}{}", currency.text, words::range(range)).into(),
        TypeExpr::YesNo => "yes or no".into(),
        TypeExpr::Date => "date".into(),
        TypeExpr::DateTime => "date and time".into(),
        TypeExpr::OneOf { values, other } => closed_set("one of [", values, ",", *other),
        TypeExpr::Ranked { values, other } => closed_set("ranked [", values, " <", *other),
        TypeExpr::AnyOf { values } => closed_set("any of [", values, ",", false),
    }
}

fn closed_set(open: &str, values: &[Noted<Word>], separator: &str, other: bool) -> Doc {
    let values = notes::fill(notes::noted(values, |value| words::word(value).into()), separator);
    notes::bracketed(open, values, if other { "] or other" } else { "]" })
}

fn option(option: &FieldOption) -> Doc {
    match option {
        FieldOption::From(column) => format!("from {}", words::quoted(&column.value)).into(),
        FieldOption::Required => "required".into(),
        FieldOption::BlankWhen { markers, bracketed } => {
            let markers = notes::fill(notes::plain(markers.iter().map(|m| words::literal(&m.kind))), ",");
            if *bracketed {
                notes::bracketed("blank when [", markers, "]")
            } else {
                Doc::Concat(vec!["blank when ".into(), markers])
            }
        }
        FieldOption::BlankMeansNone => "blank means none".into(),
        FieldOption::MissingMeans(value) => format!("missing means {}", words::literal(&value.kind)).into(),
        FieldOption::ElseMissing => "else missing".into(),
        FieldOption::IgnoringCase => "ignoring case".into(),
        FieldOption::AlsoKnownAs { value, patterns } => {
            let open = format!("also known as {}: [", words::word(value));
            notes::bracketed(&open, notes::fill(notes::plain(patterns.iter().map(alias)), ","), "]")
        }
        FieldOption::SeparatedBy(separator) => format!("separated by {}", words::quoted(&separator.value)).into(),
        FieldOption::WrittenAs(pattern) => format!("written as {}", words::quoted(&pattern.value)).into(),
        FieldOption::WrittenAsEpoch(unit) => format!("written as epoch {}", words::epoch_unit(*unit)).into(),
        FieldOption::Personal => "personal".into(),
        FieldOption::Fixed => "fixed".into(),
    }
}

fn alias(pattern: &AliasPattern) -> String {
    format!("{}{}", words::text_test(pattern.kind), words::quoted(&pattern.text.value))
}
