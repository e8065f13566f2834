//! Links: those that stay in the repository are gone through, on the disk as in a commit; what leads out of it is not read; and a
//! review sees what leads elsewhere than before.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::support::{Ran, Repo, review, review_json};
use crate::{LEADS, POLICY, inbound};

const OWNED: &str = "\
policy \"Inbound\"
  owned by marketing, sales

lead
  need  whole number from 0 to 5

decisions
  pass to sales
  nurture

pass to sales when need >= 4

otherwise nurture
";

fn link(repo: &Repo, target: &str, name: &str) {
    let place = repo.root.join(name);
    if place.is_symlink() {
        fs::remove_file(&place).unwrap();
    }
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    symlink(target, place).unwrap();
}

/// A repository with two policies of different teams, and a link to the folder of the first; a branch `change` is checked out.
fn live() -> Repo {
    let repo = Repo::new();
    let trial = OWNED.replace("Inbound", "Trial").replace("marketing, sales", "legal").replace(">= 4", ">= 1");
    repo.write("policies/v1/p.policy", OWNED);
    repo.write("policies/v2/p.policy", trial);
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    link(&repo, "v1", "policies/live");
    repo.commit("The agreement");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo
}

/// The teams that must approve, the same ones for the work tree and for its commit, and the review of that.
fn reviewed(repo: &Repo) -> (String, Value) {
    let teams = |review: &Value| -> String {
        let approvals = review["approvals"].as_array().unwrap();
        approvals.iter().map(|of| of["team"].as_str().unwrap()).collect::<Vec<_>>().join(", ")
    };
    let here = review_json(repo, &[]);
    repo.commit("The change");
    let review = review_json(repo, &["--head", "change"]);
    assert_eq!(teams(&here), teams(&review));
    (teams(&review), review)
}

fn reasons(review: &Value) -> Vec<String> {
    let all = review["approvals"].as_array().unwrap().iter().flat_map(|of| of["reasons"].as_array().unwrap());
    let mut all: Vec<String> = all.map(|of| format!("{}: {}", of["path"], of["why"]).replace('"', "")).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn refused(ran: &Ran, path: &str) {
    let why = format!(
        "`{path}` leads out of the repository, where nothing is read: put the file itself in its place, or take the link out"
    );
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.said().contains(&why), "{ran:?}");
    assert!(!ran.all().contains("SECRET"), "{ran:?}");
}

#[test]
fn what_leads_out_of_the_repository_is_not_read_where_it_is_found() {
    let repo = inbound();
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    repo.commit("Where the policies are");
    let outside = repo.outside().join("outside.policy");
    fs::write(&outside, "SECRET = \"SECRET\"\n").unwrap();
    repo.git(&["config", "http.extraheader", "SECRET"]);
    let verbs: [&[&str]; 9] = [
        &["check"],
        &["check", "policies", "--format", "junit"],
        &["check", "."],
        &["test"],
        &["fmt"],
        &["fmt", "--check"],
        &["owners"],
        &["decide", "policies", "leads.csv", "--as-of", "2026-03-01"],
        &["review", "--base", "main"],
    ];
    for target in [outside.to_str().unwrap(), "../../outside.policy", "../.git/config", "/proc/self/environ"] {
        link(&repo, target, "policies/e.policy");
        for verb in verbs {
            let ran = repo.policyc_with(&[("TOKEN", "SECRET")], verb);
            refused(&ran, "policies/e.policy");
        }
    }
    // In a folder below, and of a file that would be written.
    fs::write(&outside, POLICY.replace("need >= bar", "need   >=   3")).unwrap();
    let before = fs::read(&outside).unwrap();
    link(&repo, "../../../outside.policy", "policies/deep/e.policy");
    fs::remove_file(repo.root.join("policies/e.policy")).unwrap();
    refused(&repo.policyc(&["fmt"]), "policies/deep/e.policy");
    assert_eq!(fs::read(&outside).unwrap(), before);
    // What somebody types may lead anywhere.
    let typed = repo.policyc(&["fmt", "--check", "policies/deep/e.policy"]);
    assert_eq!((typed.code, typed.out.as_str()), (1, "not formatted: ../outside.policy\n"), "{typed:?}");
    // A folder out there is none of the repository's.
    fs::remove_dir_all(repo.root.join("policies/deep")).unwrap();
    link(&repo, "../..", "policies/away");
    assert_eq!(repo.policyc(&["check"]).out, "nothing found in 1 policy\n");
    repo.commit("A link to a folder outside");
    assert_eq!(repo.policyc(&["check", "HEAD:policies"]).out, "nothing found in 1 policy\n");
}

#[test]
fn without_a_repository_nothing_outside_of_the_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    fs::write(folder.path().join("secret.txt"), "SECRET\n").unwrap();
    fs::write(folder.path().join("policies/p.policy"), OWNED).unwrap();
    symlink("../secret.txt", folder.path().join("policies/e.policy")).unwrap();
    let repo = Repo::new();
    refused(&repo.policyc_in(folder.path(), &["check", "policies"]), "policies/e.policy");
}

#[test]
fn a_configuration_and_what_it_names_do_not_lead_out() {
    let repo = inbound();
    fs::write(repo.outside().join("secret.txt"), "SECRET = \"SECRET\"\n").unwrap();
    link(&repo, "../secret.txt", "policyc.toml");
    refused(&repo.policyc(&["check"]), "policyc.toml");
    fs::remove_file(repo.root.join("policyc.toml")).unwrap();
    for (config, name) in [
        ("policies = [\"e.policy\"]\n", "e.policy"),
        ("policies = [\"policies\"]\n[check]\nbaseline = \"known.json\"\n", "known.json"),
    ] {
        link(&repo, "../secret.txt", name);
        repo.write("policyc.toml", config);
        refused(&repo.policyc(&["check"]), name);
        fs::remove_file(repo.root.join(name)).unwrap();
    }
    repo.write("policyc.toml", "policies = [\"policies\"]\n[review]\nleads = \"asked.csv\"\n");
    link(&repo, "../secret.txt", "asked.csv");
    refused(&repo.policyc(&["review", "--base", "main"]), "asked.csv");
    // Out of the folder of the configuration, and still in the repository.
    repo.write("sub/policyc.toml", "policies = [\"live\"]\n");
    link(&repo, "../policies", "sub/live");
    assert_eq!(repo.policyc_in(&repo.root.join("sub"), &["check"]).out, "nothing found in 1 policy\n");
}

#[test]
fn a_configuration_may_be_a_link_in_the_repository() {
    let repo = live();
    repo.write("etc/policyc.toml", "policies = [\"policies\"]\n");
    repo.write("etc/other.toml", "policies = [\"policies/v1\"]\n");
    fs::remove_file(repo.root.join("policyc.toml")).unwrap();
    link(&repo, "etc/policyc.toml", "policyc.toml");
    let (teams, found) = reviewed(&repo);
    assert_eq!((teams.as_str(), &found["unchanged"]), ("", &2.into()));
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "etc/other.toml", "policyc.toml");
    let (teams, found) = reviewed(&repo);
    assert_eq!((teams.as_str(), &found["rules_of_review"][0]), ("legal, marketing, sales", &"policyc.toml".into()));
}

#[test]
fn links_are_gone_through_on_the_disk_as_in_a_commit() {
    let repo = inbound();
    repo.write("eu/deep/p.policy", OWNED.replace("Inbound", "Europe"));
    repo.write("eu/.draft/q.policy", "no policy");
    link(&repo, "../eu", "policies/eu");
    // Each file counts once, and no way goes round in a circle.
    link(&repo, "inbound.policy", "policies/current.policy");
    link(&repo, ".", "policies/again");
    link(&repo, "../../policies", "eu/deep/back");
    link(&repo, "round", "policies/round");
    link(&repo, "nowhere", "policies/nowhere");
    link(&repo, "../eu", "policies/.hidden");
    repo.commit("Links");
    let files = |path: &str| {
        let ran = repo.policyc(&["owners", path, "--format", "json"]);
        let owners: Value = serde_json::from_str(&ran.out).unwrap();
        let paths = owners["policies"].as_array().unwrap().iter();
        paths.map(|policy| policy["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut both = [files("policies"), files("HEAD:policies")];
    both.iter_mut().for_each(|paths| paths.sort_unstable());
    assert_eq!(both[0], ["eu/deep/p.policy", "policies/inbound.policy"]);
    assert_eq!(both[0], both[1]);
    // A link beside the policy that it leads to is no other version of it.
    for path in ["policies", "HEAD:policies"] {
        assert_eq!(repo.policyc(&["check", path]).out, "nothing found in 2 policies\n");
    }
    fs::remove_file(repo.root.join("policies/eu")).unwrap();
    fs::remove_dir_all(repo.root.join("eu")).unwrap();
    repo.commit("One policy");
    for path in ["policies", "HEAD:policies"] {
        let ran = repo.policyc(&["decide", path, "leads.csv", "--as-of", "2026-03-01"]);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 3), "{ran:?}");
    }
}

#[test]
fn a_link_to_a_folder_that_nobody_can_name_is_not_left_out() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let repo = live();
    let nameless = |name: &[u8]| repo.root.join("policies").join(OsStr::from_bytes(name));
    repo.write("policies/p.txt", "a text\n");
    symlink("p.txt", nameless(b"p\xff")).unwrap();
    symlink("v1", nameless(b".\xff")).unwrap();
    symlink("../..", nameless(b"away\xff")).unwrap();
    repo.commit("Links to a file, and to folders that are left out");
    for path in ["policies", "HEAD:policies"] {
        assert_eq!(repo.policyc(&["check", path]).code, 0, "{path}");
    }
    for (target, name) in [("v1", &b"now\xff"[..]), ("v1/p.policy", b"now\xff"), ("v1/p.policy", b"now\xff.policy")] {
        symlink(target, nameless(name)).unwrap();
        repo.commit("A link to a folder, or to a policy");
        for path in ["policies", "HEAD:policies"] {
            let ran = repo.policyc(&["check", path]);
            assert_eq!((ran.code, ran.said().ends_with("its name is not valid text")), (2, true), "{ran:?}");
        }
        assert_eq!(review(&repo, &[]).code, 2);
        // It can be taken out again.
        repo.git(&["branch", "--force", "main"]);
        fs::remove_file(nameless(name)).unwrap();
        let (teams, review) = reviewed(&repo);
        assert_eq!((teams.as_str(), &review["passes"]), ("", &true.into()), "{review}");
        assert!(review["notes"][0].as_str().unwrap().contains("is not valid text: it counts as not there"), "{review}");
    }
}

#[test]
fn what_stands_in_vain_at_the_base_stops_no_review() {
    for (target, why) in [
        ("nowhere.policy", "leads to nothing"),
        ("e.policy", "leads round in a circle"),
        ("../../outside.policy", "leads out of the repository"),
        ("/etc/hostname", "leads out of the repository"),
    ] {
        let repo = live();
        link(&repo, target, "policies/e.policy");
        repo.commit("A link in vain");
        repo.git(&["branch", "--force", "main"]);
        // As long as the change has it, too, it is an error.
        assert_eq!(review(&repo, &[]).code, 2, "{target}");
        fs::remove_file(repo.root.join("policies/e.policy")).unwrap();
        let (teams, taken_out) = reviewed(&repo);
        assert_eq!((teams.as_str(), &taken_out["passes"], &taken_out["unchanged"]), ("", &true.into(), &2.into()));
        let note = taken_out["notes"][0].as_str().unwrap();
        assert!(note.starts_with("`policies/e.policy` of ") && note.contains(why), "{note}");
        // Where it leads to a policy by the change, its owners let it in.
        link(&repo, "v2/p.policy", "policies/e.policy");
        let (teams, found) = reviewed(&repo);
        assert_eq!((teams.as_str(), &found["links"][0]["was"]), ("legal", &Value::Null), "{found}");
        // A path that is named, and was in vain.
        let named = review_json(&repo, &["policies/e.policy", "policies/v1"]);
        assert_eq!(named["approvals"][0]["team"], "legal", "{named}");
    }
}

#[test]
fn leads_that_only_the_base_names_may_lead_out() {
    let repo = live();
    fs::write(repo.outside().join("leads.csv"), "need\n4\n").unwrap();
    link(&repo, "../leads.csv", "leads.csv");
    link(&repo, "../leads.csv", "known.json");
    let config = "policies = [\"policies\"]\n";
    repo.write(
        "policyc.toml",
        format!("{config}[check]\nbaseline = \"known.json\"\n[review]\nleads = \"leads.csv\"\n"),
    );
    repo.commit("Leads from elsewhere");
    repo.git(&["branch", "--force", "main"]);
    refused(&review(&repo, &[]), "leads.csv");
    repo.write("policyc.toml", config);
    repo.write("policies/v1/p.policy", OWNED.replace(">= 4", ">= 3"));
    let (teams, found) = reviewed(&repo);
    assert_eq!(teams, "legal, marketing, sales", "{found}");
    assert_eq!(
        found["notes"][0],
        "the leads `leads.csv`, which the base's `policyc.toml` names, lead out of the repository: they are not read"
    );
}

#[test]
fn a_link_to_a_policy_is_one_whatever_it_is_called() {
    let repo = live();
    repo.git(&["switch", "--quiet", "main"]);
    link(&repo, "v1/p.policy", "policies/current");
    repo.commit("A link that is called otherwise than a policy");
    repo.git(&["branch", "--force", "change"]);
    repo.git(&["switch", "--quiet", "change"]);
    link(&repo, "v2/p.policy", "policies/current");
    let (teams, found) = reviewed(&repo);
    assert_eq!(teams, "legal, marketing, sales");
    assert!(reasons(&found).contains(&"policies/current: this link leads elsewhere".to_owned()), "{found}");
    assert_eq!(found["links"][0]["compared"], true, "{found}");
    // To something that is called otherwise, and to nothing.
    repo.write("policies/p.txt", OWNED.replace(">= 4", ">= 0"));
    for target in ["p.txt", "nothing"] {
        link(&repo, target, "policies/current");
        let (teams, found) = reviewed(&repo);
        assert_eq!(teams, "marketing, sales", "{found}");
        assert_eq!(reasons(&found), ["policies/current: this link leads to no policy any more"]);
    }
    // The other way round it is new.
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "v2/p.policy", "policies/current");
    let (teams, found) = reviewed(&repo);
    assert_eq!((teams.as_str(), reasons(&found)[0].as_str()), ("legal", "policies/current: this link is new"));
}

#[test]
fn a_version_beside_is_one_of_the_same_folder() {
    let repo = Repo::new();
    let version = |days: &str| OWNED.replace(", sales\n", &format!(", sales\n  in force {days}\n"));
    repo.write("f/v1.policy", version("from 2026-01-01 until 2026-03-31"));
    repo.write("g/v2.policy", version("from 2026-04-01"));
    repo.write("leads.csv", "need\n4\n");
    link(&repo, "v1.policy", "f/current.policy");
    link(&repo, "../g", "f/elsewhere");
    repo.commit("Versions");
    let decide = |policy: &str| {
        let ran = repo.policyc(&["decide", policy, "leads.csv", "--as-of", "2026-05-01"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.said()
    };
    for policy in ["f/v1.policy", "HEAD:f/v1.policy"] {
        assert!(
            decide(policy)
                .ends_with("give the version of then, or an `--as-of` on a day on which this one is in force")
        );
    }
    link(&repo, "../g/v2.policy", "f/v2.policy");
    repo.commit("A link to the version of then");
    assert!(decide("f/v1.policy").ends_with("`g/v2.policy` is the version of then: give that one"));
    assert!(decide("HEAD:f/v1.policy").ends_with("`HEAD:g/v2.policy` is the version of then: give that one"));
    // One file is no other version of itself, by whatever path it is given.
    assert_eq!(repo.policyc(&["check", "HEAD:f/v1.policy", "HEAD:f/current.policy"]).code, 0);
    assert_eq!(
        repo.policyc(&["check", "HEAD:f/v1.policy", "HEAD:f/current.policy"]).out,
        "nothing found in 1 policy\n"
    );
}

#[test]
fn it_counts_what_stands_under_which_path_of_a_link() {
    let repo = live();
    // Both sets lead to the same two policies, under each other's names.
    for (set, [first, second]) in [("one", ["v1", "v2"]), ("two", ["v2", "v1"])] {
        link(&repo, &format!("../../policies/{first}/p.policy"), &format!("sets/{set}/inbound.policy"));
        link(&repo, &format!("../../policies/{second}/p.policy"), &format!("sets/{set}/trial.policy"));
    }
    link(&repo, "../sets/one", "policies/live");
    repo.commit("Sets");
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "../sets/two", "policies/live");
    let (teams, review) = reviewed(&repo);
    assert_eq!((teams.as_str(), &review["verdict"]), ("legal, marketing, sales", &"not_known".into()), "{review}");
}

#[test]
fn a_link_to_a_policy_is_that_policy_whatever_it_is_called() {
    let repo = live();
    repo.git(&["mv", "policies/v1", "policies/v2", "."]);
    link(&repo, "../v1/p.policy", "policies/live");
    repo.commit("A file elsewhere");
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "../v2/p.policy", "policies/live");
    assert_eq!(reviewed(&repo).0, "legal, marketing, sales");
}

#[test]
fn links_that_lead_nowhere_are_told() {
    let repo = inbound();
    link(&repo, "nowhere.policy", "policies/lost.policy");
    link(&repo, "round.policy", "policies/round.policy");
    repo.commit("Links");
    let said = |path: &str| {
        let ran = repo.policyc(&["check", path]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.said()
    };
    assert_eq!(
        said("HEAD:policies/lost.policy"),
        "policyc: there is no `policies/lost.policy` in HEAD: a link stands there, and leads to nothing"
    );
    for path in ["policies/round.policy", "HEAD:policies/round.policy"] {
        assert_eq!(said(path), format!("policyc: cannot read `{path}`: its links lead round in a circle"));
    }
}

#[test]
fn what_stands_behind_a_link_to_a_folder_is_reviewed() {
    let repo = live();
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("eu/p.policy", OWNED.replace("Inbound", "Europe"));
    link(&repo, "../eu", "policies/eu");
    repo.commit("Europe");
    repo.git(&["switch", "--quiet", "--create", "europe"]);
    repo.write("eu/p.policy", OWNED.replace("Inbound", "Europe").replace(">= 4", ">= 1"));
    let ran = review(&repo, &["--approved-by", ""]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.starts_with("Leads change hands: 1 policy\n"), "{ran:?}");
    assert!(ran.out.contains("Must approve: marketing (missing), sales (missing)\n"), "{ran:?}");
}

#[test]
fn a_link_that_leads_elsewhere_is_compared_by_what_it_leads_to() {
    let repo = live();
    assert!(repo.policyc(&["owners"]).out.contains("policies/v1/p.policy"));
    link(&repo, "v2", "policies/live");
    let (teams, review) = reviewed(&repo);
    assert_eq!(teams, "legal, marketing, sales");
    assert_eq!((&review["verdict"], &review["unchanged"]), (&"changed".into(), &2.into()));
    assert_eq!(review["policies"][0]["path"], "policies/live/p.policy");
    assert!(reasons(&review).contains(&"policies/live: this link leads elsewhere".to_owned()), "{review}");
    assert_eq!(review["notes"][0], "`policies/live` leads to `policies/v2`; before the change, to `policies/v1`");
    let is = serde_json::json!({
        "path": "policies/live", "was": "policies/v1", "now": "policies/v2", "compared": true
    });
    assert_eq!(review["links"], Value::Array(vec![is]));
    // By whatever path it is reviewed, and whatever names it.
    repo.write("policyc.toml", "policies = [\"policies/v1\", \"policies/v2\", \"policies/live/p.policy\"]\n");
    for path in ["policies/live", "policies/live/p.policy", "."] {
        let teams = crate::support::review(&repo, &[path, "--approved-by", ""]).out;
        assert!(teams.contains("legal (missing), marketing (missing), sales (missing)"), "{path}: {teams}");
    }
}

#[test]
fn folders_whose_only_policies_are_called_otherwise_are_compared_too() {
    let repo = live();
    repo.git(&["mv", "policies/v2/p.policy", "policies/v2/q.policy"]);
    repo.git(&["commit", "--quiet", "--message", "Another name"]);
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "v2", "policies/live");
    let (_, found) = reviewed(&repo);
    assert_eq!(
        (&found["verdict"], &found["policies"][0]["path"]),
        (&"changed".into(), &"policies/live/q.policy".into())
    );
    // What cannot be compared is not said to be the same.
    repo.write("policies/v2/r.policy", OWNED.replace("Inbound", "Third"));
    let (_, found) = reviewed(&repo);
    assert_eq!((&found["links"][0]["compared"], &found["policies"].as_array().unwrap().len()), (&false.into(), &1));
    repo.git(&["branch", "--force", "main"]);
    link(&repo, "v1", "policies/live");
    assert_eq!(reviewed(&repo).1["verdict"], "not_known");
}

#[test]
fn a_link_that_comes_goes_or_takes_the_place_of_a_file_asks_the_owners_of_what_it_leads_to() {
    // Back to what it was: nothing is left to be asked.
    let nothing = "No policy changed";
    let repo = live();
    link(&repo, "./v1", "policies/live");
    assert_eq!(reviewed(&repo).0, "");
    assert!(review(&repo, &[]).out.starts_with(nothing));
    // Out of the repository, and away.
    link(&repo, "../..", "policies/live");
    let (teams, found) = reviewed(&repo);
    assert_eq!(teams, "marketing, sales");
    assert_eq!(reasons(&found), ["policies/live: this link leads to no policy any more"]);
    assert_eq!(found["verdict"], "not_known");
    let page = review(&repo, &[]);
    assert!(page.out.starts_with("1 link to policies changed\n\nLeads:        not counted\n"), "{page:?}");
    fs::remove_file(repo.root.join("policies/live")).unwrap();
    assert_eq!(reviewed(&repo).0, "marketing, sales");
    // A policy in its place.
    repo.write("policies/live/p.policy", OWNED.replace("Inbound", "Mine").replace("marketing, sales", "nobody"));
    let (teams, _) = reviewed(&repo);
    assert_eq!(teams, "marketing, nobody, sales");
    // A new one beside those that there are, to a file and to a folder.
    for (target, name) in [("v2/p.policy", "policies/latest.policy"), ("v2", "policies/latest")] {
        let repo = live();
        link(&repo, target, name);
        let (teams, found) = reviewed(&repo);
        assert_eq!((teams.as_str(), reasons(&found)), ("legal", vec![format!("{name}: this link is new")]));
    }
}

#[test]
fn a_folder_that_is_named_is_no_link() {
    let repo = live();
    repo.write("policyc.toml", "policies = [\"policies\", \"eu\", \"eu/p.policy\"]\n");
    repo.write("eu/p.policy", OWNED.replace("Inbound", "Europe").replace("marketing, sales", "europe"));
    let (_, found) = reviewed(&repo);
    let config = "policyc.toml: this file rules what counts, and is changed";
    assert_eq!(reasons(&found), ["eu/p.policy: this policy is new", config]);
    repo.git(&["branch", "--force", "main"]);
    fs::remove_dir_all(repo.root.join("eu")).unwrap();
    let (_, found) = reviewed(&repo);
    assert_eq!(reasons(&found), ["eu/p.policy: this policy is gone"]);
}

#[test]
fn a_link_that_follows_its_policies_to_another_folder_asks_for_the_move_alone() {
    let repo = live();
    repo.git(&["mv", "policies/v1", "policies/v3"]);
    link(&repo, "v3", "policies/live");
    let (_, found) = reviewed(&repo);
    assert!(
        !reasons(&found).is_empty() && reasons(&found).iter().all(|why| why.contains("has moved out of")),
        "{found}"
    );
}

#[test]
fn a_decision_by_a_link_in_a_commit_can_be_made_again() {
    let repo = inbound();
    link(&repo, "policies/inbound.policy", "current.policy");
    link(&repo, "policies", "agreements");
    repo.commit("Links");
    for (log, policy) in [("a.log", "HEAD:current.policy"), ("b.log", "HEAD~1:agreements/inbound.policy")] {
        let arguments = ["decide", policy, "leads.csv", "--as-of", "2026-03-01", "--log", log];
        assert_eq!(repo.policyc(&arguments).code, 0);
        repo.write(
            "policies/inbound.policy",
            POLICY.replace(">= bar", "> bar").replace("need 4", &format!("need {}", 5)),
        );
        repo.commit("More");
        let ran = repo.policyc(&["explain", "--log", log, "--lead", "L1"]);
        assert!(ran.code == 0 && ran.all().contains("reproduced: the logged values"), "{ran:?}");
        assert!(!ran.all().contains("not reproduced"), "{ran:?}");
    }
    assert!(LEADS.contains("L1"));
}

#[test]
fn the_history_of_a_link_is_that_of_what_it_led_to() {
    let repo = Repo::new();
    let policy = |least: u32| OWNED.replace(">= 4", &format!(">= {least}"));
    repo.write("v1.policy", policy(4));
    link(&repo, "v1.policy", "current.policy");
    repo.commit("One");
    repo.write("v2.policy", policy(2));
    repo.commit("Beside");
    link(&repo, "v2.policy", "current.policy");
    repo.commit("Another one counts");
    repo.write("v2.policy", policy(1));
    repo.commit("Less");
    repo.write("v1.policy", policy(5));
    repo.commit("What does not count any more");
    for given in ["current.policy", "HEAD:current.policy", "./current.policy"] {
        let ran = repo.policyc(&["history", given, "--format", "json"]);
        let history: Value = serde_json::from_str(&ran.out).unwrap();
        let commits = history["commits"].as_array().unwrap().iter();
        let titles: Vec<String> = commits.map(|of| of["title"].as_str().unwrap().to_owned()).collect();
        assert_eq!(titles, ["Less", "Another one counts", "One"], "{given}");
        assert_eq!(
            history["notes"][0],
            "`current.policy` has led to other policies before: shown is the one of each commit"
        );
    }
    // Where it leads in the work tree is not committed yet.
    link(&repo, "v1.policy", "current.policy");
    let ran = repo.policyc(&["history", "current.policy"]);
    assert!(ran.out.contains("Less") && !ran.out.contains("any more"), "{ran:?}");
    assert!(ran.said().contains("`current.policy` is not as the last commit has it"), "{ran:?}");
}

#[test]
fn what_editors_and_systems_put_beside_a_policy_is_passed_over() {
    let repo = live();
    link(&repo, "ann@laptop.4711:1764372000", "policies/.#inbound.policy");
    repo.write("policies/._inbound.policy", "\u{0}\u{5}");
    for verb in [&["check"][..], &["test"], &["fmt", "--check"], &["owners"], &["check", "."]] {
        assert_eq!(repo.policyc(verb).code, 0, "{verb:?}");
    }
    let (teams, found) = reviewed(&repo);
    assert_eq!((teams.as_str(), &found["unchanged"], &found["notes"]), ("", &2.into(), &Value::Array(Vec::new())));
    assert_eq!(repo.policyc(&["check", "HEAD:policies"]).out, "nothing found in 2 policies\n");
    assert_eq!(repo.policyc(&["check", "policies/._inbound.policy"]).code, 1, "what is typed is meant");
}
