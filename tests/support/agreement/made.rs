//! Random agreements.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::{Agreement, Block, Body, Cond, Field, Id, LAST, Library, Rule, Section, TEAMS, Teams, Thing};

pub(crate) const DOMAINS: [&str; 4] = ["rival.example", "foe.example", "ally.example", "RIVAL.example"];

pub(super) fn teams(dice: &mut Dice) -> Teams {
    let count = 1 + usize::from(dice.one_in(4));
    dice.some(count, &TEAMS).into_iter().collect()
}

pub(super) fn some_teams(dice: &mut Dice) -> Teams {
    if dice.one_in(3) { Teams::new() } else { teams(dice) }
}

impl Agreement {
    /// The agreement of a seed.
    pub(crate) fn of(dice: &mut Dice) -> Agreement {
        let field =
            |id, name: &str, column| Field { id, name: name.to_owned(), column, home: None, options: BTreeSet::new() };
        let mut all = Agreement {
            title: "Inbound".to_owned(),
            owners: teams(dice),
            ranked: !dice.one_in(3),
            phrases: ["pass to sales", "nurture", "disqualify"],
            decisions: [0, 1, 2],
            in_force: ["", "in force from 2026-01-01"][dice.roll(2)],
            fields: vec![
                field(2, "need", "Need"),
                field(3, "budget", "Budget"),
                field(4, "email", "Email"),
                field(5, "vip", "Vip"),
            ],
            assumed: None,
            libraries: Vec::new(),
            things: Vec::new(),
            blocks: Vec::new(),
            last: dice.roll(3),
            next: 10 + LAST,
            layout: 0,
        };
        for options in all.fields.iter_mut().map(|field| &mut field.options) {
            options.extend(["required", "personal"].into_iter().filter(|_| dice.one_in(5)));
        }
        if dice.one_in(6) {
            all.fields[3].options.insert("missing means no");
        }
        for _ in 0..dice.roll(4) {
            let id = all.fresh();
            let rules = dice.one_in(2).then(Vec::new);
            let (path, owners) = (format!("lib/l{id}.policy"), some_teams(dice));
            all.libraries.push(Library { id, path, owners, rules });
        }
        if let Some(library) = all.libraries.first().filter(|_| dice.one_in(3)) {
            let id = library.id;
            all.fields[1].home = Some(id);
        }
        for _ in 0..1 + dice.roll(6) {
            let kind = dice.roll(6);
            all.declare(kind, dice);
        }
        if dice.one_in(8) {
            all.assumed = Some(all.cond(dice, 1));
        }
        for _ in 0..2 + dice.roll(4) {
            let rule = all.rule(dice);
            all.blocks.push(Block::Rule(rule));
        }
        for _ in 0..dice.roll(3) {
            let section = all.section(dice);
            let at = dice.roll(all.blocks.len() + 1);
            all.blocks.insert(at, Block::Section(section));
        }
        let with_rules: Vec<Id> =
            all.libraries.iter().filter(|library| library.rules.is_some()).map(|library| library.id).collect();
        for id in with_rules {
            for _ in 0..1 + dice.roll(2) {
                let rule = all.rule(dice);
                all.libraries.iter_mut().find(|library| library.id == id).unwrap().rules.as_mut().unwrap().push(rule);
            }
            let at = dice.roll(all.blocks.len() + 1);
            all.blocks.insert(at, Block::From(id));
        }
        for _ in 0..dice.roll(3) {
            all.declare(6, dice);
        }
        for _ in 0..dice.roll(3) {
            all.declare(7, dice);
        }
        all
    }

    pub(super) fn home(&self, dice: &mut Dice) -> Option<Id> {
        let at = dice.roll(self.libraries.len() + 2);
        self.libraries.get(at).map(|library| library.id)
    }

    /// Declares something new of a kind, and says what.
    pub(super) fn declare(&mut self, kind: usize, dice: &mut Dice) -> Id {
        let body = match kind {
            0 | 1 => {
                let count = 1 + dice.roll(3);
                Body::List(dice.some(count, &DOMAINS), dice.one_in(2))
            }
            2 => Body::Define(self.cond(dice, 1)),
            3 => {
                Body::Score((0..1 + dice.roll(3)).map(|_| ([10, 20, -10][dice.roll(3)], self.cond(dice, 0))).collect())
            }
            4 => Body::Grade([self.cond(dice, 0), self.cond(dice, 0)]),
            5 => Body::Stage(self.cond(dice, 0)),
            6 => Body::Claim(dice.roll(3), dice.roll(3), self.cond(dice, 1)),
            _ => {
                let cells = [
                    ["0", "3", "5"],
                    ["5", "15", "35"],
                    ["a@rival.example", "a@foe.example", "x"],
                    ["yes", "no", "yes"],
                ];
                let rules = self.rules();
                let by = rules.get(dice.roll(2 * rules.len().max(1))).filter(|(rule, ..)| rule.labelled);
                let (by, decision) =
                    (by.map(|(rule, ..)| rule.id), by.map_or(dice.roll(3), |(rule, ..)| rule.decision));
                let given = cells.map(|cells| (!dice.one_in(2)).then(|| cells[dice.roll(3)]));
                Body::Test(given, decision, by)
            }
        };
        let id = self.fresh();
        let owners = if matches!(body, Body::List(..)) && dice.one_in(2) { teams(dice) } else { Teams::new() };
        let home = self.home(dice);
        self.things.push(Thing { id, name: format!("x{id}"), home, owners, body });
        id
    }

    pub(super) fn section(&mut self, dice: &mut Dice) -> Section {
        let id = self.fresh();
        let when = (!dice.one_in(3)).then(|| self.cond(dice, 0));
        Section { id, title: format!("Section {id}"), when, otherwise: dice.one_in(3), owners: some_teams(dice) }
    }

    pub(super) fn rule(&mut self, dice: &mut Dice) -> Rule {
        let id = self.fresh();
        let when = self.cond(dice, 1);
        Rule {
            id,
            name: format!("r{id}"),
            labelled: !dice.one_in(4),
            decision: dice.roll(3),
            when,
            allowed: dice.one_in(9),
        }
    }

    /// A condition, of what has been declared so far.
    pub(super) fn cond(&self, dice: &mut Dice, depth: usize) -> Cond {
        if depth > 0 && dice.one_in(3) {
            let (one, other) = (Box::new(self.cond(dice, depth - 1)), Box::new(self.cond(dice, depth - 1)));
            return if dice.one_in(2) { Cond::And(one, other) } else { Cond::Or(one, other) };
        }
        if dice.one_in(10) {
            return Cond::Not(Box::new(self.cond(dice, 0)));
        }
        let named: Vec<&Thing> =
            self.things.iter().filter(|thing| !matches!(thing.body, Body::Claim(..) | Body::Test(..))).collect();
        if !named.is_empty() && !dice.one_in(2) {
            let thing = named[dice.roll(named.len())];
            return match &thing.body {
                Body::List(..) => Cond::InList(thing.id),
                Body::Define(_) => Cond::Define(thing.id),
                Body::Score(_) => Cond::Score(thing.id, [10, 20, 30][dice.roll(3)]),
                Body::Grade(_) => Cond::Grade(thing.id, dice.roll(3)),
                Body::Stage(_) => Cond::Stage(thing.id),
                Body::Claim(..) | Body::Test(..) => unreachable!(),
            };
        }
        match dice.roll(7) {
            0..=2 => Cond::Number(0, !dice.one_in(4), 1 + i64::try_from(dice.roll(5)).unwrap()),
            3 | 4 => Cond::Number(1, !dice.one_in(4), [10, 20, 30][dice.roll(3)]),
            5 => Cond::Vip(!dice.one_in(4)),
            _ => Cond::Missing(dice.roll(4)),
        }
    }
}
