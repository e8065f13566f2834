//! The lines of the canonical text: what is declared, each on a line of its own. The structures are taken apart field by field, so that
//! whoever adds one to the IR has to say here whether it can change what becomes of a lead.

use std::collections::BTreeMap;

use super::VERSION;
use super::condition::{Canon, text_test};
use super::form::{choice, form, number, optional, quoted, unordered, value, word};
use crate::ir::{
    Alias, Body, Cell, Define, Field, Grade, GradeLine, Guard, InForce, NumberForm, Policy, Rule, Score, Section,
    SectionId, Stage, Written, visit,
};
use crate::types::{Choices, Type};

/// The canonical text of a policy.
pub(super) fn text(policy: &Policy) -> String {
    let Policy {
        language,
        title: _,
        owners: _,
        ownership: _,
        in_force,
        zone,
        sources: _,
        fields,
        assumptions,
        // A rule goes by the phrase of its decision; how those rank decides nothing.
        decisions: _,
        best_first: _,
        // Sets stand where they are asked for.
        sets: _,
        defines: _,
        scores,
        grades,
        stages,
        sections,
        rules,
        properties: _,
        tests: _,
    } = policy;
    let canon = Canon::new(policy);
    let mut lines = vec![VERSION.to_owned(), form("language", [language.to_string()]), form("zone", [quoted(zone)])];
    lines.extend(in_force.as_ref().map(|InForce { from, until, span: _ }| {
        form("in-force", std::iter::once(from.to_string()).chain(until.map(|until| until.to_string())))
    }));
    lines.extend(unordered(fields.iter().map(|(_, one)| field(one))));
    lines.extend(unordered(assumptions.iter().map(|cond| form("assume", [canon.condition(cond)]))));
    lines.extend(unordered(visit::used_defines(policy).map(|one| define(&canon, one))));
    lines.extend(unordered(scores.iter().map(|(_, one)| score(&canon, one))));
    lines.extend(unordered(grades.iter().map(|(_, one)| grade(&canon, one))));
    lines.extend(
        stages.iter().map(|(_, Stage { name, when, span: _ })| form("stage", [quoted(name), canon.condition(when)])),
    );
    let numbers = conditional(policy);
    lines.extend(sections.iter().filter_map(|(id, one)| section(&canon, &numbers, *numbers.get(&id)?, one)));
    lines.extend(rules.iter().map(|(_, one)| rule(policy, &canon, &numbers, one)));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn field(field: &Field) -> String {
    let Field {
        name,
        ty,
        column,
        is_id,
        min,
        max,
        required,
        cell,
        default,
        else_missing,
        // Who may see a value, and who may be advised to change it, decides nothing; but a personal id does not name its lead.
        personal,
        fixed: _,
        span: _,
    } = field;
    let mut parts = vec![quoted(name), form("type", [kind(ty)]), form("column", [quoted(column)])];
    let flag = |on: bool, name: &str| on.then(|| word(name));
    parts.extend(flag(*is_id, "id"));
    parts.extend(optional("from", min.as_ref().map(number)));
    parts.extend(optional("to", max.as_ref().map(number)));
    parts.extend(flag(*required, "required"));
    parts.extend(self::cell(cell, ty));
    parts.extend(optional("default", default.as_ref().map(|default| value(default, Some(ty)))));
    parts.extend(flag(*else_missing, "else-missing"));
    parts.extend(flag(*personal, "personal"));
    form("field", parts)
}

/// How cells are written, as far as it is not the usual way.
fn cell(cell: &Cell, ty: &Type) -> Vec<String> {
    let Cell { blanks, blank_numbers, blank_is_empty_set, ignoring_case, aliases, separator, written } = cell;
    let mut parts: Vec<String> = Vec::new();
    if !blanks.is_empty() {
        parts.push(form("blank", unordered(blanks.iter().map(|blank| quoted(blank)))));
    }
    if !blank_numbers.is_empty() {
        parts.push(form("blank-number", unordered(blank_numbers.iter().map(number))));
    }
    parts.extend(blank_is_empty_set.then(|| word("blank-is-none")));
    parts.extend(ignoring_case.then(|| word("ignoring-case")));
    parts.extend(aliases.iter().map(|Alias { value, test, text }| {
        form("alias", [choice(*value, Some(ty)), word(text_test(*test)), quoted(text)])
    }));
    let separator = separator.as_ref().filter(|separator| !separator.is_empty() && *separator != ",");
    parts.extend(optional("separator", separator.map(|separator| quoted(separator))));
    parts.extend(optional("written", written.as_ref().map(self::written)));
    parts
}

fn written(written: &Written) -> String {
    match written {
        Written::Strftime(pattern) => form("strftime", [quoted(pattern)]),
        Written::EpochSeconds => word("epoch-seconds"),
        Written::EpochMilliseconds => word("epoch-milliseconds"),
        Written::Like(NumberForm { prefix, suffix, group, point }) => {
            let group = group.map(String::from).unwrap_or_default();
            form("like", [prefix, suffix, &group, &point.to_string()].map(|text| quoted(text)))
        }
    }
}

/// The name of a type.
fn kind(ty: &Type) -> String {
    match ty {
        Type::Text => word("text"),
        Type::Number => word("number"),
        Type::WholeNumber => word("whole-number"),
        Type::Percent => word("percent"),
        Type::Money(currency) => form("money", [quoted(&currency.to_string())]),
        Type::YesNo => word("yes-no"),
        Type::Date => word("date"),
        Type::DateTime => word("date-time"),
        Type::Choice(Choices { values, ranked, other }) => {
            let values = values.iter().map(|value| quoted(value));
            let values = if *ranked { values.collect() } else { unordered(values) };
            form(if *ranked { "ranked" } else { "one-of" }, values.into_iter().chain(other.then(|| word("other"))))
        }
        Type::Set(values) => form("any-of", unordered(values.iter().map(|value| quoted(value)))),
    }
}

fn define(canon: &Canon<'_>, define: &Define) -> String {
    let Define { name, body, span: _ } = define;
    let body = match body {
        Body::Condition(cond) => canon.condition(cond),
        Body::Value(body, ty) => canon.value(body, Some(ty)),
    };
    form("define", [quoted(name), body])
}

fn score(canon: &Canon<'_>, score: &Score) -> String {
    let Score { name, min, max, lines, span: _ } = score;
    let mut parts = vec![quoted(name)];
    parts.extend(optional("from", min.as_ref().map(number)));
    parts.extend(optional("to", max.as_ref().map(number)));
    // Points are added up exactly, so that the order of the lines means nothing; but two lines that are alike count twice.
    let mut lines: Vec<String> = lines.iter().map(|line| canon.line(line)).collect();
    lines.sort_unstable();
    parts.extend(lines);
    form("score", parts)
}

fn grade(canon: &Canon<'_>, grade: &Grade) -> String {
    let Grade { name, scale, lines, otherwise, span: _ } = grade;
    let label = |at: usize| quoted(scale.values.get(at).map_or("", String::as_str));
    let mut parts = vec![quoted(name), form("scale", scale.values.iter().map(|value| quoted(value)))];
    parts.extend(
        lines.iter().map(|GradeLine { label: at, when, span: _ }| form("label", [label(*at), canon.condition(when)])),
    );
    parts.push(form("otherwise", [label(*otherwise)]));
    form("grade", parts)
}

/// The sections that are not for all leads, numbered from 1. The others change nothing.
fn conditional(policy: &Policy) -> BTreeMap<SectionId, usize> {
    let conditional = policy.sections.iter().filter(|(_, section)| section.guard != Guard::Always);
    conditional.zip(1..).map(|((id, _), number)| (id, number)).collect()
}

fn section(
    canon: &Canon<'_>,
    numbers: &BTreeMap<SectionId, usize>,
    number: usize,
    section: &Section,
) -> Option<String> {
    let Section { title: _, guard, owners: _, span: _ } = section;
    let guard = match guard {
        Guard::Always => return None,
        Guard::When(cond) => canon.condition(cond),
        Guard::NoneOf(others) => {
            let number = |other| numbers.get(other).map_or_else(|| word("always"), usize::to_string);
            form("none-of", others.iter().map(number))
        }
    };
    Some(form("section", [number.to_string(), guard]))
}

fn rule(policy: &Policy, canon: &Canon<'_>, numbers: &BTreeMap<SectionId, usize>, rule: &Rule) -> String {
    let Rule { name, labelled: _, was: _, decision, section, when, because, owners: _, span: _ } = rule;
    let mut parts = vec![quoted(name), quoted(&policy.decisions[*decision].phrase)];
    let number = section.and_then(|section| numbers.get(&section));
    parts.extend(optional("section", number.map(usize::to_string)));
    parts.extend(optional("because", because.as_ref().map(|because| quoted(because))));
    parts.extend(optional("when", when.as_ref().map(|when| canon.condition(when))));
    form("rule", parts)
}
