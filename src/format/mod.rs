//! From a syntax tree to text in canonical layout; comments are kept.
//!
//! - A line has at most 100 columns where a break between words can make it so. A sentence is broken before each `and` or `or`
//!   of its outermost chain, four columns in; what is in brackets goes between them, two columns in.
//! - Items are two columns in. Types, notes, and the points and labels of a score stand below each other, from one blank line to
//!   the next; a line that is much longer than the others does not push them away.
//! - Statements of several lines have a blank line around them; those of one line follow each other as their author grouped them.
//! - A comment stays above, behind or below the part that it was written at, which then has a line of its own.
//! - The author's words, signs and lists of conditions stay as they are.
//!
//! What is written parses to the tree that it was written from, once that is [settled](settle), and formats to itself.

mod align;
mod doc;
mod expr;
mod field;
mod notes;
mod score;
mod statement;
mod words;

use crate::syntax::ast::{File, Noted, Statement};

/// The canonical text of a file.
///
/// A statement or an item that could not be read ([`Statement::Broken`]) is written as nothing: format only what was parsed
/// without an error.
#[must_use]
pub fn format(file: &File) -> String {
    let mut out = String::new();
    for (statement, (text, mut apart)) in file.statements.iter().zip(sentences(file)) {
        if matches!(statement.node, Statement::Broken { .. }) {
            continue;
        }
        for comment in &statement.notes.before {
            line(&mut out, apart || comment.blank_before, &words::comment(&comment.text));
            apart = false;
        }
        line(&mut out, apart || statement.notes.blank_before, &text);
    }
    for comment in &file.trailing {
        line(&mut out, comment.blank_before, &words::comment(&comment.text));
    }
    out
}

/// How the lines of a text end, going by its first: a checkout may have given all of them the ends of its system, which are no
/// question of layout.
#[must_use]
pub fn line_end(text: &str) -> &'static str {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// Gives a tree the blank lines between statements that its canonical text has: it is then equal to the tree of that text.
pub fn settle(file: &mut File) {
    for ((_, apart), statement) in sentences(file).into_iter().zip(&mut file.statements) {
        let top = statement.notes.before.first_mut().map(|comment| &mut comment.blank_before);
        *top.unwrap_or(&mut statement.notes.blank_before) |= apart;
    }
}

/// The text of each statement without the comments above it, and whether a blank line must part it from the one above: only
/// sentences of one line may follow each other without.
fn sentences(file: &File) -> Vec<(String, bool)> {
    let mut above = None;
    let sentence = |statement: &Noted<Statement>| {
        let text = statement::document(statement).render(0);
        let short = statement::may_be_grouped(&statement.node) && !text.contains('\n');
        let apart = above.replace(short).is_some_and(|above| !(above && short));
        (text, apart)
    };
    file.statements.iter().map(sentence).collect()
}

/// Adds a line, below an empty one when it stands `apart`.
fn line(out: &mut String, apart: bool, text: &str) {
    if apart && !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}
