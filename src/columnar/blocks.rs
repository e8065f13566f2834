//! Data cut into blocks of whole rows, one after the other.

use std::io::{self, BufRead, Read};

use super::cells::PADDING;
use super::separators::last_row_end;
use crate::leads::MAX_ROW;

/// Whole rows.
#[derive(Debug)]
pub(super) struct Block {
    /// Which block, counted from 0.
    pub(super) number: u64,
    /// Its bytes, with some zeros behind them.
    pub(super) padded: Vec<u8>,
    /// How many bytes it has.
    pub(super) len: usize,
    /// Whether there is a quote in it.
    pub(super) quoted: bool,
    /// Whether there is a CR in it.
    pub(super) cr: bool,
    /// Why there is no further block, when that is not the end of the data.
    pub(super) fault: Option<io::Error>,
}

/// What ends a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowEnd {
    /// A line end outside of quotes, where cells are divided by this byte.
    Unquoted(u8),
    /// Every LF.
    Lf,
}

/// Cuts data into blocks.
pub(super) struct Blocks<'i> {
    input: Box<dyn BufRead + Send + 'i>,
    row_end: RowEnd,
    /// What was read behind the last block.
    carry: Vec<u8>,
    /// Whether a LF that comes first is to be skipped.
    after_cr: bool,
    ended: bool,
    number: u64,
    /// How many bytes a block has now, and how many at most.
    size: usize,
    most: usize,
}

/// The least bytes of a block that has been made smaller.
const LEAST: usize = 1 << 15;

/// So many rejected rows of a block are many: what is said of each takes far more room than the row.
const MANY: usize = 1 << 12;

impl Block {
    pub(super) fn bytes(&self) -> &[u8] {
        self.padded.get(..self.len).unwrap_or_default()
    }
}

impl<'i> Blocks<'i> {
    /// Cuts an input into blocks of about `size` bytes, unless a row is longer.
    pub(super) fn new(input: Box<dyn BufRead + Send + 'i>, row_end: RowEnd, size: usize) -> Blocks<'i> {
        Blocks {
            input,
            row_end,
            carry: Vec::new(),
            after_cr: false,
            ended: false,
            number: 0,
            // Few leads need little room, and how many are rejected is not known yet.
            size: (size >> 6).clamp(1, MAX_ROW),
            most: size.clamp(1, MAX_ROW),
        }
    }

    /// Makes the next blocks smaller when so many rows of one have been rejected, and larger again when not.
    pub(super) fn adapt(&mut self, rejects: usize) {
        self.size = if rejects > MANY { (self.size / 2).max(LEAST) } else { self.size * 2 }.min(self.most);
    }

    /// Says whether a LF that comes first belongs to what was read before.
    pub(super) fn after_cr(self, after_cr: bool) -> Blocks<'i> {
        Blocks { after_cr, ..self }
    }

    /// Whether all has been read.
    pub(super) fn is_spent(&self) -> bool {
        self.ended
    }

    /// The next block, in a buffer that may have been used before; none at the end.
    pub(super) fn next(&mut self, buffer: Vec<u8>) -> Option<Block> {
        if self.ended {
            return None;
        }
        let mut padded = buffer;
        let mut filled = 0;
        let mut fault = None;
        let mut wanted = self.size.max(self.carry.len() * 2);
        loop {
            if padded.len() < wanted + PADDING {
                padded.resize(wanted + PADDING, 0);
            }
            if filled == 0 {
                filled = self.carry.len();
                padded.iter_mut().zip(self.carry.drain(..)).for_each(|(to, from)| *to = from);
            }
            match fill(&mut self.input, padded.get_mut(filled..wanted).unwrap_or_default()) {
                Ok(read) => {
                    filled += read;
                    self.ended = filled < wanted;
                }
                Err(error) => {
                    fault = Some(error);
                    self.ended = true;
                }
            }
            if std::mem::take(&mut self.after_cr) && padded.first() == Some(&b'\n') && filled > 0 {
                padded.copy_within(1..filled, 0);
                filled -= 1;
            }
            let bytes = padded.get(..filled).unwrap_or_default();
            // In most data there is neither, which one look tells.
            let odd = memchr::memchr2(b'"', b'\r', bytes).and_then(|at| bytes.get(at..)).unwrap_or_default();
            let quoted = memchr::memchr(b'"', odd).is_some();
            let cr = memchr::memchr(b'\r', odd).is_some();
            let cut = match self.cut(bytes, quoted) {
                Some(cut) if !self.ended => cut,
                // A row that is too long is the end of it all: whoever reads it says so.
                None if !self.ended && filled <= MAX_ROW => {
                    wanted *= 2;
                    continue;
                }
                Some(_) | None => {
                    self.ended = true;
                    filled
                }
            };
            self.carry.extend_from_slice(padded.get(cut..filled).unwrap_or_default());
            padded.iter_mut().skip(cut).take(PADDING).for_each(|byte| *byte = 0);
            self.number += 1;
            return (cut > 0 || fault.is_some()).then_some(Block {
                number: self.number - 1,
                padded,
                len: cut,
                quoted,
                cr,
                fault,
            });
        }
    }

    /// Where the last whole row ends.
    fn cut(&self, bytes: &[u8], quoted: bool) -> Option<usize> {
        let last_lf = || memchr::memrchr(b'\n', bytes).map(|at| at + 1);
        match self.row_end {
            RowEnd::Lf => last_lf(),
            RowEnd::Unquoted(delimiter) => {
                let fast = if quoted { last_row_end(bytes, delimiter) } else { last_lf() };
                fast.or_else(|| exact_row_end(bytes, delimiter))
            }
        }
    }
}

/// Reads until a buffer is full or nothing more comes.
fn fill(input: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Where the last whole row ends, whatever stands where: byte by byte, as the row-by-row reader goes.
fn exact_row_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum State {
        Start,
        Plain,
        Quoted,
        Quote,
    }
    let mut state = State::Start;
    let mut last = None;
    for (at, byte) in bytes.iter().enumerate() {
        state = match (state, *byte) {
            (State::Start, b'"') | (State::Quote, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) => State::Quoted,
            (State::Start | State::Plain | State::Quote, byte) if byte == delimiter => State::Start,
            (State::Start | State::Plain | State::Quote, b'\n') => {
                last = Some(at + 1);
                State::Start
            }
            (State::Start | State::Plain | State::Quote, b'\r') => {
                // A LF that follows belongs to it; whether one does may not be known yet.
                if bytes.get(at + 1).is_some_and(|next| *next != b'\n') {
                    last = Some(at + 1);
                }
                State::Start
            }
            (State::Start | State::Plain, _) => State::Plain,
            (State::Quote, _) => State::Quote,
        };
    }
    last
}
