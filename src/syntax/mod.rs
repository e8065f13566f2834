//! From text to a syntax tree: layout cuts the text into statements and items, pest parses each of them.

pub mod ast;
mod comments;
mod condition;
mod errors;
mod layout;
mod lead;
mod literal;
mod parse;
mod reader;
mod scan;
mod statement;

use crate::diagnostic::{self, Diagnostic};
use crate::source::SourceFile;

/// What became of a text: always a tree, as much of it as could be read, and everything that is wrong with the rest.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The tree.
    pub file: ast::File,
    /// The syntax errors, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a text.
#[must_use]
pub fn parse(source: &SourceFile) -> Parsed {
    let scan = scan::Scan::new(&source.text);
    let layout = layout::Layout::new(&scan);
    let mut reader = reader::Reader::new(&scan, source.id);
    let file = reader.file(&layout);
    let mut diagnostics = reader.diagnostics;
    diagnostic::sort(&mut diagnostics);
    Parsed { file, diagnostics }
}
