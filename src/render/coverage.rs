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

    /// How much its tests show: `62% (31 of 50), less than 80%`.
    fn sum(&self, least: Option<usize>) -> String {
        let total = self.coverage.total();
        let less = least.filter(|least| !self.reaches(*least)).map(|least| format!(", less than {least}%"));
        format!("{}% ({} of {}){}", total.percent(), total.shown, total.of, less.unwrap_or_default())
    }

    /// That its tests show less than so many percent, when they do.
    #[must_use]
    pub fn shortfall(&self, least: usize) -> Option<String> {
        (!self.reaches(least)).then(|| format!("the tests of `{}` show {}", self.path(), self.sum(Some(least))))
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
    let tone = match least.filter(|least| !covered.reaches(*least)) {
        Some(_) => Tone::Bad,
        None if total.shown == total.of => Tone::Good,
        None => Tone::Warning,
    };
    let sum = look.paint(tone, &covered.sum(least));
    let mut text = format!("{}: its tests show {sum}\n", clean(covered.path()));
    for (heading, never, kinds) in HEADINGS {
        block(&mut text, (heading, never), covered.coverage.share(kinds), &rows(covered, kinds), look);
    }
    if covered.coverage.skipped > 0 {
        let count = covered.coverage.skipped;
        text.push_str(&format!("\n  there was too much to look at: {count} of what is missing may be impossible\n"));
    }
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

/// What each block is about, and how what is missing there is called.
const HEADINGS: [(&str, &str, &[Kind]); 4] = [
    ("rules that decide", "never decided", &[Kind::Decides]),
    ("ways in which conditions turn out", "missing", &Kind::OUTCOMES),
    ("ways in which a condition is the one that decides about its rule", "never the one that decides", &Kind::ALONE),
    ("values just beside a threshold that the decision hangs on", "never tried", &Kind::JUST),
];

/// What is missing of these kinds, a line for each rule or condition, in the order of the text.
fn rows(covered: &Covered, kinds: &[Kind]) -> Vec<Row> {
    let same = |a: &Obligation, b: &Obligation| (a.span, &a.subject, &a.within) == (b.span, &b.subject, &b.within);
    let mut rows = Vec::new();
    for ways in covered.coverage.obligations.chunk_by(same) {
        let Some(Obligation { span, subject, .. }) = ways.first() else { continue };
        if let Some(words) = missing(ways, kinds) {
            rows.push(((span.source, span.start, span.end), Row::new(&covered.sources, *span, &words, subject)));
        }
    }
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The ways of these kinds in which one rule or condition is not shown. One that never is true is not listed again as one that never decides
/// when it is true.
fn missing(ways: &[Obligation], kinds: &[Kind]) -> Option<String> {
    let is_missing = |kind: Kind| ways.iter().any(|way| way.kind == kind && !way.shown);
    let mut outcomes = ways.iter().filter(|way| Kind::OUTCOMES.contains(&way.kind)).peekable();
    let is_asked = outcomes.peek().is_none() || outcomes.any(|way| way.shown);
    let listed = |kind: &&Kind| is_missing(**kind) && !outcome(**kind).is_some_and(is_missing);
    let missing: Vec<Kind> = kinds.iter().filter(listed).copied().collect();
    match missing.first() {
        None => None,
        Some(Kind::Decides) => Some(String::new()),
        Some(Kind::True | Kind::False | Kind::Unknown) if !is_asked => Some("never asked".to_owned()),
        Some(kind) => {
            let words: Vec<&str> = missing.iter().map(|kind| word(*kind)).collect();
            Some(format!("{} {}", before(*kind), words.join(" or ")))
        }
    }
}

/// The outcome that a closer look is at.
fn outcome(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::AloneTrue | Kind::JustTrue => Some(Kind::True),
        Kind::AloneFalse | Kind::JustFalse => Some(Kind::False),
        Kind::AloneUnknown => Some(Kind::Unknown),
        Kind::Decides | Kind::True | Kind::False | Kind::Unknown => None,
    }
}

fn before(kind: Kind) -> &'static str {
    match kind {
        Kind::Decides => "",
        Kind::True | Kind::False | Kind::Unknown => "never",
        Kind::AloneTrue | Kind::AloneFalse | Kind::AloneUnknown => "when",
        Kind::JustTrue | Kind::JustFalse => "just",
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Decides => "",
        Kind::True | Kind::AloneTrue | Kind::JustTrue => "true",
        Kind::False | Kind::AloneFalse | Kind::JustFalse => "false",
        Kind::Unknown | Kind::AloneUnknown => "unknown",
    }
}

/// A heading with its share, and below it what is missing.
fn block(text: &mut String, (heading, never): (&str, &str), share: Share, rows: &[Row], look: Look) {
    if share.of == 0 {
        return;
    }
    let never = match rows {
        [] if share.shown < share.of => "; see above".to_owned(),
        [] => String::new(),
        _ => format!("; {never}:"),
    };
    text.push_str(&format!("\n  {heading}: {} of {}{never}\n", share.shown, share.of));
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Form {
    path: String,
    percent: usize,
    #[serde(flatten)]
    total: Share,
    kinds: Vec<OfKind>,
    missing: Vec<Missing>,
    /// How many of these may be impossible: there was too much to look at.
    skipped: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
struct OfKind {
    kind: Kind,
    #[serde(flatten)]
    share: Share,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
            skipped: coverage.skipped,
        }
    }
}
