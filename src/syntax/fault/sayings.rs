//! What people say in other words: tables of them, and stretches whose words all change.

use super::super::errors;
use super::super::expected::first_words;
use super::super::parse::Rule;
use super::super::scan::TokenKind;
use super::Fault;
use crate::diagnostic::{Code, Diagnostic};

/// Stretches of words, each with what is said here. They are looked for where reading stopped, also one and two words before;
/// `N` stands for a number, `D` for a date and `W` for any word.
const STRETCHES: [(&str, &str); 46] = [
    ("more then", "more than"),
    ("less then", "less than"),
    ("isn't empty", "is known"),
    ("isn't blank", "is known"),
    ("isn't missing", "is known"),
    ("isn't known", "is missing"),
    ("within the last", "in the last"),
    ("within the past", "in the last"),
    ("within the next", "in the next"),
    ("within last", "in the last"),
    ("within next", "in the next"),
    ("greater or equal to", "at least"),
    ("greater or equal", "at least"),
    ("less or equal to", "at most"),
    ("less or equal", "at most"),
    ("smaller or equal", "at most"),
    ("begins with", "starts with"),
    ("beginning with", "starts with"),
    ("starting with", "starts with"),
    ("ending with", "ends with"),
    ("is better than", ">"),
    ("better than", ">"),
    ("is worse than", "<"),
    ("worse than", "<"),
    ("is either W or W", "in [W, W]"),
    ("either W or W", "in [W, W]"),
    ("in N . . N", "between N and N"),
    ("in the year Y", "between Y-01-01 and Y-12-31"),
    ("in Y", "between Y-01-01 and Y-12-31"),
    ("from N to N", "between N and N"),
    ("as well as", "and"),
    ("contains any of", "contains"),
    ("contains one of", "contains"),
    ("for every", "for each"),
    ("since D", ">= D"),
    ("from D", ">= D"),
    ("until D", "<= D"),
    ("till D", "<= D"),
    ("on D", "is D"),
    ("at minimum N", "at least N"),
    ("minimum N", "at least N"),
    ("maximum N", "at most N"),
    ("max N", "at most N"),
    ("min N", "at least N"),
    ("but not", "and not"),
    ("except when", "and not"),
];

/// `need more then 3`, `within the last 30 days`, `title is either VP or Director`.
pub(super) fn stretch(fault: &Fault<'_>) -> Option<Diagnostic> {
    let found = |(from, to): &(&'static str, &'static str)| {
        let parts: Vec<&str> = from.split(' ').collect();
        // The words of a range and of an option keep their meaning where they may stand.
        let starts = [-3, -2, -1, 0].into_iter().find(|start| {
            let last = start + isize::try_from(parts.len()).unwrap_or(0) - 1;
            last >= 0 && (*start..=last).zip(&parts).all(|(offset, part)| matches(fault, offset, part))
        })?;
        let end = starts + isize::try_from(parts.len()).unwrap_or(0) - 1;
        let place = fault.places(starts, end);
        let mut captured = (starts..=end).zip(&parts).filter(|(_, p)| is_placeholder(p)).map(|(o, _)| fault.say(o));
        let first = captured.next().unwrap_or("");
        let mut values = [first].into_iter().chain(captured);
        let words = to.split_inclusive([' ', '[', ',', ']']).map(|word| {
            let bare = word.trim_end_matches([' ', '[', ',', ']']);
            match bare {
                bare if is_placeholder(bare) && bare != "Y" => word.replacen(bare, values.next().unwrap_or(""), 1),
                bare if bare.starts_with("Y-") => word.replacen('Y', first, 1),
                _ => word.to_owned(),
            }
        });
        Some(errors::elsewhere(place, fault.text(place), &words.collect::<String>()))
    };
    if matches!(fault.entry, Rule::lead_item | Rule::score | Rule::policy_item | Rule::given) {
        return None;
    }
    STRETCHES.iter().find_map(found)
}

fn is_placeholder(part: &str) -> bool {
    matches!(part, "N" | "D" | "W" | "Y")
}

/// Whether the token at an offset is what a part of a stretch asks for.
fn matches(fault: &Fault<'_>, offset: isize, part: &str) -> bool {
    let said = fault.say(offset);
    let is_year = || said.len() == 4 && (said.starts_with("19") || said.starts_with("20"));
    let is_date = || said.len() >= 10 && said.bytes().take(10).filter(|b| *b == b'-').count() == 2;
    match part {
        "N" => fault.is_number(offset),
        "D" => fault.is_number(offset) && is_date(),
        "Y" => fault.is_number(offset) && is_year(),
        "W" => fault.is_word(offset) || fault.kind(offset) == Some(TokenKind::Text),
        word => said.replace('’', "'") == word,
    }
}

/// Numbers in words.
const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// `at least two of (...)`, `more than one month ago`.
pub(super) fn number_in_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let unit = first_words(&[Rule::unit]).iter().any(|u| u == fault.say(0));
    let offset = if unit { -1 } else { 0 };
    if !(unit || fault.wants(Rule::number) || fault.wants_value()) {
        return None;
    }
    let digits = NUMBERS.iter().position(|n| *n == fault.say(offset))?.to_string();
    Some(errors::elsewhere(fault.place(offset), fault.say(offset), &digits))
}

/// `more than 30 days old`.
pub(super) fn days_old(fault: &Fault<'_>) -> Option<Diagnostic> {
    let old = fault.wants(Rule::kw_ago) && matches!(fault.say(0), "old" | "back" | "earlier" | "before");
    old.then(|| errors::elsewhere(fault.place(0), fault.say(0), "ago"))
}

/// Words for the parts of a field, of a statement and of a clause.
pub(super) fn part(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = fault.say(0);
    let instead = match (fault.entry, word) {
        (Rule::define, "=" | ":" | ":=" | "is") if fault.wants(Rule::kw_as) => "as",
        (Rule::list, "=" | ":" | "as" | "are") if fault.at == fault.range.start + 2 => "is",
        (Rule::lead_item, "mandatory" | "needed" | "compulsory" | "obligatory") => "required",
        (Rule::lead_item, "private" | "confidential" | "sensitive" | "pii") => "personal",
        (Rule::score_line, "every") if fault.wants(Rule::kw_each) => "each",
        (Rule::decision_rule | Rule::otherwise | Rule::never | Rule::always, "reason" | "why" | "since" | "cause")
            if fault.scan.starts_line(fault.at) =>
        {
            "because"
        }
        (_, "but") if !fault.wants_value() => "and",
        (_, "except") if !fault.wants_value() => "and not",
        _ => return None,
    };
    Some(errors::elsewhere(fault.place(0), word, instead))
}

/// `separated by semicolon`.
pub(super) fn separator_in_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let sign = match fault.say(0) {
        "comma" | "commas" => ",",
        "semicolon" | "semicolons" => ";",
        "pipe" | "pipes" | "bar" => "|",
        "slash" | "slashes" => "/",
        _ => return None,
    };
    let separator = fault.say(-1) == "by" && fault.say(-2) == "separated";
    separator.then(|| errors::elsewhere(fault.place(0), fault.say(0), &format!("\"{sign}\"")))
}

/// `budget money`, `budget money from 0`.
pub(super) fn money_without_currency(fault: &Fault<'_>) -> Option<Diagnostic> {
    let bare = fault.say(-1) == "money" && fault.wants(Rule::kw_in) && matches!(fault.say(0), "" | "," | "from" | "to");
    bare.then(|| {
        Diagnostic::new(Code::P0102, "it is not said which money this is")
            .at(fault.place(-1), "type `money in EUR`, or another currency's three letters")
            .fix(fault.place(-1), "money in EUR")
    })
}

/// `ranked [Staff, Manager, VP]`, `ranked [VP > Manager]`.
pub(super) fn ranking(fault: &Fault<'_>) -> Option<Diagnostic> {
    let sign = fault.say(0);
    if fault.entry != Rule::lead_item || !fault.wants(Rule::lower_than) || !matches!(sign, "," | ">") {
        return None;
    }
    let open = (fault.range.start..fault.at).rev().find(|i| fault.say_at(*i) == "[")?;
    let close = (fault.at..fault.range.end).find(|i| fault.say_at(*i) == "]")?;
    let inside = fault.text(fault.span(&(open + 1..close)));
    let mut values: Vec<&str> = inside.split(sign).map(str::trim).filter(|v| !v.is_empty()).collect();
    if sign == ">" {
        values.reverse();
    }
    let right = format!("[{}]", values.join(" < "));
    let place = fault.span(&(open..close + 1));
    Some(
        Diagnostic::new(Code::P0110, "the values of `ranked` stand with `<` between them, the lowest first")
            .at(place, format!("type `{right}`"))
            .fix(place, right),
    )
}

/// `owned by marketing and sales`, `owned by marketing, and sales`.
pub(super) fn owners_joined(fault: &Fault<'_>) -> Option<Diagnostic> {
    let owners = fault.entry == Rule::owners || fault.entry == Rule::policy_item;
    if !owners || fault.say_at(fault.range.start) != "owned" || fault.at < fault.range.start + 3 {
        return None;
    }
    let joins = |offset: isize| matches!(fault.say(offset), "and" | "or" | "+" | "/") && fault.is_word(offset + 1);
    let place = match fault.say(-2) {
        _ if joins(0) => fault.place(0),
        "," if joins(-1) => fault.places(-2, -1),
        _ => return None,
    };
    Some(Diagnostic::new(Code::P0110, "several teams are separated by commas").at(place, "type `,`").fix(place, ","))
}

/// `owned by Inside Sales`.
pub(super) fn owner_of_several_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let clause = fault.entry == Rule::owners || fault.entry == Rule::policy_item;
    if !clause || fault.say_at(fault.range.start) != "owned" || fault.scan.starts_line(fault.at) {
        return None;
    }
    let parts = |i: usize| matches!(fault.say_at(i), "," | "by" | "");
    let start = (fault.range.start..fault.at).rev().find(|i| parts(*i))? + 1;
    let ends = |i: &usize| parts(*i) || (*i > start && fault.scan.starts_line(*i));
    let end = (start..=fault.range.end).find(ends)?;
    let place = fault.span(&(start..end));
    let name = super::values::as_name(fault.text(place));
    (start < end && name.contains(char::is_alphabetic)).then(|| {
        Diagnostic::new(Code::P0120, "the name of an owner is one word, without quotes")
            .at(place, format!("type `{name}`"))
            .fix(place, name)
    })
}

/// `time zone "Europe/Berlin"`.
pub(super) fn quoted_zone(fault: &Fault<'_>) -> Option<Diagnostic> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let zone = fault.say(0).strip_prefix('"').and_then(|zone| zone.strip_suffix('"'));
    let zone = zone.filter(|_| fault.wants(Rule::zone_name))?;
    (zone.starts_with(char::is_alphabetic) && zone.chars().all(is_part)).then(|| {
        Diagnostic::new(Code::P0120, "a time zone stands without quotes")
            .at(fault.place(0), format!("type `{zone}`"))
            .fix(fault.place(0), zone)
    })
}

/// Whether a field of this name is declared, and with which word its type begins.
fn field_type<'a>(fault: &Fault<'a>, name: &str) -> Option<&'a str> {
    let at = |i: usize| fault.scan.at(i) == name && fault.scan.starts_line(i) && fault.scan.indent(i) > 0;
    (0..fault.scan.tokens.len()).find(|i| at(*i)).map(|i| fault.scan.at(i + 1))
}

/// `no email` where `email` is a field.
pub(super) fn no_field(fault: &Fault<'_>) -> Option<Diagnostic> {
    let field = fault.say(0);
    let no = matches!(fault.say(-1), "no" | "without") && !matches!(fault.say(-2), "is" | "not" | "=" | "has");
    (no && fault.is_word(0) && field_type(fault, field).is_some()).then(|| {
        let place = fault.places(-1, 0);
        errors::elsewhere(place, fault.text(place), &format!("{field} is missing"))
    })
}

/// `topics includes pricing` where `topics` is a field with several values.
pub(super) fn includes(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = matches!(fault.say(0), "includes" | "include" | "contain");
    let value = fault.is_word(1) || fault.kind(1) == Some(TokenKind::Text);
    (word && value && field_type(fault, fault.say(-1)) == Some("any")).then(|| {
        let place = fault.places(0, 1);
        errors::elsewhere(place, fault.text(place), &format!("has any of [{}]", fault.say(1)))
    })
}

/// `expect pass to sales by pass-to-sales-juicy`: rules are called by their labels.
pub(super) fn by_slug(fault: &Fault<'_>) -> Option<Diagnostic> {
    let by = (fault.range.start..fault.at).rev().find(|i| fault.say_at(*i) == "by")?;
    if fault.entry != Rule::expect_decision || fault.say(0) != "-" {
        return None;
    }
    let place = fault.span(&(by + 1..fault.range.end));
    let name = fault.text(place);
    let label = name.rsplit('-').find(|part| part.starts_with(char::is_alphabetic))?;
    let decision = fault.text(fault.span(&(fault.range.start + 1..by)));
    let help = format!("write `{label}: {decision} when ...` where the rule stands, and `by {label}` here");
    Some(
        Diagnostic::new(Code::P0120, "a test calls a rule by its label, and this rule has none")
            .at(place, "not a label")
            .help(help),
    )
}

/// A rule among the items of a block, because it is indented.
pub(super) fn rule_in_block(fault: &Fault<'_>) -> Option<Diagnostic> {
    let block = matches!(fault.entry, Rule::grade_line | Rule::score_line | Rule::lead_item | Rule::decision_item);
    let start = fault.range.start;
    let label = if fault.say_at(start + 1) == ":" { start + 2 } else { start };
    let when = fault.range.clone().find(|i| fault.say_at(*i) == "when").filter(|_| block)?;
    let words = (label..when).all(|i| fault.get(i).is_some_and(|t| t.kind == TokenKind::Word));
    let phrase = fault.text(fault.span(&(label..when)));
    let is_decision = |i: usize| fault.scan.starts_line(i) && line_starts_with(fault, i, phrase) && i != start;
    let decision = words && label < when && when + 1 < fault.range.end && (0..fault.scan.tokens.len()).any(is_decision);
    decision.then(|| {
        Diagnostic::new(Code::P0104, "this rule is indented, as if it belonged to the lines above it")
            .at(fault.span(&(start..start + 1)), "starts too far right")
            .help("a rule starts in the first column, without blanks before it")
    })
}

/// Whether the line that a token starts is made of these words, perhaps with a note behind them.
fn line_starts_with(fault: &Fault<'_>, first: usize, phrase: &str) -> bool {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let all = words.iter().enumerate().all(|(n, word)| fault.scan.at(first + n) == *word);
    let next = first + words.len();
    all && (fault.scan.starts_line(next) || fault.scan.at(next).starts_with('"') || fault.scan.at(next).is_empty())
}
