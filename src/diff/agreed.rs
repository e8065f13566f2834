//! What two policies agree on beside decisions: claims and tests. A test is the same when it says the same, though it speaks of what is called
//! otherwise by now; so is a claim, when it is made of the same leads, too.

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

/// Compares the claims: one stays when it says the same and is made of the same leads for certain. In other words it is another one, even of the same
/// leads: who is named in it had a say in it.
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
        let mut same = |at: &usize| new.properties.get(*at).is_some_and(|other| is_same([was, other], model));
        let others: Vec<usize> = left.iter().copied().filter(|at| says(at).is_some()).collect();
        let Some(at) = others.iter().copied().find(|at| same(at)).or(others.first().copied()) else {
            apart.edits.push(edit(What::Removed, Some(item.said()), None));
            continue;
        };
        left.retain(|other| *other != at);
        if !same(&at) {
            let new = says(&at).map(Item::said);
            let new = new.map(|said| Said { text: format!("{}, of other leads than before", said.text), ..said });
            apart.edits.push(edit(What::Changed, Some(item.said()), new));
        }
    }
    let added = left.into_iter().filter_map(|at| now.get(at));
    apart.edits.extend(added.map(|item| edit(What::Added, None, Some(item.said()))));
}

/// Whether two claims in the same words, one of each policy, are surely of the same leads: that is proved.
fn is_same([was, is]: [&Property; 2], model: &mut Model<'_>) -> bool {
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
