//! The characters that texts are made of: those that a question names, and for all others one that stands for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::View;
use super::asked::Asked;

/// A character as questions see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol(u32);

impl Symbol {
    /// A character.
    pub(super) fn of(c: char) -> Symbol {
        Symbol(u32::from(c) << 1 | u32::from(c.is_alphanumeric()))
    }

    /// Whether it is a letter or a digit.
    pub(super) fn is_word(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A character that a text may hold, in both of its looks.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// The character.
    pub(super) char: char,
    /// As it stands.
    pub(super) raw: Symbol,
    /// In lower case. (A capital sigma is taken for a small one here.)
    pub(super) lower: Vec<Symbol>,
    /// Whether it is trimmed off the ends.
    pub(super) is_space: bool,
    /// For how many it counts. At least the length of `lower`.
    pub(super) cost: u32,
}

/// The letters among which every character has one that no question can tell from it.
#[derive(Debug, Clone)]
pub(super) struct Alphabet {
    /// The most readable first.
    letters: Vec<Letter>,
    /// The letter that a character is.
    by_raw: BTreeMap<Symbol, Vec<usize>>,
    /// The letters whose lower case a character is.
    by_lower: BTreeMap<Symbol, Vec<usize>>,
    /// A letter or digit and a sign that no question names; and the space, which is no sign that ends a text, but more readable.
    others: Vec<usize>,
    /// What decides whether there is a domain and where it begins: the `@`, and a space that no question names.
    around_domain: Vec<usize>,
    /// `İ`, whose lower case is two characters.
    double: Option<usize>,
}

/// The one capital whose lower case is two characters: `i` and a dot above, which is no letter.
const DOUBLE: char = 'İ';

/// The capital whose lower case depends on its neighbours: `σ`, or `ς` at the end of a word.
pub(super) const SIGMA: char = 'Σ';

/// The capitals, each behind a character of its lower case; in order. None stands behind the second plane.
static CAPITALS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let pairs = |c: char| c.to_lowercase().map(move |lower| (lower, c));
    let mut capitals: Vec<_> = ('\0'..='\u{1FFFF}').flat_map(pairs).filter(|(lower, c)| lower != c).collect();
    capitals.sort_unstable();
    capitals
});

/// Whether lower case leaves a character as it is.
pub(super) fn is_lower(c: char) -> bool {
    c.to_lowercase().eq([c])
}

/// The characters whose lower case holds `lower`.
fn in_any_case(lower: char) -> impl Iterator<Item = char> {
    let first = CAPITALS.partition_point(|(l, _)| *l < lower);
    let capitals = CAPITALS.iter().skip(first).take_while(move |(l, _)| *l == lower).map(|(_, capital)| *capital);
    Some(lower).filter(|c| is_lower(*c)).into_iter().chain(capitals)
}

/// How hard a character is to read.
fn strangeness(c: char) -> u8 {
    match c {
        'a'..='z' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        ' ' => 3,
        '!'..='~' => 4,
        _ if c.is_alphanumeric() => 5,
        _ => 6,
    }
}

/// A character of a kind, the first one preferred, that questions with these named characters cannot tell from others of its kind.
fn other(named: &BTreeSet<char>, preferred: &str, kind: fn(char) -> bool) -> Option<char> {
    let is_named = |c: char| named.contains(&c) || c.to_lowercase().any(|lower| named.contains(&lower));
    let mut all = preferred.chars().chain('\u{A1}'..=char::MAX);
    all.find(|c| kind(*c) && !is_named(*c))
}

impl Alphabet {
    /// The alphabet of these questions.
    pub(super) fn of<'a>(asked: impl Iterator<Item = &'a Asked>) -> Alphabet {
        let (as_it_stands, lowered): (Vec<&Asked>, Vec<&Asked>) = asked.partition(|asked| asked.view == View::Raw);
        // When nothing minds case, small letters do for all.
        let minds_case = !as_it_stands.is_empty() && !lowered.is_empty();
        let [raw, lower] = [as_it_stands, lowered]
            .map(|asked| asked.into_iter().flat_map(|asked| &asked.named).copied().collect::<BTreeSet<char>>());
        let named = &raw | &lower;
        let word = other(&named, "xyzabcdefghijklmnopqrstuvw0123456789", char::is_alphanumeric);
        let sign = other(&named, "-_.,;:/+*#&!?()'\"", |c| !c.is_alphanumeric() && !c.is_whitespace());
        let space = other(&named, " \t", char::is_whitespace);
        let double = Some(DOUBLE).filter(|_| minds_case);

        let mut chars = raw;
        if minds_case {
            chars.extend(lower.into_iter().flat_map(in_any_case));
        } else {
            chars.extend(lower);
        }
        chars.extend([word, sign, space, double, Some(' '), Some('@')].into_iter().flatten());
        let mut chars: Vec<char> = chars.into_iter().collect();
        chars.sort_by_key(|c| (strangeness(*c), Some(*c) != word));

        let position = |of: Option<char>| chars.iter().position(|c| Some(*c) == of);
        let mut alphabet = Alphabet {
            letters: Vec::new(),
            by_raw: BTreeMap::new(),
            by_lower: BTreeMap::new(),
            others: [word, sign, Some(' ')].into_iter().filter_map(position).collect(),
            around_domain: [space, Some('@')].into_iter().filter_map(position).collect(),
            double: position(double),
        };
        chars.iter().for_each(|c| alphabet.add(*c, named.contains(c)));
        alphabet
    }

    fn add(&mut self, c: char, is_named: bool) {
        let position = self.letters.len();
        let (raw, lower) = (Symbol::of(c), c.to_lowercase().map(Symbol::of).collect::<Vec<_>>());
        self.by_raw.entry(raw).or_default().push(position);
        // The double stands for itself, everywhere; a sigma has a small letter that does for it.
        if let ([lower], true) = (lower.as_slice(), c != SIGMA) {
            self.by_lower.entry(*lower).or_default().push(position);
        }
        let cost = if is_named && c != DOUBLE || strangeness(c) < 5 { 1 } else { 3 };
        self.letters.push(Letter { char: c, raw, lower, is_space: c.is_whitespace(), cost });
    }

    /// A letter, by its position.
    #[allow(clippy::indexing_slicing, reason = "only the alphabet gives positions out")]
    pub(super) fn letter(&self, position: usize) -> &Letter {
        &self.letters[position]
    }

    /// The characters of its letters.
    #[cfg(test)]
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        self.letters.iter().map(|letter| letter.char)
    }

    /// The letters that are this symbol in a view.
    pub(super) fn letters(&self, view: View, symbol: Symbol) -> &[usize] {
        let letters = match view {
            View::Raw => &self.by_raw,
            View::Lower | View::Domain => &self.by_lower,
        };
        letters.get(&symbol).map_or(&[], Vec::as_slice)
    }

    /// The letters that matter wherever one is, when it is asked in these views.
    pub(super) fn everywhere(&self, views: impl Iterator<Item = View> + Clone) -> Vec<usize> {
        let around_domain = self.around_domain.iter().filter(|_| views.clone().any(|view| view == View::Domain));
        self.others.iter().chain(around_domain).chain(&self.double).copied().collect()
    }

    /// The letter whose lower case is two characters, where questions mind case.
    pub(super) fn double(&self) -> Option<usize> {
        self.double
    }
}
