//! Random syntax trees: everything that a policy may say in words, comments and blank lines, but for what the layout itself
//! settles. Names need not be declared anywhere: the trees are for the parser and the formatter, and for lowering to survive.
//!
//! A tree is made from a tape of choices. proptest shortens the tape and makes its numbers smaller; a shorter tape is a smaller
//! tree, and choice 0 is always the plainest one.
//!
//! What is not generated, because no text says it:
//! - a comment behind the last part of a sentence (the statement or item has it), or above a part of a chain that begins where
//!   an outer part begins;
//! - a blank line above the first part of a list, the first item or the first statement, and any above `because`, `owned by`
//!   and `otherwise`;
//! - comments below anything but a statement and the last part of a list or a chain in brackets;
//! - statements of several lines without blank lines around them, which [`settle`] adds;
//! - vertical lists that do not end a sentence; broken nodes.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each test that includes this file uses a part of it"
)]

use policyc::format::settle;
use policyc::syntax::ast::*;
use policyc::types::{Currency, Number};
use proptest::prelude::*;

/// Random files, settled.
pub(crate) fn files() -> impl Strategy<Value = File> {
    proptest::collection::vec(any::<u16>(), 0..600).prop_map(|tape| {
        let mut file = Tape::new(tape).file();
        settle(&mut file);
        file
    })
}

/// Random conditions, as they stand in a statement.
pub(crate) fn conditions() -> impl Strategy<Value = Expr> {
    proptest::collection::vec(any::<u16>(), 0..200).prop_map(|tape| Tape::new(tape).sentence())
}

const NAMES: &[&str] = &[
    "need",
    "title",
    "employees",
    "größe",
    "b2",
    "last_touch",
    "stage",
    "score",
    "policy",
    "event",
    "企業",
    "x_long_name_of_a_field",
];
const WORDS: &[&str] =
    &["VP", "Director", "IC", "Ä1", "stage", "and", "because", "when", "otherwise", "missing", "other"];
const TEXTS: &[&str] = &[
    "",
    "a",
    "C-level",
    "1-10",
    "say \"hi\"",
    "back\\slash",
    "# no comment",
    "äöü",
    "a rather long text, so that lines are broken sooner than later",
];
const COMMENTS: &[&str] = &["why", "", "# two", "say \"hi\"", "when and or", "größer", "!"];
const DECISIONS: &[&str] = &["nurture", "pass to sales", "return to marketing", "disqualify", "größer werden"];
const DATES: &[&str] = &["2026-10-01", "2026-10-01T09:30", "2026-10-01 09:30", "2026-10-01T09:30:00Z"];
const NUMBERS: &[(&str, &str)] =
    &[("3", "3"), ("0", "0"), ("1", "1"), ("10k", "10000"), ("0.5", "0.5"), ("50_000", "50000"), ("1.5M", "1500000")];

/// How deep brackets go.
const DEPTH: usize = 3;
/// Comments may stand above the first part of a list in brackets, and behind and below the last.
const BRACKETS: (bool, bool, bool) = (true, true, true);

/// Where a node stands, as far as it matters for what it may be.
#[derive(Clone, Copy)]
struct Place {
    /// Brackets that may still be opened.
    depth: usize,
    /// No outer part begins here, so that a comment may stand above.
    begins: bool,
    /// No outer part ends here, so that a comment may stand behind.
    ends: bool,
    /// It is all that stands in parentheses, so that a comment may stand below.
    alone: bool,
    /// The sentence ends here, so that a list may go below, one a line.
    tail: bool,
}

impl Place {
    /// Inside of brackets.
    fn inside(self) -> Place {
        Place { depth: self.depth.saturating_sub(1), begins: true, ends: true, alone: true, tail: false }
    }
}

/// The choices that a tree is made from.
struct Tape {
    choices: std::vec::IntoIter<u16>,
}

impl Tape {
    fn new(choices: Vec<u16>) -> Tape {
        Tape { choices: choices.into_iter() }
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(choice) % n)
    }

    /// Once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn coin(&mut self) -> bool {
        self.once_in(2)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Tape) -> T) -> Option<T> {
        self.coin().then(|| make(self))
    }

    /// `least` to `most` of them; mostly few.
    fn some<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Tape) -> T) -> Vec<T> {
        let extra = self.below(most - least + 1).min(self.below(most - least + 1));
        (0..least + extra).map(|_| make(self)).collect()
    }

    // Words.

    fn name(&mut self) -> Name {
        Name { text: self.pick(NAMES).to_owned(), loc: Loc::default() }
    }

    fn named(&mut self, names: &[&str]) -> Name {
        Name { text: self.pick(names).to_owned(), loc: Loc::default() }
    }

    fn text(&mut self) -> Text {
        Text { value: self.pick(TEXTS).to_owned(), loc: Loc::default() }
    }

    fn phrase(&mut self) -> Phrase {
        Phrase { text: self.pick(DECISIONS).to_owned(), loc: Loc::default() }
    }

    fn word(&mut self) -> Word {
        let quoted = self.coin();
        let text = if quoted { self.pick(TEXTS) } else { self.pick(WORDS) };
        Word { text: text.to_owned(), quoted, loc: Loc::default() }
    }

    fn date(&mut self) -> DateLit {
        DateLit { text: self.pick(DATES).to_owned(), loc: Loc::default() }
    }

    fn number(&mut self) -> NumberLit {
        let (text, value) = self.pick(NUMBERS);
        NumberLit { text: text.to_owned(), value: value.parse().unwrap(), loc: Loc::default() }
    }

    fn count(&mut self) -> NumberLit {
        let count = i64::try_from(self.below(40)).unwrap();
        NumberLit { text: count.to_string(), value: Number::from(count), loc: Loc::default() }
    }

    fn unit(&mut self) -> TimeUnit {
        self.pick(&[TimeUnit::Day, TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Week, TimeUnit::Month])
    }

    fn owners(&mut self) -> Owners {
        Owners { names: self.some(1, 3, |t| t.named(&["sales", "marketing", "revops"])) }
    }

    /// A literal with a sign, where `signed`, but no word.
    fn quantity(&mut self, signed: bool) -> LiteralKind {
        let negative = signed && self.coin();
        match self.below(3) {
            0 => LiteralKind::Number { negative, number: self.number() },
            1 => LiteralKind::Percent { negative, number: self.number() },
            _ => {
                let dollar_sign = self.coin();
                let currency = if dollar_sign { "USD" } else { self.pick(&["USD", "EUR"]) };
                let currency = Currency::new(currency).unwrap();
                LiteralKind::Money { negative, currency, dollar_sign, number: self.number() }
            }
        }
    }

    fn literal(&mut self) -> Literal {
        let kind = match self.below(4) {
            0 => LiteralKind::Word(self.pick(WORDS).to_owned()),
            1 => LiteralKind::Text(self.pick(TEXTS).to_owned()),
            2 => self.quantity(true),
            _ => LiteralKind::Date(self.date()),
        };
        Literal { kind, loc: Loc::default() }
    }

    fn range(&mut self) -> Range {
        let mut end = || Literal { kind: self.quantity(true), loc: Loc::default() };
        let (from, to) = (end(), end());
        Range { from: self.coin().then_some(from), to: self.coin().then_some(to) }
    }

    // Comments.

    fn comment(&mut self) -> Comment {
        Comment { blank_before: self.coin(), text: self.pick(COMMENTS).to_owned() }
    }

    fn comments(&mut self, rarely: usize) -> Vec<Comment> {
        if self.once_in(rarely) { self.some(1, 3, Tape::comment) } else { Vec::new() }
    }

    fn behind(&mut self, rarely: usize) -> Option<Comment> {
        self.once_in(rarely).then(|| Comment { blank_before: false, ..self.comment() })
    }

    /// Takes the blank line at the very top away.
    fn at_top(mut notes: Notes) -> Notes {
        *notes.before.first_mut().map_or(&mut notes.blank_before, |c| &mut c.blank_before) = false;
        notes
    }

    /// A statement, or an item of a block.
    fn line<T>(&mut self, node: T) -> Noted<T> {
        let notes =
            Notes { before: self.comments(6), blank_before: self.once_in(4), after: self.behind(6), below: Vec::new() };
        Noted { node, loc: Loc::default(), notes }
    }

    /// `because`, `owned by` or `otherwise` below a sentence.
    fn clause<T>(&mut self, node: T) -> Noted<T> {
        let mut line = self.line(node);
        line.notes.blank_before = false;
        line.notes.before.iter_mut().for_each(|comment| comment.blank_before = false);
        line
    }

    fn block<T>(&mut self, least: usize, mut make: impl FnMut(&mut Tape) -> T) -> Vec<Noted<T>> {
        let mut items = self.some(least, 5, |t| {
            let node = make(t);
            t.line(node)
        });
        if let Some(first) = items.first_mut() {
            first.notes = Tape::at_top(std::mem::take(&mut first.notes));
        }
        items
    }

    /// The parts of a list: `begins` says that a comment may stand above the first, `ends` that one may stand behind the last,
    /// and `closed` that a bracket comes after it.
    fn parts<T>(
        &mut self,
        (least, most): (usize, usize),
        (begins, ends, closed): (bool, bool, bool),
        mut make: impl FnMut(&mut Tape, bool, bool) -> T,
    ) -> Vec<Noted<T>> {
        let count = self.some(least, most, |_| ()).len();
        let commented = self.once_in(4);
        (0..count)
            .map(|i| {
                let (first, last) = (i == 0, i + 1 == count);
                let node = make(self, first, last);
                let mut notes = Notes::default();
                if commented {
                    if begins || !first {
                        notes.before = self.comments(4);
                        notes.blank_before = !first && self.once_in(6);
                    }
                    if ends || !last {
                        notes.after = self.behind(4);
                    }
                    if closed && last {
                        notes.below = self.comments(4);
                    }
                    if first {
                        notes = Tape::at_top(notes);
                    }
                }
                Noted { node, loc: Loc::default(), notes }
            })
            .collect()
    }

    fn values(&mut self, least: usize) -> Vec<Noted<Literal>> {
        self.parts((least, 12), BRACKETS, |t, _, _| t.literal())
    }

    // Conditions and values.

    fn sentence(&mut self) -> Expr {
        self.condition(Place { depth: DEPTH, begins: true, ends: false, alone: false, tail: true })
    }

    /// A condition with something behind it in its item.
    fn followed(&mut self) -> Expr {
        self.condition(Place { depth: DEPTH, begins: true, ends: true, alone: false, tail: false })
    }

    fn condition(&mut self, place: Place) -> Expr {
        match self.below(6) {
            0..=2 => self.test_or_not(place),
            3 | 4 => self.and(place),
            _ => {
                let parts = self.chain(place, |t, place| if t.coin() { t.and(place) } else { t.test_or_not(place) });
                make(ExprKind::Or(parts))
            }
        }
    }

    fn and(&mut self, place: Place) -> Expr {
        let parts = self.chain(place, Tape::test_or_not);
        make(ExprKind::And(parts))
    }

    fn chain(&mut self, place: Place, mut each: impl FnMut(&mut Tape, Place) -> Expr) -> Vec<Noted<Expr>> {
        self.parts((2, 5), (place.begins, place.ends, place.alone), |t, _, last| {
            each(t, Place { begins: false, ends: false, alone: false, tail: place.tail && last, ..place })
        })
    }

    fn test_or_not(&mut self, place: Place) -> Expr {
        if self.once_in(6) { make(ExprKind::Not(Box::new(self.test(place)))) } else { self.test(place) }
    }

    fn test(&mut self, place: Place) -> Expr {
        match self.below(8) {
            0 | 1 => make(ExprKind::Name(self.name().text)),
            2 if place.depth > 0 => make(ExprKind::Paren(Box::new(self.condition(place.inside())))),
            3 if place.depth > 0 => self.quantified(place),
            _ => self.comparison(place),
        }
    }

    fn quantified(&mut self, place: Place) -> Expr {
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

    fn comparison(&mut self, place: Place) -> Expr {
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

    fn set(&mut self) -> SetExpr {
        if self.coin() {
            SetExpr::Values { values: self.values(1), loc: Loc::default() }
        } else {
            SetExpr::List(self.name())
        }
    }

    /// A sum; sums lean to the left.
    fn value(&mut self, place: Place) -> Expr {
        let mut sum = self.product(place);
        while self.once_in(6) {
            let op = self.pick(&[ArithmeticOp::Add, ArithmeticOp::Subtract]);
            let right = Box::new(self.product(place));
            sum = make(ExprKind::Arithmetic { op, left: Box::new(sum), right });
        }
        sum
    }

    fn product(&mut self, place: Place) -> Expr {
        let mut product = self.operand(place);
        while self.once_in(8) {
            let op = self.pick(&[ArithmeticOp::Multiply, ArithmeticOp::Divide]);
            let right = Box::new(self.operand(place));
            product = make(ExprKind::Arithmetic { op, left: Box::new(product), right });
        }
        product
    }

    fn operand(&mut self, place: Place) -> Expr {
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

    // Statements.

    fn file(&mut self) -> File {
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

    fn statement(&mut self) -> Statement {
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

    fn owned_by(&mut self) -> Option<Noted<Owners>> {
        self.maybe(Tape::owners).map(|node| self.clause(node))
    }

    fn because(&mut self) -> Option<Noted<Text>> {
        self.maybe(Tape::text).map(|node| self.clause(node))
    }

    fn otherwise(&mut self) -> Otherwise {
        Otherwise { decision: self.phrase(), because: self.because() }
    }

    fn policy_item(&mut self) -> PolicyItem {
        match self.below(4) {
            0 => PolicyItem::OwnedBy(self.owners()),
            1 => PolicyItem::InForce { from: self.date(), until: self.maybe(Tape::date) },
            2 => PolicyItem::TimeZone(self.named(&["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])),
            _ => PolicyItem::Language(self.count()),
        }
    }

    fn lead_item(&mut self) -> LeadItem {
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

    fn ty(&mut self) -> TypeExpr {
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

    fn words(&mut self) -> Vec<Noted<Word>> {
        self.parts((1, 12), BRACKETS, |t, _, _| t.word())
    }

    fn option(&mut self) -> FieldOption {
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

    fn decision_item(&mut self) -> DecisionItem {
        DecisionItem { phrase: self.phrase(), note: self.maybe(Tape::text) }
    }

    fn score_line(&mut self) -> ScoreLine {
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

    fn grade_line(&mut self) -> GradeLine {
        GradeLine { label: self.word(), when: self.maybe(Tape::sentence) }
    }

    fn test_item(&mut self) -> TestItem {
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

    fn given(&mut self) -> Given {
        let value = match self.below(4) {
            0 | 1 => GivenValue::Literal(self.literal()),
            2 => GivenValue::Set(self.values(1)),
            _ => GivenValue::Relative { count: self.count(), unit: self.unit(), ahead: self.coin() },
        };
        Given { field: self.name(), value }
    }
}

fn make(kind: ExprKind) -> Expr {
    Expr { kind, loc: Loc::default() }
}
