//! Comments find their nodes: a comment within a sentence goes to the part that it follows or stands before.

use super::ast::{
    Comment, DecisionItem, Expr, ExprKind, Given, GivenValue, GradeLine, LeadItem, ListValues, Literal, Noted, Notes,
    Otherwise, Owners, PolicyItem, ScoreLine, SectionGuard, SetExpr, SetOrExpr, Statement, Test, TestItem, Text,
    TypeExpr,
};
use super::scan::{CommentAt, Scan};
use crate::source::Span;

/// The comments that stand wholly between two bytes.
pub(super) fn between<'s>(scan: &'s Scan<'_>, start: usize, end: usize) -> &'s [CommentAt] {
    let from = scan.comments.partition_point(|c| c.start < start);
    let to = scan.comments.partition_point(|c| c.start < end);
    scan.comments.get(from..to).unwrap_or(&[])
}

/// A comment without its `#`.
pub(super) fn comment(scan: &Scan<'_>, at: CommentAt) -> Comment {
    let text = scan.text.get(at.start..at.end).unwrap_or("");
    let text = text.strip_prefix('#').unwrap_or(text).trim();
    let blank_before = at.own_line && scan.lines.get(at.line).is_some_and(|l| l.blank_above);
    Comment { text: text.to_owned(), blank_before }
}

/// Gives the comments within a sentence to its parts.
pub(super) struct Placer<'s> {
    scan: &'s Scan<'s>,
    all: &'s [CommentAt],
    /// The same comments; none where a part has taken it.
    waiting: Vec<Option<CommentAt>>,
}

impl<'s> Placer<'s> {
    /// For the comments between two bytes.
    pub(super) fn new(scan: &'s Scan<'s>, start: usize, end: usize) -> Self {
        let all = between(scan, start, end);
        Placer { scan, all, waiting: all.iter().copied().map(Some).collect() }
    }

    /// The comments that no part took.
    pub(super) fn left(self) -> Vec<Comment> {
        let scan = self.scan;
        self.waiting.into_iter().flatten().map(|c| Comment { blank_before: false, ..comment(scan, c) }).collect()
    }

    /// Takes the waiting comments between two bytes.
    fn take(&mut self, start: usize, end: usize) -> Vec<CommentAt> {
        let from = self.all.partition_point(|c| c.start < start);
        let to = self.all.partition_point(|c| c.start < end);
        self.waiting.get_mut(from..to).into_iter().flatten().filter_map(Option::take).collect()
    }

    /// Distributes the comments before, between and (in brackets) below the parts of a list.
    fn parts(&mut self, parts: &mut [(&mut Notes, Span)], bracketed: bool) {
        let tokens = &self.scan.tokens;
        let mut previous: Option<(usize, usize)> = None;
        for k in 0..parts.len() {
            let Some((start, end)) = parts.get(k).map(|(_, s)| (s.start as usize, s.end as usize)) else { return };
            let first_token = tokens.partition_point(|t| t.start < start);
            let gap_token = match previous {
                Some((_, token)) => token,
                None => first_token,
            };
            let gap_start = gap_token.checked_sub(1).and_then(|i| tokens.get(i)).map_or(0, |t| t.end);
            let mut found = self.take(gap_start, start);
            if previous.is_some() {
                if let Some(after) = self.follower(gap_token, &mut found)
                    && let Some((notes, _)) = k.checked_sub(1).and_then(|i| parts.get_mut(i))
                {
                    notes.after = Some(after);
                }
                let line_start = (gap_token..=first_token).find(|i| self.scan.starts_line(*i));
                let line = line_start.and_then(|i| tokens.get(i)).and_then(|t| self.scan.lines.get(t.line));
                if let Some((notes, _)) = parts.get_mut(k) {
                    notes.blank_before = line.is_some_and(|l| l.blank_above);
                }
            }
            if let Some((notes, _)) = parts.get_mut(k) {
                notes.before = found.into_iter().map(|c| comment(self.scan, c)).collect();
                if previous.is_none() {
                    no_blank_above(notes);
                }
            }
            previous = Some((end, tokens.partition_point(|t| t.end <= end)));
        }
        let Some((end, token)) = previous else { return };
        let next = if self.scan.at(token) == "," { token + 1 } else { token };
        let limit = tokens.get(next).map_or(end, |t| t.start);
        let Some((last, _)) = parts.last_mut() else { return };
        if bracketed {
            let mut found = self.take(end, limit);
            last.after = self.follower(token, &mut found);
            last.below = found.into_iter().map(|c| comment(self.scan, c)).collect();
        } else if let Some(first) = between(self.scan, end, limit).first().copied().filter(|c| !c.own_line) {
            let mut found = self.take(first.start, first.end);
            last.after = self.follower(token, &mut found);
        }
    }

    /// Takes the first of some comments when it stands right behind a part: only a comma or a `<` may come between. `next` is the token
    /// after the part.
    fn follower(&self, next: usize, found: &mut Vec<CommentAt>) -> Option<Comment> {
        let first = *found.first().filter(|c| !c.own_line)?;
        let mut between = self.scan.tokens.iter().skip(next).take_while(|t| t.start < first.start);
        let near = between.next().is_none_or(|t| matches!(self.scan.say(*t), "," | "<")) && between.next().is_none();
        near.then(|| comment(self.scan, found.remove(0)))
    }

    fn list<T>(&mut self, list: &mut [Noted<T>], bracketed: bool) {
        let mut parts: Vec<(&mut Notes, Span)> = list.iter_mut().map(|n| (&mut n.notes, n.loc.0)).collect();
        self.parts(&mut parts, bracketed);
    }

    fn exprs(&mut self, list: &mut [Noted<Expr>], bracketed: bool) {
        self.list(list, bracketed);
        for part in list {
            self.expr(&mut part.node);
        }
    }

    fn set(&mut self, set: &mut SetExpr) {
        match set {
            SetExpr::Values { values, .. } => self.list(values, true),
            SetExpr::List(_) => {}
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Name(_) | ExprKind::Literal(_) | ExprKind::Broken => {}
            ExprKind::Negative(inner) | ExprKind::DomainOf(inner) | ExprKind::Not(inner) => self.expr(inner),
            ExprKind::Paren(inner) => {
                if let ExprKind::And(parts) | ExprKind::Or(parts) = &mut inner.kind {
                    self.exprs(parts, true);
                } else {
                    self.expr(inner);
                }
            }
            ExprKind::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Test { subject, test, .. } => {
                self.expr(subject);
                self.test(test);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => self.exprs(parts, false),
            ExprKind::Quantified { conditions, vertical, .. } => {
                let bracketed = !*vertical;
                self.exprs(conditions, bracketed);
            }
        }
    }

    fn test(&mut self, test: &mut Test) {
        match test {
            Test::Compare { right, .. } | Test::Beside { right, .. } => self.expr(right),
            Test::Between { low, high } => {
                self.expr(low);
                self.expr(high);
            }
            Test::In(set) | Test::Has { set, .. } => self.set(set),
            Test::Text { right: SetOrExpr::Set(set), .. } => self.set(set),
            Test::Text { right: SetOrExpr::One(expr), .. } => self.expr(expr),
            Test::Known | Test::Missing | Test::Unknown | Test::Incomplete => {}
            Test::Window { .. } | Test::Age { .. } => {}
        }
    }
}

/// The first part of anything, and a clause below a sentence, have no blank line above them.
pub(super) fn no_blank_above(notes: &mut Notes) {
    match notes.before.first_mut() {
        Some(first) => first.blank_before = false,
        None => notes.blank_before = false,
    }
}

/// A node whose sentence may have comments in it.
pub(super) trait Place {
    /// Lets its parts take their comments.
    fn place(&mut self, placer: &mut Placer<'_>);
}

impl Place for Statement {
    fn place(&mut self, placer: &mut Placer<'_>) {
        match self {
            Statement::List { values: ListValues::Inline(values), .. } => placer.list(values, true),
            Statement::Define { body: expr, .. }
            | Statement::Stage { when: expr, .. }
            | Statement::Rule { when: expr, .. }
            | Statement::Property { condition: expr, .. } => {
                placer.expr(expr);
            }
            Statement::Section { guard, .. } => match guard {
                SectionGuard::When(expr) => placer.expr(expr),
                SectionGuard::Always | SectionGuard::Otherwise => {}
            },
            Statement::List { values: ListValues::File { .. }, .. }
            | Statement::Policy { .. }
            | Statement::Use { .. } => {}
            Statement::RulesFrom { .. } | Statement::Lead { .. } | Statement::Decisions { .. } => {}
            Statement::Score { .. } | Statement::Grade { .. } | Statement::Otherwise(_) | Statement::Test { .. } => {}
            Statement::Broken { .. } => {}
        }
    }
}

impl Place for LeadItem {
    fn place(&mut self, placer: &mut Placer<'_>) {
        match self {
            LeadItem::Field { ty, options, .. } => {
                let mut parts = vec![(&mut ty.notes, ty.loc.0)];
                parts.extend(options.iter_mut().map(|o| (&mut o.notes, o.loc.0)));
                placer.parts(&mut parts, false);
                match &mut ty.node {
                    TypeExpr::OneOf { values, .. } | TypeExpr::Ranked { values, .. } | TypeExpr::AnyOf { values } => {
                        placer.list(values, true);
                    }
                    TypeExpr::Id | TypeExpr::Text | TypeExpr::Number(_) | TypeExpr::WholeNumber(_) => {}
                    TypeExpr::Percent(_) | TypeExpr::Money(..) | TypeExpr::YesNo | TypeExpr::Date => {}
                    TypeExpr::DateTime => {}
                }
            }
            LeadItem::Assume(expr) => placer.expr(expr),
            LeadItem::Broken { .. } => {}
        }
    }
}

impl Place for ScoreLine {
    fn place(&mut self, placer: &mut Placer<'_>) {
        match self {
            ScoreLine::Points { per, when, .. } => {
                per.iter_mut().for_each(|(_, expr)| placer.expr(expr));
                when.iter_mut().for_each(|expr| placer.expr(expr));
            }
            ScoreLine::Score { .. } => {}
        }
    }
}

impl Place for GradeLine {
    fn place(&mut self, placer: &mut Placer<'_>) {
        self.when.iter_mut().for_each(|expr| placer.expr(expr));
    }
}

impl Place for TestItem {
    fn place(&mut self, placer: &mut Placer<'_>) {
        match self {
            TestItem::Given(given) => {
                placer.list(given, false);
                for Noted { node: Given { value, .. }, .. } in given {
                    match value {
                        GivenValue::Set(values) => placer.list::<Literal>(values, true),
                        GivenValue::Literal(_) | GivenValue::Relative { .. } => {}
                    }
                }
            }
            TestItem::Expect(super::ast::Expectation::Condition(expr)) => placer.expr(expr),
            TestItem::Expect(super::ast::Expectation::Decision { .. }) | TestItem::AsOf(_) => {}
        }
    }
}

impl Place for PolicyItem {
    fn place(&mut self, _: &mut Placer<'_>) {}
}

impl Place for DecisionItem {
    fn place(&mut self, _: &mut Placer<'_>) {}
}

impl Place for Owners {
    fn place(&mut self, _: &mut Placer<'_>) {}
}

impl Place for Otherwise {
    fn place(&mut self, _: &mut Placer<'_>) {}
}

impl Place for Text {
    fn place(&mut self, _: &mut Placer<'_>) {}
}
