//! The items of a policy, and what differs between those of two.

use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::edit::{Differences, Edit, Item, Kind, Reading, Said, What};
use crate::ir::{Body, Cond, CondKind, Field, Gain, Grade, Guard, Owned, Policy, Rule, Score, Section, print, visit};
use crate::source::Span;
use crate::types::{Type, Value};

/// Everything that differs but the rules, and but what speaks of them.
pub(super) fn differences(old: &Policy, new: &Policy) -> Differences {
    let mut found = Differences { case: Case::of(old, new), ..Differences::default() };
    let sides = [old, new];
    let [one, other] = sides.map(|p| p.fields.iter().map(|(_, f)| field(f)).collect::<Vec<_>>());
    found.compare(Kind::Field, None, &one, &other, false);
    // A cell that only one of them reads can be one that it cannot read.
    for (policy, what) in [(old, What::Removed), (new, What::Added)] {
        for (_, field) in policy.fields.iter().filter(|(_, field)| field.ty != Type::Text && !field.else_missing) {
            if found.edits.iter().any(|edit| edit.what == what && edit.name == field.name) {
                found.reading.push(Reading { field: field.name.clone(), what });
            }
        }
    }
    let [one, other] = sides.map(assumptions);
    found.compare(Kind::Assumption, Some("an assumption"), &one, &other, false);
    let [one, other] = sides.map(|p| p.decisions.iter().map(|(_, d)| decision(d)).collect::<Vec<_>>());
    found.compare(Kind::Decision, None, &one, &other, false);
    lists(old, new, &mut found);
    let [one, other] = sides.map(defines);
    found.compare(Kind::Define, None, &one, &other, false);
    scores(old, new, &mut found);
    grades(old, new, &mut found);
    let [one, other] = sides.map(|p| {
        // Called otherwise, it is known by its condition.
        let stage = |s: &crate::ir::Stage| {
            let body = print::condition(p, &s.when);
            let text = format!("stage {} when {body}", s.name);
            Item { marks: vec![body.clone()], body, text, ..Item::new(&s.name, String::new(), s.span) }
        };
        p.stages.iter().map(|(_, s)| stage(s)).collect::<Vec<_>>()
    });
    found.compare(Kind::Stage, None, &one, &other, true);
    let [one, other] = sides.map(|p| p.sections.iter().map(|(_, s)| section(p, s)).collect::<Vec<_>>());
    found.compare(Kind::Section, None, &one, &other, false);
    words(old, new, &mut found);
    found
}

fn condition(policy: &Policy, name: &str, before: &str, cond: &Cond, span: Span) -> Item {
    Item::new(name, format!("{before}{}", print::condition(policy, cond)), span)
}

fn field(field: &Field) -> Item {
    let Field { name, ty, column, is_id, min, max, required, cell, default, else_missing, personal, fixed, span } =
        field;
    // Texts are compared and blanks found with case or without; what other types make of it is a matter of reading.
    let is_text = *ty == Type::Text;
    let case = cell.ignoring_case && is_text;
    let words: BTreeSet<&str> = cell.blanks.iter().map(|blank| blank.trim()).collect();
    let (blank_texts, blank_cells) = if is_text { (words, BTreeSet::new()) } else { (BTreeSet::new(), words) };
    let blanks = (blank_texts, &cell.blank_numbers, cell.blank_is_empty_set);
    Item {
        name: name.clone(),
        marks: vec![column.clone()],
        body: format!("{ty:?} {min:?} {max:?} {required} {default:?} {blanks:?} {case}"),
        agreed: format!("{is_id} {personal} {fixed}"),
        wording: String::new(),
        reading: format!(
            "{column} {:?} {:?} {:?} {} {else_missing} {blank_cells:?}",
            cell.aliases,
            cell.separator,
            cell.written,
            cell.ignoring_case && !case
        ),
        text: print::field(field),
        span: Some(*span),
    }
}

fn assumptions(policy: &Policy) -> Vec<Item> {
    let assumed = |cond: &Cond| condition(policy, "", "assume ", cond, cond.span);
    policy.assumptions.iter().map(assumed).collect()
}

fn decision(decision: &crate::ir::Decision) -> Item {
    let note = decision.note.as_ref().map(|note| format!("  {}", print::quoted(note))).unwrap_or_default();
    let text = format!("{}{note}", decision.phrase);
    Item { body: String::new(), wording: note, text, ..Item::new(&decision.phrase, String::new(), decision.span) }
}

/// The named lists, with their values as the conditions that ask for them read them.
fn named_lists(policy: &Policy, case: &Case) -> BTreeMap<String, Vec<String>> {
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |cond: &Cond| {
        if let CondKind::In { value, set } = &cond.kind {
            let set = &policy.sets[*set];
            if let Some(name) = &set.list {
                let ty = policy.type_of(value);
                let folded = case.is_of(policy, value);
                let words = |value: &Value| {
                    let text = print::literal(value, ty.as_deref());
                    if folded { text.to_lowercase() } else { text }
                };
                let read: Vec<String> = set.values.iter().map(words).collect();
                let known = lists.entry(name.clone()).or_default();
                if known.len() != read.len() || *known != read {
                    let more: Vec<String> = read.into_iter().filter(|value| !known.contains(value)).collect();
                    known.extend(more);
                }
            }
        }
    };
    visit::conditions(policy).for_each(|cond| cond.walk(&mut note));
    lists
}

/// Lists differ by their members; all of them would be too much to read.
fn lists(old: &Policy, new: &Policy, found: &mut Differences) {
    // Only lists that are asked for are compared; others may be there all the same.
    let is_there = |policy: &Policy, name: &str| {
        policy.ownership.iter().any(|own| matches!(&own.of, Owned::List(list) if list == name))
    };
    let (stays, was_there) = (|name: &str| is_there(new, name), |name: &str| is_there(old, name));
    let (old, new) = (named_lists(old, &found.case), named_lists(new, &found.case));
    let none = Vec::new();
    let members = |list: &Vec<String>| list.iter().cloned().collect::<BTreeSet<_>>();
    let mut renamed: Vec<[&String; 2]> = Vec::new();
    for (name, values) in old.iter().filter(|(name, _)| !new.contains_key(*name) && !stays(name)) {
        let is_it = |(other, now): &(&String, &Vec<String>)| {
            !old.contains_key(*other)
                && !was_there(other)
                && !renamed.iter().any(|[_, is]| is == other)
                && members(now) == members(values)
        };
        renamed.extend(new.iter().find(is_it).map(|(other, _)| [name, other]));
    }
    for [name, other] in &renamed {
        let said = |name: &str| Some(Said { text: format!("list {name}"), span: None });
        let (was, what) = (Some((*name).clone()), What::Renamed);
        found.wording.push(Edit {
            kind: Kind::List,
            name: (*other).clone(),
            was,
            what,
            old: said(name),
            new: said(other),
        });
    }
    let renamed: Vec<&String> = renamed.into_iter().flatten().collect();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        if renamed.contains(&name) {
            continue;
        }
        let (before, now) = (old.get(name), new.get(name));
        let missing = |these: Option<&Vec<String>>, those: Option<&Vec<String>>| {
            let those: std::collections::BTreeSet<&String> = those.unwrap_or(&none).iter().collect();
            let words: Vec<&str> =
                these.unwrap_or(&none).iter().filter(|v| !those.contains(v)).map(String::as_str).collect();
            (!words.is_empty()).then(|| words.join(", "))
        };
        let said = |text: Option<String>| text.map(|text| Said { text, span: None });
        let (gone, come) = (missing(before, now), missing(now, before));
        let what = match (before, now) {
            (None, _) => What::Added,
            (_, None) => What::Removed,
            (Some(_), Some(_)) => What::Changed,
        };
        if what != What::Changed || gone.is_some() || come.is_some() {
            let (old, new) = (said(gone), said(come));
            found.edits.push(Edit { kind: Kind::List, name: name.clone(), was: None, what, old, new });
        }
    }
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
        Item { marks: vec![body.clone()], body, text, ..Item::new(&define.name, String::new(), define.span) }
    };
    policy.defines.iter().map(|(_, define)| of(define)).collect()
}

fn scores(old: &Policy, new: &Policy, found: &mut Differences) {
    let head = |policy: &Policy, score: &Score| {
        let range = print::range(score.min.as_ref(), score.max.as_ref(), None);
        let lines: Vec<String> = score.lines.iter().map(|line| print::score_line(policy, line)).collect();
        let text = format!("score {}{range}", score.name);
        // Called otherwise, it is known by its lines.
        Item { marks: vec![lines.join("\n")], body: range, ..Item::new(&score.name, text, score.span) }
    };
    let heads = |policy: &Policy| policy.scores.iter().map(|(_, score)| head(policy, score)).collect::<Vec<_>>();
    found.compare(Kind::Score, None, &heads(old), &heads(new), false);
    let lines = |policy: &Policy, name: &str| -> Vec<Item> {
        let score = policy.scores.iter().map(|(_, score)| score).find(|score| score.name == name);
        score.into_iter().flat_map(|score| &score.lines).map(|line| self::line(policy, name, line)).collect()
    };
    for (_, score) in new.scores.iter() {
        if old.scores.iter().any(|(_, other)| other.name == score.name) {
            let name = &score.name;
            found.compare(Kind::Score, Some(name), &lines(old, name), &lines(new, name), false);
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

fn grades(old: &Policy, new: &Policy, found: &mut Differences) {
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
            marks: vec![lines.join("\n")],
            body: format!("{otherwise} {}", scale.join(" < ")),
            ..Item::new(&grade.name, text, grade.span)
        }
    };
    let heads = |policy: &Policy| policy.grades.iter().map(|(_, grade)| head(policy, grade)).collect::<Vec<_>>();
    found.compare(Kind::Grade, None, &heads(old), &heads(new), false);
    let lines = |policy: &Policy, name: &str| -> Vec<Item> {
        let grade = policy.grades.iter().map(|(_, grade)| grade).find(|grade| grade.name == name);
        let line = |grade: &Grade, line: &crate::ir::GradeLine| {
            let (label, when) = (word(grade, line.label), print::condition(policy, &line.when));
            let text = format!("{name}: {label} when {when}");
            Item { marks: vec![text.clone(), label, when], ..Item::new("", text, line.span) }
        };
        grade.into_iter().flat_map(|grade| grade.lines.iter().map(move |l| line(grade, l))).collect()
    };
    for (_, grade) in new.grades.iter() {
        if old.grades.iter().any(|(_, other)| other.name == grade.name) {
            let name = &grade.name;
            found.compare(Kind::Grade, Some(name), &lines(old, name), &lines(new, name), true);
        }
    }
}

fn section(policy: &Policy, section: &Section) -> Item {
    let guard = match &section.guard {
        Guard::Always => String::new(),
        Guard::When(cond) => format!(" when {}", print::condition(policy, cond)),
        Guard::NoneOf(_) => " otherwise".to_owned(),
    };
    let agreed = owned(&section.owners);
    let comma = if agreed.is_empty() { "" } else { ", " };
    let text = format!("section {}{guard}{comma}{agreed}", print::quoted(&section.title));
    Item {
        marks: vec![guard.clone()],
        body: guard,
        agreed,
        text,
        ..Item::new(&section.title, String::new(), section.span)
    }
}

/// Which mark of a rule is the name made of its reason.
pub(super) const SLUG: usize = 2;

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
    // Of several that say the same, the one that is called the same is meant.
    let marks = vec![format!("{body} {slug}"), body.clone(), slug, wording.clone()];
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
