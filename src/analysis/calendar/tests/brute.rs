//! Random facts on random clocks, against trying all as-of days with all values that could make a difference.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::super::witness::holds;
use super::super::{Bound, Clock, Fact, Kind, Moment, Realized};
use super::{confirm, days, hours, months, shift};
use crate::eval::Now;
use crate::types::{Unit, time_zone};

/// A clock and facts on it.
#[derive(Debug, Clone)]
struct Case {
    zone: &'static str,
    from: Date,
    to: Date,
    at: Option<Timestamp>,
    kinds: Vec<Kind>,
    wanted: Vec<(Fact, bool)>,
}

/// An as-of time, and days and instants to try at that time.
struct Trial {
    as_of: Timestamp,
    days: Vec<Moment>,
    instants: Vec<Moment>,
}

impl Case {
    fn clock(&self) -> Clock {
        match self.at {
            Some(at) => Clock::at(self.zone, at),
            None => Clock::days(self.zone, self.from, self.to),
        }
    }

    fn facts(&self) -> Vec<Fact> {
        self.wanted.iter().map(|(fact, _)| fact.clone()).collect()
    }

    /// All as-of days; as-of times and values around everything that facts can be cut at, and as far from that as facts
    /// that lean on each other can push them.
    fn trials(&self) -> Vec<Trial> {
        let zone = time_zone(self.zone).unwrap();
        let mut trials = Vec::new();
        for day in self.from.series(1.day()).take_while(|day| *day <= self.to) {
            let (mut days, mut cuts, mut moves) = (vec![day], Vec::new(), vec![0]);
            for (fact, _) in &self.wanted {
                match fact.bound {
                    Bound::Day(day) => days.push(day),
                    Bound::AsOfDay(shift) => days.push(shift.from_day(day)),
                    Bound::Instant(instant) => cuts.push(instant),
                    Bound::AsOf(shift) => moves.push(shift.from_instant(Timestamp::UNIX_EPOCH).as_nanosecond()),
                    Bound::Field(_) => {}
                }
            }
            for day in days.iter().flat_map(|day| [*day, day.saturating_add(1.day())]) {
                let midnight = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
                cuts.extend([midnight.earlier().unwrap(), midnight.later().unwrap()]);
                let before = day.saturating_sub(1.day()).to_zoned(TimeZone::UTC).unwrap().timestamp();
                cuts.extend(zone.following(before).take(1).map(|change| change.timestamp()));
            }
            let ends = [Date::MIN, Date::MAX];
            let days =
                days.iter().flat_map(|day| (-3..=3).map(|more: i32| day.saturating_add(more.days()))).chain(ends);
            let days: Vec<Moment> = unique(days).into_iter().map(Moment::Date).collect();
            let moves: Vec<i128> = moves.iter().flat_map(|moved| (-3..=3).map(move |more| moved + more)).collect();
            let around = |instants: &[Timestamp], sign: i128| {
                let all =
                    instants.iter().flat_map(|at| moves.iter().map(move |moved| at.as_nanosecond() + sign * moved));
                unique(all.filter_map(|at| Timestamp::from_nanosecond(at).ok()))
            };
            let times = if let Some(at) = self.at { vec![at] } else { around(&cuts, -1) };
            for as_of in times.into_iter().filter(|at| zone.to_datetime(*at).date() == day) {
                let ends = [Timestamp::MIN, Timestamp::MAX];
                let instants = unique(around(&[as_of], 1).into_iter().chain(around(&cuts, 1)).chain(ends));
                let instants = instants.into_iter().map(Moment::DateTime).collect();
                trials.push(Trial { as_of, days: days.clone(), instants });
            }
        }
        trials
    }

    /// Whether some trial has these facts, about at most two fields, as they are wanted.
    fn possible(&self, wanted: &[(Fact, bool)]) -> bool {
        let (of_fields, single): (Vec<_>, Vec<_>) =
            wanted.iter().cloned().partition(|(fact, _)| matches!(fact.bound, Bound::Field(_)));
        self.trials().iter().any(|trial| {
            let now = Now::new(self.zone, trial.as_of);
            let all = |facts: &[(Fact, bool)], moments: &[Moment]| {
                facts.iter().all(|(fact, wanted)| holds(fact, moments, &now) == Some(*wanted))
            };
            let values = |field: usize| {
                let of_field: Vec<_> = single.iter().filter(|(fact, _)| fact.field == field).cloned().collect();
                let mut values = match self.kinds.get(field) {
                    Some(Kind::DateTime) => trial.instants.clone(),
                    Some(Kind::Date) | None => trial.days.clone(),
                };
                values.retain(|value| all(&of_field, &[value.clone(), value.clone()]));
                values
            };
            let (first, second) = (values(0), values(1));
            let pair = |one: &Moment, two: &Moment| all(&of_fields, &[one.clone(), two.clone()]);
            first.iter().any(|one| second.iter().any(|two| pair(one, two)))
        })
    }

    /// Whether days come twice here, or not at all, so that an answer may not be known.
    fn is_odd(&self) -> bool {
        ["America/St_Johns", "Pacific/Apia"].contains(&self.zone)
    }
}

/// Whether there are an as-of time on a day and a value of the one field for which the facts are as wanted. Worked out from
/// bounds alone, for zones in which days come once.
fn possible_on(day: Date, zone: &TimeZone, kind: Kind, wanted: &[(Fact, bool)]) -> bool {
    let start = |day: Date| match kind {
        Kind::Date => i128::from(day.duration_since(date(2000, 1, 1)).as_hours() / 24),
        Kind::DateTime => day.to_zoned(zone.clone()).unwrap().timestamp().as_nanosecond(),
    };
    let next = |day: Date| start(day.tomorrow().unwrap());
    // All that the field is compared with, and how far before (or behind) the as-of time it is.
    let (mut low, mut high) = (i128::MIN / 4, i128::MAX / 4);
    let (mut ago, mut ahead) = (i128::MIN / 4, i128::MAX / 4);
    for (fact, holds) in wanted {
        let more = i128::from(fact.strict);
        let (cut, relative) = match fact.bound {
            Bound::Day(day) => (if fact.strict { next(day) } else { start(day) }, false),
            Bound::AsOfDay(shift) if fact.strict => (next(shift.from_day(day)), false),
            Bound::AsOfDay(shift) => (start(shift.from_day(day)), false),
            Bound::Instant(instant) => (instant.as_nanosecond() + more, false),
            Bound::AsOf(shift) => (shift.from_instant(Timestamp::UNIX_EPOCH).as_nanosecond() + more, true),
            Bound::Field(_) => panic!("one field alone"),
        };
        match (relative, *holds) {
            (false, true) => low = low.max(cut),
            (false, false) => high = high.min(cut - 1),
            (true, true) => ago = ago.max(cut),
            (true, false) => ahead = ahead.min(cut - 1),
        }
    }
    let (earliest, latest) = (start(day).max(low - ahead), (next(day) - 1).min(high - ago));
    low <= high && ago <= ahead && (kind == Kind::Date || earliest <= latest)
}

fn unique<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Zones, and days on which months end or clocks are changed.
const PLACES: &[(&str, Date, Date)] = &[
    ("UTC", date(2026, 1, 20), date(2026, 3, 10)),
    ("UTC", date(2024, 2, 20), date(2024, 3, 5)),
    ("UTC", date(2100, 2, 25), date(2100, 3, 2)),
    ("Europe/Berlin", date(2026, 3, 27), date(2026, 3, 31)),
    ("Europe/Berlin", date(2026, 10, 23), date(2026, 10, 27)),
    ("Africa/Cairo", date(2026, 4, 22), date(2026, 4, 26)),
    ("America/Havana", date(2026, 10, 30), date(2026, 11, 3)),
    ("America/St_Johns", date(2008, 10, 31), date(2008, 11, 4)),
    ("Pacific/Apia", date(2011, 12, 28), date(2012, 1, 1)),
];

fn bounds(kind: Kind, start: Date) -> BoxedStrategy<Bound> {
    let signed = |counts: Vec<i32>| {
        (prop::sample::select(counts), any::<bool>()).prop_map(|(n, ahead)| if ahead { n } else { -n })
    };
    let of_days = signed(vec![0, 1, 2, 3, 7, 27, 28, 29, 30, 31, 32, 59, 60, 61, 62, 365, 366]).prop_map(days);
    let of_weeks = (-5..=5).prop_map(|n| Bound::AsOfDay(shift(n, Unit::Week)));
    let of_months = signed(vec![1, 2, 12, 13]).prop_map(months);
    let written = (-40..40i32).prop_map(move |n| Bound::Day(start.saturating_add(n.days())));
    let of_days = prop_oneof![3 => of_days, 1 => of_weeks, 3 => of_months, 2 => written];
    if kind == Kind::Date {
        return of_days.boxed();
    }
    let of_hours = signed(vec![0, 1, 22, 23, 24, 25, 26, 47, 48, 49, 72, 744]).prop_map(hours);
    let of_minutes = (-90..90).prop_map(|n| Bound::AsOf(shift(n, Unit::Minute)));
    let midnight = start.to_zoned(TimeZone::UTC).unwrap().timestamp();
    let written = (-200..200i64).prop_map(move |n| Bound::Instant(midnight + (n * 30).minutes()));
    prop_oneof![3 => of_days, 3 => of_hours, 1 => of_minutes, 1 => written].boxed()
}

fn fact(kinds: &[Kind], start: Date) -> BoxedStrategy<(Fact, bool)> {
    let kinds = kinds.to_vec();
    let fields = 0..kinds.len();
    let fact = fields.prop_flat_map(move |field| {
        let alike: Vec<usize> = (0..kinds.len()).filter(|other| kinds[*other] == kinds[field]).collect();
        let weight = if alike.len() > 1 { 5 } else { 1 };
        let others = prop::sample::select(alike).prop_map(Bound::Field);
        let bound = prop_oneof![20 => bounds(kinds[field], start), weight => others];
        (bound, any::<bool>()).prop_map(move |(bound, strict)| Fact { field, bound, strict })
    });
    (fact, any::<bool>()).boxed()
}

/// Cases with so many fields and so many facts.
fn cases(
    fields: std::ops::RangeInclusive<usize>,
    facts: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Case> {
    let kind = prop::sample::select(vec![Kind::Date, Kind::DateTime]);
    let place = prop::sample::select(PLACES);
    let at = prop::option::weighted(0.2, 0..3000i64);
    (place, prop::collection::vec(kind, fields), at).prop_flat_map(move |((zone, from, to), kinds, at)| {
        // Instants are tried around all cuts of all days, so that the days must be few.
        let to = if kinds.contains(&Kind::DateTime) { to.min(from.saturating_add(4.days())) } else { to };
        let time = time_zone(zone).unwrap();
        let at = at.map(|minutes| from.to_zoned(time.clone()).unwrap().timestamp() + minutes.minutes());
        let only = at.map(|at| time.to_datetime(at).date());
        let (from, to) = (only.unwrap_or(from), only.unwrap_or(to));
        prop::collection::vec(fact(&kinds, from), facts.clone()).prop_map(move |wanted| Case {
            zone,
            from,
            to,
            at,
            kinds: kinds.clone(),
            wanted,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_realized_is_so_and_what_is_impossible_is_not(case in cases(1..=2, 1..=6)) {
        let clock = case.clock();
        match clock.realize(&case.kinds, &case.wanted) {
            Realized::Values { as_of, moments } => {
                confirm(case.zone, &clock, &case.kinds, &case.wanted, as_of, &moments);
            }
            Realized::Impossible(core) => {
                prop_assert!(core.is_sorted_by(|a, b| a < b), "{core:?}");
                let core: Vec<_> = core.iter().map(|at| case.wanted[*at].clone()).collect();
                prop_assert!(!case.possible(&core), "{core:?}");
                // None of them is there in vain.
                for left_out in 0..core.len() {
                    let mut rest = core.clone();
                    rest.remove(left_out);
                    let possible = !matches!(clock.realize(&case.kinds, &rest), Realized::Impossible(_));
                    prop_assert!(possible, "{core:?} without {left_out}");
                }
            }
            Realized::NotKnown => prop_assert!(case.is_odd()),
        }
    }

    #[test]
    fn an_implication_holds_for_all_times_and_values(case in cases(1..=1, 2..=2)) {
        let facts = case.facts();
        let possible = case.possible(&[(facts[0].clone(), true), (facts[1].clone(), false)]);
        let implies = case.clock().implies(&facts[0], &facts[1]);
        prop_assert!(!(implies && possible));
        prop_assert!(implies || possible || case.is_odd());
    }
}

/// Facts about one field and a clock of many years.
fn long_cases() -> impl Strategy<Value = Case> {
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "America/Havana", "Asia/Kolkata"];
    let kind = prop::sample::select(vec![Kind::Date, Kind::DateTime]);
    (prop::sample::select(zones.to_vec()), kind).prop_flat_map(|(zone, kind)| {
        let single = fact(&[kind], date(2026, 6, 15))
            .prop_filter("of no field", |(fact, _)| !matches!(fact.bound, Bound::Field(_)));
        prop::collection::vec(single, 2..=4).prop_map(move |wanted| {
            let (from, to) = (date(1995, 1, 1), date(2034, 12, 31));
            Case { zone, from, to, at: None, kinds: vec![kind], wanted }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_day_of_many_years_is_overlooked(case in long_cases()) {
        let clock = case.clock();
        match clock.realize(&case.kinds, &case.wanted) {
            Realized::Values { as_of, moments } => {
                confirm(case.zone, &clock, &case.kinds, &case.wanted, as_of, &moments);
            }
            Realized::Impossible(core) => {
                let core: Vec<_> = core.iter().map(|at| case.wanted[*at].clone()).collect();
                let zone = time_zone(case.zone).unwrap();
                let mut days = case.from.series(1.day()).take_while(|day| *day <= case.to);
                prop_assert_eq!(days.find(|day| possible_on(*day, &zone, case.kinds[0], &core)), None, "{:?}", core);
            }
            Realized::NotKnown => prop_assert!(false, "not known"),
        }
    }
}
