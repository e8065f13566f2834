//! What `decide` writes of a lead: `lead,decision,rule,reason`, then what was asked for.

use crate::eval::Session;
use crate::explain::Compact;
use crate::ir::{DecisionId, Policy, Rule, ScoreId};
use crate::leads::{OutCell, OutColumn, OutKind, RowWriter};
use crate::types::Choices;

/// The first columns, always.
const FIRST: [&str; 4] = ["lead", "decision", "rule", "reason"];

/// The column of the fields whose absence left a rule unknown.
const UNKNOWN: &str = "unknown";

/// The column that says why.
const EXPLANATION: &str = "explanation";

/// Which columns there are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// One for each score and each grade, and one for the stage.
    pub scores: bool,
    /// One for the fields whose absence left a rule above the deciding one unknown.
    pub unknown: bool,
    /// One that says why, in a few words.
    pub explain: bool,
}

impl Shown {
    /// Whether all that is written follows from the rule, or from its words and the cells that it reads.
    pub(super) fn follows_from_rule(self) -> bool {
        !self.scores && !self.unknown
    }

    /// All of them. A score that is called as another column is called `NAME score`.
    #[must_use]
    pub fn columns(self, policy: &Policy) -> Vec<OutColumn> {
        let mut columns = FIRST.map(OutColumn::text).to_vec();
        if self.scores {
            let own = |what: &str, name: &String, kind| {
                let taken = FIRST.contains(&name.as_str()) || name == UNKNOWN || name == EXPLANATION;
                let name = if taken { format!("{name} {what}") } else { name.clone() };
                OutColumn { name: name.into(), kind }
            };
            let scores = policy.scores.iter().map(|(id, score)| own("score", &score.name, points(policy, id)));
            columns.extend(scores);
            columns.extend(policy.grades.iter().map(|(_, grade)| own("grade", &grade.name, OutKind::Text)));
            columns.extend((!policy.stages.is_empty()).then(|| OutColumn::text("stage")));
        }
        columns.extend(self.unknown.then(|| OutColumn::text(UNKNOWN)));
        columns.extend(self.explain.then(|| OutColumn::text(EXPLANATION)));
        columns
    }

    /// What is written of every lead that a rule decides, behind its name.
    pub(super) fn of_rule<'p>(policy: &'p Policy, rule: &'p Rule) -> Vec<OutCell<'p>> {
        vec![
            OutCell::Text(&policy.decisions[rule.decision].phrase),
            OutCell::Text(&rule.name),
            rule.because.as_deref().map_or(OutCell::Missing, OutCell::Text),
        ]
    }

    /// Adds the row of a lead, and says what was decided.
    pub(super) fn put(
        self,
        out: &mut Vec<u8>,
        rows: &RowWriter,
        name: &str,
        session: &Session<'_>,
        compact: Option<&Compact<'_>>,
    ) -> DecisionId {
        let policy = session.policy();
        let outcome = session.outcome();
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
        let mut cells = vec![OutCell::Text(name)];
        cells.extend(Shown::of_rule(policy, &policy.rules[outcome.rule]));
        cells.extend(points.iter().map(OutCell::Number));
        cells.extend(labels.iter().map(|label| OutCell::Text(label)));
        cells.extend(self.unknown.then(|| if absent.is_empty() { OutCell::Missing } else { OutCell::Text(&absent) }));
        let explanation = compact.filter(|_| self.explain).map(|compact| compact.of(session));
        cells.extend(explanation.as_deref().map(OutCell::Text));
        rows.push_cells(out, &cells);
        outcome.decision
    }
}

/// What the points of a score are, whatever the leads.
fn points(policy: &Policy, score: ScoreId) -> OutKind {
    policy
        .decimals(score)
        .and_then(|decimals| u8::try_from(decimals).ok())
        .map_or(OutKind::Text, |decimals| OutKind::Number { decimals })
}
