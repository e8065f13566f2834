//! What two policies agree on beside decisions: claims and tests. A test is the same when it says the same, though it speaks of what is called
//! otherwise by now; so is a claim, when it is still made of all the leads that it was made of.

use super::edit::{Differences, Edit, Item, Kind, Said, What};
use super::potential::{self, Cells};
use super::{align, ranked};
use crate::analysis::{Model, Over};
use crate::ir::{Claim, Field, Policy, Property, Test, print};

/// Compares claims and tests of two policies, of which all else has been compared; the old one comes under its new names.
pub(super) fn compare(old: &Policy, new: &Policy, found: &mut Differences) {
    let mut apart = Differences::default();
    compare_claims([old, new], &found.edits, &mut apart);
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

/// Compares the claims: one stays when it says the same and is surely made of all the leads that it was made of, of all that there can be. In other words it is
/// another one, even of the same leads: who is named in it had a say in it.
fn compare_claims([old, new]: [&Policy; 2], edits: &[Edit], apart: &mut Differences) {
    let ways = Cells::of([old, new]).iter().filter(|_| !old.properties.is_empty());
    let ways = ways.map(|cells| [old, new].map(|policy| potential::loosened(policy, *cells)));
    let ways: Vec<[Policy; 2]> = ways.collect();
    let mut models: Vec<_> = ways.iter().map(|way| Model::new(&way.each_ref(), Over::InForce, false)).collect();
    let mut covers = |was: usize, is: usize| {
        ways.iter().zip(&mut models).all(|([before, now], model)| {
            let claims = before.properties.get(was).zip(now.properties.get(is));
            claims.is_some_and(|(was, is)| covers([was, is], model))
        })
    };
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
    for (then, (was, item)) in old.properties.iter().zip(&before).enumerate() {
        let says_it = |at: &usize| now.get(*at).is_some_and(|other| other.text == item.text);
        let twin = left.iter().copied().find(says_it).and_then(|at| Some((at, new.properties.get(at)?, now.get(at)?)));
        let Some((at, is, other)) = twin else {
            apart.edits.push(edit(What::Removed, Some(item.said()), None));
            continue;
        };
        left.retain(|left| *left != at);
        let names = [(old, was), (new, is)].map(|(policy, of)| align::behind(policy, &of.condition));
        // Which value a lead has, it has by how its cells are read.
        let is_read_otherwise = |edit: &Edit| {
            let name = (edit.kind, edit.name.clone());
            edit.kind == Kind::Field
                && is_read_otherwise([old, new], &edit.name)
                && names.iter().any(|names| names.contains(&name))
        };
        let of = match covers(then, at) {
            true if edits.iter().any(is_read_otherwise) => "of what is read otherwise",
            true => continue,
            false => "of fewer leads than before",
        };
        let text = format!("{}, {of}", other.text);
        apart.edits.push(edit(What::Changed, Some(item.said()), Some(Said { text, ..other.said() })));
    }
    let added = left.into_iter().filter_map(|at| now.get(at));
    apart.edits.extend(added.map(|item| edit(What::Added, None, Some(item.said()))));
}

/// Whether of two claims in the same words, one of each policy, the second is surely made of all the leads that the first is made of: that is proved.
fn covers([was, is]: [&Property; 2], model: &mut Model<'_>) -> bool {
    let [before, _] = model.truths(0, &was.condition);
    let [now, _] = model.truths(1, &is.condition);
    let lost = match was.claim {
        Claim::NeverWhen | Claim::AlwaysWhen => [before, !now],
        Claim::NeverUnless => [!before, now],
    };
    before == now || model.is_refuted(&lost)
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
