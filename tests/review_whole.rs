//! `policyc review` of a whole repository: several policies and versions of them, and what counts when nobody says which.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use serde_json::Value;
use support::{Ran, Repo, review_json as json};

/// A policy that passes leads from a need on.
fn policy(title: &str, need: u32) -> String {
    format!(
        "policy \"{title}\"
  owned by marketing, sales

lead
  id    id
  need  whole number from 0 to 5

decisions, best first
  pass to sales
  nurture

hot: pass to sales when need >= {need}

otherwise nurture
"
    )
}

/// The first lines: the headline, the leads, who must approve and what stands in the way, each in one line.
fn first_lines(ran: &Ran) -> Vec<String> {
    let page = ran.out.split("\n\nWhat merging").next().unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in page.lines().filter(|line| !line.is_empty()) {
        match lines.last_mut() {
            Some(last) if line.starts_with("   ") => last.push_str(&format!(" {}", line.trim())),
            Some(_) | None => lines.push(line.to_owned()),
        }
    }
    lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The paths of the policies that changed, and how many did not.
fn seen(review: &Value) -> (Vec<&str>, u64) {
    let paths = review["policies"].as_array().unwrap().iter().map(|policy| policy["path"].as_str().unwrap());
    (paths.collect(), review["unchanged"].as_u64().unwrap())
}

#[test]
fn without_a_configuration_all_policies_of_both_sides_count() {
    let repo = Repo::new();
    repo.write("inbound/a.policy", policy("Inbound", 3));
    repo.write("b.policy", policy("Events", 3));
    repo.write(
        "gone/c.policy",
        "policy \"Partners\"\n\nlead\n  deal  yes or no\n\ndecisions\n  call\n\notherwise call\n",
    );
    repo.commit("Three agreements");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo.write("inbound/a.policy", policy("Inbound", 4));
    std::fs::remove_dir_all(repo.root.join("gone")).unwrap();
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    // From a folder, and between commits.
    for folder in [&repo.root, &repo.root.join("inbound")] {
        let ran = repo.policyc_in(folder, &["review", "--base", "main"]);
        assert_eq!(first_lines(&ran)[0], "Leads change hands: 1 policy; 1 policy is gone");
    }
    repo.commit("Fewer calls");
    assert_eq!(seen(&json(&repo, &["--head", "change"])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    // A repository within this one is none of its folders, though it has a policy of the same title.
    repo.git(&["init", "--quiet", "inner"]);
    repo.write("inner/a.policy", policy("Inbound", 5));
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    // A configuration that names none, and one that comes with the change, which may not leave out what the base looks at.
    repo.write("policyc.toml", "[levels]\nwarnings = \"deny\"\n");
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));
    repo.write("policyc.toml", "policies = [\"b.policy\"]\n");
    assert_eq!(seen(&json(&repo, &[])), (vec!["inbound/a.policy", "gone/c.policy"], 1));

    let none = Repo::new();
    none.write("readme.md", "nothing yet\n");
    none.commit("A beginning");
    let ran = none.policyc(&["review", "--base", "main"]);
    let said = "policyc: there is no policy in the repository, neither in the base nor in what is reviewed";
    assert_eq!((ran.code, ran.said().as_str()), (2, said));
}

/// An agreement of a year, and a version of it that follows.
fn two_versions() -> Repo {
    let repo = Repo::new();
    repo.write("policies/2025.policy", in_force(&policy("Inbound", 3), "from 2025-01-01 until 2025-12-31"));
    repo.write("policies/2024.policy", in_force(&policy("Inbound", 1), "from 2024-01-01 until 2024-12-31"));
    repo.write("policyc.toml", "policies = [\"policies\"]\n\n[review]\nleads = \"leads.csv\"\n");
    repo.write("leads.csv", "id,need,stage\n1,3,won\n2,4,lost\n3,5,won\n4,1,won\n");
    repo.commit("Two years");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo
}

fn in_force(policy: &str, days: &str) -> String {
    policy.replacen("\n\nlead", &format!("\n  in force {days}\n\nlead"), 1)
}

#[test]
fn a_new_version_is_compared_with_the_one_that_it_follows() {
    let repo = two_versions();
    let next = in_force(&policy("Inbound", 5), "from 2026-01-01").replace("marketing, sales", "sales");
    repo.write("policies/2026.policy", &next);
    let ran = repo.policyc(&["review", "--base", "main", "--outcome", "stage"]);
    let leads = "Leads: 2 of 4 leads change hands: 2 pass to sales → nurture";
    assert_eq!(
        first_lines(&ran),
        [
            "Leads change hands: 1 policy; New version: 1 policy",
            leads,
            "Must approve: marketing, sales",
            "In the way: nothing",
            "Deals: 1 of 3 won deals no longer pass, 1 of 1 lost deals no longer pass"
        ]
    );
    assert!(ran.out.contains("\n  a new version, which follows `policies/2025.policy`\n"), "{ran:?}");
    assert!(ran.out.contains("\n  in force from 2026-01-01, before from 2025-01-01 until 2025-12-31\n"), "{ran:?}");
    assert!(ran.out.contains("of 3 won deals by `stage`, 1 would have been blocked and 1 would still"), "{ran:?}");
    let review = json(&repo, &[]);
    assert_eq!(seen(&review), (vec!["policies/2026.policy"], 2));
    assert_eq!(
        (&review["policies"][0]["fate"], &review["policies"][0]["follows"], &review["policies"][0]["was"]),
        (&Value::from("added"), &Value::from("policies/2025.policy"), &Value::Null)
    );
    // It decides the same; it stands before all others; it has another title, and is none.
    repo.write("policies/2026.policy", in_force(&policy("Inbound", 3), "from 2026-01-01"));
    let ran = repo.policyc(&["review", "--base", "main"]);
    assert_eq!(first_lines(&ran)[..2], ["New version: 1 policy", "Leads: 0 of 4 leads change hands"]);
    repo.write("policies/2026.policy", in_force(&policy("Inbound", 3), "from 2023-01-01 until 2023-12-31"));
    assert_eq!(json(&repo, &[])["policies"][0]["follows"], "policies/2024.policy");
    repo.write("policies/2026.policy", in_force(&policy("Outbound", 3), "from 2026-01-01"));
    let ran = repo.policyc(&["review", "--base", "main"]);
    assert_eq!(first_lines(&ran)[..2], ["1 policy is new", "Leads: not counted"]);
    assert_eq!(json(&repo, &[])["policies"][0]["follows"], Value::Null);
}

#[test]
fn versions_that_move_together_keep_apart() {
    let repo = two_versions();
    for (from, to) in [("policies/2024.policy", "policies/z.policy"), ("policies/2025.policy", "policies/a.policy")] {
        repo.git(&["mv", from, to]);
    }
    // A third one comes before both.
    repo.write("policies/0.policy", in_force(&policy("Inbound", 5), "from 2026-01-01"));
    let review = json(&repo, &[]);
    let all: Vec<[&str; 3]> = review["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| ["path", "was", "verdict"].map(|key| policy[key].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        all,
        [
            ["policies/0.policy", "", "changed"],
            ["policies/a.policy", "policies/2025.policy", "same"],
            ["policies/z.policy", "policies/2024.policy", "same"]
        ]
    );
    // Of those of which no lead changes hands the first lines do not speak.
    let ran = repo.policyc(&["review", "--base", "main"]);
    let leads = "Leads: `policies/0.policy`: 2 of 4 leads change hands: 2 pass to sales → nurture";
    assert_eq!(first_lines(&ran)[..2], ["Leads change hands: 1 policy; New version: 1 policy", leads]);
}

#[test]
fn other_days_in_force_are_no_unchanged_behaviour() {
    let repo = two_versions();
    repo.write("policies/2025.policy", in_force(&policy("Inbound", 3), "from 2025-03-01 until 2025-12-31"));
    let ran = repo.policyc(&["review", "--base", "main"]);
    assert_eq!(
        first_lines(&ran)[..3],
        ["Other days in force: 1 policy", "Leads: 0 of 4 leads change hands", "Must approve: marketing, sales"]
    );
    assert!(ran.out.contains("marketing: the days in force are changed (policies/2025.policy)\n"), "{ran:?}");
    assert!(
        ran.out.contains("  in force from 2025-03-01 until 2025-12-31, before from 2025-01-01 until 2025-12-31\n"),
        "{ran:?}"
    );
}

#[test]
fn of_several_policies_those_come_first_that_move_most_leads() {
    let repo = two_versions();
    repo.write("policies/2024.policy", in_force(&policy("Inbound", 5), "from 2024-01-01 until 2024-12-31"));
    repo.write("policies/2025.policy", in_force(&policy("Inbound", 4), "from 2025-01-01 until 2025-12-31"));
    // Leads that one of them cannot read are not counted for it, and that is said where the others are.
    repo.write("policies/other.policy", policy("Events", 3).replace("  id    id\n", "  id    id, from \"Number\"\n"));
    repo.git(&["add", "--all"]);
    let ran = repo.policyc(&["review", "--base", "main", "policies/2024.policy", "policies/2025.policy"]);
    assert_eq!(
        first_lines(&ran)[1],
        "Leads: `policies/2024.policy`: 3 of 4 leads change hands: 3 pass to sales → nurture; \
         `policies/2025.policy`: 1 of 4 leads change hands: 1 pass to sales → nurture"
    );
    repo.commit("Changes");
    repo.write("policies/2024.policy", in_force(&policy("Inbound", 1), "from 2024-01-01 until 2024-12-31"));
    repo.write("policies/other.policy", policy("Events", 4).replace("  id    id\n", "  id    id, from \"Number\"\n"));
    let ran = repo.policyc(&["review", "--base", "HEAD"]);
    assert_eq!(
        first_lines(&ran)[1],
        "Leads: `policies/2024.policy`: 3 of 4 leads change hands: 3 nurture → pass to sales; \
         `policies/other.policy`: pass to sales → nurture (how many was not counted)"
    );
}

#[test]
fn what_guards_the_policies_is_no_policy() {
    let repo = Repo::new();
    repo.write("a.policy", policy("Inbound", 3));
    repo.write("policyc.toml", "policies = [\"a.policy\"]\n");
    repo.commit("An agreement");
    let page = support::review(&repo, &[]).out;
    assert!(page.starts_with("No policy changed\n"), "{page}");
    repo.write("policyc.toml", "policies = [\"a.policy\"]\n\n[levels]\nP0402 = \"allow\"\n");
    let page = support::review(&repo, &[]).out;
    assert!(page.starts_with("No policy changed, but what guards them\n"), "{page}");
    assert!(page.contains("Must approve: marketing, sales") && page.contains("1 policy is unchanged"), "{page}");
}

#[test]
fn what_is_not_checked_out_is_not_gone() {
    let repo = Repo::new();
    repo.write("inbound/a.policy", policy("Inbound", 3));
    repo.write("events/b.policy", policy("Events", 3));
    repo.commit("Two agreements");
    repo.git(&["sparse-checkout", "set", "--no-cone", "events"]);
    let ran = support::review(&repo, &[]);
    assert_eq!((ran.code, ran.said().contains("`--head HEAD` reviews the last commit")), (2, true), "{ran:?}");
    assert_eq!(json(&repo, &["--head", "HEAD"])["approvals"], serde_json::json!([]));
    repo.git(&["sparse-checkout", "disable"]);
    assert_eq!(json(&repo, &[])["approvals"], serde_json::json!([]));
}

#[test]
fn a_folder_that_is_named_and_not_there_is_a_note() {
    let repo = two_versions();
    repo.write("policyc.toml", "policies = [\"policies\", \"other\"]\n");
    repo.commit("A slip of the pen");
    let ran = repo.policyc(&["review", "--base", "HEAD"]);
    let note = "\nnote: `policyc.toml` names `other`, and no policy stands there on either side\n";
    assert!(ran.code == 0 && ran.out.ends_with(note), "{ran:?}");
}

#[test]
fn what_ci_calls_the_base_is_no_name_for_people() {
    let repo = two_versions();
    let hash = repo.git(&["rev-parse", "main"]);
    repo.commit("Nothing");
    for (base, merging) in [
        ("main", "What merging into `main` would"),
        ("HEAD^1", "What merging would"),
        (hash.as_str(), "What merging would"),
    ] {
        let ran = repo.policyc(&["review", "--base", base]);
        assert!(ran.out.contains(&format!("\n\n{merging} change: ")), "{ran:?}");
    }
}

#[test]
fn each_policy_takes_the_leads_that_it_can_read() {
    let repo = two_versions();
    let events = |need| policy("Events", need).replace("  id    id\n", "  id    id, from \"Number\"\n");
    repo.write("policies/events.policy", events(3));
    repo.write("events.csv", "Number,need\nE1,3\nE2,4\n");
    repo.write(
        "policyc.toml",
        "policies = [\"policies\"]\n\n[review]\nleads = [\"leads.csv\", \"gone.csv\", \"events.csv\"]\n",
    );
    repo.commit("Events, too");
    repo.write("policies/events.policy", events(5));
    repo.write("policies/2025.policy", in_force(&policy("Inbound", 4), "from 2025-01-01 until 2025-12-31"));
    let both = "Leads: `policies/events.policy`: 2 of 2 leads change hands: 2 pass to sales → nurture; \
                `policies/2025.policy`: 1 of 4 leads change hands: 1 pass to sales → nurture";
    let ran = repo.policyc(&["review", "--base", "HEAD", "--outcome", "stage"]);
    assert_eq!(first_lines(&ran)[1], both);
    assert_eq!(first_lines(&ran)[4], "Deals: `policies/2025.policy`: 1 of 3 won deals no longer pass");
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(said.matches("the leads `gone.csv` that `policyc.toml` names are not here").count(), 1, "{said}");
    assert!(said.contains("of 3 won deals by `stage`"), "{said}");
    let no_outcome = "note: won and lost deals were not counted for `policies/events.policy`: the leads in `events.csv` have no column `stage`";
    assert!(said.contains(no_outcome), "{said}");
    let ran = repo.policyc(&["review", "--base", "HEAD", "--by", "neeed"]);
    assert!(ran.code == 2 && ran.err.contains("no policy has a field `neeed`; did you mean `need`?"), "{ran:?}");
    // Asked for on the command line; one that no policy can read is told.
    let ran = repo.policyc(&["review", "--base", "HEAD", "--leads", "events.csv", "--leads", "leads.csv"]);
    assert_eq!(first_lines(&ran)[1], both);
    let ran = repo.policyc(&["review", "--base", "HEAD", "--leads", "leads.csv"]);
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the leads in `leads.csv` do not fit `policies/events.policy`"), "{said}");
    let ran = repo.policyc(&[
        "review",
        "--base",
        "HEAD",
        "--leads",
        "leads.csv",
        "-o",
        "events.csv",
        "--leads",
        "events.csv",
    ]);
    assert_eq!((ran.code, ran.said().contains("would be overwritten")), (2, true), "{ran:?}");
}

#[test]
fn the_ending_of_a_file_says_how_a_review_is_written() {
    let repo = two_versions();
    let begins = |more: &[&str], file: &str| {
        let ran = repo.policyc(&[&["review", "--base", "main", "-o", file], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        std::fs::read_to_string(repo.root.join(file)).unwrap().chars().next().unwrap()
    };
    assert_eq!([begins(&[], "page.md"), begins(&[], "page.json"), begins(&[], "page.txt")], ['#', '{', 'N']);
    assert_eq!(begins(&["--format", "human"], "page.md"), 'N');
}

#[test]
fn the_headline_does_not_gainsay_the_leads_that_were_counted() {
    let repo = Repo::new();
    repo.write("a.policy", policy("Inbound", 3));
    repo.write("leads.csv", "id,need\na,1\nb,5\n");
    repo.commit("The agreement");
    repo.write("a.policy", policy("Inbound", 4));
    let ran = repo.policyc(&["review", "--base", "main", "--leads", "leads.csv"]);
    let lines = ["Leads change hands, none of those counted: 1 policy", "Leads: 0 of 2 leads change hands"];
    assert_eq!(first_lines(&ran)[..2], lines, "{}", ran.out);
}

#[test]
fn who_comes_to_stand_among_the_versions_of_another_policy_asks_their_owners() {
    let repo = two_versions();
    let nobodys = policy("Events", 3).replace("  owned by marketing, sales\n", "");
    let asked = |path: &str| {
        repo.write(path, &nobodys);
        let review = json(&repo, &[]);
        std::fs::remove_file(repo.root.join(path)).unwrap();
        let approvals = review["approvals"].as_array().unwrap().clone();
        approvals.iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let teams = ["marketing", "sales"];
    assert_eq!(asked("policies/events.policy"), teams);
    assert_eq!(asked("policies/below/events.policy"), teams);
    repo.write("policies/events.policy", &nobodys);
    let page = repo.policyc(&["review", "--base", "main"]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    let why =
        "this policy comes to stand among the versions of \"Inbound\", by whose folder nothing can be decided then";
    assert!(page.contains(why), "{page}");
    // That is how it is then: the next one stops nothing.
    repo.commit("Events");
    repo.git(&["branch", "--force", "main", "HEAD"]);
    assert_eq!(asked("policies/partners.policy"), [""; 0]);
    // Nor does one that stands elsewhere, or beside one version alone, which is decided by its own path.
    let repo = Repo::new();
    repo.write("policies/a/1.policy", policy("Inbound", 3));
    repo.write("policies/b/1.policy", in_force(&policy("Outbound", 3), "from 2024-01-01"));
    repo.commit("Two agreements");
    repo.git(&["branch", "change"]);
    repo.git(&["switch", "--quiet", "change"]);
    for path in ["policies/a/2.policy", "policies/b/2.policy", "policies/c/2.policy", "policies/2.policy"] {
        repo.write(path, &nobodys);
        assert_eq!(json(&repo, &[])["approvals"].as_array().unwrap().len(), 0, "{path}");
        std::fs::remove_file(repo.root.join(path)).unwrap();
    }
}
