//! Each policy of tests/cases/analysis, and all that is proved of it: what `check` finds without being asked, and then what it tells
//! when it is asked for everything.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::HashMap;
use std::fmt::Write;

use policyc::analysis::{self, Detail, Request};
use policyc::diagnostic::Diagnostic;
use policyc::lower::{Checked, check};
use policyc::source::Sources;

/// A finding in plain words, a line for each part of it.
fn plain(sources: &Sources, finding: &Diagnostic) -> String {
    let severity = format!("{:?}", finding.severity).to_lowercase();
    let mut out = format!("{} {severity} {}\n", finding.code.name(), finding.message);
    for label in &finding.labels {
        let text = sources.slice(label.span).replace('\n', "⏎");
        let says = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
        writeln!(out, "  at {} `{text}`{says}", sources.place(label.span)).unwrap();
    }
    if let Some(help) = &finding.help {
        writeln!(out, "  help: {help}").unwrap();
    }
    if let Some(fix) = &finding.fix {
        writeln!(out, "  fix: {} -> {}", sources.slice(fix.span).replace('\n', "⏎"), fix.replacement).unwrap();
    }
    for line in finding.example.iter().flat_map(|example| example.lines()) {
        writeln!(out, "  | {line}").unwrap();
    }
    out
}

#[test]
fn cases() {
    insta::glob!("cases/analysis/*.policy", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut text = std::fs::read_to_string(path).unwrap();
        let files = HashMap::from([(name.to_owned(), text.clone())]);
        let Checked { sources, policy, mut diagnostics, .. } = check(name, &files);
        let mut asked = Vec::new();
        if let Some(policy) = &policy {
            let found = analysis::findings(policy, &sources, &analysis::verdicts(policy), &diagnostics);
            diagnostics.extend(found);
            diagnostics.extend(policyc::testing::impossible(policy));
            let all = Request { overlaps: true, leads: 0, missing: true, gaps: true };
            asked = analysis::notes(policy, &analysis::answers(policy, all), Detail::Short);
        }
        policyc::diagnostic::sort(&mut diagnostics);
        for (title, findings) in [("found", diagnostics), ("asked for", asked)] {
            writeln!(text, "\n~~~~ {title}: {} ~~~~\n", findings.len()).unwrap();
            findings.iter().for_each(|finding| text.push_str(&plain(&sources, finding)));
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text));
    });
}
