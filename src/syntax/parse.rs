//! Reading one slice of a text (a sentence, a heading, an item) with its rule of the grammar, and placing what comes of it.

use std::ops::Range;

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};

use super::ast::{Expr, Loc, Name, Noted, Notes, Phrase, Text};
use super::scan::{Scan, Token};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// The parser that pest makes of the grammar.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/policy.pest"]
    pub(in crate::syntax) struct Grammar;
}

pub(super) use grammar::Rule;

pub(super) type Pair<'i> = pest::iterators::Pair<'i, Rule>;

/// Parses the text of a slice with one rule of the grammar: the rule's pair.
pub(super) fn pair(rule: Rule, text: &str) -> Result<Pair<'_>, Box<pest::error::Error<Rule>>> {
    let mut pairs = grammar::Grammar::parse(rule, text).map_err(Box::new)?;
    let missing = || {
        let variant = ErrorVariant::ParsingError { positives: vec![rule], negatives: Vec::new() };
        Box::new(pest::error::Error::new_from_pos(variant, pest::Position::from_start(text)))
    };
    pairs.next().ok_or_else(missing)
}

/// Where parsing stopped, and the rules that could have gone on there.
pub(super) fn failure(error: &pest::error::Error<Rule>) -> (usize, &[Rule]) {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => (at, positives),
        ErrorVariant::CustomError { .. } => (at, &[]),
    }
}

/// From places in the text that was parsed to places in the file: they differ where a slip of the pen was mended before.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Where a stretch starts in the parsed text, and where in the file; ascending.
    pub(super) stretches: Vec<(usize, usize)>,
}

impl Places {
    /// The place in the file.
    pub(super) fn in_file(&self, parsed: usize) -> usize {
        let next = self.stretches.partition_point(|(from, _)| *from <= parsed);
        let (from, file) = next.checked_sub(1).and_then(|i| self.stretches.get(i)).copied().unwrap_or_default();
        let place = file + (parsed - from.min(parsed));
        self.stretches.get(next).map_or(place, |(_, limit)| place.min(*limit))
    }
}

/// What turns the pairs of a slice into nodes.
pub(super) struct Builder<'b> {
    pub(super) scan: &'b Scan<'b>,
    /// The tokens of the slice.
    pub(super) tokens: &'b [Token],
    pub(super) source: SourceId,
    pub(super) places: Places,
    /// The conditions that stand below the sentence, for the quantifier that ends it.
    pub(super) below: Option<Vec<Noted<Expr>>>,
    /// What is wrong although the grammar could read it.
    pub(super) diagnostics: &'b mut Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Where a pair stands, without the blanks and comments that pest counts to its end.
    pub(super) fn loc(&self, pair: &Pair<'_>) -> Loc {
        let span = pair.as_span();
        let (start, end) = (self.places.in_file(span.start()), self.places.in_file(span.end()));
        let last = self.tokens.partition_point(|t| t.end <= end).checked_sub(1).and_then(|i| self.tokens.get(i));
        let end = last.map_or(end, |t| t.end).max(start);
        Loc(Span::new(self.source, start, end))
    }

    pub(super) fn name(&self, pair: &Pair<'_>) -> Name {
        Name { text: pair.as_str().to_owned(), loc: self.loc(pair) }
    }

    pub(super) fn text(&self, pair: &Pair<'_>) -> Text {
        Text { value: unescape(pair.as_str()), loc: self.loc(pair) }
    }

    pub(super) fn phrase(&self, pair: Pair<'_>) -> Phrase {
        let loc = self.loc(&pair);
        let words: Vec<&str> = pair.into_inner().map(|word| word.as_str()).collect();
        Phrase { text: words.join(" "), loc }
    }

    /// A node without comments, at the place of a pair.
    pub(super) fn noted<T>(&self, pair: &Pair<'_>, node: T) -> Noted<T> {
        Noted { node, loc: self.loc(pair), notes: Notes::default() }
    }
}

/// What stands between the quotes of a text.
pub(super) fn unescape(quoted: &str) -> String {
    let body = quoted.strip_prefix('"').unwrap_or(quoted);
    let body = body.strip_suffix('"').unwrap_or(body);
    let mut value = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        value.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    value
}

/// The child of a rule.
pub(super) fn child<'i>(pair: &Pair<'i>, rule: Rule) -> Option<Pair<'i>> {
    pair.clone().into_inner().find(|p| p.as_rule() == rule)
}

/// The children of a rule.
pub(super) fn children<'i>(pair: &Pair<'i>, rule: Rule) -> impl Iterator<Item = Pair<'i>> {
    pair.clone().into_inner().filter(move |p| p.as_rule() == rule)
}

/// The range of the tokens of a slice in the text.
pub(super) fn bytes(scan: &Scan<'_>, tokens: &Range<usize>) -> Range<usize> {
    let start = scan.tokens.get(tokens.start).map_or(scan.text.len(), |t| t.start);
    let end = tokens.end.checked_sub(1).and_then(|last| scan.tokens.get(last)).map_or(start, |t| t.end);
    start..end.max(start)
}
