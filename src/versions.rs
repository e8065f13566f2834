//! Versions of one policy: policies of one title, each in force on days of its own.
//!
//! On a day on which two of them are in force, nobody knows which one counts; on a day without any, nothing is agreed. A day is one of the
//! version's time zone: what is compared are the instants at which it begins and ends.
//!
//! A title that only looks like another one is that of another policy, which is hardly ever meant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Policy;
use crate::types::time_zone;

/// What is found wrong with the days of versions. It hangs on which versions are looked at.
pub const CODES: [Code; 3] = [Code::P0240, Code::P0241, Code::P0244];

/// A version.
#[derive(Debug, Clone, Copy)]
pub struct Version<'p> {
    /// How it is called in messages.
    pub name: &'p str,
    /// The policy.
    pub policy: &'p Policy,
}

impl Version<'_> {
    fn first(&self) -> Date {
        self.policy.in_force.as_ref().map_or(Date::MIN, |force| force.from)
    }

    fn last(&self) -> Date {
        self.policy.in_force.as_ref().and_then(|force| force.until).unwrap_or(Date::MAX)
    }

    /// The instant at which it comes into force.
    fn start(&self) -> Timestamp {
        let first = self.first();
        // The last days that there are begin behind the last time.
        let farthest = if first < Date::ZERO { Timestamp::MIN } else { Timestamp::MAX };
        self.beginning(first).unwrap_or(farthest)
    }

    /// The instant from which on it is no longer in force.
    fn end(&self) -> Timestamp {
        self.last().tomorrow().ok().and_then(|day| self.beginning(day)).unwrap_or(Timestamp::MAX)
    }

    /// When a day begins; none where that is further away than times go.
    fn beginning(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.zone()).ok().map(|day| day.timestamp())
    }

    /// The time zone is one that there is: policies are checked for that.
    fn zone(&self) -> TimeZone {
        time_zone(&self.policy.zone).unwrap_or(TimeZone::UTC)
    }

    /// `from 2026-10-01 until 2027-09-30`, `on all days`.
    #[must_use]
    pub fn days(&self) -> String {
        self.policy.days()
    }
}

/// What titles have in common that only case and blanks tell apart.
#[must_use]
pub fn look(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What is found in policies whose titles [look] alike: the days on which several versions of one are in force, or none between two of them; and
/// titles that are not quite the same. Each finding is one of the policy at the position that stands with it.
#[must_use]
pub fn findings(policies: &[Version<'_>]) -> Vec<(usize, Diagnostic)> {
    let mut titles: BTreeMap<&str, Vec<(usize, &Version<'_>)>> = BTreeMap::new();
    for (position, version) in policies.iter().enumerate() {
        titles.entry(&version.policy.title).or_default().push((position, version));
    }
    let mut found: Vec<_> = titles.values().flat_map(|versions| of_one(versions)).collect();
    // Of those without days of their own, nobody says that one follows the other.
    let has_days = policies.iter().any(|version| version.policy.in_force.is_some());
    let first = titles.values().filter_map(|versions| versions.iter().min_by_key(|(_, version)| version.start()));
    let Some((_, meant)) = first.min_by_key(|(_, version)| version.start()).filter(|_| has_days) else { return found };
    let others = titles.iter().filter(|(title, _)| **title != meant.policy.title);
    let others = others.flat_map(|(_, versions)| versions);
    found.extend(others.map(|(position, version)| (*position, not_quite(meant, version))));
    found
}

/// That a title is nearly that of another policy.
fn not_quite(meant: &Version<'_>, version: &Version<'_>) -> Diagnostic {
    let [own, other] = [version, meant].map(|version| &version.policy.title);
    let message =
        format!("\"{own}\" is another policy than \"{other}\" (`{}`): case and blanks count in titles", meant.name);
    let help =
        format!("write `policy \"{other}\"` if it is a version of that one, else a title that nobody takes for it");
    Diagnostic::new(Code::P0244, message).help(help)
}

fn of_one(versions: &[(usize, &Version<'_>)]) -> Vec<(usize, Diagnostic)> {
    let mut order: Vec<(usize, &Version<'_>)> = versions.to_vec();
    order.sort_by_key(|(_, version)| (version.start(), version.end(), version.name));
    let mut found = Vec::new();
    // Of those before, the one that lasts longest.
    let mut longest: Option<&Version<'_>> = None;
    for (position, version) in order {
        if let Some(before) = longest {
            if version.start() < before.end() {
                found.push((position, at(version, overlap(before, version))));
            } else if before.end() < version.start() {
                found.push((position, at(version, gap(before, version))));
            }
        }
        if longest.is_none_or(|longest| longest.end() < version.end()) {
            longest = Some(version);
        }
    }
    found
}

/// Which of some versions a new one follows, by its position: the last that comes into force before it.
#[must_use]
pub fn before(versions: &[Version<'_>], new: &Policy) -> Option<usize> {
    let new = Version { name: "", policy: new };
    let earlier = versions.iter().enumerate().filter(|(_, version)| version.start() < new.start());
    // Of those of one day the first.
    earlier.rev().max_by_key(|(_, version)| version.start()).map(|(at, _)| at)
}

/// The first of some versions to come into force, by its position.
#[must_use]
pub fn first(versions: &[Version<'_>]) -> Option<usize> {
    versions.iter().enumerate().min_by_key(|(_, version)| version.start()).map(|(at, _)| at)
}

/// The finding at what a version says of its days; where it says nothing, whoever has its text knows a place.
fn at(version: &Version<'_>, diagnostic: Diagnostic) -> Diagnostic {
    match &version.policy.in_force {
        Some(force) => diagnostic.at(force.span, ""),
        None => diagnostic,
    }
}

fn overlap(before: &Version<'_>, version: &Version<'_>) -> Diagnostic {
    let message = |days: &str| {
        format!("`{}` and `{}` are versions of one policy, and both in force {days}", before.name, version.name)
    };
    let (first, last) = (version.first(), version.last().min(before.last()));
    if before.last() < first {
        let days = times(version, version.start(), before.end());
        return Diagnostic::new(Code::P0240, message(&days)).besides(days).help(one_zone(before, version));
    }
    let days = match (first == Date::MIN, last == Date::MAX) {
        (true, true) => "on all days".to_owned(),
        (true, false) => format!("until {last}"),
        (false, true) => format!("from {first} on"),
        (false, false) if first == last => format!("on {first}"),
        (false, false) => format!("from {first} to {last}"),
    };
    let fault = Diagnostic::new(Code::P0240, message(&days)).besides(days);
    match (first.yesterday(), before.first() < first) {
        (Ok(end), true) => fault.help(ending(before, end)),
        (Ok(_) | Err(_), _) => fault
            .help("say by `in force from ... until ...` on which days each of them counts, or give one another title"),
    }
}

/// How a version ends on a day, by the line to type.
fn ending(version: &Version<'_>, end: Date) -> String {
    let name = version.name;
    match &version.policy.in_force {
        Some(force) => format!("let `{name}` be `in force from {} until {end}`", force.from),
        None => {
            let first = end.first_of_year();
            format!(
                "let `{name}` say below its title `in force from {first} until {end}`, with its own first day for {first}"
            )
        }
    }
}

fn gap(before: &Version<'_>, version: &Version<'_>) -> Diagnostic {
    let message = |days: &str| format!("no version of \"{}\" is in force {days}", version.policy.title);
    let day = |day: Result<Date, jiff::Error>, or: Date| day.unwrap_or(or);
    let (first, last) =
        (day(before.last().tomorrow(), before.last()), day(version.first().yesterday(), version.first()));
    if last < first {
        let days = times(version, before.end(), version.start());
        return Diagnostic::new(Code::P0241, message(&days)).besides(days).help(one_zone(before, version));
    }
    let days = if first == last { format!("on {first}") } else { format!("from {first} to {last}") };
    Diagnostic::new(Code::P0241, message(&days))
        .besides(days)
        .help(format!("let `{}` be in force until {last}, or `{}` from {first}", before.name, version.name))
}

/// From one instant to another, as clocks in the time zone of a version show them.
fn times(version: &Version<'_>, from: Timestamp, to: Timestamp) -> String {
    let [from, to] = [from, to].map(|time| version.zone().to_datetime(time).strftime("%Y-%m-%dT%H:%M"));
    format!("from {from} to {to} in {}", version.policy.zone)
}

/// What to do where the days of two versions do not meet because they are those of two time zones.
fn one_zone(before: &Version<'_>, version: &Version<'_>) -> String {
    let [old, new] = [before, version].map(|version| (version.name, &version.policy.zone));
    format!(
        "days do not begin at the same time in {} (`{}`) and in {} (`{}`): give both versions one time zone",
        old.1, old.0, new.1, new.0
    )
}
