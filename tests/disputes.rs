//! Disputed decisions, by people who are in the wrong place or have the wrong file: what `explain --log` says to them.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use std::fs;
use std::io::Write;

use support::git::{Ran, Repo};

const POLICY: &str = "policy \"P\"\n  time zone Europe/Berlin\n\nlead\n  number  id\n  need    whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\n\
                      call when need >= 3\n\notherwise wait\n";

/// Leads that were decided twice, as of the ends of two days.
fn decided(policy: &str) -> Repo {
    let repo = Repo::new();
    repo.write("p.policy", policy);
    repo.write("leads.csv", "number,need\nA,2\nB,4\n");
    repo.commit("The agreement");
    for day in ["2026-07-01", "2026-11-02"] {
        let ran =
            repo.policyc(&["decide", "p.policy", "leads.csv", "--as-of", day, "--log", "d.log", "-q", "-o", "out.csv"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    repo
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn explain(repo: &Repo, lead: &str, more: &[&str]) -> Ran {
    repo.policyc(&[&["explain", "--log", "d.log", "--lead", lead], more].concat())
}

#[test]
fn times_are_those_of_the_policy_and_said_once() {
    let ran = explain(&decided(POLICY), "A", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.lines().next(), Some("line 3 of d.log: A got `wait` by rule `otherwise`"));
    assert_eq!(ran.out.matches("2026").count(), 1, "{}", ran.out);
    assert!(ran.out.contains("as of the end of 2026-11-02 in Europe/Berlin"), "{}", ran.out);
    let note = "1 (line 1): wait, as of the end of 2026-07-01 in Europe/Berlin; 2 (line 3): wait, as of the end of 2026-11-02 in Europe/Berlin";
    assert!(words(&ran.err).contains(note), "{}", ran.err);
}

#[test]
fn who_is_in_another_folder_is_told_where_to_go() {
    let repo = decided(POLICY);
    let other = repo.outside().join("desk");
    fs::create_dir(&other).unwrap();
    fs::copy(repo.root.join("d.log"), other.join("d.log")).unwrap();
    let asked = ["explain", "--log", "d.log", "--lead", "A"];
    let ran = repo.policyc_in(&other, &asked);
    let said = words(&ran.out);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        said.contains("the policy as it was when this was decided has not been found: no text here has its digest"),
        "{said}"
    );
    assert!(said.contains("here is no git repository: go to a folder of the one that has `p.policy`"), "{said}");
    // Without the policy, its time zone is not known either.
    assert!(said.contains("as of 2026-11-02 22:59:59 in UTC"), "{said}");
    // Another repository is not the one.
    repo.git_in(&other, &["init", "--quiet", "--initial-branch=main"]);
    repo.git_in(&other, &["commit", "--quiet", "--allow-empty", "--message", "Nothing"]);
    let said = words(&repo.policyc_in(&other, &asked).out);
    assert!(said.contains("is it one of another repository, or one that `git fetch` gets?"), "{said}");
    assert!(!said.contains("type a branch"), "{said}");
}

#[test]
fn a_packed_log_has_to_be_unpacked() {
    let repo = decided(POLICY);
    let mut packed = zstd::stream::write::Encoder::new(Vec::new(), 0).unwrap();
    packed.write_all(&fs::read(repo.root.join("d.log")).unwrap()).unwrap();
    repo.write("d.log", packed.finish().unwrap());
    let ran = explain(&repo, "A", &[]);
    assert_eq!((ran.code, ran.err.trim()), (2, "policyc: `d.log` is packed: unpack it first"));
}

#[test]
fn leads_without_an_id_are_not_looked_for_by_their_line() {
    let by_line = POLICY.replace("number  id", "number  text");
    let repo = decided(&by_line);
    repo.write("leads.csv", "number,need\nZ,0\nA,2\nB,4\n");
    let ran = explain(&repo, "2", &["--leads", "leads.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = words(&ran.out);
    assert!(said.contains("Which lead this is today is not known: the policy of then has no `id` field"), "{said}");
    assert!(!said.contains("Changed since then"), "{said}");
}
