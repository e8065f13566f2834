//! Two policies beside each other: what each does to a lead, first to last, in one sequence of slots that keeps both orders.
//!
//! A policy first sets aside the leads that its fields or assumptions do not allow, then tries its rules. A slot has the step of the old
//! policy and the step of the new one that belongs to it, or only one of them.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{self, Edit, Item, Kind, What};
use super::items;
use super::names::Sides;
use crate::ir::reach::Reach;
use crate::ir::{Cond, FieldId, Guard, Id, Policy, Rule, RuleId, SectionId, print};

/// A step of a policy that can end a lead's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Sets a lead aside for what this field holds.
    Field(FieldId),
    /// Sets it aside because this assumption is surely false.
    Assumption(usize),
    /// A rule.
    Rule(RuleId),
}

/// The steps of both policies that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The step of the old policy, then that of the new one.
    pub steps: [Option<Step>; 2],
    /// The edits of the step itself, by their position.
    pub own: Vec<usize>,
}

/// The slots of two policies; edits of rules, and their words, are added to what differs. `fields` are the fields that are the same in the
/// data.
pub(super) fn slots(sides: &Sides<'_>, fields: Vec<[Option<FieldId>; 2]>, found: &mut edit::Differences) -> Vec<Slot> {
    let mut slots: Vec<Slot> = fields
        .into_iter()
        .map(|row| Slot { steps: row.map(|field| field.map(Step::Field)), own: Vec::new() })
        .collect();
    let assumed = sides.items(items::assumptions);
    let pairs = edit::paired(&assumed[0], &assumed[1]);
    let taken: BTreeSet<usize> = pairs.iter().copied().flatten().collect();
    let both = pairs.iter().enumerate().map(|(old, new)| (Some(old), *new));
    let added = (0..assumed[1].len()).filter(|new| !taken.contains(new)).map(|new| (None, Some(new)));
    for (old, new) in both.chain(added) {
        slots.push(Slot { steps: [old.map(Step::Assumption), new.map(Step::Assumption)], own: Vec::new() });
    }
    rules(sides, &mut slots, found);
    slots
}

/// Adds the slots of the rules: those that belong together and stand in the same order share one, a rule that has moved has two.
fn rules(sides: &Sides<'_>, slots: &mut Vec<Slot>, found: &mut edit::Differences) {
    let policies = [sides.old, sides.new];
    let rules = sides.items(|policy| policy.rules.iter().map(|(_, r)| items::rule(policy, r)).collect());
    let [old, new] = rules.map(|items| found.case.items(items));
    let pairs = belonging(policies, &old, &new);
    let kept = edit::in_order(&pairs);
    let kept = with_gaps(&old, &new, &pairs, kept);
    let both = pairs.iter().zip(&kept).enumerate().filter_map(|(at, (pair, kept))| Some([at, kept.or(*pair)?]));
    found.rules.extend(both.map(|pair| pair.map(RuleId::from_position)));
    let mut moves = BTreeMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        if let (Some(to), Some(None)) = (pair, kept.get(at))
            && let (Some(from), Some(item)) = (old.get(at), new.get(*to))
        {
            moves.insert(*to, found.edits.len());
            moves.insert(new.len() + at, found.edits.len());
            found.edits.push(edit_of(What::Moved, Some(from), Some(item)));
        }
    }
    let slot = |old: Option<usize>, new: Option<usize>, own| Slot {
        steps: [old, new].map(|at| at.map(|at| Step::Rule(RuleId::from_position(at)))),
        own,
    };
    let mut next = 0;
    let mut up_to = |end: usize, slots: &mut Vec<Slot>, found: &mut edit::Differences| {
        while next < end {
            let own = moves.get(&next).copied().unwrap_or_else(|| {
                found.edits.push(edit_of(What::Added, None, new.get(next)));
                found.edits.len() - 1
            });
            slots.push(slot(None, Some(next), vec![own]));
            next += 1;
        }
        next = next.max(end + 1);
    };
    for (at, item) in old.iter().enumerate() {
        match kept.get(at).copied().flatten().and_then(|to| Some((to, new.get(to)?))) {
            Some((to, other)) => {
                up_to(to, slots, found);
                let own = differing([sides.called, sides.new], [at, to], [item, other], found);
                slots.push(slot(Some(at), Some(to), own));
            }
            None => {
                let own = moves.get(&(new.len() + at)).copied().unwrap_or_else(|| {
                    found.edits.push(edit_of(What::Removed, Some(item), None));
                    found.edits.len() - 1
                });
                slots.push(slot(Some(at), None, vec![own]));
            }
        }
    }
}

fn edit_of(what: What, old: Option<&Item>, new: Option<&Item>) -> Edit {
    let name = new.or(old).map(shown_name).unwrap_or_default();
    let was = old.map(shown_name).filter(|was| *was != name);
    Edit { kind: Kind::Rule, name, was, what, old: old.map(Item::said), new: new.map(Item::said) }
}

/// What a rule is called: its label, else the name made of its reason, else what it says.
fn shown_name(item: &Item) -> String {
    let slug = item.marks.get(items::SLUG).filter(|slug| !slug.is_empty()).unwrap_or(&item.body);
    if item.name.is_empty() { slug.clone() } else { item.name.clone() }
}

/// The edit of a rule that has kept its place, if it says something else or stands in another section.
fn differing(policies: [&Policy; 2], at: [usize; 2], items: [&Item; 2], found: &mut edit::Differences) -> Vec<usize> {
    let [old, new] = items;
    let section = |policy: &Policy, at| section_of(policy, &policy.rules[RuleId::from_position(at)]);
    let (before, now) = (section(policies[0], at[0]), section(policies[1], at[1]));
    if old.body != new.body {
        found.edits.push(edit_of(What::Changed, Some(old), Some(new)));
        return vec![found.edits.len() - 1];
    }
    let in_words = |what, words: fn(&Item) -> &str| {
        let mut edit = edit_of(what, Some(old), Some(new));
        for (said, item) in [(&mut edit.old, old), (&mut edit.new, new)] {
            if let Some(said) = said {
                said.text = format!("{}: {}", shown_name(item), words(item));
            }
        }
        edit
    };
    if old.wording != new.wording || old.name != new.name {
        let what = if old.name == new.name { What::Changed } else { What::Renamed };
        found.wording.push(in_words(what, |item| &item.wording));
    }
    if old.is_cased {
        found.cased.push(edit_of(What::Changed, Some(old), Some(new)));
    }
    if old.agreed != new.agreed {
        found.agreement.push(in_words(What::Changed, |item| &item.agreed));
    }
    if before != now {
        let mut edit = edit_of(What::Moved, Some(old), Some(new));
        for (said, section) in [(&mut edit.old, before), (&mut edit.new, now)] {
            if let Some(said) = said {
                let place = section.map_or("outside of any section".to_owned(), |title| format!("in section {title}"));
                said.text = format!("{}, {place}", said.text);
            }
        }
        found.edits.push(edit);
        return vec![found.edits.len() - 1];
    }
    Vec::new()
}

fn section_of(policy: &Policy, rule: &Rule) -> Option<String> {
    rule.section.map(|section| print::quoted(&policy.sections[section].title))
}

/// Which new rule each old one has become. The last one of a policy takes what is left, and stays the last.
fn belonging(policies: [&Policy; 2], old: &[Item], new: &[Item]) -> Vec<Option<usize>> {
    let (Some((_, old)), Some((_, new))) = (old.split_last(), new.split_last()) else { return Vec::new() };
    let mut pairs = edit::paired(old, new);
    // A label that was another one: what it was paired with by its words gives way.
    for (to, (_, rule)) in policies[1].rules.iter().enumerate() {
        let earlier = policies[0].rules.iter().position(|(_, r)| r.labelled && rule.was.contains(&r.name));
        let renamed = earlier
            .filter(|_| rule.labelled && !policies[0].rules.iter().any(|(_, r)| r.labelled && r.name == rule.name));
        if let Some(from) = renamed.filter(|from| *from < pairs.len() && to < new.len()) {
            pairs.iter_mut().filter(|pair| **pair == Some(to)).for_each(|pair| *pair = None);
            pairs.get_mut(from).into_iter().for_each(|pair| *pair = Some(to));
        }
    }
    pairs.push(Some(new.len()));
    pairs
}

/// How many rules ahead one is looked for that may be an edit of another.
const MAX_AHEAD: usize = 50;

/// Pairs what is left over between two pairs that keep their order: the rules of one decision, as many as there are on both sides.
fn with_gaps(old: &[Item], new: &[Item], pairs: &[Option<usize>], mut kept: Vec<Option<usize>>) -> Vec<Option<usize>> {
    let taken: BTreeSet<usize> = pairs.iter().copied().flatten().collect();
    let (mut from, mut start) = (0, 0);
    for at in 0..kept.len() {
        let Some(end) = kept.get(at).copied().flatten() else { continue };
        let mut free: Vec<usize> = (start..end).filter(|to| !taken.contains(to)).collect();
        for gap in from..at {
            let lone = pairs.get(gap).is_some_and(Option::is_none);
            let decision = |item: Option<&Item>| item.and_then(|i| Some(i.body.split_once(" when ")?.0.to_owned()));
            let unlabelled = |item: Option<&Item>| item.is_some_and(|item| item.name.is_empty());
            let like = |to: &usize| {
                decision(old.get(gap)) == decision(new.get(*to)) && unlabelled(old.get(gap)) && unlabelled(new.get(*to))
            };
            if let Some(position) = free.iter().take(MAX_AHEAD).position(like).filter(|_| lone) {
                let to = free.get(position).copied();
                free.drain(..=position);
                kept.get_mut(gap).into_iter().for_each(|slot| *slot = to);
            }
        }
        (from, start) = (at + 1, end + 1);
    }
    kept
}

/// What the step of a slot depends on beside itself: kinds and names of items.
pub(super) fn depends_on(policy: &Policy, step: Step) -> BTreeSet<(Kind, String)> {
    let mut reach = Reach::new(policy);
    let mut found = BTreeSet::new();
    match step {
        Step::Field(field) => {
            found.insert((Kind::Field, policy.fields[field].name.clone()));
        }
        Step::Assumption(at) => {
            found.insert((Kind::Assumption, "an assumption".to_owned()));
            policy.assumptions.get(at).into_iter().for_each(|cond| reach.cond(cond));
        }
        Step::Rule(rule) => {
            let rule = &policy.rules[rule];
            rule.when.iter().for_each(|when| reach.cond(when));
            rule.section.into_iter().for_each(|section| guards(policy, section, &mut reach, &mut found));
        }
    }
    found.extend(named(policy, &reach));
    found
}

/// What a condition depends on: kinds and names of items.
pub(super) fn behind(policy: &Policy, cond: &Cond) -> BTreeSet<(Kind, String)> {
    let mut reach = Reach::new(policy);
    reach.cond(cond);
    named(policy, &reach)
}

fn named(policy: &Policy, reach: &Reach<'_>) -> BTreeSet<(Kind, String)> {
    let mut found = BTreeSet::new();
    let mut add = |kind, name: &str| {
        found.insert((kind, name.to_owned()));
    };
    reach.fields.union(&reach.asked).for_each(|id| add(Kind::Field, &policy.fields[*id].name));
    reach.defines.union(&reach.asked_defines).for_each(|id| add(Kind::Define, &policy.defines[*id].name));
    reach.scores.iter().for_each(|id| add(Kind::Score, &policy.scores[*id].name));
    reach.grades.iter().for_each(|id| add(Kind::Grade, &policy.grades[*id].name));
    reach.stages.iter().for_each(|id| add(Kind::Stage, &policy.stages[*id].name));
    reach.lists.iter().for_each(|(list, _)| add(Kind::List, list));
    found
}

/// A section's own guard, and those that its `otherwise` is about.
fn guards<'p>(policy: &'p Policy, section: SectionId, reach: &mut Reach<'p>, found: &mut BTreeSet<(Kind, String)>) {
    let section = &policy.sections[section];
    found.insert((Kind::Section, section.title.clone()));
    match &section.guard {
        Guard::Always => {}
        Guard::When(cond) => reach.cond(cond),
        Guard::NoneOf(others) => others.iter().for_each(|other| guards(policy, *other, reach, found)),
    }
}
