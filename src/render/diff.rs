//! What a change of a policy changes: for a terminal, for a review, for programs.

mod human;
mod markdown;
mod words;

pub use human::human;
pub use markdown::markdown;

use serde::Serialize;

use super::json::text;
use crate::diff::Report;

/// For programs: the data as they are, versioned.
#[must_use]
pub fn json(report: &Report) -> String {
    text(report)
}

/// The answer in one sentence.
#[must_use]
pub fn verdict(report: &Report) -> String {
    words::verdict(report)
}

/// An edit by which leads change hands, and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Moving {
    /// What is edited.
    pub edit: String,
    /// From where to where leads go.
    pub flows: Vec<Flow>,
}

/// From where to where leads go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Flow {
    /// The decision before; none where they were set aside.
    pub from: Option<String>,
    /// The decision now; none where they are set aside.
    pub to: Option<String>,
}

impl Flow {
    /// `nurture → pass to sales`.
    #[must_use]
    pub fn words(&self) -> String {
        words::flow(self.from.as_deref(), self.to.as_deref())
    }
}

/// The edits by which leads change hands.
#[must_use]
pub fn moving(report: &Report) -> Vec<Moving> {
    let moving = report.changes.iter().filter(|change| words::moves(change)).map(|change| {
        let mut flows: Vec<Flow> = Vec::new();
        for went in change.parts.iter().flat_map(|part| &part.flows) {
            let flow = Flow { from: went.from.clone(), to: went.to.clone() };
            if !flows.contains(&flow) {
                flows.push(flow);
            }
        }
        Moving { edit: words::title(change), flows }
    });
    moving.collect()
}
