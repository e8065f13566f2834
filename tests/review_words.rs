//! What a review says in words: reasons that name what is changed as whoever approves would, and first lines that leave nothing out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use support::{Repo, review_json};

const POLICY: &str = "\
policy \"Scored\"
  owned by marketing

lead
  need  whole number
  size  whole number

decisions, best first
  pass to sales
  nurture

score fit from 0 to 40
  +10 when need >= 3

grade level
  high when fit >= 10
  otherwise low

good: pass to sales when level is high

otherwise nurture
";

/// The reasons of a change of the policy.
fn reasons(from: &str, to: &str) -> Vec<String> {
    let repo = Repo::new();
    repo.write("scored.policy", POLICY);
    repo.write("policyc.toml", "policies = [\"scored.policy\"]\n");
    repo.commit("The agreement");
    assert!(POLICY.contains(from), "{from}");
    repo.write("scored.policy", POLICY.replace(from, to));
    let approvals = review_json(&repo, &[])["approvals"].clone();
    let all = approvals.as_array().unwrap().iter().flat_map(|of| of["reasons"].as_array().unwrap());
    all.map(|of| of["why"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_line_more_or_less_makes_another_score_and_no_new_one() {
    let line = "  +10 when need >= 3\n";
    let changed = reasons(line, &format!("{line}  +20 when size >= 9\n"));
    assert!(changed.contains(&"the score `fit` is changed".to_owned()), "{changed:?}");
    let new = reasons(line, &format!("{line}\nscore worth from 0 to 9\n  +9 when size >= 9\n"));
    assert!(new.iter().any(|why| why.starts_with("the score `worth` is new")), "{new:?}");
}
