//! A diff on a terminal.

use unicode_width::UnicodeWidthStr;

use super::words;
use crate::diff::report::{Changed, Edited, Region, Went};
use crate::diff::tally::{Count, Tally};
use crate::diff::{Report, Verdict};
use crate::render::terminal::{Look, Tone, clean, count, grouped, share, shortened, wrap};

/// A diff as text.
#[must_use]
pub fn human(report: &Report, look: Look) -> String {
    let mut page = Page { look, text: String::new() };
    page.head(report);
    if let Some(tally) = &report.leads {
        page.tally(tally, &report.changes);
    }
    for (number, change) in report.changes.iter().enumerate() {
        page.change(number + 1, change);
    }
    page.edits("Edits by which no lead changes hands", &report.without_effect);
    page.edits("Also changed in the agreement", &report.agreement);
    page.edits("Wording", &report.wording);
    let notes = words::notes(report);
    if !notes.is_empty() {
        page.blank();
    }
    for note in notes {
        page.wrapped(0, "note: ", Tone::Accent, note);
    }
    page.text
}

/// How deep the parts of a change stand.
const INDENT: usize = 3;

struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.text.push_str(format!("{:indent$}{text}", "").trim_end());
        self.text.push('\n');
    }

    /// A paragraph behind a head that is painted; its further lines stand below its first.
    fn wrapped(&mut self, indent: usize, head: &str, tone: Tone, text: &str) {
        let hang = indent + head.width();
        for (i, line) in wrap(&clean(text), self.look.width.saturating_sub(hang)).iter().enumerate() {
            if i == 0 {
                let head = self.look.paint(tone, head);
                self.line(indent, &format!("{head}{line}"));
            } else {
                self.line(hang, line);
            }
        }
    }

    fn head(&mut self, report: &Report) {
        let tone = match report.verdict {
            Verdict::Same => Tone::Good,
            Verdict::Changed => Tone::Warning,
            Verdict::NotKnown => Tone::Bad,
        };
        for line in wrap(&clean(&words::verdict(report)), self.look.width) {
            let line = self.look.paint(tone, &line);
            self.line(0, &line);
        }
        words::renamed_decisions(report).iter().for_each(|of| self.wrapped(0, "", Tone::Accent, of));
        let flows = words::overview(report);
        let width = flows.iter().map(|(flow, _)| flow.width()).max().unwrap_or(0);
        for (flow, by) in flows.iter().take(MAX_FLOWS) {
            let pad = width - flow.width();
            self.line(2, &format!("{}{:pad$}   by {by}", clean(flow), ""));
        }
        self.more(2, flows.len());
    }

    fn change(&mut self, number: usize, change: &Changed) {
        self.blank();
        let title = self.look.paint(Tone::Strong, &clean(&words::title(change)));
        self.line(0, &format!("{number:<INDENT$}{title}"));
        change.edits.iter().take(MAX_EDITS).for_each(|edit| self.edit(INDENT, edit));
        if change.edits.len() > MAX_EDITS {
            self.line(INDENT, &format!("and {}", count((change.edits.len() - MAX_EDITS) as u64, "further edit")));
        }
        if !change.also.is_empty() {
            self.line(INDENT, "and what it depends on:");
        }
        change.also.iter().take(MAX_EDITS).for_each(|edit| self.edit(INDENT, edit));
        if change.also.len() > MAX_EDITS {
            self.line(INDENT, &format!("and {}", count((change.also.len() - MAX_EDITS) as u64, "further edit")));
        }
        change.parts.iter().for_each(|part| self.part(part));
    }

    fn edit(&mut self, indent: usize, edit: &Edited) {
        for (sign, line) in words::lines(edit) {
            let tone = if sign == '-' { Tone::Bad } else { Tone::Good };
            let place = words::place(line.path.as_deref(), line.line);
            let place = place.map(|place| format!(" [{place}]")).unwrap_or_default();
            for (i, text) in line.text.lines().enumerate() {
                let place = if i == 0 { place.as_str() } else { "" };
                self.wrapped(indent, &format!("{sign} "), tone, &format!("{}{place}", shortened(text)));
            }
        }
    }

    fn part(&mut self, part: &Region) {
        self.wrapped(INDENT, "", Tone::Strong, &words::who(part));
        for alternative in words::alternatives(part) {
            self.wrapped(INDENT + 2, "• ", Tone::Faint, &alternative);
        }
        for remark in words::remarks(part) {
            self.wrapped(INDENT + 2, "", Tone::Faint, &remark);
        }
        part.flows.iter().take(MAX_FLOWS).for_each(|went| self.flow(went));
        self.more(INDENT + 2, part.flows.len());
    }

    /// That some of so many flows are not shown.
    fn more(&mut self, indent: usize, flows: usize) {
        if flows > MAX_FLOWS {
            self.line(indent, &format!("and {} more; `--format json` has them all", flows - MAX_FLOWS));
        }
    }

    fn flow(&mut self, went: &Went) {
        let flow = words::flow(went.from.as_deref(), went.to.as_deref());
        let flow = self.look.paint(Tone::Strong, &clean(&flow));
        self.line(INDENT + 2, &flow);
        self.wrapped(INDENT + 4, "e.g. ", Tone::Faint, &words::lead(went));
        if let Some(readings) = words::readings(went) {
            self.wrapped(INDENT + 9, "", Tone::Faint, &readings);
        }
        self.wrapped(INDENT + 4, "was: ", Tone::Faint, &words::took(&went.by_old, went.from.as_deref()));
        self.wrapped(INDENT + 4, "now: ", Tone::Faint, &words::took(&went.by_new, went.to.as_deref()));
    }

    fn edits(&mut self, heading: &str, edits: &[Edited]) {
        if edits.is_empty() {
            return;
        }
        self.blank();
        let heading = self.look.paint(Tone::Strong, heading);
        self.line(0, &heading);
        for edit in edits.iter().take(MAX_LISTED) {
            self.line(2, &clean(&words::edit_title(edit)));
            self.edit(4, edit);
        }
        if edits.len() > MAX_LISTED {
            self.line(2, &format!("and {} more; `--format json` has them all", edits.len() - MAX_LISTED));
        }
    }

    fn tally(&mut self, tally: &Tally, changes: &[Changed]) {
        self.blank();
        let as_of = tally.as_of.as_ref().map(|as_of| format!(", {as_of}")).unwrap_or_default();
        let sum = format!("{} of {} change hands{as_of}", grouped(tally.changed), count(tally.rows, "row"));
        let sum = self.look.paint(Tone::Strong, &clean(&sum));
        self.line(0, &sum);
        self.counts(2, &tally.flows, Some(tally.rows));
        if tally.set_aside_by_old > 0 || tally.set_aside_by_new > 0 {
            let (old, new) = (grouped(tally.set_aside_by_old), grouped(tally.set_aside_by_new));
            self.line(2, &format!("set aside: {old} before, {new} now"));
        }
        for cause in &tally.causes {
            self.line(2, &clean(&words::cause(cause, changes)));
        }
        for by in &tally.by {
            self.blank();
            let heading = self.look.paint(Tone::Strong, &clean(&format!("By {}", by.field)));
            self.line(0, &heading);
            for value in &by.values {
                let name = clean(value.value.as_deref().unwrap_or("missing or set aside")).into_owned();
                self.line(2, &format!("{name}: {} of {}", grouped(value.changed), grouped(value.rows)));
                self.counts(4, &value.flows, None);
            }
            if by.more > 0 {
                self.line(2, &format!("and {}", count(by.more, "further value")));
            }
        }
    }

    /// Flows with their rows, and the share of all of them when it is asked for.
    fn counts(&mut self, indent: usize, counts: &[Count], of: Option<u64>) {
        let flows: Vec<String> = counts
            .iter()
            .map(|count| clean(&words::flow(count.from.as_deref(), count.to.as_deref())).into_owned())
            .collect();
        let width = flows.iter().map(|flow| flow.width()).max().unwrap_or(0);
        let digits = counts.iter().map(|count| grouped(count.rows).len()).max().unwrap_or(0);
        for (flow, count) in flows.iter().zip(counts) {
            let pad = width - flow.width();
            let share = of.map(|of| format!("  {:>6}", share(count.rows, of))).unwrap_or_default();
            self.line(indent, &format!("{flow}{:pad$}  {:>digits$}{share}", "", grouped(count.rows)));
        }
    }
}

/// How many flows are shown at one place.
const MAX_FLOWS: usize = 12;

/// How many edits of one change are shown.
const MAX_EDITS: usize = 6;

/// How many edits of a list are shown.
const MAX_LISTED: usize = 20;
