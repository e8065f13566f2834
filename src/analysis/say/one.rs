//! Whether one answer to all leads would do in the place of what a thing says: each that does not is told by a lead, and the next one has to do for all of
//! these, until one does for every lead or none is left.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{fires_for_others, fires_on};
use crate::analysis::model::{MAX_WORK, Model, Over, in_force};
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::{Evaluator, Now, end_of_day};
use crate::ir::{DefineId, Expr, Field, FieldId, Id, Lead, Policy, RuleId, visit};
use crate::types::{Number, Shift, Truth, Type, Unit, Value};

/// After so many answers no other is looked for.
const MOST_TRIED: usize = 10;

/// After so many that are so far from now no other is.
const MOST_FROM_NOW: usize = 6;

/// As far as a number can be in a cell.
const FAR: i64 = 1_000_000_000_000_000_000;

/// A lead that tells one answer from what the thing says.
struct Met {
    lead: Lead,
    as_of: Timestamp,
    /// Whether the rule fires for it.
    fires: bool,
}

/// Leads under a policy, and under one in which the last field stands for what a thing says.
#[derive(Clone, Copy)]
pub(super) struct Sides<'p> {
    pub(super) policy: &'p Policy,
    pub(super) with: &'p Policy,
    /// Whether its values are all that there may be.
    pub(super) are_all: bool,
    /// What the thing says, where it is a definition.
    pub(super) value: Option<DefineId>,
    /// Only leads that this one accepts count.
    pub(super) among: Option<&'p Policy>,
}

/// Whether it takes more than one answer for a rule to fire for the leads for which it does.
pub(super) fn takes_more(sides: Sides<'_>, rule: RuleId, work: &mut u64) -> Truth {
    let free = FieldId::from_position(sides.with.fields.len().saturating_sub(1));
    let with = &sides.with.with_fields(|field, of| Field { required: of.required || field == free, ..of.clone() });
    let policy = &Policy { fields: with.fields.clone(), ..sides.policy.clone() };
    let sides = Sides { policy, with, ..sides };
    match of_any(sides, free, rule, work) {
        Truth::True | Truth::Unknown if is_from_now(sides, free, rule, work) => Truth::False,
        told => told,
    }
}

/// The same of answers that are values.
fn of_any(sides: Sides<'_>, free: FieldId, rule: RuleId, work: &mut u64) -> Truth {
    let Sides { policy, with, are_all, .. } = sides;
    let mut met: Vec<Met> = Vec::new();
    let mut ends = ends(&with.fields[free], are_all).into_iter();
    let mut times = far_times(policy, &with.fields[free]).into_iter();
    for _ in 0..MOST_TRIED {
        let next = ends.next().map_or_else(|| another(with, free, &met, rule, work), Answer::Yes);
        let answer = match next {
            Answer::Yes(answer) => answer,
            Answer::No(_) if are_all => return Truth::True,
            Answer::No(_) | Answer::NotKnown => break,
        };
        let one = put(with, free, &Expr::Const(answer));
        let mut at = |over| differing(sides, &one, over, rule, work);
        let far = times.next().map(|time| at(Over::Instant(time))).filter(|found| matches!(found, Answer::Yes(_)));
        match far.unwrap_or_else(|| at(Over::InForce)) {
            Answer::Yes(lead) => met.push(lead),
            Answer::No(_) => return Truth::False,
            Answer::NotKnown => break,
        }
    }
    Truth::Unknown
}

/// Whether a day or an instant would do that is so far from now: as far as it is for the lead that the last one did not do for.
fn is_from_now(sides: Sides<'_>, free: FieldId, rule: RuleId, work: &mut u64) -> bool {
    let Sides { policy, with, value: Some(value), .. } = sides else { return false };
    let mut next = match with.fields[free].ty {
        Type::Date => Some(Expr::AsOfDay(Unit::Day.zero())),
        Type::DateTime => Some(Expr::AsOf(Unit::Minute.zero())),
        _ => None,
    };
    for _ in 0..MOST_FROM_NOW {
        let Some(answer) = next else { break };
        let Met { lead, as_of, .. } = match differing(sides, &put(with, free, &answer), Over::InForce, rule, work) {
            Answer::Yes(met) => met,
            Answer::No(_) => return true,
            Answer::NotKnown => break,
        };
        let said = Evaluator::new(policy, as_of).on(&lead).value(&Expr::Define(value));
        next = said.and_then(|said| from_now(&said, &Now::new(&policy.zone, as_of)));
    }
    false
}

/// A day or an instant as so far from now.
fn from_now(value: &Value, now: &Now) -> Option<Expr> {
    match (value, now.shifted_day(Unit::Day.zero())) {
        (Value::Date(day), Value::Date(today)) => {
            let count = i32::try_from(today.duration_until(*day).as_hours() / 24).ok()?;
            Some(Expr::AsOfDay(Shift { count, unit: Unit::Day }))
        }
        (Value::DateTime(instant), _) => {
            let count = i32::try_from(now.instant.duration_until(*instant).as_mins()).ok()?;
            Some(Expr::AsOf(Shift { count, unit: Unit::Minute }))
        }
        _ => None,
    }
}

/// A policy with something in the place of a field.
fn put(with: &Policy, free: FieldId, answer: &Expr) -> Policy {
    let mut one = with.clone();
    visit::each_value_mut(&mut one, &mut |value| {
        if *value == Expr::Field(free) {
            *value = answer.clone();
        }
    });
    one
}

/// The ends of what there may be: what is held against another field is never done with one step after the other.
fn ends(free: &Field, are_all: bool) -> Vec<Value> {
    match free.ty {
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            let end =
                |of: &Option<Number>, far: i64| of.clone().filter(|_| are_all).unwrap_or_else(|| Number::from(far));
            [end(&free.min, -FAR), end(&free.max, FAR)].map(Value::Number).to_vec()
        }
        Type::Date => [Date::MIN, Date::MAX].map(Value::Date).to_vec(),
        Type::DateTime => [Timestamp::MIN, Timestamp::MAX].map(Value::DateTime).to_vec(),
        Type::Text | Type::YesNo | Type::Choice(_) | Type::Set(_) => Vec::new(),
    }
}

/// Times far apart, for what is a day or an instant: what is held against now is told by two leads of such times, and else from one day to the next.
fn far_times(policy: &Policy, free: &Field) -> Vec<Timestamp> {
    if !matches!(free.ty, Type::Date | Type::DateTime) {
        return Vec::new();
    }
    let (first, last) = in_force(&[policy]);
    [last, first].into_iter().filter_map(|day| end_of_day(&policy.zone, day)).collect()
}

/// A lead for which a rule fires in one policy and not in the other.
fn differing(sides: Sides<'_>, one: &Policy, over: Over, rule: RuleId, work: &mut u64) -> Answer<Met> {
    let policies: Vec<&Policy> = [sides.policy, one].into_iter().chain(sides.among).collect();
    let mut model = Model::new(&policies, over, false);
    model.work = MAX_WORK.saturating_sub(*work);
    let differs = fires_for_others(&mut model, &policies, 1, rule);
    *work = MAX_WORK.saturating_sub(model.spent());
    match differs {
        Answer::Yes(witness) => {
            let fires = fires_on(&policies, 0, &witness, rule) == Some(true);
            let lead = witness.leads.into_iter().next();
            lead.map_or(Answer::NotKnown, |lead| Answer::Yes(Met { lead, as_of: witness.as_of, fires }))
        }
        Answer::No(core) => Answer::No(core),
        Answer::NotKnown => Answer::NotKnown,
    }
}

/// An answer with which a rule fires for those of some leads for which it does.
fn another(with: &Policy, free: FieldId, met: &[Met], rule: RuleId, work: &mut u64) -> Answer<Value> {
    let copies: Vec<Policy> = met.iter().enumerate().map(|(at, met)| on_lead(with, free, met, at)).collect();
    // The fields of all copies, each with its value.
    let mut all =
        Policy { fields: copies.iter().flat_map(|copy| own_fields(copy, free)).cloned().collect(), ..with.clone() };
    let answer = all.fields.push(with.fields[free].clone());
    let mut lead = Lead::empty(&all);
    let values = met.iter().flat_map(|met| (0..free.position()).map(|at| met.lead.get(FieldId::from_position(at))));
    let fields: Vec<FieldId> = all.fields.iter().map(|(field, _)| field).filter(|field| *field != answer).collect();
    fields.iter().zip(values).for_each(|(field, value)| lead.set(*field, value.cloned()));

    let policies: Vec<&Policy> = std::iter::once(&all).chain(&copies).collect();
    let as_of = met.first().map_or(Timestamp::UNIX_EPOCH, |met| met.as_of);
    let mut model = Model::new(&policies, Over::Instant(as_of), false);
    model.work = MAX_WORK.saturating_sub(*work);
    let side = |(at, met): (usize, &Met)| (at + 1, met.fires);
    let fires = met.iter().enumerate().map(side).map(|(side, fires)| {
        let lit = model.fires(side, rule);
        if fires { lit } else { !lit }
    });
    let mut asked: Vec<Lit> = fires.collect();
    asked.extend(fields.iter().map(|field| model.as_in(*field, &lead, true)));
    let mut confirm = |witness: &Witness| {
        let value = witness.leads.first().and_then(|lead| lead.get(answer));
        met.iter().all(|met| {
            let mut lead = met.lead.clone();
            lead.set(free, value.cloned());
            Evaluator::new(with, met.as_of).on(&lead).fires(rule) == met.fires
        })
    };
    let found = model.any(&asked, &mut confirm);
    *work = MAX_WORK.saturating_sub(model.spent());
    match found {
        Answer::Yes(witness) => {
            let value = witness.leads.first().and_then(|lead| lead.get(answer)).cloned();
            value.map_or(Answer::NotKnown, Answer::Yes)
        }
        Answer::No(core) => Answer::No(core),
        Answer::NotKnown => Answer::NotKnown,
    }
}

/// The policy for one lead: its fields are of another name than those of any other, and the time is that at which the lead was met.
fn on_lead(with: &Policy, free: FieldId, met: &Met, at: usize) -> Policy {
    let mut copy = with.with_fields(|field, of| match field == free {
        true => of.clone(),
        false => Field { name: format!(" {at} {}", of.name), column: format!(" {at} {}", of.column), ..of.clone() },
    });
    let now = Now::new(&with.zone, met.as_of);
    visit::each_value_mut(&mut copy, &mut |value| match value {
        Expr::AsOf(shift) => *value = Expr::Const(now.shifted(*shift)),
        Expr::AsOfDay(shift) => *value = Expr::Const(now.shifted_day(*shift)),
        _ => {}
    });
    copy
}

fn own_fields(policy: &Policy, free: FieldId) -> impl Iterator<Item = &Field> {
    policy.fields.iter().filter(move |(field, _)| *field != free).map(|(_, of)| of)
}
