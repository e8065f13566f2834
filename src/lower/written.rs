//! `written as`: the pattern of a date or time, or an example of a number, checked before any cell is read with it.

use jiff::civil::{DateTime, date};
use jiff::fmt::strtime::{self, BrokenDownTime};

use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{NumberForm, Written};
use crate::syntax::ast;
use crate::types::Type;

/// An epoch form.
pub(super) fn as_epoch(unit: ast::EpochUnit) -> Written {
    match unit {
        ast::EpochUnit::Seconds => Written::EpochSeconds,
        ast::EpochUnit::Milliseconds => Written::EpochMilliseconds,
    }
}

/// A form given as text: a pattern for dates and times, an example for numbers; none when it is neither, which is reported.
pub(super) fn as_text(scope: &mut Scope, ty: &Type, form: &ast::Text) -> Option<Written> {
    let place = form.loc.0;
    let result = match ty {
        Type::Date | Type::DateTime => pattern(&form.value, *ty == Type::DateTime).map(Written::Strftime),
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => example(&form.value).map(Written::Like),
        Type::Text | Type::YesNo | Type::Choice(_) | Type::Set(_) => return None,
    };
    result.map_err(|fault| scope.report(fault.at(place, ""))).ok()
}

/// Moments that tell apart day and month, morning and afternoon, hour and minute. Seconds may be left out.
fn samples() -> [DateTime; 2] {
    [date(2031, 11, 22).at(17, 34, 0, 0), date(2003, 2, 1).at(4, 5, 0, 0)]
}

/// Checks a pattern by writing moments with it and reading them back.
fn pattern(form: &str, with_time: bool) -> Result<String, Diagnostic> {
    if form.contains("%s") {
        return Err(Diagnostic::new(Code::P0340, "seconds since 1970 are not written with a pattern")
            .help("type `written as epoch seconds`, without quotes"));
    }
    if !form.contains('%') {
        let fault = Diagnostic::new(Code::P0340, "this is not a pattern of a date");
        return Err(match from_letters(form, with_time) {
            Some(meant) => fault.help(format!("type `written as \"{meant}\"`")),
            None => fault.help(EXAMPLES),
        });
    }
    for sample in samples() {
        let Ok(text) = sample
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(drop)
            .and_then(|zoned| strtime::format(form, &zoned).map_err(drop))
        else {
            return Err(unknown_part(form));
        };
        let Ok(read) = BrokenDownTime::parse(form, &text) else { return Err(unknown_part(form)) };
        if read.to_date().ok() != Some(sample.date()) {
            return Err(Diagnostic::new(Code::P0340, "this pattern does not say which day it is")
                .help(format!("a day needs its day, month and year: {EXAMPLES}")));
        }
        if with_time && read.to_time().ok() != Some(sample.time()) {
            return Err(Diagnostic::new(Code::P0340, "this pattern does not say what time of the day it is")
                .help("add the hour and the minute, such as `%H:%M` or `%I:%M %p`, or make the field a `date`"));
        }
    }
    Ok(form.to_owned())
}

const EXAMPLES: &str = "`%d` is the day, `%m` the month, `%Y` the year, `%H:%M:%S` the time, such as `%d/%m/%Y %H:%M`";

fn unknown_part(form: &str) -> Diagnostic {
    let bad = conversions(form).into_iter().find(|part| {
        let sample = date(2031, 11, 22).at(17, 34, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        let text = sample.ok().and_then(|zoned| strtime::format(part, &zoned).ok());
        text.is_none_or(|text| BrokenDownTime::parse(part, text).is_err())
    });
    match bad {
        Some(part) => Diagnostic::new(Code::P0340, format!("`{part}` cannot be read in a date or time")).help(EXAMPLES),
        None => Diagnostic::new(Code::P0340, "no date can be read with this pattern").help(EXAMPLES),
    }
}

/// The parts of a pattern that begin with `%`, up to their letter.
fn conversions(form: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = form;
    while let Some((_, behind)) = rest.split_once('%') {
        let flags: String = behind.chars().take_while(|c| !c.is_alphabetic() && *c != '%').collect();
        let letter: String = behind.strip_prefix(flags.as_str()).unwrap_or_default().chars().take(1).collect();
        rest = behind.strip_prefix(flags.as_str()).and_then(|b| b.strip_prefix(letter.as_str())).unwrap_or_default();
        parts.push(format!("%{flags}{letter}"));
    }
    parts
}

/// `dd/mm/yyyy hh:mm` as a pattern, when it is one that reads back.
fn from_letters(form: &str, with_time: bool) -> Option<String> {
    let mut out = String::new();
    let mut hour_seen = false;
    let lower = form.to_lowercase();
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        let run = rest.chars().take_while(|c| *c == first).count();
        match (first, run) {
            ('d', 1 | 2) => out.push_str("%d"),
            ('m', 1 | 2) if hour_seen => out.push_str("%M"),
            ('m', 1 | 2) => out.push_str("%m"),
            ('m', 3) => out.push_str("%b"),
            ('y', 2) => out.push_str("%y"),
            ('y', 4) => out.push_str("%Y"),
            ('h', 1 | 2) => {
                hour_seen = true;
                out.push_str("%H");
            }
            ('s', 1 | 2) => out.push_str("%S"),
            _ => out.extend(rest.chars().take(run)),
        }
        rest = rest.trim_start_matches(first);
    }
    if out.contains('%') { pattern(&out, with_time).ok() } else { None }
}

/// The form of a number written like this example.
fn example(text: &str) -> Result<NumberForm, Diagnostic> {
    let fault = |message: &str| {
        Diagnostic::new(Code::P0341, message)
            .help("write a number as the data has it, such as `1.234,56`, `$1,200` or `1 200,50 €`")
    };
    let text = text.trim();
    let (Some(first), Some(last)) = (text.find(|c: char| c.is_ascii_digit()), text.rfind(|c: char| c.is_ascii_digit()))
    else {
        return Err(fault("this is not an example of a number"));
    };
    let prefix = text.get(..first).unwrap_or_default();
    let digits = text.get(first..=last).unwrap_or_default();
    let suffix = text.get(last + 1..).unwrap_or_default();
    if [prefix, suffix].iter().any(|dress| dress.contains(['+', '-', '(', ')', '.', ',', '\u{2212}'])) {
        return Err(fault("this example shows more than a plain number"));
    }
    let (group, point) = separators(digits).ok_or_else(|| fault("policyc cannot tell how this number is written"))?;
    Ok(NumberForm { prefix: prefix.to_owned(), suffix: suffix.to_owned(), group, point })
}

/// What separates thousands and what separates the fraction in an example; none when it is not clear.
fn separators(digits: &str) -> Option<(Option<char>, char)> {
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let parts: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let grouped = |parts: &[&str]| match parts {
        [head, rest @ ..] => {
            (1..=3).contains(&head.len()) && !head.starts_with('0') && rest.iter().all(|part| part.len() == 3)
        }
        [] => false,
    };
    let may_point = |c: char| c == '.' || c == ',';
    let may_group = |c: char| matches!(c, '.' | ',' | ' ' | '\'' | '’' | '_' | '\u{a0}' | '\u{202f}');
    let other_point = |group: char| if group == '.' { ',' } else { '.' };
    match marks.as_slice() {
        [] => Some((None, '.')),
        // One mark with three digits behind it groups: `$1,200`; a decimal comma is shown as `1200,5`.
        [mark] if may_group(*mark) && grouped(&parts) => Some((Some(*mark), other_point(*mark))),
        [mark] => may_point(*mark).then_some((None, *mark)),
        [groups @ .., last] => {
            let group = *groups.first()?;
            let same = groups.iter().all(|mark| *mark == group) && may_group(group);
            let (_, whole) = parts.split_last()?;
            if same && *last == group && grouped(&parts) {
                Some((Some(group), other_point(group)))
            } else if same && *last != group && may_point(*last) && grouped(whole) {
                Some((Some(group), *last))
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{example, from_letters, pattern};

    fn form(text: &str) -> Option<(String, String, Option<char>, char)> {
        example(text).ok().map(|f| (f.prefix, f.suffix, f.group, f.point))
    }

    #[test]
    fn examples_of_numbers_say_how_numbers_are_written() {
        let is = |text, prefix: &str, suffix: &str, group, point| {
            assert_eq!(form(text), Some((prefix.to_owned(), suffix.to_owned(), group, point)), "{text}");
        };
        is("1.234,56", "", "", Some('.'), ',');
        is("1,234.56", "", "", Some(','), '.');
        is("$1,200", "$", "", Some(','), '.');
        is("1.200", "", "", Some('.'), ',');
        is("1 200,50 €", "", " €", Some(' '), ',');
        is("EUR 1'234'567.8", "EUR ", "", Some('\''), '.');
        is("1,234,567", "", "", Some(','), '.');
        is("0,123", "", "", None, ',');
        is("1200,5", "", "", None, ',');
        is("1200", "", "", None, '.');
        is("20,5 %", "", " %", None, ',');
        for wrong in ["", "abc", "-5", "(1,200)", "1-2", "1,23,456", "1.2.3", "1,234.567,8", "12 34,5", "1.234,"] {
            assert_eq!(form(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn patterns_of_dates_must_read_back() {
        for right in ["%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d.%m.%y", "%m/%d/%Y %H:%M", "%F", "%A, %d %B %Y"] {
            assert!(pattern(right, false).is_ok(), "{right}");
        }
        for right in ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%m/%d/%Y %I:%M %p", "%Y-%m-%dT%H:%M:%S.%f%z"] {
            assert!(pattern(right, true).is_ok(), "{right}");
        }
        for wrong in ["", "%d/%m", "%Y", "%H:%M", "%K", "%", "dd/mm/yyyy", "%d/%m/%Y %Z", "%é", "%s"] {
            assert!(pattern(wrong, false).is_err(), "{wrong}");
        }
        for wrong in ["%d/%m/%Y", "%d/%m/%Y %I:%M", "%d/%m/%Y %H"] {
            assert!(pattern(wrong, true).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spreadsheet_patterns_are_translated() {
        assert_eq!(from_letters("dd/mm/yyyy", false).as_deref(), Some("%d/%m/%Y"));
        assert_eq!(from_letters("MM/DD/YYYY hh:mm", true).as_deref(), Some("%m/%d/%Y %H:%M"));
        assert_eq!(from_letters("day", false), None);
    }
}
