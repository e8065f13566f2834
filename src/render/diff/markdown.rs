//! A diff for a review: Markdown in which nothing of the data can do anything.

use super::words;
use crate::diff::Report;
use crate::diff::report::{Changed, Edited, Region, Went};
use crate::diff::tally::{Count, Tally};
use crate::render::explanation::{code, escape};
use crate::render::terminal::{clean, count, grouped, share, shortened};

/// A diff as Markdown.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = format!("**{}**\n", escape(&words::verdict(report)));
    words::renamed_decisions(report).iter().for_each(|of| out.push_str(&format!("\n{}\n", escape(of))));
    let flows = words::overview(report);
    if !flows.is_empty() {
        out.push_str("\n| leads go | by change |\n|---|---|\n");
    }
    for (flow, by) in flows.iter().take(MAX_FLOWS) {
        out.push_str(&format!("| {} | {by} |\n", escape(flow)));
    }
    more(flows.len(), &mut out);
    if let Some(of) = &report.leads {
        tally(of, &report.changes, &mut out);
    }
    for (number, of) in report.changes.iter().enumerate() {
        change(number + 1, of, &mut out);
    }
    edits("Edits by which no lead changes hands", &report.without_effect, &mut out);
    edits("Also changed in the agreement", &report.agreement, &mut out);
    edits("Wording", &report.wording, &mut out);
    let notes = words::notes(report);
    if !notes.is_empty() {
        out.push('\n');
    }
    notes.iter().for_each(|note| out.push_str(&format!("> note: {}\n", escape(note))));
    out
}

fn change(number: usize, change: &Changed, out: &mut String) {
    out.push_str(&format!("\n### {number}. {}\n\n", escape(&words::title(change))));
    change.edits.iter().take(MAX_EDITS).for_each(|of| edit(of, out));
    if change.edits.len() > MAX_EDITS {
        out.push_str(&format!("and {}\n\n", count((change.edits.len() - MAX_EDITS) as u64, "further edit")));
    }
    if !change.also.is_empty() {
        out.push_str("and what it depends on:\n\n");
    }
    change.also.iter().take(MAX_EDITS).for_each(|of| edit(of, out));
    if change.also.len() > MAX_EDITS {
        out.push_str(&format!("and {}\n\n", count((change.also.len() - MAX_EDITS) as u64, "further edit")));
    }
    change.parts.iter().for_each(|part| region(part, out));
}

/// The old and the new text in a block, with their places below.
fn edit(edit: &Edited, out: &mut String) {
    let lines = words::lines(edit);
    let mut places = Vec::new();
    let mut block = String::new();
    for (sign, line) in &lines {
        for text in line.text.lines() {
            block.push_str(&format!("{sign} {}\n", clean(&shortened(text))));
        }
        places.extend(words::place(line.path.as_deref(), line.line).map(|place| code(&place)));
    }
    let longest = block.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!("{fence}diff\n{block}{fence}\n"));
    if !places.is_empty() {
        out.push_str(&format!("{}\n", places.join(", ")));
    }
    out.push('\n');
}

fn region(part: &Region, out: &mut String) {
    out.push_str(&format!("{}\n\n", escape(&words::who(part))));
    words::alternatives(part).iter().for_each(|of| out.push_str(&format!("- {}\n", escape(of))));
    words::remarks(part).iter().for_each(|remark| out.push_str(&format!("- *{}*\n", escape(remark))));
    part.flows.iter().take(MAX_FLOWS).for_each(|went| flow(went, out));
    more(part.flows.len(), out);
    out.push('\n');
}

/// That some of so many flows are not shown.
fn more(flows: usize, out: &mut String) {
    if flows > MAX_FLOWS {
        out.push_str(&format!("\nand {} more; `--format json` has them all\n", flows - MAX_FLOWS));
    }
}

fn flow(went: &Went, out: &mut String) {
    let flow = words::flow(went.from.as_deref(), went.to.as_deref());
    let readings = words::readings(went).map(|readings| format!(" ({})", escape(&readings))).unwrap_or_default();
    out.push_str(&format!("- **{}**, e.g. {}{readings}\n", escape(&flow), escape(&words::lead(went))));
    let by = |name: &str| escape(name);
    let (old, new) = (words::took(&went.by_old, went.from.as_deref()), words::took(&went.by_new, went.to.as_deref()));
    out.push_str(&format!("  - was: {}\n  - now: {}\n", by(&old), by(&new)));
}

fn edits(heading: &str, edits: &[Edited], out: &mut String) {
    if edits.is_empty() {
        return;
    }
    out.push_str(&format!("\n### {heading}\n\n"));
    for of in edits.iter().take(MAX_EDITS) {
        out.push_str(&format!("{}\n\n", escape(&words::edit_title(of))));
        edit(of, out);
    }
    if edits.len() > MAX_EDITS {
        out.push_str(&format!("and {} more\n", edits.len() - MAX_EDITS));
    }
}

fn tally(tally: &Tally, changes: &[Changed], out: &mut String) {
    let as_of = tally.as_of.as_ref().map(|as_of| format!(", {}", escape(as_of))).unwrap_or_default();
    out.push_str(&format!("\n**{} of {} change hands**{as_of}\n\n", grouped(tally.changed), count(tally.rows, "row")));
    counts(&tally.flows, tally.rows, out);
    let (old, new) = (grouped(tally.set_aside_by_old), grouped(tally.set_aside_by_new));
    if tally.set_aside_by_old > 0 || tally.set_aside_by_new > 0 {
        out.push_str(&format!("\nset aside: {old} before, {new} now\n"));
    }
    if !tally.causes.is_empty() {
        out.push('\n');
    }
    tally.causes.iter().for_each(|cause| out.push_str(&format!("- {}\n", escape(&words::cause(cause, changes)))));
    for by in &tally.by {
        out.push_str(&format!("\n| {} | rows | change hands | |\n|---|--:|--:|---|\n", escape(&by.field)));
        for value in &by.values {
            let flows: Vec<String> = value
                .flows
                .iter()
                .map(|c| format!("{} {}", grouped(c.rows), escape(&words::flow(c.from.as_deref(), c.to.as_deref()))))
                .collect();
            let name = escape(value.value.as_deref().unwrap_or("missing or set aside"));
            let (rows, changed) = (grouped(value.rows), grouped(value.changed));
            out.push_str(&format!("| {name} | {rows} | {changed} | {} |\n", flows.join(", ")));
        }
        if by.more > 0 {
            out.push_str(&format!("\nand {}\n", count(by.more, "further value")));
        }
    }
}

fn counts(counts: &[Count], rows: u64, out: &mut String) {
    if counts.is_empty() {
        return;
    }
    out.push_str("| from | to | rows | of all |\n|---|---|--:|--:|\n");
    for count in counts {
        let (from, to) = (words::end(count.from.as_deref()), words::end(count.to.as_deref()));
        let (n, share) = (grouped(count.rows), share(count.rows, rows));
        out.push_str(&format!("| {} | {} | {n} | {share} |\n", escape(from), escape(to)));
    }
}

/// How many flows are shown at one place.
const MAX_FLOWS: usize = 12;

/// How many edits are shown.
const MAX_EDITS: usize = 6;
