//! What compares a field by its order, or asks for values that it does not list, where the field has other values by now, or has them in another
//! order. It says the same in words, and something else of leads.

use std::borrow::Cow;

use super::edit::{Edit, Kind, Said, What};
use crate::ir::{Body, CompareOp, Cond, CondKind, Expr, Field, Gain, Guard, Policy, print};
use crate::source::Span;
use crate::types::{Type, Value};

/// Whether the values of a type are others than those of another one, in a way that matters to what asks for them by order, or for none of them.
pub(super) fn differ(old: &Type, new: &Type) -> bool {
    let (Type::Choice(old), Type::Choice(new)) = (old, new) else { return false };
    let listed = |values: &[String]| {
        let mut values = values.to_vec();
        values.sort_unstable();
        values
    };
    let by_order = (old.ranked || new.ranked) && old.values != new.values;
    let by_others = (old.other || new.other) && listed(&old.values) != listed(&new.values);
    by_order || by_others || old.ranked != new.ranked || old.other != new.other
}

/// Whether a field only has more values by now: whatever it could hold it can hold still. What asks for them by order, or for none of them, is
/// told by itself.
#[must_use]
pub fn has_more_values(old: &Field, new: &Field) -> bool {
    let more = match (&old.ty, &new.ty) {
        (Type::Choice(then), Type::Choice(now)) => {
            let is_same_kind = (then.ranked, then.other) == (now.ranked, now.other);
            is_same_kind && then.values.iter().all(|value| now.values.contains(value))
        }
        (Type::Set(then), Type::Set(now)) => then.iter().all(|value| now.contains(value)),
        _ => false,
    };
    more && Field { ty: new.ty.clone(), span: new.span, ..old.clone() } == *new
}

/// What a statement is, what it is called, where it stands, and a condition in it.
type Stated<'p> = (Kind, Cow<'p, str>, Span, &'p Cond);

/// The statements of both policies that ask for such a field.
pub(super) fn compare(policies: [&Policy; 2]) -> Vec<Edit> {
    let [old, new] = policies;
    let is_other = |name: &String| {
        let ty =
            |policy: &Policy| policy.fields.iter().find(|(_, field)| field.name == *name).map(|(_, f)| f.ty.clone());
        ty(old).zip(ty(new)).is_some_and(|(old, new)| differ(&old, &new))
    };
    let fields: Vec<&String> = new.fields.iter().map(|(_, field)| &field.name).filter(|name| is_other(name)).collect();
    if fields.is_empty() {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    for (side, policy) in policies.into_iter().enumerate() {
        for (kind, name, span, cond) in stated(policy) {
            let mut asks = false;
            cond.walk(&mut |part| asks |= counts(policy, part, &fields));
            let said = asks.then(|| Said { text: name.to_string(), span: Some(span) });
            let [old, new] = if side == 0 { [said, None] } else { [None, said] };
            let edit = Edit { kind, name: name.into_owned(), was: None, what: What::Changed, old, new };
            if asks && !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }
    edits
}

/// Every condition that what becomes of a lead can hang on, by what it stands in.
fn stated(policy: &Policy) -> Vec<Stated<'_>> {
    let mut all: Vec<Stated<'_>> = Vec::new();
    for (_, define) in policy.defines.iter() {
        if let Body::Condition(cond) = &define.body {
            all.push((Kind::Define, (&define.name).into(), define.span, cond));
        }
    }
    for (_, score) in policy.scores.iter() {
        for line in &score.lines {
            if let Gain::Points { when: Some(cond), .. } = &line.gain {
                all.push((Kind::Score, (&score.name).into(), score.span, cond));
            }
        }
    }
    for (_, grade) in policy.grades.iter() {
        all.extend(grade.lines.iter().map(|line| (Kind::Grade, (&grade.name).into(), grade.span, &line.when)));
    }
    all.extend(policy.stages.iter().map(|(_, stage)| (Kind::Stage, (&stage.name).into(), stage.span, &stage.when)));
    for (_, section) in policy.sections.iter() {
        if let Guard::When(cond) = &section.guard {
            all.push((Kind::Section, (&section.title).into(), section.span, cond));
        }
    }
    for (_, rule) in policy.rules.iter() {
        all.extend(rule.when.iter().map(|cond| (Kind::Rule, (&rule.name).into(), rule.span, cond)));
    }
    let assumed = |cond| (Kind::Assumption, print::condition(policy, cond).into(), cond.span, cond);
    all.extend(policy.assumptions.iter().map(assumed));
    all
}

/// Whether a condition, parts left out, hangs on the order of one of these fields, or on which values it lists.
fn counts(policy: &Policy, cond: &Cond, fields: &[&String]) -> bool {
    let is_one = |expr: &Expr| matches!(policy.behind_names(expr), Expr::Field(field) if fields.contains(&&policy.fields[*field].name));
    let is_other = |expr: &Expr| matches!(expr, Expr::Const(Value::Other(_)));
    match &cond.kind {
        CondKind::Compare { op: CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge, left, right } => {
            is_one(left) || is_one(right)
        }
        CondKind::Between { value, low, high } => is_one(value) || is_one(low) || is_one(high),
        CondKind::Compare { op: CompareOp::Eq | CompareOp::Ne, left, right } => {
            (is_one(left) && is_other(right)) || (is_one(right) && is_other(left))
        }
        CondKind::In { value, set } => is_one(value) && policy.sets[*set].other,
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => false,
    }
}
