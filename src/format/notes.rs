//! Comments and blank lines around a node, and lists whose parts may carry them.

use super::doc::Doc;
use super::words;
use crate::syntax::ast::{Comment, Noted, Notes};

/// The notes of a part that cannot have any.
static NO_NOTES: Notes = Notes { before: Vec::new(), blank_before: false, after: None, below: Vec::new() };

/// A new line for a node, below its comments. A blank line above the `first` of a list or a block is dropped.
pub(super) fn above(notes: &Notes, first: bool) -> Doc {
    let comments = notes.before.iter().enumerate().map(|(i, c)| own_line(c, c.blank_before && !(first && i == 0)));
    let blank = notes.blank_before && !(first && notes.before.is_empty());
    Doc::Concat(comments.chain([new_line(blank)]).collect())
}

/// The comment at the end of the line.
pub(super) fn after(notes: &Notes) -> Doc {
    notes.after.as_ref().map_or_else(Doc::nil, |comment| Doc::Comment(words::comment(&comment.text)))
}

/// The comments on the lines below.
pub(super) fn below(notes: &Notes) -> Doc {
    Doc::Concat(notes.below.iter().map(|comment| own_line(comment, comment.blank_before)).collect())
}

fn own_line(comment: &Comment, blank: bool) -> Doc {
    Doc::Concat(vec![new_line(blank), words::comment(&comment.text).into()])
}

fn new_line(blank: bool) -> Doc {
    if blank { Doc::Blank } else { Doc::Fresh }
}

/// A part of a list, without what separates it from its neighbours.
pub(super) struct Part<'a> {
    notes: &'a Notes,
    doc: Doc,
}

impl Part<'_> {
    /// What comes before it: nothing, a blank or a line break, but a new line when it has comments or a blank line above.
    fn lead_in(&self, first: bool) -> Doc {
        if !self.notes.before.is_empty() || (self.notes.blank_before && !first) {
            above(self.notes, first)
        } else if first {
            Doc::nil()
        } else {
            Doc::Line
        }
    }

    /// The comments that come after it.
    fn end(&self) -> Doc {
        Doc::Concat(vec![after(self.notes), below(self.notes)])
    }
}

/// The parts of a list that may carry comments.
pub(super) fn noted<T>(elements: &[Noted<T>], doc: impl Fn(&T) -> Doc) -> Vec<Part<'_>> {
    elements.iter().map(|e| Part { notes: &e.notes, doc: doc(&e.node) }).collect()
}

/// The parts of a list of words.
pub(super) fn plain(elements: impl IntoIterator<Item = String>) -> Vec<Part<'static>> {
    elements.into_iter().map(|e| Part { notes: &NO_NOTES, doc: e.into() }).collect()
}

/// `a, b, c`, one to a line in a broken group.
pub(super) fn column(parts: Vec<Part<'_>>, separator: &str) -> Doc {
    fill_where(parts, separator, |_| false)
}

/// `a, b, c`, as many to a line as fit.
pub(super) fn fill(parts: Vec<Part<'_>>, separator: &str) -> Doc {
    fill_where(parts, separator, |_| true)
}

/// `a, b, c`, as many to a line as fit, but in a broken group a part stays on the line of the part before only where it `may`;
/// none does when a comment stands behind one of them, lest it seem to be about all of its line.
pub(super) fn fill_where(parts: Vec<Part<'_>>, separator: &str, may: impl Fn(usize) -> bool) -> Doc {
    let commented = parts.iter().any(|part| part.notes.after.is_some());
    let last = parts.len().saturating_sub(1);
    let docs = parts.into_iter().enumerate().map(|(i, part)| {
        let (lead_in, end) = (part.lead_in(i == 0), part.end());
        let separator = Doc::from(if i == last { "" } else { separator });
        let part = Doc::Concat(vec![lead_in, part.doc, separator]);
        Doc::Concat(vec![if may(i) && !commented { part.group() } else { part }, end])
    });
    Doc::Concat(docs.collect())
}

/// `a and b and c`, one to a line, the word in front, when they do not fit on one.
pub(super) fn chain(parts: Vec<Part<'_>>, word: &str) -> Doc {
    let docs = parts.into_iter().enumerate().map(|(i, part)| {
        let (lead_in, end) = (part.lead_in(i == 0), part.end());
        let word = if i == 0 { Doc::nil() } else { Doc::Text(format!("{word} ")) };
        Doc::Concat(vec![lead_in, word, part.doc, end])
    });
    Doc::Concat(docs.collect()).group()
}

/// `[...]` or `(...)`; the brackets stand alone when what is in them does not fit on one line.
pub(super) fn bracketed(open: &str, content: Doc, close: &str) -> Doc {
    let content = Doc::Concat(vec![Doc::SoftLine, content]).nest(2);
    Doc::Concat(vec![open.into(), content, Doc::SoftLine, close.into()]).group()
}

/// The items of a block, two columns in.
pub(super) fn block<T>(items: &[Noted<T>], doc: impl Fn(usize, &T) -> Doc) -> Doc {
    let items = items.iter().enumerate().map(|(i, item)| line(item, i == 0, |node| doc(i, node)));
    Doc::Concat(items.collect()).nest(2)
}

/// The line of an item, with its comments.
pub(super) fn line<T>(item: &Noted<T>, first: bool, doc: impl Fn(&T) -> Doc) -> Doc {
    Doc::Concat(vec![above(&item.notes, first), doc(&item.node), after(&item.notes), below(&item.notes)])
}
