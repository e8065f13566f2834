//! Each text under tests/cases/format, however it is laid out, and its canonical text.

#![allow(clippy::unwrap_used, missing_docs)]

use policyc::format::format;
use policyc::source::{SourceFile, SourceId};
use policyc::syntax::{Parsed, parse};

/// The canonical text of a text without faults.
fn canonical(text: &str) -> String {
    let Parsed { file, diagnostics } = parse(&SourceFile::new(SourceId(0), "case.policy", text));
    assert!(diagnostics.is_empty(), "{text}\n{diagnostics:#?}");
    format(&file)
}

#[test]
fn cases() {
    insta::glob!("cases/format/**/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let canonical = canonical(&text);
        let text = text.replace('\r', "\\r").replace('\t', "\\t");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(stem, format!("{text}\n~~~~ formatted ~~~~\n\n{canonical}")));
    });
}

#[test]
fn carriage_returns_and_the_byte_order_mark_go() {
    let text = "policy \"T\"\n  owned by sales\n\n# a comment\nlead\n  need  number  # how much\n";
    assert_eq!(canonical(text), text);
    assert_eq!(canonical(&text.replace('\n', "\r\n")), text);
    assert_eq!(canonical(&format!("\u{feff}{text}")), text);
    assert_eq!(canonical(text.trim_end()), text);
}

#[test]
fn nothing_is_formatted_as_nothing() {
    for text in ["", "\n", "\r\n\r\n", "  \n\t\n"] {
        assert_eq!(canonical(text), "");
    }
}
