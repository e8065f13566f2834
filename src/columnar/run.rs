//! Deciding a whole stream of leads on several threads, the results in the order of the leads.
//!
//! Blocks of rows are cut off one after the other, decided side by side, and handed over in order.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::arrays::Known;
use super::batch::Batch;
use super::blocks::{Blocks, RowEnd};
use super::delimited::Table;
use super::emit::{Desk, tally};
use super::find::{Found, Which};
use super::form::AnyForm;
use super::gather::Gather;
use super::ledger::{Carry, Ledger, lock};
use super::ndjson::Objects;
use super::plan::Plan;
use super::said::Sayer;
use super::shown::Shown;
use super::source::{STRETCH, Source, Work};
use crate::diagnostic::Diagnostic;
use crate::eval::Evaluator;
use crate::explain::Compact;
use crate::ir::{FieldId, Id, Policy};
use crate::leads::{
    Bound, Format, GroupPacker, Input, Legacy, Named, OutCell, RawReader, Reader, Reject, Rest, Row, RowGroup,
    RowReader, RowWriter, UnreadCells, notices,
};
use crate::log::Lines;

/// How leads are to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'s> {
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
    /// What writes the log, when one is kept; leads are then decided one by one.
    pub log: Option<&'s Lines<'s>>,
    /// How many bytes are read at once; [`Settings::BLOCK`] for most purposes.
    pub block: usize,
}

impl Settings<'_> {
    /// A block so small that it stays close to a processor, and so large that threads seldom wait for each other.
    pub const BLOCK: usize = 1 << 20;
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Settings {
            threads: 1,
            shown: Shown::default(),
            show_personal: false,
            output: Format::Csv,
            unique: false,
            log: None,
            block: Settings::BLOCK,
        }
    }
}

/// What became of some rows.
#[derive(Debug, Default)]
pub struct Decided {
    /// A row of the output for each lead, for [`TableWriter::rows`](crate::leads::TableWriter::rows).
    pub text: Vec<u8>,
    /// Row groups of the output, for [`TableWriter::groups`](crate::leads::TableWriter::groups); they may hold earlier rows, too.
    pub groups: Vec<RowGroup>,
    /// A line of the log for each lead, when one is kept.
    pub log: Vec<u8>,
    /// How many leads each decision has, in the order of the policy's decisions.
    pub decisions: Vec<u64>,
    /// The rows that were rejected.
    pub rejects: Vec<Reject>,
    /// How many bytes of the input these rows are, where that is known.
    pub bytes: u64,
    /// The rows that go into row groups, in place of a text.
    pub(super) named: Named,
    /// What was looked for.
    pub(super) found: Found,
    /// The rule that decides each lead, for [`super::rules`].
    pub(super) rules: Vec<u32>,
    /// Rows that were asked for, for [`super::pick`].
    pub(super) picked: Vec<Row>,
    pub(super) seen: Seen,
    pub(super) fault: Option<Diagnostic>,
}

/// What is worth saying about rows, and comes together from all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) unread: Option<UnreadCells>,
    pub(super) legacy: Legacy,
}

/// Why not all leads were decided.
#[derive(Debug)]
pub enum Stopped<E> {
    /// The leads cannot be read, or not to their end.
    Leads(Vec<Diagnostic>),
    /// The results could not be taken.
    Sink(E),
}

/// Decides all leads of an input. `sink` is given what became of the rows, in order; the notices about the data are handed back.
///
/// # Errors
/// When the leads do not fit the policy, cannot be read to their end, or when `sink` fails.
pub fn decide<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    settings: Settings<'e>,
    sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
) -> Result<Vec<String>, Stopped<E>> {
    if settings.unique {
        one_by_one(evaluator, input, format, settings, sink)
    } else {
        over(evaluator, input, format, settings, Task::Decide, sink)
    }
}

/// What is done with leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Task<'e> {
    /// They are decided, and written.
    Decide,
    /// Some of them are looked for.
    Find(&'e Which),
    /// Of each it is told which rule decides it.
    Rules,
    /// Those of these numbers, which ascend, are read.
    Pick(&'e [u64]),
}

/// Goes over all leads on some threads.
pub(super) fn over<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    settings: Settings<'e>,
    task: Task<'e>,
    sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
) -> Result<Vec<String>, Stopped<E>> {
    let policy = evaluator.policy();
    let mut raw = RawReader::open(input, format).map_err(|fault| Stopped::Leads(vec![fault]))?;
    let bound = Bound::new(policy, &mut raw).map_err(Stopped::Leads)?;
    let rows = RowReader::new(evaluator, settings.show_personal);
    let compact = settings.shown.explain.then(|| Compact::new(policy, settings.show_personal));
    let decides = matches!(task, Task::Decide | Task::Rules);
    let plan = if settings.shown.follows_from_rule() && settings.log.is_none() && decides {
        Plan::new(evaluator, compact.as_ref())
    } else {
        None
    };
    let is_named = |id: &FieldId| !matches!(task, Task::Rules) && !rows.hides(&policy.fields[*id]);
    let named_by = policy.id_field().filter(is_named);
    let (source, form, carry) = match raw.into_rest() {
        Rest::Delimited(data) => {
            let table = Table::new(policy, data.delimiter, data.columns.len(), bound.clone());
            let blocks = Blocks::new(data.input, RowEnd::Unquoted(data.delimiter), settings.block);
            let carry = Carry { line: data.line, tail: data.tail, legacy: data.legacy, ..Carry::default() };
            (Source::Blocks(blocks.after_cr(data.after_cr)), Some(AnyForm::Table(table)), carry)
        }
        Rest::Lines(input) => {
            let objects = Objects::new(policy, bound.clone());
            let blocks = Blocks::new(input, RowEnd::Lf, settings.block);
            (Source::Blocks(blocks), Some(AnyForm::Objects(objects)), Carry { line: 1, ..Carry::default() })
        }
        Rest::Groups(mut groups) => {
            let needed = |column| plan.as_ref().is_none_or(|plan| plan.needs(column, &bound, named_by));
            let simple: Vec<bool> = (0..groups.width()).map(|column| groups.is_simple(column)).collect();
            groups.retain(|column| !simple.get(column).copied().unwrap_or(false) || needed(column));
            let groups = Arc::new(groups);
            (Source::Groups { groups, next: 0, rows: 0 }, None, Carry::default())
        }
        Rest::Rows(raw) => (Source::Rows { raw, bound: Arc::new(bound.clone()), number: 0 }, None, Carry::default()),
    };
    let writer = writer(policy, settings);
    let job = Job {
        evaluator,
        rows,
        packer: packer(policy, settings),
        plan,
        sayer: compact.as_ref().map(|compact| Sayer::new(policy, compact, &writer)),
        writer,
        compact: compact.as_ref(),
        shown: settings.shown,
        log: settings.log,
        task,
        form,
        id: policy.id_field(),
        named_by,
        plain_id: policy.id_field().is_some_and(|id| {
            let field = &policy.fields[id];
            field.cell.blanks.is_empty() && (settings.show_personal || !field.personal)
        }),
        bound,
    };
    job.run(source, carry, settings.threads.max(1), sink)
}

fn endings(policy: &Policy) -> Vec<Vec<OutCell<'_>>> {
    policy.rules.iter().map(|(_, rule)| Shown::of_rule(policy, rule)).collect()
}

fn writer(policy: &Policy, settings: Settings<'_>) -> RowWriter {
    RowWriter::new(settings.output, settings.shown.columns(policy), &endings(policy), settings.shown.explain)
}

/// What packs row groups, where rows go into some and their rule says all of them.
fn packer(policy: &Policy, settings: Settings<'_>) -> Option<GroupPacker> {
    let packs = settings.output == Format::Parquet && settings.shown.follows_from_rule() && !settings.shown.explain;
    packs.then(|| GroupPacker::new(&settings.shown.columns(policy), &endings(policy))).flatten()
}

/// Decides leads row by row, where each row must know of all before it.
fn one_by_one<'e, E>(
    evaluator: &'e Evaluator<'e>,
    input: impl Into<Input<'e>>,
    format: Format,
    settings: Settings<'_>,
    sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
) -> Result<Vec<String>, Stopped<E>> {
    let policy = evaluator.policy();
    let writer = writer(policy, settings);
    let compact = settings.shown.explain.then(|| Compact::new(policy, settings.show_personal));
    let reader = Reader::open(evaluator, input, format, settings.show_personal).map_err(Stopped::Leads)?;
    let mut reader = reader.unique().map_err(|fault| Stopped::Leads(vec![fault]))?;
    loop {
        let mut decided = Decided { decisions: vec![0; policy.decisions.len()], ..Decided::default() };
        for row in reader.by_ref().take(STRETCH) {
            match row.map_err(|fault| Stopped::Leads(vec![fault]))? {
                Row::Rejected(reject) => decided.rejects.push(reject),
                Row::Lead { row, name, lead } => {
                    let session = evaluator.on(&lead);
                    settings.log.iter().for_each(|log| log.push(&mut decided.log, row, &name, &session));
                    let decision = settings.shown.put(&mut decided.text, &writer, &name, &session, compact.as_ref());
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
pub(super) struct Job<'e> {
    pub(super) evaluator: &'e Evaluator<'e>,
    pub(super) rows: RowReader<'e>,
    pub(super) writer: RowWriter,
    pub(super) packer: Option<GroupPacker>,
    pub(super) plan: Option<Plan<'e>>,
    pub(super) shown: Shown,
    pub(super) log: Option<&'e Lines<'e>>,
    pub(super) task: Task<'e>,
    /// What is said of each lead, when something is.
    pub(super) compact: Option<&'e Compact<'e>>,
    /// The same, put together from cells.
    pub(super) sayer: Option<Sayer<'e>>,
    pub(super) id: Option<FieldId>,
    /// The same, unless nobody is to see it.
    pub(super) named_by: Option<FieldId>,
    /// Whether every text in its column names its lead as it is.
    pub(super) plain_id: bool,
    /// How blocks are read; none when no blocks come.
    form: Option<AnyForm<'e>>,
    /// The columns of fields as they are known from the start.
    pub(super) bound: Bound,
}

/// How many blocks may be under way for each thread.
const AHEAD: usize = 3;

impl<'e> Job<'e> {
    fn run<E>(
        self,
        mut source: Source<'e>,
        carry: Carry,
        threads: usize,
        sink: &mut dyn FnMut(&Decided) -> Result<(), E>,
    ) -> Result<Vec<String>, Stopped<E>> {
        let policy = self.evaluator.policy();
        let ledger = Ledger::new(carry);
        let gather = Gather::default();
        let (permit, permits) = channel();
        for _ in 0..threads * AHEAD {
            let _ = permit.send(());
        }
        let first = source.next(policy, Vec::new);
        // A single block needs no other thread: to start one takes longer than to decide it.
        let is_all = source.is_spent();
        let queue = Mutex::new(Queue { first, source, permits });
        let (done, results) = sync_channel(threads * AHEAD);
        let pool = Mutex::new(Vec::new());
        let mut seen = Seen { unread: Some(UnreadCells::new(policy)), legacy: Legacy::default() };
        let ended = thread::scope(|scope| {
            if is_all {
                self.work(&ledger, &queue, &pool, &gather, &done);
            }
            let others = if is_all { 0 } else { threads };
            for _ in 0..others {
                let done = done.clone();
                let (job, ledger, queue, pool, gather) = (&self, &ledger, &queue, &pool, &gather);
                scope.spawn(move || {
                    let watch = Watch { ledger, done: &done };
                    job.work(ledger, queue, pool, gather, watch.done);
                });
            }
            drop(done);
            let mut take = |decided: &mut Decided| {
                seen.extend(&decided.seen);
                let fault = decided.fault.take();
                // What was found before it went wrong counts.
                if fault.is_none() || decided.found.first.is_some() {
                    sink(decided).map_err(Stopped::Sink)?;
                }
                fault.map_or(Ok(()), |fault| Err(Stopped::Leads(vec![fault])))
            };
            let ended = in_order(&results, &mut |done| match done {
                Done::Rows(_, mut decided) => {
                    take(&mut decided)?;
                    // That nobody waits for a permit any more is fine.
                    let _ = permit.send(());
                    Ok(())
                }
                Done::Group(_, group) => take(&mut Decided { groups: vec![group], ..Decided::default() }),
                Done::Lost => Ok(()),
            });
            // Whoever still works finds nobody to hand it to.
            drop((results, permit));
            ended
        });
        ended?;
        let rest = gather.rest();
        if let Some(packer) = self.packer.as_ref().filter(|_| !rest.is_empty()) {
            sink(&Decided { groups: vec![packer.pack(&rest)], ..Decided::default() }).map_err(Stopped::Sink)?;
        }
        let carry = ledger.close();
        let Queue { source, .. } = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
        let by = match &source {
            Source::Blocks(_) => "line",
            Source::Groups { .. } => "row",
            Source::Rows { raw, .. } => raw.counted_by(),
        };
        let unread = seen.unread.iter().flat_map(|unread| unread.notices(policy, by));
        let (mut all, bound, names, any) = match &source {
            Source::Blocks(_) => {
                let mut bound = self.bound;
                bound.follow(policy, &carry.keys.names);
                let mut legacy = carry.legacy;
                legacy.extend(seen.legacy);
                (notices(legacy, &carry.tail, true), Arc::new(bound), carry.keys.names.as_slice(), carry.row > 0)
            }
            // The columns of a table are known from the start.
            Source::Groups { .. } => (Vec::new(), Arc::new(self.bound), [].as_slice(), false),
            Source::Rows { raw, bound, number } => (raw.notices(), Arc::clone(bound), raw.columns(), *number > 0),
        };
        all.extend(unread);
        if any {
            all.extend(bound.unseen(policy, names));
        }
        Ok(all)
    }

    /// Decides blocks until there are none left, or nobody wants the results any more.
    fn work(
        &self,
        ledger: &Ledger,
        queue: &Mutex<Queue<'e>>,
        pool: &Mutex<Vec<Vec<u8>>>,
        gather: &Gather,
        done: &SyncSender<Done>,
    ) {
        let fired = vec![0; self.evaluator.policy().rules.len()];
        let mut desk = Desk {
            form: self.form.clone(),
            batch: self.plan.as_ref().map(Batch::new),
            known: Known::default(),
            fired,
            room: 0,
            early: 0,
            again: 0,
        };
        // Of the last block; before the first one nothing is known.
        let mut rejects = None;
        loop {
            let work = {
                let mut queue = lock(queue);
                if queue.permits.recv().is_err() {
                    return;
                }
                rejects.into_iter().for_each(|rejects| queue.source.adapt(rejects));
                let first = queue.first.take();
                let buffer = || lock(pool).pop().unwrap_or_default();
                match first.or_else(|| queue.source.next(self.evaluator.policy(), buffer)) {
                    Some(work) => work,
                    None => return,
                }
            };
            let (number, mut decided) = match work {
                Work::Block(block) => {
                    let decided = self.block(&block, ledger, &mut desk);
                    let number = block.number;
                    lock(pool).push(block.padded);
                    (number, decided)
                }
                Work::Group(groups, group, before) => {
                    (u64::try_from(group).unwrap_or(u64::MAX), self.group(&groups, group, before, &mut desk))
                }
                Work::Rows(number, rows, bound, fault) => {
                    let mut decided = Decided { fault, ..self.nothing() };
                    rows.iter().for_each(|row| self.row(row, &bound, &mut decided));
                    (number, decided)
                }
            };
            rejects = Some(decided.rejects.len());
            let named = std::mem::take(&mut decided.named);
            if done.send(Done::Rows(number, decided)).is_err() {
                return;
            }
            let Some(packer) = &self.packer else { continue };
            for (number, rows) in gather.put(number, named) {
                if done.send(Done::Group(number, packer.pack(&rows))).is_err() {
                    return;
                }
            }
        }
    }

    /// What became of no rows at all.
    pub(super) fn nothing(&self) -> Decided {
        let policy = self.evaluator.policy();
        Decided {
            decisions: vec![0; policy.decisions.len()],
            seen: Seen { unread: Some(UnreadCells::new(policy)), legacy: Legacy::default() },
            ..Decided::default()
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

/// What threads take their work from.
struct Queue<'e> {
    /// The first of it.
    first: Option<Work>,
    source: Source<'e>,
    /// One for each piece of work that may be under way.
    permits: Receiver<()>,
}

/// What a thread has done.
enum Done {
    /// It has decided the rows of a block.
    Rows(u64, Decided),
    /// It has packed a row group.
    Group(u64, RowGroup),
    /// It has come to a bad end.
    Lost,
}

/// Tells the others when a thread comes to a bad end, so that none waits for it for ever.
struct Watch<'w> {
    ledger: &'w Ledger,
    done: &'w SyncSender<Done>,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.ledger.give_up();
            let _ = self.done.send(Done::Lost);
        }
    }
}

/// Hands results over in the order of their numbers; rows and row groups are numbered by themselves.
fn in_order<E>(results: &Receiver<Done>, take: &mut dyn FnMut(Done) -> Result<(), E>) -> Result<(), E> {
    let mut early = [BTreeMap::new(), BTreeMap::new()];
    let mut next = [0, 0];
    while let Ok(done) = results.recv() {
        let (kind, number) = match &done {
            Done::Rows(number, _) => (0, *number),
            Done::Group(number, _) => (1, *number),
            // Nothing more is taken; what went wrong comes to light when all threads have ended.
            Done::Lost => return Ok(()),
        };
        let (Some(early), Some(next)) = (early.get_mut(kind), next.get_mut(kind)) else { continue };
        early.insert(number, done);
        while let Some(done) = early.remove(next) {
            *next += 1;
            take(done)?;
        }
    }
    Ok(())
}
