//! Leads made of two others: most questions about two rules together are answered by one, and only the others go to the solver.
//!
//! A [`Recipe`] is what a rule needs of a lead, taken from one that it fires for: the values of the fields that its simple conditions speak
//! of. Put into a lead that another rule takes, it often makes one that both would take.

use std::collections::BTreeSet;

use super::gates::Meaning;
use super::model::Model;
use super::sample::{COLUMNS, Sample};
use super::search::{Answer, Point};
use super::solver::Lit;

/// The values that a rule needs: groups of variables, by position, and their values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recipe(Vec<(usize, Vec<bool>)>);

/// How many variables a condition may hang on, directly or not, to be simple: a score hangs on hundreds.
const SIMPLE: usize = 400;

/// How many leads are mixed with others.
const BASES: usize = 32;

impl Model<'_> {
    /// What a rule with these conjuncts needs; nothing when no lead has them, or that is not known.
    pub(crate) fn recipe(&mut self, conjuncts: &[Lit]) -> Recipe {
        let Answer::Yes(point) = self.ask(conjuncts) else { return Recipe::default() };
        let mut inputs = BTreeSet::new();
        for lit in conjuncts {
            inputs.extend(self.inputs(*lit).unwrap_or_default());
        }
        let groups = self.groups();
        let needed = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.lits().iter().any(|lit| inputs.contains(&lit.variable())));
        Recipe(needed.map(|(at, group)| (at, values(&point, &group.lits()))).collect())
    }

    /// The free variables that a literal hangs on; none when there are too many.
    fn inputs(&self, lit: Lit) -> Option<BTreeSet<usize>> {
        let (mut open, mut seen, mut inputs) = (vec![lit.variable()], BTreeSet::new(), BTreeSet::new());
        while let Some(variable) = open.pop() {
            if !seen.insert(variable) {
                continue;
            }
            if seen.len() > SIMPLE {
                return None;
            }
            match self.gates.meanings().get(variable) {
                Some(Meaning::And(parts)) => open.extend(parts.iter().map(|part| part.variable())),
                Some(Meaning::Choice(parts)) => open.extend(parts.iter().map(|part| part.variable())),
                Some(Meaning::Input) | None => {
                    inputs.insert(variable);
                }
            }
        }
        Some(inputs)
    }

    /// Mixes leads that have all of these with each of the recipes, in the place of the leads nearby.
    pub(crate) fn cross(&mut self, own: &[Lit], recipes: &[&Recipe]) {
        let groups = self.groups();
        let (mut sample, near) = (std::mem::take(&mut self.sample), std::mem::take(&mut self.near));
        sample.extend(&self.gates);
        self.work += ((self.gates.meanings().len() + self.gates.required().len()) * 32) as u64;
        let mut bases: Vec<Vec<Vec<bool>>> = Vec::new();
        for of in [&near, &sample] {
            let columns = of.columns(own).take(BASES - bases.len());
            bases.extend(columns.map(|column| groups.iter().map(|group| of.copied(group, column)).collect()));
        }
        let mut mixed = Sample::like(&sample);
        if !bases.is_empty() && !recipes.is_empty() {
            for column in 0..COLUMNS {
                let Some(base) = bases.get(sample.roll(bases.len())) else { continue };
                for (group, bits) in groups.iter().zip(base) {
                    mixed.put(group, column, bits);
                }
                let Some(Recipe(needed)) = recipes.get(column % recipes.len()) else { continue };
                for (at, bits) in needed {
                    groups.get(*at).into_iter().for_each(|group| mixed.put(group, column, bits));
                }
            }
            mixed.judge(&self.gates);
        }
        (self.sample, self.near) = (sample, mixed);
    }
}

fn values(point: &Point, lits: &[Lit]) -> Vec<bool> {
    lits.iter().map(|lit| point.holds(*lit)).collect()
}
