//! How fine the points of a score can be, whatever the lead.

use super::reach::Reach;
use super::{Gain, Policy, Score, ScoreId};
use crate::types::Number;

impl Policy {
    /// How many digits behind the point the total of a score can have; none when it can be a number without a finite decimal.
    ///
    /// Points come once or a whole number of times, so that no total is finer than the numbers that stand in the score.
    #[must_use]
    pub fn decimals(&self, score: ScoreId) -> Option<usize> {
        let mut reach = Reach::new(self);
        reach.score(score);
        let mut most = 0;
        for number in reach.scores.iter().flat_map(|score| numbers(&self.scores[*score])) {
            let text = number.to_string();
            if text.contains('/') {
                return None;
            }
            most = most.max(text.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
        }
        Some(most)
    }
}

/// What a total of a score can be made of.
fn numbers(score: &Score) -> impl Iterator<Item = &Number> {
    let lines = score.lines.iter().flat_map(|line| match &line.gain {
        Gain::Points { points, at_most, .. } => [Some(points), at_most.as_ref()],
        Gain::Score { .. } => [None, None],
    });
    lines.chain([score.min.as_ref(), score.max.as_ref()]).flatten()
}
