//! Real leads under both policies: how many change hands, from where to where, and by what.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Diff, Step};
use crate::eval::Session;
use crate::ir::{FieldId, Policy, print};
use crate::types::{Choices, Type, Value};

/// What became of real leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tally {
    /// The time at which they were decided, when a policy reads time.
    pub as_of: Option<String>,
    /// The rows.
    pub rows: u64,
    /// The rows whose decision is another one; those that only one of the policies sets aside count.
    pub changed: u64,
    /// The rows that the old policy sets aside.
    pub set_aside_by_old: u64,
    /// The rows that the new policy sets aside.
    pub set_aside_by_new: u64,
    /// From where to where, the most first.
    pub flows: Vec<Count>,
    /// By what: the number of the change in the list of changes, the most first.
    pub causes: Vec<Cause>,
    /// The same, by the values of a field.
    pub by: Vec<ByField>,
}

/// Rows that went from one decision to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Count {
    /// The decision of the old policy; none when it sets the row aside.
    pub from: Option<String>,
    /// The decision of the new policy; none when it sets the row aside.
    pub to: Option<String>,
    /// How many.
    pub rows: u64,
}

/// Rows that changed hands by one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Cause {
    /// Its number, from 1; none when it is none of the changes but how cells are read.
    pub change: Option<usize>,
    /// How many.
    pub rows: u64,
}

/// Rows by the values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ByField {
    /// The field.
    pub field: String,
    /// Its values, those with most rows that changed hands: ranked ones, numbers and times in their order, others by those rows; missing last.
    pub values: Vec<ByValue>,
    /// How many further values there are.
    pub more: u64,
}

/// Rows of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ByValue {
    /// The value; none when it is missing, or the row was set aside by both.
    pub value: Option<String>,
    /// The rows.
    pub rows: u64,
    /// Those of them that changed hands.
    pub changed: u64,
    /// From where to where, the most first.
    pub flows: Vec<Count>,
}

/// A row as one of the policies reads it.
#[derive(Debug, Clone, Copy)]
pub enum Row<'s, 'e> {
    /// A lead.
    Lead(&'s Session<'e>),
    /// A row that is set aside, with the columns at fault.
    SetAside(&'s [Option<String>]),
}

/// A row that changed hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The decisions; none when set aside.
    pub ends: [Option<String>; 2],
    /// The rules that decide.
    pub rules: [Option<String>; 2],
    /// The number of the change that makes it, from 1; none when it is how cells are read.
    pub change: Option<usize>,
}

type Ends = [Option<String>; 2];

/// The rows of one value, and those of them that changed hands.
#[derive(Debug, Default)]
struct OfValue {
    /// What it is ordered by; by its rows when none.
    order: Option<Value>,
    rows: u64,
    flows: BTreeMap<Ends, u64>,
}

/// Counts rows as they come.
#[derive(Debug)]
pub struct Counter<'d, 'p> {
    diff: &'d Diff<'p>,
    by: Vec<(String, BTreeMap<Option<String>, OfValue>)>,
    rows: u64,
    set_aside: [u64; 2],
    flows: BTreeMap<Ends, u64>,
    causes: BTreeMap<Option<usize>, u64>,
}

/// The most values of a field that are shown.
const MAX_VALUES: usize = 20;

fn session<'s, 'e>(row: &Row<'s, 'e>) -> Option<&'s Session<'e>> {
    match row {
        Row::Lead(session) => Some(session),
        Row::SetAside(_) => None,
    }
}

fn named(policy: &Policy, name: &str) -> Option<FieldId> {
    policy.fields.iter().find(|(_, field)| field.name == name).map(|(id, _)| id)
}

impl<'d, 'p> Counter<'d, 'p> {
    /// Counts rows under a diff, also by the values of these fields.
    #[must_use]
    pub fn new(diff: &'d Diff<'p>, by: &[String]) -> Self {
        Counter {
            diff,
            by: by.iter().map(|name| (name.clone(), BTreeMap::new())).collect(),
            rows: 0,
            set_aside: [0, 0],
            flows: BTreeMap::new(),
            causes: BTreeMap::new(),
        }
    }

    /// Takes a row that both decide alike, or both set aside; rows are not counted by the values of fields so.
    pub fn alike(&mut self, is_set_aside: bool) {
        self.rows += 1;
        self.set_aside.iter_mut().for_each(|rows| *rows += u64::from(is_set_aside));
    }

    /// Takes a row as both policies read it, and says what has changed.
    pub fn take(&mut self, rows: [Row<'_, '_>; 2]) -> Option<Moved> {
        self.rows += 1;
        for (row, set_aside) in rows.iter().zip(&mut self.set_aside) {
            *set_aside += u64::from(session(row).is_none());
        }
        let moved = self.look(&rows);
        for (name, values) in &mut self.by {
            let (value, order) = value(&rows, name).unzip();
            let of = values.entry(value).or_insert_with(|| OfValue { order: order.flatten(), ..OfValue::default() });
            of.rows += 1;
            if let Some(moved) = &moved {
                *of.flows.entry(moved.ends.clone()).or_default() += 1;
            }
        }
        let moved = moved?;
        *self.flows.entry(moved.ends.clone()).or_default() += 1;
        *self.causes.entry(moved.change).or_default() += 1;
        Some(moved)
    }

    fn look(&self, rows: &[Row<'_, '_>; 2]) -> Option<Moved> {
        let diff = self.diff;
        match rows {
            [Row::SetAside(_), Row::SetAside(_)] => None,
            [Row::Lead(old), Row::Lead(new)] => {
                let seen = diff.look(old, new);
                let ends = diff.ends(&seen).map(|end| end.map(str::to_owned));
                if ends[0] == ends[1] {
                    return None;
                }
                let rules = [(old, seen.steps[0]), (new, seen.steps[1])].map(|(session, step)| match step {
                    Some(Step::Rule(rule)) => Some(session.policy().rules[rule].name.clone()),
                    Some(Step::Field(_) | Step::Assumption(_)) | None => None,
                });
                // Where no region has such leads, the cells were read in two ways.
                let change = diff.region(&seen).map(|(change, _)| change + 1);
                Some(Moved { ends, rules, change })
            }
            [Row::SetAside(columns), Row::Lead(new)] => Some(self.set_aside(0, columns, new)),
            [Row::Lead(old), Row::SetAside(columns)] => Some(self.set_aside(1, columns, old)),
        }
    }

    /// A row that only one side sets aside: by which field or assumption it does.
    fn set_aside(&self, side: usize, columns: &[Option<String>], other: &Session<'_>) -> Moved {
        let outcome = other.outcome();
        let decided = Some(other.policy().decisions[outcome.decision].phrase.clone());
        let rule = Some(other.policy().rules[outcome.rule].name.clone());
        let policy = if side == 0 { self.diff.policies[0] } else { self.diff.policies[1] };
        let at_fault = |slot: &usize| {
            let step = self.diff.slots.get(*slot).and_then(|slot| slot.steps.get(side).copied().flatten());
            match step {
                Some(Step::Field(field)) => columns.iter().flatten().any(|name| *name == policy.fields[field].column),
                Some(Step::Assumption(_)) => columns.iter().any(Option::is_none),
                Some(Step::Rule(_)) | None => false,
            }
        };
        let change =
            self.diff.changes.iter().position(|change| change.parts.iter().any(|part| part.slots.iter().any(at_fault)));
        let (ends, rules) = if side == 0 { ([None, decided], [None, rule]) } else { ([decided, None], [rule, None]) };
        Moved { ends, rules, change: change.map(|change| change + 1) }
    }

    /// What was counted.
    #[must_use]
    pub fn tally(self, as_of: Option<String>) -> Tally {
        let by = self.by.into_iter().map(|(field, values)| {
            let made = |(value, OfValue { order, rows, flows })| {
                (order, ByValue { value, rows, changed: flows.values().sum(), flows: counts(flows) })
            };
            let mut values: Vec<(Option<Value>, ByValue)> = values.into_iter().map(made).collect();
            values.sort_by_key(|(_, value)| std::cmp::Reverse((value.changed, value.rows)));
            let more = values.len().saturating_sub(MAX_VALUES) as u64;
            values.truncate(MAX_VALUES);
            values.sort_by(|(one, of), (other, also)| {
                let unordered = |order: &Option<Value>| order.is_none();
                let key = |of: &ByValue, order| (of.value.is_none(), unordered(order));
                key(of, one).cmp(&key(also, other)).then_with(|| one.cmp(other))
            });
            ByField { field, values: values.into_iter().map(|(_, value)| value).collect(), more }
        });
        let by = by.collect();
        let mut causes: Vec<Cause> = self.causes.into_iter().map(|(change, rows)| Cause { change, rows }).collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows));
        let [set_aside_by_old, set_aside_by_new] = self.set_aside;
        Tally {
            as_of,
            rows: self.rows,
            changed: self.flows.values().sum(),
            set_aside_by_old,
            set_aside_by_new,
            flows: counts(self.flows),
            causes,
            by,
        }
    }
}

/// The value of a field in a row, as the new policy reads it, else as the old one does; and what it is ordered by, if by anything.
fn value(rows: &[Row<'_, '_>; 2], name: &str) -> Option<(String, Option<Value>)> {
    rows.iter().rev().filter_map(session).find_map(|session| {
        let policy = session.policy();
        let field = named(policy, name)?;
        let value = session.lead().get(field)?;
        let ty = &policy.fields[field].ty;
        let ordered = match value {
            Value::Number(_) | Value::Date(_) | Value::DateTime(_) => true,
            Value::Choice(_) => matches!(ty, Type::Choice(Choices { ranked: true, .. })),
            Value::Text(_) | Value::YesNo(_) | Value::Other(_) | Value::Set(_) => false,
        };
        Some((print::shown(value, Some(ty), &policy.zone), ordered.then(|| value.clone())))
    })
}

fn counts(flows: BTreeMap<Ends, u64>) -> Vec<Count> {
    let mut counts: Vec<Count> = flows.into_iter().map(|([from, to], rows)| Count { from, to, rows }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.rows));
    counts
}
