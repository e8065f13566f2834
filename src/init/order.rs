//! The order in which a person would list the values of a column: a scale that everybody knows, the numbers of bands
//! (`200-499`, `$1M-$10M`), else the alphabet.

use std::collections::BTreeSet;

use crate::types::Number;

/// Values in an order, and whether that order ranks them from low to high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ordered {
    /// The values.
    pub(super) values: Vec<String>,
    /// Whether a later one is more than an earlier one.
    pub(super) ranked: bool,
}

/// Scales that everybody knows, lowest first, in the words of [`key`]; each place lists its spellings.
const RANKED: &[&[&[&str]]] = &[
    &[
        &["none"],
        &["verylow"],
        &["low"],
        &["medium", "mid", "med", "moderate"],
        &["high"],
        &["veryhigh"],
        &["critical"],
    ],
    &[&["cold"], &["warm"], &["hot"]],
    &[&["small"], &["midmarket", "medium"], &["large"], &["enterprise"]],
    &[
        &["intern", "student"],
        &["junior", "entry"],
        &["ic", "individualcontributor", "staff", "employee", "analyst", "specialist"],
        &["senior", "lead"],
        &["manager"],
        &["seniormanager"],
        &["director", "head"],
        &["vp", "vicepresident", "svp", "evp"],
        &["csuite", "clevel", "cxo", "executive"],
        &["owner", "founder"],
    ],
];

/// Sequences that everybody knows, but that rank nothing.
const SEQUENCES: &[&[&str]] = &[
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    &["yes", "no"],
    &["q1", "q2", "q3", "q4"],
];

/// Puts values in order.
pub(super) fn order(mut values: Vec<String>) -> Ordered {
    values.sort_by_cached_key(|v| (v.to_lowercase(), v.clone()));
    let sorted = |place: &dyn Fn(&str) -> Option<usize>, ranked: bool| {
        let places: Option<BTreeSet<usize>> = values.iter().map(|v| place(v)).collect();
        let all_differ = places.is_some_and(|places| places.len() == values.len());
        (values.len() > 1 && all_differ).then(|| {
            let mut values = values.clone();
            values.sort_by_key(|v| place(v));
            Ordered { values, ranked }
        })
    };
    let scales = RANKED
        .iter()
        .filter_map(|scale| sorted(&|v| scale.iter().position(|spellings| spellings.contains(&key(v).as_str())), true));
    let sequences =
        SEQUENCES.iter().filter_map(|sequence| sorted(&|v| sequence.iter().position(|s| *s == key(v)), false));
    let mut bands: Vec<(Number, bool)> = values.iter().filter_map(|v| band(v)).collect();
    bands.sort();
    let by_band = |v: &str| band(v).and_then(|b| bands.iter().position(|x| *x == b));
    let known = scales.chain(sequences).next().or_else(|| sorted(&by_band, true));
    known.unwrap_or(Ordered { values, ranked: false })
}

/// A value without case, blanks and punctuation: `C-level` and `c_level` are the same.
fn key(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where a band of numbers begins and whether it is open above: `200-499`, `2000+`, `$1M-$10M`, `<50`, `>= 1,000`. None for a
/// text that is no band.
fn band(value: &str) -> Option<(Number, bool)> {
    let text = value.trim();
    let below = text.starts_with('<');
    let open = text.ends_with('+') || text.starts_with('>');
    let rest = text.trim_start_matches(['<', '>', '=', ' ']).trim_end_matches(['+', ' ']);
    let mut ends = rest.splitn(2, ['-', '–']);
    let start = amount(ends.next()?)?;
    match ends.next() {
        Some(end) => amount(end)?,
        None if below || open => start.clone(),
        None => return None,
    };
    Some(if below { (Number::from(-1), false) } else { (start, open) })
}

/// An amount as bands write it: `$1M`, `10 000`, `2,000`, `500k`.
fn amount(text: &str) -> Option<Number> {
    let text = text.trim().trim_start_matches(['$', '€', '£']).trim();
    let (digits, factor) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (text.get(..at)?, 1_000),
        (at, 'm' | 'M') => (text.get(..at)?, 1_000_000),
        (at, 'b' | 'B') => (text.get(..at)?, 1_000_000_000),
        _ => (text, 1),
    };
    let plain: String = digits.chars().filter(|c| !matches!(c, ',' | ' ' | '_')).collect();
    Number::parse_decimal(&plain).ok().map(|n| &n * &Number::from(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(values: &[&str]) -> (Vec<String>, bool) {
        let o = order(values.iter().map(|v| (*v).to_owned()).collect());
        (o.values, o.ranked)
    }

    fn owned(values: &[&str]) -> Vec<String> {
        values.iter().map(|v| (*v).to_owned()).collect()
    }

    #[test]
    fn bands_are_ranked_by_where_they_begin() {
        let (values, ranked) = ordered(&["$10M-$50M", "$1M-$10M", "$200M+", "$50M-$200M", "<$1M"]);
        assert_eq!(values, owned(&["<$1M", "$1M-$10M", "$10M-$50M", "$50M-$200M", "$200M+"]));
        assert!(ranked);
        let (values, _) = ordered(&["1000-1999", "200-499", "2000+", "500-999"]);
        assert_eq!(values, owned(&["200-499", "500-999", "1000-1999", "2000+"]));
    }

    #[test]
    fn known_scales_are_ranked_and_sequences_only_ordered() {
        let scale = ordered(&["c_suite", "director", "individual_contributor", "manager", "vp"]);
        assert_eq!(scale, (owned(&["individual_contributor", "manager", "director", "vp", "c_suite"]), true));
        assert_eq!(ordered(&["high", "low", "medium"]), (owned(&["low", "medium", "high"]), true));
        assert_eq!(ordered(&["fri", "mon", "wed"]), (owned(&["mon", "wed", "fri"]), false));
    }

    #[test]
    fn what_has_no_order_is_in_that_of_the_alphabet() {
        assert_eq!(ordered(&["zeta", "beta", "Alpha"]), (owned(&["Alpha", "beta", "zeta"]), false));
    }

    #[test]
    fn two_spellings_of_one_place_are_no_scale() {
        assert_eq!(ordered(&["VP", "vp", "Manager"]), (owned(&["Manager", "VP", "vp"]), false));
    }
}
