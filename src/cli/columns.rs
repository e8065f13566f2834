//! What `decide` writes of a lead: `lead,decision,rule,reason`, then what was asked for.

use std::io::{self, Write};

use policyc::eval::Session;
use policyc::ir::{DecisionId, Policy, ScoreId};
use policyc::leads::{OutCell, OutColumn, OutKind, TableWriter};
use policyc::types::Choices;

/// The first columns, always.
const FIRST: [&str; 4] = ["lead", "decision", "rule", "reason"];

/// The column of the fields whose absence left a rule unknown.
const UNKNOWN: &str = "unknown";

/// Which columns there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// One for each score and each grade, and one for the stage.
    pub(super) scores: bool,
    /// One for the fields whose absence left a rule above the deciding one unknown.
    pub(super) unknown: bool,
}

impl Columns {
    /// All of them. A score that is called as another column is called `NAME score`.
    pub(super) fn of(self, policy: &Policy) -> Vec<OutColumn> {
        let mut columns = FIRST.map(OutColumn::text).to_vec();
        if self.scores {
            let own = |what: &str, name: &String, kind| {
                let taken = FIRST.contains(&name.as_str()) || name == UNKNOWN;
                let name = if taken { format!("{name} {what}") } else { name.clone() };
                OutColumn { name: name.into(), kind }
            };
            let scores = policy.scores.iter().map(|(id, score)| own("score", &score.name, points(policy, id)));
            columns.extend(scores);
            columns.extend(policy.grades.iter().map(|(_, grade)| own("grade", &grade.name, OutKind::Text)));
            columns.extend((!policy.stages.is_empty()).then(|| OutColumn::text("stage")));
        }
        columns.extend(self.unknown.then(|| OutColumn::text(UNKNOWN)));
        columns
    }

    /// Writes the row of a lead, and says what was decided.
    pub(super) fn put<W: Write>(
        self,
        table: &mut TableWriter<W>,
        name: &str,
        session: &Session<'_>,
    ) -> io::Result<DecisionId> {
        let policy = session.policy();
        let outcome = session.outcome();
        let rule = &policy.rules[outcome.rule];
        let label = |scale: &Choices, at: usize| scale.values.get(at).cloned().unwrap_or_default();
        let (mut points, mut labels) = (Vec::new(), Vec::new());
        if self.scores {
            points.extend(policy.scores.iter().map(|(id, _)| session.score(id).points));
            labels.extend(policy.grades.iter().map(|(id, grade)| label(&grade.scale, session.grade(id))));
            labels.extend((!policy.stages.is_empty()).then(|| label(&policy.stage_scale(), session.stage())));
        }
        let absent = if self.unknown { session.absent() } else { Default::default() };
        let absent: Vec<&str> = absent.iter().map(|field| policy.fields[*field].name.as_str()).collect();
        let absent = absent.join("; ");
        let mut cells = vec![
            OutCell::Text(name),
            OutCell::Text(&policy.decisions[outcome.decision].phrase),
            OutCell::Text(&rule.name),
            rule.because.as_deref().map_or(OutCell::Missing, OutCell::Text),
        ];
        cells.extend(points.iter().map(OutCell::Number));
        cells.extend(labels.iter().map(|label| OutCell::Text(label)));
        cells.extend(self.unknown.then(|| if absent.is_empty() { OutCell::Missing } else { OutCell::Text(&absent) }));
        table.row(&cells)?;
        Ok(outcome.decision)
    }
}

/// What the points of a score are, whatever the leads.
fn points(policy: &Policy, score: ScoreId) -> OutKind {
    policy
        .decimals(score)
        .and_then(|decimals| u8::try_from(decimals).ok())
        .map_or(OutKind::Text, |decimals| OutKind::Number { decimals })
}
