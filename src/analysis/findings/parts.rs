//! Parts of a condition that make no difference where they stand.
//!
//! A part is idle when the same leads pass, of those that get to the condition, with a constant in its place: what is always true in
//! an `and` (or never true in an `or`) could be left out. A value in brackets is a part, too.

use super::{Free, Place, Verdict, conjuncts};
use crate::analysis::model::Model;
use crate::analysis::solver::Lit;
use crate::ir::{CompareOp, Cond, CondKind, Expr, Policy, visit};
use crate::source::Span;
use crate::types::{Truth, Value};

/// An idle part.
struct Idle {
    /// The conjunct that it is in, and the way there.
    at: usize,
    path: Vec<usize>,
    part: Span,
    /// Which of the listed values it is, when it is one.
    member: Option<usize>,
    as_if: bool,
    /// The conjuncts beside the one in question.
    beside: Vec<Cond>,
    /// The conjunct with the part, and with the constant: no lead that passes those beside it passes one of them only.
    with: Cond,
    without: Cond,
}

/// Makes the tests of single values that a look through the policy will ask for, so that a lead that is met has an answer to each.
pub(super) fn prepare(policy: &Policy, model: &mut Model<'_>) {
    for cond in visit::deciding(policy) {
        model.condition(0, cond);
        cond.walk(&mut |part| {
            for one in listed(policy, part).iter().flat_map(|listed| listed.parts()) {
                model.condition(0, one);
            }
        });
    }
}

/// The idle parts of a condition. Of a rule, the model knows that none above it fires.
pub(super) fn idle(model: &mut Model<'_>, free: &mut Free<'_>, place: Place) -> Vec<Verdict> {
    let Some(cond) = place.condition(model.policy(0)) else { return Vec::new() };
    let given = given(model, place);
    let parts = conjuncts(cond);
    let mut search = Search { model, place, given, parts, now: parts.to_vec(), found: Vec::new() };
    // Without a part that is found, another one may be idle, too.
    loop {
        let before = search.found.len();
        // The later of two parts that say the same is the one that could go.
        for (at, part) in parts.iter().enumerate().rev() {
            // A condition of one part that is always true lets all pass; what stands below it says so.
            if parts.len() == 1 || !search.is_idle(at, &[], part.span, None, true) {
                search.within(at, &mut Vec::new(), part);
            }
        }
        if search.found.len() == before {
            break;
        }
    }
    let found = search.found;
    found.into_iter().map(|idle| reason(free, place, idle)).collect()
}

/// What holds of the leads that get to a condition, as far as the model does not know it.
fn given(model: &mut Model<'_>, place: Place) -> Vec<Lit> {
    match place {
        Place::Rule(rule) => {
            model.policy(0).rules[rule].section.map(|section| model.section(0, section)).into_iter().collect()
        }
        Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) | Place::Section(_) => {
            place.above(model).into_iter().map(|(lit, _)| lit).collect()
        }
    }
}

/// A look through one condition.
struct Search<'m, 'p> {
    model: &'m mut Model<'p>,
    place: Place,
    given: Vec<Lit>,
    /// The conjuncts.
    parts: &'p [Cond],
    /// The conjuncts with constants in the places of the parts found so far: these may all go together.
    now: Vec<Cond>,
    found: Vec<Idle>,
}

impl Search<'_, '_> {
    /// Looks at the parts inside of a condition, from the outside in.
    fn within(&mut self, at: usize, path: &mut Vec<usize>, cond: &Cond) {
        let listed = listed(self.model.policy(0), cond);
        let cond = listed.as_ref().unwrap_or(cond);
        let neutral: &[bool] = match &cond.kind {
            CondKind::All(_) => &[true],
            CondKind::Any(_) => &[false],
            // One that is always true may go when one less is counted to.
            CondKind::AtLeast(..) => &[false, true],
            CondKind::Not(_) => &[],
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
        for (i, child) in cond.parts().iter().enumerate().rev() {
            path.push(i);
            let member = listed.is_some().then_some(i);
            let idle = neutral.iter().any(|as_if| self.is_idle(at, path, child.span, member, *as_if));
            if !idle && member.is_none() {
                self.within(at, path, child);
            }
            path.pop();
        }
    }

    /// Whether a part is idle, by itself and together with those found before; or has been found.
    fn is_idle(&mut self, at: usize, path: &[usize], part: Span, member: Option<usize>, as_if: bool) -> bool {
        if self.found.iter().any(|idle| idle.at == at && path.starts_with(&idle.path)) {
            return true;
        }
        if self.model.is_exhausted() {
            return false;
        }
        let policy = self.model.policy(0);
        let (Some(first), Some(with)) = (self.parts.get(at), self.now.get(at).cloned()) else { return false };
        let alone = replaced(policy, first, path, as_if);
        if !self.same(self.parts, at, first, &alone) {
            return false;
        }
        let without = replaced(policy, &with, path, as_if);
        if !self.found.is_empty() {
            let now = self.now.clone();
            if !self.same(&now, at, &with, &without) {
                return false;
            }
        }
        let beside = self.now.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, other)| other.clone()).collect();
        self.now.get_mut(at).into_iter().for_each(|now| *now = without.clone());
        self.found.push(Idle { at, path: path.to_vec(), part, member, as_if, beside, with, without });
        true
    }

    /// Whether the same leads pass with another conjunct in the place of one of them; where that matters, whether the same leads
    /// surely do not pass, either.
    fn same(&mut self, parts: &[Cond], at: usize, with: &Cond, without: &Cond) -> bool {
        let others: Vec<_> = parts.iter().enumerate().filter(|(i, _)| *i != at).collect();
        let others: Vec<_> = others.into_iter().map(|(_, other)| self.model.condition(0, other)).collect();
        let context: Vec<Lit> = self.given.iter().copied().chain(others.iter().map(|other| other.yes)).collect();
        let (a, b) = (self.model.condition(0, with), self.model.condition(0, without));
        if !self.exclude_each_other(&context, a.yes, b.yes) {
            return false;
        }
        if !self.place.asks_for_unknown() {
            return true;
        }
        let mut fails = |own: Lit| {
            let all: Vec<Lit> = others.iter().map(|other| other.no).chain([own]).collect();
            self.model.gates.or(&all)
        };
        let (a, b) = (fails(a.no), fails(b.no));
        self.exclude_each_other(&[], a, b)
    }

    /// Whether none of the leads of the context has one of the two without the other.
    fn exclude_each_other(&mut self, context: &[Lit], a: Lit, b: Lit) -> bool {
        a == b
            || [[b, !a], [a, !b]].into_iter().all(|pair| {
                let asked: Vec<Lit> = context.iter().copied().chain(pair).collect();
                pair.iter().any(|lit| self.model.gates.known(*lit) == Some(false)) || self.model.is_refuted(&asked)
            })
    }
}

/// The most values in brackets that are looked at one by one.
const MAX_LISTED: usize = 24;

/// A test of several values in brackets as the `or` (or the `and`) of tests of one that it stands for. A `list` may be for other
/// places, too.
pub fn listed(policy: &Policy, cond: &Cond) -> Option<Cond> {
    let each = |kinds: Vec<CondKind>| -> Option<Vec<Cond>> {
        let parts = kinds.into_iter().map(|kind| Cond { kind, span: cond.span }).collect::<Vec<Cond>>();
        (2..=MAX_LISTED).contains(&parts.len()).then_some(parts)
    };
    let kind = match &cond.kind {
        CondKind::In { value, set } => {
            let set = &policy.sets[*set];
            let closed = |value: &Value| matches!(value, Value::Choice(_) | Value::Number(_));
            if set.list.is_some() || set.other || !set.values.iter().all(closed) {
                return None;
            }
            let is = |one: &Value| CondKind::Compare {
                op: CompareOp::Eq,
                left: value.clone(),
                right: Expr::Const(one.clone()),
            };
            CondKind::Any(each(set.values.iter().map(is).collect())?)
        }
        CondKind::Has { value, all, members, list: None } => {
            let has =
                |one: &usize| CondKind::Has { value: value.clone(), all: *all, members: [*one].into(), list: None };
            let parts = each(members.iter().map(has).collect())?;
            if *all { CondKind::All(parts) } else { CondKind::Any(parts) }
        }
        CondKind::Text { test, value, needles, list: None } => {
            let has = |one: &String| {
                let (value, needles) = (value.clone(), vec![one.clone()]);
                CondKind::Text { test: *test, value, needles, list: None }
            };
            CondKind::Any(each(needles.iter().map(has).collect())?)
        }
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::Has { list: Some(_), .. }
        | CondKind::Text { list: Some(_), .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => return None,
    };
    Some(Cond { kind, span: cond.span })
}

/// The condition with a constant in the place of one of its parts.
pub(super) fn replaced(policy: &Policy, cond: &Cond, path: &[usize], by: bool) -> Cond {
    let Some((first, rest)) = path.split_first() else {
        return Cond { kind: CondKind::Const(by.into()), span: cond.span };
    };
    let mut cond = listed(policy, cond).unwrap_or_else(|| cond.clone());
    if let Some(part) = cond.parts_mut().get_mut(*first) {
        *part = replaced(policy, part, rest, by);
    }
    cond
}

/// What stands above, and which other parts, make a part idle.
fn reason(free: &mut Free<'_>, place: Place, idle: Idle) -> Verdict {
    let Idle { part, member, as_if, beside, with, without, .. } = idle;
    let model = free.model();
    let above = place.above(model);
    let section: Vec<Lit> = if let Place::Rule(_) = place { given(model, place) } else { Vec::new() };
    let beside = beside.iter().filter(|other| other.kind != CondKind::Const(Truth::True));
    let others: Vec<(Lit, Span)> = beside.map(|other| (model.condition(0, other).yes, other.span)).collect();
    let (with, without) = (model.condition(0, &with).yes, model.condition(0, &without).yes);
    let (mut by, mut beside) = (Vec::new(), Vec::new());
    let of_parts: Vec<Lit> = others.iter().map(|(lit, _)| *lit).collect();
    for pair in [[without, !with], [with, !without]] {
        // Own parts first: what the condition says itself needs nothing above.
        let given: Vec<Lit> = pair.into_iter().chain(section.iter().copied()).collect();
        let with_parts: Vec<Lit> = given.iter().chain(&of_parts).copied().collect();
        let taken = if free.core(&with_parts, &[]).is_some() { Some(Vec::new()) } else { free.by(&with_parts, &above) };
        let taken = taken.unwrap_or_default();
        let not_taken = above.iter().filter(|(_, place)| taken.contains(place)).map(|(lit, _)| *lit);
        let given: Vec<Lit> = given.into_iter().chain(not_taken).collect();
        let core = free.core(&given, &of_parts).unwrap_or_default();
        beside.extend(others.iter().filter(|(lit, _)| core.contains(lit)).map(|(_, span)| *span));
        by.extend(taken);
    }
    by.sort_unstable();
    by.dedup();
    beside.sort_unstable();
    beside.dedup();
    Verdict::Idle { place, part, member, as_if, by, with: beside }
}
