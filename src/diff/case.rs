//! Fields for whose texts case has come to matter, or ceased to. What a condition holds against such a text stands in lower case in one of
//! the policies; nobody has edited it for that.

use super::edit::Item;
use crate::ir::{Expr, Policy};
use crate::types::Type;

/// The names of those fields.
#[derive(Debug, Default)]
pub(super) struct Case {
    fields: Vec<String>,
}

impl Case {
    pub(super) fn of(old: &Policy, new: &Policy) -> Case {
        let texts = old.fields.iter().map(|(_, field)| field).filter(|field| field.ty == Type::Text);
        let differs = |name: &str, ignoring: bool| {
            new.fields.iter().any(|(_, f)| f.name == name && f.ty == Type::Text && f.cell.ignoring_case != ignoring)
        };
        let fields = texts.filter(|field| differs(&field.name, field.cell.ignoring_case));
        Case { fields: fields.map(|field| field.name.clone()).collect() }
    }

    /// Items of conditions, to be compared: their quotes are in lower case when they ask for such a field.
    pub(super) fn items(&self, mut items: Vec<Item>) -> Vec<Item> {
        for item in items.iter_mut().filter(|item| self.is_asked_in(&item.body)) {
            item.is_cased = item.body.contains('"');
            item.marks.iter_mut().chain([&mut item.body]).for_each(|text| *text = folded(text));
        }
        items
    }

    /// Whether a condition, as it is printed, asks for such a field.
    fn is_asked_in(&self, text: &str) -> bool {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        !self.fields.is_empty() && words.any(|word| self.fields.iter().any(|field| field == word))
    }

    /// Whether a value is the text of such a field.
    pub(super) fn is_of(&self, policy: &Policy, value: &Expr) -> bool {
        match value {
            Expr::Field(field) => self.fields.contains(&policy.fields[*field].name),
            Expr::Lowercase(inner) => self.is_of(policy, inner),
            Expr::Const(_)
            | Expr::Define(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => false,
        }
    }
}

/// A text with its quotes in lower case.
fn folded(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let mut folded = String::new();
    for c in text.chars() {
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        if quoted { folded.extend(c.to_lowercase()) } else { folded.push(c) }
    }
    folded
}
