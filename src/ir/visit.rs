//! Walks over the conditions and values of a policy.

use super::reach::Reach;
use super::{Body, Cond, CondKind, Define, Expectation, Expr, Gain, Guard, Policy, SectionId};
use crate::types::Truth;

/// Every condition that stands in the policy itself, outermost ones only, tests left out.
pub fn conditions(policy: &Policy) -> impl Iterator<Item = &Cond> {
    deciding(policy).chain(policy.properties.iter().map(|p| &p.condition))
}

/// Every condition that what becomes of a lead can hang on, outermost ones only: what is claimed of decisions makes none.
pub fn deciding(policy: &Policy) -> impl Iterator<Item = &Cond> {
    deciding_with(policy, policy.defines.iter().map(|(_, define)| define))
}

/// The same without those of definitions that nothing uses.
pub fn reached(policy: &Policy) -> impl Iterator<Item = &Cond> {
    deciding_with(policy, used_defines(policy))
}

/// The definitions that something hangs on, in their order.
pub fn used_defines(policy: &Policy) -> impl Iterator<Item = &Define> {
    let mut reach = Reach::new(policy);
    deciding_with(policy, std::iter::empty()).for_each(|cond| reach.cond(cond));
    policy.scores.iter().for_each(|(id, _)| reach.score(id));
    policy.defines.iter().filter(move |(id, _)| reach.uses(*id)).map(|(_, define)| define)
}

fn deciding_with<'p>(policy: &'p Policy, defines: impl Iterator<Item = &'p Define>) -> impl Iterator<Item = &'p Cond> {
    let defines = defines.filter_map(|d| match &d.body {
        Body::Condition(cond) => Some(cond),
        Body::Value(..) => None,
    });
    let lines = policy.scores.iter().flat_map(|(_, s)| &s.lines).filter_map(|l| match &l.gain {
        Gain::Points { when, .. } => when.as_ref(),
        Gain::Score { .. } => None,
    });
    let guards = policy.sections.iter().filter_map(|(_, s)| match &s.guard {
        Guard::When(cond) => Some(cond),
        Guard::Always | Guard::NoneOf(_) => None,
    });
    policy
        .assumptions
        .iter()
        .chain(defines)
        .chain(lines)
        .chain(policy.grades.iter().flat_map(|(_, g)| &g.lines).map(|l| &l.when))
        .chain(policy.stages.iter().map(|(_, s)| &s.when))
        .chain(guards)
        .chain(policy.rules.iter().filter_map(|(_, r)| r.when.as_ref()))
}

/// The conditions that a section hangs on: its own, or of an `otherwise` those of the sections beside it.
#[must_use]
pub fn guards(policy: &Policy, section: SectionId) -> Vec<&Cond> {
    match &policy.sections[section].guard {
        Guard::Always => Vec::new(),
        Guard::When(cond) => vec![cond],
        Guard::NoneOf(others) => others.iter().flat_map(|other| guards(policy, *other)).collect(),
    }
}

/// Every value that stands in the policy outside of a condition: definitions of values and what scores count.
pub fn values(policy: &Policy) -> impl Iterator<Item = &Expr> {
    let defines = policy.defines.iter().filter_map(|(_, d)| match &d.body {
        Body::Value(value, _) => Some(value),
        Body::Condition(_) => None,
    });
    let counted = policy.scores.iter().flat_map(|(_, s)| &s.lines).filter_map(|l| match &l.gain {
        Gain::Points { per, .. } => per.as_ref().map(|p| &p.amount),
        Gain::Score { .. } => None,
    });
    defines.chain(counted)
}

/// The same, to change them.
pub fn values_mut(policy: &mut Policy) -> impl Iterator<Item = &mut Expr> {
    let defines = policy.defines.iter_mut().filter_map(|d| match &mut d.body {
        Body::Value(value, _) => Some(value),
        Body::Condition(_) => None,
    });
    let counted = policy.scores.iter_mut().flat_map(|s| &mut s.lines).filter_map(|l| match &mut l.gain {
        Gain::Points { per, .. } => per.as_mut().map(|p| &mut p.amount),
        Gain::Score { .. } => None,
    });
    defines.chain(counted)
}

/// Changes every value of the policy and its tests, and those within it.
pub fn each_value_mut(policy: &mut Policy, change: &mut dyn FnMut(&mut Expr)) {
    values_mut(policy).for_each(|value| value.walk_mut(change));
    let of_part = &mut |cond: &mut Cond| cond.operands_mut().into_iter().for_each(|value| value.walk_mut(change));
    all_mut(policy).for_each(|cond| cond.walk_mut(of_part));
}

/// The conditions that tests expect.
pub fn expected(policy: &Policy) -> impl Iterator<Item = &Cond> {
    policy.tests.iter().flat_map(|t| &t.expect).filter_map(|(e, _)| match e {
        Expectation::Condition(cond) => Some(cond),
        Expectation::Decision(..) => None,
    })
}

/// Every condition of the policy and its tests, outermost ones only, to change them.
pub fn all_mut(policy: &mut Policy) -> impl Iterator<Item = &mut Cond> {
    let defines = policy.defines.iter_mut().filter_map(|d| match &mut d.body {
        Body::Condition(cond) => Some(cond),
        Body::Value(..) => None,
    });
    let lines = policy.scores.iter_mut().flat_map(|s| &mut s.lines).filter_map(|l| match &mut l.gain {
        Gain::Points { when, .. } => when.as_mut(),
        Gain::Score { .. } => None,
    });
    let guards = policy.sections.iter_mut().filter_map(|s| match &mut s.guard {
        Guard::When(cond) => Some(cond),
        Guard::Always | Guard::NoneOf(_) => None,
    });
    let expected = policy.tests.iter_mut().flat_map(|t| &mut t.expect).filter_map(|(e, _)| match e {
        Expectation::Condition(cond) => Some(cond),
        Expectation::Decision(..) => None,
    });
    policy
        .assumptions
        .iter_mut()
        .chain(defines)
        .chain(lines)
        .chain(policy.grades.iter_mut().flat_map(|g| &mut g.lines).map(|l| &mut l.when))
        .chain(policy.stages.iter_mut().map(|s| &mut s.when))
        .chain(guards)
        .chain(policy.rules.iter_mut().filter_map(|r| r.when.as_mut()))
        .chain(policy.properties.iter_mut().map(|p| &mut p.condition))
        .chain(expected)
}

impl Cond {
    /// The conditions directly inside.
    pub fn parts(&self) -> &[Cond] {
        match &self.kind {
            CondKind::Not(inner) | CondKind::IsUnknown(inner) => std::slice::from_ref(inner.as_ref()),
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::AtLeast(_, parts) => parts,
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_) => &[],
        }
    }

    /// The conditions directly inside, to change them.
    pub fn parts_mut(&mut self) -> &mut [Cond] {
        match &mut self.kind {
            CondKind::Not(inner) | CondKind::IsUnknown(inner) => std::slice::from_mut(inner.as_mut()),
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::AtLeast(_, parts) => parts,
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_) => &mut [],
        }
    }

    /// This condition with a constant in the place of the part that a way (a position at each level) leads to.
    #[must_use]
    pub fn with(&self, way: &[usize], truth: Truth) -> Cond {
        let Some((first, rest)) = way.split_first() else {
            return Cond { kind: CondKind::Const(truth), span: self.span };
        };
        let mut cond = self.clone();
        if let Some(part) = cond.parts_mut().get_mut(*first) {
            *part = part.with(rest, truth);
        }
        cond
    }

    /// The values directly inside.
    #[must_use]
    pub fn operands(&self) -> Vec<&Expr> {
        match &self.kind {
            CondKind::Known(value)
            | CondKind::In { value, .. }
            | CondKind::Has { value, .. }
            | CondKind::Text { value, .. } => vec![value],
            CondKind::Compare { left, right, .. } => vec![left, right],
            CondKind::Between { value, low, high } => vec![value, low, high],
            CondKind::Const(_)
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => Vec::new(),
        }
    }

    /// The same, to change them.
    pub fn operands_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            CondKind::Known(value)
            | CondKind::In { value, .. }
            | CondKind::Has { value, .. }
            | CondKind::Text { value, .. } => vec![value],
            CondKind::Compare { left, right, .. } => vec![left, right],
            CondKind::Between { value, low, high } => vec![value, low, high],
            CondKind::Const(_)
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => Vec::new(),
        }
    }

    /// Calls `f` for this condition and every one inside, from the outside in. References are not followed.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Cond)) {
        f(self);
        for part in self.parts() {
            part.walk(f);
        }
    }

    /// The same, to change them.
    pub fn walk_mut(&mut self, f: &mut dyn FnMut(&mut Cond)) {
        f(self);
        for part in self.parts_mut() {
            part.walk_mut(f);
        }
    }
}

impl Expr {
    /// The values directly inside.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::DayOf(inner) | Expr::Lowercase(inner) | Expr::DomainOf(inner) | Expr::Negative(inner) => vec![inner],
            Expr::Arithmetic(_, left, right) => vec![left, right],
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::Define(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_) => Vec::new(),
        }
    }

    /// Calls `f` for this value and every one inside, from the outside in. References are not followed.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        for part in self.parts() {
            part.walk(f);
        }
    }

    /// The same, to change them.
    pub fn walk_mut(&mut self, f: &mut dyn FnMut(&mut Expr)) {
        f(self);
        match self {
            Expr::DayOf(inner) | Expr::Lowercase(inner) | Expr::DomainOf(inner) | Expr::Negative(inner) => {
                inner.walk_mut(f);
            }
            Expr::Arithmetic(_, left, right) => [left, right].into_iter().for_each(|inner| inner.walk_mut(f)),
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::Define(_)
            | Expr::Score(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_) => {}
        }
    }
}

/// Whether any value that a decision or a test can hang on is one that `f` looks for.
pub fn any_expr(policy: &Policy, f: impl Fn(&Expr) -> bool) -> bool {
    let mut found = false;
    let mut look = |value: &Expr| value.walk(&mut |e| found |= f(e));
    values(policy).for_each(&mut look);
    for cond in deciding(policy).chain(expected(policy)) {
        cond.walk(&mut |c| c.operands().into_iter().for_each(&mut look));
    }
    found
}
