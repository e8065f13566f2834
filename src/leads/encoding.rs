//! Bytes to text: byte order marks, UTF-16, and rows that are Windows-1252.

use std::io::{self, BufRead, BufReader, Cursor, Read};

/// What is said of a file that lacks its end.
pub(super) const CUT_OFF: &str = "the file ends in the middle: it was cut off";

/// The first bytes of an input (fewer only when there are no more), and the input as if they had not been read.
///
/// # Errors
/// When they cannot be read.
pub(super) fn peek<'i>(
    mut input: Box<dyn BufRead + Send + 'i>,
    bytes: u64,
) -> io::Result<(Vec<u8>, Box<dyn BufRead + Send + 'i>)> {
    let mut head = Vec::new();
    (&mut input).take(bytes).read_to_end(&mut head)?;
    let whole = Box::new(Cursor::new(head.clone()).chain(input));
    Ok((head, whole))
}

/// An input whose text is UTF-8, or nearly so: a byte order mark is dropped and UTF-16 (which must have one) is rewritten.
///
/// # Errors
/// When the first bytes cannot be read.
pub(super) fn unmarked<'i>(input: Box<dyn BufRead + Send + 'i>) -> io::Result<Box<dyn BufRead + Send + 'i>> {
    let (mark, mut input) = peek(input, 3)?;
    let (length, big_endian) = match mark.as_slice() {
        [0xEF, 0xBB, 0xBF] => (3, None),
        [0xFF, 0xFE, ..] => (2, Some(false)),
        [0xFE, 0xFF, ..] => (2, Some(true)),
        _ => (0, None),
    };
    input.consume(length);
    Ok(match big_endian {
        Some(big_endian) => Box::new(BufReader::new(Utf16::new(input, big_endian))),
        None => input,
    })
}

/// UTF-16 read as UTF-8. What is not UTF-16 becomes `�`, but for a character that the end cuts in two: there, the rest is missing.
struct Utf16<'i> {
    input: Box<dyn BufRead + Send + 'i>,
    big_endian: bool,
    /// The first half of a pair whose second has not come yet.
    half: Option<u16>,
    ready: Vec<u8>,
    taken: usize,
}

impl<'i> Utf16<'i> {
    fn new(input: Box<dyn BufRead + Send + 'i>, big_endian: bool) -> Self {
        Utf16 { input, big_endian, half: None, ready: Vec::new(), taken: 0 }
    }

    /// Reads and rewrites the next stretch; says whether there was one.
    fn refill(&mut self) -> io::Result<bool> {
        let mut bytes = Vec::new();
        (&mut self.input).take(8192).read_to_end(&mut bytes)?;
        let at_end = bytes.is_empty();
        let (pairs, cut) = bytes.as_chunks();
        if !cut.is_empty() || at_end && self.half.is_some() {
            return Err(io::Error::other(CUT_OFF));
        }
        let unit = if self.big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
        let units = pairs.iter().copied().map(unit);
        let mut units: Vec<u16> = self.half.take().into_iter().chain(units).collect();
        if !at_end {
            self.half = units.pop_if(|last| (0xD800..0xDC00).contains(last));
        }
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        self.ready = text.into();
        self.taken = 0;
        Ok(!at_end)
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken >= self.ready.len() && self.refill()? {}
        let mut rest = self.ready.get(self.taken..).unwrap_or_default();
        let read = rest.read(into)?;
        self.taken += read;
        Ok(read)
    }
}

/// The text of some bytes in Windows-1252.
#[must_use]
pub fn windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| windows_1252_char(*byte)).collect()
}

/// Windows-1252 is Latin-1 but for `0x80..=0x9F`, five of which it leaves open (they stay control characters).
fn windows_1252_char(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', //
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    let high = usize::from(byte).checked_sub(0x80).and_then(|i| HIGH.get(i));
    high.copied().unwrap_or(char::from(byte))
}
