//! The sentences of a diff, the same wherever they are shown. They are not cleaned yet: whoever shows them does that.

use std::collections::BTreeMap;

use crate::diff::report::{Changed, Edited, Held, Line, Region, Took, Way, Went};
use crate::diff::{Kind, Report, Verdict, What};
use crate::render::terminal::count;

/// What becomes of a lead: a decision, or `set aside`.
pub(super) fn end(end: Option<&str>) -> &str {
    end.unwrap_or("set aside")
}

/// `nurture → pass to sales`.
pub(super) fn flow(from: Option<&str>, to: Option<&str>) -> String {
    format!("{} → {}", end(from), end(to))
}

/// The answer in one sentence.
pub(super) fn verdict(report: &Report) -> String {
    match report.verdict {
        Verdict::Same if report.without_effect.is_empty() && report.wording.is_empty() => {
            "same behaviour: no lead changes hands".to_owned()
        }
        Verdict::Same => "same behaviour: the text changed, no lead changes hands".to_owned(),
        Verdict::NotKnown => {
            "not known: no lead was found that changes hands, and it is not proved that none does".to_owned()
        }
        Verdict::Changed => {
            let n = report.changes.iter().filter(|change| moves(change)).count();
            let open = report.changes.iter().flat_map(|change| &change.parts).any(|part| !part.complete);
            let others = if open { "; whether others do is not known" } else { "" };
            format!("leads change hands, by {}{others}", count(n as u64, "change"))
        }
    }
}

/// Whether a lead was found that changes hands by it.
pub(super) fn moves(change: &Changed) -> bool {
    change.parts.iter().any(|part| !part.flows.is_empty())
}

/// From where to where leads go, each with the numbers of the changes that make it, those of most changes first.
pub(super) fn overview(report: &Report) -> Vec<(String, String)> {
    let mut flows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, change) in report.changes.iter().enumerate() {
        for went in change.parts.iter().flat_map(|part| &part.flows) {
            let numbers = flows.entry(flow(went.from.as_deref(), went.to.as_deref())).or_default();
            if !numbers.contains(&(number + 1)) {
                numbers.push(number + 1);
            }
        }
    }
    let mut flows: Vec<(String, Vec<usize>)> = flows.into_iter().collect();
    flows.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.len()));
    let by = |numbers: &[usize]| {
        const SHOWN: usize = 8;
        let shown: Vec<String> = numbers.iter().take(SHOWN).map(usize::to_string).collect();
        let more = numbers.len().saturating_sub(SHOWN);
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
    };
    flows.into_iter().map(|(flow, numbers)| (flow, by(&numbers))).collect()
}

/// What a change is called: `rule hot_lead is changed`.
pub(super) fn title(change: &Changed) -> String {
    let mut names: Vec<String> = Vec::new();
    for edit in &change.edits {
        let name = edit_title(edit);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => "conditions that cannot be compared".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first}, and {second}"),
        [first, ..] => format!("{first}, and {} more", count(names.len() as u64 - 1, "edit")),
    }
}

/// `rule hot_lead is changed`.
pub(super) fn edit_title(edit: &Edited) -> String {
    let kind = match edit.kind {
        Kind::Policy => "",
        Kind::Field => "field ",
        Kind::Assumption => "",
        Kind::Decision => "decision ",
        Kind::List => "list ",
        Kind::Define => "definition ",
        Kind::Score => "score ",
        Kind::Grade => "grade ",
        Kind::Stage => "stage ",
        Kind::Section => "section ",
        Kind::Rule => "rule ",
        Kind::Claim => "",
        Kind::Test => "test ",
    };
    // A line of it may be new or gone.
    let line = matches!(edit.kind, Kind::Score | Kind::Grade);
    let what = match edit.what {
        What::Added | What::Removed | What::Moved if line => "is changed",
        What::Added => "is new",
        What::Removed => "is gone",
        What::Changed => "is changed",
        What::Moved => "stands elsewhere",
        What::Renamed => "is called so now",
    };
    match edit.kind {
        Kind::Policy | Kind::Assumption | Kind::Claim => format!("{} {what}", edit.name),
        Kind::Field
        | Kind::Decision
        | Kind::List
        | Kind::Define
        | Kind::Score
        | Kind::Grade
        | Kind::Stage
        | Kind::Section
        | Kind::Rule
        | Kind::Test => format!("{kind}`{}` {what}", edit.name),
    }
}

/// The old and the new text of an edit, each with its sign.
pub(super) fn lines(edit: &Edited) -> Vec<(char, &Line)> {
    let old = edit.old.iter().map(|line| ('-', line));
    old.chain(edit.new.iter().map(|line| ('+', line))).collect()
}

/// `policies/inbound.policy:61`.
pub(super) fn place(path: Option<&str>, line: Option<usize>) -> Option<String> {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    path.map(|path| format!("{path}{line}"))
}

/// Which leads, up to where the alternatives begin; a colon at its end when they follow.
pub(super) fn who(region: &Region) -> String {
    let names: Vec<String> = region.at.iter().map(|name| format!("`{name}`")).collect();
    let of = region.section.as_ref().map(|title| format!(" of section \"{title}\"")).unwrap_or_default();
    let (verb, at) = match (region.way, names.as_slice()) {
        (Way::Anyhow, names) => return format!("leads of {}", count(names.len() as u64, "rule")),
        (Way::NoLonger, [one]) => ("no longer takes", one),
        (Way::FromNowOn, [one]) => ("now takes", one),
        (Way::Otherwise, [one]) => ("decides otherwise for", one),
        (Way::NoLonger | Way::FromNowOn | Way::Otherwise, _) => return format!("leads of {}", names.join(", ")),
    };
    if region.sets_aside {
        let again = if region.way == Way::NoLonger { "no longer" } else { "now" };
        return format!("leads are {again} set aside for {at}");
    }
    match region.alternatives.as_deref() {
        None => format!("{at} {verb} some leads{of} that get to it"),
        Some([only]) if only.is_empty() => format!("{at} {verb} every lead{of} that gets to it"),
        Some([only]) => format!("{at} {verb} leads{of} that get to it with {}", only.join(" and ")),
        Some([]) => format!("{at} {verb} some leads{of} that get to it"),
        Some(_) => format!("{at} {verb} leads{of} that get to it with any of these:"),
    }
}

/// The alternatives, when there are several.
pub(super) fn alternatives(region: &Region) -> Vec<String> {
    match region.alternatives.as_deref() {
        None | Some([] | [_]) => Vec::new(),
        Some(several) => several.iter().map(|all| all.join(" and ")).collect(),
    }
}

/// What is to be said behind a description.
pub(super) fn remarks(region: &Region) -> Vec<String> {
    let mut remarks = Vec::new();
    if region.alternatives.as_ref().is_some_and(|all| !all.is_empty()) && !region.described {
        remarks.push("and others".to_owned());
    }
    if region.some_stay {
        remarks.push("some of them keep their decision, by a rule further down".to_owned());
    }
    if !region.complete {
        let others = if region.flows.is_empty() { "any of them" } else { "others" };
        remarks.push(format!("whether {others} change hands is not known"));
    }
    remarks
}

/// `title VP, need 2`; what an empty lead is.
pub(super) fn lead(went: &Went) -> String {
    let held: Vec<String> = went.lead.iter().map(|Held { field, value }| format!("{field} {value}")).collect();
    let held = if held.is_empty() { "a lead of which nothing is known".to_owned() } else { held.join(", ") };
    let as_of = went.as_of.as_ref().map(|as_of| format!(", as of {as_of} for both")).unwrap_or_default();
    format!("{held}{as_of}")
}

/// `first_call (old.policy:91)`.
pub(super) fn took(took: &Took, end: Option<&str>) -> String {
    let place = place(took.path.as_deref(), took.line).map(|place| format!(" ({place})")).unwrap_or_default();
    let verb = if end.is_none() { "set aside for " } else { "" };
    format!("{verb}{}{place}", took.name)
}

/// `fit is 45, was 30`.
pub(super) fn readings(went: &Went) -> Option<String> {
    let all: Vec<String> = went.readings.iter().map(|m| format!("{} is {}, was {}", m.name, m.is, m.was)).collect();
    (!all.is_empty()).then(|| all.join("; "))
}
