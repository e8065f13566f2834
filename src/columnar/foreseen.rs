//! What is known of the rows of a row group before they are read: from the statistics and the dictionaries of its columns, what each
//! lead can answer.
//!
//! A column is not read when nothing hangs on it: when all of its values answer the same, or when what the other columns answer
//! settles all that it is asked for. Something that it can answer is put in its place. A column of which a value may be wrong is read.

use std::collections::BTreeSet;

use super::arrays::entries;
use super::batch::Batch;
use super::hinges::{Hinges, Known};
use super::plan::{Codec, DOUBT, Plan, Planned};
use super::program::AmountSlot;
use crate::ir::FieldId;
use crate::leads::{Bound, Bounds, Extent, Groups};

/// The columns that need not be read.
#[derive(Debug, Default)]
pub(super) struct Foreseen {
    /// For each planned column the words that are put in its place.
    instead: Vec<Option<Vec<u64>>>,
    /// The columns of the data that are not read, in order.
    unread: Vec<usize>,
}

impl Foreseen {
    /// What need not be read of a row group, of which `named_by` is read in any case.
    pub(super) fn new(
        groups: &Groups,
        group: usize,
        bound: &Bound,
        named_by: Option<FieldId>,
        batch: &mut Batch<'_, '_>,
    ) -> Foreseen {
        let plan = batch.plan();
        let column = |field: FieldId| bound.column(field).unwrap_or(usize::MAX);
        let mut possible: Vec<Option<Vec<Vec<u64>>>> = Vec::new();
        for (at, planned) in plan.columns.iter().enumerate() {
            let bounds = planned.column.field().and_then(|field| match column(field) {
                usize::MAX => Some(Bounds { missing: true, values: Extent::Nothing }),
                column => groups.bounds(group, column),
            });
            possible.push(bounds.and_then(|bounds| self::possible(at, planned, &bounds, batch)));
        }
        let Some(hinges) = Hinges::new(&plan.circuit, plan.broken, &plan.gates, &known(plan, &possible)) else {
            return Foreseen::default();
        };
        let matters = |planned: &Planned<'_>| {
            planned.column.questions.iter().any(|(question, _)| hinges.questions.get(*question) != Some(&false))
                || planned.column.amounts.iter().any(|(amount, _)| hinges.amounts.get(*amount) != Some(&false))
        };
        // Of the rest of the texts, all that is to be known is whether they are right.
        for (at, (planned, possible)) in plan.columns.iter().zip(&mut possible).enumerate() {
            if possible.is_none()
                && !matters(planned)
                && let Some(field) = planned.column.field()
            {
                let bounds = groups.dictionary(group, column(field));
                *possible = bounds.and_then(|bounds| self::possible(at, planned, &bounds, batch));
            }
        }
        let instead = |(planned, possible): (&Planned<'_>, Option<Vec<Vec<u64>>>)| match planned.column.field() {
            _ if matches!(planned.codec, Codec::Unread) || matters(planned) => None,
            Some(_) => possible?.into_iter().next(),
            // Each of the fields has a column of its own, which sees to it that their values are right.
            None => Some(vec![0; planned.place.span]),
        };
        let instead: Vec<Option<Vec<u64>>> = plan.columns.iter().zip(possible).map(instead).collect();
        let is_read = |planned: &Planned<'_>| !matches!(planned.codec, Codec::Unread);
        let read = plan.columns.iter().zip(&instead).filter(|(planned, instead)| is_read(planned) && instead.is_none());
        let read = read.flat_map(|(planned, _)| &planned.column.fields).chain(&named_by);
        let read: BTreeSet<usize> = read.map(|field| column(*field)).collect();
        let unread = (0..groups.width()).filter(|column| groups.is_simple(*column) && !read.contains(column)).collect();
        Foreseen { instead, unread }
    }

    /// Whether some column is not read.
    pub(super) fn leaves_out(&self) -> bool {
        self.instead.iter().any(Option::is_some)
    }

    /// Whether a column of the data is read.
    pub(super) fn reads(&self, column: usize) -> bool {
        self.unread.binary_search(&column).is_err()
    }

    /// What is put in the place of a planned column.
    pub(super) fn instead(&self, at: usize) -> Option<&[u64]> {
        self.instead.get(at)?.as_deref()
    }
}

/// The words that the values of a column can have. None when that is not known, or some of them may be wrong.
fn possible(at: usize, planned: &Planned<'_>, bounds: &Bounds, batch: &mut Batch<'_, '_>) -> Option<Vec<Vec<u64>>> {
    let texts: Vec<&str> = match (&planned.codec, &bounds.values) {
        (Codec::Unread, _) => return None,
        (_, Extent::Nothing) | (Codec::Numbers(..), Extent::Numbers(..)) | (Codec::Days(..), Extent::Days(..)) => {
            Vec::new()
        }
        (_, Extent::Texts(texts)) => texts.iter().map(String::as_str).collect(),
        (_, Extent::Truths(false, false)) => vec!["false"],
        (_, Extent::Truths(true, true)) => vec!["true"],
        (_, Extent::Truths(..)) => vec!["false", "true"],
        (Codec::Texts(texts), Extent::Numbers(..) | Extent::Days(..))
            if planned.column.is_idle() && texts.blanks.is_none() =>
        {
            vec!["x"]
        }
        (Codec::Words(..) | Codec::Numbers(..) | Codec::Days(..) | Codec::Texts(_) | Codec::Any, _) => return None,
    };
    let mut patterns = entries(at, batch, texts.into_iter()).patterns()?;
    // The last one is that of a missing value.
    if !bounds.missing {
        patterns.pop();
    }
    match (&planned.codec, &bounds.values) {
        (Codec::Numbers(numbers, table), Extent::Numbers(low, high, places)) => {
            patterns.extend(numbers.between(*low, *high, *places)?.map(|class| table.pattern(class)));
        }
        (Codec::Days(days, table), Extent::Days(low, high)) => {
            patterns.extend(days.between(*low, *high)?.map(|class| table.pattern(class)));
        }
        _ => {}
    }
    let is_sure = |pattern: &Vec<u64>| pattern.iter().all(|word| word & DOUBT == 0);
    (!patterns.is_empty() && patterns.iter().all(is_sure)).then_some(patterns)
}

/// What is known of the answers, where it is known which words each column can have.
fn known(plan: &Plan<'_>, possible: &[Option<Vec<Vec<u64>>>]) -> Known {
    let unknown = |slot: &AmountSlot| (slot.low, slot.low + ((1 << slot.bits) - 1));
    let mut known = Known {
        questions: vec![None; plan.layout.questions.len()],
        amounts: plan.layout.amounts.iter().map(unknown).collect(),
    };
    for (planned, patterns) in plan.columns.iter().zip(possible) {
        let Some(patterns) = patterns else { continue };
        for (question, _) in &planned.column.questions {
            let bit = plan.layout.questions.get(*question).copied().unwrap_or(0);
            let mut answers = patterns.iter().map(|pattern| planned.place.bits(pattern, bit, 1) == 1);
            let first = answers.next();
            if let Some(slot) = known.questions.get_mut(*question) {
                *slot = first.filter(|first| answers.all(|answer| answer == *first));
            }
        }
        for (amount, _) in &planned.column.amounts {
            let (Some(slot), Some(range)) = (plan.layout.amounts.get(*amount), known.amounts.get_mut(*amount)) else {
                continue;
            };
            let value = |pattern: &Vec<u64>| slot.low + i128::from(planned.place.bits(pattern, slot.bit, slot.bits));
            let values = patterns.iter().map(value);
            *range = (values.clone().min().unwrap_or(range.0), values.max().unwrap_or(range.1));
        }
    }
    known
}
