//! Where results go, end to end: to files that are whole or not there, to pipes, never over what is read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use binary::{code, folder, out, run};

const POLICY: &str = "policy \"P\"\n\nlead\n  need  whole number\n\ndecisions\n  call\n  wait\n\ncall when need >= 3\n\notherwise wait\n";
const LEADS: &str = "need\n5\n1\nx\n";
const DECISIONS: &str = "lead,decision,rule,reason\n2,call,call,\n3,wait,otherwise,\n";

fn files() -> tempfile::TempDir {
    folder(&[("p.policy", POLICY), ("leads.csv", LEADS)])
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_minus_and_pipes_are_written_as_they_are() {
    let folder = files();
    for place in ["-", "/dev/stdout"] {
        let output = run(folder.path(), &["decide", "p.policy", "leads.csv", "-q", "-o", place]);
        assert_eq!((code(&output), out(&output)), (1, DECISIONS.to_owned()), "{place}: {}", said(&output));
        assert_eq!(names(folder.path()), ["leads.csv", "p.policy"]);
    }
    let both = run(folder.path(), &["decide", "p.policy", "leads.csv", "--rejects", "-"]);
    assert_eq!((code(&both), out(&both)), (2, String::new()));
    assert!(said(&both).contains("two results would go to standard output"), "{}", said(&both));
    let rejects = run(folder.path(), &["decide", "p.policy", "leads.csv", "-q", "-o", "out.csv", "--rejects", "-"]);
    assert!(out(&rejects).starts_with("row,lead,column,value,problem\n3,4,need,x,"), "{}", out(&rejects));
}

#[test]
fn leads_from_standard_input_are_not_written_over() {
    let folder = files();
    let mut decide = Command::new(env!("CARGO_BIN_EXE_policyc"));
    decide.args(["decide", "p.policy", "-", "--input-format", "csv", "-o", "leads.csv"]).current_dir(folder.path());
    let output = decide.stdin(File::open(folder.path().join("leads.csv")).unwrap()).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("`leads.csv` would be overwritten"), "{}", said(&output));
    assert_eq!(fs::read_to_string(folder.path().join("leads.csv")).unwrap(), LEADS);
}

#[test]
fn no_decision_goes_out_of_which_the_log_does_not_know() {
    let folder = files();
    // The last row cannot be read, which is found out long after the first one was decided.
    fs::write(folder.path().join("broken.csv"), format!("need\n{}\"never closed\n", "5\n".repeat(1 << 18))).unwrap();
    let output = run(folder.path(), &["decide", "p.policy", "broken.csv", "--log", "log"]);
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    assert_eq!(names(folder.path()), ["broken.csv", "leads.csv", "p.policy"]);
    let output = run(folder.path(), &["decide", "p.policy", "leads.csv", "-q", "--log", "log"]);
    assert_eq!((code(&output), out(&output)), (1, DECISIONS.to_owned()));
}

#[test]
fn the_log_is_as_it_was_when_rejects_find_no_room() {
    let folder = files();
    let rejected = format!("{}\n", "x".repeat(100)).repeat(200);
    fs::write(folder.path().join("bad.csv"), format!("need\n5\n{rejected}")).unwrap();
    // No file may have more than 8 KiB.
    let policyc = env!("CARGO_BIN_EXE_policyc");
    let run = format!("trap '' XFSZ; ulimit -f 16; exec {policyc} decide p.policy bad.csv --log log -o out.csv");
    let output = Command::new("sh").args(["-c", &run]).current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert!(said(&output).contains("it would be larger than files may be here"), "{}", said(&output));
    assert_eq!(names(folder.path()), ["bad.csv", "leads.csv", "p.policy"]);
}

#[test]
fn a_link_to_nothing_is_called_one() {
    let folder = files();
    symlink("nowhere.csv", folder.path().join("out.csv")).unwrap();
    let output = run(folder.path(), &["decide", "p.policy", "leads.csv", "-o", "out.csv"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("it is a link to a file that is not there"), "{}", said(&output));
}

#[test]
fn a_file_that_may_only_be_read_stays() {
    let folder = files();
    let place = folder.path().join("out.csv");
    fs::write(&place, "old").unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o444)).unwrap();
    // Some may write whatever the permissions say.
    let may = File::options().append(true).open(&place).is_ok();
    let output = run(folder.path(), &["decide", "p.policy", "leads.csv", "-q", "-o", "out.csv"]);
    assert_eq!(code(&output), if may { 1 } else { 2 });
    assert_eq!(fs::read_to_string(&place).unwrap(), if may { DECISIONS } else { "old" });
}

/// Elsewhere a file that is being written has a name, which stays.
#[cfg(target_os = "linux")]
#[test]
fn nothing_stays_of_a_run_that_was_killed() {
    let folder = files();
    let mut decide = Command::new(env!("CARGO_BIN_EXE_policyc"));
    decide.args(["decide", "p.policy", "-", "--input-format", "csv", "-o", "out.csv", "--rejects", "no.csv"]);
    let mut running = decide.current_dir(folder.path()).stdin(Stdio::piped()).spawn().unwrap();
    let mut leads = running.stdin.take().unwrap();
    // More than fits into all pipes and buffers, so that a good part of it has been decided and written.
    leads.write_all(format!("need\n{}", "3\n".repeat(1 << 22)).as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(100));
    assert!(running.try_wait().unwrap().is_none());
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(names(folder.path()), ["leads.csv", "p.policy"]);
}
