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

/// The answers of a list: the same to each question for what it holds, or another one to one of them.
pub(super) fn listed(policy: &Policy, name: &str, definite: bool) -> Answers {
    let mut questions: Vec<Question> = Vec::new();
    visit::conditions(policy).for_each(|cond| {
        cond.walk(&mut |cond| {
            questions.extend(Question::of(cond, policy, name).filter(|one| !questions.contains(one)));
        });
    });
    let truths = [Truth::True, Truth::False].into_iter().chain((!definite).then_some(Truth::Unknown));
    let all = truths.map(|truth| with_list(policy, name, &|_| truth));
    let is_apart = |one: &Question, yes: bool| {
        let others = questions.iter().filter(|other| *other != one);
        questions.len() > 1 && !{ others }.any(|other| if yes { one.implies(other) } else { other.implies(one) })
    };
    let ways = questions.iter().take(MOST_QUESTIONS).flat_map(|one| [true, false].map(|yes| (one, yes)));
    let each = ways
        .filter(|(one, yes)| is_apart(one, *yes))
        .map(|(one, yes)| with_list(policy, name, &|of| ((of == one) == yes).into()));
    Answers::of(each.collect::<Vec<_>>(), all, [questions.len() <= QUESTIONS_TOLD_APART, true])
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
