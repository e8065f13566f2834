//! Whom a change of an agreement may concern beside the owners of what is edited, by a naive reading.
#![allow(clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use crate::Change;
use crate::support::agreement::edits::Edit;
use crate::support::agreement::held::Checked;
use crate::support::agreement::{Agreement, Body, Cond, Id, Teams, Thing};

/// Whom it concerns what rules hang on: the owners of a rule that comes to hang on something of others, those of a thing on which a rule no longer
/// hangs, and those of a list that is or was asked for on one side only, of which nobody knows what it was on the other. What belongs to the owners
/// of the policy is left out. Whether something comes of what a rule names still, is not looked at: where that may have changed, it may hang on it
/// no longer.
pub(crate) fn hanging(change: &Change<'_>, edit: &Edit) -> Teams {
    let [old, new] = [&change.base.agreement, &change.head.agreement];
    let sides = [old, new].map(|side| (side.owners(), side.behind_rules(true), side.behind_rules(false)));
    let [(before, then, then_least), (now, today, today_least)] = &sides;
    let things = |side: &BTreeMap<Id, BTreeSet<Id>>, rule: Id, owners: &BTreeMap<Id, Teams>, all: &Agreement| {
        let found: BTreeSet<Id> = side.get(&rule).into_iter().flatten().copied().collect();
        found.into_iter().filter(|id| owners[id] != all.owners).collect::<BTreeSet<Id>>()
    };
    let mut teams = Teams::new();
    let is_section = |id: &Id| [old, new].iter().any(|side| side.sections().any(|section| section.id == *id));
    let around = edit.touched.iter().any(is_section);
    for rule in then.keys().chain(today.keys()) {
        let (was, is) = (things(then, *rule, before, old), things(today, *rule, now, new));
        let owners = before.get(rule).unwrap_or_else(|| &now[rule]);
        // Which stages stand above one is not looked at: it may hang on all of them, or on itself alone.
        let (was_least, is_least) = (things(then_least, *rule, before, old), things(today_least, *rule, now, new));
        if is.difference(&was_least).any(|id| !now[id].is_subset(owners)) {
            teams.extend(owners);
        }
        let behind = [&then, &today].into_iter().filter_map(|side| side.get(rule)).flatten();
        let otherwise = around || behind.chain([rule]).any(|id| edit.touched.contains(id));
        let lost = was.iter().filter(|id| otherwise || !is_least.contains(id));
        teams.extend(lost.flat_map(|id| &before[id]));
    }
    // Of assumptions the same, all of them together.
    let assumed = |all: &Agreement, all_stages| -> Vec<(Id, BTreeSet<Id>)> {
        let of = |thing: &Thing| match &thing.body {
            Body::Assume(cond) => Some((thing.id, all.behind(&[cond], all_stages))),
            _ => None,
        };
        all.things.iter().filter_map(of).collect()
    };
    let known: BTreeSet<Id> = assumed(old, false).into_iter().flat_map(|(_, behind)| behind).collect();
    for (id, behind) in assumed(new, true) {
        let come = behind.iter().filter(|id| now[id] != new.owners && !known.contains(id));
        if come.into_iter().any(|thing| !now[thing].is_subset(&now[&id])) {
            teams.extend(&now[&id]);
        }
    }
    for thing in old.things.iter().filter(|thing| matches!(thing.body, Body::List(..))) {
        if old.is_named(thing.id) != new.is_named(thing.id) {
            teams.extend(before[&thing.id].iter().chain(now.get(&thing.id).into_iter().flatten()));
        }
    }
    teams
}

/// Those who let in what belongs to others: the owners of the policy, when a section or a list of other teams is new.
pub(crate) fn letting_in(change: &Change<'_>) -> Teams {
    let [old, new] = [&change.base.agreement, &change.head.agreement];
    let (before, now) = (old.owners(), new.owners());
    let lists = new.things.iter().filter(|thing| matches!(thing.body, Body::List(..))).map(|thing| thing.id);
    let sections = new.sections().map(|section| section.id);
    let theirs = |id: &Id| !before.contains_key(id) && now[id] != old.owners;
    let new: Vec<Id> = lists.chain(sections).filter(theirs).collect();
    let everybody = (!new.is_empty()).then_some(&old.owners);
    new.iter().map(|id| &now[id]).chain(everybody).flatten().copied().collect()
}

/// The owners of lists that have come to be read with the case of their letters or without it, or ceased to.
pub(crate) fn cased(change: &Change<'_>) -> Teams {
    let asked = [change.base, &change.head].map(|side| {
        let mut all = side.agreement.clone();
        let mut asked = BTreeSet::new();
        for (_, cond) in all.conds_mut() {
            for by_end in [true, false] {
                asked.extend(cond.lists(by_end).into_iter().map(|id| (id, by_end)));
            }
        }
        asked
    });
    let owners = [change.base, &change.head].map(|side| side.agreement.owners());
    let of =
        |(id, _): &(Id, bool)| owners.iter().filter_map(|owners| owners.get(id)).flatten().copied().collect::<Teams>();
    asked[0].symmetric_difference(&asked[1]).flat_map(of).collect()
}

/// The owners of assumptions, and of rules in sections, when what these hang on is edited: they may come to fewer leads, also of those that
/// there cannot be.
pub(crate) fn beyond(change: &Change<'_>, edit: &Edit) -> Teams {
    let old = &change.base.agreement;
    let owners = old.owners();
    let mut teams = Teams::new();
    let touches = |cond: &Cond| !edit.touched.is_disjoint(&old.behind(&[cond], true));
    for thing in &old.things {
        if let Body::Assume(cond) = &thing.body
            && (touches(cond) || edit.touched.contains(&thing.id))
        {
            teams.extend(&owners[&thing.id]);
            // What it hung on, too.
            teams.extend(old.behind(&[cond], true).iter().flat_map(|id| &owners[id]));
        }
    }
    if old.sections().any(|of| edit.touched.contains(&of.id) || of.when.as_ref().is_some_and(touches)) {
        let rules = old.rules();
        let inside = rules.iter().filter(|(_, section, _)| section.is_some());
        teams.extend(inside.flat_map(|(rule, ..)| &owners[&rule.id]));
    }
    teams
}

/// The owners of the rules that lose leads which neither fields nor assumptions have to let in, or hand them over to rules of others.
pub(crate) fn losers_of_any(change: &Change<'_>) -> Teams {
    let [owners, after] = [change.base, &change.head].map(|side| side.agreement.owners());
    let sides = [&change.base.agreement, &change.head.agreement];
    if !sides.iter().any(|side| is_narrow(side)) {
        return Teams::new();
    }
    let [Some(before), Some(now)] = sides.map(|side| Checked::new(loosened(side), change.rows)) else {
        return Teams::new();
    };
    let mut teams = Teams::new();
    for (was, is) in before.ends.iter().zip(&now.ends) {
        if let (Some((from, rule)), Some((to, by))) = (was, is)
            && (from != to || !owners[rule].is_subset(&after[by]))
        {
            teams.extend(&owners[rule]);
        }
    }
    teams
}

/// Whether there are leads that it sets aside for more than what cannot be read.
fn is_narrow(agreement: &Agreement) -> bool {
    let assumes = agreement.things.iter().any(|thing| matches!(thing.body, Body::Assume(_)));
    assumes || agreement.fields.iter().any(|field| field.options.contains("required") || field.ty.contains(" from "))
}

/// The same for all leads that can be read.
fn loosened(agreement: &Agreement) -> Agreement {
    let mut agreement = agreement.clone();
    agreement.things.retain(|thing| !matches!(thing.body, Body::Assume(_)));
    for field in &mut agreement.fields {
        field.options.remove("required");
        field.ty = field.ty.split(" from ").next().unwrap_or(field.ty);
    }
    agreement
}
