//! The items of blocks: each is a line with its rule of the grammar.

use std::ops::Range;

use super::ast::{
    DateLit, DecisionItem, Expectation, Given, GivenValue, GradeLine, LeadItem, Literal, Loc, Name, Phrase, PolicyItem,
    ScoreLine, TestItem, Text, Word,
};
use super::errors;
use super::layout::STATEMENT_WORDS;
use super::parse::{Builder, Pair, Rule, child, children};
use super::reader::Reader;
use super::scan::TokenKind;
use super::statement::owners;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};

impl Reader<'_> {
    pub(super) fn policy_item(&mut self, range: &Range<usize>) -> Option<PolicyItem> {
        self.sentence(range, Rule::policy_item, |b, p| {
            let item = p.clone().into_inner().next()?;
            Some(match item.as_rule() {
                Rule::owned_by => PolicyItem::OwnedBy(owners(b, &item)),
                Rule::in_force => {
                    let mut dates = children(&item, Rule::date).map(|d| b.date(&d));
                    PolicyItem::InForce { from: dates.next()?, until: dates.next() }
                }
                Rule::time_zone => PolicyItem::TimeZone(b.name(&child(&item, Rule::zone_name)?)),
                _ => PolicyItem::Language(b.number(&child(&item, Rule::number)?)),
            })
        })
    }

    pub(super) fn lead_item(&mut self, range: &Range<usize>) -> Option<LeadItem> {
        let item = self.sentence(range, Rule::lead_item, |b, p| b.lead_item(p));
        Some(item.unwrap_or_else(|| LeadItem::Broken { declares: self.name_at(range.start) }))
    }

    pub(super) fn decision_item(&mut self, range: &Range<usize>) -> Option<DecisionItem> {
        let item = self.sentence(range, Rule::decision_item, |b, p| {
            let phrase = b.phrase(child(p, Rule::phrase)?);
            Some(DecisionItem { phrase, note: child(p, Rule::text).map(|t| b.text(&t)) })
        });
        let first = self.scan.at(range.start);
        if item.is_some() && STATEMENT_WORDS.iter().any(|(w, _)| *w == first) {
            let place = self.tokens_span(&(range.start..range.start + 1));
            self.diagnostics.push(errors::decision_starts_statement(place, first));
        }
        // Without its note it is a decision still: the rules that use it are in order.
        item.or_else(|| {
            let is_word = |i: &usize| self.scan.tokens.get(*i).is_some_and(|t| t.kind == TokenKind::Word);
            let words = range.clone().take_while(is_word).count();
            Some(DecisionItem { phrase: self.words(&(range.start..range.start + words))?, note: None })
        })
    }

    pub(super) fn score_line(&mut self, range: &Range<usize>) -> Option<ScoreLine> {
        self.sentence(range, Rule::score_line, |b, p| {
            let negative = child(p, Rule::minus_sign).is_some();
            if let Some(other) = child(p, Rule::other_score) {
                let name = b.name(&child(&other, Rule::free_name)?);
                return Some(ScoreLine::Score { negative, name, label: label(b, &other) });
            }
            let line = child(p, Rule::points)?;
            let points = b.number(&child(&line, Rule::number)?);
            let per = match child(&line, Rule::per) {
                Some(per) => {
                    let amount = child(&per, Rule::per_amount).and_then(|a| a.into_inner().next());
                    let amount = amount.and_then(|a| {
                        let loc = b.loc(&a);
                        b.sized(&a, false).map(|kind| Literal { kind, loc })
                    });
                    Some((amount, b.sum(child(&per, Rule::sum)?)))
                }
                None => None,
            };
            let when = child(&line, Rule::points_when).map(|w| b.expr_in(&w));
            let at_most = child(&line, Rule::at_most).and_then(|m| child(&m, Rule::number)).map(|n| b.number(&n));
            Some(ScoreLine::Points { negative, points, per, when, at_most, label: label(b, &line) })
        })
    }

    pub(super) fn grade_line(&mut self, range: &Range<usize>) -> Option<GradeLine> {
        let line = self.sentence(range, Rule::grade_line, |b, p| {
            let label = b.word(&child(p, Rule::word)?);
            let when = child(p, Rule::expr).map(|e| b.expr(e));
            Some(GradeLine { label, when })
        });
        // The label is declared all the same, unless the line is a rule that stands too far right.
        let is_rule = self.diagnostics.last().is_some_and(|d| d.code == Code::P0104);
        line.or_else(|| {
            if is_rule {
                return None;
            }
            let Name { text, loc } = self.name_at(range.start)?;
            let when = Some(self.absent_expr(range)).filter(|_| text != "otherwise");
            Some(GradeLine { label: Word { text, quoted: false, loc }, when })
        })
    }

    pub(super) fn test_item(&mut self, range: &Range<usize>) -> Option<TestItem> {
        const FIRST: [&str; 3] = ["given", "as", "expect"];
        let word = self.scan.at(range.start);
        let known = FIRST.into_iter().find(|w| *w == word);
        let meant = FIRST.into_iter().find(|w| did_you_mean(word, FIRST) == Some(*w));
        if let (None, Some(meant)) = (known, meant) {
            self.respell(range.start, meant, errors::misspelt);
        }
        match known.or(meant) {
            Some("as") => {
                let date = self.sentence(range, Rule::as_of, |b, p| Some(b.date(&child(p, Rule::date)?)));
                // Any day will do: that there is a date at all keeps its absence from being a second error.
                let unread = || DateLit { text: "2000-01-01".to_owned(), loc: Loc(self.tokens_span(range)) };
                Some(TestItem::AsOf(date.unwrap_or_else(unread)))
            }
            Some("expect") => Some(TestItem::Expect(self.expectation(range))),
            Some(_) => self.sentence(range, Rule::given, |b, p| {
                let mut given = Vec::new();
                for value in children(p, Rule::given_value) {
                    let node = given_value(b, &value)?;
                    given.push(b.noted(&value, node));
                }
                Some(TestItem::Given(given))
            }),
            None => {
                let place = self.tokens_span(&(range.start..range.start + 1));
                self.diagnostics.push(errors::no_test_item(place));
                None
            }
        }
    }

    /// Words alone are a decision, unless they read as a condition and the file declares no such decision.
    fn expectation(&mut self, range: &Range<usize>) -> Expectation {
        let (decision, no_decision) = self.attempt(|reader| {
            reader.sentence(range, Rule::expect_decision, |b, p| {
                let by = child(p, Rule::kw_by).and_then(|_| child(p, Rule::name)).map(|n| b.name(&n));
                Some((b.phrase(child(p, Rule::phrase)?), by))
            })
        });
        let certain = |(phrase, by): &(Phrase, Option<Name>)| {
            by.is_some() || !phrase.text.contains(' ') || self.decisions.contains(&phrase.text)
        };
        if let Some((decision, by)) = decision.clone().filter(certain) {
            self.diagnostics.extend(no_decision);
            return Expectation::Decision { decision, by };
        }
        let (condition, no_condition) =
            self.attempt(|reader| reader.sentence(range, Rule::expect_condition, |b, p| Some(b.expr_in(p))));
        match (condition, decision) {
            (Some(condition), _) => {
                self.diagnostics.extend(no_condition);
                Expectation::Condition(condition)
            }
            (None, Some((decision, by))) => {
                self.diagnostics.extend(no_decision);
                Expectation::Decision { decision, by }
            }
            (None, None) => {
                // The reading that went further is the one that was meant.
                let reach = |found: &[Diagnostic]| found.last().and_then(Diagnostic::span).map_or(0, |s| s.start);
                let further = reach(&no_decision) > reach(&no_condition);
                self.diagnostics.extend(if further { no_decision } else { no_condition });
                Expectation::Condition(self.absent_expr(range))
            }
        }
    }
}

fn label(b: &Builder<'_>, p: &Pair<'_>) -> Option<Text> {
    child(p, Rule::score_label).and_then(|l| child(&l, Rule::text)).map(|t| b.text(&t))
}

fn given_value(b: &mut Builder<'_>, p: &Pair<'_>) -> Option<Given> {
    let field = b.name(&child(p, Rule::name)?);
    let value = if let Some(values) = child(p, Rule::values) {
        GivenValue::Set(b.values(&values))
    } else if let Some(relative) = child(p, Rule::relative) {
        let inner = relative.into_inner().next()?;
        let (count, unit) = b.duration(&inner)?;
        GivenValue::Relative { count, unit, ahead: inner.as_rule() == Rule::ahead }
    } else {
        GivenValue::Literal(b.literal(&child(p, Rule::literal)?))
    };
    Some(Given { field, value })
}
