//! A shortest text that gives the wanted answers: a walk through the product of their automata (Hart, Nilsson and Raphael, "A formal
//! basis for the heuristic determination of minimum cost paths", 1968), guided by how much each of them still misses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::View;
use super::alphabet::{Alphabet, Letter, SIGMA};
use super::asked::Asked;
use super::automaton::{NEVER, State};
use super::met::Met;

/// Which text is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// A shortest one.
    Shortest,
    /// Whichever is found by going straight ahead.
    Straight,
}

/// What a search comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// A text.
    Text(String),
    /// That there is none.
    Nothing,
    /// That it would take more than may be spent.
    TooFar,
}

/// The state of a text of which nothing stands yet.
const EMPTY: State = State(0);
/// The state of a text that ends with a space, and so is none as yet.
const SPACED: State = State(1);
/// The state of any other text.
const WHOLE: State = State(2);

/// For how many characters more an `@` at the beginning counts, so that there is somebody before the domain.
const NOBODY: u32 = 2;

/// How a state was come by.
#[derive(Debug)]
struct Step {
    /// Positions of the state before and of the letter in between; none at the beginning.
    from: Option<(usize, usize)>,
    /// For how many characters the text counts.
    cost: u32,
    /// Whether its successors are known.
    done: bool,
}

/// Finds a text that gives these answers, and says what was spent: steps of single automata.
pub(super) fn search(alphabet: &Alphabet, wanted: &[(&Asked, bool)], order: Order, budget: usize) -> (Found, usize) {
    let mut search = Search {
        alphabet,
        wanted,
        order,
        everywhere: alphabet.everywhere(wanted.iter().map(|(asked, _)| asked.view)),
        no_sigma: wanted.iter().any(|(asked, _)| asked.names_sigma && asked.view != View::Raw),
        met: Met::new(wanted.len() + 1),
        steps: Vec::new(),
        round: 0,
        open: BinaryHeap::new(),
    };
    let mut spent = 0;
    let found = search.run(budget, &mut spent);
    (found, spent)
}

/// A search. A state of it is that of the text ([`EMPTY`], [`SPACED`] or [`WHOLE`]), and then one for each wanted answer.
struct Search<'s> {
    alphabet: &'s Alphabet,
    wanted: &'s [(&'s Asked, bool)],
    order: Order,
    /// The letters that matter in every state.
    everywhere: Vec<usize>,
    /// Whether a capital sigma has to stay out.
    no_sigma: bool,
    met: Met,
    /// For each state that was met.
    steps: Vec<Step>,
    /// How many states were taken up.
    round: usize,
    /// States that are still to be taken up: first those that promise the shortest text; of these, what the last round has led to;
    /// of these, those with the most readable letter.
    open: BinaryHeap<(Reverse<u32>, usize, Reverse<usize>)>,
}

impl Search<'_> {
    fn run(&mut self, budget: usize, spent: &mut usize) -> Found {
        let mut state: Vec<State> = Some(EMPTY).into_iter().chain(self.wanted.iter().map(|(a, _)| a.start())).collect();
        let mut next = state.clone();
        let mut letters: Vec<usize> = Vec::new();
        self.meet(&state, Step { from: None, cost: 0, done: false });
        while let Some((_, _, Reverse(at))) = self.open.pop() {
            let Some(step) = self.steps.get_mut(at).filter(|step| !step.done) else { continue };
            step.done = true;
            let cost = step.cost;
            self.met.read(at, &mut state);
            if self.is_goal(&state) {
                return Found::Text(self.spelt(at));
            }
            self.offer(&state, &mut letters);
            self.round += 1;
            for position in &letters {
                *spent += state.len();
                if *spent > budget {
                    return Found::TooFar;
                }
                let letter = self.alphabet.letter(*position);
                if self.advance(&state, letter, &mut next) {
                    let nobody = if letter.char == '@' && state.first() == Some(&EMPTY) { NOBODY } else { 0 };
                    let cost = cost.saturating_add(letter.cost + nobody);
                    self.meet(&next, Step { from: Some((at, *position)), cost, done: false });
                }
            }
        }
        Found::Nothing
    }

    /// Takes note of a state, unless it leads nowhere or was come by more cheaply.
    fn meet(&mut self, state: &[State], step: Step) {
        let missing = self.missing(state);
        if missing == NEVER {
            return;
        }
        let distance = match self.order {
            Order::Shortest => step.cost.saturating_add(missing),
            Order::Straight => missing,
        };
        let (at, is_new) = self.met.place(state);
        match self.steps.get_mut(at) {
            None if is_new => self.steps.push(step),
            // A step costs no less than what it makes up for, so that a state that is done was come by as cheaply as can be.
            Some(known) if !known.done && step.cost < known.cost => *known = step,
            Some(_) | None => return,
        }
        self.open.push((Reverse(distance), self.round, Reverse(at)));
    }

    /// How much the text has to go on at least; [`NEVER`] when nothing helps.
    fn missing(&self, state: &[State]) -> u32 {
        let each = self.wanted.iter().zip(state.iter().skip(1)).map(|((asked, answer), s)| asked.missing(*s, *answer));
        match self.order {
            Order::Shortest => each.max().unwrap_or(0),
            Order::Straight => each.fold(0, u32::saturating_add),
        }
    }

    fn is_goal(&self, state: &[State]) -> bool {
        let mut answers = self.wanted.iter().zip(state.iter().skip(1));
        state.first() == Some(&WHOLE) && answers.all(|((asked, answer), s)| asked.holds(*s) == *answer)
    }

    /// The letters that can make a difference now.
    fn offer(&self, state: &[State], letters: &mut Vec<usize>) {
        letters.clear();
        let each = || self.wanted.iter().zip(state.iter().skip(1));
        if let Some(((asked, _), state)) = each().find(|((asked, answer), s)| *answer && asked.is_bound(**s)) {
            letters.extend(self.alphabet.double());
            asked.offer(*state, self.alphabet, letters);
        } else {
            letters.extend_from_slice(&self.everywhere);
            each().for_each(|((asked, _), state)| asked.offer(*state, self.alphabet, letters));
        }
        letters.sort_unstable();
        letters.dedup();
    }

    /// Goes on with a letter; false when that cannot be.
    fn advance(&self, state: &[State], letter: &Letter, next: &mut Vec<State>) -> bool {
        next.clear();
        next.push(if letter.is_space { SPACED } else { WHOLE });
        next.extend(self.wanted.iter().zip(state.iter().skip(1)).map(|((asked, _), s)| asked.step(*s, letter)));
        !(letter.is_space && state.first() == Some(&EMPTY) || letter.char == SIGMA && self.no_sigma)
    }

    /// The text that leads to a state.
    fn spelt(&self, mut at: usize) -> String {
        let mut letters = Vec::new();
        while let Some((before, letter)) = self.steps.get(at).and_then(|step| step.from) {
            letters.push(self.alphabet.letter(letter).char);
            at = before;
        }
        letters.iter().rev().collect()
    }
}
