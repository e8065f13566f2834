//! Which commit a revision means.

use crate::support::Repo;
use crate::{POLICY, inbound};

/// A repository with three commits on `main`, a branch beside it that was merged, tags, and a remote's branch. The title of the policy
/// says which commit it is of.
fn grown() -> Repo {
    let repo = inbound();
    let titled = |title: &str| repo.write("policies/inbound.policy", POLICY.replace("Inbound", title));
    titled("second");
    repo.commit("second");
    repo.git(&["tag", "v2026.02"]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    titled("side");
    repo.commit("side");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("note.txt", "");
    repo.commit("third");
    repo.next_day();
    repo.git(&["merge", "--quiet", "--no-edit", "--no-ff", "side"]);
    repo.git(&["tag", "--annotate", "--message", "Spring", "v2026.03"]);
    repo.git(&["tag", "--annotate", "--message", "Again", "again", "v2026.03"]);
    titled("fourth");
    repo.commit("fourth");
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    repo.git(&["update-ref", "refs/remotes/origin/feature/x", "HEAD"]);
    repo.git(&["update-ref", "refs/heads/release/2026", "HEAD~2"]);
    repo
}

/// The title of the policy in a revision.
fn title(repo: &Repo, revision: &str) -> String {
    let ran = repo.policyc(&["compile", &format!("{revision}:policies/inbound.policy"), "--to", "text"]);
    let first = ran.out.lines().next().unwrap_or_default();
    first.split('"').nth(1).map_or_else(|| ran.said(), str::to_owned)
}

#[test]
fn revisions_mean_what_they_mean_to_git() {
    let repo = grown();
    let hash = repo.git(&["rev-parse", "HEAD~2"]);
    let described = repo.git(&["describe", "--tags", "--long", "HEAD"]);
    let names = [
        "main",
        "HEAD",
        "@",
        "HEAD~0",
        "HEAD^0",
        "HEAD~1",
        "HEAD~",
        "HEAD^",
        "HEAD^^2",
        "HEAD~1^2",
        "HEAD~2",
        "HEAD~1^1",
        "HEAD^^^",
        "HEAD~1~1^",
        "side",
        "side~2",
        "v2026.02",
        "v2026.03",
        "v2026.03^{}",
        "v2026.03^{commit}",
        "v2026.03~1",
        "again",
        "again^2~1",
        "origin/main",
        "origin/feature/x",
        "release/2026",
        "heads/main",
        "tags/v2026.03",
        "refs/heads/side",
        "remotes/origin/main",
        &hash,
        &hash[..7],
        &hash[..12],
        &described,
        "HEAD~3",
    ];
    for packed in [false, true] {
        for name in names {
            let shown = repo.git(&["show", &format!("{name}:policies/inbound.policy")]);
            let expected = shown.lines().next().unwrap().split('"').nth(1).unwrap();
            assert_eq!(title(&repo, name), expected, "{name}, packed: {packed}");
        }
        // The same when objects and references are packed.
        repo.git(&["pack-refs", "--all"]);
        repo.git(&["gc", "--quiet", "--prune=now"]);
        repo.git(&["commit-graph", "write", "--reachable"]);
        repo.git(&["multi-pack-index", "write"]);
    }
}

#[test]
fn a_revision_that_means_nothing_is_told_with_what_was_meant() {
    let repo = grown();
    let said = |revision: &str| {
        let ran = repo.policyc(&["check", &format!("{revision}:policies/inbound.policy")]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.said().replacen("policyc: ", "", 1)
    };
    assert_eq!(said("mian"), "the repository has no revision `mian`; did you mean `main`?");
    assert_eq!(said("v2026.3"), "the repository has no revision `v2026.3`; did you mean `v2026.03`?");
    // What somebody else has pushed.
    assert_eq!(said("feature/x"), "the repository has no revision `feature/x`; did you mean `origin/feature/x`?");
    let unknown = "the repository has no revision `something_else`: type a branch, a tag or the hash of a commit, as `git branch --all`, `git tag` and `git log` show them";
    assert_eq!(said("something_else"), unknown);
    assert!(said("0123456789abcdef0123456789abcdef01234567").starts_with("the repository has no commit `0123"));
    assert!(said("abc").starts_with("the repository has no revision `abc`"));
    let root = &repo.git(&["rev-parse", "--short=7", "HEAD~4"])[..];
    assert_eq!(said("HEAD~9"), format!("`HEAD~9` lies before the first commit, {root} of 2026-03-01"));
    let third = &repo.git(&["rev-parse", "--short=7", "HEAD~2"])[..];
    assert_eq!(said("HEAD~2^2"), format!("there is no `HEAD~2^2`: {third} was made from one commit only"));
    let merge = &repo.git(&["rev-parse", "--short=7", "HEAD~1"])[..];
    assert_eq!(said("HEAD~1^3"), format!("there is no `HEAD~1^3`: {merge} was made from 2 commits"));
    assert_eq!(said("main..side"), "`main..side` is no revision: it names several; type one of them");
    assert_eq!(
        said("main@{1}"),
        "`main@{1}` is no revision: what a branch once stood for is not looked up; type the commit's hash, as `git reflog` shows it"
    );
    for upstream in ["@{u}", "main@{upstream}", "main@{push}"] {
        let what = "which branch another one follows is not looked up; type that branch, such as `origin/main`";
        assert_eq!(said(upstream), format!("`{upstream}` is no revision: {what}"));
    }
    assert_eq!(said("~1"), "`~1` is no revision: a branch, a tag or a hash is missing, e.g. `HEAD~1`");
    assert_eq!(
        said("HEAD^{tree}"),
        "`HEAD^{tree}` is no revision: behind a name only `~2` (two commits back) and `^2` (the second parent) can stand"
    );
    assert_eq!(said("HEAD~99999999999999999999"), "`HEAD~99999999999999999999` is no revision: it goes back too far");
    assert_eq!(
        said(""),
        "which revision of `policies/inbound.policy`? `HEAD:policies/inbound.policy` is the one that is checked out"
    );
    assert_eq!(
        said(":0"),
        "which revision of `policies/inbound.policy`? `HEAD:policies/inbound.policy` is the one that is checked out; what is staged is not read"
    );
    assert!(said(":/fourth").starts_with("commits are not looked for by their words, as in `:/fourth:policies"));
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    assert_eq!(
        said(&tree),
        format!("`{tree}` names no commit, but a file or a folder by its hash: type the commit's before the colon")
    );
}

#[test]
fn a_branch_that_is_called_like_another_commit_is_refused() {
    let repo = grown();
    let hash = &repo.git(&["rev-parse", "HEAD~1"])[..];
    let digits = &hash[..7];
    repo.git(&["branch", digits, "HEAD"]);
    let ran = repo.policyc(&["check", &format!("{digits}:policies")]);
    let which = format!(
        "policyc: `{digits}` is a branch or a tag, and begins the hash of another commit: type `heads/{digits}` or `tags/{digits}`, or more digits of the hash (`{hash}`)"
    );
    assert_eq!((ran.code, ran.said()), (2, which));
    assert_eq!(title(&repo, &format!("heads/{digits}")), "fourth");
    assert_eq!(title(&repo, hash), "side");
    // One that is called like its own commit, or like none, means one thing.
    repo.git(&["branch", "--force", digits, hash]);
    assert_eq!(title(&repo, digits), "side");
    repo.git(&["tag", "202603", "HEAD"]);
    assert_eq!(title(&repo, "202603"), "fourth");
}

#[test]
fn a_hash_that_is_too_short_is_told_with_the_commits_it_could_be() {
    let repo = inbound();
    // Commits are made until two begin with the same four digits.
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let mut seen = std::collections::BTreeMap::new();
    let (one, other) = (0..2000)
        .find_map(|n: u32| {
            let hash = repo.git(&["commit-tree", &tree, "-m", &format!("number {n}")]);
            seen.insert(hash[..4].to_owned(), hash.clone()).map(|before| (before, hash))
        })
        .unwrap();
    let mut both = [one, other];
    both.sort();
    let digits = &both[0][..4];
    let ran = repo.policyc(&["check", &format!("{digits}:policies")]);
    assert_eq!(ran.code, 2);
    let said = ran.said();
    assert!(
        said.starts_with(&format!(
            "policyc: `{digits}` begins the hashes of 2 commits; type more digits: {}",
            &both[0][..7]
        )),
        "{said}"
    );
    assert!(said.contains(&format!(", {} (2026-03-01, number ", &both[1][..7])), "{said}");
    // A file or a folder of the same digits is no revision.
    let blob = repo.git(&["rev-parse", "HEAD:policies/inbound.policy"]);
    let ran = repo.policyc(&["check", &format!("{}:policies", &blob[..7])]);
    assert!(ran.said().contains("has no revision"), "{ran:?}");
}
