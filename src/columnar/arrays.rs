//! Columns that come as arrays of values, as Parquet has them: what a value is asked is found by the value, not by its bytes.
//!
//! A text that stands in a dictionary is looked at once; numbers and days fall between the same cuts as those that are read from
//! text. Whatever is neither is read cell by cell.

use std::borrow::Cow;
use std::rc::Rc;

use super::batch::{Batch, Entries, Ready, Rows};
use super::cells::{EMPTY, PADDING, ROWS, STRIP, Spots};
use super::digits::Digits;
use super::foreseen::Foreseen;
use super::plan::{Codec, Plan, Planned};
use super::simd::Processor;
use crate::ir::{FieldId, Id, Policy};
use crate::leads::{Bound, Columns, Dictionary, RawCell, Values};

/// More bytes than this are not put side by side.
const MOST: usize = 8 << 20;

/// What is known of the texts in dictionaries, for each planned column.
#[derive(Default)]
pub(super) struct Known {
    columns: Vec<Option<(Source, Rc<Entries>)>>,
}

/// What entries are about.
enum Source {
    Dictionary(Dictionary),
    /// `false` and `true`.
    Truths,
    /// Anything at all.
    Something,
}

/// How a planned column is read.
enum Prepared<'c> {
    /// Cell by cell.
    Cells,
    Classes(Vec<u16>),
    Keys(Cow<'c, [i32]>, Rc<Entries>),
    Texts(Side),
    /// Not at all: these words stand for each of its values.
    Always(Vec<u64>),
}

/// Texts side by side.
#[derive(Default)]
struct Side {
    padded: Vec<u8>,
    /// Where each begins, and where the last one ends.
    starts: Vec<u32>,
}

/// Some rows, made ready to be decided.
pub(super) struct Arrays<'c> {
    columns: &'c Columns,
    /// The column of each field.
    places: Vec<usize>,
    prepared: Vec<Prepared<'c>>,
    /// The planned column of each field whose texts are side by side.
    sides: Vec<Option<usize>>,
    /// The rows that must be looked at in full, when there are any.
    odd: Vec<bool>,
    /// The field that names leads, where it has whole numbers, and their digits.
    numbers: Option<(FieldId, Digits)>,
}

impl<'c> Arrays<'c> {
    /// Makes some rows ready.
    pub(super) fn new(
        columns: &'c Columns,
        policy: &Policy,
        bound: &Bound,
        mut batch: Option<&mut Batch<'_, '_>>,
        known: &mut Known,
        foreseen: &Foreseen,
    ) -> Arrays<'c> {
        let places = policy.fields.iter().map(|(id, _)| bound.column(id).unwrap_or(usize::MAX)).collect();
        let odd = if columns.may_be_long() { vec![true; columns.rows()] } else { Vec::new() };
        let sides = vec![None; policy.fields.len()];
        let mut arrays = Arrays { columns, places, prepared: Vec::new(), sides, odd, numbers: None };
        if let Some(id) = policy.id_field() {
            let column = bound.column(id).unwrap_or(usize::MAX);
            if let Values::Numbers(mut numbers, 0) = columns.values(column) {
                columns
                    .missing(column, |row| numbers.iter_mut().skip(row).take(1).for_each(|number| *number = i64::MAX));
                arrays.numbers = Some((id, Digits::new(&numbers)));
            }
        }
        if let Some(batch) = &mut batch {
            let plan: &Plan<'_> = batch.plan();
            known.columns.resize_with(plan.columns.len(), || None);
            for (at, (planned, known)) in plan.columns.iter().zip(&mut known.columns).enumerate() {
                let prepared = match foreseen.instead(at) {
                    Some(words) => Prepared::Always(words.to_vec()),
                    None => arrays.prepare(at, planned, batch, known),
                };
                if let (Prepared::Texts(_), Some(field)) = (&prepared, planned.column.field()) {
                    arrays.sides.iter_mut().skip(field.position()).take(1).for_each(|side| *side = Some(at));
                }
                arrays.prepared.push(prepared);
            }
        }
        arrays
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.columns.rows()
    }

    /// Whether some rows must be looked at in full, whatever their cells say.
    pub(super) fn has_odd(&self) -> bool {
        self.odd.contains(&true)
    }

    /// Up to 512 rows, from one on.
    pub(super) fn window<'a>(&'a self, from: usize) -> Window<'a, 'c> {
        Window { arrays: self, from, count: self.count().saturating_sub(from).min(ROWS) }
    }

    fn prepare(
        &mut self,
        at: usize,
        planned: &Planned<'_>,
        batch: &mut Batch<'_, '_>,
        known: &mut Option<(Source, Rc<Entries>)>,
    ) -> Prepared<'c> {
        let Some(column) = planned.column.field().and_then(|field| self.places.get(field.position()).copied()) else {
            return Prepared::Cells;
        };
        let columns = self.columns;
        let values = columns.values(column);
        match (&planned.codec, values) {
            (Codec::Unread, Values::Others) if columns.has(column) => {
                self.set_aside(planned, column);
                Prepared::Cells
            }
            (Codec::Unread, _) => Prepared::Cells,
            (_, Values::Keys(keys, dictionary)) => {
                let entries = match known {
                    Some((Source::Dictionary(same), entries)) if same.is(&dictionary) => Rc::clone(entries),
                    Some(_) | None => {
                        let entries = entries(at, batch, dictionary.texts());
                        known.insert((Source::Dictionary(dictionary), entries)).1.clone()
                    }
                };
                let missing = i32::try_from(entries.count().saturating_sub(1)).unwrap_or(i32::MAX);
                let mut keys = Cow::Borrowed(keys);
                columns.missing(column, |row| {
                    if let Some(key) = keys.to_mut().get_mut(row) {
                        *key = missing;
                    }
                });
                Prepared::Keys(keys, entries)
            }
            (_, Values::Truths) => {
                let entries = match known {
                    Some((Source::Truths, entries)) => Rc::clone(entries),
                    Some(_) | None => {
                        let entries = entries(at, batch, ["false", "true"].into_iter());
                        known.insert((Source::Truths, entries)).1.clone()
                    }
                };
                let mut keys = Vec::with_capacity(columns.rows());
                columns.truths(column, |truth| keys.push(i32::from(truth)));
                Prepared::Keys(with_missing(columns, column, keys, 2), entries)
            }
            (Codec::Numbers(numbers, _), Values::Numbers(values, decimals)) => {
                let classes = values.iter().map(|value| numbers.of(*value, decimals)).collect();
                Prepared::Classes(with_empty(columns, column, classes))
            }
            (Codec::Days(days, _), Values::Days(values)) => {
                Prepared::Classes(with_empty(columns, column, values.iter().map(|day| days.of(*day)).collect()))
            }
            (Codec::Texts(texts), Values::Numbers(..) | Values::Days(_))
                if planned.column.is_idle() && texts.blanks.is_none() =>
            {
                let entries = match known {
                    Some((Source::Something, entries)) => Rc::clone(entries),
                    Some(_) | None => {
                        let entries = entries(at, batch, ["x"].into_iter());
                        known.insert((Source::Something, entries)).1.clone()
                    }
                };
                Prepared::Keys(with_missing(columns, column, vec![0; columns.rows()], 1), entries)
            }
            (Codec::Words(..) | Codec::Numbers(..) | Codec::Days(..) | Codec::Texts(_), Values::Texts) => {
                let mut side = Side::default();
                let fits = columns.texts(column, |text| side.add(text.unwrap_or_default()));
                if fits { Prepared::Texts(side.end()) } else { Prepared::Cells }
            }
            (
                Codec::Any | Codec::Words(..) | Codec::Numbers(..) | Codec::Days(..) | Codec::Texts(_),
                Values::Texts | Values::Numbers(..) | Values::Days(_) | Values::Others,
            ) => Prepared::Cells,
        }
    }

    /// Sets rows aside whose cell of a column that is not read cannot be read.
    fn set_aside(&mut self, planned: &Planned<'_>, column: usize) {
        let mut room = String::new();
        for row in 0..self.columns.rows() {
            let cell = self.columns.cell(column, row, &mut room);
            if planned.readers.first().is_some_and(|reader| reader.read(&cell).is_err()) {
                self.odd.resize(self.columns.rows(), false);
                self.odd.iter_mut().skip(row).take(1).for_each(|odd| *odd = true);
            }
        }
    }
}

/// The classes with that of an empty cell where there is no value.
fn with_empty(columns: &Columns, column: usize, mut classes: Vec<u16>) -> Vec<u16> {
    columns.missing(column, |row| classes.iter_mut().skip(row).take(1).for_each(|class| *class = EMPTY));
    classes
}

/// The keys with another one where there is no value.
fn with_missing<'c>(columns: &Columns, column: usize, mut keys: Vec<i32>, missing: i32) -> Cow<'c, [i32]> {
    columns.missing(column, |row| keys.iter_mut().skip(row).take(1).for_each(|key| *key = missing));
    Cow::Owned(keys)
}

impl Side {
    /// Adds a text; says whether there was room.
    fn add(&mut self, text: &str) -> bool {
        self.starts.push(u32::try_from(self.padded.len()).unwrap_or(u32::MAX));
        self.padded.extend_from_slice(text.as_bytes());
        self.padded.len() <= MOST
    }

    fn end(mut self) -> Side {
        self.starts.push(u32::try_from(self.padded.len()).unwrap_or(u32::MAX));
        self.padded.resize(self.padded.len() + PADDING, 0);
        self
    }

    fn place(&self, row: usize) -> (u32, u32) {
        match self.starts.get(row..row + 2) {
            Some([start, end]) => (*start, end - start),
            Some(_) | None => (0, 0),
        }
    }

    fn spots(&self, from: usize, count: usize, spots: &mut Spots) {
        let starts = self.starts.get(from..).unwrap_or_default();
        let ends = starts.get(1..).unwrap_or_default();
        let places = spots.starts.iter_mut().zip(&mut spots.lens).take(count);
        for ((to_start, to_len), (start, end)) in places.zip(starts.iter().zip(ends)) {
            (*to_start, *to_len) = (*start, end - start);
        }
        spots.count = count;
    }
}

/// What each of some texts, and a missing one behind them, says of a column.
pub(super) fn entries<'t>(at: usize, batch: &mut Batch<'_, '_>, texts: impl Iterator<Item = &'t str>) -> Rc<Entries> {
    let mut entries = Entries::default();
    let mut texts = texts.chain([""]).peekable();
    while texts.peek().is_some() {
        let mut side = Side::default();
        for text in texts.by_ref().take(ROWS) {
            side.add(text);
        }
        batch.ask(at, &Few(side.end()), &mut entries);
    }
    Rc::new(entries)
}

/// A few texts as rows, of which an empty one is missing.
struct Few(Side);

impl Rows for Few {
    fn bytes(&self, _: FieldId) -> &[u8] {
        &self.0.padded
    }

    fn count(&self) -> usize {
        self.0.starts.len().saturating_sub(1)
    }

    fn spots(&self, _: impl Processor, _: FieldId, from: usize, spots: &mut Spots) {
        self.0.spots(from, self.count().saturating_sub(from).min(STRIP), spots);
    }

    fn is_odd(&self, _: usize) -> bool {
        false
    }

    fn plain(&self, _: FieldId, row: usize) -> Option<&str> {
        let (start, len) = self.0.place(row);
        std::str::from_utf8(self.0.padded.get(start as usize..start as usize + len as usize)?).ok()
    }

    fn cell<'r>(&'r self, field: FieldId, row: usize, _: &'r mut String) -> RawCell<'r> {
        self.plain(field, row).map_or(RawCell::Garbled, |text| RawCell::Text(text.into()))
    }
}

/// Up to 512 of some rows.
pub(super) struct Window<'a, 'c> {
    arrays: &'a Arrays<'c>,
    from: usize,
    count: usize,
}

impl Window<'_, '_> {
    fn column(&self, field: FieldId) -> usize {
        self.arrays.places.get(field.position()).copied().unwrap_or(usize::MAX)
    }

    /// The texts of a field, when they are side by side.
    fn side(&self, field: FieldId) -> Option<&Side> {
        let at = self.arrays.sides.get(field.position()).copied().flatten()?;
        match self.arrays.prepared.get(at)? {
            Prepared::Texts(side) => Some(side),
            Prepared::Cells | Prepared::Classes(_) | Prepared::Keys(..) | Prepared::Always(_) => None,
        }
    }
}

impl Rows for Window<'_, '_> {
    fn bytes(&self, field: FieldId) -> &[u8] {
        self.side(field).map_or(&[], |side| &side.padded)
    }

    fn count(&self) -> usize {
        self.count
    }

    fn spots(&self, _: impl Processor, field: FieldId, from: usize, spots: &mut Spots) {
        let count = self.count.saturating_sub(from).min(STRIP);
        if let Some(side) = self.side(field) {
            side.spots(self.from + from, count, spots);
        }
    }

    fn is_odd(&self, row: usize) -> bool {
        self.arrays.odd.get(self.from + row).copied().unwrap_or(false)
    }

    #[inline(always)]
    fn plain(&self, field: FieldId, row: usize) -> Option<&str> {
        if let Some((_, digits)) = self.arrays.numbers.as_ref().filter(|(id, _)| *id == field) {
            return digits.get(self.from + row);
        }
        let text = self.arrays.columns.text(self.column(field), self.from + row)?;
        let solid = |byte: &u8| (0x21..0x7F).contains(byte);
        (text.as_bytes().first().is_some_and(solid) && text.as_bytes().last().is_some_and(solid)).then_some(text)
    }

    fn cell<'r>(&'r self, field: FieldId, row: usize, room: &'r mut String) -> RawCell<'r> {
        self.arrays.columns.cell(self.column(field), self.from + row, room)
    }

    #[inline(always)]
    fn ready(&self, at: usize) -> Ready<'_> {
        match self.arrays.prepared.get(at) {
            Some(Prepared::Classes(classes)) => Ready::Classes(classes.get(self.from..).unwrap_or_default()),
            Some(Prepared::Keys(keys, entries)) => Ready::Keys(keys.get(self.from..).unwrap_or_default(), entries),
            Some(Prepared::Texts(_)) => Ready::Bytes,
            Some(Prepared::Always(words)) => Ready::Always(words),
            Some(Prepared::Cells) | None => Ready::Cells,
        }
    }
}
