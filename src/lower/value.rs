//! Values: fields, constants, the values of definitions, scores, grades and the stage, and the types that they have.

use super::kinds::{Kind, called, example, kind};
use super::names::{bare, find, is_stage_operand, report_unknown, short, words};
use super::references::{Node, deeper, require, require_stages};
use super::scope::{Named, Scope, Ty};
use super::{arithmetic, grade, literal, text};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Body};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::{Type, Value};

/// A value with what messages about it need.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    /// The value.
    pub(super) expr: ir::Expr,
    /// Its type.
    pub(super) ty: Ty,
    /// Where it stands.
    pub(super) span: Span,
    /// What it is called: `` `need` ``.
    pub(super) words: String,
}

/// Lowers a value and says its type; none when something is wrong with it, which is reported.
pub(super) fn value(scope: &mut Scope, expr: &Expr) -> Option<(ir::Expr, Ty)> {
    let span = expr.loc.0;
    match &expr.kind {
        ExprKind::Name(name) => named(scope, name, span),
        ExprKind::Literal(literal) => {
            literal::natural(scope, literal, span).map(|(value, ty)| (ir::Expr::Const(value), Ty::Is(ty)))
        }
        ExprKind::Negative(inner) => deeper(scope, span, |scope| arithmetic::negative(scope, inner)),
        ExprKind::Arithmetic { op, left, right } => {
            deeper(scope, span, |scope| arithmetic::arithmetic(scope, span, *op, left, right))
        }
        ExprKind::DomainOf(inner) => deeper(scope, span, |scope| text::domain_of(scope, inner)),
        ExprKind::Paren(inner) => deeper(scope, span, |scope| value(scope, inner)),
        ExprKind::Test { .. } | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) | ExprKind::Quantified { .. } => {
            let finding = Diagnostic::new(Code::P0315, "this is a condition, where a value is needed")
                .at(span, "a condition")
                .help("a condition is true or false by itself; it cannot be compared or calculated with");
            scope.report(finding);
            None
        }
        ExprKind::Broken => None,
    }
}

/// A value with its place and what it is called.
pub(super) fn operand(scope: &mut Scope, expr: &Expr) -> Option<Operand> {
    let (lowered, ty) = value(scope, expr)?;
    Some(Operand { expr: lowered, ty, span: expr.loc.0, words: words(expr) })
}

/// What a name is worth.
fn named(scope: &mut Scope, name: &str, span: Span) -> Option<(ir::Expr, Ty)> {
    let Some(named) = find(scope, name) else {
        if is_stage_operand(scope, name) {
            let all = scope.policy.stages.len();
            let fits = require_stages(scope, all, span);
            return fits.then(|| (ir::Expr::Stage, Ty::Stage(scope.policy.stage_scale())));
        }
        report_unknown(scope, name, span);
        return None;
    };
    match named {
        Named::Field(id) => scope.policy.fields.find(id).map(|f| (ir::Expr::Field(id), Ty::Is(f.ty.clone()))),
        Named::Define(id) => {
            if !require(scope, Node::Define(id), span) {
                return None;
            }
            match (scope.define_types.get(&id)?.clone(), &scope.policy.defines.find(id)?.body) {
                (Ty::Broken, _) => None,
                (ty, Body::Value(..)) => Some((ir::Expr::Define(id), ty)),
                (_, Body::Condition(_)) => {
                    let finding = is_condition(name, span, "a definition");
                    scope.report(finding);
                    None
                }
            }
        }
        Named::Score(id) => {
            require(scope, Node::Score(id), span).then_some((ir::Expr::Score(id), Ty::Is(Type::Number)))
        }
        Named::Grade(id) => {
            let scale = grade::scale_of(scope, id);
            require(scope, Node::Grade(id), span).then_some((ir::Expr::Grade(id), Ty::Grade(id, scale)))
        }
        Named::Stage(_) => {
            let finding = is_condition(name, span, "a stage");
            scope.report(finding);
            None
        }
        Named::List(_) => {
            scope.report(is_list(name, span));
            None
        }
        Named::Broken => None,
    }
}

/// A definition or a stage that is a condition, where a value is needed.
fn is_condition(name: &str, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::P0315, format!("`{name}` is a condition, where a value is needed"))
        .at(span, format!("{what} that is true or false"))
        .help(format!("it is a test by itself: write `{name}` or `not {name}`, with nothing to compare it with"))
}

/// A list where a value or a condition is needed.
pub(super) fn is_list(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::P0257, format!("`{name}` is a list of values, not a value"))
        .at(span, "a list")
        .help(format!("ask whether something is in it: `FIELD in {name}`"))
}

/// Whether an expression is a condition rather than a value, when that can be told; a definition is lowered for it.
pub(super) fn stands_for_condition(scope: &mut Scope, expr: &Expr) -> Option<bool> {
    let expr = bare(expr);
    match &expr.kind {
        ExprKind::Name(name) => match scope.names.get(name).map(|d| d.named.clone()) {
            Some(Named::Define(id)) => {
                if !require(scope, Node::Define(id), expr.loc.0) || scope.define_types.get(&id) == Some(&Ty::Broken) {
                    return None;
                }
                scope.policy.defines.find(id).map(|define| matches!(define.body, Body::Condition(_)))
            }
            Some(Named::Stage(_)) => Some(true),
            Some(Named::Field(_) | Named::List(_) | Named::Score(_) | Named::Grade(_) | Named::Broken) | None => {
                Some(false)
            }
        },
        ExprKind::Test { .. } | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) | ExprKind::Quantified { .. } => {
            Some(true)
        }
        ExprKind::Literal(_)
        | ExprKind::Negative(_)
        | ExprKind::Arithmetic { .. }
        | ExprKind::DomainOf(_)
        | ExprKind::Paren(_) => Some(false),
        ExprKind::Broken => None,
    }
}

/// A value by itself where a condition is needed.
pub(super) fn not_a_condition(scope: &Scope, expr: &Expr, operand: &Operand) -> Diagnostic {
    let finding = Diagnostic::new(Code::P0314, format!("{} by itself is not a condition", operand.words)).at(
        operand.span,
        if matches!(operand.expr, ir::Expr::Score(_)) { "a score".to_owned() } else { called(&operand.ty) },
    );
    match (short(expr), scope.policy.behind_names(&operand.expr)) {
        (Some(words), ir::Expr::Const(_)) => finding.help(format!("compare something with it: `FIELD is {words}`")),
        (Some(words), ir::Expr::Score(_)) => finding.help(format!("say what must hold of it: `{words} >= 50`")),
        (Some(words), _) => finding.help(format!("say what must hold of it: `{}`", example(&words, &operand.ty))),
        (None, _) => finding.help("compare it with something: `... >= 3`"),
    }
}

/// Whether a value is yes or no, so that it is a condition by itself.
pub(super) fn is_yes_no(ty: &Ty) -> bool {
    kind(ty) == Kind::YesNo
}

/// Yes, to compare with.
pub(super) fn yes() -> ir::Expr {
    ir::Expr::Const(Value::YesNo(true))
}
