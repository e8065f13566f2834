//! A whole policy as one text that checks to the same policy again.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::cond::{condition, value};
use super::literal::{literal, quoted, word};
use crate::ir::listed::Asked;
use crate::ir::{
    Body, Cell, Expectation, Expr, Field, FieldId, Gain, Given, Grade, Guard, Id, Policy, Property, Rule, Score,
    ScoreLine, Section, SectionId, Test, TestTime, TextTest, Written, listed, visit,
};
use crate::types::{Choices, Number, Shift, Type, Value};

/// A policy as a text: one file, whatever files it was read from.
#[must_use]
pub fn policy(policy: &Policy) -> String {
    let mut out = Text { policy, text: String::new() };
    out.header();
    out.lead();
    out.decisions();
    out.lists();
    out.definitions();
    out.rules();
    policy.properties.iter().for_each(|property| out.property(property));
    policy.tests.iter().for_each(|test| out.test(test));
    out.text
}

/// A test as a text.
#[must_use]
pub fn test(policy: &Policy, test: &Test) -> String {
    let mut out = Text { policy, text: String::new() };
    out.test(test);
    out.text
}

/// A claim as a text.
#[must_use]
pub fn property(policy: &Policy, property: &Property) -> String {
    let mut out = Text { policy, text: String::new() };
    out.property(property);
    out.text
}

/// The declaration of a field: `need  whole number from 0 to 5, required`.
#[must_use]
pub fn field(field: &Field) -> String {
    let mut parts = vec![type_text(field)];
    parts.extend(options(field));
    format!("{}  {}", field.name, parts.join(", "))
}

/// What a test expects: `pass to sales by large`, `fit >= 30`.
#[must_use]
pub fn expectation(policy: &Policy, expected: &Expectation) -> String {
    match expected {
        Expectation::Decision(decision, rule) => {
            let by = rule.map(|rule| format!(" by {}", policy.rules[rule].name)).unwrap_or_default();
            format!("{}{by}", policy.decisions[*decision].phrase)
        }
        Expectation::Condition(cond) => condition(policy, cond),
    }
}

/// The ends of a range: ` from 0 to 100`; of a field of this type, when it is one's.
#[must_use]
pub fn range(min: Option<&Number>, max: Option<&Number>, ty: Option<&Type>) -> String {
    let end = |word, end: Option<&Number>| {
        end.map(|n| format!(" {word} {}", literal(&Value::Number(n.clone()), ty))).unwrap_or_default()
    };
    format!("{}{}", end("from", min), end("to", max))
}

struct Text<'p> {
    policy: &'p Policy,
    text: String,
}

impl Text<'_> {
    /// A line; the text is in memory, so that writing to it cannot fail.
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    /// A blank line between statements.
    fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn header(&mut self) {
        let policy = self.policy;
        self.line(0, &format!("policy {}", quoted(&policy.title)));
        self.owners(&policy.owners);
        if let Some(in_force) = &policy.in_force {
            self.line(2, &format!("in force {}", in_force.words()));
        }
        if policy.zone != "UTC" {
            self.line(2, &format!("time zone {}", policy.zone));
        }
    }

    fn owners(&mut self, owners: &[String]) {
        if !owners.is_empty() {
            self.line(2, &format!("owned by {}", owners.join(", ")));
        }
    }

    fn lead(&mut self) {
        self.gap();
        self.line(0, "lead");
        for (_, field) in self.policy.fields.iter() {
            self.line(2, &self::field(field));
        }
        for assumption in &self.policy.assumptions {
            self.line(2, &format!("assume {}", condition(self.policy, assumption)));
        }
    }

    fn decisions(&mut self) {
        self.gap();
        self.line(0, if self.policy.best_first { "decisions, best first" } else { "decisions" });
        for (_, decision) in self.policy.decisions.iter() {
            let note = decision.note.as_ref().map(|note| format!("  {}", quoted(note))).unwrap_or_default();
            self.line(2, &format!("{}{note}", decision.phrase));
        }
    }

    /// The named sets. Their values are typed where they are used, and one that nothing asks for is not there.
    fn lists(&mut self) {
        let policy = self.policy;
        let mut lists = listed::asked(policy, visit::conditions(policy).chain(visit::expected(policy)));
        // As texts they may stand in lower case, for fields that ignore case: as they were written, these say the same to all.
        let is_folded =
            |asked: &Asked<'_>| matches!(policy.behind_names(asked.value), Expr::Lowercase(_) | Expr::DomainOf(_));
        lists.sort_by_key(|asked| (is_folded(asked), asked.held));
        let mut named = BTreeSet::new();
        for asked in lists {
            if !named.insert(asked.list) {
                continue;
            }
            if named.len() == 1 {
                self.gap();
            }
            let ty = policy.type_of(asked.value);
            let values: Vec<String> = asked.held.values(policy).iter().map(|v| literal(v, ty.as_deref())).collect();
            self.line(0, &format!("list {} is [{}]", asked.list, values.join(", ")));
            if let Some(own) = policy.ownership_of_list(asked.list) {
                self.owners(&own.owners);
            }
        }
    }

    fn definitions(&mut self) {
        let policy = self.policy;
        if !policy.defines.is_empty() {
            self.gap();
        }
        for (_, define) in policy.defines.iter() {
            let body = match &define.body {
                Body::Condition(cond) => condition(policy, cond),
                Body::Value(body, ty) => match body {
                    Expr::Const(constant) => literal(constant, Some(ty)),
                    body => value(policy, body),
                },
            };
            self.line(0, &format!("define {} as {body}", define.name));
        }
        policy.scores.iter().for_each(|(_, score)| self.score(score));
        policy.grades.iter().for_each(|(_, grade)| self.grade(grade));
        if !policy.stages.is_empty() {
            self.gap();
        }
        for (_, stage) in policy.stages.iter() {
            self.line(0, &format!("stage {} when {}", stage.name, condition(policy, &stage.when)));
        }
    }

    fn score(&mut self, score: &Score) {
        self.gap();
        self.line(0, &format!("score {}{}", score.name, range(score.min.as_ref(), score.max.as_ref(), None)));
        for line in &score.lines {
            let label = line.label.as_ref().map(|label| format!(" as {}", quoted(label))).unwrap_or_default();
            self.line(2, &format!("{}{label}", score_line(self.policy, line)));
        }
    }

    fn grade(&mut self, grade: &Grade) {
        self.gap();
        self.line(0, &format!("grade {}", grade.name));
        let label = |position: usize| word(grade.scale.values.get(position).map_or("", String::as_str));
        for line in &grade.lines {
            self.line(2, &format!("{} when {}", label(line.label), condition(self.policy, &line.when)));
        }
        self.line(2, &format!("otherwise {}", label(grade.otherwise)));
    }

    /// The rules under their sections. A section's own `otherwise` is its last rule and is an item of the section.
    fn rules(&mut self) {
        let rules = &self.policy.rules;
        let last = rules.len().saturating_sub(1);
        let mut open: Option<SectionId> = None;
        for (id, rule) in rules.iter() {
            if id.position() != last && rule.section != open {
                open = rule.section;
                if let Some(section) = rule.section {
                    let own = rules.iter().map(|(_, r)| r).find(|r| r.section == rule.section && r.when.is_none());
                    self.section(&self.policy.sections[section], own);
                }
            }
            if rule.when.is_some() || id.position() == last {
                self.rule(rule);
            }
        }
    }

    fn section(&mut self, section: &Section, otherwise: Option<&Rule>) {
        self.gap();
        let guard = match &section.guard {
            Guard::Always => String::new(),
            Guard::When(cond) => format!(" when {}", condition(self.policy, cond)),
            Guard::NoneOf(_) => " otherwise".to_owned(),
        };
        self.line(0, &format!("section {}{guard}", quoted(&section.title)));
        self.owners(&section.owners);
        if let Some(rule) = otherwise {
            self.line(2, &format!("otherwise {}", self.policy.decisions[rule.decision].phrase));
            self.because(rule.because.as_deref(), 4);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        self.gap();
        let decision = &self.policy.decisions[rule.decision].phrase;
        let was = if rule.was.is_empty() { String::new() } else { format!(" (was {})", rule.was.join(", ")) };
        let label = if rule.labelled { format!("{}{was}: ", rule.name) } else { String::new() };
        match &rule.when {
            Some(when) => self.line(0, &format!("{label}{decision} when {}", condition(self.policy, when))),
            None => self.line(0, &format!("otherwise {decision}")),
        }
        self.because(rule.because.as_deref(), 2);
    }

    fn property(&mut self, property: &Property) {
        self.gap();
        let (verb, joint) = property.claim.words();
        let decision = &self.policy.decisions[property.decision].phrase;
        self.line(0, &format!("{verb} {decision} {joint} {}", condition(self.policy, &property.condition)));
        self.because(property.because.as_deref(), 2);
    }

    fn because(&mut self, because: Option<&str>, indent: usize) {
        if let Some(because) = because {
            self.line(indent, &format!("because {}", quoted(because)));
        }
    }

    fn test(&mut self, test: &Test) {
        self.gap();
        self.line(0, &format!("test {}", quoted(&test.title)));
        if !test.given.is_empty() {
            let given: Vec<String> = test.given.iter().map(|(field, given)| self.given(*field, given)).collect();
            self.line(2, &format!("given {}", given.join(", ")));
        }
        match &test.as_of {
            Some(TestTime::Day(day)) => self.line(2, &format!("as of {day}")),
            Some(TestTime::Instant(instant)) => self.line(2, &format!("as of {instant}")),
            None => {}
        }
        for (expected, _) in &test.expect {
            self.line(2, &format!("expect {}", expectation(self.policy, expected)));
        }
    }

    fn given(&self, field: FieldId, given: &Given) -> String {
        let Field { name, ty, .. } = &self.policy.fields[field];
        let value = match given {
            Given::Value(None) => "missing".to_owned(),
            Given::Value(Some(value)) => literal(value, Some(ty)),
            Given::Relative(Shift { count, unit }) => {
                let n = count.unsigned_abs();
                let stretch = format!("{n} {}{}", unit.name(), if n == 1 { "" } else { "s" });
                if *count > 0 { format!("in {stretch}") } else { format!("{stretch} ago") }
            }
        };
        format!("{name} {value}")
    }
}

fn type_text(field: &Field) -> String {
    let numbers = |name: &str| format!("{name}{}", range(field.min.as_ref(), field.max.as_ref(), Some(&field.ty)));
    match &field.ty {
        Type::Text if field.is_id => "id".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Number => numbers("number"),
        Type::WholeNumber => numbers("whole number"),
        Type::Percent => numbers("percent"),
        Type::Money(currency) => numbers(&format!("money in {currency}")),
        Type::YesNo => "yes or no".to_owned(),
        Type::Date => "date".to_owned(),
        Type::DateTime => "date and time".to_owned(),
        Type::Choice(Choices { values, ranked, other }) => {
            let words: Vec<String> = values.iter().map(|v| word(v)).collect();
            let other = if *other { " or other" } else { "" };
            if *ranked {
                format!("ranked [{}]{other}", words.join(" < "))
            } else {
                format!("one of [{}]{other}", words.join(", "))
            }
        }
        Type::Set(values) => format!("any of [{}]", values.iter().map(|v| word(v)).collect::<Vec<_>>().join(", ")),
    }
}

fn options(field: &Field) -> Vec<String> {
    let Cell { blanks, blank_numbers, blank_is_empty_set, ignoring_case, aliases, separator, written } = &field.cell;
    let mut options = Vec::new();
    let mut add = |holds: bool, text: String| {
        if holds {
            options.push(text);
        }
    };
    add(field.column != field.name, format!("from {}", quoted(&field.column)));
    add(field.required, "required".to_owned());
    let numbers = blank_numbers.iter().map(ToString::to_string);
    let markers: Vec<String> = blanks.iter().map(|b| quoted(b)).chain(numbers).collect();
    add(!markers.is_empty(), format!("blank when [{}]", markers.join(", ")));
    add(*blank_is_empty_set, "blank means none".to_owned());
    let default = field.default.as_ref().map(|value| literal(value, Some(&field.ty)));
    add(default.is_some(), format!("missing means {}", default.unwrap_or_default()));
    add(field.else_missing, "else missing".to_owned());
    add(*ignoring_case, "ignoring case".to_owned());
    for (position, name) in field.ty.closed_values().unwrap_or_default().iter().enumerate() {
        let spellings: Vec<String> = aliases
            .iter()
            .filter(|alias| alias.value == position)
            .map(|alias| format!("{}{}", spelling(alias.test), quoted(&alias.text)))
            .collect();
        add(!spellings.is_empty(), format!("also known as {}: [{}]", word(name), spellings.join(", ")));
    }
    add(separator.is_some(), format!("separated by {}", quoted(separator.as_deref().unwrap_or_default())));
    add(written.is_some(), written.as_ref().map(written_as).unwrap_or_default());
    add(field.personal, "personal".to_owned());
    add(field.fixed, "fixed".to_owned());
    options
}

fn spelling(test: TextTest) -> &'static str {
    match test {
        TextTest::Whole => "",
        TextTest::Contains => "contains ",
        TextTest::StartsWith => "starts with ",
        TextTest::EndsWith => "ends with ",
        TextTest::ContainsWord => "contains word ",
    }
}

fn written_as(written: &Written) -> String {
    match written {
        Written::Strftime(form) => format!("written as {}", quoted(form)),
        Written::EpochSeconds => "written as epoch seconds".to_owned(),
        Written::EpochMilliseconds => "written as epoch milliseconds".to_owned(),
        Written::Like(form) => {
            let group = form.group.map(String::from).unwrap_or_default();
            let example = format!("{}1{group}234{}56{}", form.prefix, form.point, form.suffix);
            format!("written as {}", quoted(&example))
        }
    }
}

/// What a line of a score says, without its label: `+5 for each visit when active, at most 20`.
#[must_use]
pub fn score_line(policy: &Policy, line: &ScoreLine) -> String {
    gain_when(policy, &line.gain, true)
}

/// What a line of a score adds, without its condition: `+5 for each visit, at most 20`.
#[must_use]
pub fn gain(policy: &Policy, gain: &Gain) -> String {
    gain_when(policy, gain, false)
}

fn gain_when(policy: &Policy, gain: &Gain, with_condition: bool) -> String {
    match gain {
        Gain::Points { points, per, when, at_most } => {
            let sign = if points.is_negative() { '-' } else { '+' };
            let mut text = format!("{sign}{}", points.abs());
            if let Some(per) = per {
                let ty = policy.type_of(&per.amount);
                let unit = literal(&Value::Number(per.unit.clone()), ty.as_deref());
                let unit = if per.unit == Number::from(1) { String::new() } else { format!("{unit} ") };
                text.push_str(&format!(" for each {unit}{}", value(policy, &per.amount)));
            }
            if let Some(when) = when.as_ref().filter(|_| with_condition) {
                text.push_str(&format!(" when {}", condition(policy, when)));
            }
            if let Some(cap) = at_most {
                text.push_str(&format!(", at most {cap}"));
            }
            text
        }
        Gain::Score { sign, score } => format!("{}{}", if *sign < 0 { '-' } else { '+' }, policy.scores[*score].name),
    }
}
