//! What a logged decision is decided from again.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::Asked;
use super::entry::{Entry, Held, Presence};
use crate::eval::{Evaluator, Session, Told};
use crate::ir::{Field, FieldId, Lead, Policy};
use crate::types::{Choices, Number, Type, Value};

/// The inputs of a decision, for the policy that made it.
#[derive(Debug)]
pub struct Inputs<'p> {
    /// What the lead held; for a personal value something stands there that says nothing.
    pub lead: Lead,
    /// The answers about personal values; none when there are no personal fields.
    pub told: Option<Told<'p>>,
    /// The fields whose values were not kept.
    pub(super) withheld: BTreeSet<FieldId>,
}

/// Something of a line that the policy has no place for, or that the line does not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misfit {
    /// The policy has no such field.
    Unknown(String),
    /// The line says nothing of this field.
    Absent(String),
    /// The field has no such value.
    Value(String),
    /// The line does not tell how this test turned out.
    Test(String),
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Misfit::Unknown(field) => write!(f, "the policy has no field `{field}`"),
            Misfit::Absent(field) => write!(f, "the line says nothing of `{field}`"),
            Misfit::Value(field) => write!(f, "what the line says of `{field}` is no value of it"),
            Misfit::Test(words) => write!(f, "the line does not tell how `{words}` turned out"),
        }
    }
}

impl<'p> Inputs<'p> {
    /// The inputs of a line, as far as they fit the policy; and what does not.
    #[must_use]
    pub fn new(policy: &'p Policy, entry: &Entry) -> (Inputs<'p>, Vec<Misfit>) {
        let mut misfits = Vec::new();
        let mut lead = Lead::empty(policy);
        let mut withheld = BTreeSet::new();
        for (id, field) in policy.fields.iter() {
            let value = match entry.fields.get(&field.name) {
                None => {
                    misfits.push(Misfit::Absent(field.name.clone()));
                    None
                }
                Some(None) => None,
                Some(Some(Held::Value(kept))) => {
                    let value = kept.value(field);
                    misfits.extend(value.is_none().then(|| Misfit::Value(field.name.clone())));
                    value
                }
                Some(Some(Held::Personal { personal })) => {
                    withheld.insert(id);
                    match personal {
                        Presence::Known => Some(stand_in(field)),
                        Presence::Missing => None,
                    }
                }
            };
            lead.set(id, value);
        }
        let own = |name: &String| policy.fields.iter().any(|(_, field)| field.name == *name);
        misfits.extend(entry.fields.keys().filter(|name| !own(name)).cloned().map(Misfit::Unknown));
        let told = (!withheld.is_empty()).then(|| told(policy, entry, &mut misfits));
        (Inputs { lead, told, withheld }, misfits)
    }

    /// The policy and the lead without the values that were not kept, where nothing asks for them.
    #[must_use]
    pub fn unasked(&self, policy: &Policy) -> Option<(Policy, Lead)> {
        if self.told.as_ref().is_some_and(|told| !told.is_empty()) {
            return None;
        }
        let field = |id, field: &Field| match self.withheld.contains(&id) {
            true => Field { required: false, ..field.clone() },
            false => field.clone(),
        };
        let mut lead = self.lead.clone();
        self.withheld.iter().for_each(|id| lead.set(*id, None));
        Some((policy.with_fields(field), lead))
    }

    /// Questions about the lead, as it was.
    #[must_use]
    pub fn session<'e>(&'e self, evaluator: &'e Evaluator<'e>) -> Session<'e>
    where
        'p: 'e,
    {
        let session = evaluator.on(&self.lead);
        if let Some(told) = &self.told { session.told(told) } else { session }
    }
}

/// The answers that a line tells.
fn told<'p>(policy: &'p Policy, entry: &Entry, misfits: &mut Vec<Misfit>) -> Told<'p> {
    let asked = Asked::of(policy);
    let truths: BTreeMap<&str, _> = entry.tests.iter().map(|test| (test.id.as_str(), test.is)).collect();
    let points: BTreeMap<&str, _> = entry.points.iter().map(|told| (told.id.as_str(), &told.points)).collect();
    let mut told = Told::default();
    for test in asked.tests {
        match truths.get(test.id.as_str()) {
            Some(truth) => test.places.into_iter().for_each(|cond| told.tell(cond, *truth)),
            None => misfits.push(Misfit::Test(test.words)),
        }
    }
    for count in asked.counts {
        // One that is not there was not asked, or by another policy: it turns out by what the line holds.
        if let Some(points) = points.get(count.id.as_str()) {
            told.tell_points(count.line, (*points).clone());
        }
    }
    told
}

/// Some value of a field, for one that is known and not told.
fn stand_in(field: &Field) -> Value {
    match &field.ty {
        Type::Text => Value::Text("•••@•••".to_owned()),
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => Value::Number(Number::from(1)),
        Type::YesNo => Value::YesNo(true),
        Type::Date => Value::Date(jiff::civil::Date::ZERO),
        Type::DateTime => Value::DateTime(jiff::Timestamp::UNIX_EPOCH),
        Type::Choice(Choices { values, .. }) if values.is_empty() => Value::Other(String::new()),
        Type::Choice(_) => Value::Choice(0),
        Type::Set(_) => Value::Set([].into()),
    }
}
