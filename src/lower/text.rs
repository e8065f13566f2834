//! Conditions on texts, `domain of`, and case that is ignored.

use super::cond::Asked;
use super::kinds::{Kind, called, choices, example, kind, listing, quoted, spelt};
use super::literal;
use super::names::{find, proposed, short, unknown};
use super::scope::{Named, Scope, Ty};
use super::sets;
use super::value::{Operand, operand};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Cond, CondKind};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, LiteralKind, SetExpr, SetOrExpr, TextTest};
use crate::types::{Type, Value};

/// `domain of EMAIL`.
pub(super) fn domain_of(scope: &mut Scope, inner: &Expr) -> Option<(ir::Expr, Ty)> {
    let inner = operand(scope, inner)?;
    if kind(&inner.ty) == Kind::Text {
        return Some((ir::Expr::DomainOf(Box::new(inner.expr)), Ty::Is(Type::Text)));
    }
    let finding = Diagnostic::new(Code::P0311, format!("{} is not a text, so it has no domain", inner.words))
        .at(inner.span, called(&inner.ty))
        .help("`domain of` is asked of a `text` field that holds e-mail addresses");
    scope.report(finding);
    None
}

/// `contains "x"` and its kin.
pub(super) fn test(scope: &mut Scope, asked: Asked<'_>, how: TextTest, right: &SetOrExpr) -> Option<Cond> {
    let subject = operand(scope, asked.subject)?;
    match kind(&subject.ty) {
        Kind::Text => {}
        Kind::Set => {
            let finding = sets::not_one_value(&subject, asked, right);
            scope.report(finding);
            return None;
        }
        Kind::Number
        | Kind::Percent
        | Kind::Money(_)
        | Kind::YesNo
        | Kind::Day
        | Kind::Instant
        | Kind::Choice
        | Kind::Broken => {
            let finding = not_a_text(&subject, asked, how, right);
            scope.report(finding);
            return None;
        }
    }
    let (list, needles) = needles(scope, right, how)?;
    let insensitive = ignores_case(scope, &subject.expr);
    let needles = needles.into_iter().map(|n| if insensitive { n.to_lowercase() } else { n });
    let mut unique: Vec<String> = Vec::new();
    for needle in needles {
        if !unique.contains(&needle) {
            unique.push(needle);
        }
    }
    let value = if insensitive { lowercase(scope, subject).expr } else { subject.expr };
    Some(Cond { kind: CondKind::Text { test: of_ast(how), value, needles: unique, list }, span: asked.span })
}

fn of_ast(how: TextTest) -> ir::TextTest {
    match how {
        TextTest::Whole => ir::TextTest::Whole,
        TextTest::Contains => ir::TextTest::Contains,
        TextTest::StartsWith => ir::TextTest::StartsWith,
        TextTest::EndsWith => ir::TextTest::EndsWith,
        TextTest::ContainsWord => ir::TextTest::ContainsWord,
    }
}

fn keyword(how: TextTest) -> &'static str {
    match how {
        TextTest::Whole => "is",
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts with",
        TextTest::EndsWith => "ends with",
        TextTest::ContainsWord => "contains word",
    }
}

/// A test of texts on something else.
fn not_a_text(subject: &Operand, asked: Asked<'_>, how: TextTest, right: &SetOrExpr) -> Diagnostic {
    let word = keyword(how);
    let name = proposed(&subject.words);
    let finding =
        Diagnostic::new(Code::P0310, format!("{} is not a text, so `{word}` cannot be asked of it", subject.words))
            .at(subject.span, called(&subject.ty));
    let Some(choices) = choices(&subject.ty) else {
        return finding.help(format!("compare it: `{}`", example(name, &subject.ty)));
    };
    let sought: Vec<String> = sought(right).iter().map(|text| text.to_lowercase()).collect();
    let fits = |value: &&String| {
        let value = value.to_lowercase();
        sought.iter().any(|text| match how {
            TextTest::Whole => value == *text,
            TextTest::Contains | TextTest::ContainsWord => value.contains(text.as_str()),
            TextTest::StartsWith => value.starts_with(text.as_str()),
            TextTest::EndsWith => value.ends_with(text.as_str()),
        })
    };
    let meant: Vec<String> = choices.values.iter().filter(fits).map(|v| spelt(v)).collect();
    let test = match (meant.as_slice(), asked.not) {
        ([], _) => {
            let values = listing(choices.values.iter().map(String::as_str));
            return finding.help(format!("it is one of these, and none of them fits: {values}"));
        }
        ([only], false) => format!("is {only}"),
        ([only], true) => format!("is not {only}"),
        (several, not) => format!("{} [{}]", if not { "not in" } else { "in" }, several.join(", ")),
    };
    let place = Span::new(asked.span.source, subject.span.end as usize, asked.span.end as usize);
    finding.help(format!("name its values: `{name} {test}`")).fix(place, format!(" {test}"))
}

/// The texts that a test names itself.
fn sought(right: &SetOrExpr) -> Vec<String> {
    let text = |literal: LiteralKind| match literal {
        LiteralKind::Word(text) | LiteralKind::Text(text) => text,
        LiteralKind::Number { .. } | LiteralKind::Percent { .. } | LiteralKind::Money { .. } | LiteralKind::Date(_) => {
            literal::shown(&literal)
        }
    };
    match right {
        SetOrExpr::One(expr) => match (literal::in_expr(expr), short(expr)) {
            (Some(literal), _) => vec![text(literal)],
            (None, word) => word.into_iter().collect(),
        },
        SetOrExpr::Set(SetExpr::Values { values, .. }) => values.iter().map(|v| text(v.node.kind.clone())).collect(),
        SetOrExpr::Set(SetExpr::List(name)) => vec![name.text.clone()],
    }
}

/// Texts to look for, and the name of the list when they are of one.
type Needles = (Option<String>, Vec<String>);

/// The texts to look for.
fn needles(scope: &mut Scope, right: &SetOrExpr, how: TextTest) -> Option<Needles> {
    let text = Ty::Is(Type::Text);
    match right {
        SetOrExpr::One(expr) => {
            let span = expr.loc.0;
            if let ExprKind::Name(name) = &expr.kind {
                return listed(scope, name, span, how);
            }
            let Some(literal) = literal::in_expr(expr) else {
                scope.report(needs_a_text(how, span, None));
                return None;
            };
            let target = literal::Target { ty: &text, words: "what is looked for", compared: false };
            let value = literal::constant(scope, &literal, span, target)?;
            Some((None, none_empty(scope, &[(value, span)])?))
        }
        SetOrExpr::Set(SetExpr::List(name)) => listed(scope, &name.text, name.loc.0, how),
        SetOrExpr::Set(set @ SetExpr::Values { .. }) => {
            let values = sets::typed(scope, set, &text, "what is looked for")?;
            Some((None, none_empty(scope, &values.values)?))
        }
    }
}

/// The texts of a list.
fn listed(scope: &mut Scope, name: &str, span: Span, how: TextTest) -> Option<Needles> {
    match find(scope, name) {
        Some(Named::List(list)) => {
            let values = sets::typed_list(scope, list, span, &Ty::Is(Type::Text), "a text")?;
            Some((Some(name.to_owned()), none_empty(scope, &values)?))
        }
        Some(Named::Broken) => None,
        None if scope.open => None,
        Some(Named::Field(_) | Named::Define(_) | Named::Score(_) | Named::Grade(_) | Named::Stage(_)) => {
            scope.report(needs_a_text(how, span, Some(name)));
            None
        }
        None => {
            let near = sets::near_list(scope, name).map(str::to_owned);
            let finding = match near {
                Some(near) => {
                    unknown(scope, name, span).help(format!("did you mean the list `{near}`?")).fix(span, near)
                }
                None => needs_a_text(how, span, Some(name)),
            };
            scope.report(finding);
            None
        }
    }
}

/// The values as texts, unless one of them is empty: every text contains that.
fn none_empty(scope: &mut Scope, values: &[(Value, Span)]) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for (value, span) in values {
        let Value::Text(text) = value else { continue };
        if text.is_empty() {
            let finding = Diagnostic::new(Code::P0373, "every text contains the empty text")
                .at(*span, "empty")
                .help("write what to look for; to ask whether there is a text at all, write `is known`");
            scope.report(finding);
            return None;
        }
        texts.push(text.clone());
    }
    Some(texts)
}

/// Something that is no text where one is looked for.
fn needs_a_text(how: TextTest, span: Span, name: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(Code::P0253, format!("`{}` looks for a text in quotes, or for a list", keyword(how)))
        .at(span, "not a text in quotes");
    match name {
        Some(name) => {
            let quoted = quoted(name);
            finding.help(format!("write `{quoted}` for the text")).fix(span, quoted)
        }
        None => finding.help("write one text in quotes, several in brackets, or the name of a list"),
    }
}

/// Two texts made comparable: in lower case, when either of them ignores case.
pub(super) fn fold(scope: &Scope, left: Operand, right: Operand) -> (Operand, Operand) {
    if ignores_case(scope, &left.expr) || ignores_case(scope, &right.expr) {
        (lowercase(scope, left), lowercase(scope, right))
    } else {
        (left, right)
    }
}

/// Whether case does not matter for a text: of a field that ignores it, and of a domain.
pub(super) fn ignores_case(scope: &Scope, expr: &ir::Expr) -> bool {
    match scope.policy.behind_names(expr) {
        ir::Expr::Field(id) => {
            scope.policy.fields.find(*id).is_some_and(|f| f.cell.ignoring_case && f.ty == Type::Text)
        }
        ir::Expr::DomainOf(_) | ir::Expr::Lowercase(_) => true,
        ir::Expr::Const(_)
        | ir::Expr::Define(_)
        | ir::Expr::Score(_)
        | ir::Expr::Grade(_)
        | ir::Expr::Stage
        | ir::Expr::AsOf(_)
        | ir::Expr::AsOfDay(_)
        | ir::Expr::DayOf(_)
        | ir::Expr::Negative(_)
        | ir::Expr::Arithmetic(..) => false,
    }
}

/// A text in lower case, unless it is so already.
pub(super) fn lowercase(scope: &Scope, operand: Operand) -> Operand {
    let expr = match operand.expr {
        ir::Expr::Const(Value::Text(text)) => ir::Expr::Const(Value::Text(text.to_lowercase())),
        expr if matches!(scope.policy.behind_names(&expr), ir::Expr::DomainOf(_) | ir::Expr::Lowercase(_)) => expr,
        expr => ir::Expr::Lowercase(Box::new(expr)),
    };
    Operand { expr, ..operand }
}

/// A text that a test looks for, as it was written: for messages.
pub(super) fn written(right: &SetOrExpr) -> Option<String> {
    match right {
        SetOrExpr::One(expr) => match literal::in_expr(expr) {
            Some(LiteralKind::Text(text)) => Some(spelt(&text)),
            Some(_) | None => short(expr),
        },
        SetOrExpr::Set(_) => None,
    }
}
