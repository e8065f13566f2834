//! From a syntax tree to text in canonical layout; comments are kept.
//!
//! What is written parses to the tree that it was written from, but for blank lines: there is none at the start of a file, of
//! a block or of a list, and there always is one around a statement of several lines. Lines are at most 100 columns wide where
//! a break between words can make them so.

mod align;
mod doc;
mod expr;
mod field;
mod notes;
mod score;
mod statement;
mod words;

use crate::syntax::ast::{File, Statement};

/// The canonical text of a file.
///
/// A statement or an item that could not be read ([`Statement::Broken`]) is written as nothing: format only what was parsed
/// without an error.
#[must_use]
pub fn format(file: &File) -> String {
    let mut out = String::new();
    let mut grouped_above = true;
    for statement in &file.statements {
        if matches!(statement.node, Statement::Broken { .. }) {
            continue;
        }
        let text = statement::document(statement).render(0);
        let grouped = statement::may_be_grouped(&statement.node) && !text.contains('\n');
        let mut apart = !(grouped && grouped_above);
        for comment in &statement.notes.before {
            line(&mut out, apart || comment.blank_before, &words::comment(&comment.text));
            apart = false;
        }
        line(&mut out, apart || statement.notes.blank_before, &text);
        grouped_above = grouped;
    }
    for comment in &file.trailing {
        line(&mut out, comment.blank_before, &words::comment(&comment.text));
    }
    out
}

/// Adds a line, below an empty one when it stands `apart`.
fn line(out: &mut String, apart: bool, text: &str) {
    if apart && !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}
