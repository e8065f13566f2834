//! Changes of text that mend a finding.

use crate::diagnostic::Diagnostic;
use crate::ir::print::word;
use crate::source::{Sources, Span};

/// Adds the fix that deletes a statement or a line, with what is blank above it.
pub(super) fn deleting(finding: Diagnostic, sources: &Sources, whole: Span) -> Diagnostic {
    let text = sources.get(whole.source).map_or("", |file| &*file.text);
    let (start, end) = (whole.start as usize, whole.end as usize);
    let before = text.get(..start).map_or(start, |before| before.trim_end().len());
    // A comment above may speak of it; then a person should look.
    let commented =
        text.get(..before).and_then(|above| above.lines().next_back()).is_some_and(|line| line.contains('#'));
    if commented || before == 0 {
        return finding;
    }
    finding.fix(Span::new(whole.source, before, end), "")
}

/// The text that goes when a part of an `and`, an `or` or a list is left out: the word or the comma before it, or else the one behind
/// it.
pub(super) fn without(sources: &Sources, part: Span) -> Option<Span> {
    let text = &*sources.get(part.source)?.text;
    let (mut start, mut end) = (part.start as usize, part.end as usize);
    // The parentheses around it go with it.
    loop {
        let before = text.get(..start)?.trim_end();
        let behind = text.get(end..)?;
        let blank = behind.len() - behind.trim_start().len();
        let (Some(open), true) = (before.strip_suffix('('), behind.trim_start().starts_with(')')) else { break };
        (start, end) = (open.len(), end + blank + 1);
    }
    for word in ["and", "or"] {
        let before = text.get(..start)?.trim_end();
        if let Some(rest) = before.strip_suffix(word).filter(|rest| rest.ends_with(char::is_whitespace)) {
            return Some(Span::new(part.source, rest.trim_end().len(), end));
        }
        let behind = text.get(end..)?;
        let trimmed = behind.trim_start();
        if let Some(rest) = trimmed.strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace)) {
            return Some(Span::new(part.source, start, text.len() - rest.trim_start().len()));
        }
    }
    if let Some(rest) = text.get(..start)?.trim_end().strip_suffix(',') {
        return Some(Span::new(part.source, rest.len(), end));
    }
    // The first of a list: a comma behind anything else belongs to what stands around it.
    text.get(..start)?.trim_end().strip_suffix(['(', '['])?;
    let rest = text.get(end..)?.trim_start().strip_prefix(',')?;
    Some(Span::new(part.source, start, text.len() - rest.trim_start().len()))
}

/// Where one of the values in the brackets of a test stands; none when it is not found just once.
pub(super) fn member(sources: &Sources, test: Span, value: &str) -> Option<Span> {
    let text = sources.slice(test);
    let open = text.find('[')?;
    let mut found = None;
    let mut at = open + 1;
    // A value in quotes may hold a comma, and a quote behind a backslash.
    let (mut quoted, mut escaped) = (false, false);
    for (i, c) in text.char_indices().skip_while(|(i, _)| *i <= open) {
        if (c == ',' || c == ']') && !quoted {
            let entry = text.get(at..i)?;
            let trimmed = entry.trim();
            if trimmed == value || word(trimmed) == value {
                if found.is_some() {
                    return None;
                }
                let start = test.start as usize + at + (entry.len() - entry.trim_start().len());
                found = Some(Span::new(test.source, start, start + trimmed.len()));
            }
            at = i + 1;
            if c == ']' {
                return found;
            }
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    None
}

/// The text that goes when a condition is left out that is all of a `when`.
pub(super) fn without_when(sources: &Sources, cond: Span) -> Option<Span> {
    let before = sources.get(cond.source)?.text.get(..cond.start as usize)?.trim_end();
    let rest = before.strip_suffix("when")?.trim_end();
    Some(Span::new(cond.source, rest.len(), cond.end as usize))
}

/// The number at an end of the range that is declared on the line of a name.
pub(super) fn end_of_range(sources: &Sources, name: Span, top: bool) -> Option<Span> {
    let text = &*sources.get(name.source)?.text;
    let line = text.get(name.end as usize..)?.lines().next()?;
    let line = line.split('#').next()?;
    let word = if top { " to " } else { " from " };
    let (before, behind) = line.split_once(word)?;
    let number = behind.split_whitespace().next()?;
    let start = name.end as usize + before.len() + word.len();
    Some(Span::new(name.source, start, start + number.len()))
}
