//! The smallest changes of a lead that would have brought another decision.
//!
//! Smallest by the number of fields that change, then by how far they change, field after field in the order of the policy. Of one
//! lead everything is known, so that each field has a literal *as it is*; the fewest that cannot all hold together with the decision are
//! proved to be the fewest by the solver, and what is proposed has been decided by the evaluator.

mod advice;
mod distance;
mod obstacle;
mod search;
mod smallest;
mod texts;

use std::collections::BTreeSet;

use crate::analysis::Answer as Found;
use crate::eval::Evaluator;
use crate::ir::{Cond, DecisionId, FieldId, Id, Lead, RuleId};
use crate::types::{Truth, Value};
use search::Search;

/// The most fields that an answer changes.
pub const MAX_FIELDS: usize = 5;

/// The most alternatives that an answer has.
pub const MAX_ALTERNATIVES: usize = 5;

/// How much may be spent on an answer, and on the nearest better decision, which nobody has asked for: in steps of about a nanosecond.
const BUDGET: u64 = 20_000_000_000;
const SMALL_BUDGET: u64 = 500_000_000;

/// The most sets of fields that are looked at for that many alternatives.
const MAX_SETS: usize = 6;

/// The most sets of fields that are looked at for the nearest better decision.
const FEW_SETS: usize = 4;

/// What would have brought a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The lead has it.
    Has,
    /// These, each by itself; all of them change equally many fields.
    Changes {
        /// In the order of the fields that they change.
        alternatives: Vec<Alternative>,
        /// Whether there are others of that many fields.
        more: bool,
        /// Whether it is proved that fewer fields, or a shorter way, do not.
        smallest: bool,
    },
    /// Nothing: it is proved.
    Impossible(Obstacle),
    /// Nothing that changes as few fields as [`MAX_FIELDS`]; more of them might.
    Beyond,
    /// Neither was found.
    NotKnown,
}

/// What is in the way of a decision whatever else changes: as little as is enough to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Obstacle {
    /// Fields that are held.
    pub held: Vec<FieldId>,
    /// Fields whose value could only be taken away, which is no advice.
    pub known: Vec<FieldId>,
    /// Rules that decide first.
    pub rules: Vec<RuleId>,
}

/// One way to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// What changes, in the order of the policy's fields.
    pub changes: Vec<Change>,
    /// The lead with these changes.
    pub lead: Lead,
    /// The rule that decides that lead.
    pub rule: RuleId,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub field: FieldId,
    /// What it holds; none when it is missing.
    pub from: Option<Value>,
    /// A value with which the decision has been tried.
    pub to: Value,
    /// Which values do, when the other fields are as in the alternative.
    pub advice: Advice,
    /// Whether the advice speaks of a personal value of another field.
    pub personal: bool,
}

/// Which values of a field do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// All that the field can hold.
    Known,
    /// Those from the first bound to the second; without one, as far as the field goes.
    Range(Option<Bound>, Option<Bound>),
    /// These.
    OneOf(Vec<Value>),
    /// A set with some members added and others taken away: positions in its type.
    Members {
        /// The members to add.
        added: BTreeSet<usize>,
        /// The members to take away.
        removed: BTreeSet<usize>,
    },
    /// A text for which these tests turn out like this.
    Tests(Vec<(Cond, Truth)>),
}

/// Where a range ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The value.
    pub value: Value,
    /// Whether the value itself is outside.
    pub outside: bool,
}

/// A better decision than a lead has, and the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Better {
    /// The decision.
    pub decision: DecisionId,
    /// The way.
    pub alternative: Alternative,
}

/// What would have brought a decision to a lead, when these fields and those that the policy calls `fixed` stay as they are.
#[must_use]
pub fn answer(evaluator: &Evaluator<'_>, lead: &Lead, wanted: DecisionId, held: &BTreeSet<FieldId>) -> Answer {
    if evaluator.decide(lead).decision == wanted {
        return Answer::Has;
    }
    let mut search = Search::new(evaluator, lead, &[wanted], held, BUDGET);
    match search.possible(wanted) {
        Found::No(_) => return Answer::Impossible(search.obstacle(wanted)),
        Found::Yes(_) | Found::NotKnown => {}
    }
    let mut smallest = true;
    let mut unknown = false;
    for count in 1..=MAX_FIELDS {
        let sets = search.sets(wanted, count, MAX_SETS);
        let mut alternatives = Vec::new();
        let mut more = sets.more;
        for set in &sets.sets {
            if alternatives.len() >= MAX_ALTERNATIVES {
                more = true;
                break;
            }
            let found = search.alternatives(wanted, set);
            smallest &= found.proved;
            alternatives.extend(found.alternatives);
        }
        more |= alternatives.len() > MAX_ALTERNATIVES;
        alternatives.truncate(MAX_ALTERNATIVES);
        if !alternatives.is_empty() {
            return Answer::Changes { alternatives, more, smallest: smallest && sets.known };
        }
        unknown |= !sets.known || !sets.sets.is_empty();
        smallest = !unknown;
    }
    if unknown { Answer::NotKnown } else { Answer::Beyond }
}

/// The nearest better decision, when the policy ranks its decisions: the fewest fields that bring any, then the best decision that so
/// many bring. None when there is no better one, nothing brings it, or that is not proved.
#[must_use]
pub fn nearest_better(evaluator: &Evaluator<'_>, lead: &Lead, held: &BTreeSet<FieldId>) -> Option<Better> {
    let policy = evaluator.policy();
    let has = evaluator.decide(lead).decision;
    let better: Vec<DecisionId> = (0..has.position()).map(DecisionId::from_position).collect();
    if !policy.best_first || better.is_empty() {
        return None;
    }
    let mut search = Search::new(evaluator, lead, &better, held, SMALL_BUDGET);
    for count in 1..=MAX_FIELDS {
        match search.within(&better, count) {
            Found::No(_) => continue,
            Found::NotKnown => return None,
            Found::Yes(_) => {}
        }
        for decision in &better {
            let sets = search.sets(*decision, count, FEW_SETS);
            let Some(set) = sets.sets.first() else { continue };
            let ways = search.alternatives(*decision, set);
            let alternative = ways.alternatives.into_iter().next().filter(|_| ways.proved && sets.known);
            return alternative.map(|alternative| Better { decision: *decision, alternative });
        }
        return None;
    }
    None
}
