//! What is personal now is not shown of leads under versions that did not call it so.

use crate::support::{Ran, Repo};

const OPEN: &str = "policy \"Kinds\"\n\nlead\n  ref   id, from \"Ref\"\n  kind  one of [alpha, beta]\n  mail  text, from \"E  Mail\"\n  age   whole number from 0 to 120, personal\n\n\
                    decisions\n  call\n  wait\n\ncalled: call when kind is alpha and mail contains \"corp\" and age >= 18\n\notherwise wait\n";

/// The same with the kind and the mail personal, under another name.
fn hidden() -> String {
    OPEN.replace("one of [alpha, beta]", "one of [alpha, beta], personal")
        .replace("mail  text, from \"E  Mail\"", "post  text, personal, from \"E Mail\"")
        .replace("mail contains", "post contains")
}

const LEADS: &str = "Ref,kind,E Mail,age\nA,alpha,ann@corp.example,30\nB,beta,bob@corp.example,40\n";

/// A repository in which the kind and the mail are personal since the second commit.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write(".gitignore", "*.csv\n*.log\n");
    repo.write("a.policy", OPEN);
    repo.commit("First");
    repo.write("leads.csv", LEADS);
    let decided = ["decide", "a.policy", "leads.csv", "--as-of", "2026-02-01", "--log", "d.log", "-o", "out.csv"];
    assert_eq!(repo.policyc(&decided).code, 0);
    repo.write("a.policy", hidden());
    repo.commit("Second");
    repo.write("today.csv", LEADS.replace("alpha", "SECRETKIND").replace("bob@corp", "SECRETMAIL@corp"));
    repo
}

fn silent(ran: &Ran) -> String {
    let all = ran.all();
    assert!(!["SECRET", "ann@", "bob@"].iter().any(|secret| all.contains(secret)), "{ran:?}");
    all
}

#[test]
fn by_a_version_before_a_column_was_personal() {
    let repo = repo();
    let history = |policy: &str, more: &[&str]| {
        let ran = repo.policyc(&[&["history", policy, "today.csv", "--lead", "A"], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        silent(&ran)
    };
    assert_eq!(history("a.policy", &[]).matches("set aside: `kind`: `•••` is not a value").count(), 2);
    assert!(history("a.policy", &[]).contains("still set aside"));
    history("a.policy", &["--format", "json"]);
    // What is checked out counts where an older version is asked for, and so does what is not committed.
    history("HEAD~1:a.policy", &[]);
    repo.write("a.policy", OPEN);
    repo.commit("Open again");
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit("As if it had always been so");
    repo.write("a.policy", hidden());
    history("a.policy", &[]);
}

#[test]
fn a_logged_decision_of_a_policy_before_a_column_was_personal() {
    let repo = repo();
    let explain = |given: &[&str], lead: &str| {
        let ran =
            repo.policyc(&[&["explain"], given, &["--log", "d.log", "--lead", lead, "--leads", "today.csv"]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        silent(&ran)
    };
    for format in ["human", "json", "markdown"] {
        assert!(explain(&["--format", format], "A").contains("`•••` is not a value of `kind`"));
        assert!(explain(&["--format", format], "B").contains("•••"));
    }
    assert!(explain(&[], "B").contains("Changed since then\n  mail: ••• → •••\n"));
    // What moved is known by its title, and what is not committed counts as well.
    repo.git(&["mv", "a.policy", "b.policy"]);
    repo.commit("Moved");
    explain(&[], "A");
    repo.write("b.policy", OPEN);
    repo.git(&["mv", "b.policy", "a.policy"]);
    repo.commit("Open again");
    let ran = repo.policyc(&["explain", "--log", "d.log", "--lead", "B", "--leads", "today.csv"]);
    assert!(ran.out.contains("bob@"), "{ran:?}");
    repo.write("a.policy", hidden());
    explain(&[], "B");
    repo.write("a.policy", OPEN);
    repo.write("given/c.policy", hidden().replace("Kinds", "Other"));
    explain(&["given/c.policy"], "B");
}

#[test]
fn what_nothing_calls_personal_is_shown() {
    let repo = repo();
    repo.write("a.policy", OPEN);
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.commit("As if it had always been so");
    let ran = repo.policyc(&["history", "a.policy", "today.csv", "--lead", "A"]);
    assert!(ran.out.contains("`SECRETKIND` is not a value of `kind`"), "{ran:?}");
    let ran = repo.policyc(&["explain", "--log", "d.log", "--lead", "B", "--leads", "today.csv"]);
    assert!(ran.out.contains("mail: \"bob@corp.example\" → \"SECRETMAIL@corp.example\""), "{ran:?}");
}

#[test]
fn by_whatever_calls_it_personal_by_now() {
    let hides = |repo: &Repo, given: &str| {
        let ran = repo.policyc(&["history", given, "today.csv", "--lead", "A", "--as-of", "2026-02-01"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(silent(&ran).contains("`•••` is not a value of `kind`"), "{ran:?}");
        let ran = repo.policyc(&["explain", "--log", "d.log", "--lead", "B", "--leads", "today.csv"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        silent(&ran);
    };
    // Moved, under another title, and only then.
    let repo = repo();
    repo.write("a.policy", OPEN);
    repo.commit("Open again");
    repo.git(&["mv", "a.policy", "b.policy"]);
    repo.write("b.policy", hidden().replace("\"Kinds\"", "\"Other \\\"kinds\\\"\""));
    repo.commit("Moved");
    hides(&repo, "HEAD~1:a.policy");
    // Only in the work tree, and with a fault.
    repo.git(&["mv", "b.policy", "a.policy"]);
    repo.write("a.policy", OPEN);
    repo.commit("Back and open");
    repo.write("a.policy", hidden().replace("\notherwise wait\n", ""));
    hides(&repo, "HEAD:a.policy");
    repo.write("a.policy", hidden().replace("one of [alpha, beta], personal", "one off [alpha, beta], personal"));
    hides(&repo, "HEAD:a.policy");
    // A version beside it.
    let versioned = |text: &str, days: &str| text.replace("\n\nlead", &format!("\n  in force {days}\n\nlead"));
    repo.write("a.policy", versioned(OPEN, "until 2026-12-31"));
    repo.write("b.policy", versioned(&hidden(), "from 2027-01-01"));
    repo.commit("A version");
    hides(&repo, "a.policy");
    // A column of another name, of a field that is called the same.
    repo.git(&["rm", "--quiet", "b.policy"]);
    repo.write(
        "a.policy",
        hidden()
            .replace("E Mail", "Post")
            .replace("post", "mail")
            .replace("personal, from \"Post\"", "personal, from \"POST\""),
    );
    repo.commit("Another column");
    hides(&repo, "HEAD~2:a.policy");
}

#[test]
fn where_what_is_personal_by_now_cannot_be_read_nothing_is_shown() {
    let repo = repo();
    let blob = repo.git(&["rev-parse", "HEAD:a.policy"]);
    std::fs::remove_file(repo.root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]))).unwrap();
    std::fs::remove_file(repo.root.join("a.policy")).unwrap();
    for arguments in [
        ["history", "HEAD~1:a.policy", "today.csv", "--lead", "A"].as_slice(),
        &["explain", "--log", "d.log", "--lead", "B", "--leads", "today.csv"],
    ] {
        let ran = repo.policyc(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(&format!("object {blob} is missing")), "{ran:?}");
    }
}

#[test]
fn by_what_only_its_own_path_or_its_own_repository_leads_to() {
    let repo = repo();
    repo.git(&["checkout", "--quiet", "-b", "dot", "HEAD~1"]);
    repo.git(&["mv", "a.policy", ".kept.policy"]);
    repo.commit("Out of sight");
    repo.write(".kept.policy", hidden());
    repo.commit("Personal");
    let ran = repo.policyc(&["history", "HEAD~1:.kept.policy", "today.csv", "--lead", "A"]);
    assert!(silent(&ran).contains("`•••` is not a value of `kind`"), "{ran:?}");
    // A policy that is given from elsewhere stands in a repository of its own.
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["mv", "a.policy", "b.policy"]);
    repo.write("a.policy", OPEN);
    repo.commit("Two of them");
    let outside = repo.outside();
    let at = |name: &str| repo.root.join(name).display().to_string();
    let (policy, leads) = (at("a.policy"), at("today.csv"));
    std::fs::copy(repo.root.join("d.log"), outside.join("d.log")).unwrap();
    let ran = repo.policyc_in(&outside, &["explain", &policy, "--log", "d.log", "--lead", "B", "--leads", &leads]);
    assert_eq!(ran.code, 0, "{ran:?}");
    silent(&ran);
}

#[test]
#[cfg(unix)]
fn what_stands_in_the_way_of_looking_is_passed_over() {
    let repo = repo();
    std::os::unix::fs::symlink("/proc/self/environ", repo.root.join("out.policy")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(repo.root.join("pipe.policy")).status().unwrap();
    assert!(made.success());
    repo.write("bytes.policy", [0xff, 0, 0xfe, b'p', b'e', b'r']);
    let ran = repo.policyc(&["history", "a.policy", "today.csv", "--lead", "A"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    silent(&ran);
    let ran = repo.policyc(&["explain", "--log", "d.log", "--lead", "B", "--leads", "today.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    silent(&ran);
    // Of what cannot be read, whatever stands in a line with that word may be meant.
    repo.write("a.policy", OPEN);
    repo.commit("Open again");
    for line in ["\tkind  one of [alpha, beta], personal", "  \"kind\"  one of [alpha, beta], personal"] {
        repo.write("a.policy", OPEN.replace("  kind  one of [alpha, beta]", line));
        let ran = repo.policyc(&["history", "HEAD:a.policy", "today.csv", "--lead", "A"]);
        assert!(silent(&ran).contains("`•••` is not a value of `kind`"), "{line} {ran:?}");
    }
}
