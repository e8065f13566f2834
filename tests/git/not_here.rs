//! Reviews in clones that do not have all: what is not here may say whom a change concerns.

use std::fs;

use crate::support::{Repo, review};

const POLICY: &str = "policy \"P\"\n  owned by marketing, sales\n\nlead\n  number  id\n  need    whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\n\
                      hot: call when need >= 3\n\notherwise wait\n";

/// A rule that lets through what one before it does.
fn with_dead_rule() -> String {
    POLICY.replace("otherwise", "warm: call when need >= 4\n\notherwise")
}

#[test]
fn what_rules_of_the_base_cannot_be_read_is_none_that_is_not_there() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n\n[levels]\nwarnings = \"deny\"\n");
    repo.write(".gitattributes", "*.policy -filter\n");
    repo.write("p.policy", POLICY);
    repo.commit("The agreement");
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write(".gitattributes", "*.policy filter=odd\n");
    repo.write("p.policy", with_dead_rule());
    repo.commit("A rule");
    let whole = review(&repo, &["--approved-by", "marketing,sales"]);
    assert!(whole.code == 1 && whole.out.contains("P0402"), "{whole:?}");
    for path in ["policyc.toml", ".gitattributes"] {
        let blob = repo.git(&["rev-parse", &format!("main:{path}")]);
        let object = repo.root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
        let kept = fs::read(&object).unwrap();
        fs::remove_file(&object).unwrap();
        let ran = review(&repo, &["--approved-by", "marketing,sales"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{path} {ran:?}");
        assert!(ran.err.contains(&format!("object {blob} is missing")), "{ran:?}");
        fs::write(&object, kept).unwrap();
    }
}

#[test]
fn what_the_base_has_by_now_has_to_be_here() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write("p.policy", POLICY);
    repo.commit("The agreement");
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write("p.policy", POLICY.replace("need >= 3", "need >= 2"));
    repo.commit("A rule");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("p.policy", POLICY.replace("marketing, sales", "marketing, sales, legal"));
    repo.commit("Legal, too");
    repo.git(&["checkout", "--quiet", "change"]);
    let ran = review(&repo, &[]);
    assert!(ran.out.contains("legal"), "{ran:?}");
    let blob = repo.git(&["rev-parse", "main:p.policy"]);
    fs::remove_file(repo.root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]))).unwrap();
    let ran = review(&repo, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
}

#[test]
fn where_a_shallow_clone_ends_before_the_fork() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write("p.policy", POLICY);
    repo.commit("Then");
    repo.git(&["checkout", "--quiet", "-b", "line"]);
    repo.write("notes.md", "Nothing\n");
    repo.commit("Of another line");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("p.policy", POLICY.replace("need >= 3", "need >= 5"));
    repo.commit("The agreement");
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write("p.policy", POLICY);
    repo.commit("Back again");
    repo.git(&["merge", "--quiet", "-s", "ours", "-m", "Merged", "line"]);
    let url = format!("file://{}", repo.root.display());
    for (depth, is_known) in [(2, false), (3, true)] {
        let clone = repo.outside().join(format!("clone{depth}"));
        let to = clone.to_str().unwrap();
        repo.git(&["clone", "--quiet", "--no-single-branch", "--depth", &depth.to_string(), &url, to]);
        let ran = repo.policyc_in(&clone, &["review", "--base", "origin/main", "--head", "origin/change"]);
        if is_known {
            assert!(ran.code == 0 && ran.out.contains("Must approve: marketing, sales"), "{ran:?}");
        } else {
            assert!(ran.code == 2 && ran.err.contains("git fetch --unshallow"), "{ran:?}");
        }
    }
    // Where the newest commits are enough, they are.
    repo.git(&["checkout", "--quiet", "-b", "small", "main"]);
    repo.write("p.policy", POLICY.replace("need >= 3", "need >= 4"));
    repo.commit("Only this");
    let clone = repo.outside().join("small");
    repo.git(&["clone", "--quiet", "--no-single-branch", "--depth", "2", &url, clone.to_str().unwrap()]);
    let ran = repo.policyc_in(&clone, &["review", "--base", "origin/main", "--head", "origin/small"]);
    assert!(ran.code == 0 && ran.out.contains("Must approve: marketing, sales"), "{ran:?}");
}

#[test]
fn a_merge_of_a_pull_request_needs_no_more_than_what_it_joins() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write("p.policy", POLICY);
    repo.commit("Then");
    repo.write("notes.md", "Nothing\n");
    repo.commit("The agreement");
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write("p.policy", POLICY.replace("need >= 3", "need >= 4"));
    repo.commit("Higher");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("notes.md", "More\n");
    repo.commit("Meanwhile");
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "As if it were merged", "change"]);
    let clone = repo.outside().join("clone");
    let url = format!("file://{}", repo.root.display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, clone.to_str().unwrap()]);
    let ran = repo.policyc_in(&clone, &["review", "--base", "HEAD^1", "--head", "HEAD"]);
    assert!(ran.code == 0 && ran.out.contains("Must approve: marketing, sales"), "{ran:?}");
}
