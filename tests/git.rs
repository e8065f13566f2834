//! Policies read from git: `REV:PATH` in real repositories, as CI would use it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::Repo;

/// A policy with a library and a list.
const POLICY: &str = r#"policy "Inbound"

use "../lib/words.policy"

lead
  number  id
  need    whole number from 0 to 5
  email   text, personal

decisions, best first
  pass to sales
  nurture
  disqualify

disqualify when domain of email in competitors
  because "works for a competitor"

pass to sales when need >= bar
  because "a real need"

otherwise nurture

test "a real need goes to sales"
  given need 4
  expect pass to sales
"#;

const LIBRARY: &str = "list competitors from \"../lists/competitors.csv\"\n\ndefine bar as 3\n";

/// A repository with one commit: the policy, its library and its list.
fn inbound() -> Repo {
    let repo = Repo::new();
    repo.write("policies/inbound.policy", POLICY);
    repo.write("lib/words.policy", LIBRARY);
    repo.write("lists/competitors.csv", "domain\nrival.example\n");
    repo.commit("The first agreement");
    repo
}

#[test]
fn a_policy_is_read_from_a_revision_with_what_it_uses() {
    let repo = inbound();
    let ran = repo.policyc(&["check", "main:policies/inbound.policy"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 1 policy\n"), "{ran:?}");
}
