//! Deciding 512 leads at a time: cells to words, words to planes, planes through the program.

use std::collections::HashMap;
use std::ops::Range;

use super::cells::{Days, Lexicon, Numbers, ROWS, Room, STRIP, Spots, Texts, UNSURE};
use super::plan::{Codec, DOUBT, Plan, Planned, Table};
use super::program::{LANES, Plane, Program, transpose};
use super::simd::{Kernel, Processor, fast};
use crate::explain::Piece;
use crate::ir::{FieldId, ScoreId};
use crate::leads::RawCell;

/// The most different cells of a column that are remembered.
const REMEMBERED: usize = 1 << 13;

/// The longest cell that is remembered.
const LONGEST: usize = 64;

/// The rule of a row that is not decided yet.
const NONE: u32 = u32::MAX;

/// Up to 512 rows of cells, in whatever form.
pub(super) trait Rows {
    /// The bytes that [`Rows::spots`] points into, with some more behind them.
    fn bytes(&self, field: FieldId) -> &[u8];
    /// How many rows there are.
    fn count(&self) -> usize;
    /// Where the cells of a field are, from a row on, as many as there is room for.
    fn spots(&self, processor: impl Processor, field: FieldId, from: usize, spots: &mut Spots);
    /// Whether a row is not what its cells seem to be: it must be looked at in full.
    fn is_odd(&self, row: usize) -> bool;
    /// The text of a cell that needs no second look: it has neither quotes nor blanks around it, nor anything but ASCII at its ends.
    fn plain(&self, field: FieldId, row: usize) -> Option<&str>;
    /// The cell of a row, for those who want to look closer; where it must be put together first, in `room`.
    fn cell<'r>(&'r self, field: FieldId, row: usize, room: &'r mut String) -> RawCell<'r>;
    /// What is known of the cells of a planned column.
    fn ready(&self, _at: usize) -> Ready<'_> {
        Ready::Bytes
    }
}

/// What is known of the cells of a planned column, from the first row on.
pub(super) enum Ready<'r> {
    /// Their bytes.
    Bytes,
    /// Their classes.
    Classes(&'r [u16]),
    /// Which entry each is.
    Keys(&'r [i32], &'r Entries),
    /// The words that stand for each of them.
    Always(&'r [u64]),
    /// Nothing: they must be read one by one.
    Cells,
}

/// Values that cells of a column may have.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// For each word of the column, the word of each entry.
    words: Vec<Vec<u64>>,
    /// Which entries count as missing because they cannot be read, in order.
    unread: Vec<i32>,
    count: usize,
}

impl Entries {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The words of each; none when one of them cannot be read.
    pub(super) fn patterns(&self) -> Option<Vec<Vec<u64>>> {
        let pattern = |at| self.words.iter().filter_map(|words| words.get(at).copied()).collect();
        self.unread.is_empty().then(|| (0..self.count).map(pattern).collect())
    }
}

/// What a cell turned out to be.
struct Remembered {
    words: Vec<u64>,
    readable: bool,
}

/// What is needed to decide a batch, used again for the next one.
pub(super) struct Batch<'p, 'e> {
    plan: &'p Plan<'e>,
    words: Vec<[u64; ROWS]>,
    planes: Vec<Plane>,
    registers: Vec<Plane>,
    spots: Box<Spots>,
    classes: Box<[u16; STRIP]>,
    unsure: Vec<u16>,
    room: Room,
    /// For each column, cells that have been read in full.
    remembered: Vec<HashMap<Box<[u8]>, Remembered>>,
    /// Cells that count as missing because they cannot be read: the field and the row.
    unread: Vec<(FieldId, usize)>,
    /// For each row the position of the rule that decides it.
    rules: Box<[u32; ROWS]>,
    /// A bit for each row that has to be looked at in full.
    doubts: Plane,
    /// The program's results behind the rules.
    more: Vec<Plane>,
}

impl<'p, 'e> Batch<'p, 'e> {
    pub(super) fn new(plan: &'p Plan<'e>) -> Batch<'p, 'e> {
        Batch {
            plan,
            words: vec![[0; ROWS]; plan.words],
            planes: vec![[0; LANES]; plan.words * 64],
            registers: Vec::new(),
            spots: Spots::new(),
            classes: Box::new([0; STRIP]),
            unsure: Vec::new(),
            room: Room::default(),
            remembered: plan.columns.iter().map(|_| HashMap::new()).collect(),
            unread: Vec::new(),
            rules: Box::new([0; ROWS]),
            doubts: [0; LANES],
            more: Vec::new(),
        }
    }

    /// What is decided by.
    pub(super) fn plan(&self) -> &'p Plan<'e> {
        self.plan
    }

    /// Adds the cells of a planned column to some entries.
    pub(super) fn ask(&mut self, at: usize, rows: &impl Rows, entries: &mut Entries) {
        let Some(planned) = self.plan.columns.get(at) else { return };
        let words = planned.place.first..planned.place.first + planned.place.span;
        let count = rows.count().min(ROWS);
        self.unread.clear();
        self.words.get_mut(words.clone()).unwrap_or_default().iter_mut().for_each(|words| words.fill(0));
        for from in (0..count).step_by(STRIP) {
            self.column(at, rows, from..(from + STRIP).min(count));
        }
        entries.words.resize(words.len(), Vec::new());
        for (entries, words) in entries.words.iter_mut().zip(self.words.get(words).unwrap_or_default()) {
            entries.extend(words.iter().take(count));
        }
        self.unread.sort_unstable_by_key(|(_, row)| *row);
        entries.unread.extend(self.unread.iter().filter_map(|(_, row)| i32::try_from(entries.count + row).ok()));
        entries.count += count;
    }

    /// Decides some rows. Afterwards [`Batch::rule`] knows their rules, but for those that [`Batch::is_doubtful`] names.
    pub(super) fn decide(&mut self, rows: &impl Rows) {
        let count = rows.count().min(ROWS);
        self.words.iter_mut().for_each(|words| words.fill(0));
        self.unread.clear();
        for from in (0..count).step_by(STRIP) {
            for at in 0..self.plan.columns.len() {
                self.column(at, rows, from..(from + STRIP).min(count));
            }
        }
        fast(Transpose { words: &self.words, planes: &mut self.planes });
        let mut open = everyone(count);
        self.doubts = [0; LANES];
        self.rules.fill(NONE);
        self.more.clear();
        let (rules, doubts, more, of_rules) = (&mut self.rules, &mut self.doubts, &mut self.more, self.plan.rules);
        let to_the_end = !self.plan.tapped.is_empty();
        let mut result = |result: usize, plane: &Plane| {
            let Some(rule) = result.checked_sub(1) else {
                *doubts = open;
                doubts.iter_mut().zip(plane).for_each(|(open, doubt)| *open &= doubt);
                return true;
            };
            if rule >= of_rules {
                more.push(*plane);
                return true;
            }
            let rule = u32::try_from(rule).unwrap_or(NONE);
            let mut left = 0;
            for (lane, (open, holds)) in open.iter_mut().zip(plane).enumerate() {
                let mut fires = *open & holds;
                *open &= !holds;
                left |= *open;
                while fires != 0 {
                    let row = 8 * fires.trailing_zeros() as usize + lane;
                    if let Some(slot) = rules.get_mut(row) {
                        *slot = rule;
                    }
                    fires &= fires - 1;
                }
            }
            left != 0 || to_the_end
        };
        let (inputs, registers) = (&self.planes, &mut self.registers);
        fast(Run { program: &self.plan.program, inputs, registers, result: &mut result });
        let doubtful = self.doubts;
        self.unread.retain(|(_, row)| !bit(&doubtful, *row));
    }

    /// The position of the rule that decides a row.
    pub(super) fn rule(&self, row: usize) -> u32 {
        self.rules.get(row).copied().unwrap_or(NONE)
    }

    /// Whether a row has to be looked at in full: a cell of it may be wrong, or it may break an assumption.
    pub(super) fn is_doubtful(&self, row: usize) -> bool {
        bit(&self.doubts, row)
    }

    /// Whether some row has to be looked at in full.
    pub(super) fn has_doubts(&self) -> bool {
        self.doubts.iter().any(|doubts| *doubts != 0)
    }

    /// One of the program's results behind the rules, for a row.
    pub(super) fn more(&self, result: usize, row: usize) -> bool {
        self.more.get(result).is_some_and(|plane| bit(plane, row))
    }

    /// The label of a grade, or the stage, of a row.
    pub(super) fn label(&self, piece: &Piece, row: usize) -> &str {
        let known = self.plan.tapped.labels.iter().find(|(known, ..)| known == piece);
        let label = known.and_then(|(_, labels, first)| {
            labels.iter().enumerate().find(|(at, _)| self.more(first + at, row)).map(|(_, label)| label.as_str())
        });
        label.unwrap_or_default()
    }

    /// The total of a score of a row, in units, and how many units a point has.
    pub(super) fn total(&self, score: ScoreId, row: usize) -> Option<(i128, i64)> {
        let (_, place) = self.plan.tapped.totals.iter().find(|(known, _)| *known == score)?;
        let digits = self.more.get(place.first..place.first + place.digits)?.iter().rev();
        let above = digits.fold(0i128, |above, plane| above * 2 + i128::from(bit(plane, row)));
        Some((place.base + above, self.plan.tapped.scale))
    }

    /// The cells of rows without doubt that count as missing because they cannot be read.
    pub(super) fn unread(&self) -> &[(FieldId, usize)] {
        &self.unread
    }

    /// Reads a column of some rows.
    fn column(&mut self, at: usize, rows: &impl Rows, strip: Range<usize>) {
        let plan = self.plan;
        let Some(planned) = plan.columns.get(at) else { return };
        if matches!(planned.codec, Codec::Unread) {
            return;
        }
        self.unsure.clear();
        match (rows.ready(at), planned.column.field(), &planned.codec) {
            (Ready::Classes(classes), Some(_), Codec::Numbers(_, table) | Codec::Days(_, table)) => {
                let known = classes.get(strip.clone()).unwrap_or_default();
                let classes = self.classes.get_mut(..known.len()).unwrap_or_default();
                classes.copy_from_slice(known);
                let (words, unsure) = (&mut self.words, &mut self.unsure);
                fast(LookUp { table, first: planned.place.first, classes, from: strip.start, words, unsure });
            }
            (Ready::Always(pattern), _, _) => {
                strip.for_each(|row| add(&mut self.words, planned.place.first, row, pattern));
                return;
            }
            (Ready::Keys(keys, entries), Some(field), _) => {
                self.by_key(planned, field, keys.get(strip.clone()).unwrap_or_default(), entries, strip.start);
            }
            (Ready::Bytes, Some(field), codec) if !matches!(codec, Codec::Any) => {
                self.quickly(planned, field, rows, strip.start);
            }
            (Ready::Bytes | Ready::Cells | Ready::Classes(_) | Ready::Keys(..), _, _) => {
                self.unsure.extend(0..u16::try_from(strip.len()).unwrap_or(u16::MAX));
            }
        }
        let unsure = std::mem::take(&mut self.unsure);
        unsure.iter().for_each(|row| self.in_full(at, planned, rows, strip.start + usize::from(*row)));
        self.unsure = unsure;
    }

    /// Adds the words of each row's entry.
    fn by_key(&mut self, planned: &Planned<'e>, field: FieldId, keys: &[i32], entries: &Entries, from: usize) {
        let words = self.words.iter_mut().skip(planned.place.first);
        for (entries, words) in entries.words.iter().zip(words) {
            for (key, word) in keys.iter().zip(words.iter_mut().skip(from)) {
                let entry = usize::try_from(*key).ok().and_then(|key| entries.get(key));
                *word |= entry.copied().unwrap_or(DOUBT);
            }
        }
        if !entries.unread.is_empty() {
            let unread = keys.iter().enumerate().filter(|(_, key)| entries.unread.binary_search(key).is_ok());
            self.unread.extend(unread.map(|(row, _)| (field, from + row)));
        }
    }

    /// Reads a column of some rows the fast way, which notes the rows that it is not sure of.
    fn quickly(&mut self, planned: &Planned<'e>, field: FieldId, rows: &impl Rows, from: usize) {
        let Batch { words, spots, classes, unsure, room, .. } = self;
        fast(Place { rows, field, from, spots });
        let (bytes, spots) = (rows.bytes(field), &**spots);
        let classes = classes.get_mut(..spots.count).unwrap_or_default();
        let table = match &planned.codec {
            Codec::Words(lexicon, table) => {
                fast(ReadWords { lexicon, bytes, spots, classes });
                table
            }
            Codec::Numbers(numbers, table) => {
                fast(ReadNumbers { numbers, bytes, spots, classes });
                table
            }
            Codec::Days(days, table) => {
                fast(ReadDays { days, bytes, spots, classes });
                table
            }
            Codec::Texts(texts) => {
                fast(ReadTexts { texts, bytes, spots, room, words, first: planned.place.first, from, unsure });
                return;
            }
            Codec::Unread | Codec::Any => return,
        };
        fast(LookUp { table, first: planned.place.first, classes, from, words, unsure });
    }

    /// Reads a cell as the scalar reader does.
    fn in_full(&mut self, at: usize, planned: &Planned<'e>, rows: &impl Rows, row: usize) {
        let first = planned.place.first;
        let Some(field) = planned.column.field() else {
            let pattern = self.several(planned, rows, row);
            add(&mut self.words, first, row, &pattern);
            return;
        };
        let mut room = String::new();
        let cell = rows.cell(field, row, &mut room);
        let text = if let RawCell::Text(text) = &cell { Some(text.as_bytes()) } else { None };
        let key = text.filter(|text| text.len() <= LONGEST);
        let remembered = self.remembered.get_mut(at);
        if let (Some(key), Some(remembered)) = (key, &remembered)
            && let Some(known) = remembered.get(key)
        {
            add(&mut self.words, first, row, &known.words);
            self.unread.extend((!known.readable).then_some((field, row)));
            return;
        }
        let Some(reader) = planned.readers.first() else { return };
        let (value, readable) = match reader.read(&cell) {
            Ok(value) => (Some(value), true),
            Err(_) if planned.else_missing => (Some(None), false),
            Err(_) => (None, true),
        };
        let answers = value
            .filter(|value| value.is_some() || !planned.required)
            .and_then(|value| planned.column.answers(self.plan.evaluator, &self.plan.scale, &[value]));
        let pattern = planned.place.pattern(answers.as_ref());
        add(&mut self.words, first, row, &pattern);
        self.unread.extend((!readable).then_some((field, row)));
        if let (Some(key), Some(remembered)) = (key, remembered)
            && remembered.len() < REMEMBERED
        {
            remembered.insert(key.into(), Remembered { words: pattern, readable });
        }
    }

    /// The words of a column of several fields.
    fn several(&self, planned: &Planned<'e>, rows: &impl Rows, row: usize) -> Vec<u64> {
        let policy = self.plan.evaluator.policy();
        let values = planned.column.fields.iter().zip(&planned.readers).map(|(field, reader)| {
            match reader.read(&rows.cell(*field, row, &mut String::new())) {
                Ok(value) => Some(value),
                Err(_) => policy.fields[*field].else_missing.then_some(None),
            }
        });
        let values: Option<Vec<_>> = values.collect();
        let answers = values.and_then(|values| planned.column.answers(self.plan.evaluator, &self.plan.scale, &values));
        planned.place.pattern(answers.as_ref())
    }
}

/// Finds the cells of a column.
pub(super) struct Place<'b, R> {
    pub(super) rows: &'b R,
    pub(super) field: FieldId,
    pub(super) from: usize,
    pub(super) spots: &'b mut Spots,
}

impl<R: Rows> Kernel for Place<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run(self, processor: impl Processor) {
        self.rows.spots(processor, self.field, self.from, self.spots);
    }
}

/// Reads cells as words.
struct ReadWords<'b> {
    lexicon: &'b Lexicon,
    bytes: &'b [u8],
    spots: &'b Spots,
    classes: &'b mut [u16],
}

impl Kernel for ReadWords<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, processor: impl Processor) {
        self.lexicon.read(processor, self.bytes, self.spots, self.classes);
    }
}

/// Reads cells as numbers.
struct ReadNumbers<'b> {
    numbers: &'b Numbers,
    bytes: &'b [u8],
    spots: &'b Spots,
    classes: &'b mut [u16],
}

impl Kernel for ReadNumbers<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, processor: impl Processor) {
        self.numbers.read(processor, self.bytes, self.spots, self.classes);
    }
}

/// Reads cells as days.
struct ReadDays<'b> {
    days: &'b Days,
    bytes: &'b [u8],
    spots: &'b Spots,
    classes: &'b mut [u16],
}

impl Kernel for ReadDays<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, processor: impl Processor) {
        self.days.read(processor, self.bytes, self.spots, self.classes);
    }
}

/// Reads cells as texts.
struct ReadTexts<'b> {
    texts: &'b Texts,
    bytes: &'b [u8],
    spots: &'b Spots,
    room: &'b mut Room,
    words: &'b mut [[u64; ROWS]],
    first: usize,
    from: usize,
    unsure: &'b mut Vec<u16>,
}

impl Kernel for ReadTexts<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, _: impl Processor) {
        let (words, first, from) = (self.words, self.first, self.from);
        let mut put = |row: usize, pattern: &[u64]| add(words, first, from + row, pattern);
        self.texts.read(self.bytes, self.spots, self.room, &mut put, self.unsure);
    }
}

/// Turns words into planes.
struct Transpose<'b> {
    words: &'b [[u64; ROWS]],
    planes: &'b mut [Plane],
}

impl Kernel for Transpose<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, _: impl Processor) {
        for (words, planes) in self.words.iter().zip(self.planes.chunks_exact_mut(64)) {
            transpose(words, planes);
        }
    }
}

/// Runs the program.
struct Run<'b, F> {
    program: &'b Program,
    inputs: &'b [Plane],
    registers: &'b mut Vec<Plane>,
    result: &'b mut F,
}

impl<F: FnMut(usize, &Plane) -> bool> Kernel for Run<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self, _: impl Processor) {
        self.program.run(self.inputs, self.registers, self.result);
    }
}

/// Adds the words of each row's class; rows whose class is not known yet are noted.
struct LookUp<'b> {
    table: &'b Table,
    first: usize,
    classes: &'b mut [u16],
    from: usize,
    words: &'b mut [[u64; ROWS]],
    unsure: &'b mut Vec<u16>,
}

impl Kernel for LookUp<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, processor: impl Processor) {
        let LookUp { table, first, classes, from, words, unsure } = self;
        // The last class of a table has no bits.
        let last = table.words.first().map_or(0, |words| words.len().saturating_sub(1));
        let last = u16::try_from(last).unwrap_or(UNSURE);
        let mut some = false;
        for class in classes.iter_mut() {
            some |= *class == UNSURE;
            *class = (*class).min(last);
        }
        if some {
            let rows = classes.iter().zip(0..).filter(|(class, _)| **class == last);
            unsure.extend(rows.map(|(_, row): (_, u16)| row));
        }
        for (table, words) in table.words.iter().zip(words.iter_mut().skip(first)) {
            processor.add(table, classes, words.get_mut(from..from + classes.len()).unwrap_or_default());
        }
    }
}

/// Adds a pattern to a row.
#[inline(always)]
fn add(words: &mut [[u64; ROWS]], first: usize, row: usize, pattern: &[u64]) {
    for (words, bits) in words.iter_mut().skip(first).zip(pattern) {
        if let Some(word) = words.get_mut(row) {
            *word |= bits;
        }
    }
}

/// A bit for each of the first `count` rows.
fn everyone(count: usize) -> Plane {
    std::array::from_fn(|lane| {
        // Rows `lane`, `lane + 8`, ...
        let rows = count.saturating_sub(lane).div_ceil(LANES);
        if rows >= 64 { u64::MAX } else { (1 << rows) - 1 }
    })
}

/// The bit of a row.
fn bit(plane: &Plane, row: usize) -> bool {
    plane.get(row % LANES).is_some_and(|lane| lane >> (row / LANES) & 1 == 1)
}
