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
