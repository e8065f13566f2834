//! From the blocks of layout to the tree: every sentence, heading and item is parsed by itself, so that a fault in one hides
//! none in another, and what can be told of a broken one is kept.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::ast::{Comment, Expr, ExprKind, File, Loc, Name, Noted, Notes, Statement};
use super::comments::{Place, Placer, between, comment, no_blank_above};
use super::errors;
use super::fault::{self, Fault};
use super::layout::{Block, Kind, Layout, Misplaced, vertical};
use super::parse::{Builder, Pair, Rule, bytes, failure, pair};
use super::scan::{Scan, TokenKind, is_invisible};
use super::slips::{MAX_NESTING, mend};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// The state of reading one file.
pub(super) struct Reader<'s> {
    pub(super) scan: &'s Scan<'s>,
    pub(super) source: SourceId,
    /// The decisions that the file declares: only they tell `expect call and mail` from a condition.
    pub(super) decisions: HashSet<String>,
    /// Misspelt first words (which have been reported) and what they were meant to be.
    pub(super) respelt: HashMap<usize, &'static str>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(scan: &'s Scan<'s>, source: SourceId) -> Self {
        Reader { scan, source, decisions: HashSet::new(), respelt: HashMap::new(), diagnostics: Vec::new() }
    }

    /// Reads a whole file.
    pub(super) fn file(&mut self, layout: &Layout) -> File {
        for (token, misplaced) in &layout.misplaced {
            let place = self.tokens_span(&(*token..token + 1));
            self.diagnostics.push(match misplaced {
                Misplaced::NoStatement => errors::indented_without_statement(place),
                Misplaced::Shallow => errors::shallow(place),
                Misplaced::Outdented => errors::outdented_sentence(place, self.scan.at(*token)),
            });
        }
        self.check_comments();
        self.collect_decisions(layout);
        let mut file = File::default();
        for block in &layout.blocks {
            let (node, found) = self.attempt(|reader| reader.statement(block));
            if !self.is_stray(block) {
                self.diagnostics.extend(found);
            }
            let statement = self.statement_notes(block, node, &mut file);
            file.statements.push(statement);
        }
        file.trailing = self.free_comments(self.scan.tokens.len(), &mut file.statements);
        match file.statements.first_mut() {
            Some(first) => no_blank_above(&mut first.notes),
            None => file.trailing.iter_mut().take(1).for_each(|c| c.blank_before = false),
        }
        file
    }

    /// Whether a block is an indented line that belongs to nothing: that it makes no sense is no second error.
    fn is_stray(&self, block: &Block) -> bool {
        let is_when = |i: usize| self.scan.at(i) == "when";
        self.scan.indent(block.head.start) > 0 && block.kind == Kind::Rule && !block.head.clone().any(is_when)
    }

    /// Comments may say anything, but nobody should be misled about what they say.
    fn check_comments(&mut self) {
        for at in &self.scan.comments {
            let text = self.scan.text.get(at.start..at.end).unwrap_or("");
            if let Some((offset, c)) = text.char_indices().find(|(_, c)| is_invisible(*c)) {
                let start = at.start + offset;
                let place = Span::new(self.source, start, start + c.len_utf8());
                self.diagnostics.push(errors::invisible(place, c.encode_utf8(&mut [0; 4])));
            }
        }
    }

    fn collect_decisions(&mut self, layout: &Layout) {
        for item in layout.blocks.iter().filter(|b| b.kind == Kind::Decisions).flat_map(|b| &b.items) {
            let range = bytes(self.scan, item);
            if let Ok(parsed) = pair(Rule::decision_item, self.scan.text.get(range).unwrap_or(""))
                && let Some(phrase) = parsed.into_inner().next()
            {
                let words: Vec<&str> = phrase.into_inner().map(|w| w.as_str()).collect();
                self.decisions.insert(words.join(" "));
            }
        }
    }

    /// The place of some tokens.
    pub(super) fn tokens_span(&self, tokens: &Range<usize>) -> Span {
        let bytes = bytes(self.scan, tokens);
        Span::new(self.source, bytes.start, bytes.end)
    }

    /// Parses a slice that may end in a list of conditions below it.
    pub(super) fn sentence<T>(
        &mut self,
        range: &Range<usize>,
        wanted: Rule,
        build: impl FnOnce(&mut Builder<'_>, &Pair<'_>) -> Option<T>,
    ) -> Option<T> {
        self.nested_sentence(range, wanted, build, 0)
    }

    fn nested_sentence<T>(
        &mut self,
        range: &Range<usize>,
        wanted: Rule,
        build: impl FnOnce(&mut Builder<'_>, &Pair<'_>) -> Option<T>,
        depth: usize,
    ) -> Option<T> {
        let Some(vertical) = vertical(self.scan, range) else { return self.slice(range, wanted, None, build) };
        if depth >= MAX_NESTING {
            let place = self.tokens_span(&vertical.head);
            self.diagnostics.push(errors::too_deep(place));
            return None;
        }
        if let Some(token) = vertical.shallow {
            let place = self.tokens_span(&(token..token + 1));
            self.diagnostics.push(errors::after_conditions(place));
        }
        let below = vertical.conditions.iter().map(|c| self.condition(c, depth + 1)).collect();
        self.slice(&vertical.head, wanted, Some(below), build)
    }

    /// A condition on a line of its own.
    fn condition(&mut self, range: &Range<usize>, depth: usize) -> Noted<Expr> {
        let expr = self.nested_sentence(range, Rule::condition, |b, p| Some(b.expr_in(p)), depth);
        let loc = Loc(self.tokens_span(range));
        Noted { node: expr.unwrap_or(Expr { kind: ExprKind::Broken, loc }), loc, notes: Notes::default() }
    }

    /// Parses a slice with its rule; a fault is reported.
    fn slice<T>(
        &mut self,
        range: &Range<usize>,
        wanted: Rule,
        below: Option<Vec<Noted<Expr>>>,
        build: impl FnOnce(&mut Builder<'_>, &Pair<'_>) -> Option<T>,
    ) -> Option<T> {
        let respelt = self.respelt.get(&range.start).copied();
        let seen = self.diagnostics.len();
        let mended = mend(self.scan, range, self.source, respelt, &mut self.diagnostics);
        if !mended.readable {
            return None;
        }
        let (scan, source, places) = (self.scan, self.source, mended.places);
        let tokens = scan.tokens.get(range.clone()).unwrap_or(&[]);
        match pair(wanted, &mended.text) {
            Ok(parsed) => {
                let diagnostics = &mut self.diagnostics;
                build(&mut Builder { scan, tokens, source, places, below, diagnostics }, &parsed)
            }
            Err(error) => {
                let (at, wanted_there) = failure(&error);
                let byte = places.in_file(at);
                let at = range.start + tokens.partition_point(|t| t.end <= byte);
                let fault = fault::explain(&Fault { scan, source, range, at, entry: wanted, wanted: wanted_there });
                // What a slip of the pen has been reported at is not reported again.
                let slips = self.diagnostics.get(seen..).unwrap_or(&[]).iter().filter_map(Diagnostic::span);
                let again = |place: Span| slips.into_iter().any(|s| s.start < place.end && place.start < s.end);
                if !fault.span().is_some_and(again) {
                    self.diagnostics.push(fault);
                }
                None
            }
        }
    }

    /// Does something, and holds back what it reports.
    pub(super) fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, Vec<Diagnostic>) {
        let before = std::mem::take(&mut self.diagnostics);
        let result = work(self);
        (result, std::mem::replace(&mut self.diagnostics, before))
    }

    /// Gives a node its place and its comments; `first` when nothing stands above it in its block.
    pub(super) fn noted<T: Place>(&self, node: T, range: &Range<usize>, first: bool) -> Noted<T> {
        let start = self.tokens_span(range).start as usize;
        let previous_end = range.start.checked_sub(1).and_then(|i| self.scan.tokens.get(i)).map_or(0, |t| t.end);
        let above = between(self.scan, previous_end, start).iter().filter(|c| c.own_line);
        let mut noted = self.with_notes(node, range, above.map(|c| comment(self.scan, *c)).collect());
        if first {
            no_blank_above(&mut noted.notes);
        }
        noted
    }

    /// Gives a node its place, the comments above it, those in its sentence and the one behind it.
    fn with_notes<T: Place>(&self, mut node: T, range: &Range<usize>, before: Vec<Comment>) -> Noted<T> {
        let span = self.tokens_span(range);
        let mut placer = Placer::new(self.scan, span.start as usize, span.end as usize);
        node.place(&mut placer);
        let blank_before = self.blank_above(range.start);
        let mut notes = Notes { before, blank_before, after: self.comment_behind(range.end), below: Vec::new() };
        let mut left = placer.left();
        if let Some(first) = left.first_mut() {
            first.blank_before = std::mem::take(&mut notes.blank_before);
        }
        notes.before.extend(left);
        Noted { node, loc: Loc(span), notes }
    }

    /// A clause below a sentence, such as `because`.
    pub(super) fn clause<T: Place>(&self, node: T, range: &Range<usize>) -> Noted<T> {
        let mut noted = self.noted(node, range, true);
        noted.notes.before.iter_mut().for_each(|c| c.blank_before = false);
        noted.notes.blank_before = false;
        noted
    }

    fn blank_above(&self, token: usize) -> bool {
        let line = self.scan.tokens.get(token).and_then(|t| self.scan.lines.get(t.line));
        line.is_some_and(|l| l.blank_above)
    }

    /// The comment behind the last token before `end`, on its line.
    fn comment_behind(&self, end: usize) -> Option<Comment> {
        let last = self.scan.tokens.get(end.checked_sub(1)?)?;
        let limit = self.scan.tokens.get(end).map_or(self.scan.text.len(), |t| t.start);
        let next = between(self.scan, last.end, limit).first()?;
        (!next.own_line).then(|| comment(self.scan, *next))
    }

    fn statement_notes(&self, block: &Block, node: Statement, file: &mut File) -> Noted<Statement> {
        let before = self.free_comments(block.head.start, &mut file.statements);
        let mut noted = self.with_notes(node, &block.head, before);
        let end = block.items.last().map_or(block.head.end, |item| item.end);
        noted.loc = Loc(self.tokens_span(&(block.head.start..end)));
        noted
    }

    /// The comments on lines of their own above a token that starts a statement (or above the end of the file). Those that are
    /// indented belong below the statement before.
    fn free_comments(&self, token: usize, statements: &mut [Noted<Statement>]) -> Vec<Comment> {
        let previous_end = token.checked_sub(1).and_then(|i| self.scan.tokens.get(i)).map_or(0, |t| t.end);
        let end = self.scan.tokens.get(token).map_or(self.scan.text.len(), |t| t.start);
        let own: Vec<_> = between(self.scan, previous_end, end).iter().filter(|c| c.own_line).copied().collect();
        let indented = |line: usize| self.scan.lines.get(line).is_some_and(|l| l.indent > 0);
        let below = own.iter().take_while(|c| indented(c.line)).count();
        let mut comments: Vec<Comment> = own.into_iter().map(|c| comment(self.scan, c)).collect();
        match statements.last_mut() {
            Some(last) => {
                let above = comments.split_off(below);
                last.notes.below = comments;
                above
            }
            None => comments,
        }
    }

    /// The name after the first word of a broken statement, if there is one.
    pub(super) fn name_at(&self, token: usize) -> Option<Name> {
        let at = self.scan.tokens.get(token).filter(|t| t.kind == TokenKind::Word)?;
        let span = Span::new(self.source, at.start, at.end);
        Some(Name { text: self.scan.say(*at).to_owned(), loc: Loc(span) })
    }
}
