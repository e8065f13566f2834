//! What the cells of a field may say: its closed set, other spellings of its values, markers for blanks, the separator.
//! One text must not mean two things.

use std::collections::{HashMap, HashSet};

use super::literal::{hundredth, literal, signed};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Alias, Field, TextTest, Written};
use crate::source::Span;
use crate::syntax::ast::{self, FieldOption, LiteralKind, TypeExpr};
use crate::types::{Number, Type, Value};

/// The most values of a closed set.
pub(super) const MAX_VALUES: usize = 2_000;

/// What a whole cell of a certain text means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The value at this position of the closed set.
    Value(usize),
    /// Nothing: the cell counts as blank.
    Blank,
}

/// The texts of whole cells that have a meaning, and where that is said.
struct Spellings {
    ignoring_case: bool,
    known: HashMap<String, (Meaning, Span)>,
}

impl Spellings {
    /// The position of a value of the closed set.
    fn value(&self, text: &str, values: &[String]) -> Option<usize> {
        let key = self.key(text);
        let (meaning, _) = self.known.get(&key)?;
        match meaning {
            Meaning::Value(position) => values.get(*position).filter(|v| self.key(v) == key).map(|_| *position),
            Meaning::Blank => None,
        }
    }

    /// A text as cells are compared with it.
    fn key(&self, text: &str) -> String {
        if self.ignoring_case { text.to_lowercase() } else { text.to_owned() }
    }

    /// Gives a text a meaning; says where it has another one already.
    fn claim(&mut self, text: &str, meaning: Meaning, place: Span) -> Result<(), (Meaning, Span)> {
        let key = self.key(text);
        match self.known.get(&key) {
            Some(before) => Err(*before),
            None => {
                self.known.insert(key, (meaning, place));
                Ok(())
            }
        }
    }
}

/// Checks the closed set of a field and lowers the options that speak about single cells.
pub(super) fn vocabulary(
    scope: &mut Scope,
    field: &mut Field,
    ty: &ast::Noted<TypeExpr>,
    options: &[&ast::Noted<FieldOption>],
) {
    let mut spellings = Spellings { ignoring_case: field.cell.ignoring_case, known: HashMap::new() };
    for option in options {
        if let FieldOption::SeparatedBy(separator) = &option.node {
            field.cell.separator = separated_by(scope, separator);
        }
    }
    closed_set(scope, field, ty, &mut spellings);
    let mut blanks = Blanks::default();
    for option in options {
        if let FieldOption::BlankWhen { markers, bracketed: _ } = &option.node {
            for marker in markers {
                blanks.add(scope, field, marker, &mut spellings);
            }
        }
    }
    for option in options {
        if let FieldOption::AlsoKnownAs { value, patterns } = &option.node {
            also_known_as(scope, field, value, patterns, &mut spellings);
        }
    }
}

fn separated_by(scope: &mut Scope, separator: &ast::Text) -> Option<String> {
    if separator.value.is_empty() {
        scope.report(
            Diagnostic::new(Code::P0338, "nothing stands between these quotes")
                .at(separator.loc.0, "")
                .help("type what stands between the values of a cell, such as `separated by \";\"`"),
        );
        return None;
    }
    Some(separator.value.clone())
}

fn closed_set(scope: &mut Scope, field: &Field, ty: &ast::Noted<TypeExpr>, spellings: &mut Spellings) {
    let values = match &ty.node {
        TypeExpr::OneOf { values, other: _ } | TypeExpr::Ranked { values, other: _ } | TypeExpr::AnyOf { values } => {
            values
        }
        TypeExpr::Id
        | TypeExpr::Text
        | TypeExpr::Number(_)
        | TypeExpr::WholeNumber(_)
        | TypeExpr::Percent(_)
        | TypeExpr::Money(..)
        | TypeExpr::YesNo
        | TypeExpr::Date
        | TypeExpr::DateTime => return,
    };
    if let (TypeExpr::Ranked { .. }, [only]) = (&ty.node, values.as_slice()) {
        scope.report(
            Diagnostic::new(Code::P0337, "`ranked` needs at least two values: an order needs something to compare")
                .at(only.node.loc.0, "the only value")
                .help("list the other values, or type `one of`"),
        );
    }
    if let Some(beyond) = values.get(MAX_VALUES) {
        scope.report(
            Diagnostic::new(
                Code::P0337,
                format!("more than {MAX_VALUES} values are no closed set that people can read"),
            )
            .at(beyond.node.loc.0, "one too many")
            .help("make the field a `text`, and put the values that matter into a `list`"),
        );
    }
    for (position, value) in values.iter().enumerate().take(MAX_VALUES) {
        let (text, place) = (&value.node.text, value.node.loc.0);
        if let Some(separator) = &field.cell.separator
            && text.contains(separator.as_str())
        {
            scope.report(
                Diagnostic::new(Code::P0338, format!("no cell can hold `{text}`: `{separator}` separates its values"))
                    .at(place, "")
                    .help("list what stands between the separators"),
            );
        } else {
            check_text(scope, text, place);
        }
        if let Err((_, before)) = spellings.claim(text, Meaning::Value(position), place) {
            scope.report(
                Diagnostic::new(Code::P0336, format!("`{text}` stands in the list twice"))
                    .at(place, "the second time")
                    .at(before, "the first time")
                    .help("take one of them out"),
            );
        }
    }
}

/// Reports a text that no cell ever is, because cells are trimmed and an empty one is missing.
fn check_text(scope: &mut Scope, text: &str, place: Span) {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        scope.report(
            Diagnostic::new(Code::P0338, "an empty cell is missing, so it cannot be a value")
                .at(place, "")
                .help("take it out; `is missing` asks for empty cells"),
        );
    } else if trimmed != text {
        scope.report(
            Diagnostic::new(Code::P0338, "blanks at the ends of a cell are cut off, so no cell is this text")
                .at(place, "")
                .help(format!("type \"{trimmed}\"")),
        );
    }
}

/// Reports that a text means something else already.
fn two_meanings(scope: &mut Scope, field: &Field, text: &str, place: Span, (meaning, before): (Meaning, Span)) {
    let says = match meaning {
        Meaning::Blank => "here it means blank".to_owned(),
        Meaning::Value(position) => match &field.ty {
            Type::Choice(choices) => choices.values.get(position),
            Type::Set(values) => values.get(position),
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Date
            | Type::DateTime => None,
        }
        .map_or_else(String::new, |value| format!("here it means `{value}`")),
    };
    scope.report(
        Diagnostic::new(Code::P0345, format!("a cell `{text}` would mean two things"))
            .at(place, "")
            .at(before, says)
            .help("take one of the two out"),
    );
}

/// Markers for blanks, each of them once.
#[derive(Default)]
struct Blanks {
    numbers: HashSet<Number>,
}

impl Blanks {
    fn add(&mut self, scope: &mut Scope, field: &mut Field, marker: &ast::Literal, spellings: &mut Spellings) {
        let place = marker.loc.0;
        match marker_number(scope, field, marker) {
            Marker::Number(number) => {
                if self.numbers.insert(number.clone()) {
                    field.cell.blank_numbers.push(number);
                }
            }
            Marker::Text => {
                for text in marker_texts(field, &marker.kind) {
                    if text.trim() != text || text.is_empty() {
                        check_marker(scope, &text, place);
                        continue;
                    }
                    match spellings.claim(&text, Meaning::Blank, place) {
                        Ok(()) => field.cell.blanks.push(text),
                        Err((Meaning::Blank, _)) => {}
                        Err(before) => two_meanings(scope, field, &text, place, before),
                    }
                }
            }
            Marker::Broken => {}
        }
    }
}

/// What a marker is compared with.
enum Marker {
    /// The number of a cell, however it is written.
    Number(Number),
    /// The text of a cell.
    Text,
    /// Nothing: it is wrong, which has been reported.
    Broken,
}

fn marker_number(scope: &mut Scope, field: &Field, marker: &ast::Literal) -> Marker {
    let numeric = matches!(field.ty, Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_));
    match &marker.kind {
        // A cell of a percent field says `20` for 20%.
        LiteralKind::Number { negative, number } | LiteralKind::Percent { negative, number }
            if field.ty == Type::Percent =>
        {
            Marker::Number(hundredth(&signed(*negative, &number.value)))
        }
        LiteralKind::Number { negative, number } if numeric => Marker::Number(signed(*negative, &number.value)),
        LiteralKind::Money { .. } if numeric => match literal(scope, marker, &field.name, &field.ty) {
            Some(Value::Number(number)) => Marker::Number(number),
            Some(_) | None => Marker::Broken,
        },
        LiteralKind::Word(_)
        | LiteralKind::Text(_)
        | LiteralKind::Number { .. }
        | LiteralKind::Percent { .. }
        | LiteralKind::Money { .. }
        | LiteralKind::Date(_) => Marker::Text,
    }
}

fn check_marker(scope: &mut Scope, text: &str, place: Span) {
    let fault = match text.trim() {
        "" => Diagnostic::new(Code::P0338, "an empty cell is missing anyway").help("take it out"),
        trimmed => Diagnostic::new(Code::P0338, "blanks at the ends of a cell are cut off, so no cell is this text")
            .help(format!("type \"{trimmed}\"")),
    };
    scope.report(fault.at(place, ""));
}

/// The texts of cells that a marker which is not a number of the field's stands for.
fn marker_texts(field: &Field, marker: &LiteralKind) -> Vec<String> {
    let signed = |negative: &bool, text: &str| if *negative { format!("-{text}") } else { text.to_owned() };
    match marker {
        LiteralKind::Word(text) | LiteralKind::Text(text) => vec![text.clone()],
        LiteralKind::Number { negative, number } => vec![signed(negative, &number.text)],
        LiteralKind::Percent { negative, number } => vec![signed(negative, &format!("{}%", number.text))],
        LiteralKind::Money { negative, currency, dollar_sign, number } => {
            let unsigned =
                if *dollar_sign { format!("${}", number.text) } else { format!("{currency} {}", number.text) };
            vec![signed(negative, &unsigned)]
        }
        // A day is also blank as its cells are written.
        LiteralKind::Date(date) => {
            let as_written = if let Some(Written::Strftime(form)) = &field.cell.written {
                date.text.parse::<jiff::civil::Date>().and_then(|day| jiff::fmt::strtime::format(form, day)).ok()
            } else {
                None
            };
            std::iter::once(date.text.clone()).chain(as_written).collect()
        }
    }
}

fn also_known_as(
    scope: &mut Scope,
    field: &mut Field,
    value: &ast::Word,
    patterns: &[ast::AliasPattern],
    spellings: &mut Spellings,
) {
    let values: &[String] = match &field.ty {
        Type::Choice(choices) => &choices.values,
        Type::Set(values) => values,
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => return,
    };
    let Some(position) = spellings.value(&value.text, values) else {
        let place = value.loc.0;
        let fault =
            Diagnostic::new(Code::P0339, format!("`{}` is not a value of `{}`", value.text, field.name)).at(place, "");
        scope.report(match scope.near(&value.text, values.iter().map(String::as_str)) {
            Some(meant) => fault.help(format!("did you mean `{meant}`?")),
            None => fault.help(format!("its values are {}", super::naming::listed(values.iter().map(String::as_str)))),
        });
        return;
    };
    for pattern in patterns {
        let (text, place) = (&pattern.text.value, pattern.text.loc.0);
        if text.trim().is_empty() {
            check_text(scope, text, place);
            continue;
        }
        let test = text_test(pattern.kind);
        if test == TextTest::Whole {
            check_text(scope, text, place);
            match spellings.claim(text, Meaning::Value(position), place) {
                Ok(()) => {}
                // The same spelling of the same value again says nothing new, and nothing wrong.
                Err((Meaning::Value(before), _)) if before == position => continue,
                Err(before) => {
                    two_meanings(scope, field, text, place, before);
                    continue;
                }
            }
        }
        field.cell.aliases.push(Alias { value: position, test, text: text.clone() });
    }
}

fn text_test(kind: ast::TextTest) -> TextTest {
    match kind {
        ast::TextTest::Whole => TextTest::Whole,
        ast::TextTest::Contains => TextTest::Contains,
        ast::TextTest::StartsWith => TextTest::StartsWith,
        ast::TextTest::EndsWith => TextTest::EndsWith,
        ast::TextTest::ContainsWord => TextTest::ContainsWord,
    }
}
