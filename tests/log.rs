//! The decision log from end to end: in real repositories, with policies that change and leads that are gone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod support {
    pub(crate) mod git;
}

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::git::{Ran, Repo};

/// A policy with a library, a list, a personal field, a score and a time.
const POLICY: &str = r#"policy "Inbound"
  time zone Europe/Berlin

use "lib/words.policy"

lead
  number  id
  need    whole number from 0 to 5
  budget  money in EUR from 0, blank when "n/a"
  title   ranked [Staff < Manager < VP] or other
  topics  any of [pricing, api], separated by ";"
  seen    date
  email   text, personal

decisions, best first
  pass to sales
  nurture
  disqualify

score fit from 0 to 100
  +40 when title >= Manager
  +10 for each 1000 budget, at most 40
  -30 when domain of email in personal_mail

disqualify when domain of email in competitors
  because "works for a competitor"

hot: pass to sales when fit >= bar and need >= 3
  because "need and fit"

quiet: nurture when seen more than 60 days ago
  because "went quiet"

pass to sales when topics has any of [api] and need is known
  because "asks for the API"

otherwise nurture
  because "not ready yet"
"#;

const LIBRARY: &str = "list competitors from \"../lists/competitors.csv\"\n\nlist personal_mail is [\"gmail.example\"]\n\ndefine bar as 50\n";

const POLICY_PATH: &str = "policies/inbound.policy";

/// So many leads, all kinds of them.
fn leads(count: usize) -> String {
    let mut text = "number,need,budget,title,topics,seen,email\n".to_owned();
    for at in 0..count {
        let pick = |values: &[&str], step: usize| values[(at / step) % values.len()].to_owned();
        let need = pick(&["0", "3", "4", "", "5"], 1);
        let budget = pick(&["500", "2500.50", "n/a", "9000", ""], 2);
        let title = pick(&["VP", "Staff", "Owner, \"CEO\"", "Manager", ""], 3);
        let topics = pick(&["pricing", "api;pricing", "", "api"], 5);
        let seen = pick(&["2026-03-01", "2025-11-30", "", "2026-01-15"], 7);
        let email = pick(&["kim@rival.example", "lee@gmail.example", "mo@kern.example", "", "no address"], 4);
        let title = title.replace('"', "\"\"");
        writeln!(text, "L-{at},{need},{budget},\"{title}\",{topics},{seen},{email}").unwrap();
    }
    text
}

/// A repository with one commit: the policy, its library and its list; the leads are not in it.
fn inbound(count: usize) -> Repo {
    let repo = Repo::new();
    repo.write(POLICY_PATH, POLICY);
    repo.write("policies/lib/words.policy", LIBRARY);
    repo.write("policies/lists/competitors.csv", "domain\nrival.example\n");
    repo.write(".gitignore", "*.csv.gz\n/work/\n");
    repo.write("work/leads.csv", leads(count));
    repo.commit("The first agreement");
    repo
}

/// Decides the leads of a repository into its log.
fn decide(repo: &Repo) -> Ran {
    let ran = repo.policyc(&[
        "decide",
        POLICY_PATH,
        "work/leads.csv",
        "--as-of",
        "2026-03-10",
        "--log",
        "work/decisions.log",
        "-o",
        "work/out.csv",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

fn explain(repo: &Repo, lead: &str, more: &[&str]) -> Ran {
    repo.policyc(&[&["explain", "--log", "work/decisions.log", "--lead", lead], more].concat())
}

fn log_of(repo: &Repo) -> String {
    fs::read_to_string(repo.root.join("work/decisions.log")).unwrap()
}

#[test]
fn two_hundred_decisions_come_out_again_when_all_has_changed() {
    let repo = inbound(200);
    decide(&repo);
    let decided = fs::read_to_string(repo.root.join("work/out.csv")).unwrap();
    // Another threshold, other competitors, a policy that has moved and is quite another one.
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 70"));
    repo.commit("A higher bar");
    repo.write("policies/lists/competitors.csv", "domain\nkern.example\n");
    repo.commit("Other competitors");
    repo.git(&["mv", POLICY_PATH, "policies/demo.policy"]);
    repo.write(
        "policies/demo.policy",
        POLICY.replace("need >= 3", "need >= 5").replace("  email   text, personal\n", "  email   text\n"),
    );
    repo.commit("Moved and changed");
    fs::remove_file(repo.root.join("work/leads.csv")).unwrap();

    let (mut decisions, mut rules) = (BTreeSet::new(), BTreeSet::new());
    for (at, row) in decided.lines().skip(1).enumerate() {
        let ran = explain(&repo, &format!("L-{at}"), &["--format", "json"]);
        assert_eq!(ran.code, 0, "{row}\n{ran:?}");
        let replay: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let explained = &replay["explanation"];
        assert_eq!(replay["reproduced"], true, "{row}");
        let (decision, rule) = (explained["decision"].as_str().unwrap(), explained["rule"]["name"].as_str().unwrap());
        assert!(row.starts_with(&format!("L-{at},{decision},{rule},")), "{row}: {decision} by {rule}");
        decisions.insert(decision.to_owned());
        rules.insert(rule.to_owned());
    }
    assert_eq!((decisions.len(), rules.len()), (3, 5), "{decisions:?} {rules:?}");
    let text = log_of(&repo);
    assert!(!["kim@", "lee@", "mo@", "no address"].iter().any(|value| text.contains(value)), "{text}");
}

/// The whole of what is said, once for each form.
#[test]
fn a_replay_looks_like_this() {
    let repo = inbound(40);
    decide(&repo);
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 70"));
    repo.commit("A higher bar");
    let mut today = leads(40).replace("\nL-11,3,500,", "\nL-11,1,,").replace("\nL-10,0,500,", "\nL-10,0,750.5,");
    today = today.replace("\nL-12,", "\nL-12,many");
    today = today.lines().filter(|line| !line.starts_with("L-13,")).map(|line| format!("{line}\n")).collect();
    repo.write("work/today.csv", today);
    let mut shown = String::new();
    for (lead, more) in [
        ("L-11", vec!["--leads", "work/today.csv"]),
        ("L-11", vec!["--leads", "work/today.csv", "--format", "markdown"]),
        ("L-11", vec!["--leads", "work/today.csv", "--format", "json"]),
        ("L-12", vec!["--leads", "work/today.csv"]),
        ("L-13", vec!["--leads", "work/today.csv"]),
        ("L-10", vec!["--leads", "work/today.csv"]),
    ] {
        let ran = explain(&repo, lead, &more);
        writeln!(shown, "$ explain --lead {lead} {}\n{}", more.join(" "), ran.all()).unwrap();
    }
    let hash = repo.git(&["rev-parse", "HEAD~1"]);
    let shown = shown.replace(&hash, "<the commit>").replace(hash.get(..7).unwrap(), "<commit>");
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("log_replay", shown);
    });
}

#[test]
fn a_tree_that_was_not_clean_is_found_where_it_came_to() {
    let repo = inbound(20);
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 10"));
    let ran = decide(&repo);
    assert!(log_of(&repo).contains("\"clean\":false"), "{}", log_of(&repo));
    assert!(ran.said().contains("is not as the last commit has it: commit it"), "{}", ran.err);
    // It is still in the work tree.
    let ran = explain(&repo, "L-1", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("by policies/inbound.policy, which has the digest of then"), "{}", ran.out);
    // It was committed, and changed again.
    let commit = repo.commit("A lower bar");
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 20"));
    repo.commit("A middling bar");
    let ran = explain(&repo, "L-1", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(&format!("{}:policies/inbound.policy", &commit[..7])), "{}", ran.out);
}

/// Where git writes other line ends into the work tree, and files are called as people call them.
#[test]
fn line_ends_and_names_make_no_difference() {
    let repo = inbound(20);
    let path = "policies/Anfragen für März.policy";
    repo.git(&["mv", POLICY_PATH, path]);
    let commit = repo.commit("Another name");
    for (path, text) in [(path, POLICY), ("policies/lists/competitors.csv", "domain\nrival.example\n")] {
        repo.write(path, text.replace('\n', "\r\n"));
    }
    let ran = repo.policyc(&["decide", path, "work/leads.csv", "--as-of", "2026-03-10", "--log", "work/decisions.log"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.err.contains("commit it"), "{}", ran.err);
    let log = log_of(&repo);
    assert!(log.contains("\"clean\":true") && log.contains(path), "{log}");
    fs::remove_file(repo.root.join(path)).unwrap();
    let ran = explain(&repo, "L-1", &[]);
    assert!(ran.code == 0 && ran.out.contains(&format!("{}:{path}", &commit[..7])), "{ran:?}");
}

#[test]
fn a_policy_that_was_never_kept_is_lost() {
    let repo = inbound(20);
    repo.write("policies/lists/competitors.csv", "domain\nrival.example\nkern.example\n");
    decide(&repo);
    repo.git(&["checkout", "--quiet", "."]);
    let ran = explain(&repo, "L-1", &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "not reproduced: there is no policy to decide it again by",
        "the policy as it was when this was decided has not been found",
        "among others the list `competitors` is another one",
        "had changes that were not committed",
        "no commit of this repository has a `policies/inbound.policy` with that digest",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What the log says is said all the same.
    assert!(said.contains("L-1 got `"), "{said}");
}

#[test]
fn history_that_was_rewritten_is_searched_by_digest() {
    let repo = inbound(20);
    decide(&repo);
    let logged = repo.git(&["rev-parse", "HEAD"]);
    repo.write(POLICY_PATH, format!("# rewritten\n{POLICY}"));
    repo.git(&["commit", "--quiet", "--all", "--amend", "--message", "The first agreement, said better"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    assert!(!repo.try_git(&["cat-file", "-e", &logged]), "it is still there");
    repo.write(POLICY_PATH, POLICY.replace("need >= 3", "need >= 5"));
    repo.commit("Another one");
    let ran = explain(&repo, "L-1", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    // It stands elsewhere, and nothing leads to where it stood any more.
    repo.write(POLICY_PATH, POLICY);
    repo.git(&["mv", POLICY_PATH, "policies/requests.policy"]);
    repo.git(&["checkout", "--quiet", "--orphan", "anew"]);
    repo.git(&["commit", "--quiet", "--all", "--message", "Begun anew"]);
    repo.git(&["branch", "--quiet", "--delete", "--force", "main"]);
    let ran = explain(&repo, "L-1", &[]);
    assert!(ran.code == 0 && ran.out.contains(":policies/requests.policy, which has the digest"), "{ran:?}");
}

#[test]
fn a_line_that_cannot_be_used_is_not_taken_for_another_lead() {
    let repo = inbound(20);
    decide(&repo);
    let line = log_of(&repo).lines().nth(1).unwrap().replacen("\"log\":1,", "\"log\":2,", 1);
    repo.write("work/decisions.log", format!("{line}\n"));
    let ran = explain(&repo, "L-1", &[]);
    let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        ran.code == 2 && said.contains("line 1 of `work/decisions.log` is about `L-1`, and cannot be used"),
        "{said}"
    );
    assert!(said.contains("it is of version 2 of the log") && !said.contains("did you mean"), "{said}");
}

#[test]
fn what_was_edited_by_hand_is_noticed() {
    let repo = inbound(20);
    decide(&repo);
    let log = log_of(&repo);
    let lines: Vec<&str> = log.lines().collect();
    let edits: [(&str, &str, &[&str]); 5] = [
        ("\"need\":\"3\"", "\"need\":\"4\"", &["the line has been edited", "the same decision, rule and reason"]),
        ("\"need\":\"3\"", "\"need\":\"often\"", &["what the line says of `need` is no value of it"]),
        ("\"need\":\"3\",", "", &["the line says nothing of `need`"]),
        ("\"budget\":", "\"wallet\":", &["the policy has no field `wallet`"]),
        ("\"rule\":\"", "\"rule\":\"not-", &["the logged values give"]),
    ];
    for (from, to, words) in edits {
        let line = lines[1].replacen(from, to, 1);
        assert_ne!(line, lines[1], "{from}");
        repo.write("work/decisions.log", format!("{line}\n"));
        let ran = explain(&repo, "L-1", &[]);
        let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(ran.code, 1, "{to}: {ran:?}");
        assert!(said.contains("the line has been edited since it was written"), "{to}: {said}");
        words.iter().for_each(|words| assert!(said.contains(words), "{to}: {words}: {said}"));
    }
    // A revision and a digest that nobody has.
    let other = "0123456789".repeat(4);
    let revision = repo.git(&["rev-parse", "HEAD"]);
    repo.write("work/decisions.log", lines[1].replace(&revision, &other) + "\n");
    assert!(explain(&repo, "L-1", &[]).out.contains("the line has been edited"));
    repo.write("work/decisions.log", lines[1].replace("\"p1:", "\"p9:") + "\n");
    let ran = explain(&repo, "L-1", &[]);
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.code == 1 && said.contains("digest of a kind that this policyc does not know"), "{said}");
}

#[test]
fn another_version_that_decides_otherwise_is_named() {
    let repo = inbound(3);
    decide(&repo);
    // What a policyc of old would have written, had it decided otherwise.
    let line = log_of(&repo).lines().nth(1).unwrap().to_owned();
    let (text, _) = line.rsplit_once(",\"sum\":").unwrap();
    let decision = text.split("\"decision\":\"").nth(1).unwrap().split('"').next().unwrap();
    let other = if decision == "nurture" { "disqualify" } else { "nurture" };
    let text = text
        .replacen(&format!("\"decision\":\"{decision}\""), &format!("\"decision\":\"{other}\""), 1)
        .replacen("\"policyc\":\"", "\"policyc\":\"0.0.", 1);
    let sum = policyc::digest::short(&text);
    repo.write("work/decisions.log", format!("{text},\"sum\":\"{sum}\"}}\n"));
    let ran = explain(&repo, "L-1", &[]);
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.code == 1 && said.contains("policyc 0.0.") && !said.contains("edited"), "{said}");
}

#[test]
fn of_several_decisions_the_latest_is_explained() {
    let repo = inbound(20);
    decide(&repo);
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 10"));
    repo.commit("A lower bar");
    decide(&repo);
    let latest = explain(&repo, "L-1", &[]);
    assert_eq!(latest.code, 0, "{latest:?}");
    assert!(latest.out.starts_with("line 22 of "), "{}", latest.out);
    assert!(latest.said().contains("the log has 2 decisions on this lead: 1 (line 2): "), "{}", latest.err);
    let first = explain(&repo, "L-1", &["--at", "1"]);
    assert!(first.code == 0 && first.out.starts_with("line 2 of "), "{first:?}");
    assert_eq!(explain(&repo, "L-1", &["--at", "latest"]).out, latest.out);
    let third = explain(&repo, "L-1", &["--at", "3"]);
    assert_eq!(third.code, 2, "{third:?}");
    assert!(third.said().contains("choose one by `--at 1` to `--at 2`"), "{}", third.err);
    assert_eq!(explain(&repo, "L-1", &["--at", "0"]).code, 2);
    let unknown = explain(&repo, "L1", &[]);
    assert!(unknown.code == 2 && unknown.said().contains("no lead is called `L1`"), "{unknown:?}");
}

#[test]
fn a_log_that_broke_off_goes_on_below() {
    let repo = inbound(5);
    decide(&repo);
    let whole = log_of(&repo);
    let torn = &whole[..whole.len() - 40];
    repo.write("work/decisions.log", torn);
    let ran = decide(&repo);
    assert!(ran.said().contains("the last line of the log `work/decisions.log` broke off"), "{}", ran.err);
    assert_eq!(log_of(&repo), format!("{torn}\n{whole}"));
    let ran = explain(&repo, "L-4", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.said().contains("line 5 of `work/decisions.log` is left out: it breaks off"), "{}", ran.err);
    // A last line that is whole but for its line end is one.
    repo.write("work/decisions.log", whole.trim_end());
    decide(&repo);
    assert_eq!(log_of(&repo), format!("{whole}{whole}"));
}

#[test]
fn two_processes_that_add_at_once_lose_nothing_and_tear_nothing() {
    const EACH: usize = 10_000;
    let repo = inbound(EACH);
    let processes: Vec<_> = (0..2)
        .map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
            command.args([
                "decide",
                POLICY_PATH,
                "work/leads.csv",
                "--as-of",
                "2026-03-10",
                "--log",
                "work/decisions.log",
            ]);
            command.current_dir(&repo.root).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let log = fs::read(repo.root.join("work/decisions.log")).unwrap();
    let mut seen = vec![0; EACH];
    for line in log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let entry = policyc::log::Entry::read(line).unwrap();
        assert!(entry.intact);
        seen[usize::try_from(entry.row).unwrap() - 1] += 1;
    }
    assert!(seen.iter().all(|times| *times == 2));
}

/// While somebody else is in the middle of a line, nothing is added.
#[test]
fn whoever_adds_waits_for_the_other() {
    let repo = inbound(3);
    let path = repo.root.join("work/decisions.log");
    let mut log = fs::File::options().create(true).append(true).open(&path).unwrap();
    log.lock().unwrap();
    log.write_all(b"{\"log\":").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
    command.args(["decide", POLICY_PATH, "work/leads.csv", "--as-of", "2026-03-10", "--log", "work/decisions.log"]);
    let mut process = command.current_dir(&repo.root).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(process.try_wait().unwrap().is_none(), "it did not wait");
    log.write_all(b"2}\n").unwrap();
    drop(log);
    assert!(process.wait().unwrap().success());
    let text = log_of(&repo);
    assert!(text.starts_with("{\"log\":2}\n{\"log\":1,"), "{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
}

/// Where no more can be written, the log is as it was, nothing goes out, and it is said why.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_changes_nothing() {
    let repo = inbound(300);
    decide(&repo);
    let before = log_of(&repo);
    fs::remove_file(repo.root.join("work/out.csv")).unwrap();
    // The largest file that may be written, in blocks: the log as it is and a little more.
    let blocks = before.len() / 512 + 8;
    let policyc = env!("CARGO_BIN_EXE_policyc");
    let run = format!(
        "trap '' XFSZ; ulimit -f {blocks}; exec {policyc} decide {POLICY_PATH} work/leads.csv --as-of 2026-03-10 --log work/decisions.log -o work/out.csv"
    );
    let ran = Command::new("sh").args(["-c", &run]).current_dir(&repo.root).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write the log `work/decisions.log`"), "{said}");
    assert_eq!(log_of(&repo), before);
    assert!(!repo.root.join("work/out.csv").exists());
    let left: Vec<_> = fs::read_dir(repo.root.join("work")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn leads_that_stop_in_the_middle_leave_no_line() {
    let repo = inbound(3);
    repo.write("work/leads.csv", "number,need\n1,2\n");
    let ran = repo.policyc(&["decide", POLICY_PATH, "work/leads.csv", "--log", "work/decisions.log"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(!repo.root.join("work/decisions.log").exists());
}

#[test]
fn a_log_goes_where_a_log_can_be() {
    let repo = inbound(3);
    let with = |log: &str| {
        let ran = repo.policyc(&["decide", POLICY_PATH, "work/leads.csv", "--as-of", "2026-03-10", "--log", log, "-q"]);
        (ran.code, ran.said())
    };
    for (log, words) in [
        ("work", "it is a folder"),
        ("work/a.log.gz", "a log grows line by line, and cannot be packed"),
        ("none/a.log", "there is no such folder"),
        ("work/leads.csv", "would be overwritten"),
        (".gitignore", "there is something else in it than a log of decisions"),
        (POLICY_PATH, "would be overwritten"),
    ] {
        let (code, said) = with(log);
        assert!(code == 2 && said.contains(words), "{log}: {said}");
    }
    #[cfg(unix)]
    assert!(with("/dev/null").1.contains("it is not a file"));
}

/// Everything that decides one by one is as fast a way to the same.
#[test]
fn with_a_log_the_same_is_decided() {
    let repo = inbound(2_000);
    let out = |more: &[&str]| {
        let ran = repo.policyc(
            &[&["decide", POLICY_PATH, "work/leads.csv", "--as-of", "2026-03-10", "--explain"], more].concat(),
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        (ran.out, ran.err)
    };
    let plain = out(&[]);
    for more in [
        &["--log", "work/a.log"] as &[_],
        &["--log", "work/b.log", "--threads", "3"],
        &["--log", "work/c.log", "--unique"],
    ] {
        assert_eq!(out(more), plain, "{more:?}");
    }
    let read = |name: &str| fs::read_to_string(repo.root.join("work").join(name)).unwrap();
    assert_eq!((read("a.log"), read("a.log").lines().count()), (read("b.log"), 2_000));
    assert_eq!(read("a.log"), read("c.log"));
}

#[test]
fn without_a_repository_the_policy_is_looked_for_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    let policy = POLICY
        .replace("use \"lib/words.policy\"", LIBRARY)
        .replace(" from \"../lists/competitors.csv\"", " is [\"rival.example\"]");
    write("inbound.policy", &policy);
    write("leads.csv", &leads(5));
    let run = |folder: &Path, arguments: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_policyc")).args(arguments).current_dir(folder).output().unwrap();
        (ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
    };
    let (code, _, said) =
        run(folder.path(), &["decide", "inbound.policy", "leads.csv", "--as-of", "2026-03-10", "--log", "a.log"]);
    assert!(code == 0 && said.contains("this policy is in no commit of a git repository"), "{said}");
    let (code, out, said) = run(folder.path(), &["explain", "--log", "a.log", "--lead", "L-1"]);
    assert_eq!(code, 0, "{out}{said}");
    // Somewhere else it has to be said.
    fs::rename(folder.path().join("inbound.policy"), folder.path().join("old.policy")).unwrap();
    let (code, out, _) = run(folder.path(), &["explain", "--log", "a.log", "--lead", "L-1"]);
    assert!(code == 1 && out.contains("there is no such file"), "{out}");
    for place in ["old.policy", "."] {
        let (code, out, said) = run(folder.path(), &["explain", place, "--log", "a.log", "--lead", "L-1"]);
        assert_eq!(code, 0, "{out}{said}");
    }
}

#[test]
fn a_repository_that_cannot_be_read_keeps_no_decision_back() {
    let repo = inbound(3);
    repo.append(".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
    let said = decide(&repo).said();
    assert_eq!(said.matches("the log names no revision: the repository in ").count(), 1, "{said}");
    assert!(said.contains("keeps its branches as `reftable`"), "{said}");
    let line: serde_json::Value = serde_json::from_str(log_of(&repo).lines().next().unwrap()).unwrap();
    assert_eq!(["revision", "clean"].map(|key| &line[key]), [&serde_json::Value::Null; 2]);
    assert_eq!(explain(&repo, "L-1", &[]).code, 0);
    // When the policy is another one, why it was not looked for in the commits is said, once.
    repo.write(POLICY_PATH, POLICY.replace("not ready yet", "not ready"));
    let lost = explain(&repo, "L-1", &[]);
    assert_eq!((lost.code, lost.out.matches("keeps its branches as").count()), (1, 1), "{lost:?}");
}

#[test]
fn a_log_speaks_for_another_revision_than_the_one_at_hand() {
    let repo = inbound(10);
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.write("policies/lib/words.policy", LIBRARY.replace("as 50", "as 70"));
    repo.commit("A higher bar");
    let policy = format!("{first}:{POLICY_PATH}");
    let ran =
        repo.policyc(&["decide", &policy, "work/leads.csv", "--as-of", "2026-03-10", "--log", "work/decisions.log"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let log = log_of(&repo);
    assert!(
        log.contains(&format!("\"policy\":\"{POLICY_PATH}\""))
            && log.contains(&first)
            && log.contains("\"clean\":true"),
        "{log}"
    );
    assert_eq!(explain(&repo, "L-1", &[]).code, 0);
    // From a folder outside, by the log's own repository.
    let ran = repo.policyc_in(&repo.outside(), &["explain", "--log", "repo/work/decisions.log", "--lead", "L-1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn what_is_no_log_is_told_so() {
    let repo = Repo::new();
    for (text, told) in [("garbage\n", "`x.log` is no log of decisions"), ("", "which has 0 decisions")] {
        repo.write("x.log", text);
        let ran = repo.policyc(&["explain", "--log", "x.log", "--lead", "L-1"]);
        assert!(ran.code == 2 && ran.all().contains(told) && !ran.all().contains("left out"), "{ran:?}");
    }
}
