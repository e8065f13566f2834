//! The `update` hook that `docs/ci.md` shows for a bare repository of one's own: what does not check stays out, everything else goes in.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![cfg(unix)]

mod support {
    pub(crate) mod git;
}

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use support::git::{Repo, path_with_policyc};

const GOOD: &str = "policy \"Calls\"\n\nlead\n  need  whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\ncall when need >= 3\n\notherwise wait\n";

/// The line of the documentation.
fn documented() -> String {
    let text = fs::read_to_string("docs/ci.md").unwrap();
    let line = text.lines().find(|line| line.contains("exec policyc check") && line.contains("$3:policies"));
    line.unwrap().trim().to_owned()
}

#[test]
fn a_branch_can_come_and_go_and_what_does_not_check_stays_out() {
    let repo = Repo::new();
    let bare = repo.outside().join("bare.git");
    repo.git(&["init", "--quiet", "--bare", bare.to_str().unwrap()]);
    let hook = bare.join("hooks/update");
    fs::create_dir_all(bare.join("hooks")).unwrap();
    fs::write(&hook, format!("#!/bin/sh\nPATH='{}'\n{}\n", path_with_policyc(), documented())).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    repo.git(&["remote", "add", "bare", bare.to_str().unwrap()]);
    repo.write("policies/a.policy", GOOD);
    repo.commit("First");
    let push = |what: &str| repo.try_git(&["push", "--quiet", "bare", what]);
    assert!(push("HEAD:refs/heads/main") && push("HEAD:refs/heads/topic"));
    assert!(push(":refs/heads/topic"));
    assert!(!repo.git(&["ls-remote", "bare"]).contains("topic"));
    repo.write("policies/a.policy", GOOD.replace("need >= 3", "ned >= 3"));
    repo.commit("A slip of the pen");
    assert!(!push("HEAD:refs/heads/main") && !push("HEAD:refs/heads/topic"));
    // What a baseline knows, or a `policyc.toml` calls an error, is not refused here: neither is there.
    repo.write(
        "policyc.toml",
        "policies = [\"policies\"]\n\n[levels]\nwarnings = \"deny\"\n\n[check]\nbaseline = \"policyc-baseline.json\"\n",
    );
    repo.write("policies/a.policy", GOOD.replace("\notherwise", "\nlater: call when need >= 4\n\notherwise"));
    repo.policyc(&["check", "--write-baseline", "policyc-baseline.json"]);
    repo.commit("As it is");
    assert!(push("HEAD:refs/heads/main"));
}
