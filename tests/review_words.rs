//! What a review says in words: reasons that name what is changed as whoever approves would, and first lines that leave nothing out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use support::{Repo, review, review_json};

const POLICY: &str = "\
policy \"Scored\"
  owned by marketing

lead
  need  whole number
  size  whole number

decisions, best first
  pass to sales
  nurture

score fit from 0 to 40
  +10 when need >= 3

grade level
  high when fit >= 10
  otherwise low

good: pass to sales when level is high

otherwise nurture
";

/// The reasons of a change of the policy.
fn reasons(from: &str, to: &str) -> Vec<String> {
    let repo = Repo::new();
    repo.write("scored.policy", POLICY);
    repo.write("policyc.toml", "policies = [\"scored.policy\"]\n");
    repo.commit("The agreement");
    assert!(POLICY.contains(from), "{from}");
    repo.write("scored.policy", POLICY.replace(from, to));
    let approvals = review_json(&repo, &[])["approvals"].clone();
    let all = approvals.as_array().unwrap().iter().flat_map(|of| of["reasons"].as_array().unwrap());
    all.map(|of| of["why"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_line_more_or_less_makes_another_score_and_no_new_one() {
    let line = "  +10 when need >= 3\n";
    let changed = reasons(line, &format!("{line}  +20 when size >= 9\n"));
    assert!(changed.contains(&"the score `fit` is changed".to_owned()), "{changed:?}");
    let new = reasons(line, &format!("{line}\nscore worth from 0 to 9\n  +9 when size >= 9\n"));
    assert!(new.iter().any(|why| why.starts_with("the score `worth` is new")), "{new:?}");
}

/// A version of an agreement with leads that are counted as of a day, and of which deals are won.
fn versioned(until: &str) -> Repo {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies\"]\nas-of = 2026-02-01\n[review]\nleads = \"leads.csv\"\n");
    repo.write("leads.csv", "need,size,deal\n4,1,won\n1,1,lost\n2,2,open\n");
    repo.write("policies/a.policy", version(until));
    repo
}

fn version(days: &str) -> String {
    POLICY.replace("marketing\n", &format!("marketing\n  in force from {days}\n"))
}

/// The first lines of a review, up to the first that is empty behind the summary.
fn first_lines(repo: &Repo, more: &[&str]) -> String {
    let page = review(repo, more).out;
    page.split("\n\n").take(2).collect::<Vec<_>>().join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_policy_that_is_no_longer_in_force_decides_none_of_the_leads_that_are_counted() {
    let repo = versioned("2026-01-01 until 2026-06-30");
    repo.commit("The agreement");
    repo.write("policies/a.policy", version("2026-01-01 until 2026-01-31"));
    let ended =
        "Leads: 0 of 3 leads change hands; but it decides none any more: this policy was in force until 2026-01-31";
    let page = first_lines(&repo, &[]);
    assert!(page.contains(ended), "{page}");
    // As of a day on which it is in force, or was not before, there is nothing to say.
    for as_of in ["2026-01-15", "2026-07-01"] {
        let page = first_lines(&repo, &["--as-of", as_of]);
        assert!(page.contains("0 of 3 leads change hands Must approve"), "{as_of} {page}");
    }
}

#[test]
fn deals_that_were_counted_are_told_though_none_changes() {
    let repo = versioned("2026-01-01");
    repo.commit("The agreement");
    repo.write("policies/a.policy", version("2026-01-01").replace("+10 when need >= 3", "+10 when need >= 2"));
    let page = first_lines(&repo, &["--outcome", "deal"]);
    assert!(page.contains("Deals: of 1 won deal and 1 lost deal, none newly passes and none is blocked"), "{page}");
}

#[test]
fn what_was_personal_is_not_shown_by_another_name_of_its_column() {
    let repo = Repo::new();
    let policy =
        POLICY.replace("  size  whole number\n", "  size  whole number\n  mail  text, personal, from \"Mail\"\n");
    repo.write("scored.policy", &policy);
    repo.write("policyc.toml", "policies = [\"scored.policy\"]\n");
    repo.commit("The agreement");
    let renamed = policy.replace("  mail  text, personal, from \"Mail\"", "  src  text, from \" Mail\"");
    repo.write("scored.policy", renamed.replace("need >= 3", "need >= 4"));
    repo.write("leads.csv", "need,size,Mail\n3,1,ann@corp.example\n");
    for by in ["mail", "src"] {
        let page = review(&repo, &["--leads", "leads.csv", "--by", by]);
        assert!(page.code == 2 && !page.all().contains("ann@corp"), "{by} {page:?}");
    }
}

#[test]
fn deals_are_counted_by_the_column_that_the_configuration_names() {
    for (column, said) in [
        ("deal", "Deals:        1 of 1 won deals no longer pass"),
        ("Deal", "the leads in `leads.csv` have no column `Deal`; did you mean `deal`?"),
    ] {
        let repo = Repo::new();
        repo.write("scored.policy", POLICY);
        repo.write("leads.csv", "need,size,deal\n3,1,won\n1,1,lost\n");
        let config = "policies = [\"scored.policy\"]\n[review]\nleads = \"leads.csv\"\n";
        repo.write("policyc.toml", format!("{config}outcome = \"{column}\"\n"));
        repo.commit("The agreement");
        repo.write("scored.policy", POLICY.replace("need >= 3", "need >= 4"));
        let ran = repo.policyc(&["review", "--base", "main"]);
        let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ran.code == 0 && words.contains(&said), "{ran:?}");
    }
}

/// The teams that must approve a change of files, each with why.
fn asked(before: &[(&str, String)], now: &[(&str, String)]) -> Vec<(String, Vec<String>)> {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    before.iter().for_each(|(path, text)| repo.write(path, text));
    repo.commit("The agreement");
    now.iter().for_each(|(path, text)| repo.write(path, text));
    let approvals = review_json(&repo, &[])["approvals"].clone();
    let text = |of: &serde_json::Value| of.as_str().unwrap().to_owned();
    let of = |of: &serde_json::Value| {
        let why = of["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["why"])).collect();
        (text(&of["team"]), why)
    };
    approvals.as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_section_among_others_leaves_theirs_alone() {
    let section = |name: &str| {
        let team = name.to_lowercase();
        format!(
            "section \"{name}\" when product is {name}\n  owned by team_{team}\n  otherwise nurture\n\n{team}: pass to sales when need >= 3\n\n"
        )
    };
    let policy = |sections: &str| {
        let text = format!(
            "policy \"P\"\n  owned by marketing\n\nlead\n  need  whole number\n  product  one of [A, B, C] or other\n\ndecisions\n  pass to sales\n  nurture\n\n{sections}section \"Rest\" otherwise\n\notherwise nurture\n"
        );
        vec![("p.policy", text)]
    };
    let [a, b, c] = ["A", "B", "C"].map(section);
    let asked = asked(&policy(&format!("{a}{b}")), &policy(&format!("{a}{c}{b}")));
    let teams: Vec<&str> = asked.iter().map(|(team, _)| team.as_str()).collect();
    assert_eq!(teams, ["marketing", "team_c"], "{asked:#?}");
    assert!(!asked.iter().flat_map(|(_, why)| why).any(|why| why.contains("was owned by")), "{asked:#?}");
}

#[test]
fn a_list_that_was_there_is_not_new_when_a_rule_asks_for_it() {
    let policy = |more: &str| {
        let text = format!(
            "policy \"P\"\n  owned by marketing\n\nuse \"legal.policy\"\n  owned by legal\n\nlead\n  need  whole number\n  country  text\n\ndecisions\n  pass to sales\n  nurture\n\npass to sales when need >= 3{more}\n\notherwise nurture\n"
        );
        ("p.policy", text)
    };
    let legal = |values: &str| ("legal.policy", format!("list home is [{values}]\n"));
    let before = [policy(""), legal("\"DE\", \"AT\"")];
    let found = asked(&before, &[policy(" and country in home")]);
    let teams: Vec<&str> = found.iter().map(|(team, _)| team.as_str()).collect();
    assert_eq!(teams, ["marketing"], "{found:#?}");
    // What is on it is legal's, whoever asks for it.
    let found = asked(&before, &[policy(" and country in home"), legal("\"DE\"")]);
    assert!(found.contains(&("legal".to_owned(), vec!["the list `home` is changed".to_owned()])), "{found:#?}");
}

#[test]
fn a_new_policy_that_does_not_check_has_its_title() {
    let repo = versioned("2026-01-01");
    repo.commit("The agreement");
    repo.write("policies/b.policy", POLICY.replace("\"Scored\"", "\"Other\"").replace("need >= 3", "ned >= 3"));
    repo.write("policies/c.policy", "lead\n  need  whole number\n\npass to sales when ned >= 3\n");
    let page = review(&repo, &[]).out;
    assert!(page.contains("\npolicies/b.policy: Other\n"), "{page}");
    let page = review(&repo, &["--format", "markdown"]).out;
    assert!(page.contains("\n### policies/b.policy: Other\n") && !page.contains(": \n"), "{page}");
    assert_eq!(review_json(&repo, &[])["policies"][0]["title"], "Other");
}
