//! Who is asked about a change is the same in a git repository, wherever files go and however a side is read: random agreements and edits of
//! them, committed or not, with the policy moved, copied, joined by another version, linked to, or left out of `policyc.toml`.
//!
//! `POLICYC_CASES` has more of them tried, `POLICYC_FROM` others.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod agreement;
    pub(crate) mod git;
}

use std::collections::BTreeSet;

use support::agreement::covers::cover;
use support::agreement::dice::Dice;
use support::agreement::edits::edit;
use support::agreement::held::{Checked, Rows, Said, rows};
use support::agreement::written::PATH;
use support::agreement::{Agreement, number};
use support::git::{Repo, review_json};

const CONFIG: &str = "policies = [\"policies\"]\n";

/// What is done with the files besides.
const WAYS: [&str; 11] = [
    "nothing",
    "moved within",
    "moved out",
    "moved and retitled",
    "linked to",
    "narrowed configuration",
    "no configuration",
    "copied",
    "a later version",
    "ends of lines",
    "ignored",
];

#[test]
fn a_repository_makes_no_difference() {
    let rows = rows();
    let (from, cases) = (number("POLICYC_FROM", 0), number("POLICYC_CASES", 44));
    let mut found = Vec::new();
    for seed in from..from + cases {
        found.extend(case(seed, &rows));
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn case(seed: u64, rows: &Rows) -> Option<String> {
    let mut dice = Dice::new(seed ^ 0x617);
    let (base, head) = loop {
        let Some(base) = Checked::new(Agreement::of(&mut dice), rows) else { continue };
        let mut head = base.agreement.clone();
        if edit(&mut head, &mut dice).is_none() {
            continue;
        }
        for _ in 0..dice.roll(3) {
            cover(&mut head, &mut dice);
        }
        if let Some(head) = Checked::new(head, rows) {
            break (base, head);
        }
    };
    let wanted: BTreeSet<String> = Said::of(&base, &head).asked;
    let repo = Repo::new();
    for (path, text) in base.agreement.files() {
        repo.write(&path, text);
    }
    repo.write("policyc.toml", CONFIG);
    repo.commit("The agreement");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    for path in base.agreement.files().keys() {
        std::fs::remove_file(repo.root.join(path)).unwrap();
    }
    let way = WAYS[usize::try_from(seed).unwrap() % WAYS.len()];
    write(&repo, &head.agreement, way);
    let asked = |more: &[&str]| -> BTreeSet<String> {
        let review = review_json(&repo, more);
        review["approvals"].as_array().unwrap().iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect()
    };
    let there = asked(&[]);
    repo.commit("The change");
    let committed = asked(&["--head", "change"]);
    let everybody: BTreeSet<String> = base.agreement.everybody().into_iter().map(str::to_owned).collect();
    let of_base: BTreeSet<String> = wanted.intersection(&everybody).cloned().collect();
    let wrong = match way {
        "nothing" | "moved within" | "ends of lines" => there != wanted,
        // What rules what counts, and another version, are for all.
        "narrowed configuration" | "no configuration" | "a later version" => !everybody.is_subset(&there),
        _ => !of_base.is_subset(&there),
    };
    // Of what git ignores, a commit knows nothing.
    let differs = if way == "ignored" { !of_base.is_subset(&committed) } else { there != committed };
    (wrong || differs)
        .then(|| format!("{seed}, {way}: wanted {wanted:?}, {there:?} in the files, {committed:?} in the commit"))
}

/// Writes a head into the work tree.
fn write(repo: &Repo, head: &Agreement, way: &str) {
    for (path, text) in head.files() {
        let text = if way == "ends of lines" { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
        let is_policy = path == PATH;
        let path = match way {
            "moved within" | "moved and retitled" if is_policy => "policies/others.policy".to_owned(),
            "moved out" if is_policy => "elsewhere/inbound.policy".to_owned(),
            // The files of lists stand beside the policy.
            "moved out" if path.starts_with("policies/") => path.replace("policies/", "elsewhere/"),
            "linked to" if is_policy => "policies/hidden.txt".to_owned(),
            _ => path,
        };
        let text = if way == "moved and retitled" && is_policy {
            let (first, rest) = text.split_once('\n').unwrap();
            format!("policy \"Another\"{}\n{rest}", if first.ends_with('\r') { "\r" } else { "" })
        } else {
            text
        };
        if is_policy && way == "copied" {
            repo.write("policies/copy.policy", text.replacen("policy \"", "policy \"Copy of ", 1));
        }
        if is_policy && way == "a later version" {
            repo.write("policies/later.policy", text.replace("in force from 2026-01-01", "in force from 2027-01-01"));
        }
        repo.write(&path, text);
    }
    match way {
        "linked to" => std::os::unix::fs::symlink("hidden.txt", repo.root.join(PATH)).unwrap(),
        "narrowed configuration" => repo.write("policyc.toml", "policies = [\"policies/none\"]\n"),
        "no configuration" => std::fs::remove_file(repo.root.join("policyc.toml")).unwrap(),
        "ignored" => repo.write(".gitignore", "policies/*.policy\n"),
        _ => {}
    }
}
