//! What people type who do not know the command yet.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use binary::{code, folder, out, run};

#[test]
fn help_is_a_verb_too() {
    let folder = folder(&[]);
    for verb in ["review", "decide", "install-hooks"] {
        let asked = run(folder.path(), &["help", verb]);
        assert_eq!((code(&asked), out(&asked)), (0, out(&run(folder.path(), &[verb, "--help"]))), "{verb}");
    }
    let all = out(&run(folder.path(), &["--help"]));
    assert_eq!(out(&run(folder.path(), &["help"])), all);
    assert!(!all.contains("policyc help"), "{all}");
    let slip = run(folder.path(), &["help", "reveiw"]);
    let said = String::from_utf8(slip.stderr.clone()).unwrap();
    let expected = "policyc: there is no verb `reveiw`: did you mean `review`? `policyc --help` lists them all\n";
    assert_eq!((code(&slip), said.as_str()), (2, expected));
}

#[test]
fn a_review_without_its_base_is_told_what_to_type() {
    let folder = folder(&[("a.policy", "")]);
    for (arguments, meant) in [
        (&["review"][..], "main"),
        (&["review", "develop"], "develop"),
        (&["review", "a.policy"], "main a.policy"),
        (&["review", "origin/main", "a.policy"], "origin/main a.policy"),
    ] {
        let ran = run(folder.path(), arguments);
        let said = String::from_utf8(ran.stderr.clone()).unwrap();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = format!(
            "policyc: what is the change to be merged into? say it with `--base`: `policyc review --base {meant}`"
        );
        assert_eq!((code(&ran), said), (2, expected));
    }
}

#[test]
fn who_wants_it_quiet_is_not_shown_notes() {
    let idle = "policy \"P\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\n\
                score fit from 0 to 100\n  +50 when need >= 3\n  +1 when need >= 1\n\ncall when fit >= 50\n\notherwise wait\n";
    let folder = folder(&[("a.policy", idle)]);
    let checked = |more: &[&str]| out(&run(folder.path(), &[&["check", "a.policy"], more].concat()));
    assert!(checked(&[]).contains("note P0414"), "{}", checked(&[]));
    assert_eq!(checked(&["--quiet"]), "");
    // What was asked for is shown, and programs get everything.
    assert!(checked(&["--quiet", "--gaps"]).contains("note P0435"), "{}", checked(&["--quiet", "--gaps"]));
    assert!(!checked(&["--quiet", "--gaps"]).contains("P0414"));
    assert_eq!(checked(&["--quiet", "--format", "json"]), checked(&["--format", "json"]));
}
