//! What would have brought another decision, in words; what is personal stays hidden.

use std::collections::BTreeSet;

use serde::Serialize;

use super::reading::HIDDEN;
use crate::eval::Evaluator;
use crate::ir::{DecisionId, FieldId, Lead, Policy, RuleId, print};
use crate::types::{Choices, Truth, Type, Value};
use crate::whynot::{self, Advice, Alternative, Answer, Bound, Change, MAX_FIELDS};

/// How many values, or tests of a text, are named one by one.
const NAMED: usize = 4;

/// What is to be said of other decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing.
    Nothing,
    /// The nearest better one, when the policy ranks its decisions.
    Better,
    /// What would bring this one.
    Decision(DecisionId),
}

/// What would have brought a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WhyNot {
    /// The decision.
    pub decision: String,
    /// What would have brought it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What would have brought a decision, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing needs to change.
    Has,
    /// Each of these, by itself.
    Changes {
        /// In the order of the fields that they change; all change equally many.
        ways: Vec<Way>,
        /// Whether there are others that change equally many.
        more: bool,
        /// Whether it is proved that none is smaller.
        smallest: bool,
    },
    /// Nothing: it is proved. What is in the way, as little as is enough to be:
    Impossible {
        /// Fields that are held.
        held: Vec<String>,
        /// Fields whose value could only be taken away.
        known: Vec<String>,
        /// Rules that decide first.
        rules: Vec<String>,
    },
    /// Nothing that changes so few fields: it is proved.
    Beyond {
        /// How many.
        fields: usize,
    },
    /// It was not found out.
    NotKnown,
}

/// Changes that bring a decision together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Way {
    /// The rule that decides with the values that have been tried.
    pub rule: String,
    /// The changes, in the order of the policy's fields.
    pub changes: Vec<Proposal>,
}

/// A field and what it would have to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Proposal {
    /// Its name.
    pub field: String,
    /// What it holds, as people read it; none when it is missing.
    pub now: Option<String>,
    /// Which values would do, in words, when the other fields are as proposed: `at least 3`.
    pub advice: String,
    /// A value with which the decision has been tried, as people read it; none of a text, or when that would give away what is
    /// personal.
    pub tried: Option<String>,
}

/// The nearest better decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Better {
    /// The decision.
    pub decision: String,
    /// What would have brought it.
    pub way: Way,
}

impl Proposal {
    /// `need at least 3 (now 2)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} {} (now {})", self.field, self.advice, self.now.as_deref().unwrap_or("missing"))
    }
}

/// Says what would have brought a decision to a lead.
pub(super) struct Advisor<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) lead: &'a Lead,
    pub(super) held: &'a BTreeSet<FieldId>,
    pub(super) show_personal: bool,
}

impl Advisor<'_> {
    fn policy(&self) -> &Policy {
        self.evaluator.policy()
    }

    pub(super) fn why_not(&self, wanted: DecisionId) -> WhyNot {
        let names = |fields: &[FieldId]| fields.iter().map(|id| self.policy().fields[*id].name.clone()).collect();
        let outcome = match whynot::answer(self.evaluator, self.lead, wanted, self.held) {
            Answer::Has => Outcome::Has,
            Answer::Changes { alternatives, more, smallest } => {
                Outcome::Changes { ways: alternatives.iter().map(|way| self.way(way)).collect(), more, smallest }
            }
            Answer::Impossible(obstacle) => Outcome::Impossible {
                held: names(&obstacle.held),
                known: names(&obstacle.known),
                rules: obstacle.rules.iter().map(|rule| self.rule(*rule)).collect(),
            },
            Answer::Beyond => Outcome::Beyond { fields: MAX_FIELDS },
            Answer::NotKnown => Outcome::NotKnown,
        };
        WhyNot { decision: self.policy().decisions[wanted].phrase.clone(), outcome }
    }

    pub(super) fn better(&self) -> Option<Better> {
        let found = whynot::nearest_better(self.evaluator, self.lead, self.held)?;
        let decision = self.policy().decisions[found.decision].phrase.clone();
        Some(Better { decision, way: self.way(&found.alternative) })
    }

    fn rule(&self, rule: RuleId) -> String {
        self.policy().rules[rule].name.clone()
    }

    fn way(&self, alternative: &Alternative) -> Way {
        Way {
            rule: self.rule(alternative.rule),
            changes: alternative.changes.iter().map(|change| self.proposal(change)).collect(),
        }
    }

    fn proposal(&self, change: &Change) -> Proposal {
        let field = &self.policy().fields[change.field];
        let hidden = field.personal && !self.show_personal;
        // What another field's personal value says about this one would give that away.
        let silent = change.personal && !self.show_personal;
        let shown = |value: &Value| print::shown(value, Some(&field.ty), &self.policy().zone);
        let now = change.from.as_ref().map(|value| if hidden { HIDDEN.to_owned() } else { shown(value) });
        let advice = if silent { hushed(&change.advice) } else { self.advice(change, &field.ty) };
        let says_it = match &change.advice {
            Advice::Tests(_) => false,
            // The whole set would show what else it holds.
            Advice::Members { .. } => !hidden,
            // Which of several is the nearest would show where it is now.
            Advice::Range(Some(_), Some(_)) => !hidden,
            Advice::OneOf(values) => !hidden || values.len() == 1,
            Advice::Known | Advice::Range(..) => true,
        };
        let tried = (says_it && !silent).then(|| shown(&change.to));
        Proposal { field: field.name.clone(), now, advice, tried }
    }

    fn advice(&self, change: &Change, ty: &Type) -> String {
        let shown = |value: &Value| match value {
            Value::Other(_) => "any other value".to_owned(),
            value => print::shown(value, Some(ty), &self.policy().zone),
        };
        let names = |members: &BTreeSet<usize>| {
            let each = members.iter().map(|member| shown(&Value::Set([*member].into())));
            each.collect::<Vec<_>>().join(" and ")
        };
        match &change.advice {
            Advice::Known => "known".to_owned(),
            Advice::Range(low, high) => range(low.as_ref(), high.as_ref(), is_time(ty), &|bound| {
                let text = shown(&bound.value);
                // The value that has been tried has fewer digits, and is beyond the bound.
                if text.starts_with('≈') { shown(&change.to) } else { text }
            }),
            Advice::OneOf(values) => either(&values.iter().map(shown).collect::<Vec<_>>()),
            Advice::Members { added, removed } => {
                let with = (!added.is_empty()).then(|| format!("with {}", names(added)));
                let without = (!removed.is_empty()).then(|| format!("without {}", names(removed)));
                let parts: Vec<String> = with.into_iter().chain(without).collect();
                if parts.is_empty() { "known".to_owned() } else { parts.join(" and ") }
            }
            Advice::Tests(tests) => {
                let plain = tests.iter().all(|(_, truth)| truth.is_true());
                let named = tests.iter().take(NAMED).map(|(cond, truth)| {
                    let text = print::condition(self.policy(), cond);
                    match truth {
                        Truth::True if plain => format!("`{text}`"),
                        Truth::True => format!("`{text}` is true"),
                        Truth::False => format!("`{text}` is false"),
                        Truth::Unknown => format!("`{text}` is unknown"),
                    }
                });
                let named: Vec<String> = named.collect();
                let more = tests.len().saturating_sub(NAMED);
                let more = if more == 0 { String::new() } else { format!(", and {more} more") };
                format!("such that {}{more}", named.join(" and "))
            }
        }
    }
}

/// `at least 3`, `more than $10,000 and at most $50,000`, `2026-10-01 or later`.
fn range(low: Option<&Bound>, high: Option<&Bound>, time: bool, shown: &dyn Fn(&Bound) -> String) -> String {
    let (from, to) = (low.map(|bound| (bound.outside, shown(bound))), high.map(|bound| (bound.outside, shown(bound))));
    match (from, to) {
        (Some((false, low)), Some((false, high))) => format!("from {low} to {high}"),
        (Some((false, low)), None) if time => format!("{low} or later"),
        (None, Some((false, high))) if time => format!("{high} or earlier"),
        (low, high) => {
            let low = low.map(|(outside, low)| match (time, outside) {
                (true, true) => format!("after {low}"),
                (true, false) => format!("from {low}"),
                (false, true) => format!("more than {low}"),
                (false, false) => format!("at least {low}"),
            });
            let high = high.map(|(outside, high)| match (time, outside) {
                (true, true) => format!("before {high}"),
                (true, false) => format!("up to {high}"),
                (false, true) => format!("less than {high}"),
                (false, false) => format!("at most {high}"),
            });
            low.into_iter().chain(high).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// Advice without a value.
fn hushed(advice: &Advice) -> String {
    match advice {
        Advice::Range(Some(_), None) => "higher".to_owned(),
        Advice::Range(None, Some(_)) => "lower".to_owned(),
        Advice::Known => "known".to_owned(),
        Advice::Range(..) | Advice::OneOf(_) | Advice::Members { .. } | Advice::Tests(_) => HIDDEN.to_owned(),
    }
}

fn is_time(ty: &Type) -> bool {
    match ty {
        Type::Date | Type::DateTime => true,
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::YesNo
        | Type::Choice(Choices { .. })
        | Type::Set(_) => false,
    }
}

/// `Software`, `Software or Banking`, `Software, Banking, Retail or 5 others`.
fn either(values: &[String]) -> String {
    match values {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if values.len() <= NAMED => format!("{} or {last}", first.join(", ")),
        values => {
            let named: Vec<&str> = values.iter().take(NAMED - 1).map(String::as_str).collect();
            format!("{} or {} others", named.join(", "), values.len() - named.len())
        }
    }
}
