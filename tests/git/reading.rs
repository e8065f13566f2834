//! Every verb that reads a policy reads it from a revision, too, with everything that it uses.

use std::fs;

use crate::support::Repo;
use crate::{LEADS, LIBRARY, LIST, POLICY, inbound, raise_the_bar};

/// The files of a folder with their texts, to see that nothing was touched.
fn tree(repo: &Repo) -> String {
    let listed = repo.git(&["status", "--porcelain", "--ignored", "--untracked-files=all"]);
    let index = fs::read(repo.root.join(".git/index")).unwrap();
    format!("{listed}\n{}\n{}", repo.git(&["diff"]), index.len())
}

#[test]
fn what_a_policy_uses_comes_from_the_same_revision() {
    let repo = inbound();
    raise_the_bar(&repo);
    repo.write("lists/competitors.csv", "domain\nfriend.example\n");
    let second = repo.commit("The second agreement");
    let decide = |policy: &str| repo.policyc(&["decide", policy, "leads.csv", "--as-of", "2026-03-09", "-q"]).out;
    let (old, new) = (decide("HEAD~1:policies/inbound.policy"), decide("policies/inbound.policy"));
    assert!(old.contains("L1,pass to sales") && old.contains("L2,disqualify"), "{old}");
    assert!(new.contains("L1,disqualify") && new.contains("L2,pass to sales"), "{new}");
    assert_eq!(decide("HEAD:policies/inbound.policy"), new);
    assert_eq!(decide(&format!("{second}:policies/inbound.policy")), new);
    // Not even what is committed is looked at, only the commit.
    fs::remove_dir_all(repo.root.join("policies")).unwrap();
    fs::remove_dir_all(repo.root.join("lib")).unwrap();
    fs::remove_dir_all(repo.root.join("lists")).unwrap();
    assert_eq!(decide("HEAD~1:policies/inbound.policy"), old);
}

#[test]
fn nothing_is_touched_and_nothing_is_run() {
    let repo = inbound();
    raise_the_bar(&repo);
    // Were any of these followed, a file would appear.
    for (key, value) in [
        ("core.fsmonitor", "touch ran"),
        ("filter.x.smudge", "touch ran"),
        ("filter.x.process", "touch ran"),
        ("diff.x.textconv", "touch ran"),
        ("core.sshCommand", "touch ran"),
        ("core.pager", "touch ran"),
        ("include.path", "/dev/zero"),
    ] {
        repo.append(".git/config", &config(key, value));
    }
    repo.append(".git/info/attributes", "*.policy filter=x diff=x\n");
    let hook = repo.root.join(".git/hooks/post-checkout");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\ntouch ran\n").unwrap();
    let before = repo.listing();
    for arguments in [
        &["check", "main:policies"][..],
        &["test", "main:policies"],
        &["history", "policies/inbound.policy"],
        &["diff", "main:policies/inbound.policy", "policies/inbound.policy"],
    ] {
        let ran = repo.policyc(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    }
    assert_eq!(repo.listing(), before);
}

/// A line of configuration, as git writes it.
fn config(key: &str, value: &str) -> String {
    let (section, name) = key.rsplit_once('.').unwrap();
    let section = section.split_once('.').map_or(section.to_owned(), |(a, b)| format!("{a} \"{b}\""));
    format!("[{section}]\n\t{name} = {value}\n")
}

#[test]
fn check_names_files_by_their_revision() {
    let repo = inbound();
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "ned >= bar"));
    repo.write("lib/words.policy", LIBRARY.replace("competitors.csv", "rivals.csv"));
    repo.commit("Two mistakes");
    let clean = repo.policyc(&["check", "main~1:policies/inbound.policy"]);
    assert_eq!((clean.code, clean.out.as_str()), (0, "nothing found in 1 policy\n"), "{clean:?}");
    let ran = repo.policyc(&["check", "main:policies/inbound.policy"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("[main:policies/inbound.policy:18:20]"), "{}", ran.out);
    assert!(ran.out.contains("main:lib/words.policy:1:23]"), "{}", ran.out);
    let json = repo.policyc(&["check", "main:policies/inbound.policy", "--format", "json"]).out;
    assert!(json.contains(r#""path": "main:policies/inbound.policy""#), "{json}");
}

#[test]
fn a_folder_of_a_revision_stands_for_its_policies() {
    let repo = inbound();
    repo.write("policies/sub/other.policy", POLICY.replace("../lib", "../../lib").replace("Inbound", "Other"));
    repo.write("policies/.hidden/broken.policy", "nonsense\n");
    repo.write("policies/readme.md", "nonsense\n");
    repo.commit("Another one");
    for folder in ["main:policies", "main:policies/", "main:./policies/", "main:policies/sub/.."] {
        let ran = repo.policyc(&["check", folder]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 2 policies\n"), "{folder}: {ran:?}");
    }
    // The library is used by both policies; all of the repository is one folder, too.
    let ran = repo.policyc(&["check", "HEAD:"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 2 policies and 1 library\n"), "{ran:?}");
    // Before, there was one of them.
    assert_eq!(repo.policyc(&["test", "HEAD~1:policies"]).out, "1 passed, 0 failed\n");
    assert_eq!(repo.policyc(&["test", "HEAD:policies"]).out, "2 passed, 0 failed\n");
    // One that is given twice is looked at once.
    assert_eq!(repo.policyc(&["test", "HEAD:policies", "main:policies/inbound.policy"]).out, "2 passed, 0 failed\n");
    let none = repo.policyc(&["check", "HEAD:lists"]);
    assert_eq!((none.code, none.said().as_str()), (2, "policyc: there is no `.policy` file below `HEAD:lists`"));
}

#[test]
fn other_repositories_within_one_are_none_of_its_folders() {
    let repo = inbound();
    let before = repo.policyc(&["check", "."]).all();
    repo.git(&["worktree", "add", "-q", "beside", "HEAD"]);
    repo.git(&["clone", "-q", ".", "policies/copy"]);
    assert_eq!(repo.policyc(&["check", "."]).all(), before);
    // Whoever types one means it.
    assert_eq!(repo.policyc(&["check", "beside"]).code, 0);
}

#[test]
fn paths_are_taken_from_the_root_or_from_here() {
    let repo = inbound();
    let here = repo.root.join("policies");
    let check = |path: &str| repo.policyc_in(&here, &["check", path]);
    for path in ["main:policies/inbound.policy", "main:./inbound.policy", "main:../policies/inbound.policy", "main:./"]
    {
        assert_eq!(check(path).code, 0, "{path}: {:?}", check(path));
    }
    let far = check("main:../../inbound.policy");
    assert_eq!(
        (far.code, far.said().as_str()),
        (
            2,
            "policyc: `main:../../inbound.policy` leads out of the repository: its paths begin at the repository's root"
        )
    );
    let absolute = check("main:/etc/passwd.policy");
    assert!(absolute.said().contains("leads out of the repository"), "{absolute:?}");
}

#[test]
fn what_a_file_and_a_revision_are_called_is_refused() {
    let repo = inbound();
    // Whoever changes the repository could put a policy in the place of the one that it is compared with.
    repo.write("main:policies/inbound.policy", POLICY.replace("4", "2"));
    repo.write("mine:policies/inbound.policy", POLICY.replace("4", "2"));
    let short = repo.git(&["rev-parse", "--short", "main"]);
    let name = "main:policies/inbound.policy";
    for arguments in [
        &["check", name][..],
        &["history", name],
        &["diff", name, "policies/inbound.policy"],
        &["check", "main:policies"],
    ] {
        let ran = repo.policyc(arguments);
        let given = arguments[1];
        let which = format!(
            "policyc: `{given}` is a file here, and `main` is a revision, too: type `./{given}` for the file, `{short}:{}` for what the commit has",
            given.trim_start_matches("main:")
        );
        assert_eq!((ran.code, ran.said()), (2, which));
    }
    assert_eq!(repo.policyc(&["test", &format!("{short}:policies/inbound.policy")]).code, 0);
    // One that cannot be told is one, too.
    repo.commit("More");
    repo.git(&["tag", "main", "HEAD~1"]);
    for revision in ["main", "main~7", "HEAD~7"] {
        let name = format!("{revision}:policies/inbound.policy");
        repo.write(&name, POLICY.replace('4', "2"));
        let ran = repo.policyc(&["check", &name]);
        assert!(
            ran.code == 2 && ran.said().contains("`HASH:policies/inbound.policy` for what the commit has"),
            "{ran:?}"
        );
        assert!(ran.said().contains(&format!("`{revision}` may be meant as a revision")), "{ran:?}");
    }
    // Where there is no such revision, the file is meant.
    for name in ["./main:policies/inbound.policy", "mine:policies/inbound.policy"] {
        let ran = repo.policyc(&["test", name]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(&format!("[{}:", name.trim_start_matches("./"))), "{ran:?}");
    }
    // A drive of Windows is no revision.
    let drive = repo.policyc(&["check", "C:/policies/inbound.policy"]);
    assert_eq!(
        (drive.code, drive.said().as_str()),
        (2, "policyc: cannot read `C:/policies/inbound.policy`: there is no such file")
    );
}

#[test]
fn every_verb_reads_revisions() {
    let repo = inbound();
    raise_the_bar(&repo);
    repo.commit("Raise the bar");
    let of = |arguments: &[&str]| {
        let ran = repo.policyc(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.out
    };
    let (old, new) = ("main~1:policies/inbound.policy", "main:policies/inbound.policy");
    let explained = of(&["explain", old, "leads.csv", "--lead", "L1", "--as-of", "2026-03-09"]);
    assert!(explained.contains("Rule pass-to-sales-a-real-need at main~1:policies/inbound.policy:18"), "{explained}");
    let diff = of(&["diff", old, new]);
    assert!(diff.contains("pass to sales → nurture") && diff.contains("main~1:lib/words.policy:3"), "{diff}");
    let with_leads = of(&["diff", old, "policies/inbound.policy", "--leads", "leads.csv"]);
    assert!(with_leads.contains("1 of 2 rows change hands"), "{with_leads}");
    assert_eq!(of(&["compile", new]), of(&["compile", "policies/inbound.policy"]));
    assert_ne!(of(&["compile", old]), of(&["compile", new]));
    assert_eq!(of(&["fmt", "--check", old, new]), "");
    assert_eq!(of(&["test", old]), "1 passed, 0 failed\n");
    let generated = of(&["test", "--generate", old]);
    assert!(generated.contains("expect pass to sales"), "{generated}");
}

#[test]
fn a_revision_is_never_written_to() {
    let repo = inbound();
    repo.write("policies/inbound.policy", POLICY.replace("need >= bar", "need   >=   bar"));
    repo.commit("Out of shape");
    let before = tree(&repo);
    let ran = repo.policyc(&["fmt", "--check", "main:policies"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, "not formatted: main:policies/inbound.policy\n"));
    let ran = repo.policyc(&["fmt", "main:policies"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (
            2,
            "policyc: `main:policies/inbound.policy` is in a commit, which stays as it is: add `--check`, or give the path of the file"
        )
    );
    let ran = repo.policyc(&["test", "--generate", "--append", "main:policies"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (2, "policyc: `main:policies/inbound.policy` is in a commit, which stays as it is: leave `--append` out")
    );
    assert_eq!(tree(&repo), before);
    // One that is given beside others keeps those from being written, too.
    let ran = repo.policyc(&["fmt", "policies/inbound.policy", "main:policies/inbound.policy"]);
    assert_eq!((ran.code, tree(&repo)), (2, before));
}

#[test]
fn names_that_are_not_ascii_and_ends_of_lines() {
    let repo = inbound();
    repo.write("Verträge/Börse – größer.policy", POLICY.replace('\n', "\r\n").replace("../lib/words", "../lib/wörter"));
    repo.write("lib/wörter.policy", format!("\u{feff}{}", LIBRARY.replace("competitors.csv", "Wettbewerber ☕.csv")));
    repo.write("lists/Wettbewerber ☕.csv", LIST.replace('\n', "\r\n"));
    repo.commit("Umlauts");
    let ran = repo.policyc(&["check", "main:Verträge/Börse – größer.policy"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 1 policy\n"), "{ran:?}");
    let ran = repo.policyc(&["check", "main:Verträge"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 1 policy\n"), "{ran:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_policy_that_nobody_can_name_is_not_left_out() {
    use std::os::unix::ffi::OsStrExt;
    for name in [&b"policies/\xff.policy"[..], b"policies/\xff/further.policy"] {
        let repo = inbound();
        let path = repo.root.join(std::ffi::OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, POLICY).unwrap();
        repo.commit("A name in another encoding");
        let ran = repo.policyc(&["check", "main:policies"]);
        let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ran.code == 2 && said.contains("its name is not valid text"), "{ran:?}");
        // Elsewhere it is nobody's business.
        repo.git(&["mv", "policies", "notes"]);
        repo.write("policies/inbound.policy", POLICY);
        repo.commit("Elsewhere");
        assert_eq!(repo.policyc(&["check", "main:policies"]).code, 0);
    }
}

#[test]
fn what_git_keeps_for_itself_is_read_by_no_policy() {
    let repo = inbound();
    repo.git(&["config", "remote.origin.url", "https://ci:secret@host.example/x.git"]);
    let list = |path: &str| format!("list competitors from \"{path}\"\n\ndefine bar as 3\n");
    repo.write("lib/words.policy", list("../.git/config"));
    let ran = repo.policyc(&["check", "policies"]);
    assert!(ran.code == 1 && ran.out.contains("`.git/config` lies outside"), "{ran:?}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../.git/config", repo.root.join("lists/git.csv")).unwrap();
        std::os::unix::fs::symlink("../.git/config", repo.root.join("policies/git.policy")).unwrap();
        repo.write("lib/words.policy", list("../lists/git.csv"));
        for file in ["policies/inbound.policy", "policies/git.policy"] {
            let ran = repo.policyc(&["check", file]);
            assert!(ran.code > 0 && ran.all().contains("outside") && !ran.all().contains("secret"), "{ran:?}");
        }
        repo.git(&["checkout", "--quiet", "lib"]);
        std::fs::remove_file(repo.root.join("policies/git.policy")).unwrap();
        repo.write("policyc.toml", "policies = [\"policies/inbound.policy\"]\n\n[review]\nleads = \"lists/git.csv\"\n");
        let ran = repo.policyc(&["review", "--base", "HEAD"]);
        assert!(ran.code == 2 && ran.err.contains("leads out of the repository"), "{ran:?}");
    }
}

#[test]
fn links_are_followed_inside_of_the_repository() {
    let repo = inbound();
    let link = |target: &str, name: &str| {
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, repo.root.join(name)).unwrap();
    };
    link("policies/inbound.policy", "inbound.policy");
    link("policies", "agreements");
    link("../lib", "policies/lib");
    link("../../outside.policy", "outside.policy");
    link("/etc/hostname", "absolute.policy");
    link("round.policy", "round.policy");
    repo.commit("Links");
    let check = |path: &str| repo.policyc(&["check", path]);
    for path in ["main:inbound.policy", "main:agreements/inbound.policy", "main:policies/lib"] {
        // What a policy uses is relative to where it really stands.
        assert_eq!(check(path).code, 0, "{path}: {:?}", check(path));
    }
    let outside = "it lies outside of the folder that policies are read from";
    let absolute =
        "`absolute.policy` is a link to `/etc/hostname`: make it relative, or put the file itself in its place";
    for (path, why) in [
        ("main:outside.policy", outside),
        ("main:absolute.policy", absolute),
        ("main:round.policy", "its links lead round in a circle"),
    ] {
        let ran = check(path);
        assert_eq!((ran.code, ran.said()), (2, format!("policyc: cannot read `{path}`: {why}")));
    }
}

#[test]
fn leads_are_not_read_from_a_revision() {
    let repo = inbound();
    repo.write("leads.tsv", LEADS);
    repo.commit("Leads");
    let ran = repo.policyc(&["decide", "main:policies/inbound.policy", "main:leads.tsv"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (2, "policyc: leads are read from files, not out of git: `git show main:leads.tsv > FILE` writes one")
    );
    let ran = repo.policyc(&["decide", "main:leads.tsv", "leads.tsv"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (2, "policyc: `main:leads.tsv` is called like a file of leads, and stands where the policy belongs")
    );
}
