//! Questions for what a named list holds: whether a value is on it, contains one of its texts, has some of its values.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Cond, CondKind, Expr, Policy, SetId, visit};
use crate::types::Value;

/// A question for what a named list holds.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'p> {
    /// The name of the list.
    pub list: &'p str,
    /// What is held against it.
    pub value: &'p Expr,
    /// What it holds, read as what it is held against.
    pub held: Held<'p>,
}

/// What a list holds, as one condition reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held<'p> {
    /// Values that a value may be.
    Set(SetId),
    /// Positions in the closed set of a field that holds several.
    Members(&'p BTreeSet<usize>),
    /// Texts that a text may contain.
    Texts(&'p [String]),
}

impl<'p> Held<'p> {
    /// The values.
    #[must_use]
    pub fn values(self, policy: &'p Policy) -> Cow<'p, [Value]> {
        match self {
            Held::Set(set) => Cow::Borrowed(&policy.sets[set].values),
            Held::Members(members) => members.iter().map(|member| Value::Choice(*member)).collect(),
            Held::Texts(texts) => texts.iter().map(|text| Value::Text(text.clone())).collect(),
        }
    }
}

impl Cond {
    /// The question for what a named list holds that this condition is, parts left out.
    #[must_use]
    pub fn asked<'p>(&'p self, policy: &'p Policy) -> Option<Asked<'p>> {
        let (list, value, held) = match &self.kind {
            CondKind::In { value, set } => (&policy.sets[*set].list, value, Held::Set(*set)),
            CondKind::Has { value, members, list, .. } => (list, value, Held::Members(members)),
            CondKind::Text { value, needles, list, .. } => (list, value, Held::Texts(needles)),
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => return None,
        };
        Some(Asked { list: list.as_deref()?, value, held })
    }
}

/// All such questions of some conditions.
pub fn asked<'p>(policy: &'p Policy, conds: impl Iterator<Item = &'p Cond>) -> Vec<Asked<'p>> {
    let mut found = Vec::new();
    conds.for_each(|cond| cond.walk(&mut |inner| found.extend(inner.asked(policy))));
    found
}

/// The named lists that anything asks for, tests too, each with its values as they are read there; several times when they are read as several types.
#[must_use]
pub fn lists(policy: &Policy) -> BTreeSet<(&str, Cow<'_, [Value]>)> {
    let all = visit::conditions(policy).chain(visit::expected(policy));
    asked(policy, all).into_iter().map(|asked| (asked.list, asked.held.values(policy))).collect()
}
