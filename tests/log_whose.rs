//! Which policy a log speaks of, when several have decided a lead, and whether git has it as it was.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::{Ran, Repo};

const LEADS: &str = "ref,need\nA,2\n";

fn policy(title: &str, from: u8) -> String {
    format!(
        "policy \"{title}\"\n\nuse \"shared/words.policy\"\n\nlead\n  ref   id\n  need  whole number\n\ndecisions\n  a\n  b\n\n\
         x: a when need >= {from} and not few\n\notherwise b\n"
    )
}

/// A repository with two policies that decide the same leads, each with the words of a library.
fn two() -> Repo {
    let repo = Repo::new();
    repo.write("first.policy", policy("First", 1));
    repo.write("second.policy", policy("Second", 3));
    repo.write("shared/words.policy", "define few as need is 0\n");
    repo.write("other/words.policy", "define few as need <= 2\n");
    repo.commit("Two policies");
    repo.write("leads.csv", LEADS);
    repo
}

fn decide(repo: &Repo, policy: &str) {
    let ran = repo.policyc(&["decide", policy, "leads.csv", "--log", "a.log"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn explain(repo: &Repo, more: &[&str]) -> Ran {
    repo.policyc(&[&["explain", "--log", "a.log", "--lead", "A"], more].concat())
}

#[test]
fn of_the_decisions_of_several_policies_one_chooses_by_the_policy() {
    let repo = two();
    decide(&repo, "first.policy");
    decide(&repo, "second.policy");
    let latest = explain(&repo, &[]);
    assert!(latest.out.contains("A got `b` by rule `otherwise`"), "{latest:?}");
    let note = latest.said();
    assert!(
        note.contains("1 (line 1): a, by first.policy, as of") && note.contains("; 2 (line 2): b, by second.policy"),
        "{note}"
    );
    for policy in ["first.policy", "./first.policy", "HEAD:first.policy"] {
        let first = explain(&repo, &[policy]);
        assert!(first.code == 0 && first.out.contains("line 1 of a.log: A got `a` by rule `x`"), "{policy} {first:?}");
    }
    // Called otherwise by now, it is the same one; and where one says which, that counts.
    repo.git(&["mv", "first.policy", "moved.policy"]);
    let moved = explain(&repo, &["moved.policy"]);
    assert!(moved.code == 0 && moved.out.contains("line 1 of a.log: A got `a`"), "{moved:?}");
    let second = explain(&repo, &["moved.policy", "--at", "2"]);
    assert!(second.code == 0 && second.out.contains("line 2 of a.log: A got `b`"), "{second:?}");
    // One that has decided nothing is looked into, and the latest is explained.
    repo.write("third.policy", policy("Third", 5));
    let third = explain(&repo, &["third.policy"]);
    assert!(third.out.contains("line 2 of a.log: A got `b`"), "{third:?}");
    // Of one policy nobody has to be told which it is.
    let alone = two();
    decide(&alone, "first.policy");
    decide(&alone, "first.policy");
    let note = explain(&alone, &[]).said();
    assert!(note.contains("2 decisions") && !note.contains("by first.policy"), "{note}");
}

#[cfg(unix)]
#[test]
fn a_link_that_is_not_committed_is_not_clean() {
    let repo = two();
    let clean = |policy: &str| {
        decide(&repo, policy);
        let log = std::fs::read_to_string(repo.root.join("a.log")).unwrap();
        log.lines().last().unwrap().contains("\"clean\":true")
    };
    assert!(clean("first.policy"));
    let library = repo.root.join("shared/words.policy");
    std::fs::remove_file(&library).unwrap();
    std::os::unix::fs::symlink("../other/words.policy", &library).unwrap();
    assert!(!clean("first.policy"));
    let history = repo.policyc(&["history", "first.policy"]);
    assert!(history.said().contains("is not as the last commit has it"), "{history:?}");
    repo.commit("A link");
    assert!(clean("first.policy"));
    // Another way to the same text is another one.
    std::fs::remove_file(&library).unwrap();
    repo.write("shared/words.policy", "define few as need <= 2\n");
    assert!(!clean("first.policy"));
    repo.git(&["checkout", "-q", "shared"]);
    assert!(clean("first.policy"));
}

#[test]
fn a_search_that_is_cut_short_is_told_as_one() {
    let repo = two();
    repo.write("first.policy", policy("First", 2));
    decide(&repo, "first.policy");
    repo.commit("What has decided");
    repo.write("first.policy", policy("First", 4));
    let tip = repo.commit("Another bar");
    let none = "a `first.policy` with that digest";
    let commit = |n: u32| {
        let from = if n == 0 { format!("from {tip}\n") } else { String::new() };
        format!("commit refs/heads/far\ncommitter A <a@x.example> {} +0000\ndata 1\nc\n{from}\n", 1_900_000_000 + n)
    };
    repo.write("commits", (0..100_000).map(commit).collect::<String>());
    repo.git(&["-c", "alias.take=!git fast-import --quiet < commits", "take"]);
    repo.git(&["reset", "--quiet", "--hard", "far"]);
    let ran = explain(&repo, &[]);
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        ran.code == 1
            && said
                .contains(&format!("none of the latest 100,000 commits of this repository has {none}; there are more")),
        "{said}"
    );
    // Whoever knows the commit says so.
    assert_eq!(repo.policyc(&["explain", &format!("{tip}~1:first.policy"), "--log", "a.log", "--lead", "A"]).code, 0);
}
