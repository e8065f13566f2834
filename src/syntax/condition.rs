//! Pairs → conditions and values.

use super::ast::{
    ArithmeticOp, CompareOp, Expr, ExprKind, HasQuantity, LiteralKind, Noted, Quantifier, SetExpr, SetOrExpr, Test,
    TextTest, TimeUnit,
};
use super::errors;
use super::parse::{Builder, Pair, Rule, child, children, unescape};

impl Builder<'_> {
    /// The expression below a pair; broken when there is none (which the grammar excludes).
    pub(super) fn expr_in(&mut self, pair: &Pair<'_>) -> Expr {
        match child(pair, Rule::expr) {
            Some(inner) => self.expr(inner),
            None => Expr { kind: ExprKind::Broken, loc: self.loc(pair) },
        }
    }

    pub(super) fn expr(&mut self, pair: Pair<'_>) -> Expr {
        self.chain(pair, Rule::conjunction, Self::conjunction, ExprKind::Or)
    }

    fn conjunction(&mut self, pair: Pair<'_>) -> Expr {
        self.chain(pair, Rule::negation, Self::negation, ExprKind::And)
    }

    /// One part is itself, several are a node.
    fn chain(
        &mut self,
        pair: Pair<'_>,
        part: Rule,
        build: fn(&mut Self, Pair<'_>) -> Expr,
        node: fn(Vec<Noted<Expr>>) -> ExprKind,
    ) -> Expr {
        let loc = self.loc(&pair);
        let mut parts: Vec<Noted<Expr>> = Vec::new();
        for inner in pair.into_inner().filter(|p| p.as_rule() == part) {
            let expr = build(self, inner);
            parts.push(bare(expr));
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => only.node,
            Some(last) => {
                parts.push(last);
                Expr { kind: node(parts), loc }
            }
            None => Expr { kind: ExprKind::Broken, loc },
        }
    }

    fn negation(&mut self, pair: Pair<'_>) -> Expr {
        let loc = self.loc(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::negation => return Expr { kind: ExprKind::Not(Box::new(self.negation(inner))), loc },
                Rule::test_of => return self.test_of(inner),
                _ => {}
            }
        }
        Expr { kind: ExprKind::Broken, loc }
    }

    fn test_of(&mut self, pair: Pair<'_>) -> Expr {
        let loc = self.loc(&pair);
        let mut subject = Expr { kind: ExprKind::Broken, loc };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::sum => subject = self.sum(inner),
                Rule::is_test | Rule::not_test => {
                    let (is, not, test) = self.worded(inner);
                    let Some(test) = test else { return Expr { kind: ExprKind::Broken, loc } };
                    return Expr { kind: ExprKind::Test { subject: Box::new(subject), is, not, test }, loc };
                }
                _ => {
                    let Some(test) = self.test(&inner) else { return Expr { kind: ExprKind::Broken, loc } };
                    let (is, not) = (false, false);
                    return Expr { kind: ExprKind::Test { subject: Box::new(subject), is, not, test }, loc };
                }
            }
        }
        subject
    }

    /// A test with `is` and `not` before it. `is X` and `is not X` are comparisons of their own.
    fn worded(&mut self, pair: Pair<'_>) -> (bool, bool, Option<Test>) {
        let (mut is, mut not, mut test) = (false, false, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::kw_is => is = true,
                Rule::kw_not => not = true,
                Rule::sum => {
                    let op = if not { CompareOp::IsNot } else { CompareOp::Is };
                    let right = Box::new(self.sum(inner));
                    return (false, false, Some(Test::Compare { op, right }));
                }
                _ => test = self.test(&inner),
            }
        }
        (is, not, test)
    }

    fn test(&mut self, pair: &Pair<'_>) -> Option<Test> {
        Some(match pair.as_rule() {
            Rule::state => match pair.clone().into_inner().next()?.as_rule() {
                Rule::kw_known => Test::Known,
                Rule::kw_missing => Test::Missing,
                Rule::kw_unknown => Test::Unknown,
                _ => Test::Incomplete,
            },
            Rule::comparison => {
                let op = comparing_sign(child(pair, Rule::comparing_sign)?.as_str())?;
                Test::Compare { op, right: Box::new(self.sum(child(pair, Rule::sum)?)) }
            }
            Rule::amount => {
                let op = comparing_words(&child(pair, Rule::comparing_words)?);
                match child(pair, Rule::age) {
                    Some(age) => {
                        let (count, unit) = self.duration(&age)?;
                        Test::Age { op, count, unit }
                    }
                    None => Test::Compare { op, right: Box::new(self.sum(child(pair, Rule::sum)?)) },
                }
            }
            Rule::window_or_set => match child(pair, Rule::window) {
                Some(window) => {
                    let (count, unit) = self.duration(&window)?;
                    Test::Window { next: child(&window, Rule::kw_next).is_some(), count, unit }
                }
                None => Test::In(self.set(pair)?),
            },
            Rule::between => {
                let mut ends = children(pair, Rule::sum);
                let (low, high) = (ends.next()?, ends.next()?);
                Test::Between { low: Box::new(self.sum(low)), high: Box::new(self.sum(high)) }
            }
            Rule::has => {
                let all = child(pair, Rule::kw_all).map(|_| HasQuantity::All);
                let none = child(pair, Rule::kw_none).map(|_| HasQuantity::None);
                Test::Has { quantity: all.or(none).unwrap_or(HasQuantity::Any), set: self.set(pair)? }
            }
            Rule::text_test => {
                let kind = text_kind(&child(pair, Rule::text_kind)?);
                let right = match child(pair, Rule::text) {
                    Some(text) => {
                        SetOrExpr::One(Box::new(self.leaf(&text, LiteralKind::Text(unescape(text.as_str())))))
                    }
                    None => SetOrExpr::Set(self.set(pair)?),
                };
                Test::Text { kind, right }
            }
            Rule::beside => {
                let right = Box::new(self.sum(child(pair, Rule::sum)?));
                Test::Beside { after: child(pair, Rule::kw_after).is_some(), right }
            }
            _ => return None,
        })
    }

    /// The brackets or the name of a list below a pair.
    fn set(&mut self, pair: &Pair<'_>) -> Option<SetExpr> {
        if let Some(values) = child(pair, Rule::values) {
            return Some(SetExpr::Values { values: self.values(&values), loc: self.loc(&values) });
        }
        child(pair, Rule::name).map(|name| SetExpr::List(self.name(&name)))
    }

    /// `30 days` below a pair.
    pub(super) fn duration(&mut self, pair: &Pair<'_>) -> Option<(super::ast::NumberLit, TimeUnit)> {
        let unit = time_unit(child(pair, Rule::unit)?.as_str())?;
        Some((self.number(&child(pair, Rule::number)?), unit))
    }

    pub(super) fn sum(&mut self, pair: Pair<'_>) -> Expr {
        self.arithmetic(pair, Self::product)
    }

    fn product(&mut self, pair: Pair<'_>) -> Expr {
        self.arithmetic(pair, Self::factor)
    }

    /// Operands with operators between them, from left to right.
    fn arithmetic(&mut self, pair: Pair<'_>, build: fn(&mut Self, Pair<'_>) -> Expr) -> Expr {
        let loc = self.loc(&pair);
        let mut result: Option<Expr> = None;
        let mut pending = None;
        for inner in pair.into_inner() {
            if let Some(op) = operator(inner.as_rule()) {
                if op == ArithmeticOp::Subtract {
                    self.check_minus(&inner);
                }
                pending = Some(op);
                continue;
            }
            let right = build(self, inner);
            result = Some(match (result, pending.take()) {
                (Some(left), Some(op)) => {
                    let loc = super::ast::Loc(left.loc.0.to(right.loc.0));
                    Expr { kind: ExprKind::Arithmetic { op, left: Box::new(left), right: Box::new(right) }, loc }
                }
                (Some(_) | None, _) => right,
            });
        }
        result.unwrap_or(Expr { kind: ExprKind::Broken, loc })
    }

    /// A minus between two values has blanks around it: `fit-interest` might be meant as one name.
    fn check_minus(&mut self, pair: &Pair<'_>) {
        let span = self.loc(pair).0.range();
        if self.scan.text.get(span.clone()) != Some("-") {
            return; // Another kind of dash, which has been reported.
        }
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let before = self.scan.text.get(..span.start).and_then(|t| t.chars().next_back());
        let after = self.scan.text.get(span.end..).and_then(|t| t.chars().next());
        if !blank(before) || !blank(after) {
            let place = self.loc(pair).0;
            self.diagnostics.push(errors::minus_without_blanks(place, !blank(before), !blank(after)));
        }
    }

    fn factor(&mut self, pair: Pair<'_>) -> Expr {
        let loc = self.loc(&pair);
        let kind = match pair.as_rule() {
            Rule::negative => match pair.into_inner().find(|p| p.as_rule() != Rule::minus_sign) {
                Some(inner) => ExprKind::Negative(Box::new(self.factor(inner))),
                None => ExprKind::Broken,
            },
            Rule::paren => ExprKind::Paren(Box::new(self.expr_in(&pair))),
            Rule::quantified => self.quantified(&pair),
            Rule::domain_of => match pair.into_inner().find(|p| matches!(p.as_rule(), Rule::paren | Rule::free_name)) {
                Some(inner) => ExprKind::DomainOf(Box::new(self.factor(inner))),
                None => ExprKind::Broken,
            },
            Rule::text => ExprKind::Literal(LiteralKind::Text(unescape(pair.as_str()))),
            Rule::free_name => ExprKind::Name(pair.as_str().to_owned()),
            _ => self.sized(&pair, false).map_or(ExprKind::Broken, ExprKind::Literal),
        };
        Expr { kind, loc }
    }

    fn quantified(&mut self, pair: &Pair<'_>) -> ExprKind {
        let Some(words) = child(pair, Rule::quantifier) else { return ExprKind::Broken };
        let quantifier = match child(&words, Rule::number) {
            Some(number) => Quantifier::AtLeast(self.number(&number)),
            None if child(&words, Rule::kw_all).is_some() => Quantifier::All,
            None => Quantifier::Any,
        };
        if let Some(list) = child(pair, Rule::conditions) {
            let mut conditions = Vec::new();
            for inner in children(&list, Rule::expr) {
                conditions.push(bare(self.expr(inner)));
            }
            return ExprKind::Quantified { quantifier, conditions, vertical: false };
        }
        match self.below.take() {
            Some(conditions) => ExprKind::Quantified { quantifier, conditions, vertical: true },
            None => {
                let place = self.loc(&words).0;
                self.diagnostics.push(errors::no_conditions_below(place));
                ExprKind::Broken
            }
        }
    }

    fn leaf(&self, pair: &Pair<'_>, kind: LiteralKind) -> Expr {
        Expr { kind: ExprKind::Literal(kind), loc: self.loc(pair) }
    }
}

/// A part without comments.
fn bare(node: Expr) -> Noted<Expr> {
    let loc = node.loc;
    Noted { node, loc, notes: super::ast::Notes::default() }
}

fn operator(rule: Rule) -> Option<ArithmeticOp> {
    match rule {
        Rule::plus => Some(ArithmeticOp::Add),
        Rule::minus_sign => Some(ArithmeticOp::Subtract),
        Rule::times => Some(ArithmeticOp::Multiply),
        Rule::divide => Some(ArithmeticOp::Divide),
        _ => None,
    }
}

/// How a text is compared, from the pair of [`Rule::text_kind`].
pub(super) fn text_kind(pair: &Pair<'_>) -> TextTest {
    match pair.clone().into_inner().next().map(|p| p.as_rule()) {
        Some(Rule::kw_starts) => TextTest::StartsWith,
        Some(Rule::kw_ends) => TextTest::EndsWith,
        _ if child(pair, Rule::kw_word).is_some() => TextTest::ContainsWord,
        _ => TextTest::Contains,
    }
}

fn comparing_words(pair: &Pair<'_>) -> CompareOp {
    let has = |rule| child(pair, rule).is_some();
    if has(Rule::kw_least) {
        CompareOp::AtLeast
    } else if has(Rule::kw_most) {
        CompareOp::AtMost
    } else if has(Rule::kw_more) {
        CompareOp::MoreThan
    } else {
        CompareOp::LessThan
    }
}

fn comparing_sign(symbol: &str) -> Option<CompareOp> {
    Some(match symbol {
        ">=" => CompareOp::GreaterEqual,
        "<=" => CompareOp::LessEqual,
        "!=" => CompareOp::NotEqual,
        "=" => CompareOp::Equal,
        ">" => CompareOp::Greater,
        "<" => CompareOp::Less,
        _ => return None,
    })
}

fn time_unit(word: &str) -> Option<TimeUnit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "minute" => TimeUnit::Minute,
        "hour" => TimeUnit::Hour,
        "day" => TimeUnit::Day,
        "week" => TimeUnit::Week,
        "month" => TimeUnit::Month,
        _ => return None,
    })
}
