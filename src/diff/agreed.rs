//! What two policies agree on beside decisions: claims and tests. One is the same when it says the same, though it speaks of what is called
//! otherwise by now.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::edit::{Differences, Edit, Item, Kind};
use crate::ir::{Define, Field, Grade, Policy, Property, Rule, Score, Test, print};

/// Compares claims and tests of two policies, of which all else has been compared.
pub(super) fn compare(old: &Policy, new: &Policy, found: &mut Differences) {
    let mut apart = Differences::default();
    {
        let old = under_new_names(old, found.edits.iter().chain(&found.wording));
        let [one, other] = [&old, new].map(claims);
        apart.compare(Kind::Claim, Some("a claim"), &one, &other, false);
        let [one, other] = [&old, new].map(tests);
        apart.compare(Kind::Test, None, &one, &other, false);
    }
    found.agreement.extend(apart.edits);
    found.wording.extend(apart.wording);
}

/// A policy with the names that its fields, definitions, scores, grades and rules have in the one that it has become.
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
    let rule = |rule: &Rule| Rule { name: now(Kind::Rule, &rule.name), ..rule.clone() };
    Cow::Owned(Policy {
        fields: old.fields.iter().map(|(_, of)| field(of)).collect(),
        defines: old.defines.iter().map(|(_, of)| define(of)).collect(),
        scores: old.scores.iter().map(|(_, of)| score(of)).collect(),
        grades: old.grades.iter().map(|(_, of)| grade(of)).collect(),
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

fn claims(policy: &Policy) -> Vec<Item> {
    let claim = |claim: &Property| {
        let (verb, joint) = claim.claim.words();
        let phrase = &policy.decisions[claim.decision].phrase;
        let condition = print::condition(policy, &claim.condition);
        Item::new("", format!("{verb} {phrase} {joint} {condition}"), claim.span)
    };
    policy.properties.iter().map(claim).collect()
}

fn tests(policy: &Policy) -> Vec<Item> {
    let test = |test: &Test| {
        let body = test_body(policy, test);
        let text = format!("test {}", print::quoted(&test.title));
        Item { marks: vec![body.clone()], body, ..Item::new(&test.title, text, test.span) }
    };
    policy.tests.iter().map(test).collect()
}
