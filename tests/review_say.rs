//! What a team owns keeps its say in the rules of others: where what it says makes no difference to a rule any more, the team is asked, however far behind
//! names that has come about.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/git.rs"]
mod support;

use support::{Repo, review_json};

/// A policy of marketing's with something before its rules, and the condition of its rule.
fn policy(more: &str, when: &str) -> String {
    format!(
        "policy \"Inbound\"\n  owned by marketing\n\nuse \"legal.policy\"\n  owned by legal\n\nlead\n  need   whole number from 0 to 5\n  \
         seats  whole number from 0\n  title  ranked [Staff < Manager < VP]\n  email  text\n\ndecisions\n  pass to sales\n  nurture\n{more}\n\
         hot: pass to sales when {when}\n\notherwise nurture\n"
    )
}

const LEGAL: &str = "lead
  opted_out  yes or no, missing means no
  complaints  whole number from 0 to 9
  country  text
  wants  any of [price, security, support], separated by \";\"
  touched  date
  opened   date and time
  renewal  date
  optin    yes or no

list hotwants is [price, security]

list foes is [\"x.example\"]

define blocked as opted_out

stage cleared when not opted_out

score risk from 0 to 100
  +40 when opted_out

score strikes
  +1 for each complaints

score exposure
  +1 for each 10 seats

score finds from 0 to 1000
  +1 for each complaints
  +2.5 when country is \"KP\"
  +900 when opted_out

define ratio as seats / 10

define region as country

define seen as touched

define heard as opened

define refused as optin is no

define topics as wants
";

/// The teams that must approve a change of marketing's, and why.
fn asked(before: &str, now: &str) -> (Vec<String>, String) {
    asked_of(LEGAL, before, now)
}

/// The same of other words of legal's.
fn asked_of(legal: &str, before: &str, now: &str) -> (Vec<String>, String) {
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write("legal.policy", legal);
    repo.write("p.policy", before);
    repo.commit("The agreement");
    repo.write("p.policy", now);
    let approvals = &review_json(&repo, &[])["approvals"];
    let teams = approvals.as_array().unwrap().iter().map(|of| of["team"].as_str().unwrap().to_owned()).collect();
    (teams, format!("{approvals:#}"))
}

/// A grade of marketing's that lets through what a condition keeps back.
fn graded(cond: &str) -> String {
    format!("\ngrade mine\n  hot when title is VP and {cond}\n  warm when title is VP\n  otherwise cold\n")
}

const GUARDED: &str = "need >= 3 and title is VP and not blocked";
const TOTAL: &str = "\nscore fit from 0 to 100\n  +60 when title is VP\n\nscore total from 0 to 100\n  +fit\n  -risk\n";
const STAGES: &str = "\nstage mql when need >= 3\n";
const FAIR: &str = "\ndefine fair as domain of email not in foes\n";

#[test]
fn what_no_longer_makes_a_difference_to_a_rule_asks_whose_it_is() {
    let of_known = "need >= 3 and domain of email in [\"b.example\"] and fair";
    for (before, now) in [
        // Behind a definition, in a count, and where no model tells how the rest comes out.
        (("", GUARDED), ("\ndefine good as title is VP and (not blocked or need >= 3)\n", "need >= 3 and good")),
        (("", GUARDED), ("", "need >= 3 and at least 2 of (not blocked, blocked, title is VP)")),
        (("", GUARDED), ("", "need >= 3 and title is VP and (not blocked or need * seats >= 0)")),
        // By points, labels and stages.
        (
            ("", GUARDED),
            (
                "\nscore fit\n  +10 when title is VP\n  +5 when not blocked\n  +5 when need >= 3\n",
                "need >= 3 and fit >= 15",
            ),
        ),
        (
            ("", GUARDED),
            (
                "\ngrade g\n  hot when title is VP and not blocked\n  warm when title is VP\n  otherwise cold\n",
                "need >= 3 and g >= warm",
            ),
        ),
        ((STAGES, "stage >= cleared"), (STAGES, "stage >= none")),
        ((TOTAL, "total >= 50"), (&TOTAL.replace("+60", "+100"), "total >= 50")),
        ((TOTAL, "total >= 50"), (&TOTAL.replace("total from 0", "total from 60"), "total >= 50")),
        // What it says today makes none for other reasons: what it may say tomorrow would.
        ((FAIR, of_known), (&FAIR.replace("not in foes", "not in foes or domain of email in foes"), of_known)),
    ] {
        let (teams, why) = asked(&policy(before.0, before.1), &policy(now.0, now.1));
        assert!(teams.contains(&"legal".to_owned()), "{now:?} {why}");
        let is_told = why.contains("the rule `hot` no longer hangs on what this team owns");
        let is_not_told = why.contains("whether the rule `hot` still hangs on what this team owns is not known");
        assert!(is_told != now.1.contains('*') && is_not_told == now.1.contains('*'), "{now:?} {why}");
        // A rule that has no name of its own as well.
        let [before, now] = [before, now].map(|(more, when)| policy(more, when).replace("hot: ", ""));
        let (teams, why) = asked(&before, &now);
        assert!(teams.contains(&"legal".to_owned()), "{now} {why}");
    }
}

#[test]
fn a_band_a_text_and_a_list_that_is_asked_twice_have_a_say_as_well() {
    for cond in [
        "strikes between 2 and 4",
        "ratio between 2 and 30",
        "region is not \"KP\"",
        "(domain of email in foes and country not in foes)",
        "wants has any of hotwants and not (wants has all of hotwants)",
        "exposure < 1000",
        "exposure between 601 and 603",
        "strikes is 3",
        "finds is 7",
        "finds between 2.1 and 2.9",
    ] {
        let before = policy("", &format!("title is VP and {cond}"));
        let (teams, why) = asked(&before, &policy(&graded(cond), "mine >= warm"));
        assert!(teams.contains(&"legal".to_owned()), "{cond} {why}");
        let (teams, why) = asked(&before, &policy(&graded(cond), "mine is hot"));
        assert_eq!(teams, ["marketing"], "{cond} {why}");
    }
    for (before, now) in [
        ("strikes >= 2", "strikes between 2 and 4"),
        ("strikes < 3", "strikes < 3 and strikes is incomplete"),
        ("ratio >= 3", "ratio between 3 and 30"),
        ("ratio < 3", "ratio is missing"),
        ("country in foes", "country in foes and domain of email not in foes"),
        ("wants has any of hotwants", "wants has any of hotwants and not (wants has all of hotwants)"),
        ("exposure < 400", "exposure < 600"),
        ("exposure >= 100", "exposure between 600 and 900"),
        ("strikes is 2", "strikes is 3"),
        ("finds >= 500", "finds between 3 and 4"),
        ("finds >= 2.5", "finds is 2.5"),
    ] {
        let (teams, why) = asked(&policy("", before), &policy("", now));
        assert_eq!(teams, ["marketing"], "{now} {why}");
    }
}

#[test]
fn stages_in_another_order_guard_other_rules() {
    let mk = "use \"mk.policy\"\n  owned by marketing\n";
    let legal = "use \"legal.policy\"\n  owned by legal\n";
    let before = policy("", "stage >= mql").replace(legal, &format!("{legal}\n{mk}"));
    let repo = Repo::new();
    repo.write("policyc.toml", "policies = [\"p.policy\"]\n");
    repo.write("legal.policy", LEGAL.to_owned() + "\nstage dealt_with when not opted_out\n");
    repo.write("mk.policy", "lead\n  want  whole number from 0 to 5\n\nstage mql when want >= 3\n");
    repo.write("p.policy", &before);
    repo.commit("The agreement");
    repo.write("p.policy", before.replace(&format!("{legal}\n{mk}"), &format!("{mk}\n{legal}")));
    let approvals = &review_json(&repo, &[])["approvals"];
    assert!(approvals.as_array().unwrap().iter().any(|of| of["team"] == "legal"), "{approvals:#}");
}

#[test]
fn where_it_has_its_say_still_nobody_is_asked() {
    let more = "\ndefine good as title is VP and not blocked\n";
    for (before, now) in [
        (("", GUARDED), ("", "need >= 2 and title is VP and not blocked")),
        (("", GUARDED), (more, "need >= 3 and good")),
        ((TOTAL, "total >= 50"), (TOTAL, "total >= 40")),
        ((TOTAL, "total >= 50"), (&TOTAL.replace("+60", "+80"), "total >= 50")),
        ((FAIR, "need >= 3 and fair"), (FAIR, "need >= 4 and fair")),
        (("", GUARDED), ("", "need >= 3 and title >= Manager and not blocked")),
        (("", "need >= 3 and seen in the last 30 days"), ("", "need >= 3 and seen in the last 20 days")),
        (
            ("", "need >= 3 and seen less than 30 days ago"),
            ("", "need >= 3 and seen less than 30 days ago and touched >= 2026-01-01"),
        ),
        (
            ("", "seen in the last 30 days and touched is known"),
            ("", "seen in the last 30 days and touched is known and touched >= 2026-05-01"),
        ),
        (
            ("", "seen in the last 30 days and renewal in the last 60 days"),
            ("", "seen in the last 30 days and renewal in the last 60 days and renewal >= 2026-03-01"),
        ),
        (("", "need >= 3 and heard in the last 30 days"), ("", "need >= 2 and heard in the last 30 days")),
    ] {
        let (teams, why) = asked(&policy(before.0, before.1), &policy(now.0, now.1));
        assert_eq!(teams, ["marketing"], "{now:?} {why}");
    }
}

#[test]
fn a_test_that_every_lead_meets_by_now_is_as_good_as_gone() {
    let of = |decision: &str, when: &str| {
        let text = policy("", when).replace("pass to sales when", &format!("{decision} when"));
        let ours = text.replace("owned by marketing\n", "owned by marketing, sales\n");
        ours.replace("hot:", "section \"Ours\"\n  owned by marketing\n\nhot:")
            + "\ntest \"no need\"\n  given need 1\n  expect nurture\n"
    };
    let (teams, why) = asked(&of("pass to sales", "need >= 3"), &of("nurture", "need >= 3"));
    assert!(teams.contains(&"sales".to_owned()), "{why}");
    assert!(why.contains("the test \\\"no need\\\" expects `nurture`, which is true of every lead now"), "{why}");
    // Nor is one seen to show anything of which no lead is known that could fail it.
    let (teams, why) = asked(&of("pass to sales", "need >= 3"), &of("pass to sales", "need >= 3 and need * seats < 0"));
    assert!(teams.contains(&"sales".to_owned()), "{why}");
    assert!(why.contains("expects `nurture`, and it is not known any more whether a lead can fail it"), "{why}");
    let (teams, why) = asked(
        &of("pass to sales", "need >= 3 and need * seats > 9"),
        &of("pass to sales", "need >= 4 and need * seats > 9"),
    );
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn a_guard_beside_its_contrary_makes_no_difference_any_more() {
    let graded = |guard: &str, contrary: &str| {
        format!(
            "\ngrade mine\n  hot when need >= 3 and {guard}\n  warm when need >= 3 and ({contrary})\n  otherwise cold\n"
        )
    };
    let counted = |guard: &str, contrary: &str| {
        format!("\nscore mine\n  +10 when need >= 3 and {guard}\n  +10 when need >= 3 and ({contrary})\n")
    };
    let others = "domain of email in [\"x.example\"] or domain of email is missing";
    for (guard, contrary) in [
        ("not blocked", "opted_out"),
        ("risk < 5", "opted_out"),
        ("strikes < 5", "complaints >= 5 or complaints is missing"),
        ("ratio < 3", "seats >= 30 or seats is missing"),
        ("domain of email not in foes", others),
        ("stage is cleared", "opted_out"),
    ] {
        let before = policy("", &format!("need >= 3 and {guard}"));
        for (more, when) in [
            (graded(guard, contrary), "mine >= warm"),
            (counted(guard, contrary), "mine >= 10"),
            (String::new(), format!("at least 2 of (need >= 3, {guard}, ({contrary}))").as_str()),
        ] {
            let (teams, why) = asked(&before, &policy(&more, when));
            assert!(teams.contains(&"legal".to_owned()), "{guard}, {when} {why}");
            // Where the two are not all, what the guard says makes a difference still.
            let partly = |least: u8| {
                let some = format!("(need >= {least} and ({contrary}))");
                policy(&more.replace(&format!("({contrary})"), &some), &when.replace(&format!("({contrary})"), &some))
            };
            let (teams, why) = asked(&partly(5), &partly(4));
            assert_eq!(teams, ["marketing"], "{guard}, {when} {why}");
        }
    }
}

#[test]
fn what_a_field_can_hold_may_take_a_say_from_a_team_and_more_values_never_do() {
    let when = "need >= 1 and not (need >= 4 and blocked)";
    let before = policy("", when);
    let (teams, why) = asked(&before, &before.replace("from 0 to 5", "from 0 to 3"));
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    assert!(why.contains("the rule `hot` no longer hangs on what this team owns"), "{why}");
    let before = before
        .replace("  email  text", "  kind   one of [new, old] or other\n  email  text")
        .replace(when, &format!("{when} and kind is new"));
    let (teams, why) = asked(&before, &before.replace("[new, old]", "[new, old, lost]"));
    assert_eq!(teams, ["marketing"], "{why}");
    // Nor does a range that a score has by its fields make it say nothing.
    let fewer = before
        .replace("and not (need >= 4 and blocked)", "and exposure < 500")
        .replace("seats  whole number from 0", "seats  whole number from 0 to 90");
    let hidden = fewer.replace("exposure < 500", "(exposure < 500 or need >= 0)").replace("from 0 to 90", "from 0");
    let (teams, why) = asked(&fewer, &hidden);
    assert!(teams.contains(&"legal".to_owned()), "{why}");
    // What is set aside today may be let in tomorrow; what may be missing counts when it is known.
    for (guard, aside, hollow) in [
        ("not blocked", "opted_out is no", "(not blocked or opted_out)"),
        ("not refused", "optin is yes", "(not refused or optin is no)"),
    ] {
        let assumed = policy("", &format!("need >= 3 and {guard}"));
        let assumed = assumed.replace("\ndecisions", &format!("  assume {aside}\n\ndecisions"));
        let (teams, why) = asked(&assumed, &policy("", &format!("need >= 3 and {hollow}")));
        assert!(teams.contains(&"legal".to_owned()), "{guard} {why}");
    }
}

#[test]
fn what_is_true_of_the_leads_that_are_let_in_now_hides_no_hollow_guard() {
    let legal = format!("{LEGAL}\ndefine stays as place in [\"US\", \"CA\"]\n");
    let mine = |values: &str| format!("\nlist mine is [{values}]\n");
    let with = |policy: String, what: &str| policy.replace("\ndecisions", &format!("  {what}\n\ndecisions"));
    let place = "place  text\n";
    for (before, now) in [
        (
            with(policy("", "need >= 3 and not blocked"), &format!("{place}  assume opted_out is no")),
            with(policy("", "need >= 3 and (not blocked or (opted_out and need <= 5))"), place),
        ),
        (
            with(policy("", "need >= 3 and stays"), "place  one of [US, CA, DE], blank when [\"DE\"]"),
            with(policy("", "need >= 3 and (stays or place not in [\"US\", \"CA\"])"), place),
        ),
        (
            with(policy(&mine("\"US\""), "need >= 3 and stays"), &format!("{place}  assume place in mine")),
            with(
                policy(&mine("\"US\", \"DE\""), "need >= 3 and (stays or place is \"DE\") and need <= 5"),
                &format!("{place}  assume place in mine"),
            ),
        ),
        (
            with(policy("", "need >= 3 and stays"), "place  one of [US, CA]"),
            with(policy("", "need >= 3 and (stays or place not in [US, CA])"), "place  one of [US, CA, DE]"),
        ),
        (
            with(policy("", "need >= 3 and stays"), "place  one of [US, CA]"),
            with(policy("", "need >= 3 and (stays or place is DE) and need < 5"), "place  ranked [US < CA < DE]"),
        ),
    ] {
        let (teams, why) = asked_of(&legal, &before, &now);
        assert!(teams.contains(&"legal".to_owned()), "{now} {why}");
    }
    // What is idle for all of them before and now has lost nothing.
    let assumed = |policy: String, most: u8| with(policy, &format!("{place}  assume seats <= {most}"));
    let legal = legal + "\ndefine large as seats > 50\n";
    let (before, now) = (policy("", "need >= 3 and not large"), policy("", "need >= 3 and not large and need < 5"));
    let (teams, why) = asked_of(&legal, &assumed(before, 10), &assumed(now, 20));
    assert_eq!(teams, ["marketing"], "{why}");
}

#[test]
fn no_condition_of_ones_own_beside_a_hollow_guard_hides_it() {
    for (more, before, now) in [
        // For leads with something missing.
        ("", "need is missing and not blocked", "need is missing and (not blocked or opted_out)"),
        // What is made of the thing, and texts.
        (
            "\ndefine twice as strikes * 2\n",
            "strikes < 5",
            "(twice < 10 or complaints >= 5 or complaints is missing) and (complaints < 9 or complaints is missing)",
        ),
        (
            "",
            "region starts with \"D\"",
            "(region starts with \"D\" or not (country starts with \"D\") or country is missing) and country is not \"ZZ\"",
        ),
        // A value between two limits, of several that stand behind names, and behind a calculation of one's own.
        (
            "",
            "region starts with \"D\" and region ends with \"E\"",
            "(region starts with \"D\" and region ends with \"E\" or not (country starts with \"D\" and country ends with \"E\")) \
             and country is not \"ZZ\"",
        ),
        (
            "\ndefine least as 2\n\ndefine most as 3\n",
            "strikes between least and most",
            "(strikes between least and most or complaints < 2 or complaints > 3) and complaints < 9",
        ),
        (
            "\ndefine shifted as ratio * 2 - 15\n",
            "ratio > 2 and ratio < 3",
            "(shifted > -11 and shifted < -9 or seats <= 20 or seats >= 30) and seats < 900",
        ),
        (
            "\nscore tens\n  +1 for each 10 ratio\n",
            "tens is 2",
            "(tens is 2 or seats < 200 or seats >= 300) and seats < 9000",
        ),
        ("\nscore sum\n  +strikes\n  -1 for each complaints\n", "strikes < 5", "sum < 5 and complaints < 9"),
        // At times at which it can let nothing through, too.
        (
            "",
            "seen >= 2026-03-01 and seen in the last 30 days",
            "(seen >= 2026-03-01 and seen in the last 30 days or not (touched >= 2026-03-01 and touched in the last 30 days)) and touched > 1950-01-01",
        ),
        (
            "",
            "touched >= 2026-01-01 and seen less than 30 days ago",
            "touched >= 2026-01-01 and (seen less than 30 days ago or not (touched less than 30 days ago))",
        ),
        // What is held against another field.
        ("", "seen < renewal", "(seen < renewal or not (touched < renewal)) and touched > 1950-01-01"),
        // Several values at once.
        (
            "",
            "topics has any of [price]",
            "(topics has any of [price] or wants has none of [price]) and wants has none of [support]",
        ),
        (
            "",
            "domain of email in foes and country not in foes",
            "(domain of email in foes and country not in foes or domain of email is not \"x.example\" or country is \"x.example\") \
             and country is not \"ZZ\" and domain of email is not \"yy.example\"",
        ),
        // Days and instants, on the calendar and beside the as-of time.
        (
            "",
            "seen more than 30 days ago and seen less than 90 days ago",
            "(seen more than 30 days ago and seen less than 90 days ago or not (touched more than 30 days ago and touched less than 90 days ago)) \
             and touched > 1950-01-01",
        ),
        (
            "",
            "heard more than 3 hours ago and heard less than 4 hours ago",
            "(heard more than 3 hours ago and heard less than 4 hours ago \
             or not (opened more than 3 hours ago and opened less than 4 hours ago)) and opened > 1950-01-01",
        ),
        ("", "seen > 2026-01-31", "(seen > 2026-01-31 or touched <= 2026-01-31) and touched > 1950-01-01"),
        (
            "",
            "seen after 2026-01-31 and seen before 2026-02-02",
            "(seen after 2026-01-31 and seen before 2026-02-02 or touched is not 2026-02-01) and touched > 1950-01-01",
        ),
        (
            "",
            "seen in the last 30 days",
            "(seen in the last 30 days or not (touched in the last 30 days)) and touched > 1950-01-01",
        ),
        (
            "",
            "heard in the last 2 hours",
            "(heard in the last 2 hours or not (opened in the last 2 hours)) and opened > 1950-01-01",
        ),
        (
            "",
            "heard in the last 30 days and heard at least 20 days ago",
            "(heard in the last 30 days and heard at least 20 days ago or not (opened in the last 30 days) or opened less than 20 days ago) \
             and opened > 1950-01-01",
        ),
        (
            "",
            "heard > 2026-01-31 and heard < 2026-02-02",
            "(heard > 2026-01-31 and heard < 2026-02-02 or opened <= 2026-01-31 or opened >= 2026-02-02) and opened > 1950-01-01",
        ),
    ] {
        let (teams, why) = asked(&policy(more, before), &policy(more, now));
        assert!(teams.contains(&"legal".to_owned()), "{now} {why}");
    }
}
