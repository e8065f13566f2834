//! The review of one policy: what the change does to it, and whose approval that takes.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::zip;

use super::approvals::{Needed, concerned};
use super::hanging::Hanging;
use super::ownership::{self, Beside};
use super::{Fate, Outcomes, Reviewed, Tests, allows, unasked};
use crate::analysis::can_fail;
use crate::diagnostic::Batch;
use crate::diff::tally::Tally;
use crate::diff::{Diff, Kind, Report, Texts, Verdict, What, test_body};
use crate::digest;
use crate::ir::{Expectation, Field, Policy, Rule, Test, listed, print};
use crate::types::Truth;

/// One side of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Its path in the repository.
    pub path: &'a str,
    /// The policy, when it checks.
    pub policy: Option<&'a Policy>,
    /// Its texts.
    pub batch: &'a Batch,
}

impl Side<'_> {
    /// Its title; when it does not check, the one that its text names.
    pub(super) fn title(&self) -> Option<String> {
        self.policy.map_or_else(|| ownership::title(self.batch), |policy| Some(policy.title.clone()))
    }

    /// Every team that owns something of it; when it does not check, those that its texts name.
    #[must_use]
    pub fn teams(&self) -> BTreeSet<String> {
        self.policy.map_or_else(|| ownership::named(self.batch), Policy::all_owners)
    }
}

/// What was counted of real leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Those that change hands.
    pub leads: Tally,
    /// What became of deals.
    pub outcomes: Option<Outcomes>,
    /// Why the policy is no longer in force on the day as of which they were counted, when it was before.
    pub out_of_force: Option<String>,
}

/// A policy on both sides of a change; on one only, when it is new or gone.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// At the base.
    pub base: Option<Side<'a>>,
    /// For a policy that is new and a version of another one: that version of it, at the base, which it follows.
    pub follows: Option<Side<'a>>,
    /// At the head.
    pub head: Option<Side<'a>>,
}

impl<'a> Seen<'a> {
    /// What the head is compared with: the policy at the base; of a new version, the one that it follows.
    #[must_use]
    pub fn before(&self) -> Option<Side<'a>> {
        self.base.or(self.follows)
    }

    /// The difference, when both sides check.
    #[must_use]
    pub fn diff(&self) -> Option<Diff<'a>> {
        Some(Diff::in_depth(self.before()?.policy?, self.head?.policy?))
    }

    /// Whether both sides say the same to the last word, with what is read from files; how lines end makes no difference.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        let (Some(base), Some(head)) = (self.base, self.head) else { return false };
        let texts = |side: Side<'a>| -> Vec<(String, String)> {
            side.batch.sources.iter().map(|file| (file.home.clone(), file.text.replace("\r\n", "\n"))).collect()
        };
        // Of a list that is read as several types, one is printed.
        let checked = |side: Side<'a>| side.policy.map(|policy| (print::policy(policy), listed::lists(policy)));
        base.path == head.path && texts(base) == texts(head) && checked(base) == checked(head)
    }
}

/// Reviews a policy, of which tests have to show at least so many percent; who has to approve what is added to `needed`.
#[must_use]
pub fn review(
    seen: &Seen<'_>,
    diff: Option<&Diff<'_>>,
    counted: Option<Counted>,
    least: Option<usize>,
    needed: &mut Needed,
) -> Option<Reviewed> {
    let Seen { base, follows, head } = *seen;
    let path = head.or(base)?.path;
    let (old, new) = (base.and_then(|side| side.policy), head.and_then(|side| side.policy));
    let (leads, outcomes, out_of_force) = match counted {
        Some(Counted { leads, outcomes, out_of_force }) => (Some(leads), outcomes, out_of_force),
        None => (None, None, None),
    };
    let report = diff.zip(seen.before()).zip(head).map(|((diff, before), head)| {
        let report = Report::new(diff, &Texts { old: &before.batch.sources, new: &head.batch.sources });
        leads.map_or_else(|| report.clone(), |leads| report.clone().with_leads(leads))
    });
    let fate = match (base, head) {
        (None, _) => Fate::Added,
        (Some(_), None) => Fate::Removed,
        (Some(_), Some(_)) if new.is_none() => Fate::DoesNotCheck,
        (Some(_), Some(_)) if old.is_none() => Fate::DidNotCheck,
        (Some(_), Some(_)) => Fate::Changed,
    };
    let verdict = match (&report, fate) {
        (Some(report), _) => report.verdict,
        (None, Fate::Added | Fate::Removed) => Verdict::Changed,
        (None, Fate::Changed | Fate::DoesNotCheck | Fate::DidNotCheck) => Verdict::NotKnown,
    };
    // Of a side that does not check, the tests are not known.
    let tests = match fate {
        Fate::DoesNotCheck | Fate::DidNotCheck => Tests::new(new, new, least),
        Fate::Added | Fate::Removed | Fate::Changed => {
            // What tests speak of may be called otherwise by now.
            let renamed = diff.filter(|_| old.is_some()).map(Diff::under_new_names);
            Tests::new(renamed.as_deref().or(old), new, least)
        }
    };
    let beside = diff.map(Beside::new);
    let owners = beside.as_ref().map(Beside::passed).unwrap_or_default();
    let allows = match (base, head) {
        (Some(base), Some(head)) => allows::changed([base.batch, head.batch], diff),
        (None, _) | (_, None) => Vec::new(),
    };

    let in_force = diff.map(|diff| in_force(diff.policies)).filter(|[before, now]| before != now);

    let everybody = |side: Option<Side<'_>>| side.map(|side| side.teams()).unwrap_or_default();
    let (all_old, all_new) = (everybody(base), everybody(head));
    match (fate, &beside) {
        (Fate::Added, None) => needed.ask(&all_new, path, "this policy is new"),
        (Fate::Added, Some(_)) => {
            // From its first day on it rules what the other one ruled.
            needed.ask(everybody(follows).union(&all_new), path, "this version is new");
        }
        (Fate::Removed, _) => needed.ask(&all_old, path, "this policy is gone"),
        (Fate::DoesNotCheck, _) if old.is_none() => needed.ask(&all_old, path, "this policy does not check"),
        (Fate::DoesNotCheck, _) => needed.ask(&all_old, path, "this policy does not check any more"),
        (Fate::DidNotCheck, _) => {
            let why = "what this policy did before is not known: it did not check";
            needed.ask(all_old.iter().chain(&all_new), path, why);
        }
        (Fate::Changed, Some(beside)) => {
            changed(beside, &tests, verdict, path, needed);
            if in_force.is_some() {
                needed.ask(all_old.iter().chain(&all_new), path, "the days in force are changed");
            }
            // By a folder, the policy is decided that stands in it.
            let stood_in = base.map(|base| folder(base.path)).filter(|before| *before != folder(path));
            if let Some(before) = stood_in {
                let why = match before {
                    "" => "this policy has moved into another folder".to_owned(),
                    before => format!("this policy has moved out of `{before}`"),
                };
                needed.ask(all_old.iter().chain(&all_new), path, &why);
            }
        }
        (Fate::Changed, None) => {}
    }
    owners.iter().chain(&allows).for_each(|why| needed.ask(&all_old, path, why));
    let unasked = base.zip(head).map(|(base, head)| unasked::changed([base, head], diff)).unwrap_or_default();
    unasked.iter().for_each(|(why, teams)| needed.ask(teams, path, why));
    // Who owns what else has changed is everybody's business already.
    let hanging = beside.as_ref().filter(|_| owners.is_empty()).map(|beside| Hanging::new(beside).changed());
    hanging.iter().flatten().for_each(|(why, teams)| needed.ask(teams, path, why));
    Some(Reviewed {
        path: path.to_owned(),
        follows: follows.filter(|_| diff.is_some()).map(|side| side.path.to_owned()),
        was: base.zip(head).filter(|(base, head)| base.path != head.path).map(|(base, _)| base.path.to_owned()),
        title: head.and_then(|side| side.title()).or(base.and_then(|side| side.title())).unwrap_or_default(),
        fate,
        verdict,
        in_force,
        out_of_force,
        diff: report,
        outcomes,
        tests,
        owners,
        allows,
    })
}

/// Asks those whom a change of a policy concerns that checks before and now.
fn changed(beside: &Beside<'_, '_>, tests: &Tests, verdict: Verdict, path: &str, needed: &mut Needed) {
    let diff = beside.diff;
    let [old, new] = diff.policies;
    let (all_old, all_new) = (old.all_owners(), new.all_owners());
    needed.behaviour(diff, path);
    let fields = diff.not_compared.join("`, `");
    if !fields.is_empty() {
        let why = format!("how cells are read differs, and is not compared: `{fields}`");
        needed.ask(all_old.iter().chain(&all_new), path, &why);
    } else if verdict != Verdict::Same && diff.by_rules() == Verdict::Same {
        needed.ask(all_old.iter().chain(&all_new), path, "leads change hands by how they are read");
    }
    if old.zone != new.zone {
        needed.ask(&all_old, path, &format!("the time zone is changed: {} instead of {}", new.zone, old.zone));
    } else if diff.edits.is_empty() && diff.not_compared.is_empty() && said(&diff.under_new_names()) != said(new) {
        needed.ask(&all_old, path, "what this policy says is changed");
    }
    needed.ask(all_old.difference(&all_new), path, "this team owns nothing any more");
    beside.gone().iter().for_each(|(why, owners)| needed.ask(owners, path, why));
    beside.let_in().iter().for_each(|(why, theirs)| needed.ask(old.owners.iter().chain(theirs), path, why));
    self::fields(diff, path, needed);
    agreed(diff, tests, path, needed);
}

/// Asks those whom it concerns what is said of fields, though no decision hangs on it.
fn fields(diff: &Diff<'_>, path: &str, needed: &mut Needed) {
    let [old, new] = diff.policies;
    let all_old = old.all_owners();
    let edits = diff.agreement.iter().filter(|edit| edit.kind == Kind::Field);
    edits.for_each(|edit| needed.edit(diff, edit, path, ""));
    for (_, field) in old.fields.iter().filter(|(_, field)| field.personal) {
        let is_it = |now: &&Field| now.name == field.name || now.column == field.column;
        let now: Vec<&Field> = new.fields.iter().map(|(_, now)| now).filter(is_it).collect();
        // What is gone can come back as another one.
        let what = if now.is_empty() {
            "is gone, and with it that its values are personal"
        } else if now.iter().any(|now| !now.personal) {
            "is no longer personal"
        } else {
            continue;
        };
        needed.ask(&all_old, path, &format!("the field `{}` {what}", field.name));
    }
    let id = |policy: &Policy| policy.id_field().map(|id| policy.fields[id].column.clone());
    if let Some(field) = old.id_field().filter(|_| id(old) != id(new)) {
        needed.ask(&all_old, path, &format!("leads are no longer called by `{}`", old.fields[field].name));
    }
}

/// Asks those whom it concerns how decisions rank and what they mean, what tests show, and what is claimed.
fn agreed(diff: &Diff<'_>, tests: &Tests, path: &str, needed: &mut Needed) {
    let [old, new] = diff.policies;
    let all_old = old.all_owners();
    // The best decision is the one that passes a lead: one that comes to stand above it ranks all others anew.
    let best = |policy: &Policy| policy.decisions.iter().next().map(|(_, decision)| decision.phrase.clone());
    let ranked = |a: &Policy, b: &Policy| (best(a), order(a, b).join("\n"));
    if old.best_first != new.best_first || (old.best_first && ranked(old, new) != ranked(new, old)) {
        needed.ask(&all_old, path, "how decisions rank is changed");
    }
    for edit in diff.wording.iter().filter(|edit| edit.kind == Kind::Decision) {
        needed.ask(concerned(diff, edit), path, &format!("what `{}` means is said otherwise", edit.name));
    }
    for (titles, what) in [(&tests.removed, "is gone"), (&tests.changed, "is changed")] {
        titles.iter().for_each(|title| needed.ask(&all_old, path, &format!("the test \"{title}\" {what}")));
    }
    for (title, why) in shown_no_more(&diff.under_new_names(), new) {
        needed.ask(&all_old, path, &format!("the test \"{title}\" expects {why}"));
    }
    for edit in diff.agreement.iter().filter(|edit| edit.kind == Kind::Claim) {
        let text = edit.old.as_ref().map(|said| said.text.clone()).unwrap_or_default();
        let what = match edit.what {
            What::Added => continue,
            What::Removed => "is gone",
            What::Changed | What::Moved | What::Renamed => "is changed",
        };
        needed.ask(&all_old, path, &format!("the claim `{text}` {what}"));
    }
}

/// The tests that stay, and expect what no lead can fail by now: titles, and what it is. The old policy comes under its new names.
fn shown_no_more(old: &Policy, new: &Policy) -> Vec<(String, String)> {
    let bodies: BTreeMap<String, &Test> = new.tests.iter().map(|test| (test_body(new, test), test)).collect();
    let twins = old.tests.iter().filter_map(|test| Some((test, *bodies.get(&test_body(old, test))?)));
    let kept: Vec<(&str, &Expectation, &Expectation)> = twins
        .flat_map(|(test, now)| {
            zip(&test.expect, &now.expect).map(|((before, _), (now, _))| (test.title.as_str(), before, now))
        })
        .collect();
    let failed = can_fail(old, kept.iter().map(|(_, before, _)| *before));
    let fail = can_fail(new, kept.iter().map(|(_, _, now)| *now));
    let lost = zip(&kept, zip(failed, fail)).filter_map(|((title, _, now), turned)| {
        let what = match turned {
            (Truth::True | Truth::Unknown, Truth::False) => "which is true of every lead now",
            (Truth::True, Truth::Unknown) => "and it is not known any more whether a lead can fail it",
            (Truth::False, Truth::False) | (Truth::False | Truth::Unknown, Truth::Unknown) | (_, Truth::True) => {
                return None;
            }
        };
        Some(((*title).to_owned(), format!("`{}`, {what}", print::expectation(new, now))))
    });
    lost.collect()
}

/// What a policy says in canonical words, apart from names of rules and reasons, and from what is looked at besides: whose fields are personal or the id,
/// and on which days it is in force.
fn said(policy: &Policy) -> String {
    let rule = |rule: &Rule| Rule { name: String::new(), because: None, ..rule.clone() };
    let field = |field: &Field| Field { personal: false, is_id: false, ..field.clone() };
    digest::canonical(&Policy {
        rules: policy.rules.iter().map(|(_, of)| rule(of)).collect(),
        fields: policy.fields.iter().map(|(_, of)| field(of)).collect(),
        in_force: None,
        ..policy.clone()
    })
}

/// The folder of a path; empty for the repository's own.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The days on which two policies are in force; with the time zone in which they begin and end, when it is another one.
fn in_force([old, new]: [&Policy; 2]) -> [String; 2] {
    [old, new].map(|policy| match &policy.in_force {
        Some(_) if old.zone != new.zone => format!("{} ({})", policy.days(), policy.zone),
        Some(_) | None => policy.days(),
    })
}

/// The decisions of a policy that another one has, too, in their order.
fn order<'p>(policy: &'p Policy, other: &Policy) -> Vec<&'p str> {
    let has = |policy: &Policy, phrase: &str| policy.decisions.iter().any(|(_, decision)| decision.phrase == phrase);
    policy.decisions.iter().map(|(_, decision)| decision.phrase.as_str()).filter(|phrase| has(other, phrase)).collect()
}
