//! The search for the fewest fields: which of them have to change together.

use std::collections::BTreeSet;

use super::Alternative;
use crate::analysis::{Answer as Found, Lit, Model, Over, Point};
use crate::eval::{Evaluator, Session};
use crate::ir::{DecisionId, FieldId, Id, Lead, RuleId};
use crate::types::Truth;

/// A lead, and the model in which changes of it are looked for.
#[derive(Debug)]
pub(super) struct Search<'p, 'l> {
    pub(super) model: Model<'p>,
    pub(super) evaluator: &'l Evaluator<'p>,
    pub(super) lead: &'l Lead,
    /// The fields that may change.
    pub(super) free: Vec<FieldId>,
    /// For each field of the policy: that it is as it is.
    pub(super) same: Vec<Lit>,
    /// What is never changed: fields that are held, and that a field is known.
    pub(super) held: Vec<(FieldId, Lit)>,
    pub(super) known: Vec<(FieldId, Lit)>,
    /// Fields that one condition brings together.
    pub(super) ties: Vec<Vec<FieldId>>,
    /// Fields in conditions that the model leaves open.
    pub(super) open: BTreeSet<FieldId>,
    /// For each decision that may be asked for: that the lead gets it.
    gets: Vec<(DecisionId, Lit)>,
}

/// Sets of fields that bring a decision when they change.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// In the order of the policy's fields.
    pub(super) sets: Vec<Vec<FieldId>>,
    /// Whether there may be others.
    pub(super) more: bool,
    /// Whether the solver has an answer to everything.
    pub(super) known: bool,
}

/// Ways to change one set of fields.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) alternatives: Vec<Alternative>,
    /// Whether they are proved to be the shortest.
    pub(super) proved: bool,
}

impl<'p, 'l> Search<'p, 'l> {
    pub(super) fn new(
        evaluator: &'l Evaluator<'p>,
        lead: &'l Lead,
        decisions: &[DecisionId],
        held: &BTreeSet<FieldId>,
    ) -> Self {
        let policy = evaluator.policy();
        let mut model = Model::new(&[policy], Over::Instant(evaluator.as_of()), false);
        let gets = gets(&mut model, decisions);
        let session = evaluator.on(lead);
        let open: Vec<(BTreeSet<FieldId>, [Lit; 2])> = model.open_conditions(&session);
        let mut ties = model.ties();
        ties.extend(open.iter().map(|(fields, _)| fields.iter().copied().collect()));
        let is_held = |id: FieldId| {
            let field = &policy.fields[id];
            field.fixed || field.is_id || held.contains(&id)
        };
        let mut search = Search {
            evaluator,
            lead,
            free: policy.fields.iter().map(|(id, _)| id).filter(|id| !is_held(*id)).collect(),
            same: Vec::new(),
            held: Vec::new(),
            known: Vec::new(),
            open: open.iter().flat_map(|(fields, _)| fields).copied().collect(),
            ties,
            gets,
            model,
        };
        for (id, _) in policy.fields.iter() {
            let exactly = search.ties.iter().any(|tie| tie.contains(&id));
            let same = search.model.as_in(id, lead, exactly);
            search.same.push(same);
            if is_held(id) {
                search.held.push((id, same));
            } else if lead.get(id).is_some() {
                let known = search.model.is_known(0, id);
                search.known.push((id, known));
            }
        }
        for (fields, sides) in open {
            // As long as its fields are as they are, it is as it is.
            let mut changed: Vec<Lit> = fields.iter().map(|field| !search.same(*field)).collect();
            // Two texts outside of a closed set count as the same, but need not be.
            let loose = fields.iter().any(|field| matches!(lead.get(*field), Some(crate::types::Value::Other(_))));
            if !loose {
                for side in sides {
                    changed.push(side);
                    search.model.gates.require(&changed);
                    changed.pop();
                }
            }
        }
        search
    }

    /// That a field is as it is.
    pub(super) fn same(&self, field: FieldId) -> Lit {
        self.same.get(field.position()).copied().unwrap_or_else(|| self.model.gates.constant(true))
    }

    /// What is assumed in every question: fields that are held, and values that are not taken away.
    pub(super) fn kept(&self) -> Vec<Lit> {
        self.held.iter().chain(&self.known).map(|(_, lit)| *lit).collect()
    }

    /// That the lead gets a decision.
    pub(super) fn gets(&self, decision: DecisionId) -> Lit {
        let never = self.model.gates.constant(false);
        self.gets.iter().find(|(of, _)| *of == decision).map_or(never, |(_, lit)| *lit)
    }

    /// Whether any change at all brings a decision.
    pub(super) fn possible(&mut self, wanted: DecisionId) -> Found<Point> {
        let mut asked = self.kept();
        asked.push(self.gets(wanted));
        self.model.ask(&asked)
    }

    /// Whether changes of so many fields bring any of these decisions.
    pub(super) fn within(&mut self, wanted: &[DecisionId], count: usize) -> Found<Point> {
        let any: Vec<Lit> = wanted.iter().map(|decision| self.gets(*decision)).collect();
        let any = self.model.gates.or(&any);
        let mut asked = self.kept();
        asked.extend([self.at_most(count), any]);
        self.model.ask(&asked)
    }

    /// The sets of so many fields that bring a decision when they change, at most `limit` of them; that fewer fields do not is known.
    pub(super) fn sets(&mut self, wanted: DecisionId, count: usize, limit: usize) -> Sets {
        let mut asked = self.kept();
        let same: Vec<Lit> = self.free.iter().map(|field| self.same(*field)).collect();
        asked.extend([self.at_most(count), !self.model.gates.and(&same), self.gets(wanted)]);
        let mut found = Sets { known: true, ..Sets::default() };
        loop {
            match self.model.ask(&asked) {
                Found::No(_) => break,
                Found::NotKnown => {
                    found.known = false;
                    found.more = true;
                    break;
                }
                Found::Yes(point) => {
                    let set: Vec<FieldId> =
                        self.free.iter().copied().filter(|field| !point.holds(self.same(*field))).collect();
                    let same: Vec<Lit> = set.iter().map(|field| self.same(*field)).collect();
                    asked.push(self.model.gates.or(&same));
                    found.sets.push(set);
                    if found.sets.len() == limit {
                        found.more = true;
                        break;
                    }
                }
            }
        }
        found.sets.sort();
        found
    }

    /// That at most so many fields are not as they are.
    fn at_most(&mut self, count: usize) -> Lit {
        let changed: Vec<Lit> = self.free.iter().map(|field| !self.same(*field)).collect();
        if count >= changed.len() {
            return self.model.gates.constant(true);
        }
        !self.model.gates.at_least(count + 1, &changed)
    }

    /// The rule that decides a lead, when it is one that the policy accepts and gets the decision.
    pub(super) fn decided(&self, wanted: DecisionId, lead: &Lead) -> Option<RuleId> {
        let session = self.evaluator.on(lead);
        let outcome = session.outcome();
        (outcome.decision == wanted && is_accepted(&session)).then_some(outcome.rule)
    }
}

/// Whether the policy accepts a lead.
fn is_accepted(session: &Session<'_>) -> bool {
    let policy = session.policy();
    let fits = policy.fields.iter().all(|(id, field)| match session.lead().get(id) {
        None => !field.required,
        Some(crate::types::Value::Number(number)) => {
            field.min.as_ref().is_none_or(|min| number >= min)
                && field.max.as_ref().is_none_or(|max| number <= max)
                && !field.cell.is_blank_number(number)
        }
        Some(_) => true,
    });
    fits && policy.assumptions.iter().all(|assumption| session.truth(assumption) != Truth::False)
}

/// For each of these decisions: that the first rule that fires is one of its rules.
fn gets(model: &mut Model<'_>, decisions: &[DecisionId]) -> Vec<(DecisionId, Lit)> {
    let rules: Vec<(RuleId, DecisionId)> =
        model.policies().flat_map(|policy| policy.rules.iter()).map(|(id, rule)| (id, rule.decision)).collect();
    let mut ways: Vec<(DecisionId, Vec<Lit>)> = decisions.iter().map(|decision| (*decision, Vec::new())).collect();
    let mut none_above = model.gates.constant(true);
    for (rule, decision) in rules {
        let fires = model.fires(0, rule);
        if let Some((_, ways)) = ways.iter_mut().find(|(of, _)| *of == decision) {
            ways.push(model.gates.and(&[none_above, fires]));
        }
        none_above = model.gates.and(&[none_above, !fires]);
    }
    ways.into_iter().map(|(decision, ways)| (decision, model.gates.or(&ways))).collect()
}
