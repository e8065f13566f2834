//! The as-of time of a run: what the user says, else now. The only place that reads the clock.

use clap::Args;
use jiff::civil::Date;
use jiff::{Timestamp, Unit};
use policyc::config;
use policyc::eval::end_of_day;
use policyc::ir::Policy;
pub(super) use policyc::types::Given;
use policyc::types::time_zone;

use super::console::Stop;

/// The switch for the as-of time.
#[derive(Debug, Args)]
pub(super) struct AsOf {
    /// The time at which leads are decided: a DATE (2026-10-01: the end of that day) or a TIME (2026-10-01T09:30,
    /// 2026-10-01T09:30:00Z), read in the policy's time zone; now when absent.
    #[arg(long, value_name = "DATE|TIME")]
    as_of: Option<Given>,
}

/// That there is no as-of time, where nothing reads the clock and it makes a difference.
pub(super) fn missing(of: &str) -> Stop {
    Stop::because(format!(
        "what becomes of {of} hangs on the day: say as of which one, e.g. `--as-of 2026-10-01`, or `as-of = 2026-10-01` in `{}`",
        config::NAME
    ))
}

/// An as-of time, and what to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// The instant.
    pub(super) instant: Timestamp,
    /// Which it is, so that the run can be repeated: `as of the end of 2026-10-01 in UTC`.
    pub(super) sentence: String,
    /// The day that it is in the policy's time zone.
    pub(super) day: Date,
    /// That the policy is not in force then.
    pub(super) note: Option<String>,
}

impl From<Given> for AsOf {
    fn from(given: Given) -> AsOf {
        AsOf { as_of: Some(given) }
    }
}

impl AsOf {
    /// The time for a policy.
    pub(super) fn moment(&self, policy: &Policy) -> Result<Moment, Stop> {
        let zone = time_zone(&policy.zone)
            .ok_or_else(|| Stop::because(format!("the time zone `{}` is not known", policy.zone)))?;
        let outside = || Stop::because("the as-of time is further away than times go");
        let instant = match self.as_of {
            // Whole seconds, so that what is printed can be typed again.
            None => Timestamp::now().round(Unit::Second).map_err(|_| outside())?,
            Some(Given::Day(day)) => {
                let end = end_of_day(&policy.zone, day).ok_or_else(outside)?;
                match zone.to_datetime(end).date() == day {
                    true => end,
                    // The last day of all ends behind the last time, but in the far east.
                    false if zone.to_datetime(Timestamp::MAX).date() < day => return Err(outside()),
                    false => {
                        return Err(Stop::because(format!(
                            "there is no {day} in {}: clocks there have gone over it; give the day before or after it",
                            policy.zone
                        )));
                    }
                }
            }
            Some(Given::Local(local)) => zone.to_timestamp(local).map_err(|_| outside())?,
            Some(Given::Instant(instant)) => instant,
        };
        let sentence = match self.as_of {
            None => format!("as of {instant} (now)"),
            Some(Given::Day(day)) => format!("as of the end of {day} in {}", policy.zone),
            Some(Given::Local(_) | Given::Instant(_)) => format!("as of {instant}"),
        };
        let day = zone.to_datetime(instant).date();
        Ok(Moment { instant, sentence, day, note: outside_of_force(policy, day) })
    }
}

/// What to say when a policy is not in force on a day.
fn outside_of_force(policy: &Policy, day: Date) -> Option<String> {
    let force = policy.in_force.as_ref()?;
    if day < force.from {
        return Some(format!("this policy comes into force on {}, after the as-of day {day}", force.from));
    }
    let until = force.until.filter(|until| day > *until)?;
    Some(format!("this policy was in force until {until}, before the as-of day {day}"))
}
