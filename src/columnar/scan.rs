//! JSON objects, one a line: where the value of each key is, found without building anything.
//!
//! Most objects of a file look like the one before: between two values there are the same bytes, such as `,"budget":`. These are
//! remembered as steps, each with the steps that came next the last times, so that a key is found by comparing a few words. What comes
//! unexpected is looked at byte by byte.
//!
//! An object is only accepted when it is surely valid, no key stands there twice, and every key is plain; any other one is for the
//! scalar reader.

use std::collections::HashMap;

use super::cells::ROWS;
use super::grammar::{solid, stop, value};
use crate::ir::tidy;
use crate::leads::objects::Keys;

/// Where the cells of up to 512 rows are in one column: where each begins, and how long it is.
pub(super) type Column = [[u32; ROWS]; 2];

/// How many steps are remembered.
const MOST_STEPS: usize = 1 << 12;

/// How many ways to write keys are remembered.
const MOST_KEYS: usize = 1 << 14;

/// The longest key or step that is remembered.
const LONGEST: usize = 256;

/// The step before an object.
const START: u32 = 0;

/// The last step that was not to be remembered.
const OTHER: u32 = 1;

/// No step, or no column.
const NONE: u32 = u32::MAX;

/// A key of objects.
#[derive(Debug, Clone, Copy)]
struct Key {
    /// Its position among all keys; [`NONE`] for what ends an object.
    position: u32,
    /// The column that is read from it; [`NONE`] when none is.
    column: u32,
}

/// What stands between two values.
#[derive(Debug, Clone)]
struct Step {
    /// Its first bytes, and zeros.
    words: [u64; 4],
    /// Ones where there are bytes of it.
    masks: [u64; 4],
    /// All of it.
    bytes: Box<[u8]>,
    len: usize,
    /// The key whose value comes next.
    key: Key,
    /// What came behind it lately.
    next: [u32; 2],
}

impl Step {
    fn new(bytes: &[u8], len: usize, key: Key) -> Step {
        let word = |at: usize| {
            let some = bytes.iter().skip(8 * at).take(8).enumerate();
            some.fold((0, 0), |(word, mask), (i, byte)| (word | u64::from(*byte) << (8 * i), mask | 0xFF << (8 * i)))
        };
        let words: [(u64, u64); 4] = std::array::from_fn(word);
        Step {
            words: words.map(|(word, _)| word),
            masks: words.map(|(_, mask)| mask),
            bytes: bytes.into(),
            len,
            key,
            next: [NONE; 2],
        }
    }

    /// Whether its bytes stand at a place.
    #[inline(always)]
    fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        let Some(here) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) else { return false };
        let (here, _) = here.as_chunks::<8>();
        let ([a, b, c, d], [wa, wb, wc, wd], [ma, mb, mc, md]) = (here, &self.words, &self.masks) else { return false };
        let differs = |here: &[u8; 8], word: &u64, mask: &u64| (u64::from_le_bytes(*here) & mask) ^ word;
        let differs = differs(a, wa, ma) | differs(b, wb, mb) | differs(c, wc, mc) | differs(d, wd, md);
        differs == 0 && (self.len <= 32 || bytes.get(at..at + self.len) == Some(&self.bytes))
    }
}

/// Finds the values of objects.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    /// All keys that have come up, those of lines that were not accepted included.
    pub(super) keys: Keys,
    /// The column that is read from a key.
    columns: HashMap<String, u32>,
    /// Whether each column is one of texts, so that a value without text is wrong in it.
    texts: Vec<bool>,
    steps: Vec<Step>,
    by_bytes: HashMap<Box<[u8]>, u32>,
    by_key: HashMap<Box<[u8]>, Key>,
    /// For each key, the last object that had it.
    seen: Vec<u64>,
    objects: u64,
}

impl Scanner {
    /// Finds the values of some columns, each with its key, and whether it is one of texts.
    pub(super) fn new(columns: HashMap<String, u32>, texts: Vec<bool>) -> Scanner {
        let none = Step::new(&[], 0, Key { position: NONE, column: NONE });
        Scanner {
            keys: Keys::default(),
            columns,
            texts,
            steps: vec![none; 2],
            by_bytes: HashMap::new(),
            by_key: HashMap::new(),
            seen: Vec::new(),
            objects: 0,
        }
    }

    /// Reads the line that begins at `start` in a text of `len` bytes. Its values go to the row `row` of the columns. Says where the next
    /// line begins; none when only the scalar reader understands this one, or when a key of it has not come up yet.
    pub(super) fn line(
        &mut self,
        bytes: &[u8],
        len: usize,
        start: usize,
        columns: &mut [Column],
        row: usize,
    ) -> Option<usize> {
        self.objects += 1;
        let row = row % ROWS;
        let (mut high, mut at, mut from) = (0, start, START);
        loop {
            let expected = self.steps.get(from as usize).map_or(NONE, |step| step.next[0]);
            let as_expected = self.steps.get(expected as usize).is_some_and(|step| step.is_at(bytes, at));
            from = if as_expected { expected } else { self.find(bytes, len, from, at)? };
            let Step { len, key: Key { position, column }, .. } = self.steps.get(from as usize)?;
            at += len;
            if *position == NONE {
                let legible = high == 0 || bytes.get(start..at).is_some_and(|line| std::str::from_utf8(line).is_ok());
                return legible.then_some(at);
            }
            match self.seen.get_mut(*position as usize) {
                Some(seen) if *seen != self.objects => *seen = self.objects,
                Some(_) | None => return None,
            }
            let value = value(bytes, at, &mut high)?;
            at = value.end;
            let Some([starts, lens]) = columns.get_mut(*column as usize) else { continue };
            if value.textless && self.texts.get(*column as usize) == Some(&true) {
                return None;
            }
            if let (Some(start), Some(len)) = (starts.get_mut(row), lens.get_mut(row)) {
                *start = u32::try_from(value.start).unwrap_or(u32::MAX);
                *len = value.len;
            }
        }
    }

    /// The step at a place where something else was expected; none when there is none.
    #[cold]
    fn find(&mut self, bytes: &[u8], len: usize, from: u32, start: usize) -> Option<u32> {
        let other = self.steps.get(from as usize).map_or(NONE, |step| step.next[1]);
        if self.steps.get(other as usize).is_some_and(|step| step.is_at(bytes, start)) {
            self.expect(from, other);
            return Some(other);
        }
        let mut at = solid(bytes, start);
        let first = bytes.get(at);
        at = solid(bytes, at + 1);
        let ended = match (first, from == START) {
            (Some(b'{'), true) if bytes.get(at) == Some(&b'}') => Some(at + 1),
            (Some(b'}'), false) => Some(at),
            (Some(b'{'), true) | (Some(b','), false) => None,
            (Some(_) | None, _) => return None,
        };
        if let Some(end) = ended {
            let end = solid(bytes, end);
            let key = Key { position: NONE, column: NONE };
            return match bytes.get(end) {
                _ if end == len => Some(self.other(end - start, key)),
                Some(b'\n') if end < len => self.step(from, bytes.get(start..=end).unwrap_or_default(), |_| Some(key)),
                Some(_) | None => None,
            };
        }
        let open = bytes.get(at).filter(|byte| **byte == b'"').map(|_| at + 1)?;
        let close = stop(bytes, open, &mut 0).filter(|at| bytes.get(*at) == Some(&b'"'))?;
        let colon = solid(bytes, close + 1);
        bytes.get(colon).filter(|byte| **byte == b':')?;
        let end = solid(bytes, colon + 1);
        let name = bytes.get(open..close).unwrap_or_default();
        self.step(from, bytes.get(start..end).unwrap_or_default(), |scanner| scanner.key(name))
    }

    /// The step of some bytes, which is remembered.
    fn step(&mut self, from: u32, bytes: &[u8], key: impl FnOnce(&mut Scanner) -> Option<Key>) -> Option<u32> {
        if let Some(known) = self.by_bytes.get(bytes).copied() {
            self.expect(from, known);
            return Some(known);
        }
        let key = key(self)?;
        let Some(new) = u32::try_from(self.steps.len()).ok().filter(|_| self.steps.len() < MOST_STEPS) else {
            return Some(self.other(bytes.len(), key));
        };
        if bytes.len() > LONGEST {
            return Some(self.other(bytes.len(), key));
        }
        self.steps.push(Step::new(bytes, bytes.len(), key));
        self.by_bytes.insert(bytes.into(), new);
        self.expect(from, new);
        Some(new)
    }

    /// A step that is not remembered.
    fn other(&mut self, len: usize, key: Key) -> u32 {
        if let Some(step) = self.steps.get_mut(OTHER as usize) {
            *step = Step::new(&[], len, key);
        }
        OTHER
    }

    /// Expects a step behind another one from now on.
    fn expect(&mut self, from: u32, next: u32) {
        if let Some(step) = self.steps.get_mut(from as usize) {
            step.next = [next, step.next[0]];
        }
    }

    /// What is known of a key; none when it has not come up yet.
    fn key(&mut self, name: &[u8]) -> Option<Key> {
        if let Some(key) = self.by_key.get(name) {
            return Some(*key);
        }
        let text = std::str::from_utf8(name).ok()?;
        let position = self.keys.known(text)?;
        let column = self.columns.get(&tidy(text)).copied().unwrap_or(NONE);
        let key = Key { position: u32::try_from(position).ok()?, column };
        if self.seen.len() <= position {
            self.seen.resize(position + 1, 0);
        }
        if name.len() <= LONGEST && self.by_key.len() < MOST_KEYS {
            self.by_key.insert(name.into(), key);
        }
        Some(key)
    }
}
