//! The sentences of a review, the same wherever they are shown. They are not cleaned yet: whoever shows them does that.

use crate::diff::tally::Tally;
use crate::diff::{Report, Verdict};
use crate::render::diff::{Moving, moving, verdict};
use crate::render::terminal::{count, grouped};
use crate::review::{Approval, Fate, Outcomes, Passed, Review, Reviewed, Tests};

/// Where a policy stands, and its title, where one can be read.
pub(super) fn heading(policy: &Reviewed) -> Vec<&str> {
    [&policy.path, &policy.title].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect()
}

/// The answer in one sentence.
pub(super) fn headline(review: &Review) -> String {
    let of = |wanted: fn(&Reviewed) -> bool| review.policies.iter().filter(|policy| wanted(policy)).count();
    let policies = |head: &str, n: usize| match n {
        0 => None,
        1 => Some(format!("{head}: 1 policy")),
        n => Some(format!("{head}: {n} policies")),
    };
    let are = |n: usize, what: &str| match n {
        0 => None,
        1 => Some(format!("1 policy is {what}")),
        n => Some(format!("{n} policies are {what}")),
    };
    let moving = |policy: &Reviewed| is_compared(policy) && policy.verdict == Verdict::Changed;
    // The next line has how many there are of real ones.
    let counted = |policy: &Reviewed| policy.diff.as_ref().and_then(|diff| diff.leads.as_ref()).map(|of| of.changed);
    let none = review.policies.iter().filter(|policy| moving(policy)).all(|policy| counted(policy) == Some(0));
    let hands = if none { "Leads change hands, none of those counted" } else { "Leads change hands" };
    let parts = [
        policies(hands, of(moving)),
        policies(
            "Not known whether leads change hands",
            of(|policy| is_compared(policy) && policy.verdict == Verdict::NotKnown),
        ),
        policies("New version", of(|policy| policy.follows.is_some())),
        policies("Other days in force", of(|policy| policy.fate == Fate::Changed && policy.in_force.is_some())),
        are(of(|policy| policy.fate == Fate::Added && policy.follows.is_none()), "new"),
        are(of(|policy| policy.fate == Fate::Removed), "gone"),
        match review.links.len() {
            0 => None,
            1 => Some("1 link to policies changed".to_owned()),
            n => Some(format!("{n} links to policies changed")),
        },
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), review.policies.is_empty()) {
        (false, _) => parts.join("; "),
        (true, true) if review.approvals.is_empty() => "No policy changed".to_owned(),
        (true, true) => "No policy changed, but what guards them".to_owned(),
        (true, false) => "No behaviour change: every lead is decided as before".to_owned(),
    }
}

/// Whether there is something that a policy is compared with, or would be if it checked.
fn is_compared(policy: &Reviewed) -> bool {
    match policy.fate {
        Fate::Added => policy.follows.is_some(),
        Fate::Removed => false,
        Fate::Changed | Fate::DoesNotCheck | Fate::DidNotCheck => true,
    }
}

/// What a manager reads first: a word, and what there is to say of it.
pub(super) fn summary(review: &Review) -> Vec<(&'static str, String)> {
    let mut lines =
        vec![("Leads", leads(review)), ("Must approve", must_approve(review)), ("In the way", in_the_way(review))];
    lines.extend(deals(review).map(|deals| ("Deals", deals)));
    lines
}

/// What becomes of deals, where they were counted: of each policy by itself.
fn deals(review: &Review) -> Option<String> {
    let several = review.policies.len() > 1;
    let of = |policy: &Reviewed| {
        let outcomes = policy.outcomes.as_ref()?;
        let Outcomes { won, lost, .. } = outcomes;
        let parts = [
            (won.no_longer, "no longer pass", won.rows, "won deals"),
            (won.newly, "newly pass", won.rows, "won deals"),
            (lost.no_longer, "no longer pass", lost.rows, "lost deals"),
            (lost.newly, "newly pass", lost.rows, "lost deals"),
        ];
        let moving = parts.into_iter().filter(|(n, ..)| *n > 0);
        let mut words: Vec<String> =
            moving.map(|(n, what, all, kind)| format!("{} of {} {kind} {what}", grouped(n), grouped(all))).collect();
        words.extend((!outcomes.are_known()).then(|| no_deals(outcomes)));
        if words.is_empty() && !several {
            let all = format!("{} and {}", count(won.rows, "won deal"), count(lost.rows, "lost deal"));
            words.push(format!("of {all}, none newly passes and none is blocked"));
        }
        let name = if several { format!("`{}`: ", policy.path) } else { String::new() };
        (!words.is_empty()).then(|| format!("{name}{}", words.join(", ")))
    };
    let parts: Vec<String> = review.policies.iter().filter_map(of).collect();
    let are_counted = review.policies.iter().any(|policy| policy.outcomes.is_some());
    match parts.is_empty() {
        true => are_counted.then(|| "none newly passes and none is blocked".to_owned()),
        false => Some(parts.join("; ")),
    }
}

/// How many leads change hands, else from where to where: of each policy, those first of which the most do.
fn leads(review: &Review) -> String {
    const SHOWN: usize = 4;
    let several = review.policies.len() > 1;
    let mut parts: Vec<(u64, String)> = Vec::new();
    // Of several policies, those of which no lead changes hands are not worth a word here.
    let counts = |policy: &&Reviewed| !several || policy.verdict != Verdict::Same || policy.out_of_force.is_some();
    for policy in review.policies.iter().filter(counts) {
        let Some(report) = &policy.diff else { continue };
        let ended = policy.out_of_force.as_ref().map(|why| format!("; but it decides none any more: {why}"));
        let name = if several { format!("`{}`: ", policy.path) } else { String::new() };
        match &report.leads {
            Some(tally) => {
                parts.push((tally.changed, format!("{name}{}{}", counted(tally), ended.unwrap_or_default())))
            }
            None => parts.extend(ways(report).map(|ways| (0, format!("{name}{ways} (how many was not counted)")))),
        }
    }
    parts.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
    let more = parts.len().saturating_sub(SHOWN);
    let shown: Vec<String> = parts.into_iter().take(SHOWN).map(|(_, text)| text).collect();
    match (shown.is_empty(), more) {
        (true, _) if review.verdict == Verdict::Same => "none changes hands".to_owned(),
        (true, _) => "not counted".to_owned(),
        (false, 0) => shown.join("; "),
        (false, 1) => format!("{}; and 1 more policy", shown.join("; ")),
        (false, more) => format!("{}; and {more} more policies", shown.join("; ")),
    }
}

/// From where to where leads go, when that is known of any.
fn ways(report: &Report) -> Option<String> {
    const SHOWN: usize = 3;
    let ways: Vec<String> = moving(report).iter().map(Moving::ways).collect();
    let more = ways.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; {more} more") } else { String::new() };
    let mut shown: Vec<String> = ways.into_iter().take(SHOWN).collect();
    shown.dedup();
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join("; ")))
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
    let other = if review.policies.is_empty() { "" } else { "other " };
    let unchanged = match review.unchanged {
        0 => String::new(),
        1 => format!("; 1 {other}policy is unchanged"),
        n => format!("; {n} {other}policies are unchanged"),
    };
    // What CI calls it, `HEAD^1` or a hash, tells nobody anything.
    let is_hash = base.len() >= 7 && base.bytes().all(|byte| byte.is_ascii_hexdigit());
    let into = if is_hash || base.contains(['^', '~']) { String::new() } else { format!(" into `{base}`") };
    format!("What merging{into} would change: {head} against {short}, where the change parted from it{unchanged}")
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

/// That a column does not say what became of deals.
fn no_deals(outcomes: &Outcomes) -> String {
    format!("no cell of `{}` says won or lost", outcomes.column)
}

/// What became of deals: `of 120 won deals 7 would have been blocked`.
fn outcomes(outcomes: &Outcomes) -> Vec<String> {
    let Outcomes { column, pass: [_, pass], won, lost, neither } = outcomes;
    if !outcomes.are_known() {
        let words =
            "a cell says it by `won`, `closed won`, `yes`, `true`, `1`, or `lost`, `closed lost`, `no`, `false`, `0`";
        return vec![format!("{}: {words}", no_deals(outcomes))];
    }
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
            match neither {
                0 => String::new(),
                1 => "; 1 row is neither won nor lost".to_owned(),
                n => format!("; {} rows are neither won nor lost", grouped(*n)),
            }
        ),
    ]
}

/// What is to be said of a policy besides: its name, its tests, its owners.
pub(super) fn besides(policy: &Reviewed) -> Vec<String> {
    let mut lines: Vec<String> = policy.was.iter().map(|was| format!("was `{was}` before")).collect();
    lines.extend(policy.follows.iter().map(|version| format!("a new version, which follows `{version}`")));
    lines.extend(policy.in_force.iter().map(|[before, now]| format!("in force {now}, before {before}")));
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
