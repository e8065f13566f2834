//! Blocks → statements; their items are read one by one.

use std::ops::Range;

use super::ast::{
    Expr, ExprKind, ListValues, Loc, Name, Noted, Otherwise, Owners, Phrase, Range as Bounds, SectionGuard, Statement,
    Text,
};
use super::comments::Place;
use super::errors;
use super::layout::{Block, Kind, clause};
use super::parse::{Builder, Pair, Rule, child, children, unescape};
use super::reader::Reader;
use super::scan::TokenKind;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;

/// The clauses below a sentence.
#[derive(Default)]
pub(super) struct Clauses {
    pub(super) because: Option<Noted<Text>>,
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
        let stage = self.is_misspelt_stage(block).then_some(("stage", Kind::Stage));
        if let Some((meant, kind)) = stage.or_else(|| self.misspelt_property(block)) {
            self.respell(block.head.start, meant, errors::misspelt_statement);
            return self.statement(&Block { kind, ..block.clone() });
        }
        if let Some(property) = self.labelled_property(block).or_else(|| self.only_when(block)) {
            return property;
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
                match score.or_else(|| name(self).map(|n| (n, Bounds::default()))) {
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
            Kind::Never | Kind::Always => self.property(block),
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
    pub(super) fn respell(&mut self, token: usize, meant: &'static str, error: fn(Span, &str, &str) -> Diagnostic) {
        let place = self.tokens_span(&(token..token + 1));
        self.diagnostics.push(error(place, self.scan.at(token), meant));
        self.respelt.insert(token, meant);
    }

    /// A block without items says nothing.
    fn check_items(&mut self, block: &Block) {
        let needed = match block.kind {
            Kind::Lead | Kind::Decisions | Kind::Score | Kind::Grade | Kind::Test => true,
            Kind::Policy | Kind::Use | Kind::RulesFrom | Kind::List | Kind::Define | Kind::Stage => false,
            Kind::Section | Kind::Rule | Kind::Otherwise | Kind::Never | Kind::Always | Kind::Later => false,
        };
        if needed && block.items.is_empty() {
            let place = self.tokens_span(&(block.head.start..block.head.start + 1));
            let word = block.meant.unwrap_or_else(|| self.scan.at(block.head.start));
            self.diagnostics.push(errors::empty_block(place, word));
        }
    }

    /// `stag mql when ...` has the shape of a rule. It is none when the file declares its decisions and none is like this one.
    fn is_misspelt_stage(&self, block: &Block) -> bool {
        let word = self.scan.at(block.head.start);
        let shape = block.kind == Kind::Rule && self.scan.at(block.head.start + 2) == "when";
        let stage = shape && word != "stage" && did_you_mean(word, ["stage"]).is_some();
        let is_decision = |d: &String| d.split(' ').next() == Some(word);
        stage && !self.decisions.is_empty() && !self.decisions.iter().any(is_decision)
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
    pub(super) fn words(&self, range: &Range<usize>) -> Option<Phrase> {
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
    pub(super) fn clauses(&mut self, block: &Block) -> Clauses {
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

    /// The title of a statement that could not be read, as far as there is one.
    fn absent_text(&self, block: &Block) -> Text {
        let title = block.head.start + 1;
        let token = self.scan.tokens.get(title).filter(|t| t.kind == TokenKind::Text && block.head.contains(&title));
        let value = token.map(|t| unescape(self.scan.say(*t))).unwrap_or_default();
        Text { value, loc: Loc(self.tokens_span(&block.head)) }
    }

    /// Stands for a condition that could not be read.
    pub(super) fn absent_expr(&self, range: &Range<usize>) -> Expr {
        Expr { kind: ExprKind::Broken, loc: Loc(self.tokens_span(range)) }
    }
}

/// Whether a clause may stand below a statement.
fn belongs(clause: &str, kind: Kind) -> bool {
    match kind {
        Kind::Rule | Kind::Otherwise | Kind::Never | Kind::Always => clause == "because",
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

pub(super) fn owners(b: &Builder<'_>, p: &Pair<'_>) -> Owners {
    Owners { names: children(p, Rule::name).map(|n| b.name(&n)).collect() }
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
