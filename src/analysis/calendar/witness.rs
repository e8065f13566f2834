//! Values for facts that nothing speaks against: such as are nice to read, and confirmed by the semantics.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;

use super::facts::{Facts, Node};
use super::network::Network;
use super::zone::{self, SECOND, Zone, number};
use super::{Bound, Fact, Kind, Moment};
use crate::eval::{Now, end_of_day};
use crate::types::Value;

/// An as-of time on this day and a value for each field, with which every fact is as it is wanted. The as-of time is the
/// end of the day when it may be; values are as close to it as they may be, and instants at noon or at full hours.
pub(super) fn find(
    facts: &Facts,
    network: &Network,
    day: Date,
    kinds: &[Kind],
    wanted: &[(Fact, bool)],
) -> Option<(Timestamp, Vec<Moment>)> {
    let clock = facts.clock();
    let zone = &clock.zone;
    let mut rooms: Vec<Room> = (0..facts.nodes().len()).map(|node| Room::of(node, facts, network, day)).collect();
    // What is chosen for one node narrows the others. Limits are complete, so that something is left for each.
    let mut choose = |node: Node, value: &dyn Fn(Room) -> i128| {
        let node = facts.nodes().iter().position(|known| *known == node)?;
        let value = value(*rooms.get(node)?);
        for (other, room) in rooms.iter_mut().enumerate() {
            room.high = network.limit((node, other)).map_or(room.high, |within| room.high.min(value + within));
            room.low = network.limit((other, node)).map_or(room.low, |within| room.low.max(value - within));
        }
        Some(value)
    };
    let end = clock.at.or_else(|| end_of_day(&zone.name, day))?.as_nanosecond();
    let as_of = choose(Node::AsOf, &|room| if room.holds(end) { end } else { room.instant(end, zone) }).unwrap_or(end);
    let mut moments = Vec::with_capacity(kinds.len());
    for (field, kind) in kinds.iter().enumerate() {
        moments.push(match kind {
            Kind::Date => Moment::Date(zone::day(choose(Node::Date(field), &|room| room.closest(number(day)))?)?),
            Kind::DateTime => {
                let instant = choose(Node::DateTime(field), &|room| room.instant(as_of, zone))?;
                Moment::DateTime(Timestamp::from_nanosecond(instant).ok()?)
            }
        });
    }
    let as_of = Timestamp::from_nanosecond(as_of).ok()?;
    let now = Now::new(&zone.name, as_of);
    let confirmed =
        clock.contains(as_of) && wanted.iter().all(|(fact, wanted)| holds(fact, &moments, &now) == Some(*wanted));
    confirmed.then_some((as_of, moments))
}

/// Whether a fact holds: what it means. None when it compares what cannot be compared.
pub(super) fn holds(fact: &Fact, moments: &[Moment], now: &Now) -> Option<bool> {
    let value = |field: usize| {
        moments.get(field).map(|moment| match moment {
            Moment::Date(day) => Value::Date(*day),
            Moment::DateTime(instant) => Value::DateTime(*instant),
        })
    };
    let field = value(fact.field)?;
    let (field, bound) = match fact.bound {
        Bound::Day(day) => (now.day_of(&field)?, Value::Date(day)),
        Bound::AsOfDay(shift) => (now.day_of(&field)?, now.shifted_day(shift)),
        Bound::Instant(instant) => (field, Value::DateTime(instant)),
        Bound::AsOf(shift) => (field, now.shifted(shift)),
        Bound::Field(other) => (field, value(other)?),
    };
    Some(match field.order(&bound)? {
        Ordering::Less => false,
        Ordering::Equal => !fact.strict,
        Ordering::Greater => true,
    })
}

/// Where a node may lie, both ends in.
#[derive(Debug, Clone, Copy)]
struct Room {
    low: i128,
    high: i128,
}

impl Room {
    /// What the points leave for a node.
    fn of(node: usize, facts: &Facts, network: &Network, day: Date) -> Room {
        let mut room = Room { low: i128::MIN, high: i128::MAX };
        for (at, point) in facts.points() {
            let place = || point.on(day, &facts.clock().zone);
            if let Some(within) = network.limit((at, node)) {
                room.high = room.high.min(place().settled + within);
            }
            if let Some(within) = network.limit((node, at)) {
                room.low = room.low.max(place().first - within);
            }
        }
        room
    }

    fn holds(self, value: i128) -> bool {
        self.low <= value && value <= self.high
    }

    /// The value that is closest to another one.
    fn closest(self, to: i128) -> i128 {
        to.max(self.low).min(self.high)
    }

    /// The instant closest to another one, or near to it noon, a full hour, minute or second.
    fn instant(self, to: i128, zone: &Zone) -> i128 {
        let closest = self.closest(to);
        zone.noon(closest)
            .into_iter()
            .chain([3600, 60, 1].into_iter().flat_map(|seconds| zone.round(closest, seconds * SECOND)))
            .find(|instant| self.holds(*instant))
            .unwrap_or(closest)
    }
}
