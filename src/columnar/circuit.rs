//! What decides, as a circuit: gates that are surely true or not, over questions that each read a single column.
//!
//! Kleene's logic needs no third state here. A condition becomes two gates, one for "surely true" and one for "surely false"; `not`
//! exchanges them, and a rule fires where the first of them holds.

use std::collections::HashMap;

/// A gate of a [`Circuit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Gate(u32);

/// A sum of a [`Circuit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SumId(u32);

/// When a gate holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// Always, or never.
    Const(bool),
    /// When a question has this answer: its position among the questions of all columns.
    Asked(usize),
    /// When another does not.
    Not(Gate),
    /// When all others do.
    All(Vec<Gate>),
    /// When one of the others does.
    Any(Vec<Gate>),
    /// When a sum is at least so large.
    Reaches(SumId, i128),
}

/// A whole number that is made of parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    /// What is always in it.
    pub(super) base: i128,
    /// The rest.
    pub(super) parts: Vec<Part>,
}

/// A part of a sum.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A fixed amount (of any sign) when a gate holds.
    Fixed {
        /// The amount.
        amount: i128,
        /// The gate.
        when: Gate,
    },
    /// An amount that a column makes: its position among the amounts of all columns.
    Amount {
        /// Which.
        amount: usize,
        /// It counts only when this gate holds; always when there is none.
        when: Option<Gate>,
    },
    /// Another sum, cut to a range.
    Sum {
        /// Which.
        sum: SumId,
        /// Not below.
        low: Option<i128>,
        /// Not above; counts behind `low`.
        high: Option<i128>,
        /// Whether it is taken away.
        minus: bool,
    },
}

/// Gates, each once; a gate stands behind all that it is made of.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    nodes: Vec<Node>,
    known: HashMap<Node, Gate>,
    sums: Vec<Sum>,
}

impl Gate {
    /// Its position among the gates.
    pub(super) fn position(self) -> usize {
        self.0 as usize
    }
}

impl SumId {
    /// Its position among the sums.
    pub(super) fn position(self) -> usize {
        self.0 as usize
    }
}

impl Circuit {
    /// All gates with their nodes, in order.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All sums, in order; each is made of earlier ones only.
    pub(super) fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// When a gate holds.
    #[allow(clippy::indexing_slicing, reason = "gates are handed out by `gate`, and nodes are never taken away")]
    pub(super) fn node(&self, gate: Gate) -> &Node {
        &self.nodes[gate.position()]
    }

    fn gate(&mut self, node: Node) -> Gate {
        if let Some(gate) = self.known.get(&node) {
            return *gate;
        }
        let gate = Gate(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.known.insert(node, gate);
        gate
    }

    pub(super) fn constant(&mut self, holds: bool) -> Gate {
        self.gate(Node::Const(holds))
    }

    pub(super) fn asked(&mut self, question: usize) -> Gate {
        self.gate(Node::Asked(question))
    }

    pub(super) fn not(&mut self, gate: Gate) -> Gate {
        match self.node(gate) {
            Node::Const(holds) => self.constant(!*holds),
            Node::Not(inner) => *inner,
            Node::Asked(_) | Node::All(_) | Node::Any(_) | Node::Reaches(..) => self.gate(Node::Not(gate)),
        }
    }

    pub(super) fn all(&mut self, gates: impl IntoIterator<Item = Gate>) -> Gate {
        self.joined(gates, true)
    }

    pub(super) fn any(&mut self, gates: impl IntoIterator<Item = Gate>) -> Gate {
        self.joined(gates, false)
    }

    /// All of them, or any of them. Constants, and what stands there twice, fall out.
    fn joined(&mut self, gates: impl IntoIterator<Item = Gate>, all: bool) -> Gate {
        let mut parts = Vec::new();
        for gate in gates {
            match self.node(gate) {
                Node::Const(holds) if *holds == all => {}
                Node::Const(_) => return gate,
                Node::Asked(_) | Node::Not(_) | Node::All(_) | Node::Any(_) | Node::Reaches(..) => parts.push(gate),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        match parts.as_slice() {
            [] => self.constant(all),
            [one] => *one,
            _ => self.gate(if all { Node::All(parts) } else { Node::Any(parts) }),
        }
    }

    pub(super) fn sum(&mut self, sum: Sum) -> SumId {
        self.sums.push(sum);
        SumId(u32::try_from(self.sums.len() - 1).unwrap_or(u32::MAX))
    }

    pub(super) fn reaches(&mut self, sum: SumId, least: i128) -> Gate {
        self.gate(Node::Reaches(sum, least))
    }

    /// At least so many of some gates.
    pub(super) fn at_least(&mut self, count: usize, gates: Vec<Gate>) -> Gate {
        if count == 0 {
            return self.constant(true);
        }
        if count > gates.len() {
            return self.constant(false);
        }
        if count == 1 {
            return self.any(gates);
        }
        if count == gates.len() {
            return self.all(gates);
        }
        let parts = gates.into_iter().map(|when| Part::Fixed { amount: 1, when }).collect();
        let sum = self.sum(Sum { base: 0, parts });
        self.reaches(sum, i128::try_from(count).unwrap_or(i128::MAX))
    }
}
