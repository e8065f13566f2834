//! Random agreements.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::{Agreement, Block, Body, Cond, FIELD, Field, Id, LAST, Library, Line, Rule, Section, TEAMS, Teams, Thing};

/// Kinds of things, beside those that can be named.
pub(super) const ASSUME: usize = 7;
pub(super) const CLAIM: usize = 8;
pub(super) const TEST: usize = 9;

pub(crate) const DOMAINS: [&str; 4] = ["rival.example", "foe.example", "ally.example", "RIVAL.example"];

/// The types that each field may have, by its position; the first is what conditions are made for.
pub(crate) const TYPES: [&[&str]; 5] = [
    &["whole number from 0 to 5", "whole number from 0 to 4", "whole number from 1 to 5", "number from 0 to 5"],
    &["number from 0", "number from 10", "number from 0 to 29", "whole number from 0"],
    &["text"],
    &["yes or no", "date"],
    &["whole number from 0", "whole number from 1", "text"],
];

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
        let dated = dice.one_in(5);
        let field = |at: usize, name: &str, column| {
            let ty = TYPES[at][usize::from(at == 3 && dated)];
            let id = FIELD + Id::try_from(at).unwrap();
            Field { id, name: name.to_owned(), ty, column, home: None, options: BTreeSet::new() }
        };
        let mut all = Agreement {
            title: "Inbound".to_owned(),
            owners: teams(dice),
            ranked: !dice.one_in(3),
            phrases: ["pass to sales", "nurture", "disqualify"],
            notes: ["called within a day", "", "told why"],
            decisions: [0, 1, 2],
            in_force: ["", "in force from 2026-01-01"][dice.roll(2)],
            dated,
            fields: vec![
                field(0, "need", "Need"),
                field(1, "budget", "Budget"),
                field(2, "email", "Email"),
                field(3, "vip", "Vip"),
            ],
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
        for (field, types) in all.fields.iter_mut().zip(TYPES).take(2) {
            field.ty = types[if dice.one_in(4) { dice.roll(3) } else { 0 }];
        }
        if dice.one_in(6) {
            all.fields.push(field(4, "visits", "Other"));
        }
        if dice.one_in(6) && !dated {
            all.fields[3].options.insert("missing means no");
        }
        for _ in 0..dice.roll(4) {
            let id = all.fresh();
            let rules = dice.one_in(2).then(Vec::new);
            let (path, owners) = (format!("lib/l{id}.policy"), some_teams(dice));
            let by = all.libraries.get(dice.roll(2 * all.libraries.len().max(1))).map(|library| library.id);
            let by = by.filter(|_| rules.is_none());
            all.libraries.push(Library { id, path, owners, rules, by });
        }
        if let Some(library) = all.libraries.first().filter(|_| dice.one_in(3)) {
            let id = library.id;
            all.fields[1].home = Some(id);
        }
        for _ in 0..2 + dice.roll(6) {
            let kind = dice.roll(7);
            all.declare(kind, dice);
        }
        for _ in 0..[0, 0, 0, 0, 0, 1, 1, 2][dice.roll(8)] {
            all.declare(ASSUME, dice);
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
            all.declare(CLAIM, dice);
        }
        for _ in 0..dice.roll(3) {
            all.declare(TEST, dice);
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
            3 => Body::Score((0..1 + dice.roll(3)).map(|_| self.line(dice)).collect()),
            4 => Body::Grade([self.cond(dice, 0), self.cond(dice, 0)]),
            5 => Body::Stage(self.cond(dice, 0)),
            6 => Body::Value(1 + i64::try_from(dice.roll(5)).unwrap()),
            ASSUME => Body::Assume(self.cond(dice, 1)),
            CLAIM => Body::Claim(dice.roll(3), dice.roll(3), self.cond(dice, 1)),
            _ => {
                let cells = [
                    ["0", "3", "5"],
                    ["5", "15", "35"],
                    ["a@rival.example", "a@foe.example", "x"],
                    if self.dated { ["2026-06-03", "2026-05-10", "2026-07-01"] } else { ["yes", "no", "yes"] },
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

    fn line(&self, dice: &mut Dice) -> Line {
        let scores: Vec<&Thing> = self.things.iter().filter(|thing| matches!(thing.body, Body::Score(_))).collect();
        match scores.get(dice.roll(3 * scores.len().max(1))) {
            Some(score) => Line::Score(score.id),
            None => Line::Points([10, 20, -10][dice.roll(3)], dice.one_in(4), self.cond(dice, 0)),
        }
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
        let has_name = |thing: &&Thing| !matches!(thing.body, Body::Assume(_) | Body::Claim(..) | Body::Test(..));
        let named: Vec<&Thing> = self.things.iter().filter(has_name).collect();
        if !named.is_empty() && !dice.one_in(2) {
            let thing = named[dice.roll(named.len())];
            return match &thing.body {
                Body::List(..) => Cond::InList(thing.id, dice.one_in(2)),
                Body::Define(_) => Cond::Define(thing.id),
                Body::Score(_) => Cond::Score(thing.id, [10, 20, 30][dice.roll(3)]),
                Body::Grade(_) => Cond::Grade(thing.id, dice.roll(3)),
                Body::Stage(_) => Cond::Stage(thing.id),
                Body::Value(_) => Cond::AtLeast(thing.id),
                Body::Assume(_) | Body::Claim(..) | Body::Test(..) => unreachable!(),
            };
        }
        match dice.roll(7) {
            0..=2 => Cond::Number(0, !dice.one_in(4), 1 + i64::try_from(dice.roll(5)).unwrap()),
            3 | 4 => Cond::Number(1, !dice.one_in(4), [10, 20, 30][dice.roll(3)]),
            5 if self.dated => [Cond::Recent(7), Cond::Recent(30), Cond::Before][dice.roll(3)].clone(),
            5 => Cond::Vip(!dice.one_in(4)),
            _ => Cond::Missing(dice.roll(4)),
        }
    }
}
