//! Statements and their items: a head in the first column, items two columns in.

use super::align::{self, pad};
use super::doc::{Doc, width};
use super::{expr, field, notes, score, words};
use crate::syntax::ast::{
    Claim, DecisionItem, Expectation, Given, GivenValue, GradeLine, ListValues, Noted, Otherwise, Owners, PolicyItem,
    SectionGuard, Statement, TestItem, Text,
};

/// The columns between the longest decision of a block and the notes.
const NOTE_GAP: usize = 4;
/// A decision longer than this does not push the notes of the others away.
const LONGEST_DECISION: usize = 40;

/// Whether statements of this kind may stand below each other without a blank line, as long as each is one line.
pub(super) fn may_be_grouped(statement: &Statement) -> bool {
    match statement {
        Statement::Use { .. }
        | Statement::RulesFrom { .. }
        | Statement::List { .. }
        | Statement::Define { .. }
        | Statement::Stage { .. }
        | Statement::Rule { .. }
        | Statement::Otherwise(_)
        | Statement::Property { .. }
        | Statement::Broken { .. } => true,
        Statement::Policy { .. }
        | Statement::Lead { .. }
        | Statement::Decisions { .. }
        | Statement::Score { .. }
        | Statement::Grade { .. }
        | Statement::Section { .. }
        | Statement::Test { .. } => false,
    }
}

/// The layout of a statement, without the comments above it.
pub(super) fn document(statement: &Noted<Statement>) -> Doc {
    let below = notes::below(&statement.notes).nest(2);
    Doc::Concat(vec![sentence_and_items(&statement.node, notes::after(&statement.notes)), below])
}

/// A statement; `end` is the comment at the end of its sentence or heading.
fn sentence_and_items(statement: &Statement, end: Doc) -> Doc {
    match statement {
        Statement::Policy { title, items } => {
            let head = Doc::Text(format!("policy {}", words::quoted(&title.value)));
            Doc::Concat(vec![head, end, notes::block(items, |_, item| policy_item(item))])
        }
        Statement::Use { path, owners } => {
            let head = Doc::Text(format!("use {}", words::quoted(&path.value)));
            Doc::Concat(vec![head, end, owned_by(owners.as_ref())])
        }
        Statement::RulesFrom { path, owners } => {
            let head = Doc::Text(format!("rules from {}", words::quoted(&path.value)));
            Doc::Concat(vec![head, end, owned_by(owners.as_ref())])
        }
        Statement::Lead { items } => Doc::Concat(vec!["lead".into(), end, field::lead_items(items)]),
        Statement::Decisions { best_first, items } => {
            let head = Doc::from(if *best_first { "decisions, best first" } else { "decisions" });
            Doc::Concat(vec![head, end, decisions(items)])
        }
        Statement::List { name, values, owners } => {
            let values = match values {
                ListValues::Inline(values) => Doc::Concat(vec!["is ".into(), expr::literals(values)]),
                ListValues::File { path, column: None } => format!("from {}", words::quoted(&path.value)).into(),
                ListValues::File { path, column: Some(column) } => {
                    format!("from {} column {}", words::quoted(&path.value), words::quoted(&column.value)).into()
                }
            };
            Doc::Concat(vec![Doc::Text(format!("list {} ", name.text)), values, end, owned_by(owners.as_ref())])
        }
        Statement::Define { name, body } => {
            Doc::Concat(vec![expr::sentence(format!("define {} as", name.text), body, 0), end])
        }
        Statement::Score { name, range, lines } => {
            let head = Doc::Text(format!("score {}{}", name.text, words::range(range)));
            Doc::Concat(vec![head, end, score::lines(lines)])
        }
        Statement::Grade { name, lines } => {
            let head = Doc::Text(format!("grade {}", name.text));
            Doc::Concat(vec![head, end, notes::block(lines, |_, line| grade_line(line))])
        }
        Statement::Stage { name, when } => {
            Doc::Concat(vec![expr::sentence(format!("stage {} when", name.text), when, 0), end])
        }
        Statement::Section { title, guard, owners, otherwise } => {
            let head = format!("section {}", words::quoted(&title.value));
            let head = match guard {
                SectionGuard::Always => head.into(),
                SectionGuard::When(condition) => expr::sentence(format!("{head} when"), condition, 2),
                SectionGuard::Otherwise => format!("{head} otherwise").into(),
            };
            let otherwise = otherwise.as_ref().map_or_else(Doc::nil, |item| {
                let end = notes::after(&item.notes);
                Doc::Concat(vec![notes::above(&item.notes, true), self::otherwise(&item.node, end)]).nest(2)
            });
            Doc::Concat(vec![head, end, owned_by(owners.as_ref()), otherwise])
        }
        Statement::Rule { label, was, decision, when, because } => {
            let mut head = String::new();
            if let Some(label) = label {
                head.push_str(&label.text);
                if !was.is_empty() {
                    head.push_str(&format!(" (was {})", words::names(was)));
                }
                head.push_str(": ");
            }
            head.push_str(&decision.text);
            head.push_str(" when");
            Doc::Concat(vec![expr::sentence(head, when, 2), end, self::because(because.as_ref())])
        }
        Statement::Otherwise(otherwise) => self::otherwise(otherwise, end),
        Statement::Property { claim, decision, condition, because } => {
            let (verb, joint) = match claim {
                Claim::NeverWhen => ("never", "when"),
                Claim::NeverUnless => ("never", "unless"),
                Claim::AlwaysWhen => ("always", "when"),
            };
            let head = format!("{verb} {} {joint}", decision.text);
            Doc::Concat(vec![expr::sentence(head, condition, 2), end, self::because(because.as_ref())])
        }
        Statement::Test { title, items } => {
            let head = Doc::Text(format!("test {}", words::quoted(&title.value)));
            Doc::Concat(vec![head, end, notes::block(items, |_, item| test_item(item))])
        }
        Statement::Broken { declares: _ } => Doc::nil(),
    }
}

fn owned_by(owners: Option<&Noted<Owners>>) -> Doc {
    owners.map_or_else(Doc::nil, |item| notes::line(item, true, |owners| words::owners(owners).into()).nest(2))
}

fn because(reason: Option<&Noted<Text>>) -> Doc {
    reason.map_or_else(Doc::nil, |item| {
        notes::line(item, true, |reason| format!("because {}", words::quoted(&reason.value)).into()).nest(2)
    })
}

fn otherwise(otherwise: &Otherwise, end: Doc) -> Doc {
    let head = Doc::Text(format!("otherwise {}", otherwise.decision.text));
    Doc::Concat(vec![head, end, because(otherwise.because.as_ref())])
}

fn policy_item(item: &PolicyItem) -> Doc {
    match item {
        PolicyItem::OwnedBy(owners) => words::owners(owners).into(),
        PolicyItem::InForce { from, until: None } => format!("in force from {}", from.text).into(),
        PolicyItem::InForce { from, until: Some(until) } => {
            format!("in force from {} until {}", from.text, until.text).into()
        }
        PolicyItem::TimeZone(zone) => format!("time zone {}", zone.text).into(),
        PolicyItem::Language(edition) => format!("language {}", edition.text).into(),
    }
}

fn decisions(items: &[Noted<DecisionItem>]) -> Doc {
    let columns = align::columns(items, LONGEST_DECISION, |_, item| width(&item.phrase.text));
    notes::block(items, |i, item| {
        let phrase = &item.phrase.text;
        match &item.note {
            None => phrase.as_str().into(),
            Some(note) => {
                let phrase = pad(phrase, columns.get(i).copied().unwrap_or(0), NOTE_GAP);
                Doc::Text(phrase + &words::quoted(&note.value))
            }
        }
    })
}

fn grade_line(line: &GradeLine) -> Doc {
    let label = words::word(&line.label);
    match &line.when {
        None => format!("otherwise {label}").into(),
        Some(condition) => expr::sentence(format!("{label} when"), condition, 0),
    }
}

fn test_item(item: &TestItem) -> Doc {
    match item {
        TestItem::Given(values) => {
            let values = notes::fill(notes::noted(values, given), ",").group().nest(4);
            Doc::Concat(vec!["given ".into(), values])
        }
        TestItem::AsOf(date) => format!("as of {}", date.text).into(),
        TestItem::Expect(Expectation::Decision { decision, by: None }) => format!("expect {}", decision.text).into(),
        TestItem::Expect(Expectation::Decision { decision, by: Some(rule) }) => {
            format!("expect {} by {}", decision.text, rule.text).into()
        }
        TestItem::Expect(Expectation::Condition(condition)) => expr::sentence("expect", condition, 0),
    }
}

fn given(given: &Given) -> Doc {
    let value = match &given.value {
        GivenValue::Literal(literal) => words::literal(&literal.kind).into(),
        GivenValue::Set(values) => expr::literals(values),
        GivenValue::Relative { count, unit, ahead: false } => format!("{} ago", words::duration(count, *unit)).into(),
        GivenValue::Relative { count, unit, ahead: true } => format!("in {}", words::duration(count, *unit)).into(),
    };
    Doc::Concat(vec![Doc::Text(format!("{} ", given.field.text)), value])
}
