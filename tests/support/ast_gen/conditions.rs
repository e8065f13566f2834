//! Conditions and values.

use policyc::syntax::ast::*;

use super::words::TEXTS;
use super::{DEPTH, Place, Tape};

impl Tape {
    pub(super) fn sentence(&mut self) -> Expr {
        self.condition(Place { depth: DEPTH, begins: true, ends: false, alone: false, tail: true })
    }

    /// A condition with something behind it in its item.
    pub(super) fn followed(&mut self) -> Expr {
        self.condition(Place { depth: DEPTH, begins: true, ends: true, alone: false, tail: false })
    }

    pub(super) fn condition(&mut self, place: Place) -> Expr {
        match self.below(6) {
            0..=2 => self.test_or_not(place),
            3 | 4 => self.and(place),
            _ => {
                let parts = self.chain(place, |t, place| if t.coin() { t.and(place) } else { t.test_or_not(place) });
                make(ExprKind::Or(parts))
            }
        }
    }

    pub(super) fn and(&mut self, place: Place) -> Expr {
        let parts = self.chain(place, Tape::test_or_not);
        make(ExprKind::And(parts))
    }

    pub(super) fn chain(&mut self, place: Place, mut each: impl FnMut(&mut Tape, Place) -> Expr) -> Vec<Noted<Expr>> {
        self.parts((2, 5), (place.begins, place.ends, place.alone), |t, _, last| {
            each(t, Place { begins: false, ends: false, alone: false, tail: place.tail && last, ..place })
        })
    }

    pub(super) fn test_or_not(&mut self, place: Place) -> Expr {
        if self.once_in(6) { make(ExprKind::Not(Box::new(self.test(place)))) } else { self.test(place) }
    }

    pub(super) fn test(&mut self, place: Place) -> Expr {
        match self.below(8) {
            0 | 1 => make(ExprKind::Name(self.name().text)),
            2 if place.depth > 0 => make(ExprKind::Paren(Box::new(self.condition(place.inside())))),
            3 if place.depth > 0 => self.quantified(place),
            _ => self.comparison(place),
        }
    }

    pub(super) fn quantified(&mut self, place: Place) -> Expr {
        let quantifier = match self.below(3) {
            0 => Quantifier::All,
            1 => Quantifier::Any,
            _ => Quantifier::AtLeast(self.count()),
        };
        let vertical = place.tail && self.coin();
        let conditions = self.parts((1, 5), (true, !vertical, !vertical), |t, _, _| {
            t.condition(Place { begins: false, ends: false, alone: false, ..place.inside() })
        });
        make(ExprKind::Quantified { quantifier, conditions, vertical })
    }

    pub(super) fn comparison(&mut self, place: Place) -> Expr {
        let place = place.inside();
        let (mut is, mut not) = (self.once_in(3), self.once_in(4));
        let mut subject = self.value(place);
        let test = match self.below(11) {
            0..=2 => {
                use CompareOp::*;
                let op = self.pick(&[
                    GreaterEqual,
                    Is,
                    IsNot,
                    Equal,
                    NotEqual,
                    LessEqual,
                    Greater,
                    Less,
                    AtLeast,
                    AtMost,
                    MoreThan,
                    LessThan,
                ]);
                if matches!(op, Is | IsNot) {
                    (is, not) = (false, false);
                }
                Test::Compare { op, right: Box::new(self.value(place)) }
            }
            3 => Test::Between { low: Box::new(self.value(place)), high: Box::new(self.value(place)) },
            4 => Test::In(self.set()),
            5 => {
                let quantity = self.pick(&[HasQuantity::Any, HasQuantity::All, HasQuantity::None]);
                Test::Has { quantity, set: self.set() }
            }
            6 => {
                let kind =
                    self.pick(&[TextTest::Contains, TextTest::StartsWith, TextTest::EndsWith, TextTest::ContainsWord]);
                let right = if self.coin() {
                    SetOrExpr::Set(self.set())
                } else {
                    SetOrExpr::One(Box::new(make(ExprKind::Literal(LiteralKind::Text(self.pick(TEXTS).to_owned())))))
                };
                Test::Text { kind, right }
            }
            7 => {
                is = true;
                match self.below(4) {
                    0 => Test::Known,
                    1 => Test::Missing,
                    2 => Test::Incomplete,
                    _ => {
                        subject = make(ExprKind::Paren(Box::new(self.condition(place))));
                        Test::Unknown
                    }
                }
            }
            8 => Test::Window { next: self.coin(), count: self.count(), unit: self.unit() },
            9 => {
                use CompareOp::*;
                let op = self.pick(&[MoreThan, LessThan, AtLeast, AtMost]);
                Test::Age { op, count: self.count(), unit: self.unit() }
            }
            _ => {
                let right = if self.coin() {
                    make(ExprKind::Literal(LiteralKind::Date(self.date())))
                } else {
                    make(ExprKind::Name(self.name().text))
                };
                Test::Beside { after: self.coin(), right: Box::new(right) }
            }
        };
        make(ExprKind::Test { subject: Box::new(subject), is, not, test })
    }

    pub(super) fn set(&mut self) -> SetExpr {
        if self.coin() {
            SetExpr::Values { values: self.values(1), loc: Loc::default() }
        } else {
            SetExpr::List(self.name())
        }
    }

    /// A sum; sums lean to the left.
    pub(super) fn value(&mut self, place: Place) -> Expr {
        let mut sum = self.product(place);
        while self.once_in(6) {
            let op = self.pick(&[ArithmeticOp::Add, ArithmeticOp::Subtract]);
            let right = Box::new(self.product(place));
            sum = make(ExprKind::Arithmetic { op, left: Box::new(sum), right });
        }
        sum
    }

    pub(super) fn product(&mut self, place: Place) -> Expr {
        let mut product = self.operand(place);
        while self.once_in(8) {
            let op = self.pick(&[ArithmeticOp::Multiply, ArithmeticOp::Divide]);
            let right = Box::new(self.operand(place));
            product = make(ExprKind::Arithmetic { op, left: Box::new(product), right });
        }
        product
    }

    pub(super) fn operand(&mut self, place: Place) -> Expr {
        let kind = match self.below(12) {
            0..=5 => ExprKind::Name(self.name().text),
            6 => ExprKind::Literal(self.quantity(false)),
            7 => ExprKind::Literal(LiteralKind::Text(self.pick(TEXTS).to_owned())),
            8 => ExprKind::Literal(LiteralKind::Date(self.date())),
            9 => ExprKind::Negative(Box::new(make(ExprKind::Name(self.name().text)))),
            10 if place.depth > 0 => ExprKind::Paren(Box::new(self.value(place.inside()))),
            _ => ExprKind::DomainOf(Box::new(make(ExprKind::Name(self.name().text)))),
        };
        make(kind)
    }
}

pub(super) fn make(kind: ExprKind) -> Expr {
    Expr { kind, loc: Loc::default() }
}
