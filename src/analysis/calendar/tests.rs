//! What is said of facts about dates and instants: by example, and (in [`brute`]) against trying everything on short clocks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod brute;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Bound, CYCLE, Clock, Fact, Kind, Moment, Realized};
use crate::eval::Evaluator;
use crate::ir::{CompareOp, Cond, CondKind, Expr, Lead, Policy, Table};
use crate::source::Span;
use crate::types::{Shift, Unit, Value, time_zone};

fn shift(count: i32, unit: Unit) -> Shift {
    Shift { count, unit }
}

fn days(count: i32) -> Bound {
    Bound::AsOfDay(shift(count, Unit::Day))
}

fn months(count: i32) -> Bound {
    Bound::AsOfDay(shift(count, Unit::Month))
}

fn hours(count: i32) -> Bound {
    Bound::AsOf(shift(count, Unit::Hour))
}

/// `field 0 >= bound`.
fn from(bound: Bound) -> Fact {
    Fact { field: 0, bound, strict: false }
}

/// `field 0 > bound`.
fn after(bound: Bound) -> Fact {
    Fact { field: 0, bound, strict: true }
}

fn always(zone: &str) -> Clock {
    Clock::days(zone, CYCLE.0, CYCLE.1)
}

/// What the evaluator says of a fact.
fn decided(zone: &str, as_of: Timestamp, moments: &[Moment], fact: &Fact) -> bool {
    let value = |field: usize| {
        Expr::Const(match moments[field] {
            Moment::Date(day) => Value::Date(day),
            Moment::DateTime(instant) => Value::DateTime(instant),
        })
    };
    let (left, right) = match fact.bound {
        Bound::Day(day) => (Expr::DayOf(Box::new(value(fact.field))), Expr::Const(Value::Date(day))),
        Bound::AsOfDay(shift) => (Expr::DayOf(Box::new(value(fact.field))), Expr::AsOfDay(shift)),
        Bound::Instant(instant) => (value(fact.field), Expr::Const(Value::DateTime(instant))),
        Bound::AsOf(shift) => (value(fact.field), Expr::AsOf(shift)),
        Bound::Field(other) => (value(fact.field), value(other)),
    };
    let op = if fact.strict { CompareOp::Gt } else { CompareOp::Ge };
    let cond = Cond { kind: CondKind::Compare { op, left, right }, span: Span::default() };
    let policy = blank_policy(zone);
    let truth = Evaluator::new(&policy, as_of).on(&Lead::empty(&policy)).truth(&cond);
    assert!(truth.is_true() || truth.not().is_true(), "{fact:?} is unknown");
    truth.is_true()
}

fn blank_policy(zone: &str) -> Policy {
    Policy {
        language: 1,
        title: String::new(),
        owners: Vec::new(),
        ownership: Vec::new(),
        in_force: None,
        zone: zone.to_owned(),
        sources: Vec::new(),
        fields: Table::default(),
        assumptions: Vec::new(),
        decisions: Table::default(),
        best_first: true,
        sets: Table::default(),
        defines: Table::default(),
        scores: Table::default(),
        grades: Table::default(),
        stages: Table::default(),
        sections: Table::default(),
        rules: Table::default(),
        properties: Vec::new(),
        tests: Vec::new(),
    }
}

/// The time and the values that are found; they must be, and the evaluator must agree.
fn values(zone: &str, clock: &Clock, kinds: &[Kind], wanted: &[(Fact, bool)]) -> (Timestamp, Vec<Moment>) {
    match clock.realize(kinds, wanted) {
        Realized::Values { as_of, moments } => {
            confirm(zone, clock, kinds, wanted, as_of, &moments);
            (as_of, moments)
        }
        other => panic!("{wanted:?}: {other:?}"),
    }
}

fn confirm(zone: &str, clock: &Clock, kinds: &[Kind], wanted: &[(Fact, bool)], as_of: Timestamp, moments: &[Moment]) {
    let kind = |moment: &Moment| match moment {
        Moment::Date(_) => Kind::Date,
        Moment::DateTime(_) => Kind::DateTime,
    };
    assert_eq!(moments.iter().map(kind).collect::<Vec<_>>(), kinds);
    assert!(clock.contains(as_of), "{as_of}");
    for (fact, holds) in wanted {
        assert_eq!(decided(zone, as_of, moments, fact), *holds, "{fact:?} at {as_of} of {moments:?}");
    }
}
#[test]
fn months_and_years_are_as_long_as_they_are() {
    let clock = always("UTC");
    let wanted = |first: Bound, second: Bound| [(from(first), true), (from(second), false)];
    // A month ago is before 30 days ago in a month that follows one of 31 days.
    let (as_of, moments) = values("UTC", &clock, &[Kind::Date], &wanted(months(-1), days(-30)));
    assert_eq!(as_of.to_string(), "2026-06-15T23:59:59.999999999Z");
    assert_eq!(moments, [Moment::Date(date(2026, 5, 15))]);
    // It is never before 31 days ago.
    assert_eq!(clock.realize(&[Kind::Date], &wanted(months(-1), days(-31))), Realized::Impossible(vec![0, 1]));
    assert!(clock.implies(&from(months(-1)), &from(days(-31))));
    assert!(!clock.implies(&from(days(-31)), &from(months(-1))));
    // A year has 366 days with a leap day in it.
    let (as_of, _) = values("UTC", &clock, &[Kind::Date], &wanted(months(-12), days(-365)));
    assert_eq!(as_of.to_string(), "2028-02-29T23:59:59.999999999Z");
    // Eight years with one leap day only are around 1900, 2100 and 2200.
    let (as_of, _) = values("UTC", &clock, &[Kind::Date], &wanted(days(-2922), months(-96)));
    assert_eq!(as_of.to_string(), "2100-03-01T23:59:59.999999999Z");
    assert!(Clock::days("UTC", date(2001, 1, 1), date(2099, 12, 31)).implies(&from(days(-2922)), &from(months(-96))));
}

#[test]
fn days_have_as_many_hours_as_clocks_give_them() {
    let today_and_later = |count: i32| [(from(days(0)), true), (after(days(0)), false), (from(hours(count)), true)];
    let realize = |zone: &str, count: i32| always(zone).realize(&[Kind::DateTime], &today_and_later(count));
    assert_eq!(realize("UTC", 24), Realized::Impossible(vec![1, 2]));
    let (as_of, moments) = values("Europe/Berlin", &always("Europe/Berlin"), &[Kind::DateTime], &today_and_later(24));
    assert_eq!(as_of.to_string(), "2026-10-24T22:00:00Z");
    assert_eq!(moments, [Moment::DateTime("2026-10-25T22:00:00Z".parse().unwrap())]);
    assert_eq!(realize("Europe/Berlin", 25), Realized::Impossible(vec![1, 2]));
    let clock = Clock::days("Europe/Berlin", date(2026, 10, 26), date(2027, 10, 30));
    assert_eq!(clock.realize(&[Kind::DateTime], &today_and_later(24)), Realized::Impossible(vec![1, 2]));
    // On the day on which clocks are set forward not even 23 hours are left.
    let clock = Clock::days("Europe/Berlin", date(2026, 3, 29), date(2026, 3, 29));
    assert_eq!(clock.realize(&[Kind::DateTime], &today_and_later(23)), Realized::Impossible(vec![1, 2]));
    values("Europe/Berlin", &clock, &[Kind::DateTime], &today_and_later(22));
    // What leaves fewer days to try is not what is wrong.
    let mut wanted = vec![(from(Bound::Day(date(2030, 1, 1))), true)];
    wanted.extend(today_and_later(25));
    let realized = always("Europe/Berlin").realize(&[Kind::DateTime], &wanted);
    assert_eq!(realized, Realized::Impossible(vec![2, 3]));
}

#[test]
fn what_comes_out_reads_well() {
    let clock = Clock::days("Europe/Berlin", date(2027, 3, 1), date(2028, 2, 28));
    let show = |wanted: &[(Fact, bool)]| {
        let kinds = [Kind::DateTime, Kind::Date];
        let (as_of, moments) = values("Europe/Berlin", &clock, &kinds, wanted);
        let local = |at: Timestamp| at.to_zoned(time_zone("Europe/Berlin").unwrap()).datetime().to_string();
        let moments = moments.iter().map(|moment| match moment {
            Moment::Date(day) => day.to_string(),
            Moment::DateTime(at) => local(*at),
        });
        std::iter::once(local(as_of)).chain(moments).collect::<Vec<_>>().join(" ")
    };
    let second = |fact: Fact| Fact { field: 1, ..fact };
    assert_eq!(show(&[]), "2027-03-01T23:59:59.999999999 2027-03-01T12:00:00 2027-03-01");
    let old = [(from(hours(-48)), false), (second(from(months(-3))), false)];
    assert_eq!(show(&old), "2027-03-01T23:59:59.999999999 2027-02-27T12:00:00 2026-11-30");
    let new = [(after(hours(0)), true), (second(from(days(14))), true)];
    assert_eq!(show(&new), "2027-03-01T23:59:59.999999999 2027-03-02T12:00:00 2027-03-15");
    let narrow = [(from(hours(-3)), true), (from(hours(-2)), false)];
    assert_eq!(show(&narrow), "2027-03-01T23:59:59.999999999 2027-03-01T21:00:00 2027-03-01");
    let late = [(second(from(Bound::Day(date(2027, 9, 1)))), true), (second(after(days(0))), false)];
    assert_eq!(show(&late), "2027-09-01T23:59:59.999999999 2027-09-01T12:00:00 2027-09-01");
}

#[test]
fn what_is_out_of_bounds_is_not_known() {
    let clock = always("UTC");
    let dates = [Kind::Date];
    assert_eq!(clock.realize(&dates, &[(from(hours(1)), true)]), Realized::NotKnown);
    assert_eq!(clock.realize(&dates, &[(from(Bound::Field(1)), true)]), Realized::NotKnown);
    assert_eq!(clock.realize(&[Kind::Date, Kind::DateTime], &[(from(Bound::Field(1)), true)]), Realized::NotKnown);
    assert_eq!(clock.realize(&[], &[(from(days(0)), true)]), Realized::NotKnown);
    let many: Vec<_> = (0..1000).map(|count| (from(days(-count)), true)).collect();
    assert_eq!(clock.realize(&dates, &many), Realized::NotKnown);
    let backwards = Clock::days("UTC", date(2026, 2, 1), date(2026, 1, 1));
    assert_eq!(backwards.realize(&dates, &[]), Realized::NotKnown);
}

#[test]
fn clocks_that_are_set_back_across_midnight_let_a_later_instant_be_on_an_earlier_day() {
    let later_and_yesterday = [(after(hours(0)), true), (from(days(0)), false)];
    let clock = always("America/St_Johns");
    let (as_of, _) = values("America/St_Johns", &clock, &[Kind::DateTime], &later_and_yesterday);
    assert_eq!(
        as_of.to_zoned(time_zone("America/St_Johns").unwrap()).to_string(),
        "1987-10-25T00:00:00-02:30[America/St_Johns]"
    );
    // Facts about days alone know nothing of clocks.
    let from_yesterday_and_before = [(from(days(-1)), true), (after(days(-2)), false)];
    let realized = clock.realize(&[Kind::DateTime], &from_yesterday_and_before);
    assert_eq!(realized, Realized::Impossible(vec![0, 1]));
    let toronto = always("America/Toronto").realize(&[Kind::DateTime], &later_and_yesterday);
    assert_eq!(toronto, Realized::Impossible(vec![0, 1]));
}

#[test]
fn the_ends_of_all_time_are_ends() {
    let clock = Clock::days("Asia/Tokyo", date(2026, 1, 1), Date::MAX);
    let wanted = [(from(Bound::Day(date(9800, 5, 5))), true), (after(days(-5)), false)];
    let (as_of, moments) = values("Asia/Tokyo", &clock, &[Kind::Date], &wanted);
    assert_eq!(
        (as_of.to_string().as_str(), moments),
        ("9800-05-10T14:59:59.999999999Z", vec![Moment::Date(date(9800, 5, 5))])
    );
    for kind in [Kind::Date, Kind::DateTime] {
        let clock = always("Asia/Tokyo");
        assert_eq!(clock.realize(&[kind], &[(after(Bound::Day(Date::MAX)), true)]), Realized::Impossible(vec![0]));
        assert_eq!(clock.realize(&[kind], &[(from(Bound::Day(Date::MIN)), false)]), Realized::Impossible(vec![0]));
    }
    let below = Fact { field: 0, bound: Bound::Field(1), strict: true };
    let last = Fact { field: 1, bound: Bound::Instant(Timestamp::MAX), strict: false };
    let wanted = [(below, true), (last, true)];
    let realized = always("UTC").realize(&[Kind::DateTime, Kind::DateTime], &wanted);
    assert_eq!(realized, Realized::Impossible(vec![0, 1]));
}
