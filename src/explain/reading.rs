//! Values that a condition read, in words; those of personal fields only when they are to be shown.

use std::cell::Cell;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::eval::Session;
use crate::eval::trace::Read;
use crate::ir::personal::Personal;
use crate::ir::{Body, Cond, Expr, FieldId, Policy, print};
use crate::types::{Shift, Unit, Value};

/// What is shown instead of a personal value.
pub(crate) const HIDDEN: &str = "•••";

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Reading {
    /// What was read, in the words of the policy: `need`, `domain of email`.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// The value as people read it; the default when that was used; none when there is nothing to show.
    pub value: Option<String>,
    /// How far a day or an instant is from the as-of time: `75 days ago`.
    pub age: Option<String>,
}

/// What became of a value that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is there.
    Known,
    /// It is there, and personal: not shown.
    Hidden,
    /// It is a score of which a line was unknown.
    Incomplete,
    /// It is missing.
    Missing,
    /// It is missing, and the field's default was used.
    Default,
    /// Everything is there, and yet it cannot be told: a division by zero, an address without a domain.
    Untold,
}

impl Reading {
    /// `need is 4`, `email is •••`, `opted_out is missing, taken as yes`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Reading { name, state, value, age } = self;
        let value = value.as_deref().unwrap_or(HIDDEN);
        let age = age.as_ref().map(|age| format!(", {age}")).unwrap_or_default();
        match state {
            State::Known => format!("{name} is {value}{age}"),
            State::Hidden => format!("{name} is {HIDDEN}"),
            State::Incomplete => format!("{name} is {value}, incomplete"),
            State::Missing => format!("{name} is missing"),
            State::Default => format!("{name} is missing, taken as {value}"),
            State::Untold => format!("{name} cannot be told"),
        }
    }
}

/// Puts values into words.
pub(super) struct Reader<'s> {
    pub(super) session: &'s Session<'s>,
    show_personal: bool,
    /// Whether the policy reads the time; otherwise how long ago something was says nothing.
    tells_time: bool,
    personal: Personal<'s>,
    /// How many more conditions may be looked at in definitions.
    patience: Cell<usize>,
}

/// How many conditions are looked at in definitions before they are left as names: far more than anybody reads.
const PATIENCE: usize = 50_000;

impl<'s> Reader<'s> {
    pub(super) fn new(session: &'s Session<'s>, show_personal: bool) -> Self {
        let personal = Personal::new(session.policy());
        let tells_time = session.policy().reads_time();
        Reader { session, show_personal, tells_time, personal, patience: Cell::new(PATIENCE) }
    }

    pub(super) fn policy(&self) -> &'s Policy {
        self.session.policy()
    }

    /// What a condition stands for that is the name of a definition.
    pub(super) fn behind(&self, cond: &Cond) -> Option<&'s Cond> {
        let body = self.session.behind(cond)?;
        let mut left = self.patience.get();
        body.walk(&mut |_| left = left.saturating_sub(1));
        self.patience.set(left);
        (left > 0).then_some(body)
    }

    /// The words for one value that was read.
    fn reading(&self, read: &Read<'_>) -> Reading {
        let ty = self.policy().type_of(read.expr);
        let shown = read.value.as_ref().map(|v| print::shown(v, ty.as_deref(), &self.policy().zone));
        let state = match (&read.value, read.expr) {
            (Some(_), _) if read.default => State::Default,
            (Some(_), expr) if !self.show_personal && self.personal.is(expr) => State::Hidden,
            (Some(_), Expr::Score(score)) if self.session.score(*score).incomplete => State::Incomplete,
            (Some(_), _) => State::Known,
            (None, Expr::Arithmetic(..) | Expr::DomainOf(_) | Expr::Define(_)) => State::Untold,
            (None, _) => State::Missing,
        };
        let age = read.value.as_ref().filter(|_| state == State::Known).and_then(|v| self.age(v));
        let value = shown.filter(|_| state != State::Hidden);
        Reading { name: print::value(self.policy(), read.expr), state, value, age }
    }

    /// The words for a value, and for what it is worked out from.
    pub(super) fn readings(&self, expr: &Expr) -> Vec<Reading> {
        self.session.reads(expr).iter().flat_map(|read| self.of_read(read)).collect()
    }

    /// The words for what was read; of a definition without a value, for the fields that it wants, or else for those that
    /// it is worked out from.
    pub(super) fn of_read(&self, read: &Read<'_>) -> Vec<Reading> {
        let Some(body) = self.body(read.expr).filter(|_| read.value.is_none()) else { return vec![self.reading(read)] };
        let missing = |field: FieldId| {
            let name = self.policy().fields[field].name.clone();
            Reading { name, state: State::Missing, value: None, age: None }
        };
        let wanted: Vec<Reading> = self.session.absent_in_value(body).into_iter().map(missing).collect();
        if !wanted.is_empty() {
            return wanted;
        }
        let inside = self.session.reads(body);
        let fields = inside.iter().filter(|inner| matches!(inner.expr, Expr::Field(_)));
        std::iter::once(self.reading(read)).chain(fields.map(|inner| self.reading(inner))).collect()
    }

    /// The value that the name of a definition stands for.
    fn body(&self, expr: &Expr) -> Option<&'s Expr> {
        let Expr::Define(define) = expr else { return None };
        match &self.policy().defines[*define].body {
            Body::Value(body, _) => Some(body),
            Body::Condition(_) => None,
        }
    }

    /// `75 days ago`, `in 3 hours`: how far from the as-of time.
    fn age(&self, value: &Value) -> Option<String> {
        if !self.tells_time {
            return None;
        }
        match value {
            Value::Date(day) => {
                let today = self.session.value(&Expr::AsOfDay(Shift { count: 0, unit: Unit::Day }))?;
                if let Value::Date(today) = today { days(*day, today) } else { None }
            }
            Value::DateTime(instant) => {
                let now = self.session.value(&Expr::AsOf(Shift { count: 0, unit: Unit::Hour }))?;
                if let Value::DateTime(now) = now { Some(hours(*instant, now)) } else { None }
            }
            Value::Text(_)
            | Value::Number(_)
            | Value::YesNo(_)
            | Value::Choice(_)
            | Value::Other(_)
            | Value::Set(_) => None,
        }
    }
}

fn days(day: Date, today: Date) -> Option<String> {
    let days = i64::from(day.until(today).ok()?.get_days());
    Some(if days == 0 { "today".to_owned() } else { ago(days, "day") })
}

/// In hours up to two days, in minutes up to two hours, else in days.
fn hours(instant: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(instant).as_secs() / 60;
    match minutes.abs() {
        0 => "now".to_owned(),
        1..120 => ago(minutes, "minute"),
        120..2_880 => ago(minutes / 60, "hour"),
        _ => ago(minutes / 1_440, "day"),
    }
}

fn ago(count: i64, unit: &str) -> String {
    let n = count.unsigned_abs();
    let stretch = format!("{} {unit}{}", print::points(&count.abs().into()), if n == 1 { "" } else { "s" });
    if count > 0 { format!("{stretch} ago") } else { format!("in {stretch}") }
}

#[cfg(test)]
mod tests {
    use super::{days, hours};

    #[test]
    fn ages_read_aloud() {
        let day = |text: &str| text.parse().unwrap_or_default();
        let since = |text: &str| days(day(text), day("2026-10-15"));
        assert_eq!(since("2026-08-01").as_deref(), Some("75 days ago"));
        assert_eq!(since("2026-10-14").as_deref(), Some("1 day ago"));
        assert_eq!(since("2026-10-15").as_deref(), Some("today"));
        assert_eq!(since("2026-10-18").as_deref(), Some("in 3 days"));
        assert_eq!(since("1980-02-29").as_deref(), Some("17,030 days ago"));
        let now = "2026-10-15T12:00:00Z".parse().unwrap_or_default();
        let since = |text: &str| hours(text.parse().unwrap_or_default(), now);
        assert_eq!(since("2026-10-13T11:00:00Z"), "2 days ago");
        assert_eq!(since("2026-10-13T12:30:00Z"), "47 hours ago");
        assert_eq!(since("2026-10-15T11:59:00Z"), "1 minute ago");
        assert_eq!(since("2026-10-15T15:00:00Z"), "in 3 hours");
    }
}
