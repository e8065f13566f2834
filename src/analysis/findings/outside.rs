//! Conditions that are no rule's, of definitions, scores, grades, stages and sections: what never happens, what always does, and what
//! makes no difference.

use super::{Free, Place, Verdict, parts};
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::Policy;
use crate::source::Span;

/// What is worth a look outside of the rules. The model must not know yet that rules do not fire.
pub(super) fn scan<'p>(policy: &'p Policy, model: &mut Model<'p>, free: &mut Free<'p>) -> Vec<Verdict> {
    let places = Place::outside_rules(policy);
    for place in &places {
        place.own(model);
    }
    let mut verdicts = Vec::new();
    for place in places {
        if model.is_exhausted() {
            break;
        }
        verdicts.extend(looked_at(model, free, place));
    }
    verdicts
}

fn looked_at(model: &mut Model<'_>, free: &mut Free<'_>, place: Place) -> Vec<Verdict> {
    let policy = model.policy(0);
    let above = place.above(model);
    let own: Vec<Lit> = place.own(model).into_iter().map(|(lit, _)| lit).collect();
    let passes: Vec<Lit> = own.iter().copied().chain(above.iter().map(|(lit, _)| *lit)).collect();
    model.gates.note(|| format!("{place:?}: does it ever happen, and with every part of its condition?"));
    if !passes.is_empty() && model.is_refuted(&passes) {
        let above = place.above(free.model());
        return vec![never(free, place, &above)];
    }
    let Some(cond) = place.condition(policy) else { return Vec::new() };
    // What follows a line of a grade that takes all that is left is said of the lines below.
    let given: Vec<Lit> =
        if let Place::Label(..) = place { Vec::new() } else { above.iter().map(|(l, _)| *l).collect() };
    let fails: Vec<Lit> = given.into_iter().chain([!model.condition(0, cond).yes]).collect();
    if model.is_refuted(&fails) {
        return vec![always(free, place)];
    }
    parts::idle(model, free, place)
}

/// Why a condition is never true where it is asked: its own parts exclude each other, or what stands above leaves nothing.
pub(super) fn never(free: &mut Free<'_>, place: Place, above: &[(Lit, Place)]) -> Verdict {
    let parts = place.own(free.model());
    let own: Vec<Lit> = parts.iter().map(|(lit, _)| *lit).collect();
    if let Some(core) = free.core(&[], &own) {
        let of_core = parts.iter().filter(|(lit, _)| core.contains(lit));
        return Verdict::Never { place, parts: of_core.filter_map(|(_, span)| *span).collect::<Vec<Span>>() };
    }
    Verdict::Covered { place, by: free.by(&own, above).unwrap_or_default() }
}

/// Why a condition is always true where it is asked: by itself, or after what stands above.
fn always(free: &mut Free<'_>, place: Place) -> Verdict {
    let model = free.model();
    let Some(cond) = place.condition(model.policy(0)) else { return Verdict::Always { place, by: Vec::new() } };
    let fails = [!model.condition(0, cond).yes];
    let above = if let Place::Label(..) = place { Vec::new() } else { place.above(model) };
    Verdict::Always { place, by: free.by(&fails, &above).unwrap_or_default() }
}
