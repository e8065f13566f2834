//! What comes to fewer leads of all that there can be: also of those that fields or assumptions set aside today, which others may let in tomorrow.

use std::collections::BTreeMap;

use super::align::{Slot, Step};
use super::places::with_places;
use crate::analysis::{Lit, MAX_WORK, Model, Over};
use crate::ir::{Cell, Field, Policy, RuleId};
use crate::types::{Choices, Type};

/// What comes to fewer leads, and that of which the contrary is not proved.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Potential {
    /// The assumptions of the old policy that set fewer leads aside, whether or not something else does, by their positions.
    pub assumptions: Vec<usize>,
    /// The rules of the old policy that stand in a section which is for fewer leads by now.
    pub kept_off: Vec<RuleId>,
    /// The rules of the old policy from which leads go elsewhere, or to rules that not all of their owners own.
    pub losers: Vec<RuleId>,
}

/// How much may be spent on this, in steps of about a nanosecond; what is not known by then is held to come to fewer leads.
const WORK: u64 = 2_000_000_000;

/// Compares two policies, of which these rules and these steps belong together.
pub(super) fn compare(policies: [&Policy; 2], rules: &[[RuleId; 2]], slots: &[Slot]) -> Potential {
    let placed = policies.map(with_places);
    let mut found = Potential::default();
    for cells in Cells::of(policies) {
        let [old, new] = placed.each_ref();
        look([old, new], [old, new].map(|policy| accepting(policy, *cells)), rules, slots, &mut found);
    }
    found.sort();
    found
}

/// How cells are read of which a policy says what they mean, which another policy may not: as it says, or as values, and what is empty as missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    AsRead,
    AsValues,
}

impl Cells {
    /// The ways that make a difference to some policies.
    pub(super) fn of(policies: [&Policy; 2]) -> &'static [Cells] {
        let counts = |(_, field): (_, &Field)| {
            let cell = &field.cell;
            let has_blanks = !cell.blanks.is_empty() || !cell.blank_numbers.is_empty() || cell.blank_is_empty_set;
            has_blanks || field.else_missing || field.default.is_some()
        };
        match policies.iter().any(|policy| policy.fields.iter().any(counts)) {
            true => &[Cells::AsRead, Cells::AsValues],
            false => &[Cells::AsValues],
        }
    }
}

impl Potential {
    /// Each once, in order.
    fn sort(&mut self) {
        self.assumptions.sort_unstable();
        self.assumptions.dedup();
        for rules in [&mut self.kept_off, &mut self.losers] {
            rules.sort_unstable();
            rules.dedup();
        }
    }
}

/// Compares two policies, that are made to accept all leads in one way.
fn look(
    [old, new]: [&Policy; 2],
    [before, now]: [Policy; 2],
    rules: &[[RuleId; 2]],
    slots: &[Slot],
    found: &mut Potential,
) {
    let mut model = Model::new(&[&before, &now], Over::InForce, false);
    model.work = MAX_WORK.saturating_sub(WORK);
    for slot in slots {
        if let [Some(Step::Assumption(was)), Some(Step::Assumption(is))] = slot.steps
            && let (Some(before), Some(now)) = (old.assumptions.get(was), new.assumptions.get(is))
        {
            let ([_, before], [_, now]) = (model.truths(0, before), model.truths(1, now));
            if before != now && !model.is_refuted(&[before, !now]) {
                found.assumptions.push(was);
            }
        }
    }
    for [was, is] in rules {
        let Some(section) = old.rules[*was].section else { continue };
        let before = model.section(0, section);
        let now = match new.rules[*is].section {
            Some(section) => model.section(1, section),
            None => model.constant(true),
        };
        if before != now && !model.is_refuted(&[before, !now]) {
            found.kept_off.push(*was);
        }
    }
    // A rule keeps its leads where one decides the same that all of its owners own.
    let mut stay: BTreeMap<(&str, &[String]), Lit> = BTreeMap::new();
    for (rule, of) in old.rules.iter() {
        let (phrase, owners) = (old.decisions[of.decision].phrase.as_str(), old.owners_of_rule(rule));
        let stays = match stay.get(&(phrase, owners)) {
            Some(stays) => *stays,
            None => {
                let is_theirs = |rule: RuleId| owners.iter().all(|team| new.owners_of_rule(rule).contains(team));
                let same = new
                    .rules
                    .iter()
                    .filter(|(rule, of)| new.decisions[of.decision].phrase == phrase && is_theirs(*rule));
                let decides: Vec<Lit> = same.map(|(rule, _)| model.decides(1, rule)).collect();
                *stay.entry((phrase, owners)).or_insert(model.any_of(&decides))
            }
        };
        let comes_here = model.decides(0, rule);
        if !model.is_refuted(&[comes_here, !stays]) {
            found.losers.push(rule);
        }
    }
}

/// A policy for all leads that there can be, on all days: which of them it accepts, and which values there are, other edits may change.
pub(super) fn loosened(policy: &Policy, cells: Cells) -> Policy {
    accepting(&with_places(policy), cells)
}

/// The policy that accepts them.
fn accepting(policy: &Policy, cells: Cells) -> Policy {
    let ty = |ty: &Type| match ty {
        Type::Choice(choices) => Type::Choice(Choices { other: true, ..choices.clone() }),
        // One that has no name yet.
        Type::Set(values) => Type::Set(values.iter().cloned().chain([String::new()]).collect()),
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Date
        | Type::DateTime => ty.clone(),
    };
    let any = |(_, field): (_, &Field)| {
        let known = Field { required: false, ..field.clone() };
        // What is read as missing is none of the values that there may be.
        if cells == Cells::AsRead && field.else_missing {
            return known;
        }
        let all = Field { min: None, max: None, ty: ty(&field.ty), ..known };
        match cells {
            Cells::AsRead => all,
            Cells::AsValues => {
                let (blanks, blank_numbers) = (Vec::new(), Vec::new());
                let cell = Cell { blanks, blank_numbers, blank_is_empty_set: false, ..field.cell.clone() };
                Field { cell, default: None, ..all }
            }
        }
    };
    Policy {
        assumptions: Vec::new(),
        in_force: None,
        fields: policy.fields.iter().map(any).collect(),
        ..policy.clone()
    }
}
