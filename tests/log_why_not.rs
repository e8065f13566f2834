//! What would have brought another decision, said of a logged one: whatever hangs on personal values stays as it was.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::Repo;

const POLICY: &str = "\
policy \"Called\"

lead
  ref    id
  need   whole number from 0 to 5
  age    whole number from 0 to 120, personal
  email  text, personal

decisions, best first
  call
  wait
  stop

score fit from 0 to 200
  +10 for each need
  +1 for each age

define rival as domain of email is \"rival.example\"

no: stop when rival

yes: call when fit >= 60

otherwise wait
";

const LEADS: &str = "ref,need,age,email\nA,1,45,a@friend.example\nB,5,20,b@rival.example\nC,2,,c@friend.example\n";

fn explained(lead: &str, decision: &str) -> String {
    let repo = Repo::new();
    repo.write("called.policy", POLICY);
    repo.write("leads.csv", LEADS);
    let decided = repo.policyc(&["decide", "called.policy", "leads.csv", "--log", "a.log", "--as-of", "2026-01-01"]);
    assert_eq!(decided.code, 0, "{decided:?}");
    let told = repo.policyc(&["explain", "--log", "a.log", "--lead", lead, "--why-not", decision]);
    assert_eq!(told.code, 0, "{told:?}");
    let text = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("reproduced") && !text.contains("rival.example is not"), "{text}");
    text
}

#[test]
fn what_was_told_of_personal_values_stays() {
    // 45 points are the age's, whatever it is: a need of 2 makes the rest.
    let text = explained("A", "call");
    assert!(text.contains("need") && text.contains("at least 2 (now 1)"), "{text}");
    // Works for a rival: nothing but that could have helped.
    let text = explained("B", "call");
    assert!(text.contains("Nothing would have brought call"), "{text}");
    // What the age would have added is not known.
    let text = explained("C", "call");
    assert!(!text.contains("age at least"), "{text}");
}
