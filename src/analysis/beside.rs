//! What a comparison of policies asks of their model.

use super::model::Model;
use super::solver::Lit;
use crate::ir::{Cond, FieldId};

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

    /// The second where the first holds, else the third.
    pub(crate) fn choose(&mut self, test: Lit, yes: Lit, no: Lit) -> Lit {
        self.gates.choose(test, yes, no)
    }

    /// Only leads are of interest from now on that have one of these.
    pub(crate) fn require(&mut self, any_of: &[Lit]) {
        self.gates.require(any_of);
    }

    /// How much the solver has done, in literals that it has worked out.
    pub(crate) fn spent(&self) -> u64 {
        self.gates.propagations()
    }
}
