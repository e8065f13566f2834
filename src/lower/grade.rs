//! Grades: labels, best first, and what gives each.

use std::rc::Rc;

use super::cond::condition;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{GradeId, GradeLine, Id};
use crate::source::Span;
use crate::syntax::ast::{self, Noted};
use crate::types::Choices;

/// The labels of a grade, worst first. They are known before any of its conditions is looked at.
pub(super) fn scale_of(scope: &Scope, id: GradeId) -> Choices {
    scale(scope.waiting.grades.get(id.position()).map_or(&[], |w| w.body.as_slice()))
}

fn scale(lines: &[Noted<ast::GradeLine>]) -> Choices {
    let mut values: Vec<String> = Vec::with_capacity(lines.len());
    for line in lines {
        let label = &line.node.label.text;
        if !values.contains(label) {
            values.push(label.clone());
        }
    }
    values.reverse();
    Choices { values, ranked: true, other: false }
}

/// Lowers a grade.
pub(super) fn lower(scope: &mut Scope, id: GradeId) {
    let Some(body) = scope.waiting.grades.get(id.position()).map(|w| Rc::clone(&w.body)) else { return };
    let scale = scale(&body);
    labels_once(scope, &body);
    let name = scope.policy.grades.find(id).map(|g| (g.name.clone(), g.span)).unwrap_or_default();
    let otherwise = otherwise_last(scope, &body, &name.0, name.1).and_then(|label| scale.position(label));
    let mut lines = Vec::with_capacity(body.len());
    for line in body.iter() {
        let Some(when) = &line.node.when else { continue };
        if let (Some(when), Some(label)) = (condition(scope, when), scale.position(&line.node.label.text)) {
            lines.push(GradeLine { label, when, span: line.loc.0 });
        }
    }
    if let Some(grade) = scope.policy.grades.get_mut(id) {
        (grade.scale, grade.lines, grade.otherwise) = (scale, lines, otherwise.unwrap_or(0));
    }
}

/// Reports labels that stand twice.
fn labels_once(scope: &mut Scope, lines: &[Noted<ast::GradeLine>]) {
    for (i, line) in lines.iter().enumerate() {
        let label = &line.node.label;
        let earlier = lines.iter().take(i).find(|l| l.node.label.text == label.text);
        if let Some(earlier) = earlier {
            let finding = Diagnostic::new(Code::P0379, format!("the label `{}` stands here twice", label.text))
                .at(label.loc.0, "again")
                .at(earlier.node.label.loc.0, "the first time")
                .help("write one line with `or`, or give this line a label of its own");
            scope.report(finding);
        }
    }
}

/// The label of the `otherwise`, which must be there, once, as the last line.
fn otherwise_last<'a>(
    scope: &mut Scope,
    lines: &'a [Noted<ast::GradeLine>],
    name: &str,
    declared: Span,
) -> Option<&'a str> {
    let mut label = None;
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.node.when.is_none()) {
        label = Some(line.node.label.text.as_str());
        if i + 1 < lines.len() {
            let finding = Diagnostic::new(Code::P0378, format!("`otherwise` is not the last line of `{name}`"))
                .at(line.loc.0, "nothing below it is ever reached")
                .help("move it to the end: it is what leads get when no line above is true");
            scope.report(finding);
        }
    }
    if label.is_none() && !scope.unread_within(declared) {
        let finding = Diagnostic::new(Code::P0378, format!("the grade `{name}` does not say what all other leads get"))
            .at(declared, "`otherwise` is missing")
            .help("end it with a line such as `otherwise cold`");
        scope.report(finding);
    }
    label
}
