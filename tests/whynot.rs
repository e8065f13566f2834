//! Each policy of tests/cases/whynot, and what its first lines ask of the leads beside it:
//! `# why not DECISION of LEAD as of TIME [in markdown|in json][, FIELD [and FIELD] held][, personal values shown]` and
//! `# nearest better of LEAD as of TIME`. Of an explanation only its end is shown, which is about other decisions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod explained;
}

use std::collections::BTreeSet;

use policyc::explain::Wanted;
use policyc::ir::Policy;
use policyc::render::{Look, explanation};
use support::explained::{Asked, Case, beside};

/// What one of the first lines asks for, and in which format.
fn asked<'a>(policy: &Policy, line: &'a str) -> Option<(Asked<'a>, &'a str)> {
    let (rest, show_personal) = match line.strip_suffix(", personal values shown") {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (rest, held) = match rest.strip_suffix(" held") {
        Some(rest) => rest.split_once(", ")?,
        None => (rest, ""),
    };
    let field = |name: &str| policy.fields.iter().find(|(_, field)| field.name == name).unwrap().0;
    let held: BTreeSet<_> = held.split(" and ").filter(|name| !name.is_empty()).map(field).collect();
    let (wanted, rest) = match rest.strip_prefix("# why not ") {
        Some(rest) => {
            let (phrase, rest) = rest.split_once(" of ")?;
            let decision = policy.decisions.iter().find(|(_, decision)| decision.phrase == phrase).unwrap();
            (Wanted::Decision(decision.0), rest)
        }
        None => (Wanted::Better, rest.strip_prefix("# nearest better of ")?),
    };
    let (lead, rest) = rest.split_once(" as of ")?;
    let (as_of, format) = rest.split_once(" in ").unwrap_or((rest, "human"));
    Some((Asked { lead, as_of, show_personal, wanted, held }, format))
}

#[test]
fn cases() {
    insta::glob!("cases/whynot/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let case = Case::read(path);
        let mut text = case.text();
        for line in case.source.lines() {
            let Some((asked, format)) = asked(case.policy(), line) else { break };
            let explanation = case.explained(&asked);
            let without = case.explained(&Asked { wanted: Wanted::Nothing, held: BTreeSet::new(), ..asked });
            let end = |shown: String, without: String| shown.strip_prefix(&without).unwrap().to_owned();
            let shown = match format {
                "json" => serde_json::to_string_pretty(&explanation.why_not).unwrap() + "\n",
                "markdown" => end(explanation::markdown(&explanation), explanation::markdown(&without)),
                _ => end(explanation::human(&explanation, Look::PLAIN), explanation::human(&without, Look::PLAIN)),
            };
            text.push_str(&format!("\n~~~~ {} ~~~~\n\n{}\n", line.trim_start_matches("# "), shown.trim()));
        }
        beside(folder, || insta::assert_snapshot!(stem, text));
    });
}
