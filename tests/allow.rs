//! Comments that allow findings, from end to end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use std::path::Path;

use binary::{code, folder, out, put, run, shown};

/// The codes that `check` finds, in their order.
fn codes(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = run(folder, &[&["check", "--format", "json"], arguments, &["."]].concat());
    let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    json["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
}

/// A policy whose second rule never decides, with something above it and behind it.
fn rule(above: &str, behind: &str) -> String {
    format!(
        "policy \"Demo\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  pass to sales\n  nurture\n\n\
         first: pass to sales when need >= 3\n\n{above}second: pass to sales\n    when need >= 4{behind}\n  because \"x\"\n\n\
         otherwise nurture\n"
    )
}

#[test]
fn a_reason_above_or_behind_the_statement_allows_a_warning() {
    let repository = folder(&[]);
    let found = |above: &str, behind: &str| {
        put(repository.path(), "a.policy", &rule(above, behind));
        let before = codes(repository.path(), &[]);
        // The formatter keeps the comment where it belongs.
        assert_eq!(code(&run(repository.path(), &["fmt", "."])), 0);
        assert_eq!(codes(repository.path(), &[]), before);
        before.join(" ")
    };
    assert_eq!(found("", ""), "P0402");
    assert_eq!(found("# allow P0402: until June\n", ""), "");
    assert_eq!(found("# allow p0402: until June\n# and another comment\n\n", ""), "");
    assert_eq!(found("", "  # allow P0402: until June"), "");
    assert_eq!(found("#allow P0402: until June: really\n", ""), "");
    // One of two codes.
    assert_eq!(found("# allow P0402, P0403: until June\n", ""), "P0701");
    assert_eq!(found("# Allow P0402: until June\n", ""), "");
    // Twice for the same.
    assert_eq!(found("# allow P0402: until June\n# allow P0402: until July\n", ""), "P0701");
    assert_eq!(found("# allow P0402: until June\n", "  # allow P0402: until July"), "P0701");
    let twice = run(repository.path(), &["check", "."]);
    assert!(out(&twice).contains("`P0402` is allowed here already"), "{}", out(&twice));
    // Not for the statement above, nor for another code.
    assert_eq!(
        found("", "\n  because \"y\"\n\n# allow P0402: until June\nthird: nurture when need is 1"),
        "P0402 P0701"
    );
    assert_eq!(found("# allow P0403: until June\n", ""), "P0701 P0402");
    assert_eq!(found("# allow P0402\n", ""), "P0702 P0402");
    assert_eq!(found("# allow P0402:   \n", ""), "P0702 P0402");
    assert_eq!(found("# allow P402: until June\n", ""), "P0703 P0402");
    // What is no code is a comment like any other.
    assert_eq!(found("# allow people to call: P0402\n# allowed P0402: x\n# we allow P0402: x\n", ""), "P0402");
}

#[test]
fn what_is_asked_of_a_comment_is_said() {
    let text = rule("# allow P402, P0421: until June\n# allow P0402 until June\n", "")
        .replace("otherwise", "# allow P0403: until June\notherwise");
    let repository = folder(&[("a.policy", &text)]);
    insta::assert_snapshot!(shown(repository.path(), &["check", "."]));
}

#[test]
fn a_block_and_its_items_are_allowed_apart() {
    let policy = |block: &str, item: &str| {
        format!(
            "policy \"Demo\"\n\nlead\n  need  whole number from 0 to 5\n\n{block}decisions\n  pass to sales\n  nurture\n  call{item}\n  disqualify\n\n\
             pass to sales when need >= 3\n\notherwise nurture\n"
        )
    };
    let repository = folder(&[("a.policy", &policy("", ""))]);
    assert_eq!(codes(repository.path(), &[]), ["P0220", "P0220"]);
    put(repository.path(), "a.policy", &policy("", "  # allow P0220: later"));
    assert_eq!(codes(repository.path(), &[]), ["P0220"]);
    put(repository.path(), "a.policy", &policy("# allow P0220: later\n", ""));
    assert_eq!(codes(repository.path(), &[]), [""; 0]);
}

#[test]
fn errors_cannot_be_allowed_and_nothing_is_said_of_what_was_not_looked_for() {
    let wrong = rule("# allow P0206: until June\n# allow P0403: until June\n", "").replace("need >= 4", "ned >= 4");
    let repository = folder(&[("a.policy", &wrong)]);
    let found = codes(repository.path(), &[]);
    assert!(found.contains(&"P0703".to_owned()) && !found.contains(&"P0701".to_owned()), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
    let asked = rule("", "").replace("first:", "# allow P0431: agreed\nfirst:").replace("need >= 4", "need is 1");
    put(repository.path(), "a.policy", &asked);
    assert_eq!(codes(repository.path(), &[]), [""; 0]);
    assert_eq!(codes(repository.path(), &["--overlaps"]), ["P0701"]);
}

#[test]
fn a_library_is_one_file_however_many_policies_use_it() {
    let library = "# allow P0403: agreed\ndefine big as need >= 3 and need >= 2\n\n# allow P0403: agreed\ndefine small as need <= 1\n";
    let policy = "policy \"Demo\"\n\nuse \"parts.policy\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  pass to sales\n  nurture\n\n\
                  pass to sales when big\n\nnurture when small\n\notherwise nurture\n";
    let repository = folder(&[("parts.policy", library), ("a.policy", policy), ("b.policy", policy)]);
    let found = codes(repository.path(), &[]);
    assert_eq!(found.iter().filter(|code| *code == "P0701").count(), 1, "{found:?}");
    assert!(!found.contains(&"P0403".to_owned()), "{found:?}");
    // Whoever looks at one policy only knows nothing of what the others find in the library.
    let one = run(repository.path(), &["check", "a.policy"]);
    assert!(!out(&one).contains("P0701"), "{}", out(&one));
    // One of them cannot be proved: who knows what it would find there.
    put(repository.path(), "b.policy", &policy.replace("when big", "when bigg"));
    assert!(!codes(repository.path(), &[]).contains(&"P0701".to_owned()));
}
