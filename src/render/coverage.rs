//! What the tests of a policy show, and what none of them does: for people and for programs.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json::Place;
use super::terminal::{Look, Tone, clean, shortened};
use crate::source::{Sources, Span};
use crate::testing::coverage::{Coverage, Kind, Obligation, Share};

/// The coverage of a policy, with the texts that it speaks of.
#[derive(Debug)]
pub struct Covered {
    /// The texts, the policy itself first.
    pub sources: Sources,
    /// What its tests show.
    pub coverage: Coverage,
}

impl Covered {
    /// How the policy's file is called.
    fn path(&self) -> &str {
        self.sources.iter().next().map_or("", |file| file.path.as_str())
    }

    /// Whether its tests show at least so many percent; not rounded.
    #[must_use]
    pub fn reaches(&self, percent: usize) -> bool {
        let Share { shown, of } = self.coverage.total();
        shown * 100 >= percent * of
    }

    /// What no test shows of these kinds, in the order of the text.
    fn missing(&self, kinds: &[Kind]) -> Vec<&Obligation> {
        let wanted = |o: &&Obligation| !o.shown && kinds.contains(&o.kind);
        let mut missing: Vec<&Obligation> = self.coverage.obligations.iter().filter(wanted).collect();
        missing.sort_by_key(|o| (o.span.source, o.span.start, o.span.end));
        missing
    }
}

/// The coverage of a policy as text; `least` is the percentage that is asked for.
#[must_use]
pub fn human(covered: &Covered, least: Option<usize>, look: Look) -> String {
    let total = covered.coverage.total();
    let low = least.filter(|least| !covered.reaches(*least));
    let tone = match low {
        Some(_) => Tone::Bad,
        None if total.shown == total.of => Tone::Good,
        None => Tone::Warning,
    };
    let less = low.map(|least| format!(", less than {least}%")).unwrap_or_default();
    let sum = format!("{}% ({} of {}){less}", total.percent(), total.shown, total.of);
    let mut text = format!("{}: its tests show {}\n", clean(covered.path()), look.paint(tone, &sum));
    let silent = covered.missing(&[Kind::Decides]).into_iter();
    let rules: Vec<Row> = silent.map(|rule| Row::new(&covered.sources, rule.span, "", &rule.subject)).collect();
    block(&mut text, &[("rules that decide", covered.coverage.share(&[Kind::Decides]))], &rules, look);
    let share = |kinds| covered.coverage.share(kinds);
    let headings = [
        ("ways in which conditions turn out", share(&Kind::OUTCOMES)),
        ("ways in which a rule hangs on one of them", share(&Kind::ALONE)),
        ("values just beside a threshold", share(&Kind::JUST)),
    ];
    block(&mut text, &headings, &by_condition(covered), look);
    text
}

/// A line of a block: where, what is not seen, and of what.
struct Row {
    place: String,
    outcomes: String,
    subject: String,
}

impl Row {
    fn new(sources: &Sources, span: Span, outcomes: &str, subject: &str) -> Row {
        let place = Place::of(sources, span).map(|place| format!("{}:{}", place.path, place.line));
        let place = clean(&place.unwrap_or_default()).into_owned();
        Row { place, outcomes: outcomes.to_owned(), subject: clean(&shortened(subject)).into_owned() }
    }
}

/// The conditions that tests do not show in every way, each with the ways that are missing, in the order of the text.
fn by_condition(covered: &Covered) -> Vec<Row> {
    let same = |a: &Obligation, b: &Obligation| (a.span, &a.subject, &a.within) == (b.span, &b.subject, &b.within);
    let mut rows = Vec::new();
    for ways in covered.coverage.obligations.chunk_by(same) {
        let Some(first) = ways.first() else { continue };
        let missing = missing(ways);
        if !missing.is_empty() {
            let span = first.span;
            let row = Row::new(&covered.sources, span, &missing.join(", "), &first.subject);
            rows.push(((span.source, span.start, span.end), row));
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The ways of one condition that are not shown. Where it never turns out so, it is neither alone nor just so.
fn missing(ways: &[Obligation]) -> Vec<&'static str> {
    let is_missing = |kind: Kind| ways.iter().any(|way| way.kind == kind && !way.shown);
    let outcomes = ways.iter().filter(|way| Kind::OUTCOMES.contains(&way.kind));
    if outcomes.clone().next().is_some() && outcomes.clone().all(|way| !way.shown) {
        return vec!["asked"];
    }
    let ways = [
        (Kind::True, "true", vec![(Kind::AloneTrue, "true alone"), (Kind::JustTrue, "just true")]),
        (Kind::False, "false", vec![(Kind::AloneFalse, "false alone"), (Kind::JustFalse, "just false")]),
        (Kind::Unknown, "unknown", vec![(Kind::AloneUnknown, "unknown alone")]),
    ];
    let mut missing = Vec::new();
    for (kind, word, closer) in ways {
        if is_missing(kind) {
            missing.push(word);
        } else {
            missing.extend(closer.iter().filter(|(kind, _)| is_missing(*kind)).map(|(_, word)| *word));
        }
    }
    missing
}

/// Headings with their shares, and below them what is missing.
fn block(text: &mut String, headings: &[(&str, Share)], rows: &[Row], look: Look) {
    let mut headings = headings.iter().filter(|(_, share)| share.of > 0).peekable();
    if headings.peek().is_none() {
        return;
    }
    text.push('\n');
    while let Some((heading, share)) = headings.next() {
        let never = if rows.is_empty() || headings.peek().is_some() { "" } else { "; never:" };
        text.push_str(&format!("  {heading}: {} of {}{never}\n", share.shown, share.of));
    }
    let column = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).width()).max().unwrap_or(0);
    let (places, outcomes) = (column(|r| &r.place), column(|r| &r.outcomes));
    for row in rows {
        let place = padded(&row.place, places);
        let outcome = if outcomes == 0 { String::new() } else { padded(&row.outcomes, outcomes) };
        let line =
            format!("    {}{}{}", look.paint(Tone::Faint, &place), look.paint(Tone::Warning, &outcome), row.subject);
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Text with blanks up to a column, and two more.
fn padded(text: &str, column: usize) -> String {
    format!("{text}{:blanks$}", "", blanks = (column + 2).saturating_sub(text.width()))
}

/// The coverage of a policy for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Form {
    path: String,
    percent: usize,
    #[serde(flatten)]
    total: Share,
    kinds: Vec<OfKind>,
    missing: Vec<Missing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OfKind {
    kind: Kind,
    #[serde(flatten)]
    share: Share,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Missing {
    kind: Kind,
    subject: String,
    within: Option<String>,
    #[serde(flatten)]
    place: Option<Place>,
}

impl Form {
    /// The form of a policy's coverage.
    #[must_use]
    pub fn of(covered: &Covered) -> Form {
        let Covered { sources, coverage } = covered;
        let missing = covered.missing(&Kind::ALL).into_iter().map(|o| Missing {
            kind: o.kind,
            subject: o.subject.clone(),
            within: o.within.clone(),
            place: Place::of(sources, o.span),
        });
        Form {
            path: covered.path().to_owned(),
            percent: coverage.total().percent(),
            total: coverage.total(),
            kinds: Kind::ALL.into_iter().map(|kind| OfKind { kind, share: coverage.share(&[kind]) }).collect(),
            missing: missing.collect(),
        }
    }
}
