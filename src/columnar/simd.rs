//! Which of some bytes are the ones that matter, such as those that end cells: the only code here that knows processors.

/// The places of the bytes that matter, a bit for each of 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hits {
    pub(super) delimiter: u64,
    pub(super) lf: u64,
    pub(super) cr: u64,
    pub(super) quote: u64,
}

/// A loop that is worth to be made twice: for every processor, and for newer ones.
pub(super) trait Kernel {
    /// What it works out.
    type Output;
    /// Runs it. Must be `#[inline(always)]`, like all that it calls in its loop: only what becomes part of the caller is made twice.
    fn run(self) -> Self::Output;
}

/// Runs a loop as code for newer processors where this is one.
#[inline]
pub(super) fn fast<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2") {
        // SAFETY: this processor has AVX2 and BMI2, and every one with these has the others.
        #[allow(
            unsafe_code,
            reason = "the call of a function for processors that were just asked whether they are such"
        )]
        return unsafe { newer(kernel) };
    }
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn newer<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Compares 64 bytes with those that matter.
#[inline(always)]
pub(super) fn hits(bytes: &[u8; 64], delimiter: u8) -> Hits {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        #[allow(unsafe_code, reason = "the call of a function for processors that all have it")]
        unsafe {
            sse2(bytes, delimiter)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        plain(bytes, delimiter)
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn sse2(bytes: &[u8; 64], delimiter: u8) -> Hits {
    use std::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};

    let (quarters, _) = bytes.as_chunks::<16>();
    let quarter = |at: usize| -> __m128i {
        let halves = quarters.get(at).map_or([[0; 8]; 2], |quarter| {
            let (halves, _) = quarter.as_chunks::<8>();
            [halves.first().copied().unwrap_or_default(), halves.get(1).copied().unwrap_or_default()]
        });
        _mm_set_epi64x(i64::from_le_bytes(halves[1]), i64::from_le_bytes(halves[0]))
    };
    let quarters = [quarter(0), quarter(1), quarter(2), quarter(3)];
    let places = |byte: u8| {
        let wanted = _mm_set1_epi8(byte.cast_signed());
        let mask = |quarter: __m128i| u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(quarter, wanted)).cast_unsigned());
        mask(quarters[0]) | mask(quarters[1]) << 16 | mask(quarters[2]) << 32 | mask(quarters[3]) << 48
    };
    Hits { delimiter: places(delimiter), lf: places(b'\n'), cr: places(b'\r'), quote: places(b'"') }
}

/// The same for any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain(bytes: &[u8; 64], delimiter: u8) -> Hits {
    let places = |wanted: u8| {
        let (words, _) = bytes.as_chunks::<8>();
        let wanted = u64::from(wanted) * 0x0101_0101_0101_0101;
        words.iter().rev().fold(0u64, |places, word| {
            let differs = u64::from_le_bytes(*word) ^ wanted;
            // The highest bit of each byte: whether any bit of the byte is set.
            let some = ((differs & 0x7F7F_7F7F_7F7F_7F7F) + 0x7F7F_7F7F_7F7F_7F7F) | differs;
            let equal = (!some & 0x8080_8080_8080_8080) >> 7;
            // The bytes' lowest bits, gathered in the highest byte.
            (places << 8) | (equal.wrapping_mul(0x0102_0408_1020_4080) >> 56)
        })
    };
    Hits { delimiter: places(delimiter), lf: places(b'\n'), cr: places(b'\r'), quote: places(b'"') }
}

/// What matters of 16 bytes of a JSON text: a bit for each byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stops {
    /// Quotes, backslashes and control characters.
    pub(super) stops: u32,
    /// Bytes that are not ASCII.
    pub(super) high: u32,
}

/// Finds what ends the text of a JSON string, or must be looked at in it.
#[inline(always)]
pub(super) fn stops(bytes: [u8; 16]) -> Stops {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        #[allow(unsafe_code, reason = "the call of a function for processors that all have it")]
        unsafe {
            sse2_stops(bytes)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        plain_stops(bytes)
    }
}

/// Which of 16 bytes are digits.
#[inline(always)]
pub(super) fn digits(bytes: [u8; 16]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        #[allow(unsafe_code, reason = "the call of a function for processors that all have it")]
        unsafe {
            sse2_digits(bytes)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        plain_digits(bytes)
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn sse2_sixteen(bytes: [u8; 16]) -> std::arch::x86_64::__m128i {
    let word = u128::from_le_bytes(bytes);
    // The halves of the word, as they are.
    std::arch::x86_64::_mm_set_epi64x((word >> 64) as i64, word as i64)
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn sse2_stops(bytes: [u8; 16]) -> Stops {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};

    let text = sse2_sixteen(bytes);
    let quote = _mm_cmpeq_epi8(text, _mm_set1_epi8(b'"'.cast_signed()));
    let backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8(b'\\'.cast_signed()));
    let control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1F)), text);
    let stops = _mm_or_si128(_mm_or_si128(quote, backslash), control);
    Stops { stops: _mm_movemask_epi8(stops).cast_unsigned(), high: _mm_movemask_epi8(text).cast_unsigned() }
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "sse2")]
fn sse2_digits(bytes: [u8; 16]) -> u32 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_set1_epi8, _mm_sub_epi8};

    let values = _mm_sub_epi8(sse2_sixteen(bytes), _mm_set1_epi8(b'0'.cast_signed()));
    let digit = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
    _mm_movemask_epi8(digit).cast_unsigned()
}

/// The same for any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain_stops(bytes: [u8; 16]) -> Stops {
    let places = |wanted: fn(u8) -> bool| {
        bytes.iter().zip(0..).fold(0u32, |places, (byte, at)| places | u32::from(wanted(*byte)) << at)
    };
    Stops { stops: places(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')), high: places(|byte| byte >= 0x80) }
}

/// The same for any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain_digits(bytes: [u8; 16]) -> u32 {
    bytes.iter().zip(0..).fold(0, |places, (byte, at)| places | u32::from(byte.is_ascii_digit()) << at)
}

#[cfg(test)]
mod tests {
    use super::{digits, hits, plain, plain_digits, plain_stops, stops};

    #[test]
    fn all_ways_find_the_same_bytes() {
        let mut state = 1u64;
        for _ in 0..2_000 {
            let mut bytes = [0u8; 64];
            for byte in &mut bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = *b",;\n\r\"a\x00\xFF\x8D,\x2B\x2D".get((state >> 40) as usize % 12).unwrap_or(&0);
            }
            for delimiter in *b",;" {
                let naive = |wanted: u8| {
                    bytes.iter().enumerate().fold(0u64, |all, (i, byte)| all | u64::from(*byte == wanted) << i)
                };
                let found = hits(&bytes, delimiter);
                assert_eq!(found, plain(&bytes, delimiter));
                assert_eq!(
                    (found.delimiter, found.lf, found.cr, found.quote),
                    (naive(delimiter), naive(b'\n'), naive(b'\r'), naive(b'"'))
                );
            }
        }
    }
    #[test]
    fn all_ways_find_the_same_in_json() {
        for at in 0..16 {
            for byte in 0..=255 {
                for other in *b"a\"7" {
                    let mut bytes = [other; 16];
                    bytes.iter_mut().skip(at).take(1).for_each(|place| *place = byte);
                    assert_eq!(stops(bytes), plain_stops(bytes));
                    assert_eq!(digits(bytes), plain_digits(bytes));
                }
            }
        }
    }
}
