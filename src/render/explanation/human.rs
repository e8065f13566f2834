//! An explanation on a terminal: what was decided first, then why, each condition beside the values that it read.

use unicode_width::UnicodeWidthStr;

use super::words;
use crate::explain::{Above, Explanation, GradeLine, Outcome, ScoreLine, StageStep, Stopped, Tested, Way};
use crate::render::terminal::{Look, Tone, clean, shortened, wrap};
use crate::types::Truth;

/// Between a condition and what it read.
const GAP: usize = 3;

/// The least room for what was read beside a condition; with less it goes below.
const BESIDE: usize = 24;

/// An explanation as text of the width at hand.
#[must_use]
pub fn human(explanation: &Explanation, look: Look) -> String {
    let mut page = Page { look: Look { width: look.width.max(40), ..look }, text: String::new() };
    page.decision(explanation);
    page.rule(explanation);
    page.above(&explanation.above);
    page.scores(explanation);
    page.grades(explanation);
    page.stage(explanation);
    page.unknown(explanation);
    page.defaults(explanation);
    page.why_not(explanation);
    page.better(explanation);
    page.text
}

/// A line of a block: a mark, words, and what belongs beside them.
struct Row {
    indent: usize,
    truth: Option<Truth>,
    left: String,
    right: String,
}

impl Row {
    fn new(indent: usize, truth: Option<Truth>, left: &str, right: &str) -> Row {
        let shown = |text| clean(&shortened(text)).into_owned();
        Row { indent, truth, left: shown(left), right: shown(right) }
    }

    /// The column after its words.
    fn end(&self) -> usize {
        self.start() + self.left.width()
    }

    /// The column where its words begin.
    fn start(&self) -> usize {
        self.indent + self.truth.map_or(0, |_| 2)
    }
}

struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn decision(&mut self, explanation: &Explanation) {
        let Explanation { lead, decision, note, reason, as_of, policy, .. } = explanation;
        let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        self.heading(&format!("{lead}: {decision}"), &note);
        reason.iter().for_each(|reason| self.paragraph(0, Tone::Accent, &format!("because {reason}")));
        self.paragraph(0, Tone::Faint, &format!("by \"{policy}\", as of {}", words::as_of(as_of)));
    }

    fn rule(&mut self, explanation: &Explanation) {
        let rule = &explanation.rule;
        let belongs = words::belongs(rule).map(|text| format!(", {text}")).unwrap_or_default();
        self.title(&format!("Rule {}", rule.name), &format!(" at {}{belongs}", words::place(rule)));
        let mut rows = Vec::new();
        let Explanation { section_conditions, conditions, .. } = explanation;
        section_conditions.iter().chain(conditions).for_each(|tested| in_full(tested, 2, &mut rows));
        if conditions.is_empty() {
            rows.push(Row::new(2, Some(Truth::True), words::otherwise(explanation), ""));
        }
        self.block(&rows);
    }

    fn above(&mut self, above: &[Above]) {
        if above.is_empty() {
            return;
        }
        self.title("Rules above it, and what stopped each", "");
        let mut rows = Vec::new();
        for above in above {
            match above {
                Above::Rule { rule, truth, stopped } => {
                    rows.push(Row::new(2, Some(*truth), &format!("{}: {}", rule.name, rule.decision), ""));
                    stoppers(stopped, &mut rows);
                }
                Above::Section { title, rules, truth, stopped, taken_by } => {
                    rows.push(Row::new(2, Some(*truth), &words::skipped(title, *rules), ""));
                    taken_by.iter().for_each(|by| rows.push(Row::new(6, None, &words::taken(by), "")));
                    stoppers(stopped, &mut rows);
                }
            }
        }
        self.block(&rows);
    }

    fn scores(&mut self, explanation: &Explanation) {
        for score in &explanation.scores {
            self.title("Score", &format!(" {}", words::score(score)));
            let points = score.lines.iter().map(|line| words::added(line).width()).max().unwrap_or(0);
            let rows: Vec<Row> = score.lines.iter().map(|line| score_row(line, points)).collect();
            self.block(&rows);
        }
    }

    fn grades(&mut self, explanation: &Explanation) {
        for grade in &explanation.grades {
            self.title("Grade", &format!(" {} is {}", grade.name, grade.label));
            let mut rows = Vec::new();
            for GradeLine { label, text, truth, readings, stopped } in &grade.lines {
                let line = format!("{label}: {text}");
                if truth.is_true() {
                    rows.push(Row::new(2, Some(*truth), &line, &words::readings(readings)));
                } else {
                    short(&line, text, *truth, stopped, &mut rows);
                }
            }
            self.block(&rows);
        }
    }

    fn stage(&mut self, explanation: &Explanation) {
        let Some(report) = &explanation.stage else { return };
        self.title("Stage", &format!(" {}", report.stage));
        let mut rows = Vec::new();
        for StageStep { name, truth, readings, stopped } in &report.steps {
            rows.push(Row::new(2, Some(*truth), name, &words::readings(readings)));
            stoppers(stopped, &mut rows);
        }
        self.block(&rows);
    }

    fn unknown(&mut self, explanation: &Explanation) {
        if !explanation.unknown.is_empty() {
            self.title("Unknown, and why it matters", "");
            explanation.unknown.iter().for_each(|absence| self.paragraph(2, Tone::Warning, &words::absence(absence)));
        }
    }

    fn defaults(&mut self, explanation: &Explanation) {
        if !explanation.defaults.is_empty() {
            self.title("Defaults that the policy gives", "");
            for default in &explanation.defaults {
                self.paragraph(2, Tone::Warning, &words::default(default));
            }
        }
    }

    fn why_not(&mut self, explanation: &Explanation) {
        let Some(why_not) = &explanation.why_not else { return };
        self.title(&words::why_not(why_not), "");
        if let Outcome::Changes { ways, .. } = &why_not.outcome {
            ways.iter().for_each(|way| self.way(way));
        }
        words::outcome(why_not).iter().for_each(|line| self.paragraph(2, Tone::Faint, line));
    }

    fn better(&mut self, explanation: &Explanation) {
        let Some(better) = &explanation.better else { return };
        self.title(&format!("Nearest better decision: {}", better.decision), "");
        self.way(&better.way);
    }

    fn way(&mut self, way: &Way) {
        let text = format!("{}: rule {}", words::way(way), way.rule);
        self.paragraph(2, Tone::Accent, &shortened(&text));
    }

    /// A heading with a blank line above.
    fn title(&mut self, title: &str, rest: &str) {
        self.text.push('\n');
        self.heading(title, rest);
    }

    /// A line that begins with what stands out.
    fn heading(&mut self, title: &str, rest: &str) {
        let lines = fold(&clean(&format!("{title}{rest}")), self.look.width, self.look.width - 2);
        let mut strong = clean(title).width();
        for (i, line) in lines.iter().enumerate() {
            let (head, tail) = split(line, strong);
            strong = strong.saturating_sub(line.width() + 1);
            let indent = if i == 0 { "" } else { "  " };
            let (head, tail) = (self.look.paint(Tone::Strong, head), self.look.paint(Tone::Faint, tail));
            self.text.push_str(&format!("{indent}{head}{tail}\n"));
        }
    }

    fn paragraph(&mut self, indent: usize, tone: Tone, text: &str) {
        let width = self.look.width - indent;
        for (i, line) in fold(&clean(text), width, width - 2).iter().enumerate() {
            let hang = if i == 0 { indent } else { indent + 2 };
            self.text.push_str(&format!("{:hang$}{}\n", "", self.look.paint(tone, line)));
        }
    }

    /// Rows with what they read in one column, as far to the left as most of them let it be.
    fn block(&mut self, rows: &[Row]) {
        let widest = (self.look.width * 11 / 20).min(self.look.width - BESIDE - GAP);
        let beside = |row: &&Row| !row.right.is_empty() && row.end() <= widest;
        let column = rows.iter().filter(beside).map(Row::end).max().unwrap_or(widest.min(self.look.width / 3)) + GAP;
        rows.iter().for_each(|row| self.row(row, column));
    }

    fn row(&mut self, row: &Row, column: usize) {
        let (start, width) = (row.start(), self.look.width);
        let mark = match row.truth {
            None => String::new(),
            Some(truth) => format!("{} ", self.look.paint(tone(truth), words::mark(truth))),
        };
        let tidy = row.end() + GAP <= column;
        let room = if tidy { column - GAP - start } else { width - start };
        let left = fold(&row.left, room, room.saturating_sub(2).max(1));
        let right = if row.right.is_empty() { Vec::new() } else { fold(&row.right, width - column, width - column) };
        let (mut left, mut right) = (left.into_iter(), right.into_iter());
        let first = left.next().unwrap_or_default();
        let pad = if tidy { column - start - first.width() } else { 0 };
        let beside = if tidy { right.next() } else { None };
        let line = match beside {
            Some(beside) => format!("{first}{:pad$}{}", "", self.look.paint(Tone::Faint, &beside)),
            None => first,
        };
        self.text.push_str(&format!("{:indent$}{mark}{line}\n", "", indent = row.indent));
        left.for_each(|line| self.text.push_str(&format!("{:hang$}{line}\n", "", hang = start + 2)));
        for line in right {
            self.text.push_str(&format!("{:column$}{}\n", "", self.look.paint(Tone::Faint, &line)));
        }
    }
}

fn tone(truth: Truth) -> Tone {
    match truth {
        Truth::True => Tone::Good,
        Truth::False => Tone::Bad,
        Truth::Unknown => Tone::Warning,
    }
}

/// A condition and below it its parts.
fn in_full(tested: &Tested, indent: usize, rows: &mut Vec<Row>) {
    rows.push(Row::new(indent, Some(tested.truth), &words::heading(tested), &words::read(tested)));
    tested.parts.iter().for_each(|part| in_full(part, indent + 2, rows));
}

/// What stopped something, below it.
fn stoppers(stopped: &Stopped, rows: &mut Vec<Row>) {
    for tested in &stopped.by {
        rows.push(Row::new(6, None, &words::condition(tested), &words::read(tested)));
    }
    words::more(stopped).iter().for_each(|more| rows.push(Row::new(6, None, more, "")));
}

/// Something that did not come true: on one line when its whole condition stopped it, else with what did below.
fn short(line: &str, text: &str, truth: Truth, stopped: &Stopped, rows: &mut Vec<Row>) {
    match stopped.by.as_slice() {
        [tested] if stopped.more == 0 && tested.text == text => {
            rows.push(Row::new(2, Some(truth), line, &words::read(tested)));
        }
        _ => {
            rows.push(Row::new(2, Some(truth), line, ""));
            stoppers(stopped, rows);
        }
    }
}

fn score_row(line: &ScoreLine, points: usize) -> Row {
    let (words, would) = words::score_line(line);
    let would = would.map(|gain| format!(" ({gain})")).unwrap_or_default();
    let left = format!("{:>points$}  {words}{would}", words::added(line));
    Row::new(2, Some(line.truth), &left, &words::readings(&line.readings))
}

/// Breaks a text into lines: the first of one width, the others of another. A word that is wider than a line is cut.
fn fold(text: &str, first: usize, others: usize) -> Vec<String> {
    if text.width() <= first {
        return vec![text.to_owned()];
    }
    let mut words = String::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while rest.width() > others {
            let (head, tail) = split(rest, others);
            // A single character that is wider than a line cannot be cut.
            if head.is_empty() || tail.is_empty() {
                break;
            }
            words.push_str(head);
            words.push(' ');
            rest = tail;
        }
        words.push_str(rest);
        words.push(' ');
    }
    let mut lines = wrap(&words, first);
    if lines.len() > 1 && first != others {
        let rest = lines.split_off(1).join(" ");
        lines.extend(wrap(&rest, others));
    }
    lines
}

/// Cuts a text after so many columns, between characters.
fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut end = 0;
    for (start, c) in text.char_indices() {
        let after = start + c.len_utf8();
        if text.get(..after).is_some_and(|head| head.width() > columns) {
            break;
        }
        end = after;
    }
    text.split_at(end)
}
