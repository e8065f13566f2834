//! Facts as difference constraints, and these as conditions on the as-of day.

use jiff::Timestamp;
use jiff::civil::Date;

use super::network::{Edge, Network};
use super::point::Point;
use super::search::{self, Condition};
use super::{Bound, Clock, Fact, Kind};
use crate::types::Unit;

/// More nodes than the conditions on one lead ever have; with more, nothing is known.
const MAX_NODES: usize = 400;

/// Something with a place on the line of days or on the line of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// What the as-of day alone decides.
    Point(Point),
    /// A field of days.
    Date(usize),
    /// A field of instants.
    DateTime(usize),
    /// The day of a field of instants. Facts about it are put on both lines: where clocks are changed, days are exact.
    DayOf(usize),
    /// The as-of time.
    AsOf,
}

/// Where a line is cut in two: so much behind a node. A fact is true of that place and of all behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    node: usize,
    behind: i128,
}

/// Facts that are wanted together.
#[derive(Debug, Clone)]
pub(super) struct Facts<'c> {
    clock: &'c Clock,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// What comes of facts that are wanted together.
#[derive(Debug)]
pub(super) enum Found {
    /// On this as-of day nothing speaks against them.
    Day(Date, Network),
    /// Those at these positions, ascending, exclude each other (as all that always holds does, when there are none).
    Conflict(Vec<usize>),
    /// There are too many, or no as-of times that anything is known about.
    NotKnown,
}

impl<'c> Facts<'c> {
    /// Nothing is wanted yet.
    pub(super) fn new(clock: &'c Clock) -> Facts<'c> {
        Facts { clock, nodes: Vec::new(), edges: Vec::new() }
    }

    /// The as-of times that they are wanted at.
    pub(super) fn clock(&self) -> &'c Clock {
        self.clock
    }

    /// All nodes; the network has them in this order.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The points among the nodes.
    pub(super) fn points(&self) -> impl Iterator<Item = (usize, Point)> + Clone + '_ {
        self.nodes.iter().enumerate().filter_map(|(number, node)| Some((number, node.point()?)))
    }

    /// Adds a field, about which nothing is wanted yet.
    pub(super) fn field(&mut self, kind: Kind, field: usize) -> usize {
        self.node(Node::field(kind, field))
    }

    /// Adds a fact, known by its position, that is to hold or not to hold. None when it compares what cannot be compared.
    pub(super) fn want(
        &mut self,
        kind: impl Fn(usize) -> Option<Kind>,
        fact: &Fact,
        holds: bool,
        position: usize,
    ) -> Option<()> {
        let own = kind(fact.field)?;
        let cut = self.cut(own, fact)?;
        match fact.bound {
            Bound::Day(_) | Bound::AsOfDay(_) if own == Kind::DateTime => {
                let cut = self.cut(Kind::Date, fact)?;
                let day = self.node(Node::DayOf(fact.field));
                self.side(day, cut, holds, position);
            }
            Bound::Field(other) if kind(other) != Some(own) => return None,
            Bound::Day(_) | Bound::AsOfDay(_) | Bound::Instant(_) | Bound::AsOf(_) | Bound::Field(_) => {}
        }
        let field = self.field(own, fact.field);
        self.side(field, cut, holds, position);
        Some(())
    }

    /// Where a fact cuts the line of days or, for a field of instants, of instants. None when it cannot be compared.
    pub(super) fn cut(&mut self, kind: Kind, fact: &Fact) -> Option<Cut> {
        let more = i128::from(fact.strict);
        let (node, behind) = match (fact.bound, kind) {
            (Bound::Day(day), Kind::Date) => (Node::Point(Point::day(day)), more),
            (Bound::Day(day), Kind::DateTime) => (Node::Point(Point::start(&self.clock.zone, day, fact.strict)), 0),
            (Bound::AsOfDay(shift), Kind::Date) => (Node::Point(Point::Day(shift)), more),
            (Bound::AsOfDay(shift), Kind::DateTime) => (Node::Point(Point::Start { shift, next: fact.strict }), 0),
            (Bound::Instant(instant), Kind::DateTime) => (Node::Point(Point::instant(instant)), more),
            (Bound::AsOf(shift), Kind::DateTime) => {
                (Node::AsOf, shift.from_instant(Timestamp::UNIX_EPOCH).as_nanosecond() + more)
            }
            (Bound::Field(other), _) => (Node::field(kind, other), more),
            (Bound::Instant(_) | Bound::AsOf(_), Kind::Date) => return None,
        };
        Some(Cut { node: self.node(node), behind })
    }

    /// Where a cut is at the end of an as-of day; none when that depends on a field.
    pub(super) fn place(&self, cut: Cut, day: Date) -> Option<i128> {
        let zone = &self.clock.zone;
        let node = match (self.nodes.get(cut.node)?, self.clock.at) {
            (Node::Point(point), _) => point.on(day, zone).first,
            (Node::AsOf, Some(instant)) => instant.as_nanosecond(),
            (Node::AsOf, None) => Point::start(zone, day, true).on(day, zone).first - 1,
            (Node::Date(_) | Node::DateTime(_) | Node::DayOf(_), _) => return None,
        };
        Some(node + cut.behind)
    }

    /// Whether they cannot hold together.
    pub(super) fn excluded(&self) -> bool {
        match self.solve() {
            Found::Conflict(_) => true,
            Found::Day(..) | Found::NotKnown => false,
        }
    }

    /// An as-of day that nothing speaks against, or why there is none.
    pub(super) fn solve(&self) -> Found {
        if self.clock.from > self.clock.to || self.nodes.len() > MAX_NODES {
            return Found::NotKnown;
        }
        let free = self.nodes.iter().enumerate().filter(|(_, node)| node.point().is_none());
        let free: Vec<usize> = free.map(|(number, _)| number).collect();
        let network = match Network::new(self.nodes.len(), &self.edges, &free) {
            Ok(network) => network,
            Err(positions) => return Found::Conflict(positions),
        };
        let conditions = self.conditions(&network);
        match search::day(self.clock, &conditions, |way| network.facts(way)) {
            Ok(day) => Found::Day(day, network),
            Err(positions) => Found::Conflict(positions),
        }
    }

    /// What the network says of the as-of day: how far points may be apart.
    fn conditions(&self, network: &Network) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (start, from) in self.points() {
            for (end, to) in self.points() {
                let way = (start, end);
                conditions.extend(network.limit(way).map(|within| Condition { from, to, within, way }));
            }
        }
        conditions
    }

    /// The number of a node; a new one comes with what always holds for it.
    fn node(&mut self, node: Node) -> usize {
        if let Some(known) = self.nodes.iter().position(|known| *known == node) {
            return known;
        }
        let number = self.nodes.len();
        self.nodes.push(node);
        match node {
            Node::Point(_) => {}
            Node::Date(_) | Node::DayOf(_) => self.between(number, ends(Kind::Date), 0),
            Node::DateTime(_) => self.between(number, ends(Kind::DateTime), 0),
            Node::AsOf => match self.clock.at {
                Some(instant) => self.between(number, (Point::instant(instant), Point::instant(instant)), 0),
                None => {
                    let start = |next| Point::Start { shift: Unit::Day.zero(), next };
                    self.between(number, (start(false), start(true)), 1);
                }
            },
        }
        number
    }

    /// Always `low <= node <= high - less`.
    fn between(&mut self, node: usize, (low, high): (Point, Point), less: i128) {
        let (low, high) = (self.node(Node::Point(low)), self.node(Node::Point(high)));
        self.edges.push(Edge { from: node, to: low, within: 0, fact: None });
        self.edges.push(Edge { from: high, to: node, within: -less, fact: None });
    }

    /// Puts a node behind a cut, or before it.
    fn side(&mut self, node: usize, cut: Cut, behind: bool, position: usize) {
        let fact = Some(position);
        self.edges.push(if behind {
            Edge { from: node, to: cut.node, within: -cut.behind, fact }
        } else {
            Edge { from: cut.node, to: node, within: cut.behind - 1, fact }
        });
    }
}

impl Node {
    fn field(kind: Kind, field: usize) -> Node {
        match kind {
            Kind::Date => Node::Date(field),
            Kind::DateTime => Node::DateTime(field),
        }
    }

    fn point(self) -> Option<Point> {
        match self {
            Node::Point(point) => Some(point),
            Node::Date(_) | Node::DateTime(_) | Node::DayOf(_) | Node::AsOf => None,
        }
    }
}

/// The first and the last value of a kind.
fn ends(kind: Kind) -> (Point, Point) {
    match kind {
        Kind::Date => (Point::day(Date::MIN), Point::day(Date::MAX)),
        Kind::DateTime => (Point::instant(Timestamp::MIN), Point::instant(Timestamp::MAX)),
    }
}
