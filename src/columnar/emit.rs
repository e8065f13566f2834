//! Blocks of rows to rows of the output.
//!
//! A row without doubt is named, and written with what its rule says; any other one is read as the scalar reader does.

use std::borrow::Cow;
use std::ops::Range;

use super::arrays::{Arrays, Known};
use super::batch::{Batch, Place, Rows};
use super::blocks::Block;
use super::cells::{STRIP, Spots};
use super::delimited::Table;
use super::find::Which;
use super::foreseen::Foreseen;
use super::form::{AnyForm, Form};
use super::ledger::Ledger;
use super::rules::among;
use super::run::{Decided, Job, Task};
use super::said::Lead;
use super::simd::fast;
use crate::diagnostic::Diagnostic;
use crate::ir::{FieldId, Id};
use crate::leads::{Bound, Columns, Groups, Legacy, RawCell, RawRow, Row, RowWriter, io_fault};
use crate::types::Value;

/// How many rows of a row group are read at once: so few that they fit into a processor's cache.
const TOGETHER: usize = 8192;

/// What a thread needs to decide blocks.
pub(super) struct Desk<'p, 'e> {
    /// How the data is read; none when no blocks come.
    pub(super) form: Option<AnyForm<'e>>,
    pub(super) batch: Option<Batch<'p, 'e>>,
    /// What is known of the texts in dictionaries.
    pub(super) known: Known,
    /// How many leads of a block each rule has decided.
    pub(super) fired: Vec<u64>,
    /// The most bytes that the rows of a block have come to: so much room is made at once for those of the next one.
    pub(super) room: usize,
    /// How many row groups did not have to be read in full, and how many were found out to be others only when they had been begun.
    pub(super) early: u64,
    pub(super) again: u64,
}

impl<'e> Job<'e> {
    /// Decides a row as the scalar evaluator does.
    pub(super) fn row(&self, raw: &RawRow, bound: &Bound, decided: &mut Decided) {
        let is_meant = match self.task {
            Task::Decide | Task::Rules => true,
            Task::Find(wanted) => self.is_wanted(wanted, raw, bound, &mut decided.found),
            Task::Pick(numbers) => numbers.binary_search(&raw.row).is_ok(),
        };
        let Some(unread) = decided.seen.unread.as_mut().filter(|_| is_meant) else { return };
        let row = self.rows.row(raw, bound, unread);
        match self.task {
            Task::Decide => self.put(row, decided),
            Task::Find(_) => decided.found.put(row),
            Task::Rules => decided.rules.push(self.rule(&row)),
            Task::Pick(_) => decided.picked.push(row),
        }
    }

    /// Writes a row.
    fn put(&self, row: Row, decided: &mut Decided) {
        match row {
            Row::Rejected(reject) => decided.rejects.push(reject),
            Row::Lead { row, name, lead } => {
                let session = self.evaluator.on(&lead);
                self.log.iter().for_each(|log| log.push(&mut decided.log, row, &name, &session));
                let decision = if self.packer.is_some() {
                    let outcome = session.outcome();
                    decided.named.push(&name, outcome.rule.position());
                    outcome.decision
                } else {
                    self.shown.put(&mut decided.text, &self.writer, &name, &session, self.compact)
                };
                tally(&mut decided.decisions, decision.position());
            }
        }
    }

    /// Decides a block, in its turn as far as it must be.
    pub(super) fn block(&self, block: &Block, ledger: &Ledger, desk: &mut Desk<'_, 'e>) -> Decided {
        let mut decided = self.nothing();
        decided.bytes = u64::try_from(block.len).unwrap_or(0);
        let Desk { form, batch, fired, room, .. } = desk;
        decided.text.reserve(*room);
        match form {
            Some(AnyForm::Table(table)) => {
                if table.index(block) {
                    self.indexed(block, table, ledger, batch.as_mut(), fired, &mut decided);
                } else {
                    self.one_by_one(block, table, ledger, &mut decided);
                }
            }
            Some(AnyForm::Objects(objects)) => {
                objects.index(block);
                self.indexed(block, objects, ledger, batch.as_mut(), fired, &mut decided);
            }
            None => {}
        }
        *room = decided.text.len().max(*room);
        decided.fault = decided.fault.or_else(|| block.fault.as_ref().map(io_fault));
        decided
    }

    /// Decides a block whose rows can only be found one after the other.
    fn one_by_one(&self, block: &Block, table: &Table, ledger: &Ledger, decided: &mut Decided) {
        let (rows, legacy, fault) = ledger.turn(block.number, |carry| {
            let stretch = table.stretch(block.bytes(), carry.row, carry.line);
            let (rows, legacy, row, line, fault) = stretch.rows(&mut carry.tail);
            carry.row = row;
            carry.line = line;
            (rows, legacy, fault)
        });
        decided.seen.legacy.extend(legacy);
        rows.iter().for_each(|row| self.row(row, table.bound(), decided));
        decided.fault = fault;
    }

    /// Decides a block whose rows have been found.
    fn indexed<F: Form>(
        &self,
        block: &Block,
        form: &mut F,
        ledger: &Ledger,
        mut batch: Option<&mut Batch<'_, 'e>>,
        fired: &mut [u64],
        decided: &mut Decided,
    ) {
        let line_ends = form.line_ends(block);
        let (waited, first, line, fault) = ledger.turn(block.number, |carry| {
            let waited = if carry.tail.is_clear() { Vec::new() } else { carry.tail.release() };
            let fault = form.fault(block, carry);
            let at = (waited, carry.row, carry.line, fault);
            carry.row += u64::try_from(form.count()).unwrap_or(0);
            carry.line += line_ends;
            at
        });
        if fault.is_some() {
            decided.fault = fault;
            return;
        }
        waited.iter().for_each(|row| self.row(row, form.bound(), decided));
        fired.fill(0);
        let names = if form.names_are_plain(block, &self.writer) { Names::Plain } else { Names::There };
        let mut stand = InBlock { form: &*form, block, from: 0, lines: Lines::new::<F>(block, line), first: line };
        while stand.from < form.count() {
            let rows = form.rows(block, stand.from);
            let before = first + u64::try_from(stand.from).unwrap_or(0);
            let bound = form.bound();
            let mut hand = Hand { rows: &rows, before, names, bound, stand: &mut stand, words: Vec::new() };
            self.deal(&mut hand, batch.as_deref_mut(), fired, decided);
            stand.from += rows.count();
        }
        self.count_fired(fired, decided);
    }

    /// Decides a row group.
    pub(super) fn group(&self, groups: &Groups, group: usize, before: u64, desk: &mut Desk<'_, 'e>) -> Decided {
        let mut decided = self.nothing();
        decided.bytes = groups.bytes(group);
        // A group with none of the rows that are asked for need not be read.
        let numbers = before + 1..=before.saturating_add(groups.rows(group));
        let is_passed = match self.task {
            Task::Decide | Task::Rules | Task::Find(Which::Named { .. }) => false,
            Task::Find(Which::Row(row)) => !numbers.contains(row),
            Task::Pick(rows) => among(rows, numbers).is_empty(),
        };
        if is_passed {
            decided.found.rows = groups.rows(group);
            return decided;
        }
        let foreseen = match &mut desk.batch {
            // Whoever says why needs the cells themselves.
            Some(batch) if self.sayer.is_none() && desk.early >= desk.again => {
                Foreseen::new(groups, group, &self.bound, self.named_by, batch)
            }
            Some(_) | None => Foreseen::default(),
        };
        if foreseen.leaves_out() {
            let mut early = Decided { bytes: decided.bytes, ..self.nothing() };
            match self.arrays(groups, group, before, &foreseen, desk, &mut early) {
                Ok(true) => {
                    desk.early += 1;
                    return early;
                }
                // All of it is read then; whatever is wrong is found again.
                Ok(false) | Err(_) => desk.again += 1,
            }
        }
        decided.fault = self.arrays(groups, group, before, &Foreseen::default(), desk, &mut decided).err();
        decided
    }

    /// Decides a row group, of which only the columns are read that must be. Says whether that was enough: it is not when a row has to be
    /// looked at in full.
    fn arrays(
        &self,
        groups: &Groups,
        group: usize,
        mut before: u64,
        foreseen: &Foreseen,
        desk: &mut Desk<'_, 'e>,
        decided: &mut Decided,
    ) -> Result<bool, Diagnostic> {
        let Desk { batch, fired, known, .. } = desk;
        fired.fill(0);
        let mut group = groups.open(group, TOGETHER, |column| foreseen.reads(column))?;
        while let Some(columns) = group.next()? {
            let policy = self.evaluator.policy();
            let arrays = Arrays::new(&columns, policy, &self.bound, batch.as_mut(), known, foreseen);
            let mut stand = InColumns { columns: &columns, from: 0, before };
            while stand.from < columns.rows() {
                let rows = arrays.window(stand.from);
                let before = before + u64::try_from(stand.from).unwrap_or(0);
                let (bound, words) = (&self.bound, Vec::new());
                let mut hand = Hand { rows: &rows, before, names: Names::Elsewhere, bound, stand: &mut stand, words };
                self.deal(&mut hand, batch.as_mut(), fired, decided);
                if foreseen.leaves_out() && (arrays.has_odd() || batch.as_ref().is_some_and(Batch::has_doubts)) {
                    return Ok(false);
                }
                if let Some(fault) = decided.fault.take() {
                    return Err(fault);
                }
                stand.from += rows.count();
            }
            before += u64::try_from(columns.rows()).unwrap_or(0);
        }
        self.count_fired(fired, decided);
        Ok(true)
    }

    /// Decides up to 512 rows, and writes them.
    fn deal<R: Rows, S: Stand>(
        &self,
        hand: &mut Hand<'_, R, S>,
        mut batch: Option<&mut Batch<'_, 'e>>,
        fired: &mut [u64],
        decided: &mut Decided,
    ) {
        match self.task {
            Task::Decide | Task::Rules => {}
            Task::Find(wanted) => return self.look(wanted, hand, decided),
            Task::Pick(numbers) => return self.pick(numbers, hand, decided),
        }
        let rows = hand.rows;
        if let Some(batch) = &mut batch {
            batch.decide(rows);
        }
        let batch = batch.as_deref();
        let is_named = hand.names != Names::Elsewhere && self.plain_id && self.sayer.is_none() && self.packer.is_none();
        let named = self.id.filter(|_| is_named && matches!(self.task, Task::Decide)).zip(batch);
        let mut names = *Spots::new();
        let mut at = 0;
        while at < rows.count() {
            if let Some((id, batch)) = named {
                if at % STRIP == 0 {
                    fast(Place { rows, field: id, from: at, spots: &mut names });
                }
                let certain = hand.names == Names::Plain;
                let run = Run { rows, bytes: rows.bytes(id), names: &names, certain, batch, writer: &self.writer };
                let ahead = run.ahead(at);
                if !ahead.is_empty() {
                    run.write(ahead.clone(), &mut decided.text, fired);
                    at = ahead.end;
                    continue;
                }
            }
            self.one(hand, at, batch, fired, decided);
            if decided.fault.is_some() {
                return;
            }
            at += 1;
        }
        let unread = batch.iter().flat_map(|batch| batch.unread()).filter(|(_, at)| !rows.is_odd(*at));
        for (field, at) in unread {
            if let Some(unread) = &mut decided.seen.unread {
                unread.count(*field, hand.stand.line_again(*at));
            }
        }
    }

    /// Writes one of the rows.
    fn one<R: Rows, S: Stand>(
        &self,
        hand: &mut Hand<'_, R, S>,
        at: usize,
        batch: Option<&Batch<'_, 'e>>,
        fired: &mut [u64],
        decided: &mut Decided,
    ) {
        let Hand { rows, before, names, bound, stand, words } = hand;
        let certain = batch.filter(|batch| is_certain(*rows, batch, at));
        let Some(batch) = certain else {
            let number = *before + u64::try_from(at).unwrap_or(0) + 1;
            match stand.row(at, number, &mut decided.seen.legacy) {
                Ok(row) => row.iter().for_each(|row| self.row(row, bound, decided)),
                Err(fault) => decided.fault = Some(fault),
            }
            return;
        };
        if matches!(self.task, Task::Rules) {
            decided.rules.push(batch.rule(at));
            return;
        }
        let rule = batch.rule(at) as usize;
        let (mut room, packs) = (String::new(), self.packer.is_some());
        match self.name(*rows, at, &mut room) {
            Some(name) if packs => decided.named.push(&name, rule),
            None if packs => decided.named.push(&stand.line(at).to_string(), rule),
            Some(name) => self.writer.push(&mut decided.text, &name, rule, *names == Names::Plain),
            None => self.writer.push(&mut decided.text, &stand.line(at).to_string(), rule, false),
        }
        if let Some(sayer) = &self.sayer {
            let lead = Lead { reader: &self.rows, batch, rows: *rows, at, rule };
            sayer.say(&lead, &self.writer, words, &mut decided.text);
        }
        tally(fired, rule);
    }

    fn count_fired(&self, fired: &[u64], decided: &mut Decided) {
        for ((_, rule), fired) in self.evaluator.policy().rules.iter().zip(fired) {
            if let Some(decisions) = decided.decisions.get_mut(rule.decision.position()) {
                *decisions += *fired;
            }
        }
    }

    /// The id of a lead; none when it is called by its line.
    #[inline(always)]
    pub(super) fn name<'r>(&self, rows: &'r impl Rows, at: usize, room: &'r mut String) -> Option<Cow<'r, str>> {
        let id = self.id?;
        if self.plain_id
            && let Some(text) = rows.plain(id, at)
        {
            return Some(Cow::Borrowed(text));
        }
        let field = &self.evaluator.policy().fields[id];
        if self.rows.hides(field) {
            return None;
        }
        let cell = rows.cell(id, at, room);
        match cell {
            RawCell::Text(text) if field.cell.blanks.is_empty() => plain_name(text),
            RawCell::Number(digits) if field.cell.blanks.is_empty() => Some(digits.into()),
            cell => self.read_name(id, &cell).map(Cow::Owned),
        }
    }

    fn read_name(&self, id: FieldId, cell: &RawCell<'_>) -> Option<String> {
        if let Some(Value::Text(text)) = self.rows.read(id, cell) { Some(text) } else { None }
    }
}

/// What is known of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// None holds anything that divides cells or rows of the output.
    Plain,
    /// They are in the bytes of their rows.
    There,
    /// They are somewhere else.
    Elsewhere,
}

/// Up to 512 rows to be written.
pub(super) struct Hand<'h, R, S> {
    pub(super) rows: &'h R,
    /// How many rows there are before them.
    pub(super) before: u64,
    names: Names,
    pub(super) bound: &'h Bound,
    pub(super) stand: &'h mut S,
    /// Room for what is said of a row.
    words: Vec<u8>,
}

/// Whether nobody has to look at a row in full.
#[inline(always)]
fn is_certain(rows: &impl Rows, batch: &Batch<'_, '_>, at: usize) -> bool {
    !batch.is_doubtful(at) && !rows.is_odd(at)
}

/// How many rows are written at once.
const TURN: usize = 32;

/// Rows that are certain, and whose names are written as they stand.
struct Run<'r, 'p, 'e, R> {
    rows: &'r R,
    bytes: &'r [u8],
    /// Where the names of the strip of rows are.
    names: &'r Spots,
    /// Whether no name holds anything that divides cells or rows of the output.
    certain: bool,
    batch: &'r Batch<'p, 'e>,
    writer: &'r RowWriter,
}

impl<R: Rows> Run<'_, '_, '_, R> {
    /// Where a name begins, and how long it is.
    #[inline(always)]
    fn name(&self, at: usize) -> Option<(usize, usize)> {
        let at = at % STRIP;
        Some((*self.names.starts.get(at)? as usize, *self.names.lens.get(at)? as usize))
    }

    /// The rows from one on that are such.
    #[inline(always)]
    fn ahead(&self, from: usize) -> Range<usize> {
        let most = (from + TURN).min(from - from % STRIP + self.names.count);
        let is_such = |at: &usize| {
            let plain =
                self.name(*at).is_some_and(|(start, len)| self.writer.is_plain(self.bytes, start, len, self.certain));
            plain && is_certain(self.rows, self.batch, *at)
        };
        from..from + (from..most).take_while(is_such).count()
    }

    #[inline(always)]
    fn write(&self, rows: Range<usize>, out: &mut Vec<u8>, fired: &mut [u64]) {
        rows.clone().for_each(|at| tally(fired, self.batch.rule(at) as usize));
        let rows = rows.map(|at| {
            let (start, len) = self.name(at).unwrap_or_default();
            (start, len, self.batch.rule(at) as usize)
        });
        self.writer.push_plain(out, self.bytes, rows);
    }
}

/// A name without the blanks around it, if there is anything else.
fn plain_name(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        return (!text.is_empty()).then_some(text);
    }
    (!trimmed.is_empty()).then(|| trimmed.to_owned().into())
}

/// Where some rows stand in the data.
pub(super) trait Stand {
    /// The line of a row, which is not before the last one that was asked for.
    fn line(&mut self, at: usize) -> u64;
    /// The line of any row.
    fn line_again(&self, at: usize) -> u64;
    /// A row as the scalar reader reads it.
    fn row(&mut self, at: usize, number: u64, legacy: &mut Legacy) -> Result<Option<RawRow>, Diagnostic>;
}

/// Rows of a block, from one on.
struct InBlock<'b, F> {
    form: &'b F,
    block: &'b Block,
    from: usize,
    lines: Lines<'b>,
    /// The first line of the block.
    first: u64,
}

impl<F: Form> Stand for InBlock<'_, F> {
    fn line(&mut self, at: usize) -> u64 {
        self.lines.of(self.form.extent(self.from + at).0)
    }

    fn line_again(&self, at: usize) -> u64 {
        Lines::new::<F>(self.block, self.first).of(self.form.extent(self.from + at).0)
    }

    fn row(&mut self, at: usize, number: u64, legacy: &mut Legacy) -> Result<Option<RawRow>, Diagnostic> {
        let (start, end) = self.form.extent(self.from + at);
        let bytes = self.block.bytes().get(start..end).unwrap_or_default();
        Ok(self.form.closely(bytes, number, self.line(at), legacy))
    }
}

/// Rows of a table without lines, from one on: each stands where its number says.
struct InColumns<'c> {
    columns: &'c Columns,
    from: usize,
    /// How many rows are before the table's.
    before: u64,
}

impl Stand for InColumns<'_> {
    fn line(&mut self, at: usize) -> u64 {
        self.line_again(at)
    }

    fn line_again(&self, at: usize) -> u64 {
        self.before.saturating_add(u64::try_from(self.from + at + 1).unwrap_or(u64::MAX))
    }

    fn row(&mut self, at: usize, number: u64, _: &mut Legacy) -> Result<Option<RawRow>, Diagnostic> {
        self.columns.row(self.from + at, number).map(Some)
    }
}

/// Lines of a block, counted on as far as they are asked for.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: u64,
    /// How many lines end in some bytes.
    ends: fn(&[u8]) -> u64,
}

impl<'b> Lines<'b> {
    /// The first of them is `line`.
    fn new<F: Form>(block: &'b Block, line: u64) -> Self {
        Lines { bytes: block.bytes(), at: 0, line, ends: F::lines }
    }

    /// The line of the byte at `place`, which is not before the last one that was asked for.
    fn of(&mut self, place: usize) -> u64 {
        self.line += (self.ends)(self.bytes.get(self.at..place).unwrap_or_default());
        self.at = place;
        self.line
    }
}

/// Counts one.
pub(super) fn tally(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}
