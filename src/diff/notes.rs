//! What a comparison leaves out, in words.

use super::edit::{Reading, What};
use crate::ir::Policy;
use crate::types::Type;

/// What a comparison leaves out.
pub(super) struct LeftOut {
    /// The fields whose cells the policies may read in two ways, which is not compared: nothing is proved of leads that they read so.
    pub(super) not_compared: Vec<String>,
    /// The same and the rest, in words.
    pub(super) notes: Vec<String>,
}

/// What is left out of two policies; `reading` are the fields whose cells are read in another way, `apart` those whose types cannot be
/// compared.
pub(super) fn left_out(policies: [&Policy; 2], reading: Vec<Reading>, apart: &[String]) -> LeftOut {
    let [old, new] = policies;
    let mut left_out = LeftOut { not_compared: Vec::new(), notes: Vec::new() };
    let mut leave_out = |field: &str, note: String| {
        if !left_out.not_compared.iter().any(|of| of == field) {
            left_out.not_compared.push(field.to_owned());
        }
        left_out.notes.push(note);
    };
    for Reading { field, what } in reading {
        let (what, way_out) = match what {
            What::Added => (
                format!("`{field}` is new, and a row whose cell cannot be read for it is now set aside"),
                ": with `else missing` behind the field, such a cell counts as missing",
            ),
            What::Removed => {
                (format!("`{field}` is gone, and a row whose cell cannot be read for it is no longer set aside"), "")
            }
            What::Changed | What::Moved | What::Renamed => {
                (format!("how `{field}` is read from its cells has changed"), "")
            }
        };
        leave_out(&field, format!("{what}; this is not part of the comparison{way_out}"));
    }
    for field in apart {
        let note = format!("`{field}` has two types that cannot be compared; leads are compared where it is missing");
        leave_out(field, note);
    }
    if old.zone != new.zone {
        let timed = |name: &str| {
            let field = |policy: &Policy| policy.fields.iter().any(|(_, f)| f.name == name && f.ty == Type::DateTime);
            field(old) && field(new)
        };
        for (_, field) in new.fields.iter().filter(|(_, field)| timed(&field.name)) {
            let name = &field.name;
            leave_out(
                name,
                format!(
                    "a time of `{name}` without a zone is read as one in {}, and was one in {}; this is not part of the \
                     comparison",
                    new.zone, old.zone
                ),
            );
        }
        left_out.notes.push(format!(
            "the time zone is {} and was {}; what hangs on days in both is compared where it is the same, else left open",
            new.zone, old.zone
        ));
    }
    let [before, now] = [old, new].map(Policy::days);
    if before != now {
        left_out.notes.push(format!(
            "the policy is in force {now}, and was {before}; what both decide is compared on all days from the first of them to the last",
        ));
    }
    left_out
}
