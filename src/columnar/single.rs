//! Deciding one lead that is in memory, in a fraction of a microsecond.
//!
//! The lead's values are classed as cells are, and the rules' gates are asked one after the other, each only as far as its answer needs.

use super::cells::{PADDING, Room};
use super::circuit::{Gate, Node, Part, SumId};
use super::plan::{Codec, DOUBT, Plan, Planned, Table, bits};
use crate::eval::{Evaluator, Outcome};
use crate::ir::{Id, Lead, RuleId};
use crate::types::{Type, Value};

/// A policy at one as-of time, compiled to decide leads one by one.
#[derive(Debug)]
pub struct CompiledPolicy<'e> {
    evaluator: &'e Evaluator<'e>,
    plan: Option<Plan<'e>>,
    /// For each column of the plan that is a closed set, the class of each of its values.
    values: Vec<Vec<u16>>,
}

/// The most words of a lead, and the most sums, that need no memory of their own.
const FEW: usize = 8;

impl<'e> CompiledPolicy<'e> {
    /// Compiles a policy for an as-of time. What cannot be compiled is left to the evaluator, which decides the same.
    #[must_use]
    pub fn new(evaluator: &'e Evaluator<'e>) -> CompiledPolicy<'e> {
        let plan = Plan::new(evaluator, None).filter(|plan| plan.words <= FEW && plan.circuit.sums().len() <= FEW);
        let values = plan.iter().flat_map(|plan| &plan.columns).map(|planned| values(evaluator, planned)).collect();
        CompiledPolicy { evaluator, plan, values }
    }

    /// Decides a lead: the same as [`Evaluator::decide`].
    #[must_use]
    pub fn decide(&self, lead: &Lead) -> Outcome {
        let Some(plan) = &self.plan else { return self.evaluator.decide(lead) };
        let mut words = [0u64; FEW];
        for (planned, values) in plan.columns.iter().zip(&self.values) {
            if planned.column.is_idle() {
                continue;
            }
            if !classed(planned, values, lead, &mut words) {
                let held: Vec<Option<Value>> =
                    planned.column.fields.iter().map(|field| lead.get(*field).cloned()).collect();
                let answers = planned.column.answers(self.evaluator, &plan.scale, &held);
                add(&mut words, planned, &planned.place.pattern(answers.as_ref()));
            }
        }
        if words.iter().any(|word| word & DOUBT != 0) {
            return self.evaluator.decide(lead);
        }
        let mut asked = Asked { plan, words: &words, sums: [None; FEW] };
        let fires = |(at, gate): (usize, &Gate)| asked.holds(*gate).then_some(at);
        let rules = &self.evaluator.policy().rules;
        let last = rules.len().saturating_sub(1);
        let rule = RuleId::from_position(plan.gates.iter().enumerate().find_map(fires).unwrap_or(last));
        Outcome { rule, decision: rules[rule].decision }
    }
}

/// The class of each value of a closed set; none for other columns.
fn values(evaluator: &Evaluator<'_>, planned: &Planned<'_>) -> Vec<u16> {
    let (Codec::Words(lexicon, _), Some(field)) = (&planned.codec, planned.column.field()) else { return Vec::new() };
    let class = |text: &str| {
        let mut padded = text.as_bytes().to_vec();
        padded.resize(text.len() + PADDING, 0);
        lexicon.find(&padded, 0, text.len())
    };
    match &evaluator.policy().fields[field].ty {
        Type::Choice(choices) => choices.values.iter().map_while(|value| class(value.trim())).collect(),
        Type::YesNo => ["no", "yes"].into_iter().map_while(class).collect(),
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::Date
        | Type::DateTime
        | Type::Set(_) => Vec::new(),
    }
}

/// Adds the answers for the value of a column, if its class can be told from the value.
fn classed(planned: &Planned<'_>, values: &[u16], lead: &Lead, words: &mut [u64]) -> bool {
    let Some(field) = planned.column.field().filter(|_| !planned.has_blanks) else { return false };
    let value = lead.get(field);
    match (&planned.codec, value) {
        (Codec::Words(_, table) | Codec::Numbers(_, table) | Codec::Days(_, table), None) => {
            look_up(planned, table, 0, words)
        }
        (Codec::Words(_, table), Some(Value::Choice(at))) => {
            values.get(*at).is_some_and(|class| look_up(planned, table, *class, words))
        }
        (Codec::Words(_, table), Some(Value::YesNo(yes))) => {
            values.get(usize::from(*yes)).is_some_and(|class| look_up(planned, table, *class, words))
        }
        (Codec::Numbers(numbers, table), Some(Value::Number(number))) => {
            numbers.of_number(number).is_some_and(|class| look_up(planned, table, class, words))
        }
        (Codec::Days(days, table), Some(Value::Date(day))) => {
            days.of_date(*day).is_some_and(|class| look_up(planned, table, class, words))
        }
        (Codec::Texts(texts), None) => {
            add(words, planned, &texts.empty);
            true
        }
        // A text that no cell holds is not one that the classes know.
        (Codec::Texts(texts), Some(Value::Text(text))) if !text.is_empty() && text.trim().len() == text.len() => {
            texts.of(text, &mut Room::default(), &mut |pattern| add(words, planned, pattern));
            true
        }
        (Codec::Unread | Codec::Words(..) | Codec::Numbers(..) | Codec::Days(..) | Codec::Texts(_) | Codec::Any, _) => {
            false
        }
    }
}

fn look_up(planned: &Planned<'_>, table: &Table, class: u16, words: &mut [u64]) -> bool {
    for (table, word) in table.words.iter().zip(words.iter_mut().skip(planned.place.first)) {
        *word |= table.get(usize::from(class)).copied().unwrap_or(DOUBT);
    }
    true
}

fn add(words: &mut [u64], planned: &Planned<'_>, pattern: &[u64]) {
    words.iter_mut().skip(planned.place.first).zip(pattern).for_each(|(word, bits)| *word |= bits);
}

/// The answers of one lead, and the sums that have been worked out.
struct Asked<'a, 'e> {
    plan: &'a Plan<'e>,
    words: &'a [u64; FEW],
    sums: [Option<i128>; FEW],
}

impl Asked<'_, '_> {
    fn holds(&mut self, gate: Gate) -> bool {
        let plan = self.plan;
        match plan.circuit.node(gate) {
            Node::Const(holds) => *holds,
            Node::Asked(question) => {
                plan.layout.questions.get(*question).is_some_and(|bit| bits(self.words, *bit, 1) == 1)
            }
            Node::Not(inner) => !self.holds(*inner),
            Node::All(parts) => parts.iter().all(|part| self.holds(*part)),
            Node::Any(parts) => parts.iter().any(|part| self.holds(*part)),
            Node::Reaches(sum, least) => self.total(*sum) >= *least,
        }
    }

    fn total(&mut self, sum: SumId) -> i128 {
        if let Some(Some(known)) = self.sums.get(sum.position()) {
            return *known;
        }
        let plan = self.plan;
        let Some(made) = plan.circuit.sums().get(sum.position()) else { return 0 };
        let mut total = made.base;
        for part in &made.parts {
            total += match part {
                Part::Fixed { amount, when } => {
                    if self.holds(*when) {
                        *amount
                    } else {
                        0
                    }
                }
                Part::Amount { amount, when } => {
                    if when.is_some_and(|when| !self.holds(when)) {
                        continue;
                    }
                    let Some(slot) = plan.layout.amounts.get(*amount) else { continue };
                    slot.low + i128::from(bits(self.words, slot.bit, slot.bits))
                }
                Part::Sum { sum, low, high, minus } => {
                    let inner = self.total(*sum);
                    let inner = low.map_or(inner, |low| inner.max(low));
                    let inner = high.map_or(inner, |high| inner.min(high));
                    if *minus { -inner } else { inner }
                }
            };
        }
        if let Some(slot) = self.sums.get_mut(sum.position()) {
            *slot = Some(total);
        }
        total
    }
}
