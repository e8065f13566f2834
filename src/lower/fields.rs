//! Fields of the lead: their types, their ranges and which options go with which type.

use std::collections::HashMap;

use super::currencies::{CURRENCIES, is_currency};
use super::scope::Scope;
use super::{cells, kinds, literal, written};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::{Cell, Field};
use crate::source::Span;
use crate::syntax::ast::{self, FieldOption, TypeExpr};
use crate::types::{Choices, Currency, Number, Type, Value};

/// A field as it was written.
#[derive(Clone, Copy)]
pub(super) struct Declaration<'a> {
    /// Its name.
    pub(super) name: &'a ast::Name,
    /// Its type.
    pub(super) ty: &'a ast::Noted<TypeExpr>,
    /// Its options.
    pub(super) options: &'a [ast::Noted<FieldOption>],
}

/// Lowers a field; none when its type makes no sense, so that nothing can be said about uses of it.
pub(super) fn field(scope: &mut Scope, declared: Declaration<'_>) -> Option<Field> {
    let Declaration { name, ty, options } = declared;
    let lowered = lower_type(scope, &ty.node)?;
    let is_id = matches!(ty.node, TypeExpr::Id);
    if let (true, Some(before)) = (is_id, scope.policy.id_field().map(|id| &scope.policy.fields[id])) {
        let fault = Diagnostic::new(Code::P0333, "a second `id` field")
            .at(ty.loc.0, "")
            .at(before.span, "the first one")
            .help("one field names the lead: make the other one `text`");
        scope.report(fault);
    }
    let (min, max) = lower_range(scope, name, &ty.node, &lowered);
    let mut field = Field {
        name: name.text.clone(),
        ty: lowered,
        column: name.text.clone(),
        is_id,
        min,
        max,
        required: false,
        cell: Cell::default(),
        default: None,
        else_missing: false,
        personal: false,
        fixed: false,
        span: name.loc.0,
    };
    let options = usable(scope, &field, options);
    for option in &options {
        apply(scope, &mut field, &option.node);
    }
    contradictions(scope, &options);
    cells::vocabulary(scope, &mut field, ty, &options);
    Some(field)
}

fn lower_type(scope: &mut Scope, ty: &TypeExpr) -> Option<Type> {
    let choices = |values: &[ast::Noted<ast::Word>], ranked, other| {
        let values = texts(values);
        Type::Choice(Choices { values, ranked, other })
    };
    Some(match ty {
        TypeExpr::Id | TypeExpr::Text => Type::Text,
        TypeExpr::Number(_) => Type::Number,
        TypeExpr::WholeNumber(_) => Type::WholeNumber,
        TypeExpr::Percent(_) => Type::Percent,
        TypeExpr::Money(code, _) => {
            let currency = currency(scope, code)?;
            scope.currencies.insert(currency);
            Type::Money(currency)
        }
        TypeExpr::YesNo => Type::YesNo,
        TypeExpr::Date => Type::Date,
        TypeExpr::DateTime => Type::DateTime,
        TypeExpr::OneOf { values, other } => choices(values, false, *other),
        TypeExpr::Ranked { values, other } => choices(values, true, *other),
        TypeExpr::AnyOf { values } => Type::Set(texts(values)),
    })
}

/// The values of a closed set: as many as one may have, so that nothing slows down on those of one that is too large.
fn texts(values: &[ast::Noted<ast::Word>]) -> Vec<String> {
    values.iter().take(cells::MAX_VALUES).map(|value| value.node.text.clone()).collect()
}

fn currency(scope: &mut Scope, code: &ast::Name) -> Option<Currency> {
    if let (true, Some(currency)) = (is_currency(&code.text), Currency::new(&code.text)) {
        return Some(currency);
    }
    let place = code.loc.0;
    let fault = Diagnostic::new(Code::P0335, format!("there is no currency `{}`", code.text)).at(place, "");
    let upper = code.text.to_uppercase();
    let meant = if is_currency(&upper) { Some(upper.as_str()) } else { did_you_mean(&upper, CURRENCIES.split(' ')) };
    scope.report(match meant {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")).fix(place, meant),
        None => fault.help("type the three capital letters of ISO 4217, such as `USD` or `EUR`"),
    });
    None
}

fn lower_range(scope: &mut Scope, name: &ast::Name, written: &TypeExpr, ty: &Type) -> (Option<Number>, Option<Number>) {
    let range = match written {
        TypeExpr::Number(range)
        | TypeExpr::WholeNumber(range)
        | TypeExpr::Percent(range)
        | TypeExpr::Money(_, range) => range,
        TypeExpr::Id
        | TypeExpr::Text
        | TypeExpr::YesNo
        | TypeExpr::Date
        | TypeExpr::DateTime
        | TypeExpr::OneOf { .. }
        | TypeExpr::Ranked { .. }
        | TypeExpr::AnyOf { .. } => return (None, None),
    };
    let mut end = |end: Option<&ast::Literal>| match literal::literal(scope, end?, &name.text, ty)? {
        Value::Number(number) => Some(number),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Other(_)
        | Value::Set(_) => None,
    };
    let (min, max) = (end(range.from.as_ref()), end(range.to.as_ref()));
    if let (Some(low), Some(high), Some(from), Some(to)) = (&min, &max, &range.from, &range.to)
        && low > high
    {
        scope.report(
            Diagnostic::new(Code::P0334, "this range is empty: it ends below its beginning")
                .at(from.loc.0.to(to.loc.0), "")
                .help("type the smaller number first"),
        );
        return (None, None);
    }
    (min, max)
}

/// The type of a field in the words of the language.
pub(super) fn type_name(field: &Field) -> String {
    if field.is_id {
        return "id".to_owned();
    }
    match &field.ty {
        Type::Text => "text".to_owned(),
        Type::Number => "number".to_owned(),
        Type::WholeNumber => "whole number".to_owned(),
        Type::Percent => "percent".to_owned(),
        Type::Money(currency) => format!("money in {currency}"),
        Type::YesNo => "yes or no".to_owned(),
        Type::Date => "date".to_owned(),
        Type::DateTime => "date and time".to_owned(),
        Type::Choice(choices) if choices.ranked => "ranked".to_owned(),
        Type::Choice(_) => "one of".to_owned(),
        Type::Set(_) => "any of".to_owned(),
    }
}

fn option_name(option: &FieldOption) -> &'static str {
    match option {
        FieldOption::From(_) => "from",
        FieldOption::Required => "required",
        FieldOption::BlankWhen { .. } => "blank when",
        FieldOption::BlankMeansNone => "blank means none",
        FieldOption::MissingMeans(_) => "missing means",
        FieldOption::ElseMissing => "else missing",
        FieldOption::IgnoringCase => "ignoring case",
        FieldOption::AlsoKnownAs { .. } => "also known as",
        FieldOption::SeparatedBy(_) => "separated by",
        FieldOption::WrittenAs(_) | FieldOption::WrittenAsEpoch(_) => "written as",
        FieldOption::Personal => "personal",
        FieldOption::Fixed => "fixed",
    }
}

/// Why an option does not go with a field of this type; none when it does.
fn misfit(field: &Field, option: &FieldOption) -> Option<&'static str> {
    let (texts, closed, set, numbers, times) = match &field.ty {
        Type::Text => (true, false, false, false, false),
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => (false, false, false, true, false),
        Type::Date | Type::DateTime => (false, false, false, false, true),
        Type::YesNo => (false, false, false, false, false),
        Type::Choice(_) => (false, true, false, false, false),
        Type::Set(_) => (false, true, true, false, false),
    };
    let (fits, instead) = match option {
        FieldOption::From(_)
        | FieldOption::Required
        | FieldOption::BlankWhen { .. }
        | FieldOption::ElseMissing
        | FieldOption::Fixed => return None,
        FieldOption::BlankMeansNone => (set, "it is for `any of` fields, whose empty cell may mean the empty set"),
        FieldOption::MissingMeans(_) => (!field.is_id, "the `id` names the lead, so no other value can stand for it"),
        FieldOption::IgnoringCase => (texts || closed, "it is for `text`, `one of`, `ranked` and `any of` fields"),
        FieldOption::AlsoKnownAs { .. } => (closed, "it is for `one of`, `ranked` and `any of` fields"),
        FieldOption::SeparatedBy(_) => (set, "it is for `any of` fields, whose cells hold several values"),
        FieldOption::WrittenAs(_) => (numbers || times, "it is for numbers, money, percents, dates and times"),
        FieldOption::WrittenAsEpoch(_) => (times, "it is for `date` and `date and time` fields"),
        FieldOption::Personal => (!field.is_id, "the `id` names the lead in every output, so it cannot be hidden"),
    };
    (!fits).then_some(instead)
}

/// The options that go with the type, each kind once.
fn usable<'a>(
    scope: &mut Scope,
    field: &Field,
    options: &'a [ast::Noted<FieldOption>],
) -> Vec<&'a ast::Noted<FieldOption>> {
    let mut kept: Vec<&ast::Noted<FieldOption>> = Vec::new();
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for option in options {
        let name = option_name(&option.node);
        if let Some(why) = misfit(field, &option.node) {
            scope.report(
                Diagnostic::new(Code::P0330, format!("`{name}` does not go with `{}`", type_name(field)))
                    .at(option.loc.0, "")
                    .help(why),
            );
        } else if let Some(before) = seen.insert(name, option.loc.0)
            && !matches!(option.node, FieldOption::AlsoKnownAs { .. })
        {
            let help = if let FieldOption::BlankWhen { .. } = option.node {
                "put all markers into one list: `blank when [\"n/a\", \"unknown\"]`"
            } else {
                "keep one of them"
            };
            scope.report(
                Diagnostic::new(Code::P0331, format!("`{name}` stands here twice"))
                    .at(option.loc.0, "the second time")
                    .at(before, "the first time")
                    .help(help),
            );
        } else {
            kept.push(option);
        }
    }
    kept
}

fn apply(scope: &mut Scope, field: &mut Field, option: &FieldOption) {
    match option {
        FieldOption::From(column) => match column.value.trim() {
            "" => scope.report(
                Diagnostic::new(Code::P0338, "the name of a column is missing")
                    .at(column.loc.0, "")
                    .help("type the heading of the column as the data has it: `from \"Job Title\"`"),
            ),
            name => name.clone_into(&mut field.column),
        },
        FieldOption::Required => field.required = true,
        FieldOption::BlankMeansNone => field.cell.blank_is_empty_set = true,
        FieldOption::MissingMeans(value) => field.default = default(scope, field, value),
        FieldOption::ElseMissing => field.else_missing = true,
        FieldOption::IgnoringCase => field.cell.ignoring_case = true,
        FieldOption::WrittenAs(form) => field.cell.written = written::as_text(scope, &field.ty, form),
        FieldOption::WrittenAsEpoch(unit) => field.cell.written = Some(written::as_epoch(*unit)),
        FieldOption::Personal => field.personal = true,
        FieldOption::Fixed => field.fixed = true,
        // These hang on other options (`ignoring case`, `written as`): `cells` lowers them when all of those are known.
        FieldOption::BlankWhen { .. } | FieldOption::AlsoKnownAs { .. } | FieldOption::SeparatedBy(_) => {}
    }
}

fn default(scope: &mut Scope, field: &Field, value: &ast::Literal) -> Option<Value> {
    let default = literal::literal(scope, value, &field.name, &field.ty)?;
    in_range(scope, field, &default, value.loc.0).then_some(default)
}

/// Whether a value lies in the range of its field; when not, that is reported.
pub(super) fn in_range(scope: &mut Scope, field: &Field, value: &Value, place: Span) -> bool {
    let Value::Number(number) = value else { return true };
    let below = field.min.as_ref().is_some_and(|min| number < min);
    let above = field.max.as_ref().is_some_and(|max| number > max);
    if below || above {
        let shown = |number: &Number| kinds::number(number, &field.ty);
        let end =
            |word: &str, n: &Option<Number>| n.as_ref().map_or_else(String::new, |n| format!(" {word} {}", shown(n)));
        scope.report(
            Diagnostic::new(Code::P0342, format!("`{}` is never {}", field.name, shown(number))).at(place, "").help(
                format!("it is declared as `{}{}{}`", type_name(field), end("from", &field.min), end("to", &field.max)),
            ),
        );
    }
    !below && !above
}

fn contradictions(scope: &mut Scope, options: &[&ast::Noted<FieldOption>]) {
    let find = |wanted: fn(&FieldOption) -> bool| options.iter().find(|o| wanted(&o.node)).map(|o| o.loc.0);
    let required = find(|o| matches!(o, FieldOption::Required));
    if let (Some(required), Some(default)) = (required, find(|o| matches!(o, FieldOption::MissingMeans(_)))) {
        scope.report(
            Diagnostic::new(Code::P0332, "`required` and `missing means` contradict each other")
                .at(default, "this is for leads without a value")
                .at(required, "this rejects leads without a value")
                .help("keep one of them"),
        );
    }
}
