//! One lead among many: of all rows but those that are asked for nothing more is looked at than what they are called.

use super::batch::Rows;
use super::emit::{Hand, Stand};
use super::run::{Decided, Job, Settings, Stopped, Task, over};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::eval::Evaluator;
use crate::leads::{Bound, Format, Input, RawRow, Reject, Row};

/// Which rows are looked for.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one with this number, counted from 1.
    Row(u64),
    /// Those of this name.
    Named {
        /// The name.
        name: String,
        /// Whether the name that comes closest is looked for besides.
        near: bool,
    },
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The first row that was asked for.
    pub first: Option<Row>,
    /// The numbers of the others.
    pub others: Vec<u64>,
    /// How many rows there are, the rejected ones among them; where a row was found by its number, those that were looked at.
    pub rows: u64,
    /// The name that comes closest to the one that was asked for, when that was asked for and there is one that does.
    pub near: String,
}

/// Looks for rows. Of the settings, only those of reading count.
///
/// # Errors
/// When the leads do not fit the policy, or cannot be read to where the first such row is, or to their end when there is none.
pub fn find<'e>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    wanted: &'e Which,
    settings: Settings<'e>,
) -> Result<Found, Vec<Diagnostic>> {
    let mut all = Found::default();
    let ended = over(evaluator, input, format, settings, Task::Find(wanted), &mut |decided| {
        all.rows += decided.found.rows;
        if let Which::Named { name, near: true } = wanted {
            all.near = nearer(name, std::mem::take(&mut all.near), &decided.found.near);
        }
        let mut rows = decided.found.first.iter().cloned();
        if all.first.is_none() {
            all.first = rows.next();
        } else if let Some(Row::Lead { row, .. } | Row::Rejected(Reject { row, .. })) = rows.next() {
            all.others.push(row);
        }
        all.others.extend(&decided.found.others);
        // There is one row of a number.
        if all.first.is_some() && matches!(wanted, Which::Row(_)) { Err(()) } else { Ok(()) }
    });
    match ended {
        // What cannot be read behind the lead does not matter.
        Err(Stopped::Leads(faults)) if all.first.is_none() => Err(faults),
        Ok(_) | Err(Stopped::Leads(_) | Stopped::Sink(())) => Ok(all),
    }
}

/// What of two names, of which each may be none, is nearly what was asked for; nothing when neither is.
fn nearer(asked: &str, before: String, name: &str) -> String {
    if !is_like(asked, name) {
        return before;
    }
    let both = [before.as_str(), name].into_iter().filter(|name| !name.is_empty());
    did_you_mean(asked, both).unwrap_or_default().to_owned()
}

/// Whether one half of a name stands in another one, at its beginning or at its end: a slip of the pen leaves one as it is, and this is
/// quickly seen.
fn is_like(asked: &str, name: &str) -> bool {
    let (asked, name) = (asked.as_bytes(), name.as_bytes());
    let (first, last) = asked.split_at(asked.len() / 2);
    let begins = name.get(..first.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(first));
    let ends = || name.len().checked_sub(last.len()).and_then(|from| name.get(from..));
    begins || ends().is_some_and(|end| end.eq_ignore_ascii_case(last))
}

impl Job<'_> {
    /// Looks at up to 512 rows.
    pub(super) fn look<R: Rows, S: Stand>(&self, wanted: &Which, hand: &mut Hand<'_, R, S>, decided: &mut Decided) {
        let count = hand.rows.count();
        let (name, near) = match wanted {
            Which::Row(number) => {
                let at = number.checked_sub(hand.before + 1).and_then(|at| usize::try_from(at).ok());
                let at = at.filter(|at| *at < count);
                decided.found.rows += u64::try_from(count - at.iter().count()).unwrap_or(0);
                at.into_iter().for_each(|at| self.look_closely(hand, at, decided));
                return;
            }
            Which::Named { name, near } => (name.as_str(), *near),
        };
        let line = name.parse::<u64>().ok().filter(|line| line.to_string() == name);
        for at in 0..count {
            let is_it = if hand.rows.is_odd(at) {
                true
            } else {
                match self.name(hand.rows, at, &mut String::new()) {
                    Some(other) => {
                        if near && other != name {
                            decided.found.near = nearer(name, std::mem::take(&mut decided.found.near), &other);
                        }
                        other == name
                    }
                    // It is called by its line.
                    None => line.is_some_and(|line| hand.stand.line(at) == line),
                }
            };
            if is_it {
                self.look_closely(hand, at, decided);
            } else {
                decided.found.rows += 1;
            }
        }
    }

    pub(super) fn look_closely<R: Rows, S: Stand>(&self, hand: &mut Hand<'_, R, S>, at: usize, decided: &mut Decided) {
        let number = hand.before + u64::try_from(at).unwrap_or(0) + 1;
        match hand.stand.row(at, number, &mut decided.seen.legacy) {
            Ok(row) => row.iter().for_each(|row| self.row(row, hand.bound, decided)),
            Err(fault) => decided.fault = Some(fault),
        }
    }

    /// Counts a row, and says whether it is one that is wanted.
    pub(super) fn is_wanted(&self, wanted: &Which, raw: &RawRow, bound: &Bound, found: &mut Found) -> bool {
        found.rows += 1;
        match wanted {
            Which::Row(number) => raw.row == *number,
            Which::Named { name, near } => {
                let other = self.rows.name(raw, bound);
                if *near && other != *name {
                    found.near = nearer(name, std::mem::take(&mut found.near), &other);
                }
                other == *name
            }
        }
    }
}

impl Found {
    /// Adds a row that was asked for.
    pub(super) fn put(&mut self, row: Row) {
        match (&self.first, &row) {
            (None, _) => self.first = Some(row),
            (Some(_), Row::Lead { row, .. } | Row::Rejected(Reject { row, .. })) => self.others.push(*row),
        }
    }
}
