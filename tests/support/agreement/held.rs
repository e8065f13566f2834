//! What an agreement makes of leads, one by one, by the evaluator; and what a review of a change of it says.

use std::collections::BTreeSet;

use jiff::Timestamp;
use policyc::diagnostic::{Batch, any_error};
use policyc::diff::Verdict;
use policyc::eval::Evaluator;
use policyc::ir::{Id as _, Policy};
use policyc::leads::{Format, Reader, Row};
use policyc::lower;
use policyc::review::{Needed, Reviewed, Seen, Side, review};

use super::made::DOMAINS;
use super::written::PATH;
use super::{Agreement, Id, LAST};

/// When leads are decided: on either time, a date can be of the last 7 days, of the last 30 only, or of none, before or from [`DAY`] on; no
/// single time has all of these.
pub(crate) const AS_OF: [&str; 2] = ["2026-06-04", "2026-06-24"];
/// The day that dates are held against.
pub(crate) const DAY: &str = "2026-06-01";

/// Leads with a cell of every kind that an agreement tells apart, in all combinations, and when they are decided.
pub(crate) struct Rows {
    plain: Vec<(String, Timestamp)>,
    /// Of agreements where the last field is a date.
    dated: Vec<(String, Timestamp)>,
}

pub(crate) fn rows() -> Rows {
    let [first, second] = AS_OF.map(|day| format!("{day}T12:00:00Z").parse().unwrap());
    let dates = ["", "2026-06-03", "2026-05-30", "2026-05-10", "2026-01-01", "2026-07-01"];
    Rows {
        plain: vec![(with_last(&["", "yes", "no"]), first)],
        dated: vec![(with_last(&dates), first), (with_last(&["2026-06-10"]), second)],
    }
}

fn with_last(cells: &[&str]) -> String {
    // Each domain, as the end of another one, too, and of what is no address, and where only its case differs.
    let of = |domain: &&str| {
        [format!("a@{domain}"), format!("a@x{domain}"), format!("x{domain}"), format!("A@{domain}").to_uppercase()]
    };
    let mut emails: Vec<String> =
        ["", "a@b.example"].map(str::to_owned).into_iter().chain(DOMAINS.iter().flat_map(of)).collect();
    emails.sort_unstable();
    emails.dedup();
    let mut rows = "Need,Budget,Email,Vip,Other\n".to_owned();
    // What is out of bounds is set aside, and may be a lead to those who have no bounds.
    for need in ["", "0", "1", "2", "3", "4", "5", "9", "x"] {
        for budget in ["", "0", "15", "25", "35"] {
            for email in &emails {
                for last in cells {
                    rows += &format!("{need},{budget},{email},{last},{}\n", need.len());
                }
            }
        }
    }
    rows
}

/// An agreement that checks, and what it makes of the leads.
pub(crate) struct Checked {
    pub(crate) agreement: Agreement,
    pub(crate) policy: Policy,
    pub(crate) batch: Batch,
    /// For each lead its decision and the number of the rule; none when it is set aside.
    pub(crate) ends: Vec<Option<(String, Id)>>,
    /// For each claim what it claims and of which leads.
    pub(crate) claims: Vec<(String, Vec<bool>)>,
}

impl Checked {
    /// Checks an agreement, and has all leads decided; none when it does not check.
    pub(crate) fn new(agreement: Agreement, rows: &Rows) -> Option<Checked> {
        let lower::Checked { sources, policy, diagnostics, .. } = lower::check(PATH, &agreement.files());
        if any_error(&diagnostics) {
            return None;
        }
        let policy = policy.unwrap();
        let ids: Vec<Id> = agreement.rules().into_iter().map(|(rule, ..)| rule.id).chain([LAST]).collect();
        assert_eq!(ids.len(), policy.rules.len());
        let mut ends = Vec::new();
        let mut claims: Vec<(String, Vec<bool>)> = policy
            .properties
            .iter()
            .map(|claim| (format!("{:?} {}", claim.claim, policy.decisions[claim.decision].phrase), Vec::new()))
            .collect();
        for (rows, as_of) in if agreement.dated { &rows.dated } else { &rows.plain } {
            let evaluator = Evaluator::new(&policy, *as_of);
            let reader = Reader::open(&evaluator, Box::new(rows.as_bytes()), Format::Csv, true).ok()?;
            for row in reader {
                let lead = match row.ok()? {
                    Row::Lead { lead, .. } => lead,
                    Row::Rejected(_) => {
                        ends.push(None);
                        claims.iter_mut().for_each(|(_, of)| of.push(false));
                        continue;
                    }
                };
                let session = evaluator.on(&lead);
                let outcome = session.outcome();
                let phrase = &policy.decisions[outcome.decision].phrase;
                ends.push(Some((phrase.clone(), ids[outcome.rule.position()])));
                for (claim, (_, of)) in policy.properties.iter().zip(&mut claims) {
                    of.push(session.truth(&claim.condition).is_true());
                }
            }
        }
        Some(Checked { agreement, policy, batch: Batch { sources, diagnostics }, ends, claims })
    }

    fn side(&self) -> Side<'_> {
        Side { path: PATH, policy: Some(&self.policy), batch: &self.batch }
    }
}

/// What a review says of a change.
pub(crate) struct Said {
    pub(crate) reviewed: Reviewed,
    pub(crate) asked: BTreeSet<String>,
    /// Those that are asked for more than that their rules come to hang on what others own, or that a list of theirs is asked for, which ends when
    /// the rules or these things do.
    pub(crate) must: BTreeSet<String>,
    /// Those that are asked for what becomes of leads and claims, and not for where an edit is found.
    pub(crate) core: BTreeSet<String>,
    /// Those that are asked for what passes to others.
    pub(crate) owners: BTreeSet<String>,
    /// Those that are asked for tests.
    pub(crate) tests: BTreeSet<String>,
    pub(crate) why: String,
}

impl Said {
    pub(crate) fn of(base: &Checked, head: &Checked) -> Said {
        let seen = Seen { base: Some(base.side()), follows: None, head: Some(head.side()) };
        let mut needed = Needed::default();
        let reviewed = review(&seen, seen.diff().as_ref(), None, None, &mut needed).unwrap();
        let approvals = needed.approvals();
        let why = approvals
            .iter()
            .map(|of| format!("{}: {:?}\n", of.team, of.reasons.iter().map(|r| &r.why).collect::<Vec<_>>()))
            .collect();
        let is_list = |why: &str| why.starts_with("the list `") && why.contains("` is new");
        let for_what = |counts: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
            let asked = approvals.iter().filter(|of| of.reasons.iter().any(|reason| counts(&reason.why)));
            asked.map(|of| of.team.clone()).collect()
        };
        let must = for_what(&|why| !why.contains("hangs on what others own") && !is_list(why));
        let is_passed = |why: &str| why.contains("` was owned by ");
        let is_test = |why: &str| why.starts_with("the test");
        let found = [" is changed", " is new", " is gone", " has another place", "hangs", "hung", "the section `"];
        let is_found = |why: &str| found.iter().any(|words| why.contains(words));
        let (owners, tests) = (for_what(&is_passed), for_what(&is_test));
        let core = for_what(&|why| why.starts_with("the claim") || !(is_passed(why) || is_test(why) || is_found(why)));
        Said { reviewed, must, core, owners, tests, asked: approvals.into_iter().map(|of| of.team).collect(), why }
    }

    pub(crate) fn is_same(&self) -> bool {
        self.reviewed.verdict == Verdict::Same
    }

    /// Whether all of these teams are asked.
    pub(crate) fn asks<'t>(&self, teams: impl IntoIterator<Item = &'t &'static str>) -> bool {
        teams.into_iter().all(|team| self.asked.contains(*team))
    }
}
