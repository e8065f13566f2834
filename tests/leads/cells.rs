//! One cell at a time: every type, every way of writing, every fault.

use policyc::ir::{Cell, Field, NumberForm, TextTest, Written};
use policyc::types::{Currency, Number, Type};

use crate::by_hand::{alias, any_of, cell, field, json_cell, one_of};

fn number(text: &str) -> Number {
    Number::parse_decimal(text).unwrap()
}

fn written(ty: Type, written: Written) -> Field {
    Field { cell: Cell { written: Some(written), ..Cell::default() }, ..field("x", ty) }
}

fn like(prefix: &str, group: Option<char>, point: char, suffix: &str) -> Field {
    let form = NumberForm { prefix: prefix.into(), suffix: suffix.into(), group, point };
    written(Type::Money(Currency::USD), Written::Like(form))
}

#[test]
fn texts_are_trimmed_and_empty_is_missing() {
    let text = field("x", Type::Text);
    assert_eq!(cell(&text, "  Ann \u{a0}"), "\"Ann\"");
    assert_eq!(cell(&text, "   "), "missing");
    assert_eq!(cell(&text, "a \"b\"\nc"), "\"a \\\"b\\\"\\nc\"");
    assert_eq!(json_cell(&text, "null"), "missing");
    assert_eq!(json_cell(&text, "\" \\u00e9\\ud83d\\ude00 \""), "\"é😀\"");
    assert_eq!(json_cell(&text, "12.50"), "\"12.50\"");
    assert_eq!(json_cell(&text, "true"), "\"true\"");
    assert_eq!(
        json_cell(&text, "\"\\ud83d\""),
        "P0608 the cell is no text: it has half of a character (a `\\u` escape without its pair) or bytes that are not UTF-8"
    );
}

#[test]
fn blanks_are_missing() {
    let blanks = |ignoring_case, blanks: &[&str]| Field {
        cell: Cell { blanks: blanks.iter().map(ToString::to_string).collect(), ignoring_case, ..Cell::default() },
        ..field("x", Type::Text)
    };
    assert_eq!(cell(&blanks(false, &["n/a", "unknown"]), " n/a "), "missing");
    assert_eq!(cell(&blanks(false, &["n/a"]), "N/A"), "\"N/A\"");
    assert_eq!(cell(&blanks(true, &["n/a"]), "N/A"), "missing");
    let blank_numbers = |ty| Field {
        cell: Cell { blank_numbers: vec![number("999")], blanks: vec!["-".into()], ..Cell::default() },
        max: Some(number("100")),
        ..field("x", ty)
    };
    assert_eq!(cell(&blank_numbers(Type::Number), "999.0"), "missing");
    assert_eq!(cell(&blank_numbers(Type::WholeNumber), "-"), "missing");
    assert_eq!(cell(&blank_numbers(Type::WholeNumber), "998"), "P0615 `998` is above 100, the largest value of `x`");
    assert_eq!(json_cell(&blank_numbers(Type::WholeNumber), "9.99e2"), "missing");
}

#[test]
fn numbers_are_exact() {
    let any = field("x", Type::Number);
    for (text, value) in [("0.1", "0.1"), ("-12", "-12"), ("+5", "5"), (".5", "0.5"), ("007", "7"), ("3.0", "3")] {
        assert_eq!(cell(&any, text), value);
    }
    assert_eq!(cell(&any, "123456789012345678.123456789012345678"), "123456789012345678.123456789012345678");
    assert_eq!(
        cell(&any, "1234567890123456789"),
        "P0616 `1234567890123456789` has more than 18 digits before or behind the point"
    );
    for text in ["abc", "1e3", "--1", "-", ".", "1 2 x 3", "0x10", "NaN", "inf", "١٢"] {
        let said = cell(&any, text);
        assert!(said.starts_with(&format!("P0611 `{text}` is not a number")), "{said}");
    }
    assert_eq!(json_cell(&any, "0.1"), "0.1");
    assert_eq!(json_cell(&any, "1e3"), "1000");
    assert_eq!(json_cell(&any, "-1.25E-2"), "-0.0125");
    assert_eq!(
        json_cell(&any, "0e999999999999"),
        "P0616 `0e999999999999` has more than 18 digits before or behind the point"
    );
    assert_eq!(json_cell(&any, "1e-30"), "P0616 `1e-30` has more than 18 digits before or behind the point");
    assert_eq!(
        json_cell(&any, "1e999999999"),
        "P0616 `1e999999999` has more than 18 digits before or behind the point"
    );
    assert_eq!(
        json_cell(&any, "123456789012345678901"),
        "P0616 `123456789012345678901` has more than 18 digits before or behind the point"
    );
    assert_eq!(json_cell(&any, "\"0.1\""), "0.1");
    assert_eq!(json_cell(&any, "true"), "P0611 `true` is not a number");
}

#[test]
fn whole_numbers_and_ranges() {
    let need = Field { min: Some(number("0")), max: Some(number("5")), ..field("need", Type::WholeNumber) };
    assert_eq!(cell(&need, "3.0"), "3");
    assert_eq!(cell(&need, "3.5"), "P0611 `3.5` is not a whole number");
    assert_eq!(cell(&need, "0"), "0");
    assert_eq!(cell(&need, "5"), "5");
    assert_eq!(cell(&need, "9"), "P0615 `9` is above 5, the largest value of `need`");
    assert_eq!(cell(&need, "-1"), "P0615 `-1` is below 0, the smallest value of `need`");
    assert_eq!(cell(&need, "many"), "P0611 `many` is not a whole number");
}

#[test]
fn percentages() {
    let share = Field { max: Some(number("1")), ..field("share", Type::Percent) };
    assert_eq!(cell(&share, "20"), "0.2");
    assert_eq!(cell(&share, "20 %"), "0.2");
    assert_eq!(cell(&share, "0.5%"), "0.005");
    assert_eq!(json_cell(&share, "20"), "0.2");
    assert_eq!(cell(&share, "120%"), "P0615 `120%` is above 100%, the largest value of `share`");
    assert_eq!(cell(&share, "a lot"), "P0611 `a lot` is not a percentage");
    assert_eq!(cell(&share, "12,5%"), "P0611 `12,5%` is not a percentage; add `written as \"1.234,56%\"`");
    let german = NumberForm { prefix: String::new(), suffix: " %".into(), group: Some('.'), point: ',' };
    assert_eq!(cell(&written(Type::Percent, Written::Like(german)), "12,5\u{a0}%"), "0.125");
}

#[test]
fn numbers_written_like_an_example() {
    let us = like("$", Some(','), '.', "");
    for (text, value) in [("$1,200", "1200"), ("1200.5", "1200.5"), ("-$1,234,567.89", "-1234567.89"), ("$-5", "-5")] {
        assert_eq!(cell(&us, text), value);
    }
    for text in ["$1,20", "1,2000", "1.200,50", "€5", "$", "1,,200", "--5", "-$-5", ",200"] {
        assert_eq!(cell(&us, text), format!("P0611 `{text}` is not an amount of money written as `$1,234.56`"));
    }
    let french = like("", Some(' '), ',', " €");
    for (text, value) in
        [("1 200,50 €", "1200.5"), ("1\u{202f}200,50\u{a0}€", "1200.5"), ("12", "12"), ("-0,5", "-0.5")]
    {
        assert_eq!(cell(&french, text), value);
    }
    for text in ["900.50 €", "1.200", "1.200,50"] {
        assert_eq!(cell(&french, text), format!("P0611 `{text}` is not an amount of money written as `1 234,56 €`"));
    }
    let swiss = like("CHF ", Some('\''), '.', "");
    assert_eq!(cell(&swiss, "CHF 1’200.50"), "1200.5");
    // A JSON number has no other way to be written.
    assert_eq!(json_cell(&french, "1200.5"), "1200.5");
    assert_eq!(json_cell(&french, "\"1 200,5\""), "1200.5");
}

#[test]
fn a_number_that_is_not_plain_says_what_to_add() {
    let amount = field("x", Type::Money(Currency::USD));
    for (text, hint) in [
        ("1,200", "add `written as \"1,234.56\"` or `written as \"1.234,56\"`"),
        ("$1,200.50", "add `written as \"$1,234.56\"`"),
        ("1.200,50", "add `written as \"1.234,56\"`"),
        ("1 200,50 €", "add `written as \"1 234,56 €\"`"),
        ("-1,5", "add `written as \"1.234,56\"`"),
        ("1'200", "add `written as \"1'234.56\"`"),
        ("$10", "add `written as \"$1,234.56\"`"),
    ] {
        assert_eq!(cell(&amount, text), format!("P0611 `{text}` is not an amount of money; {hint}"));
    }
    assert_eq!(
        cell(&amount, "1.2E+06"),
        "P0611 `1.2E+06` is not an amount of money; write all its digits, without an exponent"
    );
    for text in ["room 5, floor 3", "x\u{1b}]0;t\u{7}", "#5", "5\u{fffd}"] {
        assert_eq!(cell(&amount, text), format!("P0611 `{text}` is not an amount of money"));
    }
}

#[test]
fn yes_or_no_in_the_spellings_of_crms() {
    let flag = field("x", Type::YesNo);
    for text in ["yes", "YES", "True", "on", "1", "y", " Y "] {
        assert_eq!(cell(&flag, text), "yes");
    }
    for text in ["no", "No", "FALSE", "off", "0", "n"] {
        assert_eq!(cell(&flag, text), "no");
    }
    assert_eq!(json_cell(&flag, "true"), "yes");
    assert_eq!(json_cell(&flag, "0"), "no");
    assert_eq!(
        cell(&flag, "maybe"),
        "P0612 `maybe` is neither yes nor no; a cell may be yes, no, true, false, on, off, y, n, 1 or 0"
    );
}

#[test]
fn dates() {
    let day = field("x", Type::Date);
    assert_eq!(cell(&day, "2026-10-01"), "2026-10-01");
    assert_eq!(cell(&day, "2026-10-01T00:00:00.000+0000"), "2026-10-01");
    assert_eq!(cell(&day, "2026-10-01 00:00"), "2026-10-01");
    // Midnight on a day that calendars have, though no clock gets there.
    assert_eq!(cell(&day, "9999-12-31T00:00:00Z"), "9999-12-31");
    assert_eq!(
        cell(&day, "2026-10-01T09:30:00Z"),
        "P0613 `2026-10-01T09:30:00Z` has a time of day, but `x` is a date; declare it as `date and time`"
    );
    for (text, hint) in [
        ("03/04/2026", "; add `written as \"%d/%m/%Y\"` or `written as \"%m/%d/%Y\"`"),
        ("13/04/2026", "; add `written as \"%d/%m/%Y\"`"),
        ("04/13/2026", "; add `written as \"%m/%d/%Y\"`"),
        ("1.10.2026", "; add `written as \"%d.%m.%Y\"`"),
        ("20261001", "; add `written as \"%Y%m%d\"`"),
        ("Oct 1, 2026", "; add `written as \"%b %d, %Y\"`"),
        ("1 Oct 2026", "; add `written as \"%d %b %Y\"`"),
        ("1790812800000", "; add `written as epoch milliseconds`"),
        ("1790812800", "; add `written as epoch seconds`"),
        ("2026-13-01", ""),
        ("2026-02-30", ""),
        ("soon", ""),
    ] {
        assert_eq!(cell(&day, text), format!("P0613 `{text}` is not a date{hint}"));
    }
    let german = written(Type::Date, Written::Strftime("%d.%m.%Y".into()));
    assert_eq!(cell(&german, "01.10.2026"), "2026-10-01");
    assert_eq!(cell(&german, "1.2.2026"), "2026-02-01");
    assert_eq!(cell(&german, "2026-10-01"), "P0613 `2026-10-01` is not a date written as `%d.%m.%Y`");
    assert_eq!(cell(&german, "31.02.2026"), "P0613 `31.02.2026` is not a date written as `%d.%m.%Y`");
    let epoch = written(Type::Date, Written::EpochMilliseconds);
    assert_eq!(cell(&epoch, "1790812800000"), "2026-10-01");
    assert_eq!(json_cell(&epoch, "1790812800000"), "2026-10-01");
    assert!(cell(&epoch, "1790812800001").starts_with("P0613 `1790812800001` has a time of day"));
}

#[test]
fn times() {
    // The policy's zone is Europe/Berlin: two hours ahead of UTC in summer, one in winter.
    let time = field("x", Type::DateTime);
    for (text, instant) in [
        ("2026-10-01T09:30", "2026-10-01T07:30:00Z"),
        ("2026-10-01 09:30:00", "2026-10-01T07:30:00Z"),
        ("2026-10-01T09:30:00Z", "2026-10-01T09:30:00Z"),
        ("2026-10-01T09:30:00+02:00", "2026-10-01T07:30:00Z"),
        ("2026-10-01T09:30:00.250+0000", "2026-10-01T09:30:00.25Z"),
        ("2026-10-01T09:30:00-0530", "2026-10-01T15:00:00Z"),
        ("2026-12-01T09:30", "2026-12-01T08:30:00Z"),
        ("2026-10-01", "2026-09-30T22:00:00Z"),
        // The hour that is skipped in spring, and the one that comes twice in autumn.
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
    ] {
        assert_eq!(cell(&time, text), instant, "{text}");
    }
    assert_eq!(
        cell(&time, "10/1/2026 9:30 AM"),
        "P0613 `10/1/2026 9:30 AM` is not a date and time; add `written as \"%d/%m/%Y %I:%M %p\"` or `written as \"%m/%d/%Y %I:%M %p\"`"
    );
    assert_eq!(cell(&time, "2026-10-01T25:00"), "P0613 `2026-10-01T25:00` is not a date and time");
    assert_eq!(cell(&time, "9999-12-31T23:59:59Z"), "P0613 `9999-12-31T23:59:59Z` is a time beyond all calendars");
    let american = written(Type::DateTime, Written::Strftime("%m/%d/%Y %I:%M %p".into()));
    assert_eq!(cell(&american, "10/1/2026 9:30 AM"), "2026-10-01T07:30:00Z");
    let offset = written(Type::DateTime, Written::Strftime("%d.%m.%Y %H:%M %z".into()));
    assert_eq!(cell(&offset, "01.10.2026 09:30 +0000"), "2026-10-01T09:30:00Z");
    let seconds = written(Type::DateTime, Written::EpochSeconds);
    assert_eq!(cell(&seconds, "1790847000.5"), "2026-10-01T09:30:00.5Z");
    assert_eq!(cell(&seconds, "-1"), "1969-12-31T23:59:59Z");
    assert_eq!(
        cell(&seconds, "999999999999999"),
        "P0613 `999999999999999` is not a date and time written as epoch seconds"
    );
}

#[test]
fn one_of_its_values() {
    let title = field("title", one_of(&["Manager", "VP", "C-level"], false));
    assert_eq!(cell(&title, " VP "), "#1");
    assert_eq!(cell(&title, "VPP"), "P0614 `VPP` is not a value of `title`; did you mean `VP`?");
    assert_eq!(
        cell(&title, "vp"),
        "P0614 `vp` is not a value of `title`; `VP` is, but for upper and lower case: add `ignoring case`"
    );
    assert_eq!(cell(&title, "Chef de rang"), "P0614 `Chef de rang` is not a value of `title`");
    let other = field("title", one_of(&["Manager"], true));
    assert_eq!(cell(&other, "Chef de rang"), "other \"Chef de rang\"");
    assert_eq!(json_cell(&other, "7"), "other \"7\"");
    assert_eq!(
        json_cell(&other, "[\"Manager\"]"),
        "P0608 `[Manager]` is a list, where a single value is expected; only an `any of` field takes a list"
    );
    assert_eq!(json_cell(&other, "{\"a\": 1}"), "P0608 `{…}` is an object, where a single value is expected");
}

#[test]
fn further_spellings() {
    let spelled = |ignoring_case| Field {
        cell: Cell {
            ignoring_case,
            aliases: vec![
                alias(1, TextTest::Whole, "Vice President"),
                alias(1, TextTest::ContainsWord, "VP"),
                alias(0, TextTest::Contains, "Manag"),
            ],
            ..Cell::default()
        },
        ..field("title", one_of(&["Manager", "VP"], true))
    };
    assert_eq!(cell(&spelled(false), "Vice President"), "#1");
    assert_eq!(cell(&spelled(false), "SVP Sales"), "other \"SVP Sales\"");
    assert_eq!(cell(&spelled(false), "VP, Managing"), "#1");
    assert_eq!(cell(&spelled(false), "Management"), "#0");
    assert_eq!(cell(&spelled(false), "vp sales"), "other \"vp sales\"");
    assert_eq!(cell(&spelled(true), "vp sales"), "#1");
    assert_eq!(cell(&spelled(true), "vIcE president"), "#1");
}

#[test]
fn any_of_its_values() {
    let set = |separator: Option<&str>, blank_is_empty_set| Field {
        cell: Cell { separator: separator.map(Into::into), blank_is_empty_set, ..Cell::default() },
        ..field("interests", any_of(&["pricing", "security", "api"]))
    };
    assert_eq!(cell(&set(Some(";"), false), "api; pricing;;api;"), "{0, 2}");
    assert_eq!(cell(&set(None, false), "api,pricing"), "{0, 2}");
    assert_eq!(cell(&set(None, false), ""), "missing");
    assert_eq!(cell(&set(None, false), " , "), "missing");
    assert_eq!(cell(&set(None, true), ""), "{}");
    assert_eq!(json_cell(&set(None, true), "[]"), "{}");
    assert_eq!(json_cell(&set(None, false), "[]"), "missing");
    assert_eq!(json_cell(&set(Some(";"), false), "[\"api\", null, \" pricing \"]"), "{0, 2}");
    assert_eq!(
        cell(&set(Some(";"), false), "api;pricng"),
        "P0614 `pricng` is not a value of `interests`; did you mean `pricing`?"
    );
    assert_eq!(
        json_cell(&set(None, false), "[[\"api\"]]"),
        "P0608 `[{…}]` is a list that holds more than single values"
    );
}

#[test]
fn required_and_else_missing() {
    let required = Field { required: true, ..field("need", Type::WholeNumber) };
    assert_eq!(cell(&required, " "), "P0617 `need` is required, but missing");
    let lenient = Field { else_missing: true, ..field("need", Type::WholeNumber) };
    assert_eq!(cell(&lenient, "many"), "missing");
    let both = Field { required: true, else_missing: true, ..field("need", Type::WholeNumber) };
    assert_eq!(cell(&both, "many"), "P0617 `need` is required, but missing");
}

#[test]
fn personal_values_are_not_shown() {
    let email = Field { personal: true, ..field("title", one_of(&["VP"], false)) };
    assert_eq!(cell(&email, "VPP"), "P0614 `•••` is not a value of `title`");
}
