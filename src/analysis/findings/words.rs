//! Verdicts in words, with their places, a lead that shows them, and a change of text where one mends them.

mod claims;
mod conditions;
mod edits;
mod leads;
mod scores;

use super::{Place, Verdict};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{DecisionId, Gain, Policy, Rule, RuleId};
use crate::source::{Sources, Span};

/// The finding that one of the verdicts is.
pub(super) fn diagnostic(policy: &Policy, sources: &Sources, verdicts: &[Verdict], verdict: &Verdict) -> Diagnostic {
    match verdict {
        Verdict::NoLead => no_lead(policy),
        Verdict::Never { place, parts } => conditions::never(policy, sources, *place, parts),
        Verdict::Covered { place, by } => conditions::covered(policy, sources, *place, by),
        Verdict::Always { place, by } => conditions::always(policy, sources, *place, by),
        Verdict::Idle { place, part, member, as_if, by, with } => {
            let idle = conditions::Idle { place: *place, part: *part, member: *member, as_if: *as_if, by, with };
            conditions::idle(policy, sources, &idle)
        }
        Verdict::NeverGiven { decision, rules } => never_given(policy, *decision, rules, verdicts),
        Verdict::Beyond { part, score, always, end } => {
            scores::beyond(policy, sources, *part, *score, *always, end.as_ref())
        }
        Verdict::Range { score, end } => scores::range(policy, sources, *score, end),
        Verdict::Pointless { place } => scores::pointless(policy, sources, *place),
        Verdict::Open { rule } => open(&policy.rules[*rule]),
        Verdict::Stopped { rule } => stopped(&policy.rules[*rule]),
        Verdict::Refuted { property, witness } => claims::refuted(policy, *property, witness),
        Verdict::Unproved { property } => claims::unproved(policy, *property),
        Verdict::Vacuous { property, why } => claims::vacuous(policy, *property, *why),
        Verdict::Falls { section, rule, witness } => leads::falls(policy, *section, *rule, witness),
        Verdict::Low { place, test, kept, witness, with } => leads::low(policy, *place, *test, *kept, witness, with),
    }
}

/// How many places a finding shows of each kind.
const SHOWN: usize = 5;

/// A finding with what only follows from it, each at its own place.
pub(super) fn followed<'v>(
    policy: &Policy,
    sources: &Sources,
    finding: Diagnostic,
    verdicts: impl Iterator<Item = &'v Verdict>,
) -> Diagnostic {
    let own: Vec<Span> = finding.labels.iter().map(|label| label.span).collect();
    let told = verdicts.filter_map(|verdict| follows(policy, sources, verdict)).filter(|(at, _)| !own.contains(at));
    told.take(SHOWN).fold(finding, |finding, (at, text)| finding.at(at, text))
}

/// What a verdict says when it only follows from another one, and where.
fn follows(policy: &Policy, sources: &Sources, verdict: &Verdict) -> Option<(Span, String)> {
    match verdict {
        Verdict::Never { place, .. } | Verdict::Covered { place, .. } => {
            Some((shown(policy, *place), format!("so {}", what_never_happens(policy, *place))))
        }
        Verdict::Always { place, .. } => Some((shown(policy, *place), "so this is always true".to_owned())),
        Verdict::Idle { place, part, member: Some(member), .. } => Some((
            conditions::value(policy, sources, *place, *part, *member)?,
            "nor does this change anything".to_owned(),
        )),
        Verdict::Idle { part, as_if: true, .. } | Verdict::Beyond { part, always: true, .. } => {
            Some((*part, "so this is always true".to_owned()))
        }
        Verdict::Idle { part, as_if: false, .. } | Verdict::Beyond { part, always: false, .. } => {
            Some((*part, "so this is never true".to_owned()))
        }
        Verdict::NeverGiven { decision, .. } => {
            let decision = &policy.decisions[*decision];
            Some((decision.span, format!("so no lead ever gets `{}`", decision.phrase)))
        }
        Verdict::Range { score, end } => {
            let (more, points) = (if end.top { "more" } else { "less" }, &end.points);
            Some((policy.scores[*score].span, format!("no lead gets {more} than {points} points")))
        }
        Verdict::Vacuous { property, .. } => {
            Some((policy.properties.get(*property)?.span, "so this claim says nothing".to_owned()))
        }
        Verdict::NoLead
        | Verdict::Pointless { .. }
        | Verdict::Open { .. }
        | Verdict::Stopped { .. }
        | Verdict::Refuted { .. }
        | Verdict::Unproved { .. }
        | Verdict::Falls { .. }
        | Verdict::Low { .. } => None,
    }
}

/// What it means that a condition is never true where it is asked.
fn what_never_happens(policy: &Policy, place: Place) -> String {
    match place {
        Place::Rule(rule) => format!("{} never decides", called(&policy.rules[rule])),
        Place::Define(define) => format!("`{}` is never true", policy.defines[define].name),
        Place::Line(score, _) => {
            format!("no lead ever {} these points of `{}`", earns(policy, place), policy.scores[score].name)
        }
        Place::Label(..) => format!("no lead is ever {}", named(policy, place)),
        Place::Stage(_) => format!("no lead ever reaches {}", named(policy, place)),
        Place::Section(_) => format!("the section {} is for no lead", named(policy, place)),
    }
}

/// Points are earned, or, below zero, lost.
fn earns(policy: &Policy, place: Place) -> &'static str {
    let Place::Line(score, line) = place else { return "earns" };
    match policy.scores[score].lines.get(line).map(|line| &line.gain) {
        Some(Gain::Points { points, .. }) if points.is_negative() => "loses",
        Some(Gain::Points { .. } | Gain::Score { .. }) | None => "earns",
    }
}

fn never_given(policy: &Policy, decision: DecisionId, rules: &[RuleId], verdicts: &[Verdict]) -> Diagnostic {
    let decision = &policy.decisions[decision];
    let names = listed(policy, &rules.iter().map(|rule| Place::Rule(*rule)).collect::<Vec<_>>());
    let message = format!("no lead ever gets `{}`: {names} give it, and none of them ever decides", decision.phrase);
    let finding = Diagnostic::new(Code::P0406, message).at(decision.span, "nobody gets this");
    let reasons = verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Never { place: Place::Rule(rule), .. } => Some((rule, "no lead can meet this".to_owned())),
        Verdict::Covered { place: Place::Rule(rule), by } => {
            let take = if by.len() == 1 { "takes" } else { "together take" };
            Some((rule, format!("{} {take} every lead that this would take", listed(policy, by))))
        }
        Verdict::Never { .. }
        | Verdict::Covered { .. }
        | Verdict::Always { .. }
        | Verdict::Idle { .. }
        | Verdict::NeverGiven { .. }
        | Verdict::Beyond { .. }
        | Verdict::Range { .. }
        | Verdict::Pointless { .. }
        | Verdict::NoLead
        | Verdict::Open { .. }
        | Verdict::Stopped { .. }
        | Verdict::Refuted { .. }
        | Verdict::Unproved { .. }
        | Verdict::Vacuous { .. }
        | Verdict::Falls { .. }
        | Verdict::Low { .. } => None,
    });
    let of_these = reasons.filter(|(rule, _)| rules.contains(rule)).take(SHOWN);
    let finding = of_these.fold(finding, |finding, (rule, text)| finding.at(shown_rule(&policy.rules[*rule]), text));
    finding.help("change these rules or what stands above them, or take them and the decision out")
}

fn no_lead(policy: &Policy) -> Diagnostic {
    let finding = Diagnostic::new(Code::P0415, "no lead is ever accepted: what is assumed here excludes every one");
    let assumed = policy.assumptions.iter().take(SHOWN);
    assumed
        .fold(finding, |finding, assumed| finding.at(assumed.span, "assumed"))
        .help("change what is assumed, or the ranges of the fields")
}

fn open(rule: &Rule) -> Diagnostic {
    Diagnostic::new(Code::P0423, format!("whether {} ever decides is not known", called(rule)))
        .at(shown_rule(rule), "no lead that was tried is decided by it, and that there is none is not proved")
        .help(
            "ask in smaller steps, with a threshold for each field; or write a test with a lead that the rule decides",
        )
}

fn stopped(rule: &Rule) -> Diagnostic {
    Diagnostic::new(
        Code::P0424,
        format!("there is too much to prove: from {} on, rules were not looked at", called(rule)),
    )
    .at(shown_rule(rule), "")
    .help("the rules above have taken the time there is; cut the policy into several")
}

/// What a rule is called in a sentence.
fn called(rule: &Rule) -> String {
    format!("`{}`", rule.name)
}

/// What a place is called in a sentence.
fn named(policy: &Policy, place: Place) -> String {
    match place {
        Place::Rule(rule) => called(&policy.rules[rule]),
        Place::Define(define) => format!("`{}`", policy.defines[define].name),
        Place::Line(score, _) => format!("a line of `{}`", policy.scores[score].name),
        Place::Label(grade, line) => {
            let grade = &policy.grades[grade];
            let label = grade.lines.get(line).map_or(grade.otherwise, |line| line.label);
            format!("`{}`", grade.scale.values.get(label).map_or("", String::as_str))
        }
        Place::Stage(stage) => format!("`{}`", policy.stages[stage].name),
        Place::Section(section) => format!("`{}`", policy.sections[section].title),
    }
}

/// `` `a`, `b` and `c` ``; the first few when there are many.
fn listed(policy: &Policy, places: &[Place]) -> String {
    let mut names: Vec<String> = places.iter().take(SHOWN).map(|place| named(policy, *place)).collect();
    if places.len() > SHOWN {
        names.push(format!("{} more", places.len() - SHOWN));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Where a finding shows a place: a rule's condition when it has one, else where it is declared.
fn shown(policy: &Policy, place: Place) -> Span {
    match place {
        Place::Rule(rule) => shown_rule(&policy.rules[rule]),
        Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) | Place::Section(_) => {
            place.span(policy)
        }
    }
}

fn shown_rule(rule: &Rule) -> Span {
    rule.when.as_ref().map_or(rule.span, |when| when.span)
}

fn by_places(policy: &Policy, finding: Diagnostic, by: &[Place], text: &str) -> Diagnostic {
    by.iter().take(SHOWN).fold(finding, |finding, place| finding.at(shown(policy, *place), text))
}
