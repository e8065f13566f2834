//! A text test with any of many needles as one automaton: a trie, with a way back for the tests that look anywhere in a text.

use super::alphabet::Symbol;
use crate::ir::TextTest;

/// Where an automaton is in a text: at a node, or at the end of its interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State(pub(super) u32);

impl State {
    /// The text passes, whatever follows.
    pub(super) const HELD: State = State(u32::MAX);
    /// It does not, whatever follows.
    pub(super) const FAILED: State = State(u32::MAX - 1);
}

/// How many characters are missing where no number of them helps.
pub(super) const NEVER: u32 = u32::MAX;

/// Decides a test. It is built along Aho and Corasick, "Efficient string matching" (1975). A node is a beginning of a needle, and
/// its way back is the longest ending of that which begins a needle, too; for words, only where the ending follows a sign.
#[derive(Debug, Clone)]
pub(super) struct Automaton {
    nodes: Vec<Node>,
    /// Of all nodes, one node's in a row, in the order of the symbols.
    edges: Vec<(Symbol, u32)>,
    /// Where a sign, and where a letter or digit, leads that no edge takes.
    lost: [State; 2],
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Its edges: from, to.
    edges: (u32, u32),
    /// The node whose edges are tried when none of its own fits.
    back: Option<u32>,
    /// Whether the text has passed by now, whatever follows.
    held: bool,
    /// Whether a text that ends here passes.
    holds: bool,
    /// Whether it has passed when a sign comes next.
    held_by_sign: bool,
    /// How many characters are missing at least until it passes.
    missing: u32,
}

/// A node to be: the needles that begin with its characters, how many these are, and its way back.
#[derive(Clone, Copy)]
struct Group<'n> {
    needles: &'n [Vec<Symbol>],
    len: usize,
    back: Option<u32>,
}

const ROOT: u32 = 0;

/// For words, the root behind a letter or digit: no needle begins here.
const WITHIN_WORD: u32 = 1;

impl Automaton {
    /// Passes every text that is not empty.
    pub(super) fn any() -> Automaton {
        Automaton { nodes: vec![Node { missing: 1, ..Node::default() }], edges: Vec::new(), lost: [State::HELD; 2] }
    }

    /// Passes the texts that pass the test with any of the needles, but for the empty text.
    pub(super) fn new(test: TextTest, mut needles: Vec<Vec<Symbol>>) -> Automaton {
        needles.sort_unstable();
        needles.dedup();
        let lost = match test {
            TextTest::Whole | TextTest::StartsWith => [State::FAILED; 2],
            TextTest::Contains | TextTest::EndsWith => [State(ROOT); 2],
            TextTest::ContainsWord => [State(ROOT), State(WITHIN_WORD)],
        };
        let mut automaton = Automaton { nodes: Vec::new(), edges: Vec::new(), lost };
        // Shorter nodes come first, so that a way back leads to a node that is there.
        let mut groups = vec![Group { needles: &needles, len: 0, back: None }];
        if test == TextTest::ContainsWord {
            groups.push(Group { needles: &[], len: 0, back: None });
        }
        while let Some(Group { needles, len, back }) = groups.get(automaton.nodes.len()).copied() {
            let (ends, longer) = match needles.split_first() {
                Some((first, longer)) if first.len() == len => (true, longer),
                Some(_) | None => (false, needles),
            };
            let from = small(automaton.edges.len());
            for child in longer.chunk_by(|one, other| one.get(len) == other.get(len)) {
                let Some(symbol) = child.first().and_then(|needle| needle.get(len)) else { continue };
                let back = automaton.walk(back, *symbol);
                automaton.edges.push((*symbol, small(groups.len())));
                groups.push(Group { needles: child, len: len + 1, back: (back != State::FAILED).then_some(back.0) });
            }
            let mut node = Node { edges: (from, small(automaton.edges.len())), back, ..Node::default() };
            node.tell(test, ends, len, back.and_then(|back| automaton.node(back)));
            automaton.nodes.push(node);
        }
        automaton.measure();
        automaton
    }

    /// Fills in how far it is from each node: to the end of a needle that goes on from it or, on its way back, from a shorter node.
    fn measure(&mut self) {
        let missing = |automaton: &Automaton, node: u32| automaton.node(node).map_or(NEVER, |node| node.missing);
        for at in (0..self.nodes.len()).rev() {
            let next = self.edges_of(small(at)).iter().map(|(_, child)| missing(self, *child)).min();
            let Some(node) = self.nodes.get_mut(at) else { continue };
            node.missing = node.missing.min(next.map_or(NEVER, |next| next.saturating_add(1)));
        }
        for at in 0..self.nodes.len() {
            let back = self.nodes.get(at).and_then(|node| node.back).map_or(NEVER, |back| missing(self, back));
            // Out of a word, a sign leads to the root.
            let within_word = small(at) == WITHIN_WORD && self.lost.contains(&State(WITHIN_WORD));
            let to_root = if within_word { missing(self, ROOT).saturating_add(1) } else { NEVER };
            let Some(node) = self.nodes.get_mut(at) else { continue };
            node.missing = node.missing.min(back).min(to_root);
        }
    }

    /// Where it begins.
    pub(super) fn start(&self) -> State {
        self.enter(ROOT)
    }

    /// Where a symbol leads.
    pub(super) fn step(&self, state: State, symbol: Symbol) -> State {
        if state == State::HELD || state == State::FAILED {
            return state;
        }
        if !symbol.is_word() && self.node(state.0).is_some_and(|node| node.held_by_sign) {
            return State::HELD;
        }
        match self.walk(Some(state.0), symbol) {
            State::HELD => State::HELD,
            State::FAILED => State::FAILED,
            State(node) => self.enter(node),
        }
    }

    /// Whether a text that ends here passes.
    pub(super) fn holds(&self, state: State) -> bool {
        state == State::HELD || self.node(state.0).is_some_and(|node| node.holds)
    }

    /// How many characters are missing at least until the text passes.
    pub(super) fn missing(&self, state: State) -> u32 {
        if state == State::HELD { 0 } else { self.node(state.0).map_or(NEVER, |node| node.missing) }
    }

    /// Whether all symbols fail but those that it says.
    pub(super) fn is_bound(&self, state: State) -> bool {
        state != State::HELD && self.lost == [State::FAILED; 2]
    }

    /// The symbols that lead elsewhere than other letters or signs do.
    pub(super) fn symbols(&self, state: State) -> impl Iterator<Item = Symbol> {
        let nodes = std::iter::successors(Some(state.0), |node| self.node(*node)?.back);
        nodes.flat_map(|node| self.edges_of(node)).map(|(symbol, _)| *symbol)
    }

    fn enter(&self, node: u32) -> State {
        if self.node(node).is_some_and(|node| node.held) { State::HELD } else { State(node) }
    }

    /// Where a symbol leads from a node or, when no edge takes it, from those on its way back.
    fn walk(&self, mut from: Option<u32>, symbol: Symbol) -> State {
        while let Some(node) = from {
            let edges = self.edges_of(node);
            if let Ok(at) = edges.binary_search_by_key(&symbol, |(symbol, _)| *symbol) {
                return edges.get(at).map_or(State::FAILED, |(_, node)| State(*node));
            }
            from = self.node(node).and_then(|node| node.back);
        }
        let [sign, word] = self.lost;
        if symbol.is_word() { word } else { sign }
    }

    fn node(&self, node: u32) -> Option<&Node> {
        self.nodes.get(node as usize)
    }

    fn edges_of(&self, node: u32) -> &[(Symbol, u32)] {
        let range = self.node(node).map(|node| node.edges.0 as usize..node.edges.1 as usize);
        range.and_then(|range| self.edges.get(range)).unwrap_or(&[])
    }
}

impl Node {
    /// Fills in what it tells about a text that ends with its characters. `ends`: whether they are a needle; `len`: how many
    /// they are; `back`: the node on its way back.
    fn tell(&mut self, test: TextTest, ends: bool, len: usize, back: Option<&Node>) {
        let back = |tells: fn(&Node) -> bool| back.is_some_and(tells);
        match test {
            TextTest::Whole => self.holds = ends,
            TextTest::StartsWith => self.held = ends,
            TextTest::Contains => self.held = ends || back(|node| node.held),
            TextTest::EndsWith => self.holds = ends || back(|node| node.holds),
            TextTest::ContainsWord => {
                // The empty word stands before a sign, but not at the end of a text.
                self.holds = ends && len > 0 || back(|node| node.holds);
                self.held_by_sign = ends || back(|node| node.held_by_sign);
            }
        }
        self.missing = if ends { 0 } else { NEVER };
    }
}

/// A position as the automaton keeps it; texts are much shorter than these numbers go.
fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX - 2)
}
