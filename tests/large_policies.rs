//! The large policies that are measured: they check without a finding, and so do their edits, which are as many as asked for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod large_gen;
}

use std::collections::HashMap;

use policyc::ir::Policy;
use policyc::lower;
use support::large_gen::Large;

fn checked(text: &str) -> Policy {
    let files = HashMap::from([("large.policy".to_owned(), text.to_owned())]);
    let checked = lower::check("large.policy", &files);
    assert_eq!(checked.diagnostics, [], "{text}");
    checked.policy.unwrap()
}

#[test]
fn they_check() {
    for (rules, seed) in [(40, 1), (200, 2)] {
        let large = Large::new(rules, seed);
        assert_eq!(large.text(), Large::new(rules, seed).text());
        let policy = checked(&large.text());
        assert_eq!((policy.rules.len(), policy.fields.len()), (rules, 14));
        assert!(policy.scores.iter().all(|(_, score)| score.lines.len() == 20));
        for edits in [1, 2, 5, 10] {
            checked(&large.edited(edits, seed).text());
        }
    }
}

/// An edit changes one rule, or moves it.
#[test]
fn edits_are_counted() {
    let large = Large::new(60, 7);
    let old = large.text();
    assert_eq!(large.edited(0, 7).text(), old);
    for (edits, least, most) in [(1, 1, 1), (4, 4, 4), (5, 5, 6), (10, 8, 12)] {
        let new = large.edited(edits, 7).text();
        let changed = old.split("\n\n").zip(new.split("\n\n")).filter(|(old, new)| old != new).count();
        assert!((least..=most).contains(&changed), "{changed} rules differ after {edits} edits");
    }
}
