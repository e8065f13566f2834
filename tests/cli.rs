//! The binary from end to end: what goes to which stream, which files appear, and how it ends.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const DEMO: &str = include_str!("fixtures/demo.policy");

/// A policy for what `DEMO` decides.
const AGAIN: &str = r#"policy "Again"

lead
  lead      id
  decision  one of ["pass to sales", nurture]
  interest  whole number from 0 to 50

decisions
  call
  wait

call when decision is "pass to sales" and interest >= 40

otherwise wait
"#;

const LEADS: &str = "number,need,opted_out\nL1,4,no\nL2,4,\nL3,1,no\n";

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// Everything that can be seen of a run.
fn shown(arguments: &[&str], output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let quoted = |word: &&str| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() };
    let line = format!("$ policyc {}", arguments.iter().map(quoted).collect::<Vec<_>>().join(" "));
    format!("{line}\n{}--- standard error\n{}--- exit {}\n", text(&output.stdout), text(&output.stderr), code(output))
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Runs the binary in a folder.
fn run(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let output = command(folder, arguments).output().unwrap();
    let shown = shown(arguments, &output);
    (output, shown)
}

/// Runs the binary with something on its standard input.
fn fed(folder: &Path, arguments: &[&str], input: &[u8]) -> (Output, String) {
    let mut command = command(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let input = input.to_vec();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = feeder.join().unwrap();
    let shown = shown(arguments, &output);
    (output, shown)
}

/// Several runs in one folder, as one text.
fn story(folder: &Path, runs: &[&[&str]]) -> String {
    runs.iter().map(|arguments| run(folder, arguments).1).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_policy_that_checks() {
    let folder = folder(&[("demo.policy", DEMO)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &["check", "demo.policy"],
            &["check", "demo.policy", "--format", "json"],
            &["check", "--quiet", "."],
            &["fmt", "--check", "."],
            &["test", "demo.policy"],
            &["test", "demo.policy", "--format", "json"],
        ]
    ));
}

#[test]
fn a_policy_that_does_not_check() {
    let faulty = DEMO.replace("need >= 3", "ned >= 3").replace("opted_out is no\n", "opted_out is nope\n");
    let folder = folder(&[("faulty.policy", &faulty), ("leads.csv", LEADS)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &["check", "faulty.policy"],
            &["check", "faulty.policy", "--format", "json"],
            &["test", "faulty.policy"],
            &["decide", "faulty.policy", "leads.csv", "--quiet"],
        ]
    ));
}

#[test]
fn warnings_fail_only_when_denied() {
    let warned = DEMO.replace("score interest", "define unused as need >= 5\n\nscore interest");
    let folder = folder(&[("warned.policy", &warned)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[&["check", "warned.policy"], &["check", "warned.policy", "--deny", "warnings", "--quiet"]]
    ));
}

#[test]
fn a_failing_test() {
    let failing = DEMO.replace("given need 4, opted_out no", "given need 4");
    let folder = folder(&[("failing.policy", &failing)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[&["test", "failing.policy"], &["test", "failing.policy", "--format", "json"]]
    ));
}

#[test]
fn what_tests_show() {
    let no_tests = DEMO.split("test ").next().unwrap();
    let folder = folder(&[("demo.policy", DEMO), ("untested.policy", no_tests)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &["test", ".", "--coverage"],
            &["test", "demo.policy", "--coverage", "--min", "31%", "--quiet"],
            &["test", "demo.policy", "--coverage", "--min", "32", "--quiet"],
            &["test", "demo.policy", "--coverage", "--format", "json"],
            &["test", "demo.policy", "--min", "80"],
            &["test", "demo.policy", "--coverage", "--min", "101"],
        ]
    ));
}

#[test]
fn tests_are_generated() {
    let faulty = DEMO.replace("need >= 3", "ned >= 3");
    let small =
        "policy \"Small\"\n\nlead\n  vip  yes or no\n\ndecisions\n  call\n  wait\n\ncall when vip\n\notherwise wait\n";
    let folder = folder(&[("demo.policy", DEMO), ("small.policy", small), ("faulty.policy", &faulty)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &["test", ".", "--generate"],
            &["test", "demo.policy", "--generate", "--append"],
            &["fmt", "--check", "demo.policy"],
            &["test", "demo.policy", "--coverage", "--min", "100"],
            &["test", "demo.policy", "--generate", "--append"],
            &["test", "demo.policy", "--append"],
            &["test", "demo.policy", "--generate", "--coverage"],
        ]
    ));
    let longer = fs::read_to_string(folder.path().join("demo.policy")).unwrap();
    assert!(longer.starts_with(DEMO) && longer.len() > DEMO.len());
}

#[test]
fn tests_are_appended_with_the_line_ends_of_the_file() {
    let windows = DEMO.replace('\n', "\r\n");
    let folder = folder(&[("windows.policy", &windows), ("open.policy", DEMO.trim_end())]);
    let generate = |name| -> String {
        story(
            folder.path(),
            &[&["test", name, "--generate", "--append"], &["test", name, "--coverage", "--min", "100"]],
        );
        fs::read_to_string(folder.path().join(name)).unwrap()
    };
    let (windows_after, open_after) = (generate("windows.policy"), generate("open.policy"));
    assert!(windows_after.starts_with(&windows) && windows_after.ends_with("\r\n"));
    assert_eq!(windows_after.matches('\n').count(), windows_after.matches("\r\n").count());
    assert_eq!(windows_after.replace("\r\n", "\n"), open_after);
    assert!(open_after.starts_with(DEMO) && open_after.len() > DEMO.len());
}

#[test]
fn libraries_are_checked_through_the_policies_that_use_them() {
    let user = |title: &str| {
        format!(
            "policy \"{title}\"\n\nuse \"shared/lists.policy\"\n\nlead\n  email text\n\ndecisions\n  call\n  wait\n\ncall when domain of email in customers\n\notherwise wait\n"
        )
    };
    let folder = folder(&[
        (".git/HEAD", ""),
        ("one.policy", &user("One")),
        ("two.policy", &user("Two")),
        ("shared/lists.policy", "list customers is [\"a.com\", \"a.com\"]\n"),
        ("shared/spare.policy", "list others is [\"b.com\"]\n"),
        (".hidden/bad.policy", "what\n"),
    ]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[&["check", "."], &["check", "shared"], &["decide", "shared/spare.policy", "none.csv"]]
    ));
    // Seen from elsewhere, files are called as they are reached from there.
    insta::assert_snapshot!(
        "from_a_folder_below",
        story(&folder.path().join("shared"), &[&["check", "../one.policy"]])
    );
}

#[test]
fn formatting_writes_only_what_changes() {
    let loose = DEMO.replace("  need       whole", "  need   whole");
    let folder = folder(&[("loose.policy", &loose), ("broken.policy", "policy \"x\"\nwhat is this\n")]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[&["fmt", "--check", "loose.policy"], &["fmt", "loose.policy", "broken.policy"], &["fmt", "loose.policy"]]
    ));
    assert_eq!(fs::read_to_string(folder.path().join("loose.policy")).unwrap(), DEMO);
    assert_eq!(fs::read_to_string(folder.path().join("broken.policy")).unwrap(), "policy \"x\"\nwhat is this\n");
}

#[test]
fn leads_that_cannot_be_used_leave_nothing_on_standard_output() {
    let folder = folder(&[("demo.policy", DEMO), ("other.csv", "Number,need\nL1,4\n")]);
    for format in ["csv", "json"] {
        let (output, shown) = run(
            folder.path(),
            &["decide", "demo.policy", "other.csv", "--as-of", "2026-10-05", "--input-format", format],
        );
        assert_eq!((code(&output), output.stdout.as_slice()), (2, &b""[..]), "{shown}");
    }
}

#[test]
fn what_cannot_work_ends_with_two() {
    let folder = folder(&[
        ("demo.policy", DEMO),
        ("leads.csv", LEADS),
        ("leads.rejects.csv", LEADS),
        ("leads.txt", LEADS),
        ("empty/none.txt", ""),
    ]);
    fs::write(folder.path().join("big.policy"), "#".repeat((4 << 20) + 1)).unwrap();
    fs::write(folder.path().join("broken.json"), "[{\"number\":\"L1\",\"need\":1},{\"num").unwrap();
    fs::write(folder.path().join("other.csv"), "Number,need\nL1,4\n").unwrap();
    let runs: &[&[&str]] = &[
        &["frobnicate"],
        &["check"],
        &["check", "no such.policy"],
        &["check", "empty"],
        &["check", "big.policy"],
        &["check", "no\u{1b}[31msuch.policy"],
        &["check", "demo.policy", "--format", "xml"],
        &["fmt", "no such.policy"],
        &["test", "no such.policy"],
        &["code", "P9999"],
        &["compile"],
        &["compile", "demo.policy", "-o", "no/such/folder.json"],
        &["decide", "demo.policy", "no such.csv"],
        &["decide", "demo.policy", "leads.txt"],
        &["decide", "demo.policy", "empty", "--input-format", "csv"],
        &["decide", "demo.policy", "leads.csv", "--as-of", "yesterday"],
        &["decide", "demo.policy", "leads.csv", "-o", "leads.csv"],
        &["decide", "demo.policy", "leads.csv", "-o", "out.csv", "--rejects", "out.csv"],
        &["decide", "demo.policy", "leads.rejects.csv", "-o", "leads.csv"],
        &["decide", "demo.policy", "leads.csv", "-o", "out.xlsx"],
        &["decide", "demo.policy", "broken.json", "-o", "out.json", "--as-of", "2026-10-05"],
        &["decide", "demo.policy", "other.csv", "-o", "out.json", "--as-of", "2026-10-05"],
        &["decide", "demo.policy", "-"],
        &["explain", "demo.policy", "leads.csv"],
        &["explain", "demo.policy", "leads.csv", "--lead", "L9", "--as-of", "2026-10-05"],
        &["explain", "demo.policy", "leads.csv", "--row", "9", "--as-of", "2026-10-05"],
        &["explain", "demo.policy", "leads.csv", "--row", "1", "--why-not", "pass to sale"],
        &["explain", "demo.policy", "leads.csv", "--row", "1", "--why-not", "call them"],
        &["explain", "demo.policy", "leads.csv", "--row", "1", "--hold", "needs"],
    ];
    for arguments in runs {
        assert_eq!(code(&run(folder.path(), arguments).0), 2, "{arguments:?}");
    }
    insta::assert_snapshot!(story(folder.path(), runs));
    assert_eq!(fs::read_to_string(folder.path().join("leads.csv")).unwrap(), LEADS);
    // Nothing is left of an output that did not come to its end.
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!left.into_iter().any(|name| name.contains("out") || name.starts_with(".policyc-")));
}

#[test]
fn leads_are_decided() {
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", LEADS)]);
    let as_of = ["--as-of", "2026-10-05"];
    let decide = |more: &[&'static str]| [&["decide", "demo.policy", "leads.csv"], &as_of[..], more].concat();
    insta::assert_snapshot!(story(
        folder.path(),
        &[&decide(&[]), &decide(&["--scores", "--unknown", "--quiet"]), &decide(&["-o", "out.ndjson", "--scores"])]
    ));
    insta::assert_snapshot!("decisions_as_ndjson", fs::read_to_string(folder.path().join("out.ndjson")).unwrap());
    assert!(!folder.path().join("out.rejects.csv").exists());
}

#[test]
fn rows_that_do_not_fit_are_set_aside() {
    let rows = "number,need,opted_out\nL1,4,no\nL2,many,\nL3,9,perhaps\nL1,2,no\n";
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", rows)]);
    let as_of = ["--as-of", "2026-10-05T12:00:00Z"];
    let decide = |more: &[&'static str]| [&["decide", "demo.policy", "leads.csv"], &as_of[..], more].concat();
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &decide(&[]),
            &decide(&["--quiet", "--allow-rejects"]),
            &decide(&["--unique", "-o", "out.csv"]),
            &decide(&["-o", "/dev/null", "--rejects", "set aside.csv", "--quiet"]),
        ]
    ));
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    insta::assert_snapshot!("rejects", read("out.rejects.csv"));
    assert_eq!(read("set aside.csv").lines().count(), 4);
    // A file of rejects that is no longer true does not stay.
    fs::write(folder.path().join("leads.csv"), LEADS).unwrap();
    assert_eq!(code(&run(folder.path(), &decide(&["-o", "out.csv"])).0), 0);
    assert_eq!(read("out.rejects.csv"), "row,lead,column,value,problem\n");
}

#[test]
fn leads_and_decisions_may_be_parquet_and_packed() {
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", LEADS)]);
    let as_of = ["--as-of", "2026-10-05", "--scores", "--quiet"];
    let decide = |leads: &str, out: &str| {
        let (output, shown) = run(folder.path(), &[&["decide", "demo.policy", leads, "-o", out], &as_of[..]].concat());
        assert_eq!(code(&output), 0, "{shown}");
        fs::read(folder.path().join(out)).unwrap()
    };
    let expected = decide("leads.csv", "out.csv");
    // Decisions are read as leads in their turn, by another policy.
    fs::write(folder.path().join("again.policy"), AGAIN).unwrap();
    let called = "lead,decision,rule,reason\nL1,call,call,\nL2,wait,otherwise,\nL3,wait,otherwise,\n";
    for ending in ["csv", "csv.gz", "ndjson.zst", "json.gz", "parquet", "parquet.zst"] {
        let out = format!("out.{ending}");
        assert_eq!(decide("leads.csv", &out), decide("leads.csv", &out), "{ending}");
        let (_, shown) = run(folder.path(), &["decide", "again.policy", &out, "--quiet"]);
        assert!(shown.contains(called), "{ending}: {shown}");
        // The same from standard input, where the bytes say how they are packed.
        let format = ending.split('.').next().unwrap();
        let bytes = fs::read(folder.path().join(&out)).unwrap();
        let (_, shown) =
            fed(folder.path(), &["decide", "again.policy", "-", "--input-format", format, "--quiet"], &bytes);
        assert!(shown.contains(called), "{ending}: {shown}");
        if ending != "csv" {
            fs::write(folder.path().join(&out), &bytes[..bytes.len() - 1]).unwrap();
            let (output, shown) = run(folder.path(), &["decide", "again.policy", &out, "-o", "cut.csv"]);
            assert!(code(&output) == 2 && shown.contains("it was cut off"), "{shown}");
            assert!(!folder.path().join("cut.csv").exists());
        }
    }
    assert_eq!(decide("leads.csv", "out.csv"), expected);
}

#[test]
fn leads_come_from_standard_input() {
    let folder = folder(&[("demo.policy", DEMO)]);
    let arguments = ["decide", "demo.policy", "-", "--input-format", "ndjson", "--as-of", "2026-10-05"];
    let (_, shown) = fed(folder.path(), &arguments, b"{\"number\":\"L1\",\"need\":4,\"opted_out\":false}\n");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_as_of_is_now_unless_it_is_given() {
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", LEADS)]);
    let (output, _) = run(folder.path(), &["decide", "demo.policy", "leads.csv"]);
    let told = String::from_utf8(output.stderr).unwrap();
    let (time, _) = told.strip_prefix("as of ").unwrap().split_once(" (now)").unwrap();
    let (output, _) = run(folder.path(), &["decide", "demo.policy", "leads.csv", "--as-of", time]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with(&format!("as of {time}\n")));
}

#[test]
fn leads_in_the_place_of_the_policy_are_noticed() {
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", LEADS)]);
    insta::assert_snapshot!(story(folder.path(), &[&["decide", "leads.csv", "demo.policy"], &["check", "leads.csv"]]));
}

#[test]
fn a_lead_is_explained() {
    let rows = "number,need,opted_out\nL1,4,no\nL2,4,\nL2,1,no\nL4,many,no\n";
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", rows)]);
    let explain =
        |more: &[&'static str]| [&["explain", "demo.policy", "leads.csv", "--as-of", "2026-10-05"], more].concat();
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &explain(&["--lead", "L1"]),
            &explain(&["--lead", "L2"]),
            &explain(&["--row", "3", "--quiet"]),
            &explain(&["--lead", "L1", "--format", "markdown"]),
            &explain(&["--lead", "L1", "--format", "json"]),
            &explain(&["--lead", "L4"]),
            &explain(&["--lead", "L4", "--format", "json"]),
            &explain(&["--row", "3", "--quiet", "--why-not", "pass  to sales"]),
            &explain(&["--row", "3", "--quiet", "--why-not", "pass to sales", "--hold", "need", "--hold", "opted_out"]),
        ]
    ));
}

#[test]
fn a_first_policy_is_written_and_nothing_is_written_over() {
    let folder = folder(&[("new leads.csv", LEADS)]);
    let runs: &[&[&str]] = &[
        &["init", "new leads.csv"],
        &["init", "new leads.csv", "-o", "first.policy", "--title", "Our leads"],
        &["init", "new leads.csv", "-o", "first.policy"],
        &["check", "--deny", "warnings", "first.policy"],
        &["fmt", "--check", "first.policy"],
        &["decide", "first.policy", "new leads.csv", "--as-of", "2026-10-05"],
    ];
    insta::assert_snapshot!(story(folder.path(), runs));
}

#[test]
fn hostile_words_of_leads_do_not_reach_the_messages() {
    let rows = "number,need,opted_out\n\u{1b}[31mL1,many\u{7},no\n";
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", rows)]);
    for arguments in [
        &["decide", "demo.policy", "leads.csv"][..],
        &["explain", "demo.policy", "leads.csv", "--row", "1"],
        &["explain", "demo.policy", "leads.csv", "--lead", "\u{1b}[2J"],
    ] {
        let (output, shown) = run(folder.path(), arguments);
        assert!(!output.stderr.contains(&0x1b) && !output.stderr.contains(&7), "{shown:?}");
        assert!(!output.stdout.contains(&0x1b) && !output.stdout.contains(&7), "{shown:?}");
    }
}

#[test]
fn a_policy_is_compiled() {
    let folder = folder(&[("demo.policy", DEMO)]);
    let (output, _) = run(folder.path(), &["compile", "demo.policy"]);
    let (again, _) = run(folder.path(), &["compile", "demo.policy", "-o", "demo.json"]);
    assert_eq!((code(&output), code(&again)), (0, 0));
    let written = fs::read_to_string(folder.path().join("demo.json")).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), written);
    assert_eq!(policyc::ir::json::read(&written).unwrap().title, "Demo requests");
    let (text, _) = run(folder.path(), &["compile", "demo.policy", "--to", "text", "-o", "again.policy"]);
    let (again, _) = run(folder.path(), &["check", "again.policy"]);
    assert_eq!((code(&text), code(&again)), (0, 0));
    let (schema, _) = run(folder.path(), &["compile", "--to", "schema"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert_eq!(schema["title"], "policyc IR");
}

#[test]
fn codes_have_pages() {
    let folder = folder(&[]);
    let (list, _) = run(folder.path(), &["code"]);
    let list = String::from_utf8(list.stdout).unwrap();
    assert_eq!(list.lines().count(), policyc::diagnostic::Code::ALL.len());
    insta::assert_snapshot!(story(folder.path(), &[&["code", "p0501"]]));
}

#[test]
fn shells_get_completions() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (output, _) = run(folder.path(), &["completions", shell]);
        assert!(String::from_utf8(output.stdout).unwrap().contains("decide"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let rows: String = (0..200_000).map(|n| format!("L{n},4,no\n")).collect();
    let folder = folder(&[("demo.policy", DEMO), ("leads.csv", &format!("number,need,opted_out\n{rows}"))]);
    let mut command = command(folder.path(), &["decide", "demo.policy", "leads.csv"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 8];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), String::from_utf8(output.stderr).unwrap().as_str()), (0, ""));
}

#[test]
fn what_was_found_is_said_though_nobody_reads_it() {
    let faulty = format!("{DEMO}\n{}", "wrong: nurture when ned >= 3\n\n".repeat(3_000));
    let folder = folder(&[("demo.policy", &faulty)]);
    for format in ["human", "json", "sarif", "github"] {
        let mut command = command(folder.path(), &["check", "demo.policy", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}");
    }
}

#[test]
fn colours_follow_the_terminal_and_the_switch() {
    let folder = folder(&[("demo.policy", &DEMO.replace("need >= 3", "ned >= 3"))]);
    let colored = |arguments: &[&str]| run(folder.path(), arguments).0.stdout.contains(&0x1b);
    assert!(!colored(&["check", "demo.policy"]));
    assert!(!colored(&["check", "demo.policy", "--color", "never"]));
    assert!(colored(&["check", "demo.policy", "--color", "always"]));
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_repository() {
    let outside = folder(&[("secret.policy", "list secret is [\"a.com\"]\n"), ("demo.policy", DEMO)]);
    let policy = DEMO.replace("\nlead\n", "\nuse \"linked.policy\"\n\nlead\n");
    let folder = folder(&[("demo.policy", &policy), ("direct.policy", &policy.replace("linked", "../secret"))]);
    let link =
        |from: &str, to: &str| std::os::unix::fs::symlink(outside.path().join(from), folder.path().join(to)).unwrap();
    link("secret.policy", "linked.policy");
    link("demo.policy", "given.policy");
    insta::assert_snapshot!(story(folder.path(), &[&["check", "demo.policy"], &["check", "direct.policy"]]));
    // A link that the user names is followed.
    assert_eq!(code(&run(folder.path(), &["check", "given.policy"]).0), 0);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_policy_and_files_keep_their_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("loose.policy", &DEMO.replace("need >= 3", "need   >=  3"))]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe.policy")).status().unwrap().success());
    assert_eq!(code(&run(folder.path(), &["check", "pipe.policy"]).0), 2);
    let path = folder.path().join("loose.policy");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(code(&run(folder.path(), &["fmt", "loose.policy"]).0), 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}
