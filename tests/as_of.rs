//! A time that is given says one thing, or is refused: nothing is read into it or left out of it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use policyc::types::{Given, NotGiven};

mod support {
    pub(crate) mod binary;
}

use support::binary::{code, folder, run};

const FORM: &str = "type a date (2026-10-01) or a time (2026-10-01T09:30)";

fn refused(text: &str) -> String {
    text.parse::<Given>().unwrap_err().to_string()
}

#[test]
fn a_date_is_a_day_and_a_time_what_it_says() {
    assert_eq!("2026-01-01".parse(), Ok(Given::Day("2026-01-01".parse().unwrap())));
    assert_eq!("2024-02-29".parse(), Ok(Given::Day("2024-02-29".parse().unwrap())));
    for local in ["2026-01-01T10:30", "2026-01-01 10:30", "2026-01-01t10:30:00", "2026-01-01T10:30:00.000"] {
        assert_eq!(local.parse(), Ok(Given::Local("2026-01-01T10:30:00".parse().unwrap())), "{local}");
    }
    for instant in ["2026-01-01T10:30-05:00", "2026-01-01 15:30Z", "2026-01-01T15:30:00z", "2026-01-01T17:30:00+0200"] {
        assert_eq!(instant.parse(), Ok(Given::Instant("2026-01-01T15:30:00Z".parse().unwrap())), "{instant}");
    }
}

#[test]
fn what_could_be_read_as_another_time_is_refused() {
    for text in [
        "",
        "20260101",
        "+002026-01-01",
        "-002026-01-01",
        "2026-001",
        "2026-1-1",
        "2026-W01-1",
        "2026-01-01T",
        "2026-01-01T10",
        "2026-01-01T1030",
        "20260101T1030",
        "2026-01-01x10:30",
        "2026-01-01T10:30:",
        "2026-01-01T25:00",
        "2026-01-01T10:30+99:00",
        "9999-12-31T23:59-12:00",
        "2026-01-01 ",
        " 2026-01-01",
        "２０２６-01-01",
        "yesterday",
    ] {
        assert_eq!(refused(text), FORM, "{text}");
    }
    for text in ["2026-01-01[America/New_York]", "2026-01-01T10:30[America/New_York]", "2026-01-01T10:30Z[u-ca=hebrew]"]
    {
        assert_eq!(text.parse::<Given>(), Err(NotGiven::Zone), "{text}");
    }
    // A leap second, too: no time zone of ours has one.
    for text in ["2016-12-31T23:59:60Z", "2026-01-01T10:30:60", "2026-01-01 10:30:75"] {
        assert_eq!(text.parse::<Given>(), Err(NotGiven::Second), "{text}");
    }
}

#[test]
fn of_a_day_that_does_not_exist_it_is_said_how_long_its_month_is() {
    assert_eq!(refused("2026-02-29"), "there is no 2026-02-29: February 2026 has 28 days");
    assert_eq!(refused("2026-04-31T09:30"), "there is no 2026-04-31: April 2026 has 30 days");
    assert_eq!(refused("2026-12-00"), "there is no 2026-12-00: December 2026 has 31 days");
    assert_eq!(refused("2026-13-01"), "there is no 2026-13-01: the months go from 01 to 12");
}

#[test]
fn the_switch_and_the_configuration_say_so() {
    let folder = folder(&[]);
    let said = |text: &str| {
        let output = run(folder.path(), &["decide", "p.policy", "l.csv", "--as-of", text]);
        assert_eq!(code(&output), 2, "{text}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said("20260101").contains(FORM));
    assert!(said("2026-02-29").contains(": there is no 2026-02-29: February 2026 has 28 days\n"));
    assert!(said("2026-01-01T10:30[America/New_York]").contains(": leave the brackets out: "));

    let config = |text: &str| {
        std::fs::create_dir_all(folder.path().join(".git")).unwrap();
        std::fs::write(folder.path().join("policyc.toml"), format!("as-of = {text}\n")).unwrap();
        String::from_utf8(run(folder.path(), &["check"]).stderr).unwrap()
    };
    assert!(config("\"20260101\"").contains("`as-of` wants a date or a time; `20260101` is none"));
    assert!(
        config("\"2026-02-29\"")
            .contains("`as-of` wants a date or a time; there is no 2026-02-29: February 2026 has 28 days")
    );
    assert!(
        config("2026-01-01T10:30:60")
            .contains("`as-of` wants a date or a time; the seconds of a time go from 00 to 59")
    );
}
