//! How a lead is asked for: by its id, or by the number of its line or its row where it has none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use binary::{code, folder, run};

const POLICY: &str = "policy \"Calls\"\n\nlead\n  email  text\n  need   whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\ncall when need >= 3\n\notherwise wait\n";

/// How a lead is not found, in one line.
fn not_found(policy: &str, arguments: &[&str]) -> String {
    let leads = "email,need\na@x.example,3\nb@x.example,1\n";
    let folder = folder(&[("a.policy", policy), ("leads.csv", leads)]);
    let output = run(folder.path(), &[&["explain", "a.policy", "leads.csv"], arguments].concat());
    assert_eq!(code(&output), 2, "{output:?}");
    String::from_utf8(output.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn leads_without_an_id_are_called_by_their_line() {
    let by_line = |id: &str, row: u32| {
        format!(
            "policyc: no lead is called `{id}` in `leads.csv`, which has 2 rows: the policy has no `id` field, so that leads are \
             called by the number of their line; `--row {row}` asks for row {row}"
        )
    };
    assert_eq!(not_found(POLICY, &["--lead", "1"]), by_line("1", 1));
    assert_eq!(not_found(POLICY, &["--lead", "0"]), by_line("0", 1));
    assert_eq!(not_found(POLICY, &["--lead", "a@x.example"]), by_line("a@x.example", 1));
    // With an id, one that is nearly the same may be meant.
    let named = not_found(&POLICY.replace("text\n", "id\n"), &["--lead", "c@x.example"]);
    assert!(named.ends_with("which has 2 rows; did you mean `a@x.example`?"), "{named}");
}
