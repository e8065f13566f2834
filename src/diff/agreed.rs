//! What two policies agree on beside decisions: claims and tests. One is the same when it says the same, though it speaks of what is called
//! otherwise by now; a claim is not when it speaks of a definition or a list that is another one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::edit::{Differences, Edit, Item, Kind, Said, What};
use super::items;
use crate::ir::{Body, Cond, CondKind, Define, Expr, Field, Grade, Policy, Property, Rule, Score, Test, print};

/// Compares claims and tests of two policies, of which all else has been compared.
pub(super) fn compare(old: &Policy, new: &Policy, found: &mut Differences) {
    let mut apart = Differences::default();
    {
        let old = under_new_names(old, found.edits.iter().chain(&found.wording));
        let [one, other] = [&old, new].map(claims);
        apart.compare(Kind::Claim, Some("a claim"), &one, &other, false);
        apart.edits.extend(other_claims(&old, new, &one, &found.case));
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
    policy.properties.iter().map(|property| claim(policy, property)).collect()
}

fn claim(policy: &Policy, claim: &Property) -> Item {
    let (verb, joint) = claim.claim.words();
    let phrase = &policy.decisions[claim.decision].phrase;
    let condition = print::condition(policy, &claim.condition);
    Item::new("", format!("{verb} {phrase} {joint} {condition}"), claim.span)
}

/// The claims that say the same of definitions and lists that are other ones now, so that they hold less, or more, than they did.
fn other_claims(old: &Policy, new: &Policy, before: &[Item], case: &Case) -> Vec<Edit> {
    let (then, now) = (words_of(old, case), words_of(new, case));
    let differs = |(word, meaning): &(&String, &BTreeSet<String>)| then.get(*word).is_some_and(|then| then != *meaning);
    let other: BTreeSet<&String> = now.iter().filter(differs).map(|(word, _)| word).collect();
    if other.is_empty() {
        return Vec::new();
    }
    let of = |property: &Property| {
        let item = claim(new, property);
        let was = before.iter().find(|was| was.text == item.text)?;
        let words = spoken_of(new, &property.condition);
        let words: Vec<String> = words.intersection(&other).map(|word| format!("`{word}`")).collect();
        let new = Said { text: format!("{}, with another {}", item.text, words.join(", ")), span: item.span };
        let edit = Edit {
            kind: Kind::Claim,
            name: "a claim".to_owned(),
            was: None,
            what: What::Changed,
            old: Some(was.said()),
            new: Some(new),
        };
        (!words.is_empty()).then_some(edit)
    };
    new.properties.iter().filter_map(of).collect()
}

/// What the definitions and the lists of a policy stand for.
fn words_of(policy: &Policy, case: &Case) -> BTreeMap<String, BTreeSet<String>> {
    let defines = items::defines(policy).into_iter().map(|define| (define.name, BTreeSet::from([define.body])));
    let lists = items::named_lists(policy, case).into_iter().map(|(name, values)| (name, values.into_iter().collect()));
    defines.chain(lists).collect()
}

/// The definitions and the lists that a condition speaks of, also by other definitions.
fn spoken_of<'p>(policy: &'p Policy, condition: &'p Cond) -> BTreeSet<&'p String> {
    let mut found = BTreeSet::new();
    let (mut conditions, mut values): (Vec<&Cond>, Vec<&Expr>) = (vec![condition], Vec::new());
    loop {
        let mut defines = Vec::new();
        if let Some(condition) = conditions.pop() {
            condition.walk(&mut |part| {
                values.extend(part.operands());
                if let CondKind::Define(define) = &part.kind {
                    defines.push(*define);
                }
                if let CondKind::In { set, .. } = &part.kind {
                    found.extend(&policy.sets[*set].list);
                }
            });
        } else if let Some(value) = values.pop() {
            value.walk(&mut |part| {
                if let Expr::Define(define) = part {
                    defines.push(*define);
                }
            });
        } else {
            return found;
        }
        for define in defines {
            let Define { name, body, .. } = &policy.defines[define];
            match (found.insert(name), body) {
                (true, Body::Condition(condition)) => conditions.push(condition),
                (true, Body::Value(value, _)) => values.push(value),
                (false, _) => {}
            }
        }
    }
}

fn tests(policy: &Policy) -> Vec<Item> {
    let test = |test: &Test| {
        let body = test_body(policy, test);
        let text = format!("test {}", print::quoted(&test.title));
        Item { marks: vec![body.clone()], body, ..Item::new(&test.title, text, test.span) }
    };
    policy.tests.iter().map(test).collect()
}
