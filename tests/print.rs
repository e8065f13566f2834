//! The printer of policies: what it prints of the project's own policies and cases checks without an error to a policy that
//! prints the same and decides the same; and none of them loses anything as JSON.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use policyc::diagnostic::Severity;
use policyc::eval::Evaluator;
use policyc::ir::{Policy, json, print};
use policyc::lower::{Checked, check};
use policyc::source::{Files, ReadError};
use proptest::prelude::*;
use support::ir_gen::{Dice, as_of, lead, policies};

struct Root;

impl Files for Root {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).map_err(|_| ReadError::NotFound)
    }
}

/// All policies of the project that check, with their paths.
fn ours() -> Vec<(String, Policy)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["policies", "tests/cases", "tests/fixtures"] {
        below(&root.join(folder), &mut paths);
    }
    paths.sort();
    let relative = paths.iter().map(|p| p.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
    relative.filter_map(|path| Some((path.clone(), check(&path, &Root).policy?))).collect()
}

fn below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, paths);
        } else if path.extension().is_some_and(|e| e == "policy") {
            paths.push(path);
        }
    }
}

#[test]
fn what_is_printed_is_the_same_policy() {
    let ours = ours();
    assert!(ours.len() > 20, "only {} policies check", ours.len());
    let mut problems = String::new();
    for (path, policy) in ours {
        assert_eq!(json::read(&json::write(&policy)).as_ref(), Ok(&policy), "{path}");
        let text = print::policy(&policy);
        let files = HashMap::from([("printed.policy".to_owned(), text.clone())]);
        let Checked { policy: again, diagnostics, sources, .. } = check("printed.policy", &files);
        for finding in diagnostics.iter().filter(|d| d.severity == Severity::Error) {
            let place = finding.span().map(|s| sources.place(s)).unwrap_or_default();
            writeln!(problems, "{path}: {place} {}\n{text}", finding.message).unwrap();
        }
        let Some(again) = again else { continue };
        if print::policy(&again) != text {
            writeln!(problems, "{path} prints differently:\n{text}\n----\n{}", print::policy(&again)).unwrap();
        }
        let (old, new) = (Evaluator::new(&policy, as_of()), Evaluator::new(&again, as_of()));
        for seed in 0..50u16 {
            let lead = lead(&policy, &mut Dice::new((0..200).map(|i| i * 7 + seed * 13).collect()));
            assert_eq!(old.decide(&lead), new.decide(&lead), "{path}: {lead:?}");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever the policy, it prints, and shows nothing of how it is made.
    #[test]
    fn every_policy_prints(policy in policies()) {
        let text = print::policy(&policy);
        for trace in ["FieldId", "Some(", "None", "Choice", "Span", "{"] {
            prop_assert!(!text.contains(trace), "{trace} in\n{text}");
        }
    }
}
