//! Time zones, by the rules that are built in: those of a machine differ from the next one's, and a decision must not.

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zone of a name, such as `Europe/Berlin`; none when there is no such zone.
#[must_use]
pub fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The names of all zones.
#[must_use]
pub fn time_zones() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect()
}
