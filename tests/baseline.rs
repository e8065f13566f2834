//! Baselines from end to end: what was there before is known, what is new fails, and what is done is told.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use std::fs;
use std::path::Path;

use binary::{code, folder, out, run, shown};

/// A policy with one warning for each of these rules.
fn policy(rules: &[&str]) -> String {
    let head = "policy \"Demo\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  pass to sales\n  nurture\n\n\
                first: pass to sales when need >= 3\n\n";
    format!("{head}{}otherwise nurture\n", rules.iter().map(|rule| format!("{rule}\n\n")).collect::<String>())
}

const OLD: &str = "old: pass to sales when need >= 4";
const NEW: &str = "new: pass to sales when need is 5";

fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let repository = folder(&[(".git/HEAD", "")]);
    files.iter().for_each(|(path, text)| put(repository.path(), path, text));
    repository
}

/// Writes a policy under a title of its own: those of one title are versions of one policy.
fn put(folder: &Path, path: &str, text: &str) {
    binary::put(folder, path, &text.replace("\"Demo\"", &format!("\"Demo {path}\"")));
}

fn read(folder: &Path) -> String {
    fs::read_to_string(folder.join("known.json")).unwrap()
}

/// How `check --deny warnings` ends, and what it says on standard error.
fn checked(folder: &Path) -> (i32, String) {
    let output = run(folder, &["check", "--deny", "warnings", "--baseline", "known.json", "."]);
    (code(&output), String::from_utf8(output.stderr).unwrap())
}

fn write(folder: &Path, paths: &[&str]) -> i32 {
    let arguments = [&["check", "--deny", "warnings", "--write-baseline", "known.json"], paths].concat();
    code(&run(folder, &arguments))
}

#[test]
fn what_was_there_is_known_and_what_is_new_fails() {
    let repository = repository(&[("a.policy", &policy(&[OLD])), ("b.policy", &policy(&[OLD, NEW]))]);
    let folder = repository.path();
    insta::assert_snapshot!(
        [
            shown(folder, &["check", "--write-baseline", "known.json", "."]),
            read(folder),
            shown(folder, &["check", "--deny", "warnings", "--baseline", "known.json", "."]),
            shown(folder, &["check", "--baseline", "known.json", "--format", "json", "."]),
        ]
        .join("\n")
    );
    put(folder, "a.policy", &policy(&[OLD, NEW]));
    assert_eq!(checked(folder), (1, String::new()));
    insta::assert_snapshot!(shown(folder, &["check", "--baseline", "known.json", "."]));
}

#[test]
fn entries_survive_moved_lines_another_layout_and_a_look_from_elsewhere() {
    let repository = repository(&[("p/a.policy", &policy(&[OLD, NEW]))]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    let before = read(folder);
    let other = "# new\n\n\nold:   pass to sales   # why not\n    when need>=4";
    put(folder, "p/a.policy", &policy(&[NEW, other]).replace("policy \"Demo\"", "# moved\n\npolicy \"Demo\""));
    assert_eq!(checked(folder), (0, String::new()));
    assert_eq!(write(folder, &["."]), 0);
    assert_eq!(read(folder), before, "the same findings are the same bytes");
    assert_eq!(code(&run(folder, &["fmt", "."])), 0);
    assert_eq!(checked(folder), (0, String::new()));
    let within = run(&folder.join("p"), &["check", "--deny", "warnings", "--baseline", "../known.json", "a.policy"]);
    assert_eq!(code(&within), 0, "{}", out(&within));
    // A list over several lines may end in a comma.
    let list = |list: &str| policy(&[&format!("old: pass to sales when need in {list} and need >= 4")]);
    put(folder, "p/a.policy", &list("[4, 5]"));
    assert_eq!(write(folder, &["."]), 0);
    put(folder, "p/a.policy", &list("[\n      4,\n      5,\n    ]"));
    assert_eq!(checked(folder), (0, String::new()));
    // Another threshold is another finding.
    put(folder, "p/a.policy", &policy(&[&OLD.replace('4', "5"), NEW]));
    assert_eq!(checked(folder).0, 1);
}

#[test]
fn two_findings_that_are_alike_are_two() {
    let twice = "define again as need is 1 and need is 1 and need is 1\n\ncalled: pass to sales when again";
    let thrice =
        "define again as need is 1 and need is 1 and need is 1 and need is 1\n\ncalled: pass to sales when again";
    let repository = repository(&[("a.policy", &policy(&[twice]))]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    let entries = |text: &str| text.matches("fingerprint").count();
    let known = entries(&read(folder));
    assert!(known >= 2, "{}", read(folder));
    // One entry less: one of those that are alike is new.
    let text = read(folder);
    let first = text.lines().find(|line| line.contains("fingerprint")).unwrap();
    put(folder, "known.json", &text.replacen(&format!("{first}\n"), "", 1));
    let output = out(&run(folder, &["check", "--baseline", "known.json", "."]));
    assert!(output.contains(&format!("1 warning in 1 file; {} known", known - 1)), "{output}");
    put(folder, "a.policy", &policy(&[thrice]));
    assert_eq!(checked(folder).0, 1);
}

#[test]
fn what_is_done_is_told_and_goes_with_the_next_writing() {
    let repository =
        repository(&[("a.policy", &policy(&[OLD, NEW])), ("b.policy", &policy(&[OLD])), ("c.policy", &policy(&[OLD]))]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    assert_eq!(read(folder).matches("fingerprint").count(), 4);
    put(folder, "a.policy", &policy(&[OLD]));
    fs::remove_file(folder.join("c.policy")).unwrap();
    let (ended, told) = checked(folder);
    assert_eq!(ended, 0);
    assert!(told.contains("`known.json` has 2 entries that match nothing any more"), "{told}");
    // Whoever looks at one file only knows nothing of the other, and leaves it as it is.
    let output = run(folder, &["check", "--baseline", "known.json", "b.policy"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("a.policy"));
    assert_eq!(write(folder, &["b.policy"]), 0);
    assert_eq!(read(folder).matches("a.policy").count(), 2);
    assert_eq!(read(folder).matches("c.policy").count(), 0, "its file is gone");
    assert_eq!(write(folder, &["."]), 0);
    assert_eq!(read(folder).matches("fingerprint").count(), 2);
    assert_eq!(checked(folder), (0, String::new()));
}

#[test]
fn errors_are_never_known_and_hide_nothing_of_what_is() {
    let repository = repository(&[("a.policy", &policy(&[OLD]))]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    let before = read(folder);
    put(folder, "a.policy", &policy(&[OLD, "wrong: pass to sales when ned >= 4"]));
    let (ended, told) = checked(folder);
    assert_eq!((ended, told.as_str()), (1, ""), "a policy with errors is not proved: nothing is known of the rest");
    assert_eq!(write(folder, &["."]), 1);
    assert_eq!(read(folder), before);
    put(folder, "a.policy", &policy(&[OLD]).replace("first:", "never pass to sales when need is 3\n\nfirst:"));
    assert_eq!(write(folder, &["."]), 1, "a claim that does not hold is an error");
    assert_eq!(read(folder), before);
    assert_eq!(checked(folder), (1, String::new()));
}

#[test]
fn what_is_no_baseline_is_neither_used_nor_written_over() {
    let repository = repository(&[("a.policy", &policy(&[OLD]))]);
    let folder = repository.path();
    for text in
        ["", "{}", "{\"version\": 2, \"known\": []}", "<<<<<<< ours\n", "{\"version\": 1, \"known\": [{\"code\": 1}]}"]
    {
        put(folder, "known.json", text);
        for switch in ["--baseline", "--write-baseline"] {
            let output = run(folder, &["check", switch, "known.json", "."]);
            assert_eq!(code(&output), 2, "{text}");
            assert!(String::from_utf8_lossy(&output.stderr).contains("is no baseline of policyc"));
        }
        assert_eq!(read(folder), text);
    }
    for (switch, path) in [("--baseline", "none.json"), ("--baseline", "."), ("--write-baseline", "a.policy")] {
        assert_eq!(code(&run(folder, &["check", switch, path, "a.policy"])), 2, "{switch} {path}");
    }
    assert_eq!(fs::read_to_string(folder.join("a.policy")).unwrap(), policy(&[OLD]).replace("Demo", "Demo a.policy"));
    let of_a_revision = run(folder, &["check", "--baseline", "HEAD:known.json", "a.policy"]);
    let said = String::from_utf8_lossy(&of_a_revision.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("`git show HEAD:known.json > known.json` writes") && !said.contains("--write"), "{said}");
}

#[test]
fn what_hangs_on_other_files_is_not_outdated_without_them() {
    let versions = [version_of("2026-01-01 until 2026-07-01"), version_of("2026-06-01")];
    let repository = repository(&[("a.policy", &versions[0]), ("b.policy", &versions[1])]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    assert!(read(folder).contains("P0240"), "{}", read(folder));
    assert_eq!(checked(folder), (0, String::new()));
    let alone = shown(folder, &["check", "--deny", "warnings", "--baseline", "known.json", "a.policy"]);
    assert!(alone.ends_with("--- standard error\n--- exit 0\n"), "{alone}");
    // Nor is it forgotten by whoever writes for one of them.
    assert_eq!(write(folder, &["b.policy"]), 0);
    assert!(read(folder).contains("P0240"), "{}", read(folder));
}

#[test]
fn what_says_nothing_of_its_days_is_known_or_allowed_at_its_title() {
    let always = version_of("2026-01-01").replace("  in force from 2026-01-01\n", "");
    let repository = repository(&[("a.policy", &always), ("b.policy", &always)]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    assert!(read(folder).contains("P0240"), "{}", read(folder));
    assert_eq!(checked(folder), (0, String::new()));
    // An allowed one is none: only the rule that never decides is known anew.
    let allowed = format!("# allow P0240: both are asked for by name\n{always}");
    put(folder, "b.policy", &allowed);
    fs::remove_file(folder.join("known.json")).unwrap();
    assert_eq!(write(folder, &["."]), 0);
    assert!(!read(folder).contains("P0240") && read(folder).contains("P0402"), "{}", read(folder));
    assert_eq!(checked(folder), (0, String::new()));
}

/// A version of one policy, in force on some days.
fn version_of(days: &str) -> String {
    policy(&[OLD]).replace("policy \"Demo\"\n", &format!("policy \"Calls\"\n  in force from {days}\n"))
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let configuration = "[check]\nbaseline = \"known.json\"\n";
    let repository = repository(&[("a.policy", &policy(&[OLD])), ("library.policy", "define bar as 3\n")]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    binary::put(folder, "policyc.toml", configuration);
    let before = read(folder);
    let refused = |arguments: &[&str], file: &str| {
        let output = run(folder, &[&["check", "."], arguments].concat());
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!((code(&output), out(&output)), (2, String::new()), "{arguments:?}");
        assert!(said.contains(&format!("`{file}` would be overwritten: choose another file")), "{said}");
    };
    refused(&["--proof", "new.json", "--write-baseline", "new.json"], "new.json");
    refused(&["--proof", "./policyc.toml"], "./policyc.toml");
    refused(&["--proof", "known.json"], "known.json");
    refused(&["--proof", "known.json", "--write-baseline", "new.json"], "known.json");
    refused(&["--proof", "library.policy"], "library.policy");
    refused(&["--write-baseline", "policyc.toml"], "policyc.toml");
    refused(&["--write-baseline", "a.policy"], "a.policy");
    fs::copy(folder.join("known.json"), folder.join("other.json")).unwrap();
    refused(&["--proof", "other.json", "--baseline", "other.json"], "other.json");
    assert!(!folder.join("new.json").exists());
    assert_eq!(
        (read(folder), fs::read_to_string(folder.join("policyc.toml")).unwrap()),
        (before, configuration.into())
    );
    // A baseline may be written anew, beside a proof.
    assert_eq!(code(&run(folder, &["check", ".", "--write-baseline", "known.json", "--proof", "proof.txt"])), 0);
}

#[test]
fn a_merge_that_is_not_settled_is_told_as_one() {
    let repository = repository(&[("a.policy", &policy(&[OLD]))]);
    let folder = repository.path();
    assert_eq!(write(folder, &["."]), 0);
    let known = read(folder);
    let text = known.replace("  \"known\": [\n", "  \"known\": [\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n");
    binary::put(folder, "known.json", &text);
    for more in ["--baseline", "--write-baseline"] {
        let output = run(folder, &["check", ".", more, "known.json"]);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = "policyc: a merge has left both of its sides in `known.json`, line 4: take one of them (`git checkout --theirs \
                        known.json`), and `--write-baseline known.json` adds what the other had";
        assert_eq!((code(&output), said.as_str()), (2, expected), "{more}");
    }
    assert_eq!(read(folder), text);
}

#[test]
fn a_gap_or_an_overlap_of_other_days_is_another_one() {
    for (known, other) in [("2026-06-29", "2026-01-31"), ("2026-07-01", "2027-06-30")] {
        let first = |until: &str| version_of(&format!("2026-01-01 until {until}"));
        let folder = repository(&[("a.policy", &first(known)), ("b.policy", &version_of("2026-07-01"))]);
        let root = folder.path();
        assert_eq!(write(root, &["."]), 0);
        assert_eq!(checked(root).0, 0, "{known}");
        put(root, "a.policy", &first(other));
        assert_eq!(checked(root).0, 1, "{other}");
    }
}
