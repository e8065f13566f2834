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

/// An edit by which leads change hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Moving {
    /// What is edited.
    pub edit: String,
    /// From where to where leads go.
    pub flows: Vec<Flow>,
    /// Which leads.
    pub leads: Vec<String>,
}

/// From where to where leads go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Flow {
    /// The decision before; none where they were set aside.
    pub from: Option<String>,
    /// The decision now; none where they are set aside.
    pub to: Option<String>,
}

impl Moving {
    /// From where to where leads go: `pass to sales → nurture or disqualify; nurture → disqualify`.
    #[must_use]
    pub fn ways(&self) -> String {
        let mut ways: Vec<(&str, Vec<&str>)> = Vec::new();
        for flow in &self.flows {
            let [from, to] = [&flow.from, &flow.to].map(|end| words::end(end.as_deref()));
            match ways.iter_mut().find(|(before, _)| *before == from) {
                Some((_, now)) => now.push(to),
                None => ways.push((from, vec![to])),
            }
        }
        let ways = ways.iter().map(|(from, now)| match now.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{from} → {} or {last}", first.join(", ")),
            now => format!("{from} → {}", now.concat()),
        });
        ways.collect::<Vec<_>>().join("; ")
    }
}

/// The edits by which leads change hands.
#[must_use]
pub fn moving(report: &Report) -> Vec<Moving> {
    let moving = report.changes.iter().filter(|change| words::moves(change)).map(|change| {
        let parts = || change.parts.iter().filter(|part| !part.flows.is_empty());
        let mut flows: Vec<Flow> = Vec::new();
        for went in parts().flat_map(|part| &part.flows) {
            let flow = Flow { from: went.from.clone(), to: went.to.clone() };
            if !flows.contains(&flow) {
                flows.push(flow);
            }
        }
        let leads = parts().map(|part| {
            let alternatives = words::alternatives(part).join("; or ");
            format!("{} {alternatives}", words::who(part)).trim_end().to_owned()
        });
        Moving { edit: words::title(change), flows, leads: leads.collect() }
    });
    moving.collect()
}
