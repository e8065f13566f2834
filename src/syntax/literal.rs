//! Pairs → literals: numbers, money, percents, dates, texts and bare words.

use super::ast::{DateLit, Literal, LiteralKind, Noted, NumberLit, Range, Word};
use super::errors;
use super::parse::{Builder, Pair, Rule, child, children, unescape};
use crate::types::{Currency, Number};

impl Builder<'_> {
    pub(super) fn number(&mut self, pair: &Pair<'_>) -> NumberLit {
        let text = pair.as_str();
        let loc = self.loc(pair);
        let plain = text.replace('_', "");
        let (digits, factor) = match plain.strip_suffix('k') {
            Some(digits) => (digits, 1_000),
            None => plain.strip_suffix('M').map_or((plain.as_str(), 1), |digits| (digits, 1_000_000)),
        };
        let value = Number::parse_decimal(digits).unwrap_or_else(|_| {
            self.diagnostics.push(errors::too_many_digits(loc.0));
            Number::zero()
        });
        NumberLit { text: text.to_owned(), value: &value * &Number::from(factor), loc }
    }

    /// A literal from the pair of [`Rule::literal`].
    pub(super) fn literal(&mut self, pair: &Pair<'_>) -> Literal {
        let loc = self.loc(pair);
        let kind = pair.clone().into_inner().next().map(|inner| match inner.as_rule() {
            Rule::quantity => self.quantity(&inner).kind,
            Rule::text => LiteralKind::Text(unescape(inner.as_str())),
            _ => LiteralKind::Word(inner.as_str().to_owned()),
        });
        Literal { kind: kind.unwrap_or_else(|| LiteralKind::Word(String::new())), loc }
    }

    /// A literal from the pair of [`Rule::quantity`].
    pub(super) fn quantity(&mut self, pair: &Pair<'_>) -> Literal {
        let loc = self.loc(pair);
        let negative = child(pair, Rule::minus_sign).is_some();
        let kinds = pair.clone().into_inner().filter(|p| p.as_rule() != Rule::minus_sign);
        let kind = kinds.last().and_then(|inner| self.sized(&inner, negative));
        Literal { kind: kind.unwrap_or_else(|| LiteralKind::Word(String::new())), loc }
    }

    /// A number, a percent, money or a date.
    pub(super) fn sized(&mut self, pair: &Pair<'_>, negative: bool) -> Option<LiteralKind> {
        match pair.as_rule() {
            Rule::date if negative => {
                let loc = self.loc(pair);
                self.diagnostics.push(errors::negative_date(loc.0));
                Some(LiteralKind::Date(self.date(pair)))
            }
            Rule::date => Some(LiteralKind::Date(self.date(pair))),
            Rule::money => {
                let number = self.number(&child(pair, Rule::number)?);
                let code = child(pair, Rule::currency);
                let currency = code.as_ref().map_or(Some(Currency::USD), |c| Currency::new(c.as_str()))?;
                Some(LiteralKind::Money { negative, currency, dollar_sign: code.is_none(), number })
            }
            _ => {
                let number = self.number(&child(pair, Rule::number)?);
                let percent = child(pair, Rule::percent_sign).is_some();
                Some(if percent {
                    LiteralKind::Percent { negative, number }
                } else {
                    LiteralKind::Number { negative, number }
                })
            }
        }
    }

    pub(super) fn date(&self, pair: &Pair<'_>) -> DateLit {
        DateLit { text: pair.as_str().to_owned(), loc: self.loc(pair) }
    }

    /// The literals in brackets.
    pub(super) fn values(&mut self, pair: &Pair<'_>) -> Vec<Noted<Literal>> {
        let parts: Vec<Pair<'_>> = children(pair, Rule::literal).collect();
        parts
            .iter()
            .map(|p| {
                let node = self.literal(p);
                self.noted(p, node)
            })
            .collect()
    }

    pub(super) fn word(&self, pair: &Pair<'_>) -> Word {
        let quoted = child(pair, Rule::text).is_some();
        let text = if quoted { unescape(pair.as_str()) } else { pair.as_str().to_owned() };
        Word { text, quoted, loc: self.loc(pair) }
    }

    /// The words of `one of [...]` and its kin: those directly below a pair.
    pub(super) fn words(&self, pair: &Pair<'_>) -> Vec<Noted<Word>> {
        children(pair, Rule::word).map(|p| self.noted(&p, self.word(&p))).collect()
    }

    /// `from A to B`.
    pub(super) fn range(&mut self, pair: &Pair<'_>) -> Range {
        let mut range = Range::default();
        let mut upper = false;
        for inner in pair.clone().into_inner() {
            match inner.as_rule() {
                Rule::kw_to => upper = true,
                Rule::quantity if upper => range.to = Some(self.quantity(&inner)),
                Rule::quantity => range.from = Some(self.quantity(&inner)),
                _ => {}
            }
        }
        range
    }
}
