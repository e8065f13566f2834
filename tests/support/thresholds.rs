//! Policies with one threshold moved as little as can be.

use policyc::ir::{Body, CompareOp, Cond, CondKind, Expr, Gain, Guard, Policy};
use policyc::types::{Number, Type, Value};

/// The policy with each comparison with a constant made strict or lax, and, of whole numbers and ranks, moved by one either way. What stands
/// in `... is unknown` is left out, for there a threshold makes no difference by itself.
pub(crate) fn moved(policy: &Policy) -> Vec<Policy> {
    let mut count = 0;
    each(&mut policy.clone(), &mut |_| count += 1);
    let mut mutants = Vec::new();
    for place in 0..count {
        for way in 0.. {
            let (mut mutant, mut at, mut more) = (policy.clone(), 0, false);
            each(&mut mutant, &mut |cond| {
                if at == place
                    && let Some(other) = ways(policy, cond).into_iter().nth(way)
                {
                    *cond = other;
                    more = true;
                }
                at += 1;
            });
            if !more {
                break;
            }
            mutants.push(mutant);
        }
    }
    mutants
}

/// A condition with its thresholds moved.
fn ways(policy: &Policy, cond: &Cond) -> Vec<Cond> {
    let of = |kind| Cond { kind, span: cond.span };
    match &cond.kind {
        CondKind::Compare { op, left, right } => {
            let moved = of_comparison(policy, *op, left, right);
            moved.into_iter().map(|(op, right)| of(CondKind::Compare { op, left: left.clone(), right })).collect()
        }
        CondKind::Between { value, low, high } => {
            let compare = |(op, right)| of(CondKind::Compare { op, left: value.clone(), right });
            let [below, above] = [(CompareOp::Ge, low), (CompareOp::Le, high)];
            let both = |low, high| of(CondKind::All(vec![compare(low), compare(high)]));
            let low =
                of_comparison(policy, below.0, value, low).into_iter().map(|low| both(low, (above.0, high.clone())));
            let high = of_comparison(policy, above.0, value, high)
                .into_iter()
                .map(|high| both((below.0, below.1.clone()), high));
            low.chain(high).collect()
        }
        _ => Vec::new(),
    }
}

fn of_comparison(policy: &Policy, op: CompareOp, value: &Expr, limit: &Expr) -> Vec<(CompareOp, Expr)> {
    let (Expr::Const(limit), Some(ty)) = (limit, policy.type_of(value)) else { return Vec::new() };
    let mut ways = Vec::new();
    match op {
        CompareOp::Eq | CompareOp::Ne => return Vec::new(),
        CompareOp::Lt => ways.push((CompareOp::Le, Expr::Const(limit.clone()))),
        CompareOp::Le => ways.push((CompareOp::Lt, Expr::Const(limit.clone()))),
        CompareOp::Gt => ways.push((CompareOp::Ge, Expr::Const(limit.clone()))),
        CompareOp::Ge => ways.push((CompareOp::Gt, Expr::Const(limit.clone()))),
    }
    match limit {
        Value::Number(limit) if *ty == Type::WholeNumber => {
            let moved = [-1, 1].map(|by| limit + &Number::from(by));
            ways.extend(moved.into_iter().map(|limit| (op, Expr::Const(Value::Number(limit)))));
        }
        Value::Choice(rank) => {
            let moved = [rank.checked_sub(1), rank.checked_add(1)].into_iter().flatten();
            ways.extend(moved.map(|rank| (op, Expr::Const(Value::Choice(rank)))));
        }
        _ => {}
    }
    ways
}

/// Every condition that decisions hang on.
fn each(policy: &mut Policy, f: &mut dyn FnMut(&mut Cond)) {
    for id in ids(policy.defines.iter()) {
        if let Some(Body::Condition(cond)) = policy.defines.get_mut(id).map(|define| &mut define.body) {
            parts(cond, f);
        }
    }
    for id in ids(policy.scores.iter()) {
        for line in policy.scores.get_mut(id).into_iter().flat_map(|score| &mut score.lines) {
            if let Gain::Points { when: Some(when), .. } = &mut line.gain {
                parts(when, f);
            }
        }
    }
    for id in ids(policy.grades.iter()) {
        policy
            .grades
            .get_mut(id)
            .into_iter()
            .flat_map(|grade| &mut grade.lines)
            .for_each(|line| parts(&mut line.when, f));
    }
    for id in ids(policy.stages.iter()) {
        policy.stages.get_mut(id).into_iter().for_each(|stage| parts(&mut stage.when, f));
    }
    for id in ids(policy.sections.iter()) {
        if let Some(Guard::When(cond)) = policy.sections.get_mut(id).map(|section| &mut section.guard) {
            parts(cond, f);
        }
    }
    for id in ids(policy.rules.iter()) {
        policy.rules.get_mut(id).into_iter().filter_map(|rule| rule.when.as_mut()).for_each(|when| parts(when, f));
    }
}

fn ids<'a, I, T: 'a>(nodes: impl Iterator<Item = (I, &'a T)>) -> Vec<I> {
    nodes.map(|(id, _)| id).collect()
}

fn parts(cond: &mut Cond, f: &mut dyn FnMut(&mut Cond)) {
    if matches!(cond.kind, CondKind::IsUnknown(_)) {
        return;
    }
    f(cond);
    cond.parts_mut().iter_mut().for_each(|part| parts(part, f));
}
