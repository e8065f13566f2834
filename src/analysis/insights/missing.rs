//! What hangs on the values that may be missing: for each field, the rules that stay silent without it, and the decisions that leads
//! get then and would not get with some value.
//!
//! Two policies side by side share every field but the one in question, which the second one never has: the same lead with the value
//! and without it. A field with a default is never missed.

use super::{Insight, Stop};
use crate::analysis::model::{MAX_WORK, Model, Over};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::{Evaluator, Outcome, Session};
use crate::ir::reach::Reach;
use crate::ir::{DecisionId, Field, FieldId, Guard, Id, Policy, Rule, RuleId, visit};
use crate::types::Truth;

/// What hangs on each field that anything hangs on.
pub(super) fn all(policy: &Policy) -> Vec<Insight> {
    let mut found = Vec::new();
    let mut work = 0;
    let mut reach = Reach::new(policy);
    visit::deciding(policy).for_each(|cond| reach.cond(cond));
    for (field, declared) in policy.fields.iter() {
        if !may_be_missed(declared) || !reach.fields.contains(&field) {
            continue;
        }
        if work > MAX_WORK {
            found.push(Insight::Stopped { at: Stop::Field(field) });
            break;
        }
        let without = never_given(policy, field);
        let mut both = Both::new(policy, &without, field);
        let (silent, silent_known) = both.silent();
        let (changes, changes_known) = both.changes();
        work += both.model.spent();
        let complete = silent_known && changes_known;
        if !silent.is_empty() || !changes.is_empty() || !complete {
            found.push(Insight::Missing { field, silent, changes, complete });
        }
    }
    found
}

fn may_be_missed(field: &Field) -> bool {
    let absent = !field.cell.blank_is_empty_set || !field.cell.blanks.is_empty() || field.else_missing;
    field.default.is_none() && (!field.required || field.else_missing) && absent
}

/// The policy for leads without a field: it reads it from a column that no other policy has.
fn never_given(policy: &Policy, field: FieldId) -> Policy {
    let mut without = policy.clone();
    if let Some(field) = without.fields.get_mut(field) {
        field.name.push_str(" (missing)");
        field.column.push_str(" (missing)");
        field.required = false;
    }
    without
}

/// A policy with a value and without it.
struct Both<'p> {
    policy: &'p Policy,
    without: &'p Policy,
    field: FieldId,
    model: Model<'p>,
    /// For each rule and both sides: nothing above fires; it decides.
    reached: Vec<[Lit; 2]>,
    decides: Vec<[Lit; 2]>,
}

impl<'p> Both<'p> {
    fn new(policy: &'p Policy, without: &'p Policy, field: FieldId) -> Self {
        let mut model = Model::new(&[policy, without], Over::InForce, false);
        let (given, missing) = (model.is_known(0, field), model.is_known(1, field));
        model.gates.require(&[given]);
        model.gates.require(&[!missing]);
        let mut none_above = [model.gates.constant(true); 2];
        let (mut reached, mut decides) = (Vec::new(), Vec::new());
        for (id, _) in policy.rules.iter() {
            let mut here = none_above;
            for (side, (above, decides)) in none_above.iter_mut().zip(&mut here).enumerate() {
                let fires = model.fires(side, id);
                *decides = model.gates.and(&[*above, fires]);
                *above = model.gates.and(&[*above, !fires]);
            }
            reached.push(none_above);
            decides.push(here);
        }
        // What holds before a rule is what held behind the one above it.
        reached.insert(0, [model.gates.constant(true); 2]);
        Both { policy, without, field, model, reached, decides }
    }

    /// The rules that stay silent, and whether these are all.
    fn silent(&mut self) -> (Vec<RuleId>, bool) {
        let (mut silent, mut complete) = (Vec::new(), true);
        for (id, rule) in self.policy.rules.iter() {
            let (Some(when), true) = (&rule.when, self.hangs_on_it(rule)) else { continue };
            if self.model.is_exhausted() {
                return (silent, false);
            }
            let at = |of: &[[Lit; 2]]| of.get(id.position()).copied();
            let (Some([decides, _]), Some([_, reached])) = (at(&self.decides), at(&self.reached)) else { continue };
            let mut asked = vec![decides, reached, !self.model.fires(1, id), !self.model.condition(1, when).no];
            if let Some(Guard::When(guard)) = rule.section.map(|section| &self.policy.sections[section].guard) {
                asked.push(!self.model.condition(1, guard).no);
            }
            let (policy, without) = (self.policy, self.without);
            let mut confirm = |witness: &Witness| {
                pair(policy, without, witness, |with, without| {
                    with.outcome().rule == id && without.outcome().rule > id && is_unknown(without, id)
                })
            };
            match self.model.any(&asked, &mut confirm) {
                Answer::Yes(_) => silent.push(id),
                Answer::No(_) => {}
                Answer::NotKnown => complete = false,
            }
        }
        (silent, complete)
    }

    /// For each decision, a lead that gets it without the value and not with it; and whether nothing is left open.
    fn changes(&mut self) -> (Vec<Witness>, bool) {
        let (mut changes, mut complete) = (Vec::new(), true);
        for (decision, _) in self.policy.decisions.iter() {
            if self.model.is_exhausted() {
                return (changes, false);
            }
            let gets = [0, 1].map(|side| self.gets(side, decision));
            let (policy, without) = (self.policy, self.without);
            let mut confirm = |witness: &Witness| {
                pair(policy, without, witness, |with, without| {
                    with.outcome().decision != decision && without.outcome().decision == decision
                })
            };
            match self.model.witness(&[!gets[0], gets[1]], &mut confirm) {
                Answer::Yes(witness) => changes.push(witness),
                Answer::No(_) => {}
                Answer::NotKnown => complete = false,
            }
        }
        (changes, complete)
    }

    fn gets(&mut self, side: usize, decision: DecisionId) -> Lit {
        let rules = self.policy.rules.iter().zip(&self.decides);
        let by = rules.filter(|((_, rule), _)| rule.decision == decision);
        let by: Vec<Lit> = by.filter_map(|(_, decides)| decides.get(side).copied()).collect();
        self.model.gates.or(&by)
    }

    /// Whether a rule's condition, or its section's, depends on the field.
    fn hangs_on_it(&self, rule: &Rule) -> bool {
        let mut reach = Reach::new(self.policy);
        rule.when.iter().for_each(|when| reach.cond(when));
        if let Some(Guard::When(guard)) = rule.section.map(|section| &self.policy.sections[section].guard) {
            reach.cond(guard);
        }
        reach.fields.contains(&self.field) || reach.asked.contains(&self.field)
    }
}

/// Asks something of the lead with the value and without.
fn pair(
    policy: &Policy,
    without: &Policy,
    witness: &Witness,
    ask: impl FnOnce(&Session<'_>, &Session<'_>) -> bool,
) -> bool {
    let [with, lead] = witness.leads.as_slice() else { return false };
    let (there, missing) = (Evaluator::new(policy, witness.as_of), Evaluator::new(without, witness.as_of));
    let (there, missing) = (there.on(with), missing.on(lead));
    let possible = |session: &Session<'_>| {
        session.policy().assumptions.iter().all(|assumed| session.truth(assumed) != Truth::False)
    };
    possible(&there) && possible(&missing) && ask(&there, &missing)
}

/// Whether a rule is neither for the lead nor surely not.
fn is_unknown(session: &Session<'_>, rule: RuleId) -> bool {
    let rule = &session.policy().rules[rule];
    let guard = rule.section.map_or(Truth::True, |section| session.section(section));
    let when = rule.when.as_ref().map_or(Truth::True, |when| session.truth(when));
    guard.and(when) == Truth::Unknown
}

/// What a lead of a change gets with the value and without it.
pub(super) fn outcomes(policy: &Policy, witness: &Witness) -> Option<[Outcome; 2]> {
    let [with, without] = witness.leads.as_slice() else { return None };
    let evaluator = Evaluator::new(policy, witness.as_of);
    Some([evaluator.decide(with), evaluator.decide(without)])
}
