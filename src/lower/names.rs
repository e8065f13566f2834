//! Names in conditions: what each stands for, and what was probably meant by one that stands for nothing.

use super::kinds::{kind, spelt};
use super::references::LEVELS;
use super::scope::{Named, Scope, Ty};
use super::{grade, literal};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Field, Id};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, LiteralKind};
use crate::types::Type;

/// The operand that is the lead's stage.
pub(super) const STAGE: &str = "stage";

/// What a name stands for, which counts as a use of it; none when nothing is declared under it.
pub(super) fn find(scope: &mut Scope, name: &str) -> Option<Named> {
    let named = scope.names.get(name)?.named.clone();
    scope.used.insert(name.to_owned());
    Some(named)
}

/// Whether this name is the operand `stage`: no field is called so, and there are stages.
pub(super) fn is_stage_operand(scope: &Scope, name: &str) -> bool {
    name == STAGE && !scope.names.contains_key(name) && !scope.policy.stages.is_empty()
}

/// The type of what a name stands for, definitions that are just a name followed, without lowering anything: none for
/// what is calculated or tested.
pub(super) fn declared_type(scope: &Scope, name: &str) -> Option<Ty> {
    let mut name = name;
    for _ in 0..LEVELS {
        if is_stage_operand(scope, name) {
            return Some(Ty::Stage(scope.policy.stage_scale()));
        }
        match &scope.names.get(name)?.named {
            Named::Field(id) => return scope.policy.fields.find(*id).map(|field| Ty::Is(field.ty.clone())),
            Named::Grade(id) => return Some(Ty::Grade(*id, grade::scale_of(scope, *id))),
            Named::Define(id) => {
                let body = bare(&scope.waiting.defines.get(id.position())?.body);
                let ExprKind::Name(inner) = &body.kind else { return None };
                name = inner;
            }
            Named::List(_) | Named::Score(_) | Named::Stage(_) | Named::Broken => return None,
        }
    }
    None
}

/// The expression inside of all parentheses around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    while let ExprKind::Paren(inner) = &expr.kind {
        expr = inner;
    }
    expr
}

/// What an expression is called in a message: as it was written when that is short, else by its place.
pub(super) fn words(expr: &Expr) -> String {
    short(expr).map_or_else(|| "this".to_owned(), |text| format!("`{text}`"))
}

/// What [`words`] are inside of a condition that a message proposes.
pub(super) fn proposed(words: &str) -> &str {
    if words == "this" { "..." } else { words.trim_matches('`') }
}

/// A name, a literal or `domain of` a name, as written.
pub(super) fn short(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Literal(written) => Some(literal::shown(written)),
        ExprKind::Negative(inner) if matches!(inner.kind, ExprKind::Literal(LiteralKind::Number { .. })) => {
            short(inner).map(|text| format!("-{text}"))
        }
        ExprKind::DomainOf(inner) => short(inner).map(|text| format!("domain of {text}")),
        ExprKind::Paren(inner) => short(inner),
        ExprKind::Negative(_)
        | ExprKind::Arithmetic { .. }
        | ExprKind::Test { .. }
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Quantified { .. }
        | ExprKind::Broken => None,
    }
}

/// Reports a name that nothing is declared under, unless something may be declared that could not be read.
pub(super) fn report_unknown(scope: &mut Scope, name: &str, span: Span) {
    if !scope.open {
        let finding = unknown(scope, name, span);
        scope.report(finding);
    }
}

/// A name that nothing is declared under.
pub(super) fn unknown(scope: &Scope, name: &str, span: Span) -> Diagnostic {
    if let Some(later) = word_to_come(name) {
        return Diagnostic::new(Code::P0258, format!("`{name}` is a word that the language does not have yet"))
            .at(span, "not yet possible")
            .help(later);
    }
    let finding = |label: &str| Diagnostic::new(Code::P0250, format!("nothing is called `{name}`")).at(span, label);
    if name == STAGE {
        return finding("no stages").help("the policy has no stages: declare them with `stage NAME when ...`");
    }
    if let Some(help) = foreign_word(name) {
        return finding("not a name").help(help);
    }
    if let Some(help) = value_elsewhere(scope, name) {
        return finding("a value, not a name").help(help);
    }
    if scope.decisions.contains_key(name) {
        return finding("a decision, not a name")
            .help("a condition asks about fields, definitions, scores, grades and stages");
    }
    let finding = finding("not declared");
    if let Some(near) = scope.near(name, names(scope)) {
        return finding.help(format!("did you mean `{near}`?")).fix(span, near);
    }
    if let Some(number) = number_in_words(name) {
        return finding.help(format!("a number is written in digits: `{number}`")).fix(span, number.to_string());
    }
    let near_value = scope.policy.fields.iter().find_map(|(_, field)| {
        scope.near(name, values(&field.ty).iter().map(String::as_str)).map(|value| (field, value))
    });
    if let Some((field, value)) = near_value {
        return finding.help(value_help(field, value));
    }
    finding.help(format!("declare it: a field under `lead`, or a definition: `define {name} as ...`"))
}

/// All names that may stand in a condition.
fn names(scope: &Scope) -> impl Iterator<Item = &str> {
    let stage = (!scope.policy.stages.is_empty()).then_some(STAGE);
    scope.names.keys().map(String::as_str).chain(stage)
}

/// The values of a closed set.
fn values(ty: &Type) -> &[String] {
    match ty {
        Type::Choice(choices) => &choices.values,
        Type::Set(values) => values,
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => &[],
    }
}

/// The first field whose closed set passes a test.
fn field_with_value(scope: &Scope, test: impl Fn(&[String]) -> bool) -> Option<&Field> {
    scope.policy.fields.iter().map(|(_, field)| field).find(|field| test(values(&field.ty)))
}

/// What to say when a value stands where a name should.
fn value_help(field: &Field, value: &str) -> String {
    let (name, spelt) = (&field.name, spelt(value));
    match &field.ty {
        Type::Set(_) => format!("`{spelt}` is a value of `{name}`: write `{name} has any of [{spelt}]`"),
        Type::Choice(_)
        | Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => format!("`{spelt}` is a value of `{name}`: write `{name} is {spelt}`"),
    }
}

/// Of which field a word is a value, as a help: for a word beside something that cannot have it.
pub(super) fn value_elsewhere(scope: &Scope, word: &str) -> Option<String> {
    let field = field_with_value(scope, |values| values.iter().any(|v| v == word));
    field.map(|field| value_help(field, word)).or_else(|| grade_with_label(scope, word))
}

/// Of which grade a word is a label, as a help.
fn grade_with_label(scope: &Scope, word: &str) -> Option<String> {
    let grade = scope.policy.grades.iter().find(|(id, _)| grade::scale_of(scope, *id).position(word).is_some());
    grade.map(|(_, grade)| {
        format!("`{word}` is a label of the grade `{name}`: write `{name} is {word}`", name = grade.name)
    })
}

/// Words for what is missing.
pub(super) fn is_blank_word(word: &str) -> bool {
    matches!(
        word,
        "missing" | "blank" | "empty" | "null" | "nil" | "none" | "nothing" | "unset" | "absent" | "undefined"
    )
}

/// Words for what is known.
pub(super) fn is_filled_word(word: &str) -> bool {
    matches!(
        word,
        "filled" | "set" | "provided" | "given" | "present" | "available" | "populated" | "entered" | "specified"
    )
}

/// A number in words.
fn number_in_words(word: &str) -> Option<usize> {
    const NUMBERS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    NUMBERS.iter().position(|n| *n == word)
}

/// Words that other languages have, and what is written here.
fn foreign_word(name: &str) -> Option<&'static str> {
    match name {
        "today" | "now" | "yesterday" | "tomorrow" => {
            Some("speak of time as it passes: `FIELD is more than 3 days ago`, `FIELD in the next 2 weeks`")
        }
        "true" | "always" | "yes" => Some("for what holds always, leave the condition out, or use `otherwise`"),
        "above" | "higher" | "more" | "below" | "lower" | "less" => {
            Some("write the limit with its sign: `>= 5` is 5 or more, `<= 5` is 5 or less")
        }
        word if is_blank_word(word) => Some("write `FIELD is missing`"),
        "known" => Some("write `FIELD is known`"),
        "unknown" => Some("write `FIELD is missing`, or `(CONDITION) is unknown`"),
        _ => None,
    }
}

/// What a word will be that a later edition has.
fn word_to_come(name: &str) -> Option<&'static str> {
    match name {
        "previous" => Some("it will be the decision that the lead had before"),
        "decided_at" => Some("it will be the time at which the lead was decided before"),
        _ => None,
    }
}

/// `` `need` is a number ``.
pub(super) fn is_a(words: &str, ty: &Ty) -> String {
    format!("{words} is {}", kind(ty).called())
}
