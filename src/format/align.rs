//! Columns: neighbouring items whose second halves start below each other.

use super::doc::width;
use crate::syntax::ast::{Noted, Notes};

/// For each item the width of the first column in its run: the widest cell there that is not wider than `most`.
/// A run is items without a blank line between them; `cell` says how wide an item's first cell is, 0 to leave it out.
pub(super) fn columns<T>(items: &[Noted<T>], most: usize, cell: impl Fn(usize, &T) -> usize) -> Vec<usize> {
    let cells: Vec<(bool, usize)> =
        items.iter().enumerate().map(|(i, item)| (starts_run(&item.notes), cell(i, &item.node))).collect();
    cells
        .chunk_by(|_, (starts_run, _)| !starts_run)
        .flat_map(|run| {
            let widest = run.iter().map(|(_, width)| *width).filter(|width| *width <= most).max().unwrap_or(0);
            std::iter::repeat_n(widest, run.len())
        })
        .collect()
}

/// Whether a blank line parts an item from the one above.
fn starts_run(notes: &Notes) -> bool {
    notes.blank_before || notes.before.iter().any(|comment| comment.blank_before)
}

/// `text` with blanks up to the end of its column and across the gap to the next one.
pub(super) fn pad(text: &str, column: usize, gap: usize) -> String {
    let blanks = column.saturating_sub(width(text)) + gap;
    format!("{text}{}", " ".repeat(blanks))
}
