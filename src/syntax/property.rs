//! Properties: `never DECISION when ...`, `never DECISION unless ...`, `always DECISION when ...`.

use std::ops::Range;

use super::ast::{Claim, Expr, Phrase, Statement};
use super::errors;
use super::layout::{Block, Kind};
use super::parse::{Rule, child};
use super::reader::Reader;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;

impl Reader<'_> {
    /// Reads a property; one whose condition cannot be read still has its decision.
    pub(super) fn property(&mut self, block: &Block) -> Statement {
        let always = block.kind == Kind::Always;
        let seen = self.diagnostics.len();
        let property = self.sentence(&block.head, if always { Rule::always } else { Rule::never }, |b, p| {
            let claim = claim(always, child(p, Rule::kw_unless).is_some());
            Some((claim, b.phrase(child(p, Rule::phrase)?), b.expr_in(p)))
        });
        let fault = self.diagnostics.get(seen..).and_then(|new| new.iter().rev().find_map(Diagnostic::span));
        let because = self.clauses(block).because;
        match property.or_else(|| self.half_a_property(&block.head, always, fault?)) {
            Some((claim, decision, condition)) => Statement::Property { claim, decision, condition, because },
            None => Statement::Broken { declares: None },
        }
    }

    fn half_a_property(&self, head: &Range<usize>, always: bool, fault: Span) -> Option<(Claim, Phrase, Expr)> {
        let joint = head.clone().find(|i| matches!(self.scan.at(*i), "when" | "unless"))?;
        if self.scan.tokens.get(joint)?.start > fault.start as usize {
            return None;
        }
        let decision = self.words(&(head.start + 1..joint))?;
        Some((claim(always, self.scan.at(joint) == "unless"), decision, self.absent_expr(head)))
    }

    /// The first word of a property that is misspelt, `nevr pass to sales when ...`: what follows it is a decision by itself.
    pub(super) fn misspelt_property(&self, block: &Block) -> Option<(&'static str, Kind)> {
        self.worded_rule(block)?;
        let word = self.scan.at(block.head.start);
        let meant = did_you_mean(word, ["never", "always"])?;
        Some(if meant == "always" { ("always", Kind::Always) } else { ("never", Kind::Never) })
    }

    /// `no_calls: never pass to sales when ...`, a property with a label.
    pub(super) fn labelled_property(&mut self, block: &Block) -> Option<Statement> {
        let start = block.head.start;
        let word = self.scan.at(start + 2);
        let kind = match word {
            "never" => Kind::Never,
            "always" => Kind::Always,
            _ => return None,
        };
        if block.kind != Kind::Rule || self.scan.at(start + 1) != ":" {
            return None;
        }
        let head = start + 2..block.head.end;
        let label = self.tokens_span(&(start..head.start));
        self.diagnostics.push(errors::labelled_property(label, word, self.tokens_span(&head)));
        Some(self.property(&Block { kind, head, ..block.clone() }))
    }

    /// `only pass to sales when ...`, which may be meant as a property or as a rule.
    pub(super) fn only_when(&mut self, block: &Block) -> Option<Statement> {
        let start = block.head.start;
        let decision = self.worded_rule(block).filter(|_| self.scan.at(start) == "only")?;
        let place = self.tokens_span(&(start..start + 1));
        self.diagnostics.push(errors::only_when(place, &decision.text));
        let condition = self.absent_expr(&block.head);
        let because = self.clauses(block).because;
        Some(Statement::Property { claim: Claim::NeverUnless, decision, condition, because })
    }

    /// The decision in what has the shape of a rule, but one word before its decision.
    fn worded_rule(&self, block: &Block) -> Option<Phrase> {
        let is_joint = |i: &usize| matches!(self.scan.at(*i), "when" | "unless");
        let joint = block.head.clone().find(is_joint).filter(|_| block.kind == Kind::Rule)?;
        let whole = self.words(&(block.head.start..joint))?;
        let decision = self.words(&(block.head.start + 1..joint))?;
        (self.decisions.contains(&decision.text) && !self.decisions.contains(&whole.text)).then_some(decision)
    }
}

fn claim(always: bool, unless: bool) -> Claim {
    match (always, unless) {
        (true, _) => Claim::AlwaysWhen,
        (false, true) => Claim::NeverUnless,
        (false, false) => Claim::NeverWhen,
    }
}
