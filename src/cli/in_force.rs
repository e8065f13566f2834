//! Which policy leads are decided by: the one that is given, or of several versions in a folder the one that is in force.

use std::path::{Path, PathBuf};

use policyc::ir::Policy;
use policyc::versions::Version;

use super::as_of::{AsOf, Moment};
use super::console::{Console, Stop};
use super::place::{Place, Places};
use super::policies::{Read, files};

/// A policy that is in force.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) read: Read,
    pub(super) policy: Policy,
    pub(super) moment: Moment,
    /// Every file on the disk that was read for the other versions, in full.
    pub(super) others: Vec<PathBuf>,
}

/// The policy that leads are decided by.
pub(super) fn choose(given: &Path, as_of: &AsOf, console: &Console) -> Result<Chosen, Stop> {
    let place = Places::default().given(given)?;
    let files = files(&[given.to_owned()])?;
    if let [only] = files.as_slice()
        && only.name() == place.name()
    {
        let (read, policy) = Read::policy(given, console)?;
        let moment = as_of.moment(&policy)?;
        return match &moment.note {
            None => Ok(Chosen { read, policy, moment, others: Vec::new() }),
            Some(note) => Err(Stop::because(format!("{note}; {}", instead(&read.place, &policy, as_of)))),
        };
    }
    let mut versions = Vec::new();
    for file in files {
        let read = Read::from(file)?;
        if !read.library {
            let (read, policy) = read.checked(console)?;
            let moment = as_of.moment(&policy)?;
            versions.push(Chosen { read, policy, moment, others: Vec::new() });
        }
    }
    one_policy(&place, &versions)?;
    let in_force = |chosen: &Chosen| chosen.moment.note.is_none();
    let differ = |of: fn(&Chosen) -> String| versions.windows(2).any(|pair| matches!(pair, [a, b] if of(a) != of(b)));
    let has_zones = differ(|chosen| chosen.policy.zone.clone());
    match versions.iter().filter(|chosen| in_force(chosen)).count() {
        1 => {}
        count => {
            // In two time zones, one instant may be of two days.
            let has_days = differ(|chosen| chosen.moment.day.to_string());
            let when = versions.first().map(|Chosen { moment: Moment { day, sentence, .. }, .. }| match has_days {
                true => sentence.clone(),
                false => format!("on {day}"),
            });
            let when = when.unwrap_or_default();
            let all: Vec<String> = versions.iter().map(|version| words(version, has_zones)).collect();
            let none = format!("no version in `{}` is in force {when}", place.name());
            let several = format!(
                "several versions in `{}` are in force {when}: give one of them, or end one before the next begins",
                place.name()
            );
            let (what, then) = match count {
                0 => (none, ": say with `--as-of` a day of one of them, or add the version of then"),
                _ => (several, ""),
            };
            return Err(Stop::because(format!("{what}; there are {}{then}", all.join(", "))));
        }
    }
    let (chosen, others): (Vec<Chosen>, Vec<Chosen>) = versions.into_iter().partition(in_force);
    let others = others.into_iter().flat_map(|other| other.read.files).collect();
    let chosen = chosen.into_iter().next().map(|chosen| Chosen { others, ..chosen });
    let chosen =
        chosen.ok_or_else(|| Stop::because(format!("there is no policy in `{}`, only libraries", place.name())))?;
    let zone = if has_zones { format!(" in {}", chosen.policy.zone) } else { String::new() };
    console.note(&format!("`{}` is the version that is in force on {}{zone}", chosen.read.name(), chosen.moment.day));
    Ok(chosen)
}

/// `inbound-2026.policy (from 2026-01-01 until 2026-12-31)`, and in which time zone.
fn words(chosen: &Chosen, has_zones: bool) -> String {
    let version = Version { name: chosen.read.name(), policy: &chosen.policy };
    let zone = if has_zones { format!(" in {}", chosen.policy.zone) } else { String::new() };
    format!("`{}` ({}{zone})", version.name, version.days())
}

/// That the policies of a folder are not versions of one.
fn one_policy(folder: &Place, versions: &[Chosen]) -> Result<(), Stop> {
    let Some((first, others)) = versions.split_first() else {
        return Err(Stop::because(format!("there is no policy in `{}`, only libraries", folder.name())));
    };
    let Some(other) = others.iter().find(|other| other.policy.title != first.policy.title) else { return Ok(()) };
    Err(Stop::because(format!(
        "`{}` has several policies, such as \"{}\" in `{}` and \"{}\" in `{}`: give one of them; versions of one policy have the same title",
        folder.name(),
        first.policy.title,
        first.read.name(),
        other.policy.title,
        other.read.name()
    )))
}

/// What to do when a policy is not in force: the version beside it that is, when there is one.
fn instead(place: &Place, policy: &Policy, as_of: &AsOf) -> String {
    let version = place.beside().into_iter().filter_map(|file| Read::from(file).ok()).find_map(|mut read| {
        let other = read.policy.take().filter(|other| other.title == policy.title)?;
        as_of.moment(&other).ok()?.note.is_none().then(|| read.name().to_owned())
    });
    version.map_or_else(
        || "give the version of then, or an `--as-of` on a day on which this one is in force".to_owned(),
        |name| format!("`{name}` is the version of then: give that one"),
    )
}
