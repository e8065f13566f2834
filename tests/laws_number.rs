//! Numbers are exact: whatever they are kept as, every operation says what fractions of integers of any size say.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::hash::{BuildHasher, RandomState};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use policyc::types::{MAX_DIGITS, Number, NumberError};
use proptest::prelude::*;

/// Integers of all sizes, most of them about an end of what a machine integer holds, or a power of ten.
fn integer() -> impl Strategy<Value = i128> {
    let end = prop::sample::select(vec![i64::MIN.into(), i64::MAX.into(), i32::MAX.into(), u64::MAX.into(), 0i128]);
    let ten = (0u32..37).prop_map(|exponent| 10i128.pow(exponent));
    let ends = prop::sample::select(vec![i128::MIN, i128::MIN + 1, i128::MAX]);
    prop_oneof![
        4 => -20i128..20,
        4 => (end, -3i128..=3).prop_map(|(end, beside)| end + beside),
        2 => (ten, -1i128..=1, -3i128..=3).prop_map(|(ten, sign, beside)| ten * sign + beside),
        2 => any::<i64>().prop_map(i128::from),
        1 => any::<i128>(),
        1 => ends,
    ]
}

/// Fractions of such integers.
fn fraction() -> impl Strategy<Value = BigRational> {
    let denominator = prop_oneof![Just(1), integer().prop_filter("a denominator", |d| *d != 0)];
    (integer(), denominator).prop_map(|(n, d)| BigRational::new(n.into(), d.into()))
}

/// A number and the fraction that it is: sometimes one of larger integers than any machine has.
fn number() -> impl Strategy<Value = (Number, BigRational)> {
    let fraction = prop_oneof![4 => fraction(), 1 => (fraction(), fraction()).prop_map(|(a, b)| a * b)];
    fraction.prop_map(|fraction| (format!("{}/{}", fraction.numer(), fraction.denom()).parse().unwrap(), fraction))
}

/// Whether a number is this fraction, and is kept in the one form that this fraction has.
fn is(number: &Number, fraction: &BigRational) {
    assert_eq!(number.parts(), (fraction.numer().clone(), fraction.denom().clone()));
    let read: Number = format!("{}/{}", fraction.numer(), fraction.denom()).parse().unwrap();
    let hashes = RandomState::new();
    assert_eq!((number, hashes.hash_one(number)), (&read, hashes.hash_one(&read)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn arithmetic_is_exact((a, x) in number(), (b, y) in number()) {
        is(&(&a + &b), &(&x + &y));
        is(&(&a - &b), &(&x - &y));
        is(&(&a * &b), &(&x * &y));
        match a.checked_div(&b) {
            Some(quotient) => is(&quotient, &(&x / &y)),
            None => prop_assert!(y.is_zero()),
        }
        is(&-&a, &-&x);
        is(&a.abs(), &x.abs());
        is(&a.floor(), &x.floor());
    }

    #[test]
    fn results_find_back((a, _) in number(), (b, _) in number()) {
        prop_assert_eq!(&(&(&a + &b) - &b), &a);
        prop_assert!(b.is_zero() || (&a * &b).checked_div(&b).as_ref() == Some(&a));
    }

    #[test]
    fn order_is_that_of_fractions((a, x) in number(), (b, y) in number()) {
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a.partial_cmp(&b), Some(x.cmp(&y)));
        prop_assert_eq!(a == b, x == y);
    }

    #[test]
    fn questions_have_the_answers_of_fractions((a, x) in number()) {
        prop_assert_eq!(a.is_whole(), x.is_integer());
        prop_assert_eq!(a.is_negative(), x.is_negative());
        prop_assert_eq!(a.is_zero(), x.is_zero());
        prop_assert_eq!(a.to_i64(), x.is_integer().then(|| x.numer().to_i64()).flatten());
        let end = if x.is_negative() { i128::MIN } else { i128::MAX };
        prop_assert_eq!(a.floor_i128(), x.floor().to_integer().to_i128().unwrap_or(end));
    }

    #[test]
    fn machine_integers_are_themselves(n in integer()) {
        is(&Number::whole(n), &BigRational::from_integer(n.into()));
        if let Ok(n) = i64::try_from(n) {
            is(&Number::from(n), &BigRational::from_integer(n.into()));
        }
    }

    #[test]
    fn text_and_json_read_back((a, _) in number()) {
        prop_assert_eq!(a.to_string().parse::<Number>(), Ok(a.clone()));
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(&json, &format!("\"{a}\""));
        prop_assert_eq!(serde_json::from_str::<Number>(&json).unwrap(), a);
    }

    #[test]
    fn text_is_a_decimal_where_there_is_one((a, x) in number()) {
        let text = a.to_string();
        let mut rest = x.denom().clone();
        for factor in [2, 5].map(BigInt::from) {
            while rest.is_multiple_of(&factor) {
                rest /= &factor;
            }
        }
        prop_assert_eq!(text.contains('/'), rest != BigInt::from(1));
        prop_assert!(text.contains('/') || !text.contains('.') || !text.ends_with('0'), "{}", text);
    }

    #[test]
    fn decimals_are_read_as_written(sign in "-?", whole in "[0-9]{1,19}", fraction in prop::option::of("[0-9]{1,19}")) {
        let point = fraction.as_ref().map_or(String::new(), |fraction| format!(".{fraction}"));
        let read = Number::parse_decimal(&format!("{sign}{whole}{point}"));
        let fraction = fraction.unwrap_or_default();
        if whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            prop_assert_eq!(read, Err(NumberError::TooManyDigits));
        } else {
            let numerator: BigInt = format!("{sign}{whole}{fraction}").parse().unwrap();
            is(&read.unwrap(), &BigRational::new(numerator, BigInt::from(10).pow(fraction.len() as u32)));
        }
    }
}

#[test]
fn nothing_else_is_a_decimal() {
    for text in ["", "-", "+1", "1.", ".5", "--1", "1e3", "1,000", "1 000", "0x1", "1.5.2", "1.-5", "١", "∞", "1/2"]
    {
        assert_eq!(Number::parse_decimal(text), Err(NumberError::NotANumber), "{text}");
    }
}
