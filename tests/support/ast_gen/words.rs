//! Words, values, and the comments around what is made of them.

use policyc::syntax::ast::*;
use policyc::types::{Currency, Number};

use super::{BRACKETS, Tape};

pub(super) const NAMES: &[&str] = &[
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
pub(super) const TEXTS: &[&str] = &[
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

impl Tape {
    pub(super) fn name(&mut self) -> Name {
        Name { text: self.pick(NAMES).to_owned(), loc: Loc::default() }
    }

    pub(super) fn named(&mut self, names: &[&str]) -> Name {
        Name { text: self.pick(names).to_owned(), loc: Loc::default() }
    }

    pub(super) fn text(&mut self) -> Text {
        Text { value: self.pick(TEXTS).to_owned(), loc: Loc::default() }
    }

    pub(super) fn phrase(&mut self) -> Phrase {
        Phrase { text: self.pick(DECISIONS).to_owned(), loc: Loc::default() }
    }

    pub(super) fn word(&mut self) -> Word {
        let quoted = self.coin();
        let text = if quoted { self.pick(TEXTS) } else { self.pick(WORDS) };
        Word { text: text.to_owned(), quoted, loc: Loc::default() }
    }

    pub(super) fn date(&mut self) -> DateLit {
        DateLit { text: self.pick(DATES).to_owned(), loc: Loc::default() }
    }

    pub(super) fn number(&mut self) -> NumberLit {
        let (text, value) = self.pick(NUMBERS);
        NumberLit { text: text.to_owned(), value: value.parse().unwrap(), loc: Loc::default() }
    }

    pub(super) fn count(&mut self) -> NumberLit {
        let count = i64::try_from(self.below(40)).unwrap();
        NumberLit { text: count.to_string(), value: Number::from(count), loc: Loc::default() }
    }

    pub(super) fn unit(&mut self) -> TimeUnit {
        self.pick(&[TimeUnit::Day, TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Week, TimeUnit::Month])
    }

    pub(super) fn owners(&mut self) -> Owners {
        Owners { names: self.some(1, 3, |t| t.named(&["sales", "marketing", "revops"])) }
    }

    /// A literal with a sign, where `signed`, but no word.
    pub(super) fn quantity(&mut self, signed: bool) -> LiteralKind {
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

    pub(super) fn literal(&mut self) -> Literal {
        let kind = match self.below(4) {
            0 => LiteralKind::Word(self.pick(WORDS).to_owned()),
            1 => LiteralKind::Text(self.pick(TEXTS).to_owned()),
            2 => self.quantity(true),
            _ => LiteralKind::Date(self.date()),
        };
        Literal { kind, loc: Loc::default() }
    }

    pub(super) fn range(&mut self) -> Range {
        let mut end = || Literal { kind: self.quantity(true), loc: Loc::default() };
        let (from, to) = (end(), end());
        Range { from: self.coin().then_some(from), to: self.coin().then_some(to) }
    }

    pub(super) fn comment(&mut self) -> Comment {
        Comment { blank_before: self.coin(), text: self.pick(COMMENTS).to_owned() }
    }

    pub(super) fn comments(&mut self, rarely: usize) -> Vec<Comment> {
        if self.once_in(rarely) { self.some(1, 3, Tape::comment) } else { Vec::new() }
    }

    pub(super) fn behind(&mut self, rarely: usize) -> Option<Comment> {
        self.once_in(rarely).then(|| Comment { blank_before: false, ..self.comment() })
    }

    /// Takes the blank line at the very top away.
    pub(super) fn at_top(mut notes: Notes) -> Notes {
        *notes.before.first_mut().map_or(&mut notes.blank_before, |c| &mut c.blank_before) = false;
        notes
    }

    /// A statement, or an item of a block.
    pub(super) fn line<T>(&mut self, node: T) -> Noted<T> {
        let notes =
            Notes { before: self.comments(6), blank_before: self.once_in(4), after: self.behind(6), below: Vec::new() };
        Noted { node, loc: Loc::default(), notes }
    }

    /// `because`, `owned by` or `otherwise` below a sentence.
    pub(super) fn clause<T>(&mut self, node: T) -> Noted<T> {
        let mut line = self.line(node);
        line.notes.blank_before = false;
        line.notes.before.iter_mut().for_each(|comment| comment.blank_before = false);
        line
    }

    pub(super) fn block<T>(&mut self, least: usize, mut make: impl FnMut(&mut Tape) -> T) -> Vec<Noted<T>> {
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
    pub(super) fn parts<T>(
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

    pub(super) fn values(&mut self, least: usize) -> Vec<Noted<Literal>> {
        self.parts((least, 12), BRACKETS, |t, _, _| t.literal())
    }
}
