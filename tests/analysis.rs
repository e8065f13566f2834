//! Each policy of tests/cases/analysis, and all that is proved of it: what `check` finds without being asked, and then what it tells
//! when it is asked for everything.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::HashMap;
use std::fmt::Write;

use policyc::analysis::{self, Detail, Request};
use policyc::lower::check;
use policyc::render::findings::human;
use policyc::render::{Batch, Look};

#[test]
fn cases() {
    insta::glob!("cases/analysis/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let checked = check(name, &HashMap::from([(name.to_owned(), text.clone())]));
        let mut shown = text;
        let mut add = |title: &str, diagnostics| {
            let found = human(&[&Batch { sources: checked.sources.clone(), diagnostics }], Look::PLAIN);
            writeln!(shown, "\n~~~~ {title} ~~~~\n\n{found}").unwrap();
        };
        let mut found = checked.diagnostics.clone();
        if let Some(policy) = &checked.policy {
            let verdicts = analysis::verdicts(policy);
            found.extend(analysis::findings(policy, &checked.sources, &verdicts, &checked.diagnostics));
            found.extend(policyc::testing::impossible(policy));
            add("found", found);
            let all = Request { overlaps: true, leads: 0, missing: true, gaps: true };
            add("asked for", analysis::notes(policy, &analysis::answers(policy, all), Detail::Short));
        } else {
            add("found", found);
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.bind(|| insta::assert_snapshot!(stem, shown));
    });
}
