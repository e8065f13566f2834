//! The file of a decision log: what may stand in it besides lines, what becomes of it when a run fails, and what of its policy git has only a
//! pointer to.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use std::fs;

use support::git::{Ran, Repo};

const POLICY: &str = "policy \"V\"\n\nlist rivals from \"rivals.csv\"\n\nlead\n  ref   id\n  need  whole number\n  site  text\n\ndecisions\n  a\n  b\n\n\
                      no: b when site in rivals\n\nx: a when need >= 3\n\notherwise b\n";

/// A repository with a policy and leads.
fn repository() -> Repo {
    let repo = Repo::new();
    repo.write("v.policy", POLICY);
    repo.write("rivals.csv", "site\nfoe.example\n");
    repo.commit("First");
    repo.write("leads.csv", "ref,need,site\nA,5,\nB,1,foe.example\n");
    repo
}

fn decide(repo: &Repo, log: &str, more: &[&str]) -> Ran {
    repo.policyc(&[&["decide", "v.policy", "leads.csv", "--as-of", "2026-03-10", "--log", log], more].concat())
}

fn explain(repo: &Repo) -> Ran {
    repo.policyc(&["explain", "--log", "a.log", "--lead", "A"])
}

#[test]
fn empty_lines_and_a_byte_order_mark_are_passed_over() {
    let repo = repository();
    for before in ["\n", "\u{feff}", "\r\n \n", "\u{feff}\n"] {
        assert_eq!(decide(&repo, "a.log", &["-q"]).code, 0);
        let log = fs::read_to_string(repo.root.join("a.log")).unwrap();
        repo.write("a.log", format!("{before}{log}"));
        let ran = explain(&repo);
        assert!(
            ran.code == 0 && ran.out.contains("reproduced: ") && !ran.err.contains("left out"),
            "{before:?}: {ran:?}"
        );
        let ran = decide(&repo, "a.log", &["-q"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{before:?}");
        let ran = explain(&repo);
        assert!(ran.code == 0 && ran.said().contains("the log has 2 decisions on this lead"), "{before:?}: {ran:?}");
        fs::remove_file(repo.root.join("a.log")).unwrap();
    }
}

#[test]
fn a_log_of_one_line_that_breaks_off_is_a_log() {
    let repo = repository();
    for torn in ["{\"lo", "{\"log\":1,\"lead\":\"A\",\"ro"] {
        repo.write("a.log", torn);
        let ran = explain(&repo);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.said().contains("no lead is called `A` in `a.log`, which has 0 decisions"), "{torn}: {ran:?}");
    }
}

#[test]
fn a_line_that_broke_off_far_too_late_is_left_out_as_well() {
    let repo = repository();
    assert_eq!(decide(&repo, "a.log", &["-q"]).code, 0);
    let log = fs::read_to_string(repo.root.join("a.log")).unwrap();
    let lines = log.lines().count();
    let endless = "x".repeat(17 << 20);
    for (text, told) in [
        (format!("{log}{{\"log\":1,{endless}"), format!("line {} of `a.log` is left out", lines + 1)),
        (format!("{log}{endless}\n{log}"), format!("line {} of `a.log` is left out", lines + 1)),
        (endless, "this is no log of decisions".to_owned()),
    ] {
        let is_log = text.starts_with(&log);
        repo.write("a.log", text);
        let ran = explain(&repo);
        assert_eq!((ran.code == 0, ran.said().contains(&told)), (is_log, true), "{told}: {}", ran.said());
    }
}

#[test]
fn a_line_that_is_none_is_told_in_plain_words() {
    let repo = repository();
    assert_eq!(decide(&repo, "a.log", &["-q"]).code, 0);
    let log = fs::read_to_string(repo.root.join("a.log")).unwrap();
    for (was, is, told) in [
        ("\"need\":\"5\"", "\"need\":{\"x\":1}", "or before, a key is missing or has a value of another kind"),
        ("\"row\":1,", "", "or before, a key is missing or has a value of another kind"),
        ("\"row\":1,", "\"row\":1,,", "from character 29 on it is no JSON"),
    ] {
        assert!(log.contains(was), "{log}");
        repo.write("a.log", log.replacen(was, is, 1) + &log);
        let ran = explain(&repo);
        assert!(ran.code == 0 && ran.said().contains(told), "{told}: {ran:?}");
        for word in ["untagged", "variant", "field `", "expected", "column"] {
            assert!(!ran.err.contains(word), "{word}: {ran:?}");
        }
    }
}

#[test]
fn a_log_is_no_standard_output() {
    let repo = repository();
    assert_eq!(decide(&repo, "-", &[]).code, 2);
    let ran = decide(&repo, "-", &["-o", "out.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.said().contains("cannot keep a log in `-`: a log is a file that grows, give its name"), "{ran:?}");
    assert!(!repo.root.join("-").exists());
    assert_eq!(decide(&repo, "./-", &["-q"]).code, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_whose_decisions_cannot_go_out_leaves_the_log_as_it_was() {
    use std::process::{Command, Stdio};
    let repo = repository();
    let text = || fs::read_to_string(repo.root.join("a.log")).unwrap_or_default();
    let into = |stdout: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
        command.args(["decide", "v.policy", "leads.csv", "--as-of", "2026-03-10", "--log", "a.log"]);
        let ran = command.current_dir(&repo.root).stdin(Stdio::null()).stdout(stdout).output().unwrap();
        (ran.status.code().unwrap(), String::from_utf8(ran.stderr).unwrap())
    };
    let full = || fs::File::options().write(true).open("/dev/full").unwrap().into();
    let (code, said) = into(full());
    assert!(code == 2 && said.contains("cannot write") && !said.contains("all the same"), "{said}");
    assert_eq!(text(), "");
    assert_eq!(into(Stdio::null()).0, 0);
    let before = text();
    assert_eq!(before.lines().count(), 2);
    // A line that had broken off stays as it was, too.
    repo.write("a.log", format!("{before}{{\"log\":1,"));
    assert_eq!(into(full()).0, 2);
    assert_eq!(text(), format!("{before}{{\"log\":1,"));
}

#[test]
fn a_list_that_git_lfs_keeps_is_no_matter_of_committing() {
    let repo = repository();
    repo.write("rivals.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 17\n");
    repo.commit("Keep the list elsewhere");
    // As git-lfs checks it out.
    repo.write("rivals.csv", "site\nfoe.example\n");
    let ran = decide(&repo, "a.log", &[]);
    assert!(
        ran.code == 0
            && ran.said().contains(
                "note: git has only a pointer to `rivals.csv`, git-lfs has the file: keep this version of it, or have git keep it, \
                 or what was logged cannot be decided again"
            ),
        "{ran:?}"
    );
    assert!(!ran.said().contains("commit it"), "{ran:?}");
    assert!(!repo.policyc(&["history", "v.policy"]).said().contains("not committed"));
    assert!(fs::read_to_string(repo.root.join("a.log")).unwrap().contains("\"clean\":false"));
}
