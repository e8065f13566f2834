//! Edits of an agreement that decide nothing, by which another one may be hidden: other names, other places, other files, other words for
//! the same, things that stand beside the real ones.

use super::dice::Dice;
use super::made::some_teams;
use super::{Agreement, Block, Body, Cond, Rule, Thing};

/// A random cover, and what it was; none when there is nothing of the kind.
pub(crate) fn cover(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    match dice.roll(21) {
        0 => rename(all, dice),
        1 => {
            // Two things change their names.
            let (one, other) = (dice.roll(all.things.len().max(1)), dice.roll(all.things.len().max(1)));
            let names = [one, other].map(|at| all.things.get(at).map(|thing| thing.name.clone()));
            let [Some(first), Some(second)] = names else { return None };
            (all.things[one].name, all.things[other].name) = (second, first);
            Some("names changed about")
        }
        2 => {
            all.things.sort_by_key(|thing| (!matches!(thing.body, Body::Stage(_)), dice.roll(100)));
            let stages = |all: &Agreement| -> Vec<u32> {
                all.things.iter().filter(|thing| matches!(thing.body, Body::Stage(_))).map(|thing| thing.id).collect()
            };
            (stages(all).len() < 2).then_some("another order")
        }
        3 => {
            all.layout = 1 + u64::try_from(dice.roll(1000)).unwrap();
            Some("layout")
        }
        4 => {
            let home = all.home(dice);
            let at = dice.roll(all.things.len().max(1));
            let thing = all.things.get_mut(at)?;
            thing.home = home;
            Some("another file")
        }
        5 => {
            let home = all.home(dice);
            let at = dice.roll(all.fields.len());
            all.fields[at].home = home;
            Some("field in another file")
        }
        6 | 7 => copy(all, dice),
        8 => {
            let count = all.conds_mut().len();
            let at = dice.roll(count);
            let way = dice.roll(3);
            let mut conds = all.conds_mut();
            let cond = &mut *conds[at].1;
            let same = || Box::new(cond.clone());
            *cond = match way {
                0 => Cond::And(same(), same()),
                1 => Cond::Or(same(), same()),
                _ => Cond::Not(Box::new(Cond::Not(same()))),
            };
            Some("other words")
        }
        9 => split(all, dice),
        10 => {
            // A rule that decides nothing, as the one above it has decided all of it.
            let at = dice.roll(all.blocks.len());
            let Block::Rule(rule) = &all.blocks[at] else { return None };
            let when = Cond::And(Box::new(rule.when.clone()), Box::new(all.cond(dice, 0)));
            let id = all.fresh();
            let rule =
                Rule { id, name: format!("r{id}"), labelled: true, decision: dice.roll(3), when, allowed: false };
            all.blocks.insert(at + 1, Block::Rule(rule));
            Some("a rule that decides nothing")
        }
        11 => inline(all, dice),
        12 => {
            let at = dice.roll(all.things.len().max(1));
            let thing = all.things.get_mut(at)?;
            let Body::List(_, file) = &mut thing.body else { return None };
            *file = !*file;
            Some("list to or from a file")
        }
        13 => {
            // Something of which nothing comes.
            let new = all.cond(dice, 0);
            let count = all.conds_mut().len();
            let at = dice.roll(count);
            let mut conds = all.conds_mut();
            let never = Cond::And(
                Box::new(new.clone()),
                Box::new(Cond::And(Box::new(Cond::Number(0, true, 5)), Box::new(Cond::Number(0, false, 1)))),
            );
            let cond = &mut *conds[at].1;
            *cond = Cond::Or(Box::new(cond.clone()), Box::new(never));
            Some("something of which nothing comes")
        }
        14 => {
            let (one, other) = (dice.roll(all.libraries.len().max(1)), dice.roll(all.libraries.len().max(1)));
            if one == other {
                return None;
            }
            let path = all.libraries.get(one)?.path.clone();
            let second = std::mem::replace(&mut all.libraries[other].path, path);
            all.libraries[one].path = second;
            Some("files changed about")
        }
        15 | 16 => change_file(all, dice),
        17 => merge(all, dice),
        18 => divide(all, dice),
        19 => bring_in(all, dice),
        _ => super::edits::owners(all, dice).map(|_| "owners"),
    }
}

/// Something is called otherwise.
pub(crate) fn rename(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let id = all.fresh();
    match dice.roll(6) {
        0 | 1 => {
            let at = dice.roll(all.things.len().max(1));
            all.things.get_mut(at)?.name = format!("x{id}");
            Some("thing renamed")
        }
        2 => {
            let mut rules = all.rules_mut();
            let at = dice.roll(rules.len());
            rules[at].name = format!("r{id}");
            rules[at].labelled = !dice.one_in(4);
            Some("rule renamed")
        }
        3 => {
            let mut sections = all.sections_mut();
            let at = dice.roll(sections.len().max(1));
            sections.get_mut(at)?.title = format!("Section {id}");
            Some("section renamed")
        }
        4 => {
            let at = dice.roll(all.libraries.len().max(1));
            all.libraries.get_mut(at)?.path = format!("lib/l{id}.policy");
            Some("file renamed")
        }
        _ => {
            if dice.one_in(2) {
                all.title = format!("Title {id}");
            } else {
                let at = dice.roll(all.fields.len());
                all.fields[at].name = format!("f{id}");
            }
            Some("field or title renamed")
        }
    }
}

/// A second one of something under another name, maybe of other teams, in the place of the first in some conditions.
fn copy(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.things.len().max(1));
    let thing = all.things.get(at)?.clone();
    if matches!(thing.body, Body::Stage(_) | Body::Test(..) | Body::Claim(..) | Body::Assume(_)) {
        return None;
    }
    let id = all.fresh();
    let owners = if matches!(thing.body, Body::List(..)) { some_teams(dice) } else { super::Teams::new() };
    let home = all.home(dice);
    let copy = Thing { id, name: format!("x{id}"), home, owners, body: thing.body.clone() };
    if dice.one_in(4) {
        // Without the first, it is the first.
        all.things[at] = Thing { id: thing.id, ..copy };
        return Some("a copy instead of it");
    }
    all.things.insert(at + 1, copy);
    let always = dice.one_in(2);
    for (_, cond) in all.conds_mut() {
        cond.each(&mut |inner| match inner {
            Cond::InList(of, _) | Cond::Define(of) | Cond::AtLeast(of) | Cond::Score(of, _) | Cond::Grade(of, _)
                if *of == thing.id && (always || dice.one_in(2)) =>
            {
                *of = id;
            }
            _ => {}
        });
    }
    let is_inline = thing.owners.is_empty() && matches!(thing.body, Body::List(_, false));
    if is_inline && !all.is_named(thing.id) {
        // Of such a list that nothing asks for any more it is not known that it is there: the copy is the first.
        for (_, cond) in all.conds_mut() {
            cond.each(&mut |inner| {
                if let Cond::InList(of, _) = inner
                    && *of == id
                {
                    *of = thing.id;
                }
            });
        }
        (all.things[at].id, all.things[at + 1].id) = (id, thing.id);
    }
    Some("a copy in its place")
}

/// A rule becomes two, for two kinds of leads, one below the other.
fn split(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.blocks.len());
    let by = all.cond(dice, 0);
    let id = all.fresh();
    let Block::Rule(rule) = &mut all.blocks[at] else { return None };
    let first = Rule {
        id,
        name: format!("r{id}"),
        labelled: true,
        decision: rule.decision,
        when: Cond::And(Box::new(rule.when.clone()), Box::new(by)),
        allowed: false,
    };
    all.blocks.insert(at, Block::Rule(first));
    Some("a rule in two")
}

/// What a definition says, in the place of its name.
fn inline(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.things.len().max(1));
    let thing = all.things.get(at)?.clone();
    let id = thing.id;
    let (name, body) = match thing.body {
        Body::Define(body) => (Cond::Define(id), body),
        Body::Value(value) => (Cond::AtLeast(id), Cond::Number(0, true, value)),
        Body::List(..)
        | Body::Score(_)
        | Body::Grade(_)
        | Body::Stage(_)
        | Body::Claim(..)
        | Body::Assume(_)
        | Body::Test(..) => return None,
    };
    let mut found = false;
    for (_, cond) in all.conds_mut() {
        if dice.one_in(2) {
            cond.each(&mut |inner| {
                if *inner == name {
                    *inner = body.clone();
                    found = true;
                }
            });
        }
    }
    if found && !all.is_named(id) && dice.one_in(2) {
        all.things.retain(|thing| thing.id != id);
    }
    found.then_some("a definition in its words")
}

/// A rule that stands before the rules of a library comes into it, or the first of it out.
fn change_file(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.blocks.len());
    let Block::From(id) = all.blocks[at] else { return None };
    let before = at.checked_sub(1);
    let library = all.libraries.iter_mut().find(|library| library.id == id).unwrap();
    let rules = library.rules.as_mut().unwrap();
    match before.map(|before| &all.blocks[before]) {
        Some(Block::Rule(rule)) if dice.one_in(2) => {
            rules.insert(0, rule.clone());
            all.blocks.remove(at - 1);
            Some("a rule into a library")
        }
        _ if !rules.is_empty() => {
            let rule = rules.remove(0);
            all.blocks.insert(at, Block::Rule(rule));
            Some("a rule out of a library")
        }
        _ => None,
    }
}

/// Two rules of one decision, one below the other, become one.
fn merge(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.blocks.len());
    let (Some(Block::Rule(one)), Some(Block::Rule(other))) = (all.blocks.get(at), all.blocks.get(at + 1)) else {
        return None;
    };
    if one.decision != other.decision {
        return None;
    }
    let when = Cond::Or(Box::new(one.when.clone()), Box::new(other.when.clone()));
    let mut rule = if dice.one_in(2) { one.clone() } else { other.clone() };
    rule.when = when;
    all.blocks.remove(at + 1);
    all.blocks[at] = Block::Rule(rule);
    Some("two rules in one")
}

/// A new library, of whoever it may be, takes something in.
fn divide(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let id = all.fresh();
    let at = dice.roll(all.things.len().max(1));
    all.things.get_mut(at)?.home = Some(id);
    let (path, owners) = (format!("lib/l{id}.policy"), some_teams(dice));
    all.libraries.push(super::Library { id, path, owners, rules: None, by: None });
    Some("into a new library")
}

/// A library is brought in by another one, or by the policy again.
fn bring_in(all: &mut Agreement, dice: &mut Dice) -> Option<&'static str> {
    let at = dice.roll(all.libraries.len().max(1));
    let by = all.home(dice);
    let library = all.libraries.get(at).filter(|library| library.rules.is_none())?;
    if library.by == by || by.is_some_and(|by| all.comes_by(by, library.id)) {
        return None;
    }
    all.libraries[at].by = by;
    Some("brought in by another file")
}
