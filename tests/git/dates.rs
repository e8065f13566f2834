//! `policyc history` where clocks went wrong: commits are dated otherwise than in their order.

use crate::support::Repo;

const PATH: &str = "need.policy";

/// Commits a policy by which leads of such a need are bought, on a day of March.
fn on_day(repo: &Repo, day: u8, from: u8, title: &str) {
    let rest = "decisions\n  buy\n  wait\n\nbuys: buy when need >= ";
    repo.write(PATH, format!("policy \"Need\"\n\nlead\n  need  whole number\n\n{rest}{from}\n\notherwise wait\n"));
    repo.set_day(day - 1);
    repo.commit(title);
}

/// The titles of the commits in a history.
fn titles(repo: &Repo, more: &[&str]) -> Vec<String> {
    let ran = repo.policyc(&[&["history", PATH], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let heads = ran.out.lines().filter(|line| !line.starts_with(' ') && line.contains("  2026-"));
    heads.map(|line| line.rsplit("  ").next().unwrap().to_owned()).collect()
}

#[test]
fn a_wrong_clock_hides_nothing_since_a_day() {
    let repo = Repo::new();
    on_day(&repo, 2, 1, "first");
    on_day(&repo, 12, 2, "second");
    on_day(&repo, 3, 3, "wrong clock");
    on_day(&repo, 20, 4, "last");
    let last = ["last", "wrong clock", "second"];
    assert_eq!(titles(&repo, &["--since", "2026-03-10"]), last);
    assert_eq!(titles(&repo, &["--since", "2026-03-20"]), last[..1]);
    assert_eq!(titles(&repo, &["--since", "2026-03-21"]), [""; 0]);
    assert_eq!(titles(&repo, &["--since", "2026-03-01"]), ["last", "wrong clock", "second", "first"]);
    // Also where it is the newest that is dated so.
    on_day(&repo, 4, 5, "wrong again");
    assert_eq!(titles(&repo, &["--since", "2026-03-10"]), ["wrong again", "last", "wrong clock", "second"]);
}

#[test]
fn a_merge_brought_what_the_branch_did_not_have_whatever_the_clocks_say() {
    let repo = Repo::new();
    on_day(&repo, 5, 1, "first");
    on_day(&repo, 6, 2, "on main");
    repo.git(&["branch", "change"]);
    repo.set_day(1);
    repo.write("readme.md", "wrong clock\n");
    repo.commit("wrong clock");
    repo.git(&["checkout", "-q", "change"]);
    on_day(&repo, 11, 3, "on the branch");
    repo.git(&["checkout", "-q", "main"]);
    repo.set_day(12);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merged", "change"]);
    let out = repo.policyc(&["history", PATH]).out;
    let brought: Vec<&str> = out.lines().filter(|line| line.contains("brought")).collect();
    assert!(matches!(brought.as_slice(), [one] if one.contains("on the branch")), "{out}");
}

#[test]
fn a_day_that_there_is_not() {
    let repo = Repo::new();
    on_day(&repo, 2, 1, "first");
    for day in ["2026-13-01", "2026-02-30", "0000-00-00"] {
        let ran = repo.policyc(&["history", PATH, "--since", day]);
        let expected = format!("policyc: there is no day `{day}`: type year, month and day, as in 2026-01-31");
        assert_eq!((ran.code, ran.said()), (2, expected));
    }
    repo.git(&["tag", "2026-13-01"]);
    assert_eq!(repo.policyc(&["history", PATH, "--since", "2026-13-01"]).code, 0);
}
