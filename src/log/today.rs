//! Reading a lead of today by the policy of then, although columns have gone since.

use std::collections::BTreeSet;

use crate::ir::{FieldId, Id, Lead, Policy, Rule, Table};

/// A policy that only reads leads: as another one does, but for some fields. None without the field that leads are found by.
#[must_use]
pub fn reading(policy: &Policy, without: &BTreeSet<FieldId>) -> Option<Policy> {
    policy.id_field().filter(|id| !without.contains(id))?;
    let last = policy.rules.iter().map(|(_, rule)| rule).next_back()?.clone();
    let fields = policy.fields.iter().filter(|(id, _)| !without.contains(id)).map(|(_, field)| field.clone());
    Some(Policy {
        fields: fields.collect(),
        assumptions: Vec::new(),
        sets: Table::default(),
        defines: Table::default(),
        scores: Table::default(),
        grades: Table::default(),
        stages: Table::default(),
        sections: Table::default(),
        rules: [Rule { section: None, when: None, ..last }].into_iter().collect(),
        properties: Vec::new(),
        tests: Vec::new(),
        ..policy.clone()
    })
}

/// A lead that was read so, for the policy itself.
#[must_use]
pub fn lead(policy: &Policy, without: &BTreeSet<FieldId>, read: &Lead) -> Lead {
    let mut lead = Lead::empty(policy);
    let kept = policy.fields.iter().map(|(id, _)| id).filter(|id| !without.contains(id));
    for (position, id) in kept.enumerate() {
        lead.set(id, read.get(FieldId::from_position(position)).cloned());
    }
    lead
}
