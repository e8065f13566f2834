//! Leads as JSON objects, one a line or in one array, read one at a time; numbers stay the text that they are.
//!
//! An object is first checked as a whole (by `serde_json`, which builds nothing and keeps no stack of its own for that);
//! what walks over it afterwards relies on it.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::ops::Range;

use serde::de::IgnoredAny;

use super::MAX_ROW;

/// The bytes of one lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// The line on which it begins, counted from 1.
    pub(super) line: u64,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// Why no further lead can be read.
#[derive(Debug)]
pub(super) enum Broken {
    /// The input failed.
    Io(io::Error),
    /// A lead of more than [`MAX_ROW`] bytes.
    TooLong {
        /// The line on which it begins.
        line: u64,
    },
    /// The file is not one array; what stands where what should.
    NotAnArray {
        /// The line.
        line: u64,
        /// What was found there; none at the end of the data.
        found: Option<char>,
        /// What should be there.
        expected: &'static str,
    },
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(error)
    }
}

/// Reads a lead a line.
pub(super) struct Lines<'i> {
    input: Box<dyn BufRead + Send + 'i>,
    line: u64,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: Box<dyn BufRead + Send + 'i>) -> Self {
        Lines { input, line: 0 }
    }

    /// The input, of which what has been read is gone.
    pub(super) fn into_input(self) -> Box<dyn BufRead + Send + 'i> {
        self.input
    }

    /// The next line that is not blank; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Element>, Broken> {
        loop {
            let mut bytes = Vec::new();
            let limit = u64::try_from(MAX_ROW + 1).unwrap_or(u64::MAX);
            if (&mut self.input).take(limit).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if bytes.len() > MAX_ROW {
                return Err(Broken::TooLong { line: self.line });
            }
            bytes.truncate(bytes.trim_ascii_end().len());
            if !bytes.is_empty() {
                return Ok(Some(Element { line: self.line, bytes }));
            }
        }
    }
}

/// Reads the elements of one array.
pub(super) struct Elements<'i> {
    input: Box<dyn BufRead + Send + 'i>,
    line: u64,
    opened: bool,
    closed: bool,
}

impl<'i> Elements<'i> {
    pub(super) fn new(input: Box<dyn BufRead + Send + 'i>) -> Self {
        Elements { input, line: 1, opened: false, closed: false }
    }

    /// The next element; none at the end of the array.
    pub(super) fn next(&mut self) -> Result<Option<Element>, Broken> {
        if self.closed {
            return Ok(None);
        }
        let first = !std::mem::replace(&mut self.opened, true);
        if first {
            self.expect(|byte| byte == b'[', "`[`")?;
            if self.solid()? == Some(b']') {
                return self.close();
            }
        } else if self.solid()? == Some(b']') {
            return self.close();
        } else {
            self.expect(|byte| byte == b',', "`,` or `]`")?;
        }
        match self.solid()? {
            found @ (None | Some(b',' | b']' | b'}' | b':')) => Err(self.unexpected(found, "a lead")),
            Some(_) => self.element().map(Some),
        }
    }

    /// The element that begins with the next byte.
    fn element(&mut self) -> Result<Element, Broken> {
        let line = self.line;
        let mut bytes = Vec::new();
        let mut extent = Extent::default();
        let mut ended = false;
        while !ended {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Err(self.unexpected(None, "the rest of a lead"));
            }
            let mut used = 0;
            for &byte in chunk.iter().take(MAX_ROW + 1 - bytes.len()) {
                let step = extent.step(byte);
                ended = step != Step::Inside;
                if step == Step::Past {
                    break;
                }
                used += 1;
                self.line += u64::from(byte == b'\n');
                bytes.push(byte);
                if ended {
                    break;
                }
            }
            self.input.consume(used);
            if bytes.len() > MAX_ROW {
                return Err(Broken::TooLong { line });
            }
        }
        Ok(Element { line, bytes })
    }

    /// Takes the `]` that comes next, behind which there may be blanks only.
    fn close(&mut self) -> Result<Option<Element>, Broken> {
        self.closed = true;
        self.input.consume(1);
        match self.solid()? {
            None => Ok(None),
            found => Err(self.unexpected(found, "nothing more")),
        }
    }

    /// Skips blanks and says which byte comes next.
    fn solid(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = self.input.fill_buf()?;
            let Some(first) = chunk.first() else { return Ok(None) };
            if !first.is_ascii_whitespace() {
                return Ok(Some(*first));
            }
            self.line += u64::from(*first == b'\n');
            self.input.consume(1);
        }
    }

    /// Takes the next byte that is not blank; it must be one of some.
    fn expect(&mut self, accepted: impl Fn(u8) -> bool, expected: &'static str) -> Result<(), Broken> {
        match self.solid()? {
            Some(byte) if accepted(byte) => {
                self.input.consume(1);
                Ok(())
            }
            found => Err(self.unexpected(found, expected)),
        }
    }

    fn unexpected(&self, found: Option<u8>, expected: &'static str) -> Broken {
        Broken::NotAnArray { line: self.line, found: found.map(char::from), expected }
    }
}

/// Follows the bytes of a value to its end.
#[derive(Debug, Default)]
struct Extent {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

/// How a byte belongs to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The value goes on.
    Inside,
    /// It is its last byte.
    Last,
    /// The value ended before it.
    Past,
}

impl Extent {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            self.in_string = byte != b'"' || self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            return if self.in_string || self.depth > 0 { Step::Inside } else { Step::Last };
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' | b',' | b':' if self.depth == 0 => return Step::Past,
            b'}' | b']' if self.depth == 1 => return Step::Last,
            b'}' | b']' => self.depth -= 1,
            _ if self.depth == 0 && byte.is_ascii_whitespace() => return Step::Past,
            _ => {}
        }
        Step::Inside
    }
}

/// Why a text that begins on a line is not one JSON value.
pub(super) fn fault(text: &str, line: u64) -> Option<String> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let words = error.to_string();
    let what = words.rsplit_once(" at line ").map_or(words.as_str(), |(what, _)| what);
    let what = match what {
        "expected value" | "expected ident" => "expected a value".to_owned(),
        other => other.replace("EOF while parsing", "the end comes inside of"),
    };
    let line = line + u64::try_from(error.line().saturating_sub(1)).unwrap_or(0);
    Some(format!("{what}, on line {line} at byte {}", error.column()))
}

/// How many bytes the value has with which a valid text begins.
pub(super) fn extent(text: &[u8]) -> usize {
    let mut extent = Extent::default();
    let mut end = 0;
    for byte in text {
        let step = extent.step(*byte);
        end += usize::from(step != Step::Past);
        if step != Step::Inside {
            break;
        }
    }
    end
}

/// The values between the brackets of `text` (a valid list or object, keys count as values), in order.
pub(super) fn values(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b':');
    let mut at = bytes.iter().position(|byte| matches!(byte, b'{' | b'[')).map_or(bytes.len(), |open| open + 1);
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let start = at + rest.iter().position(|byte| !between(byte))?;
        let end = start + extent(bytes.get(start..)?);
        at = end;
        (end > start).then_some(start..end)
    })
}

/// The text of a JSON string; none when it holds half of a character (`\ud83d` alone).
pub(super) fn string(literal: &str) -> Option<Cow<'_, str>> {
    let inside = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))?;
    if !inside.contains('\\') {
        return Some(Cow::Borrowed(inside));
    }
    serde_json::from_str(literal).ok().map(Cow::Owned)
}
