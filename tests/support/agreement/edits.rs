//! Edits of an agreement that mean something: each of one thing, or of who owns one.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::made::{DOMAINS, TEST, TYPES, some_teams, teams};
use super::{Agreement, Block, Body, Cond, DECISION, FIELD, Field, Id, LAST, Line, MORE, POLICY};

/// What an edit was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) what: &'static str,
    /// What it touched.
    pub(crate) touched: BTreeSet<Id>,
}

/// A random edit; none when there is nothing of the kind.
pub(crate) fn edit(all: &mut Agreement, dice: &mut Dice) -> Option<Edit> {
    let done = |what, id: Id| Some(Edit { what, touched: BTreeSet::from([id]) });
    match dice.roll(34) {
        0..=4 => {
            let count = all.conds_mut().len();
            let at = dice.roll(count);
            let (id, new) = (all.conds_mut()[at].0, all.cond(dice, 1));
            let leaf = dice.roll(3);
            let mut conds = all.conds_mut();
            let cond = &mut *conds[at].1;
            match leaf {
                0 => *cond = new,
                1 => {
                    let joined = [Cond::And, Cond::Or][dice.roll(2)];
                    *cond = joined(Box::new(cond.clone()), Box::new(new));
                }
                _ => cond.each(&mut |inner| match inner {
                    Cond::Number(0, _, limit) => *limit = 1 + i64::try_from(dice.roll(5)).unwrap(),
                    Cond::Number(_, _, limit) | Cond::Score(_, limit) => *limit = [10, 20, 30][dice.roll(3)],
                    Cond::Vip(yes) => *yes = !*yes,
                    Cond::Recent(days) => *days = [7, 30][dice.roll(2)],
                    Cond::Grade(_, label) => *label = dice.roll(3),
                    _ => {}
                }),
            }
            done("condition", id)
        }
        5 => {
            let mut rules = all.rules_mut();
            let at = dice.roll(rules.len());
            rules[at].decision = dice.roll(3);
            done("decision", rules[at].id)
        }
        6 => {
            all.last = dice.roll(3);
            done("otherwise", LAST)
        }
        7 | 8 => {
            let rule = all.rule(dice);
            let id = rule.id;
            let at = dice.roll(all.blocks.len() + 1);
            all.blocks.insert(at, Block::Rule(rule));
            done("new rule", id)
        }
        9 | 10 => {
            let at = dice.roll(all.blocks.len());
            match &all.blocks[at] {
                Block::Rule(rule) => {
                    let id = rule.id;
                    all.blocks.remove(at);
                    done("rule gone", id)
                }
                Block::Section(section) => {
                    let id = section.id;
                    all.blocks.remove(at);
                    done("section gone", id)
                }
                Block::From(library) => {
                    let id = *library;
                    let library = all.libraries.iter_mut().find(|library| library.id == id).unwrap();
                    let rules = library.rules.as_mut().filter(|rules| !rules.is_empty())?;
                    let at = dice.roll(rules.len());
                    done("rule gone", rules.remove(at).id)
                }
            }
        }
        11 | 12 => {
            let from = dice.roll(all.blocks.len());
            let block = all.blocks.remove(from);
            let touched = match &block {
                Block::Rule(rule) => BTreeSet::from([rule.id]),
                Block::Section(_) => BTreeSet::new(),
                Block::From(id) => all.library(*id).rules.iter().flatten().map(|rule| rule.id).collect::<BTreeSet<_>>(),
            };
            let at = dice.roll(all.blocks.len() + 1);
            all.blocks.insert(at, block);
            Some(Edit { what: if touched.is_empty() { "section moved" } else { "moved" }, touched })
        }
        13 => {
            let section = all.section(dice);
            let id = section.id;
            let at = dice.roll(all.blocks.len() + 1);
            all.blocks.insert(at, Block::Section(section));
            done("new section", id)
        }
        14 | 15 | 32 | 33 => {
            let at = dice.roll(all.things.len().max(1));
            let thing = all.things.get_mut(at)?;
            let what = match &mut thing.body {
                Body::List(values, _) => {
                    let count = 1 + dice.roll(3);
                    *values = dice.some(count, &DOMAINS);
                    "list"
                }
                Body::Score(lines) => {
                    let line = dice.roll(lines.len());
                    if dice.one_in(4) && lines.len() > 1 {
                        lines.remove(line);
                    } else if let Line::Points(points, each, _) = &mut lines[line] {
                        *points = [10, 20, -10][dice.roll(3)];
                        *each = *each != dice.one_in(3);
                    }
                    "score"
                }
                Body::Grade(lines) => {
                    lines.swap(0, 1);
                    "grade"
                }
                Body::Claim(form, decision, _) => {
                    (*form, *decision) = (dice.roll(3), dice.roll(3));
                    "claim"
                }
                Body::Test(cells, decision, by) => {
                    cells[0] = [None, Some("1"), Some("4")][dice.roll(3)];
                    if by.is_none() {
                        *decision = dice.roll(3);
                    } else if dice.one_in(2) {
                        *by = None;
                    }
                    "test"
                }
                Body::Value(value) => {
                    *value = 1 + i64::try_from(dice.roll(5)).unwrap();
                    "value"
                }
                Body::Define(_) | Body::Stage(_) | Body::Assume(_) => return None,
            };
            done(what, thing.id)
        }
        16 => {
            let at = dice.roll(all.things.len().max(1));
            let id = all.things.get(at)?.id;
            if all.is_named(id) {
                return None;
            }
            all.things.remove(at);
            done("thing gone", id)
        }
        17 => {
            let kind = 1 + dice.roll(TEST);
            done("new thing", all.declare(kind, dice))
        }
        18 => {
            let (at, dated) = (dice.roll(all.fields.len()), all.dated);
            let field = &mut all.fields[at];
            let options = [
                &["required", "personal", "missing means 3", "blank when 0", "else missing"][..],
                &["required", "personal", "missing means 20", "blank when 0", "written as \"1.234,5\""],
                &["required", "personal", "blank when \"a@b.example\"", "ignoring case"],
                &["required", "personal", "missing means yes", "else missing"],
                &["required", "personal", "missing means 1"],
            ][usize::try_from(field.id - FIELD).unwrap()];
            let option = match options[dice.roll(options.len())] {
                "missing means yes" if dated => "missing means 2026-05-30",
                option => option,
            };
            if !field.options.remove(option) {
                field.options.insert(option);
            }
            done("field", field.id)
        }
        19 => {
            let at = dice.roll(all.fields.len());
            let field = &mut all.fields[at];
            field.column = ["Need", "Budget", "Email", "Vip", "Other"][dice.roll(5)];
            done("column", field.id)
        }
        20 => {
            all.ranked = !all.ranked;
            if dice.one_in(2) {
                all.decisions.swap(0, 2);
            }
            done("ranking", POLICY)
        }
        21 => {
            all.in_force = ["", "in force from 2026-01-01", "in force from 2026-02-01"][dice.roll(3)];
            done("in force", POLICY)
        }
        22 => {
            let at = dice.roll(3);
            all.notes[at] = ["", "called within a day", "called within a week"][dice.roll(3)];
            done("meaning", DECISION + Id::try_from(at).unwrap())
        }
        23 => {
            let sections = all.sections_mut().len();
            let at = dice.roll(sections.max(1));
            let new = (!dice.one_in(3)).then(|| all.cond(dice, 0));
            let mut sections = all.sections_mut();
            let section = sections.get_mut(at)?;
            section.when = new;
            done("section", section.id)
        }
        24 => {
            let at = dice.roll(3);
            let phrase = ["call later", "return to marketing"][dice.roll(2)];
            if all.phrases.contains(&phrase) {
                return None;
            }
            all.phrases[at] = phrase;
            done("decision renamed", POLICY)
        }
        25 => {
            let mut rules = all.rules_mut();
            let at = dice.roll(rules.len());
            rules[at].allowed = !rules[at].allowed;
            done("allow", rules[at].id)
        }
        26 => {
            let at = dice.roll(all.fields.len());
            let field = &mut all.fields[at];
            let types = TYPES[usize::try_from(field.id - FIELD).unwrap()];
            field.ty = types[dice.roll(types.len())];
            done("type", field.id)
        }
        27 => {
            let at = dice.roll(all.fields.len());
            done("field gone", all.fields.remove(at).id)
        }
        28 => new_field(all, dice),
        _ => owners(all, dice),
    }
}

/// A field that was not there, and maybe a rule that asks for it.
fn new_field(all: &mut Agreement, dice: &mut Dice) -> Option<Edit> {
    if all.fields.iter().any(|field| field.id == MORE) {
        return None;
    }
    let column = ["Other", "Need", "Budget"][dice.roll(3)];
    let options = dice.some(1, &["required", "personal", "missing means 1"]).into_iter().filter(|_| dice.one_in(2));
    let options = options.collect();
    let home = all.home(dice);
    all.fields.push(Field { id: MORE, name: "visits".to_owned(), ty: TYPES[4][0], column, home, options });
    let mut touched = BTreeSet::from([MORE]);
    if dice.one_in(2) {
        let mut rules = all.rules_mut();
        let at = dice.roll(rules.len());
        let more = Cond::Number(4, true, 1);
        rules[at].when = [Cond::And, Cond::Or][dice.roll(2)](Box::new(rules[at].when.clone()), Box::new(more));
        touched.insert(rules[at].id);
    }
    Some(Edit { what: "new field", touched })
}

/// Something passes to other teams.
pub(crate) fn owners(all: &mut Agreement, dice: &mut Dice) -> Option<Edit> {
    let id = match dice.roll(4) {
        0 => {
            all.owners = teams(dice);
            POLICY
        }
        1 => {
            let owners = some_teams(dice);
            let mut sections = all.sections_mut();
            let at = dice.roll(sections.len().max(1));
            let section = sections.get_mut(at)?;
            section.owners = owners;
            section.id
        }
        2 => {
            let at = dice.roll(all.libraries.len().max(1));
            let library = all.libraries.get_mut(at)?;
            library.owners = some_teams(dice);
            library.id
        }
        _ => {
            let at = dice.roll(all.things.len().max(1));
            let thing = all.things.get_mut(at).filter(|thing| matches!(thing.body, Body::List(..)))?;
            thing.owners = some_teams(dice);
            thing.id
        }
    };
    Some(Edit { what: "owners", touched: BTreeSet::from([id]) })
}
