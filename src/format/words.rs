//! How names, literals and operators are spelt.

use crate::syntax::ast::{
    ArithmeticOp, CompareOp, DateLit, EpochUnit, HasQuantity, LiteralKind, Name, NumberLit, Owners, Range, TextTest,
    TimeUnit, Word,
};

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// `# what it says`.
pub(super) fn comment(text: &str) -> String {
    match text.chars().next() {
        None | Some('#') => format!("#{text}"),
        Some(_) => format!("# {text}"),
    }
}

/// A value of a closed set, bare or quoted as its author had it.
pub(super) fn word(word: &Word) -> String {
    if word.quoted { quoted(&word.text) } else { word.text.clone() }
}

/// `a, b, c`.
pub(super) fn names(names: &[Name]) -> String {
    names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// `owned by marketing, sales`.
pub(super) fn owners(owners: &Owners) -> String {
    format!("owned by {}", names(&owners.names))
}

/// ` from A to B`, with a blank before each end that there is.
pub(super) fn range(range: &Range) -> String {
    let from = range.from.as_ref().map_or_else(String::new, |l| format!(" from {}", literal(&l.kind)));
    let to = range.to.as_ref().map_or_else(String::new, |l| format!(" to {}", literal(&l.kind)));
    from + &to
}

/// A literal as it was written.
pub(super) fn literal(literal: &LiteralKind) -> String {
    let sign = |negative: &bool| if *negative { "-" } else { "" };
    match literal {
        LiteralKind::Word(word) => word.clone(),
        LiteralKind::Text(text) => quoted(text),
        LiteralKind::Number { negative, number } => format!("{}{}", sign(negative), number.text),
        LiteralKind::Percent { negative, number } => format!("{}{}%", sign(negative), number.text),
        LiteralKind::Money { negative, currency: _, dollar_sign: true, number } => {
            format!("{}${}", sign(negative), number.text)
        }
        LiteralKind::Money { negative, currency, dollar_sign: false, number } => {
            format!("{}{currency} {}", sign(negative), number.text)
        }
        LiteralKind::Date(DateLit { text, .. }) => text.clone(),
    }
}

/// `1 day`, `2 days`.
pub(super) fn duration(count: &NumberLit, unit: TimeUnit) -> String {
    let plural = if count.value.to_i64() == Some(1) { "" } else { "s" };
    let unit = match unit {
        TimeUnit::Minute => "minute",
        TimeUnit::Hour => "hour",
        TimeUnit::Day => "day",
        TimeUnit::Week => "week",
        TimeUnit::Month => "month",
    };
    format!("{} {unit}{plural}", count.text)
}

/// `seconds` or `milliseconds`.
pub(super) fn epoch_unit(unit: EpochUnit) -> &'static str {
    match unit {
        EpochUnit::Seconds => "seconds",
        EpochUnit::Milliseconds => "milliseconds",
    }
}

/// The words of a text test with the blank after them; nothing for the whole text.
pub(super) fn text_test(test: TextTest) -> &'static str {
    match test {
        TextTest::Whole => "",
        TextTest::Contains => "contains ",
        TextTest::StartsWith => "starts with ",
        TextTest::EndsWith => "ends with ",
        TextTest::ContainsWord => "contains word ",
    }
}

/// `any`, `all` or `none`.
pub(super) fn quantity(quantity: HasQuantity) -> &'static str {
    match quantity {
        HasQuantity::Any => "any",
        HasQuantity::All => "all",
        HasQuantity::None => "none",
    }
}

/// `+`, `-`, `*` or `/`.
pub(super) fn arithmetic(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}

/// A comparison in the words or signs of its author.
pub(super) fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Is => "is",
        CompareOp::IsNot => "is not",
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::GreaterEqual => ">=",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::Less => "<",
        CompareOp::AtLeast => "at least",
        CompareOp::AtMost => "at most",
        CompareOp::MoreThan => "more than",
        CompareOp::LessThan => "less than",
    }
}
