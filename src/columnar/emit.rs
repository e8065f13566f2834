//! Blocks of rows to rows of the output.
//!
//! A row without doubt is named, and written with what its rule says; any other one is read as the scalar reader does.

use super::batch::{Batch, Rows};
use super::blocks::Block;
use super::delimited::BlockRows;
use super::ledger::Ledger;
use super::run::{Decided, Job};
use super::separators::Cells;
use crate::ir::Id;
use crate::leads::{Bound, RawRow, Row, Stretch, io_fault};
use crate::types::Value;

/// What a thread needs to decide blocks.
pub(super) struct Desk<'p, 'e> {
    pub(super) cells: Cells,
    pub(super) batch: Option<Batch<'p, 'e>>,
    /// How many leads of a block each rule has decided.
    pub(super) fired: Vec<u64>,
}

impl<'e> Job<'e> {
    /// Decides a row as the scalar evaluator does.
    pub(super) fn row(&self, raw: &RawRow, bound: &Bound, decided: &mut Decided) {
        let Some(unread) = &mut decided.seen.unread else { return };
        match self.rows.row(raw, bound, unread) {
            Row::Rejected(reject) => decided.rejects.push(reject),
            Row::Lead { name, lead, .. } => {
                let decision = self.shown.put(&mut decided.text, &self.writer, &name, &self.evaluator.on(&lead));
                tally(&mut decided.decisions, decision.position());
            }
        }
    }

    /// Decides a block, in its turn as far as it must be.
    pub(super) fn block(&self, block: &Block, ledger: &Ledger, desk: &mut Desk<'_, 'e>) -> Decided {
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
    fn name<'r>(&self, rows: &'r BlockRows<'_>, at: usize) -> Option<std::borrow::Cow<'r, str>> {
        let id = self.id?;
        let field = &self.evaluator.policy().fields[id];
        if self.rows.hides(field) {
            return None;
        }
        let text = rows.cell_text(*self.columns.get(id.position())?, at)?;
        if field.cell.blanks.is_empty() {
            let trimmed = text.trim();
            if trimmed.len() == text.len() {
                return (!text.is_empty()).then_some(text);
            }
            return (!trimmed.is_empty()).then(|| trimmed.to_owned().into());
        }
        match self.rows.read(id, &crate::leads::RawCell::Text(text)) {
            Some(Value::Text(text)) => Some(text.into()),
            _ => None,
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

/// Counts one.
pub(super) fn tally(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}
