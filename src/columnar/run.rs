//! Deciding a whole stream of leads on several threads, the results in the order of the leads.
//!
//! Blocks of rows are cut off one after the other, decided side by side, and handed over in order. What a block needs to know of those
//! before it (the number of its first row and line, and whether a footer may have begun) goes from block to block as a [`Carry`], which
//! a block passes on as soon as it knows how many rows it has.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::batch::{Batch, Rows};
use super::blocks::{Block, Blocks};
use super::delimited::BlockRows;
use super::plan::Plan;
use super::separators::Cells;
use super::shown::Shown;
use crate::diagnostic::Diagnostic;
use crate::eval::Evaluator;
use crate::ir::{FieldId, Id, Policy};
use crate::leads::{
    Bound, Format, Legacy, OutCell, RawCell, RawReader, RawRow, Reader, Reject, Row, RowReader, RowWriter, Stretch,
    Tail, UnreadCells, io_fault, notices,
};
use crate::types::Value;

/// How leads are to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many threads decide; at least one.
    pub threads: usize,
    /// What is written of each lead.
    pub shown: Shown,
    /// Whether values of personal fields may be shown.
    pub show_personal: bool,
    /// The format in which decisions are written.
    pub output: Format,
    /// Whether the later rows of a repeated id are rejected, too. They are found row by row, on one thread.
    pub unique: bool,
    /// How many bytes are read at once; [`Settings::BLOCK`] for most purposes.
    pub block: usize,
}

impl Settings {
    /// A block that fits into a processor's cache.
    pub const BLOCK: usize = 1 << 18;
}

/// What became of some rows.
#[derive(Debug, Default)]
pub struct Decided {
    /// A row of the output for each lead, for [`TableWriter::rows`](crate::leads::TableWriter::rows).
    pub text: Vec<u8>,
    /// How many leads each decision has, in the order of the policy's decisions.
    pub decisions: Vec<u64>,
    /// The rows that were rejected.
    pub rejects: Vec<Reject>,
    /// How many bytes of the input these rows are, where that is known.
    pub bytes: u64,
    seen: Seen,
    fault: Option<Diagnostic>,
}

/// What is worth saying about rows, and comes together from all of them.
#[derive(Debug, Clone, Default)]
struct Seen {
    unread: Option<UnreadCells>,
    legacy: Legacy,
}

/// Why not all leads were decided.
#[derive(Debug)]
pub enum Stopped<E> {
    /// The leads cannot be read, or not to their end.
    Leads(Vec<Diagnostic>),
    /// The results could not be taken.
    Sink(E),
}

/// What a block must know of those before it.
#[derive(Debug, Default)]
struct Carry {
    row: u64,
    line: u64,
    tail: Tail,
}

/// Decides all leads of an input. `sink` is given what became of the rows, in order; the notices about the data are handed back.
///
/// # Errors
/// When the leads do not fit the policy, cannot be read to their end, or when `sink` fails.
pub fn decide<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: Box<dyn BufRead + Send + 'e>,
    format: Format,
    settings: Settings,
    sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
) -> Result<Vec<String>, Stopped<E>> {
    let policy = evaluator.policy();
    if settings.unique {
        return one_by_one(evaluator, input, format, settings, sink);
    }
    let raw = RawReader::open(input, format).map_err(|fault| Stopped::Leads(vec![fault]))?;
    let bound = Bound::new(policy, &raw).map_err(Stopped::Leads)?;
    let rows = RowReader::new(evaluator, settings.show_personal);
    let writer = writer(policy, settings);
    let plan = if settings.shown.is_just_the_rule() { Plan::new(evaluator) } else { None };
    let mut job = Job {
        evaluator,
        rows,
        writer,
        plan,
        shown: settings.shown,
        columns: Vec::new(),
        delimiter: 0,
        width: 0,
        id: policy.id_field(),
        plain_id: None,
        bound: bound.clone(),
    };
    let (source, carry) = match raw.into_delimited() {
        Ok(data) => {
            job.delimiter = data.delimiter;
            job.width = data.columns.len();
            let column = |(id, _)| bound.column(id).unwrap_or(usize::MAX);
            job.columns = policy.fields.iter().map(column).collect();
            let plain =
                |id: &FieldId| policy.fields[*id].cell.blanks.is_empty() && !job.rows.hides(&policy.fields[*id]);
            job.plain_id = job.id.filter(plain).and_then(|id| bound.column(id));
            let carry = Carry { row: 0, line: data.line, tail: data.tail.clone() };
            (Source::Blocks(Blocks::new(data, settings.block)), carry)
        }
        Err(raw) => (Source::Rows { raw: Box::new(raw), bound: Arc::new(bound.clone()), number: 0 }, Carry::default()),
    };
    job.run(source, carry, settings.threads.max(1), sink)
}

fn writer(policy: &Policy, settings: Settings) -> RowWriter {
    let endings: Vec<Vec<OutCell<'_>>> = policy.rules.iter().map(|(_, rule)| Shown::of_rule(policy, rule)).collect();
    RowWriter::new(settings.output, settings.shown.names(policy), &endings)
}

/// Decides leads row by row, where each row must know of all before it.
fn one_by_one<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: Box<dyn BufRead + Send + 'e>,
    format: Format,
    settings: Settings,
    sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
) -> Result<Vec<String>, Stopped<E>> {
    let policy = evaluator.policy();
    let writer = writer(policy, settings);
    let reader = Reader::open(evaluator, input, format, settings.show_personal).map_err(Stopped::Leads)?;
    let mut reader = reader.unique().map_err(|fault| Stopped::Leads(vec![fault]))?;
    loop {
        let mut decided = Decided { decisions: vec![0; policy.decisions.len()], ..Decided::default() };
        for row in reader.by_ref().take(STRETCH) {
            match row.map_err(|fault| Stopped::Leads(vec![fault]))? {
                Row::Rejected(reject) => decided.rejects.push(reject),
                Row::Lead { name, lead, .. } => {
                    let decision = settings.shown.put(&mut decided.text, &writer, &name, &evaluator.on(&lead));
                    tally(&mut decided.decisions, decision.position());
                }
            }
        }
        if decided.text.is_empty() && decided.rejects.is_empty() {
            return Ok(reader.notices());
        }
        sink(&decided).map_err(Stopped::Sink)?;
    }
}

/// Everything that all threads share and none changes.
struct Job<'e> {
    evaluator: &'e Evaluator<'e>,
    rows: RowReader<'e>,
    writer: RowWriter,
    plan: Option<Plan<'e>>,
    shown: Shown,
    /// The column of each field, and what else is known of delimited data.
    columns: Vec<usize>,
    delimiter: u8,
    width: usize,
    id: Option<FieldId>,
    /// The column of the ids, when every text in it names its lead as it is.
    plain_id: Option<usize>,
    bound: Bound,
}

/// Where rows come from.
enum Source<'e> {
    Blocks(Blocks<'e>),
    /// Rows that are read one by one.
    Rows {
        raw: Box<RawReader<'e>>,
        bound: Arc<Bound>,
        /// How many stretches of rows there have been.
        number: u64,
    },
}

/// The next rows to work on.
enum Work {
    Block(Block),
    Rows(u64, Vec<RawRow>, Arc<Bound>, Option<Diagnostic>),
}

/// How many rows are handed over at once when they are read one by one.
const STRETCH: usize = 512;

/// How many blocks may be under way for each thread.
const AHEAD: usize = 3;

/// Passes carries from block to block.
struct Ledger {
    state: Mutex<(u64, Carry)>,
    turned: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked has stopped everything already.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// Waits for the turn of a block, and passes on what `f` makes of its carry.
    fn turn<T>(&self, block: u64, f: impl FnOnce(&mut Carry) -> T) -> T {
        let mut state = lock(&self.state);
        while state.0 != block {
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let made = f(&mut state.1);
        state.0 += 1;
        self.turned.notify_all();
        made
    }
}

impl<'e> Job<'e> {
    fn run<E>(
        self,
        source: Source<'e>,
        carry: Carry,
        threads: usize,
        sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
    ) -> Result<Vec<String>, Stopped<E>> {
        let policy = self.evaluator.policy();
        let ledger = Ledger { state: Mutex::new((0, carry)), turned: Condvar::new() };
        let (permit, permits) = channel();
        for _ in 0..threads * AHEAD {
            let _ = permit.send(());
        }
        let source = Mutex::new((source, permits));
        let (done, results) = sync_channel(threads * AHEAD);
        let pool = Mutex::new(Vec::new());
        let mut seen = Seen { unread: Some(UnreadCells::new(policy)), legacy: Legacy::default() };
        let mut any = false;
        let ended = thread::scope(|scope| {
            for _ in 0..threads {
                let done = done.clone();
                let (job, ledger, source, pool) = (&self, &ledger, &source, &pool);
                scope.spawn(move || job.work(ledger, source, pool, &done));
            }
            drop(done);
            in_order(&results, &mut |decided: &mut Decided| {
                any = true;
                seen.extend(&decided.seen);
                if let Some(fault) = decided.fault.take() {
                    return Err(Stopped::Leads(vec![fault]));
                }
                sink(decided).map_err(Stopped::Sink)?;
                // That nobody waits for a permit any more is fine.
                let _ = permit.send(());
                Ok(())
            })
            .inspect_err(|_| drop(results))
            .inspect_err(|_| drop(permit))
        });
        ended?;
        let (_, carry) = ledger.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (source, _) = source.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(match source {
            Source::Blocks(_) => {
                let mut all = notices(seen.legacy, &carry.tail, true);
                all.extend(seen.unread.iter().flat_map(|unread| unread.notices(policy)));
                all
            }
            Source::Rows { raw, bound, .. } => {
                let mut all = raw.notices();
                all.extend(seen.unread.iter().flat_map(|unread| unread.notices(policy)));
                if any {
                    all.extend(bound.unseen(policy, &raw));
                }
                all
            }
        })
    }

    /// Decides blocks until there are none left, or nobody wants the results any more.
    fn work(
        &self,
        ledger: &Ledger,
        source: &Mutex<(Source<'e>, Receiver<()>)>,
        pool: &Mutex<Vec<Vec<u8>>>,
        done: &SyncSender<(u64, Decided)>,
    ) {
        let fired = vec![0; self.evaluator.policy().rules.len()];
        let mut desk = Desk { cells: Cells::default(), batch: self.plan.as_ref().map(Batch::new), fired };
        loop {
            let work = {
                let mut source = lock(source);
                if source.1.recv().is_err() {
                    return;
                }
                match source.0.next(self.evaluator.policy(), || lock(pool).pop().unwrap_or_default()) {
                    Some(work) => work,
                    None => return,
                }
            };
            let (number, decided) = match work {
                Work::Block(block) => {
                    let decided = self.block(&block, ledger, &mut desk);
                    let number = block.number;
                    lock(pool).push(block.padded);
                    (number, decided)
                }
                Work::Rows(number, rows, bound, fault) => {
                    let mut decided = Decided { fault, ..self.nothing() };
                    rows.iter().for_each(|row| self.row(row, &bound, &mut decided));
                    (number, decided)
                }
            };
            if done.send((number, decided)).is_err() {
                return;
            }
        }
    }

    fn nothing(&self) -> Decided {
        let policy = self.evaluator.policy();
        Decided {
            decisions: vec![0; policy.decisions.len()],
            seen: Seen { unread: Some(UnreadCells::new(policy)), legacy: Legacy::default() },
            ..Decided::default()
        }
    }

    /// Decides a row as the scalar evaluator does.
    fn row(&self, raw: &RawRow, bound: &Bound, decided: &mut Decided) {
        let Some(unread) = &mut decided.seen.unread else { return };
        match self.rows.row(raw, bound, unread) {
            Row::Rejected(reject) => decided.rejects.push(reject),
            Row::Lead { name, lead, .. } => {
                let decision = self.shown.put(&mut decided.text, &self.writer, &name, &self.evaluator.on(&lead));
                tally(&mut decided.decisions, decision.position());
            }
        }
    }

    fn block(&self, block: &Block, ledger: &Ledger, desk: &mut Desk<'_, 'e>) -> Decided {
        let mut decided = self.nothing();
        decided.bytes = u64::try_from(block.len).unwrap_or(0);
        let bytes = block.bytes();
        let fast = desk.batch.is_some()
            && block.len <= crate::leads::MAX_ROW
            && desk.cells.index(bytes, self.delimiter, self.width, block.quoted);
        if fast {
            let cells = &desk.cells;
            let rows = u64::try_from(cells.rows() + cells.odd().len()).unwrap_or(0);
            // Without quotes every line end is one of a row.
            let line_ends = if block.quoted { lines(bytes) } else { rows };
            let (waited, row, line) = ledger.turn(block.number, |carry| {
                let waited = if carry.tail.is_clear() { Vec::new() } else { carry.tail.release() };
                let at = (waited, carry.row, carry.line);
                carry.row += rows;
                carry.line += line_ends;
                at
            });
            waited.iter().for_each(|row| self.row(row, &self.bound, &mut decided));
            self.indexed(block, row, line, desk, &mut decided);
        } else {
            let (rows, legacy, fault) = ledger.turn(block.number, |carry| {
                let stretch = Stretch::new(bytes, self.delimiter, self.width, carry.row, carry.line);
                let (rows, legacy, row, line, fault) = stretch.rows(&mut carry.tail);
                carry.row = row;
                carry.line = line;
                (rows, legacy, fault)
            });
            decided.seen.legacy.extend(legacy);
            rows.iter().for_each(|row| self.row(row, &self.bound, &mut decided));
            decided.fault = fault;
        }
        decided.fault = decided.fault.or_else(|| block.fault.as_ref().map(io_fault));
        decided
    }

    /// Decides a block whose cells are known. `row` is the number of the row before its first one, which stands on `line`.
    fn indexed(&self, block: &Block, row: u64, line: u64, desk: &mut Desk<'_, 'e>, decided: &mut Decided) {
        let (Some(batch), cells) = (&mut desk.batch, &desk.cells) else { return };
        desk.fired.fill(0);
        let text = std::str::from_utf8(block.bytes()).ok();
        let utf8 = text.is_some();
        let same = !block.quoted && self.writer.divides(self.delimiter);
        let mut lines = Lines { bytes: block.bytes(), at: 0, line };
        let mut odd = cells.odd().iter().copied().peekable();
        let mut number = row;
        let mut from = 0;
        loop {
            let rows = BlockRows { block, cells, columns: &self.columns, from, text };
            let count = rows.count();
            if count > 0 {
                batch.decide(&rows);
            }
            for at in 0..count {
                while let Some(other) = odd.next_if(|odd| odd.before <= from + at) {
                    number += 1;
                    self.closely(block, other.start, other.end, number, &mut lines, decided);
                }
                number += 1;
                let (start, end) = (cells.start(from + at), cells.end(from + at));
                let legible = utf8 || std::str::from_utf8(block.bytes().get(start..end).unwrap_or_default()).is_ok();
                if batch.is_doubtful(at) || !legible {
                    self.closely(block, start, end, number, &mut lines, decided);
                    continue;
                }
                let rule = batch.rule(at) as usize;
                match self.name(&rows, at) {
                    Some(name) => self.writer.push(&mut decided.text, &name, rule, same),
                    None => self.writer.push(&mut decided.text, &lines.of(start).to_string(), rule, same),
                }
                tally(&mut desk.fired, rule);
            }
            let unread = batch.unread().iter().filter(|_| count > 0);
            for (field, at) in unread {
                let start = cells.start(from + at);
                let row = block.bytes().get(start..cells.end(from + at)).unwrap_or_default();
                if (utf8 || std::str::from_utf8(row).is_ok())
                    && let Some(unread) = &mut decided.seen.unread
                {
                    unread.count(*field, Lines { bytes: block.bytes(), at: 0, line }.of(start));
                }
            }
            from += count;
            if count == 0 || from >= cells.rows() {
                break;
            }
        }
        for other in odd {
            number += 1;
            self.closely(block, other.start, other.end, number, &mut lines, decided);
        }
        for ((_, rule), fired) in self.evaluator.policy().rules.iter().zip(&desk.fired) {
            if let Some(decisions) = decided.decisions.get_mut(rule.decision.position()) {
                *decisions += fired;
            }
        }
    }

    /// Reads a row of a block as the scalar reader does.
    fn closely(&self, block: &Block, start: usize, end: usize, row: u64, lines: &mut Lines<'_>, decided: &mut Decided) {
        let bytes = block.bytes().get(start..end).unwrap_or_default();
        let mut stretch = Stretch::new(bytes, self.delimiter, self.width, row - 1, lines.of(start));
        if let Some(raw) = stretch.next() {
            decided.seen.legacy.extend(stretch.legacy);
            self.row(&raw, &self.bound, decided);
        }
    }

    /// The id of a lead; none when it is called by its line.
    #[inline(always)]
    fn name<'r>(&self, rows: &'r BlockRows<'_>, at: usize) -> Option<Cow<'r, str>> {
        let id = self.id?;
        if let Some(column) = self.plain_id
            && let Some(text) = rows.plain_text(column, at)
        {
            return Some(Cow::Borrowed(text));
        }
        if self.rows.hides(&self.evaluator.policy().fields[id]) {
            return None;
        }
        let text = rows.cell_text(*self.columns.get(id.position())?, at)?;
        match self.rows.read(id, &RawCell::Text(text)) {
            Some(Value::Text(text)) => Some(Cow::Owned(text)),
            _ => None,
        }
    }
}

/// What a thread needs to decide blocks.
struct Desk<'p, 'e> {
    cells: Cells,
    batch: Option<Batch<'p, 'e>>,
    /// How many leads of a block each rule has decided.
    fired: Vec<u64>,
}

impl Source<'_> {
    fn next(&mut self, policy: &Policy, buffer: impl FnOnce() -> Vec<u8>) -> Option<Work> {
        match self {
            Source::Blocks(blocks) => blocks.next(buffer()).map(Work::Block),
            Source::Rows { raw, bound, number } => {
                let mut rows = Vec::new();
                let mut fault = None;
                while rows.len() < STRETCH && fault.is_none() {
                    match raw.next() {
                        Some(Ok(row)) => rows.push(row),
                        Some(Err(diagnostic)) => fault = Some(diagnostic),
                        None => break,
                    }
                }
                if rows.is_empty() && fault.is_none() {
                    return None;
                }
                Arc::make_mut(bound).follow(policy, raw);
                *number += 1;
                Some(Work::Rows(*number - 1, rows, Arc::clone(bound), fault))
            }
        }
    }
}

impl Seen {
    fn extend(&mut self, later: &Seen) {
        self.legacy.extend(later.legacy);
        if let (Some(unread), Some(later)) = (&mut self.unread, &later.unread) {
            unread.extend(later);
        }
    }
}

/// Lines of a block, counted on as far as they are asked for.
struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the byte at `place`, which is not before the last one that was asked for.
    fn of(&mut self, place: usize) -> u64 {
        self.line += lines(self.bytes.get(self.at..place).unwrap_or_default());
        self.at = place;
        self.line
    }
}

/// How many lines end in some bytes that do not end within a CR LF.
fn lines(bytes: &[u8]) -> u64 {
    let lf = memchr::memchr_iter(b'\n', bytes).count();
    let cr = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    u64::try_from(lf + cr).unwrap_or(0)
}

fn tally(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// Hands results over in the order of their numbers.
fn in_order<E>(
    results: &Receiver<(u64, Decided)>,
    take: &mut dyn FnMut(&mut Decided) -> Result<(), E>,
) -> Result<(), E> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    while let Ok((number, decided)) = results.recv() {
        early.insert(number, decided);
        while let Some(mut decided) = early.remove(&next) {
            next += 1;
            take(&mut decided)?;
        }
    }
    Ok(())
}
