//! What earlier releases have decided comes out again: `tests/replay` has policies, their digests, and logs of decisions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use policyc::digest;
use policyc::eval::Evaluator;
use policyc::explain::{View, Wanted, explain};
use policyc::ir::Policy;
use policyc::log::replay::differences;
use policyc::log::{Entry, Inputs};
use policyc::lower;
use policyc::source::{Files, ReadError};

/// The files of a release.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

impl Folder {
    fn policy(&self, path: &str) -> Policy {
        let checked = lower::check(path, self);
        checked.policy.unwrap_or_else(|| panic!("{path}: {:#?}", checked.diagnostics))
    }
}

/// The folders of all releases.
fn releases() -> Vec<Folder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().map(Folder).collect()
}

/// A release that works out another digest for one of these can replay nothing.
#[test]
fn digests_of_earlier_releases_are_what_they_were() {
    for folder in releases() {
        let digests = fs::read_to_string(folder.0.join("digests.txt")).unwrap();
        assert!(digests.lines().count() > 0);
        for line in digests.lines() {
            let (frozen, path) = line.split_once("  ").unwrap();
            let policy = folder.policy(path);
            assert_eq!(digest::policy(&policy), frozen, "{path}\n{}", digest::canonical(&policy));
        }
    }
}

#[test]
fn decisions_of_earlier_releases_come_out_again() {
    let (mut lines, mut rules, mut personal) = (0, BTreeSet::new(), 0);
    for folder in releases() {
        let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
        let logs = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path());
        for log in logs.filter(|path| path.extension().is_some_and(|ending| ending == "log")) {
            for line in fs::read(&log).unwrap().split_inclusive(|byte| *byte == b'\n') {
                let entry = Entry::read(line).unwrap();
                let policy = policies.entry(entry.policy.clone()).or_insert_with_key(|path| folder.policy(path));
                assert_eq!(digest::policy(policy), entry.digest, "{}", log.display());
                let lists: Vec<(String, String)> =
                    entry.lists.iter().map(|list| (list.name.clone(), list.digest.clone())).collect();
                assert_eq!(digest::lists(policy), lists);
                let (inputs, misfits) = Inputs::new(policy, &entry);
                let evaluator = Evaluator::new(policy, entry.as_of);
                let found = differences(&evaluator, &entry, &inputs, &misfits, &entry.policyc);
                assert_eq!(found, [], "{}: {}", log.display(), entry.lead);
                let view = View {
                    name: &entry.lead,
                    show_personal: false,
                    line_of: &|_| None,
                    wanted: Wanted::Nothing,
                    held: &BTreeSet::new(),
                    told: inputs.told.as_ref(),
                };
                let explanation = explain(&evaluator, &inputs.lead, &view);
                assert_eq!((explanation.decision, explanation.rule.name), (entry.decision, entry.rule.clone()));
                lines += 1;
                personal += usize::from(inputs.told.is_some());
                rules.insert((entry.policy, entry.rule));
            }
        }
    }
    assert!(lines > 400 && rules.len() > 50 && personal > 300, "{lines} {} {personal}", rules.len());
}
