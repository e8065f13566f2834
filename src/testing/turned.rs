//! What would be decided if one comparison turned out the other way: a copy of a policy with one more field, which says of a lead
//! which comparison does.
//!
//! So that is a question to the evaluator and to a model as any other. Moving a threshold across a lead's value does just that.

use super::edge::{self, Edge};
use super::goal::{Goals, Leaf, Part};
use crate::eval::Evaluator;
use crate::ir::{Body, Cell, CompareOp, Cond, CondKind, DecisionId, Expr, Field, FieldId, Gain, Guard, Lead, Policy};
use crate::source::Span;
use crate::types::{Number, Type, Value};

/// Such a copy.
#[derive(Debug)]
pub(super) struct Turned {
    pub(super) policy: Policy,
    /// The field that numbers the comparison; 0, or missing, for none.
    field: FieldId,
}

impl Turned {
    /// The copy for the thresholds of a policy, which are numbered from 1.
    pub(super) fn of(goals: &Goals<'_>) -> Turned {
        let mut policy = goals.policy.clone();
        policy.tests.clear();
        policy.properties.clear();
        // Of a lead that the policy itself decides it is asked what else would be decided.
        policy.assumptions.clear();
        let field = policy.fields.push(number());
        for leaf in goals.leaves.iter().filter(|leaf| !leaf.edges.is_empty()) {
            let turned = turned(leaf, field);
            let place = whole(&mut policy, leaf).and_then(|whole| {
                leaf.way.iter().try_fold(whole, |cond, position| cond.parts_mut().get_mut(*position))
            });
            place.into_iter().for_each(|place| *place = turned.clone());
        }
        Turned { policy, field }
    }

    /// What holds of a lead for which this comparison turns out the other way.
    pub(super) fn is(&self, number: usize) -> Cond {
        is(self.field, number, Span::default())
    }

    /// What a lead that is decided by this policy would be decided if this comparison turned out the other way.
    pub(super) fn decides(evaluator: &Evaluator<'_>, lead: &Lead, number: usize) -> DecisionId {
        let policy = evaluator.policy();
        let mut same = Lead::empty(policy);
        for (field, _) in policy.fields.iter() {
            same.set(field, lead.get(field).cloned());
        }
        if let Some((field, _)) = policy.fields.iter().next_back() {
            same.set(field, Some(counted(number)));
        }
        evaluator.decide(&same).decision
    }
}

/// The field of a copy.
fn number() -> Field {
    Field {
        // No name that can be written.
        name: "turned over".to_owned(),
        ty: Type::WholeNumber,
        column: "turned over".to_owned(),
        is_id: false,
        min: Some(Number::from(0)),
        max: None,
        required: false,
        cell: Cell::default(),
        default: Some(counted(0)),
        else_missing: false,
        personal: false,
        fixed: false,
        span: Span::default(),
    }
}

fn counted(number: usize) -> Value {
    Value::Number(Number::from(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn is(field: FieldId, number: usize, span: Span) -> Cond {
    let kind = CondKind::Compare { op: CompareOp::Eq, left: Expr::Field(field), right: Expr::Const(counted(number)) };
    Cond { kind, span }
}

/// The condition with the parts of it that have a threshold, each the other way when the field says so.
fn turned(leaf: &Leaf<'_>, field: FieldId) -> Cond {
    let span = leaf.cond.span;
    let of = |kind| Cond { kind, span };
    with_each(leaf, &|at, edge| {
        let is = is(field, leaf.number(at), span);
        let [not, is_not] = [&edge.test, &is].map(|cond| of(CondKind::Not(Box::new(cond.clone()))));
        let as_ever = of(CondKind::All(vec![edge.test.clone(), is_not]));
        of(CondKind::Any(vec![as_ever, of(CondKind::All(vec![not, is]))]))
    })
}

/// The condition of a leaf's rule with one threshold of the leaf the other way; none where the rule has too many conditions.
pub(super) fn rule(leaf: &Leaf<'_>, turned: usize) -> Option<Cond> {
    let mut whole = leaf.rule?.clone();
    let place = leaf.way.iter().try_fold(&mut whole, |cond, position| cond.parts_mut().get_mut(*position))?;
    *place = with_each(leaf, &|at, edge| {
        let not = CondKind::Not(Box::new(edge.test.clone()));
        if at == turned { Cond { kind: not, span: edge.test.span } } else { edge.test.clone() }
    });
    Some(whole)
}

/// The condition of a leaf with something else in the place of each threshold.
fn with_each(leaf: &Leaf<'_>, other: &dyn Fn(usize, &Edge) -> Cond) -> Cond {
    let parts = edge::comparisons(leaf.cond).into_iter().map(|part| {
        let edge = leaf.edges.iter().enumerate().find(|(_, edge)| edge.test == part);
        edge.map_or(part, |(at, edge)| other(at, edge))
    });
    Cond { kind: CondKind::All(parts.collect()), span: leaf.cond.span }
}

/// The condition of a policy that a part of it stands in.
fn whole<'a>(policy: &'a mut Policy, leaf: &Leaf<'_>) -> Option<&'a mut Cond> {
    match leaf.part {
        Part::Rule(id) => policy.rules.get_mut(id)?.when.as_mut(),
        Part::Section(id) => match &mut policy.sections.get_mut(id)?.guard {
            Guard::When(when) => Some(when),
            Guard::Always | Guard::NoneOf(_) => None,
        },
        Part::Define(id) => match &mut policy.defines.get_mut(id)?.body {
            Body::Condition(cond) => Some(cond),
            Body::Value(..) => None,
        },
        Part::Score(id, line) => match &mut policy.scores.get_mut(id)?.lines.get_mut(line)?.gain {
            Gain::Points { when, .. } => when.as_mut(),
            Gain::Score { .. } => None,
        },
        Part::Grade(id, line) => Some(&mut policy.grades.get_mut(id)?.lines.get_mut(line)?.when),
        Part::Stage(id) => Some(&mut policy.stages.get_mut(id)?.when),
    }
}
