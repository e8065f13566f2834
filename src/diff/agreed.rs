//! What two policies agree on beside decisions: claims and tests. One is the same when it says the same, though it speaks of what is called
//! otherwise by now; a claim is not when it speaks of a definition or a list that is another one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::edit::{Differences, Edit, Item, Kind, Said, What};
use super::items;
use crate::ir::reach::Reach;
use crate::ir::{Cond, Define, Field, Grade, Guard, Policy, Property, Rule, Score, Stage, Test, print};

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

/// The claims that say the same of words that mean something else now, so that they hold less, or more, than they did. What a score, a grade
/// or a stage means that a rule asks for is a matter of decisions, and not of the claims besides.
fn other_claims(old: &Policy, new: &Policy, before: &[Item], case: &Case) -> Vec<Edit> {
    let decided: BTreeSet<&String> = [old, new].into_iter().flat_map(|policy| totals_asked_for(policy)).collect();
    let words = |policy: &Policy| -> BTreeMap<String, BTreeSet<String>> {
        let totals = totals_of(policy).into_iter().filter(|(word, _)| !decided.contains(word));
        words_of(policy, case).into_iter().chain(totals).collect()
    };
    let (then, now) = (words(old), words(new));
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

/// What the scores, the grades and the stages of a policy stand for.
fn totals_of(policy: &Policy) -> BTreeMap<String, BTreeSet<String>> {
    let score = |score: &Score| {
        let range = print::range(score.min.as_ref(), score.max.as_ref(), None);
        let lines = score.lines.iter().map(|line| print::score_line(policy, line));
        (score.name.clone(), lines.chain([range]).collect())
    };
    let grade = |grade: &Grade| {
        let lines = grade.lines.iter().enumerate();
        let lines = lines.map(|(at, line)| format!("{at} {} {}", line.label, print::condition(policy, &line.when)));
        (grade.name.clone(), lines.chain([format!("{} {:?}", grade.otherwise, grade.scale.values)]).collect())
    };
    let stage = |stage: &Stage| (stage.name.clone(), BTreeSet::from([print::condition(policy, &stage.when)]));
    let scores = policy.scores.iter().map(|(_, of)| score(of));
    let grades = policy.grades.iter().map(|(_, of)| grade(of));
    scores.chain(grades).chain(policy.stages.iter().map(|(_, of)| stage(of))).collect()
}

/// The scores, the grades and the stages that rules and sections speak of.
fn totals_asked_for(policy: &Policy) -> BTreeSet<&String> {
    let guards = policy.sections.iter().filter_map(|(_, section)| match &section.guard {
        Guard::When(condition) => Some(condition),
        Guard::Always | Guard::NoneOf(_) => None,
    });
    let rules = policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref());
    let mut reach = Reach::new(policy);
    guards.chain(rules).for_each(|condition| reach.cond(condition));
    totals_in(&reach).collect()
}

/// The names of the scores, the grades and the stages that something hangs on.
fn totals_in<'p>(reach: &Reach<'p>) -> impl Iterator<Item = &'p String> {
    let policy = reach.policy();
    let scores = reach.scores.iter().map(|score| &policy.scores[*score].name);
    let grades = reach.grades.iter().map(|grade| &policy.grades[*grade].name);
    scores.chain(grades).chain(reach.stages.iter().map(|stage| &policy.stages[*stage].name))
}

/// The definitions, lists, scores, grades and stages that a condition speaks of, also by others of them.
fn spoken_of<'p>(policy: &'p Policy, condition: &Cond) -> BTreeSet<&'p String> {
    let mut reach = Reach::new(policy);
    reach.cond(condition);
    let defines = reach.defines.union(&reach.asked_defines).map(|define| &policy.defines[*define].name);
    let lists = reach.sets.iter().filter_map(|set| policy.sets[*set].list.as_ref());
    defines.chain(lists).chain(totals_in(&reach)).collect()
}

fn tests(policy: &Policy) -> Vec<Item> {
    let test = |test: &Test| {
        let body = test_body(policy, test);
        let text = format!("test {}", print::quoted(&test.title));
        Item { marks: vec![body.clone()], body, ..Item::new(&test.title, text, test.span) }
    };
    policy.tests.iter().map(test).collect()
}
