//! What a checkout makes of files: other ends of lines, and pointers where git-lfs has the file.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use std::fs;

use support::git::Repo;

const POLICY: &str = "policy \"P\"\n  owned by sales\n\nlead\n  number  id\n  need    whole number from 0 to 5\n\ndecisions\n  call\n  wait\n\n\
                      call when need >= 3\n\notherwise wait\n";
const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

fn agreed() -> Repo {
    let repo = Repo::new();
    repo.write("p/p.policy", POLICY);
    repo.write("leads.csv", "number,need\nA,2\nB,4\n");
    repo.write("policyc.toml", "policies = [\"p\"]\n\n[review]\nleads = \"leads.csv\"\n");
    repo.commit("The agreement");
    repo
}

#[test]
fn ends_of_lines_are_no_question_of_layout() {
    let repo = agreed();
    let path = repo.root.join("p/p.policy");
    for (text, end) in [(POLICY.replace('\n', "\r\n"), "\r\n"), (POLICY.to_owned(), "\n")] {
        repo.write("p/p.policy", &text);
        let ran = repo.policyc(&["fmt", "--check"]);
        assert_eq!((ran.code, ran.said().as_str()), (0, ""));
        // What is put in order keeps them.
        repo.write("p/p.policy", text.replace("owned by", "owned   by"));
        assert_eq!(repo.policyc(&["fmt", "--check"]).code, 1);
        assert_eq!(repo.policyc(&["fmt"]).code, 0);
        assert_eq!(fs::read_to_string(&path).unwrap(), POLICY.replace('\n', end));
    }
    // All lines of a file end like its first.
    repo.write("p/p.policy", POLICY.replacen('\n', "\r\n", 1));
    assert_eq!(repo.policyc(&["fmt", "--check"]).code, 1);
    assert_eq!(repo.policyc(&["fmt"]).code, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), POLICY.replace('\n', "\r\n"));
}

#[test]
fn a_pointer_to_leads_is_told_as_one() {
    let repo = agreed();
    repo.write("leads.csv", POINTER);
    let ran = repo.policyc(&["decide", "p/p.policy", "leads.csv"]);
    let said = "policyc: cannot read `leads.csv`: here is only a pointer to it: `git lfs pull` gets the file";
    assert_eq!((ran.code, ran.said().trim()), (2, said));
    // A review goes on without them.
    repo.write("p/p.policy", POLICY.replace(">= 3", ">= 4"));
    let ran = repo.policyc(&["review", "--base", "main"]);
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let note = "the leads `leads.csv` that `policyc.toml` names are not here, but for a pointer to them (`git lfs pull` gets them), so that none were counted";
    assert!(ran.code == 0 && words.contains(note), "{ran:?}");
}

#[test]
fn leads_of_something_else_are_one_finding() {
    let repo = agreed();
    repo.write("other.csv", "age;job\n30;cook\n");
    let ran = repo.policyc(&["decide", "p/p.policy", "other.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("the leads have none of the 2 columns that the policy reads"), "{}", ran.err);
    assert!(ran.err.contains("their columns are `age`, `job`"), "{}", ran.err);
    assert_eq!(ran.err.matches("P0602").count(), 1, "{}", ran.err);
    // One that is there, or nearly, shows that the leads are meant: then it is told what each of the others lacks.
    repo.write("other.csv", "Number,seats\nA,3\n");
    let ran = repo.policyc(&["decide", "p/p.policy", "other.csv"]);
    assert_eq!(ran.err.matches("P0602").count(), 2, "{}", ran.err);
}

#[test]
fn what_makes_another_text_of_a_file_in_a_checkout_is_for_all() {
    let repo = agreed();
    let asks = |path: &str, line: &str| {
        repo.write(path, line);
        let ran = repo.policyc(&["review", "--base", "main", "--approved-by", ""]);
        std::fs::remove_file(repo.root.join(path)).unwrap();
        let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let why =
            format!("sales: this file rules what a checkout makes of policies and lists, and is changed ({path})");
        assert_eq!(ran.code == 1, words.contains(&why), "{ran:?}");
        ran.code == 1
    };
    assert!(asks(".gitattributes", "*.policy working-tree-encoding=UTF-16\n"));
    assert!(asks("p/.gitattributes", "# of ours\np.policy text ident\n"));
    assert!(!asks(".gitattributes", "*.policy text eol=lf diff=policyc\n*.png binary\n"));
    assert!(!asks(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"));
    fs::create_dir(repo.root.join("docs")).unwrap();
    assert!(!asks("docs/.gitattributes", "*.pdf filter=lfs\n"));
    // The last line wins.
    repo.write(".gitattributes", "[attr]linguist-odd filter=odd\n*.policy filter=odd\n*.policy -filter\n");
    repo.commit("Attributes");
    assert!(asks(".gitattributes", "[attr]linguist-odd filter=odd\n*.policy -filter\n*.policy filter=odd\n"));
    repo.git(&["checkout", "--quiet", "--", ".gitattributes"]);
    assert!(asks("p/.gitattributes", "*.policy linguist-odd\n"));
}

#[test]
fn attributes_that_are_too_many_to_read_are_like_no_others() {
    let repo = agreed();
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write(".gitattributes", "# x\n".repeat(1_100_000) + "*.policy filter=odd\n");
    repo.commit("Many");
    let ran = repo.policyc(&["review", "--base", "main", "--head", "HEAD"]);
    assert!(ran.out.contains("Must approve: sales"), "{ran:?}");
}

#[test]
fn attributes_behind_a_zero_are_none_in_a_commit() {
    let repo = agreed();
    repo.write(".gitattributes", "*.policy filter=odd\n*.policy -filter\n");
    repo.commit("Nothing is filtered");
    repo.git(&["checkout", "--quiet", "-b", "change"]);
    repo.write(".gitattributes", "*.policy filter=odd\n\0\n*.policy -filter\n");
    repo.commit("A zero");
    let ran = repo.policyc(&["review", "--base", "main", "--head", "HEAD"]);
    assert!(ran.out.contains("Must approve: sales"), "{ran:?}");
}
