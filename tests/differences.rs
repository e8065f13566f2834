//! `diff` from end to end: for every lead, on real ones, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;

use std::fs;
use std::path::Path;

use binary::{folder, shown};

const DEMO: &str = include_str!("fixtures/demo.policy");

/// Several runs in one folder, as one text.
fn story(folder: &Path, runs: &[&[&str]]) -> String {
    runs.iter().map(|arguments| shown(folder, arguments)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_change_is_shown_for_every_lead_and_on_real_ones() {
    let new = DEMO.replace("need >= 3", "need >= 2");
    let words = DEMO.replace("a real need\"\n\notherwise", "needs it\"\n\notherwise");
    let timed = DEMO
        .split("\ntest")
        .next()
        .unwrap()
        .replace("  opted_out  yes or no", "  opted_out  yes or no\n  seen       date")
        .replace("need >= 3 and", "seen in the last 30 days and need >= 3 and");
    let files = [("old.policy", DEMO), ("new.policy", &new), ("words.policy", &words), ("timed.policy", &timed)];
    let folder =
        folder(&[files.as_slice(), &[("leads.csv", "number,need,opted_out\nL1,4,no\nL2,2,no\nL3,9,no\n")]].concat());
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &[
                "diff",
                "old.policy",
                "new.policy",
                "--leads",
                "leads.csv",
                "--by",
                "opted_out",
                "-o",
                "moved.csv",
                "--exit-code"
            ],
            &["diff", "old.policy", "words.policy", "--exit-code"],
            &["diff", "old.policy", "timed.policy", "--leads", "leads.csv"],
            &["diff", "old.policy", "new.policy", "--leads", "-", "--input-format", "csv"],
            &["diff", "old.policy", "new.policy", "--leads", "leads.csv", "--by", "needs"],
            &["diff", "old.policy", "none.policy"],
        ]
    ));
    assert_eq!(
        fs::read_to_string(folder.path().join("moved.csv")).unwrap(),
        "lead,from,to,old_rule,new_rule,change\nL2,nurture,pass to sales,otherwise,pass-to-sales-a-real-need,1\n"
    );
}

/// What is not compared is never called the same: how a cell is read. An as-of time that nobody gave is not spoken of.
#[test]
fn a_cell_that_is_read_in_another_way_leaves_the_answer_open() {
    let old = DEMO.split("\ntest").next().unwrap().replacen("\n\nlead", "\n  in force from 2026-01-01\n\nlead", 1);
    assert!(old.contains("in force"));
    let column = old.replace("whole number from 0 to 5", "whole number from 0 to 5, from \"urgency\"");
    let spelled = old.replace("whole number from 0 to 5", "whole number from 0 to 5, else missing");
    let leads = "number,need,urgency,opted_out\nL1,4,1,no\nL2,2,2,no\nL3,1,5,no\n";
    let folder =
        folder(&[("old.policy", &old), ("new.policy", &column), ("same.policy", &spelled), ("leads.csv", leads)]);
    insta::assert_snapshot!(story(
        folder.path(),
        &[
            &["diff", "old.policy", "new.policy", "--exit-code"],
            &["diff", "old.policy", "new.policy", "--leads", "leads.csv", "--exit-code"],
            &["diff", "old.policy", "new.policy", "--leads", "leads.csv", "--format", "markdown"],
            &["diff", "old.policy", "new.policy", "--leads", "leads.csv", "--format", "json"],
            &["diff", "old.policy", "same.policy", "--leads", "leads.csv", "--exit-code"],
        ]
    ));
}

#[test]
fn rows_are_counted_by_the_values_of_a_field_in_their_order() {
    let old = DEMO.split("\ntest").next().unwrap();
    let old =
        old.replace("  opted_out ", "  role       ranked [Staff < Manager < VP]\n  city       text\n  opted_out ");
    let new = old.replace("need >= 3", "need >= 2");
    let rows = ["5,VP,Bonn", "2,VP,Ulm", "2,Staff,Ulm", "2,Manager,Bonn", "3,Manager,Ulm", "2,,", ",Staff,Bonn"];
    let rows: Vec<String> = (1..).zip(rows).map(|(number, row)| format!("L{number},{row},no\n")).collect();
    let leads = format!("number,need,role,city,opted_out\n{}", rows.concat());
    let folder = folder(&[("old.policy", &old), ("new.policy", &new), ("leads.csv", &leads)]);
    let by =
        ["diff", "old.policy", "new.policy", "--leads", "leads.csv", "--by", "role", "--by", "need", "--by", "city"];
    let markdown = [by.as_slice(), &["--format", "markdown"]].concat();
    insta::assert_snapshot!(story(folder.path(), &[&by, &markdown]));
}
