//! Rules by themselves: what each asks of a lead, whatever stands above it, without the parts that make no difference.

use std::collections::BTreeMap;

use super::findings::{Verdict, listed, outside_rules};
use crate::ir::reach::Reach;
use crate::ir::{Body, Cond, CondKind, Define, Guard, Policy, RuleId, Section, SectionId, visit};
use crate::source::{SourceId, Span};
use crate::types::Truth;

/// Rules by themselves.
#[derive(Debug)]
pub struct Alone {
    /// The policy in which their conditions stand, each as that of a section.
    policy: Policy,
    conditions: BTreeMap<RuleId, SectionId>,
    is_complete: bool,
}

/// Where the conditions of rules stand; no text has so high a number.
const RULES: SourceId = SourceId(u32::MAX);

/// What may stand in the place of a condition, or in those of some of the values in its brackets.
#[derive(Default)]
struct Idle {
    whole: Option<Truth>,
    members: Vec<(usize, Truth)>,
}

impl Alone {
    /// Some rules of a policy.
    #[must_use]
    pub fn of(policy: &Policy, rules: &[RuleId]) -> Alone {
        let mut alone = behind(policy, rules);
        let (mut conditions, mut guards) = (BTreeMap::new(), BTreeMap::new());
        // Of a condition that stands in several places, each has its own.
        let mut places = 0;
        let mut placed = |mut cond: Cond| {
            cond.walk_mut(&mut |part| {
                places += 1;
                part.span = Span { source: RULES, start: places, end: places };
            });
            cond
        };
        for rule in rules {
            let of = &policy.rules[*rule];
            let guard = of.section.and_then(|section| {
                let guard = guard(policy, section)?;
                let Guard::NoneOf(_) = policy.sections[section].guard else { return Some(guard) };
                // What many rules have in common is looked at once.
                let shared = *guards.entry(section).or_insert_with(|| {
                    let body = Body::Condition(placed(guard));
                    alone.defines.push(Define { name: String::new(), body, span: of.span })
                });
                Some(Cond { kind: CondKind::Define(shared), span: of.span })
            });
            let parts = guard.into_iter().chain(of.when.clone()).flat_map(conjuncts).collect();
            let cond = placed(Cond { kind: CondKind::All(parts), span: of.span });
            let section = Section { title: String::new(), guard: Guard::When(cond), owners: Vec::new(), span: of.span };
            conditions.insert(*rule, alone.sections.push(section));
        }
        let (verdicts, is_complete) = if rules.is_empty() { (Vec::new(), true) } else { outside_rules(&alone) };
        let policy = pruned(&alone, &verdicts);
        Alone { policy, conditions, is_complete }
    }

    /// Whether all parts have been looked at: there was work left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The policy in which the conditions stand.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What is left of the condition of a rule, with that of its section; none when it is none of these rules.
    #[must_use]
    pub fn condition(&self, rule: RuleId) -> Option<&Cond> {
        match &self.policy.sections[*self.conditions.get(&rule)?].guard {
            Guard::When(cond) => Some(cond),
            Guard::Always | Guard::NoneOf(_) => None,
        }
    }
}

/// The policy without what no rule of some hangs on, so that nothing is spent on it.
fn behind(policy: &Policy, rules: &[RuleId]) -> Policy {
    let guards = |section| guard(policy, section);
    let of = rules.iter().map(|rule| &policy.rules[*rule]);
    let conds: Vec<Cond> = of.flat_map(|of| of.section.and_then(guards).into_iter().chain(of.when.clone())).collect();
    let mut reach = Reach::new(policy);
    conds.iter().for_each(|cond| reach.cond(cond));
    let mut behind = policy.clone();
    for (id, _) in policy.defines.iter().filter(|(id, _)| !reach.uses(*id)) {
        if let Some(Define { body: Body::Condition(cond), .. }) = behind.defines.get_mut(id) {
            cond.kind = CondKind::Const(Truth::True);
        }
    }
    for (id, _) in policy.scores.iter().filter(|(id, _)| !reach.scores.contains(id)) {
        behind.scores.get_mut(id).into_iter().for_each(|score| score.lines.clear());
    }
    for (id, _) in policy.grades.iter().filter(|(id, _)| !reach.grades.contains(id)) {
        behind.grades.get_mut(id).into_iter().for_each(|grade| grade.lines.clear());
    }
    behind
}

/// What has to hold for a lead to come into a section.
fn guard(policy: &Policy, section: SectionId) -> Option<Cond> {
    let span = policy.sections[section].span;
    match &policy.sections[section].guard {
        Guard::Always => None,
        Guard::When(cond) => Some(cond.clone()),
        Guard::NoneOf(others) => {
            let cond = |kind| Cond { kind, span };
            let no = |other: &SectionId| match guard(policy, *other) {
                None => cond(CondKind::Const(Truth::False)),
                Some(guard) => cond(CondKind::Any(vec![
                    cond(CondKind::Not(Box::new(guard.clone()))),
                    cond(CondKind::IsUnknown(Box::new(guard))),
                ])),
            };
            Some(cond(CondKind::All(others.iter().map(no).collect())))
        }
    }
}

/// The parts of an `and`, else the condition itself.
fn conjuncts(cond: Cond) -> Vec<Cond> {
    if let CondKind::All(parts) = cond.kind { parts } else { vec![cond] }
}

/// The policy with constants in the places of all of which these verdicts say that it makes no difference.
fn pruned(policy: &Policy, verdicts: &[Verdict]) -> Policy {
    let mut idle: BTreeMap<Span, Idle> = BTreeMap::new();
    for verdict in verdicts {
        if let Some((span, member, truth)) = constant(policy, verdict) {
            let of = idle.entry(span).or_default();
            match member {
                Some(member) => of.members.push((member, truth)),
                None => of.whole = Some(truth),
            }
        }
    }
    let mut pruned = policy.clone();
    for cond in visit::all_mut(&mut pruned) {
        cond.walk_mut(&mut |part| {
            if let Some(idle) = idle.get(&part.span) {
                replace(policy, part, idle);
            }
        });
    }
    pruned
}

/// Where a verdict says that a constant may stand, in the place of which value in brackets there, and which.
fn constant(policy: &Policy, verdict: &Verdict) -> Option<(Span, Option<usize>, Truth)> {
    if let Verdict::Idle { part, member, as_if, .. } = verdict {
        return Some((*part, *member, (*as_if).into()));
    }
    if let Verdict::Always { place, .. } = verdict {
        return place.condition(policy).map(|cond| (cond.span, None, Truth::True));
    }
    let (Verdict::Never { place, .. } | Verdict::Covered { place, .. }) = verdict else { return None };
    // What is never true may be unknown, which makes a difference to some.
    let is_no_more = !place.asks_for_unknown();
    place.condition(policy).filter(|_| is_no_more).map(|cond| (cond.span, None, Truth::False))
}

fn replace(policy: &Policy, part: &mut Cond, idle: &Idle) {
    if let Some(truth) = idle.whole {
        part.kind = CondKind::Const(truth);
    } else if let Some(mut each) = listed(policy, part) {
        for (member, truth) in &idle.members {
            each.parts_mut().get_mut(*member).into_iter().for_each(|one| one.kind = CondKind::Const(*truth));
        }
        *part = each;
    }
}
