//! What every processor of x86-64 can do.

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_sub_epi8,
};

use super::{Hits, Stops};

#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn hits(bytes: &[u8; 64], delimiter: u8) -> Hits {
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

#[inline]
#[target_feature(enable = "sse2")]
fn sixteen(bytes: [u8; 16]) -> __m128i {
    let word = u128::from_le_bytes(bytes);
    // The halves of the word, as they are.
    _mm_set_epi64x((word >> 64) as i64, word as i64)
}

#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn stops(bytes: [u8; 16]) -> Stops {
    let text = sixteen(bytes);
    let quote = _mm_cmpeq_epi8(text, _mm_set1_epi8(b'"'.cast_signed()));
    let backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8(b'\\'.cast_signed()));
    let control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1F)), text);
    let stops = _mm_or_si128(_mm_or_si128(quote, backslash), control);
    Stops { stops: _mm_movemask_epi8(stops).cast_unsigned(), high: _mm_movemask_epi8(text).cast_unsigned() }
}

#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn digits(bytes: [u8; 16]) -> u32 {
    let values = _mm_sub_epi8(sixteen(bytes), _mm_set1_epi8(b'0'.cast_signed()));
    let digit = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
    _mm_movemask_epi8(digit).cast_unsigned()
}
