//! A policy made ready for columns: how the cells of each column become bits of a lead's words, and the program over these bits.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::cells::{self, Days, EMPTY, Lexicon, Numbers, Texts};
use super::circuit::{Circuit, Gate};
use super::compile::{Compiled, compile};
use super::cuts;
use super::program::{AmountSlot, Layout, Program, TotalPlace};
use super::questions::{Answers, Column, Columns};
use super::said::{self, Tapped};
use super::texts::texts;
use crate::eval::Evaluator;
use crate::explain::Compact;
use crate::ir::{Field, FieldId};
use crate::leads::{Bound, CellReader, NO, YES};
use crate::types::{Number, Type, Value, time_zone};

/// The bit of a column's first word which says that the fast way does not know the lead.
pub(super) const DOUBT: u64 = 1 << 63;

/// How many bits of a word answer questions.
const USABLE: u32 = 63;

/// Beyond this size an amount is left to the scalar evaluator.
const LARGEST_AMOUNT: i128 = 1 << 40;

/// A policy at one as-of time, ready to decide many leads.
#[derive(Debug)]
pub(super) struct Plan<'e> {
    pub(super) evaluator: &'e Evaluator<'e>,
    pub(super) columns: Vec<Planned<'e>>,
    /// How many words a lead has.
    pub(super) words: usize,
    pub(super) scale: Number,
    pub(super) program: Program,
    /// How many of the program's results are rules; one stands before them.
    pub(super) rules: usize,
    /// What the results behind them are.
    pub(super) tapped: Tapped,
    /// What the program was made of, for one lead at a time.
    pub(super) circuit: Circuit,
    pub(super) layout: Layout,
    /// Whether a lead breaks an assumption.
    pub(super) broken: Gate,
    /// For each rule, whether it fires unless one above it does.
    pub(super) gates: Vec<Gate>,
}

/// A column and how it is read.
#[derive(Debug)]
pub(super) struct Planned<'e> {
    pub(super) column: Column<'e>,
    /// For each field of the column, the reader of its cells.
    pub(super) readers: Vec<CellReader<'e>>,
    pub(super) codec: Codec,
    pub(super) place: Place,
    /// Whether a lead without it is rejected.
    pub(super) required: bool,
    /// Whether what cannot be read counts as missing.
    pub(super) else_missing: bool,
    /// Whether some cells that hold something mean missing.
    pub(super) has_blanks: bool,
}

/// The fast way to read a column.
#[derive(Debug)]
pub(super) enum Codec {
    /// It is not read at all: nothing is asked of it, and no cell of it can be wrong.
    Unread,
    /// Texts with a class each.
    Words(Lexicon, Table),
    /// Numbers.
    Numbers(Numbers, Table),
    /// Days.
    Days(Days, Table),
    /// Texts that are put together from answers.
    Texts(Texts),
    /// There is none: each cell is read in full.
    Any,
}

/// The words of each class, side by side; the last class is for cells that are not known yet and has no bits.
#[derive(Debug)]
pub(super) struct Table {
    /// For each word of the column, the word of each class.
    pub(super) words: Vec<Vec<u64>>,
}

impl Table {
    /// The words of a class.
    pub(super) fn pattern(&self, class: u16) -> Vec<u64> {
        self.words.iter().map(|words| words.get(usize::from(class)).copied().unwrap_or(DOUBT)).collect()
    }
}

/// Where a column's answers are in the words of a lead.
#[derive(Debug, Default, Clone)]
pub(super) struct Place {
    /// The first word.
    pub(super) first: usize,
    /// How many words.
    pub(super) span: usize,
    /// The bit of each question, from the first word on.
    questions: Vec<u32>,
    /// The place of each amount, from the first word on.
    amounts: Vec<AmountSlot>,
}

/// What a column will be, before its place is known.
struct Draft<'e> {
    column: Column<'e>,
    readers: Vec<CellReader<'e>>,
    kind: Kind,
    required: bool,
    else_missing: bool,
    /// The range of each amount.
    ranges: Vec<(i128, i128)>,
}

enum Kind {
    Unread,
    Words(Vec<(String, u16)>, Vec<Option<Answers>>),
    Numbers(Numbers, Vec<Option<Answers>>),
    Days(Days, Vec<Option<Answers>>),
    Texts,
    Any,
}

impl<'e> Plan<'e> {
    /// Makes a policy ready; when it is to be said why, what is needed for that is worked out, too. None for one that can only be decided lead by lead: its scores count in steps too small, or too far.
    pub(super) fn new(evaluator: &'e Evaluator<'e>, compact: Option<&'e Compact<'e>>) -> Option<Plan<'e>> {
        let Compiled { columns, circuit, rules, broken, scale, taps } = compile(evaluator, compact)?;
        let (questions, amounts) = (columns.questions(), columns.amounts());
        let drafts = drafts(evaluator, columns, &scale)?;
        let (places, words) = places(&drafts);
        let mut layout =
            Layout { questions: vec![0; questions], amounts: vec![AmountSlot { bit: 0, bits: 0, low: 0 }; amounts] };
        let mut doubts = Vec::new();
        for (draft, place) in drafts.iter().zip(&places) {
            let base = u32::try_from(place.first * 64).ok()?;
            for ((question, _), bit) in draft.column.questions.iter().zip(&place.questions) {
                *layout.questions.get_mut(*question)? = base + bit;
            }
            for ((amount, _), slot) in draft.column.amounts.iter().zip(&place.amounts) {
                *layout.amounts.get_mut(*amount)? = AmountSlot { bit: base + slot.bit, ..*slot };
            }
            doubts.extend((place.span > 0).then_some(base + 63));
        }
        doubts.sort_unstable();
        doubts.dedup();
        let further = 1 + rules.len();
        let mut results: Vec<Gate> = std::iter::once(broken).chain(rules).collect();
        results.extend(taps.obstacles.iter().flatten());
        let mut labels = Vec::new();
        for (piece, gates) in taps.labels {
            labels.push((piece.clone(), said::labels(evaluator.policy(), &piece), results.len() - further));
            results.extend(gates);
        }
        let sums: Vec<_> = taps.totals.iter().map(|(_, sum, low, high)| (*sum, *low, *high)).collect();
        let (program, spots) = Program::new(&circuit, &layout, &doubts, &results, &sums);
        let place = |place: TotalPlace| TotalPlace { first: place.first - further, ..place };
        let totals = taps.totals.iter().map(|(score, ..)| *score).zip(spots.into_iter().map(place)).collect();
        let tapped =
            Tapped { labels, totals, scale: scale.to_i64().unwrap_or(1), obstacles: !taps.obstacles.is_empty() };
        let columns = drafts.into_iter().zip(places).map(|(draft, place)| draft.plan(evaluator, &scale, place));
        let gates = results.get(1..further).unwrap_or_default().to_vec();
        Some(Plan {
            evaluator,
            columns: columns.collect(),
            words,
            scale,
            program,
            rules: further - 1,
            tapped,
            circuit,
            layout,
            broken,
            gates,
        })
    }
}

impl Plan<'_> {
    /// Whether a column of the data is read: for what is asked of a field, or as the name of leads.
    pub(super) fn needs(&self, column: usize, bound: &Bound, named_by: Option<FieldId>) -> bool {
        let is_it = |field: &FieldId| bound.column(*field) == Some(column);
        let read = self.columns.iter().filter(|planned| !matches!(planned.codec, Codec::Unread));
        read.flat_map(|planned| &planned.column.fields).chain(&named_by).any(is_it)
    }
}

fn drafts<'e>(evaluator: &'e Evaluator<'e>, columns: Columns<'e>, scale: &Number) -> Option<Vec<Draft<'e>>> {
    let policy = evaluator.policy();
    let zone = time_zone(&policy.zone).unwrap_or(TimeZone::UTC);
    columns
        .into_all()
        .into_iter()
        .map(|column| {
            let fields: Vec<&Field> = column.fields.iter().map(|field| &policy.fields[*field]).collect();
            let (required, else_missing) = match fields.as_slice() {
                [field] => (field.required, field.else_missing),
                // Each field of several has a column of its own, which sees to that.
                _ => (false, false),
            };
            let kind = match fields.as_slice() {
                [field] => kind(evaluator, field, &column, scale),
                _ => Kind::Any,
            };
            let ranges = ranges(&column, &kind)?;
            let readers = fields.into_iter().map(|field| CellReader::new(field, &zone)).collect();
            Some(Draft { column, readers, kind, required, else_missing, ranges })
        })
        .collect()
}

/// The range of each amount, nothing included. None when one goes too far.
fn ranges(column: &Column<'_>, kind: &Kind) -> Option<Vec<(i128, i128)>> {
    let classes = match kind {
        Kind::Words(_, classes) | Kind::Numbers(_, classes) | Kind::Days(_, classes) => Some(classes),
        Kind::Unread | Kind::Texts | Kind::Any => None,
    };
    let range = |at: usize| match classes {
        Some(classes) => {
            let values = classes.iter().flatten().filter_map(|answers| answers.amounts.get(at).copied());
            values.fold((0, 0), |(low, high): (i128, i128), value| (low.min(value), high.max(value)))
        }
        None => (-LARGEST_AMOUNT, LARGEST_AMOUNT),
    };
    let ranges: Vec<(i128, i128)> = (0..column.amounts.len()).map(range).collect();
    ranges.iter().all(|(low, high)| -LARGEST_AMOUNT <= *low && *high <= LARGEST_AMOUNT).then_some(ranges)
}

/// The fast way to read a field, with what each class answers; none where only the slow way can tell.
fn kind(evaluator: &Evaluator<'_>, field: &Field, column: &Column<'_>, scale: &Number) -> Kind {
    let answers = |value: Option<Value>| {
        if value.is_none() && field.required { None } else { column.answers(evaluator, scale, &[value]) }
    };
    let empty = || answers(None);
    match &field.ty {
        Type::Text => {
            let checked = field.required;
            if column.is_idle() && !checked { Kind::Unread } else { Kind::Texts }
        }
        Type::Choice(_) | Type::YesNo => {
            let spellings = spellings(field);
            let mut classes = vec![empty()];
            let mut words = Vec::new();
            for (text, value) in spellings {
                words.push((text, u16::try_from(classes.len()).unwrap_or(cells::UNSURE)));
                classes.push(answers(value));
            }
            if classes.len() < usize::from(cells::UNSURE) { Kind::Words(words, classes) } else { Kind::Any }
        }
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) if is_plain(field) => {
            let Some(cuts) = cuts::constants(evaluator, column).and_then(|constants| cuts::numbers(field, &constants))
            else {
                return Kind::Any;
            };
            let of = |number: Number| {
                if field.cell.is_blank_number(&number) {
                    return empty();
                }
                let value = Value::Number(number);
                let fits = field.may_hold(&value) || field.ty == Type::WholeNumber && in_range(field, &value);
                if fits { answers(Some(value)) } else { None }
            };
            let classes: Vec<Option<Answers>> =
                std::iter::once(empty()).chain(cuts.samples.into_iter().map(of)).collect();
            if classes.len() >= usize::from(cells::UNSURE) {
                return Kind::Any;
            }
            let numbers =
                Numbers::new(cuts.places, field.ty == Type::WholeNumber, field.ty == Type::Percent, cuts.steps);
            Kind::Numbers(numbers, classes)
        }
        Type::Date if is_plain(field) => {
            let Some(constants) = cuts::constants(evaluator, column) else { return Kind::Any };
            let (cuts, samples) = cuts::days(&constants);
            let Some(days) = Days::new(&cuts) else { return Kind::Any };
            let classes =
                std::iter::once(empty()).chain(samples.into_iter().map(|day| answers(Some(Value::Date(day)))));
            let classes: Vec<Option<Answers>> = classes.collect();
            if classes.len() < usize::from(cells::UNSURE) { Kind::Days(days, classes) } else { Kind::Any }
        }
        Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::Date
        | Type::DateTime
        | Type::Set(_) => Kind::Any,
    }
}

/// Whether a cell of a field of numbers or days is known by its number or its day. It is not where a blank may be a way to write one:
/// `"0"` is missing then, but `0.0` is not.
fn is_plain(field: &Field) -> bool {
    let is_like_a_value = |blank: &String| blank.bytes().any(|byte| byte.is_ascii_digit());
    field.cell.written.is_none() && !field.cell.blanks.iter().any(is_like_a_value)
}

/// Whether a number is in a field's range, whole or not: the classes of fields of whole numbers have samples between these.
fn in_range(field: &Field, value: &Value) -> bool {
    let Value::Number(number) = value else { return false };
    field.min.as_ref().is_none_or(|min| number >= min) && field.max.as_ref().is_none_or(|max| number <= max)
}

/// The texts that are known to mean a value or missing: how they are written most of the time.
fn spellings(field: &Field) -> BTreeMap<String, Option<Value>> {
    let mut spellings = BTreeMap::new();
    match &field.ty {
        Type::Choice(choices) => {
            for value in &choices.values {
                spellings.insert(
                    value.trim().to_owned(),
                    field.cell.position(&choices.values, value.trim()).map(Value::Choice),
                );
            }
        }
        Type::YesNo => {
            for (words, yes) in [(YES, true), (NO, false)] {
                for word in words {
                    let title = word.char_indices().map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c });
                    for text in [word.to_owned(), word.to_ascii_uppercase(), title.collect()] {
                        spellings.insert(text, Some(Value::YesNo(yes)));
                    }
                }
            }
        }
        Type::Text
        | Type::Number
        | Type::WholeNumber
        | Type::Percent
        | Type::Money(_)
        | Type::Date
        | Type::DateTime
        | Type::Set(_) => {}
    }
    // What means missing is asked first.
    for blank in &field.cell.blanks {
        spellings.insert(blank.trim().to_owned(), None);
    }
    spellings.retain(|text, value| !text.is_empty() && (value.is_none() || !field.cell.is_blank(text)));
    spellings
}

/// Where the answers of each column go, and how many words there are.
fn places(drafts: &[Draft<'_>]) -> (Vec<Place>, usize) {
    // How full each word is that columns share.
    let mut words: Vec<u32> = Vec::new();
    let mut places = Vec::new();
    for draft in drafts {
        if matches!(draft.kind, Kind::Unread) {
            places.push(Place::default());
            continue;
        }
        let widths: Vec<u32> = draft.ranges.iter().map(|(low, high)| width(*low, *high)).collect();
        let questions = u32::try_from(draft.column.questions.len()).unwrap_or(u32::MAX);
        let bits = widths.iter().sum::<u32>().saturating_add(questions);
        let mut place = Place::default();
        let mut next = 0;
        if bits <= USABLE {
            place.span = 1;
            place.first = words.iter().position(|used| used + bits <= USABLE).unwrap_or(words.len());
            match words.get_mut(place.first) {
                Some(used) => {
                    next = *used;
                    *used += bits;
                }
                None => words.push(bits),
            }
        } else {
            place.first = words.len();
        }
        let mut take = |width: u32| {
            if next % 64 + width > USABLE {
                next = (next / 64 + 1) * 64;
            }
            next += width;
            next - width
        };
        place.questions = (0..questions).map(|_| take(1)).collect();
        let slots = widths.iter().zip(&draft.ranges);
        place.amounts = slots.map(|(bits, (low, _))| AmountSlot { bit: take(*bits), bits: *bits, low: *low }).collect();
        if place.span == 0 {
            place.span = next.div_ceil(64) as usize;
            words.resize(words.len() + place.span, USABLE);
        }
        places.push(place);
    }
    (places, words.len())
}

/// How many digits a range needs.
fn width(low: i128, high: i128) -> u32 {
    128 - (high - low).unsigned_abs().leading_zeros()
}

/// Some bits of words that stand side by side, of which none is in two of them.
#[inline]
pub(super) fn bits(words: &[u64], bit: u32, count: u32) -> u64 {
    let word = words.get(bit as usize / 64).copied().unwrap_or(0) >> (bit % 64);
    if count >= 64 { word } else { word & ((1 << count) - 1) }
}

impl Place {
    /// The words of some answers; of none, the doubt.
    pub(super) fn pattern(&self, answers: Option<&Answers>) -> Vec<u64> {
        let mut words = vec![0u64; self.span];
        let mut set = |bit: u32, value: u64| {
            if let Some(word) = words.get_mut(bit as usize / 64) {
                *word |= value << (bit % 64);
            }
        };
        let Some(answers) = answers else {
            set(63, 1);
            return words;
        };
        self.questions.iter().zip(&answers.bits).for_each(|(bit, yes)| set(*bit, u64::from(*yes)));
        for (slot, amount) in self.amounts.iter().zip(&answers.amounts) {
            match u64::try_from(amount - slot.low) {
                Ok(digits) if slot.bits == 64 || digits >> slot.bits == 0 => set(slot.bit, digits),
                Ok(_) | Err(_) => set(63, 1),
            }
        }
        words
    }

    /// Some bits of a pattern, by their place in the words of a lead.
    pub(super) fn bits(&self, pattern: &[u64], bit: u32, count: u32) -> u64 {
        let first = u32::try_from(self.first * 64).unwrap_or(u32::MAX);
        bits(pattern, bit.saturating_sub(first), count)
    }

    fn table(&self, classes: &[Option<Answers>]) -> Table {
        let patterns: Vec<Vec<u64>> = classes.iter().map(|answers| self.pattern(answers.as_ref())).collect();
        let word = |at: usize| patterns.iter().filter_map(|pattern| pattern.get(at).copied()).chain([0]).collect();
        Table { words: (0..self.span).map(word).collect() }
    }
}

impl<'e> Draft<'e> {
    fn plan(self, evaluator: &Evaluator<'_>, scale: &Number, place: Place) -> Planned<'e> {
        let Draft { column, readers, kind, required, else_missing, .. } = self;
        let codec = match kind {
            Kind::Unread => Codec::Unread,
            Kind::Any => Codec::Any,
            Kind::Words(words, classes) => {
                let words = words.iter().map(|(text, class)| (text.as_str(), *class));
                let lexicon = Lexicon::new(words.chain([("", EMPTY)]));
                Codec::Words(lexicon, place.table(&classes))
            }
            Kind::Numbers(numbers, classes) => {
                let Table { words } = place.table(&classes);
                let words = words.iter().map(|words| numbers.spread(words)).collect();
                Codec::Numbers(numbers, Table { words })
            }
            Kind::Days(days, classes) => Codec::Days(days, place.table(&classes)),
            Kind::Texts => texts(evaluator, scale, &column, &place, required).map_or(Codec::Any, Codec::Texts),
        };
        let fields = column.fields.iter().map(|field| &evaluator.policy().fields[*field].cell);
        let has_blanks = fields.into_iter().any(|cell| !cell.blanks.is_empty() || !cell.blank_numbers.is_empty());
        Planned { column, readers, codec, place, required, else_missing, has_blanks }
    }
}
