//! Nobody lowers the bar alone: what a change may not get past `policyc review`, in git repositories that are made here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Repo, review, review_json as json};

const POLICY: &str = "\
policy \"Inbound\"
  owned by marketing, sales
  in force from 2026-01-01

use \"../lib/words.policy\"
  owned by analysts

lead
  id      id
  email   text, personal
  need    whole number from 0 to 5

decisions, best first
  pass to sales
  nurture
  disqualify

rival: disqualify when domain of email in rivals
  because \"works for a rival\"

hot: pass to sales when much
  because \"needs it now\"

otherwise nurture
  because \"not yet\"

test \"a need of three is enough\"
  given need 3
  expect pass to sales by hot
";
const LIBRARY: &str = "list rivals is [\"rival.example\"]\n\ndefine much as need >= 3\n";
const CONFIG: &str = "policies = [\"policies\"]\n";
const PATH: &str = "policies/inbound.policy";
const EVERYBODY: [&str; 3] = ["analysts", "marketing", "sales"];

/// A repository with an agreement on `main`, and a branch `change`.
fn agreed() -> Repo {
    with(POLICY)
}

fn with(policy: &str) -> Repo {
    let repo = Repo::new();
    repo.write(PATH, policy);
    repo.write("lib/words.policy", LIBRARY);
    repo.write("policyc.toml", CONFIG);
    repo.commit("The agreement");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo
}

fn edit(repo: &Repo, path: &str, edits: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(repo.root.join(path)).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    repo.write(path, text);
}

fn changed(edits: &[(&str, &str)]) -> Repo {
    let repo = agreed();
    edit(&repo, PATH, edits);
    repo
}

/// Something that happens on `main` after the change has parted from it.
fn on_main(repo: &Repo, path: &str, edits: &[(&str, &str)]) {
    repo.commit("The change");
    repo.git(&["switch", "--quiet", "main"]);
    edit(repo, path, edits);
    repo.commit("Meanwhile");
    repo.git(&["switch", "--quiet", "change"]);
}

/// The teams that must approve.
fn teams(repo: &Repo, more: &[&str]) -> Vec<String> {
    let review = json(repo, more);
    review["approvals"].as_array().unwrap().iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect()
}

fn passes(repo: &Repo) -> bool {
    review(repo, &[]).code == 0
}

#[test]
fn a_policy_that_does_not_check_is_no_gap() {
    let broken = POLICY.replace("otherwise nurture", "otherwise nurtur");
    // Neither side checks: what it does is known of neither.
    let repo = with(&broken);
    edit(&repo, PATH, &[("owned by marketing, sales", "owned by intruders"), ("need 3", "need 5")]);
    assert_eq!(teams(&repo, &[]), EVERYBODY);
    assert!(!passes(&repo));
    // It is mended, with other owners and another rule.
    edit(&repo, PATH, &[("nurtur\n", "nurture\n"), ("when much", "when need is 5")]);
    assert_eq!(teams(&repo, &[]), ["analysts", "intruders", "marketing", "sales"]);
    std::fs::remove_file(repo.root.join(PATH)).unwrap();
    assert_eq!(teams(&repo, &[]), EVERYBODY);
}

#[test]
fn a_title_that_joins_versions_or_parts_them_is_for_all_of_their_owners() {
    let repo = agreed();
    let next = POLICY.replace("marketing, sales", "intruders").replace("analysts", "intruders");
    repo.write("policies/next.policy", next.replace("2026-01-01", "2027-01-01").replace("\"Inbound\"", "\"Next\""));
    repo.commit("Another policy");
    repo.git(&["branch", "--force", "main"]);
    edit(&repo, "policies/next.policy", &[("\"Next\"", "\"Inbound\"")]);
    assert_eq!(teams(&repo, &[]), ["analysts", "intruders", "marketing", "sales"]);
    repo.commit("One policy");
    repo.git(&["branch", "--force", "main"]);
    edit(&repo, PATH, &[("\"Inbound\"", "\"Alone\"")]);
    assert_eq!(teams(&repo, &[]), ["analysts", "intruders", "marketing", "sales"]);
    // What did not check had no title.
    let broken = next.replace("2026-01-01", "2027-01-01").replace("otherwise nurture", "otherwise nurtur");
    repo.git(&["checkout", "--quiet", "."]);
    repo.write("policies/next.policy", &broken);
    repo.commit("A slip of the pen");
    repo.git(&["branch", "--force", "main"]);
    repo.write("policies/next.policy", broken.replace("otherwise nurtur", "otherwise nurture"));
    assert_eq!(teams(&repo, &[]), ["analysts", "intruders", "marketing", "sales"]);
    repo.git(&["checkout", "--quiet", "."]);
    edit(&repo, PATH, &[("policy \"Inbound\"", "policy  \"Inbound\"")]);
    assert_eq!(teams(&repo, &[]), Vec::<String>::new());
}

#[test]
fn what_is_called_otherwise_still_belongs_to_its_owners() {
    let intruders = ("rival: disq", "list foes is [\"rival.example\"]\n  owned by intruders\n\nrival: disq");
    let repo = changed(&[("in rivals", "in foes"), intruders]);
    repo.write("lib/words.policy", LIBRARY.replace("list rivals is [\"rival.example\"]\n\n", ""));
    let review = json(&repo, &[]);
    assert_eq!(review["verdict"], "same");
    let why = "the list `foes` was owned by analysts, and is by intruders";
    assert_eq!(review["approvals"][0]["reasons"][0]["why"], why);
    assert_eq!(teams(&repo, &[]), EVERYBODY);
    // Under another name it is still theirs.
    let repo = changed(&[("in rivals", "in foes"), ("when much", "when plenty")]);
    repo.write("lib/words.policy", LIBRARY.replace("rivals", "foes").replace("much", "plenty"));
    assert_eq!(teams(&repo, &[]), Vec::<String>::new());
}

#[test]
fn who_owns_it_at_the_base_by_now_must_approve() {
    let repo = changed(&[("when much", "when much and need < 5")]);
    assert_eq!(teams(&repo, &[]), ["marketing", "sales"]);
    on_main(&repo, PATH, &[("owned by marketing, sales", "owned by board")]);
    assert_eq!(teams(&repo, &[]), ["analysts", "board", "marketing", "sales"]);
    // Wherever it has gone there.
    let repo = changed(&[("when much", "when much and need < 5")]);
    repo.commit("The change");
    repo.git(&["switch", "--quiet", "main"]);
    repo.git(&["mv", PATH, "policies/requests.policy"]);
    edit(&repo, "policies/requests.policy", &[("owned by marketing, sales", "owned by board")]);
    repo.commit("Meanwhile");
    repo.git(&["switch", "--quiet", "change"]);
    assert_eq!(teams(&repo, &[]), ["analysts", "board", "marketing", "sales"]);
    // So it is with a version that has come there.
    let version =
        |day: &str, owner: &str| POLICY.replace("2026-01-01", day).replace("owned by marketing, sales", owner);
    let repo = agreed();
    repo.write("policies/third.policy", version("2026-03-01", "owned by sales"));
    repo.commit("The change");
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("policies/second.policy", version("2026-02-01", "owned by board"));
    repo.commit("Meanwhile");
    repo.git(&["switch", "--quiet", "change"]);
    assert_eq!(teams(&repo, &[]), ["analysts", "board", "marketing", "sales"]);
    // Another rule there is nobody else's business.
    let repo = changed(&[("when much", "when much and need < 5")]);
    on_main(&repo, PATH, &[("otherwise nurture", "low: disqualify when need is 0\n\notherwise nurture")]);
    assert_eq!(teams(&repo, &[]), ["marketing", "sales"]);
    assert!(passes(&repo));
}

#[test]
fn tests_of_the_base_that_the_change_does_not_know_stand_in_the_way() {
    for agreed in
        ["test \"five\"\n  given need 5\n  expect pass to sales\n\n", "always pass to sales when need is 5\n\n"]
    {
        let repo = changed(&[("when much", "when much and need < 5")]);
        on_main(&repo, PATH, &[("test \"a need", &format!("{agreed}test \"a need"))]);
        let review = json(&repo, &[]);
        let said = review["obstacles"][0].as_str().unwrap();
        assert!(said.contains("`main` has 1 test or claim of `policies/inbound.policy`"), "{said}");
        assert_eq!(review["passes"], false);
        repo.git(&["merge", "--quiet", "main"]);
        let said = json(&repo, &[])["obstacles"][0].as_str().unwrap().to_owned();
        assert!(!said.contains("merge"), "{said}");
    }
}

#[test]
fn what_was_personal_stays_so_unless_all_agree() {
    for edits in [
        &[("text, personal", "text")][..],
        // The column under another name.
        &[("email   text, personal", "mail  text, from \"email\""), ("domain of email", "domain of mail")],
    ] {
        assert_eq!(teams(&changed(edits), &[]), EVERYBODY, "{edits:?}");
    }
    // Nor does it go, to come back as another one.
    let (need, domain) = ("  need    whole", "domain of email in rivals");
    let gone = [("  email   text, personal\n", ""), (domain, "need is 5"), (need, need)];
    assert_eq!(teams(&changed(&gone), &[]), EVERYBODY);
    // What comes to be personal is said otherwise, as anything else of a field.
    assert_eq!(teams(&changed(&[("0 to 5", "0 to 5, personal")]), &[]), ["marketing", "sales"]);
}

#[test]
fn what_leads_are_called_by_is_for_all_to_agree() {
    for edits in [&[("  id      id\n", "")][..], &[("  id      id\n", "  id      text\n")]] {
        assert_eq!(teams(&changed(edits), &[]), EVERYBODY, "{edits:?}");
    }
    // Another name for the same column is another word for the same.
    assert_eq!(teams(&changed(&[("  id      id\n", "  number  id, from \"id\"\n")]), &[]), Vec::<String>::new());
}

#[test]
fn how_decisions_rank_is_for_all_to_agree() {
    assert_eq!(teams(&changed(&[("  nurture\n  disqualify\n", "  disqualify\n  nurture\n")]), &[]), EVERYBODY);
    assert_eq!(teams(&changed(&[("decisions, best first", "decisions")]), &[]), EVERYBODY);
    // Those of the policy alone, where it makes no other decision the best.
    assert_eq!(teams(&changed(&[("  disqualify\n", "  disqualify\n  call later\n")]), &[]), ["marketing", "sales"]);
}

#[test]
fn a_rename_is_one_whatever_paths_are_given() {
    let repo = agreed();
    repo.git(&["mv", PATH, "policies/requests.policy"]);
    edit(&repo, "policies/requests.policy", &[("marketing, sales", "intruders"), ("analysts", "intruders")]);
    repo.write("other/far.policy", POLICY.replace("Inbound", "Far"));
    let review = json(&repo, &["policies/requests.policy"]);
    assert_eq!((&review["policies"][0]["was"], review["policies"].as_array().unwrap().len()), (&PATH.into(), 1));
    assert_eq!(teams(&repo, &["policies/requests.policy"]), ["analysts", "marketing", "sales"]);
    // What is new is new, although something else is gone.
    repo.git(&["reset", "--quiet", "--hard"]);
    repo.git(&["rm", "--quiet", PATH]);
    repo.write(
        "policies/new.policy",
        "policy \"New\"\n\nlead\n  a  yes or no\n\ndecisions\n  nurture\n\notherwise nurture\n",
    );
    let review = json(&repo, &["policies/new.policy"]);
    assert_eq!((&review["policies"][0]["fate"], review["policies"].as_array().unwrap().len()), (&"added".into(), 1));
}

#[test]
fn a_name_of_two_things_is_no_base() {
    let repo = changed(&[("when much", "when need is 5")]);
    repo.commit("The change");
    repo.git(&["tag", "main"]);
    let ran = review(&repo, &[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("`main` is a branch and a tag, of two commits: type `heads/main` or `tags/main`"),
        "{}",
        ran.err
    );
    let by = |base: &str| repo.policyc(&["review", "--base", base]).out;
    assert!(by("heads/main").starts_with("Leads change hands"), "{}", by("heads/main"));
    assert!(by("tags/main").starts_with("No policy changed"));
    // Two names of one commit are no question.
    repo.git(&["tag", "--force", "main", "heads/main"]);
    assert!(by("main").starts_with("Leads change hands"));
}

#[test]
fn what_stands_in_a_repository_of_its_own_is_not_reviewed_in_silence() {
    let repo = agreed();
    // The same words, which from now on change elsewhere.
    repo.git(&["rm", "--quiet", "--cached", "lib/words.policy"]);
    repo.git(&["init", "--quiet", "lib"]);
    let review = json(&repo, &[]);
    assert_eq!(teams(&repo, &[]), EVERYBODY, "{review}");
    assert!(review["approvals"].to_string().contains("stands in a repository of its own"), "{review}");
    // So do the values of a list.
    let repo = with(
        &POLICY
            .replace("rival: disq", "list foes from \"../lists/foes.csv\"\n\nrival: disq")
            .replace("in rivals", "in foes"),
    );
    repo.write("lists/foes.csv", "domain\nrival.example\n");
    repo.commit("A list of its own");
    repo.git(&["branch", "--force", "main"]);
    assert_eq!(teams(&repo, &[]), Vec::<String>::new());
    repo.git(&["rm", "--quiet", "--cached", "lists/foes.csv"]);
    repo.git(&["init", "--quiet", "lists"]);
    assert_eq!(teams(&repo, &[]), EVERYBODY);
}

#[test]
fn days_that_another_version_has_are_its_owners_to_give() {
    let repo = with(POLICY);
    repo.git(&["switch", "--quiet", "main"]);
    let before =
        POLICY.replace("marketing, sales", "marketing, legal").replace("2026-01-01", "2025-01-01 until 2025-12-31");
    repo.write("policies/before.policy", before);
    repo.commit("The one before");
    repo.git(&["switch", "--quiet", "--force-create", "change"]);
    edit(&repo, PATH, &[("in force from 2026-01-01", "in force from 2025-07-01")]);
    let asked = teams(&repo, &[]);
    assert!(asked.contains(&"legal".to_owned()), "{asked:?}");
    // Nor by another time zone, in which days begin elsewhere.
    repo.git(&["checkout", "--quiet", "--force", "change"]);
    edit(&repo, PATH, &[("in force from 2026-01-01", "in force from 2026-01-01\n  time zone Pacific/Kiritimati")]);
    assert!(teams(&repo, &[]).contains(&"legal".to_owned()));
    // Nor by a new version that comes before one which is there.
    repo.git(&["checkout", "--quiet", "--force", "change"]);
    let later = POLICY.replace("marketing, sales", "marketing, board").replace("2026-01-01", "2027-01-01");
    repo.write("policies/later.policy", later);
    repo.commit("The one after");
    repo.git(&["branch", "--force", "main"]);
    repo.write("policies/between.policy", POLICY.replace("2026-01-01", "2026-07-01"));
    assert!(teams(&repo, &[]).contains(&"board".to_owned()));
}

#[test]
fn a_submodule_is_no_folder_of_the_repository() {
    let repo = agreed();
    let copy = repo.outside().join("copy");
    repo.git(&["clone", "--quiet", ".", copy.to_str().unwrap()]);
    repo.git(&["rm", "--quiet", "-r", "policies"]);
    repo.git(&["submodule", "--quiet", "add", copy.to_str().unwrap(), "policies"]);
    repo.commit("Elsewhere");
    let review = json(&repo, &[]);
    assert_eq!((&review["policies"][0]["fate"], &review["unchanged"]), (&"removed".into(), &0.into()));
    assert_eq!(teams(&repo, &[]), EVERYBODY);
}

#[test]
fn leads_that_the_change_brings_along_are_told() {
    let repo = agreed();
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("policyc.toml", format!("{CONFIG}\n[review]\nleads = \"leads.csv\"\n"));
    repo.write("leads.csv", "id,email,need\n1,a@b.example,3\n");
    repo.commit("Leads");
    repo.git(&["switch", "--quiet", "--create", "other"]);
    edit(&repo, PATH, &[("when much", "when need is 5")]);
    let notes = |repo: &Repo| json(repo, &[])["notes"].to_string();
    assert_eq!(notes(&repo), "[]");
    repo.write("leads.csv", "id,email,need\r\n1,a@b.example,3\r\n");
    assert_eq!(notes(&repo), "[]");
    repo.write("leads.csv", "id,email,need\n1,a@b.example,5\n");
    assert!(
        notes(&repo).contains("`leads.csv`, whose leads are counted, is another file than before"),
        "{}",
        notes(&repo)
    );
    repo.commit("Other leads");
    assert!(json(&repo, &["--head", "other"])["notes"].to_string().contains("is another file than before the change"));
}

#[test]
fn a_field_that_nobody_has_is_no_way_to_count() {
    let repo = changed(&[("when much", "when need is 5")]);
    repo.write("leads.csv", "id,email,need\n1,a@b.example,3\n");
    let ran = review(&repo, &["--leads", "leads.csv", "--by", "ned"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no policy has a field `ned`; did you mean `need`?"), "{}", ran.err);
    let ran = review(&repo, &["--leads", "leads.csv", "--by", "colour"]);
    assert!(ran.err.contains("no policy has a field `colour`: type one of `id`, `need`"), "{}", ran.err);
}

#[test]
fn the_baseline_of_the_base_knows_what_the_base_cannot_say() {
    let never = "never_met: nurture when need > 3 and need < 2\n\notherwise nurtur";
    let repo = with(&POLICY.replace("otherwise nurture", never));
    repo.write(
        "policyc.toml",
        format!("{CONFIG}\n[check]\nbaseline = \"known.json\"\n\n[levels]\nwarnings = \"deny\"\n"),
    );
    edit(&repo, PATH, &[("otherwise nurtur\n", "otherwise nurture\n")]);
    assert_eq!(repo.policyc(&["check", "--write-baseline", "known.json"]).code, 0);
    edit(&repo, PATH, &[("otherwise nurture\n", "otherwise nurtur\n")]);
    repo.commit("A slip of the pen");
    repo.git(&["branch", "--force", "main"]);
    edit(&repo, PATH, &[("otherwise nurtur\n", "otherwise nurture\n")]);
    assert_eq!(json(&repo, &[])["findings"], Value::Array(Vec::new()));
    // One more of the kind is new.
    edit(&repo, PATH, &[("hot: pass", "again: nurture when need > 3 and need < 2\n\nhot: pass")]);
    assert!(!passes(&repo));
}

#[test]
fn whose_rule_decides_is_no_matter_of_the_decision_alone() {
    // The same decision, by a rule of somebody else, who could decide otherwise tomorrow.
    let theirs = "rules from \"../lib/theirs.policy\"\n  owned by intruders\n\nhot: pass";
    let repo = changed(&[("hot: pass", theirs)]);
    repo.write("lib/theirs.policy", "mine: pass to sales when need >= 4\n");
    assert_eq!(json(&repo, &[])["verdict"], "same");
    assert_eq!(teams(&repo, &[]), ["intruders", "marketing", "sales"]);
    let whys = |repo: &Repo| -> Vec<String> {
        let review = json(repo, &[]);
        let reasons = review["approvals"].as_array().unwrap().iter().flat_map(|of| of["reasons"].as_array().unwrap());
        reasons.map(|reason| reason["why"].as_str().unwrap().to_owned()).collect()
    };
    let theirs = "the library `lib/theirs.policy`, owned by intruders, is new".to_owned();
    assert!(whys(&repo).contains(&"others decide leads of `hot`".to_owned()) && whys(&repo).contains(&theirs));
    // Where it takes no lead of theirs, they let it in all the same.
    repo.write("lib/theirs.policy", "mine: pass to sales when need >= 4 and need < 3\n");
    assert_eq!(teams(&repo, &[]), ["intruders", "marketing", "sales"]);
    assert!(!whys(&repo).contains(&"others decide leads of `hot`".to_owned()) && whys(&repo).contains(&theirs));
    // By a rule of their own no lead is handed over.
    let repo = changed(&[("hot: pass", "mine: pass to sales when need >= 4\n\nhot: pass")]);
    assert_eq!(whys(&repo), ["the rule `mine` is new, though no lead changes hands by it"; 2]);
}

#[test]
fn what_a_rule_hangs_on_passes_to_nobody_in_silence() {
    // The same values, in a list of somebody else, who could change them tomorrow.
    let theirs = ("rival: disq", "list foes is [\"rival.example\"]\n  owned by intruders\n\nrival: disq");
    let repo = changed(&[("email in rivals", "email in foes"), theirs]);
    let review = json(&repo, &[]);
    assert_eq!(review["verdict"], "same");
    let all = [EVERYBODY.as_slice(), &["intruders"]].concat().into_iter().collect::<BTreeSet<&str>>();
    assert_eq!(teams(&repo, &[]), all.into_iter().collect::<Vec<_>>());
    let says = |team: usize, why: &str| {
        let reasons = review["approvals"][team]["reasons"].as_array().unwrap();
        assert!(reasons.iter().any(|reason| reason["why"] == why), "{reasons:?}");
    };
    says(0, "the rule `rival` no longer hangs on what this team owns");
    says(2, "the rule `rival` hangs on what others own: intruders");
    // Nor when the rule is written anew.
    let again = ("rival: disqualify when domain of email in rivals", "foe: disqualify when domain of email in foes");
    let repo = changed(&[theirs, again]);
    assert!(EVERYBODY.iter().all(|team| teams(&repo, &[]).contains(&(*team).to_owned())));
    // A definition of one's own, of what hangs on the same as before, concerns nobody else.
    let own = ("hot: pass", "define foe as domain of email in rivals\n\nhot: pass");
    assert_eq!(teams(&changed(&[("when domain of email in rivals", "when foe"), own]), &[]), ["marketing", "sales"]);
}

#[test]
fn a_configuration_with_faults_is_no_change_to_merge() {
    let repo = agreed();
    repo.write("policyc.toml", format!("{CONFIG}\n[levels]\nP0000 = \"deny\"\n"));
    repo.commit("A slip of the pen");
    // The files that are checked out stop every command; a commit is read as far as it can be.
    assert_eq!(review(&repo, &[]).code, 2);
    let review = json(&repo, &["--head", "change"]);
    assert_eq!(review["passes"], false);
    assert!(review["obstacles"][0].as_str().unwrap().contains("`policyc.toml` has faults"), "{}", review["obstacles"]);
}

#[test]
fn where_a_change_parted_is_no_matter_of_clocks() {
    let repo = agreed();
    repo.git(&["switch", "--quiet", "main"]);
    let first = repo.git(&["rev-parse", "HEAD"]);
    edit(&repo, PATH, &[("when much", "when need is 5"), ("given need 3", "given need 5")]);
    let agreed_on = repo.commit("Fewer calls, as all have agreed");
    // Made from both, with the files of the first one, by somebody whose clock is years behind.
    let commit = |files: &str, parents: &[&str], seconds: &str| {
        let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
        let tree = repo.git(&["rev-parse", &format!("{files}^{{tree}}")]);
        let who = format!("Mallory <m@example.com> {seconds} +0000");
        repo.write("commit", format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\nx\n"));
        let hash = repo.git(&["hash-object", "-t", "commit", "-w", "commit"]);
        std::fs::remove_file(repo.root.join("commit")).unwrap();
        hash
    };
    let old = commit(&agreed_on, &[&agreed_on], "1000000000");
    let new = commit(&first, &[&first], "2000000000");
    let both = commit(&first, &[&old, &new], "2000000000");
    assert_eq!(json(&repo, &["--head", &both])["base"]["commit"].as_str(), Some(agreed_on.as_str()));
    assert_eq!(teams(&repo, &["--head", &both]), EVERYBODY);
    // Two that were merged into each other part at two places: which of them counts is nobody's choice.
    let side = commit(&first, &[&first], "1900000000");
    let main = commit(&agreed_on, &[&agreed_on, &side], "1900000001");
    let change = commit(&first, &[&side, &agreed_on], "1900000002");
    repo.git(&["reset", "--quiet", "--hard", &main]);
    let ran = review(&repo, &["--head", &change]);
    let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.code == 2 && said.contains("they part at 2 commits: merge `main` into"), "{said}");
    let merged = commit(&change, &[&change, &main], "1900000003");
    assert_eq!(teams(&repo, &["--head", &merged]), EVERYBODY);
}

#[test]
fn what_tests_and_claims_name_may_be_called_otherwise() {
    let base = POLICY
        .replace("0 to 5", "0 to 5, from \"Need\"")
        .replace("test \"", "never nurture when much and need >= 4\n\ntest \"")
        .replace("given need 3", "given need 3, email \"a@b.example\"")
        .replace("rival: dis", "score fit from 0 to 10\n  +10 when need >= 5\n\ngrade heat\n  high when fit >= 5\n  otherwise low\n\nrival: dis")
        .replace("by hot\n", "by hot\n  expect fit is 0 and heat is low\n");
    let asked = |edits: &[(&str, &str)], library: &[(&str, &str)]| {
        let repo = with(&base);
        edit(&repo, PATH, edits);
        edit(&repo, "lib/words.policy", library);
        (teams(&repo, &[]), review(&repo, &[]).out)
    };
    let another_rule = ("hot", "urgent");
    let another_field = [("need  ", "interest  "), ("need 3", "interest 3"), ("need >=", "interest >=")];
    let another_definition = ("much", "plenty");
    let another_order = ("given need 3, email \"a@b.example\"", "given email \"a@b.example\", need 3");
    let another_title = ("a need of three is enough", "three is enough");
    for (edits, library) in [
        (&[another_rule, another_order][..], &[][..]),
        (&another_field, &[("need", "interest")]),
        (&[another_definition], &[another_definition]),
        (&[another_title], &[]),
        (&[("fit ", "points ")], &[]),
        (&[("heat", "warmth")], &[]),
    ] {
        let (teams, page) = asked(edits, library);
        assert_eq!(teams, [""; 0], "{page}");
        // What is called otherwise is not gone.
        assert!(!page.contains("is gone") && !page.contains("is new"), "{page}");
    }

    // What a test gives, or which rule it expects, is no name.
    assert_eq!(asked(&[("given need 3", "given need 4")], &[]).0, EVERYBODY);
    assert_eq!(asked(&[(" by hot", "")], &[]).0, EVERYBODY);
    assert_eq!(asked(&[("need >= 4", "need >= 5")], &[]).0, EVERYBODY);
}

#[test]
fn what_has_passed_is_said_once() {
    let owned = |edits: &[(&str, &str)]| {
        let page = json(&changed(edits), &[]);
        page["policies"][0]["owners"].as_array().unwrap().iter().map(|of| of.as_str().unwrap().to_owned()).collect()
    };
    let policy = "the policy was owned by marketing, sales, and is by sales";
    let library = "the library `lib/words.policy` was owned by analysts, and is by sales";
    let told: Vec<String> = owned(&[("owned by marketing, sales", "owned by sales")]);
    assert_eq!(told, [policy]);
    let told: Vec<String> =
        owned(&[("owned by marketing, sales", "owned by sales"), ("owned by analysts", "owned by sales")]);
    assert_eq!(told, [policy, library]);
}

#[test]
fn a_claim_is_another_one_when_what_it_speaks_of_is() {
    let base = POLICY.replace(
        "test \"",
        "define keen as need >= 4 and urgent\n\ndefine urgent as need >= 5\n\nlist friends is [\"a.example\", \"b.example\"]\n\n\
         never nurture when keen\n\nnever nurture when domain of email in friends and need is 5\n\ntest \"",
    );
    let asked = |edits: &[(&str, &str)]| {
        let repo = with(&base);
        edit(&repo, PATH, edits);
        (teams(&repo, &[]), review(&repo, &[]).out)
    };
    for (edits, word) in [
        (("urgent as need >= 5", "urgent as need >= 5 and need < 5"), "of fewer leads than before"),
        (("[\"a.example\", \"b.example\"]", "[\"a.example\"]"), "of fewer leads than before"),
    ] {
        let (teams, page) = asked(&[edits]);
        assert_eq!(teams, EVERYBODY, "{page}");
        assert!(page.contains(word), "{page}");
    }
    // One more on the list takes nothing from it.
    let (few, page) = asked(&[("\"b.example\"]", "\"b.example\", \"c.example\"]")]);
    assert_eq!(few, ["marketing", "sales"], "{page}");
    // So it is with a score, a grade or a stage that no rule asks for.
    let scored = "score fit from 0 to 10\n  +10 when need >= 5\n\ngrade heat\n  high when need >= 4\n  otherwise low\n\nstage \
                  warm when need >= 4\n\nnever nurture when fit >= 5\n\nnever nurture when heat is high\n\nnever nurture when stage is warm\n\ntest \"";
    let scored = POLICY.replace("test \"", scored);
    for (edit_, word) in [
        (("+10 when need >= 5", "+1 when need >= 5"), "of fewer leads than before"),
        (("high when need >= 4", "high when need >= 5"), "of fewer leads than before"),
        (("warm when need >= 4", "warm when need >= 5"), "of fewer leads than before"),
    ] {
        let repo = with(&scored);
        edit(&repo, PATH, &[edit_]);
        let page = review(&repo, &[]).out;
        assert_eq!(teams(&repo, &[]), EVERYBODY, "{page}");
        assert!(page.contains(word), "{page}");
    }
    // Another order or another name of the same is the same.
    let same = [("urgent", "hasty"), ("[\"a.example\", \"b.example\"]", "[\"b.example\", \"a.example\"]")];
    assert_eq!(asked(&same).0, [""; 0]);
}

#[test]
fn when_a_policy_is_in_force_and_what_its_decisions_mean_is_agreed() {
    let zone = ("in force from 2026-01-01", "in force from 2026-01-01\n  time zone America/Los_Angeles");
    let repo = changed(&[zone]);
    assert_eq!(teams(&repo, &[]), EVERYBODY);
    let page = review(&repo, &[]).out;
    assert!(page.contains("in force from 2026-01-01 (America/Los_Angeles), before from 2026-01-01 (UTC)"), "{page}");

    let promise = ("  pass to sales\n  nurture", "  pass to sales  \"called in a day\"\n  nurture");
    let repo = with(&POLICY.replace(promise.0, promise.1));
    edit(&repo, PATH, &[("in a day", "some day")]);
    assert_eq!(teams(&repo, &[]), ["marketing", "sales"]);
    // Nor is anything promised for others.
    edit(&repo, PATH, &[("owned by marketing, sales", "owned by marketing, newcomers, sales")]);
    assert!(teams(&repo, &[]).contains(&"newcomers".to_owned()));
    assert_eq!(teams(&with(&POLICY.replace(promise.0, promise.1)), &[]), Vec::<String>::new());
}
