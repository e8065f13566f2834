//! Where the cells of a block of delimited data end.
//!
//! 64 bytes at a time are compared with the bytes that matter, which gives a word with a bit for each hit. Quotes are followed by the
//! parity of their number; that is right as long as quotes stand where they belong, which is checked. A block in which anything is out
//! of the ordinary is not indexed at all: the row-by-row reader knows what to make of it.

use super::simd::{Hits, Kernel, Processor, fast};

/// The cells of a block.
#[derive(Debug, Default, Clone)]
pub(super) struct Cells {
    /// Where each cell of each row ends, row by row, each with as many cells as there are columns; before all of them [`BEFORE`]. A cell
    /// begins one behind the end of the cell before it.
    ends: Vec<u32>,
    /// How many rows there are.
    rows: usize,
    /// Rows that have another number of cells: all that is known of these is where they begin and end.
    odd: Vec<usize>,
    /// How many columns there are.
    width: usize,
    /// Whether a quote is written within quotes somewhere.
    doubled: bool,
}

/// The end before the first cell, which begins at 0.
const BEFORE: u32 = u32::MAX;

impl Cells {
    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether a row has another number of cells than there are columns.
    pub(super) fn is_odd(&self, row: usize) -> bool {
        !self.odd.is_empty() && self.odd.binary_search(&row).is_ok()
    }

    /// Where a row begins.
    pub(super) fn start(&self, row: usize) -> usize {
        self.ends.get(row * self.width).map_or(0, |end| end.wrapping_add(1) as usize)
    }

    /// Where a row ends, its line end not included.
    pub(super) fn end(&self, row: usize) -> usize {
        self.ends.get((row + 1) * self.width).map_or(0, |end| *end as usize)
    }

    /// Whether a quote is written within quotes somewhere, as two of them.
    pub(super) fn doubled(&self) -> bool {
        self.doubled
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Where the cells of a column that there is begin and end, from a row on. A cell of an odd row may end before it begins.
    #[inline(always)]
    pub(super) fn column(
        &self,
        processor: impl Processor,
        column: usize,
        row: usize,
        starts: &mut [u32],
        ends: &mut [u32],
    ) {
        let before = row * self.width + column;
        processor.every(self.ends.get(before..).unwrap_or_default(), self.width, starts);
        processor.every(self.ends.get(before + 1..).unwrap_or_default(), self.width, ends);
        starts.iter_mut().for_each(|start| *start = start.wrapping_add(1));
    }

    /// Where a cell begins and ends.
    pub(super) fn cell(&self, column: usize, row: usize) -> Option<(u32, u32)> {
        if column >= self.width {
            return None;
        }
        let before = row * self.width + column;
        Some((self.ends.get(before)?.wrapping_add(1), *self.ends.get(before + 1)?))
    }

    /// Finds the cells of a block that begins with a row and ends behind one, or with the data. Says whether that was possible; it is
    /// not when the block holds blank lines, rows of a single cell, line ends that are a CR alone, quotes in strange places, or many
    /// rows that have far too few cells.
    pub(super) fn index(&mut self, block: &[u8], delimiter: u8, width: usize, quoted: bool, cr: bool) -> bool {
        self.rows = 0;
        self.odd.clear();
        self.width = width.max(1);
        let mut follow = Follow::default();
        let found = if quoted || cr {
            fast(Find::<false> { cells: self, block, delimiter, follow: &mut follow })
        } else {
            fast(Find::<true> { cells: self, block, delimiter, follow: &mut follow })
        };
        let Some(mut rows) = found else { return false };
        self.doubled = follow.doubled;
        // A last row without line end.
        if block.last() != Some(&b'\n') || follow.inside {
            rows += 1;
            self.ends.push(u32::try_from(block.len()).unwrap_or(u32::MAX));
        }
        !follow.inside && !follow.cr && self.split(block, rows)
    }

    /// Finds all ends of cells and says how many of them are line ends.
    #[inline(always)]
    fn find<const PLAIN: bool>(
        &mut self,
        processor: impl Processor,
        block: &[u8],
        delimiter: u8,
        follow: &mut Follow,
    ) -> Option<usize> {
        let (mut rows, mut count) = (0, 1);
        self.ends.resize(self.ends.capacity().max(1), BEFORE);
        self.ends.iter_mut().take(1).for_each(|first| *first = BEFORE);
        let (chunks, rest) = block.as_chunks::<64>();
        let mut last = [0u8; 64];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let mut base = 0u32;
        for chunk in chunks.iter().chain((!rest.is_empty()).then_some(&last)) {
            let hits = processor.hits(chunk, delimiter);
            let (cells, lines) = if PLAIN { (hits.delimiter, hits.lf) } else { follow.cells(processor, &hits)? };
            rows += lines.count_ones() as usize;
            if self.ends.len() < count + 64 {
                // Doubled, so that this is done a few times only; what is too much is cut off below.
                self.ends.resize((count + 64) * 2, 0);
            }
            let bits = cells | lines;
            if let Some(to) = self.ends.get_mut(count..).and_then(|ends| ends.first_chunk_mut()) {
                processor.positions(bits, base, to);
            }
            count += bits.count_ones() as usize;
            base += 64;
        }
        self.ends.truncate(count);
        Some(rows)
    }

    /// Finds out whether all rows have the right width, and marks those that have not.
    fn split(&mut self, block: &[u8], rows: usize) -> bool {
        let is_line_end = |end: &u32| block.get(*end as usize).is_none_or(|byte| *byte == b'\n');
        let width = self.width;
        let ends = self.ends.get(1..).unwrap_or_default();
        let regular =
            ends.len() == rows * width && ends.chunks_exact(width).all(|row| row.last().is_some_and(is_line_end));
        if !regular {
            return self.split_odd(block);
        }
        self.rows = rows;
        !self.has_blank(block)
    }

    /// Whether a row of a single column is blank; where there are several, a blank line is a row of another width.
    fn has_blank(&self, block: &[u8]) -> bool {
        let is_blank = |(start, end): (u32, u32)| {
            block.get(start as usize..end as usize).is_none_or(|row| row.trim_ascii().is_empty())
        };
        self.width == 1 && (0..self.rows).filter_map(|row| self.cell(0, row)).any(is_blank)
    }

    /// Finds the rows when they have not.
    fn split_odd(&mut self, block: &[u8]) -> bool {
        let ends = std::mem::replace(&mut self.ends, vec![BEFORE]);
        let mut row: Vec<u32> = Vec::new();
        for end in ends.into_iter().skip(1) {
            row.push(end);
            let at = end as usize;
            // Inside of quotes nothing was taken for an end, so that a line end here ends the row.
            if block.get(at).is_some_and(|byte| *byte != b'\n') {
                continue;
            }
            if row.len() == self.width {
                self.ends.append(&mut row);
            } else if row.len() == 1 || (self.odd.len() + 1) * self.width > block.len() {
                return false;
            } else {
                self.odd.push(self.rows);
                self.ends.extend(std::iter::repeat_n(end, self.width));
                row.clear();
            }
            self.rows += 1;
        }
        !self.has_blank(block)
    }
}

/// Finds all ends of cells; in plain data there are neither quotes nor CRs.
struct Find<'b, const PLAIN: bool> {
    cells: &'b mut Cells,
    block: &'b [u8],
    delimiter: u8,
    follow: &'b mut Follow,
}

impl<const PLAIN: bool> Kernel for Find<'_, PLAIN> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run(self, processor: impl Processor) -> Option<usize> {
        self.cells.find::<PLAIN>(processor, self.block, self.delimiter, self.follow)
    }
}

/// What carries over from 64 bytes to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Follow {
    /// Whether the bytes before ended inside of quotes.
    pub(super) inside: bool,
    /// Whether the byte before ends a cell, or is a quote, or there is none: a quote may stand here.
    opens: bool,
    /// Whether the byte before closed a quote: only some bytes may stand here.
    closed: bool,
    /// Whether the byte before is a CR outside of quotes.
    cr: bool,
    /// Whether there were two quotes side by side within quotes.
    doubled: bool,
}

impl Default for Follow {
    fn default() -> Self {
        Follow { inside: false, opens: true, closed: false, cr: false, doubled: false }
    }
}

impl Follow {
    /// The delimiters and the line ends among 64 bytes, those inside of quotes left out. None when something is out of the ordinary.
    #[inline(always)]
    pub(super) fn cells(&mut self, processor: impl Processor, hits: &Hits) -> Option<(u64, u64)> {
        let outside = self.outside(processor, hits)?;
        let (cells, lines, cr) = (hits.delimiter & outside, hits.lf & outside, hits.cr & outside);
        // A CR must be followed by a LF.
        if cr != 0 || self.cr {
            let expected = (cr << 1) | u64::from(self.cr);
            self.cr = cr >> 63 == 1;
            if expected & !hits.lf != 0 {
                return None;
            }
        }
        Some((cells, lines))
    }

    #[inline(always)]
    fn outside(&mut self, processor: impl Processor, hits: &Hits) -> Option<u64> {
        let quotes = hits.quote;
        let before = if self.inside { u64::MAX } else { 0 };
        let inside = processor.parity(quotes) ^ before;
        let opening = quotes & inside;
        let closing = quotes & !inside;
        let ends = hits.delimiter | hits.lf | quotes;
        let opens = (ends << 1) | u64::from(self.opens);
        let closed = (closing << 1) | u64::from(self.closed);
        let may_follow = ends | hits.cr;
        if opening & !opens != 0 || closed & !may_follow != 0 {
            return None;
        }
        self.doubled |= opening & closed != 0;
        self.inside = inside >> 63 == 1;
        self.opens = ends >> 63 == 1;
        self.closed = closing >> 63 == 1;
        Some(!inside)
    }
}

/// Where the last whole row of some bytes that begin with a row ends, its line end included. None when there is none, or when quotes
/// stand in strange places.
pub(super) fn last_row_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    fast(FindLast { bytes, delimiter })
}

/// Finds the end of the last whole row.
struct FindLast<'b> {
    bytes: &'b [u8],
    delimiter: u8,
}

impl Kernel for FindLast<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run(self, processor: impl Processor) -> Option<usize> {
        let mut follow = Follow::default();
        let mut last = None;
        let (chunks, rest) = self.bytes.as_chunks::<64>();
        let mut padded = [0u8; 64];
        padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        for (at, chunk) in chunks.iter().chain([&padded]).enumerate() {
            let (_, lines) = follow.cells(processor, &processor.hits(chunk, self.delimiter))?;
            if lines != 0 {
                last = Some(at * 64 + 64 - lines.leading_zeros() as usize);
            }
        }
        last
    }
}
