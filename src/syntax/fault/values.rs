//! Mistakes in names and values: quotes and brackets that are missing, numbers in another way of writing.

use super::super::errors;
use super::super::expected::first_words;
use super::super::parse::Rule;
use super::super::scan::TokenKind;
use super::{Fault, shown};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

const RESERVED: [&str; 12] =
    ["and", "or", "not", "is", "in", "has", "between", "when", "otherwise", "because", "true", "false"];

/// Where a statement declares its name.
fn name_place(fault: &Fault<'_>) -> Option<usize> {
    match fault.entry {
        Rule::lead_item => Some(fault.range.start),
        Rule::list | Rule::define | Rule::score | Rule::grade | Rule::stage => Some(fault.range.start + 1),
        _ => None,
    }
}

/// A name that is a word of the language, a number or a text.
pub(super) fn reserved_name(fault: &Fault<'_>) -> Option<Diagnostic> {
    let token = fault.token(0).filter(|_| name_place(fault) == Some(fault.at))?;
    let word = fault.scan.say(token);
    let diagnostic = match token.kind {
        TokenKind::Word if RESERVED.contains(&word) => {
            Diagnostic::new(Code::P0120, format!("`{word}` cannot be a name: sentences are built with it"))
                .at(fault.place(0), "find another name")
        }
        TokenKind::Number => Diagnostic::new(Code::P0120, "a name starts with a letter").at(fault.place(0), "no name"),
        TokenKind::Text => {
            Diagnostic::new(Code::P0120, "a name is one word, without quotes").at(fault.place(0), "no name")
        }
        TokenKind::Word | TokenKind::OddText | TokenKind::OpenText | TokenKind::Sign | TokenKind::Invisible => {
            return None;
        }
    };
    if fault.entry != Rule::lead_item {
        return Some(diagnostic);
    }
    let column = word.trim_matches('"');
    Some(diagnostic.help(format!("the column can keep its name: `{} text, from \"{column}\"`", as_name(column))))
}

/// A name for a column that cannot be one itself.
pub(super) fn as_name(column: &str) -> String {
    let joined: String = column.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = joined.trim_matches('_');
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || RESERVED.contains(&name) {
        format!("a_{name}")
    } else {
        name.to_owned()
    }
}

/// `Job Title text`, `last-touch date`.
pub(super) fn name_of_several_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let start = name_place(fault)?;
    if fault.at != start + 1 || !(fault.is_word(0) || fault.say(0) == "-") {
        return None;
    }
    let types = first_words(&[Rule::field_type]);
    let ends = |i: usize| match fault.entry {
        Rule::lead_item => types.iter().any(|t| t == fault.say_at(i)),
        _ => matches!(fault.say_at(i), "as" | "is" | "from" | "when"),
    };
    let end = (fault.at..fault.range.end).take(6).find(|i| ends(*i)).filter(|i| *i > fault.at)?;
    let span = fault.span(&(start..end));
    let name = as_name(fault.text(span));
    let diagnostic =
        Diagnostic::new(Code::P0120, "a name is one word").at(span, format!("type `{name}`")).fix(span, name.clone());
    if fault.entry != Rule::lead_item {
        return Some(diagnostic);
    }
    let help = format!("the column can keep its name: `{name} {}, from \"{}\"`", fault.say_at(end), fault.text(span));
    Some(diagnostic.help(help))
}

/// `deal size >= 3` where `deal_size` is declared.
pub(super) fn declared_in_one_word(fault: &Fault<'_>) -> Option<Diagnostic> {
    let starts_line = |offset: isize| fault.at.checked_add_signed(offset).is_some_and(|at| fault.scan.starts_line(at));
    // The longest first.
    let places = [(-2, 1), (-2, 0), (-1, 1), (-1, 0)].into_iter().filter(|(from, to)| {
        (*from..=*to).all(|offset| fault.is_word(offset) && (offset == *from || !starts_line(offset)))
    });
    let mut found = places.map(|(from, to)| fault.places(from, to)).map(|place| (place, as_name(fault.text(place))));
    let (place, name) = found.find(|(_, name)| fault.scan.declared().contains(name))?;
    Some(Diagnostic::new(Code::P0120, "a name is one word").at(place, format!("type `{name}`")).fix(place, name))
}

/// `title in VP, Director`, `one of A, B`, `list x is a, b`.
pub(super) fn brackets_missing(fault: &Fault<'_>) -> Option<Diagnostic> {
    let opens =
        |offset: isize| fault.say(offset) == "in" || (fault.say(offset) == "of" && fault.say(offset - 2) == "has");
    // `list rivals`, with its values below it.
    let below = fault.entry == Rule::list && fault.wants(Rule::kw_is) && fault.scan.starts_line(fault.at);
    let (first, fixable) = if below {
        (0, true)
    } else if fault.say(0) == "," && opens(-2) {
        (-1, true)
    } else if opens(-1) && fault.token(0).is_some() && fault.say(0) != "[" {
        (0, true)
    } else if fault.wants(Rule::open)
        || fault.wants(Rule::words)
        || (fault.wants(Rule::values) && fault.entry == Rule::list)
    {
        (0, fault.entry == Rule::list)
    } else {
        return None;
    };
    fault.token(first).filter(|_| fault.say(first) != "]")?;
    let start = fault.at.checked_add_signed(first)?;
    let end = values_end(fault, start);
    let span = fault.span(&(start..end));
    let inside = if (start + 1..end).any(|i| fault.scan.starts_line(i)) {
        let values = (start..end).map(|i| fault.say_at(i)).filter(|word| *word != ",");
        values.collect::<Vec<_>>().join(", ")
    } else {
        fault.text(span).trim_matches(['(', ')']).replace(" or ", ", ")
    };
    let is = if below { "is " } else { "" };
    let right = format!("{is}[{inside}]");
    let diagnostic = Diagnostic::new(Code::P0112, "several values stand in square brackets, separated by commas");
    Some(if fixable {
        diagnostic.at(span, format!("type {}", shown(&right))).fix(span, right)
    } else {
        diagnostic.at(fault.place(first), "type `[` before the first value and `]` after the last one")
    })
}

/// Where values that are separated by commas end, parentheses around them included.
fn values_end(fault: &Fault<'_>, start: usize) -> usize {
    if fault.say_at(start) == "(" {
        let close = (start..fault.range.end).find(|i| fault.say_at(*i) == ")");
        return close.map_or(fault.range.end, |i| i + 1);
    }
    let is_value = |i: usize| {
        fault.get(i).is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number | TokenKind::Text))
    };
    let mut end = start + 1;
    loop {
        if fault.say_at(end) == "," && is_value(end + 1) {
            end += 2;
        } else if fault.entry == Rule::list && fault.scan.starts_line(end) && is_value(end) {
            end += 1;
        } else {
            return end;
        }
    }
}

/// `31.12.2026`.
pub(super) fn dotted_date(fault: &Fault<'_>) -> Option<Diagnostic> {
    let parts: Vec<&str> = fault.say(0).split('.').collect();
    let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
    let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let is_date = digits && matches!(lengths.as_slice(), [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]);
    (fault.is_number(0) && is_date).then(|| errors::date_written(fault.place(0)))
}

/// Numbers, money and percents in another way of writing.
pub(super) fn odd_number(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = fault.say(0);
    let type_instead = |span: Span, right: String| {
        Diagnostic::new(Code::P0111, format!("{} is no number of the policy language", shown(fault.text(span))))
            .at(span, format!("type `{right}`"))
            .fix(span, right)
    };
    if fault.is_number(-1) {
        let number = fault.say(-1);
        let after = fault.places(-1, 0);
        let is_code = fault.is_word(0) && word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
        return match word {
            "$" | "dollars" | "dollar" => Some(errors::money(after, &format!("${number}"))),
            "euros" | "euro" => Some(errors::money(after, &format!("EUR {number}"))),
            _ if is_code => Some(errors::money(after, &format!("{word} {number}"))),
            "percent" | "pct" => Some(type_instead(after, format!("{number}%"))),
            "k" | "K" => Some(type_instead(after, format!("{number}k"))),
            "m" | "M" => Some(type_instead(after, format!("{number}M"))),
            "thousand" => Some(type_instead(after, format!("{number}k"))),
            "million" | "mio" | "mn" => Some(type_instead(after, format!("{number}M"))),
            _ if fault.is_number(0) && word.len() == 3 => Some(type_instead(after, format!("{number}_{word}"))),
            _ => None,
        };
    }
    if word == "+" && fault.is_number(1) && fault.wants_value() {
        return Some(type_instead(fault.places(0, 1), fault.say(1).to_owned()));
    }
    if word == "%" && fault.is_number(1) && fault.wants_value() {
        return Some(type_instead(fault.places(0, 1), format!("{}%", fault.say(1))));
    }
    let is_number = fault.is_number(0) && !fault.wants(Rule::word) && !fault.wants(Rule::text);
    if !is_number || !fault.wants_value() {
        return None;
    }
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    let plain = !digits.contains("__") && !digits.ends_with('_') && digits.matches('.').count() < 2;
    let suffix = word.get(digits.len()..).unwrap_or("").to_lowercase();
    let right = match suffix.as_str() {
        "k" if plain => Some(format!("{digits}k")),
        "m" | "mio" | "mn" | "mm" if plain => Some(format!("{digits}M")),
        "h" | "hr" | "hrs" if plain => Some(format!("{digits} hours")),
        "d" if plain => Some(format!("{digits} days")),
        "w" if plain => Some(format!("{digits} weeks")),
        "eur" | "usd" | "gbp" | "chf" if plain => Some(format!("{} {digits}", suffix.to_uppercase())),
        "" if digits.matches('.').count() > 1 && digits.split('.').skip(1).all(|g| g.len() == 3) => {
            Some(digits.replace('.', "_"))
        }
        "" => Some(digits.split('_').filter(|g| !g.is_empty()).collect::<Vec<_>>().join("_"))
            .filter(|_| digits.contains("_")),
        _ => None,
    };
    if fault.wanted == [Rule::date] {
        return Some(errors::date_written(fault.place(0)));
    }
    Some(match right {
        Some(right) => type_instead(fault.place(0), right),
        None => Diagnostic::new(Code::P0111, format!("{} is no number of the policy language", shown(word)))
            .at(fault.place(0), "expected a number such as `5`, `0.5`, `10k` or `50_000`")
            .help("a value that is no number stands in quotes; a date is written like `2026-10-01`"),
    })
}

/// `policy Inbound demos`, `because not ready`, `from Job Title`.
pub(super) fn quotes_missing(fault: &Fault<'_>) -> Option<Diagnostic> {
    let bare = matches!(fault.kind(0), Some(TokenKind::Word | TokenKind::Number));
    if !bare || !(fault.wants(Rule::text) || fault.wants(Rule::alias)) || fault.wants(Rule::sum) {
        return None;
    }
    let stops = |i: usize| {
        let word = fault.say_at(i);
        matches!(word, "," | "]" | ")" | "column")
            || (fault.entry == Rule::section && matches!(word, "when" | "otherwise"))
            || (i > fault.at && fault.scan.starts_line(i))
    };
    let end = (fault.at..fault.range.end).find(|i| stops(*i)).filter(|i| *i > fault.at).unwrap_or(fault.range.end);
    Some(quote(fault, fault.at..end))
}

fn quote(fault: &Fault<'_>, range: std::ops::Range<usize>) -> Diagnostic {
    let span = fault.span(&range);
    let quoted = format!("\"{}\"", fault.text(span));
    Diagnostic::new(Code::P0121, "quotes are missing here")
        .at(span, format!("type {}", shown(&quoted)))
        .fix(span, quoted)
}

/// `one of [A < B]`.
pub(super) fn other_separator(fault: &Fault<'_>) -> Option<Diagnostic> {
    let listed =
        fault.wants(Rule::comma) && fault.wants(Rule::close) && matches!(fault.say(0), "<" | ">" | "/" | "or" | "and");
    listed.then(|| {
        Diagnostic::new(Code::P0102, "values in brackets are separated by commas")
            .at(fault.place(0), "type `,`")
            .help("for values that have an order there is `ranked [Manager < Director < VP]`")
    })
}

/// `[Health Care, Retail]`, `[1-10, 11-50]`, `title is Vice President`.
pub(super) fn value_of_several_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let separates = |i: usize| matches!(fault.say_at(i), "," | "[" | "]" | "<" | "");
    let in_list = (fault.wants(Rule::comma) || fault.wants(Rule::lower_than)) && fault.wants(Rule::close);
    let no_word = fault.wants(Rule::word) && fault.token(0).is_some() && !separates(fault.at);
    let is_part = |i: usize| fault.get(i).is_some_and(|t| t.kind != TokenKind::Text && t.kind != TokenKind::OddText);
    if (in_list || no_word) && fault.token(0).is_some() {
        let start = (fault.range.start..fault.at).rev().find(|i| separates(*i)).map_or(fault.at, |i| i + 1);
        let end = (fault.at..fault.range.end).find(|i| separates(*i)).unwrap_or(fault.range.end);
        if start >= end || !(start..end).all(is_part) {
            return None;
        }
        return Some(match joined_values(fault, &(start..end)) {
            Some(help) => quote(fault, start..end).help(help),
            None => quote(fault, start..end),
        });
    }
    let glued = fault.token(-1).zip(fault.token(0)).is_some_and(|(l, r)| l.end == r.start);
    let odd_sign = fault.kind(0) == Some(TokenKind::Sign) && glued && !matches!(fault.say(0), ")" | "]" | "," | "(");
    if !(fault.is_word(0) || odd_sign) || did_you_mean(fault.say(0), ["and", "or"]).is_some() {
        return None;
    }
    let after_value = |offset: isize| fault.is_word(offset) || fault.is_number(offset);
    let starts = match fault.entry {
        Rule::given => fault.wants(Rule::comma) && after_value(-1),
        Rule::lead_item => fault.wants(Rule::comma) && after_value(-1) && matches!(fault.say(-2), "when" | "means"),
        _ => {
            fault.is_word(-1)
                && (matches!(fault.say(-2), "is" | "=" | "!=") || (fault.say(-2) == "not" && fault.say(-3) == "is"))
        }
    };
    let stops = |i: usize| {
        let glued = i
            .checked_sub(1)
            .and_then(|before| fault.get(before))
            .zip(fault.get(i))
            .is_some_and(|(l, r)| l.end == r.start);
        let part = |kind| matches!(kind, TokenKind::Word | TokenKind::Number) || (kind == TokenKind::Sign && glued);
        !fault.get(i).is_some_and(|t| part(t.kind))
            || matches!(fault.say_at(i), ")" | "]" | ",")
            || matches!(fault.say_at(i), "and" | "or" | "as" | "when" | "because")
            || fault.scan.starts_line(i)
    };
    let end = (fault.at..fault.range.end).find(|i| stops(*i)).unwrap_or(fault.range.end);
    let start = fault.at.checked_sub(1)?;
    (starts && end > fault.at).then(|| quote(fault, start..end))
}

/// What else several words in brackets may be: values whose comma is missing, or the ends of a range.
fn joined_values(fault: &Fault<'_>, range: &std::ops::Range<usize>) -> Option<String> {
    let words: Vec<&str> = range.clone().map(|i| fault.say_at(i)).collect();
    let tests = range.start.checked_sub(2).is_some_and(|i| fault.say_at(i) == "in");
    let alone = fault.say_at(range.end) == "]";
    match words.as_slice() {
        [low, "-" | "–", high] if tests && alone && fault.get(range.start)?.kind == TokenKind::Number => Some(
            format!("if all numbers from {low} to {high} are meant, write `between {low} and {high}` without brackets"),
        ),
        [first, second] if fault.get(range.start)?.kind == TokenKind::Word => {
            Some(format!("if these are two values, write `{first}, {second}`"))
        }
        _ => None,
    }
}
