//! What is in the way of a decision that no change brings: the held fields and the rules above, as few as are enough.

use super::Obstacle;
use super::search::Search;
use crate::analysis::Lit;
use crate::ir::{DecisionId, FieldId, RuleId};

/// One thing that may be in the way.
#[derive(Debug, Clone, Copy)]
enum Reason {
    Held(FieldId),
    Known(FieldId),
    Rule(RuleId),
}

impl Search<'_, '_> {
    /// Why no change brings a decision.
    pub(super) fn obstacle(&mut self, wanted: DecisionId) -> Obstacle {
        let held: Vec<(Reason, Lit)> = self.held.iter().map(|(field, lit)| (Reason::Held(*field), *lit)).collect();
        let known: Vec<(Reason, Lit)> = self.known.iter().map(|(field, lit)| (Reason::Known(*field), *lit)).collect();
        let (rules, fires) = self.without_rules(wanted);
        // What is tried first is left out first: rules that are in the way say more than values that are not taken away.
        let reasons: Vec<(Reason, Lit)> = known.into_iter().chain(held).chain(rules).collect();
        let lits: Vec<Lit> = reasons.iter().map(|(_, lit)| *lit).collect();
        let enough = self.fewest(&[fires], &lits).unwrap_or_default();
        let mut obstacle = Obstacle::default();
        for (reason, _) in enough.into_iter().filter_map(|position| reasons.get(position)) {
            match *reason {
                Reason::Held(field) => obstacle.held.push(field),
                Reason::Known(field) => obstacle.known.push(field),
                Reason::Rule(rule) => obstacle.rules.push(rule),
            }
        }
        obstacle
    }

    /// That a rule of the decision fires and none above it does that takes part; for each of those that it does take part.
    fn without_rules(&mut self, wanted: DecisionId) -> (Vec<(Reason, Lit)>, Lit) {
        let policy = self.evaluator.policy();
        let mut parts = Vec::new();
        let mut ways = Vec::new();
        let mut none_above = self.model.gates.constant(true);
        for (id, rule) in policy.rules.iter() {
            let fires = self.model.fires(0, id);
            if rule.decision == wanted {
                ways.push(self.model.gates.and(&[none_above, fires]));
            } else {
                let part = self.model.gates.input();
                parts.push((Reason::Rule(id), part));
                let fires = self.model.gates.and(&[fires, part]);
                none_above = self.model.gates.and(&[none_above, !fires]);
            }
        }
        (parts, self.model.gates.or(&ways))
    }
}
