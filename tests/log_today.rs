//! `explain --log` where it has changed around a logged decision: other columns in the leads of today, a log in another repository.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use support::git::{Ran, Repo};

const POLICY: &str = r#"policy "Inbound"

lead
  ref     id, from "Ref"
  title   text, from "Title"
  budget  money in EUR from 0, from "Budget"
  email   text, personal, from "Mail"
  phone   text, personal, from "Phone"

decisions
  pass to sales
  nurture

away: nurture when email ends with ".test" or phone is missing and budget < EUR 5

large: pass to sales when budget >= EUR 20

otherwise nurture
"#;

const LEADS: &str = "Ref,Title,Budget,Mail,Phone\nA,VP,30,ann@corp.example,1\nB,Clerk,1,bob@corp.test,\n";

/// A repository with a policy, leads, and a log of their decisions.
fn logged() -> Repo {
    let repo = Repo::new();
    repo.write("inbound.policy", POLICY);
    repo.commit("First");
    repo.write("leads.csv", LEADS);
    let decided =
        ["decide", "inbound.policy", "leads.csv", "--as-of", "2026-02-01", "--log", "a.log", "-o", "/dev/null"];
    assert_eq!(repo.policyc(&decided).code, 0);
    repo
}

/// What is said of a lead beside these leads of today.
fn explained(repo: &Repo, lead: &str, today: &str, more: &[&str]) -> Ran {
    repo.write("today.csv", today);
    repo.policyc(&[&["explain", "--log", "a.log", "--lead", lead, "--leads", "today.csv"], more].concat())
}

#[test]
fn a_column_that_is_gone_keeps_nothing_else_from_being_said() {
    let repo = logged();
    let ran = explained(&repo, "A", &LEADS.replace("Budget", "Amount").replace("A,VP", "A,Head"), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let expected = "reproduced: the logged values give the same decision, rule and reason\n";
    assert!(ran.out.contains(expected) && ran.out.contains("Rule large at "), "{ran:?}");
    assert!(
        ran.out.contains(
            "Changed since then\n  title: \"VP\" → \"Head\"\n  `budget` cannot be compared: the leads have no column `Budget`\n"
        ),
        "{ran:?}"
    );
    let ran = explained(&repo, "A", &LEADS.replace("Budget", "Amount"), &[]);
    assert!(
        ran.out.contains(
            "Nothing of this lead has changed since then, as far as it can be read and the log can tell\n  \
             of `email`, `phone` the log has only how tests turned out\n  `budget` cannot be compared: "
        ),
        "{ran:?}"
    );
    let ran = explained(&repo, "A", &LEADS.replace("Budget", "Amount").replace("\nA,", "\nC,"), &[]);
    assert!(ran.out.contains("This lead is not among the leads any more\n  `budget` cannot be compared"), "{ran:?}");
    let ran = explained(&repo, "A", &LEADS.replace("Budget", "Amount"), &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["reproduced"], true);
    let since = serde_json::json!({ "kind": "there", "changed": [], "only_tests": ["email", "phone"] });
    assert_eq!(json["since"], since);
    assert_eq!(json["unread"], serde_json::json!(["`budget` cannot be compared: the leads have no column `Budget`"]));
    let ran = explained(&repo, "A", &LEADS.replace("Budget", "Amount"), &["--format", "markdown"]);
    assert!(ran.code == 0 && ran.out.contains("cannot be compared"), "{ran:?}");
}

#[test]
fn a_personal_column_that_is_gone_changes_no_test() {
    let repo = logged();
    // Of `email`, that it is there and how the test of it turned out have changed; of `phone` nothing can be said.
    let today = "Ref,Title,Budget,Mail\nB,Clerk,1,bob@corp.example\n";
    let ran = explained(&repo, "B", today, &[]);
    assert!(
        ran.code == 0
            && ran.out.contains(
                "Changed since then\n  email ends with \".test\": true → false\n  `phone` cannot be compared: "
            ),
        "{ran:?}"
    );
    let today = "Ref,Title,Budget,Phone\nB,Clerk,1,\n";
    let ran = explained(&repo, "B", today, &[]);
    assert!(ran.out.contains("as far as it can be read\n  `email` cannot be compared: "), "{ran:?}");
    assert!(!ran.all().contains("bob@"), "{ran:?}");
}

#[test]
fn leads_that_cannot_be_read_at_all_are_said_below_the_replay() {
    let repo = logged();
    for (today, why) in [
        (LEADS.replace("Ref", "Id"), "the leads have no column `Ref`"),
        ("a,b\n1,2\n".to_owned(), "the leads have none of the 5 columns that the policy reads"),
        (String::new(), "the leads are empty: there is not even a header"),
    ] {
        let ran = explained(&repo, "A", &today, &[]);
        assert!(ran.code == 0 && ran.out.contains("reproduced: "), "{ran:?}");
        let head = "What has become of this lead is not known: the policy of then cannot read the leads of today\n  ";
        assert!(ran.out.contains(&format!("{head}{why}")), "{why}: {ran:?}");
        assert!(ran.out.contains("Rule large at "), "{ran:?}");
    }
    // Whether it is reproduced says the exit code.
    let log = std::fs::read_to_string(repo.root.join("a.log")).unwrap();
    repo.write("a.log", log.replacen("\"30\"", "\"10\"", 1));
    assert_eq!(explained(&repo, "A", "a,b\n1,2\n", &[]).code, 1);
    // A file that is not there is a slip of the pen.
    let ran = repo.policyc(&["explain", "--log", "a.log", "--lead", "A", "--leads", "other.csv"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn the_repository_of_the_log_is_looked_into() {
    let inner = logged();
    // Today, the policy is another one.
    inner.write("inbound.policy", POLICY.replace("EUR 20", "EUR 55"));
    inner.commit("Second");
    let outer = Repo::new();
    outer.write("inbound.policy", POLICY.replace("EUR 20", "EUR 10"));
    outer.commit("Another one");
    // In a submodule, or whatever stands in the work tree.
    std::fs::rename(&inner.root, outer.root.join("deals")).unwrap();
    for folder in [".", "deals"] {
        let log = if folder == "." { "deals/a.log" } else { "a.log" };
        let ran = outer.policyc_in(&outer.root.join(folder), &["explain", "--log", log, "--lead", "A"]);
        assert!(ran.code == 0 && ran.out.contains("reproduced: "), "{folder}: {ran:?}");
    }
    // One repository is not looked into twice.
    outer.write("sub/readme.md", "");
    std::fs::rename(outer.root.join("deals/a.log"), outer.root.join("sub/a.log")).unwrap();
    let ran = outer.policyc(&["explain", "--log", "sub/a.log", "--lead", "A"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.out.matches("no commit of this repository").count(), 1, "{ran:?}");
}

#[test]
fn of_personal_values_no_more_is_said_than_the_log_can_tell() {
    let repo = logged();
    let ran = explained(&repo, "A", &LEADS.replace("ann@corp.example,1", "zoe@other.example,2"), &[]);
    let nothing = "Nothing of this lead has changed since then, as far as the log can tell\n  \
                   of `email`, `phone` the log has only how tests turned out\n";
    assert!(ran.code == 0 && ran.out.contains(nothing), "{ran:?}");
    // Of what was missing, and is, there is nothing that could have changed.
    repo.write("leads.csv", "Ref,Title,Budget,Mail,Phone\nC,VP,30,,\n");
    let decided =
        ["decide", "inbound.policy", "leads.csv", "--as-of", "2026-02-01", "--log", "a.log", "-o", "/dev/null"];
    assert_eq!(repo.policyc(&decided).code, 0);
    let ran = explained(&repo, "C", "Ref,Title,Budget,Mail,Phone\nC,VP,30,,\n", &[]);
    assert!(ran.out.contains("Nothing of this lead has changed since then\n"), "{ran:?}");
}

#[test]
fn of_a_submodule_the_policy_is_asked_for() {
    let inner = logged();
    let outer = Repo::new();
    outer.write("readme.md", "");
    outer.commit("Another one");
    std::fs::rename(&inner.root, outer.root.join("deals")).unwrap();
    std::fs::rename(outer.root.join("deals/a.log"), outer.root.join("a.log")).unwrap();
    let ran = outer.policyc(&["explain", "--log", "a.log", "--lead", "A"]);
    let help = "if `inbound.policy` is one of another repository, such as a submodule, give the policy: `explain POLICY --log ...`";
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.code == 1 && said.contains(help), "{ran:?}");
    let ran = outer.policyc(&["explain", "deals/inbound.policy", "--log", "a.log", "--lead", "A"]);
    assert!(ran.code == 0 && ran.out.contains("reproduced: "), "{ran:?}");
}

#[test]
fn a_name_of_which_nothing_is_left_is_not_the_one_that_was_meant() {
    let repo = logged();
    let said = |lead: &str| repo.policyc(&["explain", "--log", "a.log", "--lead", lead]).said();
    assert_eq!(said("9"), "policyc: no lead is called `9` in `a.log`, which has 2 decisions");
    assert!(said("a").ends_with("which has 2 decisions; did you mean `A`?"), "{}", said("a"));
    assert!(said("AA").ends_with("did you mean `A`?"), "{}", said("AA"));
}
