//! The theory of one text field: which answers to the questions asked of a text can go together, and a text that gives them.
//!
//! Each question is an automaton ([`asked`]). It reads characters that stand for all those that it cannot tell apart ([`alphabet`]),
//! and a search through the product of the automata finds a shortest text, or that there is none ([`search`]). The answers are exact;
//! the one exception is said at [`Realized::NotKnown`].

mod alphabet;
mod asked;
mod automaton;
mod met;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::eval::domain_of;
use crate::ir::TextTest;
use crate::types::Value;
use alphabet::Alphabet;
use asked::Asked;
use search::{Found, Order, search};

/// As what a text is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum View {
    /// As it stands.
    Raw,
    /// In lower case.
    Lower,
    /// What follows its only `@`, trimmed and in lower case. (The same when the text is in lower case before.)
    Domain,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether it is one of these.
    OneOf(BTreeSet<String>),
    /// Whether it passes the test with any of the needles.
    Test(TextTest, Vec<String>),
    /// Whether it is there at all. Only a domain may not be.
    Defined,
}

/// A question of a text. Of a domain that is not there, the answer is no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Atom {
    /// As what.
    pub(crate) view: View,
    /// What.
    pub(crate) question: Question,
}

impl Atom {
    /// The answer of a text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let seen = match self.view {
            View::Raw => Some(text.to_owned()),
            View::Lower => Some(text.to_lowercase()),
            View::Domain => match domain_of(&Value::Text(text.to_owned())) {
                Some(Value::Text(domain)) => Some(domain),
                Some(_) | None => None,
            },
        };
        seen.is_some_and(|seen| match &self.question {
            Question::OneOf(texts) => texts.contains(&seen),
            Question::Test(test, needles) => needles.iter().any(|needle| test.holds(&seen, needle)),
            Question::Defined => true,
        })
    }
}

/// Whether some text gives the answers that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Realized {
    /// This one does: a shortest one, but for characters that nobody types, which count as several; where finding that takes
    /// too long, any.
    Value(String),
    /// None does, because these cannot go together: positions in what was wanted, as few as leaving out one after the other finds.
    Impossible(Vec<usize>),
    /// The search was given up, or hangs on a capital sigma, whose lower case depends on its neighbours, or a question is not there.
    NotKnown,
}

/// How much may be spent on finding a shortest text, and on finding two answers that cannot go together: steps of single automata,
/// some ten nanoseconds each.
const FOR_SHORTEST: usize = 10_000;

/// How much may be spent on finding any text.
const FOR_ANY: usize = 5_000_000;

/// How much work may go into finding out which answers do not go together.
const FOR_CORE: u64 = 500_000_000;

/// The texts that a field can hold, and what is asked of them. They are neither empty nor blanks, and have no spaces at their ends.
#[derive(Debug, Clone)]
pub(crate) struct TextDomain {
    atoms: Vec<Atom>,
    /// The atoms, ready to be asked.
    asked: Vec<Asked>,
    /// Whether it is a blank.
    blank: Option<Asked>,
    /// The characters that all of these tell apart, once they are asked for.
    alphabet: OnceLock<Alphabet>,
}

impl TextDomain {
    /// The texts of a field that takes these texts (trimmed; when case is ignored, in any case) for missing.
    pub(crate) fn new(blanks: Vec<String>, blanks_ignore_case: bool) -> TextDomain {
        let view = if blanks_ignore_case { View::Lower } else { View::Raw };
        let blanks = blanks.into_iter().map(|blank| match view {
            View::Lower | View::Domain => blank.trim().to_lowercase(),
            View::Raw => blank.trim().to_owned(),
        });
        let blanks: BTreeSet<String> = blanks.collect();
        let blank = (!blanks.is_empty()).then(|| Asked::new(&Atom { view, question: Question::OneOf(blanks) }));
        TextDomain { atoms: Vec::new(), asked: Vec::new(), blank, alphabet: OnceLock::new() }
    }

    /// Adds a question: the next position.
    pub(crate) fn push(&mut self, atom: Atom) {
        self.asked.push(Asked::new(&atom));
        self.atoms.push(atom);
        self.alphabet = OnceLock::new();
    }

    /// The questions.
    pub(crate) fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// A text that gives these answers, each to the question at a position.
    pub(crate) fn realize(&self, wanted: &[(usize, bool)], work: &mut u64) -> Realized {
        let asked = wanted.iter().map(|(atom, answer)| Some((self.asked.get(*atom)?, *answer)));
        match asked.collect::<Option<Vec<_>>>() {
            Some(asked) => self.answer(&asked, work),
            None => Realized::NotKnown,
        }
    }

    fn answer(&self, wanted: &[(&Asked, bool)], work: &mut u64) -> Realized {
        let (mut found, mut spent) = self.search(wanted, Order::Shortest, FOR_SHORTEST, work);
        if found == Found::TooFar {
            if let Some(pair) = self.clash(wanted, work) {
                return Realized::Impossible(self.core(wanted, pair, FOR_SHORTEST, work));
            }
            (found, spent) = self.search(wanted, Order::Straight, FOR_ANY, work);
        }
        match found {
            Found::Text(text) => Realized::Value(text),
            Found::Nothing if self.is_exact(wanted) => {
                // Where leaving an answer out makes the others hard, it is kept.
                let budget = spent.saturating_mul(4).max(FOR_SHORTEST);
                Realized::Impossible(self.core(wanted, (0..wanted.len()).collect(), budget, work))
            }
            Found::Nothing | Found::TooFar => Realized::NotKnown,
        }
    }

    fn search(&self, wanted: &[(&Asked, bool)], order: Order, budget: usize, work: &mut u64) -> (Found, usize) {
        let blank = self.blank.iter().map(|blank| (blank, false));
        let wanted: Vec<_> = wanted.iter().copied().chain(blank).collect();
        let alphabet = self.alphabet.get_or_init(|| Alphabet::of(self.asked.iter().chain(&self.blank)));
        let (found, spent) = search(alphabet, &wanted, order, budget);
        *work += 20 * (spent + wanted.len()) as u64;
        (found, spent)
    }

    /// Whether no text is left out: the capital sigma is when it matters both as it stands and in lower case.
    fn is_exact(&self, wanted: &[(&Asked, bool)]) -> bool {
        let sigmas = || wanted.iter().map(|(asked, _)| *asked).chain(&self.blank).filter(|asked| asked.names_sigma);
        !(sigmas().any(|asked| asked.view == View::Raw) && sigmas().any(|asked| asked.view != View::Raw))
    }

    /// Whether these of the wanted answers are found not to go together.
    fn clashes(&self, wanted: &[(&Asked, bool)], positions: &[usize], budget: usize, work: &mut u64) -> bool {
        let wanted: Vec<_> = positions.iter().filter_map(|at| wanted.get(*at).copied()).collect();
        self.is_exact(&wanted) && self.search(&wanted, Order::Straight, budget, work).0 == Found::Nothing
    }

    /// The first two answers that do not go together: most often, it is as simple as that. (Two times no hardly ever is too much.)
    fn clash(&self, wanted: &[(&Asked, bool)], work: &mut u64) -> Option<Vec<usize>> {
        let pairs = (0..wanted.len()).flat_map(|one| (one + 1..wanted.len()).map(move |other| [one, other]));
        let is_yes = |at: usize| wanted.get(at).is_some_and(|(_, answer)| *answer);
        let mut pairs = pairs.filter(|[one, other]| is_yes(*one) || is_yes(*other));
        pairs.find(|pair| self.clashes(wanted, pair, FOR_SHORTEST, work)).map(Vec::from)
    }

    /// What is left of answers that do not go together when first many and then single ones are left out as long as the others do
    /// not go together either. `budget`: for each try; with all of them it ends early, and more is left than need be.
    fn core(&self, wanted: &[(&Asked, bool)], mut core: Vec<usize>, budget: usize, work: &mut u64) -> Vec<usize> {
        let enough = work.saturating_add(FOR_CORE);
        let mut many = core.len().div_ceil(2);
        while many > 0 {
            let mut at = 0;
            while at < core.len() && *work < enough {
                let others: Vec<usize> = core.iter().take(at).chain(core.iter().skip(at + many)).copied().collect();
                if self.clashes(wanted, &others, budget, work) {
                    core = others;
                } else {
                    at += many;
                }
            }
            many /= 2;
        }
        core
    }
}
