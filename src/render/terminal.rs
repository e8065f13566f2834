//! Text for a terminal: colour when it is wanted, lines of a bounded width, and nothing untrusted that could steer it.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::types::thousands;

/// How text is to look where it is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are used.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Look {
    /// Plain text of 100 columns: what a file or another program gets.
    pub const PLAIN: Look = Look { color: false, width: 100 };

    /// `text` in a tone. The text must be [`clean`] already.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Strong => "1",
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Warning => "33",
            Tone::Accent => "36",
            Tone::Faint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// What a piece of text is, so that it can be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Stands out.
    Strong,
    /// As it should be.
    Good,
    /// Wrong.
    Bad,
    /// Worth a look.
    Warning,
    /// A name, a place, something to type.
    Accent,
    /// Beside the point.
    Faint,
}

/// `text` as one line that a terminal shows and does not obey: line breaks and tabs become blanks, other characters that
/// steer (escapes, overrides of the writing direction, invisible ones) become `�`.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let shown = |c| match c {
        '\n' | '\t' => ' ',
        c if steers(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.replace("\r\n", " ").chars().map(shown).collect())
}

/// A source text to show pieces of: like [`clean`], but line breaks and tabs stay, and every character keeps its number
/// of bytes, so that spans still fit.
pub(super) fn clean_source(text: &str) -> Cow<'_, str> {
    let bad = |c: char| steers(c) && c != '\n' && c != '\t';
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c.len_utf8() {
            _ if !bad(c) || (c == '\r' && rest.peek() == Some(&'\n')) => shown.push(c),
            3 => shown.push(char::REPLACEMENT_CHARACTER),
            bytes => shown.extend(std::iter::repeat_n('?', bytes)),
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal would do something else with this character than show it.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// The longest piece of text that is shown whole, in characters; the JSON form has all of it.
const LONGEST: usize = 300;

/// A text without its end when it is longer than anybody reads.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let (shown, _) = text.split_at(end);
            // A word that goes on is left out, unless there is no other.
            let whole = shown.rsplit_once(char::is_whitespace).map(|(whole, _)| whole.trim_end());
            Cow::Owned(format!("{} …", whole.filter(|whole| !whole.is_empty()).unwrap_or(shown)))
        }
        None => Cow::Borrowed(text),
    }
}

/// Breaks `text` at blanks into lines of at most `width` columns; a longer word has a line of its own. No line begins with `::` in the middle of the
/// text: the runners of workflows obey such lines, and a text may have names of files in it.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width && !word.starts_with("::") {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// `1 error`, `3 errors`, `1,234 leads`: a count and its noun, whose plural takes an `s`.
#[must_use]
pub fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A count with its thousands set apart: `1,234,567`.
#[must_use]
pub fn grouped(n: u64) -> String {
    thousands(&n.to_string())
}

/// `12.5%`: a share, rounded to a tenth of a percent.
#[must_use]
pub fn share(n: u64, total: u64) -> String {
    let tenths = (u128::from(n) * 2_000 + u128::from(total)) / (u128::from(total) * 2).max(1);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, clean, clean_source, grouped, shortened, wrap};

    #[test]
    fn what_steers_a_terminal_is_shown_as_harmless() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\td\u{202e}e\u{7}"), "a�[31mb c d�e�");
        assert_eq!(clean("Müller & Söhne 株式会社"), "Müller & Söhne 株式会社");
    }

    #[test]
    fn a_source_keeps_its_bytes() {
        let hostile = "a\u{1b}[2J\tb\r\n\u{9b}c\u{202e}d\u{e0041}\u{0}";
        let shown = clean_source(hostile);
        assert_eq!(shown, "a?[2J\tb\r\n??c�d?????");
        assert_eq!(shown.len(), hostile.len());
    }

    #[test]
    fn lines_are_wrapped_at_blanks() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("extraordinarily so", 4), ["extraordinarily", "so"]);
    }

    #[test]
    fn what_is_too_long_ends_behind_a_word() {
        let words = "leads ".repeat(LONGEST / 6 + 1);
        assert_eq!(shortened(&words), format!("{} …", "leads ".repeat(LONGEST / 6).trim_end()));
        let word = "é".repeat(LONGEST + 1);
        assert_eq!(shortened(&word), format!("{} …", "é".repeat(LONGEST)));
        assert_eq!(shortened("short"), "short");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
