//! Insights in words, with a lead that shows each.

use super::{Insight, Stop, missing};
use crate::analysis::example;
use crate::analysis::witness::Witness;
use crate::diagnostic::{self, Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{FieldId, Policy, Rule, RuleId, print};
use crate::source::Span;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What people read: the first of many, and how many there are.
    Short,
    /// Everything.
    Full,
}

/// How many rules people are shown the overlaps of, and how many places of one finding.
const RULES: usize = 20;
const PLACES: usize = 3;

/// Insights in words, in the order of the policy's text.
#[must_use]
pub fn notes(policy: &Policy, insights: &[Insight], detail: Detail) -> Vec<Diagnostic> {
    let is_overlap = |insight: &&Insight| matches!(insight, Insight::Overlap { .. });
    let rules = insights.iter().filter(is_overlap).count();
    let shown = if detail == Detail::Full { usize::MAX } else { RULES };
    let mut overlaps = 0;
    let mut notes = Vec::new();
    for insight in insights {
        match insight {
            Insight::Overlap { rule, leads, others } => {
                overlaps += 1;
                notes.extend((overlaps <= shown).then(|| overlap(policy, *rule, leads, others, detail)));
            }
            Insight::Overlaps { pairs, open } => notes.extend(counted(*pairs, rules, *open, rules > shown)),
            Insight::Missing { field, silent, changes, complete } => {
                notes.push(absent(policy, *field, silent, changes, *complete, detail));
            }
            Insight::Gap { rule, known, witness } => notes.push(gap(policy, *rule, *known, witness)),
            Insight::Stopped { at } => notes.push(stopped(policy, *at)),
        }
    }
    diagnostic::sort(&mut notes);
    notes
}

fn phrase(policy: &Policy, rule: RuleId) -> &str {
    &policy.decisions[policy.rules[rule].decision].phrase
}

fn place(rule: &Rule) -> Span {
    rule.when.as_ref().map_or(rule.span, |when| when.span)
}

fn named(policy: &Policy, rules: &[RuleId], detail: Detail) -> String {
    let shown = if detail == Detail::Full { usize::MAX } else { PLACES + 2 };
    let mut names: Vec<String> =
        rules.iter().take(shown).map(|rule| format!("`{}`", policy.rules[*rule].name)).collect();
    if rules.len() > names.len() {
        names.push(format!("{} more", rules.len() - names.len()));
    }
    joined(&names)
}

fn joined(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn overlap(
    policy: &Policy,
    rule: RuleId,
    leads: &[(Witness, Vec<RuleId>)],
    others: &[RuleId],
    detail: Detail,
) -> Diagnostic {
    let mut below: Vec<RuleId> = leads.iter().flat_map(|(_, rules)| rules).chain(others).copied().collect();
    below.sort_unstable();
    let (decision, name) = (phrase(policy, rule), &policy.rules[rule].name);
    let places = if detail == Detail::Full { usize::MAX } else { PLACES };
    let mut note = Diagnostic::new(
        Code::P0431,
        format!("`{name}` comes before {}, which would decide otherwise", named(policy, &below, detail)),
    )
    .at(place(&policy.rules[rule]), format!("wins: `{decision}`"));
    for other in below.iter().take(places) {
        note = note.at(place(&policy.rules[*other]), format!("in its place: `{}`", phrase(policy, *other)));
    }
    let (text, first) = examples(policy, rule, leads, detail);
    let Some(first) = first else { return note };
    let (other, instead) = (&policy.rules[first].name, phrase(policy, first));
    note.help(format!(
        "nothing need be changed; the lead below gets `{decision}` by `{name}`, and would get `{instead}` if `{other}` stood in its place"
    ))
    .example(text)
}

/// Leads that show an overlap, as tests: the first one, or all.
fn examples(
    policy: &Policy,
    rule: RuleId,
    leads: &[(Witness, Vec<RuleId>)],
    detail: Detail,
) -> (String, Option<RuleId>) {
    let shown = if detail == Detail::Full { usize::MAX } else { 1 };
    let mut tests = Vec::new();
    for (witness, rules) in leads.iter().take(shown) {
        let Some(lead) = witness.leads.first() else { continue };
        let outcome = Evaluator::new(policy, witness.as_of).decide(lead);
        let others: Vec<&str> = rules.iter().take(1 + PLACES).map(|rule| policy.rules[*rule].name.as_str()).collect();
        let others = if rules.len() > others.len() { format!("{}, ...", others.join(", ")) } else { others.join(", ") };
        let title = format!("{} before {others}", policy.rules[rule].name);
        tests.push(example::text(policy, lead, witness.as_of, &title, outcome));
    }
    (tests.join("\n"), leads.first().and_then(|(_, rules)| rules.first()).copied())
}

/// What is left to say of all overlaps: how many there are when not all are shown, and of how many nothing is known.
fn counted(pairs: usize, rules: usize, open: usize, cut: bool) -> Option<Diagnostic> {
    let mut parts = Vec::new();
    if cut {
        parts.push(format!(
            "{} of {rules} rules are shown: {pairs} pairs of rules with different decisions meet in some lead",
            RULES.min(rules)
        ));
    }
    if open > 0 {
        parts.push(format!("for {open} pairs of rules it is not known whether a lead meets both"));
    }
    let note = (!parts.is_empty()).then(|| Diagnostic::new(Code::P0431, parts.join("; ")))?;
    Some(if cut { note.help("`--format json` has all of them") } else { note })
}

fn absent(
    policy: &Policy,
    field: FieldId,
    silent: &[RuleId],
    changes: &[Witness],
    complete: bool,
    detail: Detail,
) -> Diagnostic {
    let declared = &policy.fields[field];
    let name = &declared.name;
    let places = if detail == Detail::Full { usize::MAX } else { PLACES };
    let changes = worst_first(policy, changes);
    let mut decisions: Vec<String> = Vec::new();
    for change in &changes {
        if let Some([with, without]) = missing::outcomes(policy, change) {
            let [with, without] = [with, without].map(|outcome| &policy.decisions[outcome.decision].phrase);
            decisions.push(format!("`{without}` instead of `{with}`"));
        }
    }
    if decisions.len() > places {
        let more = decisions.len() - places;
        decisions.truncate(places);
        decisions.push(format!("{more} more such changes"));
    }
    let unknown = format!("{} {} unknown", named(policy, silent, detail), if silent.len() == 1 { "is" } else { "are" });
    let said = match (silent, decisions.as_slice()) {
        ([], []) => "it is not known what hangs on it".to_owned(),
        ([], _) => format!("a lead can get {}", joined(&decisions)),
        (_, []) => format!("{unknown}, and no decision changes"),
        (_, _) => format!("{unknown}, and a lead can get {}", joined(&decisions)),
    };
    let mut note =
        Diagnostic::new(Code::P0432, format!("without `{name}`, {said}")).at(declared.span, "may be missing");
    for rule in silent.iter().take(places) {
        note = note.at(place(&policy.rules[*rule]), format!("unknown without `{name}`"));
    }
    let shown = if detail == Detail::Full { usize::MAX } else { 1 };
    let tests: Vec<String> = changes.into_iter().take(shown).filter_map(|c| changed(policy, field, c)).collect();
    let unsure = if complete { "" } else { "; there may be more, which was not looked at to the end" };
    let note = note.help(format!(
        "if that is not meant: make `{name}` `required`, say what it counts as with `missing means`, or write a rule for \
         `{name} is missing`{unsure}"
    ));
    if tests.is_empty() { note } else { note.example(tests.join("\n")) }
}

/// Where decisions are ranked: the lead that loses most first.
fn worst_first<'w>(policy: &Policy, changes: &'w [Witness]) -> Vec<&'w Witness> {
    let mut changes: Vec<&Witness> = changes.iter().collect();
    if policy.best_first {
        changes.sort_by_key(|change| {
            let steps =
                |[with, without]: [crate::eval::Outcome; 2]| i64::from(with.decision.0) - i64::from(without.decision.0);
            missing::outcomes(policy, change).map_or(0, steps)
        });
    }
    changes
}

/// A lead without the value, as a test whose title says what it would get with it.
fn changed(policy: &Policy, field: FieldId, witness: &Witness) -> Option<String> {
    let [with, without] = witness.leads.as_slice() else { return None };
    let [as_given, outcome] = missing::outcomes(policy, witness)?;
    let declared = &policy.fields[field];
    let value = print::literal(with.get(field)?, Some(&declared.ty)).replace('"', "'");
    let rule = &policy.rules[as_given.rule];
    let title = format!("with {} {value}: {} by {}", declared.name, phrase(policy, as_given.rule), rule.name);
    Some(example::text(policy, without, witness.as_of, &title, outcome))
}

fn gap(policy: &Policy, rule: RuleId, known: Option<bool>, witness: &Witness) -> Diagnostic {
    let declared = &policy.rules[rule];
    let otherwise = match declared.section {
        Some(section) => format!("the `otherwise` of the section \"{}\"", policy.sections[section].title),
        None => "the `otherwise`".to_owned(),
    };
    let (message, help) = match known {
        Some(true) => (
            format!("no rule takes this lead, of which nothing is missing: it gets to {otherwise}"),
            "nothing need be changed; would both teams say the same of it?",
        ),
        Some(false) => (
            format!("only leads with something missing get to {otherwise}"),
            "the rules cover every lead of which all is known; this one shows what is left",
        ),
        None => (
            format!("whether leads with nothing missing get to {otherwise} is not known"),
            "the rules hang on more than is proved exactly, such as products of fields; this one gets there in any case",
        ),
    };
    let note = Diagnostic::new(Code::P0435, message).at(declared.span, "").help(help);
    let Some(lead) = witness.leads.first() else { return note };
    let outcome = Evaluator::new(policy, witness.as_of).decide(lead);
    note.example(example::text(policy, lead, witness.as_of, "left over", outcome))
}

fn stopped(policy: &Policy, at: Stop) -> Diagnostic {
    let (what, span) = match at {
        Stop::Rule(rule) => (format!("from `{}` on, rules were", policy.rules[rule].name), place(&policy.rules[rule])),
        Stop::Field(field) => {
            (format!("from `{}` on, fields were", policy.fields[field].name), policy.fields[field].span)
        }
    };
    Diagnostic::new(Code::P0424, format!("there is too much to prove: {what} not looked at"))
        .at(span, "")
        .help("what stands above has taken the time there is; cut the policy into several")
}
