//! The sentences of an explanation, the same wherever they are shown. They are not cleaned yet: whoever shows them does that.

use crate::explain::{
    Absence, AsOf, Explanation, Group, LostLine, LostScore, OutOfReach, Outcome, Proposal, Reading, RuleRef, ScoreLine,
    ScoreReport, Stopped, Tested, UsedDefault, Way, WhyNot,
};
use crate::types::{Number, Truth};

/// `✓`, `✗` or `?`.
pub(super) fn mark(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "✓",
        Truth::False => "✗",
        Truth::Unknown => "?",
    }
}

/// `2026-10-01, the end of that day in Europe/Berlin`.
pub(in crate::render) fn as_of(as_of: &AsOf) -> String {
    let AsOf { given, local, zone } = as_of;
    if given == local { format!("the end of {local} in {zone}") } else { format!("{local} in {zone} ({given})") }
}

/// `policies/inbound.policy:61`.
pub(super) fn place(rule: &RuleRef) -> String {
    let line = rule.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", rule.path)
}

/// `in section "Toner", owned by sales`; none when there is neither.
pub(super) fn belongs(rule: &RuleRef) -> Option<String> {
    let section = rule.section.as_ref().map(|title| format!("in section \"{title}\""));
    let owners = (!rule.owners.is_empty()).then(|| format!("owned by {}", listed(&rule.owners)));
    let parts: Vec<String> = section.into_iter().chain(owners).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Why a rule without a condition fired.
pub(super) fn otherwise(explanation: &Explanation) -> &'static str {
    if explanation.rule.section.is_some() {
        "it takes the leads of its section that no rule above took"
    } else {
        "it takes the leads that no rule above took"
    }
}

/// The condition, or what its parts have to do together.
pub(super) fn heading(tested: &Tested) -> String {
    let Some(group) = tested.group.filter(|_| !tested.parts.is_empty()) else { return condition(tested) };
    let group = match group {
        Group::All => "all of these".to_owned(),
        Group::Any => "any of these".to_owned(),
        Group::AtLeast { needed, .. } => format!("at least {needed} of these"),
        Group::NotAll => "not all of these".to_owned(),
        Group::None => "none of these".to_owned(),
        Group::Fewer { than } => format!("fewer than {than} of these"),
    };
    match (&tested.means, tested.group) {
        (Some(_), Some(Group::All)) => tested.text.clone(),
        (Some(_), _) => format!("{}: {group}", tested.text),
        (None, _) => group,
    }
}

/// A condition as one line, with the names that lead to it or what its own name means.
pub(super) fn condition(tested: &Tested) -> String {
    let through: String = tested.through.iter().map(|name| format!("{name}: ")).collect();
    let means = tested.means.as_ref().map(|means| format!(" ({means})")).unwrap_or_default();
    format!("{through}{}{means}", tested.text)
}

/// What was read for a condition: `need is 4; title is VP`.
pub(super) fn read(tested: &Tested) -> String {
    let counted = match tested.group {
        Some(Group::AtLeast { of, sure, unknown, .. }) => Some(counted(of, sure, unknown)),
        Some(Group::All | Group::Any | Group::NotAll | Group::None | Group::Fewer { .. }) | None => None,
    };
    let readings = tested.readings.iter().map(Reading::sentence);
    counted.into_iter().chain(readings).collect::<Vec<_>>().join("; ")
}

/// `2 of 4 are true, 1 is unknown`.
fn counted(of: usize, sure: usize, unknown: usize) -> String {
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    let unknown = if unknown == 0 { String::new() } else { format!(", {unknown} {} unknown", are(unknown)) };
    match sure {
        0 => format!("none of {of} is true{unknown}"),
        sure => format!("{sure} of {of} {} true{unknown}", are(sure)),
    }
}

/// What was read: `need is 4; title is VP`.
pub(super) fn readings(readings: &[Reading]) -> String {
    readings.iter().map(Reading::sentence).collect::<Vec<_>>().join("; ")
}

/// That more would have stopped it as well.
pub(super) fn more(stopped: &Stopped) -> Option<String> {
    match stopped.more {
        0 => None,
        1 => Some("and 1 more condition".to_owned()),
        n => Some(format!("and {n} more conditions")),
    }
}

/// `section "Toner": 3 rules not tried`.
pub(super) fn skipped(title: &str, rules: usize) -> String {
    format!("section \"{title}\": {rules} {} not tried", if rules == 1 { "rule" } else { "rules" })
}

/// `section "Toner" took the lead`.
pub(super) fn taken(by: &str) -> String {
    format!("the lead belongs to section \"{by}\"")
}

/// Points as people read them: `40`, `-12.5`.
fn number(points: &Number) -> String {
    points.for_people(Number::PLACES)
}

/// What a line of a score added: `+40`, `-12.5`, `0`.
pub(super) fn added(line: &ScoreLine) -> String {
    let sign = if line.points.is_negative() || line.points.is_zero() { "" } else { "+" };
    format!("{sign}{}", number(&line.points))
}

/// `fit is 65, from 0 to 100`.
pub(super) fn score(score: &ScoreReport) -> String {
    let range = match (score.min.as_ref().map(number), score.max.as_ref().map(number)) {
        (Some(min), Some(max)) => format!(", from {min} to {max}"),
        (Some(min), None) => format!(", from {min}"),
        (None, Some(max)) => format!(", to {max}"),
        (None, None) => String::new(),
    };
    let sum = score.sum.as_ref().map(|sum| format!("; its lines come to {}", number(sum))).unwrap_or_default();
    let out = score.out_of_reach.as_ref().map(|out| format!("; {}", out_of_reach(out))).unwrap_or_default();
    format!("{} is {}{range}{sum}{out}", score.name, number(&score.points))
}

/// `incomplete: up to 25 points were out of reach`.
fn out_of_reach(out: &OutOfReach) -> String {
    let points =
        |n: &Number| if *n == Number::from(1) { "1 point".to_owned() } else { format!("{} points", number(n)) };
    let gain = out.gain.as_ref().map(|n| format!("up to {} out of reach", points(n)));
    let loss = out.loss.as_ref().map(|n| format!("up to {} perhaps spared", points(n)));
    let unbounded = out.unbounded.then(|| "a line without a limit unknown".to_owned());
    let parts: Vec<String> = [gain, loss, unbounded].into_iter().flatten().collect();
    format!("incomplete: {}", listed(&parts))
}

/// The words of a line of a score and what it adds, unless it has added that.
pub(super) fn score_line(line: &ScoreLine) -> (&str, Option<&str>) {
    match &line.label {
        Some(label) => (label, line.points.is_zero().then_some(line.gain.as_str())),
        None => (&line.text, None),
    }
}

/// `employees is missing: rule big might have decided with it; fit has nothing for "the right size" (+25)`.
pub(super) fn absence(absence: &Absence) -> String {
    let mut parts = Vec::new();
    if !absence.rules.is_empty() {
        let rules = if absence.rules.len() == 1 { "rule" } else { "rules" };
        parts.push(format!("{rules} {} might have decided with it", listed(&absence.rules)));
    }
    for LostScore { score, lines, rules } in &absence.scores {
        let lines: Vec<String> = lines.iter().map(lost).collect();
        let rules = match rules.as_slice() {
            [] => String::new(),
            [one] => format!("; rule {one} hangs on {score}"),
            several => format!("; rules {} hang on {score}", listed(several)),
        };
        parts.push(format!("{score} has nothing for {}{rules}", listed(&lines)));
    }
    if !absence.steps.is_empty() {
        parts.push(format!("{} might be better with it", listed(&absence.steps)));
    }
    format!("{} is missing: {}", absence.field, parts.join("; "))
}

fn lost(line: &LostLine) -> String {
    match &line.label {
        Some(label) => format!("\"{label}\" ({})", line.gain),
        None => line.gain.clone(),
    }
}

/// `opted_out is missing, taken as no`.
pub(super) fn default(default: &UsedDefault) -> String {
    format!("{} is missing, taken as {}", default.field, default.value)
}

/// The heading above what would have brought a decision.
pub(super) fn why_not(why_not: &WhyNot) -> String {
    let decision = &why_not.decision;
    match &why_not.outcome {
        Outcome::Changes { ways, .. } if ways.len() > 1 => {
            format!("What would have brought {decision}, each by itself")
        }
        Outcome::Changes { .. } => format!("What would have brought {decision}"),
        Outcome::Impossible { .. } => format!("Nothing would have brought {decision}"),
        Outcome::Has | Outcome::Beyond { .. } | Outcome::NotKnown => format!("Why not {decision}"),
    }
}

/// `need at least 3 (now 2); title Director (now Manager)`.
pub(super) fn way(way: &Way) -> String {
    way.changes.iter().map(Proposal::sentence).collect::<Vec<_>>().join(", and ")
}

/// What is said below the ways to a decision, or instead of them.
pub(super) fn outcome(why_not: &WhyNot) -> Vec<String> {
    match &why_not.outcome {
        Outcome::Has => vec!["that is the decision that it got".to_owned()],
        Outcome::Changes { more, smallest, .. } => {
            let more = more.then(|| "there are other ways, no smaller than these".to_owned());
            let smallest = (!smallest).then(|| "whether a smaller change would do is not known".to_owned());
            more.into_iter().chain(smallest).collect()
        }
        Outcome::Impossible { held, known, rules } => vec![obstacle(held, known, rules)],
        Outcome::Beyond { fields } => vec![format!("no change of {fields} fields or fewer does")],
        Outcome::NotKnown => vec!["it could not be found out what would".to_owned()],
    }
}

/// `rule embargo decides first as long as country stays as it is`.
fn obstacle(held: &[String], known: &[String], rules: &[String]) -> String {
    let first = match rules {
        [] if held.is_empty() && known.is_empty() => return "no lead at all gets it".to_owned(),
        [] => "no rule for it fires".to_owned(),
        [one] => format!("rule {one} decides first"),
        several => format!("rules {} decide first", listed(several)),
    };
    let held = match held {
        [] => String::new(),
        [one] => format!(" as long as {one} stays as it is"),
        several => format!(" as long as {} stay as they are", listed(several)),
    };
    let known = match known {
        [] => String::new(),
        [one] => format!(" as long as {one} is known"),
        several => format!(" as long as {} are known", listed(several)),
    };
    let and = if held.is_empty() || known.is_empty() { "" } else { ", and" };
    format!("{first}{held}{and}{known}")
}
