//! What one edit may not hide of another: other names, other places and things that stand beside the real ones take nobody's say away.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use serde_json::Value;
use support::{Repo, review_json};

const POLICY: &str = "\
policy \"Inbound\"
  owned by marketing, sales

use \"../lib/words.policy\"
  owned by analysts

lead
  need   whole number from 0 to 5
  email  text

decisions
  pass to sales
  nurture
  disqualify

score fit from 0 to 100
  +10 when need >= 2
  +10 when need >= 4

never disqualify when fit >= 20

section \"Sales\"
  owned by sales

hot: pass to sales when much and email is known

fitting: pass to sales when fit >= 20

section \"Marketing\"
  owned by marketing

low: nurture when fit < 10

nurture when fit < 10 and need < 1
  because \"no need\"

otherwise nurture
";
const LIBRARY: &str = "\
lead
  budget  number from 0

stage keen when budget >= 10

define much as budget >= 20

define vast as budget >= 90
";
const EVERYBODY: [&str; 3] = ["analysts", "marketing", "sales"];

/// The teams that must approve edits of the policy and of its library, and why.
fn asked(policy: &[(&str, &str)], library: &[(&str, &str)]) -> (Vec<String>, String) {
    let edited = |text: &str, edits: &[(&str, &str)]| {
        let edit = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        };
        edits.iter().fold(text.to_owned(), edit)
    };
    asked_of([POLICY, &edited(POLICY, policy)], [LIBRARY, &edited(LIBRARY, library)])
}

/// The same of two policies, each with its library.
fn asked_of(policies: [&str; 2], libraries: [&str; 2]) -> (Vec<String>, String) {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    let [[policy, edited_policy], [library, edited_library]] = [policies, libraries];
    repo.write("policies/inbound.policy", policy);
    repo.write("lib/words.policy", library);
    repo.commit("The agreement");
    repo.write("policies/inbound.policy", edited_policy);
    repo.write("lib/words.policy", edited_library);
    needed(&review_json(&repo, &[]))
}

/// The teams that must approve by a review, and why.
fn needed(review: &Value) -> (Vec<String>, String) {
    let approvals = review["approvals"].as_array().unwrap();
    let teams = approvals.iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect();
    (teams, format!("{:#}", review["approvals"]))
}

#[test]
fn a_claim_is_made_of_the_same_leads() {
    // No lead is decided otherwise, and the claim is about fewer of them: those that a rule asks for are no exception.
    let weaker = [
        ("+10 when need >= 4", "+10 when need >= 5"),
        ("fitting: pass to sales when fit >= 20", "fitting: pass to sales when fit >= 20 or need >= 4"),
    ];
    let (teams, why) = asked(&weaker, &[]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("the claim `never disqualify when fit >= 20` is changed"), "{why}");
    // In other words it is another one, even of the same leads: what it named, it is not held to any more.
    let (teams, why) = asked(&[("never disqualify when fit >= 20", "never disqualify when need >= 4")], &[]);
    assert_eq!(teams, EVERYBODY, "{why}");
    // By another name of the same it is not.
    let (teams, why) = asked(&[("score fit", "score suits"), ("fit >=", "suits >="), ("fit <", "suits <")], &[]);
    assert_eq!(teams, [""; 0], "{why}");
}

#[test]
fn a_claim_is_one_of_leads_that_are_kept_out_today_too() {
    // What one team's library keeps out it can let in, alone.
    let library = LIBRARY.replace("lead\n", "lead\n  objected  yes or no\n  assume not objected\n");
    let claim = "never disqualify when fit >= 20";
    let before = POLICY.replace(claim, "define off as objected or need is 0\n\nnever pass to sales when off");
    let weaker = before.replace("objected or need is 0", "need is 0");
    let (teams, why) = asked_of([&before, &weaker], [&library; 2]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("the claim `never pass to sales when off` is changed"), "{why}");
    // Nor is it weakened through what a lead without a value has.
    let library = LIBRARY
        .replace("lead\n", "lead\n  size  whole number from 0 to 5, missing means 0\n  assume size is not missing\n");
    let claimed = POLICY.replace(claim, "never pass to sales when size >= 4");
    let (teams, why) = asked_of([&claimed; 2], [&library, &library.replace(", missing means 0", "")]);
    assert_eq!(teams, EVERYBODY, "{why}");
}

#[test]
fn a_field_or_a_stage_goes_to_no_other_file_in_silence() {
    let field = ("lead\n  need", "lead\n  budget  number from 0\n  need");
    assert_eq!(asked(&[field], &[("lead\n  budget  number from 0\n\n", "")]).0, EVERYBODY);
    let stage = ("section \"Sales\"", "stage keen when budget >= 10\n\nsection \"Sales\"");
    assert_eq!(asked(&[stage], &[("stage keen when budget >= 10\n\n", "")]).0, EVERYBODY);
    // Nor under another name.
    let stage = ("section \"Sales\"", "stage eager when budget >= 10\n\nsection \"Sales\"");
    assert_eq!(asked(&[stage], &[("stage keen when budget >= 10\n\n", "")]).0, EVERYBODY);
}

#[test]
fn a_rule_goes_to_no_other_section_under_another_name() {
    let gone = ("fitting: pass to sales when fit >= 20\n\n", "");
    let come = ("otherwise", "decent: pass to sales when fit >= 20\n\notherwise");
    assert_eq!(asked(&[gone, come], &[]).0, EVERYBODY);
}

#[test]
fn a_rule_goes_to_no_other_section_under_another_decision() {
    let gone = ("nurture when fit < 10 and need < 1\n  because \"no need\"\n\n", "");
    let come = ("hot: pass", "nurture when fit < 10 and need < 1\n  because \"no need\"\n\nhot: pass");
    let (teams, why) = asked(&[gone, come, ("nurture", "call later")], &[]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("was owned by marketing, and is by sales"), "{why}");
}

#[test]
fn leads_are_handed_over_with_their_owners_say() {
    // The decision stays, and a rule of others makes it.
    let (teams, why) =
        asked(&[("section \"Marketing\"", "early: nurture when fit < 10\n\nsection \"Marketing\"")], &[]);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    assert!(why.contains("others decide leads of `low`"), "{why}");
    // Of two teams one alone makes it.
    let (teams, why) = asked(&[("otherwise", "late: nurture when fit < 20\n\notherwise")], &[]);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    assert!(why.contains("others decide leads of `otherwise`"), "{why}");
}

#[test]
fn what_decides_nothing_is_not_taken_away_in_silence() {
    // A rule of which another one decides all leads.
    let (teams, why) = asked(&[("nurture when fit < 10 and need < 1\n  because \"no need\"\n\n", "")], &[]);
    assert_eq!(teams, ["marketing"], "{why}");
    // A definition for which nothing asks; and while others have a new one.
    let gone = ("define vast as budget >= 90\n", "");
    let (teams, why) = asked(&[], &[gone]);
    assert_eq!(teams, ["analysts"], "{why}");
    let (teams, why) = asked(&[("section \"Sales\"", "define eager as need >= 4\n\nsection \"Sales\"")], &[gone]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("owned by analysts, is gone, and `eager`, owned by marketing, sales, is new"), "{why}");
}

#[test]
fn nothing_of_a_team_stands_for_another_thing_of_it() {
    // The rule hangs on something else that they own, of which nothing comes.
    let (teams, why) = asked(&[("when much and", "when (budget >= 20 or vast) and")], &[]);
    assert_eq!(teams, ["analysts", "sales"], "{why}");
    // The definition is gone, and another one of theirs is new.
    let decoy = ("define much as budget >= 20", "define scant as budget < 0");
    let (teams, why) = asked(&[("when much and", "when budget >= 20 and")], &[decoy]);
    assert!(teams.contains(&"analysts".to_owned()) && why.contains("the definition `much` is gone"), "{why}");
    // A rule that hung on it is gone, as another decides all of it, and a new one hangs on it.
    let (teams, why) = asked(
        &[
            (
                "hot: pass to sales when much and email is known",
                "warm: pass to sales when email is known and budget >= 20",
            ),
            ("low: nurture", "never: nurture when much and need >= 5 and need < 1\n\nlow: nurture"),
        ],
        &[],
    );
    assert!(teams.contains(&"analysts".to_owned()), "{why}");
}

#[test]
fn what_a_rule_names_where_nothing_comes_of_it_it_does_not_hang_on() {
    let hot = "hot: pass to sales when much and email is known";
    let never = "hot: pass to sales when budget >= 20 and email is known or much and need > 3 and need < 2";
    let (teams, why) = asked(&[(hot, never)], &[]);
    assert_eq!(teams, ["analysts", "sales"], "{why}");
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    // Through a definition of its own.
    let own = "define plenty as budget >= 20 or much and need > 3 and need < 2\n\nhot: pass to sales when plenty and email is known";
    let (teams, why) = asked(&[(hot, own)], &[]);
    assert!(teams.contains(&"analysts".to_owned()), "{why}");
    // Where something comes of it, it does.
    let (teams, why) = asked(&[(hot, "hot: pass to sales when much and email is known and need >= 1")], &[]);
    assert!(!why.contains("no longer hangs"), "{teams:?} {why}");
}

#[test]
fn what_a_team_has_typed_is_said_otherwise_under_no_cover_of_case() {
    // `Acme` of the library is `acme` while case is ignored; `aCmE` is that, too, and another word once case matters.
    let [ignoring, minding] =
        ["text, ignoring case", "text"].map(|ty| POLICY.replace("email  text", &format!("email  {ty}")));
    for [was, is] in [
        [
            "list foes is [\"Acme\"]\n\ndefine foe as email in foes",
            "list foes is [\"aCmE\"]\n\ndefine foe as email in foes",
        ],
        ["define foe as email is \"Acme\"", "define foe as email is \"aCmE\""],
        // In small letters it is the very word that was compared before.
        ["define foe as email is \"Acme\"", "define foe as email is \"acme\""],
        [
            "list foes is [\"Acme\"]\n\ndefine foe as email in foes",
            "list foes is [\"acme\"]\n\ndefine foe as email in foes",
        ],
    ] {
        let libraries = [was, is].map(|words| format!("{LIBRARY}\n{words}\n"));
        let policies =
            [&ignoring, &minding].map(|policy| policy.replace("nurture when fit < 10 and", "nurture when not foe and"));
        let (teams, why) = asked_of([&policies[0], &policies[1]], [&libraries[0], &libraries[1]]);
        assert_eq!(teams, EVERYBODY, "{why}");
        assert!(why.contains("the case of texts counts now, or no longer"), "{why}");
    }
    // It concerns those whose words are held against the field, and nobody else.
    let small = POLICY.replace("nurture when fit < 10 and", "nurture when not (email is \"acme\") and");
    let (teams, why) = asked_of([&small.replace("email  text", "email  text, ignoring case"), &small], [LIBRARY; 2]);
    assert!(!teams.contains(&"analysts".to_owned()), "{why}");
}

#[test]
fn a_list_that_nothing_asks_for_is_its_owners_all_the_same() {
    let with = |words: &str| format!("{LIBRARY}\nlist foes is [{words}]\n");
    let (teams, why) = asked_of([POLICY; 2], [&with("\"Acme\", \"Foo\""), &with("\"Bar\"")]);
    assert_eq!(teams, ["analysts"], "{why}");
    // A test asks for it, and decides nothing.
    let tested = format!("{POLICY}\ntest \"x\"\n  given need 1\n  expect email not in foes\n");
    let (teams, why) = asked_of([POLICY, &tested], [&with("\"Acme\""), &with("\"Bar\"")]);
    assert_eq!(teams, ["analysts"], "{why}");
    let (teams, why) = asked_of([POLICY; 2], [&with("\"Acme\", \"Foo\""), &with("\n  \"Foo\", # first\n  \"Acme\"\n")]);
    assert_eq!(teams, [""; 0], "{why}");
}

#[test]
fn a_rule_hangs_on_what_could_make_it_take_other_leads() {
    let library = format!("{LIBRARY}\ndefine least as 4\n\nscore size\n  +10 when budget >= 10\n");
    let hot = "hot: pass to sales when much and email is known";
    // As things stand, none of these takes a lead.
    for dead in ["size >= 50", "vast and budget < 50", "need >= least and need < 3"] {
        let before = POLICY.replace(hot, &format!("{hot} or {dead}"));
        let (teams, why) = asked_of([&before, POLICY], [&library; 2]);
        assert_eq!(teams, ["analysts", "sales"], "{dead} {why}");
        assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{dead} {why}");
    }
    // As things stand, it bars no lead; but it would, were that list another one, or that text.
    let barring = |says: &str| POLICY.replace(hot, &format!("hot: pass to sales when email in [\"b\", \"c\"]{says}"));
    for (says, words) in
        [(" and email not in foes", "list foes is [\"x\"]"), (" and email is not foe", "define foe as \"x\"")]
    {
        let library = format!("{LIBRARY}\n{words}\n");
        let (_, why) = asked_of([&barring(says), &barring("")], [&library; 2]);
        assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    }
    let numbers = format!(
        "{LIBRARY}\nscore size from 0 to 100\n  +20 when budget >= 10\n  +60 when budget >= 30\n\ndefine least as 9\n"
    );
    for says in [" and not (size between 30 and 50)", " and size is not 50", " and not (need >= 1 and need is least)"] {
        let barring = |says: &str| POLICY.replace(hot, &format!("hot: pass to sales when need >= 3{says}"));
        let (_, why) = asked_of([&barring(says), &barring("")], [&numbers; 2]);
        assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{says} {why}");
    }
    // What comes to it is what the rules above leave as things stand.
    let listed = format!("{LIBRARY}\nlist foes is [\"foe.example\"]\n");
    let with = |says: &str| {
        POLICY
            .replace(hot, &format!("fair: nurture when domain of email not in foes\n\nhot: pass to sales when {says}"))
    };
    let [before, now] = ["need >= 3 and domain of email in foes", "need >= 3"].map(with);
    let (_, why) = asked_of([&before, &now], [&listed; 2]);
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    // Nor does it take a lead of the list as it is.
    let with = |says: &str| {
        POLICY.replace(hot, &format!("none: disqualify when domain of email in foes\n\nhot: pass to sales when {says}"))
    };
    let [before, now] = ["need >= 3 and domain of email in foes", "need >= 3"].map(with);
    let (_, why) = asked_of([&before, &now], [&listed; 2]);
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    // A rule that stands in its way for a while changes nothing of that.
    let shadow = |says: &str| {
        POLICY.replace(hot, &format!("early: nurture when need >= 3\n\nhot: pass to sales when need >= 3{says}"))
    };
    let open = POLICY.replace(hot, "hot: pass to sales when need >= 3");
    let (_, why) = asked_of([&shadow(" and much"), &open], [LIBRARY; 2]);
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    // What is said otherwise is a definition behind it, not the rule.
    let plenty =
        |says: &str| POLICY.replace(hot, &format!("define plenty as {says}\n\n{}", hot.replace("much", "plenty")));
    let [before, now] = ["much", "budget >= 20 or much and need > 3 and need < 2"].map(plenty);
    let (_, why) = asked_of([&before, &now], [&library; 2]);
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
}

#[test]
fn what_is_said_anew_is_for_those_who_own_it_now() {
    let with = |values: &str, owner: &str| {
        let list = format!("list foes is [{values}]\n  owned by {owner}\n\nsection \"Sales\"");
        let policy = POLICY.replace("section \"Sales\"", &list);
        policy.replace("low: nurture when fit < 10", "low: nurture when fit < 10 and domain of email in foes")
    };
    let [more, less] = ["\"foe.example\", \"rival.example\"", "\"foe.example\""];
    for [before, now] in [[more, less], [less, more]] {
        let (teams, why) = asked_of([&with(before, "legal"), &with(now, "newcomers")], [LIBRARY; 2]);
        assert_eq!(teams, ["analysts", "legal", "marketing", "newcomers", "sales"], "{why}");
    }
}

#[test]
fn what_nothing_asks_for_is_not_taken_away_in_silence() {
    let list = format!("{LIBRARY}\nlist foes is [\"foe.example\"]\n");
    let (teams, why) = asked_of([POLICY; 2], [&list, LIBRARY]);
    assert_eq!(teams, ["analysts"], "{why}");
    assert!(why.contains("the list `foes` is gone"), "{why}");
}

#[test]
fn where_days_begin_is_no_matter_of_layout() {
    let zone = |zone: &str| {
        let policy =
            POLICY.replace("owned by marketing, sales", &format!("owned by marketing, sales\n  time zone {zone}"));
        let policy = policy.replace("email  text", "email  text\n  asked  date");
        policy.replace("low: nurture when fit < 10", "low: nurture when fit < 10 and asked in the last 7 days")
    };
    let (teams, why) = asked_of([&zone("UTC"), &zone("Europe/Berlin")], [LIBRARY; 2]);
    assert_eq!(teams, EVERYBODY, "{why}");
    // Nor beside an edit of a rule, and where nothing asks for days so far.
    let plain = |zone: &str| {
        POLICY.replace("owned by marketing, sales", &format!("owned by marketing, sales\n  time zone {zone}"))
    };
    let [before, now] = ["UTC", "Europe/Berlin"].map(plain);
    let edited = now.replace("low: nurture when fit < 10", "low: nurture when fit < 10 and need < 9");
    for now in [now, edited] {
        let (teams, why) = asked_of([&before, &now], [LIBRARY; 2]);
        assert_eq!(teams, EVERYBODY, "{why}");
        assert!(why.contains("the time zone is changed"), "{why}");
    }
}

#[test]
fn a_list_is_named_by_what_it_is_a_part_of_however_it_is_asked_for() {
    let library = format!("{LIBRARY}\nlist spam is [\"spam\"]\n\ndefine bad as email contains spam\n");
    let low = "low: nurture when fit < 10";
    for (says, instead) in [
        (" and email contains spam", " and email contains [\"spam\"]"),
        (" and email contains spam", ""),
        (" and not bad", ""),
    ] {
        let [before, now] = [says, instead].map(|says| POLICY.replace(low, &format!("{low}{says}")));
        let (_, why) = asked_of([&before, &now], [&library; 2]);
        assert!(why.contains("the rule `low` no longer hangs on what this team owns"), "{says} {why}");
    }
    // The words of a comment or of a text name nothing.
    let with = |says: &str| POLICY.replace(low, &format!("{low} # spam\n  and email is not \"spam\"{says}"));
    let (_, why) = asked_of([&with(""), &with(" and need < 9").replace("# spam", "")], [&library; 2]);
    assert!(!why.contains("hangs on"), "{why}");
    let changed = library.replace("[\"spam\"]", "[\"foo\"]");
    let asking = POLICY.replace(low, &format!("{low} and email contains spam"));
    let (_, why) = asked_of([&asking; 2], [&library, &changed]);
    assert!(why.contains("the list `spam` is changed"), "{why}");
}

#[test]
fn what_a_list_is_read_from_is_a_part_of_the_policy_however_it_is_asked_for() {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"policies\"]\n");
    let low = "low: nurture when fit < 10";
    let asked = format!("list foes from \"foes.csv\"\n  owned by legal\n\n{low} and email contains foes");
    repo.write("policies/inbound.policy", POLICY.replace(low, &asked));
    repo.write("lib/words.policy", LIBRARY);
    repo.write("policies/foes.csv", "name\nspam\n");
    repo.commit("The agreement");
    repo.write("policies/foes.csv", "name\nfoo\n");
    let review = review_json(&repo, &[]);
    assert_eq!(review["unchanged"], 0, "{review}");
    let (teams, why) = needed(&review);
    assert_eq!(teams, ["legal", "marketing", "sales"], "{why}");
    assert!(why.contains("the list `foes` is changed"), "{why}");
    assert!(!why.contains("the rule `low` is changed"), "nobody has edited it: {why}");
}

#[test]
fn a_list_has_its_name_however_it_is_asked_for() {
    let low = "low: nurture when fit < 10";
    let asking = |list: &str| POLICY.replace(low, &format!("{low} and email contains {list}"));
    let list = |name: &str| format!("{LIBRARY}\nlist {name} is [\"spam\"]\n");
    let (teams, why) = asked_of([&asking("spam"), &asking("junk")], [&list("spam"), &list("junk")]);
    assert!(teams.is_empty(), "{why}");
    // In another file it belongs to others.
    let here = asking("spam").replace("score fit", "list spam is [\"spam\"]\n\nscore fit");
    let (teams, why) = asked_of([&asking("spam"), &here], [&list("spam"), LIBRARY]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("the list `spam` was owned by analysts, and is by marketing, sales"), "{why}");
    // What is claimed of it is for all.
    let claim = "never disqualify when email contains spam\n\nsection \"Sales\"";
    let claiming = POLICY.replace("section \"Sales\"", claim);
    let other = list("spam").replace("[\"spam\"]", "[\"foo\"]");
    let (teams, why) = asked_of([&claiming; 2], [&list("spam"), &other]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("the claim `never disqualify when email contains spam` is changed"), "{why}");
    let assuming = |says: &str| POLICY.replace("  email  text\n", &format!("  email  text\n{says}"));
    let (_, why) =
        asked_of([&assuming(""), &assuming("  assume not (email contains spam)\n")], [&list("spam"), &list("spam")]);
    assert!(why.contains("the assumption `not (email contains spam)` hangs on what others own: analysts"), "{why}");
}

#[test]
fn whom_a_policy_lets_in_is_its_owners_to_say() {
    // Nothing stands in it that decides a lead, so far.
    let section = "section \"Ours\"\n  owned by intruders\n\nnone: nurture when need > 3 and need < 2\n\notherwise";
    let (teams, why) = asked(&[("otherwise", section)], &[]);
    assert_eq!(teams, ["intruders", "marketing", "sales"], "{why}");
    assert!(why.contains("the section `Ours`, owned by intruders, is new"), "{why}");
    let list = "list foes is [\"a@foe.example\"]\n  owned by intruders\n\nsection \"Sales\"";
    let (teams, why) = asked(&[("section \"Sales\"", list)], &[]);
    assert_eq!(teams, ["intruders", "marketing", "sales"], "{why}");
}

#[test]
fn what_comes_below_rules_that_take_all_of_it_concerns_nobody_else() {
    let dead = ("section \"Marketing\"", "dead: nurture when fit >= 20\n\nsection \"Marketing\"");
    let (teams, why) = asked(&[dead], &[]);
    assert_eq!(teams, ["sales"], "{why}");
}

#[test]
fn a_cell_that_comes_to_mean_missing_moves_leads_by_how_they_are_read() {
    let need = "need   whole number from 0 to 5";
    let with = |blanks: &str| POLICY.replace(need, &format!("{need}, blank when {blanks}"));
    let asked = |blanks: [&str; 2]| {
        let [old, new] = blanks.map(with);
        asked_of([&old, &new], [LIBRARY; 2])
    };
    // Another way to write 4 than `4`: no lead that has a value tells it.
    let (teams, why) = asked(["\"-\"", "[\"-\", \"04\"]"]);
    assert_eq!(teams, EVERYBODY, "{why}");
    let (teams, why) = asked(["[\"-\", \"n/a\"]", "\"-\""]);
    assert_eq!(teams, EVERYBODY, "{why}");
    // A number that set a lead aside: no lead that has a value tells it.
    let (teams, why) = asked(["\"-\"", "[\"-\", 9]"]);
    assert_eq!(teams, EVERYBODY, "{why}");
    // In another order they are the same.
    let (teams, why) = asked(["[\"-\", \"n/a\"]", "[\"n/a\", \"-\"]"]);
    assert_eq!(teams, [""; 0], "{why}");
}

#[test]
fn what_decisions_and_assumptions_say_passes_to_no_other_team_in_silence() {
    let decisions = "decisions\n  pass to sales\n  nurture\n  disqualify\n\n";
    let moved = |words: &str| {
        let [policy, library] = [POLICY.replace(words, ""), format!("{LIBRARY}\n{words}")];
        asked_of([POLICY, &policy], [LIBRARY, &library])
    };
    let (teams, why) = moved(decisions);
    assert_eq!(teams, EVERYBODY, "{why}");
    // Of an assumption, too.
    let policy = POLICY.replace("lead\n", "lead\n  assume budget >= 0\n");
    let library = LIBRARY.replace("lead\n", "lead\n  assume budget >= 0\n");
    let (teams, why) = asked_of([&policy, POLICY], [LIBRARY, &library]);
    assert_eq!(teams, EVERYBODY, "{why}");
    // Where both say it, and one says it no more, nothing has passed.
    let (teams, why) = asked_of([&policy, POLICY], [&library; 2]);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    let (teams, why) = asked_of([&policy; 2], [&library, LIBRARY]);
    assert_eq!(teams, ["analysts"], "{why}");
    // Nor in other words, while one that says nothing stays behind.
    let policy = POLICY.replace("lead\n", "lead\n  assume budget is missing or budget >= 0\n");
    let decoy = library.replace("assume budget >= 0", "assume budget >= 0 or budget < 0");
    let (teams, why) = asked_of([POLICY, &policy], [&library, &decoy]);
    assert_eq!(teams, EVERYBODY, "{why}");
}

#[test]
fn an_assumption_hangs_on_nothing_of_other_teams_in_silence() {
    let assuming = |what: &str| POLICY.replace("lead\n", &format!("lead\n  assume {what}\n"));
    let [old, new] = ["need >= 1", "need >= 1 or (need >= 1 and vast)"].map(assuming);
    let (teams, why) = asked_of([&old, &new], [LIBRARY; 2]);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
    assert!(why.contains("hangs on what others own: analysts"), "{why}");
    // Nor does it let go of them in silence.
    let [named, spelt] = ["budget is missing or not vast", "budget is missing or budget < 90"].map(assuming);
    let (teams, why) = asked_of([&named, &spelt], [LIBRARY; 2]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("which hung on what this team owns, is said otherwise"), "{why}");
    // From then on it does.
    let other = LIBRARY.replace("vast as budget >= 90", "vast as budget >= 80");
    let (teams, why) = asked_of([&new, &new], [LIBRARY, &other]);
    assert_eq!(teams, ["analysts"], "{why}");
}

#[test]
fn no_decision_comes_to_stand_above_the_best_one_in_silence() {
    let ranked = POLICY.replace("decisions\n", "decisions, best first\n");
    let above = ranked.replace("best first\n", "best first\n  pass to the board\n");
    let (teams, why) = asked_of([&ranked, &above], [LIBRARY; 2]);
    assert_eq!(teams, EVERYBODY, "{why}");
    assert!(why.contains("how decisions rank is changed"), "{why}");
    let below = ranked.replace("  disqualify\n\n", "  disqualify\n  drop\n\n");
    let (teams, why) = asked_of([&ranked, &below], [LIBRARY; 2]);
    assert_eq!(teams, ["marketing", "sales"], "{why}");
}
