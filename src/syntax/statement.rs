//! Blocks → statements with their items.

use std::ops::Range;

use super::ast::{
    DateLit, DecisionItem, Expectation, Expr, ExprKind, Given, GivenValue, GradeLine, LeadItem, ListValues, Loc, Name,
    Noted, Otherwise, Owners, Phrase, PolicyItem, ScoreLine, SectionGuard, Statement, TestItem, Text, Word,
};
use super::comments::Place;
use super::errors;
use super::layout::{Block, Kind, STATEMENT_WORDS, clause};
use super::parse::{Builder, Pair, Rule, child, children, unescape};
use super::reader::Reader;
use super::scan::TokenKind;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;

/// The clauses below a sentence.
#[derive(Default)]
struct Clauses {
    because: Option<Noted<Text>>,
    owners: Option<Noted<Owners>>,
    otherwise: Option<Noted<Otherwise>>,
}

impl Reader<'_> {
    /// Reads one statement; what of it cannot be read is reported.
    pub(super) fn statement(&mut self, block: &Block) -> Statement {
        let name = |reader: &Self| reader.name_at(block.head.start + 1).filter(|_| block.head.len() > 1);
        if let Some(meant) = block.meant.filter(|_| block.kind != Kind::Later) {
            self.respell(block.head.start, meant, errors::misspelt_statement);
        }
        self.check_items(block);
        match block.kind {
            Kind::Policy => {
                let title = self.sentence(&block.head, Rule::policy, |b, p| Some(b.text(&child(p, Rule::text)?)));
                let items = self.items(block, Self::policy_item);
                Statement::Policy { title: title.unwrap_or_else(|| self.absent_text(block)), items }
            }
            Kind::Use | Kind::RulesFrom => {
                let rule = if block.kind == Kind::Use { Rule::use_library } else { Rule::rules_from };
                let path = self.sentence(&block.head, rule, |b, p| Some(b.text(&child(p, Rule::text)?)));
                let owners = self.clauses(block).owners;
                match path {
                    Some(path) if block.kind == Kind::Use => Statement::Use { path, owners },
                    Some(path) => Statement::RulesFrom { path, owners },
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Lead => {
                self.sentence(&block.head, Rule::lead, |_, _| Some(()));
                Statement::Lead { items: self.items(block, Self::lead_item) }
            }
            Kind::Decisions => {
                let best = |_: &mut Builder<'_>, p: &Pair<'_>| Some(child(p, Rule::best_first).is_some());
                let best_first = self.sentence(&block.head, Rule::decisions, best).unwrap_or(false);
                Statement::Decisions { best_first, items: self.items(block, Self::decision_item) }
            }
            Kind::List => {
                let list = self.sentence(&block.head, Rule::list, list);
                let owners = self.clauses(block).owners;
                match list {
                    Some((name, values)) => Statement::List { name, values, owners },
                    None => Statement::Broken { declares: name(self) },
                }
            }
            Kind::Define => {
                let define = self.sentence(&block.head, Rule::define, named);
                self.clauses(block);
                match define.or_else(|| name(self).map(|n| (n, self.absent_expr(&block.head)))) {
                    Some((name, body)) => Statement::Define { name, body },
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Stage => {
                let stage = self.sentence(&block.head, Rule::stage, named);
                self.clauses(block);
                match stage.or_else(|| name(self).map(|n| (n, self.absent_expr(&block.head)))) {
                    Some((name, when)) => Statement::Stage { name, when },
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Score => {
                let score = self.sentence(&block.head, Rule::score, |b, p| {
                    let range = child(p, Rule::range).map(|r| b.range(&r)).unwrap_or_default();
                    Some((b.name(&child(p, Rule::free_name)?), range))
                });
                let lines = self.items(block, Self::score_line);
                match score.or_else(|| name(self).map(|n| (n, super::ast::Range::default()))) {
                    Some((name, range)) => Statement::Score { name, range, lines },
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Grade => {
                let grade = self.sentence(&block.head, Rule::grade, |b, p| Some(b.name(&child(p, Rule::free_name)?)));
                let lines = self.items(block, Self::grade_line);
                match grade.or_else(|| name(self)) {
                    Some(name) => Statement::Grade { name, lines },
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Section => {
                let section = self.sentence(&block.head, Rule::section, section);
                let clauses = self.clauses(block);
                let broken = || (self.absent_text(block), SectionGuard::When(self.absent_expr(&block.head)));
                let (title, guard) = section.unwrap_or_else(broken);
                Statement::Section { title, guard, owners: clauses.owners, otherwise: clauses.otherwise }
            }
            Kind::Rule => self.rule(block),
            Kind::Otherwise => {
                let decision = self.sentence(&block.head, Rule::otherwise, decision);
                let because = self.clauses(block).because;
                match decision {
                    Some(decision) => Statement::Otherwise(Otherwise { decision, because }),
                    None => Statement::Broken { declares: None },
                }
            }
            Kind::Test => {
                let title = self.sentence(&block.head, Rule::test_head, |b, p| Some(b.text(&child(p, Rule::text)?)));
                let items = self.items(block, Self::test_item);
                Statement::Test { title: title.unwrap_or_else(|| self.absent_text(block)), items }
            }
            Kind::Later => {
                let word = block.meant.unwrap_or_else(|| self.scan.at(block.head.start));
                let place = self.tokens_span(&(block.head.start..block.head.start + 1));
                self.diagnostics.push(errors::later(place, word));
                Statement::Broken { declares: name(self) }
            }
        }
    }

    /// Reports a misspelt first word, and has it read as it was meant.
    fn respell(&mut self, token: usize, meant: &'static str, error: fn(Span, &str, &str) -> Diagnostic) {
        let place = self.tokens_span(&(token..token + 1));
        self.diagnostics.push(error(place, self.scan.at(token), meant));
        self.respelt.insert(token, meant);
    }

    /// A block without items says nothing.
    fn check_items(&mut self, block: &Block) {
        let needed = match block.kind {
            Kind::Lead | Kind::Decisions | Kind::Score | Kind::Grade | Kind::Test => true,
            Kind::Policy | Kind::Use | Kind::RulesFrom | Kind::List | Kind::Define | Kind::Stage => false,
            Kind::Section | Kind::Rule | Kind::Otherwise | Kind::Later => false,
        };
        if needed && block.items.is_empty() {
            let place = self.tokens_span(&(block.head.start..block.head.start + 1));
            let word = block.meant.unwrap_or_else(|| self.scan.at(block.head.start));
            self.diagnostics.push(errors::empty_block(place, word));
        }
    }

    fn rule(&mut self, block: &Block) -> Statement {
        let seen = self.diagnostics.len();
        let rule = self.sentence(&block.head, Rule::decision_rule, |b, p| {
            let label = child(p, Rule::label);
            let name = label.as_ref().and_then(|l| child(l, Rule::name)).map(|n| b.name(&n));
            let was = label.as_ref().and_then(|l| child(l, Rule::was));
            let was: Vec<Name> =
                was.map(|w| children(&w, Rule::name).map(|n| b.name(&n)).collect()).unwrap_or_default();
            let decision = b.phrase(child(p, Rule::phrase)?);
            Some((name, was, decision, b.expr_in(p)))
        });
        let fault = self.diagnostics.get(seen..).and_then(|new| new.iter().rev().find_map(Diagnostic::span));
        let because = self.clauses(block).because;
        match rule.or_else(|| self.half_a_rule(&block.head, fault?)) {
            Some((label, was, decision, when)) => {
                let (label, decision) = self.split_label(label, decision);
                Statement::Rule { label, was, decision, when, because }
            }
            None => Statement::Broken { declares: None },
        }
    }

    /// A rule whose condition cannot be read still has its label and its decision.
    fn half_a_rule(&self, head: &Range<usize>, fault: Span) -> Option<(Option<Name>, Vec<Name>, Phrase, Expr)> {
        let when = head.clone().find(|i| self.scan.at(*i) == "when")?;
        if self.scan.tokens.get(when)?.start > fault.start as usize {
            return None;
        }
        let labelled = self.scan.at(head.start + 1) == ":";
        let label = if labelled { self.name_at(head.start) } else { None };
        let decision = self.words(&(if labelled { head.start + 2 } else { head.start }..when))?;
        Some((label, Vec::new(), decision, self.absent_expr(head)))
    }

    /// A phrase, when tokens are nothing but words.
    fn words(&self, range: &Range<usize>) -> Option<Phrase> {
        let tokens = self.scan.tokens.get(range.clone()).filter(|t| !t.is_empty())?;
        let all_words = tokens.iter().all(|t| t.kind == TokenKind::Word);
        let words: Vec<&str> = tokens.iter().map(|t| self.scan.say(*t)).collect();
        all_words.then(|| Phrase { text: words.join(" "), loc: Loc(self.tokens_span(range)) })
    }

    /// `hot_vp pass to sales when ...`: the first word is a label when only the rest is a decision.
    fn split_label(&mut self, label: Option<Name>, decision: Phrase) -> (Option<Name>, Phrase) {
        let Some((first, rest)) = decision.text.split_once(' ') else { return (label, decision) };
        if label.is_some() || self.decisions.contains(&decision.text) || !self.decisions.contains(rest) {
            return (label, decision);
        }
        let start = decision.loc.0.start as usize;
        let place = Span::new(self.source, start, start + first.len());
        self.diagnostics.push(errors::no_colon_after_label(place, first));
        let label = Name { text: first.to_owned(), loc: Loc(place) };
        (Some(label), Phrase { text: rest.to_owned(), loc: decision.loc })
    }

    /// Reads the items of a block; those that give nothing are left out.
    fn items<T: Place>(
        &mut self,
        block: &Block,
        mut read: impl FnMut(&mut Self, &Range<usize>) -> Option<T>,
    ) -> Vec<Noted<T>> {
        let mut items = Vec::new();
        for range in &block.items {
            if let Some(node) = read(self, range) {
                items.push(self.noted(node, range, items.is_empty()));
            }
        }
        items
    }

    /// Reads `because`, `owned by` and `otherwise` below a sentence.
    fn clauses(&mut self, block: &Block) -> Clauses {
        let mut clauses = Clauses::default();
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for range in &block.items {
            let Some(word) = clause(self.scan, range.start, block.kind) else { continue };
            let place = self.tokens_span(&(range.start..range.start + 1));
            let below_otherwise = clauses.otherwise.is_some() && word == "because";
            if !(below_otherwise || belongs(word, block.kind)) {
                let name = if word == "owned" { "owned by" } else { word };
                self.diagnostics.push(errors::misplaced_clause(place, name));
            } else if let Some((_, first)) = seen.iter().find(|(w, _)| *w == word) {
                let name = if word == "owned" { "owned by" } else { word };
                self.diagnostics.push(errors::repeated_clause(place, name, *first));
            } else if word != self.scan.at(range.start) {
                self.respell(range.start, word, errors::misspelt);
            }
            seen.push((word, place));
            self.respelt.insert(range.start, word);
            match word {
                "otherwise" => {
                    let decision = self.sentence(range, Rule::otherwise, decision);
                    let otherwise = decision.map(|decision| Otherwise { decision, because: None });
                    clauses.otherwise = otherwise.map(|o| self.clause(o, range)).or(clauses.otherwise);
                }
                "owned" => {
                    let read = |b: &mut Builder<'_>, p: &Pair<'_>| child(p, Rule::owned_by).map(|o| owners(b, &o));
                    let owners = self.sentence(range, Rule::owners, read);
                    clauses.owners = owners.map(|o| self.clause(o, range)).or(clauses.owners);
                }
                _ => {
                    let because = self.sentence(range, Rule::because, |b, p| Some(b.text(&child(p, Rule::text)?)));
                    let because = because.map(|b| self.clause(b, range));
                    match &mut clauses.otherwise {
                        Some(otherwise) => otherwise.node.because = because,
                        None => clauses.because = because.or(clauses.because),
                    }
                }
            }
        }
        clauses
    }

    fn policy_item(&mut self, range: &Range<usize>) -> Option<PolicyItem> {
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

    fn lead_item(&mut self, range: &Range<usize>) -> Option<LeadItem> {
        let item = self.sentence(range, Rule::lead_item, |b, p| b.lead_item(p));
        Some(item.unwrap_or_else(|| LeadItem::Broken { declares: self.name_at(range.start) }))
    }

    fn decision_item(&mut self, range: &Range<usize>) -> Option<DecisionItem> {
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

    fn score_line(&mut self, range: &Range<usize>) -> Option<ScoreLine> {
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
                        b.sized(&a, false).map(|kind| super::ast::Literal { kind, loc })
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

    fn grade_line(&mut self, range: &Range<usize>) -> Option<GradeLine> {
        let line = self.sentence(range, Rule::grade_line, |b, p| {
            let label = b.word(&child(p, Rule::word)?);
            let when = child(p, Rule::expr).map(|e| b.expr(e));
            Some(GradeLine { label, when })
        });
        // The label is declared all the same.
        line.or_else(|| {
            let Name { text, loc } = self.name_at(range.start)?;
            let when = Some(self.absent_expr(range)).filter(|_| text != "otherwise");
            Some(GradeLine { label: Word { text, quoted: false, loc }, when })
        })
    }

    fn test_item(&mut self, range: &Range<usize>) -> Option<TestItem> {
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

    /// The title of a statement that could not be read, as far as there is one.
    fn absent_text(&self, block: &Block) -> Text {
        let title = block.head.start + 1;
        let token = self.scan.tokens.get(title).filter(|t| t.kind == TokenKind::Text && block.head.contains(&title));
        let value = token.map(|t| unescape(self.scan.say(*t))).unwrap_or_default();
        Text { value, loc: Loc(self.tokens_span(&block.head)) }
    }

    /// Stands for a condition that could not be read.
    fn absent_expr(&self, range: &Range<usize>) -> Expr {
        Expr { kind: ExprKind::Broken, loc: Loc(self.tokens_span(range)) }
    }
}

/// Whether a clause may stand below a statement.
fn belongs(clause: &str, kind: Kind) -> bool {
    match kind {
        Kind::Rule | Kind::Otherwise => clause == "because",
        Kind::Use | Kind::RulesFrom | Kind::List => clause == "owned",
        Kind::Section => clause != "because",
        // Nothing is known of what stands below the statements to come.
        Kind::Later => true,
        Kind::Policy | Kind::Lead | Kind::Decisions | Kind::Define | Kind::Score => false,
        Kind::Grade | Kind::Stage | Kind::Test => false,
    }
}

fn decision(b: &mut Builder<'_>, p: &Pair<'_>) -> Option<Phrase> {
    child(p, Rule::phrase).map(|phrase| b.phrase(phrase))
}

fn named(b: &mut Builder<'_>, p: &Pair<'_>) -> Option<(Name, Expr)> {
    Some((b.name(&child(p, Rule::free_name)?), b.expr_in(p)))
}

fn owners(b: &Builder<'_>, p: &Pair<'_>) -> Owners {
    Owners { names: children(p, Rule::name).map(|n| b.name(&n)).collect() }
}

fn label(b: &Builder<'_>, p: &Pair<'_>) -> Option<Text> {
    child(p, Rule::score_label).and_then(|l| child(&l, Rule::text)).map(|t| b.text(&t))
}

fn list(b: &mut Builder<'_>, p: &Pair<'_>) -> Option<(Name, ListValues)> {
    let name = b.name(&child(p, Rule::free_name)?);
    if let Some(values) = child(p, Rule::list_values) {
        return Some((name, ListValues::Inline(b.values(&child(&values, Rule::values)?))));
    }
    let file = child(p, Rule::list_file)?;
    let mut texts = children(&file, Rule::text).map(|t| b.text(&t));
    Some((name, ListValues::File { path: texts.next()?, column: texts.next() }))
}

fn section(b: &mut Builder<'_>, p: &Pair<'_>) -> Option<(Text, SectionGuard)> {
    let title = b.text(&child(p, Rule::text)?);
    let guard = match child(p, Rule::section_when) {
        Some(when) => SectionGuard::When(b.expr_in(&when)),
        None if child(p, Rule::section_otherwise).is_some() => SectionGuard::Otherwise,
        None => SectionGuard::Always,
    };
    Some((title, guard))
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
