//! What newer processors of x86-64 can do: those with AVX-512 and its instructions for single bytes.

use std::arch::x86_64::{
    __m128i, __m512i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_set_epi64x, _mm_set1_epi8,
    _mm256_loadu_si256, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cvtepu8_epi32,
    _mm512_cvtepu16_epi64, _mm512_cvtepu32_epi64, _mm512_extracti32x4_epi32, _mm512_i32gather_epi32,
    _mm512_i64gather_epi64, _mm512_loadu_si512, _mm512_maskz_compress_epi8, _mm512_mullo_epi32, _mm512_or_si512,
    _mm512_set1_epi8, _mm512_set1_epi32, _mm512_setr_epi32, _mm512_storeu_si512,
};

use super::{Any, Hits, Kernel, Processor};

/// A processor with all that is used here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newest(());

impl Newest {
    /// This processor, if it is one.
    pub(super) fn detected() -> Option<Newest> {
        let all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2");
        all.then_some(Newest(()))
    }

    /// Runs a loop as code for such a processor.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: there is a `Newest`, so this processor is one.
        #[allow(unsafe_code, reason = "the call of a function for processors like this one")]
        unsafe {
            run(kernel, self)
        }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2")]
fn run<K: Kernel>(kernel: K, newest: Newest) -> K::Output {
    kernel.run(newest)
}

// SAFETY of all calls here: there is a `Newest`, so this processor is one.
#[allow(unsafe_code, reason = "calls of functions for processors like this one")]
impl Processor for Newest {
    #[inline(always)]
    fn hits(self, bytes: &[u8; 64], delimiter: u8) -> Hits {
        unsafe { hits(bytes, delimiter) }
    }

    #[inline(always)]
    fn parity(self, ones: u64) -> u64 {
        unsafe { parity(ones) }
    }

    #[inline(always)]
    fn positions(self, ones: u64, base: u32, to: &mut [u32; 64]) {
        unsafe { positions(ones, base, to) }
    }

    #[inline(always)]
    fn words(self, bytes: &[u8], places: &[u32], to: &mut [u64]) {
        unsafe { words(bytes, places, to) }
    }

    #[inline(always)]
    fn every(self, numbers: &[u32], apart: usize, to: &mut [u32]) {
        unsafe { every(numbers, apart, to) }
    }

    #[inline(always)]
    fn add(self, bits: &[u64], classes: &[u16], to: &mut [u64]) {
        unsafe { add(bits, classes, to) }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn hits(bytes: &[u8; 64], delimiter: u8) -> Hits {
    let bytes = all(bytes);
    let places = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed()));
    Hits { delimiter: places(delimiter), lf: places(b'\n'), cr: places(b'\r'), quote: places(b'"') }
}

#[inline]
#[target_feature(enable = "sse2,pclmulqdq")]
fn parity(ones: u64) -> u64 {
    // Without carry, a product with ones only is in each bit the sum of all bits up to it.
    let product = _mm_clmulepi64_si128::<0>(_mm_set_epi64x(0, ones.cast_signed()), _mm_set1_epi8(-1));
    _mm_cvtsi128_si64(product).cast_unsigned()
}

/// The numbers from 0 to 63.
const NUMBERS: [u8; 64] = {
    let mut numbers = [0; 64];
    let mut at = 0u8;
    while let Some((_, rest)) = numbers.split_at_mut_checked(at as usize)
        && let Some(number) = rest.first_mut()
    {
        *number = at;
        at += 1;
    }
    numbers
};

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn positions(ones: u64, base: u32, to: &mut [u32; 64]) {
    let found = _mm512_maskz_compress_epi8(ones, all(&NUMBERS));
    let base = _mm512_set1_epi32(base.cast_signed());
    let ([first, second, third, fourth], _) = to.as_chunks_mut::<16>() else { return };
    let put = |to: &mut [u32; 16], sixteen: __m128i| {
        let positions = _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), base);
        // SAFETY: there is room for 16 numbers, and no need for them to be aligned.
        #[allow(unsafe_code, reason = "a store of as many bytes as the array has")]
        unsafe {
            _mm512_storeu_si512(to.as_mut_ptr().cast(), positions);
        }
    };
    put(first, _mm512_castsi512_si128(found));
    if ones.count_ones() > 16 {
        put(second, _mm512_extracti32x4_epi32::<1>(found));
        put(third, _mm512_extracti32x4_epi32::<2>(found));
        put(fourth, _mm512_extracti32x4_epi32::<3>(found));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn words(bytes: &[u8], places: &[u32], to: &mut [u64]) {
    let highest = places.iter().fold(0, |highest, place| highest.max(*place)) as usize;
    if highest.checked_add(8).is_none_or(|end| end > bytes.len()) {
        return Any.words(bytes, places, to);
    }
    let (places, others) = places.as_chunks::<8>();
    let (to, rest) = to.split_at_mut_checked(8 * places.len()).unwrap_or_default();
    for (places, to) in places.iter().zip(to.as_chunks_mut::<8>().0) {
        // SAFETY: eight places are read, eight bytes from each on, of which the last ones were just found to be there, and eight
        // words are written; nothing of it needs to be aligned.
        #[allow(unsafe_code, reason = "loads of words from places that were checked")]
        unsafe {
            let places = _mm512_cvtepu32_epi64(_mm256_loadu_si256(places.as_ptr().cast()));
            let words = _mm512_i64gather_epi64::<1>(places, bytes.as_ptr().cast());
            _mm512_storeu_si512(to.as_mut_ptr().cast(), words);
        }
    }
    Any.words(bytes, others, rest);
}

/// So many numbers apart at most, so that what lies between 16 of them can be counted in 32 bits.
const FURTHEST: usize = 1 << 24;

#[inline]
#[target_feature(enable = "avx512f")]
fn every(numbers: &[u32], apart: usize, to: &mut [u32]) {
    let last = to.len().saturating_sub(1).checked_mul(apart);
    if apart > FURTHEST || last.is_none_or(|last| last >= numbers.len()) {
        return Any.every(numbers, apart, to);
    }
    let sixteen = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let places = _mm512_mullo_epi32(sixteen, _mm512_set1_epi32(apart as i32));
    let mut left = numbers;
    let (to, rest) = to.as_chunks_mut::<16>();
    for to in to {
        // SAFETY: the last number of all was found to be there, so these 16 are; and there is room for 16 numbers.
        #[allow(unsafe_code, reason = "loads of numbers from places that were checked")]
        unsafe {
            let numbers = _mm512_i32gather_epi32::<4>(places, left.as_ptr().cast());
            _mm512_storeu_si512(to.as_mut_ptr().cast(), numbers);
        }
        left = left.get(16 * apart..).unwrap_or_default();
    }
    Any.every(left, apart, rest);
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn add(bits: &[u64], classes: &[u16], to: &mut [u64]) {
    let highest = classes.iter().fold(0, |highest, class| highest.max(*class));
    if usize::from(highest) >= bits.len() {
        return Any.add(bits, classes, to);
    }
    let (classes, others) = classes.as_chunks::<8>();
    let (to, rest) = to.split_at_mut_checked(8 * classes.len()).unwrap_or_default();
    for (classes, to) in classes.iter().zip(to.as_chunks_mut::<8>().0) {
        // SAFETY: eight classes are read, whose bits were just found to be there, and eight words are changed; nothing of it needs to
        // be aligned.
        #[allow(unsafe_code, reason = "loads of words from places that were checked")]
        unsafe {
            let classes = _mm512_cvtepu16_epi64(_mm_loadu_si128(classes.as_ptr().cast()));
            let bits = _mm512_i64gather_epi64::<8>(classes, bits.as_ptr().cast());
            let to: *mut __m512i = to.as_mut_ptr().cast();
            _mm512_storeu_si512(to, _mm512_or_si512(_mm512_loadu_si512(to), bits));
        }
    }
    Any.add(bits, others, rest);
}

/// All bytes, side by side.
#[inline]
#[target_feature(enable = "avx512f")]
fn all(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are read, and they need not be aligned.
    #[allow(unsafe_code, reason = "a load of as many bytes as the array has")]
    unsafe {
        _mm512_loadu_si512(bytes.as_ptr().cast())
    }
}
