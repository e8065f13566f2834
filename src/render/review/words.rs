//! The sentences of a review, the same wherever they are shown. They are not cleaned yet: whoever shows them does that.

use crate::diff::Verdict;
use crate::diff::tally::Tally;
use crate::render::diff::{moving, verdict};
use crate::render::terminal::{count, grouped};
use crate::review::{Approval, Fate, Outcomes, Passed, Review, Reviewed, Tests};

/// The answer in one sentence.
pub(super) fn headline(review: &Review) -> String {
    let policies = |n: usize| if n == 1 { "1 policy".to_owned() } else { format!("{n} policies") };
    let are = |n: usize, what: &str| format!("{} {} {what}", policies(n), if n == 1 { "is" } else { "are" });
    let with = |verdict: Verdict, is_there_twice: bool| {
        let one_side = |policy: &&Reviewed| matches!(policy.fate, Fate::Added | Fate::Removed);
        review.policies.iter().filter(|of| of.verdict == verdict && one_side(of) != is_there_twice).count()
    };
    let of = |fate: Fate| review.policies.iter().filter(|policy| policy.fate == fate).count();
    let parts = [
        (with(Verdict::Changed, true), "Leads change hands: ", ""),
        (with(Verdict::NotKnown, true), "Not known whether leads change hands: ", ""),
        (of(Fate::Added), "", "new"),
        (of(Fate::Removed), "", "gone"),
    ];
    let said = |(n, head, what): (usize, &str, &str)| match what {
        "" => format!("{head}{}", policies(n)),
        what => are(n, what),
    };
    let parts: Vec<String> = parts.into_iter().filter(|(n, ..)| *n > 0).map(said).collect();
    match (parts.is_empty(), review.policies.is_empty()) {
        (false, _) => parts.join("; "),
        (true, true) => "No policy changed".to_owned(),
        (true, false) => "No behaviour change: every lead is decided as before".to_owned(),
    }
}

/// What a manager reads first: a word, and what there is to say of it.
pub(super) fn summary(review: &Review) -> Vec<(&'static str, String)> {
    vec![("Leads", leads(review)), ("Must approve", must_approve(review)), ("In the way", in_the_way(review))]
}

/// How many leads change hands, else from where to where.
fn leads(review: &Review) -> String {
    let several = review.policies.len() > 1;
    let of = |policy: &Reviewed| {
        let name = if several { format!("`{}`: ", policy.path) } else { String::new() };
        let report = policy.diff.as_ref()?;
        let text = match &report.leads {
            Some(tally) => counted(tally),
            None => {
                let ways: Vec<String> = moving(report).iter().map(crate::render::diff::Moving::ways).collect();
                if ways.is_empty() {
                    return None;
                }
                const SHOWN: usize = 3;
                let more = ways.len().saturating_sub(SHOWN);
                let more = if more > 0 { format!("; {more} more") } else { String::new() };
                let mut shown: Vec<String> = ways.into_iter().take(SHOWN).collect();
                shown.dedup();
                format!("{}{more}", shown.join("; "))
            }
        };
        Some(format!("{name}{text}"))
    };
    let parts: Vec<String> = review.policies.iter().filter_map(of).collect();
    let any_counted = review.policies.iter().filter_map(|policy| policy.diff.as_ref()).any(|diff| diff.leads.is_some());
    match (parts.is_empty(), any_counted) {
        (false, true) => parts.join("; "),
        (false, false) => format!("{} (how many was not counted)", parts.join("; ")),
        (true, _) if review.verdict == Verdict::Same => "none changes hands".to_owned(),
        (true, _) => "not counted".to_owned(),
    }
}

/// `412 of 10,000 change hands: 400 pass to sales → nurture`.
fn counted(tally: &Tally) -> String {
    const SHOWN: usize = 3;
    let end = |end: &Option<String>| end.clone().unwrap_or_else(|| "set aside".to_owned());
    let flow =
        |flow: &crate::diff::tally::Count| format!("{} {} → {}", grouped(flow.rows), end(&flow.from), end(&flow.to));
    let flows: Vec<String> = tally.flows.iter().take(SHOWN).map(flow).collect();
    let more = tally.flows.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {}", count(more as u64, "more way")) } else { String::new() };
    let flows = if flows.is_empty() { String::new() } else { format!(": {}{more}", flows.join(", ")) };
    format!("{} of {} change hands{flows}", grouped(tally.changed), count(tally.rows, "lead"))
}

fn must_approve(review: &Review) -> String {
    let team = |approval: &Approval| match approval.given {
        None => approval.team.clone(),
        Some(true) => format!("{} (has approved)", approval.team),
        Some(false) => format!("{} (missing)", approval.team),
    };
    match review.approvals.as_slice() {
        [] => "nobody".to_owned(),
        all => all.iter().map(team).collect::<Vec<_>>().join(", "),
    }
}

fn in_the_way(review: &Review) -> String {
    match review.obstacles.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first}; and {} more below", rest.len()),
    }
}

/// What is compared with what, and why.
pub(super) fn held_against(review: &Review) -> String {
    let base = review.base.revision.clone().unwrap_or_default();
    let short = review.base.short.clone().unwrap_or_default();
    let head = match (&review.head.revision, &review.head.short) {
        (Some(head), Some(short)) => format!("`{head}` ({short})"),
        (Some(_) | None, _) => "the files of the work tree".to_owned(),
    };
    let unchanged = match review.unchanged {
        0 => String::new(),
        1 => "; 1 other policy is unchanged".to_owned(),
        n => format!("; {n} other policies are unchanged"),
    };
    format!(
        "What merging into `{base}` would change: {head} against {short}, where the change parted from it{unchanged}"
    )
}

/// What became of a policy, in a sentence.
pub(super) fn fate(policy: &Reviewed) -> String {
    match (policy.fate, &policy.diff) {
        (Fate::Added, _) => "this policy is new".to_owned(),
        (Fate::Removed, _) => "this policy is gone".to_owned(),
        (Fate::DoesNotCheck, _) => "this policy does not check, so that what it does is not known".to_owned(),
        (Fate::DidNotCheck, _) => {
            "this policy did not check before, so that there is nothing to compare it with".to_owned()
        }
        (Fate::Changed, Some(report)) => verdict(report),
        (Fate::Changed, None) => "not known".to_owned(),
    }
}

/// What became of deals: `of 120 won deals 7 would have been blocked`.
fn outcomes(outcomes: &Outcomes) -> Vec<String> {
    let Outcomes { column, pass: [_, pass], won, lost, neither } = outcomes;
    let newly =
        |of: &Passed| if of.newly > 0 { format!(", {} would newly pass", grouped(of.newly)) } else { String::new() };
    vec![
        format!(
            "of {} by `{column}`, {} would have been blocked and {} would still get `{pass}`{}",
            count(won.rows, "won deal"),
            grouped(won.no_longer),
            grouped(won.still),
            newly(won)
        ),
        format!(
            "of {}, {} would still get `{pass}` and {} no longer{}{}",
            count(lost.rows, "lost deal"),
            grouped(lost.still),
            grouped(lost.no_longer),
            newly(lost),
            if *neither > 0 { format!("; {} rows are neither won nor lost", grouped(*neither)) } else { String::new() }
        ),
    ]
}

/// What is to be said of a policy besides: its name, its tests, its owners.
pub(super) fn besides(policy: &Reviewed) -> Vec<String> {
    let mut lines: Vec<String> = policy.was.iter().map(|was| format!("was `{was}` before")).collect();
    lines.extend(policy.outcomes.iter().flat_map(outcomes));
    lines.extend(policy.owners.iter().cloned());
    lines.extend(policy.allows.iter().cloned());
    lines.extend(tests(&policy.tests));
    lines
}

fn tests(tests: &Tests) -> Vec<String> {
    let mut lines = Vec::new();
    for (titles, what) in [(&tests.added, "new"), (&tests.removed, "gone"), (&tests.changed, "changed")] {
        const SHOWN: usize = 10;
        if titles.is_empty() {
            continue;
        }
        let shown: Vec<String> = titles.iter().take(SHOWN).map(|title| format!("\"{title}\"")).collect();
        let more = titles.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(format!("tests {what}: {}{more}", shown.join(", ")));
    }
    let failed = tests.failed.len() as u64;
    lines.extend(tests.share.map(|share| {
        let before = share.before.map(|before| format!(", {before}% before")).unwrap_or_default();
        format!("the tests show {}% of it{before}; {}% are asked for", share.now, share.least)
    }));
    if tests.passed + failed > 0 {
        lines.push(format!("{} passed, {} failed", count(tests.passed, "test"), grouped(failed)));
    }
    lines
}
