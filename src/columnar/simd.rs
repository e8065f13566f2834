//! Which of 64 bytes are the ones that end cells: the only code here that knows processors.

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

#[cfg(test)]
mod tests {
    use super::{hits, plain};

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
}
