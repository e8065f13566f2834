//! Days in force: what is decided on which day, by which of several versions, and what `check` says of their days.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod support {
    pub(crate) mod git;
}

use policyc::diagnostic::{Code, Diagnostic};
use policyc::ir::Policy;
use policyc::versions::{Version, findings};
use support::git::Repo;

/// A version of a policy that passes leads with a need of at least `bar`.
fn version(title: &str, days: &str, bar: u8) -> String {
    let days = if days.is_empty() { String::new() } else { format!("  in force {days}\n") };
    format!(
        "policy \"{title}\"\n{days}  time zone America/New_York\n\nlead\n  number  id\n  need    whole number from 0 to 5\n\n\
         decisions\n  pass to sales\n  nurture\n\nneedy: pass to sales when need >= {bar}\n\notherwise nurture\n"
    )
}

/// A repository with these files, and leads.
fn folder(files: &[(&str, String)]) -> Repo {
    let repo = Repo::new();
    files.iter().for_each(|(path, text)| repo.write(path, text));
    repo.write("leads.csv", "number,need\nA,2\nB,4\n");
    repo
}

fn two_versions() -> Repo {
    folder(&[
        ("inbound/2026.policy", version("Inbound", "from 2026-01-01 until 2026-12-31", 2)),
        ("inbound/2027.policy", version("Inbound", "from 2027-01-01", 3)),
        ("inbound/words.policy", "define unused as 3\n".to_owned()),
    ])
}

/// How many leads are passed as of a time, or what is said instead.
fn passed(repo: &Repo, policy: &str, as_of: &str) -> Result<usize, String> {
    let ran = repo.policyc(&["decide", policy, "leads.csv", "--as-of", as_of]);
    match ran.code {
        0 => Ok(ran.out.matches("pass to sales").count()),
        code => {
            assert_eq!(code, 2, "{ran:?}");
            assert_eq!(ran.out, "", "{ran:?}");
            Err(ran.said())
        }
    }
}

#[test]
fn both_ends_are_in() {
    let repo = two_versions();
    let of = |as_of| passed(&repo, "inbound/2026.policy", as_of);
    assert_eq!(of("2026-01-01"), Ok(2));
    assert_eq!(of("2026-12-31"), Ok(2));
    // The day is that of the policy's time zone: here it is still the last one, and not yet the first.
    assert_eq!(of("2027-01-01T04:59:59Z"), Ok(2));
    assert!(
        of("2027-01-01T05:00:00Z")
            .unwrap_err()
            .contains("was in force until 2026-12-31, before the as-of day 2027-01-01")
    );
    let before = of("2026-01-01T04:59:59Z").unwrap_err();
    assert!(before.contains("comes into force on 2026-01-01, after the as-of day 2025-12-31"), "{before}");
    assert!(
        before.contains("give the version of then, or an `--as-of` on a day on which this one is in force"),
        "{before}"
    );
}

#[test]
fn the_version_of_then_is_named() {
    let repo = two_versions();
    let said = passed(&repo, "inbound/2026.policy", "2027-06-01").unwrap_err();
    assert!(said.contains("`inbound/2027.policy` is the version of then: give that one"), "{said}");
    let ran = repo.policyc(&["explain", "inbound/2027.policy", "leads.csv", "--lead", "A", "--as-of", "2026-06-01"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.said().contains("`inbound/2026.policy` is the version of then: give that one"), "{ran:?}");
    repo.commit("Both");
    let said = passed(&repo, "HEAD:inbound/2026.policy", "2027-06-01").unwrap_err();
    assert!(said.contains("`HEAD:inbound/2027.policy` is the version of then: give that one"), "{said}");
}

#[test]
fn a_folder_decides_by_the_version_in_force() {
    let repo = two_versions();
    assert_eq!(passed(&repo, "inbound", "2026-06-01"), Ok(2));
    assert_eq!(passed(&repo, "inbound", "2027-06-01"), Ok(1));
    let ran = repo.policyc(&["decide", "inbound", "leads.csv", "--as-of", "2027-06-01"]);
    assert!(
        ran.said().contains("note: `inbound/2027.policy` is the version that is in force on 2027-06-01"),
        "{ran:?}"
    );
    let ran = repo.policyc(&["explain", "inbound", "leads.csv", "--lead", "A", "--as-of", "2027-06-01"]);
    assert!(ran.code == 0 && ran.out.contains("needy: pass to sales"), "{ran:?}");
    repo.commit("Both");
    assert_eq!(passed(&repo, "HEAD:inbound", "2027-06-01"), Ok(1));
    // Nothing is written over what another version reads.
    let before = std::fs::read(repo.root.join("inbound/2026.policy")).unwrap();
    let ran = repo.policyc(&["decide", "inbound", "leads.csv", "--as-of", "2027-06-01", "-o", "inbound/2026.policy"]);
    assert_eq!((ran.code, std::fs::read(repo.root.join("inbound/2026.policy")).unwrap()), (2, before), "{ran:?}");
    // What is logged is the version.
    let ran = repo.policyc(&["decide", "inbound", "leads.csv", "--as-of", "2026-06-01", "--log", "a.log", "-q"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(std::fs::read_to_string(repo.root.join("a.log")).unwrap().contains("\"policy\":\"inbound/2026.policy\""));
}

#[test]
fn a_folder_that_says_nothing_clear_is_an_error() {
    let repo = two_versions();
    let said = passed(&repo, "inbound", "2025-06-01").unwrap_err();
    assert!(said.contains("no version in `inbound` is in force on 2025-06-01; there are `inbound/2026.policy` (from 2026-01-01 until 2026-12-31), `inbound/2027.policy` (from 2027-01-01)"), "{said}");
    repo.write("inbound/2027.policy", version("Inbound", "from 2026-12-31", 3));
    let said = passed(&repo, "inbound", "2026-12-31").unwrap_err();
    assert!(said.contains("several versions in `inbound` are in force on 2026-12-31: give one of them"), "{said}");
    repo.write("inbound/2027.policy", version("Outbound", "from 2027-01-01", 3));
    let said = passed(&repo, "inbound", "2026-06-01").unwrap_err();
    assert!(said.contains("`inbound` has several policies, such as \"Inbound\" in `inbound/2026.policy` and \"Outbound\" in `inbound/2027.policy`"), "{said}");
    repo.write("inbound/2027.policy", "policy \"Inbound\"\n");
    assert!(passed(&repo, "inbound", "2026-06-01").unwrap_err().contains("`inbound/2027.policy` does not check"));
    repo.write("words/words.policy", "define bar as 3\n");
    assert!(
        passed(&repo, "words", "2026-06-01").unwrap_err().contains("there is no policy in `words`, only libraries")
    );
}

#[test]
fn other_days_are_a_difference() {
    let repo = folder(&[
        ("old.policy", version("Inbound", "from 2026-01-01", 2)),
        ("new.policy", version("Inbound", "from 2026-02-01", 2)),
        ("words.policy", format!("# said again\n{}", version("Inbound", "from 2026-01-01", 2))),
    ]);
    let differ = |new: &str, more: &[&str]| repo.policyc(&[&["diff", "old.policy", new], more].concat()).code;
    assert_eq!([differ("new.policy", &["--exit-code"]), differ("new.policy", &[])], [1, 0]);
    assert_eq!(differ("words.policy", &["--exit-code"]), 0);
}

#[test]
fn check_finds_gaps_and_overlaps() {
    let repo = folder(&[
        ("a/1.policy", version("Inbound", "from 2026-01-01 until 2026-03-31", 2)),
        ("a/2.policy", version("Inbound", "from 2026-03-31 until 2026-05-31", 2)),
        ("a/3.policy", version("Inbound", "from 2026-06-03 until 2026-06-30", 2)),
        ("a/4.policy", version("Inbound", "from 2026-07-01", 2)),
        ("a/other.policy", version("Outbound", "", 2)),
    ]);
    let ran = repo.policyc(&["check", "a"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("in_force_check", ran.all());
    });
    assert_eq!(repo.policyc(&["check", "a", "--deny", "warnings"]).code, 1);
    // What another revision has are no other versions.
    repo.commit("All");
    assert!(!repo.policyc(&["check", "a/4.policy", "HEAD:a/4.policy"]).out.contains("P0240"));
    // One version alone says nothing of the others.
    assert_eq!(repo.policyc(&["check", "a/3.policy"]).out, "nothing found in 1 policy\n");
}

#[test]
fn a_title_that_is_nearly_that_of_another_policy_is_told() {
    let of = |title: &str| {
        let repo = folder(&[
            ("inbound/2026.policy", version("Inbound leads", "from 2026-01-01 until 2026-12-31", 2)),
            ("inbound/2027.policy", version(title, "from 2027-01-01", 3)),
        ]);
        repo.policyc(&["check", "inbound", "--deny", "warnings"])
    };
    for title in ["inbound leads", "Inbound  leads", "INBOUND LEADS "] {
        let told = of(title);
        assert!(told.code == 1 && told.out.contains("error P0244") && told.out.contains("2027.policy:1:8"), "{told:?}");
    }
    assert_eq!((of("Inbound leads").code, of("Inbound mails").code), (0, 0));
    // Of those that are always in force nobody says that they are versions.
    let repo = folder(&[("a/x.policy", version("Inbound", "", 2)), ("a/y.policy", version("inbound", "", 3))]);
    assert_eq!(repo.policyc(&["check", "a", "--deny", "warnings"]).code, 0);
}

fn policy(days: &str) -> Policy {
    let files = std::collections::HashMap::from([("a.policy".to_owned(), version("T", days, 2))]);
    policyc::lower::check("a.policy", &files).policy.unwrap()
}

/// The findings about versions with these days, called `1`, `2` and so on.
fn told(days: &[&str]) -> Vec<(usize, Code, String)> {
    let policies: Vec<Policy> = days.iter().map(|days| policy(days)).collect();
    let names: Vec<String> = (1..=days.len()).map(|name| name.to_string()).collect();
    let versions: Vec<Version<'_>> =
        names.iter().zip(&policies).map(|(name, policy)| Version { name, policy }).collect();
    let of = |(at, diagnostic): (usize, Diagnostic)| (at, diagnostic.code, diagnostic.message);
    findings(&versions).into_iter().map(of).collect()
}

#[test]
fn the_days_of_versions_are_compared() {
    let overlap = |at, one, other, days: &str| {
        (at, Code::P0240, format!("`{one}` and `{other}` are versions of one policy, and both in force {days}"))
    };
    let gap = |at, days: &str| (at, Code::P0241, format!("no version of \"T\" is in force {days}"));
    assert_eq!(told(&["from 2026-01-01"]), []);
    assert_eq!(told(&["from 2026-02-01", "from 2026-01-01 until 2026-01-31"]), []);
    assert_eq!(told(&["", ""]), [overlap(1, 1, 2, "on all days")]);
    assert_eq!(told(&["from 2026-01-01", ""]), [overlap(0, 2, 1, "from 2026-01-01 on")]);
    assert_eq!(
        told(&["from 2026-01-01", "from 2026-03-01 until 2026-03-31"]),
        [overlap(1, 1, 2, "from 2026-03-01 to 2026-03-31")]
    );
    assert_eq!(told(&["from 2026-01-01 until 2026-01-31", "from 2026-01-31"]), [overlap(1, 1, 2, "on 2026-01-31")]);
    assert_eq!(told(&["from 2026-01-01 until 2026-01-31", "from 2026-02-02"]), [gap(1, "on 2026-02-01")]);
    // One that lasts long hides the gap between two short ones.
    assert_eq!(
        told(&["from 2026-01-01 until 2026-12-31", "from 2026-02-01 until 2026-02-28", "from 2027-01-03"]),
        [overlap(1, 1, 2, "from 2026-02-01 to 2026-02-28"), gap(2, "from 2027-01-01 to 2027-01-02")]
    );
    assert_eq!(
        told(&["from 2026-01-01 until 9999-12-31", "from 2026-01-01"]),
        [overlap(1, 1, 2, "from 2026-01-01 on")]
    );
}

/// Three versions whose days follow each other, the second one in another time zone.
fn in_two_zones() -> [String; 3] {
    let berlin = |days| version("Inbound", days, 2).replace("America/New_York", "Europe/Berlin");
    [
        berlin("from 2026-01-01 until 2026-03-28"),
        version("Inbound", "from 2026-03-29 until 2026-10-24", 2),
        berlin("from 2026-10-25"),
    ]
}

#[test]
fn versions_in_two_time_zones_are_compared_by_the_hour() {
    let [one, two, three] = in_two_zones();
    let repo = folder(&[("a/1.policy", one), ("a/2.policy", two), ("a/3.policy", three)]);
    let ran = repo.policyc(&["check", "a", "--format", "json"]);
    for told in [
        r#"no version of \"Inbound\" is in force from 2026-03-28T19:00 to 2026-03-29T00:00 in America/New_York"#,
        "both in force from 2026-10-25T00:00 to 2026-10-25T05:00 in Europe/Berlin",
        "days do not begin at the same time in Europe/Berlin (`a/1.policy`) and in America/New_York (`a/2.policy`)",
    ] {
        assert!(ran.out.contains(told), "{told}: {ran:?}");
    }
    assert_eq!(repo.policyc(&["check", "a", "--deny", "P0240"]).code, 1);
    // Zones that go alike are one.
    let [one, two, three] = in_two_zones().map(|text| text.replace("America/New_York", "Europe/Paris"));
    let repo = folder(&[("a/1.policy", one), ("a/2.policy", two), ("a/3.policy", three)]);
    assert_eq!(repo.policyc(&["check", "a"]).out, "nothing found in 3 policies\n");
}

#[test]
fn what_is_said_of_two_time_zones_does_not_contradict_itself() {
    let [one, two, three] = in_two_zones();
    let repo = folder(&[("a/1.policy", one), ("a/2.policy", two), ("a/3.policy", three)]);
    let none = passed(&repo, "a", "2026-03-28T23:30:00Z").unwrap_err();
    let versions = "there are `a/1.policy` (from 2026-01-01 until 2026-03-28 in Europe/Berlin), `a/2.policy` (from \
                    2026-03-29 until 2026-10-24 in America/New_York), `a/3.policy` (from 2026-10-25 in Europe/Berlin)";
    assert!(none.contains(&format!("no version in `a` is in force as of 2026-03-28T23:30:00Z; {versions}")), "{none}");
    let several = passed(&repo, "a", "2026-10-25T00:00:00Z").unwrap_err();
    assert!(
        several.contains("several versions in `a` are in force as of 2026-10-25T00:00:00Z: give one of them"),
        "{several}"
    );
    // A day is one of each version's own zone.
    assert_eq!(passed(&repo, "a", "2026-03-28"), Ok(2));
    let ran = repo.policyc(&["decide", "a", "leads.csv", "--as-of", "2026-03-29"]);
    assert!(
        ran.said().contains("`a/2.policy` is the version that is in force on 2026-03-29 in America/New_York"),
        "{ran:?}"
    );
    assert!(passed(&repo, "a", "2025-12-31").unwrap_err().contains("is in force on 2025-12-31; there are"));
}

#[test]
fn a_day_behind_all_times_is_refused() {
    let repo = folder(&[("a.policy", version("Inbound", "from 2026-01-01", 2))]);
    let said = passed(&repo, "a.policy", "9999-12-31").unwrap_err();
    assert!(said.contains("the as-of time is further away than times go"), "{said}");
    assert_eq!(passed(&repo, "a.policy", "9999-12-29"), Ok(2));
}

/// What is said of the days of these versions.
fn said_of(days: [&str; 2]) -> Vec<String> {
    let policies = days.map(policy);
    let names = ["a.policy", "b.policy"];
    let versions: Vec<_> = names.into_iter().zip(&policies).map(|(name, policy)| Version { name, policy }).collect();
    let said =
        findings(&versions).into_iter().map(|(_, found)| [vec![found.message], found.help.into_iter().collect()]);
    said.flatten().flatten().collect()
}

#[test]
fn what_ends_a_version_before_the_next_one_can_be_typed() {
    for (before, line) in [
        ("", "in force from 2026-01-01 until 2026-12-31"),
        ("from 2025-04-01", "in force from 2025-04-01 until 2026-12-31"),
    ] {
        let said = said_of([before, "from 2027-01-01"]);
        assert!(said.iter().any(|said| said.contains(&format!("`{line}`"))), "{said:?}");
        assert_eq!(said_of([line.strip_prefix("in force ").unwrap(), "from 2027-01-01"]), Vec::<String>::new());
    }
}

#[test]
fn the_last_days_of_all_are_those_of_one_version() {
    assert_eq!(said_of(["from 2026-01-01 until 9999-12-30", "from 9999-12-31"]), Vec::<String>::new());
}

#[test]
fn a_day_that_a_time_zone_went_over_is_told() {
    let apia = version("Inbound", "from 2011-01-01", 2).replace("America/New_York", "Pacific/Apia");
    let repo = folder(&[("a.policy", apia)]);
    let said = passed(&repo, "a.policy", "2011-12-30").unwrap_err();
    assert!(said.contains("there is no 2011-12-30 in Pacific/Apia: clocks there have gone over it"), "{said}");
    assert_eq!([passed(&repo, "a.policy", "2011-12-29"), passed(&repo, "a.policy", "2011-12-31")], [Ok(2), Ok(2)]);
}
