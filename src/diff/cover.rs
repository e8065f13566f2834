//! Which leads part at a slot, in the policy's own words: conjunctions that are as wide as can be, relative to getting there.

use std::collections::BTreeSet;

use super::subject::{Gatherer, Side, Subject};
use crate::analysis::{Answer, Lit, Model, Witness};
use crate::ir::{Cond, Policy, RuleId, SectionId, visit};

/// A description of leads: of those that get to a slot, the ones for which any of the alternatives holds.
#[derive(Debug)]
pub struct Cover {
    /// The section whose leads they are, of the old policy or of the new one, when it is the same.
    pub section: Option<(usize, SectionId)>,
    /// Each a conjunction; every lead that gets there and has all of one parts there.
    pub alternatives: Vec<Vec<Clause>>,
    /// Whether every lead that parts there has one of the alternatives.
    pub complete: bool,
}

/// A part of a conjunction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The policy whose condition it is: 0 for the old one, 1 for the new one.
    pub side: usize,
    /// Whether both have something of that name, and mean something else by it.
    pub apart: bool,
    /// In words.
    pub text: String,
    /// As a condition that is surely true.
    pub cond: Cond,
}

/// Where leads part, and how.
pub(super) struct Place<'p> {
    pub(super) policies: [&'p Policy; 2],
    pub(super) rules: [Option<RuleId>; 2],
    pub(super) gets_here: Lit,
    pub(super) way: Lit,
}

/// The most alternatives of a description.
const MAX_ALTERNATIVES: usize = 6;

/// Asks the evaluators which is the first of some alternatives that a lead has; none when it does not part there.
type FirstOf<'f> = dyn FnMut(&Witness, &[Vec<Clause>]) -> Option<usize> + 'f;

/// Describes the leads that part at a place.
pub(super) fn cover<'p>(model: &mut Model<'p>, place: &Place<'p>, first_of: &mut FirstOf<'_>) -> Cover {
    let (section, inside) = shared_section(model, place);
    let subjects = subjects(model, place, section.is_some());
    let reach: Vec<Lit> = [place.gets_here].into_iter().chain(inside).collect();
    let mut cover = Cover { section, alternatives: Vec::new(), complete: false };
    let mut asked: Vec<Lit> = reach.iter().copied().chain([place.way]).collect();
    let never = model.constant(false);
    let possible: Vec<Vec<bool>> =
        subjects.iter().map(|subject| subject.cells.iter().map(|cell| *cell != never).collect()).collect();
    let mut unconfirmed = 0;
    loop {
        let point = match model.ask(&asked) {
            Answer::Yes(point) => point,
            Answer::No(_) => {
                cover.complete = unconfirmed == 0;
                return cover;
            }
            Answer::NotKnown => return cover,
        };
        if cover.alternatives.len() + unconfirmed == MAX_ALTERNATIVES || model.is_exhausted() {
            return cover;
        }
        let here = |subject: &Subject| {
            let cells = subject.cells.iter().enumerate().filter(|(_, cell)| point.holds(**cell));
            cells.map(|(cell, _)| cell).collect::<BTreeSet<usize>>()
        };
        let cube: Vec<BTreeSet<usize>> = subjects.iter().map(here).collect();
        let Some(cube) = widened(model, &subjects, cube, &reach, place.way) else { return cover };
        let lits = constrained(model, &subjects, &cube);
        let mut clauses = Vec::new();
        for ((subject, allowed), possible) in subjects.iter().zip(&cube).zip(&possible) {
            let side = subject.side.of();
            let [old, new] = place.policies;
            let policy = if side == 0 { old } else { new };
            if subject.say(policy, allowed, possible).is_some() {
                let met = met(model, subject, allowed, &reach, &lits);
                let said = subject.say(policy, &subject.said(allowed, &met), possible);
                let apart = matches!(subject.side, Side::Apart(_));
                clauses.extend(said.map(|(text, cond)| Clause { side, apart, text, cond }));
            }
        }
        cover.alternatives.push(clauses);
        // Where conditions are left open, what the solver finds may be no lead for the evaluators, or one that is described already.
        let inside: Vec<Lit> = asked.iter().chain(&lits).copied().collect();
        let last = cover.alternatives.len() - 1;
        let is_new = &mut |witness: &Witness| first_of(witness, &cover.alternatives) == Some(last);
        if !model.is_exact() && !matches!(model.witness(&inside, is_new), Answer::Yes(_)) {
            cover.alternatives.pop();
            unconfirmed += 1;
        }
        asked.push(!model.all_of(&lits));
    }
}

/// The allowed cells that a lead of the cube is in; the others would only make the words longer, and name what is not there.
fn met(
    model: &mut Model<'_>,
    subject: &Subject,
    allowed: &BTreeSet<usize>,
    reach: &[Lit],
    cube: &[Lit],
) -> BTreeSet<usize> {
    let mut is_met = |cell: &usize| {
        subject.cells.get(*cell).is_some_and(|lit| {
            let asked: Vec<Lit> = reach.iter().chain(cube).copied().chain([*lit]).collect();
            !model.is_refuted(&asked)
        })
    };
    allowed.iter().copied().filter(|cell| is_met(cell)).collect()
}

/// The section of the rules, when all of them are in one that has the same leads; and the literal of its leads.
fn shared_section(model: &mut Model<'_>, place: &Place<'_>) -> (Option<(usize, SectionId)>, Option<Lit>) {
    let mut found = Vec::new();
    for (side, (policy, rule)) in place.policies.into_iter().zip(place.rules).enumerate() {
        let Some(rule) = rule else { continue };
        let Some(section) = policy.rules[rule].section else { return (None, None) };
        found.push(((side, section), model.section(side, section)));
    }
    match found.as_slice() {
        [(section, lit)] => (Some(*section), Some(*lit)),
        [(_, old), (section, new)] if old == new => (Some(*section), Some(*new)),
        [..] => (None, None),
    }
}

fn subjects<'p>(model: &mut Model<'p>, place: &Place<'p>, section_said: bool) -> Vec<Subject> {
    let mut gatherer = Gatherer::new(model, place.policies);
    for (side, (policy, rule)) in place.policies.into_iter().zip(place.rules).enumerate() {
        let Some(rule) = rule.map(|rule| &policy.rules[rule]) else { continue };
        if let (Some(section), false) = (rule.section, section_said) {
            visit::guards(policy, section).into_iter().for_each(|guard| gatherer.gather(side, guard));
        }
        rule.when.iter().for_each(|when| gatherer.gather(side, when));
    }
    gatherer.subjects()
}

/// The literals of a cube: for each subject that it says something of, that it is in one of the allowed cells.
fn constrained(model: &mut Model<'_>, subjects: &[Subject], cube: &[BTreeSet<usize>]) -> Vec<Lit> {
    let mut lits = Vec::new();
    for (subject, allowed) in subjects.iter().zip(cube) {
        if allowed.len() < subject.cells.len() {
            let cells: Vec<Lit> = allowed.iter().filter_map(|cell| subject.cells.get(*cell).copied()).collect();
            lits.push(model.any_of(&cells));
        }
    }
    lits
}

/// The cube as wide as can be while every lead of it that gets there parts there; none when that is not even so for this one.
fn widened(
    model: &mut Model<'_>,
    subjects: &[Subject],
    mut cube: Vec<BTreeSet<usize>>,
    reach: &[Lit],
    way: Lit,
) -> Option<Vec<BTreeSet<usize>>> {
    let all_part = |model: &mut Model<'_>, cube: &[BTreeSet<usize>]| {
        let lits = constrained(model, subjects, cube);
        let asked: Vec<Lit> = reach.iter().copied().chain(lits).chain([!way]).collect();
        model.is_refuted(&asked)
    };
    if !all_part(model, &cube) {
        return None;
    }
    let attempt = |model: &mut Model<'_>, cube: &mut Vec<BTreeSet<usize>>, at: usize, wider: BTreeSet<usize>| {
        let Some(before) = cube.get_mut(at).map(|slot| std::mem::replace(slot, wider)) else { return false };
        let holds = all_part(model, cube);
        if !holds {
            cube.get_mut(at).into_iter().for_each(|slot| *slot = before.clone());
        }
        holds
    };
    for (at, subject) in subjects.iter().enumerate() {
        attempt(model, &mut cube, at, (0..subject.cells.len()).collect());
    }
    for (at, subject) in subjects.iter().enumerate() {
        let mut refused = BTreeSet::new();
        while let Some(allowed) = cube.get(at) {
            let next = subject.wider(allowed).into_iter().find(|cell| !refused.contains(cell));
            let Some(cell) = next else { break };
            let wider = allowed.iter().copied().chain([cell]).collect();
            if !attempt(model, &mut cube, at, wider) {
                refused.insert(cell);
            }
        }
    }
    Some(cube)
}
