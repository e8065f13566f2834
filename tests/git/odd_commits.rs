//! Commits as other systems write them: git reads them, and so does `history`.

use std::fs;

use crate::support::Repo;
use crate::{POLICY, inbound};

const PATH: &str = "policies/inbound.policy";

/// A repository with a commit that changes what is decided, with an author, a committer, further headers and a title as they stand here;
/// and one on top of it.
fn with(author: &[u8], committer: &str, headers: &str, title: &[u8]) -> Repo {
    let repo = inbound();
    repo.write(PATH, POLICY.replace("need >= bar", "need >= 5"));
    repo.git(&["add", "--all"]);
    let (tree, parent) = (repo.git(&["write-tree"]), repo.git(&["rev-parse", "HEAD"]));
    let head = format!("tree {tree}\nparent {parent}\nauthor ");
    let tail = format!("\ncommitter {committer}\n{headers}\n");
    let file = repo.outside().join("commit");
    fs::write(&file, [head.as_bytes(), author, tail.as_bytes(), title, b"\n"].concat()).unwrap();
    let hash = repo.git(&["hash-object", "-t", "commit", "--literally", "-w", file.to_str().unwrap()]);
    repo.git(&["update-ref", "HEAD", &hash]);
    repo.write(PATH, POLICY);
    repo.commit("Back");
    repo
}

/// The line of that commit in the history, without its hash.
fn told(repo: &Repo) -> String {
    let ran = repo.policyc(&["history", PATH]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.ends_with("2 commits changed what is decided\n"), "{ran:?}");
    let line = ran.out.split("\n\n").nth(1).and_then(|entry| entry.lines().next()?.split_once("  ")).unwrap();
    line.1.to_owned()
}

#[test]
fn names_and_titles_in_the_encoding_of_the_commit() {
    let who = "Ann <ann@example.com> 1772600000 +0100";
    let latin = [b"J\xfcrgen <j@example.com> 1772600000 +0100".as_slice(), b"gr\xfc\xdfe \x80"];
    for encoding in ["ISO-8859-1", "latin1", "windows-1252"] {
        let repo = with(latin[0], who, &format!("encoding {encoding}\n"), latin[1]);
        assert_eq!(told(&repo), "2026-03-04  Jürgen  grüße €", "{encoding}");
    }
    // Of others, and where none is named, what is UTF-8 is read.
    let repo = with(latin[0], who, "encoding KOI8-R\n", "grüße".as_bytes());
    assert_eq!(told(&repo), "2026-03-04  J\u{fffd}rgen  grüße");
}

#[test]
fn odd_names_and_dates_stop_nothing() {
    for (who, author, day) in [
        ("Ann 1772600000 +0000", "Ann", "1970-01-01"),
        ("Ann <a@x>", "Ann", "1970-01-01"),
        ("Ann <<a@x>> 1772600000 +0000", "Ann", "2026-03-04"),
        ("Ann <a@x> 99999999999999 +0000", "Ann", "9999-12-30"),
        ("Ann <a@x> 99999999999999999999999 +0000", "Ann", "1970-01-01"),
        ("Ann <a@x> -5 +0000", "Ann", "1969-12-31"),
        ("Ann <a@x> 1772600000 +051800", "Ann", "2026-03-04"),
        ("Ann <a@x> 1772661600 -0700", "Ann", "2026-03-04"),
        ("Ann <a@x> noon", "Ann", "1970-01-01"),
        (" <> 0 +0000", "", "1970-01-01"),
        ("", "", "1970-01-01"),
    ] {
        let repo = with(who.as_bytes(), who, "", b"Imported");
        assert_eq!(told(&repo), format!("{day}  {author}  Imported"), "{who}");
        let ran = repo.policyc(&["history", PATH, "--format", "json"]);
        assert_eq!(ran.code, 0, "{who}: {ran:?}");
        assert_eq!(repo.policyc(&["check", &format!("HEAD~1:{PATH}")]).code, 0, "{who}");
    }
    // One without a date is not taken for one before all days.
    let repo = with(b"Ann <a@x>", "Ann <a@x>", "", b"Imported");
    let ran = repo.policyc(&["history", PATH, "--since", "2026-03-01"]);
    assert!(ran.out.contains("Imported") && ran.out.contains("The first agreement"), "{ran:?}");
    // A signature has lines of its own.
    let repo =
        with(b"Ann <a@x> 0 +0000", "Ann <a@x> 0 +0000", "gpgsig -----BEGIN\n author x\n \n parent x\n", b"Signed");
    assert_eq!(told(&repo), "1970-01-01  Ann  Signed");
}

#[test]
fn odd_tags_are_tags_all_the_same() {
    let repo = inbound();
    let head = repo.git(&["rev-parse", "HEAD"]);
    let file = repo.outside().join("tag");
    for tagger in ["", "tagger Ann 5\n", "tagger Ann <a@x> 99999999999999 +0000\n"] {
        fs::write(&file, format!("object {head}\ntype commit\ntag odd\n{tagger}\nImported\n")).unwrap();
        let hash = repo.git(&["hash-object", "-t", "tag", "--literally", "-w", file.to_str().unwrap()]);
        repo.git(&["update-ref", "refs/tags/odd", &hash]);
        let ran = repo.policyc(&["check", &format!("odd:{PATH}")]);
        assert_eq!(ran.code, 0, "{tagger}: {ran:?}");
    }
}
