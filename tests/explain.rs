//! Each policy of tests/cases/explain, and the explanations that its first lines ask for of the leads beside it:
//! `# explain LEAD as of TIME [in markdown|in json][, personal values shown]`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod explained;
}

use std::collections::BTreeSet;

use policyc::explain::Wanted;
use policyc::render::{Look, explanation};
use support::explained::{Asked, Case, beside};

/// What one of the first lines asks for, and in which format.
fn asked(line: &str) -> Option<(Asked<'_>, &str)> {
    let (rest, show_personal) = match line.strip_suffix(", personal values shown") {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (lead, rest) = rest.strip_prefix("# explain ")?.split_once(" as of ")?;
    let (as_of, format) = rest.split_once(" in ").unwrap_or((rest, "human"));
    Some((Asked { lead, as_of, show_personal, wanted: Wanted::Better, held: BTreeSet::new() }, format))
}

#[test]
fn cases() {
    insta::glob!("cases/explain/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let case = Case::read(path);
        let mut text = case.text();
        for line in case.source.lines() {
            let Some((asked, format)) = asked(line) else { break };
            let explanation = case.explained(&asked);
            let shown = match format {
                "json" => explanation::json(&explanation),
                "markdown" => explanation::markdown(&explanation),
                _ => explanation::human(&explanation, Look::PLAIN),
            };
            text.push_str(&format!("\n~~~~ {} ~~~~\n\n{shown}", line.trim_start_matches("# ")));
        }
        beside(folder, || insta::assert_snapshot!(stem, text));
    });
}
