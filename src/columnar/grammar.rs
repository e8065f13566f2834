//! Values of a JSON text: where each of them ends, if it surely is one.
//!
//! Behind the text there must be a byte that no value can hold, such as a line end or a zero, and [`PADDING`](super::cells::PADDING)
//! bytes that can be read.

use super::cells::Spots;
use super::simd;

/// A value and where its text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    /// Where its text begins: of a string, what is between the quotes.
    pub(super) start: usize,
    /// How long it is, 0 for `null`; [`Spots::ODD`] when it is not just its bytes. Then `start` is where the value itself begins.
    pub(super) len: u32,
    /// What comes behind the value.
    pub(super) end: usize,
    /// Whether it has no text: it is a list or an object, or holds half of a character.
    pub(super) textless: bool,
}

impl Value {
    #[inline(always)]
    fn plain(start: usize, len: usize, end: usize) -> Option<Value> {
        Some(Value { start, len: u32::try_from(len).ok()?, end, textless: false })
    }

    fn odd(start: usize, end: usize, textless: bool) -> Value {
        Value { start, len: Spots::ODD, end, textless }
    }
}

/// The value that begins at a place; none when it is not valid, or too deep to say. Bytes that are not ASCII leave bits in `high`.
#[inline(always)]
pub(super) fn value(bytes: &[u8], at: usize, high: &mut u32) -> Option<Value> {
    match *bytes.get(at)? {
        b'"' => {
            let stop = stop(bytes, at + 1, high)?;
            match *bytes.get(stop)? {
                b'"' => Value::plain(at + 1, stop - at - 1, stop + 1),
                b'\\' => escaped(bytes, at, stop, high),
                _ => None,
            }
        }
        b'-' | b'0'..=b'9' => {
            let end = number(bytes, at)?;
            Value::plain(at, end - at, end)
        }
        b't' => word(bytes, at, b"true").and_then(|end| Value::plain(at, 4, end)),
        b'f' => word(bytes, at, b"false").and_then(|end| Value::plain(at, 5, end)),
        b'n' => word(bytes, at, b"null").and_then(|end| Value::plain(at, 0, end)),
        b'[' | b'{' => Some(Value::odd(at, nested(bytes, at, high)?, true)),
        _ => None,
    }
}

/// The next place behind blanks, which do not end the line.
#[inline(always)]
pub(super) fn solid(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while let Some(b' ' | b'\t' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The next place in a string where there is a quote, a backslash or a control character.
#[inline(always)]
pub(super) fn stop(bytes: &[u8], at: usize, high: &mut u32) -> Option<usize> {
    let mut at = at;
    loop {
        let found = simd::stops(*bytes.get(at..)?.first_chunk::<16>()?);
        *high |= found.high;
        if found.stops != 0 {
            return Some(at + found.stops.trailing_zeros() as usize);
        }
        at += 16;
    }
}

/// A string with escapes, the first of which is at `escape`.
#[cold]
fn escaped(bytes: &[u8], start: usize, escape: usize, high: &mut u32) -> Option<Value> {
    let mut at = escape;
    let mut garbled = false;
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(Value::odd(start, at + 1, garbled)),
            b'\\' => match *bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                b'u' => {
                    let first = unit(bytes, at + 2)?;
                    at += 6;
                    let second =
                        || bytes.get(at..at + 2).filter(|next| *next == b"\\u").and_then(|_| unit(bytes, at + 2));
                    match first {
                        0xD800..0xDC00 if second().is_some_and(|second| (0xDC00..0xE000).contains(&second)) => at += 6,
                        0xD800..0xE000 => garbled = true,
                        _ => {}
                    }
                }
                _ => return None,
            },
            0..0x20 => return None,
            _ => at = stop(bytes, at, high)?,
        }
    }
}

/// The number that four hexadecimal digits make.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |unit, byte| Some(unit * 16 + char::from(*byte).to_digit(16)?))
}

/// Where a number ends.
#[inline(always)]
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = simd::digits(*bytes.get(at..)?.first_chunk::<16>()?);
    let sign = usize::from(bytes.get(at) == Some(&b'-'));
    let whole = (digits >> sign).trailing_ones() as usize;
    let mut len = sign + whole;
    if len >= 15 {
        return any_number(bytes, at);
    }
    if whole == 0 || whole > 1 && bytes.get(at + sign) == Some(&b'0') {
        return None;
    }
    if bytes.get(at + len) == Some(&b'.') {
        let fraction = (digits >> (len + 1)).trailing_ones() as usize;
        if fraction == 0 {
            return None;
        }
        len += 1 + fraction;
    }
    match bytes.get(at + len) {
        _ if len >= 16 => any_number(bytes, at),
        Some(b'e' | b'E') => any_number(bytes, at),
        Some(_) => Some(at + len),
        None => None,
    }
}

/// The same for numbers with many digits, or with an exponent.
#[cold]
fn any_number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |at: usize| {
        let count = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(at + count)
    };
    let start = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits(start)?;
    if bytes.get(start) == Some(&b'0') && end > start + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(end + 1 + sign)?;
    }
    Some(end)
}

/// Where a word ends.
#[inline(always)]
fn word(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let end = at + word.len();
    (bytes.get(at..end)? == word).then_some(end)
}

/// Where a list or an object ends.
fn nested(bytes: &[u8], at: usize, high: &mut u32) -> Option<usize> {
    // The lowest bit says whether the innermost one is an object, the next one the same of what is around it.
    let (mut objects, mut depth) = (0u64, 0);
    let mut at = at;
    loop {
        let opening = *bytes.get(at)?;
        if opening == b'[' || opening == b'{' {
            if depth == u64::BITS {
                return None;
            }
            depth += 1;
            objects = objects << 1 | u64::from(opening == b'{');
            at = solid(bytes, at + 1);
            // In ASCII a closing bracket is the second one behind its opening one.
            if *bytes.get(at)? != opening + 2 {
                at = if opening == b'{' { behind_key(bytes, at, high)? } else { at };
                continue;
            }
        } else {
            at = value(bytes, at, high)?.end;
        }
        loop {
            at = solid(bytes, at);
            match (*bytes.get(at)?, objects & 1) {
                (b',', 1) => {
                    at = behind_key(bytes, solid(bytes, at + 1), high)?;
                    break;
                }
                (b',', _) => {
                    at = solid(bytes, at + 1);
                    break;
                }
                (b'}', 1) | (b']', 0) => {
                    at += 1;
                    objects >>= 1;
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => return None,
            }
        }
    }
}

/// Where the value of a key begins.
fn behind_key(bytes: &[u8], at: usize, high: &mut u32) -> Option<usize> {
    // Only a string is one.
    bytes.get(at).filter(|byte| **byte == b'"')?;
    let key = value(bytes, at, high)?;
    let colon = solid(bytes, key.end);
    (bytes.get(colon) == Some(&b':')).then(|| solid(bytes, colon + 1))
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::super::cells::{PADDING, Spots};
    use super::value;

    /// What `value` says of a text as a whole.
    fn whole(text: &str) -> Option<super::Value> {
        let padded = [text.as_bytes(), &[0; PADDING]].concat();
        let mut high = 0;
        let found = value(&padded, 0, &mut high).filter(|value| value.end == text.len());
        assert!(found.is_none() || text.is_ascii() || high != 0, "{text}");
        found
    }

    #[test]
    fn what_is_accepted_is_just_what_is_valid() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"a\":",
            "\\",
            "\\u",
            "\\ud83d",
            "\\ude42",
            "\\u00e4",
            "\\n",
            "\\\"",
            "\\\\",
            "0",
            "1",
            "12",
            "-",
            ".",
            "e",
            "E",
            "+",
            "123456789012345",
            "true",
            "false",
            "null",
            "nul",
            " ",
            "\t",
            "\r",
            "a",
            "ü",
            "\u{1}",
            "a text of more than sixteen bytes",
            "\u{7f}",
        ];
        let mut state = 1u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let mut valid = 0;
        for round in 0..400_000 {
            let mut text = String::new();
            // Half of them are strings or numbers, which would rarely come up.
            let open = ["", "", "\"", "-1", "[", "{\"a\":"].get(round % 6).copied().unwrap_or_default();
            text.push_str(open);
            for _ in 0..below(7) {
                text.push_str(pieces.get(below(pieces.len())).copied().unwrap_or_default());
            }
            text.push_str(["", "", "\"", "", "]", "}"].get(round % 6).copied().unwrap_or_default());
            let expected = serde_json::from_str::<IgnoredAny>(&text).is_ok() && text.trim() == text;
            let found = whole(&text);
            assert_eq!(found.is_some(), expected, "{text}");
            let Some(found) = found else { continue };
            valid += 1;
            let string = serde_json::from_str::<String>(&text);
            let nested = text.starts_with(['{', '[']);
            assert_eq!(found.textless, nested || (text.starts_with('"') && string.is_err()), "{text}");
            if found.len != Spots::ODD {
                let plain = text.get(found.start..found.start + found.len as usize);
                let expected = string.unwrap_or_else(|_| if text == "null" { String::new() } else { text.clone() });
                assert_eq!(plain, Some(expected.as_str()), "{text}");
            }
        }
        assert!(valid > 20_000, "{valid}");
    }

    #[test]
    fn values_may_be_deep_but_not_too_deep() {
        let nest = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(whole(&nest(64)).is_some());
        assert!(whole(&nest(65)).is_none());
        assert!(whole(&"[".repeat(1_000_000)).is_none());
    }
}
