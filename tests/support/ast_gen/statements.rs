//! Statements and their items.

use policyc::syntax::ast::*;

use super::conditions::make;
use super::words::NAMES;
use super::{BRACKETS, DEPTH, Place, Tape};

impl Tape {
    pub(super) fn file(&mut self) -> File {
        let statements = self.some(0, 6, |t| {
            let node = t.statement();
            let statement = t.line(node);
            Noted { notes: Notes { below: t.comments(8), ..statement.notes }, ..statement }
        });
        let mut file = File { statements, trailing: self.comments(4) };
        match file.statements.first_mut() {
            Some(first) => first.notes = Tape::at_top(std::mem::take(&mut first.notes)),
            None => file.trailing.iter_mut().take(1).for_each(|comment| comment.blank_before = false),
        }
        file
    }

    pub(super) fn statement(&mut self) -> Statement {
        match self.below(17) {
            0 | 1 => Statement::Define { name: self.name(), body: self.sentence() },
            2 => Statement::Policy { title: self.text(), items: self.block(0, Tape::policy_item) },
            3 => Statement::Use { path: self.text(), owners: self.owned_by() },
            4 => Statement::RulesFrom { path: self.text(), owners: self.owned_by() },
            5 => Statement::Lead { items: self.block(1, Tape::lead_item) },
            6 => Statement::Decisions { best_first: self.coin(), items: self.block(1, Tape::decision_item) },
            7 => {
                let values = if self.coin() {
                    ListValues::File { path: self.text(), column: self.maybe(Tape::text) }
                } else {
                    ListValues::Inline(self.values(1))
                };
                Statement::List { name: self.name(), values, owners: self.owned_by() }
            }
            8 => Statement::Score { name: self.name(), range: self.range(), lines: self.block(1, Tape::score_line) },
            9 => Statement::Grade { name: self.name(), lines: self.block(1, Tape::grade_line) },
            10 => Statement::Stage { name: self.name(), when: self.sentence() },
            11 => {
                let guard = match self.below(3) {
                    0 => SectionGuard::Always,
                    1 => SectionGuard::Otherwise,
                    _ => SectionGuard::When(self.sentence()),
                };
                let otherwise = self.maybe(Tape::otherwise).map(|node| self.clause(node));
                Statement::Section { title: self.text(), guard, owners: self.owned_by(), otherwise }
            }
            12 => Statement::Otherwise(self.otherwise()),
            13 => Statement::Test { title: self.text(), items: self.block(1, Tape::test_item) },
            14 => {
                let claim = self.pick(&[Claim::NeverWhen, Claim::NeverUnless, Claim::AlwaysWhen]);
                let (decision, condition) = (self.phrase(), self.sentence());
                Statement::Property { claim, decision, condition, because: self.because() }
            }
            _ => {
                let label = self.maybe(|t| t.named(NAMES));
                let was = if label.is_some() && self.coin() { self.some(1, 2, |t| t.named(NAMES)) } else { Vec::new() };
                let (decision, when) = (self.phrase(), self.sentence());
                Statement::Rule { label, was, decision, when, because: self.because() }
            }
        }
    }

    pub(super) fn owned_by(&mut self) -> Option<Noted<Owners>> {
        self.maybe(Tape::owners).map(|node| self.clause(node))
    }

    pub(super) fn because(&mut self) -> Option<Noted<Text>> {
        self.maybe(Tape::text).map(|node| self.clause(node))
    }

    pub(super) fn otherwise(&mut self) -> Otherwise {
        Otherwise { decision: self.phrase(), because: self.because() }
    }

    pub(super) fn policy_item(&mut self) -> PolicyItem {
        match self.below(4) {
            0 => PolicyItem::OwnedBy(self.owners()),
            1 => PolicyItem::InForce { from: self.date(), until: self.maybe(Tape::date) },
            2 => PolicyItem::TimeZone(self.named(&["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])),
            _ => PolicyItem::Language(self.count()),
        }
    }

    pub(super) fn lead_item(&mut self) -> LeadItem {
        if self.once_in(8) {
            return LeadItem::Assume(self.sentence());
        }
        // One list in the text: the type, then the options.
        let mut types = Vec::new();
        let options = self.parts((1, 5), (false, false, false), |t, first, _| {
            if first {
                types.push(t.ty());
                FieldOption::Fixed
            } else {
                t.option()
            }
        });
        let mut options = options.into_iter();
        let ty = options.next().map(|part| Noted { node: types.remove(0), loc: part.loc, notes: part.notes }).unwrap();
        LeadItem::Field { name: self.name(), ty, options: options.collect() }
    }

    pub(super) fn ty(&mut self) -> TypeExpr {
        match self.below(12) {
            0 => TypeExpr::Text,
            1 => TypeExpr::Id,
            2 => TypeExpr::Number(self.range()),
            3 => TypeExpr::WholeNumber(self.range()),
            4 => TypeExpr::Percent(self.range()),
            5 => TypeExpr::Money(self.named(&["USD", "EUR"]), self.range()),
            6 => TypeExpr::YesNo,
            7 => TypeExpr::Date,
            8 => TypeExpr::DateTime,
            9 => TypeExpr::OneOf { values: self.words(), other: self.coin() },
            10 => TypeExpr::Ranked { values: self.words(), other: self.coin() },
            _ => TypeExpr::AnyOf { values: self.words() },
        }
    }

    pub(super) fn words(&mut self) -> Vec<Noted<Word>> {
        self.parts((1, 12), BRACKETS, |t, _, _| t.word())
    }

    pub(super) fn option(&mut self) -> FieldOption {
        match self.below(13) {
            0 => FieldOption::Required,
            1 => FieldOption::From(self.text()),
            2 => FieldOption::BlankWhen { markers: vec![self.literal()], bracketed: false },
            3 => FieldOption::BlankWhen { markers: self.some(1, 12, Tape::literal), bracketed: true },
            4 => FieldOption::BlankMeansNone,
            5 => FieldOption::MissingMeans(self.literal()),
            6 => FieldOption::ElseMissing,
            7 => FieldOption::IgnoringCase,
            8 => {
                let patterns = self.some(1, 8, |t| {
                    use TextTest::*;
                    AliasPattern {
                        kind: t.pick(&[Whole, Contains, StartsWith, EndsWith, ContainsWord]),
                        text: t.text(),
                    }
                });
                FieldOption::AlsoKnownAs { value: self.word(), patterns }
            }
            9 => FieldOption::SeparatedBy(self.text()),
            10 => {
                let unit = self.pick(&[EpochUnit::Seconds, EpochUnit::Milliseconds]);
                if self.coin() { FieldOption::WrittenAsEpoch(unit) } else { FieldOption::WrittenAs(self.text()) }
            }
            11 => FieldOption::Personal,
            _ => FieldOption::Fixed,
        }
    }

    pub(super) fn decision_item(&mut self) -> DecisionItem {
        DecisionItem { phrase: self.phrase(), note: self.maybe(Tape::text) }
    }

    pub(super) fn score_line(&mut self) -> ScoreLine {
        let negative = self.coin();
        if self.once_in(5) {
            return ScoreLine::Score { negative, name: self.name(), label: self.maybe(Tape::text) };
        }
        let at_most = self.once_in(4).then(|| self.number());
        let label = self.maybe(Tape::text);
        let ends = at_most.is_none() && label.is_none();
        let when = self.maybe(|t| if ends { t.sentence() } else { t.followed() });
        let per = self.once_in(3).then(|| {
            let amount = self.maybe(|t| Literal { kind: t.quantity(false), loc: Loc::default() });
            (amount, make(ExprKind::Name(self.name().text)))
        });
        ScoreLine::Points { negative, points: self.number(), per, when, at_most, label }
    }

    pub(super) fn grade_line(&mut self) -> GradeLine {
        GradeLine { label: self.word(), when: self.maybe(Tape::sentence) }
    }

    pub(super) fn test_item(&mut self) -> TestItem {
        match self.below(4) {
            0 => TestItem::Given(self.parts((1, 8), (false, false, false), |t, _, _| t.given())),
            1 => TestItem::AsOf(self.date()),
            2 => {
                let by = self.maybe(|t| t.named(NAMES));
                TestItem::Expect(Expectation::Decision { decision: self.phrase(), by })
            }
            _ => {
                // Nothing but words would be a decision.
                let three = make(ExprKind::Literal(LiteralKind::Number { negative: false, number: self.number() }));
                let test = Test::Compare { op: CompareOp::GreaterEqual, right: Box::new(three) };
                let subject = Box::new(make(ExprKind::Name(self.name().text)));
                let mut condition =
                    self.and(Place { depth: DEPTH, begins: true, ends: false, alone: false, tail: true });
                if let ExprKind::And(parts) = &mut condition.kind {
                    parts[0].node = make(ExprKind::Test { subject, is: false, not: false, test });
                }
                TestItem::Expect(Expectation::Condition(condition))
            }
        }
    }

    pub(super) fn given(&mut self) -> Given {
        let value = match self.below(4) {
            0 | 1 => GivenValue::Literal(self.literal()),
            2 => GivenValue::Set(self.values(1)),
            _ => GivenValue::Relative { count: self.count(), unit: self.unit(), ahead: self.coin() },
        };
        Given { field: self.name(), value }
    }
}
