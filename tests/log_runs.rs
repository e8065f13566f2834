//! The runs behind the lines of a log: a killed one has left lines, and those of leads without names cannot be told apart.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::{Ran, Repo};

const POLICY: &str = "policy \"Calls\"\n\nlead\n  ref   id\n  need  whole number from 0 to 5\n\ndecisions, best first\n  call\n  wait\n\ncall when need >= 3\n\notherwise wait\n";

/// A repository with a policy, and leads of two months.
fn repository(policy: &str) -> Repo {
    let repo = Repo::new();
    repo.write("calls.policy", policy);
    repo.commit("First");
    repo.write("jan.csv", "ref,need\nA,4\nB,1\nC,5\n");
    repo.write("feb.csv", "ref,need\nA,1\nD,5\n");
    repo
}

fn decide(repo: &Repo, leads: &str, as_of: &str) -> Ran {
    let ran = repo.policyc(&["decide", "calls.policy", leads, "--as-of", as_of, "--log", "a.log", "-o", "out.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

fn explain(repo: &Repo, lead: &str) -> Ran {
    let ran = repo.policyc(&["explain", "--log", "a.log", "--lead", lead]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

const UNNAMED: &str =
    "the policy has no `id`, so that the log calls leads by their lines, which are other leads in the next file";

#[test]
fn leads_without_an_id_are_called_by_lines_that_several_of_them_have() {
    let repo = repository(&POLICY.replace("  ref   id\n", ""));
    assert!(decide(&repo, "jan.csv", "2026-01-31").said().contains(UNNAMED));
    // Of one decision there is nothing to be taken for another.
    assert_eq!(explain(&repo, "2").err, "");
    assert!(decide(&repo, "feb.csv", "2026-02-28").said().contains(UNNAMED));
    let said = explain(&repo, "2").said();
    assert!(said.contains("note: the log has 2 decisions on leads called `2`: 1 (line 1): call"), "{said}");
    let unsure = "this is 2, choose by `--at`; the policy has no `id`, so that leads are called by their lines: those of several files are several leads";
    assert!(said.contains(unsure), "{said}");

    let repo = repository(POLICY);
    assert!(!decide(&repo, "jan.csv", "2026-01-31").said().contains("`id`"));
    decide(&repo, "feb.csv", "2026-02-28");
    let said = explain(&repo, "A").said();
    assert!(said.contains("2 decisions on this lead: ") && !said.contains("`id`"), "{said}");
}

#[test]
fn a_decision_of_a_run_that_was_killed_is_told_as_one() {
    let repo = repository(POLICY);
    decide(&repo, "feb.csv", "2026-01-15");
    decide(&repo, "jan.csv", "2026-01-31");
    let whole = std::fs::read_to_string(repo.root.join("a.log")).unwrap();
    // Killed in the last of its lines, of five.
    let torn = whole.get(..whole.len() - 40).unwrap();
    let stopped = "the run of this decision seems to have been stopped while it was logged, at line 5: then no decision of it went out";
    repo.write("a.log", torn);
    for of_it in ["A", "B"] {
        let said = explain(&repo, of_it).said();
        assert!(said.contains(stopped) && said.contains("line 5 of `a.log` is left out"), "{of_it}: {said}");
    }
    // The run before it was whole.
    let said = explain(&repo, "D").said();
    assert!(!said.contains("stopped while") && said.contains("line 5 of `a.log` is left out"), "{said}");
    assert!(!repo.policyc(&["explain", "--log", "a.log", "--lead", "A", "--at", "1"]).said().contains("stopped while"));

    let said = decide(&repo, "jan.csv", "2026-01-31").said();
    let told = "the last line of the log `a.log` broke off: the run that wrote it was stopped there, and lines above it may be of decisions that never went out";
    assert!(said.contains(told), "{said}");
    assert!(!explain(&repo, "B").said().contains("stopped while"));
    assert!(repo.policyc(&["explain", "--log", "a.log", "--lead", "B", "--at", "1"]).said().contains(stopped));
}
