//! Each policy under tests/cases/generate, and the tests that are generated for what its own do not show.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail loudly")]

use std::collections::HashMap;

use policyc::diagnostic::any_error;
use policyc::format::format;
use policyc::ir::print;
use policyc::lower::check;
use policyc::source::{SourceFile, SourceId};
use policyc::syntax::parse;
use policyc::testing::generate::generate;

fn told(text: &str) -> String {
    let files = HashMap::from([("case.policy".to_owned(), text.to_owned())]);
    let checked = check("case.policy", &files);
    assert!(!any_error(&checked.diagnostics), "{:#?}", checked.diagnostics);
    let policy = checked.policy.unwrap();
    let generated = generate(&policy);
    let tests: Vec<String> = generated.tests.iter().map(|test| print::test(&policy, test)).collect();
    let parsed = parse(&SourceFile::new(SourceId(0), "case.policy", tests.join("\n").as_str()));
    let [before, after] = generated.shown;
    let mut told = format!("{}\nshown: {before} before, {after} after\n", format(&parsed.file));
    for left in &generated.left {
        told += &format!("left: {:?} `{}` of {:?}\n", left.kind, left.subject, left.within);
    }
    told
}

#[test]
fn cases() {
    insta::glob!("cases/generate/**/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(stem, told(&text)));
    });
}
