//! Mistakes in conditions: tests without their field, words from other languages, time, events.

use super::super::errors;
use super::super::expected::first_words;
use super::super::parse::Rule;
use super::{Fault, shown};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

fn is_comparison(word: &str) -> bool {
    matches!(word, ">=" | "<=" | ">" | "<" | "=" | "!=")
}

/// Conditions on events, which come later.
pub(super) fn events(fault: &Fault<'_>) -> Option<Diagnostic> {
    let (before, word) = (fault.say(-1), fault.say(0));
    let counted = fault.is_number(-1)
        && fault.is_word(0)
        && matches!((fault.say(-3), fault.say(-2)), ("at", "least" | "most") | ("more" | "less" | "fewer", "than"))
        && fault.wants(Rule::kw_of)
        && did_you_mean(word, ["of"]).is_none();
    let quantified = fault.is_word(0)
        && matches!(before, "no" | "last")
        && !matches!(fault.say(-2), "is" | "not" | "=" | "in" | "the");
    let compared =
        (before == "at" && word == "most") || (matches!(before, "more" | "less" | "fewer") && word == "than");
    let at_most = compared && fault.is_number(1) && fault.is_word(2);
    let aggregated = matches!(before, "count" | "sum") && word == "of";
    let each = || fault.range.clone().any(|i| fault.say_at(i) == "each");
    let filtered = word == "where" && (!fault.wants(Rule::kw_when) || each());
    let for_each = fault.entry == Rule::score_line && word == "in" && fault.wants(Rule::kw_when) && each();
    let span = if counted {
        fault.places(-3, 0)
    } else if quantified || at_most || aggregated {
        fault.places(-1, 0)
    } else {
        fault.place(0)
    };
    (counted || quantified || at_most || aggregated || filtered || for_each).then(|| errors::events(span))
}

/// `last_touch > 90 days ago`: nobody can tell whether that is longer ago or less long.
pub(super) fn age(fault: &Fault<'_>) -> Option<Diagnostic> {
    if !fault.is_number(-1) || !fault.is_word(0) || fault.say(1) != "ago" || fault.wants(Rule::kw_ago) {
        return None;
    }
    let comparing = is_comparison(fault.say(-2)) || matches!(fault.say(-2), "is" | "before" | "after");
    if !comparing {
        return None;
    }
    let time = fault.text(fault.places(-1, 1));
    let sign = shown(fault.say(-2));
    let message = match fault.say(-2) {
        ">" | "<" | ">=" | "<=" => format!("{sign} before `{time}` can be read in two ways"),
        _ => format!("{sign} does not go with `{time}`"),
    };
    Some(
        Diagnostic::new(Code::P0114, message)
            .at(fault.place(-2), "say it in words")
            .help(format!("type `more than {time}` for longer ago, `less than {time}` for more recently")),
    )
}

/// `in the last 30 dayz`, `in the last 2 years`.
pub(super) fn unit(fault: &Fault<'_>) -> Option<Diagnostic> {
    if !fault.wants(Rule::unit) || !fault.is_word(0) || !fault.is_number(-1) {
        return None;
    }
    let word = fault.say(0);
    let units = first_words(&[Rule::unit]);
    let known = match word.to_lowercase().as_str() {
        "d" => Some("days"),
        "h" | "hr" | "hrs" => Some("hours"),
        "m" | "min" | "mins" => Some("minutes"),
        "w" | "wk" | "wks" => Some("weeks"),
        "mo" | "mos" => Some("months"),
        _ => None,
    };
    let near = known.or_else(|| did_you_mean(word, units.iter().map(String::as_str)));
    let many = if fault.say(-1) == "1" { "" } else { "s" };
    let meant = near.map(|unit| format!("{}{many}", unit.trim_end_matches('s')));
    let surely = matches!(word, "working" | "business")
        || fault.say(1) == "ago"
        || matches!(fault.say(-2), "last" | "next")
        || fault.say(-2) == "in";
    if meant.is_none() && !surely {
        return None;
    }
    let diagnostic = Diagnostic::new(Code::P0115, format!("{} is no unit of time", shown(word)));
    Some(match meant {
        Some(meant) => diagnostic.at(fault.place(0), format!("did you mean `{meant}`?")).fix(fault.place(0), meant),
        None if word.starts_with("year") || word.starts_with("quarter") => {
            diagnostic.at(fault.place(0), "say it in months: a year is `12 months`, a quarter `3 months`")
        }
        None if matches!(word, "working" | "business") => {
            diagnostic.at(fault.place(0), "working days come with a later release; count calendar days")
        }
        None => diagnostic.at(fault.place(0), "expected `minutes`, `hours`, `days`, `weeks` or `months`"),
    })
}

/// `in last 30 days`, `in the past 30 days`.
pub(super) fn window_without_the(fault: &Fault<'_>) -> Option<Diagnostic> {
    if fault.say(-2) == "in" && fault.is_number(0) && matches!(fault.say(-1), "last" | "next" | "past" | "previous") {
        let word = if fault.say(-1) == "next" { "next" } else { "last" };
        let right = format!("in the {word}");
        let diagnostic = Diagnostic::new(Code::P0102, "`the` is missing in this stretch of time");
        return Some(diagnostic.at(fault.places(-2, -1), format!("type `{right}`")).fix(fault.places(-2, -1), right));
    }
    let units = first_words(&[Rule::unit]);
    let length = match fault.say(0) {
        "quarter" => Some("3 months".to_owned()),
        "year" => Some("12 months".to_owned()),
        unit if units.iter().any(|u| u == unit) => Some(format!("1 {}", unit.trim_end_matches('s'))),
        _ => None,
    };
    if let Some(right) = length
        && matches!(fault.say(-1), "last" | "next")
        && fault.say(-2) == "the"
    {
        let diagnostic = Diagnostic::new(Code::P0102, "it is not said how long this stretch of time is");
        return Some(diagnostic.at(fault.place(0), format!("type `{right}`")).fix(fault.place(0), right));
    }
    if fault.say(-2) == "in" && fault.say(-1) == "the" && fault.is_word(0) {
        let near = did_you_mean(fault.say(0), ["last", "next"]);
        if let Some(meant) = near {
            return Some(errors::misspelt(fault.place(0), fault.say(0), meant));
        }
        let meant = if matches!(fault.say(0), "coming" | "following" | "upcoming") { "next" } else { "last" };
        return Some(errors::elsewhere(fault.place(0), fault.say(0), meant));
    }
    None
}

/// `need > = 3`.
pub(super) fn split_sign(fault: &Fault<'_>) -> Option<Diagnostic> {
    let split = fault.say(0) == "=" && matches!(fault.say(-1), ">" | "<");
    let right = format!("{}=", fault.say(-1));
    split.then(|| errors::sign(fault.places(-1, 0), &fault.text(fault.places(-1, 0)).replace('\n', " "), &right))
}

/// How many tokens a test's first words take at an offset: none when no test starts there.
fn test_words(fault: &Fault<'_>, offset: isize) -> Option<isize> {
    match (fault.say(offset), fault.say(offset + 1)) {
        (">=" | "<=" | ">" | "<" | "=" | "!=", _) => Some(1),
        ("at", "least" | "most") | ("more" | "less", "than") | ("starts" | "ends", "with") => Some(2),
        ("contains" | "between" | "before" | "after" | "has" | "is" | "in", _) => Some(1),
        _ => None,
    }
}

/// `need >= 3 and <= 5`: a test without its field.
pub(super) fn second_test(fault: &Fault<'_>) -> Option<Diagnostic> {
    let joined = |offset: isize| matches!(fault.say(offset - 1), "and" | "or");
    // The first word of a test may have been taken for a name; `at least 5` for the start of `at least 5 of (...)`.
    let first = [0, -1, -3].into_iter().find(|o| joined(*o) && test_words(fault, *o).is_some())?;
    if first == -3 && fault.is_word(0) && !matches!(fault.say(0), "and" | "or") {
        return None;
    }
    let counts_events = fault.is_number(first + 2) && fault.is_word(first + 3) && first == -1;
    if counts_events && !matches!(fault.say(first + 3), "and" | "or" | "as" | "because") {
        return None;
    }
    let (start, sign) = previous_test(fault, fault.at.checked_add_signed(first - 1)?)?;
    let place = fault.places(first, first + test_words(fault, first)? - 1);
    let subject = fault.text(fault.span(&(start..sign))).to_owned();
    let again = format!("{subject} {}", fault.text(place));
    let diagnostic = Diagnostic::new(Code::P0113, format!("it is not said what `{}` tests", fault.text(place)))
        .at(place, format!("type `{again}`"))
        .fix(place, again);
    let between = fault.say(first - 1) == "and"
        && matches!((fault.say_at(sign), fault.say(first)), (">=", "<="))
        && fault.at.checked_sub(sign + 3) == Some(0)
        && fault.is_number(1);
    if !between {
        return Some(diagnostic);
    }
    let (low, high) = (fault.say(-2), fault.say(1));
    let right = format!("{subject} between {low} and {high}");
    let whole = Span::new(fault.source, fault.get(start)?.start, fault.token(1)?.end);
    Some(diagnostic.help(format!("or type `{right}`")).fix(whole, right))
}

/// `1 < need < 3`.
pub(super) fn chained_test(fault: &Fault<'_>) -> Option<Diagnostic> {
    let complete = is_comparison(fault.say(0)) && !fault.wants_value();
    let (_, sign) = previous_test(fault, fault.at).filter(|_| complete)?;
    is_comparison(fault.say_at(sign)).then(|| {
        Diagnostic::new(Code::P0113, "a test compares two things, not three")
            .at(fault.place(0), "a second comparison")
            .help("type it like `need between 1 and 3`, or as two tests with `and`")
    })
}

/// The test that ends before a token: where its subject starts, and its sign or word.
fn previous_test(fault: &Fault<'_>, end: usize) -> Option<(usize, usize)> {
    let mut sign = None;
    for i in (fault.range.start..end).rev() {
        let word = fault.say_at(i);
        if is_comparison(word)
            || matches!(
                word,
                "is" | "at"
                    | "more"
                    | "less"
                    | "between"
                    | "before"
                    | "after"
                    | "contains"
                    | "in"
                    | "has"
                    | "starts"
                    | "ends"
            )
        {
            sign = Some(i);
        }
        let domain = word == "of" && i.checked_sub(1).is_some_and(|i| fault.say_at(i) == "domain");
        if domain {
            continue;
        }
        if matches!(word, "and" | "or" | "not" | "when" | "as" | "(" | ")" | "," | "of" | "assume" | "expect")
            && sign.is_some()
        {
            return sign.filter(|s| *s > i + 1).map(|s| (i + 1, s));
        }
    }
    sign.filter(|s| *s > fault.range.start).map(|s| (fault.range.start, s))
}

/// `need >= 3, title is VP`.
pub(super) fn comma_for_and(fault: &Fault<'_>) -> Option<Diagnostic> {
    let comma = fault.say(0) == "," && fault.wants(Rule::kw_and) && !fault.wants(Rule::comma);
    (comma && fault.entry != Rule::condition).then(|| {
        Diagnostic::new(Code::P0102, "conditions are joined by `and` or `or`, not by a comma")
            .at(fault.place(0), "type `and` or `or`")
            .help("a list of conditions stands in parentheses: `all of (a, b)`")
    })
}

/// Words for which the language has another one.
fn in_other_words(word: &str) -> Option<&'static str> {
    Some(match word {
        "AND" | "And" | "plus" | "also" => "and",
        "OR" | "Or" => "or",
        "NOT" | "Not" => "not",
        "equals" | "equal" => "is",
        "exceeds" | "over" | "above" => "more than",
        "under" | "below" => "less than",
        "like" | "matches" | "includes" | "include" | "contain" => "contains",
        "exists" => "is known",
        "isn't" | "isnt" => "is not",
        "doesn't" | "does" => "not",
        "within" => "in the last",
        "true" | "TRUE" | "True" => "yes",
        "false" | "FALSE" | "False" => "no",
        "unless" => "and not",
        "timezone" | "timeZone" => "time zone",
        "per" => "for each",
        _ => return None,
    })
}

/// Types as databases call them.
fn type_in_other_words(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "string" | "str" | "varchar" | "email" | "phone" | "url" => "text",
        "int" | "integer" | "count" | "wholenumber" => "whole number",
        "float" | "double" | "decimal" | "numeric" => "number",
        "bool" | "boolean" | "checkbox" | "flag" => "yes or no",
        "datetime" | "timestamp" | "time" => "date and time",
        "currency" => "money in USD",
        "picklist" | "enum" | "choice" | "select" | "dropdown" => "one of [A, B]",
        "multipicklist" | "multiselect" | "set" => "any of [A, B]",
        "percentage" => "percent",
        _ => return None,
    })
}

/// `need greater than 3`, `opted_out is true`, `title is one of [A, B]`.
pub(super) fn elsewhere(fault: &Fault<'_>) -> Option<Diagnostic> {
    // A word processor writes the apostrophe in another way.
    let (before, word) = (fault.say(-1).replace('’', "'"), fault.say(0).replace('’', "'"));
    let (before, word) = (before.as_str(), word.as_str());
    let replace = |from: isize, to: isize, right: &str| {
        let place = fault.places(from, to);
        Some(errors::elsewhere(place, fault.text(place), right))
    };
    let is_before = matches!(fault.say(-2), "is");
    match (before, word) {
        ("than", "or") if fault.say(1) == "equal" => {
            let right = if matches!(fault.say(-2), "less" | "smaller" | "fewer") { "at most" } else { "at least" };
            replace(-2, if fault.say(2) == "to" { 2 } else { 1 }, right)
        }
        ("NOT" | "Not", _) if fault.is_word(0) => replace(-1, -1, "not"),
        ("greater" | "bigger" | "larger" | "higher" | "older" | "later", "than") => replace(-1, 0, "more than"),
        ("smaller" | "lower" | "fewer" | "younger" | "earlier", "than") => replace(-1, 0, "less than"),
        (_, "older" | "younger") if fault.say(1) == "than" && fault.is_number(2) && fault.is_word(3) => {
            let than = if word == "older" { "more than" } else { "less than" };
            replace(0, 3, &format!("{than} {} ago", fault.text(fault.places(2, 3))))
        }
        (_, "greater" | "bigger" | "larger" | "higher" | "smaller" | "lower" | "fewer") if fault.say(1) == "than" => {
            let less = matches!(word, "smaller" | "lower" | "fewer");
            match (fault.say(2), fault.say(3), fault.say(4)) {
                ("or", "equal", last) => {
                    replace(0, if last == "to" { 4 } else { 3 }, if less { "at most" } else { "at least" })
                }
                _ => replace(0, 1, if less { "less than" } else { "more than" }),
            }
        }
        ("a" | "an" | "the", _) if fault.is_word(0) && matches!(fault.say(-2), "is" | "not") => replace(-1, 0, word),
        ("equal", "to") if is_before => replace(-2, 0, "is"),
        ("one" | "any", "of") if fault.say(1) == "[" && is_before => replace(-2, 0, "in"),
        ("of", "[") if fault.say(-2) == "any" && fault.say(-3) == "is" => replace(-3, -1, "in"),
        ("does" | "doesn't", "not" | "contain") => {
            let to = (0..2).find(|i| fault.say(*i) == "contain").unwrap_or(0);
            replace(-1, to, "not contains")
        }
        (_, "does" | "doesn't") => {
            let to = (1..3).find(|i| fault.say(*i) == "contain").unwrap_or(0);
            replace(0, to, if to > 0 { "not contains" } else { "not" })
        }
        (_, "where" | "if" | "once" | "whenever") if fault.wants(Rule::kw_when) => replace(0, 0, "when"),
        _ if fault.wants(Rule::field_type) => replace(0, 0, type_in_other_words(word)?),
        ("yes", "/") if fault.say(1) == "no" => replace(-1, 1, "yes or no"),
        ("money", _) if fault.is_word(0) && fault.wants(Rule::kw_in) => replace(-1, 0, &format!("money in {word}")),
        (_, "then") => {
            let diagnostic = Diagnostic::new(Code::P0116, "policies do not say `then`");
            let help = "the decision comes first, without `then`: `pass to sales when need >= 3`";
            Some(diagnostic.at(fault.place(0), "cannot stand here").help(help))
        }
        (_, "else" | "elseif" | "elif") if fault.entry != Rule::lead_item => {
            let diagnostic = Diagnostic::new(Code::P0116, format!("policies do not say `{word}`"));
            let help =
                "each rule is a sentence of its own; the first one that is true decides, and `otherwise` stands last";
            Some(diagnostic.at(fault.place(0), "cannot stand here").help(help))
        }
        _ if fault.is_word(0) && !fault.wants(Rule::text) => replace(0, 0, in_other_words(word)?),
        _ => None,
    }
}
