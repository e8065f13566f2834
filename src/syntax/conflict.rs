//! What a merge leaves in a text when both sides have changed the same lines: both of them, between signs of git. That is one fault, and none of
//! the language.

use std::borrow::Cow;
use std::ops::Range;

/// Lines that both sides of a merge have changed, with the signs around them; in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The line above the one side.
    pub(super) ours: Range<usize>,
    /// The line between the sides.
    pub(super) theirs: Range<usize>,
    /// From the end of the one side to the last sign.
    rest: Range<usize>,
}

/// All that merges have left.
pub(super) fn find(text: &str) -> Vec<Conflict> {
    let mut found = Vec::new();
    if !text.contains("<<<<<<<") {
        return found;
    }
    // The first line of a conflict that has begun; where its one side ends, and where the other begins.
    let (mut ours, mut ends, mut theirs) = (None, None, None);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let sign = start..start + line.trim_end().len();
        start += line.len();
        match (line.get(..7), &ours) {
            (Some("<<<<<<<"), _) => (ours, ends, theirs) = (Some(sign), None, None),
            (Some("|||||||"), Some(_)) => ends = ends.or(Some(sign.start)),
            (Some("======="), Some(_)) => {
                ends = ends.or(Some(sign.start));
                theirs = theirs.or(Some(sign));
            }
            (Some(">>>>>>>"), Some(_)) => {
                if let (Some(ours), Some(ends), Some(theirs)) = (ours.take(), ends.take(), theirs.take()) {
                    found.push(Conflict { ours, theirs, rest: ends..sign.end });
                }
            }
            (Some(_) | None, _) => {}
        }
    }
    found
}

/// The line, counted from 1, at which a merge has left both of its sides in a text of any kind.
#[must_use]
pub fn first_conflict(text: &str) -> Option<usize> {
    let first = find(text).into_iter().next()?;
    Some(text.get(..first.ours.start)?.matches('\n').count() + 1)
}

/// The text with the one side of each conflict, every letter where it was.
pub(super) fn one_side<'t>(text: &'t str, conflicts: &[Conflict]) -> Cow<'t, str> {
    if conflicts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for Conflict { ours, rest, .. } in conflicts {
        for range in [ours, rest] {
            let blanked = bytes.get_mut(range.clone()).into_iter().flatten().filter(|byte| !b"\r\n".contains(byte));
            blanked.for_each(|byte| *byte = b' ');
        }
    }
    // Whole lines were blanked, so that no letter was cut.
    Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
}
