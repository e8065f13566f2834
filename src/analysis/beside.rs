//! What a comparison of policies asks of their model.

use super::model::Model;
use super::search::Answer;
use super::solver::{Lit, MAX_LEARNT};
use super::witness::Witness;
use crate::ir::{Cond, FieldId, Lead};

impl Model<'_> {
    /// The fields of each policy that are one field of the data.
    pub(crate) fn fields_beside(&self) -> impl Iterator<Item = &[Option<FieldId>]> {
        self.axes.iter().map(|axis| axis.fields.as_slice())
    }

    /// That all fields are missing which have one name and types that cannot be compared.
    pub(crate) fn apart_missing(&self) -> Vec<Lit> {
        let apart = self.fields_apart();
        let named = |(side, field): (usize, &Option<FieldId>)| {
            let policy = self.sides.get(side)?.policy;
            Some(apart.contains(&policy.fields[(*field)?].name))
        };
        let of = self.axes.iter().filter(|axis| axis.fields.iter().enumerate().filter_map(named).any(|apart| apart));
        of.map(|axis| !axis.known).collect()
    }

    /// The literal of a condition's being surely true, and that of its being surely false.
    pub(crate) fn truths(&mut self, side: usize, cond: &Cond) -> [Lit; 2] {
        let kleene = self.condition(side, cond);
        [kleene.yes, kleene.no]
    }

    /// The literal that always, or never, holds.
    pub(crate) fn constant(&self, truth: bool) -> Lit {
        self.gates.constant(truth)
    }

    /// All of these hold.
    pub(crate) fn all_of(&mut self, parts: &[Lit]) -> Lit {
        self.gates.and(parts)
    }

    /// One of these holds.
    pub(crate) fn any_of(&mut self, parts: &[Lit]) -> Lit {
        self.gates.or(parts)
    }

    /// Only leads are of interest from now on that have one of these.
    pub(crate) fn require(&mut self, any_of: &[Lit]) {
        self.gates.require(any_of);
    }

    /// A lead that has all of these and that `confirm` accepts: one met before, or one that the solver finds. Fields that it does not need
    /// are left out.
    pub(crate) fn met_or_found(
        &mut self,
        assumptions: &[Lit],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Answer<Witness> {
        for bits in self.met(assumptions) {
            let met = self.filled(bits).map(|point| self.lead(&point));
            if let Some(witness) = met.filter(|witness| confirm(witness)) {
                return Answer::Yes(self.plainer(witness, confirm));
            }
        }
        match self.confirmed(assumptions, confirm) {
            Answer::Yes((_, point, witness)) => {
                self.remember(&point);
                self.look_around(assumptions);
                Answer::Yes(self.plainer(witness, confirm))
            }
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// Whether it is proved that no lead can have all of these. When that takes long, each of the `cases`, one of which must hold, is looked
    /// at by itself.
    pub(crate) fn is_refuted_by_cases(&mut self, assumptions: &[Lit], cases: &[Lit]) -> bool {
        const SHORT: u64 = 2_000;
        if self.is_exhausted() || self.sampled(assumptions) {
            return false;
        }
        self.gates.limit(SHORT);
        let answer = self.ask(assumptions);
        self.gates.limit(MAX_LEARNT);
        match answer {
            Answer::No(_) => true,
            Answer::Yes(point) => {
                self.remember(&point);
                false
            }
            Answer::NotKnown => cases.iter().all(|case| {
                let asked: Vec<Lit> = assumptions.iter().copied().chain([*case]).collect();
                self.is_refuted(&asked)
            }),
        }
    }

    /// The same without the fields that can be left out, one after the other.
    fn plainer(&self, mut witness: Witness, confirm: &mut dyn FnMut(&Witness) -> bool) -> Witness {
        let empty: Vec<Lead> = self.policies().map(Lead::empty).collect();
        for axis in &self.axes {
            let mut without = witness.clone();
            for ((lead, field), empty) in without.leads.iter_mut().zip(&axis.fields).zip(&empty) {
                field.iter().for_each(|field| lead.set(*field, empty.get(*field).cloned()));
            }
            if without != witness && confirm(&without) {
                witness = without;
            }
        }
        witness
    }
}
