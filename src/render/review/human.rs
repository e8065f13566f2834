//! A review on a terminal.

use super::words;
use crate::diagnostic::Severity;
use crate::diff::Verdict;
use crate::render::diff;
use crate::render::terminal::{Look, Tone, clean, wrap};
use crate::review::{Review, Reviewed};

/// A review as text.
#[must_use]
pub fn human(review: &Review, look: Look) -> String {
    let mut page = Page { look, text: String::new() };
    let tone = match review.verdict {
        Verdict::Same => Tone::Good,
        Verdict::Changed => Tone::Warning,
        Verdict::NotKnown => Tone::Bad,
    };
    page.wrapped("", tone, &words::headline(review), tone);
    page.text.push('\n');
    for (word, text) in words::summary(review) {
        page.wrapped(&format!("{:<14}", format!("{word}:")), Tone::Strong, &text, Tone::Faint);
    }
    page.text.push('\n');
    page.wrapped("", Tone::Faint, &words::held_against(review), Tone::Faint);
    if !review.approvals.is_empty() {
        page.heading("Who must approve, and why");
    }
    for approval in &review.approvals {
        const SHOWN: usize = 8;
        let more = approval.reasons.len().saturating_sub(SHOWN);
        for reason in approval.reasons.iter().take(SHOWN) {
            page.wrapped(
                &format!("  {}: ", clean(&approval.team)),
                Tone::Accent,
                &format!("{} ({})", reason.why, reason.path),
                Tone::Faint,
            );
        }
        if more > 0 {
            page.wrapped(
                &format!("  {}: ", clean(&approval.team)),
                Tone::Accent,
                &format!("and {more} more"),
                Tone::Faint,
            );
        }
    }
    if review.obstacles.len() > 1 {
        page.heading("In the way");
    }
    for text in review.obstacles.iter().filter(|_| review.obstacles.len() > 1) {
        page.wrapped("  ", Tone::Bad, text, Tone::Faint);
    }
    if !review.findings.is_empty() {
        page.heading("Findings");
    }
    for found in &review.findings {
        let (head, tone) = match found.severity {
            Severity::Error => ("  error: ", Tone::Bad),
            Severity::Warning => ("  warning: ", Tone::Warning),
            Severity::Note => ("  note: ", Tone::Accent),
        };
        page.wrapped(head, tone, &found.sentence(), Tone::Faint);
    }
    review.policies.iter().for_each(|policy| page.policy(policy));
    if !review.notes.is_empty() {
        page.text.push('\n');
    }
    review.notes.iter().for_each(|note| page.wrapped("note: ", Tone::Accent, note, Tone::Faint));
    page.text
}

struct Page {
    look: Look,
    text: String,
}

impl Page {
    fn heading(&mut self, text: &str) {
        self.text.push_str(&format!("\n{}\n", self.look.paint(Tone::Strong, &clean(text))));
    }

    /// A paragraph behind a head that is painted; without one, it is painted itself.
    fn wrapped(&mut self, head: &str, tone: Tone, text: &str, alone: Tone) {
        let hang = head.chars().count();
        for (i, line) in wrap(&clean(text), self.look.width.saturating_sub(hang)).iter().enumerate() {
            let start = if i == 0 { self.look.paint(tone, head) } else { " ".repeat(hang) };
            let line = if head.is_empty() { self.look.paint(alone, line) } else { line.clone() };
            self.text.push_str(format!("{start}{line}").trim_end());
            self.text.push('\n');
        }
    }

    fn policy(&mut self, policy: &Reviewed) {
        self.heading(&words::heading(policy).join(": "));
        for line in words::besides(policy) {
            self.wrapped("  ", Tone::Faint, &line, Tone::Faint);
        }
        match &policy.diff {
            Some(report) => self.text.push_str(&diff::human(report, self.look)),
            None => self.wrapped("  ", Tone::Faint, &words::fate(policy), Tone::Faint),
        }
    }
}
