//! From a trace to reasons that a person can read.
//!
//! An [`Explanation`] is plain data in the order in which a reader asks: what was decided and why, by which rule, how each
//! of its conditions turned out, what stopped the rules above, then scores, grades and the stage, what was unknown and why
//! that mattered, which defaults were used, and what would have brought another decision. `render` shows it to people; its JSON form is versioned.

mod change;
mod compact;
mod condition;
mod reading;
mod score;
mod unknown;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

pub use change::{Better, Outcome, Proposal, Wanted, Way, WhyNot};
pub use compact::Compact;
pub(crate) use compact::{BETWEEN, Piece, UNKNOWN};
pub use condition::{Group, Stopped, Tested};
pub(crate) use reading::HIDDEN;
pub use reading::{Reading, State};
pub use score::{GradeLine, GradeReport, OutOfReach, ScoreLine, ScoreReport, StageReport, StageStep};
pub use unknown::{Absence, LostLine, LostScore, UsedDefault};

use crate::eval::trace::{Trace, Tried};
use crate::eval::{Evaluator, Session, Told, end_of_day};
use crate::ir::{Cond, FieldId, Guard, Lead, RuleId, SectionId};
use crate::types::{Truth, time_zone};
use change::Advisor;
use reading::Reader;

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// How a lead is to be explained.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How the lead is called.
    pub name: &'a str,
    /// Whether the values of personal fields are shown.
    pub show_personal: bool,
    /// The line of its file that a rule stands in; only whoever has the texts knows.
    pub line_of: &'a dyn Fn(RuleId) -> Option<usize>,
    /// What is said of other decisions.
    pub wanted: Wanted,
    /// Fields that stay as they are when another decision is looked for, besides those that the policy calls `fixed`.
    pub held: &'a BTreeSet<FieldId>,
    /// Answers that count although the lead does not hold the values for them; `wanted` is nothing then.
    pub told: Option<&'a Told<'a>>,
}

/// Why one lead went where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc explanation")]
pub struct Explanation {
    /// The version of this form: 1.
    pub version: u32,
    /// The title of the policy.
    pub policy: String,
    /// How the lead is called.
    pub lead: String,
    /// The time at which it was decided.
    pub as_of: AsOf,
    /// The decision.
    pub decision: String,
    /// The note of the decision.
    pub note: Option<String>,
    /// Why, in the words of the rule's author.
    pub reason: Option<String>,
    /// The rule that decided.
    pub rule: RuleRef,
    /// The conditions of its section, when that has some.
    pub section_conditions: Vec<Tested>,
    /// Its own conditions; none for an `otherwise`.
    pub conditions: Vec<Tested>,
    /// What stands above it and did not fire, from the top.
    pub above: Vec<Above>,
    /// The scores, line by line.
    pub scores: Vec<ScoreReport>,
    /// The grades.
    pub grades: Vec<GradeReport>,
    /// The stage, when the policy has stages.
    pub stage: Option<StageReport>,
    /// What was missing, and what might have come out otherwise with it.
    pub unknown: Vec<Absence>,
    /// Defaults that stood in for missing values.
    pub defaults: Vec<UsedDefault>,
    /// What would have brought the decision that was asked for.
    pub why_not: Option<WhyNot>,
    /// The nearest better decision, when none was asked for, there is one, and it was found.
    pub better: Option<Better>,
}

/// The time at which a lead was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AsOf {
    /// What to give as `--as-of` to get the same again: a day when it is the end of one, else an instant.
    pub given: String,
    /// The time on the clocks of the policy's time zone.
    pub local: String,
    /// The policy's time zone.
    pub zone: String,
}

impl AsOf {
    /// A time in a time zone.
    #[must_use]
    pub fn new(instant: Timestamp, zone: &str) -> AsOf {
        let local = time_zone(zone).unwrap_or(TimeZone::UTC).to_datetime(instant);
        let ends_day = end_of_day(zone, local.date()) == Some(instant);
        AsOf {
            given: if ends_day { local.date().to_string() } else { instant.to_string() },
            local: local.strftime(if ends_day { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" }).to_string(),
            zone: zone.to_owned(),
        }
    }
}

/// A rule, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RuleRef {
    /// Its name.
    pub name: String,
    /// What it decides.
    pub decision: String,
    /// Its file.
    pub path: String,
    /// Its line in the file.
    pub line: Option<usize>,
    /// The title of its section.
    pub section: Option<String>,
    /// The teams that own it.
    pub owners: Vec<String>,
}

/// What stands above the rule that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Above {
    /// A rule that did not fire.
    Rule {
        /// Which.
        rule: RuleRef,
        /// False, or unknown.
        truth: Truth,
        /// What stopped it.
        stopped: Stopped,
    },
    /// A section that is not for the lead: none of its rules was tried.
    Section {
        /// Its title.
        title: String,
        /// How many rules were skipped here.
        rules: usize,
        /// False, or unknown.
        truth: Truth,
        /// What stopped it; nothing when another section took the lead.
        stopped: Stopped,
        /// The section above that took the lead, when this one is for the others only.
        taken_by: Option<String>,
    },
}

/// Explains the decision of a lead.
#[must_use]
pub fn explain(evaluator: &Evaluator<'_>, lead: &Lead, view: &View<'_>) -> Explanation {
    let session = evaluator.on(lead);
    let session = if let Some(told) = view.told { session.told(told) } else { session };
    let reader = Reader::new(&session, view.show_personal);
    let policy = evaluator.policy();
    let trace = session.trace();
    let rule = &policy.rules[trace.outcome.rule];
    let decision = &policy.decisions[trace.outcome.decision];
    let fired = trace.tried.last().and_then(|tried| tried.when.as_ref());
    let guard = rule.section.map(|section| &policy.sections[section].guard);
    let advisor = Advisor { evaluator, lead, held: view.held, show_personal: view.show_personal };
    let (why_not, better) = match view.wanted {
        Wanted::Nothing => (None, None),
        Wanted::Better => (None, advisor.better()),
        Wanted::Decision(wanted) => (Some(advisor.why_not(wanted)), None),
    };
    let guard = if let Some(Guard::When(guard)) = guard { Some(session.step(guard)) } else { None };
    Explanation {
        version: VERSION,
        policy: policy.title.clone(),
        lead: view.name.to_owned(),
        as_of: AsOf::new(evaluator.as_of(), &evaluator.policy().zone),
        decision: decision.phrase.clone(),
        note: decision.note.clone(),
        reason: rule.because.clone(),
        rule: rule_ref(&session, trace.outcome.rule, view),
        section_conditions: guard.map(|step| condition::each(&reader, &step)).unwrap_or_default(),
        conditions: fired.map(|step| condition::each(&reader, step)).unwrap_or_default(),
        above: above(&reader, &trace, view),
        scores: score::scores(&reader),
        grades: score::grades(&reader),
        stage: score::stage(&reader),
        unknown: unknown::absences(&session, &trace),
        defaults: unknown::defaults(&session, &trace),
        why_not,
        better,
    }
}

/// What a condition read of a lead, in the order of its words; personal values are not shown.
#[must_use]
pub fn readings(session: &Session<'_>, cond: &Cond) -> Vec<Reading> {
    condition::readings(&Reader::new(session, false), &session.step(cond))
}

fn rule_ref(session: &Session<'_>, id: RuleId, view: &View<'_>) -> RuleRef {
    let policy = session.policy();
    let rule = &policy.rules[id];
    let section = rule.section.map(|s| &policy.sections[s]);
    RuleRef {
        name: rule.name.clone(),
        decision: policy.decisions[rule.decision].phrase.clone(),
        path: policy.sources.get(rule.span.source.0 as usize).cloned().unwrap_or_default(),
        line: (view.line_of)(id),
        section: section.map(|s| s.title.clone()),
        owners: policy.owners_of_rule(id).to_vec(),
    }
}

/// The rules above the one that fired; those of a section that is not for the lead as one.
fn above(reader: &Reader<'_>, trace: &Trace<'_>, view: &View<'_>) -> Vec<Above> {
    let (_, tried) = trace.tried.split_last().map_or((None, [].as_slice()), |(last, above)| (Some(last), above));
    let skipped = |tried: &Tried<'_>| tried.section.filter(|(_, truth)| !truth.is_true()).map(|(section, _)| section);
    tried
        .chunk_by(|a, b| skipped(a).is_some() && skipped(a) == skipped(b))
        .filter_map(|chunk| {
            let first = chunk.first()?;
            Some(match skipped(first) {
                Some(section) => skipped_section(reader, section, chunk.len()),
                None => Above::Rule {
                    rule: rule_ref(reader.session, first.rule, view),
                    truth: first.truth(),
                    stopped: first.when.as_ref().map(|step| condition::stopped(reader, step)).unwrap_or_default(),
                },
            })
        })
        .collect()
}

fn skipped_section(reader: &Reader<'_>, id: SectionId, rules: usize) -> Above {
    let session = reader.session;
    let section = &session.policy().sections[id];
    let (stopped, taken_by) = match &section.guard {
        Guard::Always => (Stopped::default(), None),
        Guard::When(guard) => (condition::stopped(reader, &session.step(guard)), None),
        Guard::NoneOf(sections) => {
            let taken_by = sections.iter().find(|s| session.section(**s).is_true());
            (Stopped::default(), taken_by.map(|s| session.policy().sections[*s].title.clone()))
        }
    };
    Above::Section { title: section.title.clone(), rules, truth: session.section(id), stopped, taken_by }
}

/// The JSON Schema of an explanation.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Explanation)
}
