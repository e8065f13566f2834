//! What leads run into, in words: sections that they fall out of and tests that they pass unknown.

use super::shown_rule;
use crate::analysis::example;
use crate::analysis::findings::{Kept, Where};
use crate::analysis::witness::Witness;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::reach::Reach;
use crate::ir::{FieldId, Lead, Policy, RuleId, SectionId, print};
use crate::source::Span;

pub(super) fn falls(policy: &Policy, section: SectionId, rule: RuleId, witness: &Witness) -> Diagnostic {
    let (from, by) = (&policy.sections[section], &policy.rules[rule]);
    let title = by.section.map_or("", |to| policy.sections[to].title.as_str());
    let decision = &policy.decisions[by.decision].phrase;
    let last = policy.rules.iter().next_back();
    let usual = last.map_or("", |(_, rule)| policy.decisions[rule.decision].phrase.as_str());
    let finding = Diagnostic::new(
        Code::P0433,
        format!(
            "leads of the section \"{}\" that none of its rules takes go on to the section \"{title}\"",
            from.title
        ),
    )
    .at(from.span, "has no `otherwise`")
    .at(shown_rule(by), format!("gives such a lead `{decision}`"))
    .help(format!(
        "give \"{}\" an `otherwise` of its own below its heading, such as `otherwise {usual}`; or make \"{title}\" a plain \
         heading, if it is for these leads too",
        from.title
    ));
    shown(policy, finding, witness, &format!("falls through: {}", from.title))
}

/// A finding with the lead that shows it.
fn shown(policy: &Policy, finding: Diagnostic, witness: &Witness, title: &str) -> Diagnostic {
    let Some(lead) = witness.leads.first() else { return finding };
    let outcome = Evaluator::new(policy, witness.as_of).decide(lead);
    finding.example(example::text(policy, lead, witness.as_of, title, outcome))
}

pub(super) fn low(policy: &Policy, at: Where, test: Span, kept: Kept, witness: &Witness, with: &Lead) -> Diagnostic {
    let (name, what) = match kept {
        Kept::Score(score) => (policy.scores[score].name.as_str(), "lower"),
        Kept::Grade(grade) => (policy.grades[grade].name.as_str(), "worse"),
        Kept::Stage => ("stage", "earlier"),
    };
    let finding = Diagnostic::new(
        Code::P0384,
        format!("a lead can pass this only because values are missing: `{name}` is {what} without them"),
    )
    .at(test, format!("not passed any more with {}", listed(&filled(policy, witness, with))));
    let finding = match at {
        Where::Rule(_) => finding,
        Where::Section(section) => finding.at(policy.sections[section].span, "the section that the lead gets into"),
    };
    let finding =
        finding.help(format!("{}, or ask for the values that must be known", complete(policy, kept, witness, with)));
    shown(policy, finding, witness, &format!("nobody knows: {name}"))
}

/// What to add, so that only leads pass of which enough is known.
fn complete(policy: &Policy, kept: Kept, witness: &Witness, with: &Lead) -> String {
    let mut reach = Reach::new(policy);
    match kept {
        Kept::Score(score) => return format!("add `and {} is not incomplete`", policy.scores[score].name),
        Kept::Grade(grade) => reach.grade(grade),
        Kept::Stage => policy.stages.iter().for_each(|(stage, _)| reach.stage(stage)),
    }
    let lead = witness.leads.first();
    let missing =
        policy.fields.iter().filter(|(id, _)| with.get(*id).is_some() && lead.is_none_or(|l| l.get(*id).is_none()));
    // A score is complete only when all of its values are there, so it is asked for once.
    let of_scores = |id: FieldId| {
        reach.scores.iter().find(|score| {
            let mut inner = Reach::new(policy);
            inner.score(**score);
            inner.fields.contains(&id)
        })
    };
    let mut parts: Vec<String> = Vec::new();
    for (id, field) in missing {
        let part = match of_scores(id) {
            Some(score) => format!("and {} is not incomplete", policy.scores[*score].name),
            None => format!("and {} is known", field.name),
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    format!("add `{}`", parts.join(" "))
}

/// The values that the second lead has and the first one lacks: `need 5`.
fn filled(policy: &Policy, witness: &Witness, with: &Lead) -> Vec<String> {
    let lead = witness.leads.first();
    let new = policy.fields.iter().filter(|(id, _)| lead.is_none_or(|lead| lead.get(*id).is_none()));
    new.filter_map(|(id, field)| Some(format!("`{} {}`", field.name, print::literal(with.get(id)?, Some(&field.ty)))))
        .collect()
}

/// `a, b and c`; the first few when there are many.
fn listed(parts: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut parts = parts.to_vec();
    if parts.len() > SHOWN {
        let more = parts.len() - SHOWN + 1;
        parts.truncate(SHOWN - 1);
        parts.push(format!("{more} more"));
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "other values".to_owned(),
    }
}
