//! Parts of a rule's condition that make no difference where they stand.
//!
//! A part is idle when the rule takes the same leads, of those that get to it, with a constant in its place: what is always true in an
//! `and` (or never true in an `or`) could be left out.

use super::{Free, Verdict, conjuncts};
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::{Cond, CondKind, Rule, RuleId};
use crate::types::Truth;

/// An idle part: where it stands in the condition, and what it might as well be.
struct Idle<'c> {
    part: &'c Cond,
    as_if: bool,
    /// Literals that exclude each other in a model of the leads that get here: the proof.
    question: Question,
}

/// What was refuted: the conjuncts that were taken for granted, and the conjunct that would have to differ.
struct Question {
    /// The conjuncts, by position, beside the one in question.
    beside: Vec<usize>,
    /// The conjunct with the part, and with the constant.
    with: Cond,
    without: Cond,
}

/// The idle parts of a rule's condition. The model knows that no rule above fires.
pub(super) fn idle(model: &mut Model<'_>, free: &mut Free<'_>, id: RuleId, rule: &Rule) -> Vec<Verdict> {
    let Some(when) = &rule.when else { return Vec::new() };
    let parts = conjuncts(when);
    let section: Vec<Lit> = rule.section.map(|section| model.section(0, section)).into_iter().collect();
    let mut kept: Vec<usize> = (0..parts.len()).collect();
    let mut found = Vec::new();
    // The later of two parts that say the same is the one that could go.
    for (at, part) in parts.iter().enumerate().rev() {
        let beside: Vec<usize> = kept.iter().copied().filter(|other| *other != at).collect();
        let mut context = section.clone();
        for other in beside.iter().filter_map(|other| parts.get(*other)) {
            context.push(model.condition(0, other).yes);
        }
        let constant = |truth| Cond { kind: CondKind::Const(truth), span: part.span };
        // A condition of one part that is always true makes the rule take all that is left; what stands below it says so.
        if parts.len() > 1 && excluded(model, &context, &constant(Truth::True), part) {
            kept = beside.clone();
            let question = Question { beside, with: part.clone(), without: constant(Truth::True) };
            found.push(Idle { part, as_if: true, question });
            continue;
        }
        let mut inside = Vec::new();
        within(part, &mut Vec::new(), &mut |path, child, neutral| {
            let mut idle = false;
            for as_if in neutral {
                let changed = part.with(path, (*as_if).into());
                let same = excluded(model, &context, &changed, part) && excluded(model, &context, part, &changed);
                if same && !idle {
                    idle = true;
                    let question = Question { beside: beside.clone(), with: part.clone(), without: changed };
                    inside.push(Idle { part: child, as_if: *as_if, question });
                }
            }
            !idle
        });
        found.extend(inside);
    }
    found.iter().map(|idle| reason(free, id, rule, parts, idle)).collect()
}

/// Whether no lead of the context has `a` surely true and `b` not.
fn excluded(model: &mut Model<'_>, context: &[Lit], a: &Cond, b: &Cond) -> bool {
    let question = [model.condition(0, a).yes, !model.condition(0, b).yes];
    let asked: Vec<Lit> = context.iter().copied().chain(question).collect();
    model.is_refuted(&asked)
}

/// Is shown a part with the way to it and the constants that it might be, and says whether to look into it.
type Visit<'f, 'c> = dyn FnMut(&[usize], &'c Cond, &[bool]) -> bool + 'f;

/// The parts inside of a condition, from the outside in.
fn within<'c>(cond: &'c Cond, path: &mut Vec<usize>, f: &mut Visit<'_, 'c>) {
    let neutral: &[bool] = match &cond.kind {
        CondKind::All(_) => &[true],
        CondKind::Any(_) => &[false],
        // Without one of its parts, it would have to count to another number.
        CondKind::AtLeast(..) | CondKind::Not(_) => &[],
        // Whether something is unknown is no matter of its being true.
        CondKind::IsUnknown(_)
        | CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_) => return,
    };
    for (i, child) in cond.parts().iter().enumerate() {
        path.push(i);
        if neutral.is_empty() || f(path, child, neutral) {
            within(child, path, f);
        }
        path.pop();
    }
}

/// Which rules above, and which other parts, make a part idle.
fn reason(free: &mut Free<'_>, id: RuleId, rule: &Rule, parts: &[Cond], idle: &Idle<'_>) -> Verdict {
    let Question { beside, with, without } = &idle.question;
    let above = free.not_above(id);
    let model = free.model();
    let section: Vec<Lit> = rule.section.map(|section| model.section(0, section)).into_iter().collect();
    let others: Vec<(Lit, usize)> =
        beside.iter().filter_map(|other| Some((model.condition(0, parts.get(*other)?).yes, *other))).collect();
    let (with, without) = (model.condition(0, with).yes, model.condition(0, without).yes);
    let (mut by, mut beside) = (Vec::new(), Vec::new());
    for pair in [[without, !with], [with, !without]] {
        // Own parts first: what the condition says itself needs no rule above.
        let own = pair.into_iter().chain(section.iter().copied()).chain(others.iter().map(|(lit, _)| *lit));
        let own: Vec<Lit> = own.collect();
        let all: Vec<Lit> = own.iter().copied().chain(above.iter().map(|(lit, _)| *lit)).collect();
        let core = free.core(&own).or_else(|| free.core(&all)).unwrap_or_default();
        by.extend(above.iter().filter(|(lit, _)| core.contains(lit)).map(|(_, rule)| *rule));
        beside.extend(others.iter().filter(|(lit, _)| core.contains(lit)).map(|(_, at)| *at));
    }
    by.sort_unstable();
    by.dedup();
    beside.sort_unstable();
    beside.dedup();
    let with = beside.into_iter().filter_map(|at| parts.get(at)).map(|part| part.span).collect();
    Verdict::Idle { rule: id, part: idle.part.span, as_if: idle.as_if, by, with }
}
