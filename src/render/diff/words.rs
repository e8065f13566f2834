//! The sentences of a diff, the same wherever they are shown. They are not cleaned yet: whoever shows them does that.

use std::collections::BTreeMap;

use crate::diff::report::{Changed, Edited, Held, Line, Region, Renamed, Took, Way, Went};
use crate::diff::tally::Cause;
use crate::diff::{Kind, Report, What};
use crate::render::terminal::{count, grouped};

/// What becomes of a lead: a decision, or `set aside`.
pub(super) fn end(end: Option<&str>) -> &str {
    end.unwrap_or("set aside")
}

/// `nurture → pass to sales`.
pub(super) fn flow(from: Option<&str>, to: Option<&str>) -> String {
    format!("{} → {}", end(from), end(to))
}

/// The answer in one sentence: what rows of real leads show, where that is more than what is proved.
pub(super) fn verdict(report: &Report) -> String {
    let moving = report.changes.iter().filter(|change| moves(change)).count();
    let open = report.changes.iter().flat_map(|change| &change.parts).any(|part| !part.complete);
    if moving > 0 {
        let others = if open { "; whether others do is not known" } else { "" };
        return format!("leads change hands, by {}{others}", count(moving as u64, "change"));
    }
    let rows = report.leads.as_ref().filter(|tally| tally.changed > 0);
    let rows = rows.map(|tally| format!("{} of {} change hands", grouped(tally.changed), count(tally.rows, "row")));
    let head = rows.clone().unwrap_or_else(|| "not known".to_owned());
    let not_compared = match report.not_compared.as_slice() {
        [] => None,
        fields => Some(format!("how {} has changed and is not compared", are_read(fields))),
    };
    match (open, not_compared) {
        (true, None) if rows.is_none() => {
            "not known: no lead was found that changes hands, and it is not proved that none does".to_owned()
        }
        (true, not_compared) => {
            let then = not_compared.map(|of| format!("; {of}")).unwrap_or_default();
            format!("{head}: it is not proved that the rules decide every lead as before{then}")
        }
        (false, Some(of)) => {
            format!("{head}: the rules decide every lead as before, as far as it is read the same; {of}")
        }
        (false, None) if rows.is_some() => {
            format!("{head}, by how their cells are read: the rules decide every lead as before")
        }
        (false, None) => {
            let text =
                if report.without_effect.is_empty() && report.wording.is_empty() { "" } else { "the text changed, " };
            format!("same behaviour: {text}no lead changes hands{}", besides(report))
        }
    }
}

/// What the comparison leaves out, and how to see it.
pub(super) fn notes(report: &Report) -> Vec<&str> {
    let unseen = !report.not_compared.is_empty() && report.leads.is_none();
    let hint = unseen.then_some("what is not compared shows on real leads: give a file of them with --leads");
    report.notes.iter().map(String::as_str).chain(hint).collect()
}

/// What has changed in the agreement, in a few words: `; besides, claims and tests have changed`.
fn besides(report: &Report) -> String {
    let of = |edit: &Edited| match edit.kind {
        Kind::Claim => "claims".to_owned(),
        Kind::Test => "tests".to_owned(),
        Kind::Section | Kind::Rule => "ownership".to_owned(),
        Kind::Policy => edit.name.clone(),
        Kind::Field
        | Kind::Assumption
        | Kind::Decision
        | Kind::List
        | Kind::Define
        | Kind::Score
        | Kind::Grade
        | Kind::Stage => format!("`{}`", edit.name),
    };
    let mut parts: Vec<String> = Vec::new();
    for part in report.agreement.iter().map(of) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() { String::new() } else { format!("; changed besides: {}", parts.join(", ")) }
}

/// "`region` is read from its cells"; of several fields, the first ones.
fn are_read(fields: &[String]) -> String {
    const SHOWN: usize = 3;
    let names: Vec<String> = fields.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [only] => format!("{only} is read from its cells"),
        _ if fields.len() > SHOWN => {
            format!("{} and {} more are read from their cells", names.join(", "), fields.len() - SHOWN)
        }
        [first @ .., last] => format!("{} and {last} are read from their cells", first.join(", ")),
        [] => String::new(),
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
    let what = match edit.what {
        What::Added => "is new",
        What::Removed => "is gone",
        What::Changed => "is changed",
        What::Moved => "stands elsewhere",
        What::Renamed => {
            return match &edit.was {
                Some(was) => format!("{kind}`{was}` is now called `{}`", edit.name),
                None => format!("{kind}`{}` has another name", edit.name),
            };
        }
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

/// What a step does that takes the same leads as before: `now decides nurture, not disqualify, for`.
fn decides(region: &Region) -> String {
    match region.flows.as_slice() {
        [only] => format!("now decides {}, not {}, for", end(only.to.as_deref()), end(only.from.as_deref())),
        _ => "now decides something else for".to_owned(),
    }
}

/// Which leads, up to where the alternatives begin; a colon at its end when they follow.
pub(super) fn who(region: &Region) -> String {
    let names: Vec<String> = region.at.iter().map(|name| format!("`{name}`")).collect();
    let of = region.section.as_ref().map(|title| format!(" of section \"{title}\"")).unwrap_or_default();
    let (verb, at) = match (region.way, names.as_slice()) {
        (Way::NoLonger, [one]) => ("no longer takes".to_owned(), one),
        (Way::FromNowOn, [one]) => ("now takes".to_owned(), one),
        (Way::Otherwise, [one]) => (decides(region), one),
        (Way::Anyhow | Way::NoLonger | Way::FromNowOn | Way::Otherwise, _) => {
            const SHOWN: usize = 5;
            let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            let more = names.len().saturating_sub(SHOWN) as u64;
            let more = if more > 0 { format!(" and {}", count(more, "more rule")) } else { String::new() };
            return format!("leads of {shown}{more}");
        }
    };
    if region.sets_aside {
        let again = if region.way == Way::NoLonger { "no longer" } else { "now" };
        return format!("leads are {again} set aside for {at}");
    }
    match region.alternatives.as_deref() {
        None | Some([]) => format!("{at} {verb} some leads{of}"),
        Some([only]) if only.is_empty() => format!("{at} {verb} every lead{of} that gets to it"),
        Some([only]) => format!("{at} {verb} leads{of} with {}", only.join(" and ")),
        Some(_) => format!("{at} {verb} leads{of} with any of these:"),
    }
}

/// `by change 1, rule hot_lead is changed: 12 rows`.
pub(super) fn cause(cause: &Cause, changes: &[Changed]) -> String {
    let by = match cause.change {
        Some(number) => {
            let title = changes.get(number - 1).map(title).unwrap_or_default();
            format!("change {number}, {title}")
        }
        None => "how cells are read".to_owned(),
    };
    format!("by {by}: {}", count(cause.rows, "row"))
}

/// That decisions seem to have another name only.
pub(super) fn renamed_decisions(report: &Report) -> Vec<String> {
    let said = |Renamed { was, is }: &Renamed| {
        format!("it looks as if decision `{was}` is now called `{is}`: every rule that gave the one gives the other")
    };
    report.renamed_decisions.iter().map(said).collect()
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
