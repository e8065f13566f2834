//! Blocks → statements with their items.

use std::ops::Range;

use super::ast::{
    DecisionItem, Expectation, Expr, ExprKind, Given, GivenValue, GradeLine, LeadItem, ListValues, Loc, Name, Noted,
    Otherwise, Owners, Phrase, PolicyItem, ScoreLine, SectionGuard, Statement, TestItem, Text,
};
use super::comments::Place;
use super::errors;
use super::layout::{Block, Kind};
use super::parse::{Builder, Pair, Rule, child, children};
use super::reader::Reader;

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
        let name = |reader: &Self| reader.name_at(block.head.start + 1);
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
                let title = self.sentence(&block.head, Rule::test, |b, p| Some(b.text(&child(p, Rule::text)?)));
                let items = self.items(block, Self::test_item);
                Statement::Test { title: title.unwrap_or_else(|| self.absent_text(block)), items }
            }
            Kind::Later => {
                let place = self.tokens_span(&(block.head.start..block.head.start + 1));
                let word = self.scan.at(block.head.start).to_owned();
                self.diagnostics.push(errors::later(place, &word));
                Statement::Broken { declares: name(self) }
            }
        }
    }

    fn rule(&mut self, block: &Block) -> Statement {
        let rule = self.sentence(&block.head, Rule::decision_rule, |b, p| {
            let label = child(p, Rule::label);
            let name = label.as_ref().and_then(|l| child(l, Rule::name)).map(|n| b.name(&n));
            let was = label.as_ref().and_then(|l| child(l, Rule::was));
            let was = was.map(|w| children(&w, Rule::name).map(|n| b.name(&n)).collect()).unwrap_or_default();
            let decision = b.phrase(child(p, Rule::phrase)?);
            Some((name, was, decision, b.expr_in(p)))
        });
        let because = self.clauses(block).because;
        match rule {
            Some((label, was, decision, when)) => Statement::Rule { label, was, decision, when, because },
            None => Statement::Broken { declares: None },
        }
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
        for range in &block.items {
            match self.scan.at(range.start) {
                "otherwise" => {
                    let decision = self.sentence(range, Rule::otherwise, decision);
                    clauses.otherwise = decision
                        .map(|decision| self.clause(Otherwise { decision, because: None }, range))
                        .or(clauses.otherwise);
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
                        Some(otherwise) if block.kind == Kind::Section => otherwise.node.because = because,
                        Some(_) | None => clauses.because = because.or(clauses.because),
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
        self.sentence(range, Rule::decision_item, |b, p| {
            let phrase = b.phrase(child(p, Rule::phrase)?);
            Some(DecisionItem { phrase, note: child(p, Rule::text).map(|t| b.text(&t)) })
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
        self.sentence(range, Rule::grade_line, |b, p| {
            let label = b.word(&child(p, Rule::word)?);
            let when = child(p, Rule::expr).map(|e| b.expr(e));
            Some(GradeLine { label, when })
        })
    }

    fn test_item(&mut self, range: &Range<usize>) -> Option<TestItem> {
        match self.scan.at(range.start) {
            "as" => self.sentence(range, Rule::as_of, |b, p| Some(TestItem::AsOf(b.date(&child(p, Rule::date)?)))),
            "expect" => Some(TestItem::Expect(self.expectation(range))),
            _ => self.sentence(range, Rule::given, |b, p| {
                let mut given = Vec::new();
                for value in children(p, Rule::given_value) {
                    let node = given_value(b, &value)?;
                    given.push(b.noted(&value, node));
                }
                Some(TestItem::Given(given))
            }),
        }
    }

    /// Words alone are a decision, unless they read as a condition and the file declares no such decision.
    fn expectation(&mut self, range: &Range<usize>) -> Expectation {
        let seen = self.diagnostics.len();
        let decision = self.sentence(range, Rule::expect_decision, |b, p| {
            let by = child(p, Rule::kw_by).and_then(|_| child(p, Rule::name)).map(|n| b.name(&n));
            Some((b.phrase(child(p, Rule::phrase)?), by))
        });
        self.diagnostics.truncate(seen);
        let certain = |(phrase, by): &(Phrase, Option<Name>)| {
            by.is_some() || !phrase.text.contains(' ') || self.decisions.contains(&phrase.text)
        };
        if let Some((decision, by)) = decision.clone().filter(certain) {
            return Expectation::Decision { decision, by };
        }
        let condition = self.sentence(range, Rule::expect_condition, |b, p| Some(b.expr_in(p)));
        match (condition, decision) {
            (Some(condition), _) => Expectation::Condition(condition),
            (None, Some((decision, by))) => {
                self.diagnostics.truncate(seen);
                Expectation::Decision { decision, by }
            }
            (None, None) => Expectation::Condition(self.absent_expr(range)),
        }
    }

    /// Stands for a title that could not be read.
    fn absent_text(&self, block: &Block) -> Text {
        Text { value: String::new(), loc: Loc(self.tokens_span(&block.head)) }
    }

    /// Stands for a condition that could not be read.
    fn absent_expr(&self, range: &Range<usize>) -> Expr {
        Expr { kind: ExprKind::Broken, loc: Loc(self.tokens_span(range)) }
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
