//! What would have brought another decision, said of a logged one: where nothing asks for personal values, of which the log has none.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::{Ran, Repo};

/// A policy with personal fields of all kinds, and with one more rule.
fn policy(rule: &str) -> String {
    format!(
        "policy \"Called\"\n\nlead\n  ref    id\n  need   whole number from 0 to 5\n  age    whole number from 18 to 120, personal, required\n  \
         email  text, personal\n  likes  any of [cars, books], personal\n\ndecisions, best first\n  call\n  wait\n\n{rule}yes: call when need >= 3\n\n\
         otherwise wait\n"
    )
}

fn explained(rule: &str, more: &[&str]) -> Ran {
    let repo = Repo::new();
    repo.write("called.policy", policy(rule));
    repo.write("leads.csv", "ref,need,age,email,likes\nA,1,45,a@friend.example,cars\n");
    let decided = repo.policyc(&["decide", "called.policy", "leads.csv", "--log", "a.log"]);
    assert_eq!(decided.code, 0, "{decided:?}");
    repo.policyc(&[&["explain", "--log", "a.log", "--lead", "A"], more].concat())
}

#[test]
fn personal_fields_that_nothing_asks_for_are_in_nobodys_way() {
    let told = explained("", &["--why-not", "call"]);
    let text = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.code == 0 && text.contains("reproduced") && text.contains("need at least 3 (now 1)"), "{told:?}");
    assert!(explained("", &[]).out.contains("Nearest better decision: call"));
}

#[test]
fn what_cannot_be_said_keeps_nothing_else_from_being_said() {
    for rule in ["no: wait when domain of email is \"rival.example\"\n\n", "no: wait when need * 20 > age\n\n"] {
        let told = explained(rule, &["--why-not", "call"]);
        assert!(told.code == 0 && told.out.contains("reproduced") && !told.out.contains("at least 3"), "{told:?}");
        assert!(told.said().contains("what would have brought another decision cannot be said"), "{told:?}");
        let told = explained(rule, &[]);
        assert!(!told.out.contains("better decision") && !told.said().contains("cannot be said"), "{told:?}");
    }
}
