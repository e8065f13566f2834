//! Slips of the pen: signs, quotes and numbers that no policy can hold, mended before a slice is parsed, so that the rest of it is
//! read as it was meant and one slip is one error.

mod points;

use std::borrow::Cow;
use std::ops::Range;

use super::errors;
use super::parse::{Places, bytes};
use super::scan::{Scan, Token, TokenKind, is_invisible};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// How many parentheses and `not`s may stand within each other.
pub(super) const MAX_NESTING: usize = 64;
/// How many arithmetic signs one sentence may have.
const MAX_ARITHMETIC: usize = 256;

/// A slice as it was meant.
pub(super) struct Mended<'s> {
    pub(super) text: Cow<'s, str>,
    pub(super) places: Places,
    /// Whether it makes sense to parse it: not when nobody can tell what was meant.
    pub(super) readable: bool,
}

/// Reports the slips in a slice and mends them. `first` is what its first word was meant to be, when it is misspelt (and has
/// been reported).
pub(super) fn mend<'s>(
    scan: &Scan<'s>,
    range: &Range<usize>,
    source: SourceId,
    first: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Mended<'s> {
    let mut slips = Slips { scan, source, range, edits: Vec::new(), readable: true, open: Vec::new(), diagnostics };
    if let (Some(word), Some(token)) = (first, scan.tokens.get(range.start)) {
        slips.edits.push((token.start..token.end, word.to_owned()));
    }
    if let Some(start) = slips.margin() {
        for i in start..range.end {
            slips.token(i);
        }
        slips.nesting(start);
    }
    let (edits, readable) = (slips.edits, slips.readable);
    let (text, places) = apply(scan.text, bytes(scan, range), edits);
    Mended { text, places, readable }
}

/// The text of a stretch with edits (in order, not overlapping) applied to it.
fn apply(text: &str, stretch: Range<usize>, edits: Vec<(Range<usize>, String)>) -> (Cow<'_, str>, Places) {
    let piece = |range: Range<usize>| text.get(range).unwrap_or("");
    let mut stretches = vec![(0, stretch.start)];
    if edits.is_empty() {
        return (Cow::Borrowed(piece(stretch)), Places { stretches });
    }
    let mut mended = String::with_capacity(stretch.len() + 16);
    let mut done = stretch.start;
    for (range, replacement) in edits {
        mended.push_str(piece(done..range.start));
        stretches.push((mended.len(), range.start));
        mended.push_str(&replacement);
        stretches.push((mended.len(), range.end));
        done = range.end;
    }
    mended.push_str(piece(done..stretch.end));
    (Cow::Owned(mended), Places { stretches })
}

/// What to type instead of a sign.
fn instead(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "≥" | "⩾" | "≧" | "=>" => ">=",
        "≤" | "⩽" | "≦" | "=<" => "<=",
        "≠" | "<>" | "!==" => "!=",
        "==" | "===" => "=",
        "−" | "–" | "—" | "‐" | "‑" => "-",
        "×" | "·" => "*",
        "÷" => "/",
        "&&" | "&" => "and",
        "||" | "|" => "or",
        "!" => "not",
        "，" | "、" => ",",
        "：" => ":",
        "（" => "(",
        "）" => ")",
        _ => return None,
    })
}

/// The code of a currency that has a sign.
fn currency_code(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "€" => "EUR",
        "£" => "GBP",
        "¥" => "JPY",
        "₹" => "INR",
        _ => return None,
    })
}

struct Slips<'a, 's> {
    scan: &'a Scan<'s>,
    source: SourceId,
    range: &'a Range<usize>,
    edits: Vec<(Range<usize>, String)>,
    readable: bool,
    /// The brackets that are open where the walk through the tokens has come to.
    open: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Slips<'_, '_> {
    /// The token at an index, if it is in the slice.
    fn get(&self, index: usize) -> Option<Token> {
        self.scan.tokens.get(index).filter(|_| self.range.contains(&index)).copied()
    }

    fn say(&self, index: usize) -> &str {
        self.get(index).map_or("", |t| self.scan.say(t))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn mended(&mut self, diagnostic: Diagnostic, range: Range<usize>, replacement: impl Into<String>) {
        self.diagnostics.push(diagnostic);
        // Two slips may share a sign, as in `1,2,3`; it is mended once.
        if self.edits.last().is_none_or(|(last, _)| last.end <= range.start) {
            self.edits.push((range, replacement.into()));
        }
    }

    fn hopeless(&mut self, diagnostic: Diagnostic) {
        // One such error a slice: what follows it is guesswork.
        if self.readable {
            self.diagnostics.push(diagnostic);
        }
        self.readable = false;
    }

    /// Whether two tokens touch.
    fn glued(&self, left: usize, right: usize) -> bool {
        self.get(left).zip(self.get(right)).is_some_and(|(l, r)| l.end == r.start)
    }

    fn is_number(&self, index: usize) -> bool {
        self.get(index).is_some_and(|t| t.kind == TokenKind::Number)
    }

    /// Comments and lists as other programs have them, at the start of a line: where what is meant begins, if
    /// there is something.
    fn margin(&mut self) -> Option<usize> {
        let first = self.range.start;
        let Some(token) = self.get(first).filter(|_| self.scan.starts_line(first)) else {
            return Some(first);
        };
        let (sign, next) = (self.say(first), self.say(first + 1));
        let second = self.get(first + 1).map_or(token.end, |t| t.end);
        let indented = self.scan.indent(first) > 0;
        let twice = sign == next && self.glued(first, first + 1);
        if twice && (sign == "/" || (sign == "-" && !indented)) {
            self.hopeless(errors::comment_sign(self.span(token.start, second)));
            return None;
        }
        let counted = token.kind == TokenKind::Number && matches!(next, "." | ")") && self.glued(first, first + 1);
        let bullet = matches!(sign, "*" | "•" | "◦" | "▪" | "·") || (sign == "-" && !indented);
        if !(counted || bullet) {
            return Some(first);
        }
        let end = if counted { second } else { token.end };
        self.mended(errors::bullet(self.span(token.start, end)), token.start..end, "");
        Some(if counted { first + 2 } else { first + 1 })
    }

    fn token(&mut self, i: usize) {
        let Some(token) = self.get(i) else { return };
        match token.kind {
            TokenKind::Word => {}
            TokenKind::Number => self.number(i, token),
            TokenKind::Text => self.text(token),
            TokenKind::OddText => {
                let body: String = self.scan.say(token).chars().skip(1).collect();
                let body = body.char_indices().next_back().map_or("", |(last, _)| body.get(..last).unwrap_or(""));
                let straight = format!("\"{}\"", body.replace('\\', "\\\\").replace('"', "\\\""));
                let diagnostic = errors::odd_quotes(self.span(token.start, token.end), &straight);
                self.mended(diagnostic, token.start..token.end, straight);
            }
            TokenKind::OpenText => {
                let first = self.scan.say(token).chars().next().map_or(1, char::len_utf8);
                self.hopeless(errors::open_quote(self.span(token.start, token.start + first)));
            }
            TokenKind::Invisible => {
                let diagnostic = errors::invisible(self.span(token.start, token.end), self.scan.say(token));
                let again = self.get(i.wrapping_sub(1)).is_some_and(|t| t.kind == TokenKind::Invisible);
                if !again {
                    self.diagnostics.push(diagnostic);
                }
                self.edits.push((token.start..token.end, " ".to_owned()));
            }
            TokenKind::Sign => self.sign(i, token),
        }
    }

    /// Escapes other than `\"` and `\\`, and invisible characters, in a text.
    fn text(&mut self, token: Token) {
        let mut escaped = false;
        for (offset, c) in self.scan.say(token).char_indices() {
            let start = token.start + offset;
            let end = start + c.len_utf8();
            if escaped && c != '"' && c != '\\' {
                self.mended(errors::escape(self.span(start - 1, end), c), start - 1..start, "\\\\");
            }
            escaped = c == '\\' && !escaped;
            if is_invisible(c) {
                let diagnostic = errors::invisible(self.span(start, end), c.encode_utf8(&mut [0; 4]));
                self.mended(diagnostic, start..end, " ");
            }
        }
    }

    /// Commas in numbers and dates of another kind.
    fn number(&mut self, i: usize, token: Token) {
        let say = |s: &Self, n: usize| s.say(n).to_owned();
        if self.glued(i.wrapping_sub(1), i)
            && matches!(self.say(i.wrapping_sub(1)), "," | "/" | "-")
            && self.is_number(i.wrapping_sub(2))
        {
            return;
        }
        if self.points(i, &(token.start..token.end)) {
            return;
        }
        let separator = say(self, i + 1);
        if !self.glued(i, i + 1) || !self.glued(i + 1, i + 2) || !self.is_number(i + 2) {
            return;
        }
        let digits = |s: &str, most: usize| s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
        let year = |s: &str| digits(s, 4) && s.len() == 4;
        let (first, second, third) = (say(self, i), say(self, i + 2), say(self, i + 4));
        let end = |s: &Self, n: usize| s.get(n).map_or(token.end, |t| t.end);
        match separator.as_str() {
            "/" | "-" if self.glued(i + 2, i + 3) && self.glued(i + 3, i + 4) && self.say(i + 3) == separator => {
                let is_date = (year(&first) && digits(&third, 2)) || (digits(&first, 2) && digits(&third, 4));
                if is_date && digits(&second, 2) {
                    self.hopeless(errors::date_written(self.span(token.start, end(self, i + 4))));
                }
            }
            "," => {
                let in_list = self.open.last() == Some(&"[");
                let group = |s: &str| s.split('.').next().is_some_and(|g| g.len() == 3 && digits(g, 3));
                let thousands = digits(&first, 3) && group(&second);
                if in_list && !(thousands && second.starts_with('0')) {
                    return;
                }
                let mut last = i + 2;
                while thousands
                    && self.say(last + 1) == ","
                    && self.glued(last, last + 1)
                    && self.glued(last + 1, last + 2)
                    && group(self.say(last + 2))
                {
                    last += 2;
                }
                let percent = self.say(last + 1) == "%" && self.glued(last, last + 1);
                let range = token.start..end(self, last + usize::from(percent));
                let written = self.scan.text.get(range.clone()).unwrap_or("").to_owned();
                let right = written.replace(',', if thousands { "_" } else { "." });
                self.mended(errors::comma_in_number(self.span(range.start, range.end), &right), range, right);
            }
            _ => {}
        }
    }

    fn sign(&mut self, i: usize, token: Token) {
        let sign = self.say(i).to_owned();
        let span = self.span(token.start, token.end);
        let last_on_line = self.get(i + 1).is_none_or(|next| next.line != token.line);
        let before = i.wrapping_sub(1);
        let within_word = self.glued(before, i) && self.glued(i, i + 1);
        if self.say(before) == "by" && self.say(i.wrapping_sub(2)) == "separated" {
            let quoted = format!("\"{sign}\"");
            return self.mended(errors::separator(span, &quoted), token.start..token.end, quoted);
        }
        match sign.as_str() {
            "(" => self.open.push("("),
            "[" => self.open.push("["),
            ")" | "]" => {
                self.open.pop();
            }
            "," | ":" | "+" | "-" | "*" | "/" | "<" | ">" | "=" | ">=" | "<=" | "!=" | "%" | "$" => {}
            // `API & SDK` in brackets, which the grammar finds to be one value.
            "&" if self.open.last() == Some(&"[") => {}
            // A value that should stand in quotes, such as `gmail.com`: the grammar finds where it begins.
            _ if within_word && instead(&sign).is_none_or(|i| i == "and") && currency_code(&sign).is_none() => {}
            ";" | "." if last_on_line => {
                self.mended(errors::ends_by_itself(span, &sign), token.start..token.end, "");
            }
            ";" => self.mended(errors::sign(span, ";", ","), token.start..token.end, ","),
            "." if self.glued(i, i + 1) && self.is_number(i + 1) => {
                let end = self.get(i + 1).map_or(token.end, |t| t.end);
                let right = format!("0.{}", self.say(i + 1));
                self.mended(errors::point_first(self.span(token.start, end), &right), token.start..token.end, "0.");
            }
            sign => {
                if let Some(code) = currency_code(sign) {
                    self.currency(i, token, code);
                } else if let Some(instead) = instead(sign) {
                    let padded =
                        if instead.len() > 2 || instead == "or" { format!(" {instead} ") } else { instead.to_owned() };
                    self.mended(errors::sign(span, sign, instead), token.start..token.end, padded);
                } else {
                    self.hopeless(errors::unknown_sign(span, sign));
                }
            }
        }
    }

    /// `€5000` or `5000€` is `EUR 5000`.
    fn currency(&mut self, i: usize, token: Token, code: &str) {
        if self.points(i, &(token.start..token.end)) {
            return;
        }
        let after = self.get(i + 1).filter(|_| self.is_number(i + 1));
        let before = self.get(i.wrapping_sub(1)).filter(|_| self.is_number(i.wrapping_sub(1)));
        let place = match (after, before) {
            (Some(number), _) => token.start..number.end,
            (None, Some(number)) => number.start..token.end,
            (None, None) => token.start..token.end,
        };
        let right = match after.or(before) {
            Some(number) => format!("{code} {}", self.scan.say(number)),
            None => code.to_owned(),
        };
        let diagnostic = errors::money(self.span(place.start, place.end), &right);
        self.mended(diagnostic, place, right);
    }

    /// Brackets that do not match, and too many of them within each other.
    fn nesting(&mut self, start: usize) {
        if !self.readable {
            return;
        }
        // Each open bracket with the `not`s right before it.
        let mut open: Vec<(Token, usize)> = Vec::new();
        let (mut nots, mut nots_on_path, mut signs, mut in_list) = (0, 0, 0, 0_usize);
        for i in start..self.range.end {
            let Some(token) = self.get(i) else { return };
            let span = self.span(token.start, token.end);
            match self.say(i) {
                bracket @ ("(" | "[") => {
                    in_list += usize::from(bracket == "[");
                    open.push((token, nots));
                    nots_on_path += nots;
                    nots = 0;
                }
                bracket @ (")" | "]") => {
                    in_list = in_list.saturating_sub(usize::from(bracket == "]"));
                    nots = 0;
                    match open.pop() {
                        Some((opening, before)) if closes(self.scan.say(opening)) == bracket => nots_on_path -= before,
                        Some((opening, _)) => {
                            let place = self.span(opening.start, opening.end);
                            let wanted = closes(self.scan.say(opening));
                            return self.hopeless(errors::other_bracket(span, bracket, place, wanted));
                        }
                        None => return self.hopeless(errors::nothing_to_close(span, bracket)),
                    }
                }
                "not" => nots += 1,
                "+" | "-" | "*" | "/" if in_list == 0 => signs += 1,
                _ => nots = 0,
            }
            if open.len() + nots_on_path + nots > MAX_NESTING {
                return self.hopeless(errors::too_deep(span));
            }
            if signs > MAX_ARITHMETIC {
                return self.hopeless(errors::too_much_arithmetic(span));
            }
        }
        if let Some((opening, _)) = open.pop() {
            let span = self.span(opening.start, opening.end);
            let sign = self.scan.say(opening);
            self.hopeless(errors::never_closed(span, sign, closes(sign)));
        }
    }
}

/// The bracket that closes one.
fn closes(bracket: &str) -> &'static str {
    if bracket == "(" { ")" } else { "]" }
}
