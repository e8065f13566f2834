//! Whole numbers in decimal digits.

/// A whole number in digits, which stand at the end of some room for them.
pub(super) fn whole(number: i64, digits: &mut [u8; 20]) -> &str {
    /// The digits of each number below 100.
    const PAIRS: &[u8; 200] = b"00010203040506070809101112131415161718192021222324252627282930313233343536373839\
        40414243444546474849505152535455565758596061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899";
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    while rest > 9 {
        let pair = 2 * (rest % 100) as usize;
        rest /= 100;
        at -= 2;
        if let (Some(to), Some(pair)) = (digits.get_mut(at..at + 2), PAIRS.get(pair..pair + 2)) {
            to.copy_from_slice(pair);
        }
    }
    if rest > 0 || number == 0 {
        at -= 1;
        if let Some(digit) = digits.get_mut(at) {
            *digit = b'0' + (rest % 10) as u8;
        }
    }
    if number < 0 {
        at -= 1;
        if let Some(sign) = digits.get_mut(at) {
            *sign = b'-';
        }
    }
    digits.get(at..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default()
}

/// The digits of many numbers.
#[derive(Debug, Default)]
pub(super) struct Digits {
    text: String,
    /// Where the digits of each number end.
    ends: Vec<usize>,
}

impl Digits {
    /// Those of some numbers; [`i64::MAX`] stands for any that does not fit.
    pub(super) fn new(numbers: &[i64]) -> Digits {
        let mut digits =
            Digits { text: String::with_capacity(numbers.len() * 8), ends: Vec::with_capacity(numbers.len()) };
        for number in numbers {
            if *number != i64::MAX {
                digits.text.push_str(whole(*number, &mut [0; 20]));
            }
            digits.ends.push(digits.text.len());
        }
        digits
    }

    /// The digits of a number; none of one that did not fit.
    #[inline(always)]
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(at)?).filter(|digits| !digits.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;

    #[test]
    fn digits_are_those_that_rust_writes() {
        let numbers = [0, 7, 10, -1, 99_999, 1_000_000_007, i64::MIN, i64::MAX - 1];
        let digits = Digits::new(&[numbers.as_slice(), &[i64::MAX, 12]].concat());
        for (at, number) in numbers.iter().enumerate() {
            assert_eq!(digits.get(at), Some(number.to_string().as_str()));
        }
        assert_eq!(digits.get(numbers.len()), None);
        assert_eq!(digits.get(numbers.len() + 1), Some("12"));
        assert_eq!(digits.get(numbers.len() + 2), None);
    }
}
