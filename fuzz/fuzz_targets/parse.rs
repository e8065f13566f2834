//! No text makes the parser panic or hang; what the formatter makes of it is read and written as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policyc::source::{SourceFile, SourceId, Span};
use policyc::{format, syntax};

fuzz_target!(|text: &str| {
    let parse = |text: &str| syntax::parse(&SourceFile::new(SourceId(0), "fuzz.policy", text));
    let parsed = parse(text);
    let place = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} is no place");
    parsed.file.statements.iter().for_each(|s| place(s.loc.0));
    parsed.diagnostics.iter().flat_map(|d| &d.labels).for_each(|l| place(l.span));
    if parsed.diagnostics.is_empty() {
        let written = format::format(&parsed.file);
        assert_eq!(format::format(&parse(&written).file), written);
    }
});
