//! What is told of a lead instead of values that nobody kept: how conditions turned out, and what lines of scores added.

use std::collections::HashMap;

use crate::ir::{Cond, ScoreLine};
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

    /// Whether nothing was told: nothing asks for the values that nobody kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.truths.is_empty() && self.points.is_empty()
    }

    /// How a condition turned out, when that was told.
    #[must_use]
    pub fn truth(&self, cond: &Cond) -> Option<Truth> {
        self.truths.get(cond).copied()
    }

    /// What a line added, when that was told.
    pub(super) fn points(&self, line: &ScoreLine) -> Option<Option<&Number>> {
        self.points.iter().find(|(told, _)| std::ptr::eq(*told, line)).map(|(_, points)| points.as_ref())
    }
}
