//! Rows of decisions as text: of most only the name differs, and what follows it is one of a few endings that are made once.

use super::Format;
use super::write::{OutCell, OutColumn, guarded_inside, is_bare, needs_no_quotes, push_row, push_text};

/// How many bytes are copied at once, needed or not: copying a fixed number is much faster.
const AT_ONCE: usize = 32;

/// Rows as text: of most only the name differs, and what follows it is one of a few endings that are made once.
#[derive(Debug)]
pub(crate) struct RowWriter {
    format: Format,
    columns: Vec<OutColumn>,
    before: Vec<u8>,
    endings: Vec<Ending>,
    /// The most bytes that a row of [`RowWriter::push_plain`] touches.
    widest: usize,
}

/// What follows a name.
#[derive(Debug)]
struct Ending {
    text: Wide,
    /// What stands behind a further text.
    behind: Wide,
}

/// A text that is written many times.
#[derive(Debug)]
pub(crate) struct Wide {
    /// Its bytes, with zeros behind them.
    chunks: Vec<[u8; AT_ONCE]>,
    len: usize,
}

impl Wide {
    pub(crate) fn new(text: &[u8]) -> Wide {
        let chunks = text.chunks(AT_ONCE).map(|chunk| {
            let mut wide = [0; AT_ONCE];
            wide.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            wide
        });
        Wide { chunks: chunks.collect(), len: text.len() }
    }

    #[inline(always)]
    pub(crate) fn push(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.len;
        self.chunks.iter().for_each(|chunk| out.extend_from_slice(chunk));
        out.truncate(end);
    }
}

impl RowWriter {
    /// Rows whose first column is a name, and whose further cells are one of these endings; behind these another text may stand.
    pub(crate) fn new(format: Format, columns: Vec<OutColumn>, endings: &[Vec<OutCell<'_>>], more: bool) -> RowWriter {
        let split = |ending: &Vec<OutCell<'_>>| {
            let last: &[OutCell<'_>] = if more { &[OutCell::Text(MARK)] } else { &[] };
            let mut text = Vec::new();
            push_row(&mut text, format, &columns, &[&[OutCell::Text(MARK)], ending.as_slice(), last].concat());
            let (before, ending) = around_mark(&text, format);
            let (ending, behind) = if more { around_mark(&ending, format) } else { (ending, Vec::new()) };
            (before, Ending { text: Wide::new(&ending), behind: Wide::new(&behind) })
        };
        let (before, endings): (Vec<Vec<u8>>, Vec<Ending>) = endings.iter().map(split).unzip();
        let widest = endings.iter().map(|ending| (1 + ending.text.chunks.len()) * AT_ONCE).max().unwrap_or(0);
        RowWriter { format, columns, before: before.into_iter().next().unwrap_or_default(), endings, widest }
    }

    /// Whether a cell of data that this divides, and in which there are no quotes, needs none here either.
    pub(crate) fn divides(&self, delimiter: u8) -> bool {
        self.format.delimiter().is_some_and(|own| u32::from(own) == u32::from(delimiter))
    }

    /// Adds a row with one of the endings. `plain` says that the name holds nothing that divides cells or rows.
    #[inline(always)]
    pub(crate) fn push(&self, out: &mut Vec<u8>, name: &str, ending: usize, plain: bool) {
        out.extend_from_slice(&self.before);
        // What begins with a letter or a digit is no formula, if there is not another beginning in it.
        let begins = || name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        if plain && begins() && !name.bytes().any(may_divide) {
            out.extend_from_slice(name.as_bytes());
        } else {
            self.push_text(out, name);
        }
        if let Some(ending) = self.endings.get(ending) {
            ending.text.push(out);
        }
    }

    /// Whether [`RowWriter::push_plain`] can write a name that begins at `start` in `bytes`. `certain` says that it holds nothing that
    /// divides cells or rows; otherwise it must be digits, or letters and digits between quotes.
    #[inline(always)]
    pub(crate) fn is_plain(&self, bytes: &[u8], start: usize, len: usize, certain: bool) -> bool {
        let Some(wide) = bytes.get(start..).and_then(|rest| rest.first_chunk::<AT_ONCE>()) else { return false };
        let Some(name) = wide.get(..len).filter(|_| self.before.is_empty()) else { return false };
        if certain {
            // Looked at side by side, with what stands behind the name.
            let len = u8::try_from(len).unwrap_or(u8::MAX);
            let divides = |(byte, at): (&u8, u8)| u8::from(may_divide(*byte)) & u8::from(at < len);
            let divides = wide.iter().zip(0..).fold(0, |any, byte| any | divides(byte));
            // What begins with a letter or a digit is no formula; what ends with neither blank nor quote is not trimmed.
            return divides == 0
                && name.first().is_some_and(u8::is_ascii_alphanumeric)
                && name.last().is_some_and(|last| (0x23..0x7F).contains(last));
        }
        let quoted = || start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'"');
        let is_digits = name.iter().all(u8::is_ascii_digit);
        len > 0 && (is_digits || quoted() && name.iter().all(u8::is_ascii_alphanumeric))
    }

    /// Adds rows of which each has a plain name, where that begins in `bytes` and how long it is, and an ending.
    #[inline(always)]
    pub(crate) fn push_plain(
        &self,
        out: &mut Vec<u8>,
        bytes: &[u8],
        rows: impl ExactSizeIterator<Item = (usize, usize, usize)>,
    ) {
        let mut at = out.len();
        out.resize(at + rows.len() * self.widest, 0);
        for (start, len, ending) in rows {
            let name = bytes.get(start..).and_then(|rest| rest.first_chunk::<AT_ONCE>());
            let (Some(name), Some(ending)) = (name, self.endings.get(ending)) else { continue };
            if let Some(to) = out.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<AT_ONCE>()) {
                *to = *name;
            }
            at += len;
            let (room, _) = out.get_mut(at..).unwrap_or_default().as_chunks_mut::<AT_ONCE>();
            room.iter_mut().zip(&ending.text.chunks).for_each(|(to, from)| *to = *from);
            at += ending.text.len;
        }
        out.truncate(at);
    }

    /// Adds the further text to a row that [`RowWriter::push`] has begun with the same ending, and ends it.
    pub(crate) fn push_more(&self, out: &mut Vec<u8>, ending: usize, text: &str) {
        self.push_text(out, text);
        self.push_end(out, ending);
    }

    /// Ends a row whose further text has been added as it has to stand there.
    pub(crate) fn push_end(&self, out: &mut Vec<u8>, ending: usize) {
        if let Some(ending) = self.endings.get(ending) {
            ending.behind.push(out);
        }
    }

    /// Whether texts stand between quotes where they must.
    pub(crate) fn has_quotes(&self) -> bool {
        self.format.delimiter().is_some()
    }

    /// Whether a text can stand without quotes.
    pub(crate) fn needs_no_quotes(&self, text: &str) -> bool {
        self.format.delimiter().is_none_or(|delimiter| needs_no_quotes(text.as_bytes(), delimiter))
    }

    /// Whether a text, whatever follows it, has no formula in it for those who take another delimiter for theirs.
    pub(crate) fn is_tame(&self, text: &str) -> bool {
        self.format.delimiter().is_none() || guarded_inside(&format!("{text}=")).len() == text.len() + 1
    }

    /// Whether a text that is no formula can stand without quotes, and nothing in it divides cells for anybody.
    pub(crate) fn is_bare(&self, text: &str) -> bool {
        self.format.delimiter().is_none_or(|delimiter| is_bare(text.as_bytes(), delimiter))
    }

    /// Adds any row.
    pub(crate) fn push_cells(&self, out: &mut Vec<u8>, cells: &[OutCell<'_>]) {
        push_row(out, self.format, &self.columns, cells);
    }

    fn push_text(&self, out: &mut Vec<u8>, text: &str) {
        if self.format == Format::Parquet {
            out.extend_from_slice(&text.len().to_le_bytes());
            out.extend_from_slice(text.as_bytes());
            return;
        }
        match self.format.delimiter() {
            Some(delimiter) => push_text(out, text, delimiter),
            // Nothing has to be done about most names.
            None if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => out.extend_from_slice(text.as_bytes()),
            None => {
                let text = serde_json::Value::from(text).to_string();
                out.extend_from_slice(text.get(1..text.len() - 1).unwrap_or_default().as_bytes());
            }
        }
    }
}

/// Whether a byte of a text that needs no quotes divides cells for those who take another delimiter for theirs.
#[inline(always)]
fn may_divide(byte: u8) -> bool {
    (byte == b';') | (byte == b'\t')
}

/// Stands for a text while a row is made.
const MARK: &str = "text-that-is-put-in-later-7f3b";

/// What stands before the mark and what behind it.
fn around_mark(row: &[u8], format: Format) -> (Vec<u8>, Vec<u8>) {
    let at = memchr::memmem::find(row, MARK.as_bytes()).unwrap_or(row.len());
    let behind = row.get(at + MARK.len()..).unwrap_or_default().to_vec();
    // In a frame the length of the text stands before it.
    let frame = if format == Format::Parquet { size_of::<usize>() } else { 0 };
    (row.get(..at.saturating_sub(frame)).unwrap_or_default().to_vec(), behind)
}
