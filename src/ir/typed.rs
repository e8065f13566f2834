//! The types of values. A policy has been checked before: nothing here is wrong, but a constant may have no type of its own.

use std::borrow::Cow;

use super::{ArithmeticOp, Body, Expr, Policy};
use crate::types::{Type, Value};

impl Policy {
    /// The type of a value; none for a constant of some closed set, which has the type of what it stands beside.
    #[must_use]
    pub fn type_of(&self, expr: &Expr) -> Option<Cow<'_, Type>> {
        match expr {
            Expr::Field(field) => Some(Cow::Borrowed(&self.fields[*field].ty)),
            Expr::Const(value) => constant(value).map(Cow::Owned),
            Expr::Define(define) => match &self.defines[*define].body {
                Body::Value(_, ty) => Some(Cow::Borrowed(ty)),
                Body::Condition(_) => None,
            },
            Expr::Score(_) => Some(Cow::Owned(Type::Number)),
            Expr::Grade(grade) => Some(Cow::Owned(Type::Choice(self.grades[*grade].scale.clone()))),
            Expr::Stage => Some(Cow::Owned(Type::Choice(self.stage_scale()))),
            Expr::AsOf(_) => Some(Cow::Owned(Type::DateTime)),
            Expr::AsOfDay(_) | Expr::DayOf(_) => Some(Cow::Owned(Type::Date)),
            Expr::DomainOf(_) => Some(Cow::Owned(Type::Text)),
            Expr::Lowercase(inner) | Expr::Negative(inner) => self.type_of(inner),
            Expr::Arithmetic(op, left, right) => {
                let (left, right) = (self.type_of(left)?, self.type_of(right)?);
                Some(Cow::Owned(arithmetic(*op, &left, &right)))
            }
        }
    }

    /// The type that values beside each other have: of the first one that is no constant, else of a constant.
    #[must_use]
    pub fn common_type(&self, values: &[&Expr]) -> Option<Cow<'_, Type>> {
        let (constants, others): (Vec<&Expr>, Vec<&Expr>) = values.iter().partition(|v| matches!(v, Expr::Const(_)));
        others.into_iter().chain(constants).find_map(|v| self.type_of(v))
    }
}

fn constant(value: &Value) -> Option<Type> {
    match value {
        Value::Text(_) => Some(Type::Text),
        Value::Number(_) => Some(Type::Number),
        Value::YesNo(_) => Some(Type::YesNo),
        Value::Date(_) => Some(Type::Date),
        Value::DateTime(_) => Some(Type::DateTime),
        Value::Choice(_) | Value::Other(_) | Value::Set(_) => None,
    }
}

fn arithmetic(op: ArithmeticOp, left: &Type, right: &Type) -> Type {
    match (op, left, right) {
        (ArithmeticOp::Divide, Type::Money(_), Type::Money(_)) => Type::Number,
        (_, Type::Money(currency), _) | (_, _, Type::Money(currency)) => Type::Money(*currency),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Percent, Type::Percent) => Type::Percent,
        (
            ArithmeticOp::Add | ArithmeticOp::Subtract | ArithmeticOp::Multiply | ArithmeticOp::Divide,
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(_)
            | Type::Set(_),
            _,
        ) => Type::Number,
    }
}
