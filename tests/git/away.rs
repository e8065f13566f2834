//! `policyc history` of a policy that was taken away, for good or for a while.

use crate::support::Repo;

/// A policy by which leads of such a need are bought.
fn bought(from: u8) -> String {
    format!(
        "policy \"Away\"\n\nlead\n  need  whole number\n\ndecisions\n  buy\n  wait\n\nbuys: buy when need >= {from}\n\notherwise wait\n"
    )
}

/// A policy that comes, goes, and is back another one.
fn back(again: u8) -> Repo {
    let repo = Repo::new();
    repo.write("readme.md", "nothing yet\n");
    repo.commit("Begin");
    repo.write("away.policy", bought(3));
    repo.commit("The agreement");
    repo.git(&["rm", "-q", "away.policy"]);
    repo.commit("No agreement");
    repo.write("readme.md", "nothing any more\n");
    repo.commit("Between");
    repo.write("away.policy", bought(again));
    repo.commit("Agreed again");
    repo
}

#[test]
fn what_was_there_before_it_was_taken_away_is_told() {
    let repo = back(5);
    repo.write("leads.csv", "need\n4\n");
    let told = repo.policyc(&["history", "away.policy", "leads.csv", "--row", "1"]);
    let [first, gone, again] = ["HEAD~3", "HEAD~2", "HEAD"].map(|rev| repo.git(&["rev-parse", "--short", rev]));
    let [first, gone, again] = [&first, &gone, &again].map(|hash| hash.trim());
    assert_eq!(
        told.out,
        format!(
            "\
{again}  2026-03-05  Ann Author  Agreed again
    compared with {first}, the last before it at which the policy checks
    rule `buys` is changed: buy → wait
    `buys` no longer takes leads with need between 3 and 4
    row 1: wait, by `otherwise`; before: buy, by `buys`

{gone}  2026-03-03  Ann Author  No agreement
    the policy is taken away

{first}  2026-03-02  Ann Author  The agreement
    the first version
    row 1: buy, by `buys`

1 commit changed what is decided; 1 commit took the policy away from there
"
        )
    );
    let since = repo.policyc(&["history", "away.policy", "--since", first]);
    assert!(since.out.contains("buy → wait") && !since.out.contains("the first version"), "{since:?}");
    let limited = repo.policyc(&["history", "away.policy", "--limit", "1"]);
    assert!(limited.out.contains("buy → wait") && !limited.out.contains("taken away"), "{limited:?}");
}

#[test]
fn a_policy_may_come_back_as_it_was() {
    let repo = back(3);
    let told = repo.policyc(&["history", "away.policy"]).all();
    assert!(told.contains("the policy is there again, and decides what it decided then"), "{told}");
    assert!(told.contains("no commit changed what is decided; 1 commit took the policy away from there"), "{told}");
}

#[test]
fn the_history_of_a_policy_that_is_gone_begins_with_the_last_commit_that_has_it() {
    let repo = back(5);
    repo.git(&["rm", "-q", "away.policy"]);
    repo.commit("Never again");
    let last = repo.git(&["rev-parse", "--short", "HEAD~1"]);
    let last = last.trim();
    let told = repo.policyc(&["history", "away.policy"]);
    assert_eq!(told.code, 2, "{told:?}");
    let wanted = format!(
        "there is no file `away.policy` any more: commit {last} is the last that has it, `policyc history {last}:away.policy` goes back from there"
    );
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&told.all()).contains(&wanted), "{}", told.all());
    assert!(repo.policyc(&["history", &format!("{last}:away.policy")]).out.contains("buy → wait"));
    let never = repo.policyc(&["history", "never.policy"]);
    assert!(never.code == 2 && !never.all().contains("any more"), "{never:?}");
}

#[test]
fn a_policy_that_went_on_under_another_name_is_told_as_one() {
    let repo = Repo::new();
    repo.write("away.policy", bought(3));
    repo.commit("The agreement");
    repo.git(&["mv", "away.policy", "other.policy"]);
    repo.commit("Another name");
    repo.write("other.policy", bought(0));
    repo.commit("Everybody");
    repo.git(&["rm", "-q", "other.policy"]);
    repo.commit("No more of that");
    repo.write("away.policy", bought(3));
    repo.commit("As it was");
    let told = repo.policyc(&["history", "away.policy"]);
    assert!(told.out.contains("from here on it is called other.policy"), "{told:?}");
    // Renamed there and back at once, it is followed.
    repo.git(&["mv", "away.policy", "other.policy"]);
    repo.commit("There");
    repo.git(&["mv", "other.policy", "away.policy"]);
    repo.commit("And back");
    assert!(!repo.policyc(&["history", "away.policy", "--since", "HEAD~2"]).out.contains("from here on"));
}
