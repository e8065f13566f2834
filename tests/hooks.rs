//! What `install-hooks` tells git, in real repositories: commits are held to their staged policies, and `git diff` shows behaviour.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use support::{POLICY, Ran, Repo, path_with_policyc};

const WITHOUT_LIBRARY: &str = r#"policy "Small"

lead
  need  whole number from 0 to 5

decisions
  pass to sales
  nurture

pass to sales when need >= 3

otherwise nurture
"#;

const HOOK: &str = ".git/hooks/pre-commit";

/// A repository with one commit, in which nothing is installed.
fn repository() -> Repo {
    let repo = Repo::new();
    repo.write("policies/inbound.policy", POLICY);
    repo.write("lib/words.policy", "list competitors from \"../lists/competitors.csv\"\n\ndefine bar as 3\n");
    repo.write("lists/competitors.csv", "domain\nrival.example\n");
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    repo.commit("The first agreement");
    repo
}

fn install(repo: &Repo, arguments: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["install-hooks"].iter().chain(arguments).copied().collect();
    repo.policyc_with(&[("PATH", &path_with_policyc()), ("GIT_CONFIG_GLOBAL", "/dev/null")], &arguments)
}

fn git(repo: &Repo, arguments: &[&str]) -> Ran {
    repo.run_git_in(&repo.root, arguments)
}

fn commit(repo: &Repo) -> Ran {
    git(repo, &["commit", "--quiet", "--message", "a change"])
}

/// What git keeps of its own: everything that `install-hooks` may touch.
fn kept(repo: &Repo) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for folder in [".git", ".git/hooks", ".git/info"] {
        for entry in fs::read_dir(repo.root.join(folder)).into_iter().flatten().flatten() {
            if entry.path().is_file() {
                let text = fs::read(entry.path()).unwrap();
                kept.push((entry.path().display().to_string(), String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    kept.sort();
    kept
}

#[test]
fn twice_is_once_and_uninstall_leaves_what_was_there() {
    for attributes in [None, Some("*.png binary\n"), Some("*.png binary")] {
        let repo = repository();
        if let Some(text) = attributes {
            repo.write(".git/info/attributes", text);
        }
        let before = kept(&repo);
        let first = install(&repo, &[]);
        assert_eq!((first.code, first.out.matches("put in: ").count(), first.err.as_str()), (0, 4, ""), "{first:?}");
        let installed = kept(&repo);
        assert_ne!(before, installed);
        let again = install(&repo, &[]);
        assert_eq!((again.code, again.out.matches("already there: ").count()), (0, 4), "{again:?}");
        assert_eq!(kept(&repo), installed);
        assert_eq!(git(&repo, &["status", "--porcelain"]).out, "", "nothing that is committed changes");
        let out = install(&repo, &["--uninstall"]);
        assert_eq!((out.code, out.out.matches("taken out: ").count()), (0, 4), "{out:?}");
        assert_eq!(kept(&repo), before);
        let nothing = install(&repo, &["--uninstall"]);
        assert_eq!((nothing.code, nothing.out.matches("not there: ").count()), (0, 4), "{nothing:?}");
    }
}

#[test]
fn what_is_somebody_elses_stays_and_can_take_the_hook_in() {
    let repo = repository();
    let own = "#!/bin/sh\necho own\n";
    repo.write(HOOK, own);
    fs::set_permissions(repo.root.join(HOOK), fs::Permissions::from_mode(0o755)).unwrap();
    repo.git(&["config", "diff.policyc.command", "something else"]);
    let ran = install(&repo, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.out.matches("left as it is: ").count(), 2, "{ran:?}");
    let line = "hook=$(policyc install-hooks --print) && sh -c \"$hook\" || exit 1";
    assert!(ran.out.contains(line), "{ran:?}");
    assert_eq!(fs::read_to_string(repo.root.join(HOOK)).unwrap(), own);
    assert_eq!(repo.git(&["config", "diff.policyc.command"]), "something else");
    install(&repo, &["--uninstall"]);
    assert_eq!(fs::read_to_string(repo.root.join(HOOK)).unwrap(), own);
    assert_eq!(repo.git(&["config", "diff.policyc.command"]), "something else");

    repo.append(HOOK, &format!("{line}\n"));
    repo.append("policies/inbound.policy", "\nnonsense\n");
    repo.git(&["add", "--all"]);
    let stopped = commit(&repo);
    assert!(
        stopped.code == 1 && stopped.all().contains("own") && stopped.err.matches("P0102").count() == 1,
        "{stopped:?}"
    );
    // Where there is no policyc, nothing is taken for held to.
    assert!(!repo.try_git(&["commit", "--quiet", "--message", "a change"]));
}

#[test]
fn a_hook_that_git_would_pass_over_is_put_right() {
    let repo = repository();
    let first = install(&repo, &[]).out;
    let hook = repo.root.join(HOOK);
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).unwrap();
    assert_ne!(install(&repo, &[]).out.lines().next(), install(&repo, &[]).out.lines().next());
    assert_ne!(fs::metadata(&hook).unwrap().permissions().mode() & 0o111, 0);
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(install(&repo, &[]).out.lines().next(), first.lines().next());
}

#[test]
fn a_hook_that_was_changed_stays() {
    let repo = repository();
    install(&repo, &[]);
    repo.append(HOOK, "echo mine\n");
    let changed = fs::read_to_string(repo.root.join(HOOK)).unwrap();
    for arguments in [&[][..], &["--uninstall"]] {
        let ran = install(&repo, arguments);
        assert!(ran.code == 1 && ran.out.contains("or was changed"), "{ran:?}");
        assert_eq!(fs::read_to_string(repo.root.join(HOOK)).unwrap(), changed);
    }
}

#[test]
fn commits_are_held_to_what_is_staged() {
    let repo = repository();
    install(&repo, &[]);
    let faulty = POLICY.replace("given need 4", "given need 2");
    // What is staged fails, though the work tree has been mended since.
    repo.write("policies/inbound.policy", &faulty);
    repo.git(&["add", "--all"]);
    repo.write("policies/inbound.policy", POLICY);
    let stopped = commit(&repo);
    assert!(stopped.code == 1 && stopped.err.contains("P0501"), "{stopped:?}");
    assert!(stopped.err.contains("policies/inbound.policy:25"), "{stopped:?}");
    // What is staged holds, though the work tree has a fault by now.
    repo.write("policies/inbound.policy", format!("{POLICY}\n# agreed\n"));
    repo.git(&["add", "--all"]);
    repo.write("policies/inbound.policy", "nonsense");
    let held = commit(&repo);
    assert_eq!((held.code, held.out.as_str(), held.err.as_str()), (0, "", ""), "{held:?}");
    // A library and a list count by the policies that use them; the layout counts, too.
    repo.git(&["checkout", "--quiet", "."]);
    repo.write("lib/words.policy", "list competitors from \"../lists/none.csv\"\n\ndefine bar as 3\n");
    repo.git(&["add", "--all"]);
    assert!(commit(&repo).err.contains("none.csv"));
    repo.git(&["reset", "--quiet", "--hard"]);
    repo.write("policies/inbound.policy", POLICY.replace("given need 4", "given   need   4"));
    repo.git(&["add", "--all"]);
    let layout = commit(&repo);
    assert!(layout.code == 1 && layout.all().contains("not formatted: policies/inbound.policy"), "{layout:?}");
    repo.git(&["reset", "--quiet", "--hard"]);
    // The line ends of a machine are no question of layout, and what is only intended to be added is not part of the commit.
    repo.write("policies/inbound.policy", POLICY.replace("need 4", "need 5").replace('\n', "\r\n"));
    repo.write("policies/later.policy", "nonsense\n");
    repo.git(&["-c", "core.autocrlf=true", "add", "policies/inbound.policy"]);
    repo.git(&["add", "--intent-to-add", "policies/later.policy"]);
    let ends = git(&repo, &["-c", "core.autocrlf=true", "commit", "--quiet", "--message", "a change"]);
    assert_eq!(ends.code, 0, "{ends:?}");
    repo.git(&["rm", "--quiet", "--cached", "policies/later.policy"]);
    fs::remove_file(repo.root.join("policies/later.policy")).unwrap();
    repo.git(&["checkout", "--quiet", "."]);
    // What has nothing to do with policies is none of its business.
    repo.write("README.md", "words\n");
    repo.git(&["add", "--all"]);
    assert_eq!(commit(&repo).code, 0);
}

#[test]
fn what_policies_read_is_staged_wherever_it_is() {
    let repo = repository();
    install(&repo, &[]);
    let held = |what: &str| {
        repo.git(&["add", "--all"]);
        let ran = commit(&repo);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{what}: {ran:?}");
    };
    let stopped = |what: &str, words: &str| {
        repo.git(&["add", "--all"]);
        let ran = commit(&repo);
        assert!(ran.code == 1 && ran.all().contains(words), "{what}: {ran:?}");
        repo.git(&["reset", "--quiet", "--hard"]);
    };
    // A list in a file of any name, of which a change counts as well; a baseline; a configuration that is written in another way.
    let library = |list: &str| {
        repo.write("lib/words.policy", format!("list competitors from \"../lists/{list}\"\n\ndefine bar as 3\n"));
    };
    library("RIVALS.TSV");
    repo.write("lists/RIVALS.TSV", "domain\nrival.example\n");
    repo.policyc(&["check", "--write-baseline", ".known"]);
    repo.write("policyc.toml", "\"policies\" = [\n\"policies\"\n]\n[check]\nbaseline = \".known\"\n");
    held("a list of any name");
    fs::remove_file(repo.root.join("lists/RIVALS.TSV")).unwrap();
    stopped("the list is gone", "RIVALS.TSV");
    repo.write("lib/words.policy", "define bar as 3\n");
    stopped("the library lacks the list", "competitors");
    // Without a list of policies the rest of the configuration counts as well.
    repo.write("policyc.toml", "[check]\nbaseline = \".known\"\n");
    repo.write("policies/inbound.policy", POLICY.replace("given need 4", "given need 5"));
    held("a baseline for what is staged");
    repo.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    // What nothing reads is none of its business, even when a policy that is committed has a fault.
    repo.write("policies/faulty.policy", "nonsense\n");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--no-verify", "--message", "a fault"]);
    repo.write("lists/other.csv", "domain\n");
    held("a file that nothing reads");
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    // Through links, of which the last one leads nowhere.
    std::os::unix::fs::symlink("lists", repo.root.join("data")).unwrap();
    std::os::unix::fs::symlink("competitors.csv", repo.root.join("lists/link.csv")).unwrap();
    library("../data/link.csv");
    held("links");
    fs::remove_file(repo.root.join("data")).unwrap();
    std::os::unix::fs::symlink("/etc", repo.root.join("data")).unwrap();
    stopped("a link out of the repository", "data/link.csv");
    // In a submodule, whose files git does not stage.
    repo.git(&["init", "--quiet", "--initial-branch=main", "../deals"]);
    fs::write(repo.outside().join("deals/rivals.csv"), "domain\nrival.example\n").unwrap();
    repo.git_in(&repo.outside().join("deals"), &["add", "--all"]);
    repo.git_in(&repo.outside().join("deals"), &["commit", "--quiet", "--message", "deals"]);
    repo.git(&["submodule", "--quiet", "add", "../deals", "lists/deals"]);
    library("deals/rivals.csv");
    held("a submodule");
    // Where only the policies are checked out.
    repo.git(&["sparse-checkout", "set", "policies"]);
    assert!(!repo.root.join("lib").exists());
    repo.write("policies/inbound.policy", POLICY.replace("given need 4", "given need 5"));
    repo.git(&["add", "policies"]);
    let ran = commit(&repo);
    assert_eq!((ran.code, ran.all().contains("skip-worktree")), (0, false), "{ran:?}");
    repo.write("policies/inbound.policy", POLICY.replace("given need 4", "given need 1"));
    repo.git(&["add", "policies"]);
    assert!(commit(&repo).err.contains("P0501"));
}

#[test]
fn merges_are_held_to_what_they_make() {
    let repo = repository();
    install(&repo, &[]);
    repo.git(&["checkout", "--quiet", "-b", "renamed"]);
    repo.write("lib/words.policy", "list rivals from \"../lists/competitors.csv\"\n\ndefine bar as 3\n");
    repo.write("policies/inbound.policy", POLICY.replace("competitors", "rivals"));
    assert_eq!(git(&repo, &["commit", "--quiet", "--all", "--message", "renamed"]).code, 0);
    repo.git(&["checkout", "--quiet", "main"]);
    let second = "domain of email in competitors\n  because \"works\"\n\notherwise";
    let second = POLICY.replace("\notherwise", &format!("\nnurture when need is 1 and {second}"));
    repo.write("policies/inbound.policy", second);
    assert_eq!(git(&repo, &["commit", "--quiet", "--all", "--message", "used once more"]).code, 0);
    let before = repo.git(&["rev-parse", "HEAD"]);
    let ran = git(&repo, &["merge", "--quiet", "--message", "merged", "renamed"]);
    assert!(ran.code == 1 && ran.err.contains("P0259") && ran.err.contains("the commit was stopped"), "{ran:?}");
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), before);
    let text = fs::read_to_string(repo.root.join("policies/inbound.policy")).unwrap();
    repo.write("policies/inbound.policy", text.replace("competitors", "rivals"));
    assert_eq!(git(&repo, &["commit", "--quiet", "--all", "--message", "merged"]).code, 0);
}

#[test]
fn nothing_stays_behind() {
    let repo = repository();
    install(&repo, &[]);
    let temporary = repo.outside().join("temporary");
    fs::create_dir(&temporary).unwrap();
    for (needed, code) in [("need 5", 0), ("need 1", 1)] {
        repo.write("policies/inbound.policy", POLICY.replace("need 4", needed));
        repo.git(&["add", "--all"]);
        let before = repo.git(&["status", "--porcelain"]);
        let mut hook = Command::new("sh");
        hook.arg(HOOK).current_dir(&repo.root).env("PATH", path_with_policyc()).env("TMPDIR", &temporary);
        assert_eq!(hook.output().unwrap().status.code(), Some(code));
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
        assert_eq!(repo.git(&["status", "--porcelain"]), before);
    }
}

#[test]
fn without_a_configuration_the_staged_policies_count() {
    let repo = Repo::new();
    install(&repo, &[]);
    repo.write("old.policy", "nonsense that was there before\n");
    repo.git(&["-c", "core.hooksPath=/dev/null", "add", "--all"]);
    repo.git(&["-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message", "before"]);
    // The very first commit of a branch, a name that is hard to handle, and a removal.
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.git(&["rm", "--quiet", "--cached", "old.policy"]);
    fs::remove_file(repo.root.join("old.policy")).unwrap();
    repo.write("a b/-ü 'quoted'.policy", WITHOUT_LIBRARY.replace("need >= 3", "need >= 3 and need >= 2"));
    assert!(repo.policyc(&["check", "a b"]).out.contains("need >= 2"), "there is something to tell");
    repo.git(&["add", "--all"]);
    let ran = commit(&repo);
    assert_eq!((ran.code, ran.all().contains("need >= 2")), (0, false), "{ran:?}");
    repo.git(&["rm", "--quiet", "-r", "a b"]);
    let ran = commit(&repo);
    assert_eq!(ran.code, 0, "{ran:?}");
    repo.write("a b/-ü 'quoted'.policy", "nonsense\n");
    repo.git(&["add", "--all"]);
    let ran = commit(&repo);
    assert!(ran.code == 1 && ran.err.contains("-ü 'quoted'.policy"), "{ran:?}");
}

#[test]
fn the_hook_goes_where_git_looks_for_it() {
    // A folder of hooks in the repository, and a folder below its root.
    let repo = repository();
    repo.git(&["config", "core.hooksPath", "tools/hooks"]);
    let ran = repo.policyc_in(&repo.root.join("policies"), &["install-hooks"]);
    assert!(ran.out.contains("put in: the hook `tools/hooks/pre-commit`"), "{ran:?}");
    assert!(repo.root.join("tools/hooks/pre-commit").is_file() && !repo.root.join(HOOK).exists());

    // A linked work tree has the hooks and the driver of the others.
    let repo = repository();
    repo.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]);
    let linked = repo.outside().join("linked");
    let ran = repo.policyc_in(&linked, &["install-hooks"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(repo.root.join(HOOK).is_file());
    fs::write(linked.join("policies/inbound.policy"), POLICY.replace(">= bar", ">= 4")).unwrap();
    assert!(repo.run_git_in(&linked, &["diff"]).out.contains("leads change hands, by 1 change"));
    fs::write(linked.join("policies/inbound.policy"), POLICY.replace("given need 4", "given need 1")).unwrap();
    assert_eq!(repo.run_git_in(&linked, &["commit", "--quiet", "--all", "--message", "a change"]).code, 1);

    // Hooks that all repositories of somebody share are not ours to write.
    let repo = repository();
    let (config, shared) = (repo.outside().join("config"), repo.outside().join("shared"));
    fs::write(&config, format!("[core]\n\thooksPath = {}\n", shared.display())).unwrap();
    let ran = repo.policyc_with(&[("GIT_CONFIG_GLOBAL", config.to_str().unwrap())], &["install-hooks"]);
    assert!(ran.code == 1 && ran.out.contains("leads all repositories to"), "{ran:?}");
    assert!(!shared.exists());
}

#[test]
fn hooks_that_are_switched_off_are_told() {
    let repo = repository();
    repo.git(&["config", "core.hooksPath", "/dev/null"]);
    let ran = install(&repo, &[]);
    assert_eq!((ran.code, ran.out.matches("hooks are switched off here").count()), (1, 2), "{ran:?}");
    assert_eq!(ran.out.matches("put in: ").count(), 2, "the driver goes in all the same: {ran:?}");
    assert_eq!(install(&repo, &["--uninstall"]).code, 0);
}

#[test]
fn where_there_is_nothing_to_install_into_it_says_so() {
    let repo = repository();
    let none = repo.policyc_in(&repo.outside(), &["install-hooks"]);
    assert!(none.code == 2 && none.said().contains("there is no work tree of a git repository here"), "{none:?}");
    repo.git(&["clone", "--quiet", "--bare", ".", "../bare.git"]);
    assert_eq!(repo.policyc_in(&repo.outside().join("bare.git"), &["install-hooks"]).code, 2);
    // Git's own cure is told to its end.
    let theirs = repo.policyc_with(&[("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")], &["install-hooks"]);
    assert!(theirs.code == 2 && theirs.said().contains("git config --global --add safe.directory"), "{theirs:?}");
    assert!(!theirs.said().contains("git init"), "{theirs:?}");
    let missing = repo.policyc_with(&[("PATH", "/nowhere")], &["install-hooks"]);
    assert!(missing.code == 2 && missing.said().contains("there is no `git` on the PATH"), "{missing:?}");
}

#[test]
fn git_diff_shows_behaviour_and_log_shows_lines() {
    let repo = repository();
    install(&repo, &[]);
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "need   >=   4"));
    let shown = git(&repo, &["diff"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for words in
        ["diff policies/inbound.policy\n", "pass to sales → nurture", "e.g. need 3", "[a/policies/inbound.policy:18]"]
    {
        assert!(shown.out.contains(words), "{words}: {shown:?}");
    }
    assert_eq!(repo.run_git_in(&repo.root.join("lib"), &["diff"]).out, shown.out, "from wherever it is asked");
    let lines = git(&repo, &["diff", "--no-ext-diff"]).out;
    assert!(lines.contains("\n-pass to sales when need >= bar\n+pass to sales when need >= 4\n"), "{lines}");
    repo.git(&["commit", "--quiet", "--all", "--message", "x", "--no-verify"]);
    assert!(git(&repo, &["log", "-p", "-1"]).out.contains("\n+pass to sales when need >= 4\n"));
    assert!(git(&repo, &["log", "-p", "-1", "--ext-diff"]).out.contains("e.g. need 3"));
    assert!(git(&repo, &["show"]).out.contains("\n+pass to sales when need >= 4\n"));
    assert!(git(&repo, &["show", "--ext-diff"]).out.contains("e.g. need 3"));
    assert!(git(&repo, &["diff", "HEAD~1", "HEAD"]).out.contains("e.g. need 3"));

    // A patch is what it always was.
    let patch = git(&repo, &["format-patch", "--stdout", "-1"]).out;
    assert!(patch.contains("\n+pass to sales when need   >=   4\n"), "{patch}");
    // Another layout is no change.
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "need >= 4"));
    assert!(git(&repo, &["diff"]).out.contains("same behaviour"));
    assert!(!git(&repo, &["diff", "--no-ext-diff"]).out.contains("@@"));
}

#[test]
fn each_side_is_read_with_the_files_of_its_own_commit() {
    let repo = repository();
    install(&repo, &[]);
    let change = |need: &str, bar: u8, message: &str| {
        repo.write("policies/inbound.policy", POLICY.replace("need >= bar", need).replace("need 4", "need 5"));
        repo.write(
            "lib/words.policy",
            format!("list competitors from \"../lists/competitors.csv\"\n\ndefine bar as {bar}\n"),
        );
        repo.git(&["commit", "--quiet", "--all", "--message", message, "--no-verify"]);
        repo.git(&["rev-parse", "--short", "HEAD"])
    };
    let first = repo.git(&["rev-parse", "--short", "HEAD"]);
    // What the library had before the change and has after it makes the two texts mean the same.
    let second = change("need >= bar + 1", 2, "Said otherwise");
    let told = format!("note: the other files are those of {first} before, and of {second} after\n");
    let show = git(&repo, &["show", "--ext-diff", "--", "policies"]).out;
    assert!(show.contains("same behaviour") && show.contains(&told), "{show}");
    // Years later it is still that change; and the work tree has files of its own.
    change("need >= bar + 2", 5, "Fewer");
    repo.write("lib/words.policy", "list competitors from \"../lists/competitors.csv\"\n\ndefine bar as 1\n");
    let log = git(&repo, &["log", "-p", "--ext-diff", "--", "policies"]).out;
    assert!(log.contains(&told), "{log}");
    let both = git(&repo, &["diff", "HEAD~2", "HEAD~1", "--", "policies"]).out;
    assert!(both.contains("same behaviour") && both.contains(&told), "{both}");
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "need >= bar + 3").replace("need 4", "need 5"));
    let here = git(&repo, &["diff", "--", "policies"]).out;
    let head = repo.git(&["rev-parse", "--short", "HEAD"]);
    assert!(here.contains(&format!("those of {head} before, and of the work tree after\n")), "{here}");
    assert!(here.contains("nurture → pass to sales"), "{here}");
}

#[test]
fn what_cannot_be_compared_is_shown_by_its_lines() {
    let repo = repository();
    install(&repo, &[]);
    repo.write("lib/words.policy", "list competitors from \"../lists/competitors.csv\"\n\ndefine bar as 5\n");
    let library = git(&repo, &["diff"]).out;
    assert!(library.contains("what a library changes shows in the policies that use it"), "{library}");
    assert!(library.contains("-define bar as 3\n+define bar as 5\n"), "{library}");
    repo.git(&["checkout", "--quiet", "."]);
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "nead >= bar \u{1b}[31m"));
    let faulty = git(&repo, &["diff"]);
    assert!(
        faulty.out.contains("after the change, the policy does not check")
            && faulty.out.contains("+pass to sales when nead")
    );
    assert!(faulty.code == 0 && !faulty.out.contains('\u{1b}'), "{faulty:?}");
    repo.git(&["checkout", "--quiet", "."]);
    repo.write("policies/new.policy", WITHOUT_LIBRARY);
    repo.git(&["mv", "policies/inbound.policy", "policies/incoming.policy"]);
    repo.git(&["add", "--all"]);
    let moved = git(&repo, &["diff", "--cached", "-M"]).out;
    assert!(moved.contains("diff policies/inbound.policy → policies/incoming.policy\nsame behaviour"), "{moved}");
    assert!(moved.contains("diff policies/new.policy\na new file\n@@"), "{moved}");
    repo.git(&["reset", "--quiet", "--hard"]);
    repo.git(&["rm", "--quiet", "policies/inbound.policy"]);
    let gone = git(&repo, &["diff", "HEAD"]).out;
    assert!(gone.contains("the file is gone\n@@") && gone.contains("\n-otherwise nurture"), "{gone}");
}

#[test]
fn a_diff_from_a_folder_and_of_links_is_understood() {
    let repo = repository();
    install(&repo, &[]);
    let policies = repo.root.join("policies");
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "need >= 4"));
    let here = repo.run_git_in(&policies, &["diff", "--relative"]).out;
    assert!(here.contains("diff policies/inbound.policy\n") && here.contains("pass to sales → nurture"), "{here}");
    assert_eq!(git(&repo, &["diff", "--relative=policies"]).out, here);
    repo.git(&["commit", "--quiet", "--all", "--no-verify", "--message", "x"]);
    let made = repo.run_git_in(&policies, &["diff", "--relative", "HEAD~1", "HEAD"]).out;
    assert!(made.contains("pass to sales → nurture"), "{made}");

    let link = repo.root.join("policies/current.policy");
    std::os::unix::fs::symlink("inbound.policy", &link).unwrap();
    repo.git(&["add", "--all"]);
    assert!(git(&repo, &["diff", "--cached"]).out.contains("\na new link\n"));
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../lib/words.policy", &link).unwrap();
    let led = git(&repo, &["diff"]).out;
    assert!(led.contains("a link that leads elsewhere now:") && led.contains("+../lib/words.policy"), "{led}");
    assert!(!led.contains("does not check"), "{led}");
}

#[test]
fn a_file_that_is_not_merged_stops_no_diff() {
    let repo = Repo::new();
    repo.write("small.policy", WITHOUT_LIBRARY);
    repo.commit("first");
    install(&repo, &[]);
    repo.git(&["checkout", "--quiet", "-b", "other"]);
    repo.write("small.policy", WITHOUT_LIBRARY.replace(">= 3", ">= 4"));
    repo.git(&["commit", "--quiet", "--all", "--no-verify", "--message", "four"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("small.policy", WITHOUT_LIBRARY.replace(">= 3", ">= 2"));
    repo.git(&["commit", "--quiet", "--all", "--no-verify", "--message", "two"]);
    assert!(!repo.try_git(&["merge", "--quiet", "other"]));
    assert!(git(&repo, &["diff"]).out.contains("++<<<<<<< HEAD"));
    let ran = git(&repo, &["diff", "--cached"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("not merged yet"), "{ran:?}");
}

#[test]
fn what_is_no_policy_text_comes_out_as_it_went_in() {
    let repo = repository();
    for (name, bytes) in
        [("faulty.policy", &b"nonsense\r\n\n\n"[..]), ("bytes.policy", b"\xff\xfe\x00x"), ("none.policy", b"")]
    {
        repo.write(name, bytes);
        let mut policyc = Command::new(env!("CARGO_BIN_EXE_policyc"));
        let output = policyc.args(["git-text", name]).current_dir(&repo.root).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), bytes), "{name}");
    }
}
