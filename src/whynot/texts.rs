//! How a change of a text is said: by the tests that have to turn out otherwise, in the words of the policy. No text is made up.

use super::Advice;
use super::search::Search;
use crate::analysis::Lit;
use crate::ir::reach::Reach;
use crate::ir::{CompareOp, Cond, CondKind, DecisionId, Expr, FieldId, Lead, Policy, visit};
use crate::types::{Truth, Value};

impl Search<'_, '_> {
    /// The tests of a text alone that turn out otherwise than before: as few as are enough when the others stay as they are.
    pub(super) fn tests(&mut self, wanted: DecisionId, field: FieldId, lead: &Lead) -> Advice {
        let policy = self.evaluator.policy();
        let (before, now) = (self.evaluator.on(self.lead), self.evaluator.on(lead));
        let [mut changed, mut same]: [Vec<(Cond, Truth)>; 2] = [Vec::new(), Vec::new()];
        for cond in visit::deciding(policy) {
            cond.walk(&mut |part| {
                let truth = now.truth(part);
                let tests = if truth == before.truth(part) { &mut same } else { &mut changed };
                if reads_only(policy, part, field) && !tests.iter().any(|(seen, _)| seen.kind == part.kind) {
                    tests.push((part.clone(), truth));
                }
            });
        }
        let is = changed.iter().find_map(|(cond, truth)| whole(cond, *truth));
        if let Some(text) = is.filter(|text| lead.get(field) == Some(*text)) {
            return Advice::OneOf(vec![text.clone()]);
        }
        let mut fixed = self.everything_else(wanted, field, lead);
        // What was missing has no tests that could stay as they are.
        if self.lead.get(field).is_some() {
            fixed.extend(same.iter().map(|(cond, truth)| self.turns_out(cond, *truth)));
        }
        let outcomes: Vec<Lit> = changed.iter().map(|(cond, truth)| self.turns_out(cond, *truth)).collect();
        // The model has no leads that break an assumption, so that it cannot tell which tests keep to one.
        let enough = if is_assumed(policy, field) { None } else { self.fewest(&fixed, &outcomes) };
        let tied = self.ties.iter().any(|tie| tie.contains(&field));
        match (enough, lead.get(field)) {
            // It hangs on a comparison with another field.
            (enough, Some(text)) if tied && enough.as_ref().is_none_or(Vec::is_empty) => {
                Advice::OneOf(vec![text.clone()])
            }
            (None, _) => Advice::Tests(changed),
            (Some(enough), _) if enough.is_empty() => Advice::Known,
            (Some(enough), _) => {
                Advice::Tests(enough.into_iter().filter_map(|position| changed.get(position).cloned()).collect())
            }
        }
    }

    /// Everything but a text, which is there, and that the decision is another one.
    fn everything_else(&mut self, wanted: DecisionId, field: FieldId, lead: &Lead) -> Vec<Lit> {
        let mut fixed = self.kept();
        fixed.extend([!self.gets(wanted), self.model.is_known(0, field)]);
        for other in self.free.clone() {
            if other != field {
                fixed.push(self.model.as_in(other, lead, false));
            }
        }
        fixed
    }

    /// That a condition has this truth.
    fn turns_out(&mut self, cond: &Cond, truth: Truth) -> Lit {
        let parts = self.model.condition(0, cond).is(truth);
        self.model.gates.and(&parts)
    }
}

/// The text that a text is, when that is what a test says.
fn whole(cond: &Cond, truth: Truth) -> Option<&Value> {
    let CondKind::Compare { op, left: Expr::Field(_), right: Expr::Const(value) } = &cond.kind else { return None };
    matches!((op, truth), (CompareOp::Eq, Truth::True) | (CompareOp::Ne, Truth::False)).then_some(value)
}

/// Whether an assumption depends on a field.
fn is_assumed(policy: &Policy, field: FieldId) -> bool {
    let mut reach = Reach::new(policy);
    policy.assumptions.iter().for_each(|assumption| reach.cond(assumption));
    reach.fields.contains(&field) || reach.asked.contains(&field)
}

/// Whether a condition is one test of this field and of nothing else.
fn reads_only(policy: &Policy, cond: &Cond, field: FieldId) -> bool {
    let operands = cond.operands();
    let mut reach = Reach::new(policy);
    operands.iter().for_each(|operand| reach.value(operand));
    !operands.is_empty()
        && reach.fields.iter().eq([&field])
        && reach.scores.is_empty()
        && reach.grades.is_empty()
        && reach.stages.is_empty()
}
