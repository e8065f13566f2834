//! What a list may answer: to each question for what it holds, as far as one answer does not follow from another.

use super::Answers;
use crate::ir::{Cond, CondKind, Expr, Policy, TextTest, visit};
use crate::types::Truth;

/// Up to so many questions for a list are answered one by one.
const MOST_QUESTIONS: usize = 8;

/// Of so many questions for a list, no others are left than that one is answered otherwise than the rest.
const QUESTIONS_TOLD_APART: usize = 3;

/// A question for what a list holds: of what, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    value: Expr,
    how: How,
}

/// How a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Is,
    HasAny,
    HasAll,
    Text(TextTest),
}

impl Question {
    /// The one that a condition is.
    fn of(cond: &Cond, policy: &Policy, name: &str) -> Option<Question> {
        let asked = cond.asked(policy).filter(|asked| asked.list == name)?;
        let how = match &cond.kind {
            CondKind::Has { all: true, .. } => How::HasAll,
            CondKind::Has { all: false, .. } => How::HasAny,
            CondKind::Text { test, .. } => How::Text(*test),
            _ => How::Is,
        };
        Some(Question { value: asked.value.clone(), how })
    }

    /// Whether a yes to this one is a yes to another one.
    fn implies(&self, other: &Question) -> bool {
        let follows = match (self.how, other.how) {
            (How::HasAll, How::HasAny) | (How::Is, How::Text(_)) => true,
            (How::Text(this), How::Text(TextTest::Contains)) => this != TextTest::Contains,
            _ => false,
        };
        follows && self.value == other.value
    }
}

/// The answers of a list: all that there may be to a few questions; to more the same to each, or another one to one of them.
pub(super) fn listed(policy: &Policy, name: &str, definite: bool) -> Answers {
    let mut questions: Vec<Question> = Vec::new();
    visit::conditions(policy).for_each(|cond| {
        cond.walk(&mut |cond| {
            questions.extend(Question::of(cond, policy, name).filter(|one| !questions.contains(one)));
        });
    });
    let are_all = questions.len() <= QUESTIONS_TOLD_APART;
    let ways: Vec<Vec<&Question>> = if are_all {
        let yes =
            |way: usize| questions.iter().enumerate().filter(move |(at, _)| way >> at & 1 == 1).map(|(_, one)| one);
        (0..1_usize << questions.len()).map(|way| yes(way).collect()).collect()
    } else {
        let each = questions.iter().take(MOST_QUESTIONS);
        let but = |one: &Question| questions.iter().filter(|other| *other != one).collect();
        [questions.iter().collect(), Vec::new()].into_iter().chain(each.flat_map(|one| [vec![one], but(one)])).collect()
    };
    let may_be = |yes: &&Vec<&Question>| {
        let follows = |other: &&Question| yes.iter().any(|one| one.implies(other));
        questions.iter().filter(follows).all(|other| yes.contains(&other))
    };
    let told = ways.iter().filter(may_be).map(|yes| with_list(policy, name, &|of| yes.contains(&of).into()));
    let unknown = (!definite).then(|| with_list(policy, name, &|_| Truth::Unknown));
    Answers::alike(told.chain(unknown), are_all)
}

/// The policy in which each question for a list has an answer.
fn with_list(policy: &Policy, name: &str, answer: &dyn Fn(&Question) -> Truth) -> Policy {
    let mut changed = policy.clone();
    let change = &mut |cond: &mut Cond| {
        if let Some(question) = Question::of(cond, policy, name) {
            cond.kind = CondKind::Const(answer(&question));
        }
    };
    visit::all_mut(&mut changed).for_each(|cond| cond.walk_mut(change));
    changed
}
