//! A review as Markdown in which nothing of policies or data can do anything.

use super::words;
use crate::diagnostic::Severity;
use crate::render::diff;
use crate::render::explanation::{code, escape};
use crate::review::{Approval, Review, Reviewed};

/// A review as a page: who reads no further than the fifth line knows what happens to leads, who must approve, and what stands in the way.
#[must_use]
pub fn markdown(review: &Review) -> String {
    let mut out = format!("## {}\n\n", escape(&words::headline(review)));
    for (word, text) in words::summary(review) {
        out.push_str(&format!("- **{word}:** {}\n", escape(&text)));
    }
    out.push_str(&format!("\n{}\n", escape(&words::held_against(review))));
    approvals(&review.approvals, &mut out);
    if review.obstacles.len() > 1 {
        out.push_str("\n### In the way\n\n");
        review.obstacles.iter().for_each(|text| out.push_str(&format!("- {}\n", escape(text))));
    }
    findings(review, &mut out);
    review.policies.iter().for_each(|of| policy(of, &mut out));
    if !review.notes.is_empty() {
        out.push('\n');
    }
    review.notes.iter().for_each(|note| out.push_str(&format!("> note: {}\n", escape(note))));
    out
}

fn approvals(approvals: &[Approval], out: &mut String) {
    if approvals.is_empty() {
        return;
    }
    let counted = approvals.iter().any(|approval| approval.given.is_some());
    let (heading, rule) = if counted { (" approved |", "---|") } else { ("", "") };
    out.push_str(&format!("\n### Who must approve, and why\n\n| team |{heading} why |\n|---|{rule}---|\n"));
    for approval in approvals {
        const SHOWN: usize = 8;
        let reason =
            |reason: &crate::review::Reason| format!("{} ({})", escape(&reason.why), code_in_table(&reason.path));
        let mut reasons: Vec<String> = approval.reasons.iter().take(SHOWN).map(reason).collect();
        let more = approval.reasons.len().saturating_sub(SHOWN);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        let given = match approval.given {
            None => "",
            Some(true) => " yes |",
            Some(false) => " **missing** |",
        };
        out.push_str(&format!("| {} |{given} {} |\n", escape(&approval.team), reasons.join("; ")));
    }
}

/// A path in a cell of a table, which a `|` would end even within backticks.
fn code_in_table(path: &str) -> String {
    if path.contains(['|', '`']) { escape(path) } else { code(path) }
}

fn findings(review: &Review, out: &mut String) {
    const SHOWN: usize = 50;
    if review.findings.is_empty() {
        return;
    }
    out.push_str("\n### Findings\n\n");
    for found in review.findings.iter().take(SHOWN) {
        let severity = match found.severity {
            Severity::Error => "**error**",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let known = if found.known { ", not new" } else { "" };
        out.push_str(&format!("- {severity}{known}: {}\n", escape(&found.sentence())));
    }
    if review.findings.len() > SHOWN {
        out.push_str(&format!("- and {} more; `--format json` has them all\n", review.findings.len() - SHOWN));
    }
}

fn policy(policy: &Reviewed, out: &mut String) {
    let heading: Vec<String> = words::heading(policy).into_iter().map(escape).collect();
    out.push_str(&format!("\n### {}\n\n", heading.join(": ")));
    let besides = words::besides(policy);
    besides.iter().for_each(|line| out.push_str(&format!("- {}\n", escape(line))));
    if !besides.is_empty() {
        out.push('\n');
    }
    match &policy.diff {
        // Its headings stand one level below.
        Some(report) => out.push_str(&diff::markdown(report).replace("\n### ", "\n#### ")),
        None => out.push_str(&format!("**{}**\n", escape(&words::fate(policy)))),
    }
}
