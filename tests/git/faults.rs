//! What cannot be read, and what to do then.

use std::fs;

use crate::support::{Ran, Repo};
use crate::{LEADS, LIST, POLICY, inbound, raise_the_bar};

const PATH: &str = "policies/inbound.policy";

fn fails(ran: &Ran) -> String {
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    ran.said().strip_prefix("policyc: ").unwrap().to_owned()
}

fn check(repo: &Repo, path: &str) -> String {
    fails(&repo.policyc(&["check", path]))
}

#[test]
fn outside_of_a_repository() {
    let repo = inbound();
    let ran = repo.policyc_in(&repo.outside(), &["check", "main:policies/inbound.policy"]);
    assert_eq!(
        fails(&ran),
        "there is no file `main:policies/inbound.policy`, and no git repository here in which `main` could be a revision: go to a folder of one"
    );
}

#[test]
fn without_a_commit() {
    let repo = Repo::new();
    for revision in ["HEAD", "main", "v1"] {
        let said = check(&repo, &format!("{revision}:x.policy"));
        assert_eq!(said, "the repository has no commit yet: `git commit` makes one");
    }
    let repo = inbound();
    repo.git(&["checkout", "--quiet", "--orphan", "new"]);
    assert_eq!(
        check(&repo, "HEAD:x.policy"),
        "the branch that is checked out has no commit yet: name another branch before the colon"
    );
    assert_eq!(repo.policyc(&["check", "main:policies"]).code, 0);
}

#[test]
fn a_path_that_is_not_there() {
    let repo = inbound();
    repo.write("policies/partners.policy", POLICY.replace("Inbound", "Partners").replace("4", "5"));
    repo.commit("Partners");
    repo.git(&["mv", "policies/inbound.policy", "policies/demo-requests.policy"]);
    repo.commit("Another name");
    // It came in later.
    assert_eq!(
        check(&repo, "HEAD~2:policies/partners.policy"),
        "there is no `policies/partners.policy` in HEAD~2, only in the commit that is checked out"
    );
    // It had another name.
    assert_eq!(
        check(&repo, "HEAD~1:policies/demo-requests.policy"),
        "there is no `policies/demo-requests.policy` in HEAD~1: it is called `HEAD~1:policies/inbound.policy` there"
    );
    // It is mistyped, or taken from the wrong folder.
    assert_eq!(
        check(&repo, "main:policies/partner.policy"),
        "there is no `policies/partner.policy` in main; did you mean `main:policies/partners.policy`?"
    );
    assert_eq!(
        fails(&repo.policyc_in(&repo.root.join("policies"), &["check", "main:partners.policy"])),
        "there is no `partners.policy` in main; did you mean `main:policies/partners.policy`?"
    );
    assert_eq!(
        check(&repo, "main:something/else.policy"),
        "there is no `something/else.policy` in main: the path of a file begins at the root of the repository, or with `./` in this folder"
    );
    // A file is no folder.
    assert!(check(&repo, "main:policies/partners.policy/x.policy").starts_with("there is no `policies/partners"));
    // What it uses was not there.
    repo.git(&["rm", "--quiet", "lists/competitors.csv"]);
    repo.commit("Without the list");
    let ran = repo.policyc(&["check", "main:policies/partners.policy"]);
    assert!(ran.code == 1 && ran.out.contains("there is no file `lists/competitors.csv`"), "{ran:?}");
}

#[test]
fn a_folder_where_a_policy_belongs() {
    let repo = inbound();
    let ran = repo.policyc(&["compile", "main:policies"]);
    assert_eq!(fails(&ran), "`main:policies` is a folder: type the path of a policy in it");
    let ran = repo.policyc(&["diff", "main:", "main:policies/inbound.policy"]);
    assert_eq!(fails(&ran), "`main:` is a folder: type the path of a policy in it");
}

#[test]
fn a_shallow_clone() {
    let repo = inbound();
    raise_the_bar(&repo);
    repo.commit("second");
    repo.write("x", "");
    repo.commit("third");
    repo.git(&["tag", "v1", "HEAD~2"]);
    let clone = repo.outside().join("clone");
    let url = format!("file://{}", repo.root.display());
    repo.git(&["clone", "--quiet", "--depth", "2", &url, clone.to_str().unwrap()]);
    let check = |path: &str| repo.policyc_in(&clone, &["check", path]);
    assert_eq!(check("HEAD~1:policies").code, 0);
    let end = repo.git(&["rev-parse", "--short=7", "HEAD~1"]);
    assert_eq!(
        fails(&check("HEAD~2:policies")),
        format!(
            "`HEAD~2` lies before the commits of this clone, which end with {end}: get the others with `git fetch --unshallow`"
        )
    );
    assert_eq!(
        fails(&check("v1:policies")),
        "the repository has no revision `v1`: this clone has only the newest commits; get the others with `git fetch --unshallow`"
    );
    let first = repo.git(&["rev-parse", "HEAD~2"]);
    assert!(fails(&check(&format!("{first}:policies"))).ends_with("get the others with `git fetch --unshallow`"));
    repo.git_in(&clone, &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(check("HEAD~2:policies").code, 0);
    assert_eq!(check(&format!("{first}:policies")).code, 0);
}

#[test]
fn a_partial_clone() {
    let repo = inbound();
    raise_the_bar(&repo);
    repo.commit("second");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.outside().join("clone");
    let url = format!("file://{}", repo.root.display());
    repo.git(&["clone", "--quiet", "--filter=blob:none", &url, clone.to_str().unwrap()]);
    assert_eq!(repo.policyc_in(&clone, &["check", "HEAD:policies"]).code, 0);
    // The library's old text was never fetched, and policyc fetches nothing.
    let blob = repo.git(&["rev-parse", "HEAD~1:lib/words.policy"]);
    let ran = repo.policyc_in(&clone, &["check", "HEAD~1:policies"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("a partial one") && text.contains(&format!("git cat-file -t {blob}")), "{text}");
    repo.git_in(&clone, &["cat-file", "-t", &blob]);
    assert_eq!(repo.policyc_in(&clone, &["check", "HEAD~1:policies"]).code, 0);
}

#[test]
fn a_history_with_objects_that_are_not_there() {
    let repo = Repo::new();
    repo.write(
        "old.policy",
        POLICY.replace("use \"../lib/words.policy\"\n", "list competitors is [\"a.example\"]\ndefine bar as 3\n"),
    );
    repo.commit("first");
    let text = fs::read_to_string(repo.root.join("old.policy")).unwrap();
    repo.write("old.policy", text.replace("bar as 3", "bar as 4"));
    repo.commit("second");
    repo.git(&["mv", "old.policy", "new.policy"]);
    repo.write("new.policy", text.replace("bar as 3", "bar as 5"));
    repo.commit("third");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.root.display());
    for filter in ["blob:none", "tree:0"] {
        let clone = repo.outside().join(filter.replace(':', "-"));
        repo.git(&["clone", "--quiet", "--filter", filter, &url, clone.to_str().unwrap()]);
        let ran = repo.policyc_in(&clone, &["history", "new.policy"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{filter}: {ran:?}");
        let said = fails(&ran);
        assert!(said.starts_with("cannot read the repository: object ") && said.contains("a partial one"), "{said}");
        assert_eq!(repo.policyc_in(&clone, &["history", "new.policy", "--format", "json"]).out, "", "{filter}");
        // What is there is told without the rest.
        let ran = repo.policyc_in(&clone, &["check", "HEAD:new.policy"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let blob = repo.git(&["rev-parse", "HEAD~2:old.policy"]);
    fs::remove_file(repo.root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]))).unwrap();
    let ran = repo.policyc(&["history", "new.policy"]);
    assert!(ran.code == 2 && fails(&ran).contains(&format!("object {blob} is missing: `git fsck`")), "{ran:?}");
}

#[test]
fn bare_repositories_and_linked_work_trees() {
    let repo = inbound();
    raise_the_bar(&repo);
    repo.commit("second");
    let bare = repo.outside().join("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    for folder in [bare.clone(), bare.join("objects"), repo.root.join(".git")] {
        let ran = repo.policyc_in(&folder, &["test", "main:policies", "HEAD~1:policies"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "2 passed, 0 failed\n"), "{folder:?}: {ran:?}");
    }
    // From here means nothing where nothing is checked out.
    let ran = repo.policyc_in(&bare, &["check", "main:./policies"]);
    assert!(fails(&ran).contains("leads out of the repository"), "{ran:?}");

    let linked = repo.outside().join("linked");
    repo.git(&["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap(), "HEAD~1"]);
    let ran = repo.policyc_in(&linked, &["diff", "HEAD:policies/inbound.policy", "main:policies/inbound.policy"]);
    assert!(ran.code == 0 && ran.out.contains("pass to sales → nurture"), "{ran:?}");
    let ran = repo.policyc_in(&linked.join("lib"), &["test", "HEAD:../policies", "side:policies"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 passed, 0 failed\n"), "{ran:?}");
    let ran = repo.policyc_in(&linked, &["history", PATH]);
    assert!(ran.code == 0 && ran.out.contains("The first agreement") && !ran.out.contains("second"), "{ran:?}");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let inner = inbound();
    let repo = Repo::new();
    repo.git(&["submodule", "--quiet", "add", inner.root.to_str().unwrap(), "shared"]);
    repo.write("outer.policy", POLICY.replace("../lib/words.policy", "shared/lib/words.policy"));
    repo.write(
        "policies/inbound.policy",
        POLICY.replace("use \"../lib/words.policy\"\n", "list competitors is [\"a.example\"]\ndefine bar as 3\n"),
    );
    repo.commit("With a submodule");
    let border = "`shared` is a submodule, a repository of its own: run policyc in there";
    assert_eq!(
        check(&repo, "main:shared/policies/inbound.policy"),
        format!("cannot read `main:shared/policies/inbound.policy`: {border}")
    );
    assert_eq!(check(&repo, "main:shared"), format!("cannot read `main:shared`: {border}"));
    let ran = repo.policyc(&["check", "main:outer.policy"]);
    assert!(ran.code == 1 && ran.out.contains("`shared` is a submodule"), "{ran:?}");
    // A folder is looked through without it, and in there it is a repository.
    let ran = repo.policyc(&["test", "main:policies"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 passed, 0 failed\n"), "{ran:?}");
    let ran = repo.policyc_in(&repo.root.join("shared"), &["test", "HEAD:policies"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 passed, 0 failed\n"), "{ran:?}");
}

#[test]
fn what_git_lfs_has_is_not_in_git() {
    let repo = inbound();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    repo.write("lists/competitors.csv", pointer);
    repo.commit("A large list");
    let text = |path: &str| {
        let ran = repo.policyc(&["check", path]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.out.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
    };
    let there = text("main:policies/inbound.policy");
    assert!(
        there.contains("`lists/competitors.csv` cannot be read: git has only a pointer to it, git-lfs has the file"),
        "{there}"
    );
    let here = text("policies/inbound.policy");
    assert!(
        here.contains(
            "`lists/competitors.csv` cannot be read: here is only a pointer to it: `git lfs pull` gets the file"
        ),
        "{here}"
    );
}

#[test]
fn a_merge_that_is_not_settled() {
    let repo = inbound();
    let policy = "policies/inbound.policy";
    let changed = |branch: &str, bar: &str, rival: &str| {
        repo.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repo.write(policy, POLICY.replace("need >= bar", bar));
        repo.write("lists/competitors.csv", format!("domain\nrival.example\n{rival}\n"));
        repo.commit(branch);
    };
    changed("one", "need >= 4", "one.example");
    changed("other", "need >= 5", "other.example");
    assert!(!repo.try_git(&["merge", "--quiet", "one"]));
    let ran = repo.policyc(&["check", policy, "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let findings = findings["findings"].as_array().unwrap().iter();
    let found: Vec<String> =
        findings.map(|found| format!("{} {} {}", found["code"], found["path"], found["message"])).collect();
    assert_eq!(
        found,
        [
            r#""P0127" "policies/inbound.policy" "a merge has left both of its sides here""#,
            r#""P0127" "lib/words.policy" "a merge has left both of its sides in `lists/competitors.csv`""#,
        ]
    );
    // Settled, it is a policy again.
    repo.git(&["checkout", "--quiet", "--ours", "."]);
    assert_eq!(repo.policyc(&["check", policy]).code, 0);
}

#[test]
fn a_revision_without_a_path() {
    let repo = inbound();
    let path = "policies/inbound.policy";
    for arguments in [&["diff", "main", path][..], &["check", "main"], &["history", "main"]] {
        let said = "there is no file `main`: type the path of a policy behind the revision, `main:PATH`, from the root of the repository";
        assert_eq!(fails(&repo.policyc(arguments)), said, "{arguments:?}");
    }
    // What is none is a file that is not there, and a file of this name comes first.
    assert_eq!(fails(&repo.policyc(&["check", "mian"])), "cannot read `mian`: there is no such file");
    repo.write("main", POLICY.replace("../lib", "lib"));
    assert_eq!(repo.policyc(&["check", "main"]).code, 0);
}

#[test]
fn a_repository_of_another_kind() {
    let repo = inbound();
    let other = repo.outside().join("sha256");
    repo.git(&["init", "--quiet", "--object-format=sha256", other.to_str().unwrap()]);
    fs::write(other.join("x.policy"), POLICY).unwrap();
    repo.git_in(&other, &["add", "."]);
    repo.git_in(&other, &["commit", "--quiet", "-m", "one"]);
    let ran = repo.policyc_in(&other, &["check", "HEAD:x.policy"]);
    assert_eq!(
        fails(&ran),
        "the repository in `/somewhere/sha256` is of a kind that policyc cannot read, such as one with SHA-256 hashes: only files that are checked out can be read"
    );
    // A policy on the disk is read as ever.
    let ran = repo.policyc_in(&other, &["fmt", "--check", "x.policy"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    repo.append(".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n");
    assert!(check(&repo, "HEAD:policies").contains("keeps its branches as `reftable`"));
    repo.append(".git/config", "[core]\n\trepositoryformatversion = 7\n");
    let said = check(&repo, "HEAD:policies");
    assert!(said.starts_with("the repository in `/somewhere/repo` is of a kind that policyc cannot read"), "{said}");
}

#[test]
fn objects_that_are_missing_or_damaged() {
    let at = |repo: &Repo, revision: &str| {
        let hash = repo.git(&["rev-parse", revision]);
        (repo.root.join(format!(".git/objects/{}/{}", &hash[..2], &hash[2..])), hash)
    };
    for (revision, what) in [
        ("HEAD", "commit"),
        ("HEAD^{tree}", "tree"),
        ("HEAD:policies", "tree"),
        ("HEAD:policies/inbound.policy", "blob"),
    ] {
        let repo = inbound();
        let (file, hash) = at(&repo, revision);
        let bytes = fs::read(&file).unwrap();
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        #[allow(clippy::permissions_set_readonly_false, reason = "a file of the test")]
        permissions.set_readonly(false);
        fs::set_permissions(&file, permissions).unwrap();
        // Another object under its name, half of it, none of it, and something else.
        let other = fs::read(at(&repo, "HEAD:lists/competitors.csv").0).unwrap();
        for damaged in [&other[..], &bytes[..bytes.len() / 2], b"", b"not an object"] {
            fs::write(&file, damaged).unwrap();
            let said = check(&repo, "main:policies/inbound.policy");
            assert!(said.contains("is damaged: `git fsck`") && said.contains(&hash), "{what} {revision}: {said}");
        }
        fs::remove_file(&file).unwrap();
        let said = check(&repo, "main:policies/inbound.policy");
        assert!(said.contains("is missing: `git fsck`") && said.contains(&hash), "{what} {revision}: {said}");
    }
    // In a library it is a finding at the line that brings it in.
    let repo = inbound();
    fs::remove_file(at(&repo, "HEAD:lib/words.policy").0).unwrap();
    let ran = repo.policyc(&["check", "main:policies/inbound.policy"]);
    assert!(ran.code == 1 && ran.out.contains("main:policies/inbound.policy:3:5"), "{ran:?}");
}

#[test]
fn a_branch_that_cannot_be_read() {
    let repo = inbound();
    repo.write(".git/refs/heads/main", "nonsense\n");
    assert_eq!(
        check(&repo, "main:policies"),
        "where `main` points to cannot be read: `git show-ref` and `git fsck` say more"
    );
    repo.write(".git/HEAD", "ref: refs/heads/main\n");
    repo.write(".git/refs/heads/main", "ref: refs/heads/main\n");
    assert!(check(&repo, "HEAD:policies").contains("cannot be read"));
}

#[test]
fn a_replaced_object_is_not_what_its_hash_says() {
    let repo = inbound();
    let old = repo.git(&["rev-parse", "HEAD:lib/words.policy"]);
    raise_the_bar(&repo);
    repo.commit("second");
    let new = repo.git(&["rev-parse", "HEAD:lib/words.policy"]);
    repo.git(&["replace", &old, &new]);
    let ran = repo.policyc(&["compile", "HEAD~1:policies/inbound.policy", "--to", "text"]);
    assert!(ran.out.contains(">= 3") || ran.out.contains("as 3"), "{ran:?}");
}

#[test]
fn the_environment_does_not_count() {
    let repo = inbound();
    let elsewhere = "/nowhere";
    let environment = [
        ("GIT_DIR", elsewhere),
        ("GIT_WORK_TREE", elsewhere),
        ("GIT_INDEX_FILE", elsewhere),
        ("GIT_OBJECT_DIRECTORY", elsewhere),
        ("GIT_NAMESPACE", "other"),
        ("GIT_CEILING_DIRECTORIES", "/"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "gitoxide.objects.allocLimit"),
        ("GIT_CONFIG_VALUE_0", "1"),
    ];
    let ran = repo.policyc_with(&environment, &["test", "main:policies"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 passed, 0 failed\n"), "{ran:?}");
}

#[test]
fn what_is_too_large() {
    let repo = inbound();
    repo.write("policies/large.policy", format!("{POLICY}{}", "# and so on\n".repeat(400_000)));
    repo.write("lists/competitors.csv", format!("{LIST}{}", "x.example\n".repeat(500_000)));
    repo.commit("Large");
    for packed in [false, true] {
        assert_eq!(
            check(&repo, "main:policies/large.policy"),
            "cannot read `main:policies/large.policy`: it is larger than 4 MiB",
            "packed: {packed}"
        );
        let ran = repo.policyc(&["check", "main:policies/inbound.policy"]);
        assert!(ran.code == 1 && ran.out.contains("`lists/competitors.csv` is larger than 4 MiB"), "{ran:?}");
        repo.git(&["gc", "--quiet"]);
    }
}

#[test]
fn folders_within_folders_do_not_go_on_forever() {
    // Each folder has the one below it ten times: a billion folders in ten objects.
    let repo = inbound();
    let blob = repo.git(&["rev-parse", "HEAD:policies/inbound.policy"]);
    let mut tree = repo.make_tree(&format!("100644 blob {blob}\tx.policy\n"));
    for _ in 0..9 {
        let entries: Vec<String> = (0..10).map(|n| format!("040000 tree {tree}\tf{n}\n")).collect();
        tree = repo.make_tree(&entries.concat());
    }
    let commit = repo.git(&["commit-tree", &tree, "-m", "bomb"]);
    assert_eq!(
        check(&repo, &format!("{commit}:")),
        format!("cannot read `{commit}:`: it has more than 100000 folders")
    );
    let one = format!("{commit}:{}x.policy", "f0/".repeat(9));
    assert_eq!(repo.policyc(&["check", &one]).code, 1);
}

#[test]
fn names_that_would_steer_a_terminal_are_shown_harmlessly() {
    let repo = inbound();
    let blob = repo.git(&["rev-parse", "HEAD:lib/words.policy"]);
    let tree = repo.make_tree(&format!("100644 blob {blob}\t\u{1b}[31mred.policy\n"));
    let commit = repo.git(&["commit-tree", &tree, "-m", "\u{1b}[2Jcleared"]);
    let ran = repo.policyc(&["check", &format!("{commit}:"), &format!("{commit}:red.policy")]);
    assert!(!ran.all().contains('\u{1b}'), "{ran:?}");
    let ran = repo.policyc(&["check", &format!("{commit}:")]);
    assert!(!ran.all().contains('\u{1b}'), "{ran:?}");
}

#[test]
fn a_folder_that_looks_like_a_repository_is_a_folder() {
    let repo = inbound();
    let bare = repo.outside().join("bare.git");
    raise_the_bar(&repo);
    repo.commit("Elsewhere only");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    repo.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    repo.write("leads.csv", LEADS);
    for file in ["HEAD", "config"] {
        fs::copy(bare.join(file), repo.root.join("policies").join(file)).unwrap();
    }
    for folder in ["objects", "refs"] {
        fs::rename(bare.join(folder), repo.root.join("policies").join(folder)).unwrap();
    }
    fs::copy(bare.join("packed-refs"), repo.root.join("policies/packed-refs")).unwrap();
    repo.commit("With what looks like one");
    // What main has is what the repository around it has.
    let policies = repo.root.join("policies");
    let ran = repo.policyc_in(&policies, &["decide", "main:policies/inbound.policy", "../leads.csv", "-o", "-"]);
    assert!(ran.code == 0 && ran.out.contains("L1,pass to sales"), "{ran:?}");
    let ran = repo.policyc(&["history", PATH]);
    assert!(ran.code == 0 && ran.out.contains("The first agreement"), "{ran:?}");
    assert!(!ran.out.contains("Elsewhere"), "{ran:?}");
}
