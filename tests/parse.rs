//! Every file below `tests/cases/parse` is parsed; its tree and its errors are in the snapshot beside it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;

use policyc::source::{SourceFile, SourceId};
use policyc::syntax;

#[test]
fn cases() {
    insta::glob!("cases/parse/**/*.policy", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let file = SourceFile::new(SourceId(0), "case.policy", text.as_str());
        let parsed = syntax::parse(&file);
        let mut out = format!("{text}\n");
        for d in &parsed.diagnostics {
            let (line, column) = file.line_column(d.span().map_or(0, |s| s.start as usize));
            writeln!(out, "{line}:{column} {} {}", d.code.name(), d.message).unwrap();
        }
        writeln!(out, "{:#?}", parsed.file).unwrap();
        assert!(parsed.diagnostics.is_empty(), "{out}");
    });
}
