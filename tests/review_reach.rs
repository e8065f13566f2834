//! Whom a change concerns though no statement of theirs has been edited: what they say is asked of other leads, or stands for something else by now.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use support::{Repo, review_json};

/// A policy of marketing, in part of sales, too, with a library of marketing's and one of legal's, and a rule of legal's within a section of marketing's.
const POLICY: &str = "\
policy \"Inbound\"
  owned by marketing, sales

use \"ours.policy\"
  owned by marketing

use \"theirs.policy\"
  owned by legal

decisions
  pass to sales
  nurture
  disqualify

section \"Objections\" when need >= 0
  owned by marketing

rules from \"rules.policy\"
  owned by legal

section \"Marketing\"
  owned by marketing

good: pass to sales when need >= 3

otherwise nurture
";
const OURS: &str = "\
lead
  need     whole number from 0 to 5
  budget   number from 0 to 100
  country  text
  tier     ranked [bronze < silver < gold] or other
";
const THEIRS: &str = "\
lead
  objected  yes or no
  income    number from 0, required

score fit from 0 to 100
  +50 when income >= 10

define blocked as objected

define lim as income * 2
";
const RULES: &str = "objection: disqualify when objected\n";

/// The files of an agreement.
#[derive(Clone)]
struct Files([(&'static str, String); 4]);

impl Files {
    fn new() -> Files {
        let files = [("inbound", POLICY), ("ours", OURS), ("theirs", THEIRS), ("rules", RULES)];
        Files(files.map(|(name, text)| (name, text.to_owned())))
    }

    /// With a text in the place of another one in one of them.
    fn with(&self, file: &str, from: &str, to: &str) -> Files {
        let mut files = self.clone();
        let (_, text) = files.0.iter_mut().find(|(name, _)| *name == file).unwrap();
        assert!(text.contains(from), "{from}");
        *text = text.replace(from, to);
        files
    }

    /// With more at the end of one of them.
    fn more(&self, file: &str, more: &str) -> Files {
        let mut files = self.clone();
        files.0.iter_mut().find(|(name, _)| *name == file).unwrap().1.push_str(more);
        files
    }

    fn write(&self, repo: &Repo) {
        for (name, text) in &self.0 {
            repo.write(&format!("policies/{name}.policy"), text);
        }
    }
}

/// The teams that must approve a change, and why.
fn asked(before: &Files, now: &Files) -> (Vec<String>, String) {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies/inbound.policy\"]\n");
    before.write(&repo);
    repo.commit("The agreement");
    now.write(&repo);
    needed(&repo)
}

fn needed(repo: &Repo) -> (Vec<String>, String) {
    let review = review_json(repo, &[]);
    let approvals = review["approvals"].as_array().unwrap();
    let teams = approvals.iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect();
    (teams, format!("{:#}", review["approvals"]))
}

#[test]
fn an_assumption_loses_the_leads_that_it_set_aside() {
    let define = "\ndefine embargoed as country in [\"XX\", \"YY\"]\n";
    let before = Files::new().more("ours", define).with("theirs", "required\n", "required\n  assume not embargoed\n");
    let now = before.with("ours", "[\"XX\", \"YY\"]", "[\"YY\"]");
    let (teams, why) = asked(&before, &now);
    assert_eq!(teams, ["legal", "marketing"], "{why}");
    assert!(why.contains("`assume not embargoed` sets fewer leads aside"), "{why}");
    // What it hung on, through a definition of others.
    let through = "\ndefine fine as not blocked\n";
    let before = Files::new().more("ours", through).with("ours", "or other\n", "or other\n  assume fine\n");
    let now = before.with("ours", "as not blocked", "as not (objected is yes)");
    let (teams, why) = asked(&before, &now);
    assert_eq!(teams, ["legal", "marketing"], "{why}");
    assert!(why.contains("the assumption `fine`, which hung on what this team owns, is said otherwise"), "{why}");
}

#[test]
fn leads_that_were_set_aside_are_decided_as_the_rules_were() {
    // The rule of legal's is kept off leads that cannot be yet: then these can be.
    let section = |files: &Files| files.with("inbound", "when need >= 0", "when budget <= 100 or budget is missing");
    let bound = |files: &Files| files.with("ours", "from 0 to 100", "from 0");
    let (before, narrow) = (Files::new(), section(&Files::new()));
    let (teams, why) = asked(&before, &narrow);
    assert!(teams.contains(&"legal".to_owned()), "in two steps {why}");
    assert!(why.contains("fewer leads come, by their section, to `objection`"), "{why}");
    let at_once = bound(&narrow);
    let (_, why) = asked(&before, &at_once);
    assert!(why.contains("leads that there may be are taken from `objection`"), "{why}");
    // By the same rules they concern the owners of the field alone.
    let (teams, why) = asked(&before, &bound(&before));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn a_rule_hangs_on_what_could_be_missing_incomplete_or_another_lead() {
    for (guard, bound) in [
        ("fit is not incomplete", "from 0, required"),
        ("lim is known", "from 0, required"),
        ("not (lim >= 3) is unknown", "from 0, required"),
        ("budget > 100 and not blocked", "from 0, required"),
    ] {
        let before = Files::new().with("inbound", "need >= 3", &format!("need >= 3 and {guard}")).with(
            "theirs",
            "from 0, required",
            bound,
        );
        let without = guard.strip_suffix(" and not blocked").unwrap_or("need >= 3");
        let now = before.with("inbound", &format!("and {guard}"), &format!("and {without}"));
        let (teams, why) = asked(&before, &now);
        assert!(teams.contains(&"legal".to_owned()), "{guard} {why}");
        assert!(why.contains("the rule `good` no longer hangs on what this team owns"), "{guard} {why}");
    }
}

#[test]
fn what_is_said_by_the_order_of_values_is_another_thing_in_another_order() {
    let field = "[bronze < silver < gold]";
    for (says, other) in
        [("tier < gold", "[gold < bronze < silver]"), ("tier is other", "[bronze < silver < gold < tin]")]
    {
        let define = format!("\ndefine barred as {says}\n");
        let before = Files::new().more("theirs", &define).with("inbound", "good:", "no: nurture when barred\n\ngood:");
        let (teams, why) = asked(&before, &before.with("ours", field, other));
        assert_eq!(teams, ["legal", "marketing"], "{says} {why}");
        assert!(
            why.contains("the definition `barred` is changed: the field that it asks for has other values"),
            "{why}"
        );
        // A claim is for all.
        let claim = format!("never disqualify when {says}\n\nsection \"Marketing\"");
        let before =
            Files::new().with("inbound", "section \"Marketing\"", &claim).more("ours", "  assume tier is gold\n");
        let (teams, why) = asked(&before, &before.with("ours", field, other));
        assert_eq!(teams, ["legal", "marketing", "sales"], "{says} {why}");
    }
    // What names its values goes on meaning them.
    let before = Files::new().more("theirs", "\ndefine barred as tier in [gold]\n");
    let (teams, why) = asked(&before, &before.with("ours", field, "[gold < bronze < silver]"));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn a_test_that_can_fail_no_longer_is_as_good_as_gone() {
    let test = "\ntest \"ready\"\n  given need 4, income 9\n  expect ready\n";
    let before = Files::new().more("ours", "\ndefine ready as need >= 4\n").more("inbound", test);
    let (teams, why) = asked(&before, &before.with("ours", "as need >= 4", "as need is known or need is missing"));
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
    assert!(why.contains("the test \\\"ready\\\" expects `ready`, which is true of every lead now"), "{why}");
    // That the name says something else is what the owners of the name are asked for, as long as the test can fail.
    let (teams, why) = asked(&before, &before.with("ours", "as need >= 4", "as need >= 3"));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn a_comment_allows_what_it_was_about_and_nothing_else() {
    let allow = "# allow P0402: stays until June\npass to sales when need is 5\n  because \"campaign\"\n\notherwise";
    let before = Files::new().with("inbound", "otherwise", allow);
    let other = before.with("inbound", "when need is 5\n  because \"campaign\"", "when need >= 4\n  because \"large\"");
    let (teams, why) = asked(&before, &other);
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
    assert!(why.contains("the comment `# allow P0402: stays until June` at `pass to` is new"), "{why}");
    let edited = before.with("inbound", "need is 5", "need >= 5");
    let (teams, why) = asked(&before, &edited);
    assert_eq!(teams, ["marketing"], "the rule is the same one: {why}");
}

#[test]
fn a_list_that_is_new_concerns_its_owners_though_nothing_asks_for_it() {
    let (teams, why) = asked(&Files::new(), &Files::new().more("theirs", "\nlist more is [\"ZZ\"]\n"));
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
}

/// A whole policy.
fn text(title: &str, owners: &str, days: &str, need: u8) -> String {
    format!(
        "policy \"{title}\"\n  owned by {owners}\n{days}\nlead\n  need  whole number from 0 to 5\n\n\
         decisions\n  pass to sales\n  nurture\n\npass to sales when need >= {need}\n\notherwise nurture\n"
    )
}

#[test]
fn a_new_version_concerns_whatever_is_called_like_it() {
    let repo = Repo::new();
    let next = text("Inbound", "marketing", "  in force from 2027-01-01\n", 1);
    // It is called so at the base since the change parted from it.
    repo.write("policies/first.policy", text("Calls", "legal", "", 4));
    repo.commit("The agreement");
    repo.git(&["checkout", "-q", "-b", "change"]);
    repo.write("policies/next.policy", &next);
    repo.commit("The next one");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("policies/first.policy", text("Inbound", "legal", "", 4));
    repo.commit("Another title");
    repo.git(&["checkout", "-q", "change"]);
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["legal", "marketing"], "{why}");
    // It does not check there.
    repo.git(&["checkout", "-q", "main"]);
    repo.write("policies/first.policy", text("Inbound", "legal", "", 4).replace(">= 4", ">= four"));
    repo.commit("A mistake");
    repo.write("policies/next.policy", &next);
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["legal", "marketing"], "{why}");
}

#[test]
fn where_a_policy_stands_is_for_all_of_its_owners() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"live\", \"drafts\"]\n");
    repo.write("live/inbound.policy", text("Inbound", "marketing, sales", "", 4));
    repo.write("drafts/try.policy", text("Try", "marketing", "", 1));
    repo.commit("The agreement");
    repo.git(&["mv", "live/inbound.policy", "drafts/inbound.policy"]);
    repo.git(&["mv", "drafts/try.policy", "live/try.policy"]);
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    assert!(why.contains("this policy has moved out of `live`"), "{why}");
    repo.git(&["reset", "-q", "--hard"]);
    // What stood where nothing is reviewed is new.
    repo.write("aside/second.policy", text("Inbound", "marketing", "  in force from 2027-01-01\n", 1));
    repo.commit("A draft");
    repo.git(&["mv", "aside/second.policy", "live/second.policy"]);
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    assert!(why.contains("this version is new"), "{why}");
}

#[test]
fn teams_of_a_policy_that_did_not_check_are_known() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies/inbound.policy\"]\n");
    Files::new().with("inbound", "need >= 3", "need >= three").write(&repo);
    repo.commit("The agreement, with a mistake");
    Files::new().write(&repo);
    let review = review_json(&repo, &["--approved-by", "legal,marketing,sales,ned"]);
    let notes = review["notes"].to_string();
    assert!(notes.contains("`ned` has approved") && !notes.contains("`legal` has approved"), "{notes}");
    // What counts in a review is for all of them, too.
    repo.git(&["checkout", "-q", "--", "policies"]);
    repo.append("policyc.toml", "[test]\ncoverage = 10\n");
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
}

#[test]
fn leads_that_others_may_let_in_tomorrow_count_today() {
    // Legal's rule is kept off leads that cannot be yet, by the name that its section hangs on, or by a section above.
    let live = "\ndefine live as budget >= 0 or budget is missing\n";
    let before = Files::new().with("inbound", "when need >= 0", "when live").more("ours", live);
    let (teams, why) = asked(&before, &before.with("ours", "budget >= 0", "budget <= 100"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("fewer leads come, by their section, to `objection`"), "{why}");
    let above = "section \"First\" when need >= 4\n  owned by marketing\n\nsection \"Objections\" otherwise";
    let before = Files::new().with("inbound", "section \"Objections\" when need >= 0", above);
    let (teams, why) = asked(&before, &before.with("inbound", "when need >= 4", "when need >= 4 or budget > 100"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    // What legal's assumption set aside, another one of marketing's sets aside for now.
    let define = "\ndefine embargoed as country in [\"XX\", \"YY\"]\n";
    let before = Files::new().more("ours", define).with("theirs", "required\n", "required\n  assume not embargoed\n");
    let now = before.with("ours", "in [\"XX\", \"YY\"]", "in [\"YY\"]");
    let (teams, why) = asked(&before, &now.with("ours", "or other\n", "or other\n  assume country is not \"XX\"\n"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("`assume not embargoed` sets fewer leads aside"), "{why}");
}

#[test]
fn what_makes_no_difference_is_nothing_that_a_rule_hangs_on() {
    let objected = Files::new().with("theirs", "yes or no", "yes or no, required");
    let kept = "need >= 3 and not blocked";
    for (before, now) in [
        // Bounds, names and values that are always there empty the guard.
        (kept, "need >= 3 and (not blocked or need <= 5)"),
        (kept, "need >= 3 and (not blocked or blocked)"),
        ("need >= 3 and fit < 50", "need >= 3 and (fit < 50 or fit >= 0)"),
        ("need >= lim", "lim is known and need >= 3"),
        ("need >= 3 and fit + 5 is not 50", "need >= 3"),
        // What keeps leads back is let go by what it says, once or twice.
        (kept, "need >= 3 and (not blocked or objected)"),
        (kept, "need >= 3 and not (blocked and not objected)"),
        (kept, "need >= 3 and ((blocked and objected) or (not blocked and not objected))"),
        ("need >= 3 and fit < 50", "need >= 3 and fit <= 50"),
        // No lead comes to the rule, as long as there are these values.
        ("tier not in [bronze, silver, gold, other] and not blocked", "tier not in [bronze, silver, gold, other]"),
    ] {
        let before = objected.with("inbound", "need >= 3", before);
        let (teams, why) = asked(&before, &objected.with("inbound", "need >= 3", now));
        assert!(teams.contains(&"legal".to_owned()), "{now} {why}");
        assert!(why.contains("the rule `good` no longer hangs on what this team owns"), "{now} {why}");
    }
    // What a blank means, and by which bounds nobody is below.
    let guarded = objected.with("inbound", "need >= 3", "need >= 3 and (not blocked or budget >= 0)");
    let optional = guarded.with("ours", "from 0 to 100", "from 0");
    for (before, from, to) in [
        (&optional, "budget   number from 0", "budget   number from 0, missing means 0"),
        (&guarded, "budget   number from 0 to 100", "budget   number from 0, required"),
    ] {
        let (teams, why) = asked(before, &before.with("ours", from, to));
        assert!(teams.contains(&"legal".to_owned()), "{to} {why}");
    }
    // That it asks whether everything is known is not enough.
    let (before, now) = ("need >= 3 and not blocked", "need >= 3 and (not blocked or blocked)");
    let (teams, why) =
        asked(&Files::new().with("inbound", "need >= 3", before), &Files::new().with("inbound", "need >= 3", now));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    // Where the rest of it is another one, or it lets through some, legal has no say.
    for now in ["need >= 2 and not blocked", "need >= 3 and (not blocked or need is 5)"] {
        let before = Files::new().with("inbound", "need >= 3", before);
        let (teams, why) = asked(&before, &before.with("inbound", kept, now));
        assert!(!teams.contains(&"legal".to_owned()), "{now} {why}");
    }
}

#[test]
fn what_is_read_or_ranked_otherwise_is_seen_under_other_names() {
    let define = "\ndefine barred as tier < gold\n";
    let before = Files::new().more("theirs", define).with("inbound", "good:", "no: nurture when barred\n\ngood:");
    let now = before.with(
        "ours",
        "tier     ranked [bronze < silver < gold] or other",
        "level    ranked [gold < bronze < silver] or other, from \"tier\"",
    );
    let (teams, why) = asked(&before, &now.with("theirs", "tier < gold", "level < gold"));
    assert_eq!(teams, ["legal", "marketing"], "{why}");
    // That a test expects it is no more to its owners, as long as the test can fail.
    let test = "\ntest \"low\"\n  given tier bronze, income 9\n  expect low\n";
    let before = Files::new().more("ours", "\ndefine low as tier < silver\n").more("inbound", test);
    let (teams, why) = asked(&before, &before.with("ours", "[bronze < silver < gold]", "[bronze < gold < silver]"));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn an_allowing_comment_is_known_by_what_it_is_about_and_not_by_its_layout() {
    let allow = |about: &str| format!("or other\n  # allow P0307: until June\n  assume {about}\n");
    let before = Files::new().with("ours", "or other\n", &allow("need <= 9"));
    let (teams, why) = asked(&before, &before.with("ours", "need <= 9", "budget <= 300"));
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
    let (teams, why) = asked(&before, &before.with("ours", "# allow P0307: until June", "#allow  p0307 :  until June"));
    assert!(teams.is_empty(), "layout {why}");
    let above = "# allow P0402: until June\nsection \"Marketing\"";
    let before = Files::new().with("inbound", "section \"Marketing\"", above);
    let (teams, why) = asked(&before, &before.with("inbound", "\"Marketing\"", "\"Ours\""));
    assert!(teams.is_empty(), "another title {why}");
}

#[test]
fn a_list_that_tests_ask_for_concerns_its_owners() {
    let test = "\ntest \"bad\"\n  given country \"XX\", income 9\n  expect country in bad\n";
    let list = "\nlist bad is [\"XX\"]\n";
    let before = Files::new().more("theirs", list).more("inbound", test);
    let (teams, why) = asked(&before, &before.with("theirs", "[\"XX\"]", "[\"XX\", \"YY\"]"));
    assert_eq!(teams, ["legal"], "{why}");
    assert!(why.contains("the list `bad` is changed"), "{why}");
}

#[test]
fn a_row_that_one_reading_alone_shows_is_not_taken_out_with_that_reading() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies/inbound.policy\"]\n");
    let fields = "or other\n  plz      number\n  code     text\n";
    let rule = "bad: nurture when plz in bad and code in bad\n\ngood:";
    let files = Files::new().with("ours", "or other\n", fields).more("theirs", "\nlist bad from \"bad.csv\"\n");
    let files = files.with("inbound", "good:", rule);
    files.write(&repo);
    repo.write("policies/bad.csv", "plz\n3\n03\n");
    repo.commit("The agreement");
    files.with("inbound", "code in bad", "code in [\"3\"]").write(&repo);
    repo.write("policies/bad.csv", "plz\n3\n");
    let (teams, why) = needed(&repo);
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("the list `bad` is changed"), "{why}");
}

#[test]
fn what_has_become_of_a_policy_at_the_base_since_counts() {
    let repo = Repo::new();
    let version = |from: &str, owners: &str| text("Inbound", owners, &format!("  in force from {from}\n"), 4);
    repo.write("policies/v0.policy", version("2025-01-01 until 2025-12-31", "legal"));
    repo.write("policies/v1.policy", version("2026-01-01 until 2026-12-31", "marketing"));
    repo.commit("The agreement");
    repo.git(&["checkout", "-q", "-b", "change"]);
    repo.write("policies/v2.policy", version("2027-01-01", "marketing"));
    repo.commit("The next one");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("policies/v0.policy", version("2027-01-01", "legal"));
    repo.write(
        "policies/v1.policy",
        version("2026-01-01 until 2026-12-31", "marketing, sales").replace(">= 4", ">= four"),
    );
    repo.commit("Other days, and a mistake");
    repo.git(&["checkout", "-q", "change"]);
    repo.write("policies/v1.policy", version("2026-01-01 until 2026-12-31", "marketing").replace(">= 4", ">= 3"));
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
    assert!(why.contains("this policy does not check at the base by now"), "{why}");
}

#[test]
fn the_order_of_values_empties_no_guard_in_silence() {
    let guard = "need >= 3 and (not blocked or tier >= gold)";
    let before = Files::new().with("inbound", "need >= 3", guard).with("ours", " or other", ", required");
    let (teams, why) = asked(&before, &before.with("ours", "[bronze < silver < gold]", "[gold < bronze < silver]"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("the rule `good` no longer hangs on what this team owns"), "{why}");
}

#[test]
fn leads_that_there_may_be_are_lost_whatever_is_decided_of_them() {
    // A rule of the same decision, for leads that the bounds set aside, and one for values that there are not yet.
    for (rule, field) in [
        ("mx: disqualify when objected and budget > 100", ""),
        ("mx: pass to sales when objected and tags has none of [A, B]", "  tags     any of [A, B]\n"),
    ] {
        let before = Files::new().more("ours", field);
        let first = format!("section \"First\"\n  owned by marketing\n\n{rule}\n\nsection \"Objections\"");
        let (teams, why) = asked(&before, &before.with("inbound", "section \"Objections\"", &first));
        assert!(teams.contains(&"legal".to_owned()), "{rule} {why}");
        assert!(why.contains("leads that there may be are taken from `objection`"), "{rule} {why}");
    }
}

#[test]
fn the_owners_of_a_version_are_those_that_it_has_at_the_base_by_now() {
    let repo = Repo::new();
    let version = |from: &str, owners: &str| text("Inbound", owners, &format!("  in force from {from}\n"), 4);
    repo.write("policies/v1.policy", version("2026-01-01", "marketing"));
    repo.commit("The agreement");
    repo.git(&["checkout", "-q", "-b", "change"]);
    repo.write("policies/v2.policy", version("2027-01-01", "marketing"));
    repo.commit("The next one");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("policies/v1.policy", version("2026-01-01", "ops"));
    repo.commit("Other owners");
    repo.git(&["checkout", "-q", "change"]);
    let (teams, why) = needed(&repo);
    assert_eq!(teams, ["marketing", "ops"], "{why}");
}

#[test]
fn a_value_that_is_new_tomorrow_stands_in_some_place_of_the_order() {
    let (order, list) = ("tier >= gold", "tier in [gold]");
    let ranked = Files::new().with("ours", " or other", "").more("ours", "\ndefine embargoed as tier >= gold\n");
    let by_rule = ranked.with("rules", "when objected", "when embargoed");
    let assumed = ranked.with("theirs", "objected  yes or no\n", "objected  yes or no\n  assume not embargoed\n");
    for (before, loses) in [
        (&by_rule, "leads that there may be are taken from `objection`"),
        (&assumed, "`assume not embargoed` sets fewer leads aside"),
    ] {
        let narrowed = before.with("ours", order, list);
        let grown = narrowed.with("ours", "silver < gold", "silver < gold < platinum");
        for now in [&narrowed, &grown] {
            let (teams, why) = asked(before, now);
            assert!(teams.contains(&"legal".to_owned()), "{why}");
            assert!(why.contains(loses), "{why}");
        }
    }
    // Also where the field is compared with a grade.
    let graded = by_rule.more("ours", "\ngrade g\n  gold when budget > 50\n  silver when budget > 20\n  otherwise bronze\n\ndefine odd as tier >= g\n");
    let (teams, why) = asked(&graded, &graded.with("ours", order, list));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    let (teams, why) = asked(&by_rule, &graded);
    assert_eq!(teams, ["marketing"], "{why}");
    // The same in other words loses nothing, whatever value there may be.
    let (teams, why) = asked(&by_rule, &by_rule.with("ours", order, "(tier is gold or tier > gold)"));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn what_counts_as_blank_may_be_a_value_tomorrow() {
    let blank = Files::new()
        .with("ours", "country  text", "country  text, required, blank when [\"n/a\"]")
        .more("ours", "\ndefine embargoed as country in [\"ACME\", \"n/a\"]\n")
        .with("rules", "when objected", "when embargoed");
    let narrowed = blank.with("ours", "country in [\"ACME\", \"n/a\"]", "country is \"ACME\"");
    for now in [narrowed.clone(), narrowed.with("ours", ", blank when [\"n/a\"]", "")] {
        let (teams, why) = asked(&blank, &now);
        assert!(teams.contains(&"legal".to_owned()), "{why}");
        assert!(why.contains("leads that there may be are taken from `objection`"), "{why}");
    }
}

#[test]
fn what_is_missing_may_mean_nothing_tomorrow() {
    for (field, missing) in [
        ("topics  any of [a, b], blank means none", "topics is missing"),
        ("consent  yes or no, missing means yes", "(consent) is unknown"),
    ] {
        let define = format!("\ndefine embargoed as {missing} or country is \"KP\"\n");
        let before = Files::new()
            .with("ours", "country  text\n", &format!("country  text\n  {field}\n"))
            .more("ours", &define)
            .with("rules", "when objected", "when embargoed");
        let (teams, why) = asked(&before, &before.with("ours", &format!("{missing} or "), ""));
        assert!(teams.contains(&"legal".to_owned()), "{field} {why}");
        assert!(why.contains("leads that there may be are taken from `objection`"), "{field} {why}");
    }
}

#[test]
fn an_assumption_is_said_otherwise_when_its_order_is_another_one() {
    let before = Files::new().with("ours", " or other", ", required\n  assume (not blocked or tier >= gold)");
    let (teams, why) = asked(&before, &before.with("ours", "[bronze < silver < gold]", "[gold < bronze < silver]"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("which hung on what this team owns, is said otherwise"), "{why}");
}

#[test]
fn a_section_is_for_fewer_leads_also_where_a_rule_above_took_them() {
    let guard = "section \"Objections\" when need >= 0\n  owned by marketing";
    let top = "section \"Top\"\n  owned by marketing\n\ntop: disqualify when budget > 50\n\n";
    let section = format!("{top}section \"Objections\" when small\n  owned by legal");
    let before = Files::new().with("inbound", guard, &section).more("ours", "\ndefine small as budget >= 0\n");
    let narrowed = before.with("ours", "budget >= 0", "budget <= 50");
    for now in [narrowed.clone(), narrowed.with("inbound", "top: disqualify when budget > 50\n\n", "")] {
        let (teams, why) = asked(&before, &now);
        assert!(teams.contains(&"legal".to_owned()), "{why}");
        assert!(why.contains("fewer leads come, by their section, to `objection`"), "{why}");
    }
}
