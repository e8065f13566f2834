//! What is told of a lead instead of values that nobody kept: how conditions turned out, and what lines of scores added.

use std::collections::HashMap;

use crate::ir::{Cond, CondKind, Gain, Policy, Score, ScoreLine, visit};
use crate::types::{Number, Truth};

/// Answers that count for one lead, whatever its values.
#[derive(Debug, Clone, Default)]
pub struct Told<'p> {
    truths: HashMap<&'p Cond, Truth>,
    points: Vec<(&'p ScoreLine, Option<Number>)>,
}

impl<'p> Told<'p> {
    /// Tells how a condition of the policy turned out.
    pub fn tell(&mut self, cond: &'p Cond, truth: Truth) {
        self.truths.insert(cond, truth);
    }

    /// Tells what a line of a score of the policy added; none when what it counts was missing.
    pub fn tell_points(&mut self, line: &'p ScoreLine, points: Option<Number>) {
        self.points.push((line, points));
    }

    /// How a condition turned out, when that was told.
    #[must_use]
    pub fn truth(&self, cond: &Cond) -> Option<Truth> {
        self.truths.get(cond).copied()
    }

    /// The policy with these answers in the places of the questions, so that whatever else the lead may become, they stay as they are. What a line would
    /// have added whose condition did not hold is not known.
    #[must_use]
    pub fn settled(&self, policy: &'p Policy) -> Policy {
        let constant = |truth| CondKind::Const(truth);
        let mut settled = policy.clone();
        for cond in visit::all_mut(&mut settled) {
            cond.walk_mut(&mut |part| {
                if let Some(truth) = self.truth(part) {
                    part.kind = constant(truth);
                }
            });
        }
        let line = |(own, then): (&ScoreLine, ScoreLine)| {
            let (Some(told), Gain::Points { when, .. }) = (self.points(own), &then.gain) else { return then };
            let unknown = Cond { kind: constant(Truth::Unknown), span: own.span };
            let (points, when) = match told {
                Some(points) => (points.clone(), when.clone()),
                None => {
                    let both = when.iter().cloned().chain([unknown]).collect();
                    (Number::whole(0), Some(Cond { kind: CondKind::All(both), span: own.span }))
                }
            };
            ScoreLine { gain: Gain::Points { points, per: None, when, at_most: None }, ..then }
        };
        let both = policy.scores.iter().zip(settled.scores.iter());
        settled.scores = both
            .map(|((_, own), (_, then))| Score {
                lines: own.lines.iter().zip(then.lines.iter().cloned()).map(line).collect(),
                ..then.clone()
            })
            .collect();
        settled
    }

    /// What a line added, when that was told.
    pub(super) fn points(&self, line: &ScoreLine) -> Option<Option<&Number>> {
        self.points.iter().find(|(told, _)| std::ptr::eq(*told, line)).map(|(_, points)| points.as_ref())
    }
}
