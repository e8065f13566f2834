//! Difference constraints: how far one node may lie ahead of another, and which facts say so.

/// `to - from <= within`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// A node.
    pub(super) from: usize,
    /// Another one, or the same.
    pub(super) to: usize,
    /// The most that the second may be ahead of the first.
    pub(super) within: i128,
    /// The position of the fact that says so; none for what always holds.
    pub(super) fact: Option<usize>,
}

/// The tightest limits that follow from some edges by going through free nodes.
#[derive(Debug)]
pub(super) struct Network {
    size: usize,
    /// From each node (rows) to each node (columns).
    limits: Vec<Option<Limit>>,
}

#[derive(Debug, Clone, Copy)]
struct Limit {
    within: i128,
    by: By,
}

/// Where a limit comes from.
#[derive(Debug, Clone, Copy)]
enum By {
    Fact(Option<usize>),
    /// Two limits that meet in this node.
    Through(usize),
}

impl Network {
    /// Follows all ways that run through `free` nodes, by Floyd's and Warshall's algorithm.
    ///
    /// # Errors
    /// The facts of a contradiction among free nodes alone: a way back to its beginning that is shorter than nothing.
    pub(super) fn new(size: usize, edges: &[Edge], free: &[usize]) -> Result<Network, Vec<usize>> {
        let mut network = Network { size, limits: vec![None; size * size] };
        for edge in edges {
            network.tighten((edge.from, edge.to), Limit { within: edge.within, by: By::Fact(edge.fact) });
        }
        network.free_of_contradiction(free)?;
        for &node in free {
            for from in 0..size {
                let Some(first) = network.limit((from, node)) else { continue };
                for to in 0..size {
                    let Some(second) = network.limit((node, to)) else { continue };
                    network.tighten((from, to), Limit { within: first + second, by: By::Through(node) });
                }
            }
            network.free_of_contradiction(free)?;
        }
        Ok(network)
    }

    /// The most that `to - from` may be; none when it may be anything.
    pub(super) fn limit(&self, way: (usize, usize)) -> Option<i128> {
        self.known(way).map(|limit| limit.within)
    }

    /// The facts behind a limit, ascending.
    pub(super) fn facts(&self, way: (usize, usize)) -> Vec<usize> {
        let mut facts = Vec::new();
        let mut open = vec![way];
        while let Some(way) = open.pop() {
            match self.known(way).map(|limit| limit.by) {
                Some(By::Through(node)) => open.extend([(way.0, node), (node, way.1)]),
                Some(By::Fact(fact)) => facts.extend(fact),
                None => {}
            }
        }
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    fn known(&self, (from, to): (usize, usize)) -> Option<Limit> {
        self.limits.get(from * self.size + to).copied().flatten()
    }

    fn tighten(&mut self, (from, to): (usize, usize), limit: Limit) {
        if let Some(known) = self.limits.get_mut(from * self.size + to)
            && known.is_none_or(|known| limit.within < known.within)
        {
            *known = Some(limit);
        }
    }

    fn free_of_contradiction(&self, free: &[usize]) -> Result<(), Vec<usize>> {
        match free.iter().find(|&&node| self.limit((node, node)).is_some_and(|within| within < 0)) {
            Some(&node) => Err(self.facts((node, node))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::{Edge, Network};

    fn edge(from: usize, to: usize, within: i128, fact: usize) -> Edge {
        Edge { from, to, within, fact: Some(fact) }
    }

    #[test]
    fn limits_add_up_on_the_way_through_free_nodes_only() {
        let edges = [edge(0, 1, 5, 0), edge(1, 2, -2, 1), edge(2, 3, 1, 2), edge(0, 2, 9, 3)];
        let network = Network::new(4, &edges, &[1]).unwrap();
        assert_eq!((network.limit((0, 2)), network.facts((0, 2))), (Some(3), vec![0, 1]));
        assert_eq!(network.limit((0, 3)), None);
    }

    #[test]
    fn a_way_back_that_is_too_short_is_a_contradiction() {
        let edges = [edge(0, 1, 3, 0), edge(1, 2, -2, 1), edge(2, 1, 1, 2)];
        assert_eq!(Network::new(3, &edges, &[1, 2]).err(), Some(vec![1, 2]));
    }
}
