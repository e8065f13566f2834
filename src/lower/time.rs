//! Days, instants and stretches of time as they are written, and the conditions that ask about them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::compare::{against, align};
use super::cond::Asked;
use super::kinds::{Kind, called, kind};
use super::names::proposed;
use super::scope::{Scope, Ty};
use super::value::{Operand, operand};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{CompareOp, Cond, CondKind, Expr, TestTime};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Shift, Type, Unit, Value, month, time_zone};

/// What there is not: of a date that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSuch {
    /// That day; how many days the month has, when there is such a month.
    Day(Option<i8>),
    /// That time of day.
    Time,
}

/// A date (a day), or a date with a time (an instant; read in the policy's zone when it names none); none when there is
/// no such day or time, which is reported.
pub(super) fn moment(scope: &mut Scope, date: &ast::DateLit) -> Option<TestTime> {
    match read(scope, date) {
        Ok(time) => Some(time),
        Err(why) => {
            scope.report(no_such(&date.text, date.loc.0, why));
            None
        }
    }
}

/// A stretch of time, ahead of or back from now; none when it is not a whole number of at most 100 years, which is reported.
pub(super) fn shift(scope: &mut Scope, count: &ast::NumberLit, unit: ast::TimeUnit, ahead: bool) -> Option<Shift> {
    let unit = of_ast(unit);
    let whole = count.value.to_i64().and_then(|n| i32::try_from(n).ok()).filter(|n| *n <= hundred_years(unit));
    if let Some(whole) = whole {
        return Some(Shift { count: if ahead { whole } else { -whole }, unit });
    }
    let (name, text) = (unit.name(), &count.text);
    let finding = if count.value.is_whole() {
        Diagnostic::new(Code::P0321, format!("`{text}` {name}s are more than 100 years"))
            .at(count.loc.0, "too long")
            .help(format!("use at most {} {name}s", hundred_years(unit)))
    } else {
        Diagnostic::new(Code::P0321, format!("`{text}` is not a whole number of {name}s"))
            .at(count.loc.0, "has a fraction")
            .help("count whole days, weeks or months, or a smaller unit")
    };
    scope.report(finding);
    None
}

fn of_ast(unit: ast::TimeUnit) -> Unit {
    match unit {
        ast::TimeUnit::Minute => Unit::Minute,
        ast::TimeUnit::Hour => Unit::Hour,
        ast::TimeUnit::Day => Unit::Day,
        ast::TimeUnit::Week => Unit::Week,
        ast::TimeUnit::Month => Unit::Month,
    }
}

/// How many of a unit are about 100 years.
fn hundred_years(unit: Unit) -> i32 {
    match unit {
        Unit::Minute => 52_596_000,
        Unit::Hour => 876_600,
        Unit::Day => 36_525,
        Unit::Week => 5_218,
        Unit::Month => 1_200,
    }
}

/// Whether a date is a day or, with a time, an instant.
pub(super) fn type_of(date: &ast::DateLit) -> Type {
    if date.text.len() > "2026-10-01".len() { Type::DateTime } else { Type::Date }
}

/// The day or the instant that was written, or what of it there is not.
pub(super) fn read(scope: &Scope, date: &ast::DateLit) -> Result<TestTime, NoSuch> {
    let text = date.text.as_str();
    let (day, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let day: Date = day.parse().map_err(|_| NoSuch::Day(month(day).map(Date::days_in_month)))?;
    let time = time.trim_start_matches(['T', 't', ' ']);
    if time.is_empty() {
        return Ok(TestTime::Day(day));
    }
    let both = format!("{day}T{time}");
    if time.contains(['Z', 'z', '+', '-']) {
        return both.parse::<Timestamp>().map(TestTime::Instant).map_err(|_| NoSuch::Time);
    }
    let local: DateTime = both.parse().map_err(|_| NoSuch::Time)?;
    local.to_zoned(zone(scope)).map(|z| TestTime::Instant(z.timestamp())).map_err(|_| NoSuch::Time)
}

/// The first instant of a day in the policy's time zone.
pub(super) fn start_of_day(scope: &Scope, day: Date) -> Option<Timestamp> {
    day.to_zoned(zone(scope)).ok().map(|z| z.timestamp())
}

/// The policy's time zone; a name that is none has been reported and counts as UTC.
fn zone(scope: &Scope) -> TimeZone {
    time_zone(&scope.policy.zone).unwrap_or(TimeZone::UTC)
}

/// A day or a time that does not exist.
pub(super) fn no_such(text: &str, span: Span, why: NoSuch) -> Diagnostic {
    let (what, help) = match why {
        NoSuch::Day(Some(days)) => ("day", format!("that month has {days} days")),
        NoSuch::Day(None) => ("day", "a date is written year-month-day: `2026-10-01`".to_owned()),
        NoSuch::Time => ("time", "a time is written `2026-10-01 09:30`, in UTC `2026-10-01T09:30:00Z`".to_owned()),
    };
    Diagnostic::new(Code::P0320, format!("there is no {what} `{text}`")).at(span, "does not exist").help(help)
}

/// `in the last 30 days`, `in the next 2 weeks`: both ends in.
pub(super) fn window(
    scope: &mut Scope,
    asked: Asked<'_>,
    next: bool,
    (count, unit): (&ast::NumberLit, ast::TimeUnit),
) -> Option<Cond> {
    let subject = time_operand(scope, asked.subject);
    let shift = shift(scope, count, unit, next);
    let (value, shift) = measured(scope, subject?, shift?, count.loc.0)?;
    let (edge, now) = (beside_now(shift), beside_now(shift.unit.zero()));
    let (low, high) = if next { (now, edge) } else { (edge, now) };
    Some(Cond { kind: CondKind::Between { value, low, high }, span: asked.span })
}

/// `more than 90 days ago`: how old it is.
pub(super) fn age(
    scope: &mut Scope,
    asked: Asked<'_>,
    op: ast::CompareOp,
    (count, unit): (&ast::NumberLit, ast::TimeUnit),
) -> Option<Cond> {
    let subject = time_operand(scope, asked.subject);
    let shift = shift(scope, count, unit, false);
    let (left, shift) = measured(scope, subject?, shift?, count.loc.0)?;
    let op = match op {
        ast::CompareOp::MoreThan | ast::CompareOp::Greater => CompareOp::Lt,
        ast::CompareOp::AtLeast | ast::CompareOp::GreaterEqual => CompareOp::Le,
        ast::CompareOp::LessThan | ast::CompareOp::Less => CompareOp::Gt,
        ast::CompareOp::AtMost | ast::CompareOp::LessEqual => CompareOp::Ge,
        ast::CompareOp::Is | ast::CompareOp::Equal => CompareOp::Eq,
        ast::CompareOp::IsNot | ast::CompareOp::NotEqual => CompareOp::Ne,
    };
    Some(Cond { kind: CondKind::Compare { op, left, right: beside_now(shift) }, span: asked.span })
}

/// `before DATE`, `after DATE`.
pub(super) fn beside(scope: &mut Scope, asked: Asked<'_>, after: bool, right: &ast::Expr) -> Option<Cond> {
    let left = time_operand(scope, asked.subject)?;
    let right = against(scope, right, &left).and_then(|operand| only_time(scope, operand))?;
    let (left, right) = align(scope, left, right)?;
    let op = if after { CompareOp::Gt } else { CompareOp::Lt };
    Some(Cond { kind: CondKind::Compare { op, left: left.expr, right: right.expr }, span: asked.span })
}

/// What a time is measured against, so far from now.
fn beside_now(shift: Shift) -> Expr {
    if shift.unit.is_calendar() { Expr::AsOfDay(shift) } else { Expr::AsOf(shift) }
}

/// A value that must be a time.
fn time_operand(scope: &mut Scope, expr: &ast::Expr) -> Option<Operand> {
    let operand = operand(scope, expr)?;
    only_time(scope, operand)
}

fn only_time(scope: &mut Scope, operand: Operand) -> Option<Operand> {
    if kind(&operand.ty).is_time() {
        return Some(operand);
    }
    let called = called(&operand.ty);
    let finding = Diagnostic::new(Code::P0318, format!("{} is {called}, not a date", operand.words))
        .at(operand.span, called)
        .help("ask this of a field that is a `date` or a `date and time`");
    scope.report(finding);
    None
}

/// The value as it is compared with a stretch of time: calendar units ask for its day, elapsed ones for an instant.
fn measured(scope: &mut Scope, operand: Operand, shift: Shift, count: Span) -> Option<(Expr, Shift)> {
    match (kind(&operand.ty), shift.unit.is_calendar()) {
        (Kind::Day, true) | (Kind::Instant, false) => Some((operand.expr, shift)),
        (Kind::Instant, true) => Some((day_of(operand).expr, shift)),
        (Kind::Day, false) => {
            let finding = Diagnostic::new(
                Code::P0319,
                format!(
                    "{} is a day without a time, so it cannot be measured in {}s",
                    operand.words,
                    shift.unit.name()
                ),
            )
            .at(count, "too fine for a day")
            .help("count days, weeks or months, or declare the field as `date and time`");
            scope.report(finding);
            None
        }
        (
            Kind::Text
            | Kind::Number
            | Kind::Percent
            | Kind::Money(_)
            | Kind::YesNo
            | Kind::Choice
            | Kind::Set
            | Kind::Broken,
            _,
        ) => None,
    }
}

/// The day of an instant.
pub(super) fn day_of(operand: Operand) -> Operand {
    Operand { expr: Expr::DayOf(Box::new(operand.expr)), ty: Ty::Is(Type::Date), ..operand }
}

/// Whether a value that stands beside a day is no written time of day, which would not count; reported when it is.
pub(super) fn only_day(scope: &mut Scope, operand: &Operand) -> bool {
    let timed = matches!(operand.expr, Expr::Const(Value::DateTime(_)));
    if timed {
        let words = proposed(&operand.words);
        let finding = time_of_day("the other end", words, operand.span);
        scope.report(finding);
    }
    !timed
}

/// A time of day beside a day.
pub(super) fn time_of_day(words: &str, text: &str, span: Span) -> Diagnostic {
    let day = text.get(..10).unwrap_or(text);
    Diagnostic::new(Code::P0372, format!("{words} is a day, `{text}` has a time of day"))
        .at(span, "with a time")
        .help(format!("write the day alone: `{day}`"))
        .fix(span, day)
}

/// A written time beside a time: a day stays a day, so that the two compare by day.
pub(super) fn constant(scope: &mut Scope, date: &ast::DateLit, span: Span, left: &Operand) -> Option<(Value, Type)> {
    match (read(scope, date), kind(&left.ty)) {
        (Ok(TestTime::Day(day)), _) => Some((Value::Date(day), Type::Date)),
        (Ok(TestTime::Instant(instant)), Kind::Instant) => Some((Value::DateTime(instant), Type::DateTime)),
        (Ok(TestTime::Instant(_)), _) => {
            scope.report(time_of_day(&left.words, &date.text, span));
            None
        }
        (Err(why), _) => {
            scope.report(no_such(&date.text, span, why));
            None
        }
    }
}
