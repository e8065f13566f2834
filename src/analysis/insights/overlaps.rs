//! Pairs of rules with different decisions that some lead meets both of, where nothing above them decides.
//!
//! Rules are looked at from the first to the last, among the leads that no rule above takes. A lead that a rule decides answers for all
//! rules below that it meets, too; leads that were met before come first, and only what is left is asked of the solver.

use super::{Insight, Stop};
use crate::analysis::cross::Recipe;
use crate::analysis::model::{Model, Over};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::{Evaluator, Session};
use crate::ir::{Id, Policy, RuleId};

/// For how many rules the first lead is made as short as can be.
const SHORT: usize = 20;

/// How many times leads are mixed for one rule.
const MAX_ROUNDS: usize = 8;

/// All overlaps, rule by rule; so many leads are worked out, and one for each rule.
pub(super) fn all(policy: &Policy, most: usize) -> Vec<Insight> {
    let mut model = Model::new(&[policy], Over::InForce, false);
    let fires: Vec<(RuleId, Lit)> = policy.rules.iter().map(|(id, _)| (id, model.fires(0, id))).collect();
    let recipes: Vec<Recipe> = policy
        .rules
        .iter()
        .map(|(id, _)| {
            let own = model.conjuncts(0, id);
            model.recipe(&own)
        })
        .collect();
    let (mut found, mut pairs, mut open, mut worked_out) = (Vec::new(), 0, 0, 0);
    for (id, rule) in policy.rules.iter() {
        let own = model.conjuncts(0, id);
        let differs = |(below, _): &&(RuleId, Lit)| {
            let other = &policy.rules[*below];
            *below > id && other.when.is_some() && other.decision != rule.decision
        };
        // What is true of every lead is in nobody's way.
        let below: Vec<(RuleId, Lit)> = fires.iter().filter(differs).copied().rev().collect();
        if rule.when.is_some() && !below.is_empty() {
            if model.is_exhausted() {
                found.push(Insight::Stopped { at: Stop::Rule(id) });
                break;
            }
            if !model.is_refuted(&own) {
                model.look_around(&own);
                let enough = most.saturating_sub(worked_out).max(1);
                let mut pair = Pairs {
                    policy,
                    rule: id,
                    own: &own,
                    left: below,
                    recipes: &recipes,
                    leads: Vec::new(),
                    others: Vec::new(),
                    open: 0,
                };
                pair.settle(&mut model, found.len() < SHORT, enough);
                let Pairs { leads, others, open: unknown, .. } = pair;
                worked_out += leads.len();
                pairs += leads.iter().map(|(_, below)| below.len()).sum::<usize>() + others.len();
                open += unknown;
                if !leads.is_empty() {
                    found.push(Insight::Overlap { rule: id, leads, others });
                }
            }
        }
        let not: Vec<Lit> = own.iter().map(|lit| !*lit).collect();
        model.gates.require(&not);
    }
    if pairs + open > 0 {
        found.push(Insight::Overlaps { pairs, open });
    }
    found
}

/// The pairs that a rule is the first of.
struct Pairs<'a> {
    policy: &'a Policy,
    rule: RuleId,
    own: &'a [Lit],
    /// The rules below of which nothing is known yet, the next one last.
    left: Vec<(RuleId, Lit)>,
    /// What each rule needs of a lead.
    recipes: &'a [Recipe],
    leads: Vec<(Witness, Vec<RuleId>)>,
    /// Rules that meet it in a lead that was not worked out.
    others: Vec<RuleId>,
    open: usize,
}

impl Pairs<'_> {
    /// Finds out about all that are left; `enough` leads are worked out.
    fn settle(&mut self, model: &mut Model<'_>, short: bool, enough: usize) {
        let fires = model.fires(0, self.rule);
        while let Some((below, other)) = self.left.last().copied() {
            if self.leads.len() >= enough {
                if model.is_exact() {
                    self.mix(model, fires);
                }
                let left = std::mem::take(&mut self.left);
                left.into_iter().rev().for_each(|pair| self.meets(model, fires, pair));
                break;
            }
            let mut both = self.own.to_vec();
            both.push(other);
            let (policy, rule) = (self.policy, self.rule);
            let mut confirm = |witness: &Witness| {
                on(policy, witness, |session| session.outcome().rule == rule && would_take(session, below))
            };
            let answer = if short && self.leads.is_empty() {
                model.witness(&both, &mut confirm)
            } else {
                model.any(&both, &mut confirm)
            };
            match answer {
                Answer::Yes(witness) => self.take(witness),
                Answer::No(_) => {
                    self.left.pop();
                }
                Answer::NotKnown => {
                    self.left.pop();
                    self.open += 1;
                }
            }
        }
        self.others.sort_unstable();
    }

    /// Finds leads for as many of the rules as mixing gives some for.
    fn mix(&mut self, model: &mut Model<'_>, fires: Lit) {
        for _ in 0..MAX_ROUNDS {
            let before = self.left.len();
            let recipes: Vec<&Recipe> =
                self.left.iter().filter_map(|(below, _)| self.recipes.get(below.position())).collect();
            model.cross(self.own, &recipes);
            self.left.retain(|(below, other)| {
                let met = model.sampled(&[fires, *other]);
                self.others.extend(met.then_some(*below));
                !met
            });
            // A few more are not worth a round.
            if (before - self.left.len()) * 20 <= before {
                break;
            }
        }
    }

    /// Whether some lead meets a rule, too. Where a condition is left open, no lead that has not been decided says so.
    fn meets(&mut self, model: &mut Model<'_>, fires: Lit, (below, other): (RuleId, Lit)) {
        if !model.is_exact() {
            self.open += 1;
        } else if model.sampled(&[fires, other]) {
            self.others.push(below);
        } else {
            let both: Vec<Lit> = self.own.iter().copied().chain([other]).collect();
            match model.ask(&both) {
                Answer::Yes(point) => {
                    model.remember(&point);
                    self.others.push(below);
                }
                Answer::No(_) => {}
                Answer::NotKnown => self.open += 1,
            }
        }
    }

    /// A lead that the rule decides answers for all rules below that it meets.
    fn take(&mut self, witness: Witness) {
        let mut met = Vec::new();
        on(self.policy, &witness, |session| {
            self.left.retain(|(below, _)| {
                let meets = would_take(session, *below);
                met.extend(meets.then_some(*below));
                !meets
            });
            true
        });
        met.reverse();
        self.leads.push((witness, met));
    }
}

/// Asks something of the lead of a witness.
fn on(policy: &Policy, witness: &Witness, ask: impl FnOnce(&Session<'_>) -> bool) -> bool {
    let evaluator = Evaluator::new(policy, witness.as_of);
    witness.leads.first().is_some_and(|lead| ask(&evaluator.on(lead)))
}

/// Whether a rule would decide the lead if it came first.
fn would_take(session: &Session<'_>, rule: RuleId) -> bool {
    let rule = &session.policy().rules[rule];
    rule.section.is_none_or(|section| session.section(section).is_true())
        && rule.when.as_ref().is_none_or(|when| session.truth(when).is_true())
}
