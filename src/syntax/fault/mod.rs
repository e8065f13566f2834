//! What to say about a sentence that the grammar cannot read: what was probably meant, else what could have stood there.

mod conditions;
mod properties;
mod sayings;
mod sentences;
mod values;

use std::ops::Range;

use super::expected;
use super::parse::Rule;
use super::scan::{Scan, Token, TokenKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// A sentence that cannot be read, and where reading it stopped.
pub(super) struct Fault<'a> {
    pub(super) scan: &'a Scan<'a>,
    pub(super) source: SourceId,
    /// The tokens of the sentence.
    pub(super) range: &'a Range<usize>,
    /// The token that does not fit; the end of the range when something is missing there.
    pub(super) at: usize,
    /// The rule for the whole sentence.
    pub(super) entry: Rule,
    /// What could have stood there.
    pub(super) wanted: &'a [Rule],
}

/// What may have been meant, the most telling first.
const MISTAKES: [fn(&Fault<'_>) -> Option<Diagnostic>; 52] = [
    sentences::colon_after_heading,
    sayings::rule_in_block,
    sayings::part,
    sentences::because_on_the_line,
    sentences::indented_statement,
    sentences::condition_first,
    sentences::else_for_otherwise,
    sentences::misspelt_first_word,
    sentences::item_in_first_column,
    sentences::joined_conditions,
    sayings::stretch,
    sayings::days_old,
    sayings::number_in_words,
    values::declared_in_one_word,
    sayings::no_field,
    sayings::includes,
    sayings::by_slug,
    sayings::separator_in_words,
    sayings::money_without_currency,
    sayings::ranking,
    sayings::owners_joined,
    sayings::owner_of_several_words,
    sayings::quoted_zone,
    values::dotted_date,
    conditions::second_test,
    conditions::events,
    conditions::age,
    conditions::unit,
    conditions::window_without_the,
    conditions::split_sign,
    conditions::chained_test,
    properties::other_joint,
    properties::unless_for_when,
    properties::no_condition,
    conditions::elsewhere,
    values::reserved_name,
    values::name_of_several_words,
    sentences::decision_with_stop_word,
    sentences::label_of_several_words,
    sentences::after_clause,
    sentences::no_when,
    sentences::continues_item,
    sentences::misspelt,
    sentences::comma_missing,
    sentences::points_without_sign,
    sentences::given_with_is,
    values::brackets_missing,
    conditions::comma_for_and,
    values::odd_number,
    values::quotes_missing,
    values::other_separator,
    values::value_of_several_words,
];

/// The error for a fault.
pub(super) fn explain(fault: &Fault<'_>) -> Diagnostic {
    MISTAKES.iter().find_map(|mistake| mistake(fault)).unwrap_or_else(|| fault.unexpected())
}

impl<'a> Fault<'a> {
    /// The token so many places after the one that does not fit (or before it), within the sentence.
    fn token(&self, offset: isize) -> Option<Token> {
        let index = self.at.checked_add_signed(offset)?;
        self.get(index)
    }

    /// The token at a place in the file, if it is in the sentence.
    fn get(&self, index: usize) -> Option<Token> {
        self.scan.tokens.get(index).filter(|_| self.range.contains(&index)).copied()
    }

    /// What the token at an offset says; nothing outside of the sentence.
    fn say(&self, offset: isize) -> &'a str {
        self.token(offset).map_or("", |t| self.scan.say(t))
    }

    /// What a token of the sentence says.
    fn say_at(&self, index: usize) -> &'a str {
        self.get(index).map_or("", |t| self.scan.say(t))
    }

    fn kind(&self, offset: isize) -> Option<TokenKind> {
        self.token(offset).map(|t| t.kind)
    }

    fn is_word(&self, offset: isize) -> bool {
        self.kind(offset) == Some(TokenKind::Word)
    }

    fn is_number(&self, offset: isize) -> bool {
        self.kind(offset) == Some(TokenKind::Number)
    }

    /// The place of the token at an offset.
    fn place(&self, offset: isize) -> Span {
        self.places(offset, offset)
    }

    /// From the token at one offset to the token at another one, both included.
    fn places(&self, from: isize, to: isize) -> Span {
        let start = self.token(from).map_or(0, |t| t.start);
        let end = self.token(to).map_or(start, |t| t.end);
        Span::new(self.source, start, end)
    }

    /// From one token of the sentence to the one before another.
    fn span(&self, range: &Range<usize>) -> Span {
        let start = self.get(range.start).map_or(0, |t| t.start);
        let end = range.end.checked_sub(1).and_then(|i| self.get(i)).map_or(start, |t| t.end);
        Span::new(self.source, start, end)
    }

    /// The text of a span.
    fn text(&self, span: Span) -> &'a str {
        self.scan.text.get(span.range()).unwrap_or("")
    }

    fn wants(&self, wanted: Rule) -> bool {
        self.wanted.contains(&wanted)
    }

    /// Whether a value could have stood there.
    fn wants_value(&self) -> bool {
        let values = [
            Rule::number,
            Rule::numeric,
            Rule::quantity,
            Rule::literal,
            Rule::product,
            Rule::sum,
            Rule::test_of,
            Rule::negation,
            Rule::conjunction,
            Rule::expr,
            Rule::date,
            Rule::money,
            Rule::free_name,
            Rule::paren,
        ];
        values.iter().any(|v| self.wants(*v))
    }

    /// The token that does not fit, for a message.
    fn found(&self) -> String {
        match self.token(0) {
            Some(token) => shown(self.scan.say(token)),
            None => "the end".to_owned(),
        }
    }

    /// The error when nothing better can be said.
    fn unexpected(&self) -> Diagnostic {
        let expected = expected::list(self.wanted);
        match self.token(0) {
            Some(_) => Diagnostic::new(Code::P0102, format!("{} cannot stand here", self.found()))
                .at(self.place(0), format!("expected {expected}")),
            None => Diagnostic::new(Code::P0102, "the sentence stops too early")
                .at(self.place(-1), format!("expected {expected} after this")),
        }
    }
}

/// A word of the text in backticks, cut when it is long.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    if short.contains('`') { short } else { format!("`{short}`") }
}
