//! The theory against the evaluator: on all short texts of a few characters, on longer ones at random, and on every character there is.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::alphabet::{Alphabet, SIGMA, is_lower};
use super::asked::{Asked, needles};
use super::{Atom, Question, Realized, TextDomain, View};
use crate::eval::{domain_of, lowercase};
use crate::ir::{Cell, TextTest};
use crate::types::Value;

/// A text as the evaluator sees it.
struct Seen {
    raw: String,
    lower: Value,
    domain: Option<Value>,
}

impl Seen {
    fn new(text: &str) -> Seen {
        let value = Value::Text(text.to_owned());
        Seen { raw: text.to_owned(), lower: lowercase(&value), domain: domain_of(&value) }
    }

    fn answer(&self, atom: &Atom) -> bool {
        let text = match (atom.view, &self.lower, &self.domain) {
            (View::Raw, _, _) => &self.raw,
            (View::Lower, Value::Text(text), _) | (View::Domain, _, Some(Value::Text(text))) => text,
            _ => return false,
        };
        match &atom.question {
            Question::OneOf(set) => set.contains(text),
            Question::Test(test, needles) => needles.iter().any(|needle| test.holds(text, needle)),
            Question::Defined => true,
        }
    }
}

fn answers(atoms: &[Atom], text: &Seen) -> Vec<bool> {
    atoms.iter().map(|atom| text.answer(atom)).collect()
}

/// Whether a field can hold a text.
fn is_held(cell: &Cell, text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !cell.is_blank(text)
}

/// For how many characters a text counts; at most, when it holds others than those one sees on a keyboard.
fn cost(text: &str) -> usize {
    let each = text.chars().map(|c| if c.is_ascii_graphic() { 1 } else { 3 });
    each.sum::<usize>() + if text.starts_with('@') { 2 } else { 0 }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic())
}

fn domain(cell: &Cell, atoms: &[Atom]) -> TextDomain {
    let mut domain = TextDomain::new(cell.blanks.clone(), cell.ignoring_case);
    atoms.iter().for_each(|atom| domain.push(atom.clone()));
    domain
}

/// All texts of these characters up to a length that a field may hold but for its blanks.
fn texts(characters: &[char], longest: usize) -> Vec<Seen> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let to = all.len();
        for at in from..to {
            let longer = characters.iter().map(|c| format!("{}{c}", all[at]));
            all.extend(longer.collect::<Vec<_>>());
        }
        from = to;
    }
    all.iter().filter(|text| is_held(&Cell::default(), text)).map(|text| Seen::new(text)).collect()
}

fn needle(characters: &'static [char], longest: usize) -> impl Strategy<Value = String> {
    let length = prop_oneof![1 => Just(0), 30 => 1..=longest];
    length
        .prop_flat_map(move |n| proptest::collection::vec(proptest::sample::select(characters), n))
        .prop_map(String::from_iter)
}

fn atom(characters: &'static [char], longest: usize) -> impl Strategy<Value = Atom> {
    let test = proptest::sample::select(&[
        TextTest::Whole,
        TextTest::Contains,
        TextTest::StartsWith,
        TextTest::EndsWith,
        TextTest::ContainsWord,
    ]);
    let needles = || proptest::collection::vec(needle(characters, longest), 0..4);
    let question = prop_oneof![
        2 => needles().prop_map(|set| Question::OneOf(set.into_iter().collect())),
        8 => (test, needles()).prop_map(|(test, needles)| Question::Test(test, needles)),
        1 => Just(Question::Defined),
    ];
    let view = proptest::sample::select(&[View::Raw, View::Lower, View::Domain]);
    (view, question, prop::bool::weighted(0.9)).prop_map(|(view, question, lowered)| {
        let lower = |text: &String| if lowered && view != View::Raw { text.to_lowercase() } else { text.clone() };
        let question = match question {
            Question::OneOf(set) => Question::OneOf(set.iter().map(lower).collect()),
            Question::Test(test, needles) => Question::Test(test, needles.iter().map(lower).collect()),
            Question::Defined => Question::Defined,
        };
        Atom { view, question }
    })
}

fn cell(characters: &'static [char]) -> impl Strategy<Value = Cell> {
    let blanks = proptest::collection::vec(needle(characters, 2), 0..3);
    (blanks, any::<bool>()).prop_map(|(blanks, ignoring_case)| Cell { blanks, ignoring_case, ..Cell::default() })
}

/// Wants every combination of answers and holds what comes of it against what these texts answer.
fn agrees(cell: &Cell, atoms: &[Atom], texts: &[Seen]) -> Result<(), TestCaseError> {
    let mut cheapest: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for text in texts.iter().filter(|text| is_held(cell, &text.raw)) {
        let least = cheapest.entry(answers(atoms, text)).or_insert(usize::MAX);
        *least = cost(&text.raw).min(*least);
    }
    let domain = domain(cell, atoms);
    for combination in 0..1_u32 << atoms.len() {
        let combination: Vec<bool> = (0..atoms.len()).map(|i| combination >> i & 1 == 1).collect();
        let wanted: Vec<(usize, bool)> = combination.iter().copied().enumerate().collect();
        match domain.realize(&wanted, &mut 0) {
            Realized::Value(text) => {
                prop_assert!(is_held(cell, &text), "{text:?} cannot be");
                prop_assert_eq!(&answers(atoms, &Seen::new(&text)), &combination, "{:?}", text);
                if is_plain(&text)
                    && let Some(least) = cheapest.get(&combination)
                {
                    prop_assert!(cost(&text) <= *least, "{text:?} counts for more than {least}");
                }
            }
            Realized::Impossible(core) => {
                let fits = |seen: &Vec<bool>| core.iter().all(|i| seen[*i] == combination[*i]);
                let seen = cheapest.keys().find(|seen| fits(seen));
                prop_assert!(seen.is_none(), "{core:?} of {combination:?} go together in {seen:?}");
                for left_out in &core {
                    let others = core.iter().filter(|i| *i != left_out).map(|i| wanted[*i]).collect::<Vec<_>>();
                    let realized = domain.realize(&others, &mut 0);
                    prop_assert!(!matches!(realized, Realized::Impossible(_)), "{core:?} do without {left_out}");
                }
            }
            Realized::NotKnown => {
                let sigma = |text: String| text.contains(['σ', 'ς', SIGMA]);
                let names = |raw: bool| {
                    let mut atoms = atoms.iter().filter(|atom| (atom.view == View::Raw) == raw);
                    atoms.any(|atom| sigma(format!("{atom:?}")))
                        || cell.ignoring_case != raw && sigma(cell.blanks.concat())
                };
                let known = !(names(true) && names(false));
                prop_assert!(!known, "{combination:?} is not known");
            }
        }
    }
    Ok(())
}

const FEW: &[char] = &['a', 'b', 'A', '@', '.', ' ', '-'];

/// Capitals that share a small letter, that have two, and whose small letter hangs on the neighbours.
const ODD: &[char] = &['k', 'K', '\u{212A}', 'i', 'I', 'İ', '\u{307}', 'σ', 'ς', 'Σ', 'x', '@', ' ', '.'];

#[test]
fn all_short_texts_agree() {
    let texts = texts(FEW, 5);
    let atoms = proptest::collection::vec(atom(FEW, 3), 1..5);
    proptest!(ProptestConfig::with_cases(200), |(atoms in atoms, cell in cell(FEW))| agrees(&cell, &atoms, &texts)?);
}

#[test]
fn a_domain_in_lower_case_is_the_domain() {
    for text in texts(ODD, 4) {
        assert_eq!(domain_of(&text.lower), text.domain, "{:?}", text.raw);
    }
}

#[test]
fn all_short_texts_of_odd_characters_agree() {
    let texts = texts(ODD, 4);
    let atoms = proptest::collection::vec(atom(ODD, 2), 1..4);
    proptest!(ProptestConfig::with_cases(96), |(atoms in atoms, cell in cell(ODD))| agrees(&cell, &atoms, &texts)?);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn what_a_long_text_answers_goes_together(
        atoms in proptest::collection::vec(atom(FEW, 5), 1..6),
        cell in cell(FEW),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), needle(FEW, 2)), 1..5),
    ) {
        let needles: Vec<&str> = atoms.iter().flat_map(needles).chain(["a@b"]).collect();
        let text: String = picks.iter().map(|(at, between)| format!("{}{between}", at.get(&needles))).collect();
        let text = text.trim();
        prop_assume!(is_held(&cell, text));
        let answered = answers(&atoms, &Seen::new(text));
        let wanted: Vec<(usize, bool)> = answered.iter().copied().enumerate().collect();
        let realized = domain(&cell, &atoms).realize(&wanted, &mut 0);
        let Realized::Value(found) = realized else { panic!("{text:?} does it, but: {realized:?}") };
        prop_assert!(is_held(&cell, &found));
        prop_assert_eq!(answers(&atoms, &Seen::new(&found)), answered);
        prop_assert!(!is_plain(&found) || cost(&found) <= cost(text), "{:?} is longer than {:?}", found, text);
    }
}

fn raw(test: TextTest, needles: &[&str]) -> Atom {
    asked(View::Raw, test, needles)
}

fn lower(test: TextTest, needles: &[&str]) -> Atom {
    asked(View::Lower, test, needles)
}

fn asked(view: View, test: TextTest, needles: &[&str]) -> Atom {
    Atom { view, question: Question::Test(test, needles.iter().map(|n| (*n).to_owned()).collect()) }
}

fn one_of(view: View, set: impl IntoIterator<Item = String>) -> Atom {
    Atom { view, question: Question::OneOf(set.into_iter().collect()) }
}

fn realize(atoms: &[Atom], wanted: &[bool]) -> Realized {
    let wanted: Vec<(usize, bool)> = wanted.iter().copied().enumerate().collect();
    domain(&Cell::default(), atoms).realize(&wanted, &mut 0)
}

fn value(text: &str) -> Realized {
    Realized::Value(text.to_owned())
}

#[test]
fn texts_are_readable() {
    let word = lower(TextTest::ContainsWord, &["vp"]);
    let anywhere = lower(TextTest::Contains, &["vp"]);
    let mail = one_of(View::Domain, ["gmail.com".to_owned()]);
    assert_eq!(realize(&[], &[]), value("x"));
    assert_eq!(realize(std::slice::from_ref(&word), &[true]), value("vp"));
    assert_eq!(realize(&[word.clone(), anywhere.clone()], &[false, true]), value("vpx"));
    assert_eq!(realize(&[word, anywhere], &[true, false]), Realized::Impossible(vec![0, 1]));
    assert_eq!(realize(std::slice::from_ref(&mail), &[true]), value("x@gmail.com"));
    assert_eq!(
        realize(&[mail, Atom { view: View::Domain, question: Question::Defined }], &[false, true]),
        value("x@x")
    );
}

#[test]
fn a_blank_is_no_text() {
    let cell = Cell { blanks: vec![" N/A ".to_owned()], ignoring_case: true, ..Cell::default() };
    let atoms = [lower(TextTest::Contains, &["n/a"]), lower(TextTest::Whole, &["n/a"])];
    let domain = domain(&cell, &atoms);
    assert_eq!(domain.realize(&[(0, true)], &mut 0), value("n/ax"));
    assert_eq!(domain.realize(&[(0, true), (1, true)], &mut 0), Realized::Impossible(vec![1]));
}

#[test]
fn a_question_that_is_not_there_has_no_answer() {
    assert_eq!(realize(&[], &[true]), Realized::NotKnown);
}

#[test]
fn a_kelvin_sign_is_a_k() {
    let atoms = [lower(TextTest::Whole, &["k"]), raw(TextTest::Whole, &["k", "K"])];
    assert_eq!(realize(&atoms, &[true, false]), value("\u{212A}"));
    let atoms = [lower(TextTest::Whole, &["k"]), raw(TextTest::Whole, &["k", "K", "\u{212A}"])];
    assert_eq!(realize(&atoms, &[true, false]), Realized::Impossible(vec![0, 1]));
}

#[test]
fn a_capital_i_with_a_dot_is_two_characters() {
    // No letter stands before the `x`, in lower case.
    let atoms = [lower(TextTest::ContainsWord, &["x"]), raw(TextTest::ContainsWord, &["x", "X"])];
    assert_eq!(realize(&atoms, &[true, false]), value("İx"));
    let atoms = [lower(TextTest::Whole, &["i\u{307}"]), raw(TextTest::Contains, &["\u{307}"])];
    assert_eq!(realize(&atoms, &[true, false]), value("İ"));
}

#[test]
fn spaces_before_a_domain_are_no_part_of_it() {
    let atoms = [asked(View::Domain, TextTest::Whole, &["b"]), raw(TextTest::Contains, &["@b", "@B", " "])];
    assert_eq!(realize(&atoms, &[true, false]), value("x@\tb"));
}

#[test]
fn ten_thousand_texts_are_one_question() {
    let set = |from: usize| {
        one_of(View::Domain, (from..from + 10_000).map(|i| format!("company-{:05}.com", i * 7919 % 60_000)))
    };
    let atoms =
        [set(0), set(5_000), asked(View::Domain, TextTest::Contains, &["42"]), raw(TextTest::StartsWith, &["Ann@"])];
    for combination in 0..8 {
        let wanted = [combination & 1 > 0, combination & 2 > 0, combination & 4 > 0, true];
        let Realized::Value(text) = realize(&atoms, &wanted) else { panic!("{wanted:?} go together") };
        assert_eq!(answers(&atoms, &Seen::new(&text)), wanted);
    }
    let atoms = [set(0), set(30_000), raw(TextTest::StartsWith, &["Ann@"])];
    assert_eq!(realize(&atoms, &[true, true, true]), Realized::Impossible(vec![0, 1]));
}

#[test]
fn many_wishes_make_a_longer_text() {
    let atoms: Vec<Atom> =
        (0..24).map(|i| lower(TextTest::ContainsWord, &[&format!("{}word", (b'a' + i) as char)])).collect();
    let Realized::Value(text) = realize(&atoms, &[true; 24]) else { panic!("they go together") };
    assert_eq!(answers(&atoms, &Seen::new(&text)), [true; 24]);
}

#[test]
fn every_character_is_like_one_of_the_alphabet() {
    let atoms = [
        raw(TextTest::ContainsWord, &["Kim", "ǅ", "é \u{A0}", "Σ"]),
        lower(TextTest::ContainsWord, &["kåω", "i\u{307}x", "ß", "ა"]),
        one_of(View::Domain, ["θ.de".to_owned()]),
    ];
    for atoms in [&atoms[..], &atoms[1..]] {
        let alphabet = Alphabet::of(atoms.iter().map(Asked::new).collect::<Vec<_>>().iter());
        let views: BTreeSet<View> = atoms.iter().map(|atom| atom.view).collect();
        let minds_case = views.contains(&View::Raw) && views.len() > 1;
        let named = |in_view: fn(View) -> bool| -> BTreeSet<char> {
            let atoms = atoms.iter().filter(|atom| in_view(atom.view));
            atoms.flat_map(needles).flat_map(str::chars).collect()
        };
        let (as_it_stands, lower) = (named(|view| view == View::Raw), named(|view| view != View::Raw));
        let in_raw = |c: char| if as_it_stands.contains(&c) { Ok(c) } else { Err(c.is_alphanumeric()) };
        let in_lower = |c: char| if lower.contains(&c) { Ok(c) } else { Err(c.is_alphanumeric()) };
        let look = |c: char| {
            let raw = views.contains(&View::Raw).then(|| in_raw(c));
            let lower: Vec<_> =
                c.to_lowercase().filter(|_| views.len() > usize::from(raw.is_some())).map(in_lower).collect();
            (raw, lower, c.is_whitespace(), c == '@')
        };
        let letters: HashSet<_> = alphabet.chars().map(look).collect();
        // Without capitals, a double is its two small letters.
        let missed = ('\0'..=char::MAX).filter(|c| !letters.contains(&look(*c)) && (minds_case || *c != 'İ'));
        assert_eq!(missed.collect::<String>(), "", "of {atoms:?}");
    }
    assert!(('\u{20000}'..=char::MAX).all(is_lower), "capitals are sought in two planes");
}
