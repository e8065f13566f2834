//! The canonical form of conditions, values and lines of scores. What has a name goes by its name, a set of values by its digest.

use super::form::{choice, form, number, optional, quoted, shifted, unordered, value, word};
use super::{LIST_VERSION, hash};
use crate::ir::listed::{Asked, Held};
use crate::ir::{
    ArithmeticOp, CompareOp, Cond, CondKind, Expr, Gain, Id, Per, Policy, ScoreLine, SetId, TextTest, ValueSet,
};
use crate::types::{Truth, Type, Value};

/// Writes what stands in one policy.
#[derive(Debug)]
pub(super) struct Canon<'p> {
    policy: &'p Policy,
    /// The digest of each set of values that is the same beside whatever it stands: large ones are, and may be asked for often.
    lists: Vec<Option<String>>,
}

impl<'p> Canon<'p> {
    pub(super) fn new(policy: &'p Policy) -> Canon<'p> {
        let is_position = |value: &Value| matches!(value, Value::Choice(_) | Value::Set(_));
        let alone = |set: &ValueSet| (!set.values.iter().any(is_position)).then(|| list(set, None));
        Canon { policy, lists: policy.sets.iter().map(|(_, set)| alone(set)).collect() }
    }

    /// The digest of a set of values that is asked for beside a value.
    pub(super) fn list(&self, set: SetId, beside: &Expr) -> String {
        let known = self.lists.get(set.position()).cloned().flatten();
        known.unwrap_or_else(|| list(&self.policy.sets[set], self.policy.type_of(beside).as_deref()))
    }

    /// The digest of what a named list holds.
    pub(super) fn held(&self, Asked { list: _, value, held }: Asked<'_>) -> String {
        if let Held::Set(set) = held {
            return self.list(set, value);
        }
        let values = ValueSet { list: None, values: held.values(self.policy).into_owned(), other: false };
        list(&values, self.policy.type_of(value).as_deref())
    }

    pub(super) fn condition(&self, cond: &Cond) -> String {
        let of = |value| self.value(value, None);
        let each = |parts: &[Cond]| parts.iter().map(|part| self.condition(part)).collect::<Vec<_>>();
        match &cond.kind {
            CondKind::Const(Truth::True) => word("true"),
            CondKind::Const(Truth::False) => word("false"),
            CondKind::Const(Truth::Unknown) => word("unknown"),
            CondKind::Known(known) => form("known", [of(known)]),
            CondKind::Compare { op, left, right } => form(comparison(*op), self.beside(&[left, right])),
            CondKind::Between { value, low, high } => form("between", self.beside(&[value, low, high])),
            CondKind::In { value, set } => form("in", [of(value), self.list(*set, value)]),
            CondKind::Has { value, all, members, list: _ } => {
                let ty = self.policy.type_of(value);
                let members = unordered(members.iter().map(|member| choice(*member, ty.as_deref())));
                form(if *all { "has-all" } else { "has-any" }, std::iter::once(of(value)).chain(members))
            }
            CondKind::Text { test, value, needles, list: _ } => {
                let needles = unordered(needles.iter().map(|needle| quoted(needle)));
                form(text_test(*test), std::iter::once(of(value)).chain(needles))
            }
            CondKind::IsUnknown(inner) => form("is-unknown", [self.condition(inner)]),
            CondKind::IsIncomplete(score) => form("incomplete", [quoted(&self.policy.scores[*score].name)]),
            CondKind::Define(define) => form("define", [quoted(&self.policy.defines[*define].name)]),
            CondKind::Reached(stage) => form("reached", [quoted(&self.policy.stages[*stage].name)]),
            CondKind::Not(inner) => form("not", [self.condition(inner)]),
            CondKind::All(parts) => form("all", each(parts)),
            CondKind::Any(parts) => form("any", each(parts)),
            CondKind::AtLeast(count, parts) => form("at-least", std::iter::once(count.to_string()).chain(each(parts))),
        }
    }

    /// Values beside each other; a constant has the type of what it stands beside.
    fn beside(&self, values: &[&Expr]) -> Vec<String> {
        let ty = self.policy.common_type(values);
        values.iter().map(|value| self.value(value, ty.as_deref())).collect()
    }

    /// A value, of this type if it is a constant.
    pub(super) fn value(&self, expr: &Expr, ty: Option<&Type>) -> String {
        let of = |inner| self.value(inner, None);
        match expr {
            Expr::Field(field) => form("field", [quoted(&self.policy.fields[*field].name)]),
            Expr::Const(constant) => value(constant, ty),
            Expr::Define(define) => form("define", [quoted(&self.policy.defines[*define].name)]),
            Expr::Score(score) => form("score", [quoted(&self.policy.scores[*score].name)]),
            Expr::Grade(grade) => form("grade", [quoted(&self.policy.grades[*grade].name)]),
            Expr::Stage => form("stage", []),
            Expr::AsOf(shift) => shifted("as-of", *shift),
            Expr::AsOfDay(shift) => shifted("as-of-day", *shift),
            Expr::DayOf(inner) => form("day-of", [of(inner)]),
            Expr::Lowercase(inner) => form("lowercase", [of(inner)]),
            Expr::DomainOf(inner) => form("domain-of", [of(inner)]),
            Expr::Negative(inner) => form("negative", [of(inner)]),
            Expr::Arithmetic(op, left, right) => form(arithmetic(*op), [of(left), of(right)]),
        }
    }

    /// What a line of a score adds; how it is called does not matter.
    pub(super) fn line(&self, line: &ScoreLine) -> String {
        let ScoreLine { gain, label: _, span: _ } = line;
        match gain {
            Gain::Points { points, per, when, at_most } => {
                let per =
                    per.as_ref().map(|Per { unit, amount }| form("per", [number(unit), self.value(amount, None)]));
                let at_most = optional("at-most", at_most.as_ref().map(number));
                let when = optional("when", when.as_ref().map(|when| self.condition(when)));
                form("points", [Some(number(points)), per, at_most, when].into_iter().flatten())
            }
            Gain::Score { sign, score } => {
                form(if *sign < 0 { "minus" } else { "plus" }, [quoted(&self.policy.scores[*score].name)])
            }
        }
    }
}

/// The digest of a set of values; what it is called does not matter.
fn list(set: &ValueSet, ty: Option<&Type>) -> String {
    let ValueSet { list: _, values, other } = set;
    let values = unordered(values.iter().map(|one| value(one, ty)));
    format!("{LIST_VERSION}:{}", hash(&form("list", values.into_iter().chain(other.then(|| word("other"))))))
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

/// The word for a way of comparing texts.
pub(super) fn text_test(test: TextTest) -> &'static str {
    match test {
        TextTest::Whole => "whole",
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts-with",
        TextTest::EndsWith => "ends-with",
        TextTest::ContainsWord => "contains-word",
    }
}

fn arithmetic(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
    }
}
