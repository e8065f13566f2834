//! What two policies agree on beside decisions: claims and tests. A test is the same when it says the same, though it speaks of what is called
//! otherwise by now; so is a claim, when it is made of the same leads, too.

use super::align;
use super::edit::{Differences, Edit, Item, Kind, Said, What};
use super::ranked;
use crate::analysis::{Answer, Model};
use crate::ir::{Field, Policy, Property, Test, print};

/// Compares claims and tests of two policies, of which all else has been compared; the old one comes under its new names.
pub(super) fn compare(old: &Policy, new: &Policy, model: &mut Model<'_>, found: &mut Differences) {
    let mut apart = Differences::default();
    compare_claims([old, new], &found.edits, model, &mut apart);
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

/// Compares the claims: one stays when it says the same and is made of the same leads for certain. In other words, or of what is said otherwise, it is another one,
/// even of the same leads: who is named in it had a say in it, and which leads there can be is not for its owners alone to say.
fn compare_claims([old, new]: [&Policy; 2], edits: &[Edit], model: &mut Model<'_>, apart: &mut Differences) {
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
        let says_it = |at: &usize| now.get(*at).is_some_and(|other| other.text == item.text);
        let twin = left.iter().copied().find(says_it).and_then(|at| Some((at, new.properties.get(at)?, now.get(at)?)));
        let Some((at, is, other)) = twin else {
            apart.edits.push(edit(What::Removed, Some(item.said()), None));
            continue;
        };
        left.retain(|left| *left != at);
        let names = [(old, was), (new, is)].map(|(policy, of)| align::behind(policy, &of.condition));
        let is_behind = |edit: &Edit| {
            let name = (edit.kind, edit.name.clone());
            // Of a field it counts which value a lead has; which values there are is looked at by proof.
            let counts = edit.kind != Kind::Field || is_read_otherwise([old, new], &edit.name);
            counts && names.iter().any(|names| names.contains(&name))
        };
        let of = if !is_same([was, is], model) {
            "of other leads than before"
        } else if edits.iter().any(is_behind) {
            "of what is said otherwise"
        } else {
            continue;
        };
        let text = format!("{}, {of}", other.text);
        apart.edits.push(edit(What::Changed, Some(item.said()), Some(Said { text, ..other.said() })));
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

/// Whether a lead without a value, or with one that stands for none, has another one by now; or what its value is less than, or is none of.
fn is_read_otherwise(policies: [&Policy; 2], name: &str) -> bool {
    let [old, new] =
        policies.map(|policy| policy.fields.iter().map(|(_, field)| field).find(|field| field.name == name));
    let (Some(old), Some(new)) = (old, new) else { return old.is_some() || new.is_some() };
    let of = |field: &'_ Field| (std::mem::discriminant(&field.ty), field.else_missing);
    of(old) != of(new) || (&old.default, &old.cell) != (&new.default, &new.cell) || ranked::differ(&old.ty, &new.ty)
}

fn tests(policy: &Policy) -> Vec<Item> {
    let test = |test: &Test| {
        let body = test_body(policy, test);
        let says: Vec<&str> = body.lines().skip_while(|line| !line.starts_with(' ')).map(str::trim).collect();
        let text = format!("test {}: {}", print::quoted(&test.title), says.join("; "));
        Item { marks: vec![body.clone()], body, ..Item::new(&test.title, text, test.span) }
    };
    policy.tests.iter().map(test).collect()
}
