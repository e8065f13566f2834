//! What processors differ in: loops are made several times, for any processor and for newer ones, and a few steps of these loops are
//! done in other ways on some. Only here is anything known of processors, and only here is `unsafe` used: everything has a safe twin,
//! which it is held against.
//!
//! A [`Processor`] is at the same time the proof that this is one: there is no other way to get hold of it than to ask.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod sse2;

#[cfg(target_arch = "x86_64")]
use std::sync::LazyLock;

#[cfg(target_arch = "x86_64")]
use avx512::Newest;

use super::cells::load;

/// The places of the bytes that matter, a bit for each of 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hits {
    pub(super) delimiter: u64,
    pub(super) lf: u64,
    pub(super) cr: u64,
    pub(super) quote: u64,
}

/// What matters of 16 bytes of a JSON text: a bit for each byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stops {
    /// Quotes, backslashes and control characters.
    pub(super) stops: u32,
    /// Bytes that are not ASCII.
    pub(super) high: u32,
}

/// A loop that is worth to be made several times: for every processor, and for newer ones.
pub(super) trait Kernel {
    /// What it works out.
    type Output;
    /// Runs it. Must be `#[inline(always)]`, like all that it calls in its loop: only what becomes part of the caller is made several
    /// times.
    fn run(self, processor: impl Processor) -> Self::Output;
}

/// What is done in other ways on some processors; here in a way for all of them.
pub(super) trait Processor: Copy {
    /// Compares 64 bytes with those that matter.
    #[inline(always)]
    fn hits(self, bytes: &[u8; 64], delimiter: u8) -> Hits {
        hits(bytes, delimiter)
    }

    /// For each bit, whether the number of ones up to it is odd.
    #[inline(always)]
    fn parity(self, ones: u64) -> u64 {
        let mut parity = ones;
        for shift in [1, 2, 4, 8, 16, 32] {
            parity ^= parity << shift;
        }
        parity
    }

    /// Writes where the ones of a word are, counted from `base`. What stands behind them is overwritten, too.
    #[inline(always)]
    fn positions(self, ones: u64, base: u32, to: &mut [u32; 64]) {
        let mut rest = ones;
        let mut put = |places: &mut [u32]| {
            for place in places {
                *place = base.wrapping_add(rest.trailing_zeros());
                rest &= rest.wrapping_sub(1);
            }
        };
        // So many at once that nearly always nothing is left, and nobody has to guess how often.
        const MOST: usize = 12;
        if let Some((first, others)) = to.split_first_chunk_mut::<MOST>() {
            put(first);
            if ones.count_ones() as usize > MOST {
                put(others);
            }
        }
    }

    /// The eight bytes from each place on, the first one lowest; zero where there are fewer.
    #[inline(always)]
    fn words(self, bytes: &[u8], places: &[u32], to: &mut [u64]) {
        places.iter().zip(to).for_each(|(place, to)| *to = load(bytes, *place as usize));
    }

    /// The first number, and from there on each that is so many further on; zero where there are none.
    #[inline(always)]
    fn every(self, numbers: &[u32], apart: usize, to: &mut [u32]) {
        let mut rest = numbers;
        for to in to {
            *to = rest.first().copied().unwrap_or_default();
            rest = rest.get(apart..).unwrap_or_default();
        }
    }

    /// Adds the bits of each row's class; of a class without any, none.
    #[inline(always)]
    fn add(self, bits: &[u64], classes: &[u16], to: &mut [u64]) {
        for (class, to) in classes.iter().zip(to) {
            *to |= bits.get(usize::from(*class)).copied().unwrap_or_default();
        }
    }
}

/// Any processor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Any;

impl Processor for Any {}

/// Which code is for this processor.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy)]
enum Best {
    /// What every processor understands.
    Any,
    /// With AVX2 and BMI2.
    Newer,
    /// With AVX-512 besides.
    Newest(Newest),
}

#[cfg(target_arch = "x86_64")]
static BEST: LazyLock<Best> = LazyLock::new(|| match Newest::detected() {
    _ if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2")) => Best::Any,
    Some(newest) => Best::Newest(newest),
    None => Best::Newer,
});

/// Runs a loop as code for newer processors where this is one.
#[inline]
pub(super) fn fast<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    match *BEST {
        Best::Any => {}
        Best::Newer => {
            // SAFETY: this processor was asked for AVX2 and BMI2, and every one with these has the others.
            #[allow(unsafe_code, reason = "the call of a function for processors like this one")]
            return unsafe { newer(kernel) };
        }
        Best::Newest(newest) => return newest.run(kernel),
    }
    kernel.run(Any)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn newer<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Any)
}

/// Compares 64 bytes with those that matter.
#[inline(always)]
pub(super) fn hits(bytes: &[u8; 64], delimiter: u8) -> Hits {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        #[allow(unsafe_code, reason = "the call of a function for processors that all have it")]
        unsafe {
            sse2::hits(bytes, delimiter)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        plain(bytes, delimiter)
    }
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

/// Finds what ends the text of a JSON string, or must be looked at in it.
#[inline(always)]
pub(super) fn stops(bytes: [u8; 16]) -> Stops {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 processor has SSE2.
        #[allow(unsafe_code, reason = "the call of a function for processors that all have it")]
        unsafe {
            sse2::stops(bytes)
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
            sse2::digits(bytes)
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        plain_digits(bytes)
    }
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
    #![allow(clippy::indexing_slicing, reason = "tests")]

    #[cfg(target_arch = "x86_64")]
    use super::Newest;
    use super::{Any, Hits, Processor, digits, plain, plain_digits, plain_stops, stops};

    /// Numbers that look random.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % end.max(1)
        }

        fn word(&mut self) -> u64 {
            (0..4).fold(0, |word, _| word << 16 | self.below(1 << 16) as u64)
        }
    }

    /// Holds what is done on a processor against the simplest way to say it.
    fn hold(processor: impl Processor) {
        let mut random = Random(1);
        for _ in 0..2_000 {
            let bytes: [u8; 64] = std::array::from_fn(|_| b",;\n\r\"a\x00\xFF\x8D,\x2B\x2D"[random.below(12)]);
            for delimiter in *b",;" {
                let naive = |wanted: u8| {
                    bytes.iter().enumerate().fold(0u64, |all, (i, byte)| all | u64::from(*byte == wanted) << i)
                };
                let naive =
                    Hits { delimiter: naive(delimiter), lf: naive(b'\n'), cr: naive(b'\r'), quote: naive(b'"') };
                assert_eq!(processor.hits(&bytes, delimiter), naive);
                assert_eq!(plain(&bytes, delimiter), naive);
            }
        }
        for turn in 0..2_000 {
            let ones = (0..turn % 5).fold(random.word(), |ones, _| ones & random.word());
            for ones in [ones, !ones] {
                let naive =
                    (0..64).fold(0, |all, bit| all | u64::from((ones << (63 - bit)).count_ones() % 2 == 1) << bit);
                assert_eq!(processor.parity(ones), naive, "{ones:b}");
                let (base, mut to) = (random.word() as u32, [7; 64]);
                processor.positions(ones, base, &mut to);
                let naive = (0..64).filter(|bit| ones >> bit & 1 == 1).map(|bit| base.wrapping_add(bit));
                assert!(naive.eq(to.iter().copied().take(ones.count_ones() as usize)), "{ones:b}");
            }
        }
        for turn in 0..500 {
            let bytes: Vec<u8> = (0..random.below(300)).map(|_| random.below(256) as u8).collect();
            // Now and then a place from which there are no eight bytes.
            let most = (bytes.len() + 1).saturating_sub(if turn % 2 == 0 { 8 } else { 0 });
            let places: Vec<u32> = (0..random.below(40)).map(|_| random.below(most) as u32).collect();
            let mut to = vec![7; places.len()];
            processor.words(&bytes, &places, &mut to);
            let naive = |place: &u32| {
                let eight = bytes.get(*place as usize..*place as usize + 8);
                eight.map_or(0, |eight| eight.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)))
            };
            assert_eq!(to, places.iter().map(naive).collect::<Vec<u64>>());
        }
        for turn in 0..2_000 {
            let (apart, count) = (1 + random.below(20), random.below(70));
            // As many as are needed, or a few more, or a few less.
            let enough = count.saturating_sub(1) * apart + 1;
            let len = if turn % 2 == 0 { enough + random.below(9) } else { enough.saturating_sub(random.below(40)) };
            let numbers: Vec<u32> = (0..len).map(|_| random.word() as u32).collect();
            let mut to = vec![7; count];
            processor.every(&numbers, apart, &mut to);
            let naive = (0..count).map(|at| numbers.get(at * apart).copied().unwrap_or(0));
            assert!(naive.eq(to), "{len} numbers, {apart} apart, {count} times");
        }
        for turn in 0..500 {
            let bits: Vec<u64> = (0..1 + random.below(30)).map(|_| random.word()).collect();
            let most = bits.len() + turn % 2;
            let classes: Vec<u16> = (0..random.below(40)).map(|_| random.below(most) as u16).collect();
            let before: Vec<u64> = classes.iter().map(|_| random.word()).collect();
            let mut to = before.clone();
            processor.add(&bits, &classes, &mut to);
            let naive = before.iter().zip(&classes);
            let naive = naive.map(|(before, class)| before | bits.get(usize::from(*class)).copied().unwrap_or(0));
            assert!(naive.eq(to));
        }
    }

    #[test]
    fn all_processors_do_the_same() {
        hold(Any);
        #[cfg(target_arch = "x86_64")]
        if let Some(newest) = Newest::detected() {
            hold(newest);
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
