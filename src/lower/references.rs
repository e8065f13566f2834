//! Declarations that use one another: each is lowered before its first use is, never a second time, never within itself,
//! and never so deep that the stack of whoever follows the references could end.

use std::collections::HashMap;

use super::scope::{Progress, Scope};
use super::{define, grade, score, stage};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{DefineId, GradeId, Id, ScoreId, StageId};
use crate::source::Span;

/// How many levels deep a condition may be: each parenthesis, each step of a calculation and each declaration within
/// another is a level. Whatever walks a policy may recurse that deep.
pub(super) const LEVELS: usize = 64;

/// The most uses that a message about a circle shows.
const SHOWN: usize = 8;

/// A declaration that is lowered on first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A definition.
    Define(DefineId),
    /// A score.
    Score(ScoreId),
    /// A grade.
    Grade(GradeId),
    /// A stage. Whoever uses one [requires](require_stages) all stages before it too.
    Stage(StageId),
}

/// Which declarations are under way, and how deep those are that are done.
#[derive(Debug, Default)]
pub(super) struct References {
    /// What is under way, outermost first, each with the place that asked for it.
    path: Vec<(Node, Span)>,
    /// How deep the place is that is being lowered, counted from the outermost declaration.
    level: usize,
    /// The deepest level that was met in the declaration under way.
    deepest: usize,
    /// How many levels each declaration has that is done.
    heights: HashMap<Node, usize>,
    /// How many stages from the first one on are done.
    stages_done: usize,
    /// Whether too many levels have been reported: what uses that declaration has too many as well.
    too_deep: bool,
}

/// Sees to it that a declaration is lowered before it is used at `at`. False when the use closes a circle or is too deep, which is
/// reported.
pub(super) fn require(scope: &mut Scope, node: Node, at: Span) -> bool {
    match progress(scope, node) {
        Some(Progress::Waiting) => lower(scope, node, at),
        Some(Progress::Working) => {
            circle(scope, node, at);
            false
        }
        Some(Progress::Done) => {
            let height = scope.references.heights.get(&node).copied().unwrap_or(0);
            scope.references.deepest = scope.references.deepest.max(scope.references.level + height);
            !too_deep(scope, at)
        }
        None => false,
    }
}

/// Lowers a declaration that nothing has asked for yet.
fn lower(scope: &mut Scope, node: Node, at: Span) -> bool {
    scope.references.level += 1;
    let around = std::mem::replace(&mut scope.references.deepest, scope.references.level);
    let fits = !too_deep(scope, at);
    if fits {
        set_progress(scope, node, Progress::Working);
        scope.references.path.push((node, at));
        match node {
            Node::Define(id) => define::lower(scope, id),
            Node::Score(id) => score::lower(scope, id),
            Node::Grade(id) => grade::lower(scope, id),
            Node::Stage(id) => stage::lower(scope, id),
        }
        scope.references.path.pop();
        set_progress(scope, node, Progress::Done);
        let own = scope.references.deepest + 1 - scope.references.level;
        let height = own.max(stage_before(node).and_then(|n| scope.references.heights.get(&n).copied()).unwrap_or(0));
        scope.references.heights.insert(node, height);
    }
    scope.references.level -= 1;
    scope.references.deepest = scope.references.deepest.max(around);
    fits
}

/// The stage before a stage. It is looked at whenever its successor is, so that a stage is as high as any before it.
fn stage_before(node: Node) -> Option<Node> {
    match node {
        Node::Stage(id) => id.position().checked_sub(1).map(|before| Node::Stage(StageId::from_position(before))),
        Node::Define(_) | Node::Score(_) | Node::Grade(_) => None,
    }
}

/// Sees to it that the first so many stages are lowered. False when one of them is under way, which is reported.
pub(super) fn require_stages(scope: &mut Scope, count: usize, at: Span) -> bool {
    for position in scope.references.stages_done.min(count.saturating_sub(1))..count {
        if !require(scope, Node::Stage(StageId::from_position(position)), at) {
            return false;
        }
        scope.references.stages_done = scope.references.stages_done.max(position + 1);
    }
    true
}

/// One level deeper: runs `f` there, or reports that there are too many levels.
pub(super) fn deeper<T>(scope: &mut Scope, at: Span, f: impl FnOnce(&mut Scope) -> Option<T>) -> Option<T> {
    scope.references.level += 1;
    scope.references.deepest = scope.references.deepest.max(scope.references.level);
    let result = if too_deep(scope, at) { None } else { f(scope) };
    scope.references.level -= 1;
    result
}

/// Whether the deepest level is beyond the limit; reported once, since everything around it is too deep as well.
fn too_deep(scope: &mut Scope, at: Span) -> bool {
    let beyond = scope.references.deepest > LEVELS;
    if beyond && !std::mem::replace(&mut scope.references.too_deep, true) {
        let finding = Diagnostic::new(Code::P0256, format!("this goes more than {LEVELS} levels deep"))
            .at(at, "too deep from here")
            .help(
                "parentheses, steps of a calculation, and definitions that use one another count as levels; use fewer",
            );
        scope.report(finding);
    }
    beyond
}

fn progress(scope: &Scope, node: Node) -> Option<Progress> {
    match node {
        Node::Define(id) => scope.waiting.defines.get(id.position()).map(|w| w.progress),
        Node::Score(id) => scope.waiting.scores.get(id.position()).map(|w| w.progress),
        Node::Grade(id) => scope.waiting.grades.get(id.position()).map(|w| w.progress),
        Node::Stage(id) => scope.waiting.stages.get(id.position()).map(|w| w.progress),
    }
}

fn set_progress(scope: &mut Scope, node: Node, to: Progress) {
    let place = match node {
        Node::Define(id) => scope.waiting.defines.get_mut(id.position()).map(|w| &mut w.progress),
        Node::Score(id) => scope.waiting.scores.get_mut(id.position()).map(|w| &mut w.progress),
        Node::Grade(id) => scope.waiting.grades.get_mut(id.position()).map(|w| &mut w.progress),
        Node::Stage(id) => scope.waiting.stages.get_mut(id.position()).map(|w| &mut w.progress),
    };
    if let Some(progress) = place {
        *progress = to;
    }
}

/// The name of a declaration.
fn name(scope: &Scope, node: Node) -> &str {
    match node {
        Node::Define(id) => scope.policy.defines.find(id).map_or("", |d| &d.name),
        Node::Score(id) => scope.policy.scores.find(id).map_or("", |s| &s.name),
        Node::Grade(id) => scope.policy.grades.find(id).map_or("", |g| &g.name),
        Node::Stage(id) => scope.policy.stages.find(id).map_or("", |s| &s.name),
    }
}

/// The use at `at` leads back to a declaration that is under way. The way round is told from its first use in the text on, so
/// that it does not hang on where lowering began.
fn circle(scope: &mut Scope, node: Node, at: Span) {
    let path = &scope.references.path;
    let start = path.iter().rposition(|(n, _)| *n == node).unwrap_or(0);
    let inside = path.get(start..).unwrap_or(&[]);
    let users = inside.iter().map(|(user, _)| *user);
    let used = inside.iter().skip(1).copied().chain([(node, at)]);
    let mut uses: Vec<(Node, Node, Span)> = users.zip(used).map(|(user, (used, at))| (user, used, at)).collect();
    let first = (0..uses.len()).min_by_key(|i| uses.get(*i).map(|(_, _, at)| *at)).unwrap_or(0);
    uses.rotate_left(first);
    let head = uses.first().map_or("", |(user, _, _)| name(scope, *user));
    let message = match uses.as_slice() {
        [_] => format!("`{head}` is defined by itself"),
        _ => {
            let way: Vec<String> =
                uses.iter().take(SHOWN).map(|(_, used, _)| format!("`{}`", name(scope, *used))).collect();
            let more = if uses.len() > SHOWN { ", and so on round" } else { "" };
            format!("`{head}` is defined in a circle: it needs {}{more}", way.join(", which needs "))
        }
    };
    let stages = uses.iter().any(|(user, _, _)| matches!(user, Node::Stage(_)));
    let help = if stages {
        "a stage needs all stages before it, and `stage` needs all of them: name an earlier stage alone instead"
    } else {
        "take one of these uses out"
    };
    let mut finding = Diagnostic::new(Code::P0255, message).help(help);
    for (user, used, at) in uses.iter().take(SHOWN) {
        finding = finding.at(*at, format!("`{}` needs `{}`", name(scope, *user), name(scope, *used)));
    }
    scope.report(finding);
}
