//! What two policies agree on beside decisions: claims and tests. A test is the same when it says the same, though it speaks of what is called
//! otherwise by now; a claim, when it is made of the same leads, in whatever words.

use super::edit::{Differences, Edit, Item, Kind, Said, What};
use crate::analysis::{Answer, Model};
use crate::ir::{Policy, Property, Test, print};

/// Compares claims and tests of two policies, of which all else has been compared; the old one comes under its new names.
pub(super) fn compare(old: &Policy, new: &Policy, model: &mut Model<'_>, found: &mut Differences) {
    let mut apart = Differences::default();
    compare_claims(old, new, model, &mut apart);
    let [one, other] = [old, new].map(tests);
    apart.compare(Kind::Test, None, &one, &other, false);
    found.agreement.extend(apart.edits);
    found.wording.extend(apart.wording);
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
