//! The history of a policy: the commits that changed what it decides. For a terminal and for programs.

use serde::Serialize;

use super::diff::{Moving, moving};
use super::json::text;
use super::terminal::{Look, Tone, clean, count, shortened, wrap};
use crate::diff::{Report, Verdict};

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// The history of a policy, the newest commit first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc history")]
pub struct History {
    /// The version of this form: 1.
    pub version: u32,
    /// The policy, as it was given.
    pub policy: String,
    /// Its path in the repository, as it is now.
    pub path: String,
    /// The lead that was asked about.
    pub lead: Option<String>,
    /// The time as of which it is decided, where that matters.
    pub as_of: Option<String>,
    /// The commits that changed what is decided, or may have, and those at which the policy does not check.
    pub commits: Vec<Entry>,
    /// How many other commits changed the text of the policy, or of something that it reads.
    pub text_only: u64,
    /// How many only moved it, or something that it reads, to another place.
    pub moved: u64,
    /// The version that was there before the oldest of these commits, when they are not all: the last that checks, if there is one.
    pub before: Option<Before>,
    /// What is to be known besides.
    pub notes: Vec<String>,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Commit {
    /// Its hash.
    pub commit: String,
    /// As many digits of it as are needed.
    pub short: String,
    /// When it was committed.
    pub time: String,
    /// The day, where whoever committed it was.
    pub day: String,
    /// Who wrote it.
    pub author: String,
    /// The first line of its message.
    pub title: String,
}

/// What a commit did to a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Entry {
    /// The commit.
    #[serde(flatten)]
    pub commit: Commit,
    /// Of a merge, the commits that it brought and that changed something which the policy reads, the newest first.
    pub merged: Vec<Commit>,
    /// The path of the policy in it.
    pub path: String,
    /// What it did.
    pub what: What,
    /// On which days the policy is in force, before and since, when these are others.
    pub in_force: Option<[String; 2]>,
    /// With which commit it is compared, when it is not the one before: at those between the policy does not check, or is not there.
    pub compared_with: Option<String>,
    /// What becomes of the lead under it.
    pub lead: Option<Fate>,
}

/// What a commit did to a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// It is the first, or the first at which the policy checks.
    First {
        /// The version of the same agreement that it follows, by its path in that commit.
        follows: Option<String>,
    },
    /// Leads change hands.
    Changed {
        /// By what, and from where to where.
        by: Vec<Moving>,
        /// Whether it is proved that no others do.
        complete: bool,
        /// What is not part of the comparison.
        left_out: Vec<String>,
    },
    /// No lead changes hands, but the policy is in force on other days.
    OtherDays,
    /// The policy is taken away, or goes on under another path.
    Gone {
        /// That path.
        now: Option<String>,
    },
    /// The policy is there again, and decides as it did before it was taken away.
    Back,
    /// Whether any lead changes hands is not known.
    NotKnown {
        /// Why not.
        why: String,
    },
    /// The policy does not check.
    DoesNotCheck {
        /// How many errors it has.
        errors: u64,
        /// The first one, with its place.
        first: String,
    },
}

/// A version that was there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Before {
    /// The commit that made it, or the oldest that was looked at.
    #[serde(flatten)]
    pub commit: Commit,
    /// What becomes of the lead under it.
    pub lead: Option<Fate>,
}

/// What becomes of a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fate {
    /// It is decided.
    Decided {
        /// The decision.
        decision: String,
        /// The rule that decides it.
        rule: String,
    },
    /// It does not fit.
    SetAside {
        /// Why not.
        why: String,
    },
    /// The policy is not in force: nothing is decided.
    NotInForce {
        /// Why not.
        why: String,
    },
}

impl What {
    /// What a difference comes to; none when no lead changes hands.
    #[must_use]
    pub fn of(report: &Report) -> Option<What> {
        match report.verdict {
            Verdict::Same => None,
            Verdict::Changed => {
                let mut parts = report.changes.iter().flat_map(|change| &change.parts);
                let is_whole = report.not_compared.is_empty();
                Some(What::Changed {
                    by: moving(report),
                    complete: is_whole && parts.all(|part| part.complete),
                    left_out: if is_whole { Vec::new() } else { report.notes.clone() },
                })
            }
            Verdict::NotKnown => Some(What::NotKnown { why: super::diff::verdict(report) }),
        }
    }
}

impl Fate {
    /// What it comes to in a word.
    fn end(&self) -> &str {
        match self {
            Fate::Decided { decision, .. } => decision,
            Fate::SetAside { .. } => "set aside",
            Fate::NotInForce { .. } => "nothing is decided",
        }
    }

    /// With the reason: ``nurture, by `otherwise` ``.
    fn words(&self) -> String {
        match self {
            Fate::Decided { decision, rule } => format!("{decision}, by `{rule}`"),
            Fate::SetAside { why } => format!("set aside: {why}"),
            Fate::NotInForce { why } => format!("nothing is decided: {why}"),
        }
    }
}

/// For programs.
#[must_use]
pub fn json(history: &History) -> String {
    text(history)
}

/// The schema of the JSON form.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(History)
}

/// For people.
#[must_use]
pub fn human(history: &History, look: Look) -> String {
    let mut page = Page { look, text: String::new() };
    let mut path = history.path.as_str();
    for (position, entry) in history.commits.iter().enumerate() {
        let older = history.commits.iter().skip(position + 1).find_map(|entry| entry.lead.as_ref());
        let before = history.before.as_ref().and_then(|before| before.lead.as_ref());
        page.entry(history, entry, older.or(before), path);
        path = &entry.path;
    }
    if let Some((before, lead, fate)) =
        history.before.as_ref().and_then(|b| Some((b, history.lead.as_ref()?, b.lead.as_ref()?)))
    {
        page.head(&before.commit, "before that: ");
        page.line(None, &format!("{lead}: {}", fate.words()));
    }
    page.text
}

/// How many commits changed what.
#[must_use]
pub fn sentence(history: &History) -> String {
    let is = |wanted: fn(&What) -> bool| history.commits.iter().filter(|entry| wanted(&entry.what)).count() as u64;
    let changed = is(|what| matches!(what, What::Changed { .. }));
    let not_known = is(|what| matches!(what, What::NotKnown { .. }));
    let other_days = is(|what| matches!(what, What::OtherDays));
    let gone = is(|what| matches!(what, What::Gone { .. }));
    let broken = is(|what| matches!(what, What::DoesNotCheck { .. }));
    let mut parts = vec![match changed {
        0 => "no commit changed what is decided".to_owned(),
        n => format!("{} changed what is decided", count(n, "commit")),
    }];
    if not_known > 0 {
        parts.push(format!("{} may have", count(not_known, "commit")));
    }
    if other_days > 0 {
        parts.push(format!("{} changed only the days in force", count(other_days, "commit")));
    }
    if gone > 0 {
        parts.push(format!("{} took the policy away from there", count(gone, "commit")));
    }
    if broken > 0 {
        parts.push(format!("at {} the policy does not check", count(broken, "commit")));
    }
    if history.text_only > 0 {
        parts.push(format!("{} changed only the text", count(history.text_only, "other commit")));
    }
    if history.moved > 0 {
        parts.push(format!("{} changed only where it stands", count(history.moved, "other commit")));
    }
    if let (Some(lead), Some(as_of)) = (&history.lead, &history.as_of) {
        parts.push(format!("{lead} is decided {as_of}"));
    }
    parts.join("; ")
}

/// How many edits of one commit are shown, and how many kinds of leads that one edit moves.
const SHOWN: usize = 4;

struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn head(&mut self, commit: &Commit, when: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let Commit { short, day, author, title, .. } = commit;
        let short = self.look.paint(Tone::Accent, short);
        let title = self.look.paint(Tone::Strong, &clean(title));
        self.text.push_str(format!("{when}{short}  {day}  {}  {title}", clean(author)).trim_end());
        self.text.push('\n');
    }

    fn line(&mut self, tone: Option<Tone>, text: &str) {
        const INDENT: usize = 4;
        for line in wrap(&clean(text), self.look.width.saturating_sub(INDENT)) {
            let line = tone.map_or_else(|| line.clone(), |tone| self.look.paint(tone, &line));
            self.text.push_str(&format!("{:INDENT$}{line}\n", ""));
        }
    }

    fn entry(&mut self, history: &History, entry: &Entry, older: Option<&Fate>, path: &str) {
        self.head(&entry.commit, "");
        for Commit { short, day, author, title, .. } in entry.merged.iter().take(SHOWN) {
            self.line(Some(Tone::Faint), &format!("brought {short}, {title} ({author}, {day})"));
        }
        if entry.merged.len() > SHOWN {
            self.line(Some(Tone::Faint), &format!("and {} more", entry.merged.len() - SHOWN));
        }
        if entry.path != path {
            self.line(Some(Tone::Faint), &format!("the policy was called {} then", entry.path));
        }
        if let Some(with) = &entry.compared_with {
            self.line(
                Some(Tone::Faint),
                &format!("compared with {with}, the last before it at which the policy checks"),
            );
        }
        match &entry.what {
            What::First { follows: None } if history.before.is_none() => {
                self.line(Some(Tone::Faint), "the first version");
            }
            What::First { follows: None } => self.line(Some(Tone::Faint), "the version before it does not check"),
            What::First { follows: Some(path) } => {
                let short = &entry.commit.short;
                self.line(
                    Some(Tone::Faint),
                    &format!("the first text of this version, which follows `{path}`: `policyc history {short}:{path}` goes on there"),
                );
            }
            What::Changed { by, complete, left_out } => {
                for moving in by.iter().take(SHOWN) {
                    self.line(None, &format!("{}: {}", moving.edit, moving.ways()));
                    for leads in moving.leads.iter().take(SHOWN) {
                        self.line(Some(Tone::Faint), &shortened(leads));
                    }
                }
                if by.len() > SHOWN {
                    self.line(None, &format!("and {}", count((by.len() - SHOWN) as u64, "further change")));
                }
                if !complete {
                    self.line(Some(Tone::Faint), "whether others change hands is not known");
                }
                left_out.iter().for_each(|note| self.line(Some(Tone::Faint), note));
            }
            What::OtherDays => {}
            What::Gone { now: None } => self.line(Some(Tone::Warning), "the policy is taken away"),
            What::Gone { now: Some(path) } => {
                let words = format!("from here on it is called {path}, which has a history of its own");
                self.line(Some(Tone::Warning), &words);
            }
            What::Back => self.line(None, "the policy is there again, and decides what it decided then"),
            What::NotKnown { why } => self.line(Some(Tone::Warning), why),
            What::DoesNotCheck { errors, first } => {
                let more = if *errors > 1 { format!(" and {} more", errors - 1) } else { String::new() };
                self.line(Some(Tone::Bad), &format!("the policy does not check: {first}{more}"));
            }
        }
        if let Some([before, now]) = &entry.in_force {
            self.line(None, &format!("in force {now}, before {before}"));
        }
        if let (Some(lead), Some(fate)) = (&history.lead, &entry.lead) {
            let words = match older {
                Some(older) if older.end() != fate.end() => format!("{}; before: {}", fate.words(), older.words()),
                Some(older) if older == fate => format!("still {}", fate.words()),
                Some(_) | None => fate.words(),
            };
            self.line(None, &format!("{lead}: {words}"));
        }
    }
}
