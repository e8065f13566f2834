//! The `policy` statement: title, owners, the days in force, the time zone, the edition of the language.

use std::collections::HashSet;

use super::scope::Scope;
use super::time;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::{InForce, TestTime};
use crate::source::Span;
use crate::syntax::ast;
use crate::types;

/// The one edition that this release knows.
const EDITION: i64 = 1;

/// Lowers the `policy` statement of a policy's own file; without one the file is a library, and nothing is reported.
pub(super) fn header(scope: &mut Scope, file: &ast::File) {
    let mut first: Option<Span> = None;
    for (position, statement) in file.statements.iter().enumerate() {
        let ast::Statement::Policy { title, items } = &statement.node else { continue };
        let place = title.loc.0;
        if let Some(first) = first {
            scope.report(
                Diagnostic::new(Code::P0208, "a second `policy` statement")
                    .at(place, "this file has one already")
                    .at(first, "the first one")
                    .help("a file is one policy: move the other into a file of its own"),
            );
            continue;
        }
        // What cannot be read is a fault of its own.
        let is_read = |above: &ast::Noted<ast::Statement>| !matches!(above.node, ast::Statement::Broken { .. });
        if file.statements.iter().take(position).any(is_read) {
            scope.report(
                Diagnostic::new(Code::P0208, "the `policy` statement is not the first of its file")
                    .at(place, "")
                    .help("move it to the top of the file"),
            );
        }
        first = Some(place);
        title.value.clone_into(&mut scope.policy.title);
        lower_items(scope, items);
    }
}

fn lower_items(scope: &mut Scope, items: &[ast::Noted<ast::PolicyItem>]) {
    let mut seen: Vec<(&str, Span)> = Vec::new();
    // The zone comes first: dates are read in it.
    let (zones, others): (Vec<_>, Vec<_>) = items.iter().partition(|i| matches!(i.node, ast::PolicyItem::TimeZone(_)));
    for item in zones.into_iter().chain(others) {
        let name = item_name(&item.node);
        if let Some((_, before)) = seen.iter().find(|(n, _)| *n == name) {
            scope.report(
                Diagnostic::new(Code::P0209, format!("`{name}` stands here twice"))
                    .at(item.loc.0, "the second time")
                    .at(*before, "the first time")
                    .help("keep one of them"),
            );
            continue;
        }
        seen.push((name, item.loc.0));
        match &item.node {
            ast::PolicyItem::OwnedBy(by) => scope.policy.owners = owners(by),
            ast::PolicyItem::InForce { from, until } => scope.policy.in_force = in_force(scope, from, until.as_ref()),
            ast::PolicyItem::TimeZone(zone) => time_zone(scope, zone),
            ast::PolicyItem::Language(edition) => language(scope, edition),
        }
    }
}

fn item_name(item: &ast::PolicyItem) -> &'static str {
    match item {
        ast::PolicyItem::OwnedBy(_) => "owned by",
        ast::PolicyItem::InForce { .. } => "in force",
        ast::PolicyItem::TimeZone(_) => "time zone",
        ast::PolicyItem::Language(_) => "language",
    }
}

/// The teams of an `owned by`, each once.
pub(super) fn owners(by: &ast::Owners) -> Vec<String> {
    let mut seen = HashSet::new();
    by.names.iter().filter(|name| seen.insert(&name.text)).map(|name| name.text.clone()).collect()
}

fn in_force(scope: &mut Scope, from: &ast::DateLit, until: Option<&ast::DateLit>) -> Option<InForce> {
    let first = day(scope, from);
    let last = until.map(|until| day(scope, until));
    if let (Some(first), Some(Some(last)), Some(until)) = (first, last, until)
        && last < first
    {
        scope.report(
            Diagnostic::new(Code::P0210, "the policy would end before it begins")
                .at(until.loc.0, format!("this is before {}", from.text))
                .help("the policy is in force from the first day that is named to the last one, both included: the last one cannot be the earlier"),
        );
    }
    let end = until.unwrap_or(from).loc.0;
    Some(InForce { from: first?, until: last.flatten(), span: from.loc.0.to(end) })
}

fn day(scope: &mut Scope, date: &ast::DateLit) -> Option<jiff::civil::Date> {
    match time::moment(scope, date)? {
        TestTime::Day(day) => Some(day),
        TestTime::Instant(_) => {
            let day = date.text.get(..10).unwrap_or_default();
            scope.report(
                Diagnostic::new(Code::P0210, "a policy is in force for whole days, not from an hour on")
                    .at(date.loc.0, "")
                    .help(format!("type `{day}`"))
                    .fix(date.loc.0, day),
            );
            None
        }
    }
}

fn time_zone(scope: &mut Scope, zone: &ast::Name) {
    if let Some(known) = types::time_zone(&zone.text)
        && let Some(name) = known.iana_name()
    {
        name.clone_into(&mut scope.policy.zone);
        return;
    }
    let place = zone.loc.0;
    let fault = Diagnostic::new(Code::P0211, format!("there is no time zone `{}`", zone.text)).at(place, "");
    let names = types::time_zones();
    let city = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let by_city = || {
        let cities: Vec<String> = names.iter().map(|n| city(n)).collect();
        let meant = did_you_mean(&city(&zone.text), cities.iter().map(String::as_str))?;
        names.iter().find(|n| city(n) == meant).map(String::as_str)
    };
    scope.report(match did_you_mean(&zone.text, names.iter().map(String::as_str)).or_else(by_city) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")).fix(place, meant),
        None => {
            fault.help("type a zone by continent and city, such as `Europe/Berlin` or `America/New_York`, or `UTC`")
        }
    });
}

fn language(scope: &mut Scope, edition: &ast::NumberLit) {
    if edition.value == EDITION.into() {
        return;
    }
    scope.report(
        Diagnostic::new(Code::P0212, format!("there is no edition {} of the language yet", edition.text))
            .at(edition.loc.0, "")
            .help(format!("this release knows `language {EDITION}`; a later edition needs a later release of policyc"))
            .fix(edition.loc.0, EDITION.to_string()),
    );
}
