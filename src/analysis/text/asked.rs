//! A question of a text as the search asks it: character after character of the text as it stands.

use std::collections::BTreeSet;

use super::alphabet::{Alphabet, Letter, SIGMA, Symbol, is_lower};
use super::automaton::{Automaton, NEVER, State};
use super::{Atom, Question, View};
use crate::ir::TextTest;

/// A question, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// As what the text is asked.
    pub(super) view: View,
    /// The characters of the needles.
    pub(super) named: BTreeSet<char>,
    /// Whether a sigma is among them.
    pub(super) names_sigma: bool,
    automaton: Automaton,
}

/// No `@` yet.
const BEFORE_AT: State = State(u32::MAX - 2);

/// Behind the first `@` and the spaces that follow it.
const BEHIND_AT: State = State(u32::MAX - 3);

/// What a question looks for, as far as it can be found: nothing in lower case holds a capital, and no domain an `@`.
pub(super) fn needles(atom: &Atom) -> impl Iterator<Item = &str> {
    let (set, list) = match &atom.question {
        Question::OneOf(set) => (Some(set), None),
        Question::Test(_, needles) => (None, Some(needles)),
        Question::Defined => (None, None),
    };
    let needles = set.into_iter().flatten().chain(list.into_iter().flatten());
    needles.map(String::as_str).filter(|needle| match atom.view {
        View::Raw => true,
        View::Lower => needle.chars().all(is_lower),
        View::Domain => needle.chars().all(|c| is_lower(c) && c != '@'),
    })
}

impl Asked {
    /// Prepares a question.
    pub(super) fn new(atom: &Atom) -> Asked {
        let symbols = |needle: &str| needle.chars().map(Symbol::of).collect();
        let found = |test| Automaton::new(test, needles(atom).map(symbols).collect());
        let automaton = match &atom.question {
            Question::OneOf(_) => found(TextTest::Whole),
            Question::Test(test, _) => found(*test),
            Question::Defined => Automaton::any(),
        };
        let named: BTreeSet<char> = needles(atom).flat_map(str::chars).collect();
        let names_sigma = [SIGMA, 'σ', 'ς'].iter().any(|sigma| named.contains(sigma));
        Asked { view: atom.view, named, names_sigma, automaton }
    }

    /// Where it begins.
    pub(super) fn start(&self) -> State {
        match self.view {
            View::Raw | View::Lower => self.automaton.start(),
            View::Domain => BEFORE_AT,
        }
    }

    /// Where a letter leads.
    pub(super) fn step(&self, state: State, letter: &Letter) -> State {
        let lowered = |from: State| letter.lower.iter().fold(from, |state, symbol| self.automaton.step(state, *symbol));
        match self.view {
            View::Raw => self.automaton.step(state, letter.raw),
            View::Lower => lowered(state),
            View::Domain => match (state, letter.char == '@') {
                (BEFORE_AT, false) => BEFORE_AT,
                (BEFORE_AT, true) => BEHIND_AT,
                // A second one: there is no domain.
                (_, true) => State::FAILED,
                (BEHIND_AT, false) if letter.is_space => BEHIND_AT,
                (BEHIND_AT, false) => lowered(self.automaton.start()),
                (_, false) => lowered(state),
            },
        }
    }

    /// Whether the answer is yes when the text ends here.
    pub(super) fn holds(&self, state: State) -> bool {
        state != BEFORE_AT && state != BEHIND_AT && self.automaton.holds(state)
    }

    /// For how many characters the text has to go on, at least, until it gets the answer; [`NEVER`] when none give it.
    pub(super) fn missing(&self, state: State, answer: bool) -> u32 {
        let to_domain = || self.automaton.missing(self.automaton.start()).max(1);
        match (answer, state) {
            (true, BEFORE_AT) => to_domain().saturating_add(1),
            (true, BEHIND_AT) => to_domain(),
            (true, _) => self.automaton.missing(state),
            // A second `@` may still take the domain away.
            (false, State::HELD) if self.view == View::Domain => 1,
            (false, State::HELD) => NEVER,
            (false, _) => 0,
        }
    }

    /// Whether the answer can be yes only if the next letter is one of those that are offered.
    pub(super) fn is_bound(&self, state: State) -> bool {
        state != BEFORE_AT && state != BEHIND_AT && self.automaton.is_bound(state)
    }

    /// Adds the letters that lead elsewhere than most do.
    pub(super) fn offer(&self, state: State, alphabet: &Alphabet, letters: &mut Vec<usize>) {
        let from = match state {
            BEFORE_AT => return,
            BEHIND_AT => self.automaton.start(),
            _ => state,
        };
        for symbol in self.automaton.symbols(from) {
            letters.extend(alphabet.letters(self.view, symbol));
        }
    }
}
