//! What to add to a field whose cells cannot be read: the ways of writing that would fit are found by trying them.

use crate::ir::NumberForm;

use super::moment::Moment;
use super::number;

/// How numbers are written around the world: what groups and what is the point, the most usual first.
const FORMS: [(char, char); 4] = [(',', '.'), ('.', ','), (' ', ','), ('\'', '.')];

/// How days are written.
const DAYS: [&str; 15] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%a %b %d %Y",
];

/// What may stand behind a day.
const TIMES: [&str; 9] =
    ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p"];

/// What would make a cell readable as a number.
pub(super) fn for_number(text: &str) -> Option<String> {
    if number::json(text).is_ok() {
        return Some("write all its digits, without an exponent".to_owned());
    }
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let prefix = text.get(..first)?.trim_matches(['-', '+', '−', ' ']);
    let suffix = text.get(last..)?;
    let is_foreign = |c: char| !c.is_ascii() && !c.is_control() && c != char::REPLACEMENT_CHARACTER;
    let is_unit = |c: char| c.is_alphabetic() || matches!(c, ' ' | '$' | '%') || is_foreign(c);
    if prefix.chars().count() > 4 || suffix.chars().count() > 5 || !prefix.chars().chain(suffix.chars()).all(is_unit) {
        return None;
    }
    let mut found = Vec::new();
    for (group, point) in FORMS {
        let form = NumberForm { prefix: prefix.to_owned(), suffix: suffix.to_owned(), group: Some(group), point };
        let Ok(value) = number::like(&form, text) else { continue };
        if found.iter().all(|(known, _)| *known != value) {
            found.push((value, number::example(&form)));
        }
    }
    add(found.into_iter().map(|(_, example)| example))
}

/// What would make a cell readable as a day or a time.
pub(super) fn for_moment(text: &str) -> Option<String> {
    if text.len() > 40 {
        return None;
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        13 if digits => return Some("add `written as epoch milliseconds`".to_owned()),
        10 if digits => return Some("add `written as epoch seconds`".to_owned()),
        _ => {}
    }
    // Whole files may be written in another way, so that this is asked for every row. Most patterns are out at a glance.
    let may_fit =
        |pattern: &str, marks: &[char]| marks.iter().all(|mark| pattern.contains(*mark) == text.contains(*mark));
    let days = DAYS.iter().filter(|day| may_fit(day, &['/', '.', '-']));
    let patterns = days.flat_map(|day| {
        let times = TIMES.iter().filter(|time| may_fit(time, &[':']));
        times.map(move |time| format!("{day}{time}"))
    });
    add(patterns.filter(|pattern| Moment::strftime(pattern, text).is_some_and(|m| m.written_day().year() >= 1900)))
}

/// `add written as …`, with all that it may be.
fn add(ways: impl Iterator<Item = String>) -> Option<String> {
    let ways: Vec<String> = ways.map(|way| format!("`written as \"{way}\"`")).collect();
    (!ways.is_empty()).then(|| format!("add {}", ways.join(" or ")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{DAYS, TIMES, for_moment};

    #[test]
    fn every_way_to_write_a_moment_is_found() {
        let moment = date(2026, 11, 24).at(15, 30, 45, 0);
        for pattern in DAYS.iter().flat_map(|day| TIMES.iter().map(move |time| format!("{day}{time}"))) {
            let text = moment.strftime(&pattern).to_string();
            let hint = for_moment(&text).unwrap_or_default();
            assert!(hint.contains(&format!("\"{pattern}\"")), "{text}: {hint}");
        }
    }
}
