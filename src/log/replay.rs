//! What became of deciding a logged decision again: whether it came out the same, and if not, why.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::asked::{Asked, Test};
use super::entry::Entry;
use super::inputs::{Inputs, Misfit};
use crate::eval::Evaluator;
use crate::explain::{Explanation, HIDDEN};
use crate::ir::reach::Reach;
use crate::ir::{FieldId, Lead, Policy, print};
use crate::types::{Truth, Value};

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// A logged decision, and what becomes of it today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc replay")]
pub struct Replay {
    /// The version of this form: 1.
    pub version: u32,
    /// What the log says.
    pub logged: Logged,
    /// Where the policy as it was then has been found; none when it is lost.
    pub policy: Option<String>,
    /// Whether everything comes out the same.
    pub reproduced: bool,
    /// What does not.
    pub differences: Vec<Difference>,
    /// What has become of the lead since, when leads were given.
    pub since: Option<Since>,
    /// What of the lead of today could not be read, and why: columns that are not there any more.
    pub unread: Vec<String>,
    /// Why the lead was decided as it was.
    pub explanation: Option<Explanation>,
}

/// What a line of a log says of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Logged {
    /// The file of the log.
    pub log: String,
    /// The line.
    pub line: u64,
    /// How the lead is called.
    pub lead: String,
    /// Its row in the data.
    pub row: u64,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The time as of which it was decided.
    #[schemars(with = "String")]
    pub as_of: Timestamp,
    /// The path of the policy.
    pub policy: String,
    /// The digest of the policy.
    pub digest: String,
    /// The revision of the policy's repository.
    pub revision: Option<String>,
    /// Whether the policy's files were those of the revision.
    pub clean: Option<bool>,
    /// The version of the program that decided.
    pub policyc: String,
}

/// What was decided, by which rule, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Outcome {
    /// The decision.
    pub decision: String,
    /// The rule.
    pub rule: String,
    /// The reason.
    pub reason: Option<String>,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// The line is not as it was written.
    Edited,
    /// The policy as it was is not to be found.
    Lost {
        /// Where it was looked for, and what was there.
        why: Vec<String>,
    },
    /// What the line says of the lead does not fit the policy.
    Input {
        /// How not.
        why: String,
    },
    /// Something else comes out.
    Outcome {
        /// What.
        again: Outcome,
        /// The version of the program that is at work now, when it is another one.
        policyc: Option<String>,
    },
}

/// What has become of a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Since {
    /// It is there, and these of its values have changed.
    There {
        /// Each of them.
        changed: Vec<Changed>,
        /// The personal fields that were known then and are today, of which the log has only how tests turned out: whether they hold what
        /// they held is not known.
        only_tests: Vec<String>,
    },
    /// It no longer fits the `lead` block of the policy.
    Rejected {
        /// What is wrong with it.
        problems: Vec<String>,
    },
    /// It is not among the leads any more.
    Gone,
    /// It has no id to find it by: leads are called by their lines.
    NotKnown,
    /// The leads of today cannot be read by the policy of then.
    Unreadable {
        /// Why not.
        problems: Vec<String>,
    },
}

/// A value that has changed; of a personal field a test that turns out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Changed {
    /// The field, or the words of the test.
    pub what: String,
    /// What it was; none when it was missing.
    pub then: Option<String>,
    /// What it is; none when it is missing.
    pub now: Option<String>,
}

impl Logged {
    /// What a line of a log says.
    #[must_use]
    pub fn new(log: String, line: u64, entry: &Entry) -> Logged {
        Logged {
            log,
            line,
            lead: entry.lead.clone(),
            row: entry.row,
            outcome: outcome_of(entry),
            as_of: entry.as_of,
            policy: entry.policy.clone(),
            digest: entry.digest.clone(),
            revision: entry.revision.clone(),
            clean: entry.clean,
            policyc: entry.policyc.clone(),
        }
    }
}

fn outcome_of(entry: &Entry) -> Outcome {
    Outcome { decision: entry.decision.clone(), rule: entry.rule.clone(), reason: entry.reason.clone() }
}

/// What is not as a line says, once its policy is there. `policyc` is the version of the program at work.
#[must_use]
pub fn differences(
    evaluator: &Evaluator<'_>,
    entry: &Entry,
    inputs: &Inputs<'_>,
    misfits: &[Misfit],
    policyc: &str,
) -> Vec<Difference> {
    let policy = evaluator.policy();
    let mut found = Vec::new();
    found.extend((!entry.intact).then_some(Difference::Edited));
    found.extend(misfits.iter().map(|misfit| Difference::Input { why: misfit.to_string() }));
    let rule = &policy.rules[inputs.session(evaluator).outcome().rule];
    let again = Outcome {
        decision: policy.decisions[rule.decision].phrase.clone(),
        rule: rule.name.clone(),
        reason: rule.because.clone(),
    };
    if again != outcome_of(entry) {
        let other = (entry.policyc != policyc).then(|| policyc.to_owned());
        found.push(Difference::Outcome { again, policyc: other });
    }
    found
}

/// What has become of a lead that is there: what is not as it was when it was decided, but for fields that could not be read. `shown` is the policy
/// with whatever is not to be shown by now [hidden](crate::ir::personal::hiding).
#[must_use]
pub fn since(
    evaluator: &Evaluator<'_>,
    shown: &Policy,
    inputs: &Inputs<'_>,
    now: &Lead,
    unread: &BTreeSet<FieldId>,
) -> Since {
    let policy = evaluator.policy();
    let (mut changed, mut only_tests) = (Vec::new(), Vec::new());
    for (id, field) in shown.fields.iter().filter(|(id, _)| !unread.contains(id)) {
        let shown = |value: &Value| print::shown(value, Some(&field.ty), &policy.zone);
        let values = [inputs.lead.get(id), now.get(id)];
        let [then, now] = values;
        let is_kept = !inputs.withheld.contains(&id);
        let differ = if is_kept { then != now } else { then.is_some() != now.is_some() };
        if !is_kept && then.is_some() && now.is_some() {
            only_tests.push(field.name.clone());
        }
        if differ {
            let word = if is_kept { HIDDEN } else { "known" };
            let of = |value: Option<&Value>| {
                value.map(|value| if is_kept && !field.personal { shown(value) } else { word.to_owned() })
            };
            changed.push(Changed { what: field.name.clone(), then: of(then), now: of(now) });
        }
    }
    if let Some(told) = &inputs.told {
        let session = evaluator.on(now);
        let is_read = |test: &Test<'_>| {
            let mut reach = Reach::new(policy);
            test.places.iter().for_each(|cond| reach.cond(cond));
            unread.is_disjoint(&reach.fields) && unread.is_disjoint(&reach.asked)
        };
        for test in Asked::of(policy).tests.into_iter().filter(is_read) {
            let cond = test.places.first().and_then(|cond| Some((told.truth(cond)?, session.truth(cond))));
            if let Some((then, now)) = cond.filter(|(then, now)| then != now) {
                changed.push(Changed { what: test.words, then: Some(truth(then)), now: Some(truth(now)) });
            }
        }
    }
    Since::There { changed, only_tests }
}

fn truth(truth: Truth) -> String {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    }
    .to_owned()
}

impl Difference {
    /// What it is, in words.
    #[must_use]
    pub fn sentences(&self, logged: &Logged) -> Vec<String> {
        match self {
            Difference::Edited => {
                vec!["the line has been edited since it was written: its sum is no longer that of its text".to_owned()]
            }
            Difference::Lost { why } => {
                let head = "the policy as it was when this was decided has not been found: no text here has its digest";
                std::iter::once(head.to_owned()).chain(why.iter().cloned()).collect()
            }
            Difference::Input { why } => vec![why.clone()],
            Difference::Outcome { again, policyc } => {
                let Outcome { decision, rule, reason } = again;
                let mut parts = vec![format!(
                    "the logged values give `{decision}` by rule `{rule}`, not `{}` by rule `{}`",
                    logged.outcome.decision, logged.outcome.rule
                )];
                if *decision == logged.outcome.decision && *rule == logged.outcome.rule {
                    let said = |reason: &Option<String>| {
                        reason.as_ref().map_or_else(|| "no reason".to_owned(), |r| format!("\"{r}\""))
                    };
                    parts = vec![format!("the reason is {}, not {}", said(reason), said(&logged.outcome.reason))];
                }
                parts.extend(
                    policyc
                        .as_ref()
                        .map(|now| format!("policyc {} decided it, and this is policyc {now}", logged.policyc)),
                );
                parts
            }
        }
    }
}

/// The JSON Schema of a replay.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Replay)
}
