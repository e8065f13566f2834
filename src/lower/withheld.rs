//! What would show the value of a personal field in spite of it: another field that reads the same column, points that count it.

use std::collections::HashMap;

use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::personal::Personal;
use crate::ir::{FieldId, Gain, print, tidy};

/// Reports fields that show what a personal one hides, because they read the same column.
pub(super) fn columns(scope: &mut Scope) {
    let fields = &scope.policy.fields;
    let mut hidden: HashMap<String, FieldId> = HashMap::new();
    for (id, field) in fields.iter().filter(|(_, field)| field.personal) {
        hidden.entry(tidy(&field.column)).or_insert(id);
    }
    let mut faults = Vec::new();
    for (_, shown) in fields.iter().filter(|(_, field)| !field.personal) {
        // Of two declarations of one name it is known that one is too many.
        let Some(hidden) =
            hidden.get(&tidy(&shown.column)).and_then(|id| fields.find(*id)).filter(|h| h.name != shown.name)
        else {
            continue;
        };
        let (show, hide) = (&shown.name, &hidden.name);
        let help = if shown.is_id {
            format!(
                "the `id` names the lead in every output: read it from a column that says nothing about a person, or take `personal` out at `{hide}`"
            )
        } else {
            format!("add `personal` to `{show}`, too, or take it out at `{hide}`")
        };
        faults.push(
            Diagnostic::new(
                Code::P0346,
                format!("`{show}` shows what `{hide}` hides: both read the column `{}`", shown.column),
            )
            .at(shown.span, "not personal")
            .at(hidden.span, "personal")
            .help(help),
        );
    }
    faults.into_iter().for_each(|fault| scope.report(fault));
}

/// Warns of lines of scores whose points say what a personal value is.
pub(super) fn points(scope: &mut Scope) {
    let personal = Personal::new(&scope.policy);
    let mut warnings = Vec::new();
    for line in scope.policy.scores.iter().flat_map(|(_, score)| &score.lines) {
        if let Gain::Points { per: Some(per), .. } = &line.gain
            && personal.is(&per.amount)
        {
            let amount = print::value(&scope.policy, &per.amount);
            warnings.push(
                Diagnostic::new(
                    Code::P0385,
                    format!("`{amount}` is personal, and the points of this line say what it is"),
                )
                .at(line.span, "points are shown and logged")
                .help(format!("give points in steps, each on a condition: `+10 when {amount} >= ...`")),
            );
        }
    }
    warnings.into_iter().for_each(|warning| scope.report(warning));
}
