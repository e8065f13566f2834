//! `docs/schemas` is what the program says, and what the program writes is what `docs/schemas` says.
//!
//! `UPDATE_SCHEMA=1 cargo test --test schemas` writes them anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/binary.rs"]
mod binary;
#[path = "support/git.rs"]
mod git;
#[path = "support/json_schema.rs"]
mod json_schema;

use std::fs;
use std::path::{Path, PathBuf};

use binary::{code, folder, out, put, run};
use policyc::render::{history, json, owners, reject};
use policyc::{diff, explain, ir, log, review, triage};
use serde_json::Value;

fn published() -> [(&'static str, schemars::Schema); 11] {
    [
        ("baseline", triage::baseline_schema()),
        ("check", json::check_schema()),
        ("compile", ir::json::schema()),
        ("diff", diff::report::schema()),
        ("explain", explain::schema()),
        ("history", history::schema()),
        ("owners", owners::schema()),
        ("rejected", reject::schema()),
        ("replay", log::replay::schema()),
        ("review", review::schema()),
        ("test", json::test_schema()),
    ]
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schemas/{name}.json"))
}

#[test]
fn the_published_schemas_are_up_to_date() {
    for (name, schema) in published() {
        let schema = json::text(&schema);
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(path(name), &schema).unwrap();
        }
        assert!(
            fs::read_to_string(path(name)).unwrap_or_default() == schema,
            "docs/schemas/{name}.json is not up to date"
        );
    }
    let files = fs::read_dir(path("check").parent().unwrap()).unwrap().count();
    assert_eq!(files, published().len(), "there is a schema that nobody writes");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).unwrap();
    for (name, _) in published() {
        assert!(page.contains(&format!("(schemas/{name}.json)")), "docs/cli.md does not name the schema `{name}`");
    }
}

/// Runs the binary on the policies of the repository: what it writes has to fit the schema.
fn fits(name: &str, folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, arguments);
    assert!(code(&output) < 2, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let value = serde_json::from_str(&out(&output)).unwrap();
    holds(name, &value);
    value
}

fn holds(name: &str, value: &Value) {
    let schema = serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap();
    assert_eq!(json_schema::faults(&schema, value), Vec::<String>::new(), "{name}");
    // The schema says more than that there is an object.
    assert!(!json_schema::faults(&schema, &serde_json::json!({})).is_empty(), "{name}");
}

#[test]
fn what_is_written_fits_its_schema() {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let b2b = ["b2b/b2b.policy", "b2b/leads.csv", "--as-of", "2024-03-01"];
    fits("check", &policies, &["check", "--format", "json", "--overlaps", "--missing", "--gaps", "b2b", "consent"]);
    fits("test", &policies, &["test", "--format", "json", "--coverage", "b2b", "consent"]);
    for policy in ["b2b/b2b.policy", "consent/consent.policy", "funnel/funnel.policy"] {
        fits("compile", &policies, &["compile", policy]);
    }
    fits("explain", &policies, &[&["explain"], &b2b[..], &["--format", "json", "--lead", "lead_000004"]].concat());
    let why_not = ["--format", "json", "--lead", "lead_000004", "--why-not", "pass to sales"];
    fits("explain", &policies, &[&["explain"], &b2b[..], &why_not].concat());
    let decisions = tempfile::tempdir().unwrap();
    let path = decisions.path().join("decisions.log");
    let path = path.to_str().unwrap();
    let logged = ["--log", path, "-q", "--allow-rejects", "-o", "/dev/null"];
    assert!(code(&run(&policies, &[&["decide"], &b2b[..], &logged].concat())) < 2);
    fits("replay", &policies, &["explain", "--log", path, "--lead", "lead_000004", "--format", "json"]);
}

#[test]
fn a_review_and_owners_fit_their_schemas() {
    let repo = git::Repo::new();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    for file in ["b2b/b2b.policy", "b2b/leads.csv", "consent/consent.policy"] {
        repo.write(file, fs::read(policies.join(file)).unwrap());
    }
    repo.commit("The agreements");
    let text = fs::read_to_string(policies.join("b2b/b2b.policy")).unwrap();
    repo.write("b2b/b2b.policy", text.replace("deal_size >= $100k", "deal_size >= $150k"));
    repo.write("b2b/new.policy", "policy \"New\"\n");
    fs::remove_file(repo.root.join("consent/consent.policy")).unwrap();
    let leads =
        ["--leads", "b2b/leads.csv", "--as-of", "2024-03-01", "--by", "source", "--outcome", "won_within_90_days"];
    let review = ["review", "--base", "main", "--format", "json", "--approved-by", "sales", "."];
    let ran = repo.policyc(&[&review[..], &leads[..]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    holds("review", &serde_json::from_str(&ran.out).unwrap());
    fits("owners", &policies, &["owners", "--format", "json", "."]);
}

#[test]
fn a_history_fits_its_schema() {
    let repo = git::Repo::new();
    for (need, message) in [(">= 3", "one"), (">= 4", "two")] {
        repo.write("old.policy", OLD.replace(">= 3", need));
        repo.commit(message);
    }
    let ran = repo.policyc(&["history", "old.policy", "--format", "json"]);
    holds("history", &serde_json::from_str(&ran.out).unwrap());
}

const OLD: &str = "policy \"Demo\"\n\nlead\n  number  id\n  need    whole number from 0 to 5\n  spare   yes or no\n\ndecisions\n  pass to sales\n  nurture\n  call\n\n\
                   pass to sales when need >= 3 and need >= 2\n\notherwise nurture\n\n\
                   test \"a need\"\n  given need 1\n  expect pass to sales\n";

#[test]
fn faults_changes_and_baselines_fit_their_schemas() {
    let folder = folder(&[("old.policy", OLD), ("new.policy", &OLD.replace(">= 3", ">= 4"))]);
    put(folder.path(), "leads.csv", "number,need,spare\nL1,3,yes\nL2,9,no\n");
    let checked = fits("check", folder.path(), &["check", "--format", "json", "old.policy"]);
    assert!(checked["findings"].as_array().unwrap().len() >= 2, "{checked}");
    let tested = fits("test", folder.path(), &["test", "--format", "json", "old.policy"]);
    assert_eq!(tested["failed"], 1);
    let changed =
        fits("diff", folder.path(), &["diff", "--format", "json", "old.policy", "new.policy", "--leads", "leads.csv"]);
    assert_eq!(changed["verdict"], "changed");
    let explain = ["explain", "old.policy", "leads.csv", "--as-of", "2026-10-01", "--format", "json", "--lead"];
    fits("explain", folder.path(), &[&explain[..], &["L1"]].concat());
    fits("rejected", folder.path(), &[&explain[..], &["L2"]].concat());
    run(folder.path(), &["check", "--write-baseline", "known.json", "old.policy"]);
    let known: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("known.json")).unwrap()).unwrap();
    assert!(known["known"].as_array().unwrap().len() >= 2, "{known}");
    holds("baseline", &known);
    let known = fits("check", folder.path(), &["check", "--format", "json", "--baseline", "known.json", "old.policy"]);
    assert!(known["known"].as_u64().unwrap() >= 2);
    put(folder.path(), "broken.policy", "policy \"x\"\n\nlead\n  need  whole nmber\n");
    fits("check", folder.path(), &["check", "--format", "json", "broken.policy"]);
    fits("test", folder.path(), &["test", "--format", "json", "broken.policy"]);
}
