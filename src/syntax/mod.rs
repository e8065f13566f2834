//! From text to a syntax tree: layout cuts the text into statements and items, pest parses each of them.

pub mod ast;
mod comments;
mod condition;
mod conflict;
mod errors;
mod expected;
mod fault;
mod items;
mod layout;
mod lead;
mod literal;
mod outline;
mod parse;
mod property;
mod reader;
mod scan;
mod slips;
mod statement;

pub use conflict::first_conflict;
pub use outline::{Outline, Remark};
pub(crate) use scan::is_invisible;

use crate::diagnostic::{self, Diagnostic};
use crate::source::{SourceFile, Span};

/// What became of a text: always a tree, as much of it as could be read, and everything that is wrong with the rest.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The tree.
    pub file: ast::File,
    /// The syntax errors, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// How large a text may be, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// How many errors of one text are listed.
const MAX_ERRORS: usize = 100;

/// Parses a text.
#[must_use]
pub fn parse(source: &SourceFile) -> Parsed {
    if source.text.len() > MAX_BYTES {
        let start = Span::new(source.id, 0, 0);
        return Parsed { file: ast::File::default(), diagnostics: vec![errors::too_large(start)] };
    }
    let conflicts = conflict::find(&source.text);
    let text = conflict::one_side(&source.text, &conflicts);
    let scan = scan::Scan::new(&text);
    let layout = layout::Layout::new(&scan);
    let mut reader = reader::Reader::new(&scan, source.id);
    let file = reader.file(&layout);
    let mut diagnostics = reader.diagnostics;
    let span = |bytes: &std::ops::Range<usize>| Span::new(source.id, bytes.start, bytes.end);
    diagnostics.extend(conflicts.iter().map(|conflict| errors::conflict(span(&conflict.ours), span(&conflict.theirs))));
    diagnostic::sort(&mut diagnostics);
    let rest = diagnostics.split_off(diagnostics.len().min(MAX_ERRORS));
    if let Some(place) = rest.first().and_then(Diagnostic::span) {
        diagnostics.push(errors::more_errors(place, rest.len()));
    }
    Parsed { file, diagnostics }
}
