//! Places between the values of ranked fields, and of the grades that they are compared with, for those that a field may get: a value that is new tomorrow stands above some that there are today,
//! and what asks for them by order takes it.

use crate::ir::{Body, Cond, CondKind, Define, Expr, Field, Grade, GradeLine, Policy, ValueSet, visit};
use crate::types::{Choices, Type, Value};

/// The policy whose ranked fields have one more value below all of theirs, and one above each. No author can call one like that, and above the same
/// value it is the same one in every policy.
pub(super) fn with_places(policy: &Policy) -> Policy {
    let mut placed = policy.clone();
    let ranked = ranked(policy);
    if ranked.is_empty() {
        return placed;
    }
    let field = |(_, field): (_, &Field)| match ranked.contains(&field.ty) {
        true => Field { ty: wider(&field.ty), default: field.default.as_ref().map(moved), ..field.clone() },
        false => field.clone(),
    };
    let define = |(_, define): (_, &Define)| match &define.body {
        Body::Value(value, ty) if ranked.contains(ty) => {
            Define { body: Body::Value(constant(value).unwrap_or_else(|| value.clone()), wider(ty)), ..define.clone() }
        }
        Body::Value(..) | Body::Condition(_) => define.clone(),
    };
    let line = |line: &GradeLine| GradeLine { label: place(line.label), ..line.clone() };
    let grade = |(_, grade): (_, &Grade)| match wider(&Type::Choice(grade.scale.clone())) {
        Type::Choice(scale) if ranked.contains(&Type::Choice(grade.scale.clone())) => {
            let lines = grade.lines.iter().map(line).collect();
            Grade { scale, lines, otherwise: place(grade.otherwise), ..grade.clone() }
        }
        _ => grade.clone(),
    };
    placed.fields = policy.fields.iter().map(field).collect();
    placed.defines = policy.defines.iter().map(define).collect();
    placed.grades = policy.grades.iter().map(grade).collect();
    // A set that fields of several types are held against has different positions for each.
    let mut sets = placed.sets.clone();
    let change = &mut |cond: &mut Cond| {
        let ty = policy.common_type(&cond.operands());
        if !ty.is_some_and(|ty| ranked.contains(&*ty)) {
            return;
        }
        if let CondKind::In { set, .. } = &mut cond.kind {
            let own = &policy.sets[*set];
            *set = sets.push(ValueSet { values: own.values.iter().map(moved).collect(), ..own.clone() });
        } else {
            cond.operands_mut().into_iter().for_each(put);
        }
    };
    visit::all_mut(&mut placed).for_each(|cond| cond.walk_mut(change));
    placed.sets = sets;
    placed
}

/// The types that get such places: those of ranked fields, and of grades, which they may be compared with, unless the stage is: its values are all that
/// there are.
fn ranked(policy: &Policy) -> Vec<Type> {
    let is_ranked = |ty: &Type| matches!(ty, Type::Choice(choices) if choices.ranked);
    let fields = policy.fields.iter().map(|(_, field)| field.ty.clone()).filter(is_ranked);
    let grades = policy.grades.iter().map(|(_, grade)| Type::Choice(grade.scale.clone()));
    let mut types: Vec<Type> = fields.chain(grades).collect();
    let is_stage = |value: &Expr| matches!(policy.behind_names(value), Expr::Stage);
    let mut leave_out = |cond: &Cond| {
        let values = cond.operands();
        if values.iter().any(|value| is_stage(value)) {
            let all: Vec<_> = values.into_iter().filter_map(|value| policy.type_of(value)).collect();
            types.retain(|ty| !all.iter().any(|other| **other == *ty));
        }
    };
    visit::conditions(policy).for_each(|cond| cond.walk(&mut leave_out));
    types
}

/// The type with these places: at every second position, from the first one.
fn wider(ty: &Type) -> Type {
    let Type::Choice(choices) = ty else { return ty.clone() };
    let above = choices.values.iter().flat_map(|value| [value.clone(), format!("\u{1}{value}")]);
    Type::Choice(Choices { values: std::iter::once("\u{1}".to_owned()).chain(above).collect(), ..*choices })
}

/// The position in the type with places of what has this one in the type without.
fn place(position: usize) -> usize {
    position * 2 + 1
}

/// A value of a type at the position that it has in the one with places.
fn moved(value: &Value) -> Value {
    if let Value::Choice(position) = value { Value::Choice(place(*position)) } else { value.clone() }
}

/// The same of a constant.
fn constant(value: &Expr) -> Option<Expr> {
    if let Expr::Const(value) = value { Some(Expr::Const(moved(value))) } else { None }
}

fn put(value: &mut Expr) {
    if let Some(moved) = constant(value) {
        *value = moved;
    }
}
