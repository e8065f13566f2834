//! The proof: which leads change hands, slot by slot or edit by edit, from where to where.

use std::collections::{BTreeMap, BTreeSet};

use super::align::{self, Slot, Step};
use super::cover::{self, Clause, Cover, Place};
use super::edit::{self, Edit};
use super::names::{self, Sides};
use super::pair::{self, Both, Fate, Fates, How, Seen};
use super::potential::{self, Potential};
use super::{Diff, agreed, items, notes, plain, ranked};
use crate::analysis::{Answer, Lit, Model, Over, Witness};
use crate::ir::{FieldId, Policy, RuleId};

/// What one edit, or several that act together, changes.
#[derive(Debug)]
pub struct Change {
    /// The edits that cause it, by their position.
    pub edits: Vec<usize>,
    /// Edits of what its rules depend on besides.
    pub also: Vec<usize>,
    /// The leads that part here, in kinds that exclude each other.
    pub parts: Vec<Part>,
}

/// Leads whose ways part at the same place.
#[derive(Debug)]
pub struct Part {
    /// The slots.
    pub slots: Vec<usize>,
    /// How the policies part there; in every way when none.
    pub how: Option<How>,
    /// Which leads, in words, when that could be said.
    pub who: Option<Cover>,
    /// From where to where they go, each with a lead that does.
    pub flows: Vec<Flow>,
    /// Whether these are all of the flows.
    pub complete: bool,
    /// Whether some of the leads keep their decision, by a rule further down.
    pub some_stay: bool,
    /// The rules of the old policy that lose leads here, and those of which that is not known. Looked for [in depth](Diff::in_depth) only.
    pub losers: Vec<RuleId>,
}

/// Leads that go from one decision to another.
#[derive(Debug)]
pub struct Flow {
    /// One that does, invented, and decided by both evaluators.
    pub witness: Witness,
    /// What is seen of it.
    pub seen: Seen,
}

impl Part {
    /// Whether leads that part at this slot in this way are among these.
    #[must_use]
    pub fn has(&self, (slot, how): (usize, How)) -> bool {
        self.slots.contains(&slot) && self.how.is_none_or(|of| of == how)
    }
}

/// Up to so many slots of one cause are described one by one.
const FEW: usize = 4;

/// Up to so many causes are told apart; the rest is one.
const MAX_CHANGES: usize = 60;

/// How much may have been spent, in steps of about a nanosecond, before no more leads are described.
const MAX_DESCRIBING: u64 = 2_400_000_000;

/// Compares two policies; `in_depth`, also looks for every rule that loses leads.
pub(super) fn compare(policies: [&Policy; 2], in_depth: bool) -> Diff<'_> {
    let [old, new] = policies;
    let (mut found, called) = items::differences(old, new);
    let mut model = Model::new(&[old, new], Over::InForce, false);
    let fields = model.fields_beside().map(|row| [row.first().copied().flatten(), row.get(1).copied().flatten()]);
    let fields: Vec<[Option<FieldId>; 2]> = fields.collect();
    let slots = align::slots(&Sides { old, called: &called, new }, fields, &mut found);
    let called = names::under_new_names(old, &names::renamed(found.edits.iter().chain(&found.wording)));
    agreed::compare(&called, new, &mut found);
    let fates = Fates::new(policies);
    let edit::Differences { edits, agreement, wording, cased, reading, rules, case: _ } = found;
    let ranked = ranked::compare([&called, new]);
    let notes::LeftOut { not_compared, notes } = notes::left_out(policies, reading, model.fields_apart());
    let mut scan = Scan::new(policies, &mut model, &slots, &fates);
    scan.in_depth = in_depth;
    let changes = scan.changes(&edits);
    let looks_further = in_depth && !edits.is_empty();
    let potential = if looks_further { potential::compare(policies, &rules, &slots) } else { Potential::default() };
    let handed_over = std::mem::take(&mut scan.handed_over);
    Diff {
        policies,
        edits,
        agreement,
        wording,
        cased,
        ranked,
        not_compared,
        notes,
        slots,
        rules,
        changes,
        handed_over,
        potential,
        fates,
    }
}

/// A comparison under way.
struct Scan<'a, 'p> {
    policies: [&'p Policy; 2],
    model: &'a mut Model<'p>,
    slots: &'a [Slot],
    fates: &'a Fates,
    both: Both<'p>,
    /// For each slot, whether each side's step takes a lead that gets there.
    takes: Vec<[Lit; 2]>,
    /// For each slot, whether neither side has taken the lead before.
    gets_to: Vec<Lit>,
    /// For each side and each fate, that a lead comes to it.
    ends: [BTreeMap<Fate, Lit>; 2],
    /// For each fate, that a lead comes to it under the new policy by each of the steps that do.
    by_step: BTreeMap<Fate, Vec<Lit>>,
    /// For each rule of the old policy, that a lead comes to it.
    by_old_rule: Vec<(usize, RuleId, Lit)>,
    /// The same for each rule of the new one.
    by_new_rule: Vec<(RuleId, Lit)>,
    /// See [`Diff::handed_over`].
    handed_over: Vec<RuleId>,
    in_depth: bool,
    /// That no field is there which the two policies read in ways that cannot be compared.
    plain: Vec<Lit>,
}

impl<'a, 'p> Scan<'a, 'p> {
    fn new(policies: [&'p Policy; 2], model: &'a mut Model<'p>, slots: &'a [Slot], fates: &'a Fates) -> Self {
        let takes: Vec<[Lit; 2]> = slots
            .iter()
            .map(|slot| {
                let [old, new] = slot.steps;
                [takes(model, 0, old), takes(model, 1, new)]
            })
            .collect();
        let mut gets_to = Vec::new();
        let mut so_far = model.constant(true);
        for [old, new] in &takes {
            gets_to.push(so_far);
            so_far = model.all_of(&[so_far, !*old, !*new]);
        }
        let plain = model.apart_missing();
        let ends = [BTreeMap::new(), BTreeMap::new()];
        Scan {
            policies,
            model,
            slots,
            fates,
            both: Both::new(policies),
            takes,
            gets_to,
            ends,
            by_step: BTreeMap::new(),
            by_old_rule: Vec::new(),
            by_new_rule: Vec::new(),
            handed_over: Vec::new(),
            in_depth: false,
            plain,
        }
    }

    /// The ways in which the policies can part at a slot.
    fn ways(&mut self, position: usize) -> Vec<(How, Lit)> {
        let (Some(slot), Some([old, new])) = (self.slots.get(position), self.takes.get(position).copied()) else {
            return Vec::new();
        };
        let mut ways = Vec::new();
        if old != new {
            ways.push((How::OldOnly, self.model.all_of(&[old, !new])));
            ways.push((How::NewOnly, self.model.all_of(&[new, !old])));
        }
        if let [Some(before), Some(now)] = slot.steps
            && self.fates.of(0, before) != self.fates.of(1, now)
        {
            ways.push((How::Both, self.model.all_of(&[old, new])));
        }
        let never = self.model.constant(false);
        ways.retain(|(_, lit)| *lit != never);
        ways
    }

    fn changes(&mut self, edits: &[Edit]) -> Vec<Change> {
        let differing: Vec<(usize, Vec<(How, Lit)>)> =
            (0..self.slots.len()).map(|slot| (slot, self.ways(slot))).filter(|(_, ways)| !ways.is_empty()).collect();
        let Some((first, _)) = differing.first() else { return Vec::new() };
        self.ends = [self.ends_from(0, *first), self.ends_from(1, *first)];
        if self.in_depth {
            self.handed_over = self.handed_over(*first);
        }
        let mut changes = Vec::new();
        for Group { edits, also, slots: group } in grouped(self.policies, self.slots, edits, differing) {
            let first = group.first().and_then(|(slot, _)| self.gets_to.get(*slot));
            // Every cause from here on is about leads that get here.
            first.copied().into_iter().for_each(|gets_here| self.model.require(&[gets_here]));
            let parts = self.parts(&group);
            let parts: Vec<Part> = parts.into_iter().filter(|part| !part.flows.is_empty() || !part.complete).collect();
            if !parts.is_empty() {
                changes.push(Change { edits, also, parts });
            }
        }
        changes
    }

    /// For each fate that a lead can come to from a slot on, that it does.
    fn ends_from(&mut self, side: usize, first: usize) -> BTreeMap<Fate, Lit> {
        let mut ways: BTreeMap<Fate, Vec<Lit>> = BTreeMap::new();
        let mut left = self.model.constant(true);
        for (position, (slot, takes)) in self.slots.iter().zip(&self.takes).enumerate().skip(first) {
            let step = slot.steps.get(side).copied().flatten();
            let Some((step, takes)) = step.zip(takes.get(side).copied()) else { continue };
            let here = self.model.all_of(&[left, takes]);
            ways.entry(self.fates.of(side, step)).or_default().push(here);
            match (side, step) {
                (0, Step::Rule(rule)) => self.by_old_rule.push((position, rule, here)),
                (_, Step::Rule(rule)) => self.by_new_rule.push((rule, here)),
                (_, Step::Field(_) | Step::Assumption(_)) => {}
            }
            left = self.model.all_of(&[left, !takes]);
        }
        let ends = ways.iter().map(|(fate, ways)| (*fate, self.model.any_of(ways))).collect();
        if side == 1 {
            self.by_step = ways;
        }
        ends
    }

    /// The fates of a side's steps at some slots or behind the first of them.
    fn fates(&self, side: usize, slots: &[usize], how: Option<How>) -> BTreeSet<Fate> {
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else { return BTreeSet::new() };
        let fate = |slot: &Slot| Some(self.fates.of(side, slot.steps.get(side).copied().flatten()?));
        let takes_here = match how {
            Some(How::Both) => true,
            Some(How::OldOnly) => side == 0,
            Some(How::NewOnly) => side == 1,
            None => return self.slots.iter().skip(*first).filter_map(fate).collect(),
        };
        if takes_here {
            self.slots.get(*last).and_then(fate).into_iter().collect()
        } else {
            self.slots.iter().skip(last + 1).filter_map(fate).collect()
        }
    }

    /// Whether a lead comes to this fate.
    fn is(&self, side: usize, fate: Fate) -> Lit {
        let end = self.ends.get(side).and_then(|ends| ends.get(&fate));
        end.copied().unwrap_or_else(|| self.model.constant(false))
    }

    fn parts(&mut self, group: &[(usize, Vec<(How, Lit)>)]) -> Vec<Part> {
        if group.len() > FEW {
            let mut any = Vec::new();
            for (slot, ways) in group {
                let ways: Vec<Lit> = ways.iter().map(|(_, lit)| *lit).collect();
                let parts_here = self.model.any_of(&ways);
                let gets_here = self.gets_to.get(*slot).copied();
                any.extend(gets_here.map(|gets_here| self.model.all_of(&[gets_here, parts_here])));
            }
            let here = self.model.any_of(&any);
            return vec![self.part(group.iter().map(|(slot, _)| *slot).collect(), None, &[here])];
        }
        let mut parts = Vec::new();
        for (slot, ways) in group {
            let Some(gets_here) = self.gets_to.get(*slot).copied() else { continue };
            for (how, way) in ways {
                let mut part = self.part(vec![*slot], Some(*how), &[gets_here, *way]);
                if !part.flows.is_empty() {
                    part.some_stay = self.some_stay(&part, &[gets_here, *way]);
                    part.who = self.who((*slot, *how), gets_here, *way);
                }
                parts.push(part);
            }
        }
        parts
    }

    /// Finds a lead for each flow, or the proof that there is none.
    fn part(&mut self, slots: Vec<usize>, how: Option<How>, here: &[Lit]) -> Part {
        let [from, to] = [0, 1].map(|side| self.fates(side, &slots, how));
        let mut part =
            Part { slots, how, who: None, flows: Vec::new(), complete: true, some_stay: false, losers: Vec::new() };
        for to in &to {
            let from: Vec<Fate> = from.iter().copied().filter(|from| from != to).collect();
            let any: Vec<Lit> = here.iter().copied().chain([!self.is(0, *to), self.is(1, *to)]).collect();
            let steps = self.by_step.get(to).cloned().unwrap_or_default();
            if from.len() > 1 && self.model.is_refuted_by_cases(&any, &steps) {
                continue;
            }
            let from_several = from.len() > 1;
            for from in &from {
                let asked: Vec<Lit> = here.iter().copied().chain([self.is(0, *from), self.is(1, *to)]).collect();
                if from_several && self.model.is_refuted_by_cases(&asked, &steps) {
                    continue;
                }
                match self.flow(&part, [*from, *to], &asked) {
                    Answer::Yes(flow) => part.flows.push(flow),
                    Answer::No(_) => {}
                    Answer::NotKnown => part.complete = false,
                }
            }
        }
        part.flows.sort_by_key(|flow| flow.seen.fates);
        if self.in_depth {
            part.losers = self.losers(&part, here);
        }
        part
    }

    /// The rules of the old policy whose leads come to rules that not all of their owners own, unless it is proved that none does; the slots
    /// before the first are the same.
    fn handed_over(&mut self, first: usize) -> Vec<RuleId> {
        let [old, new] = self.policies;
        let Some(gets_here) = self.gets_to.get(first).copied() else { return Vec::new() };
        let mut by_others: BTreeMap<&[String], Lit> = BTreeMap::new();
        let mut found = Vec::new();
        for (_, rule, comes_here) in self.by_old_rule.clone() {
            let owners = old.owners_of_rule(rule);
            let others = by_others.entry(owners).or_insert_with(|| {
                let is_other = |rule: RuleId| owners.iter().any(|team| !new.owners_of_rule(rule).contains(team));
                let ways = self.by_new_rule.iter().filter(|(rule, _)| is_other(*rule)).map(|(_, way)| *way);
                self.model.any_of(&ways.collect::<Vec<_>>())
            });
            if !self.model.is_refuted(&[gets_here, comes_here, *others]) {
                found.push(rule);
            }
        }
        found
    }

    /// The rules of the old policy from which leads of a part go elsewhere: all but those of which the contrary is proved.
    fn losers(&mut self, part: &Part, here: &[Lit]) -> Vec<RuleId> {
        let first = part.slots.first().copied().unwrap_or(0);
        let from: BTreeSet<Fate> = part.flows.iter().map(|flow| flow.seen.fates[0]).collect();
        let mut losers = Vec::new();
        for (position, rule, comes_here) in self.by_old_rule.clone() {
            let fate = self.fates.of(0, Step::Rule(rule));
            // What is not complete may have flows that were not found.
            if position < first || (part.complete && !from.contains(&fate)) {
                continue;
            }
            let seen = part.flows.iter().any(|flow| flow.seen.steps[0] == Some(Step::Rule(rule)));
            let asked: Vec<Lit> = here.iter().copied().chain([comes_here, !self.is(1, fate)]).collect();
            if seen || !self.model.is_refuted(&asked) {
                losers.push(rule);
            }
        }
        losers
    }

    /// Whether some of the leads that part here come to the same.
    fn some_stay(&mut self, part: &Part, here: &[Lit]) -> bool {
        let [from, to] = [0, 1].map(|side| self.fates(side, &part.slots, part.how));
        from.intersection(&to).any(|fate| {
            let asked: Vec<Lit> = here.iter().copied().chain([self.is(0, *fate), self.is(1, *fate)]).collect();
            matches!(self.model.ask(&asked), Answer::Yes(_))
        })
    }

    /// A lead of a part that goes from one fate to another.
    fn flow(&mut self, part: &Part, wanted: [Fate; 2], asked: &[Lit]) -> Answer<Flow> {
        if self.model.is_exhausted() {
            return Answer::NotKnown;
        }
        let (both, slots, fates) = (&mut self.both, self.slots, self.fates);
        let mut last: Option<Seen> = None;
        let mut confirm = |witness: &Witness| {
            let seen = both.look(slots, fates, witness.as_of, &witness.leads);
            let good = seen.filter(|seen| seen.fates == wanted && seen.parts.is_some_and(|at| part.has(at)));
            last = good.or(last);
            good.is_some()
        };
        let with: Vec<Lit> = asked.iter().chain(&self.plain).copied().collect();
        let answer = self.model.met_or_found(&with, &mut confirm);
        match answer {
            Answer::Yes(witness) => match last {
                Some(seen) => {
                    let mut same = |witness: &Witness| {
                        both.look(slots, fates, witness.as_of, &witness.leads).is_some_and(|other| other == seen)
                    };
                    Answer::Yes(Flow { witness: plain::plain(self.policies, witness, &mut same), seen })
                }
                None => Answer::NotKnown,
            },
            Answer::NotKnown => Answer::NotKnown,
            // A lead with a field that cannot be compared proves nothing, unless there is none of that kind either.
            Answer::No(core) if core.iter().any(|lit| self.plain.contains(lit)) => match self.model.ask(asked) {
                Answer::No(core) => Answer::No(core),
                Answer::Yes(_) | Answer::NotKnown => Answer::NotKnown,
            },
            Answer::No(core) => Answer::No(core),
        }
    }

    /// Which leads part at a slot in this way, in words.
    fn who(&mut self, at: (usize, How), gets_here: Lit, way: Lit) -> Option<Cover> {
        let steps = self.slots.get(at.0)?.steps;
        let rules = steps.map(|step| match step {
            Some(Step::Rule(rule)) => Some(rule),
            Some(Step::Field(_) | Step::Assumption(_)) | None => None,
        });
        if rules == [None, None] || self.model.spent() > MAX_DESCRIBING {
            return None;
        }
        let place = Place { policies: self.policies, rules, gets_here, way };
        let (both, slots, fates) = (&mut self.both, self.slots, self.fates);
        let mut first_of = |witness: &Witness, alternatives: &[Vec<Clause>]| {
            let sessions = both.on(witness.as_of, &witness.leads)?;
            let meets = |clause: &Clause| sessions.get(clause.side).is_some_and(|s| s.truth(&clause.cond).is_true());
            let [old, new] = &sessions;
            let parts_here = pair::look(slots, fates, [old, new]).parts == Some(at);
            alternatives.iter().position(|all| all.iter().all(meets)).filter(|_| parts_here)
        };
        Some(cover::cover(self.model, &place, &mut first_of))
    }
}

/// Whether a side's step takes a lead that gets to it.
fn takes(model: &mut Model<'_>, side: usize, step: Option<Step>) -> Lit {
    match step {
        None => model.constant(false),
        Some(Step::Field(field)) => !model.accepts_field(side, field),
        Some(Step::Assumption(at)) => match model.policy(side).assumptions.get(at) {
            Some(assumption) => {
                let [_, no] = model.truths(side, assumption);
                no
            }
            None => model.constant(false),
        },
        Some(Step::Rule(rule)) => model.fires(side, rule),
    }
}

/// Slots that differ, each with the ways in which it does.
type Differing = Vec<(usize, Vec<(How, Lit)>)>;

/// Slots that one cause makes differ.
#[derive(Default)]
struct Group {
    edits: Vec<usize>,
    also: Vec<usize>,
    slots: Differing,
}

/// The slots by what makes them differ: the edits of the slot itself, else those of what it depends on.
fn grouped(policies: [&Policy; 2], slots: &[Slot], edits: &[Edit], differing: Differing) -> Vec<Group> {
    let mut of_name: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (position, edit) in edits.iter().enumerate() {
        of_name.entry((edit.kind, edit.name.clone())).or_default().push(position);
    }
    let mut places: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (position, ways) in differing {
        let Some(slot) = slots.get(position) else { continue };
        let mut behind = BTreeSet::new();
        for (policy, step) in policies.into_iter().zip(slot.steps) {
            let names = step.map(|step| align::depends_on(policy, step)).unwrap_or_default();
            behind.extend(names.iter().filter_map(|name| of_name.get(name)).flatten().copied());
        }
        let behind: Vec<usize> = behind.into_iter().collect();
        let (causes, also) = if slot.own.is_empty() { (behind, Vec::new()) } else { (slot.own.clone(), behind) };
        let group = if groups.len() >= MAX_CHANGES && !places.contains_key(&causes) {
            MAX_CHANGES - 1
        } else {
            *places.entry(causes.clone()).or_insert(groups.len())
        };
        if group == groups.len() {
            groups.push(Group::default());
        }
        let Some(group) = groups.get_mut(group) else { continue };
        for (all, more) in [(&mut group.edits, causes), (&mut group.also, also)] {
            let new: Vec<usize> = more.into_iter().filter(|edit| !all.contains(edit)).collect();
            all.extend(new);
        }
        group.slots.push((position, ways));
    }
    groups
}
