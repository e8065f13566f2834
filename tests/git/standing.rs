//! What links lead to is known by where it really stands: policies, libraries, lists, and who owns them.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Ran, Repo};

const LIBRARY: &str = "list rivals from \"rivals.csv\"\n\ndefine is_rival as domain of email in rivals\n";

/// A repository whose policy reaches one library by its path and, in another library, through a link.
fn linked() -> Repo {
    let repo = Repo::new();
    let policy = "policy \"Inbound\"\n  owned by marketing, sales\n\nuse \"../sh/lists.policy\"\n  owned by legal\n\nuse \"../shared/two.policy\"\n  \
                  owned by analysts\n\nlead\n  email  text, personal\n\ndecisions\n  pass to sales\n  nurture\n\nnurture when is_rival or is_no_friend\n\n\
                  otherwise pass to sales\n";
    repo.write("policies/inbound.policy", policy);
    repo.write("shared/lists.policy", LIBRARY);
    repo.write(
        "shared/two.policy",
        "use \"lists.policy\"\n\ndefine is_no_friend as domain of email is \"foe.example\"\n",
    );
    repo.write("shared/rivals2.csv", "domain\nrival.example\n");
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    for (target, at) in [
        ("shared", "sh"),
        ("rivals2.csv", "shared/rivals.csv"),
        ("inbound.policy", "policies/current.policy"),
        ("../shared/lists.policy", "policies/library.policy"),
        ("nowhere", "policies/nothing"),
    ] {
        symlink(target, repo.root.join(at)).unwrap();
    }
    repo.commit("Links");
    repo
}

#[test]
fn a_library_counts_once_whatever_leads_to_it() {
    let repo = linked();
    for path in ["policies", "HEAD:policies"] {
        let ran = repo.policyc(&["check", path]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 1 policy and 1 library\n"), "{ran:?}");
    }
    // A list is looked for beside the library itself, by the path of the library, too.
    let policy = fs::read_to_string(repo.root.join("policies/inbound.policy")).unwrap();
    repo.write("policies/inbound.policy", policy.replace("../sh/lists.policy", "library.policy"));
    let ran = repo.policyc(&["check"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing found in 1 policy and 1 library\n"), "{ran:?}");
}

#[test]
fn codeowners_lists_what_stands_there_and_the_links_on_the_way() {
    let repo = linked();
    let expected = "# written by `policyc owners --codeowners`\n\
                    /policies/current.policy @analysts @legal @marketing @sales\n\
                    /policies/inbound.policy @marketing @sales\n\
                    /policies/library.policy @legal\n\
                    /sh @analysts @legal\n\
                    /shared/lists.policy @legal\n\
                    /shared/rivals.csv @legal\n\
                    /shared/rivals2.csv @legal\n\
                    /shared/two.policy @analysts\n";
    for paths in [&["policies"][..], &["HEAD:policies"], &[]] {
        let ran = repo.policyc(&[&["owners", "--codeowners"], paths].concat());
        assert_eq!(ran.out, expected, "{paths:?} {ran:?}");
    }
    // A link above all that is named.
    symlink("policies", repo.root.join("live")).unwrap();
    repo.write("policyc.toml", "policies = [\"live\"]\n");
    repo.commit("By a link");
    for paths in [&["HEAD:live"][..], &[]] {
        let ran = repo.policyc(&[&["owners", "--codeowners"], paths].concat());
        assert!(ran.out.contains("\n/live @analysts @legal @marketing @sales\n"), "{paths:?} {ran:?}");
    }
}

#[test]
fn a_link_to_an_absolute_path_is_refused_on_the_disk_as_in_a_commit() {
    let repo = linked();
    let top = repo.root.display().to_string();
    let told = |ran: &Ran, link: &str, target: &str| {
        let target = target.replace(&top, "/somewhere/repo");
        let words = format!("`{link}` is a link to `{target}`: make it");
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(ran.all().replace("\n         ", " ").contains(&words), "{words} {ran:?}");
    };
    let put = |target: &str, at: &str| {
        symlink(target, repo.root.join(at)).unwrap();
        repo.commit("An absolute link");
    };
    for (target, at) in [
        (format!("{top}/policies/inbound.policy"), "policies/abs.policy"),
        (format!("{top}/shared"), "policies/abs"),
        (format!("{top}/policyc.toml"), "sub/policyc.toml"),
    ] {
        repo.write("sub/readme", "");
        put(&target, at);
        let here = if at.starts_with("sub") { "sub" } else { "." };
        for verb in [&["check"][..], &["test"], &["fmt", "--check"], &["owners"]] {
            told(&repo.policyc_in(&repo.root.join(here), verb), at, &target);
        }
        if at.ends_with(".policy") {
            told(&repo.policyc(&["check", "HEAD:policies"]), at, &target);
            told(&repo.policyc(&["review", "--base", "HEAD~1", "--head", "HEAD"]), at, &target);
        }
        fs::remove_file(repo.root.join(at)).unwrap();
    }
    // Of a library it is a finding; a path that is typed may lead anywhere.
    fs::remove_file(repo.root.join("sh")).unwrap();
    let target = format!("{top}/shared");
    put(&target, "sh");
    for path in ["policies", "HEAD:policies"] {
        told(&repo.policyc(&["check", path]), "sh", &target);
    }
    assert_eq!(repo.policyc(&["check", "sh/two.policy"]).code, 0);
}
