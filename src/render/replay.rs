//! A logged decision that was decided again: whether it came out the same, what has changed since, and why it was decided so.

use super::explanation::{self, code, escape, words};
use super::json::text;
use super::terminal::{Look, Tone, clean, wrap};
use crate::explain::AsOf;
use crate::log::replay::{Changed, Difference, Logged, Outcome, Replay, Since};

/// How many digits of a digest people are shown.
const DIGITS: usize = 15;

/// For programs: the data as they are, versioned.
#[must_use]
pub fn json(replay: &Replay) -> String {
    text(replay)
}

/// For a terminal.
#[must_use]
pub fn human(replay: &Replay, look: Look) -> String {
    let mut out = String::new();
    let mut paragraph = |indent: usize, tone: Option<Tone>, text: &str| {
        for line in wrap(&clean(text), look.width.saturating_sub(indent)) {
            let line = tone.map_or_else(|| line.clone(), |tone| look.paint(tone, &line));
            out.push_str(&format!("{:indent$}{line}\n", ""));
        }
    };
    paragraph(0, None, &said(replay));
    paragraph(0, Some(if replay.reproduced { Tone::Good } else { Tone::Bad }), verdict(replay));
    replay.policy.iter().for_each(|name| paragraph(2, None, &by(name, &replay.logged)));
    let sentences = replay.differences.iter().flat_map(|difference| difference.sentences(&replay.logged));
    sentences.for_each(|sentence| paragraph(2, None, &sentence));
    if let Some(since) = &replay.since {
        let (heading, lines) = since_then(since, &replay.unread);
        paragraph(0, Some(Tone::Strong), &heading);
        lines.iter().for_each(|line| paragraph(2, None, line));
    }
    if let Some(explanation) = &replay.explanation {
        out.push('\n');
        out.push_str(&explanation::human(explanation, look));
    }
    out
}

/// To paste into a ticket.
#[must_use]
pub fn markdown(replay: &Replay) -> String {
    let logged = &replay.logged;
    let mut out = format!("{}\n\n**{}**\n\n", escape(&said(replay)), escape(verdict(replay)));
    let mut item = |text: &str| out.push_str(&format!("- {text}\n"));
    replay.policy.iter().for_each(|name| item(&escape(&by(name, logged))));
    let sentences = replay.differences.iter().flat_map(|difference| difference.sentences(logged));
    sentences.for_each(|sentence| item(&escape(&sentence)));
    if let Some(since) = &replay.since {
        let (heading, lines) = since_then(since, &replay.unread);
        out.push_str(&format!("\n**{}**\n\n", escape(&heading)));
        lines.iter().for_each(|line| out.push_str(&format!("- {}\n", code(line))));
    }
    if let Some(explanation) = &replay.explanation {
        out.push('\n');
        out.push_str(&explanation::markdown(explanation));
    }
    out
}

/// What the log says; the time, where no explanation below has it.
fn said(replay: &Replay) -> String {
    let Logged { log, line, lead, outcome: Outcome { decision, rule, .. }, as_of, .. } = &replay.logged;
    let time = match &replay.explanation {
        Some(_) => String::new(),
        None => format!(", as of {}", moment(*as_of, UTC)),
    };
    format!("line {line} of {log}: {lead} got `{decision}` by rule `{rule}`{time}")
}

/// The time zone of a decision whose policy is not known.
pub const UTC: &str = "UTC";

/// A time of a log: `the end of 2026-11-05 in UTC`.
#[must_use]
pub fn moment(time: jiff::Timestamp, zone: &str) -> String {
    words::as_of(&AsOf::new(time, zone))
}

fn verdict(replay: &Replay) -> &'static str {
    let same_outcome = !replay.differences.iter().any(|difference| matches!(difference, Difference::Outcome { .. }));
    match (replay.reproduced, &replay.explanation) {
        (true, _) => "reproduced: the logged values give the same decision, rule and reason",
        (false, None) => "not reproduced: there is no policy to decide it again by",
        (false, Some(_)) if same_outcome => {
            "not reproduced: the same decision, rule and reason come out, but the line is not what was written"
        }
        (false, Some(_)) => "not reproduced: something else comes out",
    }
}

/// By which policy it was decided again.
fn by(name: &str, logged: &Logged) -> String {
    let digest: String = logged.digest.chars().take(DIGITS).collect();
    format!("by {name}, which has the digest of then, {digest}…")
}

/// A heading, and what has become of the lead line by line.
fn since_then(since: &Since, unread: &[String]) -> (String, Vec<String>) {
    let (heading, mut lines) = match since {
        Since::There { changed, only_tests } if changed.is_empty() => {
            let heading = match (unread.is_empty(), only_tests.is_empty()) {
                (true, true) => "Nothing of this lead has changed since then",
                (false, true) => "Nothing of this lead has changed since then, as far as it can be read",
                (true, false) => "Nothing of this lead has changed since then, as far as the log can tell",
                (false, false) => {
                    "Nothing of this lead has changed since then, as far as it can be read and the log can tell"
                }
            };
            let fields: Vec<String> = only_tests.iter().map(|field| format!("`{field}`")).collect();
            let only =
                (!fields.is_empty()).then(|| format!("of {} the log has only how tests turned out", fields.join(", ")));
            (heading, only.into_iter().collect())
        }
        Since::There { changed, .. } => ("Changed since then", changed.iter().map(sentence).collect()),
        Since::Rejected { problems } => ("Today this lead does not fit the policy of then", problems.clone()),
        Since::NotKnown => (
            "Which lead this is today is not known: the policy of then has no `id` field, so that leads are called by the number of their line",
            Vec::new(),
        ),
        Since::Gone => ("This lead is not among the leads any more", Vec::new()),
        Since::Unreadable { problems } => (
            "What has become of this lead is not known: the policy of then cannot read the leads of today",
            problems.clone(),
        ),
    };
    lines.extend(unread.iter().cloned());
    (heading.to_owned(), lines)
}

/// `need: 4 → 2`.
fn sentence(changed: &Changed) -> String {
    let Changed { what, then, now } = changed;
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "missing".to_owned());
    format!("{what}: {} → {}", shown(then), shown(now))
}
