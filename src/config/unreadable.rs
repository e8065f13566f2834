//! A line that is no TOML: what is wrong with it in the words of somebody who never heard of TOML, and what to type instead.
//!
//! The reader's own words say what it expected, not what was meant; what was meant shows in the line.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, Span};
use crate::types::{Given, NotGiven};

/// What is wrong at a place of a file that cannot be read further.
pub(super) fn line(file: &SourceFile, at: Range<usize>, words: &str) -> Diagnostic {
    let Seen { place, message, help } = seen(&file.text, at, words);
    let place = Span::new(file.id, place.start, place.end);
    Diagnostic::new(Code::P0711, message).at(place, "").help(help)
}

struct Seen {
    place: Range<usize>,
    message: String,
    help: String,
}

fn seen(text: &str, at: Range<usize>, words: &str) -> Seen {
    if let Some(sign) = sides_of_a_merge(text) {
        let message = "a merge has left both of its sides here".to_owned();
        let help =
            "keep what both teams agree on, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`";
        return Seen { place: sign, message, help: help.to_owned() };
    }
    let start = text.get(..at.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let here =
        |message: &str, help: &str| Seen { place: at.clone(), message: message.to_owned(), help: help.to_owned() };
    let is = |beginning: &str| words.starts_with(beginning);
    if is("duplicate key") {
        return here("this key stands there twice", "take one of the two out");
    }
    if line.split('#').next().is_some_and(|line| line.matches('"').count() % 2 == 1) {
        return here("a text in this line does not end", "type `\"` before and behind it: `policies = [\"policies\"]`");
    }
    let bare = line.split('"').next().unwrap_or_default();
    let first_in_line = text.get(start..at.start).is_some_and(|before| before.trim().is_empty());
    if is("missing comma") && first_in_line && (bare.contains('=') || bare.trim().starts_with('[') && bare == line) {
        return here("the list above this does not end", "type `]` behind its last value: `policies = [\"policies\"]`");
    }
    if is("missing comma") {
        return here(
            "a comma is missing before this",
            "type commas between values: `policies = [\"policies\", \"more\"]`",
        );
    }
    if is("unclosed array table") || is("unclosed table") {
        let table = line.trim().trim_matches(['[', ']']).trim();
        return here("`]` is missing at the end of this line", &format!("type `[{table}]`"));
    }
    if is("unclosed array") {
        return here("this list does not end", "type `]` behind its last value: `policies = [\"policies\"]`");
    }
    if is("key with no value") && !line.contains('=') {
        return no_value(line, here);
    }
    let begins_line = is("string values must be quoted");
    value(text, start + line.len(), &at, begins_line).unwrap_or_else(|| {
        here(
            "this line cannot be read",
            "type a line as `key = value`: texts stand in double quotes, lists in `[` and `]`; a line `[test]` begins a table",
        )
    })
}

/// The first line of what a merge has left.
fn sides_of_a_merge(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').find_map(|line| {
        let sign = start..start + line.trim_end().len();
        start += line.len();
        line.starts_with("<<<<<<<").then_some(sign)
    })
}

/// A line without `=`.
fn no_value(line: &str, here: impl Fn(&str, &str) -> Seen) -> Seen {
    let line = line.trim();
    if ["//", "--", ";"].iter().any(|sign| line.starts_with(sign)) {
        return here("this is no remark", "type `#` before a remark");
    }
    match line.split_once(':').filter(|(key, _)| !key.contains(['"', ' '])) {
        Some((key, value)) => here("`:` stands where `=` belongs", &format!("type `{key} = {}`", value.trim())),
        None => {
            here("`=` is missing in this line", "type a line as `key = value`, such as `policies = [\"policies\"]`")
        }
    }
}

/// A value that is none: where one begins in front of the place, or there, and not behind `end`. In a list it may begin a line.
fn value(text: &str, end: usize, at: &Range<usize>, begins_line: bool) -> Option<Seen> {
    let before = text.get(..at.start)?;
    let start = before.rfind(['=', '[', ',', '\n']).map_or(0, |sign| sign + 1);
    let sign = before.get(start.checked_sub(1)?..)?.chars().next()?;
    if !(matches!(sign, '=' | '[' | ',') || begins_line) {
        return None;
    }
    let all = text.get(start..end)?;
    let quoted = all.trim_start().starts_with('"');
    let closed = all.rfind('"').filter(|at| all.get(..*at).is_some_and(|before| before.contains('"')));
    let found = match (quoted, closed) {
        (true, Some(last)) => all.get(..=last)?,
        (true, None) => all,
        (false, _) => all.split([',', ']', '#']).next()?,
    };
    let start = start + (found.len() - found.trim_start().len());
    let found = found.trim();
    if found.contains(char::is_control) {
        return None;
    }
    let told = |message: String, help: String| Some(Seen { place: start..start + found.len(), message, help });
    if found.is_empty() {
        let help = "type a value behind `=`, such as `80` or `\"policies\"`, or take the line out";
        return told("a value is missing here".to_owned(), help.to_owned());
    }
    if quoted {
        let slashes = found.replace('\\', "/");
        return found
            .contains('\\')
            .then(|| told("`\\` cannot stand in a text like this".to_owned(), format!("type `/`: `{slashes}`")))?;
    }
    let bare = found.trim_matches(['“', '”', '„', '‘', '’', '`', '\'', '«', '»']);
    if bare != found {
        return told("a text stands in straight double quotes".to_owned(), format!("type `\"{bare}\"`"));
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = found.strip_suffix('%').map(str::trim).filter(|number| digits(number)) {
        return told("a number stands there without `%`".to_owned(), format!("type `{number}`"));
    }
    let parts: Vec<&str> = found.split(['-', '.', '/', ':', ' ', 'T', 'Z']).collect();
    if parts.len() >= 3 && parts.iter().all(|part| digits(part)) {
        let help = match found.parse::<Given>() {
            Err(why @ NotGiven::Day(_, Some(_))) => why.to_string(),
            Ok(_) | Err(NotGiven::Form | NotGiven::Day(_, None) | NotGiven::Second | NotGiven::Zone) => {
                "type a day with all of its digits, the year first: `2026-10-01`".to_owned()
            }
        };
        return told(format!("`{found}` cannot be read as a date"), help);
    }
    // What a number, a time or a table was to be cannot be told from here.
    if found.starts_with(|c: char| c.is_ascii_digit() || "+-.{".contains(c)) || found.contains(['"', '=', '{', '}']) {
        return None;
    }
    told(format!("`{found}` is a text, and stands there without quotes"), format!("type `\"{found}\"`"))
}
