//! The hook of `install-hooks` and links: what `check` goes through, a commit is held to.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use support::{Ran, Repo, path_with_policyc};

const SMALL: &str = r#"policy "Small"

lead
  need  whole number from 0 to 5

decisions
  pass to sales
  nurture

pass to sales when need >= 3

otherwise nurture
"#;

/// A repository with a policy, in which the hook stands.
fn repository() -> Repo {
    let repo = Repo::new();
    repo.write("policies/small.policy", SMALL);
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    repo.commit("first");
    repo.policyc_with(&[("PATH", &path_with_policyc()), ("GIT_CONFIG_GLOBAL", "/dev/null")], &["install-hooks"]);
    repo
}

fn commit(repo: &Repo) -> Ran {
    repo.git(&["add", "--all"]);
    repo.run_git_in(&repo.root, &["commit", "--quiet", "--message", "a change"])
}

fn link(repo: &Repo, target: &str, at: &str) {
    let at = repo.root.join(at);
    fs::create_dir_all(at.parent().unwrap_or(Path::new("."))).unwrap();
    symlink(target, at).unwrap();
}

#[test]
fn a_commit_is_held_to_what_links_to_folders_lead_to() {
    let repo = repository();
    repo.write("other/deep/o.policy", SMALL.replace("Small", "Other"));
    repo.write("third/t.policy", SMALL.replace("Small", "Third"));
    link(&repo, "../way", "policies/more");
    link(&repo, "other", "way");
    // Links may lead on, and back to where they came from.
    link(&repo, "../../third", "other/deep/on");
    link(&repo, "..", "third/back");
    link(&repo, "../README", "policies/note");
    repo.write("README", "text\n");
    assert_eq!(commit(&repo), Ran { code: 0, out: String::new(), err: String::new() });
    for broken in ["other/deep/o.policy", "third/t.policy"] {
        let text = fs::read_to_string(repo.root.join(broken)).unwrap();
        repo.write(broken, text.replace("need >= 3", "need >= lots"));
        let ran = commit(&repo);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains("`lots`") || ran.out.contains("`lots`"), "{ran:?}");
        repo.write(broken, text);
    }
    // A link that is new brings policies in that were there before.
    repo.git(&["reset", "--quiet", "--hard"]);
    repo.write("drafts/d.policy", SMALL.replace("need >= 3", "need >= lots"));
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "--message", "drafts"]);
    link(&repo, "../drafts", "policies/drafts");
    assert_eq!(commit(&repo).code, 1);
}

#[test]
fn what_a_chain_of_libraries_reads_is_laid_out() {
    let repo = repository();
    repo.write(
        "policies/small.policy",
        SMALL.replace("lead\n", "use \"../lib/a.policy\"\n\nlead\n").replace(">= 3", ">= bar"),
    );
    repo.write("lib/a.policy", "use \"b.policy\"\n\ndefine bar as base\n");
    repo.write("lib/b.policy", "use \"c.policy\"\n\ndefine base as 3\n");
    repo.write("lib/c.policy", "list rivals from \"rivals.csv\"\n");
    repo.write("lib/rivals.csv", "domain\nrival.example\n");
    let ran = commit(&repo);
    assert_eq!(ran, Ran { code: 0, out: String::new(), err: String::new() });
    fs::remove_file(repo.root.join("lib/rivals.csv")).unwrap();
    assert_eq!(commit(&repo).code, 1);
}
