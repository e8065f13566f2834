//! Rough words, signs and comments of a text: enough for layout to see where lines and brackets begin and end, and for the
//! errors to see what was probably meant. It never fails; what is right is the grammar's business.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use pest::unicode::{XID_CONTINUE, XID_START};

/// What a [`Token`] looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters, digits and `_`, not starting with a digit.
    Word,
    /// Anything that starts with a digit: `10k`, `2026-10-01`, `1st`.
    Number,
    /// A text in double quotes.
    Text,
    /// A text in quotes of another kind: `“x”`, `'x'`.
    OddText,
    /// A quote that is not closed on its line.
    OpenText,
    /// A sign: `(`, `>=`, `&&`.
    Sign,
    /// A character that nobody can see, or that no text should hold.
    Invisible,
}

/// A word, a number, a text or a sign; its place in bytes of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line, counted from 0.
    pub(super) line: usize,
}

/// A comment where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct CommentAt {
    /// The `#`.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line, counted from 0.
    pub(super) line: usize,
    /// Nothing else stands on its line.
    pub(super) own_line: bool,
}

/// What is known of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// The column of its first character that is no blank, counted from 0.
    pub(super) indent: usize,
    /// The line above it is blank.
    pub(super) blank_above: bool,
}

/// A text, scanned.
#[derive(Debug)]
pub(super) struct Scan<'s> {
    pub(super) text: &'s str,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<CommentAt>,
    pub(super) lines: Vec<Line>,
    declared: OnceCell<BTreeSet<String>>,
}

impl<'s> Scan<'s> {
    /// Scans a text line by line: nothing but a statement goes beyond the end of a line.
    pub(super) fn new(text: &'s str) -> Self {
        let mut scan =
            Scan { text, tokens: Vec::new(), comments: Vec::new(), lines: Vec::new(), declared: OnceCell::new() };
        let mut start = 0;
        let mut blank_above = false;
        for piece in text.split_inclusive('\n') {
            let content = piece.strip_suffix('\n').unwrap_or(piece);
            let content = content.strip_suffix('\r').unwrap_or(content);
            let seen = (scan.tokens.len(), scan.comments.len());
            scan.line(content, start, blank_above);
            blank_above = seen == (scan.tokens.len(), scan.comments.len());
            start += piece.len();
        }
        scan
    }

    /// What a token says.
    pub(super) fn say(&self, token: Token) -> &'s str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// What the token at a position says; nothing beyond the last one.
    pub(super) fn at(&self, index: usize) -> &'s str {
        self.tokens.get(index).map_or("", |t| self.say(*t))
    }

    /// Whether a token is the first one on its line.
    pub(super) fn starts_line(&self, index: usize) -> bool {
        let line = |i: usize| self.tokens.get(i).map(|t| t.line);
        index == 0 || line(index) != line(index - 1)
    }

    /// The column of the first token of the line that this token stands on.
    pub(super) fn indent(&self, index: usize) -> usize {
        self.tokens.get(index).and_then(|t| self.lines.get(t.line)).map_or(0, |l| l.indent)
    }

    /// The words that may be names of fields (those with which indented lines begin), of definitions, scores, grades, stages and lists.
    pub(super) fn declared(&self) -> &BTreeSet<String> {
        self.declared.get_or_init(|| {
            let starts = (0..self.tokens.len()).filter(|i| self.starts_line(*i));
            let named = starts.filter_map(|i| match self.at(i) {
                "define" | "score" | "grade" | "stage" | "list" => Some(self.at(i + 1)),
                word => (self.indent(i) > 0).then_some(word),
            });
            named.map(str::to_owned).collect()
        })
    }

    fn line(&mut self, content: &'s str, start: usize, blank_above: bool) {
        let number = self.lines.len();
        let (mut indent, mut seen_code) = (0, false);
        let mut rest = content;
        let at = |rest: &str| start + content.len() - rest.len();
        while let Some(c) = rest.chars().next() {
            if is_blank(c) {
                if !seen_code {
                    indent = if c == '\t' { (indent / 4 + 1) * 4 } else { indent + 1 };
                }
                rest = skip(rest, c.len_utf8());
                continue;
            }
            let position = at(rest);
            if c == '#' {
                let end = position + rest.trim_end().len();
                self.comments.push(CommentAt { start: position, end, line: number, own_line: !seen_code });
                break;
            }
            if position == 0 && c == '\u{FEFF}' {
                rest = skip(rest, c.len_utf8());
                continue;
            }
            seen_code = true;
            let (kind, length) = token(rest, c);
            self.tokens.push(Token { kind, start: position, end: position + length, line: number });
            rest = skip(rest, length);
        }
        self.lines.push(Line { indent, blank_above });
    }
}

/// The blanks of the grammar.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_invisible(c)
}

/// Characters that no text should hold: control characters, and those that turn the direction of writing or have no width.
/// (Those that join letters are wanted in some scripts.)
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() && c != '\t'
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

fn skip(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or("")
}

/// How long the text at the start of `rest` is as long as its characters are `of` a kind.
fn run(rest: &str, of: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !of(c)).unwrap_or(rest.len())
}

/// The first token of `rest`, which starts with `c`: its kind and its length.
fn token(rest: &str, c: char) -> (TokenKind, usize) {
    if c == '"' {
        return closed_text(rest);
    }
    if let Some(closing) = odd_closing(c) {
        let body = skip(rest, c.len_utf8());
        return match body.find(closing) {
            Some(length) => {
                let close = body.get(length..).and_then(|b| b.chars().next()).map_or(1, char::len_utf8);
                (TokenKind::OddText, c.len_utf8() + length + close)
            }
            None if c == '\'' => (TokenKind::Sign, 1),
            None => (TokenKind::OpenText, rest.trim_end().len()),
        };
    }
    if c.is_ascii_digit() {
        return (TokenKind::Number, number_length(rest));
    }
    if XID_START(c) || c == '_' {
        let length = run(rest, XID_CONTINUE);
        return (TokenKind::Word, length + apostrophes(skip(rest, length)));
    }
    if is_invisible(c) {
        return (TokenKind::Invisible, c.len_utf8());
    }
    let pair = ["===", "!==", ">=", "<=", "!=", "=>", "=<", "==", "&&", "||", "<>"];
    let length = pair.iter().find(|p| rest.starts_with(**p)).map_or(c.len_utf8(), |p| p.len());
    (TokenKind::Sign, length)
}

/// `don't` is one word, with either apostrophe: it opens no text.
fn apostrophes(rest: &str) -> usize {
    let letters = rest.strip_prefix(['\'', '’']);
    match letters {
        Some(letters) if letters.starts_with(XID_START) => rest.len() - letters.len() + run(letters, XID_CONTINUE),
        Some(_) | None => 0,
    }
}

fn odd_closing(c: char) -> Option<&'static [char]> {
    match c {
        '“' | '”' | '„' | '«' => Some(&['“', '”', '»']),
        '‘' | '’' | '‚' => Some(&['‘', '’']),
        '\'' => Some(&['\'']),
        '`' => Some(&['`']),
        _ => None,
    }
}

fn closed_text(rest: &str) -> (TokenKind, usize) {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return (TokenKind::Text, i + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (TokenKind::OpenText, rest.trim_end().len())
}

/// A date with its time, else digits with whatever letters, digits, `_` and inner points follow.
fn number_length(rest: &str) -> usize {
    let day = |s: &str| s.bytes().map(|b| if b.is_ascii_digit() { b'0' } else { b }).take(10).eq(*b"0000-00-00");
    if day(rest) {
        let clock = skip(rest, 10);
        let with_time = clock.strip_prefix(['T', ' ']).filter(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let time = with_time.map_or(0, |t| 1 + run(t, |c| c.is_ascii_digit() || c == ':'));
        let is_time = skip(clock, 1).get(2..3) == Some(":");
        let mut length = 10 + if is_time { time } else { 0 };
        if is_time {
            let zone = skip(rest, length);
            let fraction = zone.strip_prefix('.').map_or(0, |f| 1 + run(f, |c| c.is_ascii_digit()));
            length += if fraction > 1 { fraction } else { 0 };
            let zone = skip(rest, length);
            length += match zone.strip_prefix(['+', '-']) {
                Some(offset) if offset.starts_with(|c: char| c.is_ascii_digit()) => {
                    1 + run(offset, |c| c.is_ascii_digit() || c == ':')
                }
                Some(_) | None => 0,
            };
        }
        return length + run(skip(rest, length), XID_CONTINUE);
    }
    let mut length = run(rest, XID_CONTINUE);
    while let Some(fraction) = skip(rest, length).strip_prefix('.') {
        let digits = run(fraction, XID_CONTINUE);
        if !fraction.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        length += 1 + digits;
    }
    length
}
