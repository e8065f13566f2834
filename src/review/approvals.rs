//! Who must approve a change, and why: those who own what is said otherwise, and those who own the rules that it takes leads from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diff::{Change, Diff, Edit, Kind, Said, Verdict, What};
use crate::ir::{Policy, RuleId, print};

/// A team that must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Approval {
    /// The team.
    pub team: String,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether it has; none when approvals were not counted.
    pub given: Option<bool>,
}

/// Why a team must approve.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Reason {
    /// The file that it is about.
    pub path: String,
    /// What is done there.
    pub why: String,
}

impl Approval {
    /// That it is missing.
    pub(super) fn missing(&self) -> String {
        let reason = self.reasons.first().map(|reason| format!(": {} (`{}`)", reason.why, reason.path));
        let more = match self.reasons.len().saturating_sub(1) {
            0 => String::new(),
            1 => ", and 1 more reason".to_owned(),
            n => format!(", and {n} more reasons"),
        };
        format!("`{}` has not approved{}{more}", self.team, reason.unwrap_or_default())
    }
}

/// The teams whose approval is needed so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    teams: BTreeMap<String, Vec<Reason>>,
}

impl Needed {
    /// Asks teams for their approval.
    pub fn ask<'t>(&mut self, teams: impl IntoIterator<Item = &'t String>, path: &str, why: &str) {
        let reason = Reason { path: path.to_owned(), why: why.to_owned() };
        for team in teams {
            let reasons = self.teams.entry(team.clone()).or_default();
            if !reasons.contains(&reason) {
                reasons.push(reason.clone());
            }
        }
    }

    /// The approvals, by the names of the teams.
    #[must_use]
    pub fn approvals(self) -> Vec<Approval> {
        self.teams.into_iter().map(|(team, reasons)| Approval { team, reasons, given: None }).collect()
    }

    /// Asks those who own what is said otherwise, whatever comes of it, and those whose rules lose leads by it.
    pub(super) fn behaviour(&mut self, diff: &Diff<'_>, path: &str) {
        let [old, new] = diff.policies;
        let mut told = BTreeSet::new();
        for change in &diff.changes {
            let moves = change.parts.iter().any(|part| !part.flows.is_empty());
            let known = change.parts.iter().all(|part| part.complete);
            let edits = || change.edits.iter().chain(&change.also);
            let doubt = if moves { "" } else { ", and whether leads change hands by it is not known" };
            told.extend(edits().copied());
            edits().filter_map(|at| diff.edits.get(*at)).for_each(|edit| self.edit(diff, edit, path, doubt));
            if edits().next().is_none() || !known {
                let all = old.all_owners().into_iter().chain(new.all_owners()).collect::<Vec<_>>();
                self.ask(&all, path, "not all of what changes is known");
            }
            self.owners(old, &losers(change), path, "leads are taken from");
        }
        let losers: BTreeSet<RuleId> = diff.changes.iter().flat_map(losers).collect();
        let kept = diff.handed_over.iter().copied().filter(|rule| !losers.contains(rule)).collect();
        self.owners(old, &kept, path, "others decide leads of");
        let moves_none = if diff.verdict() == Verdict::NotKnown { "" } else { ", though no lead changes hands by it" };
        let untold = diff.edits.iter().enumerate().filter(|(at, _)| !told.contains(at));
        untold.for_each(|(_, edit)| self.edit(diff, edit, path, moves_none));
        let cased = |edit: &Edit| {
            let or = if edit.kind == Kind::List { ", or it is read as another type" } else { "" };
            format!(": the case of texts counts now, or no longer{or}")
        };
        diff.cased.iter().for_each(|edit| self.edit(diff, edit, path, &cased(edit)));
        let ranked = ": the field that it asks for has other values, or has them in another order";
        diff.ranked.iter().for_each(|edit| self.edit(diff, edit, path, ranked));
        let is_told = |rule: &RuleId| losers.contains(rule) || diff.handed_over.contains(rule);
        let may_lose = diff.potential.losers.iter().copied().filter(|rule| !is_told(rule)).collect();
        self.owners(old, &may_lose, path, "leads that there may be are taken from");
        let kept_off = diff.potential.kept_off.iter().copied().collect();
        self.owners(old, &kept_off, path, "fewer leads come, by their section, to");
        for assumed in diff.potential.assumptions.iter().filter_map(|at| old.assumptions.get(*at)) {
            let why = format!("`assume {}` sets fewer leads aside", print::condition(old, assumed));
            self.ask(old.owners_at(assumed.span), path, &why);
        }
    }

    /// Asks those who own what an edit is about.
    pub(super) fn edit(&mut self, diff: &Diff<'_>, edit: &Edit, path: &str, more: &str) {
        self.ask(concerned(diff, edit), path, &format!("{}{more}", edited(edit)));
    }

    /// Asks the owners of some rules: each once, for all of its rules.
    fn owners(&mut self, old: &Policy, rules: &BTreeSet<RuleId>, path: &str, what: &str) {
        const SHOWN: usize = 4;
        let mut of_team: BTreeMap<&String, Vec<String>> = BTreeMap::new();
        for rule in rules {
            for team in old.owners_of_rule(*rule) {
                of_team.entry(team).or_default().push(format!("`{}`", old.rules[*rule].name));
            }
        }
        for (team, rules) in of_team {
            let shown = rules.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            let more = rules.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.ask([team], path, &format!("{what} {shown}{more}"));
        }
    }
}

/// The rules that a change takes leads from.
fn losers(change: &Change) -> BTreeSet<RuleId> {
    change.parts.iter().flat_map(|part| &part.losers).copied().collect()
}

/// The owners of what an edit is about, before it and after it.
pub(super) fn concerned<'p>(diff: &Diff<'p>, edit: &Edit) -> BTreeSet<&'p String> {
    let [old, new] = diff.policies;
    owners(old, &edit.old, edit.was.as_ref(), edit).chain(owners(new, &edit.new, None, edit)).collect()
}

/// The owners of what an edit says on one side.
fn owners<'p>(
    policy: &'p Policy,
    said: &Option<Said>,
    name: Option<&String>,
    edit: &Edit,
) -> impl Iterator<Item = &'p String> {
    let found: &[String] = match said {
        // Of a list, values may only have come, or only have gone.
        None if edit.kind == Kind::List && edit.what == What::Changed => {
            policy.owners_of_list(name.unwrap_or(&edit.name))
        }
        None => &[],
        Some(said) => of_said(policy, said, name.unwrap_or(&edit.name), edit.kind),
    };
    found.iter()
}

fn of_said<'p>(policy: &'p Policy, said: &Said, name: &str, kind: Kind) -> &'p [String] {
    let Some(span) = said.span else {
        return if kind == Kind::List { policy.owners_of_list(name) } else { &policy.owners };
    };
    match kind {
        Kind::Rule => match policy.rules.iter().find(|(_, rule)| rule.span == span) {
            Some((rule, _)) => policy.owners_of_rule(rule),
            None => policy.owners_at(span),
        },
        Kind::Section => match policy.sections.iter().find(|(_, section)| section.span == span) {
            Some((section, _)) => policy.owners_of_section(section),
            None => policy.owners_at(span),
        },
        Kind::List => policy.owners_of_list(name),
        Kind::Policy
        | Kind::Field
        | Kind::Assumption
        | Kind::Decision
        | Kind::Define
        | Kind::Score
        | Kind::Grade
        | Kind::Stage
        | Kind::Claim
        | Kind::Test => policy.owners_at(span),
    }
}

/// `the rule \`hot\` is changed`.
fn edited(edit: &Edit) -> String {
    let kind = match edit.kind {
        Kind::Policy => "",
        Kind::Field => "the field ",
        Kind::Assumption => "the assumption ",
        Kind::Decision => "the decision ",
        Kind::List => "the list ",
        Kind::Define => "the definition ",
        Kind::Score => "the score ",
        Kind::Grade => "the grade ",
        Kind::Stage => "the stage ",
        Kind::Section => "the section ",
        Kind::Rule => "the rule ",
        Kind::Claim => "the claim ",
        Kind::Test => "the test ",
    };
    let text = || edit.new.as_ref().or(edit.old.as_ref()).map(|said| said.text.clone()).unwrap_or_default();
    let name = if edit.kind == Kind::Assumption {
        text().trim_start_matches("assume ").to_owned()
    } else if edit.name.is_empty() {
        text()
    } else {
        edit.name.clone()
    };
    let what = match edit.what {
        What::Added => "is new",
        What::Removed => "is gone",
        What::Changed => "is changed",
        What::Moved => "has another place",
        What::Renamed => "is called otherwise",
    };
    format!("{kind}`{name}` {what}")
}
