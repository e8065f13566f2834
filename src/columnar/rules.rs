//! Which rule decides each lead, and nothing more; and leads by their numbers. What two policies make of the same leads is compared so: most are decided
//! alike, and only the others need be looked at.

use std::ops::RangeInclusive;

use super::batch::Rows;
use super::emit::{Hand, Stand};
use super::run::{Decided, Job, Settings, Stopped, Task, over};
use crate::eval::Evaluator;
use crate::ir::Id as _;
use crate::leads::{Format, Input, Row};

/// Stands for the rule of a row that is rejected.
pub const REJECTED: u32 = u32::MAX;

/// Tells of all leads which rule decides them, in order: `sink` is given the positions of the rules for some rows, [`REJECTED`] for those that are no lead. Of the
/// settings, only those of reading count.
///
/// # Errors
/// When the leads do not fit the policy, cannot be read to their end, or when `sink` fails.
pub fn rules<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    settings: Settings<'e>,
    sink: &mut dyn FnMut(&[u32]) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    over(evaluator, input, format, settings, Task::Rules, &mut |decided| sink(&decided.rules)).map(drop)
}

/// Reads the rows of these numbers, counted from 1 and ascending. Of the settings, only those of reading count.
///
/// # Errors
/// When the leads do not fit the policy, cannot be read to their end, or when `sink` fails.
pub fn pick<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    numbers: &'e [u64],
    settings: Settings<'e>,
    sink: &mut dyn FnMut(&[Row]) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    over(evaluator, input, format, settings, Task::Pick(numbers), &mut |decided| sink(&decided.picked)).map(drop)
}

/// Those of some numbers, which ascend, that are in a range.
pub(super) fn among(numbers: &[u64], range: RangeInclusive<u64>) -> &[u64] {
    let from = numbers.partition_point(|number| number < range.start());
    let to = numbers.partition_point(|number| number <= range.end());
    numbers.get(from..to).unwrap_or_default()
}

impl Job<'_> {
    /// The rule of a row that has been read.
    pub(super) fn rule(&self, row: &Row) -> u32 {
        match row {
            Row::Rejected(_) => REJECTED,
            Row::Lead { lead, .. } => {
                u32::try_from(self.evaluator.on(lead).outcome().rule.position()).unwrap_or(REJECTED)
            }
        }
    }

    /// Reads those of up to 512 rows that are asked for.
    pub(super) fn pick<R: Rows, S: Stand>(&self, numbers: &[u64], hand: &mut Hand<'_, R, S>, decided: &mut Decided) {
        let count = u64::try_from(hand.rows.count()).unwrap_or(0);
        for number in among(numbers, hand.before + 1..=hand.before.saturating_add(count)) {
            if let Ok(at) = usize::try_from(number - hand.before - 1) {
                self.look_closely(hand, at, decided);
            }
        }
    }
}
