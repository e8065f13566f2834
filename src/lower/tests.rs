//! `test` blocks: what a lead is given, when it is decided, and what must come out.

use std::collections::{BTreeSet, HashMap};

use jiff::tz::TimeZone;

use super::fields::{in_range, type_name};
use super::naming::listed;
use super::scope::{Named, Scope};
use super::{cond, decisions, literal, time};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{DecisionId, Expectation, Field, FieldId, Given, RuleId, Test, TestTime};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, GivenValue, LiteralKind, TestItem};
use crate::types::{self, Type, Value};

/// Lowers a `test` block.
pub(super) fn test(scope: &mut Scope, title: &ast::Text, items: &[ast::Noted<TestItem>], span: Span) {
    let mut test = Test { title: title.value.clone(), given: Vec::new(), as_of: None, expect: Vec::new(), span };
    let mut given_at: HashMap<FieldId, Span> = HashMap::new();
    let mut as_of_at: Option<Span> = None;
    let mut expects = false;
    for item in items {
        match &item.node {
            TestItem::Given(given) => {
                for one in given {
                    test.given.extend(given_field(scope, &one.node, &mut given_at));
                }
            }
            TestItem::AsOf(date) => match as_of_at {
                Some(before) => scope.report(
                    Diagnostic::new(Code::P0209, "`as of` stands here twice")
                        .at(item.loc.0, "the second time")
                        .at(before, "the first time")
                        .help("a lead is decided at one time: keep one, and write another test for the other"),
                ),
                None => {
                    as_of_at = Some(item.loc.0);
                    test.as_of = time::moment(scope, date);
                    test.as_of.iter().for_each(|as_of| in_force(scope, as_of, item.loc.0));
                }
            },
            TestItem::Expect(expected) => {
                expects = true;
                test.expect.extend(expectation(scope, expected).map(|expected| (expected, item.loc.0)));
            }
        }
    }
    if scope.unread_within(span) {
        // What seems to be absent may only be broken.
    } else if !expects {
        scope.report(
            Diagnostic::new(Code::P0238, "this test expects nothing")
                .at(title.loc.0, "")
                .help("say what must come out: `expect` and a decision, or `expect` and a condition"),
        );
    } else if as_of_at.is_none() {
        let relative = test.given.iter().any(|(_, given)| matches!(given, Given::Relative(_)));
        if relative || scope.policy.reads_time() {
            scope.report(
                Diagnostic::new(Code::P0239, "this test does not say at what time the lead is decided")
                    .at(
                        title.loc.0,
                        if relative { "it gives a time relative to now" } else { "the policy reads the time" },
                    )
                    .help("add a line such as `as of 2026-10-01`, so that the test comes out the same on every day"),
            );
        }
    }
    scope.policy.tests.push(test);
}

/// Whether the policy is in force at the time of a test; when not, that is reported.
fn in_force(scope: &mut Scope, as_of: &TestTime, place: Span) {
    let Some(days) = scope.policy.in_force.clone() else { return };
    let day = match as_of {
        TestTime::Day(day) => *day,
        TestTime::Instant(instant) => {
            types::time_zone(&scope.policy.zone).unwrap_or(TimeZone::UTC).to_datetime(*instant).date()
        }
    };
    let nearest = days.nearest(day);
    if nearest != day {
        scope.report(
            Diagnostic::new(Code::P0243, format!("nothing is decided as of {day}: the policy is not in force then"))
                .at(place, "")
                .at(days.span, "it is on these days")
                .help(format!("test it as of a day on which it is, such as `as of {nearest}`")),
        );
    }
}

fn given_field(
    scope: &mut Scope,
    given: &ast::Given,
    given_at: &mut HashMap<FieldId, Span>,
) -> Option<(FieldId, Given)> {
    let id = field(scope, &given.field)?;
    if let Some(before) = given_at.insert(id, given.field.loc.0) {
        scope.report(
            Diagnostic::new(Code::P0235, format!("`{}` is given twice", given.field.text))
                .at(given.field.loc.0, "the second time")
                .at(before, "the first time")
                .help("keep one of them"),
        );
    }
    let field = scope.policy.fields[id].clone();
    given_value(scope, &field, given).map(|given| (id, given))
}

/// The field of a name; when there is none, that is reported.
fn field(scope: &mut Scope, name: &ast::Name) -> Option<FieldId> {
    let place = name.loc.0;
    let fault = match scope.names.get(&name.text).map(|declared| &declared.named) {
        Some(Named::Field(id)) => return Some(*id),
        Some(Named::Broken) => return None,
        Some(Named::List(_)) => {
            Diagnostic::new(Code::P0234, format!("`{}` is a list, not a field of the lead", name.text)).at(place, "")
        }
        Some(Named::Define(_) | Named::Score(_) | Named::Grade(_) | Named::Stage(_)) => {
            Diagnostic::new(Code::P0234, format!("`{}` is not a field of the lead, so it cannot be given", name.text))
                .at(place, "")
                .help(format!("give the fields that it hangs on; `expect {} ...` asks how it comes out", name.text))
        }
        None if scope.open => return None,
        None => {
            let fault = Diagnostic::new(Code::P0234, format!("there is no field `{}`", name.text)).at(place, "");
            let fields = || scope.policy.fields.iter().map(|(_, f)| f.name.as_str());
            match scope.near(&name.text, fields()) {
                Some(meant) => fault.help(format!("did you mean `{meant}`?")).fix(place, meant),
                None => fault.help(format!("the fields of a lead are {}", listed(fields()))),
            }
        }
    };
    scope.report(fault);
    None
}

fn given_value(scope: &mut Scope, field: &Field, given: &ast::Given) -> Option<Given> {
    match &given.value {
        GivenValue::Literal(literal) if is_missing(literal, field) => Some(Given::Value(None)),
        GivenValue::Literal(literal) => {
            let value = match spelt(literal, field) {
                Some(value) => value,
                None => literal::literal(scope, literal, &field.name, &field.ty)?,
            };
            if matches!(&value, Value::Number(number) if field.cell.is_blank_number(number)) {
                return Some(Given::Value(None));
            }
            in_range(scope, field, &value, literal.loc.0).then_some(Given::Value(Some(value)))
        }
        GivenValue::Set(values) => {
            if !matches!(field.ty, Type::Set(_)) {
                scope.report(
                    Diagnostic::new(Code::P0343, format!("`{}` holds one value, not several", field.name))
                        .at(given.field.loc.0, format!("its type is `{}`", type_name(field)))
                        .help("give one value, without brackets"),
                );
                return None;
            }
            set_of(scope, values, field).map(|set| Given::Value(Some(set)))
        }
        GivenValue::Relative { count, unit, ahead } => {
            let elapsed = matches!(unit, ast::TimeUnit::Minute | ast::TimeUnit::Hour);
            let fault = match field.ty {
                Type::Date if elapsed => {
                    Diagnostic::new(Code::P0344, format!("`{}` holds a day, not an hour", field.name))
                        .help("count in days, weeks or months")
                }
                Type::Date | Type::DateTime => return time::shift(scope, count, *unit, *ahead).map(Given::Relative),
                Type::Text
                | Type::Number
                | Type::WholeNumber
                | Type::Percent
                | Type::Money(_)
                | Type::YesNo
                | Type::Choice(_)
                | Type::Set(_) => Diagnostic::new(Code::P0344, format!("`{}` does not hold a date", field.name))
                    .help(format!("its type is `{}`", type_name(field))),
            };
            scope.report(fault.at(count.loc.0, ""));
            None
        }
    }
}

/// The set of several values; none when one of them is no value of the field, which is reported.
fn set_of(scope: &mut Scope, values: &[ast::Noted<ast::Literal>], field: &Field) -> Option<Value> {
    let mut read = |value: &ast::Noted<ast::Literal>| literal::literal(scope, &value.node, &field.name, &field.ty);
    // Not lazily: every value that is wrong is reported.
    let sets: Vec<Option<Value>> = values.iter().map(&mut read).collect();
    let mut all = BTreeSet::new();
    for set in sets {
        let Value::Set(members) = set? else { return None };
        all.extend(members);
    }
    Some(Value::Set(all))
}

/// Whether a literal is the word for a missing cell (a closed set may have a value of that name), or a blank of the field.
fn is_missing(literal: &ast::Literal, field: &Field) -> bool {
    let listed = match &field.ty {
        Type::Choice(choices) => choices.position("missing").is_some(),
        Type::Set(values) => values.iter().any(|value| value == "missing"),
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => false,
    };
    let word = !listed && matches!(&literal.kind, LiteralKind::Word(word) if word == "missing");
    word || text_of(literal).is_some_and(|text| field.cell.is_blank(text))
}

/// What a test gives is what stands in the data, so the spellings of a closed set count here too.
fn spelt(literal: &ast::Literal, field: &Field) -> Option<Value> {
    let Type::Choice(choices) = &field.ty else { return None };
    field.cell.position(&choices.values, text_of(literal)?).map(Value::Choice)
}

fn text_of(literal: &ast::Literal) -> Option<&str> {
    match &literal.kind {
        LiteralKind::Word(text) | LiteralKind::Text(text) => Some(text),
        LiteralKind::Number { .. } | LiteralKind::Percent { .. } | LiteralKind::Money { .. } | LiteralKind::Date(_) => {
            None
        }
    }
}

fn expectation(scope: &mut Scope, expected: &ast::Expectation) -> Option<Expectation> {
    match expected {
        ast::Expectation::Condition(condition) => cond::condition(scope, condition).map(Expectation::Condition),
        ast::Expectation::Decision { decision: phrase, by } => {
            if by.is_none() && reads_as_condition(scope, phrase) {
                let name = ast::Expr { kind: ExprKind::Name(phrase.text.clone()), loc: phrase.loc };
                return cond::condition(scope, &name).map(Expectation::Condition);
            }
            let decision = decisions::decision(scope, phrase);
            match by {
                Some(by) => {
                    let rule = rule(scope, by)?;
                    let decision = decision?;
                    decides(scope, rule, decision, phrase, by).then_some(Expectation::Decision(decision, Some(rule)))
                }
                None => decision.map(|decision| Expectation::Decision(decision, None)),
            }
        }
    }
}

/// Whether a phrase that is no decision is the name of a condition instead.
fn reads_as_condition(scope: &Scope, phrase: &ast::Phrase) -> bool {
    !scope.decisions.contains_key(&phrase.text) && scope.names.contains_key(&phrase.text)
}

/// The rule of a name; when there is none, that is reported.
fn rule(scope: &mut Scope, by: &ast::Name) -> Option<RuleId> {
    if let Some(rule) = scope.rule_names.get(&by.text) {
        return *rule;
    }
    if scope.open || !scope.unread.is_empty() {
        return None;
    }
    let place = by.loc.0;
    let fault = Diagnostic::new(Code::P0236, format!("there is no rule `{}`", by.text)).at(place, "");
    let names = || scope.policy.rules.iter().map(|(_, rule)| rule.name.as_str());
    let renamed = scope.policy.rules.iter().find(|(_, rule)| rule.was.contains(&by.text));
    let fault = match (renamed, scope.near(&by.text, names())) {
        (Some((_, rule)), _) => fault.help(format!("it is called `{}` today", rule.name)).fix(place, rule.name.clone()),
        (None, Some(meant)) => fault.help(format!("did you mean `{meant}`?")).fix(place, meant),
        (None, None) => fault.help("`by` names a rule by its label: put one before the rule, such as `hot_vp: ...`"),
    };
    scope.report(fault);
    None
}

/// Whether a rule gives this decision; when not, that is reported.
fn decides(scope: &mut Scope, rule: RuleId, expected: DecisionId, phrase: &ast::Phrase, by: &ast::Name) -> bool {
    let rule = &scope.policy.rules[rule];
    if rule.decision == expected {
        return true;
    }
    let decision = &scope.policy.decisions[rule.decision].phrase;
    let fault = Diagnostic::new(Code::P0237, format!("the rule `{}` never decides `{}`", by.text, phrase.text))
        .at(by.loc.0, "")
        .at(rule.span, format!("it decides `{decision}`"))
        .help("expect the decision of that rule, or name another rule");
    scope.report(fault);
    false
}
