//! What two policies agree on beside decisions: claims and tests. A test is the same when it says the same, though it speaks of what is called
//! otherwise by now; a claim, when it is made of the same leads, in whatever words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::edit::{Differences, Edit, Item, Kind, Said, What};
use crate::analysis::{Answer, Model};
use crate::ir::{Define, Field, Grade, Policy, Property, Rule, Score, Stage, Test, ValueSet, print};

/// Compares claims and tests of two policies, of which all else has been compared.
pub(super) fn compare(old: &Policy, new: &Policy, model: &mut Model<'_>, found: &mut Differences) {
    let mut apart = Differences::default();
    {
        let old = under_new_names(old, found.edits.iter().chain(&found.wording));
        compare_claims(&old, new, model, &mut apart);
        let [one, other] = [&old, new].map(tests);
        apart.compare(Kind::Test, None, &one, &other, false);
    }
    found.agreement.extend(apart.edits);
    found.wording.extend(apart.wording);
}

/// A policy with the names that its fields, lists, definitions, scores, grades, stages and rules have in the one that it has become.
pub(super) fn under_new_names<'p, 'e>(old: &'p Policy, edits: impl Iterator<Item = &'e Edit>) -> Cow<'p, Policy> {
    let names: BTreeMap<(Kind, &str), &str> =
        edits.filter_map(|edit| Some(((edit.kind, edit.was.as_deref()?), edit.name.as_str()))).collect();
    if names.is_empty() {
        return Cow::Borrowed(old);
    }
    let now = |kind: Kind, name: &str| (*names.get(&(kind, name)).unwrap_or(&name)).to_owned();
    let field = |field: &Field| Field { name: now(Kind::Field, &field.name), ..field.clone() };
    let define = |define: &Define| Define { name: now(Kind::Define, &define.name), ..define.clone() };
    let score = |score: &Score| Score { name: now(Kind::Score, &score.name), ..score.clone() };
    let grade = |grade: &Grade| Grade { name: now(Kind::Grade, &grade.name), ..grade.clone() };
    let stage = |stage: &Stage| Stage { name: now(Kind::Stage, &stage.name), ..stage.clone() };
    let set = |set: &ValueSet| ValueSet { list: set.list.as_ref().map(|name| now(Kind::List, name)), ..set.clone() };
    let rule = |rule: &Rule| Rule { name: now(Kind::Rule, &rule.name), ..rule.clone() };
    Cow::Owned(Policy {
        fields: old.fields.iter().map(|(_, of)| field(of)).collect(),
        defines: old.defines.iter().map(|(_, of)| define(of)).collect(),
        scores: old.scores.iter().map(|(_, of)| score(of)).collect(),
        grades: old.grades.iter().map(|(_, of)| grade(of)).collect(),
        stages: old.stages.iter().map(|(_, of)| stage(of)).collect(),
        sets: old.sets.iter().map(|(_, of)| set(of)).collect(),
        rules: old.rules.iter().map(|(_, of)| rule(of)).collect(),
        ..old.clone()
    })
}

/// What a test gives, in whatever order, and expects, under whatever title.
#[must_use]
pub fn test_body(policy: &Policy, test: &Test) -> String {
    let mut body = Test { title: String::new(), ..test.clone() };
    body.given.sort_by_key(|(field, _)| &policy.fields[*field].name);
    print::test(policy, &body)
}

fn claim(policy: &Policy, claim: &Property) -> Item {
    let (verb, joint) = claim.claim.words();
    let phrase = &policy.decisions[claim.decision].phrase;
    let condition = print::condition(policy, &claim.condition);
    Item::new("", format!("{verb} {phrase} {joint} {condition}"), claim.span)
}

/// Compares the claims: one stays when a claim is made, in whatever words, of the same leads for certain.
fn compare_claims(old: &Policy, new: &Policy, model: &mut Model<'_>, apart: &mut Differences) {
    let [before, now] =
        [old, new].map(|policy| policy.properties.iter().map(|of| claim(policy, of)).collect::<Vec<_>>());
    let mut left: Vec<usize> = (0..now.len()).collect();
    let edit = |what, old: Option<Said>, new: Option<Said>| Edit {
        kind: Kind::Claim,
        name: "a claim".to_owned(),
        was: None,
        what,
        old,
        new,
    };
    for (was, item) in old.properties.iter().zip(&before) {
        let says = |at: &usize| now.get(*at).filter(|other| other.text == item.text);
        // Those in the same words come first.
        let mut others = left.clone();
        others.sort_by_key(|at| says(at).is_none());
        // What says the same as another one did is that one, and other words for none.
        let is_other = |at: &usize| {
            now.get(*at).is_some_and(|is| before.iter().any(|was| was.text == is.text)) && says(at).is_none()
        };
        let twin = others
            .iter()
            .copied()
            .filter(|at| !is_other(at))
            .find(|at| new.properties.get(*at).is_some_and(|other| is_same([(old, was), (new, other)], model)));
        let text = |at: usize| now.get(at).map(Item::said);
        if let Some(at) = twin {
            left.retain(|other| *other != at);
            if says(&at).is_none() {
                apart.wording.push(edit(What::Changed, Some(item.said()), text(at)));
            }
        } else if let Some(at) = others.iter().copied().find(|at| says(at).is_some()) {
            left.retain(|other| *other != at);
            let new = text(at).map(|said| Said { text: format!("{}, of other leads than before", said.text), ..said });
            apart.edits.push(edit(What::Changed, Some(item.said()), new));
        } else {
            apart.edits.push(edit(What::Removed, Some(item.said()), None));
        }
    }
    let added = left.into_iter().filter_map(|at| now.get(at));
    apart.edits.extend(added.map(|item| edit(What::Added, None, Some(item.said()))));
}

/// Whether two claims, each of its policy, are surely one: that the conditions are surely true of the same leads is proved.
fn is_same([(old, was), (new, is)]: [(&Policy, &Property); 2], model: &mut Model<'_>) -> bool {
    let phrase = |policy: &Policy, claim: &Property| policy.decisions[claim.decision].phrase.clone();
    if was.claim != is.claim || phrase(old, was) != phrase(new, is) {
        return false;
    }
    let [before, _] = model.truths(0, &was.condition);
    let [now, _] = model.truths(1, &is.condition);
    before == now || [[before, !now], [now, !before]].iter().all(|differ| matches!(model.ask(differ), Answer::No(_)))
}

fn tests(policy: &Policy) -> Vec<Item> {
    let test = |test: &Test| {
        let body = test_body(policy, test);
        let text = format!("test {}", print::quoted(&test.title));
        Item { marks: vec![body.clone()], body, ..Item::new(&test.title, text, test.span) }
    };
    policy.tests.iter().map(test).collect()
}
