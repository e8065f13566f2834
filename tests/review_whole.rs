//! `policyc review` of a whole repository: several policies and versions of them, and what counts when nobody says which.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use serde_json::Value;
use support::{Ran, Repo};

/// A policy that passes leads from a need on.
fn policy(title: &str, need: u32) -> String {
    format!(
        "policy \"{title}\"
  owned by marketing, sales

lead
  id    id
  need  whole number from 0 to 5

decisions, best first
  pass to sales
  nurture

hot: pass to sales when need >= {need}

otherwise nurture
"
    )
}

/// The first lines: the headline, the leads, who must approve and what stands in the way, each in one line.
fn first_lines(ran: &Ran) -> Vec<String> {
    let page = ran.out.split("\n\nWhat merging").next().unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in page.lines().filter(|line| !line.is_empty()) {
        match lines.last_mut() {
            Some(last) if line.starts_with("   ") => last.push_str(&format!(" {}", line.trim())),
            Some(_) | None => lines.push(line.to_owned()),
        }
    }
    lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn json(repo: &Repo, more: &[&str]) -> Value {
    let ran = repo.policyc(&[&["review", "--base", "main", "--format", "json"], more].concat());
    assert!(ran.code < 2, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

/// The paths of the policies that changed, and how many did not.
fn seen(review: &Value) -> (Vec<&str>, u64) {
    let paths = review["policies"].as_array().unwrap().iter().map(|policy| policy["path"].as_str().unwrap());
    (paths.collect(), review["unchanged"].as_u64().unwrap())
}

#[test]
fn without_a_configuration_all_policies_of_both_sides_count() {
    let repo = Repo::new();
    repo.write("inbound/a.policy", policy("Inbound", 3));
    repo.write("b.policy", policy("Events", 3));
    repo.write("gone/c.policy", "policy \"Partners\"\n\nlead\n  deal  yes or no\n\ndecisions\n  call\n\notherwise call\n");
    repo.commit("Three agreements");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo.write("inbound/a.policy", policy("Inbound", 4));
    std::fs::remove_dir_all(repo.root.join("gone")).unwrap();
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    // From a folder, and between commits.
    for folder in [&repo.root, &repo.root.join("inbound")] {
        let ran = repo.policyc_in(folder, &["review", "--base", "main"]);
        assert_eq!(first_lines(&ran)[0], "Leads change hands: 1 policy; 1 policy is gone");
    }
    repo.commit("Fewer calls");
    assert_eq!(seen(&json(&repo, &["--head", "change"])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    // A configuration that names none, and one that comes with the change, which may not leave out what the base looks at.
    repo.write("policyc.toml", "[levels]\nwarnings = \"deny\"\n");
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    repo.write("policyc.toml", "policies = [\"b.policy\"]\n");
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));

    let none = Repo::new();
    none.write("readme.md", "nothing yet\n");
    none.commit("A beginning");
    let ran = none.policyc(&["review", "--base", "main"]);
    let said = "policyc: there is no policy in the repository, neither in the base nor in what is reviewed";
    assert_eq!((ran.code, ran.said().as_str()), (2, said));
}
