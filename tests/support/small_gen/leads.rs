//! Every kind of lead that a small policy can tell apart, by brute force.
//!
//! What a policy compares a field with cuts the field's values into cells: the points that it speaks of, and the stretches
//! between them. A single-field test is constant on a cell, so that one value of each is enough, and the leads are all
//! combinations. Fields that are compared with each other share their points, and hold as many values of each stretch as there
//! are of them, so that every order between them occurs. Whether that covers everything is said by [`Universe::exhaustive`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use policyc::eval::{Evaluator, Session};
use policyc::ir::{Field, FieldId, Lead, Policy};
use policyc::types::{Truth, Type, Value};

use super::survey::Survey;
use super::{cells, texts};

/// The most combinations that a policy may have to be small.
pub(crate) const MOST: usize = 3_000;

/// The leads of a policy, each with the time at which it is decided, one time after the other.
pub(crate) struct Universe {
    pub(crate) leads: Vec<(Timestamp, Lead)>,
    /// Whether, at each of these times, every possible lead is like one of these: each condition of the policy has the same
    /// truth for both. Then a search among them that finds nothing is a proof, for these times.
    pub(crate) exhaustive: bool,
}

impl Universe {
    /// Asks something about each lead under a policy: the one that they are from, or one with the same fields.
    pub(crate) fn each(&self, policy: &Policy, mut ask: impl FnMut(Timestamp, &Session<'_>)) {
        for leads in self.leads.chunk_by(|(one, _), (other, _)| one == other) {
            let evaluator = Evaluator::new(policy, leads[0].0);
            leads.iter().for_each(|(_, lead)| ask(evaluator.as_of(), &evaluator.on(lead)));
        }
    }
}

/// The times at which the leads of a policy are decided: the last day of a short month and a day of 25 hours, in Berlin already
/// the next day and twice the same hour.
pub(crate) fn times(policy: &Policy) -> Vec<Timestamp> {
    let times = ["2026-03-31T22:30:00Z", "2026-10-25T01:30:00Z"];
    let count = if policy.reads_time() { times.len() } else { 1 };
    times.iter().take(count).map(|time| time.parse().unwrap()).collect()
}

/// All leads of a policy; none when there are more than [`MOST`].
pub(crate) fn universe(policy: &Policy) -> Option<Universe> {
    let mut universe = Universe { leads: Vec::new(), exhaustive: true };
    let mut left = MOST;
    for as_of in times(policy) {
        let evaluator = Evaluator::new(policy, as_of);
        let (values, exhaustive) = values(&evaluator);
        left = left.checked_sub(values.iter().map(|(_, values)| values.len()).product())?;
        universe.exhaustive &= exhaustive;
        let leads = combinations(policy, &values).into_iter().filter(|lead| is_possible(&evaluator.on(lead)));
        universe.leads.extend(leads.map(|lead| (as_of, lead)));
    }
    Some(universe)
}

/// Whether a lead breaks no assumption.
pub(crate) fn is_possible(session: &Session<'_>) -> bool {
    session.policy().assumptions.iter().all(|assumption| session.truth(assumption) != Truth::False)
}

/// Whether a lead may come without the field.
pub(crate) fn can_be_missing(field: &Field) -> bool {
    let cell = &field.cell;
    !field.required && (!cell.blank_is_empty_set || !cell.blanks.is_empty() || field.else_missing)
}

/// What each field may hold.
pub(crate) type Values = Vec<(FieldId, Vec<Option<Value>>)>;

fn combinations(policy: &Policy, values: &Values) -> Vec<Lead> {
    let mut leads = vec![Lead::empty(policy)];
    for (field, values) in values {
        let with = |lead: &Lead, value: &Option<Value>| {
            let mut lead = lead.clone();
            lead.set(*field, value.clone());
            lead
        };
        leads = leads.iter().flat_map(|lead| values.iter().map(move |value| with(lead, value))).collect();
    }
    leads
}

/// What each field may hold, and whether that is enough.
pub(crate) fn values(evaluator: &Evaluator<'_>) -> (Values, bool) {
    let survey = Survey::new(evaluator);
    let groups = groups(&survey);
    let (mut all, mut exhaustive) = (Values::new(), survey.exhaustive);
    for (id, field) in evaluator.policy().fields.iter() {
        let group = groups.iter().find(|group| group.contains(&id)).unwrap();
        let (values, enough) = values_of(&survey, id, group);
        let mut values: Vec<Option<Value>> = values.into_iter().map(Some).collect();
        if can_be_missing(field) {
            values.push(None);
        }
        all.push((id, values));
        exhaustive &= enough;
    }
    (all, exhaustive)
}

/// The fields that are compared with each other, directly or by way of others.
fn groups(survey: &Survey<'_>) -> Vec<BTreeSet<FieldId>> {
    let mut groups: Vec<BTreeSet<FieldId>> =
        survey.policy().fields.iter().map(|(id, _)| BTreeSet::from([id])).collect();
    for (a, b) in &survey.twins {
        let (with, without): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.contains(a) || group.contains(b));
        groups = without;
        groups.push(with.into_iter().flatten().collect());
    }
    groups
}

/// What a field may hold when it is not missing, and whether that is enough.
fn values_of(survey: &Survey<'_>, id: FieldId, group: &BTreeSet<FieldId>) -> (Vec<Value>, bool) {
    const OTHERS: [&str; 4] = ["Intern", "Owner", "Chief of Staff", "intern!"];
    let field = &survey.policy().fields[id];
    let entire = group.iter().any(|twin| survey.entire.contains(twin));
    match &field.ty {
        Type::YesNo => (vec![Value::YesNo(false), Value::YesNo(true)], true),
        Type::Choice(choices) => {
            let listed = (0..choices.values.len()).map(Value::Choice);
            let others = OTHERS.iter().take(if choices.other { group.len() } else { 0 });
            (listed.chain(others.map(|other| Value::Other((*other).to_owned()))).collect(), true)
        }
        Type::Set(values) => {
            let subset = |bits: usize| (0..values.len()).filter(|i| bits & (1 << i) != 0).collect();
            // Without `blank means none`, a cell with nothing in it is missing.
            let least = usize::from(!field.cell.blank_is_empty_set);
            ((least..1 << values.len()).map(|bits| Value::Set(subset(bits))).collect(), true)
        }
        Type::Text => {
            let tests = survey.texts.get(&id).map_or(&[][..], Vec::as_slice);
            let compared = entire || group.len() > 1;
            let (texts, enough) = texts::texts(survey.evaluator, id, tests, if compared { 2 } else { 1 });
            (texts.into_iter().map(Value::Text).collect(), enough && !compared)
        }
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) | Type::Date | Type::DateTime => {
            if let Some(all) = cells::few(field) {
                return (all, true);
            }
            let whole = |ty: &Type| *ty == Type::WholeNumber;
            let alike = group.iter().all(|twin| whole(&survey.policy().fields[*twin].ty) == whole(&field.ty));
            (cells::cells(field, &points(survey, group), group.len()), alike && !entire)
        }
    }
}

/// What the fields of a group are compared with, and the ends of their ranges.
fn points(survey: &Survey<'_>, group: &BTreeSet<FieldId>) -> BTreeSet<Value> {
    let mut points = BTreeSet::new();
    for twin in group {
        let Field { min, max, cell, default, .. } = &survey.policy().fields[*twin];
        points.extend(survey.points.get(twin).into_iter().flatten().cloned());
        points.extend(min.iter().chain(max).cloned().map(Value::Number));
        if group.len() > 1 {
            // A blank of one of them is a value for the others, and its default is what they are compared with.
            points.extend(cell.blank_numbers.iter().cloned().map(Value::Number).chain(default.clone()));
        }
    }
    points
}
