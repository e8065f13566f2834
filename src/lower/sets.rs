//! `in` and `has`: values in brackets and lists, typed by what they are compared with.

use super::cond::Asked;
use super::kinds::{self, Kind, choices, kind};
use super::literal::{self, Target, fit, shown};
use super::misfit::{self, Misfit};
use super::names::{find, proposed};
use super::range;
use super::scope::{List, Named, Scope, Ty};
use super::value::{Operand, operand};
use super::{compare, text, time};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cond, CondKind, SetId, ValueSet};
use crate::source::Span;
use crate::syntax::ast::{HasQuantity, Literal, LiteralKind, Name, Noted, SetExpr, SetOrExpr};
use crate::types::{Type, Value};

/// The most values of a list that a message points at.
const SHOWN: usize = 5;

/// Values of one type, each with its place.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The name of the list, when it is one.
    pub(super) list: Option<String>,
    /// The values.
    pub(super) values: Vec<(Value, Span)>,
    /// Whether `other` is among them.
    pub(super) other: bool,
}

/// `subject in [..]`, `subject in LIST`.
pub(super) fn within(scope: &mut Scope, asked: Asked<'_>, set: &SetExpr) -> Option<Cond> {
    let value = operand(scope, asked.subject)?;
    if kind(&value.ty) == Kind::Set {
        let has = asked.has();
        let finding =
            compare::set_tested(&value).help(format!("ask `{has} [...]`")).fix(gap(&value, set), format!(" {has} "));
        scope.report(finding);
        return None;
    }
    let by_day = by_day(scope, &value, set);
    let value = if by_day { time::day_of(value) } else { value };
    let insensitive = kind(&value.ty) == Kind::Text && text::ignores_case(scope, &value.expr);
    let key = list_at(scope, set).map(|list| (list, insensitive, format!("{:?}", value.ty)));
    let known = key.as_ref().and_then(|key| scope.typed_lists.get(key)).copied();
    let id = match known {
        Some(id) => id,
        None => members(scope, &value, set, if by_day { "another of these" } else { &value.words }, insensitive)?,
    };
    if let Some(key) = key {
        scope.typed_lists.insert(key, id);
    }
    let value = if insensitive { text::lowercase(scope, value) } else { value };
    Some(Cond { kind: CondKind::In { value: value.expr, set: id }, span: asked.span })
}

/// The position of the list that a set is.
fn list_at(scope: &Scope, set: &SetExpr) -> Option<usize> {
    let SetExpr::List(name) = set else { return None };
    let Named::List(list) = scope.names.get(&name.text)?.named else { return None };
    Some(list)
}

/// The set of the values that a value is looked for in.
fn members(scope: &mut Scope, value: &Operand, set: &SetExpr, words: &str, insensitive: bool) -> Option<SetId> {
    let typed = typed(scope, set, &value.ty, words)?;
    let from_file = list_at(scope, set).and_then(|list| scope.lists.get(list)).is_some_and(|list| list.from_file);
    for (member, place) in &typed.values {
        // A list may serve several fields: that a number of it is out of the range of one of them says nothing.
        if typed.list.is_none() || (matches!(member, Value::Text(_)) && !from_file) {
            range::warn_member(scope, value, member, *place);
        }
    }
    let mut values: Vec<Value> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (member, _) in typed.values {
        let member = match member {
            Value::Text(text) if insensitive => Value::Text(text.to_lowercase()),
            other => other,
        };
        if seen.insert(member.clone()) {
            values.push(member);
        }
    }
    Some(intern(scope, ValueSet { list: typed.list, values, other: typed.other }))
}

/// `subject has any of [..]` and its kin.
pub(super) fn has(scope: &mut Scope, asked: Asked<'_>, quantity: HasQuantity, set: &SetExpr) -> Option<Cond> {
    let (value, span) = (operand(scope, asked.subject)?, asked.span);
    if kind(&value.ty) != Kind::Set {
        let negative = asked.not != (quantity == HasQuantity::None);
        let finding = has_on_one_value(&value, set, if negative { "not in" } else { "in" });
        scope.report(finding);
        return None;
    }
    let typed = typed(scope, set, &value.ty, &value.words)?;
    let list = typed.list;
    let members = typed
        .values
        .into_iter()
        .flat_map(|(member, _)| match member {
            Value::Set(members) => members,
            Value::Text(_)
            | Value::Number(_)
            | Value::YesNo(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Choice(_)
            | Value::Other(_) => Default::default(),
        })
        .collect();
    let all = quantity == HasQuantity::All;
    let has = Cond { kind: CondKind::Has { value: value.expr, all, members, list }, span };
    Some(match quantity {
        HasQuantity::Any | HasQuantity::All => has,
        HasQuantity::None => Cond { kind: CondKind::Not(Box::new(has)), span },
    })
}

/// Whether an instant is asked for days.
fn by_day(scope: &Scope, value: &Operand, set: &SetExpr) -> bool {
    let is_day = |literal: &LiteralKind| matches!(literal, LiteralKind::Date(d) if time::type_of(d) == Type::Date);
    let any_day = match set {
        SetExpr::Values { values, .. } => values.iter().any(|v| is_day(&v.node.kind)),
        SetExpr::List(name) => match scope.names.get(&name.text).map(|d| &d.named) {
            Some(Named::List(list)) => {
                scope.lists.get(*list).is_some_and(|l| l.values.iter().any(|v| is_day(&read_as(l, v, Kind::Instant))))
            }
            Some(
                Named::Field(_)
                | Named::Define(_)
                | Named::Score(_)
                | Named::Grade(_)
                | Named::Stage(_)
                | Named::Broken,
            )
            | None => false,
        },
    };
    kind(&value.ty) == Kind::Instant && any_day
}

/// A value of a list beside something of this kind: cells of a file are read as what they are compared with.
fn read_as(list: &List, value: &Literal, kind: Kind) -> LiteralKind {
    match &value.kind {
        LiteralKind::Text(cell) if list.from_file => literal::of_cell(cell, kind),
        written => written.clone(),
    }
}

/// The values of brackets or of a list, as values of a type; none when one of them is not, which is reported.
pub(super) fn typed(scope: &mut Scope, set: &SetExpr, ty: &Ty, words: &str) -> Option<Typed> {
    match set {
        SetExpr::Values { values, loc } => brackets(scope, values, loc.0, ty, words),
        SetExpr::List(name) => {
            let list = list_named(scope, name, ty)?;
            let values = typed_list(scope, list, name.loc.0, ty, words)?;
            Some(Typed { list: Some(name.text.clone()), values, other: false })
        }
    }
}

/// `[A, B]`.
fn brackets(scope: &mut Scope, values: &[Noted<Literal>], place: Span, ty: &Ty, words: &str) -> Option<Typed> {
    if values.is_empty() {
        let finding = Diagnostic::new(Code::P0323, "there is nothing in these brackets")
            .at(place, "empty")
            .help("write the values: `[A, B]`");
        scope.report(finding);
        return None;
    }
    let mut typed: Vec<(Value, Span)> = Vec::new();
    let (mut broken, mut other) = (false, false);
    let mut before: Option<Span> = None;
    for value in values {
        let literal = &value.node;
        let span = literal.loc.0;
        if is_other(&literal.kind, ty) {
            other = true;
        } else if let Some(value) = literal::constant(scope, &literal.kind, span, Target { ty, words, compared: true })
        {
            match (typed.iter().find(|(v, _)| *v == value), before) {
                (Some((_, first)), Some(before)) => {
                    let finding = twice(&literal.kind, span, *first, before);
                    scope.report(finding);
                }
                _ => typed.push((value, span)),
            }
        } else {
            broken = true;
        }
        before = Some(span);
    }
    (!broken).then_some(Typed { list: None, values: typed, other })
}

/// Whether a bare word means any value outside of the closed set.
fn is_other(literal: &LiteralKind, ty: &Ty) -> bool {
    matches!(literal, LiteralKind::Word(word) if word == "other")
        && choices(ty).is_some_and(|c| c.other && c.position("other").is_none())
}

/// A value that stands in brackets twice.
fn twice(literal: &LiteralKind, span: Span, first: Span, before: Span) -> Diagnostic {
    let place = Span::new(span.source, before.end as usize, span.end as usize);
    Diagnostic::new(Code::P0322, format!("`{}` stands here twice", shown(literal)))
        .at(span, "again")
        .at(first, "the first time")
        .help("leave it out once")
        .fix(place, "")
}

/// The list of a name that stands where a list must.
fn list_named(scope: &mut Scope, name: &Name, ty: &Ty) -> Option<usize> {
    let (text, span) = (&name.text, name.loc.0);
    let finding = match find(scope, text) {
        Some(Named::List(list)) => return Some(list),
        Some(Named::Broken) => return None,
        None if scope.open => return None,
        Some(Named::Field(_) | Named::Define(_) | Named::Score(_) | Named::Grade(_) | Named::Stage(_)) => {
            Diagnostic::new(Code::P0259, format!("`{text}` is not a list"))
                .at(span, "a list or brackets are needed")
                .help(format!("write values in brackets, `[A, B]`, or compare: `is {text}`"))
        }
        None => {
            let finding = Diagnostic::new(Code::P0259, format!("no list is called `{text}`"));
            match (fit(scope, &LiteralKind::Word(text.clone()), ty), near_list(scope, text).map(str::to_owned)) {
                (Ok(_), None) if kind(ty) != Kind::Text => finding
                    .at(span, "a value, not a list")
                    .help(format!("put values in brackets: `[{text}]`"))
                    .fix(span, format!("[{text}]")),
                (_, Some(near)) => {
                    finding.at(span, "not declared").help(format!("did you mean `{near}`?")).fix(span, near)
                }
                (Ok(_) | Err(_), None) => finding
                    .at(span, "not declared")
                    .help(format!("declare it: `list {text} is [...]`, or write values in brackets: `[A, B]`")),
            }
        }
    };
    scope.report(finding);
    None
}

/// The list whose name is nearest to a word.
pub(super) fn near_list<'a>(scope: &'a Scope, word: &str) -> Option<&'a str> {
    scope.near(word, scope.lists.iter().map(|l| l.name.as_str()))
}

/// The values of a list as values of a type; none when some are not, which is one finding that points at them.
pub(super) fn typed_list(
    scope: &mut Scope,
    list: usize,
    used_at: Span,
    ty: &Ty,
    words: &str,
) -> Option<Vec<(Value, Span)>> {
    let list = scope.lists.get(list)?;
    let mut typed = Vec::with_capacity(list.values.len());
    let mut misfits: Vec<(&Literal, Misfit)> = Vec::new();
    for literal in &list.values {
        match fit(scope, &read_as(list, literal, kind(ty)), ty) {
            Ok(value) => typed.push((value, literal.loc.0)),
            Err(why) => misfits.push((literal, why)),
        }
    }
    let Some((first, why)) = misfits.first() else { return Some(typed) };
    if *why == Misfit::Silent {
        return None;
    }
    let target = Target { ty, words, compared: true };
    let detail = misfit::finding(scope, &first.kind, first.loc.0, target, why);
    let (name, count) = (&list.name, misfits.len());
    let message = match count {
        1 => format!("the list `{name}` holds `{}`, which {words} never is", shown(&first.kind)),
        _ => format!("the list `{name}` holds {count} values that {words} never is, such as `{}`", shown(&first.kind)),
    };
    let label_of =
        |literal: &Literal, why| if list.from_file { "in this file".to_owned() } else { label(&literal.kind, why) };
    let mut finding = Diagnostic::new(Code::P0327, message).at(first.loc.0, label_of(first, why));
    if !list.from_file {
        for (literal, why) in misfits.iter().take(SHOWN).skip(1) {
            finding = finding.at(literal.loc.0, label_of(literal, why));
        }
    }
    finding = finding.at(used_at, format!("used here for {words}"));
    if list.from_file {
        finding = finding.help("correct the file, or use the list with a field that can hold all of it");
    } else {
        (finding.help, finding.fix) = (detail.help, detail.fix.filter(|_| count == 1));
    }
    scope.report(finding);
    None
}

/// A few words beside a value of a list that does not fit.
fn label(literal: &LiteralKind, why: &Misfit) -> String {
    match why {
        Misfit::Unlisted => "not one of its values".to_owned(),
        Misfit::NoSuchTime(_) => "does not exist".to_owned(),
        Misfit::Spelling(_)
        | Misfit::NeedsPercent
        | Misfit::IsPercent
        | Misfit::Currency(_)
        | Misfit::TimeOfDay
        | Misfit::Kind
        | Misfit::Silent => misfit::called(literal),
    }
}

/// The id of a set; sets that hold the same are one.
pub(super) fn intern(scope: &mut Scope, set: ValueSet) -> SetId {
    let key = format!("{set:?}");
    if let Some(id) = scope.sets.get(&key) {
        return *id;
    }
    let id = scope.policy.sets.push(set);
    scope.sets.insert(key, id);
    id
}

/// What stands between a value and the set that it is tested with.
fn gap(value: &Operand, set: &SetExpr) -> Span {
    let start = match set {
        SetExpr::Values { loc, .. } => loc.0.start,
        SetExpr::List(list) => list.loc.0.start,
    };
    Span::new(value.span.source, value.span.end as usize, start as usize)
}

/// `title has any of [..]`.
fn has_on_one_value(value: &Operand, set: &SetExpr, within: &str) -> Diagnostic {
    let name = proposed(&value.words);
    let message = format!("{} holds one value; `has` is asked of fields that hold several", value.words);
    let finding = Diagnostic::new(Code::P0309, message).at(value.span, kinds::called(&value.ty));
    if kind(&value.ty) == Kind::Text {
        return finding.help(format!("ask `{name} {within} [...]`, or `{name} contains \"...\"`"));
    }
    finding.help(format!("ask `{name} {within} [...]`")).fix(gap(value, set), format!(" {within} "))
}

/// `interests contains "pricing"`.
pub(super) fn not_one_value(value: &Operand, asked: Asked<'_>, right: &SetOrExpr) -> Diagnostic {
    let finding = compare::set_tested(value);
    let (name, has) = (proposed(&value.words), asked.has());
    match text::written(right) {
        Some(word) => {
            let place = Span::new(asked.span.source, value.span.end as usize, asked.span.end as usize);
            finding.help(format!("ask `{name} {has} [{word}]`")).fix(place, format!(" {has} [{word}]"))
        }
        None => finding.help(format!("ask `{name} {has} [...]`")),
    }
}
