//! Verdicts in words, with their places, a lead that shows them, and a change of text where one mends them.

use super::super::example;
use super::Verdict;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{Policy, Property, Rule, RuleId, print};
use crate::source::{Sources, Span};

/// The finding that a verdict is.
pub(super) fn diagnostic(policy: &Policy, sources: &Sources, verdict: &Verdict) -> Diagnostic {
    match verdict {
        Verdict::Impossible { rule, parts } => impossible(policy, sources, *rule, parts),
        Verdict::Covered { rule, by } => covered(policy, sources, *rule, by),
        Verdict::Idle { rule, part, as_if, by, with } => idle(policy, sources, *rule, *part, *as_if, by, with),
        Verdict::Stopped { rule } => stopped(&policy.rules[*rule]),
        Verdict::Refuted { property, witness } => {
            let Some(of) = policy.properties.get(*property) else { return unnamed(Code::P0421) };
            refuted(policy, of, witness)
        }
        Verdict::Unproved { property } => {
            let Some(of) = policy.properties.get(*property) else { return unnamed(Code::P0422) };
            Diagnostic::new(Code::P0422, "neither proved nor refuted: whether this holds for every lead is not known")
                .at(of.span, "")
                .help("comparisons of products and quotients of fields are beyond what is proved exactly: ask in smaller steps")
        }
    }
}

/// A verdict about something that the policy does not have; verdicts are made from the policy, so there is none.
fn unnamed(code: Code) -> Diagnostic {
    Diagnostic::new(code, "this does not hold for every lead")
}

fn stopped(rule: &Rule) -> Diagnostic {
    Diagnostic::new(
        Code::P0424,
        format!("there is too much to prove: from {} on, rules were not looked at", called(rule)),
    )
    .at(place(rule), "")
    .help("the rules above have taken the time there is; cut the policy into several")
}

/// What a rule is called in a sentence.
fn called(rule: &Rule) -> String {
    format!("`{}`", rule.name)
}

/// `` `a`, `b` and `c` ``; the first few when there are many.
fn listed(policy: &Policy, rules: &[RuleId]) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = rules.iter().take(SHOWN).map(|rule| called(&policy.rules[*rule])).collect();
    if rules.len() > SHOWN {
        names.push(format!("{} more", rules.len() - SHOWN));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The place of a rule: its condition when it has one.
fn place(rule: &Rule) -> Span {
    rule.when.as_ref().map_or(rule.span, |when| when.span)
}

fn impossible(policy: &Policy, sources: &Sources, rule: RuleId, parts: &[Span]) -> Diagnostic {
    let rule = &policy.rules[rule];
    let mut finding = Diagnostic::new(Code::P0401, format!("no lead can meet the condition of {}", called(rule)));
    if let [one] = parts {
        finding = finding.at(*one, "this is never true");
    } else {
        for part in parts {
            finding = finding.at(*part, "these exclude each other");
        }
    }
    if parts.is_empty() {
        finding = finding.at(place(rule), "");
    }
    deleting(finding.help("change the condition, or delete the rule"), sources, rule)
}

fn covered(policy: &Policy, sources: &Sources, rule: RuleId, by: &[RuleId]) -> Diagnostic {
    let declared = &policy.rules[rule];
    let above = listed(policy, by);
    if declared.when.is_none() {
        let (what, help) = if declared.section.is_some() {
            ("the `otherwise` of this section", "delete it, or change one of the rules above it")
        } else {
            (
                "the `otherwise`",
                "the last of these rules could be the `otherwise`; or one of them takes more than it should",
            )
        };
        let finding = Diagnostic::new(Code::P0412, format!("no lead gets to {what}")).at(declared.span, "");
        return by_rules(policy, finding, by, "takes leads before it").help(help);
    }
    let message = match by {
        [_] => format!("{} never decides: {above} takes every lead that it would take", called(declared)),
        _ => format!("{} never decides: {above} together take every lead that it would take", called(declared)),
    };
    let finding = Diagnostic::new(Code::P0402, message).at(place(declared), "no lead is left for this");
    let finding = by_rules(policy, finding, by, "takes them");
    let first = by.first().map(|first| called(&policy.rules[*first])).unwrap_or_default();
    deleting(finding.help(format!("delete the rule, or move it above {first}")), sources, declared)
}

fn by_rules(policy: &Policy, finding: Diagnostic, by: &[RuleId], text: &str) -> Diagnostic {
    by.iter().take(5).fold(finding, |finding, rule| finding.at(place(&policy.rules[*rule]), text))
}

/// Adds the fix that deletes a rule of the policy's own file, with the blank line above it.
fn deleting(finding: Diagnostic, sources: &Sources, rule: &Rule) -> Diagnostic {
    let text = sources.get(rule.span.source).map_or("", |file| &*file.text);
    let (start, end) = (rule.span.start as usize, rule.span.end as usize);
    let before = text.get(..start).map_or(start, |before| before.trim_end().len());
    // A comment above the rule may speak of it; then a person should look.
    let commented =
        text.get(..before).and_then(|above| above.lines().next_back()).is_some_and(|line| line.contains('#'));
    if commented || before == 0 {
        return finding;
    }
    finding.fix(Span::new(rule.span.source, before, end), "")
}

fn idle(
    policy: &Policy,
    sources: &Sources,
    rule: RuleId,
    part: Span,
    as_if: bool,
    by: &[RuleId],
    with: &[Span],
) -> Diagnostic {
    let rule = &policy.rules[rule];
    let what = if as_if { "always true where it stands" } else { "never true where it would count" };
    let code = match (as_if, by.is_empty()) {
        (true, true) => Code::P0403,
        (false, true) => Code::P0404,
        // It holds as long as the rules above stay as they are: a reader may want to be told.
        (_, false) => Code::P0405,
    };
    let words = sources.slice(part);
    let words =
        if words.chars().count() <= 60 && !words.contains('\n') { format!("`{words}`") } else { "this".to_owned() };
    let mut finding = Diagnostic::new(code, format!("{words} changes nothing: it is {what}")).at(part, "");
    for span in with.iter().filter(|span| **span != part) {
        finding = finding.at(*span, "because of this");
    }
    finding = by_rules(policy, finding, by, "takes all other leads above");
    let help = if by.is_empty() {
        format!("leave it out: {} takes the same leads without it", called(rule))
    } else {
        format!(
            "leave it out: of the leads that {} leave over, {} takes the same without it",
            listed(policy, by),
            called(rule)
        )
    };
    let finding = finding.help(help);
    match without(sources, part) {
        Some(span) => finding.fix(span, ""),
        None => finding,
    }
}

/// The text that goes when a part of an `and` or an `or` is left out: the word before it, or else the one behind it.
fn without(sources: &Sources, part: Span) -> Option<Span> {
    let text = &*sources.get(part.source)?.text;
    let (mut start, mut end) = (part.start as usize, part.end as usize);
    // The parentheses around it go with it.
    loop {
        let before = text.get(..start)?.trim_end();
        let behind = text.get(end..)?;
        let blank = behind.len() - behind.trim_start().len();
        let (Some(open), true) = (before.strip_suffix('('), behind.trim_start().starts_with(')')) else { break };
        (start, end) = (open.len(), end + blank + 1);
    }
    for word in ["and", "or"] {
        let before = text.get(..start)?.trim_end();
        if let Some(rest) = before.strip_suffix(word).filter(|rest| rest.ends_with(char::is_whitespace)) {
            return Some(Span::new(part.source, rest.trim_end().len(), end));
        }
        let behind = text.get(end..)?;
        let trimmed = behind.trim_start();
        if let Some(rest) = trimmed.strip_prefix(word).filter(|rest| rest.starts_with(char::is_whitespace)) {
            return Some(Span::new(part.source, start, text.len() - rest.trim_start().len()));
        }
    }
    None
}

fn refuted(policy: &Policy, of: &Property, witness: &super::Witness) -> Diagnostic {
    let Some(lead) = witness.leads.first() else { return unnamed(Code::P0421) };
    let outcome = Evaluator::new(policy, witness.as_of).decide(lead);
    let rule = &policy.rules[outcome.rule];
    let (never, when) = of.claim.words();
    let phrase = &policy.decisions[of.decision].phrase;
    let claim = format!("{never} {phrase} {when} {}", print::condition(policy, &of.condition));
    let got = &policy.decisions[outcome.decision].phrase;
    Diagnostic::new(Code::P0421, format!("this does not hold: a lead gets `{got}` by {}", called(rule)))
        .at(of.span, "claimed here")
        .at(place(rule), "this decides it")
        .help("change the rule or the claim; the lead below shows it, as a test to keep")
        .example(example::text(policy, lead, witness.as_of, &format!("against: {claim}"), outcome))
}
