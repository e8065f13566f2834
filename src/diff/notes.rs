//! What a comparison leaves out, in words.

use crate::ir::{InForce, Policy};

/// The notes on two policies; `reading` are the fields whose cells are read in another way, `apart` those whose types cannot be compared.
pub(super) fn notes(policies: [&Policy; 2], reading: &[String], apart: &[String]) -> Vec<String> {
    let [old, new] = policies;
    let mut notes = Vec::new();
    for field in reading {
        notes.push(format!(
            "how `{field}` is read from its cells has changed; this is not part of the comparison: use --leads"
        ));
    }
    for field in apart {
        notes.push(format!(
            "`{field}` has two types that cannot be compared; leads are compared where it is missing: use --leads"
        ));
    }
    if old.zone != new.zone {
        notes.push(format!(
            "the time zone is {} and was {}; what hangs on days in both is compared where it is the same, else left open",
            new.zone, old.zone
        ));
    }
    if old.in_force != new.in_force {
        let days = |force: &Option<InForce>| match force {
            None => "on all days".to_owned(),
            Some(InForce { from, until: None }) => format!("from {from}"),
            Some(InForce { from, until: Some(until) }) => format!("from {from} until {until}"),
        };
        notes.push(format!(
            "the policy is in force {}, and was {}; what both decide is compared on all days from the first of them to the last",
            days(&new.in_force),
            days(&old.in_force)
        ));
    }
    notes
}
