//! What the name of a file says: of a workbook what to do with it, and nothing to the terminal or to whoever reads the lines of a job.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod binary;
}

use support::binary::{code, folder, out, put, run};

const POLICY: &str = "policy \"Calls\"\n\nlead\n  ref   id\n  need  whole number from 0 to 5\n\ndecisions, best first\n  call\n  wait\n\ncall when need >= 3\n\notherwise wait\n";

/// Everything that a run said, in one line.
fn said(output: &std::process::Output) -> String {
    [out(output), String::from_utf8(output.stderr.clone()).unwrap()].concat()
}

#[test]
fn a_workbook_is_to_be_saved_as_csv() {
    let folder = folder(&[("p.policy", POLICY)]);
    for name in ["leads.xlsx", "Leads.XLS", "leads.xlsm", "leads.xlsb", "leads.ods", "leads.xlsx.gz"] {
        put(folder.path(), name, "PK\u{3}\u{4}");
        for verb in [&["decide", "p.policy", name][..], &["init", name], &["explain", "p.policy", name, "--lead", "A"]]
        {
            let output = run(folder.path(), verb);
            let said = said(&output).split_whitespace().collect::<Vec<_>>().join(" ");
            let told = format!(
                "policyc: `{name}` is called like a workbook, and those cannot be read: save it as CSV first; if it is text after all, call it `.csv`"
            );
            assert_eq!((code(&output), said), (2, told), "{verb:?}");
        }
    }
    // Whoever knows better says so.
    put(folder.path(), "text.xls", "ref,need\nA,4\n");
    let output =
        run(folder.path(), &["decide", "p.policy", "text.xls", "--input-format", "csv", "--as-of", "2026-01-01"]);
    assert_eq!(code(&output), 0, "{output:?}");
    // What is no workbook by its name gets no such advice.
    put(folder.path(), "leads.txt", "ref,need\nA,4\n");
    assert!(said(&run(folder.path(), &["decide", "p.policy", "leads.txt"])).contains("say how `leads.txt` is written"));
}

#[test]
#[cfg(unix)]
fn no_name_steers_what_shows_it() {
    let policy = "p/e\u{1b}[31mv\\il\n::error::x\r.policy";
    let library = "p/l\u{1b}[31mv\n::error::x\r.policy";
    let leads = "p/l\u{1b}[31mv\n::error::x\r.csv";
    let files =
        [(policy, POLICY), (leads, "ref,need\nA,4\nB,x\n"), (library, "list a is [\"b\"]\n"), ("p/b.policy", POLICY)];
    let folder = folder(&files);
    let runs: &[&[&str]] = &[
        &["test", "--generate", policy],
        &["test", "--generate", "p"],
        &["test", "--generate", "--append", policy],
        &["test", "--generate", "--append", policy],
        &["test", "--coverage", policy],
        &["check", "p"],
        &["fmt", "p"],
        &["decide", policy, leads, "--as-of", "2026-01-01"],
        &["explain", policy, leads, "--lead", "A"],
        &["init", leads],
        &["diff", policy, "p/b.policy"],
        &["git-diff", library, library, "aaaa", "100644", library, "bbbb", "100644"],
        &["owners", "p"],
    ];
    for arguments in runs {
        let said = said(&run(folder.path(), arguments));
        let is_raw = said.contains(['\u{1b}', '\r']) || said.lines().any(|line| line.trim_start().starts_with("::"));
        assert!(!is_raw, "{arguments:?}: {said:?}");
    }
}
