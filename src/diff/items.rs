//! The items of a policy, and what differs between those of two.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::case::Case;
use super::edit::{Differences, Item, Kind, Reading, What};
use super::lists;
use super::names::{self, Names, Sides};
use crate::ir::{
    Body, Cond, Field, Gain, Grade, GradeId, Guard, Policy, Rule, Score, ScoreId, Section, SectionId, print,
};
use crate::source::Span;
use crate::types::{Choices, Number, Type};

/// How often names are looked for: what is called otherwise can be known by what it says, once that is known under its new names.
const ROUNDS: usize = 64;

/// Everything that differs but the rules, and but what speaks of them; and the old policy under its new names.
pub(super) fn differences<'p>(old: &'p Policy, new: &Policy) -> (Differences, Cow<'p, Policy>) {
    let mut names = Names::new();
    let mut called = Cow::Borrowed(old);
    for _ in 0..ROUNDS {
        let found = compared(&Sides { old, called: &called, new });
        let known = names::renamed(found.edits.iter().chain(&found.wording));
        if known == names {
            return (found, called);
        }
        called = names::under_new_names(old, &known);
        names = known;
    }
    (compared(&Sides { old, called: &called, new }), called)
}

fn compared(sides: &Sides<'_>) -> Differences {
    let Sides { old, called, new } = *sides;
    let mut found = Differences { case: Case::of(called, new), ..Differences::default() };
    let [one, other] = sides.items(|p| p.fields.iter().map(|(_, f)| field(f)).collect());
    found.compare(Kind::Field, None, &one, &other, false);
    // A cell that only one of them reads can be one that it cannot read.
    for (policy, what) in [(old, What::Removed), (new, What::Added)] {
        for (_, field) in policy.fields.iter().filter(|(_, field)| field.ty != Type::Text && !field.else_missing) {
            if found.edits.iter().any(|edit| edit.what == what && edit.name == field.name) {
                found.reading.push(Reading { field: field.name.clone(), what });
            }
        }
    }
    let [one, other] = sides.items(assumptions);
    found.compare(Kind::Assumption, Some("an assumption"), &one, &other, false);
    let [one, other] = sides.items(|p| p.decisions.iter().map(|(_, d)| decision(d)).collect());
    found.compare(Kind::Decision, None, &one, &other, false);
    lists::compare(old, new, &mut found);
    let [one, other] = sides.items(defines);
    found.compare(Kind::Define, None, &one, &other, false);
    scores(sides, &mut found);
    grades(sides, &mut found);
    let [one, other] = sides.items(|p| {
        // Called otherwise, it is known by its condition.
        let stage = |s: &crate::ir::Stage| {
            let body = print::condition(p, &s.when);
            let text = format!("stage {} when {body}", s.name);
            Item { marks: marks(p, &body, s.span), body, text, ..Item::new(&s.name, String::new(), s.span) }
        };
        p.stages.iter().map(|(_, s)| stage(s)).collect()
    });
    found.compare(Kind::Stage, None, &one, &other, true);
    let [one, other] = sides.items(|p| p.sections.iter().map(|(id, s)| section(p, id, s)).collect());
    found.compare(Kind::Section, None, &one, &other, false);
    words(old, new, &mut found);
    found
}

/// What something is known by when it is called otherwise: what it says; of several that say the same, the one of the same owners is meant.
fn marks(policy: &Policy, says: &str, span: Span) -> Vec<String> {
    vec![format!("{says}\n{}", owned(policy.owners_at(span))), says.to_owned()]
}

fn field(field: &Field) -> Item {
    let Field { name, ty, column, is_id, min, max, required, cell, default, else_missing, personal, fixed, span } =
        field;
    // Texts are compared and blanks found with case or without; what other types make of it is a matter of reading.
    let is_text = *ty == Type::Text;
    let case = cell.ignoring_case && is_text;
    let words: BTreeSet<&str> = cell.blanks.iter().map(|blank| blank.trim()).collect();
    let (blank_texts, blank_cells) = if is_text { (words, BTreeSet::new()) } else { (BTreeSet::new(), words) };
    // A number that no lead can have would set a lead aside, were it not blank.
    let is_value = |number: &Number| {
        let is_in = min.as_ref().is_none_or(|min| number >= min) && max.as_ref().is_none_or(|max| number <= max);
        *else_missing || is_in && (*ty != Type::WholeNumber || number.is_whole())
    };
    let (blank_values, blank_figures): (BTreeSet<&Number>, BTreeSet<&Number>) =
        cell.blank_numbers.iter().partition(|number| is_value(number));
    let blanks = (blank_texts, blank_values, cell.blank_is_empty_set);
    // In which order values stand is only said of ranked ones.
    let ty = &match ty {
        Type::Choice(choices) if !choices.ranked => {
            let values = choices.values.iter().cloned().collect::<BTreeSet<String>>().into_iter().collect();
            Type::Choice(Choices { values, ..choices.clone() })
        }
        Type::Set(values) => Type::Set(values.iter().cloned().collect::<BTreeSet<String>>().into_iter().collect()),
        Type::Choice(_)
        | Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => ty.clone(),
    };
    Item {
        name: name.clone(),
        marks: vec![column.clone()],
        body: format!("{ty:?} {min:?} {max:?} {required} {default:?} {blanks:?} {case}"),
        agreed: format!("{is_id} {personal} {fixed}"),
        wording: String::new(),
        reading: format!(
            "{column} {:?} {:?} {:?} {} {else_missing} {blank_cells:?} {blank_figures:?}",
            cell.aliases,
            cell.separator,
            cell.written,
            cell.ignoring_case && !case
        ),
        text: print::field(field),
        span: Some(*span),
        is_cased: false,
    }
}

pub(super) fn assumptions(policy: &Policy) -> Vec<Item> {
    let assumed = |cond: &Cond| {
        let says = format!("assume {}", print::condition(policy, cond));
        Item { marks: marks(policy, &says, cond.span), ..Item::new("", says, cond.span) }
    };
    policy.assumptions.iter().map(assumed).collect()
}

fn decision(decision: &crate::ir::Decision) -> Item {
    let note = decision.note.as_ref().map(|note| format!("  {}", print::quoted(note))).unwrap_or_default();
    let text = format!("{}{note}", decision.phrase);
    Item { body: String::new(), wording: note, text, ..Item::new(&decision.phrase, String::new(), decision.span) }
}

/// The definitions of a policy.
fn defines(policy: &Policy) -> Vec<Item> {
    let of = |define: &crate::ir::Define| {
        let body = match &define.body {
            Body::Condition(cond) => print::condition(policy, cond),
            Body::Value(crate::ir::Expr::Const(constant), ty) => print::literal(constant, Some(ty)),
            Body::Value(value, _) => print::value(policy, value),
        };
        let text = format!("define {} as {body}", define.name);
        Item {
            marks: marks(policy, &body, define.span),
            body,
            text,
            ..Item::new(&define.name, String::new(), define.span)
        }
    };
    policy.defines.iter().map(|(_, define)| of(define)).collect()
}

fn scores(sides: &Sides<'_>, found: &mut Differences) {
    let head = |policy: &Policy, score: &Score| {
        let range = print::range(score.min.as_ref(), score.max.as_ref(), None);
        let lines: Vec<String> = score.lines.iter().map(|line| print::score_line(policy, line)).collect();
        let text = format!("score {}{range}", score.name);
        // Called otherwise, it is known by its lines.
        let marks = marks(policy, &lines.join("\n"), score.span);
        Item { marks, body: range, ..Item::new(&score.name, text, score.span) }
    };
    let [one, other] = sides.items(|p| p.scores.iter().map(|(_, score)| head(p, score)).collect());
    found.compare(Kind::Score, None, &one, &other, false);
    let lines = |policy: &Policy, id: ScoreId| -> Vec<Item> {
        let score = &policy.scores[id];
        score.lines.iter().map(|line| self::line(policy, &score.name, line)).collect()
    };
    for (id, score) in sides.new.scores.iter() {
        if let Some((was, _)) = sides.called.scores.iter().find(|(_, other)| other.name == score.name) {
            let one = sides.old_items(|policy| lines(policy, was));
            found.compare(Kind::Score, Some(&score.name), &one, &lines(sides.new, id), false);
        }
    }
}

/// A line of a score is known by what it says, else by its condition, its label or what it adds.
fn line(policy: &Policy, score: &str, line: &crate::ir::ScoreLine) -> Item {
    let text = print::score_line(policy, line);
    let label = line.label.clone().unwrap_or_default();
    let when = match &line.gain {
        Gain::Points { when: Some(when), .. } => print::condition(policy, when),
        Gain::Points { when: None, per: Some(per), .. } => print::value(policy, &per.amount),
        Gain::Points { when: None, per: None, .. } | Gain::Score { .. } => String::new(),
    };
    let shown = format!("{score}: {text}");
    let marks = vec![text.clone(), when, label.clone(), print::gain(policy, &line.gain)];
    let label = if label.is_empty() { label } else { format!(" as {}", print::quoted(&label)) };
    let text = format!("{shown}{label}");
    Item { marks, body: shown, wording: label, text, ..Item::new("", String::new(), line.span) }
}

fn grades(sides: &Sides<'_>, found: &mut Differences) {
    let word = |grade: &Grade, at: usize| print::word(grade.scale.values.get(at).map_or("", String::as_str));
    let head = |policy: &Policy, grade: &Grade| {
        let scale: Vec<String> = grade.scale.values.iter().map(|value| print::word(value)).collect();
        let otherwise = word(grade, grade.otherwise);
        let text = format!("grade {}: otherwise {otherwise}", grade.name);
        let line = |line: &crate::ir::GradeLine| {
            format!("{} when {}", word(grade, line.label), print::condition(policy, &line.when))
        };
        let lines: Vec<String> = grade.lines.iter().map(line).collect();
        // Called otherwise, it is known by its lines.
        Item {
            marks: marks(policy, &lines.join("\n"), grade.span),
            body: format!("{otherwise} {}", scale.join(" < ")),
            ..Item::new(&grade.name, text, grade.span)
        }
    };
    let [one, other] = sides.items(|p| p.grades.iter().map(|(_, grade)| head(p, grade)).collect());
    found.compare(Kind::Grade, None, &one, &other, false);
    let lines = |policy: &Policy, id: GradeId| -> Vec<Item> {
        let grade = &policy.grades[id];
        let line = |line: &crate::ir::GradeLine| {
            let (label, when) = (word(grade, line.label), print::condition(policy, &line.when));
            let text = format!("{}: {label} when {when}", grade.name);
            Item { marks: vec![text.clone(), label, when], ..Item::new("", text, line.span) }
        };
        grade.lines.iter().map(line).collect()
    };
    for (id, grade) in sides.new.grades.iter() {
        if let Some((was, _)) = sides.called.grades.iter().find(|(_, other)| other.name == grade.name) {
            let one = sides.old_items(|policy| lines(policy, was));
            found.compare(Kind::Grade, Some(&grade.name), &one, &lines(sides.new, id), true);
        }
    }
}

/// A section: known by its title, else by its condition and its rules, else by either.
fn section(policy: &Policy, id: SectionId, section: &Section) -> Item {
    let guard = match &section.guard {
        Guard::Always => String::new(),
        Guard::When(cond) => format!(" when {}", print::condition(policy, cond)),
        Guard::NoneOf(_) => " otherwise".to_owned(),
    };
    let rules = policy.rules.iter().filter(|(_, rule)| rule.section == Some(id));
    let rules = rules.map(|(_, of)| rule(policy, of).body).collect::<Vec<String>>().join("\n");
    let agreed = owned(&section.owners);
    let comma = if agreed.is_empty() { "" } else { ", " };
    let text = format!("section {}{guard}{comma}{agreed}", print::quoted(&section.title));
    Item {
        marks: vec![format!("{guard}\n{rules}"), guard.clone(), rules],
        body: guard,
        agreed,
        text,
        ..Item::new(&section.title, String::new(), section.span)
    }
}

/// Which mark of a rule is the name made of its reason.
pub(super) const SLUG: usize = 4;

/// A rule: known by its label, else by what it says, else by a name made of its reason, else by the reason, whatever it decides.
pub(super) fn rule(policy: &Policy, rule: &Rule) -> Item {
    let decision = &policy.decisions[rule.decision].phrase;
    let body = match &rule.when {
        Some(when) => format!("{decision} when {}", print::condition(policy, when)),
        None => format!("otherwise {decision}"),
    };
    let label = if rule.labelled { format!("{}: ", rule.name) } else { String::new() };
    let name = if rule.labelled { rule.name.clone() } else { String::new() };
    let slug = if rule.because.is_some() { rule.name.clone() } else { String::new() };
    let because = rule.because.as_ref().map(|words| format!("because {}", print::quoted(words)));
    let (agreed, wording) = (owned(&rule.owners), because.unwrap_or_default());
    let text = format!("{label}{body}");
    // Of several that say the same, the one that is called the same is meant, first of all that of the same section; and before another one that says
    // the same, the one that is called the same there.
    let section = rule.section.map_or("", |section| policy.sections[section].title.as_str());
    let in_section = |of: &str| if of.is_empty() { String::new() } else { format!("{of}\n{section}") };
    let named = format!("{body} {slug}");
    let marks = vec![in_section(&named), named, in_section(&slug), body.clone(), slug, wording.clone()];
    Item { marks, body, agreed, wording, text, ..Item::new(&name, String::new(), rule.span) }
}

fn owned(by: &[String]) -> String {
    if by.is_empty() { String::new() } else { format!("owned by {}", by.join(", ")) }
}

/// What no decision hangs on: the title; and what is agreed besides of the policy as a whole: owners, days in force, how decisions rank.
fn words(old: &Policy, new: &Policy, found: &mut Differences) {
    let start = |policy: &Policy| {
        let force = policy.in_force.as_ref().map(|force| format!("in force {}", force.words()));
        let parts = [
            ("ownership", owned(&policy.owners)),
            ("the time in force", force.unwrap_or_else(|| "in force on all days".to_owned())),
            (
                "the order of decisions",
                if policy.best_first { "decisions, best first" } else { "decisions" }.to_owned(),
            ),
        ];
        parts.map(|(name, text)| Item { span: None, ..Item::new(name, text, Span::default()) })
    };
    let title = |policy: &Policy| {
        [Item { span: None, ..Item::new("the title", print::quoted(&policy.title), Span::default()) }]
    };
    let mut apart = Differences::default();
    apart.compare(Kind::Policy, None, &start(old), &start(new), false);
    found.agreement.extend(apart.edits);
    let mut words = Differences::default();
    words.compare(Kind::Policy, None, &title(old), &title(new), false);
    found.wording.extend(words.edits);
}
