//! Names that are other ones by now. What only speaks of something by another name has not changed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::edit::{Edit, Item, Kind};
use crate::ir::{Cond, CondKind, Define, Field, Grade, Policy, Rule, Score, Section, Stage, ValueSet, visit};

/// Names that have changed: of what kind, and what was called how, with what it is called now.
pub(super) type Names = BTreeMap<(Kind, String), String>;

/// The names that edits have changed.
pub(super) fn renamed<'e>(edits: impl Iterator<Item = &'e Edit>) -> Names {
    edits.filter_map(|edit| Some(((edit.kind, edit.was.clone()?), edit.name.clone()))).collect()
}

/// A policy with the names that its fields, lists, definitions, scores, grades, stages, sections and rules have in the one that it has become.
pub(super) fn under_new_names<'p>(old: &'p Policy, names: &Names) -> Cow<'p, Policy> {
    if names.is_empty() {
        return Cow::Borrowed(old);
    }
    let now = |kind: Kind, name: &str| names.get(&(kind, name.to_owned())).map_or(name, String::as_str).to_owned();
    let field = |field: &Field| Field { name: now(Kind::Field, &field.name), ..field.clone() };
    let define = |define: &Define| Define { name: now(Kind::Define, &define.name), ..define.clone() };
    let score = |score: &Score| Score { name: now(Kind::Score, &score.name), ..score.clone() };
    let grade = |grade: &Grade| Grade { name: now(Kind::Grade, &grade.name), ..grade.clone() };
    let stage = |stage: &Stage| Stage { name: now(Kind::Stage, &stage.name), ..stage.clone() };
    let set = |set: &ValueSet| ValueSet { list: set.list.as_ref().map(|name| now(Kind::List, name)), ..set.clone() };
    let section = |section: &Section| Section { title: now(Kind::Section, &section.title), ..section.clone() };
    let rule = |rule: &Rule| Rule { name: now(Kind::Rule, &rule.name), ..rule.clone() };
    let mut called = Policy {
        fields: old.fields.iter().map(|(_, of)| field(of)).collect(),
        defines: old.defines.iter().map(|(_, of)| define(of)).collect(),
        scores: old.scores.iter().map(|(_, of)| score(of)).collect(),
        grades: old.grades.iter().map(|(_, of)| grade(of)).collect(),
        stages: old.stages.iter().map(|(_, of)| stage(of)).collect(),
        sets: old.sets.iter().map(|(_, of)| set(of)).collect(),
        sections: old.sections.iter().map(|(_, of)| section(of)).collect(),
        rules: old.rules.iter().map(|(_, of)| rule(of)).collect(),
        ..old.clone()
    };
    let rename = &mut |cond: &mut Cond| {
        if let CondKind::Has { list: Some(list), .. } | CondKind::Text { list: Some(list), .. } = &mut cond.kind {
            *list = now(Kind::List, list);
        }
    };
    visit::all_mut(&mut called).for_each(|cond| cond.walk_mut(rename));
    Cow::Owned(called)
}

/// Two policies, the old one also under its new names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'p> {
    pub(super) old: &'p Policy,
    pub(super) called: &'p Policy,
    pub(super) new: &'p Policy,
}

impl Sides<'_> {
    /// The items of both. Those of the old policy are called and shown as they were there, and say what they say in the new names.
    pub(super) fn items(&self, make: impl Fn(&Policy) -> Vec<Item>) -> [Vec<Item>; 2] {
        [self.old_items(&make), make(self.new)]
    }

    /// Those of the old policy.
    pub(super) fn old_items(&self, make: impl Fn(&Policy) -> Vec<Item>) -> Vec<Item> {
        let as_they_were = make(self.old).into_iter().map(|item| (item.name, item.text));
        make(self.called)
            .into_iter()
            .zip(as_they_were)
            .map(|(item, (name, text))| Item { name, text, ..item })
            .collect()
    }
}
