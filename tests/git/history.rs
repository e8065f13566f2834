//! `policyc history`: the commits that changed what is decided.

use crate::support::Repo;
use crate::{LEADS, LIBRARY, LIST, POLICY, inbound};

const PATH: &str = "policies/inbound.policy";

/// A year of an agreement: a change of a library, of a list, of the text only, a mistake and its repair, another name.
fn grown() -> Repo {
    let repo = inbound();
    repo.write("readme.md", "unrelated\n");
    repo.commit("Unrelated");
    repo.write("lib/words.policy", LIBRARY.replace("bar as 3", "bar as 4"));
    repo.commit("Raise the bar\n\nAfter the meeting of last week.");
    repo.write(PATH, POLICY.replace("lead\n", "# what we know\nlead\n"));
    repo.commit("A comment");
    repo.write("lists/competitors.csv", format!("{LIST}friend.example\n"));
    repo.commit("A friend turns rival");
    repo.write(PATH, POLICY.replace("need >= bar", "ned >= bar"));
    repo.commit("A slip of the pen");
    repo.write(PATH, POLICY);
    repo.commit("Repair it");
    repo.git(&["mv", "policies", "agreements"]);
    repo.commit("Another folder");
    repo.write("agreements/inbound.policy", POLICY.replace("otherwise nurture", "otherwise disqualify"));
    repo.commit("No patience");
    repo
}

/// The output without the hashes, which say nothing to a reader of the test.
fn told(repo: &Repo, arguments: &[&str]) -> String {
    let ran = repo.policyc(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    let mut text = ran.all();
    for (n, hash) in repo.git(&["rev-list", "--reverse", "--all"]).lines().enumerate() {
        text = text.replace(hash, &format!("<commit {}>", n + 1)).replace(&hash[..7], &format!("<{}>", n + 1));
    }
    text
}

#[test]
fn the_commits_that_changed_what_is_decided() {
    let repo = grown();
    assert_eq!(
        told(&repo, &["history", "agreements/inbound.policy"]),
        "\
<9>  2026-03-09  Ann Author  No patience
    rule `otherwise disqualify` is changed: nurture → disqualify
    `otherwise` now decides disqualify, not nurture, for every lead that gets to it

<6>  2026-03-06  Ann Author  A slip of the pen
    the policy was called policies/inbound.policy then
    the policy does not check: policies/inbound.policy:18:20: nothing is called `ned`

<5>  2026-03-05  Ann Author  A friend turns rival
    list `competitors` is changed: pass to sales → disqualify; nurture → disqualify
    `disqualify-works-for-a-competitor` now takes leads with domain of email not in competitors
    before and domain of email in competitors now

<3>  2026-03-03  Ann Author  Raise the bar
    definition `bar` is changed: pass to sales → nurture
    `pass-to-sales-a-real-need` no longer takes leads with need >= bar before and need < bar now

<1>  2026-03-01  Ann Author  The first agreement
    the first version

3 commits changed what is decided; at 1 commit the policy does not check; 2 other commits changed only the text; 1 other commit changed only where it stands
--- standard error
--- exit 0
"
    );
}

#[test]
fn a_lead_under_each_version() {
    let repo = grown();
    // A lead of a friend, with a need of three.
    let text = told(&repo, &["history", "agreements/inbound.policy", "leads.csv", "--lead", "L1"]);
    assert_eq!(
        text,
        "\
<9>  2026-03-09  Ann Author  No patience
    rule `otherwise disqualify` is changed: nurture → disqualify
    `otherwise` now decides disqualify, not nurture, for every lead that gets to it
    L1: still disqualify, by `disqualify-works-for-a-competitor`

<6>  2026-03-06  Ann Author  A slip of the pen
    the policy was called policies/inbound.policy then
    the policy does not check: policies/inbound.policy:18:20: nothing is called `ned`

<5>  2026-03-05  Ann Author  A friend turns rival
    list `competitors` is changed: pass to sales → disqualify; nurture → disqualify
    `disqualify-works-for-a-competitor` now takes leads with domain of email not in competitors
    before and domain of email in competitors now
    L1: disqualify, by `disqualify-works-for-a-competitor`; before: nurture, by `otherwise`

<3>  2026-03-03  Ann Author  Raise the bar
    definition `bar` is changed: pass to sales → nurture
    `pass-to-sales-a-real-need` no longer takes leads with need >= bar before and need < bar now
    L1: nurture, by `otherwise`; before: pass to sales, by `pass-to-sales-a-real-need`

<1>  2026-03-01  Ann Author  The first agreement
    the first version
    L1: pass to sales, by `pass-to-sales-a-real-need`

3 commits changed what is decided; at 1 commit the policy does not check; 2 other commits changed only the text; 1 other commit changed only where it stands
--- standard error
--- exit 0
"
    );
    assert_eq!(
        told(&repo, &["history", "agreements/inbound.policy", "leads.csv", "--row", "1"]),
        text.replace("L1", "row 1")
    );
    let missing = repo.policyc(&["history", "agreements/inbound.policy", "leads.csv", "--lead", "L9"]);
    assert_eq!(
        (missing.code, missing.said().as_str()),
        (2, "policyc: no lead is called `L9` in `leads.csv`, which has 2 rows; did you mean `L1`?")
    );
    // One that does not fit is set aside, by every version that cannot read it.
    repo.write("leads.csv", LEADS.replace("L1,3", "L1,30"));
    let text = told(&repo, &["history", "agreements/inbound.policy", "leads.csv", "--lead", "L1"]);
    assert!(text.contains("L1: set aside: `need`: ") && text.contains("L1: still set aside"), "{text}");
    repo.write("leads.csv", "number,email\nL1,a@b\n");
    let text = told(&repo, &["history", "agreements/inbound.policy", "leads.csv", "--lead", "L1"]);
    assert!(text.contains("L1: set aside: ") && text.contains("`need`"), "{text}");
}

#[test]
fn personal_values_are_not_shown() {
    let repo = inbound();
    let personal = POLICY
        .replace("email   text, personal", "email   text, personal\n  age     whole number from 0 to 130, personal");
    repo.write(PATH, personal);
    repo.commit("Ages");
    repo.write("leads.csv", "number,need,email,age\nL1,3,ann@secret.example,4711\n");
    let ran = repo.policyc(&["history", PATH, "leads.csv", "--lead", "L1"]);
    assert!(ran.code == 0 && !ran.all().contains("secret") && !ran.all().contains("4711"), "{ran:?}");
}

#[test]
fn since_a_revision_or_a_day() {
    let repo = grown();
    repo.git(&["tag", "v1", "HEAD~5"]);
    let expected = "\
<9>  2026-03-09  Ann Author  No patience
    rule `otherwise disqualify` is changed: nurture → disqualify
    `otherwise` now decides disqualify, not nurture, for every lead that gets to it

<6>  2026-03-06  Ann Author  A slip of the pen
    the policy was called policies/inbound.policy then
    the policy does not check: policies/inbound.policy:18:20: nothing is called `ned`

<5>  2026-03-05  Ann Author  A friend turns rival
    list `competitors` is changed: pass to sales → disqualify; nurture → disqualify
    `disqualify-works-for-a-competitor` now takes leads with domain of email not in competitors
    before and domain of email in competitors now

2 commits changed what is decided; at 1 commit the policy does not check; 1 other commit changed only the text; 1 other commit changed only where it stands
--- standard error
--- exit 0
";
    for since in ["v1", "HEAD~5", "2026-03-05"] {
        assert_eq!(told(&repo, &["history", "agreements/inbound.policy", "--since", since]), expected, "{since}");
    }
    // With a lead, what was decided before is told too.
    let text = told(&repo, &["history", "agreements/inbound.policy", "leads.csv", "--lead", "L1", "--since", "v1"]);
    assert!(
        text.contains("before that: <4>  2026-03-04  Ann Author  A comment\n    L1: nurture, by `otherwise`\n"),
        "{text}"
    );
    for since in ["HEAD", "2026-03-10"] {
        let text = told(&repo, &["history", "agreements/inbound.policy", "--since", since]);
        assert_eq!(text, "no commit changed what is decided\n--- standard error\n--- exit 0\n", "{since}");
    }
    let unknown = repo.policyc(&["history", "agreements/inbound.policy", "--since", "v2"]);
    assert_eq!(
        (unknown.code, unknown.said().as_str()),
        (2, "policyc: the repository has no revision `v2`; did you mean `v1`?; a day is typed as in 2026-01-31")
    );
}

#[test]
fn from_a_revision_and_from_a_folder() {
    let repo = grown();
    let text = told(&repo, &["history", "HEAD~6:policies/inbound.policy"]);
    assert!(text.starts_with("<3>  2026-03-03  Ann Author  Raise the bar\n"), "{text}");
    assert!(text.contains("\n1 commit changed what is decided\n"), "{text}");
    // A link leads to where the policy really stands.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("agreements/inbound.policy", repo.root.join("link.policy")).unwrap();
        repo.commit("A link");
        let real = repo.policyc(&["history", "agreements/inbound.policy"]);
        assert_eq!(repo.policyc(&["history", "main:link.policy"]), real);
        assert_eq!(repo.policyc(&["history", "link.policy"]), real);
    }
    let below = repo.policyc_in(&repo.root.join("agreements"), &["history", "inbound.policy"]);
    assert_eq!(below.out, repo.policyc(&["history", "agreements/inbound.policy"]).out);
}

#[test]
fn what_is_not_committed_is_left_out_and_said() {
    let repo = grown();
    let clean = repo.policyc(&["history", "agreements/inbound.policy"]);
    assert_eq!(clean.err, "");
    let note = "note: `agreements/inbound.policy` is not as the last commit has it, or something that it reads: what is not committed is left out";
    for (path, text) in
        [("agreements/inbound.policy", POLICY), ("lib/words.policy", LIBRARY), ("lists/competitors.csv", LIST)]
    {
        repo.write(path, text);
        let dirty = repo.policyc(&["history", "agreements/inbound.policy"]);
        assert_eq!((dirty.said().as_str(), &dirty.out), (note, &clean.out), "{path}");
        repo.git(&["checkout", "--quiet", "."]);
    }
    // Other files do not matter, nor do the ends of lines that git writes.
    repo.write("readme.md", "changed\n");
    repo.write(".git/info/attributes", "*.policy text eol=crlf\n*.csv text eol=crlf\n");
    for file in ["agreements/inbound.policy", "lib/words.policy", "lists/competitors.csv"] {
        std::fs::remove_file(repo.root.join(file)).unwrap();
        repo.git(&["checkout", "--quiet", file]);
        assert!(std::fs::read_to_string(repo.root.join(file)).unwrap().contains("\r\n"), "{file}");
    }
    assert_eq!(repo.policyc(&["history", "agreements/inbound.policy"]), clean);

    repo.write("new.policy", POLICY.replace("../lib", "lib"));
    let new = repo.policyc(&["history", "new.policy"]);
    assert_eq!(
        (new.code, new.said().as_str()),
        (2, "policyc: `new.policy` has no history yet: it is not in the commit that is checked out")
    );
    std::fs::write(repo.outside().join("alone.policy"), POLICY.replace("use \"../lib/words.policy\"\n", "")).unwrap();
    let alone = repo.policyc_in(&repo.outside(), &["history", "alone.policy"]);
    assert_eq!(
        (alone.code, alone.said().as_str()),
        (2, "policyc: `alone.policy` has no history: it is in no git repository")
    );
    let library = repo.policyc(&["history", "lib/words.policy"]);
    assert_eq!(
        (library.code, library.said().as_str()),
        (2, "policyc: `lib/words.policy` is a library: give a policy that uses it")
    );
}

#[test]
fn a_policy_that_moves_and_changes_keeps_its_history() {
    let repo = inbound();
    repo.write(
        "policies/other.policy",
        "policy \"Other\"\n\nlead\n  a  yes or no\n\ndecisions\n  yes\n  no\n\notherwise no\n",
    );
    repo.commit("Another policy");
    std::fs::remove_dir_all(repo.root.join("policies")).unwrap();
    repo.write("sales/inbound.policy", POLICY.replace("otherwise nurture", "otherwise disqualify"));
    repo.write(
        "sales/new.policy",
        "policy \"New\"\n\nlead\n  b  yes or no\n\ndecisions\n  call\n  wait\n\notherwise wait\n",
    );
    repo.commit("Move and change");
    let text = told(&repo, &["history", "sales/inbound.policy"]);
    assert!(text.contains("Move and change\n    rule `otherwise disqualify` is changed"), "{text}");
    assert!(text.contains("The first agreement\n    the policy was called policies/inbound.policy then\n"), "{text}");
    // What is not alike is not its past.
    let text = told(&repo, &["history", "sales/new.policy"]);
    assert!(text.contains("Move and change\n    the first version\n\nno commit changed"), "{text}");
}

#[test]
fn of_policies_that_move_together_each_has_its_own_past() {
    let repo = inbound();
    repo.commit("Nothing of either");
    repo.write("policies/second.policy", POLICY.replace("need >= bar", "need >= 5"));
    repo.commit("A second one");
    repo.git(&["mv", "policies", "agreements"]);
    repo.commit("Another folder");
    // What became of the other one, with which it was compared to find its former name, is nothing that it did.
    let text = told(&repo, &["history", "agreements/inbound.policy"]);
    assert!(
        text.contains("\n\nno commit changed what is decided; 1 other commit changed only where it stands\n"),
        "{text}"
    );
}

#[test]
fn a_version_names_the_one_that_it_follows() {
    let repo = inbound();
    let days = |days: &str| POLICY.replace("\n\nuse", &format!("\n  in force {days}\n\nuse"));
    repo.write(PATH, days("from 2025-01-01 until 2025-12-31"));
    repo.commit("A year");
    repo.write("policies/2026.policy", days("from 2026-01-01"));
    repo.commit("The next one");
    let text = told(&repo, &["history", "policies/2026.policy"]);
    let follows = "    the first text of this version, which follows `policies/inbound.policy`: `policyc history
    <3>:policies/inbound.policy` goes on there\n";
    assert!(text.contains(follows), "{text}");
    let first = told(&repo, &["history", PATH]);
    assert!(first.contains("The first agreement\n    the first version\n"), "{first}");
    let folder = repo.policyc(&["history", "policies"]);
    assert_eq!(
        (folder.code, folder.said().as_str()),
        (2, "policyc: `policies` is a folder: type the path of a policy in it")
    );
}

#[test]
fn other_days_in_force_are_shown() {
    let repo = inbound();
    let days = |days: &str| POLICY.replace("\n\nuse", &format!("\n  in force {days}\n\nuse"));
    repo.write(PATH, days("from 2026-01-01"));
    repo.commit("It begins");
    repo.write(PATH, days("from 2026-01-01 until 2026-06-30").replace("need >= bar", "need >= 5"));
    repo.commit("It ends");
    let text = told(&repo, &["history", PATH]);
    assert!(
        text.contains("It ends\n    rule `pass-to-sales-a-real-need` is changed")
            && text.contains("    in force from 2026-01-01 until 2026-06-30, before from 2026-01-01\n")
            && text.contains("It begins\n    in force from 2026-01-01, before on all days\n")
            && text.contains("\n1 commit changed what is decided; 1 commit changed only the days in force\n"),
        "{text}"
    );
}

#[test]
fn merges_and_rebases() {
    let repo = inbound();
    repo.git(&["checkout", "--quiet", "-b", "bar"]);
    repo.write("lib/words.policy", LIBRARY.replace("bar as 3", "bar as 4"));
    repo.commit("Raise the bar");
    repo.write("lib/words.policy", LIBRARY.replace("bar as 3", "bar as 5"));
    repo.commit("Raise it more");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("lists/competitors.csv", format!("{LIST}friend.example\n"));
    repo.commit("A friend turns rival");
    repo.next_day();
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "Merge the higher bar", "bar"]);
    // On this branch, the bar was raised by the merge.
    let text = told(&repo, &["history", PATH]);
    assert!(text.starts_with("<5>  2026-03-05  Ann Author  Merge the higher bar\n"), "{text}");
    assert!(text.contains("definition `bar` is changed: pass to sales → nurture"), "{text}");
    let brought = "\n    brought <3>, Raise it more (Ann Author, 2026-03-03)\n    brought <2>, Raise the bar (Ann Author, 2026-03-02)\n";
    assert!(text.contains(brought) && text.matches("brought").count() == 2, "{text}");
    assert!(text.contains("A friend turns rival"), "{text}");
    assert!(text.contains("2 commits changed what is decided\n"), "{text}");
    // On the other one, by two commits.
    let text = told(&repo, &["history", "bar:policies/inbound.policy"]);
    assert!(text.contains("Raise it more") && text.contains("Raise the bar") && !text.contains("rival"), "{text}");
    // Rebased, they stand behind each other.
    repo.git(&["checkout", "--quiet", "bar"]);
    repo.git(&["rebase", "--quiet", "main~1"]);
    let text = told(&repo, &["history", PATH, "--since", "main~1"]);
    assert!(text.contains("Raise it more") && text.contains("Raise the bar") && !text.contains("rival"), "{text}");
}

#[test]
fn a_merge_brought_what_the_branch_did_not_have() {
    let repo = inbound();
    let bar = |n: u32| repo.write("lib/words.policy", LIBRARY.replace("bar as 3", &format!("bar as {n}")));
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("note.txt", "of no matter\n");
    repo.commit("A note");
    repo.git(&["checkout", "--quiet", "main"]);
    bar(4);
    repo.commit("Raise the bar on main");
    // The branch takes over what main has, and goes on; nothing of main was brought by it.
    repo.git(&["checkout", "--quiet", "side"]);
    repo.next_day();
    repo.git(&["merge", "--quiet", "--no-edit", "main"]);
    bar(5);
    repo.commit("Raise it on the branch");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.next_day();
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "Merge it", "side"]);
    let text = told(&repo, &["history", PATH]);
    let newest = text.split("\n\n").next().unwrap();
    assert!(newest.contains("Merge it") && newest.contains("Raise it on the branch"), "{text}");
    assert_eq!(text.matches("brought").count(), 1, "{text}");
    assert!(text.contains("\n2 commits changed what is decided\n"), "{text}");
    // What a branch has changed under an old name was brought as well.
    repo.git(&["checkout", "--quiet", "-b", "late"]);
    repo.write(PATH, POLICY.replace("otherwise nurture", "otherwise disqualify"));
    repo.commit("No patience");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["mv", "policies", "agreements"]);
    repo.commit("Another folder");
    repo.next_day();
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "Merge it late", "late"]);
    let text = told(&repo, &["history", "agreements/inbound.policy"]);
    assert!(text.contains("Merge it late\n    brought <7>, No patience ("), "{text}");
}

#[test]
fn a_limit_and_a_shallow_clone() {
    let repo = grown();
    let ran = repo.policyc(&["history", "agreements/inbound.policy", "--limit", "1"]);
    assert_eq!(ran.said(), "note: only the newest version was compared: `--limit 10` goes further back");
    assert!(ran.out.contains("No patience") && ran.out.ends_with("\n1 commit changed what is decided\n"), "{ran:?}");
    let clone = repo.outside().join("clone");
    let url = format!("file://{}", repo.root.display());
    repo.git(&["clone", "--quiet", "--depth", "6", &url, clone.to_str().unwrap()]);
    let ran = repo.policyc_in(&clone, &["history", "agreements/inbound.policy"]);
    let end = repo.git(&["rev-parse", "--short=7", "HEAD~5"]);
    assert_eq!(
        ran.said(),
        format!("note: this clone begins with {end}: `git fetch --unshallow` gets the commits before it")
    );
    assert!(ran.out.contains("A friend turns rival") && !ran.out.contains("first version"), "{ran:?}");
}

#[test]
fn time_has_to_be_given_where_it_matters() {
    let repo = inbound();
    let timed = POLICY
        .replace("  email   text", "  called  date\n  email   text")
        .replace("need >= bar", "need >= bar and called less than 3 days ago")
        .replace("given need 4", "given need 4, called 2026-03-01\n  as of 2026-03-01");
    repo.write(PATH, timed);
    repo.write("leads.csv", "number,need,email,called\nL1,3,a@b.example,2026-03-05\n");
    repo.commit("Only the fresh ones");
    let ran = repo.policyc(&["history", PATH, "leads.csv", "--lead", "L1"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (
            2,
            "policyc: what becomes of this lead hangs on the day: say as of which one, e.g. `--as-of 2026-10-01`, or `as-of = 2026-10-01` in `policyc.toml`"
        )
    );
    let of = |day: &str| repo.policyc(&["history", PATH, "leads.csv", "--lead", "L1", "--as-of", day]).out;
    assert!(of("2026-03-06").contains("L1: still pass to sales"), "{}", of("2026-03-06"));
    assert!(of("2026-03-20").contains("L1: nurture, by `otherwise`; before: pass to sales"), "{}", of("2026-03-20"));
    // The configuration may say it.
    repo.write("policyc.toml", "as-of = 2026-03-20\n");
    assert_eq!(repo.policyc(&["history", PATH, "leads.csv", "--lead", "L1"]).out, of("2026-03-20"));
    assert_ne!(of("2026-03-06"), of("2026-03-20"));
    // Without a lead, the day does not matter.
    assert_eq!(repo.policyc(&["history", PATH]).code, 0);
}

#[test]
fn for_programs() {
    let repo = grown();
    let text = repo
        .policyc(&[
            "history",
            "agreements/inbound.policy",
            "leads.csv",
            "--lead",
            "L1",
            "--since",
            "HEAD~4",
            "--format",
            "json",
        ])
        .out;
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["path"], "agreements/inbound.policy");
    assert_eq!(json["commits"][0]["commit"], repo.git(&["rev-parse", "HEAD"]).as_str());
    assert_eq!(json["commits"][0]["what"]["kind"], "changed");
    assert_eq!(
        json["commits"][0]["what"]["by"][0]["flows"][0],
        serde_json::json!({"from": "nurture", "to": "disqualify"})
    );
    assert_eq!(json["commits"][0]["time"], "2026-03-08T23:30:00Z");
    assert_eq!(json["commits"][1]["what"]["kind"], "does_not_check");
    assert_eq!((&json["text_only"], &json["moved"]), (&1.into(), &1.into()));
    assert_eq!(json["before"]["lead"]["decision"], "disqualify");
}

#[test]
fn names_of_people_that_would_steer_a_terminal_are_shown_harmlessly() {
    let repo = inbound();
    repo.write("lib/words.policy", LIBRARY.replace("bar as 3", "bar as 4"));
    repo.git(&[
        "-c",
        "user.name=x",
        "commit",
        "--quiet",
        "--all",
        "--author",
        "E\u{1b}[31mve <eve@example.com>",
        "--message",
        "\u{1b}[2JRed\u{7}",
    ]);
    let ran = repo.policyc(&["history", PATH, "--color", "never"]);
    assert!(!ran.all().contains('\u{1b}') && !ran.all().contains('\u{7}') && ran.out.contains("ve"), "{ran:?}");
}

/// A policy that reads `n` from a column, with a threshold.
fn reading(column: &str, bar: u8) -> String {
    format!(
        "policy \"V\"\n\nlead\n  ref  id\n  n    whole number, from \"{column}\"\n\ndecisions\n  a\n  b\n\nx: a when n >= {bar}\n\n\
         otherwise b\n"
    )
}

#[test]
fn what_is_not_compared_is_said_beside_what_is() {
    let repo = Repo::new();
    repo.write("v.policy", reading("Old", 3));
    repo.commit("One");
    repo.write("v.policy", reading("New", 4));
    repo.commit("Two");
    let text = told(&repo, &["history", "v.policy"]);
    let expected = "    rule `x` is changed: a → b\n    `x` no longer takes leads with n is 3\n    whether others change hands is not \
                    known\n    how `n` is read from its cells has changed; this is not part of the comparison\n";
    assert!(text.contains(expected), "{text}");
    let json = repo.policyc(&["history", "v.policy", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let what = &json["commits"][0]["what"];
    assert_eq!(what["complete"], false, "{what}");
    assert_eq!(
        what["left_out"],
        serde_json::json!(["how `n` is read from its cells has changed; this is not part of the comparison"])
    );
    assert_eq!(json["commits"][1]["what"]["left_out"], serde_json::Value::Null);
}

#[test]
fn a_lead_that_is_not_there_is_told_though_a_version_cannot_read_the_leads() {
    let repo = Repo::new();
    repo.write("v.policy", reading("Old", 3));
    repo.commit("One");
    repo.write("v.policy", reading("New", 4));
    repo.commit("Two");
    repo.write("v.policy", reading("Newest", 4));
    repo.commit("Three");
    repo.write("leads.csv", "ref,New\nA,5\n");
    let ran = repo.policyc(&["history", "v.policy", "leads.csv", "--lead", "a"]);
    assert_eq!(
        (ran.code, ran.said().as_str()),
        (2, "policyc: no lead is called `a` in `leads.csv`, which has 1 row; did you mean `A`?")
    );
    assert_eq!(repo.policyc(&["history", "v.policy", "leads.csv", "--row", "2"]).code, 2);
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "A"]);
    assert!(text.contains("A: set aside: the leads have no column `Newest`; before: a, by `x`"), "{text}");
    // Where no version can read the leads, that is the answer.
    repo.write("leads.csv", "ref,other\nA,5\n");
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "Z"]);
    assert!(text.contains("Z: set aside: the leads have no column `Newest`\n"), "{text}");
}

#[test]
fn nothing_is_decided_by_a_version_that_is_not_in_force() {
    let repo = Repo::new();
    let of = |days: &str| reading("n", 3).replace("\"V\"\n", &format!("\"V\"\n  in force {days}\n"));
    repo.write("v.policy", of("from 2025-01-01"));
    repo.commit("One");
    repo.write("v.policy", of("from 2025-01-01 until 2025-12-31"));
    repo.commit("Two");
    repo.write("leads.csv", "ref,n\nA,5\n");
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "A", "--as-of", "2026-02-01"]);
    assert!(
        text.contains(
            "A: nothing is decided: this policy was in force until 2025-12-31, before the as-of day\n    2026-02-01; \
             before: a, by `x`"
        ),
        "{text}"
    );
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "A", "--as-of", "2025-02-01"]);
    assert!(text.contains("A: still a, by `x`"), "{text}");
    // Without a day, the rules alone are asked.
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "A"]);
    assert!(text.contains("A: still a, by `x`"), "{text}");
    let ran = repo.policyc(&["history", "v.policy", "leads.csv", "--lead", "Z", "--as-of", "2026-02-01"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn the_oldest_is_compared_with_one_that_checks() {
    let repo = Repo::new();
    repo.write("v.policy", reading("n", 3));
    repo.commit("One");
    for slip in ["m >= 3", "k >= 3"] {
        repo.write("v.policy", reading("n", 3).replace("n >= 3", slip));
        repo.commit("A slip of the pen");
    }
    repo.git(&["tag", "slip"]);
    repo.write("v.policy", reading("n", 4));
    repo.commit("Mended, and more");
    let expected = "\
<4>  2026-03-04  Ann Author  Mended, and more
    compared with <1>, the last before it at which the policy checks
    rule `x` is changed: a → b
    `x` no longer takes leads with n is 3

1 commit changed what is decided
";
    let text = told(&repo, &["history", "v.policy", "--since", "slip"]);
    assert!(text.starts_with(expected), "{text}");
    let text = told(&repo, &["history", "v.policy", "--limit", "1"]);
    assert!(text.starts_with(expected), "{text}");
    repo.write("leads.csv", "ref,n\nA,3\n");
    let text = told(&repo, &["history", "v.policy", "leads.csv", "--lead", "A", "--since", "slip"]);
    assert!(text.contains("A: b, by `otherwise`; before: a, by `x`"), "{text}");
    assert!(text.contains("before that: <1>"), "{text}");
    // When none before it checks, there is nothing to compare with.
    let repo = Repo::new();
    repo.write("v.policy", "policy");
    repo.commit("A slip of the pen");
    repo.write("v.policy", reading("n", 4));
    repo.commit("Mended");
    let text = told(&repo, &["history", "v.policy", "--since", "HEAD~1"]);
    assert!(text.contains("the version before it does not check"), "{text}");
}
